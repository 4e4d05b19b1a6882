"""The machines of an inventory as parts of a reconciliation: power and hours, each with its band and what it shares."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from types import MappingProxyType
from typing import Final, Literal

import numpy as np
import pandas as pd

from mine_energy.arrays import FloatArray
from mine_energy.catalog import Sourced, sourced, table
from mine_energy.loads import MachinePlan, Run
from mine_energy.motors import input_power_kw
from mine_energy.uncertainty import Part, PriorRules, relative_sd
from mine_energy.units import LOCAL_TIME, MINUTES_PER_HOUR

ASSUMED_LOADS: Final = "assumed"
"""Group of the loads that somebody assumed or stated without an instrument."""
INPUT_METHODS: Final = frozenset({"measured", "logged_kw", "spot_kw"})
"""Load methods that read the electric input itself."""
_WITHOUT_INSTRUMENT: Final = frozenset({"assumed", "stated"})
_HOURS_KNOWN: Final[Mapping[str, str]] = MappingProxyType({"measured": "measured", "nameplate": "stated"})
_MAX_LOAD: Final = 1.3
_STEP: Final = 0.01


def audit_assumption(key: str) -> Sourced:
    """Return a packaged assumption of the audit's uncertainty (``data/audit/assumptions.csv``)."""
    return sourced("audit/assumptions.csv", key)


@cache
def drivers() -> Mapping[str, Literal["tonnes", "metres"]]:
    """Return what drives the hours of a process (``data/audit/drivers.csv``); other processes run on their own."""
    names: dict[str, Literal["tonnes", "metres"]] = {"tonnes": "tonnes", "metres": "metres"}
    return MappingProxyType({row["process"]: names[row["driver"]] for row in table("audit/drivers.csv")})


