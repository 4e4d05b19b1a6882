"""Dust between rains and washes: Kimber's rules by hand, washing and its cost, and what a site file may say."""

import datetime

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from mine_energy.pv.soiling import Soiling, compare_washing, even_days, soiling_of, washing_plans
from mine_energy.site import SoilingChoice
from mine_energy.weather.contract import calendar_index

NO_RAIN = (0.0,) * 12
DRY = Soiling(cleaning_rains=NO_RAIN, rate_per_day=0.001, max_loss=0.2, grace_days=0)


def test_dust_grows_by_its_rate_up_to_its_limit() -> None:
    lost = DRY.daily_loss()
    assert lost.shape == (365,)
    # Never washed: the second year stands at the limit all along.
    np.testing.assert_allclose(lost, 0.2)
    slow = Soiling(cleaning_rains=NO_RAIN, rate_per_day=0.001, max_loss=0.9, washes=(0,), grace_days=0)
    np.testing.assert_allclose(np.diff(slow.daily_loss()), 0.001, atol=1e-12)


def test_a_wash_clears_the_modules_and_dust_starts_at_once() -> None:
    washed = Soiling(cleaning_rains=NO_RAIN, rate_per_day=0.001, max_loss=0.9, grace_days=14, washes=(100,))
    lost = washed.daily_loss()
    assert lost[100] == pytest.approx(0.0, abs=1e-12)
    assert lost[110] == pytest.approx(0.010)
    assert lost[99] == pytest.approx(0.364)


def test_rain_clears_and_keeps_the_ground_damp() -> None:
    june = tuple(1.0 if month == 5 else 0.0 for month in range(12))
    rainy = Soiling(cleaning_rains=june, rate_per_day=0.002, max_loss=0.9, grace_days=10)
    lost = rainy.daily_loss()
    clean = np.flatnonzero(lost < 1e-12)
    assert 10 <= len(clean) <= 12
    assert 151 <= clean[0] <= 180
    assert lost[clean[-1] + 5] == pytest.approx(0.010)


def test_rain_every_day_leaves_no_dust() -> None:
    wet = Soiling(cleaning_rains=(31.0,) * 12, rate_per_day=0.003, max_loss=0.3, grace_days=14)
    assert wet.daily_loss().max() == pytest.approx(0.0, abs=1e-12)


def test_hours_of_leap_years_repeat_the_28th() -> None:
    months = tuple(0.01 * (month + 1) for month in range(12))
    passed = Soiling(monthly=months).hourly_pass(calendar_index(2024))
    index = calendar_index(2024)
    assert len(passed) == 8784
    for month in range(1, 13):
        np.testing.assert_allclose(passed[index.month == month], 1 - months[month - 1])


def test_washing_pays_until_it_does_not() -> None:
    dusty = Soiling(cleaning_rains=NO_RAIN, rate_per_day=0.003, max_loss=0.3, grace_days=14, wash_cost_usd_per_kwp=1.5)
    plans = washing_plans(dusty, np.full(365, 4.0), 0.15)
    assert plans[0].gained_kwh_per_kwp == 0
    assert plans[0].net_usd_per_kwp == 0
    losses = [plan.loss for plan in plans]
    assert losses == sorted(losses, reverse=True)
    # By hand: n even washes leave a mean of 0.003 (365/n - 1)/2 where the limit is not reached.
    monthly = next(plan for plan in plans if plan.washes_per_year == 12)
    assert monthly.loss == pytest.approx(0.003 * (365 / 12 - 1) / 2, rel=0.02)
    assert monthly.cost_usd_per_kwp == pytest.approx(18)
    best = max(plans, key=lambda plan: plan.net_usd_per_kwp)
    assert 4 <= best.washes_per_year <= 12
    with pytest.raises(ValueError, match="monthly"):
        washing_plans(Soiling(monthly=(0.1,) * 12), np.ones(365), 0.1)


def test_plans_are_compared_on_the_years_own_hours() -> None:
    dusty = Soiling(
        cleaning_rains=NO_RAIN, rate_per_day=0.003, max_loss=0.3, washes=even_days(4), wash_cost_usd_per_kwp=1.5
    )
    index = calendar_index(2023)
    clean = pd.Series(np.where(index.hour == 12, 4.0, 0.0), index=index)
    found = compare_washing(dusty, clean * dusty.hourly_pass(index), 0.15)
    assert found is not None
    assert (found.washes_per_year, found.wash_cost_usd_per_kwp, found.energy_usd_per_kwh) == (4, 1.5, 0.15)
    expected = washing_plans(dusty, np.full(365, 4.0), 0.15)
    for plan, by_hand in zip(found.plans, expected, strict=True):
        assert plan.gained_kwh_per_kwp == pytest.approx(by_hand.gained_kwh_per_kwp, abs=1e-9)
    assert found.best == max(found.plans, key=lambda plan: plan.net_usd_per_kwp)
    # Without a price there is no best, but what a kWh won costs is known.
    unpriced = compare_washing(dusty, clean * dusty.hourly_pass(index))
    assert unpriced is not None
    assert unpriced.best is None
    assert unpriced.plans[0].cost_usd_per_kwh_gained is None
    last = unpriced.plans[-1]
    assert last.cost_usd_per_kwh_gained == pytest.approx(24 * 1.5 / last.gained_kwh_per_kwp)
    # Flat loss or loss by month: nothing answers to a wash.
    assert compare_washing(None, clean) is None
    assert compare_washing(Soiling(monthly=(0.1,) * 12), clean) is None


def test_what_nobody_stated_is_named() -> None:
    bare = soiling_of(SoilingChoice(cleaning_rains=(2.0,) * 12))
    assert set(bare.assumed) == {"soiling_rate_per_day", "max_soiling", "grace_days", "wash_cost_usd_per_kwp"}
    assert bare.washing_usd_per_kwp_year == 0.0
    told = soiling_of(
        SoilingChoice(
            rain_mm=(100.0,) * 12,
            rate_per_day=0.004,
            max_loss=0.25,
            grace_days=5,
            cleaning_rain_mm=5.0,
            washes_per_year=4,
            wash_cost_usd_per_kwp=2.0,
        )
    )
    assert told.assumed == ()
    assert told.washing_usd_per_kwp_year == 8.0
    # 100 mm in rains of 10 mm on average: exp(-1/2) of ten pass 5 mm.
    assert told.cleaning_rains[0] == pytest.approx(10 * np.exp(-0.5))
    by_date = soiling_of(
        SoilingChoice(rain_mm=NO_RAIN, wash_dates=(datetime.date(2025, 3, 1), datetime.date(2024, 2, 29)))
    )
    assert by_date.washes == (58, 59)


def test_washes_are_even() -> None:
    assert even_days(0) == ()
    assert even_days(1) == (182,)
    assert len(set(even_days(52))) == 52


@pytest.mark.parametrize(
    ("choice", "kind"),
    [
        ({}, "soiling_without_rain"),
        ({"rain_mm": [1, 2, 3]}, "twelve_months"),
        ({"monthly": [0.1] * 13}, "twelve_months"),
        ({"monthly": [1.5] * 12}, "less_than"),
        ({"rain_mm": [-1] * 12}, "greater_than_equal"),
    ],
)
def test_bad_dust_is_refused(choice: dict[str, object], kind: str) -> None:
    with pytest.raises(ValidationError) as error:
        SoilingChoice.model_validate(choice)
    assert error.value.errors()[0]["type"] == kind
