"""A machine as a measure sees it: the points at which it runs, and the chain from its shaft to the meter."""

from dataclasses import dataclass, replace
from typing import Literal

from mine_energy.motors import INPUT_METHODS, Motor, MotorState, power_factor_at_load
from mine_energy.motors.chain import Transmission
from mine_energy.motors.curve import LossCurve, two_loss_curve

Window = Literal["running", "unloaded"]
"""Which runs of the schedule a point belongs to: those loaded, or those unloaded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A steady point at which one unit runs for part of the year.

    Parameters
    ----------
    window
        Runs of the schedule that it belongs to.
    hours_per_year
        Hours at this point.
    shaft_kw
        Output of the motor's shaft; electric input for loads without a motor.
    chain
        Input at the meter over input of the motor: drive losses and the tie to a measured input.
    behind_drive
        Whether a drive feeds the motor, so that the meter sees next to none of its reactive power.
    unloaded
        Whether a compressor turns without delivering air.
    """

    window: Window
    hours_per_year: float
    shaft_kw: float
    chain: float = 1.0
    behind_drive: bool = False
    unloaded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """One inventory row in a state of the plant.

    Parameters
    ----------
    motor, state
        The row and what one of its units draws today.
    hours_per_year, unloaded_hours_per_year
        Hours of the schedule, loaded and unloaded; they stay while the points change.
    points
        What one unit does in these hours; derived from the state when left out.
    curve
        Losses of the motor in this state of the plant; the row's when left out, None for loads without a motor.
    transmission
        Kind of transmission in this state.
    applied
        Measures that it carries; none is applied twice.
    """

    motor: Motor
    state: MotorState
    hours_per_year: float
    unloaded_hours_per_year: float
    points: tuple[Point, ...] = ()
    curve: LossCurve | None = None
    transmission: Transmission = "direct"
    applied: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.points:
            return
        if self.motor.is_motor and self.curve is None:
            rated, efficiency = self.motor.rated_power_kw, self.state.efficiency_full_load or 1.0
            object.__setattr__(self, "curve", self.state.curve or two_loss_curve(efficiency, rated))
        object.__setattr__(self, "transmission", self.motor.transmission)
        object.__setattr__(self, "points", _points(self, self.state.input_kw, self.state.load_factor))

    @property
    def rated_power_kw(self) -> float:
        """Rated power of one unit's motor, kW."""
        return self.motor.rated_power_kw if self.curve is None else self.curve.rated_power_kw

    @property
    def efficiency_full_load(self) -> float:
        """Full-load efficiency of the motor; one for loads without a motor."""
        return 1.0 if self.curve is None else self.curve.efficiency_full_load

    def motor_kw(self, shaft_kw: float) -> float:
        """Return the motor's input at a shaft output, kW; the output itself for loads without a motor."""
        return shaft_kw if self.curve is None else self.curve.input_kw(shaft_kw / self.rated_power_kw)

    def shaft_of(self, motor_kw: float) -> float:
        """Return the shaft output at a motor's input, kW: :meth:`motor_kw` inverted, zero below the no-load input."""
        return motor_kw if self.curve is None else self.curve.load(motor_kw) * self.rated_power_kw

    def input_kw(self, point: Point) -> float:
        """Return the electric input of one unit at a point, kW."""
        return point.chain * self.motor_kw(point.shaft_kw)

    def reactive_kvar(self, point: Point) -> float:
        """Return the reactive power of one unit at a point, kvar."""
        if point.behind_drive:
            return 0.0
        if self.curve is None:
            factor = self.motor.power_factor or 1.0
        else:
            load = point.shaft_kw / self.rated_power_kw
            factor = power_factor_at_load(load, self.rated_power_kw, self.motor.power_factor)
        return float(self.input_kw(point) * (1 / factor**2 - 1) ** 0.5)

    def energy_kwh(self, window: Window) -> float:
        """Return the energy of all running units in the runs of one kind in the year, kWh."""
        per_unit = sum(p.hours_per_year * self.input_kw(p) for p in self.points if p.window == window)
        return self.motor.quantity * per_unit

    def reactive_kvarh(self, window: Window) -> float:
        """Return the reactive energy of all running units in the runs of one kind in the year, kvarh."""
        per_unit = sum(p.hours_per_year * self.reactive_kvar(p) for p in self.points if p.window == window)
        return self.motor.quantity * per_unit

    @property
    def energy_kwh_per_year(self) -> float:
        """Energy of all running units in the year, kWh."""
        return self.energy_kwh("running") + self.energy_kwh("unloaded")

    def window_hours(self, window: Window) -> float:
        """Return the hours of the schedule's runs of one kind in the year."""
        return self.hours_per_year if window == "running" else self.unloaded_hours_per_year

    @property
    def mean_shaft_kw(self) -> float:
        """Mean shaft output over the hours of the loaded runs, kW; zero without hours."""
        running = [p for p in self.points if p.window == "running"]
        hours = sum(p.hours_per_year for p in running)
        return sum(p.hours_per_year * p.shaft_kw for p in running) / hours if hours else 0.0

    def scaled_shaft(self, factor: float, window: Window | None = None) -> "Machine":
        """Return the machine with its shaft load times a factor, in one kind of runs or in all."""
        changed = tuple(
            replace(p, shaft_kw=p.shaft_kw * factor) if window in {None, p.window} else p for p in self.points
        )
        return replace(self, points=changed)


