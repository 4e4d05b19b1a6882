"""Year by year, each measure on what the earlier ones left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from mine_energy.plan.model import Cut, PlanBase, PlanMeasure, Slice, Task, Wedge
from mine_energy.plan.schedule import effect_in_year
from mine_energy.units import KWH_PER_MWH

Pick = Literal["low", "likely", "high"]
Water = Literal["wet", "central", "dry"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One year under one choice of cuts and factor.

    Parameters
    ----------
    cuts_t_co2e, cuts_kwh
        By measure, reductions only.
    certificates_t_co2e
        By certificate measure, on what is left of bought electricity.
    left_t_co2e
        After all reductions.
    start_t_co2e
        Before them, at the year's factor.
    """

    cuts_t_co2e: Mapping[str, float]
    cuts_kwh: Mapping[str, float]
    certificates_t_co2e: Mapping[str, float]
    left_t_co2e: float
    start_t_co2e: float


def factor_in(base: PlanBase, year: int, water: Water) -> float:
    """Return the grid's factor of a year, t/MWh: the base year's, a wet or a dry one, with the stated decline."""
    if base.factor is None:
        return 0.0
    chosen = {"wet": base.low_factor, "central": base.factor, "dry": base.high_factor}[water] or base.factor
    return chosen.value * (1.0 - base.decline) ** (year - base.base_year)


def slice_tonnes(part: Slice, factor_t_per_mwh: float) -> float:
    """Return the tonnes of a slice: energy times factor where it is bought electricity."""
    if part.energy_kwh is not None:
        return part.energy_kwh / KWH_PER_MWH * factor_t_per_mwh
    return part.t_co2e or 0.0


def run_year(
    base: PlanBase,
    measures: Sequence[PlanMeasure],
    tasks: Sequence[Task],
    year_index: tuple[int, int],
    pick: Pick,
    water: Water,
) -> Run:
    """Return one year with the measures applied in order.

    Parameters
    ----------
    base, measures, tasks
        Of the plan, in order of implementation.
    year_index
        Calendar year, and years from the plan's first.
    pick, water
        Which cut, and which factor.
    """
    year, index = year_index
    factor = factor_in(base, year, water)
    parts = {part.key: part for part in base.slices}
    left = {key: slice_tonnes(part, factor) for key, part in parts.items()}
    start = sum(left.values())
    cuts, energy, certificates = dict[str, float](), dict[str, float](), dict[str, float]()
    for measure, task in zip(measures, tasks, strict=True):
        share = effect_in_year(task, index)
        if measure.kind == "removal":
            continue
        part = parts[measure.slice]
        if measure.kind == "reduction":
            cut = share * _at_full_effect(measure.cut, pick, left[measure.slice], part, factor)
            cut = min(cut, left[measure.slice])
            left[measure.slice] -= cut
            cuts[measure.key] = cut
            energy[measure.key] = _energy(cut, part, factor, share, measure, pick)
    unclaimed = dict(left)
    for measure, task in zip(measures, tasks, strict=True):
        if measure.kind == "certificate":
            share = effect_in_year(task, index)
            part = parts[measure.slice]
            wanted = share * _at_full_effect(measure.cut, pick, left[measure.slice], part, factor)
            certificates[measure.key] = min(wanted, unclaimed[measure.slice])
            unclaimed[measure.slice] -= certificates[measure.key]
    return Run(
        cuts_t_co2e=cuts,
        cuts_kwh=energy,
        certificates_t_co2e=certificates,
        left_t_co2e=sum(left.values()),
        start_t_co2e=start,
    )


def _at_full_effect(cut: Cut, pick: Pick, left_t_co2e: float, part: Slice, factor: float) -> float:
    amount = {"low": cut.low, "likely": cut.likely, "high": cut.high}[pick]
    if cut.unit == "fraction":
        return amount * left_t_co2e
    if cut.unit == "kwh":
        return amount / KWH_PER_MWH * factor if part.energy_kwh is not None else 0.0
    return amount


def _energy(cut_t: float, part: Slice, factor: float, share: float, measure: PlanMeasure, pick: Pick) -> float:
    if part.energy_kwh is None:
        return 0.0
    if factor > 0:
        return cut_t / factor * KWH_PER_MWH
    # On a grid without emissions a kWh saved is still saved; only the stated energy can tell how much.
    amount = {"low": measure.cut.low, "likely": measure.cut.likely, "high": measure.cut.high}[pick]
    return share * amount if measure.cut.unit == "kwh" else 0.0


def wedges_of(
    runs: Mapping[tuple[Pick, Water], Run], keys: Sequence[str], year: int, kind: Literal["reduction", "certificate"]
) -> list[Wedge]:
    """Return the wedges of one year from its runs.

    Parameters
    ----------
    runs
        Likely, low and high cuts at the central factor; likely cuts wet and dry.
    keys
        Measures of this kind, in order.
    year, kind
        Which.
    """

    def tonnes(pick: Pick, water: Water, key: str) -> float:
        run = runs[pick, water]
        return (run.cuts_t_co2e if kind == "reduction" else run.certificates_t_co2e)[key]

    return [
        Wedge(
            key=key,
            year=year,
            t_co2e=tonnes("likely", "central", key),
            low_t_co2e=tonnes("low", "central", key),
            high_t_co2e=tonnes("high", "central", key),
            wet_t_co2e=tonnes("likely", "wet", key),
            dry_t_co2e=tonnes("likely", "dry", key),
            energy_kwh=runs["likely", "central"].cuts_kwh.get(key, 0.0),
        )
        for key in keys
    ]
