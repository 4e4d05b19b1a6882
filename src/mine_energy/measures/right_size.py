"""Smaller motors for machines that never need the present one."""

from dataclasses import replace
from typing import Final

from mine_energy.measures.context import MeasureContext, measure_assumption
from mine_energy.measures.gaps import gaps
from mine_energy.measures.machine import Machine
from mine_energy.measures.outcome import Outcome, kept, note, reason, saved
from mine_energy.measures.replacement import bought, motor_obstacle, new_motor, with_motor
from mine_energy.motors.altitude import derated_power_kw
from mine_energy.motors.tables import ratings_60hz
from mine_energy.site.measures import RightSizeEntry

MEASURE: Final = "right_size"
CAUSE: Final = "motor_size"
_LOW_LOAD: Final = 0.5
_HARD_STARTS: Final = frozenset({"crushing", "grinding", "hoisting", "conveying", "compressed_air"})


def apply(context: MeasureContext) -> list[Outcome]:
    """Return what motors of the right size save.

    The new rating is the smallest standard one whose output at the site's altitude covers the logged peak at 95 %
    load; its efficiency is the replacement class's minimum at that rating. Machines that start hard carry a warning
    until their torque is checked.

    Parameters
    ----------
    context
        The plant.
    """
    entries = context.choice.right_size
    done = [_outcome(context, entry) for entry in entries]
    return done + gaps(context, MEASURE, CAUSE, (e.tag for e in entries), _suits)


def _suits(machine: Machine) -> bool:
    motor = machine.motor
    low = machine.mean_shaft_kw < _LOW_LOAD * machine.rated_power_kw
    return motor.is_motor and motor.construction == "cage" and low


def right_rating_kw(peak_shaft_kw: float, altitude_m: float) -> float | None:
    """Return the smallest standard rating that carries a peak at an altitude at the upper end of a good load.

    Parameters
    ----------
    peak_shaft_kw
        Highest shaft output, kW.
    altitude_m
        Above sea level, m.
    """
    most = measure_assumption("right_size_load_high").value
    return next((kw for kw in ratings_60hz() if derated_power_kw(kw, altitude_m) * most >= peak_shaft_kw), None)


def _outcome(context: MeasureContext, entry: RightSizeEntry) -> Outcome:
    machine = context.machine(entry.tag)
    if not machine.motor.is_motor:
        return kept(machine, MEASURE, CAUSE, reason("measure_not_a_motor"))
    obstacle = motor_obstacle(machine, context)
    peak = entry.peak_load_factor * machine.rated_power_kw
    rating = right_rating_kw(peak, context.altitude_m)
    if obstacle is None and (rating is None or rating >= machine.rated_power_kw):
        obstacle = reason("measure_size_right", percent=entry.peak_load_factor * 100)
    new = None if obstacle is not None or rating is None else new_motor(machine, context, rating)
    if obstacle is None and new is None:
        obstacle = reason("measure_not_tabled", ie_class=context.replacement_class)
    if obstacle is not None or new is None or rating is None:
        return kept(machine, MEASURE, CAUSE, obstacle or reason("measure_saves_nothing"))
    new = replace(new, capex_usd=entry.capex_usd)
    after = with_motor(machine, new.efficiency, rating)
    why = reason("measure_right_size", kw=machine.rated_power_kw, new_kw=rating, percent=entry.peak_load_factor * 100)
    outcome = saved(machine, after, MEASURE, CAUSE, why)
    if outcome.saving.decision == "keep":
        return outcome
    done = bought(outcome, machine, after, new, context)
    hard = machine.motor.process in _HARD_STARTS and not entry.starting_torque_checked
    if not hard:
        return done
    warned = (*done.saving.findings, note(entry.tag, "measure_starting_torque", "warning"))
    return replace(done, saving=replace(done.saving, findings=warned))
