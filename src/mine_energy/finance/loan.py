"""A loan, period by period and by year: effective rates, grace, annuity or constant principal, fees.

Amounts are in the loan's currency and in the money of their day: a loan is never indexed here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

from scipy.optimize import brentq

from mine_energy.errors import InputError, Problem
from mine_energy.finance.formulas import crf, npv, periodic_rate
from mine_energy.site.financing import LoanChoice
from mine_energy.units import MONTHS_PER_YEAR

_BRACKET = (-0.2, 10.0)
"""Rates of one period between which that of a loan lies; a negative index gives a rate below zero."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanYear:
    """One year of a loan.

    Parameters
    ----------
    year
        From disbursement, 1 is the first.
    opening, closing
        Balance at its start and end.
    interest, principal, fees
        Paid in it; interest added to the principal in a grace period is in `capitalised` instead.
    capitalised
        Interest added to the balance.
    """

    year: int
    opening: float
    interest: float
    principal: float
    fees: float
    capitalised: float
    closing: float

    @property
    def service(self) -> float:
        """Interest, principal and fees of the year."""
        return self.interest + self.principal + self.fees


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanSchedule:
    """What a loan pays out and takes back.

    Parameters
    ----------
    amount, currency
        Principal.
    rate_ea, periodic_rate, payments_per_year
        Effective annual rate and that of one period: (1 + EA)^(1/m) - 1.
    payment
        Of a period after grace, where equal; None with constant principal.
    upfront_fee
        Paid at disbursement, out of the principal or beside it.
    years
        Every year until the last payment.
    all_in_rate_ea
        Effective rate of what is received and paid, fees included; None where there is none.
    """

    amount: float
    currency: str
    rate_ea: float
    periodic_rate: float
    payments_per_year: int
    payment: float | None
    upfront_fee: float
    years: tuple[LoanYear, ...]
    all_in_rate_ea: float | None


def effective_rate(loan: LoanChoice) -> float:
    """Return the effective annual rate of a loan: as stated, or index and spread as `spread_kind` joins them.

    Notes
    -----
    ``compound_ea``: (1 + i)(1 + s) - 1, the custom for DTF, CPI and UVR plus points. ``sum_ea``: i + s.
    ``sum_nominal_monthly``: (1 + (i + s)/12)^12 - 1, for an index quoted nominal, month in arrears, plus points (IBR).

    Raises
    ------
    InputError
        Neither or both of the two ways to state the rate, or half of one.
    """
    stated, parts = loan.rate_ea is not None, (loan.index is not None, loan.spread is not None)
    if stated == any(parts) or (any(parts) and not all(parts)):
        given = f"rate_ea={loan.rate_ea} index={loan.index} spread={loan.spread}"
        raise InputError([Problem(key="finance_loan_rate", field="financing.loan.rate_ea", value=given)])
    if loan.rate_ea is not None:
        return loan.rate_ea
    index, spread = loan.index or 0.0, loan.spread or 0.0
    if loan.spread_kind == "sum_ea":
        return index + spread
    if loan.spread_kind == "sum_nominal_monthly":
        return float((1.0 + (index + spread) / MONTHS_PER_YEAR) ** MONTHS_PER_YEAR - 1.0)
    return (1.0 + index) * (1.0 + spread) - 1.0


def construction_interest(loan: LoanChoice) -> float:
    """Return the interest of the months of construction, over the principal.

    The loan is drawn in m equal parts, each in the middle of its month, and owes compound interest until the start:
    ``(1/m) sum over k = 1..m of (1 + EA)^((m - k + 1/2)/12) - 1``. Zero without such months.

    Raises
    ------
    InputError
        As :func:`effective_rate`.
    """
    months = loan.construction_months
    if not months:
        return 0.0
    growth = 1.0 + effective_rate(loan)
    return fsum(growth ** ((months - k + 0.5) / MONTHS_PER_YEAR) for k in range(1, months + 1)) / months - 1.0


