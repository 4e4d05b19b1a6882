"""What a string has to stand at a site: record cold, hot cells, altitude, and the highest voltage a rule allows."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from mine_energy import catalog
from mine_energy.errors import Finding
from mine_energy.pv.temperature import SAPM
from mine_energy.site import Site
from mine_energy.units import STC_IRRADIANCE_W_M2
from mine_energy.weather import Weather

ELECTRICAL: Final = "pv/electrical.csv"
_RULES: Final = "pv/rules.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class StringConditions:
    """What a string has to stand.

    Parameters
    ----------
    record_low_c
        Air temperature at which the cells may meet the first sun, degC.
    hot_cell_c
        Cell temperature under 1000 W/m2 on the hottest day, degC.
    altitude_m
        Of the site.
    system_limit_v
        Highest DC voltage that the rule allows there.
    voltage_rule, current_rule
        Names of the rules, with the national one first.
    findings
        Where the temperatures come from.
    """

    record_low_c: float
    hot_cell_c: float
    altitude_m: float
    system_limit_v: float
    voltage_rule: str
    current_rule: str
    findings: tuple[Finding, ...] = ()


def figure(key: str) -> float:
    """Return one packaged electrical figure."""
    return catalog.sourced(ELECTRICAL, key).value


def rule(country: str, topic: str) -> str:
    """Return the name of a country's rule: ``voltage``, ``current`` or ``installation``."""
    rows = {(row["country"], row["topic"]): row["rule"] for row in catalog.table(_RULES)}
    return rows[country, topic]


def hot_cell_c(record_high_c: float, mounting: str) -> float:
    """Return the cell temperature under 1000 W/m2 in light air on the hottest day, degC (King et al. 2004)."""
    sapm = SAPM[mounting]
    heating = np.exp(sapm["a"] + sapm["b"] * figure("hot_cell_wind_m_s"))
    return float(record_high_c + STC_IRRADIANCE_W_M2 * heating + sapm["deltaT"])


def conditions_of(site: Site, weather: Weather) -> StringConditions:
    """Return what the strings of a site have to stand.

    The lowest hour of the weather is no record, least of all of a typical or synthetic year: without a stated record a
    margin is taken off, and a finding gives both. The margin is added to the highest hour in the same way.

    Parameters
    ----------
    site
        The plant; a stated record takes precedence.
    weather
        Any weather.
    """
    choice, air = site.equipment, weather.frame["temp_air"].to_numpy(dtype=np.float64)
    extra = figure("synthetic_margin_k") if weather.kind == "synthetic" else 0.0
    cold, hot = figure("record_low_margin_k") + extra, figure("record_high_margin_k") + extra
    low = float(air.min()) - cold if choice.record_low_c is None else choice.record_low_c
    high = float(air.max()) + hot if choice.record_high_c is None else choice.record_high_c
    findings = []
    if choice.record_low_c is None:
        params = {"lowest_c": round(float(air.min()), 1), "margin_k": cold, "taken_c": round(low, 1)}
        findings.append(Finding(key=f"pv_record_low_{weather.kind}", level="assumption", params=params))
    elif choice.record_low_c > float(air.min()):
        params = {"stated_c": choice.record_low_c, "lowest_c": round(float(air.min()), 1)}
        findings.append(Finding(key="pv_record_low_above_weather", level="warning", params=params))
    if choice.record_high_c is None:
        params = {"highest_c": round(float(air.max()), 1), "margin_k": hot, "taken_c": round(high, 1)}
        findings.append(Finding(key="pv_record_high", level="assumption", params=params))
    on_roof = site.array.mounting != "open_rack" or site.array.roof_area_m2 is not None
    return StringConditions(
        record_low_c=low,
        hot_cell_c=hot_cell_c(high, site.array.mounting),
        altitude_m=site.site.altitude_m,
        system_limit_v=figure("roof_system_v" if on_roof else "ground_system_v"),
        voltage_rule=rule(site.site.country, "voltage"),
        current_rule=rule(site.site.country, "current"),
        findings=tuple(findings),
    )
