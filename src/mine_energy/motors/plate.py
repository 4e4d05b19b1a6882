"""What the plate says for the network in use: its 60 Hz column, its voltage and current, its poles."""

import re
from dataclasses import dataclass
from math import log
from typing import Final

import numpy as np

from mine_energy.errors import InputError, Param, Problem
from mine_energy.motors.inventory import Motor
from mine_energy.motors.load import LEAST_SPEED_SHARE, poles_from_speed, synchronous_speed_rpm
from mine_energy.units import NETWORK_HZ

VOLTAGE_RANGE: Final = (0.8, 1.2)
"""Measured over plate voltage beyond which the connection, not the network, is wrong."""

_PLATE_VOLTS: Final = (50.0, 15_000.0)
"""Beyond these a plate voltage is in another unit."""

_ONE_RANGE: Final = 1.4
"""Voltages further apart than this belong to different connections, whose ratio is the root of three or two."""

_NUMBER: Final = re.compile(r"\d+(?:[.,]\d{1,2})?(?![\d.,])")
_LOW: Final = ("delta", "parallel")
_HIGH: Final = ("star", "series")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlateInUse:
    """Plate voltage and current of the connection in use; None where the plate does not say."""

    voltage_v: float | None
    current_a: float | None


def in_service(motor: Motor, network_hz: int = NETWORK_HZ) -> Motor:
    """Return a row with the plate values that hold on the network.

    A motor with a 50 Hz plate on a 60 Hz network takes the 60 Hz column of its plate: power, speed, voltage, current
    and efficiency. Without one it is refused, because neither its power nor its speed at 60 Hz is known. Motors
    behind a variable-speed drive get the frequency they need and stay as they are, and so do loads without a motor.

    Parameters
    ----------
    motor
        Row of the inventory.
    network_hz
        Frequency of the network, Hz.

    Raises
    ------
    InputError
        The plate is for another frequency and gives no column for the network's.
    """
    if not motor.is_motor or motor.frequency_hz == network_hz or motor.drive == "vfd":
        return motor
    if network_hz != NETWORK_HZ or motor.rated_power_60hz_kw is None:
        shown, params = f"{motor.frequency_hz} Hz", {"network_hz": network_hz}
        raise InputError([Problem(key="motor_plate_frequency", field="frequency_hz", value=shown, params=params)])
    poles = motor.poles
    if poles is None and motor.rated_speed_rpm is not None:
        poles = poles_from_speed(motor.rated_speed_rpm, motor.frequency_hz)  # type: ignore[assignment]
    return motor.model_copy(
        update={
            "frequency_hz": network_hz,
            "poles": poles,
            "rated_power_kw": motor.rated_power_60hz_kw,
            "rated_speed_rpm": motor.rated_speed_60hz_rpm,
            "rated_voltage_v": motor.rated_voltage_60hz_v,
            "rated_current_a": motor.rated_current_60hz_a,
            "efficiency": motor.efficiency_60hz or motor.efficiency,
        }
    )


def plate_parts(text: str) -> tuple[tuple[float, ...], ...] | None:
    """Return the figures of a plate such as ``208-230/460``: one tuple per connection; None when it cannot be read.

    >>> plate_parts("208-230/460 V")
    ((208.0, 230.0), (460.0,))
    """
    if not text.strip():
        return ()
    parts: list[tuple[float, ...]] = []
    for part in text.split("/"):
        figures = _NUMBER.findall(part)
        if not figures or len(re.findall(r"\d+", part)) > len(re.findall(r"\d+", " ".join(figures))):
            return None
        values = tuple(float(figure.replace(",", ".")) for figure in figures)
        # ``220-440`` names two connections; ``208-230`` one that suits a range of voltages.
        apart = len(values) == 2 and min(values) > 0 and max(values) / min(values) > _ONE_RANGE
        parts += [(value,) for value in values] if apart else [values]
    return tuple(parts)


def measured_voltage_v(motor: Motor) -> float | None:
    """Return the mean line-to-line voltage measured, V, or None."""
    lines = (motor.voltage_ab_v, motor.voltage_bc_v, motor.voltage_ca_v)
    if all(v is not None for v in lines):
        return float(np.mean([v for v in lines if v is not None]))
    return motor.voltage_v


