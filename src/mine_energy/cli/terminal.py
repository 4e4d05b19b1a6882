"""How wide the terminal is, and sentences broken where it ends."""

import os
import shutil
import sys
import textwrap
from typing import TextIO


def terminal_width(stream: TextIO | None = None) -> int | None:
    """Return the columns of the terminal; None where the output goes to a file or a pipe and no line is too long.

    Parameters
    ----------
    stream
        Where the output goes; stdout when None. ``COLUMNS`` in the environment speaks for stdout alone.
    """
    stated = os.environ.get("COLUMNS", "")
    if stream is None and stated.isdecimal() and int(stated) > 0:
        return int(stated)
    return shutil.get_terminal_size().columns if (stream or sys.stdout).isatty() else None


def fitted(text: str, first: str = "", after: str = "  ", stream: TextIO | None = None) -> str:
    """Return a sentence broken where the terminal ends, its first line and the others indented."""
    limit = terminal_width(stream)
    if limit is None:
        return first + text
    return textwrap.fill(
        text, limit, initial_indent=first, subsequent_indent=after, break_long_words=False, break_on_hyphens=False
    )
