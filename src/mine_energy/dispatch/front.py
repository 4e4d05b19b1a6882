"""The smallest battery that keeps an island within its limit of unserved energy, for many arrays and years at once.

Unserved energy never rises with capacity, so a bracket around the capacity can be closed; those of all arrays of one
year are closed side by side, each in its own lane.
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
_TRIES: Final = 12
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
    most, width, limit = search

    def over(nameplate: Array, places: Any) -> Array:
        """Return by how much unserved energy of some arrays lies above the limit, kWh."""
        pv, power, rating = (values[places] for values in fixed)
        lanes = Lanes(pv_kwp=pv, usable_kwh=nameplate * terms.soc_window, battery_kw=power, genset_kw=rating)
        once = Years(pv=(1.0,), energy=(1.0,))
        chain = Chain(terms=terms, units=unit[None, :], years=once, lanes=lanes, detail=False, compiled=compiled)
        return np.asarray(chain.closed()[3][0] * terms.step_hours - limit)

    todo = np.arange(fixed[0].size)
    low, high = np.zeros(todo.size), np.full(todo.size, most)
    above, below = over(low, todo), over(high, todo)
    found = np.where(above <= 0, 0.0, np.where(below <= 0, high, np.inf))
    todo = np.flatnonzero((above > 0) & (below <= 0))
    low, high, above, below = (values[todo] for values in (low, high, above, below))
    attempt = 0
    while todo.size:
        middle = _guess(low, high, (above, below), width, attempt)
        at, attempt = over(middle, todo), attempt + 1
        good = at <= 0
        # The end that stays counts half next time (Illinois rule), or one end would never move.
        above, below = np.where(good, above / 2, at), np.where(good, at, below / 2)
        high, low = np.where(good, middle, high), np.where(good, low, middle)
        found[todo] = high
        left = high - low > width
        todo, low, high, above, below = (values[left] for values in (todo, low, high, above, below))
    return found


def _guess(low: Array, high: Array, ends: tuple[Array, Array], width: float, attempt: int) -> Array:
    """Return where to look next: the ratio halved far from the answer, a straight line near it, the middle each third.

    The line's guess is moved by some of `width` towards the far end, so that the answer ends between two of them.
    """
    middle = (low + high) / 2
    if attempt % 3 == 2:
        near = middle
    else:
        near = low + (high - low) * ends[0] / (ends[0] - ends[1])
        near = np.clip(near + np.where(near < middle, 0.4, -0.4) * width, low + 0.1 * width, high - 0.1 * width)
    start = np.maximum(low, width)
    return np.where(high > _FAR * start, np.sqrt(start * high), near)
