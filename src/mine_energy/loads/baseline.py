"""Energy and production: E = E0 + m P by ordinary least squares, and what may be said with it.

References
----------
ISO 50006 (energy baselines and indicators); IPMVP, Statistics and Uncertainty. The regression itself is held against
NIST's certified results (Statistical Reference Datasets, Norris).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any, Final, Literal

import numpy as np
from scipy.special import fdtrc, stdtr, stdtrit

from mine_energy.arrays import FloatArray, readonly
from mine_energy.errors import Finding, InputError, Param, Problem
from mine_energy.loads.limits import limit
from mine_energy.units import HOURS_PER_DAY, HOURS_PER_YEAR, MONTHS_PER_YEAR

BaselinePeriod = Literal["day", "month"]
Refusal = Literal["points", "r2", "slope", "sign"]

_QUANTILE: Final = 0.95
_AUTOCORRELATED: Final = 2.0
"""Lag-1 autocorrelation over 1 / sqrt(n) above which residuals follow each other."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Baseline:
    """A fitted line between energy and production.

    Parameters
    ----------
    period, points
        Length of a point, and how many there are.
    energy_kwh, production_t
        The points, shape (points,).
    intercept_kwh, slope_kwh_per_t
        E0, energy of a period without production, and m.
    se_intercept_kwh, se_slope_kwh_per_t
        Their standard errors.
    t_slope, p_slope, p_intercept
        Student's t of the slope (None for an exact fit) and two-sided p values with n - 2 degrees of freedom.
    f_statistic, p_f
        Of the regression (F None for an exact fit).
    r2
        Coefficient of determination.
    residual_sd_kwh
        sqrt(SSE / (n - 2)).
    cv_rmse
        That over the mean energy.
    autocorrelation
        Of the residuals, lag 1, in the order given.
    not_tied_share
        n E0 over the energy of all points: what does not follow production.
    accepted, refusals
        Whether it may serve as a baseline, and why not.
    findings
        The same in words, with the limits.
    """

    period: BaselinePeriod
    points: int
    energy_kwh: FloatArray
    production_t: FloatArray
    intercept_kwh: float
    slope_kwh_per_t: float
    se_intercept_kwh: float
    se_slope_kwh_per_t: float
    t_slope: float | None
    p_slope: float
    p_intercept: float
    f_statistic: float | None
    p_f: float
    r2: float
    residual_sd_kwh: float
    cv_rmse: float
    autocorrelation: float
    not_tied_share: float
    accepted: bool
    refusals: tuple[Refusal, ...]
    findings: tuple[Finding, ...]

    def expected_kwh(self, production_t: Any) -> FloatArray:
        """Return the energy that the line gives for each production, kWh."""
        return self.intercept_kwh + self.slope_kwh_per_t * np.asarray(production_t, dtype=np.float64)

    def specific_kwh_per_t(self, production_t: Any) -> FloatArray:
        """Return the line's kWh per tonne at each production: m + E0 / P; infinite without production."""
        production = np.asarray(production_t, dtype=np.float64)
        share = np.full(production.shape, np.inf)
        np.divide(self.intercept_kwh, production, out=share, where=production > 0)
        return self.slope_kwh_per_t + share


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """Energy that a baseline expects for a reporting period.

    Parameters
    ----------
    periods
        Points of the reporting period.
    energy_kwh
        Sum.
    standard_error_kwh
        Of that sum as a prediction: scatter of the new points and uncertainty of the line.
    low_kwh, high_kwh
        90 % interval by Student's t.
    findings
        Whether the production lies outside the baseline's.
    """

    periods: int
    energy_kwh: float
    standard_error_kwh: float
    low_kwh: float
    high_kwh: float
    findings: tuple[Finding, ...]


