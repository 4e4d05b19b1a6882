"""A year from weeks of metering: whole metered days repeated on the calendar, with the band that this leaves.

The days are repeated as they were metered, never averaged, so that the demand of 15 minutes keeps its height and
active and reactive power stay together.
"""

from calendar import SUNDAY
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import sqrt
from typing import Final, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtrit

from mine_energy.arrays import FloatArray
from mine_energy.errors import Finding, InputError, Param, Problem
from mine_energy.loads.calendar import DAY_MINUTES
from mine_energy.loads.daytypes import DayKind, day_kind, day_kinds
from mine_energy.loads.profile import LoadProfile
from mine_energy.site import Site
from mine_energy.units import LOCAL_TIME, MONTHS_PER_YEAR

MIN_DAYS: Final = 7
_DAYS_PER_WEEK: Final = 7
_BUILT: Final = "load_year_from_weeks"
_QUANTILE: Final = 0.95
"""Of Student's t, one-sided: the band is a 90 % interval."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Days:
    """Whole metered days.

    Parameters
    ----------
    dates, kinds
        Of each day.
    active_kw, reactive_kvar
        Shape (days, steps of a day).
    """

    dates: tuple[date, ...]
    kinds: tuple[DayKind, ...]
    active_kw: FloatArray
    reactive_kvar: FloatArray | None


def year_from_weeks(
    load: LoadProfile,
    site: Site,
    year: int,
    monthly_t_per_day: Sequence[float] | None = None,
    metered_t_per_day: float | None = None,
    fixed_share: float | None = None,
) -> LoadProfile:
    """Return a calendar year built from at least a week of metering.

    Every day of the year takes a metered day of its kind (working day, Saturday, Sunday, public holiday, resting
    weekday), one of the same weekday where there is one, in turn. A public holiday that was never metered takes a
    Sunday where the stated working days leave room to rest on holidays, else a day of its own weekday; a resting
    weekday takes a Sunday. A finding says which, and what the other choice would change is added to the band.

    With production, working days and Saturdays of a month are multiplied by
    ``fixed_share + (1 - fixed_share) * t_month / t_metered``, both tonnes per day of work: what runs without ore stays.

    Parameters
    ----------
    load
        At least seven days, without missing intervals.
    site
        Gives the country's holidays and the working days of a month.
    year
        Calendar year to build.
    monthly_t_per_day
        Tonnes per day of work in each of the twelve months, January first; None when production is not known.
    metered_t_per_day
        The same while metering; needed with `monthly_t_per_day`.
    fixed_share
        Share of a working day's energy that does not depend on tonnes, 0 to 1; needed with `monthly_t_per_day` (the
        intercept of :func:`~mine_energy.loads.fit_baseline` over the mean energy).

    Returns
    -------
    LoadProfile
        Origin ``extrapolated``; `energy_band_kwh` is the 90 % interval of the year's energy from the spread between
        metered days and between metered weeks. What the weeks could not show (season, shutdowns) is not in it, and a
        finding says so.

    Raises
    ------
    InputError
        Fewer than seven whole days, missing intervals, a kind of day that was never metered, or production without
        its two companions.
    """
    days = _whole_days(load, site)
    factors = _factors(load, monthly_t_per_day, metered_t_per_day, fixed_share)
    wanted = [date(year, 1, 1) + timedelta(days=i) for i in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)]
    kinds = day_kinds(wanted, site)
    mapped = _mapping(load, days, wanted, kinds, site)
    scale = np.array([_scale(day, kind, mapped, factors) for day, kind in zip(wanted, kinds, strict=True)])
    chosen = _chosen(days, wanted, [mapped[kind, day.weekday()] for day, kind in zip(wanted, kinds, strict=True)])
    index = pd.date_range(
        datetime(year, 1, 1, tzinfo=LOCAL_TIME),
        periods=len(wanted) * days.active_kw.shape[1],
        freq=pd.Timedelta(minutes=load.step_minutes),
    )
    active = (days.active_kw[chosen] * scale[:, None]).ravel()
    reactive = None if days.reactive_kvar is None else (days.reactive_kvar[chosen] * scale[:, None]).ravel()
    energy = float(active.sum()) * load.step_hours
    half = energy * relative_half_width(days.active_kw.sum(axis=1), days.kinds, days.dates, len(wanted))
    swing = _swing_kw(days, wanted, kinds, mapped) * load.step_hours
    band = (max(0.0, energy - half + min(swing, 0.0)), energy + half + max(swing, 0.0))
    return LoadProfile(
        load_kw=pd.Series(active, index=index),
        reactive_kvar=None if reactive is None else pd.Series(reactive, index=index),
        step_minutes=load.step_minutes,
        origin="extrapolated",
        label=load.label,
        findings=(*load.findings, *_findings(load, days, mapped, year, (energy, *band), factors is not None)),
        energy_band_kwh=band,
    )


def _whole_days(load: LoadProfile, site: Site) -> _Days:
    """Return the record's whole days; halves of one kind of day at both ends are joined to one."""
    if load.load_kw.isna().any():
        raise InputError([Problem(key="load_year_gaps", file=load.label)])
    per_day = round(DAY_MINUTES / load.step_minutes)
    index = cast("pd.DatetimeIndex", load.load_kw.index).tz_convert(LOCAL_TIME)
    dates = list(dict.fromkeys(index.date))
    of_day = [np.flatnonzero(index.date == day) for day in dates]
    kinds = dict(zip(dates, day_kinds(dates, site), strict=True))
    rows = {day: places for day, places in zip(dates, of_day, strict=True) if len(places) == per_day}
    first, last = of_day[0], of_day[-1]
    if len(first) + len(last) == per_day and kinds[dates[0]] == kinds[dates[-1]] and dates[0] not in rows:
        rows[dates[0]] = np.concatenate((last, first))
    if len(rows) < MIN_DAYS:
        params: dict[str, Param] = {"days": len(rows), "least": MIN_DAYS}
        raise InputError([Problem(key="load_year_too_short", file=load.label, params=params)])
    ordered = sorted(rows)
    places = np.array([rows[day] for day in ordered])
    reactive = None if load.reactive_kvar is None else load.reactive_kvar.to_numpy(dtype=np.float64)[places]
    return _Days(
        dates=tuple(ordered),
        kinds=tuple(kinds[day] for day in ordered),
        active_kw=load.load_kw.to_numpy(dtype=np.float64)[places],
        reactive_kvar=reactive,
    )


