"""From a record's rows to hours of UTC-05:00: labels made true, sub-hourly rows averaged, whole years cut out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mine_energy.arrays import FloatArray
from mine_energy.errors import Finding, Param
from mine_energy.io.weather_record import Record, refuse
from mine_energy.units import (
    HOURS_PER_DAY,
    HOURS_PER_YEAR,
    LOCAL_TIME,
    MINUTES_PER_HOUR,
    SECONDS_PER_HOUR,
    SECONDS_PER_MINUTE,
)
from mine_energy.weather.contract import NOMINAL_YEAR, calendar_index

_LOCAL_HOURS: Final = LOCAL_TIME.utcoffset(None).total_seconds() / SECONDS_PER_HOUR
_LEAP_DAY: Final = (31 + 28) * HOURS_PER_DAY
_LEAP_YEAR: Final = 2024
_WHEEL_HOURS: Final = 24
"""Hours that a zone or a label may push over New Year; the record's other end lacks as many."""
_ENDS_HOURS: Final = 240
"""A year of which the record lacks up to ten days at its ends is that year with a gap, not a part of one."""
_HALF: Final = {"start": 0.5, "middle": 0.0, "end": -0.5, "unknown": 0.0}
"""From stamp to the middle of the interval, in steps."""

Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Hours:
    """Hourly means on whole years, NaN where the record has a gap.

    Parameters
    ----------
    index
        Left labels, UTC-05:00: the nominal year or whole calendar years.
    values
        By quantity.
    offset_minutes
        From a label to the moment the sun counts; None when no one says.
    years
        As in :class:`~mine_energy.weather.Weather`.
    row_of
        Row of the record that fell into an hour, -1 for none.
    step_minutes
        Of the record.
    findings
        What happened on the way.
    """

    index: pd.DatetimeIndex
    values: Mapping[str, FloatArray]
    offset_minutes: float | None
    years: tuple[int, ...]
    row_of: Integers
    step_minutes: float
    findings: tuple[Finding, ...]

    @property
    def missing(self) -> NDArray[np.bool_]:
        """Hours in which some quantity is missing."""
        return np.asarray(np.any([np.isnan(v) for n, v in self.values.items() if n != "pressure"], axis=0))


def hourly(record: Record) -> Hours:
    """Return the hours of a record.

    Rows count for the hour in which the middle of their interval lies; an hour needs all its rows. The year of a
    record in another zone is turned as a wheel is: its first hours, which fall on the day before New Year, stand at
    its end.

    Raises
    ------
    InputError
        Stamps out of order, double or of no constant step, or less than a year of them.
    """
    seconds = _seconds(record)
    step = _step_minutes(record, seconds)
    zone = _LOCAL_HOURS if record.utc_offset_hours is None else record.utc_offset_hours
    middle = seconds + SECONDS_PER_MINUTE * (_HALF[record.label] * step + record.shift_minutes)
    local = middle + SECONDS_PER_HOUR * (_LOCAL_HOURS - zone)
    slot = np.floor(local / SECONDS_PER_HOUR).astype(np.int64)
    known = record.label != "unknown"
    offset = _offset(local, slot, round(MINUTES_PER_HOUR / step)) if known else None
    place = _nominal if record.yearless else _calendar
    index, slot, years, findings = place(record, slot)
    values, row_of = _means(record, slot, len(index), round(MINUTES_PER_HOUR / step))
    if zone != _LOCAL_HOURS:
        params: dict[str, Param] = {"utc_offset_hours": f"{zone:+g}"}
        findings += (Finding(key="weather_other_zone", subject=record.file, params=params),)
    if step < MINUTES_PER_HOUR:
        findings += (Finding(key="weather_resampled", subject=record.file, params={"minutes": f"{step:g}"}),)
    return Hours(
        index=index,
        values=values,
        offset_minutes=offset,
        years=years,
        row_of=row_of,
        step_minutes=step,
        findings=findings,
    )


