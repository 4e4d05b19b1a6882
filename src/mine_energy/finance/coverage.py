"""Whether the cash of each year covers the debt's service, in a usual year and in poor ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum, sqrt
from typing import Any, Literal

import numpy as np

from mine_energy.errors import InputError, Problem
from mine_energy.uncertainty.bands import Z_P90

Array = np.ndarray[Any, np.dtype[np.float64]]
CaseKey = Literal["p50", "p90_many_years", "p90_one_year"]


@dataclass(frozen=True, slots=True, kw_only=True)
class YieldCases:
    """Yields as shares of the expected one: exceeded with a probability of 50 and of 90 %.

    Parameters
    ----------
    p50
        One.
    p90_many_years
        Mean of all years; what is exceeded with 90 % by the mean of `years`.
    p90_one_year
        Any single year; the lower of the two.
    years
        In the mean.
    """

    p50: float
    p90_many_years: float
    p90_one_year: float
    years: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtCoverage:
    """Debt service coverage ratio: cash for service over service, of every year with a service.

    Parameters
    ----------
    key
        ``p50``, ``p90_many_years`` or ``p90_one_year`` (each year taken as a poor one).
    yields
        Share of the expected yield of what generates.
    years, by_year
        Years with a service, and their ratios.
    minimum, average
        Over these years; None without a service. The average is the mean of the ratios.
    """

    key: CaseKey
    yields: float
    years: tuple[int, ...]
    by_year: tuple[float, ...]
    minimum: float | None
    average: float | None


def yield_cases(interannual_sd: float, yield_sd: float, years: int) -> YieldCases:
    """Return the yields that are exceeded with 90 %.

    One year: 1 - 1.2816 sqrt(interannual^2 + long-term^2); the mean of n years: interannual / sqrt(n) instead, years
    being independent. The long-term part (resource, model, losses) does not average out.

    Parameters
    ----------
    interannual_sd, yield_sd
        Standard deviations as fractions of the expected yield.
    years
        n, one or more.
    """
    one = sqrt(interannual_sd**2 + yield_sd**2)
    many = sqrt(interannual_sd**2 / max(1, years) + yield_sd**2)
    return YieldCases(p50=1.0, p90_many_years=1.0 - Z_P90 * many, p90_one_year=1.0 - Z_P90 * one, years=max(1, years))


def interannual_sd_of(annual_kwh: Array) -> float:
    """Return the standard deviation of years around their mean, as a fraction; n - 1 in the denominator.

    Parameters
    ----------
    annual_kwh
        Two or more years, shape (years,).

    Raises
    ------
    InputError
        Fewer than two years, or a mean that is not positive.
    """
    values = np.asarray(annual_kwh, dtype=np.float64)
    if values.ndim != 1 or len(values) < 2 or not np.isfinite(values).all() or not values.mean() > 0:
        raise InputError([Problem(key="finance_years", field="annual_kwh", value=str(values.shape))])
    return float(values.std(ddof=1) / values.mean())


def debt_coverage(
    key: CaseKey, yields: float, cash_for_service: Sequence[float], service: Sequence[float]
) -> DebtCoverage:
    """Return the ratios of every year with a service.

    Parameters
    ----------
    key, yields
        Which case.
    cash_for_service, service
        Of years 0 to N, the second positive.
    """
    ratios: Mapping[int, float] = {
        year: cash / owed
        for year, (cash, owed) in enumerate(zip(cash_for_service, service, strict=True))
        if year and owed > 0
    }
    values = tuple(ratios.values())
    return DebtCoverage(
        key=key,
        yields=yields,
        years=tuple(ratios),
        by_year=values,
        minimum=min(values, default=None),
        average=fsum(values) / len(values) if values else None,
    )
