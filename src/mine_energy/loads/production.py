"""Production by day or month, and the energy of the same days or months from a load record."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

import numpy as np

from mine_energy.arrays import FloatArray, readonly
from mine_energy.errors import Finding
from mine_energy.loads.baseline import BaselinePeriod
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
