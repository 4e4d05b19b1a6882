"""Inventories: what is read, in any language, order and locale; what is ignored, and said."""

import io

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mine_energy import vocabulary
from mine_energy.errors import InputError
from mine_energy.io.inventory import read_inventory
from mine_energy.motors import Motor
from mine_energy.units import KW_PER_CV, KW_PER_HP

SPANISH = """Etiqueta;Descripción;Proceso;Potencia (HP);Polos;Eficiencia (%);Factor de carga;Horas por día;Clase IE
M1;Molino de bolas;Molienda;50;4;91,7;0,78;3;IE1
M2;Bomba;bombeo;7,5;4;85;0,65;3,5;premium
"""
ENGLISH = """Tag,Description,Process,Power [hp],Poles,Efficiency [%],Load factor,Hours per day,IE class
M1,Molino de bolas,Grinding,50,4,91.7,0.78,3,ie1
M2,Bomba,Pumping,7.5,4,85,0.65,3.5,IE3
"""


def read(folder, text, name="m.csv", **more):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return read_inventory(path, **more)


def book(*rows, edit=None):
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    if edit:
        edit(made.active)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def test_a_spanish_and_an_english_file_are_the_same_machines(tmp_path):
    spanish, english = read(tmp_path, SPANISH), read(tmp_path, ENGLISH)
    assert spanish.motors == english.motors
    mill, pump = spanish.motors
    assert mill == Motor(
        tag="M1",
        description="Molino de bolas",
        process="grinding",
        rated_power_kw=37.2849936,
        poles=4,
        efficiency=0.917,
        load_factor=0.78,
        hours_per_day=3.0,
        ie_class="IE1",
    )
    assert pump.ie_class == "IE3"
    assert pump.rated_power_kw == pytest.approx(7.5 * KW_PER_HP, rel=1e-14)


@pytest.mark.parametrize(
    ("heading", "value", "kilowatts"),
    [
        ("Potencia nominal [kW]", "7,5", 7.5),
        ("Potencia nominal [W]", "7500", 7.5),
        ("Potencia [MW]", "0,0075", 7.5),
        ("Potencia [HP]", "10", 10 * KW_PER_HP),
        ("HP", "10", 10 * KW_PER_HP),
        ("Potencia CV", "10", 10 * KW_PER_CV),
        ("rated_power_kw", "7.5", 7.5),
        ("Rated Power, kW", "7.5", 7.5),
    ],
)
def test_units_of_power(tmp_path, heading, value, kilowatts):
    found = read(tmp_path, f"Tag;{heading};Hours per day\nM1;{value};3\n")
    assert found.motors[0].rated_power_kw == pytest.approx(kilowatts, rel=1e-14)


def test_a_unit_for_each_row(tmp_path):
    text = "Tag;Rated power;Power unit;Hours per day\nA;10;hp;3\nB;10;CV;3\nC;10;kW;3\nD;10;caballos de vapor;3\n"
    powers = [m.rated_power_kw for m in read(tmp_path, text).motors]
    assert powers == pytest.approx([10 * KW_PER_HP, 10 * KW_PER_CV, 10, 10 * KW_PER_CV], rel=1e-14)


def test_a_units_row_below_the_headings(tmp_path):
    text = "Etiqueta;Potencia nominal;Horas por día;Eficiencia\n;CV;min;%\nM1;10;90;91,7\n"
    (motor,) = read(tmp_path, text).motors
    assert motor.rated_power_kw == pytest.approx(7.3549875, rel=1e-14)
    assert motor.hours_per_day == 1.5
    assert motor.efficiency == 0.917


@pytest.mark.parametrize(
    ("heading", "cell", "format_", "fraction"),
    [
        ("Eficiencia", 0.917, "General", 0.917),
        ("Eficiencia", 0.917, "0.0%", 0.917),
        ("Eficiencia [%]", 91.7, "General", 0.917),
        ("Eficiencia [%]", 0.917, "0.0%", 0.917),
        ("Eficiencia [fracción]", 0.917, "General", 0.917),
        ("Eficiencia", "91,7 %", "General", 0.917),
        ("Eficiencia [%]", "91,7 %", "@", 0.917),
    ],
)
def test_per_cent_and_fractions_of_a_workbook(tmp_path, heading, cell, format_, fraction):
    def edit(page):
        page["D2"].number_format = format_

    made = book(["Tag", "Power [kW]", "Hours per day", heading], ["M1", 5, 3, cell], edit=edit)
    assert read(tmp_path, made, "m.xlsx").motors[0].efficiency == fraction


