"""Other lamps: watts in less watts out, over the hours that the row burns."""

from typing import Final

from mine_energy.measures.context import MeasureContext
from mine_energy.measures.gaps import gaps
from mine_energy.measures.machine import Machine
from mine_energy.measures.outcome import Outcome, idle_reason, kept, priced, reason, saved
from mine_energy.site.measures import LightingEntry
from mine_energy.units import W_PER_KW

MEASURE: Final = "lighting"
CAUSE: Final = "lighting"
_SLACK: Final = 1.05


def apply(context: MeasureContext) -> list[Outcome]:
    """Return what other lamps save.

    The lamps' share of the row's rated power falls with the watts; its load factor (the share that burns) stays.

    Parameters
    ----------
    context
        The plant.
    """
    entries = context.choice.lighting
    done = [_outcome(context, context.machine(entry.tag), entry) for entry in entries]
    return done + gaps(context, MEASURE, CAUSE, (e.tag for e in entries), _is_lighting)


def _is_lighting(machine: Machine) -> bool:
    return machine.motor.equipment == "lighting"


def _outcome(context: MeasureContext, machine: Machine, entry: LightingEntry) -> Outcome:
    obstacle = idle_reason(machine) or (None if _is_lighting(machine) else reason("measure_not_lighting"))
    if obstacle is not None:
        return kept(machine, MEASURE, CAUSE, obstacle)
    rated_kw = machine.motor.rated_power_kw * machine.motor.quantity
    present_kw = entry.units * entry.watts_in / W_PER_KW
    if present_kw > rated_kw * _SLACK:
        return kept(machine, MEASURE, CAUSE, reason("measure_lamps_over_row", kw=present_kw, rated_kw=rated_kw))
    cut = entry.units * (entry.watts_in - entry.watts_out) / W_PER_KW / rated_kw
    # Watts in less watts out are counted; what varies is the hours and how many lamps burn.
    after = machine.scaled_shaft(1 - context.effect(cut, entry.band, assumed="band_counted"))
    why = reason("measure_lighting", units=entry.units, watts=entry.watts_in, new_watts=entry.watts_out)
    return priced(saved(machine, after, MEASURE, CAUSE, why), entry)
