"""The array of the annual balance, and the three meanings of "100 %"."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mine_energy.dispatch import Grid, Sizes, simulate
from mine_energy.errors import Infeasible
from mine_energy.sizing import ArraySpec, annual_net, coverage

ARRAY = ArraySpec(tilt_deg=10, azimuth_deg=180, dc_ac_ratio=1.25, module_efficiency=0.2, ground_cover_ratio=0.5)


def test_annual_net_by_hand():
    design = annual_net(150_000, 1500, ARRAY)
    assert design.pv_kwp == pytest.approx(100)
    assert design.inverter_kw == pytest.approx(80)
    assert design.module_area_m2 == pytest.approx(500)  # 100 kWp at 0.2 kW/m2
    assert design.ground_area_m2 == pytest.approx(1000)


@given(st.floats(1, 1e7), st.floats(100, 3000), st.floats(0.1, 3))
def test_annual_energy_is_the_ratio_of_the_load(load, specific, ratio):
    design = annual_net(load, specific, ARRAY, ratio=ratio)
    assert design.annual_energy_kwh == pytest.approx(ratio * load, rel=1e-12)


def test_no_sun_and_no_load_are_infeasible():
    with pytest.raises(Infeasible, match="no_sun"):
        annual_net(1.0, 0.0, ARRAY)
    with pytest.raises(Infeasible, match="no_load"):
        annual_net(0.0, 1500.0, ARRAY)


def test_three_meanings_of_a_plant_that_works_day_and_night():
    # Load 1 kW always; PV 2 kW in half of the hours: 100 % of the year, 50 % of the hours.
    result = simulate(np.ones(24), np.repeat([0.0, 2.0], 12), Sizes(pv_kwp=1.0), grid=Grid())
    meanings = coverage(result)
    assert meanings.annual_net_ratio == pytest.approx(1.0)
    assert meanings.self_sufficiency == pytest.approx(0.5)
    assert meanings.lpsp_without_grid == pytest.approx(0.5)
    assert meanings.loss_of_load_hours == 12
    assert meanings.longest_outage_hours == 12
    assert meanings.self_consumption == pytest.approx(0.5)


def test_pv_alone_without_grid_serves_nothing_but_the_meaning_is_still_told():
    result = simulate(np.ones(2), np.ones(2), Sizes(pv_kwp=1.0))
    assert coverage(result).self_sufficiency == 0
    assert coverage(result).lpsp_without_grid == 0


def test_no_pv_covers_nothing():
    meanings = coverage(simulate(np.ones(4), np.zeros(4), Sizes(pv_kwp=0.0), grid=Grid()))
    assert (meanings.annual_net_ratio, meanings.self_sufficiency, meanings.lpsp_without_grid) == (0, 0, 1)
    assert meanings.longest_outage_hours == 4


@given(
    st.lists(st.floats(0, 100), min_size=5, max_size=48),
    st.lists(st.floats(0, 1), min_size=48, max_size=48),
    st.floats(0, 300),
)
def test_bounds_between_the_meanings(load, pv, kwp):
    assume(sum(load) > 1e-6)
    meanings = coverage(simulate(load, pv[: len(load)], Sizes(pv_kwp=kwp), grid=Grid()))
    assert 0 <= meanings.self_sufficiency <= min(1.0, meanings.annual_net_ratio) + 1e-9
    assert meanings.self_sufficiency + meanings.lpsp_without_grid == pytest.approx(1)
    assert meanings.longest_outage_hours <= meanings.loss_of_load_hours <= len(load)


def test_a_year_without_load_has_no_coverage():
    with pytest.raises(ValueError, match="zero"):
        coverage(simulate([0.0], [1.0], Sizes(pv_kwp=1.0), grid=Grid()))
