"""What a sum of money buys: "for USD 100,000 the best is ..."."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from mine_energy.errors import Infeasible
from mine_energy.sizing.case import Case
from mine_energy.sizing.costs import COLUMNS, Array
from mine_energy.sizing.describe import describe
from mine_energy.sizing.need import start_kwp
from mine_energy.sizing.result import PlantYear
from mine_energy.sizing.search import zoom

Aim = Literal["annual_cost", "self_sufficiency", "lpsp_without_grid"]
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BudgetPlan:
    """The best plant that a budget buys.

    Parameters
    ----------
    budget, aim
        As asked; ``annual_cost`` is least cost a year, the others the most coverage.
    investment
        What is spent: less than the budget where more would not help.
    plant
        What it does.
    """

    budget: float
    aim: Aim
    investment: float
    plant: PlantYear


def best_for_budget(case: Case, budget: float, aim: Aim = "annual_cost") -> BudgetPlan:
    """Return the best plant whose investment is within a budget.

    Parameters
    ----------
    case
        From :func:`mine_energy.sizing.case.make_case`.
    budget
        In the currency of the prices.
    aim
        What "best" means; the cheaper plant wins among equals.

    Raises
    ------
    Infeasible
        Even the least sizes cost more.
    """
    low = np.array([getattr(case.bounds, name)[0] for name in COLUMNS])
    least = float(case.rates.investment(low[None])[0])
    if least > budget * (1 + _ROUNDING):
        raise Infeasible("size_budget", budget=budget, least=least)
    point, _ = zoom(lambda table, *_: _score(case, budget, aim, table), low, _affordable(case, low, budget - least))
    sizes = _within(case, budget, point[None])[0]
    return BudgetPlan(
        budget=budget, aim=aim, investment=float(case.rates.investment(sizes[None])[0]), plant=describe(case, sizes)
    )


def _affordable(case: Case, low: Array, room: float) -> Array:
    """Return the most of each size that the money left would buy if it all went there, shape (4,)."""
    price = np.array(case.rates.price)
    peak = float(case.load_kw.max())
    free = np.array([8 * start_kwp(case), 7 * case.day_kwh, 3 * peak, 1.5 * peak])
    bought = np.where(price > 0, room / np.where(price > 0, price, 1.0), np.inf)
    bounds = np.array([getattr(case.bounds, name)[1] for name in COLUMNS])
    high = np.maximum(np.minimum(bounds, np.minimum(low + bought, np.maximum(low, free))), low)
    if case.bounds.battery_kw_per_kwh is not None:
        high[2] = low[2]
    return np.asarray(high)


def _score(case: Case, budget: float, aim: Aim, table: Array) -> Array:
    table = _within(case, budget, table)
    run = case.run(table)
    if aim == "annual_cost":
        return run.cost
    if aim == "self_sufficiency":
        missing = 1 - run.self_sufficiency
    else:
        missing = replace(case, grid=None).run(table).unserved_kwh / case.load_kwh
    # A billionth of coverage outweighs no money: among equals the cheaper plant wins.
    return np.asarray(missing + 1e-9 * run.cost / max(float(np.abs(run.cost).max()), 1.0))


def _within(case: Case, budget: float, table: Array) -> Array:
    """Return the candidates, those above the budget shrunk towards the least sizes until they meet it."""
    table = case.table(table[:, 0], table[:, 1], table[:, 2], table[:, 3])
    low = np.array([getattr(case.bounds, name)[0] for name in COLUMNS])
    if case.bounds.battery_kw_per_kwh is not None:
        low[2] = low[1] * case.bounds.battery_kw_per_kwh
    least = float(case.rates.investment(low[None])[0])
    extra = case.rates.investment(table) - least
    share = np.where(extra > budget - least, (budget - least) / np.where(extra > 0, extra, 1.0), 1.0)
    return np.asarray(low + (table - low) * share[:, None])
