"""What stands around the Scope 2 of a study: cuts and avoided tonnes apart, category 3, change, years ahead, record."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final, Literal, cast

import numpy as np

from mine_energy.catalog import Sourced
from mine_energy.emissions import (
    Category3,
    DieselDisplaced,
    Factor,
    FactorKind,
    Footprint,
    HourlyMatch,
    LifetimeAvoided,
    PVLifeCycle,
    Scope2Change,
    VerifyPack,
    YearsAhead,
    boundary_of,
    carbon_lines,
    category3,
    diesel_displaced,
    footprint,
    hourly_match,
    intensities,
    lifetime_avoided,
    load_factor,
    loss_factor_of,
    plausibility,
    pv_life_cycle,
    scope2,
    scope2_change,
    statements_of,
    typed_factor,
    typed_loss,
    verify_pack,
    water_band,
    years_ahead,
)
from mine_energy.errors import Finding, InputError, Param, Problem
from mine_energy.finance import packaged
from mine_energy.finance.assumptions import PV_LIFE
from mine_energy.loads import LoadProfile
from mine_energy.site import CarbonChoice, Site
from mine_energy.study.carbon import CarbonBasis, attributes_of, third_party
from mine_energy.study.carbon_result import Carbon, OnSitePurchase, StateCarbon
from mine_energy.study.inputs import Inputs
from mine_energy.study.result import HourlyFlows, Scope2Comparison, State
from mine_energy.study.verification import record_boundary, records_for
from mine_energy.units import KWH_PER_MWH

LAST_YEAR: Final = 2050
"""Colombia and Peru state their long-term goals for this year."""
_PERCENT: Final = 100.0
States = tuple[State, State, State]


def carbon_of(
    inputs: Inputs,
    load: LoadProfile,
    states: States,
    compared: Scope2Comparison,
    basis: CarbonBasis,
    hourly: HourlyFlows | None = None,
) -> Carbon:
    """Return what stands around Scope 2.

    Parameters
    ----------
    inputs
        Of the study.
    load
        Before the measures, that today's imports were computed with.
    states, compared
        The three states, and what PV avoids elsewhere.
    basis
        What their Scope 2 was computed with.
    hourly
        Flows with PV, for what it meets in the same hour.

    Raises
    ------
    InputError
        A figure of ``[carbon]`` without its source; bills of a meter that ``[carbon] meters`` does not list.
    MissingData
        A factor of the base year that is not packaged.
    """
    site = inputs.site
    today, measured, with_pv = states
    exports, project = compared.avoided_exports, compared.avoided_project
    around = cast("tuple[StateCarbon, StateCarbon, StateCarbon]", tuple(_state(site, s, today, basis) for s in states))
    made = Carbon(
        states=around,
        lines=carbon_lines(today.scope2, with_pv.scope2, exports=exports, project=project),
        measures_lines=carbon_lines(today.scope2, measured.scope2),
        pv_lines=carbon_lines(measured.scope2, with_pv.scope2, exports=exports, project=project),
        lifetime=_lifetime(site, with_pv) if basis.factor is not None else None,
        pv_life_cycle=_life_cycle(measured, with_pv),
        diesel=_displaced(measured, with_pv),
        diesel_measures=_displaced(today, measured),
        change=_change(site, today, basis.factor),
        water=None if basis.factor is None else water_band(site.site.country),
        purchase=_purchase(site, with_pv),
        plausibility=plausibility(statements_of(site, today.load_kwh), basis.factor),
        record=_record(inputs, load, today),
        hourly_match=None if hourly is None else _match(site, with_pv, hourly),
        findings=(),
    )
    return replace(made, findings=tuple(_findings(site, made)))


def _state(site: Site, state: State, today: State, basis: CarbonBasis) -> StateCarbon:
    first = 0.0 if state.fuel is None else state.fuel.t_co2e
    made = site.production
    return StateCarbon(
        key=state.key,
        scope1_t_co2e=first,
        category3=_category3(site, state, basis.factor),
        intensities=intensities(
            state.load_kwh,
            state.scope2.location_t_co2e + first,
            gold_kg=made.gold_kg_per_year,
            ore_t=made.ore_t_per_year,
            workers=site.site.workers,
        ),
        footprint=_footprint(site, state, today),
        ahead=_ahead(site, state, basis.factor),
    )


def _category3(site: Site, state: State, factor: Factor | None) -> Category3:
    chosen, country = site.carbon or CarbonChoice(), site.site.country
    year = site.emissions.activity_year
    loss = upstream = None
    if factor is not None:
        loss = loss_factor_of(country, factor.year)
        if chosen.loss_fraction is not None:
            loss = typed_loss(chosen.loss_fraction, country=country, year=year, source=chosen.loss_source)
        if chosen.upstream_t_co2e_per_mwh is not None:
            value, source = chosen.upstream_t_co2e_per_mwh, chosen.upstream_source
            upstream = typed_factor(value, FactorKind.LIFE_CYCLE, country=country, year=year, source=source)
    return category3(
        state.scope2.import_kwh,
        factor,
        loss=loss,
        upstream=upstream,
        fuel_litres=0.0 if state.fuel is None else state.fuel.litres,
        fuel_upstream_kg_per_l=_fuel_upstream(chosen),
    )


def _fuel_upstream(chosen: CarbonChoice) -> Sourced | None:
    if chosen.fuel_upstream_kg_per_l is None:
        return None
    if not chosen.fuel_upstream_source.strip():
        raise InputError([Problem(key="emissions_typed_source", field="carbon.fuel_upstream_source")])
    return Sourced(
        value=chosen.fuel_upstream_kg_per_l,
        unit="kg/L",
        source=chosen.fuel_upstream_source,
        year="",
        confidence="user",
    )


def _footprint(site: Site, state: State, today: State) -> Footprint | None:
    """Return a state among the other scopes: what the site states of Scopes 1 and 3 holds for today.

    Scope 1 loses what the genset burns less; without a stated one it is the genset's alone.
    """
    chosen, second = site.emissions, state.scope2.location_t_co2e
    burnt = [0.0 if one.fuel is None else one.fuel.t_co2e for one in (today, state)]
    stated = chosen.scope1_t_co2e
    if stated is None and today.fuel is not None:
        stated = burnt[0]
    if stated is not None and chosen.scope3_t_co2e is not None:
        first = max(stated - burnt[0] + burnt[1], 0.0)
        return footprint(second, chosen.model_copy(update={"scope1_t_co2e": first}))
    implied = footprint(today.scope2.location_t_co2e, chosen)
    if implied is None or state is today or implied.total_t_co2e is None:
        return implied
    rest = implied.total_t_co2e - implied.scope2_t_co2e
    total = second + rest
    third = implied.scope3_t_co2e
    return replace(
        implied,
        scope2_t_co2e=second,
        total_t_co2e=total,
        scope2_share=second / total if total else None,
        scope3_share=third / total if third is not None and total else None,
    )


def _ahead(site: Site, state: State, factor: Factor | None) -> YearsAhead | None:
    """Return the years to 2050; only a decline that somebody states makes them more than a repetition."""
    chosen = site.carbon
    if factor is None or chosen is None or chosen.grid_decline is None:
        return None
    years = range(max(site.emissions.activity_year, factor.year), LAST_YEAR + 1)
    return years_ahead(
        state.scope2.import_kwh,
        years,
        factor,
        decline=chosen.grid_decline,
        decline_source=chosen.grid_decline_source,
    )


def _match(site: Site, with_pv: State, hourly: HourlyFlows) -> HourlyMatch | None:
    """Return what PV meets in the same hour; None without PV."""
    if with_pv.pv_kwh <= 0:
        return None
    delivered = np.maximum(hourly.pv_kw.to_numpy() - hourly.curtailed_kw.to_numpy(), 0.0)
    claim: Literal["own", "transferred"] = "transferred" if attributes_of(site) in {"sold", "unstated"} else "own"
    return hourly_match(np.maximum(hourly.load_after_kw.to_numpy(), 0.0), delivered, claim=claim)


def _lifetime(site: Site, with_pv: State) -> LifetimeAvoided | None:
    energy = with_pv.pv_used_kwh + with_pv.export_kwh
    if energy <= 0:
        return None
    life, stated = int(PV_LIFE.default.value), site.finance.mine_life_years
    return lifetime_avoided(
        energy,
        max(life if stated is None else min(life, int(stated)), 1),
        country=site.site.country,
        degradation=packaged("pv_degradation", site.site.country).value / _PERCENT,
        decline=None if site.carbon is None else site.carbon.grid_decline,
        certificates_sold=attributes_of(site) in {"sold", "unstated"},
    )


def _life_cycle(measured: State, with_pv: State) -> PVLifeCycle | None:
    """Return the array's own carbon beside what it cuts: bought electricity, or the fuel of the genset."""
    if with_pv.pv_kwh <= 0:
        return None
    cut = measured.scope2.location_t_co2e - with_pv.scope2.location_t_co2e
    if measured.fuel is not None and with_pv.fuel is not None:
        cut += measured.fuel.t_co2e - with_pv.fuel.t_co2e
    return pv_life_cycle(with_pv.pv_kwh, cut)


