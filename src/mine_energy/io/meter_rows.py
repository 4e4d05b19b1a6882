"""The plain layout: one heading row, one row an interval, columns in any order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mine_energy.errors import Finding, Param, Problem
from mine_energy.io.cells import Value, show
from mine_energy.io.intervals import Label
from mine_energy.io.meter_columns import MeterColumns, Quantity, ValueColumn, read_meter_columns
from mine_energy.io.numbers import read_numbers
from mine_energy.io.stamps import DAY_MS, Stamp, is_date, parse_clock, parse_stamp, with_clock
from mine_energy.io.tables import Table, first_of

_LISTED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What a person may say about a file that does not tell it itself: the hints of ``read_meter``."""

    label: Literal["start", "end"] | None = None
    decimal: Literal["", ".", ","] = ""
    day_first: bool | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Readings:
    """What every layout hands on: stamps and values by interval, in file order, not yet checked against each other.

    Parameters
    ----------
    table
        Where they come from.
    rows
        Row of each interval.
    stamps
        Stamp of each interval.
    stamp_column
        Column of the stamps, for messages.
    label
        Which edge of the interval the stamps are, when the headings say so.
    active, reactive
        kW or kWh, kvar or kvarh, by interval.
    active_quantity, reactive_quantity
        Which of the two.
    active_column, reactive_column
        Their columns, for messages.
    problems, findings
        What is wrong with single cells, and what is worth knowing.
    """

    table: Table
    rows: Sequence[int]
    stamps: Sequence[Stamp]
    stamp_column: int
    active: NDArray[np.float64]
    active_quantity: Quantity
    active_column: int
    reactive: NDArray[np.float64] | None = None
    reactive_quantity: Quantity = "energy"
    reactive_column: int = 0
    label: Label | None = None
    problems: tuple[Problem, ...] = ()
    findings: tuple[Finding, ...] = ()

    def problem(self, key: str, index: int, column: int | None = None, **params: Param) -> Problem:
        """Return a problem at an interval's stamp, or at another of its cells."""
        return self.table.problem(key, self.rows[index], self.stamp_column if column is None else column, **params)


def read_columns_layout(table: Table, hints: Hints) -> Readings:
    """Read a table whose headings name date and time, active and, where present, reactive values."""
    columns = read_meter_columns(table, hints.unit)
    active, active_problems = _one(table, columns, "active")
    reactive, reactive_problems = _one(table, columns, "reactive")
    problems = [*_time_problems(table, columns), *active_problems, *reactive_problems]
    if problems or active is None:
        return _nothing(table, problems)
    rows = _data_rows(table, columns)
    stamps, stamp_column, label, stamp_problems = _stamps(table, columns, rows)
    values, value_problems = _values(table, active, rows, hints.decimal)
    problems = [*_wide(table, rows), *stamp_problems, *value_problems]
    second = None
    if reactive is not None:
        second, more = _values(table, reactive, rows, hints.decimal)
        problems += more
    unused = ", ".join(columns.unused)
    return Readings(
        table=table,
        rows=rows,
        stamps=stamps,
        stamp_column=stamp_column,
        label=label,
        active=values,
        active_quantity=active.quantity,
        active_column=active.index,
        reactive=second,
        reactive_quantity=reactive.quantity if reactive else "energy",
        reactive_column=reactive.index if reactive else 0,
        problems=tuple(problems),
        findings=(Finding(key="unused_columns", subject=table.file, params={"columns": unused}),) if unused else (),
    )


def _nothing(table: Table, problems: Sequence[Problem]) -> Readings:
    return Readings(
        table=table,
        rows=(),
        stamps=(),
        stamp_column=0,
        active=np.empty(0),
        active_quantity="energy",
        active_column=0,
        problems=tuple(problems),
    )


def _time_problems(table: Table, columns: MeterColumns) -> Iterator[Problem]:
    if not columns.times:
        yield table.problem("no_time_column", table.header, found=_headings(table))


def _headings(table: Table) -> str:
    return ", ".join(show(cell) for cell in table.rows[table.header] if cell is not None)


