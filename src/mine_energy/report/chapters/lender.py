"""The money as who lends and who owns read it: sources and uses, loan, debt coverage, returns, taxes, contract."""

from collections.abc import Iterator
from itertools import zip_longest
from math import fsum

from mine_energy.finance import DebtCoverage, FinanceResult, LoanSchedule, MoneyPlan, Ppa, ProjectFinance, Return
from mine_energy.report import charts
from mine_energy.report.blocks import Block, Cell, Facts, Heading, Paragraph, Picture, Table
from mine_energy.report.charts import SizeLine
from mine_energy.report.format import NOTHING, Writer
from mine_energy.report.style import Scale
from mine_energy.study import Study

_WARNED = ("finance_debt_uncovered", "finance_loan_outlives", "finance_deduction_lost")
"""Findings that a lender must not have to look for."""

_DUST = 1e-9


def blocks(study: Study, w: Writer) -> Iterator[Block]:
    """Yield the financed money; without a ``[financing]`` one sentence says that nothing is borrowed or taxed."""
    plan = study.finance.plan
    if plan is None:
        return
    yield Heading(text=w.text("lender.title"))
    if not study.finance.financed:
        yield Paragraph(text=w.text("lender.not_financed"), tone="assumed")
        return
    both = plan.both
    yield Paragraph(text=w.text("lender.basis", currency=both.currency, inflation=w.percent(both.inflation)))
    for finding in both.findings:
        if finding.key in _WARNED:
            yield Paragraph(text=w.finding(finding), tone="warning")
    yield _funding(both, w)
    if both.loan is not None:
        yield from _loan(both, both.loan, w)
    yield _returns(both, w)
    if both.loan is not None:
        yield _shocks(both, w)
    yield from _taxes(study, both, w)
    if plan.contract is not None:
        yield from _contract(study, plan, plan.contract, w)


def _funding(both: ProjectFinance, w: Writer) -> Table:
    funding = both.funding
    pairs = zip_longest(funding.uses, funding.sources)
    total = w.estimate(funding.total)
    return Table(
        id="sources-uses",
        caption=w.text("lender.funding", currency=funding.currency),
        headings=(w.text("lender.use"), w.text("money.amount"), w.text("lender.source"), w.text("money.amount")),
        rows=[
            (
                w.word("money_use", use.key) if use else "",
                w.estimate(use.amount) if use else "",
                w.word("money_source", source.key) if source else "",
                w.estimate(source.amount) if source else "",
            )
            for use, source in pairs
        ],
        align=("text", "number", "text", "number"),
        foot=(w.text("total"), total, w.text("total"), total),
    )


def _loan(both: ProjectFinance, loan: LoanSchedule, w: Writer) -> Iterator[Block]:
    all_in = w.percent(loan.all_in_rate_ea, 2)
    payment = w.text("lender.declining") if loan.payment is None else w.money(loan.payment, loan.currency)
    yield Facts(
        pairs=[
            (w.text("lender.loan"), w.money(loan.amount, loan.currency)),
            (w.text("lender.rate"), w.percent(loan.rate_ea, 2)),
            (w.text("lender.all_in"), all_in),
            (w.text("lender.payment", count=loan.payments_per_year), payment),
            (w.text("lender.upfront"), w.money(loan.upfront_fee, loan.currency)),
        ]
    )
    yield _schedule(both, loan, w)
    shown = [case for case in both.coverage if case.years]
    if shown:
        yield _coverage_picture(shown, w)


def _schedule(both: ProjectFinance, loan: LoanSchedule, w: Writer) -> Table:
    cases = [case for case in both.coverage if case.years]
    ratios = [dict(zip(case.years, case.by_year, strict=True)) for case in cases]
    rows = [
        (
            str(year.year),
            *(w.estimate(value) for value in (year.opening, year.interest, year.principal, year.fees, year.closing)),
            *(_ratio(found.get(year.year), w) for found in ratios),
        )
        for year in loan.years
    ]
    blank = ("",) * 5
    rows.append((w.text("lender.average"), *blank, *(_ratio(case.average, w) for case in cases)))
    return Table(
        id="loan",
        caption=w.text("lender.schedule", currency=loan.currency),
        headings=(
            w.label("year"),
            *(w.text(f"lender.{key}") for key in ("opening", "interest", "principal", "fees", "closing")),
            *(w.text("lender.coverage", case=w.word("debt_case", case.key)) for case in cases),
        ),
        rows=rows,
        foot=(w.text("lender.minimum"), *blank, *(_ratio(case.minimum, w) for case in cases)),
        note=w.text(
            "lender.coverage_note",
            many=w.percent(both.yields.p90_many_years),
            one=w.percent(both.yields.p90_one_year),
            years=both.yields.years,
        ),
    )


