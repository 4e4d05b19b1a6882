"""Tables that fit the terminal: columns are left out or wrapped before a line breaks by itself."""

import textwrap
from collections.abc import Collection, Sequence
from itertools import zip_longest
from typing import Final

from mine_energy.cli.console import put
from mine_energy.cli.terminal import terminal_width

_GAP: Final = "  "
_NARROWEST: Final = 18
"""Columns of text below which a wrapped cell cannot be read."""


def put_fitted(
    rows: Sequence[Sequence[str]], *, left: Collection[int] = (0,), wrap: int = 0, drop: Sequence[int] = ()
) -> None:
    """Print rows as aligned columns no wider than the terminal.

    Parameters
    ----------
    rows
        The headings first.
    left
        Columns of text; all others are numbers, to the right.
    wrap
        Column whose cells run over several lines where the rest leaves too little room. Headings of the others do
        so before.
    drop
        Columns to leave out, one by one in this order, until the rest fits.
    """
    limit = terminal_width()
    kept = list(range(len(rows[0])))
    for column in drop:
        if limit is None or _wide(rows, kept) <= limit:
            break
        kept.remove(column)
    widths = {i: max(len(row[i]) for row in rows) for i in kept}
    if limit is not None:
        room = limit - len(_GAP) * len(kept)
        if sum(widths.values()) > room:
            widths = {i: width if i == wrap else _without_heading(rows, i) for i, width in widths.items()}
        others = sum(width for i, width in widths.items() if i != wrap)
        widths[wrap] = min(widths[wrap], max(_NARROWEST, room - others))
    for row in rows:
        cells = [textwrap.wrap(row[i], widths[i]) for i in kept]
        for line in zip_longest(*cells, fillvalue="") if any(cells) else [[""] * len(kept)]:
            shown = [c.ljust(widths[i]) if i in left else c.rjust(widths[i]) for i, c in zip(kept, line, strict=True)]
            put((_GAP + _GAP.join(shown)).rstrip())


def _without_heading(rows: Sequence[Sequence[str]], column: int) -> int:
    """Return the width of a column whose heading may run over several lines."""
    heading, *body = (row[column] for row in rows)
    return max((len(text) for text in (*heading.split(" "), *body)), default=0)


def _wide(rows: Sequence[Sequence[str]], kept: Sequence[int]) -> int:
    return sum(max(len(row[i]) for row in rows) + len(_GAP) for i in kept)
