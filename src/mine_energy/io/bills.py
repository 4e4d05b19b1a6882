"""Electricity bills from a table: one row a bill, periods between readings, refused by line where they cannot be."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np

from mine_energy.errors import Finding, InputError, Param, Problem
from mine_energy.io.cells import show
from mine_energy.io.headers import read_heading
from mine_energy.io.records import Column, Records, read_records
from mine_energy.io.stamps import Order
from mine_energy.loads.bills import BillPeriod, Bills
from mine_energy.loads.limits import limit
from mine_energy.units import ENERGY_UNITS_KWH, HOURS_PER_DAY

COLUMNS: Final = (
    Column(key="bill_start", kind="date", required=True),
    Column(key="bill_end", kind="date", required=True),
    Column(key="bill_days", kind="number"),
    Column(key="bill_kwh", kind="number", required=True, units=ENERGY_UNITS_KWH),
    Column(key="bill_kvarh", kind="number", units={"kvarh": 1.0, "mvarh": 1000.0, "varh": 0.001}),
    Column(key="bill_kw", kind="number", units={"kw": 1.0, "mw": 1000.0, "w": 0.001}),
    Column(key="bill_amount", kind="number"),
    Column(key="bill_currency", kind="word"),
    Column(key="bill_reading", kind="word"),
    Column(key="bill_number", kind="text"),
    Column(key="bill_meter", kind="text"),
)
_CURRENCIES: Final = {
    "COP": re.compile(r"\bCOP\b"),
    "PEN": re.compile(r"\bPEN\b|(?<!\w)S/"),
    "USD": re.compile(r"\bUSD\b|US\$"),
}
"""How a heading such as *Valor (COP)* or *Importe (S/)* names its currency."""
_DAY: Final = timedelta(days=1)
_ROUNDED: Final = 1.02
"""Energy over demand times hours that rounding on a bill may reach; above, one of the two is wrong."""


def read_bills(
    path: Path | str, *, sheet: str = "", name: str | None = None, decimal: str = "", end_included: bool | None = None
) -> Bills:
    """Read the bills of one supply.

    Whether the end of a period is its last day or the day of the next reading is decided from the table: by the
    billed days where there is such a column, else by where the next bill starts.

    Parameters
    ----------
    path
        Workbook or separated text with one row a bill: start, end and kWh; kvarh, kW, amount, currency, days, kind
        of reading, number and meter where known.
    sheet
        Worksheet; the first one when empty.
    name
        How messages call the file; the path as given when absent.
    decimal
        ``"."`` or ``","`` for a file whose numbers do not tell their decimal mark.
    end_included
        Whether the end is the last day; for a table that does not tell.

    Returns
    -------
    Bills
        In order of time.

    Raises
    ------
    InputError
        By line: unreadable cells, periods under 27 or over 35 days, overlaps, gaps, negative or impossible values.
    """
    found = read_records(path, COLUMNS, sheet=sheet, name=name, decimal=decimal)
    order = found.decided("bill_start", lambda one: _plausible(found, one))
    starts, ends = found.dates("bill_start", order), found.dates("bill_end", order)
    included, findings = _end_included(found, starts, ends, end_included)
    ends = tuple(end + _DAY if included else end for end in ends)
    problems = [*_period_problems(found, starts, ends), *_value_problems(found, starts, ends)]
    ranked = sorted(range(len(starts)), key=lambda i: starts[i])
    if not problems:
        problems += _sequence_problems(found, ranked, starts, ends)
    if problems:
        raise InputError(problems)
    periods = tuple(_period(found, i, starts[i], ends[i]) for i in ranked)
    estimated = sum(period.estimated for period in periods)
    if estimated:
        params = {"count": estimated, "total": len(periods)}
        findings.append(Finding(key="bill_input_estimated", level="warning", subject=found.table.file, params=params))
    findings += _paper_findings(periods, found.table.file)
    return Bills(periods=periods, label=found.table.file, findings=(*found.findings, *findings))


def _plausible(found: Records, order: Order) -> bool:
    """Whether every period has a possible length under an order of day and month."""
    low, high = limit("bill_days_low").value, limit("bill_days_high").value
    pairs = zip(found.dates("bill_start", order), found.dates("bill_end", order), strict=True)
    return all(low - 1 <= (end - start).days <= high for start, end in pairs)


def _end_included(
    found: Records, starts: Sequence[date], ends: Sequence[date], said: bool | None
) -> tuple[bool, list[Finding]]:
    """Return whether ends are last days: as said, by the billed days, by the next starts, or assumed with a finding."""
    if said is not None:
        return said, []
    votes: set[bool] = set()
    days = found.numbers.get("bill_days", np.array([]))
    for start, end, count in zip(starts, ends, days, strict=False):
        if np.isfinite(count) and count in {(end - start).days, (end - start).days + 1}:
            votes.add(bool(count == (end - start).days + 1))
    ranked = sorted(zip(starts, ends, strict=True))
    if not votes:
        votes = {
            later - end == _DAY for (_, end), (later, _) in pairwise(ranked) if timedelta(0) <= later - end <= _DAY
        }
    if len(votes) == 1:
        return votes.pop(), []
    if votes:
        raise InputError([found.table.about("bill_input_ends_mixed")])
    return True, [Finding(key="bill_input_end_assumed", level="assumption", subject=found.table.file)]


def _period_problems(found: Records, starts: Sequence[date], ends: Sequence[date]) -> Iterator[Problem]:
    low, high = int(limit("bill_days_low").value), int(limit("bill_days_high").value)
    days = found.numbers.get("bill_days")
    for i, (start, end) in enumerate(zip(starts, ends, strict=True)):
        length = (end - start).days
        if length <= 0:
            yield found.problem("bill_input_backwards", i, "bill_end", start=start.isoformat())
        elif not low <= length <= high:
            yield found.problem("bill_input_period", i, "bill_end", days=length, low=low, high=high)
        elif days is not None and np.isfinite(days[i]) and days[i] != length:
            yield found.problem("bill_input_days", i, "bill_days", days=length)


def _value_problems(found: Records, starts: Sequence[date], ends: Sequence[date]) -> Iterator[Problem]:
    energy = found.numbers["bill_kwh"]
    for key in ("bill_kwh", "bill_kvarh", "bill_kw"):
        for place in np.flatnonzero(found.numbers.get(key, np.array([])) < 0):
            yield found.problem("bill_input_negative", int(place), key)
    currencies = _currencies(found)
    if len(currencies) > 1:
        yield found.table.about("bill_input_currencies", currencies=", ".join(currencies))
    demand = found.numbers.get("bill_kw")
    if demand is None:
        return
    for i, (start, end) in enumerate(zip(starts, ends, strict=True)):
        most = demand[i] * (end - start).days * HOURS_PER_DAY
        if np.isfinite(demand[i]) and 0 <= most * _ROUNDED < energy[i]:
            yield found.problem("bill_input_impossible", i, "bill_kw", energy=float(energy[i]), most=float(most))


def _paper_findings(periods: Sequence[BillPeriod], file: str) -> Iterator[Finding]:
    """Tell of a bill number that stands twice and of another meter: periods already follow one another."""
    numbers = [period.number for period in periods if period.number]
    for number in dict.fromkeys(one for one in numbers if numbers.count(one) > 1):
        params: dict[str, Param] = {"number": number, "count": numbers.count(number)}
        yield Finding(key="bill_input_number_twice", level="warning", subject=file, params=params)
    for before, after in pairwise(periods):
        if before.meter and after.meter and before.meter != after.meter:
            changed: dict[str, Param] = {"first": before.meter, "second": after.meter, "start": after.start.isoformat()}
            yield Finding(key="bill_input_meter_changed", level="warning", subject=file, params=changed)


def _currencies(found: Records) -> list[str]:
    """Return the currencies that rows, or else the headings of amounts, name."""
    named = sorted(set(found.words.get("bill_currency", ())) - {""})
    if named or "bill_amount" not in found.places:
        return named
    table = found.table
    headings = [show(cell) for cell in table.rows[table.header] if cell is not None]
    amounts = [text for text in headings if read_heading(text, ["bill_amount"]).key]
    return sorted({code for text in amounts for code, written in _CURRENCIES.items() if written.search(text.upper())})


def _sequence_problems(
    found: Records, ranked: Sequence[int], starts: Sequence[date], ends: Sequence[date]
) -> Iterator[Problem]:
    for before, after in pairwise(ranked):
        apart = (starts[after] - ends[before]).days
        if apart:
            key = "bill_input_gap" if apart > 0 else "bill_input_overlap"
            yield found.problem(key, after, "bill_start", days=abs(apart), end=ends[before].isoformat())


def _period(found: Records, i: int, start: date, end: date) -> BillPeriod:
    def number(key: str) -> float | None:
        column = found.numbers.get(key)
        return None if column is None or not np.isfinite(column[i]) else float(column[i])

    def word(key: str) -> str:
        return found.words[key][i] if key in found.words else ""

    currency = word("bill_currency") or next(iter(_currencies(found)), "")
    energy = number("bill_kwh")
    if energy is None:
        raise AssertionError("a bill without energy was refused")
    return BillPeriod(
        start=start,
        end=end,
        energy_kwh=energy,
        reactive_kvarh=number("bill_kvarh"),
        demand_kw=number("bill_kw"),
        amount=number("bill_amount"),
        currency=currency if number("bill_amount") is not None or word("bill_currency") else "",
        estimated=word("bill_reading") == "estimated",
        number=word("bill_number"),
        meter=word("bill_meter"),
    )
