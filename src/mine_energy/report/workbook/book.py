"""What every sheet of the workbook shares: formats, print set-up, tables with a row of units, formulas, named cells.

Every text is written as text, so that nothing a user typed can become a formula; every formula carries the value that
Python computed, so that a program that does not recalculate shows the same figures.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal

import numpy as np
import xlsxwriter
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from mine_energy.report.format import Writer

_CREATED: Final = datetime(2025, 1, 1, tzinfo=UTC).replace(tzinfo=None)
"""Creation date of every workbook: the same study gives the same bytes."""

_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_DECIMALS: Final = 9
_A4: Final = 9
_HEADING_HEIGHT: Final = 32

Style = Literal["text", "wrap", "whole", "one", "two", "three", "six", "percent", "time", "total", "plain", "indent"]
_FORMATS: Final[Mapping[Style, dict[str, Any]]] = {
    "text": {},
    "plain": {},
    "wrap": {"text_wrap": True, "valign": "top"},
    "whole": {"num_format": "#,##0"},
    "one": {"num_format": "#,##0.0"},
    "two": {"num_format": "#,##0.00"},
    "three": {"num_format": "#,##0.000"},
    "six": {"num_format": "0.000000"},
    "percent": {"num_format": "0.0%"},
    "time": {"num_format": "yyyy-mm-dd hh:mm", "align": "left"},
    "total": {"num_format": "#,##0", "bold": True, "top": 1},
    "indent": {"indent": 1},
}
_TITLE: Final = {"bold": True, "font_size": 14, "font_color": "#00557F"}
_HEADING: Final = {
    "bold": True,
    "text_wrap": True,
    "valign": "bottom",
    "bg_color": "#00557F",
    "font_color": "#FFFFFF",
    "border": 1,
}
_UNIT: Final = {"italic": True, "font_color": "#55626A", "bg_color": "#F3F6F7", "border": 1}
_NOTE: Final = {"text_wrap": True, "valign": "top", "font_color": "#55626A"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """A live formula and the value that it has now."""

    text: str
    value: float | str


Content = str | float | datetime | Formula | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table.

    Parameters
    ----------
    heading, unit
        First and second header row.
    width
        In characters.
    style
        Of its cells.
    """

    heading: str
    unit: str = ""
    width: float = 14
    style: Style = "whole"


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """Where the data rows of a table stand, zero-based; the last row is included."""

    sheet: str
    top: int
    bottom: int

    def cells(self, column: int) -> str:
        """Return one column of the data as an absolute range on its own sheet."""
        name = xl_col_to_name(column)
        return f"${name}${self.top + 1}:${name}${self.bottom + 1}"

    def outside(self, column: int) -> str:
        """Return one column of the data as a range that other sheets can name."""
        return f"{quoted(self.sheet)}!{self.cells(column)}"

    def chart_range(self, column: int) -> list[str | int]:
        """Return one column of the data as charts want it."""
        return [self.sheet, self.top, column, self.bottom, column]


def quoted(sheet: str) -> str:
    """Return a sheet's name as formulas write it."""
    return "'" + sheet.replace("'", "''") + "'"


def cell(row: int, column: int) -> str:
    """Return the address of a cell, zero-based, for formulas on its own sheet."""
    return str(xl_rowcol_to_cell(row, column))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Book:
    """A workbook in the making.

    Parameters
    ----------
    file
        The xlsxwriter workbook.
    stream
        Where its bytes go.
    w
        Writes texts.
    formats
        Formats of cells by style, and of titles, headings, units and notes.
    """

    file: Any
    stream: io.BytesIO
    w: Writer
    formats: Mapping[str, Any]

    def sheet(self, key: str, *, portrait: bool = False) -> "Sheet":
        """Add a sheet with its name in the reader's language, ready to print on A4."""
        name = self.w.text(f"workbook.sheet.{key}")
        page = self.file.add_worksheet(name)
        page.set_paper(_A4)
        if not portrait:
            page.set_landscape()
        page.fit_to_pages(1, 0)
        page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        page.set_footer("&L&A&R&P / &N")
        page.hide_gridlines(2)
        return Sheet(book=self, page=page, name=name)

    def bytes(self) -> bytes:
        """Close the workbook and return its content."""
        self.file.close()
        return self.stream.getvalue()


