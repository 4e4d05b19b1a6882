"""The workbook: every formula equals its stored value, no text of a user is a formula, the same bytes everywhere."""

import io
import re
import warnings
import zipfile
from dataclasses import replace
from itertools import product

import openpyxl
import pytest
from openpyxl.utils import range_boundaries
from python_calamine import CalamineWorkbook

from mine_energy.io.results import read_study, study_json
from mine_energy.report.workbook import SHEETS, render_workbook

HOURLY = 9
"""Place of the sheet of all hours."""
REFERENCE = re.compile(r"(?:'((?:[^']|'')+)'!)?\$?([A-Z]{1,3})\$?(\d+)(?::\$?([A-Z]{1,3})\$?(\d+))?")


class Stored:
    """The stored values of a workbook, by sheet and A1 address or range; an empty cell is an empty text."""

    def __init__(self, data):
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        self.rows = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}

    def __getitem__(self, place):
        sheet, address = place
        left, top, right, bottom = range_boundaries(address.replace("$", ""))
        rows = self.rows[sheet]
        if ":" not in address:
            inside = top <= len(rows) and left <= len(rows[top - 1])
            return rows[top - 1][left - 1] if inside else ""
        return [value for row in rows[top - 1 : bottom] for value in row[left - 1 : right]]


@pytest.fixture(scope="module")
def books():
    """Opened workbooks by study and language: (openpyxl's, stored values, bytes)."""
    made = {}

    def book(study, language):
        key = (id(study), language)
        if key not in made:
            data = render_workbook(study, language)
            with warnings.catch_warnings():
                # openpyxl says that it drops what it does not know; only cells are looked at here.
                warnings.simplefilter("ignore")
                made[key] = (openpyxl.load_workbook(io.BytesIO(data)), Stored(data), data)
        return made[key]

    return book


@pytest.fixture(params=["pilot-es", "offgrid-en", "meter_only-es", "hostile-en"])
def opened(books, request):
    """Each kind of study once, in one language: opening a workbook of all hours takes its time."""
    kind, language = request.param.split("-")
    return books(request.getfixturevalue(f"{kind}_study"), language)


def formulas(book):
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    yield sheet.title, cell.coordinate, cell.value


class Calculator:
    """Works out the formulas of one workbook from its stored constants and its own earlier results."""

    def __init__(self, stored):
        self.stored = stored

    def value(self, sheet, formula):
        code = REFERENCE.sub(lambda m: f"cells({(m.group(1) or sheet)!r}, {m.group(0)!r})", formula[1:])
        names = {"cells": self.cells, "SUM": self.total, "SUMIF": self.sumif, "NPV": self.npv, "IRR": self.irr}
        names |= {"IF": lambda test, yes, no: yes if test else no, "AND": lambda *tests: all(tests), "MAX": self.top}
        return eval(code, {"__builtins__": {}}, names)

    def cells(self, sheet, reference):
        value = self.stored[sheet, reference.rpartition("!")[2]]
        return 0.0 if isinstance(value, str) and value == "" else value

    @staticmethod
    def numbers(values):
        return [value for value in values if isinstance(value, int | float)]

    def total(self, values):
        return sum(self.numbers(values))

    def top(self, values):
        return max(self.numbers(values), default=0)

    def sumif(self, keys, wanted, values):
        return sum(value for key, value in zip(keys, values, strict=True) if key == wanted)

    @staticmethod
    def npv(rate, values):
        return sum(value / (1 + rate) ** year for year, value in enumerate(values, 1))

    @staticmethod
    def irr(values, guess):
        rate = guess
        for _ in range(50):
            worth = sum(v / (1 + rate) ** n for n, v in enumerate(values))
            slope = sum(-n * v / (1 + rate) ** (n + 1) for n, v in enumerate(values))
            rate -= worth / slope
        return rate


