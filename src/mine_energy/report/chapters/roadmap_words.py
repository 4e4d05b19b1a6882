"""Names, months and cuts of a decarbonisation plan in words."""

from dataclasses import replace
from math import ceil

from mine_energy.emissions import Factor
from mine_energy.errors import Finding
from mine_energy.plan import Plan, PlanMeasure
from mine_energy.report.format import Writer
from mine_energy.study.plan_result import StudyPlan
from mine_energy.units import MONTHS_PER_YEAR

_OWN_SLICES = frozenset({"electricity", "diesel", "scope1", "scope3"})
"""Parts that the study makes; the others have the site's own names."""
_MOST_YEARS = 8
"""Columns of years that a page bears."""
_FIRST_YEARS, _EVERY = 3, 5
"""What a longer plan shows."""


def measure_name(key: str, made: StudyPlan, w: Writer) -> str:
    """Return the words of a measure: those of the site file, or the study's own for a family of savings and for PV."""
    source = next((source for source in made.sources if source.key == key), None)
    if source is not None and source.origin == "pv":
        return w.text("roadmap.pv")
    if source is not None and source.origin == "measure":
        name = w.word("measure", source.measure)
        return name if source.priced else w.text("roadmap.unpriced_part", name=name)
    found = next((measure for measure in made.plan.measures if measure.key == key), None)
    return found.label if found is not None and found.label else key


def payer_name(payer: str, w: Writer) -> str:
    """Return who pays in words; empty where nobody is named."""
    return w.word("plan_payer", payer) if payer == "third_party" else payer.strip()


def evidence_words(evidence: str, w: Writer) -> str:
    """Return what a cut stands on; empty where there is nothing."""
    return w.word("plan_evidence", evidence) if evidence == "study" else evidence.strip()


def slice_name(key: str, w: Writer) -> str:
    """Return the words of a part of the emissions, or the name that the site gave it."""
    return w.word("plan_slice", key) if key in _OWN_SLICES else key


def month_words(month: float, plan: Plan, w: Writer) -> str:
    """Return a month of the plan as month and year."""
    whole = int(month)
    name = w.month_names()[whole % MONTHS_PER_YEAR]
    return f"{name} {plan.span.first_year + whole // MONTHS_PER_YEAR}"


def cut_words(measure: PlanMeasure, w: Writer) -> str:
    """Return low, likely and high cut with their unit."""
    cut = measure.cut
    if cut.low == cut.high:
        return w.percent(cut.likely) if cut.unit == "fraction" else f"{w.estimate(cut.likely)} {_cut_unit(measure, w)}"
    if cut.unit == "fraction":
        return f"{w.percent(cut.likely)} ({w.percent(cut.low)}\u2013{w.percent(cut.high)})"
    return f"{w.estimate(cut.likely)} ({w.span(cut.low, cut.high)}) {_cut_unit(measure, w)}"


def _cut_unit(measure: PlanMeasure, w: Writer) -> str:
    return f"{'kWh' if measure.cut.unit == 'kwh' else 't CO₂e'}{w.text('unit.per_year')}"


def shown_years(plan: Plan) -> tuple[int, ...]:
    """Return the years of a table: all of a short plan, else the first ones, the plan's last, every fifth, the last."""
    years = [year.year for year in plan.years]
    if len(years) <= _MOST_YEARS:
        return tuple(years)
    kept = {*years[:_FIRST_YEARS], plan_end(plan), years[-1]}
    return tuple(year for year in years if year in kept or year % _EVERY == 0)


def plan_end(plan: Plan) -> int:
    """Return the last calendar year of the plan's own years, at most the last shown."""
    return min(plan.span.first_year + max(ceil(plan.span.plan_years) - 1, 0), plan.span.last_year)


def factor_words(factor: Factor, w: Writer) -> str:
    """Return a factor with all that makes it quotable: value, kind, year, confidence, source."""
    return w.text(
        "carbon.factor_words",
        value=w.number(factor.value, 4, factor.unit.replace("CO2", " CO₂")),
        kind=w.word("factor_kind", factor.kind.value),
        country=w.word("country", factor.country),
        year=factor.year,
        confidence=w.word("confidence", factor.confidence),
        source=factor.source,
    )


def named(finding: Finding, made: StudyPlan, w: Writer) -> Finding:
    """Return a finding of a plan with its measures and parts by name instead of by key."""
    known = {measure.key for measure in made.plan.measures}
    params = dict(finding.params)
    for field in ("keys", "first"):
        if field in params:
            keys = str(params[field]).split(", ")
            params[field] = w.join([measure_name(key, made, w) for key in keys])
    key = finding.subject
    name = measure_name(key, made, w) if key in known else slice_name(key, w)
    return replace(finding, subject=name, params=params)


def about(finding: Finding, made: StudyPlan, w: Writer) -> str:
    """Return a finding of a plan in words."""
    return w.finding(named(finding, made, w))
