"""The installed command from outside: every command, both languages, exit codes, streams, and nothing half written."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from places import ROOT

COMMAND = Path(sys.executable).with_name("mine-energy.exe" if os.name == "nt" else "mine-energy")
PILOT = ROOT / "site_configs" / "los_conquistadores.toml"
PROFILE = ROOT / "load_profiles" / "los_conquistadores_reconstruido.csv"
SPANISH = ("Qué", "Energía", "energía", "Idioma", "tabla", "sol", "Así", "Todo")


def run(*words, **environment):
    env = {**os.environ, "PYTHONIOENCODING": "utf-8", **environment}
    return subprocess.run([COMMAND, *map(str, words)], capture_output=True, env=env, timeout=600, check=False)


def out(answer):
    return answer.stdout.decode("utf-8")


def err(answer):
    return answer.stderr.decode("utf-8")


@pytest.fixture(scope="module")
def studied(tmp_path_factory):
    """Return the pilot's study, sizing left out, in both languages: the folder and what the command said."""
    folders = {}
    for language, words in (("es", ["study", PILOT]), ("en", ["demo", "--json"])):
        folder = tmp_path_factory.mktemp(f"study_{language}")
        folders[language] = folder, run(*words, "--no-sizing", "--out", folder, "--lang", language)
    return folders


@pytest.fixture
def project(tmp_path):
    """Return a started project's folder with its two files filled in."""
    answer = run("init", tmp_path, "--blank", "--lang", "es")
    assert answer.returncode == 0
    site = tmp_path / "sitio.toml"
    text = site.read_text(encoding="utf-8")
    for blank, value in (
        ('name = ""', 'name = "Planta de prueba"'),
        ('region = ""', 'region = "Suárez, Cauca"'),
        ('latitude = ""', "latitude = 2.95"),
        ('longitude = ""', "longitude = -76.69"),
        ('altitude_m = ""', "altitude_m = 1100"),
        ('workdays_per_month = ""', "workdays_per_month = 26"),
        ('tariff = ""', 'tariff = "co_ceo_n2_2025_estimate"'),
        ('activity_year = ""', "activity_year = 2024"),
    ):
        assert blank in text
        text = text.replace(blank, value)
    site.write_text(text, encoding="utf-8")
    fill(tmp_path / "motores.xlsx", [("MOL-1", 50, 14), ("BOM-1", 10, 8)])
    return tmp_path


def fill(path, machines):
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    headings = {cell.value: cell.column for cell in page[1]}
    for row, (tag, power, hours) in enumerate(machines, 4):
        for heading, value in (
            ("Etiqueta", tag),
            ("Potencia nominal", power),
            ("Unidad de potencia", "hp"),
            ("Horas por día", hours),
        ):
            page.cell(row, headings[heading]).value = value
    book.save(path)


def digests(folder):
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(Path(folder).iterdir()) if p.is_file()}


def test_a_study_writes_three_files_and_names_them(studied):
    for folder, answer in studied.values():
        assert answer.returncode == 0, err(answer)
        assert set(digests(folder)) == {"report.html", "results.xlsx", "study.json"}
        # What has to be known beside the figures goes to stderr, as in the other commands.
        assert all(line.startswith(("Aviso: ", "Warning: ")) for line in err(answer).splitlines())
    assert (studied["es"][0] / "report.html").as_posix() in out(studied["es"][1])


def test_a_studys_json_is_all_there_is_on_stdout(studied):
    document = json.loads(out(studied["en"][1]))
    assert set(document) == {"schema_version", "files", "summary"}
    assert document["summary"]["plant"] == "Los Conquistadores"
    study = json.loads((studied["en"][0] / "study.json").read_text(encoding="utf-8"))
    assert study["schema_version"] == document["schema_version"]


def test_the_study_does_not_depend_on_the_language(studied):
    first, second = (json.loads((studied[x][0] / "study.json").read_text(encoding="utf-8")) for x in ("es", "en"))
    assert first == second


