"""What a reader has to know about the reactive lines of a bill."""

from math import fsum

import numpy as np

from mine_energy import catalog
from mine_energy.errors import Finding, Param
from mine_energy.tariffs.meter import Meter
from mine_energy.tariffs.result import BillLine, BillMonth


def reactive_findings(
    meter: Meter, months: tuple[BillMonth, ...], lines: tuple[BillLine, ...], self_generator: bool
) -> list[Finding]:
    """Return the findings about reactive energy.

    Parameters
    ----------
    meter
        Registers of the load.
    months, lines
        Its bills.
    self_generator
        Whether the plant has inverters of its own.
    """
    if meter.tariff.reactive is None:
        return []
    if meter.reactive_kvarh is None:
        return [Finding(key="tariff_no_reactive", level="warning")]
    return [
        *_capacitive(meter),
        *_multiplier(meter, months),
        *([] if self_generator and meter.tariff.reactive.exempt else _ahead(meter, months)),
        *_exemption(meter, lines, self_generator),
    ]


def _capacitive(meter: Meter) -> list[Finding]:
    rule, found = meter.tariff.reactive, meter.capacitive_kvarh()
    if rule is None or found is None or not found[0].any():
        return []
    leading, charged = fsum(found[0]), fsum(found[1])
    if rule.capacitive == "not_charged":
        return [Finding(key="tariff_capacitive", level="warning", params={"kvarh": leading})]
    params: dict[str, Param] = {
        "kvarh": leading,
        "charged": charged,
        "amount": fsum(np.array(_prices(meter)) * found[0]),
        "currency": meter.tariff.currency,
    }
    return [Finding(key="tariff_capacitive_rule", level="assumption", params=params)]


def _prices(meter: Meter) -> list[float]:
    return [meter.tariff.reactive_price(month) for _, month in meter.steps.periods]


def _multiplier(meter: Meter, months: tuple[BillMonth, ...]) -> list[Finding]:
    rule = meter.tariff.reactive
    if rule is None or rule.rule != "hourly" or rule.history is not None:
        return []
    if not any(month.reactive_excess_kvarh for month in months):
        return []
    params: dict[str, Param] = {"multiplier": rule.multiplier}
    return [Finding(key="tariff_reactive_multiplier", level="assumption", params=params)]


def _ahead(meter: Meter, months: tuple[BillMonth, ...]) -> list[Finding]:
    """Return what the charge becomes when the months go on as they are and M reaches its highest value."""
    rule, states = meter.tariff.reactive, meter.multipliers()
    if rule is None or states is None or not any(state.in_condition for state in states):
        return []
    highest = catalog.sourced("tariffs/figures.csv", "m_highest").value
    excess = [month.reactive_excess_kvarh or 0.0 for month in months]
    priced = [kvarh * price for kvarh, price in zip(excess, _prices(meter), strict=True)]
    now = fsum(amount * s.multiplier for amount, s in zip(priced, states, strict=True))
    later = fsum(amount * (highest if s.in_condition else 1.0) for amount, s in zip(priced, states, strict=True))
    params: dict[str, Param] = {
        "months": sum(1 for state in states if state.in_condition),
        "now": now,
        "later": later,
        "highest": highest,
        "currency": meter.tariff.currency,
    }
    return [Finding(key="tariff_reactive_multiplier_ahead", level="warning", params=params)]


def _exemption(meter: Meter, lines: tuple[BillLine, ...], self_generator: bool) -> list[Finding]:
    rule = meter.tariff.reactive
    if rule is None or not self_generator or not any(meter.exemptions()):
        return []
    if rule.exempt:
        waived = fsum(line.quantity for line in lines if line.group == "reactive" and line.price == 0)
        return [Finding(key="tariff_reactive_exempt", level="assumption", params={"kvarh": waived})]
    exempt = dict(zip(meter.steps.periods, meter.exemptions(), strict=True))
    amount = fsum(line.amount for line in lines if line.group == "reactive" and exempt[line.year, line.month])
    if amount <= 0:
        return []
    params: dict[str, Param] = {"amount": amount, "currency": meter.tariff.currency}
    return [Finding(key="tariff_reactive_exemption", level="info", params=params)]
