"""Modules, inverters, strings, areas and the connection: worked by hand, by pvlib, and by properties that must hold."""

from dataclasses import replace
from math import cos, radians, sin, sqrt, tan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pvlib import inverter as pvlib_inverter
from pvlib import pvsystem

from mine_energy import catalog
from mine_energy.errors import Infeasible, MissingData
from mine_energy.io.site_file import read_site
from mine_energy.pv import (
    Array,
    DcAcChoice,
    SharedInverter,
    StringModule,
    areas,
    best_dc_ac,
    choose_design,
    conditions_of,
    connection,
    design_strings,
    equipment,
    inverter_from_cec,
    module_from_cec,
)
from mine_energy.pv.area import free_pitch_m, sun_at
from mine_energy.pv.catalogue import find_inverter, find_module, packaged_catalogue
from mine_energy.pv.conditions import StringConditions, hot_cell_c
from mine_energy.pv.inverters import PointCurve, ac_w, altitude_limits, clearance_factor
from mine_energy.pv.models import DcOutput
from mine_energy.pv.module_fit import Plate, fit_diode
from mine_energy.pv.modules import open_circuit_v, operating_points
from mine_energy.pv.string_limits import ratings, string_limits
from mine_energy.pv.strings import same_voltage
from mine_energy.site.array import ArrayChoice
from mine_energy.weather import from_climatology

ROWS = packaged_catalogue()
MODULE = find_module("generic_550_perc", ROWS)
INVERTER = find_inverter("generic_60_480v", ROWS)
CEC_NAME = "LONGi_Green_Energy_Technology_Co___Ltd__LR6_72PH_375M"
CEC_INVERTER = "Fronius_International_GmbH__Fronius_Symo_24_0_3_480__480V_"


def conditions(low=5.0, hot=65.0, altitude=1286.0, limit=1500.0):
    return StringConditions(
        record_low_c=low,
        hot_cell_c=hot,
        altitude_m=altitude,
        system_limit_v=limit,
        voltage_rule="NTC 2050, 690-7 (NEC 690.7)",
        current_rule="NTC 2050, 690-8 (NEC 690.8)",
    )


def plate_of(module):
    return Plate(**{name: getattr(module, name) for name in Plate.__dataclass_fields__})


# Modules


def test_a_module_of_the_list_gives_its_plate_at_standard_conditions():
    module = module_from_cec(CEC_NAME)
    points = operating_points(module, np.array([1000.0]), np.array([25.0]))
    assert points.power_w[0] == pytest.approx(module.power_w, rel=1e-3)
    assert points.open_circuit_v[0] == pytest.approx(module.open_circuit_v, rel=1e-3)
    # The list's own parameters of this module give a current one per cent over its plate.
    assert points.short_circuit_a[0] == pytest.approx(module.short_circuit_a, rel=0.011)


def test_the_diode_is_pvlibs():
    row = pvsystem.retrieve_sam("CECMod")[CEC_NAME]
    light, cell = np.array([200.0, 850.0]), np.array([10.0, 58.0])
    names = ("alpha_sc", "a_ref", "I_L_ref", "I_o_ref", "R_sh_ref", "R_s", "Adjust")
    wanted = pvsystem.singlediode(*pvsystem.calcparams_cec(light, cell, *(float(row[name]) for name in names)))
    points = operating_points(module_from_cec(CEC_NAME), light, cell)
    np.testing.assert_allclose(points.power_w, wanted["p_mp"], rtol=1e-12)
    np.testing.assert_allclose(points.open_circuit_v, wanted["v_oc"], rtol=1e-12)


@pytest.mark.parametrize("row", [row for row in ROWS.module if not row.cec_name], ids=lambda row: row.key)
def test_a_fitted_module_meets_its_sheet(row):
    module = find_module(row.key, ROWS)
    cells = np.array([25.0, 0.0, 50.0])
    points = operating_points(module, np.full(3, 1000.0), cells)
    assert points.power_w[0] == pytest.approx(row.power_w, rel=0.005)
    assert points.open_circuit_v[0] == pytest.approx(row.open_circuit_v, rel=0.005)
    slope = (points.power_w[2] - points.power_w[1]) / 50.0 / points.power_w[0]
    assert slope == pytest.approx(row.power_temperature_per_k, rel=0.05)
    weak = operating_points(module, np.array([200.0]), np.array([25.0])).power_w[0] / (0.2 * row.power_w)
    assert 0.93 < weak < 1.0


