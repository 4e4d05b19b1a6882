"""Catalogue, budget, frontier, worst fortnight, sensitivity, and what measures save."""

from dataclasses import replace
from itertools import pairwise, product

import numpy as np
import pytest

from mine_energy.dispatch import Genset, Grid, Sizes, simulate
from mine_energy.errors import Infeasible
from mine_energy.sizing import (
    AnnualNet,
    Bounds,
    Catalogue,
    HourlySelf,
    LeastCost,
    OffGrid,
    Prices,
    best_for_budget,
    cost_of_last_percent,
    coverage_frontier,
    iso_reliability,
    make_case,
    reliability_map,
    saved_by_measures,
    sensitivity,
    size,
    worst_fortnight,
)
from mine_energy.sizing import catalogue as shelf
from sizing_support import BATTERY, COSTS, two_shifts, weather

DAYS = 5
LOAD = two_shifts(DAYS)
SHARE = DAYS / 365
PRICES = Prices(import_per_kwh=0.30 / SHARE, export_per_kwh=0.05 / SHARE)
TIED = Bounds(battery_kw_per_kwh=0.5)
DIESEL = Genset(min_load_fraction=0.3, fuel_intercept_l_per_h_per_kw=0.033, fuel_slope_l_per_kwh=0.273)
SHELF = Catalogue(module_kwp=0.5, modules_per_string=20, rack_kwh=50, rack_kw=25, gensets_kw=(40, 60, 80))


def by_hand(case, row):
    """Return the cost of one combination from the series of its dispatch."""
    plant = Sizes(pv_kwp=row[0], battery_kwh=row[1], battery_kw=row[2], genset_kw=row[3])
    result = simulate(
        case.load_kw,
        case.units[0],
        plant,
        battery=BATTERY if row[1] > 0 else None,
        genset=DIESEL if row[3] > 0 else None,
    )
    unserved = result.energy_kwh("unserved")
    return float(case.rates.of_sizes(np.array([row]))[0]) + case.rates.fuel_l * result.fuel_l, unserved


@pytest.mark.parametrize("walk", [False, True])
def test_the_catalogue_choice_is_that_of_exhaustive_simulation(walk, monkeypatch):
    if walk:
        monkeypatch.setattr(shelf, "_ALL", 0)
    costs = replace(COSTS, fuel_price_per_l=0.6 / SHARE)
    units = weather(1, DAYS)
    bounds = Bounds(pv_kwp=(0, 300), battery_kwh=(0, 300), genset_kw=(0, 100))
    result = size(LOAD, units, LeastCost(), costs, battery=BATTERY, genset=DIESEL, bounds=bounds, catalogue=SHELF)
    case = make_case(LOAD, units, costs, battery=BATTERY, genset=DIESEL, bounds=bounds)
    best = np.inf
    for strings, racks, kw in product(range(0, 31, 2), range(7), (0, 40, 60, 80)):
        cost, unserved = by_hand(case, (10.0 * strings, 50.0 * racks, 25.0 * racks, float(kw)))
        best = min(best, cost if unserved < 1e-6 else np.inf)
    chosen = result.catalogue.plant
    assert chosen.money.total <= best * 1.001
    assert chosen.money.total == pytest.approx(
        by_hand(case, (chosen.pv_kwp, chosen.battery_kwh, chosen.battery_kw, chosen.genset_kw))[0], rel=1e-9
    )
    assert chosen.pv_kwp == pytest.approx(10 * round(chosen.pv_kwp / 10))
    assert result.catalogue.modules == round(chosen.pv_kwp / 0.5)
    assert result.catalogue.racks == round(chosen.battery_kwh / 50)
    assert chosen.genset_kw in (0, 40, 60, 80)
    assert result.catalogue.above_bound >= 0
    assert result.catalogue.exhaustive is not walk
    assert result.findings[-1].key == ("size_catalogue_some" if walk else "size_catalogue_all")


def test_whole_strings_of_the_annual_balance_round_up():
    result = size(LOAD, weather(1, DAYS), AnnualNet(), COSTS, grid=Grid(), prices=PRICES, catalogue=SHELF)
    assert result.pv_kwp <= result.catalogue.plant.pv_kwp < result.pv_kwp + 10


def test_a_catalogue_that_cannot_do_it_is_refused():
    bounds = replace(TIED, battery_kwh=(0, 120))
    with pytest.raises(Infeasible, match="size_"):
        size(LOAD, weather(3, DAYS), OffGrid(), COSTS, battery=BATTERY, bounds=bounds, catalogue=SHELF)


def test_a_budget_buys_the_best_of_a_fine_grid():
    case = make_case(LOAD, weather(1, DAYS), COSTS, battery=BATTERY, grid=Grid(), prices=PRICES, bounds=TIED)
    plan = best_for_budget(case, 300_000, "self_sufficiency")
    assert plan.investment <= 300_000 * (1 + 1e-9)
    shares = np.linspace(0, 1, 201)
    kwh = (1 - shares) * 300_000 / (300 + 0.5 * 150)
    grid = case.run(case.table(shares * 300_000 / 1000, kwh)).self_sufficiency
    assert plan.plant.coverage.self_sufficiency >= grid.max() - 1e-4
    cheap = best_for_budget(case, 300_000)
    assert cheap.plant.money.total <= plan.plant.money.total
    more = best_for_budget(case, 400_000, "self_sufficiency")
    assert more.plant.coverage.self_sufficiency > plan.plant.coverage.self_sufficiency
    with pytest.raises(Infeasible, match="size_budget"):
        best_for_budget(replace(case, bounds=replace(TIED, pv_kwp=(100, 200))), 50_000)


