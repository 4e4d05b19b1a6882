"""Scope 3, category 3, and the carbon of the array itself: beside Scope 2, never inside it.

What has no factor is None, which every output prints as "not calculated": a zero would say that there is none.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import fsum
from typing import Literal

from mine_energy import catalog
from mine_energy.catalog import Sourced
from mine_energy.emissions.amounts import tonnes, total_kwh
from mine_energy.emissions.factors import Factor, FactorKind, latest_factor, load_factor, load_factors, require
from mine_energy.errors import Finding, InputError, MissingData, Param, Problem
from mine_energy.units import KG_PER_T, KWH_PER_MWH

_LIFE_CYCLE = "fuels/lifecycle.csv"
_FRACTION = "fraction of output"
Category3Key = Literal["td_losses", "upstream_electricity", "upstream_fuel"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Category3Line:
    """One part of fuel- and energy-related activities; `t_co2e` is None where it was not calculated."""

    key: Category3Key
    t_co2e: float | None
    factor: Factor | None
    source: str
    year: str
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Category3:
    """Scope 3, category 3 of a year.

    Parameters
    ----------
    lines
        Losses of the grid, upstream of electricity, upstream of fuel; always all three.
    calculated_t_co2e
        Sum of those calculated; None where none was.
    complete
        Whether all of them were.
    findings
        Grades of the factors, and what was not calculated.
    """

    lines: tuple[Category3Line, ...]
    calculated_t_co2e: float | None
    complete: bool
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PVLifeCycle:
    """Carbon of making, moving and ending an array, spread over its energy.

    Parameters
    ----------
    low_t_co2e, t_co2e, high_t_co2e
        A year's share.
    share_of_benefit
        Over the year's cut of Scope 2; None without a cut.
    factor_g_per_kwh
        Central figure with its source.
    findings
        Its grade.
    """

    low_t_co2e: float
    t_co2e: float
    high_t_co2e: float
    share_of_benefit: float | None
    factor_g_per_kwh: Sourced
    findings: tuple[Finding, ...]


def loss_factor_of(country: str, year: int, *, allow_assumed: bool = False) -> Factor | None:
    """Return the last published factor of the grid's losses up to a year, None where there is none.

    Parameters
    ----------
    country, year
        Of the grid.
    allow_assumed
        Take a figure from memory (confidence D) when nothing better is packaged: only when the user asks.
    """
    try:
        return latest_factor(country=country, kind=FactorKind.LOSS, not_after=year)
    except MissingData:
        if not allow_assumed:
            return None
    try:
        found = load_factors(country=country, kind=FactorKind.LOSS, allow_assumed=True)
    except MissingData:
        return None
    years = [factor.year for factor in found if factor.year <= year]
    if not years:
        return None
    return load_factor(country=country, kind=FactorKind.LOSS, year=max(years), allow_assumed=True)


def loss_tonnes(import_kwh: float, location_factor: Factor, loss: Factor) -> float:
    """Return the emissions of what is lost on the way to the meter, t CO2e.

    A loss fraction L of the output gives EF L / (1 - L) for each delivered MWh: to deliver one, 1 / (1 - L) is
    generated. A factor per MWh consumed is taken as it stands.

    Parameters
    ----------
    import_kwh
        Gross imports, kWh.
    location_factor
        Grid average, t/MWh generated.
    loss
        Of kind ``loss``, as a fraction of output or in t/MWh consumed.

    Raises
    ------
    FactorKindError
        Another kind or country.
    InputError
        A fraction of one or more.
    """
    require(location_factor, (FactorKind.LOCATION_AVERAGE,), loss.country)
    require(loss, (FactorKind.LOSS,), location_factor.country)
    total = total_kwh(import_kwh, "import_kwh")
    if not loss.unit.startswith("fraction"):
        return tonnes(total, loss)
    if not 0 <= loss.value < 1:
        raise InputError([Problem(key="emissions_rate", field="loss", value=str(loss.value))])
    return tonnes(total, location_factor) * loss.value / (1 - loss.value)


def typed_loss(fraction: float, *, country: str, year: int, source: str) -> Factor:
    """Return a loss fraction of output that the user states, 0 to below 1.

    Raises
    ------
    InputError
        Outside that range, or no source.
    """
    problems = []
    if not 0 <= fraction < 1:
        problems.append(Problem(key="emissions_rate", field="loss", value=str(fraction)))
    if not source.strip():
        problems.append(Problem(key="emissions_typed_source", field="loss"))
    if problems:
        raise InputError(problems)
    return Factor(
        value=fraction,
        unit=_FRACTION,
        kind=FactorKind.LOSS,
        method="user",
        country=country,
        grid="",
        year=year,
        gases="not applicable",
        gwp_set="not applicable",
        source=source,
        confidence="user",
    )


def category3(
    import_kwh: float,
    location_factor: Factor | None,
    *,
    loss: Factor | None = None,
    upstream: Factor | None = None,
    fuel_litres: float = 0.0,
    fuel_upstream_kg_per_l: Sourced | None = None,
) -> Category3:
    """Return Scope 3, category 3: losses of the grid, upstream of the electricity bought and of the fuel burnt.

    Parameters
    ----------
    import_kwh
        Gross imports, kWh.
    location_factor
        Grid average; None without a grid.
    loss
        :func:`loss_factor_of` or :func:`typed_loss`.
    upstream
        Of kind ``life_cycle``: what stands before the power stations, t/MWh, without their combustion. None is
        packaged.
    fuel_litres, fuel_upstream_kg_per_l
        Fuel burnt on site and its well-to-tank factor. None is packaged.
    """
    total = total_kwh(import_kwh, "import_kwh")
    litres = total_kwh(fuel_litres, "fuel_litres")
    if upstream is not None and location_factor is not None:
        require(upstream, (FactorKind.LIFE_CYCLE,), location_factor.country)
    lost = 0.0 if total == 0 else None
    if total > 0 and location_factor is not None and loss is not None:
        lost = loss_tonnes(total, location_factor, loss)
    before = 0.0 if total == 0 else (None if upstream is None else tonnes(total, upstream))
    wells = 0.0 if litres == 0 else None
    if litres > 0 and fuel_upstream_kg_per_l is not None:
        wells = litres * fuel_upstream_kg_per_l.value / KG_PER_T
    lines = (
        _line("td_losses", lost, loss),
        _line("upstream_electricity", before, upstream),
        _fuel_line(wells, fuel_upstream_kg_per_l),
    )
    known = [line.t_co2e for line in lines if line.t_co2e is not None]
    return Category3(
        lines=lines,
        calculated_t_co2e=fsum(known) if known else None,
        complete=len(known) == len(lines),
        findings=_findings(lines),
    )


def pv_life_cycle(
    pv_kwh: float, scope2_cut_t_co2e: float, *, key: str = "pv_rooftop", user: Sourced | None = None
) -> PVLifeCycle:
    """Return a year's share of an array's own carbon, beside the cut it brings.

    Parameters
    ----------
    pv_kwh
        Energy of the year, kWh.
    scope2_cut_t_co2e
        What the same energy cuts from Scope 2.
    key
        Row of ``data/fuels/lifecycle.csv`` in g/kWh.
    user
        The user's own figure in g/kWh (an environmental product declaration) in its place.

    Raises
    ------
    MissingData
        No such row.
    InputError
        Negative energy.
    """
    energy = total_kwh(pv_kwh, "pv_kwh")
    low, central, high = _life_cycle(key) if user is None else (user, user, user)

    def year(figure: Sourced) -> float:
        return energy * figure.value / KG_PER_T / KWH_PER_MWH

    params: dict[str, Param] = {"value": central.value, "source": central.source, "confidence": central.confidence}
    level: Literal["assumption", "info"] = "info" if central.confidence in {"A", "B", "user"} else "assumption"
    return PVLifeCycle(
        low_t_co2e=year(low),
        t_co2e=year(central),
        high_t_co2e=year(high),
        share_of_benefit=year(central) / scope2_cut_t_co2e if scope2_cut_t_co2e > 0 else None,
        factor_g_per_kwh=central,
        findings=(Finding(key="emissions_pv_life_cycle", level=level, params=params),),
    )


def _life_cycle(key: str) -> tuple[Sourced, Sourced, Sourced]:
    rows = [row for row in catalog.table(_LIFE_CYCLE) if row["unit"] == "g/kWh"]
    row = next((row for row in rows if row["key"] == key), None)
    if row is None:
        raise MissingData("emissions_life_cycle", name=key, available=", ".join(sorted(r["key"] for r in rows)))
    low, central, high = (
        catalog.sourced_row(row, column if row[column] else "value") for column in ("low", "value", "high")
    )
    return low, central, high


def _line(key: Category3Key, t_co2e: float | None, factor: Factor | None) -> Category3Line:
    return Category3Line(
        key=key,
        t_co2e=t_co2e,
        factor=factor,
        source="" if factor is None else factor.source,
        year="" if factor is None else str(factor.year),
        confidence="" if factor is None else factor.confidence,
    )


def _fuel_line(t_co2e: float | None, figure: Sourced | None) -> Category3Line:
    return Category3Line(
        key="upstream_fuel",
        t_co2e=t_co2e,
        factor=None,
        source="" if figure is None else figure.source,
        year="" if figure is None else figure.year,
        confidence="" if figure is None else figure.confidence,
    )


def _findings(lines: Iterable[Category3Line]) -> tuple[Finding, ...]:
    found = []
    for line in lines:
        if line.t_co2e is None:
            found.append(Finding(key=f"emissions_not_calculated_{line.key}", level="warning"))
        elif line.factor is not None:
            found += line.factor.findings
            if line.factor.note and line.key == "td_losses":
                params: dict[str, Param] = {"country": line.factor.country, "year": line.factor.year}
                found.append(Finding(key="emissions_loss_basis", level="info", params=params))
    return tuple(found)
