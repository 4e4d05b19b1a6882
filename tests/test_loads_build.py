"""Calendar, schedules and the load built from a motor list."""

from calendar import SUNDAY, monthrange
from datetime import date, time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mine_energy.errors import InputError
from mine_energy.loads import (
    Run,
    build_load,
    parse_schedule,
    plan_machines,
    power_on,
    rest_days,
    schedule_text,
    shift_windows,
    working_days,
)
from mine_energy.loads.schedule import MIN_RUN_MINUTES, clock, seeded_runs, stated_runs
from mine_energy.motors import Motor, MotorInventory
from mine_energy.site import EmissionsChoice, GridConnection, InventoryChoice, Shift, Site, SiteFacts
from mine_energy.units import LOCAL_TIME

TWO_SHIFTS = ((6, 14), (14, 22))


def shift(start, end):
    return Shift(start=time(start % 24), end=time(end % 24))


def make_site(shifts=TWO_SHIFTS, workdays=26, seed=1):
    return Site(
        site=SiteFacts(
            name="Plant",
            country="CO",
            latitude=3.0,
            longitude=-76.6,
            altitude_m=1200,
            workdays_per_month=workdays,
            shifts=tuple(shift(*s) for s in shifts),
        ),
        connection=GridConnection(kind="grid", tariff="x"),
        inventory=InventoryChoice(file="motors.csv", seed=seed),
        emissions=EmissionsChoice(activity_year=2025),
    )


def row(tag="M-1", hours=3.0, **values):
    base = {"tag": tag, "rated_power_kw": 11.0, "poles": 4, "efficiency": 0.91, "load_factor": 0.7}
    return Motor(**base | {"hours_per_day": hours} | values)


def inventory(*motors):
    return MotorInventory(motors=motors, file="motors.csv")


# Calendar


@given(year=st.integers(2000, 2100), workdays=st.integers(1, 31))
def test_every_month_has_its_working_days(year, workdays):
    days = working_days(year, workdays)
    for month in range(1, 13):
        assert sum(d.month == month for d in days) == min(workdays, monthrange(year, month)[1])


def test_sundays_rest_first_then_saturdays():
    # March 2025 has five Sundays (2, 9, 16, 23, 30) and 31 days.
    assert [d.day for d in rest_days(2025, 3, 26)] == [2, 9, 16, 23, 30]
    assert [d.day for d in rest_days(2025, 3, 28)] == [2, 9, 16]  # the last Sundays work
    assert [d.day for d in rest_days(2025, 3, 24)] == [2, 9, 16, 22, 23, 29, 30]  # and the last Saturdays rest
    # February 2025: 28 days, four Sundays, two rest days.
    assert [d.day for d in rest_days(2025, 2, 26)] == [2, 9]
    assert rest_days(2025, 2, 30) == ()


def test_a_leap_year_has_its_day():
    assert len(working_days(2024, 31)) == 366
    assert date(2024, 2, 29) in working_days(2024, 31)
    assert all(d.weekday() == SUNDAY for d in rest_days(2024, 9, 26)[:4])


@pytest.mark.parametrize(
    ("shifts", "expected"),
    [
        (TWO_SHIFTS, [(360, 1320)]),
        (((6, 14), (15, 22)), [(360, 840), (900, 1320)]),
        (((22, 6),), [(1320, 1800)]),
        (((6, 14), (14, 22), (22, 6)), [(360, 1800)]),
        (((6, 18), (12, 8)), [(360, 1800)]),
        (((0, 24),), [(0, 1440)]),
        (((14, 22), (6, 14)), [(360, 1320)]),
    ],
)
def test_shift_windows(shifts, expected):
    assert list(shift_windows([shift(*s) for s in shifts])) == expected


# Schedules as text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("06:00-10:30; 14:00-16:00", [(360, 630), (840, 960)]),
        (" 14:00 - 16:00;06:00-10:30; ", [(360, 630), (840, 960)]),
        ("22:00-02:00", [(1320, 1560)]),
        ("00:00-24:00", [(0, 1440)]),
        ("06:00-06:00", [(360, 1800)]),
        ("", []),
    ],
)
def test_schedules_are_read(text, expected):
    assert list(parse_schedule(text)) == expected


@pytest.mark.parametrize(
    "text", ["6 to 10", "06:00-10:60", "25:00-26:00", "06:00-10:00; 09:00-11:00", "22:00-07:00; 06:00-08:00", "08:00"]
)
def test_schedules_that_are_none_are_refused(text):
    with pytest.raises(ValueError, match=r"\S"):
        parse_schedule(text)


def test_clock():
    assert [clock(m) for m in (0, 359.6, 1440, 1500)] == ["00:00", "06:00", "24:00", "01:00"]