def test_cost_rises_with_coverage():
    def sized(goal):
        return size(LOAD, weather(1, DAYS), goal, COSTS, battery=BATTERY, grid=Grid(), prices=PRICES, bounds=TIED)

    points = coverage_frontier(sized, [HourlySelf(ratio=r) for r in (0.95, 0.7, 0.85)])
    assert [point.coverage for point in points] == [0.7, 0.85, 0.95]
    assert all(point.extra_cost_per_percent >= 0 for point in points[1:])
    with pytest.raises(ValueError, match="frontier"):
        coverage_frontier(sized, [LeastCost()])


def test_the_last_per_cent_and_the_curve_of_equal_reliability():
    units = weather(5, DAYS)

    def sized(goal):
        return size(LOAD, units, goal, COSTS, battery=BATTERY, bounds=TIED)

    goal = OffGrid(lpsp=0.02, percentile=0.8)
    assert cost_of_last_percent(sized, goal) > 0
    found = sized(goal)
    case = make_case(LOAD, units, COSTS, battery=BATTERY, bounds=TIED)
    curve = iso_reliability(case, goal, np.linspace(0.2, 2, 25) * found.pv_kwp)
    assert curve[0].battery_kwh == np.inf
    kwh = [point.battery_kwh for point in curve]
    assert all(right <= left * (1 + 1e-5) for left, right in pairwise(kwh))
    assert min(point.annual_cost for point in curve) >= found.lower_bound
    chart = reliability_map(case, 0.8, [found.pv_kwp], [0.99 * found.battery_kwh, found.battery_kwh])
    assert chart.lpsp[0] > 0.02
    assert chart.lpsp[1] <= 0.02 + 1e-8


def test_the_worst_fortnight_is_where_the_clouds_were_put():
    units = np.tile(weather(1, 60, seed=4), (3, 1))
    units[1, 20 * 24 : 34 * 24] *= 0.2
    case = make_case(two_shifts(60), units, COSTS, battery=BATTERY)
    found = worst_fortnight(case, np.array([500.0, 1000.0, 300.0, 0.0]))
    assert found.year == 1
    assert abs(found.start - 20 * 24) <= 48
    assert found.steps == 14 * 24 == found.flows.load_kw.size
    assert found.missing_kwh == pytest.approx(found.flows.unserved_kw.sum())
    # Where nothing is missing, the fortnight with the least sun.
    rich = worst_fortnight(case, np.array([5000.0, 20000.0, 3000.0, 0.0]))
    assert rich.missing_kwh == 0
    assert rich.year == 1


def test_sensitivity_moves_cost_the_way_it_must():
    def sized(*, load_kw, pv_kw_per_kwp, costs, prices):
        return size(
            load_kw,
            pv_kw_per_kwp,
            HourlySelf(ratio=0.8),
            costs,
            battery=BATTERY,
            grid=Grid(),
            prices=prices,
            bounds=TIED,
        )

    rows = sensitivity(sized, LOAD, weather(1, DAYS), COSTS, PRICES)
    assert len(rows) == 5
    spans = [abs(row.high_cost - row.low_cost) for row in rows]
    assert spans == sorted(spans, reverse=True)
    named = {row.key: row for row in rows}
    assert named["load"].high_cost / named["load"].low_cost == pytest.approx(1.1 / 0.9, rel=1e-3)
    assert named["yield"].high_cost < named["yield"].low_cost


def test_what_measures_save():
    def sized(load):
        return size(load, weather(4, DAYS), OffGrid(lpsp=0.02), COSTS, battery=BATTERY, bounds=TIED)

    before, after = sized(LOAD), sized(0.8 * LOAD)
    saved = saved_by_measures(before, after)
    assert saved.load_kwh == pytest.approx(0.2 * LOAD.sum())
    assert saved.annual_cost == pytest.approx(0.2 * before.annual_cost, rel=1e-3)
    assert saved.pv_kwp > 0
    assert saved.investment_per_mwh == pytest.approx(1000 * saved.investment / saved.load_kwh)
    assert saved.findings == ()
    with pytest.raises(ValueError, match="goals"):
        saved_by_measures(before, size(LOAD, weather(1, DAYS), AnnualNet(), COSTS))


def test_a_battery_may_grow_though_the_load_falls_and_the_report_says_why():
    # Taking load away by day only: the night is a larger share of what is left, the limit a smaller amount.
    by_day = LOAD * np.where((np.arange(LOAD.size) % 24 >= 8) & (np.arange(LOAD.size) % 24 < 16), 0.3, 1.0)
    bounds = Bounds(battery_kw_per_kwh=0.5, pv_kwp=(600, 600))
    before, after = (
        size(load, weather(4, DAYS), OffGrid(lpsp=0.15), COSTS, battery=BATTERY, bounds=bounds)
        for load in (LOAD, by_day)
    )
    grew = after.battery_kwh > before.battery_kwh * (1 + 1e-6)
    keys = [finding.key for finding in saved_by_measures(before, after).findings]
    assert keys == (["size_battery_grew"] if grew else [])
