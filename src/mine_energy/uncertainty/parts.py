"""What a reconciliation takes and gives: parts, observations, the rules of the prior, and the results."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from mine_energy.errors import Finding
from mine_energy.uncertainty.bands import Band

Kind = Literal["energy", "power", "hours"]
"""What an observation sums over its parts: power times hours (kWh), power (kW), or hours (h)."""
Shape = Literal["lognormal", "normal"]
Agreement = Literal["agrees", "strained", "conflict"]
"""How likely the disagreement of inventory and readings is by chance: at home, one good plant in five, or an alarm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One machine of the inventory as the reconciliation sees it: an input power and its hours.

    Parameters
    ----------
    tag
        Unique name.
    process
        End use or process under which its energy is reported.
    power_kw
        Best electric input while it runs, kW (from rating, load factor and efficiency; for a machine that cycles,
        its mean while its hours count).
    power_sd
        Relative standard deviation of that power; of the logarithm for the lognormal shape. A band of plus or minus
        25 % is ``relative_sd(0.25)``.
    hours
        Best running hours in the whole period of the reconciliation.
    hours_sd
        Relative standard deviation of the hours.
    load_group
        Parts whose powers share an error (all assumed load factors; all readings of one clamp). Empty: no sharing.
    driver
        What drives the hours of several parts together, such as the tonnes milled. Empty: nothing.
    standby_group
        Units of which one stands by for another. Their hours add to one uncertain total and the split among them is
        open; they need the same `hours_sd` and `driver`.
    power_limit_kw, hours_limit
        What the machine and the calendar allow; None is no limit.
    """

    tag: str
    process: str
    power_kw: float
    power_sd: float
    hours: float
    hours_sd: float
    load_group: str = ""
    driver: str = ""
    standby_group: str = ""
    power_limit_kw: float | None = None
    hours_limit: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One reading: a weighted sum over parts.

    Parameters
    ----------
    name
        Unique name, such as ``"main meter 2025-03"``.
    kind
        What is summed; see :data:`Kind`.
    value
        Reading, kWh, kW or h.
    sd
        Its standard deviation in the same unit, above zero: the instrument's error and the model's (a month's share
        of the year is not exact either).
    weights
        Tag -> weight: for energy the share of the part's hours that falls into the reading's interval (1 for the
        whole period); for power the mean number of its units that run at that time.
    instrument
        Readings of one instrument share part of their error. Empty: they share none.
    open_weight
        What the reading would see of 1 kWh of consumption without a machine in the inventory: 1 for a main meter
        over the whole period, a month's share for a month, 0 for a sub-meter.
    """

    name: str
    kind: Kind
    value: float
    sd: float
    weights: Mapping[str, float]
    instrument: str = ""
    open_weight: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorRules:
    """How the errors of the inventory hang together. Assumptions, each shown as a finding.

    Parameters
    ----------
    load_correlation
        Of the power errors of two parts of one `load_group`.
    driver_correlation
        Of the hours errors of two parts with the same `driver`.
    instrument_correlation
        Of the errors of two readings of one instrument.
    standby_split_sd
        Standard deviation of the logarithm of a standby unit's share of its group's hours.
    shape
        ``lognormal``: errors multiply and nothing turns negative. ``normal``: errors add; with known hours the
        posterior is then exactly Gaussian.
    alarm
        Probability under which a disagreement counts as a conflict rather than chance.
    """

    load_correlation: float = 0.5
    driver_correlation: float = 0.8
    instrument_correlation: float = 0.5
    standby_split_sd: float = 0.4
    shape: Shape = "lognormal"
    alarm: float = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class PartResult:
    """One machine before and after.

    Parameters
    ----------
    tag, process
        As given.
    power_before_kw, power_after_kw, hours_before, hours_after
        Best values.
    power_moved_sd, hours_moved_sd
        How far each moved, in its own prior standard deviations, signed.
    energy_before_kwh, energy_after_kwh
        Bands over the whole period.
    """

    tag: str
    process: str
    power_before_kw: float
    power_after_kw: float
    power_moved_sd: float
    hours_before: float
    hours_after: float
    hours_moved_sd: float
    energy_before_kwh: Band
    energy_after_kwh: Band


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessResult:
    """Energy of one process over the whole period, before and after."""

    process: str
    before_kwh: Band
    after_kwh: Band


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservationResult:
    """One reading against the inventory before and after, in the reading's own unit.

    Parameters
    ----------
    name, kind, value, sd
        As given.
    expected_before, expected_after
        Sum over the parts.
    gap_sd
        Reading minus `expected_before`, in standard deviations of what inventory and reading allow together.
    residual_sd
        Reading minus `expected_after`, in the reading's standard deviations.
    """

    name: str
    kind: Kind
    value: float
    sd: float
    expected_before: float
    expected_after: float
    gap_sd: float
    residual_sd: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """One single cause that would explain a disagreement.

    Parameters
    ----------
    kind
        ``missing``: consumption without a machine (negative size: the inventory has too much); ``hours`` or
        ``load``: all of them, or those of one driver or load group, off by the same share.
    name
        Driver or load group; empty for ``missing`` and for all machines.
    size
        What would explain the readings alone: kWh over the whole period for ``missing``, else a relative change.
    score
        How clearly the readings ask for it, in standard deviations (standard normal if the inventory is right).
    """

    kind: Literal["missing", "hours", "load"]
    name: str
    size: float
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Indistinct:
    """Machines whose sum the readings know and whose split they do not.

    Parameters
    ----------
    tags
        Widest posterior first.
    share
        Of the plant's energy, 0 to 1.
    lowest_correlation
        Most negative posterior correlation of the energies of two of them.
    """

    tags: tuple[str, ...]
    share: float
    lowest_correlation: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NextReading:
    """What a power reading of one machine would add to a reconciliation.

    Parameters
    ----------
    tag
        Machine to measure.
    shrink
        Share by which the root of the summed variances of all processes' energies would fall, 0 to 1.
    """

    tag: str
    shrink: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """Inventory and readings brought to agreement, and how well they agreed.

    Parameters
    ----------
    parts, processes
        In the order of the inventory (processes by first appearance).
    plant_before_kwh, plant_after_kwh
        Sum of all parts over the whole period.
    observations
        In the order given.
    chi_square, degrees, probability
        Misfit at the best fit, number of readings, and the probability of a misfit as large by chance.
    widening
        Factor on all posterior standard deviations, 1 where readings and inventory agree.
    agreement
        Whether they disagree by more than chance allows.
    detectable_kwh
        Consumption without a machine that would be noticed in 19 of 20 plants like this one; None where no reading
        could see it.
    causes
        Single causes that would explain a conflict, clearest first; empty without one.
    indistinct
        Groups of machines whose split rests on the inventory alone.
    measure_next
        What to measure next, largest gain first.
    findings
        Warnings and assumptions.
    """

    parts: tuple[PartResult, ...]
    processes: tuple[ProcessResult, ...]
    plant_before_kwh: Band
    plant_after_kwh: Band
    observations: tuple[ObservationResult, ...]
    chi_square: float
    degrees: int
    probability: float
    widening: float
    agreement: Agreement
    detectable_kwh: float | None
    causes: tuple[Cause, ...]
    indistinct: tuple[Indistinct, ...]
    measure_next: tuple[NextReading, ...]
    findings: tuple[Finding, ...] = field(default=())


def whole(parts: Iterable[Part], process: str | None = None) -> dict[str, float]:
    """Return weights of one for every part, or for every part of `process`."""
    return {part.tag: 1.0 for part in parts if process is None or part.process == process}
