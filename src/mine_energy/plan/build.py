"""From a base year and a list of measures to a plan."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from math import ceil, fsum
from typing import Literal

from mine_energy.emissions import FactorKind
from mine_energy.emissions.factors import require
from mine_energy.errors import Finding, InputError
from mine_energy.plan.checks import problems_of
from mine_energy.plan.doubts import base_doubts, cut_doubts, money_doubts, opex_doubts, time_doubts
from mine_energy.plan.model import Plan, PlanBase, PlanMeasure, PlanMoney, PlanSpan, PlanYear, Task, Wedge
from mine_energy.plan.money import Flow, curve_of, flow_of, payers_of
from mine_energy.plan.schedule import effect_in_year, in_order, steps_of, task_of
from mine_energy.plan.wedges import Pick, Run, Water, factor_in, run_year, slice_tonnes, wedges_of
from mine_energy.units import MONTHS_PER_YEAR

_RUNS: tuple[tuple[Pick, Water], ...] = (
    ("likely", "central"),
    ("low", "central"),
    ("high", "central"),
    ("likely", "wet"),
    ("likely", "dry"),
    ("high", "wet"),
    ("low", "dry"),
)
Runs = Mapping[tuple[Pick, Water], Run]


def build_plan(base: PlanBase, measures: Sequence[PlanMeasure], money: PlanMoney, span: PlanSpan) -> Plan:
    """Return a decarbonisation plan.

    Measures act in order of implementation (when they work), each on what the earlier ones left of its slice.
    Removals and certificates are classes of their own: removals stand beside the emissions, certificates lower the
    market-based figure alone.

    Parameters
    ----------
    base
        Base year, boundary, slices, and the grid's factor with its band and stated decline.
    measures
        Those of a study and any others.
    money
        Currency, budget, discount rate.
    span
        First year, years of the plan, last year shown.

    Returns
    -------
    Plan

    Raises
    ------
    FactorKindError
        A factor of another kind, or of two countries.
    InputError
        Every problem of every measure: names twice, unknown slices, cuts out of order, circles of waiting ...

    References
    ----------
    Interactions: Kesicki and Ekins (2012). Lead times: Vogt-Schilb and Hallegatte (2014). Negative costs: Taylor
    (2012), Ward (2014). Removals apart: GHG Protocol Land Sector and Removals Standard.
    """
    for factor in (base.factor, base.low_factor, base.high_factor):
        if factor is not None:
            require(factor, (FactorKind.LOCATION_AVERAGE,), (base.factor or factor).country)
    problems = problems_of(base, measures, money, span)
    if problems:
        raise InputError(problems)
    filled = _filled(base)
    ordered, starts = in_order(measures)
    tasks = tuple(task_of(measure, starts[measure.key], span) for measure in ordered)
    shown = span.last_year - span.first_year + 1
    runs = [_runs(filled, ordered, tasks, span.first_year + index, index) for index in range(_length(tasks, shown))]
    flows = _flows(filled, ordered, tasks, runs)
    total = fsum(part.t_co2e or 0.0 for part in filled.slices)
    years = tuple(
        _year(filled, total, (span.first_year + index, index), runs[index], (ordered, tasks, flows), money)
        for index in range(shown)
    )
    steps = steps_of(ordered, tasks)
    return Plan(
        base=filled,
        money=money,
        span=span,
        measures=ordered,
        tasks=tasks,
        capex_steps=steps,
        wedges=_wedges(ordered, runs[:shown], span, "reduction"),
        certificates=_wedges(ordered, runs[:shown], span, "certificate"),
        removals=tuple(_removals(ordered, tasks, span)),
        years=years,
        curve=curve_of(ordered, flows, money),
        payers=payers_of(ordered),
        doubts=(
            *money_doubts(steps, years, money, ordered),
            *opex_doubts(steps, years, money, span),
            *time_doubts(ordered, tasks, span),
            *cut_doubts(filled, ordered, _at_full_effect(filled, ordered, tasks)),
            *base_doubts(filled, total),
        ),
        findings=tuple(_findings(filled, span)),
    )


def _filled(base: PlanBase) -> PlanBase:
    """Return the base with the tonnes of bought electricity, at the base year's factor."""
    factor = factor_in(base, base.base_year, "central")
    return replace(base, slices=tuple(replace(part, t_co2e=slice_tonnes(part, factor)) for part in base.slices))


def _length(tasks: Sequence[Task], shown: int) -> int:
    """Return the years to compute: those shown, and the whole life of every measure for its money."""
    return max([shown, *(ceil(task.end_month / MONTHS_PER_YEAR) for task in tasks)])


def _runs(
    base: PlanBase, measures: Sequence[PlanMeasure], tasks: Sequence[Task], year: int, index: int
) -> dict[tuple[Pick, Water], Run]:
    return {(pick, water): run_year(base, measures, tasks, (year, index), pick, water) for pick, water in _RUNS}


