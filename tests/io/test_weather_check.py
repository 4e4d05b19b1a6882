"""``weather check``: what a look at a file finds."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import weather_samples as samples

from mine_energy.io.weather_check import check_file
from mine_energy.io.weather_files import Hints
from mine_energy.messages import LANGUAGES, finding_text

FILL = Hints(gaps="fill", missing="climatology")


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return samples.on_year(samples.year_of(), 2019)


def look(folder: Path, text: str, hints: Hints = FILL):
    path = folder / "clima.csv"
    path.write_text(text, encoding="utf-8")
    found = check_file(path, hints)
    for language in LANGUAGES:
        assert all("{" not in finding_text(finding, language) for finding in found.findings)
    return found


def keys(found) -> set[str]:
    return {finding.key for finding in found.findings}


def test_a_year_of_the_climatology_agrees_with_it(tmp_path: Path, frame: pd.DataFrame) -> None:
    found = look(tmp_path, samples.nsrdb_csv(frame))
    assert found.climate_ratio == pytest.approx(1.0, abs=0.005)
    assert all(month.ratio == pytest.approx(1.0, abs=0.02) for month in found.months)
    assert abs(found.sky_shift_minutes) <= 10
    assert found.closure_rmse_w_m2 < 0.5
    assert found.missing_hours == 0
    assert found.ghi_kwh_m2 == pytest.approx(frame["ghi"].sum() / 1000, rel=1e-6)
    assert 0.4 < found.clear_sky_ratio < 1.0
    assert "weather_sky_late" not in keys(found)


@pytest.mark.parametrize(("hours", "key"), [(1, "weather_sky_late"), (-1, "weather_sky_early")])
def test_hours_shifted_by_one_are_seen(hours: int, key: str, tmp_path: Path, frame: pd.DataFrame) -> None:
    rolled = frame.iloc[np.roll(np.arange(len(frame)), -hours)].set_axis(frame.index, axis=0)
    found = look(tmp_path, samples.nsrdb_csv(rolled))
    assert found.sky_shift_minutes == pytest.approx(60 * hours, abs=15)
    assert key in keys(found)


def test_a_brighter_file_is_told_by_how_much(tmp_path: Path, frame: pd.DataFrame) -> None:
    dim = frame.copy()
    dim[["ghi", "dni", "dhi"]] *= 0.73
    found = look(tmp_path, samples.nsrdb_csv(dim))
    remark = next(f for f in found.findings if f.key == "weather_below_climate")
    assert (remark.level, remark.params["difference_percent"]) == ("warning", 27)


def test_a_coastal_cell_is_named_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lima = (-12.0, -77.1, 30.0)
    monkeypatch.setattr(samples, "PLACE", lima)
    dim = samples.on_year(samples.year_of(lima), 2019)
    dim[["ghi", "dni", "dhi"]] *= 0.73
    found = look(tmp_path, samples.nsrdb_csv(dim))
    assert found.coast
    assert "weather_below_climate_coast" in keys(found)


def test_gaps_are_counted_before_they_are_filled(tmp_path: Path, frame: pd.DataFrame) -> None:
    rows = frame.drop(frame.index[[100, 101, 102, 4000]])
    found = look(tmp_path, samples.nsrdb_csv(rows))
    assert (found.missing_hours, found.missing_runs, found.longest_missing_hours) == (4, 2, 3)
    assert found.first_missing == "2023-01-05 04:00"


def test_the_real_files_pass(shared_file: Callable[[str], Path]) -> None:
    found = check_file(shared_file("weather/PER_Arequipa.847520_IWEC.epw"), FILL)
    assert found.above_clear_sky_share < 0.01
    assert abs(found.sky_shift_minutes) <= 10
    assert found.ghi_kwh_m2 == pytest.approx(2362, abs=1)
    assert found.bright_ratio == pytest.approx(1.0, abs=0.05)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_command_in_both_languages_and_as_json(
    language: str, tmp_path: Path, frame: pd.DataFrame, capsys: pytest.CaptureFixture[str]
) -> None:
    from mine_energy.cli import main

    path = tmp_path / "clima.csv"
    path.write_text(samples.nsrdb_csv(frame), encoding="utf-8")

    def run(*words: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as left:
            main([*words, "--lang", language])
        return int(left.value.code or 0), capsys.readouterr().out

    code, out = run("weather", "check", str(path))
    assert code == 0
    assert ("Climatología" if language == "es" else "climatology") in out
    code, out = run("weather", "check", str(path), "--json")
    document = json.loads(out)
    assert code == 0
    assert document["ok"]
    assert len(document["months"]) == 12
    path.write_text("hola\n", encoding="utf-8")
    code, out = run("weather", "check", str(path), "--json")
    assert code == 3
    assert not json.loads(out)["ok"]


SITE = f"""[site]
name = "Planta"
country = "CO"
latitude = {samples.PLACE[0]}
longitude = {samples.PLACE[1]}
altitude_m = {samples.PLACE[2]}
workdays_per_month = 26

[[site.shifts]]
start = 06:00:00
end = 14:00:00

[connection]
kind = "grid"
tariff = "co_ceo_n2_2025_estimate"

[emissions]
activity_year = 2024

[weather]
file = "estacion.csv"
kind = "measured"
source = "Estación de la mina"
stamps = "end"
utc_offset_hours = -5
gaps = "fill"
missing = "climatology"
"""


def test_a_site_tells_what_its_table_does_not(tmp_path: Path) -> None:
    from mine_energy.io.site_file import read_inputs
    from mine_energy.study import run_solar

    local = samples.local_range(range(2019, 2021)).drop(samples.calendar_index(2019)[4000:4003])
    columns = {"GHI (W/m2)": lambda r: round(r.ghi, 1), "Temp (C)": lambda r: round(r.temp_air, 1)}
    table = samples.table(local, columns, lambda s: f"{s + pd.Timedelta(hours=1):%Y-%m-%d %H:%M}")
    (tmp_path / "estacion.csv").write_text(table, encoding="utf-8")
    site = tmp_path / "sitio.toml"
    site.write_text(SITE, encoding="utf-8")
    inputs = read_inputs(site, for_study=False)
    assert inputs.weather is not None
    assert (inputs.weather.kind, inputs.weather.source) == ("measured", "Estación de la mina")
    assert inputs.weather.calendar_years() == (2019, 2020)
    found = {finding.key for finding in inputs.weather.findings}
    assert {"weather_gaps_filled", "weather_wind_speed_stands_in", "weather_place_taken"} <= found
    assert not found & {"weather_zone_assumed", "weather_kind_assumed", "weather_stamps_from_sky"}
    solar = run_solar(inputs)
    assert len(solar.unit.kw_per_kwp) == 8760
    assert "weather_representative_year" in {finding.key for finding in solar.findings}
