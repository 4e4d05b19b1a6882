"""The least battery that meets a demand, found by bisection for many candidates at once."""

from collections.abc import Callable
from math import ceil
from typing import Any, Final

import numpy as np

from mine_energy.sizing.case import Case
from mine_energy.sizing.costs import Array
from mine_energy.sizing.goals import OffGrid

Flags = np.ndarray[Any, np.dtype[np.bool_]]
Meets = Callable[[Array], Flags]
"""Whether each row of a table of candidates meets the demand."""

PRECISION: Final = 2e-6
"""Of the battery energy found."""
_SEASON: Final = 1.0
"""A battery that gives a whole year's load carries any season that PV can pay back."""
_ROUNDS: Final = 80
_ROUNDING: Final = 1e-9
_WIDE: Final = 4.0


def kept_years(case: Case, limit: float, table: Array) -> np.ndarray[Any, np.dtype[np.int_]]:
    """Return in how many weather years each candidate leaves at most `limit` of the load unserved, shape (m,)."""
    return np.asarray((case.yearly_unserved_kwh(table) <= (limit + _ROUNDING) * case.load_kwh).sum(axis=0))


def keeps_off_grid(case: Case, goal: OffGrid, needed: Any = None) -> Meets:
    """Return the demand of an off-grid goal.

    Parameters
    ----------
    case, goal
        The problem and its goal.
    needed
        Years that have to keep the limit, a number or shape (m,); the goal's by default.
    """
    years = goal.years_needed(len(case.units)) if needed is None else needed

    def meets(table: Array) -> Flags:
        unserved, foreign = case.yearly_kwh(table)
        good = (unserved <= (goal.lpsp + _ROUNDING) * case.load_kwh).sum(axis=0) >= years
        if goal.renewable_share is None:
            return np.asarray(good)
        share = 1 - foreign.mean(axis=0) / case.load_kwh
        return np.asarray(good & (share >= goal.renewable_share - _ROUNDING))

    return meets


def covers(case: Case, ratio: float) -> Meets:
    """Return the demand for a self-sufficiency of at least `ratio` over all weather years."""
    return lambda table: case.run(table).self_sufficiency >= ratio - _ROUNDING


def serves(case: Case) -> Meets:
    """Return the demand that nothing is left unserved."""
    return lambda table: case.run(table).unserved_kwh <= _ROUNDING * case.load_kwh


def least_battery(
    case: Case, table: Array, meets: Meets, *, precision: float = PRECISION, most: Any = np.inf, alike: bool = True
) -> Array:
    """Return the least battery energy with which each row meets a demand that more energy never unmakes.

    Parameters
    ----------
    case
        The problem; where power is tied to energy, it follows.
    table
        Shape (m, 4): the other sizes.
    meets
        The demand.
    precision
        Of the energy found, relative and from above.
    most
        Scalar or shape (m,): energy beyond which a row is of no use.
    alike
        Whether all rows have the same demand, so that those settled are left out; else it is asked about all of them,
        in their order.

    Returns
    -------
    numpy.ndarray
        Shape (m,), kWh; infinite where even the most that `most` and the bound allow, or one of a year's load, does
        not do.
    """
    least, bound = case.bounds.battery_kwh
    given = case.left[1]
    if case.battery is not None:
        given *= (case.battery.soc_max - case.battery.soc_min) * case.battery.discharge_efficiency
    most = np.minimum(most, max(min(bound, _SEASON * case.load_kwh / given), least))
    high, low = np.broadcast_to(most, len(table)).astype(np.float64), np.full(len(table), least)
    never = (high < low) | ~meets(with_battery(case, table, high))
    high = np.where(meets(with_battery(case, table, low)), low, high)
    floor = 1e-3 * case.day_kwh
    for _ in range(_ROUNDS):
        todo = ~never & (high - low > precision * high + _ROUNDING * case.day_kwh)
        if not todo.any():
            break
        todo |= not alike
        a, b = low[todo], high[todo]
        # Far from the answer the ratio is halved, near it the distance.
        middle = np.where(b > _WIDE * np.maximum(a, floor), np.sqrt(np.maximum(a, floor) * b), (a + b) / 2)
        good = meets(with_battery(case, table[todo], middle))
        low[todo], high[todo] = np.where(good, a, middle), np.where(good, middle, b)
    return np.where(never, np.inf, high)


def with_battery(case: Case, table: Array, kwh: Array) -> Array:
    """Return `table` with another battery energy, and the power that is tied to it."""
    changed = table.copy()
    changed[:, 1] = kwh
    if case.bounds.battery_kw_per_kwh is not None:
        changed[:, 2] = kwh * case.bounds.battery_kw_per_kwh
    return changed


def enough_power_kw(case: Case, pv_kwp: float) -> float:
    """Return a battery power that is never short with up to `pv_kwp`, kW: the highest load or PV output.

    Rated down by the deepest limit on charging or discharging that is not a standstill.

    Parameters
    ----------
    case
        Load, weather years and the battery's rule.
    pv_kwp
        Largest array.
    """
    limits = []
    if case.battery is not None:
        limits = [v for v in (case.battery.charge_limit, case.battery.discharge_limit) if v is not None]
    least = min((float(v[v > 0].min()) for v in limits if (v > 0).any()), default=1.0)
    return max(float(case.load_kw.max()), pv_kwp * case.left[0] * float(case.units.max())) / least


def start_kwp(case: Case, ratio: float = 1.0) -> float:
    """Return the array whose energy of a mean year is `ratio` times the load's; 0 where there is no sun."""
    return ratio * case.load_kwh / case.yield_kwh if case.yield_kwh > 0 else 0.0


def years_for(percentile: float, confidence: float = 0.95) -> int:
    """Return the years of which the worst one bounds a percentile with this confidence: 29 for 0.90, 59 for 0.95.

    The worst of n independent years lies above the p-quantile with probability 1 - p^n (Wilks 1941).

    Parameters
    ----------
    percentile, confidence
        0 to 1; a percentile of 1 asks for every year there is, two at least.

    References
    ----------
    Wilks, S. S. (1941). Determination of sample sizes for setting tolerance limits. Annals of Mathematical
    Statistics 12.
    """
    return ceil(np.log(1 - confidence) / np.log(percentile)) if percentile < 1 else 2
