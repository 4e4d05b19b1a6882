"""EPW, EnergyPlus' weather format, of any family: ASHRAE's IWEC, Climate.OneBuilding's TMYx, PVGIS exports.

Hours run from 1 to 24, hour 1 from 0:00 to 1:00, so a row's left label is its hour minus one. When within the hour the
sun counts differs by family and is not written anywhere.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

import numpy as np

from mine_energy.arrays import FloatArray
from mine_energy.errors import InputError, Param, Problem
from mine_energy.io.weather_columns import number
from mine_energy.io.weather_record import (
    LIMITS,
    MAX_PROBLEMS,
    OPTIONAL,
    Hints,
    Place,
    Record,
    Stamps,
    is_coarse,
    refuse,
)
from mine_energy.units import HOURS_PER_DAY, HOURS_PER_YEAR
from mine_energy.weather.contract import NOMINAL_YEAR, Kind, calendar_index

_HEADER_LINES: Final = 8
_LOCATION_FIELDS: Final = 10
_LEAP_YEAR: Final = 2024

_POSITIONS: Final = {"temp_air": 6, "pressure": 9, "ghi": 13, "dni": 14, "dhi": 15, "wind_speed": 21}
_MISSING_FROM: Final = {
    "temp_air": 99.9,
    "pressure": 999_999.0,
    "ghi": 9_999.0,
    "dni": 9_999.0,
    "dhi": 9_999.0,
    "wind_speed": 999.0,
}
"""Values from which the format's own documentation calls a field missing."""
_LAST_POSITION: Final = max(_POSITIONS.values())

Rows = Sequence[Sequence[str]]


def is_epw(head: str) -> float:
    """Return how sure the layout is of the first lines of a text."""
    return 1.0 if head.upper().startswith("LOCATION,") else 0.0


def read_epw(text: str, file: str, _: Hints) -> Record:
    """Read an EPW file of 8,760 hours, or of 8,784 with 29 February.

    Raises
    ------
    InputError
        Without coordinates, with rows missing or out of order, or with a value that is no number or impossible; every
        problem with its line.
    """
    lines = text.splitlines()
    place, family, zone = _place(file, lines)
    rows = _rows(file, lines)
    years = _months_years(file, rows)
    return Record(
        file=file,
        source=f"{file} ({family}, {place.name})",
        kind=_kind(family, years),
        place=place,
        stamps=_stamps(len(rows)),
        lines=range(_HEADER_LINES + 1, _HEADER_LINES + 1 + len(rows)),
        values=_values(file, rows),
        texts={name: [row[at].strip() for row in rows] for name, at in _POSITIONS.items()},
        utc_offset_hours=zone,
        step_minutes=60.0,
        yearless=True,
        years=years,
        # TMYx is built on ERA5, but at the station's own place; its maker's choice of months corrects no coast.
        coarse=is_coarse(family),
    )


def _place(file: str, lines: Sequence[str]) -> tuple[Place, str, float]:
    fields = [field.strip() for field in lines[0].split(",")]
    if len(fields) < _LOCATION_FIELDS:
        raise refuse(file, "weather_header_short", line=1, value=lines[0][:80])
    limits = {
        "latitude": (6, -90.0, 90.0),
        "longitude": (7, -180.0, 180.0),
        "utc_offset_hours": (8, -12.0, 14.0),
        "altitude_m": (9, -430.0, 9000.0),
    }
    found, problems = {}, []
    for name, (at, low, high) in limits.items():
        value = number(fields[at])
        if value is None or not low <= value <= high:
            params: dict[str, Param] = {"name": name, "low": low, "high": high}
            problems.append(Problem(key="weather_header_value", file=file, line=1, value=fields[at], params=params))
        else:
            found[name] = value
    if problems:
        raise InputError(problems)
    if found["utc_offset_hours"] % 1:
        raise refuse(file, "weather_header_part_hour", line=1, value=fields[8])
    place = Place(
        latitude=found["latitude"],
        longitude=found["longitude"],
        altitude_m=found["altitude_m"],
        name=fields[1],
        country=fields[3],
    )
    return place, fields[4], found["utc_offset_hours"]


