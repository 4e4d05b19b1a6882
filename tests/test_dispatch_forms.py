"""One rule in four forms: plain Python step by step, series, wide numpy and compiled lanes give the same figures."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mine_energy.dispatch import Battery, Genset, Grid, Sizes, Years, many, simulate, simulate_many
from mine_energy.dispatch.rule import TINY_KW, limits, take_step

N = 72
FLOWS = ("unserved", "genset", "discharge", "imported", "export", "charge")


def series(seed, low, high):
    return np.random.default_rng(seed).uniform(low, high, N)


@st.composite
def plants(draw):
    """Return load, PV, sizes, rules and step of a small plant with any of the features."""
    seed = draw(st.integers(0, 10_000))
    rng = np.random.default_rng(seed)
    load = rng.uniform(0, 100, N) * (rng.random(N) < 0.9)
    unit = np.maximum(0, np.sin((np.arange(N) % 24 - 6) / 12 * np.pi)) * rng.uniform(0.1, 1, N)
    limited = draw(st.booleans())
    battery = Battery(
        charge_efficiency=draw(st.sampled_from([1.0, 0.95, 0.8])),
        discharge_efficiency=draw(st.sampled_from([1.0, 0.95, 0.8])),
        soc_min=draw(st.sampled_from([0.0, 0.2])),
        self_discharge_per_hour=draw(st.sampled_from([0.0, 0.001])),
        grid_forming=draw(st.booleans()),
        reserve_fraction=draw(st.sampled_from([0.0, 0.3])),
        charge_limit=series(seed, 0, 1) if limited else None,
        discharge_limit=series(seed + 1, 0, 1) if limited else None,
    )
    genset = Genset(
        min_load_fraction=draw(st.sampled_from([0.0, 0.3])),
        fuel_intercept_l_per_h_per_kw=0.03,
        fuel_slope_l_per_kwh=0.25,
        strategy=draw(st.sampled_from(["load_following", "cycle_charging"])),
        units=draw(st.sampled_from([1, 3])),
    )
    grid = Grid(
        export_allowed=draw(st.booleans()),
        import_limit_kw=draw(st.sampled_from([np.inf, 30.0])),
        export_limit_kw=draw(st.sampled_from([np.inf, 20.0])),
        available=(rng.random(N) < 0.7).astype(float) if draw(st.booleans()) else None,
        may_discharge=(rng.random(N) < 0.6).astype(float) if draw(st.booleans()) else None,
    )
    rules = {
        "battery": draw(st.sampled_from([battery, None])),
        "genset": draw(st.sampled_from([genset, None])),
        "grid": draw(st.sampled_from([grid, None])),
    }
    sizes = Sizes(
        pv_kwp=draw(st.sampled_from([0.0, 60.0, 300.0])),
        battery_kwh=draw(st.sampled_from([50.0, 400.0])) if rules["battery"] else 0.0,
        battery_kw=draw(st.sampled_from([20.0, 100.0])) if rules["battery"] else 0.0,
        genset_kw=draw(st.sampled_from([40.0, 90.0])) if rules["genset"] else 0.0,
    )
    return load, unit, sizes, rules, draw(st.sampled_from([1.0, 0.25]))


def plain(load, unit, sizes, rules, step, start, running=False):
    """Return the flows of the rule itself, one step after another."""
    stored, found = start, []
    for i, (kw, share) in enumerate(zip(load, unit, strict=True)):
        at = limits(sizes, rules["battery"], rules["genset"], rules["grid"], i, step)
        flows = take_step(float(kw), float(share) * sizes.pv_kwp, stored, running, at)
        stored, running = flows.stored_kwh, flows.running
        found.append(flows)
    return found


def table(sizes):
    return [[sizes.pv_kwp, sizes.battery_kwh, sizes.battery_kw, sizes.genset_kw]]


@pytest.mark.parametrize("threshold", [0, 10**12], ids=["lanes", "wide"])
@settings(max_examples=150, deadline=None)
@given(plants())
def test_every_form_equals_the_plain_rule(threshold, plant):
    load, unit, sizes, rules, step = plant
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(many, "COMPILED_FROM", threshold)
        found = simulate_many(load, unit, table(sizes), **rules, prices=(0.2, 0.05), step_hours=step, detail=True)
        lean = simulate_many(load, unit, table(sizes), **rules, prices=(0.2, 0.05), step_hours=step)
    running = bool(found.start_running[0])
    flows = plain(load, unit, sizes, rules, step, float(found.start_kwh[0]), running)
    energy = {name: sum(getattr(f, name) for f in flows) * step for name in FLOWS}
    same = {"rel": 1e-12, "abs": 1e-9}
    for totals in (found, lean):
        assert totals.unserved_kwh[0] == pytest.approx(energy["unserved"], **same)
        assert totals.genset_kwh[0] == pytest.approx(energy["genset"], **same)
        assert totals.discharge_kwh[0] == pytest.approx(energy["discharge"], **same)
        assert totals.import_kwh[0] == pytest.approx(energy["imported"], **same)
        assert totals.export_kwh[0] == pytest.approx(energy["export"], **same)
        assert totals.import_cost[0] == pytest.approx(0.2 * energy["imported"], **same)
    assert found.charge_kwh[0] == pytest.approx(energy["charge"], **same)
    assert found.lost_hours[0] == pytest.approx(step * sum(f.unserved > TINY_KW for f in flows))
    assert found.genset_hours[0] == pytest.approx(step * sum(f.genset > TINY_KW for f in flows))


@settings(max_examples=150, deadline=None)
@given(plants())
def test_the_series_balance_close_and_never_charge_while_discharging(plant):
    load, unit, sizes, rules, step = plant
    r = simulate(load, unit, sizes, **rules, step_hours=step)
    scale = 1e-9 * (1 + load.max() + sizes.pv_kwp)
    taken = r.pv_used_kw + r.pv_to_battery_kw
    sources = taken + r.discharge_kw + r.import_kw + r.genset_kw + r.unserved_kw
    np.testing.assert_allclose(sources, load + r.charge_kw, rtol=0, atol=scale)
    np.testing.assert_allclose(taken + r.export_kw + r.curtailed_kw, r.pv_kw, rtol=0, atol=scale)
    assert (np.minimum(r.charge_kw, r.discharge_kw) <= scale).all()
    for name in ("pv_used", "export", "curtailed", "import", "genset", "unserved", "charge", "discharge"):
        assert (getattr(r, f"{name}_kw") >= 0).all()


def test_a_battery_starts_with_what_it_ends():
    # Three days with a surplus in the first two: a free half-full start would carry the last night.
    load = np.full(N, 10.0)
    unit = np.where(np.arange(N) % 24 == 12, 1.0, 0.0) * (np.arange(N) < 48)
    sizes, rule = Sizes(pv_kwp=200.0, battery_kwh=150.0, battery_kw=200.0), Battery(soc_min=0.0)
    r = simulate(load, unit, sizes, battery=rule)
    change = (0.95 * r.charge_kw - r.discharge_kw / 0.95).sum()
    assert change == pytest.approx(0, abs=1e-6)
    assert r.stored_kwh[-1] == pytest.approx(0, abs=1e-9)
    served = load.sum() - r.unserved_kw.sum()
    assert served <= r.pv_kw.sum()


def test_a_battery_that_never_fills_or_empties_is_closed_too():
    # 0.1 % more in than out: passes from empty would take a thousand years to fill it.
    load = np.full(N, 10.0)
    unit = np.where(np.arange(N) % 2 == 0, 1.0, 0.0)
    rule = Battery(charge_efficiency=1.0, discharge_efficiency=1.0, soc_min=0.0)
    sizes = Sizes(pv_kwp=20.001, battery_kwh=5000.0, battery_kw=50.0)
    r = simulate(load, unit, sizes, battery=rule)
    assert (r.charge_kw - r.discharge_kw).sum() == pytest.approx(0, abs=1e-9)
    found = simulate_many(load, unit, table(sizes), battery=rule)
    assert found.start_kwh[0] == pytest.approx(found.end_kwh[0], abs=1e-9)


def test_years_follow_one_another():
    load, unit = series(1, 5, 20), np.maximum(0, np.sin((np.arange(N) % 24 - 6) / 12 * np.pi))
    sizes = Sizes(pv_kwp=80.0, battery_kwh=60.0, battery_kw=40.0)
    fade = Years(pv=(1.0, 0.9), energy=(1.0, 0.8))
    found = simulate_many(load, np.stack([unit, unit]), table(sizes), battery=Battery(), years=fade)
    first = plain(
        load, unit, sizes, {"battery": Battery(), "genset": None, "grid": None}, 1.0, float(found.start_kwh[0])
    )
    second_sizes = replace(sizes, pv_kwp=72.0, battery_kwh=48.0)
    start = min(first[-1].stored_kwh, 48.0 * 0.9)
    second = plain(load, unit, second_sizes, {"battery": Battery(), "genset": None, "grid": None}, 1.0, start)
    assert found.unserved_kwh[0] == pytest.approx(sum(f.unserved for f in (*first, *second)), abs=1e-9)
    assert found.end_kwh[0] == pytest.approx(second[-1].stored_kwh)
    assert found.load_kwh == pytest.approx(2 * load.sum())


@settings(max_examples=60, deadline=None)
@given(plants(), st.sampled_from([2.0, 3.5]))
def test_scaling_load_and_sizes_scales_every_flow(plant, by):
    load, unit, sizes, rules, step = plant
    if rules["grid"] is not None:
        rules = rules | {"grid": replace(rules["grid"], import_limit_kw=np.inf, export_limit_kw=np.inf)}
    big = Sizes(**{f: by * getattr(sizes, f) for f in ("pv_kwp", "battery_kwh", "battery_kw", "genset_kw")})
    once, more = (
        simulate_many(x, unit, table(s), **rules, step_hours=step) for x, s in ((load, sizes), (by * load, big))
    )
    for name in ("unserved_kwh", "genset_kwh", "discharge_kwh", "import_kwh", "export_kwh"):
        assert getattr(more, name)[0] == pytest.approx(by * getattr(once, name)[0], rel=1e-6, abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.floats(0, 300), st.floats(0, 300), st.floats(0, 500), st.floats(0, 500))
def test_more_pv_or_battery_never_raises_lpsp(seed, pv, more_pv, battery, more_battery):
    load, unit = series(seed, 5, 40), np.maximum(0, np.sin((np.arange(N) % 24 - 6) / 12 * np.pi)) * series(seed, 0.2, 1)
    sizes = [[p, b, 60.0, 0.0] for p in (pv, pv + more_pv) for b in (battery, battery + more_battery)]
    lpsp = simulate_many(load, unit, sizes, battery=Battery()).lpsp
    # Without any battery nothing forms the grid: both rows with none lose everything alike.
    small, small_battery, large_pv, both = lpsp
    assert max(small_battery, large_pv) <= small + 1e-9
    assert both <= min(small_battery, large_pv) + 1e-9


def test_constant_data_give_the_same_by_the_hour_and_by_the_quarter():
    load = np.repeat(series(3, 5, 40), 4)
    unit = np.repeat(np.maximum(0, np.sin((np.arange(N) % 24 - 6) / 12 * np.pi)), 4)
    sizes = [[100.0, 120.0, 60.0, 0.0]]
    fine = simulate_many(load, unit, sizes, battery=Battery(), grid=Grid(), step_hours=0.25)
    coarse = simulate_many(load[::4], unit[::4], sizes, battery=Battery(), grid=Grid())
    assert fine.import_kwh[0] == pytest.approx(coarse.import_kwh[0], rel=1e-9)
    assert fine.discharge_kwh[0] == pytest.approx(coarse.discharge_kwh[0], rel=1e-9)


def test_shedding_never_raises_self_sufficiency():
    load, unit = series(4, 20, 60), np.zeros(N)
    large, small = simulate_many(
        load, unit, [[0, 0, 0, 80.0], [0, 0, 0, 30.0]], genset=Genset(min_load_fraction=0.3)
    ).self_sufficiency
    assert large == pytest.approx(0, abs=1e-12)
    assert small == pytest.approx(0, abs=1e-12)


def test_a_small_job_starts_no_compiler():
    import subprocess
    import sys

    code = (
        "import sys, numpy as np; from mine_energy.dispatch import *;"
        "simulate_many(np.ones(100), np.ones(100), [[1, 1, 1, 0]], battery=Battery());"
        "sys.exit('numba' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@settings(max_examples=15, deadline=None)
@given(plants())
def test_the_compiled_form_records_what_plain_python_does(plant):
    load, unit, sizes, rules, step = plant
    slow = simulate(load, unit, sizes, **rules, step_hours=step)
    fast = simulate(load, unit, sizes, **rules, step_hours=step, runs=10_000)
    scale = 1 + load.max() + sizes.pv_kwp
    for name in ("pv_used_kw", "export_kw", "import_kw", "genset_kw", "unserved_kw", "charge_kw", "discharge_kw"):
        assert getattr(fast, name) == pytest.approx(getattr(slow, name), abs=1e-9 * scale)
    assert fast.stored_kwh == pytest.approx(slow.stored_kwh, abs=1e-9 * (1 + sizes.battery_kwh))
    assert fast.start_kwh == pytest.approx(slow.start_kwh, abs=1e-9 * (1 + sizes.battery_kwh))
    assert fast.fuel_l == pytest.approx(slow.fuel_l)
