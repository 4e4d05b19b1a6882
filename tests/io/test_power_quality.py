"""Voltage quality in loggers' tables: which columns count, in which unit, and against which limit."""

import pytest

from mine_energy.errors import InputError
from mine_energy.io.meter_sources import open_meter
from mine_energy.io.power_quality import quality_of_meter, read_power_quality
from mine_energy.io.quality_words import quality_heading


@pytest.fixture
def write(tmp_path):
    def write(text):
        path = tmp_path / "pq.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def rows(count, *cells):
    return "".join(f"2025-03-03 {i // 6:02d}:{i % 6}0;" + ";".join(cells) + "\n" for i in range(count))


def meter_table(path):
    return open_meter(path, sheet="", name="m.csv")[0]


def limits_broken(found):
    return [f.key for f in found.findings if f.key.startswith("load_")]


def test_spanish_columns_line_to_line(write):
    head = "Fecha;Tensión L12 (V);Tensión L12 mínima (V);THD V L1 (%);THD I L1 (%);Desequilibrio de tensión (%)\n"
    found = read_power_quality(write(head + rows(20, "441,5", "430,2", "3,1", "25,0", "0,8")), 440, "PE")
    assert limits_broken(found) == []
    assert (found.intervals, len(found.columns), found.step_minutes) == (20, 5, 10)
    assert [(d.of, d.p95) for d in found.distortion] == [("voltage", 0.031), ("current", 0.25)]
    bad = read_power_quality(write(head + rows(20, "410,5", "300,2", "9,1", "25,0", "2,8")), 440, "PE")
    assert limits_broken(bad) == ["load_voltage", "load_dips", "load_thd", "load_unbalance"]


def test_english_columns_line_to_neutral_and_fractions(write):
    head = "Date;Voltage L1N Avg;Voltage L1N Max;Voltage L1N Min;THD V L1N Avg;Harmonic V 5\n"
    found = read_power_quality(write(head + rows(12, "254.1", "260.9", "251.3", "0.034", "1.2")), 440, "CO")
    assert found.columns == ("Voltage L1N Avg", "Voltage L1N Min", "THD V L1N Avg")
    assert limits_broken(found) == []
    assert found.voltages[0].reference_v == pytest.approx(254.03, abs=0.01)
    assert "quality_ratio_assumed" in [f.key for f in found.findings]
    over = read_power_quality(write(head + rows(12, "254.1", "260.9", "20.3", "0.064", "1.2")), 440, "CO")
    assert limits_broken(over) == ["load_dips", "load_thd"]
    assert over.dips.dips == 12


@pytest.mark.parametrize(("written", "meant"), [("0.21", 0.0021), ("0.8", 0.008), ("0.012", 0.012)])
def test_unbalance_without_a_sign_is_per_cent_unless_that_would_be_no_supply(write, written, meant):
    found = read_power_quality(write("Date;Voltage unbalance\n" + rows(9, written)), 440, "PE")
    assert found.unbalance.p95 == pytest.approx(meant)


def test_kilovolts_and_a_row_of_units(write):
    found = read_power_quality(write("Fecha;U12;U23;U31\n;kV;kV;kV\n" + rows(9, "13.3", "13.2", "13.1")), 13200, "CO")
    assert [v.mean_v for v in found.voltages] == pytest.approx([13300, 13200, 13100])
    assert found.unbalance.nema_p95 == pytest.approx(100 / 13200)


def test_without_a_nominal_voltage_nothing_is_held_against_a_band(write):
    found = read_power_quality(write("Fecha;Tensión L12 (V)\n" + rows(5, "13200,5")), None, "PE")
    assert found.voltages[0].outside is None
    assert "quality_no_nominal" in [f.key for f in found.findings]


