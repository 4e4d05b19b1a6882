"""Layouts with one row an interval: one heading row, columns in any order."""

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from mine_energy.errors import Finding, Param, Problem
from mine_energy.io.cells import Value, show
from mine_energy.io.intervals import Label
from mine_energy.io.meter_columns import MeterColumns, ValueColumn, read_meter_columns
from mine_energy.io.meter_hints import Hints
from mine_energy.io.meter_marks import column_mark
from mine_energy.io.meter_readings import LISTED, Habits, Readings, Values, nothing
from mine_energy.io.meter_supplies import added_suppliers, chosen_rows
from mine_energy.io.meter_words import BY_UNIT, Kind, value_heading
from mine_energy.io.meter_zones import zoned
from mine_energy.io.numbers import read_numbers, told_once
from mine_energy.io.stamps import DAY_MS, Stamp, is_date, parse_clock, parse_stamp, span_start, with_clock
from mine_energy.io.tables import Table, first_of

_ORDER = {"energy": 0, "power": 1, "register": 2}


def read_columns_layout(table: Table, hints: Hints, habits: Habits) -> Readings:
    """Read a table whose headings name date and time, active and, where present, reactive values."""
    columns = read_meter_columns(table, hints.unit, habits.units)
    active, active_problems = _one(table, columns, "active", hints.quantity)
    wanted = "register" if active is not None and active.quantity == "register" else ""
    reactive, reactive_problems = _one(table, columns, "reactive", wanted)
    if (
        reactive is not None
        and active is not None
        and wanted != ("register" if reactive.quantity == "register" else "")
    ):
        reactive = None  # a register's steps and an interval's values do not share their stamps
    said = _said_otherwise(table, active, hints.unit)
    problems = [*_time_problems(table, columns), *active_problems, *reactive_problems, *said]
    if problems or active is None:
        return nothing(table, problems)
    rows, supply_problems = chosen_rows(table, columns, data_rows(table, columns), hints.supply)
    stamps, stamp_column, label, stamp_problems = stamps_of(table, columns, rows)
    values, value_problems = column_values(table, active, rows, hints, habits)
    problems = [*supply_problems, *uneven(table, rows), *stamp_problems, *value_problems]
    second = None
    if reactive is not None:
        second, more = column_values(table, reactive, rows, hints, habits)
        if np.isnan(second).all() and not any(table.cell(row, reactive.index) for row in rows):
            reactive = second = None  # a column without a single value measures nothing
        else:
            problems += more
    marks = [one for c in (active, reactive) if c for one in column_mark(table, c.index, rows, hints, habits)[1]]
    quantity = "register" if hints.quantity == "register" and active.quantity == "energy" else active.quantity
    found = Readings(
        table=table,
        rows=rows,
        stamps=stamps,
        stamp_column=stamp_column,
        label=label,
        assumed_label=habits.label,
        active=values,
        active_quantity=quantity,
        active_column=active.index,
        reactive=second,
        reactive_quantity=reactive.quantity if reactive else "energy",
        reactive_column=reactive.index if reactive else 0,
        signed=habits.signed,
        problems=tuple(problems),
        findings=(
            *_unused(table, columns),
            *_assumed_units(table, (active, reactive)),
            *_status(table, columns, rows),
            *marks,
        ),
    )
    if problems:
        return found
    found = zoned(found, show(table.cell(table.header, stamp_column)))
    return added_suppliers(found, columns, habits.adds_suppliers, everything=hints.suppliers == "add")


def _said_otherwise(table: Table, active: ValueColumn | None, unit: str) -> Iterator[Problem]:
    """Refuse a unit that the person says and the heading contradicts."""
    hinted = BY_UNIT.get(unit.lower())
    if active is not None and hinted is not None:
        quantity = "energy" if active.quantity == "register" else active.quantity
        if (quantity, active.factor) != hinted[1:]:
            heading = show(table.cell(table.header, active.index))
            yield table.problem("unit_conflict", table.header, active.index, first=heading, second=unit)


def _unused(table: Table, columns: MeterColumns) -> Iterator[Finding]:
    if columns.unused:
        shown = ", ".join(columns.unused[:LISTED]) + (" ..." if len(columns.unused) > LISTED else "")
        yield Finding(key="unused_columns", subject=table.file, params={"columns": shown})


