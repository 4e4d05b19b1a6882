"""Tariffs as data, bills as quantities times prices, and the few rules that are code."""

from mine_energy.tariffs import co, pe
from mine_energy.tariffs.billing import bill
from mine_energy.tariffs.exchange import LOCAL_CURRENCY, ExchangeRate, convert, exchange_rate
from mine_energy.tariffs.load import (
    for_genset,
    load_tariff,
    packaged_tariffs,
    parse_tariff,
    tariff_of,
    with_energy_price,
    with_spot_price,
    with_surcharge,
)
from mine_energy.tariffs.model import Components, FuelSupply, Tariff
from mine_energy.tariffs.reactive import MultiplierMonth, bank_kvar, multiplier_months
from mine_energy.tariffs.result import Bill, BillLine, BillMonth, LineTotal
from mine_energy.tariffs.states import MeterState, ReactiveState, reactive_states
from mine_energy.tariffs.user import with_billing

__all__ = [
    "LOCAL_CURRENCY",
    "Bill",
    "BillLine",
    "BillMonth",
    "Components",
    "ExchangeRate",
    "FuelSupply",
    "LineTotal",
    "MeterState",
    "MultiplierMonth",
    "ReactiveState",
    "Tariff",
    "bank_kvar",
    "bill",
    "co",
    "convert",
    "exchange_rate",
    "for_genset",
    "load_tariff",
    "multiplier_months",
    "packaged_tariffs",
    "parse_tariff",
    "pe",
    "reactive_states",
    "tariff_of",
    "with_billing",
    "with_energy_price",
    "with_spot_price",
    "with_surcharge",
]