def _displaced(before: State, after: State) -> DieselDisplaced | None:
    if before.fuel is None or after.fuel is None:
        return None
    return diesel_displaced(before.fuel, after.fuel, before_kwh=before.genset_kwh, after_kwh=after.genset_kwh)


def _change(site: Site, today: State, factor: Factor | None) -> Scope2Change | None:
    chosen = site.carbon
    if factor is None or chosen is None or chosen.base_year is None or chosen.base_import_kwh is None:
        return None
    country = site.site.country
    before = load_factor(
        country=country,
        kind=FactorKind.LOCATION_AVERAGE,
        year=chosen.base_factor_year or chosen.base_year,
        gwp_set=site.emissions.gwp_set,
    )
    base = scope2(chosen.base_import_kwh, before, country=country, activity_year=chosen.base_year)
    return scope2_change(base, today.scope2)


def _purchase(site: Site, with_pv: State) -> OnSitePurchase | None:
    if not third_party(site) or with_pv.pv_used_kwh <= 0:
        return None
    said = attributes_of(site)
    market = sum(line.t_co2e for line in with_pv.scope2.market_lines if line.basis == "on_site_purchase")
    return OnSitePurchase(
        energy_kwh=with_pv.pv_used_kwh,
        location_t_co2e=0.0,
        market_t_co2e=market,
        attributes="stated" if said == "own" else said,
    )


