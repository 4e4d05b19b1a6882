"""What a reader of a bill has to know: assumptions, limits of the data, rules that could not be applied."""

from math import fsum

import pandas as pd

from mine_energy.errors import Finding, Param
from mine_energy.tariffs.blocks import DEMAND_MINUTES
from mine_energy.tariffs.charges import Window
from mine_energy.tariffs.demand import demand_margin
from mine_energy.tariffs.meter import Meter
from mine_energy.tariffs.model import Tariff
from mine_energy.tariffs.reactive_findings import reactive_findings
from mine_energy.tariffs.result import BillLine, BillMonth


def bill_findings(
    meter: Meter,
    months: tuple[BillMonth, ...],
    lines: tuple[BillLine, ...],
    spot_price: "pd.Series[float] | float | None",
    *,
    self_generator: bool,
) -> list[Finding]:
    """Return the findings of a bill.

    Parameters
    ----------
    meter
        Registers of the load.
    months, lines
        Its bills.
    spot_price
        As the caller gave it: None means that the tariff's own price was used.
    self_generator
        Whether the plant has inverters of its own.
    """
    return [
        *_period_findings(meter, months),
        *_demand_findings(meter, months, lines),
        *reactive_findings(meter, months, lines, self_generator),
        *_export_findings(meter, months, lines, spot_price),
        *_credit_findings(meter, months, lines),
        *_fuel_findings(meter),
    ]


def _period_findings(meter: Meter, months: tuple[BillMonth, ...]) -> list[Finding]:
    found: list[Finding] = []
    partial = [f"{m.year}-{m.month:02d}" for m in months if m.coverage < 1 - 1e-9]
    if partial:
        found.append(Finding(key="tariff_partial_month", level="warning", params={"months": ", ".join(partial)}))
    if len(months) != 12:
        found.append(Finding(key="tariff_not_a_year", level="warning", params={"count": len(months)}))
    return found


def _demand_findings(meter: Meter, months: tuple[BillMonth, ...], lines: tuple[BillLine, ...]) -> list[Finding]:
    if not meter.tariff.demand:
        return []
    found: list[Finding] = []
    minutes = meter.steps.demand_minutes
    if minutes != DEMAND_MINUTES:
        found.append(Finding(key="tariff_demand_step", level="warning", params={"minutes": minutes}))
    margin = demand_margin(minutes)
    if margin > 0:
        power = fsum(line.amount for line in lines if line.group == "demand")
        params: dict[str, Param] = {
            "percent": 100 * margin,
            "amount": margin * power,
            "currency": meter.tariff.currency,
        }
        found.append(Finding(key="tariff_demand_margin", level="assumption", params=params))
    if any(charge.over != "month" for charge in meter.tariff.demand):
        key = "tariff_demand_repeated_year" if len(months) == 12 else "tariff_demand_short_history"
        found.append(Finding(key=key, level="assumption"))
    if meter.tariff.metering.loss > 0:
        loss: dict[str, Param] = {"percent": 100 * meter.tariff.metering.loss, "source": meter.tariff.metering.source}
        found.append(Finding(key="tariff_low_side", level="info", params=loss))
    return found


def _export_findings(
    meter: Meter,
    months: tuple[BillMonth, ...],
    lines: tuple[BillLine, ...],
    spot_price: "pd.Series[float] | float | None",
) -> list[Finding]:
    exported, rule = fsum(month.export_kwh for month in months), meter.tariff.exports
    if not exported:
        return []
    if rule.rule == "no_value":
        return [Finding(key="tariff_export_no_value", level="assumption", params={"kwh": exported})]
    said = _credit_value(meter, lines)
    surplus = any(month.export_kwh > month.import_kwh for month in months)
    if not surplus or spot_price is not None or rule.spot_price is None or rule.confidence == "user":
        return said
    params: dict[str, Param] = {
        "price": rule.spot_price,
        "unit": rule.unit,
        "year": rule.year or meter.tariff.year,
        "confidence": rule.confidence,
    }
    return [*said, Finding(key="tariff_spot_assumed", level="assumption", params=params)]


