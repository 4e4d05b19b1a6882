"""Customs duty, certificate, interest of construction, an owner's taxes: counted as quoted, said where nobody did."""

from math import fsum

import pytest
from pydantic import TypeAdapter

from finance_projects import efficiency, project, pv_plant
from mine_energy import finance
from mine_energy.finance.charges import charges_findings, duty_of
from mine_energy.finance.loan import construction_interest
from mine_energy.finance.whole import MoneyInputs, MoneyPlan, money_plan
from mine_energy.messages import LANGUAGES, finding_text
from mine_energy.site import FinanceChoice, FinancingChoice, LoanChoice, OwnerChoice, TaxChoice

LOAN = {"rate_ea": 0.12, "tenor_months": 60, "payments_per_year": 1}
SAID = {"finance_no_duty", "finance_no_construction_interest", "finance_no_certificate_cost"}


def result(*streams, **financing):
    return finance.project_finance(project(*streams, **financing))


def keys(outcome):
    return {finding.key for finding in outcome.findings}


def test_one_month_of_construction_by_hand():
    # Drawn in the middle of the only month: half a month of interest at 12 % effective.
    assert construction_interest(LoanChoice(**LOAN, share=0.5, construction_months=1)) == pytest.approx(
        1.12 ** (1 / 24) - 1
    )
    # Six equal parts wait 5.5, 4.5 ... 0.5 months.
    six = LoanChoice(**LOAN, share=0.5, construction_months=6)
    waits = [5.5, 4.5, 3.5, 2.5, 1.5, 0.5]
    assert construction_interest(six) == pytest.approx(sum(1.12 ** (w / 12) for w in waits) / 6 - 1)
    assert construction_interest(LoanChoice(**LOAN, share=0.5)) == 0.0


def test_interest_of_construction_is_a_use_that_equity_pays():
    plain = result(loan=LoanChoice(**LOAN, amount=60_000.0, construction_months=0))
    built = result(loan=LoanChoice(**LOAN, amount=60_000.0, construction_months=6))
    interest = 60_000 * construction_interest(LoanChoice(**LOAN, share=0.5, construction_months=6))
    assert built.funding.use("construction_interest") == pytest.approx(interest)
    assert built.equity.flow[0] == pytest.approx(plain.equity.flow[0] - interest)
    assert built.project.flow == plain.project.flow
    assert built.equity.flow[1:] == pytest.approx(plain.equity.flow[1:])


@pytest.mark.parametrize("months", [None, 0, 9])
def test_a_share_is_that_of_all_uses_and_both_columns_agree(months):
    loan = LoanChoice(**LOAN, share=0.7, upfront_fee=0.02, construction_months=months)
    tax = TaxChoice(duty_lines={"pv_plant": 0.03})
    funding = result(loan=loan, contingency=0.1, tax=tax).funding
    assert funding.source("loan") == pytest.approx(0.7 * funding.total)
    assert fsum(line.amount for line in funding.sources) == pytest.approx(funding.total)
    assert fsum(line.amount for line in funding.uses) == pytest.approx(funding.total)


def test_duty_is_a_share_of_its_line_paid_with_the_investment_and_written_off():
    tax = {"regime": "ordinary", "rate": 0.3, "taxable_income_per_year": 1e6, "depreciation_years": 10.0}
    plain = result(pv_plant(), efficiency(), tax=TaxChoice(**tax))
    taxed = result(pv_plant(), efficiency(), tax=TaxChoice(**tax, duty_lines={"pv_plant": 0.05}))
    assert taxed.funding.use("import_duty") == 5_000.0
    assert taxed.project.flow[0] == pytest.approx(plain.project.flow[0] - 5_000)
    assert taxed.project.flow[1] == pytest.approx(plain.project.flow[1] + 0.3 * 5_000 / 10)
    assert duty_of((efficiency(),), TaxChoice(duty_lines={"pv_plant": 0.05})) == 0.0


def test_a_requested_certificate_costs_once_and_a_granted_one_nothing():
    asked = {"regime": "ordinary", "rate": 0.3, "taxable_income_per_year": 1e6, "certificate_cost": 800.0}
    for certificate, wanted in (("requested", 800.0), ("granted", 0.0), ("none", 0.0)):
        made = result(pv_plant(), efficiency(), tax=TaxChoice(**asked, certificate=certificate))
        assert made.funding.use("certificate") == wanted
    assert result(efficiency(), tax=TaxChoice(**asked, certificate="requested")).funding.use("certificate") == 0.0


def test_what_nobody_quoted_is_said():
    loan = LoanChoice(**LOAN, share=0.5)
    silent = result(loan=loan, tax=TaxChoice(certificate="requested"))
    assert keys(silent) >= SAID
    quoted = result(
        loan=loan.model_copy(update={"construction_months": 0}),
        tax=TaxChoice(certificate="requested", certificate_cost=0.0, duty_lines={"pv_plant": 0.0}),
    )
    assert not keys(quoted) & SAID
    (unused,) = charges_findings((efficiency(),), TaxChoice(duty_lines={"pv_plant": 0.1}))
    assert unused.params == {"keys": "pv_plant", "bought": "motor"}
    for finding in (*silent.findings, unused):
        assert all("{" not in finding_text(finding, language) for language in LANGUAGES)


def plan(**owner):
    choice = FinanceChoice(discount_rate=0.08, mine_life_years=40.0)
    seller = OwnerChoice(kind="third_party", ppa_price_per_kwh=0.12, ppa_years=15, **owner)
    financing = FinancingChoice(inflation=0.0, contingency=0.0, owner=seller)
    return money_plan(MoneyInputs(measures=(), pv=pv_plant(), choice=choice, financing=financing, country="CO"))


def test_an_owners_own_taxes_by_hand():
    tax = TaxChoice(regime="ordinary", rate=0.35, taxable_income_per_year=0.0, depreciation_years=20.0)
    untaxed, taxed = plan(), plan(tax=tax)
    assert untaxed.third_party_taxed is None
    assert taxed.third_party == untaxed.third_party
    assert taxed.both.project.flow == untaxed.both.project.flow
    # 140,000 kWh at 0.12 less 1,500 of upkeep, less a twentieth of 100,000 written off.
    profit = 140_000 * 0.12 - 1_500
    assert taxed.third_party_taxed.before_tax.flow[1] == pytest.approx(profit)
    assert taxed.third_party_taxed.project.flow[1] == pytest.approx(profit - 0.35 * (profit - 5_000))
    after, before = (one.npv[1].npv for one in (taxed.third_party_taxed.project, taxed.third_party_taxed.before_tax))
    assert after < before
    adapter = TypeAdapter(MoneyPlan)
    assert adapter.validate_python(adapter.dump_python(taxed)).third_party_taxed.scope == "ppa_owner"
