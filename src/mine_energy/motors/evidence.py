"""Every way in which a row says how loaded its motor is, best first, each with its band."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot
from typing import Final, Literal

from mine_energy.errors import Finding, InputError, Problem
from mine_energy.motors.chain import drive_output_kw, inverse, transmission_loss
from mine_energy.motors.curve import LossCurve
from mine_energy.motors.inventory import Motor
from mine_energy.motors.load import full_load_current_a, load_from_current, load_from_slip, synchronous_speed_rpm
from mine_energy.motors.notes import note
from mine_energy.motors.plate import PlateInUse, measured_voltage_v, plate_in_use
from mine_energy.motors.power_factor import power_factor_at_load
from mine_energy.motors.process import bond_energy_kwh_per_t
from mine_energy.motors.tables import assumption

LoadMethod = Literal["logged_kw", "spot_kw", "current", "slip", "process", "stated", "assumed"]
INPUT_METHODS: Final = ("logged_kw", "spot_kw")
"""Methods that read the electric input itself: an error in the motor's efficiency moves its load, not its input."""
MAX_STATED_LOAD: Final = 1.3
"""Above this a plate or a reading is wrong rather than a motor overloaded."""
_FIELDS: Final[dict[str, str]] = {
    "logged_kw": "input_kw",
    "spot_kw": "input_kw",
    "current": "current_a",
    "slip": "speed_rpm",
    "process": "throughput_t_per_h",
}
_CURVED: Final = ("cage", "explosion_proof", "submersible", "wound_rotor")
"""Three-phase induction motors: the current-load curve holds for them alone."""
_SLIPPING: Final = ("cage", "explosion_proof", "submersible")
"""Motors whose slip follows their load: a wound rotor's follows its resistors too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One estimate of a motor's load.

    Parameters
    ----------
    method
        How it was found.
    load
        Shaft output over rated power.
    band
        Half of its 90 % interval, as a share of the load.
    line_input_kw
        Electric input as read, upstream of any drive; None unless it was read.
    """

    method: LoadMethod
    load: float
    band: float
    line_input_kw: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """How a motor is fed: its losses, and the drive before it.

    Parameters
    ----------
    curve
        Losses of the motor on the line.
    has_drive
        Whether a variable-speed drive feeds it.
    """

    curve: LossCurve
    has_drive: bool

    @property
    def drive_kw(self) -> float:
        """Rated output of the drive, kW: taken as the motor's rated input."""
        return float(self.curve.rated_power_kw / self.curve.efficiency_full_load)

    @property
    def extra(self) -> float:
        """Input with a drive's harmonics over input on the line."""
        return 1 + assumption("drive_motor_extra_loss").value if self.has_drive else 1.0

    def motor_input_kw(self, load: float) -> float:
        """Return the input at the motor's terminals, kW."""
        return float(self.curve.input_kw(load)) * self.extra

    def load_of_motor_input(self, motor_input_kw: float) -> float:
        """Return the load at an input at the motor's terminals."""
        return float(self.curve.load(motor_input_kw / self.extra))

    def load_of_line_input(self, line_input_kw: float) -> float:
        """Return the load at an input upstream of the drive."""
        given = drive_output_kw(line_input_kw, self.drive_kw) if self.has_drive else line_input_kw
        return self.load_of_motor_input(given)


def load_evidence(
    motor: Motor, poles: int, feed: Feed, notes: list[Finding], faults: list[Problem]
) -> tuple[Evidence, ...]:
    """Return every estimate of the load that a row allows, the best first; at least the assumption.

    Logged input, spot input, current and voltage, slip, process, stated load factor, assumption.

    Parameters
    ----------
    motor
        Row of the inventory, as it stands on the network.
    poles
        Number of poles.
    feed
        Losses of motor and drive.
    notes, faults
        Get what is worth knowing and what is refused.
    """
    plate = plate_in_use(motor, faults)
    found = [
        _from_input(motor, feed, notes),
        _from_current(motor, plate, feed, notes, faults),
        _from_slip(motor, plate, poles, notes, faults),
        *_from_process(motor, feed, notes, faults),
        _from_statement(motor),
    ]
    known = [evidence for evidence in found if evidence is not None]
    order = [e for e in known if e.method != "stated"] + [e for e in known if e.method == "stated"]
    return tuple(order) or (_assumed(motor),)


