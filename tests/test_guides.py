"""What the guides tell a reader to write is valid, and names commands that there are."""

import re
import tomllib

import pytest
import typer

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
    assert {"plan", "verify-pack", "check", "study"} <= shown
    assert shown <= set(typer.main.get_command(app).commands)


def test_both_guides_show_the_same_keys():
    found = [re.findall(r"^\[*([a-z_.]+)\]*(?: = |$)", text_of(name), re.MULTILINE) for name in GUIDES]
    assert found[0] == found[1]
