"""The weather contract, the sun, and what can be checked without knowing better."""

import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mine_energy.io.weather_files import read_weather
from mine_energy.messages import LANGUAGES, finding_text
from mine_energy.site import Site
from mine_energy.weather import (
    Weather,
    calendar_index,
    check_location,
    clear_sky_ghi,
    from_climatology,
    mean_clear_sky_ghi,
)
from mine_energy.weather.quality import OFFSETS_MINUTES, estimate_sun_offset, quality_findings
from mine_energy.weather.sun import sun

PILOT = (2.983982, -76.650777, 1286.0)


@pytest.fixture(scope="module")
def pilot() -> Weather:
    return from_climatology(*PILOT)


def site_at(latitude: float, longitude: float, altitude_m: float, **array: object) -> Site:
    facts = {
        "name": "Planta",
        "country": "CO",
        "latitude": latitude,
        "longitude": longitude,
        "altitude_m": altitude_m,
        "workdays_per_month": 26,
        "shifts": [{"start": "06:00", "end": "14:00"}],
    }
    return Site.model_validate(
        {
            "site": facts,
            "connection": {"kind": "grid", "tariff": "any"},
            "emissions": {"activity_year": 2024},
            "array": array,
        }
    )


def test_sun_is_that_of_pvlibs_wrapper() -> None:
    import pvlib

    index = calendar_index(2023)
    ours = sun(index, *PILOT, offset_minutes=30.0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pvlib's index wrappers use a name pandas is about to drop
        theirs = pvlib.solarposition.get_solarposition(
            index + pd.Timedelta(minutes=30), PILOT[0], PILOT[1], altitude=PILOT[2]
        )
        extra = pvlib.irradiance.get_extra_radiation(index + pd.Timedelta(minutes=30))
    # Its Julian days are rounded to 8e-8 degrees of the Earth's turn; an azimuth near the zenith counts by its arc.
    np.testing.assert_allclose(ours.zenith_deg, theirs["apparent_zenith"], rtol=0, atol=1e-7)
    turned = (ours.azimuth_deg - theirs["azimuth"].to_numpy() + 180.0) % 360.0 - 180.0
    np.testing.assert_allclose(turned * np.sin(np.radians(ours.zenith_deg)), 0.0, rtol=0, atol=1e-7)
    np.testing.assert_allclose(ours.extraterrestrial_w_m2, extra, rtol=1e-12)


def test_sun_at_noon_stands_north_of_a_southern_plant_in_june() -> None:
    index = calendar_index(2023)
    position = sun(index, -16.3, -71.5, 2500.0, 30.0)
    noon = index.get_loc(pd.Timestamp("2023-06-21 11:00", tz=index.tz))
    assert min(position.azimuth_deg[noon], 360 - position.azimuth_deg[noon]) < 10
    assert position.zenith_deg[noon] == pytest.approx(16.3 + 23.4, abs=0.6)


@pytest.mark.parametrize("altitude_m", [0, 800, 1286, 2520, 3825, 4500, 5100, 5300])
@pytest.mark.parametrize("latitude", [12.5, 8.0, 3.0, 0.0, -4.0, -12.0, -18.35])
def test_clear_sky_stays_between_sea_haze_and_space(latitude: float, altitude_m: float) -> None:
    # pvlib's default (Ineichen-Perez) passes 1.01 at 5,100 m; a third of the light never leaves the first kilometres.
    position = sun(calendar_index(2023), latitude, -73.0, altitude_m, 30.0)
    space = position.extraterrestrial_w_m2 * position.cos_zenith
    clear = clear_sky_ghi(position, altitude_m)
    assert 0.70 < clear.sum() / space.sum() < 0.86
    assert (clear <= space).all()
    assert (clear >= 0).all()


@pytest.mark.parametrize("name", ["PER_Arequipa.847520_IWEC.epw"])
def test_hardly_an_hour_of_a_station_file_beats_the_clear_sky(name: str, shared_file: Callable[[str], Path]) -> None:
    real = read_weather(shared_file(f"weather/{name}"))
    place = (real.latitude, real.longitude, real.altitude_m)
    ghi = real.frame["ghi"].to_numpy()
    assert (ghi > mean_clear_sky_ghi(real.index, place, real.sun_offset_minutes)).mean() < 0.01
    # With the sun of the middle of the hour, the dawns and dusks alone stand out, by a few watts.
    excess = np.maximum(ghi - clear_sky_ghi(real.sun(), real.altitude_m), 0.0)
    assert (excess[real.sun().cos_zenith > 0.05] == 0.0).all()
    assert excess.sum() < 0.001 * ghi.sum()
    assert not [one for one in real.findings if one.key == "weather_above_clear_sky"]


def test_the_mean_clear_sky_is_the_middles_but_at_dawn_and_dusk() -> None:
    index = calendar_index(2023)
    position = sun(index, *PILOT, 30.0)
    middle, mean = clear_sky_ghi(position, PILOT[2]), mean_clear_sky_ghi(index, PILOT, 30.0)
    high = position.cos_zenith > 0.35
    np.testing.assert_allclose(mean[high], middle[high], rtol=0.03)
    assert mean.sum() == pytest.approx(middle.sum(), rel=0.01)
    assert ((mean > 0) & (position.cos_zenith == 0)).any()


def test_clear_sky_grows_with_height() -> None:
    index = calendar_index(2023)
    totals = [clear_sky_ghi(sun(index, -15.0, -70.0, z, 30.0), z).sum() for z in (0.0, 1000.0, 2500.0, 4000.0, 5300.0)]
    assert totals == sorted(totals)


def test_frame_keeps_its_contract(pilot: Weather) -> None:
    assert len(pilot.frame) == 8760
    assert pilot.index.is_monotonic_increasing
    assert str(pilot.index.tz) == "UTC-05:00"
    assert pilot.index[0].hour == 0
    assert pilot.kind == "synthetic"
    assert pilot.band_low < 0 < pilot.band_high
    assert pilot.closure_rmse_w_m2 < 1e-9


def test_contract_breaches_are_ours(pilot: Weather) -> None:
    with pytest.raises(AssertionError, match="dhi"):
        replace(pilot, frame=pilot.frame.drop(columns="dhi"))
    broken = pilot.frame.copy()
    broken.iloc[5, 0] = np.nan
    with pytest.raises(AssertionError, match="finite"):
        replace(pilot, frame=broken)
    with pytest.raises(AssertionError, match="rows"):
        replace(pilot, frame=pilot.frame.iloc[:100])


def test_on_a_common_year_only_the_stamps_change(pilot: Weather) -> None:
    moved = pilot.on_calendar(2025)
    assert moved.index[0] == pd.Timestamp("2025-01-01", tz=pilot.index.tz)
    assert np.array_equal(moved.frame.to_numpy(), pilot.frame.to_numpy())
    assert moved.findings == pilot.findings


def test_on_a_leap_year_28_february_is_repeated_and_said(pilot: Weather) -> None:
    moved = pilot.on_calendar(2024)
    assert len(moved.frame) == 8784
    repeated, original = moved.frame.loc["2024-02-29"], moved.frame.loc["2024-02-28"]
    assert np.array_equal(repeated.to_numpy(), original.to_numpy())
    march = moved.frame.loc["2024-03-01"].to_numpy()
    assert np.array_equal(march, pilot.frame.loc["2023-03-01"].to_numpy())
    said = moved.findings[-1]
    assert (said.key, said.level) == ("weather_leap_day", "assumption")
    assert moved.year_count == 1
    assert len(pilot.frame) == 8760


def test_several_years_have_no_other_calendar() -> None:
    with pytest.raises(ValueError, match="one year"):
        from_climatology(*PILOT, years=2).on_calendar(2024)


def test_summary_adds_up(pilot: Weather) -> None:
    summary = pilot.summary()
    assert sum(summary.monthly_ghi_kwh_m2) == pytest.approx(summary.ghi_kwh_m2)
    assert len(summary.monthly_ghi_kwh_m2) == 12
    assert summary.seed == 1


def test_weather_of_the_place_raises_no_finding(pilot: Weather) -> None:
    assert check_location(pilot, site_at(*PILOT)) == ()


def test_weather_from_elsewhere_is_a_warning(pilot: Weather) -> None:
    findings = check_location(pilot, site_at(4.7, -74.1, 2550.0))
    assert [f.key for f in findings] == ["weather_far", "weather_other_altitude"]
    assert findings[0].params["distance_km"] == pytest.approx(340, abs=15)
    for language in LANGUAGES:
        assert all(finding_text(f, language, "CO") for f in findings)


def test_a_steep_neighbour_is_a_warning_too(pilot: Weather) -> None:
    assert [f.key for f in check_location(pilot, site_at(PILOT[0], PILOT[1], 1600.0))] == ["weather_other_altitude"]


@pytest.mark.parametrize("minutes", OFFSETS_MINUTES)
def test_the_suns_offset_is_found_whatever_it_is(pilot: Weather, minutes: int) -> None:
    # Beam and diffuse of the pilot's sky, summed under the sun of another minute: closure finds that minute again.
    shifted = sun(pilot.index, *PILOT, offset_minutes=minutes)
    frame = pilot.frame.assign(ghi=pilot.frame["dhi"] + pilot.frame["dni"] * shifted.cos_zenith)
    found, rmse = estimate_sun_offset(frame, *PILOT)
    assert found == minutes
    assert rmse == pytest.approx(0, abs=1e-9)


def test_without_beam_the_sun_stands_in_the_middle(pilot: Weather) -> None:
    frame = pilot.frame.assign(dni=0.0)
    found, rmse = estimate_sun_offset(frame, *PILOT)
    assert found == 30
    assert rmse > 50
    position = sun(pilot.index, *PILOT, offset_minutes=found)
    assert [f.key for f in quality_findings(frame, position, clear_sky_ghi(position, PILOT[2]), "x.epw")] == [
        "weather_poor_closure"
    ]


def test_impossible_light_is_reported_never_altered(pilot: Weather) -> None:
    frame = pilot.frame * 1.0
    frame[["ghi", "dni", "dhi"]] *= 2.0
    before = frame.copy()
    keys = [f.key for f in quality_findings(frame, pilot.sun(), clear_sky_ghi(pilot.sun(), PILOT[2]), "x.epw")]
    assert keys == ["weather_above_clear_sky", "weather_above_space"]
    pd.testing.assert_frame_equal(frame, before)
    assert quality_findings(pilot.frame, pilot.sun(), clear_sky_ghi(pilot.sun(), PILOT[2]), "x.epw") == ()
