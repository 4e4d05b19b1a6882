"""Quality of the supply from a logger's table: level, distortion, unbalance, dips, currents, by phase."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from math import sqrt
from pathlib import Path
from typing import Final

import numpy as np

from mine_energy.arrays import FloatArray, readonly
from mine_energy.errors import Finding, InputError, Param, Problem
from mine_energy.io.cells import show
from mine_energy.io.intervals import timeline
from mine_energy.io.meter_columns import read_meter_columns
from mine_energy.io.numbers import marks_needed, read_numbers, told_once
from mine_energy.io.quality_words import QualityHeading, quality_heading
from mine_energy.io.stamps import MINUTE_MS, Stamp, is_date, parse_clock, parse_stamp, with_clock
from mine_energy.io.tables import Table, first_of, read_table
from mine_energy.loads import PowerQuality, QualityColumn, analyse_quality
from mine_energy.loads.power_quality import Rules

Headings = Mapping[int, QualityHeading]

_LISTED: Final = 20
_NEAR: Final = 0.2
"""A median within this of the nominal voltage, or of it over root three, tells line-to-line from line-to-neutral."""
_RATIOS: Final = {"thd_voltage": 0.2, "unbalance": 0.03, "thd_current": 1.0}
"""A column without a per cent sign holds fractions up to this median: a supply with 0.2 % of distortion, or 0.03 % of
unbalance, does not exist, nor one with 20 % or 3 % at its median."""
_HIGHEST: Final = {"thd_voltage": 1.0, "unbalance": 1.0, "thd_current": 20.0}
_UNITS: Final = frozenset({"v", "kv", "a", "ka", "%", "w", "kw", "mw", "hz", "kvar", "kva", "kwh", "-", "n"})


def read_power_quality(
    path: Path | str,
    nominal_v: float | None,
    rules: Rules,
    *,
    sheet: str = "",
    name: str | None = None,
    decimal: str = "",
) -> PowerQuality | None:
    """Return what a logger's table says about the supply, or None when it has no such column.

    Parameters
    ----------
    path
        Workbook or separated text.
    nominal_v
        Nominal or agreed voltage, line to line, V; without it voltages are shown and held against nothing.
    rules
        ``CO``, ``PE`` or ``EN``.
    sheet, name
        See :func:`mine_energy.io.tables.read_table`.
    decimal
        Decimal mark, when a person said it; otherwise each column decides.

    Raises
    ------
    InputError
        By line: cells that are no numbers or out of any range, stamps that cannot be read, or voltages that fit
        neither the nominal voltage nor it over root three.
    """
    table = read_table(path, score=_score, sheet=sheet, name=name)
    found, problems = quality_of(table, nominal_v, rules, decimal=decimal)
    if problems:
        raise InputError(problems)
    return found if found is not None and _tells(found) else None


def quality_of(
    table: Table, nominal_v: float | None, rules: Rules, *, decimal: str = "", vt_ratio: float = 1.0
) -> tuple[PowerQuality | None, tuple[Problem, ...]]:
    """Return what a table says about the supply, None where it has no such column, and what is wrong with it.

    Parameters
    ----------
    table
        With its heading row found.
    nominal_v, rules, decimal
        See :func:`read_power_quality`.
    vt_ratio
        Voltage transformers' ratio, where the table holds secondary values.
    """
    units = _units_row(table)
    headings = _chosen(table, units)
    if not headings:
        return None, ()
    first = table.header + (1 if units is None else 2)
    values, assumed, problems = _values(table, headings, first, decimal)
    for index, one in headings.items():
        if one.quantity in {"voltage", "lowest"}:
            values[index] = values[index] * vt_ratio
    reference, misfits = _references(table, headings, values, nominal_v)
    step, odd = _step_minutes(table, first)
    problems += [*misfits, *odd]
    if problems:
        return None, tuple(problems)
    columns = [
        QualityColumn(
            quantity=one.quantity,
            phase=one.phase,
            heading=show(table.cell(table.header, index)),
            values=readonly(values[index]),
            reference_v=reference.get(index),
        )
        for index, one in headings.items()
    ]
    found = analyse_quality(columns, rules, nominal_v, file=table.file, step_minutes=step)
    return replace(found, findings=(*found.findings, *assumed)), ()


def quality_of_meter(
    table: Table, nominal_v: float | None, rules: Rules, *, decimal: str = "", vt_ratio: float = 1.0
) -> tuple[PowerQuality | None, tuple[Finding, ...]]:
    """Return what a meter's file says about the supply beside its energy, and why it says nothing where it fails to.

    The energy of a file does not hang on its voltages: what would refuse a record of quality is a warning here.

    Parameters
    ----------
    table, nominal_v, rules, decimal, vt_ratio
        See :func:`quality_of`.
    """
    if table.header < 0:
        return None, ()
    # One instrument wrote the file: the mark that its other columns decide reads a column that leaves both open.
    decimal = decimal or _mark_of(table)
    found, problems = quality_of(table, nominal_v, rules, decimal=decimal, vt_ratio=vt_ratio)
    if found is not None and not _tells(found):
        # Powers by phase alone: they tell of a phase that lacks, and nothing else about quality.
        return None, tuple(finding for finding in found.findings if finding.key.startswith("load_phase"))
    if not problems:
        return found, ()
    one = problems[0]
    if all(problem.key == "load_voltage_level" for problem in problems):
        # A meter at low voltage behind a medium-voltage connection: its voltages are shown and held against nothing.
        found, _ = quality_of(table, None, rules, decimal=decimal, vt_ratio=vt_ratio)
        said = Finding(key="quality_other_level", level="warning", subject=table.file, params=dict(one.params))
        return found, (said,)
    place = one.cell or str(one.line or "")
    params: dict[str, Param] = {"column": one.field, "place": place, "value": one.value, "count": len(problems)}
    return None, (Finding(key="quality_unread", level="warning", subject=table.file, params=params),)


def without_used(findings: Sequence[Finding], found: PowerQuality | None) -> tuple[Finding, ...]:
    """Return the findings of a meter's reader, columns that tell of quality no longer called unused.

    Parameters
    ----------
    findings
        Of the reader.
    found
        What the same file says about quality.
    """
    if found is None:
        return tuple(findings)
    kept: list[Finding] = []
    for one in findings:
        if one.key != "unused_columns" or one.subject != found.file:
            kept.append(one)
            continue
        names = [name for name in str(one.params["columns"]).split(", ") if name not in found.columns]
        if names:
            kept.append(replace(one, params={"columns": ", ".join(names)}))
    return tuple(kept)


def _mark_of(table: Table) -> str:
    """Return the decimal mark that columns of a table need, nothing when none does or they differ."""
    width = len(table.rows[table.header])
    first = table.header + 1
    columns = ([table.cell(row, index) for row in range(first, len(table.rows))] for index in range(width))
    needed = {mark for cells in columns for mark in marks_needed(cells)[0]}
    return needed.pop() if len(needed) == 1 else ""


def _tells(found: PowerQuality) -> bool:
    """Whether a record says more than powers by phase."""
    return bool(found.voltages or found.distortion or found.unbalance or found.dips or found.currents)


def _score(cells: Sequence[str]) -> int:
    return sum(quality_heading(cell) is not None for cell in cells)


def _units_row(table: Table) -> dict[int, str] | None:
    """Return the unit of each column when the row below the headings holds units and nothing else."""
    row = table.header + 1
    if table.header < 0 or row >= len(table.rows):
        return None
    units = {index: show(cell).strip("()[] ").lower() for index, cell in enumerate(table.rows[row]) if cell is not None}
    written = {unit for unit in units.values() if unit}
    return units if written & _UNITS and written <= _UNITS | {"fecha", "hora", "date", "time", "s", "h"} else None


def _chosen(table: Table, units: Mapping[int, str] | None) -> dict[int, QualityHeading]:
    """Return the columns to use: of several of one quantity and phase the one that says mean, else the first."""
    best: dict[tuple[str, str], int] = {}
    found: dict[int, QualityHeading] = {}
    if table.header < 0:
        return found
    for index, cell in enumerate(table.rows[table.header]):
        one = quality_heading(show(cell), (units or {}).get(index, ""))
        if one is None:
            continue
        key = (one.quantity, one.phase)
        if key not in best:
            best[key], found[index] = index, one
        elif one.is_mean and not found[best[key]].is_mean:
            del found[best[key]]
            best[key], found[index] = index, one
    return dict(sorted(found.items()))


def _values(
    table: Table, headings: Headings, first: int, decimal: str
) -> tuple[dict[int, FloatArray], list[Finding], list[Problem]]:
    """Return each column's values, ratios as fractions, and what was taken for granted or is wrong."""
    rows = range(first, len(table.rows))
    found: dict[int, FloatArray] = {}
    findings: list[Finding] = []
    problems: list[Problem] = []
    for index, one in headings.items():
        read = read_numbers([table.cell(row, index) for row in rows], decimal)
        bad = [table.problem(f.key, rows[f.index], index, **f.params) for f in told_once(read.faults)]
        values = np.array([np.nan if value is None else value for value in read.values], dtype=np.float64) * one.factor
        if one.quantity in _RATIOS and not read.percents:
            values, said = _fractions(table, index, one, values)
            findings += said
        bad += [table.problem("quality_value", rows[i], index) for i in _impossible(values, one)]
        problems += first_of(bad, _LISTED, table.about("not_a_number"))
        found[index] = values
    return found, findings, problems


