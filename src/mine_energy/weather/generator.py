"""Synthetic hours from twelve monthly means: days first, then hours, then what the hours are made of.

1. A day's clearness is a Beta variable between overcast and the clear sky, with the month's mean and the month's
   day-to-day deviation, chained from day to day by a first-order autoregression. The month's energy is met exactly.
2. The hours of a day follow TAG, the time-dependent autoregressive Gaussian model of Aguiar and Collares-Pereira
   (Solar Energy 49, 167-174, 1992), under the clear sky; the day's energy is then met exactly. A copy of the model that
   circulates multiplies its noise by the standard deviation twice; here it is applied once.
3. Beam and diffuse come from Erbs, Klein and Duffie (1982), and diffuse is what closes the sum.

One year is one stream of numpy's PCG64, seeded by (seed, year number): year ten of twenty equals year ten of ten.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from pvlib import irradiance
from scipy.special import betaincinv, ndtr

from mine_energy.arrays import FloatArray
from mine_energy.units import HOURS_PER_DAY, MONTHS_PER_YEAR, W_PER_KW
from mine_energy.weather.sun import Sun

PERSISTENCE: Final = 0.30
"""Lag-1 correlation of the clearness of successive days within a month (0.23 and 0.32 in hourly files of Arequipa and
Bogota; 0.29 in Graham, Hollands and Huget 1988)."""

_DARKEST = 0.04
"""Clearness of the darkest day a Beta variable may reach."""
CLEAREST = 0.985
"""Share of the clear-sky day that the clearest day may reach."""
_PASSES = 60
_ROUNDING = 1e-14
_NOTHING = 1e-9
"""Energy under which a row is dark: dividing by less overflows."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sky:
    """Hourly irradiance of one synthetic year, W/m2, with the daily series behind it.

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

    # From below: the first scaling meets the target before the cap bites; every pass hands on what the cap took.
    out = np.minimum(values * ratio(target, np.sum(values, axis=1))[:, None], cap)
    for _ in range(_PASSES):
        free = np.where(out < cap, out, 0.0)
        gap = np.maximum(target - np.sum(out, axis=1), 0.0)
        if not np.any(gap > _ROUNDING * target):
            break
        out = np.minimum(out + free * ratio(gap, np.sum(free, axis=1))[:, None], cap)
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
    month: FloatArray,
    target_wh_m2: FloatArray,
    deviation: FloatArray,
    sky: tuple[FloatArray, FloatArray],
) -> FloatArray:
    """Return every day's horizontal irradiation, Wh/m2, meeting every month's total exactly.

    Parameters
    ----------
    normal
        One standard normal draw per day, already chained.
    month
        0 to 11, per day.
    target_wh_m2
        Shape (12,): total of each month of this calendar.
    deviation
        Shape (12,): standard deviation of daily clearness within each month.
    sky
        Extraterrestrial and clear-sky irradiation of every day, Wh/m2.
    """
    extraterrestrial, clear = sky
    ceiling = CLEAREST * clear
    mean = target_wh_m2 / np.bincount(month, weights=extraterrestrial, minlength=MONTHS_PER_YEAR)
    clearness = beta_quantile(ndtr(normal), mean[month], deviation[month], _DARKEST, ceiling / extraterrestrial)
    out = np.empty_like(clearness)
    for m in range(MONTHS_PER_YEAR):
        days = month == m
        energy = (clearness * extraterrestrial)[days]
        out[days] = scale_under_cap(energy[None, :], ceiling[days][None, :], target_wh_m2[m : m + 1])[0]
    return out


def tag_hours(clearness: FloatArray, position: Sun, rng: np.random.Generator) -> FloatArray:
    """Return the hourly clearness of the TAG model before caps, shape (days, 24).

    Parameters
    ----------
    clearness
        Daily clearness, shape (days,).
    position
        The sun at every hour.
    rng
        Source of the noise.
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
    noise = rng.standard_normal((days, HOURS_PER_DAY))
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
    rng: np.random.Generator,
    persistence: float = PERSISTENCE,
) -> Sky:
    """Return one synthetic year of irradiance.

    Parameters
    ----------
    index
        Hourly left labels of one whole calendar year.
    position, clear_ghi
        The sun and the clear-sky ceiling at every hour.
    ghi_kwh_m2_day
        Shape (12,): mean daily horizontal irradiation of each month, kWh/m2.
    clearness_deviation
        Shape (12,): standard deviation of daily clearness within each month.
    rng
        Source of all noise.
    persistence
        Lag-1 correlation of the normal variable behind daily clearness.
    """
    days = len(index) // HOURS_PER_DAY
    month = np.asarray(index.month[::HOURS_PER_DAY] - 1)
    space = (position.extraterrestrial_w_m2 * position.cos_zenith).reshape(days, HOURS_PER_DAY)
    cap = clear_ghi.reshape(days, HOURS_PER_DAY)
    target = ghi_kwh_m2_day * W_PER_KW * np.bincount(month, minlength=MONTHS_PER_YEAR)
    normal = autoregression(rng.standard_normal(days), persistence)
    space_day = np.sum(space, axis=1)
    energy = daily_energy(normal, month, target, clearness_deviation, (space_day, np.sum(cap, axis=1)))
    clearness = energy / space_day
    hours = tag_hours(clearness, position, rng) * space
    ghi = scale_under_cap(hours, cap, energy).ravel()
    dni, dhi = split_beam(ghi, position, np.asarray(index.day_of_year, dtype=np.float64))
    return Sky(ghi=ghi, dni=dni, dhi=dhi, daily_clearness=clearness, daily_normal=normal)