def test_a_fit_from_the_sheet_agrees_with_the_lists_own_parameters():
    listed = module_from_cec(CEC_NAME)
    fitted = replace(listed, diode=fit_diode(plate_of(listed)))
    light, cell = np.array([200.0, 800.0, 1000.0]), np.array([25.0, 50.0, 65.0])
    ours, theirs = (operating_points(one, light, cell).power_w for one in (fitted, listed))
    np.testing.assert_allclose(ours, theirs, rtol=0.006)


def test_a_contradictory_sheet_has_no_diode():
    wrong = replace(plate_of(MODULE), maximum_power_v=MODULE.open_circuit_v * 1.01)
    with pytest.raises(Infeasible, match="pv_module_fit"):
        fit_diode(wrong)


def test_the_catalogue_copies_the_list_to_the_digit():
    listed = pvsystem.retrieve_sam("CECMod")
    for row in (row for row in ROWS.module if row.cec_name):
        source = listed[row.cec_name]
        assert row.open_circuit_v == float(source["V_oc_ref"])
        assert row.short_circuit_a == float(source["I_sc_ref"])
        assert row.power_w == pytest.approx(float(source["V_mp_ref"]) * float(source["I_mp_ref"]))
        assert (row.length_m, row.width_m) == (float(source["Length"]), float(source["Width"]))
    listed = pvsystem.retrieve_sam("CECInverter")
    for row in (row for row in ROWS.inverter if row.cec_name):
        assert row.rated_kw == float(listed[row.cec_name]["Paco"]) / 1000.0
        assert row.dc_max_v == float(listed[row.cec_name]["Vdcmax"])


def test_dark_modules_give_nothing_and_keep_the_shape():
    points = operating_points(MODULE, np.zeros((2, 3)), np.full((2, 3), 10.0))
    assert points.power_w.shape == (2, 3)
    assert not points.power_w.any()


def test_straight_module_is_pvwatts():
    straight = replace(MODULE, diode=None)
    light, cell = np.array([0.0, 400.0, 1000.0]), np.array([20.0, 40.0, 70.0])
    wanted = pvsystem.pvwatts_dc(light, cell, 1.0, MODULE.power_temperature_per_k)
    np.testing.assert_allclose(StringModule(module=straight).dc(light, cell).power_w_per_wp, wanted, rtol=2e-3)


def test_outside_the_window_a_string_gives_less_than_its_maximum():
    light, cell = np.array([1000.0, 0.0]), np.array([60.0, 10.0])
    free = StringModule(module=MODULE, modules_in_series=10).dc(light, cell)
    held = StringModule(module=MODULE, modules_in_series=10, mppt_low_v=float(free.voltage_v[0]) + 20.0).dc(light, cell)
    assert 0.8 * free.power_w_per_wp[0] < held.power_w_per_wp[0] < free.power_w_per_wp[0]
    assert held.voltage_v[0] == pytest.approx(free.voltage_v[0] + 20.0)
    assert held.power_w_per_wp[1] == held.voltage_v[1] == 0.0


def test_unknown_names_list_what_exists():
    with pytest.raises(MissingData) as caught:
        find_module("generic_551", ROWS)
    assert "generic_550_perc" in caught.value.params["available"]
    with pytest.raises(MissingData) as caught:
        module_from_cec("LONGi_LR6_72PH_375M")
    assert "LR6_72PH_375M" in caught.value.params["available"]
    with pytest.raises(MissingData):
        inverter_from_cec("nothing")


# Inverters


def test_sandia_is_pvlibs():
    row = pvsystem.retrieve_sam("CECInverter")[CEC_INVERTER]
    params = {key: float(row[key]) for key in ("Paco", "Pdco", "Vdco", "Pso", "C0", "C1", "C2", "C3", "Pnt")}
    power, voltage = np.array([100.0, 5000.0, 20000.0, 40000.0]), np.array([500.0, 600.0, 725.0, 790.0])
    wanted = pvlib_inverter.sandia(voltage, power, params)
    _, limited = ac_w(inverter_from_cec(CEC_INVERTER), power, voltage)
    np.testing.assert_allclose(limited, np.maximum(wanted, 0.0), rtol=1e-12)


