"""Replacing motors by motors of a better class, for the same shaft load."""

from dataclasses import dataclass
from typing import Final

from mine_energy.catalog import Sourced, table
from mine_energy.errors import Finding, MissingData, Param
from mine_energy.measures.context import Machine, MeasureContext
from mine_energy.measures.saving import Saving
from mine_energy.motors import Motor, class_efficiency, input_power_kw, load_from_power
from mine_energy.motors.classes import ClassEfficiency
from mine_energy.motors.tables import assumption

MEASURE: Final = "replacement"
CAUSE: Final = "motor_efficiency"
SPEED_EXPONENT: Final = {"centrifugal": 3.0, "constant_torque": 1.0, "constant_power": 0.0}
"""How shaft power follows speed: affinity laws for pumps and fans, proportional at constant torque."""
_NO_SPEED_GAIN_ABOVE_KW: Final = 75.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Capex:
    """Installed price of a motor, USD: base and both ends."""

    base_usd: float
    low_usd: float
    high_usd: float


def apply(context: MeasureContext) -> list[Saving]:
    """Return for every machine with a motor what its replacement saves, or why it stays.

    The new motor carries the same shaft load at the same rated power; its full-load efficiency is its class's
    minimum. Where the plate speed of a new pump or fan motor is not known the base keeps the speed, and the low end
    assumes a slightly faster motor with the cube of the speed.

    Parameters
    ----------
    context
        Machines, and the class of the new motors.

    Returns
    -------
    list of Saving
        One for every motor row, in inventory order; loads without a motor have none.
    """
    return [_saving(machine, context) for machine in context.machines if machine.motor.is_motor]


def _saving(machine: Machine, context: MeasureContext) -> Saving:
    motor = machine.motor
    obstacle = _obstacle(machine, context)
    if obstacle is not None:
        return _keep(machine, obstacle)
    try:
        new = class_efficiency(
            context.replacement_class, motor.rated_power_kw, machine.state.poles or 4, context.frequency_hz
        )
    except MissingData:
        return _keep(machine, _reason("measure_not_tabled", ie_class=context.replacement_class))
    old = machine.state.efficiency_full_load or 0.0
    if old >= new.value:
        return _keep(machine, _reason("measure_already_better", percent=old * 100, new_percent=new.value * 100))
    return _applied(machine, new, context.replacement_class)


def _reason(key: str, **params: Param) -> Finding:
    return Finding(key=key, params=params)


def _obstacle(machine: Machine, context: MeasureContext) -> Finding | None:
    """Return why a motor is not considered at all, or None."""
    motor = machine.motor
    hours = machine.hours_per_year + machine.unloaded_hours_per_year
    if motor.quantity == 0 or hours == 0:
        return _reason("measure_does_not_run")
    if hours < context.min_hours_per_year:
        return _reason("measure_few_hours", hours=hours, minimum=context.min_hours_per_year)
    if motor.construction != "cage":
        return _reason("measure_special_motor")
    if motor.frequency_hz != context.frequency_hz:
        return _reason("measure_other_frequency", plate=motor.frequency_hz, network=context.frequency_hz)
    if motor.ie_class is not None and motor.ie_class >= context.replacement_class:
        return _reason("measure_class_reached", ie_class=motor.ie_class)
    return None


def _keep(machine: Machine, reason: Finding) -> Saving:
    return Saving(
        tag=machine.motor.tag,
        measure=MEASURE,
        cause=CAUSE,
        decision="keep",
        reason=reason,
        quantity=machine.motor.quantity,
        old_efficiency=machine.state.efficiency_full_load,
    )


