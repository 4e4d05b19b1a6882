"""Reads hourly weather files into :class:`~mine_energy.weather.Weather`; a file is checked line by line, never altered.

EPW (EnergyPlus weather) files of any family: ASHRAE's IWEC, Climate.OneBuilding's TMYx, PVGIS exports. Their hours run
from 1 to 24, hour 1 from 0:00 to 1:00, so a row's left label is its hour minus one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from math import isfinite
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from mine_energy.arrays import FloatArray
from mine_energy.catalog import resource_band
from mine_energy.errors import Finding, InputError, Param, Problem
from mine_energy.units import HOURS_PER_DAY, HOURS_PER_YEAR, LOCAL_TIME, SECONDS_PER_HOUR
from mine_energy.weather.contract import NOMINAL_YEAR, REQUIRED, Kind, Weather, calendar_index
from mine_energy.weather.quality import estimate_sun_offset, impossible_share, quality_findings
from mine_energy.weather.sun import Sun, sun

_HEADER_LINES = 8
_LOCATION_FIELDS = 10
_MOST_IMPOSSIBLE = 0.03
"""Share of the irradiation above that outside the atmosphere: under 1 % in sound files, 2 to 10 % two hours off."""
_MAX_PROBLEMS = 20
"""A broken file has thousands of bad cells; the first twenty show what is wrong with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    """Where a quantity stands in an EPW row, and what it may be.

    `missing` is the value from which the format's own documentation calls it missing.
    """

    position: int
    low: float
    high: float
    missing: float


_COLUMNS: Final = {
    "temp_air": _Column(position=6, low=-60.0, high=60.0, missing=99.9),
    "pressure": _Column(position=9, low=31_000.0, high=120_000.0, missing=999_999.0),
    "ghi": _Column(position=13, low=0.0, high=1_700.0, missing=9_999.0),
    "dni": _Column(position=14, low=0.0, high=1_500.0, missing=9_999.0),
    "dhi": _Column(position=15, low=0.0, high=1_200.0, missing=9_999.0),
    "wind_speed": _Column(position=21, low=0.0, high=75.0, missing=999.0),
}
"""Limits no hour on earth passes: clouds beside the sun reach 1,600 W/m2 for minutes, not for an hour."""

