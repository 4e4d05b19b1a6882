"""Packaged figures of gensets, batteries and inverters, each with its source."""

from functools import cache
from typing import Literal

from mine_energy.catalog import Sourced, sourced_row, table

Chemistry = Literal["lfp", "lead_acid"]
Place = Literal["low", "default", "high"]


def genset_figure(key: str, place: Place = "default") -> Sourced:
    """Return a figure of ``data/gensets.csv`` or ``data/gensets_equipment.csv``.

    Raises
    ------
    KeyError
        No such row: a mistake of ours.
    """
    for name in ("gensets.csv", "gensets_equipment.csv"):
        if any(row["key"] == key for row in table(name)):
            return _figure(name, "key", key, place)
    raise KeyError(key)


def inverter_figure(key: str, place: Place = "default") -> Sourced:
    """Return a figure of ``data/batteries/inverters.csv``; keys begin with ``pv_`` or ``battery_``.

    Raises
    ------
    KeyError
        No such row: a mistake of ours.
    """
    return _figure("batteries/inverters.csv", "key", key, place)


def battery_figure(chemistry: Chemistry, key: str, place: Place = "default") -> Sourced:
    """Return a figure of a chemistry from ``data/batteries/chemistries.csv``.

    Raises
    ------
    KeyError
        No such row: a mistake of ours.
    """
    return _figure("batteries/chemistries.csv", "chemistry", chemistry, place, key)


@cache
def _figure(name: str, column: str, wanted: str, place: Place, key: str = "") -> Sourced:
    for row in table(name):
        if row[column] == wanted and key in {"", row["key"]}:
            return sourced_row(row, place)
    raise KeyError(f"{name}: {wanted} {key}")
