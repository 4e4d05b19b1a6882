"""Bills and money as a study joins them: class step, options, reactive energy, loan and taxes, the other country."""

from dataclasses import replace
from math import fsum

import numpy as np
import pytest

from mine_energy import catalog
from mine_energy.finance import Stream
from mine_energy.io.results import study_adapter, study_document
from mine_energy.io.site_file import read_inputs
from mine_energy.messages import finding_text
from mine_energy.site import BillingChoice
from mine_energy.site.financing import FinancingChoice
from mine_energy.study import run_study
from mine_energy.study.bills_advice import step_advice
from mine_energy.study.money_draws import draws_of
from mine_energy.tariffs import load_tariff

PILOT = catalog.packaged("site_configs/los_conquistadores.toml")
OFFGRID = catalog.packaged("site_configs/caraveli_offgrid.toml")


def changed(inputs, **sections):
    """Return inputs whose site has these sections changed; a dict updates a section, anything else replaces it."""
    site = inputs.site
    made = {
        name: getattr(site, name).model_copy(update=value) if isinstance(value, dict) else value
        for name, value in sections.items()
    }
    return replace(inputs, site=site.model_copy(update=made))


def study_of(path, **sections):
    return run_study(changed(read_inputs(path), **sections), with_sizing=False)


def keys(study):
    return {finding.key for finding in study.findings}


@pytest.fixture(scope="module")
def pilot():
    return study_of(PILOT)


@pytest.fixture(scope="module")
def peru():
    """Return the study of the pilot's machines on the Peruvian grid, in soles."""
    inputs = replace(read_inputs(PILOT), tariff=load_tariff("pe_mt3"))
    connection = {"tariff": "pe_mt3", "voltage_v": 10_000.0}
    inputs = changed(inputs, site={"country": "PE"}, connection=connection, finance={"currency": "PEN"})
    return run_study(inputs, with_sizing=False)


def test_three_bills_show_the_kink(pilot):
    step = pilot.bills.class_step
    below, at, above = step.bills
    assert [round(one.inverter_kw_ac, 6) for one in step.bills] == [90, 100, 110]
    assert [one.small_class for one in step.bills] == [True, True, False]
    assert below.saving < at.saving
    assert above.saving < below.saving
    # Two modules more for every inverter: the same energy, fewer kWh kept by the retailer.
    assert above.pv_kwp > at.pv_kwp > below.pv_kwp
    for one in step.bills:
        assert one.saving == pytest.approx(pilot.states[1].bill.payable - one.payable)
        lines = {total.key: total.amount for total in one.totals}
        assert fsum(lines.values()) == pytest.approx(one.payable - one.credit_left)


def test_the_kink_is_one_sentence(pilot):
    (said,) = [finding for finding in pilot.findings if finding.key == "tariff_class_step"]
    assert said.params["small_kw"] == 100.0
    assert said.params["large_saving"] < said.params["small_saving"]
    assert finding_text(said, "es").count(".") <= finding_text(said, "es").count("00") + 2


def test_modules_do_not_change_the_class_and_inverters_do(pilot):
    points = {(p.inverter_kw_ac, round(p.pv_kwp)): p for p in pilot.bills.class_step.sweep.points}
    most = max(modules for _, modules in points)
    within, beyond = points[100.0, most], points[max(kw for kw, _ in points), most]
    assert within.small_class
    assert not beyond.small_class
    assert within.saving > beyond.saving


def test_the_design_on_the_sweep_is_the_states_own_bill(pilot):
    # The design settles in the small class: its bill lies on the line of the sweep at its ratio.
    step = pilot.bills.class_step
    sizes = [p.inverter_kw_ac for p in step.along.points if p.small_class]
    savings = [p.saving for p in step.along.points if p.small_class]
    own = pilot.states[1].bill.payable - pilot.states[2].bill.payable
    assert own == pytest.approx(np.interp(step.design_kw_ac, sizes, savings), rel=0.01)


@pytest.fixture(scope="module")
def closed():
    """Return a small array that may not export, on the user's own terms."""
    billing = BillingChoice(reactive_exempt=True, contribution_applied=True, public_lighting_per_month=100_000.0)
    return study_of(PILOT, connection={"export_allowed": False}, coverage={"ratio": 0.5}, billing=billing)


