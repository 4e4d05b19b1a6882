"""What the Monte Carlo of an audit gives: bands, as frozen data; no samples."""

from dataclasses import dataclass
from typing import Literal

from mine_energy.audit.measurement_plan import MeasurementStep
from mine_energy.audit.model import InfluenceKind
from mine_energy.errors import Finding
from mine_energy.uncertainty import Band


@dataclass(frozen=True, slots=True, kw_only=True)
class EnergyBand:
    """Energy of a machine, a process or the plant in a year.

    Parameters
    ----------
    name
        Tag, key of the process, or empty for the plant.
    energy_kwh
        P10, P50, P90.
    mean_kwh
        Mean of the draws: means add up, percentiles do not.
    """

    name: str
    energy_kwh: Band
    mean_kwh: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SavingBand:
    """Energy that a measure, a cause or all of them save in a year.

    Parameters
    ----------
    tag, measure
        Machine and measure; both empty for a cause, and for all.
    cause
        Empty for all.
    energy_kwh
        P10, P50, P90; below zero where a replaced motor may draw more.
    mean_kwh
        Mean of the draws.
    no_gain_probability
        Probability that nothing is saved, 0 to 1.
    """

    tag: str
    measure: str
    cause: str
    energy_kwh: Band
    mean_kwh: float
    no_gain_probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PaybackBand:
    """Percentiles of the simple payback, years; None where it never comes."""

    p10_years: float | None
    p50_years: float | None
    p90_years: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyBand:
    """Money of one measure on one machine, or of all.

    Parameters
    ----------
    tag, measure
        Empty for all.
    capex, npv
        P10, P50, P90 in the currency.
    payback
        Simple payback.
    loss_probability
        Probability that the net present value is below zero, 0 to 1.
    """

    tag: str
    measure: str
    capex: Band
    npv: Band
    payback: PaybackBand
    loss_probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditMoney:
    """Money of the measures that apply, at a price of energy with its band.

    Parameters
    ----------
    currency, price_per_kwh, discount_rate, years
        What it was computed with: currency, band of the price, real rate, life of the mine (None when not stated).
    total
        Of all measures whose price is known, together.
    measures
        Of each of them, in their order.
    """

    currency: str
    price_per_kwh: Band
    discount_rate: float
    years: float | None
    total: MoneyBand
    measures: tuple[MoneyBand, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Influence:
    """How far one input, or the common error of several, moves a result.

    Parameters
    ----------
    kind, subject
        What it is, and of which machine, measure, driver or group.
    members
        Inputs that move together.
    base, at_p10, at_p90
        Result with every input at base, and with this one at its P10 and P90.
    variance_share
        Squared rank correlation with the result.
    """

    kind: InfluenceKind
    subject: str
    members: int
    base: float
    at_p10: float
    at_p90: float
    variance_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditUncertainty:
    """Bands of an audit.

    Parameters
    ----------
    draws, seed
        Of the simulation: the same seed gives the same bands.
    basis
        ``inventory``, ``reconciled`` with the readings, or ``widened`` where the two conflict.
    plant, processes, machines
        Energy in a year.
    saving, causes, measures
        Savings in a year: all, by cause, and one by one.
    money
        None without a price of energy.
    on_energy, on_saving, on_npv
        What matters most, largest swing first; `on_npv` is empty without a price.
    plan
        What to meter next.
    findings
        Assumptions and warnings.
    """

    draws: int
    seed: int
    basis: Literal["inventory", "reconciled", "widened"]
    plant: EnergyBand
    processes: tuple[EnergyBand, ...]
    machines: tuple[EnergyBand, ...]
    saving: SavingBand
    causes: tuple[SavingBand, ...]
    measures: tuple[SavingBand, ...]
    money: AuditMoney | None
    on_energy: tuple[Influence, ...]
    on_saving: tuple[Influence, ...]
    on_npv: tuple[Influence, ...]
    plan: tuple[MeasurementStep, ...]
    findings: tuple[Finding, ...]
