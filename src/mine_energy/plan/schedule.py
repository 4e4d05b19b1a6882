"""When each measure starts, works, has its full effect and ends; how much of its effect falls into a year."""

from collections.abc import Mapping, Sequence

from mine_energy.errors import InputError, Problem
from mine_energy.plan.model import CapexStep, PlanMeasure, PlanSpan, Task
from mine_energy.units import MONTHS_PER_YEAR


def in_order(measures: Sequence[PlanMeasure]) -> tuple[tuple[PlanMeasure, ...], Mapping[str, float]]:
    """Return measures in order of implementation, when they work, and the month of each decision.

    A measure that waits for another is decided when that one works. Equal months keep the order given.

    Parameters
    ----------
    measures
        Any order.

    Raises
    ------
    InputError
        One waits for a measure that does not exist, or for itself through others.
    """
    by_key = {measure.key: measure for measure in measures}
    starts: dict[str, float] = {}

    def start_of(key: str, waiting: tuple[str, ...]) -> float:
        if key in waiting or key not in by_key:
            value = " > ".join((*waiting, key))
            raise InputError([Problem(key="plan_starts_after", field=f"{waiting[-1]}.starts_after", value=value)])
        if key not in starts:
            measure, earliest = by_key[key], 0.0
            if measure.starts_after:
                before = by_key.get(measure.starts_after)
                earliest = start_of(measure.starts_after, (*waiting, key))
                earliest += 0.0 if before is None else before.lead_months
            starts[key] = max(float(measure.start_month), earliest)
        return starts[key]

    for measure in measures:
        start_of(measure.key, ())
    ordered = sorted(measures, key=lambda measure: starts[measure.key] + measure.lead_months)
    return tuple(ordered), starts


def task_of(measure: PlanMeasure, start_month: float, span: PlanSpan) -> Task:
    """Return the bar of a measure; it is in the plan when it works before the plan's years are over."""
    online = start_month + measure.lead_months
    return Task(
        key=measure.key,
        start_month=start_month,
        online_month=online,
        full_month=online + measure.ramp_months,
        end_month=online + measure.life_years * MONTHS_PER_YEAR,
        capex=measure.capex,
        in_plan=online < span.plan_years * MONTHS_PER_YEAR,
    )


def effect_in_year(task: Task, index: int) -> float:
    """Return the mean share of its full effect that a measure has in a year, 0 to 1.

    The effect rises in a straight line from nothing when the measure works to all at the end of its ramp, and ends
    with its life; the mean over the year is exact.

    Parameters
    ----------
    task
        Its bar.
    index
        Years from the plan's first.
    """
    first, last = index * MONTHS_PER_YEAR, (index + 1) * MONTHS_PER_YEAR
    begin, end = max(float(first), task.online_month), min(float(last), task.end_month)
    if end <= begin:
        return 0.0
    return (_area(task, end) - _area(task, begin)) / MONTHS_PER_YEAR


def _area(task: Task, month: float) -> float:
    """Return the integral of the ramp from when a measure works to a month, in months of full effect."""
    ramp = task.full_month - task.online_month
    passed = month - task.online_month
    return passed**2 / (2 * ramp) if passed < ramp else passed - ramp / 2


def steps_of(measures: Sequence[PlanMeasure], tasks: Sequence[Task]) -> tuple[CapexStep, ...]:
    """Return cumulative capex in the order of decisions; measures without a price are left out."""
    pairs = sorted(zip(measures, tasks, strict=True), key=lambda pair: pair[1].start_month)
    steps, total, of_budget = list[CapexStep](), 0.0, 0.0
    for measure, task in pairs:
        if measure.capex is None:
            continue
        total += measure.capex
        of_budget += measure.capex if measure.from_budget else 0.0
        steps.append(
            CapexStep(
                month=task.start_month,
                key=measure.key,
                capex=measure.capex,
                cumulative=total,
                cumulative_of_budget=of_budget,
            )
        )
    return tuple(steps)