def test_a_plant_that_does_not_export_has_no_step(closed):
    assert closed.bills.class_step is None
    assert "tariff_class_step" not in keys(closed)


def test_the_decree_frees_a_self_generator_that_does_not_export(closed, pilot):
    assert closed.states[2].export_kwh == 0
    assert closed.states[2].bill.amount("reactive") == 0
    assert closed.states[0].bill.amount("reactive") == pilot.states[0].bill.amount("reactive") > 0


def test_the_users_own_terms_reach_every_bill(closed):
    for state in closed.states:
        assert state.bill.amount("fixed") == pytest.approx(1_200_000)
        assert state.bill.amount("surcharge") == pytest.approx(0.2 * state.bill.amount("energy"))


def test_a_credit_is_no_money_of_the_year():
    made = study_of(PILOT, coverage={"ratio": 1.6}, connection={"spot_price_per_kwh": 800.0})
    after = made.states[2]
    assert after.credit_left > 0
    assert after.bill.total == pytest.approx(after.bill.payable - after.bill.credit_left)
    assert after.cost_per_year == pytest.approx(after.bill.payable / 4000)
    assert made.finance.pv.annual_saving == pytest.approx(made.states[1].cost_per_year - after.cost_per_year)
    assert any(finding.key.startswith("tariff_credit") for finding in made.findings)


def test_the_meter_pays_for_reactive_energy_that_pv_uncovers(pilot):
    today, measured, with_pv = pilot.bills.reactive
    assert [one.key for one in (today, measured, with_pv)] == ["today", "after_measures", "after_pv"]
    assert today.excess_kvarh > 0
    assert measured.excess_kvarh == pytest.approx(0, abs=1)
    assert with_pv.excess_kvarh > measured.excess_kvarh
    assert with_pv.bank_kvar > measured.bank_kvar
    for one, state in zip(pilot.bills.reactive, pilot.states, strict=True):
        assert one.amount == pytest.approx(state.bill.amount("reactive"))


def test_the_bank_that_pv_needs_is_told(pilot):
    (said,) = [finding for finding in pilot.findings if finding.key == "study_bank_with_pv"]
    assert said.params["after_kvar"] == pytest.approx(pilot.bills.reactive[2].bank_kvar)
    assert said.params["after"] > said.params["before"] == 0


def test_a_design_beyond_the_step_is_warned_of(pilot):
    step = pilot.bills.class_step
    own = step.bills[2]
    beyond = replace(step, design_kw_ac=own.inverter_kw_ac)
    (said,) = step_advice(beyond, own.saving)
    assert (said.params["design_kw"], said.params["small_kw"]) == (pytest.approx(110), 100)
    assert step_advice(step, own.saving) == ()
    assert step_advice(beyond, step.bills[1].saving) == ()


def test_a_cheaper_option_is_told_today_and_with_pv(peru):
    told = {f.key: f.params for f in peru.findings if f.key.startswith("study_option_cheaper")}
    paid = {(row.state, row.option): row.payable for row in peru.bills.options.rows}
    for state in ("today", "after_pv"):
        said = told[f"study_option_cheaper_{state}"]
        assert said["amount"] == pytest.approx(paid[state, said["own"]] - paid[state, said["best"]])


def test_perus_options_are_priced_in_every_state(peru):
    table = peru.bills.options
    assert [key for key, _ in table.status] == ["today", "after_measures", "after_pv"]
    reasons = {one.option: one.reason for one in table.status[0][1]}
    assert reasons["MT3"] == "eligible"
    assert reasons["BT3"] == "voltage"
    own = {row.state: row for row in table.rows if row.option == "MT3"}
    for state in peru.states:
        assert own[state.key].payable == pytest.approx(state.bill.payable)
        cheapest = min((row for row in table.rows if row.state == state.key), key=lambda row: row.payable)
        assert dict(table.best)[state.key] == cheapest.option
    assert {one.state for one in table.presence} == {"after_measures", "after_pv"}
    assert all(len(one.months) == 12 for one in table.presence)
    assert peru.bills.class_step is None


def test_options_need_a_voltage_they_know():
    inputs = replace(read_inputs(PILOT), tariff=load_tariff("pe_mt3"))
    made = run_study(
        changed(inputs, site={"country": "PE"}, connection={"tariff": "pe_mt3", "voltage_v": 60_000.0}),
        with_sizing=False,
    )
    assert made.bills.options is None
    assert "study_options_voltage" in keys(made)


