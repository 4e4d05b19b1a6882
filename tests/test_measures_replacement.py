"""Replacing motors: worked examples, guards, and what can never happen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mine_energy.measures import Machine, MeasureContext, assess
from mine_energy.measures.replacement import capex, with_motor
from mine_energy.messages import finding_text
from mine_energy.motors import Motor, motor_state
from mine_energy.site import MeasuresChoice
from mine_energy.site.measures import NewMotorEntry


def machine(hours=4000.0, unloaded=0.0, **values):
    base = {"tag": "M-1", "rated_power_kw": 37.0, "poles": 4, "load_factor": 0.75, "hours_per_day": 8.0}
    row = Motor(**base | values)
    return Machine(motor=row, state=motor_state(row), hours_per_year=hours, unloaded_hours_per_year=unloaded)


def replace(*machines, **values):
    return list(assess(MeasureContext(machines=machines, **values), ["replacement"]).savings)


def test_a_standard_50_hp_motor_by_hand():
    # 37 kW, 90.5 % plate to the IE3 minimum of 94.5 %, 75 % load, 4,000 h. Losses over rated output at this load are
    # (1/eff - 1)(0.36 + 0.64 x 0.75^2): 0.10497 x 0.72 = 0.075580 and 0.05820 x 0.72 = 0.041905, so
    # 37 kW x 0.033675 = 1.2460 kW and 4,984 kWh.
    (saving,) = replace(machine(efficiency=0.905))
    assert saving.demand_kw == pytest.approx(1.2460, abs=1e-4)
    assert saving.energy_kwh_per_year == pytest.approx(4984, abs=1)
    assert (saving.old_efficiency, saving.new_efficiency) == (0.905, 0.945)
    assert (saving.cause, saving.decision, saving.quantity) == ("motor_efficiency", "apply", 1)
    # 37 kW x 120 USD/kW x 1.225; both ends with their own price and installation.
    assert saving.capex_usd == pytest.approx(5439.0)
    assert (saving.capex_low_usd, saving.capex_high_usd) == (pytest.approx(3829.5), pytest.approx(7215.0))


@pytest.mark.parametrize(("kw", "percent"), [(2.2, 7.3), (7.5, 4.6), (15, 3.8), (37, 2.2), (75, 2.3)])
def test_ie1_to_ie3_at_full_load_saves_a_few_per_cent(kw, percent):
    row = machine(rated_power_kw=kw, ie_class="IE1", load_factor=1.0)
    (saving,) = replace(row)
    assert saving.energy_kwh_per_year / row.energy_kwh_per_year * 100 == pytest.approx(percent, abs=0.06)


def test_both_states_of_a_compressor_count():
    row = machine(
        hours=1248.0,
        unloaded=468.0,
        equipment="compressor",
        rated_power_kw=55.0,
        efficiency=0.92,
        load_factor=0.8,
        unloaded_hours_per_day=1.5,
        unloaded_input_fraction=0.345,
    )
    (saving,) = replace(row)
    assert saving.energy_kwh_per_year == pytest.approx(1248 * saving.demand_kw + 468 * saving.unloaded_demand_kw)
    assert 0 < saving.unloaded_demand_kw < saving.demand_kw


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"hours": 0.0}, "measure_does_not_run"),
        ({"quantity": 0}, "measure_does_not_run"),
        ({"hours": 100.0}, "measure_few_hours"),
        ({"construction": "submersible", "efficiency": 0.8}, "measure_special_motor"),
        ({"frequency_hz": 50, "ie_class": "IE1", "drive": "vfd"}, "measure_other_frequency"),
        ({"ie_class": "IE3"}, "measure_class_reached"),
        ({"ie_class": "IE4", "efficiency": 0.90}, "measure_class_reached"),
        ({"efficiency": 0.95}, "measure_already_better"),
        ({"rated_power_kw": 500.0, "efficiency": 0.9}, "measure_not_tabled"),
        ({"efficiency": 0.9, "input_kw": 0.2, "load_factor": None}, "measure_saves_nothing"),
    ],
)
def test_motors_that_stay_say_why(values, reason):
    (saving,) = replace(machine(**values), min_hours_per_year=500.0)
    assert (saving.decision, saving.reason.key) == ("keep", reason)
    assert saving.energy_kwh_per_year == saving.demand_kw == saving.capex_usd == 0
    assert finding_text(saving.reason, "es")
    assert finding_text(saving.reason, "en")


def test_loads_without_a_motor_are_not_mentioned():
    assert replace(machine(equipment="lighting"), machine(equipment="other_load")) == []


def test_an_unverified_new_class_says_so():
    (saving,) = replace(machine(efficiency=0.905), replacement_class="IE4")
    assert "measure_unverified_class" in {f.key for f in saving.findings}
    assert saving.new_efficiency == 0.954


def test_a_faster_fan_eats_its_saving_and_a_mill_does_not():
    fan = machine(efficiency=0.905, load_type="centrifugal")
    mill = machine(efficiency=0.905, load_type="constant_torque")
    # 1 % faster: the fan's shaft power grows by 3.03 %, 0.84 kW of 27.75, against a saving of 1.25 kW.
    same, fast_fan, fast_mill = (
        m.energy_kwh_per_year - with_motor(m, 0.945, 37.0, ratio).energy_kwh_per_year
        for m, ratio in ((fan, 1.0), (fan, 1.01), (mill, 1.01))
    )
    assert same == pytest.approx(4984, abs=1)
    assert (same - fast_fan) / 4000 == pytest.approx(27.75 * 0.0303 * 1.05, abs=0.01)
    assert (same - fast_mill) / 4000 == pytest.approx(27.75 * 0.01 * 1.05, abs=0.01)
    assert "measure_speed_unknown" in {f.key for f in replace(fan)[0].findings}
    assert "measure_speed_unknown" not in {f.key for f in replace(mill)[0].findings}


def test_a_measured_load_has_the_narrower_band():
    assumed = machine(efficiency=0.905, load_factor=None)
    read = {"input_kw": assumed.state.input_kw, "origin": "measured"}
    measured = machine(tag="M-2", efficiency=0.905, load_factor=None, **read)
    wide, narrow = replace(assumed, measured)
    assert wide.energy_kwh_per_year == pytest.approx(narrow.energy_kwh_per_year)
    assert wide.energy_low_kwh_per_year < narrow.energy_low_kwh_per_year < narrow.energy_kwh_per_year
    assert narrow.energy_kwh_per_year < narrow.energy_high_kwh_per_year < wide.energy_high_kwh_per_year


@given(
    power=st.floats(0.12, 1000),
    poles=st.sampled_from([2, 4, 6, 8]),
    load=st.floats(0, 1.3),
    efficiency=st.none() | st.floats(0.4, 0.99),
    hours=st.floats(0, 8760),
    target=st.sampled_from(["IE2", "IE3", "IE4"]),
    load_type=st.sampled_from(["centrifugal", "constant_torque", "constant_power"]),
)
def test_no_saving_is_negative_or_more_than_what_is_drawn(power, poles, load, efficiency, hours, target, load_type):
    row = machine(
        hours, rated_power_kw=power, poles=poles, load_factor=load, efficiency=efficiency, load_type=load_type
    )
    (saving,) = replace(row, replacement_class=target)
    assert 0 <= saving.energy_low_kwh_per_year <= saving.energy_kwh_per_year <= saving.energy_high_kwh_per_year
    assert saving.energy_kwh_per_year <= row.energy_kwh_per_year
    assert saving.demand_kw >= 0
    assert 0 <= saving.capex_low_usd <= saving.capex_usd <= saving.capex_high_usd


@given(hours=st.floats(1, 8000), factor=st.floats(1, 1.09), quantity=st.integers(1, 9))
def test_savings_follow_hours_and_quantity(hours, factor, quantity):
    one, longer, many = (
        replace(machine(h, efficiency=0.905, quantity=q))[0]
        for h, q in ((hours, 1), (hours * factor, 1), (hours, quantity))
    )
    assert longer.energy_kwh_per_year == pytest.approx(factor * one.energy_kwh_per_year)
    assert many.energy_kwh_per_year == pytest.approx(quantity * one.energy_kwh_per_year)
    assert many.capex_usd == pytest.approx(quantity * one.capex_usd)


@pytest.mark.parametrize(("kw", "usd_per_kw"), [(5.49, 185), (5.5, 120), (45, 90), (500, 90)])
def test_price_bands(kw, usd_per_kw):
    assert capex(kw).base_usd == pytest.approx(kw * usd_per_kw * 1.225)


def test_an_offer_brings_its_speed_price_and_efficiency():
    # 4 poles, 60 Hz: at 75 % load the old motor turns at 1800 - 40 x 0.75 = 1770, the new one at 1800 - 20 x 0.75 =
    # 1785 rpm: the fan takes (1785/1770)^3 = 1.0256 times the shaft power.
    fan = machine(efficiency=0.905, load_type="centrifugal", rated_speed_rpm=1760)
    offer = NewMotorEntry(tag="M-1", efficiency=0.95, rated_speed_rpm=1780, capex_usd=0.0)
    (saving,) = replace(fan, choice=MeasuresChoice(new_motor=(offer,)))
    slower = fan.energy_kwh_per_year - with_motor(fan, 0.95, 37.0).energy_kwh_per_year
    faster = fan.energy_kwh_per_year - with_motor(fan, 0.95, 37.0, 1785 / 1770).energy_kwh_per_year
    assert saving.energy_kwh_per_year == pytest.approx(faster)
    assert 0 < faster < slower
    # A price of zero is a price.
    assert (saving.capex_usd, saving.price_known, saving.capex_assumed) == (0.0, True, False)
    assert "measure_speed_unknown" not in {f.key for f in saving.findings}


def test_motors_that_run_seldom_wait_for_their_failure():
    (seldom,), (often,) = replace(machine(1499.0, efficiency=0.905)), replace(machine(1500.0, efficiency=0.905))
    assert (seldom.when, seldom.when_reason.key) == ("at_failure", "measure_at_failure_hours")
    assert (often.when, often.when_reason) == ("now", None)
