"""Thousands of candidate plants through one year or many: sums for each, never a series.

The state of charge is carried from year to year, and the chain of years is closed: it starts with the energy with
which it ends, so that no plant lives on what a full battery at the start would give it.
"""

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from mine_energy.arrays import FloatArray, readonly
from mine_energy.dispatch.plant import Battery, Genset, Grid
from mine_energy.dispatch.terms import DETAIL, ENERGY, Array, Lanes, Terms, terms_of
from mine_energy.dispatch.wide import run_wide

COMPILED_FROM: Final = 0.6
"""Seconds of numpy from which the kernels pay for their start."""
_STEP_SECONDS: Final = 80e-6
_LANE_SECONDS: Final = 9e-8
"""What numpy takes for one step, and for each candidate in it: only the order matters, for the choice of a form."""
_TAIL_HOURS: Final = 28 * 24
"""Most batteries are full or empty at some time of these last hours, and forget what was before."""
_CLOSED: Final = 1e-9
_PASSES: Final = 6
_BISECTIONS: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Totals:
    """What each candidate did over the whole period, shape (m,) each.

    Parameters
    ----------
    load_kwh
        Energy demanded; the same for all.
    pv_kwh, pv_used_kwh, pv_to_battery_kwh, export_kwh, curtailed_kwh
        PV available; to the load; to the battery (None without `detail`, as all below marked so); out; lost. Without
        `detail` curtailed energy includes what charged the battery, and is None.
    discharge_kwh, genset_kwh, import_kwh, unserved_kwh
        Of battery, genset, grid, and what was shed.
    fuel_l
        Of the genset.
    import_cost, export_credit
        At the prices given.
    genset_hours, genset_starts, low_load_hours
        Hours with a set running; starts; hours below the least load. None without `detail`.
    lost_hours, longest_outage_hours
        Hours with load shed; the longest run of them. None without `detail`.
    start_kwh, end_kwh
        Stored energy at both ends: equal where the chain closed.
    start_running
        Whether a cycle-charging set was running at the start, as at the end.
    """

    load_kwh: float
    pv_kwh: FloatArray
    pv_used_kwh: FloatArray
    export_kwh: FloatArray
    discharge_kwh: FloatArray
    genset_kwh: FloatArray
    import_kwh: FloatArray
    unserved_kwh: FloatArray
    fuel_l: FloatArray
    import_cost: FloatArray
    export_credit: FloatArray
    start_kwh: FloatArray
    end_kwh: FloatArray
    start_running: FloatArray
    charge_kwh: FloatArray | None = None
    genset_hours: FloatArray | None = None
    genset_starts: FloatArray | None = None
    low_load_hours: FloatArray | None = None
    lost_hours: FloatArray | None = None
    longest_outage_hours: FloatArray | None = None

    @property
    def lpsp(self) -> FloatArray:
        """Loss of power supply probability: unserved over demanded energy."""
        return readonly(self.unserved_kwh / self.load_kwh)

    @property
    def self_sufficiency(self) -> FloatArray:
        """1 - (imports + genset + unserved) / demanded load: shedding never raises it."""
        return readonly(1 - (self.import_kwh + self.genset_kwh + self.unserved_kwh) / self.load_kwh)


