"""Scope 2 of the three states, and what PV avoids elsewhere, apart."""

from calendar import isleap
from dataclasses import dataclass, replace
from math import fsum
from typing import Literal, cast

import numpy as np
import pandas as pd

from mine_energy.arrays import readonly
from mine_energy.dispatch import DispatchResult
from mine_energy.emissions import (
    Factor,
    FactorKind,
    FuelEmissions,
    HourlyFactor,
    MarketClaims,
    Scope2Result,
    avoided_exports,
    avoided_project,
    claims_of,
    footprint,
    fuel_emissions,
    load_factor,
    margin_factor_of,
    no_purchases,
    residual_mix_of,
    scope2,
    typed_location,
)
from mine_energy.errors import InputError, Problem
from mine_energy.loads import LoadProfile
from mine_energy.site import CarbonChoice, Site
from mine_energy.study.inputs import Inputs
from mine_energy.study.result import Scope2Comparison
from mine_energy.tariffs import Bill
from mine_energy.units import HOURS_PER_DAY, LOCAL_TIME

Attributes = Literal["own", "stated", "sold", "unstated"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CarbonBasis:
    """What Scope 2 of every state is computed with.

    Parameters
    ----------
    factor
        Grid average: the user's own, else the official one of the factor year. None off the grid, where nothing is
        bought and no factor is asked for.
    hourly
        The user's hourly factors of one calendar year, an extra; None without a file.
    """

    factor: Factor | None
    hourly: HourlyFactor | None


def carbon_basis(inputs: Inputs) -> CarbonBasis:
    """Return the factors of a study; a missing year is an error that lists what exists."""
    site = inputs.site
    if site.connection.kind == "offgrid":
        return CarbonBasis(factor=None, hourly=None)
    return CarbonBasis(factor=typed_location(site) or location_factor_of(site), hourly=inputs.hourly_factor)


def location_factor_of(site: Site) -> Factor:
    """Return the official average of the factor year; a missing year is an error that lists what exists."""
    chosen = site.emissions
    return load_factor(
        country=site.site.country,
        kind=FactorKind.LOCATION_AVERAGE,
        year=chosen.factor_year or chosen.activity_year,
        gwp_set=chosen.gwp_set,
    )


def scope2_of(site: Site, load: LoadProfile, flows: DispatchResult, basis: CarbonBasis) -> Scope2Result:
    """Return Scope 2 of gross imports, by both methods.

    Parameters
    ----------
    site
        The site: country, years, instruments.
    load
        Whose steps the flows have.
    flows
        Of one state.
    basis
        Of the study.
    """
    country, year = site.site.country, site.emissions.activity_year
    imports = flows.import_kw * flows.step_hours
    if basis.factor is None:
        return no_purchases(imports, country=country, activity_year=year)
    hourly = None if basis.hourly is None else _on_steps(basis.hourly, load)
    found = scope2(
        imports,
        basis.factor,
        country=country,
        activity_year=year,
        residual_mix=residual_mix_of(country, basis.factor.year),
        claims=claims_for(site, flows.energy_kwh("pv_used")),
        hourly=hourly,
    )
    return _named(found) if third_party(site) else found


def third_party(site: Site) -> bool:
    """Whether somebody else owns the array and sells its energy to the site."""
    return site.financing is not None and site.financing.owner.kind == "third_party"


def attributes_of(site: Site) -> Attributes:
    """Return who may claim what the array generates.

    The site itself (``own``), by what its file says of somebody else's array (``stated``), nobody here because they
    are ``sold``, or because nothing is said of somebody else's array (``unstated``): a claim needs a contract that
    conveys it (GHG Protocol Scope 2 Guidance, table 7.1).
    """
    chosen = site.carbon or CarbonChoice()
    if chosen.own_certificates_sold:
        return "sold"
    if not third_party(site):
        return "own"
    return "stated" if "own_certificates_sold" in chosen.model_fields_set else "unstated"


def claims_for(site: Site, used_kwh: float) -> MarketClaims | None:
    """Return the instruments of the market-based method, with the PV used on site whose attributes are not the site's.

    Parameters
    ----------
    site
        The site.
    used_kwh
        PV used on site in the year.
    """
    claims = claims_of(site, used_kwh)
    if attributes_of(site) != "unstated":
        return claims
    return replace(claims or MarketClaims(reporter=site.site.name), own_sold_kwh=used_kwh)


def fuel_of(site: Site, bill: Bill) -> FuelEmissions | None:
    """Return Scope 1 of the fuel on a bill; None where the supply is a grid."""
    if bill.kind != "fuel":
        return None
    litres = fsum(line.quantity for line in bill.lines if line.unit == "L")
    share = None if site.carbon is None else site.carbon.biofuel_share
    return fuel_emissions(litres, "diesel", site.site.country, gwp_set=site.emissions.gwp_set, biofuel_share=share)


def compare(
    site: Site, today: Scope2Result, measured: Scope2Result, with_pv: Scope2Result, flows: DispatchResult
) -> Scope2Comparison:
    """Return the three states side by side, and what a grid-tied plant avoids, with another kind of factor."""
    on_grid = site.connection.kind == "grid"
    margin = margin_factor_of(site.site.country, today.factor_year) if on_grid else None
    exported = flows.export_kw * flows.step_hours
    used = flows.pv_used_kw * flows.step_hours
    country = site.site.country
    sold = attributes_of(site) in {"sold", "unstated"}
    return Scope2Comparison(
        today=today,
        after_measures=measured,
        after_pv=with_pv,
        location_cut_t_co2e=today.location_t_co2e - with_pv.location_t_co2e,
        market_cut_t_co2e=today.market_t_co2e - with_pv.market_t_co2e,
        avoided_exports=avoided_exports(exported, margin, country=country, certificates_sold=sold) if margin else None,
        avoided_project=(
            avoided_project(used + exported, margin, country=country, certificates_sold=sold) if margin else None
        ),
        footprint=footprint(today.location_t_co2e, site.emissions),
    )


def _named(found: Scope2Result) -> Scope2Result:
    """Return a result whose line of energy without attributes says that it was bought from somebody else's array."""
    lines = tuple(
        replace(line, basis="on_site_purchase") if line.basis == "own_certificates_sold" else line
        for line in found.market_lines
    )
    return replace(found, market_lines=lines)


def _on_steps(hourly: HourlyFactor, load: LoadProfile) -> HourlyFactor:
    """Return hourly factors of a calendar year on a load's own steps, matched by month, day and hour.

    A record may begin in any month and be finer than an hour; 29 February takes the 28th where the year has none.

    Raises
    ------
    InputError
        Another number of values than the hours of their year.
    """
    hours = pd.date_range(f"{hourly.year}-01-01", f"{hourly.year + 1}-01-01", freq="h", inclusive="left")
    if len(hourly.t_co2e_per_mwh) != len(hours):
        counts = {"steps": len(hours), "factors": len(hourly.t_co2e_per_mwh)}
        raise InputError([Problem(key="emissions_hourly_steps", field="carbon.hourly_factors", params=counts)])
    table = np.zeros((13, 32, HOURS_PER_DAY))
    table[hours.month, hours.day, hours.hour] = hourly.t_co2e_per_mwh
    if not isleap(hourly.year):
        table[2, 29] = table[2, 28]
    steps = cast("pd.DatetimeIndex", load.load_kw.index).tz_convert(LOCAL_TIME)
    values = table[steps.month, steps.day, steps.hour]
    return replace(hourly, t_co2e_per_mwh=readonly(values))
