"""Tables: encodings, separators, preambles, typed cells, places; and numbers whose marks the column decides."""

import io
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mine_energy.errors import InputError
from mine_energy.io.cells import ErrorCell, Percent, a1, column_letters, column_number
from mine_energy.io.numbers import read_numbers, scaled
from mine_energy.io.tables import read_table

NAMES = {"etiqueta", "potencia", "año"}


def score(cells):
    return sum(cell.strip().lower() in NAMES for cell in cells)


ROWS = [["Etiqueta", "Potencia", "Año"], ["Mölino 1", "7,5", "2001"], ["", "", ""], ["B", "1.000,5", "1999"]]


def as_text(separator, quote=""):
    return "\r\n".join(separator.join(f"{quote}{c}{quote}" for c in row) for row in ROWS) + "\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1"])
@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_the_same_table_in_any_encoding_and_separator(tmp_path, encoding, separator):
    path = tmp_path / "t.txt"
    path.write_bytes(as_text(separator).encode(encoding))
    table = read_table(path, score=score)
    assert table.rows == [
        ["Etiqueta", "Potencia", "Año"],
        ["Mölino 1", "7,5", "2001"],
        [None] * 3,
        ["B", "1.000,5", "1999"],
    ]
    assert table.header == 0


def test_comma_separated_with_quoted_decimal_commas_and_newlines(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(as_text(",", '"').replace("Mölino 1", "Mölino\n1"), encoding="utf-8", newline="")
    table = read_table(path, score=score)
    assert table.rows[1][1] == "7,5"
    assert list(table.lines) == [1, 2, 4, 5]


def test_preamble_is_skipped_and_lines_are_the_files_own(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("Equipo: X, serie 12, Quito\n\nsin datos\n" + as_text(";"), encoding="utf-8", newline="")
    table = read_table(path, score=score, name="medidores/t.csv")
    assert table.header == 3
    problem = table.problem("not_a_number", 4, 1)
    assert (problem.file, problem.line, problem.cell, problem.value, problem.field) == (
        "medidores/t.csv",
        5,
        "",
        "7,5",
        "Potencia",
    )


def test_excels_separator_line_decides(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("sep=|\nEtiqueta|a;b;c;d\n1|2\n", encoding="utf-8")
    assert read_table(path, score=score).rows[1] == ["Etiqueta", "a;b;c;d"]


def test_a_text_table_named_xls_and_a_workbook_named_csv(tmp_path):
    text, book = tmp_path / "t.xls", tmp_path / "t.csv"
    text.write_text(as_text("\t"), encoding="cp1252", newline="")
    openpyxl_book(book, [["Etiqueta", "Potencia"], ["A", 7.5]])
    assert read_table(text, score=score).is_text
    assert read_table(book, score=score).rows[1] == ["A", 7.5]


def openpyxl_book(path, rows, edit=None, sheets=()):
    made = openpyxl.Workbook()
    page = made.active
    for row in rows:
        page.append(row)
    for name in sheets:
        made.create_sheet(name)
    if edit:
        edit(page)
    stream = io.BytesIO()
    made.save(stream)
    path.write_bytes(stream.getvalue())


def test_workbook_cells_keep_type_and_address(tmp_path):
    def edit(page):
        page["C5"] = 0.917
        page["C5"].number_format = "0.0%"
        page["D5"] = 0.917
        page["D5"].number_format = '0.0" %"'
        page["E5"] = "=1/0"
        page["F5"] = True
        page["G5"] = "#N/A"
        page.merge_cells("A6:A7")

    path = tmp_path / "t.xlsx"
    openpyxl_book(path, [[], ["Etiqueta", "Potencia"], ["A", 7], [" ", 1e-3]], edit)
    table = read_table(path, score=score)
    assert table.header == 1
    assert table.rows[2][:2] == ["A", 7.0]
    assert table.rows[3][0] is None
    percent, plain, formula, truth, error = table.rows[4][2:7]
    assert isinstance(percent, Percent)
    assert percent == 0.917
    assert not isinstance(plain, Percent)
    assert formula == ErrorCell("=", formula=True)
    assert truth is True
    assert error == ErrorCell("#N/A")
    assert table.merged == (((5, 0), (6, 0)),)
    assert table.problem("x", 4, 2).cell == "C5"
    assert table.problem("x", 4, 2).value == "91.7 %"


def test_sheets_by_name_in_any_case_and_the_first_without(tmp_path):
    path = tmp_path / "t.xlsx"
    openpyxl_book(path, [["Etiqueta"], ["A"]], sheets=["Año 2024"])
    assert read_table(path, score=score, sheet="SHEET").sheet == "Sheet"
    with pytest.raises(InputError) as raised:
        read_table(path, score=score, sheet="Motores")
    problem = raised.value.problems[0]
    assert (problem.key, problem.value, problem.params["available"]) == (
        "sheet_not_found",
        "Motores",
        "Sheet, Año 2024",
    )
    with pytest.raises(InputError) as raised:
        read_table(path, score=score, sheet="año 2024")
    assert raised.value.problems[0].key == "sheet_empty"


def test_a_stray_cell_at_the_far_corner_does_not_fill_memory(tmp_path):
    path = tmp_path / "t.xlsx"
    openpyxl_book(path, [["Etiqueta"], ["A"]], lambda page: page.__setitem__("XFD1048576", 1))
    with pytest.raises(InputError) as raised:
        read_table(path, score=score)
    assert raised.value.problems[0].key == "workbook_too_large"


def test_too_many_columns_are_refused(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("Etiqueta" + ";x" * 5000, encoding="utf-8")
    with pytest.raises(InputError) as raised:
        read_table(path, score=score)
    assert raised.value.problems[0].key == "table_too_large"


MANIFEST = "<manifest:manifest xmlns:manifest='urn:oasis:names:tc:opendocument:xmlns:manifest:1.0'/>"
ODS = """<?xml version="1.0" encoding="UTF-8"?><office:document-content
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"><office:body><office:spreadsheet>
<table:table table:name="Hoja1"><table:table-row><table:table-cell office:value-type="string"><text:p>Etiqueta</text:p>
</table:table-cell><table:table-cell office:value-type="string"><text:p>Potencia</text:p></table:table-cell>
</table:table-row><table:table-row><table:table-cell office:value-type="string"><text:p>A</text:p></table:table-cell>
<table:table-cell office:value-type="float" office:value="7.5"><text:p>7,5</text:p></table:table-cell></table:table-row>
</table:table></office:spreadsheet></office:body></office:document-content>"""


def test_opendocument_reads_and_says_what_it_cannot_see(tmp_path):
    path = tmp_path / "t.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", MANIFEST)
        archive.writestr("content.xml", ODS.replace("\n", ""))
    table = read_table(path, score=score)
    assert table.rows[1] == ["A", 7.5]
    assert [finding.key for finding in table.findings] == ["error_cells_unseen"]


@given(st.integers(0, 20_000), st.integers(0, 10_000))
def test_column_letters_are_a_bijection(column, row):
    assert column_number(column_letters(column)) == column
    assert a1(row, column) == f"{column_letters(column)}{row + 1}"


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["7,5", "10"], [7.5, 10]),
        (["1.234,5", "12"], [1234.5, 12]),
        (["1,234.5", "1,234"], [1234.5, 1234]),
        (["1,234", "0,75"], [1.234, 0.75]),
        (["1.234", "0.125"], [1.234, 0.125]),
        (["1.234.567", "2.000"], [1234567, 2000]),
        (["1 234,5", "1\u00a0234,25"], [1234.5, 1234.25]),
        (["1'234.5"], [1234.5]),
        ([",870", "-,123"], [0.87, -0.123]),
        (["−5", "+5"], [-5, 5]),
        (["1.5e3", "1,5".replace(",", ".")], [1500, 1.5]),
        (["12.", "3.5"], [12, 3.5]),
        ([7.0, "8"], [7, 8]),
        (["007"], [7]),
    ],
)
def test_a_columns_own_values_decide_its_marks(cells, values):
    read = read_numbers(cells)
    assert read.faults == ()
    assert list(read.values) == values


