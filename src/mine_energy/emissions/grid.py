"""Scope 2 by both methods on gross imports.

GHG Protocol Scope 2 Guidance (2015): electricity that is bought counts whole, hour by hour; what flows back later does
not reduce it. The market-based method takes instruments in their order and falls back to the grid average where no
residual mix exists, and says so.
"""

from dataclasses import dataclass
from typing import cast, get_args

import numpy.typing as npt

from mine_energy.emissions.amounts import energies, tonnes, total_kwh
from mine_energy.emissions.certificates import CertificateCheck
from mine_energy.emissions.factors import Factor, FactorKind, GwpSet, factor_band, load_factor, require
from mine_energy.emissions.hourly import HourlyFactor, HourlyScope2, hourly_scope2
from mine_energy.emissions.market import MarketBasis, MarketClaims, MarketLine, market_based
from mine_energy.errors import Finding, InputError, MissingData, Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope2Result:
    """Scope 2 of one year.

    Parameters
    ----------
    country, activity_year, factor_year
        Where, and of which years: the consumption's and the factor's may differ.
    import_kwh
        Gross imports.
    location_t_co2e, market_t_co2e
        Both methods, always.
    location_factor, market_factor
        The grid average, and what the energy without instrument took by the market-based method. None only where
        nothing is bought from a grid (:func:`no_purchases`).
    market_basis
        Which that is: ``supplier``, ``residual_mix``, ``location_average`` where the country has none; ``none`` where
        nothing is bought.
    low_t_co2e, high_t_co2e
        The same imports with the lowest and highest published annual factor: a wet and a dry year. None where fewer
        than two years are published.
    low_factor, high_factor
        Those factors.
    findings
        Third-party figures, years that differ, the missing residual mix, instruments that failed a check.
    market_lines
        Every part of the consumption with its instrument.
    certificate_checks
        Of every certificate, also of those that failed.
    hourly
        The same imports with an hourly factor, where one was given.
    """

    country: str
    activity_year: int
    factor_year: int
    import_kwh: float
    location_t_co2e: float
    market_t_co2e: float
    location_factor: Factor | None
    market_factor: Factor | None
    market_basis: MarketBasis
    low_t_co2e: float | None
    high_t_co2e: float | None
    low_factor: Factor | None
    high_factor: Factor | None
    findings: tuple[Finding, ...]
    market_lines: tuple[MarketLine, ...] = ()
    certificate_checks: tuple[CertificateCheck, ...] = ()
    hourly: HourlyScope2 | None = None


def scope2(
    import_kwh: npt.ArrayLike,
    location_factor: Factor,
    *,
    country: str,
    activity_year: int,
    residual_mix: Factor | None = None,
    claims: MarketClaims | None = None,
    hourly: HourlyFactor | None = None,
) -> Scope2Result:
    """Return Scope 2 of a year of imports, location-based and market-based.

    Parameters
    ----------
    import_kwh
        Gross imports by hour (or any interval), kWh; never negative and never net of exports.
    location_factor
        Of kind ``location_average`` and of this country.
    country
        ISO 3166 code of the grid.
    activity_year
        Year of the consumption.
    residual_mix
        Of kind ``residual_mix``, where the country has one (:func:`residual_mix_of`).
    claims
        Certificates, contracts, the supplier's rate, own certificates sold.
    hourly
        A series of factors, one for each step of the imports; an extra that changes no official figure.

    Returns
    -------
    Scope2Result

    Raises
    ------
    FactorKindError
        A factor of another kind or country.
    InputError
        Negative or missing imports, malformed instruments.

    References
    ----------
    GHG Protocol Scope 2 Guidance (2015), chapters 5 to 7 and table 6.3.
    """
    require(location_factor, (FactorKind.LOCATION_AVERAGE,), country)
    if residual_mix is not None:
        require(residual_mix, (FactorKind.RESIDUAL_MIX,), country)
    imports = energies(import_kwh, "import_kwh")
    total = total_kwh(imports, "import_kwh")
    market = market_based(total, location_factor, residual_mix, claims, activity_year)
    band = published_band(location_factor)
    return Scope2Result(
        country=country,
        activity_year=activity_year,
        factor_year=location_factor.year,
        import_kwh=total,
        location_t_co2e=tonnes(total, location_factor),
        market_t_co2e=market.t_co2e,
        location_factor=location_factor,
        market_factor=market.factor,
        market_basis=market.basis,
        low_t_co2e=tonnes(total, band[0]) if band else None,
        high_t_co2e=tonnes(total, band[1]) if band else None,
        low_factor=band[0] if band else None,
        high_factor=band[1] if band else None,
        findings=(*_findings(location_factor, residual_mix, country, activity_year), *market.findings),
        market_lines=market.lines,
        certificate_checks=market.checks,
        hourly=None if hourly is None else hourly_scope2(imports, hourly, location_factor),
    )


def no_purchases(import_kwh: npt.ArrayLike, *, country: str, activity_year: int) -> Scope2Result:
    """Return the Scope 2 of a plant without a grid: zero tonnes, and no factor that it would not use.

    Parameters
    ----------
    import_kwh
        Shown to be zero.
    country, activity_year
        As in :func:`scope2`.

    Raises
    ------
    InputError
        Something is bought: then a factor is needed.
    """
    total = total_kwh(import_kwh, "import_kwh")
    if total > 0:
        raise InputError([Problem(key="emissions_purchases_need_factor", field="import_kwh", value=str(total))])
    return Scope2Result(
        country=country,
        activity_year=activity_year,
        factor_year=activity_year,
        import_kwh=0.0,
        location_t_co2e=0.0,
        market_t_co2e=0.0,
        location_factor=None,
        market_factor=None,
        market_basis="none",
        low_t_co2e=None,
        high_t_co2e=None,
        low_factor=None,
        high_factor=None,
        findings=(Finding(key="emissions_no_purchases", level="info"),),
    )


def residual_mix_of(country: str, year: int) -> Factor | None:
    """Return a country's residual mix of a year, or None where none is published."""
    try:
        return load_factor(country=country, kind=FactorKind.RESIDUAL_MIX, year=year)
    except MissingData:
        return None


def published_band(factor: Factor) -> tuple[Factor, Factor] | None:
    """Return the lowest and highest published annual average of a factor's country, None with fewer than two years."""
    # Where the set is not published there are no gases to recompute, so that any choice gives the same figures.
    gwp_set = cast("GwpSet", factor.gwp_set) if factor.gwp_set in get_args(GwpSet) else "AR5"
    try:
        low, high = factor_band(country=factor.country, kind=FactorKind.LOCATION_AVERAGE, gwp_set=gwp_set)
    except MissingData:
        return None
    return (low, high) if low.year != high.year else None


def _findings(location: Factor, residual_mix: Factor | None, country: str, activity_year: int) -> tuple[Finding, ...]:
    found = [*location.findings]
    if residual_mix is None:
        found.append(Finding(key="emissions_no_residual_mix", level="warning", params={"country": country}))
    if location.year != activity_year:
        params = {"factor_year": location.year, "activity_year": activity_year}
        found.append(Finding(key="emissions_factor_year", level="warning", params=params))
    return tuple(found)
