"""Power from the process: energy per tonne, and Bond's equation for grinding."""

from typing import Final

import numpy as np

from mine_energy.errors import InputError, Problem
from mine_energy.motors.tables import TINY, Values, checked, like

REFERENCE_MILL_M: Final = 2.44
"""Mill diameter inside the liners (8 ft) to which Bond's work index refers."""
LARGE_MILL_M: Final = 3.81
"""Above this diameter the factor no longer falls (0.914)."""


def bond_energy_kwh_per_t(
    work_index_kwh_per_t: Values, f80_um: Values, p80_um: Values, mill_diameter_m: Values | None = None
) -> Values:
    """Return the energy that grinding takes at the mill's pinion, kWh per metric tonne.

    Bond's third law, ``W = 10 Wi (1/sqrt(P80) - 1/sqrt(F80))``, times Rowland's factor for the diameter,
    ``(2.44/D)^0.2`` (1.12 at 1.4 m; constant above 3.81 m), when the diameter is given. Wet grinding in closed
    circuit; the factors for dry, open or very fine grinding are not applied.

    Parameters
    ----------
    work_index_kwh_per_t
        Ball-mill work index of the ore, kWh per metric tonne.
    f80_um, p80_um
        Sizes that 80 % of feed and product pass, micrometres; the feed is the coarser.
    mill_diameter_m
        Inside the liners, m; None leaves the factor at one.

    Returns
    -------
    float or numpy.ndarray

    Raises
    ------
    InputError
        An argument is out of range or the product is not finer than the feed.
    """
    index = checked("bond_work_index_kwh_per_t", work_index_kwh_per_t, TINY)
    feed, product = checked("f80_um", f80_um, TINY), checked("p80_um", p80_um, TINY)
    if (product >= feed).any():
        raise InputError([Problem(key="motor_bond_sizes", field="p80_um", value=f"{float(np.max(product)):g}")])
    factor = 1.0 if mill_diameter_m is None else np.asarray(small_mill_factor(mill_diameter_m))
    return like(10 * index * (1 / np.sqrt(product) - 1 / np.sqrt(feed)) * factor, work_index_kwh_per_t)


def small_mill_factor(mill_diameter_m: Values) -> Values:
    """Return Rowland's factor for the mill's diameter, ``(2.44/D)^0.2``, 0.914 from 3.81 m up."""
    diameter = np.minimum(checked("mill_diameter_m", mill_diameter_m, 0.1, 20), LARGE_MILL_M)
    return like((REFERENCE_MILL_M / diameter) ** 0.2, mill_diameter_m)
