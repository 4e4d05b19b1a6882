"""What can be checked on weather without knowing better: closure, the sun's timing, physical limits."""

from typing import Final

import numpy as np
import pandas as pd

from mine_energy.arrays import FloatArray
from mine_energy.errors import Finding
from mine_energy.units import HOURS_PER_DAY, HOURS_PER_YEAR, MONTHS_PER_YEAR
from mine_energy.weather.sun import Sun, sun

OFFSETS_MINUTES: Final = tuple(range(-30, 61, 15))
"""Offsets tried: from stamps at the end of the interval before to stamps at its own end."""
MIDDLE_MINUTES: Final = 30.0
"""The middle of an hour labelled at its start: where the sun stands if nothing tells otherwise."""

SHIFTS_MINUTES: Final = tuple(range(-180, 181, 15))
"""Shifts tried on the clear sky."""
_BRIGHT = 0.9
_LOWEST_COS = 1e-3

_SAMPLE_STEP = 5
"""Every fifth hour meets all hours of the day in all months (5 and 24 share no factor) at a fifth of the cost."""
_SAMPLE_YEARS = 3
"""Years looked at: stamps do not change from one to the next."""
_POOR_CLOSURE = 0.10
"""Closure error over root-mean-square GHI above which a file's three components do not belong together."""
_LOW_SUN = 0.1
"""Cosine of the zenith under which interval means say little about limits."""
_CLEAR_SHARE = 0.01
"""Share of hours above the clear sky that clouds beside the sun and a hazy model can explain."""


def closure_residual(frame: pd.DataFrame, position: Sun) -> FloatArray:
    """Return ``ghi - dhi - dni cos(zenith)`` of every interval, W/m2."""
    ghi, dni, dhi = (frame[name].to_numpy(dtype=np.float64) for name in ("ghi", "dni", "dhi"))
    return np.asarray(ghi - dhi - dni * position.cos_zenith)


def closure_rmse(frame: pd.DataFrame, position: Sun) -> float:
    """Return the root mean square of :func:`closure_residual` over all intervals, W/m2."""
    return float(np.sqrt(np.mean(closure_residual(frame, position) ** 2)))


def impossible_share(frame: pd.DataFrame, position: Sun) -> float:
    """Return the share of the year's GHI that no place under this sun can receive, 0 to 1.

    What lies above the horizontal irradiance outside the atmosphere, all of it while the sun is below the horizon. A
    sound file has some tenths of a per cent (hours in which the sun rises or sets); stamps or coordinates of another
    place have tens of per cent.

    Parameters
    ----------
    frame
        Column ``ghi``, W/m2, with energy in it.
    position
        The sun at every row.
    """
    ghi = frame["ghi"].to_numpy(dtype=np.float64)
    space = position.extraterrestrial_w_m2 * np.maximum(position.cos_zenith, 0.0)
    return float(np.maximum(ghi - space, 0.0).sum() / ghi.sum())


def estimate_sun_offset(
    frame: pd.DataFrame, latitude: float, longitude: float, altitude_m: float
) -> tuple[float, float]:
    """Return the offset at which the three components of irradiance agree best, and their closure error there.

    The families of files stamp their hours differently (ASHRAE's IWEC wants the middle of the hour, TMYx built on
    ERA5 the label itself), and no header says which; the components do, because only the right sun joins them.

    Parameters
    ----------
    frame
        Columns ``ghi``, ``dni``, ``dhi`` in W/m2 with left labels.
    latitude, longitude, altitude_m
        Of the file.

    Returns
    -------
    offset_minutes, rmse_w_m2
        Minutes after the label, one of :data:`OFFSETS_MINUTES`; the middle of the hour when there is no beam to tell.
    """

    def error(rows: pd.DataFrame, minutes: float) -> float:
        return closure_rmse(rows, sun(pd.DatetimeIndex(rows.index), latitude, longitude, altitude_m, minutes))

    best = MIDDLE_MINUTES
    if frame["dni"].to_numpy().any():
        sample = frame.iloc[: _SAMPLE_YEARS * HOURS_PER_YEAR : _SAMPLE_STEP]
        best = min(map(float, OFFSETS_MINUTES), key=lambda minutes: error(sample, minutes))
    return best, error(frame, best)


