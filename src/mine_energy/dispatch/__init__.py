"""The energy balance of every step: load, PV, battery, genset, grid. No weather, no money, no files.

Beside the balance (:func:`simulate`, :func:`simulate_many`, :func:`reliability_front`) stands what its rules are made
of: equipment derated to the site, outages, loads that may wait, what is shed first, and how long a battery lasts.
"""

from mine_energy.dispatch.ageing import BatteryLife, battery_life, calendar_loss_lfp, capacity_by_year
from mine_energy.dispatch.deferrable import (
    Batch,
    BlockRun,
    Deferred,
    Tank,
    daily_energy_kwh,
    defer,
    production_days,
    window_hours,
)
from mine_energy.dispatch.derate import (
    Derated,
    Engine,
    battery_limits,
    cell_temperature_c,
    engine_at_site,
    fuel_line_at_site,
    inverter_at_site,
)
from mine_energy.dispatch.front import reliability_front
from mine_energy.dispatch.many import Totals, Years, simulate_many
from mine_energy.dispatch.outages import Outages, draw_outages, outages_from_intervals, recorded_saidi
from mine_energy.dispatch.packaged import packaged_battery, packaged_genset
from mine_energy.dispatch.plant import Battery, Genset, Grid, Sizes
from mine_energy.dispatch.shed import LoadClass, ShedClass, split_unserved
from mine_energy.dispatch.simulate import DispatchResult, simulate

__all__ = [
    "Batch",
    "Battery",
    "BatteryLife",
    "BlockRun",
    "Deferred",
    "Derated",
    "DispatchResult",
    "Engine",
    "Genset",
    "Grid",
    "LoadClass",
    "Outages",
    "ShedClass",
    "Sizes",
    "Tank",
    "Totals",
    "Years",
    "battery_life",
    "battery_limits",
    "calendar_loss_lfp",
    "capacity_by_year",
    "cell_temperature_c",
    "daily_energy_kwh",
    "defer",
    "draw_outages",
    "engine_at_site",
    "fuel_line_at_site",
    "inverter_at_site",
    "outages_from_intervals",
    "packaged_battery",
    "packaged_genset",
    "production_days",
    "recorded_saidi",
    "reliability_front",
    "simulate",
    "simulate_many",
    "split_unserved",
    "window_hours",
]
