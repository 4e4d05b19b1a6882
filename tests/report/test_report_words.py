"""Numbers, units and lists in words, and what the terminal shows."""

import json
import re
from datetime import date

import pytest

from mine_energy.errors import Finding
from mine_energy.report import first, summary
from mine_energy.report.advice import advice
from mine_energy.report.chapters.coverage import month_flows
from mine_energy.report.chapters.day_types import mean_day, working_days
from mine_energy.report.chapters.notices import grouped, notices
from mine_energy.report.format import NOTHING, Writer
from mine_energy.tariffs import packaged_tariffs

CO, PE, EN = (
    Writer(language="es", country="CO"),
    Writer(language="es", country="PE"),
    Writer(language="en", country="CO"),
)


def plain(text):
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("shown", "written"),
    [
        (CO.number(1234.56, 1, "kW"), "1.234,6 kW"),
        (PE.number(1234.56, 1, "kW"), "1,234.6 kW"),
        (EN.number(1234.56, 1, "kW"), "1,234.6 kW"),
        (CO.estimate(204010.67, "kWh"), "204.000 kWh"),
        (CO.estimate(0.2204, digits=2), "0,22"),
        (CO.percent(0.512), "51,2 %"),
        (EN.percent(0.512), "51.2%"),
        (PE.percent(-0.0078, 2), "-0.78 %"),
        (CO.money(1532.0, "USD"), "USD 1.530"),
        (CO.span(4960, 17200, "kWh"), "4.960–17.200 kWh"),
        (PE.span(-488, 17000), "-488 … 17,000"),
        (CO.tick(2500.0), "2.500"),
        (CO.tick(0.25), "0,25"),
        (CO.tick(-0.1 * 3), "-0,3"),
        (CO.number(None), NOTHING),
        (CO.estimate(None, "kW"), NOTHING),
        (CO.percent(None), NOTHING),
        (CO.money(None, "USD"), NOTHING),
        (CO.date(date(2026, 2, 23)), "23 de febrero de 2026"),
        (EN.date(date(2026, 2, 23)), "February 23, 2026"),
        (CO.join([]), ""),
        (CO.join(["a"]), "a"),
        (CO.join(["a", "b", "c"]), "a, b y c"),
        (EN.join(["a", "b"]), "a and b"),
        (CO.unit("payback_years"), "años"),
        (EN.unit("payback_years"), "years"),
        (CO.unit("energy_kwh_per_year"), "kWh/año"),
        (EN.unit("energy_kwh_per_year"), "kWh/yr"),
        (CO.word("process", "grinding"), "Molienda"),
        (CO.word("process", "unheard_of"), "unheard_of"),
    ],
)
def test_quantities_in_words(shown, written):
    assert plain(shown) == written


def test_the_summary_is_a_table_of_text_with_headings(any_study, language):
    rows = summary.table(any_study, language)
    assert 7 <= len(rows) <= 9
    assert {len(row) for row in rows} == {4}
    assert all(isinstance(cell, str) and cell for row in rows for cell in row)


def test_the_notes_say_what_the_figures_are(pilot_study, language):
    text = " ".join(summary.notes(pilot_study, language))
    words = {
        "es": ("reconstruidos", "sintético", "tres significados", "ambos métodos", "Aparte del Alcance 2"),
        "en": ("reconstructed", "synthetic", "three meanings", "both methods", "Apart from Scope 2"),
    }
    for word in words[language]:
        assert word in text


def test_the_numbers_are_json_and_those_of_the_study(any_study):
    numbers = summary.numbers(any_study)
    assert json.loads(json.dumps(numbers, allow_nan=False)) == numbers
    assert list(numbers["states"]) == ["today", "after_measures", "after_pv"]
    last = any_study.states[2]
    assert numbers["states"]["after_pv"]["import_kwh"] == last.import_kwh
    assert numbers["states"]["after_pv"]["scope2_market_t_co2e"] == last.scope2.market_t_co2e
    assert "avoided" not in "".join(numbers["states"]["after_pv"])


