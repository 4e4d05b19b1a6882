"""What has to be bought: quantity times unit cost, live; the cash flow begins with its sums."""

from typing import Final

from mine_energy.finance import CapexLine
from mine_energy.measures import Saving
from mine_energy.report.workbook.book import Book, Column, Content, Formula, Given, Soft, cell, elsewhere
from mine_energy.study import Study

_SCOPE, _QUANTITY, _COST, _AMOUNT = 0, 3, 5, 6
_FIRST: Final = 4
_MOTORS: Final = frozenset({"replacement", "right_size"})
"""Measures whose line of the investment is called a motor."""


def spending(book: Book, study: Study) -> None:
    """Write the sheet."""
    w, found = book.w, _scoped(study)
    if not found:
        return
    currency = study.finance.currency
    sheet = book.sheet("spending")
    sheet.title(0, w.text("money.capex", currency=currency))
    sheet.note(1, w.text("workbook_spending.note"), 8)
    columns = [
        Column(heading=w.text("workbook_spending.scope"), width=14, style="text"),
        Column(heading=w.text("money.item"), width=34, style="text"),
        Column(heading=w.label("tag"), width=14, style="text"),
        Column(heading=w.text("money.quantity"), width=11, style="auto"),
        Column(heading=w.label("unit"), width=9, style="indent"),
        Column(heading=w.text("workbook_spending.unit_cost"), unit=currency, width=14, style="auto"),
        Column(heading=w.text("money.amount"), unit=currency, width=14),
        Column(heading=w.text("workbook.low"), unit=currency, width=12),
        Column(heading=w.text("workbook.high"), unit=currency, width=12),
        Column(heading=w.text("workbook_spending.origin"), width=16, style="indent"),
        Column(heading=w.label("source"), width=56, style="wrap"),
    ]
    rows = [_row(scope, line, _FIRST + place, book) for place, (scope, line) in enumerate(found)]
    area = sheet.table(_FIRST - 2, columns, rows)
    sheet.list_view(area, len(columns))
    lines = [line for _, line in found]
    sums = {
        _AMOUNT: sum(line.amount for line in lines),
        _AMOUNT + 1: sum(line.low_amount for line in lines),
        _AMOUNT + 2: sum(line.high_amount for line in lines),
    }
    sheet.total(area.bottom + 1, w.text("total"), sums, area, len(columns))


def _scoped(study: Study) -> list[tuple[str, CapexLine]]:
    found = (("measures", study.finance.measures), ("pv", study.finance.pv))
    return [(scope, line) for scope, result in found if result is not None for line in result.capex_lines]


def _row(scope: str, line: CapexLine, row: int, book: Book) -> list[Content]:
    w = book.w
    origin = w.word("origin", "assumed") if line.assumed else w.word("confidence", line.confidence)
    return [
        w.text(f"money.{scope}"),
        w.word("capex", line.key),
        line.subject,
        Given(value=line.quantity),
        line.unit,
        Given(value=line.unit_cost),
        Formula(text=f"={cell(row, _QUANTITY)}*{cell(row, _COST)}", value=line.amount),
        line.low_amount,
        line.high_amount,
        Soft(text=origin) if line.assumed else origin,
        line.source,
    ]


def spent(book: Book, study: Study, scope: str) -> str:
    """Return the sum of a scope's lines as an expression for formulas on other sheets; zero where nothing is bought."""
    found = _scoped(study)
    if not found:
        return "0"
    sheet, last = book.w.text("workbook.sheet.spending"), _FIRST + len(found) - 1
    keys, amounts = (
        f"{elsewhere(sheet, _FIRST, column)}:{elsewhere(sheet, last, column).rpartition('!')[2]}"
        for column in (_SCOPE, _AMOUNT)
    )
    return f'SUMIF({keys},"{book.w.text(f"money.{scope}")}",{amounts})'


def price_of(book: Book, study: Study, saving: Saving) -> str:
    """Return the address of what a measure costs; empty where no single line is its price."""
    key = "motor" if saving.measure in _MOTORS else saving.measure
    rows = [
        _FIRST + place
        for place, (scope, line) in enumerate(_scoped(study))
        if scope == "measures" and (line.key, line.subject) == (key, saving.tag)
    ]
    if saving.decision != "apply" or len(rows) != 1:
        return ""
    return elsewhere(book.w.text("workbook.sheet.spending"), rows[0], _AMOUNT)
