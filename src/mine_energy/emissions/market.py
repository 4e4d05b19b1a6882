"""The market-based method: which instrument answers for which kilowatt-hour.

GHG Protocol Scope 2 Guidance (2015), table 6.3: certificates, then contracts, then the supplier's own rate, then the
residual mix, then the grid average with the missing residual mix disclosed. No line is negative, and the lines of
purchased energy add up to the imports.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Literal

from mine_energy.emissions.amounts import tonnes, total_kwh
from mine_energy.emissions.certificates import (
    Buyer,
    Certificate,
    CertificateCheck,
    certificate_findings,
    check_certificates,
)
from mine_energy.emissions.factors import Factor, FactorKind, require
from mine_energy.errors import Finding

MarketBasis = Literal[
    "certificate",
    "contract",
    "supplier",
    "residual_mix",
    "location_average",
    "own_certificates_sold",
    "on_site_purchase",
    "none",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class EnergyContract:
    """A contract that sells energy with its attributes (a PPA), or without them.

    Parameters
    ----------
    name
        Of the contract.
    energy_kwh
        Delivered through the grid in the year.
    factor
        Of kind ``supplier`` and of the country.
    attributes_included
        Whether the attributes come with it; without them it makes no claim.
    """

    name: str
    energy_kwh: float
    factor: Factor
    attributes_included: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketClaims:
    """What a plant brings to the market-based method.

    Parameters
    ----------
    reporter
        As the retirements should name it.
    certificates, contracts, supplier
        Instruments in the order of the hierarchy; the supplier's factor is of kind ``supplier``, net of what it sold.
    own_sold_kwh
        Own generation used on site whose certificates were sold: it counts as if bought without attributes.
    grid
        Of the consumption, for the market of a certificate.
    """

    reporter: str
    certificates: tuple[Certificate, ...] = ()
    contracts: tuple[EnergyContract, ...] = ()
    supplier: Factor | None = None
    own_sold_kwh: float = 0.0
    grid: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketLine:
    """A part of the consumption, the instrument that answers for it and its tonnes."""

    basis: MarketBasis
    label: str
    energy_kwh: float
    t_co2e: float
    factor: Factor


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketResult:
    """The market-based side of Scope 2.

    Parameters
    ----------
    lines
        Those of purchased energy add up to the imports; own certificates sold come last, on top.
    t_co2e
        Sum of the lines.
    basis, factor
        What the energy without instrument took, also where none was left.
    checks
        Of every certificate.
    findings
        What did not pass.
    """

    lines: tuple[MarketLine, ...]
    t_co2e: float
    basis: MarketBasis
    factor: Factor
    checks: tuple[CertificateCheck, ...]
    findings: tuple[Finding, ...]


def market_based(
    import_kwh: float,
    location_factor: Factor,
    residual_mix: Factor | None,
    claims: MarketClaims | None,
    activity_year: int,
) -> MarketResult:
    """Return market-based Scope 2 of a year of gross imports.

    Parameters
    ----------
    import_kwh
        Gross imports.
    location_factor, residual_mix
        For what has no instrument: the residual mix, else the grid average.
    claims
        None where the plant brings none.
    activity_year
        Reporting year of the certificates.

    Raises
    ------
    FactorKindError
        A contract's or supplier's factor of another kind or country.
    InputError
        Malformed certificates, negative energies.
    """
    country = location_factor.country
    claims = claims or MarketClaims(reporter="")
    buyer = Buyer(name=claims.reporter, country=country, year=activity_year, grid=claims.grid)
    checks = check_certificates(claims.certificates, import_kwh, buyer)
    lines = [_certificate_line(check) for check in checks if check.covered_kwh > 0]
    left = import_kwh - fsum(line.energy_kwh for line in lines)
    contracts, findings = _contract_lines(claims.contracts, left, country)
    lines += contracts
    left = max(left - fsum(line.energy_kwh for line in contracts), 0.0)
    basis, factor = _rest(location_factor, residual_mix, claims.supplier)
    if left > 0 or not lines:
        lines.append(_line(basis, "", left, factor))
    sold = total_kwh(claims.own_sold_kwh, "own_sold_kwh")
    if sold > 0:
        lines.append(_line("own_certificates_sold", "", sold, residual_mix or location_factor))
    return MarketResult(
        lines=tuple(lines),
        t_co2e=fsum(line.t_co2e for line in lines),
        basis=basis,
        factor=factor,
        checks=checks,
        findings=(*certificate_findings(checks), *findings),
    )


def _rest(location: Factor, residual: Factor | None, supplier: Factor | None) -> tuple[MarketBasis, Factor]:
    if supplier is not None:
        require(supplier, (FactorKind.SUPPLIER,), location.country)
        return "supplier", supplier
    return ("location_average", location) if residual is None else ("residual_mix", residual)


def _contract_lines(
    contracts: Sequence[EnergyContract], left_kwh: float, country: str
) -> tuple[list[MarketLine], tuple[Finding, ...]]:
    lines, findings = list[MarketLine](), list[Finding]()
    for contract in contracts:
        require(contract.factor, (FactorKind.SUPPLIER,), country)
        delivered = total_kwh(contract.energy_kwh, contract.name)
        findings += _contract_findings(contract, left_kwh)
        covered = min(delivered, left_kwh) if contract.attributes_included else 0.0
        if covered > 0:
            lines.append(_line("contract", contract.name, covered, contract.factor))
            left_kwh -= covered
    return lines, tuple(findings)


def _contract_findings(contract: EnergyContract, left_kwh: float) -> Iterator[Finding]:
    if not contract.attributes_included:
        yield Finding(key="emissions_contract_no_attributes", level="warning", subject=contract.name)
    elif contract.energy_kwh > left_kwh:
        params = {"surplus_kwh": contract.energy_kwh - left_kwh}
        yield Finding(key="emissions_contract_surplus", level="warning", subject=contract.name, params=params)


def _certificate_line(check: CertificateCheck) -> MarketLine:
    item = check.certificate
    factor = Factor(
        value=item.t_co2e_per_mwh or 0.0,
        unit="tCO2e/MWh",
        kind=FactorKind.SUPPLIER,
        method="certificate",
        country=item.country,
        grid=item.grid,
        year=item.vintage_end.year,
        gases="not published",
        gwp_set="not published",
        source=f"{item.system} {item.id}",
        confidence="user",
        note=item.evidence,
    )
    return _line("certificate", f"{item.system} {item.id}", check.covered_kwh, factor)


def _line(basis: MarketBasis, label: str, energy_kwh: float, factor: Factor) -> MarketLine:
    return MarketLine(basis=basis, label=label, energy_kwh=energy_kwh, t_co2e=tonnes(energy_kwh, factor), factor=factor)
