"""Conversion constants: the only place where 745.7, 735.5, 3600 or 8760 is written.

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
