"""What meters, bills and single readings say about the machines, as observations of a reconciliation."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot
from typing import Final, cast

import numpy as np
import pandas as pd

from mine_energy.audit.parts import Record, audit_assumption, midnight
from mine_energy.loads import LoadProfile, MachinePlan, Run, load_of, power_on, shift_windows
from mine_energy.loads.bills import BillPeriod, Bills
from mine_energy.loads.calendar import DAY_MINUTES
from mine_energy.loads.demand import demand_blocks, demand_range, month_demand
from mine_energy.loads.working import record_working_days
from mine_energy.site import Site
from mine_energy.uncertainty import Observation, Part, relative_sd, whole
from mine_energy.uncertainty.parts import Kind
from mine_energy.units import HOURS_PER_DAY, MINUTES_PER_HOUR

METER: Final = "main meter"
BILLS: Final = "bills"
OFF_SHIFT: Final = "power outside the shifts"
PEAK: Final = "demand"
_LEAST_OFF_SHIFT_HOURS: Final = 24.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterReading:
    """A reading below the main meter: a sub-meter, a clamp on one machine, an hour meter.

    Parameters
    ----------
    name
        Unique name.
    tags
        Machines that it sees, with all their running units.
    kind
        ``energy`` over the whole record (kWh), ``power`` while they run (kW) or ``hours`` of the record (h).
    value
        The reading.
    band
        Half-width of its 90 % interval as a share of it.
    instrument
        Readings of one instrument share part of their error.
    """

    name: str
    tags: tuple[str, ...]
    kind: Kind
    value: float
    band: float
    instrument: str = ""


def reading_observation(reading: MeterReading) -> Observation:
    """Return one reading below the main meter as an observation."""
    return Observation(
        name=reading.name,
        kind=reading.kind,
        value=reading.value,
        sd=relative_sd(reading.band) * reading.value,
        weights=dict.fromkeys(reading.tags, 1.0),
        instrument=reading.instrument,
    )


def meter_observations(
    parts: Sequence[Part], plans: Sequence[MachinePlan], meter: LoadProfile, record: Record, site: Site
) -> tuple[Observation, ...]:
    """Return what an interval record says: its energy, the power outside the shifts, the demand.

    The energy is one observation over the whole record: all machines work on the same days, so the months of one
    meter repeat the same sum and tell no machine from another (they are compared, not fitted). Outside the shifts only
    the machines run whose hours reach there; the plan may be wrong about that, so a share of the plant's mean power
    is added to the meter's error. Consumption without a machine is taken to have the shape of the meter. The mean of
    the monthly demands weighs every machine by the coincidence factor of
    the schedule that was built, with the range from evenly spread to all at once as its band.

    Parameters
    ----------
    parts, plans
        Machines, in the same order.
    meter
        Record of the main meter, of energy above zero.
    record
        Its stretch of time.
    site
        Gives the shifts.
    """
    found = [_meter_energy(parts, meter)]
    if meter.origin == "metered":
        found += [*_off_shift(parts, plans, meter, record, site), *_peak(parts, plans, meter, site)]
    return tuple(found)


def _meter_energy(parts: Sequence[Part], meter: LoadProfile) -> Observation:
    sd = relative_sd(audit_assumption("main_meter_band").value) * meter.energy_kwh
    if meter.energy_band_kwh is not None:
        low, high = meter.energy_band_kwh
        sd = max(sd, relative_sd((high - low) / 2))
    return Observation(name=METER, kind="energy", value=meter.energy_kwh, sd=sd, weights=whole(parts), open_weight=1.0)


def _off_shift(
    parts: Sequence[Part], plans: Sequence[MachinePlan], meter: LoadProfile, record: Record, site: Site
) -> list[Observation]:
    windows = shift_windows(site.site.shifts)
    index = cast("pd.DatetimeIndex", meter.load_kw.index)
    days = record_working_days(meter, site.site.workdays_per_month)
    runs = [(Run(start_minute=start, minutes=end - start), 1.0) for start, end in windows]
    idle = power_on(index, meter.step_minutes, days, runs, wrap=False) <= 0
    hours = float(idle.sum()) * meter.step_hours
    if hours < _LEAST_OFF_SHIFT_HOURS:
        return []
    value = max(0.0, float(meter.load_kw.to_numpy()[idle].mean()))
    share = [_outside(plan, windows) for plan in plans]
    weights = {part.tag: part.hours * s / hours for part, s in zip(parts, share, strict=True) if s > 0}
    sd = hypot(
        relative_sd(audit_assumption("off_shift_band").value) * meter.mean_kw,
        relative_sd(audit_assumption("main_meter_band").value) * value,
    )
    unseen = value / meter.energy_kwh
    return [Observation(name=OFF_SHIFT, kind="power", value=value, sd=sd, weights=weights, open_weight=unseen)]


def _outside(plan: MachinePlan, windows: Sequence[tuple[float, float]]) -> float:
    """Return the share of a machine's minutes outside the shifts of its own, the day before and the day after."""
    total = sum(run.minutes for run in plan.runs)
    inside = np.zeros(3 * DAY_MINUTES, dtype=np.bool_)
    for shift in (-DAY_MINUTES, 0, DAY_MINUTES, 2 * DAY_MINUTES):
        for start, end in windows:
            inside[max(0, round(start) + shift) : max(0, round(end) + shift)] = True
    outside = sum(
        float((~inside[round(run.start_minute) : round(run.end_minute)]).sum()) for run in plan.runs if run.minutes > 0
    )
    return min(1.0, outside / total) if total > 0 else 0.0


