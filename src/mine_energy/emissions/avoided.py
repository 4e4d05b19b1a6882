"""What PV avoids elsewhere on the grid, with a margin factor: printed beside Scope 2, never added to it."""

from dataclasses import dataclass
from math import fsum
from statistics import median
from typing import Literal

import numpy.typing as npt

from mine_energy.emissions.amounts import tonnes, total_kwh
from mine_energy.emissions.factors import (
    Factor,
    FactorKind,
    factor_band,
    latest_factor,
    load_factors,
    require,
)
from mine_energy.emissions.grid import Scope2Result
from mine_energy.errors import Finding, InputError, MissingData, Param, Problem
from mine_energy.units import KWH_PER_MWH

_MARGINS = (FactorKind.CM_WIND_SOLAR, FactorKind.CM_UNSPECIFIED, FactorKind.OPERATING_MARGIN)
Claim = Literal["own", "transferred"]


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
    claim
        ``transferred`` where the certificates of the energy were sold: the buyer claims it, not the plant.
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
    claim: Claim = "own"


@dataclass(frozen=True, slots=True, kw_only=True)
class CarbonLines:
    """The three lines that stand apart and are never added.

    Parameters
    ----------
    scope2_cut_t, scope2_cut_market_t
        Scope 2 of one state minus another's, location-based and market-based, t CO2e.
    avoided_exports_t
        Exports times margin, t CO2e; None without a grid.
    avoided_project_t
        Used and exported times margin, t CO2e: contains the second line and overlaps the first.
    claim
        Whose the two avoided lines are.
    findings
        That they are never added, and a transferred claim.
    """

    scope2_cut_t: float
    scope2_cut_market_t: float
    avoided_exports_t: float | None
    avoided_project_t: float | None
    claim: Claim
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LifetimeAvoided:
    """Emissions avoided over the life of a plant, with the spread of the margins.

    Parameters
    ----------
    years, degradation, decline
        Life, yearly loss of yield, yearly fall of the margin as stated by the user.
    energy_kwh
        Over the life.
    low_t_co2e, central_t_co2e, high_t_co2e
        With the lowest, the median and the highest published margin.
    low_t_per_mwh, central_t_per_mwh, high_t_per_mwh
        Those margins, of the first year before any decline.
    factors
        The published margins that they come from, in the order of years.
    claim
        Whose it is.
    findings
        That a single year is no forecast; a decline that nobody stated.
    """

    years: int
    degradation: float
    decline: float
    energy_kwh: float
    low_t_co2e: float
    central_t_co2e: float
    high_t_co2e: float
    low_t_per_mwh: float
    central_t_per_mwh: float
    high_t_per_mwh: float
    factors: tuple[Factor, ...]
    claim: Claim
    findings: tuple[Finding, ...]


def avoided_exports(
    exports_kwh: npt.ArrayLike, margin_factor: Factor, *, country: str, certificates_sold: bool = False
) -> AvoidedEmissions:
    """Return what exported energy avoids on the grid.

    Parameters
    ----------
    exports_kwh
        By hour (or any interval), kWh.
    margin_factor
        A combined margin for wind and solar or of unspecified use, or an operating margin (:func:`margin_factor_of`).
    country
        ISO 3166 code of the grid.
    certificates_sold
        Whether the certificates of this energy were sold: the claim went with them.

    Raises
    ------
    FactorKindError
        An average, life-cycle or foreign factor.
    """
    return _avoided("exports", exports_kwh, margin_factor, country, certificates_sold)


def avoided_project(
    pv_kwh: npt.ArrayLike, margin_factor: Factor, *, country: str, certificates_sold: bool = False
) -> AvoidedEmissions:
    """Return what a project's PV energy, used and exported, avoids on the grid (ISO 14064-2).

    It contains what the exports avoid and overlaps the cut of Scope 2; only energy that displaces the grid counts.

    Parameters
    ----------
    pv_kwh
        Used and exported, by hour (or any interval), kWh.
    margin_factor, country, certificates_sold
        See :func:`avoided_exports`.
    """
    return _avoided("project", pv_kwh, margin_factor, country, certificates_sold)


def margin_factor_of(country: str, year: int) -> Factor:
    """Return the last margin for wind and solar up to a year.

    Raises
    ------
    MissingData
        None is packaged.
    """
    return latest_factor(country=country, kind=FactorKind.CM_WIND_SOLAR, not_after=year)


def carbon_lines(
    before: Scope2Result,
    after: Scope2Result,
    *,
    exports: AvoidedEmissions | None = None,
    project: AvoidedEmissions | None = None,
) -> CarbonLines:
    """Return the cut of Scope 2 and, apart, what is avoided elsewhere.

    Parameters
    ----------
    before, after
        Scope 2 of two states.
    exports, project
        Of the later state; None without a grid.

    Raises
    ------
    InputError
        Two states with two factors, whose difference would be the grid's; exports that are more than the project that
        contains them, or of another claim or margin.
    """
    known = [state.location_factor for state in (before, after) if state.location_factor is not None]
    if len({factor.value for factor in known}) > 1:
        years = " ".join(str(factor.year) for factor in known)
        raise InputError([Problem(key="emissions_two_factors", field="location_factor", value=years)])
    if exports is not None and project is not None:
        same = (exports.factor, exports.claim) == (project.factor, project.claim)
        if not same or exports.energy_kwh > project.energy_kwh * (1 + 1e-9):
            params = {"exports_kwh": exports.energy_kwh, "project_kwh": project.energy_kwh}
            raise InputError([Problem(key="emissions_exports_beyond_project", field="exports_kwh", params=params)])
    shown = [line for line in (exports, project) if line is not None]
    sold = any(line.claim == "transferred" for line in shown)
    found = [Finding(key="emissions_lines_never_added", level="info")] if shown else []
    if sold:
        found.append(Finding(key="emissions_claim_transferred", level="warning"))
    return CarbonLines(
        scope2_cut_t=before.location_t_co2e - after.location_t_co2e,
        scope2_cut_market_t=before.market_t_co2e - after.market_t_co2e,
        avoided_exports_t=None if exports is None else exports.avoided_t_co2e,
        avoided_project_t=None if project is None else project.avoided_t_co2e,
        claim="transferred" if sold else "own",
        findings=tuple(found),
    )


