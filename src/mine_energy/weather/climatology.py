"""What is known of a place without a file: monthly means from the packaged tables, and where each came from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from mine_energy import catalog
from mine_energy.catalog import Municipality, SiteClimatology
from mine_energy.errors import Finding, Param
from mine_energy.units import MONTHS_PER_YEAR
from mine_energy.weather.contract import FAR_KM
from mine_energy.weather.thermal import COAST_RANGE

_DAYS_IN_MONTH = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], dtype=np.float64)
_DAYS = float(np.sum(_DAYS_IN_MONTH))

NEAR_SITE_KM: Final = 150.0
"""Reach of a packaged site's day-to-day deviation: half a cell of the reanalysis it comes from."""

REGIONAL_CLEARNESS_SD: Final = {"coast": 0.08, "inland": 0.12, "high_mountain": 0.13, "national": 0.13}
"""Standard deviation of daily clearness within a month where no packaged site is near, by band of the country's file:
rounded means of the packaged sites of each region (MERRA-2 2011-2015)."""

SEA_LEVEL_C: Final = 26.3
LAPSE_K_PER_M: Final = 0.0045
"""Annual mean temperature inland = 26.3 degC - 4.5 K per 1,000 m: least squares over the 31 inland packaged sites,
which scatter about it by 2 K."""
COAST_EQUATOR_C: Final = 27.0
COAST_K_PER_DEGREE: Final = 0.53
"""Annual mean temperature of Peru's coast = 27 degC - 0.53 K per degree south: a line through Piura, Trujillo, Lima
and Chala of the packaged sites; the cold current makes it cooler than its height."""

SEASON_K_PER_DEGREE: Final = 0.12
"""Amplitude of the yearly course per degree of latitude: 0.5 K at Bogota, 2 K at Arequipa."""
_WARMEST_DAY_SOUTH = 30.0
_WARMEST_DAY_NORTH = 212.0