def simulate_many(  # noqa: PLR0913
    load_kw: Any,
    pv_kw_per_kwp: Any,
    sizes: Any,
    *,
    battery: Battery | None = None,
    genset: Genset | None = None,
    grid: Grid | None = None,
    prices: tuple[Any, Any] = (0.0, 0.0),
    step_hours: float = 1.0,
    years: "Years | None" = None,
    detail: bool = False,
) -> Totals:
    """Run many plants under one set of rules.

    Parameters
    ----------
    load_kw
        Shape (n,): mean load of a year, kW; every year has it.
    pv_kw_per_kwp
        Shape (n,) or (years, n): mean AC output per kWp.
    sizes
        Shape (m, 4): PV kWp, battery kWh (nameplate), battery kW, genset kW.
    battery, genset, grid
        Rules, or None.
    prices
        Of imports and of exports per kWh, scalars or shape (n,).
    step_hours
        Length of a step.
    years
        Degradation and fade by year; None is none.
    detail
        Also hours, starts, charging and outages: some ten times slower.

    Raises
    ------
    ValueError
        Shapes do not fit, or a value is negative or not finite.
    """
    load, units, table = _inputs(load_kw, pv_kw_per_kwp, sizes)
    terms = terms_of(load, battery, genset, grid, prices, step_hours)
    factors = years or Years(pv=(1.0,) * len(units), energy=(1.0,) * len(units))
    lanes = Lanes(
        pv_kwp=table[:, 0],
        usable_kwh=table[:, 1] * terms.soc_window,
        battery_kw=table[:, 2] if battery else np.zeros(len(table)),
        genset_kw=table[:, 3] if genset else np.zeros(len(table)),
    )
    compiled = pays(units.size, len(table))
    chain = Chain(terms=terms, units=units, years=factors, lanes=lanes, detail=detail, compiled=compiled)
    return _totals(chain, genset, chain.closed())


