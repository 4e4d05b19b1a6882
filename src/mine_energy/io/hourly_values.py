"""One figure an hour from a table: wholesale prices, grid factors.

Two layouts, told apart by their headings as those of meters are: one row an hour (a date and an hour, or both in one
column), or one row a day with twenty-four columns. Dates, hours, decimal marks and gaps are read by the meters' own
rules: whatever leaves two readings open is refused with its line, and nothing is filled.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal

import numpy as np
import pandas as pd

from mine_energy.errors import Finding, InputError, Param, Problem
from mine_energy.io.cells import Value, show
from mine_energy.io.intervals import Label, timeline
from mine_energy.io.meter_checks import mixed_orders, record_problems, undecided_label
from mine_energy.io.meter_columns import MeterColumns, hour_columns, read_meter_columns
from mine_energy.io.meter_hints import Hints
from mine_energy.io.meter_matrix import matrix_days, matrix_layout
from mine_energy.io.meter_readings import LISTED, Readings, Values
from mine_energy.io.meter_rows import data_rows, stamps_of, uneven
from mine_energy.io.meter_sources import open_meter
from mine_energy.io.meters import edge_told, falls, newest_last
from mine_energy.io.numbers import read_numbers, told_once
from mine_energy.io.stamps import MINUTE_MS, iso
from mine_energy.io.tables import Table, first_of
from mine_energy.units import LOCAL_TIME, MINUTES_PER_HOUR
from mine_energy.vocabulary import normalise

Kind = Literal["spot_price", "hourly_factor"]
_WORDS: Final[Mapping[Kind, frozenset[str]]] = {
    "spot_price": frozenset(("precio", "precios", "price", "prices", "bolsa", "spot", "pb", "valor", "value")),
    "hourly_factor": frozenset(
        (
            *("factor", "emision", "emisiones", "emission", "emissions", "co2", "co2e"),
            *("intensidad", "intensity", "carbon", "valor", "value"),
        )
    ),
}
"""Words of the heading of the column to read, where a table has several columns of numbers."""
_HIGHEST_T_PER_MWH: Final = 2.0
"""No grid emits more; a larger figure is in kg/MWh or g/kWh."""
_PRICE_UNIT: Final = re.compile(r"(cop|pen|usd|us\$|s/\.?|\$)\s*/\s*([km])wh")
_FACTOR_UNIT: Final = re.compile(r"\b(kg|g|t|tons?|tonnes?|toneladas?)\s*(?:de\s+)?co2(?:e|eq)?\s*/\s*([kmg])wh")
_FACTOR_CODE: Final = re.compile(r"(?:^|_)(kg|g|t)_co2e?_per_([kmg])wh\b")
_PER_TONNE: Final = {"kg": 1e3, "g": 1e6}
_MWH: Final = {"k": 1e-3, "m": 1.0, "g": 1e3}
_PER_KWH: Final = {"k": 1.0, "m": 1e3}
_CURRENCIES: Final = {"cop": "COP", "pen": "PEN", "s/": "PEN", "s/.": "PEN", "usd": "USD", "us$": "USD"}
_KEYS: Final = {
    "gap": "hourly_gap",
    "value_missing": "hourly_missing",
    "step_not_usable": "hourly_step",
    "stamp_twice": "hourly_twice",
}
"""Problems that say of hours what the meters' say of intervals."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Hourly:
    """A figure for every hour of a record.

    Parameters
    ----------
    values
        By hour, UTC-05:00, left labels, without gaps; per kWh, or t CO2e/MWh.
    unit
        Of the values; a price whose heading names no currency is in that of the tariff.
    file
        As the site file names it.
    findings
        What has to be known about it.
    """

    values: "pd.Series[float]"
    unit: str
    file: str
    findings: tuple[Finding, ...]


def read_hourly(path: Path | str, kind: Kind, *, currency: str = "", name: str | None = None) -> Hourly:
    """Read a file with one figure an hour.

    Parameters
    ----------
    path
        Workbook or separated text, also zipped.
    kind
        ``spot_price``: money per kWh or MWh, negative ones refused; ``hourly_factor``: mass of CO2e per energy, from 0
        to 2 t/MWh.
    currency
        Of the tariff that prices are for; a heading that names another one is refused.
    name
        How messages call the file; the path as given when absent.

    Returns
    -------
    Hourly

    Raises
    ------
    InputError
        By line or cell: no date or value, hours that lack or stand twice, another step than an hour, figures out of
        range, dates or decimal marks with two readings.
    """
    shown = str(path) if name is None else name
    table, _ = open_meter(path, sheet="", name=shown)
    table = _with_text_headings(table)
    columns = read_meter_columns(table) if table.header >= 0 else None
    if columns is None or not columns.times:
        raise InputError([table.about("hourly_no_headings", headings=_headings(table))])
    matrix = bool(hour_columns(table.rows[table.header]))
    found, column = _matrix(table, columns) if matrix else _rows(table, columns, kind)
    divisor, unit, told = _unit(table, column, kind, currency)
    found = replace(found, active=found.active / divisor)
    series = _series(found, kind)
    count: dict[str, Param] = {
        "count": len(series),
        "first": str(series.index[0])[:16],
        "last": str(series.index[-1])[:16],
        "mean": float(series.mean()),
        "low": float(series.min()),
        "high": float(series.max()),
        "unit": unit,
    }
    said = Finding(key=f"hourly_read_{kind}", subject=shown, params=count)
    return Hourly(values=series, unit=unit, file=shown, findings=(*table.findings, *told, said))


