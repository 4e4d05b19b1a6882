"""The decarbonisation plan of a study: its savings and its array, then what the site lists besides."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import fsum
from typing import Final

from mine_energy.audit import AuditResult
from mine_energy.catalog import DefaultRange, finance_default
from mine_energy.emissions import Footprint, LifetimeAvoided
from mine_energy.errors import Finding, Param
from mine_energy.plan import PlanBase, PlanMeasure, PlanMoney, PlanSpan, Slice, build_plan, measures_of, slices_of
from mine_energy.site import PlanChoice, Site
from mine_energy.site.plan import TimingChoice
from mine_energy.study.plan_avoided import avoided_by_year
from mine_energy.study.plan_measures import DIESEL, ELECTRICITY, PV, OwnMeasure, States, array, families
from mine_energy.study.plan_result import PlanSource, StudyPlan
from mine_energy.study.result import Finance, Scope2Comparison, Solar

_YEARS_SHOWN: Final = 10
_MEASURE_LEAD: Final = "measure_lead_time"
_PV_LEAD: Final = "pv_authorisation_lead_time"


def plan_of(
    site: Site,
    audit: AuditResult,
    solar: Solar,
    states: States,
    compared: Scope2Comparison,
    money: Finance,
    lifetime: LifetimeAvoided | None = None,
) -> StudyPlan:
    """Return the plan: what the audit saves, by family, the array, and the measures of ``[plan]``.

    The families take exactly what the supply loses from today to after measures, the array what it loses from there on,
    so that plan and study agree.

    Parameters
    ----------
    site
        With or without a ``[plan]``; without one the ten years after the activity year, as an assumption.
    audit, solar, states, compared, money
        Of the study.
    lifetime
        What the array avoids over its life, for its years in the plan.

    Raises
    ------
    InputError
        What the site lists does not go together: names twice, unknown slices, cuts out of order.
    """
    chosen = site.plan or _unwritten(site)
    own = (*families(site, audit, states, money), *array(site, solar, states, money))
    listed = measures_of(chosen)
    timing = {item.key: item for item in chosen.timing}
    timed = [_timed(one.measure, timing.get(one.source.key), chosen, site) for one in own]
    measures, loose = _waiting((*timed, *listed))
    made = build_plan(_base(site, chosen, states, compared), measures, _money(site, chosen, money), _span(site, chosen))
    sources = {one.source.key: one.source for one in own}
    sources |= {m.key: PlanSource(key=m.key, origin="site", priced=m.capex is not None) for m in listed}
    return StudyPlan(
        plan=made,
        sources=tuple(sources[measure.key] for measure in made.measures),
        stated=site.plan is not None,
        findings=(
            *_years_said(site, chosen),
            *_leads_said(own, timing, site),
            *_rest_said(made.base, compared.footprint),
            *_unknown(chosen, own),
            *loose,
        ),
        avoided=avoided_by_year(made, states[2], lifetime),
    )


def _unwritten(site: Site) -> PlanChoice:
    first = site.emissions.activity_year + 1
    return PlanChoice(first_year=first, last_year=first + _YEARS_SHOWN - 1)


def _span(site: Site, chosen: PlanChoice) -> PlanSpan:
    years = chosen.years or site.project.plan_years or chosen.last_year - chosen.first_year + 1
    return PlanSpan(first_year=chosen.first_year, plan_years=float(years), last_year=chosen.last_year)


def _money(site: Site, chosen: PlanChoice, money: Finance) -> PlanMoney:
    budget = site.finance.budget_usd
    per_usd = 1.0 if money.currency == "USD" else money.exchange_rate_per_usd
    return PlanMoney(
        currency=money.currency,
        discount_rate=next(one.rate for one in money.pv.npv if one.label == "base"),
        budget=None if budget is None else budget * per_usd,
        budget_by_year=chosen.budget_by_year,
    )


def _base(site: Site, chosen: PlanChoice, states: States, compared: Scope2Comparison) -> PlanBase:
    today, carbon = states[0].scope2, site.carbon
    return PlanBase(
        base_year=today.activity_year,
        boundary=chosen.boundary or site.site.name,
        slices=(*_supply(states), *_rest(chosen, states, compared.footprint), *slices_of(chosen)),
        factor=today.location_factor,
        low_factor=today.low_factor,
        high_factor=today.high_factor,
        decline=0.0 if carbon is None else carbon.grid_decline or 0.0,
        decline_source="" if carbon is None else carbon.grid_decline_source,
        stated_total_t_co2e=chosen.total_t_co2e,
    )


def _supply(states: States) -> Iterator[Slice]:
    """Return bought electricity with what a kWh less saves, or the genset's fuel.

    What a kWh less saves is what the measures of the study save, else the mean price: for measures of the site that
    state no money of their own.
    """
    today, measured, _ = states
    if today.fuel is not None:
        yield Slice(key=DIESEL, scope=1, t_co2e=today.fuel.t_co2e)
    if today.scope2.location_factor is None:
        return
    energy, saved = today.import_kwh - measured.import_kwh, today.cost_per_year - measured.cost_per_year
    price = saved / energy if energy > 0 and saved > 0 else None
    if price is None and today.import_kwh > 0:
        price = today.cost_per_year / today.import_kwh
    yield Slice(key=ELECTRICITY, scope=2, energy_kwh=today.import_kwh, price_per_kwh=price)


def _rest(chosen: PlanChoice, states: States, known: Footprint | None) -> Iterator[Slice]:
    """Return what the site states of Scopes 1 and 3 beyond the slices that have a name."""
    if known is None or known.total_t_co2e is None:
        return
    first, third = known.scope1_t_co2e, known.scope3_t_co2e
    if first is None and third is not None:
        first = known.total_t_co2e - known.scope2_t_co2e - third
    burnt = 0.0 if states[0].fuel is None else states[0].fuel.t_co2e
    for key, scope, stated, named in (("scope1", 1, first, burnt), ("scope3", 3, third, 0.0)):
        listed = fsum(part.t_co2e for part in chosen.slice if part.scope == scope)
        left = (stated or 0.0) - named - listed
        if left > 0 and key not in {part.key for part in chosen.slice}:
            yield Slice(key=key, scope=scope, t_co2e=left)


def _timed(measure: PlanMeasure, when: TimingChoice | None, chosen: PlanChoice, site: Site) -> PlanMeasure:
    """Return a measure of the study with the site's timing and payer, else with usual ones.

    The array waits for its permits: the longest time that the site states, since a plan has to survive it.
    """
    lead = finance_default(_MEASURE_LEAD, site.site.country).default.value
    if measure.key == PV:
        lead = max(_array_lead(site), _certificate_months(site))
    if when is None:
        return replace(measure, lead_months=lead, payer=measure.payer or chosen.payer)
    return replace(
        measure,
        start_month=when.start_month or 0,
        starts_after=when.starts_after,
        lead_months=lead if when.lead_months is None else when.lead_months,
        ramp_months=when.ramp_months,
        payer=when.payer or measure.payer or chosen.payer,
        from_budget=when.from_budget and measure.from_budget,
    )


def _array_lead(site: Site) -> float:
    stated = site.project.permit_months_high or site.project.permit_months_low
    return float(stated) if stated is not None else finance_default(_PV_LEAD, site.site.country).default.value


def _certificate_months(site: Site) -> float:
    """Return how long a requested certificate takes: its benefits need it before the purchase."""
    tax = site.financing.tax if site.financing is not None else None
    return float(tax.certificate_months or 0.0) if tax is not None and tax.certificate == "requested" else 0.0


def _waiting(measures: Sequence[PlanMeasure]) -> tuple[tuple[PlanMeasure, ...], tuple[Finding, ...]]:
    """Return measures that wait only for what is in the plan: a saving that does not pay is no reason to wait."""
    keys = {measure.key for measure in measures}
    lost = [measure for measure in measures if measure.starts_after and measure.starts_after not in keys]
    free = tuple(replace(m, starts_after="") if m in lost else m for m in measures)
    return free, tuple(
        Finding(key="plan_waits_for_nothing", level="warning", subject=m.key, params={"after": m.starts_after})
        for m in lost
    )


def _years_said(site: Site, chosen: PlanChoice) -> Iterator[Finding]:
    if site.plan is None:
        years: dict[str, Param] = {"first_year": chosen.first_year, "last_year": chosen.last_year}
        yield Finding(key="plan_years_assumed", level="assumption", params=years)


def _leads_said(own: Sequence[OwnMeasure], timing: dict[str, TimingChoice], site: Site) -> Iterator[Finding]:
    """Say which waiting times are packaged and which the site states."""
    untimed = [one.source.key for one in own if _untimed(timing.get(one.source.key))]
    families_left = [key for key in untimed if key != PV]
    if families_left:
        found = finance_default(_MEASURE_LEAD, site.site.country)
        yield Finding(key="plan_measure_lead", level="assumption", params=_range(found))
    if PV not in untimed:
        return
    project, granted = site.project, _certificate_months(site)
    if granted > _array_lead(site):
        yield Finding(key="plan_pv_certificate", level="assumption", params={"months": granted})
    elif project.permit_months_high is None and project.permit_months_low is None:
        found = finance_default(_PV_LEAD, site.site.country)
        yield Finding(key="plan_pv_lead", level="assumption", params=_range(found))
    else:
        params: dict[str, Param] = {
            "months": _array_lead(site),
            "low": project.permit_months_low or _array_lead(site),
        }
        yield Finding(key="plan_pv_permits", level="assumption", params=params)


def _untimed(when: TimingChoice | None) -> bool:
    return when is None or when.lead_months is None


def _range(found: DefaultRange) -> dict[str, Param]:
    return {
        "months": found.default.value,
        "low": found.low.value,
        "high": found.high.value,
        "confidence": found.default.confidence,
    }


def _rest_said(base: PlanBase, known: Footprint | None) -> Iterator[Finding]:
    """Say that slices come from published shares, which rest on today's Scope 2."""
    shown = [part for part in base.slices if part.key in {"scope1", "scope3"}]
    if known is not None and known.basis == "published_shares" and shown:
        params: dict[str, Param] = {"t_co2e": fsum(part.t_co2e or 0.0 for part in shown)}
        yield Finding(key="plan_rest_from_shares", level="assumption", params=params)


def _unknown(chosen: PlanChoice, own: Sequence[OwnMeasure]) -> Iterator[Finding]:
    """Say which timings name no measure of this study: a family that is not adopted, or a misspelt one."""
    known = [one.source.key for one in own]
    for item in chosen.timing:
        if item.key not in known:
            params: dict[str, Param] = {"keys": ", ".join(known) or "-"}
            yield Finding(key="plan_timing_unknown", level="warning", subject=item.key, params=params)
