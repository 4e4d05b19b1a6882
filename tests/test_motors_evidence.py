"""The load hierarchy: which evidence wins, what is refused, what contradicts, and every method by hand."""

from math import hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mine_energy.messages import finding_text, problem_text
from mine_energy.motors import (
    Motor,
    bond_energy_kwh_per_t,
    full_load_current_a,
    input_power_kw,
    motor_state,
    relative_current,
    row_problems,
    small_mill_factor,
)

PLATE = {
    "efficiency": 0.93,
    "power_factor": 0.86,
    "rated_speed_rpm": 1750.0,
    "rated_voltage_v": "440",
    "rated_current_a": "60.7",
}
FIELDS = {
    "logged_kw": {"input_kw": input_power_kw(37.0, 0.6, 0.93), "input_kind": "logged"},
    "spot_kw": {"input_kw": input_power_kw(37.0, 0.6, 0.93)},
    "current": {"current_a": 60.7 * relative_current(0.6, 37.0), "voltage_v": 440.0},
    "slip": {"speed_rpm": 1770.0, "line_frequency_hz": 60.0},
    "process": {"throughput_t_per_h": 1.2, "specific_energy_kwh_per_t": input_power_kw(37.0, 0.6, 0.93) / 1.2},
    "stated": {"load_factor": 0.6},
}


def motor(**values):
    return Motor(**{"tag": "M-1", "rated_power_kw": 37.0, "poles": 4, "hours_per_day": 8.0} | PLATE | values)


def keys(state):
    return [finding.key for finding in state.findings]


def refused(**values):
    problems = row_problems(motor(**values))
    for problem in problems:
        for language in ("es", "en"):
            assert problem_text(problem, language)
    return [(problem.key, problem.field) for problem in problems]


def test_each_method_alone_finds_the_same_load_with_its_own_band():
    bands = {"logged_kw": 0.03, "spot_kw": 0.10, "current": 0.15, "slip": 0.20, "process": 0.20, "stated": 0.25}
    for method, values in FIELDS.items():
        state = motor_state(motor(**values))
        assert (state.load_method, state.load_band) == (method, bands[method])
        assert state.load_factor == pytest.approx(0.6, abs=1e-6)
        assert state.findings == ()


def test_the_best_evidence_wins_and_the_others_agree():
    for winner in ("logged_kw", "spot_kw", "current", "slip", "process", "stated"):
        order = list(FIELDS)
        given_fields = {k: v for m in order[order.index(winner) :] for k, v in FIELDS[m].items()}
        if winner == "logged_kw":
            given_fields["input_kind"] = "logged"
        state = motor_state(motor(**given_fields))
        assert (state.load_method, state.findings) == (winner, ())
        assert state.evidence[0].method == winner


def test_nothing_given_is_an_assumption_and_a_packaged_machine_is_full():
    assert motor_state(motor()).load_factor == 0.75
    packaged = motor_state(motor(packaged="yes"))
    assert (packaged.load_factor, packaged.load_method, keys(packaged)) == (1.0, "assumed", ["motor_load_assumed"])


@given(first=st.floats(0.3, 1.2), second=st.floats(0.05, 1.3))
def test_a_contradiction_is_what_lies_beyond_the_joint_band(first, second):
    state = motor_state(motor(input_kw=input_power_kw(37.0, first, 0.93), load_factor=second))
    beyond = abs(first - second) > hypot(first * 0.10, second * 0.25)
    assert ("motor_contradiction_load_factor" in keys(state)) == beyond
    assert state.load_factor == pytest.approx(first)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (FIELDS["spot_kw"] | {"current_a": 20.0, "voltage_v": 440.0}, "motor_contradiction_current_a"),
        (FIELDS["spot_kw"] | {"speed_rpm": 1795.0, "line_frequency_hz": 60.0}, "motor_contradiction_speed_rpm"),
        (
            FIELDS["spot_kw"] | {"throughput_t_per_h": 1.0, "specific_energy_kwh_per_t": 8.0},
            "motor_contradiction_throughput_t_per_h",
        ),
    ],
)
def test_every_contradiction_has_its_words(values, expected):
    state = motor_state(motor(**values))
    assert keys(state) == [expected]
    for language in ("es", "en"):
        assert "60" in finding_text(state.findings[0], language)


