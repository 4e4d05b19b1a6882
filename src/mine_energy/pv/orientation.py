"""Which way to face: a figure of merit over tilts and azimuths, many surfaces at once.

The figure is the energy of the year, that of its worst month, or the energy that the plant itself uses. The figures
are those of :func:`mine_energy.pv.unit_yield`, which a test holds them to.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
import pandas as pd

from mine_energy.arrays import FloatArray, readonly
from mine_energy.errors import Finding, Infeasible
from mine_energy.pv.array import SELF_CLEANING_TILT_DEG, Array, array_of, equator_facing_deg
from mine_energy.pv.horizon import Horizon
from mine_energy.pv.surfaces import annual_kwh_per_kwp, grid, scores
from mine_energy.site import Site
from mine_energy.units import HOURS_PER_DAY, MINUTES_PER_HOUR, MONTHS_PER_YEAR
from mine_energy.weather import Weather

Objective = Literal["annual", "worst_month", "self_consumption"]
Score = Callable[[FloatArray], FloatArray]

TILTS_DEG: Final = tuple(float(tilt) for tilt in range(0, 61, 5))
AZIMUTHS_DEG: Final = tuple(float(azimuth) for azimuth in range(0, 360, 10))
_NOTHING_KWH_PER_KWP = 1e-6
_FLAT_SHARE = 0.02
"""Spread over all azimuths under which a roof may face anywhere."""
_WORTH_TURNING = 0.005
"""Gain for which an array leaves the equator-facing azimuth; less is the noise of one weather year."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Orientation:
    """The best way to face, and how much it matters.

    Parameters
    ----------
    tilt_deg, azimuth_deg
        Of the largest figure of merit, at the floor's tilt or more.
    specific_yield_kwh_per_kwp
        Figure of merit there, per kWp: energy of the year; for the other objectives, energy of the worst month, or
        energy of the year that the plant uses itself.
    equator_facing_kwh_per_kwp
        The same at the best tilt of the map, facing the equator.
    azimuth_spread
        1 - worst over best azimuth, at the best tilt.
    floor_cost
        Share of the figure that the self-cleaning floor costs against the best surface of all.
    tilts_deg, azimuths_deg
        Axes of the map.
    map_kwh_per_kwp
        The figure, one row per tilt.
    objective
        What is largest.
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
    objective: Objective = "annual"


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
    energy = annual_kwh_per_kwp(weather, array, grid(tilts_deg, azimuths_deg))
    return np.asarray(energy.reshape(len(tilts_deg), len(azimuths_deg)))


def best_orientation(
    site: Site,
    weather: Weather,
    array: Array | None = None,
    floor_deg: float = SELF_CLEANING_TILT_DEG,
    objective: Objective = "annual",
    load_kw: "pd.Series[float] | None" = None,
) -> Orientation:
    """Return the best tilt and azimuth, and the map around them.

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
    objective
        Most energy in the year, in the worst month, or used by the plant itself.
    load_kw
        The plant's load, for the last; without it, an even load during its shifts.

    Returns
    -------
    Orientation

    Raises
    ------
    Infeasible
        No direction yields anything.
    """
    array = array or array_of(site.array, site.site.latitude)
    merit = _merit(site, weather, array, objective, load_kw)
    coarse = _lit(merit(TILTS_DEG, AZIMUTHS_DEG))
    allowed = np.where(np.array(TILTS_DEG)[:, None] >= floor_deg, coarse, -np.inf)
    row, column = np.unravel_index(int(np.argmax(allowed)), coarse.shape)
    tilts = _around(TILTS_DEG[row], floor_deg)
    azimuths = [float((AZIMUTHS_DEG[column] + turn) % 360.0) for turn in range(-8, 9, 2)]
    fine = merit(tilts, azimuths)
    fine_row, fine_column = np.unravel_index(int(np.argmax(fine)), fine.shape)
    best = float(fine[fine_row, fine_column])
    facing = AZIMUTHS_DEG.index(equator_facing_deg(weather.latitude))
    spread = float(1.0 - coarse[row].min() / coarse[row].max())
    return Orientation(
        tilt_deg=tilts[fine_row],
        azimuth_deg=azimuths[fine_column],
        specific_yield_kwh_per_kwp=best,
        equator_facing_kwh_per_kwp=float(allowed[:, facing].max()),
        azimuth_spread=spread,
        floor_cost=max(0.0, 1.0 - best / float(coarse.max())),
        tilts_deg=readonly(TILTS_DEG),
        azimuths_deg=readonly(AZIMUTHS_DEG),
        map_kwh_per_kwp=tuple(readonly(values) for values in coarse),
        findings=(*_flatness(spread, tilts[fine_row]), *_of_objective(objective, load_kw)),
        objective=objective,
    )


Merit = Callable[[Sequence[float], Sequence[float]], FloatArray]


def _merit(
    site: Site, weather: Weather, array: Array, objective: Objective, load_kw: "pd.Series[float] | None"
) -> Merit:
    """Return what gives the figure of merit over a grid of tilts and azimuths."""
    if objective == "annual":
        return lambda tilts, azimuths: yield_map(weather, array, tilts, azimuths)
    score = _worst_month(weather) if objective == "worst_month" else _used(site, weather, array, load_kw)

    def merit(tilts: Sequence[float], azimuths: Sequence[float]) -> FloatArray:
        return scores(weather, array, grid(tilts, azimuths), score).reshape(len(tilts), len(azimuths))

    return merit


def _worst_month(weather: Weather) -> Score:
    """Return what gives the energy of the worst month of the mean year."""
    months = [np.flatnonzero(weather.index.month == month) for month in range(1, MONTHS_PER_YEAR + 1)]

    def worst(power: FloatArray) -> FloatArray:
        energy = [np.sum(power[:, hours], axis=1) for hours in months]
        return np.asarray(np.min(energy, axis=0) / weather.year_count)

    return worst


def _used(site: Site, weather: Weather, array: Array, load_kw: "pd.Series[float] | None") -> Score:
    """Return what gives the energy of the mean year that the plant uses itself, per kWp.

    The load is its mean by month and hour of the day. The array is of the size whose energy, facing the equator, is
    that of the load: for a smaller one direction would not matter to what is used, for a larger one neither.
    """
    load = _by_month_and_hour(load_kw, weather.index) if load_kw is not None else _in_shifts(site, weather.index)
    facing = np.array([[SELF_CLEANING_TILT_DEG, equator_facing_deg(weather.latitude)]])
    energy = float(annual_kwh_per_kwp(weather, array, facing)[0]) * weather.year_count
    per_kwp = load * (energy / max(float(load.sum()), 1e-9))
    return lambda power: np.asarray(np.sum(np.minimum(power, per_kwp), axis=1) / weather.year_count)


def _by_month_and_hour(load_kw: "pd.Series[float]", index: pd.DatetimeIndex) -> FloatArray:
    when = pd.DatetimeIndex(load_kw.index).tz_convert(index.tz)
    mean = load_kw.groupby([when.month, when.hour]).mean()
    asked = pd.MultiIndex.from_arrays([index.month, index.hour])
    # A record of some months alone: the others take its mean hour of the day.
    hour_mean = load_kw.groupby(when.hour).mean().reindex(range(HOURS_PER_DAY)).fillna(float(load_kw.mean()))
    return np.asarray(mean.reindex(asked).fillna(pd.Series(hour_mean.to_numpy()[index.hour], index=asked)).to_numpy())


def _in_shifts(site: Site, index: pd.DatetimeIndex) -> FloatArray:
    """Return the share of every hour that lies in a shift."""
    minutes = np.zeros(HOURS_PER_DAY * MINUTES_PER_HOUR)
    for shift in site.site.shifts:
        start, end = (time.hour * MINUTES_PER_HOUR + time.minute for time in (shift.start, shift.end))
        length = (end - start) % len(minutes) or len(minutes)
        minutes[np.arange(start, start + length) % len(minutes)] = 1.0
    return np.asarray(minutes.reshape(HOURS_PER_DAY, MINUTES_PER_HOUR).mean(axis=1)[index.hour])


def _of_objective(objective: Objective, load_kw: "pd.Series[float] | None") -> tuple[Finding, ...]:
    if objective == "self_consumption" and load_kw is None:
        return (Finding(key="pv_match_shifts", level="assumption"),)
    return ()


def _lit(energy: FloatArray) -> FloatArray:
    """Return energies of which one at least is over zero: without any, no direction is better than another."""
    if float(energy.max()) < _NOTHING_KWH_PER_KWP:
        raise Infeasible("no_sun")
    return energy


def _flatness(spread: float, tilt_deg: float) -> tuple[Finding, ...]:
    if spread > _FLAT_SHARE:
        return ()
    params = {"spread_percent": round(100.0 * spread, 1), "tilt_deg": round(tilt_deg)}
    return (Finding(key="pv_any_azimuth", level="info", params=params),)


def resolve_array(
    site: Site,
    weather: Weather,
    file: str = "",
    horizon: Horizon | None = None,
    load_kw: "pd.Series[float] | None" = None,
) -> tuple[Array, tuple[Finding, ...]]:
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
    horizon
        What the horizon file of the array holds.
    load_kw
        The plant's load, for the objective that asks for it.

    Raises
    ------
    InputError
        A system loss has an unknown name.
    Infeasible
        No direction yields anything.
    """
    array = array_of(site.array, site.site.latitude, file, horizon)
    choice = site.array
    free_tilt, free_azimuth = choice.tilt_deg == "optimal", choice.azimuth_deg == "optimal"
    if not (free_tilt or free_azimuth) or array.faces or array.tracker:
        return array, ()
    told = _of_objective(choice.objective, load_kw)
    merit = _merit(site, weather, array, choice.objective, load_kw)
    if free_tilt and free_azimuth:
        best = best_orientation(site, weather, array, objective=choice.objective, load_kw=load_kw)
        azimuth = best.azimuth_deg
        if best.specific_yield_kwh_per_kwp < (1.0 + _WORTH_TURNING) * best.equator_facing_kwh_per_kwp:
            azimuth = equator_facing_deg(weather.latitude)
        return replace(array, tilt_deg=_best_tilt(merit, azimuth), azimuth_deg=azimuth), best.findings
    if free_tilt:
        return replace(array, tilt_deg=_best_tilt(merit, array.azimuth_deg)), told
    energy = _lit(merit([array.tilt_deg], AZIMUTHS_DEG)[0])
    facing = AZIMUTHS_DEG.index(equator_facing_deg(weather.latitude))
    at = int(np.argmax(energy))
    if energy[at] < (1.0 + _WORTH_TURNING) * energy[facing]:
        at = facing
    spread = float(1.0 - energy.min() / energy.max())
    return replace(array, azimuth_deg=AZIMUTHS_DEG[at]), (*_flatness(spread, array.tilt_deg), *told)


def _best_tilt(merit: Merit, azimuth_deg: float) -> float:
    coarse = [tilt for tilt in TILTS_DEG if tilt >= SELF_CLEANING_TILT_DEG]
    at = coarse[int(np.argmax(merit(coarse, [azimuth_deg])[:, 0]))]
    fine = _around(at, SELF_CLEANING_TILT_DEG)
    return fine[int(np.argmax(merit(fine, [azimuth_deg])[:, 0]))]


def _around(tilt_deg: float, floor_deg: float) -> list[float]:
    """Return the whole degrees up to four away from a tilt of the map, none below the floor."""
    return [tilt_deg + step for step in range(-4, 5) if tilt_deg + step >= floor_deg]
