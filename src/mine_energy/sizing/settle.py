"""The plant that a search found, settled: on the load's own steps and by the tariff's own bill.

A search needs prices and looks at thousands of candidates; a bill has classes, blocks, peaks and swaps, and takes
thousands of times as long. So the bill is asked about few arrays: around the one found, where the tariff's rules
change, and then closer and closer around the best.
"""

from dataclasses import replace
from math import inf
from typing import Any, Final

import numpy as np

from mine_energy.sizing.case import Case
from mine_energy.sizing.costs import COLUMNS, Array
from mine_energy.sizing.describe import billed
from mine_energy.sizing.least import Plant, with_enough

_SHARES: Final = (0.5, 0.75, 0.9, 0.97, 1.0, 1.03, 1.1, 1.25, 1.5)
_WIDTHS: Final = (0.1, 0.05, 0.02, 0.01, 0.005)
_SIDES: Final = (0.0, -1.0, 1.0)
"""Moves of array and battery, one after another around the best."""
_PRECISION: Final = 1e-4
"""Of the battery that each of them is given, from above."""
_CLOSER: Final = 2
"""Rounds in which the gaps beside the best array are halved."""
_FINE: Final = 0.01
"""Of the array: gaps below it are left."""


def settled(case: Case, demand: Any, plant: Plant) -> Plant:
    """Return the best of a plant and its neighbours by the bill, or on finer steps than the search had.

    Parameters
    ----------
    case
        The problem as the goal sees it, on the load's own steps.
    demand
        Function of a case that returns the demand on its candidates; None asks for nothing.
    plant
        What the search found. The sizes that a closed form gives or branch and bound proves stay as they are.
    """
    by_bill = case.prices.bill is not None and case.grid is not None
    if plant.bound_by in {"closed_form", "branch_and_bound"}:
        return replace(plant, cost=float(bills(case, plant.sizes[None])[0])) if by_bill else plant
    if by_bill:
        return _by_bill(case, demand, plant)
    lows, highs = (np.array([getattr(case.bounds, name)[end] for name in COLUMNS]) for end in (0, 1))
    best = plant
    for width in _WIDTHS:
        moves = np.array([(1 + width * a, 1 + width * b, 1 + width * b, 1.0) for a in _SIDES for b in _SIDES])
        found = _best(plant, *with_enough(case, demand, np.clip(best.sizes * moves, lows, highs)))
        best = found if np.isfinite(found.cost) else best
    return best if best is not plant else replace(plant, cost=inf)


def bills(case: Case, table: Array) -> Array:
    """Return the cost of each row with its bill in place of the prices of energy, shape (m,)."""
    run = case.run(table)
    traded = run.import_cost - run.export_credit
    return np.asarray(run.cost - traded + np.array([billed(case, row, runs=len(table)) for row in table]))


def _by_bill(case: Case, demand: Any, plant: Plant) -> Plant:
    low, high = case.bounds.pv_kwp
    arrays = [*plant.sizes[0] * np.array(_SHARES), *case.prices.pv_steps_kwp, low]
    table, costs = _billed(case, demand, plant, np.unique(np.clip(arrays, low, high)))
    for _ in range(_CLOSER):
        order = np.argsort(table[:, 0], kind="stable")
        table, costs = table[order], costs[order]
        at = int(np.argmin(costs))
        beside = table[max(at - 1, 0) : at + 2, 0]
        gaps = np.diff(beside)
        between = (beside[:-1] + gaps / 2)[gaps > _FINE * max(float(table[at, 0]), 1.0)]
        if not between.size:
            break
        more, found = _billed(case, demand, plant, between)
        table, costs = np.concatenate([table, more]), np.concatenate([costs, found])
    return _best(plant, table, costs)


def _billed(case: Case, demand: Any, plant: Plant, arrays: Array) -> tuple[Array, Array]:
    """Return the plant with other arrays, each with the battery that the demand asks beside it, and what they cost."""
    table = np.repeat(plant.sizes[None], len(arrays), axis=0)
    table[:, 0] = arrays
    if demand is not None:
        table[:, 1] = case.bounds.battery_kwh[0]
        table = np.concatenate([table, plant.sizes[None]])
    table, costs = with_enough(case, demand, table, _PRECISION)
    good = np.isfinite(costs)
    costs[good] = bills(case, table[good])
    return table, costs


def _best(plant: Plant, table: Array, costs: Array) -> Plant:
    """Return the cheapest row, with the bound of the search: means over longer steps only lower a bound."""
    place = int(np.argmin(costs))
    if not np.isfinite(costs[place]):
        return replace(plant, cost=inf)
    return Plant(sizes=table[place], cost=float(costs[place]), lower_bound=plant.lower_bound, bound_by=plant.bound_by)
