"""The plant's flows on the load's own step: PV put on its calendar, one simulation per design."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import pandas as pd

from mine_energy.arrays import FloatArray, readonly
from mine_energy.dispatch import Battery, DispatchResult, Genset, Grid, Sizes, simulate
from mine_energy.dispatch.outages import Interval
from mine_energy.errors import Finding, Param
from mine_energy.loads import LoadProfile
from mine_energy.site import Site
from mine_energy.study.result import HourlyFlows
from mine_energy.study.sizing_grid import grid_rule
from mine_energy.study.sizing_rules import genset_rule
from mine_energy.tariffs import Tariff
from mine_energy.units import HOURS_PER_DAY, MINUTES_PER_HOUR

_FLOWS = ("pv", "pv_used", "export", "curtailed", "import", "genset", "unserved")
_NEGLIGIBLE_KWH = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """What stands behind the load: a grid connection or the plant's own genset, and a battery where one is planned."""

    grid: Grid | None
    genset: Genset | None
    genset_kw: float
    findings: tuple[Finding, ...]
    battery: Battery | None = None
    battery_kwh: float = 0.0
    battery_kw: float = 0.0


def supply_of(
    site: Site, load: LoadProfile, air_c: FloatArray, tariff: Tariff, outages: Sequence[Interval] | None = None
) -> Supply:
    """Return the supply of a site on a load's steps: its connection, or the set at the power that the place leaves it.

    Parameters
    ----------
    site
        The site file.
    load
        Whose steps count.
    air_c
        Air temperature of a typical year, in the load's steps.
    tariff
        The fuel's, with its line of consumption.
    outages
        Recorded ones.
    """
    if site.connection.kind == "grid":
        grid, said = grid_rule(site, load, outages)
        return Supply(grid=grid, genset=None, genset_kw=0.0, findings=said)
    genset, left, said = genset_rule(site, air_c, tariff)
    if genset is None or left is None:
        raise AssertionError("an off-grid site has a genset; the reader checks it")
    return Supply(grid=None, genset=genset, genset_kw=left.power_kw, findings=said)


def fuel_at_site(tariff: Tariff, supply: Supply) -> Tariff:
    """Return a fuel supply with the litres per kWh that its set takes at the site; any other tariff as it is.

    The litres without load are those of the plate: thin air takes power off the engine, not friction.
    """
    if tariff.fuel is None or supply.genset is None:
        return tariff
    fuel = tariff.fuel.model_copy(update={"slope_l_per_kwh": supply.genset.fuel_slope_l_per_kwh})
    return tariff.model_copy(update={"fuel": fuel})


def yield_on(unit_kw_per_kwp: "pd.Series[float]", load: LoadProfile) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return an hourly year of kW per kWp on the steps of a load, matched by month, day and hour.

    PV is constant within its hour; 29 February takes the 28th.

    Parameters
    ----------
    unit_kw_per_kwp
        8,760 hours of one nominal year.
    load
        Any step that divides an hour, any calendar.
    """
    hours = cast("pd.DatetimeIndex", unit_kw_per_kwp.index)
    table = np.zeros((13, 32, HOURS_PER_DAY))
    table[hours.month, hours.day, hours.hour] = unit_kw_per_kwp.to_numpy()
    table[2, 29] = table[2, 28]
    steps = cast("pd.DatetimeIndex", load.load_kw.index).tz_convert(hours.tz)
    return cast("np.ndarray[tuple[int], np.dtype[np.float64]]", table[steps.month, steps.day, steps.hour])


def run_plant(
    load: LoadProfile, unit: np.ndarray[tuple[int], np.dtype[np.float64]], pv_kwp: float, supply: Supply
) -> DispatchResult:
    """Return the balance of a load and an array on a supply, at the load's own step."""
    return simulate(
        load.load_kw.to_numpy(),
        unit,
        Sizes(
            pv_kwp=pv_kwp,
            battery_kwh=supply.battery_kwh,
            battery_kw=supply.battery_kw,
            genset_kw=supply.genset_kw,
        ),
        battery=supply.battery,
        grid=supply.grid,
        genset=supply.genset,
        step_hours=load.step_hours,
    )


def shortage(flows: Sequence[DispatchResult], genset_kw: float) -> tuple[Finding, ...]:
    """Return a warning when a plant's supply leaves load unserved, with the figures of the worst of the states.

    Parameters
    ----------
    flows
        Of every state.
    genset_kw
        What the set gives at the site; 0 on the grid.
    """
    worst = max(flows, key=lambda flow: flow.energy_kwh("unserved"))
    missing_kwh = worst.energy_kwh("unserved")
    if missing_kwh <= _NEGLIGIBLE_KWH:
        return ()
    params: dict[str, Param] = {
        "kwh": missing_kwh,
        "hours": float((worst.unserved_kw > 0).sum()) * worst.step_hours,
    }
    if genset_kw <= 0:
        return (Finding(key="study_grid_unserved", level="warning", params=params),)
    params |= {"rated_kw": genset_kw, "short_kw": float(worst.unserved_kw.max())}
    return (Finding(key="study_genset_short", level="warning", params=params),)


def series(load: LoadProfile, power_kw: np.ndarray[tuple[int], np.dtype[np.float64]]) -> "pd.Series[float]":
    """Return a flow on the load's index."""
    return pd.Series(readonly(power_kw), index=load.load_kw.index)


def hourly_flows(before: LoadProfile, after: LoadProfile, flows: DispatchResult) -> HourlyFlows:
    """Return hourly means of every flow; hours that the record covers only in part are left out."""
    found = {f"{name}_kw": _hourly(after, series(after, getattr(flows, f"{name}_kw"))) for name in _FLOWS}
    return HourlyFlows(load_before_kw=before.hourly(), load_after_kw=after.hourly(), **found)


def _hourly(load: LoadProfile, flow: "pd.Series[float]") -> "pd.Series[float]":
    if load.step_minutes >= MINUTES_PER_HOUR:
        return flow
    whole = load.hourly().index
    return flow.resample("h").mean().reindex(whole)
