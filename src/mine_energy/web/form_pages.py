"""The steps that are plain forms: site, sun and array, money and footprint."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Request, redirect, request
from werkzeug.wrappers import Response

from mine_energy.errors import InputError
from mine_energy.web.fields import FIELDS, MAX_SHIFTS, STEPS, Step, read_form, value_of, written
from mine_energy.web.here import Told, here, language, page, say, told

pages = Blueprint("forms", __name__)


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
def save(step: Step) -> Response | tuple[str, int]:
    """Save a form; what cannot be read is shown again as it was typed, and then nothing is saved."""
    folder = here().folder
    document = folder.document()
    typed = _typed(request, step)
    new, errors = read_form(step, typed, document)
    if errors:
        return _form(step, document, typed, {key: say(f"error.{error}") for key, error in errors.items()}, []), 422
    folder.save(new)
    if _problems(step):
        return redirect(f"/{step}?revisar=1", 303)
    return redirect(f"/{STEPS[STEPS.index(step) + 1]}", 303)


def _typed(asked: Request, step: Step) -> dict[str, str]:
    names = [field.key for field in FIELDS[step]]
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
    return page(
        "form.html.j2",
        step,
        fields=FIELDS[step],
        typed=typed,
        options=options,
        errors=errors,
        problems=problems,
        shifts=range(1, MAX_SHIFTS + 1) if step == "sitio" else (),
    )
