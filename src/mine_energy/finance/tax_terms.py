"""Which rules of income tax and VAT hold for a project: what was asked, what the law allows, what is assumed."""

from dataclasses import dataclass

from mine_energy.errors import Finding, InputError, Problem
from mine_energy.finance.assumptions import Assumption, packaged
from mine_energy.finance.rules import has_rule, rule, ruled
from mine_energy.site.financing import TaxChoice

_PERCENT = 100.0
_CERTIFICATE = "certificate_needed"
_SLACK = 1e-3
"""A third written as 0.3333 or 0.334 is the law's 33.33 %."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxTerms:
    """Income tax as it applies to one project.

    Parameters
    ----------
    regime
        As stated; nothing is taxed or deducted here unless it is ``ordinary``.
    rate
        Of income tax, fraction.
    depreciation_years
        Ordinary straight-line life: the base against which acceleration is measured.
    accelerated_rate
        Share of the investment a year; None when not asked for or not granted.
    deduction_share, deduction_years, income_cap
        Special deduction: share of the investment, years, and the most of a year's taxable income; a share of zero
        when not asked for or not granted.
    loss_carry_years
        For how long a tax loss lowers later income.
    taxable_income_per_year
        Without the project, today's money; None takes every deduction as usable in its year.
    eligible
        Streams that the certificate covers.
    vat_excluded
        Whether what the certificate covers is bought without VAT.
    assumptions, findings
        What it rests on, and what a reader has to know.
    """

    regime: str
    rate: float
    depreciation_years: float
    accelerated_rate: float | None
    deduction_share: float
    deduction_years: int
    income_cap: float
    loss_carry_years: int
    taxable_income_per_year: float | None
    eligible: tuple[str, ...]
    vat_excluded: bool
    assumptions: tuple[Assumption, ...]
    findings: tuple[Finding, ...]

    @property
    def taxed(self) -> bool:
        """Whether income tax is counted at all."""
        return self.regime == "ordinary"


def tax_terms(tax: TaxChoice, country: str) -> TaxTerms:
    """Return the rules that apply.

    An unknown regime gives no benefit and no tax; the simple regime taxes gross income, so that neither savings nor
    deductions change it. A benefit that is asked for without the certificate is not counted, and a finding says so.

    Raises
    ------
    InputError
        A benefit that the country does not have; a rate above the law's; a special deduction without the taxable
        income that caps it.
    MissingData
        No packaged rate for the country.
    """
    _check(tax, country)
    asked = tax.special_deduction or tax.accelerated_depreciation or tax.vat_exclusion
    granted = tax.regime == "ordinary" and (tax.certificate != "none" or not has_rule(_CERTIFICATE, country))
    if tax.regime != "ordinary":
        return _untaxed(tax, country, asked=asked)
    user_rate = None if tax.rate is None else tax.rate * _PERCENT
    rate = packaged("income_tax", country, user_rate)
    life = ruled("depreciation_years", country, tax.depreciation_years)
    carry = ruled("loss_carry_years", country)
    used = [rate, life, carry]
    faster = (
        ruled("accelerated_depreciation_rate", country, tax.accelerated_rate) if tax.accelerated_depreciation else None
    )
    deduct = (
        [ruled(f"special_deduction_{part}", country) for part in ("share", "years", "income_cap")]
        if (tax.special_deduction)
        else []
    )
    used += [*([faster] if faster else []), *deduct]
    half = granted and tax.special_deduction
    return TaxTerms(
        regime=tax.regime,
        rate=rate.value / _PERCENT,
        depreciation_years=life.value,
        accelerated_rate=faster.value if faster and granted else None,
        deduction_share=deduct[0].value if half else 0.0,
        deduction_years=(tax.deduction_years or round(deduct[1].value)) if half else 0,
        income_cap=deduct[2].value if half else 0.0,
        loss_carry_years=round(carry.value),
        taxable_income_per_year=tax.taxable_income_per_year,
        eligible=tax.eligible,
        vat_excluded=granted and tax.vat_exclusion,
        assumptions=tuple(used),
        findings=_findings(tax, country, asked=asked),
    )


def _untaxed(tax: TaxChoice, country: str, *, asked: bool) -> TaxTerms:
    return TaxTerms(
        regime=tax.regime,
        rate=0.0,
        depreciation_years=1.0,
        accelerated_rate=None,
        deduction_share=0.0,
        deduction_years=0,
        income_cap=0.0,
        loss_carry_years=0,
        taxable_income_per_year=tax.taxable_income_per_year,
        eligible=tax.eligible,
        vat_excluded=False,
        assumptions=(),
        findings=_findings(tax, country, asked=asked),
    )


def _findings(tax: TaxChoice, country: str, *, asked: bool) -> tuple[Finding, ...]:
    found: list[Finding] = []
    if tax.regime == "unknown":
        found.append(Finding(key="finance_tax_unknown", level="assumption"))
    if asked and tax.regime != "ordinary":
        found.append(Finding(key="finance_tax_no_regime", level="warning", params={"regime": tax.regime}))
    elif asked and has_rule(_CERTIFICATE, country) and tax.certificate == "none":
        found.append(Finding(key="finance_tax_no_certificate", level="warning"))
    elif asked and has_rule(_CERTIFICATE, country) and tax.certificate == "requested":
        found.append(Finding(key="finance_tax_certificate_pending", level="assumption"))
    if tax.regime == "ordinary" and tax.taxable_income_per_year is None:
        found.append(Finding(key="finance_tax_income_assumed", level="assumption"))
    return tuple(found)


def _check(tax: TaxChoice, country: str) -> None:
    problems: list[Problem] = []
    benefits = (
        ("special_deduction", "special_deduction_share", tax.special_deduction),
        ("accelerated_depreciation", "accelerated_depreciation_rate", tax.accelerated_depreciation),
        ("vat_exclusion", "vat_exclusion", tax.vat_exclusion),
    )
    for name, key, asked in benefits:
        if asked and not has_rule(key, country):
            field = f"financing.tax.{name}"
            problems.append(Problem(key="finance_tax_no_rule", field=field, value="true", params={"country": country}))
    if tax.special_deduction and tax.regime == "ordinary" and tax.taxable_income_per_year is None:
        problems.append(Problem(key="finance_tax_income", field="financing.tax.taxable_income_per_year"))
    rate = tax.accelerated_rate
    if rate is not None and has_rule("accelerated_depreciation_rate", country):
        limit = rule("accelerated_depreciation_rate", country).value
        if rate > limit + _SLACK:
            field = "financing.tax.accelerated_rate"
            most: dict[str, str | int | float] = {"limit": limit}
            problems.append(Problem(key="finance_tax_rate", field=field, value=f"{rate:g}", params=most))
    if problems:
        raise InputError(problems)
