"""A year from weeks of metering, and a year from bills: exact where the weeks repeat, banded where they do not."""

import itertools
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loads_support import metered, site_of
from mine_energy.errors import InputError
from mine_energy.io.meters import read_meter
from mine_energy.loads import (
    BillPeriod,
    Bills,
    compare_bills,
    holiday_dates,
    load_from_bills,
    spread_to_year,
    working_days,
    year_from_weeks,
)


def weeks_of(count, start="2025-03-03", noise=0.0, reactive=False):
    """Return weeks of 100 kW in the shifts of Monday to Saturday and 10 kW otherwise."""
    quarter = np.arange(96)
    day = np.where((quarter >= 24) & (quarter < 88), 100.0, 10.0)
    rng = np.random.default_rng(3)
    days = [(np.full(96, 10.0) if i % 7 == 6 else day) * rng.normal(1, noise) for i in range(7 * count)]
    values = np.concatenate(days)
    return metered(values, start=start, reactive=values / 2 if reactive else None)


WORK_KWH, SUNDAY_KWH = 100 * 16 + 10 * 8, 240


def test_exact_weeks_give_the_exact_year():
    # 2025: 52 Sundays, 17 dates of public holidays of which none is a Sunday but 20 July; holidays take a Sunday.
    load = year_from_weeks(weeks_of(3), site_of(workdays=24), 2025)
    days = [date(2025, 1, 1) + timedelta(days=i) for i in range(365)]
    idle = sum(day.weekday() == 6 or day in holiday_dates("CO", [2025]) for day in days)
    assert load.energy_kwh == pytest.approx((365 - idle) * WORK_KWH + idle * SUNDAY_KWH)
    # The weeks are exact; only whether the plant rests on its 16 holidays that are no Sundays is open.
    holidays = idle - sum(day.weekday() == 6 for day in days)
    open_kwh = holidays * (WORK_KWH - SUNDAY_KWH)
    assert load.energy_band_kwh == pytest.approx((load.energy_kwh, load.energy_kwh + open_kwh))
    assert load.origin == "extrapolated"
    assert len(load.load_kw) == 365 * 96
    assert load.peak_kw == 100
    keys = [f.key for f in load.findings]
    # 24 March 2025 is a holiday, but the record ends on the 23rd.
    assert "load_year_holiday_as_sunday" in keys
    assert "load_year_season" in keys


def test_a_leap_year_and_a_week_that_starts_within_a_day():
    whole = year_from_weeks(weeks_of(1), site_of("PE"), 2024)
    assert "load_year_holiday_as_weekday" in [f.key for f in whole.findings]
    assert len(whole.load_kw) == 366 * 96
    # Tuesday 10:00 to Tuesday 10:00: the two halves of Tuesday make one day.
    cut = weeks_of(2)
    part = slice(96 + 40, 96 * 8 + 40)
    seven = metered(cut.load_kw.to_numpy()[part], start="2025-03-04 10:00")
    assert year_from_weeks(seven, site_of("PE"), 2024).energy_kwh == pytest.approx(whole.energy_kwh)


def test_a_metered_holiday_stands_for_holidays():
    # 24 March 2025 is a public holiday of Colombia and this plant works on it.
    load = year_from_weeks(weeks_of(4), site_of(), 2025)
    assert "load_year_holiday_as_sunday" not in [f.key for f in load.findings]
    sundays = sum((date(2025, 1, 1) + timedelta(days=i)).weekday() == 6 for i in range(365))
    on_sunday = sum(day.weekday() == 6 for day in holiday_dates("CO", [2025]))
    worked = 365 - sundays + on_sunday
    assert load.energy_kwh == pytest.approx(worked * WORK_KWH + (365 - worked) * SUNDAY_KWH)


@pytest.mark.parametrize(("workdays", "rests"), [(31, False), (26, False), (25, True), (22, True)])
def test_the_stated_working_days_tell_whether_holidays_rest(workdays, rests):
    # 26 days a month are 312 a year: every day but the Sundays.
    load = year_from_weeks(weeks_of(1), site_of(workdays=workdays), 2025)
    keys = [f.key for f in load.findings]
    assert ("load_year_holiday_as_sunday" in keys, "load_year_holiday_as_weekday" in keys) == (rests, not rests)
    low, high = load.energy_band_kwh
    assert (low < load.energy_kwh, high > load.energy_kwh) == (not rests, rests)


