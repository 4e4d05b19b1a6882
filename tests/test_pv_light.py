"""Light on a plane, glass, rows, horizon and rear sides: against pvlib's own functions and against plain geometry."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pvlib import atmosphere, iam, inverter, irradiance, pvsystem, shading, spa, temperature
from pvlib.bifacial import infinite_sheds

from mine_energy.pv import Array, Horizon, Tracker, horizon_of, yield_map
from mine_energy.pv.chain import hourly_chain
from mine_energy.pv.glass import diffuse_modifier, modifier
from mine_energy.pv.hours import among_rows, ground_light, rear_light
from mine_energy.pv.light import behind_horizon, light_on, sky_of
from mine_energy.pv.shading import row_cosine, row_views, sunlit_ground
from mine_energy.pv.tracking import plane_of
from mine_energy.weather import Weather, from_climatology
from mine_energy.weather.contract import calendar_index
from mine_energy.weather.sun import pressure_pa, sun

DELTA_T_S = 67.0
SKIES = ("hay_davies", "perez", "isotropic")


@pytest.fixture(scope="module")
def south() -> Weather:
    return from_climatology(-16.32, -71.55, 2520.0)


def pvlib_year(weather: Weather, array: Array) -> tuple[np.ndarray, float]:
    """Plane-of-array irradiance and annual AC energy by pvlib's functions, on the same sun."""
    sun = weather.sun()
    ghi, dni, dhi, air, wind = (
        weather.frame[name].to_numpy(dtype=float) for name in ("ghi", "dni", "dhi", "temp_air", "wind_speed")
    )
    dni = np.where(sun.cos_zenith > 0, dni, 0.0)
    plane = (array.tilt_deg, array.azimuth_deg)
    place = (sun.zenith_deg, sun.azimuth_deg)
    direct = irradiance.beam_component(*plane, *place, dni)
    ground = irradiance.get_ground_diffuse(array.tilt_deg, ghi, array.albedo)
    if array.transposition == "hay_davies":
        sky = irradiance.haydavies(*plane, dhi, dni, sun.extraterrestrial_w_m2, *place, return_components=True)
    elif array.transposition == "perez":
        mass = atmosphere.get_relative_airmass(sun.zenith_deg)
        sky = irradiance.perez(*plane, dhi, dni, sun.extraterrestrial_w_m2, *place, mass, return_components=True)
    else:
        sky = {"poa_isotropic": irradiance.isotropic(array.tilt_deg, dhi)}
    around, even, band = (
        np.nan_to_num(sky.get(f"poa_{name}", 0.0)) for name in ("circumsolar", "isotropic", "horizon")
    )
    through = {name: np.nan_to_num(value) for name, value in iam.marion_diffuse("physical", array.tilt_deg).items()}
    poa = direct + around + even + band + ground
    effective = (direct + around) * iam.physical(irradiance.aoi(*plane, *place))
    effective = effective + even * through["sky"] + band * through["horizon"] + ground * through["ground"]
    rack = temperature.TEMPERATURE_MODEL_PARAMETERS["sapm"]["open_rack_glass_polymer"]
    cell = temperature.sapm_cell(poa, air, wind, **rack)
    dc = pvsystem.pvwatts_dc(effective, cell, 1.0, array.power_temperature_per_k) * array.dc_loss_factor
    limit = 1 / array.dc_ac_ratio / array.inverter_efficiency
    ac = inverter.pvwatts(dc, limit, eta_inv_nom=array.inverter_efficiency) * array.ac_loss_factor
    return poa, float(ac.sum())


@pytest.mark.parametrize("transposition", SKIES)
@pytest.mark.parametrize(("tilt", "azimuth"), [(0, 0), (10, 0), (20, 90), (45, 200), (90, 270)])
def test_chain_and_map_are_pvlibs_functions(south: Weather, transposition: str, tilt: float, azimuth: float) -> None:
    array = Array(tilt_deg=tilt, azimuth_deg=azimuth, transposition=transposition)
    poa, energy = pvlib_year(south, array)
    hours = hourly_chain(south, south.sun(), array)
    np.testing.assert_allclose(hours.poa, poa, atol=1e-9)
    assert hours.ac.sum() == pytest.approx(energy, rel=1e-12)
    assert yield_map(south, array, [tilt], [azimuth])[0, 0] == pytest.approx(energy, rel=1e-9)


