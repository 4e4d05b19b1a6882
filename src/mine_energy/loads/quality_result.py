"""What a record of voltage quality shows: the columns it has, and figures phase by phase."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from mine_energy.arrays import FloatArray
from mine_energy.errors import Finding
from mine_energy.loads.power_quality import Rules

QualityQuantity = Literal[
    "voltage", "lowest", "thd_voltage", "thd_current", "unbalance", "current", "power", "dips", "interruptions"
]
DURATION_SHARES: Final = tuple(float(share) for share in np.linspace(0.0, 1.0, 41))
"""Shares of the intervals at which a duration curve of the voltage has its points."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class QualityColumn:
    """A column of a logger's table.

    Parameters
    ----------
    quantity
        Mean voltage and lowest voltage (V), distortion of voltage or current and voltage unbalance (fractions),
        current (A), active power (kW), or how many dips or interruptions the instrument counted.
    phase
        ``L1``, ``L1-N``, ``L1-L2``...; empty where the heading names none.
    heading
        As written.
    values
        One per interval, NaN where there is none.
    reference_v
        Voltage that it is held against, between lines or to neutral; None for what is no voltage, or when unknown.
    """

    quantity: QualityQuantity
    phase: str
    heading: str
    values: FloatArray
    reference_v: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityLimit:
    """A limit that figures were held against, with where it comes from."""

    key: str
    value: float
    source: str
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VoltagePhase:
    """Mean voltage of one phase.

    Parameters
    ----------
    phase, heading
        Which.
    reference_v
        See :class:`QualityColumn`.
    low_v, mean_v, high_v
        Lowest, mean and highest of the interval means.
    outside
        Share of the intervals outside the band; None without a reference.
    duration_v
        Voltage that the shares 0, 2.5 % ... 100 % of the intervals do not fall below: highest first.
    """

    phase: str
    heading: str
    reference_v: float | None
    low_v: float
    mean_v: float
    high_v: float
    outside: float | None
    duration_v: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class DistortionPhase:
    """Total harmonic distortion of one phase, fractions of the fundamental.

    Parameters
    ----------
    phase, heading
        Which.
    of
        Voltage or current.
    p95, highest
        Of the intervals.
    over
        Share of the intervals over the limit; None for currents, whose limits need the short-circuit current.
    """

    phase: str
    heading: str
    of: Literal["voltage", "current"]
    p95: float
    highest: float
    over: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnbalanceFigures:
    """Voltage unbalance, fractions.

    Parameters
    ----------
    p95, highest
        Negative over positive sequence.
    over
        Share of the intervals over the limit.
    origin
        Read from a column, or computed from the three voltages between lines.
    nema_p95
        Largest deviation from the mean of the three voltages between lines over the mean; None without the three.
    output_factor
        Share of its rated output that NEMA MG 1 leaves a motor at `nema_p95` (at `p95` where that is None).
    """

    p95: float
    highest: float
    over: float
    origin: Literal["column", "voltages"]
    nema_p95: float | None
    output_factor: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DipFigures:
    """Dips and interruptions of the record.

    Parameters
    ----------
    dips
        Intervals whose lowest voltage lies below the dip threshold, or events that the instrument counted; None when
        the file has neither column (a mean hides a dip).
    interruptions
        Intervals without supply, or events counted.
    lowest
        Lowest voltage over the reference; None without such a column.
    counted
        What was counted.
    """

    dips: int | None
    interruptions: int
    lowest: float | None
    counted: Literal["intervals", "events"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentPhase:
    """Current of one phase, A."""

    phase: str
    heading: str
    mean_a: float
    p95_a: float
    high_a: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentUnbalance:
    """Largest deviation from the mean of three currents over the mean; intervals of little load left out.

    Parameters
    ----------
    p95, highest
        Of the intervals used.
    used
        Share of the intervals used: those above a tenth of the highest mean current.
    """

    p95: float
    highest: float
    used: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PowerQuality:
    """What a file says about the quality of the supply.

    Parameters
    ----------
    file
        Which.
    columns
        Headings used, in file order.
    rules
        Whose limits: ``CO``, ``PE`` or ``EN``.
    nominal_v
        Nominal voltage between lines; None when nobody said it, and nothing is held against a band.
    intervals
        Rows with any value.
    step_minutes, days
        Length of an interval and of the record; None when the file has no readable stamps.
    voltages, distortion, unbalance, dips, currents, current_unbalance
        Empty or None where the file has no such column.
    limits
        Those used.
    findings
        Where it lies outside a limit, and what has to be known about the record.
    """

    file: str
    columns: tuple[str, ...]
    rules: Rules
    nominal_v: float | None
    intervals: int
    step_minutes: float | None
    days: float | None
    voltages: tuple[VoltagePhase, ...]
    distortion: tuple[DistortionPhase, ...]
    unbalance: UnbalanceFigures | None
    dips: DipFigures | None
    currents: tuple[CurrentPhase, ...]
    current_unbalance: CurrentUnbalance | None
    limits: tuple[QualityLimit, ...]
    findings: tuple[Finding, ...]
