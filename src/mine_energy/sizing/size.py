"""From a goal to sizes: the search that fits it, the proof, and the result with all that should be read beside it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from mine_energy.dispatch import Battery, Genset, Grid
from mine_energy.errors import Infeasible, InputError, Problem
from mine_energy.sizing import notes, offgrid
from mine_energy.sizing.annual import annual_net_kwp, behind_inverters
from mine_energy.sizing.case import Case, make_case
from mine_energy.sizing.catalogue import Catalogue, snap
from mine_energy.sizing.costs import COLUMNS, NOTHING, Array, Costs, Existing
from mine_energy.sizing.describe import describe
from mine_energy.sizing.foresight import all_served, foresight
from mine_energy.sizing.goals import AnnualNet, Goal, HourlySelf, LeastCost, OffGrid
from mine_energy.sizing.least import Plant, cheapest
from mine_energy.sizing.need import Meets, covers, keeps_off_grid, serves
from mine_energy.sizing.reliability import reliability
from mine_energy.sizing.result import CatalogueChoice, SizingResult
from mine_energy.sizing.rules import Ageing, Bounds, Metered, Prices
from mine_energy.sizing.settle import bills, settled

_ROUNDING: Final = 1e-9


def size(  # noqa: PLR0913
    load_kw: Any,
    pv_kw_per_kwp: Any,
    goal: Goal,
    costs: Costs,
    *,
    battery: Battery | None = None,
    genset: Genset | None = None,
    grid: Grid | None = None,
    prices: Prices | None = None,
    bounds: Bounds | None = None,
    existing: Existing = NOTHING,
    ageing: Ageing | None = None,
    catalogue: Catalogue | None = None,
    step_hours: float = 1.0,
    metered: Metered | None = None,
) -> SizingResult:
    """Return the sizes that meet a goal at least cost.

    Parameters
    ----------
    load_kw
        Shape (n,): mean load of every step of a year, kW.
    pv_kw_per_kwp
        Shape (n,) or (years, n): AC output per kWp of new modules, each row a weather year.
    goal
        :class:`AnnualNet`, :class:`HourlySelf`, :class:`OffGrid` or :class:`LeastCost`.
    costs
        Prices of the plant.
    battery, genset, grid
        Rules; a size without a rule stays 0. An off-grid goal leaves the grid out.
    prices
        Of energy through the meter.
    bounds
        Least and most of each size.
    existing
        What the plant owns; also the base case.
    ageing
        Yearly losses; the goal's `age` says which year counts. None is none.
    catalogue
        Units that are sold; None leaves the sizes free.
    step_hours
        Length of a step.
    metered
        The load in finer steps, on which the plant is settled and described; None where these are the load's own.

    Returns
    -------
    SizingResult

    Raises
    ------
    InputError
        Series, bounds or prices do not fit, or an off-grid goal has one weather year only.
    Infeasible
        No size within the bounds meets the goal.
    """
    left = (ageing or Ageing()).left(goal.age, costs.mine_life_years)
    case = make_case(
        load_kw,
        pv_kw_per_kwp,
        costs,
        battery=battery,
        genset=genset,
        grid=grid,
        prices=prices,
        bounds=bounds,
        existing=existing,
        step_hours=step_hours,
        left=left,
        metered=metered,
    )
    if case.load_kwh <= 0:
        raise Infeasible("no_load")
    asked = problem(case.own if isinstance(goal, AnnualNet) else case, goal)
    found = solve(asked, goal)
    own = asked if metered is None else problem(case.own, goal)
    plant = found if metered is None and case.prices.bill is None else settled(own.case, own.demand, found)
    if not np.isfinite(plant.cost):
        raise _missed(goal)
    return _result(own, goal, plant, catalogue, case.own)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Asked:
    """A case made ready for its goal, and the demand that the goal makes on candidates of any such case."""

    case: Case
    demand: Callable[[Case], Meets] | None


def problem(case: Case, goal: Goal) -> Asked:
    """Return the case as the goal sees it: without a grid, with a least array, and with the demand.

    Parameters
    ----------
    case
        Of :func:`mine_energy.sizing.case.make_case`.
    goal
        What is asked for.

    Raises
    ------
    InputError
        An off-grid goal with one year of weather, or a limit on inverters beside a goal that knows none.
    Infeasible
        The array that the goal needs lies above its bound.
    """
    if isinstance(goal, OffGrid):
        if len(case.units) < 2:
            raise InputError([Problem(key="offgrid_one_year", field="pv_kw_per_kwp", value="1")])
        island = replace(case, grid=None, rates=replace(case.rates, unserved_kwh=0.0))
        return Asked(case=island, demand=lambda some: keeps_off_grid(some, goal))
    if np.isfinite(case.bounds.inverter_kw) and not isinstance(goal, AnnualNet):
        limit = f"{case.bounds.inverter_kw:g}"
        raise InputError([Problem(key="size_inverter_limit", field="inverter_kw", value=limit)])
    if isinstance(goal, HourlySelf):
        return Asked(case=case, demand=lambda some: covers(some, goal.ratio))
    ratio = goal.ratio if isinstance(goal, AnnualNet) else goal.annual_net_ratio
    kwp = annual_net_kwp(case, ratio) if ratio > 0 else 0.0
    low, high = case.bounds.pv_kwp
    if kwp > high * (1 + _ROUNDING):
        raise Infeasible("size_pv_bound", needed=kwp, bound=high)
    kept = case if isinstance(goal, LeastCost) else behind_inverters(case, max(kwp, low))
    kept = replace(kept, bounds=replace(kept.bounds, pv_kwp=(max(kwp, low), high)))
    return Asked(case=kept, demand=serves if all_served(case, goal) else None)


def solve(asked: Asked, goal: Goal) -> Plant:
    """Return the free sizes that meet the goal at least cost.

    Raises
    ------
    Infeasible
        None do.
    """
    case = asked.case
    if isinstance(goal, AnnualNet):
        row = np.array([getattr(case.bounds, name)[0] for name in COLUMNS])
        row = case.table(row[0], row[1])[0]
        cost = float(case.run(row[None]).cost[0])
        # It bounds the size: a larger array may cost less, so nothing is said of the cost.
        return Plant(sizes=row, cost=cost, bound_by="closed_form")
    if isinstance(goal, OffGrid) and (case.genset is None or case.bounds.genset_kw[1] == 0):
        found = offgrid.solve(case, goal)
    else:
        found = _searched(asked, goal)
    if not np.isfinite(found.cost):
        raise _missed(goal)
    return found


def _missed(goal: Goal) -> Infeasible:
    """Return the error that no plant meets a goal."""
    if isinstance(goal, OffGrid):
        return Infeasible("size_offgrid", limit_percent=100 * goal.lpsp, percent=100 * goal.percentile)
    if isinstance(goal, HourlySelf):
        return Infeasible("size_hourly_self", percent=100 * goal.ratio)
    return Infeasible("size_least_cost")


def _searched(asked: Asked, goal: Goal) -> Plant:
    """Return the best plant by simulation, around the sizes that foresight would choose, above its bound."""
    known = foresight(asked.case, goal)
    found = cheapest(asked.case, asked.demand, starts=None if known is None else _around(known.sizes))
    return found if known is None else replace(found, lower_bound=known.bound, bound_by=known.bound_by)


def _around(sizes: Array) -> Array:
    """Return sizes and some larger and smaller ones: a controller without foresight needs other ones."""
    factors = np.array([[1, 1, 1, 1], [1, 1.2, 1, 1], [1.1, 1, 1, 1], [1, 0.8, 1, 1], [0.9, 1, 1, 1], [1, 1, 1.2, 1.1]])
    return np.asarray(sizes * factors)


def _result(asked: Asked, goal: Goal, plant: Plant, catalogue: Catalogue | None, case: Case) -> SizingResult:
    made = describe(asked.case, plant.sizes)
    base = describe(case, np.array(case.rates.owned))
    bound = plant.lower_bound
    shelf = None if catalogue is None else _from_shelf(asked, catalogue, plant)
    trust = reliability(asked.case, goal, plant.sizes) if isinstance(goal, OffGrid) else None
    return SizingResult(
        goal=goal,
        **dict(zip(COLUMNS, plant.sizes.tolist(), strict=True)),
        annual_cost=plant.cost,
        lower_bound=bound,
        gap=None if bound is None else max(0.0, 1 - bound / plant.cost) if plant.cost > 0 else 0.0,
        bound_by=plant.bound_by,
        plant=made,
        base_case=base,
        coverage=made.coverage,
        reliability=trust,
        catalogue=shelf,
        findings=(*notes.about(case, goal, plant, trust), *notes.units(shelf)),
    )


def _from_shelf(asked: Asked, catalogue: Catalogue, plant: Plant) -> CatalogueChoice:
    case = asked.case
    by_bill = case.prices.bill is not None and case.grid is not None
    meets = None if asked.demand is None else asked.demand(case)
    found = snap(case, catalogue, plant.sizes, meets, bills=bills if by_bill else None)
    if not np.isfinite(found.cost):
        raise Infeasible("size_catalogue")
    owned = np.array(case.rates.owned)
    new = found.sizes - owned
    bound = plant.lower_bound
    return CatalogueChoice(
        plant=describe(case, found.sizes),
        modules=round(new[0] / catalogue.module_kwp) if catalogue.module_kwp else 0,
        racks=round(new[1] / catalogue.rack_kwh) if catalogue.rack_kwh else 0,
        above_free=found.cost / plant.cost - 1,
        above_bound=None if not bound else found.cost / bound - 1,
        simulated=found.simulated,
        exhaustive=found.exhaustive,
    )
