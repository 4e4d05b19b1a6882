"""Why Scope 2 changed, and where it goes: activity and factor apart, water, and a decline that the user states.

A grid on hydropower moves more in a year than a plant does: without the split, ten per cent saved can end with two
thirds more tonnes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from mine_energy.emissions.amounts import tonnes
from mine_energy.emissions.factors import Factor, FactorKind, load_factors, require
from mine_energy.emissions.grid import Scope2Result, published_band
from mine_energy.errors import Finding, InputError, MissingData, Param, Problem
from mine_energy.units import KWH_PER_MWH


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope2Change:
    """Location-based Scope 2 of two years, split.

    Parameters
    ----------
    base_year, year
        Activity years.
    base_t_co2e, t_co2e, change_t_co2e
        Of each, and the second minus the first.
    activity_effect_t_co2e
        EF0 (Q1 - Q0): what the plant did.
    factor_effect_t_co2e
        Q1 (EF1 - EF0): what the grid did. The two add up to the change.
    constant_factor_t_co2e
        Q1 EF0: this year at the base year's factor.
    factor_moved
        Whether both years took one factor; then nothing of the change is the grid's.
    findings
        A change whose sign is the grid's alone.
    base_factor, factor
        Of each year.
    """

    base_year: int
    year: int
    base_t_co2e: float
    t_co2e: float
    change_t_co2e: float
    activity_effect_t_co2e: float
    factor_effect_t_co2e: float
    constant_factor_t_co2e: float
    factor_moved: bool
    findings: tuple[Finding, ...]
    base_factor: Factor | None = None
    factor: Factor | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaterBand:
    """The official factor between a wet and a dry year, and what the operator published early.

    Parameters
    ----------
    low, high
        Lowest and highest published annual average (confidence A or B).
    preliminary
        Operator's values: separate points, never an end of the band.
    """

    low: Factor
    high: Factor
    preliminary: tuple[Factor, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class YearAhead:
    """Scope 2 of one year to come.

    Parameters
    ----------
    year
        Calendar year.
    import_kwh
        Gross imports.
    factor_t_per_mwh, low_t_per_mwh, high_t_per_mwh
        Central factor, and the wet and dry band with the same decline.
    t_co2e, low_t_co2e, high_t_co2e
        Imports times each.
    """

    year: int
    import_kwh: float
    factor_t_per_mwh: float
    low_t_per_mwh: float
    high_t_per_mwh: float
    t_co2e: float
    low_t_co2e: float
    high_t_co2e: float


@dataclass(frozen=True, slots=True, kw_only=True)
class YearsAhead:
    """Scope 2 of the years to come.

    Parameters
    ----------
    decline, decline_source
        Yearly fall of the factor as the user states it, and why; zero and empty when nobody stated any.
    factor
        The last official factor, from whose year the decline counts.
    years
        In order.
    findings
        That no official projection exists.
    """

    decline: float
    decline_source: str
    factor: Factor
    years: tuple[YearAhead, ...]
    findings: tuple[Finding, ...]


def scope2_change(base: Scope2Result, now: Scope2Result) -> Scope2Change:
    """Return the change from a base year, activity first: dE = EF0 (Q1 - Q0) + Q1 (EF1 - EF0).

    Parameters
    ----------
    base, now
        Of one country, the base year first.

    Raises
    ------
    InputError
        Two countries, or a year without grid factor.
    """
    if base.country != now.country or base.location_factor is None or now.location_factor is None:
        value = f"{base.country} {now.country}"
        raise InputError([Problem(key="emissions_change_countries", field="country", value=value)])
    before, after = base.location_factor, now.location_factor
    activity = tonnes(now.import_kwh - base.import_kwh, before)
    grid = now.import_kwh / KWH_PER_MWH * (after.value - before.value)
    change = now.location_t_co2e - base.location_t_co2e
    found = []
    if activity * change < 0:
        params: dict[str, Param] = {"activity": activity, "factor": grid, "base_year": base.activity_year}
        found.append(Finding(key="emissions_change_is_the_grid", level="warning", params=params))
    return Scope2Change(
        base_year=base.activity_year,
        year=now.activity_year,
        base_t_co2e=base.location_t_co2e,
        t_co2e=now.location_t_co2e,
        change_t_co2e=change,
        activity_effect_t_co2e=activity,
        factor_effect_t_co2e=grid,
        constant_factor_t_co2e=tonnes(now.import_kwh, before),
        factor_moved=before.value != after.value,
        findings=tuple(found),
        base_factor=before,
        factor=after,
    )


def water_band(country: str) -> WaterBand | None:
    """Return the official wet and dry band of a country and its preliminary points, None with fewer than two years."""
    try:
        factor = load_factors(country=country, kind=FactorKind.LOCATION_AVERAGE)[-1]
    except MissingData:
        return None
    band = published_band(factor)
    if band is None:
        return None
    try:
        early = load_factors(country=country, kind=FactorKind.OPERATOR_PRELIMINARY)
    except MissingData:
        early = ()
    return WaterBand(low=band[0], high=band[1], preliminary=early)


def years_ahead(
    import_kwh: float | Sequence[float],
    years: Sequence[int],
    factor: Factor,
    *,
    decline: float | None = None,
    decline_source: str = "",
) -> YearsAhead:
    """Return Scope 2 of years to come: EF (1 - d)^(year - factor year), with the wet and dry band falling alike.

    Parameters
    ----------
    import_kwh
        Gross imports of every year, or one for each.
    years
        Not before the factor's own.
    factor
        Location average.
    decline
        d, fraction a year; negative where the grid gets dirtier. None takes zero and says so.
    decline_source
        Who states it: required with a decline.

    Raises
    ------
    FactorKindError
        A factor of another kind.
    InputError
        A decline of one or more, without a source, years before the factor, another number of imports.
    """
    require(factor, (FactorKind.LOCATION_AVERAGE,), factor.country)
    problems = []
    if decline is not None and not -1 < decline < 1:
        problems.append(Problem(key="emissions_rate", field="decline", value=str(decline)))
    if decline and not decline_source.strip():
        problems.append(Problem(key="emissions_typed_source", field="decline"))
    if any(year < factor.year for year in years):
        problems.append(Problem(key="emissions_year_before_factor", field="years", value=str(min(years))))
    amounts = [import_kwh] * len(years) if isinstance(import_kwh, int | float) else list(import_kwh)
    if len(amounts) != len(years) or any(not amount >= 0 for amount in amounts):
        problems.append(Problem(key="emissions_energy", field="import_kwh", params={"position": 1}))
    if problems:
        raise InputError(problems)
    band = published_band(factor)
    low, high = (factor.value, factor.value) if band is None else (band[0].value, band[1].value)
    fall = 1.0 - (decline or 0.0)
    found = []
    if decline is None:
        found.append(Finding(key="emissions_no_decline", level="assumption"))
    ahead = [
        _ahead(year, amount, (factor.value, min(low, factor.value), max(high, factor.value)), fall, factor.year)
        for year, amount in zip(years, amounts, strict=True)
    ]
    return YearsAhead(
        decline=decline or 0.0,
        decline_source=decline_source,
        factor=factor,
        years=tuple(ahead),
        findings=tuple(found),
    )


def _ahead(
    year: int, import_kwh: float, values: tuple[float, float, float], fall: float, factor_year: int
) -> YearAhead:
    factor, low, high = (value * fall ** (year - factor_year) for value in values)
    mwh = import_kwh / KWH_PER_MWH
    return YearAhead(
        year=year,
        import_kwh=import_kwh,
        factor_t_per_mwh=factor,
        low_t_per_mwh=low,
        high_t_per_mwh=high,
        t_co2e=mwh * factor,
        low_t_co2e=mwh * low,
        high_t_co2e=mwh * high,
    )
