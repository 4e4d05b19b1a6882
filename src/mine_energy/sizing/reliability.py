"""What the weather years say about an off-grid plant: years kept, their interval, and the battery each share needs."""

from math import isfinite
from typing import Any

import numpy as np

from mine_energy.sizing.case import Case
from mine_energy.sizing.costs import Array
from mine_energy.sizing.goals import OffGrid
from mine_energy.sizing.need import keeps_off_grid, kept_years, least_battery
from mine_energy.sizing.percentiles import Quantiles, binomial_interval, rank_interval
from mine_energy.sizing.result import Reliability


def reliability(case: Case, goal: OffGrid, sizes: Array) -> Reliability:
    """Return what the years say about the plant of `sizes`, shape (4,), in a case without a grid."""
    years = len(case.units)
    kept = int(kept_years(case, goal.lpsp, sizes[None])[0])
    low, high = binomial_interval(kept, years)
    ranks = rank_interval(goal.percentile, years)
    helped = sizes[3] > 0
    wanted = [0.1, 0.5, 0.9]
    counts = [max(1, int(np.ceil(p * years - 1e-9))) for p in wanted] + [ranks[0], ranks[1] or years]
    batteries: Any = None if helped else battery_for_years(case, goal, sizes, counts)
    upper = None if helped or ranks[1] is None or not isfinite(batteries[4]) else float(batteries[4])
    return Reliability(
        lpsp_limit=goal.lpsp,
        percentile=goal.percentile,
        years=years,
        years_needed=goal.years_needed(years),
        years_kept=kept,
        kept_low=low,
        kept_high=high,
        battery_kwh=None if helped else Quantiles(**dict(zip(("p10", "p50", "p90"), batteries[:3], strict=True))),
        battery_low_kwh=None if helped else float(batteries[3]),
        battery_high_kwh=upper,
    )


def battery_for_years(case: Case, goal: OffGrid, sizes: Array, counts: list[int]) -> list[float]:
    """Return the least battery with which each number of years keeps the limit, at the PV and power of `sizes`."""
    table = np.repeat(sizes[None], len(counts), axis=0)
    found = least_battery(case, table, keeps_off_grid(case, goal, np.array(counts)), alike=False)
    return [float(kwh) for kwh in found]
