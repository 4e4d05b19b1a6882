"""Measures that a machine would suit and nobody measured: listed, never assumed."""

from collections.abc import Callable, Iterable

from mine_energy.measures.context import MeasureContext
from mine_energy.measures.machine import Machine
from mine_energy.measures.outcome import Outcome, idle_reason, kept, reason

NO_DATA = "measure_no_data_"
"""Start of the keys of the reasons that say what to measure."""


def gaps(
    context: MeasureContext, measure: str, cause: str, named: Iterable[str], suits: Callable[[Machine], bool]
) -> list[Outcome]:
    """Return a "never: no data" for every running machine that a measure suits and the site file does not name.

    Parameters
    ----------
    context
        The plant.
    measure, cause
        Names.
    named
        Tags that have an entry.
    suits
        Whether the measure could touch a machine.
    """
    known = set(named)
    return [
        kept(machine, measure, cause, reason(NO_DATA + measure))
        for machine in context.machines
        if machine.motor.tag not in known and idle_reason(machine) is None and suits(machine)
    ]
