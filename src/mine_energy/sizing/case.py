"""One sizing problem in arrays: years of weather, rules, prices and bounds, and what candidates do in it."""

from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np

from mine_energy.dispatch import Battery, Genset, Grid, Years
from mine_energy.dispatch.many import Chain, pays
from mine_energy.dispatch.terms import ENERGY, Lanes, terms_of
from mine_energy.errors import InputError, Problem
from mine_energy.sizing.costs import COLUMNS, NOTHING, Array, Costs, Existing, Rates
from mine_energy.sizing.rules import Bounds, Metered, Prices
from mine_energy.units import HOURS_PER_DAY

_BATCH: Final = 1_000_000_000
"""Candidate-steps simulated at once: bounds the memory of the lanes, not the speed."""
_CLOSED: Final = 1e-9
_PASSES: Final = 8
_UNSERVED: Final = ENERGY.index("unserved")
_FOREIGN: Final = [ENERGY.index(name) for name in ("unserved", "genset", "imported")]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Run:
    """What each candidate does and costs in a mean year, shape (m,) each."""

    cost: Array
    pv_kwh: Array
    pv_used_kwh: Array
    export_kwh: Array
    import_kwh: Array
    genset_kwh: Array
    unserved_kwh: Array
    fuel_l: Array
    import_cost: Array
    export_credit: Array
    discharge_kwh: Array
    self_sufficiency: Array


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Case:
    """A sizing problem.

    Parameters
    ----------
    load_kw
        Shape (n,): mean load of every step of a year.
    units
        Shape (years, n): AC output per kWp when new.
    rates
        Money.
    bounds
        With `owned` sizes as least ones, and 0 as the most of what has no rule.
    battery, genset, grid, prices
        Rules.
    step_hours
        Length of a step.
    left
        Share of PV output and battery energy still there.
    effort
        Candidates that will be simulated in all, roughly: many pay for the compiled form of the rule. A search comes
        back some hundred times with few of them, and each time numpy pays for a step as for hundreds of candidates.
    metered
        The load in finer steps, on which the plant found is settled; None where the case's are the load's own.
    """

    load_kw: Array
    units: Array
    rates: Rates
    bounds: Bounds
    battery: Battery | None = None
    genset: Genset | None = None
    grid: Grid | None = None
    prices: Prices = field(default_factory=Prices)
    step_hours: float = 1.0
    left: tuple[float, float] = (1.0, 1.0)
    effort: int = 200_000
    metered: Metered | None = None

    @property
    def own(self) -> "Case":
        """The problem on the load's own steps: what holds for a step of the search holds for each of its parts."""
        if self.metered is None:
            return self
        load = np.asarray(self.metered.load_kw, dtype=np.float64)
        parts = load.size // self.load_kw.size
        prices = self.prices
        import_price, export_price = (_parted(p, parts) for p in (prices.import_per_kwh, prices.export_per_kwh))
        return replace(
            self,
            load_kw=load,
            units=np.repeat(self.units, parts, axis=1),
            battery=_rule_parted(self.battery, ("charge_limit", "discharge_limit"), parts),
            grid=self.grid and (self.metered.grid or _rule_parted(self.grid, ("available", "may_discharge"), parts)),
            prices=replace(prices, import_per_kwh=import_price, export_per_kwh=export_price),
            step_hours=self.step_hours / parts,
            metered=None,
        )

    @property
    def load_kwh(self) -> float:
        """Energy demanded in a year."""
        return float(self.load_kw.sum() * self.step_hours)

    @property
    def day_kwh(self) -> float:
        """Energy demanded in a mean day; in the whole period where that is shorter."""
        return self.load_kwh / max(1.0, self.load_kw.size * self.step_hours / HOURS_PER_DAY)

    @property
    def yield_kwh(self) -> float:
        """Energy of one kWp in a mean year, at the age counted."""
        return float(self.units.sum() / len(self.units) * self.step_hours * self.left[0])

    def table(self, pv: Any, kwh: Any = 0.0, kw: Any = None, genset: Any = None) -> Array:
        """Return candidates, shape (m, 4): power follows from energy where it is tied; genset's least by default."""
        ratio = self.bounds.battery_kw_per_kwh
        power = np.multiply(kwh, ratio) if ratio is not None else (self.bounds.battery_kw[0] if kw is None else kw)
        sets = self.bounds.genset_kw[0] if genset is None else genset
        return np.stack(np.broadcast_arrays(*map(np.atleast_1d, (pv, kwh, power, sets))), axis=1).astype(np.float64)

    def cost(self, table: Array) -> Array:
        """Return the cost of each row in a mean year; nothing is simulated where only sizes cost."""
        trades = self.grid is not None or self.rates.unserved_kwh > 0
        burns = self.genset is not None and self.bounds.genset_kw[1] > 0
        return self.run(table).cost if trades or burns else self.rates.of_sizes(table)

    def run(self, table: Array) -> Run:
        """Return what each row of `table` does in a mean year, all weather years in sequence."""
        most = max(1, _BATCH // self.units.size)
        parts = [self._run(table[at : at + most]) for at in range(0, len(table), most)]
        if len(parts) == 1:
            return parts[0]
        return Run(**{name: np.concatenate([getattr(p, name) for p in parts]) for name in Run.__slots__})

    def _run(self, table: Array) -> Run:
        years = len(self.units)
        _, _, _, sums = self.chain(table, slice(None)).closed()
        flow = {name: sums[row] * self.step_hours / years for row, name in enumerate(ENERGY)}
        line = (self.genset.fuel_intercept_l_per_h_per_kw, self.genset.fuel_slope_l_per_kwh) if self.genset else (0, 0)
        fuel = line[0] * flow["running"] + line[1] * flow["genset"]
        burnt = self.rates.fuel_l * fuel + self.rates.run_kw_hour * flow["running"]
        traded = flow["import_cost"] - flow["export_credit"] + self.rates.unserved_kwh * flow["unserved"]
        foreign = flow["imported"] + flow["genset"] + flow["unserved"]
        return Run(
            cost=self.rates.of_sizes(table) + burnt + traded,
            pv_kwh=table[:, 0] * self.yield_kwh,
            pv_used_kwh=flow["pv_used"],
            export_kwh=flow["export"],
            import_kwh=flow["imported"],
            genset_kwh=flow["genset"],
            unserved_kwh=flow["unserved"],
            fuel_l=fuel,
            import_cost=flow["import_cost"],
            export_credit=flow["export_credit"],
            discharge_kwh=flow["discharge"],
            self_sufficiency=1 - foreign / self.load_kwh,
        )

    def yearly_unserved_kwh(self, table: Array) -> Array:
        """Return what each weather year leaves unserved, shape (years, m); see :meth:`yearly_kwh`."""
        return np.asarray(self.yearly_kwh(table)[0])

    def yearly_kwh(self, table: Array) -> Array:
        """Return what is unserved, and that with imports and genset, by weather year: shape (2, years, m).

        The years run in sequence, the chain closed.

        Mostly the state with which the last year ends does not depend on how it began: it opens the first pass, and
        only candidates whose chain is not closed by it pass again. One that still gains in its second pass gains from
        any start, up to the end that it reaches from full: that is its closed state.
        """
        last = self.chain(table, slice(len(self.units) - 1, None))
        stored, running, _ = last.run(np.zeros(len(table)), np.zeros(len(table)))
        full = last.lanes.usable_kwh * self.left[1]
        found, todo = np.zeros((2, len(self.units), len(table))), np.arange(len(table))
        for attempt in range(_PASSES):
            ends, running[todo], found[:, :, todo] = self._pass(table[todo], stored[todo], running[todo])
            gain = ends - stored[todo]
            stored[todo] = np.where((gain > 0) & (attempt == 1), full[todo], ends)
            todo = todo[np.abs(gain) > _CLOSED * np.maximum(1.0, table[todo, 1])]
            if not todo.size:
                break
        return found

    def _pass(self, table: Array, stored: Array, running: Array) -> tuple[Array, Array, Array]:
        """Return the state after all years in sequence, and what each left unserved and to others."""
        chain, factors = self.chain(table, slice(None)), Years(pv=self.left[:1], energy=self.left[1:])
        found = np.zeros((2, len(self.units), len(table)))
        for year in range(len(self.units)):
            one = replace(chain, units=self.units[year : year + 1], years=factors)
            stored, running, sums = one.run(stored, running)
            found[0, year] = sums[_UNSERVED] * self.step_hours
            found[1, year] = sums[_FOREIGN].sum(axis=0) * self.step_hours
        return stored, running, found

    def chain(self, table: Array, years: slice) -> Chain:
        """Return weather years in sequence for the candidates of `table`, ready to run."""
        terms = terms_of(
            self.load_kw,
            self.battery,
            self.genset,
            self.grid,
            (self.prices.import_per_kwh, self.prices.export_per_kwh),
            self.step_hours,
        )
        lanes = Lanes(
            pv_kwp=table[:, 0],
            usable_kwh=table[:, 1] * terms.soc_window,
            battery_kw=table[:, 2] if self.battery else np.zeros(len(table)),
            genset_kw=table[:, 3] if self.genset else np.zeros(len(table)),
        )
        units = self.units[years]
        return Chain(
            terms=terms,
            units=units,
            years=Years(pv=(self.left[0],) * len(units), energy=(self.left[1],) * len(units)),
            lanes=lanes,
            detail=False,
            compiled=pays(self.units.size, self.effort),
        )


def make_case(  # noqa: PLR0913
    load_kw: Any,
    pv_kw_per_kwp: Any,
    costs: Costs,
    *,
    battery: Battery | None = None,
    genset: Genset | None = None,
    grid: Grid | None = None,
    prices: Prices | None = None,
    bounds: Bounds | None = None,
    existing: Existing = NOTHING,
    step_hours: float = 1.0,
    left: tuple[float, float] = (1.0, 1.0),
    metered: Metered | None = None,
) -> Case:
    """Return a checked problem; parameters as in :func:`mine_energy.sizing.size`.

    Raises
    ------
    InputError
        Shapes do not fit, a value is negative or not finite, or bounds contradict each other.
    """
    load = _series("load_kw", load_kw, 1)
    units = np.atleast_2d(_series("pv_kw_per_kwp", pv_kw_per_kwp, 2))
    if units.shape[1] != load.size:
        params = {"steps": load.size, "found": units.shape[1]}
        raise InputError([Problem(key="size_steps", field="pv_kw_per_kwp", params=params)])
    if metered is not None:
        own = _series("metered.load_kw", metered.load_kw, 1)
        if own.size % load.size:
            params = {"steps": load.size, "found": own.size}
            raise InputError([Problem(key="size_steps", field="metered.load_kw", params=params)])
    wanted = _bounded(bounds or Bounds(), existing, battery is not None, genset is not None)
    return Case(
        load_kw=load,
        units=units,
        rates=costs.rates(existing),
        bounds=wanted,
        battery=battery,
        genset=genset,
        grid=grid,
        prices=prices or Prices(),
        step_hours=step_hours,
        left=left,
        metered=metered,
    )


def _parted(values: Any, parts: int) -> Any:
    """Return a series with every step in so many parts; a scalar as it is."""
    return values if np.ndim(values) == 0 else np.repeat(np.asarray(values, dtype=np.float64), parts)


def _rule_parted(rule: Any, names: tuple[str, ...], parts: int) -> Any:
    """Return a rule with its series in parts."""
    found = {name: getattr(rule, name) for name in names if rule is not None and getattr(rule, name) is not None}
    return replace(rule, **{name: _parted(values, parts) for name, values in found.items()}) if found else rule


def _series(name: str, values: Any, most: int) -> Array:
    array = np.asarray(values, dtype=np.float64)
    if not 1 <= array.ndim <= most or not array.size or not np.isfinite(array).all() or (array < 0).any():
        raise InputError([Problem(key="size_series", field=name, value=f"{array.shape}")])
    return array


def _bounded(bounds: Bounds, existing: Existing, battery: bool, genset: bool) -> Bounds:
    """Return the bounds with what is owned as the least, and nothing of what has no rule."""
    has = {"pv_kwp": True, "battery_kwh": battery, "battery_kw": battery, "genset_kw": genset}
    pairs: dict[str, Any] = {}
    for name in COLUMNS:
        low, high = getattr(bounds, name)
        low = max(low, getattr(existing.sizes, name))
        if low > high or (low > 0 and not has[name]):
            raise InputError([Problem(key="size_bounds", field=name, value=f"{low} to {high if has[name] else 0}")])
        pairs[name] = (low, high if has[name] else 0.0)
    return replace(bounds, **pairs)
