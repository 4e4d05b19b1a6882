"""Engines, inverters and cells at height and in the cold: by hand and by property."""

from math import inf, pi

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mine_energy.dispatch import Battery, Sizes, simulate
from mine_energy.dispatch.derate import (
    Engine,
    battery_limits,
    cell_temperature_c,
    engine_at_site,
    fuel_line_at_site,
    inverter_at_site,
    vapour_pressure_kpa,
)
from mine_energy.units import standard_pressure_pa

CHARGED = ("natural", "natural_thermal", "turbocharged", "turbocharged_aftercooled")
ALTITUDES = st.floats(0, 5000)


# ICAO standard atmosphere, table of ISO 2533, at geopotential heights of 0, 1,000, 3,000 and 5,000 m.
@pytest.mark.parametrize(("altitude_m", "kpa"), [(0, 101.325), (1000, 89.875), (3000, 70.109), (5000, 54.020)])
def test_standard_atmosphere(altitude_m, kpa):
    assert standard_pressure_pa(altitude_m) / 1000 == pytest.approx(kpa, rel=1e-4)


# Steam tables: 3.169 kPa at 25 degC, 9.595 kPa at 45 degC.
@pytest.mark.parametrize(("air_c", "kpa"), [(25, 3.169), (45, 9.595)])
def test_saturation_pressure(air_c, kpa):
    assert vapour_pressure_kpa(air_c) == pytest.approx(kpa, rel=3e-3)


def engine(aspiration, **kwargs):
    return Engine(rated_kw=500.0, aspiration=aspiration, **kwargs)


def test_natural_aspiration_by_hand():
    # 1,000 m, 25 degC, dry: k = 89.875 / 100, alpha = k - 0.7 (1 - k) 0.25 = 0.88104, beta = k / alpha
    found = engine_at_site(engine("natural"), 1000, 25)
    assert found.factor == pytest.approx(0.88104, abs=2e-4)
    assert found.power_kw == pytest.approx(440.5, abs=0.1)
    assert found.fuel_factor == pytest.approx(1.0201, abs=2e-4)


def test_aftercooled_turbocharger_by_hand():
    # 3,000 m, 40 degC: k = 0.70109**0.7 (298.15 / 313.15)**2.2 = 0.7001, alpha = k - 0.7 (1 - k) 0.25 = 0.6477
    found = engine_at_site(engine("turbocharged_aftercooled"), 3000, 40)
    assert found.factor == pytest.approx(0.6477, abs=3e-4)


def test_turbocharger_without_cooler_by_hand():
    # 2,000 m (79.495 kPa), 35 degC: 0.79495**0.7 (298.15 / 308.15)**2 = 0.7973, alpha = 0.7618
    found = engine_at_site(engine("turbocharged"), 2000, 35)
    assert found.factor == pytest.approx(0.7618, abs=3e-4)


def test_humid_air_by_hand():
    # 87 kPa, 45 degC, 80 % humid, eta 0.85: k = (87 - 0.8 x 9.59) / (100 - 0.3 x 3.17) x (298.15 / 318.15)**0.75
    #   = 0.8009 x 0.9525 = 0.763, alpha = 0.763 - 0.7 x 0.237 x 0.1765 = 0.734, beta = 1.040
    altitude_m = (1 - (87 / 101.325) ** (1 / 5.25588)) / 2.25577e-5
    found = engine_at_site(engine("natural", mechanical_efficiency=0.85), altitude_m, 45, humidity=0.8)
    assert found.factor == pytest.approx(0.734, abs=5e-4)
    assert found.fuel_factor == pytest.approx(1.040, abs=5e-4)
    assert found.power_kw == pytest.approx(367, abs=0.5)


def test_the_plate_holds_up_to_its_own_height():
    stated = engine("turbocharged", reference_altitude_m=1500, reference_air_c=40)
    assert engine_at_site(stated, 1500, 40).factor == 1
    assert engine_at_site(stated, 1000, 25).factor == 1
    # Below that height denser air makes up for no heat.
    assert engine_at_site(stated, 0, 50).factor == engine_at_site(stated, 1500, 50).factor < 1
    assert engine_at_site(stated, 3000, 40).factor > engine_at_site(engine("turbocharged"), 3000, 40).factor
    assert engine_at_site(stated, 3000, 40).findings[0].key == "genset_derate_iso_from"


def test_coolant_warmer_than_air_costs_power():
    warm = engine_at_site(engine("turbocharged_aftercooled"), 2000, 20, coolant_c=50)
    assert warm.factor < engine_at_site(engine("turbocharged_aftercooled"), 2000, 20).factor


def test_unknown_aspiration_is_a_flagged_rule_of_thumb():
    # 0.0117 for every 100 m above 300 m: 1,286 m leaves 88.5 %
    found = engine_at_site(engine("unknown"), 1286, 25)
    assert found.factor == pytest.approx(1 - 0.0117 * 9.86)
    assert found.fuel_factor == 1
    assert [(one.key, one.level) for one in found.findings] == [("genset_derate_linear", "warning")]


