"""The decimal mark of a column whose own values leave both readings open: ``92,400`` and nothing else.

One machine writes a whole file in one form, so the other columns of the table may tell; then a person who names the
country may. Either way a finding gives the line and both readings. Without such evidence the column is refused.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from mine_energy.errors import Finding, Param
from mine_energy.io.cells import Value, show
from mine_energy.io.meter_hints import Hints
from mine_energy.io.meter_readings import Habits
from mine_energy.io.numbers import marks_needed, read_numbers
from mine_energy.io.tables import Table

_MARK_OF: Final = {"CO": ",", "PE": "."}
"""Decimal marks of the two countries (Unicode CLDR, es-CO and es-PE)."""

_COLUMNS: Final = 60
_ROWS: Final = 500
"""How much of a wide and long table is asked: more of it says the same."""


def decimal_of(cells: Sequence[Value], hints: Hints, habits: Habits) -> str:
    """Return the decimal mark known before reading: the one said, or the only one of a layout that writes no other."""
    if hints.decimal or not habits.no_thousands:
        return hints.decimal
    marks = {mark for cell in cells if isinstance(cell, str) for mark in ".," if mark in cell}
    return marks.pop() if len(marks) == 1 else ""


def column_mark(
    table: Table, index: int, rows: Sequence[int], hints: Hints, habits: Habits
) -> tuple[str, tuple[Finding, ...]]:
    """Return a column's decimal mark where something other than its own values tells it, with what has to be said.

    Parameters
    ----------
    table
        The table.
    index
        The column.
    rows
        Its rows of data.
    hints, habits
        What the person and the layout say.

    Returns
    -------
    tuple
        ``"."``, ``","`` or, when the column decides by itself or nothing does, an empty string; findings.
    """
    cells = [table.cell(row, index) for row in rows]
    known = decimal_of(cells, hints, habits)
    if known:
        return known, ()
    needed, open_cell = marks_needed(cells)
    if needed or open_cell is None:
        return "", ()
    neighbours = _neighbours(table, index, rows)
    mark = neighbours.pop() if len(neighbours) == 1 else "" if neighbours else _MARK_OF.get(hints.country, "")
    by_country = _MARK_OF.get(hints.country, mark)
    if not mark or by_country != mark:
        return "", ()
    return mark, tuple(_told(table, index, rows[open_cell], mark))


def _neighbours(table: Table, index: int, rows: Sequence[int]) -> set[str]:
    """Return the marks that the other columns need."""
    width = min(len(table.rows[table.header]), _COLUMNS)
    found: set[str] = set()
    for column in range(width):
        if column != index:
            found |= marks_needed([table.cell(row, column) for row in rows[:_ROWS]])[0]
    return found


def _told(table: Table, index: int, row: int, mark: str) -> Iterator[Finding]:
    cell = table.cell(row, index)
    both = [read_numbers([cell], one).values[0] for one in (mark, "," if mark == "." else ".")]
    params: dict[str, Param] = {
        "column": show(table.cell(table.header, index)),
        "line": table.lines[row],
        "value": show(cell),
        "taken": f"{both[0]:.10g}",
        "other": f"{both[1]:.10g}",
    }
    yield Finding(key="meter_mark_assumed", level="warning", subject=table.file, params=params)