def at_end(machine: Machine, load_scale: float, loss_scale: float) -> Machine:
    """Return a machine at an end of the bands of its load and of its motor's losses.

    A measured input is scaled as such and the load follows from it; a stated or assumed load is scaled, and the
    input follows.

    Parameters
    ----------
    machine
        As the inventory says.
    load_scale, loss_scale
        Factors on the load (or the measured input) and on the full-load losses.
    """
    if machine.curve is None:
        return machine.scaled_shaft(load_scale)
    efficiency = 1 / (1 + (1 / machine.efficiency_full_load - 1) * loss_scale)
    changed = replace(machine, curve=machine.curve.at_efficiency(efficiency))
    state, tie = machine.state, machine.points[0].chain
    if state.load_method in INPUT_METHODS:
        drawn = state.input_kw * load_scale
        load = changed.shaft_of(drawn / tie) / machine.rated_power_kw
    else:
        load = state.load_factor * load_scale
        drawn = tie * changed.motor_kw(load * machine.rated_power_kw)
    return replace(changed, points=_points(changed, drawn, load))


def _points(machine: Machine, drawn_kw: float, load: float) -> tuple[Point, ...]:
    """Return the points of an inventory row, tied to its electric input."""
    if machine.curve is None:
        return (Point(window="running", hours_per_year=machine.hours_per_year, shaft_kw=drawn_kw),)
    driven = machine.motor.drive == "vfd"
    shaft_kw = load * machine.rated_power_kw
    chain = _ratio(drawn_kw, machine.motor_kw(shaft_kw))
    points = [
        Point(
            window="running",
            hours_per_year=machine.hours_per_year,
            shaft_kw=shaft_kw,
            chain=chain,
            behind_drive=driven,
        )
    ]
    if machine.unloaded_hours_per_year:
        unloaded_kw = drawn_kw * _ratio(machine.state.unloaded_input_kw, machine.state.input_kw, 0.0)
        points.append(at_input(machine, points[0], machine.unloaded_hours_per_year, unloaded_kw, unloaded=True))
    return tuple(points)


def _ratio(part: float, whole: float, otherwise: float = 1.0) -> float:
    return part / whole if whole > 0 else otherwise


def at_input(machine: Machine, like: Point, hours: float, drawn_kw: float, *, unloaded: bool) -> Point:
    """Return the point at which one unit draws a given input.

    Parameters
    ----------
    machine
        Its motor gives the shaft output.
    like
        Point whose drive and window it shares; an unloaded point of the inventory has its own window.
    hours
        A year.
    drawn_kw
        At the meter.
    unloaded
        Whether a compressor turns without delivering air there.
    """
    shaft_kw = machine.shaft_of(drawn_kw / like.chain)
    return replace(
        like,
        window="unloaded" if unloaded else like.window,
        hours_per_year=hours,
        shaft_kw=shaft_kw,
        chain=_ratio(drawn_kw, machine.motor_kw(shaft_kw)),
        unloaded=unloaded,
    )
