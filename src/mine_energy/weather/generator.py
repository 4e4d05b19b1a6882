"""Synthetic hours from twelve monthly means: days first, then hours, then what the hours are made of.

1. A day's clearness is a Beta variable between overcast and the clear sky, with the month's mean and the month's
   day-to-day deviation, chained from day to day by a first-order autoregression. The month's energy is met exactly.
2. The hours of a day follow TAG, the time-dependent autoregressive Gaussian model of Aguiar and Collares-Pereira
   (Solar Energy 49, 167-174, 1992), under the clear sky; the day's energy is then met exactly. A copy of the model that
   circulates multiplies its noise by the standard deviation twice; here it is applied once.
3. Beam and diffuse come from Erbs, Klein and Duffie (1982), and diffuse is what closes the sum.

All years are computed at once, and every number of a year depends on that year's own draws alone.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from pvlib import irradiance
from scipy.special import betaincinv, ndtr

from mine_energy.arrays import FloatArray
from mine_energy.units import HOURS_PER_DAY, MONTHS_PER_YEAR, W_PER_KW
from mine_energy.weather.sun import Sun

IntArray = np.ndarray[Any, np.dtype[np.int64]]

PERSISTENCE: Final = 0.30
"""Lag-1 correlation of the clearness of successive days within a month (0.23 and 0.32 in hourly files of Arequipa and
Bogota; 0.29 in Graham, Hollands and Huget 1988)."""

_DARKEST = 0.04
"""Clearness of the darkest day a Beta variable may reach."""
CLEAREST = 0.985
"""Share of the clear-sky day that the clearest day may reach."""
_LONGEST_MONTH = 31
_PASSES = 60
_ROUNDING = 1e-14
_NOTHING = 1e-9
"""Energy under which a row is dark: dividing by less overflows."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sky:
    """Hourly irradiance of synthetic years, W/m2, with the daily series behind it.

    Parameters
    ----------
    ghi, dni, dhi
        Hourly means.
    daily_clearness
        Of every day: horizontal over extraterrestrial irradiation.
    daily_normal
        The standard normal draw behind every day's clearness, which temperature leans on.
    """

    ghi: FloatArray
    dni: FloatArray
    dhi: FloatArray
    daily_clearness: FloatArray
    daily_normal: FloatArray


def scale_under_cap(values: FloatArray, cap: FloatArray, target: FloatArray) -> FloatArray:
    """Scale every row of `values` so that it sums to its target without passing its cap anywhere.

    Parameters
    ----------
    values, cap
        Shape (rows, columns), not negative.
    target
        Shape (rows,); at most the row's sum of `cap`.

    Returns
    -------
    numpy.ndarray
        ``min(f values, cap)`` with the factor f of each row that meets its target. Rows whose values vanish before they
        reach the target are filled in proportion to what is left under the cap.
    """

    def ratio(part: FloatArray, whole: FloatArray) -> FloatArray:
        some = whole > _NOTHING
        return np.asarray(np.where(some, part / np.where(some, whole, 1.0), 0.0))

    # From below: the first scaling meets the target before the cap bites; every pass hands on what the cap took. A row
    # that has met its target is left alone, so that it does not depend on the rows beside it.
    out = np.minimum(values * ratio(target, np.sum(values, axis=1))[:, None], cap)
    for _ in range(_PASSES):
        gap = target - np.sum(out, axis=1)
        short = np.flatnonzero(gap > _ROUNDING * target)
        if not len(short):
            return np.asarray(out)
        part, top = out[short], cap[short]
        free = np.where(part < top, part, 0.0)
        out[short] = np.minimum(part + free * ratio(gap[short], np.sum(free, axis=1))[:, None], top)
    left = cap - out
    gap = np.maximum(target - np.sum(out, axis=1), 0.0)
    return np.asarray(out + left * np.minimum(ratio(gap, np.sum(left, axis=1)), 1.0)[:, None])


def autoregression(noise: FloatArray, persistence: float) -> FloatArray:
    """Return a stationary first-order autoregression of unit variance driven by standard normal `noise`."""
    out = np.empty_like(noise)
    state = float(noise[0])
    out[0] = state
    step = float(np.sqrt(1.0 - persistence**2))
    for i, draw in enumerate(noise[1:].tolist(), start=1):
        state = persistence * state + step * draw
        out[i] = state
    return out


def beta_quantile(
    probability: FloatArray, mean: FloatArray, deviation: FloatArray, low: float, high: FloatArray
) -> FloatArray:
    """Return quantiles of Beta variables on [low, high] with given means and standard deviations.

    A deviation that no Beta variable between these bounds can have is brought down to 95 % of the widest that is
    still single-peaked or J-shaped (variance below ``(mean-low)(high-mean)``).

    Parameters
    ----------
    probability, mean, deviation, high
        Same shape; `mean` inside the bounds.
    low
        Lower bound.
    """
    width = high - low
    centre = np.clip((mean - low) / width, 1e-3, 1.0 - 1e-3)
    variance = np.minimum((deviation / width) ** 2, 0.95 * centre * (1.0 - centre))
    strength = centre * (1.0 - centre) / np.maximum(variance, 1e-9) - 1.0
    return np.asarray(low + width * betaincinv(centre * strength, (1.0 - centre) * strength, probability))


