"""PV and battery without a grid, in so many of the weather years: search, and a proof by branch and bound.

For given PV and battery power let E be the least battery with which enough years keep the limit. E falls in both, so
over a box of the two no plant costs less than the sizes of its lower corner plus the battery of its upper corner. A
box is closed when even the battery that the money left after its lower corner would buy is too small at its upper
corner: one simulation, no bisection. What stays open is halved.
"""

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from mine_energy.dispatch.front import reliability_front
from mine_energy.sizing.case import Case
from mine_energy.sizing.costs import Array
from mine_energy.sizing.goals import OffGrid
from mine_energy.sizing.least import Plant, cheapest
from mine_energy.sizing.need import (
    Flags,
    enough_power_kw,
    keeps_off_grid,
    kept_years,
    least_battery,
    start_kwp,
    with_battery,
)

GAP: Final = 1e-4
_GAPS: Final = (1e-2, 1e-3, 3e-4, GAP)
_MOST_STEPS: Final = 2e10
"""Candidate-steps that a proof may take; a coarser gap stands where they do not do."""
_RANKED_AT: Final = 1.5
"""PV over load, of a mean year, at which the years are ranked by how hard they are."""
_SAMPLE: Final = 48
_HIDDEN: Final = 0.15
_COARSE: Final = 5e-4
"""Of the search before the proof: near the optimum the cost hardly moves with the sizes."""
_ROUNDING: Final = 1e-9


def solve(case: Case, goal: OffGrid) -> Plant:
    """Return the cheapest PV and battery that keep the limit in enough years, with a lower bound.

    Parameters
    ----------
    case
        Without grid and genset; its cost is that of the sizes.
    goal
        Limit and percentile.

    Returns
    -------
    Plant
        Of infinite cost where no battery does.
    """
    hard = hard_years(case, goal)
    fewer = replace(case, units=case.units[np.sort(hard)])
    needed = goal.years_needed(len(case.units)) - (len(case.units) - len(hard))
    found = cheapest(
        fewer, lambda c: keeps_off_grid(c, goal, needed), battery_free=False, thin=False, precision=_COARSE
    )
    if not np.isfinite(found.cost):
        return found
    row = found.sizes[None]
    kwh = least_battery(case, row, keeps_off_grid(case, goal))
    if not np.isfinite(kwh[0]) or kwh[0] > case.bounds.battery_kwh[1]:
        return cheapest(case, lambda c: keeps_off_grid(c, goal), battery_free=False, thin=False)
    sizes = with_battery(case, row, kwh)
    return _proven(_Proof(case=case, goal=goal, hard=hard), sizes[0])


def hard_years(case: Case, goal: OffGrid) -> np.ndarray[Any, np.dtype[np.int_]]:
    """Return the years that may decide, hardest first: twice as many of the hardest as may fail, and some more."""
    years = len(case.units)
    count = min(years, 2 * (years - goal.years_needed(years)) + 6)
    if count == years:
        return np.arange(years)  # too few to choose from
    if case.battery is None:
        return np.arange(years)
    # Each year by itself, with a generous array: the battery that it needs is its rank.
    array = start_kwp(case, _RANKED_AT)
    needs = reliability_front(
        case.load_kw,
        case.units * case.left[0],
        [array],
        case.battery,
        unserved_fraction=goal.lpsp,
        step_hours=case.step_hours,
        tolerance_kwh=1e-3 * case.day_kwh,
    )[:, 0]
    return np.argsort(-needs, kind="stable")[:count]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Proof:
    case: Case
    goal: OffGrid
    hard: np.ndarray[Any, np.dtype[np.int_]]

    @property
    def kwh_slope(self) -> float:
        """Cost of one more kWh a year, with the power tied to it."""
        slope = self.case.rates.slope
        return float(slope[1] + slope[2] * (self.case.bounds.battery_kw_per_kwh or 0.0))

    def may_keep(self, table: Array, failed: Flags) -> tuple[Flags, float]:
        """Return which candidates may keep the limit in enough years (False is certain), and the steps simulated.

        The hardest years, each started full, which gives no less than the years in sequence would: who fails in too
        many of them so, fails in sequence too. `failed`, shape (m, hard years), holds what is known already, and is
        added to: the upper corner of a half is no larger, and buys no more, than that of the whole.
        """
        years, limit = len(self.case.units), (self.goal.lpsp + _ROUNDING) * self.case.load_kwh
        may_fail, steps = years - self.goal.years_needed(years), 0.0
        for place, year in enumerate(self.hard):
            known = failed.sum(axis=1)
            left = (~failed[:, place:]).sum(axis=1)
            # Settled: too many have failed already, or too few are left to fail.
            todo = np.flatnonzero(~failed[:, place] & (known <= may_fail) & (known + left > may_fail))
            if not todo.size:
                continue
            chain = self.case.chain(table[todo], slice(year, year + 1))
            full = chain.lanes.usable_kwh * chain.years.energy[0]
            _, _, sums = chain.run(full, np.zeros(len(todo)))
            failed[todo, place] = sums[0] * self.case.step_hours > limit
            steps += todo.size * self.case.load_kw.size
        return np.asarray(failed.sum(axis=1) <= may_fail), steps

    def keeps(self, table: Array) -> Flags:
        """Return which candidates keep the limit in enough years."""
        return np.asarray(kept_years(self.case, self.goal.lpsp, table) >= self.goal.years_needed(len(self.case.units)))


