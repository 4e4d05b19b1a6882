"""Nominal cash flow, equity, debt coverage, exchange rates, owners and ends of life: by hand, and by what must hold."""

import tomllib
from dataclasses import replace

import numpy as np
import numpy_financial as npf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from finance_projects import efficiency, project, pv_plant
from mine_energy import finance
from mine_energy.errors import InputError, MissingData
from mine_energy.finance import EndOfLife, ProjectFinance, Replacement
from mine_energy.messages import LANGUAGES, finding_text
from mine_energy.site import EndChoice, FinanceChoice, FinancingChoice, LoanChoice, OwnerChoice, TaxChoice

LOAN = {"share": 0.6, "rate_ea": 0.09, "tenor_months": 96, "payments_per_year": 1}


def result(*streams, **financing):
    return finance.project_finance(project(*streams, **financing))


def loan(**terms):
    return LoanChoice(**(LOAN | terms))


def line(outcome, key):
    return next((one.amounts for one in outcome.lines if one.key == key), ())


def found(outcome):
    return {finding.key for finding in outcome.findings}


# ---------------------------------------------------------------- real and nominal


@settings(deadline=None)
@given(
    st.floats(-0.02, 0.5),
    st.floats(-0.05, 0.3),
    st.floats(0.0, 0.03),
    st.floats(0, 5e3),
    st.floats(0, 3e4),
    st.integers(1, 30),
)
def test_nominal_value_at_the_nominal_rate_is_the_real_value(inflation, rate, fading, om, saving, life):
    plant = pv_plant(
        annual_saving=saving,
        om_per_year=om,
        degradation_per_year=fading,
        asset_life_years=float(life),
        replacements=(Replacement(key="inverter", year=7, amount=6_000.0),),
        end=EndOfLife(kind="salvage", salvage_fraction=0.1),
    )
    choice = FinanceChoice(discount_rate=rate, mine_life_years=40)
    real = finance.investment([plant], choice, scope="pv", country="CO")
    nominal = result(plant, efficiency(), inflation=inflation, rate=rate)
    both = finance.investment([plant, efficiency()], choice, scope="both", country="CO")
    alone = result(plant, inflation=inflation, rate=rate)
    for given_, expected in ((alone, real), (nominal, both)):
        values = [value.npv for value in given_.project.npv]
        assert values == pytest.approx([value.npv for value in expected.npv], rel=1e-9, abs=1e-4)
    assert nominal.price_basis == "nominal"
    assert alone.project.irr_real == pytest.approx(real.irr, abs=1e-6)


def test_a_year_of_inflation_and_escalation_by_hand():
    # 20,000 x 1.05 x 1.02 = 21,420 in year 1; upkeep 1,500 x 1.05 x 1.01.
    outcome = result(inflation=0.05, energy_escalation_real=0.02, om_escalation_real=0.01)
    assert line(outcome, "saving")[1] == pytest.approx(21_420)
    assert line(outcome, "saving")[2] == pytest.approx(20_000 * (1.05 * 1.02) ** 2)
    assert line(outcome, "om")[1] == pytest.approx(-1_590.75)


def test_inflation_of_a_currency():
    assert result(inflation=None).inflation == pytest.approx(0.025)
    assert result(inflation=None, currency="COP", per_usd=4000.0).inflation == pytest.approx(0.05)
    assert result(inflation=None, country="PE", currency="PEN", per_usd=3.6).inflation == pytest.approx(0.025)


def test_the_rate_of_equity_follows_the_currency():
    # 16 % in pesos with 5 % inflation is 10.476 % real; with 2.5 % in dollars 13.238 %.
    dollars = result(inflation=0.025)
    assert dollars.equity.npv[0].rate == pytest.approx(1.16 / 1.05 * 1.025 - 1)
    pesos = result(inflation=0.05, currency="COP", per_usd=4000.0)
    assert pesos.equity.npv[0].rate == pytest.approx(0.16)
    assert result(equity_rate=0.2).equity.npv[0].rate == 0.2
    assert result(country="PE", inflation=0.02).equity.npv[0].rate == pytest.approx(1.08 * 1.02 - 1)


# ---------------------------------------------------------------- loan and equity


def test_equity_with_a_loan_by_hand():
    # 60,000 over 8 years at 9 %: 10,840.46 a year; 20,000 - 1,500 - 10,840.46 = 7,659.54.
    outcome = result(loan=loan())
    assert outcome.equity.flow[:2] == pytest.approx((-40_000, 7_659.54), abs=0.01)
    assert outcome.equity.flow[9] == pytest.approx(18_500)
    assert outcome.project.flow[:2] == pytest.approx((-100_000, 18_500))
    assert outcome.tax_basis == "before_tax"


