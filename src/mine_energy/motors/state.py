"""What one machine of the inventory draws, and on what grounds: its efficiency, its load and its electric input."""

from dataclasses import dataclass
from typing import Literal

from mine_energy.errors import Finding, MissingData, Param
from mine_energy.motors.classes import ClassEfficiency, class_efficiency, rating_span_kw
from mine_energy.motors.efficiency import efficiency_at_load, input_power_kw
from mine_energy.motors.inventory import Motor
from mine_energy.motors.load import load_from_power, poles_from_speed
from mine_energy.motors.power_factor import power_factor_at_load
from mine_energy.motors.tables import CLASSES, assumption

EfficiencySource = Literal["plate", "class_table", "unverified_table", "assumed", "none"]
LoadMethod = Literal["measured", "stated", "assumed"]

DEFAULT_POLES = 4
HIGH_LOAD = 1.3
"""Above this a plate or a reading is wrong rather than a motor overloaded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MotorState:
    """One running unit of an inventory row.

    Parameters
    ----------
    efficiency_full_load
        0 to 1; None for loads without a motor.
    efficiency_source
        ``plate``, ``class_table``, ``unverified_table``, ``assumed`` (nothing known: an old motor) or ``none``.
    poles
        Of the plate, from the plate's speed, or assumed; None for loads without a motor.
    load_factor
        Shaft output over rated power (electric input over rated power without a motor).
    load_method
        ``measured`` (electric input), ``stated`` or ``assumed``.
    load_band
        Half-width of the load's 90 % interval, as a share of the load.
    efficiency_at_load
        0 to 1; None for loads without a motor.
    input_kw, reactive_kvar
        Electric input of one unit while it runs (loaded, for a compressor).
    unloaded_input_kw, unloaded_reactive_kvar
        The same while it runs unloaded; zero for anything but a compressor with unloaded hours.
    findings
        Assumptions and doubts about this machine; their subject is its tag.
    """

    efficiency_full_load: float | None
    efficiency_source: EfficiencySource
    poles: int | None
    load_factor: float
    load_method: LoadMethod
    load_band: float
    efficiency_at_load: float | None
    input_kw: float
    reactive_kvar: float
    unloaded_input_kw: float
    unloaded_reactive_kvar: float
    findings: tuple[Finding, ...]


def motor_state(motor: Motor) -> MotorState:
    """Return what one unit of an inventory row draws.

    Efficiency: the plate's wins; else the table of the stated class; else that of an IE1 motor, flagged as an
    assumption. Load: measured input wins over the stated load factor, which wins over the packaged assumption.
    A machine without a motor draws its rated power times its load factor.

    Parameters
    ----------
    motor
        Row of the inventory.

    Returns
    -------
    MotorState
    """
    return _motor_state(motor, []) if motor.is_motor else _plain_state(motor, [])


def _plain_state(motor: Motor, notes: list[Finding]) -> MotorState:
    if motor.input_kw is not None:
        method, drawn = _measured(motor), motor.input_kw
    elif motor.load_factor is not None:
        method, drawn = "stated", motor.load_factor * motor.rated_power_kw
    else:
        method, drawn = "assumed", assumption("load_factor_other").value * motor.rated_power_kw
        notes.append(_note(motor, "motor_other_load_assumed", "assumption"))
    return MotorState(
        efficiency_full_load=None,
        efficiency_source="none",
        poles=None,
        load_factor=drawn / motor.rated_power_kw,
        load_method=method,
        load_band=load_band(motor, method),
        efficiency_at_load=None,
        input_kw=drawn,
        reactive_kvar=_reactive(drawn, motor.power_factor or 1.0),
        unloaded_input_kw=0.0,
        unloaded_reactive_kvar=0.0,
        findings=tuple(notes),
    )


def _motor_state(motor: Motor, notes: list[Finding]) -> MotorState:
    poles = _poles(motor, notes)
    efficiency, source = _full_load_efficiency(motor, poles, notes)
    method, load, drawn = _load(motor, efficiency, notes)
    unloaded = _unloaded_input(motor, drawn, notes)
    if motor.drive == "vfd" and motor.input_kw is None:
        notes.append(_note(motor, "motor_drive_losses", "info"))
    return MotorState(
        efficiency_full_load=efficiency,
        efficiency_source=source,
        poles=poles,
        load_factor=load,
        load_method=method,
        load_band=load_band(motor, method),
        efficiency_at_load=efficiency_at_load(efficiency, load, motor.rated_power_kw),
        input_kw=drawn,
        reactive_kvar=_motor_reactive(motor, drawn, load),
        unloaded_input_kw=unloaded,
        unloaded_reactive_kvar=_motor_reactive(
            motor, unloaded, load_from_power(unloaded, motor.rated_power_kw, efficiency)
        ),
        findings=tuple(notes),
    )


def _note(motor: Motor, key: str, level: Literal["info", "assumption", "warning"], **params: Param) -> Finding:
    return Finding(key=key, level=level, subject=motor.tag, params=params)


def _poles(motor: Motor, notes: list[Finding]) -> int:
    if motor.poles is not None:
        return motor.poles
    if motor.rated_speed_rpm is not None:
        poles = poles_from_speed(motor.rated_speed_rpm, motor.frequency_hz)
        if poles is not None:
            return poles
    if motor.efficiency is None:
        notes.append(_note(motor, "motor_poles_assumed", "assumption", poles=DEFAULT_POLES))
    return DEFAULT_POLES


def _full_load_efficiency(motor: Motor, poles: int, notes: list[Finding]) -> tuple[float, EfficiencySource]:
    if motor.efficiency is not None:
        _compare_with_class(motor, poles, notes)
        return motor.efficiency, "plate"
    if motor.ie_class is not None and motor.construction == "cage":
        found = _lookup(motor.ie_class, motor.rated_power_kw, poles, motor.frequency_hz)
        if found is not None:
            return found.value, _table_source(motor, found, notes)
    return _assumed_efficiency(motor, poles, notes), "assumed"


def _compare_with_class(motor: Motor, poles: int, notes: list[Finding]) -> None:
    if motor.ie_class is None or motor.efficiency is None or (motor.poles is None and motor.rated_speed_rpm is None):
        return
    found = _lookup(motor.ie_class, motor.rated_power_kw, poles, motor.frequency_hz)
    if found is not None and motor.efficiency < found.value - 1e-9:
        params: dict[str, Param] = {"ie_class": motor.ie_class, "efficiency_percent": motor.efficiency * 100}
        notes.append(_note(motor, "motor_plate_below_class", "warning", minimum_percent=found.value * 100, **params))


def _lookup(ie_class: str, rated_power_kw: float, poles: int, frequency_hz: int) -> ClassEfficiency | None:
    try:
        return class_efficiency(ie_class, rated_power_kw, poles, frequency_hz)
    except MissingData:
        return None


def _table_source(motor: Motor, found: ClassEfficiency, notes: list[Finding]) -> EfficiencySource:
    if found.status == "verified":
        return "class_table"
    key = "motor_unverified_table" if found.status == "unverified" else "motor_single_source_table"
    notes.append(_unverified(motor.ie_class or "", motor, key))
    return "unverified_table" if found.status == "unverified" else "class_table"


def _unverified(ie_class: str, motor: Motor, key: str) -> Finding:
    return _note(motor, key, "assumption", ie_class=ie_class, frequency_hz=motor.frequency_hz)


def _assumed_efficiency(motor: Motor, poles: int, notes: list[Finding]) -> float:
    """Return the efficiency assumed where neither plate nor table gives one, and say which row it is.

    The lowest class that reaches down to the rating, above its range at its highest rating; below every range the
    smallest rating there is.
    """
    ie_class, rating = _nearest_row(motor, poles)
    found = class_efficiency(ie_class, rating, poles, motor.frequency_hz)
    inside = motor.construction == "cage" and rating == motor.rated_power_kw
    params: dict[str, Param] = {"ie_class": ie_class, "poles": poles, "rating_kw": found.rating_kw}
    key = "motor_efficiency_assumed" if inside else "motor_outside_tables"
    notes.append(_note(motor, key, "assumption", frequency_hz=motor.frequency_hz, **params))
    if found.status == "unverified":
        notes.append(_unverified(ie_class, motor, "motor_unverified_table"))
    return found.value


def _nearest_row(motor: Motor, poles: int) -> tuple[str, float]:
    known = [(c, span) for c in CLASSES if (span := rating_span_kw(c, poles, motor.frequency_hz)) is not None]
    stated = [(c, span) for c, span in known if c == motor.ie_class]
    for ie_class, (low, high) in (*stated, *known):
        rating = min(motor.rated_power_kw, high)
        if rating >= low and _lookup(ie_class, rating, poles, motor.frequency_hz) is not None:
            return ie_class, rating
    smallest = min(known, key=lambda pair: pair[1][0])
    return smallest[0], smallest[1][0]


def _load(motor: Motor, efficiency: float, notes: list[Finding]) -> tuple[LoadMethod, float, float]:
    method: LoadMethod
    if motor.input_kw is not None:
        method, drawn = _measured(motor), motor.input_kw
        load = load_from_power(drawn, motor.rated_power_kw, efficiency)
        if load == 0.0 and drawn > 0:
            notes.append(_note(motor, "motor_input_below_no_load", "warning", input_kw=drawn))
    else:
        method = "stated" if motor.load_factor is not None else "assumed"
        load = motor.load_factor if motor.load_factor is not None else assumption("load_factor").value
        drawn = input_power_kw(motor.rated_power_kw, load, efficiency)
    if method == "assumed":
        notes.append(_note(motor, "motor_load_assumed", "assumption", percent=load * 100))
    if load > 1:
        key = "motor_load_impossible" if load > HIGH_LOAD else "motor_overloaded"
        notes.append(_note(motor, key, "warning", percent=load * 100))
    return method, load, drawn


def _measured(motor: Motor) -> LoadMethod:
    return "stated" if motor.origin == "reconstructed" else "measured"


def load_band(motor: Motor, method: LoadMethod) -> float:
    """Return the half-width of a load's 90 % interval as a share of the load.

    Metered input 3 %; a load factor of a row marked as measured 15 %, as from clamp amperes; anything else 25 %.
    """
    if method == "measured":
        return assumption("load_band_logged_kw").value
    if method == "stated" and motor.origin == "measured":
        return assumption("load_band_stated_measured").value
    return assumption("load_band_assumed").value


def _unloaded_input(motor: Motor, drawn_kw: float, notes: list[Finding]) -> float:
    if motor.equipment != "compressor" or not motor.unloaded_hours_per_day:
        return 0.0
    if motor.unloaded_input_fraction is not None:
        return drawn_kw * motor.unloaded_input_fraction
    fraction = assumption("unloaded_input_fraction").value
    notes.append(_note(motor, "motor_unloaded_assumed", "assumption", percent=fraction * 100))
    return drawn_kw * fraction


def _motor_reactive(motor: Motor, drawn_kw: float, load: float) -> float:
    """Return the reactive power of a motor, kvar; behind a drive the line sees next to none of it."""
    if motor.drive == "vfd":
        return 0.0
    return _reactive(drawn_kw, power_factor_at_load(load, motor.rated_power_kw, motor.power_factor))


def _reactive(drawn_kw: float, power_factor: float) -> float:
    return float(drawn_kw * (1 / power_factor**2 - 1) ** 0.5)
