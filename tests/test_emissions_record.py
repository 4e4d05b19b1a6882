"""A verifier's record, and whether a plant's own figures fit together."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from mine_energy.emissions import (
    Boundary,
    EnergyRecord,
    Offset,
    Statements,
    VerifyPack,
    Waste,
    load_factor,
    no_purchases,
    plausibility,
    recalculation,
    scope2,
    verify_pack,
)
from mine_energy.errors import InputError
from mine_energy.messages import LANGUAGES, finding_text, problem_text

CO_2024 = load_factor(country="CO", kind="location_average", year=2024)
BOUNDARY = Boundary(
    organisation="Minera Ejemplo", consolidation="operational_control", sites=("Planta",), meters=("M-1",)
)


def bills(evidence="billed", kwh=10_000.0, year=2024):
    starts = [date(year, month, 1) for month in range(1, 13)] + [date(year + 1, 1, 1)]
    return [
        EnergyRecord(
            meter="M-1",
            period_start=first,
            period_end=after - timedelta(days=1),
            import_kwh=kwh,
            evidence=evidence,
            document=f"F-{first.month:02d}",
        )
        for first, after in pairwise(starts)
    ]


def result(kwh=120_000.0, country="CO", factor=CO_2024):
    return scope2([kwh], factor, country=country, activity_year=2024)


def keys(found):
    for finding in found.findings:
        for language in LANGUAGES:
            assert len(finding_text(finding, language)) > 15
    return {finding.key for finding in found.findings}


# ---------------------------------------------------------------- the record


def test_twelve_bills_make_an_inventory():
    pack = verify_pack(result(), bills(), BOUNDARY)
    assert pack.label == "inventory"
    assert (pack.evidence_kwh, pack.import_kwh) == (120_000.0, 120_000.0)
    assert pack.evidence_shares == (("billed", 1.0),)
    assert pack.data_quality == "high"
    assert pack.reported_location_t_co2e == pytest.approx(26.4)
    assert pack.gases == ()
    # Only what is not known remains: the gases, the factor's error, the rule that nobody wrote.
    assert keys(pack) == {"emissions_no_gas_split", "emissions_no_factor_error", "emissions_recalculation_assumed"}
    adapter = TypeAdapter(VerifyPack)
    assert adapter.validate_json(adapter.dump_json(pack)) == pack


def test_a_reconstructed_month_makes_an_estimate():
    records = bills()
    records[5] = replace(records[5], evidence="reconstructed", document="")
    pack = verify_pack(result(), records, BOUNDARY)
    assert pack.label == "estimate_not_an_inventory"
    assert pack.data_quality == "low"
    assert "emissions_record_reconstructed" in keys(pack)


def test_errors_join_as_the_root_of_the_sum_of_squares():
    # 110 of 120 MWh billed at 2 %, 10 reconstructed at 30 %: sqrt((11/12 x 0.02)^2 + (1/12 x 0.3)^2); factor 10 %.
    records = bills()
    records[0] = replace(records[0], evidence="reconstructed")
    pack = verify_pack(result(), records, BOUNDARY, factor_error=0.1, recalculation_threshold=0.1)
    activity = ((11 / 12 * 0.02) ** 2 + (1 / 12 * 0.3) ** 2) ** 0.5
    assert pack.uncertainty.activity == pytest.approx(activity, abs=1e-12)
    assert pack.uncertainty.combined == pytest.approx((activity**2 + 0.01) ** 0.5, abs=1e-12)
    assert pack.recalculation_threshold == 0.1
    assert not keys(pack) & {"emissions_no_factor_error", "emissions_recalculation_assumed"}


def test_gases_are_listed_where_the_factor_allows():
    peru = load_factor(country="PE", kind="location_average", year=2024)
    pack = verify_pack(result(1_000_000.0, "PE", peru), bills(kwh=1_000_000 / 12), BOUNDARY)
    assert [(line.gas, line.t) for line in pack.gases] == [
        ("CO2", pytest.approx(170.232636, abs=1e-6)),
        ("CH4", pytest.approx(9.5198e-3)),
        ("N2O", pytest.approx(1.17053e-3)),
    ]


def test_the_equity_approach_reports_its_share():
    boundary = replace(BOUNDARY, consolidation="equity_share", equity_share=0.4)
    assert verify_pack(result(), bills(), boundary).reported_location_t_co2e == pytest.approx(0.4 * 26.4)
    # With the control approaches the share says nothing.
    boundary = replace(BOUNDARY, equity_share=0.4)
    assert verify_pack(result(), bills(), boundary).reported_location_t_co2e == pytest.approx(26.4)


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (lambda records: records[1:], "emissions_record_gap"),
        (
            lambda records: [replace(records[0], period_end=date(2024, 2, 3)), *records[1:]],
            "emissions_record_overlap",
        ),
        (
            lambda records: [replace(records[0], period_start=date(2023, 12, 20)), *records[1:]],
            "emissions_record_outside",
        ),
        (lambda records: [replace(records[0], import_kwh=12_000.0), *records[1:]], "emissions_record_difference"),
        (lambda records: [replace(records[0], evidence="estimated"), *records[1:]], "emissions_record_estimated"),
    ],
)
def test_what_a_verifier_would_find(change, key):
    assert key in keys(verify_pack(result(), change(bills()), BOUNDARY))


def test_a_missing_month_counts_its_days_and_a_leap_year_its_own():
    pack = verify_pack(result(110_000.0), [r for r in bills() if r.period_start.month != 2], BOUNDARY)
    gap = next(finding for finding in pack.findings if finding.key == "emissions_record_gap")
    assert gap.params["days"] == 29


def test_a_meter_without_any_paper_is_named():
    boundary = replace(BOUNDARY, meters=("M-1", "M-2"))
    assert "emissions_record_no_evidence" in keys(verify_pack(result(), bills(), boundary))


def test_every_problem_of_the_records_at_once():
    bad = [
        replace(bills()[0], import_kwh=-1.0),
        replace(bills()[1], period_end=date(2024, 1, 1)),
        replace(bills()[2], meter="M-9"),
        replace(bills()[3], document=""),
    ]
    with pytest.raises(InputError) as caught:
        verify_pack(result(), bad, BOUNDARY, factor_error=2.0)
    assert len(caught.value.problems) == 5
    for problem in caught.value.problems:
        for language in LANGUAGES:
            assert problem_text(problem, language)
    with pytest.raises(InputError):
        verify_pack(result(), [], BOUNDARY)


def test_a_plant_without_a_grid_has_a_record_too():
    records = [replace(record, import_kwh=0.0) for record in bills("metered")]
    pack = verify_pack(no_purchases([0.0], country="CO", activity_year=2024), records, BOUNDARY)
    assert pack.reported_location_t_co2e == 0.0
    assert pack.evidence_shares == (("metered", 1.0),)


# ---------------------------------------------------------------- recalculation


def test_small_changes_count_together():
    # 3 t in and 2.5 t out of 100 t: 5.5 % of changes, though the sum is half a tonne.
    found = recalculation(100.0, [("second shaft bought", 3.0), ("wrong transformer ratio", -2.5)])
    assert found.share == pytest.approx(0.055)
    assert found.needed
    assert found.recalculated_t_co2e == pytest.approx(100.5)
    assert not recalculation(100.0, [("meter replaced", 4.9)]).needed
    assert recalculation(100.0, [("meter replaced", 5.0)]).needed
    with pytest.raises(InputError):
        recalculation(0.0, [])


# ---------------------------------------------------------------- plausibility


PILOT = Statements(
    # Figures as they were published about the pilot; its ore is a reconstruction.
    energy_kwh=250_000.0,
    ore_t=1220.0,
    gold_kg=6.0,
    workers=43,
    workdays=312.0,
    mills_ore=True,
    scope2_share=0.09,
    scope3_share=0.82,
    offsets=(
        Offset(
            name="trees",
            t_co2e_per_year=2.0,
            trees=200,
            share_low=0.10,
            share_high=0.15,
            years_to_full=5.0,
            credited_after_years=1.0,
        ),
    ),
    waste=Waste(wet_t_per_year=10.0, t_co2e_per_year=3.84),
    reduction_t_co2e=5.88,
    reduction_parts=(("compost", 3.84), ("trees and soil", 2.0)),
    energy_saving_low=0.10,
    energy_saving_high=0.30,
    cuts=(
        ("a", 0.20, 0.50),
        ("b", 0.15, 0.30),
        ("c", 0.25, 0.35),
        ("d", 0.05, 0.15),
        ("e", 0.50, 0.90),
        ("f", 0.20, 0.40),
        ("g", 0.30, 0.60),
    ),
    electricity_cut_share=1.0,
)


def contradictions(said, factor=CO_2024):
    found = plausibility(said, factor)
    keys(found)
    return {check.key for check in found.checks if check.verdict == "contradiction"}


def test_the_published_figures_of_the_pilot_contradict_each_other():
    assert contradictions(PILOT) == {
        "credited_early",
        "offset_mean_load_kw",
        "offset_energy_ratio",
        "reduction_rest",
        "cuts_added",
        "electricity_reach",
    }


def test_what_follows_from_the_published_figures():
    found = {check.key: check for check in plausibility(PILOT, CO_2024).checks}
    # 2 t are 10 %: 20 t in all, 1.8 t of electricity, 8.18 MWh, 0.93 kW.
    assert found["offset_mean_load_kw"].value == pytest.approx(1.8 / 0.22 * 1000 / 8760, abs=1e-9)
    # 5.88 - 5.84 t; the savings said would be 5.5 to 16.5 t.
    assert found["reduction_rest"].value == pytest.approx(0.04, abs=1e-9)
    assert (found["reduction_rest"].low, found["reduction_rest"].high) == (pytest.approx(5.5), pytest.approx(16.5))
    assert found["electricity_reach"].high == 0.09
    assert found["cuts_added"].value == pytest.approx(3.20, abs=1e-9)
    # 10 t over 43 people and 312 days; 10 x (560 - 175.6) kg.
    assert found["waste_kg_per_worker_day"].value == pytest.approx(0.745379, abs=1e-6)
    assert found["compost_ratio"].value == pytest.approx(3.84 / 3.844, abs=1e-9)
    assert found["kg_per_tree"].value == pytest.approx(10.0)
    assert found["kwh_per_t_ore"].verdict == found["recovered_grade_g_per_t"].verdict == "plausible"


@pytest.mark.parametrize(
    ("said", "key"),
    [
        (Statements(energy_kwh=1_000.0, ore_t=10_000.0), "kwh_per_t_ore"),
        (Statements(energy_kwh=1e9, gold_kg=1.0), "kwh_per_kg_au"),
        (Statements(gold_kg=6.0, ore_t=20.0), "recovered_grade_g_per_t"),
        (Statements(energy_kwh=8_760.0, mills_ore=True), "mean_load_milling_kw"),
        (Statements(scope1_share=0.2, scope2_share=0.3, scope3_share=0.3), "scope_shares"),
        (Statements(scope2_share=0.5, scope3_share=0.6), "scope_shares"),
        # 9 % beside 10 + 10 t is 1.98 t; 250 MWh at 0.22 are 55 t.
        (
            Statements(energy_kwh=250_000.0, scope2_share=0.09, scope1_t_co2e=10.0, scope3_t_co2e=10.0),
            "share_of_tonnes",
        ),
        (Statements(offsets=(Offset(name="t", t_co2e_per_year=20.0, trees=200),)), "kg_per_tree"),
        (Statements(waste=Waste(wet_t_per_year=10.0, t_co2e_per_year=38.4)), "compost_ratio"),
        (Statements(reduction_t_co2e=5.0, reduction_parts=(("a", 4.0), ("b", 2.0))), "reduction_parts"),
    ],
)
def test_each_contradiction_alone(said, key):
    assert contradictions(said) == {key}


@pytest.mark.parametrize(
    ("total", "wrong"), [(5.84 + 5.5, False), (5.84 + 2.8, False), (5.84 + 2.7, True), (45.0, True)]
)
def test_what_is_left_for_energy_may_be_a_factor_of_two_off(total, wrong):
    said = replace(PILOT, reduction_t_co2e=total)
    assert ("reduction_rest" in contradictions(said)) is wrong


def test_a_plant_that_says_little_is_asked_little():
    assert plausibility(Statements()).checks == ()
    assert contradictions(Statements(energy_kwh=120_000.0, ore_t=1220.0, gold_kg=6.0, mills_ore=True)) == set()
    with pytest.raises(InputError):
        plausibility(Statements(energy_kwh=-1.0))


@given(st.floats(1, 1e7), st.floats(1, 1e6), st.floats(0.01, 1e4))
def test_intensities_agree_with_each_other(energy, ore, gold):
    found = {c.key: c.value for c in plausibility(Statements(energy_kwh=energy, ore_t=ore, gold_kg=gold)).checks}
    # kWh/t over g/t is kWh/g.
    per_gram = found["kwh_per_t_ore"] / found["recovered_grade_g_per_t"]
    assert per_gram * 1000 == pytest.approx(found["kwh_per_kg_au"], rel=1e-9)
