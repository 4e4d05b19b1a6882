"""The first sheet: what decides, with named cells."""

from collections.abc import Sequence

from mine_energy.report.figures import HeadlineRow, further, headline, state_names
from mine_energy.report.first import banner, carbon_note
from mine_energy.report.workbook.book import Area, Book, Column, Formula, Sheet, cell
from mine_energy.sizing import Coverage
from mine_energy.study import Study

_WIDTH = 6


def summary(book: Book, study: Study) -> None:
    """Write the sheet."""
    w = book.w
    sheet = book.sheet("summary")
    sheet.title(0, study.site.site.name)
    row = 1
    for line in banner(study, w):
        sheet.note(row, line, _WIDTH)
        row += 1
    top = row + 1
    area = _states(sheet, study, top)
    sheet.note(area.bottom + 1, w.text("first.estimates"), _WIDTH)
    below = _meanings(sheet, study, area.bottom + 3)
    sheet.note(below + 1, carbon_note(study, w), _WIDTH, height=45)
    sheet.page.freeze_panes(top + 2, 1)
    _chart(sheet, area)


def _states(sheet: Sheet, study: Study, top: int) -> Area:
    w = sheet.book.w
    rows = (*headline(study, w), *further(study, w))
    columns = [
        Column(heading=w.text("first.per_year"), width=38, style="text"),
        *(Column(heading=name, width=17) for name in state_names(w)),
        Column(heading=w.text("workbook.change"), width=15),
        Column(heading=w.label("unit"), width=15, style="indent"),
    ]
    contents = [_row(row, top + 2 + offset) for offset, row in enumerate(rows)]
    area = sheet.table(top, columns, contents)
    for offset, row in enumerate(rows):
        style = "percent" if row.share else "whole" if _largest(row) >= 1000 else "one"
        for index, (state, content) in enumerate(zip(study.states, contents[offset][1:4], strict=True), 1):
            sheet.put(area.top + offset, index, content, style)
            if content is not None:
                sheet.named(f"{state.key}_{row.key}", area.top + offset, index)
        sheet.put(area.top + offset, 4, contents[offset][4], style)
    return area


def _largest(row: HeadlineRow) -> float:
    return max(abs(value) for value in row.values if value is not None)


def _row(row: HeadlineRow, at: int) -> Sequence[str | float | Formula | None]:
    first, _, last = row.values
    change = None
    if first is not None and last is not None:
        change = Formula(text=f"={cell(at, 3)}-{cell(at, 1)}", value=last - first)
    return (row.label, *row.values, change, row.unit)


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
        sheet.named(f"coverage_{name}", area.top + offset, 2)
    return area.bottom


def _three(found: Coverage) -> tuple[float, float, float]:
    return found.annual_net_ratio, found.self_sufficiency, 1.0 - found.lpsp_without_grid


def _chart(sheet: Sheet, area: Area) -> None:
    """Draw the energy taken from the supply in the three states: the second row of the headline."""
    title = f"{sheet.book.w.text('chart.supply.caption')} (kWh)"
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
    chart.set_title({"name": title, "name_font": {"size": 11}})
    chart.set_legend({"none": True})
    chart.set_y_axis({"num_format": "#,##0", "major_gridlines": {"visible": True, "line": {"color": "#D5DBDE"}}})
    chart.set_size({"width": 480, "height": 300})
    sheet.page.insert_chart(area.top - 2, _WIDTH + 1, chart, {"description": title})
