"""A place as people write it: decimal degrees, degrees-minutes-seconds, UTM, Colombia's national grid, a map's link."""

import re
from dataclasses import dataclass
from typing import Final

from mine_energy.errors import InputError, Problem
from mine_energy.io.map_grid import COLOMBIA, geographic, utm
from mine_energy.units import MINUTES_PER_HOUR, SECONDS_PER_HOUR

_WORDS: Final = (
    (r"\b(LATITUDE?|LONGITUDE?|LAT|LON|LONG|COORDENADAS|COORDINATES)\b\.?\s*[:=]?", " "),
    (r"\b(NORTE|NORTH)\b", "N"),
    (r"\b(SUR|SOUTH)\b", "S"),
    (r"\b(ESTE|EAST)\b", "E"),
    (r"\b(OESTE|WEST|O)\b|(?<=[\d°'\"\s])O(?![A-Z])|\bO(?=\d)", "W"),
    (r"[º˚ª]", "°"),
    (r"''|[″”“]|´´|’’", '"'),
    (r"[′’‘´`]", "'"),
    (r"[−–]", "-"),
)
_LINK: Final = re.compile(r"(?:@|GEO:|[?&](?:Q|LL|QUERY|MLAT)=)(-?\d{1,2}\.\d+)(?:,|%2C|&MLON=)(-?\d{1,3}\.\d+)")
_UTM: Final = re.compile(
    r"^(?:UTM\s*)?(?:WGS\s?-?84\s*)?(?:ZONA|ZONE|HUSO)?\s*(\d{1,2})\s*([C-HJ-NP-X])?\s*[,;:]?\s+"
    r"E?\s*(\d[\d.,']*)\s*M?\s*E?\s*[,;\s]\s*N?\s*(\d[\d.,']*)\s*M?\s*N?$"
)
_NATIONAL: Final = re.compile(
    r"^(?:MAGNA[ -]?SIRGAS)?[\s/,]*(?:CTM[ -]?12|EPSG:?\s*9377|ORIGEN(?:[ -]NACIONAL)?)[\s:,]*"
    r"E?[:=\s]*(\d[\d.,']*)\s*M?\s*E?\s*[,;\s]\s*N?[:=\s]*(\d[\d.,']*)\s*M?\s*N?$"
)
_TOKEN: Final = re.compile(r"[+-]?\d+(?:[.,]\d+)?|[°'\"NSEW]")
_LEFT: Final = re.compile(r"[\s,;/|()]*")
_NORTHERN: Final = "N"
_EASTINGS: Final = (100_000.0, 900_000.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Angle:
    """One angle as it was read: degrees with their sign, and the letter that says which way."""

    degrees: float
    letter: str


def read_coordinates(written: str) -> tuple[float, float]:
    """Return latitude and longitude, degrees, north and east positive.

    Parameters
    ----------
    written
        Both together: ``2.983982, -76.650777``, ``2,98; -76,65``, ``2°59'02.3"N 76°39'02.8"O``, ``S 15 49.5 W 74 15``,
        ``UTM 18N 316500 329900``, ``CTM12 4593000 1887000``, or the link of a map. ``O`` is west (*oeste*).

    Raises
    ------
    InputError
        ``coordinates_unreadable``: not two angles; ``grid_zone``: grid coordinates without their zone.
    """
    text = written.strip().upper()
    for pattern, replacement in _WORDS:
        text = re.sub(pattern, replacement, text)
    text = text.strip()
    found = _link(text) or _grid(text) or _angles(text)
    if found is None:
        grid = re.fullmatch(r"\D*\d{6,7}(?:[.,]\d+)?\D+\d{5,8}(?:[.,]\d+)?\D*", text) is not None
        raise InputError([Problem(key="grid_zone" if grid else "coordinates_unreadable", value=written.strip())])
    return round(found[0], 6), round(found[1], 6)


def read_angle(written: str) -> float | None:
    """Return one angle in degrees, north and east positive, None where the text is none: ``2°58'48" N``."""
    text = written.strip().upper()
    for pattern, replacement in _WORDS:
        text = re.sub(pattern, replacement, text)
    tokens = _TOKEN.findall(text)
    angle = _angle(tokens) if tokens and _LEFT.fullmatch(_TOKEN.sub("", text)) else None
    return None if angle is None else round(angle.degrees, 6)


def _link(text: str) -> tuple[float, float] | None:
    match = _LINK.search(text)
    return (float(match.group(1)), float(match.group(2))) if match else None


def _grid(text: str) -> tuple[float, float] | None:
    """Read a point of a UTM zone or of Colombia's national grid."""
    match = _NATIONAL.match(text)
    if match:
        return geographic(COLOMBIA, _metres(match.group(1)), _metres(match.group(2)))
    match = _UTM.match(text)
    if match is None:
        return None
    zone, band, easting, northing = int(match.group(1)), match.group(2), *map(_metres, match.group(3, 4))
    if not (1 <= zone <= 60 and band and _EASTINGS[0] <= easting <= _EASTINGS[1]):
        return None
    # S is south to whoever writes it here: the band S lies at 32 to 40 degrees north.
    return geographic(utm(zone, south=band < _NORTHERN or band == "S"), easting, northing)


def _metres(written: str) -> float:
    """Return metres; marks between groups of three digits separate thousands."""
    text = written.replace("'", "").rstrip(".,")
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", text):
        return float(re.sub(r"[.,]", "", text))
    whole, mark, decimals = text.replace(",", ".").rpartition(".")
    return float(f"{whole.replace('.', '')}{mark}{decimals}")


def _angles(text: str) -> tuple[float, float] | None:
    tokens = _TOKEN.findall(text)
    if not tokens or _LEFT.fullmatch(_TOKEN.sub("", text)) is None:
        return None
    groups = _halves(tokens)
    if groups is None:
        return None
    first, second = _angle(groups[0]), _angle(groups[1])
    if first is None or second is None:
        return None
    if {first.letter, second.letter} <= {"E", "W", ""} and first.letter and second.letter:
        return None
    if first.letter in {"E", "W"} or (second.letter in {"N", "S"} and first.letter not in {"N", "S"}):
        first, second = second, first
    same = {first.letter, second.letter} <= {"N", "S"} or abs(first.degrees) > 180 or abs(second.degrees) > 180
    return None if same else (first.degrees, second.degrees)


def _halves(tokens: list[str]) -> tuple[list[str], list[str]] | None:
    """Return the tokens of either angle: told by degree signs, by letters, else half of the numbers each."""
    signs = [i - 1 for i, token in enumerate(tokens) if token == "°" and i > 0]
    letters = [i for i, token in enumerate(tokens) if token in set("NSEW")]
    numbers = [i for i, token in enumerate(tokens) if token[-1].isdigit()]
    if len(signs) == 2:
        cut = signs[1] - 1 if letters and letters[0] == 0 and tokens[signs[1] - 1] in set("NSEW") else signs[1]
    elif len(letters) == 2:
        cut = letters[1] if letters[0] == 0 else letters[0] + 1
    elif not signs and len(numbers) in {2, 4, 6}:
        cut = numbers[len(numbers) // 2]
    else:
        return None
    return tokens[:cut], tokens[cut:]


def _angle(tokens: list[str]) -> _Angle | None:
    """Return an angle of one to three numbers, of which only the last may have decimals."""
    letters = [token for token in tokens if token in set("NSEW")]
    numbers = [token for token in tokens if token[-1].isdigit()]
    if len(letters) > 1 or not 1 <= len(numbers) <= 3:
        return None
    whole, later = numbers[0], numbers[1:]
    if any("." in part or "," in part for part in numbers[:-1]) or any(part[0] in "+-" for part in later):
        return None
    values = [float(part.replace(",", ".")) for part in numbers]
    if any(value >= MINUTES_PER_HOUR for value in values[1:]):
        return None
    size = sum(abs(v) / unit for v, unit in zip(values, (1, MINUTES_PER_HOUR, SECONDS_PER_HOUR), strict=False))
    negative, letter = whole.startswith("-"), letters[0] if letters else ""
    if negative and letter in {"N", "E"}:
        return None
    return _Angle(degrees=-size if negative or letter in {"S", "W"} else size, letter=letter)