def test_the_whole_map_is_pvlibs(south: Weather) -> None:
    tilts, azimuths = [0.0, 15.0, 30.0, 75.0], [0.0, 80.0, 170.0, 290.0]
    for transposition in ("hay_davies", "perez"):
        array = Array(tilt_deg=0, azimuth_deg=0, transposition=transposition)
        expected = [[pvlib_year(south, replace(array, tilt_deg=t, azimuth_deg=a))[1] for a in azimuths] for t in tilts]
        np.testing.assert_allclose(yield_map(south, array, tilts, azimuths), expected, rtol=1e-9)


@settings(max_examples=25, deadline=None)
@given(
    tilt=st.floats(0, 90),
    azimuth=st.floats(0, 359),
    sky=st.sampled_from(SKIES),
    glass=st.sampled_from(["physical", "ashrae", "martin_ruiz"]),
    rows=st.booleans(),
    cover=st.floats(0.1, 0.95),
    rear=st.sampled_from([0.0, 0.7]),
    mountains=st.booleans(),
)
def test_the_map_is_the_chain_with_everything_in_it(
    south: Weather,
    tilt: float,
    azimuth: float,
    sky: str,
    glass: str,
    rows: bool,
    cover: float,
    rear: float,
    mountains: bool,
) -> None:
    array = Array(
        tilt_deg=tilt,
        azimuth_deg=azimuth,
        transposition=sky,
        glass=glass,
        row_shading=rows,
        ground_cover_ratio=cover,
        bifaciality=rear,
        horizon=horizon_of(np.array([0, 90, 180, 270]), np.array([5, 25, 2, 15])) if mountains else None,
    )
    energy = hourly_chain(south, south.sun(), array).ac.sum()
    assert yield_map(south, array, [tilt], [azimuth])[0, 0] == pytest.approx(energy, rel=1e-9)


@pytest.mark.parametrize("tilt", [1.0, 10.0, 33.3, 90.0, 150.0])
def test_diffuse_light_through_the_glass_is_pvlibs(tilt: float) -> None:
    for model in ("physical", "ashrae"):
        expected = iam.marion_diffuse(model, tilt)
        for region in ("sky", "ground", "horizon"):
            assert diffuse_modifier(tilt, model, region) == pytest.approx(expected[region], rel=1e-10, abs=1e-9)
    assert diffuse_modifier(tilt, "martin_ruiz", "sky") == pytest.approx(iam.martin_ruiz_diffuse(tilt)["sky"])


def test_beam_through_the_glass_is_pvlibs() -> None:
    aoi = np.linspace(0, 89.5, 50)
    for model, theirs in (("physical", iam.physical), ("ashrae", iam.ashrae), ("martin_ruiz", iam.martin_ruiz)):
        np.testing.assert_allclose(modifier(np.cos(np.radians(aoi)), model), theirs(aoi), rtol=1e-9, atol=1e-12)
        assert modifier(np.zeros(1), model)[0] == pytest.approx(0.0, abs=1e-12)


@settings(max_examples=50, deadline=None)
@given(
    zenith=st.floats(1, 89),
    azimuth=st.floats(0, 359),
    tilt=st.floats(1, 80),
    faces=st.floats(0, 359),
    cover=st.floats(0.1, 0.95),
)
def test_shade_of_rows_is_pvlibs_shaded_fraction(
    zenith: float, azimuth: float, tilt: float, faces: float, cover: float
) -> None:
    aoi = irradiance.aoi(tilt, faces, zenith, azimuth)
    if aoi > 89:
        return
    shaded = shading.shaded_fraction1d(
        zenith, azimuth, axis_azimuth=faces - 90, shaded_row_rotation=tilt, collector_width=cover, pitch=1.0
    )
    cosine = np.cos(np.radians(aoi))
    ours = 1 - row_cosine(np.array([cosine]), np.cos(np.radians([zenith])), cover) / cosine
    assert ours[0] == pytest.approx(float(shaded), abs=1e-6)


