"""Kinds of day: as the calendar says, and as the metered energy says."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, cast, get_args

import numpy as np
import pandas as pd

from mine_energy.arrays import FloatArray
from mine_energy.loads.calendar import DAY_MINUTES, rest_days
from mine_energy.loads.holidays import holiday_dates
from mine_energy.loads.profile import LoadProfile
from mine_energy.site import Site
from mine_energy.units import LOCAL_TIME

DayKind = Literal["workday", "saturday", "sunday", "holiday", "rest"]
"""A holiday is one whatever its weekday; ``rest`` is a weekday on which the plant's calendar rests."""

DAY_KINDS: Final = get_args(DayKind)

_SEPARATION: Final = 0.8
"""Least share of the variance of daily energy that two groups have to explain before they count as two."""
_CONTRAST: Final = 0.7
"""The low group's mean has to lie below this share of the high group's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayGroups:
    """Days told apart by their energy alone.

    Parameters
    ----------
    threshold_kwh
        Days below it are low days; zero when the days form one group.
    low_days, high_days
        How many of each.
    low_kwh_per_day, high_kwh_per_day
        Their means; the low one is zero without low days.
    separation
        Share of the variance of daily energy that the two groups explain, 0 to 1.
    """

    threshold_kwh: float
    low_days: int
    high_days: int
    low_kwh_per_day: float
    high_kwh_per_day: float
    separation: float


def day_kind(day: date, holidays: Collection[date] = (), resting: Collection[date] = ()) -> DayKind:
    """Return the kind of a day.

    Parameters
    ----------
    day
        The day.
    holidays, resting
        Public holidays, and days on which the plant's calendar rests.
    """
    if day in holidays:
        return "holiday"
    if day.weekday() >= 5:
        return "saturday" if day.weekday() == 5 else "sunday"
    return "rest" if day in resting else "workday"


def day_kinds(days: Sequence[date], site: Site | None) -> tuple[DayKind, ...]:
    """Return the kinds of some days on a site's calendar; without a site, weekdays alone tell.

    Parameters
    ----------
    days
        In any order.
    site
        Gives the country's holidays and the working days of a month.
    """
    if site is None:
        return tuple(day_kind(day) for day in days)
    facts = site.site
    holidays = holiday_dates(facts.country, {day.year for day in days})
    months = sorted({(day.year, day.month) for day in days})
    resting = {day for year, month in months for day in rest_days(year, month, facts.workdays_per_month)}
    return tuple(day_kind(day, holidays, resting) for day in days)


def daily_kwh(load: LoadProfile) -> "pd.Series[float]":
    """Return the energy of every whole day of a record, kWh; days covered in part are left out.

    Parameters
    ----------
    load
        Intervals without a value make their day incomplete.

    Returns
    -------
    pandas.Series
        Indexed by `datetime.date`, in order.
    """
    index = cast("pd.DatetimeIndex", load.load_kw.index).tz_convert(LOCAL_TIME)
    groups = load.load_kw.groupby(index.date)
    whole = groups.count() == round(DAY_MINUTES / load.step_minutes)
    return cast("pd.Series[float]", (groups.sum() * load.step_hours)[whole])


def day_groups(energy_kwh: FloatArray) -> DayGroups:
    """Split days into low and high ones by their energy, or leave them as one group.

    The threshold is the one that makes the variance between the two groups largest (Otsu 1979, one-dimensional
    2-means); it is kept only when the groups explain 80 % of the variance (a uniform spread reaches 75 %) and the low
    one lies 30 % below the high.

    Parameters
    ----------
    energy_kwh
        Energy of every day, shape (n,), n >= 1.
    """
    ordered = np.sort(np.asarray(energy_kwh, dtype=np.float64))
    count, total = len(ordered), float(ordered.sum())
    one = DayGroups(
        threshold_kwh=0.0,
        low_days=0,
        high_days=count,
        low_kwh_per_day=0.0,
        high_kwh_per_day=total / count,
        separation=0.0,
    )
    variance = float(ordered.var())
    if count < 2 or variance <= 0:
        return one
    sizes = np.arange(1, count)
    low = np.cumsum(ordered)[:-1] / sizes
    high = (total - np.cumsum(ordered)[:-1]) / (count - sizes)
    between = sizes / count * (1 - sizes / count) * (high - low) ** 2
    best = int(np.argmax(between))
    separation = float(between[best]) / variance
    if separation < _SEPARATION or low[best] > _CONTRAST * high[best]:
        return one
    return DayGroups(
        threshold_kwh=float((ordered[best] + ordered[best + 1]) / 2),
        low_days=best + 1,
        high_days=count - best - 1,
        low_kwh_per_day=float(low[best]),
        high_kwh_per_day=float(high[best]),
        separation=separation,
    )
