"""Headings of weather tables: which quantity a column holds, in which unit, and which columns make the stamp."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from mine_energy.units import (
    AIR_PRESSURE_UNITS_PA,
    FAHRENHEIT_AT_ZERO_CELSIUS,
    FAHRENHEIT_PER_KELVIN,
    IRRADIANCE_UNITS_W_M2,
    IRRADIATION_UNITS_WH_M2,
    SPEED_UNITS_M_S,
    ZERO_CELSIUS_K,
)
from mine_energy.vocabulary import normalise

_PREFIX: Final = r"(?:radiacion |irradiancia |irradiacion |radiation |irradiance )?"
_SUFFIX: Final = r"(?: (?:radiation|irradiance|irradiation|average|avg|mean|media|promedio|prom))*"
_WORDS: Final = {
    "ghi": rf"(?:g?hi|gh|g gh|glob\w*|ghi|{_PREFIX}(?:solar )?global(?: horizontal)?|global horizontal|solar rad\w*"
    r"|radiacion(?: solar)?|irradiancia(?: solar)?|irradiance|pyranometer|piranometro|slrw(?: avg)?|rs)",
    "dni": rf"(?:dni|bn|g bn|{_PREFIX}directa? normal|direct normal|beam normal|normal directa|dn)",
    "dhi": rf"(?:dhi|dif|gd|dh|g dh|{_PREFIX}difusa?(?: horizontal)?|diffuse(?: horizontal)?|df)",
    "bhi": r"(?:bhi|ebh|bh|g bh|direct horizontal|directa horizontal)",
    "temp_air": r"(?:temp\w*(?: (?:air|aire|amb\w*|del aire|ambiente|c))?|air ?temp\w*|ta|t2m|tamb|tdry|t aire|t air"
    r"|dry bulb(?: temp\w*)?|tair|air ?tc|air tc)",
    "wind_speed": r"(?:ws(?: ?10m?| ms)?|wind(?: ?speed(?: ?10m)?)?|wspd|ff|viento|vel(?:ocidad)?(?: del?)? viento)",
    "pressure": r"(?:ap|pres\w*(?: (?:atmosferica|barometrica|del aire|bar\w*))?|surface ?pressure|patm|qfe"
    r"|air pressure|atmospheric pressure|barometric pressure)",
}
_QUANTITY: Final = {name: re.compile(rf"^(?:{words}){_SUFFIX}$") for name, words in _WORDS.items()}

_STAMP_WORDS: Final = {
    "end": r"^(?:period ?end|interval ?end|fin(?: del intervalo)?|hasta|end)$",
    "start": r"^(?:period ?start|interval ?start|inicio(?: del intervalo)?|desde|start)$",
    "stamp": r"^(?:date ?time|time ?stamp|fecha (?:y )?hora|fechahora|date (?:and )?time|fecha ?hora|time|tmstamp"
    r"|marca de tiempo|fecha hora local|tiempo|moment|utc|local time)(?: (?:utc|local|lst|lt|gmt))?$",
    "date": r"^(?:date|fecha|dia fecha|day date|dd mm yyyy|yyyy mm dd)$",
    "clock": r"^(?:hora|hour|time|clock|hh mm|h)$",
    "period": r"^(?:period|periodo)$",
    "year": r"^(?:year|yr|y|ano|anio|yyyy)$",
    "month": r"^(?:month|mes|m|mo|mm)$",
    "day": r"^(?:day|dia|dm|dom|d|dy|dd)$",
    "minute": r"^(?:minute|min|minuto|mi)$",
}
_STAMP: Final = {name: re.compile(words) for name, words in _STAMP_WORDS.items()}
_BRACKETS: Final = re.compile(r"[\[(]([^\[\]()]*)[\])]\s*$")
_TAIL: Final = re.compile(
    r"^(.*?)[\s_,]+(k?w\s*h?/m\^?[2²]|k?wh?m-?2|wh?_m2|mj/m\^?[2²]|°?[cfk]|m/s|km/h|h?pa|kpa|mbar|mmhg)$", re.IGNORECASE
)
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What a heading says of its column.

    Parameters
    ----------
    quantity
        One of :data:`~mine_energy.io.weather_record.LIMITS`.
    unit
        As understood; empty when the heading has none.
    factor, offset
        To the contract's unit.
    energy
        Whether numbers are energy per step (Wh/m2) rather than power.
    known
        Whether the unit is one we know.
    """

    quantity: str
    unit: str
    factor: float = 1.0
    offset: float = 0.0
    energy: bool = False
    known: bool = True


