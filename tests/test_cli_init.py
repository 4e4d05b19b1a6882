"""``init``: from a conversation, from flags or from nothing to a site that runs, and never over anybody's file."""

import io
import itertools
import os
import sys
import time
import tomllib
from pathlib import Path

import pytest

from mine_energy import catalog, vocabulary
from mine_energy.cli import main
from mine_energy.io.inventory import read_inventory
from mine_energy.io.site_file import read_inputs
from mine_energy.io.starter import ROUTES, shift_hours, supplies, typical_inventory
from mine_energy.io.starter_answers import packaged_places, read_shifts
from mine_energy.messages import LANGUAGES
from mine_energy.study import run_study
from mine_energy.tariffs import load_tariff, packaged_tariffs

COMMAND = Path(sys.executable).with_name("mine-energy.exe" if os.name == "nt" else "mine-energy")


class Terminal(io.StringIO):
    """What a person types."""

    def isatty(self):
        return True


def run(capsys, *words):
    with pytest.raises(SystemExit) as left:
        main([*map(str, words)])
    shown = capsys.readouterr()
    return left.value.code or 0, shown.out, shown.err


def site_of(folder, name="sitio.toml"):
    return tomllib.loads((folder / name).read_text(encoding="utf-8"))


def test_without_anybody_to_ask_it_leaves_a_site_that_runs_and_says_what_it_assumed(tmp_path, capsys):
    folder = tmp_path / "La Esperanza"
    code, out, err = run(capsys, "init", folder, "--lang", "es")
    assert code == 0
    assert out.splitlines() == [f"Escrito: {(folder / name).as_posix()}" for name in ("motores.xlsx", "sitio.toml")]
    inputs = read_inputs(folder / "sitio.toml")
    assert inputs.site.site.name == "La Esperanza"
    for key in ("site.latitude", "site.altitude_m", "site.shifts", "connection.tariff", "inventory"):
        assert inputs.site.origin_of(key).origin == "assumed"
        assert key in err
    assert {motor.origin for motor in inputs.inventory.motors} == {"assumed"}
    study = run_study(inputs, with_sizing=False)
    assert study.reconstructed
    saved = 1 - study.load_after.energy_kwh / study.load_before.energy_kwh
    assert 0.0 < saved < 0.3
    assert 50_000 < study.load_before.energy_kwh < 500_000


@pytest.mark.parametrize(("country", "route"), list(itertools.product(("CO", "PE"), ROUTES)))
def test_every_country_and_process_off_and_on_the_grid_can_be_read(tmp_path, capsys, country, route):
    for kind in ("grid", "offgrid"):
        folder = tmp_path / kind
        words = ("--country", country, "--supply", kind, "--process", route, "--yes", "--lang", "en")
        assert run(capsys, "init", folder, *words)[0] == 0
        inputs = read_inputs(folder / "site.toml")
        assert inputs.site.connection.kind == kind
        assert (inputs.site.genset is not None) == (kind == "offgrid")
        assert inputs.inventory.motors == typical_inventory(route, read_shifts("6-14, 14-22", country), "en").motors


def test_flags_say_everything_and_then_little_is_assumed(tmp_path, capsys):
    (tmp_path / "lista.csv").write_text("Tag;Power [kW];Hours per day\nM1;15;8\n", encoding="utf-8")
    words = ["--name", "Chala 2", "--country", "pe", "--place", "15°49'30\"S 74°15'O", "--altitude", "95 msnm"]
    words += ["--supply", "grid", "--tariff", "pe_mt2", "--shifts", "6-14; 22-6", "--days", "24", "--year", "2023"]
    code, _, err = run(capsys, "init", tmp_path / "x", *words, "--motors", tmp_path / "lista.csv", "--lang", "es")
    assert code == 0, err
    site = read_inputs(tmp_path / "x" / "sitio.toml").site
    facts = site.site
    assert (facts.name, facts.country, facts.altitude_m, facts.workdays_per_month) == ("Chala 2", "PE", 95, 24)
    assert (facts.latitude, facts.longitude) == (-15.825, -74.25)
    assert [shift.end.hour for shift in facts.shifts] == [14, 6]
    assert site.connection.tariff == "pe_mt2"
    assert site.connection.voltage_v == 10_000
    assert site.inventory.file == "lista.csv"
    assert site.provenance == ()


