"""The energy balance of every step: load, PV, battery, genset, grid. No weather, no money, no files."""

from mine_energy.dispatch.front import reliability_front
from mine_energy.dispatch.many import Totals, Years, simulate_many
from mine_energy.dispatch.plant import Battery, Genset, Grid, Sizes
from mine_energy.dispatch.simulate import DispatchResult, simulate

__all__ = [
    "Battery",
    "DispatchResult",
    "Genset",
    "Grid",
    "Sizes",
    "Totals",
    "Years",
    "reliability_front",
    "simulate",
    "simulate_many",
]
