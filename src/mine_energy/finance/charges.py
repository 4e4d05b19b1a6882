"""What a purchase pays beside price and VAT: customs duty and a certificate, as the user quotes them, none assumed."""

from collections.abc import Sequence
from math import fsum

from mine_energy.errors import Finding
from mine_energy.finance.stream import Stream
from mine_energy.site.financing import TaxChoice


def duty_of(streams: Sequence[Stream], tax: TaxChoice) -> float:
    """Return the customs duty on what is bought, in the currency of the capex lines.

    A tariff's rate holds for the value at the border, of what comes from abroad; a share of a turnkey price is known to
    its importer alone. So there is no default.

    Parameters
    ----------
    streams
        What is bought; amounts without VAT and duty.
    tax
        Shares by capex line.
    """
    return fsum(tax.duty_lines.get(line.key, 0.0) * line.amount for stream in streams for line in stream.capex)


def certificate_cost(streams: Sequence[Stream], tax: TaxChoice) -> float:
    """Return what a requested certificate of tax benefits costs, where something is bought that it covers.

    One that is granted is paid for already, whatever comes of the project.
    """
    covered = any(stream.key in tax.eligible and stream.investment > 0 for stream in streams)
    return tax.certificate_cost or 0.0 if covered and tax.certificate == "requested" else 0.0


def charges_findings(streams: Sequence[Stream], tax: TaxChoice) -> tuple[Finding, ...]:
    """Return which of the two nobody quoted, and duties on what is not bought."""
    missing = tax.certificate == "requested" and tax.certificate_cost is None
    uncosted = (Finding(key="finance_no_certificate_cost", level="assumption"),) if missing else ()
    return (*_duty_findings(streams, tax), *uncosted)


def _duty_findings(streams: Sequence[Stream], tax: TaxChoice) -> tuple[Finding, ...]:
    if not any(stream.capex for stream in streams):
        return ()
    if not tax.duty_lines:
        return (Finding(key="finance_no_duty", level="assumption"),)
    bought = {line.key for stream in streams for line in stream.capex}
    unused = [key for key in tax.duty_lines if key not in bought]
    params = {"keys": ", ".join(unused), "bought": ", ".join(sorted(bought))}
    return (Finding(key="finance_duty_unused", level="warning", params=params),) if unused else ()
