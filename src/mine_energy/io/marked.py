"""A copy of the user's own table with the bad cells coloured and commented; the original is never touched.

A workbook is copied through openpyxl, which keeps values, formulas, formats, drop-downs and ordinary comments. What it
cannot keep is found by comparing the parts of both packages and reported, never lost in silence. Text tables, and
workbooks of other formats, become a workbook of their rows with the line numbers in front.
"""

import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final

import openpyxl
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from mine_energy import messages
from mine_energy.errors import Finding, InputError, Problem
from mine_energy.io.cells import Value, a1, column_number, show
from mine_energy.io.tables import Table, read_bytes, table_of
from mine_energy.io.workbooks import WorkbookError, open_workbook
from mine_energy.messages import Language

SHEET: Final = "mine_energy"
"""Name of the sheet that lists every problem; the author of every comment."""
MAX_ROWS: Final = 1_048_000
_RULE: Final = "\n--- mine_energy ---\n"
_FILL: Final = PatternFill("solid", start_color="FFFFC7CE", end_color="FFFFC7CE")
_LINK: Final = Font(color="FF0563C1", underline="single")
_ZIP_DATE: Final = (1980, 1, 1, 0, 0, 0)
_MODIFIED: Final = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
_STAMP: Final = rb"\g<1>2025-01-01T00:00:00Z\g<2>"
_COMMENT_WIDTH: Final = 320
_LINE_HEIGHT: Final = 18

_PARTS: Final[Mapping[str, re.Pattern[str]]] = {
    "charts": re.compile(r"^xl/(charts|chartsheets)/[^/]+\.xml$"),
    "images": re.compile(r"^xl/media/"),
    "macros": re.compile(r"vbaProject\.bin$"),
    "pivots": re.compile(r"^xl/pivotTables/[^/]+\.xml$"),
    "slicers": re.compile(r"^xl/(slicers|timelines)/"),
    "controls": re.compile(r"^xl/(ctrlProps|activeX)/"),
    "threads": re.compile(r"^xl/threadedComments/"),
    "links": re.compile(r"^xl/externalLinks/[^/]+\.xml$"),
}
"""Kinds of parts that a copy may lose, by their names in the package (ISO/IEC 29500-2)."""
_EXTRAS: Final[Mapping[str, re.Pattern[bytes]]] = {
    "shapes": re.compile(rb"<xdr:(sp|cxnSp|grpSp)[ >]"),
    "sparklines": re.compile(rb"<x14:sparkline[ >]"),
    "extended_lists": re.compile(rb"<x14:dataValidation[ >]"),
    "extended_formats": re.compile(rb"<x14:cfRule[ >]"),
}
"""Kinds of content inside parts that a copy may lose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A marked copy.

    Parameters
    ----------
    content
        Bytes of an .xlsx file; equal inputs give equal bytes.
    marks
        Cells coloured.
    findings
        What the copy lost, and what became of the format.
    """

    content: bytes
    marks: int
    findings: tuple[Finding, ...]


def mark(path: Path, name: str, problems: Sequence[Problem], language: Language) -> Marked:
    """Return a copy of a table with its problems marked.

    Parameters
    ----------
    path
        Workbook or text table; it is only read.
    name
        How the problems call it.
    problems
        Of any file; those of this one are marked, all of them are listed.
    language
        Of the comments and the list.

    Returns
    -------
    Marked

    Raises
    ------
    InputError
        The file cannot be opened as a table at all.
    """
    data = read_bytes(path, name)
    own = [problem for problem in problems if problem.file == name]
    if _is_xlsx(data, name):
        return _marked_workbook(data, name, own, problems, language)
    return _marked_rows(data, name, own, problems, language)


def is_marked_copy(path: Path) -> bool:
    """Whether a file is a copy that this module wrote, which may be written again."""
    try:
        with zipfile.ZipFile(path) as archive:
            return f'name="{SHEET}"'.encode() in archive.read("xl/workbook.xml")
    except (OSError, zipfile.BadZipFile, KeyError):
        return False


def _is_xlsx(data: bytes, name: str) -> bool:
    if not data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return False
    try:
        return open_workbook(data).parts is not None
    except WorkbookError as error:
        raise InputError([Problem(key=error.key, file=name)]) from None


