"""One step of the dispatch rule in plain Python: the text that every faster form has to equal.

A controller without foresight: it knows this step's load, PV, stored energy and whether the grid is there. PV serves
the load first, then charges the battery, then goes out; what is missing comes from the battery, the grid, the genset,
in that order. Everything follows from the genset's output ``g``, which is fixed first (0 where it stands still):

* the plant can take ``load + room - g`` from PV; the rest is exported or curtailed,
* ``load - g - pv`` is then what the battery gives (above 0) or takes (below 0).

So a set kept at its minimum load pushes back first battery discharge, then fills the battery, then curtails PV; only
where load and room together are below the minimum does it run lower. No energy is dumped, and charging and
discharging never meet in one step.
"""

from dataclasses import dataclass
from typing import Final

from mine_energy.dispatch.plant import Battery, Genset, Grid, Sizes

TINY_KW: Final = 1e-9
"""Below it a shortage is rounding: no genset starts for it and no hour counts as lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The constants of one plant in one step, all in kW and kWh.

    Parameters
    ----------
    usable_kwh, charge_kw, discharge_kw
        The battery: energy inside its window, AC limits; 0 without one.
    kwh_in, kwh_out, keep
        Stored energy that one kW of charging adds in a step, and that one kW of discharging takes; share of the stored
        energy left after one step of self-discharge.
    kw_in, kw_out
        One over `kwh_in` and `kwh_out`: every form multiplies by them, so that all round alike.
    reserve_kwh
        Stored energy that the battery keeps while the grid is there.
    genset_kw, genset_least_kw
        Rating and least output; 0 without one.
    cycle_until_kwh
        Stored energy at which a cycle-charging set stops; below 0 the set follows the load.
    import_kw, export_kw
        Of the grid.
    grid, forming
        Whether the grid is there; whether the battery inverter forms a grid.
    may_discharge
        Whether the battery may serve the load beside the grid.
    """

    usable_kwh: float
    charge_kw: float
    discharge_kw: float
    kwh_in: float
    kwh_out: float
    kw_in: float
    kw_out: float
    keep: float
    reserve_kwh: float
    genset_kw: float
    genset_least_kw: float
    cycle_until_kwh: float
    import_kw: float
    export_kw: float
    grid: bool
    forming: bool
    may_discharge: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Flows:
    """What one step did.

    Parameters
    ----------
    pv_taken, export, curtailed
        PV taken by load and battery, sent to the grid, lost: mean kW.
    charge, discharge, imported, genset, unserved
        Of battery, grid and set, and what is missing: mean kW at the AC bus.
    stored_kwh
        Energy above the window's floor at the end of the step.
    running
        Whether a cycle-charging set is on at its end.
    """

    pv_taken: float
    export: float
    curtailed: float
    charge: float
    discharge: float
    imported: float
    genset: float
    unserved: float
    stored_kwh: float
    running: bool


def limits(
    sizes: Sizes, battery: Battery | None, genset: Genset | None, grid: Grid | None, step: int, step_hours: float
) -> Limits:
    """Return the constants of one step.

    Parameters
    ----------
    sizes
        What is installed, kW and kWh.
    battery, genset, grid
        Rules, or None.
    step
        Its number, from 0, in the rules' series.
    step_hours
        Its length.
    """
    usable = sizes.battery_kwh * (battery.soc_max - battery.soc_min) if battery else 0.0
    power = sizes.battery_kw if battery else 0.0
    here = grid is not None and (grid.available is None or grid.available[step] > 0)
    least = genset.min_load_fraction * sizes.genset_kw / genset.units if genset else 0.0
    cycling = genset is not None and genset.strategy == "cycle_charging"
    kwh_in = step_hours * (battery.charge_efficiency if battery else 1.0)
    kwh_out = step_hours / (battery.discharge_efficiency if battery else 1.0)
    return Limits(
        usable_kwh=usable,
        charge_kw=power * _share(battery.charge_limit if battery else None, step),
        discharge_kw=power * _share(battery.discharge_limit if battery else None, step),
        kwh_in=kwh_in,
        kwh_out=kwh_out,
        kw_in=1 / kwh_in,
        kw_out=1 / kwh_out,
        keep=(1 - battery.self_discharge_per_hour) ** step_hours if battery else 1.0,
        reserve_kwh=battery.reserve_fraction * usable if battery else 0.0,
        genset_kw=sizes.genset_kw if genset else 0.0,
        genset_least_kw=least,
        cycle_until_kwh=genset.setpoint_fraction * usable if genset is not None and cycling else -1.0,
        import_kw=grid.import_limit_kw if grid is not None and here else 0.0,
        export_kw=grid.export_limit_kw if grid is not None and here and grid.export_allowed else 0.0,
        grid=here,
        forming=battery is not None and battery.grid_forming and usable > 0 and power > 0,
        may_discharge=grid is None or _share(grid.may_discharge, step) > 0,
    )


