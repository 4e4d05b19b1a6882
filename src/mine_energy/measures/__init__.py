"""Measures that save energy: one function each, listed in one dictionary in the order in which they are applied.

The order is load, speed and drive, transmission, motor, so that no saving is counted twice: a measure gets the
machines as the earlier ones leave them.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from mine_energy.measures import replacement
from mine_energy.measures.context import Machine, MeasureContext
from mine_energy.measures.saving import Saving

Measure = Callable[[MeasureContext], list[Saving]]

MEASURES: Mapping[str, Measure] = MappingProxyType({"replacement": replacement.apply})

__all__ = ["MEASURES", "Machine", "Measure", "MeasureContext", "Saving"]
