"""The plant's electric load: metered, built from the motor list and the shifts, scaled, or left after measures."""

from mine_energy.loads.analysis import DayComparison, DayType, LoadAnalysis, analyse
from mine_energy.loads.baseline import (
    Baseline,
    Prediction,
    cusum_kwh,
    fit_baseline,
    index_base_100,
    predict,
    year_standard_error_kwh,
)
from mine_energy.loads.bills import BillComparison, BillPeriod, Bills, MonthlySpread, compare_bills, spread_to_year
from mine_energy.loads.build import ScheduleRow, build_load, load_of, power_on, schedule_rows
from mine_energy.loads.calendar import rest_days, shift_windows, working_days
from mine_energy.loads.daytypes import DayGroups, DayKind, daily_kwh, day_groups, day_kind, day_kinds
from mine_energy.loads.demand import DemandRange, MonthDemand, demand_blocks, demand_range
from mine_energy.loads.fill import FillMethod, fill_gaps
from mine_energy.loads.from_bills import load_from_bills
from mine_energy.loads.from_fuel import load_from_fuel
from mine_energy.loads.fuel import FuelEnergy, FuelEntry, FuelLog, FuelPeriod, fuel_energy, fuel_line
from mine_energy.loads.holidays import Holiday, easter_sunday, holiday_dates, holidays
from mine_energy.loads.lben import LBEn, lben_record
from mine_energy.loads.phase_quality import analyse_quality, largest_deviation, negative_over_positive
from mine_energy.loads.plan import MachinePlan, plan_machines
from mine_energy.loads.power_quality import dip_findings, distortion_findings, unbalance_findings, voltage_findings
from mine_energy.loads.production import Production, production_points, with_energy
from mine_energy.loads.profile import LoadOrigin, LoadProfile
from mine_energy.loads.quality import phase_findings, quality_findings, weekly_shifts
from mine_energy.loads.quality_result import PowerQuality, QualityColumn
from mine_energy.loads.reactive import (
    ReactiveAnalysis,
    analyse_reactive,
    power_factor,
    reactive_excess_by_period,
    reactive_excess_kvarh,
)
from mine_energy.loads.schedule import Run, parse_schedule, schedule_text
from mine_energy.loads.year import days_behind, year_from_weeks

__all__ = [
    "Baseline",
    "BillComparison",
    "BillPeriod",
    "Bills",
    "DayComparison",
    "DayGroups",
    "DayKind",
    "DayType",
    "DemandRange",
    "FillMethod",
    "FuelEnergy",
    "FuelEntry",
    "FuelLog",
    "FuelPeriod",
    "Holiday",
    "LBEn",
    "LoadAnalysis",
    "LoadOrigin",
    "LoadProfile",
    "MachinePlan",
    "MonthDemand",
    "MonthlySpread",
    "PowerQuality",
    "Prediction",
    "Production",
    "QualityColumn",
    "ReactiveAnalysis",
    "Run",
    "ScheduleRow",
    "analyse",
    "analyse_quality",
    "analyse_reactive",
    "build_load",
    "compare_bills",
    "cusum_kwh",
    "daily_kwh",
    "day_groups",
    "day_kind",
    "day_kinds",
    "days_behind",
    "demand_blocks",
    "demand_range",
    "dip_findings",
    "distortion_findings",
    "easter_sunday",
    "fill_gaps",
    "fit_baseline",
    "fuel_energy",
    "fuel_line",
    "holiday_dates",
    "holidays",
    "index_base_100",
    "largest_deviation",
    "lben_record",
    "load_from_bills",
    "load_from_fuel",
    "load_of",
    "negative_over_positive",
    "parse_schedule",
    "phase_findings",
    "plan_machines",
    "power_factor",
    "power_on",
    "predict",
    "production_points",
    "quality_findings",
    "reactive_excess_by_period",
    "reactive_excess_kvarh",
    "rest_days",
    "schedule_rows",
    "schedule_text",
    "shift_windows",
    "spread_to_year",
    "unbalance_findings",
    "voltage_findings",
    "weekly_shifts",
    "with_energy",
    "working_days",
    "year_from_weeks",
    "year_standard_error_kwh",
]
