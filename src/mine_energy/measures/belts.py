"""Belts: notched or synchronous in place of V-belts."""

from dataclasses import replace
from typing import Final

from mine_energy.measures.context import MeasureContext
from mine_energy.measures.gaps import gaps
from mine_energy.measures.machine import Machine
from mine_energy.measures.outcome import Outcome, idle_reason, kept, note, priced, reason, saved
from mine_energy.motors.chain import BELT_LOSS_SHARE, Transmission, transmission_loss
from mine_energy.site.measures import BeltEntry

MEASURE: Final = "belt"
CAUSE: Final = "transmission"
_SHOCKS: Final = frozenset({"crushing"})


def apply(context: MeasureContext) -> list[Outcome]:
    """Return what better belts save: the machine takes the same power, the motor gives less.

    Parameters
    ----------
    context
        The plant.
    """
    entries = context.choice.belt
    done = [_outcome(context, entry) for entry in entries]
    return done + gaps(context, MEASURE, CAUSE, (e.tag for e in entries), _has_belt)


def _has_belt(machine: Machine) -> bool:
    return machine.motor.is_motor and machine.transmission == "v_belt"


def _outcome(context: MeasureContext, entry: BeltEntry) -> Outcome:
    machine = context.machine(entry.tag)
    obstacle = idle_reason(machine)
    if obstacle is None and machine.transmission not in BELT_LOSS_SHARE:
        obstacle = reason("measure_no_belt")
    if obstacle is None and entry.new == "synchronous_belt" and machine.motor.process in _SHOCKS:
        obstacle = reason("measure_belt_shocks")
    if obstacle is not None:
        return kept(machine, MEASURE, CAUSE, obstacle)
    after = with_belt(machine, entry.new, context)
    why = reason("measure_belt", percent=_loss(machine, machine.transmission), new_percent=_loss(machine, entry.new))
    findings = (note(entry.tag, "measure_belt_speed", "info"),) if machine.motor.load_type == "centrifugal" else ()
    return priced(saved(machine, after, MEASURE, CAUSE, why), entry, *findings)


def _loss(machine: Machine, kind: Transmission) -> float:
    return float(transmission_loss(kind, machine.mean_shaft_kw)) * 100


def with_belt(machine: Machine, kind: Transmission, context: MeasureContext) -> Machine:
    """Return a machine with another belt: shaft power times (1 - loss before) / (1 - loss after).

    Parameters
    ----------
    machine
        With a belt.
    kind
        Of the new belt.
    context
        Gives the end of the bands; the belts' losses have none of their own but the loads' and the difference's.
    """
    shaft = machine.mean_shaft_kw
    before, after = transmission_loss(machine.transmission, shaft), transmission_loss(kind, shaft)
    cut = 1 - (1 - before) / (1 - after)
    return replace(machine.scaled_shaft(1 - context.effect(cut, None)), transmission=kind)
