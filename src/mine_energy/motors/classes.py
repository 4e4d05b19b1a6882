"""Nominal efficiency of the IEC 60034-30-1 classes, from the packaged tables."""

from dataclasses import dataclass
from itertools import pairwise
from math import log10
from typing import Final

import numpy as np

from mine_energy.errors import MissingData
from mine_energy.motors.tables import (
    CLASSES,
    MIN_RATING_SHARE,
    TINY,
    Coefficients,
    Status,
    Values,
    checked,
    coefficients_50hz,
    like,
    ratings_60hz,
    rows_60hz,
)

MAX_KW_50HZ: Final = 1000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassEfficiency:
    """Efficiency of a class at one rating.

    Parameters
    ----------
    value
        Nominal efficiency at full load, 0 to 1.
    rating_kw
        The table's rating that was taken (60 Hz), or the rating put into the formula (50 Hz), kW.
    status
        ``verified``, ``single_source`` or ``unverified``.
    source
        Table behind the value.
    """

    value: float
    rating_kw: float
    status: Status
    source: str


def class_efficiency(ie_class: str, rated_power_kw: float, poles: int, frequency_hz: int = 60) -> ClassEfficiency:
    """Return the nominal efficiency of a class together with how well it is known.

    At 60 Hz the tables hold for standard ratings only and are never interpolated: a rating between two rows takes
    the higher row at or above their midpoint and the lower row below it (10 CFR 431.25(k); UK SI 2021/745,
    Schedule 16, paragraph 5). At 50 Hz the formula of UK SI 2021/745 (the one of EU 2019/1781) gives the value to a
    tenth of a per cent, constant above 200 kW.

    Parameters
    ----------
    ie_class
        ``IE1`` to ``IE4``.
    rated_power_kw
        Rated shaft power, kW.
    poles
        2, 4, 6 or 8.
    frequency_hz
        50 or 60, of the plate.

    Returns
    -------
    ClassEfficiency

    Raises
    ------
    InputError
        The power is not positive.
    MissingData
        The tables hold no such rating, class, poles or frequency; lists what exists.
    """
    power = float(checked("rated_power_kw", rated_power_kw, TINY))
    found = None
    if frequency_hz == 60:
        found = _at_60hz(ie_class, power, poles)
    elif frequency_hz == 50:
        found = _at_50hz(ie_class, power, poles)
    if found is None:
        raise MissingData(
            "motor_class_table",
            ie_class=ie_class,
            rated_power_kw=power,
            poles=poles,
            frequency_hz=frequency_hz,
            available=available(frequency_hz),
        )
    return found


def nominal_efficiency(ie_class: str, rated_power_kw: Values, poles: int, frequency_hz: int = 60) -> Values:
    """Return the nominal full-load efficiency of a class, 0 to 1.

    Parameters
    ----------
    ie_class
        ``IE1`` to ``IE4``.
    rated_power_kw
        Rated shaft power, kW; scalar or array. 1 hp and 1 CV take the 0.75 kW row, 500 hp the 375 kW row.
    poles
        2, 4, 6 or 8.
    frequency_hz
        50 or 60, of the plate.

    Returns
    -------
    float or numpy.ndarray
        Same shape as `rated_power_kw`.

    Raises
    ------
    InputError, MissingData
        As :func:`class_efficiency`, which also says which rule and source gave the value.
    """
    power = np.asarray(rated_power_kw, dtype=np.float64)
    flat = [class_efficiency(ie_class, float(p), poles, frequency_hz).value for p in power.flat]
    return like(np.array(flat, dtype=np.float64).reshape(power.shape), rated_power_kw)


def nearest_rating(power_kw: float, ratings: tuple[float, ...]) -> float | None:
    """Return the standard rating of a plate's power by the midpoint rule, or None outside the ratings.

    Parameters
    ----------
    power_kw
        Plate power, kW.
    ratings
        Ascending standard ratings, kW.
    """
    if not ratings[0] * MIN_RATING_SHARE - TINY <= power_kw <= ratings[-1] * (1 + TINY):
        return None
    middles = [(a + b) / 2 for a, b in pairwise(ratings)]
    return ratings[int(np.searchsorted(middles, power_kw + TINY))]


def _at_60hz(ie_class: str, power_kw: float, poles: int) -> ClassEfficiency | None:
    rating = nearest_rating(power_kw, ratings_60hz())
    row = rows_60hz().get((ie_class, poles), {}).get(rating) if rating is not None else None
    if row is None or rating is None:
        return None
    return ClassEfficiency(value=row.efficiency, rating_kw=rating, status=row.status, source=row.source)


def _at_50hz(ie_class: str, power_kw: float, poles: int) -> ClassEfficiency | None:
    bands = coefficients_50hz().get((ie_class, poles), ())
    if not bands or not bands[0].kw_min * MIN_RATING_SHARE <= power_kw <= MAX_KW_50HZ:
        return None
    band = next((b for b, c in pairwise(bands) if power_kw < (b.kw_max + c.kw_min) / 2), bands[-1])
    rating = min(max(power_kw, band.kw_min), band.kw_max)
    return ClassEfficiency(value=_formula(band, rating), rating_kw=rating, status=band.status, source=band.source)


def _formula(band: Coefficients, rating_kw: float) -> float:
    x = log10(rating_kw)
    a, b, c, d = band.terms
    return round(round(a * x**3 + b * x**2 + c * x + d, 1) / 100, 6)


def available(frequency_hz: int) -> str:
    """Return what the class tables hold at a frequency, in one line."""
    if frequency_hz == 60:
        spans = [(k, min(rows), max(rows)) for k, rows in rows_60hz().items()]
    elif frequency_hz == 50:
        spans = [(k, bands[0].kw_min, MAX_KW_50HZ) for k, bands in coefficients_50hz().items()]
    else:
        return "50 Hz, 60 Hz"
    ordered = sorted(spans, key=lambda s: (CLASSES.index(s[0][0]), s[0][1]))
    return "; ".join(f"{ie_class} {poles}p {low:g}-{high:g} kW" for (ie_class, poles), low, high in ordered)


def rating_span_kw(ie_class: str, poles: int, frequency_hz: int) -> tuple[float, float] | None:
    """Return the least and the greatest rated power that a class table answers for, kW; None without such a table."""
    if frequency_hz == 60:
        rows = rows_60hz().get((ie_class, poles))
        return (min(rows) * MIN_RATING_SHARE, max(rows)) if rows else None
    bands = coefficients_50hz().get((ie_class, poles))
    return (bands[0].kw_min * MIN_RATING_SHARE, MAX_KW_50HZ) if bands else None
