"""A user's table with some of its cells rewritten, as a new file: what a correction on a page leaves in the folder.

The user's own file is never touched. A text table keeps its separator and every cell that nobody rewrote, letter by
letter; a workbook becomes one sheet with the same cells at the same places, kinds and percentages kept, formulas as the
values they had. No text becomes a formula.
"""

import csv
import io
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import PurePath
from typing import Any, Final, Literal

import xlsxwriter

from mine_energy.errors import InputError, Problem
from mine_energy.io.cells import ErrorCell, Percent, Value
from mine_energy.io.grid import shown
from mine_energy.io.tables import Table, table_of
from mine_energy.io.text_files import Score, decode, rows_of, separator_of
from mine_energy.io.workbooks import Range

EDITED: Final = "_corregido"
"""Behind the name of a file that was rewritten, once."""
_PLAIN: Final = re.compile(r"[+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)")
_GROUPED: Final = re.compile(r"[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}")
_FORBIDDEN: Final = re.compile(r"[\[\]:*?/\\]")
"""In the name of a worksheet."""
_CREATED: Final = datetime(2025, 1, 1)  # noqa: DTZ001  (a workbook knows no zones)
_WIDEST: Final = 40
_FORMATS: Final[Mapping[type, str]] = {
    datetime: "yyyy-mm-dd hh:mm:ss",
    date: "yyyy-mm-dd",
    time: "hh:mm:ss",
    timedelta: "[h]:mm:ss",
}

Cell = tuple[int, int]
"""Line of the text or row of the sheet, from 1, and column, from 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """A rewritten table.

    Parameters
    ----------
    content
        Of the new file; equal inputs give equal bytes.
    ending
        Of its name.
    changed
        Cells that became another, and rows taken out.
    """

    content: bytes
    ending: Literal[".csv", ".tsv", ".xlsx"]
    changed: int


def edited_name(name: str, ending: str) -> str:
    """Return the name of a rewritten copy: ``motores.xls`` becomes ``motores_corregido.xlsx``, and stays that."""
    stem = PurePath(name).stem
    return (stem if stem.endswith(EDITED) else f"{stem}{EDITED}") + ending


def edit(
    content: bytes,
    name: str,
    changes: Mapping[Cell, str],
    *,
    score: Score,
    removed: Collection[int] = (),
    sheet: str = "",
) -> Edited:
    """Return a table with cells rewritten and rows taken out.

    Parameters
    ----------
    content, name, sheet
        The file, how messages call it, and its worksheet: the first one when empty.
    changes
        New text by cell. A cell that already shows it stays as it is; a line beyond the last one is added.
    score
        Counts the known headings of a row.
    removed
        Lines to take out.

    Raises
    ------
    InputError
        It cannot be opened as a table.
    """
    table = table_of(content, name, score=score, sheet=sheet)
    position = {line: row for row, line in enumerate(table.lines)}
    cells = {
        (position[line] if line in position else len(table.rows) + line - table.lines[-1] - 1, column): text.strip()
        for (line, column), text in changes.items()
        if line in position or line > table.lines[-1]
    }
    new = {place: text for place, text in cells.items() if text != _at(table, place)}
    gone = {position[line] for line in removed if line in position}
    made = _as_text(content, name, new, gone, score) if table.is_text else _as_workbook(table, new, gone)
    return Edited(content=made[0], ending=made[1], changed=len(new) + len(gone))


def _at(table: Table, place: Cell) -> str:
    return shown(table.cell(*place)) if place[0] < len(table.rows) else ""


def _as_text(
    content: bytes, name: str, new: Mapping[Cell, str], gone: Collection[int], score: Score
) -> tuple[bytes, Literal[".csv", ".tsv"]]:
    text = decode(content)
    if text is None:
        raise InputError([Problem(key="not_a_table", file=name)])
    separator = separator_of(text, score)
    rows, _ = rows_of(text, separator)
    for (row, column), written in sorted(new.items()):
        _put(rows, row, column, written, "")
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator, lineterminator="\r\n").writerows(
        cells for row, cells in enumerate(rows) if row not in gone
    )
    # With the mark Excel reads the accents.
    return out.getvalue().encode("utf-8-sig"), ".tsv" if separator == "\t" else ".csv"


def _as_workbook(table: Table, new: Mapping[Cell, str], gone: Collection[int]) -> tuple[bytes, Literal[".xlsx"]]:
    rows: list[list[Value]] = [list(cells) for cells in table.rows]
    for (row, column), written in sorted(new.items()):
        _put(rows, row, column, _typed(written), None)
    _hand_down(rows, table.merged, gone)
    kept = [cells for row, cells in enumerate(rows) if row not in gone]
    above = [sum(row < place for row in gone) for place in range(len(rows) + 1)]
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(stream, options) as book:
        book.set_properties({"created": _CREATED})
        sheet = book.add_worksheet(_FORBIDDEN.sub(" ", table.sheet)[:31].strip(" '") or "1")
        formats = {kind: book.add_format({"num_format": shape}) for kind, shape in _FORMATS.items()}
        formats[Percent] = book.add_format({"num_format": "0.0##%"})
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        for (top, left), (bottom, right) in table.merged:
            first, last = top - above[top], bottom - above[bottom + 1]
            if last >= first and (last, right) != (first, left):
                sheet.merge_range(first, left, last, right, "")
        for row, cells in enumerate(kept):
            for column, cell in enumerate(cells):
                _write(sheet, row, column, cell, bold if row == table.header else formats.get(type(cell)))
        for column in range(max(map(len, kept), default=0)):
            texts = [len(shown(cells[column])) for cells in kept if column < len(cells)]
            sheet.set_column(column, column, min(_WIDEST, max(8, *texts)))
        if table.header >= 0:
            sheet.freeze_panes(table.header + 1, 0)
    return stream.getvalue(), ".xlsx"


def _hand_down(rows: list[list[Value]], merged: Sequence[Range], gone: Collection[int]) -> None:
    """Keep the value of a merged area whose first row goes: it stands for the rows below as well."""
    for (top, left), (bottom, _) in merged:
        heir = next((row for row in range(top, bottom + 1) if row not in gone), None)
        if heir is not None and heir != top and left < len(rows[top]):
            _put(rows, heir, left, rows[top][left], None)


def _put(rows: "list[list[Any]]", row: int, column: int, value: object, blank: object) -> None:
    rows.extend([] for _ in range(row + 1 - len(rows)))
    rows[row].extend([blank] * (column + 1 - len(rows[row])))
    rows[row][column] = value


def _write(sheet: Any, row: int, column: int, cell: Value, form: Any) -> None:
    if cell is None:
        return
    if isinstance(cell, ErrorCell):
        # A broken cell stays broken: as a blank it would pass for a value that nobody has.
        sheet.write_string(row, column, "#N/A" if cell.formula else cell.text)
    elif isinstance(cell, bool):
        sheet.write_boolean(row, column, cell)
    elif isinstance(cell, float):
        sheet.write_number(row, column, float(cell), form)
    elif isinstance(cell, datetime | date | time | timedelta):
        sheet.write_datetime(row, column, cell, form)
    else:
        sheet.write_string(row, column, cell, form)


def _typed(text: str) -> Value:
    """Return a number where there is one way to read it; else the text, for the reader of the list to judge."""
    if not text:
        return None
    bare = text.replace("\u2212", "-")
    if len(bare) <= 30 and _PLAIN.fullmatch(bare) and not _GROUPED.fullmatch(bare):
        return float(bare.replace(",", "."))
    return text
