"""Measures by family: worked examples, refusals with their reasons, and what can never happen."""

from math import sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mine_energy.errors import InputError
from mine_energy.measures import MEASURES, Machine, MeasureContext, PlantSeries, assess
from mine_energy.measures.air import leak_fraction, pressure_power_ratio
from mine_energy.measures.curves import speed_controlled_power, speed_for_flow, throttled_power
from mine_energy.measures.plant import transformer_loss_kwh
from mine_energy.measures.power_factor import bank_output, kvar_for, resonance, seen_power_factor
from mine_energy.measures.pumps import pump_shaft_kw
from mine_energy.measures.right_size import right_rating_kw
from mine_energy.measures.ventilation import air_density_kg_m3, fan_shaft_kw
from mine_energy.messages import finding_text, problem_text
from mine_energy.motors import Motor, motor_state
from mine_energy.site import MeasuresChoice
from mine_energy.units import standard_pressure_pa

HOURS = 312


def machine(tag="M-1", hours_per_day=8.0, **values):
    base = {"tag": tag, "rated_power_kw": 37.0, "poles": 4, "efficiency": 0.905, "load_factor": 0.75}
    row = Motor(**base | {"hours_per_day": hours_per_day} | values)
    idle = row.unloaded_hours_per_day if row.equipment == "compressor" else 0.0
    return Machine(
        motor=row,
        state=motor_state(row),
        hours_per_year=hours_per_day * HOURS,
        unloaded_hours_per_year=idle * HOURS,
    )


def compressor(**values):
    base = {"tag": "C-1", "equipment": "compressor", "rated_power_kw": 55.0, "efficiency": 0.92, "load_factor": 0.8}
    hours = {"hours_per_day": 4.0, "unloaded_hours_per_day": 1.5, "unloaded_input_fraction": 0.345}
    return machine(**base | hours | values)


def run(*machines, names=None, altitude_m=0.0, **choice):
    chosen = MeasuresChoice.model_validate(choice)
    return assess(MeasureContext(machines=machines, choice=chosen, altitude_m=altitude_m), names)


def only(*machines, measure, **choice):
    found = [s for s in run(*machines, names=[measure], **choice).savings if s.measure == measure]
    assert len(found) == 1
    return found[0]


def worded(finding):
    return bool(finding_text(finding, "es", "CO")) and bool(finding_text(finding, "en", "CO"))


# Lighting


def test_lamps_by_hand():
    # 40 x (40 - 18) W = 0.88 kW of 4 kW rated; 70 % of it burns 11 h on 312 days: 0.88 x 0.7 x 3432 = 2114 kWh.
    row = machine("L-1", 11.0, equipment="lighting", rated_power_kw=4.0, load_factor=0.7, efficiency=None, poles=None)
    entry = {"tag": "L-1", "watts_in": 40, "watts_out": 18, "units": 40, "capex_usd": 400}
    saving = only(row, measure="lighting", lighting=[entry])
    assert saving.energy_kwh_per_year == pytest.approx(0.88 * 0.7 * 3432)
    assert (saving.cause, saving.capex_usd, saving.when) == ("lighting", 400, "now")
    # Counted watts: only hours and burnt-out lamps vary (10 %, on top of the load's own band), not 30 %.
    stated = only(row, measure="lighting", lighting=[entry | {"band": 0.10}])
    assert saving.energy_high_kwh_per_year == pytest.approx(stated.energy_high_kwh_per_year)
    assert saving.energy_low_kwh_per_year == pytest.approx(stated.energy_low_kwh_per_year)
    over = only(row, measure="lighting", lighting=[entry | {"units": 200}])
    assert over.reason.key == "measure_lamps_over_row"


# Compressed air


