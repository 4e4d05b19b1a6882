"""What stands around Scope 2 in a study: cuts and avoided tonnes apart, category 3, instruments, evidence."""

from dataclasses import replace
from datetime import date, datetime
from math import fsum

import numpy as np
import pandas as pd
import pytest

from mine_energy import catalog
from mine_energy.arrays import readonly
from mine_energy.emissions import FactorKind, HourlyFactor, boundary_of, load_factor
from mine_energy.errors import InputError, MissingData
from mine_energy.io.results import read_study, study_json
from mine_energy.io.site_file import read_inputs
from mine_energy.loads import BillPeriod, Bills, LoadProfile
from mine_energy.messages import finding_text
from mine_energy.site import CarbonChoice, FinancingChoice
from mine_energy.site.plant import Provenance
from mine_energy.study import run_study
from mine_energy.study.carbon import attributes_of, carbon_basis
from mine_energy.study.carbon_around import LAST_YEAR, carbon_of
from mine_energy.study.verification import record_boundary, records_for
from mine_energy.units import LOCAL_TIME

PILOT = catalog.packaged("site_configs/los_conquistadores.toml")
OFFGRID = catalog.packaged("site_configs/caraveli_offgrid.toml")
FLAT_T_PER_MWH = 0.3
NOON_T_PER_MWH = 0.6
RATE = {"energy_kwh": 10_000.0, "system": "I-REC", "t_co2e_per_mwh": 0.0, "exclusive": True}
YEAR = {"vintage_start": date(2025, 1, 1), "vintage_end": date(2025, 12, 31)}
RETIRED = {"retired_on": date(2026, 2, 1), "retired_for": "Los Conquistadores"}
CERTIFICATES = [
    {"id": "co-1", "country": "CO", "price_usd_per_mwh": 1.0, "fees_usd": 0.0, **RATE, **YEAR, **RETIRED},
    {"id": "pe-1", "country": "PE", **RATE, **YEAR, **RETIRED},
]


def with_carbon(inputs, **chosen):
    return with_site(inputs, carbon=CarbonChoice(**chosen))


def with_site(inputs, **sections):
    return replace(inputs, site=inputs.site.model_copy(update=sections))


def studied(inputs):
    return run_study(inputs, with_sizing=False)


@pytest.fixture(scope="module")
def pilot_inputs():
    return read_inputs(PILOT)


@pytest.fixture(scope="module")
def pilot(pilot_inputs):
    return studied(pilot_inputs)


@pytest.fixture(scope="module")
def offgrid():
    return studied(read_inputs(OFFGRID))


@pytest.fixture(scope="module")
def rich(pilot_inputs):
    """The pilot with certificates, hourly factors and its own certificates sold."""
    hours = pd.date_range("2025-01-01", "2026-01-01", freq="h", inclusive="left")
    values = np.where(hours.hour == 12, NOON_T_PER_MWH, FLAT_T_PER_MWH)
    hourly = HourlyFactor(
        t_co2e_per_mwh=readonly(values), kind=FactorKind.MODELLED_SHAPE, country="CO", year=2025, source="a test"
    )
    inputs = with_carbon(
        pilot_inputs,
        reporter="Los Conquistadores",
        certificate=CERTIFICATES,
        own_certificates_sold=True,
    )
    return studied(replace(inputs, hourly_factor=hourly))


@pytest.fixture(scope="module")
def contracted(pilot_inputs):
    """The pilot whose array belongs to somebody else, with nothing said of its attributes."""
    owner = {"kind": "third_party", "ppa_price_per_kwh": 0.1, "ppa_years": 15}
    return studied(with_site(pilot_inputs, financing=FinancingChoice(owner=owner), carbon=None))


def around(inputs, study):
    basis = carbon_basis(inputs)
    return carbon_of(inputs, study.audit.load_before, study.states, study.scope2, basis)


def test_the_cuts_of_measures_and_pv_are_the_whole_cut(pilot):
    made = pilot.carbon
    assert made.lines.scope2_cut_t == pytest.approx(made.measures_lines.scope2_cut_t + made.pv_lines.scope2_cut_t)
    assert made.lines.scope2_cut_t == pytest.approx(pilot.scope2.location_cut_t_co2e)


