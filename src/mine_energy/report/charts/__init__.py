"""Charts from plain numbers and words to bytes of SVG, or of PNG for a map; no study, no texts of their own."""

from mine_energy.report.charts.bars import horizontal_bars
from mine_energy.report.charts.carbon import emissions
from mine_energy.report.charts.cash import cumulative_cash
from mine_energy.report.charts.conserved import Block, conserved
from mine_energy.report.charts.days import Day, Line, typical_days
from mine_energy.report.charts.debt import debt_coverage
from mine_energy.report.charts.heat import Spot, orientation_map
from mine_energy.report.charts.months import monthly_sun
from mine_energy.report.charts.pareto import pareto
from mine_energy.report.charts.plan import (
    Calendar,
    CostBlock,
    Remaining,
    Spending,
    TaskBar,
    plan_curve,
    plan_gantt,
    plan_wedges,
)
from mine_energy.report.charts.reliability import (
    Flow,
    Fortnight,
    Found,
    Limit,
    Step,
    charge_classes,
    fortnight,
    frontier,
    reliability_map,
)
from mine_energy.report.charts.scatter import Curve, Points, scatter
from mine_energy.report.charts.sizes import SizeLine, SizeMark, size_sweep
from mine_energy.report.charts.stacks import Layer, monthly_balance, supply
from mine_energy.report.charts.steps import savings_steps
from mine_energy.report.charts.tornado import tornado
from mine_energy.report.charts.waterfall import waterfall

__all__ = [
    "Block",
    "Calendar",
    "CostBlock",
    "Curve",
    "Day",
    "Flow",
    "Fortnight",
    "Found",
    "Layer",
    "Limit",
    "Line",
    "Points",
    "Remaining",
    "SizeLine",
    "SizeMark",
    "Spending",
    "Spot",
    "Step",
    "TaskBar",
    "charge_classes",
    "conserved",
    "cumulative_cash",
    "debt_coverage",
    "emissions",
    "fortnight",
    "frontier",
    "horizontal_bars",
    "monthly_balance",
    "monthly_sun",
    "orientation_map",
    "pareto",
    "plan_curve",
    "plan_gantt",
    "plan_wedges",
    "reliability_map",
    "savings_steps",
    "scatter",
    "size_sweep",
    "supply",
    "tornado",
    "typical_days",
    "waterfall",
]
