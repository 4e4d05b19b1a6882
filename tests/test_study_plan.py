"""The plan of a study: it agrees with the study, keeps the site's timing, and says what does not add up."""

from dataclasses import replace
from math import fsum

import pytest

from mine_energy import catalog
from mine_energy.errors import InputError
from mine_energy.finance import npv
from mine_energy.io.site_file import read_inputs
from mine_energy.messages import finding_text
from mine_energy.site import FinancingChoice, PlanChoice, TaxChoice
from mine_energy.study import run_study
from mine_energy.study.plan import plan_of

PILOT = catalog.packaged("site_configs/los_conquistadores.toml")
OFFGRID = catalog.packaged("site_configs/caraveli_offgrid.toml")


@pytest.fixture(scope="module")
def pilot():
    return run_study(read_inputs(PILOT), with_sizing=False)


@pytest.fixture(scope="module")
def offgrid():
    return run_study(read_inputs(OFFGRID), with_sizing=False)


def planned(study, audit=None, **sections):
    site = study.site.model_copy(update=sections)
    return plan_of(site, audit or study.audit, study.solar, study.states, study.scope2, study.finance)


def chosen(**given):
    return PlanChoice(first_year=2026, last_year=2035, **given)


def measures(made):
    return {measure.key: measure for measure in made.plan.measures}


def of(made, key):
    return measures(made)[key]


def task(made, key):
    return next(task for task in made.plan.tasks if task.key == key)


def test_the_plan_at_full_effect_is_the_study_after_pv(pilot):
    made = planned(pilot, plan=chosen())
    second = made.plan.years[1]
    rest = fsum(part.t_co2e for part in made.plan.base.slices if part.key != "electricity")
    assert second.location_t_co2e - rest == pytest.approx(pilot.states[2].scope2.location_t_co2e)
    saved = fsum(wedge.energy_kwh for wedge in made.plan.wedges if wedge.year == 2027)
    assert saved == pytest.approx(pilot.states[0].import_kwh - pilot.states[2].import_kwh)


def test_off_the_grid_the_plan_cuts_the_fuel(offgrid):
    made = offgrid.plan
    assert [(part.key, part.scope) for part in made.plan.base.slices] == [("diesel", 1)]
    assert made.plan.base.slices[0].t_co2e == pytest.approx(offgrid.states[0].fuel.t_co2e)
    assert made.plan.years[1].location_t_co2e == pytest.approx(offgrid.states[2].fuel.t_co2e)


def test_every_year_closes(pilot, offgrid):
    for study in (pilot, offgrid):
        for year in study.plan.plan.years:
            left = year.base_t_co2e + year.factor_effect_t_co2e - year.wedges_t_co2e
            assert year.location_t_co2e == pytest.approx(left)


def test_prices_and_savings_are_those_of_the_money(pilot):
    made, money = pilot.plan, pilot.finance
    families = [m for m, s in zip(made.plan.measures, made.sources, strict=True) if s.origin == "measure"]
    assert fsum(m.capex for m in families) == pytest.approx(money.measures.capex)
    assert fsum(m.saving_per_year for m in families) == pytest.approx(money.measures.annual_saving)
    assert of(made, "pv").capex == money.pv.capex


def test_the_mean_year_of_the_array_is_that_of_its_cash_flow(pilot):
    pv, flow = of(pilot.plan, "pv"), pilot.finance.pv.cash_flow[1:]
    assert pv.saving_per_year - pv.opex_per_year == pytest.approx(fsum(flow) / len(flow))
    level = [-pv.capex, *[pv.saving_per_year - pv.opex_per_year] * 25]
    base = next(one for one in pilot.finance.pv.npv if one.label == "base")
    # A level mean moves what fades and what is bought again in time, no more.
    assert npv(base.rate, level) == pytest.approx(base.npv, rel=0.1)


def test_sources_stand_in_the_order_of_the_measures(pilot):
    assert [s.key for s in pilot.plan.sources] == [m.key for m in pilot.plan.plan.measures]
    by_key = {source.key: source for source in pilot.plan.sources}
    assert by_key["pv"].origin == "pv"
    assert (by_key["leaks"].measure, by_key["leaks"].tags) == ("leaks", ("MN-CO1",))
    assert by_key["arboles"].origin == "site"


