"""The three components of irradiance from those that a source has, and what stands in where it lacks air or wind."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd
from pvlib import irradiance

from mine_energy.arrays import FloatArray
from mine_energy.errors import Finding, Param
from mine_energy.units import HOURS_PER_DAY
from mine_energy.weather.climatology import MonthlyClimate
from mine_energy.weather.sun import Sun

MIN_COS_ZENITH: Final = 0.065
"""Cosine of the zenith under which a beam is not divided out of a horizontal one: its error would exceed itself."""

_RANGE_K: Final = 3.3
_RANGE_K_PER_CLEARNESS: Final = 13.5
"""Daily temperature range inland = 3.3 K + 13.5 K times daily clearness, as the synthetic years have it."""
_WARMEST_HOUR: Final = 14.5


def complete_irradiance(
    values: Mapping[str, FloatArray], index: pd.DatetimeIndex, position: Sun, subject: str
) -> tuple[dict[str, FloatArray], tuple[Finding, ...]]:
    """Return ``ghi``, ``dni`` and ``dhi`` in W/m2, with findings on what was derived.

    Two components give the third by closure, GHI = DHI + DNI cos Z. Global alone is split by the correlation of Erbs,
    Klein and Duffie (Solar Energy 28, 1982) through pvlib: it was fitted to hourly means, asks for nothing but the
    clearness, and the synthetic years use it too; DISC and DIRINT want stable minutes or the dew point.

    Parameters
    ----------
    values
        ``ghi`` and, where the source has them, ``dni``, ``dhi`` and ``bhi`` (the beam on the horizontal plane).
    index
        Left labels.
    position
        The sun of every interval.
    subject
        Of the findings.
    """
    found = {name: np.asarray(values[name]) for name in ("ghi", "dni", "dhi") if name in values}
    beam = values.get("bhi")
    made: list[str] = []
    if "ghi" not in found:
        flat = beam if beam is not None else found["dni"] * position.cos_zenith
        found["ghi"] = found["dhi"] + flat
        made.append("GHI")
    if "dhi" not in found and (beam is not None or "dni" in found):
        flat = beam if beam is not None else found["dni"] * position.cos_zenith
        found["dhi"] = np.maximum(found["ghi"] - flat, 0.0)
        made.append("DHI")
    if "dni" not in found and "dhi" in found:
        found["dni"] = _normal(found["ghi"] - found["dhi"], position)
        made.append("DNI")
    if made:
        return found, (
            Finding(key="weather_component_derived", subject=subject, params={"components": ", ".join(made)}),
        )
    if "dni" in found:
        return found, ()
    split = irradiance.erbs(found["ghi"], position.zenith_deg, np.asarray(index.day_of_year), MIN_COS_ZENITH)
    found["dni"] = np.where(position.cos_zenith > MIN_COS_ZENITH, np.nan_to_num(split["dni"]), 0.0)
    found["dhi"] = np.maximum(found["ghi"] - found["dni"] * position.cos_zenith, 0.0)
    share = float(np.sum(found["dhi"]) / np.sum(found["ghi"])) if found["ghi"].any() else 1.0
    params: dict[str, Param] = {"model": "Erbs, Klein & Duffie (1982)", "diffuse_percent": round(100 * share)}
    return found, (Finding(key="weather_decomposed", level="warning", subject=subject, params=params),)


def _normal(flat: FloatArray, position: Sun) -> FloatArray:
    """Return the beam normal to the rays from the one on the horizontal plane, never above the extraterrestrial."""
    high = position.cos_zenith > MIN_COS_ZENITH
    beam = np.maximum(flat, 0.0) / np.where(high, position.cos_zenith, 1.0)
    return np.asarray(np.where(high, np.minimum(beam, position.extraterrestrial_w_m2), 0.0))


def stand_in_temperature(
    climate: MonthlyClimate, index: pd.DatetimeIndex, ghi: FloatArray, position: Sun
) -> FloatArray:
    """Return air temperature from a place's monthly means, degC: a cosine about them, wider on clear days.

    Parameters
    ----------
    climate
        Monthly means of the place.
    index
        Hourly left labels of whole days, UTC-05:00.
    ghi
        W/m2; its daily clearness sets the day's range.
    position
        The sun of every hour.
    """
    day_ghi = ghi.reshape(-1, HOURS_PER_DAY).sum(axis=1)
    space = (position.extraterrestrial_w_m2 * position.cos_zenith).reshape(-1, HOURS_PER_DAY).sum(axis=1)
    clearness = np.repeat(day_ghi / space, HOURS_PER_DAY)
    spread = climate.temp_range_factor * (_RANGE_K + _RANGE_K_PER_CLEARNESS * np.minimum(clearness, 1.0))
    mean = np.array(climate.temp_air_c)[index.month - 1]
    hour = np.asarray(index.hour, dtype=np.float64) + 0.5
    return np.asarray(mean + 0.5 * spread * np.cos(2.0 * np.pi * (hour - _WARMEST_HOUR) / HOURS_PER_DAY))
