"""Least cost with a coverage constraint: cut directly where the greedy rule is optimal, else by its multiplier."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from mine_energy.sizing.exact.bounds import Array, Space, space_of
from mine_energy.sizing.exact.evaluate import Cut, greedy_evaluator, is_greedy, segment_evaluator, shortage_evaluator
from mine_energy.sizing.exact.master import Master
from mine_energy.sizing.exact.problem import ExactResult, OutOfBounds, Problem
from mine_energy.sizing.exact.solve import (
    LEVEL,
    MOST_EVALUATIONS,
    Optimum,
    first_point,
    master_units,
    method_of,
    minimise,
    result_of,
    uncovered,
)

_MOST_PRICES = 60
_HALVINGS = 12
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Design:
    """One design: sizes, cost without the multiplier, what the coverage limits, energy."""

    x: Array
    cost: float
    limited_kwh: float
    energy: Array


def covered(problem: Problem, *, greedy: bool, target: float) -> ExactResult:
    """Return the least cost of `problem` under its coverage.

    Raises
    ------
    OutOfBounds
        No sizes within their bounds reach the coverage.
    """
    free = replace(problem, coverage=None)
    if _always_met(problem, greedy=greedy):
        return uncovered(free, greedy=is_greedy(free), target=target)
    return _direct(problem, target) if greedy and not problem.limits else _by_multiplier(problem, target, greedy=greedy)


def _always_met(problem: Problem, *, greedy: bool) -> bool:
    """Whether nothing can stay unserved: the greedy class sheds only where shedding is its one source."""
    if problem.coverage is None or (problem.coverage.kind == "unserved" and problem.coverage.share >= 1):
        return True
    carried = bool(np.isinf(problem.series("import_limit_kw")).all()) or problem.genset.highest > 0
    return greedy and problem.coverage.kind == "unserved" and carried


def most_kwh(problem: Problem) -> float:
    """Return what the coverage allows, kWh a year."""
    if problem.coverage is None:
        raise ValueError("no coverage asked")
    share = problem.coverage.share if problem.coverage.kind == "unserved" else 1 - problem.coverage.share
    return share * float(np.sum(problem.load_kw)) * problem.step_hours / problem.years


def _limited(problem: Problem, energy: Array) -> float:
    """Return the energy that the coverage limits."""
    kind = problem.coverage.kind if problem.coverage is not None else "unserved"
    return float(energy[3] if kind == "unserved" else energy[1:].sum())


def _direct(problem: Problem, target: float) -> ExactResult:
    """Cut cost and shortage, both convex; a line from outside to an ample design gives feasible points."""
    most = most_kwh(problem)
    # The multiplier's bound on sizes: with no price on shortage a size may be worth more than its whole cost.
    space = space_of(problem, greedy=True, extra=_steepest(problem))
    evaluate, shortage = greedy_evaluator(problem, space), shortage_evaluator(problem, space)
    count = [0]

    def short(x: Array) -> Cut:
        count[0] += 1
        return shortage(x, 0.0)

    ample = _ample(first_point(problem, space), space, short, most)
    x = _meet(ample, space.low, short, most)
    cut = evaluate(x, 0.0)
    best = Optimum(x=x, cost=float(space.cost @ x) + cut.value, bound=-np.inf, cut=cut, evaluations=1)
    master, bound, tried = Master(space, master_units(space, x), best.cost), -np.inf, x
    while True:
        for point in (x, tried) if tried is not x else (x,):
            for made, add in ((evaluate(point, 0.0), master.add), (short(point), _limiter(master, most))):
                add(made.constant, made.slopes)
        bound = max(bound, master.bound()[0])
        if best.cost - bound <= target * abs(best.cost) or count[0] > 4 * MOST_EVALUATIONS:
            break
        tried = master.nearest(best.x, bound + LEVEL * (best.cost - bound))
        x = tried if short(tried).value <= most else _meet(ample, tried, short, most)
        cut = evaluate(x, 0.0)
        count[0] += 1
        cost = float(space.cost @ x) + cut.value
        if cost < best.cost:
            best = Optimum(x=x, cost=cost, bound=bound, cut=cut, evaluations=count[0])
    return result_of(best.x, best.cost, min(bound, best.cost), best.cut.energy, count[0], method_of(True))


def _limiter(master: Master, most: float) -> Callable[[float, Array], None]:
    return lambda constant, slopes: master.limit(constant, slopes, most)


def _steepest(problem: Problem) -> float:
    """Return a price of shortage above which no optimum lies: what a store filled once a year would cost per kWh."""
    cost = sum(asset.cost_per_unit for asset in problem.assets[1:3])
    return 10.0 * max(cost, problem.pv.cost_per_unit)


def _ample(x: Array, space: Space, short: Callable[[Array], Cut], most: float) -> Array:
    """Return a design well inside the coverage, by doubling."""
    for _ in range(40):
        if short(x).value <= 0.5 * most:
            return x
        larger = np.minimum(np.maximum(2 * x, 1e-3), space.high)
        if np.array_equal(larger, x):
            break
        x = larger
    if short(x).value <= most:
        return x
    raise OutOfBounds("coverage: no sizes within their bounds reach it")


def _meet(ample: Array, x: Array, short: Callable[[Array], Cut], most: float) -> Array:
    """Return the point between `x` (outside) and `ample` (inside) where the coverage is just met, from inside."""
    low, high = 0.0, 1.0
    if short(x).value <= most:
        return x
    for _ in range(_HALVINGS):
        made = short(x + low * (ample - x))
        # Newton's step from outside never passes the limit of a convex function; halving closes from inside.
        slope = float(made.slopes @ (ample - x))
        step = (most - made.value) / slope if slope < 0 else 0.0
        low = min(low + max(step, 0.0), high)
        inside = min(high, low + max(0.02 * (high - low), 2 * step * 0.02))
        if high - low < 1e-9:
            break
        if short(x + inside * (ample - x)).value <= most:
            high = inside
        else:
            low = inside
    return np.asarray(x + high * (ample - x))


def _by_multiplier(problem: Problem, target: float, *, greedy: bool) -> ExactResult:
    """Raise the price on what is limited until two designs, one on each side, bracket the limit at equal cost.

    Cost over limited energy is convex; each price gives a supporting line, whose height at the limit is a lower bound,
    and a design. The mix of the two bracketing designs and dispatches is itself a plan, because the problem is convex.
    """
    # Rounding of a year's sum must not count as a breach where nothing is allowed.
    most, evaluations = most_kwh(problem) + _ROUNDING * float(np.sum(problem.load_kw)) * problem.step_hours, 0

    def at(price: float, x: Array | None) -> tuple[_Design, float, int]:
        space = space_of(problem, greedy=greedy, extra=price)
        start = first_point(problem, space) if x is None else np.clip(x, space.low, space.high)
        evaluate = (greedy_evaluator if greedy else segment_evaluator)(problem, space)
        best = minimise(space, evaluate, start, extra=price, target=target / 3)
        limited = _limited(problem, best.cut.energy)
        design = _Design(x=best.x, cost=best.cost - price * limited, limited_kwh=limited, energy=best.cut.energy)
        return design, best.bound - price * most, best.evaluations

    over, bound, evaluations = at(0.0, None)
    if over.limited_kwh <= most:
        return result_of(over.x, over.cost, bound, over.energy, evaluations, method_of(greedy))
    price = 0.1 * max(over.cost, 1e-9) / max(over.limited_kwh, 1e-9)
    under = None
    for _ in range(_MOST_PRICES):
        made, line, count = at(price, (under or over).x)
        bound, evaluations = max(bound, line), evaluations + count
        if made.limited_kwh <= most:
            under = made
        else:
            over = made
        if under is None:
            price *= 4
            if price > 1e3 * _steepest(problem) + 1e3 * (problem.unserved_price_per_kwh or 0.0):
                break
            continue
        mixed = _mix(over, under, most)
        if mixed.cost - bound <= target * abs(mixed.cost):
            break
        between = (under.cost - over.cost) / (over.limited_kwh - under.limited_kwh)
        if abs(between - price) <= 1e-12 * price:
            break
        price = between
    if under is None:
        raise OutOfBounds("coverage: no sizes within their bounds reach it")
    mixed = _mix(over, under, most)
    return result_of(mixed.x, mixed.cost, min(bound, mixed.cost), mixed.energy, evaluations, method_of(greedy))


def _mix(over: _Design, under: _Design, most: float) -> _Design:
    """Return the mix of two designs that uses just what is allowed."""
    part = (most - under.limited_kwh) / (over.limited_kwh - under.limited_kwh)
    return _Design(
        x=under.x + part * (over.x - under.x),
        cost=under.cost + part * (over.cost - under.cost),
        limited_kwh=most,
        energy=under.energy + part * (over.energy - under.energy),
    )
