"""What every page needs: the folder, the study in work, the reader's language, and how a page is put together."""

from dataclasses import dataclass
from typing import Any, Final, cast

from flask import Flask, current_app, g, render_template, session

from mine_energy import messages
from mine_energy.errors import Finding, InputError, Language, MineEnergyError, Problem
from mine_energy.web.fields import STEPS, Step, asked_by, step_of, value_of
from mine_energy.web.folder import StudyFolder
from mine_energy.web.guard import token
from mine_energy.web.jobs import Desk, Work, study_work

EXTENSION: Final = "mine_energy"
_PARTS: Final = ("reason", "fix")
LISTED: Final = 100
"""Problems that a page lists."""


@dataclass(slots=True, kw_only=True, eq=False)
class Here:
    """One served study.

    Parameters
    ----------
    folder
        Where it is kept.
    language
        Of a reader who has chosen none.
    desk
        Where its calculation is started.
    work
        What a calculation runs.
    """

    folder: StudyFolder
    language: Language
    desk: Desk
    work: Work = study_work


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A problem as a page shows it: in words, with the step that can mend it."""

    text: str
    step: Step


def of_app(app: Flask) -> Here:
    """Return what an application serves."""
    return cast("Here", app.extensions[EXTENSION])


def here() -> Here:
    """Return what the present request is about."""
    return of_app(current_app)


def language() -> Language:
    """Return the reader's language."""
    chosen = session.get("lang")
    return chosen if chosen in messages.LANGUAGES else here().language


def country() -> str:
    """Return the country of the site file as far as it says one, for the marks of numbers."""
    if "country" not in g:
        try:
            g.country = str(value_of(here().folder.document(), "site.country") or "")
        except MineEnergyError:
            g.country = ""
    return str(g.country)


def say(key: str, /, **params: str | int | float) -> str:
    """Return a text of the page."""
    return messages.text(f"web.{key}", language(), country(), **params)


def finding_lines(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    """Return findings with their level, in words."""
    return [(one.level, messages.finding_text(one, language(), country())) for one in findings]


def told(error: InputError) -> list[Told]:
    """Return the problems of an error with the step that can mend each; the first hundred."""
    return [Told(text=_words(one), step=_step(one)) for one in error.problems[:LISTED]]


def advice(problem: Problem) -> str:
    """Return reason and fix of a problem without its place: for where the place is plain to see."""
    params = {"value": problem.value, "field": problem.field, **problem.params}
    parts = (messages.text(f"problems.{problem.key}.{part}", language(), country(), **params) for part in _PARTS)
    return " ".join(parts)


def _words(problem: Problem) -> str:
    """Return a problem in words; one of an answer names the question, not the key of the site file."""
    if problem.file not in {"", here().folder.site_name}:
        return messages.problem_text(problem, language(), country())
    names = asked_by(problem.field)
    if not names:
        return messages.problem_text(problem, language(), country())
    labels = ", ".join(say(f"field.{name}") if name != "shifts" else say("shifts") for name in names)
    if problem.key == "missing_key":
        return f"{labels}: {say('error.missing')}"
    value = f" [{problem.value}]" if problem.value else ""
    return f"{labels}{value}: {advice(problem)}"


def _step(problem: Problem) -> Step:
    folder = here().folder
    if problem.file in {"", folder.site_name}:
        return step_of(problem.field)
    try:
        document = folder.document()
    except MineEnergyError:
        return "informe"
    files: dict[str, Step] = {"inventory": "motores", "load": "carga"}
    return next((step for part, step in files.items() if value_of(document, f"{part}.file") == problem.file), "informe")


def hint(name: str) -> str:
    """Return what is said below a field; empty where nothing has to be."""
    return messages.catalogue(language()).get(f"web.hint.{name}", "")


def page(template: str, step: Step | None, **values: Any) -> str:
    """Return a whole page."""
    return render_template(
        template,
        t=say,
        hint=hint,
        lang=language(),
        lang_tag="en" if language() == "en" else f"es-{country() or 'CO'}",
        steps=STEPS,
        step=step,
        token=token(),
        folder_name=here().folder.root.name,
        **values,
    )