DEFAULT_WIND_M_S: Final = 2.0
"""Mean wind at 10 m where nothing is known: below the 2.8 and 3.0 m/s of the two airport files, for a valley floor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthlyClimate:
    """What the generator needs to know of a place.

    Parameters
    ----------
    latitude, longitude, altitude_m
        The place.
    ghi_kwh_m2_day
        Mean daily horizontal irradiation of the twelve months, kWh/m2.
    clearness_sd
        Standard deviation of daily clearness within each month.
    temp_air_c
        Mean air temperature of the twelve months, degC.
    source
        Tables and cells, by their published names.
    wind_mean_m_s
        Mean wind speed at 10 m.
    temp_range_factor
        Daily temperature range over the inland one of the same clearness.
    band_low, band_high
        Uncertainty of the annual irradiation, signed fractions.
    findings
        What was assumed.
    """

    latitude: float
    longitude: float
    altitude_m: float
    ghi_kwh_m2_day: tuple[float, ...]
    clearness_sd: tuple[float, ...]
    temp_air_c: tuple[float, ...]
    source: str
    wind_mean_m_s: float = DEFAULT_WIND_M_S
    temp_range_factor: float = 1.0
    band_low: float = 0.0
    band_high: float = 0.0
    findings: tuple[Finding, ...] = ()


def monthly_climate(
    latitude: float,
    longitude: float,
    altitude_m: float,
    site_key: str = "",
    country: str = "",
    daily_clearness_sd: float | Sequence[float] | None = None,
) -> MonthlyClimate:
    """Return the monthly means of a place from the packaged tables, the best that covers it.

    A packaged site when its key is given; in Colombia the one-degree cell's seasons at the municipality's annual
    irradiation; else the cell as it is.

    Parameters
    ----------
    latitude, longitude, altitude_m
        The place. Its altitude thins the air and, where no temperature is packaged, cools it.
    site_key
        Key of a packaged site, ``"buenos_aires_cauca"``; empty for the coordinates.
    country
        ISO 3166 code; empty takes Colombia where one of its municipalities is within 25 km or the place lies north
        of the equator, else Peru.
    daily_clearness_sd
        Standard deviation of daily clearness within the months, one figure or twelve, when known from a file.

    Raises
    ------
    MissingData
        No packaged cell covers the place, or there is no such key.
    """
    near = catalog.nearest_municipality(latitude, longitude) if country in {"", "CO"} else None
    code = country or ("CO" if near is not None or latitude > 0.0 else "PE")
    band = catalog.resource_band(code, latitude, longitude, altitude_m)
    known = catalog.site_climatology(site_key) if site_key else None
    ghi, source, findings = _irradiation(latitude, longitude, known, near)
    low, high = _widened(band, ghi, latitude, longitude)
    annual_c, temperature_finding = _temperature(latitude, altitude_m, band.key, known, near)
    spread, spread_finding = _clearness_sd(latitude, longitude, band.key, known, daily_clearness_sd)
    return MonthlyClimate(
        latitude=latitude,
        longitude=longitude,
        altitude_m=altitude_m,
        ghi_kwh_m2_day=ghi,
        clearness_sd=spread,
        temp_air_c=seasonal_temperature(annual_c, latitude),
        source=source,
        temp_range_factor=COAST_RANGE if band.key == "coast" else 1.0,
        band_low=low,
        band_high=high,
        findings=(
            *findings,
            Finding(
                key="weather_resource_band",
                level="warning" if band.key == "coast" else "assumption",
                params={"low_percent": round(100 * low), "high_percent": round(100 * high)},
            ),
            *spread_finding,
            *temperature_finding,
            Finding(key="weather_wind_assumed", level="assumption", params={"wind_m_s": DEFAULT_WIND_M_S}),
        ),
    )


def seasonal_temperature(annual_c: float, latitude: float) -> tuple[float, ...]:
    """Return twelve monthly means about an annual mean, degC.

    A cosine of 0.12 K per degree of latitude, warmest at the end of January south of the equator and at the end of July
    north of it: an assumption of ours, worth under 1 % of yield anywhere in the two countries.

    Parameters
    ----------
    annual_c
        Mean of the year.
    latitude
        Degrees, north positive.
    """
    middle = np.cumsum(_DAYS_IN_MONTH) - _DAYS_IN_MONTH / 2.0
    warmest = _WARMEST_DAY_NORTH if latitude >= 0.0 else _WARMEST_DAY_SOUTH
    course = np.cos(2.0 * np.pi * (middle - warmest) / _DAYS)
    course = course - np.sum(course * _DAYS_IN_MONTH) / _DAYS
    return tuple(float(t) for t in annual_c + SEASON_K_PER_DEGREE * abs(latitude) * course)


def _irradiation(
    latitude: float, longitude: float, known: SiteClimatology | None, near: Municipality | None
) -> tuple[tuple[float, ...], str, tuple[Finding, ...]]:
    if known is not None:
        away_km = catalog.distance_km(latitude, longitude, known.latitude, known.longitude)
        params: dict[str, Param] = {"name": known.name, "distance_km": round(away_km)}
        far = (Finding(key="weather_key_far", level="warning", params=params),) if away_km > FAR_KM else ()
        return known.ghi_kwh_m2_day, f"NASA SSE Release 6.0; {known.source} ({known.name})", far
    cell = catalog.climatology_cell(latitude, longitude)
    name = f"NASA SSE Release 6.0 ({cell.south_latitude}/{cell.west_longitude})"
    monthly = np.array(cell.ghi_kwh_m2_day)
    if near is None:
        return cell.ghi_kwh_m2_day, name, ()
    scale = near.ghi_mean_kwh_m2_year / float(np.sum(monthly * _DAYS_IN_MONTH))
    place = f"{near.municipality}, {near.department}"
    finding = Finding(
        key="weather_municipality",
        level="info",
        params={
            "municipality": place,
            "ghi_kwh_m2": round(near.ghi_mean_kwh_m2_year),
            "ghi_min_kwh_m2": round(near.ghi_min_kwh_m2_year),
            "ghi_max_kwh_m2": round(near.ghi_max_kwh_m2_year),
            "cell_kwh_m2": round(near.ghi_mean_kwh_m2_year / scale),
        },
    )
    source = f"{name}; Global Solar Atlas 2.0 ({place})"
    return tuple(float(month) for month in monthly * scale), source, (finding,)


def _widened(
    band: catalog.ResourceBand, ghi_kwh_m2_day: tuple[float, ...], latitude: float, longitude: float
) -> tuple[float, float]:
    """Return the country's band, widened to hold the one-degree cell where another source set the annual level."""
    cell = np.array(catalog.climatology_cell(latitude, longitude).ghi_kwh_m2_day)
    gap = float(np.sum(cell * _DAYS_IN_MONTH) / np.sum(np.array(ghi_kwh_m2_day) * _DAYS_IN_MONTH)) - 1.0
    return min(band.low, gap), max(band.high, gap)


