"""The cheapest plant that meets a demand, by simulation under a rule that a controller can follow."""

from dataclasses import dataclass, replace
from math import inf
from typing import Any, Final

import numpy as np

from mine_energy.sizing.case import Case
from mine_energy.sizing.costs import COLUMNS, Array
from mine_energy.sizing.need import PRECISION, Meets, least_battery, start_kwp, with_battery
from mine_energy.sizing.search import zoom

_SEARCH_STEPS: Final = 10 * 8760
"""Steps of weather that a search simulates for each candidate; all of them settle the result."""
_PRECISION: Final = 5e-4
"""Of free sizes: near the optimum the cost hardly moves with them."""
_WIDENINGS: Final = 5
_RIM: Final = 0.98
_POLISHED, _POLISH = 0.04, 5e-4
"""Half the width of the last search, and where it ends, both relative to the sizes."""
_COARSEST: Final = 0.02
"""Of the battery that a candidate lacks, in the first grid."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plant:
    """A design found: its sizes, shape (4,), its cost a year, and a lower bound where one is proven."""

    sizes: Array
    cost: float
    lower_bound: float | None = None
    bound_by: str = "none"


def cheapest(
    case: Case,
    demand: Any = None,
    *,
    battery_free: bool = True,
    starts: Array | None = None,
    thin: bool = True,
    precision: float = _PRECISION,
) -> Plant:
    """Return the cheapest plant that meets a demand.

    Parameters
    ----------
    case
        The problem.
    demand
        Function of a case that returns the demand on its candidates; None asks for nothing.
    battery_free
        Whether more battery than the demand needs may pay: False where it saves no energy cost.
    starts
        Sizes to try first, shape (s, 4).
    thin
        Whether the search may look at some of the years only, and all of them settle its result.
    precision
        Of the sizes, relative.

    Returns
    -------
    Plant
        Of infinite cost where no plant within the bounds meets the demand.
    """
    some = thinned(case) if thin else case
    box = _Box(case=case, battery_free=battery_free)
    found = _search(some, box, demand, starts, precision)
    if some is not case:
        # All the weather decides: the search ends with a few moves around what the thinned years gave.
        near = found.sizes * np.array([[1.0], [0.97], [1.03]])
        found = _best(case, demand, np.clip(near, box.low, box.high))
    if demand is None or not battery_free or not np.isfinite(found.cost):
        return found
    return _polished(case, demand, found)


def with_enough(case: Case, demand: Any, table: Array, precision: float = PRECISION) -> tuple[Array, Array]:
    """Return candidates with the battery that a demand asks of them, and their costs, infinite where none is enough."""
    return _costs(case, None if demand is None else demand(case), table, precision)


def thinned(case: Case) -> Case:
    """Return the problem with as many of its years, evenly spread, as a search can afford."""
    most = max(1, _SEARCH_STEPS // case.load_kw.size)
    if len(case.units) <= most:
        return case
    places = np.unique(np.linspace(0, len(case.units) - 1, most).round().astype(int))
    return replace(case, units=case.units[places])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Box:
    """The box searched, shape (4,) each end: bounds, and generous ends where there are none."""

    case: Case
    battery_free: bool
    scale: float = 1.0

    @property
    def low(self) -> Array:
        return np.array([getattr(self.case.bounds, name)[0] for name in COLUMNS])

    @property
    def high(self) -> Array:
        case, low = self.case, self.low
        peak = float(case.load_kw.max())
        guess = np.array(
            [3 * start_kwp(case) * self.scale, 2 * case.day_kwh * self.scale, 2 * peak * self.scale, 1.1 * peak]
        )
        bounds = np.array([getattr(case.bounds, name)[1] for name in COLUMNS])
        high = np.maximum(np.minimum(bounds, guess), low)
        if case.bounds.battery_kw_per_kwh is not None:
            high[2] = low[2]
        if not self.battery_free:
            high[1] = low[1]
        return np.asarray(high)

    def wider(self, sizes: Array) -> "_Box | None":
        """Return a wider box where `sizes` stands at an end that is only a guess, else None."""
        bounds = np.array([getattr(self.case.bounds, name)[1] for name in COLUMNS])
        guessed = (self.high < bounds) & (self.high > self.low)
        at_rim = guessed & (sizes >= _RIM * self.high)
        return replace(self, scale=self.scale * 3) if at_rim[:3].any() else None


def _search(case: Case, box: _Box, demand: Any, starts: Array | None, precision: float) -> Plant:
    meets = None if demand is None else demand(case)
    near = precision / 5

    def costs(table: Array, worth: float, step: float) -> Array:
        # Cost differs by the square of the step between neighbours near the optimum: a battery as fine as that will do.
        return _costs(case, meets, table, min(max(step**2 / 4, near), _COARSEST), worth)[1]

    for _ in range(_WIDENINGS):
        point, cost = zoom(costs, box.low, box.high, starts, precision=precision)
        wider = box.wider(point) if np.isfinite(cost) else replace(box, scale=box.scale * 3)
        if wider is None or (not np.isfinite(cost) and np.array_equal(wider.high, box.high)):
            break
        box = wider
    sizes, found = _costs(case, meets, point[None], PRECISION)
    return Plant(sizes=sizes[0], cost=float(found[0]))


def _polished(case: Case, demand: Any, found: Plant) -> Plant:
    """Return the best plant a few per cent around one, every size free and none sought by bisection.

    Beside a genset with a least load more battery may unmake a demand, so that bisection ends at any of several limits.
    """
    meets = demand(case)
    ends = [np.array([getattr(case.bounds, name)[end] for name in COLUMNS]) for end in (0, 1)]
    low, high = (np.clip(found.sizes * (1 + sign * _POLISHED), *ends) for sign in (-1, 1))
    if case.bounds.battery_kw_per_kwh is not None:
        low[2] = high[2] = 0.0

    def costs(table: Array, _worth: float, _step: float) -> Array:
        table = with_battery(case, table, table[:, 1])
        good, found = meets(table), np.full(len(table), inf)
        if good.any():
            found[good] = case.cost(table[good])
        return found

    start = np.where(low == high, low, found.sizes)[None]
    point, cost = zoom(costs, low, high, start, precision=_POLISH, few=True)
    return Plant(sizes=with_battery(case, point[None], point[1:2])[0], cost=cost) if cost < found.cost else found


def _best(case: Case, demand: Any, table: Array) -> Plant:
    sizes, costs = _costs(case, None if demand is None else demand(case), table, PRECISION)
    place = int(np.argmin(costs))
    return Plant(sizes=sizes[place], cost=float(costs[place]))


def _costs(case: Case, meets: Meets | None, table: Array, precision: float, worth: float = inf) -> tuple[Array, Array]:
    """Return the candidates with as much battery as the demand asks, and their costs.

    A candidate is asked how much battery it lacks up to the energy with which its sizes alone cost more than another
    one in all, or than `worth`.
    """
    table = with_battery(case, table, table[:, 1])
    good = np.ones(len(table), dtype=bool) if meets is None else meets(table)
    costs = np.full(len(table), inf)
    if good.any():
        costs[good] = case.cost(table[good])
    spare = min(worth, float(costs.min())) - _floor(case, table)
    short = np.flatnonzero(~good & (spare > 0))
    if meets is not None and short.size:
        table[short] = _enough(case, meets, table[short], precision, spare[short])
        done = short[np.isfinite(table[short, 1])]
        if done.size:
            costs[done] = case.cost(table[done])
    return table, costs


def _floor(case: Case, table: Array) -> Array:
    """Return what the sizes cost at least, less all that their energy could earn."""
    best = float(np.max(case.prices.export_per_kwh)) if case.grid is not None else 0.0
    return np.asarray(case.rates.of_sizes(table) - max(best, 0.0) * table[:, 0] * case.yield_kwh)


def _enough(case: Case, meets: Meets, table: Array, precision: float, spare: Array) -> Array:
    """Return the candidates with the battery that they need, infinite where `spare` money does not buy it."""
    # Beyond what is owned: there the first kWh costs nothing, and tied power may, so that the money buys no less.
    tied = (case.bounds.battery_kw_per_kwh or 0.0) if case.rates.owned[2] == 0 else 0.0
    slope = float(case.rates.slope[1] + case.rates.slope[2] * tied)
    most = np.maximum(table[:, 1], case.rates.owned[1]) + spare / slope if slope > 0 else inf
    needed = least_battery(case, table, meets, precision=precision, most=most)
    needed = np.where(needed <= case.bounds.battery_kwh[1], needed, inf)
    changed = with_battery(case, table, np.where(np.isfinite(needed), needed, 0.0))
    changed[:, 1] = needed
    return changed
