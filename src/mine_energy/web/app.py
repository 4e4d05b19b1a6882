"""The page as a Flask application."""

import secrets
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from flask import Flask, redirect, request, session
from jinja2 import StrictUndefined
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from mine_energy.errors import InputError, Language, MineEnergyError
from mine_energy.io.results import write_together
from mine_energy.messages import LANGUAGES
from mine_energy.web import file_pages, form_pages, report_pages, upload_pages
from mine_energy.web.fields import STEPS, Step
from mine_energy.web.folder import StudyFolder
from mine_energy.web.guard import UPLOAD_SECONDS, Patient, protect
from mine_energy.web.here import EXTENSION, Here, language, page, told
from mine_energy.web.jobs import Desk, Work, run_order
from mine_energy.web.reading import Reader, shared
from mine_energy.web.upload_kinds import KINDS
from mine_energy.web.words import error_lines

MAX_UPLOAD_BYTES: Final = 50_000_000
MAX_TEXT_BYTES: Final = 2_000_000
_MAX_PARTS: Final = 200
PLACES: Final = frozenset((*STEPS, *(kind.url.removeprefix("/") for kind in KINDS.values())))
"""Pages on which the language can be changed."""
_KNOWN: Final = frozenset({400, 403, 404, 405, 408, 413, 421, 500})


def create_app(
    folder: Path | str,
    *,
    key: str | None = None,
    language: Language = "es",
    work: Work = run_order,
    reader: Reader | None = None,
) -> Flask:
    """Return the application that serves one study's folder.

    Parameters
    ----------
    folder
        Where the study is kept; made when absent. Nothing outside it is read or written.
    key
        Secret that ``/entrar?clave=`` asks for; a new one when None.
    language
        Of a reader who has chosen none.
    work
        What a calculation runs.
    reader
        Looks at the files; the program's own when None.

    Raises
    ------
    OutputError
        The folder cannot be made.
    """
    root = Path(folder)
    write_together(root, {})
    app = Flask(__name__)
    app.config.update(
        MAX_CONTENT_LENGTH=MAX_UPLOAD_BYTES, MAX_FORM_MEMORY_SIZE=MAX_TEXT_BYTES, MAX_FORM_PARTS=_MAX_PARTS
    )
    # Flask escapes by the ending of a template's name; here everything is escaped.
    app.jinja_env.autoescape = True
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.wsgi_app = Patient(app.wsgi_app, UPLOAD_SECONDS)  # type: ignore[method-assign]
    app.extensions[EXTENSION] = Here(
        folder=StudyFolder(root=root.resolve()), language=language, desk=Desk(), work=work, reader=reader or shared()
    )
    protect(app, key or secrets.token_urlsafe(24))
    for pages in (form_pages, file_pages, upload_pages, report_pages):
        app.register_blueprint(pages.pages)
    app.add_url_rule("/", "start", _start)
    app.add_url_rule("/idioma/<chosen>", "language", _language)
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(MineEnergyError, _wrong)
    return app


def _start() -> Response:
    return redirect("/sitio", 303)


def _language(chosen: str) -> Response:
    if chosen in LANGUAGES:
        session["lang"] = chosen
    place = request.args.get("paso", "")
    if place not in PLACES:
        return redirect("/", 303)
    rest = urlencode([(key, value) for key, value in request.args.items(multi=True) if key != "paso"])
    return redirect(f"/{place}?{rest}" if rest else f"/{place}", 303)


def _refused(error: HTTPException) -> tuple[str, int]:
    code = error.code or 500
    known = code if code in _KNOWN else 500
    return page("error.html.j2", None, lines=[], code=known, back=_back()), code


def _wrong(error: MineEnergyError) -> tuple[str, int]:
    lines = [one.text for one in told(error)] if isinstance(error, InputError) else error_lines(error, language())
    return page("error.html.j2", None, lines=lines, code=0, focus=True, back=_back()), 422


def _back() -> Step:
    """Return the step that a request was about; the first one where it was about none."""
    first = request.path.split("/")[1]
    return next((step for step in STEPS if step == first), STEPS[0])
