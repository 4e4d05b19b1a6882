"""Workbooks: cells with their types through calamine, and what calamine does not tell, from the sheet's own XML.

Calamine gives an error cell (``#N/A``) and a formula that was never computed as blank, which would turn a broken cell
into a missing value, and it gives no number formats, without which 91.7 % and 0.917 look alike. Both stand in the XML
of an .xlsx file, and so does the sheet's true extent: one stray cell in the last column would otherwise fill memory.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from xml.etree import ElementTree as ET

import python_calamine

from mine_energy.io.cells import ErrorCell, Percent, Value, column_number

MAX_CELLS: Final = 20_000_000
MAX_UNPACKED_BYTES: Final = 800_000_000

Range = tuple[tuple[int, int], tuple[int, int]]
"""First and last cell of a merged area, zero-based (row, column)."""

_CELL: Final = re.compile(rb"<(?:\w+:)?c\s([^>/]*)>(.*?)</(?:\w+:)?c>", re.DOTALL)
_ADDRESS: Final = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})(\d{1,7})"')
_PLACE: Final = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_STYLE: Final = re.compile(rb'\bs="(\d+)"')
_TYPE: Final = re.compile(rb'\bt="(\w+)"')
_VALUE: Final = re.compile(rb"<(?:\w+:)?v[^>]*>([^<]+)</")
_FORMULA: Final = re.compile(rb"<(?:\w+:)?f[\s/>]")
_PERCENT_FORMATS: Final = {9, 10}
"""The two built-in percentage formats of SpreadsheetML (ISO/IEC 29500-1, 18.8.30)."""


_BROKEN: Final = (
    *(python_calamine.CalamineError, zipfile.BadZipFile, zlib.error, ET.ParseError),
    *(LookupError, ValueError, OSError, NotImplementedError, StopIteration),
)
"""What a damaged package makes the readers below raise."""


class WorkbookError(Exception):
    """A workbook cannot be used; `key` is the problem's message key."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbook:
    """An open workbook.

    Parameters
    ----------
    sheets
        Names of its worksheets, in order.
    book
        Calamine's handle.
    parts
        The unzipped package, None for formats that are not zipped XML spreadsheets.
    """

    sheets: tuple[str, ...]
    book: python_calamine.CalamineWorkbook
    parts: zipfile.ZipFile | None = field(default=None)


def open_workbook(data: bytes) -> Workbook:
    """Open the bytes of an .xlsx, .xlsm, .xlsb, .xls or .ods file.

    Raises
    ------
    WorkbookError
        ``workbook_password``, ``workbook_too_large`` or ``workbook_broken``.
    """
    if "EncryptedPackage".encode("utf-16-le") in data[:1_000_000]:
        raise WorkbookError("workbook_password")
    parts = _unzip(data)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = tuple(book.sheet_names)
    except python_calamine.PasswordError:
        raise WorkbookError("workbook_password") from None
    except _BROKEN:
        raise WorkbookError("workbook_broken") from None
    if not names:
        raise WorkbookError("workbook_broken")
    is_xlsx = parts is not None and "xl/workbook.xml" in parts.namelist()
    return Workbook(sheets=names, book=book, parts=parts if is_xlsx else None)


def _unzip(data: bytes) -> zipfile.ZipFile | None:
    if not data.startswith(b"PK"):
        return None
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except zipfile.BadZipFile:
        raise WorkbookError("workbook_broken") from None
    if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED_BYTES:
        raise WorkbookError("workbook_too_large")
    if any(part.flag_bits & 1 for part in archive.infolist()):
        raise WorkbookError("workbook_password")
    return archive


