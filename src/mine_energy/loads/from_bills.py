"""A load for a site without interval meter or detailed inventory: energy of the bills, shape of the shifts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import sqrt
from typing import Final

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from mine_energy.arrays import FloatArray
from mine_energy.errors import Finding, InputError, Param, Problem
from mine_energy.loads.bills import BillPeriod, Bills, daily
from mine_energy.loads.build import power_on
from mine_energy.loads.calendar import shift_windows, working_days
from mine_energy.loads.limits import limit
from mine_energy.loads.profile import LoadProfile
from mine_energy.loads.schedule import Run
from mine_energy.site import Site
from mine_energy.units import HOURS_PER_DAY, LOCAL_TIME, MINUTES_PER_HOUR

_STEP_MINUTES: Final = 15.0
_QUANTILE: Final = 0.95
_LOW_PEAK: Final = 0.98


@dataclass(frozen=True, slots=True, kw_only=True)
class _Level:
    """Power of one bill: outside and, on top of that, inside the shifts, kW; and lagging kvarh per kWh."""

    base_kw: float
    shift_kw: float
    reactive_ratio: float | None


def load_from_bills(bills: Bills, site: Site, year: int, base_share: float | None = None) -> LoadProfile:
    """Return a calendar year whose energy comes from bills and whose shape comes from the shifts.

    Within a bill the plant is taken to draw one power in its shifts on working days and a share of it at all other
    times. A day of the year takes the powers of the bill that covers the same day of the same or another year, the
    latest one first; days that no bill covers take the mean of all bills, and a finding counts them.

    Parameters
    ----------
    bills
        At least one.
    site
        Gives shifts and working days.
    year
        Calendar year to build.
    base_share
        Power outside the shifts over power inside them, 0 to 1; a packaged assumption when absent.

    Returns
    -------
    LoadProfile
        Origin ``billed``, 15-minute steps; `energy_band_kwh` is a 90 % interval from the meter's class, estimated
        readings and, for days without a bill, the spread between bills. The shape has no band: peak and night power
        are assumptions, and findings say so, with the billed demand beside the shape's where a bill has one.

    Raises
    ------
    InputError
        No bill, or a share outside 0 to 1.
    """
    share = limit("bill_base_share").value if base_share is None else base_share
    if not bills.periods or not 0 <= share <= 1:
        raise InputError([Problem(key="bill_input_no_load", file=bills.label, value=f"{share:g}")])
    hours = _shift_hours(site)
    levels = {period: _level(period, site, hours, share) for period in bills.periods}
    chosen = _bills_by_day(bills, year)
    mean = _mean_level(bills, levels)
    days = sorted(chosen)
    of_day = [levels[bill] if (bill := chosen[day]) is not None else mean for day in days]
    index = pd.date_range(
        datetime(year, 1, 1, tzinfo=LOCAL_TIME),
        datetime(year + 1, 1, 1, tzinfo=LOCAL_TIME),
        freq=pd.Timedelta(minutes=_STEP_MINUTES),
        inclusive="left",
    )
    active, reactive = _series(index, days, of_day, site)
    per_hour = _STEP_MINUTES / MINUTES_PER_HOUR
    energy = float(active.sum()) * per_hour
    uncovered = sum(bill is None for bill in chosen.values())
    half = energy * _relative_half_width(bills, uncovered / len(days))
    return LoadProfile(
        load_kw=pd.Series(active, index=index),
        reactive_kvar=None if reactive is None else pd.Series(reactive, index=index),
        step_minutes=_STEP_MINUTES,
        origin="billed",
        label=bills.label,
        findings=(*bills.findings, *_findings(bills, float(active.max()), (energy, half), share, uncovered)),
        energy_band_kwh=(max(0.0, energy - half), energy + half),
    )


def _shift_hours(site: Site) -> float:
    return sum(end - start for start, end in shift_windows(site.site.shifts)) / MINUTES_PER_HOUR


def _level(period: BillPeriod, site: Site, shift_hours: float, share: float) -> _Level:
    """Return the powers that give a bill its energy: E = P (s 24 D + (1 - s) h W), D days, W working days."""
    per_month = site.site.workdays_per_month
    years = range(period.start.year, period.end.year + 1)
    works = sum(period.start <= day < period.end for year in years for day in working_days(year, per_month))
    hours = share * HOURS_PER_DAY * period.days + (1 - share) * shift_hours * works
    if hours <= 0:
        return _Level(base_kw=period.energy_kwh / (HOURS_PER_DAY * period.days), shift_kw=0.0, reactive_ratio=None)
    power = period.energy_kwh / hours
    known = period.reactive_kvarh is not None and period.energy_kwh > 0
    ratio = (period.reactive_kvarh or 0.0) / period.energy_kwh if known else None
    return _Level(base_kw=share * power, shift_kw=(1 - share) * power, reactive_ratio=ratio)


def _mean_level(bills: Bills, levels: Mapping[BillPeriod, _Level]) -> _Level:
    weights = [period.days / bills.days for period in bills.periods]
    of_bill = [levels[period] for period in bills.periods]
    ratios = [level.reactive_ratio for level in of_bill if level.reactive_ratio is not None]
    return _Level(
        base_kw=sum(w * level.base_kw for w, level in zip(weights, of_bill, strict=True)),
        shift_kw=sum(w * level.shift_kw for w, level in zip(weights, of_bill, strict=True)),
        reactive_ratio=sum(ratios) / len(ratios) if ratios else None,
    )


def _bills_by_day(bills: Bills, year: int) -> dict[date, BillPeriod | None]:
    """Return the bill of every day of a year: of that very day, else of the same date in the latest other year."""
    by_date: dict[tuple[int, int], BillPeriod] = {}
    exact: dict[date, BillPeriod] = {}
    for day, _, period in daily(bills.periods):
        by_date[day.month, day.day] = period
        exact[day] = period
    length = (date(year + 1, 1, 1) - date(year, 1, 1)).days
    days = [date(year, 1, 1) + timedelta(days=i) for i in range(length)]
    if (2, 29) not in by_date and (2, 28) in by_date:
        by_date[2, 29] = by_date[2, 28]
    return {day: exact.get(day) or by_date.get((day.month, day.day)) for day in days}


def _series(
    index: pd.DatetimeIndex, days: Sequence[date], levels: Sequence[_Level], site: Site
) -> tuple[FloatArray, FloatArray | None]:
    """Return active and reactive power; a shift past midnight keeps its own day's power."""
    works = set(working_days(days[0].year, site.site.workdays_per_month))
    windows = shift_windows(site.site.shifts)
    per_day = len(index) // len(days)
    active = np.repeat([level.base_kw for level in levels], per_day)
    known = all(level.reactive_ratio is not None for level in levels)
    ratios = np.repeat([level.reactive_ratio or 0.0 for level in levels], per_day)
    groups: dict[float, list[date]] = {}
    for day, level in zip(days, levels, strict=True):
        if day in works:
            groups.setdefault(level.shift_kw, []).append(day)
    for power, members in groups.items():
        shifts = [(Run(start_minute=start, minutes=end - start), power) for start, end in windows]
        active = active + power_on(index, _STEP_MINUTES, members, shifts, wrap=True)
    return active, active * ratios if known else None


