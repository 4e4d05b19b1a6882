"""From a site's words to what dispatch and sizing work with: rules of battery, genset and grid, and bounds."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import Final

import numpy as np
import pandas as pd

from mine_energy.arrays import FloatArray
from mine_energy.catalog import Sourced
from mine_energy.dispatch import Battery, Genset, Grid, Sizes
from mine_energy.dispatch.derate import (
    ISO_AIR_C,
    Derated,
    Engine,
    battery_limits,
    cell_temperature_c,
    engine_at_site,
    fuel_line_at_site,
)
from mine_energy.dispatch.equipment import battery_figure, genset_figure
from mine_energy.dispatch.outages import Interval
from mine_energy.errors import Finding, Param
from mine_energy.finance.assumptions import PV_LIFE
from mine_energy.loads import LoadProfile
from mine_energy.site import BatteryChoice, Site
from mine_energy.site import Genset as GensetChoice
from mine_energy.sizing import Bounds, Existing
from mine_energy.study.sizing_grid import grid_rule
from mine_energy.tariffs import Tariff
from mine_energy.units import HOURS_PER_YEAR, MONTHS_PER_YEAR

_PERCENT: Final = 100.0
_HOT: Final = 99.0
"""Percentile of the air temperature that engines are rated for."""


_DEFAULTS: Final = {"lfp": "study_battery_defaults_lfp", "lead_acid": "study_battery_defaults_lead_acid"}


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


def equipment_of(
    site: Site,
    load: LoadProfile,
    air_c: FloatArray,
    tariff: Tariff | None = None,
    outages: Sequence[Interval] | None = None,
) -> Equipment:
    """Return the rules and bounds of a site's equipment.

    Parameters
    ----------
    site
        The site file.
    load
        Whose steps the plant runs at.
    air_c
        Shape (steps,), air temperature of a typical year.
    tariff
        The fuel's, with its line of consumption; the packaged line where it has none.
    outages
        Recorded ones.
    """
    choice = site.battery
    battery, assumed = battery_rule(choice, air_c, load.step_hours)
    grid, said = grid_rule(site, load, outages)
    genset, left, notes = genset_rule(site, air_c, tariff)
    genset_kw = left.power_kw if left is not None else 0.0
    own = site.genset is not None and site.genset.existing
    tied = tied_power(choice)
    existing, due = _existing(site, _owned(site, genset_kw if own else 0.0, tied), _running_hours(site, load))
    return Equipment(
        battery=battery,
        grid=grid,
        genset=genset,
        genset_kw=genset_kw,
        genset_at_site=left,
        bounds=_bounds(site, genset_kw, tied),
        existing=existing,
        findings=(*assumed, *said, *notes, *due),
    )


def _bounds(site: Site, genset_kw: float, tied: float | None) -> Bounds:
    choice, genset = site.battery, site.genset
    least = 0.0
    if genset is not None:
        # A bound is the plate's; what the place leaves of it is the same share of every rating.
        least = genset_kw * (1.0 if genset.existing else (genset.min_kw or 0.0) / genset.rated_kw)
    return Bounds(
        pv_kwp=_pair(site.array.min_kwp, site.array.max_kwp),
        battery_kwh=_pair(choice.min_kwh, choice.max_kwh),
        battery_kw=(0.0, inf) if tied is not None else _pair(choice.min_kw, choice.max_kw),
        genset_kw=(least, genset_kw),
        battery_kw_per_kwh=tied,
    )


def _pair(low: float | None, high: float | None) -> tuple[float, float]:
    return low or 0.0, inf if high is None else high


def _owned(site: Site, genset_kw: float, tied: float | None) -> Sizes:
    choice = site.battery
    return Sizes(
        pv_kwp=0.0,
        battery_kwh=choice.existing_kwh,
        battery_kw=choice.existing_kw if tied is None else choice.existing_kwh * tied,
        genset_kw=genset_kw,
    )


def tied_power(choice: BatteryChoice) -> float | None:
    """Return the inverter power that comes with each kWh; None where power has a price of its own and is sized."""
    if choice.kw_per_kwh is not None:
        return choice.kw_per_kwh
    return None if choice.price_usd_per_kw is not None else battery_figure(choice.chemistry, "discharge_c_rate").value


def _running_hours(site: Site, load: LoadProfile) -> float:
    """Return the hours a year that today's plant runs its set: with a load off the grid, else in outages."""
    if site.connection.kind == "grid":
        return site.grid.outage_hours_per_year or 0.0
    return HOURS_PER_YEAR * float((load.load_kw > 0).mean())


