"""Energy and production: NIST's certified regression, exact lines, refusals, prediction, CUSUM, LBEn."""

import math
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter
from scipy.special import fdtri

from loads_support import metered
from mine_energy.errors import InputError
from mine_energy.loads import (
    Baseline,
    BillPeriod,
    Bills,
    LBEn,
    Production,
    cusum_kwh,
    fit_baseline,
    index_base_100,
    lben_record,
    predict,
    production_points,
    with_energy,
    year_standard_error_kwh,
)

# NIST Statistical Reference Datasets, linear regression, "Norris" (calibration of ozone monitors), lower difficulty:
# 36 observations and certified values of the straight line.
NORRIS_X = [0.2, 337.4, 118.2, 884.6, 10.1, 226.5, 666.3, 996.3, 448.6, 777.0, 558.2, 0.4, 0.6, 775.5, 666.9, 338.0,
            447.5, 11.6, 556.0, 228.1, 995.8, 887.6, 120.2, 0.3, 0.3, 556.8, 339.1, 887.2, 999.0, 779.0, 11.1, 118.3,
            229.2, 669.1, 448.9, 0.5]  # fmt: skip
NORRIS_Y = [0.1, 338.8, 118.1, 888.0, 9.2, 228.1, 668.5, 998.5, 449.1, 778.9, 559.2, 0.3, 0.1, 778.1, 668.8, 339.3,
            448.9, 10.8, 557.7, 228.3, 998.0, 888.8, 119.6, 0.3, 0.6, 557.6, 339.3, 888.0, 998.5, 778.9, 10.2, 117.6,
            228.9, 668.4, 449.2, 0.2]  # fmt: skip


@pytest.mark.reference
def test_certified_regression_of_nist():
    found = fit_baseline(NORRIS_Y, NORRIS_X)
    assert found.intercept_kwh == pytest.approx(-0.262323073774029, rel=1e-11)
    assert found.slope_kwh_per_t == pytest.approx(1.00211681802045, rel=1e-13)
    assert found.se_intercept_kwh == pytest.approx(0.232818234301152, rel=1e-11)
    assert found.se_slope_kwh_per_t == pytest.approx(0.429796848199937e-03, rel=1e-11)
    assert found.residual_sd_kwh == pytest.approx(0.884796396144373, rel=1e-11)
    assert found.r2 == pytest.approx(0.999993745883712, rel=1e-13)
    assert found.f_statistic == pytest.approx(5436385.54079785, rel=1e-10)


@pytest.mark.reference
def test_critical_f_of_enpi_lite():
    # EnPI Lite (US DOE, LBNL): one variable, twelve months, 10 %: F above 3.2850. Its p is then 0.10 on both ways.
    assert fdtri(1, 10, 0.9) == pytest.approx(3.2850, abs=5e-5)
    found = fit_baseline(*tonnes_and_energy(noise=900.0, seed=4))
    assert found.p_f == pytest.approx(found.p_slope, rel=1e-9)  # one variable: F = t^2
    assert found.f_statistic == pytest.approx(found.t_slope**2)


def tonnes_and_energy(count=12, noise=100.0, seed=1, e0=3000.0, m=40.0):
    rng = np.random.default_rng(seed)
    tonnes = rng.uniform(50, 200, count)
    return e0 + m * tonnes + rng.normal(0, noise, count), tonnes


def test_an_exact_line_by_hand():
    # E = 2000 + 50 P.
    found = fit_baseline([3000, 4000, 5000, 6000], [20, 40, 60, 80])
    assert (found.intercept_kwh, found.slope_kwh_per_t) == (pytest.approx(2000), pytest.approx(50))
    assert found.r2 == pytest.approx(1)
    assert found.t_slope is None
    assert found.p_slope == 0
    assert found.not_tied_share == pytest.approx(2000 / 4500)
    assert found.specific_kwh_per_t([20, 100]).tolist() == pytest.approx([150, 70])
    assert np.isinf(found.specific_kwh_per_t([0.0])[0])
    assert found.refusals == ("points",)
    TypeAdapter(Baseline).validate_json(TypeAdapter(Baseline).dump_json(found))


def test_a_good_year_is_accepted():
    found = fit_baseline(*tonnes_and_energy())
    assert found.accepted
    assert found.findings == ()
    assert found.intercept_kwh == pytest.approx(3000, abs=4 * found.se_intercept_kwh)


@pytest.mark.parametrize(
    ("points", "period", "refusal"),
    [
        (tonnes_and_energy(count=11), "month", "points"),
        (tonnes_and_energy(count=29), "day", "points"),
        (tonnes_and_energy(noise=4000.0), "month", "r2"),
        (tonnes_and_energy(m=0.0), "month", "slope"),
        (tonnes_and_energy(m=-40.0), "month", "sign"),
    ],
)
def test_what_is_no_baseline_is_refused_with_the_reason(points, period, refusal):
    found = fit_baseline(*points, period)
    assert not found.accepted
    assert refusal in found.refusals
    assert f"baseline_refused_{refusal}" in [f.key for f in found.findings]


