"""Off-grid sizes: brute force, proof, percentiles, and what must grow or fall with what."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mine_energy.dispatch import Genset, Grid
from mine_energy.dispatch.front import reliability_front
from mine_energy.errors import Infeasible, InputError
from mine_energy.sizing import Ageing, Bounds, OffGrid, size
from mine_energy.sizing.case import make_case
from mine_energy.sizing.need import keeps_off_grid, kept_years, least_battery, years_for
from mine_energy.sizing.percentiles import binomial_interval, quantiles, rank_interval
from sizing_support import BATTERY, COSTS, two_shifts, weather

TIED = Bounds(battery_kw_per_kwh=0.5)


def unserved_by_hand(load, units, kwp, kwh, kw):
    """Return the unserved share of each year: a loop that knows nothing of the product, chained until it closes."""
    usable, stored = 0.9 * kwh, 0.0
    for _ in range(20):
        start, shares = stored, []
        for year in units:
            missing = 0.0
            for demand, unit in zip(load, year * kwp, strict=True):
                if unit >= demand:
                    stored = min(usable, stored + 0.95 * min(unit - demand, kw))
                else:
                    given_kw = min(demand - unit, kw, stored * 0.95)
                    stored = max(0.0, stored - given_kw / 0.95)
                    missing += demand - unit - given_kw
            shares.append(missing / load.sum())
        if abs(stored - start) < 1e-9:
            break
    return np.array(shares)


@pytest.mark.parametrize(("limit", "needed"), [(0.0, 6), (0.01, 5), (0.05, 6), (0.05, 3)])
def test_the_battery_is_that_of_brute_force_within_one_per_cent(limit, needed):
    load, units = two_shifts(10), weather(6, 10)
    case = make_case(load, units, COSTS, battery=BATTERY)
    for kwp in (600.0, 900.0):
        goal = OffGrid(lpsp=limit, percentile=needed / 6)
        row = case.table(kwp, 0.0, 400.0)
        found = least_battery(case, row, keeps_off_grid(case, goal))[0]
        # Steps of one per cent, from below, until enough years keep the limit.
        kwh = 0.93 * found
        while (unserved_by_hand(load, units, kwp, kwh, 400.0) <= limit + 1e-9).sum() < needed:
            kwh *= 1.01
        assert kwh / 1.01 <= found * 1.0001
        assert found <= kwh * 1.0001


def test_branch_and_bound_agrees_with_enumeration():
    case = make_case(two_shifts(6), weather(5, 6), COSTS, battery=BATTERY)
    goal = OffGrid(lpsp=0.02, percentile=0.8)
    result = size(two_shifts(6), weather(5, 6), goal, COSTS, battery=BATTERY)
    assert result.bound_by == "branch_and_bound"
    assert result.gap <= 1e-4 * 1.000001
    arrays = np.linspace(0.7, 1.5, 41) * result.pv_kwp
    powers = np.linspace(0.7, 1.5, 41) * result.battery_kw
    table = case.table(*(axis.ravel() for axis in np.meshgrid(arrays, [0.0], powers)))
    kwh = least_battery(case, table, keeps_off_grid(case, goal))
    table[:, 1] = np.where(np.isfinite(kwh), kwh, 1e9)
    cheapest = case.rates.of_sizes(table).min()
    assert result.lower_bound <= cheapest
    assert result.annual_cost <= cheapest * (1 + 1e-4)


def test_the_plant_found_keeps_its_limit_in_so_many_years_and_a_smaller_battery_does_not():
    load, units = two_shifts(7), weather(12, 7)
    result = size(load, units, OffGrid(lpsp=0.01, percentile=0.9), COSTS, battery=BATTERY, bounds=TIED)
    assert result.reliability.years_needed == 11  # ceil(0.9 x 12)
    kept = unserved_by_hand(load, units, result.pv_kwp, result.battery_kwh, result.battery_kw) <= 0.01 + 1e-8
    assert kept.sum() == result.reliability.years_kept >= 11
    case = make_case(load, units, COSTS, battery=BATTERY, bounds=TIED)
    smaller = case.table(result.pv_kwp, 0.99 * result.battery_kwh)
    assert kept_years(case, 0.01, smaller)[0] < 11
    assert result.coverage.lpsp_years == pytest.approx(
        unserved_by_hand(load, units, result.pv_kwp, result.battery_kwh, result.battery_kw), abs=1e-9
    )


def test_findings_tell_the_percentile_in_words_and_that_years_are_few():
    result = size(two_shifts(4), weather(6, 4), OffGrid(lpsp=0.05), COSTS, battery=BATTERY, bounds=TIED)
    keys = [finding.key for finding in result.findings]
    assert "offgrid_percentile" in keys
    assert "offgrid_few_years" in keys
    assert next(f for f in result.findings if f.key == "offgrid_few_years").params["enough"] == 29


def test_one_year_sizes_nothing_off_grid():
    with pytest.raises(InputError, match="offgrid_one_year"):
        size(two_shifts(4), weather(1, 4), OffGrid(), COSTS, battery=BATTERY)


def test_no_battery_and_no_genset_cannot_keep_the_night():
    with pytest.raises(Infeasible, match="size_offgrid"):
        size(two_shifts(4), weather(3, 4), OffGrid(), COSTS)


def test_the_grid_is_left_out_and_said_so():
    with_grid = size(two_shifts(4), weather(3, 4), OffGrid(lpsp=0.1), COSTS, battery=BATTERY, grid=Grid(), bounds=TIED)
    without = size(two_shifts(4), weather(3, 4), OffGrid(lpsp=0.1), COSTS, battery=BATTERY, bounds=TIED)
    assert with_grid.battery_kwh == without.battery_kwh
    assert "offgrid_without_grid" in [finding.key for finding in with_grid.findings]


def test_a_faded_battery_has_to_be_larger_by_what_it_loses():
    new = size(two_shifts(4), weather(3, 4), OffGrid(lpsp=0.05), COSTS, battery=BATTERY)
    fade = Ageing(battery_per_year=0.02)
    goal = OffGrid(lpsp=0.05, age="last")
    # With PV and power fixed, the same usable energy is needed.
    bounds = Bounds(pv_kwp=(new.pv_kwp, new.pv_kwp), battery_kw=(new.battery_kw, new.battery_kw))
    old = size(two_shifts(4), weather(3, 4), goal, COSTS, battery=BATTERY, ageing=fade, bounds=bounds)
    assert old.battery_kwh == pytest.approx(new.battery_kwh / 0.98**19, rel=1e-4)


def test_a_genset_with_a_renewable_share():
    sets = Genset(min_load_fraction=0.3, fuel_intercept_l_per_h_per_kw=0.033, fuel_slope_l_per_kwh=0.273)
    costs = replace(COSTS, fuel_price_per_l=0.002, pv_per_kwp=800)  # a few days of fuel against years of capital
    goal = OffGrid(lpsp=0.0, renewable_share=0.6)
    result = size(two_shifts(4), weather(3, 4), goal, costs, battery=BATTERY, genset=sets, bounds=TIED)
    assert result.coverage.self_sufficiency == pytest.approx(0.6, abs=2e-3)
    assert result.coverage.self_sufficiency >= 0.6 - 1e-6
    assert result.coverage.lpsp <= 1e-9
    assert result.bound_by in ("none", "foresight")


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 50), st.floats(0.2, 5.0))
def test_a_uniform_load_change_scales_every_size(seed, factor):
    load, units = two_shifts(4), weather(4, 4, seed)
    goal = OffGrid(lpsp=0.02, percentile=0.75)
    one, other = (size(f * load, units, goal, COSTS, battery=BATTERY, bounds=TIED) for f in (1.0, factor))
    for name in ("pv_kwp", "battery_kwh", "battery_kw"):
        assert getattr(other, name) == pytest.approx(factor * getattr(one, name), rel=0.05)
    assert other.annual_cost == pytest.approx(factor * one.annual_cost, rel=2e-4)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 50), st.lists(st.floats(0, 1), min_size=96, max_size=96))
def test_a_pointwise_lower_load_never_costs_more_at_lpsp_0(seed, shares):
    load, units = two_shifts(4), weather(3, 4, seed)
    lower = load * (1 - 0.5 * np.array(shares))
    goal = OffGrid(lpsp=0.0, percentile=1.0)
    before, after = (size(kw, units, goal, COSTS, battery=BATTERY, bounds=TIED) for kw in (load, lower))
    assert after.annual_cost <= before.annual_cost * (1 + 1e-4)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 50), st.floats(50, 800), st.floats(10, 2000), st.floats(1, 2), st.floats(1, 2))
def test_lpsp_falls_with_pv_and_battery_in_every_year(seed, kwp, kwh, more_pv, more_kwh):
    case = make_case(two_shifts(4), weather(3, 4, seed), COSTS, battery=BATTERY)
    table = case.table([kwp, kwp * more_pv, kwp], [kwh, kwh, kwh * more_kwh], 200.0)
    unserved = case.yearly_unserved_kwh(table)
    assert (unserved[:, 1:] <= unserved[:, :1] + 1e-6).all()


def test_years_in_sequence_agree_with_each_year_by_itself_where_years_are_long():
    load, units = two_shifts(60), weather(3, 60)
    case = make_case(load, units, COSTS, battery=BATTERY)
    alone = reliability_front(
        load, units, [600.0], BATTERY, unserved_fraction=0.01, battery_kw=400.0, tolerance_kwh=0.1
    )
    for years in (1, 2, 3):
        meets = keeps_off_grid(case, OffGrid(lpsp=0.01), years)
        found = least_battery(case, case.table(600.0, 0.0, 400.0), meets)[0]
        assert found == pytest.approx(np.sort(alone[:, 0])[years - 1], rel=0.01)


def test_years_for_a_percentile():
    assert (years_for(0.90), years_for(0.95)) == (29, 59)


def test_binomial_interval_of_the_textbook():
    # All of 29 years kept: the chance is at least 0.025^(1/29).
    assert binomial_interval(29, 29)[0] == pytest.approx(0.025 ** (1 / 29), rel=1e-9)
    assert binomial_interval(29, 29)[1] == 1.0
    # Clopper-Pearson of 5 in 10, as in any table: 0.187 to 0.813.
    assert binomial_interval(5, 10) == pytest.approx((0.1871, 0.8129), abs=1e-4)


def test_rank_interval_holds_the_percentile_with_its_confidence():
    low, high = rank_interval(0.9, 100)
    rng = np.random.default_rng(3)
    samples = np.sort(rng.random((4000, 100)), axis=1)
    held = (samples[:, low - 1] <= 0.9) & (samples[:, high - 1] >= 0.9)
    assert held.mean() >= 0.95
    assert rank_interval(0.9, 10)[1] is None


def test_quantiles_are_order_statistics():
    found = quantiles([float(v) for v in range(1, 101)])
    assert (found.p10, found.p50, found.p90) == (10, 50, 90)
