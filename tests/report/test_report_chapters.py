"""Chapters that the packaged plants do not fill: reconciliation, production, bills, fuel, flags; and the stages."""

import html
import re
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from mine_energy import messages
from mine_energy.audit import PeriodCheck, ReconciledUse, ReconciledUses
from mine_energy.audit.uses import NetworkLoss
from mine_energy.loads import BillComparison, FuelEnergy, fit_baseline
from mine_energy.report.chapters.inventory import flag_marks
from mine_energy.report.chapters.motors import chosen_option
from mine_energy.report.chapters.stages import stages
from mine_energy.report.chapters.supply import price_usd_per_kwh
from mine_energy.report.chapters.uncertainty import influence_words
from mine_energy.report.format import Writer
from mine_energy.uncertainty import Band, Observation, Part, reconcile, whole
from page_words import page_words

EN = Writer(language="en", country="CO")


def text(study, language="en"):
    """The words of a page, without marks."""
    page = page_words(study, language).decode()
    plain = re.sub(r"<style>.*?</style>|<img[^>]*>|<[^>]+>", " ", page, flags=re.DOTALL)
    return " ".join(html.unescape(plain).replace("\u00a0", " ").split())


def parts():
    facts = (("PT-ML1", "grinding", 32.0, 936.0), ("MN-CO1", "compressed_air", 39.0, 1720.0))
    return [
        Part(tag=tag, process=process, power_kw=kw, power_sd=0.15, hours=hours, hours_sd=0.1)
        for tag, process, kw, hours in facts
    ]


def compared(study, factor):
    """The study with a meter that reads `factor` times the inventory of two machines."""
    machines = parts()
    base = sum(part.power_kw * part.hours for part in machines)
    meter = Observation(
        name="main meter",
        kind="energy",
        value=factor * base,
        sd=0.005 * base,
        weights=whole(machines),
        open_weight=1.0,
    )
    found = reconcile(machines, [meter])
    shown = "inventory" if found.agreement == "conflict" else "reconciled"
    uses = [
        ReconciledUse(
            process=part.process,
            inventory_kwh=part.energy_before_kwh.p50,
            energy_kwh=(part.energy_before_kwh if shown == "inventory" else part.energy_after_kwh).p50,
            band_kwh=part.energy_after_kwh,
            share=part.energy_after_kwh.p50 / (factor * base),
        )
        for part in found.parts
    ]
    gap = factor * base - sum(use.energy_kwh for use in uses)
    month = PeriodCheck(label="2025-01", source="meter", read_kwh=8000.0, inventory_kwh=7000.0, reconciled_kwh=7900.0)
    made = ReconciledUses(
        shown=shown,
        record_hours=8760.0,
        metered_kwh=factor * base,
        uses=tuple(uses),
        difference_kwh=gap,
        difference_share=gap / (factor * base),
        periods=(month, replace(month, label="2025-01-03", source="bill")),
    )
    audit = replace(
        study.audit,
        adjustment=found,
        reconciled=made,
        load_before=replace(study.audit.load_before, origin="metered", label="meter.csv"),
        reconciliation=replace(study.audit.reconciliation, status="compared", metered_kwh=factor * base),
    )
    return replace(study, audit=audit)


def test_a_reconciliation_shows_before_after_moved_and_what_one_meter_cannot_tell(pilot_study):
    page = text(compared(pilot_study, 1.08))
    for words in ("Inventory and readings", "before → after", "Main meter", "bill", "Moved (σ)", "P10–P90 (kWh)"):
        assert words.lower() in page.lower(), words
    assert "One meter cannot tell the split between" in page
    assert "Difference, within the meter's error" in page
    assert "No machine in the inventory" not in page


def test_a_conflict_says_what_has_no_machine(pilot_study):
    study = compared(pilot_study, 2.6)
    share = EN.percent(study.audit.reconciled.difference_share)
    page = text(study)
    assert "They conflict" in page
    assert "No machine in the inventory" in page
    assert share in page
    assert "Do not spread the difference over the machines" in page


def with_production(study, energy, tonnes):
    line = fit_baseline(np.array(energy), np.array(tonnes), "month", "meter.csv")
    return replace(study, records=replace(study.records, production=line))


def test_a_baseline_has_its_page(pilot_study):
    tonnes = [80.0, 95.0, 100.0, 110.0, 120.0, 90.0, 85.0, 105.0, 115.0, 98.0, 102.0, 108.0]
    bumps = [20.0, -30.0, 10.0, 5.0, -15.0, 25.0, -20.0, 15.0, -5.0, -10.0, 20.0, -15.0]
    energy = [8000.0 + 90.0 * t + b for t, b in zip(tonnes, bumps, strict=True)]
    study = with_production(pilot_study, energy, tonnes)
    page = text(study)
    for words in ("It serves as a baseline", "CUSUM", "Base-100 index", "kWh/t", "R²", "Energy that does not follow"):
        assert words in page
    assert stages(study)[4].status == "done"
    assert stages(pilot_study)[4].status == "missing"


def test_a_weak_baseline_is_refused_with_the_reason(pilot_study):
    page = text(with_production(pilot_study, [9000.0, 8000.0, 9500.0, 8100.0], [80.0, 95.0, 90.0, 100.0]), "es")
    assert "No sirve como línea base" in page
    assert "Sirve como línea base" not in page.replace("No sirve como línea base", "")


