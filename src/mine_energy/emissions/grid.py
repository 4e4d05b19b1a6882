"""Scope 2 by both methods on gross imports, and what exports avoid, which is never added to it.

GHG Protocol Scope 2 Guidance (2015): electricity that is bought counts whole, hour by hour; what flows back later does
not reduce it. The market-based method falls back to the grid average where no residual mix exists, and says so.
"""

from dataclasses import dataclass
from math import fsum
from typing import Literal, cast, get_args

import numpy as np
import numpy.typing as npt

from mine_energy.emissions.factors import Factor, FactorKind, GwpSet, factor_band, latest_factor, load_factor, require
from mine_energy.errors import Finding, InputError, MissingData, Problem
from mine_energy.site import EmissionsChoice
from mine_energy.units import KWH_PER_MWH

_MARGINS = (FactorKind.CM_WIND_SOLAR, FactorKind.CM_UNSPECIFIED, FactorKind.OPERATING_MARGIN)


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
        What they were computed with.
    market_basis
        ``residual_mix``, or ``location_average`` where the country has none.
    low_t_co2e, high_t_co2e
        The same imports with the lowest and highest published annual factor: a wet and a dry year. None where fewer
        than two years are published.
    low_factor, high_factor
        Those factors.
    findings
        Third-party figures, years that differ, the missing residual mix.
    """

    country: str
    activity_year: int
    factor_year: int
    import_kwh: float
    location_t_co2e: float
    market_t_co2e: float
    location_factor: Factor
    market_factor: Factor
    market_basis: Literal["residual_mix", "location_average"]
    low_t_co2e: float | None
    high_t_co2e: float | None
    low_factor: Factor | None
    high_factor: Factor | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AvoidedEmissions:
    """Emissions avoided elsewhere on the grid, with a margin factor: another quantity than Scope 2.

    It is no reduction of anybody's Scope 2 and cannot be added to it: this class has no arithmetic, and none of the
    fields of :class:`Scope2Result`.

    Parameters
    ----------
    basis
        ``exports``, or ``project``: all PV energy that displaces the grid (ISO 14064-2; contains the first).
    energy_kwh
        Energy of that basis.
    avoided_t_co2e
        With `factor`.
    low_avoided_t_co2e, high_avoided_t_co2e
        With the lowest and highest published margin of any year; the last dry year is no forecast.
    factor, low_factor, high_factor
        The margins.
    findings
        Letters and years of the margins.
    """

    basis: Literal["exports", "project"]
    energy_kwh: float
    avoided_t_co2e: float
    low_avoided_t_co2e: float
    high_avoided_t_co2e: float
    factor: Factor
    low_factor: Factor
    high_factor: Factor
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Footprint:
    """Scope 2 among the other scopes.

    Parameters
    ----------
    basis
        ``tonnes``: the site states Scopes 1 and 3; ``published_shares``: it states shares only.
    scope1_t_co2e, scope2_t_co2e, scope3_t_co2e, total_t_co2e
        Tonnes; None where shares do not give them. With shares, the total is the one they imply.
    scope2_share, scope3_share
        Of the total.
    """

    basis: Literal["tonnes", "published_shares"]
    scope1_t_co2e: float | None
    scope2_t_co2e: float
    scope3_t_co2e: float | None
    total_t_co2e: float | None
    scope2_share: float | None
    scope3_share: float | None


def scope2(
    import_kwh: npt.ArrayLike,
    location_factor: Factor,
    *,
    country: str,
    activity_year: int,
    residual_mix: Factor | None = None,
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

    Returns
    -------
    Scope2Result

    Raises
    ------
    FactorKindError
        A factor of another kind or country.
    InputError
        Negative or missing imports.

    References
    ----------
    GHG Protocol Scope 2 Guidance (2015), chapters 5 to 7 and table 6.3.
    """
    require(location_factor, (FactorKind.LOCATION_AVERAGE,), country)
    if residual_mix is not None:
        require(residual_mix, (FactorKind.RESIDUAL_MIX,), country)
    total = _sum(import_kwh, "import_kwh")
    market = residual_mix or location_factor
    band = _band(location_factor, country)
    return Scope2Result(
        country=country,
        activity_year=activity_year,
        factor_year=location_factor.year,
        import_kwh=total,
        location_t_co2e=_tonnes(total, location_factor),
        market_t_co2e=_tonnes(total, market),
        location_factor=location_factor,
        market_factor=market,
        market_basis="location_average" if residual_mix is None else "residual_mix",
        low_t_co2e=_tonnes(total, band[0]) if band else None,
        high_t_co2e=_tonnes(total, band[1]) if band else None,
        low_factor=band[0] if band else None,
        high_factor=band[1] if band else None,
        findings=_scope2_findings(location_factor, residual_mix, country, activity_year),
    )


def residual_mix_of(country: str, year: int) -> Factor | None:
    """Return a country's residual mix of a year, or None where none is published."""
    try:
        return load_factor(country=country, kind=FactorKind.RESIDUAL_MIX, year=year)
    except MissingData:
        return None


