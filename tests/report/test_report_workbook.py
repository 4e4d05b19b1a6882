"""The workbook: every formula equals its stored value, no text of a user is a formula, the same bytes everywhere."""

import io
import re
import warnings
import zipfile
from dataclasses import replace
from itertools import product

import openpyxl
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from openpyxl.utils import range_boundaries
from python_calamine import CalamineWorkbook

from mine_energy import catalog
from mine_energy.errors import InputError
from mine_energy.io.inventory import read_inventory
from mine_energy.io.results import read_study, study_json
from mine_energy.io.site_file import read_inputs
from mine_energy.io.template import inventory_workbook
from mine_energy.motors import Motor, MotorInventory
from mine_energy.report.format import Writer
from mine_energy.report.workbook import SHEETS, machines, render_workbook
from mine_energy.report.workbook.book import Column, new_book

REFERENCE = re.compile(r"(?:'((?:[^']|'')+)'!)?\$?([A-Z]{1,3})\$?(\d+)(?::\$?([A-Z]{1,3})\$?(\d+))?(?![\w(])")
NAME = re.compile(r"\b[a-z][a-z0-9_]*\b")
ORDER = {
    "es": [
        *("Resumen", "Inventario", "Conciliación", "Medidas", "Mensual", "Horario", "Diseño", "Confiabilidad"),
        *("Factura", "Flujo de caja", "Huella", "Plan", "Supuestos", "Fuentes"),
    ],
    "en": [
        *("Summary", "Inventory", "Reconciliation", "Measures", "Monthly", "Hourly", "Design", "Reliability"),
        *("Bill", "Cash flow", "Footprint", "Plan", "Assumptions", "Sources"),
    ],
}
"""Sheets that every reader looks for, in this order; others stand between them."""


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


@pytest.fixture(params=["pilot-es", "offgrid-en", "meter_only-es", "hostile-en", "financed-es"])
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


def named_places(book):
    return {name: definition.attr_text for name, definition in book.defined_names.items()}


class Calculator:
    """Works out the formulas of one workbook from its stored constants and its own earlier results."""

    def __init__(self, stored, names):
        self.stored = stored
        self.names = names

    def value(self, sheet, formula):
        pieces = re.split(r"(\"[^\"]*\")", formula[1:])
        code = "".join(piece if piece.startswith('"') else self.code(sheet, piece) for piece in pieces)
        names = {"cells": self.cells, "SUM": self.total, "SUMIF": self.sumif, "SUMIFS": self.sumifs}
        names |= {"NPV": self.npv, "IRR": self.irr, "MIN": lambda *values: min(self.all_numbers(values))}
        names |= {"IF": lambda test, yes, no: yes if test else no, "AND": lambda *tests: all(tests)}
        names |= {"MAX": lambda *values: max(self.all_numbers(values), default=0)}
        return eval(code, {"__builtins__": {}}, names)

    def code(self, sheet, text):
        quoted = re.split(r"('(?:[^']|'')+'!)", text)
        named = "".join(p if p.startswith("'") else NAME.sub(self.place, p) for p in quoted)
        return REFERENCE.sub(lambda m: f"cells({(m.group(1) or sheet)!r}, {m.group(0)!r})", named)

    def place(self, match):
        return self.names.get(match.group(0), match.group(0))

    def cells(self, sheet, reference):
        value = self.stored[sheet, reference.rpartition("!")[2]]
        return 0.0 if isinstance(value, str) and value == "" else value

    @staticmethod
    def numbers(values):
        return [value for value in values if isinstance(value, int | float)]

    def total(self, values):
        return sum(self.numbers(values))

    def all_numbers(self, arguments):
        ranges = [argument if isinstance(argument, list) else [argument] for argument in arguments]
        return [value for values in ranges for value in self.numbers(values)]

    def sumif(self, keys, wanted, values):
        return sum(value for key, value in zip(keys, values, strict=True) if key == wanted)

    @staticmethod
    def sumifs(values, *pairs):
        wanted = list(zip(pairs[::2], pairs[1::2], strict=True))
        return sum(v for place, v in enumerate(values) if all(keys[place] == key for keys, key in wanted))

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
    calculator, count = Calculator(stored, named_places(formulas_book)), 0
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
    names = named_places(book)

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
        assert named(f"{state.key}_bill") == pytest.approx(state.bill.payable)
        assert named(f"{state.key}_credit_left") == pytest.approx(state.bill.credit_left)
        assert named(f"{state.key}_scope2_location") == pytest.approx(state.scope2.location_t_co2e)
    assert named("year_load_after_kwh") == pytest.approx(pilot_study.load_after.energy_kwh)
    assert named("avoided_exports") == pytest.approx(pilot_study.scope2.avoided_exports.avoided_t_co2e)
    assert named("measures_saving_kwh") == pytest.approx(
        pilot_study.load_before.energy_kwh - pilot_study.load_after.energy_kwh, rel=1e-6
    )


