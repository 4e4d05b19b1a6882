"""Strings, areas and the connection of the array that is built: whole modules on whole inverters."""

from collections.abc import Iterator

from mine_energy.pv import AreaResult, Connection, StringDesign
from mine_energy.report.blocks import Block, Bullets, Cell, Facts, Heading, Paragraph, Table
from mine_energy.report.chapters.marks import confidence_cell, quoted_cell
from mine_energy.report.electrical import built, connected, electrical_warnings, fits, limits, word
from mine_energy.report.format import NOTHING, Writer
from mine_energy.study import Solar
from mine_energy.vocabulary import choices


def electrical_blocks(solar: Solar, w: Writer) -> Iterator[Block]:
    """Yield strings, warnings, areas and connection; where no string fits, why."""
    yield Heading(text=w.text("array.strings_title"))
    if solar.strings is not None:
        yield string_table(solar.strings, w)
        yield Facts(pairs=[*built(solar.strings, w)[:2], *limits(solar.strings, w)])
    yield from _warnings(solar, w)
    if solar.areas is not None:
        yield Heading(text=w.text("array.areas_title"))
        yield area_table(solar.areas, w)
        pairs = [(word(key, w), value) for key, value in fits(solar.areas, w) if value]
        if pairs:
            yield Facts(pairs=pairs)
    if solar.strings is not None and solar.connection is not None:
        yield Heading(text=w.text("array.connection_title"))
        yield Paragraph(
            title=w.text("array.line_title"), text=single_line(solar.strings, solar.connection, w), tone="quiet"
        )
        yield Facts(pairs=connected(solar.connection, w))
        yield protection_table(solar.connection, w)


def _warnings(solar: Solar, w: Writer) -> Iterator[Block]:
    warnings = electrical_warnings(solar)
    if not warnings:
        yield Paragraph(text=w.text("array.no_warnings"))
        return
    yield Paragraph(text=w.text("array.warnings"))
    yield Bullets(items=[Cell(text=w.finding(finding), tone="warning") for finding in warnings])


def string_table(design: StringDesign, w: Writer) -> Table:
    """Return the strings on every kind of inverter, and the whole."""
    series = w.number(design.modules_in_series)
    return Table(
        id="strings",
        caption=w.text("array.strings"),
        headings=tuple(
            w.text(f"array.{key}")
            for key in ("inverters", "strings_each", "series", "modules_each", "kwp_each", "ratio")
        ),
        rows=[
            (
                w.number(row.inverters),
                w.number(row.strings_each),
                series,
                w.number(row.modules_each),
                w.number(row.pv_kwp_each, 2),
                w.number(row.dc_ac_ratio, 2),
            )
            for row in design.rows
        ],
        foot=(
            f"{w.text('total')}: {w.number(design.inverters)}",
            w.number(design.strings),
            series,
            w.number(design.modules),
            w.number(design.pv_kwp, 2),
            w.number(design.dc_ac_ratio, 2),
        ),
        align=("number",) * 6,
        note=w.text(
            "array.strings_note",
            wanted=w.number(design.wanted_kwp, 1, "kWp"),
            kwp=w.number(design.pv_kwp, 1, "kWp"),
            rated=w.number(design.inverter_kw, 1, "kW"),
            site=w.number(design.inverter_site_kw, 1, "kW"),
            rule=design.current_rule,
        ),
    )


def area_rows(area: AreaResult, w: Writer) -> list[tuple[str, float, str]]:
    """Return every area, m2, with its formula in words."""
    areas = (
        ("modules", area.module_area_m2),
        ("efficiency", area.module_area_by_efficiency_m2),
        ("cover", area.ground_area_by_cover_m2),
        ("pitch", area.ground_area_by_pitch_m2),
        ("roof", area.roof_area_needed_m2),
    )
    params = {"pitch": w.number(area.pitch_used_m, 2, "m"), "slant": w.number(area.row_slant_m, 2, "m")}
    return [(w.text(f"array.area.{key}"), value, w.text(f"array.formula.{key}", **params)) for key, value in areas]


def area_table(area: AreaResult, w: Writer) -> Table:
    """Return both areas, each by both formulas, and that of a roof."""
    noon = NOTHING if area.pitch_winter_noon_m is None else w.number(area.pitch_winter_noon_m, 2, "m")
    return Table(
        id="areas",
        caption=w.text("array.areas"),
        headings=(w.text("quantity"), "m²", w.text("array.how")),
        rows=[(name, w.number(value, 0), how) for name, value, how in area_rows(area, w)],
        align=("text", "number", "text"),
        note=w.text(
            "array.areas_note",
            noon=noon,
            weight=w.number(area.weight_kg_per_m2, 1, "kg/m²"),
            whole=w.estimate(area.weight_kg, "kg"),
        ),
    )


def single_line(design: StringDesign, made: Connection, w: Writer) -> str:
    """Return the way of the current in one line, from the modules to the plant's busbar."""
    volts = "" if made.inverter_ac_voltage_v is None else f", {w.number(made.inverter_ac_voltage_v, 0, 'V')}"
    steps = [
        w.text("array.line.modules", modules=w.number(design.modules), kwp=w.number(design.pv_kwp, 1, "kWp")),
        w.text("array.line.strings", strings=w.number(design.strings), series=w.number(design.modules_in_series)),
        w.text("array.line.inverters", count=w.number(made.inverters), power=w.number(made.inverter_kw, 1, "kW"))
        + volts,
    ]
    if made.breaker_a is not None:
        steps.append(w.text("array.line.breaker", current=w.number(made.breaker_a, 0, "A")))
    if made.transformer == "needed":
        kva = "" if made.transformer_kva is None else f" {w.number(made.transformer_kva, 1, 'kVA')}"
        steps.append(w.text("array.line.transformer") + kva)
    steps.append(choices("pv_connection_point")[made.point].label(w.language))
    return " → ".join(steps)


def protection_table(made: Connection, w: Writer) -> Table:
    """Return the protections to ask the installer for, each with its rule."""
    rows: list[tuple[str | Cell, ...]] = [
        (
            choices("pv_protection")[one.key].label(w.language),
            w.text(f"array.side.{one.side}"),
            quoted_cell(one.rule, w),
            confidence_cell(one.confidence, w),
        )
        for one in made.protections
    ]
    return Table(
        id="protections",
        caption=word("protections", w),
        headings=(w.text("array.protection"), w.text("array.side_of"), w.text("array.rule"), w.label("confidence")),
        rows=rows,
        align=("text",) * 4,
        note=w.text("array.protections_note", rule=made.installation_rule),
    )
