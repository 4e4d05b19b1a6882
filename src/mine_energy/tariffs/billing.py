"""One door for all money: a load and a tariff give twelve bills.

Every line is a quantity times a price with its source. Self-consumption is no line: it is simply less import, and its
benefit is the bill without minus the bill with.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import fsum

import numpy as np
import pandas as pd

from mine_energy.errors import InputError, Problem
from mine_energy.tariffs import co, pe
from mine_energy.tariffs.blocks import Floats, sums
from mine_energy.tariffs.findings import bill_findings
from mine_energy.tariffs.load import tariff_findings
from mine_energy.tariffs.meter import Meter, read_meter
from mine_energy.tariffs.model import Charge, DemandCharge, LineGroup, Priced, Tariff
from mine_energy.tariffs.result import Bill, BillLine, BillMonth, line_totals
from mine_energy.vocabulary import choices


@dataclass(frozen=True, slots=True, kw_only=True)
class _Name:
    """What a family of lines shares."""

    key: str
    group: LineGroup
    unit: str
    price_unit: str
    source: str
    year: str
    confidence: str
    label_es: str = ""
    label_en: str = ""


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
        Sum of the inverters' nameplates; Colombia's settlement depends on it.
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
        *_energy_lines(meter),
        *_fuel_lines(meter),
        *_export_lines(meter, inverter_kw_ac, spot_price),
        *_fixed_lines(meter),
        *_demand_lines(meter, present_at_peak),
        *_reactive_lines(meter),
    ]
    lines += _surcharge_lines(meter, lines)
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
        findings=(*tariff_findings(tariff), *bill_findings(meter, months, spot_price, bool(holidays))),
    )


def _named(tariff: Tariff, key: str, group: LineGroup, unit: str, priced: Priced) -> _Name:
    labelled = priced if isinstance(priced, Charge) else None
    return _Name(
        key=key,
        group=group,
        unit=unit,
        price_unit=priced.unit,
        source=priced.source or tariff.source,
        year=priced.year or tariff.year,
        confidence=priced.confidence or tariff.confidence,
        label_es=labelled.label_es if labelled else "",
        label_en=labelled.label_en if labelled else "",
    )


def _lines(
    meter: Meter, name: _Name, quantities: Floats, prices: Floats | float, only: Collection[int] | None = None
) -> list[BillLine]:
    """Return one line per month; `only` names the months (positions) that have one."""
    known = choices("bill_line").get(name.key)
    per_month = np.broadcast_to(np.asarray(prices, dtype=np.float64), quantities.shape)
    return [
        BillLine(
            key=name.key,
            group=name.group,
            label_es=name.label_es or (known.label_es if known else name.key),
            label_en=name.label_en or (known.label_en if known else name.key),
            year=year,
            month=month,
            quantity=float(quantities[position]),
            unit=name.unit,
            price=float(per_month[position]),
            price_unit=name.price_unit,
            amount=float(quantities[position] * per_month[position]),
            price_source=name.source,
            price_year=name.year,
            confidence=name.confidence,
        )
        for position, (year, month) in enumerate(meter.steps.periods)
        if only is None or position in only
    ]


def _energy_lines(meter: Meter) -> list[BillLine]:
    lines: list[BillLine] = []
    for charge in meter.tariff.energy_charges():
        kwh = meter.steps.by_period(np.where(meter.steps.inside(charge), meter.import_kwh, 0.0))
        months = {i for i, (_, month) in enumerate(meter.steps.periods) if month in charge.months}
        lines += _lines(meter, _named(meter.tariff, charge.key, "energy", "kWh", charge), kwh, charge.price, months)
    return lines


def _fuel_lines(meter: Meter) -> list[BillLine]:
    fuel = meter.tariff.fuel
    if fuel is None:
        return []
    if fuel.rated_kw is None or fuel.price is None:
        raise InputError([Problem(key="tariff_genset_missing", field="genset", value=meter.tariff.id)])
    running_hours = meter.steps.by_period((meter.import_kwh > 0) * meter.steps.step_hours)
    kwh = meter.steps.by_period(meter.import_kwh)
    litres = fuel.intercept_l_per_h_per_kw * fuel.rated_kw * running_hours + fuel.slope_l_per_kwh * kwh
    name = _Name(
        key="fuel",
        group="fuel",
        unit="L",
        price_unit=f"{meter.tariff.currency}/L",
        source=fuel.price_source,
        year=fuel.price_year,
        confidence=fuel.price_confidence,
    )
    return _lines(meter, name, litres, fuel.price)


def _export_lines(
    meter: Meter, inverter_kw_ac: float | None, spot_price: "pd.Series[float] | float | None"
) -> list[BillLine]:
    if not meter.export_kwh.any():
        return []
    tariff, rule = meter.tariff, meter.tariff.exports
    name = _Name(
        key="export_unpaid",
        group="sale",
        unit="kWh",
        price_unit=f"{tariff.currency}/kWh",
        source=rule.source or tariff.source,
        year=rule.year or tariff.year,
        confidence=rule.confidence,
    )
    if rule.rule == "no_value":
        return _lines(meter, name, meter.steps.by_period(meter.export_kwh), 0.0)
    if inverter_kw_ac is None:
        raise InputError([Problem(key="tariff_inverter_missing", field="inverter_kw_ac", value=tariff.id)])
    settled = _settle(meter, inverter_kw_ac, _spot_by_hour(meter, spot_price))
    swapped = np.array([month.swapped_kwh for month in settled])
    sold = np.array([month.excess_kwh for month in settled])
    paid = np.array([month.excess_amount for month in settled])
    average = np.divide(paid, sold, out=np.zeros_like(paid), where=sold > 0)
    swap = _named(tariff, "swap_credit", "swap", "kWh", tariff.energy_charges()[0])
    sale = replace(name, key="surplus_sale")
    return [*_lines(meter, swap, swapped, -settled[0].credit_per_kwh), *_lines(meter, sale, sold, -average)]


def _settle(meter: Meter, inverter_kw_ac: float, spot: Floats) -> list[co.Settlement]:
    components = meter.tariff.components
    if components is None:
        raise AssertionError("the tariff's validation guarantees components")
    clock, periods = meter.steps.clock_hour, meter.hour_period()
    imports, exports = sums(clock, meter.import_kwh), sums(clock, meter.export_kwh)
    return [
        co.settle_month(imports[periods == p], exports[periods == p], spot[periods == p], components, inverter_kw_ac)
        for p in range(len(meter.steps.periods))
    ]


def _spot_by_hour(meter: Meter, spot_price: "pd.Series[float] | float | None") -> Floats:
    """Return a price for every clock hour; NaN where none is known, which only matters in an hour with surplus."""
    first = meter.hour_first()
    if isinstance(spot_price, pd.Series):
        hours = meter.index[first].floor("h")
        return spot_price.reindex(hours).to_numpy(dtype=np.float64)
    price = meter.tariff.exports.spot_price if spot_price is None else spot_price
    return np.full(len(first), np.nan if price is None else float(price))


def _fixed_lines(meter: Meter) -> list[BillLine]:
    ones = np.ones(len(meter.steps.periods))
    return [
        line
        for charge in meter.tariff.fixed
        for line in _lines(meter, _named(meter.tariff, charge.key, "fixed", "month", charge), ones, charge.price)
    ]


def _demand_lines(meter: Meter, held: Sequence[bool | None] | None) -> list[BillLine]:
    billed: dict[str, Floats] = {}
    for charge in meter.tariff.demand:
        maxima = meter.maxima_kw(charge)
        billed[charge.key] = pe.two_highest_of_six(maxima)[0] if charge.over != "month" else maxima
    present = held or _present(meter)
    lines: list[BillLine] = []
    for charge in meter.tariff.demand:
        quantity = billed[charge.key]
        if charge.excess_over:
            quantity = np.maximum(quantity - billed[charge.excess_over], 0.0)
        months = _months_that_apply(meter, charge, present)
        lines += _lines(meter, _named(meter.tariff, charge.key, "demand", "kW", charge), quantity, charge.price, months)
    return lines


def _present(meter: Meter) -> list[bool | None]:
    """Return each month's classification; None where the tariff has none."""
    rule, presence = meter.tariff.presence, meter.presence()
    if rule is None or presence is None:
        return [None] * len(meter.steps.periods)
    return [bool(factor >= rule.threshold) for factor in presence]


