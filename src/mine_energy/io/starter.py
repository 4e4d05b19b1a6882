"""The files that a new study starts from: a site file that runs at once, and machines to replace with one's own.

The site file is the commented template with its blanks filled in, so that a person can go on editing it. What nobody
stated is written with the origin ``assumed``, which every output shows.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from math import ceil
from typing import Any, Final, Literal

from mine_energy import catalog
from mine_energy.dispatch.derate import Engine, engine_at_site
from mine_energy.emissions import FactorKind, latest_factor
from mine_energy.io.template import inventory_workbook, site_template
from mine_energy.io.toml_write import value_text
from mine_energy.messages import Language, text
from mine_energy.motors import Motor, MotorInventory
from mine_energy.site import Country
from mine_energy.units import HOURS_PER_DAY, MINUTES_PER_HOUR

Route = Literal["gravity", "flotation", "cyanidation"]
ROUTES: Final[tuple[Route, ...]] = ("gravity", "flotation", "cyanidation")
Span = tuple[time, time]

_MACHINES: Final = "starter/machines.csv"
_SUPPLIES: Final = "starter/supplies.csv"
_FUEL: Final = "diesel_own_genset"
_NEWEST: Final = 2100
_USUAL_EFFICIENCY: Final = 0.85
_SET_LOAD: Final = 0.75
_SET_STEP_KW: Final = 10.0
_HOT_AIR_C: Final = 25.0
_HEADING: Final = re.compile(r"^(?:# )?\[+([a-z_.]+)\]+")
_ENTRY: Final = re.compile(r"^(?:# )?([a-z_0-9]+) = .*?(?P<note>\s+# .*)?$")
_NOTE_COLUMN: Final = 29


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """One packaged tariff that a plant may take.

    Parameters
    ----------
    tariff
        Its name.
    voltage
        ``low`` or ``medium``; empty for one's own generator.
    voltage_v
        Usual voltage between lines at the meter, V; None for one's own generator.
    """

    tariff: str
    voltage: str
    voltage_v: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Starter:
    """What a person said about a plant, with what was assumed in its place.

    Parameters
    ----------
    name, country, region, latitude, longitude, altitude_m
        The plant.
    supply
        Tariff and voltage.
    genset_kw
        Prime rating of its own generator; None on the grid.
    shifts
        Start and end of each.
    workdays_per_month
        Days.
    activity_year
        Of the consumption.
    route
        Process whose typical machines stand in for a motor list; None where there is one.
    inventory
        Name of the motor list as the site file calls it; empty where there is none yet.
    assumed
        Dotted keys that nobody stated, each with the key of the reason, ``template.starter_<reason>``.
    """

    name: str
    country: Country
    region: str = ""
    latitude: float
    longitude: float
    altitude_m: float
    supply: Supply
    genset_kw: float | None = None
    shifts: tuple[Span, ...]
    workdays_per_month: int
    activity_year: int
    route: Route | None = None
    inventory: str = ""
    assumed: Mapping[str, str] = field(default_factory=dict)


def supplies(country: Country, kind: Literal["grid", "offgrid"]) -> tuple[Supply, ...]:
    """Return the packaged tariffs of a country, the usual one of each voltage first; off the grid the own set's."""
    if kind == "offgrid":
        return (Supply(tariff=_FUEL, voltage="", voltage_v=None),)
    return tuple(
        Supply(tariff=row["tariff"], voltage=row["voltage"], voltage_v=float(row["voltage_v"]))
        for row in catalog.table(_SUPPLIES)
        if row["country"] == country
    )


def factor_year(country: Country) -> int:
    """Return the newest year with a packaged official grid factor."""
    return latest_factor(country=country, kind=FactorKind.LOCATION_AVERAGE, not_after=_NEWEST).year


def shift_hours(shifts: Sequence[Span]) -> float:
    """Return the hours of a working day; an end before its start is on the next day."""
    minutes = 0
    for start, end in shifts:
        first, last = (moment.hour * MINUTES_PER_HOUR + moment.minute for moment in (start, end))
        minutes += last - first if last > first else last - first + HOURS_PER_DAY * MINUTES_PER_HOUR
    return minutes / MINUTES_PER_HOUR


def typical_inventory(route: Route, shifts: Sequence[Span], language: Language) -> MotorInventory:
    """Return the machines of a typical plant of 20 t/day, every row of origin ``assumed``.

    Parameters
    ----------
    route
        Process.
    shifts
        Hours of the machines that follow the shifts.
    language
        Of descriptions and reasons.
    """
    hours = shift_hours(shifts)
    rows = [row for row in catalog.table(_MACHINES) if route in row["routes"].split()]
    return MotorInventory(motors=tuple(_machine(row, hours, language) for row in rows))


