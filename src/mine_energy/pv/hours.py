"""One watt-peak of an array, hour by hour: the light on it, what reaches its cells, DC and AC power."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from mine_energy.arrays import FloatArray
from mine_energy.pv.array import Array
from mine_energy.pv.glass import diffuse_modifiers, modifier
from mine_energy.pv.light import Light, Plane, Sky, behind_horizon, light_on, sky_of
from mine_energy.pv.losses import left
from mine_energy.pv.models import DcOutput, InverterModel, ModuleModel
from mine_energy.pv.shading import ground_sky_view, row_cosine, row_views, sunlit_ground
from mine_energy.pv.temperature import heating_k_m2_per_w
from mine_energy.pv.tracking import plane_of
from mine_energy.weather import Sun, Weather


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Hours:
    """The chain's hourly series, W/m2 and, per watt-peak, W (per kWp, kW): shares' means where there are several faces.

    Parameters
    ----------
    poa_open
        Irradiance on the planes under a free horizon.
    poa
        The same with the horizon: what a sensor in the plane would read. What rows take comes after it.
    rows
        Of it, what neighbouring rows leave.
    glass
        Of that, what passes the glass.
    light
        With the rear's part, weighted by the modules' bifaciality.
    effective
        Without what dust and the other losses of light take.
    dc
        DC power at the cells' temperature.
    dc_lossy
        After the DC side's losses.
    ac_unlimited, ac_limited
        AC power without and with the inverter's limit.
    ac
        At the meter, after the AC side's losses.
    cell_c
        Cell temperature, degC.
    """

    poa_open: FloatArray
    poa: FloatArray
    rows: FloatArray
    glass: FloatArray
    light: FloatArray
    effective: FloatArray
    dc: FloatArray
    dc_lossy: FloatArray
    ac_unlimited: FloatArray
    ac_limited: FloatArray
    ac: FloatArray
    cell_c: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlaneHours:
    """Up to the DC side, one face; terms as in :class:`Hours`."""

    poa_open: FloatArray
    poa: FloatArray
    rows: FloatArray
    glass: FloatArray
    light: FloatArray
    effective: FloatArray
    dc: FloatArray
    cell_c: FloatArray
    voltage_v: FloatArray | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Environment:
    """What the hours bring to every plane of an array.

    Parameters
    ----------
    open_sky, sky
        Terms of the hour under a free horizon, and under the array's.
    temp_air_c
        Air, degC.
    heating_k_m2_per_w
        Of the cells.
    passed
        Share of the light that dust and the flat losses of light leave.
    """

    open_sky: Sky
    sky: Sky
    temp_air_c: FloatArray
    heating_k_m2_per_w: FloatArray
    passed: FloatArray


def environment(weather: Weather, position: Sun, array: Array) -> Environment:
    """Return what does not depend on where a plane looks."""
    sky = sky_of(weather, position, array)
    dust = array.soiling.hourly_pass(weather.index) if array.soiling else np.ones(len(weather.index))
    return Environment(
        open_sky=sky,
        sky=behind_horizon(sky, position, array),
        temp_air_c=weather.frame["temp_air"].to_numpy(dtype=np.float64),
        heating_k_m2_per_w=heating_k_m2_per_w(weather.frame["wind_speed"].to_numpy(dtype=np.float64), array),
        passed=dust * left(array.flat_losses, "light"),
    )


def hourly_chain(
    weather: Weather,
    position: Sun,
    array: Array,
    module_model: ModuleModel | None = None,
    inverter_model: InverterModel | None = None,
) -> Hours:
    """Return every hour of the chain for one array.

    Parameters
    ----------
    weather
        Irradiance, temperature, wind.
    position
        The sun at every row of the weather.
    array
        The array; its faces feed one inverter, each at its own maximum power.
    module_model, inverter_model
        In place of PVWatts' module and inverter of the array.
    """
    return joined(face_hours(weather, position, array, module_model), array, inverter_model)


def joined(
    parts: tuple[tuple[float, PlaneHours], ...], array: Array, inverter_model: InverterModel | None = None
) -> Hours:
    """Return the hours of all faces on one inverter.

    Parameters
    ----------
    parts
        Share and hours of every face.
    array
        Its losses and inverter.
    inverter_model
        In place of the array's PVWatts inverter.
    """
    inverter = inverter_model or array.inverter_model
    means = {name: mean_of(parts, name) for name in PlaneHours.__slots__ if name != "voltage_v"}
    voltages = [share * part.voltage_v for share, part in parts if part.voltage_v is not None]
    dc = DcOutput(
        power_w_per_wp=means["dc"] * left(array.flat_losses, "dc"),
        voltage_v=np.asarray(sum(voltages)) if len(voltages) == len(parts) else None,
    )
    made = inverter.ac(dc)
    return Hours(
        **means,
        dc_lossy=dc.power_w_per_wp,
        ac_unlimited=made.unlimited_w_per_wp,
        ac_limited=made.power_w_per_wp,
        ac=made.power_w_per_wp * array.ac_loss_factor,
    )


def mean_of(parts: tuple[tuple[float, PlaneHours], ...], name: str) -> FloatArray:
    """Return one series of all faces, by their shares."""
    return np.asarray(sum(share * getattr(part, name) for share, part in parts))


def face_hours(
    weather: Weather, position: Sun, array: Array, module_model: ModuleModel | None = None
) -> tuple[tuple[float, PlaneHours], ...]:
    """Return the share of every face of an array and its hours up to the DC side."""
    return tuple(
        (
            share,
            plane_hours(
                plane_of(face, position),
                environment(weather, position, face),
                face,
                module_model or face.module_model,
            ),
        )
        for share, face in array.planes()
    )


def plane_hours(plane: Plane, around: Environment, array: Array, module: ModuleModel) -> PlaneHours:
    """Return the hours of planes up to the DC side.

    Parameters
    ----------
    plane
        One, or many in rows: shape (n, 1).
    around
        The hours.
    array
        What the planes are made of and what stands around them.
    module
        Power of one watt-peak.
    """
    free = replace(plane, sky_factor=np.ones_like(plane.sky_factor))
    poa_open = light_on(free, around.open_sky, array.albedo).total if array.horizon else None
    front = light_on(plane, around.sky, array.albedo)
    poa = front.total
    if array.row_shading:
        front = among_rows(front, plane, around.sky, array, ground_light(plane, around.sky, array))
    glass = through_glass(front, plane, array)
    light = glass + array.bifaciality * rear_light(plane, around.sky, array) if array.bifaciality else glass
    effective = light * around.passed
    warming = front.total + (light - glass)
    cell_c = around.temp_air_c + warming * around.heating_k_m2_per_w
    dc = module.dc(effective, cell_c)
    return PlaneHours(
        poa_open=poa if poa_open is None else poa_open,
        poa=poa,
        rows=front.total,
        glass=glass,
        light=light,
        effective=effective,
        dc=dc.power_w_per_wp,
        cell_c=cell_c,
        voltage_v=dc.voltage_v,
    )


def through_glass(light: Light, plane: Plane, array: Array) -> FloatArray:
    """Return what of the light on a plane passes its glass, W/m2."""
    perez = array.transposition == "perez"
    sky, ground, horizon = _by_tilt(plane.tilt_deg, lambda tilt: diffuse_modifiers(tilt, array.glass, perez))
    return np.asarray(
        light.sun * modifier(light.cosine, array.glass) + light.sky * sky + light.ground * ground + light.band * horizon
    )


def among_rows(light: Light, plane: Plane, sky: Sky, array: Array, ground_w_m2: FloatArray) -> Light:
    """Return what rows before and behind leave of the light on a plane; see :mod:`mine_energy.pv.shading`.

    Parameters
    ----------
    light
        On the plane alone.
    plane
        Front or rear of the modules.
    sky
        The hours.
    array
        Its ground cover ratio and albedo.
    ground_w_m2
        Mean irradiance of the ground between the rows.
    """
    cover = array.ground_cover_ratio
    reaching = row_cosine(light.cosine, np.maximum(sky.up, 0.0), cover)
    lit = np.divide(reaching, light.cosine, out=np.ones_like(light.cosine), where=light.cosine > 0.0)
    sky_left, ground_left = _by_tilt(plane.tilt_deg, lambda tilt: ((views := row_views(tilt, cover)).sky, views.ground))
    ground = ground_w_m2 * array.albedo * plane.ground_view * ground_left
    return replace(light, sun=light.sun * lit, sky=light.sky * sky_left, band=light.band * sky_left, ground=ground)


def ground_light(plane: Plane, sky: Sky, array: Array) -> FloatArray:
    """Return the mean irradiance of the ground between rows, W/m2."""
    level = np.maximum(sky.up, 0.0)
    lit = sunlit_ground(plane.cosine(sky), level, array.ground_cover_ratio)
    size = (array.ground_cover_ratio, array.row_height_m, array.row_width_m)
    (seen,) = _by_tilt(plane.tilt_deg, lambda tilt: (ground_sky_view(tilt, *size),))
    # Circumsolar light goes where the beam goes.
    around = sky.circumsolar * level
    return np.asarray((sky.ghi - sky.dhi + around) * lit + np.maximum(sky.dhi - around, 0.0) * seen)


def rear_light(plane: Plane, sky: Sky, array: Array) -> FloatArray:
    """Return the light that the rear of modules in rows uses, W/m2, before their bifaciality.

    The rear is a plane that looks down and the other way, among the same rows (infinite sheds), behind its own glass.
    """
    rear = replace(plane, tilt_deg=180.0 - plane.tilt_deg, azimuth_deg=np.mod(plane.azimuth_deg + 180.0, 360.0))
    light = among_rows(light_on(rear, sky, array.albedo), rear, sky, array, ground_light(plane, sky, array))
    return through_glass(light, rear, array) * (1.0 - array.rear_loss)


def _by_tilt(tilt_deg: FloatArray, figures: Callable[[float], tuple[float, ...]]) -> tuple[FloatArray, ...]:
    """Return figures that depend on tilt alone, in the tilts' shape: each tilt is asked for once."""
    tilts, at = np.unique(tilt_deg, return_inverse=True)
    table = np.array([figures(float(tilt)) for tilt in tilts])
    return tuple(column[at].reshape(np.shape(tilt_deg)) for column in table.T)
