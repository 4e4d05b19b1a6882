"""Columns of a weather file as numbers in the contract's units: what is missing, what is wrong, and on which line."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite
from typing import Final

import numpy as np
import pandas as pd

from mine_energy.arrays import FloatArray
from mine_energy.errors import Param, Problem
from mine_energy.io.numbers import read_numbers, told_once
from mine_energy.io.weather_record import LIMITS, MAX_PROBLEMS, THERMAL_OFFSET_W_M2, Stamps, raise_first, refuse
from mine_energy.units import AIR_PRESSURE_UNITS_PA, MINUTES_PER_HOUR, SECONDS_PER_MINUTE

MISSING_WORDS: Final = frozenset({"", "nan", "na", "n/a", "n.a.", "null", "none", "-", "--", "///"})
_IRRADIANCE: Final = frozenset({"ghi", "dni", "dhi", "bhi"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column as written.

    Parameters
    ----------
    texts
        Its cells.
    factor, offset
        Value of the contract = factor times number plus offset.
    missing
        Numbers that say "missing".
    thermal_offset
        Whether slight negative irradiance is a sensor's night offset and counts as zero.
    """

    texts: Sequence[str]
    factor: float = 1.0
    offset: float = 0.0
    missing: Collection[float] = ()
    thermal_offset: bool = False


def number(text: str) -> float | None:
    """Return a finite number, or None."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if isfinite(value) else None


def read_columns(
    file: str,
    lines: Sequence[int],
    columns: Mapping[str, Column],
    *,
    within_hour: bool = False,
) -> dict[str, FloatArray]:
    """Return the columns in the contract's units, NaN where missing.

    Parameters
    ----------
    file
        Name of the file.
    lines
        Line of every row.
    columns
        By quantity of :data:`~mine_energy.io.weather_record.LIMITS`.
    within_hour
        Whether the step is under an hour.

    Raises
    ------
    InputError
        Cells that are no numbers or impossible values: the first twenty, by line.
    """
    values: dict[str, FloatArray] = {}
    problems: list[Problem] = []
    for name, column in columns.items():
        raw, bad = _numbers(file, name, lines, column)
        problems += bad
        found = _scaled(name, raw, column)
        problems += [] if bad else list(_impossible(file, name, lines, column, found, within_hour=within_hour))
        values[name] = found
    raise_first(sorted(problems, key=lambda problem: problem.line or 0))
    return values


def _numbers(file: str, name: str, lines: Sequence[int], column: Column) -> tuple[FloatArray, list[Problem]]:
    """Return a column's numbers: in one go when every cell is one, else cell by cell."""
    try:
        values = np.array(column.texts, dtype=np.float64)
    except ValueError:
        return _cell_by_cell(file, name, lines, column)
    # Python reads "inf" as a number; no instrument does.
    endless = [
        Problem(
            key="weather_not_a_number",
            file=file,
            line=lines[at],
            value=column.texts[at].strip(),
            params={"name": name},
        )
        for at in map(int, np.flatnonzero(np.isinf(values))[:MAX_PROBLEMS])
    ]
    return values, endless


def _cell_by_cell(file: str, name: str, lines: Sequence[int], column: Column) -> tuple[FloatArray, list[Problem]]:
    cells = [None if text.strip().lower() in MISSING_WORDS else text.strip() for text in column.texts]
    read = read_numbers(cells, logged=True)
    problems = []
    for fault in told_once(read.faults):
        key = "weather_not_a_number" if fault.key == "not_a_number" else fault.key
        params: dict[str, Param] = {"name": name, **fault.params}
        value = column.texts[fault.index].strip()
        problems.append(Problem(key=key, file=file, line=lines[fault.index], value=value, params=params))
    values = np.array([np.nan if value is None else value for value in read.values], dtype=np.float64)
    return values, problems


def _scaled(name: str, raw: FloatArray, column: Column) -> FloatArray:
    gone = ~np.isfinite(raw)
    for code in column.missing:
        gone |= raw == code
    found = np.where(gone, np.nan, column.factor * raw + column.offset)
    if column.thermal_offset and name in _IRRADIANCE:
        found = np.where((found < 0.0) & (found >= -THERMAL_OFFSET_W_M2), 0.0, found)
    # Services write -0.0 at night.
    return np.asarray(found + 0.0)


def _impossible(
    file: str, name: str, lines: Sequence[int], column: Column, found: FloatArray, *, within_hour: bool
) -> Iterator[Problem]:
    limit = LIMITS[name]
    high = limit.high_within_hour if within_hour and limit.high_within_hour else limit.high
    with np.errstate(invalid="ignore"):
        outside = np.flatnonzero((found < limit.low) | (found > high))
    for at in map(int, outside):
        params: dict[str, Param] = {"name": name, "low": limit.low, "high": high}
        yield Problem(
            key="weather_value_impossible",
            file=file,
            line=lines[at],
            value=column.texts[at].strip(),
            params=params,
        )