def test_the_pilots_plan_names_what_does_not_add_up(pilot):
    doubts = {(doubt.key, doubt.subject) for doubt in pilot.plan.plan.doubts}
    assert {
        ("plan_over_budget", ""),
        ("plan_year_over_budget", "2026"),
        ("plan_long_lead", "pv"),
        ("plan_full_late", "arboles"),
        ("plan_no_price", ""),
        ("plan_electricity_reach", ""),
    } <= doubts
    assert pilot.plan.plan.money.budget == 100_000
    assert {doubt.key for doubt in pilot.plan.plan.doubts} <= {finding.key for finding in pilot.findings}


def test_trees_grow_for_five_years_and_never_lower_emissions(pilot):
    made = pilot.plan.plan
    grown = {wedge.year: wedge.t_co2e for wedge in made.removals}
    assert grown[2026] == pytest.approx(0.2)
    assert grown[2031] == pytest.approx(2.0)
    without = pilot.site.plan.model_copy(update={"measure": ()})
    bare = planned(pilot, plan=without).plan
    compost = {wedge.year: wedge.t_co2e for wedge in made.wedges if wedge.key == "compostaje"}
    for year, other in zip(made.years, bare.years, strict=True):
        assert year.location_t_co2e == pytest.approx(other.location_t_co2e - compost[year.year])


def test_certificates_lower_the_market_based_figure_alone(pilot):
    covered = {wedge.year: wedge.t_co2e for wedge in pilot.plan.plan.certificates}
    for year in pilot.plan.plan.years:
        assert year.location_t_co2e - year.market_t_co2e == pytest.approx(covered[year.year])
    assert covered[2027] == pytest.approx(pilot.states[2].scope2.location_t_co2e)


def test_the_array_waits_for_the_longest_permit_that_is_stated(pilot):
    assert of(pilot.plan, "pv").lead_months == 12
    said = next(f for f in pilot.plan.findings if f.key == "plan_pv_permits")
    assert (said.level, said.params["low"], said.params["months"]) == ("assumption", 6, 12)


def test_a_lead_time_that_nobody_states_is_the_packaged_one_and_said(offgrid):
    found = catalog.finance_default("pv_authorisation_lead_time", "PE")
    assert of(offgrid.plan, "pv").lead_months == found.default.value
    assert {f.key for f in offgrid.plan.findings} >= {"plan_pv_lead", "plan_measure_lead"}


def test_the_sites_own_timing_and_payer_win(pilot):
    timing = [
        {"key": "pv", "start_month": 3, "lead_months": 7, "ramp_months": 2, "payer": "a bank", "from_budget": False},
        {"key": "leaks", "starts_after": "pv"},
    ]
    made = planned(pilot, plan=chosen(timing=timing, payer="the mine"))
    assert (task(made, "pv").online_month, task(made, "pv").full_month) == (10, 12)
    assert (of(made, "pv").payer, of(made, "lighting").payer) == ("a bank", "the mine")
    assert task(made, "leaks").start_month == 10
    assert made.plan.capex_steps[-1].cumulative_of_budget == pytest.approx(pilot.finance.measures.capex)
    assert not {f.key for f in made.findings} & {"plan_pv_permits", "plan_pv_lead"}


def test_a_timing_of_a_measure_that_is_not_adopted_is_said(pilot):
    made = planned(pilot, plan=chosen(timing=[{"key": "leaks", "starts_after": "cooling"}, {"key": "cooling"}]))
    assert {(f.key, f.subject) for f in made.findings} >= {
        ("plan_timing_unknown", "cooling"),
        ("plan_waits_for_nothing", "leaks"),
    }
    assert task(made, "leaks").start_month == 0


def test_a_site_without_a_plan_has_one_of_assumed_years(offgrid):
    assert not offgrid.plan.stated
    assert offgrid.plan.plan.span.first_year == offgrid.site.emissions.activity_year + 1
    assert {f.key: f.level for f in offgrid.plan.findings}["plan_years_assumed"] == "assumption"
    assert not {d.key for d in offgrid.plan.plan.doubts} & {f.key for f in offgrid.findings}


