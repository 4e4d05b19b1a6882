"""The invented plant's year: what each quarter of an hour drew, and what each day milled."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from math import acos, tan
from random import Random

from _build_example.rules import (
    HARDNESS,
    MACHINES,
    MILL_HOURS,
    MILL_T_PER_H,
    NOISE,
    REST_DAYS,
    SEED,
    SHIFT,
    STEP_MINUTES,
    STOP_CHANCE,
    YEAR,
    Machine,
)

_STEP_HOURS = STEP_MINUTES / 60
STEPS = round(24 / _STEP_HOURS)
_HARD = {"Molienda", "Clasificación"}
Run = tuple[float, float, float]
"""Start and end in decimal hours, and the share of the running power."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day: mean kW and kvar of each quarter of an hour, and the ore milled, t."""

    day: date
    active_kw: tuple[float, ...]
    reactive_kvar: tuple[float, ...]
    ore_t: float


def year() -> tuple[Day, ...]:
    """Return every day of the year, in order."""
    chance = Random(SEED)
    days = (date(YEAR, 1, 1) + timedelta(days=i) for i in range((date(YEAR + 1, 1, 1) - date(YEAR, 1, 1)).days))
    return tuple(_day(day, chance) for day in days)


def _day(day: date, chance: Random) -> Day:
    works = day.weekday() != 6 and day not in REST_DAYS
    milled = min(SHIFT[1] - SHIFT[0], max(0.0, chance.gauss(*MILL_HOURS)))
    if chance.random() < STOP_CHANCE:
        milled /= 2
    rate = chance.gauss(*MILL_T_PER_H)
    hardness = chance.gauss(1, HARDNESS)
    active, reactive = [0.0] * STEPS, [0.0] * STEPS
    for machine in MACHINES:
        runs = tuple(_runs(machine, works, milled, chance))
        lag = tan(acos(machine.power_factor))
        running = machine.input_kw * (hardness if machine.process in _HARD else 1.0)
        for step in range(STEPS):
            share = sum(_overlap(run, step) * run[2] for run in runs)
            if share:
                power = running * share * (1 + chance.gauss(0, NOISE))
                active[step] += power
                reactive[step] += power * lag
    ore = milled * rate if works else 0.0
    return Day(day=day, active_kw=tuple(active), reactive_kvar=tuple(reactive), ore_t=ore)


def _runs(machine: Machine, works: bool, milled_hours: float, chance: Random) -> Iterator[Run]:
    if machine.rhythm == "always":
        yield 0.0, 24.0, 1.0
        return
    shift = chance.uniform(-0.5, 0.5)
    if not works:
        return
    if machine.rhythm == "mill":
        begin = SHIFT[0] + (SHIFT[1] - SHIFT[0] - milled_hours) / 2
        yield begin, begin + milled_hours, 1.0
        return
    begin = machine.start + shift
    middle = begin + machine.hours
    yield begin, middle, 1.0
    if machine.unloaded_hours:
        yield middle, middle + machine.unloaded_hours, machine.unloaded_fraction


def _overlap(run: Run, step: int) -> float:
    """Return the share of a quarter of an hour that a run covers."""
    begin, end = step * _STEP_HOURS, (step + 1) * _STEP_HOURS
    return max(0.0, min(run[1], end) - max(run[0], begin)) / _STEP_HOURS
