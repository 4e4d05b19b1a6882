"""``compare``, ``report --pdf`` and older files as a client runs them: from ``study.json`` alone, 80 columns, JSON."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from mine_energy import messages
from mine_energy.io.results import study_document, study_json
from places import ROOT

COMMAND = Path(sys.executable).with_name("mine-energy.exe" if os.name == "nt" else "mine-energy")
OLDER = ROOT / "tests" / "data" / "study_schema_1.json"


def run(*words, **environment):
    env = {**os.environ, "PYTHONIOENCODING": "utf-8", "COLUMNS": "80", **environment}
    return subprocess.run([COMMAND, *map(str, words)], capture_output=True, env=env, timeout=600, check=False)


def out(answer):
    return answer.stdout.decode("utf-8")


def err(answer):
    return answer.stderr.decode("utf-8")


def lines(answer):
    return [" ".join(line.split()) for line in out(answer).splitlines()]


@pytest.fixture(scope="module")
def folder(pilot_study, tmp_path_factory):
    """Return a folder with a study and a second one in which known things are different."""
    folder = tmp_path_factory.mktemp("compare")
    (folder / "a.json").write_bytes(study_json(pilot_study))
    other = study_document(pilot_study)
    other["site"]["site"]["altitude_m"] += 14.0
    other["inventory"]["motors"][0]["efficiency"] = 0.9
    other["inventory"]["motors"][1]["tag"] = "NEW-1"
    other["inputs"][1]["sha256"] = "ab" * 32
    other["states"][0]["bill"]["totals"][0]["price"] += 10.5
    other["scope2"]["today"]["location_factor"].update(value=0.21, source="a later resolution " * 5)
    other["states"][2]["cost_per_year"] *= 1.1
    other["design"]["after_measures"]["pv_kwp"] += 0.01
    other["audit"]["savings_by_cause"][0]["energy_kwh_per_year"] += 500.0
    del other["audit"]["savings_by_cause"][3]
    other["finance"]["both"]["npv"][1]["npv"] *= 0.9
    other["scope2"]["location_cut_t_co2e"] += 1.0
    other["audit"]["uncertainty"]["plant"]["energy_kwh"]["p90"] += 9000.0
    other["plan"]["plan"]["years"][-1]["location_t_co2e"] += 3.0
    other["carbon"]["states"][2]["category3"]["lines"][-1]["t_co2e"] = 2.5
    other["finance"]["plan"]["risk"]["loss_probability"] += 0.25
    (folder / "b.json").write_text(json.dumps(other), encoding="utf-8")
    return folder


WANTED = {
    ("site", "site.altitude_m"),
    ("files", "los_conquistadores_motores.csv"),
    ("inventory", "PT-CR1.efficiency"),
    ("inventory", "NEW-1"),
    ("inventory", "PT-CR2"),
    ("tariff", "price.energy"),
    ("factors", "location_factor"),
    ("factors", "location_factor_source"),
    ("states", "after_pv.cost_per_year"),
    ("sizes", "after_measures.pv_kwp"),
    ("savings", "lighting.lighting.energy_kwh_per_year"),
    ("money", "both.npv_base"),
    ("carbon", "location_cut"),
    ("bands", "energy.p90"),
    ("bands", "loss_probability"),
    ("plan", "left"),
    ("scope3", "after_pv.upstream_fuel"),
}


def test_json_names_every_change_and_no_other(folder, pilot_study):
    answer = run("compare", folder / "a.json", folder / "b.json", "--json", "--lang", "en")
    assert (answer.returncode, err(answer)) == (0, "")
    document = json.loads(out(answer))
    found = {(one["group"], one["key"]): one for one in document["changes"]}
    gone = pilot_study.audit.savings_by_cause[3]
    assert set(found) == {*WANTED, ("savings", f"{gone.cause}.{gone.measure}")}
    assert document["same"] is False
    assert document["before"]["plant"] == "Los Conquistadores"
    altitude = pilot_study.site.site.altitude_m
    assert found["site", "site.altitude_m"]["before"] == {"value": altitude, "unit": ""}
    assert found["site", "site.altitude_m"]["after"] == {"value": altitude + 14.0, "unit": ""}
    assert found["inventory", "NEW-1"]["before"] is None
    assert found["inventory", "PT-CR2"]["after"] is None
    assert {one["section"] for one in document["changes"]} == {"inputs", "prices", "results"}
    npv = found["money", "both.npv_base"]
    assert npv["after"]["value"] == pytest.approx(0.9 * npv["before"]["value"])
    assert npv["before"]["unit"] == "USD"
    # The results that decide, the largest change first; a hundredth of a kWp decides nothing.
    assert document["main"] == ["money/both.npv_base", "states/after_pv.cost_per_year"]
    sizes = [one["importance"] for one in document["changes"] if one["group"] == "savings"]
    assert sizes == sorted(sizes, reverse=True)
    assert all(0.0 <= one["importance"] <= 1.0 for one in document["changes"])


@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        (
            "es",
            (
                "site.altitude_m 1.286 1.300 +1,1 %",
                "NEW-1 – sí",
                "Energía activa 950 COP/kWh 960 COP/kWh +1,1 %",
                "Paneles, con medidas 116,7 kWp 116,8 kWp +0,0 %",
                "Costo de la energía, con medidas y FV 4.900 USD/año 5.390 USD/año +10,0 %",
                "Lo principal",
                "Qué tan seguro es",
            ),
        ),
        (
            "en",
            (
                "site.altitude_m 1,286 1,300 +1.1%",
                "PT-CR2 yes –",
                "PT-CR1: Efficiency 0.885 0.9 +1.7%",
                "Modules, with measures 116.7 kWp 116.8 kWp +0.0%",
            ),
        ),
    ],
)
def test_both_values_stand_side_by_side_in_eighty_columns(folder, language, wanted):
    answer = run("compare", folder / "a.json", folder / "b.json", "--lang", language)
    assert answer.returncode == 0, err(answer)
    assert max(map(len, out(answer).splitlines())) <= 80
    assert set(wanted) <= set(lines(answer))
    assert not {"compare.", "report.", "{", "Traceback"} & set(out(answer).split())


def test_two_plants_fit_eighty_columns_too(folder, offgrid_study):
    (folder / "offgrid.json").write_bytes(study_json(offgrid_study))
    for language in ("es", "en"):
        answer = run("compare", folder / "a.json", folder / "offgrid.json", "--lang", language)
        assert answer.returncode == 0, err(answer)
        assert max(map(len, out(answer).splitlines())) <= 80


def test_a_change_of_sign_country_or_place_is_no_share(folder, tmp_path):
    other = json.loads((folder / "a.json").read_text(encoding="utf-8"))
    other["finance"]["both"]["npv"][1]["npv"] *= -1.0
    other["site"]["site"]["latitude"] *= -5.0
    (tmp_path / "b.json").write_text(json.dumps(other), encoding="utf-8")
    answer = run("compare", folder / "a.json", tmp_path / "b.json", "--lang", "en")
    assert answer.returncode == 0, err(answer)
    changed = [line for line in lines(answer) if "base rate" in line or "latitude" in line]
    assert len(changed) == 3
    assert not [line for line in changed if "%" in line]
    assert lines(answer).index("What matters most") < lines(answer).index("Inputs")


@pytest.mark.parametrize(("language", "words"), [("es", "dicen lo mismo"), ("en", "say the same")])
def test_a_study_and_itself_say_the_same(folder, language, words):
    answer = run("compare", folder / "a.json", folder / "a.json", "--lang", language)
    assert answer.returncode == 0
    assert words in out(answer)
    document = json.loads(out(run("compare", folder / "a.json", folder / "a.json", "--json")))
    assert (document["same"], document["changes"]) == (True, [])


# Older files


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("command", ["report", "compare_first", "compare_second"])
def test_a_study_of_an_older_schema_is_refused_with_its_version(folder, tmp_path, command, language):
    words = {
        "report": ["report", OLDER, "--out", tmp_path / "new"],
        "compare_first": ["compare", OLDER, folder / "a.json"],
        "compare_second": ["compare", folder / "a.json", OLDER],
    }[command]
    answer = run("--lang", language, *words)
    assert (answer.returncode, out(answer)) == (3, "")
    known = messages.text("problems.study_version.reason", language, known="2")
    assert f"{OLDER.as_posix()} [1]: {known}" in err(answer)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("version", ["99", 2, None, ""])
def test_a_study_of_an_unknown_schema_is_refused(folder, tmp_path, version):
    document = json.loads((folder / "a.json").read_text(encoding="utf-8"))
    path = tmp_path / "study.json"
    path.write_text(json.dumps({**document, "schema_version": version}), encoding="utf-8")
    answer = run("report", path, "--lang", "en")
    assert answer.returncode == 3
    assert "schema" in err(answer)
    # A file without a version is no study of ours; any other is named.
    assert str(version or "") in err(answer)
    assert sorted(tmp_path.iterdir()) == [path]


# Paper


def browser(folder, body):
    path = folder / "browser"
    start = f"#!{sys.executable}\nimport pathlib, sys\nwords = sys.argv\n"
    path.write_text(start + body, encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@pytest.mark.skipif(os.name == "nt", reason="a script stands for the browser")
@pytest.mark.whole
def test_a_pdf_stands_beside_the_report(folder, tmp_path):
    body = (
        "target = next(w for w in words if w.startswith('--print-to-pdf=')).partition('=')[2]\n"
        "pathlib.Path(target).write_bytes(b'%PDF-1.4 made')\n"
    )
    chosen = browser(tmp_path, body)
    new = tmp_path / "new"
    answer = run(
        "report", folder / "a.json", "--pdf", "--out", new, "--lang", "es", MINE_ENERGY_BROWSER=os.fspath(chosen)
    )
    assert answer.returncode == 0, err(answer)
    assert sorted(path.name for path in new.iterdir()) == ["report.html", "report.pdf", "results.xlsx"]
    assert (new / "report.pdf").read_bytes() == b"%PDF-1.4 made"
    assert f"Informe en PDF: {(new / 'report.pdf').as_posix()}" in out(answer)


@pytest.mark.parametrize(
    ("language", "words"), [("es", "No se escribió ningún archivo"), ("en", "No file was written")]
)
def test_a_pdf_that_cannot_be_made_writes_nothing(folder, tmp_path, language, words):
    nowhere = os.fspath(tmp_path / "nowhere")
    answer = run(
        "report", folder / "a.json", "--pdf", "--out", tmp_path / "x", "--lang", language, MINE_ENERGY_BROWSER=nowhere
    )
    assert (answer.returncode, out(answer)) == (6, "")
    assert words in err(answer)
    assert "report.pdf" in err(answer)
    assert not (tmp_path / "x").exists()


def test_paper_is_a4_or_letter(folder):
    answer = run("report", folder / "a.json", "--pdf", "--paper", "a5", "--lang", "en")
    assert answer.returncode == 2
    assert "a4" in err(answer)
