"""Seeded synthetic years of a place, from its monthly means."""

from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from mine_energy.arrays import FloatArray
from mine_energy.errors import Finding, InputError, Param, Problem
from mine_energy.units import HOURS_PER_DAY, MONTHS_PER_YEAR, W_PER_KW
from mine_energy.weather.climatology import MonthlyClimate, monthly_climate
from mine_energy.weather.contract import NOMINAL_YEAR, Weather, calendar_index
from mine_energy.weather.generator import CLEAREST, PERSISTENCE, autoregression, synthetic_sky
from mine_energy.weather.quality import MIDDLE_MINUTES, closure_rmse
from mine_energy.weather.spread import MonthlyMeans, monthly_levels
from mine_energy.weather.sun import Sun, clear_sky_ghi, pressure_pa, sun
from mine_energy.weather.thermal import solar_hours, synthetic_temperature, synthetic_wind
from mine_energy.weather.variability import Variability

_TOLERATED_EXCESS: Final = 1.05
"""Monthly mean over clear sky up to which two models may disagree (a one-degree cell holds coast and mountains)."""


def from_climatology(
    latitude: float,
    longitude: float,
    altitude_m: float | None = None,
    years: int = 1,
    seed: int = 1,
    site_key: str = "",
    country: str = "",
    variability: Variability | None = None,
) -> Weather:
    """Return synthetic hourly weather of a place from the packaged climatology.

    Parameters
    ----------
    latitude, longitude
        Degrees, north and east positive.
    altitude_m
        Metres above sea level; None takes that of a coarse grid, with a warning.
    years
        Number of years. One is the mean year, written on the nominal year; several follow each other from it, leap days
        included, and differ by the interannual spread.
    seed
        Of the generator: the same seed gives the same bytes.
    site_key, country, variability
        As in :func:`~mine_energy.weather.climatology.monthly_climate`.

    Returns
    -------
    Weather
        Of kind ``synthetic``.

    Raises
    ------
    MissingData
        No packaged cell covers the place, or there is no such key or country.
    InputError
        A month is brighter than the clear sky at that altitude: coordinates and altitude do not belong together.
    """
    climate = monthly_climate(latitude, longitude, altitude_m, site_key, country, variability)
    return synthesise(climate, years=years, seed=seed)


def synthesise(climate: MonthlyClimate, *, years: int = 1, seed: int = 1) -> Weather:
    """Return synthetic hourly weather that meets a climate's monthly means exactly.

    One year is the mean year. Several differ by the climate's interannual spread, and it is the mean over the years
    that each month meets; without a spread every year does. Each year's days and hours come from a stream of numpy's
    PCG64 of their own, seeded by the seed and the year's number; its level depends on how many years are drawn.

    Parameters
    ----------
    climate
        Monthly means of the place.
    years
        Number of years, at least one.
    seed
        Zero or more.

    Raises
    ------
    InputError
        A month is brighter than the clear sky (``weather_month_above_clear_sky``).
    """
    index = calendar_index(NOMINAL_YEAR, years)
    position = sun(index, climate.latitude, climate.longitude, climate.altitude_m, MIDDLE_MINUTES)
    clear = clear_sky_ghi(position, climate.altitude_m)
    climate = _reachable(climate, index, clear)
    frame = _frame(climate, index, position, clear, seed)
    params: dict[str, Param] = {"source": climate.source, "seed": seed}
    return Weather(
        frame=frame,
        latitude=climate.latitude,
        longitude=climate.longitude,
        altitude_m=climate.altitude_m,
        kind="synthetic",
        source=climate.source,
        seed=seed,
        sun_offset_minutes=MIDDLE_MINUTES,
        closure_rmse_w_m2=closure_rmse(frame, position),
        band_low=climate.band_low,
        band_high=climate.band_high,
        findings=(Finding(key="weather_synthetic", level="warning", params=params), *climate.findings),
    )


