"""Compressed air: leaks, pressure, intake temperature and unloaded running, through the compressor's control.

A load/unload compressor delivers its full flow or none: less demand moves hours from loaded to unloaded, and saves the
difference of the two inputs, not the loaded one. A modulating or speed-controlled one follows a straight line from its
power without flow to full power.
"""

from dataclasses import replace
from typing import Final

from mine_energy.errors import Finding
from mine_energy.measures.context import MeasureContext
from mine_energy.measures.gaps import gaps
from mine_energy.measures.machine import Machine, Point, at_input
from mine_energy.measures.outcome import Outcome, idle_reason, kept, note, priced, reason, saved, unsteady
from mine_energy.motors.compressor import CompressorControl, no_flow_power
from mine_energy.motors.tables import assumption
from mine_energy.site.measures import IntakeEntry, LeakEntry, PressureEntry, UnloadedEntry
from mine_energy.units import PA_PER_KPA, ZERO_CELSIUS_K

CAUSE: Final = "compressed_air"
_EXPONENT: Final = 0.283
"""(k - 1) / k of air, as in the usual pressure-ratio formula of compressors."""


def pressure_power_ratio(pressure_now_kpa: float, pressure_new_kpa: float, air_pressure_pa: float) -> float:
    """Return the power at a new discharge pressure over the power at today's.

    ((p2/pa + 1)^0.283 - 1) / ((p1/pa + 1)^0.283 - 1): ideal single-stage compression, both gauge pressures over the
    same site pressure. (Improving Compressed Air System Performance, US DOE and Compressed Air Challenge; exponent of
    MEASUR.)

    Parameters
    ----------
    pressure_now_kpa, pressure_new_kpa
        Gauge, kPa.
    air_pressure_pa
        Atmospheric pressure of the site, Pa.
    """

    def work(gauge_kpa: float) -> float:
        return float((gauge_kpa * PA_PER_KPA / air_pressure_pa + 1) ** _EXPONENT - 1)

    return work(pressure_new_kpa) / work(pressure_now_kpa)


def leak_fraction(loaded_minutes: float, unloaded_minutes: float) -> float:
    """Return leakage over full flow from a test without consumers: T / (T + t), loaded time over the whole cycle.

    Source: Improving Compressed Air System Performance, US DOE and Compressed Air Challenge (leak test of
    load/unload compressors).

    Parameters
    ----------
    loaded_minutes, unloaded_minutes
        T and t over several cycles.
    """
    return loaded_minutes / (loaded_minutes + unloaded_minutes)


def leaks(context: MeasureContext) -> list[Outcome]:
    """Return what the repair of leaks saves: the leaks' flow, through the compressor's control."""
    return [_leak(context, entry) for entry in context.choice.leaks] + gaps(
        context, "leaks", CAUSE, (e.tag for e in context.choice.leaks), _is_compressor
    )


def pressure(context: MeasureContext) -> list[Outcome]:
    """Return what a lower pressure saves while the compressor delivers."""
    return [_pressure(context, entry) for entry in context.choice.pressure] + gaps(
        context, "pressure", CAUSE, (e.tag for e in context.choice.pressure), _is_compressor
    )


def intake(context: MeasureContext) -> list[Outcome]:
    """Return what cooler intake air saves: the same mass of air is a smaller volume, as the absolute temperatures."""
    return [_intake(context, entry) for entry in context.choice.intake] + gaps(
        context, "intake", CAUSE, (e.tag for e in context.choice.intake), _is_compressor
    )


def unloaded(context: MeasureContext) -> list[Outcome]:
    """Return what stopping instead of running unloaded saves, with the unloaded hours that are left by then."""
    return [_unloaded(context, entry) for entry in context.choice.unloaded] + gaps(
        context, "unloaded", CAUSE, (e.tag for e in context.choice.unloaded), _runs_unloaded
    )


def _is_compressor(machine: Machine) -> bool:
    return machine.motor.equipment == "compressor"


def _runs_unloaded(machine: Machine) -> bool:
    return _is_compressor(machine) and any(p.unloaded and p.hours_per_year > 0 for p in machine.points)


def _obstacle(machine: Machine) -> Finding | None:
    return idle_reason(machine) or (None if _is_compressor(machine) else reason("measure_not_compressor"))


def _leak(context: MeasureContext, entry: LeakEntry) -> Outcome:
    machine = context.machine(entry.tag)
    control = entry.control or machine.motor.compressor_control
    obstacle = _obstacle(machine)
    if obstacle is not None or control is None:
        obstacle = obstacle or reason("measure_no_control")
        return kept(machine, "leaks", CAUSE, obstacle)
    stopped = context.effect(entry.leak_fraction * entry.repaired_fraction, entry.band)
    after = less_flow(machine, stopped, control)
    why = reason("measure_leaks", percent=entry.leak_fraction * 100, repaired=entry.repaired_fraction * 100)
    return priced(unsteady(saved(machine, after, "leaks", CAUSE, why)), entry, *_control_notes(machine, control))


