"""What every page needs: the folder, the study in work, the reader's language, and how a page is put together."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast

from flask import Flask, current_app, g, render_template, request, session

from mine_energy import messages
from mine_energy.errors import Finding, InputError, Language, MineEnergyError, Problem
from mine_energy.web.fields import SHIFTS, STEPS, Step, asked_by, control_of, step_of, value_of
from mine_energy.web.folder import StudyFolder
from mine_energy.web.guard import token
from mine_energy.web.jobs import Desk, Work, run_order
from mine_energy.web.reading import Reader, shared

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
    reader
        Looks at the files.
    """

    folder: StudyFolder
    language: Language
    desk: Desk
    work: Work = run_order
    reader: Reader = field(default_factory=shared)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A problem as a page shows it.

    Parameters
    ----------
    text
        In words, with its place.
    step, anchor
        Where it can be mended: the step, and the control there, if one asks for it.
    short
        What stands at that control.
    """

    text: str
    step: Step
    anchor: str = ""
    short: str = ""


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


def told(error: InputError, anchors: Mapping[int, str] | None = None, step: Step | None = None) -> list[Told]:
    """Return the problems of an error with the step that can mend each; the first hundred.

    Parameters
    ----------
    error
        Problems of any file.
    anchors
        Control by the position of the problem, where the page has one that no form of the site file asks for.
    step
        Where a file is mended that the site file does not name yet.
    """
    listed = enumerate(error.problems[:LISTED])
    return [one for i, problem in listed for one in _told(problem, (anchors or {}).get(i, ""), step)]


def _told(problem: Problem, anchor: str, step: Step | None) -> Iterator[Told]:
    """Yield a problem as the page shows it; a section that is missing as the answers that are missing in it."""
    at, own = step or _step(problem), problem.file in {"", here().folder.site_name}
    names = asked_by(problem.field) if own else ()
    if problem.key == "missing_key":
        for name in names:
            short = say("error.missing")
            yield Told(text=f"{label_of(name)}: {short}", step=at, anchor=control_of(name), short=short)
    if problem.key != "missing_key" or not names:
        found = anchor or (control_of(names[0]) if names else "")
        yield Told(text=_words(problem), step=at, anchor=found, short=advice(problem))


def label_of(name: str) -> str:
    """Return the label of a question."""
    return say("shifts") if name == SHIFTS else say(f"field.{name}")


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
    value = f" [{problem.value}]" if problem.value else ""
    return f"{', '.join(map(label_of, names))}{value}: {advice(problem)}"


def _step(problem: Problem) -> Step:
    folder = here().folder
    if problem.file in {"", folder.site_name}:
        return step_of(problem.field)
    try:
        document = folder.document()
    except MineEnergyError:
        return "informe"
    files: dict[str, Step] = {
        "inventory": "motores", "load": "carga", "bills": "carga", "fuel_log": "carga", "production_log": "carga",
        "weather": "sol",
    }  # fmt: skip
    return next((step for part, step in files.items() if value_of(document, f"{part}.file") == problem.file), "informe")


def switched() -> bool:
    """Whether a form was sent to change the language alone: then what was typed is shown again and not saved."""
    chosen = request.form.get("idioma", "")
    if chosen not in messages.LANGUAGES:
        return False
    session["lang"] = chosen
    return True


def hint(name: str) -> str:
    """Return what is said below a field; empty where nothing has to be."""
    return messages.catalogue(language()).get(f"web.hint.{name}", "")


def page(template: str, step: Step | None, **values: Any) -> str:
    """Return a whole page.

    Parameters
    ----------
    template, step
        Which; None for a page outside the steps.
    **values
        Of the template. ``place`` is the page's path, ``keep`` the query that the language switch hands on,
        ``typed_form`` the form that it sends, so that nothing typed is lost, ``focus`` whether the list of problems
        takes the focus.
    """
    given = {"place": step or "", "keep": "", "typed_form": "", "focus": False} | values
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
        **given,
    )
