"""Monthly means of a place from the packaged tables, and what is said about them."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from mine_energy.catalog import (
    blended_ghi_kwh_m2_year,
    climatology_cell,
    nearest_municipality,
    site_climatology,
    sourced,
    table,
)
from mine_energy.errors import InputError, MissingData
from mine_energy.io.weather_files import read_weather
from mine_energy.messages import LANGUAGES, finding_text
from mine_energy.weather import Variability, from_climatology, monthly_climate, synthesise
from mine_energy.weather.climatology import seasonal_temperature

DAYS_IN_MONTH = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
PILOT = (2.983982, -76.650777, 1286.0)


def test_packaged_site_gives_its_own_months() -> None:
    weather = from_climatology(*PILOT, site_key="buenos_aires_cauca")
    site = site_climatology("buenos_aires_cauca")
    monthly = np.array(weather.monthly_ghi_kwh_m2()) / DAYS_IN_MONTH
    np.testing.assert_allclose(monthly, site.ghi_kwh_m2_day, rtol=1e-9)
    assert weather.frame["temp_air"].mean() == pytest.approx(site.temperature_mean_c, abs=0.01)
    # Global Solar Atlas stands 15 % over the one-degree cell here, so the band reaches down to the cell.
    assert weather.band_low == pytest.approx(-0.134, abs=0.005)
    assert weather.band_high == pytest.approx(0.08)


def test_colombia_takes_the_seasons_of_the_cell_at_the_level_of_the_municipality() -> None:
    climate = monthly_climate(*PILOT)
    cell, near = climatology_cell(*PILOT[:2]), nearest_municipality(*PILOT[:2])
    assert near is not None
    ratio = np.array(climate.ghi_kwh_m2_day) / np.array(cell.ghi_kwh_m2_day)
    assert np.ptp(ratio) < 1e-12
    assert float(np.dot(climate.ghi_kwh_m2_day, DAYS_IN_MONTH)) == pytest.approx(near.ghi_mean_kwh_m2_year)
    assert "BUENOS AIRES" in climate.source
    assert "NASA SSE" in climate.source


def test_peru_takes_the_cell_as_it_is() -> None:
    climate = monthly_climate(-14.5, -71.2, 4200.0, country="PE")
    assert climate.ghi_kwh_m2_day == climatology_cell(-14.5, -71.2).ghi_kwh_m2_day
    keys = {f.key: f.level for f in climate.findings}
    assert keys["weather_temperature_estimated"] == "assumption"
    assert "weather_municipality" not in keys
    assert np.mean(climate.temp_air_c) == pytest.approx(26.3 - 0.0045 * 4200, abs=0.1)


def test_a_municipality_across_the_border_is_not_used() -> None:
    putumayo = (-2.0, -72.7, 120.0)  # within 25 km of El Encanto (Amazonas), whose other bank is Peru's
    assert "Global Solar Atlas" in monthly_climate(*putumayo, country="CO").source
    assert "Global Solar Atlas" not in monthly_climate(*putumayo, country="PE").source


def test_the_coast_carries_its_warning_and_the_jungle_at_equal_height_does_not() -> None:
    coast = monthly_climate(-15.866, -74.247, 110.0, country="PE")
    jungle = monthly_climate(-12.593, -69.189, 222.0, country="PE")
    assert (coast.band_low, coast.band_high) == (-0.25, 0.25)
    assert jungle.band_low == -0.10
    level = {f.key: f.level for f in coast.findings}["weather_resource_band"]
    assert level == "warning"
    assert [f.level for f in coast.findings if f.key == "weather_coast_fog"] == ["warning"]
    assert all(f.key != "weather_coast_fog" for f in jungle.findings)
    assert coast.temp_range_factor < jungle.temp_range_factor == 1.0


def test_deviation_comes_from_the_caller_the_nearest_site_or_the_region() -> None:
    given = monthly_climate(*PILOT, variability=Variability(daily_clearness_sd=0.09))
    assert given.clearness_sd == (0.09,) * 12
    assert not any("clearness_sd" in f.key for f in given.findings)
    near = monthly_climate(*PILOT)
    assert 0.10 < np.mean(near.clearness_sd) < 0.16
    assert any(f.key == "weather_clearness_sd_site" for f in near.findings)
    far = monthly_climate(4.5, -69.0, 150.0)  # Vichada: no packaged site within 150 km
    assert set(far.clearness_sd) == {sourced("climatology/variability.csv", "daily_clearness_sd_national").value}
    assert any(f.key == "weather_clearness_sd_regional" for f in far.findings)


def test_a_key_from_elsewhere_is_a_warning() -> None:
    climate = monthly_climate(*PILOT, site_key="arequipa")
    assert [f.key for f in climate.findings if f.level == "warning"] == ["weather_key_far"]


def test_unknown_key_and_uncovered_place_list_what_exists() -> None:
    with pytest.raises(MissingData, match="buenos_aires_cauca"):
        from_climatology(*PILOT, site_key="atlantis")
    with pytest.raises(MissingData):
        from_climatology(40.4, -3.7, 650.0)


def test_altitude_that_is_not_the_places_is_refused() -> None:
    with pytest.raises(InputError) as error:
        from_climatology(-17.5, -68.5, 0.0)  # the altiplano, written down as sea level
    assert error.value.problems[0].key == "weather_month_above_clear_sky"
    assert error.value.problems[0].field == "site.altitude_m"


def test_seasons_turn_over_at_the_equator() -> None:
    south, north = seasonal_temperature(15.0, -16.0), seasonal_temperature(15.0, 8.0)
    assert south[0] > 16.5
    assert south[6] < 13.5
    assert north[6] > 15.5
    assert north[0] < 14.5
    for months in (south, north):
        assert np.dot(months, DAYS_IN_MONTH) / 365 == pytest.approx(15.0)
    assert seasonal_temperature(15.0, 0.0) == (15.0,) * 12


def test_synthetic_weather_says_so_in_both_languages() -> None:
    weather = from_climatology(*PILOT, seed=42)
    said = weather.findings[0]
    assert said.key == "weather_synthetic"
    assert weather.kind == "synthetic"
    assert "sintético" in finding_text(said, "es", "CO")
    assert "42" in finding_text(said, "en")
    for language in LANGUAGES:
        for finding in weather.findings:
            assert "{" not in finding_text(finding, language, "CO")


@pytest.mark.parametrize("key", [row["site"] for row in table("climatology/sites_annual.csv")])
def test_every_packaged_site_makes_a_year(key: str) -> None:
    site = site_climatology(key)
    altitude_m = max(0.0, site.altitude_grid_m)
    climate = monthly_climate(site.latitude, site.longitude, altitude_m, site_key=key, country=site.country)
    weather = synthesise(climate, seed=1)
    # The annual figure of the table is rounded to the kWh, its months to 0.01 kWh/m2 a day.
    assert weather.irradiation_kwh_m2() == pytest.approx(site.ghi_kwh_m2_year, abs=3)


# Precedence of the tables


def test_a_packaged_site_answers_for_its_place_without_its_key() -> None:
    lima = site_climatology("lima")
    climate = monthly_climate(lima.latitude + 0.05, lima.longitude, 20.0, country="PE")
    # The station file stands 21 % under the one-degree cell, which is mostly ocean or desert.
    assert climate.ghi_kwh_m2_day == lima.ghi_kwh_m2_day
    assert {f.key for f in climate.findings} >= {"weather_site_used", "weather_resource_band"}
    assert climate.band_high > 0.25
    far = monthly_climate(lima.latitude - 0.3, lima.longitude + 0.3, 20.0, country="PE")
    assert far.ghi_kwh_m2_day == climatology_cell(lima.latitude - 0.3, lima.longitude + 0.3).ghi_kwh_m2_day


def test_a_site_of_another_region_lends_nothing() -> None:
    lima = site_climatology("lima")
    mountain = monthly_climate(lima.latitude, lima.longitude, 2500.0, country="PE")
    assert mountain.ghi_kwh_m2_day != lima.ghi_kwh_m2_day
    assert "Lima" not in str([f.params for f in mountain.findings])


def test_the_blend_of_four_cells_is_a_cell_at_its_centre_and_the_mean_at_a_corner() -> None:
    def annual(latitude: float, longitude: float) -> float:
        return 365 * climatology_cell(latitude, longitude).ghi_annual_kwh_m2_day

    assert blended_ghi_kwh_m2_year(-14.5, -71.5) == pytest.approx(annual(-14.5, -71.5))
    around = [annual(-14 + i, -71 + j) for i in (-0.5, 0.5) for j in (-0.5, 0.5)]
    assert blended_ghi_kwh_m2_year(-14.0, -71.0) == pytest.approx(np.mean(around))
    assert blended_ghi_kwh_m2_year(-19.99, -82.99) > 0  # the packaged area's own corner


def test_near_the_edge_of_a_cell_the_band_holds_the_blend() -> None:
    place = (-11.98, -77.0 + 0.02, 2500.0)
    climate = monthly_climate(*place, country="PE")
    annual = float(np.dot(climate.ghi_kwh_m2_day, DAYS_IN_MONTH))
    blend = blended_ghi_kwh_m2_year(*place[:2]) / annual - 1
    assert min(climate.band_low, blend) == climate.band_low
    assert max(climate.band_high, blend) == climate.band_high


# Both countries, to their corners and heights
EDGES = [(12.4, -71.7), (-4.2, -70.0), (1.2, -66.9), (-0.03, -69.9), (-18.2, -70.4), (-4.7, -81.3), (12.58, -81.7)]


@pytest.mark.parametrize("place", EDGES)
def test_every_corner_of_both_countries_is_covered(place: tuple[float, float]) -> None:
    weather = from_climatology(*place)
    assert 1300 < weather.irradiation_kwh_m2() < 2500
    assert "weather_altitude_grid" in {f.key for f in weather.findings}


@pytest.mark.parametrize(
    "name", ["PER_Arequipa.847520_IWEC.epw", "COL_CUN_Bogota-Eldorado.Intl.AP.802220_TMYx.2009-2023.epw"]
)
def test_the_band_holds_the_station_files(name: str, shared_file: Callable[[str], Path]) -> None:
    real = read_weather(shared_file(f"weather/{name}"))
    climate = monthly_climate(real.latitude, real.longitude, real.altitude_m)
    packaged = float(np.dot(climate.ghi_kwh_m2_day, DAYS_IN_MONTH))
    assert climate.band_low <= real.irradiation_kwh_m2() / packaged - 1 <= climate.band_high


# Altitude, variation


def test_without_an_altitude_the_grids_is_taken_and_said() -> None:
    climate = monthly_climate(-14.63, -69.45, country="PE")
    assert climate.altitude_m == pytest.approx(4870, abs=60)  # La Rinconada stands at 5,100 m
    said = next(f for f in climate.findings if f.key == "weather_altitude_grid")
    assert (said.level, said.params["altitude_m"]) == ("warning", round(climate.altitude_m))
    for language in LANGUAGES:
        assert str(said.params["altitude_m"])[0] in finding_text(said, language, "PE")
    assert monthly_climate(-12.0, -79.5, country="PE").altitude_m == 0.0  # the grid's sea lies below zero
    stated = monthly_climate(-14.63, -69.45, 5100.0, country="PE")
    assert "weather_altitude_grid" not in {f.key for f in stated.findings}


def test_spread_of_the_years_is_stated_or_assumed() -> None:
    assumed = monthly_climate(*PILOT)
    assert assumed.interannual_spread == sourced("climatology/variability.csv", "interannual_spread_national").value
    assert "weather_interannual_spread" in {f.key for f in assumed.findings}
    stated = monthly_climate(*PILOT, variability=Variability(interannual_spread=0.06))
    assert stated.interannual_spread == 0.06
    assert "weather_interannual_spread" not in {f.key for f in stated.findings}


@pytest.mark.parametrize(
    "wrong",
    [
        Variability(interannual_spread=4.0),
        Variability(interannual_spread=-0.01),
        Variability(daily_clearness_sd=0.5),
        Variability(daily_clearness_sd=(0.1, 0.1)),
        Variability(daily_clearness_sd=(0.1,) * 11 + (float("nan"),)),
    ],
)
def test_impossible_variation_is_refused(wrong: Variability) -> None:
    with pytest.raises(InputError) as error:
        monthly_climate(*PILOT, variability=wrong)
    assert error.value.problems[0].key == "weather_variability"


def test_the_packaged_cells_lie_where_the_coast_is() -> None:
    """In July the stratus lies over the sea and the coast, and the Andes above it are clear.

    Row by row from 6 to 18 degrees south the irradiation rises steeply at the coast; a table shifted by a cell, with
    swapped axes or another hemisphere, would put the step elsewhere. Longitudes of the coast in the rows' middles.
    """
    coast = {-8: -79.3, -9: -78.7, -10: -78.3, -12: -77.4, -13: -76.9, -14: -76.3, -16: -74.8, -17: -73.0}
    for south, longitude in coast.items():
        sea = climatology_cell(south + 0.5, longitude - 1.5).ghi_kwh_m2_day[6]
        andes = climatology_cell(south + 0.5, longitude + 1.5).ghi_kwh_m2_day[6]
        assert andes > 1.2 * sea, south
    seasons = climatology_cell(-16.5, -71.5).ghi_kwh_m2_day
    assert max(seasons[10], seasons[11], seasons[0]) > 1.3 * min(seasons[5], seasons[6])  # southern summer