def sky_shift_minutes(
    frame: pd.DataFrame, latitude: float, longitude: float, altitude_m: float, offset_minutes: float = MIDDLE_MINUTES
) -> float:
    """Return how many minutes after `offset_minutes` the sun stands where the brightest hours fit a clear sky best.

    For every hour of the day in every month the bright tenth of GHI is held against the clear sky of the shifted sun,
    scaled month by month. It needs GHI alone; valleys that cloud over at the same hour every day pull it by up to a
    quarter of an hour.

    Parameters
    ----------
    frame
        Column ``ghi`` in W/m2 with left labels.
    latitude, longitude, altitude_m
        Of the file.
    offset_minutes
        Of the sun as the file has it.
    """
    bright = _bright_hours(frame["ghi"].iloc[: _SAMPLE_YEARS * HOURS_PER_YEAR])
    rows = pd.DatetimeIndex(frame.index[:HOURS_PER_YEAR:_SAMPLE_STEP])
    cell = np.asarray((rows.month - 1) * HOURS_PER_DAY + rows.hour)

    def error(minutes: float) -> float:
        high = np.maximum(sun(rows, latitude, longitude, altitude_m, offset_minutes + minutes).cos_zenith, _LOWEST_COS)
        # Haurwitz (1945): a clear sky's course over the day needs no more than the sun's height.
        clear = np.where(high > _LOWEST_COS, high * np.exp(-0.057 / high), 0.0)
        model = np.bincount(cell, weights=clear, minlength=bright.size) / np.bincount(cell, minlength=bright.size)
        model = model.reshape(bright.shape)
        scale = (bright * model).sum(axis=1) / (model**2).sum(axis=1)
        return float(np.sum((bright - scale[:, None] * model) ** 2))

    coarse = min(map(float, SHIFTS_MINUTES), key=error)
    return min((coarse + fine for fine in (-10.0, -5.0, 0.0, 5.0, 10.0)), key=error)


def _bright_hours(ghi: "pd.Series[float]") -> FloatArray:
    """Return the bright tenth of GHI by month (rows) and hour of the day (columns)."""
    index = pd.DatetimeIndex(ghi.index)
    days = ghi.to_numpy(dtype=np.float64).reshape(-1, HOURS_PER_DAY)
    month = np.asarray(index.month[::HOURS_PER_DAY]) - 1
    return np.array([np.quantile(days[month == m], _BRIGHT, axis=0) for m in range(MONTHS_PER_YEAR)])


def sky_offset(frame: pd.DataFrame, latitude: float, longitude: float, altitude_m: float) -> float:
    """Return the offset of stamps of which nothing else tells: they start, halve or end their hours, 30, 0 or -30 min.

    Parameters
    ----------
    frame, latitude, longitude, altitude_m
        As in :func:`sky_shift_minutes`.
    """
    shift = sky_shift_minutes(frame, latitude, longitude, altitude_m, 0.0)
    return min((MIDDLE_MINUTES, 0.0, -MIDDLE_MINUTES), key=lambda offset: abs(offset - shift))


def quality_findings(frame: pd.DataFrame, position: Sun, clear_w_m2: FloatArray, file: str) -> tuple[Finding, ...]:
    """Return findings on closure and on hours brighter than a clear sky.

    Parameters
    ----------
    frame
        Columns ``ghi``, ``dni``, ``dhi`` in W/m2.
    position
        The sun at every row.
    clear_w_m2
        The yardstick: the mean clear sky of every row (:func:`mine_energy.weather.mean_clear_sky_ghi`).
    file
        Subject of the findings.
    """
    findings = []
    ghi = frame["ghi"].to_numpy(dtype=np.float64)
    rms_ghi = float(np.sqrt(np.mean(ghi**2)))
    error = closure_rmse(frame, position)
    if error > _POOR_CLOSURE * rms_ghi:
        findings.append(
            Finding(key="weather_poor_closure", level="warning", subject=file, params={"rmse_w_m2": round(error, 1)})
        )
    high = position.cos_zenith > _LOW_SUN
    above = (ghi > clear_w_m2) & high
    if above.sum() > _CLEAR_SHARE * high.sum():
        params = {"hours": int(above.sum()), "share_percent": round(100.0 * float(above.sum() / high.sum()), 1)}
        findings.append(Finding(key="weather_above_clear_sky", level="warning", subject=file, params=params))
    beyond = (ghi > position.extraterrestrial_w_m2 * position.cos_zenith) & high
    if beyond.any():
        params = {"hours": int(beyond.sum())}
        findings.append(Finding(key="weather_above_space", level="warning", subject=file, params=params))
    return tuple(findings)
