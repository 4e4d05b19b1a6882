"""What is doubtful in a record: gaps, stuck or negative values, spikes, level changes, a clock that was shifted.

Nothing is repaired here. Every doubt is a finding with its place; filling is a choice of its own (see
:mod:`mine_energy.loads.fill`).
"""

from collections.abc import Iterator
from typing import Any, Final, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mine_energy.arrays import FloatArray
from mine_energy.errors import Finding, Param
from mine_energy.loads.calendar import DAY_MINUTES
from mine_energy.loads.daytypes import daily_kwh
from mine_energy.loads.profile import LoadProfile
from mine_energy.units import HOURS_PER_DAY, LOCAL_TIME

Bools = NDArray[np.bool_]

_MAD_TO_SD: Final = 1.4826
"""Standard deviation of a normal distribution over its median absolute deviation."""
_STUCK_HOURS: Final = 4.0
_STUCK_STEPS: Final = 8
_SPIKE_QUANTILE: Final = 0.995
_SPIKE_TIMES: Final = 3.0
_SPIKE_LEVEL: Final = 1.5
_BEYOND: Final = 5.0
_LEVEL_DAYS: Final = 7
_LEVEL_RATIO: Final = 1.3
_LEVEL_SCORE: Final = 3.0
_SHIFT_MINUTES: Final = 120
_SHIFT_CORRELATION: Final = 0.8
_SHIFT_GAIN: Final = 0.05
_SHIFT_WEEKS: Final = 3


def quality_findings(load: LoadProfile) -> tuple[Finding, ...]:
    """Return everything doubtful in a record, in a fixed order.

    Parameters
    ----------
    load
        Record at a constant step; intervals without a value are NaN.

    Returns
    -------
    tuple of Finding
        Empty for a record without doubts.
    """
    values = load.load_kw.to_numpy(dtype=np.float64)
    if np.isnan(values).all():
        return tuple(_gaps(load, values))
    found = [
        *_gaps(load, values),
        *_negatives(load, values),
        *_zero_runs(load, values),
        *_stuck(load, values),
        *_spikes(load, values),
        *_level_change(load),
        *_clock_shifts(load),
    ]
    return tuple(found)


