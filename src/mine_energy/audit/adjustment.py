"""The inventory brought to agreement with meter, bills and readings, within the bands of loads and hours."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal, cast

import pandas as pd

from mine_energy.audit.observations import (
    MeterReading,
    billed_hours,
    bills_observation,
    meter_observations,
    reading_observation,
)
from mine_energy.audit.parts import Record, machine_parts, midnight, prior_rules, record_of
from mine_energy.errors import Finding
from mine_energy.loads import LoadProfile, MachinePlan, working_days
from mine_energy.loads.bills import Bills
from mine_energy.loads.working import record_working_days
from mine_energy.site import Site
from mine_energy.uncertainty import Band, Observation, Part, Posterior, Reconciliation, adjust
from mine_energy.units import HOURS_PER_DAY

Source = Literal["meter", "bill"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is known beside inventory and meter, and how many draws the bands rest on.

    Parameters
    ----------
    bills
        Of the main meter: fitted where there is no meter, compared beside one.
    readings
        Sub-meters, spot readings and hour meters of single machines or groups of them.
    draws
        Of the Monte Carlo; zero leaves it out.
    """

    bills: Bills | None = None
    readings: tuple[MeterReading, ...] = ()
    draws: int = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconciledUse:
    """Energy of one process over the record.

    Parameters
    ----------
    process
        Key of the vocabulary's ``process``.
    inventory_kwh
        As the inventory says.
    energy_kwh
        As shown: of the reconciliation, or of the inventory where the two conflict.
    band_kwh
        P10 to P90 after the readings.
    share
        Of the metered energy.
    """

    process: str
    inventory_kwh: float
    energy_kwh: float
    band_kwh: Band
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodCheck:
    """Energy of one month of the meter, or of one bill, against the machines.

    Parameters
    ----------
    label
        Month, or first day of the bill.
    source
        ``meter`` or ``bill``.
    read_kwh
        What was read, less the losses of the network.
    inventory_kwh, reconciled_kwh
        Of the machines on the calendar of the period, before and after.
    """

    label: str
    source: Source
    read_kwh: float
    inventory_kwh: float
    reconciled_kwh: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconciledUses:
    """Where the metered energy of the record goes.

    Parameters
    ----------
    shown
        ``reconciled``, or ``inventory`` where inventory and readings conflict.
    record_hours
        Length of the record.
    metered_kwh, losses_kwh
        Of the meter, or of the bills; and what of it transformer and feeders lose.
    uses
        By process, the largest first.
    difference_kwh, difference_share
        Metered energy less losses less all uses: the three add up to the meter exactly. Within the meter's error
        after a reconciliation; energy without a machine (or machines without energy) in a conflict.
    periods
        Months or bills, in order of time.
    """

    shown: Literal["reconciled", "inventory"]
    record_hours: float
    metered_kwh: float
    uses: tuple[ReconciledUse, ...]
    difference_kwh: float
    difference_share: float
    periods: tuple[PeriodCheck, ...]
    losses_kwh: float = 0.0

    def with_losses(self, losses_kwh: float) -> "ReconciledUses":
        """Return the same with losses of the network that the meter counts, shares being those of all it counts."""
        whole = self.metered_kwh + losses_kwh
        return replace(
            self,
            metered_kwh=whole,
            losses_kwh=losses_kwh,
            uses=tuple(replace(use, share=use.energy_kwh / whole) for use in self.uses),
            difference_share=self.difference_kwh / whole,
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Adjustment:
    """What the readings make of the inventory.

    Parameters
    ----------
    parts, observations
        What went in.
    record
        Stretch of time.
    reconciliation
        None without any reading.
    posterior
        For draws; the prior where there is no reading.
    uses
        None without a meter or bills.
    """

    parts: tuple[Part, ...]
    observations: tuple[Observation, ...]
    record: Record
    reconciliation: Reconciliation | None
    posterior: Posterior
    uses: ReconciledUses | None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What a reader has to know, the size of a machine that could be missing unnoticed among it."""
        known, uses = self.reconciliation, self.uses
        if known is None:
            return ()
        if uses is None or known.detectable_kwh is None or known.agreement == "conflict":
            return known.findings
        share = min(100.0, known.detectable_kwh / uses.metered_kwh * 100)
        return (*known.findings, Finding(key="reconcile_detectable", params={"share_percent": round(share)}))


def adjust_inventory(
    plans: Sequence[MachinePlan],
    site: Site,
    baseline: LoadProfile,
    meter: LoadProfile | None = None,
    evidence: Evidence | None = None,
) -> Adjustment | None:
    """Return the inventory after all readings; None without a machine that draws energy.

    Hours and loads move within their own bands only, by a maximum a posteriori fit. A copy of a meter scaled to another
    energy is no reading of the plant. Bills are fitted where there is no meter; beside one they are compared.

    Parameters
    ----------
    plans
        Machines with state and runs.
    site
        Gives working days and shifts.
    baseline
        The baseline load, whose record is that of the result where there are no bills.
    meter
        The main meter's record.
    evidence
        Bills, and readings of single machines or groups of them.

    Raises
    ------
    InputError
        A reading names an unknown machine, has a name twice, or is no positive number.
    """
    evidence = evidence or Evidence()
    bills = evidence.bills
    fitted_bills = bills if meter is None and bills is not None and bills.energy_kwh > 0 else None
    record = _record(baseline, fitted_bills, site.site.workdays_per_month)
    parts = machine_parts(plans, record)
    if not sum(part.power_kw * part.hours for part in parts) > 0:
        return None
    found = [reading_observation(one) for one in evidence.readings]
    fitted_meter = meter if meter is not None and meter.origin != "scaled" and meter.energy_kwh > 0 else None
    if fitted_meter is not None:
        found += meter_observations(parts, plans, fitted_meter, record, site)
    elif fitted_bills is not None:
        found.append(bills_observation(parts, plans, fitted_bills, record))
    result, posterior = adjust(parts, found, prior_rules())
    known = result if found else None
    read = fitted_meter.energy_kwh if fitted_meter is not None else fitted_bills.energy_kwh if fitted_bills else None
    uses = None if read is None or known is None else _uses(known, read, record, plans, fitted_meter, bills)
    return Adjustment(
        parts=parts,
        observations=tuple(found),
        record=record,
        reconciliation=known,
        posterior=posterior,
        uses=uses,
    )


def _record(baseline: LoadProfile, bills: Bills | None, workdays_per_month: int) -> Record:
    index = cast("pd.DatetimeIndex", baseline.load_kw.index)
    start, hours = index[0], baseline.duration_hours
    if bills is not None:
        start = midnight(bills.periods[0].start)
        hours = (bills.periods[-1].end - bills.periods[0].start).days * float(HOURS_PER_DAY)
    if bills is None:
        return record_of(start, hours, record_working_days(baseline, workdays_per_month))
    first, last = (start - timedelta(days=1)).date(), (start + timedelta(hours=hours)).date()
    years = range(first.year, last.year + 1)
    days = [day for year in years for day in working_days(year, workdays_per_month) if first <= day <= last]
    return record_of(start, hours, days)


def _uses(
    result: Reconciliation,
    metered_kwh: float,
    record: Record,
    plans: Sequence[MachinePlan],
    meter: LoadProfile | None,
    bills: Bills | None,
) -> ReconciledUses:
    agreed = result.agreement != "conflict"
    uses = tuple(
        ReconciledUse(
            process=one.process,
            inventory_kwh=one.before_kwh.p50,
            energy_kwh=one.after_kwh.p50 if agreed else one.before_kwh.p50,
            band_kwh=one.after_kwh,
            share=(one.after_kwh.p50 if agreed else one.before_kwh.p50) / metered_kwh,
        )
        for one in result.processes
    )
    difference = metered_kwh - sum(use.energy_kwh for use in uses)
    return ReconciledUses(
        shown="reconciled" if agreed else "inventory",
        record_hours=record.hours,
        metered_kwh=metered_kwh,
        uses=tuple(sorted(uses, key=lambda use: (-use.energy_kwh, use.process))),
        difference_kwh=difference,
        difference_share=difference / metered_kwh,
        periods=(*_months(result, plans, record, meter), *_billed(result, plans, record, bills)),
    )


def _months(
    result: Reconciliation, plans: Sequence[MachinePlan], record: Record, meter: LoadProfile | None
) -> list[PeriodCheck]:
    if meter is None:
        return []
    index = cast("pd.DatetimeIndex", meter.load_kw.index)
    months = index.year * 100 + index.month
    energy = meter.load_kw.groupby(months).sum() * meter.step_hours
    found = []
    for number, read in energy.items():
        year, month = divmod(int(cast("int", number)), 100)
        first = pd.Timestamp(year=year, month=month, day=1, tz=index.tz)
        hours = [record.run_hours(plan.runs, first, first + pd.offsets.MonthBegin(1)) for plan in plans]
        found.append(_check(result, hours, f"{year}-{month:02d}", "meter", float(read)))
    return found


def _billed(
    result: Reconciliation, plans: Sequence[MachinePlan], record: Record, bills: Bills | None
) -> list[PeriodCheck]:
    found = []
    for one in bills.periods if bills is not None else ():
        if midnight(one.start) >= record.start and midnight(one.end) <= record.start + timedelta(hours=record.hours):
            hours = [billed_hours(plan, one, record) for plan in plans]
            found.append(_check(result, hours, one.start.isoformat(), "bill", one.energy_kwh))
    return found


def _check(result: Reconciliation, hours: Sequence[float], label: str, source: Source, read_kwh: float) -> PeriodCheck:
    before = sum(p.power_before_kw * h for p, h in zip(result.parts, hours, strict=True))
    after = sum(
        p.power_after_kw * h * p.hours_after / p.hours_before
        for p, h in zip(result.parts, hours, strict=True)
        if p.hours_before > 0
    )
    return PeriodCheck(label=label, source=source, read_kwh=read_kwh, inventory_kwh=before, reconciled_kwh=after)
