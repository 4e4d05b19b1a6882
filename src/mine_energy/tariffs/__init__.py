"""Tariffs as data, bills as quantities times prices, and the few rules that are code."""

from mine_energy.tariffs.billing import bill
from mine_energy.tariffs.exchange import LOCAL_CURRENCY, ExchangeRate, convert, exchange_rate
from mine_energy.tariffs.load import (
    for_genset,
    load_tariff,
    packaged_tariffs,
    parse_tariff,
    tariff_of,
    with_spot_price,
    with_surcharge,
)
from mine_energy.tariffs.model import Components, FuelSupply, Tariff
from mine_energy.tariffs.result import Bill, BillLine, BillMonth, LineTotal

__all__ = [
    "LOCAL_CURRENCY",
    "Bill",
    "BillLine",
    "BillMonth",
    "Components",
    "ExchangeRate",
    "FuelSupply",
    "LineTotal",
    "Tariff",
    "bill",
    "convert",
    "exchange_rate",
    "for_genset",
    "load_tariff",
    "packaged_tariffs",
    "parse_tariff",
    "tariff_of",
    "with_spot_price",
    "with_surcharge",
]
