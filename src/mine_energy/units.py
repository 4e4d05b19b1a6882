"""Conversion constants and the standard atmosphere: the only place where 745.7, 735.5, 3600 or 8760 is written.

Every quantity in the package carries its unit at the end of its name (``_kw``, ``_kwh``, ``_v`` ...); ratios are
0 to 1 inside and become per cent only when they are shown to a person.
"""

from datetime import timedelta, timezone
from typing import Final

KW_PER_HP: Final = 0.745699872
"""Mechanical horsepower (550 ft lbf/s), kW."""

KW_PER_CV: Final = 0.73549875
"""Metric horsepower (75 kgf m/s; *caballo de vapor*), kW. Latin American plates are often in CV."""

LOCAL_TIME: Final = timezone(timedelta(hours=-5))
"""Legal time of Colombia and Peru: UTC-05:00 all year, no daylight saving in either."""

HOURS_PER_DAY: Final = 24
HOURS_PER_YEAR: Final = 8760
MINUTES_PER_HOUR: Final = 60
SECONDS_PER_HOUR: Final = 3600
SECONDS_PER_MINUTE: Final = 60
MONTHS_PER_YEAR: Final = 12

W_PER_KW: Final = 1000.0
KWH_PER_MWH: Final = 1000.0
KG_PER_T: Final = 1000.0
L_PER_US_GAL: Final = 3.785411784

NETWORK_HZ: Final = 60
"""Frequency of the networks of Colombia and Peru."""

STANDARD_PRESSURE_PA: Final = 101325.0
PA_PER_KPA: Final = 1000.0
ZERO_CELSIUS_K: Final = 273.15
STC_IRRADIANCE_W_M2: Final = 1000.0
"""Irradiance of IEC 60904-3 standard test conditions, at which kWp is stated."""

POWER_UNITS_KW: Final[dict[str, float]] = {"kw": 1.0, "w": 0.001, "mw": 1000.0, "hp": KW_PER_HP, "cv": KW_PER_CV}
"""Factor from a plate's power unit to kW (keys in lower case)."""

ENERGY_UNITS_KWH: Final[dict[str, float]] = {"kwh": 1.0, "wh": 0.001, "mwh": 1000.0}
"""Factor from an energy unit to kWh (keys in lower case)."""

PRESSURE_UNITS_KPA: Final[dict[str, float]] = {"kpa": 1.0, "bar": 100.0, "psi": 6.894757293168}
"""Factor from a pressure unit to kPa (keys in lower case)."""

AIR_PRESSURE_UNITS_PA: Final[dict[str, float]] = {
    "pa": 1.0,
    "hpa": 100.0,
    "mbar": 100.0,
    "mb": 100.0,
    "kpa": 1000.0,
    "mmhg": 133.322387415,
}
"""Factor from a barometer's unit to Pa (keys in lower case; the conventional millimetre of mercury)."""

SPEED_UNITS_M_S: Final[dict[str, float]] = {"m/s": 1.0, "km/h": 1000.0 / 3600.0, "kn": 1852.0 / 3600.0, "mph": 0.44704}
"""Factor from a unit of speed to m/s."""

IRRADIANCE_UNITS_W_M2: Final[dict[str, float]] = {"w/m2": 1.0, "kw/m2": 1000.0}
"""Factor from a unit of irradiance to W/m2."""

IRRADIATION_UNITS_WH_M2: Final[dict[str, float]] = {
    "wh/m2": 1.0,
    "kwh/m2": 1000.0,
    "mj/m2": 1e6 / 3600.0,
    "j/cm2": 1e4 / 3600.0,
}
"""Factor from a unit of irradiation to Wh/m2."""

POINTS_PER_INCH: Final = 72.0

FAHRENHEIT_PER_KELVIN: Final = 1.8
FAHRENHEIT_AT_ZERO_CELSIUS: Final = 32.0


def standard_pressure_pa(altitude_m: float) -> float:
    """Return the pressure of the standard atmosphere, Pa: p0 (1 - 2.25577e-5 h)^5.25588 (ISO 2533, ICAO).

    Parameters
    ----------
    altitude_m
        Above sea level, m, up to 11,000.
    """
    return float(STANDARD_PRESSURE_PA * (1 - 2.25577e-5 * altitude_m) ** 5.25588)
