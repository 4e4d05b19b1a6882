"""Income tax and the benefits of Law 1715, worked by hand."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finance_projects import capex_line, efficiency, project, pv_plant
from mine_energy import finance
from mine_energy.errors import InputError, MissingData
from mine_energy.finance import TaxBase
from mine_energy.finance.rules import rule
from mine_energy.messages import LANGUAGES, finding_text, problem_text
from mine_energy.site import TaxChoice

ASKED = {"regime": "ordinary", "certificate": "granted"}


def terms(country="CO", **tax):
    return finance.tax_terms(TaxChoice(**(ASKED | tax)), country)


def base(operating, *, eligible=100_000.0, other=0.0, income=None, final=0.0):
    return TaxBase(
        operating=tuple(operating),
        finance_costs=(0.0,) * len(operating),
        eligible=eligible,
        other=other,
        final_value=final,
        other_income=None if income is None else (income,) * len(operating),
    )


def found(result):
    return {finding.key for finding in result.findings}


def keys(caught):
    return [problem.key for problem in caught.value.problems]


# ---------------------------------------------------------------- what the benefits are worth


def test_half_the_investment_is_worth_a_sixth_of_it():
    # 50,000 x 35 % = 17,500 after the first year, at 10 %: 15,909 of 100,000.
    rules = terms(special_deduction=True, taxable_income_per_year=1e9)
    (benefit,) = finance.benefits(base([20_000] * 20, income=1e9), rules, 0.10)
    assert benefit.key == "special_deduction"
    assert benefit.by_year[:3] == (0.0, pytest.approx(17_500), pytest.approx(0.0, abs=1e-6))
    assert benefit.present_value == pytest.approx(17_500 / 1.1)


def test_acceleration_is_worth_a_thirteenth():
    # 35,000 x (1/3 x 2.486852 - 0.1 x 6.144567) = 35,000 x 0.2144937 = 7,507.
    (benefit,) = finance.benefits(base([20_000] * 20), terms(accelerated_depreciation=True), 0.10)
    assert benefit.key == "accelerated_depreciation"
    assert benefit.present_value == pytest.approx(7_507.28, abs=0.01)
    # Tax is put off and none is forgiven.
    assert sum(benefit.by_year) == pytest.approx(0.0, abs=1e-6)


def test_the_stated_base_rules_the_worth_of_acceleration():
    # Against a life of 3 years there is nothing to accelerate.
    rules = terms(accelerated_depreciation=True, depreciation_years=3.0)
    (benefit,) = finance.benefits(base([20_000] * 20), rules, 0.10)
    assert benefit.present_value == pytest.approx(0.0, abs=1e-6)


def test_the_income_cap_spreads_the_deduction():
    # Operation equals depreciation, so the firm's 40,000 are all its income: 20,000 a year, and 10,000 in the third.
    flows = base([10_000] * 10, income=40_000.0)
    result = finance.income_tax(flows, terms(special_deduction=True, taxable_income_per_year=40_000.0))
    assert result.special_deduction == pytest.approx((20_000, 20_000, 10_000, *[0] * 7))
    assert result.deduction_lost == pytest.approx(0.0, abs=1e-6)
    assert result.tax[:4] == pytest.approx((-7_000, -7_000, -3_500, 0.0))


def test_years_that_run_out_lose_the_rest():
    rules = terms(special_deduction=True, taxable_income_per_year=40_000.0, deduction_years=2)
    result = finance.income_tax(base([10_000] * 10, income=40_000.0), rules)
    assert result.special_deduction[:3] == pytest.approx((20_000, 20_000, 0))
    assert result.deduction_lost == pytest.approx(10_000)
    at_most = terms(special_deduction=True, taxable_income_per_year=1_000.0)
    long = finance.income_tax(base([5_000] * 20, income=1_000.0), at_most)
    assert long.special_deduction[15:] == (0,) * 5


def test_no_income_no_deduction():
    rules = terms(special_deduction=True, taxable_income_per_year=0.0)
    result = finance.income_tax(base([10_000] * 10, income=0.0), rules)
    assert result.special_deduction == (0.0,) * 10
    assert result.deduction_lost == pytest.approx(50_000)


def test_losses_are_carried_forward():
    # 10,000 a year and 33,333 written off: 3 x 23,333 of losses cover seven years; the eleventh is the first to pay.
    rules = terms(accelerated_depreciation=True)
    result = finance.income_tax(base([10_000] * 12, income=0.0), rules)
    assert result.tax == pytest.approx((*[0.0] * 10, 3_500, 3_500), abs=1e-6)


def test_losses_expire():
    # Peru, four years: a loss of year 1 still covers year 5, and no longer year 6.
    rules = finance.tax_terms(TaxChoice(regime="ordinary"), "PE")
    assert rules.loss_carry_years == 4
    for quiet, expected in ((3, 0.0), (4, 0.295 * 10_000)):
        flows = base([-10_000, *[0.0] * quiet, 10_000], eligible=0.0, income=0.0)
        assert finance.income_tax(flows, rules).tax[-1] == pytest.approx(expected)


def test_a_year_of_loss_has_no_room_for_the_deduction():
    rules = terms(special_deduction=True, taxable_income_per_year=5_000.0)
    result = finance.income_tax(base([-20_000] * 3, income=5_000.0), rules)
    assert result.special_deduction == (0.0,) * 3


@settings(deadline=None)
@given(st.lists(st.floats(-5e3, 5e4), min_size=1, max_size=25), st.booleans())
def test_a_rich_owner_uses_every_deduction_in_its_year(operating, faster):
    rules = terms(accelerated_depreciation=faster)
    alone, rich = (finance.income_tax(base(operating, income=income), rules) for income in (None, 1e8))
    assert rich.tax == pytest.approx(alone.tax, abs=1e-3)


@settings(deadline=None)
@given(st.floats(1e3, 1e6), st.floats(0.02, 1.0), st.integers(0, 60))
def test_depreciation_never_exceeds_the_investment(amount, rate, years):
    written = finance.depreciation(amount, rate, years)
    assert len(written) == years
    assert sum(written) <= amount * (1 + 1e-9)
    if years * rate >= 1 + rate:
        assert sum(written) == pytest.approx(amount)


def test_what_is_left_on_the_books_is_written_off_at_the_end():
    # Sold for 30,000 after 5 of 10 years: book 50,000, a loss of 20,000.
    result = finance.income_tax(base([0.0] * 5, final=30_000.0), terms())
    assert result.tax[:4] == pytest.approx((-3_500.0,) * 4)
    assert result.tax[4] == pytest.approx(-0.35 * (10_000 + 20_000))


# ---------------------------------------------------------------- off unless asked, and only where it holds


def test_unknown_gives_no_tax_and_no_benefit():
    rules = finance.tax_terms(TaxChoice(), "CO")
    assert finance.income_tax(base([20_000] * 5), rules).tax == (0.0,) * 5
    assert found(rules) == {"finance_tax_unknown"}
    assert not rules.taxed


@pytest.mark.parametrize("regime", ["unknown", "simple", "exempt"])
def test_benefits_need_a_regime_to_deduct_from(regime):
    tax = TaxChoice(
        regime=regime, certificate="granted", special_deduction=True, vat_exclusion=True, taxable_income_per_year=1.0
    )
    rules = finance.tax_terms(tax, "CO")
    assert (rules.deduction_share, rules.accelerated_rate, rules.vat_excluded) == (0.0, None, False)
    assert "finance_tax_no_regime" in found(rules)


def test_benefits_need_the_certificate():
    rules = terms(certificate="none", accelerated_depreciation=True, vat_exclusion=True)
    assert (rules.accelerated_rate, rules.vat_excluded) == (None, False)
    assert "finance_tax_no_certificate" in found(rules)
    pending = terms(certificate="requested", accelerated_depreciation=True)
    assert pending.accelerated_rate == pytest.approx(1 / 3)
    assert "finance_tax_certificate_pending" in found(pending)


def test_nothing_is_asked_for_by_default():
    rules = terms()
    assert (rules.deduction_share, rules.accelerated_rate, rules.vat_excluded) == (0.0, None, False)
    assert rules.rate == pytest.approx(0.35)
    assert {item.key for item in rules.assumptions} == {"income_tax", "depreciation_years", "loss_carry_years"}


@pytest.mark.parametrize(
    ("country", "tax", "key"),
    [
        ("CO", {"special_deduction": True}, "finance_tax_income"),
        ("CO", {"accelerated_depreciation": True, "accelerated_rate": 0.5}, "finance_tax_rate"),
        ("PE", {"special_deduction": True, "taxable_income_per_year": 1.0}, "finance_tax_no_rule"),
        ("PE", {"vat_exclusion": True}, "finance_tax_no_rule"),
        ("PE", {"accelerated_depreciation": True, "accelerated_rate": 0.3333}, "finance_tax_rate"),
    ],
)
def test_what_the_law_does_not_give(country, tax, key):
    with pytest.raises(InputError) as caught:
        terms(country, **tax)
    assert keys(caught) == [key]
    for language in LANGUAGES:
        assert problem_text(caught.value.problems[0], language)


def test_a_third_may_be_written_as_a_decimal():
    assert terms(accelerated_depreciation=True, accelerated_rate=0.3333).accelerated_rate == 0.3333


def test_rules_carry_their_source_and_never_cross_a_border():
    share = rule("special_deduction_share", "CO")
    assert (share.value, share.confidence, share.year) == (0.5, "A", "2021")
    with pytest.raises(MissingData):
        rule("special_deduction_share", "PE")


# ---------------------------------------------------------------- VAT


def test_vat_is_left_out_unless_asked_for():
    streams = (pv_plant(),)
    result = finance.vat_of(streams, TaxChoice(), finance.tax_terms(TaxChoice(), "CO"), "CO")
    assert (result.treatment, result.lines, result.cost) == ("not_counted", (), 0.0)


def test_vat_by_line_with_and_without_the_certificate():
    tax = TaxChoice(**ASKED, vat="paid", vat_exclusion=True, vat_lines={"motor": 0.05})
    streams = (pv_plant(), efficiency())
    result = finance.vat_of(streams, tax, finance.tax_terms(tax, "CO"), "CO")
    first, second = result.lines
    assert (first.rate, first.vat, first.excluded) == (0.19, pytest.approx(19_000), True)
    # The certificate covers the PV plant alone; motors pay 5 % by their own line.
    assert (second.rate, second.vat, second.excluded) == (0.05, pytest.approx(500), False)
    assert (result.cost, result.excluded) == (pytest.approx(500), pytest.approx(19_000))
    both = TaxChoice(**ASKED, vat="paid", vat_exclusion=True, eligible=("pv", "measures"))
    assert finance.vat_of(streams, both, finance.tax_terms(both, "CO"), "CO").cost == 0.0


def test_vat_that_comes_back_is_no_cost():
    tax = TaxChoice(vat="recovered")
    result = finance.vat_of((pv_plant(),), tax, finance.tax_terms(tax, "PE"), "PE")
    assert (result.charged, result.cost) == (pytest.approx(18_000), 0.0)


def test_vat_is_a_use_of_the_money_and_its_exclusion_a_benefit():
    paid = finance.project_finance(project(tax=TaxChoice(vat="paid")))
    assert paid.funding.use("vat") == pytest.approx(19_000)
    assert paid.project.flow[0] == pytest.approx(-119_000)
    spared = finance.project_finance(project(tax=TaxChoice(**ASKED, vat="paid", vat_exclusion=True)))
    assert spared.funding.use("vat") == 0.0
    assert [(one.key, one.present_value) for one in spared.benefits] == [("vat_exclusion", pytest.approx(19_000))]


def test_every_finding_has_words():
    rules = [finance.tax_terms(TaxChoice(), "CO"), terms(certificate="none", accelerated_depreciation=True)]
    for finding in (finding for one in rules for finding in one.findings):
        for language in LANGUAGES:
            assert len(finding_text(finding, language)) > 20


def test_a_line_of_zero_has_no_vat():
    stream = pv_plant(capex=0.0)
    tax = TaxChoice(vat="paid")
    assert finance.vat_of((stream,), tax, finance.tax_terms(tax, "CO"), "CO").cost == 0.0
    assert stream.capex == (capex_line(0.0),)


def test_peru_asks_for_no_certificate():
    rules = terms("PE", certificate="none", accelerated_depreciation=True)
    assert rules.accelerated_rate == pytest.approx(0.2)
    assert "finance_tax_no_certificate" not in found(rules)
