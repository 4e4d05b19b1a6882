"""The site file, and everything it points to: read whole, or refused with every problem of every file in one list."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, Protocol, TypeVar

from pydantic import ValidationError

from mine_energy.errors import Finding, InputError, MissingInput, Problem
from mine_energy.io.bills import read_bills
from mine_energy.io.equipment import read_equipment
from mine_energy.io.fuel_log import read_fuel_log
from mine_energy.io.inventory import read_inventory
from mine_energy.io.meters import read_meter
from mine_energy.io.outages import read_outages
from mine_energy.io.power_quality import without_used
from mine_energy.io.production import read_production
from mine_energy.io.site_carbon import carbon_problems
from mine_energy.io.site_checks import check, is_tariff_file, no_energy, user_path
from mine_energy.io.site_hourly import YearFigures, hourly_reader, on_year, unused_prices
from mine_energy.io.site_money import money_problems, tariff_problems
from mine_energy.io.site_packaged import MISSING, climatology_findings, packaged_flaws
from mine_energy.io.site_quality import meter_quality, quality_reader
from mine_energy.io.site_together import together
from mine_energy.io.tables import read_bytes
from mine_energy.io.toml_files import line_of, parse_toml
from mine_energy.io.validation import Flaw, dotted, flaws
from mine_energy.loads import Bills, FuelLog, LoadProfile, PowerQuality, Production, quality_findings
from mine_energy.motors import MotorInventory
from mine_energy.pv import Equipment
from mine_energy.pv.horizon import Horizon
from mine_energy.site import EquipmentChoice, Site
from mine_energy.study.inputs import InputFile, Inputs
from mine_energy.study.provenance import example_findings
from mine_energy.tariffs import Tariff, load_tariff, packaged_tariffs
from mine_energy.units import HOURS_PER_YEAR
from mine_energy.weather import Weather

Mark = Literal["", ",", "."]
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


def read_site(path: Path | str) -> Site:
    """Read and check a site file, and that the files it names exist.

    Parameters
    ----------
    path
        A TOML file.

    Returns
    -------
    Site

    Raises
    ------
    InputError
        Every problem of the file, each with its key, line, value, reason and fix.
    """
    opened = _open(Path(path))
    if opened.problems or opened.site is None:
        raise InputError(opened.problems)
    return opened.site


def read_inputs(site_path: Path | str, *, for_study: bool = True) -> Inputs:
    """Read a site file and the inventory, meter, weather and tariff that it names, and check that they go together.

    Parameters
    ----------
    site_path
        A TOML file; relative names in it start at its folder.
    for_study
        Whether a year of the plant's energy has to follow from them. Without it (a look at the sun, or at a record of
        some days) nobody has to know that energy, and what it would be is not compared.

    Returns
    -------
    Inputs
        Files are named as the site file names them, the site file by its own name, each with its SHA-256.

    Raises
    ------
    InputError
        Every problem of every file, in one list; those of the site file first, by line.
    MissingInput
        All of them ask for packaged data that do not exist.
    """
    opened = _open(Path(site_path))
    gathered = _Gathered(problems=[], files=[opened.file])
    folder, data = Path(site_path).parent, opened.data
    tables = _tables(data, folder, gathered)
    outages = gathered.read(_named(data, "grid", "outages"), folder, lambda path, name: read_outages(path, name=name))
    tariff = _tariff(data, folder, gathered)
    prices = gathered.read(_named(data, "connection", "spot_prices"), folder, hourly_reader("spot_price", tariff))
    factors = gathered.read(_named(data, "carbon", "hourly_factors"), folder, hourly_reader("hourly_factor", tariff))
    chosen, unknown = _equipment(opened, folder, gathered)
    lacking = no_energy(data) if for_study else ()
    found = [*opened.problems, *opened.placed([*packaged_flaws(data, tariff), *lacking])]
    found += [opened.located(problem) for problem in unknown]
    by_hour = YearFigures()
    if opened.site is not None and tariff is not None:
        found += [opened.located(problem) for problem in tariff_problems(opened.site, tariff)]
    if opened.site is not None and for_study:
        by_hour = on_year(opened.site, tables.load, prices, factors)
        parts = (*together(opened.site, tables.inventory, tables.load), *by_hour.problems)
        found += [opened.located(problem) for problem in parts if not problem.file]
        gathered.problems += [problem for problem in parts if problem.file]
    _refuse([*sorted(found, key=lambda problem: problem.line or 0), *gathered.problems])
    if opened.site is None or tariff is None:
        raise AssertionError("a site without problems is valid and has a tariff")
    findings = [
        example_findings(opened.site),
        tables.findings,
        *(part.findings for part in (prices, factors) if part is not None),
        unused_prices(tariff, prices),
        tuple(climatology_findings(opened.site)),
    ]
    return Inputs(
        site=opened.site,
        inventory=tables.inventory,
        load=tables.load,
        weather=tables.weather,
        tariff=tariff,
        files=tuple(gathered.files),
        bills=tables.bills,
        fuel_log=tables.fuel_log,
        production=tables.production,
        horizon=tables.horizon,
        equipment=chosen,
        outages=outages,
        power_quality=tables.quality,
        spot_price=by_hour.spot_price,
        hourly_factor=by_hour.hourly_factor,
        findings=tuple(finding for part in findings for finding in part),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tables:
    """The tables that hold the plant: machines, meter, weather, horizon, bills, fuel, production, power quality.

    ``doubts`` are about the quality that the meter's own file tells.
    """

    inventory: MotorInventory | None
    load: LoadProfile | None
    weather: Weather | None
    horizon: Horizon | None
    bills: Bills | None
    fuel_log: FuelLog | None
    production: Production | None
    quality: PowerQuality | None
    doubts: tuple[Finding, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the readers noticed, in the order of the tables."""
        read = (self.inventory, self.load, self.weather, self.bills, self.fuel_log, self.production, self.quality)
        return (*(finding for part in read if part is not None for finding in part.findings), *self.doubts)


