"""The example with a meter: invented, labelled so, small, consistent, and with one machine missing on purpose."""

import subprocess
import sys
from datetime import date

import pytest

from mine_energy import catalog
from mine_energy.errors import Finding
from mine_energy.io.site_file import read_inputs
from mine_energy.loads import days_behind, year_standard_error_kwh
from mine_energy.messages import LANGUAGES, finding_text
from mine_energy.report.first import banner
from mine_energy.report.format import Writer
from mine_energy.report.render import render_html
from mine_energy.study import run_study
from page_words import page_words
from places import ROOT

SITE = catalog.packaged("site_configs/ejemplo_medido/sitio.toml")
METERED_DAYS = 35
MISSING_KWH = 15 * 0.81 / 0.88 * 8760
"""The well pump of the script's rules: 15 kW at 81 % load and 88 % efficiency, all hours of the year."""


@pytest.fixture(scope="module")
def inputs():
    return read_inputs(SITE)


@pytest.fixture(scope="module")
def study(inputs):
    return run_study(inputs, with_sizing=False)


def test_the_script_makes_the_same_bytes_again():
    script = [sys.executable, str(ROOT / "scripts" / "build_example"), "--check"]
    made = subprocess.run(script, capture_output=True, timeout=120, check=False)
    assert made.returncode == 0, made.stdout.decode()


def test_the_folder_is_small_and_says_everywhere_that_the_plant_does_not_exist(inputs):
    files = sorted(SITE.parent.iterdir())
    assert sum(path.stat().st_size for path in files) < 400_000
    assert "no existe" in inputs.site.site.name
    assert {motor.source for motor in inputs.inventory.motors} == {"planta de ejemplo, no existe"}
    given = inputs.site.model_dump(exclude_unset=True, exclude={"provenance"})
    assert [key for key in given if inputs.site.origin_of(key) is None and key not in {"inventory"}] == []
    for key in ("inventory", "load", "bills", "production_log", "readings"):
        assert inputs.site.origin_of(key).origin == "synthetic"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_thing_said_is_that_it_is_invented(study, language):
    assert study.reconstructed
    first = next(iter(banner(study, Writer(language=language, country="PE"))))
    assert first == finding_text(next(f for f in study.findings if f.key == "site_example"), language, "PE")
    assert ("no existe" if language == "es" else "does not exist") in first


def test_bills_are_of_periods_between_readings_and_agree_with_the_meter(inputs, study):
    lengths = [period.days for period in inputs.bills.periods]
    assert len(lengths) == 12
    assert min(lengths) >= 27
    assert max(lengths) <= 35
    assert [one.start for one in study.records.bills] == [date(2025, 9, 2)]
    assert study.records.bills[0].difference == pytest.approx(0, abs=0.001)
    assert study.records.bills[0].bill_kw == pytest.approx(study.records.bills[0].load_kw, abs=0.1)


def test_what_the_bills_cost_is_what_the_tariff_says(inputs, study):
    paid_per_day = sum(period.amount for period in inputs.bills.periods) / inputs.bills.days
    # The study bills calendar months of a year built from 35 days; the bills are of the year itself.
    assert study.states[0].bill.total / 365 == pytest.approx(paid_per_day, rel=0.05)


def test_energy_follows_production_with_what_never_rests_as_its_base(study):
    line = study.records.production
    assert line.accepted
    # The pump of the well, and part of what works the same hours however little is milled.
    assert MISSING_KWH / 365 < line.intercept_kwh < 2 * MISSING_KWH / 365


def test_the_audit_finds_the_machine_that_nobody_wrote_down(inputs, study):
    assert "PZ-01" not in {motor.tag for motor in inputs.inventory.motors}
    found = {finding.key: finding for finding in study.audit.findings}
    assert "reconcile_unaccounted" in found
    assert found["reconcile_unaccounted"].params["energy_kwh"] == pytest.approx(MISSING_KWH, rel=0.15)
    assert study.records.profile.sunday_kw == pytest.approx(MISSING_KWH / 8760, rel=0.05)


def test_readings_listed_in_a_finding_have_a_word_in_each_language():
    params = {"names": "main meter, pinza en ML-01", "count": 2, "largest_sd": 2.1}
    apart = Finding(key="reconcile_readings_apart", level="warning", params=params)
    assert finding_text(apart, "es").endswith("Medidor principal, pinza en ML-01.")
    assert "Main meter, pinza en ML-01" in finding_text(apart, "en")


def test_what_sources_say_in_english_is_marked_so_in_the_spanish_report(study):
    assert b'lang="en"' in page_words(study, "es")
    assert b'<span lang="' not in page_words(study, "en")


def test_the_main_meter_does_not_promise_what_a_year_of_it_cannot_show(study):
    """Lighting is 0.7 % of the plant; predicting a year from 35 days errs by about one per cent of it."""
    plans = {plan.tag: plan for plan in study.audit.verification if plan.measure == "lighting"}
    assert {plan.option for plan in plans.values()} == {"A"}
    limit = plans["AL-01"].reason.params["limit"]
    error = year_standard_error_kwh(study.records.production)
    assert limit == pytest.approx(2 * error)
    assert 0.01 < limit / study.load_before.energy_kwh < 0.03
    assert all(plan.option != "C" or plan.saving_kwh_per_year > limit for plan in study.audit.verification)


def test_copies_of_metered_days_are_not_called_metered(study):
    assert days_behind(study.audit.load_before) == METERED_DAYS
    said = next(finding for finding in study.audit.findings if finding.key.startswith("audit_days_from"))
    assert (said.key, said.params["days"], said.params["year_days"]) == ("audit_days_from_weeks", METERED_DAYS, 365)
    text = page_words(study, "es").decode()
    assert "Días del año construido (35 medidos)" in text
    assert "365 días medidos" not in text
    assert text.count("año construido</td>") == 12


def test_the_right_cause_comes_first_and_the_others_say_that_they_are_less_likely(study):
    causes = [f for f in study.audit.findings if f.key.startswith(("reconcile_unaccounted", "reconcile_all"))]
    assert [(cause.key, cause.level) for cause in causes[:1]] == [("reconcile_unaccounted", "warning")]
    assert len(causes) > 1
    assert all(cause.key.endswith("_also") and cause.level == "info" for cause in causes[1:])
    assert "menos probabilidad" in finding_text(causes[1], "es", "PE")


def test_a_change_of_class_is_credited_to_no_measure(study):
    """Near the limit of the peak class every measure could flip a month; none is adopted or refused for it."""
    said = next(finding for finding in study.findings if finding.key == "audit_class_changes")
    today, after = study.states[0].bill, study.states[1].bill
    flips = [a.month for a, b in zip(today.months, after.months, strict=True) if a.present_at_peak != b.present_at_peak]
    assert said.params["months"] == len(flips) > 0
    worth = sum(s.value_per_year for s in study.audit.savings if s.decision == "apply")
    assert worth + said.params["amount"] == pytest.approx(today.total - after.total, rel=1e-6)
    assert finding_text(said, "es", "PE") in list(banner(study, Writer(language="es", country="PE")))
    per_usd = study.finance.exchange_rate_per_usd
    assert study.finance.measures.annual_saving == pytest.approx(worth / per_usd, rel=1e-6)
    leaks = next(s for s in study.audit.savings if s.measure == "leaks")
    assert (leaks.decision, leaks.when) == ("apply", "now")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_with_meter_bills_and_production_stays_below_a_megabyte(study, language):
    assert len(render_html(study, language)) < 1_000_000
