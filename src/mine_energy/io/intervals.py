"""From stamps to intervals: the step, whether a stamp starts or ends its interval, and everything that breaks the row.

A stamp that ends its interval is moved to the start only when the record shows that it does: by its heading, by 24:00,
by midnights dated on the day that is ending, or by its first and last stamp. Nothing is filled, dropped or sorted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from mine_energy.io.stamps import DAY_MS, MINUTE_MS, Order, Stamp, moments_ms, orders_of
from mine_energy.units import MINUTES_PER_HOUR

Label = Literal["start", "end"]
Moments = NDArray[np.int64]
LOCAL_OFFSET_MINUTES: Final = -5 * MINUTES_PER_HOUR
"""Official time of Colombia and Peru, from UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """A place where the record is not one step after another.

    Parameters
    ----------
    index
        The later of the two stamps.
    key
        ``gap``, ``stamp_twice``, ``stamp_backwards`` or ``step_irregular``.
    missing
        Intervals that lack, for a gap.
    """

    index: int
    key: str
    missing: int = 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Timeline:
    """The stamps of a record, read.

    Parameters
    ----------
    moments
        Stamps in UTC-05:00 as written (not yet moved to the start), milliseconds since 1970-01-01.
    order
        Order of day and month.
    orders
        Orders that fit equally well; more than one means that it cannot be told.
    step_ms
        Step that most stamps keep; 0 for a single stamp.
    midnights_moved
        Midnights that were dated on the day that was ending.
    has_offset
        Whether the stamps gave their own offset from UTC.
    """

    moments: Moments
    order: Order
    orders: tuple[Order, ...]
    step_ms: int
    midnights_moved: int
    has_offset: bool


def timeline(stamps: Sequence[Stamp], order: Order = "") -> Timeline | None:
    """Read stamps in the order of day and month that fits them; None when no order makes every one a date.

    Parameters
    ----------
    stamps
        In file order.
    order
        ``dmy`` or ``mdy`` when the person said which.
    """
    has_offset = all(stamp.offset_minutes is not None for stamp in stamps)
    candidates = {
        one: _one_timeline(moments, stamps, has_offset)
        for one in ((order,) if order else orders_of(stamps))
        if (moments := moments_ms(stamps, one)) is not None
    }
    if not candidates:
        return None
    broken = {one: len(breaks(moments, step)) for one, (moments, step, _) in candidates.items()}
    fewest = min(broken.values())
    fitting = tuple(one for one in candidates if broken[one] == fewest)
    moments, step, moved = candidates[fitting[0]]
    return Timeline(
        moments=moments,
        order=fitting[0],
        orders=fitting,
        step_ms=step,
        midnights_moved=moved,
        has_offset=has_offset,
    )


def _one_timeline(moments: Moments, stamps: Sequence[Stamp], has_offset: bool) -> tuple[Moments, int, int]:
    if has_offset:
        offsets = np.array([stamp.offset_minutes for stamp in stamps], dtype=np.int64)
        moments = moments + (LOCAL_OFFSET_MINUTES - offsets) * MINUTE_MS
        return moments, _step_ms(moments), 0
    step = _step_ms(moments)
    late = _midnights_of_the_ending_day(moments, step)
    return moments + late * DAY_MS, step, int(late.sum())


def _step_ms(moments: Moments) -> int:
    """Return the most frequent forward step, the shortest of equally frequent ones."""
    steps = np.diff(moments)
    forward, counts = np.unique(steps[steps > 0], return_counts=True)
    return int(forward[np.argmax(counts)]) if len(forward) else 0


def _midnights_of_the_ending_day(moments: Moments, step: int) -> NDArray[np.bool_]:
    """Return which midnights carry the date of the day that ends with them: all of the record's, or none."""
    none = np.zeros(len(moments), dtype=np.bool_)
    midnight = moments % DAY_MS == 0
    after_evening = np.flatnonzero(midnight[1:]) + 1
    same_day = moments[after_evening] // DAY_MS == moments[after_evening - 1] // DAY_MS
    forward = moments[after_evening - 1] % DAY_MS != 0
    marked = none.copy()
    marked[after_evening[same_day & forward]] = True
    if not marked.any() or not (same_day & forward).all():
        return none
    # The very first stamp has no evening before it; the step to the second one tells.
    marked[0] = midnight[0] and len(moments) > 1 and moments[1] - moments[0] == step + DAY_MS
    return marked


def breaks(moments: Moments, step: int) -> list[Break]:
    """Return every place where a stamp does not follow the one before it by exactly one step."""
    found: list[Break] = []
    differences = np.diff(moments)
    for position in np.flatnonzero(differences != step):
        difference, index = int(differences[position]), int(position) + 1
        if difference == 0:
            found.append(Break(index=index, key="stamp_twice"))
        elif difference < 0:
            found.append(Break(index=index, key="stamp_backwards"))
        elif step and difference % step == 0:
            found.append(Break(index=index, key="gap", missing=difference // step - 1))
        else:
            found.append(Break(index=index, key="step_irregular"))
    return found


def label_of(times: Timeline, stamps: Sequence[Stamp]) -> Label | None:
    """Return whether stamps start or end their intervals, or None when the record does not tell.

    A day is taken to be recorded whole: a first stamp at 00:00 starts, one step later it ends. When the last stamp
    contradicts the first, or neither stands at the edge of a day, the record does not tell.
    """
    if times.midnights_moved or any(stamp.day_ms == DAY_MS for stamp in stamps):
        return "end"
    first = _edge(stamps[0].day_ms, times.step_ms, first=True)
    last = _edge(stamps[-1].day_ms, times.step_ms, first=False)
    return first if last in {first, None} else last if first is None else None


def _edge(day_ms: int, step: int, *, first: bool) -> Label | None:
    """Return what a record's first (or last) time of day says when it stands at the edge of a day."""
    starting, ending = (0, step) if first else (DAY_MS - step, 0)
    return "start" if day_ms == starting else "end" if day_ms == ending else None
