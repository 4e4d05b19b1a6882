"""Measures that save energy: one function each, listed in one dictionary in the order in which they are applied.

The order is load, speed and drive, transmission, motor, plant, so that no saving is counted twice: a measure gets the
machines as the earlier ones leave them.
"""

from mine_energy.measures.context import MeasureContext, PlantSeries, measure_assumption
from mine_energy.measures.engine import Assessment, assess
from mine_energy.measures.machine import Machine, Point
from mine_energy.measures.outcome import Outcome
from mine_energy.measures.registry import MEASURES, Measure
from mine_energy.measures.saving import Saving

__all__ = [
    "MEASURES",
    "Assessment",
    "Machine",
    "Measure",
    "MeasureContext",
    "Outcome",
    "PlantSeries",
    "Point",
    "Saving",
    "assess",
    "measure_assumption",
]
