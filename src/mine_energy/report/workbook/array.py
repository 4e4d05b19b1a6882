"""How sure the yield is, the map over tilt and azimuth, strings, areas and protections."""

from collections.abc import Callable, Sequence
from typing import Final

from mine_energy.pv import AreaResult, Connection, Orientation, Performance, StringDesign, Washing, YieldUncertainty
from mine_energy.report.chapters.array_strings import area_rows
from mine_energy.report.chapters.washing import COLUMNS
from mine_energy.report.electrical import connected, electrical_warnings, limits, protections
from mine_energy.report.workbook.book import Area, Book, Column, Content, Sheet
from mine_energy.report.workbook.looks import Style
from mine_energy.study import Study

_GAP: Final = 3
_FIRST: Final = 44
_REST: Final = 16
_FIGURES: Final = (
    ("reference", "reference_yield_hours"),
    ("array", "array_yield_hours"),
    ("final", "final_yield_hours"),
    ("capture", "capture_loss_hours"),
    ("system", "system_loss_hours"),
)


def array(book: Book, study: Study) -> None:
    """Write the sheet: one table under the other, of what the study has."""
    solar, sheet = study.solar, book.sheet("array", blocks=True)
    parts: list[Callable[[int], Area]] = []
    if solar.uncertainty is not None:
        sure = solar.uncertainty
        parts += [lambda top: _exceedance(sheet, sure, top), lambda top: _components(sheet, sure, top)]
    if solar.performance is not None:
        figures = solar.performance
        parts.append(lambda top: _performance(sheet, figures, top))
    if solar.washing is not None:
        washing = solar.washing
        parts.append(lambda top: _washing(sheet, washing, top))
    if solar.strings is not None and solar.areas is not None and solar.connection is not None:
        design, area, made = solar.strings, solar.areas, solar.connection
        parts += [
            lambda top: _strings(sheet, design, top),
            lambda top: _areas(sheet, area, top),
            lambda top: _connection(sheet, design, made, top),
        ]
    warnings = electrical_warnings(solar)
    if warnings:
        parts.append(
            lambda top: _list(sheet, book.w.text("array.warnings"), [book.w.finding(one) for one in warnings], top)
        )
    if solar.orientation is not None:
        found = solar.orientation
        parts.append(lambda top: _map(sheet, found, top))
    sheet.page.freeze_panes(2, 1)
    top = 0
    for part in parts:
        top = part(top).bottom + _GAP


def _columns(headings: Sequence[str], style: str = "two") -> list[Column]:
    first, *rest = headings
    return [
        Column(heading=first, width=_FIRST, style="text"),
        *(Column(heading=heading, width=_REST, style="one" if style == "one" else "auto") for heading in rest),
    ]


def _exceedance(sheet: Sheet, sure: YieldUncertainty, top: int) -> Area:
    w = sheet.book.w
    columns = [
        Column(heading=w.text("exceedance.period"), width=_FIRST, style="text"),
        *(
            Column(heading=w.text(f"exceedance.{key}"), unit="kWh/kWp", width=_REST, style="one")
            for key in ("p50", "p75", "p90", "p99")
        ),
    ]
    rows: list[tuple[Content, ...]] = []
    for one in sure.horizons:
        single = one.years == 1
        period = w.text("exceedance.one_year") if single else w.text("exceedance.mean_of", years=w.number(one.years))
        rows.append((period, one.p50, one.p75, one.p90, one.p99))
    area = sheet.table(top, columns, rows)
    for column, key in enumerate(("p50", "p75", "p90", "p99"), 1):
        about = f"{w.text('exceedance.caption')}: {w.text(f'exceedance.{key}')}"
        sheet.named(f"yield_{key}_kwh_per_kwp", (area.top, column), about, "kWh/kWp")
    return area


def _components(sheet: Sheet, sure: YieldUncertainty, top: int) -> Area:
    w = sheet.book.w
    columns = [
        Column(heading=w.text("exceedance.components"), width=_FIRST, style="text"),
        Column(heading=w.text("exceedance.down"), unit="%", width=_REST, style="percent"),
        Column(heading=w.text("exceedance.up"), unit="%", width=_REST, style="percent"),
        Column(heading=w.text("exceedance.averages"), width=_REST, style="text"),
        Column(heading=w.label("confidence"), width=_REST, style="text"),
        Column(heading=w.label("source"), style="text"),
    ]
    rows = [
        (
            w.word("yield_component", part.key),
            part.sd_low,
            part.sd_high,
            w.text("exceedance.yes" if part.averages == "over_years" else "exceedance.no"),
            w.word("confidence", part.confidence),
            part.source or w.text("exceedance.stated"),
        )
        for part in sure.components
    ]
    return sheet.table(top, columns, rows)


