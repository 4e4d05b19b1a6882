"""The smallest battery for each array: against brute force, by year, and where none helps."""

import numpy as np
import pytest

from mine_energy.dispatch import Battery, Genset, front, many, reliability_front, simulate_many

HOURS = 24 * 40
DAY = np.maximum(0, np.sin((np.arange(HOURS) % 24 - 6) / 12 * np.pi))
RULE = Battery(soc_min=0.1)


def year(seed):
    clouds = np.repeat(np.random.default_rng(seed).uniform(0.15, 1, HOURS // 24), 24)
    return DAY * clouds


def load():
    working = (np.arange(HOURS) % 24 >= 6) & (np.arange(HOURS) % 24 < 22)
    return np.where(working, 40.0, 4.0)


@pytest.mark.parametrize("limit", [0.0, 0.01, 0.05])
@pytest.mark.parametrize("threshold", [0, 10**12], ids=["lanes", "wide"])
def test_it_equals_brute_force(monkeypatch, limit, threshold):
    monkeypatch.setattr(many, "COMPILED_FROM", threshold)
    found = reliability_front(load(), year(1), [200.0, 300.0, 450.0], RULE, unserved_fraction=limit)
    for pv, needed in zip([200.0, 300.0, 450.0], found[0], strict=True):
        tried = np.arange(0.0, 9000.0, 10.0)
        sizes = np.stack([np.full_like(tried, pv), tried, np.full_like(tried, 1e4), 0 * tried], axis=1)
        good = simulate_many(load(), year(1), sizes, battery=RULE).lpsp <= max(limit, 1e-12)
        if not good.any():
            assert needed == np.inf or needed > 8990
        else:
            assert tried[good.argmax()] - 10 <= needed <= tried[good.argmax()] + 1


def test_each_year_has_its_own_battery():
    years = np.stack([year(1), year(2)])
    both = reliability_front(load(), years, [350.0], RULE)
    assert both.shape == (2, 1)
    assert both[1] == reliability_front(load(), years[1], [350.0], RULE)[0]


def test_more_pv_never_needs_a_larger_battery():
    needed = reliability_front(load(), year(3), np.linspace(150, 800, 12), RULE, unserved_fraction=0.02)[0]
    assert (np.diff(needed[np.isfinite(needed)]) <= 1.0).all()


def test_without_sun_no_battery_helps_and_a_genset_needs_none():
    assert reliability_front(load(), 0 * DAY, [300.0], RULE)[0, 0] == np.inf
    large = (Genset(min_load_fraction=0.3), 60.0)
    assert reliability_front(load(), 0 * DAY, [300.0], RULE, genset=large)[0, 0] == 0


def test_an_undersized_inverter_is_no_matter_of_energy():
    assert reliability_front(load(), year(1), [500.0], RULE, battery_kw=10.0)[0, 0] == np.inf


def test_bad_limits_are_refused():
    with pytest.raises(ValueError, match="limit"):
        reliability_front(load(), year(1), [100.0], RULE, unserved_fraction=1.0)
    with pytest.raises(ValueError, match="steps"):
        reliability_front(load()[:-1], year(1), [100.0], RULE)


@pytest.mark.parametrize(("seed", "set_kw"), [(0, 0.0), (1, 0.0), (4, 0.0), (0, 20.0)])
def test_a_limit_is_judged_as_by_the_closed_chain(seed, set_kw):
    rng = np.random.default_rng(seed)
    rule = Battery(self_discharge_per_hour=float(rng.choice([0.0, 1e-3])))
    genset = Genset(min_load_fraction=0.3) if set_kw else None
    terms = many.terms_of(load(), rule, genset, None)
    kwh = rng.uniform(0, 4000, 24)
    lanes = many.Lanes(
        pv_kwp=rng.uniform(100, 400, 24), usable_kwh=kwh, battery_kw=np.full(24, 60.0), genset_kw=np.full(24, set_kw)
    )
    once = many.Years(pv=(1.0,), energy=(1.0,))
    chain = many.Chain(terms=terms, units=year(seed)[None], years=once, lanes=lanes, detail=False, compiled=False)
    left = chain.closed()[3][0]
    for limit in (0.0, float(np.median(left)), float(left.max())):
        assert (chain.keeps(limit) == (left <= limit)).all()


def by_lanes(monkeypatch, *given, **more):
    """Return the front from runs of the whole rule."""
    with monkeypatch.context() as patched:
        patched.setattr(front, "_by_episodes", lambda *four: front._by_lanes(*four, True))
        return reliability_front(*given, **more)


@pytest.mark.parametrize("limit", [0.0, 0.003, 0.05])
@pytest.mark.parametrize("power", [None, 60.0, 35.0])
def test_episodes_find_the_batteries_that_hours_find(monkeypatch, limit, power):
    """Both ask the same halvings, so that not a bit differs where the sums do not round apart at the limit."""
    monkeypatch.setattr(many, "COMPILED_FROM", 0)
    rng = np.random.default_rng(round(1000 * limit) + round(power or 0))
    uneven = load() * rng.uniform(0.5, 1.2, HOURS)
    years = np.stack([year(int(seed)) * rng.uniform(0.4, 1.0, HOURS) for seed in (7, 8)])
    cold = Battery(
        soc_min=0.1, charge_limit=rng.choice([0.2, 1.0], HOURS), discharge_limit=rng.choice([0.5, 1.0], HOURS)
    )
    arrays = np.linspace(80, 700, 14)
    for rule in (RULE, cold):
        more = {"unserved_fraction": limit, "battery_kw": power}
        by_episodes = reliability_front(uneven, years, arrays, rule, **more)
        by_hours = by_lanes(monkeypatch, uneven, years, arrays, rule, **more)
        np.testing.assert_allclose(by_episodes, by_hours, rtol=1e-9)
    assert np.isfinite(by_episodes).any() or limit < 0.05 or power == 35.0


def test_quarter_hours_and_fine_widths_agree_too(monkeypatch):
    monkeypatch.setattr(many, "COMPILED_FROM", 0)
    quarters = {"unserved_fraction": 0.01, "step_hours": 0.25, "tolerance_kwh": 1e-3}
    given = (np.repeat(load(), 4), np.repeat(year(5), 4), np.linspace(150, 500, 6), RULE)
    found = reliability_front(*given, **quarters)
    np.testing.assert_allclose(found, by_lanes(monkeypatch, *given, **quarters), rtol=1e-9)
    np.testing.assert_allclose(
        found, reliability_front(load(), year(5), given[2], RULE, **quarters | {"step_hours": 1.0}), atol=2e-3
    )


def test_what_episodes_cannot_know_runs_hour_by_hour(monkeypatch):
    """A drain between the hours, sets, and batteries that form no grid."""
    monkeypatch.setattr(many, "COMPILED_FROM", 0)
    monkeypatch.setattr(front, "_by_episodes", lambda *_: pytest.fail("not for these"))
    leaking = Battery(self_discharge_per_hour=1e-4)
    assert np.isfinite(reliability_front(load(), year(1), [450.0], leaking, unserved_fraction=0.05)).all()
    reliability_front(load(), year(1), [450.0], Battery(grid_forming=False))
    reliability_front(load(), year(1), [450.0], RULE, genset=(Genset(min_load_fraction=0.3), 30.0))


def test_one_pass_of_episodes_in_plain_python():
    from mine_energy.dispatch import front_kernel

    kw = np.array([[10.0, 10.0, 0.0, 30.0], [0.0, 0.5, 1.0, 0.0], np.ones(4), np.ones(4)])
    gains, draws = np.empty(5), np.empty(5)
    # 40 kWp: want 10; then surplus 10 and 40; then want 30 of which 25 kW pass the inverter.
    pairs, lost = front_kernel._episodes.py_func(kw, np.array([0.9, 1 / 0.9]), 40.0, 25.0, gains, draws)
    assert (pairs, lost) == (2, 5.0)
    assert gains[:2].tolist() == pytest.approx([0.0, 0.9 * (10 + 25)])
    assert draws[:2].tolist() == pytest.approx([10 / 0.9, 25 / 0.9])
    usable, stored, short = np.full(16, 20.0), np.empty(16), np.empty(16)
    front_kernel._missing.py_func(2, gains, draws, usable, stored, short)
    # It loses on the whole: empty at both ends, and 20 kWh of the last want are there.
    assert stored[0] == 0
    assert short[0] == pytest.approx(10 / 0.9 + 25 / 0.9 - 20)
