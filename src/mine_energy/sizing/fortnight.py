"""The fourteen days in which the sun falls shortest."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from mine_energy.dispatch import DispatchResult, simulate
from mine_energy.dispatch.plant import Sizes
from mine_energy.sizing.case import Case
from mine_energy.sizing.costs import COLUMNS, Array

_DAYS = 14


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fortnight:
    """The worst fourteen days of all weather years, hour by hour.

    Parameters
    ----------
    year, start
        Weather year and first step in it, from 0.
    steps
        Length.
    missing_kwh
        Load that neither PV nor battery carried.
    flows
        Every flow of these steps.
    """

    year: int
    start: int
    steps: int
    missing_kwh: float
    flows: DispatchResult


def worst_fortnight(case: Case, sizes: Array) -> Fortnight:
    """Return the fortnight in which PV and battery leave most of the load to others, or to nobody.

    Parameters
    ----------
    case
        The problem; without grid for an off-grid plant. Each year runs after the one before it.
    sizes
        Shape (4,).

    Notes
    -----
    Where nothing is ever missing, it is the fortnight in which the PV available falls shortest of the load.
    """
    steps = min(round(_DAYS * 24 / case.step_hours), case.load_kw.size)
    year = int(np.argmax(_missing_by_year(case, sizes, steps)))
    flows = _of_year(case, sizes, year)
    missing = _missing(flows)
    start, kwh = _worst(missing, steps, case.step_hours)
    if kwh <= 0:
        start, _ = _worst(flows.load_kw - flows.pv_kw, steps, case.step_hours)
    return Fortnight(year=year, start=start, steps=steps, missing_kwh=kwh, flows=_part(flows, start, steps))


def _missing_by_year(case: Case, sizes: Array, steps: int) -> Array:
    """Return how hard each year is: energy missing off-grid; else how far PV falls short in its worst fortnight."""
    left = (case.load_kw - sizes[0] * case.left[0] * case.units) * case.step_hours
    shortest = np.array([_worst(year, steps, 1.0)[1] for year in left])
    island = replace(case, grid=None)
    missing = island.yearly_unserved_kwh(sizes[None])[:, 0]
    # Unserved energy decides; PV's shortfall only where nothing is unserved.
    return missing if missing.any() else shortest


def _of_year(case: Case, sizes: Array, year: int) -> DispatchResult:
    left = np.array([case.left[0], case.left[1], 1.0, 1.0])
    plant = Sizes(**dict(zip(COLUMNS, (sizes * left).tolist(), strict=True)))
    before = case.units[(year - 1) % len(case.units)]
    two = simulate(
        np.tile(case.load_kw, 2),
        np.concatenate([before, case.units[year]]),
        plant,
        battery=twice(case).battery if plant.battery_kwh > 0 else None,
        genset=case.genset if plant.genset_kw > 0 else None,
        grid=twice(case).grid,
        step_hours=case.step_hours,
    )
    return _part(two, case.load_kw.size, case.load_kw.size)


def twice(case: Case) -> Case:
    """Return the problem with the series of its rules repeated, for two years in sequence."""

    def double(rule: object, names: tuple[str, ...]) -> dict[str, Any]:
        found = {name: getattr(rule, name) for name in names}
        return {name: np.tile(values, 2) for name, values in found.items() if values is not None}

    battery, grid = case.battery, case.grid
    if battery is not None:
        battery = replace(battery, **double(battery, ("charge_limit", "discharge_limit")))
    if grid is not None:
        grid = replace(grid, **double(grid, ("available", "may_discharge")))
    return replace(case, battery=battery, grid=grid)


def _missing(flows: DispatchResult) -> Array:
    return np.asarray(flows.unserved_kw + flows.genset_kw + flows.import_kw)


def _worst(values: Array, steps: int, step_hours: float) -> tuple[int, float]:
    """Return the first step and the energy of the window with the highest sum."""
    sums = np.cumsum(np.concatenate([[0.0], values]))
    windows = (sums[steps:] - sums[:-steps]) * step_hours
    start = int(np.argmax(windows))
    return start, float(windows[start])


def _part(flows: DispatchResult, start: int, steps: int) -> DispatchResult:
    """Return some steps of a dispatch; its counts of hours, starts and fuel are those of the whole."""
    series: dict[str, Any] = {
        name: values[start : start + steps]
        for name in DispatchResult.__slots__
        if isinstance(values := getattr(flows, name), np.ndarray)
    }
    return replace(flows, **series)
