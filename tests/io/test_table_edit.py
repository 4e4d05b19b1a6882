"""A corrected copy of a user's table: what nobody rewrote is the same, and no text becomes a formula."""

import io
from datetime import date

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from mine_energy.errors import InputError
from mine_energy.io.cells import ErrorCell, Percent
from mine_energy.io.grid import heading_score
from mine_energy.io.table_edit import edit, edited_name
from mine_energy.io.tables import table_of

TEXT = 'Etiqueta;Potencia nominal [kW];Polos;"Nota; larga"\r\n\r\nML-01;55,0;4;"a ""b"""\r\nBO-01;once;2;\r\n'


def rewritten(content, changes, **given):
    return edit(content, "lista", changes, score=heading_score, **given)


def rows(edited):
    return table_of(edited.content, "copia", score=heading_score).rows


def workbook(cells, merged=(), percent=()):
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Motores")
        shares, days = book.add_format({"num_format": "0.0%"}), book.add_format({"num_format": "yyyy-mm-dd"})
        for area in merged:
            sheet.merge_range(*area, "")
        for row, line in enumerate(cells):
            for column, cell in enumerate(line):
                if isinstance(cell, str) and cell.startswith("="):
                    sheet.write_formula(row, column, cell, None, "#N/A")
                elif isinstance(cell, date):
                    sheet.write_datetime(row, column, cell, days)
                elif cell is not None:
                    sheet.write(row, column, cell, shares if (row, column) in percent else None)
        book.add_worksheet("Otra").write(0, 0, "x")
    return stream.getvalue()


def test_a_text_table_keeps_every_other_cell_its_separator_and_its_lines():
    edited = rewritten(TEXT.encode("cp1252"), {(4, 1): "11,0"})
    assert edited.ending == ".csv"
    assert edited.changed == 1
    assert edited.content.decode("utf-8-sig") == TEXT.replace("once", "11,0")


def test_lines_are_added_at_the_end_and_taken_out():
    edited = rewritten(TEXT.encode(), {(5, 0): "CV-01", (5, 1): "7,5"}, removed=(3, 99))
    assert [row[0] for row in rows(edited) if row] == ["Etiqueta", "BO-01", "CV-01"]
    assert edited.changed == 3


def test_a_tab_stays_a_tab_and_a_heading_can_be_rewritten():
    edited = rewritten(b"Etiqueta\tPotencia\tPolos\nML-01\t55\t4\n", {(1, 1): "Potencia nominal [kW]"})
    assert edited.ending == ".tsv"
    assert edited.content.decode("utf-8-sig").splitlines()[0] == "Etiqueta\tPotencia nominal [kW]\tPolos"


def test_a_cell_that_stays_as_it_is_shown_counts_for_nothing():
    content = workbook([["Etiqueta", "Eficiencia [%]"], ["ML-01", 0.917]], percent={(1, 1)})
    edited = rewritten(content, {(2, 1): "91.7 %", (2, 0): " ML-01 "})
    assert edited.changed == 0
    assert rows(edited)[1] == ["ML-01", 0.917]
    assert isinstance(rows(edited)[1][1], Percent)


def test_a_workbook_keeps_kinds_places_and_broken_cells():
    when = date(2025, 3, 1)
    content = workbook(
        [
            [None],
            ["Etiqueta", "Potencia nominal [kW]", "Compra", "Polos"],
            ["ML-01", 55.5, when, 4],
            ["B", "=1/0", when],
        ]
    )
    edited = rewritten(content, {(3, 3): "2"})
    assert edited.ending == ".xlsx"
    found = rows(edited)
    assert found[1][0] == "Etiqueta"
    assert found[2] == ["ML-01", 55.5, found[2][2], 2.0]
    assert str(found[2][2]).startswith("2025-03-01")
    assert found[3][1] in {"#N/A", ErrorCell("#N/A")}  # not a blank, which would be a value nobody gave
    assert openpyxl.load_workbook(io.BytesIO(edited.content)).sheetnames == ["Motores"]
    assert rewritten(content, {(3, 3): "2"}).content == edited.content


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("11,5", 11.5), ("-3", -3.0), ("1.286", "1.286"), ("93 %", "93 %"), ("=1+1", "=1+1"), ("@x", "@x"), ("", None)],
)
def test_what_is_typed_becomes_a_number_only_where_there_is_one_way_to_read_it(typed, kept):
    content = workbook([["Etiqueta", "Potencia nominal [kW]"], ["ML-01", 55]])
    edited = rewritten(content, {(2, 1): typed})
    assert rows(edited)[1][1] == kept
    sheet = openpyxl.load_workbook(io.BytesIO(edited.content)).active
    assert sheet["B2"].data_type != "f"


def test_a_merged_cell_stays_merged_and_outlives_its_first_row():
    content = workbook(
        [["Proceso", "Etiqueta"], ["Molienda", "ML-01"], [None, "ML-02"], [None, "ML-03"]], merged=[(1, 0, 3, 0)]
    )
    edited = rewritten(content, {}, removed=(2,))
    table = table_of(edited.content, "copia", score=heading_score)
    assert table.rows[1][0] == "Molienda"
    assert table.merged == (((1, 0), (2, 0)),)


def test_a_name_gets_its_ending_once():
    assert edited_name("motores.xls", ".xlsx") == "motores_corregido.xlsx"
    assert edited_name("motores_corregido.xlsx", ".xlsx") == "motores_corregido.xlsx"


def test_what_is_no_table_is_refused():
    with pytest.raises(InputError, match="not_a_table"):
        rewritten(b"%PDF-1.7 x", {(1, 0): "x"})


CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=6)


@given(st.lists(st.lists(CELLS, min_size=2, max_size=4), min_size=1, max_size=5), st.data())
def test_any_cell_of_any_text_table_changes_alone(cells, data):
    import csv

    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";").writerows([["Etiqueta", "Potencia nominal [kW]", "Polos"], *cells])
    content = out.getvalue().encode()
    before = table_of(content, "lista", score=heading_score).rows
    row = data.draw(st.integers(1, len(cells)))
    column = data.draw(st.integers(0, len(before[row]) - 1))
    edited = rewritten(content, {(row + 1, column): "nuevo"})
    after = rows(edited)
    wanted = [list(cells) for cells in before]
    wanted[row][column] = "nuevo"
    assert [list(cells) for cells in after] == wanted
