"""The yield of the named module and inverter: by pvlib's own chain, at altitude, and in agreement with the sizes."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
from pvlib import iam, location, modelchain, pvsystem
from pvlib import inverter as pvlib_inverter
from pvlib.temperature import TEMPERATURE_MODEL_PARAMETERS

from mine_energy import catalog
from mine_energy.io.site_file import read_inputs
from mine_energy.messages import LANGUAGES, finding_text
from mine_energy.pv import (
    best_orientation,
    equipment,
    hourly_chain,
    resolve_array,
    unit_yield,
    yield_uncertainty,
)
from mine_energy.pv import module_fit as fitting
from mine_energy.pv.catalogue import find_inverter, find_module, packaged_catalogue
from mine_energy.pv.losses import left, losses_of
from mine_energy.site.array import FaceChoice
from mine_energy.study import run_audit, run_solar, run_study
from mine_energy.study.yield_models import yield_models
from mine_energy.weather import from_climatology

ROWS = packaged_catalogue()
MODULE, INVERTER = "cec_longi_lr6_72ph_375m", "cec_fronius_symo_24_480v"


@pytest.fixture(scope="module")
def pilot():
    return read_inputs(catalog.packaged("site_configs/los_conquistadores.toml"))


@pytest.fixture(scope="module")
def weather(pilot):
    facts = pilot.site.site
    return from_climatology(facts.latitude, facts.longitude, facts.altitude_m, site_key="buenos_aires_cauca")


def naming(inputs, module="", inverter="", array=None, altitude_m=None, **stated):
    """Return inputs with a module and an inverter of the packaged catalogue in their site file."""
    site = inputs.site
    choice = site.equipment.model_copy(update={"module": module, "inverter": inverter, **stated})
    update = {"equipment": choice, "array": site.array.model_copy(update=array or {})}
    if altitude_m is not None:
        update["site"] = site.site.model_copy(update={"altitude_m": altitude_m})
    parts = equipment(
        find_module(module, ROWS) if module else None, find_inverter(inverter, ROWS) if inverter else None
    )
    return replace(inputs, site=site.model_copy(update=update), equipment=parts)


@pytest.fixture(scope="module")
def named(pilot):
    return run_study(naming(pilot, MODULE, INVERTER), with_sizing=False)


def rows_of(module, inverter):
    """Return pvlib's own rows of a module and an inverter of the catalogue."""
    names = [
        next(row.cec_name for row in rows if row.key == key)
        for rows, key in zip((ROWS.module, ROWS.inverter), (module, inverter), strict=True)
    ]
    return pvsystem.retrieve_sam("CECMod")[names[0]], pvsystem.retrieve_sam("CECInverter")[names[1]]


def found(result, key):
    return [finding for finding in result.findings if finding.key == key]


# The yield of what is named


def test_every_hour_is_pvlibs_single_diode_in_strings_on_pvlibs_sandia_inverter(pilot, weather):
    inputs = replace(naming(pilot, MODULE, INVERTER), weather=weather)
    solar = run_solar(inputs)
    models = yield_models(inputs, weather, resolve_array(inputs.site, weather)[0])
    # The light and the cells are those of the chain with PVWatts' parts: neither knows the module.
    hours = hourly_chain(weather, weather.sun(), solar.unit.array)
    module, inverter = rows_of(MODULE, INVERTER)
    series, strings = models.unit.modules_in_series, models.unit.strings
    lit = hours.effective > 1.0
    names = ("alpha_sc", "a_ref", "I_L_ref", "I_o_ref", "R_sh_ref", "R_s", "Adjust")
    curve = pvsystem.calcparams_cec(hours.effective[lit], hours.cell_c[lit], *(float(module[name]) for name in names))
    point = pvsystem.singlediode(*curve)
    voltage, power = series * np.asarray(point["v_mp"]), series * strings * np.asarray(point["p_mp"])
    # Where the window holds the string, pvlib has to be asked at the window's end.
    held = np.clip(voltage, float(inverter["Mppt_low"]), float(inverter["Mppt_high"]))
    power = np.where(held == voltage, power, strings * held * np.asarray(pvsystem.i_from_v(held / series, *curve)))
    made = pvlib_inverter.sandia(held, np.maximum(power, 0.0) * left(solar.unit.array.flat_losses, "dc"), inverter)
    wanted = np.maximum(made, 0.0) * solar.unit.array.ac_loss_factor / (series * strings * models.module.module.power_w)
    np.testing.assert_allclose(solar.unit.kw_per_kwp.to_numpy()[lit], wanted, rtol=1e-9, atol=1e-6)
    assert models.unit.inverters == 1
    assert solar.unit.kw_per_kwp.to_numpy()[~lit].max() < 0.001


