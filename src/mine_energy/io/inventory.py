"""The motor list: a table in Spanish or English, in any order of columns, turned into machines or refused whole."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, Literal

from pydantic import ValidationError

from mine_energy import messages, vocabulary
from mine_energy.errors import Finding, InputError, Problem
from mine_energy.io.cells import show
from mine_energy.io.columns import (
    INVENTORY_KEYS,
    KINDS,
    NUMERIC,
    REQUIRED_KEYS,
    ColumnReader,
    Columns,
    both_labels,
    place_of,
    read_columns,
    units_for,
)
from mine_energy.io.headers import known_headings, spelled
from mine_energy.io.numbers import scaled
from mine_energy.io.tables import Table, first_of, read_table
from mine_energy.io.validation import Flaw, flaws
from mine_energy.loads import parse_schedule
from mine_energy.motors import Motor, MotorInventory, row_problems
from mine_energy.units import HOURS_PER_DAY

_LISTED: Final = 5
"""Rows of one kind of mistake that are listed before the rest is counted."""
_SHOWN: Final = 120
"""Letters of a first row that is shown for what it is."""
_EXAMPLES: Final = ("ejemplo", "example")
_TOTALS: Final = {"total", "totales", "totals", "subtotal", "sub total", "suma", "sum", "gran total", "grand total"}


def read_inventory(
    path: Path | str, sheet: str = "", name: str | None = None, *, decimal: Literal["", ",", "."] = ""
) -> MotorInventory:
    """Read a motor inventory from a workbook or a text table.

    Parameters
    ----------
    path
        The file: .xlsx, .xls, .ods, or separated text.
    sheet
        Worksheet; when empty the first one, or that of the template's name where the first one holds no inventory.
    name
        How messages call the file; the path as given when absent.
    decimal
        Decimal mark of texts, where their columns alone do not tell.

    Returns
    -------
    MotorInventory
        Machines in file order, powers in kW, ratios as fractions; `findings` tell what was ignored.

    Raises
    ------
    InputError
        Every problem of the file, each with its cell or line, value, reason and fix.
    """
    table = _table(path, sheet, name)
    if table.header < 0:
        labels = ", ".join(both_labels(vocabulary.terms()[key]) for key in REQUIRED_KEYS)
        first = next((row for row in table.rows if any(cell is not None for cell in row)), ())
        shown = ", ".join(show(cell) for cell in first if cell is not None)[:_SHOWN]
        key = "no_headings_sheet" if len(table.sheets) > 1 else "no_headings"
        raise InputError([table.about(key, sheets=", ".join(table.sheets), labels=labels, found=shown)])
    columns = read_columns(table)
    rows, examples = _machine_rows(table, columns)
    values: dict[int, dict[str, object]] = {row: {} for row in rows}
    reader = ColumnReader(table=table, columns=columns, rows=rows, values=values, problems={}, decimal=decimal)
    for column in columns.by_key.values():
        reader.read(column)
    _merged(reader)
    motors = {row: motor for row in rows if (motor := _motor(reader, row)) is not None}
    found = {**reader.problems, **_duplicate_tags(reader)}
    places = sorted(found, key=lambda place: (place[0], columns.by_key[place[1]].index))
    problems = [*columns.problems, *_too_wide(table, columns), *(found[place] for place in places)]
    if not rows:
        problems.append(table.about("no_machines"))
    if problems:
        raise InputError(problems)
    ignored = [Finding(key="example_row_ignored", subject=tag) for tag in examples]
    findings = (*table.findings, *_of_the_user(columns.findings), *ignored, *_merged_findings(table, columns))
    return MotorInventory(motors=tuple(motors[row] for row in rows), file=table.file, findings=findings)


def _table(path: Path | str, sheet: str, name: str | None) -> Table:
    """Return the table of the sheet asked for; of a workbook of results, where none is asked for, its inventory sheet.

    The first sheet of results has no machines. Another sheet is taken only by the name that the template gives it, and
    a finding says so.
    """
    table = read_table(path, score=_known, sheet=sheet, name=name)
    if sheet or _has_machines(table):
        return table
    known = {messages.text("template.sheet_inventory", language).casefold() for language in ("es", "en")}
    for other in table.sheets[1:]:
        if other.strip().casefold() in known:
            found = read_table(path, score=_known, sheet=other, name=name)
            taken = Finding(key="inventory_sheet_taken", subject=table.file, params={"sheet": other})
            return replace(found, findings=(*found.findings, taken)) if _has_machines(found) else table
    return table


def _of_the_user(findings: Sequence[Finding]) -> Iterator[Finding]:
    """Yield the findings about columns but for those that the workbook of results adds beside its machines."""
    ours = tuple(f"{messages.text('report.workbook.result', language)}: " for language in ("es", "en"))
    for finding in findings:
        if finding.key != "unused_column" or not str(finding.params["column"]).startswith(ours):
            yield finding


def _has_machines(table: Table) -> bool:
    if table.header < 0:
        return False
    cells = [cell if isinstance(cell, str) else "" for cell in table.rows[table.header]]
    return known_headings(cells, REQUIRED_KEYS) == len(REQUIRED_KEYS)


def _known(cells: Sequence[str]) -> int:
    return known_headings(cells, INVENTORY_KEYS)


def _machine_rows(table: Table, columns: Columns) -> tuple[list[int], list[str]]:
    """Return the rows that hold something, and the tags of the template's example rows."""
    tag = columns.by_key.get("tag")
    used = [column.index for column in columns.by_key.values()]
    rows: list[int] = []
    examples: list[str] = []
    for row in range(columns.first_row, len(table.rows)):
        if all(table.cell(row, index) is None for index in used):
            continue
        text = show(table.cell(row, tag.index)) if tag else ""
        if vocabulary.normalise(text).startswith(_EXAMPLES):
            examples.append(text)
        else:
            rows.append(row)
    return rows, examples


