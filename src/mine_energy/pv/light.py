"""From the sky to the plane: what every hour sends, whatever the plane, and what a plane receives of it.

The terms of the hour (:class:`Sky`) are computed once for all planes. A plane adds its normal, its views of sky and
ground, and the cosine of incidence. Arrays broadcast: one plane for all hours, many planes in rows, or, for a tracker,
one plane an hour.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from pvlib import atmosphere

from mine_energy.arrays import FloatArray
from mine_energy.pv.array import Array
from mine_energy.weather import Sun, Weather

Mask = np.ndarray[Any, np.dtype[np.bool_]]
"""Which hours."""

_LEAST_COS_ZENITH: Final = 0.01745
"""One degree of height: the least at which Hay and Davies' ratio of beams is taken (as in pvlib)."""
_PEREZ_LEAST_COS_ZENITH: Final = float(np.cos(np.radians(85.0)))
_KAPPA: Final = 1.041
_CLEARNESS_BINS: Final = (1.065, 1.23, 1.5, 1.95, 2.8, 4.5, 6.2)
_PEREZ: Final = np.array(
    [
        [-0.008, 0.588, -0.062, -0.060, 0.072, -0.022],
        [0.130, 0.683, -0.151, -0.019, 0.066, -0.029],
        [0.330, 0.487, -0.221, 0.055, -0.064, -0.026],
        [0.568, 0.187, -0.295, 0.109, -0.152, -0.014],
        [0.873, -0.392, -0.362, 0.226, -0.462, 0.001],
        [1.132, -1.237, -0.412, 0.288, -0.823, 0.056],
        [1.060, -1.600, -0.359, 0.264, -1.127, 0.131],
        [0.678, -0.327, -0.250, 0.156, -1.377, 0.251],
    ]
)
"""F11 F12 F13 F21 F22 F23 by bin of clearness: Perez et al., Solar Energy 44 (1990), table 6 (all sites)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sky:
    """What every hour sends, whatever the plane, W/m2.

    Parameters
    ----------
    up, north, east
        Unit vector towards the sun.
    beam
        Normal to the rays; none with the sun below the horizon.
    circumsolar
        Diffuse light from the sun's place, normal to the rays.
    isotropic
        Light of the even sky on a level plane.
    band
        Brightening of the horizon on an upright plane (Perez); None in the other models.
    ghi, dhi
        On a level plane, as the weather has them.
    """

    up: FloatArray
    north: FloatArray
    east: FloatArray
    beam: FloatArray
    circumsolar: FloatArray
    isotropic: FloatArray
    band: FloatArray | None
    ghi: FloatArray
    dhi: FloatArray

    def only(self, hours: Mask) -> "Sky":
        """Return some of the hours."""
        return Sky(
            up=self.up[hours],
            north=self.north[hours],
            east=self.east[hours],
            beam=self.beam[hours],
            circumsolar=self.circumsolar[hours],
            isotropic=self.isotropic[hours],
            band=None if self.band is None else self.band[hours],
            ghi=self.ghi[hours],
            dhi=self.dhi[hours],
        )


def sky_of(weather: Weather, position: Sun, array: Array) -> Sky:
    """Return the terms of every hour under the array's model of the sky.

    Isotropic; Hay and Davies (1980), whose circumsolar share is DNI over the extraterrestrial irradiance; or Perez et
    al. (1990), with circumsolar light and a band at the horizon.

    Parameters
    ----------
    weather
        Irradiance.
    position
        The sun at every row of it.
    array
        Its transposition.
    """
    ghi, dni, dhi = (weather.frame[name].to_numpy(dtype=np.float64) for name in ("ghi", "dni", "dhi"))
    zenith, azimuth = np.radians(position.zenith_deg), np.radians(position.azimuth_deg)
    beam = np.where(position.cos_zenith > 0.0, dni, 0.0)
    up = np.cos(zenith)
    around, band = np.zeros_like(dhi), None
    isotropic = dhi
    if array.transposition == "hay_davies":
        anisotropy = beam / position.extraterrestrial_w_m2
        around = dhi * anisotropy / np.maximum(up, _LEAST_COS_ZENITH)
        isotropic = np.maximum(dhi * (1.0 - anisotropy), 0.0)
    elif array.transposition == "perez":
        near_sun, near_horizon, known = _perez(position, beam, dhi)
        around = known * dhi * near_sun / np.maximum(up, _PEREZ_LEAST_COS_ZENITH)
        isotropic = known * dhi * (1.0 - near_sun)
        band = known * dhi * near_horizon
    return Sky(
        up=up,
        north=np.sin(zenith) * np.cos(azimuth),
        east=np.sin(zenith) * np.sin(azimuth),
        beam=beam,
        circumsolar=around,
        isotropic=isotropic,
        band=band,
        ghi=ghi,
        dhi=dhi,
    )


def _perez(position: Sun, beam: FloatArray, dhi: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return Perez's F1 and F2, and 1 where they are defined: with diffuse light and the sun up."""
    air_mass = atmosphere.get_relative_airmass(position.zenith_deg)
    known = np.isfinite(air_mass) & (dhi > 0.0)
    zenith = np.radians(position.zenith_deg)
    brightness = np.where(known, dhi * np.where(known, air_mass, 0.0) / position.extraterrestrial_w_m2, 0.0)
    held = _KAPPA * zenith**3
    clearness = ((dhi + beam) / np.where(known, dhi, 1.0) + held) / (1.0 + held)
    c = _PEREZ[np.digitize(clearness, _CLEARNESS_BINS)].T
    near_sun = np.maximum(c[0] + c[1] * brightness + c[2] * zenith, 0.0)
    return near_sun, c[3] + c[4] * brightness + c[5] * zenith, known.astype(np.float64)


