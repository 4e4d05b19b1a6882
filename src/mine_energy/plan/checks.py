"""What a plan must be before it is computed: every problem of every measure in one list."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from math import isfinite

from mine_energy.errors import Param, Problem
from mine_energy.plan.model import PlanBase, PlanMeasure, PlanMoney, PlanSpan, Slice

_LONGEST_LIFE_YEARS = 60.0


def problems_of(
    base: PlanBase, measures: Sequence[PlanMeasure], money: PlanMoney, span: PlanSpan
) -> tuple[Problem, ...]:
    """Return everything that keeps a plan from being computed."""
    parts = {part.key: part for part in base.slices}
    return (
        *_base(base, money, span),
        *_names(base, measures),
        *(problem for measure in measures for problem in _measure(measure)),
        *(problem for measure in measures for problem in _belonging(measure, parts)),
    )


def _base(base: PlanBase, money: PlanMoney, span: PlanSpan) -> Iterator[Problem]:
    figures: dict[str, tuple[float | None, float, float]] = {
        "decline": (base.decline, -0.99, 0.99),
        "discount_rate": (money.discount_rate, -0.99, 1.0),
        "budget": (money.budget, 0.0, 1e15),
        "plan_years": (span.plan_years, 0.01, 100.0),
        "last_year": (span.last_year, span.first_year, span.first_year + 100),
    }
    yield from _ranges("plan", figures)
    if base.decline and not base.decline_source.strip():
        yield Problem(key="plan_no_source", field="plan.decline")
    for part in base.slices:
        yield from _ranges(part.key, {"t_co2e": (part.t_co2e, 0, 1e12), "energy_kwh": (part.energy_kwh, 0, 1e12)})
        if part.scope not in {1, 2, 3}:
            yield Problem(key="plan_scope", field=f"{part.key}.scope", value=str(part.scope))
        if part.t_co2e is None and part.energy_kwh is None:
            yield Problem(key="plan_empty_slice", field=part.key)
        if part.energy_kwh is not None and base.factor is None:
            yield Problem(key="plan_needs_factor", field=part.key)


def _names(base: PlanBase, measures: Sequence[PlanMeasure]) -> Iterator[Problem]:
    for names in ([part.key for part in base.slices], [measure.key for measure in measures]):
        for name, count in Counter(names).items():
            if count > 1:
                yield Problem(key="plan_twice", field=name, value=name)


def _measure(measure: PlanMeasure) -> Iterator[Problem]:
    top = 1.0 if measure.cut.unit == "fraction" else 1e12
    figures: dict[str, tuple[float | None, float, float]] = {
        "cut.low": (measure.cut.low, 0.0, top),
        "cut.likely": (measure.cut.likely, 0.0, top),
        "cut.high": (measure.cut.high, 0.0, top),
        "start_month": (measure.start_month, 0.0, 1200.0),
        "lead_months": (measure.lead_months, 0.0, 1200.0),
        "ramp_months": (measure.ramp_months, 0.0, 1200.0),
        "life_years": (measure.life_years, 0.01, _LONGEST_LIFE_YEARS),
        "capex": (measure.capex, 0.0, 1e15),
        "opex_per_year": (measure.opex_per_year, -1e15, 1e15),
    }
    yield from _ranges(measure.key, figures)
    if not measure.cut.low <= measure.cut.likely <= measure.cut.high:
        value = f"{measure.cut.low} {measure.cut.likely} {measure.cut.high}"
        yield Problem(key="plan_cut_order", field=f"{measure.key}.cut", value=value)


def _belonging(measure: PlanMeasure, parts: Mapping[str, Slice]) -> Iterator[Problem]:
    if measure.kind == "removal":
        if measure.cut.unit != "t_co2e":
            yield Problem(key="plan_removal_unit", field=f"{measure.key}.cut.unit", value=measure.cut.unit)
        return
    part = parts.get(measure.slice)
    if part is None:
        params: dict[str, Param] = {"slices": ", ".join(parts) or "-"}
        yield Problem(key="plan_slice", field=f"{measure.key}.slice", value=measure.slice, params=params)
    elif part.energy_kwh is None and (measure.kind == "certificate" or measure.cut.unit == "kwh"):
        yield Problem(key="plan_not_electricity", field=f"{measure.key}.slice", value=measure.slice)


def _ranges(name: str, figures: Mapping[str, tuple[float | None, float, float]]) -> Iterator[Problem]:
    for field, (value, low, high) in figures.items():
        if value is not None and not (isfinite(value) and low <= value <= high):
            params: dict[str, Param] = {"low": low, "high": high}
            yield Problem(key="plan_range", field=f"{name}.{field}", value=str(value), params=params)
