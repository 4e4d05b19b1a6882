"""Annual energy of many fixed surfaces at once: the map of yield over tilt and azimuth.

Whatever depends on the hour alone is computed once, and only for lit hours. What a surface sees of them is then a
product of two small matrices (its normal by the sun's place, its views by sky and ground), and the rest is arithmetic
on blocks that stay in the processor's cache. The inverter's curve is a parabola of its load, so that its sum needs only
the sums of load and load squared. The figures are those of :func:`mine_energy.pv.unit_yield`: tests hold them to it and
to pvlib's own functions. Rear sides go through the chain's own steps, in blocks.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from mine_energy.arrays import FloatArray
from mine_energy.pv.array import Array
from mine_energy.pv.glass import EXTINCTION, INDEX, at_right_angles, diffuse_modifiers, modifier
from mine_energy.pv.hours import Environment, environment, plane_hours
from mine_energy.pv.light import Mask, Plane
from mine_energy.pv.losses import left
from mine_energy.pv.models import STC_CELL_C, DcOutput
from mine_energy.pv.shading import LEAST_LEVEL, ground_sky_view, row_views
from mine_energy.units import STC_IRRADIANCE_W_M2
from mine_energy.weather import Sun, Weather

_BLOCK: Final = 16
"""Surfaces at a time: the block's numbers stay in the processor's second cache."""
_PARABOLA: Final = (-0.0162, 0.9858, -0.0059)
"""Output of the PVWatts inverter over its load, both over their ratings (Dobos 2014), for an efficiency of 0.9637."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Terms:
    """What a surface needs of every lit hour; loads are shares of the inverter's DC rating.

    Parameters
    ----------
    sun
        Shape (3, hours): unit vector towards the sun.
    around
        Light from the sun's place on a plane that faces it, W/m2, times `load`.
    even
        Shape (4, hours): light of the even sky, of the sky and of the sun on level ground, and of the horizon's band,
        W/m2, times `load`.
    warm
        Shape (5, hours): power at no light, and its change by each of these.
    warm_sun
        Its change by light from the sun's place.
    per_level
        Ground cover ratio over the sine of the sun's height: shadow of a row over its cosine of incidence.
    """

    sun: FloatArray
    around: FloatArray
    even: FloatArray
    warm: FloatArray
    warm_sun: FloatArray
    per_level: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Views:
    """What a block of surfaces sees of the four even lights of :class:`_Terms`, and what its glass passes of them.

    Parameters
    ----------
    seen, passed
        Shape (n, 4).
    """

    seen: FloatArray
    passed: FloatArray


def annual_kwh_per_kwp(weather: Weather, array: Array, surfaces: FloatArray, position: Sun | None = None) -> FloatArray:
    """Return the specific yield of the mean year of many surfaces, kWh/kWp.

    Parameters
    ----------
    weather
        Any weather.
    array
        Everything but where it looks is used; tracker and faces are not.
    surfaces
        Shape (n, 2): tilt and azimuth, degrees.
    position
        The sun at every row of the weather; computed when absent.
    """
    around = environment(weather, position or weather.sun(), array)
    # Level planes look everywhere: one of them is enough.
    looks = np.where(surfaces[:, :1] == 0.0, [[0.0, 0.0]], surfaces)
    distinct, at = np.unique(looks, axis=0, return_inverse=True)
    blocks = [_planes(distinct[first : first + _BLOCK], array) for first in range(0, len(distinct), _BLOCK)]
    sky = around.open_sky
    lit = (sky.ghi > 0.0) | (sky.dhi > 0.0) | (sky.beam > 0.0)
    aside = lit & _aside(blocks, around, array)
    energy = np.zeros(len(distinct))
    for hours, method in ((lit & ~aside, _plain), (aside, _stepwise)):
        if hours.any():
            of_block = method(_only(around, hours), array)
            energy += np.concatenate([of_block(block) for block in blocks])
    return np.asarray(energy[at] * array.ac_loss_factor / weather.year_count)


def _aside(blocks: Sequence[Plane], around: Environment, array: Array) -> Mask:
    """Return the hours that need the chain's own steps.

    Those are all with rear sides, and with Perez's sky those few in which its terms without the sun's own may
    fall below zero on one of the planes.
    """
    sky = around.sky
    if array.bifaciality:
        return np.full(sky.ghi.shape, fill_value=True)
    if sky.band is None:
        return np.full(sky.ghi.shape, fill_value=False)
    views = [np.hstack([block.sky_view, np.sin(np.radians(block.tilt_deg))]) for block in blocks]
    least = np.min(np.unique(np.concatenate(views), axis=0) @ np.stack([sky.isotropic, sky.band]), axis=0)
    return np.asarray(least < 0.0)