def test_what_cannot_be_decided_gives_both_readings():
    (fault,) = read_numbers(["92,400", None, "100"]).faults
    assert (fault.index, fault.key, dict(fault.params)) == (
        0,
        "decimal_undecidable",
        {"point": "92400", "comma": "92.4", "count": 1},
    )
    assert read_numbers(["92,400"], decimal=",").values == (92.4,)
    assert read_numbers(["92,400"], decimal=".").values == (92400.0,)
    assert [f.key for f in read_numbers(["1,5"], decimal=".").faults] == ["decimal_other_mark"]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.decimals(-99999, 99999, places=2), min_size=1, max_size=20),
    st.sampled_from([(",", "."), (".", ","), (",", ""), (".", "")]),
)
def test_written_with_two_decimals_any_locale_reads_back(numbers, marks):
    decimal, thousands = marks
    cells = [f"{n:,.2f}".replace(",", "t").replace(".", decimal).replace("t", thousands) for n in numbers]
    read = read_numbers(cells)
    assert read.faults == ()
    assert list(read.values) == [float(n) for n in numbers]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text("0123456789.,-+eE %", min_size=1, max_size=12), min_size=1, max_size=6))
def test_any_text_is_read_in_one_way_or_is_a_fault(cells):
    read = read_numbers([c.strip() or None for c in cells])
    faulty = {fault.index for fault in read.faults}
    for index, cell in enumerate(cells):
        assert ((read.values[index] is None) == (index in faulty)) or not cell.strip()


@given(st.integers(1, 10**12), st.integers(-6, 0))
def test_decimal_scaling_is_what_a_person_computes(digits, exponent):
    percent = float(f"{digits}e{exponent}")
    assert scaled(scaled(percent, 0.01), 100.0) == float(f"{percent:.15g}")


def test_a_field_beyond_the_readers_limit_is_refused_and_not_a_crash(tmp_path):
    path = tmp_path / "long.csv"
    path.write_text("x" * 200_000, encoding="utf-8")
    with pytest.raises(InputError):
        read_table(path, score=score)
