"""What does not add up in a plan: money, time, cuts of one slice, trees that are still small."""

from collections.abc import Iterator, Sequence
from math import fsum, prod

from mine_energy.errors import Finding, Param
from mine_energy.plan.model import (
    CapexStep,
    PlanBase,
    PlanMeasure,
    PlanMoney,
    PlanSpan,
    PlanYear,
    Slice,
    Task,
)
from mine_energy.plan.schedule import effect_in_year
from mine_energy.plan.wedges import Run
from mine_energy.units import KWH_PER_MWH, MONTHS_PER_YEAR

_LONG_LEAD = 0.25
"""A quarter of the plan's time spent waiting is worth a line."""
_CLOSE = 0.01
_ROUNDING = 1e-6


def money_doubts(
    steps: Sequence[CapexStep], years: Sequence[PlanYear], money: PlanMoney, measures: Sequence[PlanMeasure]
) -> Iterator[Finding]:
    """Return where the money does not reach: the budget, a year's budget, prices and payers that nobody named."""
    total = steps[-1].cumulative_of_budget if steps else 0.0
    if money.budget is not None and total > money.budget:
        first = next(step for step in steps if step.cumulative_of_budget > (money.budget or 0.0))
        params: dict[str, Param] = {
            "capex": total,
            "budget": float(money.budget),
            "over": total - money.budget,
            "currency": money.currency,
            "first": first.key,
        }
        yield Finding(key="plan_over_budget", level="warning", params=params)
    given = fsum(money.budget_by_year)
    if money.budget is not None and money.budget_by_year and abs(given - money.budget) > _CLOSE * money.budget:
        split: dict[str, Param] = {"given": given, "budget": float(money.budget), "currency": money.currency}
        yield Finding(key="plan_budget_split", level="warning", params=split)
    for year in years:
        if year.over_budget is not None and year.over_budget > 0:
            over: dict[str, Param] = {
                "capex": year.capex_of_budget,
                "budget": float(year.budget or 0.0),
                "currency": money.currency,
            }
            yield Finding(key="plan_year_over_budget", level="warning", subject=str(year.year), params=over)
    for key, missing in (
        ("plan_no_price", [measure.key for measure in measures if measure.capex is None]),
        ("plan_no_payer", [measure.key for measure in measures if not measure.payer.strip()]),
        ("plan_no_evidence", [measure.key for measure in measures if not measure.evidence.strip()]),
    ):
        if missing:
            yield Finding(key=key, level="warning", params={"keys": ", ".join(missing)})


def opex_doubts(
    steps: Sequence[CapexStep], years: Sequence[PlanYear], money: PlanMoney, span: PlanSpan
) -> Iterator[Finding]:
    """Return where the budget holds the capex and not the running costs of what it pays for, in the plan's years."""
    planned = [year for year in years if year.year < span.first_year + span.plan_years]
    capex = steps[-1].cumulative_of_budget if steps else 0.0
    opex = fsum(year.opex_of_budget for year in planned)
    if money.budget is not None and capex <= money.budget < capex + opex - _ROUNDING:
        params: dict[str, Param] = {"capex": capex, "opex": opex, "budget": money.budget, "currency": money.currency}
        yield Finding(key="plan_opex_over_budget", level="warning", params=params)
    for year in planned:
        if year.budget is not None and year.capex_of_budget <= year.budget < year.capex_of_budget + year.opex_of_budget:
            over: dict[str, Param] = {
                "capex": year.capex_of_budget,
                "opex": year.opex_of_budget,
                "budget": year.budget,
                "currency": money.currency,
            }
            yield Finding(key="plan_year_opex_over_budget", level="warning", subject=str(year.year), params=over)


def time_doubts(measures: Sequence[PlanMeasure], tasks: Sequence[Task], span: PlanSpan) -> Iterator[Finding]:
    """Return what comes too late for the plan's own years, and removals that are counted before they have grown."""
    months = span.plan_years * MONTHS_PER_YEAR
    for measure, task in zip(measures, tasks, strict=True):
        params: dict[str, Param] = {
            "plan_months": months,
            "start_month": task.start_month,
            "online_month": task.online_month,
            "full_month": task.full_month,
            "lead_months": measure.lead_months,
        }
        if task.online_month >= months:
            yield Finding(key="plan_late", level="warning", subject=measure.key, params=params)
        elif task.full_month > months:
            last = max(int(span.plan_years + 0.999999) - 1, 0)
            params["percent"] = 100 * effect_in_year(task, last)
            yield Finding(key="plan_full_late", level="warning", subject=measure.key, params=params)
        elif measure.lead_months >= _LONG_LEAD * months:
            yield Finding(key="plan_long_lead", level="warning", subject=measure.key, params=params)
        waits = task.start_month > 0 and measure.lead_months + measure.ramp_months > months - task.start_month
        if waits and measure.lead_months + measure.ramp_months <= months:
            yield Finding(key="plan_start_earlier", level="warning", subject=measure.key, params=params)


def cut_doubts(base: PlanBase, measures: Sequence[PlanMeasure], full: Run) -> Iterator[Finding]:
    """Return cuts of one slice that pass the whole, cuts larger than what is left, and certificates beyond the need.

    Parameters
    ----------
    base, measures
        Of the plan.
    full
        The base year with every measure at its full effect at once, likely cuts.
    """
    for part in base.slices:
        own = [m.cut for m in measures if m.kind == "reduction" and m.slice == part.key and m.cut.unit == "fraction"]
        added = fsum(cut.high for cut in own)
        if added > 1:
            params: dict[str, Param] = {
                "added": 100 * added,
                "low": 100 * (1 - prod(1 - cut.low for cut in own)),
                "high": 100 * (1 - prod(1 - cut.high for cut in own)),
            }
            yield Finding(key="plan_cuts_added", level="warning", subject=part.key, params=params)
    parts = {part.key: part for part in base.slices}
    for measure in measures:
        if measure.kind == "removal" or measure.cut.unit == "fraction":
            continue
        taken = full.cuts_t_co2e if measure.kind == "reduction" else full.certificates_t_co2e
        wanted = _wanted(measure, parts[measure.slice], base)
        if wanted > taken[measure.key] * (1 + _CLOSE) + 1e-9:
            amounts: dict[str, Param] = {"wanted": wanted, "taken": taken[measure.key]}
            key = "plan_cut_beyond" if measure.kind == "reduction" else "plan_certificate_beyond"
            yield Finding(key=key, level="warning", subject=measure.key, params=amounts)


def _wanted(measure: PlanMeasure, part: Slice, base: PlanBase) -> float:
    if measure.cut.unit == "t_co2e" or part.energy_kwh is None or base.factor is None:
        return measure.cut.likely
    return measure.cut.likely / KWH_PER_MWH * base.factor.value


def base_doubts(base: PlanBase, total_t_co2e: float) -> Iterator[Finding]:
    """Return a published total that the slices do not add up to, and how far electricity alone can reach."""
    stated = base.stated_total_t_co2e
    if stated is not None and abs(stated - total_t_co2e) > _CLOSE * max(stated, total_t_co2e):
        params: dict[str, Param] = {"stated": stated, "sum": total_t_co2e}
        yield Finding(key="plan_slices_total", level="warning", params=params)
    electricity = fsum(part.t_co2e or 0.0 for part in base.slices if part.energy_kwh is not None)
    if 0 < electricity < total_t_co2e:
        reach: dict[str, Param] = {"percent": 100 * electricity / total_t_co2e}
        yield Finding(key="plan_electricity_reach", level="info", params=reach)
