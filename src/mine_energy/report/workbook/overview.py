"""The first sheet: what decides, with named cells, each number from the sheet that it was worked out on."""

from collections.abc import Mapping, Sequence
from math import isclose
from typing import Final

from mine_energy.report.figures import HeadlineRow, further, headline, off_grid, state_names
from mine_energy.report.first import banner, carbon_note
from mine_energy.report.workbook.bills import bill_cell
from mine_energy.report.workbook.book import Area, Book, Column, Content, Formula, Sheet, cell
from mine_energy.report.workbook.cash import exchanged
from mine_energy.report.workbook.measures import CAUSE, SAVED, adopted, adopted_area
from mine_energy.sizing import Coverage
from mine_energy.study import Study

_WIDTH: Final = 6
_CLOSE: Final = 1e-9
_ROW_PIXELS: Final = 20


def summary(book: Book, study: Study) -> None:
    """Write the sheet."""
    w = book.w
    sheet = book.sheet("summary", portrait=True)
    sheet.title(0, study.site.site.name)
    row = 1
    for line in (*banner(study, w), w.text("workbook_guide.first")):
        sheet.note(row, line, _WIDTH)
        row += 1
    area = _states(sheet, study, row + 1)
    sheet.note(area.bottom + 1, w.text("workbook_summary.estimates"), _WIDTH)
    below = _meanings(sheet, study, area.bottom + 3)
    sheet.note(below + 1, carbon_note(study, w), _WIDTH)
    sheet.page.freeze_panes(1, 1)
    _chart(sheet, area, _causes(sheet, study, below + 3))


def _states(sheet: Sheet, study: Study, top: int) -> Area:
    w = sheet.book.w
    rows = (*headline(study, w), *further(study, w))
    names = state_names(w)
    columns = [
        Column(heading=w.text("first.per_year"), width=38, style="text"),
        *(Column(heading=name, width=17) for name in names),
        Column(heading=w.text("workbook.change"), width=15),
        Column(heading=w.label("unit"), width=15, style="indent"),
    ]
    links = _links(sheet.book, study)
    contents = [_row(row, top + 2 + offset, links) for offset, row in enumerate(rows)]
    area = sheet.table(top, columns, contents)
    for offset, row in enumerate(rows):
        style = "percent" if row.share else "whole" if _largest(row) >= 1000 else "one"
        for index, (state, content) in enumerate(zip(study.states, contents[offset][1:4], strict=True), 1):
            sheet.put(area.top + offset, index, content, style)
            if content is not None:
                about = f"{row.label}: {names[index - 1]}"
                sheet.named(f"{state.key}_{row.key}", (area.top + offset, index), about, row.unit)
        sheet.put(area.top + offset, 4, contents[offset][4], style)
    return area


def _largest(row: HeadlineRow) -> float:
    return max(abs(value) for value in row.values if value is not None)


def _links(book: Book, study: Study) -> Mapping[str, Sequence[tuple[str, float] | None]]:
    """Return, for the rows whose cells follow other sheets, the expression of each state and the value it has."""
    flows, states = study.hourly, study.states
    before, after = float(flows.load_before_kw.sum()), float(flows.load_after_kw.sum())
    supplied = float((flows.genset_kw if off_grid(study) else flows.import_kw).sum())
    supply = "year_genset_kwh" if off_grid(study) else "year_import_kwh"
    money = exchanged(study)
    costs = [(f"{bill_cell(book, place)}{money}", state.cost_per_year) for place, state in enumerate(states)]
    measures, both = study.finance.measures, study.finance.both
    bought = ("investment_measures", measures.capex) if measures else None
    scope2 = [f"{state.key}_scope2_" for state in states]
    return {
        "load_kwh": (("year_load_before_kwh", before), ("year_load_after_kwh", after), ("year_load_after_kwh", after)),
        "genset_kwh" if off_grid(study) else "import_kwh": (None, None, (supply, supplied)),
        "cost_per_year": costs,
        "investment": (
            None,
            bought,
            ("investment_both", both.capex),
        ),
        "location_t_co2e": [(f"{n}location", s.scope2.location_t_co2e) for n, s in zip(scope2, states, strict=True)],
        "market_t_co2e": [(f"{n}market", s.scope2.market_t_co2e) for n, s in zip(scope2, states, strict=True)],
    }


def _row(row: HeadlineRow, at: int, links: Mapping[str, Sequence[tuple[str, float] | None]]) -> Sequence[Content]:
    first, _, last = row.values
    change = None
    if first is not None and last is not None:
        change = Formula(text=f"={cell(at, 3)}-{cell(at, 1)}", value=last - first)
    found = links.get(row.key, (None, None, None))
    return (row.label, *(_linked(v, one) for v, one in zip(row.values, found, strict=True)), change, row.unit)


