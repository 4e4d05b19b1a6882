"""Energy attribute certificates: what each must show before it may lower the market-based figure.

The checks follow the quality criteria of the GHG Protocol Scope 2 Guidance (2015), table 7.1: the emission rate goes
with the certificate, nobody else claims it, it is retired for the reporter, its vintage is near the consumption and it
comes from the same market. A certificate that fails one covers nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import isfinite
from typing import Literal

from mine_energy import catalog
from mine_energy.errors import Finding, InputError, MissingData, Param, Problem
from mine_energy.units import KWH_PER_MWH, MONTHS_PER_YEAR

_TABLE = "emissions/assumptions.csv"
Status = Literal["pass", "warn", "fail"]
Criterion = Literal["rate", "vintage", "country", "market", "retirement", "exclusive", "volume", "cost"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """One certificate or batch of certificates, as its registry states it.

    Parameters
    ----------
    id, system
        Number or batch, and the registry's system: ``I-REC``, ``EcoGox``.
    country, grid
        Of the generation; the grid may be empty.
    energy_kwh
        Certified generation.
    vintage_start, vintage_end
        First and last day of the generation.
    t_co2e_per_mwh
        Emission rate that it conveys; None where it does not say.
    retired_on, retired_for
        Day and beneficiary of its retirement; None and empty where it is not retired.
    exclusive
        Whether nobody else claims the same generation (no sale in parallel, no bundled product); None when unstated.
    serial_from, serial_to
        Range of numbers, where the registry gives one; overlapping ranges of one system are the same energy twice.
    price_usd_per_mwh, fees_usd
        Price, and registry and account fees together; None when unknown.
    technology, evidence
        ``hydro`` ..., and the document that shows the retirement.
    """

    id: str
    system: str
    country: str
    energy_kwh: float
    vintage_start: date
    vintage_end: date
    grid: str = ""
    t_co2e_per_mwh: float | None = None
    retired_on: date | None = None
    retired_for: str = ""
    exclusive: bool | None = None
    serial_from: int | None = None
    serial_to: int | None = None
    price_usd_per_mwh: float | None = None
    fees_usd: float | None = None
    technology: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One criterion of one certificate; ``reason`` is empty where it passes."""

    criterion: Criterion
    status: Status
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateCost:
    """What a certificate costs, USD.

    Parameters
    ----------
    price_usd, low_usd, high_usd
        Energy times price; the range is that of the packaged price, equal to it where the user gave one.
    fees_usd
        Registry and account; None when not stated, and then not in the total.
    total_usd
        Price and stated fees.
    source, year, confidence
        Of the price.
    """

    price_usd: float
    low_usd: float
    high_usd: float
    fees_usd: float | None
    total_usd: float
    source: str
    year: str
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateCheck:
    """A certificate with its checks and what it covers.

    Parameters
    ----------
    certificate, checks
        What was looked at, criterion by criterion.
    status
        The worst of the checks.
    covered_kwh
        Consumption that it covers: nothing when it fails, never more than was left.
    surplus_kwh
        Of a certificate that does not fail, what exceeds the consumption; it covers nothing.
    cost
        None where no price is known.
    """

    certificate: Certificate
    checks: tuple[Check, ...]
    status: Status
    covered_kwh: float
    surplus_kwh: float
    cost: CertificateCost | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """Who claims, where and for which calendar year.

    Parameters
    ----------
    name
        The reporter, as the retirement should name it.
    country, grid
        Of the consumption.
    year
        Reporting year.
    """

    name: str
    country: str
    year: int
    grid: str = ""


def check_certificates(
    certificates: Sequence[Certificate], import_kwh: float, buyer: Buyer
) -> tuple[CertificateCheck, ...]:
    """Return every certificate checked, in the order given; together they never cover more than the imports.

    Parameters
    ----------
    certificates
        In the order in which they are used.
    import_kwh
        Gross imports of the reporting year.
    buyer
        Who claims.

    Raises
    ------
    InputError
        An energy, price or rate that is negative or missing, or a vintage that ends before it starts.
    """
    problems = [problem for item in certificates for problem in _malformed(item)]
    if problems:
        raise InputError(problems)
    left, seen, found = import_kwh, list[Certificate](), list[CertificateCheck]()
    for item in certificates:
        checked = _checked(item, left, buyer, seen)
        left -= checked.covered_kwh
        if checked.status != "fail":
            seen.append(item)
        found.append(checked)
    return tuple(found)


