"""Power quality from the site file to the page, the workbook and the terminal, in both languages."""

import io
import json
from dataclasses import replace

import openpyxl
import pytest

from mine_energy import catalog
from mine_energy.cli import main
from mine_energy.errors import InputError
from mine_energy.io.results import study_document
from mine_energy.io.site_file import read_inputs
from mine_energy.report.workbook import render_workbook
from page_words import page_words

HEAD = "Fecha;Tensión L1-L2 (V);Tensión L2-L3 (V);Tensión L3-L1 (V);U12 mínima (V);THD V L1 (%);Corriente L1 (A)\n"


def record(days=8):
    """Return a record of 440, 450 and 460 V, two dips, one interruption, 6.2 % of distortion in each tenth interval."""
    lines = []
    for i in range(144 * days):
        low = {100: "300,0", 101: "310,0", 200: "5,0"}.get(i, "436,5")
        thd = "6,2" if i % 10 == 0 else "3,1"
        stamp = f"2025-03-{3 + i // 144:02d} {i % 144 // 6:02d}:{i % 6}0"
        lines.append(f"{stamp};440,5;450,5;460,5;{low};{thd};30,5")
    return HEAD + "\n".join(lines) + "\n"


@pytest.fixture
def site_file(tmp_path):
    """Return a function that writes the pilot's site file with a record of quality beside it."""

    def write(text, section="nominal_voltage_v = 440\n"):
        pilot = catalog.packaged("site_configs/los_conquistadores.toml")
        for name in pilot.parent.iterdir():
            if name.is_file():
                (tmp_path / name.name).write_bytes(name.read_bytes())
        (tmp_path / "calidad.csv").write_text(text, encoding="utf-8")
        path = tmp_path / "sitio.toml"
        body = pilot.read_text(encoding="utf-8") + f'\n[power_quality]\nfile = "calidad.csv"\n{section}'
        path.write_text(body, encoding="utf-8")
        return path

    return write


@pytest.fixture
def study(site_file, pilot_study):
    found = read_inputs(site_file(record()), for_study=False)
    records = replace(pilot_study.records, power_quality=found.power_quality)
    return replace(pilot_study, records=records, findings=(*pilot_study.findings, *found.power_quality.findings))


def test_the_site_file_names_a_record(site_file):
    inputs = read_inputs(site_file(record()), for_study=False)
    found = inputs.power_quality
    assert (found.nominal_v, found.rules, found.step_minutes, found.days) == (440.0, "CO", 10.0, 8.0)
    assert (found.dips.dips, found.dips.interruptions) == (2, 1)
    assert "calidad.csv" in [one.name for one in inputs.files]
    assert all(one in inputs.findings for one in found.findings)


@pytest.mark.parametrize(
    ("text", "section", "key", "line"),
    [
        (record().replace("440,5", "nada", 1), "nominal_voltage_v = 440\n", "not_a_number", 2),
        ("Fecha;kWh\n2025-03-03;5\n", "", "no_quality_columns", None),
        (record(), "nominal_voltage_v = 4160\n", "load_voltage_level", 1),
        (record(), "nominal_voltage_v = -440\n", "must_be_over", None),
    ],
)
def test_a_wrong_record_is_refused_with_its_place(site_file, text, section, key, line):
    with pytest.raises(InputError) as caught:
        read_inputs(site_file(text, section), for_study=False)
    problem = caught.value.problems[0]
    assert problem.key == key
    assert line is None or problem.line == line


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("es", ("Desviación máxima de la media (NEMA MG 1)", "clase A", "Intervalos con huecos de tensión", "94 %")),
        ("en", ("Largest deviation from the mean (NEMA MG 1)", "class A", "Intervals with voltage dips", "94%")),
    ],
)
def test_the_chapter_and_the_sheet(study, pilot_study, language, words):
    page = page_words(study, language).decode().replace("\u00a0", " ")
    for word in words:
        assert word in page
    bare = page_words(pilot_study, language)
    assert len(page.encode()) - len(bare) < 30_000
    book = openpyxl.load_workbook(io.BytesIO(render_workbook(study, language)))
    names = set(book.sheetnames) - set(
        openpyxl.load_workbook(io.BytesIO(render_workbook(pilot_study, language))).sheetnames
    )
    rows = list(book[names.pop()].iter_rows(min_row=3, values_only=True))
    assert ("L3-L1", 460.5) in [(row[0], row[2]) for row in rows]
    assert 2 in [row[2] for row in rows if "dips" in row[1] or "huecos" in row[1]]


def test_the_study_holds_it_as_json(study):
    found = study_document(study)["records"]["power_quality"]
    assert found["unbalance"]["nema_p95"] == pytest.approx(10 / 450.5)
    assert found["voltages"][2]["phase"] == "L3-L1"


@pytest.mark.parametrize(
    ("language", "word"), [("es", "Intervalos con huecos de tensión"), ("en", "Intervals with voltage dips")]
)
def test_load_check_prints_what_the_meter_says_of_quality(tmp_path, capsys, language, word):
    lines = record().splitlines()
    text = "\n".join(
        [lines[0] + ";Energía activa (kWh)", *(f"{line};{5 + i % 9},5" for i, line in enumerate(lines[1:]))]
    )
    path = tmp_path / "medidor.csv"
    path.write_text(text, encoding="utf-8")
    words = ["load", "check", str(path), "--nominal-voltage", "440"]
    with pytest.raises(SystemExit, match="0"):
        main(["--lang", language, *words])
    shown = capsys.readouterr()
    assert word in shown.out
    assert "THD V L1" not in shown.err  # no longer a column without use
    with pytest.raises(SystemExit, match="0"):
        main([*words, "--json"])
    assert json.loads(capsys.readouterr().out)["power_quality"]["dips"]["dips"] == 2
