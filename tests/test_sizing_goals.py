"""Goals on the grid: the annual balance, self-sufficiency by the hour, least cost; money, ages and bounds."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mine_energy.dispatch import Genset, Grid, Sizes
from mine_energy.errors import Infeasible, InputError
from mine_energy.finance import crf, npv
from mine_energy.sizing import (
    Ageing,
    AnnualNet,
    Bounds,
    Catalogue,
    Costs,
    Existing,
    HourlySelf,
    LeastCost,
    OffGrid,
    Prices,
    size,
)
from mine_energy.sizing.annual import delivered_kwh
from mine_energy.sizing.case import make_case
from sizing_support import BATTERY, COSTS, two_shifts, weather

DAYS = 7
LOAD = two_shifts(DAYS)
UNITS = weather(1, DAYS)
SHARE = DAYS / 365
"""Capital a year is paid for a week: prices of energy are those of a week that costs as much as a year."""
PRICES = Prices(import_per_kwh=0.18 / SHARE, export_per_kwh=0.05 / SHARE)
DIESEL = Genset(min_load_fraction=0.3, fuel_intercept_l_per_h_per_kw=0.033, fuel_slope_l_per_kwh=0.273)


def test_annual_cost_of_capital_equals_its_present_value():
    # 1,000 a kWp, of which the inverter of 100 again in year 13 of 20, at 8 %: by hand.
    costs = replace(COSTS, pv_inverter_per_kwp=100, pv_inverter_life_years=13, pv_om_per_kwp_year=0)
    flows = [1000.0] + [100.0 if year == 13 else 0.0 for year in range(1, 21)]
    assert costs.rates().capital[0] == pytest.approx(npv(0.08, flows) * crf(0.08, 20))
    # A battery of 12 years is bought twice in 20, once in 12.
    twice = [300.0] + [300.0 if year == 12 else 0.0 for year in range(1, 21)]
    assert costs.rates().capital[1] == pytest.approx(npv(0.08, twice) * crf(0.08, 20))
    assert replace(costs, mine_life_years=12).rates().capital[1] == pytest.approx(300 * crf(0.08, 12))


def test_existing_equipment_has_no_capital_but_its_overhaul():
    owned = Existing(sizes=Sizes(pv_kwp=0, genset_kw=100), overhaul_in_years=3, overhaul_cost=20_000)
    rates = COSTS.rates(owned)
    table = np.array([[0.0, 0.0, 0.0, 100.0], [0.0, 0.0, 0.0, 150.0]])
    overhaul = 20_000 / 1.08**3 * crf(0.08, 20)
    assert rates.of_sizes(table) == pytest.approx([overhaul, overhaul + 50 * rates.capital[3]])
    assert rates.investment(table) == pytest.approx([0, 50 * 350])
    late = COSTS.rates(replace(owned, overhaul_in_years=25))
    assert late.fixed == 0


@given(st.floats(0.3, 2.0))
def test_annual_net_in_closed_form(ratio):
    result = size(LOAD, UNITS, AnnualNet(ratio=ratio), COSTS, grid=Grid(), prices=PRICES)
    assert result.pv_kwp == pytest.approx(ratio * LOAD.sum() / UNITS.sum())
    assert result.coverage.annual_net_ratio == pytest.approx(ratio)
    # It bounds the size: a larger array may cost less.
    assert (result.bound_by, result.lower_bound, result.gap) == ("closed_form", None, None)
    assert result.annual_cost == pytest.approx(result.plant.money.total)


def test_annual_net_of_the_last_year_counts_degradation():
    ageing = Ageing(pv_per_year=0.005)
    first, average, last = (
        size(LOAD, UNITS, AnnualNet(age=age), COSTS, grid=Grid(), prices=PRICES, ageing=ageing)
        for age in ("first", "average", "last")
    )
    assert last.pv_kwp == pytest.approx(first.pv_kwp / 0.995**19)
    assert first.pv_kwp < average.pv_kwp < last.pv_kwp
    assert average.pv_kwp == pytest.approx(first.pv_kwp / np.mean(0.995 ** np.arange(20)))
    assert last.coverage.annual_net_ratio == pytest.approx(1)
    assert last.findings[0].key == "size_age_last"


def test_an_export_limit_needs_more_modules_and_a_closed_one_is_refused():
    free = size(LOAD, UNITS, AnnualNet(), COSTS, grid=Grid(), prices=PRICES)
    tight = size(LOAD, UNITS, AnnualNet(), COSTS, grid=Grid(export_limit_kw=120), prices=PRICES)
    assert tight.pv_kwp > free.pv_kwp * 1.001
    assert tight.coverage.delivered_net_ratio == pytest.approx(1, rel=1e-6)
    with pytest.raises(Infeasible, match="annual_net_limits"):
        size(LOAD, UNITS, AnnualNet(), COSTS, grid=Grid(export_allowed=False), prices=PRICES)


def test_a_limit_on_inverters_clips_and_the_array_makes_up_for_it():
    bounds = Bounds(inverter_kw=200)
    result = size(LOAD, UNITS, AnnualNet(), COSTS, grid=Grid(), prices=PRICES, bounds=bounds)
    output = np.minimum(result.pv_kwp * UNITS[0], 200)
    assert output.sum() == pytest.approx(LOAD.sum(), rel=1e-6)
    assert result.plant.pv_kwh == pytest.approx(LOAD.sum(), rel=1e-6)
    with pytest.raises(InputError, match="size_inverter_limit"):
        size(LOAD, UNITS, LeastCost(), COSTS, grid=Grid(), prices=PRICES, bounds=bounds)


def test_delivered_energy_rises_with_the_array():
    case = make_case(LOAD, UNITS, COSTS, battery=BATTERY, grid=Grid(export_limit_kw=50), prices=PRICES)
    assert (np.diff(delivered_kwh(case, np.linspace(1, 2000, 50))) >= -1e-6).all()


def test_without_a_grid_the_balance_is_said_to_be_of_available_energy():
    result = size(LOAD, UNITS, AnnualNet(), COSTS)
    assert "annual_net_without_grid" in [finding.key for finding in result.findings]
    assert result.coverage.lpsp == pytest.approx(1)  # nothing forms a grid


def test_hourly_self_sufficiency_is_met_at_the_bound_of_foresight():
    bounds = Bounds(battery_kw_per_kwh=0.5)
    result = size(LOAD, UNITS, HourlySelf(ratio=0.8), COSTS, battery=BATTERY, grid=Grid(), prices=PRICES, bounds=bounds)
    assert result.coverage.self_sufficiency == pytest.approx(0.8, abs=1e-4)
    assert result.coverage.self_sufficiency >= 0.8 - 1e-8
    # A flat price leaves foresight nothing to win.
    assert result.bound_by == "foresight"
    assert 0 <= result.gap < 1e-3
    less = size(LOAD, UNITS, LeastCost(), COSTS, battery=BATTERY, grid=Grid(), prices=PRICES, bounds=bounds)
    assert less.annual_cost <= result.annual_cost
    assert less.coverage.self_sufficiency < 0.8


def test_self_sufficiency_beyond_the_bounds_is_infeasible():
    bounds = Bounds(battery_kw_per_kwh=0.5, pv_kwp=(0, 50))
    with pytest.raises(Infeasible, match="size_hourly_self"):
        size(LOAD, UNITS, HourlySelf(ratio=0.8), COSTS, battery=BATTERY, grid=Grid(), prices=PRICES, bounds=bounds)


def test_hybridising_the_diesel_set_that_is_there():
    costs = replace(COSTS, fuel_price_per_l=1 / SHARE)
    owned = Existing(sizes=Sizes(pv_kwp=0, genset_kw=100))
    result = size(LOAD, UNITS, LeastCost(), costs, battery=BATTERY, genset=DIESEL, existing=owned)
    assert result.genset_kw == pytest.approx(100)
    base = result.base_case
    # Today's plant: the fuel line in every hour, by hand.
    assert base.fuel_l == pytest.approx(0.033 * 100 * LOAD.size + 0.273 * LOAD.sum())
    assert base.coverage.lpsp == pytest.approx(0, abs=1e-12)
    assert result.fuel_saved_l > 0.5 * base.fuel_l
    assert result.annual_saving == pytest.approx(base.money.total - result.annual_cost)
    assert result.annual_cost < base.money.total
    assert result.lower_bound <= result.annual_cost


def test_money_adds_up_and_equals_the_cost_searched():
    costs = replace(
        COSTS, fuel_price_per_l=1 / SHARE, genset_om_per_kw_hour=0.02 / SHARE, unserved_value_per_kwh=1 / SHARE
    )
    result = size(LOAD, UNITS, LeastCost(), costs, battery=BATTERY, genset=DIESEL)
    money = result.plant.money
    parts = money.capital + money.om + money.fuel + money.imports - money.exports + money.unserved
    assert money.total == pytest.approx(parts)
    assert money.total == pytest.approx(result.annual_cost, rel=1e-9)


def test_a_bill_decides_where_it_is_given():
    # A bill that forgives all imports makes any array a waste.
    generous = replace(PRICES, bill=lambda flows: 0.0, pv_steps_kwp=(0.0,))
    result = size(LOAD, UNITS, LeastCost(), COSTS, grid=Grid(), prices=generous)
    assert result.pv_kwp == 0
    assert result.annual_cost == 0
    assert result.bound_by == "none"
    assert "size_bill_no_bound" in [finding.key for finding in result.findings]


def test_fixed_sizes_stay():
    bounds = Bounds(pv_kwp=(200, 200), battery_kwh=(100, 100), battery_kw=(50, 50))
    result = size(LOAD, UNITS, LeastCost(), COSTS, battery=BATTERY, grid=Grid(), prices=PRICES, bounds=bounds)
    assert (result.pv_kwp, result.battery_kwh, result.battery_kw) == (200, 100, 50)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 50), st.lists(st.floats(0, 1), min_size=LOAD.size, max_size=LOAD.size))
def test_a_pointwise_lower_load_never_raises_least_cost_at_annual_net(seed, shares):
    units = weather(1, DAYS, seed)
    lower = LOAD * (1 - 0.6 * np.array(shares))
    before, after = (
        size(load, units, LeastCost(annual_net_ratio=1), COSTS, grid=Grid(), prices=PRICES) for load in (LOAD, lower)
    )
    assert after.annual_cost <= before.annual_cost * (1 + 1e-6)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 50), st.floats(0.1, 10))
def test_a_uniform_load_change_scales_sizes_and_cost(seed, factor):
    units = weather(1, DAYS, seed)
    for goal in (AnnualNet(), LeastCost()):
        one, other = (size(f * LOAD, units, goal, COSTS, grid=Grid(), prices=PRICES) for f in (1.0, factor))
        assert other.pv_kwp == pytest.approx(factor * one.pv_kwp, rel=2e-2)
        assert other.annual_cost == pytest.approx(factor * one.annual_cost, rel=1e-5)


def test_what_does_not_fit_is_refused():
    with pytest.raises(InputError, match="size_steps"):
        size(LOAD, UNITS[:, 1:], AnnualNet(), COSTS)
    with pytest.raises(InputError, match="size_series"):
        size(-LOAD, UNITS, AnnualNet(), COSTS)
    with pytest.raises(InputError, match="size_bounds"):
        size(LOAD, UNITS, AnnualNet(), COSTS, bounds=Bounds(battery_kwh=(10, 20)))
    with pytest.raises(InputError, match="size_bounds"):
        Bounds(pv_kwp=(3, 2))
    with pytest.raises(Infeasible, match="no_load"):
        size(0 * LOAD, UNITS, AnnualNet(), COSTS)
    with pytest.raises(Infeasible, match="no_sun"):
        size(LOAD, 0 * UNITS, AnnualNet(), COSTS)
    with pytest.raises(Infeasible, match="size_pv_bound"):
        size(LOAD, UNITS, AnnualNet(), COSTS, bounds=Bounds(pv_kwp=(0, 10)))
    for wrong in (lambda: HourlySelf(ratio=0), lambda: OffGrid(lpsp=1), lambda: AnnualNet(ratio=-1)):
        with pytest.raises(ValueError, match="cannot be"):
            wrong()
    with pytest.raises(InputError, match="size_catalogue"):
        Catalogue(module_kwp=0)


def test_costs_have_no_hidden_defaults_of_price():
    costs = Costs(pv_per_kwp=1, mine_life_years=10, discount_rate=0)
    assert costs.rates().capital == pytest.approx((0.1, 0, 0, 0))
