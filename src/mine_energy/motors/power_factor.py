"""Power factor of a motor at load."""

from typing import Any

import numpy as np

from mine_energy.motors.efficiency import losses
from mine_energy.motors.tables import TINY, Array, Values, checked, like, part_load_bands

_POINTS = np.array([0.25, 0.5, 0.75, 1.0])


def power_factor_at_load(
    load_factor: Values, rated_power_kw: Values, power_factor_full_load: Values | None = None
) -> Values:
    """Return the power factor of a motor at a load, 0 to 1.

    The median power factors of the size band at 25, 50, 75 and 100 % load (``data/motors/part_load.csv``) are turned
    into reactive power over rated power, which is interpolated. Below 25 % the reactive power stays, as it is nearly
    all magnetising; above full load the power factor stays. A plate's power factor scales the reactive power.

    Parameters
    ----------
    load_factor
        Shaft output over rated power, zero or more.
    rated_power_kw
        Rated shaft power, kW: sets the size band.
    power_factor_full_load
        Of the plate; None takes the band's median.

    Returns
    -------
    float or numpy.ndarray

    Raises
    ------
    InputError
        An argument is out of range.
    """
    load = checked("load_factor", load_factor, 0)
    active, reactive = relative_powers(load, rated_power_kw, power_factor_full_load)
    return like(active / np.hypot(active, reactive), load_factor)


def relative_powers(load: Array, rated_power_kw: Any, power_factor_full_load: Any = None) -> tuple[Array, Array]:
    """Return active and reactive input over rated power, of a motor with its band's typical efficiency."""
    power = checked("rated_power_kw", rated_power_kw, TINY)
    bands = part_load_bands()
    band = np.searchsorted(bands.kw_to, power)
    fixed, variable = losses(bands.typical_efficiency[band], power)
    tangent = _tangent(bands.power_factor[band])
    active = load + fixed + variable * load**2
    points = (_POINTS + fixed[..., None] + variable[..., None] * _POINTS**2) * tangent
    reactive = np.where(load > 1, active * tangent[..., -1], _interpolate(load, points))
    if power_factor_full_load is not None:
        plate = checked("power_factor_full_load", power_factor_full_load, TINY, 1)
        reactive = reactive * _tangent(plate) / tangent[..., -1]
    return active, reactive


def _tangent(power_factor: Array) -> Array:
    return np.sqrt(1 / power_factor**2 - 1)


def _interpolate(load: Array, points: Array) -> Array:
    place = np.clip(load, _POINTS[0], _POINTS[-1])
    step = np.clip(np.searchsorted(_POINTS, place) - 1, 0, len(_POINTS) - 2)
    share = (place - _POINTS[step]) / (_POINTS[step + 1] - _POINTS[step])
    shape = np.broadcast_shapes(load.shape, points.shape[:-1])
    table = np.broadcast_to(points, (*shape, points.shape[-1]))
    step, share = np.broadcast_to(step, shape)[..., None], np.broadcast_to(share, shape)
    low = np.take_along_axis(table, step, axis=-1)[..., 0]
    high = np.take_along_axis(table, step + 1, axis=-1)[..., 0]
    return np.asarray(low + (high - low) * share)
