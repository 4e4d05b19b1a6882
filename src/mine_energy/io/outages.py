"""Outages of the grid from a table: one row an outage, start and end with their time of day."""

from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mine_energy.dispatch.outages import Interval
from mine_energy.errors import InputError
from mine_energy.io.records import Column, Records, read_records
from mine_energy.io.stamps import MINUTE_MS, Order, moments_ms
from mine_energy.units import LOCAL_TIME, MINUTES_PER_HOUR

COLUMNS: Final = (
    Column(key="outage_start", kind="date", required=True),
    Column(key="outage_end", kind="date", required=True),
)
_LEGAL_MINUTES: Final = int(LOCAL_TIME.utcoffset(None).total_seconds() // MINUTES_PER_HOUR)


def read_outages(path: Path | str, *, sheet: str = "", name: str | None = None) -> tuple[Interval, ...]:
    """Read the outages that a plant or its distributor recorded.

    Parameters
    ----------
    path
        Workbook or separated text with one row an outage. Times without an offset are legal time.
    sheet
        Worksheet; the first one when empty.
    name
        How messages call the file; the path as given when absent.

    Returns
    -------
    tuple
        Starts and ends in file order: what :func:`mine_energy.dispatch.outages.outages_from_intervals` takes.

    Raises
    ------
    InputError
        By line: unreadable dates, an outage that ends before it starts (``outage_order``); an order of day and month
        that cannot be told.
    """
    found = read_records(path, COLUMNS, sheet=sheet, name=name)
    order = found.decided("outage_start", lambda one: _sensible(found, one))
    starts, ends = (_moments(found, column.key, order) for column in COLUMNS)
    problems = [found.problem("outage_order", int(i), "outage_end") for i in np.flatnonzero(ends <= starts)]
    if problems:
        raise InputError(problems)
    return tuple((_local(start), _local(end)) for start, end in zip(starts.tolist(), ends.tolist(), strict=True))


def _sensible(found: Records, order: Order) -> bool:
    """Whether outages follow one another in time and end after they start under an order of day and month."""
    starts, ends = (_moments(found, column.key, order) for column in COLUMNS)
    return bool((ends > starts).all() and (np.diff(starts) >= 0).all())


def _moments(found: Records, key: str, order: Order) -> NDArray[np.int64]:
    """Return moments in legal time, milliseconds since 1970."""
    stamps = found.stamps[key]
    moments = moments_ms(stamps, order)
    if moments is None:
        raise AssertionError("an order from `orders` makes every stamp a date")
    stated = [_LEGAL_MINUTES if stamp.offset_minutes is None else stamp.offset_minutes for stamp in stamps]
    return moments + (_LEGAL_MINUTES - np.array(stated, dtype=np.int64)) * MINUTE_MS


def _local(moment_ms: int) -> pd.Timestamp:
    return pd.Timestamp(moment_ms, unit="ms").tz_localize(LOCAL_TIME)
