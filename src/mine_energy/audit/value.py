"""What every saving is worth: the bill without it minus the bill with it, one after the other.

Where the tariff classifies a plant month by month (present at peak or not), a saving is valued in today's class. A
plant near the limit would change class with any measure, in either direction: that jump belongs to the order of the
measures and not to one of them, and it is said apart (:func:`class_change`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from mine_energy.audit.after import Baseline, Taken, duration_share
from mine_energy.errors import Finding, Param
from mine_energy.measures import PlantSeries, Saving
from mine_energy.tariffs import Bill, Tariff, bill

LEAST_SHARE: Final = 0.99
"""Of a year: a shorter record gives no annual money."""
_MOST_BILLS: Final = 150
"""Above this many savings the bills are taken by measure, and shared among its machines by energy."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Standing:
    """A plant with some savings done: what they take off, and the year's bill that is left.

    Parameters
    ----------
    done, taken
        The savings, and their power.
    total
        Bill of the record, in the tariff's currency.
    present
        Class of each billing month today, in which everything after it is billed too.
    share
        Length of the record over a year.
    """

    done: tuple[Saving, ...]
    taken: Taken
    total: float
    present: tuple[bool | None, ...]
    share: float

    def worth_of(self, after: "Standing") -> float:
        """Return what going from here to another standing is worth in a year."""
        return (self.total - after.total) / self.share


def standing(baseline: Baseline, tariff: Tariff) -> Standing:
    """Return the plant of today.

    Parameters
    ----------
    baseline, tariff
        Load before, and of its supply.
    """
    taken = baseline.taken([])
    made = _bill(baseline, baseline.left(taken, ()), tariff)
    present = tuple(month.present_at_peak for month in made.months)
    return Standing(done=(), taken=taken, total=made.total, present=present, share=duration_share(baseline.load))


def with_savings(baseline: Baseline, before: Standing, savings: Sequence[Saving], tariff: Tariff) -> Standing:
    """Return a plant with further savings done.

    Parameters
    ----------
    baseline, tariff
        As :func:`standing`.
    before
        Where it stands.
    savings
        That apply.
    """
    taken, done = before.taken.plus(baseline.taken(savings)), (*before.done, *savings)
    made = _bill(baseline, baseline.left(taken, done), tariff, before.present)
    return Standing(done=done, taken=taken, total=made.total, present=before.present, share=before.share)


def class_change(baseline: Baseline, savings: Sequence[Saving], tariff: Tariff) -> tuple[Finding, ...]:
    """Return what the adopted savings change in the classes of the billing months, and what that is worth a year.

    Parameters
    ----------
    baseline, tariff
        As :func:`standing`.
    savings
        All of them; those that apply count.
    """
    applied = tuple(s for s in savings if s.decision == "apply")
    if tariff.presence is None or not applied:
        return ()
    now = standing(baseline, tariff)
    held = with_savings(baseline, now, applied, tariff)
    free = _bill(baseline, baseline.left(held.taken, applied), tariff)
    changed = [m for m, before in zip(free.months, now.present, strict=True) if m.present_at_peak != before]
    if not changed:
        return ()
    params: dict[str, Param] = {
        "months": len(changed),
        "threshold": tariff.presence.threshold,
        "amount": (held.total - free.total) / now.share,
        "currency": tariff.currency,
    }
    return (Finding(key="audit_class_changes", level="warning", params=params),)


def valued(baseline: Baseline, savings: Sequence[Saving], tariff: Tariff) -> tuple[Saving, ...]:
    """Return savings with their value on the bill, in the tariff's currency a year.

    The first saving is worth the bill of today's load minus the bill without that saving's power; the next starts
    from there. So the values add up to the difference of the bills in today's class, blocks, demand and reactive
    charges included, and no average price is used. A record shorter than a year gives no annual money.

    Parameters
    ----------
    baseline
        Load before and the runs of the machines.
    savings
        In the order in which they apply.
    tariff
        Of the supply.

    Raises
    ------
    InputError
        The load cannot be billed.
    """
    share = duration_share(baseline.load)
    if share < LEAST_SHARE:
        return tuple(savings)
    groups = _groups([s for s in savings if s.decision == "apply"])
    before = standing(baseline, tariff)
    values: dict[tuple[str, str], float] = {}
    for group in groups:
        after = with_savings(baseline, before, group, tariff)
        weights = _weights(group)
        for saving, weight in zip(group, weights, strict=True):
            values[saving.tag, saving.measure] = before.worth_of(after) * weight
        before = after
    return tuple(
        replace(s, value_per_year=values[s.tag, s.measure], currency=tariff.currency) if s.decision == "apply" else s
        for s in savings
    )


def _groups(applied: Sequence[Saving]) -> list[list[Saving]]:
    if len(applied) <= _MOST_BILLS:
        return [[saving] for saving in applied]
    groups: dict[str, list[Saving]] = {}
    for saving in applied:
        groups.setdefault(saving.measure, []).append(saving)
    return list(groups.values())


def _weights(group: Sequence[Saving]) -> list[float]:
    total = sum(s.energy_kwh_per_year for s in group)
    return [s.energy_kwh_per_year / total if total > 0 else 1 / len(group) for s in group]


def _bill(baseline: Baseline, left: PlantSeries, tariff: Tariff, present: Sequence[bool | None] | None = None) -> Bill:
    index = baseline.load.load_kw.index
    reactive = None if baseline.load.reactive_kvar is None else pd.Series(left.reactive_kvar, index=index)
    imports = pd.Series(np.maximum(left.active_kw, 0.0), index=index)
    if tariff.fuel is not None:
        reactive = None
    return bill(imports, tariff, reactive_kvar=reactive, present_at_peak=present)
