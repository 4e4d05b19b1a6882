"""Hours that a record lacks: named and refused or, when asked, filled from the days around with a finding."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from mine_energy.arrays import FloatArray
from mine_energy.errors import Finding, Param, Problem
from mine_energy.io.weather_hours import Hours
from mine_energy.io.weather_record import MAX_PROBLEMS, Record, raise_first, refuse
from mine_energy.units import HOURS_PER_DAY

MOST_FILLED: Final = 0.10
LONGEST_FILLED_HOURS: Final = 240
"""More than this is no longer a gap in a record but a record with another's sun in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gaps:
    """Missing hours: how many, from which moment, the longest run."""

    hours: int
    runs: int
    first: str
    longest_hours: int


def gaps_of(hours: Hours) -> Gaps | None:
    """Return the missing hours of a record, or None when it is whole."""
    missing = hours.missing
    if not missing.any():
        return None
    edges = np.flatnonzero(np.diff(np.concatenate([[0], missing.astype(np.int8), [0]])))
    starts, ends = edges[::2], edges[1::2]
    return Gaps(
        hours=int(missing.sum()),
        runs=len(starts),
        first=hours.index[int(starts[0])].strftime("%Y-%m-%d %H:%M"),
        longest_hours=int((ends - starts).max()),
    )


def without_gaps(record: Record, hours: Hours, *, fill: bool) -> tuple[dict[str, FloatArray], tuple[Finding, ...]]:
    """Return an hourly record without gaps.

    Parameters
    ----------
    record, hours
        The rows and their hours.
    fill
        Whether to fill: a missing hour takes the mean of its hour on the nearest day before and after that has it.

    Raises
    ------
    InputError
        Missing hours, where they are not to be filled: cells that the file itself calls missing by line, absent rows
        by their number and the first of them. Or too many to fill.
    """
    gaps = gaps_of(hours)
    values = {name: np.array(column) for name, column in hours.values.items()}
    if gaps is None:
        return values, ()
    if not fill:
        raise_first(_marked(record, hours))
        raise _absent(record, gaps, "weather_hours_missing")
    share = gaps.hours / len(hours.index)
    if share > MOST_FILLED or gaps.longest_hours > LONGEST_FILLED_HOURS:
        raise _absent(record, gaps, "weather_gaps_too_long")
    filled = {name: _filled(column) for name, column in values.items()}
    params: dict[str, Param] = {
        "hours": gaps.hours,
        "share_percent": round(100 * share, 1),
        "longest_hours": gaps.longest_hours,
    }
    return filled, (Finding(key="weather_gaps_filled", level="assumption", subject=record.file, params=params),)


def _absent(record: Record, gaps: Gaps, key: str) -> Exception:
    return refuse(
        record.file,
        key,
        value=str(gaps.hours),
        first=gaps.first,
        runs=gaps.runs,
        longest_hours=gaps.longest_hours,
    )


def _marked(record: Record, hours: Hours) -> Iterator[Problem]:
    """Yield the cells that are there and say "missing", in the order of lines."""
    shown = 0
    for row in hours.row_of[hours.missing]:
        for name, column in record.values.items():
            if row >= 0 and name != "pressure" and np.isnan(column[row]) and shown < MAX_PROBLEMS:
                shown += 1
                value = record.texts[name][row].strip() if name in record.texts else ""
                params: dict[str, Param] = {"name": name}
                yield Problem(
                    key="weather_value_missing",
                    file=record.file,
                    line=record.lines[int(row)],
                    value=value,
                    params=params,
                )


def _filled(column: FloatArray) -> FloatArray:
    days = column.reshape(-1, HOURS_PER_DAY)
    return np.column_stack([_filled_hour(days[:, hour]) for hour in range(HOURS_PER_DAY)]).ravel()


def _filled_hour(series: FloatArray) -> FloatArray:
    """Fill one hour of the day over the days: the mean of the nearest days before and after, or the one there is."""
    missing = np.isnan(series)
    if not missing.any() or missing.all():
        return series
    known = np.flatnonzero(~missing)
    at = np.flatnonzero(missing)
    after = np.searchsorted(known, at)
    right = known[np.minimum(after, len(known) - 1)]
    left = known[np.maximum(after - 1, 0)]
    filled: FloatArray = np.array(series)
    filled[at] = 0.5 * (series[left] + series[right])
    return filled