WRONG_FLAGS = [
    (("--country", "EC"), 2, "CO o PE"),
    (("--place", "Susrez"), 3, "¿Quiso decir Suarez (Cauca)?"),
    (("--place", "-76.65, 2.98"), 3, "latitud y longitud están cambiadas"),
    (("--place", "2.98, 76.65"), 3, "¿quiso decir -76.65?"),
    (("--country", "PE", "--place", "15.8, -74.2"), 3, "¿quiso decir -15.8?"),
    (("--country", "PE", "--place", "15.8, 74.2"), 3, "¿quiso decir -15.8, -74.2?"),
    (("--country", "PE", "--place", "2.98, -76.65"), 3, "cae en Colombia, no en Perú"),
    (("--place", "48.8, 2.3"), 3, "fuera de Colombia"),
    (("--place", "316500 329900"), 3, "falta la zona"),
    (("--altitude", "1.286"), 3, "1286"),
    (("--altitude", "12860"), 3, "a lo sumo 6000"),
    (("--altitude", "alto"), 3, "no es un número"),
    (("--days", "2,5"), 3, "entero"),
    (("--days", "32"), 3, "a lo sumo 31"),
    (("--shifts", "mañana"), 3, "06:00-14:00, 14:00-22:00"),
    (("--shifts", "6-14, 13-20"), 3, "se cruzan"),
    (("--tariff", "pe_mt3"), 3, "co_ceo_n2_2025_estimate"),
    (("--supply", "solar"), 3, "grid, offgrid"),
    (("--process", "amalgama"), 3, "gravity, flotation, cyanidation"),
    (("--motors", "no/hay.xlsx"), 3, "no existe"),
    (("--year", "20244"), 3, "a lo sumo 2100"),
    (("--blank", "--example"), 2, "no ambas"),
]


@pytest.mark.parametrize(("words", "code", "said"), WRONG_FLAGS)
def test_a_wrong_flag_is_refused_with_its_name_and_what_would_do(tmp_path, capsys, words, code, said):
    left, out, err = run(capsys, "--lang", "es", "init", tmp_path / "x", *words)
    assert (left, out) == (code, "")
    assert said in err
    assert code == 2 or words[-2] in err or words[0] == "--motors"
    assert not (tmp_path / "x").exists()


def test_all_wrong_flags_come_at_once(tmp_path, capsys):
    code, _, err = run(
        capsys, "--lang", "en", "init", tmp_path / "x", "--altitude", "x", "--days", "0", "--shifts", "?"
    )
    assert code == 3
    assert all(flag in err for flag in ("--altitude [x]", "--days [0]", "--shifts [?]"))


def test_coordinates_far_from_every_town_need_an_altitude(tmp_path, capsys):
    code, _, err = run(capsys, "--lang", "es", "init", tmp_path / "x", "--place", "4.2, -72.5")
    assert code == 3
    assert "--altitude" in err