def test_audit_and_solar_tables(any_study, language):
    country = any_study.site.site.country
    audit, solar = any_study.audit, any_study.solar
    assert len(summary.end_use_table(audit, language, country)) == len(audit.end_uses) + 2
    savings = summary.savings_table(audit, language, country)
    assert len(savings) == max(1, len(audit.savings_by_cause)) + 1
    assert {len(row) for row in savings} == {5}
    shown = summary.solar_table(solar, language, country)
    assert any(solar.weather.source in cell for row in shown for cell in row)


def test_the_mean_working_day_keeps_the_energy(pilot_study):
    days = working_days(pilot_study)
    load = pilot_study.hourly.load_before_kw
    assert days.sum() == 24 * pilot_study.audit.workdays
    # Machines rest on rest days, so the mean working day times the working days is the energy of the year.
    assert sum(mean_day(load, days)) * pilot_study.audit.workdays == pytest.approx(load.sum())
    assert sum(mean_day(load)) * 365 == pytest.approx(load.sum())


def test_a_meter_is_shown_by_the_week(meter_only_study):
    days = working_days(meter_only_study)
    assert days.sum() == 24 * sum(1 for stamp in days.index[::24] if stamp.day_of_week < 5)


def test_months_add_up_to_the_state(any_study):
    flows, last = month_flows(any_study), any_study.states[2]
    assert sum(flows.load) == pytest.approx(last.load_kwh)
    assert sum(flows.imports) == pytest.approx(last.import_kwh)
    assert sum(flows.genset) == pytest.approx(last.genset_kwh)
    assert sum(flows.export) + sum(flows.curtailed) + sum(flows.pv_used) == pytest.approx(last.pv_kwh)


def test_equal_findings_stand_once_with_all_they_are_about(pilot_study):
    rows = grouped(pilot_study.findings, CO)
    sentences = [sentence for sentence, _ in rows]
    assert len(sentences) == len(set(sentences)) <= len(pilot_study.findings)
    twice = [finding for finding in pilot_study.findings for _ in range(2)]
    assert grouped(twice, CO) == rows
    assert any(", " in subjects for _, subjects in rows)


def test_three_recommendations_follow_the_numbers(any_study, language):
    w = Writer(language=language, country=any_study.site.site.country)
    found = advice(any_study, w)
    assert len(found) == 3
    for one in found:
        assert one.title
        assert one.text
        assert len(one.pairs) == 3
        assert all(name and value for name, value in one.pairs)


def test_measuring_comes_first_where_nothing_is_measured(pilot_study, meter_only_study):
    assert advice(pilot_study, EN)[0].title == "Measure before you invest"
    titles = [one.title for one in advice(meter_only_study, EN)]
    assert titles[-1] == "Replace assumed prices by quotes"
    assert "Make the motor inventory" in titles


def test_the_advice_about_machines_follows_decisions_and_bands(pilot_study):
    found = next(one for one in advice(pilot_study, EN) if one.title.startswith("Do now"))
    waiting = sum(decision.chosen != "now" for decision in pilot_study.audit.decisions)
    applied = sum(saving.decision == "apply" for saving in pilot_study.audit.savings)
    assert f"{applied} measures are done now and save 39,300 kWh a year" in plain(found.text)
    assert f"Besides, {waiting} motors are" in plain(found.text)
    band = pilot_study.audit.uncertainty.saving.energy_kwh
    assert plain(EN.span(band.p10, band.p90, "kWh")) in plain(found.text)
    npv = pilot_study.audit.uncertainty.money.total.npv
    assert plain(EN.span(npv.p10, npv.p90)) in plain(found.pairs[0][1])


