"""Rows before and behind: what they take of the beam, of the sky and of the ground, and what reaches a rear side.

Infinite rows on level ground, all of one tilt. With L the slant length and P the distance between rows (L / P is the
ground cover ratio), both as the sun sees them, no more beam falls on a row than crosses the distance to the next: the
mean over the row of the beam's cosine is ``min(cos(incidence), cos(zenith) / (L / P))``. That is the shaded fraction
of Anderson and Jensen (Solar Energy 2024, as pvlib.shading.shaded_fraction1d) on level ground. It is linear in the
shaded area; cells of one string in partial shade lose more. View factors between rows, sky and ground come from
pvlib's infinite sheds (Mikofski et al., IEEE PVSC 2019).
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from pvlib.bifacial import utils

from mine_energy.arrays import FloatArray

_REAR_MAX_ROWS = 30

LEAST_LEVEL = 1e-6
"""Least sine of the sun's height in a shadow's length."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowViews:
    """What a plane among rows sees, means over its slant length; view factors, 0 to 1.

    Parameters
    ----------
    sky
        Of the sky, over what it would see alone.
    ground
        Of the ground, over what it would see alone.
    """

    sky: float
    ground: float


@lru_cache(maxsize=4096)
def row_views(tilt_deg: float, ground_cover_ratio: float) -> RowViews:
    """Return what rows leave of a plane's view to the sky and to the ground.

    Parameters
    ----------
    tilt_deg
        0 to 180: over 90 for the rear of a module.
    ground_cover_ratio
        Slant length over distance between rows.
    """
    free_sky, free_ground = (1.0 + np.cos(np.radians(tilt_deg))) / 2.0, (1.0 - np.cos(np.radians(tilt_deg))) / 2.0
    sky = float(utils.vf_row_sky_2d_integ(tilt_deg, ground_cover_ratio))
    ground = float(utils.vf_row_ground_2d_integ(tilt_deg, ground_cover_ratio))
    return RowViews(
        sky=sky / free_sky if free_sky > 1e-9 else 1.0, ground=ground / free_ground if free_ground > 1e-9 else 1.0
    )


@lru_cache(maxsize=4096)
def ground_sky_view(tilt_deg: float, ground_cover_ratio: float, height_m: float, width_m: float) -> float:
    """Return the share of the sky that the ground between rows sees.

    Parameters
    ----------
    tilt_deg
        Of the rows, 0 to 90.
    ground_cover_ratio
        Slant length over distance between rows.
    height_m, width_m
        Centre of a row above the ground, and slant length.
    """
    pitch_m = width_m / ground_cover_ratio
    # Level rows see no horizon between them: a thousandth of a degree keeps the formula's sign.
    tilt = max(tilt_deg, 1e-3)
    view = utils.vf_ground_sky_2d_integ(tilt, ground_cover_ratio, height_m, pitch_m, max_rows=_REAR_MAX_ROWS)
    return float(view)


def row_cosine(cosine: FloatArray, cos_zenith: FloatArray, ground_cover_ratio: float) -> FloatArray:
    """Return the cosine of incidence that the beam has on the mean of a row, shadow counted as nothing.

    Parameters
    ----------
    cosine
        Of the incidence on a free plane, not negative.
    cos_zenith
        Of the sun, not negative.
    ground_cover_ratio
        Slant length over distance between rows.
    """
    return np.minimum(cosine, np.maximum(cos_zenith, LEAST_LEVEL) / ground_cover_ratio)


def sunlit_ground(cosine: FloatArray, cos_zenith: FloatArray, ground_cover_ratio: float) -> FloatArray:
    """Return the share of the ground between rows that the beam reaches.

    A row's shadow covers ``L |cos(incidence)| / cos(zenith)`` of the distance P.

    Parameters
    ----------
    cosine
        Of the incidence on a row's front; negative with the sun behind it.
    cos_zenith, ground_cover_ratio
        As in :func:`row_cosine`.
    """
    shadow = np.abs(cosine) * ground_cover_ratio
    return np.asarray(1.0 - np.minimum(shadow / np.maximum(cos_zenith, LEAST_LEVEL), 1.0))
