"""Load met by PV of the same hour: by hand, by what must hold, and in a study."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mine_energy.emissions import hourly_match

HOURS = arrays(np.float64, 24, elements=st.floats(0, 500))


def test_noon_does_not_pay_for_midnight():
    # 10 kWh in each of four hours; PV gives 25 at noon and 5 an hour later.
    found = hourly_match([10, 10, 10, 10], [0, 25, 5, 0])
    assert (found.matched_kwh, found.ratio, found.annual_ratio) == (15, 15 / 40, 30 / 40)
    assert found.hours_met == 0.25
    assert found.claim == "own"


def test_what_is_sold_is_nobodys_match_here():
    assert hourly_match([1.0], [1.0], claim="transferred").claim == "transferred"


def test_hours_without_a_load_are_no_hours_met():
    found = hourly_match([0, 10], [50, 10])
    assert found.hours_met == 1.0
    assert found.annual_ratio == 6.0
    assert hourly_match([0, 0], [5, 5]) is None


@pytest.mark.parametrize(("load", "pv"), [([1, 2], [1]), ([-1], [1]), ([1], [np.nan])])
def test_hours_that_differ_or_are_negative_are_refused(load, pv):
    with pytest.raises(ValueError, match="hours"):
        hourly_match(load, pv)


@given(HOURS, HOURS)
def test_a_match_is_never_more_than_the_annual_balance(load, pv):
    found = hourly_match(load, pv)
    if found is None:
        return
    assert 0 <= found.ratio <= min(1.0, found.annual_ratio) * (1 + 1e-12)
    # Coarser steps match more: that is why the hour is the unit.
    days = hourly_match([load.sum()], [pv.sum()])
    assert found.matched_kwh <= days.matched_kwh * (1 + 1e-12)


def test_the_pilots_match_stands_beside_its_scope_2(pilot_study):
    found, state = pilot_study.carbon.hourly_match, pilot_study.states[2]
    assert found.load_kwh == pytest.approx(state.load_kwh, rel=1e-9)
    assert found.delivered_kwh == pytest.approx(state.pv_used_kwh + state.export_kwh, rel=1e-9)
    assert state.pv_used_kwh <= found.matched_kwh * (1 + 1e-9)
    assert found.ratio < found.annual_ratio
    said = next(f for f in pilot_study.findings if f.key == "carbon_hourly_match")
    assert said.params["percent"] == pytest.approx(100 * found.ratio)


def test_avoided_tonnes_by_year_follow_the_array_and_the_margins(pilot_study):
    plan, life = pilot_study.plan, pilot_study.carbon.lifetime
    years = plan.avoided
    assert [one.year for one in years] == [one.year for one in plan.plan.years]
    assert years[0].project_t_co2e < years[-1].project_t_co2e
    for one in years:
        assert one.low_t_co2e <= one.project_t_co2e <= one.high_t_co2e
        assert 0 <= one.exports_t_co2e <= one.project_t_co2e
        assert one.claim == life.claim
    # A year in which the array works from end to end, by hand.
    task = next(task for task in plan.plan.tasks if task.key == "pv")
    index = next(n for n in range(len(years)) if 12 * n >= task.full_month)
    age = int(np.ceil(index + 1 - task.online_month / 12))
    state = pilot_study.states[2]
    mwh = (state.pv_used_kwh + state.export_kwh) / 1000 * (1 - life.degradation) ** (age - 1)
    wanted = mwh * life.central_t_per_mwh * (1 - life.decline) ** age
    assert years[index].project_t_co2e == pytest.approx(wanted)
