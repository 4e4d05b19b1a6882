"""Replacing motors by motors of a better class, for the same shaft load."""

from dataclasses import dataclass, replace
from typing import Final

from mine_energy.catalog import Sourced, table
from mine_energy.errors import Finding, MissingData
from mine_energy.measures.context import MeasureContext, measure_assumption
from mine_energy.measures.machine import Machine
from mine_energy.measures.outcome import Outcome, kept, note, reason, saved
from mine_energy.measures.saving import Saving
from mine_energy.motors import Motor, class_efficiency
from mine_energy.motors.curve import two_loss_curve
from mine_energy.motors.tables import assumption
from mine_energy.site.measures import NewMotorEntry
from mine_energy.units import SECONDS_PER_MINUTE

MEASURE: Final = "replacement"
CAUSE: Final = "motor_efficiency"
SPEED_EXPONENT: Final = {"centrifugal": 3.0, "constant_torque": 1.0, "constant_power": 0.0}
"""How shaft power follows speed: affinity laws for pumps and fans, proportional at constant torque, not at all where
the machine stops once its batch is done."""
_NO_SPEED_GAIN_ABOVE_KW: Final = 75.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Capex:
    """Installed price of a motor, USD: base and both ends."""

    base_usd: float
    low_usd: float
    high_usd: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMotor:
    """What a replacement is: full-load efficiency, whether a table verifies it, speed, price, words for it."""

    efficiency: float
    verified: bool
    name: str
    speed_rpm: float | None = None
    capex_usd: float | None = None


def apply(context: MeasureContext) -> list[Outcome]:
    """Return for every machine with a motor what its replacement saves, or why it stays.

    The new motor carries the same shaft load at the same rated power; its full-load efficiency is its class's minimum
    or the offer's. Where both plate speeds are known shaft power follows the speed; where they are not the base keeps
    the speed, and the low end assumes a slightly faster motor.

    Parameters
    ----------
    context
        Machines as the earlier measures left them, and the class of the new motors.

    Returns
    -------
    list of Outcome
        One for every motor row, in inventory order; loads without a motor have none.
    """
    offers = {offer.tag: offer for offer in context.choice.new_motor}
    return [_outcome(m, context, offers.get(m.motor.tag)) for m in context.machines if m.motor.is_motor]


def _outcome(machine: Machine, context: MeasureContext, offer: NewMotorEntry | None) -> Outcome:
    obstacle = motor_obstacle(machine, context)
    if obstacle is None and _class_reached(machine, context) and (offer is None or offer.efficiency is None):
        obstacle = reason("measure_class_reached", ie_class=machine.motor.ie_class or context.replacement_class)
    if obstacle is not None:
        return kept(machine, MEASURE, CAUSE, obstacle)
    new = new_motor(machine, context, machine.rated_power_kw, offer)
    if new is None:
        return kept(machine, MEASURE, CAUSE, reason("measure_not_tabled", ie_class=context.replacement_class))
    old = machine.efficiency_full_load
    if old >= new.efficiency:
        why = reason("measure_already_better", percent=old * 100, new_percent=new.efficiency * 100)
        return kept(machine, MEASURE, CAUSE, why)
    after = with_motor(machine, new.efficiency, machine.rated_power_kw, speed_ratio(machine, new, context))
    why = reason("measure_replace", ie_class=new.name, percent=old * 100, new_percent=new.efficiency * 100)
    outcome = saved(machine, after, MEASURE, CAUSE, why)
    return outcome if outcome.saving.decision == "keep" else bought(outcome, machine, after, new, context)


def motor_obstacle(machine: Machine, context: MeasureContext) -> Finding | None:
    """Return why a motor is not considered at all, or None."""
    motor = machine.motor
    hours = machine.hours_per_year + machine.unloaded_hours_per_year
    if motor.quantity == 0 or hours == 0:
        return reason("measure_does_not_run")
    if hours < context.min_hours_per_year:
        return reason("measure_few_hours", hours=hours, minimum=context.min_hours_per_year)
    if motor.construction != "cage":
        return reason("measure_special_motor")
    if machine.mean_shaft_kw <= 0:
        return reason("measure_saves_nothing")
    if motor.frequency_hz != context.frequency_hz and motor.rated_power_60hz_kw is None:
        return reason("measure_other_frequency", plate=motor.frequency_hz, network=context.frequency_hz)
    return None


def _class_reached(machine: Machine, context: MeasureContext) -> bool:
    motor = machine.motor
    return "right_size" in machine.applied or (
        motor.ie_class is not None and motor.ie_class >= context.replacement_class
    )