def test_report_makes_the_same_bytes_again(studied, tmp_path):
    folder, _ = studied["es"]
    answer = run("report", folder / "study.json", "--out", tmp_path, "--lang", "es")
    assert answer.returncode == 0, err(answer)
    before = digests(folder)
    assert digests(tmp_path) == {name: before[name] for name in ("report.html", "results.xlsx")}


def test_a_report_that_cannot_be_written_leaves_with_six_and_changes_nothing(studied, tmp_path):
    source = studied["es"][0] / "study.json"
    (tmp_path / "report.html").mkdir()
    (tmp_path / "results.xlsx").write_bytes(b"of yesterday")
    answer = run("report", source, "--out", tmp_path, "--lang", "es")
    assert answer.returncode == 6
    assert "Traceback" not in err(answer)
    assert (tmp_path / "results.xlsx").read_bytes() == b"of yesterday"
    assert {path.name for path in tmp_path.iterdir()} == {"report.html", "results.xlsx"}


COMMANDS = [
    ["check", PILOT],
    ["audit", PILOT],
    ["pv", PILOT],
    ["load", "check", PROFILE],
    ["load", "profile", PROFILE],
    ["load", "profile", PILOT],
    ["sources"],
    ["calc", "payback", "--investment", "1000", "--saving", "300", "--years", "9", "--rate", "10%"],
]


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: " ".join(str(w) for w in words[:2])[:24])
def test_every_command_speaks_both_languages(words, language):
    answer = run(*words, "--lang", language)
    assert answer.returncode == 0, err(answer)
    text = out(answer) + err(answer)
    assert out(answer)
    assert any(re.search(rf"\b{word}\b", text) for word in SPANISH) == (language == "es")
    assert "cli." not in text
    assert "Traceback" not in text


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: " ".join(str(w) for w in words[:2])[:24])
def test_json_is_pure_and_carries_its_version(words):
    answer = run(*words, "--json")
    assert answer.returncode == 0, err(answer)
    document = json.loads(out(answer))
    if words[0] == "sources":
        assert {"id", "publisher", "year"} <= set(document[0])
    else:
        assert document["schema_version"]


@pytest.mark.parametrize("which", ["site", "inventory", "study"])
def test_schemas_are_json(which):
    assert "properties" in json.loads(out(run("schema", which)))


def test_init_fill_check_and_study(project):
    assert run("check", project / "sitio.toml").returncode == 0
    answer = run("study", project / "sitio.toml", "--no-sizing", "--out", project / "out", "--lang", "en")
    assert answer.returncode == 0, err(answer)
    study = json.loads((project / "out" / "study.json").read_text(encoding="utf-8"))
    assert [machine["tag"] for machine in study["audit"]["machines"]] == ["MOL-1", "BOM-1"]


def test_init_never_writes_over_a_file(project):
    before = digests(project)
    answer = run("init", project, "--blank", "--lang", "es")
    assert answer.returncode == 3
    assert "motores.xlsx" in err(answer)
    assert digests(project) == before


def test_init_into_a_file_leaves_with_six(tmp_path):
    (tmp_path / "taken").write_text("x", encoding="utf-8")
    answer = run("init", tmp_path / "taken", "--lang", "en")
    assert answer.returncode == 6
    assert out(answer) == ""


def test_wrong_inputs_leave_with_three_and_write_nothing(project):
    fill(project / "motores.xlsx", [("MOL-1", "cincuenta", 14), ("BOM-1", 10, 30)])
    before = digests(project)
    answer = run("study", project / "sitio.toml", "--out", project / "out", "--json", "--lang", "es")
    assert answer.returncode == 3
    assert out(answer) == ""
    assert "cincuenta" in err(answer)
    assert not (project / "out").exists()
    assert digests(project) == before


def test_an_unknown_tariff_leaves_with_four(project):
    site = project / "sitio.toml"
    text = site.read_text(encoding="utf-8").replace("co_ceo_n2_2025_estimate", "co_nowhere", 1)
    site.write_text(text, encoding="utf-8")
    answer = run("check", site, "--lang", "en")
    assert answer.returncode == 4
    assert "co_ceo_n2_2025_estimate" in err(answer)


