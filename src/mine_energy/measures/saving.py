"""What a measure does to one machine."""

from dataclasses import dataclass
from typing import Literal

from mine_energy.errors import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Saving:
    """What a measure does to one inventory row, or why it does nothing.

    Parameters
    ----------
    tag, measure
        Row and name of the measure.
    cause
        What the saving comes from (``motor_efficiency``): savings are reported by cause and never blended.
    decision
        ``apply`` or ``keep``.
    reason
        Why, as a message key with its parameters.
    quantity
        Running units it touches.
    energy_kwh_per_year, energy_low_kwh_per_year, energy_high_kwh_per_year
        Saving of all units in a year: base, and re-evaluated at the ends of the bands of load and efficiency.
        The ends are not percentiles; the low end is never below zero.
    demand_kw, unloaded_demand_kw
        Input saved by all units while running (loaded), and while running unloaded.
    old_efficiency, new_efficiency
        Efficiency at full load before and after; None where it plays no part.
    capex_usd, capex_low_usd, capex_high_usd
        Price of all units installed; an assumption unless the site gives prices.
    findings
        Assumptions behind this saving.
    """

    tag: str
    measure: str
    cause: str
    decision: Literal["apply", "keep"]
    reason: Finding
    quantity: int
    energy_kwh_per_year: float = 0.0
    energy_low_kwh_per_year: float = 0.0
    energy_high_kwh_per_year: float = 0.0
    demand_kw: float = 0.0
    unloaded_demand_kw: float = 0.0
    old_efficiency: float | None = None
    new_efficiency: float | None = None
    capex_usd: float = 0.0
    capex_low_usd: float = 0.0
    capex_high_usd: float = 0.0
    findings: tuple[Finding, ...] = ()