def test_the_year_is_that_of_pvlibs_model_chain(pilot, weather):
    clear = {"losses": dict.fromkeys((loss.name for loss in losses_of({})), 0.0)}
    angles = {"tilt_deg": 10.0, "azimuth_deg": 180.0, "row_shading": False}
    inputs = replace(naming(pilot, MODULE, INVERTER, array=angles | clear), weather=weather)
    solar = run_solar(inputs)
    unit = yield_models(inputs, weather, solar.unit.array).unit
    module, inverter = rows_of(MODULE, INVERTER)
    plane = pvsystem.Array(
        pvsystem.FixedMount(10.0, 180.0),
        albedo=solar.unit.array.albedo,
        module_parameters=module,
        temperature_model_parameters=TEMPERATURE_MODEL_PARAMETERS["sapm"]["open_rack_glass_polymer"],
        modules_per_string=unit.modules_in_series,
        strings=unit.strings,
    )
    place = location.Location(weather.latitude, weather.longitude, altitude=weather.altitude_m)
    chain = modelchain.ModelChain(
        pvsystem.PVSystem([plane], inverter_parameters=inverter), place, aoi_model="physical", spectral_model="no_loss"
    )
    frame = weather.frame.set_index(weather.index + timedelta(minutes=weather.sun_offset_minutes))
    sun = place.get_solarposition(frame.index)
    light = plane.get_irradiance(sun["apparent_zenith"], sun["azimuth"], frame["dni"], frame["ghi"], frame["dhi"])
    # pvlib's chain lets diffuse light pass the glass whole; its own integral of the same glass does not.
    # The light about the sun, which here passes the glass as the beam does, counts with the sky: 0.3 % of the year.
    diffuse = iam.marion_diffuse("physical", 10.0)
    passed = (
        light["poa_direct"] * iam.physical(plane.get_aoi(sun["apparent_zenith"], sun["azimuth"]))
        + light["poa_sky_diffuse"] * diffuse["sky"]
        + light["poa_ground_diffuse"] * diffuse["ground"]
    )
    given = frame.assign(effective_irradiance=passed, poa_global=light["poa_global"]).fillna(0.0)
    # pvlib solves the dark hours too.
    with np.errstate(invalid="ignore", divide="ignore"):
        chain.run_model_from_effective_irradiance(given)
    theirs = chain.results.ac.clip(lower=0.0) / (unit.pv_kwp * 1000.0)
    ours = solar.unit.kw_per_kwp
    assert float(ours.sum()) == pytest.approx(float(theirs.sum()), rel=0.004)
    assert np.abs(ours.to_numpy() - theirs.to_numpy()).max() < 0.02


@pytest.mark.parametrize(
    ("shares", "key", "each"),
    [
        ((0.4, 0.6), "pv_faces_strings", "1: {0}, 2: {1}"),
        ((0.999, 0.001), "pv_faces_no_string", "1: {0}, 2: {1}"),
    ],
)
def test_every_face_has_strings_of_its_own(pilot, shares, key, each):
    faces = tuple(FaceChoice(tilt_deg=15, azimuth_deg=az, share=s) for az, s in zip((90, 270), shares, strict=True))
    solar = run_solar(naming(pilot, array={"faces": faces}))
    (finding,) = found(solar, key)
    counts = [int(part.split(": ")[1]) for part in finding.params["each"].split(", ")]
    assert sum(counts) == solar.strings.strings
    assert finding.params["each"] == each.format(*counts)
    assert all(abs(n - share * solar.strings.strings) < 1 for n, share in zip(counts, shares, strict=True))