def _at_full_effect(base: PlanBase, measures: Sequence[PlanMeasure], tasks: Sequence[Task]) -> Run:
    """Return the base year with every measure at its full effect at once."""
    working = [replace(task, online_month=0.0, full_month=0.0, end_month=float(MONTHS_PER_YEAR)) for task in tasks]
    return run_year(base, measures, working, (base.base_year, 0), "likely", "central")


def _flows(
    base: PlanBase, measures: Sequence[PlanMeasure], tasks: Sequence[Task], runs: Sequence[Runs]
) -> dict[str, list[Flow]]:
    parts = {part.key: part for part in base.slices}
    central = [run["likely", "central"] for run in runs]
    return {
        measure.key: [
            flow_of(
                measure,
                task,
                parts.get(measure.slice),
                index,
                (run.cuts_t_co2e.get(measure.key, 0.0), run.cuts_kwh.get(measure.key, 0.0)),
            )
            for index, run in enumerate(central)
        ]
        for measure, task in zip(measures, tasks, strict=True)
    }


def _taken(run: Run) -> float:
    return fsum(run.cuts_t_co2e.values())


def _year(
    base: PlanBase,
    total: float,
    when: tuple[int, int],
    runs: Runs,
    done: tuple[Sequence[PlanMeasure], Sequence[Task], Mapping[str, Sequence[Flow]]],
    money: PlanMoney,
) -> PlanYear:
    year, index = when
    measures, tasks, flows = done
    central = runs["likely", "central"]
    own = [flows[measure.key][index] for measure in measures]
    paid = [f for m, f in zip(measures, own, strict=True) if m.from_budget]
    of_budget = fsum(f.capex for f in paid)
    capex, opex, saving = (fsum(getattr(f, name) for f in own) for name in ("capex", "opex", "saving"))
    budget = money.budget_by_year[index] if index < len(money.budget_by_year) else None
    return PlanYear(
        year=year,
        base_t_co2e=total,
        factor_effect_t_co2e=central.start_t_co2e - total,
        factor_low_t_co2e=runs["likely", "wet"].start_t_co2e - total,
        factor_high_t_co2e=runs["likely", "dry"].start_t_co2e - total,
        wedges_t_co2e=_taken(central),
        location_t_co2e=central.left_t_co2e,
        low_t_co2e=runs["high", "wet"].left_t_co2e,
        high_t_co2e=runs["low", "dry"].left_t_co2e,
        market_t_co2e=central.left_t_co2e - fsum(central.certificates_t_co2e.values()),
        removals_t_co2e=fsum(
            measure.cut.likely * effect_in_year(task, index)
            for measure, task in zip(measures, tasks, strict=True)
            if measure.kind == "removal"
        ),
        capex=capex,
        capex_of_budget=of_budget,
        opex=opex,
        saving=saving,
        cash=saving - capex - opex,
        budget=budget,
        over_budget=None if budget is None else of_budget - budget,
        opex_of_budget=fsum(f.opex for f in paid),
    )


def _wedges(
    measures: Sequence[PlanMeasure], runs: Sequence[Runs], span: PlanSpan, kind: Literal["reduction", "certificate"]
) -> tuple[Wedge, ...]:
    keys = [measure.key for measure in measures if measure.kind == kind]
    return tuple(
        wedge for index, run in enumerate(runs) for wedge in wedges_of(run, keys, span.first_year + index, kind)
    )


def _removals(measures: Sequence[PlanMeasure], tasks: Sequence[Task], span: PlanSpan) -> Iterator[Wedge]:
    pairs = [(m, task) for m, task in zip(measures, tasks, strict=True) if m.kind == "removal"]
    for index, year in enumerate(range(span.first_year, span.last_year + 1)):
        for measure, task in pairs:
            share = effect_in_year(task, index)
            likely = share * measure.cut.likely
            yield Wedge(
                key=measure.key,
                year=year,
                t_co2e=likely,
                low_t_co2e=share * measure.cut.low,
                high_t_co2e=share * measure.cut.high,
                wet_t_co2e=likely,
                dry_t_co2e=likely,
                energy_kwh=0.0,
            )


def _findings(base: PlanBase, span: PlanSpan) -> Iterator[Finding]:
    if base.factor is None:
        return
    yield from base.factor.findings
    if base.low_factor is None or base.high_factor is None:
        yield Finding(key="plan_no_band", level="warning", params={"country": base.factor.country})
    if not base.decline:
        yield Finding(key="plan_no_decline", level="assumption", params={"last_year": span.last_year})
    if base.factor.year != base.base_year:
        params = {"factor_year": base.factor.year, "activity_year": base.base_year}
        yield Finding(key="emissions_factor_year", level="warning", params=params)
