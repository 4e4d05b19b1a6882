"""The space of the master problem: what each column costs, how large it may get, and what ties columns together."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from mine_energy.sizing.exact.problem import SIZES, OutOfBounds, Problem

Array = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Space:
    """Columns: the four sizes; beyond the greedy class also the energy stored at the start and the peaks (kWh, kW).

    Parameters
    ----------
    cost
        Shape (columns,): money a year per unit.
    low, high
        Shape (columns,): finite bounds.
    rows, most
        Shape (rows, columns) and (rows,): ``rows @ x <= most``.
    """

    cost: Array
    low: Array
    high: Array
    rows: Array
    most: Array

    @property
    def columns(self) -> int:
        """Number of columns."""
        return int(self.cost.size)


def space_of(problem: Problem, *, greedy: bool, extra: float = 0.0) -> Space:
    """Return the space of `problem`, with finite bounds that no optimum exceeds.

    Raises
    ------
    OutOfBounds
        A size has neither a cost nor an upper bound, or its income may exceed its cost without limit.
    """
    cost = np.array([asset.cost_per_unit for asset in problem.assets])
    low = np.array([asset.lowest for asset in problem.assets])
    high = np.array([asset.highest for asset in problem.assets])
    high = np.where(np.isinf(high), _most_worth(problem, cost, low, high, extra), high)
    rows = [np.array(limit.factors) for limit in problem.limits]
    most = [limit.highest for limit in problem.limits]
    if greedy:
        # The set either carries every shortage alone, at no cost of its size, or is not needed.
        alone = problem.genset.highest > 0 and bool((problem.series("import_limit_kw") == 0).all())
        low[3] = max(low[3], float(np.max(problem.load_kw))) if alone else low[3]
        high[3] = high[3] if alone else low[3]
        return _space(cost, low, high, rows, most)
    top = _peaks(problem, high)
    cost = np.concatenate([cost, [0.0], _peak_prices(problem)])
    start = np.zeros(cost.size)
    start[1], start[4] = -1.0, 1.0
    rows, most = [start, *(np.pad(row, (0, cost.size - 4)) for row in rows)], [0.0, *most]
    if problem.drain_per_hour > 0:
        # In a closed period the mean charge makes up for the drain, so the power has to.
        drain = np.zeros(cost.size)
        drain[1], drain[2] = problem.drain_per_hour * problem.usable_fraction, -problem.charge_efficiency
        rows, most = [*rows, drain], [*most, 0.0]
    low = np.concatenate([low, np.zeros(cost.size - 4)])
    return _space(cost, low, np.concatenate([high, [high[1]], top]), rows, most)


def _space(cost: Array, low: Array, high: Array, rows: list[Array], most: list[float]) -> Space:
    table = np.array(rows).reshape(len(rows), cost.size)
    return Space(cost=cost, low=low, high=high, rows=table, most=np.array(most))


def _peak_prices(problem: Problem) -> Array:
    return np.zeros(0) if problem.demand is None else np.asarray(problem.demand.price_per_kw) / problem.years


def _peaks(problem: Problem, high: Array) -> Array:
    """Return the most that each billing period's peak can be."""
    if problem.demand is None:
        return np.zeros(0)
    most = np.minimum(problem.series("import_limit_kw"), np.asarray(problem.load_kw) + high[2])
    top = np.zeros(len(problem.demand.price_per_kw))
    np.maximum.at(top, np.asarray(problem.demand.period, dtype=np.int64), most)
    return top


def _most_worth(problem: Problem, cost: Array, low: Array, high: Array, extra: float) -> Array:
    """Return sizes whose cost alone exceeds the whole cost of a plant with the lowest sizes and an idle battery."""
    base = float(cost @ low) + _idle_cost(problem, extra)
    limits, credits = problem.series("export_limit_kw"), problem.series("export_price_per_kwh")
    hours = problem.step_hours / problem.years
    paid = credits > 0
    worth = np.zeros(4)
    income = float((np.where(np.isinf(limits), 0.0, limits) * credits)[paid].sum()) * hours
    if np.isinf(limits[paid]).any():
        worth[0] = float(credits.max() * np.asarray(problem.pv_kw_per_kwp).sum()) * hours
    free = np.isinf(high) & (cost - worth <= 0)
    if free.any():
        names = ", ".join(np.array(SIZES)[free])
        raise OutOfBounds(f"{names}: needs an upper bound, because it costs nothing or earns more than it costs")
    pv = min(high[0], (base + income) / (cost[0] - worth[0])) if np.isinf(high[0]) else high[0]
    # Every size by its own cost, beside the income that the largest array could have.
    whole = base + income + worth[0] * pv
    return np.where(cost > 0, whole / np.where(cost > 0, cost, 1.0), high)


def _idle_cost(problem: Problem, extra: float) -> float:
    """Return the operating cost of grid and shedding alone, a year."""
    load, limits = np.asarray(problem.load_kw), problem.series("import_limit_kw")
    prices = problem.series("import_price_per_kwh")
    served = np.minimum(load, limits)
    short = load - served
    voll = problem.unserved_price_per_kwh
    if voll is None and short.any():
        raise OutOfBounds("unserved_price_per_kwh: needed, because imports alone cannot carry the load")
    energy = float((served * (prices + extra) + short * ((voll or 0.0) + extra)).sum()) * problem.step_hours
    return energy / problem.years + _idle_peaks(problem, served)


def _idle_peaks(problem: Problem, served: Array) -> float:
    if problem.demand is None:
        return 0.0
    top = np.zeros(len(problem.demand.price_per_kw))
    np.maximum.at(top, np.asarray(problem.demand.period, dtype=np.int64), served)
    return float(_peak_prices(problem) @ top)
