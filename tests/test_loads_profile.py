"""LoadProfile: energy, peak, views and scaling."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from mine_energy.arrays import equal
from mine_energy.loads import LoadProfile
from mine_energy.units import LOCAL_TIME


def profile(values, step=15, start="2018-01-01", **more):
    index = pd.date_range(start, periods=len(values), freq=pd.Timedelta(minutes=step), tz=LOCAL_TIME)
    series = pd.Series(np.asarray(values, dtype=float), index=index)
    return LoadProfile(load_kw=series, step_minutes=float(step), origin="metered", label="m.csv", **more)


def test_energy_peak_and_load_factor_of_a_hand_worked_day():
    # 12 h at 100 kW and 12 h at 20 kW: 1,440 kWh, mean 60 kW, load factor 0.6.
    load = profile([100.0] * 48 + [20.0] * 48)
    assert load.energy_kwh == pytest.approx(1440)
    assert load.peak_kw == 100
    assert load.mean_kw == pytest.approx(60)
    assert load.load_factor == pytest.approx(0.6)
    assert load.duration_hours == 24


def test_a_record_without_load_has_load_factor_zero_and_cannot_be_scaled():
    load = profile([0.0] * 4)
    assert load.load_factor == 0
    with pytest.raises(ValueError, match="without energy"):
        load.scaled(100.0)


def test_hourly_means_keep_energy_and_leave_out_partial_hours():
    load = profile([1, 2, 3, 4, 5, 6, 7, 8, 9], start="2018-01-01 00:00")
    hourly = load.hourly()
    assert hourly.tolist() == [2.5, 6.5]
    assert str(hourly.index[0]) == "2018-01-01 00:00:00-05:00"
    assert profile([1, 2], step=60).hourly().tolist() == [1, 2]


def test_hourly_of_a_record_that_starts_inside_an_hour():
    hourly = profile([9, 1, 2, 3, 4], start="2018-01-01 00:45").hourly()
    assert hourly.tolist() == [2.5]
    assert hourly.index[0].hour == 1


def test_months_of_a_leap_year():
    load = profile([1.0] * 8784, step=60, start="2024-01-01")
    assert load.monthly_kwh()[1] == pytest.approx(29 * 24)
    assert sum(load.monthly_kwh()) == pytest.approx(8784)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(0, 1e4), min_size=1, max_size=300), st.sampled_from([5, 10, 15, 20, 30, 60]))
def test_months_add_to_the_energy(values, step):
    load = profile(values, step=step, start="2018-12-31 20:00")
    assert sum(load.monthly_kwh()) == pytest.approx(load.energy_kwh, abs=1e-6)


def test_scaled_copy_keeps_shape_and_says_so():
    load = profile([10.0, 30.0], step=60, reactive_kvar=None).scaled(400.0)
    assert load.energy_kwh == pytest.approx(400)
    assert load.origin == "scaled"
    assert [f.key for f in load.findings] == ["load_scaled"]


def test_a_load_needs_a_zone_and_one_index():
    naive = pd.Series([1.0], index=pd.date_range("2018", periods=1))
    with pytest.raises(ValueError, match="time zone"):
        LoadProfile(load_kw=naive, step_minutes=60.0, origin="metered")
    good = profile([1.0, 2.0])
    with pytest.raises(ValueError, match="same index"):
        LoadProfile(load_kw=good.load_kw, reactive_kvar=good.load_kw[:1], step_minutes=15.0, origin="metered")


def test_json_round_trip():
    load = profile([1.0, 2.5, 3.0])
    adapter = TypeAdapter(LoadProfile)
    back = adapter.validate_json(adapter.dump_json(load))
    assert equal(back.load_kw.to_numpy(), load.load_kw.to_numpy())
    assert back.load_kw.index[0] == load.load_kw.index[0]
    assert back.label == "m.csv"
