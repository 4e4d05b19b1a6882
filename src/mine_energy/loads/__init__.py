"""The plant's electric load: metered, built from the motor list and the shifts, scaled, or left after measures."""

from mine_energy.loads.build import ScheduleRow, build_load, load_of, power_on, schedule_rows
from mine_energy.loads.calendar import rest_days, shift_windows, working_days
from mine_energy.loads.holidays import Holiday, easter_sunday, holiday_dates, holidays
from mine_energy.loads.plan import MachinePlan, plan_machines
from mine_energy.loads.profile import LoadOrigin, LoadProfile
from mine_energy.loads.schedule import Run, parse_schedule, schedule_text

__all__ = [
    "Holiday",
    "LoadOrigin",
    "LoadProfile",
    "MachinePlan",
    "Run",
    "ScheduleRow",
    "build_load",
    "easter_sunday",
    "holiday_dates",
    "holidays",
    "load_of",
    "parse_schedule",
    "plan_machines",
    "power_on",
    "rest_days",
    "schedule_rows",
    "schedule_text",
    "shift_windows",
    "working_days",
]
