"""Motors: inventory rows, efficiency and power factor at load, load estimation, the chain from machine to line."""

from mine_energy.motors.altitude import altitude_output_factor, derated_power_kw, drive_output_factor
from mine_energy.motors.chain import drive_efficiency, drive_input_kw, drive_output_kw, transmission_loss
from mine_energy.motors.classes import ClassEfficiency, class_efficiency, nominal_efficiency
from mine_energy.motors.compressor import CompressorControl, compressor_power_fraction
from mine_energy.motors.curve import LossCurve, model_band, points_curve, two_loss_curve
from mine_energy.motors.efficiency import efficiency_at_load, fixed_loss_share, input_power_kw
from mine_energy.motors.evidence import INPUT_METHODS, Evidence, Feed, LoadMethod
from mine_energy.motors.inventory import IEClass, Motor, MotorInventory
from mine_energy.motors.load import (
    full_load_current_a,
    load_from_current,
    load_from_power,
    load_from_slip,
    poles_from_speed,
    relative_current,
    synchronous_speed_rpm,
)
from mine_energy.motors.plate import in_service
from mine_energy.motors.power_factor import power_factor_at_load
from mine_energy.motors.process import bond_energy_kwh_per_t, small_mill_factor
from mine_energy.motors.rewind import RewindLoss, rewind_loss
from mine_energy.motors.state import MotorState, motor_state, row_problems
from mine_energy.motors.voltage import unbalance_output_factor, voltage_unbalance

__all__ = [
    "INPUT_METHODS",
    "ClassEfficiency",
    "CompressorControl",
    "Evidence",
    "Feed",
    "IEClass",
    "LoadMethod",
    "LossCurve",
    "Motor",
    "MotorInventory",
    "MotorState",
    "RewindLoss",
    "altitude_output_factor",
    "bond_energy_kwh_per_t",
    "class_efficiency",
    "compressor_power_fraction",
    "derated_power_kw",
    "drive_efficiency",
    "drive_input_kw",
    "drive_output_factor",
    "drive_output_kw",
    "efficiency_at_load",
    "fixed_loss_share",
    "full_load_current_a",
    "in_service",
    "input_power_kw",
    "load_from_current",
    "load_from_power",
    "load_from_slip",
    "model_band",
    "motor_state",
    "nominal_efficiency",
    "points_curve",
    "poles_from_speed",
    "power_factor_at_load",
    "relative_current",
    "rewind_loss",
    "row_problems",
    "small_mill_factor",
    "synchronous_speed_rpm",
    "transmission_loss",
    "two_loss_curve",
    "unbalance_output_factor",
    "voltage_unbalance",
]
