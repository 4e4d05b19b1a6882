"""The motor list on the page: pasted from Excel, mended cell by cell, the file that was sent kept as it was."""

import io
import re

import pytest
from web_support import BAD_MOTORS, MOTORS

PASTES = {
    "decimal comma and blank lines": (
        "\t\t\nEtiqueta\tPotencia nominal [kW]\tPolos\tEficiencia [%]\tHoras por día\n\n"
        "ML-01\t55,5\t4\t93,0\t14\n\t\t\t\t\n\nBO-01\t11,0\t2\t90,1\t8\n\n"
    ),
    "names merged over their units": (
        "Equipo\tPotencia nominal\tPolos\tEficiencia\tHoras por día\n\t(kW)\t\t(%)\t(h)\n"
        "ML-01\t55,5\t4\t93,0\t14\nBO-01\t11,0\t2\t90,1\t8\n"
    ),
    "a merged title above the names": (
        "PLANTA LOS ROBLES\t\t\t\t\n\tMotor\t\t\tUso\n"
        "Etiqueta\tPotencia nominal [kW]\tPolos\tEficiencia [%]\tHoras por día\n"
        "ML-01\t55,5\t4\t93,0\t14\nBO-01\t11,0\t2\t90,1\t8\n"
    ),
    "names of several lines": (
        '"Etiqueta"\t"Potencia\nnominal (kW)"\tPolos\t"Eficiencia\n(%)"\t"Horas\npor día"\n'
        "ML-01\t55,5\t4\t93,0\t14\nBO-01\t11,0\t2\t90,1\t8\n"
    ),
}


def cells(answer):
    """Return the cells that can be typed into, by name."""
    return dict(re.findall(r'name="(c\.\d+\.\d+)" value="([^"]*)"', answer.text))


def hidden(answer):
    form = answer.text.partition('action="/motores/celdas"')[2].partition("</form>")[0]
    return {key: re.search(rf'name="{key}" value="([^"]*)"', form)[1] for key in ("archivo", "huella")}


def workbook(rows):
    import xlsxwriter

    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        for name in ("Portada", "Motores"):
            sheet = book.add_worksheet(name)
            for row, line in enumerate(rows if name == "Motores" else [["Planta"]]):
                sheet.write_row(row, 0, line)
    return stream.getvalue()


@pytest.mark.parametrize("pasted", PASTES.values(), ids=PASTES.keys())
def test_what_excel_puts_on_the_clipboard_is_read(visitor, pasted):
    answer = visitor.post("/motores", {"pegado": pasted.replace("\n", "\r\n")})
    assert "Se leyeron 2 máquinas; 66,5" in answer.text
    assert 'class="bad"' not in answer.text


def test_a_bad_cell_is_mended_where_it_stands_and_the_file_that_was_sent_is_kept(visitor, root):
    wrong = visitor.post("/motores", {"archivo": (io.BytesIO(BAD_MOTORS.encode()), "motores.csv")})
    assert cells(wrong) == {"c.3.1": "once"}
    right = visitor.post("/motores/celdas", {**hidden(wrong), "c.3.1": "11"})
    assert "Se leyeron 2 máquinas" in right.text
    assert "datos/motores_corregido.csv" in right.text
    assert (root / "datos" / "motores.csv").read_bytes() == BAD_MOTORS.encode()
    assert (root / "datos" / "motores_corregido.csv").read_bytes() == b"\xef\xbb\xbf" + MOTORS.replace(
        "\n", "\r\n"
    ).encode()
    # A second correction goes to the same copy.
    row = visitor.get("/motores", query_string={"fila": "2"})
    assert cells(row)["c.2.0"] == "ML-01"
    visitor.post("/motores/celdas", {**hidden(row), "c.2.0": "ML-99"})
    assert sorted(path.name for path in (root / "datos").iterdir()) == ["motores.csv", "motores_corregido.csv"]
    assert "ML-99" in (root / "datos" / "motores_corregido.csv").read_text(encoding="utf-8-sig")


def test_a_workbook_is_mended_on_the_sheet_that_was_chosen(visitor, root):
    rows = [line.split(";") for line in BAD_MOTORS.replace(",", ".").splitlines()]
    content = workbook(rows)
    visitor.post("/motores", {"archivo": (io.BytesIO(content), "motores.xlsx")})
    wrong = visitor.post("/motores/lectura", {"hoja": "Motores"})
    assert '<option value="Motores" selected>' in wrong.text
    assert cells(wrong)["c.3.1"] == "once"
    right = visitor.post("/motores/celdas", {**hidden(wrong), "c.3.1": "11,0"})
    assert "Se leyeron 2 máquinas" in right.text
    assert (root / "datos" / "motores.xlsx").read_bytes() == content
    assert (root / "datos" / "motores_corregido.xlsx").read_bytes().startswith(b"PK")


