"""Files with one figure an hour that a site file names, on the hours of the study's year."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar, cast

import pandas as pd

from mine_energy.arrays import readonly
from mine_energy.emissions import FactorKind, HourlyFactor
from mine_energy.errors import Finding, InputError, Problem
from mine_energy.io.hourly_values import Hourly, Kind, over_hours, read_hourly
from mine_energy.loads import LoadProfile
from mine_energy.site import CarbonChoice, Site
from mine_energy.study.baseline import metered_year
from mine_energy.tariffs import Tariff
from mine_energy.units import LOCAL_TIME

T = TypeVar("T")


def hourly_reader(kind: Kind, tariff: Tariff | None) -> Callable[[Path, str], Hourly]:
    """Return a reader of prices in the tariff's currency, or of factors."""
    currency = "" if tariff is None else tariff.currency
    return lambda path, name: read_hourly(path, kind, currency=currency, name=name)


def study_hours(site: Site, load: LoadProfile | None) -> pd.DatetimeIndex:
    """Return the clock hours of the year that a study is made of: the meter's, else the activity year's.

    Raises
    ------
    InputError
        The record gives no year.
    """
    if load is not None:
        index = cast("pd.DatetimeIndex", metered_year(load, site).load_kw.index)
        return index.floor("h").unique()
    return year_hours(site.emissions.activity_year)


def year_hours(year: int) -> pd.DatetimeIndex:
    """Return the hours of a calendar year."""
    return pd.date_range(f"{year}-01-01", f"{year + 1}-01-01", freq="h", tz=LOCAL_TIME, inclusive="left")


def unused_prices(tariff: Tariff, hourly: Hourly | None) -> tuple[Finding, ...]:
    """Say that a tariff pays no surplus at the wholesale price, where that is so."""
    if hourly is None or tariff.exports.rule == "agpe":
        return ()
    return (Finding(key="spot_prices_unused", level="warning", subject=hourly.file, params={"tariff": tariff.id}),)


def factors_of(site: Site, hourly: Hourly) -> HourlyFactor:
    """Return the grid factor of every hour of the file's own calendar year, that of its first hour.

    Raises
    ------
    InputError
        Hours that lack.
    """
    carbon = site.carbon or CarbonChoice()
    year = int(cast("pd.DatetimeIndex", hourly.values.index)[0].year)
    return HourlyFactor(
        t_co2e_per_mwh=readonly(over_hours(hourly, year_hours(year), "carbon.hourly_factors").to_numpy("float64")),
        kind=FactorKind(carbon.hourly_kind),
        country=site.site.country,
        year=year,
        source=carbon.hourly_source,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class YearFigures:
    """Prices of every hour of the study's year and factors of every hour of theirs; None without a whole file.

    `problems` names the hours that lack.
    """

    spot_price: "pd.Series[float] | None" = None
    hourly_factor: HourlyFactor | None = None
    problems: tuple[Problem, ...] = ()


def on_year(site: Site, load: LoadProfile | None, prices: Hourly | None, factors: Hourly | None) -> YearFigures:
    """Return prices on the hours of the study's year, and factors on those of their own.

    Prices settle the surplus of an hour and have to be that hour's. Factors are matched by month, day and hour.
    """
    spot, lacking = _tried(prices, lambda one: _prices(site, load, one))
    factor, more = _tried(factors, lambda one: factors_of(site, one))
    return YearFigures(spot_price=spot, hourly_factor=factor, problems=(*lacking, *more))


def _prices(site: Site, load: LoadProfile | None, hourly: Hourly) -> "pd.Series[float] | None":
    try:
        hours = study_hours(site, load)
    except InputError:
        return None  # a record that gives no year is told elsewhere
    return over_hours(hourly, hours, "connection.spot_prices")


def _tried(hourly: Hourly | None, make: Callable[[Hourly], T]) -> tuple[T | None, tuple[Problem, ...]]:
    if hourly is None:
        return None, ()
    try:
        return make(hourly), ()
    except InputError as error:
        return None, error.problems
