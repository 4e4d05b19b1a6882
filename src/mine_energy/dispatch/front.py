"""The smallest battery that keeps an island within its limit of unserved energy, for many arrays and years at once.

Unserved energy never rises with capacity, so bisection finds the capacity. Without generators and self-discharge hours
in a row of the same sign are one episode, and compiled code bisects each array over its episodes, four halvings a pass;
otherwise all arrays of one year are bisected side by side, each in its own lane, and leave when they are found.
"""

from typing import Any, Final

import numpy as np

from mine_energy.arrays import FloatArray, readonly
from mine_energy.dispatch.many import Chain, Years, pays
from mine_energy.dispatch.plant import Battery, Genset
from mine_energy.dispatch.terms import Array, Lanes, Terms, terms_of

_MOST_DAYS: Final = 60.0
"""Days of mean load: a battery beyond them replaces an array, not a night."""
_FAR: Final = 4.0
_FINEST: Final = 1e-12
_ROUNDING: Final = 1e-9
_TRIES: Final = 16
"""Batteries tried for an array, roughly."""


def reliability_front(  # noqa: PLR0913
    load_kw: Any,
    pv_kw_per_kwp: Any,
    pv_kwp: Any,
    battery: Battery,
    *,
    unserved_fraction: float = 0.0,
    battery_kw: Any = None,
    genset: tuple[Genset, float] | None = None,
    step_hours: float = 1.0,
    tolerance_kwh: float = 1.0,
) -> FloatArray:
    """Return the smallest nameplate battery that each array needs in each year.

    Parameters
    ----------
    load_kw
        Shape (n,), kW; the same every year.
    pv_kw_per_kwp
        Shape (n,) or (years, n).
    pv_kwp
        Shape (m,).
    battery
        Its rule. Every year is closed by itself: it starts with the energy with which it ends.
    unserved_fraction
        Limit of the loss of power supply probability.
    battery_kw
        Scalar or shape (m,): AC rating; None is wide enough for the load and for all PV.
    genset
        Its rule and rating, or None.
    step_hours
        Length of a step.
    tolerance_kwh
        Width at which bisection stops.

    Returns
    -------
    numpy.ndarray
        Shape (years, m), kWh; the upper end of the last bracket, so that it holds the limit; infinite where no battery
        does.

    Raises
    ------
    ValueError
        Shapes do not fit, or a limit is out of range.
    """
    load = np.asarray(load_kw, dtype=np.float64)
    units = np.atleast_2d(np.asarray(pv_kw_per_kwp, dtype=np.float64))
    arrays = np.atleast_1d(np.asarray(pv_kwp, dtype=np.float64))
    if units.shape[1] != load.size:
        raise ValueError(f"load has {load.size} steps and PV has shape {units.shape}")
    if not 0 <= unserved_fraction < 1 or tolerance_kwh <= 0:
        raise ValueError("the limit of unserved energy lies from 0 to below 1, the tolerance above 0")
    terms = terms_of(load, battery, genset[0] if genset else None, None, step_hours=step_hours)
    widest = np.maximum(load.max(initial=0.0), arrays * units.max(initial=0.0))
    power = widest if battery_kw is None else np.broadcast_to(np.asarray(battery_kw, dtype=np.float64), arrays.shape)
    fixed = (arrays, np.ascontiguousarray(power), np.full(arrays.shape, genset[1] if genset else 0.0))
    most = _MOST_DAYS * load.sum() * step_hours / max(load.size * step_hours / 24.0, 1.0) / terms.soc_window
    # A limit of exactly zero has to let rounding pass, which is a hundred thousand times below a meter's.
    limit = max(unserved_fraction, 1e-12) * load.sum() * step_hours
    compiled = pays(units.size * _TRIES, arrays.size)
    return readonly([_year(terms, unit, fixed, (most, tolerance_kwh, limit), compiled) for unit in units])


def _year(
    terms: Terms, unit: Array, fixed: tuple[Array, Array, Array], search: tuple[float, float, float], compiled: bool
) -> Array:
    # A load of nothing and batteries that form no grid are left to the lanes, which know every rule.
    simple = terms.forming and terms.keep == 1.0 and not fixed[2].any() and bool((fixed[1] > 0).all())
    if compiled and simple and terms.load.sum() > 0:
        return _by_episodes(terms, unit, fixed, search)
    return _by_lanes(terms, unit, fixed, search, compiled)


def _by_episodes(
    terms: Terms, unit: Array, fixed: tuple[Array, Array, Array], search: tuple[float, float, float]
) -> Array:
    """Return the batteries by passes over episodes of surplus and want: exact without sets and self-discharge."""
    from mine_energy.dispatch.front_kernel import smallest  # noqa: PLC0415  (it starts a compiler)

    arrays, power, _ = fixed
    most, width, limit = search
    hours = np.stack([terms.load, unit, terms.charge_limit, terms.discharge_limit])
    scalars = (terms.kwh_in, terms.kwh_out, terms.soc_window, most, width, _FINEST, _FAR, limit / terms.step_hours)
    found = np.empty(arrays.size)
    smallest(hours, np.array(scalars), arrays, power, _enough(terms, unit, fixed, limit), found)
    return found


def _enough(terms: Terms, unit: Array, fixed: tuple[Array, Array, Array], limit: float) -> Any:
    """Return which arrays make enough energy for the limit at all: no battery makes any."""
    made = fixed[0] * unit.sum() * (1 + _ROUNDING) + limit / terms.step_hours
    return made >= terms.load.sum()


def _by_lanes(
    terms: Terms, unit: Array, fixed: tuple[Array, Array, Array], search: tuple[float, float, float], compiled: bool
) -> Array:
    """Return the batteries by runs of the whole rule, all arrays side by side."""
    most, width, limit = search

    def holds(nameplate: Array, places: Any) -> Any:
        pv, power, rating = (values[places] for values in fixed)
        lanes = Lanes(pv_kwp=pv, usable_kwh=nameplate * terms.soc_window, battery_kw=power, genset_kw=rating)
        once = Years(pv=(1.0,), energy=(1.0,))
        chain = Chain(terms=terms, units=unit[None, :], years=once, lanes=lanes, detail=False, compiled=compiled)
        return chain.keeps(limit)

    every = np.arange(fixed[0].size)
    low, high = np.zeros(every.size), np.full(every.size, most)
    possible, needless = np.zeros(every.size, dtype=bool), np.zeros(every.size, dtype=bool)
    sets = fixed[2] > 0
    # No battery makes energy, and without sets none of it means no grid: two questions that need no simulation.
    enough = sets | _enough(terms, unit, fixed, limit)
    possible[enough] = holds(high[enough], every[enough])
    needless[sets] = holds(low[sets], every[sets])
    needless |= terms.load.sum() <= 0
    while True:
        todo = np.flatnonzero(possible & ~needless & (high - low > np.maximum(width, _FINEST * high)))
        if not todo.size:
            return np.where(needless, 0.0, np.where(possible, high, np.inf))
        a, b = np.maximum(low[todo], width), high[todo]
        # Far from the answer the ratio is halved, near it the distance.
        middle = np.where(b > _FAR * a, np.sqrt(a * b), (low[todo] + b) / 2)
        good = holds(middle, todo)
        low[todo], high[todo] = np.where(good, low[todo], middle), np.where(good, middle, b)
