"""The columns of an inventory file: which heading is which term, and each column's cells turned into values."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from types import MappingProxyType, UnionType
from typing import Annotated, Final, Literal, Union, get_args, get_origin

from mine_energy import vocabulary
from mine_energy.errors import Finding, Problem
from mine_energy.io.cells import ERROR_TEXTS, ErrorCell, Value, a1, column_letters, show
from mine_energy.io.headers import FRACTION_UNITS, accepted_units, listed, read_heading, spelled, unit_of, units_row
from mine_energy.io.numbers import read_numbers, scaled, told_once
from mine_energy.io.tables import Table
from mine_energy.motors import Motor

Kind = Literal["text", "word", "whole", "number", "fraction"]
REQUIRED_KEYS: Final = ("tag", "rated_power_kw", "hours_per_day")


def _kind(key: str, annotation: object, most: float | None) -> Kind:
    """Return how a field of a motor is written in a file, from its type and its upper limit."""
    branches = [a for a in get_args(annotation) if a is not type(None)] if _is_union(annotation) else [annotation]
    base = branches[0]
    while get_origin(base) is Annotated:
        most = next((m for m in (_upper(mark) for mark in get_args(base)[1:]) if m is not None), most)
        base = get_args(base)[0]
    if get_origin(base) is Literal:
        return "word" if isinstance(get_args(base)[0], str) else "whole"
    if base is str:
        return "word" if key == "process" else "text"
    if base is int:
        return "whole"
    return "fraction" if most is not None and most < 2 else "number"


def _is_union(annotation: object) -> bool:
    return get_origin(annotation) in {Union, UnionType}


def _upper(mark: object) -> float | None:
    """Return the upper limit that a pydantic constraint sets, None when it sets none."""
    marks = getattr(mark, "metadata", [mark])
    found = [value for one in marks for name in ("le", "lt") if (value := getattr(one, name, None)) is not None]
    return float(found[0]) if found else None


def _kinds() -> dict[str, Kind]:
    """Return the kind of every field of a motor that has a heading."""
    kinds: dict[str, Kind] = {}
    for key, info in Motor.model_fields.items():
        if key in vocabulary.terms():
            most = next((m for m in (_upper(mark) for mark in info.metadata) if m is not None), None)
            kinds[key] = _kind(key, info.annotation, most)
        if key == "rated_power_kw":
            kinds["power_unit"] = "word"
    return kinds


KINDS: Final[Mapping[str, Kind]] = MappingProxyType(_kinds())
"""Kind of each column: the fields of a motor, in their order, and the unit of its power by row."""

INVENTORY_KEYS: Final = tuple(KINDS)
NUMERIC: Final = frozenset({"whole", "number", "fraction"})
_WITH_UNIT: Final = re.compile(r"^(\d[\d.,]*)\s*([^\W\d_][\w.]*)$")
_NOT_KNOWN: Final = {"desconocida", "desconocido", "unknown", "sin dato", "s d", "n d", "no visible", "no legible", ""}
"""What people write for the class of a motor whose plate does not tell it."""
_PAIR: Final = re.compile(r"^\d[\d.,]*\s*/\s*\d")
_MAX_LOAD: Final = 1.3
"""Highest load factor a motor may have (it is flagged above 1); every other ratio ends at 1."""


_NAMES: Final = {"equipo", "equipos", "equipment"}
"""Headings of a column that may hold machines' names as well as kinds of equipment."""


