"""Grid coordinates of maps and mining titles, in metres, as latitude and longitude.

The inverse transverse Mercator projection by Krüger's series in the third flattening n (Krüger 1912; in the form of
Karney, J. Geodesy 85, 2011), to the third order: better than a centimetre within the zones of Colombia and Peru.
"""

from dataclasses import dataclass
from math import asin, atan2, atanh, cos, cosh, degrees, radians, sin, sinh, sqrt
from typing import Final

_SEMI_MAJOR_M: Final = 6378137.0
_FLATTENING: Final = 1 / 298.257223563
"""WGS 84; GRS 80, of MAGNA-SIRGAS and PSAD's successors, differs by 0.1 mm."""
_N: Final = _FLATTENING / (2 - _FLATTENING)
_RADIUS_M: Final = _SEMI_MAJOR_M / (1 + _N) * (1 + _N**2 / 4 + _N**4 / 64)
_ALPHA: Final = (
    _N / 2 - 2 / 3 * _N**2 + 5 / 16 * _N**3,
    13 / 48 * _N**2 - 3 / 5 * _N**3,
    61 / 240 * _N**3,
)
_BETA: Final = (
    _N / 2 - 2 / 3 * _N**2 + 37 / 96 * _N**3,
    1 / 48 * _N**2 + 1 / 15 * _N**3,
    17 / 480 * _N**3,
)
_DELTA: Final = (
    2 * _N - 2 / 3 * _N**2 - 2 * _N**3,
    7 / 3 * _N**2 - 8 / 5 * _N**3,
    56 / 15 * _N**3,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MapGrid:
    """A transverse Mercator grid.

    Parameters
    ----------
    latitude, longitude
        Of its origin, degrees.
    scale
        On the central meridian.
    false_easting_m, false_northing_m
        Of its origin.
    """

    latitude: float
    longitude: float
    scale: float
    false_easting_m: float
    false_northing_m: float


COLOMBIA: Final = MapGrid(
    latitude=4.0, longitude=-73.0, scale=0.9992, false_easting_m=5_000_000.0, false_northing_m=2_000_000.0
)
"""MAGNA-SIRGAS, single national origin (IGAC Resolution 471 of 2020; EPSG 9377)."""


def utm(zone: int, *, south: bool) -> MapGrid:
    """Return the grid of a UTM zone, 1 to 60, of one hemisphere."""
    return MapGrid(
        latitude=0.0,
        longitude=6.0 * zone - 183.0,
        scale=0.9996,
        false_easting_m=500_000.0,
        false_northing_m=10_000_000.0 if south else 0.0,
    )


def geographic(grid: MapGrid, easting_m: float, northing_m: float) -> tuple[float, float]:
    """Return latitude and longitude of a point of a grid, degrees, north and east positive."""
    origin = _rectifying(radians(grid.latitude))
    xi = (northing_m - grid.false_northing_m) / (grid.scale * _RADIUS_M) + origin
    eta = (easting_m - grid.false_easting_m) / (grid.scale * _RADIUS_M)
    north = xi - sum(b * sin(2 * j * xi) * cosh(2 * j * eta) for j, b in enumerate(_BETA, 1))
    east = eta - sum(b * cos(2 * j * xi) * sinh(2 * j * eta) for j, b in enumerate(_BETA, 1))
    conformal = asin(sin(north) / cosh(east))
    latitude = conformal + sum(d * sin(2 * j * conformal) for j, d in enumerate(_DELTA, 1))
    return degrees(latitude), grid.longitude + degrees(atan2(sinh(east), cos(north)))


def _rectifying(latitude: float) -> float:
    """Return the rectifying latitude of a latitude, both in radians."""
    k = 2 * sqrt(_N) / (1 + _N)
    conformal = asin(_tanh_of(atanh(sin(latitude)) - k * atanh(k * sin(latitude))))
    return conformal + sum(a * sin(2 * j * conformal) for j, a in enumerate(_ALPHA, 1))


def _tanh_of(isometric: float) -> float:
    return sinh(isometric) / cosh(isometric)
