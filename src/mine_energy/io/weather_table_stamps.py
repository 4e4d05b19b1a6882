"""Stamps of a weather table: in one column, as date and clock, or as year, month, day and hour."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from mine_energy.errors import InputError, Problem
from mine_energy.io.cells import show
from mine_energy.io.stamps import DAY_MS, MINUTE_MS, Stamp, moments_ms, orders_of, parse_clock, parse_stamp, with_clock
from mine_energy.io.tables import Table
from mine_energy.io.weather_columns import number, stamps_of_parts
from mine_energy.io.weather_record import Label, Stamps, raise_first, refuse
from mine_energy.io.weather_words import says_utc, stamp_role
from mine_energy.units import MINUTES_PER_HOUR
from mine_energy.weather.contract import NOMINAL_YEAR


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stamped:
    """Stamps of the rows and what they tell of themselves."""

    moments: Stamps
    label: Label | None = None
    zone_hours: float | None = None
    utc_heading: bool = False
    yearless: bool = False


def stamps_in(table: Table, body: Sequence[int]) -> Stamped:
    """Return the stamps from one column, from date and clock, or from year, month, day and hour."""
    roles: dict[str, int] = {}
    for at, cell in enumerate(table.rows[table.header]):
        role = stamp_role(show(cell)) if cell is not None else ""
        if role:
            roles.setdefault(role, at)
    if {"month", "day"} <= roles.keys() and ({"clock", "stamp"} & roles.keys()):
        return _from_parts(table, body, roles)
    for role, label in (("start", "start"), ("end", "end"), ("stamp", None), ("date", None)):
        if role in roles and not (role == "stamp" and "date" in roles):
            clock = roles.get("clock", roles.get("stamp")) if role == "date" else None
            found = _from_texts(table, body, roles[role], clock)
            return replace(found, label=found.label or label)  # type: ignore[arg-type]
    headings = ", ".join(show(cell) for cell in table.rows[table.header] if cell is not None)
    raise refuse(table.file, "weather_no_stamps", line=table.lines[table.header], value=headings[:60])


def _from_parts(table: Table, body: Sequence[int], roles: Mapping[str, int]) -> Stamped:
    def texts(at: int) -> list[str]:
        return [show(table.cell(row, at)) for row in body]

    hours = texts(roles.get("clock", roles.get("stamp", 0)))
    minutes = [texts(roles["minute"])] if "minute" in roles else []
    if any(":" in hour for hour in hours[:3]):
        clocks = [parse_clock(hour) or 0 for hour in hours]
        hours = [str(ms // (MINUTE_MS * MINUTES_PER_HOUR)) for ms in clocks]
        minutes = [[str(ms // MINUTE_MS % MINUTES_PER_HOUR) for ms in clocks]]
    years = texts(roles["year"]) if "year" in roles else [str(NOMINAL_YEAR)] * len(body)
    lines = [table.lines[row] for row in body]
    moments = stamps_of_parts(table.file, lines, [years, texts(roles["month"]), texts(roles["day"]), hours, *minutes])
    first = [number(hour) for hour in hours[:24]]
    label: Label | None = "end" if 24.0 in first or (1.0 in first and 0.0 not in first) else None
    months = moments.astype("datetime64[M]").astype(np.int64)
    jumps = bool(np.any(np.diff(months) > 1) or np.any(np.diff(months) < 0))
    return Stamped(moments=moments, label=label, yearless="year" not in roles or jumps)


def _from_texts(table: Table, body: Sequence[int], at: int, clock: int | None) -> Stamped:
    stamps: list[Stamp] = []
    bad: list[Problem] = []
    for row in body:
        stamp = parse_stamp(table.cell(row, at))
        if stamp is not None and clock is not None:
            time_ms = parse_clock(table.cell(row, clock))
            stamp = None if time_ms is None else with_clock(stamp, time_ms)
        if stamp is None:
            bad.append(table.problem("weather_stamp", row, at))
        else:
            stamps.append(stamp)
    raise_first(bad)
    orders = orders_of(stamps)
    moments = [found for order in orders if (found := moments_ms(stamps, order)) is not None]
    rising = [found for found in moments if np.all(np.diff(found) > 0)] or moments[:1]
    if not rising:
        raise InputError([table.problem("weather_stamp", body[0], at)])
    offsets = {stamp.offset_minutes for stamp in stamps}
    offset = offsets.pop() if len(offsets) == 1 else None
    label: Label | None = "end" if any(stamp.day_ms == DAY_MS for stamp in stamps) else None
    found = rising[0].astype("datetime64[ms]").astype("datetime64[s]")
    heading = show(table.cell(table.header, at))
    return Stamped(
        moments=np.asarray(found),
        label=label,
        zone_hours=None if offset is None else offset / MINUTES_PER_HOUR,
        utc_heading=says_utc(heading),
    )
