"""The horizon of mountains: when it hides the sun, and how much of the sky it hides from a plane.

Beam and circumsolar light come only over the horizon; the even light of the sky comes from what is left of the dome.
Ground beyond a mountain's edge and the light of the mountain itself are left out.
"""

from dataclasses import dataclass

import numpy as np

from mine_energy.arrays import FloatArray, readonly

_TURN_DEG = 360.0
_STEP_DEG = 1.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Horizon:
    """Height of the horizon all around, straight between its points.

    Parameters
    ----------
    azimuth_deg
        Clockwise from north, rising, 0 to 360.
    elevation_deg
        Above the horizontal plane, 0 to 90.
    source
        File, in the user's words.
    """

    azimuth_deg: FloatArray
    elevation_deg: FloatArray
    source: str = ""

    def at(self, azimuth_deg: FloatArray) -> FloatArray:
        """Return the height of the horizon in some directions, degrees."""
        return np.asarray(np.interp(azimuth_deg, self.azimuth_deg, self.elevation_deg, period=_TURN_DEG))

    def hides(self, zenith_deg: FloatArray, azimuth_deg: FloatArray) -> FloatArray:
        """Return whether the sun's middle stands behind the horizon, 1 or 0."""
        return np.asarray((90.0 - zenith_deg < self.at(azimuth_deg)).astype(np.float64))

    def sky_factor(self, tilt_deg: float, azimuth_deg: float) -> float:
        """Return the even light of the sky that a plane receives, over the same under a free horizon."""
        return _seen(tilt_deg, azimuth_deg, self) / _seen(tilt_deg, azimuth_deg, FREE)


def horizon_of(azimuth_deg: FloatArray, elevation_deg: FloatArray, source: str = "") -> Horizon:
    """Return a horizon from points in any order, equal directions once, none below the horizontal plane.

    Parameters
    ----------
    azimuth_deg
        Clockwise from north, degrees; -180 to 180 or 0 to 360.
    elevation_deg
        Above the horizontal, degrees.
    source
        File, in the user's words.
    """
    around, first = np.unique(np.mod(azimuth_deg, _TURN_DEG), return_index=True)
    heights = np.maximum(np.asarray(elevation_deg, dtype=np.float64)[first], 0.0)
    return Horizon(azimuth_deg=readonly(around), elevation_deg=readonly(heights), source=source)


FREE = horizon_of(np.zeros(1), np.zeros(1))
"""Nothing in the way."""


def _seen(tilt_deg: float, azimuth_deg: float, horizon: Horizon) -> float:
    """Return the view factor of a plane to the sky over a horizon.

    The integral of cos(incidence) over the solid angle, closed in height for each direction: with D the direction from
    the plane's azimuth and e the height from which the sky is seen, over the horizon and in front of the plane,
    cos(tilt) cos(e)^2 / 2 + sin(tilt) cos(D) (pi/2 - e - sin(e) cos(e)) / 2.
    """
    around = np.arange(0.0, _TURN_DEG, _STEP_DEG)
    tilt, towards = np.radians(tilt_deg), np.cos(np.radians(around - azimuth_deg))
    behind = np.arctan2(-np.sin(tilt) * towards, np.cos(tilt))
    height = np.maximum(np.radians(horizon.at(around)), behind)
    seen = np.cos(tilt) * np.cos(height) ** 2
    seen += np.sin(tilt) * towards * (np.pi / 2 - height - np.sin(height) * np.cos(height))
    return float(np.sum(seen) / 2.0 * np.radians(_STEP_DEG) / np.pi)
