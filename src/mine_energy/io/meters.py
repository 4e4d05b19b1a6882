"""Interval meters: whatever file an auditor is handed, turned into a load, or refused with the line and both readings.

Layouts are entries of :data:`mine_energy.io.meter_layouts.READERS`; the one that recognises a table best reads it. To
add a layout, write a function from a table to :class:`mine_energy.io.meter_readings.Readings` and give it an entry.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

import numpy as np
import pandas as pd

from mine_energy.errors import Finding, InputError, Param
from mine_energy.io.intervals import Label, Timeline, label_of, timeline
from mine_energy.io.meter_checks import (
    last_line_finding,
    mixed_orders,
    record_findings,
    record_problems,
    undecided_label,
)
from mine_energy.io.meter_hints import Hints, checked_hints
from mine_energy.io.meter_layouts import READERS, Reader, reader_of
from mine_energy.io.meter_readings import Readings, Values
from mine_energy.io.meter_registers import register_findings, steps_of
from mine_energy.io.meter_sources import open_meter
from mine_energy.io.stamps import DAY_MS, MINUTE_MS, Stamp, iso, moments_ms
from mine_energy.io.tables import Table
from mine_energy.loads import LoadProfile
from mine_energy.units import LOCAL_TIME, MINUTES_PER_HOUR

__all__ = ["READERS", "read_meter"]


def read_meter(
    path: Path | str,
    country: str | None = None,
    *,
    sheet: str = "",
    name: str | None = None,
    **hints: str | float,
) -> LoadProfile:
    """Read an interval meter's file.

    Parameters
    ----------
    path
        Workbook, separated text, text in a zip, or Green Button XML; the layouts are those of :data:`READERS`.
    country
        ``CO`` (decimal comma) or ``PE`` (decimal point), said by a person: decides the marks of a column that leaves
        both readings open, with a finding. Without it such a column is refused. Both countries keep UTC-05:00.
    sheet
        Worksheet; the first one when empty.
    name
        How messages call the file; the path as given when absent.
    **hints
        What the file does not tell: see :class:`mine_energy.io.meter_hints.Hints` (``unit``, ``quantity``,
        ``date_order``, ``decimal``, ``stamps``, ``ct_ratio``, ``vt_ratio``, ``supply``, ``suppliers``, ``gaps``). Each
        one given is reported in a finding.

    Returns
    -------
    LoadProfile
        Interval means in kW (and lagging kvar), UTC-05:00, labelled at the interval's start, at the meter's own step.

    Raises
    ------
    InputError
        Whatever is wrong or cannot be decided, by line or cell. Nothing is filled, dropped or sorted.
    TypeError
        An unknown hint.
    """
    shown = str(path) if name is None else name
    known = checked_hints(shown, {**hints, "country": country or ""})
    table, data = open_meter(path, sheet=sheet, name=shown)
    if table.header < 0:
        raise InputError([table.about("no_meter_headings", sheets=", ".join(table.sheets))])
    layout, reader = reader_of(table)
    found = reader.read(table, known)
    load = _profile(table, found, known)
    findings = (*_layout_findings(table, layout, reader), *load.findings, *last_line_finding(found, data))
    return _with_findings(load, findings)


def _with_findings(load: LoadProfile, findings: tuple[Finding, ...]) -> LoadProfile:
    return LoadProfile(
        load_kw=load.load_kw,
        reactive_kvar=load.reactive_kvar,
        step_minutes=load.step_minutes,
        origin="metered",
        label=load.label,
        findings=findings,
    )


def _layout_findings(table: Table, layout: str, reader: Reader) -> Iterator[Finding]:
    params = {"layout": reader.name}
    if layout != "columns":
        yield Finding(key="meter_layout", subject=table.file, params=params)
    if reader.layout == "unconfirmed":
        yield Finding(key="meter_layout_unconfirmed", level="assumption", subject=table.file, params=params)


def _profile(table: Table, found: Readings, hints: Hints) -> LoadProfile:
    """Check a record and make it a load."""
    problems = list(found.problems)
    if len(found.stamps) < 2 and not problems:
        problems.append(table.about("too_few_intervals", count=len(found.stamps)))
    if problems:
        raise InputError(problems)
    times = timeline(found.stamps, hints.date_order)
    if times is None:
        raise InputError(mixed_orders(found))
    if times.step_ms == 0 and falls(found.stamps, times.order):
        return _profile(table, newest_last(found), hints)
    register = found.active_quantity == "register"
    told: Label | None = "start" if register else hints.stamps or found.label or edge_told(found.stamps, times)
    label = told or found.assumed_label
    problems = record_problems(found, times, hints)
    if label is None and not problems:
        problems.append(undecided_label(found, times))
    if problems or label is None:
        raise InputError(problems)
    findings = (
        *table.findings,
        *hints.findings(table.file),
        *found.findings,
        *register_findings(found),
        *record_findings(found, times, label, assumed=told is None),
    )
    return _load(found, times, label, hints.ratio, findings)


def falls(stamps: Sequence[Stamp], order: str) -> bool:
    """Whether every stamp of a record stands before the one above it."""
    moments = moments_ms(stamps, order)
    return moments is not None and bool((np.diff(moments) < 0).all())


def newest_last(found: Readings) -> Readings:
    """Return a record that was written newest first, every stamp before the one above it, in the order of time."""
    params: dict[str, Param] = {"first_line": found.line(0), "last_line": found.line(len(found.stamps) - 1)}
    told = Finding(key="meter_newest_first", subject=found.table.file, params=params)
    return replace(
        found,
        rows=list(reversed(found.rows)),
        stamps=list(reversed(found.stamps)),
        active=found.active[::-1].copy(),
        active_columns=list(reversed(found.active_columns)),
        reactive=None if found.reactive is None else found.reactive[::-1].copy(),
        findings=(*found.findings, told),
    )


def edge_told(stamps: Sequence[Stamp], times: Timeline) -> Label | None:
    """Return which edge the record's own days tell; of stamps in another zone, its days as written, then local ones."""
    told = label_of(times, stamps)
    if told is not None or not times.has_offset:
        return told
    local = [replace(stamp, day_ms=int(moment % DAY_MS)) for stamp, moment in zip(stamps, times.moments, strict=True)]
    return label_of(times, local)


