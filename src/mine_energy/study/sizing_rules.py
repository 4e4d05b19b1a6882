"""From a site's words to what sizing works with: rules of battery, genset and grid, bounds, prices of equipment."""

from dataclasses import dataclass
from math import inf
from typing import Final

import numpy as np
import pandas as pd

from mine_energy import catalog
from mine_energy.arrays import FloatArray
from mine_energy.catalog import Sourced
from mine_energy.dispatch import Battery, Genset, Grid, Sizes
from mine_energy.dispatch.derate import (
    Derated,
    Engine,
    battery_limits,
    cell_temperature_c,
    engine_at_site,
    fuel_line_at_site,
)
from mine_energy.dispatch.equipment import battery_figure, genset_figure
from mine_energy.dispatch.outages import draw_outages
from mine_energy.errors import Finding, Param
from mine_energy.finance import packaged
from mine_energy.finance.assumptions import INVERTER_LIFE, PV_LIFE
from mine_energy.site import BatteryChoice, Site
from mine_energy.site import Genset as GensetChoice
from mine_energy.sizing import Ageing, Bounds, Costs, Existing
from mine_energy.tariffs import ExchangeRate, Tariff, convert
from mine_energy.units import HOURS_PER_YEAR, L_PER_US_GAL, MONTHS_PER_YEAR, W_PER_KW