def units_for(key: str) -> Mapping[str, float]:
    """Return the units that a column may have, with the factor to the field's own."""
    return FRACTION_UNITS if KINDS[key] == "fraction" else accepted_units(key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column whose heading names a term.

    Parameters
    ----------
    key
        The term.
    index
        Zero-based column.
    unit
        Canonical unit of its numbers; empty when neither the heading nor a units row gives one.
    refused
        Whether the heading's unit is refused.
    """

    key: str
    index: int
    unit: str
    refused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Columns:
    """What the headings say.

    Parameters
    ----------
    by_key
        Column of each term.
    first_row
        Index of the first row below the headings and the units row.
    problems, findings
        What is wrong with the headings, and what is worth knowing.
    """

    by_key: Mapping[str, Column]
    first_row: int
    problems: tuple[Problem, ...]
    findings: tuple[Finding, ...]


def read_columns(table: Table) -> Columns:
    """Read the headings of an inventory, and the units row below them when there is one."""
    header = table.header
    units = units_row(table.rows[header + 1]) if header + 1 < len(table.rows) else None
    problems: list[Problem] = []
    unknown: list[str] = []
    by_key: dict[str, Column] = {}
    for index in range(max(len(row) for row in table.rows)):
        cell = table.cell(header, index)
        if cell is None:
            if not table.is_text and any(table.cell(row, index) is not None for row in range(header, len(table.rows))):
                unknown.append(column_letters(index))
            continue
        heading = read_heading(show(cell), INVENTORY_KEYS)
        if not heading.key:
            unknown.append(show(cell))
            continue
        below = (units or {}).get(index, "")
        wrong_unit = list(_unit_problems(table, index, heading.key, (heading.unit, heading.written_unit, below)))
        problems += wrong_unit
        if heading.key in by_key:
            first = show(table.cell(header, by_key[heading.key].index))
            problems.append(table.problem("heading_twice", header, index, first=first))
            continue
        by_key[heading.key] = Column(key=heading.key, index=index, unit=heading.unit or below, refused=bool(wrong_unit))
    rows = range(header + (1 if units is None else 2), len(table.rows))
    findings = [*_machine_names(table, by_key, rows), *_plate_columns(table, by_key, rows)]
    problems += _missing(table, by_key)
    found = [Finding(key="unused_column", subject=table.file, params={"column": name}) for name in unknown]
    return Columns(
        by_key=MappingProxyType(by_key),
        first_row=header + (1 if units is None else 2),
        problems=tuple(problems),
        findings=(*found, *findings),
    )


def _machine_names(table: Table, by_key: dict[str, Column], rows: range) -> list[Finding]:
    """Take *Equipo* with other words than the kinds of equipment for what it holds: the machines' names, or their tags.

    Plants head the column of names so; one with at least half of its cells among the kinds stays a column of kinds.
    """
    column = by_key.get("equipment")
    texts = [show(table.cell(row, column.index)) for row in rows] if column is not None else []
    written = [text for text in texts if text]
    kinds = sum(vocabulary.match_choice("equipment", text) is not None for text in written)
    if column is None or not written or 2 * kinds >= len(written):
        return []
    heading = show(table.cell(table.header, column.index))
    if vocabulary.normalise(heading) not in _NAMES:
        return []
    key = next((one for one in ("tag", "description") if one not in by_key), "")
    del by_key["equipment"]
    if not key:
        return [Finding(key="unused_column", subject=table.file, params={"column": heading})]
    by_key[key] = replace(column, key=key)
    label = both_labels(vocabulary.terms()[key])
    return [Finding(key="inventory_names", subject=table.file, params={"column": heading, "label": label})]


def _plate_columns(table: Table, by_key: dict[str, Column], rows: range) -> Iterator[Finding]:
    """Take a column of volts or amperes with pairs such as ``220/440`` for the plate's, where none is the plate's."""
    for measured, rated in (("voltage_v", "rated_voltage_v"), ("current_a", "rated_current_a")):
        column = by_key.get(measured)
        if column is None or rated in by_key:
            continue
        if any(_PAIR.match(show(table.cell(row, column.index))) for row in rows):
            by_key[rated] = replace(by_key.pop(measured), key=rated, unit="", refused=False)
            params = {"column": show(table.cell(table.header, column.index)), "label": both_labels(_term(rated))}
            yield Finding(key="inventory_plate_pairs", subject=table.file, params=params)


def _term(key: str) -> vocabulary.Term:
    return vocabulary.terms()[key]


def _unit_problems(table: Table, index: int, key: str, units: tuple[str, str, str]) -> Iterator[Problem]:
    in_heading, unreadable, below = units
    allowed = units_for(key)
    if KINDS[key] not in NUMERIC or not allowed:
        return
    if unreadable:
        yield table.problem("unknown_unit", table.header, index, unit=unreadable, accepted=listed(allowed))
    elif in_heading and below and in_heading != below:
        yield table.problem("unit_conflict", table.header, index, first=spelled(in_heading), second=spelled(below))
    else:
        unit = in_heading or below
        if unit and unit not in allowed:
            yield table.problem("unknown_unit", table.header, index, unit=spelled(unit), accepted=listed(allowed))


def _missing(table: Table, by_key: Mapping[str, Column]) -> Iterator[Problem]:
    for key in REQUIRED_KEYS:
        if key not in by_key:
            yield Problem(
                key="missing_column",
                file=table.file,
                sheet=table.sheet,
                line=table.lines[table.header],
                params={"label": both_labels(vocabulary.terms()[key]), "found": _found(table)},
            )


def both_labels(term: vocabulary.Term | vocabulary.Choice) -> str:
    """Return a term's two labels: a file may use either."""
    return term.label_es if term.label_es == term.label_en else f"{term.label_es} / {term.label_en}"


def _found(table: Table) -> str:
    return ", ".join(show(cell) for cell in table.rows[table.header] if cell is not None)


@dataclass(slots=True, kw_only=True, eq=False)
class ColumnReader:
    """Reads one column's cells; collects values by row and problems by (row, key).

    Parameters
    ----------
    table, columns
        The file and its headings.
    rows
        Indexes of the rows that hold machines.
    values
        Values by row and key, filled by :meth:`read`.
    problems
        Problems by row and key, filled by :meth:`read`.
    skipped
        Cells without a value because their column's or their row's unit is refused already.
    decimal
        Decimal mark that the person said, or empty.
    cell_units
        Unit of a power by row, where its cell gives one; filled by :meth:`read`.
    """

    table: Table
    columns: Columns
    rows: Sequence[int]
    values: dict[int, dict[str, object]]
    problems: dict[tuple[int, str], Problem]
    skipped: set[tuple[int, str]] = field(default_factory=set)
    decimal: str = ""
    cell_units: dict[int, str] = field(default_factory=dict)

    def read(self, column: Column) -> None:
        """Read the cells of one column."""
        cells = [(row, self.table.cell(row, column.index)) for row in self.rows]
        if KINDS[column.key] in NUMERIC:
            self._numbers(column, cells)
            return
        read: Callable[[Column, int, str], None] = self._word if KINDS[column.key] == "word" else self._text
        for row, cell in cells:
            text = self._as_text(column, row, cell)
            if text:
                read(column, row, text)

    def fault(self, key: str, column: Column, row: int, **params: str | int | float) -> None:
        """Record a problem at a cell; the first one of a cell stays."""
        self.problems.setdefault((row, column.key), self.table.problem(key, row, column.index, **params))

    def _as_text(self, column: Column, row: int, cell: Value) -> str:
        if isinstance(cell, ErrorCell):
            self.fault("formula_without_value" if cell.formula else "error_cell", column, row)
            return ""
        if isinstance(cell, bool | date | time | timedelta):
            self.fault("not_text", column, row)
            return ""
        if isinstance(cell, str) and cell in ERROR_TEXTS:
            self.fault("error_cell", column, row)
            return ""
        return show(cell)

    def _word(self, column: Column, row: int, text: str) -> None:
        found = vocabulary.match_choice(column.key, text)
        if found is None and column.key == "ie_class" and vocabulary.normalise(text) in _NOT_KNOWN:
            return  # as good as an empty cell: the class is then taken from the year, or assumed, with a finding
        if found is None:
            words = vocabulary.choices(column.key).values()  # both languages: a file may use either
            self.fault("unknown_word", column, row, accepted=", ".join(both_labels(word) for word in words))
        else:
            self.values[row][column.key] = found

    def _text(self, column: Column, row: int, text: str) -> None:
        self.values[row][column.key] = text

    def _numbers(self, column: Column, cells: Sequence[tuple[int, Value]]) -> None:
        if column.key == "rated_power_kw":
            cells = [(row, self._without_unit(row, cell)) for row, cell in cells]
        numbers = read_numbers([cell for _, cell in cells], self.decimal)
        self.skipped |= {(cells[fault.index][0], column.key) for fault in numbers.faults}
        for fault in told_once(numbers.faults):
            self.fault(fault.key, column, cells[fault.index][0], **fault.params)
        for position, number in enumerate(numbers.values):
            if number is not None:
                self._number(column, cells[position][0], number, position in numbers.percents)

    def _without_unit(self, row: int, cell: Value) -> Value:
        """Return the figure of a power written with its unit in the cell, ``15 HP``, and keep that unit for its row."""
        found = _WITH_UNIT.match(cell) if isinstance(cell, str) else None
        unit = unit_of(found.group(2)) if found else ""
        if found is None or unit not in units_for("rated_power_kw"):
            return cell
        self.cell_units[row] = unit
        return found.group(1)

    def _number(self, column: Column, row: int, number: float, says_percent: bool) -> None:
        kind = KINDS[column.key]
        if kind == "whole" and number != int(number):
            self.fault("not_whole", column, row)
        elif column.key == "rated_power_kw":
            self._power(column, row, number)
        elif kind == "fraction":
            self._fraction(column, row, number, says_percent)
        elif says_percent:
            self.fault("percent_out_of_place", column, row)
        elif kind == "whole":
            self.values[row][column.key] = int(number)
        else:
            self.values[row][column.key] = scaled(number, units_for(column.key).get(column.unit, 1.0))

    def _power(self, column: Column, row: int, number: float) -> None:
        """Turn a plate's power into kW, by the row's unit or the heading's; the two may not disagree."""
        by_row = self.columns.by_key.get("power_unit")
        said = show(self.table.cell(row, by_row.index)) if by_row else ""
        row_unit = unit_of(vocabulary.match_choice("power_unit", said) or "") if said else ""
        given = [one for one in (column.unit, row_unit, self.cell_units.get(row, "")) if one]
        unit = given[-1] if given else ""
        if len(set(given)) > 1:
            self.fault("unit_conflict", column, row, first=spelled(given[0]), second=spelled(given[-1]))
        elif unit in units_for(column.key):
            self.values[row][column.key] = scaled(number, units_for(column.key)[unit])
        elif unit or said or column.refused:
            self.skipped.add((row, column.key))
        else:
            self.fault("unit_missing", column, row, accepted=listed(units_for(column.key)))

    def _fraction(self, column: Column, row: int, number: float, says_percent: bool) -> None:
        """Turn a ratio into a fraction; refuse what may be either a fraction or a percentage."""
        most = _MAX_LOAD if column.key == "load_factor" else 1.0
        suggestion = f"{scaled(number, 0.01):.6g}"
        if column.unit == "%" and not says_percent:
            if 0 < number <= most:
                self.fault("percent_under_one", column, row, suggestion=f"{scaled(number, 100.0):.6g}")
                return
            number = scaled(number, 0.01)
        elif not column.unit and not says_percent and most < number <= 100 * most:
            self.fault("fraction_over_one", column, row, suggestion=suggestion)
            return
        self.values[row][column.key] = number


def place_of(table: Table, row: int, column: Column) -> str:
    """Return where a cell is, in the file's own terms: an address, or a line."""
    return str(table.lines[row]) if table.is_text else a1(table.lines[row] - 1, column.index)
