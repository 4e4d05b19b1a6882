"""What a design covers, in all three meanings of "100 %", from one hourly balance."""

from dataclasses import dataclass

import numpy as np

from mine_energy.dispatch import DispatchResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The three meanings of one design; each is a fraction of the load's energy.

    Parameters
    ----------
    annual_net_ratio
        PV energy available at the inverter over load, both of the year. Above 1 the year ends with a surplus.
    self_sufficiency
        1 - (imports + genset + unserved) / load, step by step: what PV serves itself. Shedding never raises it.
    lpsp_without_grid
        Unserved share of the load if PV alone had to carry the plant behind a grid-forming inverter, without battery
        and without genset. Without a grid-forming inverter it is 1.
    loss_of_load_hours
        Hours of the year in which that plant would not carry the whole load.
    longest_outage_hours
        The longest of those runs.
    self_consumption
        PV used on site over PV available.
    """

    annual_net_ratio: float
    self_sufficiency: float
    lpsp_without_grid: float
    loss_of_load_hours: float
    longest_outage_hours: float
    self_consumption: float


def coverage(result: DispatchResult) -> Coverage:
    """Return what `result` covers.

    Parameters
    ----------
    result
        One simulated year.

    Raises
    ------
    ValueError
        The year has no load.
    """
    demand = result.energy_kwh("load")
    if demand <= 0:
        raise ValueError("coverage of a load of zero is not defined")
    available = result.energy_kwh("pv")
    short = result.load_kw - np.minimum(result.load_kw, result.pv_kw)
    return Coverage(
        annual_net_ratio=available / demand,
        self_sufficiency=result.energy_kwh("pv_used") / demand,
        lpsp_without_grid=float(short.sum() * result.step_hours) / demand,
        loss_of_load_hours=float(np.count_nonzero(short > 0) * result.step_hours),
        longest_outage_hours=_longest_run(short > 0) * result.step_hours,
        self_consumption=result.energy_kwh("pv_used") / available if available > 0 else 0.0,
    )


def _longest_run(flags: np.ndarray) -> int:
    """Return the length of the longest run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False])).astype(np.int8)))
    return int((edges[1::2] - edges[::2]).max()) if edges.size else 0
