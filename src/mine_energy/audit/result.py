"""What an audit finds, as frozen data."""

from dataclasses import dataclass
from typing import Literal

from mine_energy.audit.adjustment import ReconciledUses
from mine_energy.audit.uncertainty_result import AuditUncertainty
from mine_energy.audit.uses import EndUse, NetworkLoss
from mine_energy.errors import Finding
from mine_energy.loads import LoadProfile, ScheduleRow
from mine_energy.measures import Saving
from mine_energy.motors import IEClass
from mine_energy.motors.state import EfficiencySource, LoadMethod
from mine_energy.uncertainty import Reconciliation as Adjusted


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
    standalone_kwh_per_year
        What each would save alone on today's machines, added up.
    interaction_kwh_per_year
        Stand-alone less applied: what adding savings would have counted twice.
    peak_kw
        Saved at the monthly maxima by those that can be counted on.
    reactive_kvarh_per_year
        Reactive energy saved.
    value_per_year, currency
        Bill without minus bill with, one after the other; None without a tariff.
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
    standalone_kwh_per_year: float = 0.0
    interaction_kwh_per_year: float = 0.0
    peak_kw: float = 0.0
    reactive_kvarh_per_year: float = 0.0
    value_per_year: float | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataGap:
    """A measure that could not be looked at, and the machines it would suit.

    Parameters
    ----------
    measure, cause
        Which.
    tags
        Inventory rows; empty where it is about the whole plant.
    reason
        What to measure.
    """

    measure: str
    cause: str
    tags: tuple[str, ...]
    reason: Finding


OptionKey = Literal["keep", "now", "at_failure_rewind", "at_failure_new", "at_failure_ie4"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One way to go on with a motor.

    Parameters
    ----------
    key
        ``keep``, ``now`` (new motor at once), and at the next failure ``at_failure_rewind``, ``at_failure_new`` (the
        replacement class) or ``at_failure_ie4``.
    capex_usd
        Full price now; at failure the price above that of a rewind.
    saved_kwh_per_year
        Against today's motor; at failure against the rewound one.
    npv_usd
        Over the shorter of life and mine life, seen from the day of the decision; None without a tariff.
    cce_usd_per_kwh
        Cost of conserved energy; None where nothing is saved.
    """

    key: OptionKey
    capex_usd: float
    saved_kwh_per_year: float
    npv_usd: float | None
    cce_usd_per_kwh: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What to do with one motor.

    Parameters
    ----------
    tag
        Inventory row.
    options
        Those that were compared; empty where the motor is excluded.
    chosen
        Key of the one chosen; ``undecided`` without a tariff.
    reason
        Why.
    value_usd_per_kwh
        What a saved kWh of this motor is worth on the bill; None without a tariff.
    years
        Horizon of the new motor.
    hours_per_year
        Hours it runs.
    """

    tag: str
    options: tuple[Option, ...]
    chosen: OptionKey | Literal["undecided"]
    reason: Finding
    value_usd_per_kwh: float | None
    years: int
    hours_per_year: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyStep:
    """One step of the supply curve of saved energy, the cheapest first.

    Parameters
    ----------
    tag, measure, cause
        Which saving.
    energy_kwh_per_year, cumulative_kwh_per_year
        Its own, and with all cheaper ones.
    cce_usd_per_kwh
        Cost of conserved energy.
    basis
        ``full`` price, or ``incremental`` to a rewind for motors replaced at failure.
    """

    tag: str
    measure: str
    cause: str
    energy_kwh_per_year: float
    cumulative_kwh_per_year: float
    cce_usd_per_kwh: float
    basis: Literal["full", "incremental"]


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationPlan:
    """How a saving will be measured.

    Parameters
    ----------
    tag, measure
        Which saving.
    option
        IPMVP: ``A`` key parameter at the machine, ``B`` all parameters at the machine, ``C`` main meter.
    reason
        Why this option.
    instrument, points
        Kind of meter and where, as keys of ``verification_instrument`` and ``verification_point``.
    accuracy
        Of the instrument's power reading, share.
    days
        Of measurement before, and as many after: enough for the target, as many as the method asks at least, and as
        many as a campaign lasts at most.
    adjustment
        What savings are adjusted for: key of ``verification_adjustment``.
    saving_kwh_per_year
        Expected.
    uncertainty
        Expected half-width of the 90 % interval of the verified saving, as a share of it; None where no energy is
        saved.
    target
        For that uncertainty.
    days_needed
        Days that reach the target; None where no number of days does, and on the main meter.
    reached
        Whether the planned days reach the target.
    """

    tag: str
    measure: str
    option: Literal["A", "B", "C"]
    reason: Finding
    instrument: str
    points: str
    accuracy: float
    days: int
    adjustment: str
    saving_kwh_per_year: float
    uncertainty: float | None
    target: float = 0.0
    days_needed: int | None = None
    reached: bool = True


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
    metered_kwh, losses_kwh
        Energy of the meter, None without one; and what of it transformer and feeders lose.
    gap_kwh
        Meter less losses less inventory: energy without a machine (positive) or machines without energy (negative).
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
    losses_kwh: float = 0.0


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
        By process, and the network's losses that the meter counts, the largest first: a built load is their sum.
    energy_kwh_per_year
        Of the inventory in the year, at the machines; zero without one.
    network
        Losses of transformers and feeders, metered or not; empty where the site file gives none.
    savings
        One for every motor and measure, with decision and reason.
    savings_by_cause
        Sums of the savings that apply, in the order in which they are applied; last, what the network loses less.
    adopt
        ``worthwhile``: only what pays now is in the load after measures, the money and the PV; ``all``: everything
        that is possible.
    technical_by_cause
        Sums of everything that is possible, adopted or not: the technical potential.
    standalone_kwh_per_year, interaction_kwh_per_year
        Sum of what every adopted measure would save alone, and what of it disappears when they meet.
    gaps
        Measures without data, and what to measure.
    decisions
        One for every motor.
    supply_curve
        Savings by the cost of the saved kWh.
    verification
        How each saving will be measured.
    adjustment
        Inventory and readings brought to agreement over the record, machine by machine; None without a reading.
    reconciled
        Where the metered energy of the record goes; None without a meter or bills.
    uncertainty
        Bands of energies, savings and money; None without machines, or where no draws were asked for.
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
    standalone_kwh_per_year: float = 0.0
    interaction_kwh_per_year: float = 0.0
    gaps: tuple[DataGap, ...] = ()
    decisions: tuple[Decision, ...] = ()
    supply_curve: tuple[SupplyStep, ...] = ()
    verification: tuple[VerificationPlan, ...] = ()
    adjustment: Adjusted | None = None
    reconciled: ReconciledUses | None = None
    uncertainty: AuditUncertainty | None = None
    network: tuple[NetworkLoss, ...] = ()
    adopt: Literal["worthwhile", "all"] = "all"
    technical_by_cause: tuple[CauseSaving, ...] = ()