def test_a_family_without_a_price_stands_apart(pilot):
    savings = tuple(
        replace(saving, price_known=False) if (saving.measure, saving.tag) == ("belt", "PT-ML1") else saving
        for saving in pilot.audit.savings
    )
    made = planned(pilot, audit=replace(pilot.audit, savings=savings))
    assert of(made, "belt_unpriced").capex is None
    assert of(made, "belt").capex < of(pilot.plan, "belt").capex
    doubt = next(d for d in made.plan.doubts if d.key == "plan_no_price")
    assert "belt_unpriced" in doubt.params["keys"]


def test_somebody_elses_array_costs_no_capex_and_its_price_every_year(pilot):
    owner = {"kind": "third_party", "ppa_price_per_kwh": 0.1, "ppa_years": 15}
    pv = of(planned(pilot, financing=FinancingChoice(owner=owner)), "pv")
    after = pilot.states[2]
    assert (pv.capex, pv.payer, pv.from_budget) == (0.0, "third_party", False)
    assert pv.opex_per_year == pytest.approx(0.1 * (after.pv_used_kwh + after.export_kwh))


def test_nothing_outlives_the_mine(offgrid):
    assert max(measure.life_years for measure in offgrid.plan.plan.measures) <= 10


def test_the_rest_of_the_footprint_is_what_the_named_slices_leave(pilot):
    slices = {part.key: part for part in pilot.plan.plan.base.slices}
    whole = pilot.scope2.footprint
    assert slices["scope3"].t_co2e == pytest.approx(whole.scope3_t_co2e - 5.6)
    assert fsum(part.t_co2e for part in slices.values()) == pytest.approx(whole.total_t_co2e)
    assert {f.key for f in pilot.plan.findings} >= {"plan_rest_from_shares"}


def test_a_measure_with_a_name_of_the_study_is_refused(pilot):
    twice = {"key": "pv", "slice": "electricity", "low": 0.1, "likely": 0.2, "high": 0.3}
    with pytest.raises(InputError) as raised:
        planned(pilot, plan=chosen(measure=[twice]))
    assert {problem.key for problem in raised.value.problems} == {"plan_twice"}


def test_a_measure_of_the_site_is_paid_by_the_energy_it_saves(pilot):
    more = {"key": "more", "slice": "electricity", "unit": "kwh", "low": 500, "likely": 1000, "high": 1500}
    made = planned(pilot, plan=chosen(measure=[{**more, "capex": 100.0}]))
    today, measured, _ = pilot.states
    price = (today.cost_per_year - measured.cost_per_year) / (today.import_kwh - measured.import_kwh)
    flow = [-100.0, *[1000 * price] * 10]
    block = next(block for block in made.plan.curve if block.key == "more")
    assert block.npv == pytest.approx(npv(made.plan.money.discount_rate, flow))


def test_every_finding_has_its_text_in_both_languages(pilot, offgrid):
    for study in (pilot, offgrid):
        for finding in (*study.plan.findings, *study.plan.plan.findings, *study.plan.plan.doubts):
            assert finding_text(finding, "es") != finding_text(finding, "en")


@pytest.mark.parametrize(("months", "certificate", "waits"), [(14.0, "requested", True), (14.0, "none", False)])
def test_the_array_waits_for_a_certificate_that_is_requested(pilot, months, certificate, waits):
    usual = of(planned(pilot, plan=chosen()), "pv").lead_months
    tax = TaxChoice(certificate=certificate, certificate_months=months)
    made = planned(pilot, plan=chosen(), financing=FinancingChoice(tax=tax))
    assert usual < months
    assert of(made, "pv").lead_months == (months if waits else usual)
    assert ("plan_pv_certificate" in {finding.key for finding in made.findings}) is waits


def test_an_array_off_the_grid_avoids_nothing_there(pilot, offgrid):
    assert offgrid.plan.avoided == ()
    assert planned(pilot).avoided == ()
    assert len(pilot.plan.avoided) == len(pilot.plan.plan.years)
