"""What one machine of the inventory draws, and on what grounds: its efficiency, its load and its electric input."""

from dataclasses import dataclass
from math import hypot

from mine_energy.errors import Finding, InputError, Problem
from mine_energy.motors.chain import drive_input_kw
from mine_energy.motors.compressor import compressor_power_fraction
from mine_energy.motors.curve import LossCurve, model_band
from mine_energy.motors.evidence import Evidence, Feed, LoadMethod, band_of, input_method, judge, load_evidence, lost
from mine_energy.motors.full_load import DEFAULT_POLES, EfficiencySource, FullLoad, full_load
from mine_energy.motors.inventory import Motor
from mine_energy.motors.limits import allowed_shaft_kw, check_drive, measured_unbalance
from mine_energy.motors.load import poles_from_speed
from mine_energy.motors.notes import note
from mine_energy.motors.plate import check_plate_speed, in_service
from mine_energy.motors.power_factor import power_factor_at_load
from mine_energy.motors.rewind import RewindLoss
from mine_energy.motors.tables import assumption
from mine_energy.units import NETWORK_HZ

__all__ = ["EfficiencySource", "LoadMethod", "MotorState", "motor_state", "row_problems"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MotorState:
    """One running unit of an inventory row.

    The chain of a machine is line -> drive -> motor -> belt or gear -> machine: ``input_kw`` is at the line,
    ``motor_input_kw`` at the motor's terminals, ``load_factor`` at its shaft, ``machine_kw`` behind the transmission.

    Parameters
    ----------
    efficiency_full_load
        Of the motor as it stands, after its rewinds, 0 to 1; None for loads without a motor.
    efficiency_source
        ``plate``, ``points`` (the maker's at part load), ``class_table``, ``unverified_table``, ``year_guess``,
        ``assumed`` (nothing known: an old motor) or ``none``.
    poles
        Of the plate, from the plate's speed, or assumed; None for loads without a motor.
    load_factor
        Shaft output over rated power (electric input over rated power without a motor).
    load_method
        ``logged_kw``, ``spot_kw``, ``current``, ``slip``, ``process``, ``stated`` or ``assumed``.
    load_band
        Half-width of the load's 90 % interval, as a share of the load.
    efficiency_at_load
        Of the motor, 0 to 1; None for loads without a motor.
    input_kw, reactive_kvar
        Electric input of one unit while it runs (loaded, for a compressor), upstream of any drive.
    unloaded_input_kw, unloaded_reactive_kvar
        The same while it runs unloaded; zero for anything but a compressor with unloaded hours.
    findings
        Assumptions and doubts about this machine; their subject is its tag.
    evidence
        Every estimate of the load, the best first.
    curve
        Losses of the motor over its load, as it stands; None for loads without a motor.
    plate_efficiency
        Full-load efficiency before rewinds.
    rewind
        Distribution of what the rewinds took; None without any.
    efficiency_band
        Half-width of the 90 % interval of the efficiency at load, a fraction: tolerance, part-load model, rewinds.
    motor_input_kw
        Input at the motor's terminals, kW.
    drive_efficiency, transmission_efficiency
        At this load, 0 to 1; None where there is none.
    machine_kw
        Power that reaches the machine, kW.
    derated_power_kw
        Shaft power that altitude and voltage unbalance leave, kW; None for loads without a motor.
    voltage_unbalance
        As a fraction; None where it was not measured.
    peak_input_kw
        Input while the load is on, kW: above ``input_kw`` for loads with a duty cycle.
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
    evidence: tuple[Evidence, ...] = ()
    curve: LossCurve | None = None
    plate_efficiency: float | None = None
    rewind: RewindLoss | None = None
    efficiency_band: float | None = None
    motor_input_kw: float | None = None
    drive_efficiency: float | None = None
    transmission_efficiency: float | None = None
    machine_kw: float | None = None
    derated_power_kw: float | None = None
    voltage_unbalance: float | None = None
    peak_input_kw: float | None = None


def motor_state(motor: Motor, *, altitude_m: float | None = None, network_hz: int = NETWORK_HZ) -> MotorState:
    """Return what one unit of an inventory row draws.

    Efficiency: the plate's and the maker's points win; else the table of the stated class; else a class guessed from
    the year of manufacture; else that of an IE1 motor. Load: logged input, spot input, current and voltage, slip,
    process, stated load factor, assumption, in this order; the others are compared with the best. A machine without
    a motor draws its rated power times its load factor and its duty cycle.

    Parameters
    ----------
    motor
        Row of the inventory.
    altitude_m
        Of the site, m: derates motor and drive; None skips it.
    network_hz
        Frequency of the network, Hz.

    Returns
    -------
    MotorState

    Raises
    ------
    InputError
        Values of the row contradict one another or cannot be: every problem, each with the field it stands in.
    """
    if not motor.is_motor:
        return _plain_state(motor, [])
    faults: list[Problem] = []
    fit = in_service(motor, network_hz)
    check_plate_speed(fit, faults)
    notes = [note(fit, "motor_plate_60hz", "info")] if fit is not motor else []
    state = _motor_state(fit, notes, faults, altitude_m)
    if faults or state is None:
        raise InputError(_unique(faults))
    return state


def row_problems(motor: Motor, network_hz: int = NETWORK_HZ) -> tuple[Problem, ...]:
    """Return what :func:`motor_state` refuses in a row; each problem's field is a field of the motor."""
    try:
        motor_state(motor, network_hz=network_hz)
    except InputError as error:
        return error.problems
    return ()


def _unique(faults: list[Problem]) -> list[Problem]:
    """Return the first problem of each key and field: plate and current are read more than once."""
    first: dict[tuple[str, str], Problem] = {}
    for problem in faults:
        first.setdefault((problem.key, problem.field), problem)
    return list(first.values())


def _plain_state(motor: Motor, notes: list[Finding]) -> MotorState:
    method: LoadMethod
    if motor.input_kw is not None:
        method, peak = input_method(motor), motor.input_kw
    elif motor.load_factor is not None:
        method, peak = "stated", motor.load_factor * motor.rated_power_kw
    else:
        method, peak = "assumed", assumption("load_factor_other").value * motor.rated_power_kw
        notes.append(note(motor, "motor_other_load_assumed", "assumption"))
    if motor.input_kw is None and (motor.current_a is not None or motor.speed_rpm is not None):
        notes.append(note(motor, "motor_method_not_for_it", "warning"))
    if motor.equipment == "welding" and motor.duty_cycle is None and method != "logged_kw":
        notes.append(note(motor, "motor_duty_assumed", "assumption"))
    # A log of days already holds the pauses; a reading was taken while the load was on.
    duty = 1.0 if motor.duty_cycle is None or method == "logged_kw" else motor.duty_cycle
    drawn = peak * duty
    return MotorState(
        efficiency_full_load=None,
        efficiency_source="none",
        poles=None,
        load_factor=drawn / motor.rated_power_kw,
        load_method=method,
        load_band=band_of(method, motor.origin),
        efficiency_at_load=None,
        input_kw=drawn,
        reactive_kvar=_reactive(drawn, motor.power_factor or 1.0),
        unloaded_input_kw=0.0,
        unloaded_reactive_kvar=0.0,
        findings=tuple(notes),
        peak_input_kw=peak,
    )


def _motor_state(
    motor: Motor, notes: list[Finding], faults: list[Problem], altitude_m: float | None
) -> MotorState | None:
    poles = _poles(motor, notes)
    rated = full_load(motor, poles, notes, faults)
    if rated is None:
        return None
    feed = Feed(curve=rated.curve, has_drive=motor.drive == "vfd")
    evidence = load_evidence(motor, poles, feed, notes, faults)
    best = judge(motor, evidence, notes, faults)
    if faults:
        return None
    unbalance = measured_unbalance(motor, notes, faults)
    load, line_kw = _at_flow(motor, feed, best, notes)
    _load_notes(motor, best, load, line_kw, feed, notes)
    unloaded = _unloaded_input(motor, line_kw, notes)
    shaft_kw = load * motor.rated_power_kw
    passed = 1 - lost(motor, shaft_kw)
    limit = allowed_shaft_kw(motor, shaft_kw, unbalance, altitude_m, notes)
    # A reading below the no-load input, told in the notes, stays the reading: nothing behind it draws more.
    motor_kw = min(feed.motor_input_kw(load), line_kw)
    check_drive(motor, feed, motor_kw, altitude_m, notes)
    return MotorState(
        efficiency_full_load=rated.curve.efficiency_full_load,
        efficiency_source=rated.source,
        poles=poles,
        load_factor=load,
        load_method=best.method,
        load_band=best.band,
        efficiency_at_load=float(rated.curve.efficiency(load)),
        input_kw=line_kw,
        reactive_kvar=_motor_reactive(motor, line_kw, load),
        unloaded_input_kw=unloaded,
        unloaded_reactive_kvar=_motor_reactive(motor, unloaded, feed.load_of_line_input(unloaded)),
        findings=tuple(notes),
        evidence=evidence,
        curve=rated.curve,
        plate_efficiency=rated.plate_efficiency,
        rewind=rated.rewind,
        efficiency_band=_efficiency_band(rated, load, motor.rated_power_kw),
        motor_input_kw=motor_kw,
        drive_efficiency=_share(motor_kw, line_kw) if feed.has_drive else None,
        transmission_efficiency=None if motor.transmission == "direct" and passed == 1 else passed,
        machine_kw=shaft_kw * passed,
        derated_power_kw=limit,
        voltage_unbalance=unbalance,
        peak_input_kw=line_kw,
    )


def _share(part: float, whole: float) -> float:
    return min(part / whole, 1.0) if whole > 0 else 1.0


def _poles(motor: Motor, notes: list[Finding]) -> int:
    if motor.poles is not None:
        return motor.poles
    if motor.rated_speed_rpm is not None:
        poles = poles_from_speed(motor.rated_speed_rpm, motor.frequency_hz)
        if poles is not None:
            return poles
    if motor.efficiency is None:
        notes.append(note(motor, "motor_poles_assumed", "assumption", poles=DEFAULT_POLES))
    return DEFAULT_POLES


def _at_flow(motor: Motor, feed: Feed, best: Evidence, notes: list[Finding]) -> tuple[float, float]:
    """Return load and line input; a compressor whose load is known at full flow draws less at its mean flow."""
    line_kw = best.line_input_kw
    if line_kw is None:
        motor_kw = feed.motor_input_kw(best.load)
        line_kw = float(drive_input_kw(motor_kw, feed.drive_kw)) if feed.has_drive else motor_kw
    control, flow = motor.compressor_control, motor.air_demand_fraction
    if motor.equipment != "compressor" or flow is None or best.method not in {"stated", "assumed"}:
        return best.load, line_kw
    if control is None:
        notes.append(note(motor, "motor_flow_without_control", "info"))
        return best.load, line_kw
    if control in {"load_unload", "start_stop"} and motor.unloaded_hours_per_day:
        notes.append(note(motor, "motor_flow_and_unloaded_hours", "info"))
        return best.load, line_kw
    idle = motor.unloaded_input_fraction if control == "load_unload" else None
    line_kw *= float(compressor_power_fraction(flow, control, idle))
    notes.append(note(motor, "motor_compressor_at_flow", "assumption", percent=flow * 100))
    return feed.load_of_line_input(line_kw), line_kw


def _load_notes(motor: Motor, best: Evidence, load: float, line_kw: float, feed: Feed, notes: list[Finding]) -> None:
    if best.method == "assumed":
        notes.append(note(motor, "motor_load_assumed", "assumption", percent=best.load * 100))
    if load == 0.0 and line_kw > 0 and motor.input_kw:
        notes.append(note(motor, "motor_input_below_no_load", "warning", input_kw=line_kw))
    if load > 1:
        notes.append(note(motor, "motor_overloaded", "warning", percent=load * 100))
    if feed.has_drive and best.line_input_kw is None:
        notes.append(note(motor, "motor_drive_losses", "assumption"))


def _efficiency_band(rated: FullLoad, load: float, rated_power_kw: float) -> float:
    """Return the half-width of the efficiency's 90 % interval: losses, part-load model and rewinds, independent."""
    efficiency = float(rated.curve.efficiency(load))
    losses = rated.loss_band * efficiency * (1 - efficiency)
    model = 0.0 if rated.source == "points" else float(model_band(load, rated_power_kw))
    return hypot(losses, model, rated.rewind.half_width if rated.rewind else 0.0)


def _unloaded_input(motor: Motor, drawn_kw: float, notes: list[Finding]) -> float:
    if motor.equipment != "compressor" or not motor.unloaded_hours_per_day:
        return 0.0
    if motor.unloaded_input_fraction is not None:
        return drawn_kw * motor.unloaded_input_fraction
    fraction = assumption("unloaded_input_fraction").value
    notes.append(note(motor, "motor_unloaded_assumed", "assumption", percent=fraction * 100))
    return drawn_kw * fraction


def _motor_reactive(motor: Motor, drawn_kw: float, load: float) -> float:
    """Return the reactive power of a motor, kvar; behind a drive the line sees next to none of it."""
    if motor.drive == "vfd":
        return 0.0
    return _reactive(drawn_kw, power_factor_at_load(load, motor.rated_power_kw, motor.power_factor))


def _reactive(drawn_kw: float, power_factor: float) -> float:
    return float(drawn_kw * (1 / power_factor**2 - 1) ** 0.5)
