"""Efficiency and input power of a motor at part load: the two-loss model."""

from typing import Any, Final

import numpy as np

from mine_energy.motors.tables import TINY, Array, Values, checked, like, part_load_bands

DEFAULT_FIXED_LOSS_SHARE: Final = 0.36
"""Fixed-loss share where the rated power is not known: median over all sizes of the fit in ``part_load.csv``."""


def fixed_loss_share(rated_power_kw: Values) -> Values:
    """Return the share of the full-load losses that does not depend on load, by size band.

    Parameters
    ----------
    rated_power_kw
        Rated shaft power, kW.

    Returns
    -------
    float or numpy.ndarray
        0 to 1. Source: medians of ``data/motors/part_load.csv``.
    """
    bands = part_load_bands()
    power = checked("rated_power_kw", rated_power_kw, TINY)
    return like(bands.fixed_loss_share[np.searchsorted(bands.kw_to, power)], rated_power_kw)


def efficiency_at_load(
    efficiency_full_load: Values, load_factor: Values, rated_power_kw: Values | None = None
) -> Values:
    """Return motor efficiency at a load, 0 to 1.

    Two-loss model: losses over rated output are ``v0 + vL p^2`` with ``v0 + vL = 1/eff100 - 1``; efficiency is
    ``p / (p + v0 + vL p^2)``. The fixed share ``v0`` follows the size band. Against the curves it was fitted on the
    median error is 0.23, 0.43 and 0.69 points at 75, 50 and 25 % load.

    Parameters
    ----------
    efficiency_full_load
        0 to 1, above zero.
    load_factor
        Shaft output over rated power, zero or more.
    rated_power_kw
        Sets the size band; None takes the median of all sizes.

    Returns
    -------
    float or numpy.ndarray
        Zero at zero load.

    Raises
    ------
    InputError
        An argument is out of range.
    """
    load = checked("load_factor", load_factor, 0)
    drawn = _relative_input(efficiency_full_load, load, rated_power_kw)
    return like(np.divide(load, drawn, out=np.zeros_like(drawn), where=load > 0), load_factor)


def input_power_kw(rated_power_kw: Values, load_factor: Values, efficiency_full_load: Values) -> Values:
    """Return the electric input of a motor, kW; at zero load its no-load loss.

    Parameters
    ----------
    rated_power_kw
        Rated shaft power, kW.
    load_factor
        Shaft output over rated power, zero or more.
    efficiency_full_load
        0 to 1, above zero.

    Returns
    -------
    float or numpy.ndarray

    Raises
    ------
    InputError
        An argument is out of range.
    """
    power = checked("rated_power_kw", rated_power_kw, TINY)
    load = checked("load_factor", load_factor, 0)
    return like(power * _relative_input(efficiency_full_load, load, rated_power_kw), rated_power_kw)


def losses(efficiency_full_load: Any, rated_power_kw: Any) -> tuple[Array, Array]:
    """Return the fixed and the load losses at full load, both over rated output."""
    efficiency = checked("efficiency_full_load", efficiency_full_load, TINY, 1)
    total = 1 / efficiency - 1
    share = DEFAULT_FIXED_LOSS_SHARE if rated_power_kw is None else fixed_loss_share(rated_power_kw)
    fixed = total * share
    return fixed, total - fixed


def _relative_input(efficiency_full_load: Any, load: Array, rated_power_kw: Any) -> Array:
    fixed, variable = losses(efficiency_full_load, rated_power_kw)
    return np.asarray(load + fixed + variable * load**2)
