"""Coordinates as people write them, and the grids of maps."""

from math import atan2, atanh, cos, radians, sin, tan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mine_energy.errors import InputError
from mine_energy.io.coordinates import read_coordinates
from mine_energy.io.map_grid import COLOMBIA, geographic, utm
from mine_energy.messages import LANGUAGES, problem_text

PLANT = (2.983972, -76.650778)
COAST = (-15.825, -74.25)
READABLE = [
    ("2.983972, -76.650778", PLANT),
    ("2,983972; -76,650778", PLANT),
    ("2.983972,-76.650778", PLANT),
    ("2°59'02.3\"N 76°39'02.8\"O", PLANT),
    ("2º 59′ 2,3″ N, 76º 39′ 2,8″ W", PLANT),
    ("76°39'02.8\"W / 2°59'02.3\"N", PLANT),
    ("2 59 2.3 -76 39 2.8", PLANT),
    ("Latitud: 2.983972 norte, longitud: 76.650778 oeste", PLANT),
    ("O 76.650778 N 2.983972", PLANT),
    ("S 15 49.5 W 74 15", COAST),
    ("S15°49'30\" W74°15'", COAST),
    ("15°49'30\"S 74°15'O", COAST),
    ("lat -15.825 lon -74.25", COAST),
    ("https://www.google.com/maps/@-15.825,-74.25,15z", COAST),
    ("https://maps.example/?q=-15.825,-74.25", COAST),
]
UNREADABLE = [
    "",
    "hola",
    "2.98",
    "15,74",
    "2.98 N 76.65 N",
    "-76 E, 3 N",
    "2°75'N 76°W",
    "2.5°30'N 76°W",
    "1 2 3",
    "200, 300",
]


@pytest.mark.parametrize(("written", "place"), READABLE)
def test_usual_notations_are_read(written, place):
    assert read_coordinates(written) == pytest.approx(place, abs=1e-6)


@pytest.mark.parametrize("written", UNREADABLE)
def test_what_is_not_two_angles_is_refused_with_an_example(written):
    with pytest.raises(InputError) as raised:
        read_coordinates(written)
    assert [problem.key for problem in raised.value.problems] == ["coordinates_unreadable"]
    for language in LANGUAGES:
        assert "2.983982, -76.650777" in problem_text(raised.value.problems[0], language)


def test_grid_coordinates_without_their_zone_are_told_so():
    with pytest.raises(InputError) as raised:
        read_coordinates("586123 8250456")
    assert raised.value.problems[0].key == "grid_zone"


def test_the_tower_of_toronto():
    # CN Tower: 43 38 33.24 N, 79 23 13.7 W is 17T 630084 m E, 4833438 m N, a published example of UTM.
    assert read_coordinates("17T 630084 4833438") == pytest.approx((43.642567, -79.387139), abs=1e-5)


@pytest.mark.parametrize("written", ["UTM 18S 586123 8250456", "18L 586123E 8250456N", "zona 18 L 586.123 8.250.456"])
def test_a_southern_zone_by_hemisphere_or_band(written):
    assert read_coordinates(written) == pytest.approx((-15.823203, -74.195775), abs=1e-6)


def test_the_national_origin_of_colombia():
    assert read_coordinates("CTM12 5000000 2000000") == (4.0, -73.0)
    assert read_coordinates("Origen Nacional E=4.594.000 N=1.887.000")[0] == pytest.approx(2.98, abs=0.01)


def projected(grid, latitude, longitude):
    """Return a point's coordinates on a grid by the closed form on a sphere stretched to the ellipsoid's own arcs.

    Independent of the series: the meridian's arc is integrated, the point lies on the central meridian.
    """
    assert longitude == grid.longitude
    f, a, steps = 1 / 298.257223563, 6378137.0, 2000
    e2, start, end = f * (2 - f), radians(grid.latitude), radians(latitude)
    width = (end - start) / steps
    arc = sum(a * (1 - e2) / (1 - e2 * sin(start + (i + 0.5) * width) ** 2) ** 1.5 for i in range(steps)) * width
    return grid.false_easting_m, grid.false_northing_m + grid.scale * arc


@given(st.floats(-18, 13), st.sampled_from([COLOMBIA, utm(18, south=True), utm(18, south=False)]))
def test_the_central_meridian_keeps_its_arc(latitude, grid):
    assert geographic(grid, *projected(grid, latitude, grid.longitude)) == pytest.approx(
        (latitude, grid.longitude), abs=1e-8
    )


def test_beside_the_meridian_it_follows_the_sphere():
    # On a sphere: E = k R atanh(cos(lat) sin(dlon)), N = k R atan2(tan(lat), cos(dlon)); the ellipsoid departs by its
    # flattening alone.
    latitude, away = -15.0, 2.0
    radius = 0.9996 * 6378137
    east = radius * atanh(cos(radians(latitude)) * sin(radians(away)))
    north = radius * atan2(tan(radians(latitude)), cos(radians(away)))
    found = geographic(utm(18, south=True), 500_000 + east, 10_000_000 + north)
    assert found == pytest.approx((latitude, -75 + away), abs=0.11)
