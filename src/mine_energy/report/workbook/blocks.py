"""Blocks of a sheet below each other: a title, one row of headings, rows; each returns where the next may begin."""

from collections.abc import Sequence
from dataclasses import dataclass

from mine_energy.report.workbook.book import Content, Sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """A block that has been written, zero-based.

    Parameters
    ----------
    top, bottom
        First and last row of its content, `bottom` below `top` when there is none.
    after
        Where the next block may begin.
    """

    top: int
    bottom: int
    after: int


def write(
    sheet: Sheet,
    top: int,
    title: str,
    headings: Sequence[str],
    rows: Sequence[Sequence[Content]],
    styles: Sequence[str],
) -> Rows:
    """Write a block.

    Parameters
    ----------
    sheet, top
        Where.
    title
        Above the headings.
    headings, styles
        One per column; the last style goes on.
    rows
        May be shorter than the headings.
    """
    sheet.title(top, title)
    for column, heading in enumerate(headings):
        sheet.put(top + 1, column, heading, "heading")
    for offset, contents in enumerate(rows):
        for column, content in enumerate(contents):
            style = "indent" if column else "text"
            if not isinstance(content, str):
                style = styles[min(column, len(styles) - 1)]
            sheet.put(top + 2 + offset, column, content, style)
    first = top + 2
    return Rows(top=first, bottom=first + len(rows) - 1, after=first + len(rows) + 1)
