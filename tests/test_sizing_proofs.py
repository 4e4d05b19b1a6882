"""What is proven and what is not: bounds are true, gaps are never false, and every refusal to prove says why."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exact_support import case as exact_case
from exact_support import random_problem
from mine_energy.dispatch import Genset, Grid, Sizes, simulate
from mine_energy.sizing import (
    Bounds,
    Existing,
    HourlySelf,
    LeastCost,
    OffGrid,
    Prices,
    foresight,
    lp,
    make_case,
    size,
)
from mine_energy.sizing.exact import Asset, Coverage, ExactResult, OutOfBounds, least_cost
from mine_energy.sizing.exact.bounds import space_of
from mine_energy.sizing.exact.evaluate import greedy_evaluator, is_greedy
from mine_energy.sizing.lp import bounded, check_lp
from sizing_support import BATTERY, COSTS, two_shifts, weather

DAYS = 5
LOAD = two_shifts(DAYS)
SHARE = DAYS / 365
PRICES = Prices(import_per_kwh=0.18 / SHARE, export_per_kwh=0.05 / SHARE)
DIESEL = Genset(min_load_fraction=0.3, fuel_intercept_l_per_h_per_kw=0.033, fuel_slope_l_per_kwh=0.273)
BURNING = replace(COSTS, fuel_price_per_l=1 / SHARE)
TIED = Bounds(battery_kw_per_kwh=0.5)


def keys(result):
    return [finding.key for finding in result.findings]


def test_a_half_full_start_for_free_would_undercut_the_closed_optimum():
    # From sunrise to sunrise: the closed battery begins nearly empty.
    mill = exact_case("flat", "andes", 336)
    problem = replace(mill, load_kw=np.full(336, 30.0), pv_kw_per_kwp=np.roll(mill.pv_kw_per_kwp, -6))
    found = least_cost(problem)
    pv, kwh, kw, _ = found.sizes
    usable, bought = kwh * problem.usable_fraction, 0.0
    stored = usable / 2
    assert kwh > 0
    for load, unit in zip(problem.load_kw, problem.pv_kw_per_kwp * pv, strict=True):
        give = min(max(load - unit, 0.0), kw, stored * problem.discharge_efficiency)
        take = min(max(unit - load, 0.0), kw, (usable - stored) / problem.charge_efficiency)
        stored += take * problem.charge_efficiency - give / problem.discharge_efficiency
        bought += max(load - unit, 0.0) - give
    fixed = pv * problem.pv.cost_per_unit + kwh * problem.battery_energy.cost_per_unit
    free = fixed + kw * problem.battery_power.cost_per_unit + problem.import_price_per_kwh * bought
    assert free < found.lower_bound * (1 - 1e-6)


@pytest.mark.parametrize("name", ["tou", "genset_sized", "demand_charge", "drain", "net_billing"])
def test_greedy_refuses_what_it_does_not_solve(name):
    problem = exact_case(name, "andes", 48)
    assert not is_greedy(problem)
    with pytest.raises(ValueError, match="greedy"):
        greedy_evaluator(problem, space_of(problem, greedy=False))


def _hourly_prices(hours):
    rng = np.random.Generator(np.random.PCG64(4))
    problem = exact_case("tou", "andes", hours)
    return replace(problem, import_price_per_kwh=problem.series("import_price_per_kwh") * rng.uniform(0.5, 1.5, hours))


def test_a_wide_gap_is_closed_by_the_program_and_said_so(monkeypatch):
    monkeypatch.setattr(lp, "STALLED", 0.0)
    problem = _hourly_prices(240)
    found, checked = bounded(problem), check_lp(problem)
    assert found.method == "bound by LP"
    assert found.lower_bound == pytest.approx(checked.annual_cost, rel=1e-9)
    assert found.gap == 0


def test_where_the_program_fails_too_no_gap_is_claimed(monkeypatch):
    def fails(*_args, **_kw):
        raise ValueError("HiGHS: Time limit reached")

    monkeypatch.setattr(lp, "STALLED", 0.0)
    monkeypatch.setattr(lp, "check_lp", fails)
    found = bounded(_hourly_prices(96))
    assert found.method == "no bound"
    assert (found.lower_bound, found.gap) == (-np.inf, np.inf)


@pytest.mark.parametrize(("method", "by", "key"), [("bound by LP", "lp", "size_bound_lp"), ("no bound", "none", None)])
def test_the_method_of_the_bound_reaches_the_result(method, by, key, monkeypatch):
    def stalled(problem, *, target):
        found: ExactResult = least_cost(problem, target=target)
        return replace(found, method=method)

    monkeypatch.setattr(lp, "bounded", stalled)
    result = size(LOAD, weather(1, DAYS), LeastCost(), COSTS, battery=BATTERY, grid=Grid(), prices=PRICES, bounds=TIED)
    assert result.bound_by == by
    assert (result.gap is None) == (by == "none")
    assert (key or "size_no_bound") in keys(result)


def test_too_many_years_have_no_bound_and_say_why():
    units, goal = weather(24, DAYS), OffGrid(lpsp=0.0, percentile=1.0, renewable_share=0.5)
    case = make_case(LOAD, units, BURNING, battery=BATTERY, genset=DIESEL, bounds=TIED)
    assert foresight.obstacle(case, goal) is None  # five days are not a year
    long = replace(case, load_kw=np.tile(LOAD, 73), units=np.tile(units, (1, 73)))
    assert foresight.obstacle(long, goal) == "years"
    assert foresight.foresight(long, goal) is None


def test_a_percentile_with_a_genset_has_no_bound_and_says_why():
    goal = OffGrid(lpsp=0.02, percentile=0.75, renewable_share=0.5)
    result = size(LOAD, weather(4, DAYS), goal, BURNING, battery=BATTERY, genset=DIESEL, bounds=TIED)
    assert (result.bound_by, result.lower_bound, result.gap) == ("none", None, None)
    assert "size_no_bound_percentile" in keys(result)


def test_a_size_that_costs_nothing_and_has_no_end_is_not_bounded():
    case = make_case(LOAD, weather(1, DAYS), replace(COSTS, pv_per_kwp=0, pv_om_per_kwp_year=0), grid=Grid())
    assert foresight.obstacle(case, LeastCost()) == "free"


@pytest.mark.parametrize(
    "problem",
    [
        replace(exact_case("offgrid_lpsp", "andes", 96), pv=Asset(cost_per_unit=10, highest=1)),
        replace(exact_case("tou_hourly_self", "andes", 96), pv=Asset(cost_per_unit=10, highest=1)),
        replace(exact_case("flat", "andes", 96), pv=Asset(cost_per_unit=0.0)),
        replace(exact_case("genset_sized", "andes", 96), unserved_price_per_kwh=None),
    ],
    ids=["greedy_coverage", "multiplier_coverage", "free_size", "no_price"],
)
def test_what_no_sizes_can_do_is_out_of_bounds(problem):
    with pytest.raises(OutOfBounds):
        least_cost(problem)


@pytest.mark.parametrize("goal", [HourlySelf(ratio=0.8), LeastCost()])
def test_the_bound_agrees_with_the_linear_program(goal):
    case = make_case(LOAD, weather(1, DAYS), COSTS, battery=BATTERY, grid=Grid(), prices=PRICES, bounds=TIED)
    assert foresight.lp_difference(case, goal) <= 2e-5


def test_the_linear_program_is_not_asked_where_nothing_is_bounded():
    case = make_case(LOAD, weather(1, DAYS), COSTS, battery=BATTERY, grid=Grid(), prices=PRICES, bounds=TIED)
    assert foresight.lp_difference(replace(case, prices=replace(PRICES, bill=lambda flows: 0.0)), LeastCost()) is None
    long = replace(case, load_kw=np.tile(LOAD, 73), units=np.tile(weather(3, DAYS), (1, 73)))
    assert foresight.lp_difference(long, LeastCost()) is None


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 200), st.floats(0.6, 3.0), st.sampled_from([0.0, 0.01, 0.05]))
def test_every_plant_of_a_convex_problem_costs_at_least_the_bound(seed, pv_price, credit):
    prices = Prices(import_per_kwh=0.2 / SHARE, export_per_kwh=credit / SHARE)
    costs = replace(COSTS, pv_per_kwp=1000 * pv_price)
    case = make_case(LOAD, weather(1, DAYS, seed), costs, battery=BATTERY, grid=Grid(), prices=prices, bounds=TIED)
    found = foresight.foresight(case, LeastCost())
    rng = np.random.default_rng(seed)
    table = case.table(rng.uniform(0, 500, 300), rng.uniform(0, 800, 300))
    if found is None:
        # An array that its exports alone pay for has no end, and its cost no bound: a larger one is always cheaper.
        endless = case.cost(case.table(np.array([1e4, 1e5, 1e6]), np.zeros(3)))
        assert np.all(np.diff(endless) < 0)
    else:
        assert case.cost(table).min() >= found.bound * (1 - 1e-9)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 10_000), st.floats(0.005, 0.1))
def test_a_lower_load_never_costs_more_at_equal_unserved_energy(seed, drop, share):
    problem = replace(random_problem(seed), unserved_price_per_kwh=0.5)
    lower = np.random.default_rng(drop).uniform(0.4, 1, problem.load_kw.size)
    lost = share * problem.load_kw.sum()
    before, after = (
        replace(problem, load_kw=load, coverage=Coverage(kind="unserved", share=min(1.0, lost / load.sum())))
        for load in (problem.load_kw, problem.load_kw * lower)
    )
    try:
        dear = least_cost(before)
    except OutOfBounds:
        return
    scale = max(abs(dear.annual_cost), 1e-3)
    assert least_cost(after).annual_cost <= dear.annual_cost + 3e-6 * scale


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 50), st.floats(0.2, 5.0))
def test_a_uniform_load_change_scales_every_size_at_self_sufficiency(seed, factor):
    units = weather(1, DAYS, seed)
    one, other = (
        size(f * LOAD, units, HourlySelf(ratio=0.85), COSTS, battery=BATTERY, grid=Grid(), prices=PRICES, bounds=TIED)
        for f in (1.0, factor)
    )
    # The search stops within 0.1 % of the best, from either side.
    assert other.annual_cost == pytest.approx(factor * one.annual_cost, rel=2e-3)
    for name in ("pv_kwp", "battery_kwh"):
        assert getattr(other, name) == pytest.approx(factor * getattr(one, name), rel=0.05)


def test_a_hybrid_of_many_years_is_within_a_thousandth_of_a_fine_grid():
    # Minimum load, no-load fuel and a percentile: nothing convex; every array and battery of a fine grid is simulated.
    units, kw = weather(6, DAYS), 55.0
    goal = OffGrid(lpsp=0.01, percentile=0.8, renewable_share=0.6)
    bounds = Bounds(battery_kw_per_kwh=0.5, genset_kw=(kw, kw))
    owned = Existing(sizes=Sizes(pv_kwp=0, genset_kw=kw))
    result = size(LOAD, units, goal, BURNING, battery=BATTERY, genset=DIESEL, bounds=bounds, existing=owned)
    case = make_case(LOAD, units, BURNING, battery=BATTERY, genset=DIESEL, bounds=bounds, existing=owned)
    arrays, stores = np.meshgrid(np.linspace(0.6, 1.5, 120), np.linspace(0.5, 1.6, 120))
    table = case.table(arrays.ravel() * result.pv_kwp, stores.ravel() * result.battery_kwh, genset=kw)
    unserved, foreign = case.yearly_kwh(table)
    enough = (unserved <= goal.lpsp * case.load_kwh).sum(axis=0) >= goal.years_needed(6)
    share = 1 - foreign.mean(axis=0) / case.load_kwh
    costs = np.where(enough & (share >= 0.6), case.cost(table), np.inf)
    assert result.annual_cost <= costs.min() * 1.001
    assert result.coverage.self_sufficiency >= 0.6 - 1e-8
    assert result.reliability.years_kept >= 5


def test_the_bound_of_a_mill_beside_a_weak_grid_is_below_its_simulation():
    # Outages and limits: the whole chain from a Case to the linear program's terms, against the dispatch itself.
    there = np.where(np.arange(LOAD.size) % 37 < 3, 0.0, 1.0)
    grid = Grid(import_limit_kw=45.0, export_limit_kw=20.0, available=there)
    costs = replace(BURNING, unserved_value_per_kwh=2 / SHARE)
    result = size(LOAD, weather(1, DAYS), LeastCost(), costs, battery=BATTERY, genset=DIESEL, grid=grid, prices=PRICES)
    assert 0 <= result.gap < 0.2
    plant = Sizes(
        pv_kwp=result.pv_kwp, battery_kwh=result.battery_kwh, battery_kw=result.battery_kw, genset_kw=result.genset_kw
    )
    flows = simulate(
        LOAD,
        weather(1, DAYS)[0],
        plant,
        battery=BATTERY if plant.battery_kwh > 0 else None,
        genset=DIESEL if plant.genset_kw > 0 else None,
        grid=grid,
    )
    assert flows.energy_kwh("import") == pytest.approx(result.plant.import_kwh, rel=1e-6)
