"""What altitude leaves of the rated output of motors and drives."""

from functools import cache
from typing import Final

import numpy as np

from mine_energy.catalog import table
from mine_energy.motors.tables import TINY, Array, Values, assumption, checked, like

REFERENCE_ALTITUDE_M: Final = 1000.0
"""Plates hold up to this altitude, at 40 degC (IEC 60034-1, NEMA MG 1)."""
REFERENCE_AMBIENT_C: Final = 40.0
MAX_TABLE_ALTITUDE_M: Final = 4000.0
"""Beyond it the slope of the table's last step goes on: ask the manufacturer."""


def altitude_output_factor(altitude_m: Values, ambient_c: float = REFERENCE_AMBIENT_C) -> Values:
    """Return the share of its rated output that a motor may give at an altitude, at most one.

    Thin air cools less, so IEC 60034-1 and NEMA MG 1 rate motors up to 1,000 m at 40 degC. Above, the factors of a
    maker's manual (``data/motors/altitude_derating.csv``: 0.94 at 2,000 m, 0.86 at 3,000 m, 0.77 at 4,000 m and
    40 degC), linear between altitudes and temperatures; beyond 4,000 m the last slope goes on.

    Parameters
    ----------
    altitude_m
        Above sea level, m.
    ambient_c
        Highest air temperature at the motor, degC: 30 to 60; below 30 it counts as 30.
    """
    altitude = checked("altitude_m", altitude_m, -500, 6000)
    ambient = float(checked("ambient_c", ambient_c, -60, 60))
    altitudes, temperatures, factors = _grid()
    column = np.array([np.interp(ambient, temperatures, row) for row in factors])
    slope = (column[-1] - column[-2]) / (altitudes[-1] - altitudes[-2])
    inside = np.interp(altitude, altitudes, column)
    beyond = column[-1] + slope * (altitude - altitudes[-1])
    return like(np.minimum(np.where(altitude > altitudes[-1], beyond, inside), 1.0), altitude_m)


def derated_power_kw(rated_power_kw: Values, altitude_m: Values, ambient_c: float = REFERENCE_AMBIENT_C) -> Values:
    """Return the shaft power a motor may give without a break at an altitude, kW.

    Parameters
    ----------
    rated_power_kw
        Of the plate, kW.
    altitude_m
        Above sea level, m.
    ambient_c
        Highest air temperature at the motor, degC.

    Raises
    ------
    InputError
        An argument is out of range.
    """
    power = checked("rated_power_kw", rated_power_kw, TINY)
    return like(power * np.asarray(altitude_output_factor(altitude_m, ambient_c)), rated_power_kw)


def drive_output_factor(altitude_m: Values) -> Values:
    """Return the share of its rated output that a variable-speed drive may give at an altitude, at most one.

    One per cent less for every 100 m above 1,000 m (drive makers' manuals; ``data/motors/assumptions.csv``).
    """
    above = np.maximum(checked("altitude_m", altitude_m, -500, 6000) - REFERENCE_ALTITUDE_M, 0.0)
    return like(1 - assumption("drive_derating_per_100m").value * above / 100, altitude_m)


@cache
def _grid() -> tuple[Array, Array, Array]:
    rows = table("motors/altitude_derating.csv")
    altitudes = sorted({float(row["altitude_m"]) for row in rows})
    temperatures = sorted({float(row["ambient_c"]) for row in rows})
    cells = {(float(row["altitude_m"]), float(row["ambient_c"])): float(row["output_factor"]) for row in rows}
    return (
        np.array(altitudes),
        np.array(temperatures),
        np.array([[cells[a, t] for t in temperatures] for a in altitudes]),
    )