def _record(inputs: Inputs, load: LoadProfile, today: State) -> VerifyPack | None:
    """Return the trail of today's Scope 2; None where nothing is bought."""
    if today.scope2.import_kwh <= 0:
        return None
    chosen = inputs.site.carbon or CarbonChoice()
    records = records_for(inputs, load, today.scope2.import_kwh)
    return verify_pack(
        today.scope2,
        records,
        record_boundary(boundary_of(inputs.site, tuple(dict.fromkeys(r.meter for r in records))), inputs, records),
        factor_error=chosen.factor_error,
        recalculation_threshold=chosen.recalculation_threshold,
    )


def _findings(site: Site, made: Carbon) -> Iterator[Finding]:
    for lines in (made.lines, made.measures_lines, made.pv_lines):
        yield from lines.findings
    for state in made.states:
        yield from state.category3.findings
        yield from () if state.ahead is None else state.ahead.findings
    parts = (made.lifetime, made.pv_life_cycle, made.diesel, made.change, made.record)
    for part in parts:
        yield from () if part is None else part.findings
    yield from made.plausibility.findings
    if made.purchase is not None:
        params: dict[str, Param] = {
            "mwh": made.purchase.energy_kwh / KWH_PER_MWH,
            "t_co2e": made.purchase.market_t_co2e,
        }
        level: Literal["assumption", "info"] = "assumption" if made.purchase.attributes == "unstated" else "info"
        yield Finding(key=f"carbon_on_site_{made.purchase.attributes}", level=level, params=params)
    match = made.hourly_match
    if match is not None:
        shares: dict[str, Param] = {
            "percent": _PERCENT * match.ratio,
            "annual_percent": _PERCENT * match.annual_ratio,
        }
        key = "carbon_hourly_match" if match.claim == "own" else "carbon_hourly_match_sold"
        yield Finding(key=key, level="info", params=shares)
    chosen = site.carbon
    if chosen is not None and chosen.base_year is not None and chosen.base_import_kwh is None:
        yield Finding(key="carbon_base_year_energy", level="warning", params={"year": chosen.base_year})
