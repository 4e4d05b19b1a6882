"""The three meanings of "100 %" with their cost, and the plant of one of them in depth."""

from dataclasses import dataclass, fields, replace
from typing import Final, Literal, cast

import numpy as np

from mine_energy.arrays import readonly
from mine_energy.errors import Finding, Infeasible
from mine_energy.motors import MotorInventory
from mine_energy.site import Meaning, Site
from mine_energy.sizing import (
    FrontierPoint,
    OffGrid,
    Saved,
    SensitivityRow,
    SizingResult,
    best_for_budget,
    iso_reliability,
    reliability_map,
    saved_by_measures,
    sensitivity,
)
from mine_energy.sizing.result import PlantYear, Reliability
from mine_energy.study.plant import Supply
from mine_energy.study.sizing_case import SizingCase
from mine_energy.study.sizing_depth import Depth, depth_of
from mine_energy.study.sizing_result import (
    BudgetResult,
    MapOfReliability,
    MeaningResult,
    OffGridTrust,
    SizedPlant,
    Sizing,
)
from mine_energy.study.sizing_starts import derated_of, starts_of

MEANINGS: Final[tuple[Meaning, ...]] = ("annual_net", "hourly_self", "offgrid", "least_cost")
_FRONTIER_LPSP: Final = (0.10, 0.05, 0.02, 0.01, 0.005, 0.001)
_FRONTIER_ARRAYS: Final = 7
_FRONTIER_YEARS: Final = 15
_MAP: Final = 15


def run_sizing(
    after: SizingCase,
    before: SizingCase,
    inventory: MotorInventory | None,
    *,
    measures_cost: float = 0.0,
    meanings: tuple[Meaning, ...] = MEANINGS,
    thorough: bool = False,
) -> Sizing:
    """Return the sizing of a plant.

    Parameters
    ----------
    after, before
        The problem on the load after measures and on the load of today.
    inventory
        For the starts of motors; None leaves them out.
    measures_cost
        What the measures cost, which a budget pays first.
    meanings
        Which to size; the site's goal is always among them.
    thorough
        Whether every meaning is put into units that are sold, not the goal's alone.
    """
    site = after.site
    goal = site.coverage.goal
    wanted = [key for key in MEANINGS if key == goal or key in meanings]
    found = {key: _attempt(after, key, units=thorough or key == goal) for key in wanted}
    results = tuple(_meaning(after, key, made) for key, made in found.items())
    looked_at = _detail(found, goal)
    chosen = found[looked_at]
    depth = depth_of(after, looked_at, chosen) if isinstance(chosen, SizingResult) else Depth()
    asked = found[goal]
    base = next((made.base_case for made in found.values() if isinstance(made, SizingResult)), None)
    if base is None:
        raise Infeasible("size_least_cost")
    own = _base_of(found, base)
    offgrid = found.get("offgrid")
    standing = chosen if after.equipment.grid is None or offgrid is None else offgrid
    starts, said = starts_of(after, standing, inventory)
    return Sizing(
        goal=goal,
        currency=site.finance.currency,
        years=len(after.units),
        years_drawn=after.drawn,
        base_case=_plant(own),
        meanings=results,
        detail=looked_at,
        fuel_saved_l=chosen.fuel_saved_l if isinstance(chosen, SizingResult) else 0.0,
        trust=_trust(offgrid.reliability) if isinstance(offgrid, SizingResult) else None,
        saved=_saved(_again(before, goal), asked) if isinstance(asked, SizingResult) else None,
        budget=_budget(after, measures_cost),
        frontier=_frontier(after) if isinstance(offgrid, SizingResult) else (),
        reliability=_map(after, offgrid) if isinstance(offgrid, SizingResult) else None,
        fortnight=depth.fortnight,
        soc_hours=depth.soc_hours,
        battery_years=depth.battery_years,
        sensitivity=_sensitivity(after, goal) if isinstance(asked, SizingResult) else (),
        starts=starts,
        derated=derated_of(after, standing),
        findings=_joined((*after.findings, *_said(found, looked_at, goal), *depth.findings, *said)),
    )