@settings(deadline=None)
@given(
    st.floats(0.001, 1.0), st.floats(0.01, 0.3), st.integers(1, 20), st.sampled_from(["annuity", "constant_principal"])
)
def test_a_loan_at_the_discount_rate_is_worth_nothing(share, rate, years, repayment):
    terms = {"share": share, "rate_ea": rate, "tenor_months": 12 * years, "repayment": repayment}
    outcome = result(loan=loan(**terms), equity_rate=rate)
    expected = npf.npv(rate, outcome.project.flow)
    assert outcome.equity.npv[0].npv == pytest.approx(expected, abs=1e-4)


def test_a_grant_is_worth_itself():
    plain, granted = result(equity_rate=0.1), result(equity_rate=0.1, grant=30_000.0)
    assert granted.equity.npv[0].npv - plain.equity.npv[0].npv == pytest.approx(30_000)
    assert granted.project.flow == plain.project.flow


def test_a_mine_that_ends_before_its_loan():
    outcome = result(loan=loan(), mine=5.0)
    owed = outcome.loan.years[4].closing
    assert line(outcome, "balance_at_end")[-1] == pytest.approx(-owed)
    assert "finance_loan_outlives" in found(outcome)
    # What is repaid at once is no part of the year's service.
    assert outcome.coverage[0].by_year == pytest.approx((18_500 / 10_840.4627,) * 5, rel=1e-6)
    assert (outcome.horizon_years, outcome.horizon_limit) == (5, "mine_life")


def test_several_rates_and_a_modified_one():
    # Cleaning up a site costs more than it brought: -100, +230, -132 has 10 and 20 %.
    stream = pv_plant(capex=100.0, annual_saving=230.0, om_per_year=0.0, degradation_per_year=1.0, asset_life_years=2.0)
    stream = replace(stream, yearly=(finance.YearlyLine(key="clean_up", amounts=(0.0, -132.0)),))
    outcome = result(stream)
    assert outcome.project.irr == pytest.approx((0.10, 0.20))
    assert outcome.project.mirr == pytest.approx(npf.mirr([-100, 230, -132], 0.08, 0.08))
    real = finance.investment([stream], FinanceChoice(discount_rate=0.08, mine_life_years=9), scope="x", country="CO")
    assert real.mirr == pytest.approx(outcome.project.mirr)
    assert result().project.mirr is None


# ---------------------------------------------------------------- coverage


def test_coverage_by_hand():
    # Interannual 4 %, long-term 3 %: one year 5 %, 1 - 1.281552 x 0.05 = 0.935922.
    outcome = result(loan=loan(), interannual_sd=0.04, yield_sd=0.03)
    usual, mean, poor = outcome.coverage
    service = 10_840.4627
    assert (usual.key, usual.minimum) == ("p50", pytest.approx(18_500 / service, rel=1e-6))
    assert (poor.key, poor.yields) == ("p90_one_year", pytest.approx(0.935922, abs=1e-6))
    assert poor.minimum == pytest.approx((20_000 * 0.9359224 - 1_500) / service, rel=1e-6)
    # Eight years' mean: sqrt(0.04^2/8 + 0.03^2) = 0.0331662.
    assert mean.yields == pytest.approx(1 - 1.2815516 * 0.0331662, abs=1e-6)
    assert usual.average == pytest.approx(usual.minimum)
    assert usual.years == tuple(range(1, 9))


@settings(deadline=None)
@given(st.floats(0, 0.2), st.floats(0, 0.2), st.integers(1, 40))
def test_a_single_year_is_never_better_than_the_mean_of_many(interannual, long_term, years):
    cases = finance.yield_cases(interannual, long_term, years)
    assert cases.p90_one_year <= cases.p90_many_years + 1e-12
    assert cases.p90_many_years <= 1.0


def test_the_spread_of_years_from_the_years():
    assert finance.interannual_sd_of(np.array([95.0, 100.0, 105.0])) == pytest.approx(0.05)
    for bad in ([], [100.0], [0.0, 0.0], [[1.0, 2.0]], [1.0, np.nan]):
        with pytest.raises(InputError):
            finance.interannual_sd_of(np.array(bad))