@pytest.mark.parametrize("albedo", [0.2, 0.6])
def test_rows_are_pvlibs_infinite_sheds(south: Weather, albedo: float) -> None:
    array = Array(tilt_deg=20, azimuth_deg=0, row_shading=True, bifaciality=1.0, albedo=albedo, rear_loss=0.0)
    sun, frame = south.sun(), south.frame
    dni = np.where(sun.cos_zenith > 0, frame["dni"], 0.0)
    theirs = infinite_sheds.get_irradiance(
        20,
        0,
        sun.zenith_deg,
        sun.azimuth_deg,
        gcr=array.ground_cover_ratio,
        height=array.row_height_m,
        pitch=array.row_width_m / array.ground_cover_ratio,
        ghi=frame["ghi"].to_numpy(),
        dhi=frame["dhi"].to_numpy(),
        dni=dni,
        albedo=albedo,
        model="haydavies",
        dni_extra=sun.extraterrestrial_w_m2,
    )
    sky, plane = sky_of(south, sun, array), plane_of(array, sun)
    front = among_rows(light_on(plane, sky, albedo), plane, sky, array, ground_light(plane, sky, array))
    high = sun.zenith_deg < 85  # pvlib leaves the ground dark under lower suns
    assert front.total[high].sum() == pytest.approx(theirs["poa_front"][high].sum(), rel=2e-4)
    # The rear's own light, before its glass; ground in pvlib's view is cut at some rows.
    glassless = rear_light(plane, sky, array)
    assert 0.9 < glassless[high].sum() / theirs["poa_back"][high].sum() < 1.0


def test_rows_far_apart_take_nothing_and_near_ones_more(south: Weather) -> None:
    base = Array(tilt_deg=20, azimuth_deg=0)
    alone = hourly_chain(south, south.sun(), base).ac.sum()
    covers = (0.001, 0.3, 0.5, 0.7, 0.9)
    energy = [
        hourly_chain(south, south.sun(), replace(base, row_shading=True, ground_cover_ratio=cover)).ac.sum()
        for cover in covers
    ]
    assert energy[0] == pytest.approx(alone, rel=1e-4)
    assert all(less < more for more, less in itertools.pairwise(energy))


def test_level_rows_do_not_shade_each_other(south: Weather) -> None:
    level = Array(tilt_deg=0, azimuth_deg=0, ground_cover_ratio=0.9)
    alone = hourly_chain(south, south.sun(), level).ac.sum()
    assert hourly_chain(south, south.sun(), replace(level, row_shading=True)).ac.sum() == pytest.approx(alone, rel=2e-3)
    assert row_views(0.0, 0.9).sky == pytest.approx(1.0, abs=1e-6)


def test_beam_on_rows_and_ground_adds_up() -> None:
    # What crosses the distance between rows falls on the row or on the ground, with the sun in front of the rows.
    cosine, level, cover = np.array([0.5, 0.8, 0.3]), np.array([0.2, 0.9, 0.1]), 0.5
    rows = row_cosine(cosine, level, cover) * cover
    ground = sunlit_ground(cosine, level, cover) * level
    np.testing.assert_allclose(rows + ground, level)


def test_a_free_horizon_changes_nothing(south: Weather) -> None:
    array = Array(tilt_deg=20, azimuth_deg=0)
    free = replace(array, horizon=horizon_of(np.array([0.0, 180.0]), np.array([0.0, 0.0])))
    one, other = (hourly_chain(south, south.sun(), a).ac.sum() for a in (array, free))
    assert other == pytest.approx(one, rel=1e-3)


def ring(height: float) -> Horizon:
    return horizon_of(np.array([0.0, 120.0, 240.0]), np.full(3, height))


@pytest.mark.parametrize("height", [5.0, 20.0, 45.0])
def test_an_even_ring_of_mountains_leaves_cos_squared_of_the_sky(height: float) -> None:
    # View factor of level ground to the sky over a ring: cos(h)^2 (closed form of the cosine integral).
    assert ring(height).sky_factor(0.0, 77.0) == pytest.approx(np.cos(np.radians(height)) ** 2, rel=1e-6)
    # A wall that faces away from mountains on one side alone does not see them.
    half = horizon_of(np.array([0, 89, 91, 269, 271]), np.array([0, 0, height, height, 0]))
    assert half.sky_factor(90.0, 0.0) == pytest.approx(1.0, abs=2e-3)
    assert half.sky_factor(90.0, 180.0) < 1.0


