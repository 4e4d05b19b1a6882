"""The working days of a record: as the calendar says, corrected where the metered energy says otherwise."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final, cast

import numpy as np
import pandas as pd

from mine_energy.loads.calendar import working_days
from mine_energy.loads.daytypes import daily_kwh
from mine_energy.loads.profile import LoadProfile
from mine_energy.units import LOCAL_TIME

_CONTRAST: Final = 0.7
"""The quietest weekday has to lie below this share of the busiest, or the record tells no rest days."""
_NEARER_TO_REST: Final = 1 / 3
"""Of the way from a rest day's energy to a working day's: below it a day rests. Half a Saturday is still work."""
_LEAST_DAYS: Final = 7
_SHOWN: Final = frozenset({"metered", "extrapolated"})
"""Origins whose days come from a meter, one by one."""


def record_working_days(load: LoadProfile, workdays_per_month: int) -> tuple[date, ...]:
    """Return the days whose runs can touch a record: its working days, and the one before its first if it works.

    The calendar gives the working days; a meter corrects it. A day rests whose metered energy is that of a rest day,
    and a resting day works whose energy is that of a working day. The energy of a rest day is the median of the
    quietest weekday, that of a working day the median of the busiest; a day belongs to the first below a third of the
    way between the two. Where both are alike (a plant that never rests), in days covered in part, and in a load that
    was built or scaled, the calendar stands.

    Parameters
    ----------
    load
        The record.
    workdays_per_month
        Stated working days of a month.

    Returns
    -------
    tuple of date
        In order.
    """
    index = cast("pd.DatetimeIndex", load.load_kw.index).tz_convert(LOCAL_TIME)
    first, last = index[0].date() - timedelta(days=1), index[-1].date()
    stated = {d for year in range(first.year, last.year + 1) for d in working_days(year, workdays_per_month)}
    shown = metered_rest(load)
    every = (first + timedelta(days=i) for i in range((last - first).days + 1))
    return tuple(day for day in every if (not shown[day] if day in shown else day in stated))


def metered_rest(load: LoadProfile) -> Mapping[date, bool]:
    """Return for every whole day of a record whether the plant rested, as its energy says; empty where it cannot.

    Parameters
    ----------
    load
        The record; only one whose days come from a meter tells.
    """
    energy = daily_kwh(load) if load.origin in _SHOWN else None
    if energy is None or len(energy) < _LEAST_DAYS:
        return {}
    dates, values = cast("list[date]", list(energy.index)), energy.to_numpy(dtype=np.float64)
    weekdays = np.array([day.weekday() for day in dates])
    medians = [float(np.median(values[weekdays == one])) for one in np.unique(weekdays)]
    low, high = min(medians), max(medians)
    if low >= _CONTRAST * high:
        return {}
    limit = low + _NEARER_TO_REST * (high - low)
    return {day: bool(value < limit) for day, value in zip(dates, values, strict=True)}