def test_avoided_lines_are_energy_times_margin_and_one_holds_the_other(pilot):
    made, after, margin = pilot.carbon.lines, pilot.states[2], pilot.scope2.avoided_exports.factor
    assert margin.kind is FactorKind.CM_WIND_SOLAR
    assert made.avoided_exports_t == pytest.approx(after.export_kwh * margin.value / 1000)
    assert made.avoided_project_t == pytest.approx((after.export_kwh + after.pv_used_kwh) * margin.value / 1000)
    assert pilot.carbon.measures_lines.avoided_project_t is None
    assert made.claim == "own"


def test_the_avoided_tonnes_of_a_life_show_the_spread_of_the_margins(pilot):
    life = pilot.carbon.lifetime
    first = pilot.states[2].export_kwh + pilot.states[2].pv_used_kwh
    faded = fsum(0.995**k for k in range(25))
    assert life.years == 25
    assert life.energy_kwh == pytest.approx(first * faded)
    assert life.low_t_co2e < life.central_t_co2e < life.high_t_co2e
    assert life.high_t_co2e == pytest.approx(first * faded * max(f.value for f in life.factors) / 1000)


def test_what_has_no_factor_is_not_calculated_and_never_zero(pilot):
    lines = {line.key: line.t_co2e for line in pilot.carbon.states[0].category3.lines}
    assert lines == {"td_losses": None, "upstream_electricity": None, "upstream_fuel": 0.0}
    assert {f.key for f in pilot.findings} >= {"emissions_not_calculated_td_losses"}


def test_stated_losses_and_upstream_are_category_3(pilot, pilot_inputs):
    given = {"upstream_t_co2e_per_mwh": 0.02, "upstream_source": "a declaration"}
    inputs = with_carbon(pilot_inputs, loss_fraction=0.08, loss_source="the operator", **given)
    lines = {line.key: line.t_co2e for line in around(inputs, pilot).states[0].category3.lines}
    today = pilot.scope2.today
    assert lines["td_losses"] == pytest.approx(today.location_t_co2e * 0.08 / 0.92)
    assert lines["upstream_electricity"] == pytest.approx(today.import_kwh * 0.02 / 1000)


@pytest.mark.parametrize("field", ["loss_fraction", "upstream_t_co2e_per_mwh", "fuel_upstream_kg_per_l"])
def test_a_figure_of_the_user_without_its_source_is_refused(pilot, pilot_inputs, field):
    with pytest.raises(InputError):
        around(with_carbon(pilot_inputs, **{field: 0.1}), pilot)


def test_the_array_has_a_carbon_of_its_own_beside_the_cut(pilot, offgrid):
    for study, cut in (
        (pilot, pilot.carbon.pv_lines.scope2_cut_t),
        (offgrid, offgrid.carbon.diesel.scope1_cut_t_co2e),
    ):
        own = study.carbon.pv_life_cycle
        assert own.t_co2e == pytest.approx(study.states[2].pv_kwh * own.factor_g_per_kwh.value / 1e6)
        assert own.share_of_benefit == pytest.approx(own.t_co2e / cut)


def test_a_plant_without_a_grid_asks_for_no_factor(offgrid):
    far = read_inputs(OFFGRID)
    emissions = far.site.emissions.model_copy(update={"factor_year": 2001})
    assert carbon_basis(with_site(far, emissions=emissions)).factor is None
    for state in offgrid.states:
        assert state.scope2.location_factor is None
        assert (state.scope2.location_t_co2e, state.scope2.market_t_co2e) == (0.0, 0.0)
    assert offgrid.carbon.record is None
    assert offgrid.carbon.lifetime is None


def test_a_year_without_a_factor_is_an_error_that_lists_what_exists(pilot_inputs):
    emissions = pilot_inputs.site.emissions.model_copy(update={"factor_year": 2001})
    with pytest.raises(MissingData) as raised:
        carbon_basis(with_site(pilot_inputs, emissions=emissions))
    assert "2024" in str(raised.value)


