"""A machine as a measure sees it: the points at which it runs, and the chain from its shaft to the meter."""

from dataclasses import dataclass, replace
from typing import Literal

from mine_energy.motors import Motor, MotorState, input_power_kw, load_from_power, power_factor_at_load
from mine_energy.motors.chain import Transmission

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
    rated_power_kw, efficiency_full_load
        Of the motor in this state of the plant; the row's when left out.
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
    rated_power_kw: float = 0.0
    efficiency_full_load: float = 0.0
    transmission: Transmission = "direct"
    applied: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.rated_power_kw:
            object.__setattr__(self, "rated_power_kw", self.motor.rated_power_kw)
            object.__setattr__(self, "efficiency_full_load", self.state.efficiency_full_load or 1.0)
            object.__setattr__(self, "transmission", self.motor.transmission)
            load = None if self.motor.input_kw is not None else self.state.load_factor
            object.__setattr__(self, "points", _points(self, self.state.input_kw, load))

    def input_kw(self, point: Point) -> float:
        """Return the electric input of one unit at a point, kW."""
        if not self.motor.is_motor:
            return point.shaft_kw * point.chain
        load = point.shaft_kw / self.rated_power_kw
        return point.chain * input_power_kw(self.rated_power_kw, load, self.efficiency_full_load)

    def reactive_kvar(self, point: Point) -> float:
        """Return the reactive power of one unit at a point, kvar."""
        if point.behind_drive:
            return 0.0
        if not self.motor.is_motor:
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
    if not machine.motor.is_motor:
        return machine.scaled_shaft(load_scale)
    efficiency = 1 / (1 + (1 / machine.efficiency_full_load - 1) * loss_scale)
    changed = replace(machine, efficiency_full_load=efficiency)
    state, tie = machine.state, machine.points[0].chain
    if machine.motor.input_kw is not None:
        return replace(changed, points=_points(changed, state.input_kw * load_scale, None))
    load = state.load_factor * load_scale
    drawn = tie * input_power_kw(machine.rated_power_kw, load, efficiency)
    return replace(changed, points=_points(changed, drawn, load))


def _points(machine: Machine, drawn_kw: float, load: float | None) -> tuple[Point, ...]:
    """Return the points of an inventory row, tied to its electric input; the load follows from it where not given."""
    points = [_point(machine, "running", drawn_kw, load)]
    if machine.unloaded_hours_per_year:
        today = machine.state
        unloaded_kw = drawn_kw * today.unloaded_input_kw / today.input_kw if today.input_kw else 0.0
        points.append(_point(machine, "unloaded", unloaded_kw, None))
    return tuple(points)


def _point(machine: Machine, window: Window, drawn_kw: float, load: float | None) -> Point:
    hours = machine.window_hours(window)
    if not machine.motor.is_motor:
        return Point(window=window, hours_per_year=hours, shaft_kw=drawn_kw)
    rated, efficiency = machine.rated_power_kw, machine.efficiency_full_load
    found = load_from_power(drawn_kw, rated, efficiency) if load is None else load
    modelled = input_power_kw(rated, found, efficiency)
    return Point(
        window=window,
        hours_per_year=hours,
        shaft_kw=found * rated,
        chain=drawn_kw / modelled if modelled > 0 else 1.0,
        behind_drive=machine.motor.drive == "vfd",
        unloaded=window == "unloaded",
    )
