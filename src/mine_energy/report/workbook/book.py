"""What every sheet of the workbook shares: tables with a row of units, formulas, named cells.

Every text is written as text, so that nothing a user typed can become a formula; every formula carries the value that
Python computed, so that a program that does not recalculate shows the same figures.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np
import xlsxwriter
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from mine_energy.report.format import Writer
from mine_energy.report.workbook.looks import FORMATS, HEADINGS, Style, by_size
from mine_energy.report.workbook.paper import Fitting, print_set_up

_CREATED: Final = datetime(2025, 1, 1, tzinfo=UTC).replace(tzinfo=None)
"""Creation date of every workbook: the same study gives the same bytes."""

_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_DECIMALS: Final = 9
_SHARE_DECIMALS: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """A live formula and the value that it has now."""

    text: str
    value: float | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A number that a reader may change, and that formulas follow: drawn apart from results.

    Parameters
    ----------
    value
        As the study has it.
    share
        Whether amounts are multiplied with it: it then keeps twelve decimals.
    """

    value: float
    share: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Soft:
    """A word that says that a value is assumed, reconstructed or invented; drawn apart."""

    text: str


Content = str | float | datetime | Formula | Given | Soft | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table.

    Parameters
    ----------
    heading, unit
        First and second header row.
    width
        In characters, at least; a text that is longer makes its column wider.
    style
        Of its cells; ``wrap`` breaks texts at the width.
    """

    heading: str
    unit: str = ""
    width: float = 11
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


def fixed(row: int, column: int) -> str:
    """Return the address of a cell, zero-based, that stays when a formula is copied."""
    return str(xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True))


def elsewhere(sheet: str, row: int, column: int) -> str:
    """Return the address of a cell, zero-based, for formulas on other sheets."""
    return f"{quoted(sheet)}!{fixed(row, column)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A named cell: what it is called, what it holds, in which unit, and where it stands."""

    name: str
    about: str
    unit: str
    sheet: str
    place: str


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
    plant
        Name of the plant, at the head of every page.
    formats
        Formats of cells by style, and of titles, headings, units and notes.
    sheets, names
        Sheets and named cells so far.
    """

    file: Any
    stream: io.BytesIO
    w: Writer
    plant: str
    formats: Mapping[str, Any]
    sheets: list["Sheet"] = field(default_factory=list)
    names: list[Name] = field(default_factory=list)

    def sheet(self, key: str, *, portrait: bool = False, blocks: bool = False) -> "Sheet":
        """Add a sheet with its name in the reader's language; `blocks` where several tables share its columns."""
        name = self.w.text(f"workbook.sheet.{key}")
        page = self.file.add_worksheet(name)
        page.hide_gridlines(2)
        made = Sheet(book=self, page=page, name=name, fitting=Fitting(portrait=portrait, blocks=blocks))
        self.sheets.append(made)
        return made

    def bytes(self) -> bytes:
        """Give every sheet its widths, heights and print set-up; close the workbook and return its content."""
        for sheet in self.sheets:
            print_set_up(sheet.page, sheet.fitting, self.w, self.plant)
        self.file.close()
        return self.stream.getvalue()


def new_book(w: Writer, plant: str) -> Book:
    """Return an empty workbook."""
    stream = io.BytesIO()
    file = xlsxwriter.Workbook(stream, _OPTIONS)
    file.set_properties({"created": _CREATED, "title": plant, "comments": w.text("title")})
    file.set_calc_mode("auto")
    looks = {**FORMATS, **HEADINGS}
    made: dict[str, Any] = {name: file.add_format(properties) for name, properties in looks.items()}
    return Book(file=file, stream=stream, w=w, plant=plant, formats=made)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sheet:
    """One sheet of a :class:`Book`.

    Parameters
    ----------
    book, page, name
        Whose, the xlsxwriter worksheet, and what it is called.
    fitting
        What its widths, heights and pages follow from.
    """

    book: Book
    page: Any
    name: str
    fitting: Fitting

    def put(self, row: int, column: int, content: Content, style: str = "text") -> None:
        """Write one cell by the type of its content: a text is a text, whatever it begins with."""
        if isinstance(content, Soft):
            style, content = "soft", content.text
        shown = content.value if isinstance(content, Formula | Given) else content
        if style == "auto":
            style = by_size(shown) if isinstance(shown, int | float) else "text"
        self.fitting.seen(row, column, shown, style)
        form = self.book.formats[f"{style}_given" if isinstance(content, Given) else style]
        if isinstance(content, Formula):
            value = content.value if isinstance(content.value, str) else rounded(content.value)
            self.page.write_formula(row, column, content.text, form, value)
        elif isinstance(content, str):
            self._text(row, column, content, style)
        elif isinstance(content, datetime):
            self.page.write_datetime(row, column, content, form)
        elif isinstance(content, Given):
            decimals = _SHARE_DECIMALS if content.share else _DECIMALS
            self.page.write_number(row, column, rounded(content.value, decimals), form)
        elif content is not None:
            self.page.write_number(row, column, rounded(content), form)
        elif style == "total":
            self.page.write_blank(row, column, None, form)

    def _text(self, row: int, column: int, content: str, style: str) -> None:
        if style in {"text", "indent", "plain"} and self.fitting.too_long(column, content):
            style = "wrap"
        self.page.write_string(row, column, content, self.book.formats[style])

    def title(self, row: int, text: str) -> None:
        """Write a title."""
        self.put(row, 0, text, "title")

    def note(self, row: int, text: str, columns: int) -> None:
        """Write a sentence across some columns, as high as it needs."""
        self.page.merge_range(row, 0, row, columns - 1, "", self.book.formats["note"])
        self.page.write_string(row, 0, text, self.book.formats["note"])
        self.fitting.noted(row, text, columns)

    def table(self, top: int, columns: Sequence[Column], rows: Sequence[Sequence[Content]]) -> Area:
        """Write two header rows (names, units) and the rows below them; return where the rows stand."""
        for index, column in enumerate(columns):
            self.put(top, index, column.heading, "heading")
            self.put(top + 1, index, column.unit, "unit")
            self.fitting.at_least(index, column.width, wraps=column.style == "wrap")
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

    def named(self, name: str, place: tuple[int, int], about: str, unit: str = "") -> None:
        """Give a cell a name that other workbooks and formulas can use, and say in the guide what it holds."""
        self.book.file.define_name(name, f"={elsewhere(self.name, *place)}")
        self.book.names.append(Name(name=name, about=about, unit=unit, sheet=self.name, place=cell(*place)))

    def chart(self, chart: Any, place: tuple[int, int], title: str, size: tuple[int, int]) -> None:
        """Put a chart on the sheet, with its title and the same as its alternative text."""
        chart.set_title({"name": title, "name_font": {"size": 11}})
        chart.set_size({"width": size[0], "height": size[1]})
        self.page.insert_chart(*place, chart, {"description": title, "object_position": 2})
        self.fitting.drawn(place[1], size[0])


def rounded(value: float, decimals: int = _DECIMALS) -> float:
    """Return a number as ``study.json`` holds it: nine decimals and no negative zero."""
    return float(np.round(value, decimals)) + 0.0
