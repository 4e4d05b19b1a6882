"""The catalogue: finding files, defaults, countries, climatology, the list of sources."""

from datetime import datetime, timedelta
from math import cos, pi, radians
from zoneinfo import ZoneInfo

import pytest
from babel import Locale
from babel.numbers import get_territory_currencies
from hypothesis import given
from hypothesis import strategies as st

from mine_energy import catalog
from mine_energy.errors import MissingData
from mine_energy.messages import LANGUAGES, text


def test_a_packaged_file_that_is_not_there_is_a_broken_install():
    with pytest.raises(FileNotFoundError, match=r"data/nothing\.csv"):
        catalog.packaged("data/nothing.csv")


def test_tables_cannot_be_changed():
    row = catalog.table("motors/ie_efficiency_60hz.csv")[0]
    with pytest.raises(TypeError):
        row["efficiency_pct"] = "99"  # type: ignore[index]
    with pytest.raises(TypeError):
        catalog.country("CO")["code"] = "XX"  # type: ignore[index]


# Defaults


def test_a_country_row_wins_over_the_row_of_every_country():
    colombia, peru = (catalog.finance_default("pv_capex", code) for code in ("CO", "PE"))
    assert (colombia.low.value, colombia.default.value, colombia.high.value) == (0.75, 1.0, 1.4)
    assert (peru.country, peru.default.value, peru.default.unit) == ("PE", 1.05, "USD/Wdc")
    assert catalog.finance_default("pv_degradation", "PE").country == "any"


def test_a_default_without_a_range_says_so():
    tax = catalog.finance_default("income_tax", "PE")
    assert not tax.ranged
    assert tax.low == tax.default == tax.high
    assert catalog.finance_default("discount_rate_real", "CO").ranged


@pytest.mark.parametrize(
    ("key", "country", "error", "named"),
    [
        ("pv_capx", "CO", "finance_default_unknown", "pv_capex"),
        ("inflation", "CL", "finance_default_country", "CO, PE"),
        ("green_credit_scotiabank", "CO", "finance_default_gap", "no public terms found"),
    ],
)
def test_a_missing_default_says_what_exists(key, country, error, named):
    with pytest.raises(MissingData) as caught:
        catalog.finance_default(key, country)
    assert caught.value.key == error
    for language in LANGUAGES:
        assert named in text(f"missing.{error}", language, "CO", **caught.value.params)


# Countries


@pytest.mark.parametrize("code", catalog.country_codes())
def test_country_facts_agree_with_the_public_databases(code):
    facts = catalog.country(code)
    assert facts["currency"]["value"] in get_territory_currencies(code)
    for language in LANGUAGES:
        assert facts["name"][language] == Locale(language).territories[code]
    zone = ZoneInfo(facts["time_zone"]["value"])
    offsets = {
        datetime(year, month, 1, tzinfo=zone).utcoffset() for year in range(2000, 2031) for month in range(1, 13)
    }
    assert offsets == {timedelta(hours=facts["utc_offset_hours"]["value"])}


@pytest.mark.parametrize("code", catalog.country_codes())
def test_income_tax_stands_once(code):
    percent = catalog.finance_default("income_tax", code).default
    fact = catalog.country(code)["income_tax"]
    assert percent.value == pytest.approx(100 * fact["value"])
    assert percent.confidence == fact["confidence"]


def test_an_unknown_country_lists_the_known_ones():
    with pytest.raises(MissingData) as caught:
        catalog.country("BO")
    assert (caught.value.key, caught.value.params["available"]) == ("country_unknown", "CO, PE")


# Climatology


def test_the_cell_of_the_pilot():
    # NASA SSE Release 6, cell 2 N to 3 N, 77 W to 76 W: 4.49 kWh/m2 a day, 1,637 kWh/m2 a year.
    cell = catalog.climatology_cell(2.983982, -76.650777)
    assert (cell.south_latitude, cell.west_longitude) == (2, -77)
    assert cell.ghi_annual_kwh_m2_day == 4.49
    assert len(cell.ghi_kwh_m2_day) == 12
    assert cell.source_id in catalog.sources()


@given(st.floats(-20, 14, exclude_max=True), st.floats(-83, -65, exclude_max=True))
def test_every_place_of_the_area_lies_in_its_cell(latitude, longitude):
    cell = catalog.climatology_cell(latitude, longitude)
    assert cell.south_latitude <= latitude < cell.south_latitude + 1
    assert cell.west_longitude <= longitude < cell.west_longitude + 1


@pytest.mark.parametrize(
    ("latitude", "longitude"), [(14.0, -70.0), (-20.01, -70.0), (0.0, -65.0), (0.0, -83.01), (-76.65, 2.98)]
)
def test_outside_the_area_the_error_states_it(latitude, longitude):
    with pytest.raises(MissingData) as caught:
        catalog.climatology_cell(latitude, longitude)
    words = text("missing.climatology_cell", "es", "CO", **caught.value.params)
    assert "-20 a 14" in words
    assert "-83 a -65" in words


