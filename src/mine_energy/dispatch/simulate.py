"""One plant through every step, with the series of all its flows.

Powers are means over one step, so energy is power times `step_hours`; the balances

    pv = pv_used + pv_to_battery + export + curtailed
    load + charge = pv_used + pv_to_battery + discharge + import + genset + unserved

close in every step. Who may deliver follows from physics rather than from an account: without the grid, PV needs a
grid-forming source beside it, and next to a running genset it must leave the set its minimum load.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from mine_energy.arrays import FloatArray, readonly
from mine_energy.dispatch.many import COMPILED_FROM, Chain, Years
from mine_energy.dispatch.plant import Battery, Genset, Grid, Sizes
from mine_energy.dispatch.rule import TINY_KW, Flows, Limits, limits, take_step
from mine_energy.dispatch.terms import Lanes, terms_of
from mine_energy.dispatch.wide import flows_beside_grid, flows_island

Vector = np.ndarray[Any, np.dtype[np.float64]]
_PASSES: Final = 4
_BISECTIONS: Final = 60
_CLOSED: Final = 1e-9
_TAIL_HOURS: Final = 28 * 24
_BALANCE: Final = 1e-9
_PLAIN_SECONDS: Final = 18e-6
"""What plain Python takes for one step of a plant with memory, closing passes included."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DispatchResult:
    """What one plant did in every step: mean powers, kW, shape (n,) each, never negative.

    In every step ``pv = pv_used + pv_to_battery + export + curtailed`` and
    ``load + charge = pv_used + pv_to_battery + discharge + import + genset + unserved``, to 1e-9 of the load.

    Parameters
    ----------
    step_hours
        Length of a step.
    load_kw, pv_kw
        Demanded, and available from the array.
    pv_used_kw, pv_to_battery_kw, export_kw, curtailed_kw
        Where PV goes: to the load at once, into the battery, to the grid, nowhere.
    import_kw, genset_kw, discharge_kw, unserved_kw
        What else serves the load, and what nothing does.
    charge_kw
        Into the battery, from PV or a set.
    stored_kwh
        Shape (n,), energy above the battery's floor at the end of each step.
    start_kwh
        The same at the start: the last of `stored_kwh`, or near it where sets that cycle let no start give itself back.
    genset_hours, genset_starts, low_load_hours
        Hours in which a set runs, starts, and hours below a set's least load.
    fuel_l
        Of the set.
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
    pv_to_battery_kw: FloatArray
    charge_kw: FloatArray
    discharge_kw: FloatArray
    stored_kwh: FloatArray
    start_kwh: float = 0.0
    genset_starts: float = 0.0
    low_load_hours: float = 0.0
    fuel_l: float = 0.0

    def energy_kwh(self, flow: str) -> float:
        """Return the energy of a flow over the whole period, kWh.

        Parameters
        ----------
        flow
            Name of a series without ``_kw``: ``pv_used``.
        """
        return float(getattr(self, f"{flow}_kw").sum() * self.step_hours)


def simulate(
    load_kw: Any,
    pv_kw_per_kwp: Any,
    sizes: Sizes,
    *,
    battery: Battery | None = None,
    grid: Grid | None = None,
    genset: Genset | None = None,
    step_hours: float = 1.0,
    runs: int = 1,
) -> DispatchResult:
    """Run one plant through every step.

    Parameters
    ----------
    load_kw, pv_kw_per_kwp
        Shape (n,): mean load, kW, and mean AC output per kWp, in the same steps; finite and not negative. Several
        years follow one another.
    sizes
        What is installed.
    battery
        Its rule, or None. The period starts with the energy with which it ends.
    grid
        The connection, or None off-grid.
    genset
        The generator's rule, or None.
    step_hours
        Length of one step, hours.
    runs
        How many such plants the caller runs, roughly: many steps in all pay for the compiled form.

    Returns
    -------
    DispatchResult

    Raises
    ------
    ValueError
        Lengths differ, a value is negative or not finite, or a genset or battery has a rule but no size, or a size but
        no rule.
    """
    load = _checked("load_kw", load_kw)
    pv = _checked("pv_kw_per_kwp", pv_kw_per_kwp) * sizes.pv_kwp
    if load.shape != pv.shape:
        raise ValueError(f"load has {load.size} steps and PV has {pv.size}")
    for name, rule, size in (("genset", genset, sizes.genset_kw), ("battery", battery, sizes.battery_kwh)):
        if (rule is None) != (size == 0.0):
            raise ValueError(f"a {name} needs both a size and a rule")
    rules = (battery, genset, grid)
    stateless = battery is None and not (genset is not None and genset.strategy == "cycle_charging")
    if stateless:
        columns = _at_once(load, pv, sizes, rules, step_hours)
    elif load.size * runs * _PLAIN_SECONDS >= COMPILED_FROM:
        columns = _compiled(load, pv, sizes, rules, step_hours)
    else:
        columns = _in_turn(load, pv, sizes, rules, step_hours)
    return _result(step_hours, load, pv, columns, sizes, genset)


Rules = tuple[Battery | None, Genset | None, Grid | None]
Columns = dict[str, Vector]
_COLUMNS: Final = ("genset", "taken", "charge", "discharge", "import", "export", "unserved", "stored")


def _at_once(load: Vector, pv: Vector, sizes: Sizes, rules: Rules, step_hours: float) -> Columns:
    """Return the flows of a plant without memory: its steps are lanes of the wide form."""
    terms = terms_of(load, *rules, step_hours=step_hours)
    one = np.ones(1)
    lanes = Lanes(
        pv_kwp=sizes.pv_kwp * one, usable_kwh=0 * one, battery_kw=0 * one, genset_kw=sizes.genset_kw * one
    ).rows(terms)
    none, here = np.zeros_like(load), terms.grid > 0
    beside = flows_beside_grid(terms, lanes, (load, pv, none, terms.may_discharge), none, none)
    alone = flows_island(terms, lanes, (load, pv, none, none), none, none)
    names = ("genset", "taken", "charge", "discharge", "import", "export", "unserved")
    columns = {name: np.where(here, a, b) for name, a, b in zip(names, beside, alone, strict=True)}
    return columns | {"stored": none, "start": np.zeros(1)}


def _in_turn(load: Vector, pv: Vector, sizes: Sizes, rules: Rules, step_hours: float) -> Columns:
    """Return the flows of a plant with memory, closed: it ends with the stored energy with which it started.

    See :meth:`mine_energy.dispatch.many.Chain.closed` for how it is found.
    """
    plan = _limits_of_steps(load.size, sizes, rules, step_hours)
    low, high = 0.0, max(at.usable_kwh for at in plan)
    tail = min(round(_TAIL_HOURS / step_hours), load.size)
    # The last weeks from empty mostly end as they would from any start; the passes below check it.
    start = _pass(load[-tail:], pv[-tail:], 0.0, False, plan[-tail:])[-1].stored_kwh if tail else 0.0
    running, usable = False, high
    for attempt in range(_PASSES + _BISECTIONS):
        steps = _pass(load, pv, start, running, plan)
        first, end, was, running = start, steps[-1].stored_kwh, running, steps[-1].running
        if abs(end - start) <= _CLOSED * max(1.0, usable) and running == was:
            break
        if attempt == 0:
            start = usable if end > start else 0.0
            continue
        low, high = (start, high) if end > start else (low, start)
        start = end if attempt < _PASSES else (low + high) / 2
    table = np.array(
        [(s.genset, s.pv_taken, s.charge, s.discharge, s.imported, s.export, s.unserved, s.stored_kwh) for s in steps]
    )
    return dict(zip(_COLUMNS, table.T, strict=True)) | {"start": np.array([first])}


def _compiled(load: Vector, pv: Vector, sizes: Sizes, rules: Rules, step_hours: float) -> Columns:
    """Return the same by the kernels."""
    terms, one = terms_of(load, *rules, step_hours=step_hours), np.ones(1)
    lanes = Lanes(
        pv_kwp=one,
        usable_kwh=sizes.battery_kwh * terms.soc_window * one,
        battery_kw=sizes.battery_kw * one,
        genset_kw=sizes.genset_kw * one,
    )
    years = Years(pv=(1.0,), energy=(1.0,))
    chain = Chain(terms=terms, units=pv[None], years=years, lanes=lanes, detail=False, compiled=True)
    table, start = chain.recorded()
    return dict(zip(_COLUMNS, table, strict=True)) | {"start": np.array([start])}


def _limits_of_steps(count: int, sizes: Sizes, rules: Rules, step_hours: float) -> list[Limits]:
    """Return the limits of every step; steps alike share one object."""
    battery, genset, grid = rules
    varying = [
        values
        for values in (
            battery.charge_limit if battery else None,
            battery.discharge_limit if battery else None,
            grid.available if grid else None,
            grid.may_discharge if grid else None,
        )
        if values is not None
    ]
    if not varying:
        return [limits(sizes, battery, genset, grid, 0, step_hours)] * count
    _, first, kind = np.unique(np.stack(varying), axis=1, return_index=True, return_inverse=True)
    each = [limits(sizes, battery, genset, grid, int(step), step_hours) for step in first]
    return [each[place] for place in kind.ravel().tolist()]


def _pass(load: Vector, pv: Vector, start: float, running: bool, plan: list[Limits]) -> list[Flows]:
    found: list[Flows] = []
    stored = start
    for kw, available, at in zip(load.tolist(), pv.tolist(), plan, strict=True):
        flows = take_step(kw, available, stored, running, at)
        stored, running = flows.stored_kwh, flows.running
        found.append(flows)
    return found


def _checked(name: str, values: Any) -> Vector:
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1 or not np.isfinite(array).all() or (array < 0).any():
        raise ValueError(f"{name} must be a vector of finite values that are not negative")
    return array


def _result(
    step_hours: float, load: Vector, pv: Vector, columns: Columns, sizes: Sizes, genset: Genset | None
) -> DispatchResult:
    used = np.minimum(columns["taken"], load)
    output = columns["genset"]
    unit_kw = sizes.genset_kw / genset.units if genset else 1.0
    sets = np.ceil(output / unit_kw - TINY_KW) if genset else np.zeros_like(load)
    least = genset.min_load_fraction * unit_kw if genset else 0.0
    intercept = genset.fuel_intercept_l_per_h_per_kw if genset else 0.0
    slope = genset.fuel_slope_l_per_kwh if genset else 0.0
    result = DispatchResult(
        step_hours=step_hours,
        load_kw=readonly(load),
        pv_kw=readonly(pv),
        pv_used_kw=readonly(used),
        export_kw=readonly(columns["export"]),
        curtailed_kw=readonly(np.maximum(pv - columns["taken"] - columns["export"], 0.0)),
        import_kw=readonly(columns["import"]),
        genset_kw=readonly(output),
        unserved_kw=readonly(columns["unserved"]),
        genset_hours=float(np.count_nonzero(sets) * step_hours),
        pv_to_battery_kw=readonly(columns["taken"] - used),
        charge_kw=readonly(columns["charge"]),
        discharge_kw=readonly(columns["discharge"]),
        stored_kwh=readonly(columns["stored"]),
        start_kwh=float(columns["start"][0]),
        genset_starts=float(np.maximum(np.diff(sets, prepend=sets[-1:]), 0.0).sum()),
        low_load_hours=float(np.count_nonzero((output > 0) & (output < least - TINY_KW)) * step_hours),
        fuel_l=float((intercept * unit_kw * sets + slope * output).sum() * step_hours),
    )
    _balanced(result)
    return result


def _balanced(r: DispatchResult) -> None:
    """Assert both balances of every step: a mistake here is ours, never the user's."""
    taken = r.pv_used_kw + r.pv_to_battery_kw
    pv_off = r.pv_kw - taken - r.export_kw - r.curtailed_kw
    node_off = r.load_kw + r.charge_kw - taken - r.discharge_kw - r.import_kw - r.genset_kw - r.unserved_kw
    scale = 1.0 + float(r.load_kw.max(initial=0.0)) + float(r.pv_kw.max(initial=0.0))
    worst = max(float(np.abs(off).max(initial=0.0)) for off in (pv_off, node_off))
    if worst > _BALANCE * scale:
        raise AssertionError(f"a step is out of balance by {worst:g} kW")
