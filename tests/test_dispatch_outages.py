"""Outages: stated ones by hand, drawn ones by their means."""

from datetime import timedelta, timezone

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mine_energy.dispatch import Grid, Sizes, simulate
from mine_energy.dispatch.outages import draw_outages, outages_from_intervals
from mine_energy.errors import InputError

LOCAL = timezone(timedelta(hours=-5))
INDEX = pd.date_range("2025-01-01", periods=24, freq="h", tz=LOCAL)


def at(text):
    return pd.Timestamp(f"2025-01-01 {text}", tz=LOCAL)


def stated(*pairs, step_hours=1.0, index=INDEX):
    return outages_from_intervals(index, [(at(a), at(b)) for a, b in pairs], step_hours=step_hours)


def test_stated_outages_by_hand():
    found = stated(("10:00", "13:00"), ("02:20", "02:50"))
    assert np.flatnonzero(found.available == 0).tolist() == [2, 10, 11, 12]
    assert (found.hours_given, found.hours_modelled, found.count, found.longest_hours) == (3.5, 4, 2, 3)
    assert [one.key for one in found.findings] == ["outages_rounded"]
    assert found.seed is None


def test_overlapping_and_unordered_outages_count_once():
    found = stated(("11:00", "13:00"), ("10:00", "12:00"), ("11:30", "11:40"))
    assert (found.hours_given, found.count) == (3, 1)
    assert np.flatnonzero(found.available == 0).tolist() == [10, 11, 12]
    assert found.findings == ()


def test_outages_outside_the_period_are_cut():
    spans = [(at("22:00"), at("22:00") + pd.Timedelta(days=3)), (at("00:00") - pd.Timedelta(days=9), at("01:00"))]
    found = outages_from_intervals(INDEX, spans, step_hours=1.0)
    assert (found.hours_given, found.count) == (3, 2)


def test_no_outage_at_all():
    found = stated()
    assert found.available.tolist() == [1] * 24
    assert (found.hours_given, found.longest_hours) == (0, 0)


def test_an_outage_that_ends_before_it_starts_is_refused_by_its_line():
    naive = (pd.Timestamp("2025-01-01"), at("02:00"))
    with pytest.raises(InputError) as caught:
        outages_from_intervals(INDEX, [(at("01:00"), at("02:00")), (at("05:00"), at("04:00")), naive], step_hours=1.0)
    assert [(one.key, one.line) for one in caught.value.problems] == [("outage_order", 2), ("outage_zone", 3)]


def test_the_seed_decides_and_is_kept():
    one, two = (draw_outages(8760, saidi_hours=40, saifi=20, seed=7) for _ in range(2))
    other = draw_outages(8760, saidi_hours=40, saifi=20, seed=8)
    assert np.array_equal(one.available, two.available)
    assert not np.array_equal(one.available, other.available)
    assert (one.seed, one.findings[0].params["seed"]) == (7, 7)


def test_the_same_outages_at_every_step_length():
    hourly = draw_outages(8760, saidi_hours=75, saifi=30, seed=1)
    fine = draw_outages(8760 * 12, saidi_hours=75, saifi=30, seed=1, step_hours=1 / 12)
    assert (hourly.hours_given, hourly.count) == (fine.hours_given, fine.count)
    assert fine.hours_modelled == pytest.approx(fine.hours_given, rel=0.02)


def test_means_over_many_years():
    # 400 years of 30 outages of 2.5 h: standard errors 0.9 % of the number and 1.3 % of the hours.
    found = draw_outages(400 * 8760, saidi_hours=75, saifi=30, seed=3)
    assert found.count / 400 == pytest.approx(30, rel=0.03)
    assert found.hours_given / 400 == pytest.approx(75, rel=0.05)
    assert found.hours_modelled == pytest.approx(found.hours_given, rel=0.02)


def test_a_perfect_grid():
    assert draw_outages(100, saidi_hours=0, saifi=0, seed=1).available.tolist() == [1] * 100


@pytest.mark.parametrize(("saidi", "saifi"), [(-1, 1), (1, -1), (8760, 5), (10, 0), (0, 10)])
def test_impossible_statistics_are_refused(saidi, saifi):
    with pytest.raises(ValueError, match="SAIDI"):
        draw_outages(100, saidi_hours=saidi, saifi=saifi, seed=1)


@given(
    st.lists(st.tuples(st.integers(0, 1439), st.integers(1, 300)), max_size=8),
    st.sampled_from([0.25, 0.5, 1.0]),
)
def test_modelled_hours_stay_near_the_given_ones(spans, step_hours):
    index = pd.date_range("2025-01-01", periods=int(24 / step_hours), freq=pd.Timedelta(hours=step_hours), tz=LOCAL)
    pairs = [(index[0] + pd.Timedelta(minutes=a), index[0] + pd.Timedelta(minutes=a + b)) for a, b in spans]
    found = outages_from_intervals(index, pairs, step_hours=step_hours)
    assert set(found.available.tolist()) <= {0.0, 1.0}
    assert abs(found.hours_modelled - found.hours_given) <= found.count * step_hours + 1e-9
    assert found.longest_hours <= found.hours_given + 1e-9


def test_outages_leave_the_load_unserved():
    found = stated(("10:00", "13:00"))
    result = simulate(np.full(24, 10.0), np.zeros(24), Sizes(pv_kwp=0), grid=Grid(available=found.available))
    assert result.energy_kwh("unserved") == pytest.approx(30)