def test_pressure_needs_the_sites_own_air():
    # 110 to 100 psig (758.4 to 689.5 kPa): 5.1 % at sea level, 4.9 % at 2,500 m with the site's pressure in both terms.
    assert 1 - pressure_power_ratio(758.4, 689.5, 101325) == pytest.approx(0.0515, abs=5e-4)
    assert 1 - pressure_power_ratio(758.4, 689.5, standard_pressure_pa(2500)) == pytest.approx(0.049, abs=5e-4)


@pytest.mark.parametrize(("altitude_m", "pressure_pa"), [(0, 101325), (2500, 74682), (5000, 54020)])
def test_standard_atmosphere(altitude_m, pressure_pa):
    # Table of the standard atmosphere, ISO 2533.
    assert standard_pressure_pa(altitude_m) == pytest.approx(pressure_pa, rel=1e-3)


def test_a_lower_pressure_acts_while_loaded_only():
    row = compressor()
    entry = {"tag": "C-1", "pressure_now_kpa": 758.4, "pressure_new_kpa": 689.5}
    saving = only(row, measure="pressure", pressure=[entry])
    assert saving.unloaded_demand_kw == 0
    # The shaft falls by 5.15 %, the motor's losses by less.
    assert 0.045 < saving.energy_kwh_per_year / row.energy_kwh("running") < 0.0516


def test_leaks_of_a_load_unload_compressor_save_the_difference_of_both_inputs():
    # Leakage 20 % of full flow, 60 % of it repaired: 0.12 x 5.5 h x 312 days = 205.92 h a year go from loaded to
    # unloaded, which still draws 34.5 %: not 205.92 h at full input.
    row = compressor()
    entry = {"tag": "C-1", "leak_fraction": 0.2, "repaired_fraction": 0.6, "control": "load_unload"}
    saving = only(row, measure="leaks", leaks=[entry])
    loaded_kw = row.state.input_kw
    assert saving.energy_kwh_per_year == pytest.approx(0.12 * 5.5 * 312 * loaded_kw * (1 - 0.345))
    assert saving.peak_kw is None
    assert not saving.steady
    assert not saving.price_known
    assert "measure_price_missing" in {f.key for f in saving.findings}


def test_leaks_need_the_control():
    entry = {"tag": "C-1", "leak_fraction": 0.2, "repaired_fraction": 0.6}
    assert only(compressor(), measure="leaks", leaks=[entry]).reason.key == "measure_no_control"
    known = compressor(compressor_control="start_stop")
    assert only(known, measure="leaks", leaks=[entry]).decision == "apply"


def test_a_modulating_compressor_gives_back_little_of_the_air_it_spares():
    entry = {"tag": "C-1", "leak_fraction": 0.2, "repaired_fraction": 1.0}
    base, modulating = (
        only(compressor(unloaded_hours_per_day=0), measure="leaks", leaks=[entry | {"control": control}])
        for control in ("start_stop", "modulating")
    )
    assert 0 < modulating.energy_kwh_per_year < base.energy_kwh_per_year


def test_leak_test_of_the_compressed_air_challenge():
    # 1.5 minutes loaded, 6 minutes unloaded: 20 %.
    assert leak_fraction(1.5, 6.0) == pytest.approx(0.2)


def test_stopping_unloaded_running():
    row = compressor()
    saving = only(row, measure="unloaded", unloaded=[{"tag": "C-1", "stopped_fraction": 0.8}])
    assert saving.energy_kwh_per_year == pytest.approx(0.8 * row.energy_kwh("unloaded"))
    assert saving.demand_kw == 0


def test_cooler_intake_by_hand():
    # 40 to 30 degC: 10 / 313.15 = 3.19 % less volume, so 3.19 % of the loaded hours become unloaded ones.
    row = compressor()
    entry = {"tag": "C-1", "intake_now_deg_c": 40, "intake_new_deg_c": 30, "control": "load_unload"}
    saving = only(row, measure="intake", intake=[entry])
    hours = 10 / 313.15 * 4 * 312
    assert saving.energy_kwh_per_year == pytest.approx(hours * row.state.input_kw * (1 - 0.345))


