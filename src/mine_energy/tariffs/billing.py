"""One door for all money: a load and a tariff give twelve bills.

Every line is a quantity times a price with its source. Self-consumption is no line: it is simply less import, and its
benefit is the bill without minus the bill with.
"""

from collections.abc import Collection, Sequence
from datetime import date
from math import fsum

import numpy as np
import pandas as pd

from mine_energy.tariffs.demand import demand_margin
from mine_energy.tariffs.exports import export_lines
from mine_energy.tariffs.findings import bill_findings, calendar_findings
from mine_energy.tariffs.lines import (
    demand_lines,
    energy_lines,
    fixed_lines,
    fuel_lines,
    present_months,
    reactive_lines,
    surcharge_lines,
)
from mine_energy.tariffs.load import tariff_findings
from mine_energy.tariffs.meter import Meter, read_meter
from mine_energy.tariffs.model import Tariff
from mine_energy.tariffs.result import Bill, BillLine, BillMonth, line_totals


def bill(
    load_kw: "pd.Series[float]",
    tariff: Tariff,
    *,
    exports_kw: "pd.Series[float] | None" = None,
    reactive_kvar: "pd.Series[float] | None" = None,
    inverter_kw_ac: float | None = None,
    spot_price: "pd.Series[float] | float | None" = None,
    holidays: Collection[date] = (),
    present_at_peak: Sequence[bool | None] | None = None,
) -> Bill:
    """Return the bills of a load, month by month.

    Parameters
    ----------
    load_kw
        Imports at the meter, mean kW per step: time-zone aware, left labels, a constant step that divides an hour,
        never negative. For a fuel supply: what the set generates.
    tariff
        From :func:`load_tariff` (a fuel supply also through :func:`for_genset`).
    exports_kw
        Exports on the same stamps.
    reactive_kvar
        Reactive power on the same stamps, inductive positive.
    inverter_kw_ac
        Sum of the inverters' nameplates; Colombia's settlement of exports depends on it, and with it given the plant
        counts as a small self-generator with renewables.
    spot_price
        Wholesale price in the tariff's currency per kWh, by hour or one figure; the tariff's own when absent.
    holidays
        Dates that count as holidays.
    present_at_peak
        Classification of each billing month, held as it is given (another bill's ``present_at_peak``, month by
        month); by the load's own presence factor when None.

    Returns
    -------
    Bill

    Raises
    ------
    InputError
        A series that cannot be billed, or a figure the tariff's rules need and nobody gave.
    Infeasible
        Exports that no settlement rule covers.
    """
    meter = read_meter(load_kw, tariff, exports_kw, reactive_kvar, holidays)
    lines = [
        *energy_lines(meter),
        *fuel_lines(meter),
        *export_lines(meter, inverter_kw_ac, spot_price),
        *fixed_lines(meter),
        *demand_lines(meter, present_at_peak),
        *reactive_lines(meter, inverter_kw_ac is not None),
    ]
    lines += surcharge_lines(meter, lines)
    ordered = tuple(sorted(lines, key=lambda line: (line.year, line.month)))
    months = _months(meter, ordered)
    total = fsum(line.amount for line in ordered)
    imported = fsum(meter.import_kwh)
    return Bill(
        tariff_id=tariff.id,
        title_es=tariff.title_es,
        title_en=tariff.title_en,
        country=tariff.country,
        kind=tariff.kind,
        valid_from=str(tariff.valid_from),
        year=tariff.year,
        source=tariff.source,
        confidence=tariff.confidence,
        currency=tariff.currency,
        months=months,
        lines=ordered,
        totals=line_totals(ordered),
        import_kwh=imported,
        export_kwh=fsum(meter.export_kwh),
        total=total,
        average_price_per_kwh=total / imported if imported else None,
        credit_brought=tariff.credit_brought,
        payable=fsum(month.payable for month in months),
        credit_left=months[-1].credit_carried,
        demand_margin_amount=_demand_margin(meter, ordered),
        findings=(
            *tariff_findings(tariff),
            *bill_findings(meter, months, ordered, spot_price, self_generator=inverter_kw_ac is not None),
            *([] if holidays else calendar_findings(tariff)),
        ),
        components=tariff.components,
        components_month=tariff.components_month,
    )


def _demand_margin(meter: Meter, lines: tuple[BillLine, ...]) -> float | None:
    """Return what the power charges may grow when maxima of 15 minutes are known; None where they are."""
    margin = demand_margin(meter.steps.demand_minutes)
    if not meter.tariff.demand or margin == 0:
        return None
    return margin * fsum(line.amount for line in lines if line.group == "demand")


def _months(meter: Meter, lines: tuple[BillLine, ...]) -> tuple[BillMonth, ...]:
    steps, present = meter.steps, present_months(meter)
    imported, exported = steps.by_period(meter.import_kwh), steps.by_period(meter.export_kwh)
    coverage, maxima, presence = steps.coverage(), meter.maxima_kw(), meter.presence()
    excess = meter.reactive_excess_kvarh()
    inductive = None if meter.reactive_kvarh is None else steps.by_period(np.maximum(meter.reactive_kvarh, 0.0))
    states, capacitive = meter.multipliers(), meter.capacitive_kvarh()
    months: list[BillMonth] = []
    credit = meter.tariff.credit_brought
    for i, (year, month) in enumerate(steps.periods):
        total = fsum(line.amount for line in lines if (line.year, line.month) == (year, month))
        due = total - credit
        credit = max(-due, 0.0)
        months.append(
            BillMonth(
                year=year,
                month=month,
                coverage=float(coverage[i]),
                import_kwh=float(imported[i]),
                export_kwh=float(exported[i]),
                maximum_kw=float(maxima[i]),
                presence_factor=None if presence is None else float(presence[i]),
                present_at_peak=present[i],
                reactive_kvarh=None if inductive is None else float(inductive[i]),
                reactive_excess_kvarh=None if excess is None else float(excess[i]),
                reactive_days=None if states is None else states[i].days_with_excess,
                reactive_multiplier=None if states is None else states[i].multiplier,
                capacitive_kvarh=None if capacitive is None else float(capacitive[0][i]),
                total=total,
                payable=max(due, 0.0),
                credit_carried=credit,
            )
        )
    return tuple(months)
