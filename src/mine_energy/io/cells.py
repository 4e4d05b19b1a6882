"""What a cell of a table may hold, and how its place is written."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

_ENGLISH: Final = ("#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!")
_SPANISH: Final = ("#N/D", "#¡REF!", "#¡DIV/0!", "#¡VALOR!", "#¿NOMBRE?", "#¡NULO!", "#¡NUM!", "#¡DESBORDAMIENTO!")
ERROR_TEXTS: Final = frozenset(_ENGLISH + _SPANISH)
"""What Excel leaves in a text file where a formula failed."""


@dataclass(frozen=True, slots=True)
class ErrorCell:
    """A cell without a usable value: ``#N/A`` or, with `formula`, a formula that was never computed."""

    text: str
    formula: bool = False


class Percent(float):
    """A number in a cell formatted as a percentage: 0.917 that the sheet shows as 91.7 %."""


Value = str | float | datetime | date | time | timedelta | ErrorCell | None
"""A cell: text is stripped and never empty, blank is None, numbers are floats, a workbook's TRUE is a bool."""


def column_letters(column: int) -> str:
    """Return the letters of a zero-based column: 0 is A, 26 is AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """Return the zero-based column of its letters."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def a1(row: int, column: int) -> str:
    """Return the A1 address of a zero-based row and column."""
    return f"{column_letters(column)}{row + 1}"


def show(value: Value) -> str:
    """Return a cell as a person would recognise it in the file."""
    if value is None:
        return ""
    if isinstance(value, ErrorCell):
        return value.text
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, Percent):
        return f"{value * 100:.15g} %"
    if isinstance(value, float):
        return f"{value:.15g}"
    return value.isoformat(sep=" ") if isinstance(value, datetime) else str(value)
