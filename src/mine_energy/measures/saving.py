"""What a measure does to one machine, or to the plant."""

from dataclasses import dataclass
from typing import Literal

from mine_energy.errors import Finding

When = Literal["now", "at_failure", "never", "undecided"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Saving:
    """What a measure does to one inventory row (or to the plant), or why it does nothing.

    Parameters
    ----------
    tag, measure
        Row (name of the equipment, empty for the whole plant) and name of the measure.
    cause
        What the saving comes from (``motor_efficiency``): savings are reported by cause and never blended.
    decision
        ``apply``: in the load after measures, in the money and in the PV. ``listed``: possible, but not adopted (it
        waits for a failure, does not pay, or has no price); it stands with what it would save on the plant as the
        adopted ones leave it, and in no sum. ``keep``: not possible, or it saves nothing.
    reason
        Why, as a message key with its parameters.
    when, when_reason
        ``now``, ``at_failure`` (the next time the machine fails), ``never`` (it does not pay) or ``undecided`` (nobody
        gave its price), and why where it is not plain. About a motor it is what the decision by net present value
        says, where there is one.
    quantity
        Running units it touches.
    energy_kwh_per_year, energy_low_kwh_per_year, energy_high_kwh_per_year
        Saving of all units in a year on the machine as the earlier measures left it: base, and re-evaluated at the
        ends of the bands. The ends are not percentiles; the low end is never below zero.
    standalone_kwh_per_year
        What the measure alone would save on today's machine; the difference is interaction.
    demand_kw, unloaded_demand_kw
        Mean input saved by all units while running (loaded), and in the runs unloaded.
    always_kw
        Input saved in every hour of the year.
    load_loss_kw_per_kva2
        Load loss of the network's transformers taken off, over the square of the plant's apparent power.
    steady
        Whether the saving holds at every running moment, so that it also counts at the monthly peak.
    peak_kw
        Saved at the monthly maxima, mean over the months; None where it cannot be counted on.
    reactive_kvar, unloaded_reactive_kvar
        Mean reactive power saved in the runs.
    bank_kvar, step_kvar
        Size of a capacitor bank and of one of its steps; one step for a fixed bank.
    reactive_kvarh_per_year
        Reactive energy saved in the year.
    moved_kwh_per_year, moved_kvarh_per_year, moved_to
        Energy moved to other hours, its reactive energy, and the new runs.
    old_efficiency, new_efficiency
        Of the motor at full load before and after; None where it plays no part.
    capex_usd, capex_low_usd, capex_high_usd, price_known
        Price of all units installed; nobody gave one where `price_known` is false.
    capex_assumed
        Whether the price is a packaged assumption.
    life_years
        Of what is bought.
    value_per_year, currency
        Bill without minus bill with, all else as the earlier measures left it; None without a tariff.
    npv_usd
        Net present value of buying it now at its full price; None without a tariff or a price.
    findings
        Assumptions behind this saving.
    """

    tag: str
    measure: str
    cause: str
    decision: Literal["apply", "listed", "keep"]
    reason: Finding
    quantity: int
    when: When = "now"
    when_reason: Finding | None = None
    energy_kwh_per_year: float = 0.0
    energy_low_kwh_per_year: float = 0.0
    energy_high_kwh_per_year: float = 0.0
    standalone_kwh_per_year: float = 0.0
    demand_kw: float = 0.0
    unloaded_demand_kw: float = 0.0
    always_kw: float = 0.0
    load_loss_kw_per_kva2: float = 0.0
    steady: bool = True
    peak_kw: float | None = None
    reactive_kvar: float = 0.0
    unloaded_reactive_kvar: float = 0.0
    bank_kvar: float = 0.0
    step_kvar: float = 0.0
    reactive_kvarh_per_year: float = 0.0
    moved_kwh_per_year: float = 0.0
    moved_kvarh_per_year: float = 0.0
    moved_to: str = ""
    old_efficiency: float | None = None
    new_efficiency: float | None = None
    capex_usd: float = 0.0
    capex_low_usd: float = 0.0
    capex_high_usd: float = 0.0
    price_known: bool = True
    capex_assumed: bool = False
    life_years: float | None = None
    value_per_year: float | None = None
    currency: str = ""
    npv_usd: float | None = None
    findings: tuple[Finding, ...] = ()
