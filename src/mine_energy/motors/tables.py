"""The packaged motor tables, parsed once: class efficiencies, part-load bands, assumptions."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, Final, Literal, TypeVar, cast

import numpy as np

from mine_energy.catalog import Sourced, sourced, table
from mine_energy.errors import InputError, Problem
from mine_energy.units import KW_PER_HP

Array = np.ndarray[Any, np.dtype[np.float64]]
Values = TypeVar("Values", float, Array)
"""Scalars or arrays; arrays of different shapes broadcast."""

TINY: Final = 1e-9
Status = Literal["verified", "single_source", "unverified"]
CLASSES: Final = ("IE1", "IE2", "IE3", "IE4")
MIN_RATING_SHARE: Final = 0.70 / 0.75
"""Plates this far below a table's lowest rating still take its row: 1 hp and 1 CV are the 0.75 kW rating."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassRow:
    """One cell of the 60 Hz tables."""

    efficiency: float
    status: Status
    source: str


@cache
def rows_60hz() -> Mapping[tuple[str, int], Mapping[float, ClassRow]]:
    """Return the 60 Hz table: (class, poles) -> rated kW -> row, ratings ascending.

    Rows marked as filler never load. Unverified rows stand in only where no better row exists, and only if they
    do not put a lower class above a verified higher one.
    """
    cells = {k: c for row in table("motors/ie_efficiency_60hz.csv") for k, c in _cell(row)}
    for row in table("motors/ie_efficiency_60hz_unverified.csv"):
        for key, cell in _cell(row):
            if key not in cells and not _overtakes(key, cell, cells):
                cells[key] = cell
    grouped: dict[tuple[str, int], dict[float, ClassRow]] = {}
    for (ie_class, poles, rating), cell in sorted(cells.items()):
        grouped.setdefault((ie_class, poles), {})[rating] = cell
    return MappingProxyType(grouped)


_Key = tuple[str, int, float]


def _cell(row: Mapping[str, str]) -> list[tuple[_Key, ClassRow]]:
    status = row["status"]
    if status.startswith("filler"):
        return []
    known: Status = "unverified"
    if status in {"verified", "single_source"}:
        known = "verified" if status == "verified" else "single_source"
    key = (row["ie_class"], int(row["poles"]), float(row["rated_kw"]))
    efficiency = round(float(row["efficiency_pct"]) / 100, 6)
    return [(key, ClassRow(efficiency=efficiency, status=known, source=row["source"]))]


def _overtakes(key: _Key, cell: ClassRow, better: Mapping[_Key, ClassRow]) -> bool:
    ie_class, poles, rating = key
    higher = CLASSES[CLASSES.index(ie_class) + 1 :]
    rows = [better[(c, poles, rating)] for c in higher if (c, poles, rating) in better]
    return any(row.status == "verified" and cell.efficiency > row.efficiency for row in rows)


@cache
def ratings_60hz() -> tuple[float, ...]:
    """Return every standard rating of the 60 Hz tables, kW, ascending."""
    return tuple(sorted({rating for rows in rows_60hz().values() for rating in rows}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Coefficients:
    """One row of the 50 Hz formula: efficiency in per cent = A x^3 + B x^2 + C x + D, x = log10 of kW."""

    kw_min: float
    kw_max: float
    terms: tuple[float, float, float, float]
    status: Status
    source: str


@cache
def coefficients_50hz() -> Mapping[tuple[str, int], tuple[Coefficients, ...]]:
    """Return the 50 Hz formula by (class, poles), bands of rated power ascending."""
    grouped: dict[tuple[str, int], list[Coefficients]] = {}
    for row in table("motors/iec_50hz_interpolation_coefficients.csv"):
        entry = Coefficients(
            kw_min=float(row["kw_min"]),
            kw_max=float(row["kw_max"]),
            terms=(float(row["a"]), float(row["b"]), float(row["c"]), float(row["d"])),
            status="verified" if row["status"] == "source_read" else "unverified",
            source=row["source"],
        )
        grouped.setdefault((row["ie_class"], int(row["poles"])), []).append(entry)
    return MappingProxyType({k: tuple(sorted(v, key=lambda c: c.kw_min)) for k, v in sorted(grouped.items())})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PartLoadBands:
    """The part-load table by size band: arrays with one row per band."""

    kw_to: Array
    fixed_loss_share: Array
    typical_efficiency: Array
    power_factor: Array
    model_band: Array


@cache
def part_load_bands() -> PartLoadBands:
    """Return the part-load bands; `power_factor` has one column per 25, 50, 75 and 100 % load.

    `model_band` has one per 25, 50 and 75 %: the 90 % interval of the model's efficiency, plus or minus, a fraction.
    """
    rows = table("motors/part_load.csv")
    points = ("25", "50", "75", "100")
    return PartLoadBands(
        kw_to=np.array([float(row["rated_hp_to"] or "inf") * KW_PER_HP for row in rows]),
        fixed_loss_share=np.array([float(row["fixed_loss_share"]) for row in rows]),
        typical_efficiency=np.array([float(row["typical_efficiency"]) for row in rows]),
        power_factor=np.array([[float(row[f"power_factor_{p}"]) for p in points] for row in rows]),
        model_band=np.array([[float(row[f"band_{p}_points"]) / 100 for p in points[:-1]] for row in rows]),
    )


def assumption(key: str) -> Sourced:
    """Return a packaged assumption of the motor audit (``data/motors/assumptions.csv``)."""
    return sourced("motors/assumptions.csv", key)


def checked(name: str, value: Any, low: float, high: float = np.inf) -> Array:
    """Return `value` as float64 after checking ``low <= value <= high`` for every element.

    Raises
    ------
    InputError
        An element is not finite or out of range; the problem's field is `name`.
    """
    array = np.asarray(value, dtype=np.float64)
    wrong = ~(np.isfinite(array) & (array >= low) & (array <= high))
    if wrong.any():
        shown = f"{array[wrong].flat[0]:g}"
        if high == np.inf:
            raise InputError([Problem(key="motor_argument_low", field=name, value=shown, params={"low": low})])
        raise InputError([Problem(key="motor_argument", field=name, value=shown, params={"low": low, "high": high})])
    return array


def like(result: Any, template: Values) -> Values:
    """Return a zero-dimensional array as a float, any other as it is."""
    array = np.asarray(result)
    return cast("Values", float(array) if array.ndim == 0 else array)
