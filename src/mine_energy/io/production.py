"""Production from a table: one row a day or a month, tonnes, and the energy of the same period where known."""

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np

from mine_energy.arrays import readonly
from mine_energy.errors import InputError
from mine_energy.io.records import Column, Records, read_records
from mine_energy.io.stamps import Order
from mine_energy.loads.baseline import BaselinePeriod
from mine_energy.loads.production import Production
from mine_energy.units import ENERGY_UNITS_KWH, KG_PER_T

COLUMNS: Final = (
    Column(key="production_date", kind="date", required=True),
    Column(
        key="production_ore_t",
        kind="number",
        required=True,
        units=dict.fromkeys(("t", "ton", "tons", "tonnes", "toneladas", "tm"), 1.0) | {"kg": 1 / KG_PER_T},
    ),
    Column(key="production_kwh", kind="number", units=ENERGY_UNITS_KWH),
)
_MONTH_DAYS: Final = 27


def read_production(path: Path | str, *, sheet: str = "", name: str | None = None, decimal: str = "") -> Production:
    """Read production by day or month.

    Rows whose dates all stand on the first of a month are months; all others are days. Days and months without a row
    are left out, not taken for zero.

    Parameters
    ----------
    path
        Workbook or separated text: date (or month, as ``2024-03`` or ``marzo 2024``), tonnes, kWh where known.
    sheet
        Worksheet; the first one when empty.
    name
        How messages call the file; the path as given when absent.
    decimal
        ``"."`` or ``","`` for a file whose numbers do not tell their decimal mark.

    Returns
    -------
    Production
        By date.

    Raises
    ------
    InputError
        By line: unreadable cells, negative values, a date twice.
    """
    found = read_records(path, COLUMNS, sheet=sheet, name=name, decimal=decimal)
    order = found.decided("production_date", lambda one: _even(found, one))
    dates = found.dates("production_date", order)
    problems = [
        found.problem("bill_input_negative", int(i), key)
        for key in ("production_ore_t", "production_kwh")
        for i in np.flatnonzero(found.numbers.get(key, np.array([])) < 0)
    ]
    first: dict[date, int] = {}
    for i, day in enumerate(dates):
        if first.setdefault(day, i) != i:
            problems.append(found.problem("production_date_twice", i, "production_date"))
    if problems:
        raise InputError(problems)
    ranked = sorted(range(len(dates)), key=lambda i: dates[i])
    energy = found.numbers.get("production_kwh")
    return Production(
        period=_period([dates[i] for i in ranked]),
        dates=tuple(dates[i] for i in ranked),
        ore_t=readonly(found.numbers["production_ore_t"][ranked]),
        energy_kwh=None if energy is None else readonly(energy[ranked]),
        label=found.table.file,
        findings=found.findings,
    )


def _period(dates: list[date]) -> BaselinePeriod:
    return "month" if all(day.day == 1 for day in dates) else "day"


def _even(found: Records, order: Order) -> bool:
    """Whether the rows follow each other by days, or by months, under an order of day and month."""
    dates = found.dates("production_date", order)
    steps = {later - earlier for earlier, later in pairwise(dates)}
    return steps == {timedelta(days=1)} or (
        all(day.day == 1 for day in dates) and all(step.days > _MONTH_DAYS for step in steps)
    )