_Mapping = Mapping[tuple[DayKind, int], DayKind]
"""The metered kind of day that stands for a kind on a weekday (Monday is 0)."""

_UNSEEN: Final[Mapping[DayKind, str]] = {
    "workday": "load_year_unseen_workday",
    "saturday": "load_year_unseen_saturday",
    "sunday": "load_year_unseen_sunday",
}


def _mapping(load: LoadProfile, days: _Days, wanted: Sequence[date], kinds: Sequence[DayKind], site: Site) -> _Mapping:
    seen = set(days.kinds)
    holidays_rest = _holidays_rest(site, wanted, kinds)
    found: dict[tuple[DayKind, int], DayKind] = {}
    missing: dict[DayKind, int] = {}
    for day, kind in zip(wanted, kinds, strict=True):
        stand_in = kind
        if kind not in seen and kind in {"holiday", "rest"}:
            stand_in = "sunday" if kind == "rest" or holidays_rest else day_kind(day)
        if stand_in not in seen:
            missing[stand_in] = missing.get(stand_in, 0) + 1
        found[kind, day.weekday()] = stand_in
    if missing:
        raise InputError(
            Problem(key=_UNSEEN[kind], file=load.label, params={"days": count}) for kind, count in missing.items()
        )
    return found


def _holidays_rest(site: Site, wanted: Sequence[date], kinds: Sequence[DayKind]) -> bool:
    """Whether the stated working days leave room for resting on public holidays besides Sundays.

    26 days a month are 312 a year: all days but the Sundays, so the plant works on holidays. 25 leave thirteen more.
    """
    resting = len(wanted) - MONTHS_PER_YEAR * site.site.workdays_per_month
    sundays = sum(day.weekday() == SUNDAY for day in wanted)
    holidays = sum(kind == "holiday" and day.weekday() != SUNDAY for day, kind in zip(wanted, kinds, strict=True))
    return resting - sundays >= holidays / 2


def _swing_kw(days: _Days, wanted: Sequence[date], kinds: Sequence[DayKind], mapped: _Mapping) -> float:
    """Return what the year would gain if days that took another kind had taken the other choice, sum of kW."""
    sums = days.active_kw.sum(axis=1)
    means = {kind: float(sums[[k == kind for k in days.kinds]].mean()) for kind in set(days.kinds)}
    total = 0.0
    for day, kind in zip(wanted, kinds, strict=True):
        stand_in = mapped[kind, day.weekday()]
        if stand_in != kind:
            other: DayKind = day_kind(day) if stand_in == "sunday" else "sunday"
            total += means.get(other, means[stand_in]) - means[stand_in]
    return total