def fit_baseline(energy_kwh: Any, production_t: Any, period: BaselinePeriod = "month", label: str = "") -> Baseline:
    """Fit E = E0 + m P.

    Parameters
    ----------
    energy_kwh, production_t
        Of the same periods in order of time, shape (n,), n >= 3.
    period
        ``day`` or ``month``: how many points a baseline needs depends on it.
    label
        What a reader sees.

    Returns
    -------
    Baseline
        Also when it is refused as a baseline (`accepted` is False and `refusals` says why): fewer points than a year
        of months or a month of days, R2 below 0.75, p of the slope above 0.10, or a slope that is not positive.

    Raises
    ------
    InputError
        Lengths differ, fewer than three points, values that are not finite or negative, or a production that never
        changes.
    """
    energy, production = _points(energy_kwh, production_t, label)
    count = len(energy)
    mean_e, mean_p = float(energy.mean()), float(production.mean())
    off_e, off_p = energy - mean_e, production - mean_p
    sxx, total = float(off_p @ off_p), float(off_e @ off_e)
    slope = float(off_p @ off_e) / sxx
    intercept = mean_e - slope * mean_p
    residuals = off_e - slope * off_p
    squares = float(residuals @ residuals)
    exact = squares <= 1e-24 * max(total, 1.0)
    sd = 0.0 if exact else sqrt(squares / (count - 2))
    se_slope, se_intercept = sd / sqrt(sxx), sd * sqrt(1 / count + mean_p**2 / sxx)
    r2 = 1 - squares / total if total > 0 else 0.0
    f = None if exact else (total - squares) / sd**2
    p_slope = _p_value(slope, se_slope, count - 2)
    refusals = tuple(_refusals(count, period, r2, p_slope, slope))
    return Baseline(
        period=period,
        points=count,
        energy_kwh=readonly(energy),
        production_t=readonly(production),
        intercept_kwh=intercept,
        slope_kwh_per_t=slope,
        se_intercept_kwh=se_intercept,
        se_slope_kwh_per_t=se_slope,
        t_slope=None if exact else slope / se_slope,
        p_slope=p_slope,
        p_intercept=_p_value(intercept, se_intercept, count - 2),
        f_statistic=f,
        p_f=0.0 if f is None else float(fdtrc(1, count - 2, max(f, 0.0))),
        r2=r2,
        residual_sd_kwh=sd,
        cv_rmse=sd / mean_e if mean_e > 0 else 0.0,
        autocorrelation=0.0 if exact else float(residuals[1:] @ residuals[:-1]) / squares,
        not_tied_share=intercept / mean_e if mean_e > 0 else 0.0,
        accepted=not refusals,
        refusals=refusals,
        findings=tuple(_findings(refusals, residuals, count, period, (r2, p_slope, intercept), label)),
    )


def _points(energy_kwh: Any, production_t: Any, label: str) -> tuple[FloatArray, FloatArray]:
    energy, production = (np.asarray(v, dtype=np.float64).ravel() for v in (energy_kwh, production_t))
    if len(energy) != len(production) or len(energy) < 3:
        lengths = {"energy": len(energy), "production": len(production)}
        raise InputError([Problem(key="baseline_lengths", file=label, params=lengths)])
    bad = ~np.isfinite(energy) | ~np.isfinite(production) | (production < 0)
    if bad.any():
        raise InputError([Problem(key="baseline_value", file=label, value=str(int(np.argmax(bad)) + 1))])
    if float(production.max() - production.min()) <= 1e-9 * float(production.max()):
        raise InputError([Problem(key="baseline_no_variation", file=label)])
    return energy, production


def _p_value(value: float, error: float, free: int) -> float:
    """Return the two-sided p of a coefficient; an exact one that is not zero has none."""
    if error <= 0:
        return 0.0 if value else 1.0
    return 2 * float(stdtr(free, -abs(value) / error))


def _refusals(count: int, period: BaselinePeriod, r2: float, p_slope: float, slope: float) -> Iterator[Refusal]:
    if count < limit(f"baseline_points_{period}s").value:
        yield "points"
    if r2 < limit("baseline_r2").value:
        yield "r2"
    if p_slope > limit("baseline_p_slope").value:
        yield "slope"
    if slope <= 0:
        yield "sign"


def _findings(
    refusals: Sequence[Refusal],
    residuals: FloatArray,
    count: int,
    period: BaselinePeriod,
    figures: tuple[float, float, float],
    label: str,
) -> Iterator[Finding]:
    r2, p_slope, intercept = figures
    needed = limit(f"baseline_points_{period}s")
    if "points" in refusals:
        params: dict[str, Param] = {"points": count, "least": int(needed.value), "source": needed.source}
        yield Finding(key="baseline_refused_points", level="warning", subject=label, params=params)
    if "r2" in refusals:
        least = limit("baseline_r2")
        params = {"r2": r2, "least": least.value, "source": least.source}
        yield Finding(key="baseline_refused_r2", level="warning", subject=label, params=params)
    if "slope" in refusals:
        most = limit("baseline_p_slope")
        params = {"p": p_slope, "most": most.value, "source": most.source}
        yield Finding(key="baseline_refused_slope", level="warning", subject=label, params=params)
    if "sign" in refusals:
        yield Finding(key="baseline_refused_sign", level="warning", subject=label)
    if intercept < 0:
        params = {"energy_kwh": intercept}
        yield Finding(key="baseline_intercept_negative", level="warning", subject=label, params=params)
    squares = float(residuals @ residuals)
    lag = float(residuals[1:] @ residuals[:-1]) / squares if squares > 0 else 0.0
    if lag > _AUTOCORRELATED / sqrt(count):
        yield Finding(key="baseline_autocorrelated", level="warning", subject=label, params={"lag": lag})