def test_reactive_power_stays_with_its_day():
    load = year_from_weeks(weeks_of(2, noise=0.2, reactive=True), site_of(), 2025)
    assert load.reactive_kvar.to_numpy() == pytest.approx(load.load_kw.to_numpy() / 2)


def test_production_moves_working_days_alone():
    monthly = [20.0] * 6 + [40.0] * 6
    even = year_from_weeks(weeks_of(2), site_of(), 2025)
    more = year_from_weeks(weeks_of(2), site_of(), 2025, monthly, metered_t_per_day=20.0, fixed_share=0.4)
    half = len(even.load_kw) * 181 // 365
    assert more.load_kw.to_numpy()[:half] == pytest.approx(even.load_kw.to_numpy()[:half])
    ratio = more.load_kw.to_numpy()[half:] / even.load_kw.to_numpy()[half:]
    assert set(np.round(ratio, 9)) == {1.0, 1.6}
    assert "load_year_production_used" in [f.key for f in more.findings]
    with pytest.raises(InputError, match="load_year_production"):
        year_from_weeks(weeks_of(2), site_of(), 2025, monthly)


@pytest.mark.parametrize(
    ("load", "key"),
    [
        (metered(np.full(96 * 6, 5.0)), "load_year_too_short"),
        (metered(np.full(96 * 7 - 4, 5.0)), "load_year_too_short"),
        (metered([np.nan] + [5.0] * 96 * 8), "load_year_gaps"),
    ],
)
def test_what_cannot_be_a_year_is_refused(load, key):
    with pytest.raises(InputError, match=key):
        year_from_weeks(load, site_of(), 2025)


def test_a_week_whose_sunday_is_a_holiday_shows_no_sunday():
    load = metered(np.full(96 * 7, 5.0), start="2025-07-14")  # Sunday 20 July is Colombia's Independence Day
    with pytest.raises(InputError, match="load_year_unseen_sunday"):
        year_from_weeks(load, site_of(), 2025)


