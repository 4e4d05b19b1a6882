"""Filling missing intervals, only when asked and only by a named method; what was filled stays marked."""

from dataclasses import replace
from typing import Final, Literal, cast, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mine_energy.arrays import FloatArray
from mine_energy.errors import Finding, InputError, Problem
from mine_energy.loads.calendar import DAY_MINUTES
from mine_energy.loads.daytypes import day_kinds
from mine_energy.loads.profile import LoadProfile
from mine_energy.loads.quality import runs
from mine_energy.site import Site
from mine_energy.units import LOCAL_TIME, MINUTES_PER_HOUR

FillMethod = Literal["mean_of_day_type", "linear", "previous_week"]
METHODS: Final = get_args(FillMethod)

LINEAR_HOURS: Final = 2.0
"""Longest stretch that a straight line may bridge: a machine starts and stops within it."""
_WEEK_MINUTES: Final = 7 * DAY_MINUTES
_WEEKS_BACK: Final = 4


def fill_gaps(load: LoadProfile, method: FillMethod, site: Site | None = None) -> LoadProfile:
    """Return a copy of a record whose missing intervals are filled by a named method and marked.

    Parameters
    ----------
    load
        Record with missing intervals as NaN.
    method
        ``mean_of_day_type``: the mean of the same time of day on days of the same kind. ``linear``: a straight line
        between the neighbours, up to two hours. ``previous_week``: the same time one week before, or up to four weeks
        where that is missing too.
    site
        Gives the kinds of day; without it weekdays alone tell.

    Returns
    -------
    LoadProfile
        Without NaN; `filled` holds the stretches and a finding says how much was filled. A record without gaps comes
        back as it is.

    Raises
    ------
    InputError
        An unknown method, or a stretch that the method cannot fill (``load_fill_impossible``).
    """
    if method not in METHODS:
        known = {"methods": ", ".join(METHODS)}
        raise InputError([Problem(key="load_fill_method", file=load.label, value=str(method), params=known)])
    missing = load.load_kw.isna().to_numpy()
    if load.reactive_kvar is not None:
        missing = missing | load.reactive_kvar.isna().to_numpy()
    if not missing.any():
        return load
    series = [_filled(one, missing, load, method, site) for one in (load.load_kw, load.reactive_kvar)]
    stretches = tuple(_stretch(load, first, length) for first, length in runs(missing))
    said = Finding(
        key="load_filled",
        level="warning",
        subject=load.label,
        params={
            "count": int(missing.sum()),
            "percent": 100 * float(missing.mean()),
            "stretches": len(stretches),
            "method": method,
        },
    )
    return replace(
        load,
        load_kw=cast("pd.Series[float]", series[0]),
        reactive_kvar=series[1],
        findings=(*load.findings, said),
        filled=(*load.filled, *stretches),
    )


def _filled(
    series: "pd.Series[float] | None",
    missing: NDArray[np.bool_],
    load: LoadProfile,
    method: FillMethod,
    site: Site | None,
) -> "pd.Series[float] | None":
    if series is None:
        return None
    values = np.array(series, dtype=np.float64)
    values[missing] = np.nan
    if method == "linear":
        new = _line(values, missing, load)
    elif method == "previous_week":
        new = _weeks_before(values, load.step_minutes)
    else:
        new = _day_type_means(values, load, site)
    values[missing] = new[missing]
    left = np.isnan(values)
    if left.any():
        problems = [
            Problem(
                key="load_fill_impossible",
                file=load.label,
                value=_stretch(load, first, length),
                params={"method": method, "hours": f"{length * load.step_hours:g}"},
            )
            for first, length in runs(left)
        ]
        raise InputError(problems)
    return pd.Series(values, index=series.index)


def _line(values: FloatArray, missing: NDArray[np.bool_], load: LoadProfile) -> FloatArray:
    new = values.copy()
    for first, length in runs(missing):
        inside = first > 0 and first + length < len(values)
        if inside and length * load.step_hours <= LINEAR_HOURS:
            weights = np.arange(1, length + 1) / (length + 1)
            low, high = values[first - 1], values[first + length]
            new[first : first + length] = low + weights * (high - low)
    return new


def _weeks_before(values: FloatArray, step_minutes: float) -> FloatArray:
    per_week = round(_WEEK_MINUTES / step_minutes)
    new = values.copy()
    for back in range(1, _WEEKS_BACK + 1):
        earlier = np.full(len(values), np.nan)
        if back * per_week < len(values):
            earlier[back * per_week :] = values[: -back * per_week]
        new = np.where(np.isnan(new), earlier, new)
    return new


def _day_type_means(values: FloatArray, load: LoadProfile, site: Site | None) -> FloatArray:
    index = cast("pd.DatetimeIndex", load.load_kw.index).tz_convert(LOCAL_TIME)
    days = sorted(set(index.date))
    kind_of = dict(zip(days, day_kinds(days, site), strict=True))
    kinds = np.array([kind_of[day] for day in index.date])
    minute = (index.hour * MINUTES_PER_HOUR + index.minute).to_numpy()
    means = pd.Series(values).groupby([kinds, minute]).transform("mean")
    return means.to_numpy(dtype=np.float64)


def _stretch(load: LoadProfile, first: int, length: int) -> str:
    index = cast("pd.DatetimeIndex", load.load_kw.index)
    end = index[first] + pd.Timedelta(minutes=load.step_minutes) * length
    return f"{index[first].isoformat()}/{end.isoformat()}"
