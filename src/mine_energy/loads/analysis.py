"""What a load looks like: kinds of day, duration curve, base load, demand by month, load and power factor."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, cast

import numpy as np
import pandas as pd

from mine_energy.arrays import FloatArray, readonly
from mine_energy.errors import Finding, Param
from mine_energy.loads.calendar import DAY_MINUTES, shift_windows
from mine_energy.loads.daytypes import DAY_KINDS, DayGroups, DayKind, daily_kwh, day_groups, day_kinds
from mine_energy.loads.demand import DEMAND_MINUTES, MonthDemand, demand_blocks, month_demand
from mine_energy.loads.profile import LoadProfile
from mine_energy.loads.reactive import ReactiveAnalysis, analyse_reactive
from mine_energy.site import Site
from mine_energy.units import HOURS_PER_DAY, LOCAL_TIME, MINUTES_PER_HOUR

_SHARES: Final = (0.0, 0.001, 0.005, 0.01, 0.02, 0.05, *(i / 10 for i in range(1, 10)), 0.95, 0.99, 1.0)
_NIGHT_END_HOUR: Final = 5
_LISTED: Final = 20

_SUNDAYS_WORK: Final = 30
_SUNDAYS_REST: Final = 27
_SATURDAYS_WORK: Final = 26
_SATURDAYS_REST: Final = 21
"""Working days a month from which on, or up to which, every day of the kind works or rests."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DayType:
    """The days of one kind.

    Parameters
    ----------
    kind
        On the calendar.
    days
        Whole days of it in the record.
    kwh_per_day, sd_kwh_per_day
        Mean energy of a day, and the standard deviation between days (zero for a single day).
    hourly_kw
        Mean power by hour of the day, shape (24,).
    """

    kind: DayKind
    days: int
    kwh_per_day: float
    sd_kwh_per_day: float
    hourly_kw: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class DayComparison:
    """The shift calendar beside the groups that the energy shows.

    Parameters
    ----------
    groups
        Low and high days by energy.
    agreeing_days, contrary_days
        Days on which calendar (working or resting) and energy (high or low) say the same, or not, public holidays and
        days that the calendar leaves open apart; both zero when the energy shows one group.
    contrary
        The first of the contrary ones, ISO 8601.
    """

    groups: DayGroups
    agreeing_days: int
    contrary_days: int
    contrary: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LoadAnalysis:
    """What a record shows.

    Parameters
    ----------
    label, origin, step_minutes, days
        Which record, at which step, over how many whole days.
    energy_kwh, mean_kw, peak_kw, peak_at, load_factor
        Of the whole record; intervals without a value are left out.
    day_types, comparison
        Kinds of day on the calendar, and beside what the energy shows.
    duration_share, duration_kw
        Load duration curve: the power that is reached or exceeded during each share of the time.
    night_kw, sunday_kw
        Median power between midnight and 05:00 outside the shifts of days that rest or work, and of whole Sundays;
        None where the record has none.
    night_kwh
        Energy that the night's power would make over the whole record; None without it.
    demand_minutes, demand
        Integration period, and demand by month; above 15 minutes the true demand is at least this.
    reactive
        Power factor and excess; None without reactive energy.
    findings
        What has to be known about it.
    """

    label: str
    origin: str
    step_minutes: float
    days: int
    energy_kwh: float
    mean_kw: float
    peak_kw: float
    peak_at: str
    load_factor: float
    day_types: tuple[DayType, ...]
    comparison: DayComparison | None
    duration_share: FloatArray
    duration_kw: FloatArray
    night_kw: float | None
    sunday_kw: float | None
    night_kwh: float | None
    demand_minutes: float
    demand: tuple[MonthDemand, ...]
    reactive: ReactiveAnalysis | None
    findings: tuple[Finding, ...]


def analyse(load: LoadProfile, site: Site | None = None) -> LoadAnalysis:
    """Return what a load record shows.

    Parameters
    ----------
    load
        A record of any length; missing intervals (NaN) are left out and never filled.
    site
        Gives shifts, working days and the country's holidays; without it weekdays alone tell the kinds of day.

    Returns
    -------
    LoadAnalysis

    Raises
    ------
    ValueError
        The record holds no value at all.
    """
    known = load.load_kw.dropna()
    if known.empty:
        raise ValueError("a record without any value cannot be analysed")
    daily = daily_kwh(load)
    kinds = day_kinds(list(daily.index), site)
    comparison = _comparison(daily, kinds, site) if len(daily) else None
    peak, mean = float(known.max()), float(known.mean())
    night, sunday = _night_kw(known, site), _sunday_kw(known)
    minutes, blocks = demand_blocks(load)
    types = _day_types(load, daily, kinds)
    return LoadAnalysis(
        label=load.label,
        origin=load.origin,
        step_minutes=load.step_minutes,
        days=len(daily),
        energy_kwh=float(known.sum()) * load.step_hours,
        mean_kw=mean,
        peak_kw=peak,
        peak_at=_iso(known.idxmax()),
        load_factor=mean / peak if peak > 0 else 0.0,
        day_types=types,
        comparison=comparison,
        duration_share=readonly(_SHARES),
        duration_kw=readonly(np.quantile(known.to_numpy(), [1 - share for share in _SHARES])),
        night_kw=night,
        sunday_kw=sunday,
        night_kwh=None if night is None else night * len(known) * load.step_hours,
        demand_minutes=minutes,
        demand=month_demand(known, load.step_hours, blocks),
        reactive=analyse_reactive(load),
        findings=tuple(_findings(load, minutes, comparison, types)),
    )


