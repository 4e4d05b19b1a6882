"""What the money is for, and where it comes from: two columns that add up to the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

from mine_energy.errors import InputError, Problem
from mine_energy.finance.loan import construction_interest
from mine_energy.finance.stream import Stream
from mine_energy.site.financing import FinancingChoice


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyLine:
    """One source or use of money."""

    key: str
    amount: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcesUses:
    """Sources and uses at t = 0.

    Parameters
    ----------
    currency
        Of the amounts.
    uses
        ``investment``, ``vat``, ``import_duty``, ``certificate``, ``contingency``, ``loan_fee``,
        ``construction_interest``; those of zero are left out.
    sources
        ``loan``, ``grant``, ``equity``.
    total
        Of either column.
    """

    currency: str
    uses: tuple[MoneyLine, ...]
    sources: tuple[MoneyLine, ...]
    total: float

    def use(self, key: str) -> float:
        """Return one use, zero where there is none."""
        return fsum(line.amount for line in self.uses if line.key == key)

    def source(self, key: str) -> float:
        """Return one source, zero where there is none."""
        return fsum(line.amount for line in self.sources if line.key == key)


def sources_and_uses(
    streams: Sequence[Stream],
    financing: FinancingChoice,
    *,
    currency: str,
    vat: float = 0.0,
    duty: float = 0.0,
    certificate: float = 0.0,
    per_loan_unit: float = 1.0,
) -> SourcesUses:
    """Return sources and uses; equity is what is left to pay.

    A loan stated as a share s of all uses, with a fee f and interest of construction i on its principal, is
    s x U = s x (B + (f + i) s U), B being all but the two: principal = s B / (1 - s (f + i)).

    Parameters
    ----------
    streams
        What is bought.
    financing
        Contingency, grant, loan.
    currency
        Of the result.
    vat, duty
        VAT to be paid on the purchase, where it is a cost, and customs duty.
    certificate
        Cost of the certificate of tax benefits.
    per_loan_unit
        Units of the result's currency per unit of the loan's.

    Raises
    ------
    InputError
        Loan and grant exceed the uses, or a loan states neither or both of amount and share.
    """
    investment = fsum(stream.investment for stream in streams)
    reserve = (financing.contingency or 0.0) * investment
    before_fee = investment + vat + duty + certificate + reserve
    loan = _principal(financing, before_fee, per_loan_unit)
    fee = loan * (financing.loan.upfront_fee if financing.loan else 0.0)
    building = loan * (construction_interest(financing.loan) if financing.loan else 0.0)
    total = before_fee + fee + building
    equity = total - loan - financing.grant
    if equity < -1e-9 * max(1.0, total):
        given = f"{loan + financing.grant:.2f} > {total:.2f}"
        raise InputError([Problem(key="finance_too_much_money", field="financing", value=given)])
    uses = (
        *(("investment", investment), ("vat", vat), ("import_duty", duty), ("certificate", certificate)),
        *(("contingency", reserve), ("loan_fee", fee), ("construction_interest", building)),
    )
    sources = (("loan", loan), ("grant", financing.grant), ("equity", max(0.0, equity)))
    return SourcesUses(
        currency=currency,
        uses=tuple(MoneyLine(key=key, amount=amount) for key, amount in uses if amount),
        sources=tuple(MoneyLine(key=key, amount=amount) for key, amount in sources if amount),
        total=total,
    )


def _principal(financing: FinancingChoice, before_fee: float, per_loan_unit: float) -> float:
    loan = financing.loan
    if loan is None:
        return 0.0
    if (loan.amount is None) == (loan.share is None):
        given = f"amount={loan.amount} share={loan.share}"
        raise InputError([Problem(key="finance_loan_amount", field="financing.loan.amount", value=given)])
    if loan.amount is not None:
        return loan.amount * per_loan_unit
    share = loan.share or 0.0
    return share * before_fee / (1.0 - share * (loan.upfront_fee + construction_interest(loan)))
