"""Loads that may wait, and what is shed first: by hand and by property."""

from datetime import timedelta, timezone

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mine_energy.dispatch import Sizes, simulate
from mine_energy.dispatch.deferrable import Batch, Tank, daily_energy_kwh, defer
from mine_energy.dispatch.shed import LoadClass, split_unserved

LOCAL = timezone(timedelta(hours=-5))
DAYS = 4
POWERS = arrays(np.float64, 24 * DAYS, elements=st.floats(0, 100))


def hours(days=1, step="h", start="2025-01-01"):
    return pd.date_range(start, periods=int(days * pd.Timedelta("1D") / pd.Timedelta(1, step)), freq=step, tz=LOCAL)


def sun(*at, kw=20.0, days=1):
    day = np.zeros(24)
    day[list(at)] = kw
    return np.tile(day, days)


# Batches


def test_a_batch_follows_the_sun():
    found = defer(hours(), np.zeros(24), sun(9, 10, 11), [Batch(name="mill", max_kw=30, owed_kwh=50)])
    assert found.blocks[0].load_kw[9:12].tolist() == [20, 20, 10]
    assert found.load_kw.sum() == 50
    assert found.blocks[0].from_surplus_kwh == 50


def test_without_sun_it_runs_just_before_the_deadline():
    block = Batch(name="mill", max_kw=30, owed_kwh=75, first_hour=6, deadline_hour=18)
    found = defer(hours(), np.zeros(24), np.zeros(24), [block])
    # Partial first production day (midnight to six) lies outside the window and owes nothing.
    assert np.flatnonzero(found.load_kw).tolist() == [15, 16, 17]
    assert found.load_kw[15:18].tolist() == [15, 30, 30]
    assert found.blocks[0].from_surplus_kwh == 0


def test_the_fixed_load_takes_the_sun_first_and_blocks_in_their_order():
    one, two = Batch(name="a", max_kw=5, owed_kwh=5), Batch(name="b", max_kw=50, owed_kwh=7)
    found = defer(hours(), np.full(24, 8.0), sun(12), [one, two])
    assert [run.load_kw[12] for run in found.blocks] == [5, 7]
    assert found.load_kw[12] == 20


def test_a_least_power_waits_for_enough_sun():
    block = Batch(name="mill", max_kw=30, owed_kwh=35, min_kw=25)
    found = defer(hours(), np.zeros(24), sun(8, kw=20) + sun(10, kw=26), [block])
    # 20 kW is too little at 8 h; 26 kW runs at 10 h; the rest is less than an hour's least power and runs last.
    assert np.flatnonzero(found.load_kw).tolist() == [10, 23]
    assert found.load_kw[[10, 23]].tolist() == [26, 9]


def test_a_window_past_midnight_belongs_to_one_production_day():
    index = hours(3)
    block = Batch(name="mill", max_kw=10, owed_kwh=80, first_hour=18, deadline_hour=6)
    found = defer(index, np.zeros(72), np.zeros(72), [block])
    # Nights cut by the ends of the series owe in proportion: 6 and 6 of 12 h, full nights 80 kWh.
    days = daily_energy_kwh(index, found.load_kw, 18)
    assert days == pytest.approx([40, 80, 80, 40])


def test_owing_more_than_the_hours_give_is_refused():
    with pytest.raises(ValueError, match="mill owes"):
        defer(hours(), np.zeros(24), np.zeros(24), [Batch(name="mill", max_kw=10, owed_kwh=241)])
    with pytest.raises(ValueError, match="same steps"):
        defer(hours(), np.zeros(23), np.zeros(24), [])


def test_days_without_work_owe_nothing():
    block = Batch(name="mill", max_kw=10, owed_kwh=np.array([60.0, 0.0, 60.0]))
    index = hours(3)
    found = defer(index, np.zeros(72), np.zeros(72), [block])
    assert daily_energy_kwh(index, found.load_kw) == pytest.approx([60, 0, 60])


@given(POWERS, POWERS, st.floats(1, 60), st.floats(0, 1), st.floats(0, 60), st.sampled_from([(0, 24), (7, 19)]))
def test_energy_of_every_day_is_kept_within_power_and_hours(load, pv, max_kw, fill, min_kw, window):
    first, last = window
    owed = fill * max_kw * (last - first)
    block = Batch(
        name="mill", max_kw=max_kw, owed_kwh=owed, first_hour=first, deadline_hour=last, min_kw=min(min_kw, max_kw)
    )
    index = hours(DAYS)
    found = defer(index, load, pv, [block])
    run = found.blocks[0]
    assert daily_energy_kwh(index, run.load_kw)[:DAYS] == pytest.approx(np.full(DAYS, owed), abs=1e-7)
    assert (run.load_kw <= max_kw + 1e-9).all()
    assert (run.load_kw >= 0).all()
    outside = (index.hour < first) | (index.hour >= last)
    assert run.load_kw[outside].sum() == 0
    assert found.load_kw == pytest.approx(load + run.load_kw)
    assert run.from_surplus_kwh <= run.energy_kwh + 1e-9


@given(POWERS, POWERS, POWERS)
def test_the_rule_sees_no_future(load, pv, other):
    block = Batch(name="mill", max_kw=40, owed_kwh=300)
    changed = np.where(np.arange(pv.size) < 40, pv, other)
    one, two = (defer(hours(DAYS), load, sky, [block]).load_kw for sky in (pv, changed))
    assert one[:40].tolist() == two[:40].tolist()


