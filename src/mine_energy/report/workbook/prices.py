"""The prices of the bills, once each: what a reader changes here the bills, the cash flow and its value follow."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from mine_energy.report.workbook.book import Book, Column, Content, Given, Soft, elsewhere
from mine_energy.study import Study
from mine_energy.tariffs import BillLine

_PRICE: Final = 1
_FIRST: Final = 4
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{2,40}")
PriceKey = tuple[str, str, str, float, str, str]


def price_key(line: BillLine) -> PriceKey:
    """Return what makes the price of a line the same as that of another: name, amount, unit, source."""
    return (line.key, line.label_es, line.label_en, line.price, line.price_unit, line.price_source)


def price_places(study: Study) -> Mapping[PriceKey, int]:
    """Return the row of every price, in the order in which the bills use them, by key."""
    keys = dict.fromkeys(price_key(line) for state in study.states for line in state.bill.lines)
    return {key: _FIRST + place for place, key in enumerate(sorted(keys, key=lambda one: _order(study).index(one[0])))}


def _order(study: Study) -> list[str]:
    return list(dict.fromkeys(line.key for state in study.states for line in state.bill.lines))


def price_cell(book: Book, row: int) -> str:
    """Return the address of a price, for formulas on other sheets."""
    return elsewhere(book.w.text("workbook.sheet.prices"), row, _PRICE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Use:
    line: BillLine
    months: int


def prices(book: Book, study: Study) -> None:
    """Write the sheet."""
    w = book.w
    places = price_places(study)
    if not places:
        return
    sheet = book.sheet("prices")
    sheet.title(0, w.text("workbook_prices.title"))
    sheet.note(1, w.text("workbook_prices.note"), 6)
    columns = [
        Column(heading=w.text("money.line"), width=40, style="text"),
        Column(heading=w.text("workbook.price"), unit=w.text("workbook_prices.beside"), width=14, style="auto"),
        Column(heading=w.text("workbook.price_unit"), width=15, style="indent"),
        Column(heading=w.text("workbook_prices.months"), width=9, style="whole"),
        Column(heading=w.label("confidence"), width=14, style="indent"),
        Column(heading=w.text("workbook_prices.year"), width=10, style="indent"),
        Column(heading=w.label("source"), width=60, style="wrap"),
    ]
    uses = _uses(study)
    rows = [_row(uses[key], book) for key in places]
    area = sheet.table(_FIRST - 2, columns, rows)
    sheet.list_view(area, len(columns))
    names = [key[0] for key in places]
    for key, row in places.items():
        if _NAME.fullmatch(key[0]) and names.count(key[0]) == 1:
            label = key[1] if w.language == "es" else key[2]
            sheet.named(f"price_{key[0]}", (row, _PRICE), f"{w.text('workbook.price')}: {label}", key[4])


def _uses(study: Study) -> dict[PriceKey, _Use]:
    found: dict[PriceKey, _Use] = {}
    for state in study.states:
        for line in state.bill.lines:
            before = found.get(price_key(line))
            found[price_key(line)] = _Use(line=line, months=1 + (before.months if before else 0))
    return found


def _row(use: _Use, book: Book) -> list[Content]:
    line, w = use.line, book.w
    words = w.word("confidence", line.confidence)
    return [
        line.label_es if w.language == "es" else line.label_en,
        Given(value=line.price),
        line.price_unit,
        use.months,
        Soft(text=words) if line.confidence == "D" else words,
        line.price_year,
        line.price_source,
    ]