def test_every_formula_equals_its_stored_value(opened):
    formulas_book, stored, _ = opened
    calculator, count = Calculator(stored), 0
    for sheet, place, formula in formulas(formulas_book):
        shown = stored[sheet, place]
        try:
            worked_out = calculator.value(sheet, formula)
        except ZeroDivisionError:
            worked_out = ""
        if shown in (None, ""):
            assert worked_out == "", (sheet, place, formula)
        else:
            assert shown == pytest.approx(worked_out, rel=1e-9, abs=1e-6), (sheet, place, formula)
        count += 1
    assert count > 150


def test_sums_npv_and_payback_are_those_of_the_study(books, pilot_study):
    book, stored, _ = books(pilot_study, "es")
    names = {name: definition.attr_text for name, definition in book.defined_names.items()}

    def named(name):
        sheet, place = names[name].rsplit("!", 1)
        return stored[sheet.strip("'"), place]

    both = pilot_study.finance.both
    for value in both.npv:
        assert named(f"npv_{value.label}_both") == pytest.approx(value.npv)
        assert named(f"rate_{value.label}") == pytest.approx(value.rate)
    assert named("payback_years") == pytest.approx(both.simple_payback_years)
    assert named("irr") == pytest.approx(both.irr[0])
    for state in pilot_study.states:
        assert named(f"{state.key}_load_kwh") == pytest.approx(state.load_kwh)
        assert named(f"{state.key}_bill") == pytest.approx(state.bill.total)
        assert named(f"{state.key}_scope2_location") == pytest.approx(state.scope2.location_t_co2e)
    assert named("year_load_after_kwh") == pytest.approx(pilot_study.load_after.energy_kwh)
    assert named("avoided_exports") == pytest.approx(pilot_study.scope2.avoided_exports.avoided_t_co2e)
    assert named("measures_saving_kwh") == pytest.approx(
        pilot_study.load_before.energy_kwh - pilot_study.load_after.energy_kwh, rel=1e-6
    )


def test_sheets_are_named_in_the_readers_language(books, pilot_study):
    spanish = books(pilot_study, "es")[0].sheetnames
    assert spanish[:5] == ["Resumen", "Inventario", "Medidas", "Decisiones", "Conciliación"]
    assert spanish[5:10] == ["Incertidumbre", "Plan de medición", "Verificación", "Mensual", "Horario"]
    assert spanish[10:] == [
        "Diseño",
        "Confiabilidad",
        "Factura",
        "Flujo de caja",
        "Huella",
        "Usos finales",
        "Supuestos",
        "Fuentes",
    ]
    english = books(pilot_study, "en")[0].sheetnames
    # The pilot has no record of power quality, and so not its sheet.
    assert len(english) == len(SHEETS) - 1 == len(set(english))
    assert english[0] == "Summary"


def test_every_hour_stands_in_the_workbook_and_balances(opened):
    rows = opened[1].rows[opened[0].sheetnames[HOURLY]][2:]
    assert len(rows) in {8760, 8784}
    for _, month, _, load, pv, used, bought, export, curtailed, genset, unserved in rows[::97]:
        assert 1 <= month <= 12
        assert used + bought + genset + unserved == pytest.approx(load, abs=1e-6)
        assert used + export + curtailed == pytest.approx(pv, abs=1e-6)


def test_tables_have_units_frozen_headers_and_print_set_up(opened):
    book = opened[0]
    for sheet in book.worksheets:
        assert sheet.freeze_panes, sheet.title
        assert int(sheet.page_setup.paperSize) == 9
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
    hourly = book.worksheets[HOURLY]
    assert hourly["C2"].value == "kW"
    assert hourly.auto_filter.ref.startswith("A2:")
    assert hourly.print_title_rows