Made = SizingResult | Finding


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GoalPlants:
    """The plant of the site's goal for the load after measures and for that of today, and the battery's rule."""

    after: SizingResult
    before: SizingResult
    problem: SizingCase


def sized_goal(after: SizingCase, before: SizingCase) -> GoalPlants:
    """Return the plants of the site's goal.

    Raises
    ------
    Infeasible
        No plant reaches it.
    """
    goal = after.site.coverage.goal
    first, second = (case.sized(case.goal(goal), catalogue=False) for case in (after, before))
    return GoalPlants(after=first, before=second, problem=after)


def stored_by(supply: Supply, site: Site, chosen: GoalPlants | None, which: Literal["after", "before"]) -> Supply:
    """Return the supply with the battery of the goal's plant; without the grid where the goal is off it.

    The rule is that of a year without limits by temperature: sizing has them by the hour.
    """
    if chosen is None:
        return supply
    made = chosen.after if which == "after" else chosen.before
    off = site.coverage.goal == "offgrid"
    alone = off and made.genset_kw == 0
    rule = replace(chosen.problem.equipment.battery, charge_limit=None, discharge_limit=None)
    return replace(
        supply,
        grid=None if off else supply.grid,
        genset=None if alone else supply.genset,
        genset_kw=0.0 if alone else supply.genset_kw,
        battery=rule if made.battery_kwh > 0 else None,
        battery_kwh=made.battery_kwh,
        battery_kw=made.battery_kw if made.battery_kwh > 0 else 0.0,
    )


def _attempt(case: SizingCase, key: Meaning, *, units: bool) -> Made:
    try:
        return case.sized(case.goal(key), catalogue=units)
    except Infeasible as reason:
        return Finding(key=reason.key, level="warning", params=reason.params)


def _again(before: SizingCase, goal: Meaning) -> SizingResult:
    return before.sized(before.goal(goal), catalogue=False)


def _saved(before: SizingResult, after: SizingResult) -> Saved:
    """Return what the measures save, its money by the bills where a closed form gave the size."""
    cost = before.plant.money.total - after.plant.money.total
    return replace(saved_by_measures(before, after), annual_cost=cost)


def _detail(found: dict[Meaning, Made], goal: Meaning) -> Meaning:
    """Return the meaning looked at in depth: the goal where it has a battery, else the first of the others that has."""
    for key in (goal, "least_cost", "offgrid", "hourly_self"):
        made = found.get(key)
        if isinstance(made, SizingResult) and made.battery_kwh > 1:
            return key
    return goal


def _base_of(found: dict[Meaning, Made], first: PlantYear) -> PlantYear:
    """Return today's plant with its own supply: off-grid goals without a generator leave it out."""
    bases = [made.base_case for made in found.values() if isinstance(made, SizingResult)]
    return min(bases, key=lambda base: base.unserved_kwh, default=first)


def _plant(year: PlantYear) -> SizedPlant:
    own = {f.name: getattr(year, f.name) for f in fields(SizedPlant) if hasattr(year, f.name)}
    money, cover = year.money, year.coverage
    return SizedPlant(
        **own,
        annual_cost=money.total,
        investment=money.investment,
        capital=money.capital,
        om=money.om,
        fuel=money.fuel,
        imports=money.imports,
        exports=money.exports,
        unserved=money.unserved,
        annual_net_ratio=cover.annual_net_ratio,
        self_sufficiency=cover.self_sufficiency,
        lpsp_without_grid=cover.lpsp_without_grid,
        lpsp_p10=cover.lpsp_quantiles.p10,
        lpsp_p50=cover.lpsp_quantiles.p50,
        lpsp_p90=cover.lpsp_quantiles.p90,
    )


