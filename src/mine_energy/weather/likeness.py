"""From a file to the climate behind it, and how like the file the years are that the generator draws from it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from mine_energy.arrays import FloatArray
from mine_energy.units import HOURS_PER_DAY, MONTHS_PER_YEAR, W_PER_KW
from mine_energy.weather.climatology import MonthlyClimate
from mine_energy.weather.contract import Weather
from mine_energy.weather.synthetic import synthesise
from mine_energy.weather.thermal import RANGE_OVERCAST_K, RANGE_PER_CLEARNESS_K

DARK_SHARE: Final = 0.60
"""A day under 60 % of the year's mean irradiation is dark."""
LIMITS: Final = {"ghi": 0.01, "pv_yield": 0.03, "clearness_sd": 0.03, "persistence": 0.2, "dark_run_days": 2.0}
"""How far the median of many seeds may lie from the file: relative, relative, absolute, absolute, days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SkyFigures:
    """What of a year's sky sizes a plant.

    Parameters
    ----------
    ghi_kwh_m2
        Irradiation of the mean year.
    pv_yield_kwh_per_kwp
        AC energy of one kWp.
    clearness_sd
        Standard deviation of daily clearness over the year.
    persistence
        Correlation of the clearness of successive days.
    dark_run_days
        Longest run of days under :data:`DARK_SHARE` of the mean day.
    """

    ghi_kwh_m2: float
    pv_yield_kwh_per_kwp: float
    clearness_sd: float
    persistence: float
    dark_run_days: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """A file beside the years drawn from its climate.

    Parameters
    ----------
    real
        The file's figures.
    drawn
        Median of the seeds, figure by figure.
    low, high
        Least and most of the seeds.
    """

    real: SkyFigures
    drawn: SkyFigures
    low: SkyFigures
    high: SkyFigures

    def gaps(self) -> dict[str, float]:
        """Return drawn minus real by the keys of :data:`LIMITS`; the first two relative to the file."""
        real, drawn = self.real, self.drawn
        return {
            "ghi": drawn.ghi_kwh_m2 / real.ghi_kwh_m2 - 1.0,
            "pv_yield": drawn.pv_yield_kwh_per_kwp / real.pv_yield_kwh_per_kwp - 1.0,
            "clearness_sd": drawn.clearness_sd - real.clearness_sd,
            "persistence": drawn.persistence - real.persistence,
            "dark_run_days": drawn.dark_run_days - real.dark_run_days,
        }

    def within_limits(self) -> bool:
        """Whether every gap is inside :data:`LIMITS`."""
        return all(abs(gap) <= LIMITS[key] for key, gap in self.gaps().items())


def daily_irradiation(weather: Weather) -> FloatArray:
    """Return the horizontal irradiation of every day, kWh/m2."""
    hours = weather.frame["ghi"].to_numpy(dtype=np.float64).reshape(-1, HOURS_PER_DAY)
    return np.asarray(hours.sum(axis=1) / W_PER_KW)


def daily_clearness(weather: Weather) -> FloatArray:
    """Return the clearness of every day: horizontal over extraterrestrial irradiation."""
    position = weather.sun()
    space = (position.extraterrestrial_w_m2 * position.cos_zenith).reshape(-1, HOURS_PER_DAY).sum(axis=1) / W_PER_KW
    return np.asarray(daily_irradiation(weather) / space)


def within_month_sd(weather: Weather) -> tuple[float, ...]:
    """Return the standard deviation of daily clearness within each month, pooled over the years, twelve figures."""
    clearness = daily_clearness(weather)
    date = weather.index[::HOURS_PER_DAY]
    slot = np.asarray((date.year - date[0].year) * MONTHS_PER_YEAR + date.month - 1)
    days = np.bincount(slot)
    mean = np.bincount(slot, weights=clearness) / days
    squares = np.bincount(slot, weights=(clearness - mean[slot]) ** 2).reshape(-1, MONTHS_PER_YEAR).sum(axis=0)
    freedom = (days - 1).reshape(-1, MONTHS_PER_YEAR).sum(axis=0)
    return tuple(float(sd) for sd in np.sqrt(squares / freedom))


def climate_of(weather: Weather, *, interannual_spread: float = 0.0) -> MonthlyClimate:
    """Return the monthly climate behind hourly weather: what is needed to draw more years like it.

    One typical year understates dark spells; many years drawn from its monthly means and its own day-to-day deviation
    do not.

    Parameters
    ----------
    weather
        Whole years of any kind.
    interannual_spread
        Standard deviation of annual irradiation over its mean, for the years to be drawn.
    """
    month = np.asarray(weather.index.month - 1)
    hours = np.bincount(month, minlength=MONTHS_PER_YEAR)
    ghi = np.bincount(month, weights=weather.frame["ghi"].to_numpy()) / hours * HOURS_PER_DAY / W_PER_KW
    temp_air = np.bincount(month, weights=weather.frame["temp_air"].to_numpy()) / hours
    by_day = weather.frame["temp_air"].to_numpy(dtype=np.float64).reshape(-1, HOURS_PER_DAY)
    inland = RANGE_OVERCAST_K + RANGE_PER_CLEARNESS_K * daily_clearness(weather)
    return MonthlyClimate(
        latitude=weather.latitude,
        longitude=weather.longitude,
        altitude_m=weather.altitude_m,
        ghi_kwh_m2_day=tuple(float(value) for value in ghi),
        clearness_sd=within_month_sd(weather),
        temp_air_c=tuple(float(value) for value in temp_air),
        source=weather.source,
        wind_mean_m_s=float(weather.frame["wind_speed"].mean()),
        temp_range_factor=float(np.mean(np.ptp(by_day, axis=1)) / np.mean(inland)),
        interannual_spread=interannual_spread,
        band_low=weather.band_low,
        band_high=weather.band_high,
        findings=weather.findings,
    )


def sky_figures(weather: Weather, pv_yield_kwh_per_kwp: float) -> SkyFigures:
    """Return what of a year's sky sizes a plant.

    Parameters
    ----------
    weather
        Whole years.
    pv_yield_kwh_per_kwp
        Of one kWp of some array under it.
    """
    clearness, daily = daily_clearness(weather), daily_irradiation(weather)
    return SkyFigures(
        ghi_kwh_m2=weather.irradiation_kwh_m2(),
        pv_yield_kwh_per_kwp=pv_yield_kwh_per_kwp,
        clearness_sd=float(np.std(clearness, ddof=1)),
        persistence=float(np.corrcoef(clearness[1:], clearness[:-1])[0, 1]),
        dark_run_days=float(longest_run(daily < DARK_SHARE * np.mean(daily))),
    )


def longest_run(flags: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> int:
    """Return the length of the longest run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return int(np.max(edges[1::2] - edges[::2], initial=0))


def likeness(
    weather: Weather,
    climate: MonthlyClimate,
    yield_kwh_per_kwp: Callable[[Weather], float],
    seeds: Sequence[int] = range(1, 21),
) -> Likeness:
    """Return a file beside single years drawn from a climate.

    Parameters
    ----------
    weather
        The file.
    climate
        Fed to the generator: :func:`climate_of` the file, or what is packaged for its place.
    yield_kwh_per_kwp
        Of one kWp of some array under some weather; the chain lives above this room.
    seeds
        One year each.
    """
    years = [synthesise(climate, seed=seed) for seed in seeds]
    figures = [sky_figures(year, yield_kwh_per_kwp(year)) for year in years]
    table = np.array([[getattr(figure, name) for name in SkyFigures.__slots__] for figure in figures])

    def named(row: FloatArray) -> SkyFigures:
        return SkyFigures(**dict(zip(SkyFigures.__slots__, map(float, row), strict=True)))

    return Likeness(
        real=sky_figures(weather, yield_kwh_per_kwp(weather)),
        drawn=named(np.median(table, axis=0)),
        low=named(table.min(axis=0)),
        high=named(table.max(axis=0)),
    )