@pytest.mark.parametrize(
    ("heading", "quantity", "phase"),
    [
        ("Vrms ph-n L1N Avg", "voltage", "L1-N"),
        ("U12", "voltage", "L1-L2"),
        ("Tensión R-S [kV]", "voltage", "L1-L2"),
        ("Voltage Phase A (V)", "voltage", "L1"),
        ("Tensión L3 - L1 (V)", "voltage", "L3-L1"),
        ("THDV1", "thd_voltage", "L1"),
        ("Corriente R (A)", "current", "L1"),
        ("Potencia activa L2 (kW)", "power", "L2"),
        ("Unbalance Vn Avg", "unbalance", ""),
        ("Huecos", "dips", ""),
    ],
)
def test_headings_that_count(heading, quantity, phase):
    found = quality_heading(heading)
    assert (found.quantity, found.phase) == (quantity, phase)


@pytest.mark.parametrize(
    "heading",
    [
        *("Corriente N (A)", "Tensión a neutro (V)", "Unbalance Vz", "kWh", "kW", "Potencia activa total (kW)", "V"),
        *("Duración de huecos (ms)", "Potencia reactiva L1 (kvar)", "PF L1", "Frecuencia (Hz)", "Fecha", "Va"),
        *("Lagging_Current_Reactive.Power_kVarh", "Leading_Current_Power_Factor", "Ángulo U1 (°)", "Voltage L1 Max"),
    ],
)
def test_headings_that_do_not(heading):
    assert quality_heading(heading) is None


def test_a_file_without_such_columns_says_nothing(write):
    assert read_power_quality(write("Fecha;kWh\n2025-03-03;5\n"), 440, "PE") is None


@pytest.mark.parametrize(
    ("body", "key", "line"),
    [
        (rows(5, "13200,5"), "load_voltage_level", 1),
        (rows(3, "441,5") + "2025-03-03 00:30;alta\n", "not_a_number", 5),
        ("2025-03-03 00:00;alta\n" + rows(3, "441,5"), "not_a_number", 2),
        (rows(3, "441,5") + "2025-03-03 00:30;-440,1\n", "quality_value", 5),
        (rows(3, "441,5") + "ayer;441,5\n", "stamp_unreadable", 5),
    ],
)
def test_what_is_wrong_is_refused_with_its_line(write, body, key, line):
    with pytest.raises(InputError) as caught:
        read_power_quality(write("Fecha;Tensión L12 (V)\n" + body), 440, "PE")
    assert [(p.key, p.line) for p in caught.value.problems] == [(key, line)]


def test_more_distortion_than_there_is_is_refused(write):
    with pytest.raises(InputError) as caught:
        read_power_quality(write("Fecha;THD V L1 (%)\n" + rows(3, "3,1") + "2025-03-03 00:30;310\n"), 440, "PE")
    assert [(p.key, p.line) for p in caught.value.problems] == [("quality_value", 5)]


def test_a_meter_with_powers_by_phase_tells_of_the_phase_that_lacks(write):
    head = "Fecha;Energía activa (kWh);Potencia activa L1 (kW);Potencia activa L2 (kW);Potencia activa L3 (kW)\n"
    found, findings = quality_of_meter(meter_table(write(head + rows(9, "5,5", "10,5", "0,1", "10,4"))), 440, "CO")
    assert found is None
    assert [(f.key, f.params["phase"]) for f in findings] == [("load_phase_missing", "L2")]


def test_a_meters_doubtful_voltage_costs_the_quality_and_not_the_energy(write):
    head = "Fecha;Energía activa (kWh);Tensión L12 (V)\n"
    found, findings = quality_of_meter(
        meter_table(write(head + rows(9, "5,5", "441,5") + rows(1, "5,5", "x"))), 440, "CO"
    )
    assert found is None
    assert [(f.key, f.params["place"]) for f in findings] == [("quality_unread", "11")]
    other, said = quality_of_meter(meter_table(write(head + rows(9, "5,5", "441,5"))), 13200, "CO")
    assert other.voltages[0].outside is None
    assert [f.key for f in said] == ["quality_other_level"]


def test_a_column_that_leaves_both_marks_open_is_read_with_the_mark_of_its_neighbours(write):
    head = "Fecha;Energía activa (kWh);Tensión L1N (V)\n"
    found, _ = quality_of_meter(meter_table(write(head + rows(9, "5,51", "228,600"))), 400, "CO")
    assert found.voltages[0].mean_v == pytest.approx(228.6)
