"""Widths, heights and pages: what fits on screen and on the paper of the plant's country."""

from dataclasses import dataclass, field
from math import ceil
from typing import Any, Final

from mine_energy.report.format import Writer
from mine_energy.report.workbook.looks import DECIMALS

_A4: Final = 9
_LETTER: Final = 1
_LETTER_COUNTRIES: Final = frozenset({"CO"})
"""Where offices print on letter; elsewhere on A4."""
_WIDEST: Final = 60.0
"""Characters of a column of texts; longer ones are broken into lines."""
_WIDEST_BLOCK: Final = 36.0
"""The same where tables share columns, but for the first."""
_LINE_POINTS: Final = 15.0
_HIGHEST: Final = 400.0
"""Excel's limit is 409 points."""
_SLACK: Final = 1.03
"""Letters are of different widths, and lines break between words."""
_SHRINK: Final = 1.35
"""By how much letters may shrink so that a sheet is one page wide; one that still does not fit has several."""
_PAGE: Final = {True: 125.0, False: 185.0}
"""Characters beside each other on a page, portrait or landscape, that are still read without a glass."""
_PIXELS: Final = 7.0
"""Of a character of the default font."""
_HEADER_LIMIT: Final = 90
_TEXTS: Final = frozenset({"text", "indent", "plain", "soft", "wrap"})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fitting:
    """What was written on a sheet, as far as widths and heights follow from it.

    Parameters
    ----------
    portrait
        How the page lies.
    blocks
        Whether several tables stand below each other: none of them may make the columns of the others wide.
    widths, wraps
        Characters of each column so far, and the columns whose texts are broken at a width of their own.
    largest
        The largest number of each column and format.
    texts, notes
        Texts that may need several lines: row, column and length; row, columns and length.
    reach
        Characters from the left edge that charts take.
    """

    portrait: bool = False
    blocks: bool = False
    widths: dict[int, float] = field(default_factory=dict)
    wraps: set[int] = field(default_factory=set)
    largest: dict[tuple[int, str], float] = field(default_factory=dict)
    texts: list[tuple[int, int, str]] = field(default_factory=list)
    notes: list[tuple[int, int, str]] = field(default_factory=list)
    reach: list[tuple[int, int]] = field(default_factory=list)

    def too_long(self, column: int, text: str) -> bool:
        """Whether a text is broken into lines, where its column does not say so by itself."""
        return len(text) > self._widest(column)

    def _widest(self, column: int) -> float:
        return _WIDEST_BLOCK if self.blocks and column else _WIDEST

    def at_least(self, column: int, width: float, *, wraps: bool) -> None:
        """Give a column a width."""
        self.widths[column] = max(self.widths.get(column, 0.0), width)
        if wraps:
            self.wraps.add(column)

    def seen(self, row: int, column: int, content: object, style: str) -> None:
        """Take note of a cell."""
        if isinstance(content, str) and content:
            if style in {"heading", "unit"} or style in _TEXTS:
                self.texts.append((row, column, content))
            if style == "heading":
                self.at_least(column, max(len(word) for word in content.split(" ")) + 2.5, wraps=False)
            elif style == "unit":
                self.at_least(column, len(content) + 2.0, wraps=False)
            elif style in _TEXTS and style != "wrap":
                self.at_least(column, min(len(content), self._widest(column)) * 1.03 + 2.5, wraps=False)
        elif isinstance(content, int | float):
            key = (column, style)
            self.largest[key] = max(self.largest.get(key, 0.0), abs(float(content)))

    def noted(self, row: int, text: str, columns: int) -> None:
        """Take note of a sentence across columns."""
        self.notes.append((row, columns, text))

    def drawn(self, column: int, pixels: int) -> None:
        """Take note of a chart."""
        self.reach.append((column, pixels))

    def columns(self) -> dict[int, float]:
        """Return the width of every column."""
        widths = dict(self.widths)
        for (column, style), value in self.largest.items():
            shown = f"{-value:,.{DECIMALS.get(style, 0)}f}"
            widths[column] = max(widths.get(column, 8.5), len(shown) + 2.0 + 2.0 * (style == "total"))
        return dict(sorted(widths.items()))

    def heights(self) -> dict[int, float]:
        """Return the height of every row that needs more than one line, points."""
        widths, lines = self.columns(), dict[int, int]()
        for row, column, text in self.texts:
            lines[row] = max(lines.get(row, 1), _lines(text, widths.get(column, 8.5)))
        for row, columns, text in self.notes:
            room = sum(widths.get(column, 8.5) for column in range(columns))
            lines[row] = max(lines.get(row, 1), _lines(text, room))
        return {row: min(count * _LINE_POINTS, _HIGHEST) for row, count in sorted(lines.items()) if count > 1}

    def pages_across(self) -> int:
        """Return how many pages stand beside each other so that letters stay readable."""
        widths = self.columns()
        across = sum(widths.values())
        for column, pixels in self.reach:
            left = sum(widths.get(one, 8.5) for one in range(column))
            across = max(across, left + pixels / _PIXELS)
        pages = across / _PAGE[self.portrait]
        return 1 if pages <= _SHRINK else ceil(pages)


def _lines(text: str, width: float) -> int:
    return sum(max(1, ceil(len(part) * _SLACK / max(width - 0.5, 1.0))) for part in text.split("\n"))


def print_set_up(page: Any, fitting: Fitting, w: Writer, plant: str) -> None:
    """Give a sheet its widths and heights, and set it up for printing.

    Parameters
    ----------
    page
        The xlsxwriter worksheet.
    fitting
        What was written on it.
    w
        Language and country: whose paper.
    plant
        Stands in the header.
    """
    for column, width in fitting.columns().items():
        page.set_column(column, column, width)
    for row, height in fitting.heights().items():
        page.set_row(row, height)
    page.set_paper(_LETTER if w.country in _LETTER_COUNTRIES else _A4)
    if not fitting.portrait:
        page.set_landscape()
    across = fitting.pages_across()
    page.fit_to_pages(across, 0)
    if across > 1:
        page.repeat_columns(0)
    page.set_margins(left=0.5, right=0.5, top=0.75, bottom=0.7)
    # In headers & begins a code: a name with one has it twice.
    named = plant[:_HEADER_LIMIT].replace("&", "&&")
    page.set_header(f"&L{named}&R{w.text('title')}")
    page.set_footer("&L&A&R&P / &N")
