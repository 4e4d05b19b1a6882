"""Motors: the inventory's rows, efficiency and power factor at load, load estimation, input power."""

from mine_energy.motors.classes import ClassEfficiency, class_efficiency, nominal_efficiency
from mine_energy.motors.efficiency import efficiency_at_load, fixed_loss_share, input_power_kw
from mine_energy.motors.inventory import IEClass, Motor, MotorInventory
from mine_energy.motors.load import (
    full_load_current_a,
    load_from_current,
    load_from_power,
    load_from_slip,
    poles_from_speed,
    relative_current,
)
from mine_energy.motors.power_factor import power_factor_at_load
from mine_energy.motors.state import MotorState, motor_state

__all__ = [
    "ClassEfficiency",
    "IEClass",
    "Motor",
    "MotorInventory",
    "MotorState",
    "class_efficiency",
    "efficiency_at_load",
    "fixed_loss_share",
    "full_load_current_a",
    "input_power_kw",
    "load_from_current",
    "load_from_power",
    "load_from_slip",
    "motor_state",
    "nominal_efficiency",
    "poles_from_speed",
    "power_factor_at_load",
    "relative_current",
]