def _stamps(count: int) -> Stamps:
    index = calendar_index(NOMINAL_YEAR if count == HOURS_PER_YEAR else _LEAP_YEAR)
    return index.tz_localize(None).to_numpy(dtype="datetime64[s]")


def _rows(file: str, lines: Sequence[str]) -> list[list[str]]:
    """Return the data rows as texts, as many as a year has hours and in its order."""
    body = [line.split(",") for line in lines[_HEADER_LINES:]]
    while body and not any(field.strip() for field in body[-1]):
        body.pop()
    for at, row in enumerate(body, start=_HEADER_LINES + 1):
        if len(row) <= _LAST_POSITION:
            params: dict[str, Param] = {"columns": _LAST_POSITION + 1, "found": len(row)}
            raise refuse(file, "weather_columns_missing", line=at, value=",".join(row)[:40], **params)
    if len(body) not in {HOURS_PER_YEAR, HOURS_PER_YEAR + HOURS_PER_DAY}:
        raise refuse(file, "weather_row_count", line=_HEADER_LINES + len(body), value=str(len(body)))
    _check_order(file, body)
    return body


def _check_order(file: str, body: Rows) -> None:
    index = calendar_index(NOMINAL_YEAR if len(body) == HOURS_PER_YEAR else _LEAP_YEAR)
    calendar = zip(index.month, index.day, index.hour + 1, strict=True)
    for at, (row, expected) in enumerate(zip(body, calendar, strict=True), start=_HEADER_LINES + 1):
        if tuple(number(field) for field in row[1:4]) != expected:
            month, day, hour = (int(part) for part in expected)
            params: dict[str, Param] = {"month": month, "day": day, "hour": hour}
            raise refuse(file, "weather_row_order", line=at, value="/".join(row[1:4]), **params)


def _values(file: str, body: Rows) -> dict[str, FloatArray]:
    """Return every quantity, NaN where the file's code says missing."""
    try:
        raw = {name: np.array([row[at] for row in body], dtype=np.float64) for name, at in _POSITIONS.items()}
    except ValueError:
        raw = {}
    if not all(_plausible(name, raw.get(name)) for name in _POSITIONS):
        raise InputError(list(islice(_value_problems(file, body), MAX_PROBLEMS)))
    found = {name: np.where(values < _MISSING_FROM[name], values, np.nan) for name, values in raw.items()}
    # Of a quantity that one can do without, a part of the year is no use.
    return {name: values for name, values in found.items() if name not in OPTIONAL or np.isfinite(values).all()}


def _plausible(name: str, values: FloatArray | None) -> bool:
    if values is None:
        return False
    limit = LIMITS[name]
    known = (values >= limit.low) & (values <= limit.high)
    return bool(np.all((known | (values >= _MISSING_FROM[name])) & np.isfinite(values)))


def _value_problems(file: str, body: Rows) -> Iterator[Problem]:
    for at, row in enumerate(body, start=_HEADER_LINES + 1):
        for name, position in _POSITIONS.items():
            value, limit = number(row[position]), LIMITS[name]
            params: dict[str, Param] = {"name": name, "low": limit.low, "high": limit.high}
            shown = row[position].strip()
            if value is None:
                yield Problem(key="weather_not_a_number", file=file, line=at, value=shown, params=params)
            elif value < _MISSING_FROM[name] and not limit.low <= value <= limit.high:
                yield Problem(key="weather_value_impossible", file=file, line=at, value=shown, params=params)


def _months_years(file: str, rows: Rows) -> tuple[int, ...]:
    """Return the year each month came from (of its first row)."""
    years: dict[str, int] = {}
    for at, row in enumerate(rows, start=_HEADER_LINES + 1):
        if row[1] not in years:
            year = number(row[0])
            if year is None:
                raise refuse(file, "weather_not_a_number", line=at, value=row[0].strip(), name="year")
            years[row[1]] = int(year)
    return tuple(years.values())


def _kind(family: str, years: Sequence[int]) -> Kind:
    """Return the kind of an EPW file: months of several years are typical; one year's radiation is mostly modelled."""
    typical = len(set(years)) > 1 or any(word in family.upper() for word in ("TMY", "IWEC", "TRY"))
    return "typical" if typical else "modelled"