def read_sheet(workbook: Workbook, name: str) -> tuple[list[list[Value]], tuple[Range, ...]]:
    """Return the cells of a worksheet from A1 on, and its merged areas.

    Raises
    ------
    WorkbookError
        ``workbook_too_large`` or ``workbook_broken``.
    """
    try:
        xml = _sheet_xml(workbook, name)
        _check_extent(xml)
        sheet = workbook.book.get_sheet_by_name(name)
        rows = [[_value(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
        for row, column, value in _hidden_values(xml, _percent_styles(workbook)):
            if row < len(rows) and column < len(rows[row]):
                rows[row][column] = value
            elif isinstance(value, ErrorCell):
                _extend(rows, row, column)
                rows[row][column] = value
        merged = tuple(sheet.merged_cell_ranges or ())
    except _BROKEN:
        raise WorkbookError("workbook_broken") from None
    return rows, merged


def _extend(rows: list[list[Value]], row: int, column: int) -> None:
    rows.extend([] for _ in range(row + 1 - len(rows)))
    rows[row].extend([None] * (column + 1 - len(rows[row])))


def _value(cell: object) -> Value:
    if isinstance(cell, str):
        return cell.strip().strip("\u00a0\ufeff").strip() or None
    if isinstance(cell, int) and not isinstance(cell, bool):
        return float(cell)
    return cell  # type: ignore[return-value]  # calamine's own cell types are ours


def _sheet_xml(workbook: Workbook, name: str) -> bytes:
    if workbook.parts is None:
        return b""
    book = ET.fromstring(workbook.parts.read("xl/workbook.xml"))
    links = ET.fromstring(workbook.parts.read("xl/_rels/workbook.xml.rels"))
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    for sheet in book.iter():
        if sheet.tag.endswith("}sheet") and sheet.get("name") == name:
            relation = next(value for key, value in sheet.attrib.items() if key.endswith("}id"))
            target = targets[relation]
            return workbook.parts.read(target.lstrip("/") if target.startswith("/") else f"xl/{target}")
    return b""


def _check_extent(xml: bytes) -> None:
    """Refuse a sheet whose smallest enclosing rectangle is too large to hold."""
    rows = columns = 0
    for letters, digits in _ADDRESS.findall(xml):
        rows = max(rows, int(digits))
        columns = max(columns, column_number(letters.decode("ascii")) + 1)
    if rows * columns > MAX_CELLS:
        raise WorkbookError("workbook_too_large")


def _percent_styles(workbook: Workbook) -> frozenset[int]:
    """Return the cell styles that show a number as a percentage."""
    if workbook.parts is None or "xl/styles.xml" not in workbook.parts.namelist():
        return frozenset()
    styles = ET.fromstring(workbook.parts.read("xl/styles.xml"))
    own = {
        int(node.get("numFmtId", "0"))
        for node in styles.iter()
        if node.tag.endswith("}numFmt") and "%" in re.sub(r'"[^"]*"|\\.', "", node.get("formatCode", ""))
    }
    formats = next((node for node in styles if node.tag.endswith("}cellXfs")), ())
    return frozenset(i for i, xf in enumerate(formats) if int(xf.get("numFmtId", "0")) in own | _PERCENT_FORMATS)


def _hidden_values(xml: bytes, percent: frozenset[int]) -> Iterator[tuple[int, int, Value]]:
    """Yield the cells that need more than calamine gives: errors, formulas never computed, percentages."""
    if not percent and b't="e"' not in xml and not _FORMULA.search(xml):
        return
    for attributes, content in _CELL.findall(xml):
        place, kind, style = _PLACE.search(attributes), _TYPE.search(attributes), _STYLE.search(attributes)
        value = _special(content, kind.group(1) if kind else b"n", bool(style and int(style.group(1)) in percent))
        if place is not None and value is not None:
            yield int(place.group(2)) - 1, column_number(place.group(1).decode("ascii")), value


def _special(content: bytes, kind: bytes, percent: bool) -> Value:
    found = _VALUE.search(content)
    if kind == b"e":
        return ErrorCell(found.group(1).decode("utf-8", "replace") if found else "#")
    if found is None:
        never_computed = kind != b"str" and _FORMULA.search(content)
        return ErrorCell("=", formula=True) if never_computed else None
    return Percent(float(found.group(1))) if percent and kind == b"n" else None