def daily_energy(
    normal: FloatArray,
    month: IntArray,
    day_of_month: IntArray,
    target_wh_m2: FloatArray,
    deviation: FloatArray,
    sky: tuple[FloatArray, FloatArray],
) -> FloatArray:
    """Return every day's horizontal irradiation, Wh/m2, meeting the total of every month exactly.

    Parameters
    ----------
    normal
        One standard normal draw per day, already chained.
    month
        Of every day, counted from 0 over all years.
    day_of_month
        0 to 30, of every day.
    target_wh_m2, deviation
        Shape (months,): total of each month, and the standard deviation of daily clearness within it.
    sky
        Extraterrestrial and clear-sky irradiation of every day, Wh/m2.
    """
    extraterrestrial, clear = sky
    ceiling = CLEAREST * clear
    mean = target_wh_m2 / np.bincount(month, weights=extraterrestrial, minlength=len(target_wh_m2))
    clearness = beta_quantile(ndtr(normal), mean[month], deviation[month], _DARKEST, ceiling / extraterrestrial)
    # A month is a row of 31 days; the days it lacks have no energy and no ceiling.
    energy, cap = (np.zeros((len(target_wh_m2), _LONGEST_MONTH)) for _ in range(2))
    energy[month, day_of_month] = clearness * extraterrestrial
    cap[month, day_of_month] = ceiling
    return scale_under_cap(energy, cap, target_wh_m2)[month, day_of_month]


def tag_hours(clearness: FloatArray, position: Sun, noise: FloatArray) -> FloatArray:
    """Return the hourly clearness of the TAG model before caps, shape (days, 24).

    Parameters
    ----------
    clearness
        Daily clearness, shape (days,).
    position
        The sun at every hour.
    noise
        Standard normal, shape (days, 24).
    """
    days = len(clearness)
    sine = position.cos_zenith.reshape(days, HOURS_PER_DAY)
    k = clearness[:, None]
    lower = -0.19 + 1.12 * k + 0.24 * np.exp(-8.0 * k)
    span = 0.32 - 1.6 * (k - 0.5) ** 2
    path = 0.19 + 2.27 * k**2 - 2.51 * k**3
    mean = lower + span * np.exp(-path / np.maximum(sine, 0.01))
    spread = 0.14 * np.exp(-20.0 * (k - 0.35) ** 2) * np.exp((3.0 * (k - 0.45) + 16.0 * k**5) * (1.0 - sine))
    persistence = 0.38 + 0.06 * np.cos(7.4 * clearness - 2.5)
    state = noise[:, 0]
    chained = np.empty_like(noise)
    chained[:, 0] = state
    for hour in range(1, HOURS_PER_DAY):
        state = persistence * state + np.sqrt(1.0 - persistence**2) * noise[:, hour]
        chained[:, hour] = state
    return np.asarray(np.where(sine > 0.0, np.maximum(mean + spread * chained, 0.0), 0.0))


def split_beam(ghi: FloatArray, position: Sun, day_of_year: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return beam normal and diffuse horizontal irradiance, W/m2, that close exactly on `ghi` (Erbs et al. 1982)."""
    parts = irradiance.erbs(ghi, position.zenith_deg, day_of_year)
    beam_horizontal = np.minimum(np.nan_to_num(parts["dni"]) * position.cos_zenith, ghi)
    dni = np.where(position.cos_zenith > 0.0, beam_horizontal / np.maximum(position.cos_zenith, 1e-6), 0.0)
    return np.asarray(dni), np.asarray(ghi - dni * position.cos_zenith)


def synthetic_sky(
    index: pd.DatetimeIndex,
    position: Sun,
    clear_ghi: FloatArray,
    ghi_kwh_m2_day: FloatArray,
    clearness_deviation: FloatArray,
    noise: tuple[FloatArray, FloatArray],
) -> Sky:
    """Return the irradiance of synthetic years.

    Parameters
    ----------
    index
        Hourly left labels of whole calendar years.
    position, clear_ghi
        The sun and the clear-sky ceiling at every hour.
    ghi_kwh_m2_day
        Shape (years, 12): mean daily horizontal irradiation of each month, kWh/m2.
    clearness_deviation
        Shape (12,): standard deviation of daily clearness within each month.
    noise
        Standard normal: one draw per day, chained within its year, and independent ones of shape (days, 24).
    """
    days = len(index) // HOURS_PER_DAY
    daily, hourly = noise
    date = index[::HOURS_PER_DAY]
    month = np.asarray((date.year - date[0].year) * MONTHS_PER_YEAR + date.month - 1)
    space = (position.extraterrestrial_w_m2 * position.cos_zenith).reshape(days, HOURS_PER_DAY)
    cap = clear_ghi.reshape(days, HOURS_PER_DAY)
    target = ghi_kwh_m2_day.ravel() * W_PER_KW * np.bincount(month)
    deviation = np.tile(clearness_deviation, len(ghi_kwh_m2_day))
    space_day = np.sum(space, axis=1)
    sky = (space_day, np.sum(cap, axis=1))
    energy = daily_energy(daily, month, np.asarray(date.day - 1), target, deviation, sky)
    clearness = energy / space_day
    ghi = scale_under_cap(tag_hours(clearness, position, hourly) * space, cap, energy).ravel()
    dni, dhi = split_beam(ghi, position, np.asarray(index.day_of_year, dtype=np.float64))
    return Sky(ghi=ghi, dni=dni, dhi=dhi, daily_clearness=clearness, daily_normal=daily)