def test_clipping_takes_what_is_over_the_rating_and_nothing_else():
    dc = DcOutput(power_w_per_wp=np.array([0.0, 0.3, 1.2]), voltage_v=None)
    out = SharedInverter(inverter=INVERTER, power_wp=72000.0).ac(dc)
    assert out.power_w_per_wp[2] == pytest.approx(60.0 / 72.0)
    assert out.unlimited_w_per_wp[2] == pytest.approx(1.2 * INVERTER.efficiency)
    assert out.power_w_per_wp[1] == out.unlimited_w_per_wp[1]
    assert out.power_w_per_wp[0] == 0.0


def test_measured_curves_are_met_at_their_points_and_between_voltages():
    low = PointCurve(voltage_v=600.0, dc_w=(300.0, 30000.0, 61000.0), ac_w=(0.0, 29000.0, 59000.0))
    high = PointCurve(voltage_v=800.0, dc_w=(300.0, 30000.0, 61000.0), ac_w=(0.0, 29400.0, 60000.0))
    measured = replace(INVERTER, points=(low, high))
    made, limited = ac_w(measured, np.full(3, 30000.0), np.array([500.0, 700.0, 800.0]))
    np.testing.assert_allclose(made, [29000.0, 29200.0, 29400.0])
    _, limited = ac_w(measured, np.array([90000.0]), np.array([800.0]))
    assert limited[0] == 60000.0


def test_altitude_takes_power_straight_above_the_rated_one():
    stated = replace(INVERTER, rated_altitude_m=3000.0, altitude_derating_per_km=0.1, altitude_max_m=4000.0)
    assert altitude_limits(stated, 2900.0).power_factor == 1.0
    high = altitude_limits(stated, 4870.0)
    assert high.power_factor == pytest.approx(1.0 - 0.187)
    assert not high.allowed
    keys = {finding.key for finding in high.findings}
    assert keys == {"pv_inverter_altitude", "pv_inverter_altitude_voltage", "pv_inverter_altitude_refused"}
    silent = replace(INVERTER, rated_altitude_m=None, altitude_derating_per_km=None, altitude_max_m=None)
    assert {f.key for f in altitude_limits(silent, 4870.0).findings} >= {"pv_inverter_altitude_assumed"}
    assert altitude_limits(silent, 1286.0).findings == ()


def test_clearances_are_the_tables():
    assert [clearance_factor(height) for height in (0, 2000, 3500, 5000)] == pytest.approx([1.0, 1.0, 1.215, 1.48])


# Strings


def test_the_longest_string_by_hand():
    # 550 W, 49.9 V, -0.275 %/K at -10 degC: 49.9 (1 + 0.00275 x 35) = 54.70 V; 1100 V / 54.70 V = 20.1; hot from 200 V.
    limits = string_limits(MODULE, INVERTER, conditions(low=-10.0))
    assert limits.cold_open_circuit_v == pytest.approx(54.703, abs=0.001)
    assert limits.modules_max == 20
    # 17.5 A and 21.9 A from 14.0 A; the next fuse on sale is 25 A.
    assert (limits.string_current_a, limits.conductor_current_a) == pytest.approx((17.5, 21.875))
    assert limits.fuse_a == 25.0


def test_the_rule_and_the_module_limit_as_well_as_the_inverter():
    assert string_limits(MODULE, INVERTER, conditions(limit=600.0)).dc_limit_v == 600.0
    assert string_limits(replace(MODULE, system_v=1000.0), INVERTER, conditions()).dc_limit_v == 1000.0
    assert string_limits(MODULE, INVERTER, conditions(altitude=4870.0)).dc_limit_v < INVERTER.dc_max_v


def test_a_design_is_whole_and_adds_up():
    design = design_strings(MODULE, INVERTER, conditions(), pv_kwp=400.0, dc_ac_ratio=1.2)
    assert design.modules == design.modules_in_series * design.strings
    assert design.pv_kwp == pytest.approx(design.modules * 0.55)
    assert 400.0 <= design.pv_kwp < 420.0
    assert sum(row.inverters for row in design.rows) == design.inverters
    assert sum(row.inverters * row.modules_each for row in design.rows) == design.modules
    assert sum(row.inverters * row.pv_kwp_each for row in design.rows) == pytest.approx(design.pv_kwp)
    assert abs(design.dc_ac_ratio / 1.2 - 1.0) < 0.15


def test_currents_limit_the_strings_of_an_inverter():
    # 30 A a tracker over about 13.4 A hot: two strings; six trackers.
    assert string_limits(MODULE, INVERTER, conditions()).strings_max == 12
    tight = replace(INVERTER, mppt_current_a=10.0)
    with pytest.raises(Infeasible, match="pv_string_current"):
        design_strings(MODULE, tight, conditions(), pv_kwp=50.0)


