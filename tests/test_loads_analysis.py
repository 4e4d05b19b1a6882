"""Day types, demand, base load, power factor and reactive excess: worked by hand, and on a real metered year."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from loads_support import metered, site_of
from mine_energy.arrays import equal
from mine_energy.io.meters import read_meter
from mine_energy.loads import (
    LoadAnalysis,
    analyse,
    analyse_reactive,
    build_load,
    daily_kwh,
    day_groups,
    day_kinds,
    demand_range,
    plan_machines,
    power_factor,
    reactive_excess_kvarh,
)
from mine_energy.motors import Motor, MotorInventory


@pytest.fixture(scope="module")
def steel(shared_file):
    return read_meter(shared_file("loads/Steel_industry_data.csv"))


# Real 15-minute year of a small steel works (UCI, Steel Industry Energy Consumption): figures computed from the file
# with the definitions in the module's docstrings.


def test_steel_works(steel):
    found = analyse(steel)
    assert found.energy_kwh == pytest.approx(959_636.71, abs=0.005)
    assert found.peak_kw == pytest.approx(628.72)
    assert found.load_factor == pytest.approx(0.1742, abs=5e-5)
    assert found.reactive is not None
    assert found.reactive.power_factor == pytest.approx(0.9029, abs=5e-5)
    assert found.reactive.colombia_excess_kvarh == pytest.approx(75_613, abs=0.5)
    assert found.reactive.colombia_excess_by_step_kvarh == pytest.approx(80_919, abs=0.5)
    assert found.reactive.peru_excess_kvarh == pytest.approx(168_869, abs=0.5)
    assert found.reactive.months == 12
    assert len(found.demand) == 12
    assert max(month.demand_kw for month in found.demand) == pytest.approx(628.72)
    assert sum(month.energy_kwh for month in found.demand) == pytest.approx(found.energy_kwh)
    assert [(one.kind, one.days) for one in found.day_types] == [("workday", 261), ("saturday", 52), ("sunday", 52)]
    assert found.demand[10].at == "2018-11-22T09:30:00-05:00"


def test_the_mean_of_the_power_factor_column_is_another_number(steel, shared_file):
    column = pd.read_csv(shared_file("loads/Steel_industry_data.csv"))["Lagging_Current_Power_Factor"]
    assert column.mean() / 100 == pytest.approx(0.806, abs=5e-4)
    assert analyse_reactive(steel).power_factor > 0.9


def test_json_round_trip(steel):
    found = analyse(steel)
    adapter = TypeAdapter(LoadAnalysis)
    back = adapter.validate_json(adapter.dump_json(found))
    assert adapter.dump_json(back) == adapter.dump_json(found)


# Worked by hand


def test_power_factor_of_three_four_five():
    assert power_factor(4.0, 3.0) == pytest.approx(0.8)
    assert power_factor(0.0, 0.0) == 1.0
    assert power_factor(0.0, 5.0) == 0.0


def test_reactive_excess_is_not_netted_between_periods():
    # Hour 0: 100 kWh and 80 kvarh, 30 over half; hour 1: 100 kWh and none. Together 80 of 200: nothing over.
    active, lagging = np.array([100.0, 100.0]), np.array([80.0, 0.0])
    assert reactive_excess_kvarh(active, lagging, np.array([0, 1]), 0.5) == pytest.approx(30)
    assert reactive_excess_kvarh(active, lagging, np.array([0, 0]), 0.5) == 0


def test_leading_energy_is_kept_apart():
    load = metered([10.0] * 8, reactive=[6.0] * 4 + [-6.0] * 4)
    found = analyse_reactive(load)
    assert (found.lagging_kvarh, found.leading_kvarh) == (6.0, 6.0)
    assert found.power_factor == pytest.approx(20 / np.hypot(20, 6))
    assert analyse_reactive(metered([1.0] * 4)) is None


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 500), st.floats(0, 500)), min_size=4, max_size=200))
def test_finer_periods_never_have_less_excess(pairs):
    active, reactive = zip(*pairs, strict=True)
    found = analyse_reactive(metered(active, reactive=reactive))
    assert found.colombia_excess_by_step_kvarh >= found.colombia_excess_kvarh - 1e-6
    assert 0 <= found.power_factor <= 1


def week(day_kw, saturday_kw, sunday_kw, weeks=2, start="2025-03-03"):
    levels = [day_kw] * 5 + [saturday_kw, sunday_kw]
    return metered(np.concatenate([np.full(96, level) for level in levels * weeks]), start=start)


def test_days_and_base_of_two_hand_made_weeks():
    found = analyse(week(100.0, 60.0, 10.0), site_of())
    assert {one.kind: one.kwh_per_day for one in found.day_types} == {
        "workday": 2400.0, "saturday": 1440.0, "sunday": 240.0
    }  # fmt: skip
    assert found.sunday_kw == 10
    assert found.days == 14


def test_night_leaves_the_shifts_out():
    day = np.full(96, 50.0)
    day[:24] = 5.0  # 00:00 to 06:00
    load = metered(np.tile(day, 7), start="2025-03-03")
    assert analyse(load, site_of()).night_kw == 5.0
    assert analyse(load).night_kw == 5.0
    # Three shifts cover the night: there is no idle night to read a base from.
    assert analyse(load, site_of(shifts=[("00:00", "08:00"), ("08:00", "16:00"), ("16:00", "00:00")])).night_kw is None
    # A shift past midnight hides only its own hours.
    assert analyse(load, site_of(shifts=[("18:00", "02:00")])).night_kw == 5.0


def test_holidays_and_rest_days_have_their_own_kind():
    # Colombia: 24 March 2025 is Saint Joseph, moved to a Monday.
    days = [date(2025, 3, 24), date(2025, 3, 25), date(2025, 3, 29), date(2025, 3, 30)]
    assert day_kinds(days, site_of()) == ("holiday", "workday", "saturday", "sunday")
    assert day_kinds(days, None) == ("workday", "workday", "saturday", "sunday")
    # 20 working days: after Sundays and Saturdays, the last Fridays rest (31 - 5 - 5 = 21).
    assert day_kinds([date(2025, 3, 28)], site_of(workdays=20)) == ("rest",)


def test_groups_of_days_from_the_energy():
    two = day_groups(np.array([10.0, 11, 9, 100, 101, 99, 98]))
    assert (two.low_days, two.high_days) == (3, 4)
    assert 11 < two.threshold_kwh < 98
    assert two.low_kwh_per_day == pytest.approx(10)
    for one in (
        np.array([5.0]),
        np.full(10, 5.0),
        np.linspace(90, 110, 30),
        np.random.default_rng(1).normal(50, 5, 90),
    ):
        assert day_groups(one).low_days == 0


def test_a_calendar_that_the_meter_contradicts_is_told():
    resting_tuesdays = np.concatenate([np.full(96, 5.0 if i % 7 == 1 else 80.0) for i in range(28)])
    found = analyse(metered(resting_tuesdays, start="2025-02-03"), site_of())
    assert found.comparison.groups.low_days == 4
    assert found.comparison.contrary_days == 8  # four Tuesdays rest, four Sundays work
    assert "load_calendar_contrary" in [f.key for f in found.findings]
    agreeing = analyse(week(80.0, 80.0, 5.0, weeks=4, start="2025-02-03"), site_of())
    assert agreeing.comparison.contrary_days == 0


def test_demand_is_of_fifteen_minutes_whatever_the_step():
    fives = metered([10.0, 20, 60, 90, 0, 0], step=5, start="2025-03-03")
    found = analyse(fives)
    assert (found.demand_minutes, found.demand[0].demand_kw) == (15.0, 30.0)
    hourly = analyse(metered([10.0, 20, 60], step=60))
    assert hourly.demand_minutes == 60
    assert [f.key for f in hourly.findings if f.level == "warning"] == ["load_demand_coarse"]


def test_missing_intervals_are_left_out_and_not_taken_for_zero():
    values = np.full(96 * 2, 40.0)
    values[5:20] = np.nan
    found = analyse(metered(values))
    assert found.mean_kw == 40
    assert found.days == 1
    assert found.energy_kwh == pytest.approx((192 - 15) * 10)
    with pytest.raises(ValueError, match="without any value"):
        analyse(metered([np.nan, np.nan]))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(0, 1e4), min_size=8, max_size=300), st.sampled_from([5, 15, 30, 60]))
def test_duration_curve_falls_from_peak_to_least(values, step):
    found = analyse(metered(values, step=step))
    assert found.duration_kw[0] == pytest.approx(max(values))
    assert found.duration_kw[-1] == pytest.approx(min(values))
    assert (np.diff(found.duration_kw) <= 1e-9).all()
    assert found.peak_kw >= found.demand[0].demand_kw - 1e-6 or len(found.demand) > 1


# Demand from an inventory alone


def machine(tag, kw, hours, schedule=None):
    return Motor(tag=tag, rated_power_kw=kw, quantity=1, hours_per_day=hours, schedule=schedule or "", efficiency=0.9)


def test_demand_from_a_motor_list_is_a_range_with_its_coincidence():
    site = site_of()
    inventory = MotorInventory(
        motors=(machine("A", 10, 8, "06:00-14:00"), machine("B", 10, 8, "14:00-22:00")), file="m.csv"
    )
    load, _ = build_load(site, inventory, 2025)
    found = demand_range(load, plan_machines(site, inventory))
    # Never together: the built peak is one machine, the highest possible both.
    assert found.base_kw == pytest.approx(found.high_kw / 2)
    assert found.coincidence == pytest.approx(0.5)
    assert found.low_kw == pytest.approx(found.base_kw)
    assert "load_demand_from_inventory" in [f.key for f in analyse(load, site).findings]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.floats(1, 75), st.floats(0.5, 20)), min_size=1, max_size=6))
def test_demand_range_is_in_order(machines):
    site = site_of()
    motors = tuple(machine(f"M{i}", kw, round(hours, 2)) for i, (kw, hours) in enumerate(machines))
    load, _ = build_load(site, MotorInventory(motors=motors, file="m.csv"), 2025)
    found = demand_range(load, plan_machines(site, MotorInventory(motors=motors, file="m.csv")))
    assert 0 < found.low_kw <= found.base_kw + 1e-9
    assert found.base_kw <= found.high_kw + 1e-9
    assert 0 < found.coincidence <= 1 + 1e-9


def test_a_plant_without_machines_has_no_demand():
    found = demand_range(metered([0.0] * 96), ())
    assert (found.low_kw, found.base_kw, found.high_kw, found.coincidence) == (0, 0, 0, 0)


def test_daily_energy_leaves_partial_days_out():
    load = metered([4.0] * 200, start="2025-03-03 10:00")
    assert daily_kwh(load).to_dict() == {date(2025, 3, 4): 96.0}
    assert equal(load.load_kw, load.load_kw)
