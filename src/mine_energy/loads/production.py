"""Production by day or month, and the energy of the same days or months from a load record."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, cast

import numpy as np

from mine_energy.arrays import FloatArray, readonly
from mine_energy.errors import Finding
from mine_energy.loads.baseline import BaselinePeriod
from mine_energy.loads.bills import Bills
from mine_energy.loads.daytypes import daily_kwh
from mine_energy.loads.profile import LoadProfile


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Production:
    """Tonnes by day or calendar month.

    Parameters
    ----------
    period
        ``day`` or ``month``.
    dates
        The day, or the first day of the month, ascending and each once.
    ore_t
        Ore milled, shape (n,).
    energy_kwh
        Of the same periods when the table gives it; NaN where a cell is empty. None without the column.
    label, findings
        What a reader sees, and what has to be known.
    """

    period: BaselinePeriod
    dates: tuple[date, ...]
    ore_t: FloatArray
    energy_kwh: FloatArray | None = None
    label: str = ""
    findings: tuple[Finding, ...] = ()

    def end_of(self, position: int) -> date:
        """Return the day after a period's last one."""
        start = self.dates[position]
        if self.period == "day":
            return start + timedelta(days=1)
        return date(start.year + start.month // 12, start.month % 12 + 1, 1)


def with_energy(production: Production, load: LoadProfile) -> tuple[tuple[date, ...], FloatArray, FloatArray]:
    """Return the periods that a record covers whole, their energy and their tonnes: what `fit_baseline` takes.

    Parameters
    ----------
    production
        By day or month.
    load
        A meter's record.

    Returns
    -------
    tuple of date, numpy.ndarray, numpy.ndarray
        Starts of the periods, kWh and tonnes; empty without a common period.
    """
    daily = daily_kwh(load)
    known = {cast("date", day): float(kwh) for day, kwh in daily.items()}
    kept: list[date] = []
    energy: list[float] = []
    tonnes: list[float] = []
    for place, start in enumerate(production.dates):
        length = (production.end_of(place) - start).days
        days = [start + timedelta(days=i) for i in range(length)]
        if all(day in known for day in days):
            kept.append(start)
            energy.append(sum(known[day] for day in days))
            tonnes.append(float(np.asarray(production.ore_t)[place]))
    return tuple(kept), readonly(energy), readonly(tonnes)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ProductionPoints:
    """Energy and tonnes of the same periods: the points of a baseline.

    Parameters
    ----------
    starts, end
        First day of each period, and the day after the last one.
    energy_kwh, ore_t
        Of each period, shape (n,).
    source
        Whose energy it is: the meter's, the production table's own, or the bills'.
    findings
        What was assumed to pair them.
    """

    starts: tuple[date, ...]
    end: date
    energy_kwh: FloatArray
    ore_t: FloatArray
    source: Literal["meter", "table", "bills"]
    findings: tuple[Finding, ...] = ()


def production_points(
    production: Production, load: LoadProfile | None = None, bills: Bills | None = None
) -> ProductionPoints | None:
    """Return the points of a baseline, or None where no energy covers a period.

    The source with the most periods answers; with equally many the meter comes before what the plant wrote in its
    production table, and that before the bills.

    Parameters
    ----------
    production
        By day or month.
    load
        A meter's record.
    bills
        Of the supply.
    """
    found = [
        None if load is None else _with_meter(production, load),
        _with_table(production),
        None if bills is None else _with_bills(production, bills),
    ]
    return max((points for points in found if points), key=lambda points: len(points.starts), default=None)


def _with_meter(production: Production, load: LoadProfile) -> ProductionPoints | None:
    starts, energy, tonnes = with_energy(production, load)
    if not starts:
        return None
    end = production.end_of(production.dates.index(starts[-1]))
    return ProductionPoints(starts=starts, end=end, energy_kwh=energy, ore_t=tonnes, source="meter")


def _with_table(production: Production) -> ProductionPoints | None:
    if production.energy_kwh is None:
        return None
    known = np.flatnonzero(np.isfinite(production.energy_kwh))
    if not known.size:
        return None
    return ProductionPoints(
        starts=tuple(production.dates[i] for i in known),
        end=production.end_of(int(known[-1])),
        energy_kwh=readonly(production.energy_kwh[known]),
        ore_t=readonly(production.ore_t[known]),
        source="table",
    )


def _with_bills(production: Production, bills: Bills) -> ProductionPoints | None:
    """Return the billing periods whose every day has its tonnes; a month's tonnes are spread evenly over its days."""
    by_day: dict[date, float] = {}
    for place, start in enumerate(production.dates):
        length = (production.end_of(place) - start).days
        by_day |= {start + timedelta(days=i): float(production.ore_t[place]) / length for i in range(length)}
    kept, tonnes = [], []
    for period in bills.periods:
        days = [period.start + timedelta(days=i) for i in range(period.days)]
        if all(day in by_day for day in days):
            kept.append(period)
            tonnes.append(sum(by_day[day] for day in days))
    if not kept:
        return None
    split = production.period == "month" and any(p.start.day != 1 or p.end.day != 1 for p in kept)
    return ProductionPoints(
        starts=tuple(period.start for period in kept),
        end=kept[-1].end,
        energy_kwh=readonly([period.energy_kwh for period in kept]),
        ore_t=readonly(tonnes),
        source="bills",
        findings=(Finding(key="baseline_months_split", level="assumption", subject=production.label),) if split else (),
    )
