"""The chain with everything in it multiplies up; faces, cell temperature, losses and models of others."""

from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pvlib import temperature
from pydantic import TypeAdapter, ValidationError

from mine_energy.messages import LANGUAGES, finding_text
from mine_energy.pv import (
    Array,
    Face,
    Soiling,
    Tracker,
    UnitYield,
    array_of,
    best_orientation,
    horizon_of,
    losses_of,
    resolve_array,
    unit_yield,
)
from mine_energy.pv.models import AcOutput, DcOutput
from mine_energy.pv.temperature import SAPM, heating_k_m2_per_w, thin_air
from mine_energy.site import ArrayChoice, Site
from mine_energy.vocabulary import choices
from mine_energy.weather import Weather, from_climatology

PLACE = (-16.32, -71.55, 2520.0)


@pytest.fixture(scope="module")
def south() -> Weather:
    return from_climatology(*PLACE)


def site_with(**array: object) -> Site:
    facts = {
        "name": "Planta",
        "country": "PE",
        "latitude": PLACE[0],
        "longitude": PLACE[1],
        "altitude_m": PLACE[2],
        "workdays_per_month": 26,
        "shifts": [{"start": "06:00", "end": "14:00"}],
    }
    return Site.model_validate(
        {
            "site": facts,
            "connection": {"kind": "grid", "tariff": "any"},
            "emissions": {"activity_year": 2024},
            "array": array,
        }
    )


@settings(max_examples=25, deadline=None)
@given(
    tilt=st.floats(0, 60),
    azimuth=st.floats(0, 359),
    sky=st.sampled_from(["hay_davies", "perez", "isotropic"]),
    rows=st.booleans(),
    rear=st.sampled_from([0.0, 0.8]),
    mountains=st.booleans(),
    dusty=st.booleans(),
    ratio=st.floats(0.8, 1.8),
    lost=st.floats(0, 0.3),
    faces=st.booleans(),
)
def test_the_product_of_the_factors_is_ac_over_ghi(
    south: Weather,
    tilt: float,
    azimuth: float,
    sky: str,
    rows: bool,
    rear: float,
    mountains: bool,
    dusty: bool,
    ratio: float,
    lost: float,
    faces: bool,
) -> None:
    two = (Face(tilt_deg=tilt, azimuth_deg=azimuth, share=0.3), Face(tilt_deg=10, azimuth_deg=90, share=0.7))
    array = Array(
        tilt_deg=tilt,
        azimuth_deg=azimuth,
        transposition=sky,
        row_shading=rows,
        bifaciality=rear,
        dc_ac_ratio=ratio,
        losses=losses_of({"wiring": lost, "ac_wiring": lost / 2, "soiling": lost}),
        horizon=horizon_of(np.array([0, 90, 180, 270]), np.array([5, 20, 2, 30])) if mountains else None,
        soiling=Soiling(monthly=(0.02, 0.1) * 6) if dusty else None,
        faces=two if faces else (),
    )
    made = unit_yield(site_with(), south, array)
    product = made.chain[0].value * float(np.prod([step.factor for step in made.chain[1:]]))
    assert made.chain[0].value == pytest.approx(south.irradiation_kwh_m2(), rel=1e-12)
    assert product == pytest.approx(float(made.kw_per_kwp.sum()), rel=1e-11)
    keys = [step.key for step in made.chain]
    assert len(set(keys)) == len(keys)
    assert set(keys) <= set(choices("pv_step"))
    assert ("rows" in keys, "rear" in keys, "horizon" in keys) == (rows, rear > 0, mountains)
    assert all(step.factor > 0 for step in made.chain)
    for language in LANGUAGES:
        assert all("{" not in finding_text(found, language, "PE") for found in made.findings)