def test_an_uncovered_debt_is_a_warning():
    outcome = result(pv_plant(annual_saving=12_600.0), loan=loan())
    (finding,) = [one for one in outcome.findings if one.key == "finance_debt_uncovered"]
    assert finding.params["case"] == "p90_many_years"
    assert finding.params["year"] == 1
    for language in LANGUAGES:
        assert len(finding_text(finding, language)) > 20


def test_measures_have_no_poor_sun():
    outcome = result(efficiency(), loan=loan(tenor_months=60), interannual_sd=0.05, yield_sd=0.1)
    assert len({case.minimum for case in outcome.coverage}) == 1


def test_without_a_loan_there_is_nothing_to_cover():
    outcome = result()
    assert [(case.minimum, case.average, case.by_year) for case in outcome.coverage] == [(None, None, ())] * 3
    assert outcome.loan is None


# ---------------------------------------------------------------- exchange rates


def test_a_loan_in_pesos_by_hand():
    # 200,000,000 pesos at 4,000 are 50,000 dollars. Pesos lose (1.025/1.05) a year against dollars.
    terms = {"share": None, "amount": 2e8, "currency": "COP"}
    outcome = result(loan=loan(**terms), loan_per_usd=4000.0, inflation=0.025, loan_currency_inflation=0.05)
    assert outcome.funding.source("loan") == pytest.approx(50_000)
    first = outcome.loan.years[0]
    assert line(outcome, "interest")[1] == pytest.approx(-first.interest / 4000 * 1.025 / 1.05)
    assert line(outcome, "principal")[2] == pytest.approx(-outcome.loan.years[1].principal / 4000 * (1.025 / 1.05) ** 2)
    assert outcome.loan.currency == "COP"


def test_equal_inflations_leave_the_exchange_rate_alone():
    terms = {"currency": "USD"}
    pesos = result(loan=loan(**terms), currency="COP", per_usd=4000.0, inflation=0.03, loan_currency_inflation=0.03)
    same = result(loan=loan(), currency="COP", per_usd=4000.0, inflation=0.03)
    assert pesos.equity.flow == pytest.approx(same.equity.flow)
    assert pesos.loan.amount == pytest.approx(15.0)


def test_a_dearer_dollar_hurts_whoever_owes_dollars_and_earns_pesos():
    # In pesos: savings as before, service 25 % higher.
    money = {"currency": "COP", "per_usd": 4000.0}
    plan = project(loan=loan(currency="USD"), inflation=0.0, loan_currency_inflation=0.0, **money)
    frame = finance.frame_of(plan)
    usual, shocked = (finance.cash_table(plan, frame, finance.Case(dollar_dearer=d)) for d in (0.0, 0.25))
    assert shocked.line("saving") == usual.line("saving")
    assert shocked.service[1] == pytest.approx(1.25 * usual.service[1])
    assert shocked.line("loan") == usual.line("loan")


def test_a_dearer_dollar_lowers_savings_in_dollars():
    outcome = result(loan=loan())
    by_shock = {shock.dollar_dearer: shock for shock in outcome.shocks}
    assert by_shock[0.0].project_npv == pytest.approx(outcome.project.npv[1].npv)
    assert by_shock[0.0].equity_irr == pytest.approx(outcome.equity.irr)
    ordered = [shock.project_npv for shock in outcome.shocks]
    assert ordered == sorted(ordered, reverse=True)
    # 18,500 / 1.2 a year.
    assert by_shock[0.2].project_npv == pytest.approx(npf.npv(0.08, [-100_000, *[18_500 / 1.2] * 20]))


def test_a_loan_in_a_third_currency_needs_its_price():
    with pytest.raises(InputError) as caught:
        result(loan=loan(currency="PEN"))
    assert caught.value.problems[0].key == "finance_loan_exchange"


# ---------------------------------------------------------------- end of life


def test_salvage_and_relocation_by_hand():
    def at_end(end, mine, **more):
        plant = pv_plant(asset_life_years=25.0, end=end, **more)
        return plant.final_value(plant.years(mine), plant.years(mine))

    assert at_end(EndOfLife(), 10.0) == 0.0
    assert at_end(EndOfLife(kind="salvage", salvage_fraction=0.15), 10.0) == pytest.approx(15_000)
    moved = EndOfLife(kind="relocation", relocation_cost_fraction=0.2)
    # 15 of 25 years left: 60,000, less 20,000 for the move.
    assert at_end(moved, 10.0) == pytest.approx(40_000)
    # An inverter of year 8 with 13 years of life has 11 left: 6,500 x 11/13 = 5,500 more.
    part = Replacement(key="inverter", year=8, amount=6_500.0, life_years=13.0)
    assert at_end(moved, 10.0, replacements=(part,)) == pytest.approx(45_500)
    # A part due in the last year is not bought, and is not worth anything.
    late = Replacement(key="inverter", year=10, amount=6_500.0, life_years=13.0)
    assert at_end(moved, 10.0, replacements=(late,)) == pytest.approx(40_000)
    # After its life there is nothing to move, and a move may cost more than it saves.
    assert at_end(moved, 40.0) == 0.0
    assert at_end(EndOfLife(kind="relocation", relocation_cost_fraction=0.9), 10.0) == pytest.approx(-30_000)