def _performance(sheet: Sheet, figures: Performance, top: int) -> Area:
    w = sheet.book.w
    rows: list[tuple[Content, ...]] = [
        (w.text(f"performance.{key}"), getattr(figures, name), f"h{w.text('unit.per_year')}") for key, name in _FIGURES
    ]
    rows += [
        (w.text("performance.ratio"), 100.0 * figures.performance_ratio, "%"),
        (w.text("performance.factor_dc"), 100.0 * figures.capacity_factor_dc, "%"),
        (w.text("performance.factor_ac"), 100.0 * figures.capacity_factor_ac, "%"),
    ]
    columns = _columns((w.text("performance.caption"), w.label("value")), "one")
    return sheet.table(top, [*columns, Column(heading=w.label("unit"), width=_REST, style="indent")], rows)


def _washing(sheet: Sheet, washing: Washing, top: int) -> Area:
    w = sheet.book.w
    styles: tuple[Style, ...] = ("whole", "percent", "one", "one", "three", "one")
    columns = [
        Column(heading=w.text(f"washing.{key}"), width=_REST if place else _FIRST, style=style)
        for place, (key, style) in enumerate(zip(COLUMNS, styles, strict=True))
    ]
    rows = [
        (
            plan.washes_per_year,
            plan.loss,
            plan.gained_kwh_per_kwp,
            plan.cost_usd_per_kwp,
            plan.cost_usd_per_kwh_gained,
            plan.net_usd_per_kwp,
        )
        for plan in washing.plans
    ]
    return sheet.table(top, columns, rows)


def _strings(sheet: Sheet, design: StringDesign, top: int) -> Area:
    w = sheet.book.w
    columns = [
        Column(heading=w.text("array.strings"), width=_FIRST, style="text"),
        *(
            Column(heading=w.text(f"array.{key}"), width=_REST, style="whole")
            for key in ("inverters", "strings_each", "series", "modules_each")
        ),
        Column(heading=w.text("array.kwp_each"), width=_REST, style="two"),
        Column(heading=w.text("array.ratio"), width=_REST, style="two"),
    ]
    names = f"{design.module} · {design.inverter}"
    rows = [
        (
            names,
            row.inverters,
            row.strings_each,
            design.modules_in_series,
            row.modules_each,
            row.pv_kwp_each,
            row.dc_ac_ratio,
        )
        for row in design.rows
    ]
    return sheet.table(top, columns, rows)


def _areas(sheet: Sheet, area: AreaResult, top: int) -> Area:
    w = sheet.book.w
    columns = [
        Column(heading=w.text("array.areas"), width=_FIRST, style="text"),
        Column(heading=w.text("array.areas_title"), unit="m²", width=_REST, style="one"),
        Column(heading=w.text("array.how"), width=_REST, style="text"),
    ]
    return sheet.table(top, columns, area_rows(area, w))


def _connection(sheet: Sheet, design: StringDesign, made: Connection, top: int) -> Area:
    w = sheet.book.w
    columns = _columns((w.text("array.connection_title"),))
    columns.append(Column(heading=w.label("value"), width=_REST, style="text"))
    area = sheet.table(top, columns, [*limits(design, w), *connected(made, w)])
    asked = [w.text("array.protections_note", rule=made.installation_rule), *protections(made, w)]
    return _list(sheet, w.text("array.protection"), asked, area.bottom + _GAP)


def _list(sheet: Sheet, heading: str, lines: Sequence[str], top: int) -> Area:
    return sheet.table(top, [Column(heading=heading, width=_FIRST, style="text")], [(line,) for line in lines])


def _map(sheet: Sheet, found: Orientation, top: int) -> Area:
    w = sheet.book.w
    columns = [
        Column(heading=w.text(f"workbook_array.map_{found.objective}"), unit=w.label("tilt_deg"), width=_FIRST),
        *(
            Column(heading=f"{azimuth:g}°", unit="kWh/kWp", width=_REST if place < 6 else 9, style="whole")
            for place, azimuth in enumerate(found.azimuths_deg)
        ),
    ]
    rows = [
        (float(tilt), *(float(value) for value in values))
        for tilt, values in zip(found.tilts_deg, found.map_kwh_per_kwp, strict=True)
    ]
    return sheet.table(top, columns, rows)
