"""What matters most for an output, and what to measure first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from mine_energy.errors import InputError, Problem
from mine_energy.uncertainty.bands import Z_P90, Array, Band, percentiles
from mine_energy.uncertainty.distributions import Uncertain, check, values
from mine_energy.uncertainty.draws import CHUNK_VALUES, Model, common_error, draw


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar of a tornado.

    Parameters
    ----------
    name
        Input, or group of inputs that share an error.
    members
        1 for an input; for a group, how many inputs move together.
    base, at_p10, at_p90
        Output with all inputs at base, and with this one at its P10 and P90.
    variance_share
        Squared rank correlation with the output, 0 to 1. Inputs that share an error share the credit too, so the
        shares of a plant add to more than one.
    """

    name: str
    members: int
    base: float
    at_p10: float
    at_p90: float
    variance_share: float

    @property
    def swing(self) -> float:
        """How far the output moves over the input's P10 to P90, zero or more."""
        return abs(self.at_p90 - self.at_p10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What measuring one input would do to an output's band.

    Parameters
    ----------
    name
        Input to measure.
    before, after
        The output's band now, and with the input's band replaced by that of the reading.
    shrink
        Share by which P90 - P10 narrows, 0 to 1 (below zero where the reading is the worse knowledge).
    """

    name: str
    before: Band
    after: Band
    shrink: float


def tornado(model: Model, inputs: Sequence[Uncertain], draws: int = 4000, seed: int = 0) -> tuple[Bar, ...]:
    """Return which inputs, and which shared errors, matter most for one output.

    Each is moved alone across its P10 to P90 with the others at base; of a group only the common part of its
    members' errors moves. The variance share is the square of Spearman's rank correlation, which holds for any
    monotone model (Saltelli et al., Global Sensitivity Analysis, 2008).

    Parameters
    ----------
    model
        Gives one output, shape (draws,).
    inputs
        Uncertain inputs in the order of the model's rows.
    draws, seed
        Of the sample behind the variance shares.

    Returns
    -------
    tuple of Bar
        Widest swing first; equal swings by variance share, then name.
    """
    check(inputs)
    moving = [i for i, one in enumerate(inputs) if one.varies]
    groups = _groups(inputs)
    ends = _one_at_a_time(model, inputs, [(i,) for i in moving] + list(groups.values()))
    sample = draw(inputs, draws, seed)
    output = _ranks(model(sample))
    shares = [_share(sample[i], output) for i in moving]
    shares += [_share(common_error(group, draws, seed), output) for group in groups]
    names = [(inputs[i].name, 1) for i in moving] + [(group, len(rows)) for group, rows in groups.items()]
    bars = [
        Bar(name=name, members=members, base=base, at_p10=low, at_p90=high, variance_share=share)
        for (name, members), (base, low, high), share in zip(names, ends, shares, strict=True)
    ]
    return tuple(sorted(bars, key=lambda bar: (-bar.swing, -bar.variance_share, bar.name)))


def _groups(inputs: Sequence[Uncertain]) -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {}
    for i, one in enumerate(inputs):
        if one.group and one.varies and one.correlation > 0:
            found[one.group] = (*found.get(one.group, ()), i)
    return {group: rows for group, rows in found.items() if len(rows) > 1}


def _one_at_a_time(
    model: Model, inputs: Sequence[Uncertain], moves: Sequence[tuple[int, ...]]
) -> list[tuple[float, float, float]]:
    """Return the output at base and at both ends of each move, in blocks that bound the memory."""
    base = np.array([one.base for one in inputs])
    size = max(1, CHUNK_VALUES // (2 * max(1, len(inputs))))
    found = []
    for start in range(0, len(moves), size):
        some = moves[start : start + size]
        block = np.repeat(base[:, None], 1 + 2 * len(some), axis=1)
        for k, rows in enumerate(some):
            for i in rows:
                reach = Z_P90 * (sqrt(inputs[i].correlation) if len(rows) > 1 else 1.0)
                block[i, 1 + 2 * k : 3 + 2 * k] = values(inputs[i], np.array([-reach, reach]))
        out = model(block)
        found += [(float(out[0]), float(out[1 + 2 * k]), float(out[2 + 2 * k])) for k in range(len(some))]
    return found


def _ranks(samples: Array) -> Array:
    """Return ranks, equal values at the mean of theirs."""
    _, place, counts = np.unique(samples, return_inverse=True, return_counts=True)
    ranks: Array = (np.cumsum(counts) - (counts - 1) / 2)[place]
    return ranks


def _share(samples: Array, output_ranks: Array) -> float:
    left, right = _ranks(samples), output_ranks
    left, right = left - left.mean(), right - right.mean()
    scale = float(left @ left) * float(right @ right)
    return float(left @ right) ** 2 / scale if scale > 0 else 0.0


def measure_first(
    model: Model,
    inputs: Sequence[Uncertain],
    readings: Mapping[str, Uncertain],
    draws: int = 4000,
    seed: int = 0,
) -> tuple[Reading, ...]:
    """Return by how much an output's band would narrow if one input at a time were measured.

    The input keeps its base value and takes the reading's band; it leaves its group, because a reading does not
    share the error of an assumption. What the reading teaches about the rest of the group is not counted, so the
    gain is stated low rather than high.

    Parameters
    ----------
    model, inputs, draws, seed
        As in :func:`tornado`.
    readings
        Name of an input -> the same input as a reading would leave it (same name).

    Returns
    -------
    tuple of Reading
        Largest gain first; equal gains by name.

    Raises
    ------
    InputError
        A reading names no input.
    """
    places = {one.name: i for i, one in enumerate(inputs)}
    unknown = [Problem(key="uncertainty_unknown", field=name, value=name) for name in readings if name not in places]
    if unknown:
        raise InputError(unknown)
    sample = draw(inputs, draws, seed)
    before = percentiles(model(sample))
    found = []
    for name, reading in readings.items():
        row = sample[places[name]].copy()
        sample[places[name]] = draw([reading], draws, seed)[0]
        after = percentiles(model(sample))
        sample[places[name]] = row
        shrink = 1 - after.width / before.width if before.width > 0 else 0.0
        found.append(Reading(name=name, before=before, after=after, shrink=shrink))
    return tuple(sorted(found, key=lambda reading: (-reading.shrink, reading.name)))
