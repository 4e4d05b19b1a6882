"""Loads that may wait: a batch owed each day, and pumping into a tank, moved into the sun by a rule without foresight.

A controller knows this step's load and PV, its clock and what is still owed; it knows nothing of the next hours' sun.
So a block takes the PV that the fixed load and the blocks before it leave over, and runs without sun only when it has
to: a batch when the time left before its deadline is just enough at full power, a pump when its tank is nearly empty.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from mine_energy.arrays import FloatArray, readonly
from mine_energy.units import HOURS_PER_DAY, MINUTES_PER_HOUR, SECONDS_PER_HOUR

Vector = np.ndarray[Any, np.dtype[np.float64]]
_ROUNDING: Final = 1e-9
_PASSES: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Batch:
    """Energy owed every production day, such as a mill's batch.

    Parameters
    ----------
    name
        Unique.
    max_kw
        Most it can draw.
    owed_kwh
        Of each production day: one figure, or shape (days,) in their order. Days cut by the ends of the series owe in
        proportion to the steps that are left of their window.
    first_hour, deadline_hour
        Clock hours between which it may run, 0 to 24; a deadline at or before the first hour is on the next day. The
        production day begins at `first_hour`.
    min_kw
        Least power at which it runs. Powers are means of a step: its last step may lie below.
    sun_share
        Share of `min_kw` that the surplus has to carry before it runs, above 0 to 1; the rest comes from elsewhere.
    """

    name: str
    max_kw: float
    owed_kwh: FloatArray | float
    first_hour: float = 0.0
    deadline_hour: float = 24.0
    min_kw: float = 0.0
    sun_share: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tank:
    """A pump that fills a tank which the plant draws from; all in electric energy of the pump.

    Parameters
    ----------
    name
        Unique.
    max_kw
        Most the pump can draw.
    tank_kwh
        Electric energy that fills the empty tank.
    use_kw
        Shape (n,): what leaves the tank, as power of the pump.
    refill_fraction
        Share of the tank below which the pump runs without sun.
    first_hour, deadline_hour
        Clock hours between which it may run, as in :class:`Batch`.
    min_kw, sun_share
        Least power at which it runs, and the share of it that the surplus has to carry, as in :class:`Batch`.
    """

    name: str
    max_kw: float
    tank_kwh: float
    use_kw: FloatArray
    refill_fraction: float = 0.2
    first_hour: float = 0.0
    deadline_hour: float = 24.0
    min_kw: float = 0.0
    sun_share: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BlockRun:
    """What one block did.

    Parameters
    ----------
    name
        Of the block.
    load_kw
        Shape (n,).
    energy_kwh, from_surplus_kwh
        All of it, and what surplus PV carried.
    dry_kwh
        Water that a tank could not give, as energy of the pump; 0 for a batch.
    start_kwh, end_kwh
        In the tank; 0 for a batch.
    """

    name: str
    load_kw: FloatArray
    energy_kwh: float
    from_surplus_kwh: float
    dry_kwh: float = 0.0
    start_kwh: float = 0.0
    end_kwh: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Deferred:
    """A load with its blocks put in place.

    Parameters
    ----------
    load_kw
        Shape (n,), fixed load and blocks: what :func:`mine_energy.dispatch.simulate` takes.
    blocks
        In the order given.
    """

    load_kw: FloatArray
    blocks: tuple[BlockRun, ...]


def defer(index: pd.DatetimeIndex, fixed_load_kw: Any, pv_kw: Any, blocks: Sequence[Batch | Tank]) -> Deferred:
    """Put deferrable blocks into the sun, in their order: the first takes its surplus first.

    Parameters
    ----------
    index
        Left labels of the steps in local time, of a constant step.
    fixed_load_kw
        Shape (n,), load that cannot wait.
    pv_kw
        Shape (n,), PV available.
    blocks
        Batches and tanks.

    Raises
    ------
    ValueError
        Lengths differ, or a batch owes more in a day than its power allows between its hours.
    """
    load = np.asarray(fixed_load_kw, dtype=np.float64)
    pv = np.asarray(pv_kw, dtype=np.float64)
    if not len(index) == load.size == pv.size or load.size == 0:
        raise ValueError("index, load and PV need the same steps")
    step_hours = _step_hours(index)
    runs = []
    for block in blocks:
        surplus = np.maximum(pv - load, 0.0)
        hours = _hours_since(index, block.first_hour)
        allowed = hours < _window_hours(block) - _ROUNDING
        run = (
            _run_batch(block, production_days(index, block.first_hour), allowed, surplus, step_hours)
            if isinstance(block, Batch)
            else _run_tank(block, allowed, surplus, step_hours)
        )
        runs.append(run)
        load = load + run.load_kw
    return Deferred(load_kw=readonly(load), blocks=tuple(runs))


def daily_energy_kwh(index: pd.DatetimeIndex, load_kw: Any, first_hour: float = 0.0) -> FloatArray:
    """Return the energy of each production day of a load, kWh: what a machine that may wait owes day by day.

    Parameters
    ----------
    index
        Left labels of the steps in local time, of a constant step.
    load_kw
        Shape (n,).
    first_hour
        Clock hour at which a production day begins.

    Returns
    -------
    numpy.ndarray
        Shape (days,); the first and the last day hold what the series has of them.
    """
    step_hours = _step_hours(index)
    days = production_days(index, first_hour)
    return readonly(np.bincount(days, weights=np.asarray(load_kw, dtype=np.float64)) * step_hours)


def window_hours(index: pd.DatetimeIndex, first_hour: float, deadline_hour: float) -> FloatArray:
    """Return how many hours of each production day's window a series holds, shape (days,).

    Times the power of a machine they are the energy that a day can owe: less on days that the ends of the series cut.

    Parameters
    ----------
    index
        Left labels of the steps in local time, of a constant step.
    first_hour, deadline_hour
        Clock hours of the window, as in :class:`Batch`.
    """
    allowed = _hours_since(index, first_hour) < _length(first_hour, deadline_hour) - _ROUNDING
    return readonly(np.bincount(production_days(index, first_hour), weights=allowed) * _step_hours(index))


def production_days(index: pd.DatetimeIndex, first_hour: float) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return the number of each step's production day, from 0, shape (n,).

    Parameters
    ----------
    index
        Left labels of the steps in local time.
    first_hour
        Clock hour at which a production day begins; it ends at the same hour of the next calendar day.
    """
    starts = (index - pd.Timedelta(hours=first_hour)).normalize()
    return np.asarray((starts - starts[0]).days, dtype=np.int64)


