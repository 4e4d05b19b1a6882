"""The workbook in a real spreadsheet program: every formula recalculated there equals the value stored here, and what
a reader changes is followed by bills, cash flow, present value and payback.
"""

import io
import os
import re
import shutil
import subprocess
import zipfile
from math import isclose

import openpyxl
import pytest
from openpyxl.utils import column_index_from_string
from openpyxl.utils.cell import coordinate_from_string
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


def recalculated(books, folder):
    """Return what LibreOffice saves of workbooks after calculating them, by name; one start serves all."""
    profile, out = folder / "profile", folder / "out"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS, encoding="utf-8")
    for name, data in books.items():
        (folder / f"{name}.xlsx").write_bytes(data)
    files = [folder / f"{name}.xlsx" for name in books]
    words = [f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--convert-to", "xlsx"]
    env = {**os.environ, "HOME": str(folder)}
    subprocess.run(
        [OFFICE, *words, "--outdir", out, *files], check=True, capture_output=True, timeout=600, env=env, cwd=folder
    )
    return {name: (out / f"{name}.xlsx").read_bytes() for name in books}


def named_places(data):
    """Return sheet and address of every named cell."""
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    found = {}
    for name, definition in book.defined_names.items():
        sheet, _, place = definition.attr_text.rpartition("!")
        found[name] = (sheet.strip("'"), place.replace("$", ""))
    return found


def changed(data, values):
    """Return a workbook with other numbers in some cells, by sheet and address, and no stored results."""
    names = openpyxl.load_workbook(io.BytesIO(data), read_only=True).sheetnames
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            for (sheet, place), value in values.items():
                if name == f"xl/worksheets/sheet{names.index(sheet) + 1}.xml":
                    pattern = rf'(<c r="{place}"[^>]*>)<v>[^<]*</v>'.encode()
                    content, count = re.subn(pattern, rb"\g<1><v>" + repr(value).encode() + b"</v>", content)
                    assert count == 1, (sheet, place)
            new.writestr(name, content)
    return emptied(made.getvalue())[0]


def rows_of(data):
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


CELL = re.compile(r'<c r="([A-Z]+)(\d+)"([^>]*)>(.*?)</c>', re.DOTALL)


def sheets_of(data):
    """Yield the name and the XML of every sheet, in the order in which the workbook holds them."""
    names = CalamineWorkbook.from_filelike(io.BytesIO(data)).sheet_names
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for number, name in enumerate(names, 1):
            yield name, package.read(f"xl/worksheets/sheet{number}.xml").decode("utf-8")


def formula_cells(data):
    """Return sheet, row and column of every formula."""
    return [
        (sheet, int(row), column_index_from_string(column))
        for sheet, xml in sheets_of(data)
        for column, row, _, content in CELL.findall(xml)
        if "<f" in content
    ]


def error_cells(data):
    """Return the cells that hold an error; calamine would give them as empty."""
    return [
        (sheet, column + row, re.sub(r".*<v>|</v>.*", "", content))
        for sheet, xml in sheets_of(data)
        for column, row, kind, content in CELL.findall(xml)
        if 't="e"' in kind or ERROR.search(content)
    ]


KINDS = ("pilot-es", "own_power-en", "financed-en", "peru-es")
PRICE, RATE, COST = 1045.0, 0.11, 900.0
"""What a reader changes: energy from 950 COP/kWh, the base rate from 8 %, the array from 1,000 USD/kWp."""


@pytest.fixture(scope="module")
def calculated(request, tmp_path_factory):
    """Return the workbook of each kind, and the values of the same after LibreOffice calculated it from nothing."""
    made = {}
    for kind in KINDS:
        name, language = kind.rsplit("-", 1)
        made[kind] = render_workbook(request.getfixturevalue(f"{name}_study"), language)
    blank = {kind: emptied(data)[0] for kind, data in made.items()}
    blank["edited"] = changed(made["pilot-es"], edits(made["pilot-es"]))
    return made, recalculated(blank, tmp_path_factory.mktemp("office"))


def edits(data):
    places, rows = named_places(data), rows_of(data)["Inversión"]
    (last,) = [row for row, cells in enumerate(rows, 1) if "kWp" in cells]
    assert rows[last - 1][5] == 1000.0
    return {places["price_energy"]: PRICE, places["rate_base"]: RATE, ("Inversión", f"F{last}"): COST}


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("kind", KINDS)
def test_libreoffice_calculates_what_is_stored(calculated, kind):
    data, made = (books[kind] for books in calculated)
    stored, found, cells = rows_of(data), rows_of(made), formula_cells(data)
    assert len(cells) == emptied(data)[1] > 100
    different = []
    for sheet, row, column in cells:
        wanted, got = stored[sheet][row - 1][column - 1], found[sheet][row - 1][column - 1]
        numbers = isinstance(wanted, int | float) and isinstance(got, int | float)
        if not (isclose(wanted, got, rel_tol=1e-6, abs_tol=1e-6) if numbers else wanted == got):
            different.append((sheet, row, column, wanted, got))
    assert different == []


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_no_cell_is_an_error_in_libreoffice(calculated):
    for kind, data in calculated[1].items():
        assert error_cells(data) == [], kind


def test_bills_cash_flow_value_and_payback_follow_what_a_reader_changes(calculated, pilot_study):
    before, after = calculated[0]["pilot-es"], calculated[1]["edited"]
    places, old, new = named_places(before), rows_of(before), rows_of(after)

    def value(rows, name):
        sheet, place = places[name]
        column, row = coordinate_from_string(place)
        return rows[sheet][row - 1][column_index_from_string(column) - 1]

    costs = [payable(state.bill) / pilot_study.finance.exchange_rate_per_usd for state in pilot_study.states]
    for state, cost in zip(pilot_study.states, costs, strict=True):
        assert value(new, f"{state.key}_cost_per_year") == pytest.approx(cost)
        assert value(new, f"{state.key}_cost_per_year") > value(old, f"{state.key}_cost_per_year")
    pv = pilot_study.finance.pv
    kwp = pv.capex / 1000.0
    assert value(new, "investment_pv") == pytest.approx(kwp * COST)
    assert value(new, "after_pv_investment") == pytest.approx(value(old, "after_pv_investment") - kwp * 100.0)
    assert value(new, "saving_pv") == pytest.approx(costs[1] - costs[2])
    # The array fades by the same share every year, and everything but saving and investment stays as it was.
    fading = next(one.value for one in pv.assumptions if one.key == "pv_degradation") / 100.0
    more = costs[1] - costs[2] - pv.annual_saving
    flow = [pv.cash_flow[0] + kwp * 100.0]
    flow += [paid + more * (1 - fading) ** year for year, paid in enumerate(pv.cash_flow[1:])]
    worth = sum(paid / (1 + RATE) ** year for year, paid in enumerate(flow))
    assert value(new, "npv_base_pv") == pytest.approx(worth)
    assert value(new, "npv_base_both") == pytest.approx(value(new, "npv_base_pv") + value(new, "npv_base_measures"))
    assert value(new, "payback_years") < value(old, "payback_years")
    assert value(new, "irr") > value(old, "irr")
    # What hours and machines decide does not move with money.
    for name in ("after_pv_load_kwh", "measures_saving_kwh", "after_pv_location_t_co2e", "rate_low"):
        assert value(new, name) == pytest.approx(value(old, name))


def payable(bill):
    """Return what a year makes one pay at the changed price of energy, credit carried from month to month."""
    paid, credit = 0.0, bill.credit_brought
    for month in bill.months:
        lines = [line for line in bill.lines if (line.year, line.month) == (month.year, month.month)]
        due = sum(line.quantity * (PRICE if line.key == "energy" else line.price) for line in lines) - credit
        paid, credit = paid + max(due, 0.0), max(-due, 0.0)
    return paid


def test_a_wrong_formula_would_be_seen(tmp_path):
    book = openpyxl.Workbook()
    book.active["A1"], book.active["A2"], book.active["A3"] = 2, "=A1*3", "=A1/0"
    made = io.BytesIO()
    book.save(made)
    again = recalculated({"wrong": made.getvalue()}, tmp_path)["wrong"]
    (rows,) = rows_of(again).values()
    assert rows[1][0] == 6
    assert error_cells(again) == [("Sheet", "A3", "#DIV/0!")]
