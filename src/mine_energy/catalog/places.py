"""The nearest Colombian municipality of a place, and how far its packaged solar resource may be off."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from typing import Any

from mine_energy.catalog.defaults import country
from mine_energy.catalog.files import table

_MUNICIPALITIES = "climatology/municipios_colombia.csv"
_MUNICIPALITY_WORDS = ("department", "municipality")

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the Earth (IUGG), km."""

NEAR_KM = 25.0
"""Farther than this a municipality's figures are not a place's: a Colombian municipality is some 30 km across."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Municipality:
    """Solar resource over a Colombian municipality: means over its area, and its least and most sunny pixels.

    Parameters
    ----------
    department, municipality, latitude, longitude
        Its name, and a point inside it.
    distance_km
        From the place asked for to that point, along a great circle.
    ghi_mean_kwh_m2_year, ghi_min_kwh_m2_year, ghi_max_kwh_m2_year
        Global horizontal irradiation.
    dif_mean_kwh_m2_year, dni_mean_kwh_m2_year
        Diffuse horizontal and direct normal irradiation.
    optimum_tilt_mean_deg
        Tilt of most energy over the year.
    pvout_mean_kwh_kwp_year, pvout_min_kwh_kwp_year, pvout_max_kwh_kwp_year
        Specific yield of the atlas's reference plant.
    temperature_mean_c
        Of the air.
    """

    department: str
    municipality: str
    latitude: float
    longitude: float
    distance_km: float
    ghi_mean_kwh_m2_year: float
    ghi_min_kwh_m2_year: float
    ghi_max_kwh_m2_year: float
    dif_mean_kwh_m2_year: float
    dni_mean_kwh_m2_year: float
    optimum_tilt_mean_deg: float
    pvout_mean_kwh_kwp_year: float
    pvout_min_kwh_kwp_year: float
    pvout_max_kwh_kwp_year: float
    temperature_mean_c: float
    source_id: str = _MUNICIPALITIES


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceBand:
    """Uncertainty of the long-term annual irradiation of a place, as signed fractions of it."""

    key: str
    low: float
    high: float
    source: str
    year: str
    confidence: str


def distance_km(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Return the great-circle distance between two places, km (haversine formula on a sphere)."""
    north, north_other = radians(latitude), radians(other_latitude)
    half_north, half_east = (north_other - north) / 2, radians(other_longitude - longitude) / 2
    chord = sin(half_north) ** 2 + cos(north) * cos(north_other) * sin(half_east) ** 2
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(chord)))


def nearest_municipality(latitude: float, longitude: float) -> Municipality | None:
    """Return the Colombian municipality whose inner point is nearest, or None beyond 25 km.

    The table has one point per municipality and no borders, so close to a border the nearest may be the neighbour:
    show its name and distance.

    Parameters
    ----------
    latitude, longitude
        Degrees, north and east positive.
    """
    distances = [
        distance_km(latitude, longitude, float(row["latitude"]), float(row["longitude"]))
        for row in table(_MUNICIPALITIES)
    ]
    nearest = min(range(len(distances)), key=distances.__getitem__)
    if distances[nearest] > NEAR_KM:
        return None
    row = table(_MUNICIPALITIES)[nearest]
    figures: dict[str, Any] = {name: float(text) for name, text in row.items() if name not in _MUNICIPALITY_WORDS}
    words: dict[str, Any] = {name: row[name] for name in _MUNICIPALITY_WORDS}
    return Municipality(distance_km=distances[nearest], **words, **figures)


def resource_band(code: str, latitude: float, longitude: float, altitude_m: float) -> ResourceBand:
    """Return how far the packaged long-term irradiation of a place may be off.

    Parameters
    ----------
    code
        ISO 3166 code of the country; its file lists the bands, and the first that fits wins.
    latitude, longitude
        Degrees, north and east positive.
    altitude_m
        Metres above sea level.

    Raises
    ------
    MissingData
        The country is not packaged.
    """
    facts = country(code)
    pacific = "pacific_divide" in facts and _west_of(facts["pacific_divide"]["value"], latitude, longitude)
    band = next(band for band in facts["resource_band"] if _fits(band, altitude_m, pacific=pacific))
    return ResourceBand(**{name: band[name] for name in ("key", "low", "high", "source", "year", "confidence")})


def _fits(band: Mapping[str, Any], altitude_m: float, *, pacific: bool) -> bool:
    low, high = band.get("minimum_altitude_m", float("-inf")), band.get("maximum_altitude_m", float("inf"))
    return low <= altitude_m <= high and (pacific or not band.get("pacific_slope", False))


def _west_of(line: Sequence[tuple[float, float]], latitude: float, longitude: float) -> bool:
    """Whether a place lies west of a line of [latitude, longitude] points that runs from north to south."""
    souths = [-point[0] for point in line]
    at = min(max(bisect_left(souths, -latitude), 1), len(line) - 1)
    (north, west_north), (south, west_south) = line[at - 1], line[at]
    share = min(max((north - latitude) / (north - south), 0.0), 1.0)
    return longitude < west_north + share * (west_south - west_north)
