"""Interval meters: a table with one row an interval, turned into a load, or refused with the line and both readings.

Layouts are entries of :data:`READERS`; the one that knows most of a table's headings reads it. To add a layout, write
a function from a table to :class:`Readings` and give it an entry.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mine_energy.errors import Finding, InputError, Problem
from mine_energy.io.intervals import Label, Timeline, breaks, label_of, timeline
from mine_energy.io.meter_columns import score
from mine_energy.io.meter_rows import Hints, Readings, read_columns_layout
from mine_energy.io.stamps import MINUTE_MS, iso, readings
from mine_energy.io.tables import Table, first_of, read_table
from mine_energy.loads import LoadProfile
from mine_energy.units import LOCAL_TIME, MINUTES_PER_HOUR

LISTED: Final = 20
"""Problems of one kind that are listed one by one; the rest are counted."""

_REGISTER_ROWS: Final = 48
"""From this many readings on, values that never fall and end higher are a counter, not a plant."""

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """One layout of a meter's file.

    Parameters
    ----------
    score
        Counts the headings of a row that the layout knows.
    read
        Turns a table into readings.
    layout
        ``seen`` on a real file, or ``unconfirmed``.
    source
        Where the layout was seen.
    """

    score: Callable[[Sequence[str]], int]
    read: Callable[[Table, Hints], Readings]
    layout: Literal["seen", "unconfirmed"]
    source: str


READERS: Final[dict[str, Reader]] = {
    "columns": Reader(
        score=score,
        read=read_columns_layout,
        layout="seen",
        source="UCI Machine Learning Repository, Steel Industry Energy Consumption (2018 data)",
    ),
}
"""Layouts by name."""


def read_meter(
    path: Path | str,
    country: str | None = None,
    *,
    sheet: str = "",
    name: str | None = None,
    **hints: str | bool,
) -> LoadProfile:
    """Read an interval meter's file.

    Parameters
    ----------
    path
        Workbook or separated text with one row an interval.
    country
        ``CO`` or ``PE``; kept for layouts that only one country uses. It never decides a number's marks.
    sheet
        Worksheet; the first one when empty.
    name
        How messages call the file; the path as given when absent.
    **hints
        What the file does not tell: ``label`` (``"start"`` or ``"end"`` of the interval), ``decimal`` (``"."`` or
        ``","``), ``day_first`` (True or False), ``unit`` of an active column without one (``"kW"``, ``"kWh"`` ...).

    Returns
    -------
    LoadProfile
        Interval means in kW (and kvar), UTC-05:00, labelled at the interval's start, at the meter's own step.

    Raises
    ------
    InputError
        Whatever is wrong or cannot be decided, by line or cell. Nothing is filled, dropped or sorted.
    TypeError
        An unknown hint.
    """
    known = Hints(**hints)  # type: ignore[arg-type]  # an unknown name raises TypeError, as a keyword would
    table = read_table(path, score=_best_score, sheet=sheet, name=name)
    if table.header < 0:
        raise InputError([table.about("no_meter_headings", sheets=", ".join(table.sheets))])
    texts = [cell if isinstance(cell, str) else "" for cell in table.rows[table.header]]
    reader = max(READERS.values(), key=lambda one: one.score(texts))
    return _profile(table, reader.read(table, known), known)


def _best_score(cells: Sequence[str]) -> int:
    return max(reader.score(cells) for reader in READERS.values())


def _profile(table: Table, found: Readings, hints: Hints) -> LoadProfile:
    """Check a record and make it a load."""
    problems = list(found.problems)
    if len(found.stamps) < 2 and not problems:
        problems.append(table.about("too_few_intervals", count=len(found.stamps)))
    if problems:
        raise InputError(problems)
    order = "" if hints.day_first is None else "dmy" if hints.day_first else "mdy"
    times = timeline(found.stamps, order)
    if times is None:
        raise InputError(_mixed_orders(table, found))
    label = found.label or hints.label or label_of(times, found.stamps)
    problems = [
        *_undecided_order(table, found, times),
        *_step_problems(table, found, times),
        *_broken(table, found, times),
        *_negative(table, found),
        *_register(table, found),
    ]
    if label is None and not problems:
        problems.append(_undecided_label(table, found, times))
    if problems or label is None:
        raise InputError(problems)
    return _load(table, found, times, label)


def _load(table: Table, found: Readings, times: Timeline, label: Label) -> LoadProfile:
    step_minutes = times.step_ms / MINUTE_MS
    shift = times.step_ms if label == "end" else 0
    first = pd.Timestamp(iso(int(times.moments[0]) - shift)).tz_localize(LOCAL_TIME)
    index = pd.date_range(first, periods=len(times.moments), freq=pd.Timedelta(minutes=step_minutes))
    per_hour = MINUTES_PER_HOUR / step_minutes

    def power(values: Values, quantity: str) -> "pd.Series[float]":
        return pd.Series(values * per_hour if quantity == "energy" else values, index=index)

    active = power(found.active, found.active_quantity)
    reactive = None if found.reactive is None else power(found.reactive, found.reactive_quantity)
    findings = (*table.findings, *found.findings, *_findings(table, found, times, label))
    return LoadProfile(
        load_kw=active,
        reactive_kvar=reactive,
        step_minutes=step_minutes,
        origin="metered",
        label=table.file,
        findings=findings,
    )


def _mixed_orders(table: Table, found: Readings) -> list[Problem]:
    """Return the lines whose date exists only with the month first, and only with the day first."""

    def only(order: str, other: str) -> list[int]:
        ways = [readings(stamp, (order, other)) for stamp in found.stamps]
        return [i for i, way in enumerate(ways) if order in way and other not in way]

    return [
        found.problem("date_orders_mixed", rows[0], order=order)
        for order, rows in (("dd/mm", only("dmy", "mdy")), ("mm/dd", only("mdy", "dmy")))
        if rows
    ] or [table.about("dates_not_dates")]


def _undecided_order(table: Table, found: Readings, times: Timeline) -> Iterator[Problem]:
    if len(times.orders) > 1:
        ways = [readings(stamp, times.orders) for stamp in found.stamps]
        index = next(i for i, way in enumerate(ways) if len(set(way.values())) > 1)
        first, second = list(dict.fromkeys(ways[index].values()))[:2]
        yield found.problem("date_order_undecidable", index, first=first, second=second)


def _step_problems(table: Table, found: Readings, times: Timeline) -> Iterator[Problem]:
    step = times.step_ms / MINUTE_MS
    if times.step_ms and (step > MINUTES_PER_HOUR or (MINUTES_PER_HOUR * MINUTE_MS) % times.step_ms):
        yield table.about("step_not_usable", minutes=f"{step:g}")


def _broken(table: Table, found: Readings, times: Timeline) -> list[Problem]:
    listed: list[Problem] = []
    by_key: dict[str, list[Problem]] = {}
    for broken in breaks(times.moments, times.step_ms):
        params: dict[str, Any] = {
            "before": iso(int(times.moments[broken.index - 1])),
            "this": iso(int(times.moments[broken.index])),
            "minutes": f"{times.step_ms / MINUTE_MS:g}",
        }
        if broken.key == "gap":
            params["missing"] = broken.missing
        by_key.setdefault(broken.key, []).append(found.problem(broken.key, broken.index, **params))
    for key, problems in by_key.items():
        listed += first_of(problems, LISTED, table.about(key))
    return listed


def _negative(table: Table, found: Readings) -> list[Problem]:
    listed: list[Problem] = []
    for values, column in ((found.active, found.active_column), (found.reactive, found.reactive_column)):
        if values is not None:
            below = [found.problem("value_negative", int(i), column) for i in np.flatnonzero(values < 0)]
            listed += first_of(below, LISTED, table.about("value_negative"))
    return listed


def _register(table: Table, found: Readings) -> Iterator[Problem]:
    """Refuse an energy that never falls: a counter's reading, not the energy of an interval."""
    values = found.active
    if found.active_quantity == "energy" and len(values) >= _REGISTER_ROWS:
        steps = np.diff(values)
        if (steps >= 0).all() and (steps > 0).mean() > 0.5:
            yield found.problem("cumulative_register", 0, found.active_column)