def lifetime_avoided(
    first_year_kwh: float,
    years: int,
    *,
    country: str,
    kind: FactorKind = FactorKind.CM_WIND_SOLAR,
    degradation: float = 0.0,
    decline: float | None = None,
    certificates_sold: bool = False,
) -> LifetimeAvoided:
    """Return what a plant avoids over its life, with the lowest, median and highest published margin.

    ``sum over k = 1..N of E (1 - g)^(k-1) M (1 - d)^k``: full yield in the first year, the decline already in it.

    Parameters
    ----------
    first_year_kwh
        Energy that displaces the grid in the first year.
    years
        Life, whole years.
    country
        ISO 3166 code of the grid.
    kind
        A margin.
    degradation
        g, yearly loss of yield, fraction.
    decline
        d, yearly fall of the margin, fraction; None takes zero and says so.
    certificates_sold
        See :func:`avoided_exports`.

    Raises
    ------
    MissingData
        No margin of this kind is packaged.
    InputError
        Negative energy, no life, or rates outside 0 to 1.
    """
    energy = total_kwh(first_year_kwh, "first_year_kwh")
    rates = {"degradation": degradation, "decline": decline or 0.0}
    problems = [
        Problem(key="emissions_rate", field=name, value=str(rate)) for name, rate in rates.items() if not 0 <= rate < 1
    ]
    if years < 1:
        problems.append(Problem(key="emissions_rate", field="years", value=str(years)))
    if problems:
        raise InputError(problems)
    factors = tuple(
        factor for factor in load_factors(country=country, kind=kind) if factor.confidence in {"A", "B"}
    ) or load_factors(country=country, kind=kind)
    for factor in factors:
        require(factor, _MARGINS, country)
    values = [factor.value for factor in factors]
    fall = decline or 0.0
    mwh = [energy / KWH_PER_MWH * (1 - degradation) ** (k - 1) for k in range(1, years + 1)]
    weighted = fsum(amount * (1 - fall) ** k for k, amount in enumerate(mwh, 1))
    return LifetimeAvoided(
        years=years,
        degradation=degradation,
        decline=fall,
        energy_kwh=fsum(mwh) * KWH_PER_MWH,
        low_t_co2e=weighted * min(values),
        central_t_co2e=weighted * median(values),
        high_t_co2e=weighted * max(values),
        low_t_per_mwh=min(values),
        central_t_per_mwh=median(values),
        high_t_per_mwh=max(values),
        factors=factors,
        claim="transferred" if certificates_sold else "own",
        findings=_lifetime_findings(factors, decline, certificates_sold),
    )


def _lifetime_findings(factors: tuple[Factor, ...], decline: float | None, sold: bool) -> tuple[Finding, ...]:
    found = []
    years = ", ".join(str(factor.year) for factor in factors)
    if len(factors) == 1:
        found.append(Finding(key="emissions_one_margin", level="warning", params={"years": years}))
    else:
        found.append(Finding(key="emissions_lifetime_margins", level="info", params={"years": years}))
    if decline is None:
        found.append(Finding(key="emissions_no_decline", level="assumption"))
    if sold:
        found.append(Finding(key="emissions_claim_transferred", level="warning"))
    return tuple(found)


def _avoided(
    basis: Literal["exports", "project"],
    energy_kwh: npt.ArrayLike,
    factor: Factor,
    country: str,
    certificates_sold: bool,
) -> AvoidedEmissions:
    require(factor, _MARGINS, country)
    total = total_kwh(energy_kwh, f"{basis}_kwh")
    try:
        low, high = factor_band(country=country, kind=factor.kind)
    except MissingData:
        low = high = factor
    low, high = min(low, factor, key=lambda f: f.value), max(high, factor, key=lambda f: f.value)
    params: dict[str, Param] = {
        "kind": factor.kind.value,
        "year": factor.year,
        "value": factor.value,
        "unit": factor.unit,
    }
    found = [Finding(key="emissions_avoided_apart", level="info", params=params), *factor.findings]
    if certificates_sold:
        found.append(Finding(key="emissions_claim_transferred", level="warning"))
    return AvoidedEmissions(
        basis=basis,
        energy_kwh=total,
        avoided_t_co2e=tonnes(total, factor),
        low_avoided_t_co2e=tonnes(total, low),
        high_avoided_t_co2e=tonnes(total, high),
        factor=factor,
        low_factor=low,
        high_factor=high,
        findings=tuple(found),
        claim="transferred" if certificates_sold else "own",
    )
