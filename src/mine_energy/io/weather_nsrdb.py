"""NSRDB files (PSM3, PSM4) and their kin, the standard time series of SAM; TMY3 of NREL.

NSRDB: two lines of facts, a heading, rows of year, month, day, hour and minute in the zone that ``Time Zone`` names
(UTC when downloaded so; ``Local Time Zone`` is the place's). A row's minute is the moment its values hold: 30 in hourly
files. Without a minute column SAM takes the middle of the hour that the row names, and so do we.
TMY3: local standard time, values of the hour before the stamp, months of several years.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np

from mine_energy.errors import Finding
from mine_energy.io.weather_columns import (
    Column,
    number,
    pick,
    pressure_factor,
    read_columns,
    read_stamps,
    stamps_of_parts,
    with_factor,
)
from mine_energy.io.weather_record import Hints, Label, Place, Record, Stamps, is_coarse, refuse
from mine_energy.units import AIR_PRESSURE_UNITS_PA, MINUTES_PER_HOUR, MONTHS_PER_YEAR
from mine_energy.vocabulary import normalise
from mine_energy.weather.contract import Kind

_NAMES: Final = {
    "ghi": "ghi",
    "dni": "dni",
    "dhi": "dhi",
    "temperature": "temp_air",
    "tdry": "temp_air",
    "wind speed": "wind_speed",
    "wspd": "wind_speed",
    "pressure": "pressure",
    "pres": "pressure",
}
"""Quantities by heading: NSRDB's words and SAM's short ones."""
_PARTS: Final = ("year", "month", "day", "hour", "minute")
_NSRDB_MISSING: Final = (-9999.0, -999.0)

_TMY3: Final = {
    "GHI (W/m^2)": "ghi",
    "DNI (W/m^2)": "dni",
    "DHI (W/m^2)": "dhi",
    "Dry-bulb (C)": "temp_air",
    "Wspd (m/s)": "wind_speed",
    "Pressure (mbar)": "pressure",
}
_TMY3_DATE: Final = "Date (MM/DD/YYYY)"
_TMY3_TIME: Final = "Time (HH:MM)"
_TMY3_MISSING: Final = (-9900.0, -9999.0)


def is_nsrdb(head: str) -> float:
    """Return how sure the layout is of the first lines of a text."""
    first = head.splitlines()[0].lower() if head else ""
    return 0.95 if "latitude" in first and "time zone" in first and "," in first else 0.0


def is_tmy3(head: str) -> float:
    """Return how sure the layout is of the first lines of a text."""
    second = head.splitlines()[1:2]
    return 1.0 if second and second[0].startswith(_TMY3_DATE) else 0.0


def read_nsrdb(text: str, file: str, hints: Hints) -> Record:
    """Read a file of NSRDB, or one in SAM's standard form."""
    lines = text.splitlines()
    if len(lines) < 4:
        raise refuse(file, "weather_truncated", line=len(lines), value=lines[-1][:40])
    facts_names, facts_values, header = (next(csv.reader([line]), []) for line in lines[:3])
    facts = {name.strip().lower(): value.strip() for name, value in zip(facts_names, facts_values, strict=False)}
    rows, numbers = _body(file, lines, 3, len([name for name in header if name.strip()]))
    names = [normalise(name) for name in header]
    at = {name: names.index(name) for name in _PARTS if name in names}
    if not {"year", "month", "day", "hour"} <= at.keys():
        raise refuse(file, "weather_no_stamps", line=3, value=",".join(header)[:60])
    stamps = stamps_of_parts(file, numbers, [pick(rows, at[name]) for name in _PARTS if name in at])
    columns = {
        _NAMES[name]: Column(texts=pick(rows, i), missing=_NSRDB_MISSING)
        for i, name in enumerate(names)
        if name in _NAMES
    }
    values = _with_pressure(file, numbers, columns, facts.get("pressure units", ""), _step(stamps))
    source = facts.get("source", "") or "NSRDB"
    version = facts.get("version", "")
    years = _months_years(stamps)
    zone = number(facts.get("time zone", ""))
    label: Label = "middle" if "minute" in at else "start"
    return Record(
        file=file,
        source=f"{file} ({' '.join(part for part in (source, version) if part)})",
        kind=_kind(source, years),
        place=_place(file, facts),
        stamps=stamps,
        lines=numbers,
        values=values,
        texts={name: column.texts for name, column in columns.items()},
        utc_offset_hours=hints.utc_offset_hours if zone is None else zone,
        label=label,
        yearless=bool(years),
        years=years,
        coarse=is_coarse(source),
        findings=(Finding(key="weather_database", subject=file, params={"database": source}),),
    )


def _body(file: str, lines: Sequence[str], start: int, width: int) -> tuple[list[list[str]], list[int]]:
    """Return the rows below the heading with their lines; a short row is refused."""
    rows, numbers = [], []
    for line, row in enumerate(_cells(file, lines[start:], start + 1), start=start + 1):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) < width:
            raise refuse(
                file, "weather_columns_missing", line=line, value=",".join(row)[:40], columns=width, found=len(row)
            )
        rows.append(row)
        numbers.append(line)
    if not rows:
        raise refuse(file, "weather_truncated", line=len(lines), value=lines[-1][:40])
    return rows, numbers


def _cells(file: str, lines: Sequence[str], start: int) -> Iterator[list[str]]:
    """Yield the cells of each line; a quotation mark that is never closed is refused where it opens."""
    for line, text in enumerate(lines, start=start):
        if text.count('"') % 2:
            raise refuse(file, "quote_unclosed", line=line, value=text[:40])
        yield next(csv.reader([text]), [])


