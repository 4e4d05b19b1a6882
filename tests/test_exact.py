"""Exact sizing against the whole linear program in HiGHS, in both climates, and its own properties."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exact_support import CASES, case, climate_unit, random_problem
from mine_energy.sizing.exact import Asset, Coverage, kernels, least_cost
from mine_energy.sizing.exact.bounds import space_of
from mine_energy.sizing.exact.evaluate import greedy_evaluator, is_greedy, segment_evaluator
from mine_energy.sizing.exact.solve import first_point, minimise
from mine_energy.sizing.lp import bounded, check_lp

TARGET = 1e-6


@pytest.mark.large
@pytest.mark.parametrize("climate", ["andes", "desert"])
@pytest.mark.parametrize("name", CASES)
def test_cost_is_that_of_the_linear_program(name, climate, sized):
    problem = case(name, climate, sized(8760))
    found, checked = least_cost(problem), check_lp(problem)
    assert found.annual_cost == pytest.approx(checked.annual_cost, rel=1.1 * TARGET)
    assert found.lower_bound <= checked.annual_cost * (1 + 1e-8)
    assert found.gap <= TARGET


def test_classes_are_told_apart():
    greedy = {"flat", "flat_export", "offgrid_unserved", "own_diesel", "budget", "flat_hourly_self", "offgrid_lpsp"}
    assert {name for name in CASES if is_greedy(case(name, "andes", 48))} == greedy


def test_high_export_credit_is_not_greedy():
    flat = case("flat_export", "andes", 48)
    price = float(flat.import_price_per_kwh)
    trip = flat.charge_efficiency * flat.discharge_efficiency
    assert is_greedy(replace(flat, export_price_per_kwh=0.999 * trip * price))
    assert not is_greedy(replace(flat, export_price_per_kwh=1.001 * trip * price))


@pytest.mark.parametrize("name", ["flat_hourly_self", "offgrid_lpsp", "tou_hourly_self", "genset_lpsp"])
def test_coverage_is_met(name):
    problem = case(name, "andes", 480)
    found = least_cost(problem)
    coverage, load = problem.coverage, float(problem.load_kw.sum()) / problem.years
    energy = found.energy
    if coverage.kind == "unserved":
        assert energy.unserved_kwh <= (coverage.share + 1e-6) * load
    else:
        short = energy.import_kwh + energy.genset_kwh + energy.unserved_kwh
        assert 1 - short / load >= coverage.share - 1e-6


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_random_small_problems(seed):
    problem = random_problem(seed)
    found, checked = least_cost(problem), check_lp(problem)
    scale = max(abs(checked.annual_cost), 1e-3)
    assert abs(found.annual_cost - checked.annual_cost) <= 2e-6 * scale
    assert found.lower_bound <= checked.annual_cost + 1e-7 * scale


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_a_cut_of_one_point_bounds_every_other(seed, points):
    problem = replace(random_problem(seed), coverage=None)
    space = space_of(problem, greedy=False)
    evaluate = segment_evaluator(problem, space)
    rng = np.random.Generator(np.random.PCG64(points))
    drawn = [rng.random(space.columns) * np.minimum(space.high, 100) for _ in range(2)]
    for x in drawn:
        x[4] = min(x[4], x[1])
        x[2] = max(x[2], problem.drain_per_hour * x[1] * 2)
    here, there = (evaluate(x, 0.0) for x in drawn)
    scale = 1 + abs(here.value) + abs(there.value)
    assert here.constant + here.slopes @ drawn[0] == pytest.approx(here.value, abs=1e-8 * scale)
    assert here.constant + here.slopes @ drawn[1] <= there.value + 1e-8 * scale


@pytest.mark.parametrize("name", ["flat_export", "tou_genset_outages"])
def test_twice_the_load_takes_twice_the_plant(name):
    problem = case(name, "andes", 336)
    twice = replace(
        problem,
        load_kw=2 * problem.load_kw,
        import_limit_kw=2 * problem.series("import_limit_kw"),
        export_limit_kw=2 * problem.series("export_limit_kw"),
    )
    one, two = least_cost(problem), least_cost(twice)
    assert two.annual_cost == pytest.approx(2 * one.annual_cost, rel=2 * TARGET)
    assert two.lower_bound == pytest.approx(2 * one.lower_bound, rel=2 * TARGET)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_a_lower_load_never_costs_more(seed, drop):
    problem = replace(random_problem(seed), coverage=None)
    rng = np.random.Generator(np.random.PCG64(drop))
    less = replace(problem, load_kw=problem.load_kw * rng.uniform(0.3, 1, problem.load_kw.size))
    before, after = least_cost(problem), least_cost(less)
    assert after.annual_cost <= before.annual_cost + 2e-6 * max(abs(before.annual_cost), 1e-3)


def test_fixed_sizes_stay():
    problem = replace(
        case("tou", "desert", 240),
        pv=Asset(cost_per_unit=1.0, lowest=40, highest=40),
        battery_power=Asset(cost_per_unit=1.0, lowest=7, highest=7),
    )
    found = least_cost(problem)
    assert (found.pv_kwp, found.battery_kw) == (40, 7)


def test_prices_of_every_hour_keep_a_true_bound():
    problem = case("tou", "andes", 240)
    rng = np.random.Generator(np.random.PCG64(4))
    prices = problem.series("import_price_per_kwh") * rng.uniform(0.8, 1.2, 240)
    found = least_cost(replace(problem, import_price_per_kwh=prices))
    checked = check_lp(replace(problem, import_price_per_kwh=prices))
    assert found.lower_bound <= checked.annual_cost * (1 + 1e-9)
    assert found.annual_cost >= checked.annual_cost * (1 - 1e-9)
    assert found.gap < 5e-3


def test_many_prices_fall_back_to_the_program_only_when_the_gap_is_wide():
    assert bounded(case("tou", "andes", 96)).method == "segment cuts"


def _greedy_year(problem, sizes):
    """Return cost of the greedy rule in plain Python, the year repeated until it closes."""
    pv, energy, power = sizes
    usable, stored = energy * problem.usable_fraction, 0.0
    price, credit = float(problem.import_price_per_kwh), float(problem.export_price_per_kwh)
    for _ in range(200):
        start, cost = stored, 0.0
        for load, unit in zip(problem.load_kw, problem.pv_kw_per_kwp, strict=True):
            net = load - pv * unit
            give = min(max(net, 0.0), power, stored * problem.discharge_efficiency)
            take = min(max(-net, 0.0), power, (usable - stored) / problem.charge_efficiency)
            stored += take * problem.charge_efficiency - give / problem.discharge_efficiency
            cost += price * max(net - give, 0.0) - credit * max(-net - take, 0.0)
        if abs(stored - start) < 1e-12:
            break
    return cost


@pytest.mark.parametrize("sizes", [(0, 0, 0), (100, 0, 10), (100, 200, 0), (60, 50, 20), (400, 600, 70)])
def test_greedy_kernel_equals_plain_python(sizes):
    problem = case("flat_export", "andes", 240)
    space = space_of(problem, greedy=True)
    found = greedy_evaluator(problem, space)(np.array([*sizes, 0.0], dtype=float), 0.0)
    plain = _greedy_year(problem, sizes)
    assert found.value == pytest.approx(plain, rel=1e-12)
    assert found.constant + found.slopes @ np.array([*sizes, 0.0]) == pytest.approx(plain, rel=1e-12)


def test_segments_equal_greedy_where_both_hold():
    problem = case("flat_export", "andes", 240)
    spaces = [space_of(problem, greedy=greedy) for greedy in (True, False)]
    start = first_point(problem, spaces[0])
    both = [
        minimise(space, make(problem, space), first_point(problem, space))
        for space, make in zip(spaces, (greedy_evaluator, segment_evaluator), strict=True)
    ]
    assert start.shape == (4,)
    assert both[0].cost == pytest.approx(both[1].cost, rel=2 * TARGET)


def test_segment_kernel_equals_its_plain_python(monkeypatch):
    problem = case("tou_genset_outages", "andes", 96)
    space = space_of(problem, greedy=False)
    x = first_point(problem, space)
    compiled = segment_evaluator(problem, space)(x, 0.0)
    for name in (
        "segments",
        "_backward",
        "_add_segments",
        "_spans",
        "_split",
        "_clear",
        "_operate",
        "_add_dual",
        "_drain",
    ):
        monkeypatch.setattr(kernels, name, getattr(kernels, name).py_func)
    plain = segment_evaluator(problem, space)(x, 0.0)
    assert plain.value == pytest.approx(compiled.value, rel=1e-12)
    assert plain.constant == pytest.approx(compiled.constant, rel=1e-12)
    assert plain.slopes == pytest.approx(compiled.slopes, rel=1e-9, abs=1e-9)


def test_own_diesel_is_large_enough_for_the_load():
    problem = case("own_diesel", "andes", 240)
    assert least_cost(problem).genset_kw >= problem.load_kw.max()


def test_unreachable_coverage_is_refused():
    problem = replace(
        case("offgrid_lpsp", "andes", 240),
        pv=Asset(cost_per_unit=10, highest=5),
        coverage=Coverage(kind="unserved", share=0.01),
    )
    with pytest.raises(ValueError, match="coverage"):
        least_cost(problem)


def test_a_free_size_without_bound_is_refused():
    with pytest.raises(ValueError, match="pv_kwp"):
        least_cost(replace(case("flat", "andes", 48), pv=Asset(cost_per_unit=0.0)))


def test_shedding_needs_a_price():
    with pytest.raises(ValueError, match="unserved_price_per_kwh"):
        least_cost(replace(case("genset_sized", "andes", 48), unserved_price_per_kwh=None))


def test_the_desert_is_sunnier():
    assert climate_unit("desert", 8760).sum() > climate_unit("andes", 8760).sum()
