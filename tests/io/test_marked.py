"""Marked copies: bad cells coloured and commented, what is lost told, the original untouched."""

import hashlib
import io
import zipfile

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from mine_energy.errors import InputError, Problem
from mine_energy.io.inventory import read_inventory
from mine_energy.io.marked import SHEET, is_marked_copy, mark
from mine_energy.io.meters import read_meter
from mine_energy.io.template import template_workbook

RED = "FFFFC7CE"
HEAD = ["Etiqueta", "Potencia nominal [kW]", "Horas por día", "Clase IE", "Nota"]


def workbook(tmp_path, edit=None, name="motores.xlsx"):
    made = openpyxl.Workbook()
    page = made.active
    page.title = "Motores"
    page.append(HEAD)
    page.append(["M1", 22, 10, "IE1", "buena"])
    page.append(["M2", "veinte", 10, "IE1", "mala"])
    page.append(["M3", 15, 30, "IE9", "peor"])
    page["F2"] = "=B2*2"
    if edit:
        edit(made, page)
    path = tmp_path / name
    made.save(path)
    return path


def problems_of(path, name=None):
    with pytest.raises(InputError) as caught:
        read_inventory(path, name=name or path.name)
    return caught.value.problems


def opened(marked):
    return openpyxl.load_workbook(io.BytesIO(marked.content))


@pytest.mark.parametrize("language", ["es", "en"])
def test_bad_cells_are_coloured_and_say_value_reason_and_fix(tmp_path, language):
    path = workbook(tmp_path)
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    problems = problems_of(path)
    marked = mark(path, path.name, problems, language)
    page = opened(marked)["Motores"]
    bad = {problem.cell for problem in problems}
    assert {"B3", "C4", "D4"} <= bad
    for address in bad:
        assert page[address].fill.fgColor.rgb == RED
        assert page[address].comment.author == SHEET
    assert "veinte" in page["B3"].comment.text
    assert ("número" if language == "es" else "number") in page["B3"].comment.text
    assert page["B2"].comment is None
    assert page["B2"].fill.fgColor.rgb != RED
    assert marked.marks == len(bad)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == before


def test_formulas_drop_downs_formats_and_comments_stay(tmp_path):
    def edit(_, page):
        rule = DataValidation(type="list", formula1='"IE1,IE2"', allow_blank=True)
        rule.add("D2:D9")
        page.add_data_validation(rule)
        page["B2"].fill = PatternFill("solid", start_color="FF00FF00", end_color="FF00FF00")
        page["B2"].number_format = "0.000"
        page["B3"].comment = Comment("lo dijo el operador", "Ana")
        page["A1"].comment = Comment("de placa", "Ana")

    path = workbook(tmp_path, edit)
    marked = mark(path, path.name, problems_of(path), "es")
    page = opened(marked)["Motores"]
    assert page["F2"].value == "=B2*2"
    assert [str(v.sqref) for v in page.data_validations.dataValidation] == ["D2:D9"]
    assert page["B2"].number_format == "0.000"
    assert page["B2"].fill.fgColor.rgb == "FF00FF00"
    assert page["A1"].comment.text == "de placa"
    assert page["B3"].comment.text.startswith("lo dijo el operador")
    assert "veinte" in page["B3"].comment.text
    assert page["B3"].comment.author == "Ana"
    assert "marked_formulas" in {finding.key for finding in marked.findings}


def test_the_templates_drop_downs_survive(tmp_path):
    path = tmp_path / "plantilla.xlsx"
    path.write_bytes(template_workbook("es"))
    before = openpyxl.load_workbook(path).worksheets[0].data_validations.dataValidation
    after = opened(mark(path, path.name, problems_of(path), "es")).worksheets[0].data_validations.dataValidation
    assert len(before) > 4
    assert {str(v.sqref): v.formula1 for v in after} == {str(v.sqref): v.formula1 for v in before}


def test_the_list_links_to_every_cell_and_holds_the_problems_of_other_files(tmp_path):
    path = workbook(tmp_path)
    own = problems_of(path)
    other = Problem(key="file_not_found", file="medidor.csv")
    sheet = opened(mark(path, path.name, [*own, other], "es"))[SHEET]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    assert len(rows) == len(own) + 1
    links = [sheet.cell(row, 1).hyperlink for row in range(4, 4 + len(own))]
    assert [link.location or link.target.removeprefix("#") for link in links] == [f"'Motores'!{p.cell}" for p in own]
    assert rows[-1][0] == "medidor.csv"
    assert sheet.cell(4 + len(own), 1).hyperlink is None
    assert openpyxl.load_workbook(io.BytesIO(mark(path, path.name, own, "es").content)).active.title == SHEET