def test_a_factor_of_the_user_stands_in_for_the_packaged_one(pilot_inputs):
    inputs = with_carbon(pilot_inputs, location_t_co2e_per_mwh=0.5, location_source="an isolated network")
    factor = carbon_basis(inputs).factor
    assert (factor.value, factor.confidence, factor.source) == (0.5, "user", "an isolated network")


def test_diesel_displaced_is_the_difference_of_the_two_years(offgrid):
    found, (today, measured, after) = offgrid.carbon.diesel, offgrid.states
    assert found.litres_saved == pytest.approx(measured.fuel.litres - after.fuel.litres)
    assert found.part_load_litres > 0
    saved = offgrid.carbon.diesel_measures.scope1_cut_t_co2e + found.scope1_cut_t_co2e
    assert saved == pytest.approx(today.fuel.t_co2e - after.fuel.t_co2e)


def test_biodiesel_is_biogenic_and_apart():
    inputs = with_carbon(read_inputs(OFFGRID), biofuel_share="national", fuel_upstream_kg_per_l=0.6)
    chosen = inputs.site.carbon.model_copy(update={"fuel_upstream_source": "a declaration"})
    made = studied(with_site(inputs, carbon=chosen))
    fuel, upstream = made.states[0].fuel, made.carbon.states[0].category3.lines[2]
    assert fuel.biogenic_co2_t == pytest.approx(fuel.litres * 0.05 * 2.49 / 1000)
    assert upstream.t_co2e == pytest.approx(fuel.litres * 0.6 / 1000)
    assert made.carbon.diesel.biogenic_cut_t_co2 > 0


def test_a_certificate_covers_its_energy_and_a_foreign_one_nothing(rich):
    today = rich.scope2.today
    by_id = {check.certificate.id: check for check in today.certificate_checks}
    assert by_id["co-1"].status == "pass"
    assert (by_id["pe-1"].status, by_id["pe-1"].covered_kwh) == ("fail", 0.0)
    assert fsum(line.energy_kwh for line in today.market_lines) == pytest.approx(today.import_kwh)
    assert today.location_t_co2e - today.market_t_co2e == pytest.approx(10 * today.location_factor.value)


def test_own_energy_whose_certificates_were_sold_counts_as_bought(rich):
    after = rich.states[2]
    sold = [line for line in after.scope2.market_lines if line.basis == "own_certificates_sold"]
    assert [line.energy_kwh for line in sold] == [pytest.approx(after.pv_used_kwh)]
    assert rich.carbon.lines.claim == "transferred"
    assert rich.carbon.lifetime.claim == "transferred"
    assert {f.key for f in rich.findings} >= {"emissions_claim_transferred"}


def test_hourly_factors_meet_the_imports_of_their_hour_and_change_no_official_figure(rich, pilot):
    after, imports = rich.states[2].scope2, rich.hourly.import_kw
    noon = float(imports[imports.index.tz_convert(LOCAL_TIME).hour == 12].sum())
    other = float(imports.sum()) - noon
    assert after.hourly.t_co2e == pytest.approx((noon * NOON_T_PER_MWH + other * FLAT_T_PER_MWH) / 1000)
    assert after.hourly.shape_ratio < 1  # the sun takes the noon hours, which are the dirty ones here
    assert after.location_t_co2e == pytest.approx(pilot.states[2].scope2.location_t_co2e)


def test_hourly_factors_of_part_of_a_year_are_refused(pilot_inputs):
    hourly = HourlyFactor(
        t_co2e_per_mwh=readonly(np.full(8000, 0.2)),
        kind=FactorKind.MODELLED_SHAPE,
        country="CO",
        year=2025,
        source="a test",
    )
    with pytest.raises(InputError):
        studied(replace(pilot_inputs, hourly_factor=hourly))


def test_energy_of_somebody_elses_array_is_a_purchase_without_a_claim_unless_stated(contracted):
    after, bought = contracted.states[2], contracted.carbon.purchase
    grid = after.scope2.location_factor.value
    assert bought.attributes == "unstated"
    assert bought.energy_kwh == after.pv_used_kwh
    assert bought.location_t_co2e == 0.0
    assert bought.market_t_co2e == pytest.approx(after.pv_used_kwh * grid / 1000)
    assert after.scope2.market_t_co2e == pytest.approx(after.scope2.location_t_co2e + bought.market_t_co2e)
    assert contracted.carbon.lines.claim == "transferred"
    said = next(f for f in contracted.findings if f.key == "carbon_on_site_unstated")
    assert said.level == "assumption"