def runs(mask: Bools) -> tuple[tuple[int, int], ...]:
    """Return the stretches in which a mask is true, as (first position, length), in order."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], mask.astype(np.int8), [0]))))
    return tuple((int(start), int(end - start)) for start, end in zip(edges[::2], edges[1::2], strict=True))


def _said(load: LoadProfile, key: str, mask: Bools, *, warn_hours: float = 0.0, **more: Param) -> Iterator[Finding]:
    """Tell of the intervals of a mask: how many, the longest stretch and where it starts."""
    stretches = runs(mask)
    if not stretches:
        return
    first, length = max(stretches, key=lambda stretch: stretch[1])
    hours = length * load.step_hours
    params: dict[str, Param] = {
        "count": int(mask.sum()),
        "stretches": len(stretches),
        "hours": f"{hours:g}",
        "start": _at(load, first),
        **more,
    }
    yield Finding(key=key, level="warning" if hours >= warn_hours else "info", subject=load.label, params=params)


def _at(load: LoadProfile, position: int) -> str:
    index = cast("pd.DatetimeIndex", load.load_kw.index)
    return str(index[position].tz_convert(LOCAL_TIME).strftime("%Y-%m-%d %H:%M"))


def _gaps(load: LoadProfile, values: FloatArray) -> Iterator[Finding]:
    missing = np.isnan(values)
    yield from _said(load, "load_gaps", missing, percent=100 * float(missing.mean()))


def _negatives(load: LoadProfile, values: FloatArray) -> Iterator[Finding]:
    below = values < 0
    energy = float(values[below].sum()) * load.step_hours
    yield from _said(load, "load_negative", below, energy_kwh=energy)


def _zero_runs(load: LoadProfile, values: FloatArray) -> Iterator[Finding]:
    yield from _said(load, "load_zero_runs", values == 0, warn_hours=HOURS_PER_DAY)


def _stuck(load: LoadProfile, values: FloatArray) -> Iterator[Finding]:
    """Tell of the same reading over hours: a meter that repeats its last value. A built load is allowed to."""
    if load.origin != "metered":
        return
    same = np.concatenate(([False], np.diff(values) == 0)) & (values != 0)
    least = max(_STUCK_STEPS, round(_STUCK_HOURS / load.step_hours))
    mask = np.zeros(len(values), dtype=np.bool_)
    for first, length in runs(same):
        if length + 1 >= least:
            mask[first - 1 : first + length] = True
    yield from _said(load, "load_stuck", mask)


def _spikes(load: LoadProfile, values: FloatArray) -> Iterator[Finding]:
    """Tell of single readings that leap up and back by far more than the plant's machines do.

    A leap up and back is three times the 99.5 % quantile of all steps and reaches half as much again as the 99.5 %
    quantile of the readings, so that a crusher's start is none and a mistyped digit or a register's roll-over is. What
    lies five times above that quantile is told however long it lasts and wherever it stands.
    """
    if len(values) < 3 or load.origin != "metered":
        return
    change = np.diff(values)
    usual = float(np.nanquantile(np.abs(change), _SPIKE_QUANTILE))
    top = float(np.nanquantile(values, _SPIKE_QUANTILE))
    up, down = change[:-1], -change[1:]
    leap = np.minimum(up, down) > max(_SPIKE_TIMES * usual, 0.0)
    mask = np.concatenate(([False], leap & (values[1:-1] > _SPIKE_LEVEL * top), [False]))
    mask |= values > _BEYOND * top if top > 0 else False
    if mask.any():
        yield from _said(load, "load_spikes", mask, peak_kw=float(values[mask].max()))


def _level_change(load: LoadProfile) -> Iterator[Finding]:
    """Tell of a day from which on the plant uses clearly more or less than before it.

    The split is where the medians of the days before and after, weighed by the spread of the days, lie farthest
    apart; weekends fall on both sides alike.
    """
    daily = daily_kwh(load)
    energy = daily.to_numpy(dtype=np.float64)
    if len(energy) < 2 * _LEVEL_DAYS:
        return
    best, place = 0.0, 0
    for split in range(_LEVEL_DAYS, len(energy) - _LEVEL_DAYS + 1):
        before, after = energy[:split], energy[split:]
        pooled = np.concatenate((before - np.median(before), after - np.median(after)))
        spread = _MAD_TO_SD * float(np.median(np.abs(pooled)))
        gap = abs(float(np.median(after) - np.median(before)))
        score = gap / spread if spread > 0 else np.inf if gap > 0 else 0.0
        if score > best:
            best, place = score, split
    if not place:  # every day of the record has the same energy
        return
    before_kwh, after_kwh = float(np.median(energy[:place])), float(np.median(energy[place:]))
    low, high = sorted((before_kwh, after_kwh))
    if best >= _LEVEL_SCORE and high > _LEVEL_RATIO * low:
        params: dict[str, Param] = {
            "day": str(daily.index[place]),
            "before_kwh": before_kwh,
            "after_kwh": after_kwh,
        }
        yield Finding(key="load_level_change", level="warning", subject=load.label, params=params)


def _clock_shifts(load: LoadProfile) -> Iterator[Finding]:
    """Tell of weeks whose usual day stands earlier or later than that of the other weeks."""
    shifts = weekly_shifts(load)
    moved = [(week, minutes) for week, minutes in shifts if minutes]
    if moved:
        params: dict[str, Param] = {
            "weeks": len(moved),
            "total": len(shifts),
            "first": moved[0][0],
            "minutes": f"{moved[0][1]:+g}",
        }
        yield Finding(key="load_clock_shift", level="warning", subject=load.label, params=params)


def weekly_shifts(load: LoadProfile) -> tuple[tuple[str, float], ...]:
    """Return by how many minutes each week's mean weekday lies later than the median week's.

    The mean Monday-to-Friday day of every week is moved around the clock against the median of all weeks; the lag of
    the highest correlation counts when it reaches 0.8, gains 0.05 on no lag at all and the record has three weeks.

    Parameters
    ----------
    load
        Record.

    Returns
    -------
    tuple
        First day of each week with five whole weekdays (ISO 8601) and minutes; positive when its clock is ahead
        (events are stamped later than in other weeks).
    """
    weeks = _weekly_days(load)
    if len(weeks) < _SHIFT_WEEKS:
        return ()
    usual = np.median(np.array([day for _, day in weeks]), axis=0)
    most = int(_SHIFT_MINUTES // load.step_minutes)
    lags = sorted(range(-most, most + 1), key=abs)
    found = []
    for name, day in weeks:
        scores = {lag: _correlation(np.roll(day, -lag), usual) for lag in lags}
        best = max(lags, key=lambda lag: scores[lag])
        clear = scores[best] >= _SHIFT_CORRELATION and scores[best] - scores[0] >= _SHIFT_GAIN
        found.append((name, best * load.step_minutes if clear else 0.0))
    return tuple(found)


def _weekly_days(load: LoadProfile) -> list[tuple[str, FloatArray]]:
    index = cast("pd.DatetimeIndex", load.load_kw.index).tz_convert(LOCAL_TIME)
    whole = set(daily_kwh(load).index)
    per_day = round(DAY_MINUTES / load.step_minutes)
    keep = np.array([day in whole and day.weekday() < 5 for day in index.date])
    days = load.load_kw.to_numpy(dtype=np.float64)[keep].reshape(-1, per_day)
    monday = (index.normalize() - pd.to_timedelta(index.day_of_week, unit="D"))[keep][::per_day]
    found = []
    for first in monday.unique():
        mine = days[np.asarray(monday == first)]
        if len(mine) == 5:
            found.append((str(first.date()), mine.mean(axis=0)))
    return found


def _correlation(left: FloatArray, right: FloatArray) -> float:
    a, b = left - left.mean(), right - right.mean()
    size = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum()) / size if size > 0 else 0.0


def phase_findings(phases_kw: Any, label: str) -> tuple[Finding, ...]:
    """Return which phases of a three-phase record are missing or nearly so.

    Parameters
    ----------
    phases_kw
        Mean power by phase, shape (3, n), kW.
    label
        What a reader sees.

    Returns
    -------
    tuple of Finding
        One for each phase whose energy lies below 5 % of the mean of the other two: a clamp left open or turned
        round, or a fuse; a three-phase motor draws the same from all.
    """
    means = np.nanmean(np.asarray(phases_kw, dtype=np.float64), axis=1)
    found = []
    for phase, mean in enumerate(means):
        others = float(np.delete(means, phase).mean())
        if others > 0 and mean < 0.05 * others:
            params: dict[str, Param] = {"phase": f"L{phase + 1}", "mean_kw": float(mean), "others_kw": others}
            key = "load_phase_reversed" if mean < -0.05 * others else "load_phase_missing"
            found.append(Finding(key=key, level="warning", subject=label, params=params))
    return tuple(found)