ANSWERS = {
    "es": ["", "Perú", "Nasca", "15.0, 74.9", "Nazca", "", "", "", "", "flot", "2", "", ""],
    "en": ["The Hope", "Ecuador", "1", "marm", "1300 m", "6am-2pm", "26", "/no/file.xlsx", "", "7", "1", "1", ""],
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_conversation_asks_again_until_the_answer_is_right(tmp_path, capsys, monkeypatch, language):
    monkeypatch.setattr(sys, "stdin", Terminal("\n".join(ANSWERS[language]) + "\n"))
    folder = tmp_path / "mina"
    code, out, err = run(capsys, "--lang", language, "init", folder)
    assert code == 0, err
    assert len(out.splitlines()) == 2
    if language == "es":
        facts = site_of(folder)
        assert facts["site"]["name"] == "mina"
        assert "¿Quiso decir Nazca (Ica)?" in err
        assert "¿quiso decir -15, -74.9?" in err
        assert facts["site"]["region"] == "Nazca (Ica)"
        assert facts["connection"]["kind"] == "offgrid"
        assert "flotation" in facts["site"]["processes"]
        assert facts["genset"]["rated_kw"] % 10 == 0
        return
    facts = site_of(folder, "site.toml")
    assert "Write a number from 1 to 2" in err
    assert "no such file" in err.lower() or "does not exist" in err
    assert facts["site"]["region"] == "Marmato (Caldas)"
    assert facts["site"]["altitude_m"] == 1300
    assumed = {key for record in facts["provenance"] for key in record["keys"]}
    assert not {"site.country", "site.latitude", "site.altitude_m", "site.shifts"} & assumed


def test_the_end_of_the_input_stops_and_writes_nothing(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdin", Terminal("mina\n"))
    code, out, err = run(capsys, "--lang", "es", "init", tmp_path / "x")
    assert (code, out) == (130, "")
    assert "no se escribió nada" in err
    assert not (tmp_path / "x").exists()


@pytest.mark.skipif(os.name == "nt", reason="pseudo-terminals are of POSIX")
@pytest.mark.parametrize("stopped", [False, True])
def test_in_a_real_terminal(tmp_path, stopped):
    import pty
    import select
    import signal

    lines = ["Mina de prueba", "\x03"] if stopped else ["Mina de prueba", "Francia", *[""] * 9]
    child, terminal = pty.fork()
    if child == 0:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # what was started in the background was told to ignore it
        os.execv(COMMAND, [str(COMMAND), "--lang", "es", "init", str(tmp_path / "x")])
    said, until, answered = b"", time.monotonic() + 60, 0
    try:
        while time.monotonic() < until:
            if select.select([terminal], [], [], 0.2)[0]:
                try:
                    said += os.read(terminal, 65536)
                except OSError:  # the other end is closed
                    break
            if lines and said[answered:].endswith(b"> "):
                answered = len(said)
                line = lines.pop(0)
                os.write(terminal, line.encode() if line == "\x03" else f"{line}\n".encode())
        else:
            os.kill(child, signal.SIGKILL)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    finally:
        os.close(terminal)
    words = said.decode()
    assert code == (130 if stopped else 0), words
    assert "¿Cómo se llama la planta?" in words
    assert (tmp_path / "x" / "sitio.toml").exists() == (not stopped)
    assert ("no está en la lista" in words) == (not stopped)
    assert "Traceback" not in words


def test_it_never_writes_over_a_file_and_says_so_before_it_asks(tmp_path, capsys, monkeypatch):
    (tmp_path / "sitio.toml").write_text("mine", encoding="utf-8")
    monkeypatch.setattr(sys, "stdin", Terminal(""))
    code, _, err = run(capsys, "--lang", "es", "init", tmp_path)
    assert code == 3
    assert "ya existe" in err
    assert (tmp_path / "sitio.toml").read_text(encoding="utf-8") == "mine"


def test_a_list_of_another_name_in_the_way_is_not_replaced(tmp_path, capsys):
    folder = tmp_path / "x"
    folder.mkdir()
    for path, power in ((tmp_path / "m.csv", 15), (folder / "m.csv", 5)):
        path.write_text(f"Tag;Power [kW];Hours per day\nM1;{power};8\n", encoding="utf-8")
    code, _, err = run(capsys, "--lang", "es", "init", folder, "--motors", tmp_path / "m.csv")
    assert code == 3
    assert "ya existe" in err
    assert read_inventory(folder / "m.csv").motors[0].rated_power_kw == 5
    assert run(capsys, "--lang", "es", "init", folder, "--motors", folder / "m.csv")[0] == 0


def test_a_list_that_lies_there_already_is_taken(tmp_path, capsys):
    assert run(capsys, "--lang", "es", "init", tmp_path / "a", "--process", "flotation")[0] == 0
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "motores.xlsx").write_bytes((tmp_path / "a" / "motores.xlsx").read_bytes())
    assert run(capsys, "--lang", "en", "init", tmp_path / "b")[0] == 0
    inputs = read_inputs(tmp_path / "b" / "site.toml")
    assert "FL-01" in {motor.tag for motor in inputs.inventory.motors}
    assert inputs.site.origin_of("inventory") is None


@pytest.mark.parametrize(
    ("name", "safe"), [("Mina: La Leche", "mina-la-leche"), ("aux", "mina-aux"), ("veta ", "veta")]
)
def test_a_name_that_windows_refuses_is_refused_everywhere(tmp_path, capsys, name, safe):
    code, _, err = run(capsys, "--lang", "es", "init", tmp_path / name)
    assert code == 3
    assert safe in err
    assert list(tmp_path.iterdir()) == []


def test_names_with_blanks_and_accents_and_a_dragged_file(tmp_path, capsys):
    folder = tmp_path / "Peñón de Ñaña"
    lists = tmp_path / "mis listas"
    lists.mkdir()
    (lists / "motores año 1.csv").write_text("Tag;Power [kW];Hours per day\nM1;15;8\n", encoding="utf-8")
    dragged = f'"{lists / "motores año 1.csv"}"'
    assert run(capsys, "--lang", "es", "init", folder, "--motors", dragged)[0] == 0
    assert read_inputs(folder / "sitio.toml").inventory.motors[0].tag == "M1"


def test_a_wrong_motor_list_is_shown_cell_by_cell(tmp_path, capsys):
    (tmp_path / "m.csv").write_text("Tag;Power [kW];Hours per day\nM1;x;8\nM2;5;25\n", encoding="utf-8")
    code, _, err = run(capsys, "--lang", "es", "init", tmp_path / "x", "--motors", tmp_path / "m.csv")
    assert code == 3
    assert "m.csv, línea 2" in err
    assert "m.csv, línea 3" in err


def test_the_packaged_supplies_are_all_tariffs_of_the_grid():
    listed = {one.tariff: country for country in ("CO", "PE") for one in supplies(country, "grid")}
    assert listed == {
        name: load_tariff(name).country for name in packaged_tariffs() if load_tariff(name).kind == "grid"
    }
    assert {load_tariff(one.tariff).kind for one in supplies("CO", "offgrid")} == {"fuel"}


def test_the_typical_machines_are_words_of_the_vocabulary_and_fit_a_day():
    for row in catalog.table("starter/machines.csv"):
        assert set(row["routes"].split()) <= set(ROUTES)
        for column in ("equipment", "process", "load_type", "transmission"):
            assert not row[column] or row[column] in vocabulary.choices(column), row["tag"]
    for route in ROUTES:
        motors = typical_inventory(route, read_shifts("0-8, 8-16, 16-24", "CO"), "es").motors
        assert max(motor.hours_per_day + motor.unloaded_hours_per_day for motor in motors) <= 24
        mill = next(motor for motor in motors if motor.process == "grinding")
        day_kwh = sum(m.quantity * m.rated_power_kw * m.load_factor * m.hours_per_day for m in motors) / 0.85
        tonnes = 1.25 * mill.hours_per_day / 0.9
        assert 25 < day_kwh / tonnes < 75, route  # kWh/t of small mills


@pytest.mark.parametrize("typed", ["06:00-14:00", "6-14", "6 am - 2 pm", "6:00 a.m. a 2:00 p.m.", "06h00-14h00"])
def test_shifts_are_read_as_people_write_them(typed):
    assert shift_hours(read_shifts(typed, "CO")) == 8


def test_every_packaged_place_can_be_named(capsys, tmp_path):
    for country in ("CO", "PE"):
        names = [site.name for site in packaged_places(country)]
        assert names == sorted(names, key=str.casefold)
        assert len(names) > 10
