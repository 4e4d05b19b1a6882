"""Seeded synthetic years of a place, from its monthly means."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from mine_energy.errors import Finding, InputError, Param, Problem
from mine_energy.units import HOURS_PER_DAY, MONTHS_PER_YEAR, W_PER_KW
from mine_energy.weather.climatology import MonthlyClimate, monthly_climate
from mine_energy.weather.contract import NOMINAL_YEAR, Weather, calendar_index
from mine_energy.weather.generator import CLEAREST, synthetic_sky
from mine_energy.weather.quality import MIDDLE_MINUTES, closure_rmse
from mine_energy.weather.sun import clear_sky_ghi, pressure_pa, sun
from mine_energy.weather.thermal import solar_hours, synthetic_temperature, synthetic_wind

_TOLERATED_EXCESS: Final = 1.05
"""Monthly mean over clear sky up to which two models may disagree (a one-degree cell holds coast and mountains)."""


def from_climatology(
    latitude: float,
    longitude: float,
    altitude_m: float,
    years: int = 1,
    seed: int = 1,
    site_key: str = "",
    country: str = "",
    daily_clearness_sd: float | Sequence[float] | None = None,
) -> Weather:
    """Return synthetic hourly weather of a place from the packaged climatology.

    Parameters
    ----------
    latitude, longitude
        Degrees, north and east positive.
    altitude_m
        Metres above sea level.
    years
        Number of years. One is written on the nominal year; several follow each other from it, leap days included.
    seed
        Of the generator: the same seed gives the same bytes, and the same first year whatever `years` is.
    site_key, country, daily_clearness_sd
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
    climate = monthly_climate(latitude, longitude, altitude_m, site_key, country, daily_clearness_sd)
    return synthesise(climate, years=years, seed=seed)


def synthesise(climate: MonthlyClimate, *, years: int = 1, seed: int = 1) -> Weather:
    """Return synthetic hourly weather that meets a climate's monthly means exactly.

    Every year has its own stream of numpy's PCG64, seeded by the seed and the year's number.

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
    climate = _reachable(climate)
    frames = [
        _year(climate, NOMINAL_YEAR + i, np.random.PCG64(np.random.SeedSequence([seed, i]))) for i in range(years)
    ]
    frame = pd.concat(frames) if len(frames) > 1 else frames[0]
    position = sun(
        pd.DatetimeIndex(frame.index), climate.latitude, climate.longitude, climate.altitude_m, MIDDLE_MINUTES
    )
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


def _year(climate: MonthlyClimate, year: int, bits: np.random.PCG64) -> pd.DataFrame:
    rng = np.random.Generator(bits)
    index = calendar_index(year)
    position = sun(index, climate.latitude, climate.longitude, climate.altitude_m, MIDDLE_MINUTES)
    clear = clear_sky_ghi(position, climate.altitude_m)
    sky = synthetic_sky(index, position, clear, np.array(climate.ghi_kwh_m2_day), np.array(climate.clearness_sd), rng)
    hour = solar_hours(index, climate.longitude)
    temp_air = synthetic_temperature(
        index,
        hour,
        (sky.daily_clearness, sky.daily_normal),
        np.array(climate.temp_air_c),
        climate.temp_range_factor,
        rng,
    )
    columns = {
        "ghi": sky.ghi,
        "dni": sky.dni,
        "dhi": sky.dhi,
        "temp_air": temp_air,
        "wind_speed": synthetic_wind(hour, climate.wind_mean_m_s, rng),
        "pressure": np.full(len(index), pressure_pa(climate.altitude_m)),
    }
    return pd.DataFrame(columns, index=index)


def _reachable(climate: MonthlyClimate) -> MonthlyClimate:
    """Return the climate with no month above its clear sky: a slight excess is lowered, a large one refused."""
    index = calendar_index(NOMINAL_YEAR)
    position = sun(index, climate.latitude, climate.longitude, climate.altitude_m, MIDDLE_MINUTES)
    daily = clear_sky_ghi(position, climate.altitude_m).reshape(-1, HOURS_PER_DAY).sum(axis=1) / W_PER_KW
    month = np.asarray(index.month[::HOURS_PER_DAY] - 1)
    ceiling = CLEAREST * np.bincount(month, weights=daily, minlength=MONTHS_PER_YEAR) / np.bincount(month)
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