def _intake(context: MeasureContext, entry: IntakeEntry) -> Outcome:
    machine = context.machine(entry.tag)
    control = entry.control or machine.motor.compressor_control
    obstacle = _obstacle(machine)
    if obstacle is None and entry.intake_new_deg_c >= entry.intake_now_deg_c:
        obstacle = reason("measure_saves_nothing")
    if obstacle is not None or control is None:
        obstacle = obstacle or reason("measure_no_control")
        return kept(machine, "intake", CAUSE, obstacle)
    warm, cool = entry.intake_now_deg_c + ZERO_CELSIUS_K, entry.intake_new_deg_c + ZERO_CELSIUS_K
    cut = context.effect(1 - cool / warm, entry.band) * flow_fraction(machine)
    after = less_flow(machine, cut, control)
    why = reason("measure_intake", now=entry.intake_now_deg_c, new=entry.intake_new_deg_c)
    return priced(unsteady(saved(machine, after, "intake", CAUSE, why)), entry, *_control_notes(machine, control))


def _pressure(context: MeasureContext, entry: PressureEntry) -> Outcome:
    machine = context.machine(entry.tag)
    obstacle = _obstacle(machine)
    if obstacle is None and entry.pressure_new_kpa >= entry.pressure_now_kpa:
        obstacle = reason("measure_saves_nothing")
    if obstacle is not None:
        return kept(machine, "pressure", CAUSE, obstacle)
    ratio = pressure_power_ratio(entry.pressure_now_kpa, entry.pressure_new_kpa, context.air_pressure_pa)
    factor = 1 - context.effect(1 - ratio, entry.band)
    points = tuple(p if p.unloaded else replace(p, shaft_kw=p.shaft_kw * factor) for p in machine.points)
    why = reason("measure_pressure", now=entry.pressure_now_kpa, new=entry.pressure_new_kpa, percent=(1 - ratio) * 100)
    return priced(saved(machine, replace(machine, points=points), "pressure", CAUSE, why), entry)


def _unloaded(context: MeasureContext, entry: UnloadedEntry) -> Outcome:
    machine = context.machine(entry.tag)
    obstacle = _obstacle(machine)
    if obstacle is None and not _runs_unloaded(machine):
        obstacle = reason("measure_never_unloaded")
    if obstacle is not None:
        return kept(machine, "unloaded", CAUSE, obstacle)
    left = 1 - context.effect(entry.stopped_fraction, entry.band)
    points = tuple(replace(p, hours_per_year=p.hours_per_year * left) if p.unloaded else p for p in machine.points)
    why = reason("measure_unloaded", percent=entry.stopped_fraction * 100)
    return priced(unsteady(saved(machine, replace(machine, points=points), "unloaded", CAUSE, why)), entry)


def flow_fraction(machine: Machine) -> float:
    """Return the mean flow of a compressor over its full flow while it turns: loaded hours over all of them."""
    hours = sum(p.hours_per_year for p in machine.points)
    return sum(p.hours_per_year for p in machine.points if not p.unloaded) / hours if hours else 0.0


def less_flow(machine: Machine, cut: float, control: CompressorControl) -> Machine:
    """Return a compressor that delivers less, through its control.

    Parameters
    ----------
    machine
        With its loaded and unloaded points.
    cut
        Flow no longer needed, over the full flow, while it turns.
    control
        ``load_unload`` moves hours to unloaded; the others lower the power along the straight line of
        :func:`~mine_energy.motors.compressor.compressor_power_fraction`. The mean input stands for full flow, which is
        on the safe side.
    """
    if control == "load_unload":
        return replace(machine, points=_moved(machine, cut))
    slope = 1 - no_flow_power(control).value
    factor = 1 - slope * min(cut, 1.0)
    points = tuple(p if p.unloaded else replace(p, shaft_kw=p.shaft_kw * factor) for p in machine.points)
    return replace(machine, points=points)


def _moved(machine: Machine, cut: float) -> tuple[Point, ...]:
    turning = sum(p.hours_per_year for p in machine.points)
    loaded = sum(p.hours_per_year for p in machine.points if not p.unloaded)
    share = min(cut * turning / loaded, 1.0) if loaded else 0.0
    points: list[Point] = []
    for point in machine.points:
        if point.unloaded:
            points.append(point)
            continue
        hours = point.hours_per_year
        points.append(replace(point, hours_per_year=hours * (1 - share)))
        points.append(replace(_idling(machine, point), hours_per_year=hours * share))
    return tuple(points)


def _idling(machine: Machine, point: Point) -> Point:
    """Return the unloaded point that a loaded one falls to."""
    existing = next((p for p in machine.points if p.unloaded), None)
    if existing is not None:
        return replace(existing, window=point.window)
    share = machine.motor.unloaded_input_fraction
    drawn = machine.input_kw(point) * (assumption("unloaded_input_fraction").value if share is None else share)
    return replace(at_input(machine, point, point.hours_per_year, drawn, unloaded=True), window=point.window)


def _control_notes(machine: Machine, control: CompressorControl) -> tuple[Finding, ...]:
    tag = machine.motor.tag
    if control != "load_unload":
        return (note(tag, "measure_air_control_assumed", percent=no_flow_power(control).value * 100),)
    if any(p.unloaded for p in machine.points) or machine.motor.unloaded_input_fraction is not None:
        return ()
    return (note(tag, "motor_unloaded_assumed", percent=assumption("unloaded_input_fraction").value * 100),)
