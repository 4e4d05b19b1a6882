"""Small tables with one row a record (bills, fuel, production): known headings in, checked columns out.

Columns are found by meaning, in Spanish or English and in any order. Every problem of the file is collected before
anything is refused, each with its line or cell.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final, Literal

import numpy as np

from mine_energy import vocabulary
from mine_energy.arrays import FloatArray
from mine_energy.errors import Finding, InputError, Param, Problem
from mine_energy.io.cells import show
from mine_energy.io.headers import known_headings, read_heading
from mine_energy.io.numbers import marks_needed, read_numbers, scaled, told_once
from mine_energy.io.stamps import Order, Stamp, is_date, moments_ms, orders_of, parse_stamp
from mine_energy.io.tables import Table, first_of, read_table

_LISTED: Final = 20
_YEAR_MONTH: Final = re.compile(r"^(\d{4})[-/.](\d{1,2})$")
_MONTH_YEAR: Final = re.compile(r"^(\d{1,2})[-/.](\d{4})$")
_NAMED_MONTH: Final = re.compile(r"^([^\W\d_]{3,10})\.?[-/.\s]+(?:de )?(\d{2,4})$")
_TOTALS: Final = frozenset({"total", "totales", "totals", "suma", "sum", "promedio", "average", "media", "mean"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column that a table may have.

    Parameters
    ----------
    key
        Term of the vocabulary (and field of ``choices.csv`` for words).
    kind
        ``date``, ``number``, ``word`` or free ``text``.
    required
        Whether the table needs it, with a value in every row.
    units
        Factor to the term's unit by the heading's unit in lower case; a heading without unit counts as the term's.
    """

    key: str
    kind: Literal["date", "number", "word", "text"]
    required: bool = False
    units: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Records:
    """A table read.

    Parameters
    ----------
    table
        Where it stands.
    rows
        Row of each record.
    places
        Column of each term found.
    stamps
        Dates as written, by term; one a record.
    numbers
        Values in the term's unit, by term; NaN where the cell is empty.
    words
        Keys of ``choices.csv`` and free texts, by term; empty where the cell is empty.
    findings
        What was left unused.
    """

    table: Table
    rows: tuple[int, ...]
    places: Mapping[str, int]
    stamps: Mapping[str, tuple[Stamp, ...]]
    numbers: Mapping[str, FloatArray]
    words: Mapping[str, tuple[str, ...]]
    findings: tuple[Finding, ...]

    def problem(self, key: str, record: int, term: str, **params: str | float | int) -> Problem:
        """Return a problem at a record's cell of a term."""
        return self.table.problem(key, self.rows[record], self.places.get(term), **params)

    def orders(self) -> tuple[Order, ...]:
        """Return the orders of day and month under which every date of the table exists."""
        return orders_of([stamp for column in self.stamps.values() for stamp in column])

    def dates(self, term: str, order: Order) -> tuple[date, ...]:
        """Return the dates of a column under an order."""
        moments = moments_ms(self.stamps[term], order)
        if moments is None:
            raise AssertionError("an order from `orders` makes every stamp a date")
        days = moments.astype("datetime64[ms]").astype("datetime64[D]")
        return tuple(day.item() for day in days)

    def decided(self, term: str, fits: Callable[[Order], bool]) -> Order:
        """Return the one order of day and month that fits.

        Parameters
        ----------
        term
            Column of dates to quote in a message.
        fits
            Whether the records make sense under an order; consulted only when more than one is possible.

        Raises
        ------
        InputError
            None or more than one fits.
        """
        possible = self.orders()
        if not possible:
            raise InputError([self.table.about("dates_not_dates")])
        fitting = [order for order in possible if fits(order)] if len(possible) > 1 else list(possible)
        if len(fitting) == 1:
            return fitting[0]
        first, second = (fitting or list(possible))[:2]
        ways = [(self.dates(term, first)[i], self.dates(term, second)[i]) for i in range(len(self.rows))]
        record = next((i for i, (a, b) in enumerate(ways) if a != b), 0)
        params = {"first": ways[record][0].isoformat(), "second": ways[record][1].isoformat()}
        raise InputError([self.problem("date_order_undecidable", record, term, **params)])