@pytest.mark.parametrize("language", ["es", "en"])
def test_sheets_are_named_in_the_readers_language_and_stand_in_order(books, pilot_study, language):
    book = books(pilot_study, language)[0]
    places = [book.sheetnames.index(name) for name in ORDER[language]]
    assert places == sorted(places)
    assert book.sheetnames[0] == ORDER[language][0]
    # The pilot holds no record of power quality and no [financing], and so no sheet of them.
    assert pilot_study.records.power_quality is None
    assert not pilot_study.finance.financed
    assert len(book.sheetnames) == len(SHEETS) - 2 == len(set(book.sheetnames))
    assert [sheet.title for sheet in book.worksheets if sheet.sheet_state == "hidden"] == [book.sheetnames[-1]]


def test_a_sheet_is_there_only_when_its_study_ran(books, meter_only_study, pilot_study):
    fewer, all_of_them = (set(books(study, "es")[0].sheetnames) for study in (meter_only_study, pilot_study))
    gone = {"Inventario", "Usos finales", "Conciliación", "Medidas", "Decisiones", "Verificación", "Incertidumbre"}
    assert gone <= all_of_them - fewer
    assert fewer <= all_of_them
    for rows in books(meter_only_study, "es")[1].rows.values():
        assert len(rows) > 2


def hourly_name(book):
    return next(name for name in ("Horario", "Hourly") if name in book.sheetnames)


def test_every_hour_stands_in_the_workbook_and_balances(opened):
    rows = opened[1].rows[hourly_name(opened[0])][2:]
    assert len(rows) in {8760, 8784}
    for _, month, _, load, pv, used, bought, export, curtailed, genset, unserved in rows[::97]:
        assert 1 <= month <= 12
        assert used + bought + genset + unserved == pytest.approx(load, abs=1e-6)
        assert used + export + curtailed == pytest.approx(pv, abs=1e-6)


def test_tables_have_units_frozen_headers_and_print_set_up(opened):
    book = opened[0]
    seen = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    for sheet in seen:
        assert sheet.freeze_panes, sheet.title
        # The plant stands in Colombia, where offices print on letter.
        assert int(sheet.page_setup.paperSize) in ({1} if has_pesos(opened) else {1, 9})
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert int(sheet.page_setup.fitToHeight) == 0
        assert sheet.oddFooter.right.text
    hourly = book[hourly_name(book)]
    assert hourly["C2"].value == "kW"
    assert hourly.auto_filter.ref.startswith("A2:")
    assert hourly.print_title_rows


def has_pesos(opened):
    return any("COP" in str(cell) for rows in opened[1].rows.values() for row in rows[:6] for cell in row)


@pytest.mark.parametrize(("country", "paper"), [("CO", 1), ("PE", 9)])
def test_paper_is_that_of_the_country(country, paper):
    book = new_book(Writer(language="es", country=country), "A & B")
    book.sheet("summary").title(0, "x")
    with zipfile.ZipFile(io.BytesIO(book.bytes())) as package:
        xml = package.read("xl/worksheets/sheet1.xml").decode("utf-8")
    assert f'paperSize="{paper}"' in xml
    # A name with the mark of header codes stays a name.
    assert "&amp;LA &amp;&amp; B&amp;R" in xml


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
        titles = [re.findall(r"<a:t>([^<]*)</a:t>", package.read(name).decode("utf-8"))[0] for name in charts]
    assert len(charts) >= 4
    assert all(titles)
    assert len(set(titles)) == len(titles)


# The inventory sheet is the template that the program reads


def sheet_of(study, motors, language, path):
    """Write the inventory sheet alone: the other sheets of a study take their time."""
    book = new_book(Writer(language=language, country="CO"), "planta")
    made = replace(study, inventory=MotorInventory(motors=tuple(motors), file="m.csv", findings=()))
    machines.inventory(book, made)
    machines.lists(book, made)
    path.write_bytes(book.bytes())
    return path


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_inventory_sheet_of_the_results_reads_back_without_being_named(books, pilot_study, language, tmp_path):
    path = tmp_path / "results.xlsx"
    path.write_bytes(books(pilot_study, language)[2])
    written = read_study_of(pilot_study, tmp_path).inventory
    found = read_inventory(path)
    assert found.motors == written.motors
    assert [finding.key for finding in found.findings] == ["inventory_sheet_taken"]
    named = read_inventory(path, sheet={"es": "Inventario", "en": "Inventory"}[language])
    assert named.motors == written.motors
    assert named.findings == ()