def _temperature(
    latitude: float, altitude_m: float, region: str, known: SiteClimatology | None, near: Municipality | None
) -> tuple[float, tuple[Finding, ...]]:
    if known is not None:
        params: dict[str, Param] = {"temperature_c": known.temperature_mean_c, "source": known.temperature_source}
        if known.temperature_confidence == "D":
            found = Finding(key="weather_temperature_unverified", level="assumption", params=params)
        else:
            found = Finding(key="weather_temperature_table", level="info", params=params)
        return known.temperature_mean_c, (found,)
    if near is not None:
        params = {"temperature_c": near.temperature_mean_c, "source": f"Global Solar Atlas 2.0, {near.municipality}"}
        return near.temperature_mean_c, (Finding(key="weather_temperature_table", level="info", params=params),)
    if region == "coast":
        estimate = COAST_EQUATOR_C - COAST_K_PER_DEGREE * abs(latitude)
    else:
        estimate = SEA_LEVEL_C - LAPSE_K_PER_M * altitude_m
    estimate_params = {"temperature_c": round(estimate, 1), "altitude_m": round(altitude_m)}
    return estimate, (Finding(key="weather_temperature_estimated", level="assumption", params=estimate_params),)


def _clearness_sd(
    latitude: float,
    longitude: float,
    region: str,
    known: SiteClimatology | None,
    given: float | Sequence[float] | None,
) -> tuple[tuple[float, ...], tuple[Finding, ...]]:
    if given is not None:
        spread = tuple(float(s) for s in np.broadcast_to(np.asarray(given, dtype=np.float64), (MONTHS_PER_YEAR,)))
        return spread, ()
    site = known or _nearest_site(latitude, longitude)
    if site is None:
        default = REGIONAL_CLEARNESS_SD[region]
        finding = Finding(key="weather_clearness_sd_regional", level="assumption", params={"deviation": default})
        return (default,) * MONTHS_PER_YEAR, (finding,)
    extraterrestrial = np.array(site.ghi_kwh_m2_day) / np.array(site.clearness)
    spread = tuple(float(s) for s in np.array(site.ghi_daily_sd_kwh_m2) / extraterrestrial)
    params: dict[str, Param] = {"deviation": round(float(np.mean(spread)), 3), "name": site.name}
    return spread, (Finding(key="weather_clearness_sd_site", level="assumption", params=params),)


def _nearest_site(latitude: float, longitude: float) -> SiteClimatology | None:
    def away_km(row: dict[str, str]) -> float:
        return catalog.distance_km(latitude, longitude, float(row["latitude"]), float(row["longitude"]))

    nearest = min((dict(row) for row in catalog.table("climatology/sites_annual.csv")), key=away_km)
    return catalog.site_climatology(nearest["site"]) if away_km(nearest) <= NEAR_SITE_KM else None
