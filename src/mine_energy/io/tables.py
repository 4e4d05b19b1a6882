"""Any table a person hands over, as rows of cells that still know where they stood.

A file is taken for what it is, not for what its name says: a workbook saved as .csv and a text table saved as .xls
(which many meters do) both read.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mine_energy.errors import Finding, InputError, Param, Problem
from mine_energy.io.cells import Value, a1, show
from mine_energy.io.file_kinds import kind_of, near_name
from mine_energy.io.text_files import HEAD_ROWS, Score, UnclosedQuoteError, decode, rows_of, separator_of
from mine_energy.io.workbooks import Range, Workbook, WorkbookError, open_workbook, read_sheet

MAX_BYTES: Final = 200_000_000
MAX_ROWS: Final = 1_100_000
"""Two years of minutes."""
MAX_COLUMNS: Final = 4_096

_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Table:
    """Rows of one sheet or text file.

    Parameters
    ----------
    file
        Name as the user wrote it.
    sheet
        Worksheet, empty for text.
    rows
        Cells, blank rows included, so that indexes are places; rows may differ in length.
    lines
        Line on which each row starts, 1-based (for a worksheet, its row number).
    is_text
        Whether cells are text only.
    header
        Index of the row that holds most known headers, -1 when none does.
    merged
        Merged areas.
    sheets
        Every worksheet of the file.
    findings
        What a reader should know about the file itself.
    """

    file: str
    sheet: str
    rows: Sequence[Sequence[Value]]
    lines: Sequence[int]
    is_text: bool
    header: int
    merged: tuple[Range, ...] = ()
    sheets: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

    def cell(self, row: int, column: int) -> Value:
        """Return a cell, None beyond a row's end."""
        cells = self.rows[row]
        return cells[column] if column < len(cells) else None

    def problem(self, key: str, row: int, column: int | None = None, **params: Param) -> Problem:
        """Return a problem at a cell (or, without `column`, a row) with the place, heading and value filled in."""
        heading = "" if column is None or self.header < 0 else show(self.cell(self.header, column))
        return Problem(
            key=key,
            file=self.file,
            sheet=self.sheet,
            cell="" if self.is_text or column is None else a1(self.lines[row] - 1, column),
            line=self.lines[row] if self.is_text or column is None else None,
            field=heading,
            value="" if column is None else show(self.cell(row, column)),
            params=params,
        )

    def about(self, key: str, **params: Param) -> Problem:
        """Return a problem of the whole table."""
        return Problem(key=key, file=self.file, sheet=self.sheet, params=params)


