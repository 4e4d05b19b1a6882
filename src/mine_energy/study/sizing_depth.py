"""One plant in depth: its worst fortnight, how full its battery stands, and how long it lasts."""

from dataclasses import dataclass
from math import isfinite
from typing import Final

import numpy as np

from mine_energy.arrays import FloatArray, readonly
from mine_energy.dispatch import DispatchResult, Sizes, simulate
from mine_energy.dispatch.ageing import BatteryLife, battery_life
from mine_energy.errors import Finding
from mine_energy.site import Meaning
from mine_energy.sizing import SizingResult, worst_fortnight
from mine_energy.sizing.costs import COLUMNS
from mine_energy.study.sizing_case import SizingCase
from mine_energy.study.sizing_result import BatteryYears, WorstFortnight

_CLASSES: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Depth:
    """What is known of a plant in depth; nothing of its battery where it has none."""

    fortnight: WorstFortnight | None = None
    soc_hours: tuple[float, ...] = ()
    battery_years: BatteryYears | None = None
    findings: tuple[Finding, ...] = ()


def depth_of(case: SizingCase, key: Meaning, made: SizingResult) -> Depth:
    """Return a plant in depth: the fortnight from all its weather years, the battery from the study's year.

    Parameters
    ----------
    case
        The site's problem.
    key
        Meaning for which the plant was sized.
    made
        Its free sizes.
    """
    goal = case.goal(key)
    sizes = np.array([getattr(made, name) for name in COLUMNS])
    usable = made.battery_kwh * (case.equipment.battery.soc_max - case.equipment.battery.soc_min)
    worst = worst_fortnight(case.case(goal), sizes)
    flows = worst.flows
    fortnight = WorstFortnight(
        weather_year=worst.year,
        first_hour=worst.start,
        missing_kwh=worst.missing_kwh,
        load_kw=flows.load_kw,
        pv_kw=flows.pv_kw,
        import_kw=flows.import_kw,
        genset_kw=flows.genset_kw,
        unserved_kw=flows.unserved_kw,
        soc=_share(flows.stored_kwh, usable),
    )
    if usable <= 0:
        return Depth(fortnight=fortnight)
    year = _one_year(case, key, made)
    share = np.clip(np.asarray(_share(year.stored_kwh, usable)), 0.0, 1.0)
    counts, _ = np.histogram(share, bins=_CLASSES, range=(0.0, 1.0))
    life = _life(case, year, made.battery_kwh)
    return Depth(
        fortnight=fortnight,
        soc_hours=tuple(float(count) / share.size for count in counts),
        battery_years=BatteryYears(
            life_years=life.life_years,
            calendar_life_years=life.calendar_life_years,
            cycle_life_years=life.throughput_life_years if isfinite(life.throughput_life_years) else None,
            full_cycles_per_year=life.equivalent_full_cycles_per_year,
            fade_per_year=life.fade_per_year,
            replacement_years=life.replacement_years,
        ),
        findings=life.findings,
    )


def _share(stored_kwh: FloatArray, usable_kwh: float) -> FloatArray:
    return readonly(np.asarray(stored_kwh) / usable_kwh if usable_kwh > 0 else np.zeros_like(stored_kwh))


def _one_year(case: SizingCase, key: Meaning, made: SizingResult) -> DispatchResult:
    given = case.arguments(case.goal(key))
    return simulate(
        case.load_kw,
        case.unit,
        Sizes(**{name: getattr(made, name) for name in COLUMNS}),
        battery=given["battery"],
        genset=given["genset"] if made.genset_kw > 0 else None,
        grid=given["grid"],
        step_hours=case.load.step_hours,
    )


def _life(case: SizingCase, year: DispatchResult, nameplate_kwh: float) -> BatteryLife:
    battery, choice = case.equipment.battery, case.site.battery
    return battery_life(
        year.stored_kwh,
        nameplate_kwh,
        chemistry=choice.chemistry,
        window=battery.soc_max - battery.soc_min,
        step_hours=year.step_hours,
        horizon_years=max(1, round(case.costs.mine_life_years)),
        calendar_years=case.costs.battery_life_years,
    )
