"""How cost grows with coverage, and how battery trades against PV at equal reliability."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from mine_energy.arrays import FloatArray, readonly
from mine_energy.errors import Infeasible
from mine_energy.sizing.case import Case
from mine_energy.sizing.goals import Goal, HourlySelf, OffGrid
from mine_energy.sizing.need import enough_power_kw, keeps_off_grid, least_battery, with_battery
from mine_energy.sizing.result import SizingResult


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontierPoint:
    """The cheapest plant of one coverage.

    Parameters
    ----------
    coverage
        Self-sufficiency asked for, or 1 - LPSP.
    pv_kwp, battery_kwh, battery_kw, genset_kw
        Sizes.
    annual_cost, investment
        Money.
    extra_cost_per_percent
        Annual cost over that of the point before, for each percentage point between them; None for the first.
    """

    coverage: float
    pv_kwp: float
    battery_kwh: float
    battery_kw: float
    genset_kw: float
    annual_cost: float
    investment: float
    extra_cost_per_percent: float | None


def coverage_frontier(sized: Callable[[Goal], SizingResult], goals: Sequence[Goal]) -> tuple[FrontierPoint, ...]:
    """Return cost against coverage, in rising order; what no plant reaches is left out.

    Parameters
    ----------
    sized
        :func:`mine_energy.sizing.size` with everything but the goal.
    goals
        :class:`HourlySelf` or :class:`OffGrid` goals.
    """
    points: list[FrontierPoint] = []
    for goal in sorted(goals, key=_coverage):
        try:
            found = sized(goal)
        except Infeasible:
            break
        last = points[-1] if points else None
        step = 100 * (_coverage(goal) - last.coverage) if last else 0.0
        points.append(
            FrontierPoint(
                coverage=_coverage(goal),
                pv_kwp=found.pv_kwp,
                battery_kwh=found.battery_kwh,
                battery_kw=found.battery_kw,
                genset_kw=found.genset_kw,
                annual_cost=found.annual_cost,
                investment=found.plant.money.investment,
                extra_cost_per_percent=(found.annual_cost - last.annual_cost) / step if last and step > 0 else None,
            )
        )
    return tuple(points)


def _coverage(goal: Goal) -> float:
    if isinstance(goal, HourlySelf):
        return goal.ratio
    if isinstance(goal, OffGrid):
        return 1 - goal.lpsp
    raise ValueError("a frontier needs goals of hourly self-sufficiency or off-grid goals")


def cost_of_last_percent(sized: Callable[[Goal], SizingResult], goal: OffGrid) -> float:
    """Return what the last per cent of reliability costs a year: LPSP 0 over LPSP 1 %, in the costs' currency.

    Parameters
    ----------
    sized
        :func:`mine_energy.sizing.size` with everything but the goal.
    goal
        Percentile and age; its own limit is replaced.

    Raises
    ------
    Infeasible
        No plant serves everything.
    """
    whole, almost = (sized(replace(goal, lpsp=limit)).annual_cost for limit in (0.0, 0.01))
    return whole - almost


@dataclass(frozen=True, slots=True, kw_only=True)
class IsoPoint:
    """An array, and the least battery with which enough years keep the limit.

    Parameters
    ----------
    pv_kwp, battery_kwh
        Sizes; the battery is infinite where none does.
    annual_cost
        A year, in the costs' currency; infinite likewise.
    """

    pv_kwp: float
    battery_kwh: float
    annual_cost: float


def iso_reliability(
    case: Case, goal: OffGrid, pv_kwp: Sequence[float], battery_kw: float | None = None
) -> tuple[IsoPoint, ...]:
    """Return the curve of equal reliability: the battery that each array needs.

    Parameters
    ----------
    case
        From :func:`mine_energy.sizing.case.make_case`; its grid is left out.
    goal
        Limit and percentile.
    pv_kwp
        Arrays.
    battery_kw
        Power, where it is not tied to the energy; enough for anything by default.
    """
    island = replace(case, grid=None)
    power = enough_power_kw(island, max(pv_kwp)) if battery_kw is None else battery_kw
    table = island.table(np.asarray(pv_kwp, dtype=np.float64), 0.0, power)
    kwh = least_battery(island, table, keeps_off_grid(island, goal))
    found = np.isfinite(kwh)
    costs = np.where(found, island.rates.of_sizes(with_battery(island, table, np.where(found, kwh, 0.0))), np.inf)
    rows = zip(table[:, 0], kwh, costs, strict=True)
    return tuple(IsoPoint(pv_kwp=float(p), battery_kwh=float(e), annual_cost=float(c)) for p, e, c in rows)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReliabilityMap:
    """LPSP that the asked share of years keeps.

    Parameters
    ----------
    pv_kwp, battery_kwh
        Axes.
    lpsp
        Shape (arrays x batteries,), row by row: all batteries of the first array first; fractions of the load.
    """

    pv_kwp: FloatArray
    battery_kwh: FloatArray
    lpsp: FloatArray


def reliability_map(
    case: Case,
    percentile: float,
    pv_kwp: Sequence[float],
    battery_kwh: Sequence[float],
    battery_kw: float | None = None,
) -> ReliabilityMap:
    """Return the LPSP not exceeded in `percentile` of the years, for every pair of array and battery.

    Parameters
    ----------
    case
        Its grid is left out.
    percentile
        Order statistic of rank ceil(percentile x years).
    pv_kwp, battery_kwh
        Axes of the map.
    battery_kw
        As in :func:`iso_reliability`.
    """
    island = replace(case, grid=None)
    power = enough_power_kw(island, max(pv_kwp)) if battery_kw is None else battery_kw
    arrays, batteries = np.meshgrid(np.asarray(pv_kwp, float), np.asarray(battery_kwh, float), indexing="ij")
    lpsp = island.yearly_unserved_kwh(island.table(arrays.ravel(), batteries.ravel(), power)) / island.load_kwh
    rank = OffGrid(percentile=percentile).years_needed(len(island.units))
    return ReliabilityMap(
        pv_kwp=readonly(pv_kwp), battery_kwh=readonly(battery_kwh), lpsp=readonly(np.sort(lpsp, axis=0)[rank - 1])
    )
