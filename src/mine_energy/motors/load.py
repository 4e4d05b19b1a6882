"""What load a motor carries: from its input power, its current or its slip; and its full-load current."""

from math import sqrt
from typing import Final

import numpy as np

from mine_energy.errors import InputError, Problem
from mine_energy.motors.efficiency import losses
from mine_energy.motors.power_factor import relative_powers
from mine_energy.motors.tables import TINY, Array, Values, checked, like
from mine_energy.units import MINUTES_PER_HOUR, SECONDS_PER_HOUR, W_PER_KW

MAX_LOAD: Final = 1.5
"""Where the search for a load from current ends; the curve and its voltage correction are not meant for more."""
_BISECTIONS: Final = 60
MAX_SLIP_LOAD: Final = 2.0
"""Beyond it, near the breakdown torque of a common motor, torque no longer follows the slip."""
LEAST_SPEED_SHARE: Final = 5 / 6
"""A full-load speed at or below this share of the synchronous one is a 50 Hz plate's taken for a 60 Hz one."""


def load_from_power(input_kw: Values, rated_power_kw: Values, efficiency_full_load: Values) -> Values:
    """Return the load of a motor from its measured electric input.

    The two-loss model of :func:`~mine_energy.motors.efficiency_at_load` solved for the load: with u the input over
    rated power, ``vL p^2 + p + v0 - u = 0``.

    Parameters
    ----------
    input_kw
        Electric input of one motor, kW, zero or more.
    rated_power_kw
        Rated shaft power, kW.
    efficiency_full_load
        0 to 1, above zero.

    Returns
    -------
    float or numpy.ndarray
        Shaft output over rated power; zero where the input is at or below the model's no-load loss.

    Raises
    ------
    InputError
        An argument is out of range.
    """
    power = checked("rated_power_kw", rated_power_kw, TINY)
    fixed, variable = losses(efficiency_full_load, rated_power_kw)
    above = np.maximum(checked("input_kw", input_kw, 0) / power - fixed, 0.0)
    return like(2 * above / (1 + np.sqrt(1 + 4 * variable * above)), input_kw)


def relative_current(load_factor: Values, rated_power_kw: Values, voltage_ratio: Values | None = None) -> Values:
    """Return line current over full-load current at rated voltage.

    The current follows from the power-factor and part-load tables of the size band; off rated voltage it is
    multiplied by ``1 + (V/Vn - 1)(1 - 2p)`` (the correction of the US DOE's MEASUR): magnetising current grows with
    voltage, load current falls.

    Parameters
    ----------
    load_factor
        Shaft output over rated power, zero or more.
    rated_power_kw
        Rated shaft power, kW.
    voltage_ratio
        Line voltage over rated voltage, 0.8 to 1.2; None is one.

    Returns
    -------
    float or numpy.ndarray
    """
    load = checked("load_factor", load_factor, 0)
    at_load = np.hypot(*relative_powers(load, rated_power_kw))
    at_full = np.hypot(*relative_powers(np.ones_like(load), rated_power_kw))
    ratio = np.asarray(1.0) if voltage_ratio is None else checked("voltage_ratio", voltage_ratio, 0.8, 1.2)
    return like(at_load / at_full * (1 + (ratio - 1) * (1 - 2 * load)), load_factor)


def load_from_current(
    current_a: Values,
    voltage_v: Values,
    rated_current_a: Values,
    rated_voltage_v: Values,
    rated_power_kw: Values,
) -> Values:
    """Return the load of a motor from its line current, through the current-load curve.

    Amperes over rated amperes is not load: at half load a motor still draws 55 to 65 % of its rated current. The
    curve of :func:`relative_current` is inverted by bisection. Amperes taken upstream of a drive, a soft starter or
    a capacitor are not motor amperes.

    Parameters
    ----------
    current_a
        Mean line current, A, zero or more.
    voltage_v
        Line-to-line voltage while measuring, V.
    rated_current_a, rated_voltage_v
        Of the plate, for the connection in use.
    rated_power_kw
        Rated shaft power, kW.

    Returns
    -------
    float or numpy.ndarray
        Shaft output over rated power; zero where the current is at or below the no-load current.

    Raises
    ------
    InputError
        An argument is out of range, or the current is beyond that of 1.5 times the rated load.
    """
    rated = checked("rated_current_a", rated_current_a, TINY)
    measured = checked("current_a", current_a, 0) / rated
    ratio = checked("voltage_v", voltage_v, TINY) / checked("rated_voltage_v", rated_voltage_v, TINY)
    power = checked("rated_power_kw", rated_power_kw, TINY)
    measured, ratio, power = np.broadcast_arrays(measured, ratio, power)
    beyond = measured > np.asarray(relative_current(np.full_like(measured, MAX_LOAD), power, ratio))
    if beyond.any():
        shown = f"{float(measured[beyond].flat[0] * 100):.0f} %"
        raise InputError([Problem(key="motor_current_beyond", field="current_a", value=shown)])
    return like(_bisect(measured, power, ratio), current_a)


