"""What every layout hands on: stamps and values by interval, in file order, not yet checked against each other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mine_energy.errors import Finding, Param, Problem
from mine_energy.io.intervals import Label
from mine_energy.io.meter_words import Kind, Quantity
from mine_energy.io.stamps import Stamp
from mine_energy.io.tables import Table

LISTED = 20
"""Problems of one kind that are listed one by one; the rest are counted."""

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """What a layout does without writing it.

    Parameters
    ----------
    units
        Factors to kW, kWh, kvar or kvarh of columns whose headings give no unit.
    label
        Which edge of the interval its stamps are, where neither headings nor record tell.
    no_thousands
        It never writes thousands marks, so a lone mark is the decimal one.
    signed
        Its values may be negative and mean it: net of what flows back.
    adds_suppliers
        Equal stamps of different suppliers belong together.
    """

    units: Mapping[tuple[Kind, Quantity], float] = field(default_factory=dict)
    label: Label | None = None
    no_thousands: bool = False
    signed: bool = False
    adds_suppliers: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Readings:
    """A layout's reading of a table.

    Parameters
    ----------
    table
        Where they come from.
    rows
        Row of each interval.
    stamps
        Stamp of each interval.
    stamp_column
        Column of the stamps, for messages.
    label
        Which edge of the interval the stamps are, when the headings say so.
    assumed_label
        The edge that the layout is taken to use when nothing else tells.
    active, reactive
        kW or kWh, kvar or kvarh, by interval.
    active_quantity, reactive_quantity
        Power, energy of the interval, or a register's reading at the stamp.
    active_column, reactive_column
        Their columns, for messages.
    active_columns
        Column of each interval's value where it differs from row to row.
    signed
        Whether negative values mean what they say.
    problems, findings
        What is wrong with single cells, and what is worth knowing.
    """

    table: Table
    rows: Sequence[int]
    stamps: Sequence[Stamp]
    stamp_column: int
    active: Values
    active_quantity: Quantity
    active_column: int
    reactive: Values | None = None
    reactive_quantity: Quantity = "energy"
    reactive_column: int = 0
    active_columns: Sequence[int] = ()
    label: Label | None = None
    assumed_label: Label | None = None
    signed: bool = False
    problems: tuple[Problem, ...] = ()
    findings: tuple[Finding, ...] = ()

    def problem(self, key: str, index: int, column: int | None = None, **params: Param) -> Problem:
        """Return a problem at an interval's stamp, or at another of its cells."""
        return self.table.problem(key, self.rows[index], self.stamp_column if column is None else column, **params)

    def value_problem(self, key: str, index: int, **params: Param) -> Problem:
        """Return a problem at an interval's active value."""
        column = self.active_columns[index] if len(self.active_columns) else self.active_column
        return self.problem(key, index, column, **params)

    def line(self, index: int) -> int:
        """Return the line (or row) of an interval in its file."""
        return self.table.lines[self.rows[index]]


def nothing(table: Table, problems: Sequence[Problem]) -> Readings:
    """Return the readings of a table that could not be read at all."""
    return Readings(
        table=table,
        rows=(),
        stamps=(),
        stamp_column=0,
        active=np.empty(0),
        active_quantity="energy",
        active_column=0,
        problems=tuple(problems),
    )