def _months_that_apply(meter: Meter, charge: DemandCharge, present: Sequence[bool | None]) -> set[int]:
    months = {i for i, (_, month) in enumerate(meter.steps.periods) if month in charge.months}
    if charge.applies == "always":
        return months
    wanted = charge.applies == "present_at_peak"
    return {i for i in months if present[i] in {None, wanted}}


def _reactive_lines(meter: Meter) -> list[BillLine]:
    rule, excess = meter.tariff.reactive, meter.reactive_excess_kvarh()
    if rule is None or excess is None:
        return []
    name = _named(meter.tariff, "reactive_energy", "reactive", "kvarh", rule)
    return _lines(meter, name, excess, rule.price * rule.multiplier)


def _surcharge_lines(meter: Meter, lines: Iterable[BillLine]) -> list[BillLine]:
    known, added = list(lines), list[BillLine]()
    for surcharge in meter.tariff.surcharge:
        if not surcharge.applied:
            continue
        base = np.zeros(len(meter.steps.periods))
        for line in (*known, *added):
            if line.group in surcharge.base:
                base[meter.steps.periods.index((line.year, line.month))] += line.amount
        name = _Name(
            key=surcharge.key,
            group="surcharge",
            unit=meter.tariff.currency,
            price_unit="1",
            source=surcharge.source or meter.tariff.source,
            year=surcharge.year or meter.tariff.year,
            confidence=surcharge.confidence or meter.tariff.confidence,
            label_es=surcharge.label_es,
            label_en=surcharge.label_en,
        )
        added += _lines(meter, name, base, surcharge.rate)
    return added


def _months(meter: Meter, lines: tuple[BillLine, ...]) -> tuple[BillMonth, ...]:
    steps, present = meter.steps, _present(meter)
    imported, exported = steps.by_period(meter.import_kwh), steps.by_period(meter.export_kwh)
    coverage, maxima, presence = steps.coverage(), meter.maxima_kw(), meter.presence()
    excess = meter.reactive_excess_kvarh()
    inductive = None if meter.reactive_kvarh is None else steps.by_period(np.maximum(meter.reactive_kvarh, 0.0))
    months: list[BillMonth] = []
    credit = 0.0
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
                total=total,
                payable=max(due, 0.0),
                credit_carried=credit,
            )
        )
    return tuple(months)