def _fractions(table: Table, index: int, one: QualityHeading, values: FloatArray) -> tuple[FloatArray, list[Finding]]:
    """Return a ratio's values as fractions, and say so where its heading does not tell per cent from fractions."""
    known = values[np.isfinite(values)]
    if one.percent or not len(known):
        return values / 100, []
    middle = float(np.median(known))
    factor = 1.0 if middle <= _RATIOS[one.quantity] else 0.01
    params: dict[str, Param] = {
        "column": show(table.cell(table.header, index)),
        "median_percent": 100 * factor * middle,
    }
    return values * factor, [
        Finding(key="quality_ratio_assumed", level="assumption", subject=table.file, params=params)
    ]


def _impossible(values: FloatArray, one: QualityHeading) -> Iterator[int]:
    """Yield the places of values that no supply has: below zero (but for power), or a ratio of more than there is."""
    bad = (values < 0) & (one.quantity != "power")
    if one.quantity in _HIGHEST:
        bad |= values > _HIGHEST[one.quantity]
    yield from map(int, np.flatnonzero(bad))


def _references(
    table: Table, headings: Headings, values: Mapping[int, FloatArray], nominal_v: float | None
) -> tuple[dict[int, float], list[Problem]]:
    """Return the voltage that each column is held against, line to line or line to neutral, and those that fit none.

    Lowest values may lie anywhere, so their column follows the means beside it.
    """
    found: dict[int, float] = {}
    problems: list[Problem] = []
    if nominal_v is None:
        return found, problems
    levels = [index for index, one in headings.items() if one.quantity in {"voltage", "lowest"}]
    for index in sorted(levels, key=lambda i: headings[i].quantity != "voltage"):
        known = values[index][np.isfinite(values[index]) & (values[index] > 0)]
        beside = _beside(headings, found, index)
        if not len(known):
            continue
        if headings[index].quantity == "lowest" and len(beside) == 1:
            found[index] = beside.pop()
            continue
        middle = float(np.median(known))
        fitting = [one for one in (nominal_v, nominal_v / sqrt(3)) if abs(middle / one - 1) <= _NEAR]
        if fitting:
            found[index] = fitting[0]
        else:
            params = {"median_v": middle, "nominal_v": nominal_v}
            problems.append(table.problem("load_voltage_level", table.header, index, **params))
    return found, problems