def test_what_gives_the_yield_is_said_in_both_languages(named):
    for key in ("pv_yield_module_cec", "pv_yield_inverter_sandia", "pv_assumptions_losses"):
        (finding,) = found(named, key)
        assert all("{" not in finding_text(finding, language) for language in LANGUAGES)
    (said,) = found(named, "pv_yield_inverter_sandia")
    assert said.params["strings"] * said.params["series"] * 0.375 == pytest.approx(said.params["kwp"], rel=0.01)
    assert not found(named, "pv_assumptions")
    assert not found(named, "pv_yield_inverter_default")


def test_sizes_areas_and_finding_rest_on_the_module_of_the_yield(named):
    module = find_module(MODULE, ROWS)
    array, design = named.solar.unit.array, named.design.after_measures
    assert array.module_efficiency == module.efficiency
    assert array.power_temperature_per_k == module.power_temperature_per_k
    assert design.module_area_m2 == pytest.approx(design.pv_kwp * 1000.0 / module.power_w * module.area_m2)
    assert design.pv_kwp * named.solar.unit.specific_yield_kwh_per_kwp == pytest.approx(named.load_after.energy_kwh)
    assert named.solar.strings.module == MODULE
    # The table's strings are as long as those of the yield.
    (said,) = found(named, "pv_yield_inverter_sandia")
    assert named.solar.strings.modules_in_series == said.params["series"]


def test_the_screen_and_the_study_show_the_same_yield(pilot, named):
    alone = run_solar(naming(pilot, MODULE, INVERTER))
    pd.testing.assert_series_equal(alone.unit.kw_per_kwp, named.solar.unit.kw_per_kwp)


def test_without_equipment_the_yield_is_pvwatts_and_says_so(pilot, weather):
    solar = run_solar(replace(pilot, weather=weather))
    array, _ = resolve_array(pilot.site, weather)
    pd.testing.assert_series_equal(solar.unit.kw_per_kwp, unit_yield(pilot.site, weather, array).kw_per_kwp)
    (said,) = found(solar, "pv_assumptions")
    assert all("PVWatts" in finding_text(said, language) for language in LANGUAGES)
    assert not [finding for finding in solar.findings if finding.key.startswith("pv_yield_")]


def test_a_part_that_is_not_named_stays_pvwatts(pilot, weather):
    inputs = replace(pilot, weather=weather)
    module_alone, inverter_alone = (run_solar(naming(inputs, *names)) for names in ((MODULE, ""), ("", INVERTER)))
    assert {f.key for f in module_alone.findings} >= {"pv_yield_module_cec", "pv_yield_inverter_default"}
    assert {f.key for f in inverter_alone.findings} >= {"pv_yield_module_default", "pv_yield_inverter_sandia"}
    assert module_alone.unit.array.dc_ac_ratio == inputs.site.array.dc_ac_ratio
    steps = [[step.key for step in solar.unit.chain] for solar in (module_alone, inverter_alone)]
    assert "module" in steps[0]
    assert "cell_temperature" in steps[1]


def test_a_module_that_fits_no_inverter_is_a_warning_and_not_a_yield_of_its_own(pilot, weather):
    # Forty in series are over any inverter's maximum.
    inputs = replace(naming(pilot, MODULE, INVERTER, modules_in_series=40), weather=weather)
    solar = run_solar(inputs)
    assert solar.strings is None
    (warning,) = found(solar, "pv_yield_no_strings")
    assert warning.level == "warning"
    assert found(solar, "pv_string_too_long")
    assert found(solar, "pv_yield_inverter_default")
    assert not found(solar, "pv_yield_inverter_sandia")


# Clipping and altitude


