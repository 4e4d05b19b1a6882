"""Do inventory and readings agree, what single cause would explain it if not, and what stays unknown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, sqrt
from typing import Any, Final, Literal, cast

import numpy as np
from scipy.special import chdtrc, ndtri

from mine_energy.uncertainty.bands import Array, relative_sd
from mine_energy.uncertainty.fit import Fit, Prior, Readings, predict, state_at
from mine_energy.uncertainty.parts import Agreement, Cause, Indistinct, NextReading, Observation, Part, PriorRules

_CAUSE_ALARM_SHARE: Final = 0.2
"""Single causes alarm at a fifth of the overall probability: several are tried on the same readings."""
_STRAIN_OVER_ALARM: Final = 4.0
"""Short of a conflict, a disagreement that one good plant in five shows is still said."""
_CAUSE_ORDER: Final = ("missing", "hours", "load")
_TELLING_DECIMALS: Final = 1
"""Scores that differ by less than a tenth are likelihoods within a half of each other: a tie."""
_CREDIBLE: Final = 3.0
"""A cause that would need all hours or loads off by more than this factor is no explanation."""
_POWER_OF_TEST: Final = 0.95
_UNSEEN: Final = 0.1
"""A split counts as unseen where readings add less than a tenth to what the inventory says about it."""
_WEIGHTY: Final = 0.02
"""Shares of the plant's energy under which a posterior standard deviation is not worth naming."""
_READING_SD: Final = relative_sd(0.03)
"""A spot power reading: plus or minus 3 % in 90 of 100 cases."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Outcome of the tests; fields as in Reconciliation."""

    degrees: int
    probability: float
    agreement: Agreement
    widening: float
    causes: tuple[Cause, ...]
    detectable_kwh: float | None
    gaps_sd: tuple[float, ...]


def judge(
    parts: Sequence[Part],
    observations: Sequence[Observation],
    prior: Prior,
    readings: Readings,
    fit: Fit,
    rules: PriorRules,
) -> Verdict:
    """Return whether the readings are likely under the inventory's bands.

    Two kinds of test: the misfit against chi-square with as many degrees of freedom as readings (the global test of
    data reconciliation), and one per single cause, which sees a common error that is spread thinly over many
    readings. On conflict the posterior widens by the Birge ratio ``sqrt(chi2 / degrees)`` (Birge, Phys. Rev. 40,
    1932, 207), or by a cause's own ratio ``|score|`` (one degree of freedom) where that is larger.
    """
    count = len(observations)
    probability = float(chdtrc(count, fit.misfit)) if count else 1.0
    before, slope = predict(readings, state_at(prior, np.zeros_like(fit.errors)))
    spread = slope @ prior.covariance @ slope.T + readings.correlation
    gap = readings.values - before
    open_row = np.array([one.open_weight / one.sd for one in observations])
    seen = float(open_row @ np.linalg.solve(spread, open_row)) if count else 0.0
    missing = [_missing(open_row, spread, gap, fit)] if seen > 0 else []
    # One meter can hardly tell causes apart. Of those that it cannot, one machine that nobody wrote down asks less of
    # chance than an equal error in all hours or all loads at once.
    causes = sorted(
        missing + _common(parts, prior, fit),
        key=lambda cause: (-round(abs(cause.score), _TELLING_DECIMALS), _CAUSE_ORDER.index(cause.kind), cause.name),
    )
    highest = abs(causes[0].score) if causes else 0.0
    agreement = _agreement(probability, highest, rules.alarm)
    ratio = max(1.0, sqrt(fit.misfit / max(1, count)), highest)
    threshold = two_sided(rules.alarm)
    return Verdict(
        degrees=count,
        probability=probability,
        agreement=agreement,
        widening=ratio if agreement == "conflict" else 1.0,
        causes=tuple(cause for cause in causes if abs(cause.score) > threshold) if agreement == "conflict" else (),
        detectable_kwh=(threshold + float(ndtri(_POWER_OF_TEST))) / sqrt(seen) if seen > 0 else None,
        gaps_sd=tuple(float(g) for g in gap / np.sqrt(np.diag(spread))),
    )


def _agreement(probability: float, score: float, alarm: float) -> Agreement:
    for level, chance in (("conflict", alarm), ("strained", _STRAIN_OVER_ALARM * alarm)):
        if probability < chance or score > two_sided(_CAUSE_ALARM_SHARE * chance):
            return cast("Agreement", level)
    return "agrees"


def two_sided(probability: float) -> float:
    """Return the standard normal number that either tail passes with `probability` in all."""
    return float(ndtri(1 - probability / 2))


def _asked(row: Array, spread: Array, gap: Array) -> tuple[float, float]:
    """Return size and score of one cause: generalised least squares of a gap on what the cause would do to it.

    The score is standard normal if the inventory holds, and the most powerful test against this cause.
    """
    weighted = np.linalg.solve(spread, row)
    seen = float(row @ weighted)
    return (float(weighted @ gap) / seen, float(weighted @ gap) / sqrt(seen)) if seen > 0 else (0.0, 0.0)


def _missing(row: Array, spread: Array, gap: Array, fit: Fit) -> Cause:
    """Return consumption without a machine: sized against the inventory as given, scored at the fit."""
    size, _ = _asked(row, spread, gap)
    return Cause(kind="missing", name="", size=size, score=_asked(row, fit.spread, fit.innovation)[1])


