"""The one list of measures, in the order in which they are applied: load, speed, transmission, motor, plant."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from mine_energy.measures import (
    air,
    belts,
    drives,
    idle,
    lighting,
    plant,
    power_factor,
    pumps,
    replacement,
    right_size,
    ventilation,
)
from mine_energy.measures.context import MeasureContext
from mine_energy.measures.outcome import Outcome

Measure = Callable[[MeasureContext], list[Outcome]]

MEASURES: Final[Mapping[str, Measure]] = MappingProxyType(
    {
        "lighting": lighting.apply,
        "leaks": air.leaks,
        "intake": air.intake,
        "pressure": air.pressure,
        "unloaded": air.unloaded,
        "pump": pumps.apply,
        "idle": idle.apply,
        "ventilation": ventilation.apply,
        "drive": drives.drive,
        "soft_starter": drives.soft_starter,
        "belt": belts.apply,
        "right_size": right_size.apply,
        "replacement": replacement.apply,
        "transformer": plant.transformers,
        "board": plant.boards,
        "shift": plant.shifts,
        "power_factor": power_factor.apply,
    }
)
ON_THE_MOTOR: Final = frozenset({"right_size", "replacement"})
"""Measures that buy a motor."""
ON_THE_PLANT: Final = frozenset({"transformer", "board", "shift", "power_factor"})
"""Measures that change no machine: they come last and see the plant's power as the others leave it."""