@pytest.mark.parametrize("name", ["pilot", "peru"])
def test_the_reasons_add_up_to_the_savings_of_both_countries(request, name):
    made = request.getfixturevalue(name)
    both = made.bills.abroad
    assert {both.home.country, both.abroad.country} == {"CO", "PE"}
    assert fsum(one.home for one in both.reasons) == pytest.approx(both.home.pv_saving)
    assert fsum(one.abroad for one in both.reasons) == pytest.approx(both.abroad.pv_saving)
    assert both.home.cost_per_year == pytest.approx([state.cost_per_year for state in made.states])
    assert both.home.scope2_t_co2e == pytest.approx([state.scope2.location_t_co2e for state in made.states])
    assert both.home.pv_saving == pytest.approx(made.finance.pv.annual_saving)
    assert both.home.pv_npv == pytest.approx(made.finance.pv.npv[1].npv)
    assert not both.home.assumed
    assert both.abroad.assumed
    assert {"study_abroad_saving", "study_abroad_export_credit", "study_abroad_energy_price"} <= keys(made)
    # Whichever is home: Colombia pays for exports, Peru has power in its bill.
    (exports,) = [one for one in both.reasons if one.key == "export_credit"]
    colombia, peru = (exports.home, exports.abroad) if name == "pilot" else (exports.abroad, exports.home)
    assert colombia > 0
    assert peru == 0
    cases = {one.country: one for one in (both.home, both.abroad)}
    assert cases["PE"].power_share > cases["CO"].power_share == 0


def test_off_grid_has_neither_options_nor_another_country():
    assert study_of(OFFGRID).bills is None


def test_without_financing_nothing_is_borrowed_or_taxed_and_it_says_so(pilot):
    finance = pilot.finance
    assert not finance.financed
    assert finance.plan.both.loan is None
    assert finance.plan.both.tax_basis == "before_tax"
    assert "study_no_financing" in keys(pilot)
    # Nominal money without debt and tax has the present value of real money.
    assert [v.npv for v in finance.plan.both.project.npv] == pytest.approx([v.npv for v in finance.both.npv])


def test_measures_and_pv_add_up_to_both_before_tax(pilot):
    plan = pilot.finance.plan
    flows = [plan.measures.before_tax.flow, plan.pv.before_tax.flow]
    years = len(plan.both.before_tax.flow)
    added = [fsum(flow[n] for flow in flows if n < len(flow)) for n in range(years)]
    assert added == pytest.approx(list(plan.both.before_tax.flow))


def test_a_smaller_plant_is_what_the_measures_save(pilot):
    saved = pilot.finance.plan.saved
    assert saved.pv_kwp == pytest.approx(pilot.design.pv_saved_kwp)
    assert saved.investment == pytest.approx(1000 * saved.pv_kwp)


FINANCED = FinancingChoice.model_validate(
    {
        "contingency": 0.1,
        "loan": {"share": 0.6, "rate_ea": 0.16, "tenor_months": 84, "grace_months": 6, "currency": "COP"},
        "tax": {"regime": "ordinary", "taxable_income_per_year": 200_000.0, "special_deduction": True},
    }
)


def test_a_loan_in_pesos_and_taxes_reach_the_study():
    made = study_of(PILOT, financing=FINANCED)
    plan = made.finance.plan
    assert made.finance.financed
    assert plan.both.loan.currency == "COP"
    assert plan.both.funding.source("loan") == pytest.approx(0.6 * fsum(use.amount for use in plan.both.funding.uses))
    assert plan.measures.loan is None
    assert plan.pv.loan is None
    assert plan.both.tax_basis == "after_tax"
    assert [case.key for case in plan.both.coverage] == ["p50", "p90_many_years", "p90_one_year"]
    assert plan.both.coverage[2].minimum < plan.both.coverage[0].minimum
    # The lender's P90 of one year is the one of the sun's chapter.
    one = made.solar.uncertainty.of_years(1)
    assert plan.both.yields.p90_one_year == pytest.approx(one.p90 / one.p50, rel=1e-6)
    assert plan.both.equity.irr != plan.both.project.irr
    assert "study_no_financing" not in keys(made)
    # The real, untaxed yardsticks are those of the same plant.
    assert made.finance.both.capex == pytest.approx(plan.both.funding.uses[0].amount, rel=0.01)