def test_the_band_covers_the_true_year_of_a_plant_whose_weeks_differ():
    """Simulated plants with the same law in every week: the 90 % interval holds the year in about nine of ten."""
    rng = np.random.default_rng(11)
    held = 0
    for _ in range(100):
        weekly = rng.normal(1, 0.08, 53)
        scale = np.repeat(weekly, 7)[:365] * rng.normal(1, 0.05, 365)
        kind = np.array([0.2 if (date(2025, 1, 1) + timedelta(days=i)).weekday() == 6 else 1.0 for i in range(365)])
        daily = 1000 * kind * scale
        hourly = np.repeat(daily / 24, 24)
        first = 7 * int(rng.integers(1, 46)) - 2  # a Monday
        part = metered(hourly[first * 24 : (first + 28) * 24], step=60, start=str(date(2025, 1, 1) + timedelta(first)))
        built = year_from_weeks(part, site_of(workdays=31), 2025)
        held += built.energy_band_kwh[0] <= daily.sum() <= built.energy_band_kwh[1]
    assert 82 <= held <= 98


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 8), st.sampled_from([2024, 2025, 2026]), st.sampled_from([15, 30, 60]))
def test_every_interval_of_the_year_was_metered(weeks, year, step):
    values = np.random.default_rng(weeks).uniform(5, 90, 7 * weeks * 1440 // step)
    load = year_from_weeks(metered(values, step=step), site_of(), year)
    assert set(load.load_kw.unique()) <= set(values)
    assert load.energy_band_kwh[0] <= load.energy_kwh <= load.energy_band_kwh[1]


def test_three_weeks_of_the_real_year(shared_file):
    steel = read_meter(shared_file("loads/Steel_industry_data.csv"))
    part = metered(steel.load_kw.to_numpy()[96 * 63 : 96 * 84], start="2018-03-05")
    built = year_from_weeks(part, site_of(), 2018)
    low, high = built.energy_band_kwh
    assert built.energy_kwh == pytest.approx(959_637, rel=0.15)
    assert high - low > 0.05 * built.energy_kwh
    assert built.peak_kw == part.peak_kw


# Bills


def bills_of(*periods):
    return Bills(periods=tuple(periods), label="b.csv")


def year_of_bills(kwh_per_day=100.0, **more):
    """Return twelve bills from the fifth of each month of 2024 on."""
    edges = [date(2024, month, 5) for month in range(1, 13)] + [date(2025, 1, 5)]
    return bills_of(
        *(
            BillPeriod(start=a, end=b, energy_kwh=kwh_per_day * (b - a).days, **more)
            for a, b in itertools.pairwise(edges)
        )
    )


def test_bills_are_spread_by_days_and_the_rest_is_counted():
    spread = spread_to_year(year_of_bills(), 2024)
    assert spread.energy_kwh.tolist() == pytest.approx([2700, 2900, 3100, 3000, 3100, 3000, 3100, 3100, 3000, 3100,
                                                        3000, 3100])  # fmt: skip
    assert (spread.uncovered_days, spread.outside_days) == (4, 4)
    assert spread.covered_days.sum() == 362


def test_a_load_from_bills_keeps_their_energy():
    load = load_from_bills(year_of_bills(reactive_kvarh=1500.0), site_of(), 2025)
    assert load.origin == "billed"
    assert load.energy_kwh == pytest.approx(36_500, rel=0.01)
    assert load.energy_band_kwh[0] < load.energy_kwh < load.energy_band_kwh[1]
    ratio = load.reactive_kvar.sum() / load.load_kw.sum()
    assert ratio == pytest.approx(0.49, abs=0.02)
    keys = [f.key for f in load.findings]
    assert keys == ["bill_input_load", "bill_input_shape"]


def test_the_energy_of_each_bill_comes_back_exactly_in_its_own_year():
    edges = [date(2024, 1, 1), date(2024, 2, 1), date(2024, 3, 1), date(2024, 4, 1)]
    energies = (3000.0, 9000.0, 600.0)
    periods = [BillPeriod(start=a, end=b, energy_kwh=e) for a, b, e in zip(edges, edges[1:], energies, strict=False)]
    load = load_from_bills(bills_of(*periods), site_of(), 2024)
    found = load.monthly_kwh()[:3]
    assert found == pytest.approx(energies)
    assert [f.params.get("days") for f in load.findings if f.key == "bill_input_uncovered"] == [366 - 91]
    low, high = load.energy_band_kwh
    assert (high - low) / load.energy_kwh > 1  # three unlike bills know little of the rest


def test_shape_of_a_bill_by_hand():
    # 26 days of 16 h and a month of 30 days, share 0.25: E = P (0.25 720 + 0.75 416) = 492 P.
    april = BillPeriod(start=date(2025, 4, 1), end=date(2025, 5, 1), energy_kwh=4920.0, demand_kw=25.0)
    load = load_from_bills(bills_of(april), site_of(), 2025, base_share=0.25)
    month = load.load_kw[load.load_kw.index.month == 4]
    assert month.max() == pytest.approx(10.0)
    assert month.min() == pytest.approx(2.5)
    assert month.sum() / 4 == pytest.approx(4920)
    assert "bill_input_peak_lower" in [f.key for f in load.findings]
    assert len(working_days(2025, 26)) == 26 * 12


def test_no_bills_no_load():
    with pytest.raises(InputError, match="bill_input_no_load"):
        load_from_bills(bills_of(), site_of(), 2025)
    with pytest.raises(InputError, match="bill_input_no_load"):
        load_from_bills(year_of_bills(), site_of(), 2025, base_share=1.5)


def test_an_estimated_last_bill_widens_the_band():
    sure, guessed = (load_from_bills(b, site_of(), 2025) for b in (year_of_bills(), year_of_bills(estimated=True)))
    assert guessed.energy_band_kwh[1] > sure.energy_band_kwh[1]


def test_bills_beside_a_meter():
    load = metered(np.full(96 * 90, 10.0), start="2025-01-01")
    same = BillPeriod(start=date(2025, 1, 1), end=date(2025, 2, 1), energy_kwh=7440.0)
    apart = BillPeriod(start=date(2025, 2, 1), end=date(2025, 3, 1), energy_kwh=8000.0, demand_kw=12.0)
    outside = BillPeriod(start=date(2025, 3, 1), end=date(2025, 4, 2), energy_kwh=1.0)
    found, said = compare_bills(bills_of(same, apart, outside), load)
    assert [round(one.difference, 4) for one in found] == [0.0, -0.16]
    assert [f.key for f in said] == ["bill_input_not_compared", "bill_input_compared", "bill_input_apart"]
    assert said[1].params["load_kwh"] == pytest.approx(10 * 24 * 59)
    assert said[1].level == "warning"