@dataclass(frozen=True, slots=True, kw_only=True)
class Years:
    """Share of the first day's PV output and battery energy that each year of the chain still has.

    Parameters
    ----------
    pv, energy
        One figure for each year, above 0 to 1.
    """

    pv: tuple[float, ...]
    energy: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Chain:
    """Years in a row for a set of lanes.

    Parameters
    ----------
    terms
        What all lanes share: load and rules.
    units
        Shape (years, n): kW per kWp.
    years
        What age leaves in each of them.
    lanes
        Sizes of the m candidates.
    detail
        Whether hours, starts, charging and outages are counted too.
    compiled
        Whether the kernels run; numpy does otherwise, to the same result within rounding.
    """

    terms: Terms
    units: Array
    years: Years
    lanes: Lanes
    detail: bool
    compiled: bool

    def closed(self) -> tuple[Array, Array, Array, Array]:
        """Return stored energy at start and end, what cycled at the start, and the columns, of the closed chain.

        A step that follows the load shifts the stored energy and cuts it at empty and full, so a whole chain does the
        same: ``end = clip(start + a, low, high)``. Where `a` is above zero the closed state is the end from a full
        start, below zero the end from an empty one: two more passes find it however slowly it fills. With
        self-discharge repeated passes contract to it. Sets that cycle or have a least load make the end jump; there
        bisection looks for it, and what no start can close is left open between start and end of the result.
        """
        size = self.lanes.pv_kwp.size
        start, running = self._settled(), np.zeros(size)
        used = np.stack([start, running])
        end, sums = np.zeros(size), np.zeros((len(ENERGY) + len(DETAIL), size))
        todo = np.arange(size)
        low, high = np.zeros(size), self.lanes.usable_kwh * self.years.energy[0]
        for attempt in range(_PASSES + _BISECTIONS):
            used[:, todo] = start[todo], running[todo]
            end[todo], running[todo], sums[:, todo] = self._some(todo).run(*used[:, todo])
            off = end - start
            moved = np.abs(off) > _CLOSED * np.maximum(1.0, self.lanes.usable_kwh)
            todo = todo[(moved | (running != used[1]))[todo]]
            if not todo.size:
                break
            if attempt == 0:
                start[todo] = np.where(off > 0, high, 0.0)[todo]
                continue
            low = np.where(off > 0, start, low)
            high = np.where(off < 0, start, high)
            start[todo] = end[todo] if attempt < _PASSES else (low[todo] + high[todo]) / 2
        return used[0], end, used[1], sums

    def keeps(self, unserved_kwh: float) -> Any:
        """Return which lanes leave at most so much unserved in the closed chain, shape (m,).

        Without sets a fuller start never ends emptier nor leaves more unserved, and the last weeks from empty end no
        fuller than the closed chain. So a start there that keeps the limit decides, and so does one that misses it by
        more than a full battery could have given; only the rest are closed.

        Parameters
        ----------
        unserved_kwh
            Limit, summed over all years of the chain.
        """
        hours, usable = self.terms.step_hours, self.lanes.usable_kwh * self.years.energy[0]
        if self.lanes.genset_kw.any():
            return self.closed()[3][0] * hours <= unserved_kwh
        start = self._settled()
        end, _, sums = self.run(start, np.zeros_like(start))
        left = sums[0] * hours
        kept = left <= unserved_kwh
        ends = np.abs(end - start) <= _CLOSED * np.maximum(1.0, self.lanes.usable_kwh)
        fails = left - (usable - start) * hours / self.terms.kwh_out > unserved_kwh
        rest = np.flatnonzero(~(kept | ends | fails))
        if rest.size:
            kept[rest] = self._some(rest).closed()[3][0] * hours <= unserved_kwh
        return kept

    def _some(self, places: Any) -> "Chain":
        if places.size == self.lanes.pv_kwp.size:
            return self
        names = ("pv_kwp", "usable_kwh", "battery_kw", "genset_kw")
        kept = Lanes(**{name: getattr(self.lanes, name)[places] for name in names})
        return replace(self, lanes=kept)

    def _settled(self) -> Array:
        """Return the stored energy at the end of the last weeks from empty: mostly that of any start, and checked."""
        usable = self.lanes.usable_kwh
        if not usable.any():
            return np.zeros_like(usable)
        tail = min(round(_TAIL_HOURS / self.terms.step_hours), self.terms.load.size)
        full = usable * self.years.energy[-1]
        return self._tail(tail, np.zeros_like(full))

    def _tail(self, steps: int, start: Array) -> Array:
        state, sums = np.zeros((4, start.size)), np.zeros((len(ENERGY) + len(DETAIL), start.size))
        state[0] = start
        self._year(len(self.units) - 1, slice(self.terms.load.size - steps, None), state, sums, detail=False)
        return np.asarray(state[0])

    def run(self, start: Array, running: Array) -> tuple[Array, Array, Array]:
        """Return stored energy and cycling sets at the end, and the columns, of one pass through all years.

        Parameters
        ----------
        start
            Shape (m,), stored energy at the start, kWh inside the window.
        running
            Shape (m,), 1 where a cycle-charging set is on.

        Returns
        -------
        tuple of numpy.ndarray
            Shapes (m,), (m,) and (15, m): the rows are those of :data:`mine_energy.dispatch.terms.ENERGY`, then of
            ``DETAIL``, in kW times steps (counts as they are).
        """
        state, sums = np.zeros((4, start.size)), np.zeros((len(ENERGY) + len(DETAIL), start.size))
        state[0], state[1] = start, running
        for year in range(len(self.units)):
            self._year(year, slice(None), state, sums, detail=self.detail)
        return state[0], state[1], sums

    def recorded(self) -> tuple[Array, float]:
        """Return what each step of the first lane did in the closed first year, shape (8, n), and its stored start.

        The rows are those of :func:`mine_energy.dispatch.kernels.record`, always compiled.
        """
        from mine_energy.dispatch.kernels import record  # noqa: PLC0415  (it starts a compiler)

        start, _, running, _ = self.closed()
        columns, state = np.zeros((8, self.terms.load.size)), np.array([start[0], running[0]])
        lane = np.ascontiguousarray(self.lanes.rows(self.terms)[:, 0])
        record(_series(self.terms, self.units[0]), _scalars(self.terms), lane, state, columns)
        return columns, float(start[0])

    def _year(self, year: int, steps: slice, state: Array, sums: Array, *, detail: bool) -> None:
        lanes = replace(
            self.lanes,
            pv_kwp=self.lanes.pv_kwp * self.years.pv[year],
            usable_kwh=self.lanes.usable_kwh * self.years.energy[year],
        )
        terms = self.terms if steps == slice(None) else _part(self.terms, steps)
        unit = self.units[year][steps]
        rows = lanes.rows(terms)
        np.minimum(state[0], lanes.usable_kwh, out=state[0])
        if not self.compiled:
            run_wide(terms, unit, rows, state, sums)
            return
        from mine_energy.dispatch.kernels import run_blocks  # noqa: PLC0415  (it starts a compiler)

        lean = not detail and (not rows[3].any() or not terms.grid.any())
        run_blocks(lean, _series(terms, unit), _scalars(terms), rows, state, sums)