def over_hours(hourly: Hourly, hours: pd.DatetimeIndex, field: str) -> "pd.Series[float]":
    """Return the figures of the given hours.

    Parameters
    ----------
    hourly
        As read.
    hours
        Hours that are needed, UTC-05:00.
    field
        Key of the site file that names the file, for the message.

    Raises
    ------
    InputError
        Hours that the file does not have, named by their stretches.
    """
    known = hourly.values.reindex(hours)
    lacking = np.isnan(known.to_numpy(dtype=np.float64))
    if lacking.any():
        stretches = _stretches(hours, lacking)
        params: dict[str, Param] = {
            "count": int(lacking.sum()),
            "total": len(hours),
            "start": str(hours[0])[:16],
            "end": str(hours[-1])[:16],
            "hours": "; ".join(stretches[:LISTED]) + (" ..." if len(stretches) > LISTED else ""),
            "first": str(hourly.values.index[0])[:16],
            "last": str(hourly.values.index[-1])[:16],
        }
        raise InputError([Problem(key="hourly_year", field=field, value=hourly.file, params=params)])
    return known


def _stretches(hours: pd.DatetimeIndex, lacking: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> list[str]:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], lacking.astype(np.int8), [0]))))
    return [
        str(hours[start])[:16] if end - start == 1 else f"{str(hours[start])[:16]} - {str(hours[end - 1])[:16]}"
        for start, end in zip(edges[::2], edges[1::2], strict=True)
    ]


def _with_text_headings(table: Table) -> Table:
    """Return the table with the numbers among its headings (hours 0 to 23 of a worksheet) as text."""
    if table.header < 0:
        return table
    rows = list(table.rows)
    rows[table.header] = [show(cell) if isinstance(cell, float) else cell for cell in rows[table.header]]
    return replace(table, rows=rows)


def _headings(table: Table) -> str:
    row = table.rows[max(table.header, 0)]
    return ", ".join(show(cell) for cell in row[: 2 * LISTED] if cell is not None)


def _matrix(table: Table, columns: MeterColumns) -> tuple[Readings, int]:
    date = next(iter(columns.times.values()))
    layout = matrix_layout(table, date)
    used = (date, *layout.hours)
    rows = [
        row for row in range(table.header + 1, len(table.rows)) if any(table.cell(row, c) is not None for c in used)
    ]
    stamps, problems = matrix_days(table, layout, rows)
    places = [(row, column) for row in rows for column in layout.hours]
    values, faults = _numbers(table, places)
    problems = [*first_of(problems, LISTED, table.about("stamp_unreadable")), *faults]
    if problems or not rows:
        raise InputError(_hourly(problems or [table.about("hourly_no_rows")]))
    found = Readings(
        table=table,
        rows=[row for row, _ in places],
        stamps=stamps,
        stamp_column=date,
        label="start",
        active=values,
        active_quantity="energy",
        active_column=layout.hours[0],
        active_columns=[column for _, column in places],
        signed=True,
    )
    return found, layout.hours[0]


def _rows(table: Table, columns: MeterColumns, kind: Kind) -> tuple[Readings, int]:
    rows = data_rows(table, columns)
    if not rows:
        raise InputError([table.about("hourly_no_rows")])
    column = _value_column(table, columns, rows, kind)
    stamps, stamp_column, label, problems = stamps_of(table, columns, rows)
    values, faults = _numbers(table, [(row, column) for row in rows])
    problems = [*uneven(table, rows), *problems, *faults]
    if problems:
        raise InputError(_hourly(problems))
    found = Readings(
        table=table,
        rows=rows,
        stamps=stamps,
        stamp_column=stamp_column,
        label=label,
        active=values,
        active_quantity="energy",
        active_column=column,
        signed=True,
    )
    return found, column


def _value_column(table: Table, columns: MeterColumns, rows: Sequence[int], kind: Kind) -> int:
    """Return the one column of figures, or of several the one whose heading names them."""
    times = set(columns.times.values())
    width = len(table.rows[table.header])
    filled = [
        index
        for index in range(width)
        if index not in times and show(table.cell(table.header, index)) and _has_number(table, rows, index)
    ]
    named = [i for i in filled if set(normalise(show(table.cell(table.header, i))).split()) & _WORDS[kind]]
    chosen = filled if len(filled) == 1 else named
    if len(chosen) != 1:
        names = ", ".join(show(table.cell(table.header, index)) for index in chosen or filled) or _headings(table)
        raise InputError([table.about(f"hourly_column_{kind}", headings=names)])
    return chosen[0]


