"""What is looked at in the reader's process: plain values in, plain values out, whatever is wrong as problems."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from mine_energy.errors import Finding, InputError, MineEnergyError, Problem
from mine_energy.io.bills import read_bills
from mine_energy.io.fuel_log import read_fuel_log
from mine_energy.io.grid import Grid, heading_score, inventory_grid, inventory_table
from mine_energy.io.inventory import read_inventory
from mine_energy.io.meter_join import join_meters
from mine_energy.io.meter_view import MeterView, view_meter
from mine_energy.io.meters import read_meter
from mine_energy.io.production import read_production
from mine_energy.io.table_edit import Cell, Edited, edit
from mine_energy.io.tables import MAX_COLUMNS, read_bytes
from mine_energy.loads import Bills, FuelLog, Production
from mine_energy.web.folder import StudyFolder

if TYPE_CHECKING:
    from mine_energy.weather.check import WeatherCheck

Mark = Literal["", ",", "."]
RecordKind = Literal["bills", "fuel_log", "production_log"]
Fact = tuple[str, float | str, str]
"""Key of a text, value, unit."""
_LITRES: Final = "L"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListLook:
    """A motor list looked at.

    Parameters
    ----------
    machines, rated_kw
        Rows, and their rated power with all running units; 0 where the list cannot be used.
    findings, problems
        What has to be known, and what is wrong.
    grid
        The table as it stands; None where it is none.
    """

    machines: int
    rated_kw: float
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    grid: Grid | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordLook:
    """Bills, refills or tonnes looked at: facts in the order of the page, findings, problems."""

    facts: tuple[Fact, ...] = ()
    findings: tuple[Finding, ...] = ()
    problems: tuple[Problem, ...] = ()


def look_at_list(path: Path, name: str, sheet: str, mark: Mark) -> ListLook:
    """Read a motor list, and its table with what is wrong at each cell."""
    machines, rated_kw = 0, 0.0
    findings: tuple[Finding, ...] = ()
    problems: tuple[Problem, ...] = ()
    try:
        inventory = read_inventory(path, sheet, name, decimal=mark)
        machines, findings = len(inventory.motors), inventory.findings
        rated_kw = sum(one.rated_power_kw * one.quantity for one in inventory.motors)
    except InputError as error:
        problems = error.problems
    try:
        grid = inventory_grid(path, name, problems, sheet=sheet)
    except InputError:
        grid = None
    return ListLook(machines=machines, rated_kw=rated_kw, findings=findings, problems=problems, grid=grid)


def list_problem(content: bytes, name: str, most_rows: int) -> Problem | None:
    """Return what stands against keeping a list at all: more rows than any plant has machines."""
    try:
        table = inventory_table(content, name)
    except InputError:
        return None  # kept and shown with what is wrong with it
    return table.about("table_too_large", rows=most_rows, columns=MAX_COLUMNS) if len(table.rows) > most_rows else None


def edit_list(path: Path, name: str, sheet: str, changes: Mapping[Cell, str], removed: tuple[int, ...]) -> Edited:
    """Return a motor list with cells rewritten and rows taken out; raises :class:`InputError`."""
    return edit(read_bytes(path, name), name, changes, score=heading_score, removed=removed, sheet=sheet)


def look_at_meter(
    path: Path, name: str, sheet: str, hints: Mapping[str, str], nominal_voltage_v: float | None, country: str
) -> MeterView:
    """Return what the reader understood of a meter's file; raises :class:`InputError`."""
    rules: Literal["CO", "PE"] = "PE" if country == "PE" else "CO"
    try:
        view = view_meter(path, sheet=sheet, nominal_voltage_v=nominal_voltage_v, rules=rules, **hints)
    except InputError as error:
        raise InputError(replace(one, file=name) if one.file == str(path) else one for one in error.problems) from None
    findings = tuple(replace(one, subject=name) if one.subject == str(path) else one for one in view.findings)
    return replace(view, file=name, findings=findings)


def joined_meters(folder: Path, names: tuple[str, ...]) -> bytes:
    """Return several files of one meter as one table; raises :class:`InputError`."""
    problems: list[Problem] = []
    records = []
    for name in names:
        try:
            records.append((name, read_meter(folder / name, name=name, gaps="mark")))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return join_meters(records)


def look_at_records(kind: RecordKind, path: Path, name: str, sheet: str, mark: str) -> RecordLook:
    """Return what the reader understood of bills, refills or tonnes."""
    try:
        if kind == "bills":
            bills = read_bills(path, sheet=sheet, name=name, decimal=mark)
            return RecordLook(facts=_bill_facts(bills), findings=bills.findings)
        if kind == "fuel_log":
            log = read_fuel_log(path, sheet=sheet, name=name, decimal=mark)
            return RecordLook(facts=_fuel_facts(log), findings=log.findings)
        made = read_production(path, sheet=sheet, name=name, decimal=mark)
        return RecordLook(facts=_production_facts(made), findings=made.findings)
    except InputError as error:
        return RecordLook(problems=error.problems)


def look_at_weather(path: Path, name: str, place: Mapping[str, float], said: Mapping[str, str]) -> "WeatherCheck":
    """Return what ``weather check`` finds in a weather file; raises :class:`InputError`."""
    # pvlib takes a second to import; only a weather file has to pay it.
    from mine_energy.io.weather_check import check_file  # noqa: PLC0415
    from mine_energy.io.weather_files import Hints  # noqa: PLC0415

    try:
        return check_file(path, Hints(**place, **said))  # type: ignore[arg-type]
    except InputError as error:
        own = {"", str(path), path.name}
        raise InputError(replace(one, file=name) if one.file in own else one for one in error.problems) from None


def study_problems(folder: StudyFolder) -> tuple[tuple[Problem, ...], MineEnergyError | None]:
    """Return what stands against a study of the folder's files."""
    try:
        folder.inputs()
    except InputError as error:
        return error.problems, None
    except MineEnergyError as error:
        return (), error
    return (), None


def _bill_facts(bills: Bills) -> tuple[Fact, ...]:
    periods = bills.periods
    facts: list[Fact] = [
        ("bills", len(periods), ""),
        ("first_day", periods[0].start.isoformat(), ""),
        ("day_after", periods[-1].end.isoformat(), ""),
        ("energy", bills.energy_kwh, "kWh"),
    ]
    highest = max((one.demand_kw for one in periods if one.demand_kw is not None), default=None)
    if highest is not None:
        facts.append(("peak", highest, "kW"))
    currencies = sorted({one.currency for one in periods if one.amount is not None})
    if len(currencies) == 1:
        total = sum(one.amount for one in periods if one.amount is not None)
        facts.append(("amount", total, currencies[0]))
    return tuple(facts)


def _fuel_facts(log: FuelLog) -> tuple[Fact, ...]:
    first, last = log.entries[0], log.entries[-1]
    return (
        ("refills", len(log.entries), ""),
        ("first_day", first.date.isoformat(), ""),
        ("last_day", last.date.isoformat(), ""),
        ("fuel", sum(one.litres for one in log.entries[1:]), _LITRES),
        ("set_hours", last.hour_meter_hours - first.hour_meter_hours, "h"),
    )


def _production_facts(made: Production) -> tuple[Fact, ...]:
    return (
        ("periods", len(made.dates), ""),
        ("first_day", made.dates[0].isoformat(), ""),
        ("day_after", made.end_of(len(made.dates) - 1).isoformat(), ""),
        ("ore", float(made.ore_t.sum()), "t"),
    )