def test_thin_air_clips_at_what_it_leaves_of_the_rating(pilot, weather):
    high = replace(weather, altitude_m=4500.0)
    inputs = replace(naming(pilot, "generic_550_perc", "generic_60_480v", altitude_m=4500.0), weather=high)
    inputs = naming(inputs, "generic_550_perc", "generic_60_480v", array={"dc_ac_ratio": 1.6})
    solar = run_solar(inputs)
    models = yield_models(inputs, high, solar.unit.array)
    # 60 kW, full to 3,000 m and 10 % less for each km above: 51 kW.
    limit_kw = 60.0 * (1.0 - 0.10 * 1.5)
    most = float(solar.unit.kw_per_kwp.max()) / solar.unit.array.ac_loss_factor
    assert most * models.unit.pv_kwp == pytest.approx(limit_kw)
    assert solar.unit.array.dc_ac_ratio == pytest.approx(models.unit.pv_kwp / limit_kw)
    assert solar.unit.clipped_share > 0.005


def test_whole_inverters_that_clip_more_than_the_yield_are_told(pilot):
    # 30 % of the load takes about 35 kWp: one inverter of 60 kW, which clips nothing, where the yield has 1.9 kWp/kW.
    inputs = naming(pilot, "generic_550_perc", "generic_60_480v", array={"dc_ac_ratio": 1.9})
    coverage = inputs.site.coverage.model_copy(update={"ratio": 0.3})
    study = run_study(replace(inputs, site=inputs.site.model_copy(update={"coverage": coverage})), with_sizing=False)
    (told,) = found(study, "pv_yield_as_built")
    assert told.params["ratio"] < told.params["unit_ratio"]
    assert told.params["percent"] > 1.0


# Least cost


@pytest.mark.parametrize("names", [("", ""), ("generic_550_perc", "generic_60_480v")])
def test_the_ratio_of_least_cost_is_that_of_yield_sizes_and_strings(pilot, names):
    study = run_study(naming(pilot, *names, array={"dc_ac_ratio": 1.0}, dc_ac="by_cost"), with_sizing=False)
    (said,) = found(study, "pv_dc_ac_by_cost")
    array, design = study.solar.unit.array, study.design.after_measures
    # Whole strings of one inverter come as near as half a string.
    assert array.dc_ac_ratio == pytest.approx(said.params["ratio"], abs=0.1 if names[0] else 1e-12)
    assert said.params["given_ratio"] == 1.0
    assert array.dc_ac_ratio > 1.3
    assert design.inverter_kw == pytest.approx(design.pv_kwp / array.dc_ac_ratio)
    assert study.solar.strings.wanted_dc_ac_ratio == array.dc_ac_ratio
    assert 100.0 * study.solar.unit.clipped_share == pytest.approx(said.params["clipped_percent"], abs=0.3)
    # The yield is clipped at what the sizes pay for.
    most = float(study.solar.unit.kw_per_kwp.max()) / array.ac_loss_factor
    assert most == pytest.approx(1.0 / array.dc_ac_ratio)


def test_dearer_kilowatts_of_thin_air_raise_the_ratio(pilot, weather):
    low, high = (
        found(
            run_solar(
                replace(
                    naming(pilot, "generic_550_perc", "generic_60_480v", altitude_m=altitude, dc_ac="by_cost"),
                    weather=replace(weather, altitude_m=altitude),
                )
            ),
            "pv_dc_ac_by_cost",
        )[0]
        for altitude in (2900.0, 4900.0)
    )
    assert high.params["inverter_usd"] == pytest.approx(low.params["inverter_usd"] / 0.81, abs=1)
    assert high.params["ratio"] >= low.params["ratio"]


# Bands


def test_bands_stand_on_the_yield_of_the_equipment(named):
    unit, sure = named.solar.unit, named.solar.uncertainty
    assert sure.p50_kwh_per_kwp == unit.specific_yield_kwh_per_kwp
    one = sure.of_years(1)
    assert one.p50 > one.p90 > one.p99 > 0
    assert named.solar.performance.final_yield_hours == pytest.approx(unit.specific_yield_kwh_per_kwp)


