"""When machines run on a working day: stated runs as text, or runs placed in the shifts by a seed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal
from zlib import crc32

import numpy as np

from mine_energy.loads.calendar import DAY_MINUTES
from mine_energy.units import MINUTES_PER_HOUR

RunState = Literal["running", "loaded", "unloaded"]
Span = tuple[float, float]
"""Start and end of a stretch of time, minutes after the working day's midnight; past midnight above 1440."""

MIN_RUN_MINUTES: Final = 30
MAX_RUNS: Final = 2
_TRIES: Final = 64
_TINY: Final = 1e-9
_RUN = re.compile(r"^\s*(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of one machine on a working day.

    Parameters
    ----------
    start_minute
        Minutes after the working day's midnight, below 1440 for a run that starts on that day.
    minutes
        Length.
    state
        ``running``; ``loaded`` or ``unloaded`` for a compressor.
    """

    start_minute: float
    minutes: float
    state: RunState = "running"

    @property
    def end_minute(self) -> float:
        """End, minutes after the working day's midnight."""
        return self.start_minute + self.minutes


def parse_schedule(text: str) -> tuple[Span, ...]:
    """Return the runs of a text such as ``06:00-10:30; 14:00-16:00``, ascending.

    A run whose end is at or before its start goes past midnight; ``00:00-24:00`` is the whole day.

    Parameters
    ----------
    text
        Runs separated by semicolons; empty gives none.

    Raises
    ------
    ValueError
        A piece is not a run, a time does not exist, or runs overlap. The message is the offending piece.
    """
    spans = sorted(_span(piece) for piece in text.split(";") if piece.strip())
    for (start, end), following in zip(spans, _next_starts(spans), strict=True):
        if end > following + _TINY:
            raise ValueError(f"{clock(start)}-{clock(end)}")
    return tuple(spans)


def _next_starts(spans: Sequence[Span]) -> list[float]:
    """Return for every span the start of the one after it; the first one follows the last, a day later."""
    return [start for start, _ in spans[1:]] + [start + DAY_MINUTES for start, _ in spans[:1]]


def _span(piece: str) -> Span:
    found = _RUN.match(piece)
    if found is None:
        raise ValueError(piece.strip())
    h1, m1, h2, m2 = (int(g) for g in found.groups())
    start, end = h1 * MINUTES_PER_HOUR + m1, h2 * MINUTES_PER_HOUR + m2
    if m1 >= MINUTES_PER_HOUR or m2 >= MINUTES_PER_HOUR or start >= DAY_MINUTES or end > DAY_MINUTES:
        raise ValueError(piece.strip())
    return float(start), float(end if end > start else end + DAY_MINUTES)


def clock(minute: float) -> str:
    """Return a minute of the day as ``HH:MM``, past midnight from 00:00 again; a full day's end is ``24:00``."""
    whole = round(minute)
    shown = whole if whole == DAY_MINUTES else whole % DAY_MINUTES
    return f"{shown // MINUTES_PER_HOUR:02d}:{shown % MINUTES_PER_HOUR:02d}"


def schedule_text(runs: Sequence[Run]) -> str:
    """Return runs as text that :func:`parse_schedule` reads back, without the unloaded runs that follow the loaded."""
    ordered = sorted((r for r in runs if r.state != "unloaded"), key=lambda r: r.start_minute)
    return "; ".join(f"{clock(r.start_minute)}-{clock(r.end_minute)}" for r in ordered)


def stated_runs(spans: Sequence[Span], minutes: float, unloaded_minutes: float) -> tuple[Run, ...]:
    """Return the runs of a stated schedule; the last one is stretched so that the minutes are exact.

    Unloaded running follows each loaded run in proportion to its length, as far as the next run leaves room; what
    finds no room follows the next one.

    Parameters
    ----------
    spans
        From :func:`parse_schedule`; their sum is within rounding of `minutes`.
    minutes, unloaded_minutes
        Minutes of a working day, loaded and unloaded; together a day at most.
    """
    if not spans:
        return ()
    exact = list(spans)
    excess = sum(end - start for start, end in spans) - minutes
    exact[-1] = (exact[-1][0], exact[-1][1] - excess)
    if not unloaded_minutes:
        return tuple(Run(start_minute=s, minutes=e - s) for s, e in exact)
    loaded = [Run(start_minute=s, minutes=e - s, state="loaded") for s, e in exact]
    return tuple(loaded) + _unloaded_after(exact, [end - start for start, end in spans], unloaded_minutes)


def _unloaded_after(spans: Sequence[Span], weights: Sequence[float], unloaded_minutes: float) -> tuple[Run, ...]:
    room = [max(0.0, following - end) for (_, end), following in zip(spans, _next_starts(spans), strict=True)]
    given = [0.0] * len(spans)
    left = 0.0
    for turn in range(2):
        for i, weight in enumerate(weights):
            wanted = left + (unloaded_minutes * weight / sum(weights) if turn == 0 else 0.0)
            take = min(wanted, room[i] - given[i])
            given[i] += take
            left = wanted - take
    return tuple(
        Run(start_minute=end, minutes=take, state="unloaded")
        for (_, end), take in zip(spans, given, strict=True)
        if take > _TINY
    )


def seeded_runs(
    needs: Sequence[tuple[float, float]], windows: Sequence[Span], seed: int, name: str
) -> tuple[tuple[Run, ...], ...]:
    """Return the runs of machines that start together, in batches whose start times come from the seed.

    Batches lie inside the shifts, at whole minutes, half an hour or longer where the hours allow it. What does not
    fit into the shifts runs on after them. The random stream depends on the seed and the name alone, so that other
    machines do not move these.

    Parameters
    ----------
    needs
        For each machine its minutes (loaded) and its unloaded minutes of a working day.
    windows
        From :func:`~mine_energy.loads.shift_windows`.
    seed
        Any integer from zero.
    name
        Name of the sequence, or tag of a machine alone.

    Returns
    -------
    tuple
        Runs of each machine, in the order of `needs`.
    """
    axis = _axis(windows)
    inside = sum(end - start for start, end in windows)
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, crc32(name.encode("utf-8"))])))
    drawn: tuple[tuple[Run, ...], ...] = ()
    for _ in range(_TRIES):
        drawn = _draw(needs, axis, inside, rng)
        if all(run.minutes >= _shortest(need) for need, runs in zip(needs, drawn, strict=True) for run in runs):
            break
    return drawn


