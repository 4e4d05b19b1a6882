"""The energy balance of every step: load, PV, grid, genset. No weather, no money, no files.

Powers are means over one step, so energy is power times `step_hours`; the balances

    load = pv_used + import + genset + unserved
    pv   = pv_used + export + curtailed

close in every step. Who may deliver follows from physics rather than from an account: without the grid, PV needs a
grid-forming source beside it, and next to a running genset it must leave the set its minimum load.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from mine_energy.arrays import FloatArray, readonly
from mine_energy.dispatch.plant import Genset, Grid, Sizes

Vector = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DispatchResult:
    """Mean powers of every step, kW, all of the same length and never negative.

    ``genset_hours`` counts the hours in which the set runs.
    """

    step_hours: float
    load_kw: FloatArray
    pv_kw: FloatArray
    pv_used_kw: FloatArray
    export_kw: FloatArray
    curtailed_kw: FloatArray
    import_kw: FloatArray
    genset_kw: FloatArray
    unserved_kw: FloatArray
    genset_hours: float

    def energy_kwh(self, flow: str) -> float:
        """Return the energy of a flow over the whole period, kWh; `flow` is its name without ``_kw``."""
        return float(getattr(self, f"{flow}_kw").sum() * self.step_hours)


def simulate(
    load_kw: Any,
    pv_kw_per_kwp: Any,
    sizes: Sizes,
    *,
    grid: Grid | None = None,
    genset: Genset | None = None,
    step_hours: float = 1.0,
) -> DispatchResult:
    """Run one plant through every step.

    Parameters
    ----------
    load_kw, pv_kw_per_kwp
        Shape (n,): mean load, kW, and mean AC output per kWp, in the same steps; finite and not negative.
    sizes
        What is installed.
    grid
        The connection, or None off-grid.
    genset
        The generator's rule, or None. It runs only where there is no grid.
    step_hours
        Length of one step, hours.

    Returns
    -------
    DispatchResult

    Raises
    ------
    ValueError
        Lengths differ, a value is negative or not finite, or a genset has a rule but no size.
    """
    load = _checked("load_kw", load_kw)
    pv = _checked("pv_kw_per_kwp", pv_kw_per_kwp) * sizes.pv_kwp
    if load.shape != pv.shape:
        raise ValueError(f"load has {load.size} steps and PV has {pv.size}")
    if (genset is None) != (sizes.genset_kw == 0.0):
        raise ValueError("a genset needs both a size and a rule")
    zero = np.zeros_like(load)
    if grid is not None:
        used = np.minimum(pv, load)
        surplus = pv - used
        export, curtailed = (surplus, zero) if grid.export_allowed else (zero, surplus)
        return _result(step_hours, load, pv, used, export, curtailed, load - used, zero)
    if genset is None:
        # No grid, no genset, no battery inverter: nothing forms the grid, so PV inverters stay off.
        return _result(step_hours, load, pv, zero, zero, pv, zero, zero)
    room = np.maximum(0.0, load - genset.min_load_fraction * sizes.genset_kw)
    used = np.minimum(pv, room)
    generated = np.minimum(load - used, sizes.genset_kw)
    return _result(step_hours, load, pv, used, zero, pv - used, zero, generated)


def _checked(name: str, values: Any) -> Vector:
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1 or not np.isfinite(array).all() or (array < 0).any():
        raise ValueError(f"{name} must be a vector of finite values that are not negative")
    return array


def _result(
    step_hours: float,
    load: Vector,
    pv: Vector,
    used: Vector,
    export: Vector,
    curtailed: Vector,
    imported: Vector,
    generated: Vector,
) -> DispatchResult:
    return DispatchResult(
        step_hours=step_hours,
        load_kw=readonly(load),
        pv_kw=readonly(pv),
        pv_used_kw=readonly(used),
        export_kw=readonly(export),
        curtailed_kw=readonly(curtailed),
        import_kw=readonly(imported),
        genset_kw=readonly(generated),
        unserved_kw=readonly(np.maximum(0.0, load - used - imported - generated)),
        genset_hours=float(np.count_nonzero(generated > 0) * step_hours),
    )
