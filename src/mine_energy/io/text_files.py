"""Text tables: which encoding, which separator, which line a row stands on."""

import csv
import io
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Final

SEPARATORS: Final = (";", "\t", ",", "|")
HEAD_ROWS: Final = 80
"""Rows looked at for the header and the separator: meters write device lines above their table."""

_ENCODINGS: Final = ("utf-8", "cp1252", "latin-1")
_MAX_BREAKS: Final = 20
"""Line breaks inside one quoted field; more of them mean that a quotation mark was never closed."""

Score = Callable[[Sequence[str]], int]
"""Counts the cells of a row that are known headers."""


class UnclosedQuoteError(ValueError):
    """A quotation mark swallowed the rest of the file; `line` is where it opened."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def decode(data: bytes) -> str | None:
    """Return the text of a file, or None when it is not text.

    Byte-order marks win; then UTF-8 if it fits, then Windows' Western code page, then Latin-1. UTF-16 without a mark
    is recognised by its zero bytes.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _strict(data, "utf-16")
    if data.startswith(b"\xef\xbb\xbf"):
        return _strict(data, "utf-8-sig")
    head = data[:2000]
    if head.count(0) > len(head) // 4:
        return _strict(data, "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be")
    if 0 in data:
        return None
    return next((text for name in _ENCODINGS if (text := _strict(data, name)) is not None), None)


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text


def separator_of(text: str, score: Score) -> str:
    """Return the separator under which a row holds most known headers, then under which the rows are most regular.

    A first line ``sep=;`` decides.
    """
    first = text.split("\n", 1)[0].strip().lower()
    if first.startswith("sep=") and len(first) == 5 and first[4] in SEPARATORS:
        return first[4]
    head = "".join(islice(io.StringIO(text, newline=""), HEAD_ROWS))
    return max(SEPARATORS, key=lambda separator: _fitness(head, separator, score))


def _fitness(head: str, separator: str, score: Score) -> tuple[int, int]:
    try:
        rows = [row for row in csv.reader(io.StringIO(head, newline=""), delimiter=separator) if any(row)]
    except csv.Error:
        return 0, 0  # a field beyond the reader's limit: not with this separator
    known = max((score(row) for row in rows), default=0)
    widths = Counter(len(row) for row in rows if len(row) > 1)
    return known, max(widths.values(), default=0)


def rows_of(text: str, separator: str) -> tuple[list[list[str]], list[int]]:
    """Return the rows of a text table as written, and the line on which each starts.

    Raises
    ------
    UnclosedQuoteError
        A quoted field runs over too many lines.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows: list[list[str]] = []
    lines: list[int] = []
    start = 1
    try:
        for row in reader:
            if reader.line_num - start > _MAX_BREAKS:
                raise UnclosedQuoteError(start)
            rows.append(row)
            lines.append(start)
            start = reader.line_num + 1
    except csv.Error:
        raise UnclosedQuoteError(start) from None
    return rows, lines
