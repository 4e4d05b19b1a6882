"""The constants of a simulation in plain arrays: what the numpy form and the kernels take."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from mine_energy.dispatch.plant import Battery, Genset, Grid

Array = np.ndarray[Any, np.dtype[np.float64]]

ENERGY: Final = (
    "unserved",
    "genset",
    "running",
    "discharge",
    "pv_used",
    "export",
    "imported",
    "import_cost",
    "export_credit",
)
"""Columns that every form adds up, in kW times steps (`running` is the rating of the sets that run)."""
DETAIL: Final = ("charge", "run_steps", "starts", "lost_steps", "longest", "low_load_steps")
"""Columns that only the full form adds up."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Terms:
    """What is common to all candidates.

    Parameters
    ----------
    load, grid, may_discharge, charge_limit, discharge_limit, import_price, export_price
        Shape (n,): kW; 1 where the grid is there; shares; money per kWh.
    kwh_in, kwh_out, keep
        See :class:`mine_energy.dispatch.rule.Limits`.
    soc_window, reserve_fraction, least_fraction, setpoint_fraction
        Of the nameplate energy, of the usable energy, of the rating, of the usable energy.
    units
        Equal sets that share the rating.
    import_kw, export_kw
        Limits of the grid.
    forming, cycling
        Whether the battery inverter forms a grid; whether the sets charge in cycles.
    step_hours
        Length of a step.
    """

    load: Array
    grid: Array
    may_discharge: Array
    charge_limit: Array
    discharge_limit: Array
    import_price: Array
    export_price: Array
    kwh_in: float
    kwh_out: float
    keep: float
    soc_window: float
    reserve_fraction: float
    least_fraction: float
    setpoint_fraction: float
    units: int
    import_kw: float
    export_kw: float
    forming: bool
    cycling: bool
    step_hours: float


def terms_of(
    load: Array,
    battery: Battery | None,
    genset: Genset | None,
    grid: Grid | None,
    prices: tuple[Any, Any] = (0.0, 0.0),
    step_hours: float = 1.0,
) -> Terms:
    """Return the terms of a plant.

    Parameters
    ----------
    load
        Shape (n,), kW.
    battery, genset, grid
        Rules, or None.
    prices
        Of imports and of exports, per kWh; scalars or shape (n,).
    step_hours
        Length of a step.
    """
    n = load.size
    here = grid is not None

    def series(values: Any, otherwise: float) -> Array:
        found = otherwise if values is None else values
        return np.ascontiguousarray(np.broadcast_to(np.asarray(found, dtype=np.float64), (n,)))

    return Terms(
        load=np.ascontiguousarray(load, dtype=np.float64),
        grid=(series(grid.available if grid else None, float(here)) > 0).astype(np.float64),
        may_discharge=(series(grid.may_discharge if grid else None, 1.0) > 0).astype(np.float64),
        charge_limit=series(battery.charge_limit if battery else None, 1.0),
        discharge_limit=series(battery.discharge_limit if battery else None, 1.0),
        import_price=series(prices[0], 0.0),
        export_price=series(prices[1], 0.0),
        kwh_in=step_hours * (battery.charge_efficiency if battery else 1.0),
        kwh_out=step_hours / (battery.discharge_efficiency if battery else 1.0),
        keep=(1 - battery.self_discharge_per_hour) ** step_hours if battery else 1.0,
        soc_window=battery.soc_max - battery.soc_min if battery else 0.0,
        reserve_fraction=battery.reserve_fraction if battery else 0.0,
        least_fraction=genset.min_load_fraction if genset else 0.0,
        setpoint_fraction=genset.setpoint_fraction if genset else 0.0,
        units=genset.units if genset else 1,
        import_kw=grid.import_limit_kw if grid else 0.0,
        export_kw=grid.export_limit_kw if grid is not None and grid.export_allowed else 0.0,
        forming=battery.grid_forming if battery else False,
        cycling=genset is not None and genset.strategy == "cycle_charging",
        step_hours=step_hours,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lanes:
    """What differs between candidates, shape (m,) each; kW and kWh.

    Parameters
    ----------
    pv_kwp, usable_kwh, battery_kw, genset_kw
        Sizes; the energy is that inside the window.
    """

    pv_kwp: Array
    usable_kwh: Array
    battery_kw: Array
    genset_kw: Array

    def rows(self, terms: Terms) -> Array:
        """Return the constants of every lane, shape (9, m): what a kernel reads."""
        unit_kw = self.genset_kw / terms.units
        forming = terms.forming & (self.usable_kwh > 0) & (self.battery_kw > 0)
        return np.stack(
            [
                self.pv_kwp,
                self.usable_kwh,
                self.battery_kw,
                self.genset_kw,
                terms.least_fraction * self.genset_kw / terms.units,
                np.where(unit_kw > 0, unit_kw, 1.0),
                terms.reserve_fraction * self.usable_kwh,
                terms.setpoint_fraction * self.usable_kwh if terms.cycling else np.full_like(unit_kw, -1.0),
                forming.astype(np.float64),
            ]
        )