def measure_of(heading: str) -> Measure | None:
    """Return what a heading says, or None when it names no quantity of weather."""
    name, unit = _split(heading)
    spellings = (normalise(_CAMEL.sub(" ", name)), normalise(name))
    words = spellings[0]
    quantity = next((key for key, pattern in _QUANTITY.items() if any(map(pattern.match, spellings))), None)
    if quantity is None and words == "p" and unit in AIR_PRESSURE_UNITS_PA:
        quantity = "pressure"  # a bare P may as well be rain or power
    return None if quantity is None else _measure(quantity, unit)


def _split(heading: str) -> tuple[str, str]:
    """Return a heading's words and its unit in one spelling."""
    found = _BRACKETS.search(heading.strip())
    if found:
        return heading[: found.start()], _unit(found.group(1))
    tail = _TAIL.match(heading.strip())
    return (tail.group(1), _unit(tail.group(2))) if tail else (heading, "")


def _unit(text: str) -> str:
    """Return a unit as ``w/m2``, ``kwh/m2``, ``c``, ``m/s``, ``hpa``."""
    plain = text.lower().replace("²", "2").replace("^", "").replace("°", "").replace("º", "").replace(" ", "")
    plain = plain.replace("_m2", "/m2").replace("m-2", "/m2").replace("·", "").replace("s-1", "/s")
    plain = {"wm2": "w/m2", "whm2": "wh/m2", "degc": "c", "celsius": "c", "ms": "m/s", "kmh": "km/h"}.get(plain, plain)
    plain = {"deg.c": "c", "knots": "kn", "kt": "kn", "kts": "kn", "nudos": "kn", "degf": "f"}.get(plain, plain)
    return plain.replace("w-h/", "wh/").replace("//", "/")


def _measure(quantity: str, unit: str) -> Measure:
    if quantity in {"ghi", "dni", "dhi", "bhi"}:
        if unit in IRRADIATION_UNITS_WH_M2:
            return Measure(quantity=quantity, unit=unit, factor=IRRADIATION_UNITS_WH_M2[unit], energy=True)
        known = unit in IRRADIANCE_UNITS_W_M2 or not unit
        return Measure(quantity=quantity, unit=unit, factor=IRRADIANCE_UNITS_W_M2.get(unit, 1.0), known=known)
    if quantity == "temp_air":
        if unit == "f":
            factor = 1.0 / FAHRENHEIT_PER_KELVIN
            return Measure(quantity=quantity, unit=unit, factor=factor, offset=-FAHRENHEIT_AT_ZERO_CELSIUS * factor)
        offset = -ZERO_CELSIUS_K if unit == "k" else 0.0
        return Measure(quantity=quantity, unit=unit, offset=offset, known=unit in {"", "c", "k"})
    units = SPEED_UNITS_M_S if quantity == "wind_speed" else AIR_PRESSURE_UNITS_PA
    return Measure(quantity=quantity, unit=unit, factor=units.get(unit, 1.0), known=unit in units or not unit)


def stamp_role(heading: str) -> str:
    """Return the part of a stamp that a heading names (``start``, ``end``, ``stamp``, ``date`` ...), or nothing."""
    words = normalise(_CAMEL.sub(" ", heading))
    return next((role for role, pattern in _STAMP.items() if pattern.match(words)), "")


def says_utc(heading: str) -> bool:
    """Whether a heading says that its stamps are UTC."""
    return bool(re.search(r"\b(?:utc|gmt)\b", normalise(heading)))


def score(row: Sequence[str]) -> int:
    """Count the cells of a row that are headings of weather or of stamps."""
    return sum(bool(cell) and (measure_of(cell) is not None or bool(stamp_role(cell))) for cell in row)
