"""Packaged data and readers: what comes from where, and what was seen."""

from itertools import groupby
from typing import Any

from markdown import code, head, plain, table, texts

from mine_energy import catalog
from mine_energy.errors import Language
from mine_energy.io.meter_layouts import READERS as METERS
from mine_energy.io.weather_layouts import READERS as WEATHER


def sources(language: Language) -> str:
    """Return every packaged table with its source, folder by folder."""
    heads, parts = texts("sources", language)["heads"], [head("sources", language)]
    records = catalog.sources()
    listing = sorted(catalog.listing(), key=lambda row: ("/" in row.id, row.id))
    for folder, rows in groupby(listing, key=lambda row: row.id.rpartition("/")[0]):
        parts += [f"## `{folder or 'data'}`\n", table(heads, [_source(row, records[row.id]) for row in rows])]
    return "\n".join(parts)


def _source(row: Any, source: catalog.Source) -> tuple[str, ...]:
    grades = " ".join(f"{grade}:{count}" for grade, count in row.confidence_counts)
    name = f"{code(row.id.rpartition('/')[2])} {plain(row.title)}"
    document = f"{plain(source.document)}; {plain(source.place)}"
    return (name, plain(row.publisher), document, plain(row.year), row.status, grades, plain(row.licence))


def readers(language: Language) -> str:
    """Return the layouts of meters' and weather files, confirmed or not."""
    said, parts = texts("readers", language), [head("readers", language)]
    for kind, known in zip(said["kinds"], (METERS, WEATHER), strict=True):
        rows = [(plain(one.name), code(key), said[one.layout], plain(one.source)) for key, one in known.items()]
        parts += [f"## {kind}\n", table(said["heads"], rows)]
    return "\n".join(parts)