def test_air_measures_meet_and_are_not_added():
    entries = {
        "leaks": [{"tag": "C-1", "leak_fraction": 0.25, "repaired_fraction": 0.6, "control": "load_unload"}],
        "pressure": [{"tag": "C-1", "pressure_now_kpa": 750, "pressure_new_kpa": 650}],
        "unloaded": [{"tag": "C-1", "stopped_fraction": 0.7}],
    }
    row = compressor()
    found = run(row, **entries)
    applied = {s.measure: s for s in found.savings if s.decision == "apply"}
    assert set(applied) == {"leaks", "pressure", "unloaded", "replacement"}
    total = sum(s.energy_kwh_per_year for s in applied.values())
    assert total == pytest.approx(row.energy_kwh_per_year - found.machines[0].energy_kwh_per_year)
    # Leaks leave fewer loaded hours for the pressure and more unloaded ones to stop.
    assert applied["pressure"].energy_kwh_per_year < applied["pressure"].standalone_kwh_per_year
    assert applied["unloaded"].energy_kwh_per_year > applied["unloaded"].standalone_kwh_per_year


# Pumps, fans, drives


def test_the_crossing_of_the_curves_by_hand():
    # Shut-off head 1.2. Throttled to 70 %: head 1.2 - 0.2 x 0.49 = 1.102, over (2 - 0.7): 0.8477.
    assert throttled_power(0.7, 1.2) == pytest.approx(0.8477, abs=1e-4)
    # Half the head static: system head 0.5 + 0.5 x 0.49 = 0.745; speed sqrt((0.745 + 0.098) / 1.2) = 0.8382;
    # power 0.745 x 0.8382 / (2 - 0.7 / 0.8382) = 0.5361, and not 0.343.
    assert speed_for_flow(0.7, 0.5, 1.2) == pytest.approx(0.8382, abs=1e-4)
    assert speed_controlled_power(0.7, 0.5, 1.2) == pytest.approx(0.5361, abs=2e-4)
    assert throttled_power(1.0, 1.2) == speed_controlled_power(1.0, 0.3, 1.2) == pytest.approx(1)


@given(flow=st.floats(0, 1), shutoff=st.floats(1.01, 2.5))
def test_without_static_head_it_is_the_cube(flow, shutoff):
    assert speed_controlled_power(flow, 0.0, shutoff) == pytest.approx(flow**3, abs=1e-12)


@given(flow=st.floats(0.01, 1), static=st.floats(0, 1), shutoff=st.floats(1.01, 2.5))
def test_static_head_always_costs_and_throttling_costs_more(flow, static, shutoff):
    power = speed_controlled_power(flow, static, shutoff)
    assert flow**3 - 1e-12 <= power <= throttled_power(flow, shutoff) + 1e-9


DUTY = [[0.3, 1.0], [0.7, 0.7]]


def test_a_drive_saves_less_than_its_cube_and_carries_its_losses():
    pump = machine("P-1", load_type="centrifugal", process="pumping")
    entry = {"tag": "P-1", "duty": DUTY, "static_head_fraction": 0.2, "control_now": "throttle"}
    saving = only(pump, measure="drive", drive=[entry])
    mean_now = 0.3 + 0.7 * throttled_power(0.7, 1.2)
    shaft_after = (0.3 + 0.7 * speed_controlled_power(0.7, 0.2, 1.2)) / mean_now
    ideal = pump.energy_kwh_per_year * (1 - shaft_after)
    assert 0.6 * ideal < saving.energy_kwh_per_year < ideal
    assert {"measure_drive_harmonics", "measure_pump_curve_assumed"} <= {f.key for f in saving.findings}
    assert saving.capex_assumed
    # The line no longer feeds the motor's magnetising current.
    assert saving.reactive_kvarh_per_year == pytest.approx(pump.reactive_kvarh("running"))


