"""What the array of a plan avoids elsewhere, by year: beside the wedges, never one of them."""

from math import ceil
from typing import Final

from mine_energy.emissions import LifetimeAvoided
from mine_energy.plan import Plan
from mine_energy.plan.schedule import effect_in_year
from mine_energy.study.plan_measures import PV
from mine_energy.study.plan_result import AvoidedYear
from mine_energy.study.result import State
from mine_energy.units import KWH_PER_MWH, MONTHS_PER_YEAR

_FULL_YEAR: Final = 1


def avoided_by_year(plan: Plan, with_pv: State, lifetime: LifetimeAvoided | None) -> tuple[AvoidedYear, ...]:
    """Return the tonnes that the array avoids in every year shown; empty without a grid or an array in the plan.

    In its n-th year of work the array yields (1 - g)^(n - 1) of the first, times the share of the calendar year in
    which it works, and meets a margin of (1 - d)^n of the published ones: the terms of the lifetime figure by year.

    Parameters
    ----------
    plan
        With the array's time.
    with_pv
        The state with PV: what is used and exported of it in a year.
    lifetime
        Margins, their fall, the loss of yield, and whose the claim is.
    """
    task = next((task for task in plan.tasks if task.key == PV), None)
    if task is None or lifetime is None:
        return ()
    first = task.online_month / MONTHS_PER_YEAR
    margins = (lifetime.low_t_per_mwh, lifetime.central_t_per_mwh, lifetime.high_t_per_mwh)
    found = []
    for index, year in enumerate(range(plan.span.first_year, plan.span.last_year + 1)):
        share = effect_in_year(task, index)
        age = max(ceil(index + _FULL_YEAR - first), 1)
        left = share * (1 - lifetime.degradation) ** (age - 1) / KWH_PER_MWH
        low, central, high = (margin * (1 - lifetime.decline) ** age for margin in margins)
        project = (with_pv.pv_used_kwh + with_pv.export_kwh) * left
        found.append(
            AvoidedYear(
                year=year,
                project_t_co2e=project * central,
                low_t_co2e=project * low,
                high_t_co2e=project * high,
                exports_t_co2e=with_pv.export_kwh * left * central,
                claim=lifetime.claim,
            )
        )
    return tuple(found)
