"""The array of the annual balance: in closed form where nothing is lost, by bisection where limits bite."""

from dataclasses import replace
from typing import Final

import numpy as np

from mine_energy.errors import Infeasible, InputError, Problem
from mine_energy.sizing.case import Case
from mine_energy.sizing.costs import Array

_SECTIONS: Final = 33
_ROUNDS: Final = 9
_MOST_RATIO: Final = 64.0
_ROUNDING: Final = 1e-9


def annual_net_kwp(case: Case, ratio: float) -> float:
    """Return the array whose delivered energy of a mean year is `ratio` times the load.

    Parameters
    ----------
    case
        The problem. On a grid, delivered is what PV gives to load, battery and grid: curtailed energy nets nothing.
        Without a grid there is nothing to net against, and available energy is counted.
    ratio
        PV energy over load.

    Notes
    -----
    Energy is linear in kWp as long as nothing is curtailed: ratio x load / yield. Export limits, outages and a limit
    on the inverters make it a concave function that still rises, and the answer is bracketed.

    Raises
    ------
    Infeasible
        No sun, no load, or more modules than 64 times the balance would still not deliver it.
    """
    if case.yield_kwh <= 0:
        raise Infeasible("no_sun")
    if case.load_kwh <= 0:
        raise Infeasible("no_load")
    simple = ratio * case.load_kwh / case.yield_kwh
    if case.grid is None and not np.isfinite(case.bounds.inverter_kw):
        return simple
    target = ratio * case.load_kwh * (1 - _ROUNDING)
    if delivered_kwh(case, np.array([simple]))[0] >= target:
        return simple
    low, high = simple, simple * _MOST_RATIO
    most = float(delivered_kwh(case, np.array([high]))[0])
    if most < target:
        raise Infeasible("annual_net_limits", ratio=ratio, most=most / case.load_kwh)
    for _ in range(_ROUNDS):
        points = np.linspace(low, high, _SECTIONS)
        first = int(np.argmax(delivered_kwh(case, points) >= target))
        low, high = points[max(first - 1, 0)], points[first]
    return float(high)


def delivered_kwh(case: Case, pv_kwp: Array) -> Array:
    """Return what arrays deliver in a mean year, shape (m,): to load, battery and grid; all of it without a grid."""
    if np.isfinite(case.bounds.inverter_kw):
        return np.array([_behind_inverters(case, float(kwp)) for kwp in pv_kwp])
    if case.grid is None:
        return np.asarray(pv_kwp * case.yield_kwh)
    found = case.run(case.table(pv_kwp, case.bounds.battery_kwh[0]))
    both = case.battery.charge_efficiency * case.battery.discharge_efficiency if case.battery else 1.0
    return np.asarray(found.pv_used_kwh + found.export_kwh + found.discharge_kwh / both)


def _behind_inverters(case: Case, kwp: float) -> float:
    """Return the same for PV alone behind inverters of a given rating, whose clipping is not linear in kWp."""
    output = np.minimum(kwp * case.left[0] * case.units, case.bounds.inverter_kw)
    if case.grid is not None:
        sink = case.load_kw + (case.grid.export_limit_kw if case.grid.export_allowed else 0.0)
        here = 1.0 if case.grid.available is None else np.asarray(case.grid.available) > 0
        output = np.minimum(output, sink) * here
    return float(output.sum() / len(case.units) * case.step_hours)


def behind_inverters(case: Case, kwp: float) -> Case:
    """Return the problem with the yield that `kwp` have behind the limit on inverters.

    Raises
    ------
    InputError
        The plant has a battery or a genset, of which this limit knows nothing.
    """
    if not np.isfinite(case.bounds.inverter_kw) or kwp <= 0:
        return case
    if case.bounds.battery_kwh[0] > 0 or case.bounds.genset_kw[0] > 0:
        limit = f"{case.bounds.inverter_kw:g}"
        raise InputError([Problem(key="size_inverter_limit", field="inverter_kw", value=limit)])
    scale = kwp * case.left[0]
    units = np.minimum(scale * case.units, case.bounds.inverter_kw) / scale
    return replace(case, units=units)
