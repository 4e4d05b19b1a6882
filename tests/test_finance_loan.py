"""Loans by hand: effective rates, grace, both ways of repaying, fees; sources and uses that add up."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finance_projects import pv_plant
from mine_energy import finance
from mine_energy.errors import InputError
from mine_energy.messages import LANGUAGES, problem_text
from mine_energy.site import FinancingChoice, LoanChoice

TWO_PER_CENT_A_MONTH = 1.02**12 - 1


def schedule(amount=12_000.0, **terms):
    terms = {"rate_ea": TWO_PER_CENT_A_MONTH, "tenor_months": 12} | terms
    return finance.loan_schedule(LoanChoice(**terms), amount, "COP")


def keys(caught):
    return [problem.key for problem in caught.value.problems]


def test_a_month_is_the_twelfth_root_of_a_year():
    assert finance.periodic_rate(TWO_PER_CENT_A_MONTH, 12) == pytest.approx(0.02, rel=1e-12)
    # 16 % EA is 1.2445 % a month and not 1.3333.
    assert finance.periodic_rate(0.16, 12) == pytest.approx(0.0124451, abs=1e-7)
    assert finance.periodic_rate(0.0, 4) == 0.0


def test_three_ways_to_add_points_to_an_index():
    def rate(kind):
        return finance.effective_rate(LoanChoice(index=0.10, spread=0.05, spread_kind=kind, tenor_months=12))

    assert rate("compound_ea") == pytest.approx(0.155)
    assert rate("sum_ea") == pytest.approx(0.15)
    # (1 + 0.15/12)^12 - 1.
    assert rate("sum_nominal_monthly") == pytest.approx(0.160755, abs=1e-6)


def test_constant_principal_by_hand():
    # 1,000 a month; interest 240, 220 ... 20: 12 x 130 = 1,560.
    made = schedule(repayment="constant_principal")
    (year,) = made.years
    assert (year.principal, year.interest) == (pytest.approx(12_000), pytest.approx(1_560))
    assert year.service == pytest.approx(13_560)
    assert made.payment is None


def test_grace_with_interest_paid_by_hand():
    # Six months of 240, then 2,000 a month: 240, 200, 160, 120, 80, 40.
    (year,) = schedule(grace_months=6, repayment="constant_principal").years
    assert (year.principal, year.interest, year.capitalised) == (pytest.approx(12_000), pytest.approx(2_280), 0.0)


def test_grace_with_interest_added_by_hand():
    # 12,000 x 1.02^6 = 13,513.95; six payments of 13,513.95 x 0.02/(1 - 1.02^-6) = 2,412.59.
    made = schedule(grace_months=6, grace_interest="capitalised")
    (year,) = made.years
    assert year.capitalised == pytest.approx(12_000 * (1.02**6 - 1))
    assert made.payment == pytest.approx(2_412.59, abs=0.01)
    assert year.principal + year.interest == pytest.approx(6 * made.payment)
    assert year.principal == pytest.approx(12_000 + year.capitalised)


def test_fees_by_hand():
    # Of 100 one receives 98 and returns 110 after a year: 12.2 %. With 1 % of the balance a year more: 97, 13.4 %.
    def yearly(**fees):
        return schedule(100.0, rate_ea=0.10, payments_per_year=1, **fees)

    made = yearly(upfront_fee=0.02)
    assert (made.upfront_fee, made.all_in_rate_ea) == (2.0, pytest.approx(110 / 98 - 1))
    guaranteed = yearly(upfront_fee=0.02, annual_fee=0.01)
    assert guaranteed.all_in_rate_ea == pytest.approx(110 / 97 - 1)
    assert guaranteed.years[0].fees == pytest.approx(1.0)
    assert yearly().all_in_rate_ea == pytest.approx(0.10)


@settings(deadline=None)
@given(
    st.floats(1e3, 1e10),
    st.floats(0.0, 1.0),
    st.integers(1, 120),
    st.integers(0, 60),
    st.sampled_from(["annuity", "constant_principal"]),
    st.sampled_from(["paid", "capitalised"]),
)
def test_every_loan_ends_at_zero_and_is_worth_its_principal(amount, rate_ea, repaying, grace, repayment, interest):
    made = schedule(
        amount,
        rate_ea=rate_ea,
        tenor_months=repaying + grace,
        grace_months=grace,
        repayment=repayment,
        grace_interest=interest,
    )
    assert made.years[-1].closing == 0.0
    total = sum(year.principal - year.capitalised for year in made.years)
    assert total == pytest.approx(amount, rel=1e-9)
    for one, two in zip(made.years, made.years[1:], strict=False):
        assert one.closing == pytest.approx(two.opening, abs=1e-9 * amount)
    assert made.all_in_rate_ea == pytest.approx(rate_ea, abs=1e-6)


@pytest.mark.parametrize(
    ("terms", "key"),
    [
        ({"rate_ea": None}, "finance_loan_rate"),
        ({"index": 0.1, "spread": 0.02}, "finance_loan_rate"),
        ({"rate_ea": None, "index": 0.1}, "finance_loan_rate"),
        ({"tenor_months": 13, "payments_per_year": 4}, "finance_loan_periods"),
        ({"grace_months": 5, "payments_per_year": 2}, "finance_loan_periods"),
        ({"grace_months": 12}, "finance_loan_grace"),
    ],
)
def test_terms_that_do_not_go_together(terms, key):
    with pytest.raises(InputError) as caught:
        schedule(**terms)
    assert keys(caught) == [key]
    for language in LANGUAGES:
        assert problem_text(caught.value.problems[0], language)


# ---------------------------------------------------------------- sources and uses


def funded(vat=0.0, per_loan_unit=1.0, **financing):
    return finance.sources_and_uses(
        (pv_plant(capex=100.0),),
        FinancingChoice(**financing),
        currency="USD",
        vat=vat,
        per_loan_unit=per_loan_unit,
    )


def test_a_loan_as_a_share_pays_its_own_fee_too():
    # 100 + 19 + 10 = 129 before the fee; L = 0.5 x 129 / (1 - 0.5 x 0.02) = 65.1515; fee 1.3030; total 130.3030.
    loan = LoanChoice(share=0.5, rate_ea=0.1, tenor_months=12, upfront_fee=0.02)
    made = funded(vat=19.0, contingency=0.10, loan=loan)
    assert made.source("loan") == pytest.approx(65.151515, abs=1e-6)
    assert made.use("loan_fee") == pytest.approx(1.303030, abs=1e-6)
    assert made.total == pytest.approx(130.303030, abs=1e-6)
    assert made.source("equity") == pytest.approx(made.total / 2)


@settings(deadline=None)
@given(st.floats(0, 1), st.floats(0, 0.2), st.floats(0, 1), st.floats(0, 30))
def test_sources_are_uses(share, fee, contingency, vat):
    loan = LoanChoice(share=share, rate_ea=0.1, tenor_months=12, upfront_fee=fee)
    made = funded(vat=vat, contingency=contingency, loan=loan)
    assert sum(line.amount for line in made.sources) == pytest.approx(made.total, rel=1e-12)
    assert sum(line.amount for line in made.uses) == pytest.approx(made.total, rel=1e-12)


def test_an_amount_in_another_currency():
    made = funded(loan=LoanChoice(amount=200_000.0, rate_ea=0.1, tenor_months=12), per_loan_unit=1 / 4000)
    assert made.source("loan") == pytest.approx(50.0)


def test_a_grant_lowers_equity():
    made = funded(grant=30.0)
    assert (made.source("grant"), made.source("equity"), made.source("loan")) == (30.0, 70.0, 0.0)


@pytest.mark.parametrize(
    ("financing", "key"),
    [
        ({"grant": 101.0}, "finance_too_much_money"),
        ({"loan": LoanChoice(amount=101.0, rate_ea=0.1, tenor_months=12)}, "finance_too_much_money"),
        ({"loan": LoanChoice(rate_ea=0.1, tenor_months=12)}, "finance_loan_amount"),
        ({"loan": LoanChoice(amount=1.0, share=0.1, rate_ea=0.1, tenor_months=12)}, "finance_loan_amount"),
    ],
)
def test_money_that_does_not_add_up(financing, key):
    with pytest.raises(InputError) as caught:
        funded(**financing)
    assert keys(caught) == [key]
