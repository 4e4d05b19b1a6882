"""Cumulative registers: readings at instants, whose steps are the energy of the intervals between them."""

from collections.abc import Iterator
from math import ceil, log10
from typing import Final

import numpy as np

from mine_energy.errors import Finding, Param, Problem
from mine_energy.io.meter_readings import LISTED, Readings, Values
from mine_energy.io.tables import first_of

REGISTER_ROWS: Final = 24
"""From this many readings on, values that never fall and end higher are a counter, not a plant."""

_NEAR_FULL: Final = 0.9
_LARGEST_STEP: Final = 3.0
"""A register that rolls over has counted to its last digit, and its step then is one like the others."""


def steps_of(register: Values) -> tuple[Values, tuple[int, ...], tuple[int, ...]]:
    """Return the steps of a register, the readings after which it rolled over, and those where it fell.

    Parameters
    ----------
    register
        Readings in order of time, shape (n,).

    Returns
    -------
    tuple
        Steps, shape (n - 1,); indexes of readings just after a roll-over at a power of ten; indexes of readings that
        are lower than the one before without a roll-over.
    """
    steps = np.diff(register)
    rising = steps[steps > 0]
    largest = _LARGEST_STEP * float(rising.max()) if len(rising) else 0.0
    rolled: list[int] = []
    fell: list[int] = []
    for position in np.flatnonzero(steps < 0):
        before, after = float(register[position]), float(register[position + 1])
        full = 10.0 ** ceil(log10(before)) if before > 0 else 0.0
        if after >= 0 and before > _NEAR_FULL * full and 0 <= after + full - before <= largest:
            steps[position] = after + full - before
            rolled.append(int(position) + 1)
        else:
            fell.append(int(position) + 1)
    return steps, tuple(rolled), tuple(fell)


def register_problems(found: Readings) -> Iterator[Problem]:
    """Yield what is wrong with a register: it falls, or it never moves."""
    table = found.table
    if found.active_quantity != "register":
        return
    _, _, fell = steps_of(found.active)
    listed = [
        found.value_problem(
            "meter_register_fell", i, before=f"{found.active[i - 1]:.10g}", this=f"{found.active[i]:.10g}"
        )
        for i in fell
    ]
    yield from first_of(listed, LISTED, table.about("meter_register_fell"))
    if float(found.active.max()) == float(found.active.min()):
        total = f"{found.active.sum():.6g}"
        yield table.problem("cumulative_register", table.header, found.active_column, first=total, second="0")


def _around(found: Readings, index: int) -> dict[str, str]:
    return {"before": f"{found.active[index - 1]:.10g}", "this": f"{found.active[index]:.10g}"}


def undeclared_register(found: Readings) -> Iterator[Problem]:
    """Refuse an energy that never falls: a counter's readings or a rising plant, and no word says which."""
    values = found.active
    if found.active_quantity == "energy" and len(values) >= REGISTER_ROWS:
        steps = np.diff(values)
        if (steps >= 0).all() and (steps > 0).mean() > 0.5:
            yield found.value_problem(
                "cumulative_register", 0, first=f"{values.sum():.6g}", second=f"{values[-1] - values[0]:.6g}"
            )


def register_findings(found: Readings) -> Iterator[Finding]:
    """Tell that steps were taken, and of each roll-over with its line."""
    if found.active_quantity != "register":
        return
    name = found.table.file
    params: dict[str, Param] = {
        "first": f"{found.active[0]:.10g}",
        "last": f"{found.active[-1]:.10g}",
        "line": found.line(0),
    }
    yield Finding(key="meter_register_steps", subject=name, params=params)
    for index in steps_of(found.active)[1]:
        rolled: dict[str, Param] = {
            "line": found.line(index),
            "before": f"{found.active[index - 1]:.10g}",
            "this": f"{found.active[index]:.10g}",
        }
        yield Finding(key="meter_register_rolled", level="warning", subject=name, params=rolled)