def judge(motor: Motor, evidence: Sequence[Evidence], notes: list[Finding], faults: list[Problem]) -> Evidence:
    """Return the best estimate; refuse it beyond 130 % and note what contradicts it beyond their joint bands.

    Parameters
    ----------
    motor
        Row of the inventory.
    evidence
        Best first.
    notes, faults
        Get contradictions and the refusal.
    """
    best, *others = evidence
    if best.load > MAX_STATED_LOAD:
        field = _FIELDS.get(best.method, "input_kw")
        faults.append(Problem(key="motor_load_beyond", field=field, value=f"{best.load * 100:.0f} %"))
    for other in others:
        joint = hypot(best.load * best.band, other.load * other.band)
        if abs(best.load - other.load) > joint:
            key = f"motor_contradiction_{_FIELDS.get(other.method, 'load_factor')}"
            params = {"percent": best.load * 100, "other_percent": other.load * 100}
            notes.append(note(motor, key, "warning", **params))
    return best


def band_of(method: LoadMethod, origin: str) -> float:
    """Return the half-width of a method's 90 % interval as a share of the load (``data/motors/assumptions.csv``)."""
    if method == "stated" and origin == "measured":
        return assumption("load_band_stated_measured").value
    return assumption(f"load_band_{method}").value


def _evidence(motor: Motor, method: LoadMethod, load: float, line_input_kw: float | None = None) -> Evidence:
    return Evidence(method=method, load=load, band=band_of(method, motor.origin), line_input_kw=line_input_kw)


def input_method(motor: Motor) -> LoadMethod:
    """Return what an input in kW is: a reconstructed one was never read."""
    if motor.origin in {"reconstructed", "synthetic"}:
        return "stated"
    return "logged_kw" if motor.input_kind == "logged" else "spot_kw"


def _from_input(motor: Motor, feed: Feed, notes: list[Finding]) -> Evidence | None:
    if motor.input_kw is None:
        return None
    at_motor = feed.has_drive and motor.measuring_point == "motor"
    if feed.has_drive and motor.measuring_point == "unstated":
        notes.append(note(motor, "motor_drive_point_assumed", "assumption"))
    if at_motor:
        return _evidence(motor, input_method(motor), feed.load_of_motor_input(motor.input_kw))
    load = feed.load_of_line_input(motor.input_kw)
    return _evidence(motor, input_method(motor), load, line_input_kw=motor.input_kw)


def _from_current(
    motor: Motor, plate: PlateInUse, feed: Feed, notes: list[Finding], faults: list[Problem]
) -> Evidence | None:
    if motor.current_a is None or not _is_motor_current(motor, notes, faults):
        return None
    if motor.construction not in _CURVED:
        notes.append(note(motor, "motor_method_not_for_it", "warning"))
        return None
    if plate.voltage_v is None:
        if not any(p.field in {"rated_voltage_v", "rated_current_a", "voltage_v"} for p in faults):
            faults.append(_about_current(motor, "motor_plate_voltage_needed"))
        return None
    rated = plate.current_a
    if rated is None:
        power_factor = motor.power_factor or float(power_factor_at_load(1.0, motor.rated_power_kw))
        efficiency = feed.curve.efficiency_full_load
        rated = float(full_load_current_a(motor.rated_power_kw, plate.voltage_v, efficiency, power_factor))
        notes.append(note(motor, "motor_rated_current_computed", "assumption", current_a=rated))
    voltage = measured_voltage_v(motor)
    if voltage is None:
        voltage = plate.voltage_v
        notes.append(note(motor, "motor_voltage_assumed", "assumption", voltage_v=voltage))
    return _current_load(motor, (voltage, plate.voltage_v, rated), feed, faults)


def _current_load(
    motor: Motor, electric: tuple[float, float, float], feed: Feed, faults: list[Problem]
) -> Evidence | None:
    voltage, rated_voltage, rated_current = electric
    # A drive keeps volts per hertz: torque follows the current, power the torque times the speed.
    speed = (motor.line_frequency_hz or 0.0) / motor.frequency_hz if feed.has_drive else 1.0
    if speed <= 0:
        faults.append(_about_current(motor, "motor_drive_frequency_needed"))
        return None
    try:
        load = load_from_current(
            motor.current_a or 0.0, voltage / min(speed, 1.0), rated_current, rated_voltage, motor.rated_power_kw
        )
    except InputError as error:
        faults.extend(error.problems)
        return None
    return _evidence(motor, "current", float(load) * speed)


