"""The lines of a bill, family by family: a quantity, a price and where the price comes from."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from mine_energy.errors import InputError, Problem
from mine_energy.tariffs.blocks import Floats
from mine_energy.tariffs.charges import Charge, DemandCharge, LineGroup, Priced
from mine_energy.tariffs.demand import two_highest_of_six
from mine_energy.tariffs.meter import Meter
from mine_energy.tariffs.model import Tariff
from mine_energy.tariffs.result import BillLine
from mine_energy.vocabulary import choices


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
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


def named(tariff: Tariff, key: str, group: LineGroup, unit: str, priced: Priced) -> Name:
    """Return the name of a charge's lines; what the charge does not say is the tariff's."""
    labelled = priced if isinstance(priced, Charge) else None
    return Name(
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


def lines_of(
    meter: Meter, name: Name, quantities: Floats, prices: Floats | float, only: Collection[int] | None = None
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


def energy_lines(meter: Meter) -> list[BillLine]:
    """Return active energy by window, and the levies on all of it."""
    lines: list[BillLine] = []
    for charge in meter.tariff.energy_charges():
        kwh = meter.billed(meter.steps.by_period(np.where(meter.steps.inside(charge), meter.import_kwh, 0.0)))
        months = {i for i, (_, month) in enumerate(meter.steps.periods) if month in charge.months}
        lines += lines_of(meter, named(meter.tariff, charge.key, "energy", "kWh", charge), kwh, charge.price, months)
    total = meter.billed(meter.steps.by_period(meter.import_kwh))
    for levy in meter.tariff.levy:
        lines += lines_of(meter, named(meter.tariff, levy.key, "levy", "kWh", levy), total, levy.price)
    return lines


def fuel_lines(meter: Meter) -> list[BillLine]:
    """Return the litres of one's own set.

    Raises
    ------
    InputError
        The tariff does not know its set.
    """
    fuel = meter.tariff.fuel
    if fuel is None:
        return []
    if fuel.rated_kw is None or fuel.price is None:
        raise InputError([Problem(key="tariff_genset_missing", field="genset", value=meter.tariff.id)])
    running_hours = meter.steps.by_period((meter.import_kwh > 0) * meter.steps.step_hours)
    kwh = meter.steps.by_period(meter.import_kwh)
    litres = fuel.intercept_l_per_h_per_kw * fuel.rated_kw * running_hours + fuel.slope_l_per_kwh * kwh
    name = Name(
        key="fuel",
        group="fuel",
        unit="L",
        price_unit=f"{meter.tariff.currency}/L",
        source=fuel.price_source,
        year=fuel.price_year,
        confidence=fuel.price_confidence,
    )
    return lines_of(meter, name, litres, fuel.price)


def fixed_lines(meter: Meter) -> list[BillLine]:
    """Return the amounts of every month begun."""
    ones = np.ones(len(meter.steps.periods))
    return [
        line
        for charge in meter.tariff.fixed
        for line in lines_of(meter, named(meter.tariff, charge.key, "fixed", "month", charge), ones, charge.price)
    ]


def demand_lines(meter: Meter, held: Sequence[bool | None] | None) -> list[BillLine]:
    """Return the power charges.

    Parameters
    ----------
    meter
        Registers of the load.
    held
        Classification of each month, where another bill's is to be kept.
    """
    billed: dict[str, Floats] = {}
    for charge in meter.tariff.demand:
        maxima = meter.billed(meter.maxima_kw(charge))
        billed[charge.key] = two_highest_of_six(maxima)[0] if charge.over != "month" else maxima
    present = held or present_months(meter)
    lines: list[BillLine] = []
    for charge in meter.tariff.demand:
        quantity = billed[charge.key]
        if charge.excess_over:
            quantity = np.maximum(quantity - billed[charge.excess_over], 0.0)
        months = _months_that_apply(meter, charge, present)
        name = named(meter.tariff, charge.key, "demand", "kW", charge)
        lines += lines_of(meter, name, quantity, charge.price, months)
    return lines


def present_months(meter: Meter) -> list[bool | None]:
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


def reactive_lines(meter: Meter, self_generator: bool) -> list[BillLine]:
    """Return what reactive energy costs, inductive and capacitive.

    Parameters
    ----------
    meter
        Registers of the load.
    self_generator
        Whether the plant is a small self-generator with renewables, which a decree may exempt.
    """
    rule, excess = meter.tariff.reactive, meter.reactive_excess_kvarh()
    if rule is None or excess is None:
        return []
    states = meter.multipliers()
    factors = np.full(len(excess), rule.multiplier) if states is None else np.array([s.multiplier for s in states])
    charged = np.ones(len(excess))
    if rule.exempt and self_generator:
        charged = 1.0 - np.array(meter.exemptions(), dtype=np.float64)
    prices = charged * np.array([meter.tariff.reactive_price(month) for _, month in meter.steps.periods])
    name = named(meter.tariff, "reactive_energy", "reactive", "kvarh", rule)
    lines = lines_of(meter, name, excess, prices * factors)
    capacitive = meter.capacitive_kvarh()
    if capacitive is not None and capacitive[1].any():
        name = named(meter.tariff, "reactive_capacitive", "reactive", "kvarh", rule)
        lines += lines_of(meter, name, capacitive[1], prices)
    return lines


def surcharge_lines(meter: Meter, lines: Iterable[BillLine]) -> list[BillLine]:
    """Return taxes and contributions on the lines before them, in the tariff's order."""
    known, added = list(lines), list[BillLine]()
    for surcharge in meter.tariff.surcharge:
        if not surcharge.applied:
            continue
        base = np.zeros(len(meter.steps.periods))
        for line in (*known, *added):
            if line.group in surcharge.base:
                base[meter.steps.periods.index((line.year, line.month))] += line.amount
        name = Name(
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
        added += lines_of(meter, name, base, surcharge.rate)
    return added