def test_a_decided_length_that_the_cold_forbids_is_refused():
    with pytest.raises(Infeasible, match="pv_string_too_long"):
        design_strings(MODULE, INVERTER, conditions(low=-10.0), pv_kwp=50.0, modules_in_series=21)
    short = design_strings(MODULE, INVERTER, conditions(), pv_kwp=50.0, modules_in_series=3)
    assert "pv_string_short" in {finding.key for finding in short.findings}


def test_no_length_fits_a_narrow_inverter():
    narrow = replace(INVERTER, mppt_low_v=580.0, mppt_high_v=590.0, dc_max_v=600.0)
    with pytest.raises(Infeasible, match="pv_no_string"):
        design_strings(MODULE, narrow, conditions(low=-10.0), pv_kwp=50.0)


def test_fuses_are_asked_for_from_three_strings_on_a_tracker():
    one_tracker = replace(INVERTER, mppt_count=1, mppt_current_a=None, mppt_short_circuit_a=None)
    assert design_strings(MODULE, one_tracker, conditions(), pv_kwp=70.0).fuse_a == 25.0
    assert design_strings(MODULE, INVERTER, conditions(), pv_kwp=70.0).fuse_a is None
    weak = replace(MODULE, fuse_a=20.0)
    found = {finding.key for finding in design_strings(weak, one_tracker, conditions(), pv_kwp=70.0).findings}
    assert "pv_fuse_over_module" in found


def test_an_unchecked_current_is_said():
    design = design_strings(MODULE, inverter_from_cec(CEC_INVERTER), conditions(), pv_kwp=30.0)
    keys = {finding.key for finding in design.findings}
    assert {"pv_inverter_currents_unknown", "pv_cec_inverter_limits"} <= keys


@settings(max_examples=60, deadline=None)
@given(
    low=st.floats(-35, 25),
    colder=st.floats(0, 25),
    kwp=st.floats(1, 1500),
    altitude=st.floats(0, 5300),
    ratio=st.floats(0.8, 1.6),
)
def test_more_cold_never_allows_more_modules_and_no_string_passes_its_limit(low, colder, kwp, altitude, ratio):
    # A site file states no record below -40 degC; below, the straight coefficient leaves the diode by over 1 %.
    lowest = max(low - colder, -40.0)
    warm, cold = (conditions(low=value, altitude=altitude) for value in (low, lowest))
    assert string_limits(MODULE, INVERTER, cold).modules_max <= string_limits(MODULE, INVERTER, warm).modules_max
    design = design_strings(MODULE, INVERTER, cold, pv_kwp=kwp, dc_ac_ratio=ratio)
    assert design.cold_open_circuit_v <= design.dc_limit_v * (1.0 + 1e-9)
    assert design.hot_maximum_power_v >= design.mppt_low_v * (1.0 - 1e-9)
    assert design.pv_kwp >= kwp * (1.0 - 1e-9)
    assert max(row.strings_each for row in design.rows) <= 12
    # No hour under 1000 W/m2 and above the record low has a higher voltage than the design's.
    hours = operating_points(MODULE, np.array([50.0, 400.0, 1000.0]), np.full(3, lowest))
    assert hours.open_circuit_v.max() * design.modules_in_series <= design.cold_open_circuit_v * 1.01


@settings(max_examples=30, deadline=None)
@given(kwp=st.floats(3, 800), voltage=st.sampled_from([220.0, 380.0, 440.0, 480.0]))
def test_the_chosen_inverter_has_the_networks_voltage(kwp, voltage):
    parts = equipment()
    design, chosen = choose_design(parts.module, parts.inverters, conditions(), pv_kwp=kwp, grid_voltage_v=voltage)
    assert same_voltage(chosen.ac_voltage_v, voltage)
    assert design.pv_kwp >= kwp


def test_voltages_that_go_together():
    assert same_voltage(480.0, 440.0)
    assert same_voltage(400.0, 380.0)
    assert not same_voltage(400.0, 440.0)
    assert not same_voltage(220.0, 440.0)


def test_ratings_ascend():
    for kind in ("fuse", "transformer"):
        assert list(ratings(kind)) == sorted(set(ratings(kind)))


# Conditions


@pytest.fixture(scope="module")
def site():
    return read_site(catalog.packaged("site_configs/los_conquistadores.toml"))


@pytest.fixture(scope="module")
def weather(site):
    return from_climatology(site.site.latitude, site.site.longitude, site.site.altitude_m)


