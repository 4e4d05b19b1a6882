"""What an audit finds, as frozen data."""

from dataclasses import dataclass
from typing import Literal

from mine_energy.errors import Finding
from mine_energy.loads import LoadProfile, ScheduleRow
from mine_energy.measures import Saving
from mine_energy.motors import IEClass
from mine_energy.motors.state import EfficiencySource, LoadMethod


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineResult:
    """One inventory row: what it is, what it draws, and on what grounds.

    Parameters
    ----------
    tag, description, area, process, equipment, origin, source
        As in the inventory.
    ie_class
        Class of the plate; None where it states none.
    quantity, standby_quantity
        Units that run together, and units that stand by and add no energy.
    rated_power_kw
        Per unit.
    load_factor, load_method, load_band
        Shaft output over rated power, how it is known, and the half-width of its 90 % interval as a share of it.
    efficiency_full_load, efficiency_source, efficiency_at_load
        0 to 1; None for loads without a motor.
    input_kw, unloaded_input_kw
        Electric input of one unit running (loaded) and running unloaded.
    hours_per_year, unloaded_hours_per_year
        Hours in each state.
    energy_kwh_per_year
        Of all running units.
    share
        Of the inventory's energy, 0 to 1.
    flags
        Keys of the findings about this row.
    """

    tag: str
    description: str
    area: str
    process: str
    equipment: str
    origin: str
    source: str
    ie_class: IEClass | None
    quantity: int
    standby_quantity: int
    rated_power_kw: float
    load_factor: float
    load_method: LoadMethod
    load_band: float
    efficiency_full_load: float | None
    efficiency_source: EfficiencySource
    efficiency_at_load: float | None
    input_kw: float
    unloaded_input_kw: float
    hours_per_year: float
    unloaded_hours_per_year: float
    energy_kwh_per_year: float
    share: float
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EndUse:
    """Energy of one process.

    Parameters
    ----------
    process
        Key of the vocabulary's ``process``.
    energy_kwh_per_year
        Of all its machines.
    share
        Of the inventory's energy, 0 to 1.
    machines
        Inventory rows.
    """

    process: str
    energy_kwh_per_year: float
    share: float
    machines: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseSaving:
    """Savings of one cause: base, and both ends of the bands added up.

    Parameters
    ----------
    cause, measure
        Where the saving comes from, and the measure that makes it.
    machines
        Inventory rows it touches.
    energy_kwh_per_year, energy_low_kwh_per_year, energy_high_kwh_per_year
        In a year; the ends are those of :class:`~mine_energy.measures.Saving` added, as if all erred together.
    share
        Of the inventory's energy, 0 to 1.
    demand_kw
        Input saved if all of them ran at once.
    capex_usd
        Of all of them.
    """

    cause: str
    measure: str
    machines: int
    energy_kwh_per_year: float
    energy_low_kwh_per_year: float
    energy_high_kwh_per_year: float
    share: float
    demand_kw: float
    capex_usd: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """Inventory against meter, over the record of the meter.

    Parameters
    ----------
    status
        ``inventory_only``, ``meter_only`` or ``compared``.
    days
        Length of the record.
    inventory_kwh
        Energy of the inventory on the record's calendar; None without an inventory.
    metered_kwh
        Energy of the meter; None without one.
    gap_kwh
        Meter less inventory: energy without a machine (positive) or machines without energy (negative).
    gap_fraction
        The gap over the metered energy.
    band_low, band_high
        Limits of meter over inventory outside which the two are taken for different plants.
    """

    status: Literal["inventory_only", "meter_only", "compared"]
    days: float
    inventory_kwh: float | None
    metered_kwh: float | None
    gap_kwh: float | None
    gap_fraction: float | None
    band_low: float
    band_high: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AuditResult:
    """The audit of one plant.

    Parameters
    ----------
    year
        Calendar year of the working days.
    machines
        In inventory order.
    end_uses
        By process, the largest first.
    energy_kwh_per_year
        Of the inventory in the year; zero without one.
    savings
        One for every motor and measure, with decision and reason.
    savings_by_cause
        Sums of the savings that apply.
    reconciliation
        Inventory against meter.
    schedule
        Runs of a working day.
    workdays
        Working days of the year.
    rest_days
        The other days, ISO dates.
    load_before, load_after
        Baseline (the meter where there is one) and what is left after the measures, at the same step.
    energy_before_kwh, energy_after_kwh
        Of both, over their record.
    findings
        What a reader has to know, equal ones joined.
    """

    year: int
    machines: tuple[MachineResult, ...]
    end_uses: tuple[EndUse, ...]
    energy_kwh_per_year: float
    savings: tuple[Saving, ...]
    savings_by_cause: tuple[CauseSaving, ...]
    reconciliation: Reconciliation
    schedule: tuple[ScheduleRow, ...]
    workdays: int
    rest_days: tuple[str, ...]
    load_before: LoadProfile
    load_after: LoadProfile
    energy_before_kwh: float
    energy_after_kwh: float
    findings: tuple[Finding, ...]