def pays(steps: int, lanes: int) -> bool:
    """Return whether a job of so many steps of so many lanes pays for the start of the kernels: by its size alone."""
    return steps * (_STEP_SECONDS + lanes * _LANE_SECONDS) >= COMPILED_FROM


def _part(terms: Terms, steps: slice) -> Terms:
    names = ("load", "grid", "may_discharge", "charge_limit", "discharge_limit", "import_price", "export_price")
    return replace(terms, **{name: getattr(terms, name)[steps] for name in names})


def _series(terms: Terms, unit: Array) -> Array:
    limits = (terms.charge_limit, terms.discharge_limit, terms.import_price, terms.export_price)
    return np.stack([terms.load, unit, terms.grid, terms.may_discharge, *limits])


def _scalars(terms: Terms) -> Array:
    cycling = float(terms.cycling)
    return np.array([terms.kwh_in, terms.kwh_out, terms.keep, terms.import_kw, terms.export_kw, cycling])


def _inputs(load_kw: Any, pv_kw_per_kwp: Any, sizes: Any) -> tuple[Array, Array, Array]:
    load = np.asarray(load_kw, dtype=np.float64)
    units = np.atleast_2d(np.asarray(pv_kw_per_kwp, dtype=np.float64))
    table = np.atleast_2d(np.asarray(sizes, dtype=np.float64))
    if load.ndim != 1 or units.ndim != 2 or units.shape[1] != load.size:
        raise ValueError(f"load has {load.size} steps and PV has shape {units.shape}")
    if table.shape[1] != 4:
        raise ValueError(f"sizes need four columns, not {table.shape[1]}")
    for name, values in (("load_kw", load), ("pv_kw_per_kwp", units), ("sizes", table)):
        if not np.isfinite(values).all() or (values < 0).any():
            raise ValueError(f"{name} must hold finite values that are not negative")
    return load, units, table


def _totals(chain: Chain, genset: Genset | None, closed: tuple[Array, Array, Array, Array]) -> Totals:
    start, end, running, sums = closed
    hours = chain.terms.step_hours
    found = dict(zip((*ENERGY, *DETAIL), sums * hours, strict=True))
    yearly = (chain.units * np.array(chain.years.pv)[:, None]).sum() * hours
    intercept = genset.fuel_intercept_l_per_h_per_kw if genset else 0.0
    slope = genset.fuel_slope_l_per_kwh if genset else 0.0
    detail = {
        "charge_kwh": found["charge"],
        "genset_hours": found["run_steps"],
        "genset_starts": found["starts"] / hours,
        "low_load_hours": found["low_load_steps"],
        "lost_hours": found["lost_steps"],
        "longest_outage_hours": found["longest"],
    }
    return Totals(
        load_kwh=float(chain.terms.load.sum() * hours) * len(chain.units),
        pv_kwh=readonly(chain.lanes.pv_kwp * yearly),
        pv_used_kwh=readonly(found["pv_used"]),
        export_kwh=readonly(found["export"]),
        discharge_kwh=readonly(found["discharge"]),
        genset_kwh=readonly(found["genset"]),
        import_kwh=readonly(found["imported"]),
        unserved_kwh=readonly(found["unserved"]),
        fuel_l=readonly(intercept * found["running"] + slope * found["genset"]),
        import_cost=readonly(found["import_cost"]),
        export_credit=readonly(found["export_credit"]),
        start_kwh=readonly(start),
        end_kwh=readonly(end),
        start_running=readonly(running),
        **({name: readonly(values) for name, values in detail.items()} if chain.detail else {}),
    )