def plate_in_use(motor: Motor, faults: list[Problem]) -> PlateInUse:
    """Return plate voltage and current of the connection in use.

    The measured voltage picks the nearest plate voltage; without one the stated connection does: delta or parallel
    is the lowest, star or series the highest.

    Parameters
    ----------
    motor
        Row of the inventory.
    faults
        Gets what cannot be read or contradicts itself.
    """
    voltages, currents = plate_parts(motor.rated_voltage_v), plate_parts(motor.rated_current_a)
    if voltages is None or any(not _PLATE_VOLTS[0] <= v <= _PLATE_VOLTS[1] for p in voltages for v in p):
        faults.append(_unreadable("rated_voltage_v", motor.rated_voltage_v))
        return PlateInUse(voltage_v=None, current_a=None)
    if currents is None or any(a <= 0 for part in currents for a in part):
        faults.append(_unreadable("rated_current_a", motor.rated_current_a))
        return PlateInUse(voltage_v=None, current_a=None)
    if not voltages:
        return PlateInUse(voltage_v=None, current_a=currents[0][0] if len(currents) == 1 else None)
    place = _place(motor, voltages, faults)
    if place is None:
        return PlateInUse(voltage_v=None, current_a=None)
    part, step = place
    current = None
    if len(currents) == len(voltages):
        current = currents[part][min(step, len(currents[part]) - 1)]
    elif currents:
        params = {"voltages": len(voltages), "currents": len(currents)}
        faults.append(
            Problem(key="motor_plate_currents", field="rated_current_a", value=motor.rated_current_a, params=params)
        )
    return PlateInUse(voltage_v=voltages[part][step], current_a=current)


def _unreadable(field: str, value: str) -> Problem:
    return Problem(key="motor_plate_unreadable", field=field, value=value)


def _place(motor: Motor, voltages: tuple[tuple[float, ...], ...], faults: list[Problem]) -> tuple[int, int] | None:
    measured = measured_voltage_v(motor)
    if measured is not None and motor.drive == "vfd":
        # A drive keeps volts per hertz up to the plate's frequency: at half of it half the plate's voltage is right.
        slower = min(motor.line_frequency_hz / motor.frequency_hz, 1.0) if motor.line_frequency_hz else 0.0
        measured = measured / slower if slower else None
    order = sorted(range(len(voltages)), key=lambda i: voltages[i][0])
    wanted = None
    if len(voltages) > 1 and motor.connection in (*_LOW, *_HIGH):
        wanted = order[0] if motor.connection in _LOW else order[-1]
    if measured is None:
        part = wanted if wanted is not None else (0 if len(voltages) == 1 else None)
        return None if part is None else (part, len(voltages[part]) - 1)
    places = [(i, j) for i in order for j in range(len(voltages[i])) if len(voltages) > 2 or wanted in {None, i}]
    part, step = min(places, key=lambda place: abs(log(measured / voltages[place[0]][place[1]])))
    low, high = VOLTAGE_RANGE
    if not low <= measured / voltages[part][step] <= high:
        params: dict[str, Param] = {"measured_v": measured, "plate": motor.rated_voltage_v}
        faults.append(
            Problem(key="motor_voltage_fits_no_plate", field="voltage_v", value=f"{measured:g}", params=params)
        )
        return None
    return part, step


def check_plate_speed(motor: Motor, faults: list[Problem]) -> None:
    """Refuse a plate speed that no motor with the stated poles has: not below synchronous, or below the next poles'.

    Parameters
    ----------
    motor
        Row of the inventory.
    faults
        Gets the problem.
    """
    if motor.rated_speed_rpm is None:
        return
    poles = motor.poles or poles_from_speed(motor.rated_speed_rpm, float(motor.frequency_hz))
    if poles is None:
        return
    most = synchronous_speed_rpm(poles, float(motor.frequency_hz))
    least = synchronous_speed_rpm(poles + 2, float(motor.frequency_hz))
    if least < motor.rated_speed_rpm <= LEAST_SPEED_SHARE * most and motor.construction != "wound_rotor":
        shown, limit = f"{motor.rated_speed_rpm:g}", {"low": f"{LEAST_SPEED_SHARE * most:g}"}
        faults.append(Problem(key="motor_plate_speed_50hz", field="rated_speed_rpm", value=shown, params=limit))
        return
    if not least < motor.rated_speed_rpm < most:
        params = {"poles": poles, "low": least, "high": most}
        shown = f"{motor.rated_speed_rpm:g}"
        faults.append(Problem(key="motor_plate_speed_poles", field="rated_speed_rpm", value=shown, params=params))
