"""What a number of weather years says about a percentile: ranks and binomial intervals, free of any distribution."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, comb, fsum

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantiles:
    """Order statistics of one figure over the weather years.

    Parameters
    ----------
    p10, p50, p90
        Not exceeded in 10, 50 and 90 % of the years.
    """

    p10: float
    p50: float
    p90: float


def quantiles(values: Sequence[float]) -> Quantiles:
    """Return the order statistics of rank ceil(p n), without interpolation.

    Interpolated percentiles would promise a value that no year had.

    Parameters
    ----------
    values
        One for each year, at least one, in any order.
    """
    ranked = sorted(values)
    p10, p50, p90 = (ranked[max(1, ceil(p * len(ranked) - 1e-9)) - 1] for p in (0.1, 0.5, 0.9))
    return Quantiles(p10=p10, p50=p50, p90=p90)


def binomial_interval(good: int, years: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Return the Clopper-Pearson interval of the chance that a year is good, when `good` of `years` were.

    The ends are the chances at which a count as high, or as low, as the one seen has probability
    (1 - confidence) / 2.

    Parameters
    ----------
    good, years
        Years that kept the limit, of how many.
    confidence
        Of the interval, 0 to 1.

    Returns
    -------
    tuple of float
        Low and high end, 0 to 1.

    References
    ----------
    Clopper, C. J., Pearson, E. S. (1934). The use of confidence or fiducial limits illustrated in the case of the
    binomial. Biometrika 26.
    """
    tail = (1 - confidence) / 2
    low = 0.0 if good == 0 else _root(lambda p: 1 - _at_most(good - 1, years, p) - tail)
    high = 1.0 if good == years else _root(lambda p: tail - _at_most(good, years, p))
    return low, high


def rank_interval(percentile: float, years: int, confidence: float = CONFIDENCE) -> tuple[int, int | None]:
    """Return the ranks, from 1, between which the percentile of all years lies; None above the worst year seen.

    The number of years at or below the p-quantile is binomial (years, p): the ends are its quantiles, so the two
    order statistics hold the percentile between them with at least this confidence where both exist.

    Parameters
    ----------
    percentile
        0 to 1.
    years
        How many were seen.
    confidence
        Of the interval.

    References
    ----------
    David, H. A., Nagaraja, H. N. (2003). Order Statistics, 3rd ed., 7.1 (distribution-free intervals of quantiles).
    """
    tail = (1 - confidence) / 2
    low = next(k for k in range(years + 1) if _at_most(k, years, percentile) > tail)
    high = next((k + 1 for k in range(years) if _at_most(k, years, percentile) >= 1 - tail), None)
    return max(low, 1), high


def _at_most(count: int, years: int, chance: float) -> float:
    return fsum(comb(years, k) * chance**k * (1 - chance) ** (years - k) for k in range(count + 1))


def _root(rising) -> float:  # type: ignore[no-untyped-def]  # noqa: ANN001
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < 0 else (low, middle)
    return (low + high) / 2
