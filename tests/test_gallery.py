"""The five studies of the gallery run as a reader runs them, and say what their pages say."""

import importlib
import re
import sys

import numpy as np
import pytest

from mine_energy.messages import LANGUAGES
from places import ROOT

GALLERY = ROOT / "docs" / "gallery"
STUDIES = ("grid_colombia", "grid_peru_mt", "diesel_highlands", "desert_coast")
NAMES = (*STUDIES, "audit_only")


@pytest.fixture(scope="module", autouse=True)
def gallery_on_the_path():
    sys.path.insert(0, str(GALLERY))
    yield
    sys.path.remove(str(GALLERY))


@pytest.fixture(scope="module")
def studied():
    """Return a function that runs a script's study once."""
    made = {}

    def of(name):
        if name not in made:
            made[name] = importlib.import_module(name).studied()
        return made[name]

    return of


def told(name, made, language):
    from gallery import study_lines

    script = importlib.import_module(name)
    return "\n".join(study_lines(made, language, getattr(script, "TOLD", ()))).replace("\u00a0", " ")


def shown(name, language):
    from gallery import block, page

    return block(page(name, language).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", STUDIES)
def test_a_page_shows_the_figures_of_its_study(studied, name):
    study = studied(name)
    for language, meanings, methods in (
        ("es", "Los tres significados de «100 %»", "ambos métodos"),
        ("en", "three meanings", "both methods"),
    ):
        text = told(name, study, language)
        assert shown(name, language) == text, f"python docs/gallery/{name}.py --write"
        assert meanings in text
        assert methods in text


@pytest.mark.parametrize("name", STUDIES)
def test_a_study_is_sane_and_its_balances_close(studied, name):
    study = studied(name)
    assert study.reconstructed
    hours = study.hourly
    served = hours.import_kw.values + hours.genset_kw.values + hours.pv_used_kw.values + hours.unserved_kw.values
    np.testing.assert_allclose(served, hours.load_after_kw.values, atol=1e-6)
    for state in study.states:
        supplied = state.import_kwh + state.genset_kwh + state.pv_used_kwh + state.unserved_kwh
        assert supplied == pytest.approx(state.load_kwh, rel=1e-9)
        assert state.unserved_kwh == pytest.approx(0, abs=1e-6)
        assert state.scope2.location_t_co2e >= 0
        assert state.scope2.market_t_co2e >= 0
    saved = 1 - study.load_after.energy_kwh / study.load_before.energy_kwh
    assert 0.09 < saved < 0.30
    by_cause = sum(cause.energy_kwh_per_year for cause in study.audit.savings_by_cause)
    assert by_cause / study.load_before.energy_kwh == pytest.approx(saved, rel=0.02)
    assert 1300 < study.solar.unit.specific_yield_kwh_per_kwp < 1900
    price = study.states[0].cost_per_year / study.states[0].load_kwh
    low, high = {"diesel_highlands": (0.35, 0.60), "grid_colombia": (0.18, 0.32)}.get(name, (0.08, 0.18))
    assert low < price < high  # USD/kWh
    tonnes = study.site.production.ore_t_per_year
    assert 50 < study.load_before.energy_kwh / tonnes < (200 if name == "grid_colombia" else 90)  # the pilot has a mine


def test_the_coast_warns_of_fog_and_the_highlands_of_thin_air(studied):
    keys = {finding.key for finding in studied("desert_coast").findings}
    assert {"weather_coast_fog", "weather_resource_band"} <= keys
    keys = {finding.key for finding in studied("diesel_highlands").findings}
    assert {"genset_derate_iso_from", "motor_over_derated", "pv_inverter_altitude_refused"} <= keys
    assert "weather_coast_fog" not in keys


def test_the_audit_shows_its_figures_and_finds_what_the_list_lacks():
    script = importlib.import_module("audit_only")
    audit = script.audited()
    for language in LANGUAGES:
        text = "\n".join(script.audit_lines(audit, language)).replace("\u00a0", " ")
        assert shown("audit_only", language) == text, "python docs/gallery/audit_only.py --write"
    assert 0.08 < audit.reconciliation.gap_fraction < 0.20
    assert sum(use.energy_kwh_per_year for use in audit.end_uses) == pytest.approx(audit.energy_kwh_per_year)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_index_lists_every_study_and_every_picture_is_there(language):
    index = (GALLERY / f"index_{language}.md").read_text(encoding="utf-8")
    for name in NAMES:
        page = (GALLERY / f"{name}_{language}.md").read_text(encoding="utf-8")
        assert f"]({name}_{language}.md)" in index
        assert f"docs/gallery/{name}.py" in page
        for picture in re.findall(r"!\[.+?\]\((.+?)\)", page):
            assert (GALLERY / picture).stat().st_size < 150_000
        site = re.search(r"mine-energy (?:study|audit) (\S+)", page).group(1)
        assert (ROOT / site).exists()


def test_a_script_prints_and_leaves_its_pages_alone(monkeypatch, capsys):
    from gallery import page, tell

    before = page("audit_only", "es").read_bytes()
    monkeypatch.setattr(sys, "argv", ["audit_only.py", "en"])
    tell("audit_only", [("es", ["uno"]), ("en", ["one"])])
    assert capsys.readouterr().out == "one\n"
    assert page("audit_only", "es").read_bytes() == before