def scores(
    weather: Weather, array: Array, surfaces: FloatArray, score: Callable[[FloatArray], FloatArray]
) -> FloatArray:
    """Return a figure of the AC hours of many surfaces, by the chain's own steps.

    Parameters
    ----------
    weather, array, surfaces
        As in :func:`annual_kwh_per_kwp`.
    score
        Takes kW per kWp, shape (n, hours), and returns n figures.
    """
    around = environment(weather, weather.sun(), array)
    power = _hourly(around, array)
    blocks = (_planes(surfaces[first : first + _BLOCK], array) for first in range(0, len(surfaces), _BLOCK))
    return np.concatenate([score(power(block) * array.ac_loss_factor) for block in blocks])


def grid(tilts_deg: Sequence[float], azimuths_deg: Sequence[float]) -> FloatArray:
    """Return every tilt with every azimuth, shape (n, 2)."""
    return np.array([(tilt, azimuth) for tilt in tilts_deg for azimuth in azimuths_deg], dtype=np.float64)


def _only(around: Environment, hours: Mask) -> Environment:
    """Return some of the hours."""
    return Environment(
        open_sky=around.open_sky.only(hours),
        sky=around.sky.only(hours),
        temp_air_c=around.temp_air_c[hours],
        heating_k_m2_per_w=around.heating_k_m2_per_w[hours],
        passed=around.passed[hours],
    )


def _planes(surfaces: FloatArray, array: Array) -> Plane:
    seen = [array.horizon.sky_factor(*surface) if array.horizon else 1.0 for surface in surfaces.tolist()]
    return Plane(tilt_deg=surfaces[:, :1], azimuth_deg=surfaces[:, 1:], sky_factor=np.array(seen)[:, None])


def _stepwise(around: Environment, array: Array) -> Callable[[Plane], FloatArray]:
    """Return what sums the energy of a block of surfaces by the chain's own steps."""
    power = _hourly(around, array)
    return lambda planes: np.asarray(np.sum(power(planes), axis=1))


def _hourly(around: Environment, array: Array) -> Callable[[Plane], FloatArray]:
    """Return what gives the power after the inverter of a block of surfaces, every hour."""
    # The two skies of the chain differ by the horizon alone; the map wants what is behind it.
    seen, same = replace(around, open_sky=around.sky), replace(array, horizon=None)
    left_over = left(array.flat_losses, "dc")

    def power(planes: Plane) -> FloatArray:
        hours = plane_hours(planes, seen, same, array.module_model)
        return array.inverter_model.ac(DcOutput(power_w_per_wp=hours.dc * left_over)).power_w_per_wp

    return power


def _terms(around: Environment, array: Array) -> _Terms:
    sky, gamma = around.sky, array.power_temperature_per_k
    limit = array.inverter_model.limit_w_per_wp / array.inverter_efficiency
    load = around.passed * (left(array.flat_losses, "dc") / limit / STC_IRRADIANCE_W_M2)
    near_sun, level = sky.beam + sky.circumsolar, np.maximum(sky.up, 0.0)
    of_sky = np.maximum(sky.dhi - sky.circumsolar * level, 0.0)
    of_sun = sky.ghi - of_sky if not array.row_shading else sky.ghi - sky.dhi + sky.circumsolar * level
    band = np.zeros_like(sky.ghi) if sky.band is None else sky.band
    even = np.stack([sky.isotropic, of_sky * array.albedo, of_sun * array.albedo, band])
    per_light = gamma * around.heating_k_m2_per_w
    dark = 1.0 + gamma * (around.temp_air_c - STC_CELL_C)
    return _Terms(
        sun=np.stack([sky.up, sky.north, sky.east]),
        around=near_sun * load,
        even=even * load,
        warm=np.vstack([dark, even * per_light]),
        warm_sun=near_sun * per_light,
        per_level=array.ground_cover_ratio / np.maximum(level, LEAST_LEVEL),
    )


