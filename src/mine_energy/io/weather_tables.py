"""Weather as a headed table: Solcast, SolarGIS, Meteonorm and any station's own, told by its headings.

Separator, decimal mark, order of day and month, units and zone are read from the table; what nothing tells is a finding
or refused. Stamps end their interval in Solcast's ``period_end``, name its middle in SolarGIS; a station's are told by
the sun.
"""

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from mine_energy.errors import Finding, InputError
from mine_energy.io.cells import Value, show
from mine_energy.io.tables import Table, table_of
from mine_energy.io.weather_columns import (
    MISSING_WORDS,
    Column,
    check_units,
    night_offset_count,
    number,
    pressure_factor,
    read_columns,
)
from mine_energy.io.weather_record import Hints, Label, Place, Record, Stamps, is_coarse, refuse
from mine_energy.io.weather_table_stamps import Stamped, stamps_in
from mine_energy.io.weather_words import Measure, measure_of, score, stamp_role
from mine_energy.units import HOURS_PER_DAY, MINUTES_PER_HOUR, SECONDS_PER_MINUTE
from mine_energy.weather.contract import Kind

_MISSING: Final = (-999.0, -9999.0, -99.0, -99.9, -999.9, 9999.0, -6999.0, -7999.0)
_UNIT_ROWS: Final = 2
_SOLARGIS_MISSING: Final = -9.0
_FACTS: Final = {
    "latitude": re.compile(r"\blat\w*\b[^\d+-]*([+-]?\d+(?:[.,]\d+)?)", re.IGNORECASE),
    "longitude": re.compile(r"\blon\w*\b[^\d+-]*([+-]?\d+(?:[.,]\d+)?)", re.IGNORECASE),
    "altitude_m": re.compile(r"\b(?:elev\w*|alt\w*)\b[^\d+-]*([+-]?\d+(?:[.,]\d+)?)", re.IGNORECASE),
}
_ZONE: Final = re.compile(
    r"\b(?:UTC|GMT|time ?zone|zona horaria|huso)\b[^\d+-]{0,12}([+-]?\d{1,2})?(?::?(\d{2}))?", re.I
)
_LIMITS: Final = {"latitude": 90.0, "longitude": 180.0, "altitude_m": 9000.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """What a maker's tables do without writing it."""

    source: str = ""
    kind: Kind | None = None
    label: Label = "unknown"
    utc_offset_hours: float | None = None
    hour_energy: bool = False
    """Hourly irradiance is Wh/m2 even where no unit is given, which is the same number."""


STATION: Final = Habits()
SOLCAST: Final = Habits(source="Solcast", kind="modelled", label="end", utc_offset_hours=0.0)
SOLARGIS: Final = Habits(source="SolarGIS", kind="modelled")
METEONORM: Final = Habits(source="Meteonorm", kind="typical", label="end")


def read_table_file(data: bytes, file: str, hints: Hints, habits: Habits) -> Record:
    """Read a headed table.

    Raises
    ------
    InputError
        No heading of weather, no stamps, stamps that nothing orders, an unknown unit, or bad cells; each by line.
    """
    try:
        table = table_of(data, file, score=score)
    except csv.Error:  # a field longer than any cell: no table
        raise refuse(file, "weather_not_recognised", line=1) from None
    if table.header < 0:
        raise refuse(file, "weather_not_recognised", line=1, value=_first(table))
    table, first = _with_units(table)
    measures = _measures(table)
    body = [row for row in range(first, len(table.rows)) if any(c is not None for c in table.rows[row])]
    body = [row for row in body if not show(table.cell(row, 0)).startswith("#")]
    if not body:
        raise refuse(file, "weather_truncated", line=table.lines[table.header], value=_first(table))
    stamps = stamps_in(table, body)
    lines = [table.lines[row] for row in body]
    step = _step_minutes(stamps.moments)
    columns = _columns(table, body, measures, step, habits)
    values = read_columns(file, lines, columns, within_hour=step < MINUTES_PER_HOUR)
    check_units(file, table.lines[table.header], values)
    preamble = "\n".join(" ".join(show(c) for c in row if c is not None) for row in table.rows[: table.header])
    zone, findings = _zone(table, preamble, stamps, habits, hints)
    source = " ".join(part for part in (habits.source, _source(preamble)) if part)
    count = night_offset_count(columns)
    if count:
        findings += (Finding(key="weather_night_offset", subject=file, params={"cells": count}),)
    return Record(
        file=file,
        source=hints.source or (f"{file} ({source})" if source else file),
        kind=hints.kind or _kind(habits, preamble),
        place=_place(preamble),
        stamps=stamps.moments,
        lines=lines,
        values=values,
        texts={name: column.texts for name, column in columns.items()},
        utc_offset_hours=zone,
        label=hints.stamps or stamps.label or _label(stamps.moments, step, habits),
        yearless=stamps.yearless or "TMY" in preamble.upper(),
        coarse=is_coarse(preamble),
        findings=(*table.findings, *findings),
    )


def _with_units(table: Table) -> tuple[Table, int]:
    """Return a table whose headings hold the units that loggers write on a line below, and its first row of data."""
    first = table.header + 1
    heading = list(table.rows[table.header])
    while first < min(len(table.rows), table.header + _UNIT_ROWS + 1) and _is_words(table.rows[first]):
        for at, cell in enumerate(table.rows[first][: len(heading)]):
            own = heading[at]
            if isinstance(own, str) and isinstance(cell, str) and (measure := measure_of(f"{own} ({cell})")):
                heading[at] = f"{own} ({cell})" if measure.known and not _has_unit(own) else own
        first += 1
    rows = [*table.rows[: table.header], heading, *table.rows[table.header + 1 :]]
    return replace(table, rows=rows), first


def _has_unit(heading: str) -> bool:
    measure = measure_of(heading)
    return measure is not None and bool(measure.unit)


def _is_words(row: Sequence[Value]) -> bool:
    """Whether a row holds words alone: units, or how a logger summed up."""
    cells = [cell for cell in row if cell is not None]
    return bool(cells) and all(isinstance(c, str) and number(c) is None and not c[:1].isdigit() for c in cells)


def _first(table: Table) -> str:
    return " ".join(show(cell) for cell in table.rows[0] if cell is not None)[:40]


def _measures(table: Table) -> dict[int, Measure]:
    """Return what the columns measure, the first of each quantity; refuse a unit that is not known."""
    found: dict[int, Measure] = {}
    for at, cell in enumerate(table.rows[table.header]):
        measure = measure_of(show(cell)) if cell is not None and not stamp_role(show(cell)) else None
        if measure is None or any(measure.quantity == other.quantity for other in found.values()):
            continue
        if not measure.known:
            if measure.quantity == "pressure":
                continue
            raise InputError([table.problem("weather_unit_unknown", table.header, at, name=measure.quantity)])
        found[at] = measure
    quantities = {measure.quantity for measure in found.values()}
    if "ghi" not in quantities and not {"dhi", "dni"} <= quantities and not {"dhi", "bhi"} <= quantities:
        line = table.lines[table.header]
        headings = ", ".join(show(cell) for cell in table.rows[table.header] if cell is not None)
        raise refuse(table.file, "weather_no_irradiance", line=line, value=headings[:60])
    return found


def _columns(
    table: Table, body: Sequence[int], measures: Mapping[int, Measure], step: float, habits: Habits
) -> dict[str, Column]:
    columns: dict[str, Column] = {}
    for at, measure in measures.items():
        texts = [show(table.cell(row, at)) for row in body]
        factor = measure.factor * (MINUTES_PER_HOUR / step if measure.energy else 1.0)
        if measure.quantity == "pressure" and not measure.unit:
            factor = pressure_factor(_numbers(texts))
        missing = (*_MISSING, _SOLARGIS_MISSING) if habits is SOLARGIS else _MISSING
        irradiance = measure.quantity in {"ghi", "dni", "dhi", "bhi"}
        columns[measure.quantity] = Column(
            texts=texts,
            factor=factor,
            offset=measure.offset,
            missing=missing if irradiance or measure.quantity == "wind_speed" else (*_MISSING, 999.0),
            thermal_offset=irradiance,
        )
    return columns


def _numbers(texts: Sequence[str]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    found = [number(text.replace(",", ".")) for text in texts if text.lower() not in MISSING_WORDS]
    return np.array([value for value in found if value is not None and value not in _MISSING], dtype=np.float64)


def _step_minutes(moments: Stamps) -> float:
    seconds = np.diff(moments.astype(np.int64))
    return float(np.median(np.abs(seconds))) / SECONDS_PER_MINUTE if len(seconds) else float(MINUTES_PER_HOUR)


def _label(moments: Stamps, step: float, habits: Habits) -> Label:
    """Return what stamps name.

    The middle where they stand half a step off the round minute; the end where whole days run from one step after
    midnight to midnight; else the maker's habit.
    """
    minutes = moments.astype(np.int64) / SECONDS_PER_MINUTE % (HOURS_PER_DAY * MINUTES_PER_HOUR)
    if step > 1.0 and minutes[0] % step == step / 2:
        return "middle"
    return "end" if minutes[0] == step and minutes[-1] == 0.0 else habits.label


def _zone(
    table: Table, preamble: str, stamps: Stamped, habits: Habits, hints: Hints
) -> tuple[float | None, tuple[Finding, ...]]:
    """Return the zone of the stamps; where nothing tells it, local time is an assumption."""
    if hints.utc_offset_hours is not None:
        return hints.utc_offset_hours, ()
    if stamps.zone_hours is not None:
        return stamps.zone_hours, ()
    if stamps.utc_heading:
        return 0.0, ()
    said = _ZONE.search(preamble)
    if said:
        hours = float(said.group(1) or 0)
        return hours + (1 if hours >= 0 else -1) * float(said.group(2) or 0) / MINUTES_PER_HOUR, ()
    if habits.utc_offset_hours is not None:
        return habits.utc_offset_hours, ()
    return None, (Finding(key="weather_zone_assumed", level="assumption", subject=table.file),)


def _place(preamble: str) -> Place:
    found: dict[str, float] = {}
    for name, pattern in _FACTS.items():
        said = pattern.search(preamble)
        value = number(said.group(1).replace(",", ".")) if said else None
        if value is not None and abs(value) <= _LIMITS[name]:
            found[name] = value
    return Place(latitude=found.get("latitude"), longitude=found.get("longitude"), altitude_m=found.get("altitude_m"))


def _source(preamble: str) -> str:
    return next((line.strip("# ").strip() for line in preamble.splitlines() if line.strip("# ").strip()), "")[:60]


def _kind(habits: Habits, preamble: str) -> Kind | None:
    return "typical" if "TMY" in preamble.upper() and habits.kind else habits.kind