def test_whose_the_attributes_are(pilot_inputs):
    owned = FinancingChoice(owner={"kind": "third_party", "ppa_price_per_kwh": 0.1, "ppa_years": 15})
    theirs = with_site(pilot_inputs, financing=owned, carbon=None)
    assert attributes_of(with_site(pilot_inputs, carbon=None, financing=None).site) == "own"
    assert attributes_of(theirs.site) == "unstated"
    assert attributes_of(with_carbon(theirs, own_certificates_sold=False).site) == "stated"
    assert attributes_of(with_carbon(theirs, own_certificates_sold=True).site) == "sold"


def test_a_change_from_the_base_year_is_split_into_plant_and_grid(pilot, pilot_inputs):
    inputs = with_carbon(pilot_inputs, base_year=2022, base_import_kwh=250_000.0)
    change, today = around(inputs, pilot).change, pilot.scope2.today
    before = load_factor(country="CO", kind=FactorKind.LOCATION_AVERAGE, year=2022).value
    assert change.base_t_co2e == pytest.approx(250 * before)
    assert change.activity_effect_t_co2e == pytest.approx((today.import_kwh / 1000 - 250) * before)
    assert change.activity_effect_t_co2e + change.factor_effect_t_co2e == pytest.approx(change.change_t_co2e)
    assert change.constant_factor_t_co2e == pytest.approx(today.import_kwh / 1000 * before)


def test_a_base_year_without_its_energy_is_said(pilot, pilot_inputs):
    made = around(with_carbon(pilot_inputs, base_year=2022), pilot)
    assert made.change is None
    assert {f.key for f in made.findings} >= {"carbon_base_year_energy"}


def test_years_ahead_need_a_decline_that_somebody_states(pilot, pilot_inputs):
    assert [state.ahead for state in pilot.carbon.states] == [None] * 3
    inputs = with_carbon(pilot_inputs, grid_decline=0.03, grid_decline_source="a scenario of the user")
    for state, whole in zip(around(inputs, pilot).states, pilot.states, strict=True):
        last = state.ahead.years[-1]
        assert last.year == LAST_YEAR
        assert last.t_co2e == pytest.approx(whole.scope2.location_t_co2e * 0.97 ** (LAST_YEAR - 2024))


def test_published_shares_hold_for_today_and_leave_the_other_scopes_alone(pilot):
    first, *later = (state.footprint for state in pilot.carbon.states)
    assert first.scope2_share == pytest.approx(0.09)
    rest = first.total_t_co2e - first.scope2_t_co2e
    for found in later:
        assert found.total_t_co2e - found.scope2_t_co2e == pytest.approx(rest)
        assert found.scope3_t_co2e == pytest.approx(first.scope3_t_co2e)
        assert found.scope2_share < first.scope2_share


def test_the_fuel_that_is_not_burnt_leaves_the_stated_scope_1(offgrid):
    inputs = read_inputs(OFFGRID)
    stated = inputs.site.emissions.model_copy(update={"scope1_t_co2e": 500.0, "scope3_t_co2e": 100.0})
    first, _, last = around(with_site(inputs, emissions=stated), offgrid).states
    cut = offgrid.states[0].fuel.t_co2e - offgrid.states[2].fuel.t_co2e
    assert first.footprint.scope1_t_co2e == pytest.approx(500.0)
    assert last.footprint.scope1_t_co2e == pytest.approx(500.0 - cut)


def test_intensities_take_the_genset_with_the_purchases(pilot, offgrid):
    for study in (pilot, offgrid):
        for around_state, state in zip(study.carbon.states, study.states, strict=True):
            tonnes = state.scope2.location_t_co2e + (state.fuel.t_co2e if state.fuel else 0.0)
            ore = study.site.production.ore_t_per_year
            assert around_state.intensities.kg_co2e_per_t_ore == pytest.approx(1000 * tonnes / ore)
            assert around_state.intensities.kwh_per_t_ore == pytest.approx(state.load_kwh / ore)


