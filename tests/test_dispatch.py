"""The balance of every step, by hand and by property."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mine_energy.dispatch import Genset, Grid, Sizes, simulate

N = 24
LOADS = arrays(np.float64, N, elements=st.floats(0, 500))
YIELDS = arrays(np.float64, N, elements=st.floats(0, 1))
PLANTS = st.sampled_from(["grid", "no_export", "island", "genset"])


def run(load, pv, kwp, plant, step_hours=1.0, genset_kw=200.0):
    grid = {"grid": Grid(), "no_export": Grid(export_allowed=False)}.get(plant)
    rule = Genset(min_load_fraction=0.3) if plant == "genset" else None
    sizes = Sizes(pv_kwp=kwp, genset_kw=genset_kw if rule else 0.0)
    return simulate(load, pv, sizes, grid=grid, genset=rule, step_hours=step_hours)


def test_grid_by_hand():
    result = run([10.0, 10.0, 0.0], [0.0, 0.5, 1.0], 40.0, "grid")
    assert result.pv_used_kw.tolist() == [0, 10, 0]
    assert result.export_kw.tolist() == [0, 10, 40]
    assert result.import_kw.tolist() == [10, 0, 0]


def test_without_export_the_surplus_is_curtailed():
    result = run([10.0], [1.0], 40.0, "no_export")
    assert (result.export_kw[0], result.curtailed_kw[0]) == (0, 30)


def test_pv_alone_forms_no_grid():
    result = run([10.0], [1.0], 40.0, "island")
    assert (result.pv_used_kw[0], result.unserved_kw[0], result.curtailed_kw[0]) == (0, 10, 40)


def test_pv_leaves_the_genset_its_minimum_load():
    # 100 kW load, 200 kW set at 30 %: PV may serve 40 kW however much there is.
    result = run([100.0], [1.0], 400.0, "genset")
    assert (result.pv_used_kw[0], result.genset_kw[0], result.curtailed_kw[0]) == (40, 60, 360)


def test_below_minimum_load_the_genset_carries_all():
    result = run([30.0], [1.0], 400.0, "genset")
    assert (result.pv_used_kw[0], result.genset_kw[0]) == (0, 30)


def test_an_overloaded_genset_leaves_load_unserved():
    result = run([300.0], [0.0], 0.0, "genset")
    assert (result.genset_kw[0], result.unserved_kw[0]) == (200, 100)


@given(LOADS, YIELDS, st.floats(0, 2000), PLANTS, st.sampled_from([0.25, 0.5, 1.0]))
def test_both_balances_close_in_every_step(load, pv, kwp, plant, step):
    r = run(load, pv, kwp, plant, step)
    scale = 1e-9 * (1 + load.max() + kwp)
    np.testing.assert_allclose(r.pv_used_kw + r.import_kw + r.genset_kw + r.unserved_kw, load, rtol=0, atol=scale)
    np.testing.assert_allclose(r.pv_used_kw + r.export_kw + r.curtailed_kw, pv * kwp, rtol=0, atol=scale)
    for flow in (r.pv_used_kw, r.export_kw, r.curtailed_kw, r.import_kw, r.genset_kw, r.unserved_kw):
        assert (flow >= 0).all()


@given(LOADS, YIELDS, st.floats(0, 1000), st.floats(0, 1000), PLANTS)
def test_more_pv_never_takes_more_from_grid_or_genset(load, pv, small, extra, plant):
    less, more = run(load, pv, small, plant), run(load, pv, small + extra, plant)
    assert (more.import_kw <= less.import_kw + 1e-9).all()
    assert (more.genset_kw <= less.genset_kw + 1e-9).all()


@given(LOADS, YIELDS, st.floats(0, 1000))
def test_doubling_load_and_array_doubles_every_flow(load, pv, kwp):
    once, twice = run(load, pv, kwp, "grid"), run(2 * load, pv, 2 * kwp, "grid")
    np.testing.assert_allclose(twice.import_kw, 2 * once.import_kw, rtol=1e-12, atol=1e-9)
    np.testing.assert_allclose(twice.export_kw, 2 * once.export_kw, rtol=1e-12, atol=1e-9)


@pytest.mark.parametrize(
    ("load", "pv"), [([-1.0], [0.0]), ([1.0], [np.nan]), ([1.0, 2.0], [0.0]), ([[1.0]], [[0.0]]), ([np.inf], [0.0])]
)
def test_impossible_series_are_refused(load, pv):
    with pytest.raises(ValueError, match=r"steps|vector"):
        run(load, pv, 1.0, "grid")


def test_a_genset_needs_size_and_rule():
    with pytest.raises(ValueError, match="genset"):
        simulate([1.0], [0.0], Sizes(pv_kwp=1.0, genset_kw=10.0))
    with pytest.raises(ValueError, match="genset"):
        simulate([1.0], [0.0], Sizes(pv_kwp=1.0), genset=Genset(min_load_fraction=0.3))
