"""Weather at the plant: one hourly contract for files, packaged climatology and synthetic years.

::

    io.weather_files.read_weather(path) --+
                                          +--> Weather --> pv.unit_yield
    from_climatology(lat, lon, altitude) -+

Every frame says whether it is measured, modelled, typical or synthetic, when within its hours the sun counts, and how
far its yearly sum may be off.
"""

from mine_energy.weather.climatology import MonthlyClimate, monthly_climate
from mine_energy.weather.contract import (
    NOMINAL_YEAR,
    Kind,
    Weather,
    WeatherSummary,
    calendar_index,
    check_location,
)
from mine_energy.weather.sun import Sun, clear_sky_ghi, mean_clear_sky_ghi
from mine_energy.weather.synthetic import from_climatology, synthesise
from mine_energy.weather.variability import Variability

__all__ = [
    "NOMINAL_YEAR",
    "Kind",
    "MonthlyClimate",
    "Sun",
    "Variability",
    "Weather",
    "WeatherSummary",
    "calendar_index",
    "check_location",
    "clear_sky_ghi",
    "from_climatology",
    "mean_clear_sky_ghi",
    "monthly_climate",
    "synthesise",
]
