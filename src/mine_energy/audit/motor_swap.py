"""What replacing motors saves when loads and losses are drawn: both motors at the same shaft load."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from mine_energy.arrays import FloatArray
from mine_energy.audit.parts import audit_assumption
from mine_energy.loads import MachinePlan
from mine_energy.measures import Machine, Saving
from mine_energy.measures.replacement import MEASURE, SPEED_EXPONENT, speed_gain
from mine_energy.motors import Motor, input_power_kw, load_from_power
from mine_energy.motors.rewind import rewind_loss
from mine_energy.motors.tables import assumption
from mine_energy.uncertainty import Uncertain
from mine_energy.uncertainty.bands import Array

_LOWEST, _HIGHEST = 0.05, 0.995
_ASSUMED: Final = frozenset({"assumed", "year_guess"})
_LEAST_LOSSES: Final = 0.2
"""Of the nominal losses: no motor of a class is ten times better than it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Points:
    """One point of operation of some of the swapped motors: its input today at the motor, kW, and its energy share."""

    swap: FloatArray
    input_kw: FloatArray
    weight: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MotorSwaps:
    """Motor replacements, as arrays over r motors.

    Parameters
    ----------
    saving, machine
        Index of the saving and of the machine, shape (r,).
    rated_kw, old_efficiency, new_efficiency
        Rated power and full-load efficiencies, shape (r, 1).
    rewind_mean
        Mean rewind loss that the old efficiency holds, shape (r, 1).
    speed_exponent
        Power of the speed that the shaft load follows, shape (r, 1).
    points
        Loaded running, and unloaded running of compressors.
    base_share
        Share saved with every input at its base, shape (r, 1).
    uncertain
        Four inputs for each motor: factors on the losses of both, rewind loss, extra speed; r of each in turn.
    """

    saving: FloatArray
    machine: FloatArray
    rated_kw: FloatArray
    old_efficiency: FloatArray
    new_efficiency: FloatArray
    rewind_mean: FloatArray
    speed_exponent: FloatArray
    points: tuple[Points, ...]
    base_share: FloatArray
    uncertain: tuple[Uncertain, ...]

    @property
    def count(self) -> int:
        """Number of motors."""
        return len(self.saving)

    @property
    def inputs(self) -> int:
        """Number of uncertain inputs."""
        return len(self.uncertain)

    def change(self, power: Array, drawn: Array) -> Array:
        """Return the share saved less the one at base.

        Parameters
        ----------
        power
            Factor on the input power of each motor, shape (r, draws).
        drawn
            Inputs of :attr:`uncertain`, shape (4 r, draws).
        """
        return self.share(power, *np.split(drawn, 4)) - self.base_share

    def share(self, power: Array, old_losses: Array, rewind: Array, new_losses: Array, speed: Array) -> Array:
        """Return the share of a motor's energy that its replacement saves, shape (r, draws); negative is a loss.

        The shaft load follows from the drawn input and the drawn losses of the present motor; the new motor carries it
        (times the speed ratio to its exponent) at the same rated power.
        """
        worn = rewind - self.rewind_mean
        old = np.clip(_with_losses(self.old_efficiency, old_losses) - worn, _LOWEST, _HIGHEST)
        new = np.clip(_with_losses(self.new_efficiency, new_losses), _LOWEST, _HIGHEST)
        shaft = (1 + speed) ** self.speed_exponent
        share = np.zeros_like(power)
        for point in self.points:
            at, rated = point.swap, self.rated_kw[point.swap]
            before = point.input_kw * power[at]
            load = load_from_power(before, rated, old[at]) * shaft[at]
            after = input_power_kw(rated, load, new[at])
            share[at] += point.weight * (1 - after / before)
        return share


def _with_losses(efficiency: FloatArray, factor: Array) -> Array:
    """Return an efficiency with its losses times a factor."""
    return 1 / (1 + (1 / efficiency - 1) * factor)


