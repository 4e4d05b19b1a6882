"""The last step: what is missing, the calculation with its progress, the report and the downloads."""

from flask import Blueprint, Response, abort, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from mine_energy.errors import InputError, MineEnergyError
from mine_energy.web.fields import STEPS
from mine_energy.web.file_pages import XLSX
from mine_energy.web.folder import RESULTS
from mine_energy.web.guard import REPORT_POLICY
from mine_energy.web.here import Told, here, language, page, say, told
from mine_energy.web.jobs import STAGES, Job
from mine_energy.web.words import error_lines

pages = Blueprint("report", __name__)
_KINDS = {"report.html": "text/html", "results.xlsx": XLSX, "study.json": "application/json"}


@pages.get("/informe")
def show() -> str:
    """Show what is missing, or the calculation, and the results that are there."""
    job = here().desk.job
    problems = [] if _running() else _problems()
    results = [name for name in RESULTS if here().folder.result(name)]
    return page(
        "report.html.j2", "informe", problems=problems, job=job, stages=STAGES, results=results, running=_running()
    )


@pages.get("/informe/estado")
def state() -> Response:
    """Return the progress alone, for the part of the page that refreshes itself."""
    response = Response(
        render_template("progress.html.j2", t=say, job=here().desk.job, stages=STAGES, running=_running())
    )
    if not _running():
        response.headers["HX-Redirect"] = "/informe"
    return response


@pages.post("/informe/calcular")
def calculate() -> BaseResponse:
    """Start the study; with problems nothing starts and the page says which."""
    if not _running() and not _problems():
        at, folder = here(), here().folder
        sized, words = bool(request.form.get("tamanos")), language()
        at.desk.start(lambda: Job(folder.root, folder.site_path, words, with_sizing=sized, work=at.work))
    return redirect("/informe", 303)


@pages.post("/informe/cancelar")
def cancel() -> BaseResponse:
    """Stop the study; the results of an earlier one stay."""
    here().desk.stop(3)
    return redirect("/informe", 303)


@pages.get("/informe/archivo/<name>")
def file(name: str) -> Response:
    """Give a result: the report to be read here, the others as downloads; no other name exists."""
    path = here().folder.result(name)
    if path is None:
        abort(404)
    response = Response(path.read_bytes(), mimetype=_KINDS[name])
    if name == "report.html" and not request.args.get("descargar"):
        response.headers["Content-Security-Policy"] = REPORT_POLICY
    else:
        response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _running() -> bool:
    job = here().desk.job
    return job is not None and job.state == "running"


def _problems() -> list[Told]:
    try:
        here().folder.inputs()
    except InputError as error:
        return told(error)
    except MineEnergyError as error:
        return [Told(text=line, step=STEPS[-1]) for line in error_lines(error, language())]
    return []
