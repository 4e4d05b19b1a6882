"""From free sizes to units that are sold: strings of modules, racks, inverters, generator frames."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from math import ceil, inf, prod
from typing import Final

import numpy as np

from mine_energy.errors import InputError, Problem
from mine_energy.sizing.case import Case
from mine_energy.sizing.costs import COLUMNS, Array
from mine_energy.sizing.need import Meets

_ALL: Final = 40_000
"""So many candidates are simulated one and all; beyond, a search walks from unit to unit."""
_ALL_STEPS: Final = 1e9
_REACH: Final = 2
_WALKS: Final = 60
_GENEROUS: Final = 3.0
_BILLED_REACH: Final = 3
_BILLED: Final = 24
"""Units each way of the free sizes, and combinations, that are billed: prices do not tell what a bill comes to."""
_ROUNDING: Final = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Units that are sold; what is None or empty keeps its free size.

    Parameters
    ----------
    module_kwp, modules_per_string
        An array grows by whole strings.
    rack_kwh, rack_kw
        A battery grows by whole racks; `rack_kw` is the power of the inverter in each.
    battery_inverters_kw
        Ratings of battery inverters, where racks carry none: any number of one rating.
    gensets_kw
        Ratings of single sets at the site, after derating: one new set, or none.
    """

    module_kwp: float | None = None
    modules_per_string: int = 1
    rack_kwh: float | None = None
    rack_kw: float | None = None
    battery_inverters_kw: tuple[float, ...] = ()
    gensets_kw: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        numbers = (self.module_kwp, self.modules_per_string, self.rack_kwh, self.rack_kw)
        for value in (*numbers, *self.battery_inverters_kw, *self.gensets_kw):
            if value is not None and not 0 < value < inf:
                raise InputError([Problem(key="size_catalogue", value=f"{value}")])

    @property
    def string_kwp(self) -> float | None:
        """Module power of one string."""
        return None if self.module_kwp is None else self.module_kwp * self.modules_per_string


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Snapped:
    """The cheapest combination of units found, shape (4,), its cost, and how it was found."""

    sizes: Array
    cost: float
    simulated: int
    exhaustive: bool


def snap(
    case: Case,
    catalogue: Catalogue,
    free: Array,
    meets: Meets | None,
    bills: Callable[[Case, Array], Array] | None = None,
) -> Snapped:
    """Return the cheapest plant in whole units that meets the demand.

    Parameters
    ----------
    case
        The problem.
    catalogue
        What is sold.
    free
        The free sizes, shape (4,), where the search starts.
    meets
        The demand; None asks for nothing.
    bills
        What candidates cost where a tariff's own bill says so; None where prices do.

    Returns
    -------
    Snapped
        Of infinite cost where no combination within the bounds meets the demand.
    """
    lists, whole = _lists(case, catalogue, free)
    count = prod(len(values) for values in lists)
    if count == 0:
        return Snapped(sizes=free, cost=inf, simulated=0, exhaustive=whole)
    if bills is not None:
        return _by_bill(case, catalogue, lists, free, meets, bills)
    if count <= _ALL and count * case.units.size <= _ALL_STEPS:
        table = _table(case, catalogue, np.array(list(product(*lists))))
        costs = _costs(case, meets, table)
        place = int(np.argmin(costs))
        return Snapped(sizes=table[place], cost=float(costs[place]), simulated=count, exhaustive=whole)
    return _walk(case, catalogue, lists, free, meets)


def _by_bill(
    case: Case,
    catalogue: Catalogue,
    lists: list[Array],
    free: Array,
    meets: Meets | None,
    bills: Callable[[Case, Array], Array],
) -> Snapped:
    """Return the best by the bill of the combinations next to the free sizes, which the bill has settled.

    Further out the prices of a search would lead away from it. Where nothing near is allowed, look further.
    """
    reach = _BILLED_REACH
    for _ in range(_WALKS):
        near = [
            values[np.argsort(np.abs(values - x), kind="stable")[: 2 * reach]]
            for values, x in zip(lists, free, strict=True)
        ]
        table = _table(case, catalogue, np.array(list(product(*near))))
        costs = _costs(case, meets, table)
        best = np.argsort(costs, kind="stable")[:_BILLED]
        best = best[np.isfinite(costs[best])]
        if best.size:
            billed = bills(case, table[best])
            place = int(np.argmin(billed))
            return Snapped(sizes=table[best[place]], cost=float(billed[place]), simulated=best.size, exhaustive=False)
        if all(len(some) == len(values) for some, values in zip(near, lists, strict=True)):
            break
        reach *= 2
    return Snapped(sizes=free, cost=inf, simulated=0, exhaustive=False)


