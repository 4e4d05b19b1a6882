"""Synthetic air temperature and wind: what moves a module by a few per cent, from what is known of the site.

The coefficients were fitted to the only two hourly files at hand (Arequipa IWEC and Bogota TMYx, both at 2,500 m): a
day's range grows with its clearness in both, by the same line within 1.5 K.
"""

from typing import Final

import numpy as np
import pandas as pd

from mine_energy.arrays import FloatArray
from mine_energy.units import HOURS_PER_DAY
from mine_energy.weather.generator import autoregression

RANGE_OVERCAST_K: Final = 3.3
RANGE_PER_CLEARNESS_K: Final = 13.5
"""Daily range = 3.3 K + 13.5 K times the day's clearness index, inland."""

COAST_RANGE: Final = (0.16 / 0.19) ** 2
"""The sea's share of the inland range: FAO Irrigation and Drainage Paper 56, equation 50, has the range go with the
square of clearness over a coefficient of 0.16 inland and 0.19 on the coast."""

DAILY_DEVIATION_K: Final = 0.8
DAILY_PERSISTENCE: Final = 0.5
CLEARNESS_CORRELATION: Final = 0.15
"""Daily mean temperature about its season: 0.6 and 1.0 K, lag-1 0.4 and 0.6, correlation with clearness 0.0 and 0.2."""

WIND_DAILY_SWING: Final = 0.5
WIND_PEAK_HOUR: Final = 14.0
WIND_PERSISTENCE: Final = 0.8
WIND_LOG_DEVIATION: Final = 0.5
"""Hourly wind: half as strong again in the afternoon, log-normal about that, lag-1 0.7 to 0.8 (same two files)."""


def solar_hours(index: pd.DatetimeIndex, longitude: float) -> FloatArray:
    """Return the mean solar hour at the middle of every hour of a UTC-05:00 index."""
    return np.asarray((index.hour.to_numpy() + 0.5 + (longitude + 75.0) / 15.0) % HOURS_PER_DAY, dtype=np.float64)


def _diurnal(hour: FloatArray) -> FloatArray:
    """Return the course of a day of unit range and zero mean: warmest after 13 h, coldest before 4 h solar time."""
    turn = 2.0 * np.pi / HOURS_PER_DAY
    first = 0.42 * np.cos(turn * (hour - 13.8))
    return np.asarray((first + 0.10 * np.cos(2.0 * turn * (hour - 0.44))) / 0.90)


def synthetic_temperature(
    index: pd.DatetimeIndex,
    hour: FloatArray,
    sky: tuple[FloatArray, FloatArray],
    monthly_mean_c: FloatArray,
    range_factor: float,
    rng: np.random.Generator,
) -> FloatArray:
    """Return hourly air temperature whose annual mean is that of the monthly means, degC.

    Parameters
    ----------
    index
        Hourly left labels of whole days.
    hour
        Mean solar hour of every label.
    sky
        Daily clearness, and the normal draw behind it.
    monthly_mean_c
        Shape (12,): mean of each month, degC.
    range_factor
        1 inland, :data:`COAST_RANGE` by the sea.
    rng
        Source of the noise of daily means.
    """
    clearness, normal = sky
    noise = CLEARNESS_CORRELATION * normal
    noise = noise + np.sqrt(1.0 - CLEARNESS_CORRELATION**2) * rng.standard_normal(len(normal))
    anomaly = DAILY_DEVIATION_K * autoregression(noise, DAILY_PERSISTENCE)
    days = index[::HOURS_PER_DAY]
    season = _seasonal(days, monthly_mean_c)
    at = np.arange(len(index), dtype=np.float64)
    noon = at[HOURS_PER_DAY // 2 :: HOURS_PER_DAY]
    mean = np.interp(at, noon, season + anomaly)
    swing = np.interp(at, noon, range_factor * (RANGE_OVERCAST_K + RANGE_PER_CLEARNESS_K * clearness))
    temperature = mean + swing * _diurnal(hour)
    wanted = float(np.mean(monthly_mean_c[np.asarray(index.month - 1)]))
    return np.asarray(temperature + (wanted - float(np.mean(temperature))))


def _seasonal(days: pd.DatetimeIndex, monthly_mean_c: FloatArray) -> FloatArray:
    """Return daily temperature that passes through the monthly means at mid-month and joins them by lines."""
    position = np.asarray(days.month - 1 + (days.day - 0.5) / days.days_in_month, dtype=np.float64)
    centres = np.arange(-1, 13) + 0.5
    wrapped = np.concatenate([monthly_mean_c[-1:], monthly_mean_c, monthly_mean_c[:1]])
    return np.asarray(np.interp(position, centres, wrapped))


def synthetic_wind(hour: FloatArray, mean_m_s: float, rng: np.random.Generator) -> FloatArray:
    """Return hourly wind speed at 10 m with an afternoon maximum and exactly the mean asked for, m/s.

    Parameters
    ----------
    hour
        Mean solar hour of every label.
    mean_m_s
        Mean of the year.
    rng
        Source of the noise.
    """
    daily = 1.0 + WIND_DAILY_SWING * np.cos(2.0 * np.pi * (hour - WIND_PEAK_HOUR) / HOURS_PER_DAY)
    gusts = np.exp(WIND_LOG_DEVIATION * autoregression(rng.standard_normal(len(hour)), WIND_PERSISTENCE))
    wind = daily * gusts
    return np.asarray(wind * (mean_m_s / float(np.mean(wind))))
