"""Packaged figures that are old, assumed, undated or missing: what a user should replace first."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from mine_energy.catalog.files import sources, table, toml

Reason = Literal["missing", "assumed", "old", "undated"]
REASONS: Final[tuple[Reason, ...]] = ("missing", "assumed", "old", "undated")

AGEING_YEARS: Final[Mapping[str, int]] = {
    "grid_factors/grid_factors.csv": 2,
    "tariffs/prices.csv": 1,
    "finance/defaults.csv": 2,
    "motors/cost_defaults.csv": 2,
}
"""Tables whose figures age, and the years after which they count as old: a factor is published a year or more late, a
price moves every year. Physics does not age, and a rule holds until another repeals it."""

_TARIFF_YEARS = 1

_NAMES = ("country", "grid", "utility", "option", "component", "when", "topic", "policy", "key", "item", "fuel")
_MORE_NAMES = ("use", "kind", "method", "gas", "gases", "driver", "process", "chemistry", "aspiration", "control")
_LAST_NAMES = ("ie_class", "poles", "rated_kw", "rated_kw_from", "kw_min", "cell_c_from", "rating", "year_from", "year")
_VALUES = ("value", "default", "co2", "ar5", "efficiency_pct", "power_at_no_flow", "rating")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class StaleFigure:
    """One figure, or one whole tariff, that is not fresh, checked or there.

    Parameters
    ----------
    id
        Of its file (:func:`~mine_energy.catalog.sources`).
    name
        What names it inside the file.
    value, unit
        As packaged; the value is empty where it is missing.
    year, confidence, source
        As packaged.
    reasons
        ``missing`` (known to exist and not found), ``assumed`` (level D), ``old``, ``undated`` (a price whose source
        does not say since when it holds).
    """

    id: str
    name: str
    value: str
    unit: str
    year: str
    confidence: str
    source: str
    reasons: tuple[Reason, ...]


def stale(reference_year: int) -> tuple[StaleFigure, ...]:
    """Return every packaged figure that is old, assumed, undated or missing, in the order of files and rows.

    A grid factor is old only where it is the newest of its country and kind: a series of past years is no defect.

    Parameters
    ----------
    reference_year
        Year against which age counts; stated by the caller, because nothing here looks at a clock.
    """
    return tuple(figure for name in sorted(sources()) for figure in _figures(name, reference_year) if figure.reasons)


def _figures(name: str, reference_year: int) -> Iterator[StaleFigure]:
    if name.endswith(".csv"):
        yield from _rows(name, reference_year)
    elif name.startswith("tariffs/"):
        yield _tariff(name, reference_year)
    else:
        for path, node in _nodes("", toml(name)):
            yield _figure(name, path, node, reference_year, dated=True)


def _rows(name: str, reference_year: int) -> Iterator[StaleFigure]:
    rows = table(name)
    newest = _newest(rows) if name.startswith("grid_factors/") else None
    for row in rows:
        if not row.get("confidence"):
            continue
        dated = newest is None or row.get("year") == newest.get((row["country"], row["kind"]), row.get("year"))
        yield _figure(name, _name(row), row, reference_year, dated=dated)


def _newest(rows: tuple[Mapping[str, str], ...]) -> Mapping[tuple[str, str], str]:
    newest: dict[tuple[str, str], str] = {}
    for row in rows:
        key = (row["country"], row["kind"])
        if row["value"]:
            newest[key] = max(newest.get(key, ""), row["year"])
    return newest


def _figure(name: str, path: str, row: Mapping[str, object], reference_year: int, *, dated: bool) -> StaleFigure:
    value = next((str(row[key]) for key in _VALUES if row.get(key) not in (None, "")), "")
    year, confidence = str(row.get("year") or ""), str(row.get("confidence") or "")
    reasons: list[Reason] = []
    if confidence == "gap":
        reasons.append("missing")
    if confidence == "D":
        reasons.append("assumed")
    if dated and confidence != "gap":
        reasons += [reason for reason in _age(name, year, reference_year) if reason == "old" or not reasons]
    return StaleFigure(
        id=name,
        name=path,
        value=value,
        unit=str(row.get("unit") or ""),
        year=year,
        confidence=confidence,
        source=str(row.get("source") or ""),
        reasons=tuple(reasons),
    )


def _tariff(name: str, reference_year: int) -> StaleFigure:
    document = toml(name)
    grades = sorted({str(node.get("confidence")) for _, node in _nodes("", document)})
    since = str(document.get("valid_from") or sources()[name].year)
    reasons: list[Reason] = ["assumed"] if "D" in grades else []
    # A genset's "tariff" holds no dated price: what it assumes is told by its grade.
    if document.get("kind") != "fuel":
        reasons += _age(name, since, reference_year)
    return StaleFigure(
        id=name,
        name=str(document.get("id", name)),
        value="",
        unit=str(document.get("currency", "")),
        year=since,
        confidence=" ".join(grades),
        source=sources()[name].document,
        reasons=tuple(reasons),
    )


def _age(name: str, year: str, reference_year: int) -> list[Reason]:
    limit = _TARIFF_YEARS if name.endswith(".toml") and name.startswith("tariffs/") else AGEING_YEARS.get(name)
    if limit is None:
        return []
    found = [int(text) for text in _YEAR.findall(year)]
    if not found:
        return ["undated"]
    return ["old"] if max(found) < reference_year - limit else []


def _name(row: Mapping[str, str]) -> str:
    words = [row[column] for column in (*_NAMES, *_MORE_NAMES, *_LAST_NAMES) if row.get(column)]
    return " · ".join(words) or next(iter(row.values()))


def _nodes(path: str, node: object) -> Iterator[tuple[str, Mapping[str, object]]]:
    if isinstance(node, Mapping):
        if "confidence" in node:
            yield path, node
        for key, child in node.items():
            yield from _nodes(f"{path}.{key}" if path else str(key), child)
    elif isinstance(node, list):
        for index, child in enumerate(node, 1):
            yield from _nodes(f"{path}[{index}]", child)
