"""How the months of synthetic years differ from year to year, about means that are met exactly.

A month differs from its mean for two reasons. The year: a warm or a cold Pacific shifts the clouds of all its months.
And chance: thirty days drawn about one mean have another mean. The stated spread is that of whole years; chance moves
months against each other within them.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from mine_energy.arrays import FloatArray
from mine_energy.weather.generator import PERSISTENCE, scale_under_cap

_STREAM = 1
"""Third word of the seed of the levels' stream; the years' own streams have two."""
_DARKEST_MONTH = 0.3
"""No month falls below this share of its mean, however wide the spread asked for."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MonthlyMeans:
    """The months that synthetic years are to have about.

    Parameters
    ----------
    ghi_kwh_m2_day
        Shape (12,): long-term mean daily irradiation, kWh/m2.
    relative_sd
        Shape (12,): day-to-day standard deviation over the mean.
    days
        Shape (years, 12): length of every month.
    ceiling_kwh_m2_day
        Shape (years, 12): most that every month can have.
    """

    ghi_kwh_m2_day: FloatArray
    relative_sd: FloatArray
    days: FloatArray
    ceiling_kwh_m2_day: FloatArray


def normal_scores(count: int, rng: np.random.Generator) -> FloatArray:
    """Return the normal quantiles of `count` equally likely classes in random order: mean 0, standard deviation 1.

    One value from every class (stratified sampling) gives few years the spread of many; the deviation is that of a
    sample (divided by count - 1).
    """
    scores = ndtri((np.arange(count) + 0.5) / count)
    return np.asarray(rng.permutation(scores) / np.std(scores, ddof=1))


def monthly_levels(means: MonthlyMeans, spread: float, seed: int) -> FloatArray:
    """Return the mean daily irradiation of every month of every year, kWh/m2, shape (years, 12).

    The mean over the years of each month is its long-term mean to rounding, and the standard deviation of the annual
    irradiation is `spread` of its mean (smaller where months reach the clear sky). One year alone is the mean year.

    Parameters
    ----------
    means
        The months.
    spread
        Standard deviation of annual irradiation over its mean.
    seed
        Of the generator.
    """
    years = len(means.days)
    level = np.broadcast_to(means.ghi_kwh_m2_day, means.days.shape)
    if years == 1 or spread <= 0.0:
        return np.array(level)
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, 0, _STREAM])))
    # Mean of n days of lag-1 persistence r: variance of a day times (1 + r) / (1 - r) / n, for many days.
    chance = means.relative_sd * np.sqrt((1.0 + PERSISTENCE) / (1.0 - PERSISTENCE) / np.mean(means.days, axis=0))
    weight = means.ghi_kwh_m2_day * np.mean(means.days, axis=0)
    weight = weight / np.sum(weight)
    year = spread * normal_scores(years, rng)
    months = chance * np.stack([normal_scores(years, rng) for _ in weight], axis=1)
    # What chance leaves in the annual sum is part of the stated spread, not on top of it.
    anomaly = year[:, None] + months - (months @ weight)[:, None]
    wanted = np.maximum(1.0 + anomaly, _DARKEST_MONTH) * level
    return scale_under_cap(wanted.T.copy(), means.ceiling_kwh_m2_day.T, years * means.ghi_kwh_m2_day).T
