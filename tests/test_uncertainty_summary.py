"""Tornado and what to measure first, against linear models whose answer is known in closed form."""

from dataclasses import replace

import numpy as np
import pytest

from mine_energy.errors import InputError
from mine_energy.uncertainty import Uncertain, measure_first, relative_sd, tornado

Z95, Z90 = 1.6448536269514722, 1.2815515655446004


def normal(name, sd, **more):
    return Uncertain(name=name, low=10 - Z95 * sd, base=10.0, high=10 + Z95 * sd, **more)


def total(weights):
    return lambda x: np.asarray(weights) @ x


def test_a_linear_model_gives_known_bars():
    inputs = [normal("small", 0.5), normal("large", 2.0), normal("weighted", 1.0)]
    weights = [1.0, 1.0, -3.0]
    bars = tornado(total(weights), inputs, draws=6000, seed=1)
    assert [bar.name for bar in bars] == ["weighted", "large", "small"]
    assert [bar.swing for bar in bars] == pytest.approx([2 * Z90 * 3, 2 * Z90 * 2, 2 * Z90 * 0.5])
    assert bars[0].at_p10 > bars[0].base > bars[0].at_p90
    variance = np.array([9.0, 4.0, 0.25]) / 13.25
    # Spearman's correlation of a normal pair with Pearson's r is 6/pi asin(r/2)
    rank = (6 / np.pi * np.arcsin(np.sqrt(variance) / 2)) ** 2
    assert [bar.variance_share for bar in bars] == pytest.approx(rank, abs=0.03)


def test_a_shared_error_is_a_bar_of_its_own():
    # ten equal members with correlation rho: the common part swings 2 z s n sqrt(rho)
    inputs = [normal(f"load {i}", 1.0, group="assumed loads", correlation=0.5) for i in range(10)]
    inputs.append(normal("other", 1.0))
    bars = tornado(total(np.ones(11)), inputs, draws=4000, seed=2)
    assert bars[0].name == "assumed loads"
    assert bars[0].members == 10
    assert bars[0].swing == pytest.approx(2 * Z90 * 10 * np.sqrt(0.5))
    # variance 10 + 90 rho = 55 of the members, 50 of it common, 1 of the other input
    assert bars[0].variance_share == pytest.approx(50 / 56, abs=0.03)
    assert {bar.members for bar in bars[1:]} == {1}


def test_points_have_no_bar_and_a_constant_output_no_share():
    inputs = [normal("x", 1.0), Uncertain(name="known", base=1.0, low=1.0, high=1.0, distribution="point")]
    bars = tornado(lambda x: np.full(x.shape[1], 3.0), inputs, draws=100, seed=0)
    assert [(bar.name, bar.swing, bar.variance_share) for bar in bars] == [("x", 0.0, 0.0)]


def test_many_inputs_go_through_in_blocks():
    inputs = [normal(f"{i}", 1.0) for i in range(1500)]
    assert len(tornado(lambda x: x.sum(axis=0), inputs, draws=20, seed=0)) == 1500


def test_measuring_the_largest_first():
    # independent variances 9 + 4 + 3 = 16; the largest measured to sd 0 leaves 7: the band shrinks by 1 - sqrt(7/16)
    inputs = [normal("mill", 3.0), normal("compressor", 2.0), normal("fan", np.sqrt(3))]
    readings = {one.name: replace(one, low=10.0, high=10.0, distribution="point") for one in inputs}
    found = measure_first(total(np.ones(3)), inputs, readings, draws=20_000, seed=3)
    assert [reading.name for reading in found] == ["mill", "compressor", "fan"]
    assert [reading.shrink for reading in found] == pytest.approx(
        [1 - np.sqrt(7 / 16), 1 - np.sqrt(12 / 16), 1 - np.sqrt(13 / 16)], abs=0.02
    )
    assert found[0].before.width == pytest.approx(2 * Z90 * 4, rel=0.03)


def test_a_reading_leaves_the_group():
    # one of two members with rho 1: total sd 2; with the first measured well, 1
    inputs = [normal("a", 1.0, group="g", correlation=1.0), normal("b", 1.0, group="g", correlation=1.0)]
    read = {"a": normal("a", 1e-6)}
    (reading,) = measure_first(total([1.0, 1.0]), inputs, read, draws=20_000, seed=4)
    assert reading.shrink == pytest.approx(0.5, abs=0.02)


def test_a_plant_in_numbers():
    """Power of mill and compressor times hours: the mill's assumed power read to 3 % is worth most."""
    inputs = [
        Uncertain(name="mill", base=32.0, low=24.0, high=40.0, distribution="lognormal"),
        Uncertain(name="mill hours", base=5000.0, low=4750.0, high=5250.0),
        Uncertain(name="compressor", base=48.0, low=46.5, high=49.5),
        Uncertain(name="compressor hours", base=2000.0, low=1800.0, high=2200.0),
    ]
    readings = {
        "mill": replace(inputs[0], low=32 * (1 - 0.03), high=32 * 1.03),
        "compressor": replace(inputs[2], low=47.0, high=49.0),
    }
    found = measure_first(lambda x: x[0] * x[1] + x[2] * x[3], inputs, readings, draws=8000, seed=5)
    assert found[0].name == "mill"
    # by hand, MWh: mill 24.3 (power) and 4.9 (hours), compressor 1.8 and 5.8, in all 25.5; 2.9 for the 24.3 leaves 8.3
    assert found[0].shrink == pytest.approx(1 - 8.3 / 25.5, abs=0.06)
    assert found[1].shrink < 0.05
    assert relative_sd(0.25) * 32 * 5000 == pytest.approx(24_318, rel=1e-3)


def test_a_reading_of_something_else_is_refused():
    with pytest.raises(InputError):
        measure_first(total([1.0]), [normal("a", 1.0)], {"b": normal("b", 1.0)})
