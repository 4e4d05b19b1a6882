"""Yardsticks against numpy-financial and by hand; investments as streams that add."""

import numpy as np
import numpy_financial as npf
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from mine_energy import finance
from mine_energy.errors import MissingData
from mine_energy.finance import CapexLine, FinanceResult, Replacement, Stream
from mine_energy.messages import LANGUAGES, finding_text
from mine_energy.site import FinanceChoice

flows = st.lists(st.floats(-1e6, 1e6).map(lambda x: round(x, 2)), min_size=1, max_size=30)
rates = st.floats(-0.05, 0.5)


# ---------------------------------------------------------------- formulas


@pytest.mark.reference
@given(rates, flows)
def test_npv_is_numpy_financials(rate, cash_flow):
    assert finance.npv(rate, cash_flow) == pytest.approx(npf.npv(rate, cash_flow), rel=1e-9, abs=1e-6)


@given(
    rates, st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)), min_size=1, max_size=25), st.floats(-5, 5)
)
def test_npv_is_linear(rate, pairs, factor):
    first, second = zip(*pairs, strict=True)
    mixed = [a + factor * b for a, b in pairs]
    expected = finance.npv(rate, first) + factor * finance.npv(rate, second)
    scale = finance.npv(rate, [abs(a) + abs(factor * b) for a, b in pairs])
    assert finance.npv(rate, mixed) == pytest.approx(expected, abs=1e-9 * max(1.0, scale))


@pytest.mark.reference
@given(st.floats(100, 1e6), st.lists(st.floats(1, 1e5), min_size=2, max_size=30))
def test_irr_is_numpy_financials(capex, income):
    cash_flow = [-capex, *income]
    (rate,) = finance.irr(cash_flow)
    assert abs(finance.npv(rate, cash_flow)) <= 1e-8 * finance.npv(rate, [abs(flow) for flow in cash_flow])
    reference = npf.irr(cash_flow)
    assume(not np.isnan(reference))
    assert rate == pytest.approx(reference, abs=1e-6)


def test_irr_lists_every_root():
    # -100 + 230/(1+r) - 132/(1+r)^2 = 0 at 10 and 20 %: a quarry that has to be filled again at the end.
    assert finance.irr([-100, 230, -132]) == pytest.approx((0.10, 0.20))
    # (1 - 1.05x)(1 - 1.10x)(1 - 1.25x) has three.
    poly = np.polynomial.polynomial.polyfromroots([1 / 1.05, 1 / 1.10, 1 / 1.25])
    assert finance.irr(poly.tolist()) == pytest.approx((0.05, 0.10, 0.25), abs=1e-6)
    # A double root counts once.
    assert finance.irr([1, -2, 1]) == pytest.approx((0.0,), abs=1e-9)
    assert finance.irr([1, -2.2, 1.21]) == pytest.approx((0.10,), abs=1e-4)


@pytest.mark.parametrize(
    "cash_flow", [[], [0.0], [-5.0], [-5.0, 0.0], [-5.0, -1.0], [5.0, 1.0], [-100, 10, -5], [-10, 1e-300]]
)
def test_no_irr_where_there_is_none(cash_flow):
    assert finance.irr(cash_flow) == ()


def test_flows_that_nearly_touch_zero_raise_nothing():
    # Just above and just below a double root at zero interest: no rate, and two close ones.
    assert finance.irr([1.001, -2, 1]) == ()
    assert len(finance.irr([0.9999, -2, 1])) == 2


def test_irr_below_zero_and_trailing_zeros():
    assert finance.irr([-100, 90, 0, 0]) == pytest.approx((-0.10,))


@pytest.mark.reference
@given(st.floats(0.001, 0.5), st.integers(1, 40))
def test_crf_is_the_annuity(rate, years):
    assert finance.crf(rate, years) == pytest.approx(-npf.pmt(rate, years, 1.0), rel=1e-9)


def test_crf_by_hand():
    assert finance.crf(0.0, 20) == 0.05
    assert finance.crf(1e-12, 20) == pytest.approx(0.05, rel=1e-9)
    assert finance.crf(0.08, 25) == pytest.approx(0.093679, abs=5e-7)