def _undecided_label(table: Table, found: Readings, times: Timeline) -> Problem:
    first, step = int(times.moments[0]), times.step_ms
    return found.problem(
        "label_undecidable",
        0,
        first=f"{iso(first)} - {iso(first + step)}",
        second=f"{iso(first - step)} - {iso(first)}",
    )


def _findings(table: Table, found: Readings, times: Timeline, label: Label) -> Iterator[Finding]:
    name = table.file
    if label == "end":
        yield Finding(key="meter_stamps_end", subject=name, params={"minutes": f"{times.step_ms / MINUTE_MS:g}"})
    if times.midnights_moved:
        yield Finding(key="meter_midnights_moved", subject=name, params={"count": times.midnights_moved})
    if not times.has_offset:
        yield Finding(key="meter_naive_stamps", subject=name)
    if found.reactive is None:
        yield Finding(key="meter_no_reactive", subject=name)
    yield from _zero_run(name, found.active, times, label)


def _zero_run(name: str, values: Values, times: Timeline, label: Label) -> Iterator[Finding]:
    """Tell of intervals without any consumption and of the longest run of them."""
    zero = np.concatenate(([0], (values == 0).astype(np.int8), [0]))
    edges = np.flatnonzero(np.diff(zero))
    if len(edges):
        starts, lengths = edges[::2], edges[1::2] - edges[::2]
        longest = int(np.argmax(lengths))
        start = int(times.moments[starts[longest]]) - (times.step_ms if label == "end" else 0)
        hours = float(lengths[longest]) * times.step_ms / MINUTE_MS / MINUTES_PER_HOUR
        yield Finding(
            key="meter_zero_run",
            level="warning" if hours >= 24 else "info",
            subject=name,
            params={
                "count": int(lengths.sum()),
                "hours": f"{hours:g}",
                "start": iso(start),
            },
        )
