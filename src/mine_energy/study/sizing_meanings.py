"""Each meaning of "100 %" as a row of the study: the plant, its proof, and what the measures save of it."""

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Final

import numpy as np

from mine_energy.errors import Finding, Infeasible
from mine_energy.site import Meaning
from mine_energy.sizing import Saved, SizingResult, saved_by_measures
from mine_energy.sizing.costs import COLUMNS
from mine_energy.sizing.result import PlantYear, Reliability
from mine_energy.study.sizing_case import NOTHING_OF_IT, SizingCase
from mine_energy.study.sizing_result import MeaningResult, OffGridTrust, SizedPlant

MEANINGS: Final[tuple[Meaning, ...]] = ("annual_net", "hourly_self", "offgrid", "least_cost")
_ROUNDING: Final = 1e-12

Made = SizingResult | Finding
"""A sizing, or why there is none."""


def attempt(case: SizingCase, key: Meaning, *, units: bool) -> Made:
    """Return the sizing of a meaning, or why no plant reaches it."""
    try:
        return case.sized(case.goal(key), catalogue=units)
    except Infeasible as reason:
        return Finding(key=reason.key, level="warning", params=reason.params)


def saved_of(before: Made | None, after: Made) -> Saved | None:
    """Return what the measures save, its money by the bills where a closed form gave the size; None without both."""
    if not isinstance(before, SizingResult) or not isinstance(after, SizingResult):
        return None
    cost = before.plant.money.total - after.plant.money.total
    return replace(saved_by_measures(before, after), annual_cost=cost)


def detail_of(found: dict[Meaning, Made], goal: Meaning) -> Meaning:
    """Return the meaning looked at in depth: the goal where it has a battery, else the first of the others that has."""
    for key in (goal, "least_cost", "offgrid", "hourly_self"):
        made = found.get(key)
        if isinstance(made, SizingResult) and made.battery_kwh > 1:
            return key
    return goal


def base_of(bases: Sequence[PlantYear]) -> PlantYear:
    """Return today's plant with its own supply: off-grid goals without a generator leave it out."""
    return min(bases, key=lambda base: base.unserved_kwh)


def sized_plant(year: PlantYear) -> SizedPlant:
    """Return a plant's year as the study shows it."""
    own = {f.name: getattr(year, f.name) for f in fields(SizedPlant) if hasattr(year, f.name)}
    own |= {name: 0.0 for name in COLUMNS if own[name] < NOTHING_OF_IT}
    money, cover = year.money, year.coverage
    return SizedPlant(
        **own,
        annual_cost=money.total,
        investment=money.investment,
        capital=money.capital,
        om=money.om,
        fuel=money.fuel,
        imports=money.imports,
        exports=money.exports,
        unserved=money.unserved,
        annual_net_ratio=cover.annual_net_ratio,
        # A plant without sun serves nothing by itself; rounding would show a share below zero.
        self_sufficiency=0.0 if abs(cover.self_sufficiency) < _ROUNDING else cover.self_sufficiency,
        lpsp_without_grid=cover.lpsp_without_grid,
        lpsp_p10=cover.lpsp_quantiles.p10,
        lpsp_p50=cover.lpsp_quantiles.p50,
        lpsp_p90=cover.lpsp_quantiles.p90,
    )


def meaning_of(case: SizingCase, key: Meaning, made: Made, before: Made | None) -> MeaningResult:
    """Return the row of a meaning.

    Parameters
    ----------
    case
        The problem after measures.
    key
        The meaning.
    made, before
        Its sizing on the load after measures and on that of today, where it was sized.
    """
    asked = case.site.coverage
    shares = {"annual_net": asked.net_ratio, "hourly_self": asked.hourly_ratio, "offgrid": 1 - asked.lpsp}
    share, years = shares.get(key, 0.0), len(case.units) if key == "offgrid" else 1
    if not isinstance(made, SizingResult):
        return MeaningResult(key=key, asked=share, years=years, plant=None, reason=made)
    shelf = made.catalogue
    return MeaningResult(
        key=key,
        asked=share,
        years=years,
        plant=sized_plant(made.plant),
        catalogue=sized_plant(shelf.plant) if shelf else None,
        modules=shelf.modules if shelf else 0,
        racks=shelf.racks if shelf else 0,
        lower_bound=made.lower_bound,
        gap=made.gap,
        bound_by=made.bound_by,
        above_free=shelf.plant.money.total / made.plant.money.total - 1 if shelf else None,
        above_bound=shelf.above_bound if shelf else None,
        before=sized_plant(before.plant) if isinstance(before, SizingResult) else None,
        saved=saved_of(before, made),
    )


def trust_of(found: Reliability | None) -> OffGridTrust | None:
    """Return what the weather years say of an off-grid plant."""
    if found is None:
        return None

    def known(value: float | None) -> float | None:
        return value if value is not None and np.isfinite(value) else None

    kwh = found.battery_kwh
    return OffGridTrust(
        lpsp_limit=found.lpsp_limit,
        percentile=found.percentile,
        years=found.years,
        years_needed=found.years_needed,
        years_kept=found.years_kept,
        kept_low=found.kept_low,
        kept_high=found.kept_high,
        battery_p10_kwh=known(kwh.p10) if kwh else None,
        battery_p50_kwh=known(kwh.p50) if kwh else None,
        battery_p90_kwh=known(kwh.p90) if kwh else None,
    )
