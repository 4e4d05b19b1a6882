"""The files beside the motor list that a site file may name: what each page asks, and what was understood."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from mine_energy.errors import Finding, InputError, Problem
from mine_energy.messages import significant
from mine_energy.report.format import Writer
from mine_energy.report.looked import meter_rows, weather_tables
from mine_energy.web.fields import Step, value_of
from mine_energy.web.folder import METERS, TABLES, WEATHERS
from mine_energy.web.here import country, here, language, say
from mine_energy.web.looks import RecordKind, look_at_meter, look_at_records, look_at_weather

Name = Literal["medidor", "facturas", "combustible", "produccion", "clima"]
Hints = Mapping[str, str]
Titled = tuple[str, list[list[str]]]

_MARKS: Final = (",", ".")
_PLACE: Final = ("latitude", "longitude", "altitude_m")


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """A file looked at, in the reader's language.

    Parameters
    ----------
    facts
        Name and value.
    tables
        Title, and rows of which the first holds the headings.
    findings, problems
        What has to be known, and what is wrong.
    """

    facts: list[list[str]] = field(default_factory=list)
    tables: list[Titled] = field(default_factory=list)
    findings: tuple[Finding, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadKind:
    """A page that takes a file.

    Parameters
    ----------
    url, step
        Where it is, and the step that it belongs to.
    section
        Of the site file.
    endings
        Of the names that it takes.
    hints
        What a person may say of a file that does not tell it itself: keys of the section and their values.
    look
        What was understood: path, name, worksheet, hints.
    has_sheet
        Whether the section names a worksheet.
    several
        Whether several files may be sent at once, to be read as one.
    """

    url: str
    step: Step
    section: str
    endings: tuple[str, ...]
    hints: Mapping[str, tuple[str, ...]]
    look: Callable[[Path, str, str, Hints], Understood]
    has_sheet: bool = True
    several: bool = False


def _meter(path: Path, name: str, sheet: str, hints: Hints) -> Understood:
    said = {key: value for key, value in hints.items() if key != "fill"}
    if "fill" in hints:
        said["gaps"] = "mark"
    volts = value_of(here().folder.document(), "connection.voltage_v")
    nominal = float(volts) if isinstance(volts, int | float) and volts > 0 else None
    try:
        view = here().reader.ask(name, look_at_meter, path, name, sheet, said, nominal, country())
    except InputError as error:
        return Understood(problems=error.problems)
    return Understood(facts=meter_rows(view, _writer(), _clock), findings=view.findings)


def _records(kind: RecordKind) -> Callable[[Path, str, str, Hints], Understood]:
    def look(path: Path, name: str, sheet: str, hints: Hints) -> Understood:
        try:
            seen = here().reader.ask(name, look_at_records, kind, path, name, sheet, hints.get("decimal", ""))
        except InputError as error:
            return Understood(problems=error.problems)
        facts = [[say(f"fact.{key}"), _shown(value, unit)] for key, value, unit in seen.facts]
        return Understood(facts=facts, findings=seen.findings, problems=seen.problems)

    return look


def _weather(path: Path, name: str, sheet: str, hints: Hints) -> Understood:
    document = here().folder.document()
    told = {key: value_of(document, f"site.{key}") for key in _PLACE}
    place = {key: float(v) for key, v in told.items() if isinstance(v, int | float) and not isinstance(v, bool)}
    try:
        found = here().reader.ask(name, look_at_weather, path, name, place, dict(hints))
    except InputError as error:
        return Understood(problems=error.problems)
    (_, whole), *tables = weather_tables(found, _writer())
    return Understood(facts=whole, tables=tables, findings=found.findings)


def _writer() -> Writer:
    return Writer(language=language(), country=country())


def _clock(moment: str) -> str:
    return moment[:16].replace("T", " ")


def _shown(value: Any, unit: str) -> str:
    if isinstance(value, str):
        return value
    shown = significant(value, language(), country()) if isinstance(value, float) else str(value)
    return f"{shown}\u00a0{unit}" if unit else shown


KINDS: Final[Mapping[Name, UploadKind]] = {
    "medidor": UploadKind(
        url="/carga",
        step="carga",
        section="load",
        endings=METERS,
        hints={
            "decimal": _MARKS,
            "date_order": ("dmy", "mdy", "ymd"),
            "quantity": ("energy", "power", "register"),
            "unit": ("kW", "W", "MW", "kWh", "Wh", "MWh"),
            "stamps": ("start", "end"),
            "fill": ("mean_of_day_type", "linear", "previous_week"),
        },
        look=_meter,
        several=True,
    ),
    "facturas": UploadKind(
        url="/carga/facturas",
        step="carga",
        section="bills",
        endings=TABLES,
        hints={"decimal": _MARKS},
        look=_records("bills"),
    ),
    "combustible": UploadKind(
        url="/carga/combustible",
        step="carga",
        section="fuel_log",
        endings=TABLES,
        hints={"decimal": _MARKS},
        look=_records("fuel_log"),
    ),
    "produccion": UploadKind(
        url="/carga/produccion",
        step="carga",
        section="production_log",
        endings=TABLES,
        hints={"decimal": _MARKS},
        look=_records("production_log"),
    ),
    "clima": UploadKind(
        url="/sol/clima",
        step="sol",
        section="weather",
        endings=WEATHERS,
        hints={
            "stamps": ("start", "middle", "end"),
            "kind": ("measured", "modelled", "typical"),
            "gaps": ("fill",),
            "missing": ("climatology",),
        },
        look=_weather,
        has_sheet=False,
    ),
}
"""The pages, by the name that their forms and texts use."""
