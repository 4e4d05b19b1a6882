"""The lines of what flows into the grid: nothing, or Colombia's monthly swap and the surplus at the spot price."""

from dataclasses import replace

import numpy as np
import pandas as pd

from mine_energy.errors import InputError, Problem
from mine_energy.tariffs import co
from mine_energy.tariffs.blocks import Floats, sums
from mine_energy.tariffs.lines import Name, lines_of, named
from mine_energy.tariffs.meter import Meter
from mine_energy.tariffs.result import BillLine


def export_lines(
    meter: Meter, inverter_kw_ac: float | None, spot_price: "pd.Series[float] | float | None"
) -> list[BillLine]:
    """Return what exports bring; amounts in the user's favour are negative.

    Parameters
    ----------
    meter
        Registers of the load.
    inverter_kw_ac
        Sum of the inverters' nameplates.
    spot_price
        Wholesale price, by hour or one figure; the tariff's own when None.

    Raises
    ------
    InputError
        No inverter power, or no price in an hour with surplus.
    Infeasible
        Exports that no settlement rule covers.
    """
    if not meter.export_kwh.any():
        return []
    tariff, rule = meter.tariff, meter.tariff.exports
    name = Name(
        key="export_unpaid",
        group="sale",
        unit="kWh",
        price_unit=f"{tariff.currency}/kWh",
        source=rule.source or tariff.source,
        year=rule.year or tariff.year,
        confidence=rule.confidence,
    )
    if rule.rule == "no_value":
        return lines_of(meter, name, meter.steps.by_period(meter.export_kwh), 0.0)
    if inverter_kw_ac is None:
        raise InputError([Problem(key="tariff_inverter_missing", field="inverter_kw_ac", value=tariff.id)])
    settled = _settle(meter, inverter_kw_ac, _spot_by_hour(meter, spot_price))
    swapped = np.array([month.swapped_kwh for month in settled])
    sold = np.array([month.excess_kwh for month in settled])
    paid = np.array([month.excess_amount for month in settled])
    average = np.divide(paid, sold, out=np.zeros_like(paid), where=sold > 0)
    swap = named(tariff, "swap_credit", "swap", "kWh", tariff.energy_charges()[0])
    sale = replace(name, key="surplus_sale")
    credit = np.array([month.credit_per_kwh for month in settled])
    return [
        *lines_of(meter, swap, swapped, -credit),
        *lines_of(meter, sale, sold, -average),
    ]


def _settle(meter: Meter, inverter_kw_ac: float, spot: Floats) -> list[co.Settlement]:
    clock, periods = meter.steps.clock_hour, meter.hour_period()
    imports, exports = sums(clock, meter.import_kwh), sums(clock, meter.export_kwh)
    settled = []
    for position, (year, month) in enumerate(meter.steps.periods):
        components, hours = meter.tariff.components_in(month), periods == position
        if components is None:
            raise AssertionError("the tariff's validation guarantees components")
        try:
            settled.append(co.settle_month(imports[hours], exports[hours], spot[hours], components, inverter_kw_ac))
        except InputError as error:
            # The settlement knows hours of a month; a reader needs the month as well.
            problems = [replace(problem, value=f"{year}-{month:02d}") for problem in error.problems]
            raise InputError(problems) from error
    return settled


def _spot_by_hour(meter: Meter, spot_price: "pd.Series[float] | float | None") -> Floats:
    """Return a price for every clock hour; NaN where none is known, which only matters in an hour with surplus."""
    first = meter.hour_first()
    if isinstance(spot_price, pd.Series):
        hours = meter.index[first].floor("h")
        return spot_price.reindex(hours).to_numpy(dtype=np.float64)
    price = meter.tariff.exports.spot_price if spot_price is None else spot_price
    return np.full(len(first), np.nan if price is None else float(price))