def test_full_static_head_and_full_flow_leave_nothing_but_losses():
    pump = machine("P-1", load_type="centrifugal")
    entry = {"tag": "P-1", "duty": [[1.0, 1.0]], "static_head_fraction": 1.0, "control_now": "none"}
    assert only(pump, measure="drive", drive=[entry]).reason.key == "measure_saves_nothing"


@pytest.mark.parametrize("process", ["grinding", "crushing", "conveying"])
def test_mills_crushers_and_conveyors_get_no_drive(process):
    entry = {"tag": "M-1", "duty": DUTY, "static_head_fraction": 0.0, "control_now": "none"}
    saving = only(machine(process=process), measure="drive", drive=[entry])
    assert (saving.decision, saving.when) == ("keep", "never")
    assert saving.reason.key == "measure_drive_not_centrifugal"


def test_soft_starters_and_boards_save_nothing_of_their_own():
    found = run(machine(), soft_starter=[{"tag": "M-1"}], board=[{"name": "T1", "triggers": ["M-1"]}, {"name": "T2"}])
    reasons = {s.tag + s.measure: (s.energy_kwh_per_year, s.reason.key) for s in found.savings}
    assert reasons["M-1soft_starter"] == (0, "measure_soft_starter_saves_nothing")
    assert reasons["T1board"] == (0, "measure_board_triggers")
    assert reasons["T2board"] == (0, "measure_board_saves_nothing")


def test_pump_by_hand():
    # 100 m3/h, 30 m, 65 %: 1000 x 9.80665 x 100/3600 x 30 / 0.65 / 1000 = 12.57 kW.
    assert pump_shaft_kw(100, 30, 0.65) == pytest.approx(12.57, abs=0.01)
    pump = machine("P-1", load_type="centrifugal", process="pumping", rated_power_kw=15, load_factor=0.838)
    entry = {"tag": "P-1", "head_now_m": 30, "head_needed_m": 24, "efficiency_now": 0.62, "efficiency_new": 0.68}
    saving = only(pump, measure="pump", pump=[entry | {"flow_m3_per_h": 95}])
    # 24/30 x 0.62/0.68 = 0.7294: the shaft falls by 27.1 %, the input by a little less.
    share = saving.energy_kwh_per_year / pump.energy_kwh_per_year
    assert 0.26 < share < 0.2706
    assert "measure_pump_check" not in {f.key for f in saving.findings}
    wrong = only(pump, measure="pump", pump=[entry | {"flow_m3_per_h": 30}])
    assert "measure_pump_check" in {f.key for f in wrong.findings}


def test_a_fan_needs_less_in_thin_air_and_only_that_is_counted():
    # Standard density gives the catalogue's power; at 2,500 m and 25 degC the air has 0.873 kg/m3, 27 % less.
    assert fan_shaft_kw(10, 500, 0.65, 1.2) == pytest.approx(7.692, abs=1e-3)
    assert air_density_kg_m3(standard_pressure_pa(2500)) == pytest.approx(0.873, abs=2e-3)
    fan = machine("F-1", load_type="centrifugal", process="ventilation", rated_power_kw=7.5, load_factor=0.75)
    duty = {"tag": "F-1", "duty": [[0.5, 1.0], [0.5, 0.6]], "minimum_flow_fraction": 0.5}
    air = {"flow_m3_per_s": 7.3, "pressure_pa": 500, "fan_efficiency": 0.65}
    plain = only(fan, measure="ventilation", ventilation=[duty])
    low = only(fan, measure="ventilation", altitude_m=0.0, ventilation=[duty | air])
    high = only(fan, measure="ventilation", altitude_m=3500.0, ventilation=[duty | air])
    assert high.energy_kwh_per_year < low.energy_kwh_per_year <= plain.energy_kwh_per_year
    refused = only(fan, measure="ventilation", ventilation=[duty | {"minimum_flow_fraction": 0.7}])
    assert refused.reason.key == "measure_below_minimum_flow"