def _linked(value: float | None, link: tuple[str, float] | None) -> Content:
    """Return a live link where the other sheet has the same figure; a load in shorter steps may be summed otherwise."""
    if value is None or link is None or not isclose(value, link[1], rel_tol=_CLOSE, abs_tol=_CLOSE):
        return value
    return Formula(text=f"={link[0]}", value=value)


def _meanings(sheet: Sheet, study: Study, top: int) -> int:
    w = sheet.book.w
    pair = (study.coverage.before_measures, study.coverage.after_measures)
    columns = [
        Column(heading=w.text("coverage.caption"), width=38, style="text"),
        Column(heading=w.text("sun.for_today"), unit="%", width=17, style="percent"),
        Column(heading=w.text("sun.for_measures"), unit="%", width=17, style="percent"),
    ]
    names = ("annual_net", "hourly_self", "offgrid")
    values = [_three(found) for found in pair]
    labels = (w.label("annual_net_coverage"), w.label("self_sufficiency"), w.label("offgrid_coverage"))
    area = sheet.table(top, columns, [(labels[i], values[0][i], values[1][i]) for i in range(3)])
    for offset, name in enumerate(names):
        about = f"{labels[offset]} ({w.text('sun.for_measures')})"
        sheet.named(f"coverage_{name}", (area.top + offset, 2), about, "%")
    return area.bottom


def _three(found: Coverage) -> tuple[float, float, float]:
    return found.annual_net_ratio, found.self_sufficiency, 1.0 - found.lpsp_without_grid


def _causes(sheet: Sheet, study: Study, top: int) -> int:
    """Write the saving by cause as live sums over the measures, and draw it; return where the next may begin."""
    w = sheet.book.w
    found: dict[str, float] = {}
    for saving in adopted(study):
        label = w.word("saving_cause", saving.cause)
        found[label] = found.get(label, 0.0) + saving.energy_kwh_per_year
    found = {label: value for label, value in found.items() if value}
    if not found:
        return top
    unit = f"kWh{w.text('unit.per_year')}"
    area_of = adopted_area(study, sheet.book)
    keys, values = area_of.outside(CAUSE), area_of.outside(SAVED)
    columns = [
        Column(heading=w.text("workbook_summary.causes"), width=38, style="text"),
        Column(heading=w.text("measures.saving"), unit=unit, width=17),
    ]
    ordered = sorted(found.items(), key=lambda one: (-one[1], one[0]))
    rows: list[list[Content]] = [
        [label, Formula(text=f"=SUMIF({keys},{cell(top + 2 + place, 0)},{values})", value=value)]
        for place, (label, value) in enumerate(ordered)
    ]
    area = sheet.table(top, columns, rows)
    sheet.total(area.bottom + 1, w.text("total"), {1: sum(found.values())}, area, 2)
    chart = sheet.book.file.add_chart({"type": "bar"})
    chart.add_series(
        {
            "name": [sheet.name, top, 1],
            "categories": area.chart_range(0),
            "values": area.chart_range(1),
            "fill": {"color": "#009E73"},
            "data_labels": {"value": True, "num_format": "#,##0"},
            "gap": 40,
        }
    )
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True})
    # Each bar bears its figure: an axis would say it twice, and its numbers run into each other.
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
    title = f"{w.text('workbook_summary.causes')} ({unit})"
    height = 110 + 24 * len(rows)
    sheet.chart(chart, (top, 2), title, (500, height))
    return max(area.bottom + 3, top + 2 + height // _ROW_PIXELS)


def _chart(sheet: Sheet, area: Area, top: int) -> None:
    """Draw the energy taken from the supply in the three states: the second row of the headline."""
    title = f"{sheet.book.w.text('workbook_summary.supply')} (kWh)"
    chart = sheet.book.file.add_chart({"type": "column"})
    at = area.top + 1
    chart.add_series(
        {
            "name": [sheet.name, at, 0],
            "categories": [sheet.name, area.top - 2, 1, area.top - 2, 3],
            "values": [sheet.name, at, 1, at, 3],
            "fill": {"color": "#0072B2"},
            "data_labels": {"value": True, "num_format": "#,##0"},
            "gap": 80,
        }
    )
    chart.set_legend({"none": True})
    chart.set_y_axis({"num_format": "#,##0", "major_gridlines": {"visible": True, "line": {"color": "#D5DBDE"}}})
    sheet.chart(chart, (top, 0), title, (560, 300))
