"""Electricity bills as an input: periods between readings, spread to a calendar year, compared with a record."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, cast

import numpy as np
import pandas as pd

from mine_energy.arrays import FloatArray, readonly
from mine_energy.errors import Finding, Level, Param
from mine_energy.loads.profile import LoadProfile
from mine_energy.units import LOCAL_TIME, MONTHS_PER_YEAR

NOTABLE_DIFFERENCE: Final = 0.05
"""Bill against record above which both are to be looked at: an order above the error of a billing meter (1 %)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BillPeriod:
    """One bill.

    Parameters
    ----------
    start, end
        First day, and the day after the last.
    energy_kwh
        Active energy.
    reactive_kvarh, demand_kw
        Lagging reactive energy and highest demand, None when the bill does not say.
    amount, currency
        Total to pay, None when it was not given, and its currency (empty when unknown).
    estimated
        Whether the reading was estimated.
    number, meter
        Of the bill and of the meter that it reads; empty when the table does not say.
    """

    start: date
    end: date
    energy_kwh: float
    reactive_kvarh: float | None = None
    demand_kw: float | None = None
    amount: float | None = None
    currency: str = ""
    estimated: bool = False
    number: str = ""
    meter: str = ""

    @property
    def days(self) -> int:
        """Days that the bill covers."""
        return (self.end - self.start).days


@dataclass(frozen=True, slots=True, kw_only=True)
class Bills:
    """Bills of one supply, one after another.

    Parameters
    ----------
    periods
        In order of time, without gap or overlap.
    label
        What a reader sees.
    findings
        What has to be known about them.
    """

    periods: tuple[BillPeriod, ...]
    label: str = ""
    findings: tuple[Finding, ...] = ()

    @property
    def energy_kwh(self) -> float:
        """Energy of all bills, kWh."""
        return sum(period.energy_kwh for period in self.periods)

    @property
    def days(self) -> int:
        """Days of all bills."""
        return sum(period.days for period in self.periods)

    @property
    def peak_kw(self) -> float | None:
        """Highest billed demand, or None when no bill says one."""
        return max((p.demand_kw for p in self.periods if p.demand_kw is not None), default=None)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MonthlySpread:
    """Bills on a calendar year.

    Parameters
    ----------
    year
        Calendar year.
    energy_kwh
        Of the covered days of each month, shape (12,).
    covered_days
        Days of each month that a bill covers, shape (12,).
    uncovered_days
        Days of the year without a bill.
    outside_days
        Billed days that lie in other years.
    """

    year: int
    energy_kwh: FloatArray
    covered_days: FloatArray
    uncovered_days: int
    outside_days: int


def spread_to_year(bills: Bills, year: int) -> MonthlySpread:
    """Return the energy of bills by month of a calendar year, each day of a bill with an equal part.

    Days that no bill covers get nothing, and days outside the year are counted, not moved.

    Parameters
    ----------
    bills
        In any years.
    year
        Calendar year.
    """
    energy, days = np.zeros(MONTHS_PER_YEAR), np.zeros(MONTHS_PER_YEAR)
    outside = 0
    for day, kwh, _ in daily(bills.periods):
        if day.year != year:
            outside += 1
            continue
        energy[day.month - 1] += kwh
        days[day.month - 1] += 1
    length = (date(year + 1, 1, 1) - date(year, 1, 1)).days
    return MonthlySpread(
        year=year,
        energy_kwh=readonly(energy),
        covered_days=readonly(days),
        uncovered_days=length - int(days.sum()),
        outside_days=outside,
    )


def daily(periods: Sequence[BillPeriod]) -> Iterator[tuple[date, float, BillPeriod]]:
    """Yield every billed day with its equal part of the energy and its bill."""
    for period in periods:
        for offset in range(period.days):
            yield period.start + timedelta(days=offset), period.energy_kwh / period.days, period


@dataclass(frozen=True, slots=True, kw_only=True)
class BillComparison:
    """A bill beside a record of the same days.

    Parameters
    ----------
    start, end
        Of the bill.
    bill_kwh, load_kwh
        Energy of both.
    difference
        Record over bill, less one.
    bill_kw, load_kw
        Demand of both; None when the bill has none.
    estimated
        Whether the bill's reading was estimated.
    """

    start: date
    end: date
    bill_kwh: float
    load_kwh: float
    difference: float
    bill_kw: float | None
    load_kw: float
    estimated: bool


def compare_bills(bills: Bills, load: LoadProfile) -> tuple[tuple[BillComparison, ...], tuple[Finding, ...]]:
    """Return the bills that a record covers whole, each beside the record's energy, and what to look at.

    Parameters
    ----------
    bills
        To compare.
    load
        A meter's record, or a load built from the motor list.

    Returns
    -------
    tuple of BillComparison, tuple of Finding
        Bills that the record covers in part are left out and counted.
    """
    index = cast("pd.DatetimeIndex", load.load_kw.index)
    last = index[-1] + pd.Timedelta(minutes=load.step_minutes)
    compared = []
    for period in bills.periods:
        start, end = _midnight(period.start), _midnight(period.end)
        if start < index[0] or end > last:
            continue
        mine = load.load_kw[(index >= start) & (index < end)]
        energy = float(mine.sum()) * load.step_hours
        compared.append(
            BillComparison(
                start=period.start,
                end=period.end,
                bill_kwh=period.energy_kwh,
                load_kwh=energy,
                difference=energy / period.energy_kwh - 1 if period.energy_kwh > 0 else 0.0,
                bill_kw=period.demand_kw,
                load_kw=float(mine.max()),
                estimated=period.estimated,
            )
        )
    return tuple(compared), tuple(_comparison_findings(bills, compared))


def _midnight(day: date) -> pd.Timestamp:
    return pd.Timestamp(datetime(day.year, day.month, day.day, tzinfo=LOCAL_TIME))


def _comparison_findings(bills: Bills, compared: Sequence[BillComparison]) -> Iterator[Finding]:
    left = len(bills.periods) - len(compared)
    if left:
        yield Finding(key="bill_input_not_compared", subject=bills.label, params={"count": left})
    if not compared:
        return
    billed = sum(one.bill_kwh for one in compared)
    metered = sum(one.load_kwh for one in compared)
    if billed > 0:
        share = metered / billed - 1
        params: dict[str, Param] = {"percent": round(100 * share, 2), "bill_kwh": billed, "load_kwh": metered}
        level: Level = "warning" if abs(share) > NOTABLE_DIFFERENCE else "info"
        yield Finding(key="bill_input_compared", level=level, subject=bills.label, params=params)
    apart = [one for one in compared if abs(one.difference) > NOTABLE_DIFFERENCE]
    if apart:
        worst = max(apart, key=lambda one: abs(one.difference))
        yield Finding(
            key="bill_input_apart",
            level="warning",
            subject=bills.label,
            params={"count": len(apart), "percent": 100 * worst.difference, "start": worst.start.isoformat()},
        )
