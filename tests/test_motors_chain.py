"""Belts, gears and drives, efficiency points, rewinds, altitude, unbalance, compressors, 50 Hz plates."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mine_energy.catalog import table
from mine_energy.errors import InputError
from mine_energy.messages import finding_text
from mine_energy.motors import (
    Motor,
    altitude_output_factor,
    compressor_power_fraction,
    derated_power_kw,
    drive_efficiency,
    drive_input_kw,
    drive_output_factor,
    drive_output_kw,
    efficiency_at_load,
    in_service,
    input_power_kw,
    motor_state,
    points_curve,
    rewind_loss,
    row_problems,
    transmission_loss,
    two_loss_curve,
    unbalance_output_factor,
    voltage_unbalance,
)
from mine_energy.units import KW_PER_HP


def motor(**values):
    base = {"tag": "M-1", "rated_power_kw": 37.0, "poles": 4, "hours_per_day": 8.0, "efficiency": 0.93}
    return Motor(**base | {"load_factor": 0.7} | values)


def keys(state):
    for finding in state.findings:
        assert finding_text(finding, "es")
        assert finding_text(finding, "en")
    return [finding.key for finding in state.findings]


# Belts and gears


def test_belt_losses_by_hand():
    # 10 hp: 0.68759 e^-0.19791 + 3.7558 e^-2.1507 + 3.9963 = 0.5641 + 0.4372 + 3.9963 = 4.998 %.
    assert transmission_loss("v_belt", 10 * KW_PER_HP) == pytest.approx(0.04998, abs=1e-5)
    assert transmission_loss("notched_belt", 10 * KW_PER_HP) == pytest.approx(0.04998 * 5 / 7, abs=1e-5)
    assert transmission_loss("synchronous_belt", 10 * KW_PER_HP) == pytest.approx(0.04998 * 2 / 7, abs=1e-5)
    assert transmission_loss("v_belt", 0.0) == pytest.approx(0.084397, abs=1e-6)
    assert transmission_loss("direct", 10.0) == 0.0
    assert transmission_loss("gearbox", np.array([1.0, 100.0])).tolist() == [0.05, 0.05]


@given(kw=st.floats(0, 1000), more=st.floats(0, 100))
def test_belts_lose_less_at_more_power_and_the_better_belt_less(kw, more):
    assert 0.039 < transmission_loss("v_belt", kw + more) <= transmission_loss("v_belt", kw) < 0.085
    assert transmission_loss("synchronous_belt", kw) < transmission_loss("notched_belt", kw)


def test_belts_do_not_change_what_the_motor_draws():
    direct, belted = motor_state(motor()), motor_state(motor(transmission="v_belt"))
    assert belted.input_kw == direct.input_kw
    assert (direct.transmission_efficiency, direct.machine_kw) == (None, pytest.approx(25.9))
    assert belted.machine_kw == pytest.approx(25.9 * belted.transmission_efficiency)
    stated = motor_state(motor(transmission="gearbox", transmission_loss=0.12))
    assert stated.machine_kw == pytest.approx(25.9 * 0.88)


# Drives


def test_drive_efficiency_meets_its_table_and_lies_between_its_points():
    for row in table("motors/vfd_efficiency.csv"):
        found = drive_efficiency(float(row["drive_kw"]), float(row["output_power_fraction"]))
        assert found == pytest.approx(float(row["efficiency_pct"]) / 100)
    # Half-way between 10 hp (0.96) and 20 hp (0.97) at full output; below 3 hp the smallest drive.
    assert drive_efficiency((7.46 + 14.92) / 2, 1.0) == pytest.approx(0.965)
    assert drive_efficiency(0.5, 1.0) == pytest.approx(0.94)
    assert drive_efficiency(1000.0, 0.001) == pytest.approx(0.61)


@pytest.mark.reference
@pytest.mark.parametrize("hp", [3, 10, 50, 100, 400])
@pytest.mark.parametrize("load", [0.25, 0.5, 0.75, 1.0])
def test_drive_efficiency_against_fluids(hp, load):
    reference = pytest.importorskip("fluids.pump").VFD_efficiency(hp * 745.699872, load)
    assert drive_efficiency(hp * KW_PER_HP, load) == pytest.approx(reference, abs=0.006)


@given(kw=st.floats(0.2, 1000), share=st.floats(0.001, 1.3))
def test_a_drive_draws_more_than_it_gives_and_inverts(kw, share):
    drawn = drive_input_kw(share * kw, kw)
    assert drawn > share * kw
    assert drive_output_kw(drawn, kw) == pytest.approx(share * kw, rel=1e-6)


def test_a_drive_adds_its_losses_to_the_input_once():
    # 70 % of 37 kW: 27.7 kW on the line, 1.25 % more with harmonics; the drive (39.8 kW) is at 70 %: 95.7 %.
    alone, driven = motor_state(motor()), motor_state(motor(drive="vfd"))
    assert driven.motor_input_kw == pytest.approx(alone.input_kw * 1.0125)
    share = driven.motor_input_kw / (37 / 0.93)
    assert driven.drive_efficiency == pytest.approx(drive_efficiency(37 / 0.93, share))
    assert driven.input_kw == pytest.approx(driven.motor_input_kw / driven.drive_efficiency)
    assert (driven.reactive_kvar, keys(driven)) == (0.0, ["motor_drive_losses"])


def test_input_measured_at_the_drive_keeps_its_value_and_lowers_the_load():
    drawn = motor_state(motor(drive="vfd")).input_kw
    before = motor_state(motor(drive="vfd", load_factor=None, input_kw=drawn, measuring_point="drive_input"))
    assert (before.input_kw, before.load_factor) == (drawn, pytest.approx(0.7))
    assert keys(before) == []
    unknown = motor_state(motor(drive="vfd", load_factor=None, input_kw=drawn))
    assert (unknown.load_factor, keys(unknown)) == (before.load_factor, ["motor_drive_point_assumed"])
    behind = motor_state(motor(drive="vfd", load_factor=None, input_kw=28.0, measuring_point="motor"))
    assert behind.motor_input_kw == pytest.approx(28.0)
    assert behind.input_kw > 28.0


def test_current_behind_a_drive_gives_torque_and_speed_gives_power():
    row = {"drive": "vfd", "measuring_point": "motor", "load_factor": None, "rated_voltage_v": "440"}
    full = motor_state(motor(**row, rated_current_a="60", current_a=60.0, voltage_v=220.0, line_frequency_hz=30.0))
    assert full.load_factor == pytest.approx(0.5)
    assert [p.key for p in row_problems(motor(**row, rated_current_a="60", current_a=60.0))] == [
        "motor_drive_frequency_needed"
    ]


# Efficiency at part load from the maker's points


def test_points_win_over_the_model():
    points = {"efficiency_75": 0.935, "efficiency_50": 0.928, "efficiency_25": 0.885}
    for load, expected in ((1.0, 0.93), (0.75, 0.935), (0.5, 0.928), (0.25, 0.885)):
        state = motor_state(motor(load_factor=load, **points))
        assert state.efficiency_at_load == pytest.approx(expected)
        assert (state.efficiency_source, state.efficiency_full_load) == ("points", 0.93)


def test_points_alone_give_full_load():
    model = efficiency_at_load(0.93, 0.75, 37.0)
    state = motor_state(motor(efficiency=None, efficiency_75=model))
    assert state.efficiency_full_load == pytest.approx(0.93)
    assert keys(state) == ["motor_full_load_from_points"]


def test_points_that_contradict_one_another_are_refused():
    # 75 % load at 60 % efficiency loses 0.5 of the output; at full load 93 % would lose 0.075.
    problems = row_problems(motor(efficiency_75=0.60))
    assert [(p.key, p.field) for p in problems] == [("motor_efficiency_points", "efficiency_75")]
    with pytest.raises(InputError):
        points_curve(37.0, {0.5: 0.5, 1.0: 0.93})


@given(
    power=st.floats(0.12, 1000),
    full=st.floats(0.4, 0.97),
    points=st.dictionaries(st.sampled_from([0.25, 0.5, 0.75]), st.floats(0.2, 0.98), max_size=3),
    load=st.floats(0, 1.3),
)
def test_a_curve_of_any_points_is_possible_or_refused(power, full, points, load):
    try:
        curve = points_curve(power, points | {1.0: full})
    except InputError:
        return
    assert 0 <= curve.efficiency(load) < 1
    assert curve.input_kw(load) > power * load
    assert curve.load(curve.input_kw(load)) == pytest.approx(load, abs=1e-7)
    for point, value in points.items():
        assert curve.efficiency(point) == pytest.approx(value, abs=0.02)


@given(power=st.floats(0.12, 1000), efficiency=st.floats(0.3, 0.98), load=st.floats(0, 1.3))
def test_without_points_the_curve_is_the_two_loss_model(power, efficiency, load):
    curve = two_loss_curve(efficiency, power)
    assert curve.input_kw(load) == pytest.approx(input_power_kw(power, load, efficiency))


# Rewinds


def test_rewind_distributions():
    unknown, certified = rewind_loss(1), rewind_loss(1, "certified")
    assert (unknown.low, unknown.mode, unknown.high) == (0.0, 0.005, 0.02)
    assert unknown.mean == pytest.approx(0.025 / 3)
    assert certified.mean == pytest.approx(0.001)
    assert rewind_loss(2).mean == pytest.approx(2 * unknown.mean)
    # Inverse of the triangular distribution by hand: F(mode) = 0.25; the median is 2 - sqrt(0.5 x 2 x 1.5) points.
    assert unknown.quantile(0.25) == pytest.approx(0.005)
    assert unknown.quantile(0.5) == pytest.approx(0.02 - np.sqrt(0.5 * 0.02 * 0.015))
    draws = unknown.quantile((np.arange(2000) + 0.5) / 2000)
    assert draws.mean() == pytest.approx(unknown.mean, abs=1e-5)
    assert draws.std() == pytest.approx(unknown.standard_deviation, rel=0.01)


def test_a_rewound_motor_is_worse_by_the_mean_and_nothing_ages():
    state = motor_state(motor(rewinds=2, manufacture_year=1975))
    assert state.plate_efficiency == 0.93
    assert state.efficiency_full_load == pytest.approx(0.93 - 0.05 / 3)
    assert keys(state) == ["motor_rewound"]
    fresh = motor_state(motor(manufacture_year=1975))
    assert (fresh.efficiency_full_load, fresh.rewind) == (0.93, None)
    assert state.efficiency_band > fresh.efficiency_band
    assert keys(motor_state(motor(rewinds=1, rewind_shop="certified"))) == ["motor_rewound_certified"]


# Altitude and unbalance


@pytest.mark.parametrize(
    ("altitude", "ambient", "factor"),
    # Examples of the manual: 2,000 m and 50 degC; 4,000 m and 30 degC; 3,500 m and 55 degC; 2,000 m and 35 degC.
    [(2000, 50, 0.86), (4000, 30, 0.82), (3500, 55, 0.71), (2000, 35, 0.97), (0, 40, 1.0), (1000, 40, 1.0)],
)
def test_altitude_factors_meet_the_published_examples(altitude, ambient, factor):
    assert altitude_output_factor(float(altitude), float(ambient)) == pytest.approx(factor)


def test_altitude_derates_motor_and_drive():
    assert derated_power_kw(37.0, 2250.0) == pytest.approx(37 * 0.92)
    assert derated_power_kw(np.array([37.0, 10.0]), np.array([0.0, 3000.0])).tolist() == pytest.approx([37.0, 8.6])
    # Beyond 4,000 m the last slope goes on: 0.77 - 10 x 0.01.
    assert derated_power_kw(100.0, 5000.0) == pytest.approx(67.0)
    assert drive_output_factor(3500.0) == pytest.approx(0.75)
    assert drive_output_factor(900.0) == 1.0


@given(low=st.floats(-400, 6000), more=st.floats(0, 1000), ambient=st.floats(0, 60))
def test_higher_is_never_stronger(low, more, ambient):
    high = min(low + more, 6000.0)
    assert 0.3 < altitude_output_factor(high, ambient) <= altitude_output_factor(low, ambient) <= 1.0


def test_a_motor_over_its_derated_power_is_flagged():
    assert keys(motor_state(motor(load_factor=0.8), altitude_m=2500.0)) == []
    state = motor_state(motor(load_factor=0.95), altitude_m=2500.0)
    assert (keys(state), state.derated_power_kw) == (["motor_over_derated"], pytest.approx(33.3))
    high = motor_state(motor(load_factor=0.95), altitude_m=4500.0)
    assert keys(high) == ["motor_over_derated", "motor_altitude_beyond_table"]
    driven = motor_state(motor(drive="vfd", load_factor=0.8), altitude_m=4000.0)
    assert keys(driven) == ["motor_drive_losses", "motor_over_derated", "motor_drive_over_derated"]


def test_unbalance_by_hand():
    # Published examples: 462, 463 and 455 V are 5 V off a mean of 460 V; 480, 476 and 472 V are 4 off 476.
    assert voltage_unbalance(462.0, 463.0, 455.0) == pytest.approx(5 / 460)
    assert voltage_unbalance(480.0, 476.0, 472.0) == pytest.approx(0.0084, abs=1e-4)
    assert voltage_unbalance(np.array([440.0, 460.0]), 440.0, 440.0).tolist() == pytest.approx([0.0, 0.0298], abs=1e-4)
    assert unbalance_output_factor(np.array([0.0, 0.01, 0.02, 0.05, 0.2])).tolist() == [1.0, 1.0, 0.95, 0.76, 0.76]


@pytest.mark.parametrize(
    ("volts", "expected"),
    [
        ((440, 441, 439), []),
        ((440, 446, 434), ["motor_unbalance"]),
        ((440, 455, 425), ["motor_unbalance_serious"]),
        ((400, 470, 440), ["motor_unbalance_stop"]),
    ],
)
def test_unbalance_flags(volts, expected):
    lines = dict(zip(("voltage_ab_v", "voltage_bc_v", "voltage_ca_v"), map(float, volts), strict=True))
    state = motor_state(motor(**lines))
    assert keys(state) == expected
    assert state.derated_power_kw <= 37.0
    assert state.input_kw == motor_state(motor()).input_kw


def test_two_of_three_voltages_are_refused_and_a_far_voltage_is_flagged():
    assert [p.key for p in row_problems(motor(voltage_ab_v=440.0, voltage_bc_v=441.0))] == ["motor_voltages_incomplete"]
    assert keys(motor_state(motor(rated_voltage_v="440", voltage_v=390.0))) == ["motor_voltage_off"]


# 50 Hz plates


def test_a_50_hz_plate_uses_its_60_hz_column():
    row = motor(
        frequency_hz=50,
        rated_power_kw=30.0,
        rated_speed_rpm=1470.0,
        poles=None,
        efficiency=0.92,
        rated_voltage_v="380",
        rated_power_60hz_kw=34.5,
        rated_speed_60hz_rpm=1765.0,
        rated_voltage_60hz_v="440",
        efficiency_60hz=0.925,
    )
    fit = in_service(row)
    assert (fit.rated_power_kw, fit.frequency_hz, fit.poles, fit.rated_speed_rpm) == (34.5, 60, 4, 1765.0)
    assert in_service(fit) is fit
    state = motor_state(row)
    assert (state.efficiency_full_load, keys(state)) == (0.925, ["motor_plate_60hz"])
    assert state.input_kw == pytest.approx(input_power_kw(34.5, 0.7, 0.925))


def test_a_50_hz_plate_without_it_is_refused_but_not_behind_a_drive():
    assert [(p.key, p.field) for p in row_problems(motor(frequency_hz=50))] == [
        ("motor_plate_frequency", "frequency_hz")
    ]
    assert row_problems(motor(frequency_hz=50, drive="vfd")) == ()
    assert row_problems(motor(frequency_hz=50, equipment="lighting")) == ()
    assert row_problems(motor(frequency_hz=60), network_hz=50) != ()


# Compressors and loads without a motor


def test_compressor_controls_by_hand():
    # Inlet modulation at half the flow draws 85 % of full power, the known penalty; start and stop follow the flow.
    assert compressor_power_fraction(0.5, "modulating") == pytest.approx(0.85)
    assert compressor_power_fraction(0.5, "load_unload", 0.25) == pytest.approx(0.625)
    assert compressor_power_fraction(np.array([0.0, 0.5, 1.0]), "start_stop").tolist() == [0.0, 0.5, 1.0]
    with pytest.raises(InputError):
        compressor_power_fraction(1.2, "modulating")


@given(
    flow=st.floats(0, 1),
    control=st.sampled_from(["load_unload", "modulating", "variable_displacement", "variable_speed", "start_stop"]),
)
def test_no_control_beats_the_flow_itself(flow, control):
    assert flow - 1e-12 <= compressor_power_fraction(flow, control) <= 1


def test_a_modulating_compressor_draws_by_its_flow():
    full = motor_state(motor(equipment="compressor"))
    part = motor_state(motor(equipment="compressor", compressor_control="modulating", air_demand_fraction=0.5))
    assert part.input_kw == pytest.approx(0.85 * full.input_kw)
    assert keys(part) == ["motor_compressor_at_flow"]
    measured = motor_state(
        motor(
            equipment="compressor",
            compressor_control="modulating",
            air_demand_fraction=0.5,
            load_factor=None,
            input_kw=25.0,
        )
    )
    assert measured.input_kw == 25.0
    hours = {"unloaded_hours_per_day": 2.0, "unloaded_input_fraction": 0.3}
    cycling = motor_state(
        motor(equipment="compressor", compressor_control="load_unload", air_demand_fraction=0.5, **hours)
    )
    assert (cycling.input_kw, keys(cycling)) == (full.input_kw, ["motor_flow_and_unloaded_hours"])


@pytest.mark.parametrize("equipment", ["lighting", "furnace", "laboratory", "welding", "other_load"])
def test_loads_without_a_motor(equipment):
    state = motor_state(motor(equipment=equipment, rated_power_kw=10.0, load_factor=0.8, duty_cycle=0.35))
    assert (state.input_kw, state.peak_input_kw) == (pytest.approx(2.8), pytest.approx(8.0))
    assert (state.machine_kw, state.efficiency_full_load, keys(state)) == (None, None, [])


def test_a_log_already_holds_the_pauses_and_welding_without_a_duty_says_so():
    values = {"equipment": "welding", "rated_power_kw": 10.0, "load_factor": None}
    assert motor_state(motor(**values, input_kw=6.0, duty_cycle=0.35)).input_kw == pytest.approx(2.1)
    assert motor_state(motor(**values, input_kw=6.0, input_kind="logged", duty_cycle=0.35)).input_kw == 6.0
    assert keys(motor_state(motor(**values, input_kw=6.0))) == ["motor_duty_assumed"]
