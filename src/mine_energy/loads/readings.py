"""Raw readings before they are a load: repeated stamps, registers that roll over, gaps made visible."""

from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import pandas as pd

from mine_energy.arrays import FloatArray
from mine_energy.errors import Finding, InputError, Param, Problem

RepeatKind = Literal["none", "duplicates", "suppliers", "conflict"]

_SUPPLIER_SHARE: Final = 0.9
"""Share of the stamps that have to be repeated, by a constant count, to be read as several suppliers."""
_SAME: Final = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeats:
    """How the stamps of a record repeat.

    Parameters
    ----------
    kind
        ``none``; ``duplicates`` (every repeat says the same value); ``suppliers`` (every stamp, or nearly every one,
        is repeated as often: parts of one consumption, to be added); ``conflict`` (neither).
    stamps
        Stamps that repeat.
    times
        Most rows of one stamp.
    first
        The first repeated stamp whose values differ, or the first repeated one.
    """

    kind: RepeatKind
    stamps: int
    times: int
    first: str


def judge_repeats(index: pd.DatetimeIndex, values: Any, supplier: Any = None) -> Repeats:
    """Return what repeated stamps are: copies, several suppliers' parts, or a contradiction.

    Parameters
    ----------
    index
        Stamps in any order.
    values
        Reading of each stamp.
    supplier
        Code of each row's supplier where the file has one; rows of one stamp with different codes are parts.

    Returns
    -------
    Repeats
    """
    frame = pd.DataFrame({"stamp": index, "value": np.asarray(values, dtype=np.float64)})
    frame["supplier"] = "" if supplier is None else [str(code) for code in supplier]
    groups = frame.groupby("stamp", sort=True)
    counts = groups.size()
    repeated = counts[counts > 1]
    if repeated.empty:
        return Repeats(kind="none", stamps=0, times=1, first="")
    inside = frame[frame["stamp"].isin(repeated.index)].groupby("stamp", sort=True)
    same = (inside["value"].max() - inside["value"].min()) <= _SAME * inside["value"].max().abs()
    several = bool((inside["supplier"].nunique() == repeated).all()) and supplier is not None
    steady = repeated.max() == repeated.min() and len(repeated) >= _SUPPLIER_SHARE * len(counts) and len(counts) > 1
    kind: RepeatKind = "conflict"
    if several:
        kind = "suppliers"
    elif bool(same.all()):
        kind = "duplicates"
    elif steady:
        kind = "suppliers"
    named = repeated.index[0] if bool(same.all()) else same.index[~same.to_numpy()][0]
    return Repeats(kind=kind, stamps=len(repeated), times=int(repeated.max()), first=str(named))


def merge_repeats(
    index: pd.DatetimeIndex, values: Any, supplier: Any = None, *, label: str = ""
) -> tuple["pd.Series[float]", tuple[Finding, ...]]:
    """Return one reading a stamp: copies once, parts of several suppliers added.

    Parameters
    ----------
    index, values, supplier
        See :func:`judge_repeats`.
    label
        What a reader sees.

    Returns
    -------
    pandas.Series, tuple of Finding
        By stamp, ascending; a finding says what was done.

    Raises
    ------
    InputError
        Repeated stamps that contradict each other (``load_repeats_conflict``).
    """
    judged = judge_repeats(index, values, supplier)
    series = pd.Series(np.asarray(values, dtype=np.float64), index=index)
    params: dict[str, Param] = {"stamps": judged.stamps, "times": judged.times, "first": judged.first}
    if judged.kind == "conflict":
        raise InputError([Problem(key="load_repeats_conflict", file=label, value=judged.first, params=params)])
    groups = series.groupby(level=0, sort=True)
    if judged.kind == "suppliers":
        said = Finding(key="load_suppliers_added", level="warning", subject=label, params=params)
        return groups.sum(), (said,)
    if judged.kind == "duplicates":
        return groups.first(), (Finding(key="load_duplicates_once", level="warning", subject=label, params=params),)
    return series.sort_index(), ()


def register_steps(register: Any, *, label: str = "") -> tuple[FloatArray, tuple[Finding, ...]]:
    """Return the energy between consecutive readings of a counter, across roll-overs.

    A counter of k digits that falls from the last tenth of its range to the first tenth has rolled over, and 10^k is
    added. Any other fall is a reset or an exchanged meter: its energy is unknown (NaN) and said.

    Parameters
    ----------
    register
        Readings in order, shape (n,), in any unit of energy.
    label
        What a reader sees.

    Returns
    -------
    numpy.ndarray, tuple of Finding
        Shape (n - 1,), in the unit of the readings.
    """
    values = np.asarray(register, dtype=np.float64)
    steps = np.diff(values)
    found: list[Finding] = []
    for place in np.flatnonzero(steps < 0):
        before, after = float(values[place]), float(values[place + 1])
        size = 10.0 ** np.ceil(np.log10(before)) if before > 0 else 0.0
        rolled = size > 0 and before >= 0.9 * size and after <= 0.1 * size
        params: dict[str, Param] = {"reading": int(place) + 2, "before": f"{before:g}", "after": f"{after:g}"}
        key = "load_register_rolled" if rolled else "load_register_reset"
        steps[place] = size - before + after if rolled else np.nan
        found.append(Finding(key=key, level="info" if rolled else "warning", subject=label, params=params))
    return steps, tuple(found)


def on_a_grid(series: "pd.Series[float]", step_minutes: float) -> "pd.Series[float]":
    """Return a series at a constant step whose missing intervals are NaN.

    Parameters
    ----------
    series
        Readings on distinct stamps that stand on one grid, in any order.
    step_minutes
        Length of an interval.

    Raises
    ------
    ValueError
        A stamp off the grid of the first one.
    """
    ordered = series.sort_index()
    grid = pd.date_range(ordered.index[0], ordered.index[-1], freq=pd.Timedelta(minutes=step_minutes))
    if not ordered.index.isin(grid).all():
        raise ValueError("stamps do not stand on one grid")
    return ordered.reindex(grid)