def _beside(headings: Headings, found: Mapping[int, float], index: int) -> set[float]:
    """Return the references of the means of the same phase, else of all means."""
    same = {found[i] for i in found if headings[i].phase == headings[index].phase}
    return same or set(found.values())


def _step_minutes(table: Table, first: int) -> tuple[float | None, list[Problem]]:
    """Return the step of the record, None without stamps, and the cells that should be one and are not."""
    times = dict(read_meter_columns(table).times)
    date = times.pop("meter_date", None)
    if not times and date is None:
        return None, []
    index = next(iter(times.values())) if times else date
    stamps: list[Stamp] = []
    bad: list[Problem] = []
    for row in range(first, len(table.rows)):
        if index is None or all(cell is None for cell in table.rows[row]):
            continue
        stamp = _stamp(table, row, index, date)
        if stamp is None or not is_date(stamp):
            missing = table.cell(row, index) is None
            bad.append(table.problem("stamp_missing" if missing else "stamp_unreadable", row, index))
        else:
            stamps.append(stamp)
    if bad:
        return None, first_of(bad, _LISTED, table.about("stamp_unreadable"))
    read = timeline(stamps) if len(stamps) > 1 else None
    return (read.step_ms / MINUTE_MS if read is not None and read.step_ms else None), []


def _stamp(table: Table, row: int, index: int, date: int | None) -> Stamp | None:
    cell = table.cell(row, index)
    if date is None or date == index:
        return parse_stamp(cell)
    day, clock = parse_stamp(table.cell(row, date)), parse_clock(cell)
    return with_clock(day, clock) if day is not None and clock is not None else parse_stamp(cell)
