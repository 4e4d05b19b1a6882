"""Reading and writing the tables: utf-8, LF line ends, one row order, so that the same input gives the same bytes."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

Row = dict[str, str]

DITTO = frozenset({"same", "as above"})
"""How the reference tables repeat the cell above."""


@dataclass(frozen=True)
class Table:
    """One packaged CSV: its path below ``data/``, its columns in order and its rows."""

    path: str
    columns: Sequence[str]
    rows: Sequence[Row]


def read(path: Path, overflow: str = "") -> list[Row]:
    """Return the rows of a CSV as dictionaries of stripped text.

    A row with more cells than the header has an unquoted comma; its cells are joined in column `overflow` when one is
    named, and refused otherwise.
    """
    with path.open(encoding="utf-8-sig", newline="") as stream:
        header, *lines = csv.reader(stream)
    return [dict(zip(header, _joined(cells, header, overflow), strict=True)) for cells in lines]


def _joined(cells: list[str], header: list[str], overflow: str) -> list[str]:
    extra = len(cells) - len(header)
    cells = [cell.strip() for cell in cells]
    if extra <= 0 or not overflow:
        return cells
    at = header.index(overflow)
    return [*cells[:at], ", ".join(cells[at : at + extra + 1]), *cells[at + extra + 1 :]]


def write(folder: Path, table: Table) -> Path:
    """Write a table below `folder` and return its path."""
    path = folder / table.path
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, table.columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(table.rows)
    return path


def spell_out(rows: Iterable[Row], *columns: str) -> list[Row]:
    """Return `rows` with "same" and "as above" in `columns` replaced by the cell above: a row must stand alone."""
    above: Row = {}
    result = []
    for row in rows:
        changed = {c: above[c] for c in columns if row[c].lower() in DITTO}
        above = row | changed
        result.append(above)
    return result


def plain(number: str) -> str:
    """Return a number without trailing zeros and floating-point dust: ``11.0`` is ``11``."""
    return f"{float(number):.12g}" if number else ""
