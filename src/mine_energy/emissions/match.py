"""How much of a plant's load its own PV meets in the very hour: a figure of its own kind, without a tonne in it.

The hourly matching of carbon-free energy (the "CFE score" of Google's *24/7 Carbon-Free Energy: Methodologies and
Metrics*, 2021) for the plant's own PV alone: the grid's share of clean energy by the hour, which the full score adds,
is not packaged. It is neither Scope 2, which counts imports with the grid's factor, nor the annual balance, which lets
noon pay for midnight.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mine_energy.emissions.avoided import Claim

_WHOLE = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class HourlyMatch:
    """Load that is met by PV of the same clock hour.

    Parameters
    ----------
    load_kwh, delivered_kwh
        Of the year: demanded, and delivered by the array after curtailment.
    matched_kwh
        Sum over the hours of the lesser of the two. PV that a battery keeps for later is not in it.
    ratio
        Matched over demanded, 0 to 1.
    annual_ratio
        Delivered over demanded: the same question asked once a year.
    hours_met
        Share of the hours with a load in which PV covers all of it.
    claim
        ``transferred`` where the attributes of the energy are sold or somebody else's: nobody here may call it matched.
    """

    load_kwh: float
    delivered_kwh: float
    matched_kwh: float
    ratio: float
    annual_ratio: float
    hours_met: float
    claim: Claim


def hourly_match(load_kwh: npt.ArrayLike, delivered_kwh: npt.ArrayLike, *, claim: Claim = "own") -> HourlyMatch | None:
    """Return how much of a load is met in the same hour; None without any load.

    Parameters
    ----------
    load_kwh, delivered_kwh
        Shape (hours,): energy of each clock hour, zero or more; shorter steps would match less, longer ones more.
    claim
        Whose the attributes are.

    Raises
    ------
    ValueError
        The hours differ, or an energy is negative or not finite.
    """
    load, pv = (np.asarray(one, dtype=np.float64) for one in (load_kwh, delivered_kwh))
    if load.shape != pv.shape or not np.isfinite([load, pv]).all() or min(load.min(initial=0), pv.min(initial=0)) < 0:
        raise ValueError("load and PV need the same hours, none of them negative")
    demanded, delivered = float(load.sum()), float(pv.sum())
    if demanded <= 0:
        return None
    working = load > 0
    matched = float(np.minimum(load, pv).sum())
    return HourlyMatch(
        load_kwh=demanded,
        delivered_kwh=delivered,
        matched_kwh=matched,
        ratio=matched / demanded,
        annual_ratio=delivered / demanded,
        hours_met=float(np.mean(pv[working] >= load[working] * (1 - _WHOLE))),
        claim=claim,
    )
