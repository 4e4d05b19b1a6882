"""Pumps that work against a valve, with too much head, or at a wrong point of their curve."""

from typing import Final

from mine_energy.errors import Finding
from mine_energy.measures.context import MeasureContext
from mine_energy.measures.gaps import gaps
from mine_energy.measures.machine import Machine
from mine_energy.measures.outcome import Outcome, idle_reason, kept, note, priced, reason, saved
from mine_energy.site.measures import PumpEntry
from mine_energy.units import SECONDS_PER_HOUR, W_PER_KW

MEASURE: Final = "pump"
CAUSE: Final = "pumping"
_GRAVITY_M_S2: Final = 9.80665
_WATER_KG_M3: Final = 1000.0
_CHECK: Final = 0.3
"""Difference between the pump's own figures and the inventory's shaft power from which they contradict each other."""


def pump_shaft_kw(flow_m3_per_h: float, head_m: float, pump_efficiency: float) -> float:
    """Return the shaft power of a pump in water: rho g Q H / efficiency, kW.

    Parameters
    ----------
    flow_m3_per_h, head_m, pump_efficiency
        At its point of work.
    """
    return _WATER_KG_M3 * _GRAVITY_M_S2 * flow_m3_per_h / SECONDS_PER_HOUR * head_m / pump_efficiency / W_PER_KW


def apply(context: MeasureContext) -> list[Outcome]:
    """Return what the right head and the right point save: at the same flow, power follows head over efficiency.

    Parameters
    ----------
    context
        The plant.
    """
    entries = context.choice.pump
    done = [_outcome(context, entry) for entry in entries]
    return done + gaps(context, MEASURE, CAUSE, (e.tag for e in entries), _suits)


def _suits(machine: Machine) -> bool:
    return machine.motor.process == "pumping" and machine.motor.load_type == "centrifugal"


def _outcome(context: MeasureContext, entry: PumpEntry) -> Outcome:
    machine = context.machine(entry.tag)
    obstacle = idle_reason(machine)
    if obstacle is None and (machine.motor.load_type != "centrifugal" or not machine.motor.is_motor):
        obstacle = reason("measure_not_a_pump")
    if obstacle is not None:
        return kept(machine, MEASURE, CAUSE, obstacle)
    ratio = entry.head_needed_m / entry.head_now_m * entry.efficiency_now / entry.efficiency_new
    after = machine.scaled_shaft(1 - context.effect(1 - ratio, entry.band))
    params = {"head": entry.head_now_m, "new_head": entry.head_needed_m}
    why = reason("measure_pump", **params, percent=entry.efficiency_now * 100, new_percent=entry.efficiency_new * 100)
    return priced(saved(machine, after, MEASURE, CAUSE, why), entry, *_checked(machine, entry))


def _checked(machine: Machine, entry: PumpEntry) -> tuple[Finding, ...]:
    if entry.flow_m3_per_h is None:
        return ()
    needed = pump_shaft_kw(entry.flow_m3_per_h, entry.head_now_m, entry.efficiency_now)
    shaft = machine.mean_shaft_kw
    if abs(needed - shaft) <= _CHECK * shaft:
        return ()
    return (note(entry.tag, "measure_pump_check", "warning", kw=needed, inventory_kw=shaft),)
