"""Which way to face: annual energy over tilts and azimuths, many surfaces at once.

Whatever depends on the hour alone (sun, anisotropy, cell-temperature coefficient) is computed once; a surface costs
three products and the glass. The figures are those of :func:`mine_energy.pv.unit_yield`, which a test holds them to.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from mine_energy.arrays import FloatArray, readonly
from mine_energy.errors import Finding, Infeasible
from mine_energy.pv.array import SELF_CLEANING_TILT_DEG, Array, array_of, equator_facing_deg
from mine_energy.pv.chain import SAPM, beam, diffuse_modifiers, inverter_power
from mine_energy.site import Site
from mine_energy.units import STC_IRRADIANCE_W_M2
from mine_energy.weather import Weather

TILTS_DEG: Final = tuple(float(tilt) for tilt in range(0, 61, 5))
AZIMUTHS_DEG: Final = tuple(float(azimuth) for azimuth in range(0, 360, 10))
_CHUNK = 16
"""Surfaces at a time: their hours fit the processor's cache."""

_FLAT_SHARE = 0.02
"""Spread over all azimuths under which a roof may face anywhere."""
_WORTH_TURNING = 0.005
"""Gain for which an array leaves the equator-facing azimuth; less is the noise of one weather year."""

_GLASS_INDEX = 1.526
_GLASS_EXTINCTION = 4.0 * 0.002
"""Refractive index, and extinction (1/m) times thickness (m), of De Soto et al. (2006)."""
_REFERENCE_CELL_C = 25.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Orientation:
    """The best way to face, and how much it matters.

    Parameters
    ----------
    tilt_deg, azimuth_deg
        Of the most energy in the year, at the floor's tilt or more.
    specific_yield_kwh_per_kwp
        There.
    equator_facing_kwh_per_kwp
        At the best tilt of the map, facing the equator.
    azimuth_spread
        1 - worst over best azimuth, at the best tilt.
    floor_cost
        Share of energy that the self-cleaning floor costs against the best surface of all.
    tilts_deg, azimuths_deg
        Axes of the map.
    map_kwh_per_kwp
        Specific yield, one row per tilt.
    findings
        How flat the optimum is.
    """

    tilt_deg: float
    azimuth_deg: float
    specific_yield_kwh_per_kwp: float
    equator_facing_kwh_per_kwp: float
    azimuth_spread: float
    floor_cost: float
    tilts_deg: FloatArray
    azimuths_deg: FloatArray
    map_kwh_per_kwp: tuple[FloatArray, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _HourTerms:
    """What a surface needs of every lit hour."""

    up: FloatArray
    north: FloatArray
    east: FloatArray
    around_sun: FloatArray
    isotropic: FloatArray
    ghi: FloatArray
    temp_air: FloatArray
    heating: FloatArray


def _hour_terms(weather: Weather, array: Array) -> _HourTerms:
    """Precompute the hours: unit vector of the sun, Hay-Davies split, Sandia heating in K per W/m2."""
    position = weather.sun()
    frame = {name: weather.frame[name].to_numpy(dtype=np.float64) for name in weather.frame.columns}
    lit = (frame["ghi"] > 0.0) | (frame["dhi"] > 0.0) | (frame["dni"] > 0.0)
    zenith, azimuth = np.radians(position.zenith_deg[lit]), np.radians(position.azimuth_deg[lit])
    dni, dhi = beam(frame["dni"], position)[lit], frame["dhi"][lit]
    anisotropy = dni / position.extraterrestrial_w_m2[lit]
    sapm = SAPM[array.mounting]
    return _HourTerms(
        up=np.cos(zenith),
        north=np.sin(zenith) * np.cos(azimuth),
        east=np.sin(zenith) * np.sin(azimuth),
        # Beam and circumsolar light both come from the sun's place; 0.01745 is the least cos(zenith), one degree of
        # height, at which the ratio of beams is held.
        around_sun=dni + dhi * anisotropy / np.maximum(np.cos(zenith), 0.01745),
        isotropic=np.maximum(dhi * (1.0 - anisotropy), 0.0),
        ghi=frame["ghi"][lit],
        temp_air=frame["temp_air"][lit],
        heating=np.exp(sapm["a"] + sapm["b"] * frame["wind_speed"][lit]) + sapm["deltaT"] / STC_IRRADIANCE_W_M2,
    )


def glass_modifier(cosine: FloatArray) -> FloatArray:
    """Return the incidence angle modifier of uncoated glass (De Soto et al. 2006), without a single angle.

    Parameters
    ----------
    cosine
        Of the angle of incidence, 0 to 1.
    """
    n = _GLASS_INDEX
    refracted = np.sqrt(1.0 - (1.0 - cosine**2) / n**2)
    across = ((cosine - n * refracted) / (cosine + n * refracted)) ** 2
    along = ((refracted - n * cosine) / (refracted + n * cosine)) ** 2
    normal = (1.0 - ((1.0 - n) / (1.0 + n)) ** 2) * np.exp(-_GLASS_EXTINCTION)
    return np.asarray((1.0 - (across + along) / 2.0) * np.exp(-_GLASS_EXTINCTION / refracted) / normal)


def _annual_kwh_per_kwp(hours: _HourTerms, surfaces: FloatArray, array: Array) -> FloatArray:
    """Return the energy of surfaces, shape (n, 2) of tilt and azimuth in degrees, over all hours."""
    tilt, azimuth = np.radians(surfaces[:, :1]), np.radians(surfaces[:, 1:])
    sky, ground = (1.0 + np.cos(tilt)) / 2.0, (1.0 - np.cos(tilt)) / 2.0 * array.albedo
    north, east = np.sin(tilt) * np.cos(azimuth), np.sin(tilt) * np.sin(azimuth)
    cosine = np.clip(np.cos(tilt) * hours.up + north * hours.north + east * hours.east, 0.0, 1.0)
    through = np.array([diffuse_modifiers(float(degrees)) for degrees in surfaces[:, 0]])
    near_sun = hours.around_sun * cosine
    cell = hours.temp_air + (near_sun + hours.isotropic * sky + hours.ghi * ground) * hours.heating
    effective = near_sun * glass_modifier(cosine)
    effective += hours.isotropic * (sky * through[:, :1]) + hours.ghi * (ground * through[:, 1:])
    thermal = 1.0 + array.power_temperature_per_k * (cell - _REFERENCE_CELL_C)
    _, ac = inverter_power(effective / STC_IRRADIANCE_W_M2 * thermal * array.loss_factor, array)
    return np.asarray(np.sum(ac, axis=1))


def yield_map(weather: Weather, array: Array, tilts_deg: Sequence[float], azimuths_deg: Sequence[float]) -> FloatArray:
    """Return the specific yield of the mean year over a grid of surfaces, kWh/kWp.

    Parameters
    ----------
    weather
        Any weather.
    array
        Everything but its tilt and azimuth is used.
    tilts_deg, azimuths_deg
        Axes of the grid, degrees.

    Returns
    -------
    numpy.ndarray
        Shape (tilts, azimuths).
    """
    hours = _hour_terms(weather, array)
    surfaces = np.array([(tilt, azimuth) for tilt in tilts_deg for azimuth in azimuths_deg], dtype=np.float64)
    chunks = [surfaces[at : at + _CHUNK] for at in range(0, len(surfaces), _CHUNK)]
    energy = np.concatenate([_annual_kwh_per_kwp(hours, chunk, array) for chunk in chunks])
    return np.asarray(energy.reshape(len(tilts_deg), len(azimuths_deg)) / weather.year_count)


def best_orientation(
    site: Site, weather: Weather, array: Array | None = None, floor_deg: float = SELF_CLEANING_TILT_DEG
) -> Orientation:
    """Return the tilt and azimuth of most energy in the year, and the map around them.

    A grid of 5 by 10 degrees up to 60 degrees of tilt, then one of 1 by 2 degrees about its best point at or above the
    floor.

    Parameters
    ----------
    site
        The plant; its array choice is used when `array` is None.
    weather
        Any weather.
    array
        Everything but its tilt and azimuth is used.
    floor_deg
        Least tilt, for modules to wash themselves in the rain.

    Returns
    -------
    Orientation

    Raises
    ------
    Infeasible
        No direction yields anything.
    """
    array = array or array_of(site.array, site.site.latitude)
    grid = _lit(yield_map(weather, array, TILTS_DEG, AZIMUTHS_DEG))
    allowed = np.where(np.array(TILTS_DEG)[:, None] >= floor_deg, grid, -np.inf)
    row, column = np.unravel_index(int(np.argmax(allowed)), grid.shape)
    tilts = _around(TILTS_DEG[row], floor_deg)
    azimuths = [float((AZIMUTHS_DEG[column] + turn) % 360.0) for turn in range(-8, 9, 2)]
    fine = yield_map(weather, array, tilts, azimuths)
    fine_row, fine_column = np.unravel_index(int(np.argmax(fine)), fine.shape)
    best = float(fine[fine_row, fine_column])
    facing = AZIMUTHS_DEG.index(equator_facing_deg(weather.latitude))
    spread = float(1.0 - grid[row].min() / grid[row].max())
    return Orientation(
        tilt_deg=tilts[fine_row],
        azimuth_deg=azimuths[fine_column],
        specific_yield_kwh_per_kwp=best,
        equator_facing_kwh_per_kwp=float(allowed[:, facing].max()),
        azimuth_spread=spread,
        floor_cost=max(0.0, 1.0 - best / float(grid.max())),
        tilts_deg=readonly(TILTS_DEG),
        azimuths_deg=readonly(AZIMUTHS_DEG),
        map_kwh_per_kwp=tuple(readonly(values) for values in grid),
        findings=_flatness(spread, tilts[fine_row]),
    )


def _lit(energy: FloatArray) -> FloatArray:
    """Return energies of which one at least is over zero: without any, no direction is better than another."""
    if float(energy.max()) <= 0.0:
        raise Infeasible("no_sun")
    return energy


def _flatness(spread: float, tilt_deg: float) -> tuple[Finding, ...]:
    if spread > _FLAT_SHARE:
        return ()
    params = {"spread_percent": round(100.0 * spread, 1), "tilt_deg": round(tilt_deg)}
    return (Finding(key="pv_any_azimuth", level="info", params=params),)


def resolve_array(site: Site, weather: Weather, file: str = "") -> tuple[Array, tuple[Finding, ...]]:
    """Return the array a site file asks for, its "optimal" angles found.

    An azimuth that gains less than half a per cent over facing the equator is left for the equator: so small a gain
    follows the weather year at hand, not the place.

    Parameters
    ----------
    site
        The plant.
    weather
        Any weather.
    file
        Site file, for messages.

    Raises
    ------
    InputError
        A system loss has an unknown name.
    Infeasible
        No direction yields anything.
    """
    array = array_of(site.array, site.site.latitude, file)
    free_tilt, free_azimuth = site.array.tilt_deg == "optimal", site.array.azimuth_deg == "optimal"
    if not (free_tilt or free_azimuth):
        return array, ()
    if free_tilt and free_azimuth:
        best = best_orientation(site, weather, array)
        azimuth = best.azimuth_deg
        if best.specific_yield_kwh_per_kwp < (1.0 + _WORTH_TURNING) * best.equator_facing_kwh_per_kwp:
            azimuth = equator_facing_deg(weather.latitude)
        return replace(array, tilt_deg=_best_tilt(weather, array, azimuth), azimuth_deg=azimuth), best.findings
    if free_tilt:
        return replace(array, tilt_deg=_best_tilt(weather, array, array.azimuth_deg)), ()
    energy = _lit(yield_map(weather, array, [array.tilt_deg], AZIMUTHS_DEG)[0])
    facing = AZIMUTHS_DEG.index(equator_facing_deg(weather.latitude))
    at = int(np.argmax(energy))
    if energy[at] < (1.0 + _WORTH_TURNING) * energy[facing]:
        at = facing
    spread = float(1.0 - energy.min() / energy.max())
    return replace(array, azimuth_deg=AZIMUTHS_DEG[at]), _flatness(spread, array.tilt_deg)


def _best_tilt(weather: Weather, array: Array, azimuth_deg: float) -> float:
    coarse = [tilt for tilt in TILTS_DEG if tilt >= SELF_CLEANING_TILT_DEG]
    at = coarse[int(np.argmax(yield_map(weather, array, coarse, [azimuth_deg])[:, 0]))]
    fine = _around(at, SELF_CLEANING_TILT_DEG)
    return fine[int(np.argmax(yield_map(weather, array, fine, [azimuth_deg])[:, 0]))]


def _around(tilt_deg: float, floor_deg: float) -> list[float]:
    """Return the whole degrees up to four away from a tilt of the map, none below the floor."""
    return [tilt_deg + step for step in range(-4, 5) if tilt_deg + step >= floor_deg]