def test_ends_of_life_have_no_defaults():
    assert finance.end_of_life(EndChoice()) == EndOfLife()
    sold = finance.end_of_life(EndChoice(kind="salvage", salvage_fraction=0.1))
    assert sold.salvage_fraction == 0.1
    for kind in ("salvage", "relocation"):
        with pytest.raises(InputError):
            finance.end_of_life(EndChoice(kind=kind))


# ---------------------------------------------------------------- somebody else's plant


OWNER = OwnerChoice(kind="third_party", ppa_price_per_kwh=0.10, ppa_years=15)


def test_a_ppa_by_hand():
    contract = finance.ppa(pv_plant(degradation_per_year=0.01), OWNER)
    assert contract.years == 15
    assert contract.payments[:2] == pytest.approx((14_000, 13_860))
    assert contract.purchased_kwh[:2] == pytest.approx((140_000, 138_600))
    assert contract.host.investment == 0.0
    assert contract.host.cash_flow(15)[:3] == pytest.approx((0.0, 6_000, 5_940))


@settings(deadline=None)
@given(st.floats(0.01, 0.5), st.floats(-0.05, 0.05), st.integers(1, 40), st.floats(1, 40))
def test_host_and_owner_share_what_the_plant_brings(price, growth, term, mine):
    plant = pv_plant(degradation_per_year=0.005, asset_life_years=20.0)
    terms = OwnerChoice(kind="third_party", ppa_price_per_kwh=price, ppa_escalation_real=growth, ppa_years=term)
    contract = finance.ppa(plant, terms, mine)
    whole = plant.cash_flow(plant.years(mine))
    parts = zip(contract.host.cash_flow(contract.years), contract.owner.cash_flow(contract.years), strict=True)
    assert [one + two for one, two in parts] == pytest.approx(whole[: contract.years + 1], abs=1e-6)


def test_take_or_pay_counts_what_could_have_been_generated():
    terms = OWNER.model_copy(update={"ppa_basis": "generated"})
    contract = finance.ppa(pv_plant(), terms, generated_kwh_per_year=200_000.0)
    assert contract.payments[0] == pytest.approx(20_000)
    with pytest.raises(InputError):
        finance.ppa(pv_plant(), terms)
    with pytest.raises(InputError):
        finance.ppa(pv_plant(), OwnerChoice(kind="third_party"))


def test_the_third_party_has_a_return_of_its_own():
    contract = finance.ppa(pv_plant(), OWNER)
    choice = FinanceChoice(discount_rate=0.08, mine_life_years=40)
    outcome = finance.owner_return(contract, choice, country="CO")
    # 14,000 for 15 years and -1,500 for 20.
    expected = [-100_000, *[12_500] * 15, *[-1_500] * 5]
    assert outcome.cash_flow == pytest.approx(expected)
    assert outcome.scope == "ppa_owner"


# ---------------------------------------------------------------- the PV that efficiency saves


def test_saved_pv_by_hand():
    before, after = pv_plant(capex=150_000.0, om_per_year=2_000.0), pv_plant(capex=119_000.0, om_per_year=1_500.0)
    saved = finance.saved_pv(before, after, 31.0, 0.08, measures=(efficiency(capex=15_500.0),))
    assert (saved.pv_kwp, saved.investment, saved.om_per_year) == (31.0, 31_000.0, 500.0)
    assert saved.present_value == pytest.approx(31_000 + 500 / finance.crf(0.08, 20))
    assert saved.per_measure_money == pytest.approx(2.0)
    assert finance.saved_pv(before, after, 31.0, 0.08).per_measure_money is None


# ---------------------------------------------------------------- the yardsticks of energy


