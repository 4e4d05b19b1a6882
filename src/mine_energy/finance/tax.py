"""Income tax that a project changes, year by year, and what each benefit of the law is worth.

Everything is in the money of its year: depreciation and interest are not indexed. The tax of a project is the tax of
its owner with the project, less that without it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import floor, fsum

from mine_energy.finance.formulas import npv
from mine_energy.finance.tax_terms import TaxTerms

_DUST = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxBase:
    """What tax is computed on.

    Parameters
    ----------
    operating
        Income of years 1 to N before depreciation: savings less O&M, replacements and other costs, without the final
        value.
    finance_costs
        Interest and fees of the same years; zeros for a project without debt.
    eligible, other
        Investment that a certificate covers, and the rest.
    final_value
        What the assets bring at the end of year N.
    other_income
        Taxable income of the owner without the project, by year; None takes every deduction as usable.
    """

    operating: tuple[float, ...]
    finance_costs: tuple[float, ...]
    eligible: float
    other: float
    final_value: float = 0.0
    other_income: tuple[float, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxResult:
    """Tax by year, 1 to N.

    Parameters
    ----------
    tax
        That the project adds; negative where it lowers the owner's tax.
    depreciation, special_deduction
        Taken in each year.
    deduction_lost
        Special deduction that neither the income cap nor the years left room for.
    """

    tax: tuple[float, ...]
    depreciation: tuple[float, ...]
    special_deduction: tuple[float, ...]
    deduction_lost: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Benefit:
    """What one rule of the law is worth.

    Parameters
    ----------
    key
        ``accelerated_depreciation``, ``special_deduction`` or ``vat_exclusion``.
    by_year
        Years 0 to N, money of each year.
    present_value
        At the project's nominal base rate.
    """

    key: str
    by_year: tuple[float, ...]
    present_value: float


def depreciation(amount: float, rate: float, years: int) -> tuple[float, ...]:
    """Return straight-line depreciation of years 1 to `years` at a yearly rate; the last instalment is what is left."""
    full = floor(1.0 / rate + _DUST)
    rest = max(0.0, 1.0 - full * rate)
    shares = [rate] * full + ([rest] if rest > _DUST else [])
    return tuple(amount * shares[year] if year < len(shares) else 0.0 for year in range(years))


def income_tax(base: TaxBase, terms: TaxTerms) -> TaxResult:
    """Return the tax that a project adds.

    taxable = operating - depreciation - finance costs (- special deduction); at the end the final value less the book
    value. With other income I known: tax = T(I + taxable) - T(I), where T taxes no loss but carries it forward.

    The special deduction of a year is the least of what is left of share x eligible investment and the cap's share of
    the year's whole taxable income before it (Ley 1715/2014 art. 11 as amended by Ley 2099/2021 art. 8).

    Parameters
    ----------
    base
        Income and investment.
    terms
        Rules that apply.
    """
    years = len(base.operating)
    zeros = (0.0,) * years
    if not terms.taxed or not years:
        return TaxResult(tax=zeros, depreciation=zeros, special_deduction=zeros, deduction_lost=0.0)
    written = _depreciation(base, terms, years)
    book = base.eligible + base.other - fsum(written)
    taxable = [
        income - worn - cost for income, worn, cost in zip(base.operating, written, base.finance_costs, strict=True)
    ]
    taxable[-1] += base.final_value - book
    outside = base.other_income or zeros
    whole = [one + two for one, two in zip(taxable, outside, strict=True)]
    deducted = _special(base.eligible * terms.deduction_share, whole, terms)
    after = [income - less for income, less in zip(whole, deducted, strict=True)]
    if base.other_income is None:
        tax = tuple(terms.rate * income for income in after)
    else:
        alone = _taxes(outside, terms)
        tax = tuple(one - two for one, two in zip(_taxes(after, terms), alone, strict=True))
    lost = base.eligible * terms.deduction_share - fsum(deducted)
    return TaxResult(tax=tax, depreciation=written, special_deduction=deducted, deduction_lost=max(0.0, lost))


def benefits(base: TaxBase, terms: TaxTerms, rate: float) -> tuple[Benefit, ...]:
    """Return what each benefit saves of income tax, one after the other: acceleration, then the special deduction.

    Parameters
    ----------
    base, terms
        As in :func:`income_tax`.
    rate
        Nominal discount rate.
    """
    plain = replace(terms, accelerated_rate=None, deduction_share=0.0)
    faster = replace(terms, deduction_share=0.0)
    taxes = [income_tax(base, one).tax for one in (plain, faster, terms)]
    asked = (terms.accelerated_rate is not None, terms.deduction_share > 0)
    found = []
    for key, on, before, after in zip(_BENEFITS, asked, taxes[:-1], taxes[1:], strict=True):
        if on:
            by_year = (0.0, *(one - two for one, two in zip(before, after, strict=True)))
            found.append(Benefit(key=key, by_year=by_year, present_value=npv(rate, by_year)))
    return tuple(found)


_BENEFITS = ("accelerated_depreciation", "special_deduction")


def _depreciation(base: TaxBase, terms: TaxTerms, years: int) -> tuple[float, ...]:
    usual = 1.0 / terms.depreciation_years
    faster = terms.accelerated_rate or usual
    parts = (depreciation(base.eligible, faster, years), depreciation(base.other, usual, years))
    return tuple(one + two for one, two in zip(*parts, strict=True))


def _special(right: float, incomes: Sequence[float], terms: TaxTerms) -> tuple[float, ...]:
    taken: list[float] = []
    for number, income in enumerate(incomes):
        room = terms.income_cap * max(0.0, income) if number < terms.deduction_years else 0.0
        taken.append(min(right - fsum(taken), room))
    return tuple(taken)


def _taxes(incomes: Sequence[float], terms: TaxTerms) -> tuple[float, ...]:
    """Return an owner's tax by year; losses lower the income of later years, oldest first, until they expire."""
    losses: list[list[float]] = []
    found = []
    for year, income in enumerate(incomes):
        losses = [loss for loss in losses if year - loss[0] <= terms.loss_carry_years]
        left = income
        for loss in losses:
            used = min(loss[1], max(0.0, left))
            loss[1] -= used
            left -= used
        if income < 0:
            losses.append([year, -income])
        found.append(terms.rate * max(0.0, left))
    return tuple(found)
