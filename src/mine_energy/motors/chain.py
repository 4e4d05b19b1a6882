"""From the machine's shaft to the line: belts and gears, and the drive that feeds the motor."""

from collections.abc import Callable
from functools import cache
from typing import Final, Literal

import numpy as np

from mine_energy.catalog import table
from mine_energy.motors.tables import TINY, Array, Values, assumption, checked, like
from mine_energy.units import KW_PER_HP

Transmission = Literal["direct", "v_belt", "notched_belt", "synchronous_belt", "gearbox"]
BELT_LOSS_SHARE: Final = {"v_belt": 1.0, "notched_belt": 5 / 7, "synchronous_belt": 2 / 7}
"""Loss of a belt over that of a standard V-belt (US DOE, MEASUR)."""
MAX_BELT_KW: Final = 450.0
"""Largest motor of the belt formula's chart (600 hp); above it the loss stays, as the formula is flat there."""


def transmission_loss(kind: Transmission, shaft_kw: Values) -> Values:
    """Return the power lost between motor and machine over what the motor's shaft gives, 0 to 1.

    V-belts: ``0.68759 exp(-0.019791 hp) + 3.7558 exp(-0.21507 hp) + 3.9963`` per cent, hp at the motor's shaft (fit of
    AMCA 203's chart as used by the US DOE's MEASUR: 8.4 % at nothing, 4.4 % at 25 hp); notched belts lose five
    sevenths of it, synchronous ones two sevenths. A gearbox has the assumption of ``data/motors/assumptions.csv``.

    Parameters
    ----------
    kind
        Transmission of the inventory.
    shaft_kw
        Power of the motor's shaft, kW, zero or more.

    Returns
    -------
    float or numpy.ndarray
    """
    power = checked("shaft_kw", shaft_kw, 0)
    if kind in BELT_LOSS_SHARE:
        hp = np.minimum(power, MAX_BELT_KW) / KW_PER_HP
        percent = 0.68759 * np.exp(-0.019791 * hp) + 3.7558 * np.exp(-0.21507 * hp) + 3.9963
        return like(percent / 100 * BELT_LOSS_SHARE[kind], shaft_kw)
    lost = assumption("gearbox_loss").value if kind == "gearbox" else 0.0
    return like(np.full_like(power, lost), shaft_kw)


def drive_efficiency(drive_kw: Values, output_fraction: Values) -> Values:
    """Return the efficiency of a variable-speed drive, 0 to 1.

    Table by drive size and output over rating (``data/motors/vfd_efficiency.csv``: pulse-width drives of 3 to 400 hp),
    linear in both. Smaller and larger drives take the nearest size; below 1.6 % and above full output the last value.

    Parameters
    ----------
    drive_kw
        Rated output of the drive, kW.
    output_fraction
        Output over rated output, zero or more.

    Returns
    -------
    float or numpy.ndarray
    """
    size, fraction = checked("drive_kw", drive_kw, TINY), checked("output_fraction", output_fraction, 0)
    return like(_efficiency(size, fraction), output_fraction)


def _efficiency(drive_kw: Array, output_fraction: Array) -> Array:
    sizes, fractions, values = _drives()
    size, fraction = np.broadcast_arrays(
        np.clip(drive_kw, sizes[0], sizes[-1]), np.clip(output_fraction, fractions[0], fractions[-1])
    )
    row = np.clip(np.searchsorted(sizes, size) - 1, 0, len(sizes) - 2)
    column = np.clip(np.searchsorted(fractions, fraction) - 1, 0, len(fractions) - 2)
    along = (size - sizes[row]) / (sizes[row + 1] - sizes[row])
    across = (fraction - fractions[column]) / (fractions[column + 1] - fractions[column])
    low = values[row, column] + (values[row, column + 1] - values[row, column]) * across
    high = values[row + 1, column] + (values[row + 1, column + 1] - values[row + 1, column]) * across
    return np.asarray(low + (high - low) * along)


def drive_input_kw(motor_input_kw: Values, drive_kw: float) -> Values:
    """Return what a drive draws from the line to give a motor its input, kW.

    Parameters
    ----------
    motor_input_kw
        At the motor's terminals, kW, the extra losses that the drive causes included.
    drive_kw
        Rated output of the drive, kW.
    """
    output = checked("motor_input_kw", motor_input_kw, 0)
    return like(output / _efficiency(np.asarray(drive_kw), output / drive_kw), motor_input_kw)


def drive_output_kw(line_input_kw: float, drive_kw: float) -> float:
    """Return what a drive gives its motor out of what it draws from the line, kW: :func:`drive_input_kw` inverted."""
    return inverse(lambda output: float(drive_input_kw(output, drive_kw)), line_input_kw, line_input_kw)


def inverse(rising: Callable[[float], float], target: float, high: float) -> float:
    """Return where a rising function reaches a target, between zero and `high`, by bisection."""
    low = 0.0
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < target else (low, middle)
    return (low + high) / 2


@cache
def _drives() -> tuple[Array, Array, Array]:
    rows = table("motors/vfd_efficiency.csv")
    sizes = sorted({float(row["drive_kw"]) for row in rows})
    fractions = sorted({float(row["output_power_fraction"]) for row in rows})
    cells = {(float(r["drive_kw"]), float(r["output_power_fraction"])): float(r["efficiency_pct"]) / 100 for r in rows}
    return np.array(sizes), np.array(fractions), np.array([[cells[s, f] for f in fractions] for s in sizes])
