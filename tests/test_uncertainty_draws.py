"""Uncertain inputs: shapes, limits, shared errors, and draws that do not depend on their company."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from mine_energy.errors import InputError
from mine_energy.uncertainty import Uncertain, common_error, draw, draw_chunks, percentiles, relative_sd, simulate
from mine_energy.uncertainty.distributions import values

Z95 = 1.6448536269514722
ENDS = np.array([-Z95, 0.0, Z95])


@pytest.mark.parametrize("distribution", ["normal", "lognormal"])
@pytest.mark.parametrize("band", [(0.6, 0.75, 0.9), (0.5, 0.75, 0.8), (0.7, 0.75, 1.2)])
def test_a_band_stands_at_its_5th_50th_and_95th_percentiles(distribution, band):
    low, base, high = band
    one = Uncertain(name="load", low=low, base=base, high=high, distribution=distribution)
    assert values(one, ENDS) == pytest.approx(band)


def test_another_coverage_moves_the_band_to_its_own_percentiles():
    one = Uncertain(name="load", low=0.6, base=0.7, high=0.8, coverage=0.95)
    assert values(one, stats.norm.ppf([0.025, 0.975])) == pytest.approx([0.6, 0.8])


def test_uniform_and_triangular_bands_are_limits():
    # points of efficiency lost at a rewind, triangular (0, 0.5, 2.0): quarter of the area lies left of the mode
    rewind = Uncertain(name="rewind", low=0.0, base=0.5, high=2.0, distribution="triangular")
    z = stats.norm.ppf([0.05, 0.25, 0.5, 0.9])
    assert values(rewind, z) == pytest.approx(stats.triang(0.25, 0, 2).ppf([0.05, 0.25, 0.5, 0.9]))
    price = Uncertain(name="price", low=0.10, base=0.15, high=0.20, distribution="uniform")
    assert values(price, stats.norm.ppf([0.1, 0.5])) == pytest.approx([0.11, 0.15])


@given(
    mode=st.floats(0.0, 1.0),
    coverage=st.floats(0.3, 1.0),
)
def test_a_triangle_with_a_coverage_has_equal_tails_beyond_its_band(mode, coverage):
    one = Uncertain(name="t", low=0.0, base=mode, high=1.0, distribution="triangular", coverage=coverage)
    tail = (1 - coverage) / 2
    z = stats.norm.ppf([tail, 1 - tail]) if coverage < 1 else np.array([-9.0, 9.0])
    assert values(one, z) == pytest.approx([0.0, 1.0], abs=1e-6)


def test_uniform_with_a_coverage_widens_to_both_sides():
    one = Uncertain(name="u", low=1.0, base=1.5, high=2.0, distribution="uniform", coverage=0.5)
    assert values(one, stats.norm.ppf([0.25, 0.75])) == pytest.approx([1.0, 2.0])


def test_a_limit_truncates_and_does_not_pile_up():
    one = Uncertain(name="load", low=0.9, base=1.2, high=1.5, lower=0.0, upper=1.3)
    sd = 0.3 / Z95
    outside = stats.truncnorm((0 - 1.2) / sd, (1.3 - 1.2) / sd, loc=1.2, scale=sd)
    share = np.array([0.02, 0.3, 0.5, 0.98])
    assert values(one, stats.norm.ppf(share)) == pytest.approx(outside.ppf(share), rel=1e-6)
    sample = draw([one], 5000, 7)[0]
    assert sample.max() <= 1.3
    assert np.mean(sample > 1.2999) < 0.01


@given(
    base=st.floats(0.1, 100),
    down=st.floats(0.0, 0.9),
    up=st.floats(0.0, 3.0),
    distribution=st.sampled_from(["normal", "lognormal", "uniform", "triangular", "point"]),
    room=st.floats(0.0, 1.0),
)
def test_every_shape_rises_and_stays_within_its_limits(base, down, up, distribution, room):
    low, high = base * (1 - down), base * (1 + up)
    limits = {"lower": base - room * base, "upper": base + room * base + 1e-6}
    one = Uncertain(name="x", low=low, base=base, high=high, distribution=distribution, **limits)
    drawn = values(one, np.linspace(-5, 5, 41))
    assert np.all(np.diff(drawn) >= -1e-9 * base)
    assert drawn.min() >= limits["lower"]
    assert drawn.max() <= limits["upper"]


def motors(count):
    return [
        Uncertain(
            name=f"M{i}.load",
            low=0.5,
            base=0.7,
            high=0.9,
            distribution="lognormal" if i % 2 else "normal",
            group="assumed",
            correlation=0.5,
            upper=1.3,
        )
        for i in range(count)
    ]


def test_an_input_keeps_its_draws_in_any_company_and_order():
    some = motors(6)
    alone = draw(some, 400, 3)
    extra = [Uncertain(name="tariff", low=0.1, base=0.2, high=0.3), *reversed(some)]
    together = draw(extra, 400, 3)
    np.testing.assert_array_equal(together[:0:-1], alone)
    assert not np.array_equal(draw(some, 400, 4), alone)


def test_the_size_of_a_chunk_does_not_show():
    some = motors(5)
    parts = list(draw_chunks(some, 1000, 11, chunk_draws=130))
    assert {part.shape for part in parts} == {(5, 130), (5, 90)}
    np.testing.assert_array_equal(np.concatenate(parts, axis=1), draw(some, 1000, 11))


def test_a_large_plant_comes_in_chunks_of_bounded_memory():
    first = next(draw_chunks(motors(2000), 1_000_000, 1))
    assert first.nbytes <= 20e6


def test_members_of_a_group_share_their_error():
    # sd of a sum of n equal members: s sqrt(n + n (n - 1) rho)
    count, rho, sd = 20, 0.5, 0.1
    some = [
        Uncertain(name=f"{i}", low=1 - Z95 * sd, base=1.0, high=1 + Z95 * sd, group="g", correlation=rho)
        for i in range(count)
    ]
    drawn = draw(some, 20_000, 5)
    assert np.corrcoef(drawn[0], drawn[1])[0, 1] == pytest.approx(rho, abs=0.02)
    assert drawn.sum(axis=0).std() == pytest.approx(sd * np.sqrt(count + count * (count - 1) * rho), rel=0.03)
    shared = common_error("g", 20_000, 5)
    assert np.corrcoef(shared, drawn[3])[0, 1] == pytest.approx(np.sqrt(rho), abs=0.02)


def test_errors_without_a_group_are_independent():
    drawn = draw([Uncertain(name=f"{i}", low=0.0, base=1.0, high=2.0) for i in range(30)], 5000, 2)
    others = np.corrcoef(drawn)[~np.eye(30, dtype=bool)]
    assert np.abs(others).max() < 0.07
    assert abs(others.mean()) < 0.003


def test_simulate_equals_the_model_on_all_draws():
    some = motors(8)
    np.testing.assert_allclose(simulate(lambda x: x.sum(axis=0), some, 900, 9), draw(some, 900, 9).sum(axis=0))
    assert simulate(lambda x: x[:2], some, 900, 9).shape == (2, 900)


def test_a_point_never_moves():
    known = Uncertain(name="plate", base=37.0, low=37.0, high=37.0, distribution="point")
    assert set(draw([known], 50, 1)[0]) == {37.0}


def test_relative_sd_of_a_90_percent_band():
    assert relative_sd(0.25) == pytest.approx(0.25 / Z95)
    assert relative_sd(0.02, 0.95) == pytest.approx(0.02 / 1.959964, rel=1e-6)


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"low": 2.0}, "uncertainty_band"),
        ({"high": float("nan")}, "uncertainty_band"),
        ({"low": 0.0, "distribution": "lognormal"}, "uncertainty_positive"),
        ({"correlation": 1.2}, "uncertainty_correlation"),
        ({"coverage": 1.0}, "uncertainty_coverage"),
        ({"coverage": 0.0}, "uncertainty_coverage"),
        ({"upper": 0.9}, "uncertainty_limits"),
    ],
)
def test_a_wrong_input_is_refused(changes, key):
    fields = {"name": "x", "low": 0.5, "base": 1.0, "high": 1.5} | changes
    with pytest.raises(InputError) as caught:
        draw([Uncertain(**fields)], 10, 0)
    assert [problem.key for problem in caught.value.problems] == [key]


def test_every_problem_is_told_at_once():
    twice = [Uncertain(name="x", low=0, base=1, high=2), Uncertain(name="x", low=3, base=1, high=2, correlation=-1)]
    with pytest.raises(InputError) as caught:
        draw(twice, 10, 0)
    keys = [problem.key for problem in caught.value.problems]
    assert keys == ["uncertainty_twice", "uncertainty_band", "uncertainty_correlation"]


@pytest.mark.parametrize(("draws", "seed"), [(0, 1), (10, -1)])
def test_no_draws_and_negative_seeds_are_refused(draws, seed):
    with pytest.raises(InputError):
        draw(motors(1), draws, seed)


def test_percentiles():
    band = percentiles(np.arange(1.0, 101.0))
    assert (band.p10, band.p50, band.p90) == (10.0, 50.0, 90.0)
    assert band.width == 80.0
    assert band.holds(10.0)
    assert not band.holds(9.9)


def test_a_payback_that_sometimes_never_comes_has_percentiles():
    years = np.where(np.arange(100) < 5, np.inf, np.arange(100.0))
    assert np.isfinite(percentiles(years).p90)
    assert percentiles(np.full(10, np.inf)).p50 == np.inf


@pytest.mark.parametrize("samples", [np.array([]), np.array([1.0, np.nan])])
def test_percentiles_refuse_nothing_and_nan(samples):
    with pytest.raises(InputError):
        percentiles(samples)
