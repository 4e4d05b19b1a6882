"""A load seen by a tariff: clock hours, kinds of day, months and 15-minute means."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta, timezone
from typing import Any, cast

import numpy as np
import pandas as pd

from mine_energy.errors import InputError, Problem
from mine_energy.tariffs.charges import DAY_TYPES, DayType, Window
from mine_energy.units import HOURS_PER_DAY, MINUTES_PER_HOUR, SECONDS_PER_HOUR

Ints = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.floating[Any]]]
Bools = np.ndarray[Any, np.dtype[np.bool_]]

SECONDS_PER_MINUTE = SECONDS_PER_HOUR // MINUTES_PER_HOUR
DEMAND_MINUTES = 15
"""Integration period of billed demand in both countries."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Calendar:
    """The steps of a load on the tariff's clock.

    Parameters
    ----------
    step_minutes
        Length of a step.
    hour, day_type, month
        Per step: 0 to 23, index into ``DAY_TYPES``, 1 to 12.
    period
        Per step: index into `periods`.
    periods
        Billing months as (year, month), in order.
    clock_hour
        Per step: number of its clock hour, counted from the load's first; steps of one hour share it.
    day
        Per step: number of its local day.
    demand_block
        Per step: number of its demand interval; 15 minutes, or the step itself when that is impossible.
    """

    step_minutes: float
    hour: Ints
    day_type: Ints
    month: Ints
    period: Ints
    periods: tuple[tuple[int, int], ...]
    clock_hour: Ints
    day: Ints
    demand_block: Ints

    @property
    def step_hours(self) -> float:
        """Length of a step, hours."""
        return self.step_minutes / MINUTES_PER_HOUR

    @property
    def demand_minutes(self) -> float:
        """Length of a demand interval, minutes."""
        return DEMAND_MINUTES if DEMAND_MINUTES % self.step_minutes == 0 else self.step_minutes

    def inside(self, window: Window) -> Bools:
        """Return which steps lie in a window."""
        return cast("Bools", window.cells()[self.month - 1, self.day_type, self.hour])

    def by_period(self, values: Floats) -> Floats:
        """Return the sums of a per-step quantity by billing month."""
        return sums(self.period, values, len(self.periods))

    def coverage(self) -> Floats:
        """Return, by billing month, the fraction of the month that the load covers."""
        hours = self.by_period(np.full(len(self.hour), self.step_hours))
        full = [
            pd.Period(year=year, month=month, freq="M").days_in_month * HOURS_PER_DAY for year, month in self.periods
        ]
        return hours / np.array(full, dtype=np.float64)


def calendar(index: pd.DatetimeIndex, utc_offset_hours: float, holidays: Collection[date] = ()) -> Calendar:
    """Return the calendar of a load's steps.

    Parameters
    ----------
    index
        Time-zone aware, left labels, constant step that divides an hour.
    utc_offset_hours
        Clock of the tariff.
    holidays
        Dates that count as holidays.
    """
    local = index.tz_convert(timezone(timedelta(hours=utc_offset_hours)))
    step = step_minutes(index)
    seconds = local.tz_localize(None).to_numpy().astype("datetime64[s]").astype(np.int64)
    months = local.year.to_numpy().astype(np.int64) * 12 + local.month.to_numpy().astype(np.int64) - 1
    unique, period = np.unique(months, return_inverse=True)
    clock_hour = seconds // SECONDS_PER_HOUR
    block = DEMAND_MINUTES if DEMAND_MINUTES % step == 0 else step
    return Calendar(
        step_minutes=step,
        hour=local.hour.to_numpy().astype(np.int64),
        day_type=_day_types(local, holidays),
        month=local.month.to_numpy().astype(np.int64),
        period=period.astype(np.int64),
        periods=tuple((int(value) // 12, int(value) % 12 + 1) for value in unique),
        clock_hour=clock_hour - clock_hour[0],
        day=clock_hour // HOURS_PER_DAY,
        demand_block=seconds // int(block * SECONDS_PER_MINUTE),
    )


def day_type(day: date, holidays: Collection[date] = ()) -> DayType:
    """Return the kind of a day; a holiday is a holiday whatever its weekday."""
    if day in holidays:
        return "holiday"
    return {5: DAY_TYPES[1], 6: DAY_TYPES[2]}.get(day.weekday(), DAY_TYPES[0])


def _day_types(local: pd.DatetimeIndex, holidays: Collection[date]) -> Ints:
    days, inverse = np.unique(local.tz_localize(None).to_numpy().astype("datetime64[D]"), return_inverse=True)
    codes = [DAY_TYPES.index(day_type(day.item(), holidays)) for day in days]
    return np.array(codes, dtype=np.int64)[inverse]


def step_minutes(index: pd.DatetimeIndex) -> float:
    """Return the constant step of an index in minutes (60 for a single stamp)."""
    return (
        float((index[1] - index[0]).total_seconds()) / SECONDS_PER_MINUTE if len(index) > 1 else float(MINUTES_PER_HOUR)
    )


def check_series(
    series: "pd.Series[float]", name: str, like: pd.DatetimeIndex | None = None, *, signed: bool = False
) -> None:
    """Refuse a series that cannot be billed.

    Parameters
    ----------
    series
        Power at a constant step.
    name
        How problems call it.
    like
        Index that it has to share.
    signed
        Negative values are meant (capacitive reactive power).

    Raises
    ------
    InputError
        Empty, without time zone, uneven or over an hour per step, not aligned with the hours, with gaps or negative
        values, or on other stamps than `like`.
    """
    index = series.index
    if not isinstance(index, pd.DatetimeIndex) or index.tz is None or not len(index):
        raise InputError([Problem(key="tariff_series_clock", field=name)])
    if like is not None and not index.equals(like):
        raise InputError([Problem(key="tariff_series_stamps", field=name)])
    seconds = index.tz_convert("UTC").tz_localize(None).to_numpy().astype("datetime64[s]").astype(np.int64)
    steps = np.diff(seconds)
    step = int(steps[0]) if len(steps) else SECONDS_PER_HOUR
    if step <= 0 or (steps != step).any() or SECONDS_PER_HOUR % step or seconds[0] % step:
        raise InputError([Problem(key="tariff_series_step", field=name, value=f"{step / SECONDS_PER_MINUTE:g} min")])
    values = series.to_numpy(dtype=np.float64)
    bad = ~np.isfinite(values) | ((values < 0) & (not signed))
    if bad.any():
        first = int(np.argmax(bad))
        place = index[first].isoformat()
        raise InputError([Problem(key="tariff_series_value", field=name, value=f"{values[first]} ({place})")])


def sums(groups: Ints, values: Floats, count: int = 0) -> Floats:
    """Return the sum of `values` in each group 0, 1, 2 ...; at least `count` of them."""
    return np.asarray(np.bincount(groups, weights=values, minlength=count), dtype=np.float64)


def block_means(values: Floats, blocks: Ints) -> tuple[Floats, Ints]:
    """Return the mean of each demand interval and the position of its first step.

    Parameters
    ----------
    values
        Mean power per step.
    blocks
        Number of the interval of each step, not decreasing.
    """
    first = np.flatnonzero(np.diff(blocks, prepend=blocks[0] - 1))
    return np.add.reduceat(values, first) / np.diff(first, append=len(values)), first
