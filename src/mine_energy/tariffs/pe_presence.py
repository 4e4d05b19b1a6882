"""What happens to a Peruvian user's class between two states of a plant, month by month, and to its power charge.

The class depends on the month's own maximum: PV that cuts the noon maximum and leaves the evening raises the
classification factor, and a user that becomes present at peak pays more for each kW of a smaller maximum.
"""

from dataclasses import dataclass
from math import fsum
from typing import Literal

from mine_energy.errors import Finding, Param
from mine_energy.tariffs.result import Bill

Change = Literal["rises", "falls", "same"]

_SAME = 1e-9
_AFTER = {"after_measures": "_measures", "after_pv": "_pv"}
"""End of a finding's key, by state of the plant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PresenceMonth:
    """One month's class in two states, and what becomes of its power charge.

    Parameters
    ----------
    year, month
        Which.
    factor_before, factor_after
        CF.
    present_before, present_after
        Present at peak.
    power_before, power_after
        Power charges, in the tariff's currency.
    change
        Whether the power charge rises, falls or stays.
    """

    year: int
    month: int
    factor_before: float
    factor_after: float
    present_before: bool
    present_after: bool
    power_before: float
    power_after: float
    change: Change


def presence_months(before: Bill, after: Bill) -> tuple[PresenceMonth, ...]:
    """Return the months that two bills under one tariff share, with their class and power charge.

    Parameters
    ----------
    before, after
        Bills of one tariff with a classification; months without one are left out.
    """
    later = {(month.year, month.month): month for month in after.months}
    found = []
    for month in before.months:
        other = later.get((month.year, month.month))
        if other is None or month.presence_factor is None or other.presence_factor is None:
            continue
        powers = [_power(made, month.year, month.month) for made in (before, after)]
        found.append(
            PresenceMonth(
                year=month.year,
                month=month.month,
                factor_before=month.presence_factor,
                factor_after=other.presence_factor,
                present_before=bool(month.present_at_peak),
                present_after=bool(other.present_at_peak),
                power_before=powers[0],
                power_after=powers[1],
                change=_change(powers[0], powers[1]),
            )
        )
    return tuple(found)


def _power(made: Bill, year: int, month: int) -> float:
    lines = (line for line in made.lines if line.group == "demand" and (line.year, line.month) == (year, month))
    return fsum(line.amount for line in lines)


def _change(before: float, after: float) -> Change:
    if abs(after - before) <= _SAME * max(abs(before), abs(after), 1.0):
        return "same"
    return "rises" if after > before else "falls"


def presence_findings(before: Bill, after: Bill, option: str, state: str) -> list[Finding]:
    """Return one sentence where months change their class: whether their power charge falls or rises, and by how much.

    Parameters
    ----------
    before, after
        Bills of one tariff.
    option
        Name to show.
    state
        Key of the later state; ``after_measures`` and ``after_pv`` have words of their own.
    """
    changed = [month for month in presence_months(before, after) if month.present_before != month.present_after]
    if not changed:
        return []
    difference = fsum(month.power_after - month.power_before for month in changed)
    params: dict[str, Param] = {
        "option": option,
        "months": len(changed),
        "became": sum(1 for month in changed if month.present_after),
        "amount": abs(difference),
        "currency": after.currency,
    }
    key = ("tariff_presence_rises" if difference > 0 else "tariff_presence_falls") + _AFTER.get(state, "")
    return [Finding(key=key, level="warning" if difference > 0 else "info", params=params)]