def test_bills_and_fuel_have_their_place(pilot_study):
    bill = BillComparison(
        start=date(2025, 1, 3),
        end=date(2025, 2, 2),
        bill_kwh=17000.0,
        load_kwh=17340.0,
        difference=0.02,
        bill_kw=None,
        load_kw=86.0,
        estimated=True,
    )
    fuel = FuelEnergy(
        periods=(),
        litres=1200.0,
        hours=160.0,
        days=30,
        energy_kwh=3600.0,
        low_kwh=3300.0,
        high_kwh=3900.0,
        litres_per_kwh=0.333,
        findings=(),
    )
    study = replace(pilot_study, records=replace(pilot_study.records, bills=(bill,), fuel=fuel))
    page = text(study)
    assert "3 Jan 2025 – 2 Feb 2025 17,000 17,300 2.0% – 86.0 estimated reading" in page
    assert "Energy from the fuel" in page
    assert "3,300–3,900 kWh" in page
    assert stages(study)[1].status == "done"


def test_the_nine_stages_name_what_is_missing(pilot_study):
    found = stages(pilot_study)
    assert len(found) == 9
    assert [stage.key for stage in found if stage.status == "missing"] == ["bills", "walk", "metering", "evaluation"]
    page = text(pilot_study)
    assert "ISO 50002-1:2025, which supersedes ISO 50002:2014" in page


def test_flags_become_letters_with_their_meaning(pilot_study):
    machine = replace(pilot_study.audit.machines[0], flags=("audit_rows_not_measured",))
    other = replace(pilot_study.audit.machines[1], flags=("audit_rows_not_measured", "load_calendar"))
    audit = replace(pilot_study.audit, machines=(machine, other, *pilot_study.audit.machines[2:]))
    study = replace(pilot_study, audit=audit)
    assert list(flag_marks(study).values()) == ["a", "b"]
    page = text(study)
    assert "a: 19 of 19 inventory rows" in page
    assert re.search(r"PT-CR2 .{10,160} a, b ", page)


@pytest.mark.parametrize("language", ["es", "en"])
def test_every_influence_has_words(language):
    w = Writer(language=language, country="PE")
    kinds = ["power", "hours", "reading", "old_losses", "rewind", "new_losses", "speed", "price", "common_capex"]
    for kind in [*kinds, "common_reading", "common_efficiency"]:
        one = type("Shown", (), {"kind": kind, "subject": "M-1", "members": 3})()
        assert not influence_words(one, w).startswith("report.")
    effect = type("Shown", (), {"kind": "effect", "subject": "leaks MN-CO1", "members": 1})()
    assert influence_words(effect, w).endswith(", MN-CO1")
    assert "leaks" not in influence_words(effect, w).split(":")[-1].lower().replace("leak repair", "")


def test_motors_show_the_money_of_their_decision(pilot_study):
    page = text(pilot_study)
    for decision in pilot_study.audit.decisions:
        option = chosen_option(decision)
        assert decision.tag in page
        if option is not None and option.key not in {"keep", "at_failure_rewind"}:
            assert f"{EN.estimate(option.capex_usd)} {EN.estimate(option.npv_usd)}" in page


def test_measures_without_data_say_what_to_measure(pilot_study):
    page = text(pilot_study)
    for gap in pilot_study.audit.gaps:
        assert " ".join(EN.finding(gap.reason).replace("\u00a0", " ").split()) in page
    assert page.count("not counted: no data") == len(pilot_study.audit.gaps)


def test_a_motor_saving_is_never_promised_on_the_main_meter(pilot_study):
    assert "is never promised on the main meter" in text(pilot_study)
    assert "nunca se promete en el medidor principal" in text(pilot_study, "es")


def test_the_price_of_the_supply_curve_is_in_dollars(pilot_study):
    price = price_usd_per_kwh(pilot_study)
    assert price == pytest.approx(pilot_study.audit.uncertainty.money.price_per_kwh.p50)
    pesos = replace(
        pilot_study.audit.uncertainty.money, currency="COP", price_per_kwh=Band(p10=900, p50=1000, p90=1100)
    )
    audit = replace(pilot_study.audit, uncertainty=replace(pilot_study.audit.uncertainty, money=pesos))
    rate = pilot_study.finance.exchange_rate_per_usd
    assert price_usd_per_kwh(replace(pilot_study, audit=audit)) == pytest.approx(1000 / rate)


def test_an_audit_without_bands_has_no_such_chapter(pilot_study):
    bare = replace(pilot_study, audit=replace(pilot_study.audit, uncertainty=None, verification=(), supply_curve=()))
    page = page_words(bare, "es").decode()
    assert 'id="uncertainty"' not in page
    assert 'id="verification"' not in page
    assert 'id="supply-curve"' not in page


@pytest.mark.parametrize("language", ["es", "en"])
def test_bands_say_that_they_leave_out_the_losses_of_a_network(pilot_study, language):
    said = messages.text("report.uncertainty.network", language)
    loss = NetworkLoss(key="feeder", energy_kwh_per_year=900.0, after_kwh_per_year=700.0, metered=True)
    networked = replace(pilot_study, audit=replace(pilot_study.audit, network=(loss,)))
    assert said in text(networked, language)
    assert said not in text(pilot_study, language)


def test_a_reason_stands_once_with_the_machines_it_holds_for(pilot_study):
    """Ten savings below one limit are one sentence, about the largest of them."""
    page = text(pilot_study, "es")
    keys = {plan.reason.key for plan in pilot_study.audit.verification}
    for key in keys:
        start = messages.text(f"findings.{key}", "es", kwh=0, limit=0).split(" (")[0][:25]
        assert page.count(start) == 1