def _relative_half_width(bills: Bills, uncovered_share: float) -> float:
    """Return half the width of the 90 % interval of the year's energy over that energy.

    The meter's class; a share of the last bill when its reading is estimated (earlier estimates cancel at the next
    reading taken); and, for the days without a bill, Student's t times the spread of daily energy between bills.
    """
    parts = [limit("bill_meter_error").value]
    means = np.array([period.energy_kwh / period.days for period in bills.periods])
    mean = bills.energy_kwh / bills.days
    if bills.periods[-1].estimated:
        parts.append(limit("bill_estimated_error").value * bills.periods[-1].days / bills.days)
    if uncovered_share > 0 and mean > 0:
        free = len(means) - 1
        spread = float(np.std(means, ddof=1)) / mean if free > 0 else 1.0
        quantile = float(stdtrit(free, _QUANTILE)) if free > 0 else 1.0
        parts.append(uncovered_share * quantile * spread * sqrt(1 + 1 / len(means)))
    return sqrt(sum(part * part for part in parts))


def _findings(bills: Bills, peak_kw: float, energy: tuple[float, float], share: float, uncovered: int) -> list[Finding]:
    total, half = energy
    params: dict[str, Param] = {
        "bills": len(bills.periods),
        "days": bills.days,
        "energy_kwh": total,
        "low_kwh": max(0.0, total - half),
        "high_kwh": total + half,
    }
    found = [Finding(key="bill_input_load", level="assumption", subject=bills.label, params=params)]
    shape: dict[str, Param] = {
        "share_percent": 100 * share,
        "low_percent": 100 * limit("bill_base_share_low").value,
        "high_percent": 100 * limit("bill_base_share_high").value,
    }
    found.append(Finding(key="bill_input_shape", level="assumption", subject=bills.label, params=shape))
    if uncovered:
        missing: dict[str, Param] = {"days": uncovered}
        found.append(Finding(key="bill_input_uncovered", level="warning", subject=bills.label, params=missing))
    billed = bills.peak_kw
    if billed is not None:
        demand: dict[str, Param] = {"billed_kw": billed, "shape_kw": peak_kw}
        key = "bill_input_peak_lower" if peak_kw < _LOW_PEAK * billed else "bill_input_peak_higher"
        found.append(Finding(key=key, level="warning", subject=bills.label, params=demand))
    return found
