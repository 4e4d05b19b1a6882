"""From a problem to one function: sizes in, cost of their best dispatch and a cut for all sizes out."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from mine_energy.sizing.exact.bounds import Space
from mine_energy.sizing.exact.problem import Problem

Array = np.ndarray[Any, np.dtype[np.float64]]

MOST_PRICES: Final = 24
"""Distinct prices, of imports and of exports, that the recursion tells apart; more are gathered in bins."""
_BITS: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cut:
    """Operating cost of one point, and ``constant + slopes @ x`` at or below the operating cost of every point x.

    Parameters
    ----------
    value
        Money a year, without the cost of sizes and peaks.
    constant, slopes
        Of the bound; shape (columns,).
    energy
        Shape (4,): export, import, genset, unserved, kWh a year.
    """

    value: float
    constant: float
    slopes: Array
    energy: Array


Evaluator = Callable[[Array, float], Cut]
"""From a point and the price put on what `Coverage` limits."""


def is_greedy(problem: Problem) -> bool:
    """Whether the greedy rule is optimal at all sizes: one price of shortage and one low credit of surplus.

    True where shortage has one price in all steps (imports without limit, or neither grid nor genset), surplus has one
    credit without limit, and the credit is at most the round-trip efficiency times the price: then storing surplus at
    once and serving shortage at once is never beaten.
    """
    shortage, credit = _shortage_price(problem), _surplus_credit(problem)
    if shortage is None or credit is None or problem.demand is not None or problem.drain_per_hour > 0:
        return False
    return credit <= problem.charge_efficiency * problem.discharge_efficiency * shortage


def _shortage_price(problem: Problem) -> float | None:
    """Return the one price of shortage, or None."""
    limits, prices = problem.series("import_limit_kw"), problem.series("import_price_per_kwh")
    voll = problem.unserved_price_per_kwh
    running = problem.genset.highest > 0
    if np.isinf(limits).all() and (prices == prices[0]).all():
        cheapest = prices[0] <= (voll if voll is not None else np.inf)
        return float(prices[0]) if cheapest and not (running and problem.fuel_price_per_kwh < prices[0]) else None
    if (limits == 0).all():
        if running:
            sure = problem.genset.lowest >= np.max(problem.load_kw)
            free = problem.genset.cost_per_unit == 0 and problem.genset.highest >= np.max(problem.load_kw)
            cheap = voll is None or problem.fuel_price_per_kwh <= voll
            return problem.fuel_price_per_kwh if (sure or free) and cheap else None
        return voll
    return None


def _surplus_credit(problem: Problem) -> float | None:
    """Return the one credit of surplus (0 where it is curtailed), or None."""
    limits, prices = problem.series("export_limit_kw"), problem.series("export_price_per_kwh")
    if ((limits == 0) | (prices == 0)).all():
        return 0.0
    return float(prices[0]) if np.isinf(limits).all() and (prices == prices[0]).all() else None


def greedy_evaluator(problem: Problem, space: Space) -> Evaluator:
    """Return the evaluator for one price of shortage (see :func:`is_greedy`); columns are the four sizes."""
    from mine_energy.sizing.exact import kernels  # noqa: PLC0415  (it starts a compiler)

    price, credit = _shortage_price(problem), _surplus_credit(problem)
    if price is None or credit is None or not is_greedy(problem):
        raise ValueError("the greedy rule is not optimal for this problem")
    hours = problem.step_hours
    load, unit = _floats(problem.load_kw) * hours, _floats(problem.pv_kw_per_kwp) * hours
    scale = _scale(problem, space.columns)
    column = 1 if np.isinf(problem.series("import_limit_kw")).all() else 2 if problem.genset.highest > 0 else 3
    touch, out = np.empty(load.size, dtype=np.int8), np.empty(kernels.OUT)

    def evaluate(x: Array, extra: float) -> Cut:
        terms = np.array([price + extra, credit, problem.charge_efficiency, 1 / problem.discharge_efficiency])
        kernels.greedy(load, unit, np.append(x[:4] * scale[:4], 0.0), terms, touch, out)
        energy = np.zeros(4)
        energy[0], energy[column] = out[kernels.ENERGY], out[kernels.ENERGY + 1]
        return _cut(out, scale, energy, problem.years)

    return evaluate


def shortage_evaluator(problem: Problem, space: Space) -> Evaluator:
    """Return the evaluator of the least shortage in kWh a year, where :func:`is_greedy` holds."""
    from mine_energy.sizing.exact import kernels  # noqa: PLC0415  (it starts a compiler)

    hours = problem.step_hours
    load, unit = _floats(problem.load_kw) * hours, _floats(problem.pv_kw_per_kwp) * hours
    scale = _scale(problem, space.columns)
    terms = np.array([1.0, 0.0, problem.charge_efficiency, 1 / problem.discharge_efficiency])
    touch, out = np.empty(load.size, dtype=np.int8), np.empty(kernels.OUT)

    def evaluate(x: Array, _extra: float) -> Cut:
        kernels.greedy(load, unit, np.append(x[:4] * scale[:4], 0.0), terms, touch, out)
        return _cut(out, scale, np.zeros(4), problem.years)

    return evaluate


def segment_evaluator(problem: Problem, space: Space) -> Evaluator:
    """Return the evaluator for every convex problem; columns are the sizes, the stored start and the peaks."""
    from mine_energy.sizing.exact import kernels  # noqa: PLC0415  (it starts a compiler)

    scale = _scale(problem, space.columns)
    periods = space.columns - 5
    base = _hours(problem, space)
    plans: dict[float, Any] = {}
    out = np.empty(kernels.OUT + periods + 1)
    drain = problem.drain_per_hour * problem.step_hours

    def evaluate(x: Array, extra: float) -> Cut:
        if extra not in plans:
            plans.clear()
            plan = _plan(problem, base, extra)
            plans[extra] = plan, np.empty((base.shape[1], plan[4].size))
        plan, table = plans[extra]
        physical = x * scale
        largest = max(physical[1], physical[2], physical[3], float(base[0].max()), 1e-9)
        quantum = 2.0 ** (np.ceil(np.log2(largest)) - _BITS)
        units = np.array([problem.charge_efficiency, 1 / problem.discharge_efficiency, quantum, drain])
        kernels.segments(plan, physical[:5], np.append(physical[5:], np.inf), units, table, out)
        return _cut(out, scale, out[kernels.ENERGY : kernels.ENERGY + 4].copy(), problem.years)

    return evaluate


def _cut(out: Array, scale: Array, energy: Array, years: float) -> Cut:
    """Return the cut of a kernel's output, a year, in the units of the columns."""
    slopes = np.concatenate([out[2:7], out[11 : 11 + max(scale.size - 5, 0)]])[: scale.size]
    return Cut(
        value=float(out[0]) / years,
        constant=float(out[1]) / years,
        slopes=slopes * scale / years,
        energy=energy / years,
    )


