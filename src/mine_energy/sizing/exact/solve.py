"""Least cost by cutting planes: dispatch a point, learn a cut for all points, let the master propose the next."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from mine_energy.sizing.exact.bounds import Array, Space, space_of
from mine_energy.sizing.exact.evaluate import Cut, Evaluator, greedy_evaluator, segment_evaluator
from mine_energy.sizing.exact.master import Master
from mine_energy.sizing.exact.problem import Energy, ExactResult, Method, Problem

TARGET_GAP: Final = 1e-6
MOST_EVALUATIONS: Final = 600
LEVEL: Final = 0.3
"""Share of the gap at which the next point's level lies above the bound."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Optimum:
    """Best point of one run of cuts.

    Parameters
    ----------
    x
        Shape (columns,).
    cost, bound
        Money a year: of that point, and below every point.
    cut
        The evaluation of `x`.
    evaluations
        Years dispatched.
    """

    x: Array
    cost: float
    bound: float
    cut: Cut
    evaluations: int


def minimise(space: Space, evaluate: Evaluator, x: Array, *, extra: float = 0.0, target: float = TARGET_GAP) -> Optimum:
    """Return the least cost over `space` from a first point, by the level method.

    Parameters
    ----------
    space
        Costs and bounds.
    evaluate
        Operating cost and cut of a point.
    x
        First point.
    extra
        Price put on what the coverage limits.
    target
        Relative gap at which to stop.
    """
    first = evaluate(x, extra)
    cost = float(space.cost @ x) + first.value
    master = Master(space, master_units(space, x), max(abs(cost), 1e-9))
    if (space.rows @ x > space.most).any():
        x = master.nearest(x, np.inf)
        first = evaluate(x, extra)
        cost = float(space.cost @ x) + first.value
    best = Optimum(x=x, cost=cost, bound=-np.inf, cut=first, evaluations=1)
    cut, bound = first, -np.inf
    for count in range(1, MOST_EVALUATIONS + 1):
        master.add(cut.constant, cut.slopes)
        found, lowest = master.bound()
        bound = max(bound, found)
        if best.cost - bound <= target * abs(best.cost) or count == MOST_EVALUATIONS:
            break
        level = bound + LEVEL * (best.cost - bound)
        x = master.nearest(best.x, level) if np.isfinite(bound) else lowest
        cut = evaluate(x, extra)
        cost = float(space.cost @ x) + cut.value
        if cost < best.cost:
            best = Optimum(x=x, cost=cost, bound=bound, cut=cut, evaluations=count + 1)
    return Optimum(x=best.x, cost=best.cost, bound=min(bound, best.cost), cut=best.cut, evaluations=count)


def master_units(space: Space, x: Array) -> Array:
    """Return the sizes in which the master counts."""
    span = np.where(space.high > space.low, space.high - space.low, 1.0)
    return np.where(x > 0, np.maximum(x, 1e-3 * span), np.minimum(span, np.maximum(1e-2 * span, 1.0)))


def first_point(problem: Problem, space: Space) -> Array:
    """Return a plausible plant inside the box: two thirds of the load's energy from PV, a third of a day in store."""
    load, unit = np.asarray(problem.load_kw), np.asarray(problem.pv_kw_per_kwp)
    day = float(load.sum()) / load.size * 24
    x = np.zeros(space.columns)
    x[0] = 0.7 * load.sum() / unit.sum() if unit.sum() > 0 else 0.0
    x[1:4] = 0.3 * day, 0.5 * load.max(), 0.3 * load.max()
    if space.columns > 4:
        x[5:] = 0.5 * load.max()
    x = np.clip(x, space.low, space.high)
    if space.columns > 4:
        x[4] = 0.5 * x[1]
    return x


def uncovered(problem: Problem, *, greedy: bool, target: float) -> ExactResult:
    """Return the least cost of a problem that asks for no coverage."""
    space = space_of(problem, greedy=greedy)
    evaluate = (greedy_evaluator if greedy else segment_evaluator)(problem, space)
    best = minimise(space, evaluate, first_point(problem, space), target=target)
    return result_of(best.x, best.cost, best.bound, best.cut.energy, best.evaluations, method_of(greedy))


def method_of(greedy: bool) -> Method:
    """Return the name of the method."""
    return "greedy cuts" if greedy else "segment cuts"


def result_of(x: Array, cost: float, bound: float, energy: Array, evaluations: int, method: Method) -> ExactResult:
    """Return the result in plain numbers."""
    gap = max(cost - bound, 0.0) / abs(cost) if cost else 0.0
    return ExactResult(
        pv_kwp=float(x[0]),
        battery_kwh=float(x[1]),
        battery_kw=float(x[2]),
        genset_kw=float(x[3]),
        annual_cost=float(cost),
        lower_bound=float(bound),
        gap=float(gap),
        energy=Energy(
            **dict(zip(("export_kwh", "import_kwh", "genset_kwh", "unserved_kwh"), map(float, energy), strict=True))
        ),
        evaluations=evaluations,
        method=method,
    )
