"""A lower bound for a search by simulation: the least cost of a controller that knows weather and load in advance.

Everything that the rule cannot do and the bound can makes the bound lower, never wrong: foresight, gensets without
minimum load and no-load fuel, batteries without reserve, temperature limits or self-discharge.
"""

from dataclasses import dataclass
from math import fsum, inf
from typing import Any, Final, Literal

import numpy as np

from mine_energy.sizing.case import Case
from mine_energy.sizing.costs import COLUMNS, Array
from mine_energy.sizing.exact import Asset, Coverage, ExactResult, Limit, OutOfBounds, Problem, least_cost
from mine_energy.sizing.goals import Goal, HourlySelf, LeastCost, OffGrid

MOST_YEARS: Final = 20
"""Longer weather is not bounded: each cut would dispatch all of it."""
_STEPS_A_YEAR: Final = 8760
_TARGET: Final = 1e-5
_LP_STEPS: Final = 2 * 8784
_FREE_PEAKS: Final = 1e3

Obstacle = Literal["bill", "years", "percentile", "free"]
"""Why foresight bounds nothing: the tariff's own bill, weather beyond `MOST_YEARS`, a limit that some of the years need
not keep, a size that costs nothing and has no end."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Foresight:
    """What perfect foresight proves.

    Parameters
    ----------
    bound
        Cost a year that no plant meeting the goal undercuts.
    sizes
        Shape (4,), at which foresight reaches it.
    bound_by
        ``foresight`` where cuts closed the gap, ``lp`` where the whole linear program had to.
    """

    bound: float
    sizes: Array
    bound_by: Literal["foresight", "lp"]


def obstacle(case: Case, goal: Goal) -> Obstacle | None:
    """Return why the problem lies outside what foresight can bound, or None where it does not."""
    if case.prices.bill is not None:
        return "bill"
    if not _coverage(goal, len(case.units))[1]:
        return "percentile"
    if case.units.size > MOST_YEARS * _STEPS_A_YEAR / case.step_hours + 24 * MOST_YEARS:
        return "years"
    slope = case.rates.slope
    free = [slope[i] <= 0 and getattr(case.bounds, name)[1] == inf for i, name in enumerate(COLUMNS)]
    return "free" if any(free[:2]) or free[3] else None


def all_served(case: Case, goal: Goal) -> bool:
    """Whether nothing may be left unserved: without a value on it the cheapest plant would serve nobody."""
    if isinstance(goal, OffGrid):
        return goal.lpsp == 0 and goal.renewable_share is not None
    return isinstance(goal, LeastCost) and case.rates.unserved_kwh <= 0 and not _carried_by_grid(case)


def _carried_by_grid(case: Case) -> bool:
    grid = case.grid
    return grid is not None and grid.available is None and grid.import_limit_kw >= float(case.own.load_kw.max())


def always_served(case: Case) -> bool:
    """Whether every plant within the bounds serves all load: the rule lets no load wait for a source that stands there.

    A grid without outages or limits does, and so do sets that are there in any case and carry the highest load.
    """
    by_sets = case.genset is not None and case.bounds.genset_kw[0] >= float(case.own.load_kw.max())
    return by_sets or _carried_by_grid(case)


def foresight(case: Case, goal: Goal) -> Foresight | None:
    """Return the bound of perfect foresight; None where there is an :func:`obstacle`, or no sizes meet the goal.

    Parameters
    ----------
    case
        As the goal sees it.
    goal
        Not the annual balance, which has its closed form.
    """
    if obstacle(case, goal) is not None:
        return None
    posed = _posed(case, goal)
    try:
        found = _bounded(posed) if case.units.size <= _LP_STEPS else least_cost(posed, target=_TARGET)
    except OutOfBounds:
        # Not even foresight meets the goal within the bounds: the search says so in the user's words.
        return None
    if found.method == "no bound":
        return None
    by: Literal["foresight", "lp"] = "lp" if found.method == "bound by LP" else "foresight"
    return Foresight(bound=found.lower_bound + _constant(case), sizes=_sizes(case, found), bound_by=by)


def _bounded(posed: Problem) -> ExactResult:
    from mine_energy.sizing.lp import bounded  # noqa: PLC0415  (loads a solver)

    return bounded(posed, target=_TARGET)


def lp_difference(case: Case, goal: Goal) -> float | None:
    """Return how far the optimum of the cuts lies from the whole linear program's, as a share of it.

    Parameters
    ----------
    case, goal
        As in :func:`foresight`; the whole program takes a minute or so a year of weather.

    Returns
    -------
    float or None
        None where foresight bounds nothing, weather is longer than two years, or either finds no plant.
    """
    from mine_energy.sizing.lp import check_lp  # noqa: PLC0415  (loads a solver)

    if obstacle(case, goal) is not None or case.units.size > _LP_STEPS:
        return None
    posed = _posed(case, goal)
    try:
        found = least_cost(posed, target=_TARGET)
        whole = check_lp(posed, algorithm="ipm").annual_cost
    except ValueError:
        return None
    return abs(found.annual_cost - whole) / abs(whole) if whole else None


def _posed(case: Case, goal: Goal) -> Problem:
    served = all_served(case, goal) or always_served(case)
    unserved = _dear(case) if served else case.rates.unserved_kwh
    return _problem(case, _coverage(goal, len(case.units))[0], unserved)


def _coverage(goal: Goal, years: int) -> tuple[Coverage | None, bool]:
    """Return what the goal asks of a mean year, and whether that says anything."""
    if isinstance(goal, HourlySelf):
        return Coverage(kind="self_sufficiency", share=goal.ratio), True
    if isinstance(goal, OffGrid):
        # Where all years keep the limit, so does their mean; a percentile says nothing of the years left out, and a
        # bound without the limit would be far too low to be worth its words.
        whole = goal.years_needed(years) == years
        if goal.renewable_share is None:
            return Coverage(kind="unserved", share=goal.lpsp), whole
        return Coverage(kind="self_sufficiency", share=goal.renewable_share), whole and goal.lpsp == 0
    return None, True


def _dear(case: Case) -> float:
    """Return a value of unserved energy above what serving it could cost: a price on what may not be only relaxes."""
    line = case.genset.fuel_intercept_l_per_h_per_kw + case.genset.fuel_slope_l_per_kwh if case.genset else 0.0
    dearest = float(np.max(case.prices.import_per_kwh)) + case.rates.fuel_l * line + case.rates.run_kw_hour
    return 10 * (dearest + float(case.rates.slope.sum()) / case.step_hours)


def _problem(case: Case, coverage: Coverage | None, unserved_per_kwh: float) -> Problem:
    years, grid, battery = len(case.units), case.grid, case.battery

    def tiled(values: Any) -> Array:
        return np.tile(np.broadcast_to(np.asarray(values, dtype=np.float64), case.load_kw.shape), years)

    here = np.zeros(case.load_kw.size) if grid is None else np.ones(case.load_kw.size)
    if grid is not None and grid.available is not None:
        here = (np.asarray(grid.available) > 0).astype(np.float64)
    inward = np.where(here > 0, grid.import_limit_kw if grid else 0.0, 0.0)
    outward = np.where(here > 0, grid.export_limit_kw if grid and grid.export_allowed else 0.0, 0.0)
    line = case.genset.fuel_intercept_l_per_h_per_kw + case.genset.fuel_slope_l_per_kwh if case.genset else 0.0
    assets, limits = _assets(case)
    return Problem(
        load_kw=tiled(case.load_kw),
        pv_kw_per_kwp=(case.units * case.left[0]).ravel(),
        pv=assets[0],
        battery_energy=assets[1],
        battery_power=assets[2],
        genset=assets[3],
        import_price_per_kwh=tiled(case.prices.import_per_kwh),
        export_price_per_kwh=tiled(case.prices.export_per_kwh),
        import_limit_kw=tiled(inward),
        export_limit_kw=tiled(outward),
        fuel_price_per_kwh=case.rates.fuel_l * line + case.rates.run_kw_hour,
        unserved_price_per_kwh=None if np.isinf(inward).all() else unserved_per_kwh,
        charge_efficiency=battery.charge_efficiency if battery else 1.0,
        discharge_efficiency=battery.discharge_efficiency if battery else 1.0,
        usable_fraction=(battery.soc_max - battery.soc_min) * case.left[1] if battery else 1.0,
        step_hours=case.step_hours,
        years=years,
        coverage=coverage,
        limits=limits,
    )


def _assets(case: Case) -> tuple[list[Asset], tuple[Limit, ...]]:
    """Return the four sizes; power that is tied to energy is paid with it."""
    slope, ratio = case.rates.slope, case.bounds.battery_kw_per_kwh
    assets = [
        Asset(cost_per_unit=float(cost), lowest=getattr(case.bounds, name)[0], highest=getattr(case.bounds, name)[1])
        for name, cost in zip(COLUMNS, slope, strict=True)
    ]
    enough = _FREE_PEAKS * float(case.load_kw.max())
    if ratio is None:
        if slope[2] <= 0:
            assets[2] = Asset(cost_per_unit=0.0, lowest=assets[2].lowest, highest=min(assets[2].highest, enough))
        return assets, ()
    low, high = case.bounds.battery_kwh
    assets[1] = Asset(cost_per_unit=float(slope[1] + ratio * slope[2]), lowest=low, highest=high)
    assets[2] = Asset(cost_per_unit=0.0, highest=enough if case.battery else 0.0)
    return assets, (Limit(factors=(0.0, -ratio, 1.0, 0.0), highest=0.0),)


def _constant(case: Case) -> float:
    """Return what of the cost does not depend on the sizes: what is owned has no capital."""
    return case.rates.fixed - fsum(rate * size for rate, size in zip(case.rates.capital, case.rates.owned, strict=True))


def _sizes(case: Case, found: ExactResult) -> Array:
    sizes = np.array(found.sizes, dtype=np.float64)
    if case.bounds.battery_kw_per_kwh is not None:
        sizes[2] = sizes[1] * case.bounds.battery_kw_per_kwh
    return sizes