def test_loads_to_130_percent_are_flagged_and_beyond_refused():
    state = motor_state(motor(input_kw=float(input_power_kw(37.0, 1.29, 0.93))))
    assert keys(state) == ["motor_overloaded"]
    assert refused(input_kw=float(input_power_kw(37.0, 1.31, 0.93))) == [("motor_load_beyond", "input_kw")]
    assert refused(input_kw=60.0) == [("motor_load_beyond", "input_kw")]
    assert refused(speed_rpm=1725.0, line_frequency_hz=60.0) == [("motor_load_beyond", "speed_rpm")]
    # Beyond as a second witness it only contradicts.
    state = motor_state(motor(**FIELDS["spot_kw"], speed_rpm=1725.0, line_frequency_hz=60.0))
    assert keys(state) == ["motor_contradiction_speed_rpm"]


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({"drive": "vfd", "measuring_point": "drive_input"}, "motor_current_drive_input"),
        ({"drive": "soft_starter", "measuring_point": "soft_starter_input"}, "motor_current_soft_starter_input"),
        ({"measuring_point": "capacitor_side"}, "motor_current_capacitor_side"),
        ({"drive": "vfd"}, "motor_current_point"),
        ({"drive": "soft_starter"}, "motor_current_point"),
    ],
)
def test_amperes_upstream_are_not_the_motors(values, key):
    electric = {"current_a": 40.0, "voltage_v": 440.0}
    assert refused(**values, **electric) == [(key, "current_a")]
    # With the power of the same place the current is not needed.
    state = motor_state(motor(**values, **electric, input_kw=25.0))
    assert "motor_current_ignored" in keys(state)
    assert state.load_method == "spot_kw"


def test_amperes_are_not_load():
    # Half load draws far more than half the amperes: taking amperes over rated amperes would say 0.6 and more.
    amperes = 60.7 * relative_current(0.5, 37.0)
    assert amperes / 60.7 > 0.55
    assert motor_state(motor(current_a=amperes, voltage_v=440.0)).load_factor == pytest.approx(0.5, abs=1e-6)


def test_missing_plate_current_is_computed_and_said():
    expected = full_load_current_a(37.0, 440.0, 0.93, 0.86)
    state = motor_state(motor(rated_current_a="", current_a=expected, voltage_v=440.0))
    assert state.load_factor == pytest.approx(1.0)
    assert keys(state) == ["motor_rated_current_computed"]
    assert keys(motor_state(motor(current_a=45.0))) == ["motor_voltage_assumed"]
    assert refused(current_a=45.0, rated_voltage_v="") == [("motor_plate_voltage_needed", "current_a")]


@pytest.mark.parametrize(
    ("plate", "values", "rated_a"),
    [
        (("220/440", "120/60"), {"voltage_v": 218.0}, 120.0),
        (("220/440", "120/60"), {"voltage_v": 445.0}, 60.0),
        (("220/440", "120/60"), {"connection": "delta"}, 120.0),
        (("220/380", "104/60"), {"connection": "star"}, 60.0),
        (("208-230/460", "130-120/60"), {"voltage_v": 210.0}, 130.0),
        (("208-230/460 V", "130-120/60 A"), {"voltage_v": 232.0, "connection": "parallel"}, 120.0),
        (("440", "60,5"), {}, 60.5),
        (("220/380/440", "120/70/60"), {"voltage_v": 377.0}, 70.0),
    ],
)
def test_dual_plates_give_the_current_of_the_connection_in_use(plate, values, rated_a):
    row = {"rated_voltage_v": plate[0], "rated_current_a": plate[1]} | values
    voltage = values.get("voltage_v")
    state = motor_state(motor(**row, current_a=rated_a))
    # At rated current the load is full, but for the voltage's correction.
    assert state.load_factor == pytest.approx(1.0, abs=0.03 if voltage else 1e-6)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"rated_voltage_v": "220/440", "rated_current_a": "120/60"}, ("motor_plate_voltage_needed", "current_a")),
        (
            {"rated_voltage_v": "220/440", "rated_current_a": "60", "voltage_v": 440.0},
            ("motor_plate_currents", "rated_current_a"),
        ),
        ({"rated_voltage_v": "cuatro", "voltage_v": 440.0}, ("motor_plate_unreadable", "rated_voltage_v")),
        ({"rated_current_a": "1.234,5", "voltage_v": 440.0}, ("motor_plate_unreadable", "rated_current_a")),
        ({"rated_voltage_v": "0", "voltage_v": 440.0}, ("motor_plate_unreadable", "rated_voltage_v")),
        (
            {"rated_voltage_v": "220/440", "rated_current_a": "120/60", "connection": "star", "voltage_v": 220.0},
            ("motor_voltage_fits_no_plate", "voltage_v"),
        ),
        ({"rated_voltage_v": "440", "voltage_v": 254.0}, ("motor_voltage_fits_no_plate", "voltage_v")),
    ],
)
def test_plates_that_do_not_tell_are_refused(values, expected):
    assert refused(**values, current_a=45.0) == [expected]