def _bisect(target: Array, power: Array, ratio: Array) -> Array:
    low, high = np.zeros_like(target), np.full_like(target, MAX_LOAD)
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        below = np.asarray(relative_current(middle, power, ratio)) < target
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return low


def load_from_slip(
    speed_rpm: Values,
    rated_speed_rpm: Values,
    poles: int,
    frequency_hz: Values,
    voltage_v: Values | None = None,
    rated_voltage_v: Values | None = None,
    rated_frequency_hz: float | None = None,
) -> Values:
    """Return the load of a motor from its speed: slip over rated slip, corrected for voltage.

    ``load = (Ns - N) / ((Nsn - Nr) (Vn/V)^2)``, Ns at the measured and Nsn at the plate's frequency: with volts and
    hertz close to the plate's, torque follows the slip in rpm. Rated speeds may be off by a fifth of the slip
    (NEMA's tolerance of the plate), so the result is within about 20 % at best.

    Parameters
    ----------
    speed_rpm
        Measured speed, rpm.
    rated_speed_rpm
        Speed at full load of the plate, rpm.
    poles
        Number of poles.
    frequency_hz
        Line frequency while measuring, Hz: 0.1 Hz is as much as a twentieth of the load.
    voltage_v, rated_voltage_v
        Both or none, V.
    rated_frequency_hz
        Of the plate; None takes 50 or 60 Hz, whichever is nearer to `frequency_hz`.

    Returns
    -------
    float or numpy.ndarray
        Shaft output over rated power.

    Raises
    ------
    InputError
        A speed is at or above synchronous speed, the rated one is a 50 Hz plate's taken for a 60 Hz one, the slip is
        beyond that of twice the rated load, or one voltage is missing.
    """
    line = checked("frequency_hz", frequency_hz, TINY)
    plate = np.where(line < 55, 50.0, 60.0) if rated_frequency_hz is None else np.asarray(rated_frequency_hz)
    synchronous: Array = synchronous_speed_rpm(poles, line)
    rated_speed = checked("rated_speed_rpm", rated_speed_rpm, TINY)
    slowest: Array = synchronous_speed_rpm(poles, plate) * LEAST_SPEED_SHARE
    low = rated_speed <= slowest * (1 + TINY)
    if low.any():
        params = {"low": f"{float(np.broadcast_to(slowest, low.shape)[low].flat[0]):g}"}
        shown = f"{float(np.broadcast_to(rated_speed, low.shape)[low].flat[0]):g}"
        raise InputError([Problem(key="motor_plate_speed_50hz", field="rated_speed_rpm", value=shown, params=params)])
    rated_slip = synchronous_speed_rpm(poles, plate) - rated_speed
    slip = synchronous - checked("speed_rpm", speed_rpm, 0)
    checked("rated_slip_rpm", rated_slip, TINY)
    checked("slip_rpm", slip, TINY)
    if (voltage_v is None) != (rated_voltage_v is None):
        missing = "voltage_v" if voltage_v is None else "rated_voltage_v"
        raise InputError([Problem(key="motor_voltage_pair", field=missing)])
    if voltage_v is None:
        return like(checked("load_factor", slip / rated_slip, 0, MAX_SLIP_LOAD), speed_rpm)
    ratio = checked("voltage_v", voltage_v, TINY) / checked("rated_voltage_v", rated_voltage_v, TINY)
    return like(checked("load_factor", slip / rated_slip * ratio**2, 0, MAX_SLIP_LOAD), speed_rpm)


def synchronous_speed_rpm(poles: int, frequency_hz: Values) -> Values:
    """Return the synchronous speed, rpm: 120 f / poles."""
    return 2 * SECONDS_PER_HOUR / MINUTES_PER_HOUR * frequency_hz / poles


def poles_from_speed(rated_speed_rpm: float, frequency_hz: float) -> int | None:
    """Return the number of poles (2 to 8) whose synchronous speed lies just above a plate's speed, or None.

    Parameters
    ----------
    rated_speed_rpm
        Speed at full load, rpm.
    frequency_hz
        Of the plate, Hz.
    """
    fitting = [p for p in (8, 6, 4, 2) if synchronous_speed_rpm(p, frequency_hz) > rated_speed_rpm]
    slow = not fitting or rated_speed_rpm <= synchronous_speed_rpm(10, frequency_hz)
    return None if slow else fitting[0]


def full_load_current_a(rated_power_kw: Values, voltage_v: Values, efficiency: Values, power_factor: Values) -> Values:
    """Return the full-load line current of a three-phase motor, A: P / (sqrt(3) V eff pf).

    Parameters
    ----------
    rated_power_kw
        Rated shaft power, kW.
    voltage_v
        Line-to-line rated voltage, V.
    efficiency, power_factor
        At full load, 0 to 1.

    Returns
    -------
    float or numpy.ndarray

    Raises
    ------
    InputError
        An argument is out of range.
    """
    power = checked("rated_power_kw", rated_power_kw, TINY)
    voltage = checked("voltage_v", voltage_v, TINY)
    share = checked("efficiency", efficiency, TINY, 1) * checked("power_factor", power_factor, TINY, 1)
    return like(power * W_PER_KW / (sqrt(3) * voltage * share), rated_power_kw)