_PERCENT: Final = 100.0
_HOT: Final = 99.0
"""Percentile of the air temperature that engines are rated for."""
_LARGE_KWH: Final = 100.0
"""Energy of a battery from which the price of the larger size class holds; the load of a day decides."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Equipment:
    """What may stand in a plant, and by which rules.

    Parameters
    ----------
    battery, grid
        Rules; the grid is None where the site has none.
    genset, genset_kw
        Rule and rating at the site of the set; None and 0 without one.
    genset_at_site
        What height and heat leave of it.
    bounds, existing
        Of the sizes.
    findings
        What was assumed.
    """

    battery: Battery
    grid: Grid | None
    genset: Genset | None
    genset_kw: float
    genset_at_site: Derated | None
    bounds: Bounds
    existing: Existing
    findings: tuple[Finding, ...]


def equipment_of(site: Site, steps: int, air_c: FloatArray, step_hours: float = 1.0) -> Equipment:
    """Return the rules and bounds of a site's equipment.

    Parameters
    ----------
    site
        The site file.
    steps
        Of the load.
    air_c
        Shape (steps,), air temperature of a typical year.
    step_hours
        Length of a step.
    """
    choice = site.battery
    battery, assumed = battery_rule(choice, air_c, step_hours)
    grid, outages = grid_rule(site, steps, step_hours)
    genset, left, notes = genset_rule(site, float(np.percentile(air_c, _HOT)))
    genset_kw = left.power_kw if left is not None else 0.0
    own = site.genset is not None and site.genset.existing
    tied = tied_power(choice)
    owned = Sizes(
        pv_kwp=0.0,
        battery_kwh=choice.existing_kwh,
        battery_kw=choice.existing_kwh * tied if tied is not None else choice.existing_kw,
        genset_kw=genset_kw if own else 0.0,
    )
    bounds = Bounds(
        battery_kwh=(choice.min_kwh or 0.0, inf if choice.max_kwh is None else choice.max_kwh),
        genset_kw=(genset_kw if own else 0.0, genset_kw),
        battery_kw_per_kwh=tied,
    )
    return Equipment(
        battery=battery,
        grid=grid,
        genset=genset,
        genset_kw=genset_kw,
        genset_at_site=left,
        bounds=bounds,
        existing=_existing(site, owned),
        findings=(*assumed, *outages, *notes),
    )


def tied_power(choice: BatteryChoice) -> float | None:
    """Return the inverter power that comes with each kWh; None where power has a price of its own and is sized."""
    if choice.kw_per_kwh is not None:
        return choice.kw_per_kwh
    return None if choice.price_usd_per_kw is not None else battery_figure(choice.chemistry, "discharge_c_rate").value


def _existing(site: Site, owned: Sizes) -> Existing:
    genset = site.genset
    if genset is None or not genset.existing or genset.overhaul_cost_usd is None:
        return Existing(sizes=owned)
    hours = genset.overhaul_hours or genset_figure("overhaul_hours").value
    left = max(hours - (genset.age_hours or 0.0), 0.0)
    # Until a run is simulated the set is taken to run as many hours a day as the shifts last, off-grid all the year.
    running = HOURS_PER_YEAR if site.connection.kind == "offgrid" else HOURS_PER_YEAR / 10
    return Existing(sizes=owned, overhaul_in_years=left / running, overhaul_cost=genset.overhaul_cost_usd)


def battery_rule(
    choice: BatteryChoice, air_c: FloatArray, step_hours: float = 1.0
) -> tuple[Battery, tuple[Finding, ...]]:
    """Return the rule of a battery with its chemistry's defaults, and what was assumed.

    Cells follow the air of the room; a temperature that limits charging or discharging enters as a series.
    """
    names = ("charge_efficiency", "discharge_efficiency", "soc_min", "soc_max")
    figures = {name: _figure(choice, name) for name in (*names, "self_discharge_per_month")}
    values = {name: figure.value if isinstance(figure, Sourced) else figure for name, figure in figures.items()}
    assumed = [name for name, figure in figures.items() if isinstance(figure, Sourced)]
    rate = tied_power(choice) or battery_figure(choice.chemistry, "discharge_c_rate").value
    charge, discharge = battery_limits(cell_temperature_c(air_c, step_hours), rate, choice.chemistry)
    found = []
    if assumed:
        params = {
            "charge_percent": _PERCENT * values["charge_efficiency"],
            "discharge_percent": _PERCENT * values["discharge_efficiency"],
            "low_percent": _PERCENT * values["soc_min"],
            "high_percent": _PERCENT * values["soc_max"],
        }
        found.append(Finding(key="study_battery_defaults", level="assumption", subject=choice.chemistry, params=params))
    cold = float(np.mean(np.asarray(charge) < 1)) * HOURS_PER_YEAR
    if cold > 0:
        found.append(Finding(key="study_battery_temperature", level="info", params={"hours": round(cold)}))
    rule = Battery(
        charge_efficiency=values["charge_efficiency"],
        discharge_efficiency=values["discharge_efficiency"],
        soc_min=values["soc_min"],
        soc_max=values["soc_max"],
        self_discharge_per_hour=1 - (1 - values["self_discharge_per_month"]) ** (MONTHS_PER_YEAR / HOURS_PER_YEAR),
        grid_forming=choice.grid_forming,
        reserve_fraction=choice.reserve_fraction,
        charge_limit=charge if (np.asarray(charge) < 1).any() else None,
        discharge_limit=discharge if (np.asarray(discharge) < 1).any() else None,
    )
    return rule, tuple(found)


def _figure(choice: BatteryChoice, name: str) -> Sourced | float:
    stated = getattr(choice, name)
    return battery_figure(choice.chemistry, name) if stated is None else float(stated)


def grid_rule(site: Site, steps: int, step_hours: float = 1.0) -> tuple[Grid | None, tuple[Finding, ...]]:
    """Return the grid connection of a site with its outages, None off the grid."""
    if site.connection.kind == "offgrid":
        return None, ()
    choice = site.grid
    available: FloatArray | None = None
    found: tuple[Finding, ...] = ()
    if choice.outage_hours_per_year and choice.outages_per_year:
        drawn = draw_outages(
            steps,
            saidi_hours=choice.outage_hours_per_year,
            saifi=choice.outages_per_year,
            seed=choice.outage_seed,
            step_hours=step_hours,
        )
        available, found = drawn.available, drawn.findings
    grid = Grid(
        export_allowed=site.connection.export_allowed,
        import_limit_kw=inf if choice.import_limit_kw is None else choice.import_limit_kw,
        export_limit_kw=inf if choice.export_limit_kw is None else choice.export_limit_kw,
        available=available,
    )
    return grid, found


def genset_rule(site: Site, hot_c: float) -> tuple[Genset | None, Derated | None, tuple[Finding, ...]]:
    """Return the rule of a site's genset, what the place leaves of its rating, and what was assumed."""
    choice = site.genset
    if choice is None:
        return None, None, ()
    engine = Engine(
        rated_kw=choice.rated_kw, aspiration=choice.aspiration, reference_altitude_m=choice.reference_altitude_m
    )
    left = engine_at_site(engine, site.site.altitude_m, max(hot_c, 25.0))
    line = fuel_line_at_site(*_plate_line(choice), left)
    least = choice.min_load_fraction
    rule = Genset(
        min_load_fraction=genset_figure("min_load_fraction").value if least is None else least,
        fuel_intercept_l_per_h_per_kw=line[0],
        fuel_slope_l_per_kwh=line[1],
        strategy=choice.strategy,
        units=choice.units,
    )
    return rule, left, left.findings


def _plate_line(choice: GensetChoice) -> tuple[float, float]:
    stated = (choice.fuel_intercept_l_per_h_per_kw, choice.fuel_slope_l_per_kwh)
    names = ("fuel_intercept_l_per_h_per_kw", "fuel_slope_l_per_kwh")
    first, second = (genset_figure(n).value if v is None else v for n, v in zip(names, stated, strict=True))
    return first, second