def _ratio(value: float | None, w: Writer) -> str | Cell:
    if value is None:
        return NOTHING
    return Cell(text=w.number(value, 2), tone="warning" if value < 1.0 else "")


def _coverage_picture(cases: list[DebtCoverage], w: Writer) -> Picture:
    lines = [SizeLine(label=w.word("debt_case", case.key), sizes=case.years, values=case.by_year) for case in cases]
    least = w.join([f"{w.word('debt_case', case.key)}: {w.number(case.minimum, 2)}" for case in cases])
    scale = Scale(label=w.text("chart.debt.up"), tick=w.tick)
    return Picture(
        image=charts.debt_coverage(lines, w.text("chart.debt.one"), w.label("year"), scale),
        alt=w.text("chart.debt.alt", years=len(cases[0].years), least=least),
        caption=w.text("chart.debt.caption", least=least),
    )


def _returns(both: ProjectFinance, w: Writer) -> Table:
    flows = (both.before_tax, both.project, both.equity)
    years = w.text("unit.years")
    owner = "lender.equity" if both.loan is not None else "lender.equity_own"
    rates = [value.rate for value in both.project.npv]
    rows: list[tuple[str, ...]] = [
        (
            w.text("money.npv_at", rate=w.percent(rate), currency=both.currency),
            *(_value_at(flow, rate, w) for flow in flows),
        )
        for rate in rates
    ]
    for value in both.equity.npv:
        if value.rate not in rates:
            name = w.text("money.npv_at", rate=w.percent(value.rate), currency=both.currency)
            rows.append((name, *(_value_at(flow, value.rate, w) for flow in flows)))
    rows.append((w.text("lender.irr_nominal"), *("; ".join(w.percent(r) for r in f.irr) or NOTHING for f in flows)))
    rows.append((w.text("lender.irr_real"), *("; ".join(w.percent(r) for r in f.irr_real) or NOTHING for f in flows)))
    if any(flow.mirr is not None for flow in flows):
        rows.append((w.text("lender.mirr"), *(w.percent(flow.mirr) for flow in flows)))
    rows.append((f"{w.label('payback_years')} ({years})", *(_years(f.simple_payback_years, w) for f in flows)))
    rows.append((f"{w.text('money.discounted')} ({years})", *(_years(f.discounted_payback_years, w) for f in flows)))
    return Table(
        id="returns",
        caption=w.text("lender.returns", currency=both.currency),
        headings=(w.text("quantity"), w.text("lender.before_tax"), w.text("lender.project"), w.text(owner)),
        rows=rows,
        note=w.text("lender.returns_note" if both.tax_basis == "after_tax" else "lender.returns_untaxed"),
    )


def _value_at(flow: Return, rate: float, w: Writer) -> str:
    found = next((value.npv for value in flow.npv if value.rate == rate), None)
    return w.estimate(found)


def _years(value: float | None, w: Writer) -> str:
    return w.text("money.never") if value is None else w.number(value, 1)


def _shocks(both: ProjectFinance, w: Writer) -> Table:
    return Table(
        id="shocks",
        caption=w.text("lender.shocks", currency=both.currency),
        headings=(
            w.text("lender.dearer"),
            w.text("lender.shock_project"),
            w.text("lender.shock_equity"),
            w.text("lender.shock_irr"),
            w.text("lender.shock_coverage"),
        ),
        rows=[
            (
                w.percent(shock.dollar_dearer, 0),
                w.estimate(shock.project_npv),
                w.estimate(shock.equity_npv),
                "; ".join(w.percent(root) for root in shock.equity_irr) or NOTHING,
                _ratio(shock.minimum_coverage, w),
            )
            for shock in both.shocks
        ],
        note=w.text("lender.shocks_note"),
    )


