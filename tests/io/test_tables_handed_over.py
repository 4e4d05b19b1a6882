"""Motor lists, bills and production as plants write them."""

from pathlib import Path

import pytest

from mine_energy.errors import InputError
from mine_energy.io.bills import read_bills
from mine_energy.io.inventory import read_inventory
from mine_energy.io.production import read_production


def written(folder: Path, text: str) -> Path:
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    return path


def keys(caught) -> set[str]:
    return {problem.key for problem in caught.value.problems}


def test_equipo_holds_names_and_powers_carry_their_units(tmp_path):
    text = (
        "Equipo;Potencia;Voltaje (V);Corriente (A);Hrs/día;Clase IE\n"
        "Molino;150 HP;220/440;360/180;20;desconocida\nCompresor;11 kW;440;21;12;IE3\nBomba;50 CV;380-220;72/125;8;\n"
    )
    found = read_inventory(written(tmp_path, text))
    assert [motor.tag for motor in found.motors] == ["Molino", "Compresor", "Bomba"]
    powers = [motor.rated_power_kw for motor in found.motors]
    assert powers == pytest.approx([111.855, 11, 36.775], rel=1e-4)
    assert [motor.rated_voltage_v for motor in found.motors] == ["220/440", "440", "380-220"]
    assert all(motor.voltage_v is None and motor.current_a is None for motor in found.motors)
    assert {f.key for f in found.findings} >= {"inventory_names", "inventory_plate_pairs"}


def test_a_unit_in_the_cell_may_not_contradict_the_heading(tmp_path):
    with pytest.raises(InputError) as caught:
        read_inventory(written(tmp_path, "Tag;Potencia (kW);Horas por día\nM1;15 HP;20\n"))
    assert keys(caught) == {"unit_conflict"}


def test_equipo_with_kinds_of_equipment_stays_a_kind(tmp_path):
    text = "Tag;Equipo;Potencia (kW);Horas por día\nM1;Motor;15;20\nM2;Compresr;15;20\n"
    with pytest.raises(InputError) as caught:
        read_inventory(written(tmp_path, text))
    assert keys(caught) == {"unknown_word"}


def test_a_50_hz_plate_speed_is_not_a_60_hz_one(tmp_path):
    text = "Tag;Potencia (kW);Velocidad de placa (rpm);Horas por día\nM1;15;{};20\n"
    with pytest.raises(InputError) as caught:
        read_inventory(written(tmp_path, text.format(1450)))
    assert keys(caught) == {"motor_plate_speed_50hz"}
    assert read_inventory(written(tmp_path, text.format(1560))).motors[0].rated_speed_rpm == 1560


def test_one_column_with_both_marks_decides_for_the_bill(tmp_path):
    text = (
        "Desde;Hasta;kWh;kvarh;Valor (COP)\n"
        "01/01/2024;31/01/2024;45.230,5;12.000;38.500.000\n01/02/2024;29/02/2024;43.000,0;11.000;36.500.000\n"
    )
    found = read_bills(written(tmp_path, text))
    assert [one.reactive_kvarh for one in found.periods] == [12_000, 11_000]
    assert {one.currency for one in found.periods} == {"COP"}
    assert "meter_mark_assumed" in {f.key for f in found.findings}


def test_amounts_in_two_currencies_are_refused(tmp_path):
    text = (
        "Inicio;Fin;kWh;Valor (COP);Importe (S/)\n01/01/2024;31/01/2024;45230;100;\n01/02/2024;29/02/2024;43000;;100\n"
    )
    with pytest.raises(InputError) as caught:
        read_bills(written(tmp_path, text))
    assert keys(caught) == {"bill_input_currencies"}


def test_ore_treated_in_dry_tonnes(tmp_path):
    found = read_production(written(tmp_path, "Mes;TMS;kWh\nsetiembre 2024;1200,5;45000\noctubre 2024;1100;43000\n"))
    assert found.ore_t.tolist() == [1200.5, 1100.0]
    found = read_production(written(tmp_path, "Mes;Mineral tratado (t)\nsetiembre 2024;1200,5\noctubre 2024;1100\n"))
    assert found.ore_t.tolist() == [1200.5, 1100.0]