def test_dust_by_month_replaces_the_flat_loss(south: Weather) -> None:
    clean = Array(tilt_deg=10, azimuth_deg=0, losses=losses_of({"soiling": 0.05}))
    flat = unit_yield(site_with(), south, clean)
    even = unit_yield(site_with(), south, replace(clean, soiling=Soiling(monthly=(0.05,) * 12)))
    # The same loss every month is the flat loss.
    assert even.specific_yield_kwh_per_kwp == pytest.approx(flat.specific_yield_kwh_per_kwp, rel=1e-12)
    june = Soiling(monthly=tuple(0.3 if month == 5 else 0.0 for month in range(12)))
    dirty = unit_yield(site_with(), south, replace(clean, soiling=june))
    free = unit_yield(site_with(), south, replace(clean, soiling=Soiling(monthly=(0.0,) * 12)))
    for one, other in zip(dirty.months, free.months, strict=True):
        ratio = one.specific_yield_kwh_per_kwp / other.specific_yield_kwh_per_kwp
        assert (0.68 < ratio < 0.75) if one.month == 6 else ratio == pytest.approx(1.0)


def test_two_equal_faces_are_one_array(south: Weather) -> None:
    one = Array(tilt_deg=12, azimuth_deg=30)
    faces = tuple(Face(tilt_deg=12, azimuth_deg=30, share=0.5) for _ in range(2))
    alone, both = (unit_yield(site_with(), south, a) for a in (one, replace(one, faces=faces)))
    assert both.specific_yield_kwh_per_kwp == pytest.approx(alone.specific_yield_kwh_per_kwp, rel=1e-12)
    assert alone.faces == ()
    assert [face.specific_yield_kwh_per_kwp for face in both.faces] == pytest.approx(
        [alone.specific_yield_kwh_per_kwp] * 2
    )


def test_east_and_west_add_up_to_the_plant_and_clip_less(south: Weather) -> None:
    faces = (
        Face(tilt_deg=20, azimuth_deg=90, share=0.6, name="E"),
        Face(tilt_deg=20, azimuth_deg=270, share=0.4, name="W"),
    )
    array = Array(tilt_deg=20, azimuth_deg=90, dc_ac_ratio=1.6, faces=faces)
    made = unit_yield(site_with(), south, array)
    total = sum(face.share * face.specific_yield_kwh_per_kwp for face in made.faces)
    assert total == pytest.approx(made.specific_yield_kwh_per_kwp, rel=1e-9)
    poa = sum(face.share * face.poa_kwh_m2 for face in made.faces)
    assert poa == pytest.approx(made.poa_kwh_m2, rel=1e-9)
    alone = [unit_yield(site_with(), south, replace(face_array)) for _, face_array in array.planes()]
    assert made.clipped_share < min(one.clipped_share for one in alone)


def test_faces_by_kwp_are_shares_and_the_largest_names_the_array() -> None:
    choice = ArrayChoice.model_validate(
        {"faces": [{"tilt_deg": 15, "azimuth_deg": 90, "kwp": 30}, {"tilt_deg": 5, "azimuth_deg": 270, "kwp": 90}]}
    )
    array = array_of(choice, -16)
    assert [face.share for face in array.faces] == pytest.approx([0.25, 0.75])
    assert (array.tilt_deg, array.azimuth_deg) == (5, 270)
    assert not array.row_shading


@pytest.mark.parametrize(
    ("faces", "kind"),
    [
        ([{"share": 0.5}, {"share": 0.4}], "faces_sum"),
        ([{"share": 0.5}, {"kwp": 40}], "faces_mixed"),
        ([{}, {}], "faces_mixed"),
        ([{"share": 0.5, "kwp": 3}, {"share": 0.5}], "faces_mixed"),
    ],
)
def test_faces_that_do_not_add_up_are_refused(faces: list[dict[str, float]], kind: str) -> None:
    rows = [{"tilt_deg": 10, "azimuth_deg": 0, **face} for face in faces]
    with pytest.raises(ValidationError) as error:
        ArrayChoice.model_validate({"faces": rows})
    assert error.value.errors()[0]["type"] == kind


@pytest.mark.parametrize("mounting", ["open_rack", "close_roof", "insulated_back"])
def test_cell_temperature_is_pvlibs(mounting: str) -> None:
    wind, poa, air = np.array([0.0, 1.0, 4.0]), 800.0, 20.0
    sandia = Array(tilt_deg=0, azimuth_deg=0, mounting=mounting)
    expected = temperature.sapm_cell(poa, air, wind, **SAPM[mounting])
    np.testing.assert_allclose(air + poa * heating_k_m2_per_w(wind, sandia), expected)
    if mounting == "open_rack":
        ours = air + poa * heating_k_m2_per_w(wind, replace(sandia, cell_model="faiman"))
        np.testing.assert_allclose(ours, temperature.faiman(poa, air, wind))


