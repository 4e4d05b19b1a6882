"""Packaged files, and the record of where each came from.

:func:`packaged` is the only way to a file that ships with the package; it finds the same file in a wheel, in an
editable install and in a checkout. Tables are read once, never changed, and never fall back to another country or
year: what is not there raises :class:`~mine_energy.errors.MissingData` with the list of what is.
"""

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

_PACKAGE = Path(__file__).resolve().parent
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
        ``verified``, ``transcribed`` or ``estimate``.
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
def toml(relative: str) -> Mapping[str, Any]:
    """Return a packaged TOML file of ``data/`` as a read-only mapping."""
    with packaged(f"data/{relative}").open("rb") as stream:
        return MappingProxyType(tomllib.load(stream))


@cache
def sources() -> Mapping[str, Source]:
    """Return every source record by the path of its file below ``data/``."""
    records = toml("SOURCES.toml")["source"]
    return MappingProxyType({record["id"]: Source(**record) for record in records})
