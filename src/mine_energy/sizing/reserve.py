"""What is kept ready: spinning reserve against clouds and starts, and the loss of one unit off-grid."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from mine_energy.arrays import FloatArray, readonly
from mine_energy.catalog import sourced
from mine_energy.errors import Finding

_LIMITS = "starting/limits.csv"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReserveCheck:
    """Spinning reserve of every step.

    Parameters
    ----------
    required_kw, available_kw
        Shape (n,).
    short_hours
        Hours with less than is required.
    worst_kw
        The largest lack.
    """

    required_kw: FloatArray
    available_kw: FloatArray
    short_hours: float
    worst_kw: float


def spinning_reserve(
    load_kw: Any,
    pv_used_kw: Any,
    headroom_kw: Any,
    *,
    step_hours: float = 1.0,
    load_share: float | None = None,
    pv_share: float | None = None,
) -> ReserveCheck:
    """Return what stands ready in each step against a share of load and PV.

    Parameters
    ----------
    load_kw, pv_used_kw
        Shape (n,): load, and PV that serves it.
    headroom_kw
        Shape (n,): what running sets and the battery can still add at once; see :func:`headroom_kw`.
    step_hours
        Length of a step.
    load_share, pv_share
        Shares kept ready; None takes the packaged ones (a tenth and a quarter).
    """
    of_load = sourced(_LIMITS, "spinning_reserve_load").value if load_share is None else load_share
    of_pv = sourced(_LIMITS, "spinning_reserve_pv").value if pv_share is None else pv_share
    required = of_load * np.asarray(load_kw, dtype=np.float64) + of_pv * np.asarray(pv_used_kw, dtype=np.float64)
    ready = np.asarray(headroom_kw, dtype=np.float64)
    lack = np.maximum(required - ready, 0.0)
    return ReserveCheck(
        required_kw=readonly(required),
        available_kw=readonly(ready),
        short_hours=float(np.count_nonzero(lack > 1e-9) * step_hours),
        worst_kw=float(lack.max()) if lack.size else 0.0,
    )


def headroom_kw(
    genset_kw: Any, running_kw: Any, charge_kw: Any, discharge_kw: Any, stored_kwh: Any, battery_kw: float
) -> FloatArray:
    """Return what running sets and the battery can add at once, kW.

    Parameters
    ----------
    genset_kw, running_kw
        Shape (n,): output of the sets and rating of those that run.
    charge_kw, discharge_kw, stored_kwh
        Shape (n,): of the battery; charging can stop and turn round. An empty battery only stops charging.
    battery_kw
        Rating of its inverter.
    """
    charge, discharge, stored = (np.asarray(v, dtype=np.float64) for v in (charge_kw, discharge_kw, stored_kwh))
    sets = np.maximum(np.asarray(running_kw, dtype=np.float64) - np.asarray(genset_kw, dtype=np.float64), 0.0)
    battery = charge + np.where(stored > 0, np.maximum(battery_kw - discharge, 0.0), 0.0)
    return readonly(sets + battery)


def single_unit_findings(
    *, peak_kw: float, battery_kw: float, genset_kw: float, battery_units: int = 1, genset_units: int = 1
) -> tuple[Finding, ...]:
    """Return what an off-grid plant cannot carry after the loss of one unit (N-1), as findings.

    Parameters
    ----------
    peak_kw
        Largest load.
    battery_kw, genset_kw
        Ratings, all units together; 0 for none.
    battery_units, genset_units
        Equal units that share them.
    """
    left = {
        "inverter": (battery_kw, battery_units, battery_kw + genset_kw - battery_kw / max(battery_units, 1)),
        "genset": (genset_kw, genset_units, battery_kw + genset_kw - genset_kw / max(genset_units, 1)),
    }
    found = []
    for name, (rating, _, remaining) in left.items():
        if rating > 0 and remaining < peak_kw:
            params = {"left_kw": remaining, "peak_kw": peak_kw}
            key = "n_minus_one_inverter" if name == "inverter" else "n_minus_one_genset"
            found.append(Finding(key=key, level="warning", params=params))
    return tuple(found)