def test_same_input_same_bytes(tmp_path):
    path = workbook(tmp_path)
    problems = problems_of(path)
    first, second = mark(path, path.name, problems, "es"), mark(path, path.name, problems, "es")
    assert first.content == second.content
    with zipfile.ZipFile(io.BytesIO(first.content)) as archive:
        assert {part.date_time for part in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2025-01-01T00:00:00Z" in archive.read("docProps/core.xml")


def with_parts(path, **parts):
    """Add parts to a package as other programs write them."""
    data = path.read_bytes()
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        for name, content in parts.items():
            new.writestr(name.replace("__", "/"), content)
    path.write_bytes(stream.getvalue())


def test_what_the_copy_loses_is_told(tmp_path):
    path = workbook(tmp_path)
    with_parts(
        path,
        **{
            "xl__vbaProject.bin": b"\xd0\xcf",
            "xl__media__image9.png": b"\x89PNG",
            "xl__slicers__slicer1.xml": b"<slicers/>",
            "xl__threadedComments__threadedComment1.xml": b"<x/>",
            "xl__drawings__drawing9.xml": b"<xdr:wsDr><xdr:sp macro=''></xdr:sp></xdr:wsDr>",
        },
    )
    marked = mark(path, path.name, problems_of(path), "es")
    lost = {finding.key.removeprefix("marked_lost_") for finding in marked.findings if "lost" in finding.key}
    assert lost == {"macros", "images", "slicers", "threads", "shapes"}


def test_charts_are_kept_and_said_to_look_different(tmp_path):
    def edit(_, page):
        chart = BarChart()
        chart.add_data(Reference(page, min_col=3, min_row=2, max_row=4))
        page.add_chart(chart, "H2")

    path = workbook(tmp_path, edit)
    keys = {finding.key for finding in mark(path, path.name, problems_of(path), "es").findings}
    assert "marked_redrawn" in keys
    assert "marked_lost_charts" not in keys


def test_a_corrected_copy_can_be_read_and_marked_again(tmp_path):
    path = workbook(tmp_path)
    copy = tmp_path / "copia.xlsx"
    copy.write_bytes(mark(path, path.name, problems_of(path), "es").content)
    assert is_marked_copy(copy)
    assert not is_marked_copy(path)
    book = openpyxl.load_workbook(copy)
    book["Motores"]["B3"] = 20
    book["Motores"]["F2"] = None
    book.save(copy)
    again = opened(mark(copy, copy.name, problems_of(copy), "es"))
    assert again.sheetnames == ["Motores", SHEET]
    page = again["Motores"]
    assert page["B3"].comment is None
    assert page["B3"].fill.fgColor.rgb != RED
    assert page["C4"].fill.fgColor.rgb == RED


def test_a_merged_area_carries_the_comment_at_its_first_cell(tmp_path):
    def edit(_, page):
        page.merge_cells("C3:C4")

    path = workbook(tmp_path, edit)
    problem = Problem(key="merged_number", file=path.name, sheet="Motores", cell="C4", value="10")
    page = opened(mark(path, path.name, [problem], "es"))["Motores"]
    assert page["C3"].comment is not None


def test_a_text_table_becomes_a_workbook_with_line_numbers(tmp_path):
    path = tmp_path / "motores.csv"
    path.write_text("Etiqueta;Potencia nominal [kW];Horas por día\nM1;22;10\n\n=M2;veinte;10\n", encoding="utf-8")
    problems = problems_of(path)
    marked = mark(path, path.name, problems, "es")
    page = opened(marked).worksheets[0]
    assert [page.cell(row, 1).value for row in range(2, 6)] == [1, 2, 3, 4]
    assert page["C5"].value == "veinte"
    assert page["C5"].fill.fgColor.rgb == RED
    assert page["B5"].value == "=M2"
    assert page["B5"].data_type == "s"
    assert {finding.key for finding in marked.findings} == {"marked_rows"}


def test_a_meters_workbook_is_marked_too(tmp_path):
    made = openpyxl.Workbook()
    made.active.append(["Fecha y hora", "Energía activa [kWh]"])
    for minute in range(0, 60, 15):
        made.active.append([f"2025-03-01 00:{minute:02d}", -1.0 if minute == 30 else 2.0])
    path = tmp_path / "medidor.xlsx"
    made.save(path)
    with pytest.raises(InputError) as caught:
        read_meter(path, name=path.name)
    page = opened(mark(path, path.name, caught.value.problems, "en")).worksheets[0]
    assert page["B4"].fill.fgColor.rgb == RED


def test_what_is_no_table_cannot_be_marked(tmp_path):
    path = tmp_path / "motores.xlsx"
    path.write_bytes(b"PK\x03\x04nothing")
    with pytest.raises(InputError):
        mark(path, path.name, [], "es")