def _has_number(table: Table, rows: Sequence[int], index: int) -> bool:
    cells = [table.cell(row, index) for row in rows[: 2 * LISTED]]
    return any(value is not None for mark in ".," for value in read_numbers(cells, mark).values)


def _numbers(table: Table, places: Sequence[tuple[int, int]]) -> tuple[Values, list[Problem]]:
    cells: list[Value] = [table.cell(row, column) for row, column in places]
    numbers = read_numbers(cells, logged=True)
    faulty = {fault.index for fault in numbers.faults}
    faults = [
        table.problem(f.key, places[f.index][0], places[f.index][1], **f.params) for f in told_once(numbers.faults)
    ]
    empty = [
        table.problem("value_missing", *places[i])
        for i, value in enumerate(numbers.values)
        if value is None and i not in faulty
    ]
    values = np.array([np.nan if value is None else value for value in numbers.values], dtype=np.float64)
    return values, [
        *first_of(faults, LISTED, table.about("value_missing")),
        *first_of(empty, LISTED, table.about("value_missing")),
    ]


def _unit(table: Table, column: int, kind: Kind, currency: str) -> tuple[float, str, tuple[Finding, ...]]:
    """Return the divisor to the unit of the values, that unit, and whether it was assumed."""
    heads = [show(table.cell(table.header, column))]
    heads += [show(cell) for row in table.rows[: table.header] for cell in row if isinstance(cell, str)]
    texts = [_plain(text) for text in heads]
    if kind == "hourly_factor":
        named = next(
            (match for text in texts for match in (_FACTOR_UNIT.search(text), _FACTOR_CODE.search(text)) if match), None
        )
        unit = "t CO2e/MWh"
        divisor = 1.0 if named is None else _PER_TONNE.get(named.group(1), 1.0) * _MWH[named.group(2)]
    else:
        named = next((match for text in texts if (match := _PRICE_UNIT.search(text))), None)
        said = "" if named is None else _CURRENCIES.get(named.group(1), "")
        if said and currency and said != currency:
            raise InputError([table.problem("hourly_currency", table.header, column, said=said, currency=currency)])
        unit = f"{currency or said}/kWh"
        divisor = 1.0 if named is None else _PER_KWH[named.group(2)]
    params: dict[str, Param] = {"column": heads[0], "unit": unit}
    assumed = Finding(key="hourly_unit_assumed", level="assumption", subject=table.file, params=params)
    return divisor, unit, () if named else (assumed,)


def _plain(text: str) -> str:
    """Return a text in lower case without accents and subscripts; its marks stay."""
    folded = unicodedata.normalize("NFKD", text.lower())
    return "".join(letter for letter in folded if not unicodedata.combining(letter))


def _series(found: Readings, kind: Kind) -> "pd.Series[float]":
    table, times = found.table, timeline(found.stamps)
    if times is None:
        raise InputError(mixed_orders(found))
    if times.step_ms == 0 and falls(found.stamps, times.order):
        return _series(newest_last(found), kind)
    hour_ms = MINUTES_PER_HOUR * MINUTE_MS
    problems = list(record_problems(found, times, Hints(quantity="energy")))
    if times.step_ms != hour_ms and not problems:
        problems.append(table.about("step_not_usable", minutes=f"{times.step_ms / MINUTE_MS:g}"))
    label: Label | None = found.label or edge_told(found.stamps, times)
    if label is None and not problems:
        problems.append(undecided_label(found, times))
    problems += first_of(_out_of_range(found, kind), LISTED, table.about("hourly_negative"))
    if problems:
        raise InputError(_hourly(problems))
    first = int(times.moments[0]) - (hour_ms if label == "end" else 0)
    start = pd.Timestamp(iso(first)).tz_localize(LOCAL_TIME)
    return pd.Series(found.active, index=pd.date_range(start, periods=len(found.active), freq="h"), name=kind)


def _out_of_range(found: Readings, kind: Kind) -> Iterator[Problem]:
    for index in np.flatnonzero(found.active < 0):
        yield found.value_problem("hourly_negative", int(index))
    if kind == "hourly_factor":
        for index in np.flatnonzero(found.active > _HIGHEST_T_PER_MWH):
            yield found.value_problem("hourly_factor_high", int(index), high=_HIGHEST_T_PER_MWH)


def _hourly(problems: Sequence[Problem]) -> list[Problem]:
    return [replace(problem, key=_KEYS.get(problem.key, problem.key)) for problem in problems]