def _applied(machine: Machine, new: ClassEfficiency, ie_class: str) -> Saving:
    motor, old = machine.motor, machine.state.efficiency_full_load or 0.0
    base, base_unloaded = saved_kw(machine, old, new.value)
    energy = _energy(machine, base, base_unloaded)
    if energy <= 0:
        return _keep(machine, _reason("measure_saves_nothing"))
    low, high = _ends(machine, old, new.value)
    price = capex(motor.rated_power_kw)
    return Saving(
        tag=motor.tag,
        measure=MEASURE,
        cause=CAUSE,
        decision="apply",
        reason=_reason("measure_replace", ie_class=ie_class, percent=old * 100, new_percent=new.value * 100),
        quantity=motor.quantity,
        energy_kwh_per_year=energy,
        energy_low_kwh_per_year=max(0.0, min(low, energy)),
        energy_high_kwh_per_year=max(high, energy),
        demand_kw=motor.quantity * base,
        unloaded_demand_kw=motor.quantity * base_unloaded,
        old_efficiency=old,
        new_efficiency=new.value,
        capex_usd=motor.quantity * price.base_usd,
        capex_low_usd=motor.quantity * price.low_usd,
        capex_high_usd=motor.quantity * price.high_usd,
        findings=_findings(motor, new, ie_class),
    )


def saved_kw(
    machine: Machine, old_efficiency: float, new_efficiency: float, *, load_scale: float = 1.0, speed_ratio: float = 1.0
) -> tuple[float, float]:
    """Return the input that one unit saves running (loaded) and running unloaded, kW; may be negative.

    Parameters
    ----------
    machine
        The row and its state.
    old_efficiency, new_efficiency
        At full load, 0 to 1.
    load_scale
        Factor on the machine's load, for the ends of its band.
    speed_ratio
        Full-load speed of the new motor over the old one's: shaft power changes with its power of
        :data:`SPEED_EXPONENT`.
    """
    motor, state = machine.motor, machine.state
    rated = motor.rated_power_kw
    if state.load_method == "measured":
        before = state.input_kw * load_scale
        load = load_from_power(before, rated, old_efficiency)
    else:
        load = state.load_factor * load_scale
        before = input_power_kw(rated, load, old_efficiency)
    shaft = speed_ratio ** SPEED_EXPONENT[motor.load_type]
    loaded = before - input_power_kw(rated, load * shaft, new_efficiency)
    if not state.unloaded_input_kw:
        return loaded, 0.0
    idle = before * state.unloaded_input_kw / state.input_kw
    idle_load = load_from_power(idle, rated, old_efficiency)
    return loaded, idle - input_power_kw(rated, idle_load * shaft, new_efficiency)


def _energy(machine: Machine, loaded_kw: float, unloaded_kw: float) -> float:
    hours, unloaded_hours = machine.hours_per_year, machine.unloaded_hours_per_year
    return machine.motor.quantity * (hours * loaded_kw + unloaded_hours * unloaded_kw)


def _ends(machine: Machine, old: float, new: float) -> tuple[float, float]:
    """Return the saving at the low and the high end: load band, tolerance on the old losses, speed of a new fan."""
    band, tolerance = machine.state.load_band, assumption("efficiency_loss_tolerance").value
    best, worst = _with_losses(old, 1 - tolerance), _with_losses(old, 1 + tolerance)
    faster = 1 + speed_gain(machine.motor)
    low = _energy(machine, *saved_kw(machine, best, new, load_scale=1 - band, speed_ratio=faster))
    high = _energy(machine, *saved_kw(machine, worst, new, load_scale=1 + band))
    return low, high


def _with_losses(efficiency: float, factor: float) -> float:
    return 1 / (1 + (1 / efficiency - 1) * factor)


def speed_gain(motor: Motor) -> float:
    """Return by how much a better motor may turn faster where its plate is not known; only pumps and fans feel it."""
    if motor.load_type != "centrifugal" or motor.drive == "vfd" or motor.rated_power_kw > _NO_SPEED_GAIN_ABOVE_KW:
        return 0.0
    return assumption("speed_gain_small").value


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


def _findings(motor: Motor, new: ClassEfficiency, ie_class: str) -> tuple[Finding, ...]:
    found = [Finding(key="measure_capex_assumed", level="assumption", subject=motor.tag)]
    if new.status != "verified":
        params = {"ie_class": ie_class}
        found.append(Finding(key="measure_unverified_class", level="assumption", subject=motor.tag, params=params))
    gain = speed_gain(motor)
    if gain:
        params_speed = {"percent": gain * 100}
        found.append(Finding(key="measure_speed_unknown", level="assumption", subject=motor.tag, params=params_speed))
    return tuple(found)
