"""VAT of an investment, line by line, with and without the certificate."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum
from typing import Literal

from mine_energy.finance.assumptions import Assumption
from mine_energy.finance.rules import ruled
from mine_energy.finance.stream import Stream
from mine_energy.finance.tax_terms import TaxTerms
from mine_energy.site.financing import TaxChoice


@dataclass(frozen=True, slots=True, kw_only=True)
class VatLine:
    """VAT of one capex line.

    Parameters
    ----------
    stream, key, subject
        Which line.
    amount
        Without VAT.
    rate
        That applies without a certificate.
    vat
        Without a certificate.
    excluded
        Whether the certificate takes it away.
    """

    stream: str
    key: str
    subject: str
    amount: float
    rate: float
    vat: float
    excluded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VatResult:
    """VAT of the whole investment.

    Parameters
    ----------
    treatment
        ``not_counted`` (capex is without VAT and nothing more is said of it), ``paid`` or ``recovered``.
    lines
        Of every capex line.
    charged, excluded
        What sellers charge, and what the certificate saves.
    cost
        What stays with the owner: what is charged, where VAT is neither left out nor recovered.
    assumptions
        The rate, where nobody stated it.
    """

    treatment: Literal["not_counted", "paid", "recovered"]
    lines: tuple[VatLine, ...]
    charged: float
    excluded: float
    cost: float
    assumptions: tuple[Assumption, ...]


def vat_of(streams: Sequence[Stream], tax: TaxChoice, terms: TaxTerms, country: str) -> VatResult:
    """Return the VAT of an investment; capex lines are without it.

    Parameters
    ----------
    streams
        What is bought.
    tax
        Treatment and rates.
    terms
        Whether the certificate takes it away, and of which streams.
    country
        ISO 3166 code: whose general rate.

    Raises
    ------
    MissingData
        No general rate for the country.
    """
    if tax.vat == "not_counted" and not tax.vat_exclusion:
        return VatResult(treatment=tax.vat, lines=(), charged=0.0, excluded=0.0, cost=0.0, assumptions=())
    general = ruled("vat_rate", country, tax.vat_rate)
    lines = tuple(
        VatLine(
            stream=stream.key,
            key=line.key,
            subject=line.subject,
            amount=line.amount,
            rate=(rate := tax.vat_lines.get(line.key, general.value)),
            vat=rate * line.amount,
            excluded=terms.vat_excluded and stream.key in terms.eligible,
        )
        for stream in streams
        for line in stream.capex
    )
    charged = fsum(line.vat for line in lines if not line.excluded)
    return VatResult(
        treatment=tax.vat,
        lines=lines,
        charged=charged,
        excluded=fsum(line.vat for line in lines if line.excluded),
        cost=charged if tax.vat == "paid" else 0.0,
        assumptions=(general,),
    )
