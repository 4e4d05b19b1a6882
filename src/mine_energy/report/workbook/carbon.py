"""Scope 2 of the three states with live products, its cut, and what is avoided elsewhere on rows of their own."""

from collections.abc import Mapping, Sequence

from mine_energy.emissions import AvoidedEmissions, Factor, MarketLine
from mine_energy.report.chapters.carbon_factors import FactorList, factor_list
from mine_energy.report.figures import first_scope_t, off_grid, state_names
from mine_energy.report.workbook import blocks, carbon_around
from mine_energy.report.workbook.book import Area, Book, Column, Content, Formula, Sheet, cell
from mine_energy.study import Study
from mine_energy.units import KWH_PER_MWH

_WIDTH = 8
_FACTOR = 5
"""Column of the factor's value; its number and its words stand beside it."""
_IMPORTS, _LOCATION, _MARKET = 2, 3, 4
"""Rows that every study has, below the two rows of headings."""


def carbon(book: Book, study: Study) -> None:
    """Write the sheet: the states on top, what rests on them below, the factors at the end."""
    w = book.w
    sheet = book.sheet("footprint", blocks=True)
    factors = factor_list(study, w)
    columns = [
        Column(heading=w.text("quantity"), width=46, style="text"),
        *(Column(heading=name, width=17, style="auto") for name in state_names(w)),
        Column(heading=w.label("unit"), width=14, style="indent"),
        Column(heading=w.text("carbon.factor"), unit="t/MWh", width=12, style="plain"),
        Column(heading=w.text("carbon.number"), width=9, style="indent"),
        Column(heading=w.text("carbon.kind"), width=30, style="indent"),
    ]
    rows = _rows(study, book, factors)
    area = sheet.table(0, columns, rows)
    sheet.page.freeze_panes(area.top, 1)
    for index, state in enumerate(study.states, 1):
        name = state_names(w)[index - 1]
        for key, row in (("location", _LOCATION), ("market", _MARKET)):
            about = f"{w.label(f'{key}_t_co2e')}: {name}"
            sheet.named(f"{state.key}_scope2_{key}", (row, index), about, "t CO₂e")
    row = _notes(sheet, study, area.bottom + 2)
    row = _lines(sheet, study, factors, row)
    row = _cut(sheet, study, row)
    row = _avoided(sheet, study, factors, row)
    row = carbon_around.around(sheet, study, factors, row)
    _chart(sheet, area, _factors(sheet, factors, row), study)


def _rows(study: Study, book: Book, factors: FactorList) -> list[Sequence[Content]]:
    w, today, states = book.w, study.scope2.today, study.states
    rows: list[Sequence[Content]] = [
        [w.text("carbon.imports"), *(s.scope2.import_kwh for s in states), "kWh", None, "", ""],
        _product(w.label("location_t_co2e"), "location_t_co2e", today.location_factor, _LOCATION, study, book, factors),
    ]
    market = w.label("market_t_co2e")
    if _instruments(study):
        sums = [Formula(text=text, value=s.scope2.market_t_co2e) for text, s in zip(_sums(study), states, strict=True)]
        rows.append([market, *sums, "t CO₂e", None, "", w.text("carbon.lines")])
    else:
        rows.append(_product(market, "market_t_co2e", today.market_factor, _MARKET, study, book, factors))
    for key, factor, field in (("wet", today.low_factor, "low_t_co2e"), ("dry", today.high_factor, "high_t_co2e")):
        if factor is not None:
            name = w.text(f"carbon.for_{key}")
            rows.append(_product(name, field, factor, 2 + len(rows), study, book, factors))
    if off_grid(study):
        rows.append([w.label("scope1_t_co2e"), *(first_scope_t(s) for s in states), "t CO₂e", None, "", ""])
    return rows


def _product(
    name: str, field: str, factor: Factor | None, row: int, study: Study, book: Book, factors: FactorList
) -> list[Content]:
    values = [getattr(state.scope2, field) for state in study.states]
    if factor is None:
        return [name, *values, "t CO₂e", None, "", ""]
    products = [_times(cell(_IMPORTS, index), cell(row, _FACTOR), value) for index, value in enumerate(values, 1)]
    return [name, *products, "t CO₂e", factor.value, factors.name(factor), _kind(factor, book)]