@given(POWERS, POWERS)
def test_shifting_keeps_a_machines_days_and_never_imports_more(load, sky):
    index = hours(DAYS)
    pv = np.where(index.hour >= 19, 0.0, sky)
    machine = np.where((index.hour >= 19) & (index.hour < 23), 25.0, 0.0)
    block = Batch(name="mill", max_kw=25, owed_kwh=daily_energy_kwh(index, machine))
    moved = defer(index, load, pv, [block]).load_kw
    assert daily_energy_kwh(index, moved) == pytest.approx(daily_energy_kwh(index, load + machine))
    before, after = (np.minimum(pv, total).sum() for total in (load + machine, moved))
    assert after >= before - 1e-6


def test_quarter_hours_owe_the_same_energy():
    index = pd.date_range("2025-01-01", periods=96, freq="15min", tz=LOCAL)
    found = defer(index, np.zeros(96), np.zeros(96), [Batch(name="mill", max_kw=30, owed_kwh=52)])
    assert found.blocks[0].energy_kwh == pytest.approx(52)
    assert np.flatnonzero(found.load_kw)[0] == 96 - 7


def test_shifting_into_the_sun_saves_imports():
    index = hours(2)
    night = np.where(index.hour >= 20, 30.0, 0.0)
    pv = sun(10, 11, 12, 13, kw=1.0, days=2)
    moved = defer(
        index, np.zeros(48), 30 * pv, [Batch(name="mill", max_kw=30, owed_kwh=daily_energy_kwh(index, night))]
    )
    before = simulate(night, pv, Sizes(pv_kwp=30)).energy_kwh("unserved")
    assert before == 240
    assert np.maximum(moved.load_kw - 30 * pv, 0).sum() == 0


# Tanks


def tank(**kwargs):
    given_ = {"name": "pump", "max_kw": 20.0, "tank_kwh": 40.0, "use_kw": np.full(24, 2.0)} | kwargs
    return Tank(**given_)


def test_a_tank_is_filled_by_the_sun():
    found = defer(hours(), np.zeros(24), sun(10, 11, 12), [tank(tank_kwh=60.0)])
    run = found.blocks[0]
    assert run.energy_kwh == pytest.approx(48)
    assert run.from_surplus_kwh == pytest.approx(48)
    assert run.dry_kwh == 0
    assert run.start_kwh == pytest.approx(run.end_kwh)


def test_an_empty_tank_is_filled_without_sun():
    found = defer(hours(), np.zeros(24), np.zeros(24), [tank()])
    run = found.blocks[0]
    assert run.energy_kwh - 48 == pytest.approx(run.end_kwh - run.start_kwh)
    assert run.dry_kwh == 0


def test_a_pump_too_small_leaves_the_tank_dry():
    found = defer(hours(), np.zeros(24), np.zeros(24), [tank(max_kw=1.5)])
    run = found.blocks[0]
    assert run.dry_kwh == pytest.approx(48 - run.energy_kwh, abs=1e-6)
    assert run.energy_kwh == pytest.approx(36)


@settings(max_examples=60)
@given(
    arrays(np.float64, 48, elements=st.floats(0, 30)),
    arrays(np.float64, 48, elements=st.floats(0, 8)),
    st.floats(1, 30),
    st.floats(0, 80),
    st.floats(0, 0.9),
)
def test_water_is_conserved(pv, use, max_kw, size, refill):
    block = tank(max_kw=max_kw, tank_kwh=size, use_kw=use, refill_fraction=refill)
    run = defer(hours(2), np.zeros(48), pv, [block]).blocks[0]
    assert run.energy_kwh + run.dry_kwh - use.sum() == pytest.approx(run.end_kwh - run.start_kwh, abs=1e-6)
    assert (run.load_kw <= max_kw + 1e-9).all()
    assert (run.load_kw >= -1e-12).all()
    level = run.start_kwh
    for pumped, drawn in zip(run.load_kw, use, strict=True):
        level = max(level + pumped - drawn, 0.0)
        assert level <= size + 1e-6


# Shedding


def test_the_first_class_goes_first():
    crusher, mill, camp = (
        LoadClass(name=n, load_kw=np.array(v, float)) for n, v in (("c", [10, 0]), ("m", [20, 20]), ("h", [5, 5]))
    )
    found = split_unserved([12.0, 22.0], [crusher, mill, camp], step_hours=0.5)
    assert [one.shed_kw.tolist() for one in found] == [[10, 0], [2, 20], [0, 2]]
    assert [one.shed_kwh for one in found] == [5, 11, 1]
    assert [one.shed_share for one in found] == pytest.approx([1, 22 / 40, 0.2])
    assert [one.hours for one in found] == [0.5, 1, 0.5]


@given(st.lists(arrays(np.float64, 12, elements=st.floats(0, 50)), min_size=1, max_size=4), st.floats(0, 1))
def test_classes_add_up_to_what_is_unserved(loads, share):
    unserved = share * np.sum(loads, axis=0)
    classes = [LoadClass(name=str(i), load_kw=load) for i, load in enumerate(loads)]
    found = split_unserved(unserved, classes)
    assert np.sum([one.shed_kw for one in found], axis=0) == pytest.approx(unserved, abs=1e-9)
    for one, load in zip(found, loads, strict=True):
        assert (one.shed_kw <= load + 1e-9).all()
        assert 0 <= one.shed_share <= 1 + 1e-9


def test_shedding_more_than_there_is_is_refused():
    one = LoadClass(name="a", load_kw=np.array([5.0]))
    with pytest.raises(ValueError, match="more is unserved"):
        split_unserved([6.0], [one])
    with pytest.raises(ValueError, match="names"):
        split_unserved([1.0], [one, one])
    with pytest.raises(ValueError, match="negative"):
        split_unserved([-1.0], [one])
