"""Cash flow of the measures, of PV and of both: from investment, first year's saving and rates, all live.

The investment is the sum of its lines, the saving the difference of two bills; a reader who changes a price, a unit
cost or a rate sees cash flow, present value and payback follow.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import isclose
from typing import Final

from mine_energy.report.workbook.bills import bill_cell
from mine_energy.report.workbook.book import Area, Book, Column, Content, Formula, Given, Sheet, cell, fixed
from mine_energy.report.workbook.flow_parts import Parts, parts_of
from mine_energy.report.workbook.spending import spent
from mine_energy.study import Study

_TOP: Final = 2
_SHARE, _SAVING, _OM, _OTHER, _FLOW = range(5)
_WIDE: Final = 5
"""Columns of a scope in the table of years."""
_CLOSE: Final = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scope:
    """Measures or PV: its parts, its column among the yardsticks, and its first column in the table of years."""

    parts: Parts
    states: tuple[int, int]
    yardstick: int
    first: int

    def column(self, part: int) -> int:
        return self.first + part


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Layout:
    """Where everything stands."""

    book: Book
    sheet: Sheet
    study: Study
    scopes: tuple[_Scope, ...]

    @property
    def both(self) -> int:
        """Yardsticks of both together."""
        return 1 + len(self.scopes)

    @property
    def together(self) -> int:
        """Both together, in the table of years; the running sum and the crossing follow."""
        return 1 + _WIDE * len(self.scopes)

    @property
    def rates(self) -> int:
        """First row of the discount rates."""
        return _TOP + 7

    @property
    def years(self) -> Area:
        """Rows of the years."""
        top = self.rates + len(self.study.finance.both.npv) + 7
        last = top + len(self.study.finance.both.cash_flow) - 1
        return Area(sheet=self.sheet.name, top=top, bottom=last)


def cash(book: Book, study: Study) -> None:
    """Write what everything follows from, the yardsticks, the years below, and the chart of the running sum."""
    w = book.w
    sheet = book.sheet("cash")
    made = ((study.finance.measures, (0, 1)), (study.finance.pv, (1, 2)))
    found = [(parts_of(study, result), states) for result, states in made if result is not None]
    scopes = tuple(
        _Scope(parts=parts, states=states, yardstick=1 + place, first=1 + _WIDE * place)
        for place, (parts, states) in enumerate(found)
    )
    at = _Layout(book=book, sheet=sheet, study=study, scopes=scopes)
    sheet.title(0, w.text("money.results", currency=study.finance.currency))
    sheet.note(1, w.text("workbook_cash.note"), at.both + 2)
    _given(at)
    _yardsticks(at)
    sheet.table(at.years.top - 2, _columns(at), _rows(at))
    sheet.page.freeze_panes(0, 1)
    _chart(at)


def _given(at: _Layout) -> None:
    """Write investment, saving and upkeep of the first year, and the exchange rate."""
    w, sheet = at.book.w, at.sheet
    headings = ("", *(w.text(f"money.{one.parts.scope}") for one in at.scopes), w.text("money.both"))
    for column, heading in enumerate((*headings, w.label("unit"))):
        sheet.put(_TOP, column, heading, "heading")
    currency = at.study.finance.currency
    rows = (
        ("investment", w.text("workbook_cash.capex"), currency),
        ("saving", w.text("workbook_cash.saving"), f"{currency}{w.text('unit.per_year')}"),
        ("om", w.text("workbook_cash.om"), f"{currency}{w.text('unit.per_year')}"),
    )
    for row, (key, label, unit) in enumerate(rows, _TOP + 1):
        sheet.put(row, 0, label)
        sheet.put(row, at.both + 1, unit, "indent")
        for one in at.scopes:
            sheet.put(row, one.yardstick, _first_year(key, one, at), "whole")
            sheet.named(f"{key}_{one.parts.scope}", (row, one.yardstick), f"{label}: {headings[one.yardstick]}", unit)
        total = sum(_value(key, one.parts) for one in at.scopes)
        text = f"=SUM({cell(row, 1)}:{cell(row, len(at.scopes))})"
        sheet.put(row, at.both, Formula(text=text, value=total), "total")
        sheet.named(f"{key}_both", (row, at.both), f"{label}: {headings[at.both]}", unit)
    row = _TOP + 5
    bill, rate = at.study.states[0].bill.currency, at.study.finance.exchange_rate_per_usd
    local = next((one for one in (bill, currency) if one != "USD"), None)
    if local is not None:
        sheet.put(row, 0, w.text("workbook_cash.exchange"))
        sheet.put(row, 1, Given(value=rate), "auto")
        sheet.put(row, at.both + 1, f"{local}/USD", "indent")
        sheet.named("exchange_rate", (row, 1), w.text("workbook_cash.exchange"), f"{local}/USD")


def _value(key: str, parts: Parts) -> float:
    return {"investment": parts.capex, "saving": parts.saving, "om": parts.om}[key]


def _first_year(key: str, one: _Scope, at: _Layout) -> Content:
    value = _value(key, one.parts)
    if key == "investment":
        return Formula(text=f"={spent(at.book, at.study, one.parts.scope)}", value=value)
    return Given(value=value) if key == "om" else _saving(one, at)


def _saving(one: _Scope, at: _Layout) -> Content:
    """Return the first year's saving: one bill less the next, and what of it is not counted, as a number of its own."""
    before, after = (at.study.states[place] for place in one.states)
    apart = one.parts.saving - (before.cost_per_year - after.cost_per_year)
    text = f"=({bill_cell(at.book, one.states[0])}-{bill_cell(at.book, one.states[1])}){exchanged(at.study)}"
    if not isclose(apart, 0.0, abs_tol=_CLOSE * max(1.0, abs(before.cost_per_year))):
        row = _TOP + 4
        at.sheet.put(row, 0, at.book.w.text("workbook_cash.apart"))
        at.sheet.put(row, one.yardstick, Given(value=apart), "whole")
        text += f"+{cell(row, one.yardstick)}"
    return Formula(text=text, value=one.parts.saving)


