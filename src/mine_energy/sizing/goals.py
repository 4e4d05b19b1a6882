"""What a plant is sized for: the three meanings of "100 %", and least cost for comparison."""

from dataclasses import dataclass
from math import ceil
from typing import Literal

Age = Literal["first", "average", "last"]
"""The year of the plant's life in which the goal is met: with what modules and battery still give in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnualNet:
    """PV energy of the year is `ratio` times the load of the year; the grid is the store.

    Parameters
    ----------
    ratio
        PV energy that serves the load or goes out to the grid, over load.
    age
        Year of life in which it holds.
    """

    ratio: float = 1.0
    age: Age = "first"

    def __post_init__(self) -> None:
        _check(self.ratio > 0, "ratio", self.ratio)


@dataclass(frozen=True, slots=True, kw_only=True)
class HourlySelf:
    """PV and battery serve `ratio` of the load in the very step it is demanded; the grid serves the rest.

    Parameters
    ----------
    ratio
        Self-sufficiency: 1 - (imports + genset + unserved) / load.
    age
        Year of life in which it holds.
    """

    ratio: float = 0.9
    age: Age = "first"

    def __post_init__(self) -> None:
        _check(0 < self.ratio <= 1, "ratio", self.ratio)


@dataclass(frozen=True, slots=True, kw_only=True)
class OffGrid:
    """Without the grid, at most `lpsp` of a year's load is unserved, in `percentile` of the weather years.

    Parameters
    ----------
    lpsp
        Loss of power supply probability: unserved over demanded energy of one year.
    percentile
        At least ceil(percentile x years) of the weather years keep the limit: an order statistic, no interpolation.
        0.90 gives the size that is not exceeded in 90 % of the years.
    renewable_share
        Least self-sufficiency of the plant where a genset helps; None asks for none.
    age
        Year of life in which it holds.
    """

    lpsp: float = 0.01
    percentile: float = 0.90
    renewable_share: float | None = None
    age: Age = "first"

    def __post_init__(self) -> None:
        _check(0 <= self.lpsp < 1, "lpsp", self.lpsp)
        _check(0 < self.percentile <= 1, "percentile", self.percentile)
        _check(self.renewable_share is None or 0 <= self.renewable_share <= 1, "renewable_share", self.renewable_share)

    def years_needed(self, years: int) -> int:
        """Return how many of `years` weather years have to keep the limit."""
        # A product such as 0.9 x 30 may round to just above 27.
        return max(1, ceil(self.percentile * years - 1e-9))


@dataclass(frozen=True, slots=True, kw_only=True)
class LeastCost:
    """No coverage asked: what costs least.

    Parameters
    ----------
    annual_net_ratio
        Least PV energy over load, as :class:`AnnualNet` counts it; 0 asks for none.
    age
        Year of life whose flows are counted.
    """

    annual_net_ratio: float = 0.0
    age: Age = "first"

    def __post_init__(self) -> None:
        _check(self.annual_net_ratio >= 0, "annual_net_ratio", self.annual_net_ratio)


Goal = AnnualNet | HourlySelf | OffGrid | LeastCost


def _check(good: bool, name: str, value: object) -> None:
    if not good:
        raise ValueError(f"{name} cannot be {value}")
