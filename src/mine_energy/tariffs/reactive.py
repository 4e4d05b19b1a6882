"""Reactive energy beyond its free share: Colombia's factor M by month, dated rules, the bank that ends the excess.

M (CREG 015/2018, annex, chapter 12, as amended by CREG 199/2019; read through CREG concepts 3220 of 2021 and 865 of
2022): a month meets the condition when an hour lies above the limit on more than ten of its days. A month that does
not has M = 1. The first twelve months that do have M = 1; from the thirteenth on M grows by one a month, up to twelve.
More than three months in a row without the condition start the count again. Amendments of CREG 195/2020 to the steps
of M were not read (confidence D).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from mine_energy import catalog
from mine_energy.catalog import Sourced
from mine_energy.site import ReactiveHistory
from mine_energy.tariffs.blocks import Floats, Ints, sums

_FIGURES = "tariffs/figures.csv"
_RULES = "tariffs/reactive_rules.csv"
LEAST_EXCESS_KVARH = 1e-6
"""An hour with less above the limit has none: a thousandth of the last digit of a meter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MultiplierMonth:
    """Where the factor M stands in one month.

    Parameters
    ----------
    days_with_excess
        Days with at least one hour above the limit.
    in_condition
        Whether they are more than ten.
    months_in_condition
        Months that met the condition since the last reset, this one included.
    clean_months
        Months without it in a row, this one included.
    multiplier
        M of the month.
    """

    days_with_excess: int
    in_condition: bool
    months_in_condition: int
    clean_months: int
    multiplier: float


def multiplier_months(
    days_with_excess: Sequence[int], history: ReactiveHistory | None = None
) -> tuple[MultiplierMonth, ...]:
    """Return Colombia's factor M of every month.

    Parameters
    ----------
    days_with_excess
        Of each month, in order: days with at least one hour above the limit.
    history
        Where M stands before the first month; at its start when None.

    Returns
    -------
    tuple of MultiplierMonth
    """
    limit, first, clean_limit, highest = (
        catalog.sourced(_FIGURES, key).value for key in ("m_days", "m_months", "m_clean_months", "m_highest")
    )
    counted, clean = (history.months_in_condition, history.clean_months) if history else (0, 0)
    if clean > clean_limit:
        counted = 0
    states = []
    for days in days_with_excess:
        inside = days > limit
        clean = 0 if inside else clean + 1
        if clean > clean_limit:
            counted = 0
        counted += int(inside)
        growth = min(max(counted - first, 0.0), highest - 1) if inside else 0.0
        states.append(
            MultiplierMonth(
                days_with_excess=int(days),
                in_condition=bool(inside),
                months_in_condition=counted,
                clean_months=clean,
                multiplier=1.0 + growth,
            )
        )
    return tuple(states)


def rule_in_force(key: str, country: str, day: date) -> Sourced | None:
    """Return the dated figure that is in force on a day; None before the first.

    Parameters
    ----------
    key
        ``capacitive_charged_share`` or ``exemption``.
    country
        ISO 3166 code.
    day
        First day of the billing month.
    """
    rows = [row for row in catalog.table(_RULES) if row["key"] == key and row["country"] == country]
    started = [row for row in rows if date.fromisoformat(row["valid_from"]) <= day]
    if not started:
        return None
    row = max(started, key=lambda row: row["valid_from"])
    return catalog.sourced_row(row)


def bank_kvar(active_kwh: Floats, lagging_kvar: Floats, period: Ints, ratio: float, step_hours: float) -> float:
    """Return the smallest switched bank that leaves no reactive energy above the free share.

    The bank follows the load and never leads: in each interval it gives the smaller of its size and what the plant
    takes. The least size is where, in every period, what is left is just the free share.

    Parameters
    ----------
    active_kwh
        Imported in each interval; with PV this is what is left of the load.
    lagging_kvar
        Mean reactive power of each interval, inductive.
    period
        Number of the period of each interval: clock hours (Colombia) or months (Peru).
    ratio
        Free kvarh per kWh.
    step_hours
        Length of an interval.

    Returns
    -------
    float
        kvar; zero where nothing is in excess.
    """
    free = ratio * sums(period, active_kwh)
    lagging = np.maximum(lagging_kvar, 0.0)

    def suffices(size: float) -> bool:
        left = sums(period, np.maximum(lagging - size, 0.0) * step_hours, len(free))
        return bool((left <= free + LEAST_EXCESS_KVARH).all())

    low, high = 0.0, float(lagging.max(initial=0.0))
    if suffices(low):
        return 0.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if suffices(middle) else (middle, high)
    return high
