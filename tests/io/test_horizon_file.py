"""Horizon profiles: a table, PVGIS's text and JSON, and what is none."""

import json
from pathlib import Path

import numpy as np
import pytest

from mine_energy.errors import InputError
from mine_energy.io.horizon_file import read_horizon
from mine_energy.io.site_file import read_inputs
from mine_energy.messages import LANGUAGES, finding_text, problem_text
from mine_energy.study import run_solar
from site_texts import GRID, PLACE, YEAR

PVGIS = """Latitude (decimal degrees):\t2.984
Longitude (decimal degrees):\t-76.651

A\tH_hor\tA_sun(w)\tH_sun(w)\tA_sun(s)\tH_sun(s)
-180.0\t3.1\t-65.4\t0.0\t-115.1\t0.0
-90.0\t12.0\t-65.0\t2.0\t-115.0\t2.1
0.0\t7.5\t-64.0\t3.0\t-114.0\t3.1
90.0\t20.0\t-63.0\t4.0\t-113.0\t4.1

A: Azimuth (0 = S, 90 = W, -90 = E) (degree)
H_hor: Horizon height (degree)
"""


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "horizon.csv"
    path.write_text(text, encoding=encoding)
    return path


def test_pvgis_counts_from_the_south(tmp_path: Path) -> None:
    profile = read_horizon(written(tmp_path, PVGIS), "horizon.csv")
    # -180 is north, -90 east, 0 south, 90 west.
    assert profile.at(np.array([0.0, 90.0, 180.0, 270.0])) == pytest.approx([3.1, 12.0, 7.5, 20.0])
    assert profile.source == "horizon.csv"


def test_pvgis_json(tmp_path: Path) -> None:
    points = [{"A": -180.0, "H_hor": 3.1}, {"A": -90.0, "H_hor": 12.0}, {"A": 0.0, "H_hor": 7.5}]
    text = json.dumps({"inputs": {}, "outputs": {"horizon_profile": points}})
    profile = read_horizon(written(tmp_path, text))
    assert profile.at(np.array([90.0, 180.0])) == pytest.approx([12.0, 7.5])


@pytest.mark.parametrize(
    "text",
    [
        "azimuth,elevation\n0,5\n90,10\n180,0\n270,2.5\n",
        "# levantado con brújula\nazimut;elevación\n0;5\n90;10\n180;0\n270;2,5\n",
        "azimuth\televation\n270\t2.5\n180\t0\n90\t10\n0\t5\n",
        "azimuth,elevation\n0,5\n90,10\n180,-2\n-90,2.5\n",
    ],
)
def test_tables_count_from_the_north(tmp_path: Path, text: str) -> None:
    profile = read_horizon(written(tmp_path, text))
    assert profile.at(np.array([0.0, 90.0, 180.0, 270.0])) == pytest.approx([5, 10, 0, 2.5])


def test_windows_text(tmp_path: Path) -> None:
    profile = read_horizon(written(tmp_path, "azimut;elevación\r\n0;5\r\n180;7\r\n", "cp1252"))
    assert profile.at(np.array([180.0])) == pytest.approx([7.0])


@pytest.mark.parametrize("text", ["hello\nworld\n", "{}", '{"outputs": 3}', "azimuth,elevation\n0,5\n", "0,1\n2,3\n"])
def test_what_is_no_profile_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError) as error:
        read_horizon(written(tmp_path, text), "horizon.csv")
    assert [(p.key, p.file) for p in error.value.problems] == [("horizon_not_read", "horizon.csv")]


def test_every_wrong_line_is_told(tmp_path: Path) -> None:
    path = written(tmp_path, "azimuth,elevation\n0,5\n90,95\n400,3\n180,x\n270,2\n")
    with pytest.raises(InputError) as error:
        read_horizon(path, "horizon.csv")
    assert [(p.key, p.line) for p in error.value.problems] == [("horizon_value", line) for line in (3, 4, 5)]
    for language in LANGUAGES:
        assert problem_text(error.value.problems[0], language)


SITE = (
    PLACE
    + GRID
    + YEAR
    + """
[array]
horizon = "horizon.csv"
objective = "worst_month"
[array.soiling]
rain_mm = [90, 80, 110, 150, 140, 80, 60, 60, 100, 170, 180, 120]
washes_per_year = 2
"""
)


def test_a_site_file_names_its_horizon_and_the_yield_feels_it(tmp_path: Path) -> None:
    written(tmp_path, PVGIS)
    path = tmp_path / "plant.toml"
    path.write_text(SITE, encoding="utf-8")
    inputs = read_inputs(path, for_study=False)
    assert inputs.horizon is not None
    assert [file.name for file in inputs.files] == ["plant.toml", "horizon.csv"]
    unit = run_solar(inputs).unit
    steps = {step.key: step.factor for step in unit.chain}
    assert 0.9 < steps["horizon"] < 1.0
    assert 0.9 < steps["soiling"] < 1.0
    assert unit.washing_usd_per_kwp_year == pytest.approx(3.0)
    keys = {found.key for found in unit.findings}
    assert {"pv_horizon", "pv_rows", "pv_soiling_assumed"} <= keys
    for language in LANGUAGES:
        assert all("{" not in finding_text(found, language, "CO") for found in unit.findings)


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('"horizon.csv"', '"lost.csv"', "file_not_found"),
        ("washes_per_year = 2", 'wash_dates = ["31-02-2025"]', "not_a_date"),
        ("rain_mm = [90, 80,", "rain_mm = [80,", "not_twelve_months"),
        ("rain_mm = [90, 80, 110, 150, 140, 80, 60, 60, 100, 170, 180, 120]\n", "", "soiling_without_rain"),
        ("[array.soiling]", "[array.tracker]\n[array.soiling]\nmonthli = 3", "unknown_key_near"),
        ("[array.soiling]", "faces = [{ tilt_deg = 5, azimuth_deg = 9, share = 0.4 }]\n[array.soiling]", "faces_sum"),
    ],
)
def test_a_wrong_array_is_refused_by_its_key(tmp_path: Path, old: str, new: str, key: str) -> None:
    written(tmp_path, PVGIS)
    path = tmp_path / "plant.toml"
    path.write_text(SITE.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_inputs(path, for_study=False)
    assert key in {problem.key for problem in error.value.problems}
    for language in LANGUAGES:
        assert all(problem_text(problem, language) for problem in error.value.problems)
