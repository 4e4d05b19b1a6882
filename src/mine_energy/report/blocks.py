"""The pieces a chapter is made of, ready to be shown: the template knows nothing else."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal
from urllib.parse import quote

from markupsafe import Markup

_PLAIN: Final = "/:=,;()!*-.?+~@$'"
"""What stands for itself in an address and needs no escape in an attribute; a space is not allowed there."""

Align = Literal["text", "number"]
Tone = Literal["", "assumed", "quiet", "warning", "good", "formula"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell that says more than its text.

    Parameters
    ----------
    text
        What is read.
    unit
        Set quietly after it.
    badge
        Word set beside it: where the value comes from, or its confidence.
    tone
        ``assumed`` marks a value that was not measured, read or published, and bears a star; ``quiet`` steps back.
    link
        Id of the place in the document that explains it.
    lang
        Language of the text where it is another than the document's.
    more
        Further words of the cell, each with the id that it leads to.
    """

    text: str
    unit: str = ""
    badge: str = ""
    tone: Tone = ""
    link: str = ""
    lang: str = ""
    more: Sequence[tuple[str, str]] = ()

    @property
    def starred(self) -> bool:
        """Whether a star says what its colour says: the value is reconstructed or assumed, and no badge tells."""
        return self.tone == "assumed" and not self.badge and any(sign.isdigit() for sign in self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading inside a chapter."""

    text: str
    kind: str = field(default="heading", init=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph; with a tone it becomes a box set apart, with a title it has one."""

    text: str
    title: str = ""
    tone: Tone = ""
    kind: str = field(default="paragraph", init=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bullets:
    """A list of sentences."""

    items: Sequence[str | Cell]
    kind: str = field(default="bullets", init=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Names and values, side by side; `by` are the keys of the methods behind them, None where they are only words."""

    pairs: Sequence[tuple[str, str | Cell]]
    by: Sequence[str] | None = ()
    kind: str = field(default="facts", init=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table of a chapter.

    Parameters
    ----------
    id
        Unique in the document.
    caption
        What it shows.
    headings
        One per column; the unit stands in brackets.
    rows
        Texts or cells; the first cell of a row is its heading.
    align
        One per column: words to the left, numbers to the right. All numbers after the first when empty.
    foot
        Last row, set apart: a total.
    note
        What a reader has to know, under the table.
    row_ids
        One per row, where something leads to single rows.
    """

    id: str
    caption: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str | Cell]]
    align: Sequence[Align] = ()
    foot: Sequence[str | Cell] = ()
    note: str = ""
    row_ids: Sequence[str] = ()
    kind: str = field(default="table", init=False)

    def __post_init__(self) -> None:
        widths = {len(self.headings), *(len(row) for row in self.rows)}
        widths |= {len(extra) for extra in (self.align, self.foot) if extra}
        if len(widths) > 1:
            raise AssertionError(f"table {self.id}: rows of different width {sorted(widths)}")

    def aligned(self, column: int) -> Align:
        """Return how a column is set."""
        if self.align:
            return self.align[column]
        return "number" if column else "text"

    @property
    def starred(self) -> bool:
        """Whether any value bears the star of what is reconstructed or assumed."""
        return any(isinstance(cell, Cell) and cell.starred for row in (*self.rows, self.foot) for cell in row)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A chart with the words that stand for it.

    Parameters
    ----------
    image
        SVG or PNG.
    alt
        What the chart shows, in words, with its main figures.
    caption
        What it is about.
    mime
        Of `image`.
    wide
        Whether it takes the width of the page.
    by
        Keys of the methods behind it, where they are others than those of the table that follows.
    """

    image: bytes
    alt: str
    caption: str
    mime: Literal["svg+xml", "png"] = "svg+xml"
    wide: bool = False
    by: Sequence[str] = ()
    kind: str = field(default="picture", init=False)

    @property
    def address(self) -> Markup:
        """The whole picture as an address, for an attribute in double marks: nothing in it can end one."""
        if self.mime == "svg+xml":
            # Text stays text: a third fewer bytes than base 64. Single marks need no escape within the double ones of
            # the attribute; those that stand in the drawing already are escaped like everything else.
            text = self.image.decode("utf-8").replace("'", "&#39;").replace('"', "'")
            return Markup(f"data:image/svg+xml,{quote(text, safe=_PLAIN)}")
        return Markup(f"data:image/{self.mime};base64,{base64.b64encode(self.image).decode('ascii')}")


Block = Heading | Paragraph | Bullets | Facts | Table | Picture
