"""Voltage quality in loggers' tables: which columns count, in which unit, and against which limit."""

import pytest

from mine_energy.errors import InputError
from mine_energy.io.power_quality import read_power_quality


@pytest.fixture
def write(tmp_path):
    def write(text):
        path = tmp_path / "pq.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def rows(count, *cells):
    return "".join(f"2025-03-03 {i // 6:02d}:{i % 6}0;" + ";".join(cells) + "\n" for i in range(count))


def test_spanish_columns_line_to_line(write):
    head = "Fecha;Tensión L12 (V);Tensión L12 mínima (V);THD V L1 (%);THD I L1 (%);Desequilibrio de tensión (%)\n"
    good = write(head + rows(20, "441,5", "430,2", "3,1", "25,0", "0,8"))
    found = read_power_quality(good, 440, "PE")
    assert found.findings == ()
    assert found.intervals == 20
    assert len(found.columns) == 4  # the current's distortion is nobody's limit here
    bad = write(head + rows(20, "410,5", "300,2", "9,1", "25,0", "2,8"))
    keys = [f.key for f in read_power_quality(bad, 440, "PE").findings]
    assert keys == ["load_voltage", "load_dips", "load_thd", "load_unbalance"]


def test_english_columns_line_to_neutral_and_fractions(write):
    head = "Date;Voltage L1N Avg;Voltage L1N Max;Voltage L1N Min;THD V L1N Avg;Harmonic V 5\n"
    found = read_power_quality(write(head + rows(12, "254.1", "260.9", "251.3", "0.034", "1.2")), 440, "CO")
    assert found.columns == ("Voltage L1N Avg", "Voltage L1N Min", "THD V L1N Avg")
    assert found.findings == ()
    over = read_power_quality(write(head + rows(12, "254.1", "260.9", "20.3", "0.064", "1.2")), 440, "CO")
    assert [f.key for f in over.findings] == ["load_dips", "load_thd"]
    assert over.findings[0].params["dips"] == 12


def test_a_file_without_such_columns_says_nothing(write):
    assert read_power_quality(write("Fecha;kWh\n2025-03-03;5\n"), 440, "PE") is None


def test_a_voltage_that_fits_nothing_and_a_word_are_refused(write):
    with pytest.raises(InputError, match="load_voltage_level"):
        read_power_quality(write("Fecha;Tensión L12 (V)\n" + rows(5, "13200,5")), 440, "PE")
    with pytest.raises(InputError, match="not_a_number"):
        read_power_quality(write("Fecha;Tensión L12 (V)\n" + rows(3, "441,5") + "x;alta\n"), 440, "PE")
