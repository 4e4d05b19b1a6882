"""The sizing problem of a plant before and after its measures, and the sizing alone."""

from dataclasses import replace
from typing import cast

import pandas as pd

from mine_energy.arrays import FloatArray
from mine_energy.audit import AuditResult
from mine_energy.loads import LoadProfile
from mine_energy.site import Site
from mine_energy.sizing.foresight import lp_difference
from mine_energy.sizing.start_current import StartMethod
from mine_energy.study.audited import run_audit
from mine_energy.study.electrical import with_electrical
from mine_energy.study.inputs import Inputs
from mine_energy.study.money import bill_of, measures_cost, tariff_for
from mine_energy.study.plant import run_plant, shortage, supply_of
from mine_energy.study.result import Solar
from mine_energy.study.sizing import joined, run_sizing
from mine_energy.study.sizing_case import YEARS, YEARS_BESIDE, SizingCase, sizing_cases
from mine_energy.study.sizing_result import Sizing
from mine_energy.study.sizing_rules import year_air_c
from mine_energy.study.sun import packaged_weather, solar_of
from mine_energy.study.yield_models import YieldModels
from mine_energy.tariffs import ExchangeRate, Tariff, exchange_rate
from mine_energy.weather import Weather


def run_sizing_only(inputs: Inputs, *, years: int | None = None, check_lp: bool = False) -> tuple[Sizing, float | None]:
    """Return the sizing of a plant alone, every meaning in units that are sold.

    Parameters
    ----------
    inputs
        As in :func:`run_study`.
    years
        Weather years to draw where there is only one and the site says nothing; 100 for an off-grid goal, 30 beside
        another one.
    check_lp
        Whether the foresight optimum of the goal is checked against the whole linear program.

    Returns
    -------
    Sizing, float or None
        And by how much the two differ, relative; None where it was not asked for or nothing can be checked.
    """
    site = inputs.site
    rate = exchange_rate(site.site.country, site.finance.exchange_rate)
    tariff = tariff_for(site, inputs.tariff)
    audited = run_audit(inputs)
    weather = inputs.weather or packaged_weather(site)
    sun, models = solar_of(inputs, weather, audited.load_after)
    solar = with_electrical(sun, inputs, weather, models)
    pair = sizing_pair(inputs, audited, (solar, models), weather, tariff, rate, years)
    made = run_sizing(
        *pair,
        inputs.inventory,
        measures_cost=measures_cost(site, audited, rate),
        improved=improved_starts(audited),
        thorough=True,
    )
    load = pair[0].load
    supply = supply_of(site, load, air_on(weather, load), tariff, inputs.outages)
    base = run_plant(load, pair[0].unit, 0.0, supply)
    said = (
        *inputs.findings,
        *rate.findings,
        *bill_of(site, tariff, load, base, 0.0, inputs.spot_price).findings,
        *(() if supply.grid and site.genset else shortage((base,), supply.genset_kw)),
    )
    made = replace(made, findings=joined((*said, *made.findings)))
    if not check_lp or site.coverage.goal == "annual_net":
        return made, None
    case = pair[0].case(pair[0].goal(site.coverage.goal))
    goal = pair[0].goal(site.coverage.goal)
    return made, lp_difference(replace(case, prices=replace(case.prices, bill=None)), goal)


def sizing_pair(
    inputs: Inputs,
    audited: AuditResult,
    sun: tuple[Solar, YieldModels],
    weather: Weather,
    tariff: Tariff,
    rate: ExchangeRate,
    years: int | None = None,
) -> tuple[SizingCase, SizingCase]:
    """Return the sizing problem after measures and before them."""
    asked = inputs.site.coverage.weather_years
    default = YEARS if inputs.site.coverage.goal == "offgrid" else YEARS_BESIDE
    loads = (audited.load_after, audited.load_before)
    after, before = sizing_cases(inputs, loads, *sun, weather, tariff, rate, asked or years or default)
    return after, before


def is_limited(site: Site) -> bool:
    """Whether something keeps the annual balance from being PV energy over load: a limit, an outage, a size given."""
    grid, battery = site.grid, site.battery
    of_grid = (grid.export_limit_kw, grid.outages or None, grid.outages_per_year)
    given = (site.array.min_kwp, site.array.max_kwp, battery.min_kwh, battery.existing_kwh or None)
    # A plant that may not export keeps PV energy over load: nothing it states limits what it does not deliver.
    return any(limit is not None for limit in (*of_grid, *given))


def improved_starts(audited: AuditResult) -> dict[str, StartMethod]:
    """Return how machines start after the measures, where a drive or a soft starter is among those taken."""
    methods: dict[str, StartMethod] = {"drive": "vfd", "soft_starter": "soft_starter"}
    taken = [saving for saving in audited.savings if saving.decision == "apply" and saving.measure in methods]
    # A machine with both has the drive's start.
    return {one.tag: methods[one.measure] for one in sorted(taken, key=lambda one: one.measure == "drive")}


def air_on(weather: Weather, load: LoadProfile) -> FloatArray:
    """Return the air temperature of a typical year on a load's steps."""
    index = cast("pd.DatetimeIndex", load.load_kw.index)
    return year_air_c(weather.representative_year().frame["temp_air"], index)
