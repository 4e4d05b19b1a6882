"""Variable-speed drives on pumps and fans, ventilation on demand, and soft starters, which save nothing alone."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from mine_energy.errors import Finding
from mine_energy.finance import packaged
from mine_energy.measures.context import MeasureContext, measure_assumption
from mine_energy.measures.curves import speed_controlled_power, throttled_power
from mine_energy.measures.gaps import gaps
from mine_energy.measures.machine import Machine, Point
from mine_energy.measures.outcome import Outcome, idle_reason, kept, note, priced, reason, saved, unsteady
from mine_energy.motors.altitude import drive_output_factor
from mine_energy.motors.chain import drive_input_kw
from mine_energy.motors.tables import assumption
from mine_energy.site.measures import DriveEntry, Duty

CAUSE: Final = "speed"
_SMALL_DRIVE_KW: Final = 37.0
"""Up to here a drive takes the price per kW of a small one."""


def drive(context: MeasureContext) -> list[Outcome]:
    """Return what drives save where the flow varies: the crossing of machine and system curve, less their losses.

    Mills, crushers, conveyors and positive-displacement machines are refused: their power does not follow the cube of
    speed.

    Parameters
    ----------
    context
        The plant.
    """
    entries = context.choice.drive
    done = [_drive(context, entry) for entry in entries]
    return done + gaps(context, "drive", CAUSE, (e.tag for e in entries), _suits)


def soft_starter(context: MeasureContext) -> list[Outcome]:
    """Return for every proposed soft starter that it saves nothing: it spares belts and the network, not energy."""
    why = reason("measure_soft_starter_saves_nothing")
    return [kept(context.machine(e.tag), "soft_starter", "idle", why) for e in context.choice.soft_starter]


def has_drive(machine: Machine) -> bool:
    """Whether a machine's speed is controlled already, in the inventory or by an earlier measure."""
    return any(p.behind_drive for p in machine.points)


def _suits(machine: Machine) -> bool:
    motor = machine.motor
    return (
        motor.is_motor and motor.load_type == "centrifugal" and motor.construction == "cage" and not has_drive(machine)
    )


def drive_obstacle(machine: Machine) -> Finding | None:
    """Return why a drive has no place on a machine, or None."""
    nothing = idle_reason(machine)
    if nothing is not None:
        return nothing
    if machine.motor.load_type != "centrifugal" or not machine.motor.is_motor:
        return reason("measure_drive_not_centrifugal")
    if has_drive(machine):
        return reason("measure_has_drive")
    return None


def _drive(context: MeasureContext, entry: DriveEntry) -> Outcome:
    machine = context.machine(entry.tag)
    obstacle = drive_obstacle(machine)
    if obstacle is not None:
        return kept(machine, "drive", CAUSE, obstacle)
    stated = entry.shutoff_head_ratio
    shutoff = measure_assumption("shutoff_head_ratio").value if stated is None else stated
    static = entry.static_head_fraction

    def now(flow: float) -> float:
        return throttled_power(flow, shutoff) if entry.control_now == "throttle" else 1.0

    def new(flow: float) -> float:
        return speed_controlled_power(flow, static, shutoff)

    after = speed_controlled(machine, _at_end(context, entry.duty, entry.band), now, new)
    why = reason("measure_drive", percent=_mean_flow(entry.duty) * 100, static_percent=static * 100)
    outcome = unsteady(saved(machine, after, "drive", CAUSE, why))
    return _with_price(context, outcome, machine, entry, stated is None)


def _mean_flow(duty: Duty) -> float:
    return sum(share * flow for share, flow in duty)


def _at_end(context: MeasureContext, duty: Duty, band: float | None) -> Duty:
    """Return a duty whose cuts in flow stand at this end of their band."""
    return tuple((share, 1 - context.effect(1 - flow, band)) for share, flow in duty)


def speed_controlled(
    machine: Machine, duty: Duty, now: Callable[[float], float], new: Callable[[float], float]
) -> Machine:
    """Return a machine whose flow is set by a drive.

    Today's mean shaft power over the duty fixes the shaft power at rated flow; every point of the duty then takes its
    power at its speed, the motor's extra losses behind a drive, and the drive's own.

    Parameters
    ----------
    machine
        Without a drive.
    duty
        Shares of the hours and flows.
    now, new
        Shaft power over that at rated flow, as a function of flow: as controlled today, and by speed.
    """
    mean = sum(share * now(flow) for share, flow in duty)
    points = [
        _driven(machine, point, point.hours_per_year * share, point.shaft_kw / mean * new(flow))
        for point in machine.points
        for share, flow in duty
        if share > 0
    ]
    return replace(machine, points=tuple(points))


def _driven(machine: Machine, point: Point, hours: float, shaft_kw: float) -> Point:
    rated = machine.rated_power_kw
    motor_kw = machine.motor_kw(shaft_kw)
    fed = motor_kw * (1 + assumption("drive_motor_extra_loss").value)
    drawn = drive_input_kw(fed, rated / machine.efficiency_full_load)
    chain = point.chain * drawn / motor_kw
    return replace(point, hours_per_year=hours, shaft_kw=shaft_kw, chain=chain, behind_drive=True)


def drive_notes(context: MeasureContext, machine: Machine) -> tuple[Finding, ...]:
    """Return what has to be said about every new drive: harmonics, and its rating at the altitude."""
    tag = machine.motor.tag
    notes = [note(tag, "measure_drive_harmonics", "info")]
    factor = drive_output_factor(context.altitude_m)
    if factor < 1:
        notes.append(note(tag, "measure_drive_derated", "info", percent=factor * 100, altitude=context.altitude_m))
    return tuple(notes)


def drive_price(context: MeasureContext, outcome: Outcome, machine: Machine) -> Outcome:
    """Return an outcome with the packaged price of a drive for every running unit (confidence D)."""
    size = "small" if machine.rated_power_kw <= _SMALL_DRIVE_KW else "medium"
    price = packaged(f"vfd_capex_{size}", context.country)
    units = machine.rated_power_kw * machine.motor.quantity
    changed = replace(
        outcome.saving,
        capex_usd=price.value * units,
        capex_low_usd=price.low.value * units,
        capex_high_usd=price.high.value * units,
        price_known=True,
        capex_assumed=True,
        findings=(*outcome.saving.findings, note(machine.motor.tag, "measure_drive_price_assumed")),
    )
    return replace(outcome, saving=changed)


def _with_price(
    context: MeasureContext, outcome: Outcome, machine: Machine, entry: DriveEntry, curve_assumed: bool
) -> Outcome:
    if outcome.saving.decision == "keep":
        return outcome
    notes = drive_notes(context, machine)
    if curve_assumed:
        ratio = measure_assumption("shutoff_head_ratio").value
        notes = (*notes, note(entry.tag, "measure_pump_curve_assumed", ratio=ratio))
    if entry.capex_usd is not None:
        return priced(outcome, entry, *notes)
    done = drive_price(context, outcome, machine)
    stated = replace(
        done.saving,
        life_years=entry.life_years if entry.life_years is not None else done.saving.life_years,
        findings=(*done.saving.findings, *notes),
    )
    return replace(done, saving=stated)
