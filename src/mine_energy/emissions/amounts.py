"""Energies checked and summed, and tonnes of an energy by a factor."""

from math import fsum

import numpy as np
import numpy.typing as npt

from mine_energy.emissions.factors import Factor
from mine_energy.errors import InputError, Problem
from mine_energy.units import KWH_PER_MWH


def energies(energy_kwh: npt.ArrayLike, name: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return energies as a flat array of floats.

    Parameters
    ----------
    energy_kwh
        By hour (or any interval), kWh.
    name
        What they are, for the problem.

    Raises
    ------
    InputError
        One is negative or missing: gross flows are neither.
    """
    values = np.atleast_1d(np.asarray(energy_kwh, dtype=np.float64)).reshape(-1)
    bad = ~np.isfinite(values) | (values < 0)
    if bad.any():
        first = int(np.argmax(bad))
        params = {"position": first + 1}
        raise InputError([Problem(key="emissions_energy", field=name, value=str(values[first]), params=params)])
    return values


def total_kwh(energy_kwh: npt.ArrayLike, name: str) -> float:
    """Return the exact sum of energies, kWh; see :func:`energies` for what is refused."""
    return fsum(energies(energy_kwh, name))


def tonnes(energy_kwh: float, factor: Factor) -> float:
    """Return an energy times a factor per MWh, t."""
    return energy_kwh / KWH_PER_MWH * factor.value
