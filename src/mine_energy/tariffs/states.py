"""A load at the meter in one state of the plant, and what its reactive energy costs in each."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, cast

import numpy as np
import pandas as pd

from mine_energy.tariffs.billing import bill
from mine_energy.tariffs.blocks import block_means, calendar, check_series
from mine_energy.tariffs.meter import Meter, read_meter
from mine_energy.tariffs.model import Tariff
from mine_energy.tariffs.reactive import bank_kvar
from mine_energy.tariffs.result import Bill

LOCAL_CLOCK_HOURS: Final = -5.0
"""Clock of both countries; quarter hours are the same on any clock of whole hours."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MeterState:
    """A load at the meter in one state of the plant.

    Parameters
    ----------
    key
        ``today``, ``after_measures``, ``after_pv`` or another name.
    load_kw, exports_kw, reactive_kvar, inverter_kw_ac, spot_price
        As :func:`mine_energy.tariffs.bill` takes them.
    """

    key: str
    load_kw: "pd.Series[float]"
    exports_kw: "pd.Series[float] | None" = None
    reactive_kvar: "pd.Series[float] | None" = None
    inverter_kw_ac: float | None = None
    spot_price: "pd.Series[float] | float | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactiveState:
    """What reactive energy costs in one state of the plant.

    Parameters
    ----------
    key
        Of the state.
    inductive_kvarh, excess_kvarh, capacitive_kvarh
        Of all months; the excess is what lies above the free share.
    months_with_excess
        Billing months that are charged.
    highest_multiplier
        Of the months; 1 where the tariff has no progression.
    amount, currency
        Reactive charges of the bill.
    bank_kvar
        Smallest switched bank that leaves no excess in this state; with PV it is larger than without.
    """

    key: str
    inductive_kvarh: float
    excess_kvarh: float
    capacitive_kvarh: float
    months_with_excess: int
    highest_multiplier: float
    amount: float
    currency: str
    bank_kvar: float


def bill_state(state: MeterState, tariff: Tariff, holidays: Collection[date] = ()) -> Bill:
    """Return the bills of a state."""
    return bill(
        state.load_kw,
        tariff,
        exports_kw=state.exports_kw,
        reactive_kvar=state.reactive_kvar,
        inverter_kw_ac=state.inverter_kw_ac,
        spot_price=state.spot_price,
        holidays=holidays,
    )


def highest_demand_kw(state: MeterState) -> float:
    """Return the highest mean of 15 minutes, or of the load's own step where that is longer."""
    check_series(state.load_kw, "load_kw")
    index = cast("pd.DatetimeIndex", state.load_kw.index)
    blocks = calendar(index, LOCAL_CLOCK_HOURS).demand_block
    return float(block_means(state.load_kw.to_numpy(dtype=np.float64), blocks)[0].max())


def reactive_states(
    states: Sequence[MeterState], tariff: Tariff, holidays: Collection[date] = ()
) -> tuple[ReactiveState, ...]:
    """Return what reactive energy costs in every state, and the bank that each would need.

    States without reactive power, and tariffs without a rule, have no entry.

    Parameters
    ----------
    states
        Loads at the meter.
    tariff
        Of the supply.
    holidays
        Dates that count as holidays.
    """
    if tariff.reactive is None:
        return ()
    return tuple(_state(state, tariff, holidays) for state in states if state.reactive_kvar is not None)


def _state(state: MeterState, tariff: Tariff, holidays: Collection[date]) -> ReactiveState:
    made = bill_state(state, tariff, holidays)
    meter = read_meter(state.load_kw, tariff, state.exports_kw, state.reactive_kvar, holidays)
    excess = [month.reactive_excess_kvarh or 0.0 for month in made.months]
    return ReactiveState(
        key=state.key,
        inductive_kvarh=sum(month.reactive_kvarh or 0.0 for month in made.months),
        excess_kvarh=sum(excess),
        capacitive_kvarh=sum(month.capacitive_kvarh or 0.0 for month in made.months),
        months_with_excess=sum(1 for kvarh in excess if kvarh > 0),
        highest_multiplier=max(month.reactive_multiplier or 1.0 for month in made.months),
        amount=made.amount("reactive"),
        currency=made.currency,
        bank_kvar=_bank(meter),
    )


def _bank(meter: Meter) -> float:
    rule, reactive = meter.tariff.reactive, meter.reactive_kvarh
    if rule is None or reactive is None:
        raise AssertionError("callers ask only where rule and data are known")
    period = meter.steps.clock_hour if rule.rule == "hourly" else meter.steps.period
    hours = meter.steps.step_hours
    return bank_kvar(meter.import_kwh, reactive / hours, period, rule.ratio, hours)