def certificate_findings(checks: Sequence[CertificateCheck]) -> tuple[Finding, ...]:
    """Return one finding for each check that did not pass, and one for each price that nobody gave."""
    found = []
    for checked in checks:
        name = f"{checked.certificate.system} {checked.certificate.id}"
        reasons = dict.fromkeys(check.reason for check in checked.checks if check.status != "pass")
        for reason in reasons:
            key = f"emissions_certificate_{reason}"
            found.append(Finding(key=key, level="warning", subject=name, params=_params(checked)))
    return tuple(found)


def vintage_window(year: int) -> tuple[date, date]:
    """Return the first and last day of a vintage that is still near a calendar year: 6 months before, 3 after."""
    before = int(catalog.sourced(_TABLE, "vintage_months_before").value)
    after = int(catalog.sourced(_TABLE, "vintage_months_after").value)
    first = date(year - 1, MONTHS_PER_YEAR - before + 1, 1)
    return first, date(year + 1, after + 1, 1) - timedelta(days=1)


def certificate_cost(item: Certificate, country: str) -> CertificateCost | None:
    """Return the cost of a certificate: the user's price, or the packaged one of the country with its range.

    Parameters
    ----------
    item
        The certificate.
    country
        ISO 3166 code whose packaged price may stand in; None is returned where there is none.
    """
    mwh = item.energy_kwh / KWH_PER_MWH
    if item.price_usd_per_mwh is not None:
        low = price = high = item.price_usd_per_mwh
        source, year, confidence = "site file", "", "user"
    else:
        try:
            found = catalog.finance_default("irec_price", country)
        except MissingData:
            return None
        low, price, high = found.low.value, found.default.value, found.high.value
        source, year, confidence = found.default.source, found.default.year, found.default.confidence
    return CertificateCost(
        price_usd=mwh * price,
        low_usd=mwh * low,
        high_usd=mwh * high,
        fees_usd=item.fees_usd,
        total_usd=mwh * price + (item.fees_usd or 0.0),
        source=source,
        year=year,
        confidence=confidence,
    )


def _checked(item: Certificate, left_kwh: float, buyer: Buyer, seen: Sequence[Certificate]) -> CertificateCheck:
    cost = certificate_cost(item, buyer.country)
    checks = (
        _rate(item),
        _vintage(item, buyer.year),
        Check(criterion="country", status="pass")
        if item.country == buyer.country
        else Check(criterion="country", status="fail", reason="foreign"),
        _market(item, buyer),
        _retirement(item, buyer),
        _exclusive(item, seen),
        Check(criterion="volume", status="pass")
        if item.energy_kwh <= left_kwh
        else Check(criterion="volume", status="warn", reason="surplus"),
        _cost(item, cost),
    )
    worst: Status = max((check.status for check in checks), key=_SEVERITY.index)
    covered = 0.0 if worst == "fail" else min(item.energy_kwh, max(left_kwh, 0.0))
    return CertificateCheck(
        certificate=item,
        checks=checks,
        status=worst,
        covered_kwh=covered,
        surplus_kwh=0.0 if worst == "fail" else item.energy_kwh - covered,
        cost=cost,
    )


_SEVERITY: tuple[Status, ...] = ("pass", "warn", "fail")


def _rate(item: Certificate) -> Check:
    if item.t_co2e_per_mwh is None:
        return Check(criterion="rate", status="fail", reason="no_rate")
    return Check(criterion="rate", status="pass")


def _vintage(item: Certificate, year: int) -> Check:
    if item.vintage_start.year == item.vintage_end.year == year:
        return Check(criterion="vintage", status="pass")
    first, last = vintage_window(year)
    if first <= item.vintage_start and item.vintage_end <= last:
        return Check(criterion="vintage", status="warn", reason="vintage_near")
    return Check(criterion="vintage", status="fail", reason="vintage_far")