def prior_rules() -> PriorRules:
    """Return how the errors of an inventory hang together, with the packaged correlations."""
    return PriorRules(
        load_correlation=audit_assumption("load_correlation").value,
        driver_correlation=audit_assumption("driver_correlation").value,
        instrument_correlation=audit_assumption("instrument_correlation").value,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Record:
    """A stretch of time and the working days that reach into it.

    Parameters
    ----------
    start
        Its first moment.
    hours
        Its length.
    day_minutes
        Midnights of the working days, minutes after `start`, shape (days,); the day before the start included.
    """

    start: pd.Timestamp
    hours: float
    day_minutes: FloatArray

    def run_hours(
        self, runs: Sequence[Run], first: pd.Timestamp | None = None, last: pd.Timestamp | None = None
    ) -> float:
        """Return how long some runs of a working day last inside the record, or from `first` to `last` in it, hours."""
        begin = 0.0 if first is None else max(0.0, minutes_between(self.start, first))
        end = self.hours * MINUTES_PER_HOUR
        end = end if last is None else min(end, minutes_between(self.start, last))
        total = 0.0
        for run in runs:
            starts = self.day_minutes + run.start_minute
            covered = np.minimum(starts + run.minutes, end) - np.maximum(starts, begin)
            total += float(np.clip(covered, 0.0, None).sum())
        return total / MINUTES_PER_HOUR


def minutes_between(first: pd.Timestamp, second: pd.Timestamp) -> float:
    """Return the minutes from one moment to another."""
    return float((second - first).total_seconds()) / 60


def midnight(day: date) -> pd.Timestamp:
    """Return the first moment of a day, local time."""
    return pd.Timestamp(datetime(day.year, day.month, day.day, tzinfo=LOCAL_TIME))


def record_of(start: pd.Timestamp, hours: float, days: Sequence[date]) -> Record:
    """Return a record from its start, its length and the working days that reach into it."""
    return Record(
        start=start,
        hours=hours,
        day_minutes=np.array([minutes_between(start, midnight(day)) for day in days], dtype=np.float64),
    )


def machine_parts(plans: Sequence[MachinePlan], record: Record) -> tuple[Part, ...]:
    """Return every inventory row as a part: its input power and its hours in a record, with their bands.

    Power is that of all running units; a compressor counts with its mean over loaded and unloaded hours. Assumed and
    stated loads share a common error, readings of one method share their instrument's, and hours of a process share
    those of what drives it. Rows of one standby group share the error of the group's hours and split them freely, so
    that they are one degree of freedom for the total. Units that stand by add no energy: the hours of a row are those
    of its duty units whichever of them run, so a row is one part. A load beyond 130 %, or more hours than the record
    has, is no limit
    to a row that already states it.

    Parameters
    ----------
    plans
        Rows with state and runs.
    record
        Stretch of time of the reconciliation.

    Returns
    -------
    tuple of Part
        In inventory order.
    """
    return _as_groups([_part(plan, record) for plan in plans])


def _as_groups(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Return parts whose standby groups have one band of hours, the widest of their members, and one driver."""
    groups: dict[str, list[Part]] = {}
    for part in parts:
        if part.standby_group:
            groups.setdefault(part.standby_group, []).append(part)
    widest = {name: max(part.hours_sd for part in members) for name, members in groups.items()}
    driver = {
        name: members[0].driver if len({part.driver for part in members}) == 1 else ""
        for name, members in groups.items()
    }
    return tuple(
        replace(part, hours_sd=widest[part.standby_group], driver=driver[part.standby_group])
        if part.standby_group
        else part
        for part in parts
    )


def _part(plan: MachinePlan, record: Record) -> Part:
    motor = plan.motor
    states: tuple[Literal["running", "unloaded"], ...] = ("running", "unloaded")
    hours = [record.run_hours([r for r in plan.runs if (r.state == "unloaded") == (s == "unloaded")]) for s in states]
    total = sum(hours)
    energy = sum(h * plan.power_kw(s) for h, s in zip(hours, states, strict=True))
    power = energy / total if total > 0 else plan.power_kw("running")
    known = _HOURS_KNOWN.get(motor.origin, "assumed")
    limit = _power_limit_kw(plan, power)
    return Part(
        tag=motor.tag,
        process=motor.process,
        power_kw=power,
        power_sd=relative_sd(plan.state.load_band * _input_per_load(plan)),
        hours=total,
        hours_sd=relative_sd(audit_assumption(f"hours_band_{known}").value),
        load_group=_load_group(plan),
        driver="" if known == "measured" else drivers().get(motor.process, ""),
        power_limit_kw=limit if limit is not None and power <= limit else None,
        standby_group=motor.standby_group,
        hours_limit=record.hours if 0 < total <= record.hours else None,
    )


def _load_group(plan: MachinePlan) -> str:
    method = plan.state.load_method
    if method in _WITHOUT_INSTRUMENT and plan.motor.origin != "measured":
        return ASSUMED_LOADS if plan.motor.is_motor else ""
    return f"readings {method}"


def _input_per_load(plan: MachinePlan) -> float:
    """Return the relative change of the input for one of the load: under one, because part of the losses is fixed."""
    state, rated = plan.state, plan.motor.rated_power_kw
    if state.load_method in INPUT_METHODS or not state.efficiency_full_load or state.load_factor <= 0:
        return 1.0
    low, high = (
        float(input_power_kw(rated, state.load_factor * factor, state.efficiency_full_load))
        for factor in (1 - _STEP, 1 + _STEP)
    )
    return float(np.log(high / low) / np.log((1 + _STEP) / (1 - _STEP)))


def _power_limit_kw(plan: MachinePlan, power_kw: float) -> float | None:
    """Return the mean input at 130 % load of all units, kW; None for loads without a motor."""
    state, motor = plan.state, plan.motor
    if not state.efficiency_full_load or state.input_kw <= 0 or power_kw <= 0:
        return None
    per_unit = float(input_power_kw(motor.rated_power_kw, _MAX_LOAD, state.efficiency_full_load))
    return motor.quantity * per_unit * power_kw / (state.input_kw * motor.quantity)