def test_one_fan_gets_one_drive():
    fan = machine("F-1", load_type="centrifugal", process="ventilation")
    found = run(
        fan,
        ventilation=[{"tag": "F-1", "duty": DUTY, "minimum_flow_fraction": 0.5}],
        drive=[{"tag": "F-1", "duty": DUTY, "static_head_fraction": 0.0, "control_now": "none"}],
    )
    drive = next(s for s in found.savings if s.measure == "drive")
    assert drive.reason.key == "measure_has_drive"


# Idle running, belts, size


def test_an_idle_stop_saves_idle_power_times_idle_hours():
    mill = machine(process="grinding")
    entry = {"tag": "M-1", "idle_hours_per_day": 1.0, "idle_input_kw": 9.0, "stopped_fraction": 0.8}
    saving = only(mill, measure="idle", idle=[entry])
    assert saving.energy_kwh_per_year == pytest.approx(9.0 * 1.0 * 0.8 * 312)
    too_much = only(mill, measure="idle", idle=[entry | {"idle_input_kw": 40.0}])
    assert too_much.reason.key == "measure_idle_over_energy"
    too_long = only(mill, measure="idle", idle=[entry | {"idle_hours_per_day": 9.0}])
    assert too_long.reason.key == "measure_idle_over_hours"


def test_belts_by_hand():
    # 27.75 kW (37.2 hp) at the shaft: V-belt loss 0.68759 e^-0.7365 + 3.7558 e^-8.003 + 3.9963 = 4.326 %, notched 5/7
    # of it: shaft power times (1 - 0.04326) / (1 - 0.03090) = 0.98725.
    row = machine(transmission="v_belt", process="grinding")
    saving = only(row, measure="belt", belt=[{"tag": "M-1", "new": "notched_belt"}])
    assert saving.energy_kwh_per_year / row.energy_kwh_per_year == pytest.approx(0.01275, abs=7e-4)
    assert saving.cause == "transmission"


@pytest.mark.parametrize(
    ("values", "new", "reason"),
    [
        ({"transmission": "direct"}, "notched_belt", "measure_no_belt"),
        ({"transmission": "v_belt", "process": "crushing"}, "synchronous_belt", "measure_belt_shocks"),
        ({"transmission": "synchronous_belt"}, "notched_belt", "measure_saves_nothing"),
    ],
)
def test_belts_refused(values, new, reason):
    saving = only(machine(**values), measure="belt", belt=[{"tag": "M-1", "new": new}])
    assert (saving.decision, saving.reason.key) == ("keep", reason)


def test_size_after_the_altitude():
    # 14 kW at the peak: 15 kW carry it at sea level (14 / 0.95 = 14.7), not at 3,000 m, where 15 kW give 12.9 kW.
    assert right_rating_kw(14.0, 0) == 15
    assert right_rating_kw(14.0, 3000) == 18.5
    row = machine(load_factor=0.3, process="grinding")
    saving = only(row, measure="right_size", right_size=[{"tag": "M-1", "peak_load_factor": 0.38}])
    assert saving.decision == "apply"
    assert "measure_starting_torque" in {f.key for f in saving.findings}
    checked = {"tag": "M-1", "peak_load_factor": 0.38, "starting_torque_checked": True}
    calm = only(row, measure="right_size", right_size=[checked])
    assert "measure_starting_torque" not in {f.key for f in calm.findings}
    full = only(row, measure="right_size", right_size=[{"tag": "M-1", "peak_load_factor": 0.95}])
    assert full.reason.key == "measure_size_right"


def test_a_resized_motor_is_not_replaced_again():
    row = machine(load_factor=0.3)
    found = run(row, right_size=[{"tag": "M-1", "peak_load_factor": 0.38}])
    reasons = {s.measure: s.reason.key for s in found.savings}
    assert reasons["replacement"] == "measure_class_reached"


# The plant