def exchanged(study: Study) -> str:
    """Return what turns an amount of the bill into the study's currency, as the end of a formula."""
    bill, currency = study.states[0].bill.currency, study.finance.currency
    if bill == currency:
        return ""
    return "/exchange_rate" if currency == "USD" else "*exchange_rate"


def _yardsticks(at: _Layout) -> None:
    w, sheet, finance = at.book.w, at.sheet, at.study.finance
    currency = finance.currency
    titles = (w.text("workbook_cash.npv_at"), *(w.text(f"money.{one.parts.scope}") for one in at.scopes))
    for column, title in enumerate((*titles, w.text("money.both"), w.label("unit"))):
        sheet.put(at.rates - 1, column, title, "heading")
    results = [*((one.yardstick, one.parts.result, one.column(_FLOW)) for one in at.scopes)]
    results.append((at.both, finance.both, at.together))
    for position, value in enumerate(finance.both.npv):
        row = at.rates + position
        sheet.put(row, 0, Given(value=value.rate, share=True), "percent")
        sheet.put(row, at.both + 1, currency, "indent")
        label = w.text(f"workbook_cash.rate_{value.label}")
        sheet.named(f"rate_{value.label}", (row, 0), label, "%")
        for column, result, flow in results:
            _present_value((row, column), flow, result.npv[position].npv, at)
            about = f"{w.label('npv_usd')}: {w.text(f'money.{result.scope}')}, {label}"
            sheet.named(f"npv_{value.label}_{result.scope}", (row, column), about, currency)
    row = at.rates + len(finance.both.npv)
    back = finance.both.simple_payback_years
    last = at.years.bottom
    sheet.put(row, 0, w.label("payback_years"))
    text = f'=IF({cell(last, at.together + 1)}<0,"",MAX({at.years.cells(at.together + 2)}))'
    sheet.put(row, at.both, Formula(text=text, value="" if back is None else back), "two")
    sheet.put(row, at.both + 1, w.text("unit.years"), "indent")
    sheet.named("payback_years", (row, at.both), w.label("payback_years"), w.text("unit.years"))
    roots = finance.both.irr
    sheet.put(row + 1, 0, w.label("irr"))
    sheet.put(row + 1, at.both + 1, "%", "indent")
    if len(roots) == 1:
        text = f"=IRR({at.years.cells(at.together)},{roots[0]:.4f})"
        sheet.put(row + 1, at.both, Formula(text=text, value=roots[0]), "percent")
        sheet.named("irr", (row + 1, at.both), w.label("irr"), "%")


def _present_value(place: tuple[int, int], flow: int, value: float, at: _Layout) -> None:
    row, column = place
    first, last = cell(at.years.top, flow), cell(at.years.bottom, flow)
    # Excel's NPV discounts its first value by a year, so the investment of year 0 stands before it.
    later = f"+NPV({fixed(row, 0)},{cell(at.years.top + 1, flow)}:{last})" if at.years.bottom > at.years.top else ""
    at.sheet.put(row, column, Formula(text=f"={first}{later}", value=value), "whole")


