"""What every source of weather becomes: one hourly frame, and what a reader has to know about it."""

from dataclasses import dataclass, replace
from typing import Final, Literal, cast

import numpy as np
import pandas as pd

from mine_energy.catalog import distance_km
from mine_energy.errors import Finding, Param
from mine_energy.site import Site
from mine_energy.units import HOURS_PER_DAY, HOURS_PER_YEAR, LOCAL_TIME, MONTHS_PER_YEAR, W_PER_KW
from mine_energy.weather.sun import Sun, sun

NOMINAL_YEAR: Final = 2023
"""Calendar on which a typical or synthetic year is written before it is put on another; not a leap year."""

REQUIRED: Final = ("ghi", "dni", "dhi", "temp_air", "wind_speed")
"""Columns of every frame, in pvlib's names: W/m2, W/m2, W/m2, degC, m/s."""

FAR_KM: Final = 50.0
FAR_ALTITUDE_M: Final = 300.0

Kind = Literal["measured", "modelled", "typical", "synthetic"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeatherSummary:
    """The few figures of a :class:`Weather` that results carry.

    Parameters
    ----------
    latitude, longitude, altitude_m
        Of the weather, which may not be the site's.
    kind, source, seed, years
        As in :class:`Weather`.
    sun_offset_minutes, closure_rmse_w_m2
        As in :class:`Weather`.
    band_low, band_high
        Signed fractions around the annual irradiation.
    ghi_kwh_m2, dni_kwh_m2, dhi_kwh_m2
        Irradiation of the mean year, kWh/m2.
    temp_air_mean_c
        Mean air temperature, degC.
    monthly_ghi_kwh_m2
        Horizontal irradiation of the twelve months, kWh/m2.
    """

    latitude: float
    longitude: float
    altitude_m: float
    kind: Kind
    source: str
    seed: int | None
    years: tuple[int, ...]
    sun_offset_minutes: float
    closure_rmse_w_m2: float
    band_low: float
    band_high: float
    ghi_kwh_m2: float
    dni_kwh_m2: float
    dhi_kwh_m2: float
    temp_air_mean_c: float
    monthly_ghi_kwh_m2: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Weather:
    """Hourly weather at one place: interval means, left labels, UTC-05:00.

    Parameters
    ----------
    frame
        Columns :data:`REQUIRED` and, where the source has it, ``pressure`` in Pa; 8,760 rows of :data:`NOMINAL_YEAR`,
        or whole calendar years.
    latitude, longitude, altitude_m
        Where the weather is from: the sun is computed here.
    kind
        ``measured``, ``modelled`` (satellite or reanalysis years), ``typical`` (months of several years put together)
        or ``synthetic`` (drawn by a seeded generator). Shown wherever the weather shows.
    source
        In words a reader can follow.
    years
        Years the months were taken from, one per month of a typical or single year; the calendar years of a frame that
        holds several; empty for synthetic weather.
    seed
        Of synthetic weather, else None.
    sun_offset_minutes
        Minutes after a label at which the sun's position represents the interval.
    closure_rmse_w_m2
        Root mean square of ``ghi - dhi - dni cos(zenith)`` over all hours, W/m2.
    band_low, band_high
        Uncertainty of the long-term annual irradiation, signed fractions: -0.13 and 0.08 say 13 % less to 8 % more.
    findings
        What a reader has to know.
    """

    frame: pd.DataFrame
    latitude: float
    longitude: float
    altitude_m: float
    kind: Kind
    source: str
    years: tuple[int, ...] = ()
    seed: int | None = None
    sun_offset_minutes: float = 30.0
    closure_rmse_w_m2: float = 0.0
    band_low: float = 0.0
    band_high: float = 0.0
    findings: tuple[Finding, ...] = ()

    def __post_init__(self) -> None:
        """Hold the frame to the contract; a breach is a mistake of ours, not of a user."""
        missing = [name for name in REQUIRED if name not in self.frame]
        if missing or self.index.tz is None or len(self.frame) < HOURS_PER_YEAR:
            raise AssertionError(
                f"weather frame breaks its contract: {missing}, {self.index.tz}, {len(self.frame)} rows"
            )
        if not np.isfinite(self.frame[list(REQUIRED)].to_numpy()).all():
            raise AssertionError("weather frame holds values that are not finite")

    @property
    def index(self) -> pd.DatetimeIndex:
        """Left labels of the intervals."""
        return cast("pd.DatetimeIndex", self.frame.index)

    def sun(self) -> Sun:
        """Return the sun at every interval of the frame."""
        return sun(self.index, self.latitude, self.longitude, self.altitude_m, self.sun_offset_minutes)

    @property
    def year_count(self) -> int:
        """Number of years in the frame."""
        return round(len(self.frame) / HOURS_PER_YEAR)

    def calendar_years(self) -> tuple[int, ...]:
        """Return the calendar years on which the frame is written."""
        return tuple(int(year) for year in np.unique(self.index.year))

    def of_year(self, year: int) -> "Weather":
        """Return one year of several, on the nominal calendar without 29 February.

        Raises
        ------
        ValueError
            The frame does not hold that year.
        """
        index = self.index
        rows = (index.year == year) & ~((index.month == 2) & (index.day == 29))
        if rows.sum() != HOURS_PER_YEAR:
            raise ValueError(f"no year {year} among {self.calendar_years()}")
        frame = self.frame.loc[rows].set_axis(calendar_index(NOMINAL_YEAR), axis=0)
        return replace(self, frame=frame, years=() if self.kind == "synthetic" else (year,) * MONTHS_PER_YEAR)

    def annual_ghi_kwh_m2(self) -> tuple[float, ...]:
        """Return the horizontal irradiation of every calendar year, kWh/m2."""
        year = np.asarray(self.index.year)
        total = np.bincount(year - year[0], weights=self.frame["ghi"].to_numpy())
        return tuple(float(one) for one in total / W_PER_KW)

    def representative_year(self) -> "Weather":
        """Return the year of several whose horizontal irradiation is nearest to their mean, with a finding.

        Where one year has to stand for many it is a real one: a mean of hours would have no dark days. A frame of one
        year returns itself.
        """
        years, annual = self.calendar_years(), np.array(self.annual_ghi_kwh_m2())
        if len(years) == 1:
            return self
        mean = float(np.mean(annual))
        at = int(np.argmin(np.abs(annual - mean)))
        params: dict[str, Param] = {
            "count": len(years),
            "first": str(years[0]),
            "last": str(years[-1]),
            "year": str(years[at]),
            "difference_percent": round(100.0 * (float(annual[at]) / mean - 1.0), 1),
        }
        finding = Finding(key="weather_representative_year", level="assumption", params=params)
        one = self.of_year(years[at])
        return replace(one, findings=(*self.findings, finding))

    def irradiation_kwh_m2(self, component: str = "ghi") -> float:
        """Return the irradiation of the mean year of the frame, kWh/m2 (`component`: ghi, dni or dhi)."""
        return float(np.sum(self.frame[component].to_numpy())) / W_PER_KW / self.year_count

    def monthly_ghi_kwh_m2(self) -> tuple[float, ...]:
        """Return the horizontal irradiation of the twelve months of the mean year, kWh/m2."""
        total = np.bincount(self.index.month - 1, weights=self.frame["ghi"].to_numpy(), minlength=MONTHS_PER_YEAR)
        return tuple(float(month) for month in total / W_PER_KW / self.year_count)

    def on_calendar(self, year: int) -> "Weather":
        """Return the same weather written on a calendar year.

        A leap year has no weather of its own for 29 February: 28 February is repeated, and a finding says so.

        Parameters
        ----------
        year
            Any calendar year.

        Raises
        ------
        ValueError
            The frame holds more than one year.
        """
        if len(self.frame) != HOURS_PER_YEAR:
            raise ValueError(f"on_calendar takes one year of {HOURS_PER_YEAR} hours, not {len(self.frame)}")
        index = calendar_index(year)
        rows = np.arange(HOURS_PER_YEAR)
        findings = self.findings
        if len(index) != HOURS_PER_YEAR:
            march = (31 + 28) * HOURS_PER_DAY
            rows = np.concatenate([rows[:march], rows[march - HOURS_PER_DAY : march], rows[march:]])
            findings += (Finding(key="weather_leap_day", level="assumption", params={"year": year}),)
        return replace(self, frame=self.frame.iloc[rows].set_axis(index, axis=0), findings=findings)

    def summary(self) -> WeatherSummary:
        """Return the figures that results carry."""
        return WeatherSummary(
            latitude=self.latitude,
            longitude=self.longitude,
            altitude_m=self.altitude_m,
            kind=self.kind,
            source=self.source,
            seed=self.seed,
            years=self.years,
            sun_offset_minutes=self.sun_offset_minutes,
            closure_rmse_w_m2=self.closure_rmse_w_m2,
            band_low=self.band_low,
            band_high=self.band_high,
            ghi_kwh_m2=self.irradiation_kwh_m2("ghi"),
            dni_kwh_m2=self.irradiation_kwh_m2("dni"),
            dhi_kwh_m2=self.irradiation_kwh_m2("dhi"),
            temp_air_mean_c=float(self.frame["temp_air"].mean()),
            monthly_ghi_kwh_m2=self.monthly_ghi_kwh_m2(),
        )


def calendar_index(first_year: int, years: int = 1) -> pd.DatetimeIndex:
    """Return the hourly left labels of whole calendar years in UTC-05:00."""
    start, end = pd.Timestamp(first_year, 1, 1, tz=LOCAL_TIME), pd.Timestamp(first_year + years, 1, 1, tz=LOCAL_TIME)
    return pd.date_range(start, end, freq="h", inclusive="left")


def check_location(weather: Weather, site: Site) -> tuple[Finding, ...]:
    """Return findings about weather that is not from the plant.

    Parameters
    ----------
    weather
        Any weather.
    site
        The plant.

    Returns
    -------
    tuple of Finding
        A warning when the weather is more than 50 km away, and one when its altitude differs by more than 300 m:
        across an Andean valley the yearly sun differs by a third within one municipality.
    """
    facts = site.site
    away_km = distance_km(facts.latitude, facts.longitude, weather.latitude, weather.longitude)
    climb_m = weather.altitude_m - facts.altitude_m
    findings = []
    if away_km > FAR_KM:
        findings.append(
            Finding(
                key="weather_far", level="warning", params={"distance_km": round(away_km), "source": weather.source}
            )
        )
    if abs(climb_m) > FAR_ALTITUDE_M:
        params = {"weather_altitude_m": round(weather.altitude_m), "site_altitude_m": round(facts.altitude_m)}
        findings.append(Finding(key="weather_other_altitude", level="warning", params=params))
    return tuple(findings)