def _seconds(record: Record) -> FloatArray:
    """Return the stamps as seconds of the record's clock; of a yearless record, on the nominal year."""
    stamps = record.stamps
    if record.yearless:
        days = stamps.astype("datetime64[D]")
        months = days.astype("datetime64[M]")
        month = (months - months.astype("datetime64[Y]")).astype(np.int64)
        leap = len(np.unique(days[(month == 1)] - months[(month == 1)])) == 29
        year = np.datetime64(str(_LEAP_YEAR if leap else NOMINAL_YEAR), "Y").astype("datetime64[M]")
        stamps = (year + month).astype("datetime64[D]") + (days - months.astype("datetime64[D]"))
        stamps = stamps.astype("datetime64[s]") + (record.stamps - days.astype("datetime64[s]"))
    return np.asarray(stamps.astype(np.int64), dtype=np.float64)


def _step_minutes(record: Record, seconds: FloatArray) -> float:
    """Return the step of the rows; refuse what goes back, stands still or does not divide an hour."""
    if len(seconds) < 2:
        line = record.lines[0] if len(seconds) else None
        raise refuse(record.file, "weather_too_short", line=line, hours=len(seconds))
    steps = np.diff(seconds) / SECONDS_PER_MINUTE
    if record.yearless:
        # The last hour of a year that ends at midnight belongs to the first of January.
        steps = np.where(steps < -MINUTES_PER_HOUR * HOURS_PER_YEAR / 2, np.nan, steps)
    back = np.flatnonzero(steps <= 0.0)
    if len(back):
        at = int(back[0]) + 1
        key = "weather_stamp_double" if steps[at - 1] == 0.0 else "weather_stamp_back"
        stamp = str(record.stamps[at]).replace("T", " ")
        raise refuse(record.file, key, line=record.lines[at], value=stamp, count=len(back))
    step = record.step_minutes or float(np.nanmedian(steps))
    if step > MINUTES_PER_HOUR or MINUTES_PER_HOUR % step:
        raise refuse(record.file, "weather_step", line=record.lines[0], value=f"{step:g}")
    return step


def _offset(local: FloatArray, slot: Integers, rows_per_hour: int) -> float:
    """Return the mean moment of an hour's rows, minutes after its label."""
    minutes = (local - slot * SECONDS_PER_HOUR) / SECONDS_PER_MINUTE
    count = len(minutes) // rows_per_hour * rows_per_hour
    return round(float(np.mean(minutes[:count])), 2)


Placed = tuple[pd.DatetimeIndex, Integers, tuple[int, ...], tuple[Finding, ...]]


