"""One plant, simulated with every count: flows, money and the three meanings."""

from dataclasses import replace
from typing import Final

import numpy as np

from mine_energy.arrays import readonly
from mine_energy.dispatch import simulate
from mine_energy.dispatch.plant import Sizes
from mine_energy.dispatch.terms import DETAIL, ENERGY
from mine_energy.sizing.case import Case
from mine_energy.sizing.costs import COLUMNS, Array
from mine_energy.sizing.percentiles import quantiles
from mine_energy.sizing.result import Meanings, Money, PlantYear

_NOTHING: Final = 1e-6
"""kWp, kWh or kW below which a bill is that of a plant without."""


def describe(case: Case, sizes: Array) -> PlantYear:
    """Return what a plant does in a mean weather year.

    Parameters
    ----------
    case
        The problem, with the years in sequence; its plant runs on the load's own steps.
    sizes
        Shape (4,).
    """
    case = case.own
    row = np.asarray(sizes, dtype=np.float64)[None]
    chain = replace(case.chain(row, slice(None)), detail=True)
    sums = chain.closed()[3][:, 0] * case.step_hours / len(case.units)
    flow = {name: float(sums[place]) for place, name in enumerate((*ENERGY, *DETAIL))}
    pv = float(row[0, 0] * case.yield_kwh)
    # What the load's node lacks came from PV through the battery (a cycle-charging set's share is in `charge` too).
    given = flow["pv_used"] + flow["discharge"] + flow["imported"] + flow["genset"] + flow["unserved"]
    to_battery = max(case.load_kwh + flow["charge"] - given, 0.0)
    curtailed = max(pv - flow["pv_used"] - to_battery - flow["export"], 0.0)
    fuel = _fuel(case, flow)
    usable = float(chain.lanes.usable_kwh[0] * case.left[1])
    efficiency = case.battery.discharge_efficiency if case.battery else 1.0
    return PlantYear(
        **dict(zip(COLUMNS, map(float, row[0]), strict=True)),
        load_kwh=case.load_kwh,
        pv_kwh=pv,
        pv_used_kwh=flow["pv_used"],
        discharge_kwh=flow["discharge"],
        export_kwh=flow["export"],
        curtailed_kwh=curtailed,
        import_kwh=flow["imported"],
        genset_kwh=flow["genset"],
        unserved_kwh=flow["unserved"],
        fuel_l=fuel,
        genset_hours=flow["run_steps"],
        genset_starts=flow["starts"] / case.step_hours,
        lost_hours=flow["lost_steps"],
        longest_outage_hours=flow["longest"] * len(case.units),
        full_cycles=flow["discharge"] / efficiency / usable if usable > 0 else 0.0,
        money=_money(case, row, flow, fuel),
        coverage=_meanings(case, row, pv, curtailed, flow),
    )


def _fuel(case: Case, flow: dict[str, float]) -> float:
    if case.genset is None:
        return 0.0
    line = case.genset
    return line.fuel_intercept_l_per_h_per_kw * flow["running"] + line.fuel_slope_l_per_kwh * flow["genset"]


def _money(case: Case, row: Array, flow: dict[str, float], fuel: float) -> Money:
    rates = case.rates
    om = float(row[0] @ np.array(rates.om)) + rates.run_kw_hour * flow["running"]
    capital = float(rates.of_sizes(row)[0] - row[0] @ np.array(rates.om))
    imports, exports = flow["import_cost"], flow["export_credit"]
    if case.prices.bill is not None:
        imports, exports = billed(case, row[0]), 0.0
    unserved = rates.unserved_kwh * flow["unserved"]
    return Money(
        capital=capital,
        om=om,
        fuel=rates.fuel_l * fuel,
        imports=imports,
        exports=exports,
        unserved=unserved,
        total=capital + om + rates.fuel_l * fuel + imports - exports + unserved,
        investment=float(rates.investment(row)[0]),
    )


def billed(case: Case, sizes: Array, runs: int = 1) -> float:
    """Return the mean of the years' bills, by the tariff's own rules; each year on its own.

    Parameters
    ----------
    case
        On the load's own steps.
    sizes
        Shape (4,).
    runs
        Plants that the caller bills, roughly.
    """
    if case.prices.bill is None:
        raise ValueError("the prices have no bill")
    left_pv, left_kwh = case.left
    # What a search leaves of a battery that it does not want would be run hour by hour.
    sizes = np.where(sizes < _NOTHING, 0.0, sizes)
    plant = Sizes(**dict(zip(COLUMNS, (sizes * np.array([left_pv, left_kwh, 1.0, 1.0])).tolist(), strict=True)))
    total = 0.0
    for unit in case.units:
        result = simulate(
            case.load_kw,
            unit,
            plant,
            battery=case.battery if plant.battery_kwh > 0 else None,
            genset=case.genset if plant.genset_kw > 0 else None,
            grid=case.grid,
            step_hours=case.step_hours,
            runs=runs * len(case.units),
        )
        total += case.prices.bill(result)
    return total / len(case.units)


def _meanings(case: Case, row: Array, pv: float, curtailed: float, flow: dict[str, float]) -> Meanings:
    load = case.load_kwh
    years = island_lpsp(case, row)
    foreign = flow["imported"] + flow["genset"] + flow["unserved"]
    return Meanings(
        annual_net_ratio=pv / load,
        delivered_net_ratio=(pv - curtailed) / load,
        self_sufficiency=1 - foreign / load,
        lpsp=flow["unserved"] / load,
        lpsp_without_grid=float(years.mean()),
        lpsp_years=readonly(years),
        lpsp_quantiles=quantiles(years.tolist()),
    )


def island_lpsp(case: Case, row: Array) -> Array:
    """Return the share of each weather year's load that the plant leaves unserved without its grid, shape (years,)."""
    if row[0, 1] == 0 and row[0, 3] == 0:
        short = np.maximum(case.load_kw - row[0, 0] * case.left[0] * case.units, 0.0)
        return np.asarray(short.sum(axis=1) * case.step_hours / case.load_kwh)
    island = replace(case, grid=None)
    return island.yearly_unserved_kwh(row)[:, 0] / case.load_kwh
