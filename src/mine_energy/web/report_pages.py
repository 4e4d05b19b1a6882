"""The last step: what is missing, the calculation with its progress, the report and the downloads."""

from typing import Final, get_args

from flask import Blueprint, Response, abort, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from mine_energy.errors import InputError, Language
from mine_energy.io.pdf import Paper
from mine_energy.messages import LANGUAGES
from mine_energy.web.fields import STEPS
from mine_energy.web.file_pages import XLSX
from mine_energy.web.folder import COPIES, RESULTS
from mine_energy.web.guard import REPORT_POLICY
from mine_energy.web.here import Told, here, language, page, say, told
from mine_energy.web.jobs import Job, Kind, Order
from mine_energy.web.looks import study_problems
from mine_energy.web.words import error_lines

pages = Blueprint("report", __name__)
_KINDS: Final = {"html": "text/html", "xlsx": XLSX, "json": "application/json", "pdf": "application/pdf"}


@pages.get("/informe")
def show() -> str:
    """Show what is missing, or the calculation, and the results that are there."""
    folder, running = here().folder, _running()
    first = folder.report_language()
    others = [one for one in LANGUAGES if first and one != first]
    return page(
        "report.html.j2",
        "informe",
        problems=[] if running else _problems(),
        job=here().desk.job,
        running=running,
        unfinished=not running and folder.is_in_work,
        results=[name for name in RESULTS if folder.result(name)],
        copies=[name for name in COPIES if folder.result(name)],
        reports=[("report.html", first), *((f"report_{one}.html", one) for one in others)] if first else [],
        papers=get_args(Paper),
    )


@pages.get("/informe/estado")
def state() -> Response:
    """Return the progress alone, for the part of the page that refreshes itself."""
    response = Response(render_template("progress.html.j2", t=say, job=here().desk.job, running=_running()))
    if not _running():
        response.headers["HX-Redirect"] = "/informe"
    return response


@pages.post("/informe/calcular")
def calculate() -> BaseResponse:
    """Start the study; with problems nothing starts and the page says which."""
    if not _running() and not _problems():
        _start("study", with_sizing=bool(request.form.get("tamanos")))
    return redirect("/informe", 303)


@pages.post("/informe/copia")
def again() -> BaseResponse:
    """Make report and workbook of the finished study in the other language; nothing is computed again."""
    chosen = request.form.get("en", "")
    if chosen in LANGUAGES and here().folder.result("study.json"):
        _start("again", to="en" if chosen == "en" else "es")
    return redirect("/informe", 303)


@pages.post("/informe/pdf")
def paper() -> BaseResponse:
    """Make a PDF of the finished study's report, in the reader's language."""
    chosen = request.form.get("papel", "")
    if chosen in get_args(Paper) and here().folder.result("study.json"):
        _start("pdf", paper="letter" if chosen == "letter" else "a4")
    return redirect("/informe", 303)


@pages.post("/informe/cancelar")
def cancel() -> BaseResponse:
    """Stop what is in work; the results of an earlier study stay."""
    here().desk.stop(3)
    return redirect("/informe", 303)


@pages.get("/informe/archivo/<name>")
def file(name: str) -> Response:
    """Give a result: the report to be read here, the others as downloads; no other name exists."""
    path = here().folder.result(name)
    if path is None:
        abort(404)
    kind = name.rpartition(".")[2]
    response = Response(path.read_bytes(), mimetype=_KINDS[kind])
    if kind == "html" and not request.args.get("descargar"):
        response.headers["Content-Security-Policy"] = REPORT_POLICY
    else:
        response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _start(kind: Kind, *, to: Language | None = None, with_sizing: bool = True, paper: Paper = "a4") -> None:
    at = here()
    order = Order(
        folder=at.folder.root,
        site=at.folder.site_path,
        language=to or language(),
        kind=kind,
        with_sizing=with_sizing,
        paper=paper,
    )
    at.desk.start(lambda: Job(order, work=at.work))


def _running() -> bool:
    job = here().desk.job
    return job is not None and job.state == "running"


def _problems() -> list[Told]:
    name = here().folder.site_name
    try:
        problems, refused = here().reader.ask(name, study_problems, here().folder)
    except InputError as error:
        return told(error)
    if refused is not None:
        return [Told(text=line, step=STEPS[-1]) for line in error_lines(refused, language())]
    return told(InputError(problems)) if problems else []