def _nominal(record: Record, slot: Integers) -> Placed:
    """Return places on the nominal year; 29 February is left out with a finding."""
    year = _year_of(int(slot[len(slot) // 2]))
    base = _start_of(year)
    leap = year != NOMINAL_YEAR
    length = HOURS_PER_YEAR + (HOURS_PER_DAY if leap else 0)
    turned = (slot - base) % length
    return calendar_index(NOMINAL_YEAR), *_without_leap_day(record, turned, leap=leap)


def _without_leap_day(
    record: Record, slot: Integers, *, leap: bool
) -> tuple[Integers, tuple[int, ...], tuple[Finding, ...]]:
    if not leap:
        return slot, record.years, ()
    day = (slot >= _LEAP_DAY) & (slot < _LEAP_DAY + HOURS_PER_DAY)
    cut = np.where(slot >= _LEAP_DAY + HOURS_PER_DAY, slot - HOURS_PER_DAY, slot)
    return np.where(day, -1, cut), record.years, (Finding(key="weather_leap_day_cut", subject=record.file),)


def _calendar(record: Record, slot: Integers) -> Placed:
    """Return places on the whole calendar years of a record, on the nominal year when there is just one."""
    first, end = int(slot[0]), int(slot[-1]) + 1
    first_year = _year_of(first + _WHEEL_HOURS)
    head = _start_of(first_year) - first
    last_year = _year_of(end - 1)
    tail = _start_of(last_year + 1) - end
    if 0 < head <= _WHEEL_HOURS and 0 < tail <= _WHEEL_HOURS:
        # The hours that the zone pushed before New Year close the last year.
        slot = np.where(slot < first + head, slot + (_start_of(last_year + 1) - _start_of(first_year)), slot)
        first, end = first + head, max(end, int(slot.max()) + 1)
    whole = [
        year
        for year in range(_year_of(first), _year_of(end - 1) + 1)
        if first - _start_of(year) <= _ENDS_HOURS and _start_of(year + 1) - end <= _ENDS_HOURS
    ]
    if not whole:
        return _last_twelve_months(record, slot, first, end)
    start = _start_of(whole[0])
    inside = (slot >= start) & (slot < _start_of(whole[-1] + 1))
    ends = {_year_of(first + _WHEEL_HOURS), _year_of(end - 1 - _WHEEL_HOURS)}
    left_out = tuple(year for year in sorted(ends) if year not in whole)
    findings: tuple[Finding, ...] = ()
    if left_out:
        params: dict[str, Param] = {"years": ", ".join(map(str, left_out))}
        findings = (Finding(key="weather_part_years", level="warning", subject=record.file, params=params),)
    places = np.where(inside, slot - start, -1)
    if len(whole) > 1:
        return calendar_index(whole[0], len(whole)), places, tuple(whole), findings
    leap = _start_of(whole[0] + 1) - start != HOURS_PER_YEAR
    cut, _, more = _without_leap_day(record, places, leap=leap)
    return calendar_index(NOMINAL_YEAR), cut, (whole[0],) * 12, (*findings, *more)


def _last_twelve_months(record: Record, slot: Integers, first: int, end: int) -> Placed:
    """Return places on the nominal year of the last twelve months of a record that holds no calendar year."""
    if end - first < HOURS_PER_YEAR:
        raise refuse(record.file, "weather_too_short", line=record.lines[-1], hours=end - first)
    last = np.datetime64(end, "h")
    begin = int((last.astype("datetime64[M]") - 12).astype("datetime64[h]").astype(np.int64))
    begin += int((last - last.astype("datetime64[M]").astype("datetime64[h]")).astype(np.int64))
    begin = max(begin, first)
    stamps = slot.astype("datetime64[h]")
    days = stamps.astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    month = (months - months.astype("datetime64[Y]")).astype(np.int64)
    day = (days - months.astype("datetime64[D]")).astype(np.int64)
    hour = (stamps - days.astype("datetime64[h]")).astype(np.int64)
    starts = np.cumsum([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30]) * HOURS_PER_DAY
    places = starts[month] + day * HOURS_PER_DAY + hour
    places = np.where((slot < begin) | ((month == 1) & (day == 28)), -1, places)
    years = tuple(int(y) for y in np.unique(stamps[places >= 0].astype("datetime64[Y]").astype(np.int64) + 1970))
    params: dict[str, Param] = {
        "first": str(np.datetime64(begin, "h").astype("datetime64[D]")),
        "last": str(np.datetime64(end - 1, "h").astype("datetime64[D]")),
    }
    finding = Finding(key="weather_twelve_months", level="assumption", subject=record.file, params=params)
    return calendar_index(NOMINAL_YEAR), places, years, (finding,)


def _year_of(hour: int) -> int:
    return int(np.datetime64(hour, "h").astype("datetime64[Y]").astype(np.int64)) + 1970


def _start_of(year: int) -> int:
    return int(np.datetime64(f"{year}-01-01T00", "h").astype(np.int64))


def _means(record: Record, slot: Integers, count: int, rows_per_hour: int) -> tuple[dict[str, FloatArray], Integers]:
    """Return the mean of every hour that has all its rows, NaN for others, and a row of each hour."""
    inside = (slot >= 0) & (slot < count)
    rows = np.flatnonzero(inside)
    slots = slot[rows]
    row_of = np.full(count, -1, dtype=np.int64)
    row_of[slots] = rows
    values: dict[str, FloatArray] = {}
    for name, column in record.values.items():
        found = column[rows]
        known = np.isfinite(found)
        total = np.bincount(slots[known], weights=found[known], minlength=count)
        have = np.bincount(slots[known], minlength=count)
        with np.errstate(invalid="ignore", divide="ignore"):
            values[name] = np.where(have == rows_per_hour, total / have, np.nan)
        # A missing row within an hour is shown, not the whole one beside it.
        bad = rows[~known]
        row_of[slot[bad]] = bad
    return values, row_of