def _step(stamps: Stamps) -> float:
    """Return the step of the first rows in minutes."""
    seconds = stamps[:2].astype(np.int64)
    return float(seconds[1] - seconds[0]) / MINUTES_PER_HOUR if len(seconds) > 1 else float(MINUTES_PER_HOUR)


def _with_pressure(
    file: str, lines: Sequence[int], columns: dict[str, Column], unit: str, step_minutes: float
) -> dict[str, np.ndarray[tuple[int], np.dtype[np.float64]]]:
    """Return the values, pressure in the unit that the file states or that its size leaves."""
    if "pressure" in columns:
        factor = AIR_PRESSURE_UNITS_PA.get(unit.lower())
        if factor is None:
            raw = np.array([number(text) or np.nan for text in columns["pressure"].texts])
            factor = pressure_factor(raw)
        columns["pressure"] = with_factor(columns["pressure"], factor)
    return read_columns(file, lines, columns, within_hour=step_minutes < MINUTES_PER_HOUR)


def _months_years(stamps: Stamps) -> tuple[int, ...]:
    """Return the year of each month when they jump about, which is what a typical year does; else nothing."""
    months = stamps.astype("datetime64[M]")
    year = months.astype("datetime64[Y]").astype(np.int64) + 1970
    month = (months - months.astype("datetime64[Y]")).astype(np.int64)
    firsts = [int(year[month == m][0]) for m in range(MONTHS_PER_YEAR) if (month == m).any()]
    backward = bool(np.any(np.diff(months.astype(np.int64)) < 0)) or bool(np.any(np.diff(months.astype(np.int64)) > 1))
    return tuple(firsts) if backward and len(firsts) == MONTHS_PER_YEAR else ()


def _kind(source: str, years: Sequence[int]) -> Kind:
    word = source.lower()
    if years or "tmy" in word:
        return "typical"
    if "measured" in word or "medid" in word:
        return "measured"
    return "synthetic" if "synthetic" in word or "sintétic" in word else "modelled"


def _place(file: str, facts: Mapping[str, str]) -> Place:
    found: dict[str, float] = {}
    for name, key, low, high in (
        ("latitude", "latitude", -90.0, 90.0),
        ("longitude", "longitude", -180.0, 180.0),
        ("elevation", "altitude_m", -430.0, 9000.0),
    ):
        value = number(facts.get(name, ""))
        if value is None or not low <= value <= high:
            raise refuse(file, "weather_header_value", line=2, value=facts.get(name, ""), name=key, low=low, high=high)
        found[key] = value
    city = facts.get("city", "").strip("- ")
    return Place(latitude=found["latitude"], longitude=found["longitude"], altitude_m=found["altitude_m"], name=city)


def read_tmy3(text: str, file: str, _: Hints) -> Record:
    """Read a TMY3 file in the layout of 2015."""
    lines = text.splitlines()
    facts = next(csv.reader([lines[0]]), [])
    if len(facts) < 7:
        raise refuse(file, "weather_header_short", line=1, value=lines[0][:80])
    header = next(csv.reader([lines[1]]), [])
    wanted = [_TMY3_TIME, *(name for name in _TMY3 if name != "Pressure (mbar)")]
    lacking = next((name for name in wanted if name not in header), None)
    if lacking:
        raise refuse(file, "weather_column_missing", line=2, value=lines[1][:40], name=lacking)
    rows, numbers = _body(file, lines, 2, len(header))
    stamps = _tmy3_stamps(file, numbers, pick(rows, 0), pick(rows, header.index(_TMY3_TIME)))
    columns = {
        own: Column(texts=pick(rows, header.index(name)), missing=_TMY3_MISSING)
        for name, own in _TMY3.items()
        if name in header
    }
    values = _with_pressure(file, numbers, columns, "mbar", MINUTES_PER_HOUR)
    place = dict(zip(("time zone", "latitude", "longitude", "elevation"), facts[3:7], strict=True))
    zone = number(place["time zone"])
    if zone is None:
        raise refuse(
            file, "weather_header_value", line=1, value=facts[3], name="utc_offset_hours", low=-12.0, high=14.0
        )
    return Record(
        file=file,
        source=f"{file} (TMY3, {facts[1]})",
        kind="typical",
        place=_place(file, {**place, "city": facts[1]}),
        stamps=stamps,
        lines=numbers,
        values=values,
        texts={name: column.texts for name, column in columns.items()},
        utc_offset_hours=zone,
        label="end",
        yearless=True,
        years=_months_years(stamps - np.timedelta64(1, "h")),
    )


def _tmy3_stamps(file: str, lines: Sequence[int], dates: Sequence[str], times: Sequence[str]) -> Stamps:
    """Return stamps of dates and clock times from 01:00 to 24:00."""
    days = read_stamps(file, lines, dates, "%m/%d/%Y")
    clock = [time.strip().partition(":") for time in times]
    hours = [number(hour) for hour, _, _ in clock]
    minutes = [number(minute) for _, _, minute in clock]
    for at, (hour, minute) in enumerate(zip(hours, minutes, strict=True)):
        if hour is None or minute is None or not 0 <= hour <= 24 or not 0 <= minute < MINUTES_PER_HOUR:
            raise refuse(file, "weather_stamp", line=lines[at], value=times[at])
    passed = np.array(hours, dtype=np.float64) * MINUTES_PER_HOUR + np.array(minutes, dtype=np.float64)
    return np.asarray(days + passed.astype(np.int64).astype("timedelta64[m]"))
