"""What rewinding took from a motor's efficiency: a distribution, not a number."""

from dataclasses import dataclass
from functools import cache
from math import sqrt
from typing import Any, Final, Literal

import numpy as np

from mine_energy.catalog import table
from mine_energy.motors.tables import Array

RewindShop = Literal["unknown", "certified"]
NO_LOSS_ABOVE: Final = 0.995
LOWEST_EFFICIENCY: Final = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class RewindLoss:
    """Efficiency lost by all rewinds of a motor: a triangular distribution, in fractions of one.

    The rewinds of one motor are taken as alike (the same shop, the same habits), so that their bands add.

    Parameters
    ----------
    low, mode, high
        Corners of the distribution; negative is a gain.
    """

    low: float
    mode: float
    high: float

    @property
    def mean(self) -> float:
        """Expected loss: the base, because energy is nearly linear in the loss and the plant is a sum of motors."""
        return (self.low + self.mode + self.high) / 3

    def quantile(self, probability: Any) -> Array:
        """Return the loss at probabilities between 0 and 1 (the inverse of the triangular distribution)."""
        p = np.asarray(probability, dtype=np.float64)
        span = self.high - self.low
        if span == 0:
            return np.full_like(p, self.mode)
        rise = span * (self.mode - self.low)
        fall = span * (self.high - self.mode)
        left = self.low + np.sqrt(p * rise)
        right = self.high - np.sqrt((1 - p) * fall)
        return np.where(p < (self.mode - self.low) / span, left, right)

    @property
    def half_width(self) -> float:
        """Half of the 90 % interval."""
        ends = self.quantile(np.array([0.05, 0.95]))
        return float(ends[1] - ends[0]) / 2

    @property
    def standard_deviation(self) -> float:
        """Standard deviation of the distribution."""
        a, c, b = self.low, self.mode, self.high
        return sqrt((a * a + b * b + c * c - a * b - a * c - b * c) / 18)


def rewind_loss(rewinds: int, shop: RewindShop = "unknown") -> RewindLoss:
    """Return what a number of rewinds took from the full-load efficiency.

    Per rewind 0 to 2 points with 0.5 the likeliest (mean 0.83), and between a gain of 0.3 and a loss of 0.5 with a
    mean of 0.1 in a certified shop (``data/motors/rewind_loss.csv``). No ageing is added: no reliable source gives one.

    Parameters
    ----------
    rewinds
        Times rewound.
    shop
        ``unknown`` or ``certified``.
    """
    low, mode, high = _corners()[shop]
    return RewindLoss(low=low * rewinds, mode=mode * rewinds, high=high * rewinds)


def after_rewinds(efficiency_full_load: float, loss: float) -> float:
    """Return a full-load efficiency less a loss, kept between 5 % and what a motor can reach."""
    ceiling = max(efficiency_full_load, NO_LOSS_ABOVE)
    return min(max(efficiency_full_load - loss, LOWEST_EFFICIENCY), ceiling)


@cache
def _corners() -> dict[str, tuple[float, float, float]]:
    return {
        row["shop"]: (
            float(row["low_points"]) / 100,
            float(row["mode_points"]) / 100,
            float(row["high_points"]) / 100,
        )
        for row in table("motors/rewind_loss.csv")
    }
