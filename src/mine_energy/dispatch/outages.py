"""Hours without the grid: from stated outages, or drawn from a mean number and duration with a seed.

A step counts as an outage when its middle lies in one. Over many outages their hours are then right on the average,
however long the steps are; a single outage shorter than a step may vanish or count whole, so hours given and hours
modelled are both reported.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from mine_energy.arrays import FloatArray, readonly
from mine_energy.catalog import Sourced, sourced_row, table
from mine_energy.errors import Finding, InputError, MissingData, Problem
from mine_energy.units import HOURS_PER_YEAR, SECONDS_PER_HOUR

Interval = tuple[pd.Timestamp, pd.Timestamp]
Vector = np.ndarray[Any, np.dtype[np.float64]]
_TELLING = 0.05


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outages:
    """A series of outages.

    Parameters
    ----------
    available
        Shape (n,), 1 with the grid and 0 without it: field of :class:`mine_energy.dispatch.Grid`.
    hours_given
        Hours of the outages themselves, inside the period.
    hours_modelled
        Hours of the steps without the grid.
    count
        Outages that touch the period.
    longest_hours
        The longest of them.
    seed
        Of the draw, None for stated outages.
    findings
        What a reader has to know.
    """

    available: FloatArray
    hours_given: float
    hours_modelled: float
    count: int
    longest_hours: float
    seed: int | None = None
    findings: tuple[Finding, ...] = ()


def outages_from_intervals(
    index: pd.DatetimeIndex, intervals: Sequence[Interval], *, step_hours: float, file: str = ""
) -> Outages:
    """Return the series of stated outages.

    Parameters
    ----------
    index
        Left labels of the steps, tz-aware, of a constant step.
    intervals
        Start and end of each outage, tz-aware, in any order; overlapping ones count once.
    step_hours
        Length of a step.
    file
        Where they come from, for messages.

    Raises
    ------
    InputError
        An outage ends before it starts or has no time zone (``outage_order``, ``outage_zone``), by its line.
    """
    problems = [found for line, interval in enumerate(intervals, start=1) for found in _wrong(interval, line, file)]
    if problems:
        raise InputError(problems)
    origin = index[0]
    spans = np.array([[_hours(start - origin), _hours(end - origin)] for start, end in intervals]).reshape(-1, 2)
    return _series(_merged(spans), len(index), step_hours, seed=None)


def _wrong(interval: Interval, line: int, file: str) -> list[Problem]:
    start, end = interval
    value = f"{start} - {end}"
    if start.tzinfo is None or end.tzinfo is None:
        return [Problem(key="outage_zone", file=file, line=line, value=value)]
    return [] if start < end else [Problem(key="outage_order", file=file, line=line, value=value)]


def recorded_saidi(country: str) -> tuple[tuple[str, Sourced], ...]:
    """Return the packaged hours a year without the grid by place, newest first: what to hold a statistic against.

    Parameters
    ----------
    country
        ISO 3166 code.

    Raises
    ------
    MissingData
        None is packaged for the country (``outage_statistic``).
    """
    rows = [row for row in table("reliability/outages.csv") if row["saidi_hours"]]
    mine = sorted((row for row in rows if row["country"] == country), key=lambda row: row["year"], reverse=True)
    if not mine:
        available = ", ".join(sorted({row["country"] for row in rows}))
        raise MissingData("outage_statistic", country=country, available=available)
    return tuple((row["place"], sourced_row(row, "saidi_hours", unit="h/year")) for row in mine)


def draw_outages(steps: int, *, saidi_hours: float, saifi: float, seed: int, step_hours: float = 1.0) -> Outages:
    """Draw outages: times with and without the grid follow exponential distributions.

    The mean time without is SAIDI over SAIFI, the mean time with the grid what is left of a year over SAIFI (IEEE 1366
    defines both, per customer and year). They start in the long-run state of the process. The same seed gives the
    same outages, whatever the length of the steps.

    Parameters
    ----------
    steps
        Number of steps.
    saidi_hours
        Hours without the grid in a year of 8,760 h.
    saifi
        Outages in a year.
    seed
        Of ``numpy.random.PCG64``; stated by the caller and kept in the result.
    step_hours
        Length of a step.

    Raises
    ------
    ValueError
        A figure is negative, SAIDI fills the year, or only one of both is zero.
    """
    if saidi_hours < 0 or saifi < 0 or saidi_hours >= HOURS_PER_YEAR or (saidi_hours == 0) != (saifi == 0):
        raise ValueError(f"SAIDI {saidi_hours} h and SAIFI {saifi} describe no supply")
    params = {"saidi_hours": saidi_hours, "saifi": saifi, "seed": seed}
    note = Finding(key="outages_drawn", level="assumption", params=params)
    if saifi == 0:
        return _series(np.empty((0, 2)), steps, step_hours, seed=seed, notes=(note,))
    random = np.random.Generator(np.random.PCG64(seed))
    spans = _drawn(random, steps * step_hours, (HOURS_PER_YEAR - saidi_hours) / saifi, saidi_hours / saifi)
    return _series(spans, steps, step_hours, seed=seed, notes=(note,))


def _drawn(random: np.random.Generator, horizon: float, up: float, down: float) -> Vector:
    """Return starts and ends of outages up to a horizon, shape (m, 2)."""
    spans = []
    out = bool(random.random() < down / (up + down))
    now = 0.0
    while now < horizon:
        length = float(random.exponential(down if out else up))
        if out:
            spans.append((now, now + length))
        now += length
        out = not out
    return np.array(spans).reshape(-1, 2)


def _merged(spans: Vector) -> Vector:
    """Return spans in order of time, overlapping ones joined."""
    joined: list[list[float]] = []
    for start, end in spans[np.argsort(spans[:, 0], kind="stable")].tolist():
        if joined and start <= joined[-1][1]:
            joined[-1][1] = max(joined[-1][1], end)
        else:
            joined.append([start, end])
    return np.array(joined).reshape(-1, 2)


def _series(
    spans: Vector, steps: int, step_hours: float, *, seed: int | None, notes: tuple[Finding, ...] = ()
) -> Outages:
    horizon = steps * step_hours
    inside = np.clip(spans, 0.0, horizon)
    inside = inside[inside[:, 1] > inside[:, 0]]
    middles = (np.arange(steps) + 0.5) * step_hours
    place = np.searchsorted(inside[:, 0], middles, side="right") - 1
    out = np.zeros(steps, dtype=bool)
    if len(inside):
        out = (place >= 0) & (middles < inside[np.maximum(place, 0), 1])
    given, modelled = float((inside[:, 1] - inside[:, 0]).sum()), float(out.sum() * step_hours)
    if abs(modelled - given) > _TELLING * max(given, step_hours):
        params = {"given_hours": given, "modelled_hours": modelled}
        notes = (*notes, Finding(key="outages_rounded", level="info", params=params))
    return Outages(
        available=readonly(~out),
        hours_given=given,
        hours_modelled=modelled,
        count=len(inside),
        longest_hours=float((inside[:, 1] - inside[:, 0]).max()) if len(inside) else 0.0,
        seed=seed,
        findings=notes,
    )


def _hours(span: pd.Timedelta) -> float:
    return float(span.total_seconds() / SECONDS_PER_HOUR)