def test_a_site_file_may_point_at_the_results(books, pilot_study, tmp_path):
    (tmp_path / "results.xlsx").write_bytes(books(pilot_study, "es")[2])
    site = catalog.packaged("site_configs/los_conquistadores.toml").read_text(encoding="utf-8")
    text, count = re.subn(r'file = "[^"]*_motores.csv"', 'file = "results.xlsx"', site)
    assert count == 1
    (tmp_path / "sitio.toml").write_text(text, encoding="utf-8")
    inputs = read_inputs(tmp_path / "sitio.toml")
    assert inputs.inventory.motors == read_study_of(pilot_study, tmp_path).inventory.motors


MANY = [
    Motor(
        tag=f"M-{n:02d}",
        rated_power_kw=round(0.37 * n, 3),
        hours_per_day=round(0.37 * n % 24, 3),
        poles=(2, 4, 6, 8)[n % 4],
    )
    for n in range(1, 61)
]
WILD = (
    "=1+1",
    "+SUM(A1:A9)",
    "-2+3",
    "@SUM(1)",
    "=cmd|'/c calc'!A1",
    "a\tb",
    "'=1",
    "{=1}",
    '=HYPERLINK("x")',
    "_x0041_",
)
UNUSUAL = Motor(
    tag="=T",
    rated_power_kw=15.0,
    hours_per_day=7.25,
    description="-2+3",
    source="@a\tb",
    area="+1",
    voltage_ab_v=451.0,
    voltage_bc_v=455.0,
    voltage_ca_v=448.5,
    rewind_shop="certified",
    rewinds=2,
    manufacture_year=1998,
)


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize(
    "motors",
    [
        MANY,
        [UNUSUAL],
        [Motor(tag=text, rated_power_kw=1.1, hours_per_day=1, description=text, source=text) for text in WILD],
    ],
    ids=["sixty", "unusual columns", "wild texts"],
)
def test_inventories_of_every_kind_read_back_equal(grid_study, motors, language, tmp_path):
    path = sheet_of(grid_study, motors, language, tmp_path / "results.xlsx")
    assert read_inventory(path).motors == tuple(motors)


STARTS = st.sampled_from(
    ["", "=", "+", "-", "@", "\t=", " =", "|", "%", "'", "_x000D_", "{", "=cmd|' /C calc'!A0", "http://"]
)
TEXTS = st.builds(lambda start, rest: f"{start}{rest}", STARTS, st.text(max_size=40))


def cells_of(data, number):
    """Return the XML of a sheet's cells."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert not [name for name in package.namelist() if "externalLink" in name]
        return package.read(f"xl/worksheets/sheet{number}.xml").decode("utf-8")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(TEXTS, min_size=1, max_size=4), name=TEXTS)
def test_no_text_whatever_it_begins_with_becomes_a_formula_or_a_link(texts, name):
    book = new_book(Writer(language="es", country="CO"), name)
    sheet = book.sheet("assumptions")
    area = sheet.table(0, [Column(heading=name, unit=name, style="text")] * 4, [texts])
    sheet.list_view(area, 4)
    sheet.note(5, name, 3)
    sheet.title(7, name)
    data = book.bytes()
    xml = cells_of(data, 1)
    assert "<f>" not in xml
    assert "<hyperlink" not in xml
    rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    assert all(isinstance(value, str) for row in rows for value in row)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tag=TEXTS, description=TEXTS, source=TEXTS)
def test_what_the_program_reads_once_it_reads_from_its_own_results(grid_study, tmp_path, tag, description, source):
    path = tmp_path / "given.xlsx"
    motor = Motor.model_construct(**{**MANY[0].__dict__, "tag": tag, "description": description, "source": source})
    path.write_bytes(inventory_workbook(MotorInventory(motors=(motor,), file="m", findings=()), "es"))
    try:
        once = read_inventory(path)
    except InputError:
        assume(False)
    again = read_inventory(sheet_of(grid_study, once.motors, "es", tmp_path / "results.xlsx"))
    assert again.motors == once.motors


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
    assert book.sheetnames.index("Decisions") == book.sheetnames.index("Measures") + 1


def test_every_name_is_used_once(opened):
    names = list(opened[0].defined_names)
    assert len(names) == len(set(names)) > 40
    assert not [a for a, b in product(names, names) if a != b and a.lower() == b.lower()]
    guide = next(rows for title, rows in opened[1].rows.items() if title in {"Guía", "Guide"})
    listed = {row[0]: row[1:4] for row in guide if row[0] in names}
    assert set(listed) == {name for name in names if not name.startswith("_xlnm")}
    assert all(about and place for about, _, place in listed.values())