def _meaning(case: SizingCase, key: Meaning, made: Made) -> MeaningResult:
    asked = case.site.coverage
    shares = {"annual_net": asked.net_ratio, "hourly_self": asked.hourly_ratio, "offgrid": 1 - asked.lpsp}
    share, years = shares.get(key, 0.0), len(case.units) if key == "offgrid" else 1
    if not isinstance(made, SizingResult):
        return MeaningResult(key=key, asked=share, years=years, plant=None, reason=made)
    shelf = made.catalogue
    return MeaningResult(
        key=key,
        asked=share,
        years=years,
        plant=_plant(made.plant),
        catalogue=_plant(shelf.plant) if shelf else None,
        modules=shelf.modules if shelf else 0,
        racks=shelf.racks if shelf else 0,
        # A closed form gives the size; what it costs is what the bill says.
        lower_bound=made.plant.money.total if made.bound_by == "closed_form" else made.lower_bound,
        gap=made.gap,
        bound_by=made.bound_by,
        above_free=shelf.plant.money.total / made.plant.money.total - 1 if shelf else None,
        above_bound=shelf.above_bound if shelf else None,
    )


def _trust(found: Reliability | None) -> OffGridTrust | None:
    if found is None:
        return None

    def known(value: float | None) -> float | None:
        return value if value is not None and np.isfinite(value) else None

    kwh = found.battery_kwh
    return OffGridTrust(
        lpsp_limit=found.lpsp_limit,
        percentile=found.percentile,
        years=found.years,
        years_needed=found.years_needed,
        years_kept=found.years_kept,
        kept_low=found.kept_low,
        kept_high=found.kept_high,
        battery_p10_kwh=known(kwh.p10) if kwh else None,
        battery_p50_kwh=known(kwh.p50) if kwh else None,
        battery_p90_kwh=known(kwh.p90) if kwh else None,
    )


def _budget(case: SizingCase, measures_cost: float) -> BudgetResult | None:
    """Return what the budget buys after the measures, on the plant's present supply."""
    dollars = case.site.finance.budget_usd
    if dollars is None:
        return None
    budget = dollars * case.per_usd
    try:
        goal = case.goal("least_cost")
        left = max(budget - measures_cost, 0.0)
        plans = [best_for_budget(problem, left) for problem in (case.case(goal), case.case_in_balance(goal))]
    except Infeasible:
        return None
    plan = min(plans, key=lambda one: one.plant.money.total)
    return BudgetResult(budget=budget, measures=measures_cost, investment=plan.investment, plant=_plant(plan.plant))


def _frontier(case: SizingCase) -> tuple[FrontierPoint, ...]:
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


def _map(case: SizingCase, made: SizingResult) -> MapOfReliability:
    goal = cast("OffGrid", case.goal("offgrid"))
    arrays = made.pv_kwp * np.linspace(0.4, 2.0, _MAP)
    batteries = max(made.battery_kwh, 1.0) * np.linspace(0.0, 2.0, _MAP)
    found = reliability_map(case.case(goal), goal.percentile, arrays.tolist(), batteries.tolist())
    return MapOfReliability(pv_kwp=found.pv_kwp, battery_kwh=found.battery_kwh, lpsp=readonly(found.lpsp.ravel()))


def _sensitivity(case: SizingCase, goal: Meaning) -> tuple[SensitivityRow, ...]:
    asked = case.goal(goal)
    given = case.arguments(asked)
    # Bills of every moved input would take minutes: prices alone tell what moves the cost.
    net = goal == "annual_net" and case.equipment.grid is not None
    plain = replace(
        case,
        prices=replace(case.prices_in_balance if net else case.prices, bill=None),
        prices_in_balance=replace(case.prices_in_balance, bill=None),
    )
    try:
        return sensitivity(
            lambda **moved: plain.sized(asked, catalogue=False, **moved),
            given["load_kw"],
            given["pv_kw_per_kwp"],
            case.costs,
            plain.arguments(asked)["prices"],
        )
    except Infeasible:
        return ()


def _said(found: dict[Meaning, Made], looked_at: Meaning, goal: Meaning) -> list[Finding]:
    """Return what the sizings of the goal, of the plant looked at and of the off-grid plant have to say."""
    keys = dict.fromkeys((goal, looked_at, "offgrid"))
    said = [f for key in keys if isinstance(made := found.get(key), SizingResult) for f in made.findings]
    return [*said, *(made for made in found.values() if isinstance(made, Finding))]


def _joined(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    kept: list[Finding] = []
    for finding in findings:
        if finding not in kept:
            kept.append(finding)
    return tuple(kept)