def _chosen(days: _Days, wanted: Sequence[date], stand_ins: Sequence[DayKind]) -> NDArray[np.int64]:
    """Return the position of the metered day for every wanted one, taking the candidates in turn."""
    turns: dict[tuple[DayKind, int], int] = {}
    chosen = np.empty(len(wanted), dtype=np.int64)
    for place, (day, kind) in enumerate(zip(wanted, stand_ins, strict=True)):
        weekday = day.weekday()
        same = [i for i, k in enumerate(days.kinds) if k == kind]
        candidates = [i for i in same if days.dates[i].weekday() == weekday] or same
        turn = turns.get((kind, weekday), 0)
        chosen[place] = candidates[turn % len(candidates)]
        turns[kind, weekday] = turn + 1
    return chosen


def relative_half_width(energy: FloatArray, kinds: Sequence[DayKind], dates: Sequence[date], year_days: int) -> float:
    """Return half the width of the 90 % interval of a year's energy over that energy.

    The larger of two standard errors, each with Student's t: of the mean day, from the spread between days of one
    kind (pooled), and of the mean week, from the spread between whole weeks, when there are two or more. Both shrink
    to nothing when the whole year was metered (finite population correction).

    Parameters
    ----------
    energy
        Of each metered day, any unit.
    kinds, dates
        Of each metered day.
    year_days
        Days of the year.

    Returns
    -------
    float
        Zero without any spread.
    """
    mean = float(np.mean(energy))
    if mean <= 0:
        return 0.0
    count = len(energy)
    groups = [energy[[k == kind for k in kinds]] for kind in dict.fromkeys(kinds)]
    squares = sum(float(((group - group.mean()) ** 2).sum()) for group in groups)
    free = count - len(groups)
    left = max(0.0, 1 - count / year_days)
    by_day = _half(sqrt(squares / free) if free > 0 else 0.0, count, free, left) / mean
    weeks = [float(np.mean(energy[i : i + _DAYS_PER_WEEK])) for i in range(0, count - 6, _DAYS_PER_WEEK)]
    unbroken = (dates[-1] - dates[0]).days + 1 == count
    if len(weeks) < 2 or not unbroken:
        return by_day
    by_week = _half(float(np.std(weeks, ddof=1)), len(weeks), len(weeks) - 1, left) / mean
    return max(by_day, by_week)


def _half(spread: float, count: int, free: int, left: float) -> float:
    return float(stdtrit(free, _QUANTILE)) * spread / sqrt(count) * sqrt(left) if free > 0 else 0.0


def _factors(
    load: LoadProfile, monthly_t: Sequence[float] | None, metered: float | None, fixed_share: float | None
) -> tuple[float, ...] | None:
    """Return what each month's working days are multiplied by, or None without production."""
    if monthly_t is None:
        return None
    complete = len(monthly_t) == MONTHS_PER_YEAR and metered is not None and fixed_share is not None
    if not complete or metered is None or fixed_share is None or metered <= 0 or not 0 <= fixed_share <= 1:
        raise InputError([Problem(key="load_year_production", file=load.label)])
    return tuple(fixed_share + (1 - fixed_share) * tonnes / metered for tonnes in monthly_t)


def _scale(day: date, kind: DayKind, mapped: _Mapping, factors: tuple[float, ...] | None) -> float:
    works = mapped[kind, day.weekday()] in {"workday", "saturday"}
    return factors[day.month - 1] if factors is not None and works else 1.0


def days_behind(load: LoadProfile) -> int | None:
    """Return how many days were really metered of a year that was built from them; None for any other load."""
    built = next((finding for finding in load.findings if finding.key == _BUILT), None)
    return int(built.params["days"]) if load.origin == "extrapolated" and built is not None else None


def _findings(
    load: LoadProfile,
    days: _Days,
    mapped: _Mapping,
    year: int,
    energy: tuple[float, float, float],
    by_production: bool,
) -> list[Finding]:
    total, low, high = energy
    params: dict[str, Param] = {
        "days": len(days.dates),
        "first": days.dates[0].isoformat(),
        "last": days.dates[-1].isoformat(),
        "year": year,
        "energy_kwh": total,
        "low_kwh": low,
        "high_kwh": high,
    }
    found = [Finding(key=_BUILT, level="assumption", subject=load.label, params=params)]
    stood = {(kind, to == "sunday") for (kind, weekday), to in mapped.items() if kind != to and weekday != SUNDAY}
    found += [
        Finding(key=key, level="assumption", subject=load.label)
        for key, case in (
            ("load_year_holiday_as_sunday", ("holiday", True)),
            ("load_year_holiday_as_weekday", ("holiday", False)),
            ("load_year_rest_as_sunday", ("rest", True)),
        )
        if case in stood
    ]
    if (days.dates[-1] - days.dates[0]).days < 330:
        found.append(Finding(key="load_year_season", level="warning", subject=load.label))
    key = "load_year_production_used" if by_production else "load_year_production_even"
    found.append(Finding(key=key, level="assumption", subject=load.label))
    return found