def loan_schedule(loan: LoanChoice, amount: float, currency: str) -> LoanSchedule:
    """Return the schedule of a loan.

    Parameters
    ----------
    loan
        Its terms.
    amount
        Principal, zero or more.
    currency
        Of the loan.

    Returns
    -------
    LoanSchedule

    Raises
    ------
    InputError
        The rate is not stated in one way; tenor or grace are not whole periods; grace leaves no time to repay.
    """
    _check(loan)
    rate_ea = effective_rate(loan)
    if not rate_ea > -1:
        raise InputError([Problem(key="finance_loan_rate", field="financing.loan.index", value=f"{rate_ea:g}")])
    periods = _periods(loan, rate_ea, amount)
    size = loan.payments_per_year
    years = tuple(
        _year(number + 1, periods[start : start + size], loan.annual_fee)
        for number, start in enumerate(range(0, len(periods), size))
    )
    grace = loan.grace_months * size // MONTHS_PER_YEAR
    last = periods[-1]
    return LoanSchedule(
        amount=amount,
        currency=currency,
        rate_ea=rate_ea,
        periodic_rate=periodic_rate(rate_ea, size),
        payments_per_year=size,
        payment=periods[grace].interest + periods[grace].principal if loan.repayment == "annuity" else None,
        upfront_fee=loan.upfront_fee * amount,
        years=(*years[:-1], _closed(years[-1], last)),
        all_in_rate_ea=_all_in(loan, periods, amount),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Period:
    opening: float
    interest: float
    principal: float
    capitalised: float

    @property
    def closing(self) -> float:
        return self.opening - self.principal + self.capitalised


def _periods(loan: LoanChoice, rate_ea: float, amount: float) -> list[_Period]:
    """Return the loan's periods; principal repaid in period k of n is what leaves a balance of zero after n."""
    rate = periodic_rate(rate_ea, loan.payments_per_year)
    total = loan.tenor_months * loan.payments_per_year // MONTHS_PER_YEAR
    grace = loan.grace_months * loan.payments_per_year // MONTHS_PER_YEAR
    found: list[_Period] = []
    balance = amount
    for number in range(total):
        interest = balance * rate
        if number < grace:
            added = interest if loan.grace_interest == "capitalised" else 0.0
            found.append(_Period(opening=balance, interest=interest - added, principal=0.0, capitalised=added))
        else:
            left = total - number
            equal = balance * crf(rate, left) - interest if loan.repayment == "annuity" else balance / left
            found.append(_Period(opening=balance, interest=interest, principal=equal, capitalised=0.0))
        balance = found[-1].closing
    return found


def _year(year: int, periods: Sequence[_Period], annual_fee: float) -> LoanYear:
    opening = periods[0].opening
    return LoanYear(
        year=year,
        opening=opening,
        interest=fsum(period.interest for period in periods),
        principal=fsum(period.principal for period in periods),
        fees=annual_fee * opening,
        capitalised=fsum(period.capitalised for period in periods),
        closing=periods[-1].closing,
    )


def _closed(year: LoanYear, last: _Period) -> LoanYear:
    """Return the last year with a balance of exactly zero: what stands there is rounding."""
    return LoanYear(
        year=year.year,
        opening=year.opening,
        interest=year.interest,
        principal=year.principal + last.closing,
        fees=year.fees,
        capitalised=year.capitalised,
        closing=0.0,
    )


def _all_in(loan: LoanChoice, periods: Sequence[_Period], amount: float) -> float | None:
    """Return the effective annual rate of the money received and paid, fees at the start of their years."""
    size = loan.payments_per_year
    flow = [amount * (1.0 - loan.upfront_fee)] + [-(period.interest + period.principal) for period in periods]
    for start in range(0, len(periods), size):
        flow[start] -= loan.annual_fee * periods[start].opening
    if flow[0] <= 0:
        return None
    # One change of sign, so one rate; a search costs less than the roots of a polynomial of hundreds of months.
    rate = float(brentq(lambda one: npv(one, flow), *_BRACKET, xtol=1e-14))
    return float((1.0 + rate) ** size - 1.0)


def _check(loan: LoanChoice) -> None:
    step = MONTHS_PER_YEAR // loan.payments_per_year
    found = [
        Problem(key="finance_loan_periods", field=f"financing.loan.{name}", value=str(months), params={"months": step})
        for name, months in (("tenor_months", loan.tenor_months), ("grace_months", loan.grace_months))
        if months % step
    ]
    if loan.grace_months >= loan.tenor_months:
        given = f"{loan.grace_months} >= {loan.tenor_months}"
        found.append(Problem(key="finance_loan_grace", field="financing.loan.grace_months", value=given))
    if found:
        raise InputError(found)
