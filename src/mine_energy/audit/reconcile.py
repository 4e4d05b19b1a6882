"""Inventory against meter: do they describe the same plant, and what is the gap."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, cast

import pandas as pd

from mine_energy.audit.result import Reconciliation
from mine_energy.errors import Finding, InputError, Problem
from mine_energy.loads import LoadProfile, MachinePlan, power_on, working_days
from mine_energy.units import HOURS_PER_DAY

BAND_LOW: Final = 0.5
BAND_HIGH: Final = 2.0
"""Meter over inventory outside which the two are taken for different plants: assumed loads are known to 25 %, hours
often no better, and an inventory may miss a third of the machines; a factor of two is beyond all of them."""
NOTABLE_GAP: Final = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """A reconciliation and what has to be said about it."""

    reconciliation: Reconciliation
    findings: tuple[Finding, ...] = ()


def reconcile(
    plans: Sequence[MachinePlan] | None, meter: LoadProfile | None, before: LoadProfile, workdays_per_month: int
) -> Balance:
    """Return the comparison of inventory and meter over the meter's record.

    Parameters
    ----------
    plans
        Machines; None without an inventory.
    meter
        None without a meter.
    before
        Baseline load.
    workdays_per_month
        Sets the working days of the record.

    Raises
    ------
    InputError
        The meter cannot belong to the inventory, unless it is a copy scaled on purpose.
    """
    inventory = None if plans is None else inventory_kwh(plans, before, workdays_per_month)
    metered = None if meter is None else meter.energy_kwh
    gap = None if inventory is None or metered is None else metered - inventory
    found = Reconciliation(
        status="meter_only" if inventory is None else "inventory_only" if metered is None else "compared",
        days=before.duration_hours / HOURS_PER_DAY,
        inventory_kwh=inventory,
        metered_kwh=metered,
        gap_kwh=gap,
        gap_fraction=gap / metered if gap is not None and metered else None,
        band_low=BAND_LOW,
        band_high=BAND_HIGH,
    )
    if inventory is None or metered is None or meter is None:
        return Balance(reconciliation=found)
    return Balance(reconciliation=found, findings=_compared(inventory, metered, meter))


def record_days(load: LoadProfile, workdays_per_month: int) -> tuple[date, ...]:
    """Return the working days whose runs can touch a record: its own days and the one before its first."""
    index = cast("pd.DatetimeIndex", load.load_kw.index)
    first, last = index[0].date() - timedelta(days=1), index[-1].date()
    years = range(first.year, last.year + 1)
    return tuple(d for y in years for d in working_days(y, workdays_per_month) if first <= d <= last)


def inventory_kwh(plans: Sequence[MachinePlan], load: LoadProfile, workdays_per_month: int) -> float:
    """Return the energy of the planned machines on a record's calendar, kWh."""
    if load.origin == "built":
        return load.energy_kwh
    runs = [(run, plan.power_kw(run.state)) for plan in plans for run in plan.runs]
    days = record_days(load, workdays_per_month)
    index = cast("pd.DatetimeIndex", load.load_kw.index)
    return float(power_on(index, load.step_minutes, days, runs, wrap=False).sum()) * load.step_hours


def _compared(inventory: float, metered: float, meter: LoadProfile) -> tuple[Finding, ...]:
    params = {"inventory_kwh": inventory, "metered_kwh": metered, "gap_kwh": metered - inventory}
    if inventory <= 0 or metered <= 0:
        return (Finding(key="audit_nothing_to_compare", level="warning", subject=meter.label, params=params),)
    ratio = metered / inventory
    params |= {"ratio": ratio, "band_low": BAND_LOW, "band_high": BAND_HIGH}
    if meter.origin != "scaled" and not BAND_LOW <= ratio <= BAND_HIGH:
        value = f"{metered:.0f} kWh"
        raise InputError([Problem(key="audit_meter_not_of_inventory", file=meter.label, value=value, params=params)])
    share = {"percent": abs(metered - inventory) / metered * 100, "gap_kwh": abs(metered - inventory)}
    if share["percent"] < NOTABLE_GAP * 100:
        return (Finding(key="audit_gap_small", level="info", subject=meter.label, params=share),)
    key = "audit_gap_unexplained" if metered > inventory else "audit_gap_excess"
    return (Finding(key=key, level="warning", subject=meter.label, params=share),)