def _peak(parts: Sequence[Part], plans: Sequence[MachinePlan], meter: LoadProfile, site: Site) -> list[Observation]:
    year = cast("pd.DatetimeIndex", meter.load_kw.index)[-1].year
    known = demand_range(load_of(plans, site, year), plans)
    minutes, blocks = demand_blocks(meter)
    months = month_demand(meter.load_kw, meter.step_hours, blocks) if minutes <= MINUTES_PER_HOUR else ()
    whole_months = [one.demand_kw for one in months if one.covered > 1 / 2]
    if not whole_months or known.high_kw <= 0:
        return []
    value = float(np.mean(whole_months))
    sd = hypot(
        relative_sd((known.high_kw - known.low_kw) / 2),
        relative_sd(audit_assumption("main_meter_band").value) * value,
    )
    weights = {
        part.tag: known.coincidence * max((plan.power_kw(run.state) for run in plan.runs), default=0.0) / part.power_kw
        for part, plan in zip(parts, plans, strict=True)
        if part.power_kw > 0 and plan.runs
    }
    unseen = value / meter.energy_kwh
    return [Observation(name=PEAK, kind="power", value=value, sd=sd, weights=weights, open_weight=unseen)]


def bills_observation(parts: Sequence[Part], plans: Sequence[MachinePlan], bills: Bills, record: Record) -> Observation:
    """Return the energy of all bills together as one observation.

    Parameters
    ----------
    parts, plans
        Machines, in the same order.
    bills
        At least one, of energy above zero.
    record
        From the first bill's start to the last one's end.
    """
    hours = {plan.motor.tag: sum(billed_hours(plan, one, record) for one in bills.periods) for plan in plans}
    estimated = sum(one.energy_kwh for one in bills.periods if one.estimated)
    sd = hypot(
        relative_sd(audit_assumption("bill_band").value) * bills.energy_kwh,
        relative_sd(audit_assumption("bill_band_estimated").value) * estimated,
    )
    weights = {part.tag: hours[part.tag] / part.hours for part in parts if part.hours > 0}
    return Observation(
        name=BILLS,
        kind="energy",
        value=bills.energy_kwh,
        sd=sd,
        weights=weights,
        open_weight=min(1.0, bills.days * HOURS_PER_DAY / record.hours),
    )


def billed_hours(plan: MachinePlan, period: BillPeriod, record: Record) -> float:
    """Return the hours of a machine within a bill."""
    return record.run_hours(plan.runs, midnight(period.start), midnight(period.end))
