"""What is shed first: the load that stays unserved, split by priority."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from mine_energy.arrays import FloatArray, readonly

_ROUNDING: Final = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LoadClass:
    """A part of the load, for example crushing, milling, pumps and ventilation, camp.

    Parameters
    ----------
    name
        Unique.
    load_kw
        Shape (n,), mean power it asks for.
    """

    name: str
    load_kw: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ShedClass:
    """What a class did not get.

    Parameters
    ----------
    name
        Of the class.
    shed_kw
        Shape (n,).
    shed_kwh
        Energy of the whole period.
    shed_share
        Over the energy that the class asks for; 0 for a class without load.
    hours
        Hours in which it got less than it asks for.
    """

    name: str
    shed_kw: FloatArray
    shed_kwh: float
    shed_share: float
    hours: float


def split_unserved(unserved_kw: Any, classes: Sequence[LoadClass], *, step_hours: float = 1.0) -> tuple[ShedClass, ...]:
    """Return what each class is shed, in the order given: the first goes first, the last when nothing else is left.

    Parameters
    ----------
    unserved_kw
        Shape (n,), load without supply.
    classes
        Shed first to shed last; together at least the unserved load in each step.
    step_hours
        Length of a step.

    Returns
    -------
    tuple
        In the same order; their sum is the unserved load in each step.

    Raises
    ------
    ValueError
        No class, two of one name, a negative value, or more is unserved than the classes ask for.
    """
    left = np.asarray(unserved_kw, dtype=np.float64).copy()
    if not classes or len({one.name for one in classes}) != len(classes):
        raise ValueError("shedding needs classes with names of their own")
    loads = [np.asarray(one.load_kw, dtype=np.float64) for one in classes]
    total = np.sum(loads, axis=0)
    if (left < 0).any() or any((load < 0).any() for load in loads):
        raise ValueError("loads are not negative")
    if (left > total + _ROUNDING * (1 + total)).any():
        raise ValueError("more is unserved than the classes ask for")
    found = []
    for one, load in zip(classes, loads, strict=True):
        # The last class takes what is left, rounding included, so that the sum closes.
        shed = left.copy() if one is classes[-1] else np.minimum(left, load)
        left -= shed
        found.append(_shed(one.name, load, shed, step_hours))
    return tuple(found)


def _shed(name: str, load: Any, shed: Any, step_hours: float) -> ShedClass:
    asked = float(load.sum())
    return ShedClass(
        name=name,
        shed_kw=readonly(shed),
        shed_kwh=float(shed.sum() * step_hours),
        shed_share=float(shed.sum()) / asked if asked > 0 else 0.0,
        hours=float(np.count_nonzero(shed > _ROUNDING) * step_hours),
    )