@given(
    loaded=st.integers(0, 1440),
    unloaded=st.integers(0, 1440),
    seed=st.integers(0, 2**31),
    shifts=st.sampled_from([TWO_SHIFTS, ((6, 14), (15, 22)), ((22, 6),), ((8, 12), (13, 17)), ((0, 24),)]),
)
def test_seeded_runs_fill_exactly_their_hours(loaded, unloaded, seed, shifts):
    unloaded = min(unloaded, 1440 - loaded)
    windows = shift_windows([shift(*s) for s in shifts])
    (runs,) = seeded_runs([(float(loaded), float(unloaded))], windows, seed, "tag M-1")
    assert sum(r.minutes for r in runs if r.state != "unloaded") == pytest.approx(loaded)
    assert sum(r.minutes for r in runs if r.state == "unloaded") == pytest.approx(unloaded)
    ordered = sorted(runs, key=lambda r: r.start_minute)
    following = [r.start_minute for r in ordered[1:]] + [r.start_minute + 1440 for r in ordered[:1]]
    assert all(run.end_minute <= after + 1e-6 for run, after in zip(ordered, following, strict=True))
    inside = sum(b - a for a, b in windows)
    if loaded + unloaded <= inside:
        assert all(any(a - 1e-6 <= r.start_minute and r.end_minute <= b + 1e-6 for a, b in windows) for r in runs)


@given(minutes=st.integers(30, 900), seed=st.integers(0, 1000))
def test_runs_are_half_an_hour_or_longer(minutes, seed):
    (runs,) = seeded_runs([(float(minutes), 0.0)], ((360.0, 1320.0),), seed, "tag M-1")
    assert all(run.minutes >= MIN_RUN_MINUTES for run in runs)
    assert all(run.start_minute == int(run.start_minute) for run in runs)