def test_paybacks_by_hand():
    # 1,000 back at 300 a year: 3 years and a third. At 10 %: 272.73, 520.66, 746.06, 950.96, 1137.24.
    cash_flow = [-1000, 300, 300, 300, 300, 300]
    assert finance.simple_payback(cash_flow) == pytest.approx(10 / 3)
    assert finance.discounted_payback(0.10, cash_flow) == pytest.approx(4 + (1000 - 950.959634) / 186.276396, abs=1e-6)
    assert finance.simple_payback(cash_flow[:3]) is None
    assert finance.simple_payback([0, 1]) == 0.0
    assert finance.simple_payback([-100, 150, -100, 10, 60]) == pytest.approx(3 + 40 / 60)


def test_lcoe_by_hand():
    # 1,000 at once, 20 a year, 500 kWh a year for two years at 10 %: (1000 + 34.71) / 867.77.
    annuity = 1 / 1.1 + 1 / 1.21
    expected = (1000 + 20 * annuity) / (500 * annuity)
    assert finance.lcoe([1000, 20, 20], [0, 500, 500], 0.10) == pytest.approx(expected)
    assert finance.lcoe([1000], [0.0], 0.10) is None


@given(st.floats(100, 1e6), st.floats(0, 1e4), st.floats(1, 1e6), st.floats(0.01, 0.3), st.integers(1, 30))
def test_level_costs_and_energy_make_lcoe_the_fixed_charge_formula(capex, upkeep, energy, rate, years):
    # With equal years LCOE = (I x CRF + O&M) / E, which is the cost of conserved energy of the same figures.
    levelised = finance.lcoe([capex, *[upkeep] * years], [0, *[energy] * years], rate)
    assert levelised == pytest.approx(finance.cost_of_conserved_energy(capex, upkeep, energy, rate, years), rel=1e-9)


def test_cost_of_conserved_energy_needs_savings():
    assert finance.cost_of_conserved_energy(100, 0, 0, 0.1, 10) is None
    assert finance.cost_of_conserved_energy(100, 0, 50, 0.0, 10) == pytest.approx(0.2)


def test_abatement_cost_is_negative_where_the_measure_earns():
    assert finance.abatement_cost(1000, 0.0, 10, 5) == pytest.approx(-20)
    assert finance.abatement_cost(1000, 0.1, 10, 0) is None


def test_real_rate():
    assert finance.real_rate(0.16, 0.05) == pytest.approx(0.104762, abs=1e-6)


# ---------------------------------------------------------------- investments


def line(amount, *, assumed=False):
    return CapexLine(
        key="motor",
        subject="M-01",
        quantity=1.0,
        unit="kW",
        unit_cost=amount,
        amount=amount,
        low_amount=amount,
        high_amount=amount,
        source="quote",
        year="2026",
        confidence="user",
        assumed=assumed,
    )


def measures(capex=1000.0, saving=300.0, life=10.0, **more):
    return Stream(
        key="measures",
        kind="saves",
        capex=(line(capex),),
        annual_saving=saving,
        energy_kwh_per_year=2000.0,
        asset_life_years=life,
        **more,
    )


def result(*streams, country="CO", **choice):
    return finance.investment(streams, FinanceChoice(**choice), scope="test", country=country)


def found(outcome):
    return {finding.key for finding in outcome.findings}


def test_a_simple_measure():
    outcome = result(measures(), mine_life_years=20, discount_rate=0.10)
    assert outcome.cash_flow == (-1000.0, *[300.0] * 10)
    assert outcome.horizon_years == 10
    assert outcome.horizon_limit == "asset_life"
    assert [(value.label, value.rate) for value in outcome.npv] == [("low", 0.06), ("base", 0.10), ("high", 0.12)]
    assert outcome.npv[1].npv == pytest.approx(npf.npv(0.10, outcome.cash_flow))
    assert outcome.irr[0] == pytest.approx(npf.irr(outcome.cash_flow))
    assert outcome.simple_payback_years == pytest.approx(10 / 3)
    assert outcome.cce_per_kwh == pytest.approx(1000 * finance.crf(0.10, 10) / 2000)
    assert outcome.lcoe_per_kwh is None
    assert (outcome.price_basis, outcome.tax_basis) == ("real", "before_tax")
    assert found(outcome) == set()
    assert outcome.assumptions[0].replaced_by_user


