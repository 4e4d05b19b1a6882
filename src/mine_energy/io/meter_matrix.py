"""Hourly matrices: one row for each day and kind of energy, twenty-four columns of hours.

Colombian commercial boundaries are handed over so. HORA 01 is 00:00 to 01:00. A column of totals and an hour 25 are
checked against the day's hours and never summed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from mine_energy.errors import Finding, Param, Problem
from mine_energy.io.cells import Value, show
from mine_energy.io.meter_columns import hour_columns, read_meter_columns
from mine_energy.io.meter_hints import Hints
from mine_energy.io.meter_marks import decimal_of
from mine_energy.io.meter_readings import LISTED, Habits, Readings, Values, nothing
from mine_energy.io.meter_supplies import chosen_rows
from mine_energy.io.meter_words import BY_UNIT, left_out
from mine_energy.io.numbers import read_numbers, told_once
from mine_energy.io.stamps import MINUTE_MS, Stamp, is_date, parse_stamp, with_clock
from mine_energy.io.tables import Table, first_of
from mine_energy.vocabulary import normalise

_HOUR_MS: Final = 60 * MINUTE_MS
_TYPE_HEADINGS: Final = {
    *("tipo", "tipo energia", "tipo de energia", "energia", "variable", "magnitud", "medida", "canal", "concepto"),
    *("type", "energy type", "energy", "quantity", "channel"),
}
_TOTAL_HEADINGS: Final = {"total", "total dia", "total diario", "total kwh", "suma", "sum", "daily total", "total day"}
_ACTIVE: Final = {"activa", "active", "ae", "ea", "a", "kwh", "kwhd", "wh", "mwh", "consumo", "import", "importada"}
_REACTIVE: Final = {"reactiva", "reactive", "inductiva", "re", "er", "ri", "r", "kvarh", "kvarhd", "varh"}
_DIRECTED: Final = {"kwhd": "kwh", "kvarhd": "kvarh"}


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixLayout:
    """Columns of a matrix: hours 1 to 24 in order, an hour 25, totals, the date and the kind of energy."""

    hours: tuple[int, ...]
    hour_25: int | None
    total: int | None
    date: int
    kind: int | None


def read_hour_matrix(table: Table, hints: Hints, habits: Habits) -> Readings:
    """Read a matrix of days and hours."""
    columns = read_meter_columns(table)
    date = next(iter(columns.times.values()), None)
    if date is None:
        return nothing(table, [table.problem("no_time_column", table.header, found="...")])
    layout = matrix_layout(table, date)
    data = [
        row
        for row in range(table.header + 1, len(table.rows))
        if any(table.cell(row, column) is not None for column in (date, *layout.hours))
    ]
    rows, problems = chosen_rows(table, columns, data, hints.supply)
    kinds = [_kind(show(table.cell(row, layout.kind))) if layout.kind is not None else "active" for row in rows]
    problems += [table.problem("meter_matrix_type", r, layout.kind) for r, k in zip(rows, kinds, strict=True) if not k]
    by_kind = {kind: [r for r, k in zip(rows, kinds, strict=True) if k == kind] for kind in ("active", "reactive")}
    if problems or not by_kind["active"]:
        return nothing(table, problems or [table.problem("no_active_column", table.header, found="...")])
    return _read(table, layout, by_kind, hints, habits)


def matrix_layout(table: Table, date: int) -> MatrixLayout:
    """Return the columns of a matrix whose headings hold twenty-four hours."""
    cells = table.rows[table.header]
    by_hour = hour_columns(cells)
    first = 0 if 0 in by_hour else 1
    names = {normalise(show(cell)): index for index, cell in reversed(list(enumerate(cells))) if index != date}
    return MatrixLayout(
        hours=tuple(by_hour[hour] for hour in range(first, first + 24)),
        hour_25=by_hour.get(first + 24),
        total=next((names[name] for name in _TOTAL_HEADINGS if name in names), None),
        date=date,
        kind=next((names[name] for name in sorted(_TYPE_HEADINGS) if name in names), None),
    )


def _kind(text: str) -> str:
    """Return ``active``, ``reactive``, ``out`` for what plays no part, or nothing when the words are not known."""
    words = set(normalise(text).split())
    if not words:
        return ""
    if text.rstrip().endswith("-") or left_out(words):
        return "out"
    if words & _REACTIVE:
        return "reactive"
    return "active" if words & _ACTIVE else ""


def _read(table: Table, layout: MatrixLayout, by_kind: dict[str, list[int]], hints: Hints, habits: Habits) -> Readings:
    active_rows, reactive_rows = by_kind["active"], by_kind["reactive"]
    stamps, problems = matrix_days(table, layout, active_rows)
    values, more = _values(table, layout, active_rows, hints, habits)
    problems += more
    reactive: Values | None = None
    if reactive_rows:
        days, worse = matrix_days(table, layout, reactive_rows)
        reactive, more = _values(table, layout, reactive_rows, hints, habits)
        problems += [*worse, *more]
        if not problems and days != stamps:
            odd = _unpaired(table, layout, active_rows, reactive_rows)
            problems.append(table.problem("meter_matrix_pairs", odd, layout.date))
    return Readings(
        table=table,
        rows=[row for row in active_rows for _ in range(24)],
        stamps=stamps,
        stamp_column=layout.date,
        label="start",
        active=values,
        active_quantity="energy",
        active_column=layout.hours[0],
        active_columns=layout.hours * len(active_rows),
        reactive=reactive,
        problems=tuple(problems),
        findings=tuple(_assumed_unit(table, layout, active_rows[0], hints)),
    )


def _unpaired(table: Table, layout: MatrixLayout, active_rows: Sequence[int], reactive_rows: Sequence[int]) -> int:
    """Return the row whose day has no partner of the other kind, or the first that stands in another order."""
    active = [_day(table, layout, row) for row in active_rows]
    reactive = [_day(table, layout, row) for row in reactive_rows]
    alone = [row for row, day in zip(reactive_rows, reactive, strict=True) if day not in active]
    alone += [row for row, day in zip(active_rows, active, strict=True) if day not in reactive]
    moved = [row for row, one, other in zip(reactive_rows, reactive, active, strict=False) if one != other]
    return [*alone, *moved][0]


def _day(table: Table, layout: MatrixLayout, row: int) -> Stamp | None:
    stamp = parse_stamp(table.cell(row, layout.date))
    return stamp if stamp is not None and is_date(stamp) else None


def matrix_days(table: Table, layout: MatrixLayout, rows: Sequence[int]) -> tuple[list[Stamp], list[Problem]]:
    """Return the stamp of every hour of the rows, at the hour's start, and the rows whose day is none or twice."""
    stamps: list[Stamp] = []
    problems: list[Problem] = []
    seen: set[Stamp] = set()
    for row in rows:
        day = _day(table, layout, row)
        if day is None:
            key = "stamp_missing" if table.cell(row, layout.date) is None else "stamp_unreadable"
            problems.append(table.problem(key, row, layout.date))
        elif day in seen:
            problems.append(table.problem("stamp_twice", row, layout.date, this=show(table.cell(row, layout.date))))
        else:
            seen.add(day)
            stamps += [with_clock(day, hour * _HOUR_MS) for hour in range(24)]
    return stamps, first_of(problems, LISTED, table.about("stamp_unreadable"))