def test_cost_per_kwh_generated_and_served():
    # Off-grid a fifth of what is generated serves nobody.
    plant = pv_plant(served_kwh_per_year=112_000.0)
    choice = FinanceChoice(discount_rate=0.08, mine_life_years=40)
    outcome = finance.investment([plant], choice, scope="pv", country="CO")
    expected = (100_000 * finance.crf(0.08, 20) + 1_500) / 140_000
    assert outcome.lcoe_per_kwh == pytest.approx(expected)
    assert outcome.lcoe_served_per_kwh == pytest.approx(expected / 0.8)
    plain = finance.investment([pv_plant()], choice, scope="pv", country="CO")
    assert plain.lcoe_served_per_kwh is None


def test_two_forms_of_the_cost_of_a_tonne():
    # NPV -1,000 at 8 % over 10 years, 5 t a year: 1,000 x 0.149029 / 5 = 29.81; undiscounted tonnes: 1,000/50 = 20.
    assert finance.abatement_cost(-1_000, 0.08, 10, 5) == pytest.approx(29.8059, abs=1e-4)
    assert finance.abatement_cost_undiscounted_tonnes(-1_000, [5.0] * 10) == pytest.approx(20.0)
    assert finance.abatement_cost_undiscounted_tonnes(-1_000, []) is None
    # Without discounting both are one.
    assert finance.abatement_cost(-1_000, 0.0, 10, 5) == pytest.approx(20.0)


def test_payback_is_one_name_for_both():
    flow = [-1_000, 300, 300, 300, 300, 300]
    assert finance.payback(flow) == finance.simple_payback(flow)
    assert finance.payback(flow, 0.1) == finance.discounted_payback(0.1, flow)
    assert finance.sign_changes([-1, 0, 2, 0, -1, -1]) == 2


@settings(deadline=None)
@given(st.floats(-0.5, 1.0), st.floats(-0.3, 1.0))
def test_real_and_nominal_rates_are_inverse(real, inflation):
    assert finance.real_rate(finance.nominal_rate(real, inflation), inflation) == pytest.approx(real, abs=1e-12)


# ---------------------------------------------------------------- as a result


def test_a_result_survives_json_and_names_its_assumptions():
    tax = TaxChoice(
        regime="ordinary",
        certificate="granted",
        accelerated_depreciation=True,
        special_deduction=True,
        taxable_income_per_year=30_000.0,
        vat="paid",
        vat_exclusion=True,
    )
    outcome = result(pv_plant(), efficiency(), loan=loan(), tax=tax, inflation=None, contingency=None)
    adapter = TypeAdapter(ProjectFinance)
    assert adapter.validate_json(adapter.dump_json(outcome)) == outcome
    assert outcome.tax_basis == "after_tax"
    assert [benefit.key for benefit in outcome.benefits] == [
        "vat_exclusion",
        "accelerated_depreciation",
        "special_deduction",
    ]
    keys = {item.key for item in outcome.assumptions}
    assert {"inflation_usd", "discount_rate_real", "special_deduction_share", "vat_rate", "pv_yield_sd"} <= keys
    assert "finance_no_contingency" in found(outcome)
    for finding in outcome.findings:
        for language in LANGUAGES:
            assert len(finding_text(finding, language)) > 20


def test_benefits_add_up_to_the_difference_they_make():
    ordinary = {"regime": "ordinary", "certificate": "granted", "taxable_income_per_year": 30_000.0}
    asked = TaxChoice(**ordinary, accelerated_depreciation=True, special_deduction=True)
    with_, without = result(tax=asked, inflation=0.03), result(tax=TaxChoice(**ordinary), inflation=0.03)
    gained = with_.project.npv[1].npv - without.project.npv[1].npv
    assert sum(benefit.present_value for benefit in with_.benefits) == pytest.approx(gained)


def test_the_lines_add_up_to_the_flows():
    tax = TaxChoice(regime="ordinary")
    outcome = result(pv_plant(end=EndOfLife(kind="salvage", salvage_fraction=0.1)), loan=loan(annual_fee=0.01), tax=tax)
    ours = [sum(amounts) for amounts in zip(*(one.amounts for one in outcome.lines if one.key != "tax"), strict=True)]
    assert ours == pytest.approx(outcome.equity.flow)


def test_nothing_bought():
    outcome = finance.project_finance(project(pv_plant(), mine=0.5))
    assert outcome.project.flow == pytest.approx((-100_000.0,))
    assert outcome.project.irr == ()


def test_a_country_without_rates():
    with pytest.raises(MissingData):
        result(country="EC", tax=TaxChoice(regime="ordinary"))


