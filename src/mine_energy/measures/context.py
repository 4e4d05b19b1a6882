"""What a measure may know about the plant."""

from dataclasses import dataclass

from mine_energy.motors import IEClass, Motor, MotorState


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """One inventory row as a measure sees it.

    Parameters
    ----------
    motor, state
        The row and what one of its units draws.
    hours_per_year, unloaded_hours_per_year
        Hours run (loaded) and run unloaded in the year.
    """

    motor: Motor
    state: MotorState
    hours_per_year: float
    unloaded_hours_per_year: float

    @property
    def energy_kwh_per_year(self) -> float:
        """Energy of all running units in the year, kWh."""
        loaded = self.hours_per_year * self.state.input_kw
        return self.motor.quantity * (loaded + self.unloaded_hours_per_year * self.state.unloaded_input_kw)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureContext:
    """The plant's machines and what the site allows.

    Parameters
    ----------
    machines
        In inventory order.
    replacement_class
        Class of a replacement motor.
    frequency_hz
        Of the network.
    min_hours_per_year
        Machines that run less are left alone.
    """

    machines: tuple[Machine, ...]
    replacement_class: IEClass = "IE3"
    frequency_hz: int = 60
    min_hours_per_year: float = 0.0
