"""What the supply and the altitude allow a motor and its drive, and what they make of it."""

from mine_energy.errors import Finding, Param, Problem
from mine_energy.motors.altitude import MAX_TABLE_ALTITUDE_M, derated_power_kw, drive_output_factor
from mine_energy.motors.evidence import Feed
from mine_energy.motors.inventory import Motor
from mine_energy.motors.notes import note
from mine_energy.motors.plate import measured_voltage_v, plate_in_use
from mine_energy.motors.voltage import (
    UNBALANCE_NOTICE,
    UNBALANCE_SERIOUS,
    UNBALANCE_STOP,
    VOLTAGE_TOLERANCE,
    unbalance_output_factor,
    voltage_unbalance,
)


def measured_unbalance(motor: Motor, notes: list[Finding], faults: list[Problem]) -> float | None:
    """Return the voltage unbalance of a row, as a fraction, or None; note its flags and a voltage far off the plate's.

    Parameters
    ----------
    motor
        Row of the inventory.
    notes, faults
        Get the flags, and a set of voltages that is not whole.
    """
    lines = (motor.voltage_ab_v, motor.voltage_bc_v, motor.voltage_ca_v)
    given = [v for v in lines if v is not None]
    if given and len(given) < len(lines):
        faults.append(Problem(key="motor_voltages_incomplete", field="voltage_ab_v", params={"count": len(given)}))
        return None
    voltage, plate = measured_voltage_v(motor), plate_in_use(motor, faults).voltage_v
    if voltage and plate and motor.drive != "vfd" and abs(voltage / plate - 1) > VOLTAGE_TOLERANCE:
        notes.append(note(motor, "motor_voltage_off", "warning", voltage_v=voltage, rated_v=plate))
    if not given:
        return None
    unbalance = float(voltage_unbalance(*given))
    params = {"percent": unbalance * 100, "output_percent": float(unbalance_output_factor(unbalance)) * 100}
    for limit, key in (
        (UNBALANCE_STOP, "motor_unbalance_stop"),
        (UNBALANCE_SERIOUS, "motor_unbalance_serious"),
        (UNBALANCE_NOTICE, "motor_unbalance"),
    ):
        if unbalance > limit:
            notes.append(note(motor, key, "warning", **params))
            break
    return unbalance


def allowed_shaft_kw(
    motor: Motor, shaft_kw: float, unbalance: float | None, altitude_m: float | None, notes: list[Finding]
) -> float:
    """Return the shaft power that altitude and unbalance leave, kW; note a motor that gives more.

    Parameters
    ----------
    motor
        Row of the inventory.
    shaft_kw
        What it gives, kW.
    unbalance
        As a fraction, or None.
    altitude_m
        Of the site, m, or None.
    notes
        Gets the flag.
    """
    limit = motor.rated_power_kw
    if altitude_m is not None:
        limit = float(derated_power_kw(limit, altitude_m))
    if unbalance is not None:
        limit *= float(unbalance_output_factor(unbalance))
    if limit < shaft_kw and limit < motor.rated_power_kw:
        params: dict[str, Param] = {"shaft_kw": shaft_kw, "derated_kw": limit}
        notes.append(note(motor, "motor_over_derated", "warning", **params))
        if altitude_m is not None and altitude_m > MAX_TABLE_ALTITUDE_M:
            notes.append(note(motor, "motor_altitude_beyond_table", "assumption", limit_m=MAX_TABLE_ALTITUDE_M))
    return limit


def check_drive(motor: Motor, feed: Feed, motor_kw: float, altitude_m: float | None, notes: list[Finding]) -> None:
    """Note a drive that gives more than its altitude allows.

    Parameters
    ----------
    motor, feed
        The row, and how it is fed.
    motor_kw
        Output of the drive, kW.
    altitude_m
        Of the site, m, or None.
    notes
        Gets the flag.
    """
    if not feed.has_drive or altitude_m is None:
        return
    limit = feed.drive_kw * float(drive_output_factor(altitude_m))
    if motor_kw > limit * feed.extra:
        notes.append(note(motor, "motor_drive_over_derated", "warning", output_kw=motor_kw, derated_kw=limit))
