"""What a sizing is given beside its series and costs: prices through the meter, bounds, and what age takes."""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np

from mine_energy.arrays import FloatArray
from mine_energy.dispatch import DispatchResult, Grid
from mine_energy.errors import InputError, Problem
from mine_energy.sizing.costs import COLUMNS
from mine_energy.sizing.goals import Age


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prices:
    """What energy through the meter costs.

    Parameters
    ----------
    import_per_kwh, export_per_kwh
        Scalars or shape (n,).
    bill
        Cost a year of one simulated year, imports less credits, by the tariff's own rules (blocks, swaps, demand);
        None where the two prices say all. A search runs on the prices and is settled by the bill, which is given the
        steps of :class:`Metered` where there are such.
    pv_steps_kwp
        Arrays at which the tariff's rules change (an inverter sum of 100 kW): tried beside the others.
    """

    import_per_kwh: Any = 0.0
    export_per_kwh: Any = 0.0
    bill: Callable[[DispatchResult], float] | None = None
    pv_steps_kwp: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Metered:
    """The load in its meter's own steps, a whole number of which make one step of the search.

    A mean over the hour hides that one quarter imports while the next exports, and lowers every peak that a tariff
    bills. So the plant that a search finds is settled, described and billed on these steps.

    Parameters
    ----------
    load_kw
        Shape (k n,).
    grid
        The connection on these steps; None repeats that of the search.
    """

    load_kw: FloatArray
    grid: Grid | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Least and most of each size; equal ends fix it.

    Parameters
    ----------
    pv_kwp, battery_kwh, battery_kw, genset_kw
        Pairs.
    battery_kw_per_kwh
        Power that comes with each kWh, where racks carry their inverter; None sizes the power by itself.
    inverter_kw
        Sum of the PV inverters' AC ratings; the array's output stops there.
    """

    pv_kwp: tuple[float, float] = (0.0, inf)
    battery_kwh: tuple[float, float] = (0.0, inf)
    battery_kw: tuple[float, float] = (0.0, inf)
    genset_kw: tuple[float, float] = (0.0, inf)
    battery_kw_per_kwh: float | None = None
    inverter_kw: float = inf

    def __post_init__(self) -> None:
        for name in COLUMNS:
            low, high = getattr(self, name)
            if not 0 <= low <= high or low == inf:
                raise InputError([Problem(key="size_bounds", field=name, value=f"{low} to {high}")])


@dataclass(frozen=True, slots=True, kw_only=True)
class Ageing:
    """What age takes every year.

    Parameters
    ----------
    pv_per_year, battery_per_year
        Share lost of what modules give, compound; and of the battery's energy.
    """

    pv_per_year: float = 0.0
    battery_per_year: float = 0.0

    def left(self, age: Age, years: float) -> tuple[float, float]:
        """Return what PV and battery still give, as shares of the first day.

        Parameters
        ----------
        age
            The first, the average or the last year.
        years
            Of the plant's life.
        """
        return _left(self.pv_per_year, age, years), _left(self.battery_per_year, age, years)


def _left(lost: float, age: Age, years: float) -> float:
    last = max(int(np.ceil(years)), 1) - 1
    if age == "first" or lost == 0:
        return 1.0
    if age == "last":
        return float((1 - lost) ** last)
    return float(np.mean((1 - lost) ** np.arange(last + 1)))
