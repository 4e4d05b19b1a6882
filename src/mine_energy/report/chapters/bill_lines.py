"""Lines of bills side by side, and the units of money along an axis."""

from collections.abc import Sequence

from mine_energy.report.blocks import Cell
from mine_energy.report.format import Writer
from mine_energy.tariffs import LineTotal

_SAME = 1e-6
"""Prices that differ by less are one price."""
_DIGITS = 4


def line_name(line: LineTotal, w: Writer) -> str:
    """Return the name of a line of a bill."""
    return w.line(line)


def joined_lines(bills: Sequence[Sequence[LineTotal]]) -> list[tuple[LineTotal, tuple[LineTotal | None, ...]]]:
    """Return every line of several bills, in the order of the tariff, with its totals in each bill."""
    by_key = [{line.key: line for line in totals} for totals in bills]
    found: dict[str, LineTotal] = {}
    for lines in by_key:
        for key, line in lines.items():
            found.setdefault(key, line)
    return [(line, tuple(lines.get(key) for lines in by_key)) for key, line in found.items()]


def line_rows(
    bills: Sequence[Sequence[LineTotal]], currency: str, w: Writer, digits: int = 3
) -> list[tuple[str | Cell, ...]]:
    """Return the amounts of several bills side by side with their mean prices.

    A price that all share stands by the name of the line, others by each amount. A line that a bill does not have
    costs nothing there.
    """
    return [_row(line, totals, currency, w, digits) for line, totals in joined_lines(bills)]


def _row(
    line: LineTotal, totals: Sequence[LineTotal | None], currency: str, w: Writer, digits: int
) -> tuple[str | Cell, ...]:
    prices = [total.price if total else None for total in totals]
    known = [price for price in prices if price is not None]
    shared = not known or max(known) - min(known) <= _SAME * max(abs(price) for price in known)
    amounts = [w.estimate(total.amount if total else 0.0, digits=digits) for total in totals]
    if shared:
        unit = price_words(known[0], line.unit, currency, w) if known else ""
        return (Cell(text=line_name(line, w), unit=unit), *amounts)
    cells = (
        Cell(text=amount, unit="" if price is None else price_words(price, line.unit, currency, w))
        for amount, price in zip(amounts, prices, strict=True)
    )
    return (line_name(line, w), *cells)


def price_words(price: float, unit: str, currency: str, w: Writer) -> str:
    """Return a price with its unit; that of a surcharge is a rate."""
    if unit == currency:
        return w.percent(price)
    if unit == "month":
        return w.text("bills.per_month", amount=w.money(price, currency, _DIGITS))
    return f"{w.estimate(price, digits=_DIGITS)} {currency}/{unit}"


def month_words(year: int, month: int, w: Writer) -> str:
    """Return a month with its year, on one line."""
    return f"{w.month_names()[month - 1]}\u00a0{year}"


def money_unit(largest: float, currency: str, w: Writer) -> tuple[float, str]:
    """Return the divisor and the words of a unit that keeps the marks of an axis short."""
    if largest >= 5e6:
        return 1e6, w.text("bills.millions", currency=currency)
    return 1.0, currency
