"""What can be said of a weather record: closure, clear sky, timing, gaps, and how it compares with the climatology."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from mine_energy import catalog
from mine_energy.errors import Finding, MissingData, Param
from mine_energy.units import HOURS_PER_DAY, MONTHS_PER_YEAR, W_PER_KW
from mine_energy.weather.climatology import MonthlyClimate, monthly_climate
from mine_energy.weather.contract import NOMINAL_YEAR, Kind, Weather, calendar_index
from mine_energy.weather.quality import sky_shift_minutes
from mine_energy.weather.sun import mean_clear_sky_ghi

_HIGH_SUN: Final = 0.1
_CLEAR_QUANTILE: Final = 0.95
_FAR: Final = 0.10
"""Difference from the climatology from which a file is worth a remark, where its band is not wider."""
_LATE_MINUTES: Final = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthCheck:
    """One month: irradiation of the file and of the climatology, kWh/m2 a day, and the ratio of the two."""

    month: int
    ghi_kwh_m2_day: float
    climate_kwh_m2_day: float | None
    ratio: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WeatherCheck:
    """What a look at a weather file gives.

    Parameters
    ----------
    file, layout, kind, source
        What it is.
    latitude, longitude, altitude_m
        Where it is from.
    years
        Calendar years or, of a typical year, the years of its months.
    hours
        Of the frame.
    missing_hours, missing_runs, longest_missing_hours, first_missing
        Gaps of the file, before any filling.
    sun_offset_minutes
        From a label to the moment the sun counts.
    sky_shift_minutes
        How much later than that the sun of the brightest hours stands; positive when the stamps are early.
    closure_rmse_w_m2, closure_bias_w_m2
        Of ``GHI - DHI - DNI cos Z`` over the hours of daylight.
    clear_sky_ratio
        Annual GHI over that of a clean, dry, cloudless sky.
    bright_ratio
        GHI over clear sky that 5 % of the hours of high sun exceed: near 1 in a sound file.
    above_clear_sky_hours, above_clear_sky_share
        Hours of high sun above the clear sky, clouds' edges or a fault.
    ghi_kwh_m2, dni_kwh_m2, dhi_kwh_m2
        Irradiation of the mean year.
    annual_ghi_kwh_m2
        Of every calendar year.
    climate_kwh_m2, climate_ratio, climate_source
        Of the packaged climatology at the file's point; None where it does not reach.
    coast
        Whether the point lies on Peru's low coast, where the packaged cells are mostly sea or desert.
    months
        Twelve of them.
    findings
        Remarks, the file's own among them.
    """

    file: str
    layout: str
    kind: Kind
    source: str
    latitude: float
    longitude: float
    altitude_m: float
    years: tuple[int, ...]
    hours: int
    missing_hours: int
    missing_runs: int
    longest_missing_hours: int
    first_missing: str
    sun_offset_minutes: float
    sky_shift_minutes: float
    closure_rmse_w_m2: float
    closure_bias_w_m2: float
    clear_sky_ratio: float
    bright_ratio: float
    above_clear_sky_hours: int
    above_clear_sky_share: float
    ghi_kwh_m2: float
    dni_kwh_m2: float
    dhi_kwh_m2: float
    annual_ghi_kwh_m2: tuple[float, ...]
    climate_kwh_m2: float | None
    climate_ratio: float | None
    climate_source: str
    coast: bool
    months: tuple[MonthCheck, ...]
    findings: tuple[Finding, ...]


def check_weather(
    weather: Weather,
    *,
    file: str,
    layout: str = "",
    missing: tuple[int, int, int, str] = (0, 0, 0, ""),
) -> WeatherCheck:
    """Look a weather over.

    Parameters
    ----------
    weather
        As read, gaps filled.
    file, layout
        How it is called.
    missing
        Hours, runs, longest run and first hour of the gaps before filling.
    """
    position = weather.sun()
    ghi = weather.frame["ghi"].to_numpy(dtype=np.float64)
    place = (weather.latitude, weather.longitude, weather.altitude_m)
    clear = mean_clear_sky_ghi(weather.index, place, weather.sun_offset_minutes)
    day, high = position.cos_zenith > 0.0, position.cos_zenith > _HIGH_SUN
    flat = weather.frame["dni"].to_numpy() * position.cos_zenith
    residual = (ghi - weather.frame["dhi"].to_numpy() - flat)[day]
    above = int(np.sum((ghi > clear) & high))
    shift = sky_shift_minutes(
        weather.frame, weather.latitude, weather.longitude, weather.altitude_m, weather.sun_offset_minutes
    )
    climate = _climate(weather)
    annual = None if climate is None else float(np.dot(climate.ghi_kwh_m2_day, _month_days()))
    ratio = None if annual is None else weather.irradiation_kwh_m2() / annual
    coast = climate is not None and _is_coast(weather)
    return WeatherCheck(
        file=file,
        layout=layout,
        kind=weather.kind,
        source=weather.source,
        latitude=weather.latitude,
        longitude=weather.longitude,
        altitude_m=weather.altitude_m,
        years=tuple(dict.fromkeys(weather.years)),
        hours=len(weather.frame),
        missing_hours=missing[0],
        missing_runs=missing[1],
        longest_missing_hours=missing[2],
        first_missing=missing[3],
        sun_offset_minutes=weather.sun_offset_minutes,
        sky_shift_minutes=shift,
        closure_rmse_w_m2=float(np.sqrt(np.mean(residual**2))),
        closure_bias_w_m2=float(np.mean(residual)),
        clear_sky_ratio=float(ghi.sum() / clear.sum()),
        bright_ratio=float(np.quantile(ghi[high] / clear[high], _CLEAR_QUANTILE)),
        above_clear_sky_hours=above,
        above_clear_sky_share=above / int(high.sum()),
        ghi_kwh_m2=weather.irradiation_kwh_m2("ghi"),
        dni_kwh_m2=weather.irradiation_kwh_m2("dni"),
        dhi_kwh_m2=weather.irradiation_kwh_m2("dhi"),
        annual_ghi_kwh_m2=weather.annual_ghi_kwh_m2(),
        climate_kwh_m2=annual,
        climate_ratio=ratio,
        climate_source="" if climate is None else climate.source,
        coast=coast,
        months=_months(weather, climate),
        findings=(*_remarks(weather, climate, ratio, shift, coast=coast), *weather.findings),
    )


def _climate(weather: Weather) -> MonthlyClimate | None:
    try:
        return monthly_climate(weather.latitude, weather.longitude, weather.altitude_m)
    except MissingData:
        return None


def _is_coast(weather: Weather) -> bool:
    band = catalog.resource_band("PE", weather.latitude, weather.longitude, weather.altitude_m)
    near = catalog.nearest_municipality(weather.latitude, weather.longitude)
    return band.key == "coast" and near is None


def _month_days() -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    index = calendar_index(NOMINAL_YEAR)[::HOURS_PER_DAY]
    return np.bincount(index.month - 1, minlength=MONTHS_PER_YEAR).astype(np.float64)


def _months(weather: Weather, climate: MonthlyClimate | None) -> tuple[MonthCheck, ...]:
    month = weather.index.month - 1
    hours = np.bincount(month, minlength=MONTHS_PER_YEAR)
    total = np.bincount(month, weights=weather.frame["ghi"].to_numpy(), minlength=MONTHS_PER_YEAR)
    daily = total / W_PER_KW / hours * HOURS_PER_DAY
    found = []
    for m in range(MONTHS_PER_YEAR):
        theirs = None if climate is None else climate.ghi_kwh_m2_day[m]
        found.append(
            MonthCheck(
                month=m + 1,
                ghi_kwh_m2_day=float(daily[m]),
                climate_kwh_m2_day=theirs,
                ratio=float(daily[m]) / theirs if theirs else None,
            )
        )
    return tuple(found)


def _remarks(
    weather: Weather, climate: MonthlyClimate | None, ratio: float | None, shift: float, *, coast: bool
) -> list[Finding]:
    """Return what stands out."""
    findings = []
    if ratio is not None and climate is not None:
        params: dict[str, Param] = {
            "difference_percent": round(abs(100.0 * (ratio - 1.0))),
            "source": climate.source,
            "low_percent": round(100.0 * climate.band_low),
            "high_percent": round(100.0 * climate.band_high),
        }
        inside = climate.band_low <= ratio - 1.0 <= climate.band_high and abs(ratio - 1.0) <= _FAR
        side = "above" if ratio >= 1.0 else "below"
        key = _AGAINST[side, coast and not inside]
        findings.append(Finding(key=key, level="info" if inside else "warning", params=params))
    if abs(shift) >= _LATE_MINUTES:
        params = {"minutes": round(abs(shift))}
        key = "weather_sky_late" if shift > 0 else "weather_sky_early"
        findings.append(Finding(key=key, level="warning", params=params))
    return findings


_AGAINST: Final = {
    ("above", False): "weather_above_climate",
    ("below", False): "weather_below_climate",
    ("above", True): "weather_above_climate_coast",
    ("below", True): "weather_below_climate_coast",
}
