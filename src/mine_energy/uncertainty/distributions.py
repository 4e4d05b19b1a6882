"""Uncertain inputs as data, and the map from a standard normal number to a value of each distribution.

Every distribution is drawn as a rising function of a standard normal number, so that inputs of different shape can
share an error through a Gaussian copula.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from math import inf, isfinite, log, nextafter, sqrt
from typing import Final, Literal

import numpy as np
from scipy.special import ndtr, ndtri

from mine_energy.errors import InputError, Problem
from mine_energy.uncertainty.bands import BAND_COVERAGE, Array

Distribution = Literal["normal", "lognormal", "triangular", "uniform", "point"]
_RARE: Final = 1e-4
"""Probability beyond a limit up to which stray draws are set on the limit: one in ten thousand changes no percentile,
and truncating the whole distribution for it would cost five times the draw."""
_BISECTIONS: Final = 60
_SAME: Final = 1e-12
"""Sides of a band that differ by less, as a share, are equal but for rounding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncertain:
    """One uncertain input.

    Parameters
    ----------
    name
        Unique; it also selects the input's stream of random numbers, so it must not change from run to run.
    base
        Best value: the median of ``normal`` and ``lognormal``, the mode of ``triangular``; ``uniform`` has none and
        keeps it as the value of a base case.
    low, high
        The stated band, ``low <= base <= high``.
    distribution
        ``normal`` and ``lognormal`` take a band of unequal sides too: each side then has its own standard deviation,
        and low, base and high stay exactly at their percentiles. ``point`` is a known value.
    coverage
        Probability inside the band. None: 0.90 for ``normal`` and ``lognormal``; the whole range for ``triangular``
        and ``uniform``, whose bands are customarily stated as limits.
    group, correlation
        Members of a group share a common error; two of them have the copula correlation
        ``sqrt(correlation_1 * correlation_2)``.
    lower, upper
        Physical limits: the distribution is truncated there, so that draws do not pile up on the limit.
    """

    name: str
    base: float
    low: float
    high: float
    distribution: Distribution = "normal"
    coverage: float | None = None
    group: str = ""
    correlation: float = 0.0
    lower: float = -inf
    upper: float = inf

    @property
    def varies(self) -> bool:
        """Whether the input has any spread at all."""
        return self.distribution != "point" and self.high > self.low


def check(inputs: Iterable[Uncertain]) -> None:
    """Raise one InputError with everything that is wrong with `inputs`.

    Raises
    ------
    InputError
        A name twice, a band out of order, a lognormal band that is not positive, a correlation or coverage out of
        range, or a base value outside its physical limits.
    """
    problems: list[Problem] = []
    seen: set[str] = set()
    for one in inputs:
        if one.name in seen:
            problems.append(Problem(key="uncertainty_twice", field=one.name, value=one.name))
        seen.add(one.name)
        problems += _problems(one)
    if problems:
        raise InputError(problems)


def _problems(one: Uncertain) -> list[Problem]:
    band = f"{one.low} {one.base} {one.high}"
    found = []
    if not (all(map(isfinite, (one.low, one.base, one.high))) and one.low <= one.base <= one.high):
        found.append(Problem(key="uncertainty_band", field=one.name, value=band))
    elif one.distribution == "lognormal" and one.low <= 0:
        found.append(Problem(key="uncertainty_positive", field=one.name, value=band))
    if not 0 <= one.correlation <= 1:
        found.append(Problem(key="uncertainty_correlation", field=one.name, value=str(one.correlation)))
    if one.coverage is not None and not 0 < one.coverage <= _widest(one.distribution):
        found.append(Problem(key="uncertainty_coverage", field=one.name, value=str(one.coverage)))
    if not one.lower <= one.base <= one.upper:
        found.append(Problem(key="uncertainty_limits", field=one.name, value=f"{one.lower} {one.base} {one.upper}"))
    return found


def _widest(distribution: Distribution) -> float:
    return 1.0 if distribution in {"triangular", "uniform", "point"} else 1.0 - 1e-9


def values(one: Uncertain, z: Array) -> Array:
    """Return the values of an input at standard normal numbers.

    Parameters
    ----------
    one
        A checked input.
    z
        Standard normal numbers, any shape.

    Returns
    -------
    numpy.ndarray
        Same shape, in the input's unit; rising in `z`.
    """
    if not one.varies:
        return np.full_like(z, one.base)
    below, above = _beyond(one)
    if max(below, above) > _RARE:
        z = ndtri(below + ndtr(z) * (1 - below - above))
    drawn = _untruncated(one, z)
    # rare strays; after truncation, the last bits of a quantile that stands on the limit
    return np.clip(drawn, one.lower, one.upper, out=drawn) if below > 0 or above > 0 else drawn