def _is_motor_current(motor: Motor, notes: list[Finding], faults: list[Problem]) -> bool:
    """Whether the current was taken at the motor: upstream of a drive, soft starter or capacitor it is another one."""
    point = motor.measuring_point
    unknown = point == "unstated" and motor.drive in {"vfd", "soft_starter"}
    if point == "motor" or (point == "unstated" and not unknown):
        return True
    if motor.input_kw is not None:
        notes.append(note(motor, "motor_current_ignored", "info"))
    else:
        faults.append(_about_current(motor, "motor_current_point" if unknown else f"motor_current_{point}"))
    return False


def _about_current(motor: Motor, key: str) -> Problem:
    return Problem(key=key, field="current_a", value=f"{motor.current_a:g} A", params={"tag": motor.tag})


def _from_slip(
    motor: Motor, plate: PlateInUse, poles: int, notes: list[Finding], faults: list[Problem]
) -> Evidence | None:
    if motor.speed_rpm is None:
        return None
    if motor.construction not in _SLIPPING:
        notes.append(note(motor, "motor_method_not_for_it", "warning"))
        return None
    if motor.rated_speed_rpm is None or motor.line_frequency_hz is None:
        notes.append(note(motor, "motor_slip_incomplete", "warning"))
        return None
    synchronous = float(synchronous_speed_rpm(poles, motor.line_frequency_hz))
    if motor.speed_rpm >= synchronous:
        params = {"limit": synchronous, "frequency_hz": motor.line_frequency_hz}
        shown = f"{motor.speed_rpm:g} rpm"
        faults.append(Problem(key="motor_slip_negative", field="speed_rpm", value=shown, params=params))
        return None
    if motor.rated_speed_rpm >= float(synchronous_speed_rpm(poles, float(motor.frequency_hz))):
        return None  # check_plate_speed has refused it
    on_drive, voltage = motor.drive == "vfd", measured_voltage_v(motor)
    both = voltage is not None and plate.voltage_v is not None and not on_drive
    try:
        load = load_from_slip(
            motor.speed_rpm,
            motor.rated_speed_rpm,
            poles,
            motor.line_frequency_hz,
            voltage if both else None,
            plate.voltage_v if both else None,
            float(motor.frequency_hz),
        )
    except InputError as error:
        known = {(fault.key, fault.field) for fault in faults}
        faults.extend(p for p in error.problems if (p.key, p.field) not in known)
        return None
    scale = motor.speed_rpm / motor.rated_speed_rpm if on_drive else 1.0
    return _evidence(motor, "slip", float(load) * scale)


def _from_process(motor: Motor, feed: Feed, notes: list[Finding], faults: list[Problem]) -> list[Evidence]:
    rate, index = motor.throughput_t_per_h, motor.bond_work_index_kwh_per_t
    bond = (index, motor.f80_um, motor.p80_um)
    named = [value for value in (*bond, motor.specific_energy_kwh_per_t) if value is not None]
    if named and (rate is None or 0 < sum(value is not None for value in bond) < len(bond)):
        notes.append(note(motor, "motor_process_incomplete", "warning"))
    if rate is None:
        return []
    found: list[Evidence] = []
    if motor.specific_energy_kwh_per_t is not None:
        load = feed.load_of_line_input(rate * motor.specific_energy_kwh_per_t)
        found.append(_evidence(motor, "process", load))
    _, feed_um, product_um = bond
    if index is None or feed_um is None or product_um is None:
        return found
    try:
        energy = float(bond_energy_kwh_per_t(index, feed_um, product_um, motor.mill_diameter_m))
    except InputError as error:
        faults.extend(error.problems)
        return found
    return [*found, _evidence(motor, "process", _shaft_kw(motor, rate * energy) / motor.rated_power_kw)]


def _shaft_kw(motor: Motor, machine_kw: float) -> float:
    """Return the motor's shaft power that leaves a power for the machine behind belt or gear, kW."""
    return inverse(lambda shaft: shaft * (1 - lost(motor, shaft)), machine_kw, 3 * machine_kw)


def lost(motor: Motor, shaft_kw: float) -> float:
    """Return the loss between motor and machine over the shaft power: stated, or that of the transmission."""
    if motor.transmission_loss is not None:
        return motor.transmission_loss
    return float(transmission_loss(motor.transmission, shaft_kw))


def _from_statement(motor: Motor) -> Evidence | None:
    return None if motor.load_factor is None else _evidence(motor, "stated", motor.load_factor)


def _assumed(motor: Motor) -> Evidence:
    key = "load_factor_packaged" if motor.packaged == "yes" else "load_factor"
    return _evidence(motor, "assumed", assumption(key).value)