def test_capacitors_by_hand():
    # 100 kW from 0.80 to 0.95: 100 x (0.75 - 0.3287) = 42.1 kvar.
    assert kvar_for(100, 0.8, 0.95) == pytest.approx(42.13, abs=0.01)
    assert kvar_for(100, 0.97, 0.95) == 0
    # 10 MVA and 83 kvar resonate at sqrt(10000 / 83) = 10.98: the 11th; 200 kvar at 7.07: the 7th.
    assert resonance(10, 83).order == pytest.approx(10.98, abs=0.01)
    assert (resonance(10, 83).near, resonance(10, 200).near, resonance(10, 30).near) == (11, 7, None)


def test_a_bank_never_leads():
    need = np.array([0.0, 4.0, 12.0, 33.0, -5.0])
    assert bank_output(need, 30, 10).tolist() == [0, 0, 10, 30, 0]


def test_pv_lowers_the_power_factor_that_the_meter_sees():
    load, reactive, pv = np.full(24, 40.0), np.full(24, 30.0), np.r_[np.zeros(8), np.full(8, 50.0), np.zeros(8)]
    assert seen_power_factor(load, reactive) == pytest.approx(0.8)
    assert seen_power_factor(load - pv, reactive) == pytest.approx(640 / sqrt(640**2 + 720**2))
    assert seen_power_factor(-pv, reactive) is None


def series_context(choice, *machines, **values):
    active, reactive = np.r_[np.zeros(12), np.full(12, 80.0)], np.r_[np.zeros(12), np.full(12, 70.0)]
    series = PlantSeries(active_kw=active, reactive_kvar=reactive)
    chosen = MeasuresChoice.model_validate({"power_factor": choice})
    return MeasureContext(machines=machines, choice=chosen, series=series, **values)


@pytest.mark.parametrize(
    ("choice", "values", "reason"),
    [
        ({"bank_kvar": 30}, {}, "measure_bank_would_lead"),
        ({"bank_kvar": 40, "step_kvar": 10, "short_circuit_mva": 2.0}, {}, "measure_resonance"),
        ({"step_kvar": 10}, {"off_grid": True}, "measure_capacitor_genset"),
        ({"target": 0.7, "step_kvar": 10}, {}, "measure_power_factor_reached"),
    ],
)
def test_banks_refused(choice, values, reason):
    (outcome,) = MEASURES["power_factor"](series_context(choice, **values))
    assert (outcome.saving.decision, outcome.saving.reason.key) == ("keep", reason)
    assert worded(outcome.saving.reason)


def test_a_bank_is_sized_to_the_target_and_counts_its_kvarh():
    choice = {"target": 0.95, "step_kvar": 10, "short_circuit_mva": 2.0, "detuned": True, "capex_usd": 900}
    (outcome,) = MEASURES["power_factor"](series_context(choice))
    # 70 - 80 tan(acos 0.95) = 43.7: five steps.
    assert (outcome.saving.bank_kvar, outcome.saving.step_kvar) == (50, 10)
    assert outcome.saving.reactive_kvarh_per_year == pytest.approx(12 * 50)
    assert outcome.saving.energy_kwh_per_year == 0


@pytest.mark.parametrize(
    ("values", "no_load_kvar", "reason"),
    [
        ({"drive": "vfd"}, 20.0, "measure_capacitor_on_drive"),
        ({}, None, "measure_no_load_kvar_unknown"),
        ({}, 10.0, "measure_self_excitation"),
        ({}, 12.0, "measure_capacitor"),
    ],
)
def test_capacitors_at_motors(values, no_load_kvar, reason):
    at_motor = [{"tag": "M-1", "kvar": 10.0, "no_load_kvar": no_load_kvar}]
    (outcome,) = MEASURES["power_factor"](series_context({"at_motor": at_motor}, machine(**values)))
    assert outcome.saving.reason.key == reason


