"""Peru's rules: presence at peak, power by the two highest of six months.

Osinergmin's Norma de Opciones Tarifarias (206-2013-OS/CD and successors); the wording of the rules is from secondary
sources (confidence C).
"""

from typing import TYPE_CHECKING

import numpy as np

from mine_energy.tariffs.blocks import Calendar, Floats
from mine_energy.tariffs.model import Presence

if TYPE_CHECKING:
    from mine_energy.tariffs.result import Bill

HISTORY_MONTHS = 6


def presence_factor(import_kwh: Floats, maximum_kw: Floats, steps: Calendar, rule: Presence) -> Floats:
    """Return the classification factor of every month.

    CF = energy in the peak hours / (the month's maximum demand x peak hours of the month); at or above the rule's
    threshold (0.5) the user counts as present at peak.

    Parameters
    ----------
    import_kwh
        Per step.
    maximum_kw
        Highest demand of each month, kW.
    steps
        Calendar of the load.
    rule
        Peak hours and the kinds of day that count.

    Returns
    -------
    numpy.ndarray
        One value per month; zero where there is no demand or no peak hour.
    """
    inside = steps.inside(rule)
    energy = steps.by_period(np.where(inside, import_kwh, 0.0))
    hours = steps.by_period(inside * steps.step_hours)
    possible = maximum_kw * hours
    return np.divide(energy, possible, out=np.zeros_like(energy), where=possible > 0)


def two_highest_of_six(maxima_kw: Floats) -> tuple[Floats, bool]:
    """Return the billed power of each month: the mean of its two highest maxima of the last six months.

    A load of twelve months is read as a year that repeats, so that the months before its first are its own last ones;
    a shorter one uses the months that it has.

    Parameters
    ----------
    maxima_kw
        Highest demand of each month, in order.

    Returns
    -------
    tuple
        The billed power, and whether earlier months were taken from the end of the same year.
    """
    count = len(maxima_kw)
    wraps = count == 12
    billed = np.empty(count)
    for month in range(count):
        window = [maxima_kw[i] for i in range(month - HISTORY_MONTHS + 1, month + 1) if i >= 0 or wraps]
        billed[month] = np.mean(sorted(window)[-2:])
    return billed, wraps


def compare_options(bills: "tuple[Bill, ...]") -> "tuple[Bill, ...]":
    """Return the bills of one load under several options, the cheapest first.

    An option is kept for twelve months, so the year's total decides; equal totals keep their order.
    """
    return tuple(sorted(bills, key=lambda bill: bill.total))
