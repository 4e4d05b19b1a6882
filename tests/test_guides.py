"""What the guides tell a reader to write is valid, and names commands that there are."""

import re
import tomllib

import pytest
import typer

from mine_energy.cli import main
from mine_energy.cli.app import app
from mine_energy.io.site_file import read_site
from places import ROOT

FACTS = """[site]
name = "Planta"
country = "CO"
latitude = 2.983982
longitude = -76.650777
altitude_m = 1286
workdays_per_month = 26
shifts = [{ start = 06:00:00, end = 14:00:00 }]

[emissions]
activity_year = 2025
factor_year = 2024

"""
GUIDES = ("guide_es.md", "guide_en.md")


def text_of(name):
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", GUIDES)
def test_the_sections_of_bill_loan_carbon_and_plan_are_valid_together(name, tmp_path):
    blocks = re.findall(r"```toml\n(.*?)```", text_of(name), re.DOTALL)
    block = next(one for one in blocks if "[billing]" in one)
    written = tomllib.loads(block)
    assert {"billing", "financing", "carbon", "plan"} <= set(written)
    (tmp_path / written["connection"]["spot_prices"]).write_text("x", encoding="utf-8")
    (tmp_path / "sitio.toml").write_text(FACTS + block, encoding="utf-8")
    site = read_site(tmp_path / "sitio.toml")
    assert site.plan.measure[0].kind == "removal"
    assert site.carbon.certificate[0].exclusive


@pytest.mark.parametrize("name", [*(f"docs/{guide}" for guide in GUIDES), "README.md", "LEEME.md"])
def test_every_command_that_is_shown_exists(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    shown = set(re.findall(r"^(?:\$ )?(?:COLUMNS=80 )?mine-energy(?: --lang e[sn])? ([a-z-]+)", text, re.MULTILINE))
    assert {"plan", "verify-pack", "check", "study", "init", "compare"} <= shown
    assert shown <= set(typer.main.get_command(app).commands)


def test_both_guides_show_the_same_keys():
    found = [re.findall(r"^\[*([a-z_.]+)\]*(?: = |$)", text_of(name), re.MULTILINE) for name in GUIDES]
    assert found[0] == found[1]


def options_of(command):
    return {word for parameter in command.params for word in parameter.opts} | {"--help"}


@pytest.mark.parametrize("name", [*(f"docs/{guide}" for guide in GUIDES), "README.md", "LEEME.md"])
def test_every_option_that_is_shown_exists(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    commands = typer.main.get_command(app).commands
    shown = re.findall(r"mine-energy(?: --lang e[sn])? ([a-z-]+)((?: [^`\n]+)?)", text)
    found = 0
    for word, rest in shown:
        command = commands[word]
        words = [one.strip(",:;.)") for one in rest.split()]
        if words and words[0] in getattr(command, "commands", {}):
            command = command.commands[words[0]]
        for option in (one for one in words if one.startswith("--")):
            assert option in options_of(command), f"{name}: {word} {rest}"
            found += 1
    assert found >= 4


def printed(capsys, *words):
    with pytest.raises(SystemExit) as left:
        main(words)
    said = capsys.readouterr()
    return left.value.code or 0, [line.rstrip() for line in (said.out + said.err).splitlines()]


def transcript(name, command):
    """Return the lines that a guide shows below a command."""
    found = re.search(rf"^\$ {re.escape(command)}\n(.*?)^(?:```|\$ )", text_of(name), re.MULTILINE | re.DOTALL)
    return found[1].splitlines()


@pytest.mark.parametrize(
    ("name", "folder", "site"), [("guide_es.md", "mi_planta", "sitio.toml"), ("guide_en.md", "my_plant", "site.toml")]
)
def test_the_first_steps_print_what_the_guide_shows(name, folder, site, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    language = name[-5:-3]
    begun = ["--lang", language, "init", folder]
    code, lines = printed(capsys, *begun, "--name", "Los Conquistadores", "--yes")
    assert code == 0
    shown = transcript(name, " ".join(["mine-energy", *begun]))
    told = shown[shown.index("[…]") + 1 :]
    assert len(told) == 4
    assert not [line for line in told if line not in lines]
    checked = ["--lang", language, "check", f"{folder}/{site}"]
    assert printed(capsys, *checked) == (0, transcript(name, " ".join(["mine-energy", *checked])))


@pytest.mark.parametrize(
    ("name", "file"), [("guide_es.md", "mi_planta/medidor.csv"), ("guide_en.md", "my_plant/meter.csv")]
)
def test_three_weeks_of_the_pilot_are_read_as_the_guide_shows(name, file, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    head, *rows = (ROOT / "load_profiles/los_conquistadores_reconstruido.csv").read_text(encoding="utf-8").splitlines()
    weeks = [row for row in rows if "2025-03-03" <= row[:10] <= "2025-03-23"]
    (tmp_path / file).parent.mkdir()
    (tmp_path / file).write_text("\n".join([head, *weeks, ""]), encoding="utf-8")
    words = ["--lang", name[-5:-3], "load", "check", file]
    code, lines = printed(capsys, *words)
    assert code == 0
    plain = {" ".join(line.split()) for line in lines}
    shown = transcript(name, " ".join(["mine-energy", *words]))
    assert len(shown) == 9
    assert not [line for line in shown if " ".join(line.split()) not in plain]