def with_equipment(site, **stated):
    return site.model_copy(update={"equipment": site.equipment.model_copy(update=stated)})


def test_a_weathers_minimum_is_no_record(site, weather):
    made = conditions_of(site, weather)
    assert made.record_low_c == pytest.approx(float(weather.frame["temp_air"].min()) - 8.0)
    assert "pv_record_low_synthetic" in {finding.key for finding in made.findings}
    assert made.system_limit_v == 1500.0
    assert "NTC 2050" in made.voltage_rule


def test_a_stated_record_takes_precedence(site, weather):
    made = conditions_of(with_equipment(site, record_low_c=2.0, record_high_c=36.0), weather)
    assert made.record_low_c == 2.0
    assert made.hot_cell_c == pytest.approx(hot_cell_c(36.0, "open_rack"))
    assert made.findings == ()
    warm = conditions_of(with_equipment(site, record_low_c=25.0, record_high_c=36.0), weather)
    assert [finding.key for finding in warm.findings] == ["pv_record_low_above_weather"]


def test_hot_cells_by_hand():
    # King et al. 2004, open rack, 1 m/s: 1000 exp(-3.56 - 0.075) + 3 = 29.4 K; close to a roof, 49.4 K.
    assert hot_cell_c(35.0, "open_rack") == pytest.approx(64.38, abs=0.05)
    assert hot_cell_c(35.0, "close_roof") == pytest.approx(84.4, abs=0.1)


# Areas


def test_noon_of_the_solstices():
    assert sun_at(-15.0, 23.44, 0.0) == pytest.approx((90.0 - 38.44, 0.0), abs=1e-9)
    height, azimuth = sun_at(3.0, -23.44, 0.0)
    assert (height, azimuth) == pytest.approx((90.0 - 26.44, 180.0))
    morning, evening = sun_at(-15.0, 23.44, -3.0), sun_at(-15.0, 23.44, 3.0)
    assert morning[0] == pytest.approx(evening[0])
    assert 0.0 < morning[1] < 90.0
    assert evening[1] == pytest.approx(360.0 - morning[1])


def test_the_winter_noon_pitch_by_hand():
    # Arequipa, 20 degrees to the north: the sun of June stands 90 - 16.4 - 23.44 = 50.16 degrees high.
    slant, tilt = 2.278, radians(20.0)
    wanted = slant * (cos(tilt) + sin(tilt) / tan(radians(50.16)))
    assert free_pitch_m(slant, 20.0, 0.0, -16.4) == pytest.approx(wanted, rel=1e-6)


def test_near_the_equator_the_worse_solstice_counts():
    # At 3 degrees north, rows to the south meet December's sun, rows to the north June's, which stands higher.
    south, north = free_pitch_m(1.0, 15.0, 180.0, 3.0), free_pitch_m(1.0, 15.0, 0.0, 3.0)
    tilt = radians(15.0)
    assert south == pytest.approx(cos(tilt) + sin(tilt) / tan(radians(90.0 - 26.44)))
    assert north == pytest.approx(cos(tilt) + sin(tilt) / tan(radians(90.0 - 20.44)))


@given(st.floats(-18, 13), st.floats(1, 60), st.floats(0, 359), st.integers(0, 12), st.integers(1, 6))
def test_more_hours_free_of_shade_take_no_less_ground(latitude, tilt, azimuth, quarters, more):
    near, far = (free_pitch_m(2.0, tilt, azimuth, latitude, span / 4.0) for span in (quarters, quarters + more))
    assert near is not None
    assert near >= 2.0 * cos(radians(tilt)) - 1e-12
    # None: the sun has all but set.
    assert far is None or far >= near


def test_level_rows_shade_nothing():
    assert free_pitch_m(2.0, 0.0, 180.0, 3.0, 3.0) is None