def _marked_workbook(
    data: bytes, name: str, own: Sequence[Problem], every: Sequence[Problem], language: Language
) -> Marked:
    with warnings.catch_warnings():
        # What openpyxl warns of is found by comparing the packages below.
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(data), rich_text=True)
    _forget(book)
    places = {id(problem): place for problem in own if (place := _place(book, problem))}
    marks = _mark_cells(book, own, places, language)
    _list_sheet(book, every, places, language)
    content = _bytes(book)
    return Marked(content=content, marks=marks, findings=tuple(_losses(data, content, name)))


def _forget(book: Any) -> None:
    """Take away what an earlier run marked, so that a corrected copy can be checked again."""
    if SHEET in book.sheetnames:
        del book[SHEET]
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.comment is None or isinstance(cell, MergedCell):
                    continue
                kept, rule, _ = cell.comment.text.partition(_RULE)
                if not rule and cell.comment.author != SHEET:
                    continue
                cell.comment = Comment(kept, cell.comment.author) if rule else None
                if cell.fill.fgColor.rgb == _FILL.fgColor.rgb:
                    cell.fill = PatternFill()


def _place(book: Any, problem: Problem) -> tuple[str, str] | None:
    """Return the sheet and the cell of a problem; the first cell of its row where it names no column."""
    sheet = problem.sheet or (book.sheetnames[0] if book.sheetnames else "")
    if sheet not in book.sheetnames or not (problem.cell or problem.line):
        return None
    return sheet, _anchor(book[sheet], problem.cell or f"A{problem.line}")


def _anchor(sheet: Any, address: str) -> str:
    """Return a cell that can carry a comment: the first one of the merged area that an address lies in."""
    if isinstance(sheet[address], MergedCell):
        area = next(area for area in sheet.merged_cells.ranges if address in area)
        return str(area.start_cell.coordinate)
    return address