def read_records(
    path: Path | str, columns: Sequence[Column], *, sheet: str = "", name: str | None = None, decimal: str = ""
) -> Records:
    """Read a table with one row a record.

    Parameters
    ----------
    path
        Workbook or separated text.
    columns
        Columns that make sense, in the order in which headings are tried.
    sheet, name
        See :func:`mine_energy.io.tables.read_table`.
    decimal
        ``"."`` or ``","`` when the person said which; otherwise each column's own values decide.

    Returns
    -------
    Records

    Raises
    ------
    InputError
        Every problem of headings and cells.
    """
    keys = [column.key for column in columns]
    table = read_table(path, score=lambda cells: known_headings(cells, keys), sheet=sheet, name=name)
    needed = [column for column in columns if column.required]
    if table.header < 0:
        raise InputError([table.about("bill_input_no_headings", columns=_labels(needed))])
    places, factors, problems, unused = _headings(table, columns)
    problems += [
        table.about("bill_input_missing_column", columns=_labels([column]))
        for column in needed
        if column.key not in places
    ]
    rows = _rows(table, places)
    if not rows:
        problems.append(table.about("bill_input_no_rows"))
    marked, told = _shared_mark(table, rows, [places[c.key] for c in columns if c.kind == "number" and c.key in places])
    stamps: dict[str, tuple[Stamp, ...]] = {}
    numbers: dict[str, FloatArray] = {}
    words: dict[str, tuple[str, ...]] = {}
    for column in columns:
        if column.key not in places:
            continue
        place = places[column.key]
        if column.kind == "date":
            stamps[column.key], found = _dates(table, rows, place)
        elif column.kind == "word":
            words[column.key], found = _words(table, rows, place, column.key)
        elif column.kind == "text":
            words[column.key], found = tuple(show(table.cell(row, place)) for row in rows), []
        else:
            numbers[column.key], found = _numbers(table, rows, place, factors[column.key], decimal or marked)
        problems += found
        problems += _blanks(table, rows, place) if column.required and column.kind == "number" else []
    if problems:
        raise InputError(problems)
    said = Finding(key="unused_columns", subject=table.file, params={"columns": ", ".join(unused)})
    return Records(
        table=table,
        rows=rows,
        places=places,
        stamps=stamps,
        numbers=numbers,
        words=words,
        findings=(*table.findings, *((said,) if unused else ()), *(() if decimal else told)),
    )


def _labels(columns: Sequence[Column]) -> str:
    terms = vocabulary.terms()
    return ", ".join(f"{terms[c.key].label_es} / {terms[c.key].label_en}" for c in columns)


def _headings(
    table: Table, columns: Sequence[Column]
) -> tuple[dict[str, int], dict[str, float], list[Problem], list[str]]:
    places: dict[str, int] = {}
    factors: dict[str, float] = {}
    problems: list[Problem] = []
    unused: list[str] = []
    by_key = {column.key: column for column in columns}
    for index, cell in enumerate(table.rows[table.header]):
        text = show(cell)
        heading = read_heading(text, [key for key in by_key if key not in places]) if text else None
        if heading is None or not heading.key:
            unused += [text] if text else []
            continue
        unit = (heading.unit or vocabulary.normalise(heading.written_unit)).lower()
        accepted = by_key[heading.key].units
        if unit and accepted and unit not in accepted:
            problems.append(table.problem("unknown_unit", table.header, index, unit=unit, accepted=", ".join(accepted)))
        places[heading.key] = index
        factors[heading.key] = accepted.get(unit, 1.0)
    return places, factors, problems, unused