def _motor(reader: ColumnReader, row: int) -> Motor | None:
    """Build one machine; what is wrong with it goes to the reader's problems."""
    columns, values = reader.columns.by_key, reader.values[row]
    given = {key: value for key, value in values.items() if key != "power_unit"}
    if "tag" in columns and vocabulary.normalise(str(given.get("tag", ""))) in _TOTALS:
        for key in [key for place, key in reader.problems if place == row]:
            del reader.problems[row, key]
        reader.fault("total_row", columns["tag"], row)
        return None
    _check_row(reader, row, given)
    try:
        motor = Motor.model_validate(given)
    except ValidationError as error:
        for flaw in flaws(error, Motor):
            key = str(flaw.place[0])
            if key in columns and (row, key) not in reader.skipped:
                _record(reader, row, key, flaw)
        return None
    for problem in row_problems(motor):
        reader.fault(problem.key, columns.get(problem.field, columns["tag"]), row, **problem.params)
    return motor


def _record(reader: ColumnReader, row: int, key: str, flaw: Flaw) -> None:
    """Record what pydantic refused, its limit in the unit of the column."""
    column = reader.columns.by_key[key]
    params = dict(flaw.params)
    if "limit" in params and column.unit in units_for(key):
        limit = scaled(float(params["limit"]), 1 / units_for(key)[column.unit])
        params["limit"] = f"{limit:.6g} {spelled(column.unit)}"
    key_here = {"missing_key": "cell_empty"}.get(flaw.key, flaw.key)
    if flaw.key == "fraction_over_one" and column.unit != "fraction":
        key_here = "must_be_at_most"  # a percentage too high, not a percentage written as a fraction
    reader.fault(key_here, column, row, **params)


def _check_row(reader: ColumnReader, row: int, given: Mapping[str, object]) -> None:
    """Check what no single cell shows: a plate that cannot exist, a day of more than 24 hours, a schedule's form."""
    columns = reader.columns.by_key
    speed, poles = given.get("rated_speed_rpm"), given.get("poles")
    if isinstance(speed, float) and isinstance(poles, int) and poles > 0:
        frequency = given.get("frequency_hz", 60)
        # Synchronous speed of a machine with p poles, 120 f / p; an induction motor that drives turns slower.
        synchronous = 120 * float(str(frequency)) / poles
        if speed >= synchronous:
            reader.fault("speed_not_below_synchronous", columns["rated_speed_rpm"], row, limit=f"{synchronous:g}")
    loaded, unloaded = given.get("hours_per_day"), given.get("unloaded_hours_per_day")
    if isinstance(loaded, float) and isinstance(unloaded, float) and loaded <= HOURS_PER_DAY < loaded + unloaded:
        reader.fault("hours_over_a_day", columns["unloaded_hours_per_day"], row, total=f"{loaded + unloaded:g}")
    schedule = given.get("schedule")
    if isinstance(schedule, str):
        try:
            parse_schedule(schedule)
        except ValueError as error:
            reader.fault("schedule_unreadable", columns["schedule"], row, piece=str(error))


def _duplicate_tags(reader: ColumnReader) -> dict[tuple[int, str], Problem]:
    column = reader.columns.by_key.get("tag")
    first: dict[str, int] = {}
    found: dict[tuple[int, str], Problem] = {}
    for row in reader.rows if column else ():
        tag = str(reader.values[row].get("tag", "")).strip().casefold()
        if tag and tag in first and column is not None:
            other = place_of(reader.table, first[tag], column)
            key_here = "tag_twice" if reader.table.is_text else "tag_twice_cell"
            found[row, "tag"] = reader.table.problem(key_here, row, column.index, other=other)
        elif tag:
            first[tag] = row
    return found


def _too_wide(table: Table, columns: Columns) -> Iterator[Problem]:
    """Refuse text rows with more cells than headings: an unquoted decimal comma shifts everything after it."""
    if not table.is_text:
        return
    width = len(table.rows[table.header])
    wide = (
        replace(table.problem("row_too_long", row), params={"cells": len(table.rows[row]), "headings": width})
        for row in range(columns.first_row, len(table.rows))
        if any(cell is not None for cell in table.rows[row][width:])
    )
    yield from first_of(wide, _LISTED, table.about("row_too_long"))


def _merged(reader: ColumnReader) -> None:
    """Give words and texts of a merged area to all its rows; refuse merged numbers, which may be one value or a sum."""
    by_index = {column.index: column for column in reader.columns.by_key.values()}
    for (top, left), (bottom, _) in reader.table.merged:
        column = by_index.get(left)
        if column is None or bottom == top or top not in reader.values:
            continue
        for row in range(top + 1, bottom + 1):
            if row not in reader.values or column.key == "tag":
                continue
            if KINDS[column.key] in NUMERIC:
                reader.fault("merged_number", column, row)
            elif column.key in reader.values[top]:
                reader.values[row][column.key] = reader.values[top][column.key]


def _merged_findings(table: Table, columns: Columns) -> Iterator[Finding]:
    names = {column.index: show(table.cell(table.header, column.index)) for column in columns.by_key.values()}
    spread = {left for (top, left), (bottom, _) in table.merged if bottom > top >= columns.first_row and left in names}
    for index in sorted(spread):
        yield Finding(key="merged_cells", subject=table.file, params={"column": names[index]})