def test_an_idle_transformer_by_hand():
    # 0.5 kW x 8760 h = 4380 kWh; with 1 kW load loss at half load for 1,000 h another 250 kWh.
    assert transformer_loss_kwh(0.5, 1.0, 0, 75, 0) == pytest.approx(4380)
    assert transformer_loss_kwh(0.5, 1.0, 37.5, 75, 1000) == pytest.approx(4630)
    entry = {"name": "T1", "rated_kva": 75, "no_load_loss_kw": 0.5, "load_loss_kw": 1.0, "loaded_hours_per_year": 0}
    entries = [
        entry | {"load_kva": 0, "metered": True},
        entry | {"name": "T2", "load_kva": 0, "metered": False},
        entry | {"name": "T3", "load_kva": 10, "metered": True},
    ]
    one, two, three = run(names=["transformer"], transformer=entries).savings
    assert (one.energy_kwh_per_year, one.always_kw) == (pytest.approx(4380), pytest.approx(0.5))
    assert (two.reason.key, three.reason.key) == ("measure_transformer_not_metered", "measure_transformer_loaded")


def test_moving_a_machine_saves_no_energy():
    row = machine("M-1", 3.0)
    saving = only(row, measure="shift", shift=[{"tag": "M-1", "schedule": "09:00-12:00"}])
    assert saving.energy_kwh_per_year == 0
    assert saving.moved_kwh_per_year == pytest.approx(row.energy_kwh_per_year)


# What the site file says


def test_entries_that_do_not_fit_are_refused_all_at_once():
    with pytest.raises(InputError) as caught:
        run(
            machine("M-1", 3.0),
            leaks=[{"tag": "X-9", "leak_fraction": 0.2, "repaired_fraction": 0.5}],
            belt=[{"tag": "M-1", "new": "notched_belt"}] * 2,
            drive=[{"tag": "M-1", "duty": [[0.5, 1.0]], "static_head_fraction": 0, "control_now": "none"}],
            shift=[{"tag": "M-1", "schedule": "09:00-11:00"}],
        )
    problems = caught.value.problems
    assert {(p.key, p.field) for p in problems} == {
        ("measure_unknown_tag", "measures.leaks.1.tag"),
        ("measure_tag_twice", "measures.belt.1.tag"),
        ("measure_tag_twice", "measures.belt.2.tag"),
        ("measure_duty_shares", "measures.drive.1.duty"),
        ("load_schedule_contradicts", "measures.shift.1.schedule"),
    }
    assert all(problem_text(p, language) for p in problems for language in ("es", "en"))


def test_what_nobody_measured_is_listed_with_what_to_measure():
    plant = (
        compressor(),
        machine("P-1", load_type="centrifugal", process="pumping"),
        machine("F-1", load_type="centrifugal", process="ventilation"),
        machine("M-1", process="grinding", transmission="v_belt", load_factor=0.3),
        machine("L-1", equipment="lighting"),
    )
    gaps = run(*plant).gaps
    assert {g.measure for g in gaps} == {
        *("lighting", "leaks", "pressure", "intake", "unloaded", "pump", "idle", "ventilation", "drive", "belt"),
        "right_size",
    }
    assert all(g.when == "never" and g.energy_kwh_per_year == 0 and worded(g.reason) for g in gaps)


# What can never happen

ENTRIES = st.fixed_dictionaries(
    {
        "leak": st.floats(0, 1),
        "repaired": st.floats(0, 1),
        "stopped": st.floats(0, 1),
        "cut": st.floats(0.05, 1),
        "flow": st.floats(0, 1),
        "share": st.floats(0.05, 0.95),
        "static": st.floats(0, 1),
        "load": st.floats(0, 1.3),
        "hours": st.floats(0.5, 12),
        "quantity": st.integers(1, 4),
    }
)


