"""The motor list: upload or paste, every bad cell marked where it stands and mended there, template, marked copy."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePath
from typing import Any, Final

from flask import Blueprint, Response, abort, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from mine_energy.errors import InputError, Problem
from mine_energy.io import marked, template
from mine_energy.io.grid import Grid, GridRow
from mine_energy.io.site_checks import user_path
from mine_energy.io.table_edit import EDITED, Cell, edited_name
from mine_energy.messages import significant, text
from mine_energy.web.fields import put, value_of
from mine_energy.web.folder import DATA, MAX_UNPACKED_BYTES, TABLES, safe_name, unpacked_bytes
from mine_energy.web.here import advice, country, finding_lines, here, language, page, switched, told
from mine_energy.web.looks import ListLook, Mark, edit_list, list_problem, look_at_list

pages = Blueprint("files", __name__)
PASTED: Final = "pegado.tsv"
MAX_LIST_ROWS: Final = 20_000
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CELL: Final = re.compile(r"c\.([0-9]{1,7})\.([0-9]{1,4})")
_LONGEST_CELL: Final = 300
_NOTHING: Final = ListLook(machines=0, rated_kw=0.0, findings=(), problems=(), grid=None)


@pages.get("/motores")
def show() -> str:
    """Show the motor list with what is wrong at each cell."""
    return _page()


@pages.post("/motores")
def upload() -> BaseResponse | str:
    """Keep an uploaded or pasted list and name it in the site file, right or wrong: it is mended from there."""
    if switched():
        return _page(pasted=request.form.get("pegado", ""))
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
    _name_it(name, request.form.get("hoja", "").strip()[:100], "")
    return redirect("/motores?revisar=1", 303)


@pages.post("/motores/lectura")
def read_otherwise() -> BaseResponse:
    """Say which worksheet holds the list, and its decimal mark."""
    document = here().folder.document()
    name, mark = str(value_of(document, "inventory.file") or ""), request.form.get("decimal", "")
    if not name:
        raise InputError([Problem(key="upload_nothing")])
    _name_it(name, request.form.get("hoja", "").strip()[:100], mark if mark in {",", "."} else "")
    return redirect("/motores?revisar=1", 303)


@pages.post("/motores/celdas")
def mend() -> BaseResponse | str:
    """Write the list with the cells that were mended beside the one that was sent, and name the new one."""
    changes = _cells(request.form)
    if switched():
        return _page(typed=changes)
    folder = here().folder
    document = folder.document()
    name, path = _named(document)
    if not name or request.form.get("archivo") != name or request.form.get("huella") != folder.mark_of(path):
        raise InputError([Problem(key="list_changed", file=name)])
    removed = tuple(int(line) for line in request.form.getlist("quitar") if line.isascii() and line.isdigit())
    sheet = str(value_of(document, "inventory.sheet") or "")
    edited = here().reader.ask(name, edit_list, path, name, sheet, changes, removed)
    if edited.changed:
        kept = folder.keep(edited_name(PurePath(name).name, edited.ending), edited.content, TABLES)
        _name_it(kept, "", str(value_of(document, "inventory.decimal") or ""))
    return redirect("/motores?revisar=1", 303)


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
    name, path = _named(here().folder.document())
    problems = _look().problems
    if not problems or not here().folder.holds(path):
        abort(404)
    made = here().reader.ask(name, marked.mark, path, name, problems, language())
    stem = name.replace("\\", "/").rpartition("/")[2].replace(".", "_")
    return attachment(made.content, text("marked.file", language(), stem=stem), XLSX)


def attachment(content: bytes, name: str, kind: str) -> Response:
    """Return bytes as a download."""
    response = Response(content, mimetype=kind)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _page(*, typed: Mapping[Cell, str] | None = None, pasted: str = "") -> str:
    """Return the page; `typed` and `pasted` are what was typed and not sent to be kept."""
    document = here().folder.document()
    name, path = _named(document)
    look, editing = _look(), _line(request.values.get("fila", ""))
    adding = bool(request.values.get("columna")) and look.grid is not None and bool(look.grid.heading_line)
    rows, headings = _shown(look.grid, editing, adding=adding) if look.grid else ((), ())
    anchors = _anchors(look.grid, look.problems) if look.grid else {}
    return page(
        "motors.html.j2",
        "motores",
        file=name,
        sheet=str(value_of(document, "inventory.sheet") or ""),
        sheets=look.grid.sheets if look.grid else (),
        decimal=str(value_of(document, "inventory.decimal") or ""),
        was_edited=EDITED in name,
        count=look.machines,
        rated_kw=significant(look.rated_kw, language(), country()),
        findings=finding_lines(look.findings),
        problems=told(InputError(look.problems), anchors) if look.problems else [],
        problem_count=len(look.problems),
        focus=bool(request.args.get("revisar")) and bool(look.problems),
        grid=look.grid,
        headings=headings,
        rows=rows,
        editing=editing,
        adding=len(headings) - 1 if adding else -1,
        has_inputs=bool(editing)
        or adding
        or any(row.problems for row in rows)
        or bool(look.grid and look.grid.heading_problems),
        typed=typed or {},
        mark=here().folder.mark_of(path) if look.grid else "",
        words=advice,
        pasted=pasted or _pasted(name),
        # One form alone can be carried over: the cells at hand, else what is being pasted.
        typed_form="celdas" if look.grid and (editing or adding or typed) else "pegar",
    )


def _shown(grid: Grid, editing: int, *, adding: bool) -> tuple[tuple[GridRow, ...], tuple[str, ...]]:
    """Return rows and headings, with an empty row or column where one is added."""
    width = max((len(row.cells) for row in grid.rows), default=len(grid.headings))
    rows = grid.rows
    if editing and editing == grid.next_line:
        rows = (*rows, GridRow(line=editing, cells=("",) * width, problems={}))
    if not adding:
        return rows, grid.headings
    blank = ("",) * (width + 1)
    wider = tuple(replace(row, cells=(*row.cells, *blank)[: width + 1]) for row in rows)
    return wider, (*grid.headings, *blank)[: width + 1]


def _anchors(grid: Grid, problems: tuple[Problem, ...]) -> dict[int, str]:
    """Return the control of each problem by its position."""
    control: dict[int, str] = {}
    position = {id(one): i for i, one in enumerate(problems)}
    places = [(grid.heading_line, grid.heading_problems), *((row.line, row.problems) for row in grid.rows)]
    for line, by_column in places:
        for column, found in by_column.items():
            control |= {position[id(one)]: f"c-{line}-{column}" for one in found if id(one) in position}
    return control


def _cells(form: Mapping[str, str]) -> dict[Cell, str]:
    """Return the cells that a form holds; a name that is none counts for nothing."""
    places = ((_CELL.fullmatch(key), value) for key, value in form.items())
    return {(int(at[1]), int(at[2])): " ".join(value[:_LONGEST_CELL].split()) for at, value in places if at}


def _line(written: str) -> int:
    return int(written) if written.isascii() and written.isdigit() and len(written) < 8 else 0


def _name_it(name: str, sheet: str, mark: str) -> None:
    folder = here().folder
    document = folder.document()
    put(document, "inventory.file", name)
    put(document, "inventory.sheet", sheet or None)
    put(document, "inventory.decimal", mark or None)
    folder.save(document)


def _refuse_endless(content: bytes, name: str) -> None:
    """Refuse what opens as a table but is far too long for a motor list, before every cell of it is judged."""
    if unpacked_bytes(content) > MAX_UNPACKED_BYTES:
        return  # refused where it would be kept
    problem = here().reader.ask(safe_name(name), list_problem, content, safe_name(name), MAX_LIST_ROWS)
    if problem is not None:
        raise InputError([problem])


def _named(document: Mapping[str, Any]) -> tuple[str, Any]:
    """Return the list's name in the site file, and where it is."""
    name = str(value_of(document, "inventory.file") or "")
    return name, user_path(here().folder.root, name)


def _look() -> ListLook:
    """Return what was understood of the list that the site file names."""
    document = here().folder.document()
    name, path = _named(document)
    if not name:
        return _NOTHING
    if not here().folder.holds(path):
        problem = Problem(key="outside_folder", file=name, value=name)
        return ListLook(machines=0, rated_kw=0.0, findings=(), problems=(problem,), grid=None)
    stated = value_of(document, "inventory.decimal")
    mark: Mark = "," if stated == "," else "." if stated == "." else ""
    try:
        return here().reader.ask(name, look_at_list, path, name, str(value_of(document, "inventory.sheet") or ""), mark)
    except InputError as error:
        return ListLook(machines=0, rated_kw=0.0, findings=(), problems=error.problems, grid=None)


def _pasted(name: str) -> str:
    """Return the pasted text, to be mended and sent again; empty for an uploaded file."""
    path = here().folder.root / DATA / PASTED
    return path.read_text(encoding="utf-8") if name == f"{DATA}/{PASTED}" and path.is_file() else ""