def _taxes(study: Study, both: ProjectFinance, w: Writer) -> Iterator[Block]:
    """Yield regime, VAT, and what each benefit that was asked for is worth."""
    financing = study.site.financing
    if financing is None:
        return
    tax = financing.tax
    if tax.regime == "unknown" and both.vat.treatment == "not_counted":
        yield Paragraph(text=w.text("lender.no_tax"), tone="assumed")
        return
    pairs: list[tuple[str, str | Cell]] = [(w.text("lender.regime"), w.word("tax_regime", tax.regime))]
    if both.tax_basis == "after_tax":
        taxed = -fsum(next((line.amounts for line in both.lines if line.key == "tax_with_loan"), ()))
        pairs.append((w.text("lender.tax_paid", currency=both.currency), w.estimate(taxed)))
    pairs.append((w.text("lender.vat"), w.word("vat_treatment", both.vat.treatment)))
    if both.vat.treatment != "not_counted":
        pairs.append((w.text("lender.vat_charged", currency=both.currency), w.estimate(both.vat.charged)))
        pairs.append((w.text("lender.vat_excluded", currency=both.currency), w.estimate(both.vat.excluded)))
    yield Facts(pairs=pairs)
    if not both.benefits:
        yield Paragraph(text=w.text("lender.no_benefits"))
        return
    yield Table(
        id="tax-benefits",
        caption=w.text("lender.benefits", currency=both.currency),
        headings=(w.text("lender.benefit"), w.text("lender.benefit_sum"), w.text("lender.benefit_value")),
        rows=[
            (w.word("tax_benefit", one.key), w.estimate(_summed(one.by_year)), w.estimate(one.present_value))
            for one in both.benefits
        ],
        note=w.text("lender.benefits_note"),
    )


def _summed(amounts: tuple[float, ...]) -> float:
    """Return a sum; one that differs from zero by rounding only is zero."""
    total = fsum(amounts)
    return 0.0 if abs(total) <= _DUST * max((abs(amount) for amount in amounts), default=0.0) else total


def _contract(study: Study, plan: MoneyPlan, contract: Ppa, w: Writer) -> Iterator[Block]:
    currency = plan.both.currency
    first = contract.payments[0] if contract.payments else 0.0
    bought = contract.purchased_kwh[0] if contract.purchased_kwh else 0.0
    third = plan.third_party
    pairs: list[tuple[str, str | Cell]] = [
        (w.text("lender.ppa_price", currency=currency), w.number(first / bought, 3) if bought else NOTHING),
        (w.text("lender.ppa_years"), w.number(contract.years)),
        (w.text("lender.ppa_kwh"), w.estimate(bought, "kWh")),
        (w.text("lender.ppa_payment", currency=currency), w.estimate(first)),
        (w.text("lender.ppa_host", currency=currency), _base(study.finance.pv, w)),
    ]
    if third is not None:
        irr = "; ".join(w.percent(root) for root in third.irr) or NOTHING
        pairs.append((w.text("lender.ppa_owner_npv", currency=currency), _base(third, w)))
        pairs.append((w.text("lender.ppa_owner_irr"), irr))
    if plan.third_party_taxed is not None and plan.third_party_taxed.tax_basis == "after_tax":
        pairs += _taxed_owner(plan.third_party_taxed, w)
    yield Heading(text=w.text("lender.ppa_title"))
    yield Facts(pairs=pairs, by=("npv", "debt"))
    yield Paragraph(text=w.text("lender.ppa_note"))


def _taxed_owner(owner: ProjectFinance, w: Writer) -> Iterator[tuple[str, str | Cell]]:
    """Yield what the third party keeps after its own taxes: nominal money, as taxes are."""
    taxed = owner.project
    paid = -fsum(next((line.amounts for line in owner.lines if line.key == "tax"), ()))
    value = next(value for value in taxed.npv if value.label == "base")
    name = w.text("lender.ppa_taxed_npv", currency=owner.currency, rate=w.percent(value.rate))
    yield w.text("lender.ppa_taxed_paid", currency=owner.currency), w.estimate(paid)
    yield name, w.estimate(value.npv)
    yield w.text("lender.ppa_taxed_irr"), "; ".join(w.percent(root) for root in taxed.irr_real) or NOTHING


def _base(result: FinanceResult, w: Writer) -> str:
    return w.estimate(next(value.npv for value in result.npv if value.label == "base"))