def test_thin_air_is_said_high_up_alone() -> None:
    assert thin_air(1200.0) == ()
    (found,) = thin_air(5000.0)
    assert found.params["air_percent"] == pytest.approx(53, abs=1)


def test_yearly_losses_stand_where_they_act() -> None:
    array = Array(tilt_deg=0, azimuth_deg=0)
    assert array.loss_factor == pytest.approx(array.dc_loss_factor * array.ac_loss_factor)
    assert array.ac_loss_factor == pytest.approx(0.97)


def test_models_of_others_take_the_places_of_pvwatts(south: Weather) -> None:
    @dataclass(frozen=True)
    class Half:
        def dc(self, effective_w_m2: np.ndarray, cell_c: np.ndarray) -> DcOutput:
            return DcOutput(power_w_per_wp=effective_w_m2 / 2000, voltage_v=700.0 - cell_c)

    @dataclass(frozen=True)
    class Lossless:
        def ac(self, dc: DcOutput) -> AcOutput:
            assert dc.voltage_v is not None
            return AcOutput(unlimited_w_per_wp=dc.power_w_per_wp, power_w_per_wp=dc.power_w_per_wp)

    array = Array(tilt_deg=10, azimuth_deg=0)
    made = unit_yield(site_with(), south, array, module_model=Half(), inverter_model=Lossless())
    steps = {step.key: step for step in made.chain}
    assert steps["module"].factor == pytest.approx(0.5, rel=1e-12)
    assert steps["inverter"].factor == pytest.approx(1.0)
    assert made.clipped_share == 0.0


def test_a_tracker_is_left_as_it_is_and_told(south: Weather) -> None:
    array, _ = resolve_array(site_with(tracker={"axis_azimuth_deg": 0.0}), south)
    assert array.tracker == Tracker()
    made = unit_yield(site_with(), south, array)
    assert made.specific_yield_kwh_per_kwp > 1900
    adapter = TypeAdapter(UnitYield)
    assert adapter.dump_json(adapter.validate_json(adapter.dump_json(made))) == adapter.dump_json(made)


def test_worst_month_wants_more_tilt_than_the_year(south: Weather) -> None:
    array = Array(tilt_deg=0, azimuth_deg=0)
    year, month = (best_orientation(site_with(), south, array, objective=o) for o in ("annual", "worst_month"))
    assert min(month.azimuth_deg, 360 - month.azimuth_deg) < 60
    worst = unit_yield(site_with(), south, replace(array, tilt_deg=month.tilt_deg, azimuth_deg=month.azimuth_deg))
    least = min(m.specific_yield_kwh_per_kwp for m in worst.months)
    assert least == pytest.approx(month.specific_yield_kwh_per_kwp, rel=1e-9)
    there = unit_yield(site_with(), south, replace(array, tilt_deg=year.tilt_deg, azimuth_deg=year.azimuth_deg))
    assert least >= min(m.specific_yield_kwh_per_kwp for m in there.months)


def test_a_morning_shift_wants_the_east(south: Weather) -> None:
    array = Array(tilt_deg=0, azimuth_deg=0)
    best = best_orientation(site_with(), south, array, objective="self_consumption")
    assert 20 < best.azimuth_deg < 160
    assert "pv_match_shifts" in {found.key for found in best.findings}
    load = from_climatology(*PLACE).frame["ghi"] * 0.0 + 1.0
    load[load.index.hour < 12] = 0.0
    afternoon = best_orientation(site_with(), south, array, objective="self_consumption", load_kw=load)
    assert 200 < afternoon.azimuth_deg < 340


def test_faces_do_not_turn() -> None:
    face = {"tilt_deg": 10, "azimuth_deg": 0, "share": 1.0}
    with pytest.raises(ValidationError) as error:
        ArrayChoice.model_validate({"faces": [face], "tracker": {}})
    assert error.value.errors()[0]["type"] == "faces_with_tracker"
