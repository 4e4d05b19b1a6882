"""The measuring columns of an inventory: read in both languages, and refused with their cell."""

import time

import pytest

from mine_energy import vocabulary
from mine_energy.errors import InputError
from mine_energy.io.columns import INVENTORY_KEYS
from mine_energy.io.inventory import read_inventory
from mine_energy.messages import problem_text
from mine_energy.motors import Motor, motor_state

SPANISH = (
    "Etiqueta;Potencia nominal [hp];Polos;Horas por día;Eficiencia [%];Tensión de placa [V];Corriente de placa [A];"
    "Corriente medida [A];Tensión medida [V];Conexión en uso;Punto de medición;Velocidad nominal;"
    "Velocidad medida [rpm];"
    "Frecuencia medida [Hz];F80 [mm];P80 [µm];Eficiencia al 75 % [%]\n"
)
ENGLISH = (
    "Tag,Rated power [kW],Poles,Hours per day,Frequency [Hz],60 Hz rated power [hp],60 Hz rated speed,Packaged machine,"
    "Year of manufacture,Rewinds,Rewinding shop,Duty cycle [%],Compressor control,Relative air demand [%]\n"
)


def read(tmp_path, text):
    path = tmp_path / "m.csv"
    path.write_text(text, encoding="utf-8")
    return read_inventory(path, name="m.csv")


def test_spanish_columns_read(tmp_path):
    row = "ML-1;50;4;8;93,0;220/440;120/60;45,5;438;Estrella;Bornes del motor;1750;1768;60,02;9,5;106;93,4\n"
    motor = read(tmp_path, SPANISH + row).motors[0]
    assert (motor.rated_voltage_v, motor.rated_current_a, motor.connection) == ("220/440", "120/60", "star")
    assert (motor.current_a, motor.voltage_v, motor.measuring_point) == (45.5, 438.0, "motor")
    assert (motor.speed_rpm, motor.line_frequency_hz) == (1768.0, 60.02)
    assert (motor.f80_um, motor.p80_um, motor.efficiency_75) == (9500.0, 106.0, pytest.approx(0.934))


def test_english_columns_read(tmp_path):
    row = "C-1,15,4,8,50,25,1760,Yes,2016,2,Certified,,Inlet modulation,60\n"
    motor = read(tmp_path, ENGLISH + row).motors[0]
    assert (motor.rated_power_60hz_kw, motor.rated_speed_60hz_rpm) == (pytest.approx(18.64, abs=0.01), 1760.0)
    assert (motor.packaged, motor.manufacture_year, motor.rewind_shop) == ("yes", 2016, "certified")
    assert (motor.compressor_control, motor.air_demand_fraction) == ("modulating", pytest.approx(0.6))


@pytest.mark.parametrize(
    ("row", "key", "value"),
    [
        ("V;50;4;8;93;440;60;45;440;;Entrada del variador;1750;;;;;", "motor_current_drive_input", "45"),
        ("V;50;4;8;93;220/440;60;45;440;;;1750;;;;;", "motor_plate_currents", "60"),
        ("V;50;4;8;93;440;60;45;262;;;1750;;;;;", "motor_voltage_fits_no_plate", "262"),
        ("V;50;4;8;93;440;60;;;;;1750;1802;60,0;;;", "motor_slip_negative", "1802"),
        ("V;50;2;8;93;440;60;;;;;1750;;;;;", "motor_plate_speed_poles", "1750"),
        ("V;50;4;8;93;440;60;;;;;1750;;;;;60", "motor_efficiency_points", "60"),
        ("V;50;4;8;93;440;60;90;440;;;1750;;;;;", "motor_load_beyond", "90"),
    ],
)
def test_contradictions_name_their_cell(tmp_path, row, key, value):
    with pytest.raises(InputError) as caught:
        read(tmp_path, SPANISH + row + "\n")
    (problem,) = caught.value.problems
    assert (problem.key, problem.file, problem.line, problem.value) == (key, "m.csv", 2, value)
    for language in ("es", "en"):
        assert "{" not in problem_text(problem, language)


def test_no_heading_names_two_columns():
    names: dict[str, str] = {}
    for key in INVENTORY_KEYS:
        term = vocabulary.terms()[key]
        for name in {vocabulary.normalise(n) for n in (key, term.label_es, term.label_en, *term.aliases)}:
            assert names.setdefault(name, key) == key, name


def test_a_50_hz_plate_without_its_column_is_refused_in_its_cell(tmp_path):
    with pytest.raises(InputError) as caught:
        read(tmp_path, ENGLISH + "C-1,15,4,8,50,,,,,,,,,\n")
    assert [(p.key, p.value) for p in caught.value.problems] == [("motor_plate_frequency", "50")]


def test_five_hundred_motors_take_a_moment():
    row = {"drive": "vfd", "transmission": "v_belt", "input_kw": 25.0, "rewinds": 1, "efficiency": 0.93}
    machine = Motor(tag="M", rated_power_kw=37.0, poles=4, hours_per_day=8.0, **row)
    start = time.perf_counter()
    for _ in range(100):
        motor_state(machine, altitude_m=2500.0)
    assert time.perf_counter() - start < 4.0
