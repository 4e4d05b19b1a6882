"""Inventory against meter: do they describe the same plant, and what is the gap."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, cast

import pandas as pd

from mine_energy.audit.result import Reconciliation
from mine_energy.errors import Finding, InputError, Problem
from mine_energy.loads import LoadProfile, MachinePlan, power_on
from mine_energy.loads.working import record_working_days
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
    plans: Sequence[MachinePlan] | None,
    meter: LoadProfile | None,
    before: LoadProfile,
    workdays_per_month: int,
    losses_kwh: float = 0.0,
) -> Balance:
    """Return the comparison of inventory and meter over the meter's record.

    Machines are compared with what is left of the reading behind transformer and feeders.

    Parameters
    ----------
    plans
        Machines; None without an inventory.
    meter
        From the machines' side of the network (:func:`~mine_energy.loads.losses.behind_the_meter`); None without one.
    before
        Baseline load, from the machines' side.
    workdays_per_month
        Sets the working days of the record.
    losses_kwh
        What the meter saw besides: losses of the network over the record.

    Raises
    ------
    InputError
        The meter cannot belong to the inventory, unless it is a copy scaled on purpose.
    """
    inventory = None if plans is None else inventory_kwh(plans, before, workdays_per_month)
    metered = None if meter is None else meter.energy_kwh + losses_kwh
    gap = None if inventory is None or metered is None else metered - losses_kwh - inventory
    found = Reconciliation(
        status="meter_only" if inventory is None else "inventory_only" if metered is None else "compared",
        days=before.duration_hours / HOURS_PER_DAY,
        inventory_kwh=inventory,
        metered_kwh=metered,
        gap_kwh=gap,
        gap_fraction=gap / metered if gap is not None and metered else None,
        band_low=BAND_LOW,
        band_high=BAND_HIGH,
        losses_kwh=0.0 if meter is None else losses_kwh,
    )
    if inventory is None or metered is None or meter is None:
        return Balance(reconciliation=found)
    return Balance(reconciliation=found, findings=_compared(inventory, metered, meter, losses_kwh))


def record_days(load: LoadProfile, workdays_per_month: int) -> tuple[date, ...]:
    """Return the working days whose runs can touch a record: its own days and the one before its first."""
    return record_working_days(load, workdays_per_month)


def inventory_kwh(plans: Sequence[MachinePlan], load: LoadProfile, workdays_per_month: int) -> float:
    """Return the energy of the planned machines on a record's calendar, kWh."""
    if load.origin == "built":
        return load.energy_kwh
    runs = [(run, plan.power_kw(run.state)) for plan in plans for run in plan.runs]
    days = record_days(load, workdays_per_month)
    index = cast("pd.DatetimeIndex", load.load_kw.index)
    return float(power_on(index, load.step_minutes, days, runs, wrap=False).sum()) * load.step_hours


def _compared(inventory: float, metered: float, meter: LoadProfile, losses_kwh: float) -> tuple[Finding, ...]:
    machines, gap = metered - losses_kwh, metered - losses_kwh - inventory
    params = {"inventory_kwh": inventory, "metered_kwh": metered, "gap_kwh": gap}
    if inventory <= 0 or machines <= 0:
        return (Finding(key="audit_nothing_to_compare", level="warning", subject=meter.label, params=params),)
    ratio = machines / inventory
    params |= {"ratio": ratio, "band_low": BAND_LOW, "band_high": BAND_HIGH}
    if meter.origin != "scaled" and not BAND_LOW <= ratio <= BAND_HIGH:
        value = f"{metered:.0f} kWh"
        raise InputError([Problem(key="audit_meter_not_of_inventory", file=meter.label, value=value, params=params)])
    share = {"percent": abs(gap) / metered * 100, "gap_kwh": abs(gap)}
    if share["percent"] < NOTABLE_GAP * 100:
        return (Finding(key="audit_gap_small", level="info", subject=meter.label, params=share),)
    key = "audit_gap_unexplained" if gap > 0 else "audit_gap_excess"
    return (Finding(key=key, level="warning", subject=meter.label, params=share),)