def _times(energy_kwh: str, factor: str, value: float) -> Formula:
    return Formula(text=f"={energy_kwh}/{KWH_PER_MWH:.0f}*{factor}", value=value)


def _kind(factor: Factor, book: Book) -> str:
    w = book.w
    return f"{w.word('factor_kind', factor.kind.value)}, {factor.year}, {w.word('confidence', factor.confidence)}"


def _notes(sheet: Sheet, study: Study, row: int) -> int:
    w = sheet.book.w
    record = study.carbon.record if study.carbon else None
    if record is not None and record.label == "estimate_not_an_inventory":
        share = w.percent(dict(record.evidence_shares).get("reconstructed", 0.0), 0)
        sheet.note(row, f"{w.text('carbon.estimate_title')}. {w.text('carbon.estimate', share=share)}", _WIDTH)
        row += 1
    today = study.scope2.today
    if any(finding.key == "emissions_no_residual_mix" for finding in today.findings):
        country = w.word("country", today.country)
        sheet.note(row, w.text("carbon.no_residual", country=country), _WIDTH)
        row += 1
    return row + 1


def _line_keys(study: Study) -> list[tuple[str, str]]:
    return list(dict.fromkeys((ln.basis, ln.label) for s in study.states for ln in s.scope2.market_lines))


def _instruments(study: Study) -> bool:
    """Whether the market-based figure is more than one product."""
    return len(_line_keys(study)) > 1


def _lines_top(study: Study) -> int:
    """Return the first row of the lines of the market-based method: below the table and its notes."""
    today, record = study.scope2.today, study.carbon.record if study.carbon else None
    rows = 3 + (today.low_factor is not None) + (today.high_factor is not None) + off_grid(study)
    notes = int(record is not None and record.label == "estimate_not_an_inventory")
    notes += any(finding.key == "emissions_no_residual_mix" for finding in today.findings)
    return 2 + rows + 1 + notes + 1 + 2


def _sums(study: Study) -> list[str]:
    """Return the market-based figure of each state as a live sum of kWh times factor of its lines."""
    top = _lines_top(study)
    bottom = top + len(_line_keys(study)) - 1
    rates = f"{cell(top, _FACTOR)}:{cell(bottom, _FACTOR)}"
    return [
        f"=SUMPRODUCT({cell(top, index)}:{cell(bottom, index)},{rates})/{KWH_PER_MWH:.0f}"
        for index in range(1, len(study.states) + 1)
    ]


def _lines(sheet: Sheet, study: Study, factors: FactorList, top: int) -> int:
    """Write the energy of each instrument; the market-based figure above is their sum."""
    if not _instruments(study):
        return top
    w = sheet.book.w
    by_state: list[Mapping[tuple[str, str], MarketLine]] = [
        {(line.basis, line.label): line for line in state.scope2.market_lines} for state in study.states
    ]
    rows: list[Sequence[Content]] = []
    for key in _line_keys(study):
        found = [lines.get(key) for lines in by_state]
        known = next(line for line in found if line is not None)
        name = " ".join(part for part in (w.word("market_basis", known.basis), known.label) if part)
        energies = (line.energy_kwh if line else 0.0 for line in found)
        factor = known.factor
        rows.append([name, *energies, "kWh", factor.value, factors.name(factor), _kind(factor, sheet.book)])
    headings = [w.text("carbon.instrument"), *state_names(w), w.label("unit"), w.text("carbon.factor")]
    styles = ("text", "auto", "auto", "auto", "indent", "plain", "indent", "indent")
    done = blocks.write(sheet, top, w.text("carbon.lines"), headings, rows, styles)
    if done.top != _lines_top(study):
        raise AssertionError(f"lines of the market-based method begin in row {done.top}")
    return done.after