def _credit_value(meter: Meter, lines: tuple[BillLine, ...]) -> list[Finding]:
    """Return what a swapped kWh is worth, and on which unit cost."""
    swap = [line for line in lines if line.group == "swap" and line.quantity > 0]
    parts = meter.tariff.components
    if parts is None or not swap:
        return []
    kwh = fsum(line.quantity for line in swap)
    credit = -fsum(line.amount for line in swap) / kwh
    cost = fsum(line.quantity * _cost(meter.tariff, line.month) for line in swap) / kwh
    params: dict[str, Param] = {"credit": credit, "cost": cost, "kept": cost - credit, "unit": parts.unit}
    key = "tariff_credit_cu_applied" if parts.credit_values == "cu_applied" else "tariff_credit_cu_computed"
    return [Finding(key=key, level="info", params=params)]


def _cost(tariff: Tariff, month: int) -> float:
    """Return the unit cost that values a swapped kWh of a month."""
    parts = tariff.components_in(month)
    if parts is None:
        raise AssertionError("a swap has components")
    return parts.cu_applied if parts.credit_values == "cu_applied" else parts.cu_computed


def _credit_findings(meter: Meter, months: tuple[BillMonth, ...], lines: tuple[BillLine, ...]) -> list[Finding]:
    found: list[Finding] = []
    in_credit = sum(1 for month in months if month.credit_carried > 0)
    if in_credit:
        found.append(Finding(key="tariff_credit_carried", level="info", params={"count": in_credit}))
    left = months[-1].credit_carried
    if left > 0:
        params: dict[str, Param] = {"amount": left, "currency": meter.tariff.currency}
        found.append(Finding(key="tariff_credit_left", level="warning", params=params))
    swap = -fsum(line.amount for line in lines if line.group == "swap")
    for surcharge in meter.tariff.surcharge:
        if surcharge.applied and "energy" in surcharge.base and swap > 0 and not surcharge.base_stated:
            key = "tariff_contribution_net" if "swap" in surcharge.base else "tariff_contribution_gross"
            other: dict[str, Param] = {"amount": surcharge.rate * swap, "currency": meter.tariff.currency}
            found.append(Finding(key=key, level="assumption", subject=surcharge.key, params=other))
    return found


def calendar_findings(tariff: Tariff) -> list[Finding]:
    """Return what to say where a tariff depends on holidays and none were given."""
    windows: list[Window] = [*tariff.energy_charges(), *tariff.demand]
    if tariff.presence is not None:
        windows.append(tariff.presence)
    depends = any(("holiday" in window.day_types) != ("workday" in window.day_types) for window in windows)
    return [Finding(key="tariff_no_holidays", level="info")] if depends else []


def _fuel_findings(meter: Meter) -> list[Finding]:
    fuel = meter.tariff.fuel
    if fuel is None or fuel.rated_kw is None or fuel.price is None:
        return []
    found: list[Finding] = []
    if fuel.price_confidence != "user":
        params: dict[str, Param] = {"price": fuel.price, "currency": meter.tariff.currency, "source": fuel.price_source}
        found.append(Finding(key="tariff_fuel_price", level="assumption", params=params))
    if fuel.curve_confidence != "user":
        line: dict[str, Param] = {
            "f0": fuel.intercept_l_per_h_per_kw,
            "f1": fuel.slope_l_per_kwh,
            "source": fuel.curve_source,
        }
        found.append(Finding(key="tariff_fuel_curve", level="assumption", params=line))
    highest = float(meter.maxima_kw().max())
    if highest > fuel.rated_kw:
        over = {"peak_kw": highest, "rated_kw": fuel.rated_kw}
        found.append(Finding(key="tariff_genset_overloaded", level="warning", params=over))
    return found