def test_a_battery_by_hand():
    # 60 kWh at USD 400: 24,000, again in years 12 of 20; at 100 kWh the price of larger systems.
    small = finance.with_battery(pv_plant(), 60.0, country="CO")
    assert small.investment == pytest.approx(124_000)
    assert [(part.year, part.amount) for part in small.replacements] == [(12, pytest.approx(24_000))]
    (_, part) = small.capex
    assert (part.low_amount, part.high_amount, part.assumed) == (pytest.approx(16_800), pytest.approx(34_800), True)
    assert finance.with_battery(pv_plant(), 100.0, country="CO").investment == pytest.approx(125_000)
    quoted = finance.with_battery(pv_plant(), 60.0, country="CO", per_usd=2.0, price_usd_per_kwh=300.0, life_years=8.0)
    assert quoted.investment == pytest.approx(136_000)
    assert [part.year for part in quoted.replacements] == [8, 16]
    assert quoted.capex[1].confidence == "user"
    assert finance.with_battery(pv_plant(), 0.0, country="CO") == pv_plant()


def test_the_section_is_read_from_a_site_file():
    text = """
    contingency = 0.08
    [loan]
    share = 0.7
    index = 0.095
    spread = 0.06
    spread_kind = "sum_nominal_monthly"
    tenor_months = 84
    grace_months = 12
    [tax]
    regime = "ordinary"
    vat_lines = { pv_plant = 0.05 }
    [end]
    kind = "salvage"
    salvage_fraction = 0.1
    """
    section = FinancingChoice.model_validate(tomllib.loads(text))
    assert finance.effective_rate(section.loan) == pytest.approx((1 + 0.155 / 12) ** 12 - 1)
    assert section.tax.vat_lines == {"pv_plant": 0.05}
    assert FinancingChoice.model_validate_json(section.model_dump_json()) == section
    for wrong in ({"loan": {"tenor_months": 0}}, {"tax": {"regime": "flat"}}, {"owner": {"ppa_price": 1}}):
        with pytest.raises(ValidationError):
            FinancingChoice.model_validate(wrong)


# ---------------------------------------------------------------- all of it


def inputs(**more):
    given_ = {
        "measures": (efficiency(),),
        "pv": pv_plant(degradation_per_year=0.005),
        "choice": FinanceChoice(discount_rate=0.08, mine_life_years=15.0),
        "country": "CO",
    }
    return finance.MoneyInputs(**(given_ | more))


def test_measures_and_pv_add_up_to_both():
    financing = FinancingChoice(inflation=0.04, loan=loan(), grant=5_000.0)
    made = finance.money_plan(inputs(financing=financing))
    for one, two, whole in zip(
        made.measures.before_tax.npv, made.pv.before_tax.npv, made.both.before_tax.npv, strict=True
    ):
        assert one.npv + two.npv == pytest.approx(whole.npv)
    # Each by itself is paid from own money.
    assert (made.measures.loan, made.pv.loan, made.both.loan is not None) == (None, None, True)
    assert (made.contract, made.third_party, made.risk, made.saved) == (None, None, None, None)
    assert made.tornado[0].npv_base == pytest.approx(made.both.project.npv[1].npv)


def test_everything_at_once_survives_json():
    draws = finance.Draws(saving={"pv": np.linspace(0.8, 1.1, 50), "measures": np.linspace(0.6, 1.2, 50)})
    more = {"pv_before": pv_plant(capex=131_000.0), "saved_kwp": 31.0, "draws": draws, "saving": (0.8, 1.1)}
    end = EndChoice(kind="salvage", salvage_fraction=0.1)
    made = finance.money_plan(inputs(financing=FinancingChoice(owner=OWNER, end=end), **more))
    assert made.contract.years == 15
    assert made.pv.funding.total == 0.0
    assert made.third_party.cash_flow[0] == -100_000
    assert made.third_party.cash_flow[-1] > made.third_party.cash_flow[-2] + 9_000
    assert made.saved.pv_kwp == 31.0
    assert made.risk.draws == 50
    adapter = TypeAdapter(finance.MoneyPlan)
    assert adapter.validate_json(adapter.dump_json(made)) == made


def test_a_study_without_measures_or_without_pv():
    alone = finance.money_plan(inputs(measures=()))
    assert alone.measures is None
    assert alone.both.project.flow == pytest.approx(alone.pv.project.flow)
    assert finance.money_plan(inputs(pv=None)).pv is None
    nothing = finance.money_plan(inputs(measures=(), pv=None))
    assert nothing.both.project.flow == (0.0,)