def _machine(row: Mapping[str, str], hours: float, language: Language) -> Motor:
    plain = ("tag", "equipment", "process", "schedule", "sequence", "load_type", "transmission")
    numbers = ("quantity", "standby_quantity", "rated_power_kw", "poles", "load_factor", "unloaded_hours_per_day")
    values: dict[str, Any] = {key: row[key] for key in plain if row[key]}
    values |= {key: float(row[key]) for key in numbers if row[key]}
    stated = row["hours_per_day"]
    values["hours_per_day"] = float(stated) if stated else round(float(row["hours_share"]) * hours, 2)
    return Motor(
        **values,
        description=row[f"description_{language}"],
        area=text("template.starter_area", language),
        origin="assumed",
        source=text("template.starter_machine", language),
    )


def genset_kw(inventory: MotorInventory, altitude_m: float) -> float:
    """Return a rating, kW, whose set carries all machines at once at three quarters of what the altitude leaves it."""
    together = sum(
        motor.quantity * motor.rated_power_kw * (motor.load_factor or _SET_LOAD)
        / ((motor.efficiency or _USUAL_EFFICIENCY) if motor.is_motor else 1.0)
        for motor in inventory.motors
    )  # fmt: skip
    left = engine_at_site(Engine(rated_kw=1.0), altitude_m, _HOT_AIR_C).factor
    return ceil(together / _SET_LOAD / left / _SET_STEP_KW) * _SET_STEP_KW


def starter_site(starter: Starter, language: Language) -> dict[str, bytes]:
    """Return the files of a new study by name: the site file, and the machines where there is no motor list.

    Parameters
    ----------
    starter
        What was said and what was assumed.
    language
        Of comments, words and reasons.
    """
    files: dict[str, bytes] = {}
    inventory = starter.inventory
    if starter.route is not None:
        inventory = text("template.inventory_file", language)
        files[inventory] = inventory_workbook(typical_inventory(starter.route, starter.shifts, language), language)
    template = site_template(language, starter.country).decode("utf-8")
    lines = [text("template.starter_head", language)]
    lines += [*_filled(template.split("\n"), _values(starter, inventory), starter.shifts)]
    lines += [*_provenance(starter, language)]
    files[text("template.site_file", language)] = "\n".join(lines).encode("utf-8")
    return files


def _values(starter: Starter, inventory: str) -> dict[str, Any]:
    processes = {"gravity": ("concentration",), "flotation": ("concentration", "flotation")}
    named = processes.get(starter.route or "", ("concentration", "leaching")) if starter.route else ()
    values = {
        "site.name": starter.name,
        "site.country": starter.country,
        "site.region": starter.region,
        "site.latitude": starter.latitude,
        "site.longitude": starter.longitude,
        "site.altitude_m": starter.altitude_m,
        "site.workdays_per_month": starter.workdays_per_month,
        "site.processes": ["crushing", "grinding", *named] if named else None,
        "connection.kind": "grid" if starter.genset_kw is None else "offgrid",
        "connection.tariff": starter.supply.tariff,
        "connection.voltage_v": starter.supply.voltage_v,
        "inventory.file": inventory,
        "genset.rated_kw": starter.genset_kw,
        "emissions.activity_year": starter.activity_year,
    }
    return {key: value for key, value in values.items() if value is not None}


def _filled(lines: Sequence[str], values: Mapping[str, Any], shifts: Sequence[Span]) -> Iterator[str]:
    """Yield the template's lines with values in them; a section or key that was a comment becomes one that counts."""
    sections = {key.rpartition(".")[0] for key in values}
    section, in_shifts = "", False
    for line in lines:
        heading = _HEADING.match(line)
        if heading:
            section = heading.group(1)
            in_shifts = section == "site.shifts"
            if in_shifts:
                yield from _shift_lines(line, shifts)
                continue
            yield line.removeprefix("# ") if section in sections else line
            continue
        entry = _ENTRY.match(line)
        if in_shifts and entry:
            continue
        key = f"{section}.{entry.group(1)}" if entry else ""
        yield _entry(key, values[key], entry) if entry and key in values else line


def _entry(key: str, value: object, entry: re.Match[str]) -> str:
    shown = f"{key.rpartition('.')[2]} = {value_text(value)}"
    note = (entry.group("note") or "").strip()
    return f"{shown.ljust(_NOTE_COLUMN - 1)} {note}" if note else shown


def _shift_lines(heading: str, shifts: Sequence[Span]) -> Iterator[str]:
    for index, (start, end) in enumerate(shifts):
        yield heading if index == 0 else "\n[[site.shifts]]"
        yield f"start = {value_text(start)}"
        yield f"end = {value_text(end)}"


def _provenance(starter: Starter, language: Language) -> Iterator[str]:
    """Yield one record for each reason, with the keys that nobody stated."""
    reasons: dict[str, list[str]] = {}
    for key, reason in starter.assumed.items():
        reasons.setdefault(reason, []).append(key)
    for reason, keys in reasons.items():
        source = text(f"template.starter_{reason}", language)
        yield f'[[provenance]]\nkeys = {value_text(keys)}\norigin = "assumed"\nsource = {value_text(source)}\n'
