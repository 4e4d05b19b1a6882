"""Files as they are handed over: Portuguese headings, merged headings, newest first, spans of time, serial dates."""

from datetime import datetime, timedelta
from pathlib import Path

import openpyxl
import pytest

from mine_energy.errors import InputError
from mine_energy.io.meters import read_meter

STAMPS = [datetime(2024, 3, 1) + timedelta(minutes=15 * i) for i in range(288)]
KW = [120.0 + 37 * i % 23 + (i % 96) / 4 for i in range(288)]
KWH = sum(KW) / 4


def spanish(value: float) -> str:
    return f"{value:.4f}".replace(".", ",")


def total(load) -> float:
    return float(load.load_kw.sum()) * load.step_minutes / 60


def text_file(folder: Path, heading: str, lines: list[str]) -> Path:
    path = folder / "meter.csv"
    path.write_text("\n".join([heading, *lines, ""]), encoding="utf-8")
    return path


def workbook(folder: Path, rows: list[list[object]], merge: str = "") -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if merge:
        book.active.merge_cells(merge)
    path = folder / "meter.xlsx"
    book.save(path)
    return path


def pairs() -> list[tuple[datetime, float]]:
    return list(zip(STAMPS, KW, strict=True))


def test_an_analyser_that_ends_inductive_units_in_l(tmp_path):
    lines = [f"{t:%d/%m/%Y %H:%M:%S};{spanish(p)};{spanish(p * 0.3)};{spanish(1)};0,95" for t, p in pairs()]
    load = read_meter(text_file(tmp_path, "Fecha/hora;kW III;kvarL III;kvarC III;FP III", lines))
    assert total(load) == pytest.approx(KWH)
    assert float(load.reactive_kvar.sum()) / 4 == pytest.approx(0.3 * KWH, rel=1e-5)


@pytest.mark.parametrize("heading", ["Data/Hora", "Data e hora", "Data"])
def test_portuguese_headings(tmp_path, heading):
    lines = [f"{t:%d/%m/%Y %H:%M};{spanish(p / 4)};{spanish(p / 10)}" for t, p in pairs()]
    load = read_meter(text_file(tmp_path, f"{heading};Energia ativa (kWh);Energia reativa (kvarh)", lines))
    assert total(load) == pytest.approx(KWH)
    assert load.reactive_kvar is not None


def test_units_below_a_merged_heading_tell_the_columns(tmp_path):
    head = [["Fecha", "Energía", "", "Demanda"], ["", "kWh", "kvarh", "kW"]]
    load = read_meter(workbook(tmp_path, [*head, *([t, p / 4, p / 10, p] for t, p in pairs())], "B1:C1"))
    assert total(load) == pytest.approx(KWH)
    assert float(load.reactive_kvar.sum()) / 4 == pytest.approx(0.4 * KWH)


def test_serial_dates_of_cells_without_a_date_format(tmp_path):
    load = read_meter(workbook(tmp_path, [["Timestamp", "kW"], *([45352 + i / 96, p] for i, p in enumerate(KW))]))
    assert total(load) == pytest.approx(KWH)
    assert load.load_kw.index[0].isoformat() == "2024-03-01T00:00:00-05:00"


def test_newest_first_is_turned_round_and_told(tmp_path):
    lines = [f"{t:%Y-%m-%d %H:%M},{p / 4:.4f}" for t, p in pairs()]
    forward = read_meter(text_file(tmp_path, "Fecha,kWh", lines), country="PE")
    load = read_meter(text_file(tmp_path, "Fecha,kWh", lines[::-1]), country="PE")
    assert load.load_kw.equals(forward.load_kw)
    assert "meter_newest_first" in {finding.key for finding in load.findings}
    with pytest.raises(InputError) as caught:
        read_meter(text_file(tmp_path, "Fecha,kWh", [*lines[5::-1], *lines[6:]]), country="PE")
    assert {problem.key for problem in caught.value.problems} >= {"stamp_backwards"}


def test_a_span_of_time_starts_where_it_says(tmp_path):
    lines = [f"{t:%d/%m/%Y};{t:%H:%M} - {t + timedelta(minutes=15):%H:%M};{spanish(p / 4)}" for t, p in pairs()[40:]]
    load = read_meter(text_file(tmp_path, "Fecha;Intervalo;kWh", lines))
    assert total(load) == pytest.approx(sum(KW[40:]) / 4, rel=1e-6)
    assert load.load_kw.index[0].isoformat() == "2024-03-01T10:00:00-05:00"


def test_local_days_tell_the_edge_of_stamps_in_universal_time(tmp_path):
    lines = [f"{t + timedelta(hours=5):%Y-%m-%dT%H:%M:%SZ},{p / 4:.4f}" for t, p in pairs()]
    load = read_meter(text_file(tmp_path, "timestamp,active_energy_kwh", lines), country="PE")
    assert total(load) == pytest.approx(KWH)
    assert load.load_kw.index[0].isoformat() == "2024-03-01T00:00:00-05:00"
