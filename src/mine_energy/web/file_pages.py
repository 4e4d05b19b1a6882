"""The motor list: upload or paste, every bad cell marked where it stands, template and marked copy."""

from typing import Any, Final

from flask import Blueprint, Response, abort, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from mine_energy.errors import InputError, Problem
from mine_energy.io import marked, template
from mine_energy.io.grid import Grid, inventory_grid, inventory_table
from mine_energy.io.inventory import read_inventory
from mine_energy.io.site_checks import user_path
from mine_energy.io.tables import MAX_COLUMNS
from mine_energy.messages import significant, text
from mine_energy.motors import MotorInventory
from mine_energy.web.fields import put, value_of
from mine_energy.web.folder import DATA, MAX_UNPACKED_BYTES, TABLES, safe_name, unpacked_bytes
from mine_energy.web.here import advice, country, finding_lines, here, language, page, told

pages = Blueprint("files", __name__)
PASTED: Final = "pegado.tsv"
MAX_LIST_ROWS: Final = 20_000
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pages.get("/motores")
def show() -> str:
    """Show the motor list with what is wrong at each cell."""
    document = here().folder.document()
    name = str(value_of(document, "inventory.file") or "")
    inventory, problems, grid = _look(name, document)
    return page(
        "motors.html.j2",
        "motores",
        file=name,
        sheet=str(value_of(document, "inventory.sheet") or ""),
        count=len(inventory.motors) if inventory else 0,
        rated_kw=_rated_kw(inventory) if inventory else "",
        findings=finding_lines(inventory.findings) if inventory else [],
        problems=told(InputError(problems)) if problems else [],
        problem_count=len(problems),
        grid=grid,
        words=advice,
        pasted=_pasted(name),
    )


@pages.post("/motores")
def upload() -> BaseResponse:
    """Keep an uploaded or pasted list and name it in the site file, right or wrong: it is mended from there."""
    folder = here().folder
    sent, typed = request.files.get("archivo"), request.form.get("pegado", "")
    if sent is not None and sent.filename:
        content = sent.read()
        _refuse_endless(content, sent.filename)
        name = folder.keep(sent.filename, content, TABLES)
    elif typed.strip():
        content = typed.replace("\r\n", "\n").encode("utf-8")
        _refuse_endless(content, PASTED)
        name = folder.keep(PASTED, content, TABLES)
    else:
        raise InputError([Problem(key="upload_nothing")])
    document = folder.document()
    put(document, "inventory.file", name)
    put(document, "inventory.sheet", request.form.get("hoja", "").strip()[:100] or None)
    folder.save(document)
    return redirect("/motores", 303)


@pages.post("/motores/quitar")
def remove() -> BaseResponse:
    """Take the list out of the site file; the uploaded file stays."""
    folder = here().folder
    document = folder.document()
    document.pop("inventory", None)
    folder.save(document)
    return redirect("/motores", 303)


@pages.get("/motores/plantilla")
def empty() -> Response:
    """Give the empty template."""
    return attachment(template.template_workbook(language()), text("template.inventory_file", language()), XLSX)


@pages.get("/motores/marcado")
def copy() -> Response:
    """Give a copy of the list with the bad cells coloured and commented."""
    document = here().folder.document()
    name = str(value_of(document, "inventory.file") or "")
    _, problems, _ = _look(name, document)
    if not problems:
        abort(404)
    made = marked.mark(user_path(here().folder.root, name), name, problems, language())
    stem = name.replace("\\", "/").rpartition("/")[2].replace(".", "_")
    return attachment(made.content, text("marked.file", language(), stem=stem), XLSX)


def attachment(content: bytes, name: str, kind: str) -> Response:
    """Return bytes as a download."""
    response = Response(content, mimetype=kind)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _refuse_endless(content: bytes, name: str) -> None:
    """Refuse what opens as a table but is far too long for a motor list, before every cell of it is judged."""
    if unpacked_bytes(content) > MAX_UNPACKED_BYTES:
        return  # refused where it would be kept
    try:
        table = inventory_table(content, safe_name(name))
    except InputError:
        return  # kept and shown with what is wrong with it
    if len(table.rows) > MAX_LIST_ROWS:
        raise InputError([table.about("table_too_large", rows=MAX_LIST_ROWS, columns=MAX_COLUMNS)])


def _look(name: str, document: Any) -> tuple[MotorInventory | None, tuple[Problem, ...], Grid | None]:
    """Return the list, or what is wrong with it, and the table as it stands."""
    folder = here().folder
    if not name:
        return None, (), None
    path = user_path(folder.root, name)
    if not folder.holds(path):
        return None, (Problem(key="outside_folder", file=name, value=name),), None
    sheet = str(value_of(document, "inventory.sheet") or "")
    mark = value_of(document, "inventory.decimal")
    inventory: MotorInventory | None = None
    problems: tuple[Problem, ...] = ()
    try:
        inventory = read_inventory(path, sheet, name, decimal=mark if mark in {",", "."} else "")
    except InputError as error:
        problems = error.problems
    try:
        return inventory, problems, inventory_grid(path, name, problems, sheet=sheet)
    except InputError:
        return inventory, problems, None


def _rated_kw(inventory: MotorInventory) -> str:
    total = sum(one.rated_power_kw * one.quantity for one in inventory.motors)
    return significant(total, language(), country())


def _pasted(name: str) -> str:
    """Return the pasted text, to be mended and sent again; empty for an uploaded file."""
    path = here().folder.root / DATA / PASTED
    return path.read_text(encoding="utf-8") if name == f"{DATA}/{PASTED}" and path.is_file() else ""
