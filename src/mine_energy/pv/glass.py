"""Reflection at the glass: the incidence angle modifier on the sun's light and on that of sky, horizon and ground."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final, Literal

import numpy as np
from pvlib import iam

from mine_energy.arrays import FloatArray
from mine_energy.pv.array import Glass

INDEX: Final = 1.526
EXTINCTION: Final = 4.0 * 0.002
"""Refractive index, and extinction (1/m) times thickness (m), of De Soto et al. (2006)."""
ASHRAE_B: Final = 0.05
"""Of Souka and Safwat (1966), as in ASHRAE 93-2003."""
MARTIN_RUIZ_A: Final = 0.16
"""Angular losses of a clean crystalline module (Martin and Ruiz 2001)."""


def modifier(cosine: FloatArray, model: Glass) -> FloatArray:
    """Return the incidence angle modifier, without a single angle.

    Parameters
    ----------
    cosine
        Of the angle of incidence, 0 to 1.
    model
        ``physical`` (Fresnel and absorption, De Soto et al. 2006), ``ashrae`` or ``martin_ruiz``.
    """
    if model == "ashrae":
        inverse = np.divide(1.0, cosine, out=np.full_like(cosine, np.inf), where=cosine > 0.0)
        return np.asarray(np.maximum(1.0 - ASHRAE_B * (inverse - 1.0), 0.0))
    if model == "martin_ruiz":
        return np.asarray(np.expm1(-cosine / MARTIN_RUIZ_A) / np.expm1(-1.0 / MARTIN_RUIZ_A))
    return fresnel(cosine)


def fresnel(cosine: FloatArray) -> FloatArray:
    """Return the modifier of uncoated glass (De Soto et al. 2006).

    Parameters
    ----------
    cosine
        Of the angle of incidence, 0 to 1.

    Notes
    -----
    With q = n cos(refracted) = sqrt(cos^2 + n^2 - 1), the reflection across the plane of incidence is
    ((q - cos)^2 / (n^2 - 1))^2, because (q - cos)(q + cos) = n^2 - 1: one division less.
    """
    square = INDEX**2
    inside = np.sqrt(cosine * cosine + (square - 1.0))
    across = ((inside - cosine) * (inside - cosine) / (square - 1.0)) ** 2
    steep = square * cosine
    along = ((inside - steep) / (inside + steep)) ** 2
    passed = np.exp(-EXTINCTION * INDEX / inside)
    return np.asarray((1.0 - (across + along) / 2.0) * passed / at_right_angles())


def at_right_angles() -> float:
    """Return what uncoated glass passes at right angles: what its modifier is stated over."""
    return float((1.0 - ((1.0 - INDEX) / (1.0 + INDEX)) ** 2) * np.exp(-EXTINCTION))


_LEVEL_DEG: Final = 1e-6

Region = Literal["sky", "ground", "horizon"]


@lru_cache(maxsize=8192)
def diffuse_modifier(tilt_deg: float, model: Glass, region: Region) -> float:
    """Return what glass passes of even light from the sky, the ground or the horizon, over what at right angles.

    The modifier of the beam integrated over the part of the region that the tilted plane sees (Marion 2017; Martin and
    Ruiz 2005 for their own model).

    Parameters
    ----------
    tilt_deg
        0 to 180.
    model
        As in :func:`modifier`.
    region
        Where the light comes from.

    Returns
    -------
    float
        1 for a region that the plane does not see.
    """
    if model == "martin_ruiz" and region != "horizon":
        # Their formula divides by what a level plane sees of the ground: a millionth of a degree is level enough.
        tilt_deg = min(max(tilt_deg, _LEVEL_DEG), 180.0 - _LEVEL_DEG)
        return float(iam.martin_ruiz_diffuse(tilt_deg, a_r=MARTIN_RUIZ_A)[region])
    return _mean_modifier(tilt_deg, model, *_REGIONS[region])


def diffuse_modifiers(tilt_deg: float, model: Glass, with_horizon: bool) -> tuple[float, float, float]:
    """Return the modifiers of sky, ground and horizon; that of the horizon, when nobody needs it, is 1."""
    horizon = diffuse_modifier(tilt_deg, model, "horizon") if with_horizon else 1.0
    return diffuse_modifier(tilt_deg, model, "sky"), diffuse_modifier(tilt_deg, model, "ground"), horizon


_STEPS: Final = 180
_REGIONS: Final[Mapping[str, tuple[int, int, int]]] = {
    "sky": (0, _STEPS // 2, _STEPS),
    "ground": (_STEPS // 2, _STEPS, _STEPS),
    "horizon": (5 * _STEPS - 5, 5 * _STEPS, 10 * _STEPS),
}
"""Sky, ground and the last half degree above the horizon: first and end step of so many from zenith to nadir."""


@lru_cache(maxsize=8)
def _dome(first: int, end: int, steps: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return heights, level parts along the plane's azimuth and solid angles of the patches of a region of the sphere.

    Marion's (2017) patches, as pvlib takes them; the half behind the plane's meridian is the mirror of the other.
    """
    angle = np.pi / steps
    polar = np.arange(first, end)[:, None] * angle
    around = (np.arange(steps) + 0.5) * angle
    up = np.broadcast_to(np.cos(polar + angle / 2.0), (end - first, steps))
    level = np.sin(polar + angle / 2.0) * np.cos(around)
    area = np.broadcast_to(np.cos(polar) - np.cos(polar + angle), up.shape)
    return up.ravel(), level.ravel(), area.ravel()


def _mean_modifier(tilt_deg: float, model: Glass, first: int, end: int, steps: int) -> float:
    """Return the modifier of even light from a region, weighted by what it puts on the plane; 1 where it puts none."""
    up, level, area = _dome(first, end, steps)
    tilt = np.radians(tilt_deg)
    cosine = np.cos(tilt) * up + np.sin(tilt) * level
    # A level plane sees the ground at its rim as rounding alone.
    seen = cosine > 1e-12
    light = cosine[seen] * area[seen]
    return float(np.sum(light * modifier(cosine[seen], model)) / np.sum(light)) if seen.any() else 1.0
