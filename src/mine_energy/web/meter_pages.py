"""The meter: upload, see what the reader understood, say what the file does not tell, accept."""

from collections.abc import Mapping
from typing import Final

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from mine_energy.errors import InputError, Problem
from mine_energy.io.meters import read_meter
from mine_energy.io.site_checks import user_path
from mine_energy.loads import LoadProfile, quality_findings
from mine_energy.messages import significant
from mine_energy.web.fields import put, value_of
from mine_energy.web.folder import DATA, METERS, safe_name
from mine_energy.web.here import country, finding_lines, here, language, page, told

pages = Blueprint("meter", __name__)
HINTS: Final[Mapping[str, tuple[str, ...]]] = {
    "decimal": (",", "."),
    "date_order": ("dmy", "mdy", "ymd"),
    "quantity": ("energy", "power", "register"),
    "stamps": ("start", "end"),
    "fill": ("mean_of_day_type", "linear", "previous_week"),
}
"""What a person may say of a file that does not tell it itself."""


@pages.get("/carga")
def show() -> str:
    """Show what was understood of the file in question, else of the one that was accepted."""
    document = here().folder.document()
    accepted = str(value_of(document, "load.file") or "")
    asked = _candidate(request.args.get("archivo", ""))
    name = asked or accepted
    hints = _hints(request.args) if asked else _hints(value_of(document, "load") or {})
    sheet = request.args.get("hoja", "")[:100] if asked else str(value_of(document, "load.sheet") or "")
    load, problems = _look(name, sheet, hints)
    return page(
        "meter.html.j2",
        "carga",
        accepted=accepted,
        file=name,
        is_candidate=bool(asked),
        sheet=sheet,
        hints=hints,
        choices=HINTS,
        facts=_facts(load) if load else [],
        findings=finding_lines((*load.findings, *quality_findings(load))) if load else [],
        problems=told(InputError(problems)) if problems else [],
        problem_count=len(problems),
    )


@pages.post("/carga")
def upload() -> Response:
    """Keep an uploaded file and show what was understood; the site file does not name it yet."""
    sent = request.files.get("archivo")
    if sent is None or not sent.filename:
        raise InputError([Problem(key="upload_nothing")])
    name = here().folder.keep(sent.filename, sent.read(), METERS)
    return redirect(f"/carga?archivo={name.rpartition('/')[2]}", 303)


@pages.post("/carga/aceptar")
def accept() -> Response:
    """Name the file, and what was said of it, in the site file."""
    folder = here().folder
    name = _candidate(request.form.get("archivo", ""))
    if not name:
        raise InputError([Problem(key="upload_nothing")])
    hints, sheet = _hints(request.form), request.form.get("hoja", "").strip()[:100]
    _, problems = _look(name, sheet, hints)
    if problems:
        raise InputError(problems)
    document = folder.document()
    put(document, "load.file", name)
    put(document, "load.sheet", sheet or None)
    for key in HINTS:
        put(document, f"load.{key}", hints.get(key))
    folder.save(document)
    return redirect("/carga", 303)


@pages.post("/carga/quitar")
def remove() -> Response:
    """Take the meter out of the site file; the uploaded file stays."""
    folder = here().folder
    document = folder.document()
    document.pop("load", None)
    folder.save(document)
    return redirect("/carga", 303)


def _candidate(written: str) -> str:
    """Return an uploaded file by its name alone, as the site file would write it; empty when there is none."""
    folder = here().folder
    name = written.rpartition("/")[2]
    path = folder.root / DATA / name
    known = bool(name) and name == safe_name(name) and path.is_file() and folder.holds(path)
    return f"{DATA}/{name}" if known else ""


def _hints(given: Mapping[str, object]) -> dict[str, str]:
    return {key: str(given[key]) for key, values in HINTS.items() if given.get(key) in values}


def _look(name: str, sheet: str, hints: Mapping[str, str]) -> tuple[LoadProfile | None, tuple[Problem, ...]]:
    folder = here().folder
    if not name:
        return None, ()
    path = user_path(folder.root, name)
    if not folder.holds(path):
        return None, (Problem(key="outside_folder", file=name, value=name),)
    said = {key: value for key, value in hints.items() if key != "fill"}
    if "fill" in hints:
        said["gaps"] = "mark"
    try:
        return read_meter(path, sheet=sheet, name=name, **said), ()
    except InputError as error:
        return None, error.problems


def _facts(load: LoadProfile) -> list[tuple[str, str, str]]:
    """Return key, value and unit of what was understood."""
    first, last = load.load_kw.index[0], load.load_kw.index[-1]
    figures = (
        ("step", load.step_minutes, "min"),
        ("energy", load.energy_kwh, "kWh"),
        ("peak", load.peak_kw, "kW"),
        ("mean", load.mean_kw, "kW"),
    )
    stamps = [("first", f"{first:%Y-%m-%d %H:%M}", ""), ("last", f"{last:%Y-%m-%d %H:%M}", "")]
    return stamps + [(key, significant(value, language(), country()), unit) for key, value, unit in figures]