def _cut(sheet: Sheet, study: Study, top: int) -> int:
    w, lines = sheet.book.w, study.carbon
    if lines is None:
        return top
    steps = ((1, 2, lines.measures_lines), (2, 3, lines.pv_lines), (1, 3, lines.lines))
    rows: list[Sequence[Content]] = []
    for row, key, field in (
        (_LOCATION, "location_t_co2e", "scope2_cut_t"),
        (_MARKET, "market_t_co2e", "scope2_cut_market_t"),
    ):
        cuts = (
            Formula(text=f"={cell(row, before)}-{cell(row, after)}", value=getattr(step, field))
            for before, after, step in steps
        )
        rows.append([w.label(key), *cuts, "t CO₂e"])
    headings = [w.text("carbon.method"), *(w.text(f"carbon.by_{key}") for key in ("measures", "pv", "both"))]
    styles = ("text", "auto", "auto", "auto", "indent")
    return blocks.write(sheet, top, w.text("carbon.cut"), [*headings, w.label("unit")], rows, styles).after


def _avoided(sheet: Sheet, study: Study, factors: FactorList, top: int) -> int:
    w = sheet.book.w
    found = [a for a in (study.scope2.avoided_exports, study.scope2.avoided_project) if a is not None]
    if not found:
        return top
    rows = [_avoided_row(one, sheet, factors, top + 2 + place) for place, one in enumerate(found)]
    headings = [
        w.text("carbon.basis"),
        f"{w.text('carbon.avoided_t')} (t CO₂e)",
        w.text("carbon.claim"),
        w.label("energy_kwh"),
        w.label("unit"),
        w.text("carbon.factor"),
        w.text("carbon.number"),
        w.text("carbon.kind"),
    ]
    styles = ("text", "auto", "indent", "auto", "indent", "plain", "indent", "indent")
    done = blocks.write(sheet, top, w.text("carbon.avoided_title"), headings, rows, styles)
    for place, one in enumerate(found):
        about = f"{w.text('carbon.avoided_title')}: {w.word('avoided_basis', one.basis)}"
        sheet.named(f"avoided_{one.basis}", (done.top + place, 1), about, "t CO₂e")
    sheet.note(done.after - 1, w.text("carbon.avoided_box"), _WIDTH)
    return done.after + 1


def _avoided_row(one: AvoidedEmissions, sheet: Sheet, factors: FactorList, row: int) -> Sequence[Content]:
    w = sheet.book.w
    return [
        w.word("avoided_basis", one.basis),
        _times(cell(row, 3), cell(row, _FACTOR), one.avoided_t_co2e),
        w.word("claim", one.claim),
        one.energy_kwh,
        "kWh",
        one.factor.value,
        factors.name(one.factor),
        _kind(one.factor, sheet.book),
    ]


def _factors(sheet: Sheet, factors: FactorList, top: int) -> int:
    w = sheet.book.w
    keys = ("use", "factor", "gwp", "kind")
    headings = [*(w.text(f"carbon.{key}") for key in keys), *(w.label(key) for key in ("year", "confidence"))]
    rows: list[Sequence[Content]] = [
        [
            "; ".join(row.uses),
            row.value,
            row.gwp,
            f"{row.kind} ({row.unit})",
            row.year,
            w.word("confidence", row.confidence),
            f"F{place}",
            row.source,
        ]
        for place, (_, row) in enumerate(factors.rows, 1)
    ]
    styles = ("text", "plain", *["indent"] * 6)
    shown = [*headings, w.text("carbon.number"), w.label("source")]
    return blocks.write(sheet, top, w.text("carbon.factors_title"), shown, rows, styles).after


def _chart(sheet: Sheet, area: Area, top: int, study: Study) -> None:
    """Draw Scope 2 of the three states by both methods, and off-grid the fuel's Scope 1; below the tables."""
    rows = {_LOCATION: "#0072B2", _MARKET: "#56B4E9"}
    if off_grid(study):
        rows = {area.bottom: "#D55E00", **rows}
    chart = sheet.book.file.add_chart({"type": "column"})
    for row, colour in rows.items():
        chart.add_series(
            {
                "name": [sheet.name, row, 0],
                "categories": [sheet.name, area.top - 2, 1, area.top - 2, 3],
                "values": [sheet.name, row, 1, row, 3],
                "fill": {"color": colour},
                "border": {"color": "#1C262B"},
                "data_labels": {"value": True, "num_format": "#,##0.0"},
                "gap": 60,
            }
        )
    chart.set_legend({"position": "bottom"})
    chart.set_y_axis({"name": "t CO₂e", "num_format": "#,##0", "major_gridlines": {"visible": True}})
    sheet.chart(chart, (top, 0), sheet.book.w.text("workbook_carbon.chart"), (560, 320))
