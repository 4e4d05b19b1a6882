"""The array that takes the sun: kW per kWp for every hour, the losses on the way, and the best way to face.

::

    Site, Weather --> resolve_array --> Array --> unit_yield --> UnitYield (kW per kWp, chain of losses, months)
                          |
                   best_orientation (map over tilt and azimuth)
"""

from mine_energy.pv.array import DEFAULT_LOSSES, Array, Loss, array_of, equator_facing_deg, losses_of
from mine_energy.pv.chain import ChainStep, MonthYield, UnitYield, unit_yield
from mine_energy.pv.orientation import Orientation, best_orientation, resolve_array, yield_map

__all__ = [
    "DEFAULT_LOSSES",
    "Array",
    "ChainStep",
    "Loss",
    "MonthYield",
    "Orientation",
    "UnitYield",
    "array_of",
    "best_orientation",
    "equator_facing_deg",
    "losses_of",
    "resolve_array",
    "unit_yield",
    "yield_map",
]
