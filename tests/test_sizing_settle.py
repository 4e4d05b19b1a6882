"""Plants settled on the load's own steps and by the tariff's own bill."""

from dataclasses import replace

import numpy as np
import pytest

from mine_energy.dispatch import Genset, Grid, Sizes, simulate
from mine_energy.errors import InputError
from mine_energy.sizing import AnnualNet, Bounds, Catalogue, HourlySelf, LeastCost, Metered, Prices, size
from sizing_support import BATTERY, COSTS, two_shifts, weather

DAYS = 28
PARTS = 4
LOAD = two_shifts(DAYS)
UNIT = weather(1, DAYS)
SHARE = DAYS / 365
FEW = replace(
    COSTS,
    pv_per_kwp=COSTS.pv_per_kwp * SHARE,
    pv_om_per_kwp_year=COSTS.pv_om_per_kwp_year * SHARE,
    battery_per_kwh=COSTS.battery_per_kwh * SHARE,
    battery_per_kw=COSTS.battery_per_kw * SHARE,
)
"""A year's cost of capital scaled to the days that stand for it."""
PRICES = Prices(import_per_kwh=0.15, export_per_kwh=0.0)


def jagged() -> np.ndarray:
    """Return a load in quarter hours with the hourly means of LOAD: a mill that stands still every other quarter."""
    return (LOAD[:, None] * np.array([1.8, 0.2, 1.6, 0.4])).ravel()


def power_bill(flows) -> float:
    """Return a bill of energy and of the highest step."""
    return 0.15 * flows.energy_kwh("import") + 5.0 * float(flows.import_kw.max())


def test_steps_that_repeat_the_hour_change_nothing():
    even = Metered(load_kw=np.repeat(LOAD, PARTS))
    for goal in (AnnualNet(), HourlySelf(ratio=0.7), LeastCost()):
        bounds = Bounds(battery_kw_per_kwh=0.5)
        given = {"battery": BATTERY, "grid": Grid(), "prices": PRICES, "bounds": bounds}
        plain, own = (size(LOAD, UNIT, goal, FEW, **given, metered=m) for m in (None, even))
        # A battery's limit within the hour is that of the energy stored at its start.
        assert own.annual_cost == pytest.approx(plain.annual_cost, rel=2e-3)
        assert own.plant.coverage.self_sufficiency == pytest.approx(plain.plant.coverage.self_sufficiency, abs=2e-2)


def test_the_goal_holds_on_the_loads_own_steps():
    given = {"battery": BATTERY, "grid": Grid(), "prices": PRICES, "bounds": Bounds(battery_kw_per_kwh=0.5)}
    plain = size(LOAD, UNIT, HourlySelf(ratio=0.8), FEW, **given)
    own = size(LOAD, UNIT, HourlySelf(ratio=0.8), FEW, **given, metered=Metered(load_kw=jagged()))
    sizes = Sizes(pv_kwp=own.pv_kwp, battery_kwh=own.battery_kwh, battery_kw=own.battery_kw)
    year = simulate(jagged(), np.repeat(UNIT[0], PARTS), sizes, battery=BATTERY, grid=Grid(), step_hours=1 / PARTS)
    served = 1 - year.energy_kwh("import") / (LOAD.sum())
    assert served == pytest.approx(own.plant.coverage.self_sufficiency, abs=1e-9)
    assert served >= 0.8 - 1e-6
    # Means hide what a quarter lacks while the next has too much: they cost less, and their bound still holds.
    assert own.annual_cost > plain.annual_cost
    assert own.lower_bound == plain.lower_bound <= own.annual_cost


def test_a_bill_is_made_of_the_meters_steps():
    prices = replace(PRICES, bill=power_bill)
    own = size(
        LOAD, UNIT, LeastCost(), FEW, grid=Grid(export_allowed=False), prices=prices, metered=Metered(load_kw=jagged())
    )
    base = own.base_case.money.imports
    assert base == pytest.approx(0.15 * LOAD.sum() + 5.0 * 1.8 * LOAD.max())
    assert own.annual_cost <= base * (1 + 1e-12)


def test_the_bill_keeps_an_array_small_that_the_price_would_make_large():
    # The search's price counts all money of the bill into each kWh; the bill's power does not fall with the sun.
    total = power_bill(simulate(LOAD, UNIT[0], Sizes(pv_kwp=0.0), grid=Grid()))
    dear = Prices(import_per_kwh=total / LOAD.sum(), bill=power_bill)
    own = size(
        LOAD,
        UNIT,
        LeastCost(),
        FEW,
        grid=Grid(export_allowed=False),
        prices=dear,
        catalogue=Catalogue(module_kwp=0.55, modules_per_string=16),
    )
    sizes = np.arange(0, 400, 5.0)
    rates = FEW.rates()
    costs = [
        float(rates.of_sizes(np.array([[kwp, 0.0, 0.0, 0.0]]))[0])
        + power_bill(simulate(LOAD, UNIT[0], Sizes(pv_kwp=float(kwp)), grid=Grid(export_allowed=False)))
        for kwp in sizes
    ]
    assert own.annual_cost <= min(costs) * (1 + 1e-3)
    shelf = own.catalogue
    assert shelf.plant.money.total == pytest.approx(own.annual_cost * (1 + shelf.above_free))
    assert abs(shelf.plant.pv_kwp - own.pv_kwp) <= 3 * 8.8
    assert -1e-3 <= shelf.above_free < 5e-3


def test_a_hybrid_is_settled_on_its_own_steps_too():
    diesel = Genset(min_load_fraction=0.3, fuel_intercept_l_per_h_per_kw=0.02, fuel_slope_l_per_kwh=0.25)
    bounds = Bounds(genset_kw=(150.0, 150.0), battery_kw_per_kwh=0.5)
    given = {"battery": BATTERY, "genset": diesel, "bounds": bounds}
    costs = replace(FEW, fuel_price_per_l=1.0)
    own = size(LOAD, UNIT, LeastCost(), costs, **given, metered=Metered(load_kw=jagged()))
    assert own.plant.unserved_kwh == pytest.approx(0, abs=1e-6)
    assert own.annual_cost == pytest.approx(own.plant.money.total, rel=1e-9)
    assert own.lower_bound <= own.annual_cost


def test_coverage_costs_no_less_than_none_beside_a_set_that_carries_all():
    diesel = Genset(min_load_fraction=0.0, fuel_intercept_l_per_h_per_kw=0.0, fuel_slope_l_per_kwh=0.3)
    bounds = Bounds(genset_kw=(100.0, 100.0))
    costs = replace(FEW, fuel_price_per_l=0.8)
    least, covered = (
        size(LOAD, UNIT, goal, costs, battery=BATTERY, genset=diesel, bounds=bounds)
        for goal in (LeastCost(), HourlySelf(ratio=0.5))
    )
    assert covered.lower_bound >= least.lower_bound * (1 - 1e-5)


def test_steps_that_do_not_divide_the_hours_are_refused():
    with pytest.raises(InputError):
        size(LOAD, UNIT, LeastCost(), FEW, grid=Grid(), prices=PRICES, metered=Metered(load_kw=np.ones(LOAD.size + 1)))
