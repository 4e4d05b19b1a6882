"""Tornado and bands of money, and when engines are overhauled."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from finance_projects import efficiency, project, pv_plant
from mine_energy import finance
from mine_energy.errors import InputError
from mine_energy.finance import Draws, EndOfLife, EngineUpkeep, MoneyRisk, Swing
from mine_energy.site import FinanceChoice

# ---------------------------------------------------------------- tornado


def bar(key, low, base, high, **financing):
    (found,) = finance.money_tornado(project(**financing), [Swing(key=key, low=low, base=base, high=high, source="x")])
    return found


def test_a_bar_by_hand():
    # Capex moves the present value by itself; savings by their annuity.
    found = bar("capex", 0.8, 1.0, 1.4)
    assert (found.npv_base - found.npv_at_high, found.npv_at_low - found.npv_base) == pytest.approx((40_000, 20_000))
    found = bar("saving", 0.9, 1.0, 1.1)
    assert found.npv_at_high - found.npv_base == pytest.approx(2_000 / finance.crf(0.08, 20))
    found = bar("discount_rate", 0.06, 0.08, 0.12)
    assert found.npv_at_high == pytest.approx(-100_000 + 18_500 / finance.crf(0.12, 20))
    found = bar("mine_life_years", 10.0, 20.0, 20.0)
    assert found.npv_at_low == pytest.approx(-100_000 + 18_500 / finance.crf(0.08, 10))
    found = bar("om", 0.5, 1.0, 2.0)
    assert found.npv_base - found.npv_at_high == pytest.approx(1_500 / finance.crf(0.08, 20))


def test_inflation_alone_moves_nothing_without_debt_and_tax():
    found = bar("inflation", 0.0, 0.05, 0.2, inflation=0.05)
    assert found.swing == pytest.approx(0.0, abs=1e-4)


def test_the_widest_bar_is_first_and_every_bar_has_the_same_base():
    plan = project(pv_plant(), efficiency(), mine=None)
    swings = finance.default_swings(plan, saving=(0.85, 1.1))
    bars = finance.money_tornado(plan, swings)
    widths = [one.swing for one in bars]
    assert widths == sorted(widths, reverse=True)
    assert {one.key for one in bars} == {"capex", "saving", "discount_rate", "mine_life_years", "dollar_dearer"}
    assert len({one.npv_base for one in bars}) == 1
    capex = next(one for one in swings if one.key == "capex")
    assert (capex.low, capex.high, capex.source) == (pytest.approx(0.8), pytest.approx(1.4), "quote")


def test_a_packaged_plant_swings_by_its_own_ranges():
    choice = FinanceChoice(mine_life_years=30)
    plan = project(finance.pv_stream(100.0, 80.0, 140_000.0, 20_000.0, choice, country="CO"), rate=None)
    swings = {one.key: one for one in finance.default_swings(plan)}
    assert (swings["capex"].low, swings["capex"].high) == (pytest.approx(0.75), pytest.approx(1.4))
    assert (swings["om"].low, swings["om"].high) == (pytest.approx(10 / 15), pytest.approx(25 / 15))
    assert (swings["discount_rate"].low, swings["discount_rate"].high) == (0.06, 0.12)
    assert swings["capex"].source == "packaged"
    assert "mine_life_years" not in swings


@pytest.mark.parametrize(("key", "low", "base", "high"), [("moon", 0.5, 1.0, 2.0), ("capex", 1.2, 1.0, 2.0)])
def test_swings_that_are_none(key, low, base, high):
    with pytest.raises(InputError):
        bar(key, low, base, high)


# ---------------------------------------------------------------- draws


def test_draws_at_base_are_the_base():
    streams = (pv_plant(end=EndOfLife(kind="salvage", salvage_fraction=0.1)), efficiency())
    ones = np.ones(7)
    risk = finance.money_at_risk(streams, Draws(saving={"pv": ones, "measures": ones}), 0.08, 40.0)
    expected = finance.investment(
        streams, FinanceChoice(discount_rate=0.08, mine_life_years=40.0), scope="both", country="CO"
    )
    base = (
        expected.npv[1].npv,
        expected.irr[0],
        expected.simple_payback_years,
        expected.discounted_payback_years,
    )
    for band, value in zip(risk.bands, base, strict=True):
        assert (band.p10, band.p50, band.p90) == pytest.approx((value,) * 3)
    assert (risk.draws, risk.loss_probability) == (7, 0.0)


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0.2, 2.0), st.floats(0.5, 2.0)), min_size=1, max_size=20))
def test_each_draw_is_an_investment_of_its_own(pairs):
    saving, capex = (np.array(values) for values in zip(*pairs, strict=True))
    risk = finance.money_at_risk((pv_plant(),), Draws(saving={"pv": saving}, capex={"pv": capex}), 0.08)
    worth = sorted(
        finance.npv(0.08, [-100_000 * c, *[20_000 * s - 1_500] * 20]) for s, c in zip(saving, capex, strict=True)
    )
    median = worth[max(0, -(-len(worth) // 2) - 1)]
    assert risk.bands[0].p50 == pytest.approx(median)
    assert risk.loss_probability == pytest.approx(np.mean(np.array(worth) < 0))


def test_internal_rates_of_draws_are_those_of_single_flows():
    factors = np.array([0.6, 0.8, 1.0, 1.3])
    for factor in factors:
        risk = finance.money_at_risk((pv_plant(),), Draws(saving={"pv": np.array([factor])}), 0.08)
        (root,) = finance.irr([-100_000, *[20_000 * factor - 1_500] * 20])
        assert risk.bands[1].p50 == pytest.approx(root, abs=1e-9)


def test_a_payback_that_never_comes_has_no_figure():
    # One draw in two loses money for ever.
    factors = np.array([0.01, 0.02, 1.0, 1.1])
    risk = finance.money_at_risk((pv_plant(),), Draws(saving={"pv": factors}), 0.08)
    bands = {band.key: band for band in risk.bands}
    assert bands["simple_payback_years"].p10 == pytest.approx(100_000 / (22_000 - 1_500))
    assert bands["simple_payback_years"].p90 is None
    assert bands["irr"].p10 is None
    assert risk.loss_probability == 0.5
    adapter = TypeAdapter(MoneyRisk)
    assert adapter.validate_json(adapter.dump_json(risk)) == risk


def test_shared_errors_widen_the_band_of_the_sum():
    spread = 0.8 + 0.4 * np.arange(101) / 100
    streams = (pv_plant(), efficiency(saving=20_000.0, life=20.0))

    def width(second):
        risk = finance.money_at_risk(streams, Draws(saving={"pv": spread, "measures": second}), 0.08)
        return risk.bands[0].p90 - risk.bands[0].p10

    assert width(spread) > 2 * abs(width(spread[::-1])) + 1.0


@pytest.mark.parametrize(
    "draws",
    [
        Draws(),
        Draws(saving={"pv": np.array([])}),
        Draws(saving={"pv": np.ones(3), "measures": np.ones(4)}),
        Draws(saving={"pv": np.array([1.0, np.nan])}),
        Draws(saving={"pv": np.ones((2, 2))}),
    ],
)
def test_draws_that_are_none(draws):
    with pytest.raises(InputError):
        finance.money_at_risk((pv_plant(),), draws, 0.08)


# ---------------------------------------------------------------- parts and engines


def test_parts_that_are_bought_again():
    parts = finance.repeated("battery", 500.0, 8.0, 25.0)
    assert [(part.year, part.life_years) for part in parts] == [(8, 8.0), (16, 8.0), (24, 8.0)]
    # Nothing is bought at the end itself.
    assert [part.year for part in finance.repeated("inverter", 1.0, 12.5, 25.0)] == [12]
    assert finance.repeated("inverter", 1.0, 30.0, 25.0) == ()
    with pytest.raises(InputError):
        finance.repeated("x", 1.0, 0.5, 25.0)


UPKEEP = EngineUpkeep(
    overhaul_hours=15_000, overhaul_cost=10.0, life_hours=45_000, replacement_cost=100.0, cost_per_hour=0.001
)


def test_an_engine_by_hand():
    # 8,000 h a year: 8, 16 (1st overhaul), 24, 32 (2nd), 40, 48 (replaced: 3 on the new one), 11, 19 (1st again).
    care, overhaul, replaced = finance.engine_costs(UPKEEP, 8_000, 9)
    assert care.amounts == pytest.approx((-8.0,) * 9)
    assert overhaul.amounts == (0, -10, 0, -10, 0, 0, 0, -10, 0)
    assert replaced.amounts == (0, 0, 0, 0, 0, -100, 0, 0, 0)


def test_an_engine_beyond_its_life_is_due_at_once():
    old = EngineUpkeep(
        overhaul_hours=15_000, overhaul_cost=10.0, life_hours=45_000, replacement_cost=100.0, hours_so_far=50_000
    )
    _, overhaul, replaced = finance.engine_costs(old, 8_000, 3)
    assert replaced.amounts == (-100, 0, 0)
    assert overhaul.amounts == (0, -10, 0)


@settings(deadline=None)
@given(
    st.integers(0, 9000),
    st.integers(500, 20_000),
    st.integers(1_000, 60_000),
    st.integers(0, 60_000),
    st.integers(1, 15),
)
def test_engines_against_counting_hours(hours, interval, life, so_far, years):
    upkeep = EngineUpkeep(
        overhaul_hours=interval, overhaul_cost=1.0, life_hours=life, replacement_cost=1.0, hours_so_far=so_far
    )
    _, overhaul, replaced = finance.engine_costs(upkeep, hours, years)
    meter = min(so_far, life)
    for year in range(years):
        overhauls = replacements = 0
        left = hours
        while left > 0 or (meter >= life and hours >= 0):
            if meter >= life:
                replacements += 1
                meter = 0
                continue
            # To the next event, or the end of the year.
            step = min(left, life - meter, interval - meter % interval)
            if step == 0:
                break
            meter += step
            left -= step
            if meter % interval == 0 and meter < life:
                overhauls += 1
        last = year == years - 1
        assert -replaced.amounts[year] == (0 if last else replacements)
        assert -overhaul.amounts[year] == (0 if last else overhauls)


def test_fewer_hours_put_off_overhauls():
    lines = {line.key: line.amounts for line in finance.engine_savings(UPKEEP, 8_000, 4_000, 9)}
    assert lines["engine_upkeep"] == pytest.approx((4.0,) * 9)
    # Before: years 2, 4 and 8. After: 4, 8, 12 ... at 4,000 h: 16,000 in year 4, 32,000 in year 8.
    assert lines["engine_overhaul"] == (0, 10, 0, 0, 0, 0, 0, 0, 0)
    assert lines["engine_replacement"] == (0, 0, 0, 0, 0, 100, 0, 0, 0)
    none = finance.engine_savings(UPKEEP, 8_000, 8_000, 9)
    assert all(set(line.amounts) == {0.0} for line in none)


@pytest.mark.parametrize(
    ("upkeep", "hours"),
    [
        ({"overhaul_hours": 0.0}, 1.0),
        ({"life_hours": -1.0}, 1.0),
        ({"hours_so_far": -1.0}, 1.0),
        ({}, -1.0),
        ({"overhaul_hours": float("nan")}, 1.0),
    ],
)
def test_engines_that_are_none(upkeep, hours):
    given_ = {"overhaul_hours": 1.0, "overhaul_cost": 1.0, "life_hours": 1.0, "replacement_cost": 1.0}
    with pytest.raises(InputError):
        finance.engine_costs(EngineUpkeep(**(given_ | upkeep)), hours, 5)


def test_a_packaged_engine_is_all_assumptions():
    # USD 350/kW: 35,000 for 100 kW; an overhaul 35 % of it every 15,000 h; a new set after 45,000.
    upkeep, assumptions = finance.packaged_upkeep(100.0, "PE", per_usd=2.0, hours_so_far=100.0)
    assert (upkeep.replacement_cost, upkeep.overhaul_cost) == (pytest.approx(70_000), pytest.approx(24_500))
    assert (upkeep.overhaul_hours, upkeep.life_hours, upkeep.hours_so_far) == (15_000, 45_000, 100.0)
    assert upkeep.cost_per_hour == pytest.approx(4.0)
    assert {item.default.confidence for item in assumptions} == {"D"}


def test_a_flow_without_a_rate_has_none():
    # Costs at both ends and too little between: no rate brings it to zero.
    plant = pv_plant(capex=100.0, annual_saving=60.0, om_per_year=0.0, asset_life_years=2.0)
    plant = replace(plant, yearly=(finance.YearlyLine(key="clean_up", amounts=(0.0, -300.0)),))
    risk = finance.money_at_risk((plant,), Draws(saving={"pv": np.ones(3)}), 0.08)
    bands = {band.key: band for band in risk.bands}
    assert bands["irr"].p50 is None
    assert finance.irr(plant.cash_flow(2)) == ()