def _proven(proof: _Proof, sizes: Array) -> Plant:
    """Return the design with the tightest bound that the work allowed buys; better designs met on the way are taken."""
    cost = float(proof.case.rates.of_sizes(sizes[None])[0])
    bound, left = 0.0, _MOST_STEPS
    if proof.kwh_slope <= 0:
        return Plant(sizes=sizes, cost=cost)
    for gap in _GAPS:
        closed, sizes, cost, left = _close(proof, sizes, cost, gap, left)
        if not closed:
            break
        bound = cost * (1 - gap)
    return Plant(sizes=sizes, cost=cost, lower_bound=bound, bound_by="branch_and_bound" if bound else "none")


def _close(proof: _Proof, sizes: Array, cost: float, gap: float, left: float) -> tuple[bool, Array, float, float]:
    """Close the box of all sizes that could cost less than `cost` by more than `gap`; tell whether it closed."""
    case, (least, most) = proof.case, proof.case.bounds.battery_kwh
    boxes = _first_box(proof, cost)
    failed = np.zeros((1, len(proof.hard)), dtype=bool)
    while len(boxes):
        lower = case.table(boxes[:, 0], least, boxes[:, 2])
        spare = (cost * (1 - gap) - case.rates.of_sizes(lower)) / proof.kwh_slope
        boxes, failed, spare = boxes[spare >= 0], failed[spare >= 0], spare[spare >= 0]
        upper = case.table(boxes[:, 1], np.minimum(spare + least, most), boxes[:, 3])
        possible, steps = proof.may_keep(upper, failed)
        boxes, failed, upper = boxes[possible], failed[possible], upper[possible]
        small = _to_ask(proof, upper, cost)
        kept = proof.keeps(upper[small])
        left -= steps + small.size * case.units.size
        if left < 0:
            return False, sizes, cost, left
        if kept.any():
            best = upper[small][kept][np.argmin(case.rates.of_sizes(upper[small][kept]))]
            if case.rates.of_sizes(best[None])[0] < cost:
                sizes, cost = best, float(case.rates.of_sizes(best[None])[0])
        boxes = np.delete(boxes, small[~kept], axis=0)
        failed = np.repeat(np.delete(failed, small[~kept], axis=0)[None], 2, axis=0).reshape(-1, len(proof.hard))
        boxes = _halved(boxes, case.rates.slope)
    return True, sizes, cost, left


def _to_ask(proof: _Proof, upper: Array, cost: float) -> np.ndarray[Any, np.dtype[np.int_]]:
    """Return the boxes to simulate through all years in sequence.

    Those whose upper corner would be the best plant so far; all of them where the full starts of the hardest years
    hide much, as a sample tells.
    """
    sample = np.unique(np.linspace(0, len(upper) - 1, min(len(upper), _SAMPLE)).astype(int))
    if sample.size and np.mean(~proof.keeps(upper[sample])) > _HIDDEN:
        return np.arange(len(upper))
    return np.flatnonzero(proof.case.rates.of_sizes(upper) < cost)


def _first_box(proof: _Proof, cost: float) -> Array:
    """Return the box of PV and power beyond which the money is gone, shape (1, 4): PV from, to, power from, to."""
    case, slope = proof.case, proof.case.rates.slope
    (pv_low, pv_high), (kw_low, kw_high) = case.bounds.pv_kwp, case.bounds.battery_kw
    least = float(case.rates.of_sizes(case.table(pv_low, case.bounds.battery_kwh[0], kw_low))[0])
    room = max(cost - least, 0.0)
    pv_high = min(pv_high, pv_low + room / slope[0]) if slope[0] > 0 else min(pv_high, 1e3 * pv_low + 1e6)
    if case.bounds.battery_kw_per_kwh is not None:
        return np.array([[pv_low, pv_high, 0.0, 0.0]])
    useful = enough_power_kw(case, pv_high)
    kw_high = min(kw_high, max(kw_low, min(useful, kw_low + room / slope[2] if slope[2] > 0 else useful)))
    return np.array([[pv_low, pv_high, kw_low, kw_high]])


def _halved(boxes: Array, slope: Array) -> Array:
    """Return both halves of each box, cut where its width costs most."""
    if not len(boxes):
        return boxes
    wide = (boxes[:, 1] - boxes[:, 0]) * slope[0] >= (boxes[:, 3] - boxes[:, 2]) * slope[2]
    first, second = boxes.copy(), boxes.copy()
    for mask, at in ((wide, 0), (~wide, 2)):
        middle = (boxes[mask, at] + boxes[mask, at + 1]) / 2
        first[mask, at + 1] = middle
        second[mask, at] = middle
    return np.concatenate([first, second])
