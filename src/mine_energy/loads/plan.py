"""Every machine of the inventory: what it draws, and when it runs on a working day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from mine_energy.errors import Finding, InputError, Param, Problem
from mine_energy.loads.calendar import DAY_MINUTES, shift_windows
from mine_energy.loads.schedule import Run, RunState, parse_schedule, seeded_runs, stated_runs
from mine_energy.motors import Motor, MotorInventory, MotorState, in_service, motor_state, row_problems
from mine_energy.site import Site
from mine_energy.units import MINUTES_PER_HOUR

DEFAULT_SEED: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class MachinePlan:
    """One inventory row: what a unit draws and when it runs.

    Parameters
    ----------
    motor, state
        The row and what one of its units draws.
    runs
        Runs of a working day.
    origin
        ``stated`` in the inventory or ``seeded``.
    findings
        About the schedule; the state keeps its own.
    """

    motor: Motor
    state: MotorState
    runs: tuple[Run, ...]
    origin: Literal["stated", "seeded"]
    findings: tuple[Finding, ...] = ()

    def power_kw(self, state: RunState) -> float:
        """Return the electric input of all running units in a state, kW."""
        per_unit = self.state.unloaded_input_kw if state == "unloaded" else self.state.input_kw
        return per_unit * self.motor.quantity

    def reactive_kvar(self, state: RunState) -> float:
        """Return the reactive power of all running units in a state, kvar."""
        per_unit = self.state.unloaded_reactive_kvar if state == "unloaded" else self.state.reactive_kvar
        return per_unit * self.motor.quantity

    @property
    def hours_per_day(self) -> float:
        """Hours run (loaded, for a compressor) on a working day."""
        return self.motor.hours_per_day

    @property
    def unloaded_hours_per_day(self) -> float:
        """Hours run unloaded on a working day; zero for anything but a compressor."""
        return self.motor.unloaded_hours_per_day if self.motor.equipment == "compressor" else 0.0

    @property
    def energy_kwh_per_day(self) -> float:
        """Energy of a working day, kWh."""
        loaded = self.hours_per_day * self.state.input_kw
        return self.motor.quantity * (loaded + self.unloaded_hours_per_day * self.state.unloaded_input_kw)


def plan_machines(site: Site, inventory: MotorInventory) -> tuple[MachinePlan, ...]:
    """Return for every inventory row what it draws and when it runs on a working day.

    Rows with a stated schedule keep it. The others run in batches inside the shifts, their start times drawn from
    ``[inventory] seed``; rows with the same ``sequence`` start together, those with the same ``standby_group`` one
    after the other.

    Parameters
    ----------
    site
        Gives shifts and seed.
    inventory
        Rows.

    Returns
    -------
    tuple of MachinePlan
        In the order of the inventory.

    Raises
    ------
    InputError
        A schedule cannot be read or contradicts the hours, or the hours of a row exceed a day. Lists every row.
    """
    windows = shift_windows(site.site.shifts)
    seed = site.inventory.seed if site.inventory is not None else DEFAULT_SEED
    problems = [p for motor in inventory.motors for p in _problems(motor, inventory.file)]
    problems += _standby_problems(inventory)
    if problems:
        raise InputError(problems)
    placed = {m.tag: _stated(m) for m in inventory.motors if m.schedule}
    placed |= _relieved(inventory.motors, windows, seed)
    for name, members in _groups(inventory.motors).items():
        needs = [_minutes(m) for m in members]
        placed |= {m.tag: r for m, r in zip(members, seeded_runs(needs, windows, seed, name), strict=True)}
    inside = sum(end - start for start, end in windows)
    return tuple(
        MachinePlan(
            motor=in_service(motor),
            state=motor_state(motor, altitude_m=site.site.altitude_m),
            runs=placed[motor.tag],
            origin="stated" if motor.schedule else "seeded",
            findings=_outside(motor, inside),
        )
        for motor in inventory.motors
    )


def _standby(motors: Sequence[Motor]) -> Mapping[str, list[Motor]]:
    groups: dict[str, list[Motor]] = {}
    for motor in motors:
        if motor.standby_group:
            groups.setdefault(motor.standby_group, []).append(motor)
    return groups


def _standby_problems(inventory: MotorInventory) -> list[Problem]:
    """Return the groups whose members cannot relieve each other: together they would run more than a day."""
    found = []
    for name, members in _standby(inventory.motors).items():
        hours = sum(sum(_minutes(motor)) for motor in members) / MINUTES_PER_HOUR
        if hours * MINUTES_PER_HOUR > DAY_MINUTES + 1e-9:
            params: dict[str, Param] = {"hours": hours, "tags": ", ".join(motor.tag for motor in members)}
            found.append(
                Problem(
                    key="load_standby_over_day", file=inventory.file, field="standby_group", value=name, params=params
                )
            )
    return found


def _relieved(motors: Sequence[Motor], windows: Sequence[tuple[float, float]], seed: int) -> dict[str, tuple[Run, ...]]:
    """Return the runs of machines that relieve each other: those of one duty, handed out in inventory order."""
    placed: dict[str, tuple[Run, ...]] = {}
    for name, members in _standby(motors).items():
        free = [motor for motor in members if not motor.schedule]
        needs = [_minutes(motor) for motor in free]
        total = (sum(loaded for loaded, _ in needs), sum(unloaded for _, unloaded in needs))
        runs = list(seeded_runs([total], windows, seed, f"standby {name}")[0]) if free else []
        for motor, (loaded, unloaded) in zip(free, needs, strict=True):
            own = [*_handed(runs, loaded, unloaded=False), *_handed(runs, unloaded, unloaded=True)]
            placed[motor.tag] = tuple(sorted(own, key=lambda run: run.start_minute))
    return placed


def _handed(runs: list[Run], minutes: float, *, unloaded: bool) -> list[Run]:
    """Take the first minutes, loaded or unloaded, out of `runs`."""
    taken: list[Run] = []
    for place, run in enumerate(runs):
        if (run.state == "unloaded") != unloaded or run.minutes <= 0 or minutes <= 0:
            continue
        part = min(run.minutes, minutes)
        taken.append(replace(run, minutes=part))
        runs[place] = replace(run, start_minute=run.start_minute + part, minutes=run.minutes - part)
        minutes -= part
    return taken


def _minutes(motor: Motor) -> tuple[float, float]:
    unloaded = motor.unloaded_hours_per_day if motor.equipment == "compressor" else 0.0
    return _whole(motor.hours_per_day * MINUTES_PER_HOUR), _whole(unloaded * MINUTES_PER_HOUR)


def _whole(minutes: float) -> float:
    """Return minutes without the last bits of a product: 1.2 h is 72 minutes."""
    return float(round(minutes)) if abs(minutes - round(minutes)) < 1e-9 else minutes


def _problems(motor: Motor, file: str) -> list[Problem]:
    minutes, unloaded = _minutes(motor)
    hours = {"hours": (minutes + unloaded) / MINUTES_PER_HOUR}
    if minutes + unloaded > DAY_MINUTES + 1e-9:
        return [Problem(key="load_hours_over_day", file=file, field=f"{motor.tag}.hours_per_day", params=hours)]
    if refused := row_problems(motor):
        return [replace(p, file=file, field=f"{motor.tag}.{p.field}") for p in refused]
    if not motor.schedule:
        return []
    field = f"{motor.tag}.schedule"
    try:
        spans = parse_schedule(motor.schedule)
    except ValueError as error:
        return [
            Problem(
                key="load_schedule_unreadable",
                file=file,
                field=field,
                value=motor.schedule,
                params={"piece": str(error)},
            )
        ]
    stated = sum(end - start for start, end in spans)
    if abs(stated - minutes) > max(1, len(spans)):
        params = {"stated": stated / MINUTES_PER_HOUR, "hours": motor.hours_per_day}
        return [Problem(key="load_schedule_contradicts", file=file, field=field, value=motor.schedule, params=params)]
    return []


def _stated(motor: Motor) -> tuple[Run, ...]:
    return stated_runs(parse_schedule(motor.schedule), *_minutes(motor))


def _groups(motors: Sequence[Motor]) -> Mapping[str, list[Motor]]:
    """Return the rows without a stated schedule by what they start with: their sequence, or themselves alone."""
    groups: dict[str, list[Motor]] = {}
    for motor in motors:
        if not motor.schedule and not motor.standby_group:
            groups.setdefault(f"sequence {motor.sequence}" if motor.sequence else f"tag {motor.tag}", []).append(motor)
    return groups


def _outside(motor: Motor, inside_minutes: float) -> tuple[Finding, ...]:
    needed = sum(_minutes(motor))
    if motor.schedule or needed <= inside_minutes + 1e-9:
        return ()
    params = {"hours": needed / MINUTES_PER_HOUR, "shift_hours": inside_minutes / MINUTES_PER_HOUR}
    return (Finding(key="load_hours_outside_shifts", level="info", subject=motor.tag, params=params),)