def read_bytes(path: Path, name: str) -> bytes:
    """Return the bytes of a user's file.

    Raises
    ------
    InputError
        Not there, a folder, not readable, too large or empty.
    """
    try:
        if path.is_dir():
            raise InputError([Problem(key="is_a_folder", file=name)])
        if path.stat().st_size > MAX_BYTES:
            limit = {"limit_mb": MAX_BYTES // 1_000_000}
            raise InputError([Problem(key="file_too_large", file=name, params=limit)])
        data = path.read_bytes()
    except FileNotFoundError:
        near = near_name(path)
        key = "file_not_found_near" if near else "file_not_found"
        raise InputError([Problem(key=key, file=name, params={"suggestion": near} if near else {})]) from None
    except (OSError, ValueError):
        raise InputError([Problem(key="file_not_readable", file=name)]) from None
    if not data.strip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"):
        raise InputError([Problem(key="file_empty", file=name)])
    return data


def read_table(path: Path | str, *, score: Score, sheet: str = "", name: str | None = None) -> Table:
    """Read a workbook or a text table.

    Parameters
    ----------
    path
        .xlsx, .xlsm, .xlsb, .xls, .ods, or separated text in any common encoding.
    score
        Counts the known headers of a row; finds the header row and, in text, the separator.
    sheet
        Worksheet; the first one when empty.
    name
        How messages call the file; the path as given when absent.

    Returns
    -------
    Table

    Raises
    ------
    InputError
        The file is not there, empty, locked, broken, not a table, too large, or has no such sheet.
    """
    shown = str(path) if name is None else name
    return table_of(read_bytes(Path(path), shown), shown, score=score, sheet=sheet)


def table_of(data: bytes, name: str, *, score: Score, sheet: str = "") -> Table:
    """Read the bytes of a workbook or a text table: see :func:`read_table`."""
    read = _from_workbook if data.startswith((_ZIP, _OLE)) else _from_text
    table = read(data, name, sheet, score)
    _check_size(table)
    return table


def _check_size(table: Table) -> None:
    if not any(any(cell is not None for cell in row) for row in table.rows):
        raise InputError([table.about("sheet_empty" if table.sheet else "file_empty", sheets=", ".join(table.sheets))])
    if len(table.rows) > MAX_ROWS or max(len(row) for row in table.rows) > MAX_COLUMNS:
        raise InputError([table.about("table_too_large", rows=MAX_ROWS, columns=MAX_COLUMNS)])


def _header_row(rows: Sequence[Sequence[Value]], score: Score) -> int:
    best, found = 0, -1
    for index, row in enumerate(rows[:HEAD_ROWS]):
        known = score([cell if isinstance(cell, str) else "" for cell in row])
        if known > best:
            best, found = known, index
    return found


def _from_text(data: bytes, name: str, sheet: str, score: Score) -> Table:
    text = decode(data)
    kind = kind_of(data, name)
    if text is None or text.lstrip()[:5].lower() in {"%pdf-", "<!doc", "<html", "<?xml", "<tabl"}:
        key = "not_a_table_but" if kind not in {"", "utf16"} else "not_a_table"
        raise InputError([Problem(key=key, file=name, params={"file_kind": kind} if key != "not_a_table" else {})])
    if sheet:
        raise InputError([Problem(key="text_has_no_sheets", file=name, sheet=sheet)])
    try:
        written, lines = rows_of(text, separator_of(text, score))
    except UnclosedQuoteError as error:
        raise InputError([Problem(key="quote_unclosed", file=name, line=error.line)]) from None
    rows = [[cell.strip() or None for cell in row] for row in written]
    return Table(
        file=name, sheet="", rows=rows, lines=lines, is_text=True, header=_header_row(rows, score), findings=()
    )


def _from_workbook(data: bytes, name: str, sheet: str, score: Score) -> Table:
    kind = kind_of(data, name)
    if kind in {"document", "archive"}:
        raise InputError([Problem(key="not_a_table_but", file=name, params={"file_kind": kind})])
    try:
        workbook = open_workbook(data)
        chosen = _chosen_sheet(workbook, name, sheet)
        rows, merged = read_sheet(workbook, chosen)
    except WorkbookError as error:
        raise InputError([Problem(key=error.key, file=name, sheet=sheet)]) from None
    unseen = Finding(key="error_cells_unseen", level="warning", subject=name)
    return Table(
        file=name,
        sheet=chosen,
        rows=rows,
        lines=range(1, len(rows) + 1),
        is_text=False,
        header=_header_row(rows, score),
        merged=merged,
        sheets=workbook.sheets,
        findings=() if workbook.parts is not None else (unseen,),
    )


def _chosen_sheet(workbook: Workbook, name: str, sheet: str) -> str:
    if not sheet:
        return workbook.sheets[0]
    by_folded = {known.strip().casefold(): known for known in workbook.sheets}
    chosen = by_folded.get(sheet.strip().casefold())
    if chosen is None:
        available = {"available": ", ".join(workbook.sheets)}
        raise InputError([Problem(key="sheet_not_found", file=name, value=sheet, params=available)])
    return chosen


def first_of(problems: Iterable[Problem], limit: int, about: Problem) -> list[Problem]:
    """Return the first `limit` problems and, when there are more, one that counts the rest.

    Parameters
    ----------
    problems
        Problems of one kind.
    limit
        How many are listed.
    about
        A problem of the table, to which the count is added.
    """
    listed = list(problems)
    if len(listed) <= limit:
        return listed
    rest = Problem(
        key="and_more", file=about.file, sheet=about.sheet, params={"count": len(listed) - limit, "total": len(listed)}
    )
    return [*listed[:limit], rest]