def _day_types(load: LoadProfile, daily: "pd.Series[float]", kinds: Sequence[DayKind]) -> tuple[DayType, ...]:
    index = cast("pd.DatetimeIndex", load.load_kw.index).tz_convert(LOCAL_TIME)
    of_day = dict(zip(daily.index, kinds, strict=True))
    kind_of_step = np.array([of_day.get(day, "") for day in index.date])
    found = []
    for kind in DAY_KINDS:
        energies = daily.to_numpy()[[k == kind for k in kinds]]
        if not len(energies):
            continue
        inside = kind_of_step == kind
        hourly = load.load_kw[inside].groupby(index[inside].hour).mean()
        found.append(
            DayType(
                kind=kind,
                days=len(energies),
                kwh_per_day=float(energies.mean()),
                sd_kwh_per_day=float(energies.std(ddof=1)) if len(energies) > 1 else 0.0,
                hourly_kw=readonly(hourly.reindex(range(HOURS_PER_DAY)).to_numpy()),
            )
        )
    return tuple(found)


def _comparison(daily: "pd.Series[float]", kinds: Sequence[DayKind], site: Site | None) -> DayComparison:
    groups = day_groups(readonly(daily))
    agreeing, contrary = 0, []
    if groups.low_days:
        for (day, energy), kind in zip(daily.items(), kinds, strict=True):
            works = _works(kind, site)
            if works is not None:
                same = works == (float(energy) > groups.threshold_kwh)
                agreeing += same
                contrary += [] if same else [cast("date", day).isoformat()]
    return DayComparison(
        groups=groups, agreeing_days=agreeing, contrary_days=len(contrary), contrary=tuple(contrary[:_LISTED])
    )


def _works(kind: DayKind, site: Site | None) -> bool | None:
    """Return whether the plant should work on a kind of day, None where the number of working days does not tell.

    Which Saturdays or weekdays rest in a month is a convention of ours, so only those that all rest or all work count.
    """
    if kind == "workday":
        return True
    if site is None:
        return {"saturday": None, "sunday": False}.get(kind)
    workdays = site.site.workdays_per_month
    if kind == "sunday":
        return False if workdays <= _SUNDAYS_REST else True if workdays >= _SUNDAYS_WORK else None
    if kind == "saturday":
        return True if workdays >= _SATURDAYS_WORK else False if workdays <= _SATURDAYS_REST else None
    return None


def _night_kw(known: "pd.Series[float]", site: Site | None) -> float | None:
    """Return the median power from midnight to 05:00, outside the shifts when they are known.

    A plant that works through every night has no idle night, so no base is read from it.
    """
    index = cast("pd.DatetimeIndex", known.index).tz_convert(LOCAL_TIME)
    minute = (index.hour * MINUTES_PER_HOUR + index.minute).to_numpy()
    night = minute < _NIGHT_END_HOUR * MINUTES_PER_HOUR
    for start, end in shift_windows(site.site.shifts) if site is not None else ():
        night &= ~((minute >= start) & (minute < end)) & ~(minute < end - DAY_MINUTES)
    return float(known[night].median()) if night.any() else None


def _sunday_kw(known: "pd.Series[float]") -> float | None:
    index = cast("pd.DatetimeIndex", known.index).tz_convert(LOCAL_TIME)
    sunday = index.day_of_week == 6
    return float(known[sunday].median()) if sunday.any() else None


def _iso(moment: object) -> str:
    return cast("pd.Timestamp", moment).tz_convert(LOCAL_TIME).isoformat()


def _findings(
    load: LoadProfile, minutes: float, comparison: DayComparison | None, types: Sequence[DayType]
) -> Iterator[Finding]:
    name = load.label
    if minutes > DEMAND_MINUTES:
        params: dict[str, Param] = {"minutes": f"{minutes:g}", "billed": DEMAND_MINUTES}
        yield Finding(key="load_demand_coarse", level="warning", subject=name, params=params)
    if load.origin == "built":
        yield Finding(key="load_demand_from_inventory", level="assumption", subject=name)
    if comparison is not None and comparison.contrary_days:
        total = comparison.agreeing_days + comparison.contrary_days
        yield Finding(
            key="load_calendar_contrary",
            level="warning" if comparison.contrary_days > 0.1 * total else "info",
            subject=name,
            params={"days": comparison.contrary_days, "total": total, "first": comparison.contrary[0]},
        )
    if comparison is not None and not comparison.groups.low_days:
        yield Finding(key="load_days_one_group", subject=name)
    by_kind = {one.kind: one for one in types}
    if "holiday" in by_kind and "workday" in by_kind and by_kind["workday"].kwh_per_day > 0:
        ratio = by_kind["holiday"].kwh_per_day / by_kind["workday"].kwh_per_day
        params_holiday: dict[str, Param] = {"percent": 100 * ratio, "days": by_kind["holiday"].days}
        yield Finding(key="load_holidays_compared", subject=name, params=params_holiday)
