"""A user's table as it stands, with what is wrong at each cell: what a page shows in place of a coloured workbook."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mine_energy import vocabulary
from mine_energy.errors import Problem
from mine_energy.io.cells import Value, column_number, show
from mine_energy.io.columns import INVENTORY_KEYS
from mine_energy.io.headers import known_headings
from mine_energy.io.tables import Table, read_table, table_of

SHOWN_ROWS: Final = 200
"""Rows of a table that a page shows from its top, and at most so many more with a problem further down."""
SHOWN_COLUMNS: Final = 60
SHOWN_CHARACTERS: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class GridRow:
    """One row of a table.

    Parameters
    ----------
    line
        1-based row of the sheet or line of the text.
    cells
        As a person would recognise them.
    problems
        By zero-based column.
    """

    line: int
    cells: tuple[str, ...]
    problems: Mapping[int, tuple[Problem, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table with its problems in place.

    Parameters
    ----------
    headings
        Cells of the heading row; empty when no row looks like one.
    heading_line, heading_problems
        Its place, 0 without one, and what is wrong in it by zero-based column.
    rows
        Rows below it: the first `SHOWN_ROWS`, and as many with a problem further down.
    hidden_rows
        Rows that are not shown.
    elsewhere
        Problems of the table that lie at no cell of these rows.
    next_line
        Where a further row would stand.
    sheets
        Worksheets of the file.
    """

    headings: tuple[str, ...]
    heading_line: int
    heading_problems: Mapping[int, tuple[Problem, ...]]
    rows: tuple[GridRow, ...]
    hidden_rows: int
    elsewhere: tuple[Problem, ...]
    next_line: int
    sheets: tuple[str, ...]


def inventory_grid(path: Path, name: str, problems: Sequence[Problem], *, sheet: str = "") -> Grid:
    """Return a motor list with its problems in place.

    Parameters
    ----------
    path
        Workbook or text table; it is only read.
    name
        How the problems call it.
    problems
        Of any file; those of this one are placed.
    sheet
        Worksheet; the first one when empty.

    Raises
    ------
    InputError
        The file cannot be opened as a table at all.
    """
    return grid_of(read_table(path, score=heading_score, sheet=sheet, name=name), problems)


def inventory_table(content: bytes, name: str, *, sheet: str = "") -> Table:
    """Return the cells of a motor list, unjudged; raises :class:`InputError` where it cannot be opened as a table."""
    return table_of(content, name, score=heading_score, sheet=sheet)


def heading_score(cells: Sequence[str]) -> int:
    """Return how many headings of a motor list a row holds."""
    return known_headings(cells, INVENTORY_KEYS)


def grid_of(table: Table, problems: Sequence[Problem]) -> Grid:
    """Return a table that was read with its problems in place."""
    headings = tuple(shown(cell) for cell in table.rows[table.header]) if table.header >= 0 else ()
    row_of_line = {line: row for row, line in enumerate(table.lines)}
    placed: dict[int, dict[int, list[Problem]]] = {}
    elsewhere: list[Problem] = []
    for problem in problems:
        if problem.file != table.file:
            continue
        place = _place(problem, headings, row_of_line.get)
        if place is None or place[0] < table.header or place[1] >= SHOWN_COLUMNS:
            elsewhere.append(problem)
        else:
            placed.setdefault(place[0], {}).setdefault(place[1], []).append(problem)
    in_headings = placed.pop(table.header, {})
    body = [row for row in range(table.header + 1, len(table.rows)) if any(c is not None for c in table.rows[row])]
    inside = set(body)
    wrong = set([*placed][:SHOWN_ROWS])
    chosen = [row for position, row in enumerate(body) if position < SHOWN_ROWS or row in wrong]
    chosen += [row for row in wrong if row not in inside]
    width = min(SHOWN_COLUMNS, max((len(table.rows[row]) for row in chosen), default=len(headings)))
    rows = tuple(_row(table, row, max(width, len(headings[:SHOWN_COLUMNS])), placed.get(row, {})) for row in chosen)
    return Grid(
        headings=headings[:SHOWN_COLUMNS],
        heading_line=table.lines[table.header] if table.header >= 0 else 0,
        heading_problems={column: tuple(found) for column, found in in_headings.items()},
        rows=rows,
        hidden_rows=len(body) - sum(row in inside for row in chosen),
        elsewhere=tuple(elsewhere),
        next_line=table.lines[-1] + 1,
        sheets=table.sheets,
    )


def _row(table: Table, row: int, width: int, problems: Mapping[int, Sequence[Problem]]) -> GridRow:
    return GridRow(
        line=table.lines[row],
        cells=tuple(shown(table.cell(row, column)) for column in range(width)),
        problems={min(column, max(width - 1, 0)): tuple(found) for column, found in problems.items()},
    )


def shown(cell: Value) -> str:
    """Return what a page shows of a cell."""
    return show(cell)[:SHOWN_CHARACTERS]


def _place(
    problem: Problem, headings: Sequence[str], row_of_line: Callable[[int], int | None]
) -> tuple[int, int] | None:
    """Return row and column of a problem: its cell, or its line and the column of its heading."""
    if problem.cell:
        letters = problem.cell.rstrip("0123456789")
        row = row_of_line(int(problem.cell[len(letters) :]))
        return None if row is None else (row, column_number(letters))
    row = None if problem.line is None else row_of_line(problem.line)
    if row is None:
        return None
    field = vocabulary.normalise(problem.field)
    columns = [i for i, heading in enumerate(headings) if problem.field and vocabulary.normalise(heading) == field]
    return row, columns[0] if columns else 0