def _step_hours(index: pd.DatetimeIndex) -> float:
    return (index[1] - index[0]).total_seconds() / SECONDS_PER_HOUR if len(index) > 1 else 1.0


def _window_hours(block: Batch | Tank) -> float:
    return _length(block.first_hour, block.deadline_hour)


def _length(first_hour: float, deadline_hour: float) -> float:
    length = deadline_hour - first_hour
    return length if length > 0 else length + HOURS_PER_DAY


def _hours_since(index: pd.DatetimeIndex, first_hour: float) -> Vector:
    clock = np.asarray(index.hour + index.minute / MINUTES_PER_HOUR, dtype=np.float64)
    return np.mod(clock - first_hour, HOURS_PER_DAY)


def _owed(block: Batch, days: Any, allowed: Any, step_hours: float) -> tuple[Vector, Any]:
    """Return what each production day owes, and the steps of its window that the series holds."""
    number = int(days[-1]) + 1
    inside = np.bincount(days, weights=allowed, minlength=number)
    share = np.ones(number)
    if np.ndim(block.owed_kwh) == 0:
        share = np.minimum(inside * step_hours / _window_hours(block), 1.0)
    owed = np.broadcast_to(np.asarray(block.owed_kwh, dtype=np.float64), (number,)) * share
    wrong = np.flatnonzero((owed < 0) | (owed > block.max_kw * inside * step_hours * (1 + _ROUNDING)))
    if wrong.size:
        raise ValueError(
            f"{block.name} owes {owed[wrong[0]]} kWh on day {wrong[0]}: more than its hours and power give"
        )
    return owed, inside