def _views(planes: Plane, array: Array) -> _Views:
    band = np.sin(np.radians(planes.tilt_deg))
    seen = np.hstack([planes.sky_view, planes.ground_view, planes.ground_view, band])
    tilts, perez = planes.tilt_deg[:, 0].tolist(), array.transposition == "perez"
    glass = np.array([diffuse_modifiers(tilt, array.glass, perez) for tilt in tilts])
    if array.row_shading:
        size = (array.ground_cover_ratio, array.row_height_m, array.row_width_m)
        rows = [(row_views(tilt, array.ground_cover_ratio), ground_sky_view(tilt, *size)) for tilt in tilts]
        seen *= np.array([(view.sky, view.ground * sky, view.ground, view.sky) for view, sky in rows])
    return _Views(seen=seen, passed=seen * glass[:, [0, 1, 1, 2]])


def _plain(around: Environment, array: Array) -> Callable[[Plane], FloatArray]:
    """Return what sums the energy of a block of surfaces without rear sides, in few passes over its numbers."""
    terms = _terms(around, array)
    squared, straight, fixed = _PARABOLA
    # Under this load the inverter's own needs are more than it gives.
    least = (-straight + np.sqrt(straight**2 - 4.0 * squared * fixed)) / (2.0 * squared)
    scale = array.inverter_model.limit_w_per_wp / sum(_PARABOLA)
    hours = terms.around.size
    room = np.empty((4, _BLOCK, hours))

    def energy(planes: Plane) -> FloatArray:
        views = _views(planes, array)
        cosine, load, thermal, spare = room[:, : len(planes.tilt_deg)]
        np.matmul(_normals(planes), terms.sun, out=cosine)
        np.matmul(views.passed, terms.even, out=load)
        np.matmul(np.hstack([np.ones_like(planes.tilt_deg), views.seen]), terms.warm, out=thermal)
        if array.row_shading:
            _shade_ground(cosine, load, thermal, spare, terms, views)
        np.clip(cosine, 0.0, 1.0, out=cosine)
        # A row gets no more beam than crosses the distance to the next: see mine_energy.pv.shading.
        reaching = np.minimum(cosine, 1.0 / terms.per_level) if array.row_shading else cosine
        np.multiply(reaching, terms.warm_sun, out=spare)
        thermal += spare
        np.multiply(reaching, terms.around, out=spare)
        spare *= _modifier_into(cosine, array)
        load += spare
        load *= thermal
        np.clip(load, least, 1.0, out=load)
        total = np.einsum("ij,ij->i", load, load) * squared + np.sum(load, axis=1) * straight + hours * fixed
        return np.asarray(total * scale)

    return energy


def _shade_ground(
    cosine: FloatArray, load: FloatArray, thermal: FloatArray, spare: FloatArray, terms: _Terms, views: _Views
) -> None:
    """Take from load and thermal factor, in place, what the sun does not send to the ground that lies in shadow."""
    np.abs(cosine, out=spare)
    spare *= terms.per_level
    np.minimum(spare, 1.0, out=spare)
    load -= spare * terms.even[2] * views.passed[:, 2:3]
    spare *= terms.warm[3]
    spare *= views.seen[:, 2:3]
    thermal -= spare


def _normals(planes: Plane) -> FloatArray:
    """Return the unit vectors up, north and east of planes, shape (n, 3)."""
    tilt, azimuth = np.radians(planes.tilt_deg), np.radians(planes.azimuth_deg)
    return np.hstack([np.cos(tilt), np.sin(tilt) * np.cos(azimuth), np.sin(tilt) * np.sin(azimuth)])


def _modifier_into(cosine: FloatArray, array: Array) -> FloatArray:
    """Return the modifier of the array's glass; that of uncoated glass replaces the cosines, without new memory."""
    if array.glass != "physical":
        return modifier(cosine, array.glass)
    square = INDEX**2
    inside = cosine * cosine
    inside += square - 1.0
    np.sqrt(inside, out=inside)
    across = inside - cosine
    across *= across
    across *= across
    across *= 0.5 / (square - 1.0) ** 2
    cosine *= square
    along = inside - cosine
    cosine += inside
    along /= cosine
    along *= along
    along *= 0.5
    across += along
    np.subtract(1.0, across, out=across)
    np.divide(-EXTINCTION * INDEX, inside, out=inside)
    np.exp(inside, out=inside)
    across *= inside
    across *= 1.0 / at_right_angles()
    return across
