"""What a reader of a bill has to know: assumptions, limits of the data, rules that could not be applied."""

from math import fsum

import numpy as np
import pandas as pd

from mine_energy.errors import Finding, Param
from mine_energy.tariffs.blocks import DEMAND_MINUTES
from mine_energy.tariffs.meter import Meter
from mine_energy.tariffs.model import Window
from mine_energy.tariffs.result import BillMonth


def bill_findings(
    meter: Meter, months: tuple[BillMonth, ...], spot_price: "pd.Series[float] | float | None", holidays: bool
) -> list[Finding]:
    """Return the findings of a bill.

    Parameters
    ----------
    meter
        Registers of the load.
    months
        Its bills.
    spot_price
        As the caller gave it: None means that the tariff's own price was used.
    holidays
        Whether any were stated.
    """
    return [
        *_period_findings(meter, months),
        *_reactive_findings(meter, months),
        *_export_findings(meter, months, spot_price),
        *_calendar_findings(meter, holidays),
        *_fuel_findings(meter),
    ]


def _period_findings(meter: Meter, months: tuple[BillMonth, ...]) -> list[Finding]:
    found: list[Finding] = []
    partial = [f"{m.year}-{m.month:02d}" for m in months if m.coverage < 1 - 1e-9]
    if partial:
        found.append(Finding(key="tariff_partial_month", level="warning", params={"months": ", ".join(partial)}))
    if len(months) != 12:
        found.append(Finding(key="tariff_not_a_year", level="warning", params={"count": len(months)}))
    if meter.tariff.demand and meter.steps.demand_minutes != DEMAND_MINUTES:
        params = {"minutes": meter.steps.demand_minutes}
        found.append(Finding(key="tariff_demand_step", level="warning", params=params))
    if any(charge.over != "month" for charge in meter.tariff.demand):
        key = "tariff_demand_repeated_year" if len(months) == 12 else "tariff_demand_short_history"
        found.append(Finding(key=key, level="assumption"))
    return found


def _reactive_findings(meter: Meter, months: tuple[BillMonth, ...]) -> list[Finding]:
    rule = meter.tariff.reactive
    if rule is None:
        return []
    if meter.reactive_kvarh is None:
        return [Finding(key="tariff_no_reactive", level="warning")]
    found: list[Finding] = []
    if (meter.reactive_kvarh < 0).any():
        capacitive = -fsum(np.minimum(meter.reactive_kvarh, 0.0))
        found.append(Finding(key="tariff_capacitive", level="warning", params={"kvarh": capacitive}))
    if rule.rule == "hourly" and any(month.reactive_excess_kvarh for month in months):
        params = {"multiplier": rule.multiplier}
        found.append(Finding(key="tariff_reactive_multiplier", level="assumption", params=params))
    return found


def _export_findings(
    meter: Meter, months: tuple[BillMonth, ...], spot_price: "pd.Series[float] | float | None"
) -> list[Finding]:
    exported, rule = fsum(month.export_kwh for month in months), meter.tariff.exports
    if not exported:
        return []
    if rule.rule == "no_value":
        return [Finding(key="tariff_export_no_value", level="assumption", params={"kwh": exported})]
    found: list[Finding] = []
    surplus = any(month.export_kwh > month.import_kwh for month in months)
    if surplus and spot_price is None and rule.spot_price is not None and rule.confidence != "user":
        params: dict[str, Param] = {
            "price": rule.spot_price,
            "unit": rule.unit,
            "year": rule.year or meter.tariff.year,
            "confidence": rule.confidence,
        }
        found.append(Finding(key="tariff_spot_assumed", level="assumption", params=params))
    if any(month.credit_carried > 0 for month in months):
        found.append(Finding(key="tariff_credit_carried", level="info", params={"amount": months[-1].credit_carried}))
    return found


def _calendar_findings(meter: Meter, holidays: bool) -> list[Finding]:
    windows: list[Window] = [*meter.tariff.energy_charges(), *meter.tariff.demand]
    if meter.tariff.presence is not None:
        windows.append(meter.tariff.presence)
    depends = any(("holiday" in window.day_types) != ("workday" in window.day_types) for window in windows)
    return [Finding(key="tariff_no_holidays", level="info")] if depends and not holidays else []


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
