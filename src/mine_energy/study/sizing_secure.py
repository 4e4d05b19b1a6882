"""How an island stands a failure, a cloud and its altitude: N-1, spinning reserve, what height takes off inverters."""

from dataclasses import replace
from typing import Final

import numpy as np

from mine_energy.catalog import sourced
from mine_energy.dispatch import DispatchResult, Sizes, simulate
from mine_energy.dispatch.derate import inverter_at_site
from mine_energy.errors import Finding, Level, Param
from mine_energy.site import Meaning
from mine_energy.sizing import SizingResult, headroom_kw, single_unit_findings, spinning_reserve
from mine_energy.sizing.costs import COLUMNS
from mine_energy.study.sizing_case import SizingCase

_PERCENT: Final = 100.0
_ROUNDING_KW: Final = 1e-9
_LIMITS: Final = "starting/limits.csv"


def security_of(case: SizingCase, key: Meaning, made: SizingResult | Finding) -> tuple[Finding, ...]:
    """Return what a plant without a grid cannot carry when a unit fails, and when it has too little standing ready.

    A plant that stays on the grid leans on it: nothing is said. Where the island is only a comparison beside another
    goal, what it lacks is told, not warned of.

    Parameters
    ----------
    case
        The problem after measures.
    key, made
        The meaning whose plant is looked at, and that plant.
    """
    island = key == "offgrid" or case.equipment.grid is None
    if not isinstance(made, SizingResult) or not island:
        return ()
    level: Level = "warning" if case.equipment.grid is None or case.site.coverage.goal == key else "info"
    found = (*_one_unit_less(case, made), *_reserve(case, key, made))
    return tuple(replace(one, level=level) if one.level == "warning" else one for one in found)


def inverters_of(case: SizingCase, kwp: float, battery_kw: float) -> tuple[Finding, ...]:
    """Return what the altitude takes off the inverters of an array and of a battery, and where it is beyond them."""
    altitude_m = case.site.site.altitude_m
    pv_kw = kwp / case.site.array.dc_ac_ratio
    said = [inverter_at_site("pv", pv_kw, altitude_m).findings] if pv_kw > 0 else []
    said += [inverter_at_site("battery", battery_kw, altitude_m).findings] if battery_kw > 0 else []
    return tuple(finding for part in said for finding in part)


def _one_unit_less(case: SizingCase, made: SizingResult) -> tuple[Finding, ...]:
    """Return what is left after the loss of one unit: a battery sold in racks has so many, another is one block."""
    rack, genset = case.site.battery.rack_kwh, case.site.genset
    left = inverter_at_site("battery", made.battery_kw, case.site.site.altitude_m) if made.battery_kw > 0 else None
    return single_unit_findings(
        peak_kw=case.peak_kw,
        battery_kw=0.0 if left is None else left.power_kw,
        genset_kw=made.genset_kw,
        battery_units=1 if rack is None else max(int(np.ceil(made.battery_kwh / rack)), 1),
        genset_units=1 if genset is None else genset.units,
    )


def _reserve(case: SizingCase, key: Meaning, made: SizingResult) -> tuple[Finding, ...]:
    """Return for how many hours of the study's year less stands ready than is asked; nothing where it always does."""
    asked = case.site.coverage
    stated = (asked.reserve_load_share, asked.reserve_pv_share)
    names = ("spinning_reserve_load", "spinning_reserve_pv")
    shares = [
        sourced(_LIMITS, name).value if share is None else share for name, share in zip(names, stated, strict=True)
    ]
    flows = _year(case, key, made)
    rule = case.equipment.genset
    unit_kw = made.genset_kw / rule.units if rule is not None and made.genset_kw > 0 else 1.0
    running = np.ceil(flows.genset_kw / unit_kw - _ROUNDING_KW) * unit_kw
    ready = headroom_kw(
        flows.genset_kw, running, flows.charge_kw, flows.discharge_kw, flows.stored_kwh, made.battery_kw
    )
    served = flows.load_kw - flows.unserved_kw
    check = spinning_reserve(
        served, flows.pv_used_kw, ready, step_hours=flows.step_hours, load_share=shares[0], pv_share=shares[1]
    )
    params: dict[str, Param] = {"load_percent": _PERCENT * shares[0], "pv_percent": _PERCENT * shares[1]}
    if check.short_hours <= 0:
        return (Finding(key="study_reserve_kept", params=params),) if stated != (None, None) else ()
    params |= {"hours": check.short_hours, "worst_kw": check.worst_kw}
    return (Finding(key="study_reserve_short", level="warning", params=params),)


def _year(case: SizingCase, key: Meaning, made: SizingResult) -> DispatchResult:
    """Return the flows of the plant in the study's year, on the steps on which it was settled."""
    problem = case.case(case.goal(key))
    problem = replace(problem, units=case.unit[None]).own
    return simulate(
        problem.load_kw,
        problem.units[0],
        Sizes(**{name: getattr(made, name) for name in COLUMNS}),
        battery=problem.battery if made.battery_kwh > 0 else None,
        genset=problem.genset if made.genset_kw > 0 else None,
        step_hours=problem.step_hours,
    )
