"""Scope 2 of the three states, and what PV avoids elsewhere, apart."""

from math import fsum

from mine_energy.dispatch import DispatchResult
from mine_energy.emissions import (
    Factor,
    FactorKind,
    FuelEmissions,
    Scope2Result,
    avoided_exports,
    avoided_project,
    footprint,
    fuel_emissions,
    load_factor,
    margin_factor_of,
    residual_mix_of,
    scope2,
)
from mine_energy.site import Site
from mine_energy.study.result import Scope2Comparison
from mine_energy.tariffs import Bill


def location_factor_of(site: Site) -> Factor:
    """Return the official average of the factor year; a missing year is an error that lists what exists."""
    chosen = site.emissions
    return load_factor(
        country=site.site.country,
        kind=FactorKind.LOCATION_AVERAGE,
        year=chosen.factor_year or chosen.activity_year,
        gwp_set=chosen.gwp_set,
    )


def scope2_of(site: Site, flows: DispatchResult, factor: Factor) -> Scope2Result:
    """Return Scope 2 of gross imports, by both methods."""
    return scope2(
        flows.import_kw * flows.step_hours,
        factor,
        country=site.site.country,
        activity_year=site.emissions.activity_year,
        residual_mix=residual_mix_of(site.site.country, factor.year),
    )


def fuel_of(site: Site, bill: Bill) -> FuelEmissions | None:
    """Return Scope 1 of the fuel on a bill; None where the supply is a grid."""
    if bill.kind != "fuel":
        return None
    litres = fsum(line.quantity for line in bill.lines if line.unit == "L")
    return fuel_emissions(litres, "diesel", site.site.country, gwp_set=site.emissions.gwp_set)


def compare(
    site: Site, today: Scope2Result, measured: Scope2Result, with_pv: Scope2Result, flows: DispatchResult
) -> Scope2Comparison:
    """Return the three states side by side, and what a grid-tied plant avoids, with another kind of factor."""
    on_grid = site.connection.kind == "grid"
    margin = margin_factor_of(site.site.country, today.factor_year) if on_grid else None
    exported = flows.export_kw * flows.step_hours
    used = flows.pv_used_kw * flows.step_hours
    country = site.site.country
    return Scope2Comparison(
        today=today,
        after_measures=measured,
        after_pv=with_pv,
        location_cut_t_co2e=today.location_t_co2e - with_pv.location_t_co2e,
        market_cut_t_co2e=today.market_t_co2e - with_pv.market_t_co2e,
        avoided_exports=avoided_exports(exported, margin, country=country) if margin else None,
        avoided_project=avoided_project(used + exported, margin, country=country) if margin else None,
        footprint=footprint(today.location_t_co2e, site.emissions),
    )
