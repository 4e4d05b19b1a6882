"""Cash flow of the measures, of PV and of both, with live sums, present values and payback."""

from itertools import accumulate

from mine_energy.finance import FinanceResult
from mine_energy.report.workbook.book import Area, Book, Column, Content, Formula, Sheet, cell
from mine_energy.study import Study

_MEASURES, _PV, _BOTH, _RUNNING, _CROSSING = 1, 2, 3, 4, 5
_RATES_TOP = 1


def cash(book: Book, study: Study) -> None:
    """Write rates and yardsticks on top, the years below, and the chart of the running sum."""
    w = book.w
    sheet = book.sheet("cash")
    currency = study.finance.currency
    top = _RATES_TOP + len(study.finance.both.npv) + 5
    columns = [
        Column(heading=w.label("year"), width=34, style="plain"),
        Column(heading=w.text("money.measures"), unit=currency, width=16),
        Column(heading=w.text("money.pv"), unit=currency, width=16),
        Column(heading=w.text("money.both"), unit=currency, width=16),
        Column(heading=w.text("workbook.running"), unit=currency, width=18),
        Column(heading=w.text("workbook.crossing"), unit=w.text("unit.years"), width=18, style="two"),
    ]
    area = sheet.table(top, columns, _years(study, top + 2))
    sheet.page.freeze_panes(area.top, 1)
    sheet.title(0, w.text("money.results", currency=currency))
    _yardsticks(sheet, study, area)
    _chart(sheet, area)


def _years(study: Study, first: int) -> list[list[Content]]:
    both = study.finance.both.cash_flow
    running = list(accumulate(both))
    measures, pv = (_padded(result, len(both)) for result in (study.finance.measures, study.finance.pv))
    rows: list[list[Content]] = []
    for year, flow in enumerate(both):
        row = first + year
        total = Formula(text=f"={cell(row, _MEASURES)}+{cell(row, _PV)}", value=flow)
        before = f"{cell(row - 1, _RUNNING)}+" if year else ""
        summed = Formula(text=f"={before}{cell(row, _BOTH)}", value=running[year])
        rows.append([year, measures[year], pv[year], total, summed, _crossing(year, running, both, row)])
    return rows


def _padded(result: FinanceResult | None, length: int) -> list[float]:
    flow = list(result.cash_flow) if result else []
    return flow + [0.0] * (length - len(flow))


def _crossing(year: int, running: list[float], flow: tuple[float, ...], row: int) -> Content:
    """Return the moment at which the running sum crosses zero upwards within a year, as a live formula."""
    if year == 0:
        return None
    old, new = cell(row - 1, _RUNNING), cell(row, _RUNNING)
    text = f'=IF(AND({old}<0,{new}>=0),{cell(row, 0)}-1-{old}/{cell(row, _BOTH)},"")'
    crossed = running[year - 1] < 0 <= running[year]
    return Formula(text=text, value=year - 1 - running[year - 1] / flow[year] if crossed else "")


def _yardsticks(sheet: Sheet, study: Study, area: Area) -> None:
    w, finance = sheet.book.w, study.finance
    results = {_MEASURES: finance.measures, _PV: finance.pv, _BOTH: finance.both}
    sheet.put(_RATES_TOP, 0, w.label("discount_rate"), "heading")
    for column, name in ((_MEASURES, "measures"), (_PV, "pv"), (_BOTH, "both")):
        sheet.put(_RATES_TOP, column, w.text(f"money.{name}"), "heading")
    sheet.put(_RATES_TOP, _RUNNING, w.label("npv_usd"), "unit")
    for position, value in enumerate(finance.both.npv):
        row = _RATES_TOP + 1 + position
        sheet.put(row, 0, value.rate, "percent")
        sheet.named(f"rate_{value.label}", row, 0)
        for column, result in results.items():
            _present_value(sheet, (row, column), area, result.npv[position].npv if result else None)
            if result:
                sheet.named(f"npv_{value.label}_{result.scope}", row, column)
    row = _RATES_TOP + 1 + len(finance.both.npv)
    back = finance.both.simple_payback_years
    last = cell(area.bottom, _RUNNING)
    sheet.put(row, 0, w.label("payback_years"))
    text = f'=IF({last}<0,"",MAX({area.cells(_CROSSING)}))'
    sheet.put(row, _BOTH, Formula(text=text, value="" if back is None else back), "two")
    sheet.named("payback_years", row, _BOTH)
    _rate_of_return(sheet, row + 1, study, area)


def _present_value(sheet: Sheet, place: tuple[int, int], area: Area, value: float | None) -> None:
    if value is None:
        return
    row, column = place
    first, last = cell(area.top, column), cell(area.bottom, column)
    # Excel's NPV discounts its first value by a year, so the investment of year 0 stands before it.
    later = f"+NPV({cell(row, 0)},{cell(area.top + 1, column)}:{last})" if area.bottom > area.top else ""
    sheet.put(row, column, Formula(text=f"={first}{later}", value=value), "whole")


def _rate_of_return(sheet: Sheet, row: int, study: Study, area: Area) -> None:
    sheet.put(row, 0, sheet.book.w.label("irr"))
    roots = study.finance.both.irr
    if len(roots) == 1:
        sheet.put(row, _BOTH, Formula(text=f"=IRR({area.cells(_BOTH)},{roots[0]:.4f})", value=roots[0]), "percent")
        sheet.named("irr", row, _BOTH)


def _chart(sheet: Sheet, area: Area) -> None:
    title = sheet.book.w.text("chart.cash.caption")
    chart = sheet.book.file.add_chart({"type": "column"})
    chart.add_series(
        {
            "name": [sheet.name, area.top - 2, _RUNNING],
            "categories": area.chart_range(0),
            "values": area.chart_range(_RUNNING),
            "fill": {"color": "#009E73"},
            "invert_if_negative": True,
            "invert_if_negative_color": "#D55E00",
            "gap": 40,
        }
    )
    chart.set_title({"name": title, "name_font": {"size": 11}})
    chart.set_legend({"none": True})
    chart.set_x_axis({"label_position": "low"})
    chart.set_y_axis({"num_format": "#,##0", "major_gridlines": {"visible": True}})
    chart.set_size({"width": 620, "height": 340})
    sheet.page.insert_chart(_RATES_TOP, 7, chart, {"description": title})
