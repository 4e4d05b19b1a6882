"""``plan``, ``verify-pack`` and ``sources --stale`` as a client runs them: 80 columns, JSON, whole files."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from places import ROOT

COMMAND = Path(sys.executable).with_name("mine-energy.exe" if os.name == "nt" else "mine-energy")
PILOT = ROOT / "site_configs" / "los_conquistadores.toml"
OFFGRID = ROOT / "site_configs" / "caraveli_offgrid.toml"
PACK = ["records.csv", "verify_pack.json", "verify_pack.txt"]


def run(*words):
    env = {**os.environ, "PYTHONIOENCODING": "utf-8", "COLUMNS": "80"}
    return subprocess.run([COMMAND, *map(str, words)], capture_output=True, env=env, timeout=600, check=False)


def out(answer):
    return answer.stdout.decode("utf-8")


def err(answer):
    return answer.stderr.decode("utf-8")


@pytest.fixture(scope="module")
def shown():
    return {lang: run("--lang", lang, "plan", PILOT) for lang in ("es", "en")}


@pytest.fixture(scope="module")
def as_json():
    return run("plan", PILOT, "--json", "--lang", "en")


@pytest.fixture(scope="module")
def packs(tmp_path_factory):
    """Return the pilot's pack in both languages: the folder and what the command said."""
    made = {}
    for lang in ("es", "en"):
        folder = tmp_path_factory.mktemp(f"pack_{lang}")
        made[lang] = folder, run("--lang", lang, "verify-pack", PILOT, "--out", folder)
    return made


@pytest.mark.parametrize(("lang", "words"), [("es", ("Lo que no cuadra", "remoción")), ("en", ("add up", "removal"))])
def test_a_plan_fits_eighty_columns_and_says_what_does_not_add_up(shown, lang, words):
    answer = shown[lang]
    assert answer.returncode == 0, err(answer)
    assert max(map(len, out(answer).splitlines())) <= 80
    assert all(word in out(answer) for word in words)
    assert not {"cli.", "report.", "{", "Traceback"} & set(out(answer).split())
    assert "{" not in out(answer) + err(answer)


def test_what_the_plan_assumes_is_said_on_stderr(shown):
    assert "Assumption" in err(shown["en"])


def test_the_plans_json_is_one_document_whose_years_close(as_json):
    assert as_json.returncode == 0, err(as_json)
    document = json.loads(out(as_json))
    assert document["plant"] == "Los Conquistadores"
    plan = document["plan"]
    assert len(plan["years"]) == plan["span"]["last_year"] - plan["span"]["first_year"] + 1
    for year in plan["years"]:
        left = year["base_t_co2e"] + year["factor_effect_t_co2e"] - year["wedges_t_co2e"]
        assert year["location_t_co2e"] == pytest.approx(left, abs=1e-6)
        assert year["market_t_co2e"] <= year["location_t_co2e"] + 1e-9
    assert {doubt["level"] for doubt in plan["doubts"]} <= {"warning", "info", "assumption"}
    assert all(doubt["text"] for doubt in plan["doubts"])


def test_a_plan_that_contradicts_itself_leaves_with_three(tmp_path):
    text = PILOT.read_text(encoding="utf-8")
    assert "likely = " in text
    broken = text.replace("likely = ", "likely = -", 1)
    path = tmp_path / "sitio.toml"
    path.write_text(broken, encoding="utf-8")
    answer = run("plan", path, "--lang", "es")
    assert answer.returncode == 3
    assert out(answer) == ""
    assert "likely" in err(answer)
    assert f"línea {text[: text.index('likely = ')].count(chr(10)) + 1}" in err(answer)


@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_pack_is_three_files_and_a_reconstruction_is_called_one(packs, lang):
    folder, answer = packs[lang]
    assert answer.returncode == 0, err(answer)
    assert sorted(path.name for path in folder.iterdir()) == PACK
    text = (folder / "verify_pack.txt").read_text(encoding="utf-8")
    word = {"es": "estimación, no inventario", "en": "not an inventory"}[lang]
    assert word in text.lower()
    assert word in out(answer).lower()
    assert "report." not in text
    assert "{" not in text


def test_the_records_of_a_pack_add_up_to_the_energy_that_scope_2_counts(packs):
    folder, _ = packs["en"]
    record = json.loads((folder / "verify_pack.json").read_text(encoding="utf-8"))["record"]
    rows = list(csv.DictReader(io.StringIO((folder / "records.csv").read_text(encoding="utf-8-sig"))))
    assert len(rows) == len(record["records"]) == 12
    total = sum(float(row["Energy imported (kWh)"]) for row in rows)
    assert total == pytest.approx(record["evidence_kwh"], abs=0.01)
    assert total == pytest.approx(record["import_kwh"], abs=0.01)
    assert sum(int(row["Days"]) for row in rows) == 365


def test_the_records_open_in_a_worksheet_of_the_language(packs):
    data = (packs["es"][0] / "records.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    first = data.decode("utf-8-sig").splitlines()[1].split(";")
    assert len(first) == 8
    assert float(first[5].replace(",", ".")) > 0


def test_every_input_of_a_pack_has_its_hash(packs):
    document = json.loads((packs["es"][0] / "verify_pack.json").read_text(encoding="utf-8"))
    assert [file["name"] for file in document["inputs"]] == [PILOT.name, "los_conquistadores_motores.csv"]
    text = (packs["es"][0] / "verify_pack.txt").read_text(encoding="utf-8")
    assert all(file["sha256"] in text for file in document["inputs"])


def test_a_pack_has_the_same_bytes_twice(packs, tmp_path):
    folder, _ = packs["es"]
    run("--lang", "es", "verify-pack", PILOT, "--out", tmp_path)
    for name in PACK:
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes(), name


def test_a_pack_that_cannot_be_written_whole_is_not_written(tmp_path):
    (tmp_path / "verify_pack.json").mkdir()
    (tmp_path / "records.csv").write_bytes(b"of yesterday")
    answer = run("verify-pack", PILOT, "--out", tmp_path, "--lang", "es")
    assert answer.returncode == 6
    assert (tmp_path / "records.csv").read_bytes() == b"of yesterday"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["records.csv", "verify_pack.json"]


def test_a_plant_that_buys_nothing_has_nothing_to_verify(tmp_path):
    answer = run("verify-pack", OFFGRID, "--out", tmp_path / "pack", "--lang", "en")
    assert answer.returncode == 3
    assert "no Scope 2 to verify" in err(answer)
    assert not (tmp_path / "pack").exists()


@pytest.mark.parametrize(("lang", "words"), [("es", ("supuesta", "falta")), ("en", ("assumed", "missing"))])
def test_stale_figures_stand_by_file_with_their_reasons(lang, words):
    answer = run("--lang", lang, "sources", "--stale", "--year", 2026)
    assert answer.returncode == 0, err(answer)
    text = out(answer)
    assert max(map(len, text.splitlines())) <= 80
    assert all(word in text for word in words)
    assert text.count("\ntariffs/figures.csv: ") == 1


def test_stale_figures_as_json_name_the_year_that_age_counts_to():
    first, later = (json.loads(out(run("sources", "--stale", "--json", *year))) for year in ((), ("--year", 2040)))
    assert first["reference_year"] == 2026
    assert {"id", "name", "reasons"} <= set(first["figures"][0])
    assert len(later["figures"]) > len(first["figures"])


def test_a_year_without_stale_is_a_usage_error():
    assert run("sources", "--year", "2026").returncode == 2
