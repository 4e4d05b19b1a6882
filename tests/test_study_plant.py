"""PV on the load's calendar, and hourly means that still balance."""

from datetime import timedelta, timezone

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mine_energy.dispatch import Grid
from mine_energy.loads import LoadProfile
from mine_energy.study.plant import Supply, hourly_flows, run_plant, yield_on

ZONE = timezone(timedelta(hours=-5))
GRID = Supply(grid=Grid(), genset=None, genset_kw=0.0, findings=())


def unit_year():
    index = pd.date_range("2023-01-01", periods=8760, freq="h", tz=ZONE)
    return pd.Series(np.arange(8760, dtype=float) / 8760, index=index)


def profile(start, periods, minutes, values=1.0):
    index = pd.date_range(start, periods=periods, freq=f"{minutes}min", tz=ZONE)
    return LoadProfile(load_kw=pd.Series(values, index=index, dtype=float), step_minutes=minutes, origin="metered")


def test_a_common_year_takes_the_typical_year_as_it_is():
    np.testing.assert_array_equal(yield_on(unit_year(), profile("2025-01-01", 8760, 60)), unit_year().to_numpy())


def test_quarter_hours_share_their_hour():
    found = yield_on(unit_year(), profile("2025-03-01", 96, 15))
    np.testing.assert_array_equal(found.reshape(24, 4).std(axis=1), 0)


def test_the_leap_day_takes_the_day_before():
    found = yield_on(unit_year(), profile("2024-02-28", 48, 60))
    np.testing.assert_array_equal(found[24:], found[:24])


def test_a_record_from_july_to_june_meets_the_right_sun():
    found = yield_on(unit_year(), profile("2025-07-01", 8760, 60))
    assert found[0] == unit_year().loc["2023-07-01 00:00-05:00"]
    assert found.sum() == pytest.approx(unit_year().sum())


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 2**32 - 1), st.sampled_from([5, 15, 30, 60]), st.floats(0, 500))
def test_hourly_means_balance(seed, minutes, kwp):
    steps = 3 * 24 * 60 // minutes
    load = profile("2025-05-01", steps, minutes, np.random.default_rng(seed).uniform(0, 100, steps))
    unit = yield_on(unit_year(), load)
    flows = run_plant(load, unit, kwp, GRID)
    hours = hourly_flows(load, load, flows)
    balance = hours.pv_used_kw + hours.import_kw + hours.genset_kw + hours.unserved_kw - hours.load_after_kw
    assert balance.abs().max() < 1e-9 * (1 + kwp)
    assert (hours.pv_used_kw + hours.export_kw + hours.curtailed_kw - hours.pv_kw).abs().max() < 1e-9 * (1 + kwp)
    assert hours.import_kw.sum() == pytest.approx(flows.energy_kwh("import"), abs=1e-6)