def test_a_plant_without_load_leaves_with_five(project):
    fill(project / "motores.xlsx", [("MOL-1", 50, 0), ("BOM-1", 10, 0)])
    answer = run("study", project / "sitio.toml", "--out", project / "out", "--lang", "en")
    assert answer.returncode == 5, err(answer)
    assert "Traceback" not in err(answer)
    assert not (project / "out").exists()


@pytest.fixture
def wrong(project):
    fill(project / "motores.xlsx", [("MOL-1", "cincuenta", 14), ("BOM-1", 10, 30)])
    return project


def test_check_lists_problems_as_json_on_stdout(wrong):
    answer = run("check", wrong / "sitio.toml", "--json", "--lang", "es")
    assert answer.returncode == 3
    document = json.loads(out(answer))
    assert document["ok"] is False
    assert {problem["value"] for problem in document["problems"]} >= {"cincuenta"}
    assert err(answer) == ""


def test_check_writes_a_marked_copy_and_leaves_the_original_alone(wrong):
    before = digests(wrong)
    copy = wrong / "copia.xlsx"
    answer = run("check", wrong / "sitio.toml", "--mark", copy, "--lang", "es")
    assert answer.returncode == 3
    assert copy.as_posix() in out(answer)
    page = openpyxl.load_workbook(copy).worksheets[0]
    assert any(cell.comment and "cincuenta" in cell.comment.text for row in page.iter_rows() for cell in row)
    first = copy.read_bytes()
    assert run("check", wrong / "sitio.toml", "--mark", copy, "--lang", "es").returncode == 3
    assert copy.read_bytes() == first
    copy.unlink()
    assert digests(wrong) == before


def test_check_never_marks_over_the_original_or_another_workbook(wrong):
    before = digests(wrong)
    answer = run("check", wrong / "sitio.toml", "--mark", wrong / "motores.xlsx", "--lang", "en")
    assert answer.returncode == 3
    assert "motores.xlsx" in err(answer)
    assert digests(wrong) == before


def test_check_marks_every_table_into_a_folder(wrong):
    (wrong / "medidor.csv").write_text("Fecha y hora;kWh\n2025-01-01 00:00;x\n2025-01-01 00:15;2\n", encoding="utf-8")
    site = wrong / "sitio.toml"
    text = site.read_text(encoding="utf-8").replace("# [load] ", "[load]\nfile = 'medidor.csv' # ", 1)
    site.write_text(text, encoding="utf-8")
    assert run("check", site, "--mark", wrong / "una.xlsx").returncode == 3
    assert not (wrong / "una.xlsx").exists()
    answer = run("check", site, "--marked", wrong / "copias", "--json", "--lang", "en")
    assert answer.returncode == 3
    assert len(json.loads(out(answer))["marked"]) == 2
    assert set(digests(wrong / "copias")) == {"motores_xlsx_marked.xlsx", "medidor_csv_marked.xlsx"}


def test_check_marks_nothing_where_nothing_is_wrong(project):
    answer = run("check", project / "sitio.toml", "--mark", project / "copia.xlsx", "--lang", "en")
    assert answer.returncode == 0
    assert not (project / "copia.xlsx").exists()


def test_load_check_refuses_with_the_line(tmp_path):
    path = tmp_path / "medidor.csv"
    path.write_text("Fecha y hora;Energía activa [kWh]\n2025-01-01 00:00;1\n2025-01-01 00:15;x\n", encoding="utf-8")
    answer = run("load", "check", path, "--json", "--lang", "es")
    assert answer.returncode == 3
    document = json.loads(out(answer))
    assert document["problems"][0]["line"] == 3
    plain = run("load", "check", path, "--lang", "es")
    assert plain.returncode == 3
    assert out(plain) == ""


def test_load_check_shows_what_was_understood(tmp_path):
    rows = [f"2025-01-01 {m // 60:02d}:{m % 60:02d};{1 + m % 60 / 100:.4f}" for m in range(0, 1440, 15)]
    path = tmp_path / "medidor.csv"
    path.write_text("\n".join(["Fecha y hora;Energía activa [kWh]", *rows]) + "\n", encoding="utf-8")
    document = json.loads(out(run("load", "check", path, "--json", "--lang", "es")))
    assert document["ok"] is True
    assert document["step_minutes"] == 15
    assert document["intervals"] == 96
    assert document["energy_kwh"] == pytest.approx(sum(1 + m % 60 / 100 for m in range(0, 1440, 15)))
    assert [column["role"] for column in document["columns"]] == ["stamp", "active"]
    assert document["first_start"].startswith("2025-01-01T00:00:00-05:00")


