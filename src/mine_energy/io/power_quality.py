"""Voltage quality from a logger's table: distortion, unbalance, level and dips, where the file has such columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import Final, Literal

import numpy as np

from mine_energy.arrays import FloatArray
from mine_energy.errors import Finding, InputError, Problem
from mine_energy.io.cells import show
from mine_energy.io.numbers import read_numbers
from mine_energy.io.tables import Table, first_of, read_table
from mine_energy.loads.power_quality import (
    Rules,
    dip_findings,
    distortion_findings,
    unbalance_findings,
    voltage_findings,
)
from mine_energy.vocabulary import normalise

Kind = Literal["thd", "unbalance", "voltage", "lowest"]

_LISTED: Final = 20
_VOLTAGE: Final = frozenset({"v", "u", "vrms", "urms", "tension", "voltage", "voltaje", "volt", "volts", "voltios"})
_CURRENT: Final = frozenset({"a", "i", "corriente", "current", "intensidad", "amp", "thdi", "thda", "irms"})
_THD_V: Final = frozenset({"thdv", "thdu", "vthd", "uthd"})
_UNBALANCE: Final = frozenset({"desequilibrio", "desbalance", "desbalanceo", "unbalance", "imbalance", "unbal"})
_LOW: Final = frozenset({"min", "minimo", "minima", "minimum"})
_HIGH: Final = frozenset({"max", "maximo", "maxima", "maximum"})
_NOT_A_LEVEL: Final = frozenset({"armonico", "harmonic", "fase", "angle", "angulo", "flicker", "pst", "plt", "cf"})
_NEAR: Final = 0.2
"""A median within this of the nominal voltage, or of it over root three, tells line-to-line from line-to-neutral."""
_FRACTION_UP_TO: Final = 0.3
"""A distortion column that never passes this holds fractions: a supply below 0.3 % does not exist."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerQuality:
    """What a file says about the quality of the voltage.

    Parameters
    ----------
    columns
        Headings used, in file order.
    intervals
        Rows with any value.
    findings
        Where it lies outside a limit; empty when all is inside.
    """

    columns: tuple[str, ...]
    intervals: int
    findings: tuple[Finding, ...]


def read_power_quality(
    path: Path | str, nominal_v: float, rules: Rules, *, sheet: str = "", name: str | None = None
) -> PowerQuality | None:
    """Return what a logger's table says about the voltage, or None when it has no such column.

    Parameters
    ----------
    path
        Workbook or separated text.
    nominal_v
        Nominal or agreed voltage, line to line, V.
    rules
        ``CO``, ``PE`` or ``EN``.
    sheet, name
        See :func:`mine_energy.io.tables.read_table`.

    Raises
    ------
    InputError
        By line: cells that are no numbers, or voltages that fit neither the nominal voltage nor it over root three.
    """
    table = read_table(path, score=_known, sheet=sheet, name=name)
    if table.header < 0:
        return None
    kinds = {i: kind for i, cell in enumerate(table.rows[table.header]) if (kind := _kind(show(cell))) is not None}
    if not kinds:
        return None
    values, problems = _values(table, kinds)
    reference = _references(table, kinds, values, nominal_v, problems)
    if problems:
        raise InputError(problems)

    def stacked(kind: Kind) -> FloatArray:
        found = [values[i] / reference.get(i, 1.0) for i, one in kinds.items() if one == kind]
        return np.concatenate(found) if found else np.empty(0)

    label = table.file
    findings = (
        *voltage_findings(stacked("voltage"), 1.0, rules, label),
        *dip_findings(stacked("lowest"), 1.0, label),
        *distortion_findings(stacked("thd"), rules, label),
        *unbalance_findings(stacked("unbalance"), label),
    )
    known = np.isfinite(np.array([values[i] for i in kinds])).any(axis=0)
    headings = tuple(show(table.cell(table.header, i)) for i in kinds)
    return PowerQuality(columns=headings, intervals=int(known.sum()), findings=findings)


def _known(cells: Sequence[str]) -> int:
    return sum(_kind(cell) is not None for cell in cells)


def _kind(heading: str) -> Kind | None:
    """Return what a column of voltage quality holds; extremes that no limit is about, and currents, hold nothing."""
    words = frozenset(normalise(heading).split())
    if words & _CURRENT or words & _HIGH:
        return None
    volts = bool(words & _VOLTAGE)
    if words & _THD_V or ("thd" in words and volts):
        return None if words & _LOW else "thd"
    if words & _UNBALANCE and volts:
        return None if words & _LOW else "unbalance"
    if volts and not words & _NOT_A_LEVEL and "thd" not in words and not words & _UNBALANCE:
        return "lowest" if words & _LOW else "voltage"
    return None


def _values(table: Table, kinds: Mapping[int, Kind]) -> tuple[dict[int, FloatArray], list[Problem]]:
    """Return each column's values, ratios as fractions; a units row below the headings holds no values."""
    rows = range(table.header + 1, len(table.rows))
    found: dict[int, FloatArray] = {}
    problems: list[Problem] = []
    for index, kind in kinds.items():
        read = read_numbers([table.cell(row, index) for row in rows])
        bad = [table.problem(f.key, rows[f.index], index, **f.params) for f in read.faults if f.index > 0]
        problems += first_of(bad, _LISTED, table.about("not_a_number"))
        values = np.array([np.nan if value is None else value for value in read.values], dtype=np.float64)
        ratio = kind in {"thd", "unbalance"}
        percent = "%" in show(table.cell(table.header, index)) or float(np.nanmax(values, initial=0)) > _FRACTION_UP_TO
        found[index] = values / 100 if ratio and percent and not read.percents else values
    return found, problems


def _references(
    table: Table,
    kinds: Mapping[int, Kind],
    values: Mapping[int, FloatArray],
    nominal_v: float,
    problems: list[Problem],
) -> dict[int, float]:
    """Return the voltage that each column is held against: line to line, or line to neutral.

    Lowest values may lie anywhere, so their column follows the means beside it.
    """
    found: dict[int, float] = {}
    levels = [i for i, kind in kinds.items() if kind in {"voltage", "lowest"}]
    for index in sorted(levels, key=lambda i: kinds[i] != "voltage"):
        known = values[index][np.isfinite(values[index]) & (values[index] > 0)]
        beside = set(found.values())
        if not len(known):
            continue
        if kinds[index] == "lowest" and len(beside) == 1:
            found[index] = beside.pop()
            continue
        middle = float(np.median(known))
        fitting = [one for one in (nominal_v, nominal_v / sqrt(3)) if abs(middle / one - 1) <= _NEAR]
        if fitting:
            found[index] = fitting[0]
        else:
            params = {"median_v": middle, "nominal_v": nominal_v}
            problems.append(table.problem("load_voltage_level", table.header, index, **params))
    return found