def test_no_text_of_a_user_is_a_formula(books, hostile_study):
    book, _, data = books(hostile_study, "en")
    texts = [c.value for s in book.worksheets for row in s.iter_rows() for c in row if c.data_type == "s"]
    assert {"=cmd|'/c calc'!A1", "@SUM(1)", "+SUM(A1:A9)", "-2+3"} <= set(texts)
    assert hostile_study.site.site.name in texts
    assert not [f for _, _, f in formulas(book) if "cmd" in f or "oops" in f]
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            assert "externalLink" not in name
            content = package.read(name)
            assert b'TargetMode="External"' not in content
            if name.startswith("xl/worksheets/"):
                assert all(b"cmd" not in formula for formula in re.findall(rb"<f>(.*?)</f>", content))


def test_no_cell_is_an_error(opened):
    for rows in opened[1].rows.values():
        for row in rows:
            assert not [
                value for value in row if isinstance(value, str) and re.match(r"#(REF|NAME|VALUE|DIV|N/A)", value)
            ]


def test_a_workbook_from_the_json_is_the_workbook_of_the_study(books, pilot_study, tmp_path):
    path = tmp_path / "study.json"
    path.write_bytes(study_json(pilot_study))
    assert render_workbook(read_study(path), "es") == books(pilot_study, "es")[2]


def test_there_are_native_charts(opened):
    with zipfile.ZipFile(io.BytesIO(opened[2])) as package:
        charts = [name for name in package.namelist() if name.startswith("xl/charts/chart")]
    assert len(charts) >= 3


def test_the_inventory_sheet_reads_back_as_the_inventory(books, pilot_study, tmp_path):
    from mine_energy.io.inventory import read_inventory

    path = tmp_path / "results.xlsx"
    written = read_study_of(pilot_study, tmp_path).inventory
    for language, sheet in (("es", "Inventario"), ("en", "Inventory")):
        path.write_bytes(books(pilot_study, language)[2])
        assert read_inventory(path, sheet=sheet).motors == written.motors


def test_further_columns_of_an_inventory_read_back_too(pilot_study, tmp_path):
    from mine_energy.io.inventory import read_inventory

    first, *others = pilot_study.inventory.motors
    measured = first.model_copy(
        update={"voltage_ab_v": 451.0, "voltage_bc_v": 455.0, "voltage_ca_v": 448.5, "rewind_shop": "certified"}
    )
    inventory = pilot_study.inventory.model_copy(update={"motors": (measured, *others)})
    path = tmp_path / "results.xlsx"
    for language, sheet in (("es", "Inventario"), ("en", "Inventory")):
        path.write_bytes(render_workbook(replace(pilot_study, inventory=inventory), language))
        assert read_inventory(path, sheet=sheet).motors[0].voltage_ca_v == 448.5
        assert read_inventory(path, sheet=sheet).motors[0].rewind_shop == "certified"


def read_study_of(study, folder):
    path = folder / "study.json"
    path.write_bytes(study_json(study))
    return read_study(path)


def test_decisions_bands_and_plans_stand_in_their_sheets(books, pilot_study):
    book, stored, _ = books(pilot_study, "en")
    audit = pilot_study.audit
    decisions = stored.rows["Decisions"][2:]
    assert [row[0] for row in decisions] == [decision.tag for decision in audit.decisions]
    bands = {(row[0], row[1]): row[2:5] for row in stored.rows["Uncertainty"][2:]}
    plant = audit.uncertainty.plant.energy_kwh
    assert bands["Energy of the plant", "Total"] == pytest.approx([plant.p10, plant.p50, plant.p90])
    plan = stored.rows["Measurement plan"][2:]
    assert len(plan) == len(audit.uncertainty.plan) + len(audit.gaps)
    verification = stored.rows["Verification"][2:]
    assert [row[2] for row in verification] == [one.option for one in audit.verification]
    assert book.sheetnames.index("Decisions") == 3


def test_every_name_is_used_once(opened):
    names = list(opened[0].defined_names)
    assert len(names) == len(set(names)) > 40
    assert not [a for a, b in product(names, names) if a != b and a.lower() == b.lower()]