def _market(item: Certificate, buyer: Buyer) -> Check:
    if item.country != buyer.country:
        return Check(criterion="market", status="fail", reason="foreign")
    if item.grid and buyer.grid and _plain(item.grid) != _plain(buyer.grid):
        return Check(criterion="market", status="fail", reason="other_market")
    return Check(criterion="market", status="pass")


def _retirement(item: Certificate, buyer: Buyer) -> Check:
    if item.retired_on is None:
        return Check(criterion="retirement", status="fail", reason="not_retired")
    if not item.retired_for.strip():
        return Check(criterion="retirement", status="fail", reason="no_beneficiary")
    if _plain(item.retired_for) != _plain(buyer.name):
        return Check(criterion="retirement", status="fail", reason="other_beneficiary")
    if item.retired_on < item.vintage_start:
        return Check(criterion="retirement", status="fail", reason="retired_early")
    return Check(criterion="retirement", status="pass")


def _exclusive(item: Certificate, seen: Sequence[Certificate]) -> Check:
    if any(_same_energy(item, other) for other in seen):
        return Check(criterion="exclusive", status="fail", reason="twice")
    if item.exclusive is None:
        return Check(criterion="exclusive", status="warn", reason="exclusive_unstated")
    if not item.exclusive:
        return Check(criterion="exclusive", status="fail", reason="not_exclusive")
    return Check(criterion="exclusive", status="pass")


def _cost(item: Certificate, cost: CertificateCost | None) -> Check:
    if cost is None:
        return Check(criterion="cost", status="warn", reason="unknown_price")
    if item.price_usd_per_mwh is None:
        return Check(criterion="cost", status="warn", reason="no_price")
    if item.fees_usd is None:
        return Check(criterion="cost", status="warn", reason="no_fees")
    return Check(criterion="cost", status="pass")


def _same_energy(item: Certificate, other: Certificate) -> bool:
    if _plain(item.system) != _plain(other.system):
        return False
    if None in (item.serial_from, item.serial_to, other.serial_from, other.serial_to):
        return item.id == other.id
    first, last = item.serial_from or 0, item.serial_to or 0
    return first <= (other.serial_to or 0) and (other.serial_from or 0) <= last


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _params(checked: CertificateCheck) -> dict[str, Param]:
    item = checked.certificate
    return {
        "country": item.country,
        "grid": item.grid or item.country,
        "first": item.vintage_start.isoformat(),
        "last": item.vintage_end.isoformat(),
        "beneficiary": item.retired_for,
        "surplus_kwh": checked.surplus_kwh,
        "price_usd_per_mwh": 0.0 if checked.cost is None else checked.cost.price_usd / (item.energy_kwh / KWH_PER_MWH),
        "source": "-" if checked.cost is None else checked.cost.source,
    }


def _malformed(item: Certificate) -> list[Problem]:
    figures = {
        "energy_kwh": item.energy_kwh,
        "t_co2e_per_mwh": item.t_co2e_per_mwh,
        "price_usd_per_mwh": item.price_usd_per_mwh,
        "fees_usd": item.fees_usd,
    }
    problems = [
        Problem(key="emissions_certificate_figure", field=f"{item.id}.{name}", value=str(value))
        for name, value in figures.items()
        if value is not None and not (isfinite(value) and value >= 0)
    ]
    if item.energy_kwh == 0:
        problems.append(Problem(key="emissions_certificate_figure", field=f"{item.id}.energy_kwh", value="0"))
    if item.vintage_end < item.vintage_start:
        value = f"{item.vintage_start.isoformat()} .. {item.vintage_end.isoformat()}"
        problems.append(Problem(key="emissions_certificate_dates", field=f"{item.id}.vintage_end", value=value))
    if item.serial_from is not None and item.serial_to is not None and item.serial_to < item.serial_from:
        value = f"{item.serial_from} .. {item.serial_to}"
        problems.append(Problem(key="emissions_certificate_dates", field=f"{item.id}.serial_to", value=value))
    return problems