_OPTIONAL: Final = frozenset({"pressure"})
_COUNTRIES: Final = {"COL": "CO", "PER": "PE"}
_UNKNOWN_BAND: Final = (-0.10, 0.10)
_LOCAL_HOURS: Final = round(LOCAL_TIME.utcoffset(None).total_seconds() / SECONDS_PER_HOUR)
_LAST_COLUMN = max(column.position for column in _COLUMNS.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """First line of an EPW file."""

    city: str
    country: str
    family: str
    latitude: float
    longitude: float
    utc_offset_hours: int
    altitude_m: float


def read_weather(path: str | Path, name: str = "") -> Weather:
    """Return the weather of a file.

    Parameters
    ----------
    path
        An EPW file of one year, 8,760 hours, or 8,784 with 29 February, which is then left out with a finding.
    name
        How the file is called in messages and as source; its own name when empty.

    Returns
    -------
    Weather
        On the nominal year in UTC-05:00, with the sun's offset within the hour estimated from closure.

    Raises
    ------
    InputError
        The file is missing, empty, not an EPW file, without coordinates, with rows missing or out of order, or with a
        value that is missing, not a number or impossible; every problem with its line. Or its sun shines at night:
        coordinates, time zone and hours are not of one place.
    """
    path = Path(path)
    name = name or path.name
    lines = _lines(path, name)
    place = _place(name, lines)
    rows = _rows(name, lines)
    frame, years = _frame(_values(name, rows), place), _months_years(name, rows)
    offset, rmse = estimate_sun_offset(frame, place.latitude, place.longitude, place.altitude_m)
    position = sun(pd.DatetimeIndex(frame.index), place.latitude, place.longitude, place.altitude_m, offset)
    _check_sun(name, frame, position, place)
    band = _band(place)
    findings = (
        Finding(
            key="weather_sun_offset",
            subject=name,
            params={"offset_minutes": round(offset), "rmse_w_m2": round(rmse, 1)},
        ),
        *_calendar_findings(name, place, leap=len(rows) != HOURS_PER_YEAR),
        *quality_findings(frame, position, place.altitude_m, name),
        Finding(
            key="weather_resource_band",
            level="assumption",
            params={"low_percent": round(100 * band[0]), "high_percent": round(100 * band[1])},
        ),
    )
    return Weather(
        frame=frame,
        latitude=place.latitude,
        longitude=place.longitude,
        altitude_m=place.altitude_m,
        kind=_kind(place.family, years),
        source=f"{name} ({place.family}, {place.city})",
        years=years,
        sun_offset_minutes=offset,
        closure_rmse_w_m2=rmse,
        band_low=band[0],
        band_high=band[1],
        findings=findings,
    )


def _check_sun(file: str, frame: pd.DataFrame, position: Sun, place: _Place) -> None:
    """Refuse a year without sun, and one whose sun is not that of the place and zone in the file's first line."""
    if not frame["ghi"].to_numpy().any():
        raise _refuse(file, "weather_dark", line=_HEADER_LINES + 1, value="0")
    share = impossible_share(frame, position)
    if share > _MOST_IMPOSSIBLE:
        where = f"{place.latitude:g}, {place.longitude:g}, UTC{place.utc_offset_hours:+d}"
        raise _refuse(file, "weather_sun_mismatch", line=1, value=where, share_percent=round(100 * share, 1))


def _refuse(file: str, key: str, line: int | None = None, value: str = "", **params: Param) -> InputError:
    return InputError([Problem(key=key, file=file, line=line, value=value, params=params)])


def _lines(path: Path, name: str) -> list[str]:
    """Return the lines of a text file in UTF-8 or, failing that, the Windows code page of Western Europe."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise _refuse(name, "weather_file_missing") from None
    except OSError:  # a folder, no permission, a device that is gone
        raise _refuse(name, "weather_file_unreadable") from None
    if not raw.strip():
        raise _refuse(name, "weather_file_empty")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Every byte has a meaning in Latin-1, so station names in any Windows page are read, if not spelt right.
        text = raw.decode("latin-1")
    lines = text.splitlines()
    if not lines[0].upper().startswith("LOCATION,"):
        raise _refuse(name, "weather_not_epw", line=1, value=lines[0][:40])
    return lines


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if isfinite(value) else None


def _place(file: str, lines: Sequence[str]) -> _Place:
    fields = [field.strip() for field in lines[0].split(",")]
    if len(fields) < _LOCATION_FIELDS:
        raise _refuse(file, "weather_header_short", line=1, value=lines[0][:80])
    limits = {
        "latitude": (6, -90.0, 90.0),
        "longitude": (7, -180.0, 180.0),
        "utc_offset_hours": (8, -12.0, 14.0),
        "altitude_m": (9, -430.0, 9000.0),
    }
    found, problems = {}, []
    for name, (at, low, high) in limits.items():
        value = _number(fields[at])
        if value is None or not low <= value <= high:
            params: dict[str, Param] = {"name": name, "low": low, "high": high}
            problems.append(Problem(key="weather_header_value", file=file, line=1, value=fields[at], params=params))
        else:
            found[name] = value
    if problems:
        raise InputError(problems)
    if found["utc_offset_hours"] % 1:
        raise _refuse(file, "weather_header_part_hour", line=1, value=fields[8])
    return _Place(
        city=fields[1],
        country=fields[3],
        family=fields[4],
        latitude=found["latitude"],
        longitude=found["longitude"],
        utc_offset_hours=int(found["utc_offset_hours"]),
        altitude_m=found["altitude_m"],
    )


def _calendar(leap: bool) -> Iterator[tuple[int, int, int]]:
    for stamp in calendar_index(2024 if leap else NOMINAL_YEAR):
        yield stamp.month, stamp.day, stamp.hour + 1


def _rows(file: str, lines: Sequence[str]) -> list[list[str]]:
    """Return the data rows as texts, as many as a year has hours and in its order."""
    body = [line.split(",") for line in lines[_HEADER_LINES:]]
    while body and not any(field.strip() for field in body[-1]):
        body.pop()
    for number, row in enumerate(body, start=_HEADER_LINES + 1):
        if len(row) <= _LAST_COLUMN:
            params: dict[str, Param] = {"columns": _LAST_COLUMN + 1, "found": len(row)}
            raise _refuse(file, "weather_columns_missing", line=number, value=",".join(row)[:40], **params)
    if len(body) not in {HOURS_PER_YEAR, HOURS_PER_YEAR + HOURS_PER_DAY}:
        raise _refuse(file, "weather_row_count", line=_HEADER_LINES + len(body), value=str(len(body)))
    _check_order(file, body)
    return body


def _values(file: str, body: Sequence[Sequence[str]]) -> dict[str, FloatArray]:
    """Return every quantity of :data:`_COLUMNS` (without pressure where it is missing) and the rows' years."""
    try:
        found = {
            name: np.array([row[column.position] for row in body], dtype=np.float64)
            for name, column in _COLUMNS.items()
        }
    except ValueError:
        found = {}
    if not all(_plausible(name, found.get(name)) for name in _COLUMNS):
        raise InputError(list(islice(_value_problems(file, body), _MAX_PROBLEMS)))
    return {name: values for name, values in found.items() if (values < _COLUMNS[name].missing).all()}


def _plausible(name: str, values: FloatArray | None) -> bool:
    if values is None:
        return False
    column = _COLUMNS[name]
    inside = (values >= column.low) & (values <= column.high)
    return bool(np.all(inside | (values >= column.missing) if name in _OPTIONAL else inside))


def _check_order(file: str, body: Sequence[Sequence[str]]) -> None:
    leap = len(body) != HOURS_PER_YEAR
    for number, (row, expected) in enumerate(zip(body, _calendar(leap), strict=True), start=_HEADER_LINES + 1):
        stamp = tuple(_number(field) for field in row[1:4])
        if stamp != expected:
            month, day, hour = expected
            params: dict[str, Param] = {"month": month, "day": day, "hour": hour}
            raise _refuse(file, "weather_row_order", line=number, value="/".join(row[1:4]), **params)


def _value_problems(file: str, body: Sequence[Sequence[str]]) -> Iterator[Problem]:
    for number, row in enumerate(body, start=_HEADER_LINES + 1):
        for name, column in _COLUMNS.items():
            problem = _value_problem(name, column, row[column.position])
            if problem:
                params: dict[str, Param] = {"name": name, "low": column.low, "high": column.high}
                yield Problem(key=problem, file=file, line=number, value=row[column.position].strip(), params=params)


def _value_problem(name: str, column: _Column, text: str) -> str:
    """Return the key of what is wrong with a value, or nothing."""
    value = _number(text)
    if value is None:
        return "weather_not_a_number"
    if value >= column.missing:
        return "" if name in _OPTIONAL else "weather_value_missing"
    return "" if column.low <= value <= column.high else "weather_value_impossible"


def _months_years(file: str, rows: Sequence[Sequence[str]]) -> tuple[int, ...]:
    """Return the year each month came from (of its first row)."""
    years: dict[str, int] = {}
    for number, row in enumerate(rows, start=_HEADER_LINES + 1):
        if row[1] not in years:
            year = _number(row[0])
            if year is None:
                raise _refuse(file, "weather_not_a_number", line=number, value=row[0].strip(), name="year")
            years[row[1]] = int(year)
    return tuple(years.values())


def _frame(values: dict[str, FloatArray], place: _Place) -> pd.DataFrame:
    """Return the hourly frame on the nominal year in UTC-05:00, without 29 February."""
    february = (31 + 28) * HOURS_PER_DAY
    # Rows of another time zone are the same hours under other names: the year is turned, as a wheel is.
    turn = _LOCAL_HOURS - place.utc_offset_hours
    columns = {}
    for name in (*REQUIRED, "pressure"):
        if name in values:
            year = values[name]
            whole = year if len(year) == HOURS_PER_YEAR else np.delete(year, slice(february, february + HOURS_PER_DAY))
            columns[name] = np.roll(whole, turn)
    return pd.DataFrame(columns, index=calendar_index(NOMINAL_YEAR))


def _kind(family: str, years: Sequence[int]) -> Kind:
    """Return the kind of an EPW file: months of several years are typical; one year's radiation is mostly modelled."""
    typical = len(set(years)) > 1 or any(word in family.upper() for word in ("TMY", "IWEC", "TRY"))
    return "typical" if typical else "modelled"


def _band(place: _Place) -> tuple[float, float]:
    """Return the uncertainty of a file's annual irradiation: its region's, because few such files were measured."""
    code = _COUNTRIES.get(place.country.upper())
    if code is None:
        return _UNKNOWN_BAND
    band = resource_band(code, place.latitude, place.longitude, place.altitude_m)
    return band.low, band.high


def _calendar_findings(file: str, place: _Place, *, leap: bool) -> Iterator[Finding]:
    if leap:
        yield Finding(key="weather_leap_day_cut", level="info", subject=file)
    if place.utc_offset_hours != _LOCAL_HOURS:
        params: dict[str, Param] = {"utc_offset_hours": f"{place.utc_offset_hours:+d}"}
        yield Finding(key="weather_other_zone", level="info", subject=file, params=params)