def _existing(site: Site, owned: Sizes, running_hours: float) -> tuple[Existing, tuple[Finding, ...]]:
    """Return what is owned, with the overhaul to come where the site gives its cost."""
    genset = site.genset
    if genset is None or not genset.existing or not genset.overhaul_cost_usd or running_hours <= 0:
        return Existing(sizes=owned), ()
    hours = genset.overhaul_hours or genset_figure("overhaul_hours").value
    years = max(hours - (genset.age_hours or 0.0), 0.0) / running_hours
    found: tuple[Finding, ...] = ()
    if genset.overhaul_hours is None and years < (site.finance.mine_life_years or PV_LIFE.default.value):
        params: dict[str, Param] = {"hours": hours, "running_hours": running_hours, "years": years}
        found = (Finding(key="study_genset_overhaul", level="assumption", params=params),)
    return Existing(sizes=owned, overhaul_in_years=years, overhaul_cost=genset.overhaul_cost_usd), found


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
        found.append(Finding(key=_DEFAULTS[choice.chemistry], level="assumption", params=params))
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


def genset_rule(
    site: Site, air_c: FloatArray, tariff: Tariff | None = None
) -> tuple[Genset | None, Derated | None, tuple[Finding, ...]]:
    """Return the rule of a site's genset, what the place leaves of its rating, and what was assumed.

    Parameters
    ----------
    site
        The site file.
    air_c
        Air temperature of a typical year: engines are rated for its hottest hundredth.
    tariff
        The fuel's, whose line of consumption holds where the site gives none.
    """
    choice = site.genset
    if choice is None:
        return None, None, ()
    engine = Engine(
        rated_kw=choice.rated_kw, aspiration=choice.aspiration, reference_altitude_m=choice.reference_altitude_m
    )
    hot_c = max(float(np.percentile(air_c, _HOT)), ISO_AIR_C)
    left = engine_at_site(engine, site.site.altitude_m, hot_c)
    plate = _plate_line(choice, tariff)
    line = fuel_line_at_site(*plate, left)
    least = genset_figure("min_load_fraction")
    share = least.value if choice.min_load_fraction is None else choice.min_load_fraction
    rule = Genset(
        min_load_fraction=share,
        fuel_intercept_l_per_h_per_kw=line[0],
        fuel_slope_l_per_kwh=line[1],
        strategy=choice.strategy,
        units=choice.units,
    )
    upkeep = genset_figure("maintenance_usd_per_kw_h")
    stated = choice.maintenance_usd_per_kw_hour
    params: dict[str, Param] = {
        "intercept": plate[0],
        "slope": plate[1],
        "least_percent": _PERCENT * share,
        "upkeep_usd": upkeep.value if stated is None else stated,
        "source": least.source,
        "confidence": least.confidence,
    }
    given = (stated, choice.min_load_fraction, choice.fuel_intercept_l_per_h_per_kw, choice.fuel_slope_l_per_kwh)
    said = [Finding(key="study_genset_defaults", level="assumption", params=params)] if None in given else []
    return rule, left, (*left.findings, *said)


def _plate_line(choice: GensetChoice, tariff: Tariff | None) -> tuple[float, float]:
    fuel = tariff.fuel if tariff is not None else None
    names = ("intercept_l_per_h_per_kw", "slope_l_per_kwh")
    found = []
    for name in names:
        stated = getattr(choice, f"fuel_{name}")
        if stated is None and fuel is not None:
            stated = getattr(fuel, name)
        found.append(genset_figure(f"fuel_{name}").value if stated is None else float(stated))
    return found[0], found[1]


def year_air_c(air_c: "pd.Series[float]", index: pd.DatetimeIndex) -> FloatArray:
    """Return the air temperature of a typical year on the hours of a load, matched by month, day and hour."""
    hours = pd.DatetimeIndex(air_c.index)
    table = np.zeros((13, 32, 24))
    table[hours.month, hours.day, hours.hour] = air_c.to_numpy()
    table[2, 29] = table[2, 28]
    steps = index.tz_convert(hours.tz)
    return np.asarray(table[steps.month, steps.day, steps.hour])