def test_unloaded_running_follows_loaded_running():
    (runs,) = seeded_runs([(240.0, 90.0)], ((360.0, 1320.0),), 3, "tag C-1")
    ordered = sorted(runs, key=lambda r: r.start_minute)
    assert [r.state for r in ordered] == ["loaded", "unloaded"] * (len(ordered) // 2)
    for loaded, unloaded in zip(ordered[::2], ordered[1::2], strict=True):
        assert unloaded.start_minute == loaded.end_minute


def test_a_printed_schedule_reads_back_to_the_same_runs():
    (runs,) = seeded_runs([(240.0, 90.0)], ((360.0, 1320.0),), 3, "tag C-1")
    again = stated_runs(parse_schedule(schedule_text(runs)), 240.0, 90.0)
    assert sorted(again, key=lambda r: r.start_minute) == sorted(runs, key=lambda r: r.start_minute)


def test_unloaded_running_without_room_follows_the_next_run():
    runs = stated_runs(parse_schedule("06:00-08:00; 08:10-10:10"), 240.0, 60.0)
    unloaded = [(r.start_minute, r.minutes) for r in runs if r.state == "unloaded"]
    assert unloaded == [(480.0, 10.0), (610.0, 50.0)]


# The load


def test_energy_is_that_of_the_machines():
    machines = [row(), row("C-1", 4.0, equipment="compressor", unloaded_hours_per_day=1.5), row("L-1", 7.3, quantity=3)]
    site = make_site()
    load, rows = build_load(site, inventory(*machines), 2025)
    plans = plan_machines(site, inventory(*machines))
    expected = sum(plan.energy_kwh_per_day for plan in plans) * 312
    assert load.energy_kwh == pytest.approx(expected, rel=1e-12)
    assert sum(r.hours * r.power_kw for r in rows) * 312 == pytest.approx(expected, rel=1e-12)
    assert len(load.load_kw) == 365 * 96
    assert (load.origin, load.step_minutes) == ("built", 15)
    assert {"load_calendar", "load_seeded", "load_reactive_estimated"} <= {f.key for f in load.findings}


@settings(max_examples=30, deadline=None)
@given(
    hours=st.lists(st.floats(0, 24), min_size=1, max_size=4),
    step=st.sampled_from([5, 15, 30, 60]),
    shifts=st.sampled_from([TWO_SHIFTS, ((22, 6),), ((8, 12), (13, 17))]),
    sequence=st.sampled_from(["", "line"]),
)
def test_energy_is_exact_at_every_step(hours, step, shifts, sequence):
    machines = [row(f"M-{i}", h, sequence=sequence) for i, h in enumerate(hours)]
    site = make_site(shifts)
    load, _ = build_load(site, inventory(*machines), 2024, step)
    days = len(working_days(2024, 26))
    expected = sum(plan.energy_kwh_per_day for plan in plan_machines(site, inventory(*machines))) * days
    assert load.energy_kwh == pytest.approx(expected, rel=1e-9, abs=1e-6)
    assert load.load_kw.min() >= 0


def test_a_machine_runs_at_its_power_and_is_never_smeared():
    load, rows = build_load(make_site(), inventory(row(hours=1.2)), 2025)
    power = rows[0].power_kw
    day = load.load_kw["2025-01-02"].to_numpy()
    assert day.max() == pytest.approx(power)
    assert np.count_nonzero(day) <= 8  # 72 minutes fill 4.8 quarters; two runs touch up to 8
    assert day.sum() * 0.25 == pytest.approx(1.2 * power)


def test_twelve_of_fifteen_minutes_are_twelve_fifteenths():
    load, _ = build_load(make_site(), inventory(row(hours=0.2, schedule="06:00-06:12")), 2025)
    (plan,) = plan_machines(make_site(), inventory(row(hours=0.2, schedule="06:00-06:12")))
    assert load.load_kw[pd.Timestamp("2025-01-02 06:00", tz=LOCAL_TIME)] == pytest.approx(0.8 * plan.state.input_kw)


def test_rest_days_are_dark():
    load, _ = build_load(make_site(), inventory(row()), 2025)
    assert load.load_kw["2025-01-05"].sum() == 0  # a Sunday
    assert load.load_kw["2025-01-06"].sum() > 0


def test_the_night_of_the_last_working_day_stays_in_the_year():
    night = make_site(shifts=((22, 6),), workdays=31)
    load, _ = build_load(night, inventory(row(hours=8.0)), 2025)
    assert load.energy_kwh == pytest.approx(365 * 8 * load.peak_kw)
    assert load.load_kw.iloc[0] == pytest.approx(load.peak_kw)


def test_machines_in_sequence_start_together():
    machines = [row("A", 1.2, sequence="line"), row("B", 3.5, sequence="line"), row("C", 3.0)]
    plans = plan_machines(make_site(), inventory(*machines))
    first = [{r.start_minute for r in plan.runs} for plan in plans]
    assert first[0] == first[1]
    assert first[0] != first[2]


def test_another_machine_does_not_move_the_others():
    alone = plan_machines(make_site(), inventory(row("A"), row("B")))
    more = plan_machines(make_site(), inventory(row("Z", 5.0), row("B"), row("A")))
    runs = {plan.motor.tag: plan.runs for plan in more}
    assert all(runs[plan.motor.tag] == plan.runs for plan in alone)


def test_the_seed_moves_machines_and_keeps_energy():
    loads = [build_load(make_site(seed=s), inventory(row(), row("B")), 2025)[0] for s in (1, 2, 1)]
    assert not loads[0].load_kw.equals(loads[1].load_kw)
    assert loads[0].load_kw.equals(loads[2].load_kw)
    assert loads[0].energy_kwh == pytest.approx(loads[1].energy_kwh)


def test_hours_beyond_the_shifts_run_on_and_say_so():
    load, rows = build_load(make_site(), inventory(row("F", 20.0), row("G", 24.0)), 2025)
    assert [(r.tag, r.start, r.end) for r in rows] == [("F", "06:00", "02:00"), ("G", "06:00", "06:00")]
    assert [f.subject for f in load.findings if f.key == "load_hours_outside_shifts"] == ["F", "G"]


@given(hours=st.floats(0.1, 20), more=st.floats(0, 4), quantity=st.integers(1, 5))
@settings(max_examples=20, deadline=None)
def test_energy_follows_hours_and_quantity(hours, more, quantity):
    def energy(**values):
        return build_load(make_site(), inventory(row(**values)), 2025, 60)[0].energy_kwh

    one = energy(hours=hours)
    assert energy(hours=hours + more) >= one - 1e-6
    assert energy(hours=hours, quantity=quantity) == pytest.approx(quantity * one)


def test_standby_units_add_nothing():
    plain, _ = build_load(make_site(), inventory(row()), 2025)
    spare, _ = build_load(make_site(), inventory(row(standby_quantity=1)), 2025)
    assert plain.load_kw.equals(spare.load_kw)


def test_zero_hours_and_empty_inventories_are_a_load_of_zero():
    for machines in ((row(hours=0.0),), (row(quantity=0),), ()):
        load, _ = build_load(make_site(), inventory(*machines), 2025)
        assert load.energy_kwh == 0


def test_every_bad_row_is_reported_at_once():
    bad = [
        row("A", 20.0, equipment="compressor", unloaded_hours_per_day=6.0),
        row("B", 3.0, schedule="06:00-08:00"),
        row("C", 3.0, schedule="morning"),
        row("D", 3.0, schedule="06:00-09:00"),
    ]
    with pytest.raises(InputError) as caught:
        build_load(make_site(), inventory(*bad), 2025)
    found = [(p.key, p.field) for p in caught.value.problems]
    assert found == [
        ("load_hours_over_day", "A.hours_per_day"),
        ("load_schedule_contradicts", "B.schedule"),
        ("load_schedule_unreadable", "C.schedule"),
    ]


def test_runs_on_a_record_that_starts_off_the_grid_of_the_day():
    index = pd.date_range(pd.Timestamp("2025-03-03 00:07", tz=LOCAL_TIME), periods=96, freq="15min")
    run = Run(start_minute=600, minutes=60)
    power = power_on(index, 15, [date(2025, 3, 3)], [(run, 8.0)], wrap=False)
    assert power.sum() * 0.25 == pytest.approx(8.0)
    assert power.max() == 8.0
    outside = power_on(index, 15, [date(2025, 3, 9)], [(run, 8.0)], wrap=False)
    assert outside.sum() == 0