def behind_horizon(sky: Sky, position: Sun, array: Array) -> Sky:
    """Return the sky with the horizon of the array in it: no light from the sun's place while the sun is behind it.

    The even light that a plane loses is another factor for each plane; the ground gets what is left of both.
    """
    if array.horizon is None:
        return sky
    seen = 1.0 - array.horizon.hides(position.zenith_deg, position.azimuth_deg)
    around, level = sky.circumsolar * seen, np.maximum(sky.up, 0.0)
    dhi = sky.dhi - (sky.circumsolar - around) * level - sky.isotropic * (1.0 - array.horizon.sky_factor(0.0, 0.0))
    dhi = np.maximum(dhi, 0.0)
    return Sky(
        up=sky.up,
        north=sky.north,
        east=sky.east,
        beam=sky.beam * seen,
        circumsolar=around,
        isotropic=sky.isotropic,
        band=sky.band,
        ghi=np.maximum(sky.ghi - sky.dhi - sky.beam * (1.0 - seen) * level, 0.0) + dhi,
        dhi=dhi,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plane:
    """A plane, or many, or one an hour: tilt, azimuth (degrees) and the part of the even sky it sees.

    Parameters
    ----------
    tilt_deg, azimuth_deg
        Shapes that broadcast with the hours.
    sky_factor
        Even light of the sky over the same under a free horizon, alone and without rows.
    """

    tilt_deg: FloatArray
    azimuth_deg: FloatArray
    sky_factor: FloatArray

    @property
    def sky_view(self) -> FloatArray:
        """View factor to the sky of a plane that stands alone."""
        return np.asarray((1.0 + np.cos(np.radians(self.tilt_deg))) / 2.0 * self.sky_factor)

    @property
    def ground_view(self) -> FloatArray:
        """View factor to the ground of a plane that stands alone."""
        return np.asarray((1.0 - np.cos(np.radians(self.tilt_deg))) / 2.0)

    def cosine(self, sky: Sky) -> FloatArray:
        """Return the cosine of incidence, negative with the sun behind."""
        tilt, azimuth = np.radians(self.tilt_deg), np.radians(self.azimuth_deg)
        level = np.sin(tilt) * np.cos(azimuth) * sky.north + np.sin(tilt) * np.sin(azimuth) * sky.east
        return np.asarray(np.clip(np.cos(tilt) * sky.up + level, -1.0, 1.0))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Light:
    """Irradiance on a plane by where it comes from, W/m2, and the cosine at which the sun's own light comes.

    Parameters
    ----------
    cosine
        Of incidence, not negative.
    sun
        Beam and circumsolar.
    sky, band, ground
        Even sky, horizon, ground.
    """

    cosine: FloatArray
    sun: FloatArray
    sky: FloatArray
    band: FloatArray
    ground: FloatArray

    @property
    def total(self) -> FloatArray:
        """All of it."""
        return np.asarray(self.sun + self.sky + self.band + self.ground)


def light_on(plane: Plane, sky: Sky, albedo: float) -> Light:
    """Return the irradiance on a plane that stands alone.

    Parameters
    ----------
    plane
        Where it looks.
    sky
        What every hour sends.
    albedo
        Reflectance of the ground.
    """
    cosine = np.maximum(plane.cosine(sky), 0.0)
    around, even = sky.circumsolar * cosine, sky.isotropic * plane.sky_view
    band = np.zeros_like(even)
    if sky.band is not None:
        band = sky.band * np.sin(np.radians(plane.tilt_deg))
        # Perez's terms may fall below zero together: then the plane gets no light of the sky.
        positive = around + even + band > 0.0
        around, even, band = around * positive, even * positive, band * positive
    return Light(
        cosine=cosine, sun=sky.beam * cosine + around, sky=even, band=band, ground=sky.ghi * albedo * plane.ground_view
    )
