"""No energy for free: whatever the plant, it ends with the energy with which it starts; steps and limits agree."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mine_energy.dispatch import Battery, Genset, Grid, Sizes, simulate, simulate_many
from mine_energy.dispatch.many import Chain, Years
from mine_energy.dispatch.terms import Lanes, terms_of

N = 96
HOUR = np.arange(N) % 24
DAY = np.maximum(0.0, np.sin((HOUR - 6) / 12 * np.pi))


@st.composite
def plants(draw):
    """Return load, yield, sizes and rules of a plant that follows its load: PV, battery, with a grid or without."""
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    load = rng.uniform(0, 60, N)
    unit = DAY * np.repeat(rng.uniform(0.1, 1, N // 24), 24)
    battery = Battery(
        soc_min=draw(st.sampled_from([0.0, 0.1])),
        self_discharge_per_hour=draw(st.sampled_from([0.0, 1e-3])),
        reserve_fraction=draw(st.sampled_from([0.0, 0.3])),
    )
    there = (rng.random(N) < 0.8).astype(float)
    grid = draw(st.sampled_from([None, Grid(), Grid(import_limit_kw=25.0, available=there)]))
    sizes = Sizes(pv_kwp=draw(st.floats(20, 300)), battery_kwh=draw(st.floats(10, 3000)), battery_kw=60.0)
    return load, unit, sizes, {"battery": battery, "grid": grid}


@settings(max_examples=80, deadline=None)
@given(plants())
def test_what_the_battery_took_is_what_it_gave_and_lost(plant):
    load, unit, sizes, rules = plant
    r, battery = simulate(load, unit, sizes, **rules), rules["battery"]
    before = np.concatenate([[r.start_kwh], r.stored_kwh[:-1]])
    lost = before * battery.self_discharge_per_hour
    taken = r.charge_kw * battery.charge_efficiency - r.discharge_kw / battery.discharge_efficiency - lost
    closed = 1e-6 + 2e-9 * sizes.battery_kwh
    assert r.stored_kwh[-1] == pytest.approx(r.start_kwh, abs=closed)
    assert taken.sum() == pytest.approx(0, abs=1e-6 * (1 + sizes.battery_kwh))
    many = simulate_many(load, unit, [[sizes.pv_kwp, sizes.battery_kwh, sizes.battery_kw, 0.0]], **rules)
    assert many.start_kwh[0] == pytest.approx(many.end_kwh[0], abs=closed)
    assert many.unserved_kwh[0] == pytest.approx(r.energy_kwh("unserved"), abs=2 * closed)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.35, 1.0))
def test_a_free_start_would_serve_more_than_a_closed_period(seed, fill):
    # Less sun than load: the closed battery ends empty, so whatever it starts with is a gift that the night would show.
    rng = np.random.default_rng(seed)
    load, unit = rng.uniform(20, 60, N), 0.3 * DAY
    table = np.array([[100.0, 400.0, 60.0, 0.0]])
    closed = simulate_many(load, unit, table, battery=Battery(soc_min=0.0))
    lanes = Lanes(pv_kwp=table[:, 0], usable_kwh=table[:, 1], battery_kw=table[:, 2], genset_kw=table[:, 3])
    chain = Chain(
        terms=terms_of(load, Battery(soc_min=0.0), None, None),
        units=unit[None],
        years=Years(pv=(1.0,), energy=(1.0,)),
        lanes=lanes,
        detail=False,
        compiled=False,
    )
    _, _, sums = chain.run(fill * lanes.usable_kwh, np.zeros(1))
    given_free = 0.95 * fill * 400.0
    assert closed.start_kwh[0] == pytest.approx(0, abs=1e-6)
    assert closed.unserved_kwh[0] == pytest.approx(sums[0, 0] + given_free, rel=1e-9)


@settings(max_examples=60, deadline=None)
@given(plants())
def test_constant_data_give_the_same_by_the_hour_and_by_the_quarter(plant):
    # Without self-discharge, which compounds by the step, and without a reserve beside a limit: there a controller that
    # looks four times an hour does something else.
    load, unit, sizes, rules = plant
    battery = replace(rules["battery"], self_discharge_per_hour=0.0, reserve_fraction=0.0)
    rules = {"battery": battery, "grid": rules["grid"] and Grid()}
    coarse = simulate(load, unit, sizes, **rules)
    quarter = simulate(np.repeat(load, 4), np.repeat(unit, 4), sizes, **rules, step_hours=0.25)
    for flow in ("import", "export", "unserved", "discharge", "charge", "curtailed"):
        assert quarter.energy_kwh(flow) == pytest.approx(coarse.energy_kwh(flow), rel=1e-9, abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(plants(), st.floats(1, 3), st.floats(1, 3), st.sampled_from([None, 10.0, 25.0]))
def test_unserved_load_falls_with_pv_and_battery_beside_a_weak_grid_too(plant, more_pv, more_kwh, limit):
    load, unit, sizes, rules = plant
    battery = replace(rules["battery"], reserve_fraction=0.0)
    grid = None if limit is None else Grid(import_limit_kw=limit)
    rows = [
        [sizes.pv_kwp * a, sizes.battery_kwh * b, 60.0, 0.0]
        for a, b in ((1, 1), (more_pv, 1), (1, more_kwh), (more_pv, more_kwh))
    ]
    lpsp = simulate_many(load, unit, rows, battery=battery, grid=grid).lpsp
    assert (lpsp[1:] <= lpsp[0] + 1e-9).all()
    assert lpsp[3] <= lpsp[1:3].min() + 1e-9


@pytest.mark.parametrize("strategy", ["load_following", "cycle_charging"])
def test_lean_and_full_lanes_agree_where_sets_run(strategy, monkeypatch):
    from mine_energy.dispatch import many

    monkeypatch.setattr(many, "COMPILED_FROM", 0)
    rng = np.random.default_rng(2)
    rule = Genset(
        min_load_fraction=0.3, fuel_intercept_l_per_h_per_kw=0.03, fuel_slope_l_per_kwh=0.27, strategy=strategy, units=2
    )
    rows = np.stack([np.linspace(0, 300, 40), rng.uniform(1, 800, 40), np.full(40, 50.0), np.full(40, 45.0)], axis=1)
    for grid in (None, Grid(available=np.zeros(N))):
        lean, full = (
            simulate_many(30.0 + 20.0 * DAY, DAY, rows, battery=Battery(), genset=rule, grid=grid, detail=detail)
            for detail in (False, True)
        )
        for name in ("unserved_kwh", "genset_kwh", "fuel_l", "discharge_kwh", "pv_used_kwh", "end_kwh"):
            np.testing.assert_allclose(getattr(lean, name), getattr(full, name), rtol=1e-12, atol=1e-9)
