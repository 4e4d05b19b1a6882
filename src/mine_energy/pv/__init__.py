"""The array that takes the sun: kW per kWp for every hour, the losses on the way, and the best way to face.

::

    Site, Weather --> resolve_array --> Array --> unit_yield --> UnitYield (kW per kWp, chain of losses, months)
                          |
                   best_orientation (map over tilt and azimuth)
"""

from mine_energy.pv.area import AreaResult, areas
from mine_energy.pv.array import DEFAULT_LOSSES, Array, Face, Loss, Tracker, array_of, equator_facing_deg, losses_of
from mine_energy.pv.catalogue import Equipment, equipment
from mine_energy.pv.chain import ChainStep, FaceYield, MonthYield, UnitYield, unit_yield
from mine_energy.pv.conditions import StringConditions, conditions_of
from mine_energy.pv.conditions import figure as electrical_figure
from mine_energy.pv.connection import LOW_VOLTAGE_V, Connection, Protection, connection
from mine_energy.pv.dc_ac import DcAcChoice, best_dc_ac
from mine_energy.pv.exceedance import Exceedance, YieldComponent, YieldUncertainty, yield_uncertainty
from mine_energy.pv.horizon import Horizon, horizon_of
from mine_energy.pv.hours import hourly_chain
from mine_energy.pv.inverters import Inverter, SharedInverter, altitude_limits, inverter_from_cec
from mine_energy.pv.modules import Module, StringModule, module_from_cec
from mine_energy.pv.orientation import Orientation, best_orientation, resolve_array, yield_map
from mine_energy.pv.performance import Performance, performance_of, unit_performance
from mine_energy.pv.soiling import Soiling, Washing, WashPlan, compare_washing, washing_plans
from mine_energy.pv.strings import StringDesign, StringRow, choose_design, design_strings

__all__ = [
    "DEFAULT_LOSSES",
    "LOW_VOLTAGE_V",
    "AreaResult",
    "Array",
    "ChainStep",
    "Connection",
    "DcAcChoice",
    "Equipment",
    "Exceedance",
    "Face",
    "FaceYield",
    "Horizon",
    "Inverter",
    "Loss",
    "Module",
    "MonthYield",
    "Orientation",
    "Performance",
    "Protection",
    "SharedInverter",
    "Soiling",
    "StringConditions",
    "StringDesign",
    "StringModule",
    "StringRow",
    "Tracker",
    "UnitYield",
    "WashPlan",
    "Washing",
    "YieldComponent",
    "YieldUncertainty",
    "altitude_limits",
    "areas",
    "array_of",
    "best_dc_ac",
    "best_orientation",
    "choose_design",
    "compare_washing",
    "conditions_of",
    "connection",
    "design_strings",
    "electrical_figure",
    "equator_facing_deg",
    "equipment",
    "horizon_of",
    "hourly_chain",
    "inverter_from_cec",
    "losses_of",
    "module_from_cec",
    "performance_of",
    "resolve_array",
    "unit_performance",
    "unit_yield",
    "washing_plans",
    "yield_map",
    "yield_uncertainty",
]