@pytest.mark.parametrize(
    ("energy", "tonnes", "key"),
    [
        ([1, 2], [1, 2], "baseline_lengths"),
        ([1, 2, 3], [1, 2], "baseline_lengths"),
        ([1, 2, np.nan], [1, 2, 3], "baseline_value"),
        ([1, 2, 3], [1, -2, 3], "baseline_value"),
        ([1, 2, 3], [5, 5, 5], "baseline_no_variation"),
        ([1, 2, 3], [0, 0, 0], "baseline_no_variation"),
    ],
)
def test_points_that_make_no_line_are_refused(energy, tonnes, key):
    with pytest.raises(InputError, match=key):
        fit_baseline(energy, tonnes)


def test_doubts_about_a_line_are_told():
    tonnes = np.linspace(50, 200, 24)
    waves = 30 * tonnes - 500 + 300 * np.sin(np.arange(24) / 3)
    keys = [f.key for f in fit_baseline(waves, tonnes).findings]
    assert keys == ["baseline_intercept_negative", "baseline_autocorrelated"]


# Prediction


def test_standard_error_of_a_prediction_by_hand():
    # One new point at the mean of n = 4 points: s sqrt(1 + 1/4).
    found = fit_baseline([10.0, 21, 29, 40], [1.0, 2, 3, 4])
    one = predict(found, [2.5])
    assert one.standard_error_kwh == pytest.approx(found.residual_sd_kwh * np.sqrt(1.25))
    assert one.energy_kwh == pytest.approx(25.0)
    # The baseline's own points again: s sqrt(n + n).
    again = predict(found, [1.0, 2, 3, 4])
    assert again.standard_error_kwh == pytest.approx(found.residual_sd_kwh * np.sqrt(8))
    # Student's t of 2 degrees of freedom, 95 %: 2.920 (published tables).
    assert (one.high_kwh - one.energy_kwh) / one.standard_error_kwh == pytest.approx(2.920, abs=5e-4)


def test_the_interval_of_a_year_holds_in_nine_of_ten():
    rng = np.random.default_rng(7)
    held = 0
    for _ in range(400):
        tonnes, new = rng.uniform(50, 200, 12), rng.uniform(50, 200, 12)
        energy, actual = (3000 + 40 * p + rng.normal(0, 400, 12) for p in (tonnes, new))
        found = predict(fit_baseline(energy, tonnes), new)
        held += found.low_kwh <= actual.sum() <= found.high_kwh
    assert 0.86 <= held / 400 <= 0.94


def test_extrapolation_is_told():
    found = fit_baseline(*tonnes_and_energy())
    assert predict(found, [120.0] * 3).findings == ()
    assert [f.key for f in predict(found, [900.0]).findings] == ["baseline_out_of_range"]


@settings(max_examples=50, deadline=None)
@given(st.integers(3, 60), st.integers(0, 10_000), st.floats(0.1, 50))
def test_least_squares_properties(count, seed, scale):
    energy, tonnes = tonnes_and_energy(count, noise=500.0, seed=seed)
    found = fit_baseline(energy, tonnes)
    assert 0 <= found.r2 <= 1
    assert float(cusum_kwh(found, energy, tonnes)[-1]) == pytest.approx(0, abs=1e-6 * energy.sum())
    other = fit_baseline(energy * scale, tonnes / scale)
    assert other.slope_kwh_per_t == pytest.approx(found.slope_kwh_per_t * scale**2, rel=1e-6)
    assert other.r2 == pytest.approx(found.r2, abs=1e-9)


def test_cusum_and_index():
    found = fit_baseline([3000, 4000, 5000, 6000], [20, 40, 60, 80])
    assert cusum_kwh(found, [2900, 4100, 4800], [20, 40, 60]).tolist() == pytest.approx([-100, 0, -200])
    assert index_base_100(found, [3000, 2000], [20, 20]).tolist() == pytest.approx([100, 150])


# LBEn


def test_three_models_of_the_record():
    found = fit_baseline(*tonnes_and_energy())
    span = (date(2024, 1, 1), date(2024, 12, 31))
    absolute, ratio, line = (lben_record(found, *span, model) for model in ("absolute", "ratio", "regression"))
    assert absolute.value == pytest.approx(found.energy_kwh.mean())
    assert ratio.value == pytest.approx(found.energy_kwh.sum() / found.production_t.sum())
    assert (line.value, line.intercept_kwh, line.r2) == (found.slope_kwh_per_t, found.intercept_kwh, found.r2)
    assert absolute.r2 is None
    assert all("field_names" in one.unconfirmed for one in (absolute, ratio, line))
    assert line.findings[-1].key == "baseline_lben_unconfirmed"
    adapter = TypeAdapter(LBEn)
    assert adapter.validate_json(adapter.dump_json(line)) == line


