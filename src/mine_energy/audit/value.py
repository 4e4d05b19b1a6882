"""What every saving is worth: the bill without it minus the bill with it, one after the other."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from mine_energy.audit.after import Baseline, duration_share
from mine_energy.measures import PlantSeries, Saving
from mine_energy.tariffs import Tariff, bill

_LEAST_SHARE: Final = 0.99
_MOST_BILLS: Final = 150
"""Above this many savings the bills are taken by measure, and shared among its machines by energy."""


def valued(baseline: Baseline, savings: Sequence[Saving], tariff: Tariff) -> tuple[Saving, ...]:
    """Return savings with their value on the bill, in the tariff's currency a year.

    The first saving is worth the bill of today's load minus the bill without that saving's power; the next starts
    from there. So the values add up to the difference of the bills, blocks, demand and reactive charges included, and
    no average price is used. A record shorter than a year gives no annual money.

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
    if share < _LEAST_SHARE:
        return tuple(savings)
    groups = _groups([s for s in savings if s.decision == "apply"])
    taken = baseline.taken([])
    before = _total(baseline, baseline.left(taken, ()), tariff)
    done: list[Saving] = []
    values: dict[tuple[str, str], float] = {}
    for group in groups:
        taken = taken.plus(baseline.taken(group))
        done += group
        after = _total(baseline, baseline.left(taken, done), tariff)
        weights = _weights(group)
        for saving, weight in zip(group, weights, strict=True):
            values[saving.tag, saving.measure] = (before - after) / share * weight
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


def _total(baseline: Baseline, left: PlantSeries, tariff: Tariff) -> float:
    index = baseline.load.load_kw.index
    reactive = None if baseline.load.reactive_kvar is None else pd.Series(left.reactive_kvar, index=index)
    imports = pd.Series(np.maximum(left.active_kw, 0.0), index=index)
    if tariff.fuel is not None:
        reactive = None
    return bill(imports, tariff, reactive_kvar=reactive).total