def test_both_formulas_and_what_does_not_fit():
    design = design_strings(MODULE, INVERTER, conditions(), pv_kwp=400.0)
    array = Array(tilt_deg=10.0, azimuth_deg=180.0)
    choice = ArrayChoice(roof_area_m2=1000.0, ground_area_m2=10000.0, roof_limit_kg_per_m2=10.0, row_rule="shade_free")
    made = areas(design, MODULE, array, choice, 3.0)
    assert made.module_area_m2 == pytest.approx(design.modules * 2.278 * 1.134)
    assert made.module_area_by_efficiency_m2 == pytest.approx(made.module_area_m2)
    assert made.ground_area_by_cover_m2 == pytest.approx(2.0 * made.module_area_m2)
    assert made.ground_area_by_pitch_m2 == pytest.approx(made.module_area_m2 * made.pitch_used_m / 2.278)
    assert (made.fits_roof, made.fits_ground, made.roof_bears) == (False, True, False)
    assert {"pv_roof_too_small", "pv_roof_too_weak"} <= {finding.key for finding in made.findings}
    # 27.5 kg over 2.583 m2, and rails of 4 kg/m2.
    assert made.weight_kg_per_m2 == pytest.approx(27.5 / (2.278 * 1.134) + 4.0)
    unknown = areas(design, MODULE, array, ArrayChoice(), 3.0)
    assert (unknown.fits_roof, unknown.fits_ground, unknown.roof_bears) == (None, None, None)
    assert unknown.pitch_used_m == pytest.approx(2.278 / 0.5)


# DC/AC by cost


def test_the_ratio_of_least_cost_on_a_day_that_can_be_worked_by_hand():
    # Half of the hours at 1 kW/kWp, half at 0.5: over a ratio of 1 the first are cut, over 2 all are.
    hours = np.tile([1.0, 0.5], 12)
    cheap = best_dc_ac(hours, dc_usd_per_kwp=700.0, inverter_usd_per_kw=0.0)
    assert cheap.dc_ac_ratio <= 1.0
    assert cheap.clipped_share == 0.0
    dear = best_dc_ac(hours, dc_usd_per_kwp=100.0, inverter_usd_per_kw=5000.0)
    assert dear == DcAcChoice(
        dc_ac_ratio=2.0, clipped_share=pytest.approx(1 / 3), cost_usd_per_annual_kwh=dear.cost_usd_per_annual_kwh
    )
    with pytest.raises(Infeasible, match="no_sun"):
        best_dc_ac(np.zeros(5), dc_usd_per_kwp=1.0, inverter_usd_per_kw=1.0)


@given(st.floats(200, 2000), st.floats(10, 500), st.floats(1, 400))
def test_dearer_inverters_never_lower_the_ratio(dc_usd, inverter_usd, more):
    hours = np.sin(np.linspace(0, np.pi, 50)) * 0.9
    less, dearer = (
        best_dc_ac(hours, dc_usd_per_kwp=dc_usd, inverter_usd_per_kw=usd) for usd in (inverter_usd, inverter_usd + more)
    )
    assert dearer.dc_ac_ratio >= less.dc_ac_ratio


# Connection


def connected(site, voltage, **design):
    made = design_strings(MODULE, INVERTER, conditions(), pv_kwp=120.0)
    grid = site.connection.model_copy(update={"voltage_v": voltage})
    return connection(site.model_copy(update={"connection": grid}), replace(made, **design))


def test_the_connection_in_one_line(site):
    made = connected(site, 440.0)
    assert made.transformer == "none"
    assert made.inverter_current_a == pytest.approx(made.inverter_kw * 1000.0 / (sqrt(3.0) * 480.0))
    assert made.breaker_a == pytest.approx(1.25 * made.inverter_current_a)
    assert not made.construction_drawing
    keys = [protection.key for protection in made.protections]
    assert "network_relay_co" in keys
    assert "network_relay_pe" not in keys
    assert "string_fuse" not in keys


def test_transformers(site):
    lower = connected(site, 220.0)
    assert (lower.transformer, lower.transformer_kva) == ("needed", 150.0)
    assert connected(site, 13200.0).transformer == "plant"
    unknown = connected(site, None)
    assert unknown.transformer == "unknown"
    assert "pv_connection_voltage_unknown" in {finding.key for finding in unknown.findings}
    assert connected(site, 440.0, inverter_ac_voltage_v=None).inverter_current_a is None


def test_a_network_under_the_inverters_voltage_takes_power(site):
    lower, same = connected(site, 440.0), connected(site, 480.0)
    (said,) = [finding for finding in lower.findings if finding.key == "pv_inverter_voltage"]
    assert said.params["kw"] == round(lower.inverter_kw * 440.0 / 480.0)
    assert "pv_inverter_voltage" not in {finding.key for finding in same.findings}


def test_every_protection_has_its_words():
    from mine_energy.vocabulary import choices

    assert {row["key"] for row in catalog.table("pv/protections.csv")} == set(choices("pv_protection"))


def test_open_circuit_voltage_is_straight():
    assert open_circuit_v(MODULE, 25.0) == MODULE.open_circuit_v
