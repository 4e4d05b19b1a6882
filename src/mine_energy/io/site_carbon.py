"""What ``[carbon]`` and ``[plan]`` say that no single value shows: figures without a source, names that nothing has.

Measures of a plan are asked of the room that builds it; its problems come back at the lines of the site file.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from mine_energy.errors import InputError, Problem
from mine_energy.plan import PlanBase, PlanMeasure, PlanMoney, PlanSpan, Slice, measures_of, slices_of
from mine_energy.plan.checks import problems_of
from mine_energy.plan.schedule import in_order
from mine_energy.site import CarbonChoice, PlanChoice, Site

_SOURCES: Final = {
    "supplier_source": "supplier_t_co2e_per_mwh",
    "location_source": "location_t_co2e_per_mwh",
    "hourly_source": "hourly_factors",
    "grid_decline_source": "grid_decline",
    "loss_source": "loss_fraction",
    "upstream_source": "upstream_t_co2e_per_mwh",
    "fuel_upstream_source": "fuel_upstream_kg_per_l",
}
"""Key of each document, and the figure that needs it."""
_OWN_SLICES: Final = ("electricity", "diesel", "scope1", "scope3")
"""Parts of the base year that the study itself brings, where the plant has them."""
_ANY_DISCOUNT: Final = 0.1
"""The money of a plan plays no part in whether its measures go together."""


def carbon_problems(site: Site) -> tuple[Problem, ...]:
    """Return what is wrong across the values of ``[carbon]`` and ``[plan]``.

    Parameters
    ----------
    site
        A site file whose values are valid one by one.

    Returns
    -------
    tuple of Problem
        By the site file's keys, without file and line.
    """
    found: list[Problem] = []
    if site.carbon is not None:
        found += [*_sources(site.carbon), *_base(site.carbon), *_certificates(site.carbon)]
    if site.plan is not None:
        found += [*_years(site.plan), *_ranges(site.plan), *_measures(site.plan)]
    return tuple(found)


def _sources(carbon: CarbonChoice) -> Iterator[Problem]:
    for source, figure in _SOURCES.items():
        said, given = getattr(carbon, source).strip(), getattr(carbon, figure) not in {None, ""}
        if given and not said:
            yield Problem(key="emissions_typed_source", field=f"carbon.{source}")
        elif said and not given:
            yield Problem(key="carbon_source_alone", field=f"carbon.{source}", value=said, params={"key": figure})


def _base(carbon: CarbonChoice) -> Iterator[Problem]:
    for name in ("base_import_kwh", "base_factor_year"):
        value = getattr(carbon, name)
        if value is not None and carbon.base_year is None:
            yield Problem(key="carbon_base_year", field=f"carbon.{name}", value=f"{value:g}")
    if carbon.equity_share != 1.0 and carbon.consolidation != "equity_share":
        yield Problem(key="carbon_equity", field="carbon.equity_share", value=f"{carbon.equity_share:g}")


def _certificates(carbon: CarbonChoice) -> Iterator[Problem]:
    seen: set[tuple[str, str, int | None]] = set()
    for place, item in enumerate(carbon.certificate, start=1):
        field = f"carbon.certificate.{place}"
        batch = (item.system, item.id, item.serial_from)
        if batch in seen:
            yield Problem(key="carbon_certificate_twice", field=f"{field}.id", value=item.id)
        seen.add(batch)
        if item.vintage_end < item.vintage_start:
            value = item.vintage_end.isoformat()
            yield Problem(key="emissions_certificate_dates", field=f"{field}.vintage_end", value=value)
        if item.serial_from is not None and item.serial_to is not None and item.serial_to < item.serial_from:
            yield Problem(key="emissions_certificate_dates", field=f"{field}.serial_to", value=str(item.serial_to))


def _years(plan: PlanChoice) -> Iterator[Problem]:
    if plan.last_year < plan.first_year:
        first = {"first": plan.first_year}
        yield Problem(key="plan_years_order", field="plan.last_year", value=str(plan.last_year), params=first)


def _ranges(plan: PlanChoice) -> Iterator[Problem]:
    pairs = [
        *((f"plan.offset.{i}.share_low", o.share_low, o.share_high) for i, o in enumerate(plan.offset, start=1)),
        *((f"plan.published_cut.{i}.low", c.low, c.high) for i, c in enumerate(plan.published_cut, start=1)),
    ]
    for field, low, high in pairs:
        if low is not None and high is not None and low > high:
            yield Problem(key="plan_range_order", field=field, value=f"{low:g}", params={"high": high})


def _measures(plan: PlanChoice) -> Iterator[Problem]:
    """Return what the plan's room refuses, at the lines of the site file."""
    measures, own = measures_of(plan), slices_of(plan)
    for place, part in enumerate(own, start=1):
        if part.key in _OWN_SLICES:
            yield Problem(key="plan_name_reserved", field=f"plan.slice.{place}.key", value=part.key)
    bought = (Slice(key=key, scope=2, energy_kwh=0.0) if key == "electricity" else _other(key) for key in _OWN_SLICES)
    slices = (*bought, *(part for part in own if part.key not in _OWN_SLICES))
    base = PlanBase(base_year=plan.first_year, boundary="", slices=slices)
    money = PlanMoney(currency="", discount_rate=_ANY_DISCOUNT)
    span = PlanSpan(first_year=plan.first_year, plan_years=plan.years or 1.0, last_year=plan.first_year)
    # Measures are asked by their places: a name may stand twice.
    placed = [replace(measure, key=f"plan.measure.{place}") for place, measure in enumerate(measures, start=1)]
    for problem in problems_of(base, placed, money, span):
        if problem.key not in {"plan_needs_factor", "plan_twice"}:
            field = problem.field.replace(".cut.", ".").removesuffix(".cut")
            yield replace(problem, field=f"{field}.low" if problem.key == "plan_cut_order" else field)
    yield from _twice("plan.measure", [measure.key for measure in measures])
    yield from _twice("plan.slice", [part.key for part in own])
    yield from _twice("plan.timing", [timing.key for timing in plan.timing])
    yield from _waiting(measures)


def _twice(name: str, keys: Sequence[str]) -> Iterator[Problem]:
    for place, key in enumerate(keys):
        if key in keys[:place]:
            yield Problem(key="plan_twice", field=f"{name}.{place + 1}.key", value=key)


def _other(key: str) -> Slice:
    return Slice(key=key, scope=3 if key == "scope3" else 1, t_co2e=0.0)


def _waiting(measures: Sequence[PlanMeasure]) -> Iterator[Problem]:
    """Yield circles of waiting; a measure that waits for one of the study's own is not judged here."""
    keys = [measure.key for measure in measures]
    if len(set(keys)) < len(keys):
        return
    known = [m if m.starts_after in keys else replace(m, starts_after="") for m in measures]
    try:
        in_order(known)
    except InputError as error:
        for problem in error.problems:
            place = keys.index(problem.field.removesuffix(".starts_after")) + 1
            yield replace(problem, field=f"plan.measure.{place}.starts_after")
