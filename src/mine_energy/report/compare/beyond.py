"""Further results: how sure they are, what a lender looks at, Scope 3, and the plan."""

from collections.abc import Iterator
from typing import Final

from mine_energy.plan import PlanMeasure
from mine_energy.report.chapters.roadmap_words import measure_name
from mine_energy.report.compare.facts import Fact, Group, text
from mine_energy.report.figures import state_names
from mine_energy.report.format import Writer
from mine_energy.study import Study
from mine_energy.study.plan_result import StudyPlan

_ENDS: Final = ("p10", "p50", "p90")
_EXCEEDED: Final = ("p50", "p75", "p90", "p99")


def further_facts(study: Study, w: Writer) -> Iterator[Fact]:
    """Yield bands, reconciliation, loan and equity, Scope 3, and the plan, where the study has them.

    Parameters
    ----------
    study
        As read.
    w
        Of the labels.
    """
    yield from _reconciled(study, w)
    yield from _bands(study, w)
    yield from _yields(study, w)
    yield from _risk(study, w)
    yield from _lender(study, w)
    yield from _scope3(study, w)
    if study.plan is not None:
        yield from _plan(study.plan, w)


def _fact(
    group: Group, key: str, label: str, value: float | None, unit: str = "", *, share: bool = False, part: str = ""
) -> Fact:
    return Fact(
        group=group,
        key=key,
        label=label,
        value=value,
        unit=unit,
        share=share,
        part=part,
        part_label=label if part else "",
    )


def _reconciled(study: Study, w: Writer) -> Iterator[Fact]:
    found = study.audit.reconciliation
    if found.status == "compared":
        yield _fact("bands", "metered_kwh", w.text("reconciliation.metered"), found.metered_kwh, "kWh")
        yield _fact("bands", "gap", w.text("reconciliation.gap_share"), found.gap_fraction, share=True)


def _bands(study: Study, w: Writer) -> Iterator[Fact]:
    drawn = study.audit.uncertainty
    if drawn is None:
        return
    unit = f"kWh{w.text('unit.per_year')}"
    bands = [("energy", drawn.plant.energy_kwh, unit), ("saving", drawn.saving.energy_kwh, unit)]
    if drawn.money is not None:
        bands.append(("npv", drawn.money.total.npv, drawn.money.currency))
    for key, band, own in bands:
        for end in _ENDS:
            label = f"{text(f'band.{key}', w)}: {end.upper()}"
            yield _fact("bands", f"{key}.{end}", label, getattr(band, end), own)


def _yields(study: Study, w: Writer) -> Iterator[Fact]:
    sure = study.solar.uncertainty
    year = next((one for one in sure.horizons if one.years == 1), None) if sure is not None else None
    for end in _EXCEEDED if year is not None else ():
        label = f"{text('band.yield', w)}: {end.upper()}"
        yield _fact("bands", f"yield.{end}", label, getattr(year, end), w.unit("specific_yield_kwh_per_kwp"))


def _risk(study: Study, w: Writer) -> Iterator[Fact]:
    risk = study.finance.plan.risk if study.finance.plan is not None else None
    if risk is None:
        return
    currency = study.finance.currency
    units = {"npv": currency, "irr": ""}
    for band in risk.bands:
        for end in _ENDS:
            label = f"{text(f'band.both_{band.key}', w)}: {end.upper()}"
            unit = units.get(band.key, w.text("unit.years"))
            yield _fact("bands", f"both.{band.key}.{end}", label, getattr(band, end), unit, share=band.key == "irr")
    yield _fact("bands", "loss_probability", text("band.loss", w), risk.loss_probability, share=True)


def _lender(study: Study, w: Writer) -> Iterator[Fact]:
    plan = study.finance.plan
    if plan is None or not study.finance.financed:
        return
    both, currency = plan.both, study.finance.currency
    for key, flow in (("project", both.project), ("equity", both.equity)):
        name = w.text(f"lender.{key}")
        irr = flow.irr[0] if len(flow.irr) == 1 else None
        worth = next((value.npv for value in flow.npv if value.label == "base"), None)
        yield _fact("lender", f"{key}.npv", f"{name}: {text('label.npv_base', w)}", worth, currency)
        yield _fact("lender", f"{key}.irr", f"{name}: {text('label.irr', w)}", irr, share=True)
        label = f"{name}: {text('label.simple_payback_years', w)}"
        yield _fact("lender", f"{key}.payback", label, flow.simple_payback_years, w.text("unit.years"))
    for case in both.coverage:
        label = f"{w.text('lender.coverage', case=w.word('debt_case', case.key))}: {w.text('lender.minimum')}"
        yield _fact("lender", f"coverage.{case.key}", label, case.minimum)


def _scope3(study: Study, w: Writer) -> Iterator[Fact]:
    carbon = study.carbon
    if carbon is None:
        return
    unit = f"t CO₂e{w.text('unit.per_year')}"
    for key, state, name in zip((s.key for s in study.states), carbon.states, state_names(w), strict=True):
        for line in state.category3.lines:
            label = f"{w.word('category3', line.key)}, {name[:1].lower()}{name[1:]}"
            yield _fact("scope3", f"{key}.{line.key}", label, line.t_co2e, unit)
    made = carbon.pv_life_cycle
    yield _fact("scope3", "pv_life_cycle", w.text("carbon.for_pv_life_cycle"), made.t_co2e if made else None, unit)
    life = carbon.lifetime
    label = w.text("carbon.for_lifetime")
    yield _fact("scope3", "lifetime_avoided", label, life.central_t_co2e if life else None, "t CO₂e")


def _plan(made: StudyPlan, w: Writer) -> Iterator[Fact]:
    plan = made.plan
    first, last = plan.years[0], plan.years[-1]
    unit, currency = "t CO₂e", plan.money.currency
    yield Fact(group="plan", key="years", label=text("plan.years", w), value=f"{first.year}–{last.year}", exact=True)
    yield _fact("plan", "base", w.text("roadmap.base_short"), first.base_t_co2e, unit)
    for key, value in (
        ("left", last.location_t_co2e),
        ("low", last.low_t_co2e),
        ("high", last.high_t_co2e),
        ("market", last.market_t_co2e),
        ("removals", last.removals_t_co2e),
    ):
        yield _fact("plan", key, text(f"plan.{key}", w), value, unit)
    over = [year.over_budget for year in plan.years if year.over_budget is not None]
    yield _fact("plan", "capex", text("plan.capex", w), sum(year.capex for year in plan.years), currency)
    yield _fact("plan", "over_budget", text("plan.over", w), sum(over) if over else None, currency)
    for measure in plan.measures:
        yield from _measure(measure, made, w)


def _measure(measure: PlanMeasure, made: StudyPlan, w: Writer) -> Iterator[Fact]:
    name, currency = measure_name(measure.key, made, w), made.plan.money.currency
    task = next(task for task in made.plan.tasks if task.key == measure.key)
    values = (
        ("start", float(task.start_month), text("plan.month", w)),
        ("full", float(task.full_month), text("plan.month", w)),
        ("cut", measure.cut.likely, w.word("cut_unit", measure.cut.unit)),
        ("capex_of", measure.capex, currency),
    )
    for key, value, unit in values:
        yield Fact(
            group="plan",
            key=f"{measure.key}.{key}",
            label=f"{name}: {text(f'plan.{key}', w)}",
            value=value,
            unit=unit,
            part=f"measure.{measure.key}",
            part_label=name,
        )