def test_load_profile_of_the_steel_works(shared_file):
    path = shared_file("loads/Steel_industry_data.csv")
    document = json.loads(out(run("load", "profile", path, "--json")))
    assert document["energy_kwh"] == pytest.approx(959_636.71, abs=0.005)
    assert document["peak_kw"] == pytest.approx(628.72)
    assert document["load_factor"] == pytest.approx(0.1742, abs=5e-5)
    assert document["reactive"]["power_factor"] == pytest.approx(0.9029, abs=5e-5)
    assert document["reactive"]["colombia_excess_kvarh"] == pytest.approx(75_613, abs=0.5)
    assert document["reactive"]["peru_excess_kvarh"] == pytest.approx(168_869, abs=0.5)


@pytest.mark.parametrize("environment", [{"PYTHONIOENCODING": "cp1252"}, {"PYTHONIOENCODING": "", "LC_ALL": "C"}])
@pytest.mark.parametrize("words", [["audit", PILOT], ["calc", "capacitor", "--active", "9 kW", "--factor-now", "0.8"]])
def test_narrow_consoles_do_not_stop_the_work(words, environment):
    answer = run(*words, "--lang", "es", PYTHONUTF8="0", **environment)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout


def on_a_terminal(seconds):
    """Return what a person at a terminal sees while some work takes `seconds`."""
    import pty

    code = f"import time; from mine_energy.cli.console import working; working('es', lambda: time.sleep({seconds}))"
    ours, theirs = pty.openpty()
    with subprocess.Popen([sys.executable, "-c", code], stderr=theirs) as process:
        os.close(theirs)
        seen = b""
        while True:
            try:
                piece = os.read(ours, 4096)
            except OSError:
                break
            if not piece:
                break
            seen += piece
        assert process.wait() == 0
    os.close(ours)
    return seen


@pytest.mark.skipif(os.name == "nt", reason="pseudo-terminals are not of Windows")
def test_progress_shows_only_on_a_terminal_and_only_for_long_work():
    assert b"Calculando" in on_a_terminal(2.6)
    assert on_a_terminal(0.1) == b""
    assert "Calculando" not in err(run("check", PILOT, "--lang", "es"))


def test_the_command_works_from_another_folder(tmp_path):
    for name in ("los_conquistadores.toml", "los_conquistadores_motores.csv"):
        shutil.copy(PILOT.parent / name, tmp_path / name)
    answer = subprocess.run(
        [COMMAND, "check", "los_conquistadores.toml", "--lang", "en"], capture_output=True, cwd=tmp_path, check=False
    )
    assert answer.returncode == 0
    assert str(tmp_path).encode() not in answer.stdout


@pytest.mark.parametrize("language", ["es", "en"])
def test_pv_fits_the_terminal_and_writes_its_pictures(tmp_path, language):
    answer = run("pv", PILOT, "--out", tmp_path, "--lang", language, COLUMNS="80")
    assert answer.returncode == 0, err(answer)
    # The test's own folder is longer than any terminal.
    assert max(len(line) for line in out(answer).splitlines() if str(tmp_path) not in line) <= 80
    assert {"P90", "P99"} <= set(re.findall(r"P\d\d", out(answer)))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["losses.svg", "map.png", "months.svg"]


def test_pv_as_json_names_the_pictures_and_holds_the_map(tmp_path):
    found = json.loads(out(run("pv", PILOT, "--json", "--out", tmp_path)))
    assert set(found["files"]) == {"losses.svg", "map.png", "months.svg"}
    assert found["uncertainty"]["horizons"][0]["p90"] < found["unit"]["specific_yield_kwh_per_kwp"]
    assert len(found["orientation"]["map_kwh_per_kwp"]) == len(found["orientation"]["tilts_deg"])
    assert found["strings"]["rows"]