def _common(parts: Sequence[Part], prior: Prior, fit: Fit) -> list[Cause]:
    """Return equal relative errors of all loads, all hours, and of each load group and driver with several members."""
    count = len(parts)
    found: list[Cause] = []
    kinds: tuple[tuple[Literal["load", "hours"], list[str]], ...] = (
        ("load", [part.load_group for part in parts]),
        ("hours", [part.driver for part in parts]),
    )
    for offset, (kind, names) in enumerate(kinds):
        members = {"": list(range(count))} | {
            name: [i for i, own in enumerate(names) if own == name] for name in dict.fromkeys(names) if name
        }
        for name, rows in members.items():
            if len(rows) > 1 and (not name or len(rows) < count):
                shift = np.zeros(3 * count)
                shift[[offset * count + i for i in rows]] = 1.0
                size, score = _asked(fit.slope @ shift, fit.spread, fit.innovation)
                factor = exp(min(size, 9.0)) if prior.shape == "lognormal" else 1 + size
                if 1 / _CREDIBLE <= factor <= _CREDIBLE:
                    found.append(Cause(kind=kind, name=name, size=factor - 1, score=score))
    return found


def indistinct_groups(parts: Sequence[Part], prior: Prior, fit: Fit) -> tuple[Indistinct, ...]:
    """Return groups of machines between which energy could move without any reading noticing.

    The readings' information about the parts' energies is the inverse posterior covariance less the inverse prior
    covariance. Moving 1 kWh from one machine to another is seen by ``M_ii + M_jj - 2 M_ij`` of either matrix; where
    the readings' part is under a tenth of the inventory's, the split rests on the inventory. Only machines whose
    posterior standard deviation is 2 % of the plant or more are named.
    """
    state = state_at(prior, fit.errors)
    energy, slope = state.energy_kwh, state.energy_slope
    before, after = slope @ prior.covariance @ slope.T, slope @ fit.covariance @ slope.T
    total = float(energy.sum())
    named = [i for i in range(len(parts)) if after[i, i] > 0 and sqrt(after[i, i]) >= _WEIGHTY * total > 0]
    if len(named) < 2 or len(fit.innovation) == 0:
        return ()
    loose = np.flatnonzero(np.diag(after) > 1e-12 * total**2)
    held, told = _information(before, loose), _information(after, loose)
    unseen = _pairs(told - held) < _UNSEEN * _pairs(held)
    correlation = after / np.sqrt(np.outer(np.diag(after), np.diag(after)) + 1e-300)
    place = {int(i): k for k, i in enumerate(loose)}
    groups = _chains(named, lambda i, j: bool(unseen[place[i], place[j]]) and correlation[i, j] < 0)
    found = []
    for group in groups:
        members = sorted(group, key=lambda i: (-after[i, i], parts[i].tag))
        lowest = min(float(correlation[i, j]) for i in group for j in group if i != j)
        share = float(energy[list(group)].sum()) / total
        found.append(Indistinct(tags=tuple(parts[i].tag for i in members), share=share, lowest_correlation=lowest))
    return tuple(sorted(found, key=lambda one: (-one.share, one.tags)))


def _information(covariance: Array, kept: "np.ndarray[Any, np.dtype[np.intp]]") -> Array:
    small = covariance[np.ix_(kept, kept)]
    scale = np.sqrt(np.diag(small))
    # a trace of independent error keeps machines that share all of theirs invertible
    scaled = small / np.outer(scale, scale) + 1e-9 * np.eye(len(kept))
    inverse: Array = np.linalg.inv(scaled) / np.outer(scale, scale)
    return inverse


def _pairs(matrix: Array) -> Array:
    own = np.diag(matrix)
    return own[:, None] + own[None, :] - 2 * matrix


def _chains(items: Sequence[int], linked: Callable[[int, int], bool]) -> list[list[int]]:
    """Return connected groups of two and more, in the order of `items`."""
    left, groups = list(items), []
    while left:
        group, queue = [left[0]], [left.pop(0)]
        while queue:
            one = queue.pop(0)
            near = [other for other in left if linked(one, other)]
            left = [other for other in left if other not in near]
            group += near
            queue += near
        if len(group) > 1:
            groups.append(group)
    return groups


def next_readings(parts: Sequence[Part], prior: Prior, fit: Fit) -> tuple[NextReading, ...]:
    """Return what a power reading (plus or minus 3 %) of each machine would add.

    In the linear model about the fit the posterior variance after one more reading does not depend on its outcome.
    """
    state = state_at(prior, fit.errors)
    names = list(dict.fromkeys(part.process for part in parts))
    sums = np.array([[float(part.process == name) for part in parts] for name in names]) @ state.energy_slope
    variance = float(np.einsum("gi,ij,gj->", sums, fit.covariance, sums, optimize=True))
    if variance <= 0:
        return ()
    linked = state.power_slope @ fit.covariance
    own = np.einsum("ij,ij->i", linked, state.power_slope) + (_READING_SD * state.power_kw) ** 2
    falls = ((sums @ linked.T) ** 2).sum(axis=0) / np.where(own > 0, own, np.inf)
    shrinks = 1 - np.sqrt(np.clip(1 - falls / variance, 0.0, 1.0))
    found = [NextReading(tag=part.tag, shrink=float(s)) for part, s in zip(parts, shrinks, strict=True)]
    return tuple(sorted(found, key=lambda reading: (-reading.shrink, reading.tag)))