def test_rows_are_added_and_taken_out_and_headings_rewritten(visitor):
    visitor.post("/motores", {"pegado": MOTORS.replace(";", "\t")})
    empty = visitor.get("/motores", query_string={"fila": "4"})
    assert set(cells(empty).values()) == {""}
    values = dict(zip(cells(empty), ("CV-01", "7,5", "4", "88", "70", "10"), strict=True))
    added = visitor.post("/motores/celdas", {**hidden(empty), **values})
    assert "Se leyeron 3 máquinas; 73,5" in added.text
    gone = visitor.post("/motores/celdas", {**hidden(added), "quitar": "2"})
    assert "Se leyeron 2 máquinas; 18,5" in gone.text
    headings = visitor.get("/motores", query_string={"fila": "1"})
    asked = visitor.post("/motores/celdas", {**hidden(headings), "c.1.1": "Potencia nominal [hp]"})
    assert "Se leyeron 2 máquinas; 13,8" in asked.text  # 18.5 hp of 0.7457 kW


def test_a_column_that_is_missing_is_added(visitor):
    lacking = "\n".join(line.rpartition(";")[0] for line in MOTORS.splitlines())
    wrong = visitor.post("/motores", {"pegado": lacking.replace(";", "\t")})
    assert "Horas por día" in wrong.text
    wide = visitor.get("/motores", query_string={"columna": "1"})
    new = {name: value for name, value in cells(wide).items() if name.endswith(".5")}
    assert new == {"c.1.5": "", "c.2.5": "", "c.3.5": ""}
    right = visitor.post("/motores/celdas", {**hidden(wide), "c.1.5": "Horas por día", "c.2.5": "14", "c.3.5": "8"})
    assert "Se leyeron 2 máquinas" in right.text


def test_a_page_that_is_out_of_date_changes_nothing(visitor, root):
    first = visitor.post("/motores", {"pegado": BAD_MOTORS.replace(";", "\t")})
    visitor.post("/motores", {"pegado": MOTORS.replace(";", "\t")})
    late = visitor.post("/motores/celdas", {**hidden(first), "c.3.1": "12"})
    assert late.status_code == 422
    assert "cambió" in late.text
    assert [path.name for path in (root / "datos").iterdir()] == ["pegado.tsv"]


def test_the_list_of_problems_leads_to_the_cells_and_the_cells_to_their_reasons(visitor):
    bad = BAD_MOTORS.replace("90,1", "900,1").replace("Polos", "Color")
    answer = visitor.post("/motores", {"archivo": (io.BytesIO(bad.encode()), "m.csv")})
    ids = set(re.findall(r' id="([^"]+)"', answer.text))
    links = re.findall(r'<li><a href="#([^"]+)"', answer.text)
    assert {"c-3-1", "c-3-3"} <= set(links) <= ids
    described = re.findall(r'<input[^>]*id="c-3-1"[^>]*aria-describedby="([^"]+)"', answer.text)
    assert described == ["w-3-1"]
    assert set(described) <= ids
    assert 'aria-label="Potencia nominal [kW], fila 3"' in answer.text
    assert "autofocus" in answer.text
    assert "autofocus" not in visitor.get("/motores").text


def test_a_cell_in_hand_is_shown_as_text(visitor):
    evil = '"><script>alert(1)</script>'
    visitor.post("/motores", {"pegado": MOTORS.replace(";", "\t")})
    row = visitor.get("/motores", query_string={"fila": "2"})
    answer = visitor.post("/motores/celdas", {**hidden(row), "c.2.1": evil})
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert(1)" in answer.text


@pytest.mark.parametrize("name", ["c.x.1", "c.2", "c.2.1.1", "c.-2.1", "c.99999999.1", "c.2.99999"])
def test_a_name_that_is_no_cell_counts_for_nothing(visitor, root, name):
    listed = visitor.post("/motores", {"pegado": MOTORS.replace(";", "\t")})
    visitor.post("/motores/celdas", {**hidden(listed), name: "x"})
    assert [path.name for path in (root / "datos").iterdir()] == ["pegado.tsv"]


def test_the_language_changes_without_losing_what_is_typed(visitor, root):
    typed = visitor.post("/motores", {"pegado": "a\tb", "idioma": "en"})
    assert "<h1>Motors</h1>" in typed.text
    assert "a\tb" in typed.text.partition("<textarea")[2]
    assert not (root / "datos").exists()
    visitor.post("/motores", {"pegado": BAD_MOTORS.replace(";", "\t")})
    row = visitor.get("/motores", query_string={"fila": "2"})
    other = visitor.post("/motores/celdas", {**hidden(row), "fila": "2", "c.2.1": "56", "idioma": "es"})
    assert "<h1>Motores</h1>" in other.text
    assert cells(other)["c.2.1"] == "56"
    assert [path.name for path in (root / "datos").iterdir()] == ["pegado.tsv"]