@pytest.mark.parametrize("aspiration", [*CHARGED, "unknown"])
@given(low=ALTITUDES, high=ALTITUDES, cool=st.floats(0, 45), warm=st.floats(0, 45))
def test_height_and_heat_never_help(aspiration, low, high, cool, warm):
    low, high = sorted((low, high))
    cool, warm = sorted((cool, warm))
    one = engine_at_site(engine(aspiration), low, cool)
    other = engine_at_site(engine(aspiration), high, warm)
    assert 0 < other.factor <= one.factor <= 1
    assert one.fuel_factor >= 1
    assert other.power_kw == pytest.approx(500 * other.factor)


@pytest.mark.parametrize(("altitude_m", "air_c"), [(-600, 20), (7000, 20), (1000, 90), (float("nan"), 20), (1000, inf)])
def test_conditions_out_of_range_are_refused(altitude_m, air_c):
    with pytest.raises(ValueError, match="outside"):
        engine_at_site(engine("natural"), altitude_m, air_c)


def test_an_efficiency_out_of_range_is_refused():
    with pytest.raises(ValueError, match="mechanical_efficiency"):
        engine_at_site(engine("natural", mechanical_efficiency=0.2), 1000, 25)


@given(altitude_m=ALTITUDES, aspiration=st.sampled_from(CHARGED))
def test_the_fuel_line_runs_through_the_standards_point(altitude_m, aspiration):
    derated = engine_at_site(engine(aspiration), altitude_m, 30)
    intercept, slope = fuel_line_at_site(0.033, 0.273, derated)
    # Litres without load are the engine's own and stay.
    assert intercept * derated.power_kw == pytest.approx(0.033 * 500)
    assert slope >= 0.273
    if slope > 0.273:
        assert intercept + slope == pytest.approx(derated.fuel_factor * (0.033 + 0.273))


def test_inverters_lose_one_per_cent_a_hundred_metres():
    assert inverter_at_site("battery", 100, 2000).factor == 1
    high = inverter_at_site("battery", 100, 3500)
    assert high.power_kw == pytest.approx(85)
    assert [one.key for one in high.findings] == ["inverter_derated_battery"]
    above = inverter_at_site("pv", 100, 4800, 20)
    assert above.factor == pytest.approx(0.72)
    assert [one.key for one in above.findings] == ["inverter_derated_pv", "inverter_above_maximum_pv"]
    hot = inverter_at_site("pv", 100, 0, 50)
    assert hot.factor == pytest.approx(0.9)


def test_lfp_takes_no_charge_below_freezing():
    charge, discharge = battery_limits([-25, -0.01, 0, 3, 7, 20, 45, 55, 61], 0.5)
    assert charge.tolist() == [0, 0, 0.2, 0.2, 0.4, 1, 1, 0.2, 0]
    assert discharge.tolist() == [0.2, 1, 1, 1, 1, 1, 1, 1, 0]


def test_the_share_follows_the_rate_of_the_plant():
    assert battery_limits([3.0], 0.1)[0].tolist() == [1]
    assert battery_limits([3.0], 1.0)[0].tolist() == [0.1]
    with pytest.raises(ValueError, match="rate"):
        battery_limits([3.0], 0.0)
    with pytest.raises(ValueError, match="finite"):
        battery_limits([np.nan], 0.5)


def test_cold_cells_do_not_charge_in_the_simulation():
    charge, discharge = battery_limits(np.where(np.arange(24) < 12, -5.0, 15.0), 0.5)
    rule = Battery(charge_limit=charge, discharge_limit=discharge)
    load, pv = np.full(24, 5.0), np.where(np.arange(24) % 12 < 6, 1.0, 0.0)
    result = simulate(load, pv, Sizes(pv_kwp=20, battery_kwh=100, battery_kw=50), battery=rule)
    assert result.charge_kw[:12].sum() == 0
    assert result.charge_kw[12:].sum() > 0


@given(st.lists(st.floats(-20, 40), min_size=1, max_size=48), st.floats(0.1, 30))
def test_the_lag_is_periodic_and_keeps_the_mean(ambient, lag):
    cells = cell_temperature_c(ambient, lag_hours=lag)
    again = cell_temperature_c(np.tile(ambient, 3), lag_hours=lag)
    assert again == pytest.approx(np.tile(cells, 3), abs=1e-9)
    assert cells.mean() == pytest.approx(np.mean(ambient), abs=1e-9)
    assert cells.max() <= max(ambient) + 1e-9


def test_a_day_is_damped_by_the_lag():
    # First-order lag of tau at angular frequency w: amplitude 1 / sqrt(1 + (w tau)**2); fine steps come close.
    hours = np.arange(0, 240, 0.05)
    cells = cell_temperature_c(np.sin(2 * pi * hours / 24), step_hours=0.05, lag_hours=12)
    assert cells.max() == pytest.approx(1 / np.sqrt(1 + pi**2), rel=0.01)


def test_no_lag_is_the_ambient():
    assert cell_temperature_c([1.0, 5.0], lag_hours=0).tolist() == [1, 5]