def plant_of(v):
    machines = (
        compressor(load_factor=v["load"], hours_per_day=v["hours"], quantity=v["quantity"]),
        machine("P-1", v["hours"], load_type="centrifugal", load_factor=v["load"], quantity=v["quantity"]),
        machine("M-1", v["hours"], transmission="v_belt", process="grinding", load_factor=v["load"]),
    )
    duty = [[v["share"], 1.0], [1 - v["share"], v["flow"]]]
    choice = {
        "leaks": [
            {"tag": "C-1", "leak_fraction": v["leak"], "repaired_fraction": v["repaired"], "control": "load_unload"}
        ],
        "pressure": [{"tag": "C-1", "pressure_now_kpa": 700, "pressure_new_kpa": 700 * v["cut"]}],
        "unloaded": [{"tag": "C-1", "stopped_fraction": v["stopped"]}],
        "drive": [{"tag": "P-1", "duty": duty, "static_head_fraction": v["static"], "control_now": "throttle"}],
        "belt": [{"tag": "M-1", "new": "notched_belt"}],
        "right_size": [{"tag": "M-1", "peak_load_factor": max(0.1, v["load"])}],
    }
    return machines, choice


@settings(max_examples=60, deadline=None)
@given(values=ENTRIES)
def test_savings_add_up_and_none_is_negative_or_more_than_its_machine(values):
    machines, choice = plant_of(values)
    found = run(*machines, **choice)
    for before, after in zip(machines, found.machines, strict=True):
        mine = [s for s in found.savings if s.tag == before.motor.tag]
        total = sum(s.energy_kwh_per_year for s in mine)
        assert total == pytest.approx(before.energy_kwh_per_year - after.energy_kwh_per_year, rel=1e-9, abs=1e-6)
        assert total <= before.energy_kwh_per_year * (1 + 1e-12)
    for s in found.savings:
        assert 0 <= s.energy_low_kwh_per_year <= s.energy_kwh_per_year <= s.energy_high_kwh_per_year
        assert s.energy_kwh_per_year >= 0


@settings(max_examples=20, deadline=None)
@given(values=ENTRIES, order=st.permutations(range(3)))
def test_the_order_of_unrelated_machines_does_not_matter(values, order):
    machines, choice = plant_of(values)
    first = {(s.tag, s.measure): s for s in run(*machines, **choice).savings}
    second = {(s.tag, s.measure): s for s in run(*(machines[i] for i in order), **choice).savings}
    assert first == second


@settings(max_examples=20, deadline=None)
@given(values=ENTRIES, factor=st.integers(2, 5))
def test_savings_follow_the_quantity(values, factor):
    machines, choice = plant_of(values | {"quantity": 1})
    more, _ = plant_of(values | {"quantity": factor})
    one, many = (
        {(s.tag, s.measure): s.energy_kwh_per_year for s in run(*m, **choice).savings if s.tag in {"C-1", "P-1"}}
        for m in (machines, more)
    )
    assert many == {key: pytest.approx(energy * factor, abs=1e-6) for key, energy in one.items()}


@settings(max_examples=20, deadline=None)
@given(values=ENTRIES)
def test_a_measure_applied_twice_saves_nothing_more(values):
    machines, choice = plant_of(values)
    first = run(*machines, **choice)
    again = run(*first.machines, **choice)
    # What saved nothing beside the old motor, as a drive that loses what it saves, may do so beside the new one.
    taken = {(s.tag, s.measure) for s in first.savings if s.energy_kwh_per_year > 0}
    more = sum(s.energy_kwh_per_year for s in again.savings if (s.tag, s.measure) in taken)
    assert more == pytest.approx(0, abs=1e-6)


def test_every_reason_has_words():
    machines, choice = plant_of(
        dict(
            leak=0.2, repaired=0.5, stopped=0.5, cut=0.9, flow=0.6, share=0.5, static=0.2, load=0.7, hours=8, quantity=1
        )
    )
    found = run(*machines, **choice)
    assert all(worded(s.reason) for s in (*found.savings, *found.gaps))
    assert all(worded(f) for s in found.savings for f in s.findings)
