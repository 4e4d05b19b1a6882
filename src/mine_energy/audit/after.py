"""The load that the measures leave."""

from collections.abc import Sequence
from typing import Final, cast

import numpy as np
import pandas as pd

from mine_energy.audit.reconcile import record_days
from mine_energy.errors import Finding
from mine_energy.loads import LoadProfile, MachinePlan, Run, power_on, working_days
from mine_energy.measures import Saving

_NEGLIGIBLE_KWH: Final = 1e-6


def load_after(
    before: LoadProfile, plans: Sequence[MachinePlan], savings: Sequence[Saving], workdays_per_month: int
) -> tuple[LoadProfile, tuple[Finding, ...]]:
    """Return the load after the measures that apply, at the step of the load before them.

    Every saving is taken off in the intervals in which its machine runs, in proportion to the minutes it runs. Where
    a meter shows less than that, the load stops at zero and the rest is reported. Reactive power stays.

    Parameters
    ----------
    before
        Baseline.
    plans
        Machines with their runs.
    savings
        Of all measures.
    workdays_per_month
        Sets the working days of a metered record.

    Returns
    -------
    LoadProfile, tuple of Finding
        Origin ``after_measures``, and a finding where energy could not be taken off.
    """
    index = cast("pd.DatetimeIndex", before.load_kw.index)
    built = before.origin == "built"
    days = working_days(index[0].year, workdays_per_month) if built else record_days(before, workdays_per_month)
    wanted = power_on(index, before.step_minutes, days, _saved_runs(plans, savings), wrap=built)
    load = before.load_kw.to_numpy()
    left = np.maximum(load - wanted, np.minimum(load, 0.0))  # a negative reading is the meter's own and stays
    lost = float((wanted - (load - left)).sum()) * before.step_hours
    profile = LoadProfile(
        load_kw=pd.Series(left, index=index),
        reactive_kvar=before.reactive_kvar,
        step_minutes=before.step_minutes,
        origin="after_measures",
        label=before.label,
        findings=before.findings,
    )
    if lost <= _NEGLIGIBLE_KWH:
        return profile, ()
    params = {"kwh": lost, "percent": lost / (float(wanted.sum()) * before.step_hours) * 100}
    return profile, (Finding(key="audit_savings_beyond_load", level="warning", subject=before.label, params=params),)


def _saved_runs(plans: Sequence[MachinePlan], savings: Sequence[Saving]) -> list[tuple[Run, float]]:
    runs = {plan.motor.tag: plan.runs for plan in plans}
    return [
        (run, saving.unloaded_demand_kw if run.state == "unloaded" else saving.demand_kw)
        for saving in savings
        if saving.decision == "apply"
        for run in runs[saving.tag]
    ]