def predict(baseline: Baseline, production_t: Any) -> Prediction:
    """Return the energy that a baseline expects for a reporting period, with its standard error.

    For m new points with sum S, Var = s^2 [m + m^2 / n + (S - m Pmean)^2 / Sxx]: independent scatter of the new
    points and the uncertainty of the line that they share.

    Parameters
    ----------
    baseline
        Accepted or not; its findings stay its own.
    production_t
        Of every period of the reporting period, shape (m,), m >= 1.

    Returns
    -------
    Prediction
    """
    new = np.asarray(production_t, dtype=np.float64).ravel()
    old = baseline.production_t
    count, mean = len(new), float(old.mean())
    sxx = float(((old - mean) ** 2).sum())
    spread = count + count**2 / baseline.points + (float(new.sum()) - count * mean) ** 2 / sxx
    error = baseline.residual_sd_kwh * sqrt(spread)
    energy = float(baseline.expected_kwh(new).sum())
    half = float(stdtrit(baseline.points - 2, _QUANTILE)) * error
    return Prediction(
        periods=count,
        energy_kwh=energy,
        standard_error_kwh=error,
        low_kwh=energy - half,
        high_kwh=energy + half,
        findings=tuple(_range_findings(old, new)),
    )


def year_standard_error_kwh(baseline: Baseline) -> float:
    """Return the standard error of predicting a whole year from a baseline, kWh.

    The reporting period is a year of N = 365 days or 12 months that mills as the baseline's n points do, so that
    ``SE = s sqrt(k (N + N^2 / n))`` (:func:`predict` with S = N Pmean): independent scatter of N new points, and the
    line's own uncertainty, which all of them share and which a short baseline makes the larger part. Residuals that
    follow each other (lag-1 autocorrelation r significantly above zero) hold less information than their number:
    ``k = (1 + r) / (1 - r)`` is the variance inflation of a first-order autoregression, as in ASHRAE Guideline 14.

    Parameters
    ----------
    baseline
        Accepted or not.
    """
    periods = {"day": HOURS_PER_YEAR // HOURS_PER_DAY, "month": MONTHS_PER_YEAR}[baseline.period]
    error = predict(baseline, np.full(periods, float(baseline.production_t.mean()))).standard_error_kwh
    lag = baseline.autocorrelation
    follows = lag > _AUTOCORRELATED / sqrt(baseline.points)
    return error * sqrt((1 + lag) / (1 - lag)) if follows else error


def _range_findings(old: FloatArray, new: FloatArray) -> Iterator[Finding]:
    """Tell of a mean production outside the baseline's range and beyond three standard deviations of its mean."""
    mean, allowed = float(new.mean()), limit("baseline_range_sd")
    inside = float(old.min()) <= mean <= float(old.max())
    if not inside and abs(mean - float(old.mean())) > allowed.value * float(old.std(ddof=1)):
        params: dict[str, Param] = {"mean_t": mean, "low_t": float(old.min()), "high_t": float(old.max())}
        yield Finding(key="baseline_out_of_range", level="warning", params={**params, "source": allowed.source})


def cusum_kwh(baseline: Baseline, energy_kwh: Any, production_t: Any) -> FloatArray:
    """Return the running sum of actual less expected energy, kWh; a falling line saves.

    Parameters
    ----------
    baseline
        Gives what is expected.
    energy_kwh, production_t
        Of the periods to follow, same shape.
    """
    actual = np.asarray(energy_kwh, dtype=np.float64)
    return readonly(np.cumsum(actual - baseline.expected_kwh(production_t)))


def index_base_100(baseline: Baseline, energy_kwh: Any, production_t: Any) -> FloatArray:
    """Return 100 times expected over actual energy: above 100 is better than the baseline.

    The base-100 efficiency indicator of the energy-management guides used in Colombia (expected over real).

    Parameters
    ----------
    baseline
        Gives what is expected.
    energy_kwh, production_t
        Of the periods to follow; the energy is positive.
    """
    return readonly(100 * baseline.expected_kwh(production_t) / np.asarray(energy_kwh, dtype=np.float64))