def test_the_climatology_of_the_pilot():
    # Global Solar Atlas 2.0, municipal mean of Buenos Aires (Cauca): 1,891 kWh/m2 a year, 20.0 degC.
    site = catalog.site_climatology("buenos_aires_cauca")
    assert (site.ghi_kwh_m2_year, site.temperature_mean_c, site.country) == (1891.0, 20.0, "CO")
    assert site.ghi_kwh_m2_day[0] == 5.11
    assert site.ghi_kwh_m2_day[11] == 4.93
    assert site.clearness[6] == 0.554
    assert site.temperature_confidence == "B"


def test_temperatures_from_memory_say_so():
    assert catalog.site_climatology("la_rinconada").temperature_confidence == "D"
    assert catalog.site_climatology("chala").quality == "low"
    assert "coastal" in catalog.site_climatology("chala").note


def test_an_unknown_place_lists_the_known_ones():
    with pytest.raises(MissingData) as caught:
        catalog.site_climatology("potosi")
    assert "buenos_aires_cauca, cali" in str(caught.value.params["available"])


def test_the_nearest_municipality_of_the_pilot():
    found = catalog.nearest_municipality(2.983982, -76.650777)
    assert found is not None
    assert (found.department, found.municipality) == ("CAUCA", "BUENOS AIRES")
    assert found.distance_km < 10
    assert found.ghi_min_kwh_m2_year < found.ghi_mean_kwh_m2_year < found.ghi_max_kwh_m2_year


@pytest.mark.parametrize(("latitude", "longitude"), [(-15.9, -74.2), (5.0, -85.0), (40.4, -3.7)])
def test_far_from_colombia_no_municipality_is_near(latitude, longitude):
    assert catalog.nearest_municipality(latitude, longitude) is None


def test_distance_of_a_quarter_of_a_meridian():
    assert catalog.distance_km(0, 0, 90, 0) == pytest.approx(6371.0088 * pi / 2)


@given(st.floats(-60, 60), st.floats(-180, 180), st.floats(-0.1, 0.1), st.floats(-0.1, 0.1))
def test_short_distances_are_plane_geometry(latitude, longitude, north, east):
    flat = 6371.0088 * ((radians(north)) ** 2 + (radians(east) * cos(radians(latitude + north / 2))) ** 2) ** 0.5
    measured = catalog.distance_km(latitude, longitude, latitude + north, longitude + east)
    assert measured == pytest.approx(flat, rel=1e-3, abs=1e-6)
    assert measured == pytest.approx(
        catalog.distance_km(latitude + north, longitude + east, latitude, longitude), abs=1e-6
    )


@pytest.mark.parametrize(
    ("code", "latitude", "longitude", "altitude_m", "key", "half_width"),
    [
        ("CO", 2.984, -76.651, 1286, "national", 0.08),
        ("CO", 7.3, -72.9, 3300, "high_mountain", 0.12),
        ("PE", -15.866, -74.247, 110, "coast", 0.25),  # Chala
        ("PE", -5.194, -80.633, 26, "coast", 0.25),  # Piura
        ("PE", -18.0, -70.25, 560, "coast", 0.25),  # Tacna
        ("PE", -3.57, -80.45, 10, "coast", 0.25),  # Tumbes
        ("PE", -16.4, -71.5, 2400, "inland", 0.10),  # Arequipa
        ("PE", -12.593, -69.189, 222, "inland", 0.10),  # Puerto Maldonado: low, but in the Amazon
        ("PE", -6.5, -76.4, 300, "inland", 0.10),  # Tarapoto
        ("PE", -3.75, -73.25, 105, "inland", 0.10),  # Iquitos
        ("PE", -14.632, -69.446, 5100, "high_mountain", 0.12),  # La Rinconada
    ],
)
def test_resource_bands(code, latitude, longitude, altitude_m, key, half_width):
    band = catalog.resource_band(code, latitude, longitude, altitude_m)
    assert (band.key, band.low, band.high) == (key, -half_width, half_width)
    assert band.confidence == "D"
    assert band.source


# Sources


def test_listing_counts_every_row_of_every_file():
    listed = {line.id: line for line in catalog.listing()}
    assert list(listed) == sorted(catalog.sources())
    assert listed["climatology/ghi_monthly_cells.csv"].rows == 612
    assert listed["climatology/ghi_monthly_cells.csv"].confidence_counts == (("B", 612),)
    assert dict(listed["grid_factors/grid_factors.csv"].confidence_counts)["gap"] >= 3
    assert dict(listed["countries/PE.toml"].confidence_counts)["A"] == 3
    assert listed["vocabulary.csv"].confidence_counts == ()
    for line in listed.values():
        assert sum(count for _, count in line.confidence_counts) in {0, line.rows}
