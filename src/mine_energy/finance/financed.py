"""The money of a project as a lender and an owner read it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from mine_energy.errors import Finding, Param
from mine_energy.finance.assumptions import Assumption
from mine_energy.finance.charges import charges_findings
from mine_energy.finance.coverage import CaseKey, DebtCoverage, YieldCases, debt_coverage, yield_cases
from mine_energy.finance.formulas import irr, mirr, npv, payback, real_rate, sign_changes
from mine_energy.finance.loan import LoanSchedule
from mine_energy.finance.project import Case, CashLine, CashTable, Frame, Project, cash_table, fraction_of, frame_of
from mine_energy.finance.rates import Rates, rates_of
from mine_energy.finance.results import PresentValue
from mine_energy.finance.rules import ruled
from mine_energy.finance.sources_uses import SourcesUses
from mine_energy.finance.tax import Benefit, TaxResult, benefits
from mine_energy.finance.vat import VatResult

_OWN_SPREAD = "yield uncertainty of this study: its weather, its models, its place"
DOLLAR_SHOCKS = (-0.2, 0.0, 0.2, 0.4)
"""How much dearer a dollar is from year 1 on, in the table of shocks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """Yardsticks of one cash flow in nominal money.

    Parameters
    ----------
    flow
        Years 0 to N.
    npv
        At nominal rates: three for a project, one for equity.
    irr, irr_real
        Every root, and the same without inflation.
    mirr
        At the base rate, where the flow changes sign more than once.
    simple_payback_years, discounted_payback_years
        Interpolated; the second at the base rate. None where it never comes back.
    """

    flow: tuple[float, ...]
    npv: tuple[PresentValue, ...]
    irr: tuple[float, ...]
    irr_real: tuple[float, ...]
    mirr: float | None
    simple_payback_years: float | None
    discounted_payback_years: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shock:
    """What a dearer dollar does from year 1 on; savings and upkeep are local money, replacements dollars."""

    dollar_dearer: float
    project_npv: float
    equity_npv: float
    equity_irr: tuple[float, ...]
    minimum_coverage: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectFinance:
    """A project after loan and taxes.

    Parameters
    ----------
    scope, currency, price_basis, tax_basis
        Whose, and in what money: nominal, the money of each year.
    inflation
        Of the currency.
    horizon_years, horizon_limit
        Years of operation, and what ends them.
    funding, loan, vat
        Sources and uses; the loan in its own currency; VAT line by line.
    lines
        The cash flow by year.
    before_tax, project, equity
        Of the project before and after tax, whoever pays; and of the owner.
    coverage
        Debt service coverage at P50, P90 of many years and P90 of one.
    yields
        Behind them.
    tax, benefits
        Of the indebted owner by year; what each benefit of the law is worth.
    shocks
        Of the exchange rate.
    assumptions, findings
        What it rests on, and what a reader has to know.
    """

    scope: str
    currency: str
    price_basis: Literal["nominal"] = "nominal"
    tax_basis: Literal["before_tax", "after_tax"]
    inflation: float
    horizon_years: int
    horizon_limit: Literal["asset_life", "mine_life"]
    funding: SourcesUses
    loan: LoanSchedule | None
    vat: VatResult
    lines: tuple[CashLine, ...]
    before_tax: Return
    project: Return
    equity: Return
    coverage: tuple[DebtCoverage, ...]
    yields: YieldCases
    tax: TaxResult
    benefits: tuple[Benefit, ...]
    shocks: tuple[Shock, ...]
    assumptions: tuple[Assumption, ...]
    findings: tuple[Finding, ...]


def project_finance(project: Project) -> ProjectFinance:
    """Return cash flow, returns, debt coverage, taxes and shocks of a project.

    Parameters
    ----------
    project
        What is bought, and how it is paid.

    Returns
    -------
    ProjectFinance

    Raises
    ------
    InputError
        Loan, tax or funding terms that do not go together.
    MissingData
        A rate that nobody stated is not packaged for the country.
    """
    frame = frame_of(project)
    inflation = fraction_of(frame.inflation)
    rates = rates_of(project, inflation)
    table = cash_table(project, frame)
    spread, cases, used = _yields(project, frame)
    covered = tuple(_covered(project, frame, key, share) for key, share in spread)
    return ProjectFinance(
        scope=project.scope,
        currency=project.currency,
        tax_basis="after_tax" if frame.terms.taxed else "before_tax",
        inflation=inflation,
        horizon_years=project.years,
        horizon_limit=_limit(project),
        funding=frame.funding,
        loan=frame.schedule,
        vat=frame.vat,
        lines=table.lines,
        before_tax=_returns(table.before_tax, _three(table.before_tax, rates), rates.base, inflation),
        project=_returns(table.after_tax, _three(table.after_tax, rates), rates.base, inflation),
        equity=_returns(table.equity, _one(table.equity, rates), rates.equity_nominal, inflation),
        coverage=covered,
        yields=cases,
        tax=table.owner_tax,
        benefits=_benefits(project, frame, table, rates.base),
        shocks=tuple(_shock(project, frame, rates, dearer) for dearer in DOLLAR_SHOCKS),
        assumptions=_assumptions(project, frame, rates, used),
        findings=_findings(project, frame, table, covered),
    )


def _limit(project: Project) -> Literal["asset_life", "mine_life"]:
    mine = project.choice.mine_life_years
    shortened = mine is not None and any(mine < stream.asset_life_years for stream in project.streams)
    return "mine_life" if shortened else "asset_life"