def _walk(case: Case, catalogue: Catalogue, lists: list[Array], free: Array, meets: Meets | None) -> Snapped:
    """Return the best of the neighbours two units around, again and again until none is better."""
    at = [int(np.argmin(np.abs(values - x))) for values, x in zip(lists, free, strict=True)]
    known: dict[tuple[int, ...], float] = {}
    best, sizes = inf, free
    for walk in range(_WALKS):
        # Where nothing near is allowed, look further out.
        reach = _REACH if np.isfinite(best) else _REACH * (walk + 1)
        spans = [range(max(0, i - reach), min(len(v), i + reach + 1)) for i, v in zip(at, lists, strict=True)]
        spans[3] = range(len(lists[3]))
        steps = 1 if reach <= _REACH else max(1, reach // _REACH)
        places = [p for p in product(*(s[::steps] for s in spans)) if p not in known]
        if not places:
            break
        points = np.array([[values[i] for values, i in zip(lists, p, strict=True)] for p in places])
        table = _table(case, catalogue, points)
        costs = _costs(case, meets, table)
        known |= dict(zip(places, costs.tolist(), strict=True))
        place = int(np.argmin(costs))
        if costs[place] < best:
            best, sizes, at = float(costs[place]), table[place], list(places[place])
        elif np.isfinite(best):
            break
    return Snapped(sizes=sizes, cost=best, simulated=len(known), exhaustive=False)


def _costs(case: Case, meets: Meets | None, table: Array) -> Array:
    lows, highs = (np.array([getattr(case.bounds, name)[end] for name in COLUMNS]) for end in (0, 1))
    inside = (table >= lows - _ROUNDING) & (table <= highs * (1 + _ROUNDING) + _ROUNDING)
    allowed = np.asarray(inside.all(axis=1))
    if meets is not None and allowed.any():
        allowed[allowed] = meets(table[allowed])
    costs = np.full(len(table), inf)
    if allowed.any():
        costs[allowed] = case.cost(table[allowed])
    return costs


def _table(case: Case, catalogue: Catalogue, points: Array) -> Array:
    """Return the candidates of points, with the power that comes with racks or energy."""
    table = points.copy()
    owned = np.array(case.rates.owned)
    if catalogue.rack_kwh is not None and catalogue.rack_kw is not None:
        table[:, 2] = owned[2] + (points[:, 1] - owned[1]) / catalogue.rack_kwh * catalogue.rack_kw
    elif case.bounds.battery_kw_per_kwh is not None and not catalogue.battery_inverters_kw:
        table[:, 2] = points[:, 1] * case.bounds.battery_kw_per_kwh
    return table


def _lists(case: Case, catalogue: Catalogue, free: Array) -> tuple[list[Array], bool]:
    """Return what each size may be, and whether the bounds rather than a generous end close the lists."""
    owned = case.rates.owned
    highs = [getattr(case.bounds, name)[1] for name in COLUMNS]
    lows = [getattr(case.bounds, name)[0] for name in COLUMNS]
    whole = True
    lists = []
    frames: list[tuple[float, ...]] = [
        (catalogue.string_kwp,) if catalogue.string_kwp else (),
        (catalogue.rack_kwh,) if catalogue.rack_kwh else (),
        () if catalogue.rack_kw and catalogue.rack_kwh else catalogue.battery_inverters_kw,
    ]
    for place, units in enumerate(frames):
        most = min(highs[place], _GENEROUS * free[place] + 6 * max(units, default=0.0))
        whole = whole and bool(not units or highs[place] <= most)
        lists.append(_multiples(owned[place], units, lows[place], most) if units else free[place : place + 1])
    sets = np.array([owned[3] + kw for kw in (0.0, *catalogue.gensets_kw)])
    sets = np.unique(sets[(sets >= lows[3]) & (sets <= highs[3])])
    lists.append(sets if catalogue.gensets_kw and sets.size else free[3:])
    return lists, whole


def _multiples(owned: float, units: tuple[float, ...], low: float, high: float) -> Array:
    found = []
    for unit in units:
        first, last = ceil((low - owned) / unit - _ROUNDING), int((high - owned) / unit + _ROUNDING)
        found.append(owned + unit * np.arange(max(0, first), last + 1))
    return np.unique(np.round(np.concatenate(found), 9))
