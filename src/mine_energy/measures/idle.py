"""Automatic stop of machines that run without material: their empty power times their empty hours, and no more."""

from dataclasses import replace
from typing import Final

from mine_energy.measures.context import MeasureContext
from mine_energy.measures.gaps import gaps
from mine_energy.measures.machine import Machine, Point, at_input
from mine_energy.measures.outcome import Outcome, idle_reason, kept, priced, reason, saved, unsteady
from mine_energy.site.measures import IdleEntry

MEASURE: Final = "idle"
CAUSE: Final = "idle"
_PROCESSES: Final = frozenset({"crushing", "grinding", "conveying"})


def apply(context: MeasureContext) -> list[Outcome]:
    """Return what stopping empty machines saves.

    The row's energy stays: its empty hours take their measured input, the others what is left. The stop then removes
    empty hours.

    Parameters
    ----------
    context
        The plant.
    """
    entries = context.choice.idle
    done = [_outcome(context, entry) for entry in entries]
    return done + gaps(context, MEASURE, CAUSE, (e.tag for e in entries), _suits)


def _suits(machine: Machine) -> bool:
    return machine.motor.is_motor and machine.motor.process in _PROCESSES


def _outcome(context: MeasureContext, entry: IdleEntry) -> Outcome:
    machine = context.machine(entry.tag)
    obstacle = idle_reason(machine)
    if obstacle is None and not machine.motor.is_motor:
        obstacle = reason("measure_not_a_motor")
    if obstacle is None and entry.idle_hours_per_day > machine.motor.hours_per_day:
        params = {"hours": entry.idle_hours_per_day, "running": machine.motor.hours_per_day}
        obstacle = reason("measure_idle_over_hours", **params)
    split = None if obstacle is not None else _split(machine, entry)
    if obstacle is None and split is None:
        obstacle = reason("measure_idle_over_energy", kw=entry.idle_input_kw)
    if obstacle is not None or split is None:
        return kept(machine, MEASURE, CAUSE, obstacle or reason("measure_saves_nothing"))
    busy, empty = split
    others = tuple(p for p in machine.points if p.window != "running")
    before = replace(machine, points=(busy, empty, *others))
    left = 1 - context.effect(entry.stopped_fraction, entry.band)
    stopped = replace(empty, hours_per_year=empty.hours_per_year * left)
    after = replace(machine, points=(busy, stopped, *others))
    why = reason("measure_idle", hours=entry.idle_hours_per_day, kw=entry.idle_input_kw)
    return priced(unsteady(saved(before, after, MEASURE, CAUSE, why)), entry)


def _split(machine: Machine, entry: IdleEntry) -> tuple[Point, Point] | None:
    """Return the point with material and the empty one; None where the empty one alone would exceed the energy."""
    running = [p for p in machine.points if p.window == "running"]
    hours = sum(p.hours_per_year for p in running)
    energy = sum(p.hours_per_year * machine.input_kw(p) for p in running)
    empty_hours = hours * entry.idle_hours_per_day / machine.motor.hours_per_day
    if empty_hours * entry.idle_input_kw > energy or entry.idle_input_kw * hours > energy:
        return None
    busy_hours = hours - empty_hours
    busy_kw = (energy - empty_hours * entry.idle_input_kw) / busy_hours if busy_hours > 0 else 0.0
    busy = at_input(machine, running[0], busy_hours, busy_kw, unloaded=False)
    return busy, at_input(machine, running[0], empty_hours, entry.idle_input_kw, unloaded=False)
