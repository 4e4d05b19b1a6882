"""Texts in two languages: same keys, same parameters, numbers as each country writes them."""

import ast
import re
from pathlib import Path
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mine_energy import messages
from mine_energy.errors import Finding, Problem

PACKAGE = Path(messages.__file__).parent
TOPIC = {"Problem": "problems", "Finding": "findings", "MissingData": "missing", "Infeasible": "infeasible"}


def placeholders(words: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(words) if name is not None}


def test_both_languages_have_the_same_keys():
    spanish, english = (set(messages.catalogue(language)) for language in messages.LANGUAGES)
    assert spanish - english == set()
    assert english - spanish == set()
    assert spanish


def test_both_languages_have_the_same_parameters():
    spanish, english = (messages.catalogue(language) for language in messages.LANGUAGES)
    different = {key for key in spanish if placeholders(spanish[key]) != placeholders(english[key])}
    assert different == set()


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_no_text_is_empty_or_positional(language):
    for key, words in messages.catalogue(language).items():
        assert words.strip(), key
        assert all(name.isidentifier() for name in placeholders(words)), key


def keys_in_code() -> set[str]:
    """Return every text key that the code names literally in a problem, finding or error."""
    found = set()
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in TOPIC:
                arguments = [k.value for k in node.keywords if k.arg == "key"] + node.args[:1]
                found |= {
                    f"{TOPIC[node.func.id]}.{argument.value}"
                    for argument in arguments
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
                }
    return found


def test_every_key_named_in_the_code_has_its_text():
    texts = messages.catalogue("en")
    wanted = {f"{key}.{part}" for key in keys_in_code() if key.startswith("problems.") for part in ("reason", "fix")}
    wanted |= {key for key in keys_in_code() if not key.startswith("problems.")}
    assert "missing.country_unknown" in wanted
    assert sorted(wanted - set(texts)) == []


# Numbers


@pytest.mark.parametrize(
    ("language", "country", "written"),
    [
        ("es", "CO", "1.234,5"),
        ("es", "PE", "1,234.5"),
        ("es", "", "1.234,5"),
        ("en", "CO", "1,234.5"),
        ("en", "PE", "1,234.5"),
        ("en", "", "1,234.5"),
    ],
)
def test_numbers_are_written_as_the_country_writes_them(language, country, written):
    assert messages.number(1234.5, 1, language, country) == written


@pytest.mark.parametrize(
    ("value", "decimals", "written"),
    [(1234.5678, 2, "1,234.57"), (0.0, 2, "0.00"), (-0.0, 0, "0"), (1e6, 0, "1,000,000")],
)
def test_numbers_have_fixed_decimals(value, decimals, written):
    assert messages.number(value, decimals, "en") == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0, "0"),
        (0.0012345, "0.00123"),
        (0.1999, "0.200"),
        (12.345, "12.3"),
        (123.45, "123"),
        (-98.76, "-98.8"),
    ],
)
def test_significant_figures(value, written):
    assert messages.significant(value, "en") == written


@given(st.floats(1e-6, 1e9))
def test_significant_figures_stay_within_half_a_unit_of_the_third(value):
    shown = float(messages.significant(value, "en").replace(",", ""))
    assert shown == pytest.approx(value, rel=0.0051)


def test_parameters_are_written_by_kind():
    words = messages.text(
        "missing.climatology_cell",
        "es",
        "CO",
        latitude="40.0000",
        longitude=-3.25,
        south=-20,
        north=14,
        west=-83,
        east=-65,
    )
    assert "40.0000, -3,25:" in words
    assert "-20 a 14" in words


def test_an_unknown_key_is_our_mistake():
    with pytest.raises(KeyError):
        messages.text("problems.no_such_problem.reason", "en")


# Places


def test_a_place_names_file_sheet_cell_line_and_key():
    problem = Problem(key="x", file="motors.xlsx", sheet="Motores", cell="D7")
    assert messages.place_text(problem, "en") == "motors.xlsx, sheet Motores, cell D7"
    assert messages.place_text(Problem(key="x", file="meter.csv", line=12), "es").startswith("meter.csv, ")
    assert "12" in messages.place_text(Problem(key="x", file="meter.csv", line=12), "es")
    assert messages.place_text(Problem(key="x", field="site.latitude"), "en") == "field site.latitude"


def test_a_finding_names_its_subject(monkeypatch):
    monkeypatch.setattr(messages, "catalogue", lambda language: {"findings.slow": "runs at {speed} rpm"})
    finding = Finding(key="slow", subject="PT-ML1", params={"speed": 1234.5})
    assert messages.finding_text(finding, "es", "CO") == "PT-ML1: runs at 1.230 rpm"
    assert messages.finding_text(Finding(key="slow", params={"speed": 20}), "en") == "runs at 20 rpm"


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("kwh", 39325.37, "39.300"),  # an estimate: three significant figures
        ("altitude", 1286.0, "1.286"),  # stated as a whole number, and said so
        ("grid_v", 13200, "13.200"),
        ("year", 2025, "2025"),
        ("seed", 123456, "123456"),
        ("credit", 755.6015, "755,6"),  # a price keeps four
        ("npv", -3.357, "-3"),
        ("npv", 8526.4, "8.530"),
        ("percent", 97.14, "97,1"),
    ],
)
def test_estimates_in_findings_have_three_figures_and_stated_numbers_are_kept(monkeypatch, name, value, shown):
    monkeypatch.setattr(messages, "catalogue", lambda language: {"findings.one": "{" + name + "}"})
    assert messages.finding_text(Finding(key="one", params={name: value}), "es", "CO") == shown


def test_numbers_written_in_our_texts_follow_the_country():
    said = "menos de 7,5 kW en 1.234,5 h; IEC 60034-30-1, versión 7.1.1, artículo 690.13, 5,7 y 1.000 W"
    assert messages.localised(said, "es", "CO") == said
    there = messages.localised(said, "es", "PE")
    assert "7.5 kW en 1,234.5 h; IEC 60034-30-1, versión 7.1.1, artículo 690.13, 5.7 y 1,000 W" in there
    assert messages.localised("2.984 y 1,25", "es", "PE", decimals_only=True) == "2.984 y 1.25"
    for key, words in messages.catalogue("es").items():
        if not key.startswith(("template.", "web.")):
            shown = messages.localised(words, "es", "PE", decimals_only=key.startswith("cli."))
            assert not re.search(r"\d,\d{1,2}(?!\d)", shown), key