def test_the_mine_may_end_before_the_assets():
    outcome = result(measures(life=15), mine_life_years=4.7)
    assert (outcome.horizon_years, outcome.horizon_limit) == (4, "mine_life")
    assert len(outcome.cash_flow) == 5
    assert found(outcome) == {"finance_whole_years"}
    too_short = result(measures(), mine_life_years=0.5)
    assert too_short.cash_flow == (-1000.0,)
    assert too_short.cce_per_kwh is None


def test_a_missing_mine_life_is_said():
    outcome = result(measures())
    assert found(outcome) == {"finance_no_mine_life"}
    assert outcome.mine_life_years is None


def test_degradation_upkeep_and_replacements():
    stream = Stream(
        key="pv",
        kind="generates",
        capex=(line(1000.0, assumed=True),),
        annual_saving=200.0,
        om_per_year=10.0,
        energy_kwh_per_year=1000.0,
        degradation_per_year=0.01,
        asset_life_years=4.0,
        replacements=(Replacement(key="inverter", year=2, amount=50.0), Replacement(key="late", year=4, amount=50.0)),
    )
    outcome = result(stream, discount_rate=0.0, mine_life_years=30)
    # The part due in the last year is not bought: nothing runs after it.
    assert outcome.cash_flow == pytest.approx((-1000, 190, 200 * 0.99 - 60, 200 * 0.99**2 - 10, 200 * 0.99**3 - 10))
    energy = 1000 * (1 + 0.99 + 0.99**2 + 0.99**3)
    assert outcome.lcoe_per_kwh == pytest.approx((1000 + 40 + 50) / energy)
    assert {"finance_capex_assumed", "finance_no_saving"} & found(outcome) == {"finance_capex_assumed"}


@given(st.floats(10, 1e5), st.floats(-100, 1e4), st.floats(1, 30), st.floats(1, 40))
def test_net_present_values_of_streams_add(capex, saving, life, mine):
    first, second = measures(capex, saving, life), measures(500.0, 100.0, 7.0)
    parts = [result(stream, mine_life_years=mine) for stream in (first, second)]
    both = result(first, second, mine_life_years=mine)
    for rate in range(3):
        assert both.npv[rate].npv == pytest.approx(sum(part.npv[rate].npv for part in parts), rel=1e-9, abs=1e-6)
    assert both.capex == pytest.approx(capex + 500.0)
    assert both.horizon_years == max(part.horizon_years for part in parts)


def test_warnings():
    assert "finance_no_saving" in found(result(measures(saving=-1.0)))
    assert "finance_over_budget" in found(result(measures(), budget_usd=999))
    assert "finance_over_budget" not in found(result(measures(), budget_usd=1000))
    several = Stream(
        key="pv",
        kind="generates",
        capex=(line(100.0),),
        annual_saving=230.0,
        energy_kwh_per_year=1.0,
        degradation_per_year=1.0,
        om_per_year=0.0,
        asset_life_years=3.0,
        replacements=(Replacement(key="clean_up", year=2, amount=132.0),),
    )
    assert "finance_several_irr" in found(result(several))
    for outcome in (
        result(measures(saving=-1), budget_usd=1),
        result(several),
        result(measures(), mine_life_years=1.5),
    ):
        for finding in outcome.findings:
            for language in LANGUAGES:
                assert len(finding_text(finding, language)) > 20


def test_nothing_invested_is_nothing_gained():
    outcome = result()
    assert (outcome.capex, outcome.cash_flow, outcome.irr) == (0.0, (0.0,), ())
    assert outcome.lcoe_per_kwh is None