def _share(values: object, step: int) -> float:
    return 1.0 if values is None else float(values[step])  # type: ignore[index]


def take_step(load_kw: float, pv_kw: float, stored_kwh: float, running: bool, at: Limits) -> Flows:
    """Return the flows of one step.

    Parameters
    ----------
    load_kw, pv_kw
        Mean load and mean available PV of the step, kW.
    stored_kwh
        Energy in the battery above its window's floor at the start of the step.
    running
        Whether a cycle-charging set was running.
    at
        The plant in this step.
    """
    stored = stored_kwh * at.keep
    room = min(at.charge_kw, (at.usable_kwh - stored) * at.kw_in)
    most = min(at.discharge_kw, stored * at.kw_out)
    if at.grid:
        return _beside_the_grid(load_kw, pv_kw, stored, (room, most), at)
    genset, running = _genset(load_kw, pv_kw, stored, running, (room, most), at)
    if genset == 0 and not at.forming:
        # Nothing forms a grid: PV inverters and a grid-following battery stay off.
        return _flows(pv_kw, (0.0, 0.0, 0.0), (0.0, 0.0), (0.0, load_kw), stored, running, at)
    taken = min(pv_kw, load_kw + room - genset)
    missing = load_kw - genset - taken
    positive = max(missing, 0.0)
    charge, discharge = positive - missing, min(positive, most)
    unserved = positive - discharge
    return _flows(pv_kw, (taken, 0.0, genset), (charge, discharge), (0.0, unserved), stored, running, at)


def _genset(
    load_kw: float, pv_kw: float, stored: float, running: bool, battery: tuple[float, float], at: Limits
) -> tuple[float, bool]:
    """Return the output of the genset without a grid, and whether it goes on running."""
    room, most = battery
    cycling = at.cycle_until_kwh >= 0
    short = load_kw - pv_kw - most > TINY_KW if at.forming else load_kw > TINY_KW
    stays = cycling and running and stored < at.cycle_until_kwh
    if at.genset_kw == 0 or not (short or stays):
        return 0.0, False
    # All that the plant can take once PV is shut off and the battery charges as fast as it can.
    sink = load_kw + room
    wanted = sink - pv_kw if cycling else load_kw - pv_kw - most
    output = min(at.genset_kw, max(wanted, min(at.genset_least_kw, sink)))
    return output, cycling and output > 0


def _beside_the_grid(load_kw: float, pv_kw: float, stored: float, battery: tuple[float, float], at: Limits) -> Flows:
    """Return the flows of a step with the grid: the genset only helps where the connection is too small."""
    room, most = battery
    taken = min(pv_kw, load_kw + room)
    export = min(pv_kw - taken, at.export_kw)
    missing = max(load_kw - taken, 0.0)
    above = max(stored - at.reserve_kwh, 0.0) * at.kw_out
    willing = min(most, above) if at.may_discharge else 0.0
    discharge = min(missing, willing)
    # Where the connection is too small the reserve and the blocked hours give way before load is shed.
    discharge = max(discharge, min(missing - at.import_kw, most))
    short = max(missing - discharge - at.import_kw, 0.0)
    genset = min(at.genset_kw, max(short, min(at.genset_least_kw, missing))) if short > TINY_KW else 0.0
    discharge = min(discharge, missing - genset)
    imported = min(missing - genset - discharge, at.import_kw)
    unserved = max(missing - genset - discharge - imported, 0.0)
    charge = max(taken - load_kw, 0.0)
    return _flows(pv_kw, (taken, export, genset), (charge, discharge), (imported, unserved), stored, False, at)


def _flows(
    pv_kw: float,
    sources: tuple[float, float, float],
    battery: tuple[float, float],
    rest: tuple[float, float],
    stored: float,
    running: bool,
    at: Limits,
) -> Flows:
    taken, export, genset = sources
    charge, discharge = battery
    change = charge * at.kwh_in - discharge * at.kwh_out
    return Flows(
        pv_taken=taken,
        export=export,
        curtailed=pv_kw - taken - export,
        charge=charge,
        discharge=discharge,
        imported=rest[0],
        genset=genset,
        unserved=rest[1],
        stored_kwh=min(max(stored + change, 0.0), at.usable_kwh),
        running=running,
    )
