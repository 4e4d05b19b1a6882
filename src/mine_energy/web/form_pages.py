"""The steps that are plain forms: site, sun and array, money and footprint."""

from collections.abc import Mapping
from itertools import groupby
from typing import Any, Final

from flask import Blueprint, Request, redirect, request
from werkzeug.wrappers import Response

from mine_energy.catalog import table
from mine_energy.errors import InputError
from mine_energy.io.coordinates import read_coordinates
from mine_energy.web.fields import (
    FIELDS,
    MAX_SHIFTS,
    SHIFTS,
    STEPS,
    Step,
    control_of,
    places,
    read_form,
    value_of,
    written,
)
from mine_energy.web.here import Told, advice, here, language, page, say, switched, told

pages = Blueprint("forms", __name__)
KNOWN_PLACE: Final = "lugar"
PASTED_PLACE: Final = "coordenadas"
_LONGEST: Final = 300


@pages.get("/sitio", defaults={"step": "sitio"})
@pages.get("/sol", defaults={"step": "sol"})
@pages.get("/dinero", defaults={"step": "dinero"})
def show(step: Step) -> str:
    """Show a form with what the site file says."""
    document = here().folder.document()
    typed = {field.key: written(document, field) for field in FIELDS[step]} | _shifts(document)
    return _form(step, document, typed, {}, _problems(step) if request.args.get("revisar") else [])


@pages.post("/sitio", defaults={"step": "sitio"})
@pages.post("/sol", defaults={"step": "sol"})
@pages.post("/dinero", defaults={"step": "dinero"})
def save(step: Step) -> Response | str | tuple[str, int]:
    """Save a form; what cannot be read is shown again as it was typed, and then nothing is saved."""
    folder = here().folder
    document = folder.document()
    typed = _typed(request, step)
    if switched():
        return _form(step, document, typed, {}, [])
    if step == "sitio" and request.form.get("tomar"):
        found, wrong = _found(request.form)
        return _form(step, document, typed | found, wrong, _listed(step, wrong))
    new, errors = read_form(step, typed, document)
    if errors:
        said = {key: say(f"error.{error}") for key, error in errors.items()}
        return _form(step, document, typed, said, _listed(step, said)), 422
    folder.save(new)
    if _problems(step):
        return redirect(f"/{step}?revisar=1", 303)
    return redirect(f"/{STEPS[STEPS.index(step) + 1]}", 303)


def _found(form: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the coordinates of a packaged place, or those that were pasted, as typed values; and what is wrong."""
    pasted = form.get(PASTED_PLACE, "").strip()[:_LONGEST]
    if pasted:
        try:
            latitude, longitude = read_coordinates(pasted)
        except InputError as error:
            return {PASTED_PLACE: pasted}, {PASTED_PLACE: " ".join(advice(one) for one in error.problems)}
        return {PASTED_PLACE: pasted, "site.latitude": f"{latitude:.6f}", "site.longitude": f"{longitude:.6f}"}, {}
    chosen = next((row for row in table("climatology/sites_annual.csv") if row["site"] == form.get(KNOWN_PLACE)), None)
    if chosen is None:
        return {}, {KNOWN_PLACE: say("error.place")}
    taken = {f"site.{key}": chosen[key] for key in ("country", "latitude", "longitude")}
    return {KNOWN_PLACE: chosen["site"], **taken}, {}


def _listed(step: Step, wrong: Mapping[str, str]) -> list[Told]:
    """Return the marks at the fields as the list above the form."""
    names = {field.key: field.name for field in FIELDS[step]}
    return [
        Told(text=f"{_label(step, key)}: {words}", step=step, anchor=f"f-{names[key]}" if key in names else key)
        if key != "site.shifts"
        else Told(text=f"{say('shifts')}: {words}", step=step, anchor="shift.1.start")
        for key, words in wrong.items()
    ]


def _label(step: Step, key: str) -> str:
    name = next((field.name for field in FIELDS[step] if field.key == key), "")
    return say(f"field.{name}") if name else say(f"find.{key}")


def _typed(asked: Request, step: Step) -> dict[str, str]:
    names = [field.key for field in FIELDS[step]] + [KNOWN_PLACE, PASTED_PLACE]
    names += [f"shift.{number}.{part}" for number in range(1, MAX_SHIFTS + 1) for part in ("start", "end")]
    return {name: asked.form.get(name, "") for name in names}


def _shifts(document: Mapping[str, Any]) -> dict[str, str]:
    shifts = value_of(document, "site.shifts")
    typed = {f"shift.{n}.{part}": "" for n in range(1, MAX_SHIFTS + 1) for part in ("start", "end")}
    for number, shift in enumerate(shifts if isinstance(shifts, list) else [], 1):
        if isinstance(shift, Mapping):
            typed |= {f"shift.{number}.{part}": str(shift.get(part, ""))[:5] for part in ("start", "end")}
    return typed


def _problems(step: Step) -> list[Told]:
    """Return what the check of the site file has against the answers of a step."""
    try:
        here().folder.check_site()
    except InputError as error:
        return [one for one in told(error) if one.step == step]
    return []


def _form(
    step: Step, document: Mapping[str, Any], typed: Mapping[str, str], errors: Mapping[str, str], problems: list[Told]
) -> str:
    options = {f.key: f.options(language(), document) for f in FIELDS[step] if f.options is not None}
    # What the check of the whole file has against one answer stands at that answer too.
    asked = {f"f-{field.name}": field.key for field in FIELDS[step]}
    asked[control_of(SHIFTS)] = "site.shifts"
    marked = {asked[one.anchor]: one.short for one in problems if one.anchor in asked}
    return page(
        "form.html.j2",
        step,
        groups=[(name, tuple(fields)) for name, fields in groupby(FIELDS[step], key=lambda field: field.group)],
        typed={KNOWN_PLACE: "", PASTED_PLACE: "", **typed},
        options=options,
        errors={**marked, **errors},
        problems=problems,
        focus=bool(problems),
        shifts=range(1, MAX_SHIFTS + 1) if step == "sitio" else (),
        known=places("") if step == "sitio" else (),
        weather=str(value_of(document, "weather.file") or "") if step == "sol" else None,
        typed_form="paso",
    )