def test_what_to_meter_first_stands_in_the_first_advice(pilot_study):
    step = pilot_study.audit.uncertainty.plan[0]
    text = plain(advice(pilot_study, EN)[0].text)
    assert step.tag in text
    assert plain(EN.percent(1 - step.energy_left, 0)) in text


def test_what_does_not_pay_is_not_recommended(offgrid_study):
    values = {part.scope: part.npv[1].npv for part in (offgrid_study.finance.measures, offgrid_study.finance.pv)}
    titles = " ".join(one.title for one in advice(offgrid_study, EN))
    assert ("Install the PV" in titles) == (values["pv"] >= 0)
    assert ("Do not buy the whole array yet" in titles) == (values["pv"] < 0)
    assert ("Do now what pays" in titles) == (values["measures"] >= 0)
    assert ("all together do not pay" in titles) == (values["measures"] < 0)


def said(study, w):
    """Every sentence that a study has to say, with what it is about."""
    return [" ".join(one) for level in ("warning", "assumption", "info") for one in notices(study, level, w)]


@pytest.mark.parametrize("w", [CO, EN], ids=["es", "en"])
@pytest.mark.parametrize("plant", ["grid", "own_power", "peru", "rich"])
def test_no_sentence_shows_a_key_of_ours(request, plant, w):
    study = request.getfixturevalue(f"{plant}_study")
    keys = {"CO", "PE", "pv", "arboles", "compostaje", "replacement", "vat", "solidarity_contribution", "p50"}
    keys |= set(packaged_tariffs())
    sentences = said(study, w)
    assert sentences
    for sentence in sentences:
        assert not set(re.findall(r"\w+", sentence)) & keys, sentence


def test_a_tariff_of_the_users_keeps_its_name():
    assert CO.tariff("mi_tarifa") == "mi_tarifa"
    assert EN.tariff("pe_mt3") == "Peru, medium voltage, option MT3: two energies and one power"


def test_a_case_of_the_debt_is_named():
    finding = Finding(key="finance_debt_uncovered", level="warning", params={"case": "p50", "minimum": 0.8, "year": 3})
    assert "P50" in CO.finding(finding)
    assert "p50" not in CO.finding(finding)


def test_what_only_some_bills_say_names_their_states(grid_study):
    ahead = [about for text, about in notices(grid_study, "warning", EN) if "factor M" in text]
    assert ahead == ["Today", "With measures + PV"]


def test_what_is_said_in_more_words_stands_once(grid_study):
    keys = {finding.key for finding in grid_study.findings}
    assert {"finance_over_budget", "plan_over_budget"} <= keys
    assert sum("exceeds the budget" in text for text, _ in notices(grid_study, "warning", EN)) == 1


@pytest.mark.parametrize("plant", ["grid", "own_power", "meter_only"])
def test_the_terminal_shows_few_warnings_and_counts_the_others(request, plant, language):
    study = request.getfixturevalue(f"{plant}_study")
    most, left = summary.warnings(study, language)
    assert len(most) <= 8
    assert len(set(most)) == len(most)
    beyond_notes = [one for one in study.findings if one.level == "warning" and one.key != "weather_synthetic"]
    assert left <= max(0, len(beyond_notes) - len(most))
    assert (left == 0) or (len(most) == 8)


def test_present_values_in_sentences_are_whole():
    finding = Finding(key="potential_pays", level="info", params={"npv": -3.357})
    assert "USD -3" in PE.finding(finding)
    assert "3.357" not in PE.finding(finding)


def test_without_exports_the_grid_is_no_battery(hostile_study, grid_study):
    forbidden = first.meanings(hostile_study, EN)[0].text
    assert "not allowed" in forbidden
    assert "battery" not in forbidden
    assert "battery" in first.meanings(grid_study, EN)[0].text
    assert "feeds no grid" in first.carbon_note(hostile_study, EN)


def test_the_first_page_says_that_the_budget_does_not_reach(grid_study):
    assert any("exceeds the budget" in one.text for one in advice(grid_study, EN))