def new_book(w: Writer, title: str) -> Book:
    """Return an empty workbook."""
    stream = io.BytesIO()
    file = xlsxwriter.Workbook(stream, _OPTIONS)
    file.set_properties({"created": _CREATED, "title": title, "comments": w.text("title")})
    file.set_calc_mode("auto")
    made: dict[str, Any] = {name: file.add_format(properties) for name, properties in _FORMATS.items()}
    extra = {"title": _TITLE, "heading": _HEADING, "unit": _UNIT, "note": _NOTE}
    made |= {name: file.add_format(properties) for name, properties in extra.items()}
    return Book(file=file, stream=stream, w=w, formats=made)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sheet:
    """One sheet of a :class:`Book`."""

    book: Book
    page: Any
    name: str

    def put(self, row: int, column: int, content: Content, style: str = "text") -> None:
        """Write one cell by the type of its content: a text is a text, whatever it begins with."""
        form = self.book.formats[style]
        if isinstance(content, Formula):
            value = content.value if isinstance(content.value, str) else rounded(content.value)
            self.page.write_formula(row, column, content.text, form, value)
        elif isinstance(content, str):
            self.page.write_string(row, column, content, form)
        elif isinstance(content, datetime):
            self.page.write_datetime(row, column, content, form)
        elif content is not None:
            self.page.write_number(row, column, rounded(content), form)
        elif style == "total":
            self.page.write_blank(row, column, None, form)

    def title(self, row: int, text: str) -> None:
        """Write a title."""
        self.put(row, 0, text, "title")

    def note(self, row: int, text: str, columns: int, height: float = 30) -> None:
        """Write a sentence across some columns."""
        self.page.merge_range(row, 0, row, columns - 1, "", self.book.formats["note"])
        self.put(row, 0, text, "note")
        self.page.set_row(row, height)

    def table(self, top: int, columns: Sequence[Column], rows: Sequence[Sequence[Content]]) -> Area:
        """Write two header rows (names, units) and the rows below them; return where the rows stand."""
        for index, column in enumerate(columns):
            self.put(top, index, column.heading, "heading")
            self.put(top + 1, index, column.unit, "unit")
            self.page.set_column(index, index, column.width)
        self.page.set_row(top, _HEADING_HEIGHT)
        for offset, contents in enumerate(rows):
            for index, content in enumerate(contents):
                self.put(top + 2 + offset, index, content, columns[index].style)
        return Area(sheet=self.name, top=top + 2, bottom=top + 1 + max(1, len(rows)))

    def list_view(self, area: Area, columns: int, *, frozen_columns: int = 1) -> None:
        """Freeze and repeat the headers of a sheet that is one table, and give it filters below its units."""
        self.page.freeze_panes(area.top, frozen_columns)
        self.page.repeat_rows(area.top - 2, area.top - 1)
        self.page.autofilter(area.top - 1, 0, area.bottom, columns - 1)

    def total(self, row: int, label: str, sums: Mapping[int, float], area: Area, columns: int) -> None:
        """Write a row of sums of the columns of an area, live."""
        for index in range(columns):
            content: Content = label if index == 0 else None
            if index in sums:
                content = Formula(text=f"=SUM({area.cells(index)})", value=sums[index])
            self.put(row, index, content, "total")

    def named(self, name: str, row: int, column: int) -> None:
        """Give a cell a name that other workbooks and formulas can use."""
        place = xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True)
        self.book.file.define_name(name, f"={quoted(self.name)}!{place}")


def rounded(value: float) -> float:
    """Return a number as ``study.json`` holds it: nine decimals and no negative zero."""
    return float(np.round(value, _DECIMALS)) + 0.0