def test_the_years_at_hand_are_computed_with_the_equipment(pilot):
    facts = pilot.site.site
    drawn = from_climatology(facts.latitude, facts.longitude, facts.altitude_m, years=6, seed=11)
    many = replace(drawn, kind="modelled")
    inputs = replace(naming(pilot, MODULE, INVERTER, array={"tilt_deg": 10.0, "azimuth_deg": 180.0}), weather=many)
    models = yield_models(inputs, many, resolve_array(inputs.site, many.representative_year())[0])
    solar = run_solar(inputs)
    power = unit_yield(inputs.site, many, models.array, models.module, models.inverter).kw_per_kwp
    wanted = 8760.0 * power.groupby(many.index.year).mean()
    assert solar.uncertainty.p50_kwh_per_kwp == pytest.approx(float(wanted.mean()), rel=1e-12)
    spread = next(part for part in solar.uncertainty.components if part.key == "interannual")
    assert spread.sd_low == pytest.approx(float(wanted.std() / wanted.mean()), rel=1e-9)
    # PVWatts' parts with the same figures give another mean.
    plain = yield_uncertainty(inputs.site, many, solar.unit)
    assert plain.p50_kwh_per_kwp != pytest.approx(solar.uncertainty.p50_kwh_per_kwp, rel=5e-4)


# The load that the array follows


def test_the_direction_follows_the_load_after_measures(pilot):
    site = pilot.site
    choice = site.array.model_copy(update={"objective": "self_consumption"})
    inputs = replace(pilot, site=site.model_copy(update={"array": choice}))
    study = run_study(inputs, with_sizing=False)
    (said,) = found(study, "pv_match_load")
    assert said.params["energy_kwh"] == round(study.load_after.energy_kwh)
    assert not found(study, "pv_match_shifts")
    alone = run_solar(inputs)
    assert (alone.unit.array.tilt_deg, alone.unit.array.azimuth_deg) == (
        study.solar.unit.array.tilt_deg,
        study.solar.unit.array.azimuth_deg,
    )


@pytest.mark.parametrize(("hours", "east"), [(range(6, 10), True), (range(14, 18), False)])
def test_a_load_of_the_morning_looks_to_the_sunrise(pilot, hours, east):
    site = pilot.site
    choice = site.array.model_copy(update={"objective": "self_consumption", "tilt_deg": 30.0})
    load = run_audit(pilot).load_before
    shape = np.isin(pd.DatetimeIndex(load.load_kw.index).hour, list(hours)) * 40.0 + 0.1
    only = replace(
        load, load_kw=pd.Series(shape, index=load.load_kw.index), reactive_kvar=None, origin="metered", label="m.csv"
    )
    inputs = replace(pilot, site=site.model_copy(update={"array": choice}), load=only, inventory=None)
    solar = run_solar(inputs)
    azimuth = solar.unit.array.azimuth_deg
    assert (45 <= azimuth <= 135) is east
    assert (225 <= azimuth <= 315) is not east
    assert found(solar, "pv_match_load")


def test_a_load_on_another_clock_is_read_on_the_weathers(pilot, weather):
    site = pilot.site
    local = pd.Series(np.where(weather.index.hour < 10, 40.0, 0.0), index=weather.index)
    array = resolve_array(site, weather)[0]
    here, there = (
        best_orientation(site, weather, array, objective="self_consumption", load_kw=load)
        for load in (local, local.tz_convert("UTC"))
    )
    assert (here.tilt_deg, here.azimuth_deg) == (there.tilt_deg, there.azimuth_deg)


# Sheets without a diode


def test_a_sheet_without_a_diode_is_searched_once(monkeypatch):
    module = find_module("generic_550_perc", ROWS)
    plate = fitting.Plate(
        **{name: getattr(module, name) for name in fitting.Plate.__dataclass_fields__}
        | {"maximum_power_v": 36.0, "maximum_power_a": 13.9}
    )
    asked = []
    search = fitting.least_squares
    monkeypatch.setattr(fitting, "least_squares", lambda *args, **more: asked.append(1) or search(*args, **more))
    for _ in range(2):
        with pytest.raises(fitting.Infeasible, match="pv_module_fit"):
            fitting.fit_diode(plate)
    first = len(asked)
    assert first > 0
    with pytest.raises(fitting.Infeasible):
        fitting.fit_diode(plate, "another name")
    assert len(asked) == first