def _columns(at: _Layout) -> list[Column]:
    w, currency = at.book.w, at.study.finance.currency
    columns = [Column(heading=w.label("year"), width=44, style="plain")]
    for one in at.scopes:
        name = w.text(f"money.{one.parts.scope}")
        keys = ("share", "year_saving", "year_om", "year_other", "year_flow")
        columns += [
            Column(
                heading=f"{name}: {w.text(f'workbook_cash.{key}')}",
                unit="%" if key == "share" else currency,
                width=14,
                style="percent" if key == "share" else "whole",
            )
            for key in keys
        ]
    return [
        *columns,
        Column(heading=f"{w.text('money.both')}: {w.text('workbook_cash.year_flow')}", unit=currency, width=14),
        Column(heading=w.text("workbook.running"), unit=currency, width=14),
        Column(heading=w.text("workbook.crossing"), unit=w.text("unit.years"), width=11, style="two"),
    ]


def _rows(at: _Layout) -> list[list[Content]]:
    both = at.study.finance.both.cash_flow
    running = list(accumulate(both))
    rows: list[list[Content]] = []
    for year, flow in enumerate(both):
        row = at.years.top + year
        contents: list[Content] = [year]
        for one in at.scopes:
            contents += _scope_year(one, year, row)
        text = "+".join(cell(row, one.column(_FLOW)) for one in at.scopes)
        total = Formula(text=f"={text}", value=flow)
        before = f"{cell(row - 1, at.together + 1)}+" if year else ""
        summed = Formula(text=f"={before}{cell(row, at.together)}", value=running[year])
        rows.append([*contents, total, summed, _crossing(year, running, both, row, at.together)])
    return rows


def _scope_year(one: _Scope, year: int, row: int) -> list[Content]:
    """Return a year of a scope: what is left of the saving, saving, upkeep, replacements and other money, their sum."""
    parts = one.parts
    flow = parts.flow(year)
    if year == 0:
        return [None, None, None, None, Formula(text=f"=-{fixed(_TOP + 1, one.yardstick)}", value=flow)]
    share, upkeep = parts.share(year), parts.upkeep(year)
    text = f"={fixed(_TOP + 2, one.yardstick)}*{cell(row, one.column(_SHARE))}"
    saved = Formula(text=text, value=parts.saving * share)
    whole = isclose(upkeep, parts.om, rel_tol=_CLOSE, abs_tol=_CLOSE)
    om: Content = Given(value=-upkeep)
    if whole:
        om = Formula(text=f"=-{fixed(_TOP + 3, one.yardstick)}", value=-parts.om)
    text = f"=SUM({cell(row, one.column(_SAVING))}:{cell(row, one.column(_OTHER))})"
    return [Given(value=share, share=True), saved, om, Given(value=parts.other(year)), Formula(text=text, value=flow)]


def _crossing(year: int, running: Sequence[float], flow: Sequence[float], row: int, together: int) -> Content:
    """Return the moment at which the running sum crosses zero upwards within a year, as a live formula."""
    if year == 0:
        return None
    old, new = cell(row - 1, together + 1), cell(row, together + 1)
    text = f'=IF(AND({old}<0,{new}>=0),{cell(row, 0)}-1-{old}/{cell(row, together)},"")'
    crossed = running[year - 1] < 0 <= running[year]
    return Formula(text=text, value=year - 1 - running[year - 1] / flow[year] if crossed else "")


def _chart(at: _Layout) -> None:
    area, running = at.years, at.together + 1
    chart = at.book.file.add_chart({"type": "column"})
    chart.add_series(
        {
            "name": [at.sheet.name, area.top - 2, running],
            "categories": area.chart_range(0),
            "values": area.chart_range(running),
            "fill": {"color": "#009E73"},
            "invert_if_negative": True,
            "invert_if_negative_color": "#D55E00",
            "gap": 40,
        }
    )
    chart.set_legend({"none": True})
    chart.set_x_axis({"label_position": "low", "name": at.book.w.label("year")})
    name = at.study.finance.currency
    chart.set_y_axis({"name": name, "num_format": "#,##0", "major_gridlines": {"visible": True}})
    at.sheet.chart(chart, (area.bottom + 3, 0), at.book.w.text("workbook_cash.chart"), (760, 320))