def _run_batch(block: Batch, days: Any, allowed: Any, surplus: Vector, step_hours: float) -> BlockRun:
    owed, inside = _owed(block, days, allowed, step_hours)
    powers = np.zeros(surplus.size)
    today, left, steps = -1, 0.0, 0
    for i in np.flatnonzero(allowed).tolist():
        if days[i] != today:
            today, left, steps = int(days[i]), float(owed[days[i]]), int(inside[days[i]])
        steps -= 1
        most = min(block.max_kw, left / step_hours)
        # What does not fit into the steps after this one at full power has to run now.
        forced = min(max(left / step_hours - steps * block.max_kw, 0.0), most)
        powers[i] = _power(float(surplus[i]), forced, most, block)
        left = max(left - powers[i] * step_hours, 0.0)
    return _run(block.name, powers, surplus, step_hours)


def _power(surplus: float, forced: float, most: float, block: Batch | Tank) -> float:
    """Return the power of a block that may take a surplus, must take `forced` and can take `most`."""
    wanted, least = min(surplus, most), min(block.min_kw, most)
    if wanted < least:
        wanted = least if wanted >= block.sun_share * least else 0.0
    if forced > wanted:
        return min(max(forced, least), most)
    return wanted


def _run_tank(block: Tank, allowed: Any, surplus: Vector, step_hours: float) -> BlockRun:
    use = np.asarray(block.use_kw, dtype=np.float64)
    if use.shape != surplus.shape or (use < 0).any() or block.tank_kwh < 0:
        raise ValueError(f"{block.name} needs a tank and a use of the same steps, not negative")
    start = block.tank_kwh
    # From full the level at the end falls from pass to pass to one that closes; a tank that is neither filled nor
    # emptied in the whole period keeps what it started with.
    for _ in range(_PASSES):
        powers, dry, end = _tank_pass(block, start, use, allowed, surplus, step_hours)
        if abs(end - start) <= _ROUNDING * max(block.tank_kwh, 1.0):
            break
        start, before = end, start
    else:
        start = before
    run = _run(block.name, powers, surplus, step_hours)
    return BlockRun(
        name=run.name,
        load_kw=run.load_kw,
        energy_kwh=run.energy_kwh,
        from_surplus_kwh=run.from_surplus_kwh,
        dry_kwh=dry,
        start_kwh=start,
        end_kwh=end,
    )


def _tank_pass(
    block: Tank, level: float, use: Vector, allowed: Any, surplus: Vector, step_hours: float
) -> tuple[Vector, float, float]:
    powers = np.zeros(use.size)
    dry = 0.0
    low = block.refill_fraction * block.tank_kwh
    for i in range(use.size):
        drawn = float(use[i]) * step_hours
        if allowed[i]:
            most = min(block.max_kw, (block.tank_kwh - level + drawn) / step_hours)
            forced = most if level - drawn < low else 0.0
            powers[i] = _power(float(surplus[i]), forced, most, block)
        level += powers[i] * step_hours - drawn
        if level < 0:
            dry, level = dry - level, 0.0
    return powers, dry, level


def _run(name: str, powers: Vector, surplus: Vector, step_hours: float) -> BlockRun:
    return BlockRun(
        name=name,
        load_kw=readonly(powers),
        energy_kwh=float(powers.sum() * step_hours),
        from_surplus_kwh=float(np.minimum(powers, surplus).sum() * step_hours),
    )