def test_somebody_elses_plant_costs_the_site_payments_and_no_capital(pilot):
    owner = {"kind": "third_party", "ppa_price_per_kwh": 0.12, "ppa_years": 15}
    made = study_of(PILOT, financing=FinancingChoice.model_validate({"owner": owner}))
    finance = made.finance
    given = made.states[2].pv_kwh - made.states[2].curtailed_kwh
    assert finance.pv.capex == 0
    assert finance.pv.lcoe_per_kwh == pytest.approx(0.12)
    assert finance.plan.contract.payments[0] == pytest.approx(0.12 * given)
    assert finance.plan.third_party.capex == pytest.approx(pilot.finance.pv.capex)
    assert finance.pv.cash_flow[1] == pytest.approx(finance.pv.annual_saving - 0.12 * given)
    assert len(finance.pv.cash_flow) == 16


def test_the_bands_hold_audit_weather_and_price(pilot):
    risk = pilot.finance.plan.risk
    bands = {band.key: band for band in risk.bands}
    assert risk.draws == pilot.audit.uncertainty.draws
    assert bands["npv"].p10 < bands["npv"].p50 < bands["npv"].p90
    assert bands["simple_payback_years"].p10 < bands["simple_payback_years"].p90
    (bar,) = [one for one in pilot.finance.plan.tornado if one.key == "saving"]
    assert 0.5 < bar.low < 1 < bar.high < 1.5


def test_the_price_of_energy_is_one_error_of_measures_and_pv(pilot):
    streams = [
        Stream(key=key, kind="saves", capex=(), annual_saving=1.0, energy_kwh_per_year=1.0, asset_life_years=10.0)
        for key in ("measures", "pv")
    ]
    drawn = draws_of(pilot.audit, pilot.solar.uncertainty, streams)
    again = draws_of(pilot.audit, pilot.solar.uncertainty, streams)
    assert np.array_equal(drawn.saving["pv"], again.saving["pv"])
    assert np.corrcoef(drawn.saving["measures"], drawn.saving["pv"])[0, 1] > 0.1
    spread = pilot.solar.uncertainty.of_years(20)
    alone = draws_of(replace(pilot.audit, uncertainty=None), pilot.solar.uncertainty, streams).saving["pv"]
    assert np.percentile(alone, 10) == pytest.approx(1 - 1.2816 * spread.sd_low, abs=0.01)
    assert np.percentile(alone, 90) == pytest.approx(1 + 1.2816 * spread.sd_high, abs=0.01)


@pytest.fixture(scope="module")
def hybrid():
    """Return the off-grid example with a battery that lets the set rest."""
    return study_of(OFFGRID, coverage={"goal": "least_cost"})


def test_fewer_hours_of_the_set_are_money_but_no_part_of_a_kwhs_cost(hybrid):
    other = next(line for line in hybrid.finance.plan.both.lines if line.key == "other")
    assert fsum(other.amounts) > 0
    finance = hybrid.finance.pv
    flow = finance.cash_flow
    assert flow[1] > finance.annual_saving - finance.om_per_year
    assert {"genset_overhaul_hours", "genset_life_hours"} <= {item.key for item in finance.assumptions}
    # Served through a battery a kWh costs more than at the panels.
    assert finance.lcoe_served_per_kwh > finance.lcoe_per_kwh


def test_a_battery_is_bought_at_the_sizings_price(hybrid):
    lines = {line.key: line for line in hybrid.finance.pv.capex_lines}
    assert lines["battery_plant"].unit_cost == pytest.approx(250)
    assert "genset" not in lines
    assert hybrid.finance.pv.capex == pytest.approx(fsum(line.amount for line in lines.values()))


def test_tables_behind_the_bills_are_named(pilot, peru):
    root = {source.id for source in pilot.sources}
    assert {"tariffs/figures.csv", "tariffs/reactive_rules.csv", "finance/tax_and_credit.csv"} <= root
    assert "tariffs/pe_mt4.toml" in root
    assert "tariffs/pe_options.csv" in {source.id for source in peru.sources}


@pytest.mark.parametrize("name", ["pilot", "peru", "hybrid"])
def test_bills_and_money_survive_the_json(request, name):
    document = study_document(request.getfixturevalue(name))
    assert study_document(study_adapter().validate_python(document)) == document
