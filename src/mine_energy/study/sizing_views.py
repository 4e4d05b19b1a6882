"""Views of a sized plant: what a budget buys, cost against reliability, the reliability map, what moves the cost."""

from dataclasses import replace
from typing import Final, cast

import numpy as np

from mine_energy.arrays import readonly
from mine_energy.errors import Finding, Infeasible
from mine_energy.site import Meaning
from mine_energy.sizing import (
    FrontierPoint,
    OffGrid,
    SensitivityRow,
    SizingResult,
    best_for_budget,
    iso_reliability,
    reliability_map,
    sensitivity,
)
from mine_energy.study.sizing_case import SizingCase
from mine_energy.study.sizing_meanings import sized_plant
from mine_energy.study.sizing_result import BudgetResult, MapOfReliability

_FRONTIER_LPSP: Final = (0.10, 0.05, 0.02, 0.01, 0.005, 0.001)
_FRONTIER_ARRAYS: Final = 7
_FRONTIER_YEARS: Final = 15
_MAP: Final = 15


def budget_of(case: SizingCase, measures_cost: float) -> tuple[BudgetResult | None, tuple[Finding, ...]]:
    """Return what the budget buys after the measures, on the plant's present supply, or why it buys nothing."""
    dollars = case.site.finance.budget_usd
    if dollars is None:
        return None, ()
    budget = dollars * case.per_usd
    goal = case.goal("least_cost")
    left = max(budget - measures_cost, 0.0)
    try:
        plans = [best_for_budget(problem, left) for problem in (case.case(goal), case.case_in_balance(goal))]
    except Infeasible as reason:
        return None, (Finding(key=reason.key, level="warning", params=reason.params),)
    plan = min(plans, key=lambda one: one.plant.money.total)
    plant = sized_plant(plan.plant)
    return BudgetResult(budget=budget, measures=measures_cost, investment=plan.investment, plant=plant), ()


def frontier_of(case: SizingCase) -> tuple[FrontierPoint, ...]:
    """Return the cheapest of some arrays for each limit of LPSP, off the grid: cost against reliability."""
    goal = cast("OffGrid", case.goal("offgrid"))
    problem = case.case(goal)
    problem = replace(problem, units=problem.units[:_FRONTIER_YEARS])
    start = problem.load_kwh / problem.yield_kwh
    arrays = start * np.linspace(0.9, 2.6, _FRONTIER_ARRAYS)
    points: list[FrontierPoint] = []
    for limit in _FRONTIER_LPSP:
        curve = iso_reliability(problem, OffGrid(lpsp=limit, percentile=goal.percentile, age=goal.age), arrays.tolist())
        best = min(curve, key=lambda point: point.annual_cost)
        if not np.isfinite(best.annual_cost):
            continue
        row = problem.table(best.pv_kwp, best.battery_kwh)
        last = points[-1] if points else None
        step = 100 * (1 - limit - last.coverage) if last else 0.0
        points.append(
            FrontierPoint(
                coverage=1 - limit,
                pv_kwp=best.pv_kwp,
                battery_kwh=best.battery_kwh,
                battery_kw=float(row[0, 2]),
                genset_kw=0.0,
                annual_cost=best.annual_cost,
                investment=float(problem.rates.investment(row)[0]),
                extra_cost_per_percent=(best.annual_cost - last.annual_cost) / step if last and step > 0 else None,
            )
        )
    return tuple(points)


def map_of(case: SizingCase, made: SizingResult) -> MapOfReliability:
    """Return LPSP on a grid of arrays and batteries around an off-grid plant."""
    goal = cast("OffGrid", case.goal("offgrid"))
    arrays = made.pv_kwp * np.linspace(0.4, 2.0, _MAP)
    batteries = max(made.battery_kwh, 1.0) * np.linspace(0.0, 2.0, _MAP)
    found = reliability_map(case.case(goal), goal.percentile, arrays.tolist(), batteries.tolist())
    return MapOfReliability(pv_kwp=found.pv_kwp, battery_kwh=found.battery_kwh, lpsp=readonly(found.lpsp.ravel()))


def sensitivity_of(case: SizingCase, goal: Meaning, annual_cost: float) -> tuple[SensitivityRow, ...]:
    """Return what each input that matters moves the cost of the goal's plant by.

    Bills of every moved input would take minutes: the prices of the search, by the hour, tell what moves the cost, and
    what they leave out (power charges, blocks, quarter hours) stays as in the plant's own `annual_cost`. The price of
    energy is what the bills are made of: it is moved in the tariff, and the plant sized and billed again as a whole.
    """
    asked = case.goal(goal)
    given = case.arguments(asked)
    net = goal == "annual_net" and case.equipment.grid is not None
    plain = replace(
        case,
        prices=replace(case.prices_in_balance if net else case.prices, bill=None),
        prices_in_balance=replace(case.prices_in_balance, bill=None),
        metered=None,
    )
    try:
        rest = annual_cost - plain.sized(asked, catalogue=False, prices=plain.arguments(asked)["prices"]).annual_cost
        rows = sensitivity(
            lambda **moved: plain.sized(asked, catalogue=False, **moved),
            given["load_kw"],
            given["pv_kw_per_kwp"],
            case.costs,
            plain.arguments(asked)["prices"],
            at_energy_price=lambda factor: case.at_energy_price(factor).sized(asked, catalogue=False),
        )
    except Infeasible:
        return ()
    return tuple(row if row.key == "energy_price" else _raised(row, rest) for row in rows)


def _raised(row: SensitivityRow, rest: float) -> SensitivityRow:
    return replace(row, low_cost=row.low_cost + rest, high_cost=row.high_cost + rest)