def _assumed_units(table: Table, used: Sequence[ValueColumn | None]) -> Iterator[Finding]:
    """Tell of each column whose unit is the layout's habit or the person's word, not the heading's."""
    for column in used:
        heading = show(table.cell(table.header, column.index)) if column is not None else ""
        said = value_heading(heading) if column is not None else None
        if column is not None and said is not None and said.refusal == "unitless":
            below = table.header + 1 < len(table.rows) and table.cell(table.header + 1, column.index)
            if not (isinstance(below, str) and value_heading(heading, below) != said):
                names = {("active", 0): "kWh", ("active", 1): "kW", ("reactive", 0): "kvarh", ("reactive", 1): "kvar"}
                unit = names[column.kind, int(column.quantity == "power")]
                params: dict[str, Param] = {
                    "column": heading,
                    "line": table.lines[table.header],
                    "unit": unit if column.factor == 1 else f"{column.factor:g} {unit}",
                }
                yield Finding(key="meter_unit_assumed", level="assumption", subject=table.file, params=params)


def _status(table: Table, columns: MeterColumns, rows: Sequence[int]) -> Iterator[Finding]:
    """Tell of rows that the instrument itself marked: its status is zero while it measures well."""
    if columns.status is None:
        return
    marked = [row for row in rows if show(table.cell(row, columns.status)).strip("0xX ") not in {"", "OK", "ok"}]
    if marked:
        params: dict[str, Param] = {"count": len(marked), "line": table.lines[marked[0]]}
        yield Finding(key="meter_status_marked", level="warning", subject=table.file, params=params)


def _time_problems(table: Table, columns: MeterColumns) -> Iterator[Problem]:
    if not columns.times:
        yield table.problem("no_time_column", table.header, found=_headings(table))


def _headings(table: Table) -> str:
    shown = [show(cell) for cell in table.rows[table.header] if cell is not None]
    return ", ".join(shown[: 2 * LISTED]) + (" ..." if len(shown) > 2 * LISTED else "")


def _one(table: Table, columns: MeterColumns, kind: Kind, quantity: str) -> tuple[ValueColumn | None, list[Problem]]:
    """Return the column to use of a kind: energy before power before register, and of those the plant's whole.

    Two that say the same are refused. `quantity` asks for one of the three where the table has it.
    """
    usable = columns.of(kind)
    asked = [c for c in usable if c.quantity == quantity] if quantity else []
    pool = asked or list(usable)
    header = table.header
    if pool:
        best = min(_ORDER[c.quantity] for c in pool)
        pool = [c for c in pool if _ORDER[c.quantity] == best]
        most = max(c.wholeness for c in pool)
        chosen = [c for c in pool if c.wholeness == most]
        if len(chosen) == 1:
            return chosen[0], []
        names = ", ".join(show(table.cell(header, c.index)) for c in chosen)
        return None, [table.problem("columns_alike", header, chosen[1].index, names=names)]
    refused = columns.of(kind, usable=False)
    if refused and (kind == "active" or len(refused) == 1):
        key = "meter_units_mixed" if refused[0].refusal == "units_mixed" else "meter_unit_missing"
        return None, [table.problem(key, header, refused[0].index)]
    missing = [table.problem("no_active_column", header, found=_headings(table))] if kind == "active" else []
    return None, missing


def data_rows(table: Table, columns: MeterColumns) -> list[int]:
    """Return the rows that hold something: in a worksheet, something in a column that is used.

    A worksheet may carry a summary beside its table; a line of text is one row of one table.
    """
    used = [*columns.times.values(), *(column.index for column in columns.values)]
    rows = range(columns.first_row, len(table.rows))
    if table.is_text:
        return [row for row in rows if any(cell is not None for cell in table.rows[row])]
    return [row for row in rows if any(table.cell(row, index) is not None for index in used)]


def uneven(table: Table, rows: Sequence[int]) -> list[Problem]:
    """Refuse text rows of another width: a decimal comma without quotes shifts everything after it."""
    if not table.is_text:
        return []
    width = len(table.rows[table.header])
    wide = [
        table.problem("row_too_long", row, cells=len(table.rows[row]), headings=width)
        for row in rows
        if len(table.rows[row]) > width and any(cell is not None for cell in table.rows[row][width:])
    ]
    return [*first_of(wide, LISTED, table.about("row_too_long")), *_short(table, rows)]


