"""Power factor of a record, and reactive energy above what Colombia and Peru leave free."""

from dataclasses import dataclass
from math import hypot
from typing import Any, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mine_energy.arrays import FloatArray
from mine_energy.loads.limits import limit
from mine_energy.loads.profile import LoadProfile
from mine_energy.units import LOCAL_TIME, SECONDS_PER_HOUR

Ints = NDArray[np.int64]
Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactiveAnalysis:
    """Reactive energy of a record.

    Parameters
    ----------
    lagging_kvarh, leading_kvarh
        Sums; leading is what the record holds as negative values.
    power_factor
        kWh / sqrt(kWh^2 + lagging kvarh^2) of the sums; a mean of the intervals' power factors is no power factor.
    colombia_excess_kvarh
        Lagging energy of each clock hour above half of its active energy, added up.
    colombia_excess_by_step_kvarh
        The same by the meter's own step, for comparison.
    peru_excess_kvarh
        Lagging energy of each calendar month above 30 % of its active energy, added up.
    months
        Calendar months in the record.
    """

    lagging_kvarh: float
    leading_kvarh: float
    power_factor: float
    colombia_excess_kvarh: float
    colombia_excess_by_step_kvarh: float
    peru_excess_kvarh: float
    months: int


def power_factor(active_kwh: float, lagging_kvarh: float) -> float:
    """Return the power factor of a period from its two energies; 1 for a period without either.

    Parameters
    ----------
    active_kwh, lagging_kvarh
        Sums of the period.

    References
    ----------
    Definition of the mean power factor of a billing period; IEEE 1459-2010, 3.1.2.
    """
    apparent = hypot(active_kwh, lagging_kvarh)
    return active_kwh / apparent if apparent > 0 else 1.0


def reactive_excess_by_period(
    active_kwh: Floats, lagging_kvarh: Floats, period: Ints, ratio: float, count: int = 0
) -> FloatArray:
    """Return the lagging reactive energy above `ratio` of the active energy, period by period, kvarh.

    Periods are never netted against each other: one without active energy is charged all its reactive energy. Whether a
    period is a clock hour (Colombia) or a month (Peru) is the caller's to say; analysis and bills both ask here.

    Parameters
    ----------
    active_kwh, lagging_kvarh
        Energy of every interval, same length; the lagging one without its leading (negative) part.
    period
        Number of the period of each interval, whole and from zero.
    ratio
        Free kvarh per kWh: 0.5 in Colombia, 0.30 in Peru.
    count
        Periods returned at least, those without an interval as zero.

    Returns
    -------
    numpy.ndarray
        One value per period.

    References
    ----------
    CREG 015/2018, annex, chapter 12 (by the hour); reactive charge on Osinergmin's tariff sheets (by the month).
    """
    active = np.bincount(period, weights=active_kwh, minlength=count)
    lagging = np.bincount(period, weights=lagging_kvarh, minlength=count)
    return np.asarray(np.maximum(lagging - ratio * active, 0.0), dtype=np.float64)


def reactive_excess_kvarh(active_kwh: Floats, lagging_kvarh: Floats, period: Ints, ratio: float) -> float:
    """Return :func:`reactive_excess_by_period`, added up."""
    return float(reactive_excess_by_period(active_kwh, lagging_kvarh, period, ratio).sum())


def analyse_reactive(load: LoadProfile) -> ReactiveAnalysis | None:
    """Return the reactive figures of a record, or None when it holds no reactive energy.

    Intervals without a value count as zero in both sums.

    Parameters
    ----------
    load
        Record; its reactive series is lagging, negative values are leading.
    """
    if load.reactive_kvar is None:
        return None
    known = load.load_kw.notna().to_numpy() & load.reactive_kvar.notna().to_numpy()
    active = np.where(known, load.load_kw.to_numpy(), 0.0) * load.step_hours
    reactive = np.where(known, load.reactive_kvar.to_numpy(), 0.0) * load.step_hours
    lagging = np.maximum(reactive, 0.0)
    hour, month = _periods(cast("pd.DatetimeIndex", load.load_kw.index))
    hourly, monthly = limit("reactive_ratio_CO").value, limit("reactive_ratio_PE").value
    steps = np.arange(len(active), dtype=np.int64)
    return ReactiveAnalysis(
        lagging_kvarh=float(lagging.sum()),
        leading_kvarh=float(np.maximum(-reactive, 0.0).sum()),
        power_factor=power_factor(float(active.sum()), float(lagging.sum())),
        colombia_excess_kvarh=reactive_excess_kvarh(active, lagging, hour, hourly),
        colombia_excess_by_step_kvarh=reactive_excess_kvarh(active, lagging, steps, hourly),
        peru_excess_kvarh=reactive_excess_kvarh(active, lagging, month, monthly),
        months=len(np.unique(month)),
    )


def _periods(index: pd.DatetimeIndex) -> tuple[Ints, Ints]:
    """Return the number of each interval's clock hour and of its calendar month, both from zero."""
    local = index.tz_convert(LOCAL_TIME)
    seconds = local.tz_localize(None).to_numpy().astype("datetime64[s]").astype(np.int64)
    hour = seconds // SECONDS_PER_HOUR
    month = (local.year.to_numpy() * 12 + local.month.to_numpy()).astype(np.int64)
    return hour - hour[0], month - month[0]
