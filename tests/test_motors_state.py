"""What one machine draws, and on what grounds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mine_energy.errors import Finding
from mine_energy.messages import finding_text
from mine_energy.motors import Motor, input_power_kw, motor_state


def motor(**values):
    return Motor(**{"tag": "M-1", "rated_power_kw": 37.0, "poles": 4, "hours_per_day": 8.0} | values)


def keys(state):
    return [finding.key for finding in state.findings]


def test_plate_and_stated_load():
    state = motor_state(motor(efficiency=0.93, load_factor=0.5))
    assert (state.efficiency_full_load, state.efficiency_source, state.load_method) == (0.93, "plate", "stated")
    assert state.input_kw == pytest.approx(37 * 0.53914, abs=1e-3)
    assert state.efficiency_at_load == pytest.approx(0.5 / 0.53914, abs=1e-5)
    assert state.findings == ()


def test_measured_input_wins_over_the_stated_load():
    state = motor_state(motor(efficiency=0.93, load_factor=0.2, input_kw=input_power_kw(37.0, 0.8, 0.93)))
    assert state.load_factor == pytest.approx(0.8)
    assert (state.load_method, state.load_band) == ("spot_kw", 0.10)
    assert keys(state) == ["motor_contradiction_load_factor"]
    logged = motor_state(motor(efficiency=0.93, input_kw=30.0, input_kind="logged"))
    assert (logged.load_method, logged.load_band) == ("logged_kw", 0.03)


def test_reconstructed_input_is_not_called_measured():
    state = motor_state(motor(efficiency=0.93, input_kw=20.0, origin="reconstructed"))
    assert (state.load_method, state.load_band) == ("stated", 0.25)


def test_nothing_known_is_an_old_motor_at_an_assumed_load_and_says_so():
    state = motor_state(motor(poles=None))
    assert (state.efficiency_full_load, state.efficiency_source, state.load_factor) == (0.924, "assumed", 0.75)
    assert keys(state) == [
        "motor_poles_assumed",
        "motor_efficiency_assumed",
        "motor_unverified_table",
        "motor_load_assumed",
    ]
    assert {f.level for f in state.findings} == {"assumption"}


@pytest.mark.parametrize(
    ("values", "source", "expected"),
    [
        ({"ie_class": "IE2"}, "class_table", []),
        ({"ie_class": "IE3"}, "class_table", []),
        ({"ie_class": "IE1"}, "unverified_table", ["motor_unverified_table"]),
        ({"ie_class": "IE4"}, "unverified_table", ["motor_unverified_table"]),
        ({"ie_class": "IE3", "rated_power_kw": 0.25, "poles": 2}, "class_table", ["motor_single_source_table"]),
        ({"ie_class": "IE3", "rated_power_kw": 500.0}, "assumed", ["motor_outside_large"]),
        ({"rated_power_kw": 500.0}, "assumed", ["motor_outside_large", "motor_unverified_table"]),
        ({"rated_power_kw": 0.05}, "assumed", ["motor_outside_small", "motor_unverified_table"]),
        ({"rated_power_kw": 0.3}, "assumed", ["motor_outside_small", "motor_unverified_table"]),
        ({"construction": "submersible"}, "assumed", ["motor_outside_construction", "motor_unverified_table"]),
        (
            {"construction": "explosion_proof", "manufacture_year": 2023},
            "assumed",
            ["motor_outside_construction", "motor_unverified_table"],
        ),
        ({"manufacture_year": 2023}, "year_guess", ["motor_class_from_year"]),
        ({"manufacture_year": 2005}, "year_guess", ["motor_class_from_year", "motor_unverified_table"]),
        ({"ie_class": "IE3", "construction": "wound_rotor"}, "assumed", ["motor_outside_construction"]),
        ({"poles": 8}, "assumed", ["motor_efficiency_assumed"]),
        ({"efficiency": 0.9, "rated_power_kw": 5000.0, "poles": None}, "plate", []),
    ],
)
def test_where_the_efficiency_comes_from(values, source, expected):
    state = motor_state(motor(load_factor=0.7, **values))
    assert (state.efficiency_source, keys(state)) == (source, expected)


def test_plate_below_its_class_is_used_and_flagged():
    state = motor_state(motor(efficiency=0.91, ie_class="IE3", load_factor=0.7))
    assert state.efficiency_full_load == 0.91
    assert keys(state) == ["motor_plate_below_class"]
    assert dict(state.findings[0].params) == {"ie_class": "IE3", "efficiency_percent": 91.0, "minimum_percent": 94.5}
    assert keys(motor_state(motor(efficiency=0.945, ie_class="IE3", load_factor=0.7))) == []


def test_poles_come_from_the_plate_speed():
    state = motor_state(motor(poles=None, rated_speed_rpm=1160, ie_class="IE3", load_factor=0.7))
    assert (state.poles, state.efficiency_full_load, keys(state)) == (6, 0.941, [])


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"load_factor": 1.1}, "motor_overloaded"),
        ({"input_kw": 0.5}, "motor_input_below_no_load"),
        ({"load_factor": 0.7, "drive": "vfd"}, "motor_drive_losses"),
    ],
)
def test_doubtful_loads_are_flagged(values, expected):
    assert keys(motor_state(motor(efficiency=0.93, **values))) == [expected]


def test_compressor_states():
    values = {"equipment": "compressor", "efficiency": 0.92, "load_factor": 0.8, "unloaded_hours_per_day": 1.5}
    state = motor_state(motor(unloaded_input_fraction=0.345, **values))
    assert state.unloaded_input_kw == pytest.approx(0.345 * state.input_kw)
    assert state.findings == ()
    assumed = motor_state(motor(**values))
    assert assumed.unloaded_input_kw == pytest.approx(0.3 * assumed.input_kw)
    assert keys(assumed) == ["motor_unloaded_assumed"]
    ignored = motor_state(motor(**(values | {"equipment": "motor"})))
    assert ignored.unloaded_input_kw == 0.0


def test_loads_without_a_motor():
    state = motor_state(motor(equipment="lighting", rated_power_kw=4.0, load_factor=0.7))
    assert (state.input_kw, state.reactive_kvar, state.efficiency_at_load) == (pytest.approx(2.8), 0.0, None)
    state = motor_state(motor(equipment="other_load", rated_power_kw=4.0, power_factor=0.8))
    assert (state.input_kw, keys(state)) == (4.0, ["motor_other_load_assumed"])
    assert state.reactive_kvar == pytest.approx(3.0)
    assert motor_state(motor(equipment="other_load", rated_power_kw=4.0, input_kw=3.0)).load_factor == 0.75


@given(
    power=st.floats(0.12, 1000),
    poles=st.sampled_from([2, 4, 6, 8, None]),
    load=st.floats(0, 1.3),
    ie_class=st.sampled_from(["IE1", "IE2", "IE3", "IE4", None]),
    hz=st.sampled_from([50, 60]),
)
def test_every_motor_has_a_possible_state_and_its_findings_have_words(power, poles, load, ie_class, hz):
    row = motor(rated_power_kw=power, poles=poles, load_factor=load, ie_class=ie_class, frequency_hz=hz)
    state = motor_state(row, network_hz=hz)
    assert 0.3 < state.efficiency_full_load < 0.98
    assert 0 <= state.efficiency_at_load < 1
    assert state.input_kw > power * load
    assert state.reactive_kvar > 0
    for finding in state.findings:
        assert isinstance(finding, Finding)
        assert finding_text(finding, "es")
        assert finding_text(finding, "en")