def _one(
    table: Table, columns: MeterColumns, kind: Literal["active", "reactive"]
) -> tuple[ValueColumn | None, list[Problem]]:
    """Return the column to use of a kind: the energy where there is one, else the power; two of them are refused."""
    usable = columns.of(kind)
    chosen = [c for c in usable if c.quantity == "energy"] or list(usable)
    header = table.header
    if len(chosen) > 1:
        names = ", ".join(show(table.cell(header, c.index)) for c in chosen)
        return None, [table.problem("columns_alike", header, chosen[1].index, names=names)]
    if chosen:
        return chosen[0], []
    refused = columns.of(kind, usable=False)
    if refused:
        first = refused[0]
        key = "cumulative_register" if first.refusal == "register" else "meter_unit_missing"
        return None, [table.problem(key, header, first.index)]
    missing = [table.problem("no_active_column", header, found=_headings(table))] if kind == "active" else []
    return None, missing


def _data_rows(table: Table, columns: MeterColumns) -> list[int]:
    used = [*columns.times.values(), *(column.index for column in columns.values)]
    return [
        row
        for row in range(columns.first_row, len(table.rows))
        if any(table.cell(row, index) is not None for index in used)
    ]


def _wide(table: Table, rows: Sequence[int]) -> list[Problem]:
    """Refuse text rows with more cells than headings: an unquoted decimal comma shifts everything after it."""
    if not table.is_text:
        return []
    width = len(table.rows[table.header])
    wide = [
        table.problem("row_too_long", row, cells=len(table.rows[row]), headings=width)
        for row in rows
        if len(table.rows[row]) > width and any(cell is not None for cell in table.rows[row][width:])
    ]
    return first_of(wide, _LISTED, table.about("row_too_long"))


def _stamps(
    table: Table, columns: MeterColumns, rows: Sequence[int]
) -> tuple[list[Stamp], int, Label | None, list[Problem]]:
    """Return the stamps, their column, the edge their heading names, and the cells that are no stamp."""
    times = dict(columns.times)
    date = times.pop("meter_date", None)
    key, index = next(iter(times.items()))
    label: Label | None = {"meter_interval_start": "start", "meter_interval_end": "end"}.get(key)  # type: ignore[assignment]
    read: list[Stamp | None] = []
    for row in rows:
        cell = table.cell(row, index)
        read.append(_joined(table.cell(row, date), cell) if date is not None else parse_stamp(cell))
    bad = [i for i, stamp in enumerate(read) if stamp is None or not is_date(stamp)]
    problems = [_bad_stamp(table, rows[i], index, date) for i in bad]
    stamps = [stamp for stamp in read if stamp is not None]
    with_offset = sum(stamp.offset_minutes is not None for stamp in stamps)
    if 0 < with_offset < len(stamps):
        odd = next(i for i, s in enumerate(stamps) if (s.offset_minutes is None) != (stamps[0].offset_minutes is None))
        problems.append(table.problem("offset_mixed", rows[odd], index))
    if date is not None and any(stamp.day_ms == DAY_MS for stamp in stamps):
        label = label or "end"
    return stamps, index, label, first_of(problems, _LISTED, table.about("stamp_unreadable"))


def _joined(date: Value, clock: Value) -> Stamp | None:
    stamp, day_ms = parse_stamp(date), parse_clock(clock)
    return with_clock(stamp, day_ms) if stamp is not None and day_ms is not None else parse_stamp(clock)


def _bad_stamp(table: Table, row: int, column: int, date: int | None) -> Problem:
    """Blame the date where there is a column of dates and the cell is none, else the time or the whole stamp."""
    stamp = None if date is None else parse_stamp(table.cell(row, date))
    if date is not None and (stamp is None or not is_date(stamp)):
        column = date
    return table.problem("stamp_missing" if table.cell(row, column) is None else "stamp_unreadable", row, column)


def _values(
    table: Table, column: ValueColumn, rows: Sequence[int], decimal: str
) -> tuple[NDArray[np.float64], list[Problem]]:
    """Return a column's values in kWh, kW, kvarh or kvar, and the cells that hold none."""
    numbers = read_numbers([table.cell(row, column.index) for row in rows], decimal)
    faulty = {fault.index for fault in numbers.faults}
    faults = [table.problem(f.key, rows[f.index], column.index, **f.params) for f in numbers.faults]
    faults += [table.problem("percent_out_of_place", rows[i], column.index) for i in sorted(numbers.percents)]
    empty = [
        table.problem("value_missing", rows[i], column.index)
        for i, value in enumerate(numbers.values)
        if value is None and i not in faulty
    ]
    values = np.array([np.nan if value is None else value for value in numbers.values], dtype=np.float64)
    about = table.about("value_missing")
    return values * column.factor, [*first_of(faults, _LISTED, about), *first_of(empty, _LISTED, about)]
