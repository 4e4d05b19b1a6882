"""Charts from plain numbers and words to SVG bytes; no study, no texts of their own."""

from mine_energy.report.charts.bars import horizontal_bars
from mine_energy.report.charts.carbon import emissions
from mine_energy.report.charts.cash import cumulative_cash
from mine_energy.report.charts.days import Line, typical_day
from mine_energy.report.charts.stacks import Layer, monthly_balance, supply
from mine_energy.report.charts.waterfall import waterfall

__all__ = [
    "Layer",
    "Line",
    "cumulative_cash",
    "emissions",
    "horizontal_bars",
    "monthly_balance",
    "supply",
    "typical_day",
    "waterfall",
]
