"""The sun of a study: weather, direction, yield, and the load that the array may have to follow."""

from dataclasses import replace

import pandas as pd

from mine_energy.errors import Finding
from mine_energy.loads import LoadProfile
from mine_energy.pv import (
    Array,
    Orientation,
    Washing,
    best_orientation,
    compare_washing,
    resolve_array,
    unit_performance,
    unit_yield,
    yield_uncertainty,
)
from mine_energy.site import Site
from mine_energy.study.audited import run_audit
from mine_energy.study.electrical import with_electrical
from mine_energy.study.inputs import Inputs
from mine_energy.study.result import Solar
from mine_energy.study.yield_models import YieldModels, yield_models
from mine_energy.weather import Variability, Weather, from_climatology


def run_solar(inputs: Inputs) -> Solar:
    """Return the sun at the site, the yield of one kWp of the array it asks for, and what one inverter takes of it."""
    weather = inputs.weather or packaged_weather(inputs.site)
    solar, models = solar_of(inputs, weather, _load_to_follow(inputs))
    return with_electrical(replace(solar, washing=washing_of(solar)), inputs, weather, models)


def washing_of(solar: Solar, usd_per_kwh: float | None = None) -> Washing | None:
    """Return schedules of washing side by side; None where no course of dust is stated."""
    return compare_washing(solar.unit.array.soiling, solar.unit.kw_per_kwp, usd_per_kwh)


def _load_to_follow(inputs: Inputs) -> LoadProfile | None:
    """Return the load after measures where the array has to follow it and something tells it."""
    told = (inputs.load, inputs.inventory, inputs.bills, inputs.fuel_log)
    if inputs.site.array.objective != "self_consumption" or all(source is None for source in told):
        return None
    return run_audit(inputs).load_after


def solar_of(inputs: Inputs, whole: Weather, load: LoadProfile | None) -> tuple[Solar, YieldModels]:
    """Return the sun at the site and what its yield is computed with.

    The direction is sought with PVWatts, whose map is quick and whose best tilt is that of any module; strings need the
    direction; the yield needs the strings.
    """
    site, weather = inputs.site, whole.representative_year()
    load_kw = None if load is None else load.hourly()
    array, facing = resolve_array(site, weather, horizon=inputs.horizon, load_kw=load_kw)
    models = yield_models(inputs, whole, array)
    unit = unit_yield(site, weather, models.array, models.module, models.inverter)
    sure = yield_uncertainty(site, whole, unit, models.module, models.inverter)
    solar = Solar(
        weather=weather.summary(),
        unit=unit,
        findings=(
            *weather.findings,
            *facing,
            *_followed(site, array, load),
            *models.findings,
            *unit.findings,
            *sure.findings,
        ),
        uncertainty=sure,
        performance=unit_performance(unit, weather.year_count),
        orientation=_map(site, weather, models.array, load_kw),
    )
    return solar, models


def _followed(site: Site, array: Array, load: LoadProfile | None) -> tuple[Finding, ...]:
    """Say which load the direction follows, where it was free to."""
    choice = site.array
    free = "optimal" in (choice.tilt_deg, choice.azimuth_deg) and not (array.faces or array.tracker)
    if load is None or choice.objective != "self_consumption" or not free:
        return ()
    return (Finding(key="pv_match_load", level="info", params={"energy_kwh": round(load.energy_kwh)}),)


def _map(site: Site, weather: Weather, array: Array, load_kw: "pd.Series[float] | None") -> Orientation | None:
    """Return the map over tilt and azimuth; several faces, or one that turns, have no place on it."""
    if array.faces or array.tracker:
        return None
    return best_orientation(site, weather, array, objective=site.array.objective, load_kw=load_kw)


def packaged_weather(site: Site) -> Weather:
    """Return a year of the packaged climate, where the site names no file."""
    facts = site.site
    return from_climatology(
        facts.latitude,
        facts.longitude,
        facts.altitude_m,
        seed=site.weather.seed,
        site_key=site.weather.climatology,
        country=facts.country,
        variability=Variability(
            daily_clearness_sd=site.weather.daily_clearness_sd, interannual_spread=site.weather.interannual_spread
        ),
    )
