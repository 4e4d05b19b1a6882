"""Bands: three percentiles of a quantity, and the standard deviation behind a stated interval."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy.special import ndtri

from mine_energy.errors import InputError, Problem

Array = np.ndarray[Any, np.dtype[np.float64]]

BAND_COVERAGE: Final = 0.90
"""A stated band runs from the 5th to the 95th percentile unless its source says otherwise."""
Z_P90: Final = float(ndtri(0.90))
"""Standard normal quantile at which P10 and P90 lie (1.2816)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Three percentiles of one quantity, in that quantity's unit.

    Parameters
    ----------
    p10, p50, p90
        The values that 10, 50 and 90 % of the distribution lie below; ``p10 <= p50 <= p90``.
    """

    p10: float
    p50: float
    p90: float

    @property
    def width(self) -> float:
        """P90 minus P10."""
        return self.p90 - self.p10

    def holds(self, value: float) -> bool:
        """Whether `value` lies between P10 and P90, both included."""
        return self.p10 <= value <= self.p90


def percentiles(samples: Array) -> Band:
    """Return P10, P50 and P90 of the draws of one quantity.

    Order statistics without interpolation (JCGM 101:2008, 7.7), so that a quantity may be infinite in some draws: a
    payback that never comes leaves the percentiles below it finite.

    Parameters
    ----------
    samples
        Draws, shape (n,), n >= 1, none of them NaN.

    Returns
    -------
    Band

    Raises
    ------
    InputError
        There are no draws, or one is NaN.
    """
    if samples.size == 0 or np.isnan(samples).any():
        raise InputError([Problem(key="uncertainty_samples", field="samples", value=str(samples.shape))])
    low, middle, high = np.percentile(samples, (10, 50, 90), method="inverted_cdf")
    return Band(p10=float(low), p50=float(middle), p90=float(high))


def relative_sd(half_width: float, coverage: float = BAND_COVERAGE) -> float:
    """Return the relative standard deviation behind "plus or minus so much".

    Parameters
    ----------
    half_width
        Half the interval as a share of the value: 0.25 for plus or minus 25 %.
    coverage
        Probability that the interval holds, 0 to 1.

    Returns
    -------
    float
        ``half_width / z((1 + coverage) / 2)`` (JCGM 100:2008, 4.3.4 to 4.3.5).
    """
    return half_width / float(ndtri((1 + coverage) / 2))
