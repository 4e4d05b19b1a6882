"""Finding and reading packaged files, and the record of where each came from."""

import csv
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

_PACKAGE = Path(__file__).resolve().parent.parent
_CHECKOUT = _PACKAGE.parent.parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a packaged file comes from: one block of ``data/SOURCES.toml``.

    Parameters
    ----------
    id
        Path of the file inside ``data/``, which is also how results name it.
    title, publisher, document, place, year, licence
        What a reader needs to find the figure again; `place` is the table or page.
    sha256
        Hash of the packaged file; a test recomputes it.
    status
        ``verified``, ``transcribed``, ``estimate`` or ``own`` (written for this package).
    confidence
        Of every row, for a table without a column of its own; letters as in :class:`Sourced`.
    """

    id: str
    title: str
    publisher: str
    document: str
    place: str
    year: str
    licence: str
    sha256: str
    status: str
    confidence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sourced:
    """A number together with what makes it quotable.

    Parameters
    ----------
    value
        In `unit`.
    unit
        For example ``"tCO2e/MWh"``.
    source
        Document and place, in words a verifier can follow.
    year
        Year the figure is for (not the year it was read); empty when the source does not say.
    confidence
        ``A`` source read, ``B`` exact quotation, ``C`` third party, ``D`` assumption, ``user`` typed by the user.
    note
        What a reader has to know to use it.
    """

    value: float
    unit: str
    source: str
    year: str
    confidence: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One line of ``mine-energy sources``: a packaged file, who published it and how far it can be trusted.

    Parameters
    ----------
    id, title, publisher, year, status, licence
        As in :class:`Source`.
    rows
        Rows of a CSV; sourced values of a TOML file.
    confidence_counts
        Pairs of a confidence letter and the number of rows that carry it, in alphabetical order; ``gap`` marks a
        figure known to exist and not found. Empty for files without figures.
    """

    id: str
    title: str
    publisher: str
    year: str
    status: str
    licence: str
    rows: int
    confidence_counts: tuple[tuple[str, int], ...]


def packaged(relative: str) -> Path:
    """Return the path of a packaged file or folder.

    Parameters
    ----------
    relative
        With forward slashes, below the package: ``"data/vocabulary.csv"``, ``"site_configs/los_conquistadores.toml"``.

    Returns
    -------
    pathlib.Path

    Raises
    ------
    FileNotFoundError
        There is no such file: a broken install, not a user's mistake.
    """
    for root in (_PACKAGE, _CHECKOUT):
        candidate = root / relative
        if candidate.exists():
            return candidate
    raise FileNotFoundError(relative)


@cache
def table(relative: str) -> tuple[Mapping[str, str], ...]:
    """Return the rows of a packaged CSV as read-only mappings of text, in file order.

    Parameters
    ----------
    relative
        Path below ``data/``.
    """
    with packaged(f"data/{relative}").open(encoding="utf-8", newline="") as stream:
        return tuple(MappingProxyType(row) for row in csv.DictReader(stream))


@cache
def sourced(relative: str, key: str) -> Sourced:
    """Return one figure of a packaged table that gives each figure its own source.

    Parameters
    ----------
    relative
        Path below ``data/`` of a CSV with the columns key, value, unit, source, year, confidence and note.
    key
        Of the row.

    Raises
    ------
    KeyError
        No such row: a mistake of ours.
    """
    row = next((row for row in table(relative) if row["key"] == key), None)
    if row is None:
        raise KeyError(key)
    return sourced_row(row)


def sourced_row(row: Mapping[str, str], column: str = "value", *, unit: str | None = None) -> Sourced:
    """Return one figure of a row that names its own source.

    Parameters
    ----------
    row
        With the columns source, year, confidence and note.
    column
        Where the figure stands.
    unit
        Of the figure; the row's column ``unit`` when None.
    """
    return Sourced(
        value=float(row[column]),
        unit=row["unit"] if unit is None else unit,
        source=row["source"],
        year=row["year"],
        confidence=row["confidence"],
        note=row["note"],
    )


@cache
def toml(relative: str) -> Mapping[str, Any]:
    """Return a packaged TOML file of ``data/`` as a read-only mapping."""
    with packaged(f"data/{relative}").open("rb") as stream:
        return MappingProxyType(tomllib.load(stream))


@cache
def sources() -> Mapping[str, Source]:
    """Return every source record by the path of its file below ``data/``."""
    records = toml("SOURCES.toml")["source"]
    return MappingProxyType({record["id"]: Source(**record) for record in records})


@cache
def listing() -> tuple[Listing, ...]:
    """Return every packaged file with its publisher, its number of rows and how many carry which confidence."""
    return tuple(_listed(source) for source in sorted(sources().values(), key=lambda source: source.id))


def _listed(source: Source) -> Listing:
    grades = [grade or source.confidence for grade in _grades(source.id)]
    return Listing(
        id=source.id,
        title=source.title,
        publisher=source.publisher,
        year=source.year,
        status=source.status,
        licence=source.licence,
        rows=len(grades),
        confidence_counts=tuple(sorted(Counter(grade for grade in grades if grade).items())),
    )


def _grades(relative: str) -> list[str]:
    """Return the confidence of every row of a CSV or sourced value of a TOML file, empty where it has none."""
    if relative.endswith(".csv"):
        return [row.get("confidence", "") for row in table(relative)]
    return list(_nested_grades(toml(relative)))


def _nested_grades(node: object) -> Iterator[str]:
    if isinstance(node, Mapping):
        if "confidence" in node:
            yield str(node["confidence"])
        for child in node.values():
            yield from _nested_grades(child)
    elif isinstance(node, list):
        for child in node:
            yield from _nested_grades(child)