def test_a_pv_plant_at_packaged_prices():
    choice = FinanceChoice(mine_life_years=30)
    stream = finance.pv_stream(100.0, 80.0, 140_000.0, 20_000.0, choice, country="CO")
    # USD 1.00/W, 15 per kW and year, 0.5 % a year, 0.08 per W AC in year 13, 25 years.
    assert stream.investment == pytest.approx(100_000)
    assert stream.om_per_year == pytest.approx(1500)
    assert stream.degradation_per_year == pytest.approx(0.005)
    assert stream.replacements == (Replacement(key="inverter", year=13, amount=pytest.approx(6400.0), life_years=13),)
    assert stream.asset_life_years == 25
    (part,) = stream.capex
    assert (part.low_amount, part.high_amount) == (pytest.approx(75_000), pytest.approx(140_000))
    assert part.assumed
    assert {assumption.key for assumption in stream.assumptions} == {
        "pv_capex",
        "pv_om",
        "pv_degradation",
        "inverter_replacement",
        "pv_life",
        "inverter_life",
    }
    assert not any(assumption.replaced_by_user for assumption in stream.assumptions)


def test_a_quote_replaces_the_default_and_currencies_follow_the_rate():
    choice = FinanceChoice(pv_capex_usd_per_kwp=900.0)
    stream = finance.pv_stream(10.0, 8.0, 14_000.0, 1.0, choice, country="PE", per_usd=3.6)
    (part,) = stream.capex
    assert part.amount == pytest.approx(10 * 900 * 3.6)
    assert (part.low_amount, part.high_amount) == (part.amount, part.amount)
    assert (part.assumed, part.confidence) == (False, "user")
    assert stream.om_per_year == pytest.approx(150 * 3.6)
    assert [item.replaced_by_user for item in stream.assumptions if item.key == "pv_capex"] == [True]


def purchase(tag, rated_kw, energy, capex=1000.0):
    return finance.MotorPurchase(
        tag=tag,
        rated_power_kw=rated_kw,
        quantity=2,
        energy_kwh_per_year=energy,
        capex_usd=capex,
        capex_low_usd=0.8 * capex,
        capex_high_usd=1.3 * capex,
    )


def test_motors_live_by_size_and_share_the_saving_by_energy():
    bought = [
        purchase("M-01", 2.2, 100),
        purchase("M-02", 7.5, 200),
        purchase("M-03", 75, 300),
        purchase("M-04", 90, 400),
    ]
    streams = finance.motor_streams(bought, 500.0, country="CO", per_usd=2.0)
    # Under 7.5 kW 11 years, to 75 kW 15, above 20; half a unit of money for each of the 1,000 kWh.
    assert [stream.asset_life_years for stream in streams] == [11, 15, 20]
    assert [stream.annual_saving for stream in streams] == pytest.approx([50, 250, 200])
    assert [stream.investment for stream in streams] == [2000, 4000, 2000]
    (small,) = streams[0].capex
    assert (small.subject, small.quantity, small.unit_cost) == ("M-01", 4.4, pytest.approx(2000 / 4.4))
    assert (small.low_amount, small.high_amount, small.assumed) == (1600, 2600, True)


def test_no_motors_no_streams_and_no_energy_no_saving():
    assert finance.motor_streams([], 10.0, country="CO") == ()
    (stream,) = finance.motor_streams([purchase("M-01", 2.2, 0.0)], 10.0, country="CO")
    assert stream.annual_saving == 0.0


def test_a_country_without_prices_is_missing_data():
    with pytest.raises(MissingData):
        finance.pv_stream(10.0, 8.0, 14_000.0, 1.0, FinanceChoice(), country="EC")


def test_a_result_survives_json():
    stream = finance.pv_stream(10.0, 8.0, 14_000.0, 2000.0, FinanceChoice(), country="PE")
    outcome = result(stream, measures(), country="PE")
    adapter = TypeAdapter(FinanceResult)
    assert adapter.validate_json(adapter.dump_json(outcome)) == outcome