def avoided_exports(exports_kwh: npt.ArrayLike, margin_factor: Factor, *, country: str) -> AvoidedEmissions:
    """Return what exported energy avoids on the grid.

    Parameters
    ----------
    exports_kwh
        By hour (or any interval), kWh.
    margin_factor
        A combined margin for wind and solar or of unspecified use, or an operating margin (:func:`margin_factor_of`).
    country
        ISO 3166 code of the grid.

    Raises
    ------
    FactorKindError
        An average, life-cycle or foreign factor.
    """
    return _avoided("exports", exports_kwh, margin_factor, country)


def avoided_project(pv_kwh: npt.ArrayLike, margin_factor: Factor, *, country: str) -> AvoidedEmissions:
    """Return what a project's PV energy, used and exported, avoids on the grid (ISO 14064-2).

    It contains what the exports avoid and overlaps the cut of Scope 2; only energy that displaces the grid counts.

    Parameters
    ----------
    pv_kwh
        Used and exported, by hour (or any interval), kWh.
    margin_factor, country
        See :func:`avoided_exports`.
    """
    return _avoided("project", pv_kwh, margin_factor, country)


def margin_factor_of(country: str, year: int) -> Factor:
    """Return the last margin for wind and solar up to a year.

    Raises
    ------
    MissingData
        None is packaged.
    """
    return latest_factor(country=country, kind=FactorKind.CM_WIND_SOLAR, not_after=year)


def footprint(scope2_t_co2e: float, choice: EmissionsChoice) -> Footprint | None:
    """Return Scope 2 as a share of the whole footprint, or None when the site says nothing about the rest.

    Parameters
    ----------
    scope2_t_co2e
        Location-based.
    choice
        The site's section: tonnes of Scopes 1 and 3, or published shares.
    """
    one, three = choice.scope1_t_co2e, choice.scope3_t_co2e
    if one is not None and three is not None:
        total = one + scope2_t_co2e + three
        return Footprint(
            basis="tonnes",
            scope1_t_co2e=one,
            scope2_t_co2e=scope2_t_co2e,
            scope3_t_co2e=three,
            total_t_co2e=total,
            scope2_share=scope2_t_co2e / total if total else None,
            scope3_share=three / total if total else None,
        )
    if choice.scope2_share is None:
        return None
    implied = scope2_t_co2e / choice.scope2_share if choice.scope2_share else None
    return Footprint(
        basis="published_shares",
        scope1_t_co2e=None,
        scope2_t_co2e=scope2_t_co2e,
        scope3_t_co2e=None if implied is None or choice.scope3_share is None else implied * choice.scope3_share,
        total_t_co2e=implied,
        scope2_share=choice.scope2_share,
        scope3_share=choice.scope3_share,
    )


def _avoided(
    basis: Literal["exports", "project"], energy_kwh: npt.ArrayLike, factor: Factor, country: str
) -> AvoidedEmissions:
    require(factor, _MARGINS, country)
    total = _sum(energy_kwh, f"{basis}_kwh")
    try:
        low, high = factor_band(country=country, kind=factor.kind)
    except MissingData:
        low = high = factor
    low, high = min(low, factor, key=lambda f: f.value), max(high, factor, key=lambda f: f.value)
    params = {"kind": factor.kind.value, "year": factor.year, "value": factor.value, "unit": factor.unit}
    return AvoidedEmissions(
        basis=basis,
        energy_kwh=total,
        avoided_t_co2e=_tonnes(total, factor),
        low_avoided_t_co2e=_tonnes(total, low),
        high_avoided_t_co2e=_tonnes(total, high),
        factor=factor,
        low_factor=low,
        high_factor=high,
        findings=(Finding(key="emissions_avoided_apart", level="info", params=params), *factor.findings),
    )


def _sum(energy_kwh: npt.ArrayLike, name: str) -> float:
    values = np.atleast_1d(np.asarray(energy_kwh, dtype=np.float64))
    bad = ~np.isfinite(values) | (values < 0)
    if bad.any():
        first = int(np.argmax(bad))
        params = {"position": first + 1}
        raise InputError([Problem(key="emissions_energy", field=name, value=str(values[first]), params=params)])
    return fsum(values)


def _tonnes(energy_kwh: float, factor: Factor) -> float:
    return energy_kwh / KWH_PER_MWH * factor.value


def _band(factor: Factor, country: str) -> tuple[Factor, Factor] | None:
    # Where the set is not published there are no gases to recompute, so that any choice gives the same figures.
    gwp_set = cast("GwpSet", factor.gwp_set) if factor.gwp_set in get_args(GwpSet) else "AR5"
    try:
        low, high = factor_band(country=country, kind=FactorKind.LOCATION_AVERAGE, gwp_set=gwp_set)
    except MissingData:
        return None
    return (low, high) if low.year != high.year else None


def _scope2_findings(
    location: Factor, residual_mix: Factor | None, country: str, activity_year: int
) -> tuple[Finding, ...]:
    found = [*location.findings]
    if residual_mix is None:
        found.append(Finding(key="emissions_no_residual_mix", level="warning", params={"country": country}))
    if location.year != activity_year:
        params = {"factor_year": location.year, "activity_year": activity_year}
        found.append(Finding(key="emissions_factor_year", level="warning", params=params))
    return tuple(found)
