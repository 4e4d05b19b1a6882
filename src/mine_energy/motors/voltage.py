"""Voltage unbalance at a motor's terminals, and what it leaves of the rated output."""

from functools import cache
from typing import Final

import numpy as np

from mine_energy.catalog import table
from mine_energy.motors.tables import TINY, Array, Values, checked, like

UNBALANCE_NOTICE: Final = 0.01
"""Up to here a motor carries its rated load (NEMA MG 1, voltage unbalance)."""
UNBALANCE_SERIOUS: Final = 0.02
"""From here the loss of output passes 5 %: find the cause."""
UNBALANCE_STOP: Final = 0.05
"""Above this NEMA MG 1 recommends not to run the motor."""
VOLTAGE_TOLERANCE: Final = 0.10
"""Running range of the voltage around the plate's (NEMA MG 1, variations from rated voltage)."""


def voltage_unbalance(voltage_ab_v: Values, voltage_bc_v: Values, voltage_ca_v: Values) -> Values:
    """Return the voltage unbalance of NEMA MG 1, 0 to 2: the largest deviation from the mean over the mean.

    Parameters
    ----------
    voltage_ab_v, voltage_bc_v, voltage_ca_v
        Line-to-line voltages, V.

    Returns
    -------
    float or numpy.ndarray

    Raises
    ------
    InputError
        A voltage is not above zero.
    """
    names = ("voltage_ab_v", "voltage_bc_v", "voltage_ca_v")
    lines: Array = np.stack(
        np.broadcast_arrays(
            *(checked(n, v, TINY) for n, v in zip(names, (voltage_ab_v, voltage_bc_v, voltage_ca_v), strict=True))
        )
    )
    mean = lines.mean(axis=0)
    return like(np.abs(lines - mean).max(axis=0) / mean, voltage_ab_v)


def unbalance_output_factor(unbalance: Values) -> Values:
    """Return the share of its rated output that a motor may give at a voltage unbalance.

    Points of the curve of NEMA MG 1 (``data/motors/voltage_unbalance.csv``), linear between them; beyond 5 %, where
    the motor should not run, the value of 5 %. No efficiency is corrected: the consequences in print differ too much.

    Parameters
    ----------
    unbalance
        Of :func:`voltage_unbalance`, as a fraction.
    """
    percent, factor = _curve()
    return like(np.interp(checked("unbalance", unbalance, 0) * 100, percent, factor), unbalance)


@cache
def _curve() -> tuple[Array, Array]:
    rows = table("motors/voltage_unbalance.csv")
    return (
        np.array([float(row["unbalance_percent"]) for row in rows]),
        np.array([float(row["output_factor"]) for row in rows]),
    )