def _mark_cells(book: Any, own: Sequence[Problem], places: Mapping[int, tuple[str, str]], language: Language) -> int:
    texts: dict[tuple[str, str], list[str]] = {}
    for problem in own:
        if id(problem) in places:
            texts.setdefault(places[id(problem)], []).append(_comment_text(problem, language))
    for (sheet, address), lines in texts.items():
        cell = book[sheet][address]
        text = "\n\n".join(lines)
        if cell.comment is not None:
            text = f"{cell.comment.text}{_RULE}{text}"
        author = cell.comment.author if cell.comment is not None else SHEET
        height = _LINE_HEIGHT * (text.count("\n") + len(text) // 45 + 2)
        cell.comment = Comment(text, author, height=height, width=_COMMENT_WIDTH)
        cell.fill = copy(_FILL)
    return len(texts)


def _words(problem: Problem, language: Language) -> tuple[str, str]:
    """Return the reason and the fix of a problem."""
    params = {"value": problem.value, "field": problem.field, **problem.params}
    found = [messages.text(f"problems.{problem.key}.{part}", language, **params) for part in ("reason", "fix")]
    return found[0], found[1]


def _comment_text(problem: Problem, language: Language) -> str:
    reason, fix = _words(problem, language)
    value = f"[{problem.value}] " if problem.value else ""
    return f"{value}{reason}\n{fix}"


def _list_sheet(
    book: Any, problems: Sequence[Problem], places: Mapping[int, tuple[str, str]], language: Language
) -> None:
    """Add the sheet that lists every problem, each with a link to its cell, and open the workbook there."""
    sheet = book.create_sheet(SHEET)
    sheet.append([messages.text("marked.title", language, count=len(problems))])
    sheet.append([])
    sheet.append([messages.text(f"marked.{column}", language) for column in ("place", "value", "reason", "fix")])
    for cell in (*sheet[1], *sheet[3]):
        cell.font = Font(bold=True)
    for row, problem in enumerate(problems, 4):
        reason, fix = _words(problem, language)
        for column, text in enumerate((messages.place_text(problem, language), problem.value, reason, fix), 1):
            _write_text(sheet.cell(row, column), text)
        if place := places.get(id(problem)):
            quoted = place[0].replace("'", "''")
            sheet.cell(row, 1).hyperlink = f"#'{quoted}'!{place[1]}"
            sheet.cell(row, 1).font = _LINK
    for letters, width in zip("ABCD", (46, 24, 70, 70), strict=True):
        sheet.column_dimensions[letters].width = width
    sheet.freeze_panes = "A4"
    book.active = book.sheetnames.index(SHEET)
    for other in book.worksheets:
        other.sheet_view.tabSelected = other.title == SHEET


def _write_text(cell: Any, text: str) -> None:
    """Write text as text: never as a formula, and without characters that no workbook may hold."""
    cell.value = ILLEGAL_CHARACTERS_RE.sub("?", text)[:32_000]
    cell.data_type = "s"


def _bytes(book: Any) -> bytes:
    """Return a workbook's bytes without the clock: fixed dates in the zip and in the document's properties."""
    stream = io.BytesIO()
    book.save(stream)
    steady = io.BytesIO()
    with zipfile.ZipFile(stream) as made, zipfile.ZipFile(steady, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in made.namelist():
            content = made.read(name)
            if name == "docProps/core.xml":
                content = _MODIFIED.sub(_STAMP, content)
            part = zipfile.ZipInfo(name, _ZIP_DATE)
            part.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(part, content)
    return steady.getvalue()


def _losses(before: bytes, after: bytes, name: str) -> Iterable[Finding]:
    """Yield what stands in the original's package and not in the copy's."""
    old, new = _counts(before), _counts(after)
    for kind, count in old.items():
        if count > new[kind]:
            yield Finding(key=f"marked_lost_{kind}", level="warning", subject=name, params={"count": count - new[kind]})
    if new["charts"]:
        yield Finding(key="marked_redrawn", subject=name, params={"count": new["charts"]})
    if old["formulas"]:
        yield Finding(key="marked_formulas", subject=name, params={"count": old["formulas"]})


def _counts(data: bytes) -> dict[str, int]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        counts = {kind: sum(bool(shape.search(name)) for name in names) for kind, shape in _PARTS.items()}
        sheets = [name for name in names if re.match(r"^xl/(worksheets|drawings)/[^/]+\.xml$", name)]
        texts = [archive.read(name) for name in sheets]
    for kind, pattern in _EXTRAS.items():
        counts[kind] = sum(len(pattern.findall(text)) for text in texts)
    counts["formulas"] = sum(len(re.findall(rb"<(?:\w+:)?f[\s/>]", text)) for text in texts)
    return counts


def _marked_rows(
    data: bytes, name: str, own: Sequence[Problem], every: Sequence[Problem], language: Language
) -> Marked:
    """Return a workbook of a table's rows, each with its line number in front."""
    table = _table(data, name, own)
    if len(table.rows) > MAX_ROWS:
        raise InputError([Problem(key="marked_too_long", file=name, params={"rows": MAX_ROWS})])
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = messages.text("marked.sheet", language)
    sheet.append([messages.text("marked.line", language)])
    sheet["A1"].font = Font(bold=True)
    for index, row in enumerate(table.rows, 2):
        sheet.cell(index, 1, table.lines[index - 2])
        for column, value in enumerate(row, 2):
            _write(sheet.cell(index, column), value)
    row_of_line = {line: index for index, line in enumerate(table.lines, 2)}
    places = {id(p): (sheet.title, place) for p in own if (place := _row_place(table, p, row_of_line))}
    marks = _mark_cells(book, own, places, language)
    _list_sheet(book, every, places, language)
    return Marked(content=_bytes(book), marks=marks, findings=(Finding(key="marked_rows", subject=name),))


def _table(data: bytes, name: str, own: Sequence[Problem]) -> Table:
    """Return the rows of a table, its heading row being the one that holds most headings named in the problems."""
    named = {problem.field for problem in own if problem.field}
    sheet = next((problem.sheet for problem in own if problem.sheet), "")
    return table_of(data, name, score=lambda cells: len(named & {cell.strip() for cell in cells}), sheet=sheet)


def _write(cell: Any, value: Value) -> None:
    if isinstance(value, str):
        _write_text(cell, value)
    elif value is None or isinstance(value, bool | float | datetime | date | time):
        cell.value = value
    else:
        _write_text(cell, show(value))


def _row_place(table: Table, problem: Problem, row_of_line: Mapping[int, int]) -> str:
    """Return the cell of the copy for a problem: its own, or its line and the column of its heading."""
    if problem.cell:
        letters = problem.cell.rstrip("0123456789")
        row = row_of_line.get(int(problem.cell[len(letters) :]))
        return a1(row - 1, column_number(letters) + 1) if row else ""
    if problem.line is None or problem.line not in row_of_line:
        return ""
    headings = table.rows[table.header] if table.header >= 0 else ()
    column = next((i for i, cell in enumerate(headings) if cell is not None and show(cell) == problem.field), -1)
    return a1(row_of_line[problem.line] - 1, column + 1)
