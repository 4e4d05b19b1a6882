"""Billed demand: 15-minute means by month, and the range in which it lies when only the motor list is known."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, cast

import numpy as np
import pandas as pd

from mine_energy.loads.calendar import DAY_MINUTES
from mine_energy.loads.plan import MachinePlan
from mine_energy.loads.profile import LoadProfile
from mine_energy.units import HOURS_PER_DAY, LOCAL_TIME

DEMAND_MINUTES: Final = 15
"""Integration period of billed demand in both countries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthDemand:
    """Highest demand of a calendar month.

    Parameters
    ----------
    year, month
        Calendar month.
    energy_kwh, demand_kw
        Energy, and highest mean of an integration period.
    at
        Its start, local time, ISO 8601.
    covered
        Fraction of the month that the record holds.
    """

    year: int
    month: int
    energy_kwh: float
    demand_kw: float
    at: str
    covered: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandRange:
    """Peak demand of a plant known from its motor list alone.

    Parameters
    ----------
    low_kw
        Mean power of a working day's hours in which something runs: no schedule has a lower peak.
    base_kw
        Highest demand of the schedule that was built.
    high_kw
        Everything that runs on a working day, at once.
    coincidence
        Coincidence factor of the built schedule: `base_kw` over `high_kw`.
    """

    low_kw: float
    base_kw: float
    high_kw: float
    coincidence: float


def demand_blocks(load: LoadProfile) -> tuple[float, "pd.Series[float]"]:
    """Return the length of a demand interval and the mean power of every whole one.

    The intervals are of 15 minutes where the record's step divides them, else the record's own step. Intervals that
    the record covers in part are left out.

    Parameters
    ----------
    load
        Record.
    """
    if load.step_minutes >= DEMAND_MINUTES or DEMAND_MINUTES % load.step_minutes:
        return load.step_minutes, load.load_kw.dropna()
    groups = load.load_kw.resample(f"{DEMAND_MINUTES}min")
    whole = groups.count() == round(DEMAND_MINUTES / load.step_minutes)
    return float(DEMAND_MINUTES), cast("pd.Series[float]", groups.mean()[whole])


def month_demand(known: "pd.Series[float]", step_hours: float, blocks: "pd.Series[float]") -> tuple[MonthDemand, ...]:
    """Return energy and highest demand of every calendar month of a record.

    Parameters
    ----------
    known
        Intervals that hold a value, kW.
    step_hours
        Their length.
    blocks
        From :func:`demand_blocks`.
    """
    found = []
    energy_index = cast("pd.DatetimeIndex", known.index).tz_convert(LOCAL_TIME)
    block_index = cast("pd.DatetimeIndex", blocks.index).tz_convert(LOCAL_TIME)
    of_block = block_index.year * 12 + block_index.month - 1
    of_energy = energy_index.year * 12 + energy_index.month - 1
    for number in sorted(set(of_block)):
        mine = blocks[of_block == number]
        energy = known[of_energy == number]
        year, month = divmod(int(number), 12)
        hours = pd.Period(year=year, month=month + 1, freq="M").days_in_month * HOURS_PER_DAY
        found.append(
            MonthDemand(
                year=year,
                month=month + 1,
                energy_kwh=float(energy.sum()) * step_hours,
                demand_kw=float(mine.max()),
                at=cast("pd.Timestamp", mine.idxmax()).tz_convert(LOCAL_TIME).isoformat(),
                covered=len(energy) * step_hours / hours,
            )
        )
    return tuple(found)


def demand_range(load: LoadProfile, plans: Sequence[MachinePlan]) -> DemandRange:
    """Return the range in which the peak demand lies when only the motor list is known.

    The motor list tells power and hours, not which machines run together, so the peak is bounded by the two extremes:
    energy spread evenly over the hours in which anything runs, and all machines at once. The built schedule stands
    between them, and its coincidence factor is stated.

    Parameters
    ----------
    load
        Built from `plans`.
    plans
        From :func:`~mine_energy.loads.plan_machines`.

    Returns
    -------
    DemandRange
        All zero for a plant without machines.
    """
    running = [(run, plan.power_kw(run.state)) for plan in plans for run in plan.runs]
    high = sum(max((plan.power_kw(run.state) for run in plan.runs), default=0.0) for plan in plans)
    if not running or high <= 0:
        return DemandRange(low_kw=0.0, base_kw=0.0, high_kw=0.0, coincidence=0.0)
    minutes = np.zeros(DAY_MINUTES, dtype=np.bool_)
    for run, _ in running:
        first, last = int(np.floor(run.start_minute)), int(np.ceil(run.end_minute))
        minutes[np.arange(first, last) % DAY_MINUTES] = True
    energy = sum(run.minutes * power for run, power in running)
    _, blocks = demand_blocks(load)
    base = float(blocks.max())
    low = energy / float(minutes.sum())
    return DemandRange(low_kw=min(low, base), base_kw=base, high_kw=high, coincidence=base / high)