def _factor(table: Table, layout: MatrixLayout, row: int, hints: Hints) -> float | None:
    """Return the factor to kWh or kvarh that a row's kind, the hours' heading or the person gives; None without one."""
    kind = normalise(show(table.cell(row, layout.kind))) if layout.kind is not None else ""
    total = normalise(show(table.cell(table.header, layout.total))) if layout.total is not None else ""
    hour = normalise(show(table.cell(table.header, layout.hours[0])))
    for word in (*kind.split(), *hour.split(), *total.split(), hints.unit.lower()):
        unit = BY_UNIT.get(_DIRECTED.get(word, word))
        if unit is not None:
            return unit[2]  # over one hour, kW and kWh are the same number
    return None


def _assumed_unit(table: Table, layout: MatrixLayout, row: int, hints: Hints) -> Iterator[Finding]:
    if _factor(table, layout, row, hints) is None:
        heading = show(table.cell(table.header, layout.hours[0]))
        params: dict[str, Param] = {"column": heading, "line": table.lines[table.header], "unit": "kWh"}
        yield Finding(key="meter_unit_assumed", level="assumption", subject=table.file, params=params)


def _values(
    table: Table, layout: MatrixLayout, rows: Sequence[int], hints: Hints, habits: Habits
) -> tuple[Values, list[Problem]]:
    """Return the hours of the rows in kWh or kvarh, with the day's total and hour 25 checked against them."""
    extra = [column for column in (layout.hour_25, layout.total) if column is not None]
    places = [(row, column) for row in rows for column in (*layout.hours, *extra)]
    cells: list[Value] = [table.cell(row, column) for row, column in places]
    numbers = read_numbers(cells, decimal_of(cells, hints, habits), logged=True)
    problems = [
        table.problem(f.key, places[f.index][0], places[f.index][1], **f.params) for f in told_once(numbers.faults)
    ]
    faulty = {fault.index for fault in numbers.faults}
    wide = 24 + len(extra)
    hours: list[float] = []
    for day, row in enumerate(rows):
        own = numbers.values[day * wide : day * wide + 24]
        lacking = [i for i, value in enumerate(own) if value is None and day * wide + i not in faulty]
        problems += [table.problem("value_missing", row, layout.hours[i]) for i in lacking]
        if not lacking and not faulty.intersection(range(day * wide, (day + 1) * wide)):
            rest = dict(zip(extra, numbers.values[day * wide + 24 : (day + 1) * wide], strict=True))
            problems += _checked(table, layout, row, [float(value or 0.0) for value in own], rest)
        factor = _factor(table, layout, row, hints)
        hours += [float("nan") if value is None else value * (1.0 if factor is None else factor) for value in own]
    return np.array(hours, dtype=np.float64), first_of(problems, LISTED, table.about("value_missing"))


def _checked(
    table: Table, layout: MatrixLayout, row: int, hours: Sequence[float], rest: dict[int, float | None]
) -> Iterator[Problem]:
    """Compare a day's total with its hours; an hour 25 has to be empty, zero or that same total."""
    total = float(sum(hours))
    shown = [show(table.cell(row, column)) for column in (*layout.hours, *rest)]
    decimals = max(_decimals(text) for text in shown)
    tolerance = 13 * 10.0 ** -min(decimals, 6) + 1e-6 * abs(total)
    for column, value in rest.items():
        empty = column == layout.hour_25 and not value
        if value is not None and not empty and abs(value - total) > tolerance:
            key = "meter_hour_25" if column == layout.hour_25 else "meter_matrix_total"
            yield table.problem(key, row, column, total=f"{value:.10g}", sum=f"{total:.10g}")


def _decimals(text: str) -> int:
    return len(text) - 1 - max(text.rfind("."), text.rfind(",")) if "." in text or "," in text else 0
