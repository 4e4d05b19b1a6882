"""The cash flow of measures and PV together in the money of each year, with loan and taxes: sums, NPV, IRR, DSCR."""

from collections.abc import Sequence
from itertools import accumulate
from typing import Final

from mine_energy.finance import ProjectFinance, Return, npv
from mine_energy.report.workbook.book import Area, Book, Column, Content, Formula, Given, Sheet, cell
from mine_energy.study import Study

_BEFORE: Final = ("investment", "saving", "om", "replacement", "other", "final_value")
_SERVICE: Final = ("interest", "principal", "loan_fees")
_DEBT: Final = ("grant", "loan", "upfront_fee", "construction_interest", *_SERVICE, "balance_at_end")
_CASH: Final = ("saving", "om", "replacement", "other", "tax_with_loan")
_SUMS: Final = {
    "before_tax": _BEFORE,
    "project": (*_BEFORE, "tax"),
    "equity": (*_BEFORE, "tax_with_loan", *_DEBT),
}
"""Lines of each flow; all by their sign, income positive."""
_TOP: Final = 3


def financed(book: Book, study: Study) -> None:
    """Write the sheet; nothing where nothing is financed or taxed."""
    plan = study.finance.plan
    if plan is None or not study.finance.financed:
        return
    w, both = book.w, plan.both
    sheet = book.sheet("financed")
    rates = len(both.project.npv) + len(both.equity.npv)
    top = _TOP + rates + 5
    keys = [line.key for line in both.lines]
    columns = [
        Column(heading=w.label("year"), width=34, style="plain"),
        *(Column(heading=w.word("cash_line", key), unit=both.currency, width=16) for key in keys),
        *(Column(heading=w.text(f"lender.{key}"), unit=both.currency, width=18) for key in _SUMS),
        Column(heading=w.text("workbook.service"), unit=both.currency, width=16),
        Column(heading=w.text("lender.coverage", case="P50"), width=10, style="two"),
        Column(heading=w.text("workbook.equity_running"), unit=both.currency, width=18),
        Column(heading=w.text("workbook.crossing"), unit=w.text("unit.years"), width=14, style="two"),
    ]
    area = sheet.table(top, columns, _years(both, keys, top + 2))
    sheet.page.freeze_panes(0, 1)
    sheet.title(0, w.text("lender.returns", currency=both.currency))
    sheet.note(1, w.text("workbook_financed.note"), 6)
    _yardsticks(sheet, both, area, len(keys))


def _years(both: ProjectFinance, keys: Sequence[str], first: int) -> list[list[Content]]:
    flows = (both.before_tax.flow, both.project.flow, both.equity.flow)
    running = list(accumulate(both.equity.flow))
    lines = {line.key: line.amounts for line in both.lines}
    rows: list[list[Content]] = []
    for year in range(len(both.equity.flow)):
        row = first + year
        at = {key: cell(row, 1 + place) for place, key in enumerate(keys)}
        contents: list[Content] = [year, *(lines[key][year] for key in keys)]
        for flow, names in zip(flows, _SUMS.values(), strict=True):
            contents.append(Formula(text=_plus(at, names), value=flow[year]))
        contents += _service(lines, at, year)
        contents += _running(both.equity.flow, running, year, (row, len(contents)), len(keys))
        rows.append(contents)
    return rows


def _plus(at: dict[str, str], names: Sequence[str], sign: str = "") -> str:
    shown = [at[name] for name in names if name in at]
    if not shown:
        return "=0"
    return f"={sign}({'+'.join(shown)})" if sign else f"={'+'.join(shown)}"


def _service(lines: dict[str, tuple[float, ...]], at: dict[str, str], year: int) -> list[Content]:
    """Return what the debt takes in a year and how often the year's cash covers it; the first year pays neither."""
    if year == 0:
        return [0.0, None]
    paid = -sum(lines[name][year] for name in _SERVICE if name in lines)
    cash = sum(lines[name][year] for name in _CASH if name in lines)
    service = _plus(at, _SERVICE, "-")
    cover = f'=IF({service[1:]}>0,({_plus(at, _CASH)[1:]})/({service[1:]}),"")'
    return [Formula(text=service, value=paid), Formula(text=cover, value=cash / paid if paid > 0 else "")]


def _running(
    flow: Sequence[float], running: Sequence[float], year: int, place: tuple[int, int], keys: int
) -> list[Content]:
    row, column = place
    equity = cell(row, keys + len(_SUMS))
    if year == 0:
        return [Formula(text=f"={equity}", value=running[0]), None]
    old, new = cell(row - 1, column), cell(row, column)
    crossed = running[year - 1] < 0 <= running[year]
    return [
        Formula(text=f"={old}+{equity}", value=running[year]),
        Formula(
            text=f'=IF(AND({old}<0,{new}>=0),{cell(row, 0)}-1-{old}/{equity},"")',
            value=year - 1 - running[year - 1] / flow[year] if crossed else "",
        ),
    ]


def _yardsticks(sheet: Sheet, both: ProjectFinance, area: Area, keys: int) -> None:
    w = sheet.book.w
    flows = dict(zip(_SUMS, (both.before_tax, both.project, both.equity), strict=True))
    places = {key: keys + 1 + place for place, key in enumerate(_SUMS)}
    shown = {key: 1 + place for place, key in enumerate(_SUMS)}
    sheet.put(_TOP, 0, w.label("discount_rate"), "heading")
    for key, column in shown.items():
        sheet.put(_TOP, column, w.text(f"lender.{key}"), "heading")
    row = _TOP + 1
    for rate in dict.fromkeys([value.rate for flow in flows.values() for value in flow.npv]):
        sheet.put(row, 0, Given(value=rate, share=True), "percent")
        for key, flow in flows.items():
            _npv(sheet, (row, shown[key]), places[key], area, (rate, flow))
        row += 1
    sheet.put(row, 0, w.text("lender.irr_nominal"))
    sheet.put(row + 1, 0, w.label("payback_years"))
    sheet.put(row + 2, 0, f"{w.text('lender.coverage', case='P50')}: {w.text('lender.minimum')}")
    for key, flow in flows.items():
        if len(flow.irr) == 1:
            text = f"=IRR({area.cells(places[key])},{flow.irr[0]:.4f})"
            sheet.put(row, shown[key], Formula(text=text, value=flow.irr[0]), "percent")
            about = f"{w.text('lender.irr_nominal')}: {w.text(f'lender.{key}')}"
            sheet.named(f"irr_nominal_{key}", (row, shown[key]), about, "%")
    last = places["equity"]
    back = both.equity.simple_payback_years
    text = f'=IF({cell(area.bottom, last + 3)}<0,"",MAX({area.cells(last + 4)}))'
    sheet.put(row + 1, shown["equity"], Formula(text=text, value="" if back is None else back), "two")
    least = next((case.minimum for case in both.coverage if case.key == "p50"), None)
    if least is not None:
        sheet.put(row + 2, shown["equity"], Formula(text=f"=MIN({area.cells(last + 2)})", value=least), "two")


def _npv(sheet: Sheet, place: tuple[int, int], column: int, area: Area, at: tuple[float, Return]) -> None:
    """Write the present value of a column of the years at the rate that stands in the first cell of the row."""
    row = place[0]
    first, last = cell(area.top, column), cell(area.bottom, column)
    later = f"+NPV({cell(row, 0)},{cell(area.top + 1, column)}:{last})" if area.bottom > area.top else ""
    rate, flow = at
    worth = npv(rate, flow.flow)
    sheet.put(*place, Formula(text=f"={first}{later}", value=worth), "whole")