def test_slip_needs_the_measured_frequency():
    state = motor_state(motor(speed_rpm=1770.0, load_factor=0.7))
    assert (state.load_method, keys(state)) == ("stated", ["motor_slip_incomplete"])
    # A generator at 60.5 Hz: 1,815 - 1,770 = 45 of 50 rpm; without the frequency 60 % would be read.
    assert motor_state(motor(speed_rpm=1770.0, line_frequency_hz=60.5)).load_factor == pytest.approx(0.9)
    # 5 % more voltage: same slip, 1.05^2 the load.
    state = motor_state(motor(speed_rpm=1770.0, line_frequency_hz=60.0, voltage_v=462.0))
    assert state.load_factor == pytest.approx(0.6 * 1.05**2)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"speed_rpm": 1800.0, "line_frequency_hz": 60.0}, ("motor_slip_negative", "speed_rpm")),
        ({"speed_rpm": 1798.0, "line_frequency_hz": 59.9}, ("motor_slip_negative", "speed_rpm")),
        ({"rated_speed_rpm": 1750.0, "poles": 2}, ("motor_plate_speed_poles", "rated_speed_rpm")),
        ({"rated_speed_rpm": 1800.0}, ("motor_plate_speed_poles", "rated_speed_rpm")),
        ({"rated_speed_rpm": 880.0, "poles": 6}, ("motor_plate_speed_poles", "rated_speed_rpm")),
    ],
)
def test_impossible_speeds_are_refused(values, expected):
    assert refused(**values) == [expected]


def test_special_motors_are_not_judged_by_slip_or_amperes():
    state = motor_state(motor(construction="wound_rotor", speed_rpm=1700.0, line_frequency_hz=60.0))
    assert "motor_method_not_for_it" in keys(state)
    assert state.load_method == "assumed"
    state = motor_state(motor(construction="single_phase", current_a=40.0, voltage_v=440.0))
    assert "motor_method_not_for_it" in keys(state)


@pytest.mark.parametrize(("index", "product", "energy"), [(13, 150, 9.28), (15, 106, 13.03), (17, 75, 17.89)])
def test_bond_by_hand(index, product, energy):
    # W = 10 Wi (1/sqrt P80 - 1/sqrt F80), F80 9.5 mm: 9.3, 13.0 and 17.9 kWh/t.
    assert bond_energy_kwh_per_t(float(index), 9500.0, float(product)) == pytest.approx(energy, abs=0.01)


def test_small_mill_factor_by_hand():
    # (2.44/1.4)^0.2 = 1.12; 0.914 from 3.81 m (12.5 ft) up.
    assert small_mill_factor(1.4) == pytest.approx(1.117, abs=1e-3)
    assert small_mill_factor(2.44) == pytest.approx(1.0)
    assert small_mill_factor(5.0) == small_mill_factor(3.81) == pytest.approx(0.9147, abs=1e-3)