def _short(table: Table, rows: Sequence[int]) -> list[Problem]:
    """Refuse text rows with fewer cells than the others: a cell that lacks shifts everything after it."""
    widths = Counter(len(table.rows[row]) for row in rows)
    usual = max(widths, key=lambda width: (widths[width], width), default=0)
    short = [
        table.problem("meter_row_short", row, cells=len(table.rows[row]), usual=usual)
        for row in rows
        if len(table.rows[row]) < usual
    ]
    return first_of(short, LISTED, table.about("meter_row_short"))


def stamps_of(
    table: Table, columns: MeterColumns, rows: Sequence[int]
) -> tuple[list[Stamp], int, Label | None, list[Problem]]:
    """Return the stamps, their column, the edge their heading names, and the cells that are no stamp."""
    times = dict(columns.times)
    date = times.pop("meter_date", None)
    key, index = next(iter(times.items()))
    label: Label | None = {"meter_interval_start": "start", "meter_interval_end": "end"}.get(key)  # type: ignore[assignment]
    read: list[Stamp | None] = []
    spans = date is not None and bool(rows) and span_start(table.cell(rows[0], index)) != table.cell(rows[0], index)
    label = "start" if spans else label
    for row in rows:
        cell = span_start(table.cell(row, index)) if spans else table.cell(row, index)
        read.append(_joined(table.cell(row, date), cell) if date is not None else parse_stamp(cell))
    bad = [i for i, stamp in enumerate(read) if stamp is None or not is_date(stamp)]
    problems = [_bad_stamp(table, rows[i], date, index) for i in bad]
    stamps = [stamp for stamp in read if stamp is not None]
    with_offset = sum(stamp.offset_minutes is not None for stamp in stamps)
    if 0 < with_offset < len(stamps):
        odd = next(i for i, s in enumerate(stamps) if (s.offset_minutes is None) != (stamps[0].offset_minutes is None))
        problems.append(table.problem("offset_mixed", rows[odd], index))
    if date is not None and any(stamp.day_ms == DAY_MS for stamp in stamps):
        label = label or "end"
    return stamps, index, label, first_of(problems, LISTED, table.about("stamp_unreadable"))


def _joined(date: Value, clock: Value) -> Stamp | None:
    stamp, day_ms = parse_stamp(date), parse_clock(clock)
    return with_clock(stamp, day_ms) if stamp is not None and day_ms is not None else parse_stamp(clock)


def _bad_stamp(table: Table, row: int, date: int | None, clock: int) -> Problem:
    """Return the problem of a stamp that is none: at its date, or at its time where the date is one."""
    day = None if date is None else parse_stamp(table.cell(row, date))
    column = clock if date is None or (day is not None and is_date(day)) else date
    return table.problem("stamp_missing" if table.cell(row, column) is None else "stamp_unreadable", row, column)


def column_values(
    table: Table, column: ValueColumn, rows: Sequence[int], hints: Hints, habits: Habits
) -> tuple[Values, list[Problem]]:
    """Return a column's values in kWh, kW, kvarh or kvar, and the cells that hold none."""
    cells = [table.cell(row, column.index) for row in rows]
    mark, _ = column_mark(table, column.index, rows, hints, habits)
    numbers = read_numbers(cells, mark, logged=True)
    faulty = {fault.index for fault in numbers.faults}
    faults = [table.problem(f.key, rows[f.index], column.index, **f.params) for f in told_once(numbers.faults)]
    faults += [table.problem("percent_out_of_place", rows[i], column.index) for i in sorted(numbers.percents)]
    empty = [
        table.problem("value_missing", rows[i], column.index)
        for i, value in enumerate(numbers.values)
        if value is None and i not in faulty
    ]
    values = np.array([np.nan if value is None else value for value in numbers.values], dtype=np.float64)
    about = table.about("value_missing")
    return values * column.factor, [*first_of(faults, LISTED, about), *first_of(empty, LISTED, about)]