def motor_swaps(
    plans: Sequence[MachinePlan], savings: Sequence[Saving], places: Mapping[str, int], workdays: int
) -> MotorSwaps:
    """Return the motor replacements among the applied savings.

    Old losses have the plate's tolerance, or the wider band of an assumed efficiency, whose errors are partly common;
    rewinds their triangular distribution about the mean that the efficiency holds; new losses the tolerance; a
    pump's or fan's motor without plate speed may turn up to the packaged gain faster.

    Parameters
    ----------
    plans
        Machines.
    savings
        Applied ones.
    places
        Tag to index of the machine.
    workdays
        Working days of the year.
    """
    by_tag = {plan.motor.tag: plan for plan in plans}
    chosen = [
        (k, saving, by_tag[saving.tag])
        for k, saving in enumerate(savings)
        if saving.measure == MEASURE and saving.old_efficiency and saving.new_efficiency and _runs(by_tag[saving.tag])
    ]
    motors = [plan.motor for _, _, plan in chosen]
    swaps = MotorSwaps(
        saving=np.array([k for k, _, _ in chosen], dtype=np.intp),
        machine=np.array([places[s.tag] for _, s, _ in chosen], dtype=np.intp),
        rated_kw=_column(m.rated_power_kw for m in motors),
        old_efficiency=_column(s.old_efficiency or 1.0 for _, s, _ in chosen),
        new_efficiency=_column(s.new_efficiency or 1.0 for _, s, _ in chosen),
        rewind_mean=_column(_rewind_mean(m) for m in motors),
        speed_exponent=_column(SPEED_EXPONENT[m.load_type] for m in motors),
        points=_points([plan for _, _, plan in chosen], workdays),
        base_share=np.zeros((len(chosen), 1)),
        uncertain=_uncertain([plan for _, _, plan in chosen]),
    )
    if not chosen:
        return swaps
    ones, zeros = np.ones((len(chosen), 1)), np.zeros((len(chosen), 1))
    base = swaps.share(ones, ones, swaps.rewind_mean, ones, zeros)
    swaps.base_share[:] = base
    return swaps


def _runs(plan: MachinePlan) -> bool:
    return plan.motor.quantity > 0 and plan.state.input_kw > 0 and plan.energy_kwh_per_day > 0


def _column(values: Iterable[float]) -> FloatArray:
    return np.array(list(values), dtype=np.float64).reshape(-1, 1)


def _rewind_mean(motor: Motor) -> float:
    return rewind_loss(motor.rewinds, motor.rewind_shop).mean


def _points(plans: Sequence[MachinePlan], workdays: int) -> tuple[Points, ...]:
    """Return the points of operation, inputs at the motor: the chain from the line to it stays the same."""
    rows: dict[int, list[tuple[int, float, float]]] = {}
    for r, plan in enumerate(plans):
        machine = Machine(
            motor=plan.motor,
            state=plan.state,
            hours_per_year=plan.hours_per_day * workdays,
            unloaded_hours_per_year=plan.unloaded_hours_per_day * workdays,
        )
        energies = [point.hours_per_year * machine.input_kw(point) for point in machine.points]
        for turn, (point, energy) in enumerate(zip(machine.points, energies, strict=True)):
            drawn = machine.input_kw(point) / point.chain
            if energy > 0 and drawn > 0:
                rows.setdefault(turn, []).append((r, drawn, energy / sum(energies)))
    return tuple(
        Points(
            swap=np.array([r for r, _, _ in some], dtype=np.intp),
            input_kw=_column(kw for _, kw, _ in some),
            weight=_column(share for _, _, share in some),
        )
        for some in rows.values()
    )


def _uncertain(plans: Sequence[MachinePlan]) -> tuple[Uncertain, ...]:
    tolerance = assumption("efficiency_loss_tolerance").value
    return (
        *(_old_losses(plan, tolerance) for plan in plans),
        *(_rewind(plan.motor) for plan in plans),
        *(_losses(f"new_losses {plan.motor.tag}", tolerance) for plan in plans),
        *(_speed(plan.motor) for plan in plans),
    )


def _losses(name: str, band: float, group: str = "", correlation: float = 0.0) -> Uncertain:
    return Uncertain(
        name=name,
        base=1.0,
        low=1 - band,
        high=1 + band,
        lower=_LEAST_LOSSES,
        group=group,
        correlation=correlation,
    )


def _old_losses(plan: MachinePlan, tolerance: float) -> Uncertain:
    name = f"old_losses {plan.motor.tag}"
    if plan.state.efficiency_source not in _ASSUMED:
        return _losses(name, tolerance)
    shared = audit_assumption("efficiency_correlation").value
    return _losses(name, assumption("efficiency_loss_band_assumed").value, "common_efficiency assumed", shared)


def _rewind(motor: Motor) -> Uncertain:
    loss = rewind_loss(motor.rewinds, motor.rewind_shop)
    return Uncertain(
        name=f"rewind {motor.tag}", base=loss.mode, low=loss.low, high=loss.high, distribution="triangular"
    )


def _speed(motor: Motor) -> Uncertain:
    gain = speed_gain(motor)
    return Uncertain(name=f"speed {motor.tag}", base=0.0, low=0.0, high=gain, distribution="triangular")
