"""Transformer and feeder losses: hand-worked values, the two metering sides, and what can never happen."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mine_energy.errors import InputError
from mine_energy.loads.network import (
    Transformer,
    feeder_loss_fraction,
    feeder_loss_kw,
    no_load_energy_kwh_per_year,
    plant_power_kw,
    transformer_losses,
)

# 112.5 kVA, 0.39 kW of no-load and 1.54 kW of load loss: the size of a small Colombian mine's transformer.
UNIT = Transformer(rated_kva=112.5, no_load_loss_kw=0.39, load_loss_kw=1.54)


def test_losses_by_hand():
    # 45 kW and 33.75 kvar are 56.25 kVA: half of the rating, a quarter of the load loss.
    losses = transformer_losses([0.0, 45.0, 90.0], [0.0, 33.75, 67.5], UNIT)
    assert losses.loading.tolist() == pytest.approx([0.0, 0.5, 1.0])
    assert losses.total_kw.tolist() == pytest.approx([0.39, 0.39 + 0.385, 1.93])
    assert losses.energy_kwh(15) == pytest.approx((0.39 + 0.775 + 1.93) / 4)


def test_no_load_loss_runs_all_year():
    assert no_load_energy_kwh_per_year(UNIT) == pytest.approx(0.39 * 8760)


def test_two_units_share_the_load():
    pair = Transformer(rated_kva=112.5, no_load_loss_kw=0.39, load_loss_kw=1.54, units=2)
    assert transformer_losses(112.5, 0.0, pair).total_kw[0] == pytest.approx(0.78 + 2 * 1.54 / 4)


@given(power=st.floats(0, 300), reactive=st.floats(0, 200), units=st.integers(1, 3))
def test_the_supply_side_less_its_losses_is_the_plant(power, reactive, units):
    bank = Transformer(rated_kva=112.5, no_load_loss_kw=0.39, load_loss_kw=1.54, units=units)
    supply = power + transformer_losses(power, reactive, bank).total_kw[0]
    assert plant_power_kw(supply, reactive, bank, "supply") == pytest.approx(power, abs=1e-9)
    assert plant_power_kw(power, reactive, bank, "plant") == power


def test_a_plant_that_is_off_draws_nothing_behind_its_transformer():
    assert plant_power_kw(np.array([0.39, 0.1]), np.zeros(2), UNIT, "supply").tolist() == pytest.approx([0.0, 0.0])


def test_feeder_loss_from_voltage_drop_by_hand():
    # 200 m of 0.5 ohm/km at 440 V, 30 kW at 0.8: dV/V = 0.1 x 30000 / 440^2 = 1.55 %; loss = 0.1 x 37500^2 / 440^2.
    drop = 0.1 * 30_000 / 440**2
    assert feeder_loss_fraction(drop, 0.8) * 30_000 == pytest.approx(0.1 * 37_500**2 / 440**2)
    # With X = R the reactive power makes part of the drop: tan phi 0.75.
    assert feeder_loss_fraction(0.03, 0.8, 1.0) == pytest.approx(0.03 / (0.64 * 1.75))


def test_feeder_loss_goes_with_the_square():
    assert feeder_loss_kw(np.array([0.0, 20.0, 40.0]), 40.0, 1.2).tolist() == pytest.approx([0.0, 0.3, 1.2])
    assert feeder_loss_kw(80.0, 40.0, 1.2) == pytest.approx(4.8)


@pytest.mark.parametrize(
    "call",
    [
        lambda: Transformer(rated_kva=0.0, no_load_loss_kw=0.39, load_loss_kw=1.54),
        lambda: Transformer(rated_kva=112.5, no_load_loss_kw=-0.39, load_loss_kw=1.54),
        lambda: Transformer(rated_kva=112.5, no_load_loss_kw=0.39, load_loss_kw=float("nan")),
        lambda: feeder_loss_fraction(3.0, 0.8),
        lambda: feeder_loss_fraction(0.03, 0.0),
        lambda: feeder_loss_kw(10.0, 0.0, 1.0),
    ],
)
def test_impossible_networks_are_refused(call):
    with pytest.raises(InputError):
        call()
