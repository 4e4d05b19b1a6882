"""Cycles and life of batteries: ASTM E1049's example, the System Advisor Model, by hand."""

from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mine_energy.dispatch.ageing import (
    Cycles,
    battery_life,
    calendar_loss_lfp,
    capacity_by_year,
    count_cycles,
    cycles_to_end_of_life,
    replacement_years,
    wear,
)

SERIES = arrays(np.float64, st.integers(1, 60), elements=st.floats(0, 1))
CHEMISTRIES = st.sampled_from(["lfp", "lead_acid"])


def daily(depth, days=365):
    """Return hourly stored energy of a battery of 100 kWh that goes once a day from full down by `depth`."""
    day = np.concatenate([np.linspace(1, 1 - depth, 13)[1:], np.linspace(1 - depth, 1, 13)[1:]])
    return 100 * np.tile(day, days)


def test_the_repeating_history_of_the_standard():
    # ASTM E1049-85, simplified rainflow for repeating histories, its example: one cycle each of 3, 4, 7 and 9.
    found = count_cycles(np.array([-2, 1, -3, 5, -1, 3, -4, 4, -2]))
    assert found.depths.tolist() == [3, 4, 7, 9]
    assert found.counts.tolist() == [1, 1, 1, 1]


def test_a_flat_battery_has_no_cycles():
    assert count_cycles([0.5] * 10).depths.size == 0
    with pytest.raises(ValueError, match="finite"):
        count_cycles([0.5, np.nan])


@given(SERIES, st.integers(0, 59))
def test_where_a_periodic_series_starts_does_not_matter(soc, shift):
    one, other = count_cycles(soc), count_cycles(np.roll(soc, shift))
    assert one.equivalent_full == pytest.approx(other.equivalent_full, abs=1e-9)
    assert wear(one) == pytest.approx(wear(other), rel=1e-9, abs=1e-12)


@given(SERIES)
def test_cycles_carry_all_the_throughput(soc):
    # Every fall of a closed series belongs to one closed cycle.
    falls = np.maximum(-np.diff(np.append(soc, soc[0])), 0).sum()
    assert count_cycles(soc).equivalent_full == pytest.approx(falls, abs=1e-6)


@pytest.mark.parametrize(
    ("chemistry", "depth", "cycles"),
    [
        ("lfp", 1.0, 7291),
        ("lfp", 0.8, 9644),
        ("lead_acid", 1.0, 267),
        ("lead_acid", 0.5, 854),
        ("lead_acid", 0.3, 1353),
    ],
)
def test_points_of_the_curve(chemistry, depth, cycles):
    assert cycles_to_end_of_life(depth, chemistry)[0] == pytest.approx(cycles)


@given(CHEMISTRIES, st.floats(0.001, 1), st.floats(0.001, 1))
def test_deeper_cycles_never_last_longer(chemistry, one, other):
    shallow, deep = sorted((one, other))
    lives = cycles_to_end_of_life([shallow, deep], chemistry)
    assert lives[0] >= lives[1] * (1 - 1e-12)


def test_the_curve_is_that_of_the_system_advisor_model():
    module = pytest.importorskip("PySAM.BatteryStateful")
    for name, chemistry in (("LFPGraphite", "lfp"), ("LeadAcid", "lead_acid")):
        model = module.default(name)
        matrix = np.array(model.ParamsCell.export()["cycling_matrix"])
        for depth in (100, 80, 40) if chemistry == "lfp" else (100, 60, 50, 30):
            rows = matrix[matrix[:, 0] == depth]
            place = int(np.flatnonzero(rows[:, 2] > 80)[-1])
            (_, a, high), (_, b, low) = rows[place : place + 2]
            assert cycles_to_end_of_life(depth / 100, chemistry)[0] == pytest.approx(
                a + (b - a) * (high - 80) / (high - low), abs=1
            )


def test_miner_adds_shares():
    cycles = Cycles(depths=np.array([0.5, 1.0]), counts=np.array([427.0, 133.5]))
    assert wear(cycles, "lead_acid") == pytest.approx(1.0)
    assert wear(Cycles(depths=np.array([]), counts=np.array([]))) == 0


def test_one_depth_a_day_by_hand():
    # 365 cycles of 0.8 a year: 9,644 cycles are 26.4 years by both counts; the calendar's 15 are shorter.
    found = battery_life(daily(0.8), 100, window=0.8)
    assert found.equivalent_full_cycles_per_year == pytest.approx(292)
    assert found.throughput_kwh_per_year == pytest.approx(29200)
    assert found.throughput_life_years == pytest.approx(9644 / 365, rel=1e-6)
    assert found.rainflow_life_years == pytest.approx(9644 / 365, rel=1e-6)
    assert found.life_years == found.calendar_life_years == 15
    assert found.fade_per_year == pytest.approx(0.2 / 15)
    assert found.replacement_years == (15,)