def test_a_refused_line_is_not_exported_as_regression():
    refused = fit_baseline(*tonnes_and_energy(count=5))
    with pytest.raises(InputError, match="baseline_not_exportable"):
        lben_record(refused, date(2024, 1, 1), date(2024, 5, 31))
    assert lben_record(refused, date(2024, 1, 1), date(2024, 5, 31), "absolute").points == 5
    idle = fit_baseline([100.0, 200, 300], [0.0, 1, 2])
    with pytest.raises(InputError, match="baseline_not_exportable"):
        lben_record(idle, date(2024, 1, 1), date(2024, 3, 31), "ratio")


def test_energy_of_the_days_and_months_of_production():
    load = metered(np.full(96 * 40, 10.0), start="2025-01-20")
    months = Production(period="month", dates=(date(2025, 1, 1), date(2025, 2, 1)), ore_t=np.array([5.0, 7.0]))
    dates, energy, tonnes = with_energy(months, load)
    assert (dates, energy.tolist(), tonnes.tolist()) == ((date(2025, 2, 1),), [28 * 240.0], [7.0])
    december = Production(period="month", dates=(date(2025, 12, 1),), ore_t=np.array([5.0]))
    assert december.end_of(0) == date(2026, 1, 1)
    days = Production(period="day", dates=(date(2025, 1, 19), date(2025, 1, 20)), ore_t=np.array([5.0, 7.0]))
    assert with_energy(days, load)[0] == (date(2025, 1, 20),)


# Pairing energy and production


def monthly(count=12, energy=None):
    dates = tuple(date(2024, month + 1, 1) for month in range(count))
    return Production(period="month", dates=dates, ore_t=np.arange(1.0, count + 1) * 100, energy_kwh=energy)


def bills_of(*ends, start=date(2024, 1, 1)):
    starts = (start, *ends[:-1])
    periods = (BillPeriod(start=a, end=b, energy_kwh=1000.0 + (b - a).days) for a, b in zip(starts, ends, strict=True))
    return Bills(periods=tuple(periods))


def test_bills_take_the_tonnes_of_their_own_days():
    # A month's tonnes by day: January 100/31, February 200/29 (2024), March 300/31.
    found = production_points(monthly(), bills=bills_of(date(2024, 2, 3), date(2024, 3, 5)))
    assert found.source == "bills"
    expected = [100 + 2 * 200 / 29, 27 * 200 / 29 + 4 * 300 / 31]
    assert found.ore_t.tolist() == pytest.approx(expected)
    assert found.energy_kwh.tolist() == [1033.0, 1031.0]
    assert found.end == date(2024, 3, 5)
    assert [finding.key for finding in found.findings] == ["baseline_months_split"]


def test_bills_by_calendar_month_assume_nothing():
    found = production_points(monthly(), bills=bills_of(date(2024, 2, 1), date(2024, 3, 1)))
    assert found.ore_t.tolist() == pytest.approx([100, 200])
    assert found.findings == ()


def test_bills_outside_the_production_give_no_point():
    found = production_points(monthly(2), bills=bills_of(date(2024, 2, 1), date(2024, 3, 10)))
    assert found.starts == (date(2024, 1, 1),)
    assert production_points(monthly(2), bills=bills_of(date(2025, 3, 1), start=date(2025, 2, 1))) is None
    assert production_points(monthly(2)) is None


def test_the_source_with_most_periods_answers():
    own = np.array([5000.0, np.nan, 7000.0] + [np.nan] * 9)
    by_table = production_points(monthly(energy=own))
    assert (by_table.source, by_table.starts) == ("table", (date(2024, 1, 1), date(2024, 3, 1)))
    assert by_table.energy_kwh.tolist() == [5000, 7000]
    three = bills_of(date(2024, 2, 1), date(2024, 3, 1), date(2024, 4, 1))
    assert production_points(monthly(energy=own), bills=three).source == "bills"


@pytest.mark.parametrize(("period", "count", "periods"), [("month", 12, 12), ("month", 24, 12), ("day", 35, 365)])
def test_a_year_is_predicted_with_the_error_of_all_its_periods(period, count, periods):
    """SE = s sqrt(N + N^2 / n): 365 days from 35 points are ten times as much energy, and less than well known."""
    tonnes = np.linspace(20, 60, count)
    scatter = np.where(np.arange(count) % 2, 1.0, -1.0)
    line = fit_baseline(400 + 50 * tonnes + 30 * scatter, tonnes, period)
    assert line.autocorrelation < 0
    expected = line.residual_sd_kwh * math.sqrt(periods + periods**2 / count)
    assert year_standard_error_kwh(line) == pytest.approx(expected)


def test_residuals_that_follow_each_other_hold_less_information():
    tonnes = np.tile([20.0, 60.0, 40.0], 12)
    slow = 30 * np.sin(2 * np.pi * np.arange(36) / 36)
    line = fit_baseline(400 + 50 * tonnes + slow, tonnes, "day")
    lag = line.autocorrelation
    assert lag > 0.8
    free = line.residual_sd_kwh * math.sqrt(365 + 365**2 / 36)
    assert year_standard_error_kwh(line) == pytest.approx(free * math.sqrt((1 + lag) / (1 - lag)))
