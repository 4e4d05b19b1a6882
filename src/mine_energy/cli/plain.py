"""Blocks of the report as plain text, for files that are read without a browser."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from mine_energy.report.blocks import Block, Bullets, Cell, Facts, Heading, Paragraph, Table

WIDTH: Final = 100
"""Columns of prose; tables are as wide as they are."""
_GAP: Final = "  "


def plain(blocks: Iterable[Block]) -> Iterator[str]:
    """Yield the lines of blocks; pictures are left out.

    Parameters
    ----------
    blocks
        Of a chapter.
    """
    for block in blocks:
        match block:
            case Heading():
                yield from ("", block.text, "-" * len(block.text))
            case Paragraph():
                yield from ("", *([block.title] if block.title else []), *_wrapped(block.text))
            case Bullets():
                yield ""
                for item in block.items:
                    yield from _wrapped(_shown(item), "- ", "  ")
            case Facts():
                yield from ("", *_facts(block))
            case Table():
                yield from ("", *_table(block))


def _shown(cell: str | Cell) -> str:
    if isinstance(cell, str):
        return cell
    unit = f" {cell.unit}" if cell.unit else ""
    return f"{cell.text}{unit}" + (f" [{cell.badge}]" if cell.badge else "")


def _wrapped(text: str, first: str = "", after: str = "") -> list[str]:
    return textwrap.wrap(
        text, WIDTH, initial_indent=first, subsequent_indent=after, break_long_words=False, break_on_hyphens=False
    )


def _facts(facts: Facts) -> Iterator[str]:
    width = max((len(name) for name, _ in facts.pairs), default=0)
    for name, value in facts.pairs:
        yield from _wrapped(_shown(value) or "-", name.ljust(width) + _GAP, " " * (width + len(_GAP)))


def _table(table: Table) -> Iterator[str]:
    rows = [[_shown(cell) for cell in row] for row in (table.headings, *table.rows)]
    foot = [[_shown(cell) for cell in table.foot]] if table.foot else []
    widths = [max(len(row[i]) for row in (*rows, *foot)) for i in range(len(table.headings))]
    yield table.caption
    rule = _GAP.join("-" * width for width in widths)
    yield from (_line(rows[0], widths, table), rule)
    yield from (_line(row, widths, table) for row in rows[1:])
    if foot:
        yield from (rule, _line(foot[0], widths, table))
    if table.note:
        yield from _wrapped(table.note)


def _line(row: Sequence[str], widths: Sequence[int], table: Table) -> str:
    cells = (
        cell.rjust(width) if table.aligned(i) == "number" else cell.ljust(width)
        for i, (cell, width) in enumerate(zip(row, widths, strict=True))
    )
    return _GAP.join(cells).rstrip()