def _tables(data: Mapping[str, Any], folder: Path, gathered: "_Gathered") -> _Tables:
    inventory = gathered.read(_named(data, "inventory"), folder, _inventory(data))
    load = gathered.read(_named(data, "load"), folder, _meter(data))
    weather = gathered.read(_named(data, "weather"), folder, _weather(data))
    horizon = gathered.read(_named(data, "array", "horizon"), folder, _horizon)
    bills = gathered.read(_named(data, "bills"), folder, _records(data, "bills", read_bills))
    fuel_log = gathered.read(_named(data, "fuel_log"), folder, _records(data, "fuel_log", read_fuel_log))
    production = gathered.read(
        _named(data, "production_log"), folder, _records(data, "production_log", read_production)
    )
    quality, doubts = _quality(data, folder, gathered, load)
    if load is not None:
        load = replace(load, findings=without_used(load.findings, quality))
    return _Tables(
        inventory=inventory,
        load=load,
        weather=weather,
        horizon=horizon,
        bills=bills,
        fuel_log=fuel_log,
        production=production,
        quality=quality,
        doubts=doubts,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    """A site file as far as it could be read."""

    data: Mapping[str, Any]
    site: Site | None
    problems: tuple[Problem, ...]
    file: InputFile
    name: str
    lines: Mapping[str, int]

    def placed(self, found: Iterable[Flaw]) -> Iterator[Problem]:
        """Yield flaws as problems of this file, those at places that are refused already left out."""
        refused = {problem.field for problem in self.problems}
        yield from _problems([flaw for flaw in found if dotted(flaw.place) not in refused], self.name, self.lines)

    def located(self, problem: Problem) -> Problem:
        """Return a problem of a key of this file with the file and the key's line."""
        return replace(problem, file=self.name, line=line_of(self.lines, problem.field))


@dataclass(slots=True, kw_only=True)
class _Gathered:
    """What the readers of the files gather on the way."""

    problems: list[Problem]
    files: list[InputFile]

    def read(self, name: str, folder: Path, reader: Callable[[Path, str], T]) -> T | None:
        """Read one file if it is named and there; its problems join the list."""
        path = user_path(folder, name)
        if not name or not path.exists():
            return None
        try:
            content = read_bytes(path, name)
            self.files.append(InputFile(name=name, sha256=hashlib.sha256(content).hexdigest()))
            return reader(path, name)
        except InputError as error:
            self.problems += error.problems
            return None


def _open(path: Path) -> _Opened:
    name = str(path)
    content = read_bytes(path, name)
    data, lines = parse_toml(content, name)
    found = list(check(data, path.parent))
    taken = {flaw.place for flaw in found}
    site: Site | None = None
    try:
        site = Site.model_validate(data)
    except ValidationError as error:
        found = [*(flaw for flaw in flaws(error, Site) if flaw.place not in taken), *found]
    clashes = () if site is None else (*money_problems(site), *carbon_problems(site))
    refused = [*_problems(found, name, lines)]
    refused += [replace(one, file=name, line=line_of(lines, one.field)) for one in clashes]
    problems = sorted(refused, key=lambda problem: problem.line or 0)
    record = InputFile(name=path.name, sha256=hashlib.sha256(content).hexdigest())
    return _Opened(data=data, site=site, problems=tuple(problems), file=record, name=name, lines=lines)


def _refuse(problems: Sequence[Problem]) -> None:
    if problems:
        raise (MissingInput if all(problem.key in MISSING for problem in problems) else InputError)(problems)


def _problems(found: list[Flaw], name: str, lines: Mapping[str, int]) -> Iterator[Problem]:
    for flaw in found:
        key = dotted(flaw.place)
        yield Problem(
            key=flaw.key, file=name, line=line_of(lines, key), field=key, value=flaw.value, params=flaw.params
        )


def _named(data: Mapping[str, Any], section: str, key: str = "file") -> str:
    """Return the file that a section names, empty when it names none; the file may be wrong in other ways."""
    part = data.get(section)
    name = part.get(key) if isinstance(part, Mapping) else ""
    return name.strip() if isinstance(name, str) else ""


def _inventory(data: Mapping[str, Any]) -> Callable[[Path, str], MotorInventory]:
    return lambda path, name: read_inventory(
        path, _named(data, "inventory", "sheet"), name, decimal=_mark(data, "inventory")
    )


def _mark(data: Mapping[str, Any], section: str) -> Mark:
    """Return the decimal mark that a section states; a wrong one is a problem of the site file already."""
    stated = _named(data, section, "decimal")
    return "," if stated == "," else "." if stated == "." else ""


class _Reader(Protocol[T_co]):
    """A reader of one table."""

    def __call__(self, path: Path, *, sheet: str, name: str, decimal: str) -> T_co:
        """Return what the table holds."""


def _records(data: Mapping[str, Any], section: str, reader: _Reader[T]) -> Callable[[Path, str], T]:
    return lambda path, name: reader(
        path, sheet=_named(data, section, "sheet"), name=name, decimal=_mark(data, section)
    )


_METER_HINTS = ("unit", "quantity", "date_order", "decimal", "stamps", "ct_ratio", "vt_ratio", "supply", "suppliers")


def _meter(data: Mapping[str, Any]) -> Callable[[Path, str], LoadProfile]:
    def read(path: Path, name: str) -> LoadProfile:
        hints = {key: data["load"][key] for key in _METER_HINTS if data["load"].get(key) not in {None, ""}}
        if data["load"].get("fill"):
            hints["gaps"] = "mark"
        load = read_meter(path, sheet=_named(data, "load", "sheet"), name=name, **hints)
        # Doubts are told of the record as it was read: a scaled copy is another thing.
        load = replace(load, findings=(*load.findings, *quality_findings(load)))
        annual_kwh = data["load"].get("scale_to_kwh")
        if isinstance(annual_kwh, bool) or not isinstance(annual_kwh, int | float) or annual_kwh <= 0:
            return load
        if load.energy_kwh <= 0:
            raise InputError([Problem(key="nothing_to_scale", file=name)])
        # The stated energy is a year's; the record may be longer or shorter.
        return load.scaled(float(annual_kwh) * load.duration_hours / HOURS_PER_YEAR)

    return read


_PLACE = ("latitude", "longitude", "altitude_m")
_WEATHER_WORDS = ("source", "kind", "stamps", "gaps", "missing")


def _quality(
    data: Mapping[str, Any], folder: Path, gathered: _Gathered, load: LoadProfile | None
) -> tuple[PowerQuality | None, tuple[Finding, ...]]:
    """Return the record that the site file names, else what its meter's own file says beside the energy."""
    name = _named(data, "power_quality")
    if name:
        return gathered.read(name, folder, quality_reader(data)), ()
    if load is None:
        return None, ()
    meter = _named(data, "load")
    return meter_quality(data, user_path(folder, meter), meter)


def _weather(data: Mapping[str, Any]) -> Callable[[Path, str], Weather]:
    def read(path: Path, name: str) -> Weather:
        # pvlib takes a second to import; a site without a weather file need not pay it.
        from mine_energy.io.weather_files import Hints, read_weather  # noqa: PLC0415

        site = data["site"] if isinstance(data.get("site"), Mapping) else {}
        told = {key: site.get(key) for key in _PLACE} | {"utc_offset_hours": data["weather"].get("utc_offset_hours")}
        numbers = {key: float(v) for key, v in told.items() if isinstance(v, int | float) and not isinstance(v, bool)}
        words = {key: word for key in _WEATHER_WORDS if (word := _named(data, "weather", key))}
        return read_weather(path, name, Hints(**numbers, **words))  # type: ignore[arg-type]  # the schema holds them

    return read


def _equipment(opened: "_Opened", folder: Path, gathered: "_Gathered") -> tuple[Equipment | None, list[Problem]]:
    """Return module and inverters, and the names that nothing has; without a valid site, or a choice, neither."""
    if opened.site is None or opened.site.equipment == EquipmentChoice():
        return None, []
    return read_equipment(opened.site.equipment, lambda name, reader: gathered.read(name, folder, reader))


def _horizon(path: Path, name: str) -> Horizon:
    from mine_energy.io.horizon_file import read_horizon  # noqa: PLC0415

    return read_horizon(path, name)


def _tariff(data: Mapping[str, Any], folder: Path, gathered: _Gathered) -> Tariff | None:
    name = _named(data, "connection", "tariff")
    if not name:
        return None
    if is_tariff_file(name):
        return gathered.read(name, folder, lambda path, shown: load_tariff(shown.replace("\\", "/"), folder=folder))
    # An unknown name is a problem of the site file, with its line.
    return load_tariff(name) if name in packaged_tariffs() else None
