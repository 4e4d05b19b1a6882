"""Whether what a site or plan says of itself fits together: energy, gold, ore, shares, offsets, reductions.

Arithmetic on stated figures alone; nothing here needs a measurement. A contradiction is a warning with both numbers.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import fsum
from typing import Literal

from mine_energy import catalog
from mine_energy.emissions.factors import Factor
from mine_energy.errors import Finding, InputError, Param, Problem
from mine_energy.units import HOURS_PER_YEAR, KG_PER_T, KWH_PER_MWH

_TABLE = "emissions/plausibility.csv"
_LIFE_CYCLE = "fuels/lifecycle.csv"
_G_PER_KG = 1000.0
_EXACT = 0.01
Verdict = Literal["plausible", "contradiction"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offset:
    """A removal that somebody states: trees, soil.

    Parameters
    ----------
    name
        What it is.
    t_co2e_per_year
        Stated uptake.
    trees
        Number of trees, where that is stated.
    share_low, share_high
        Share of all emissions that it is said to offset.
    years_to_full, credited_after_years
        Time until the stated uptake is reached, and when it is first counted.
    """

    name: str
    t_co2e_per_year: float
    trees: int | None = None
    share_low: float | None = None
    share_high: float | None = None
    years_to_full: float | None = None
    credited_after_years: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waste:
    """Organic waste composted instead of dumped: mass, and the reduction stated for it."""

    wet_t_per_year: float
    t_co2e_per_year: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Statements:
    """What a site or a plan says of itself; None is what it does not say.

    Parameters
    ----------
    energy_kwh, ore_t, gold_kg, workers, workdays
        Of one year.
    mills_ore
        Whether it crushes and mills.
    scope1_share, scope2_share, scope3_share
        Of the whole footprint.
    scope1_t_co2e, scope3_t_co2e
        Of the year.
    offsets, waste
        Removals and waste.
    reduction_t_co2e, reduction_parts
        A stated total reduction, and the parts that are stated, t CO2e a year.
    energy_saving_low, energy_saving_high
        Range of energy savings stated with that total, fractions.
    cuts
        Cuts stated side by side for the same plan, each a name with low and high, fractions.
    electricity_cut_share
        Share of the whole footprint that cleaner electricity is said to remove; one for "carbon neutral by PV".
    """

    energy_kwh: float | None = None
    ore_t: float | None = None
    gold_kg: float | None = None
    workers: int | None = None
    workdays: float | None = None
    mills_ore: bool = False
    scope1_share: float | None = None
    scope2_share: float | None = None
    scope3_share: float | None = None
    scope1_t_co2e: float | None = None
    scope3_t_co2e: float | None = None
    offsets: tuple[Offset, ...] = ()
    waste: Waste | None = None
    reduction_t_co2e: float | None = None
    reduction_parts: tuple[tuple[str, float], ...] = ()
    energy_saving_low: float | None = None
    energy_saving_high: float | None = None
    cuts: tuple[tuple[str, float, float], ...] = ()
    electricity_cut_share: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlausibilityCheck:
    """One figure that follows from what is stated, and what it is held against.

    Parameters
    ----------
    key, subject
        Which check, of what.
    value, unit
        The figure that follows.
    low, high
        What would be plausible; None where there is no such end.
    verdict
        Whether it lies there.
    source, confidence
        Of the limits; ``arithmetic`` where they follow from the statements themselves.
    """

    key: str
    subject: str
    value: float
    unit: str
    low: float | None
    high: float | None
    verdict: Verdict
    source: str
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plausibility:
    """Every check that the statements allow, and a warning for each contradiction."""

    checks: tuple[PlausibilityCheck, ...]
    findings: tuple[Finding, ...]


def plausibility(said: Statements, factor: Factor | None = None) -> Plausibility:
    """Return what follows from a site's own figures and where they contradict each other.

    Parameters
    ----------
    said
        Whatever is stated.
    factor
        Grid average, to turn tonnes of electricity into kWh; without it those checks are left out.

    Raises
    ------
    InputError
        A negative figure.
    """
    _refuse_negative(said)
    checks = (
        *_production(said),
        *_shares(said),
        *_share_of_tonnes(said, factor),
        *(check for offset in said.offsets for check in _offset(offset, said, factor)),
        *_waste(said),
        *_reduction(said, factor),
        *_cuts(said),
    )
    return Plausibility(checks=checks, findings=tuple(_finding(check) for check in checks if _bad(check)))


def _bad(check: PlausibilityCheck) -> bool:
    return check.verdict == "contradiction"


def _finding(check: PlausibilityCheck) -> Finding:
    low = "-" if check.low is None else check.low
    high = "-" if check.high is None else check.high
    params: dict[str, Param] = {"value": check.value, "unit": check.unit, "low": low, "high": high}
    if check.unit == "1":
        params |= {"percent": 100 * check.value, "high_percent": 100 * (check.high or 0.0)}
    return Finding(key=f"plausibility_{check.key}", level="warning", subject=check.subject, params=params)


def _production(said: Statements) -> Iterator[PlausibilityCheck]:
    if said.energy_kwh is not None and said.ore_t:
        yield _banded("kwh_per_t_ore", said.energy_kwh / said.ore_t)
    if said.energy_kwh is not None and said.gold_kg:
        yield _banded("kwh_per_kg_au", said.energy_kwh / said.gold_kg)
    if said.gold_kg is not None and said.ore_t:
        yield _banded("recovered_grade_g_per_t", said.gold_kg * _G_PER_KG / said.ore_t)
    if said.energy_kwh is not None and said.mills_ore:
        yield _banded("mean_load_milling_kw", said.energy_kwh / HOURS_PER_YEAR)


def _shares(said: Statements) -> Iterator[PlausibilityCheck]:
    given = [share for share in (said.scope1_share, said.scope2_share, said.scope3_share) if share is not None]
    if len(given) > 1:
        whole = len(given) == 3
        total = fsum(given)
        low = 1.0 - _EXACT if whole else 0.0
        yield _arithmetic("scope_shares", "", total, "1", low, 1.0 + _EXACT)


def _share_of_tonnes(said: Statements, factor: Factor | None) -> Iterator[PlausibilityCheck]:
    """Return whether the share of electricity, the tonnes of the other scopes and the energy are of one footprint."""
    one, share, three = said.scope1_t_co2e, said.scope2_share, said.scope3_t_co2e
    if one is None or three is None or share is None or not 0 < share < 1 or not one + three or factor is None:
        return
    if said.energy_kwh and factor.value > 0:
        implied_t = share / (1.0 - share) * (one + three)
        ratio = implied_t / (said.energy_kwh / KWH_PER_MWH * factor.value)
        yield _banded("implied_ratio", ratio, key="share_of_tonnes")


def _offset(offset: Offset, said: Statements, factor: Factor | None) -> Iterator[PlausibilityCheck]:
    if offset.trees:
        tree = next(row for row in catalog.table(_LIFE_CYCLE) if row["key"] == "tree_young_tropics")
        uptake = offset.t_co2e_per_year * KG_PER_T / offset.trees
        yield _check("kg_per_tree", offset.name, uptake, "kg", float(tree["low"]), float(tree["high"]), tree)
    if offset.years_to_full is not None and offset.credited_after_years is not None:
        years = offset.credited_after_years
        yield _arithmetic("credited_early", offset.name, years, "years", offset.years_to_full, None)
    share = offset.share_high
    if not share or not said.scope2_share or factor is None or factor.value <= 0:
        return
    # The larger the share, the smaller the footprint that it implies; its low end gives the plant the benefit of doubt.
    least = offset.share_low or share
    implied_t = offset.t_co2e_per_year / least
    implied_kwh = implied_t * said.scope2_share / factor.value * KWH_PER_MWH
    if said.mills_ore:
        mean_kw = implied_kwh / HOURS_PER_YEAR
        yield _banded("mean_load_milling_kw", mean_kw, key="offset_mean_load_kw", subject=offset.name)
    if said.energy_kwh:
        yield _banded("implied_ratio", implied_kwh / said.energy_kwh, key="offset_energy_ratio", subject=offset.name)


def _waste(said: Statements) -> Iterator[PlausibilityCheck]:
    if said.waste is None or said.waste.wet_t_per_year <= 0:
        return
    kg = {row["key"]: float(row["value"]) for row in catalog.table(_LIFE_CYCLE)}
    net = (kg["food_waste_shallow_dump"] - kg["compost_wet_waste"]) * said.waste.wet_t_per_year / KG_PER_T
    ratio = said.waste.t_co2e_per_year / net
    yield _banded("implied_ratio", ratio, key="compost_ratio")
    if said.workers and said.workdays:
        kilograms = said.waste.wet_t_per_year * KG_PER_T / (said.workers * said.workdays)
        yield _banded("waste_kg_per_worker_day", kilograms)


def _reduction(said: Statements, factor: Factor | None) -> Iterator[PlausibilityCheck]:
    if said.reduction_t_co2e is None or not said.reduction_parts:
        return
    total = fsum(amount for _, amount in said.reduction_parts)
    rest = said.reduction_t_co2e - total
    yield _arithmetic("reduction_parts", "", total, "t", None, said.reduction_t_co2e * (1 + _EXACT))
    if said.energy_kwh is None or said.energy_saving_low is None or factor is None:
        return
    least = said.energy_saving_low * said.energy_kwh / KWH_PER_MWH * factor.value
    most = (said.energy_saving_high or said.energy_saving_low) * said.energy_kwh / KWH_PER_MWH * factor.value
    row = _row("implied_ratio")
    check = _arithmetic("reduction_rest", "", rest, "t", least, most)
    # The range is shown as it was stated; a contradiction is what lies a factor of two outside it.
    close = float(row["low"]) * least <= rest <= float(row["high"]) * most
    yield replace(check, verdict="plausible") if close else check


def _cuts(said: Statements) -> Iterator[PlausibilityCheck]:
    if len(said.cuts) > 1:
        # Each holds for what it acts on; of one and the same thing they cannot add up to more than all of it.
        yield _arithmetic("cuts_added", "", fsum(high for _, _, high in said.cuts), "1", None, 1.0)
    if said.electricity_cut_share is not None and said.scope2_share is not None:
        yield _arithmetic("electricity_reach", "", said.electricity_cut_share, "1", None, said.scope2_share)


def _banded(limits: str, value: float, *, key: str = "", subject: str = "") -> PlausibilityCheck:
    row = _row(limits)
    low = float(row["low"]) if row["low"] else None
    high = float(row["high"]) if row["high"] else None
    return _check(key or limits, subject, value, row["unit"], low, high, row)


def _arithmetic(
    key: str, subject: str, value: float, unit: str, low: float | None, high: float | None
) -> PlausibilityCheck:
    return _check(key, subject, value, unit, low, high, {"source": "arithmetic", "confidence": ""})


def _check(
    key: str, subject: str, value: float, unit: str, low: float | None, high: float | None, row: Mapping[str, str]
) -> PlausibilityCheck:
    inside = (low is None or value >= low) and (high is None or value <= high)
    return PlausibilityCheck(
        key=key,
        subject=subject,
        value=value,
        unit=unit,
        low=low,
        high=high,
        verdict="plausible" if inside else "contradiction",
        source=row["source"],
        confidence=row["confidence"],
    )


def _row(key: str) -> Mapping[str, str]:
    return next(row for row in catalog.table(_TABLE) if row["key"] == key)


def _refuse_negative(said: Statements) -> None:
    figures: Sequence[tuple[str, float | None]] = [
        *((name, getattr(said, name)) for name in ("energy_kwh", "ore_t", "gold_kg", "workers", "workdays")),
        *((name, getattr(said, name)) for name in ("scope1_share", "scope2_share", "scope3_share")),
        *((offset.name, offset.t_co2e_per_year) for offset in said.offsets),
    ]
    problems = [
        Problem(key="emissions_rate", field=name, value=str(value))
        for name, value in figures
        if value is not None and not value >= 0
    ]
    if problems:
        raise InputError(problems)