def _three(flow: Sequence[float], rates: Rates) -> tuple[PresentValue, ...]:
    named: tuple[tuple[Literal["low", "base", "high"], float], ...] = (
        ("low", rates.low),
        ("base", rates.base),
        ("high", rates.high),
    )
    return tuple(PresentValue(label=label, rate=rate, npv=npv(rate, flow)) for label, rate in named)


def _one(flow: Sequence[float], rates: Rates) -> tuple[PresentValue, ...]:
    return (PresentValue(label="base", rate=rates.equity_nominal, npv=npv(rates.equity_nominal, flow)),)


def _returns(flow: tuple[float, ...], values: tuple[PresentValue, ...], rate: float, inflation: float) -> Return:
    roots = irr(flow)
    return Return(
        flow=flow,
        npv=values,
        irr=roots,
        irr_real=tuple(real_rate(root, inflation) for root in roots),
        mirr=mirr(flow, rate, rate) if sign_changes(flow) > 1 else None,
        simple_payback_years=payback(flow),
        discounted_payback_years=payback(flow, rate),
    )


def _yields(
    project: Project, frame: Frame
) -> tuple[tuple[tuple[CaseKey, float], ...], YieldCases, tuple[Assumption, ...]]:
    """Return the three cases of the yield, over the loan's years or, without one, the project's."""
    financing = project.financing
    known = project.yield_sds or (None, None)
    one = _spread("pv_interannual_sd", project.country, financing.interannual_sd, known[0])
    many = _spread("pv_yield_sd", project.country, financing.yield_sd, known[1])
    years = len(frame.schedule.years) if frame.schedule else project.years
    cases = yield_cases(one.value, many.value, years)
    named: tuple[tuple[CaseKey, float], ...] = (
        ("p50", cases.p50),
        ("p90_many_years", cases.p90_many_years),
        ("p90_one_year", cases.p90_one_year),
    )
    return named, cases, (one, many)


def _spread(key: str, country: str, stated: float | None, known: float | None) -> Assumption:
    """Return a deviation of the yield: as stated, as the study found it, or packaged."""
    found = ruled(key, country, stated)
    if stated is not None or known is None:
        return found
    own = replace(found.default, value=known, source=_OWN_SPREAD, year="", confidence="C", note="")
    return replace(found, value=known, low=own, default=own, high=own)


def _covered(project: Project, frame: Frame, key: CaseKey, share: float) -> DebtCoverage:
    poor = {stream.key: share for stream in project.streams if stream.kind == "generates"}
    table = cash_table(project, frame, Case(yields=poor))
    return debt_coverage(key, share, table.cash_for_service, table.service)


def _benefits(project: Project, frame: Frame, table: CashTable, rate: float) -> tuple[Benefit, ...]:
    found = list(benefits(table.base, frame.terms, rate))
    if frame.vat.treatment == "paid" and frame.vat.excluded:
        saved = (frame.vat.excluded, *(0.0,) * project.years)
        found.insert(0, Benefit(key="vat_exclusion", by_year=saved, present_value=frame.vat.excluded))
    return tuple(found)


def _shock(project: Project, frame: Frame, rates: Rates, dearer: float) -> Shock:
    table = cash_table(project, frame, Case(dollar_dearer=dearer))
    return Shock(
        dollar_dearer=dearer,
        project_npv=npv(rates.base, table.after_tax),
        equity_npv=npv(rates.equity_nominal, table.equity),
        equity_irr=irr(table.equity),
        minimum_coverage=debt_coverage("p50", 1.0, table.cash_for_service, table.service).minimum,
    )


def _assumptions(project: Project, frame: Frame, rates: Rates, used: tuple[Assumption, ...]) -> tuple[Assumption, ...]:
    shared = [frame.inflation, rates.real, rates.equity, *used, *frame.terms.assumptions, *frame.vat.assumptions]
    if frame.loan_inflation is not None:
        shared.append(frame.loan_inflation)
    own = [item for stream in project.streams for item in stream.assumptions]
    return tuple(dict.fromkeys([*shared, *own]))


def _findings(
    project: Project, frame: Frame, table: CashTable, covered: tuple[DebtCoverage, ...]
) -> tuple[Finding, ...]:
    found = list(frame.terms.findings)
    if project.choice.mine_life_years is None:
        years: dict[str, Param] = {"years": project.years}
        found.append(Finding(key="finance_no_mine_life", level="assumption", params=years))
    if project.financing.contingency is None:
        found.append(Finding(key="finance_no_contingency", level="assumption"))
    loan = project.financing.loan
    if loan is not None and loan.construction_months is None:
        found.append(Finding(key="finance_no_construction_interest", level="assumption"))
    found += charges_findings(project.streams, project.financing.tax)
    outlived = table.line("balance_at_end")
    if outlived:
        owed: dict[str, Param] = {"years": project.years, "owed": -outlived[-1], "currency": project.currency}
        found.append(Finding(key="finance_loan_outlives", level="warning", params=owed))
    lost = table.owner_tax.deduction_lost
    if lost > 1e-6 * max(1.0, table.base.eligible):
        money: dict[str, Param] = {"lost": lost, "currency": project.currency}
        found.append(Finding(key="finance_deduction_lost", level="warning", params=money))
    weakest = next((case for case in covered if case.minimum is not None and case.minimum < 1.0), None)
    if weakest is not None and weakest.minimum is not None:
        # The first of equal years: an annuity's services differ by rounding.
        near = weakest.minimum + 1e-9 * abs(weakest.minimum)
        year = next(n for n, one in zip(weakest.years, weakest.by_year, strict=True) if one <= near)
        ratio: dict[str, Param] = {"case": weakest.key, "minimum": weakest.minimum, "year": year}
        found.append(Finding(key="finance_debt_uncovered", level="warning", params=ratio))
    return tuple(found)
