"""A file beside the motor list: upload, see what the reader understood, say what the file does not tell, accept."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from mine_energy.errors import InputError, Problem
from mine_energy.io.site_checks import user_path
from mine_energy.web.fields import STEPS, put, value_of
from mine_energy.web.folder import DATA, safe_name
from mine_energy.web.here import finding_lines, here, page, told
from mine_energy.web.looks import joined_meters
from mine_energy.web.upload_kinds import KINDS, Name, Understood, UploadKind

pages = Blueprint("uploads", __name__)
JOINED: Final = "medidor_unido.csv"
"""Several files of the meter, one after the other."""
_LONGEST_SHEET: Final = 100


def _show(name: Name) -> str:
    """Show what was understood of the file in question, else of the one that was accepted."""
    kind, document = KINDS[name], here().folder.document()
    accepted = str(value_of(document, f"{kind.section}.file") or "")
    asked = _candidate(request.args.get("archivo", ""))
    given: Mapping[str, object] = request.args if asked else value_of(document, kind.section) or {}
    sheet = str(given.get("hoja" if asked else "sheet") or "")[:_LONGEST_SHEET]
    hints = _hints(kind, given)
    seen = _look(kind, asked or accepted, sheet, hints)
    return page(
        "upload.html.j2",
        kind.step,
        place=kind.url.removeprefix("/"),
        kind=name,
        form=kind,
        others={key: _accepted(one) for key, one in KINDS.items() if one.step == kind.step and key != name},
        after=STEPS[STEPS.index(kind.step) + 1] if kind.url == f"/{kind.step}" else kind.step,
        accepted=accepted,
        file=asked or accepted,
        is_candidate=bool(asked),
        sheet=sheet,
        hints=hints,
        facts=seen.facts,
        tables=seen.tables,
        findings=finding_lines(seen.findings),
        problems=told(InputError(seen.problems), step=kind.step) if seen.problems else [],
        problem_count=len(seen.problems),
        focus=bool(asked),
        keep=request.query_string.decode("ascii", "ignore") if asked else "",
    )


def _upload(name: Name) -> Response:
    """Keep what was uploaded and show what was understood of it; the site file does not name it yet."""
    kind, folder = KINDS[name], here().folder
    sent = [one for one in request.files.getlist("archivo") if one.filename]
    if not sent or (len(sent) > 1 and not kind.several):
        raise InputError([Problem(key="upload_nothing" if not sent else "upload_several")])
    kept = [folder.keep(one.filename or "", one.read(), kind.endings) for one in sent]
    asked = {"archivo": kept[0].rpartition("/")[2]}
    if len(kept) > 1:
        content = here().reader.ask(kept[0], joined_meters, folder.root, tuple(kept))
        folder.keep(JOINED, content, kind.endings)
        asked = {"archivo": JOINED, "stamps": "start"}
    return redirect(f"{kind.url}?{urlencode(asked)}", 303)


def _accept(name: Name) -> Response:
    """Name the file, and what was said of it, in the site file."""
    kind, folder = KINDS[name], here().folder
    file = _candidate(request.form.get("archivo", ""))
    if not file:
        raise InputError([Problem(key="upload_nothing")])
    hints, sheet = _hints(kind, request.form), request.form.get("hoja", "").strip()[:_LONGEST_SHEET]
    seen = _look(kind, file, sheet, hints)
    if seen.problems:
        raise InputError(seen.problems)
    document = folder.document()
    put(document, f"{kind.section}.file", file)
    if kind.has_sheet:
        put(document, f"{kind.section}.sheet", sheet or None)
    for key in kind.hints:
        put(document, f"{kind.section}.{key}", hints.get(key))
    folder.save(document)
    return redirect(kind.url, 303)


def _remove(name: Name) -> Response:
    """Take the file out of the site file; it stays in the folder."""
    kind, folder = KINDS[name], here().folder
    document = folder.document()
    for key in ("file", "sheet", *kind.hints):
        put(document, f"{kind.section}.{key}", None)
    if "file" not in (document.get(kind.section) or {}) and kind.section != "weather":
        document.pop(kind.section, None)
    folder.save(document)
    return redirect(kind.url, 303)


for _name, _kind in KINDS.items():
    _given = {"name": _name}
    pages.add_url_rule(_kind.url, f"show_{_name}", _show, defaults=_given, methods=["GET"])
    pages.add_url_rule(_kind.url, f"upload_{_name}", _upload, defaults=_given, methods=["POST"])
    pages.add_url_rule(f"{_kind.url}/aceptar", f"accept_{_name}", _accept, defaults=_given, methods=["POST"])
    pages.add_url_rule(f"{_kind.url}/quitar", f"remove_{_name}", _remove, defaults=_given, methods=["POST"])


def _accepted(kind: UploadKind) -> tuple[str, str]:
    """Return where a file is given, and the one that was accepted."""
    return kind.url, str(value_of(here().folder.document(), f"{kind.section}.file") or "")


def _candidate(written: str) -> str:
    """Return an uploaded file by its name alone, as the site file would write it; empty when there is none."""
    folder = here().folder
    name = written.rpartition("/")[2]
    path = folder.root / DATA / name
    known = bool(name) and name == safe_name(name) and path.is_file() and folder.holds(path)
    return f"{DATA}/{name}" if known else ""


def _hints(kind: UploadKind, given: Mapping[str, object]) -> dict[str, str]:
    return {key: str(given[key]) for key, values in kind.hints.items() if given.get(key) in values}


def _look(kind: UploadKind, name: str, sheet: str, hints: Mapping[str, str]) -> Understood:
    folder = here().folder
    if not name:
        return Understood()
    path = user_path(folder.root, name)
    if not folder.holds(path):
        return Understood(problems=(Problem(key="outside_folder", file=name, value=name),))
    return kind.look(path, name, sheet, hints)