def _shortest(need: tuple[float, float]) -> float:
    """Return the shortest run that still counts as one: half an hour, or all there is to run in a state."""
    return min(MIN_RUN_MINUTES, *(minutes for minutes in need if minutes > 0)) - _TINY if any(need) else 0.0


def _axis(windows: Sequence[Span]) -> tuple[Span, ...]:
    """Return the whole day in the order in which it is filled: the shifts, the time after the last one, the gaps."""
    gaps = [(a_end, b_start) for (_, a_end), (b_start, _) in pairwise(windows)]
    after = (windows[-1][1], windows[0][0] + DAY_MINUTES)
    return tuple(span for span in (*windows, after, *gaps) if span[1] > span[0])


def _draw(
    needs: Sequence[tuple[float, float]], axis: Sequence[Span], inside: float, rng: np.random.Generator
) -> tuple[tuple[Run, ...], ...]:
    positive = [loaded for loaded, _ in needs if loaded > 0]
    most = max(1, min(MAX_RUNS, int(min(positive, default=0.0) // MIN_RUN_MINUTES)))
    count = int(rng.integers(1, most + 1))
    batches = [[(_part(a, count, k), _part(b, count, k)) for a, b in needs] for k in range(count)]
    lengths = [max((a + b for a, b in batch), default=0.0) for batch in batches]
    free = inside - sum(lengths)
    if free < 0 and count > 1:
        batches, lengths, count = [list(needs)], [max(a + b for a, b in needs)], 1
    pauses = np.sort(rng.integers(0, max(0, int(free)) + 1, size=count))
    runs: list[list[Run]] = [[] for _ in needs]
    before = 0.0
    for batch, length, pause in zip(batches, lengths, pauses, strict=True):
        for machine, (loaded, unloaded) in enumerate(batch):
            runs[machine] += _place(float(pause) + before, loaded, unloaded, axis)
        before += length
    return tuple(_joined(r) for r in runs)


def _part(minutes: float, count: int, k: int) -> float:
    """Return the k-th of `count` equal parts, whole minutes but for the last."""
    base = float(minutes // count)
    return base if k < count - 1 else minutes - base * (count - 1)


def _place(offset: float, loaded: float, unloaded: float, axis: Sequence[Span]) -> list[Run]:
    first: RunState = "loaded" if unloaded else "running"
    return [
        *_mapped(offset, offset + loaded, axis, first),
        *_mapped(offset + loaded, offset + loaded + unloaded, axis, "unloaded"),
    ]


def _mapped(begin: float, end: float, axis: Sequence[Span], state: RunState) -> list[Run]:
    runs, position = [], 0.0
    for start, stop in axis:
        low, high = max(begin, position), min(end, position + stop - start)
        if high - low > _TINY:
            runs.append(Run(start_minute=start + low - position, minutes=high - low, state=state))
        position += stop - start
    return runs


def _joined(runs: Sequence[Run]) -> tuple[Run, ...]:
    """Return runs in order of time, those that touch in the same state as one."""
    joined: list[Run] = []
    for run in sorted(runs, key=lambda r: r.start_minute):
        last = joined[-1] if joined else None
        if last is not None and last.state == run.state and abs(last.end_minute - run.start_minute) < _TINY:
            joined[-1] = Run(start_minute=last.start_minute, minutes=last.minutes + run.minutes, state=run.state)
        else:
            joined.append(run)
    return tuple(joined)