def _rows(table: Table, places: Mapping[str, int]) -> tuple[int, ...]:
    """Return the rows that hold something; a row of totals below the records is no record."""
    rows = []
    for row in range(table.header + 1, len(table.rows)):
        cells = [table.cell(row, place) for place in places.values()]
        first = next((show(cell) for cell in table.rows[row] if cell is not None), "")
        if any(cell is not None for cell in cells) and vocabulary.normalise(first) not in _TOTALS:
            rows.append(row)
    return tuple(rows)


def _dates(table: Table, rows: Sequence[int], place: int) -> tuple[tuple[Stamp, ...], list[Problem]]:
    read = [_date_or_month(show(cell)) or parse_stamp(cell) for cell in (table.cell(row, place) for row in rows)]
    bad = [
        table.problem("cell_empty" if table.cell(row, place) is None else "bill_input_not_a_date", row, place)
        for row, stamp in zip(rows, read, strict=True)
        if stamp is None or not is_date(stamp)
    ]
    stamps = tuple(stamp for stamp in read if stamp is not None)
    return stamps, first_of(bad, _LISTED, table.about("bill_input_not_a_date"))


def _date_or_month(text: str) -> Stamp | None:
    """Return the first day of a month written alone (``2024-03``, ``03/2024``, ``marzo 2024``), or None."""
    if found := _YEAR_MONTH.match(text):
        year, month = int(found[1]), int(found[2])
    elif found := _MONTH_YEAR.match(text):
        year, month = int(found[2]), int(found[1])
    elif found := _NAMED_MONTH.match(text):
        return parse_stamp(f"1 {found[1]} {found[2]}")
    else:
        return None
    return Stamp((year, month, 1), "ymd", 0)


def _shared_mark(table: Table, rows: Sequence[int], places: Sequence[int]) -> tuple[str, tuple[Finding, ...]]:
    """Return the mark that the columns which decide agree on, where another one leaves its own open; and say so.

    Whoever wrote ``45.230,5`` in one column did not write ``12.000`` for twelve in the next.
    """
    needs = {place: marks_needed([table.cell(row, place) for row in rows]) for place in places}
    marks = set().union(*(needed for needed, _ in needs.values()))
    unsure = [(place, cell) for place, (needed, cell) in needs.items() if not needed and cell is not None]
    if len(marks) != 1 or not unsure:
        return "", ()
    mark = marks.pop()
    return mark, tuple(_mark_told(table, rows[cell], place, mark) for place, cell in unsure)


def _mark_told(table: Table, row: int, place: int, mark: str) -> Finding:
    text = table.cell(row, place)
    both = [read_numbers([text], one).values[0] for one in (mark, "," if mark == "." else ".")]
    params: dict[str, Param] = {
        "column": show(table.cell(table.header, place)),
        "line": table.lines[row],
        "value": show(text),
        "taken": f"{both[0]:.10g}",
        "other": f"{both[1]:.10g}",
    }
    return Finding(key="meter_mark_assumed", level="warning", subject=table.file, params=params)


def _numbers(
    table: Table, rows: Sequence[int], place: int, factor: float, decimal: str
) -> tuple[FloatArray, list[Problem]]:
    read = read_numbers([table.cell(row, place) for row in rows], decimal)
    problems = [table.problem(fault.key, rows[fault.index], place, **fault.params) for fault in told_once(read.faults)]
    values = [np.nan if value is None else scaled(value, factor) for value in read.values]
    return np.array(values, dtype=np.float64), problems


def _blanks(table: Table, rows: Sequence[int], place: int) -> list[Problem]:
    return [table.problem("cell_empty", row, place) for row in rows if table.cell(row, place) is None]


def _words(table: Table, rows: Sequence[int], place: int, key: str) -> tuple[tuple[str, ...], list[Problem]]:
    found, problems = [], []
    for row in rows:
        text = show(table.cell(row, place))
        word = vocabulary.match_choice(key, text) if text else ""
        if word is None:
            known = ", ".join(f"{c.label_es} / {c.label_en}" for c in vocabulary.choices(key).values())
            problems.append(table.problem("bill_input_unknown_word", row, place, accepted=known))
        found.append(word or "")
    return tuple(found), problems
