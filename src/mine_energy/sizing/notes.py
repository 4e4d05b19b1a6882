"""What a reader of a sizing has to know, as findings."""

from mine_energy.errors import Finding, Level
from mine_energy.sizing.case import Case
from mine_energy.sizing.foresight import MOST_YEARS, obstacle
from mine_energy.sizing.goals import AnnualNet, Goal, OffGrid
from mine_energy.sizing.least import Plant
from mine_energy.sizing.need import years_for
from mine_energy.sizing.result import CatalogueChoice, Reliability

_PERCENT = 100.0
_PROVEN = 1.01e-4


def about(case: Case, goal: Goal, plant: Plant, trust: Reliability | None) -> tuple[Finding, ...]:
    """Return the findings of a sizing.

    Parameters
    ----------
    case
        As given, with its grid.
    goal, plant, trust
        What was asked, found, and known of its reliability.
    """
    proof = (*_bound(case, goal, plant), *_bill(case, goal))
    return (*_age(goal, case), *proof, *_grid(case, goal), *_years(trust), *_owned(case))


def units(choice: CatalogueChoice | None) -> tuple[Finding, ...]:
    """Return how far the catalogue's units lie above the free sizes, and how they were found."""
    if choice is None:
        return ()
    params = {"percent": _PERCENT * choice.above_free, "simulated": choice.simulated}
    if choice.exhaustive:
        return (Finding(key="size_catalogue_all", params=params),)
    return (Finding(key="size_catalogue_some", params=params),)


def _age(goal: Goal, case: Case) -> tuple[Finding, ...]:
    left = {"pv_percent": _PERCENT * case.left[0], "battery_percent": _PERCENT * case.left[1]}
    if goal.age == "first":
        return (Finding(key="size_age_first"),)
    if goal.age == "last":
        return (Finding(key="size_age_last", params=left),)
    return (Finding(key="size_age_average", params=left),)


def _bound(case: Case, goal: Goal, plant: Plant) -> tuple[Finding, ...]:
    if plant.bound_by == "none":
        return (_unbounded(case, goal),)
    if plant.bound_by == "branch_and_bound" and plant.lower_bound is not None:
        gap = 1 - plant.lower_bound / plant.cost if plant.cost > 0 else 0.0
        level: Level = "info" if gap <= _PROVEN else "warning"
        return (Finding(key="size_branch_and_bound", level=level, params={"gap_percent": _PERCENT * gap}),)
    if plant.bound_by == "foresight" and plant.lower_bound:
        return (Finding(key="size_bound_foresight", params={"gap_percent": above(plant.cost, plant.lower_bound)}),)
    if plant.bound_by == "lp" and plant.lower_bound:
        return (Finding(key="size_bound_lp", params={"gap_percent": above(plant.cost, plant.lower_bound)}),)
    return ()


def _unbounded(case: Case, goal: Goal) -> Finding:
    """Return the finding that nothing is proven, and why where there is more to say than that it was searched."""
    helped = isinstance(goal, OffGrid) and case.genset is not None and case.bounds.genset_kw[1] > 0
    why = obstacle(case, goal) if helped or not isinstance(goal, OffGrid) else None
    if why == "percentile":
        return Finding(key="size_no_bound_percentile")
    if why == "years":
        return Finding(key="size_no_bound_years", params={"years": len(case.units), "most": MOST_YEARS})
    return Finding(key="size_no_bound")


def _bill(case: Case, goal: Goal) -> tuple[Finding, ...]:
    settled = case.prices.bill is not None and not isinstance(goal, OffGrid)
    return (Finding(key="size_bill_no_bound"),) if settled else ()


def above(cost: float, bound: float) -> float:
    """Return by how many per cent a cost lies above its bound."""
    return _PERCENT * (cost / bound - 1)


def _grid(case: Case, goal: Goal) -> tuple[Finding, ...]:
    if isinstance(goal, OffGrid) and case.grid is not None:
        return (Finding(key="offgrid_without_grid"),)
    if isinstance(goal, AnnualNet) and case.grid is None:
        return (Finding(key="annual_net_without_grid", level="warning"),)
    return ()


def _years(trust: Reliability | None) -> tuple[Finding, ...]:
    if trust is None:
        return ()
    percent = _PERCENT * trust.percentile
    words = Finding(
        key="offgrid_percentile",
        params={
            "percent": percent,
            "kept": trust.years_kept,
            "needed": trust.years_needed,
            "years": trust.years,
            "limit_percent": _PERCENT * trust.lpsp_limit,
            "low_percent": _PERCENT * trust.kept_low,
            "high_percent": _PERCENT * trust.kept_high,
        },
    )
    enough = years_for(trust.percentile)
    if trust.years >= enough:
        return (words,)
    params = {"percent": percent, "years": trust.years, "enough": enough}
    return words, Finding(key="offgrid_few_years", level="warning", params=params)


def _owned(case: Case) -> tuple[Finding, ...]:
    if not any(case.rates.owned):
        return ()
    return (Finding(key="size_existing", level="assumption"),)