def test_numbers_as_tags_and_texts_as_numbers(tmp_path):
    made = book(["Tag", "Power [kW]", "Hours per day"], [101, "7,5", 3], ["007", "15", 3])
    first, second = read(tmp_path, made, "m.xlsx").motors
    assert (first.tag, first.rated_power_kw, second.tag) == ("101", 7.5, "007")


def test_examples_unknown_columns_and_merged_words_are_told(tmp_path):
    def edit(page):
        page.merge_cells("D3:D4")

    rows = (
        ["Etiqueta", "Potencia [kW]", "Horas por día", "Proceso", "Color"],
        ["EJEMPLO-1", 1, 1, "Otro", "rojo"],
        ["M1", 5, 3, "Molienda", None],
        ["M2", 5, 3, None, "azul"],
        [],
        ["M3", 5, 3, None, None, "nota"],
    )
    found = read(tmp_path, book(*rows, edit=edit), "m.xlsx")
    assert [(m.tag, m.process) for m in found.motors] == [("M1", "grinding"), ("M2", "grinding"), ("M3", "other")]
    told = [(f.key, f.subject, f.params.get("column")) for f in found.findings]
    assert ("unused_column", str(tmp_path / "m.xlsx"), "Color") in told
    assert ("unused_column", str(tmp_path / "m.xlsx"), "F") in told
    assert ("example_row_ignored", "EJEMPLO-1", None) in told
    assert ("merged_cells", str(tmp_path / "m.xlsx"), "Proceso") in told


def test_headings_below_a_title(tmp_path):
    found = read(tmp_path, "Planta La Esperanza;;\nInventario 2025;;\n\n" + SPANISH)
    assert len(found.motors) == 2


def test_one_row_is_an_inventory_and_zero_hours_are_hours(tmp_path):
    (motor,) = read(tmp_path, "Tag;Power [kW];Hours per day\nM1;5;0\n").motors
    assert motor.hours_per_day == 0


def test_problems_come_in_the_order_of_the_file(tmp_path):
    with pytest.raises(InputError) as raised:
        read(tmp_path, "Tag;Power [kW];Hours per day\nM1;x;3\nM2;5;99\nM1;5;y\n", name="m.csv")
    assert [p.line for p in raised.value.problems] == [2, 3, 4, 4]


TERMS = [
    ("tag", ["M1", "M2"]),
    ("rated_power_kw", ["37", "5,5"]),
    ("hours_per_day", ["3", "3,5"]),
    ("process", ["grinding", "pumping"]),
    ("efficiency", ["0,917", "0,85"]),
    ("power_factor", ["0,86", ""]),
    ("quantity", ["1", "2"]),
    ("drive", ["vfd", "direct"]),
    ("rated_speed_rpm", ["1770", "1.755,5"]),
]
UNITS = {"rated_power_kw": "kW"}


def expected(folder):
    return read(folder, written([(k, v, "label_es", ";", ",") for k, v in TERMS], ";"), "base.csv").motors


def written(columns, separator):
    heads, bodies = [], []
    for key, values, label, _, decimal in columns:
        term = vocabulary.terms()[key]
        name = term.key if label == "key" else getattr(term, label)
        heads.append(f"{name} [{UNITS[key]}]" if key in UNITS and label != "key" else name)
        cells = []
        for value in values:
            if key in {"process", "drive"} and value:
                choice = vocabulary.choices(key)[value]
                cells.append(choice.label_es if label == "label_es" else choice.label_en)
            else:
                cells.append(value.replace(".", "t").replace(",", decimal).replace("t", "," if decimal == "." else "."))
        bodies.append(cells)
    lines = [heads, *([column[i] for column in bodies] for i in range(2))]
    return "\n".join(separator.join(f'"{c}"' for c in line) for line in lines) + "\n"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    order=st.permutations(TERMS),
    labels=st.lists(st.sampled_from(["label_es", "label_en", "key"]), min_size=len(TERMS), max_size=len(TERMS)),
    separator=st.sampled_from([";", "\t", "|", ","]),
    decimal=st.sampled_from([",", "."]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
)
def test_order_language_separator_locale_and_encoding_do_not_matter(
    tmp_path, order, labels, separator, decimal, encoding
):
    columns = [(k, v, label, separator, decimal) for (k, v), label in zip(order, labels, strict=True)]
    content = written(columns, separator).encode(encoding)
    assert read(tmp_path, content, "other.csv").motors == expected(tmp_path)