def _scale(problem: Problem, columns: int) -> Array:
    """Return what turns the columns into the kernels' units: usable kWh, and kWh a step for kW."""
    hours = problem.step_hours
    return np.array([1.0, problem.usable_fraction, hours, hours, problem.usable_fraction, *[hours] * columns])[:columns]


def _floats(values: Any) -> Array:
    return np.ascontiguousarray(values, dtype=np.float64)


def _hours(problem: Problem, space: Space) -> Array:
    """Return the rows that do not depend on prices; an absent limit becomes the most that any sizes can use."""
    hours = problem.step_hours
    load, unit = _floats(problem.load_kw), _floats(problem.pv_kw_per_kwp)
    pv, _, power, genset = space.high[:4]
    most_in, most_out = load + power, unit * pv + power + genset
    imports = np.minimum(problem.series("import_limit_kw"), most_in)
    exports = np.minimum(problem.series("export_limit_kw"), most_out)
    period = np.full(load.size, space.columns - 5.0) if problem.demand is None else _floats(problem.demand.period)
    rows = [load * hours, unit * hours, imports * hours, exports * hours, period, np.zeros(load.size)]
    return np.stack([*rows, problem.series("import_price_per_kwh"), problem.series("export_price_per_kwh")])


def _plan(problem: Problem, base: Array, extra: float) -> tuple[Array, Any, Any, Array, Array]:
    """Return what :func:`kernels.segments` calls its plan, with `extra` on the price of what coverage limits."""
    kind = problem.coverage.kind if problem.coverage is not None else "unserved"
    on_all = extra if kind == "self_sufficiency" else 0.0
    hours = base.copy()
    hours[6] += on_all
    voll = problem.unserved_price_per_kwh
    lost = (voll if voll is not None else 2 * float(base[6].max()) + problem.fuel_price_per_kwh + 1.0) + extra
    fuel = problem.fuel_price_per_kwh + on_all
    exports, of_export = np.unique(_binned(hours[7]), return_inverse=True)
    imports, of_import = np.unique(_binned(hours[6]), return_inverse=True)
    combos, where = np.unique(of_export * imports.size + of_import, return_inverse=True)
    hours[5] = where
    pairs = [divmod(int(combo), imports.size) for combo in combos]
    table = np.array([[0.0, exports[e], imports[i], fuel, lost] for e, i in pairs])
    orders = np.stack([np.concatenate([[0], 1 + np.argsort(row[1:], kind="stable")]) for row in table])
    both = np.stack([table / problem.charge_efficiency, table * problem.discharge_efficiency], axis=1)
    distinct = np.unique(both)
    values = np.concatenate([[2 * distinct[-1] + 1.0], distinct[::-1]])
    sorted_both = np.take_along_axis(both, np.repeat(orders[:, None, :], 2, axis=1), axis=2)
    ranks = values.size - 1 - np.searchsorted(distinct, sorted_both)
    return hours, orders.astype(np.int64), ranks.astype(np.int64), np.array([0, 0, 0, fuel, lost]), values


def _binned(prices: Array) -> Array:
    """Return prices with at most ``MOST_PRICES`` values, for the recursion: costs and bounds keep the true ones."""
    distinct = np.unique(prices)
    if distinct.size <= MOST_PRICES:
        return prices
    edges = np.quantile(prices, np.linspace(0, 1, MOST_PRICES + 1)[1:-1])
    group = np.searchsorted(edges, prices, side="right")
    means = np.bincount(group, weights=prices, minlength=MOST_PRICES) / np.maximum(
        np.bincount(group, minlength=MOST_PRICES), 1
    )
    return np.asarray(means[group])
