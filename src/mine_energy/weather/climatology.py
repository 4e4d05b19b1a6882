"""What is known of a place without a file: monthly means from the packaged tables, and where each came from."""

from dataclasses import dataclass
from typing import Final, cast

import numpy as np

from mine_energy import catalog
from mine_energy.catalog import Municipality, SiteClimatology
from mine_energy.errors import Finding, Level, Param
from mine_energy.weather.altitude import altitude_of
from mine_energy.weather.contract import FAR_KM
from mine_energy.weather.thermal import COAST_RANGE
from mine_energy.weather.variability import Variability, clearness_sd, interannual_spread, nearest_site

_DAYS_IN_MONTH = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], dtype=np.float64)
_DAYS = float(np.sum(_DAYS_IN_MONTH))
_SAME = 1e-9

SAME_PLACE_KM: Final = 15.0
"""Within this distance, and in the same region, a packaged site answers for a place without its key."""

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
    interannual_spread
        Standard deviation of annual irradiation over its mean; 0 draws years of equal months.
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
    interannual_spread: float = 0.0
    band_low: float = 0.0
    band_high: float = 0.0
    findings: tuple[Finding, ...] = ()


def monthly_climate(
    latitude: float,
    longitude: float,
    altitude_m: float | None = None,
    site_key: str = "",
    country: str = "",
    variability: Variability | None = None,
) -> MonthlyClimate:
    """Return the monthly means of a place from the packaged tables, the first of these that covers it.

    1. The packaged site whose key is given.
    2. In Colombia the one-degree cell's seasons at the annual irradiation of the municipality within 25 km.
    3. The packaged site within 15 km in the same region.
    4. The one-degree cell as it is. Neighbours are not blended in, because a coastal cell would take up the ocean's
       sun; the blend widens the band instead.

    Parameters
    ----------
    latitude, longitude, altitude_m
        The place. Its altitude thins the air and, where no temperature is packaged, cools it; None takes a coarse
        grid's, with a warning.
    site_key
        Key of a packaged site, ``"buenos_aires_cauca"``; empty for the coordinates.
    country
        ISO 3166 code; empty takes Colombia where one of its municipalities is within 25 km or the place lies north
        of the equator, else Peru.
    variability
        What is known of the variation from day to day and from year to year; None takes the packaged figures.

    Raises
    ------
    MissingData
        No packaged cell covers the place, or there is no such key.
    InputError
        A variation outside its limits.
    """
    stated = variability or Variability()
    height_m, altitude_finding = altitude_of(latitude, longitude, altitude_m)
    near = catalog.nearest_municipality(latitude, longitude) if country in {"", "CO"} else None
    code = country or ("CO" if near is not None or latitude > 0.0 else "PE")
    band = catalog.resource_band(code, latitude, longitude, height_m)
    known = catalog.site_climatology(site_key) if site_key else None
    if known is None and near is None:
        known = nearest_site(latitude, longitude, band, SAME_PLACE_KM)
    ghi, source, findings = _irradiation(latitude, longitude, known, near)
    low, high = _widened(band, ghi, latitude, longitude)
    annual_c, temperature_finding = _temperature(latitude, height_m, band.key, known, near)
    deviation, deviation_finding = clearness_sd((latitude, longitude), band, known, stated.daily_clearness_sd)
    spread, spread_finding = interannual_spread(band, stated.interannual_spread)
    params: dict[str, Param] = {"low_percent": round(100 * low), "high_percent": round(100 * high)}
    level: Level = "warning" if band.key == "coast" else "assumption"
    return MonthlyClimate(
        latitude=latitude,
        longitude=longitude,
        altitude_m=height_m,
        ghi_kwh_m2_day=ghi,
        clearness_sd=deviation,
        temp_air_c=seasonal_temperature(annual_c, latitude),
        source=source,
        temp_range_factor=COAST_RANGE if band.key == "coast" else 1.0,
        interannual_spread=spread,
        band_low=low,
        band_high=high,
        findings=(
            *altitude_finding,
            *findings,
            Finding(key="weather_resource_band", level=level, params=params),
            *((Finding(key="weather_coast_fog", level="warning"),) if band.key == "coast" else ()),
            *deviation_finding,
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
        far = away_km > FAR_KM
        key, level = ("weather_key_far", "warning") if far else ("weather_site_used", "info")
        said = Finding(key=key, level=cast("Level", level), params=params)
        return known.ghi_kwh_m2_day, f"NASA SSE Release 6.0; {known.source} ({known.name})", (said,)
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
    """Return the country's band, widened to hold the one-degree cell and the blend of four cells."""
    annual = float(np.sum(np.array(ghi_kwh_m2_day) * _DAYS_IN_MONTH))
    cell = np.array(catalog.climatology_cell(latitude, longitude).ghi_kwh_m2_day)
    own = float(np.sum(cell * _DAYS_IN_MONTH)) / annual - 1.0
    # Where another table set the level, the blend of the cells says no more than the cell itself.
    blend = catalog.blended_ghi_kwh_m2_year(latitude, longitude) / annual - 1.0 if abs(own) < _SAME else own
    return min(band.low, own, blend), max(band.high, own, blend)


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
