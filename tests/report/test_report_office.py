"""The workbook in a real spreadsheet program: every formula recalculated there equals the value stored here."""

import io
import os
import re
import shutil
import subprocess
import zipfile
from math import isclose

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from mine_energy.report.workbook import render_workbook

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
ERROR = re.compile(r"#(?:REF!|NAME\?|VALUE!|DIV/0!|N/A|NUM!|NULL!)|Err:\d+")
FORMULA = re.compile(r"(<f>[^<]*</f>)<v>[^<]*</v>")
ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item></oor:items>"""
"""Profile of a LibreOffice that recalculates every file it opens."""

pytestmark = pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")


def emptied(data):
    """Return a workbook whose formulas have no stored value, so that what comes back was calculated."""
    made = io.BytesIO()
    count = 0
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name).decode("utf-8") if name.endswith(".xml") else old.read(name)
            if name.startswith("xl/worksheets/sheet"):
                content, found = FORMULA.subn(r"\1", content)
                count += found
            new.writestr(name, content)
    return made.getvalue(), count


def recalculated(data, folder):
    """Return what LibreOffice saves of a workbook after calculating it."""
    profile, out = folder / "profile", folder / "out"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS, encoding="utf-8")
    given = folder / "results.xlsx"
    given.write_bytes(data)
    words = [f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--convert-to", "xlsx"]
    env = {**os.environ, "HOME": str(folder)}
    subprocess.run(
        [OFFICE, *words, "--outdir", out, given], check=True, capture_output=True, timeout=240, env=env, cwd=folder
    )
    return (out / "results.xlsx").read_bytes()


def rows_of(data):
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def formula_cells(data):
    book = openpyxl.load_workbook(io.BytesIO(data))
    return [
        (sheet.title, cell.row, cell.column)
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]


def error_cells(data):
    """Return the cells that hold an error; calamine would give them as empty."""
    book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    return [
        (sheet.title, cell.coordinate, cell.value)
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "e" or (isinstance(cell.value, str) and ERROR.match(cell.value))
    ]


@pytest.fixture(scope="module", params=["pilot-es", "own_power-en", "financed-en"])
def calculated(request, tmp_path_factory):
    """Return our workbook, and the values of the same after LibreOffice calculated it from nothing."""
    name, language = request.param.rsplit("-", 1)
    data = render_workbook(request.getfixturevalue(f"{name}_study"), language)
    blank, count = emptied(data)
    return data, count, recalculated(blank, tmp_path_factory.mktemp("office"))


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_libreoffice_calculates_what_is_stored(calculated):
    data, count, made = calculated
    stored, found, cells = rows_of(data), rows_of(made), formula_cells(data)
    assert len(cells) == count > 100
    different = []
    for sheet, row, column in cells:
        wanted, got = stored[sheet][row - 1][column - 1], found[sheet][row - 1][column - 1]
        numbers = isinstance(wanted, int | float) and isinstance(got, int | float)
        if not (isclose(wanted, got, rel_tol=1e-6, abs_tol=1e-6) if numbers else wanted == got):
            different.append((sheet, row, column, wanted, got))
    assert different == []


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_no_cell_is_an_error_in_libreoffice(calculated):
    assert error_cells(calculated[2]) == []


def test_a_wrong_formula_would_be_seen(tmp_path):
    book = openpyxl.Workbook()
    book.active["A1"], book.active["A2"], book.active["A3"] = 2, "=A1*3", "=A1/0"
    made = io.BytesIO()
    book.save(made)
    again = recalculated(made.getvalue(), tmp_path)
    (rows,) = rows_of(again).values()
    assert rows[1][0] == 6
    assert error_cells(again) == [("Sheet", "A3", "#DIV/0!")]
