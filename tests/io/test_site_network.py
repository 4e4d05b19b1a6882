"""``[network]`` in a site file: what is refused, with which fix, and a study from file to report."""

import pytest
from test_site_file import LIST, MOTORS, SITE, refused, write

from mine_energy.io.site_file import read_inputs, read_site
from mine_energy.messages import problem_text
from mine_energy.report.workbook import render_workbook
from mine_energy.study import run_study
from page_words import page_words

UNIT = '[[network.transformer]]\nname = "TR-1"\nrated_kva = 112.5\nno_load_loss_kw = 0.39\nload_loss_kw = 1.54\n'
SUPPLY = '[network]\nmetering_side = "supply"\n' + UNIT
PROPOSED = (
    '[[measures.transformer]]\nname = "TR-1"\nrated_kva = 112.5\nno_load_loss_kw = 0.5\nload_loss_kw = 1.54\n'
    "load_kva = 20.0\nloaded_hours_per_year = 3000\nmetered = true\n"
)
OFFGRID = SITE.replace('kind = "grid"', 'kind = "offgrid"') + "[genset]\nrated_kw = 50.0\n"


def test_transformer_and_feeder_are_read(tmp_path):
    text = SITE + SUPPLY + "[network.feeder]\nreference_kva = 50.0\nreference_loss_kw = 1.0\n"
    network = read_site(write(tmp_path, text)).network
    assert (network.metering_side, network.transformer[0].load_loss_kw) == ("supply", 1.54)
    assert network.feeder.reference_loss_kw == 1.0


@pytest.mark.parametrize(
    ("text", "key", "field"),
    [
        (SITE + '[network]\nmetering_side = "supply"\n', "network_empty", "network"),
        (SITE + "[network]\n" + UNIT, "network_side_missing", "network.metering_side"),
        (SITE + SUPPLY.replace('"supply"', '"meter"'), "not_accepted", "network.metering_side"),
        (OFFGRID + SUPPLY.replace("supply", "plant"), "network_side_offgrid", "network.metering_side"),
        (
            SITE + SUPPLY.replace("no_load_loss_kw = 0.39\n", ""),
            "network_loss_missing",
            "network.transformer.1.no_load_loss_kw",
        ),
        (SITE + SUPPLY.replace("= 1.54", "= -1"), "must_be_at_least", "network.transformer.1.load_loss_kw"),
        (SITE + SUPPLY + UNIT, "network_name_twice", "network.transformer.2.name"),
        (SITE + SUPPLY + "load_share = 0.7\n", "network_shares", "network.transformer.1.load_share"),
        (SITE + SUPPLY + "[network.feeder]\nreference_kva = 50.0\n", "network_feeder", "network.feeder"),
        (
            SITE + SUPPLY + "[network.feeder]\nloss_fraction = 0.02\nvoltage_drop = 0.03\n",
            "network_feeder",
            "network.feeder",
        ),
        (SITE + SUPPLY + PROPOSED, "network_contradicts", "measures.transformer.1.no_load_loss_kw"),
    ],
)
def test_what_is_refused_and_how_to_mend_it(tmp_path, text, key, field):
    (problem,) = refused(write(tmp_path, text))
    assert (problem.key, problem.field) == (key, field)
    for language in ("es", "en"):
        assert problem_text(problem, language)


def test_a_study_with_a_network_from_file_to_report(tmp_path):
    text = SITE + LIST + SUPPLY + "[network.feeder]\nloss_fraction = 0.02\n"
    study = run_study(read_inputs(write(tmp_path, text, motores__csv=MOTORS)), with_sizing=False)
    uses = sum(use.energy_kwh_per_year for use in study.audit.end_uses)
    assert uses == pytest.approx(study.load_before.energy_kwh)
    assert study.records.demand_range.high_kw >= study.records.demand_range.base_kw
    assert study.records.demand_range.base_kw == pytest.approx(study.load_before.peak_kw)
    page = page_words(study, "es").decode("utf-8")
    assert "Transformador, en vacío" in page
    assert "Alimentadores" in page
    assert render_workbook(study, "en") == render_workbook(study, "en")


def test_on_the_plant_side_the_report_shows_the_losses_apart(tmp_path):
    text = SITE + LIST + SUPPLY.replace("supply", "plant")
    study = run_study(read_inputs(write(tmp_path, text, motores__csv=MOTORS)), with_sizing=False)
    assert "stands on the plant" in page_words(study, "en").decode("utf-8")
    assert study.load_before.energy_kwh == pytest.approx(study.audit.energy_kwh_per_year)