def new_motor(
    machine: Machine, context: MeasureContext, rated_power_kw: float, offer: NewMotorEntry | None = None
) -> NewMotor | None:
    """Return the motor that would take a machine's place: the offer, or the class's minimum; None where no table goes.

    Parameters
    ----------
    machine, context
        The machine, and the class and frequency.
    rated_power_kw
        Of the new motor.
    offer
        What somebody offered.
    """
    ie_class = context.replacement_class
    price = offer.capex_usd if offer is not None else None
    speed = offer.rated_speed_rpm if offer is not None else None
    if offer is not None and offer.efficiency is not None:
        return NewMotor(efficiency=offer.efficiency, verified=True, name=ie_class, speed_rpm=speed, capex_usd=price)
    try:
        found = class_efficiency(ie_class, rated_power_kw, machine.state.poles or 4, context.frequency_hz)
    except MissingData:
        return None
    verified = found.status == "verified"
    return NewMotor(efficiency=found.value, verified=verified, name=ie_class, speed_rpm=speed, capex_usd=price)


def with_motor(machine: Machine, efficiency: float, rated_power_kw: float, speed_ratio: float = 1.0) -> Machine:
    """Return a machine with another motor.

    Parameters
    ----------
    machine
        With its present motor.
    efficiency, rated_power_kw
        Of the new one at full load.
    speed_ratio
        Its speed at the machine's load over today's: shaft power changes with its power of :data:`SPEED_EXPONENT`.
    """
    changed = replace(machine, curve=two_loss_curve(efficiency, rated_power_kw))
    return changed.scaled_shaft(speed_ratio ** SPEED_EXPONENT[machine.motor.load_type])


def speed_ratio(machine: Machine, new: NewMotor, context: MeasureContext) -> float:
    """Return the new motor's speed at the machine's load over the old one's.

    With both plate speeds: ``N(p) = Ns - (Ns - Nr) p`` at the same load. Without: 1 at the base and the high end, and
    the packaged gain of a small motor at the low end. A drive sets the speed itself.

    Parameters
    ----------
    machine, new
        The machine and its new motor.
    context
        Gives frequency and end of the bands.
    """
    motor = machine.motor
    if any(p.behind_drive for p in machine.points):
        return 1.0
    if new.speed_rpm is not None and motor.rated_speed_rpm is not None:
        synchronous = 2 * SECONDS_PER_MINUTE * context.frequency_hz / (machine.state.poles or 4)
        load = machine.mean_shaft_kw / machine.rated_power_kw
        old = synchronous - (synchronous - motor.rated_speed_rpm) * load
        return (synchronous - (synchronous - new.speed_rpm) * load) / old
    return 1 + speed_gain(motor) if context.scenario == "low" else 1.0


def speed_gain(motor: Motor) -> float:
    """Return by how much a better motor may turn faster where its plate is not known; only pumps and fans feel it."""
    if motor.load_type != "centrifugal" or motor.drive == "vfd" or motor.rated_power_kw > _NO_SPEED_GAIN_ABOVE_KW:
        return 0.0
    return assumption("speed_gain_small").value


def bought(outcome: Outcome, before: Machine, after: Machine, new: NewMotor, context: MeasureContext) -> Outcome:
    """Return an outcome with the new motor's price, when to buy it, and what it rests on."""
    units = before.motor.quantity
    price = capex(after.rated_power_kw)
    stated = new.capex_usd
    hours = before.hours_per_year + before.unloaded_hours_per_year
    minimum = measure_assumption("min_hours_now").value
    seldom = hours < minimum
    saving: Saving = replace(
        outcome.saving,
        when="at_failure" if seldom else "now",
        when_reason=reason("measure_at_failure_hours", hours=hours, minimum=minimum) if seldom else None,
        old_efficiency=before.efficiency_full_load,
        new_efficiency=new.efficiency,
        capex_usd=units * price.base_usd if stated is None else stated,
        capex_low_usd=units * price.low_usd if stated is None else stated,
        capex_high_usd=units * price.high_usd if stated is None else stated,
        capex_assumed=stated is None,
        findings=(*outcome.saving.findings, *_findings(before, new)),
    )
    return replace(outcome, saving=saving)


def capex(rated_power_kw: float) -> Capex:
    """Return the assumed installed price of one motor, USD (``data/motors/cost_defaults.csv``, confidence D).

    Parameters
    ----------
    rated_power_kw
        Rated shaft power, kW.
    """
    rows = [row for row in table("motors/cost_defaults.csv") if row["item"] == "ie3_motor"]
    row = next(r for r in rows if rated_power_kw < float(r["rated_kw_to"] or "inf"))
    return Capex(
        base_usd=rated_power_kw * float(row["default"]) * (1 + _installation("default").value),
        low_usd=rated_power_kw * float(row["low"]) * (1 + _installation("low").value),
        high_usd=rated_power_kw * float(row["high"]) * (1 + _installation("high").value),
    )


def _installation(end: str) -> Sourced:
    return assumption(f"installation_share_{end}")


def _findings(machine: Machine, new: NewMotor) -> tuple[Finding, ...]:
    tag = machine.motor.tag
    found = [] if new.capex_usd is not None else [note(tag, "measure_capex_assumed")]
    if not new.verified:
        found.append(note(tag, "measure_unverified_class", ie_class=new.name))
    gain = speed_gain(machine.motor)
    if gain and new.speed_rpm is None and not any(p.behind_drive for p in machine.points):
        found.append(note(tag, "measure_speed_unknown", percent=gain * 100))
    return tuple(found)