def test_bond_gives_the_motors_load_through_its_belt():
    # 1.25 t/h at Wi 15, 9.5 mm to 106 um in a 1.4 m mill: 18.2 kW at the pinion, over 37 kW and a belt of 4.3 %.
    values = {"throughput_t_per_h": 1.25, "bond_work_index_kwh_per_t": 15.0, "f80_um": 9500.0, "p80_um": 106.0}
    state = motor_state(motor(**values, mill_diameter_m=1.4, transmission="v_belt"))
    assert state.load_method == "process"
    assert state.machine_kw == pytest.approx(1.25 * 13.03 * 1.117, abs=0.02)
    assert state.load_factor * 37.0 * state.transmission_efficiency == pytest.approx(state.machine_kw)
    assert refused(**(values | {"p80_um": 9500.0})) == [("motor_bond_sizes", "p80_um")]


def test_bond_and_energy_per_tonne_are_compared():
    values = {"throughput_t_per_h": 1.25, "bond_work_index_kwh_per_t": 15.0, "f80_um": 9500.0, "p80_um": 106.0}
    state = motor_state(motor(**values, specific_energy_kwh_per_t=26.0))
    assert [e.method for e in state.evidence] == ["process", "process"]
    assert keys(state) == ["motor_contradiction_throughput_t_per_h"]


@given(
    power=st.floats(0.12, 1000),
    poles=st.sampled_from([2, 4, 6, 8]),
    load=st.floats(0.05, 1.29),
    method=st.sampled_from(["logged_kw", "current", "slip", "process", "stated"]),
    drive=st.sampled_from(["direct", "vfd"]),
    transmission=st.sampled_from(["direct", "v_belt", "notched_belt", "synchronous_belt", "gearbox"]),
    rewinds=st.integers(0, 3),
)
def test_no_method_gives_an_impossible_value(power, poles, load, method, drive, transmission, rewinds):
    synchronous = 7200 / poles
    row = {"rated_power_kw": power, "poles": poles, "drive": drive, "transmission": transmission, "rewinds": rewinds}
    row |= {"rated_speed_rpm": synchronous * 0.97, "efficiency": 0.9, "measuring_point": "motor"}
    row |= {
        "logged_kw": {"input_kw": power * load / 0.9, "input_kind": "logged"},
        "current": {"current_a": 60.7 * float(relative_current(load, power)), "voltage_v": 440.0},
        "slip": {"speed_rpm": synchronous * (1 - 0.03 * load)},
        "process": {"throughput_t_per_h": 2.0, "specific_energy_kwh_per_t": power * load / 2.0},
        "stated": {"load_factor": load},
    }[method]
    row["line_frequency_hz"] = 60.0
    machine = Motor(**{"tag": "M", "hours_per_day": 8.0} | PLATE | row)
    problems = row_problems(machine)
    if problems:
        assert {p.key for p in problems} == {"motor_load_beyond"}
        return
    state = motor_state(machine)
    assert 0 <= state.load_factor <= 1.3
    assert 0 <= state.efficiency_at_load < 1
    shaft = state.load_factor * power
    assert state.input_kw >= state.motor_input_kw - 1e-9 >= shaft - 2e-9
    assert 0 <= state.machine_kw <= shaft + 1e-12
    assert state.reactive_kvar >= 0
    assert 0 <= state.efficiency_band < 0.4
    if method == "stated":
        assert state.load_factor == load


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"specific_energy_kwh_per_t": 20.0}, ["motor_process_incomplete"]),
        ({"throughput_t_per_h": 1.0, "bond_work_index_kwh_per_t": 15.0}, ["motor_process_incomplete"]),
        ({"throughput_t_per_h": 1.0}, []),
        ({"equipment": "lighting", "current_a": 12.0}, ["motor_method_not_for_it"]),
        ({"equipment": "compressor", "air_demand_fraction": 0.6}, ["motor_flow_without_control"]),
    ],
)
def test_nothing_given_is_dropped_in_silence(values, expected):
    assert keys(motor_state(motor(load_factor=0.6, **values))) == expected