def test_the_pilots_published_figures_contradict_each_other(pilot):
    said = {check.key for check in pilot.carbon.plausibility.checks if check.verdict == "contradiction"}
    assert said >= {"electricity_reach", "cuts_added", "credited_early", "reduction_rest"}
    assert {f"plausibility_{key}" for key in said} <= {f.key for f in pilot.findings}


def test_a_load_from_a_motor_list_is_an_estimate_and_no_inventory(pilot):
    record = pilot.carbon.record
    assert record.label == "estimate_not_an_inventory"
    assert record.data_quality == "low"
    assert [r.evidence for r in record.records] == ["reconstructed"] * 12
    assert record.evidence_kwh == pytest.approx(record.import_kwh)
    assert record.records[0].document.startswith("los_conquistadores_motores.csv (SHA-256 ")


def test_bills_are_the_evidence_even_where_the_load_was_built(pilot, pilot_inputs):
    months = [date(2025, month, 1) for month in range(1, 13)]
    ends = [*months[1:], date(2026, 1, 1)]
    periods = tuple(
        BillPeriod(start=start, end=end, energy_kwh=15_000.0, number=f"F-{start.month}", meter="M-7")
        for start, end in zip(months, ends, strict=True)
    )
    inputs = replace(pilot_inputs, bills=Bills(periods=periods, label="facturas.csv"))
    record = around(inputs, pilot).record
    assert record.label == "inventory"
    assert {(r.meter, r.evidence) for r in record.records} == {("M-7", "billed")}
    assert record.records[0].document == "F-1"
    assert record.records[-1].period_end == date(2025, 12, 31)
    assert {f.key for f in record.findings} >= {"emissions_record_difference"}
    with pytest.raises(InputError) as raised:
        around(with_carbon(inputs, meters=("M-8",)), pilot)
    assert {problem.key for problem in raised.value.problems} == {"emissions_record_meter"}


def metered(filled=()):
    index = pd.date_range(datetime(2025, 1, 1, tzinfo=LOCAL_TIME), periods=8760, freq="h")
    series = pd.Series(10.0, index=index)
    return LoadProfile(load_kw=series, step_minutes=60, origin="metered", label="medidor.csv", filled=filled)


def test_readings_of_a_meter_are_metered_and_a_month_filled_in_part_is_an_estimate(pilot_inputs):
    filled = ("2025-03-01T00:00:00-05:00/2025-03-06T00:00:00-05:00",)
    found = records_for(pilot_inputs, metered(filled), 87_600.0)
    assert [r.evidence for r in found].count("metered") == 11
    assert found[2].evidence == "estimated"
    assert fsum(r.import_kwh for r in found) == pytest.approx(87_600.0)
    assert found[1].period_end == date(2025, 2, 28)


def test_what_the_site_calls_invented_is_never_metered(pilot_inputs):
    invented = (Provenance(keys=("load",), origin="synthetic", source="a test"),)
    found = records_for(with_site(pilot_inputs, provenance=invented), metered(), 87_600.0)
    assert {r.evidence for r in found} == {"reconstructed"}


def test_a_meter_without_a_number_takes_the_one_that_the_site_lists(pilot_inputs):
    inputs = with_carbon(pilot_inputs, meters=("M-7",))
    found = records_for(inputs, metered(), 87_600.0)
    assert {r.meter for r in found} == {"M-7"}
    several = with_carbon(pilot_inputs, meters=("M-7", "M-8"))
    found = records_for(several, metered(), 87_600.0)
    boundary = around_boundary(several, found)
    assert boundary.meters == ("M-7", "M-8", "medidor.csv")


def around_boundary(inputs, records):
    return record_boundary(boundary_of(inputs.site, ()), inputs, records)


def test_every_finding_has_its_text_in_both_languages(pilot, offgrid, rich, contracted):
    for study in (pilot, offgrid, rich, contracted):
        for finding in study.carbon.findings:
            assert finding_text(finding, "es") != finding_text(finding, "en")


def test_a_study_with_instruments_survives_its_own_file(rich, tmp_path):
    path = tmp_path / "study.json"
    path.write_bytes(study_json(rich))
    assert study_json(read_study(path)) == study_json(rich)
