"""A load from the motor list: every machine at its power, in its runs, on the plant's working days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, cast

import numpy as np
import pandas as pd

from mine_energy.arrays import FloatArray
from mine_energy.errors import Finding
from mine_energy.loads.calendar import DAY_MINUTES, working_days
from mine_energy.loads.plan import DEFAULT_SEED, MachinePlan, plan_machines
from mine_energy.loads.profile import LoadProfile
from mine_energy.loads.schedule import Run, RunState, clock
from mine_energy.motors import MotorInventory
from mine_energy.site import Site
from mine_energy.units import LOCAL_TIME, MINUTES_PER_HOUR


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleRow:
    """One run of one inventory row on every working day.

    Parameters
    ----------
    tag
        Of the machine.
    start, end
        Local time, ``HH:MM``; an end at or before the start is on the next day.
    start_minute, hours
        The same, exact: minutes after midnight and hours.
    state
        ``running``; ``loaded`` or ``unloaded`` for a compressor.
    power_kw
        Electric input of the row's running units together.
    origin
        ``stated`` in the inventory or ``seeded``.
    """

    tag: str
    start: str
    end: str
    start_minute: float
    hours: float
    state: RunState
    power_kw: float
    origin: Literal["stated", "seeded"]


def schedule_rows(plans: Sequence[MachinePlan]) -> tuple[ScheduleRow, ...]:
    """Return the runs of all machines as rows to print, machines in inventory order, runs in order of time."""
    return tuple(
        ScheduleRow(
            tag=plan.motor.tag,
            start=clock(run.start_minute % DAY_MINUTES),
            end=clock(run.end_minute),
            start_minute=run.start_minute,
            hours=run.minutes / MINUTES_PER_HOUR,
            state=run.state,
            power_kw=plan.power_kw(run.state),
            origin=plan.origin,
        )
        for plan in plans
        for run in sorted(plan.runs, key=lambda r: r.start_minute)
    )


def power_on(
    index: pd.DatetimeIndex, step_minutes: float, days: Sequence[date], runs: Sequence[tuple[Run, float]], *, wrap: bool
) -> FloatArray:
    """Return the mean power in every interval of a record, with the runs repeated on every working day.

    Within an interval a run counts with the minutes it covers, so energy is exact.

    Parameters
    ----------
    index
        Starts of the intervals, constant step, with a time zone.
    step_minutes
        Length of an interval.
    days
        Working days.
    runs
        Runs of a working day, each with its power.
    wrap
        Whether what runs past the end of the record goes to its beginning (a calendar year) or is left out.

    Returns
    -------
    numpy.ndarray
        Same length as `index`, in the unit of the powers.
    """
    power = np.zeros(len(index))
    shapes: dict[float, FloatArray] = {}
    for day in days:
        midnight = pd.Timestamp(datetime(day.year, day.month, day.day, tzinfo=LOCAL_TIME))
        offset = (midnight - index[0]).total_seconds() / 60 / step_minutes
        first = int(np.floor(offset))
        phase = round((offset - first) * step_minutes, 6)
        if phase not in shapes:
            shapes[phase] = _day_shape(runs, step_minutes, phase)
        _add(power, shapes[phase], first, wrap=wrap)
    return power


def _day_shape(runs: Sequence[tuple[Run, float]], step_minutes: float, phase_minutes: float) -> FloatArray:
    """Return mean power by interval over three days, from the interval that holds the working day's midnight."""
    starts = np.arange(int(np.ceil(3 * DAY_MINUTES / step_minutes)) + 1) * step_minutes - phase_minutes
    shape = np.zeros(len(starts))
    for run, power in runs:
        covered = np.minimum(run.end_minute, starts + step_minutes) - np.maximum(run.start_minute, starts)
        shape += power * np.clip(covered, 0, None) / step_minutes
    return cast("FloatArray", np.trim_zeros(shape, "b"))


def _add(power: FloatArray, shape: FloatArray, first: int, *, wrap: bool) -> None:
    places = first + np.arange(len(shape))
    if wrap:
        np.add.at(power, places % len(power), shape)
        return
    inside = (places >= 0) & (places < len(power))
    power[places[inside]] += shape[inside]


def build_load(
    site: Site, inventory: MotorInventory, year: int, step_minutes: float = 15
) -> tuple[LoadProfile, tuple[ScheduleRow, ...]]:
    """Return a year's load built from the motor list, and the schedule behind it.

    Every machine runs at its power in its runs, the same on every working day, and never on others; nothing is
    smeared over the shift. Reactive power comes from plate or median power factors. A run past midnight of
    31 December is counted in the first hours of the year, so that the energy is exact.

    Parameters
    ----------
    site
        Gives shifts, working days a month and the seed.
    inventory
        Rows.
    year
        Calendar year of the load.
    step_minutes
        Length of an interval; a divisor of a day.

    Returns
    -------
    LoadProfile, tuple of ScheduleRow
        Origin ``built``.

    Raises
    ------
    InputError
        As :func:`plan_machines`.
    """
    plans = plan_machines(site, inventory)
    return load_of(plans, site, year, step_minutes), schedule_rows(plans)


def load_of(plans: Sequence[MachinePlan], site: Site, year: int, step_minutes: float = 15) -> LoadProfile:
    """Return the load of planned machines over a calendar year (see :func:`build_load`)."""
    days = working_days(year, site.site.workdays_per_month)
    index = pd.date_range(
        datetime(year, 1, 1, tzinfo=LOCAL_TIME),
        datetime(year + 1, 1, 1, tzinfo=LOCAL_TIME),
        freq=pd.Timedelta(minutes=step_minutes),
        inclusive="left",
    )
    active = [(run, plan.power_kw(run.state)) for plan in plans for run in plan.runs]
    reactive = [(run, plan.reactive_kvar(run.state)) for plan in plans for run in plan.runs]
    return LoadProfile(
        load_kw=pd.Series(power_on(index, step_minutes, days, active, wrap=True), index=index),
        reactive_kvar=pd.Series(power_on(index, step_minutes, days, reactive, wrap=True), index=index),
        step_minutes=step_minutes,
        origin="built",
        label=site.site.name,
        findings=_findings(plans, site, len(days)),
    )


def _findings(plans: Sequence[MachinePlan], site: Site, days: int) -> tuple[Finding, ...]:
    per_month = site.site.workdays_per_month
    calendar = {"days": days, "per_month": per_month}
    found = [Finding(key="load_calendar", level="assumption", params=calendar)]
    drawn = sum(plan.origin == "seeded" for plan in plans)
    if drawn:
        seed = site.inventory.seed if site.inventory is not None else DEFAULT_SEED
        found.append(Finding(key="load_seeded", level="assumption", params={"count": drawn, "seed": seed}))
    if plans:
        found.append(Finding(key="load_reactive_estimated", level="assumption"))
    return (*found, *(f for plan in plans for f in plan.findings))