def test_mountains_hide_the_low_sun_alone(south: Weather) -> None:
    array = Array(tilt_deg=10, azimuth_deg=0, horizon=ring(20.0))
    sun = south.sun()
    before = sky_of(south, sun, array)
    after = behind_horizon(before, sun, array)
    low = sun.zenith_deg > 70
    assert (after.beam[low] == 0).all()
    np.testing.assert_array_equal(after.beam[~low], before.beam[~low])
    assert (after.ghi <= before.ghi + 1e-9).all()
    assert (after.ghi >= 0).all()
    hours = hourly_chain(south, sun, array)
    assert (hours.poa <= hours.poa_open + 1e-9).all()


def test_a_horizon_is_read_around_the_north() -> None:
    profile = horizon_of(np.array([-90.0, 0.0, 90.0, 180.0, 360.0]), np.array([10.0, -5.0, 30.0, 2.0, 8.0]))
    assert profile.at(np.array([270.0, 0.0, 90.0, 45.0, 315.0])) == pytest.approx([10, 0, 30, 15, 5])


def test_a_tracker_beats_the_fixed_array_and_backtracking_spares_shade(south: Weather) -> None:
    fixed = Array(tilt_deg=15, azimuth_deg=0)
    turning = replace(fixed, tracker=Tracker(), ground_cover_ratio=0.35, row_shading=True)
    gain = hourly_chain(south, south.sun(), turning).ac.sum() / hourly_chain(south, south.sun(), fixed).ac.sum()
    assert 1.1 < gain < 1.35
    hours = hourly_chain(south, south.sun(), turning)
    plain = hourly_chain(south, south.sun(), replace(turning, tracker=Tracker(backtracking=False)))
    # Backtracking keeps the beam off the neighbours: rows then take diffuse light alone.
    assert hours.rows.sum() / hours.poa.sum() > plain.rows.sum() / plain.poa.sum()


def test_a_tracker_faces_east_in_the_morning(south: Weather) -> None:
    array = Array(tilt_deg=0, azimuth_deg=0, tracker=Tracker(backtracking=False))
    sun = south.sun()
    plane = plane_of(array, sun)
    morning = (sun.azimuth_deg < 170) & (sun.zenith_deg < 80) & (south.index.hour < 10)
    assert set(np.round(plane.azimuth_deg[morning])) <= {90.0}
    assert plane.tilt_deg.max() <= 60


def test_bifacial_gain_grows_with_the_grounds_brightness(south: Weather) -> None:
    gains = []
    for albedo in (0.1, 0.2, 0.5):
        one = Array(tilt_deg=20, azimuth_deg=0, albedo=albedo, row_shading=True, ground_cover_ratio=0.4)
        two = replace(one, bifaciality=0.7)
        gains.append(
            hourly_chain(south, south.sun(), two).ac.sum() / hourly_chain(south, south.sun(), one).ac.sum() - 1
        )
    assert 0 < gains[0] < gains[1] < gains[2] < 0.2


@pytest.mark.parametrize("place", [(2.98, -76.65, 1286.0), (-16.32, -71.55, 2520.0), (-14.63, -69.45, 5100.0)])
@pytest.mark.parametrize("year", [2023, 2024])
def test_the_sun_of_a_year_is_the_whole_algorithms(place: tuple[float, float, float], year: int) -> None:
    index = calendar_index(year)
    ours = sun(index, *place, 30.0)
    seconds = index.tz_convert("UTC").as_unit("s").asi8.astype(float) + 1800.0
    pressure_hpa = pressure_pa(place[2]) / 100.0
    whole = spa.solar_position(seconds, *place, pressure_hpa, 12.0, DELTA_T_S, 0.5667)
    np.testing.assert_allclose(ours.zenith_deg, whole[0], atol=2e-7)
    # Near the zenith a small step is a wide turn.
    turn = (ours.azimuth_deg - whole[4] + 180.0) % 360.0 - 180.0
    assert np.abs(turn * np.sin(np.radians(whole[0]))).max() < 2e-7