def costs_of(
    site: Site, tariff: Tariff, daily_kwh: float, rate: ExchangeRate
) -> tuple[Costs, Ageing, tuple[Finding, ...]]:
    """Return prices in the study's currency, yearly losses, and what was assumed.

    Parameters
    ----------
    site, tariff
        Of the study; the fuel's price is the tariff's.
    daily_kwh
        Load of a mean day: decides the size class of the battery's price.
    rate
        Of the country's currency.
    """
    per_usd = convert(1.0, "USD", site.finance.currency, rate)
    country, choice, battery = site.site.country, site.finance, site.battery
    pv_usd = choice.pv_capex_usd_per_kwp or packaged("pv_capex", country).value * W_PER_KW
    kwh_usd, kwh_life, said = _battery_price(site, daily_kwh)
    genset = site.genset
    genset_usd = packaged("genset_capex", country).value if genset is None else genset.price_usd_per_kw
    inverter_usd = packaged("inverter_replacement", country).value * W_PER_KW
    ageing = Ageing(
        pv_per_year=packaged("pv_degradation", country).value / _PERCENT,
        battery_per_year=(1 - battery_figure(battery.chemistry, "end_of_life_fraction").value) / kwh_life,
    )
    costs = Costs(
        pv_per_kwp=pv_usd * per_usd,
        pv_inverter_per_kwp=min(inverter_usd / site.array.dc_ac_ratio, pv_usd) * per_usd,
        pv_inverter_life_years=INVERTER_LIFE.default.value,
        pv_life_years=PV_LIFE.default.value,
        pv_om_per_kwp_year=packaged("pv_om", country).value * per_usd,
        battery_per_kwh=kwh_usd * per_usd,
        battery_per_kw=(battery.price_usd_per_kw or 0.0) * per_usd,
        battery_life_years=kwh_life,
        genset_per_kw=(genset_usd if genset_usd is not None else packaged("genset_capex", country).value) * per_usd,
        genset_om_per_kw_hour=genset_figure("maintenance_usd_per_kw_h").value * per_usd,
        fuel_price_per_l=_fuel_price(site, tariff, rate),
        unserved_value_per_kwh=(site.grid.unserved_value_usd_per_kwh or 0.0) * per_usd,
        discount_rate=packaged("discount_rate_real", country).value / _PERCENT
        if choice.discount_rate is None
        else choice.discount_rate,
        mine_life_years=choice.mine_life_years or PV_LIFE.default.value,
    )
    return costs, ageing, said


def _fuel_price(site: Site, tariff: Tariff, rate: ExchangeRate) -> float:
    """Return the price of a litre in the study's currency: the fuel supply's, the set's own, or the country's."""
    currency = site.finance.currency
    if tariff.fuel is not None and tariff.fuel.price is not None:
        return convert(tariff.fuel.price, tariff.currency, currency, rate)
    stated = site.genset.fuel_price_usd_per_l if site.genset is not None else None
    default = catalog.finance_default("diesel_price", site.site.country).default.value / L_PER_US_GAL
    return convert(default if stated is None else stated, "USD", currency, rate)


def _battery_price(site: Site, daily_kwh: float) -> tuple[float, float, tuple[Finding, ...]]:
    """Return the price of a kWh in dollars, its life, and what was assumed."""
    choice = site.battery
    figure: Sourced | None = None
    if choice.price_usd_per_kwh is None:
        if choice.chemistry == "lead_acid":
            figure = battery_figure("lead_acid", "capex_usd_per_kwh")
        else:
            key = "battery_capex_from_100_kwh" if daily_kwh >= _LARGE_KWH else "battery_capex_under_100_kwh"
            figure = catalog.finance_default(key, site.site.country).default
    life = choice.life_years
    years = (
        life
        if life is not None
        else min(
            battery_figure(choice.chemistry, "calendar_life_years").value,
            packaged("battery_life", site.site.country).value,
        )
    )
    price = choice.price_usd_per_kwh if figure is None else figure.value
    if price is None:
        raise AssertionError("a battery has a price by now")
    if figure is None:
        return price, years, ()
    params: dict[str, Param] = {
        "price_usd": price,
        "years": years,
        "source": figure.source,
        "confidence": figure.confidence,
        "kw_per_kwh": tied_power(choice) or 0.0,
    }
    return price, years, (Finding(key="study_battery_price", level="assumption", params=params),)


def year_air_c(air_c: "pd.Series[float]", index: pd.DatetimeIndex) -> FloatArray:
    """Return the air temperature of a typical year on the hours of a load, matched by month, day and hour."""
    hours = pd.DatetimeIndex(air_c.index)
    table = np.zeros((13, 32, 24))
    table[hours.month, hours.day, hours.hour] = air_c.to_numpy()
    table[2, 29] = table[2, 28]
    steps = index.tz_convert(hours.tz)
    return np.asarray(table[steps.month, steps.day, steps.hour])