def test_lead_acid_wears_out_by_cycles():
    found = battery_life(daily(0.5), 100, chemistry="lead_acid", window=0.5, horizon_years=10)
    assert found.life_years == pytest.approx(854 / 365, rel=1e-6)
    assert len(found.replacement_years) == 4
    assert [one.key for one in found.findings] == ["battery_life_throughput", "battery_calendar_life"]


def test_shallow_cycles_cost_less_by_rainflow():
    found = battery_life(daily(0.3), 100, chemistry="lead_acid", window=0.5, method="rainflow", calendar_years=50)
    assert found.rainflow_life_years == pytest.approx(1353 / 365, rel=1e-6)
    assert found.life_years == found.rainflow_life_years
    # By throughput: 854 cycles of 0.5 pass 427 full ones, at 0.3 a day 3.9 years.
    assert found.throughput_life_years == pytest.approx(427 / 109.5, rel=1e-6)
    assert [one.key for one in found.findings] == ["battery_life_rainflow"]


def test_a_battery_that_never_cycles_ages_by_the_calendar():
    found = battery_life(np.full(8760, 50.0), 100)
    assert found.throughput_life_years == inf
    assert found.life_years == 15


@given(st.floats(0, 100))
def test_a_floor_added_changes_nothing(floor):
    one, other = battery_life(daily(0.4, 30), 100), battery_life(daily(0.4, 30) + floor, 100)
    assert one.rainflow_life_years == pytest.approx(other.rainflow_life_years)


def test_quarter_hours_give_the_years_of_hours():
    hourly = battery_life(daily(0.6), 100)
    fine = battery_life(np.repeat(daily(0.6), 4), 100, step_hours=0.25)
    assert fine.rainflow_life_years == pytest.approx(hourly.rainflow_life_years)
    assert fine.equivalent_full_cycles_per_year == pytest.approx(hourly.equivalent_full_cycles_per_year)


@pytest.mark.parametrize(("stored", "kwh"), [([1.0], 0), ([], 10), ([np.nan], 10)])
def test_a_battery_without_energy_is_refused(stored, kwh):
    with pytest.raises(ValueError, match="battery"):
        battery_life(stored, kwh)


def test_replacements_inside_the_horizon():
    assert replacement_years(5, 20) == (5, 10, 15)
    assert replacement_years(8, 20) == (8, 16)
    assert replacement_years(25, 20) == ()
    assert replacement_years(inf, 20) == ()


def test_mean_capacity_by_hand():
    # Fade 0.04 a year, new every 2.5 years: 0.98, 0.94, then half a year at 0.91 and half at 0.99, 0.96, 0.92
    found = capacity_by_year(2.5, 0.04, 5)
    assert found == pytest.approx([0.98, 0.94, (0.91 + 0.99) / 2, 0.96, 0.92])


@given(st.floats(0.3, 40), st.integers(1, 30))
def test_capacity_stays_between_end_of_life_and_new(life, horizon):
    found = capacity_by_year(life, 0.2 / life, horizon)
    assert (found <= 1).all()
    assert (found >= 0.8 - 1e-9).all()


def test_calendar_loss_by_hand():
    # 25 degC, half full: k = 0.0033143 exp(-3191 (1/298.15 - 1/296)) exp(389.7 (0.5/298.15 - 1/296)) = 0.001842
    # in 3,650 days 0.001842 x 60.4 = 11.1 %; hotter and fuller is worse, and it grows with the root of time.
    ten = calendar_loss_lfp(25, 0.5, 10)
    assert ten == pytest.approx(0.111, abs=0.001)
    assert calendar_loss_lfp(25, 0.5, 40) == pytest.approx(2 * ten)
    assert calendar_loss_lfp(35, 0.5, 10) > ten
    assert calendar_loss_lfp(25, 0.9, 10) > ten


def test_calendar_loss_as_the_system_advisor_model():
    module = pytest.importorskip("PySAM.BatteryStateful")
    model = module.default("LFPGraphite")
    model.Controls.control_mode = 1
    model.Controls.dt_hr = 1.0
    model.Controls.input_power = 0.0
    model.ParamsPack.T_room_init = 25.0
    for name, value in (("minimum_SOC", 0.0), ("maximum_SOC", 100.0), ("initial_SOC", 50.0)):
        setattr(model.ParamsCell, name, value)
    model.setup()
    for _ in range(24 * 60):
        model.execute(0)
    cell = model.StateCell.export()
    lost = cell["dq_relative_calendar_old"]
    expected = calendar_loss_lfp(model.StatePack.T_batt, model.StatePack.SOC / 100, 60 / 365)
    assert lost == pytest.approx(expected, rel=0.005)