def _load(found: Readings, times: Timeline, label: Label, ratio: float, findings: tuple[Finding, ...]) -> LoadProfile:
    step_minutes = times.step_ms / MINUTE_MS
    per_hour = MINUTES_PER_HOUR / step_minutes
    places = (times.moments - times.moments[0]) // times.step_ms
    shift = times.step_ms if label == "end" else 0
    first = pd.Timestamp(iso(int(times.moments[0]) - shift)).tz_localize(LOCAL_TIME)
    count = int(places[-1]) + (0 if found.active_quantity == "register" else 1)
    index = pd.date_range(first, periods=count, freq=pd.Timedelta(minutes=step_minutes))

    def power(values: Values, quantity: str) -> "pd.Series[float]":
        own = values * ratio
        if quantity == "register":
            steps = steps_of(own)[0]
            # The step over a gap is known, but not how it spread over the intervals that lack.
            own = np.where(np.diff(places) == 1, steps, np.nan)
        spread = np.full(count, np.nan)
        spread[places[: len(own)]] = own if quantity == "power" else own * per_hour
        return pd.Series(spread, index=index)

    reactive = None if found.reactive is None else power(_lagging(found), found.reactive_quantity)
    return LoadProfile(
        load_kw=power(found.active, found.active_quantity),
        reactive_kvar=reactive,
        step_minutes=step_minutes,
        origin="metered",
        label=found.table.file,
        findings=findings,
    )


def _lagging(found: Readings) -> Values:
    """Return the lagging part of a reactive column; where it is signed, below zero is leading."""
    values = cast("Values", found.reactive)
    return np.maximum(values, 0.0) if found.signed or found.reactive_quantity == "power" else values