def _beyond(one: Uncertain) -> tuple[float, float]:
    """Return the probabilities below the lower limit (excluded) and above the upper one."""
    below = _BELOW[one.distribution](one, nextafter(one.lower, -inf)) if isfinite(one.lower) else 0.0
    above = 1 - _BELOW[one.distribution](one, one.upper) if isfinite(one.upper) else 0.0
    return below, above


def _untruncated(one: Uncertain, z: Array) -> Array:
    return _SHAPES[one.distribution](one, z)


def _quantile(one: Uncertain) -> float:
    """Return the standard normal number at the upper end of the band."""
    return _two_sided(BAND_COVERAGE if one.coverage is None else one.coverage)


@cache
def _two_sided(coverage: float) -> float:
    return float(ndtri((1 + coverage) / 2))


def _sides(one: Uncertain, down: float, up: float, z: Array) -> Array:
    """Return z scaled by the standard deviation of its side."""
    quantile = _quantile(one)
    if abs(down - up) <= _SAME * up:
        return z * (up / quantile)
    return z * np.where(z < 0, down / quantile, up / quantile)


def _below_sides(one: Uncertain, down: float, up: float, distance: float) -> float:
    side = down if distance < 0 else up
    return float(ndtr(distance * _quantile(one) / side)) if side > 0 else float(distance >= 0)


def _normal(one: Uncertain, z: Array) -> Array:
    drawn = _sides(one, one.base - one.low, one.high - one.base, z)
    drawn += one.base
    return drawn


def _below_normal(one: Uncertain, limit: float) -> float:
    return _below_sides(one, one.base - one.low, one.high - one.base, limit - one.base)


def _lognormal(one: Uncertain, z: Array) -> Array:
    drawn = _sides(one, log(one.base / one.low), log(one.high / one.base), z)
    np.exp(drawn, out=drawn)
    drawn *= one.base
    return drawn


def _below_lognormal(one: Uncertain, limit: float) -> float:
    if limit <= 0:
        return 0.0
    return _below_sides(one, log(one.base / one.low), log(one.high / one.base), log(limit / one.base))


def _range(one: Uncertain) -> tuple[float, float]:
    """Return the middle and the whole width of a uniform distribution."""
    return (one.high + one.low) / 2, (one.high - one.low) / (1.0 if one.coverage is None else one.coverage)


def _uniform(one: Uncertain, z: Array) -> Array:
    middle, width = _range(one)
    return middle + width * (ndtr(z) - 0.5)


def _below_uniform(one: Uncertain, limit: float) -> float:
    middle, width = _range(one)
    return min(1.0, max(0.0, (limit - middle) / width + 0.5))


def _triangular(one: Uncertain, z: Array) -> Array:
    left, right = _triangle(one)
    mode, width = one.base, right - left
    share = ndtr(z)
    rising = left + np.sqrt(share * width * (mode - left))
    falling = right - np.sqrt(ndtr(-z) * width * (right - mode))
    return np.where(share * width < mode - left, rising, falling)


def _below_triangular(one: Uncertain, limit: float) -> float:
    left, right = _triangle(one)
    mode, width = one.base, right - left
    if limit < mode:
        return max(0.0, limit - left) ** 2 / (width * (mode - left)) if mode > left else 0.0
    return 1 - max(0.0, right - limit) ** 2 / (width * (right - mode)) if right > mode else 1.0


@cache
def _triangle(one: Uncertain) -> tuple[float, float]:
    """Return both ends of the triangle whose band of the stated coverage is low..high and whose mode is base.

    With w the width, f the mode's place in it (0 to 1) and q the root of one tail's probability, the band's sides
    are ``w (f - q sqrt f)`` and ``w (1 - f - q sqrt(1 - f))``; their ratio gives f, by bisection.
    """
    q = sqrt((1 - (1.0 if one.coverage is None else one.coverage)) / 2)
    down, up = one.base - one.low, one.high - one.base
    low, high = q * q, 1 - q * q
    for _ in range(_BISECTIONS):
        f = (low + high) / 2
        if up * (f - q * sqrt(f)) < down * (1 - f - q * sqrt(1 - f)):
            low = f
        else:
            high = f
    f = (low + high) / 2
    width = (down + up) / (1 - q * (sqrt(f) + sqrt(1 - f)))
    return one.base - f * width, one.base + (1 - f) * width


_SHAPES: Final[Mapping[Distribution, Callable[[Uncertain, Array], Array]]] = {
    "normal": _normal,
    "lognormal": _lognormal,
    "uniform": _uniform,
    "triangular": _triangular,
}
_BELOW: Final[Mapping[Distribution, Callable[[Uncertain, float], float]]] = {
    "normal": _below_normal,
    "lognormal": _below_lognormal,
    "uniform": _below_uniform,
    "triangular": _below_triangular,
}