def _frame(
    climate: MonthlyClimate, index: pd.DatetimeIndex, position: Sun, clear: FloatArray, seed: int
) -> pd.DataFrame:
    year_of_day = np.asarray(index.year[::HOURS_PER_DAY] - NOMINAL_YEAR)
    days = np.bincount(year_of_day)
    streams = [np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, i]))) for i in range(len(days))]
    daily = [autoregression(rng.standard_normal(n), PERSISTENCE) for rng, n in zip(streams, days, strict=True)]
    hourly = [rng.standard_normal((n, HOURS_PER_DAY)) for rng, n in zip(streams, days, strict=True)]
    months, ceiling = _months(index, clear)
    means = MonthlyMeans(
        ghi_kwh_m2_day=np.array(climate.ghi_kwh_m2_day),
        relative_sd=np.array(climate.clearness_sd) / _mean_clearness(climate, index, position),
        days=months,
        ceiling_kwh_m2_day=ceiling,
    )
    level = monthly_levels(means, climate.interannual_spread, seed)
    noise = (np.concatenate(daily), np.concatenate(hourly))
    sky = synthetic_sky(index, position, clear, level, np.array(climate.clearness_sd), noise)
    hour = solar_hours(index, climate.longitude)
    temp_air, wind = [], []
    end = 0
    for rng, n in zip(streams, days, strict=True):
        start, end = end, end + int(n)
        day, rows = slice(start, end), slice(start * HOURS_PER_DAY, end * HOURS_PER_DAY)
        light = (sky.daily_clearness[day], sky.daily_normal[day])
        monthly = np.array(climate.temp_air_c)
        temp_air.append(synthetic_temperature(index[rows], hour[rows], light, monthly, climate.temp_range_factor, rng))
        wind.append(synthetic_wind(hour[rows], climate.wind_mean_m_s, rng))
    columns = {
        "ghi": sky.ghi,
        "dni": sky.dni,
        "dhi": sky.dhi,
        "temp_air": np.concatenate(temp_air),
        "wind_speed": np.concatenate(wind),
        "pressure": np.full(len(index), pressure_pa(climate.altitude_m)),
    }
    return pd.DataFrame(columns, index=index)


def _months(index: pd.DatetimeIndex, clear: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the days and the most daily irradiation, kWh/m2, of every month, both of shape (years, 12)."""
    date = index[::HOURS_PER_DAY]
    slot = np.asarray((date.year - date[0].year) * MONTHS_PER_YEAR + date.month - 1)
    days = np.bincount(slot).astype(np.float64)
    daily = CLEAREST * clear.reshape(-1, HOURS_PER_DAY).sum(axis=1) / W_PER_KW
    ceiling = np.bincount(slot, weights=daily) / days
    return days.reshape(-1, MONTHS_PER_YEAR), ceiling.reshape(-1, MONTHS_PER_YEAR)


def _mean_clearness(climate: MonthlyClimate, index: pd.DatetimeIndex, position: Sun) -> FloatArray:
    space = position.extraterrestrial_w_m2 * position.cos_zenith
    month = np.asarray(index.month - 1)
    daily = np.bincount(month, weights=space) * HOURS_PER_DAY / np.bincount(month) / W_PER_KW
    return np.asarray(np.array(climate.ghi_kwh_m2_day) / daily)


def _reachable(climate: MonthlyClimate, index: pd.DatetimeIndex, clear: FloatArray) -> MonthlyClimate:
    """Return the climate with no month above its clear sky: a slight excess is lowered, a large one refused."""
    ceiling = _months(index, clear)[1].min(axis=0)
    excess = {m: float(ghi / ceiling[m]) for m, ghi in enumerate(climate.ghi_kwh_m2_day) if ghi > ceiling[m]}
    if not excess:
        return climate
    worst = max(excess, key=excess.__getitem__)
    params = {
        "month": worst + 1,
        "ghi_kwh_m2_day": climate.ghi_kwh_m2_day[worst],
        "ceiling_kwh_m2_day": float(ceiling[worst]),
        "altitude_m": round(climate.altitude_m),
    }
    if excess[worst] > _TOLERATED_EXCESS:
        value = f"{climate.altitude_m:g}"
        raise InputError(
            [Problem(key="weather_month_above_clear_sky", field="site.altitude_m", value=value, params=params)]
        )
    finding = Finding(key="weather_month_capped", level="warning", params={"months": len(excess), **params})
    lowered = tuple(float(min(ghi, top)) for ghi, top in zip(climate.ghi_kwh_m2_day, ceiling, strict=True))
    return replace(climate, ghi_kwh_m2_day=lowered, findings=(*climate.findings, finding))