def night_offset_count(columns: Mapping[str, Column]) -> int:
    """Return how many irradiance cells were taken as zero because a sensor read slightly below it."""
    count = 0
    for name, column in columns.items():
        if name in _IRRADIANCE and column.thermal_offset:
            raw = np.array([number(text.replace(",", ".")) or 0.0 for text in column.texts])
            found = column.factor * raw
            codes = np.isin(raw, np.array(list(column.missing), dtype=np.float64))
            count += int(((found < 0.0) & (found >= -THERMAL_OFFSET_W_M2) & ~codes).sum())
    return count


def read_stamps(file: str, lines: Sequence[int], texts: Sequence[str], pattern: str) -> Stamps:
    """Return stamps written in one pattern of :func:`time.strftime`.

    Raises
    ------
    InputError
        Stamps that are none, by line.
    """
    found = pd.to_datetime(pd.Series([text.strip() for text in texts], dtype="str"), format=pattern, errors="coerce")
    stamps = found.to_numpy(dtype="datetime64[s]")
    raise_first(
        Problem(key="weather_stamp", file=file, line=lines[at], value=texts[at].strip())
        for at in map(int, np.flatnonzero(np.isnat(stamps)))
    )
    return stamps


def stamps_of_parts(file: str, lines: Sequence[int], parts: Sequence[Sequence[str]]) -> Stamps:
    """Return stamps from columns of year, month, day, hour and, when given, minute; hour 24 is the next midnight.

    Raises
    ------
    InputError
        Rows that are no date, by line.
    """
    try:
        columns = [np.array(part, dtype=np.float64) for part in parts]
    except ValueError:
        columns = [np.array([np.nan if (v := number(t)) is None else v for t in part]) for part in parts]
    year, month, day, hour, *minute = columns
    sound = np.isfinite(np.sum(columns, axis=0)) & (month >= 1) & (month <= 12) & (hour >= 0) & (hour <= 24)
    sound &= (year >= 1) & (year <= 9999) & (day >= 1) & (day <= 31)
    safe = np.where(sound, [year, month, day], 1.0).astype(np.int64)
    months = (safe[0] - 1970).astype("datetime64[Y]").astype("datetime64[M]") + (safe[1] - 1)
    days = months.astype("datetime64[D]") + (safe[2] - 1)
    sound &= days.astype("datetime64[M]") == months
    minutes = MINUTES_PER_HOUR * hour + (minute[0] if minute else 0.0)
    raise_first(
        Problem(key="weather_stamp", file=file, line=lines[at], value="-".join(p[at].strip() for p in parts))
        for at in map(int, np.flatnonzero(~sound))
    )
    return np.asarray(days.astype("datetime64[s]") + (SECONDS_PER_MINUTE * minutes).astype("timedelta64[s]"))


def pick(rows: Sequence[Sequence[str]], at: int) -> list[str]:
    """Return a column of rows, empty beyond a row's end."""
    return [row[at] if at < len(row) else "" for row in rows]


def check_units(file: str, line: int, values: Mapping[str, FloatArray]) -> None:
    """Refuse irradiance that cannot be in W/m2: a year whose brightest row stays under 50 is in kW, kWh or MJ.

    Raises
    ------
    InputError
        ``weather_unit_suspect``.
    """
    name = "ghi" if "ghi" in values else "dni"
    if name not in values or not np.isfinite(values[name]).any():
        return
    most = float(np.nanmax(values[name]))
    if 0.0 < most < _DIMMEST_YEAR_W_M2:
        raise refuse(file, "weather_unit_suspect", line=line, value=f"{most:g}", name=name)


_DIMMEST_YEAR_W_M2: Final = 50.0


def with_factor(column: Column, factor: float, offset: float = 0.0) -> Column:
    """Return a column with another conversion."""
    return replace(column, factor=factor, offset=offset)


def pressure_factor(values: FloatArray) -> float:
    """Return the factor to Pa that the size of a pressure column leaves, or 1 when none does.

    Surface pressure lies between 31 and 120 kPa wherever people live; written in kPa, hPa and Pa the three ranges do
    not overlap.
    """
    known = values[np.isfinite(values)]
    middle = float(np.median(known)) if len(known) else 0.0
    if 31.0 <= middle <= 120.0:
        return AIR_PRESSURE_UNITS_PA["kpa"]
    return AIR_PRESSURE_UNITS_PA["hpa"] if 310.0 <= middle <= 1200.0 else 1.0
