"""From a site's words to rules: the set at altitude, limits and outages of the grid, bounds, assumed prices."""

from datetime import timedelta, timezone

import numpy as np
import pandas as pd
import pytest

from mine_energy.dispatch.derate import Engine, engine_at_site
from mine_energy.errors import InputError
from mine_energy.loads import LoadProfile
from mine_energy.site import Site
from mine_energy.study.sizing_grid import grid_rule
from mine_energy.study.sizing_prices import costs_of
from mine_energy.study.sizing_rules import equipment_of, genset_rule
from mine_energy.tariffs import exchange_rate, load_tariff

ZONE = timezone(timedelta(hours=-5))
BASE = {
    "site": {
        "name": "Planta",
        "country": "PE",
        "latitude": -15.8,
        "longitude": -73.4,
        "altitude_m": 3000,
        "workdays_per_month": 26,
        "shifts": [{"start": "06:00:00", "end": "14:00:00"}],
    },
    "connection": {"kind": "grid", "tariff": "pe_mt2"},
    "emissions": {"activity_year": 2025},
}
AIR = np.full(8760, 15.0)


def site(**sections):
    return Site.model_validate({**BASE, **sections})


def offgrid(**genset):
    return site(connection={"kind": "offgrid", "tariff": "diesel_own_genset"}, genset={"rated_kw": 100.0, **genset})


@pytest.fixture(scope="module")
def load():
    index = pd.date_range("2025-01-01", periods=8760, freq="h", tz=ZONE)
    return LoadProfile(load_kw=pd.Series(20.0, index=index), step_minutes=60, origin="built")


def test_a_set_with_known_aspiration_follows_the_standard():
    _, left, said = genset_rule(offgrid(aspiration="turbocharged", reference_altitude_m=1000.0), AIR)
    engine = Engine(rated_kw=100.0, aspiration="turbocharged", reference_altitude_m=1000.0)
    assert left.power_kw == pytest.approx(engine_at_site(engine, 3000, 25.0).power_kw)
    assert left.power_kw < 100
    assert {finding.key for finding in said} == {"genset_derate_iso_from", "study_genset_defaults"}


def test_hot_air_is_that_of_the_hottest_hundredth():
    warm = np.where(np.arange(8760) < 200, 38.0, 15.0)
    cold, hot = (genset_rule(offgrid(aspiration="natural"), air)[1].power_kw for air in (AIR, warm))
    assert hot < cold


def test_a_set_with_all_its_figures_assumes_none_of_them():
    stated = {
        "aspiration": "natural",
        "min_load_fraction": 0.4,
        "fuel_intercept_l_per_h_per_kw": 0.0,
        "fuel_slope_l_per_kwh": 0.3,
        "maintenance_usd_per_kw_hour": 0.01,
    }
    rule, _, said = genset_rule(offgrid(**stated), AIR)
    assert rule.min_load_fraction == 0.4
    assert rule.fuel_intercept_l_per_h_per_kw == 0.0
    assert "study_genset_defaults" not in {finding.key for finding in said}


def test_a_set_that_would_be_bought_may_stay_out_or_be_fixed(load):
    free = equipment_of(offgrid(existing=False), load, AIR)
    fixed = equipment_of(offgrid(existing=False, min_kw=100.0), load, AIR)
    owned = equipment_of(offgrid(), load, AIR)
    assert free.bounds.genset_kw[0] == 0
    assert fixed.bounds.genset_kw[0] == pytest.approx(fixed.genset_kw)
    assert (free.existing.sizes.genset_kw, owned.existing.sizes.genset_kw) == (0, pytest.approx(owned.genset_kw))


def test_the_overhaul_comes_after_the_hours_left(load):
    stated = {"age_hours": 11_240.0, "overhaul_hours": 20_000.0, "overhaul_cost_usd": 9000.0}
    found = equipment_of(offgrid(**stated), load, AIR)
    assert found.existing.overhaul_in_years == pytest.approx(1.0)
    assert found.existing.overhaul_cost == 9000.0
    guessed = equipment_of(offgrid(overhaul_cost_usd=9000.0), load, AIR)
    assert "study_genset_overhaul" in {finding.key for finding in guessed.findings}


def test_limits_and_drawn_outages_reach_the_rule(load):
    limits = {"import_limit_kw": 30.0, "export_limit_kw": 5.0, "outage_hours_per_year": 80.0, "outages_per_year": 40.0}
    grid, said = grid_rule(site(grid=limits), load)
    assert (grid.import_limit_kw, grid.export_limit_kw) == (30.0, 5.0)
    assert 20 < float((np.asarray(grid.available) == 0).sum()) < 200
    assert "outages_drawn" in {finding.key for finding in said}


def test_recorded_outages_of_another_year_are_moved_to_the_loads(load):
    spans = [(pd.Timestamp("2023-03-05 10:00", tz=ZONE), pd.Timestamp("2023-03-05 13:00", tz=ZONE))]
    grid, said = grid_rule(site(grid={"outages": "cortes.csv"}), load, spans)
    out = load.load_kw.index[np.asarray(grid.available) == 0]
    assert list(out) == list(pd.date_range("2025-03-05 10:00", periods=3, freq="h", tz=ZONE))
    assert [finding.params["years"] for finding in said if finding.key == "study_outages_moved"] == [2]


def test_years_of_outages_elsewhere_are_refused(load):
    spans = [(pd.Timestamp(f"{year}-03-05", tz=ZONE), pd.Timestamp(f"{year}-03-06", tz=ZONE)) for year in (2020, 2023)]
    with pytest.raises(InputError) as raised:
        grid_rule(site(grid={"outages": "cortes.csv"}), load, spans)
    assert [(p.key, p.field) for p in raised.value.problems] == [("outages_elsewhen", "grid.outages")]


def test_sizes_given_are_bounds(load):
    given = site(
        array={"min_kwp": 10.0, "max_kwp": 40.0},
        battery={"price_usd_per_kw": 100.0, "min_kw": 5.0, "max_kw": 9.0, "max_kwh": 60.0, "existing_kwh": 20.0},
    )
    found = equipment_of(given, load, AIR)
    assert found.bounds.pv_kwp == (10.0, 40.0)
    assert found.bounds.battery_kw == (5.0, 9.0)
    assert found.bounds.battery_kwh == (0.0, 60.0)
    assert found.existing.sizes.battery_kwh == 20.0


def test_prices_that_nobody_gave_are_assumptions():
    rate = exchange_rate("PE", None)
    tariff = load_tariff("pe_mt2")
    _, _, said = costs_of(site(), tariff, 500.0, rate)
    assert {finding.key for finding in said} == {"study_sizing_prices", "study_battery_price"}
    new = site(genset={"rated_kw": 50.0, "existing": False})
    _, _, said = costs_of(new, tariff, 500.0, rate)
    assert {"study_genset_price", "study_fuel_price"} <= {finding.key for finding in said}
    told = site(
        genset={"rated_kw": 50.0, "existing": False, "price_usd_per_kw": 400.0, "fuel_price_usd_per_l": 1.0},
        battery={"price_usd_per_kwh": 200.0},
    )
    costs, _, said = costs_of(told, tariff, 500.0, rate)
    assert {finding.key for finding in said} == {"study_sizing_prices"}
    assert (costs.genset_per_kw, costs.fuel_price_per_l, costs.battery_per_kwh) == (400.0, 1.0, 200.0)
