"""``mine-energy size`` as a client runs it: tables within 80 columns, JSON, refusals with what would help."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from places import ROOT

COMMAND = Path(sys.executable).with_name("mine-energy.exe" if os.name == "nt" else "mine-energy")
OFFGRID = ROOT / "site_configs" / "caraveli_offgrid.toml"
PILOT = ROOT / "site_configs" / "los_conquistadores.toml"


def run(*words):
    env = {**os.environ, "PYTHONIOENCODING": "utf-8", "COLUMNS": "80"}
    return subprocess.run([COMMAND, *map(str, words)], capture_output=True, env=env, timeout=600, check=False)


def out(answer):
    return answer.stdout.decode("utf-8")


def err(answer):
    return answer.stderr.decode("utf-8")


def pilot_with(tmp_path, *lines):
    """Write the packaged pilot with sections of its own beside its inventory."""
    text = PILOT.read_text(encoding="utf-8").replace(
        'file = "los_conquistadores_motores.csv"',
        f'file = "{(PILOT.parent / "los_conquistadores_motores.csv").as_posix()}"',
    )
    path = tmp_path / "sitio.toml"
    path.write_text(text + "\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def hybrid():
    return {lang: run("--lang", lang, "size", OFFGRID, "--years", 4) for lang in ("es", "en")}


@pytest.fixture(scope="module")
def as_json():
    return [run("size", OFFGRID, "--years", 4, "--json", "--coverage", "least-cost") for _ in range(2)]


@pytest.mark.parametrize(("lang", "word"), [("es", "Litros/año"), ("en", "Litres/year")])
def test_tables_fit_eighty_columns_and_say_the_litres(hybrid, lang, word):
    answer = hybrid[lang]
    assert answer.returncode == 0, err(answer)
    assert max(map(len, out(answer).splitlines())) <= 80
    assert word in out(answer)
    assert "-0" not in out(answer)
    assert "{" not in out(answer) + err(answer)


def test_every_default_is_an_assumption_on_stderr(hybrid):
    said = err(hybrid["en"])
    for words in ("LFP battery", "Panels at USD", "Battery at USD", "Genset: fuel", "fuel price", "exchange rate"):
        assert words in said, words


def test_few_years_are_said(hybrid):
    assert "29" in err(hybrid["en"])


@pytest.mark.whole
def test_json_is_one_document_and_the_same_twice(as_json):
    assert as_json[0].returncode == 0, err(as_json[0])
    assert as_json[0].stdout == as_json[1].stdout
    document = json.loads(out(as_json[0]))
    assert document["goal"] == "least_cost"
    assert [one["key"] for one in document["meanings"]] == ["annual_net", "hourly_self", "offgrid", "least_cost"]
    assert document["fuel_saved_l"] > 0
    for one in document["meanings"]:
        assert one["before"]["load_kwh"] > one["plant"]["load_kwh"]
        assert one["saved"]["pv_kwp"] == pytest.approx(one["before"]["pv_kwp"] - one["plant"]["pv_kwp"], abs=1e-6)


@pytest.mark.whole
def test_an_annual_balance_that_the_connection_does_not_let_out_is_refused(tmp_path):
    path = pilot_with(tmp_path, "[grid]", "export_limit_kw = 1.0")
    answer = run("--lang", "en", "size", path, "--years", 3)
    assert answer.returncode != 0
    assert "export limit" in err(answer)
    assert out(answer) == ""


def test_reliability_beyond_the_largest_battery_is_refused(tmp_path):
    path = pilot_with(tmp_path, "[battery]", "max_kwh = 5.0")
    answer = run("--lang", "es", "size", path, "--coverage", "offgrid", "--lpsp", 0.001, "--years", 3)
    assert answer.returncode != 0
    assert "Ningún tamaño permitido" in err(answer)


@pytest.mark.whole
def test_an_array_beyond_its_area_is_refused(tmp_path):
    text = PILOT.read_text(encoding="utf-8").replace('mounting = "open_rack"', 'mounting = "open_rack"\nmax_kwp = 60.0')
    path = tmp_path / "sitio.toml"
    inventory = (PILOT.parent / "los_conquistadores_motores.csv").as_posix()
    path.write_text(text.replace("los_conquistadores_motores.csv", inventory), encoding="utf-8")
    answer = run("--lang", "en", "size", path, "--years", 3)
    assert answer.returncode != 0
    assert "60" in err(answer)


@pytest.mark.whole
def test_an_island_that_does_not_start_a_machine_is_shown_and_refused():
    answer = run("--lang", "en", "size", PILOT, "--coverage", "offgrid", "--years", 3, "--lpsp", 0.05)
    assert answer.returncode != 0
    assert "†" in out(answer)
    assert "soft starter" in err(answer)
    assert max(map(len, out(answer).splitlines())) <= 80


@pytest.mark.parametrize(
    "words", [("--ratio", "1.2", "--coverage", "hourly-self"), ("--lpsp", "1.5"), ("--years", "1")]
)
def test_wishes_out_of_range_are_usage_errors(words):
    assert run("size", OFFGRID, *words).returncode == 2
