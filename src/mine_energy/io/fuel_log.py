"""Fuel logs from a table: one row a refill, litres or US gallons, and the hour meter."""

from pathlib import Path
from typing import Final

import numpy as np

from mine_energy.errors import InputError, Problem
from mine_energy.io.records import Column, Records, read_records
from mine_energy.io.stamps import Order
from mine_energy.loads.fuel import FuelEntry, FuelLog
from mine_energy.units import ENERGY_UNITS_KWH, HOURS_PER_DAY, L_PER_US_GAL

_LITRES: Final = dict.fromkeys(("l", "lt", "lts", "litros", "litres", "liters"), 1.0) | dict.fromkeys(
    ("gal", "gl", "galones", "gallons", "us gal", "gal us"), L_PER_US_GAL
)
_GALLONS: Final = dict.fromkeys(("gal", "gl", "galones", "gallons", "us gal", "gal us"), 1.0)
COLUMNS: Final = (
    Column(key="fuel_date", kind="date", required=True),
    Column(key="fuel_us_gal", kind="number", units=_GALLONS),
    Column(key="fuel_litres", kind="number", units=_LITRES),
    Column(key="fuel_hour_meter_hours", kind="number", required=True, units={"h": 1.0}),
    Column(key="fuel_kwh", kind="number", units=ENERGY_UNITS_KWH),
    Column(key="fuel_full_tank", kind="word"),
)


def read_fuel_log(path: Path | str, *, sheet: str = "", name: str | None = None, decimal: str = "") -> FuelLog:
    """Read the fuel log of one set.

    Parameters
    ----------
    path
        Workbook or separated text with one row a refill: date, litres (or US gallons) and hour meter; kWh generated
        since the row before and whether the tank was full, where known. Without the last every refill counts as full.
    sheet
        Worksheet; the first one when empty.
    name
        How messages call the file; the path as given when absent.
    decimal
        ``"."`` or ``","`` for a file whose numbers do not tell their decimal mark.

    Returns
    -------
    FuelLog
        In file order, which has to be the order of time.

    Raises
    ------
    InputError
        By line: unreadable cells, dates or an hour meter that run back, more hours than the days in between have,
        negative values, both or neither of litres and gallons.
    """
    found = read_records(path, COLUMNS, sheet=sheet, name=name, decimal=decimal)
    given = [key for key in ("fuel_litres", "fuel_us_gal") if key in found.numbers]
    if len(given) != 1:
        raise InputError([found.table.about("fuel_volume")])
    order = found.decided("fuel_date", lambda one: _ascending(found, one))
    litres = found.numbers[given[0]] * (L_PER_US_GAL if given[0] == "fuel_us_gal" else 1.0)
    dates, hours = found.dates("fuel_date", order), found.numbers["fuel_hour_meter_hours"]
    energy = found.numbers.get("fuel_kwh")
    full = found.words.get("fuel_full_tank", ("yes",) * len(dates))
    problems = [*_values(found, given[0], litres), *_sequence(found, order)]
    if problems:
        raise InputError(problems)
    entries = tuple(
        FuelEntry(
            date=dates[i],
            litres=float(litres[i]),
            hour_meter_hours=float(hours[i]),
            energy_kwh=None if energy is None or not np.isfinite(energy[i]) else float(energy[i]),
            full_tank=full[i] != "no",
        )
        for i in range(len(dates))
    )
    return FuelLog(entries=entries, label=found.table.file, findings=found.findings)


def _ascending(found: Records, order: Order) -> bool:
    dates = found.dates("fuel_date", order)
    return list(dates) == sorted(dates)


def _values(found: Records, volume: str, litres: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> list[Problem]:
    problems = [found.problem("cell_empty", int(i), volume) for i in np.flatnonzero(np.isnan(litres))]
    for key in (volume, "fuel_hour_meter_hours", "fuel_kwh"):
        below = np.flatnonzero(found.numbers.get(key, np.array([])) < 0)
        problems += [found.problem("bill_input_negative", int(i), key) for i in below]
    return problems


def _sequence(found: Records, order: Order) -> list[Problem]:
    dates, hours = found.dates("fuel_date", order), found.numbers["fuel_hour_meter_hours"]
    problems = []
    for i in range(1, len(dates)):
        days, run = (dates[i] - dates[i - 1]).days, float(hours[i] - hours[i - 1])
        if days < 0:
            problems.append(found.problem("fuel_date_back", i, "fuel_date", before=dates[i - 1].isoformat()))
        elif run < 0:
            problems.append(found.problem("fuel_hours_rolled", i, "fuel_hour_meter_hours", before=float(hours[i - 1])))
        elif run > (days + 1) * HOURS_PER_DAY:
            params = {"hours": run, "days": days}
            problems.append(found.problem("fuel_hours_many", i, "fuel_hour_meter_hours", **params))
    return problems
