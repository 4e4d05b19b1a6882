"""What stands beside Scope 2: avoided emissions, category 3, the array's own carbon, diesel, change, years ahead."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mine_energy.catalog import Sourced
from mine_energy.emissions import (
    FactorKindError,
    avoided_exports,
    avoided_project,
    carbon_lines,
    category3,
    diesel_displaced,
    fuel_emissions,
    gas_split,
    genset_litres,
    intensities,
    lifetime_avoided,
    load_factor,
    loss_factor_of,
    loss_tonnes,
    margin_factor_of,
    no_purchases,
    pv_life_cycle,
    scope2,
    scope2_change,
    typed_factor,
    typed_loss,
    water_band,
    years_ahead,
)
from mine_energy.errors import InputError, MissingData
from mine_energy.messages import LANGUAGES, finding_text, problem_text, text


def location(country="CO", year=2024):
    return load_factor(country=country, kind="location_average", year=year)


def state(kwh, country="CO", year=2024, activity_year=None):
    return scope2([kwh], location(country, year), country=country, activity_year=activity_year or year)


def readable(findings):
    assert findings
    for finding in findings:
        for language in LANGUAGES:
            assert len(finding_text(finding, language)) > 20


# ---------------------------------------------------------------- the three lines


def test_the_three_lines_stand_apart():
    # 250 MWh bought before, 100 after; PV 150 used and 90 exported. Cut 150 x 0.22 = 33 t; exports 90 x 0.66 = 59.4 t;
    # project 240 x 0.66 = 158.4 t.
    margin = margin_factor_of("CO", 2024)
    lines = carbon_lines(
        state(250_000.0),
        state(100_000.0),
        exports=avoided_exports([90_000.0], margin, country="CO"),
        project=avoided_project([240_000.0], margin, country="CO"),
    )
    assert lines.scope2_cut_t == pytest.approx(33.0, abs=1e-9)
    assert lines.avoided_exports_t == pytest.approx(59.4, abs=1e-9)
    assert lines.avoided_project_t == pytest.approx(158.4, abs=1e-9)
    assert lines.claim == "own"
    assert not any(hasattr(lines, name) for name in ("total", "sum", "total_t"))
    readable(lines.findings)


def test_sold_certificates_take_the_claim_with_them():
    margin = margin_factor_of("CO", 2024)
    exports = avoided_exports([90_000.0], margin, country="CO", certificates_sold=True)
    project = avoided_project([240_000.0], margin, country="CO", certificates_sold=True)
    lines = carbon_lines(state(2.0), state(1.0), exports=exports, project=project)
    assert (exports.claim, project.claim, lines.claim) == ("transferred",) * 3
    assert "emissions_claim_transferred" in {finding.key for finding in lines.findings}
    readable(exports.findings)


def test_exports_beyond_the_project_or_of_another_claim_are_refused():
    margin = margin_factor_of("CO", 2024)
    exports = avoided_exports([90.0], margin, country="CO")
    for project in (
        avoided_project([89.0], margin, country="CO"),
        avoided_project([240.0], margin, country="CO", certificates_sold=True),
    ):
        with pytest.raises(InputError) as caught:
            carbon_lines(state(2.0), state(1.0), exports=exports, project=project)
        for language in LANGUAGES:
            assert problem_text(caught.value.problems[0], language)


def test_a_cut_between_two_factors_is_refused():
    with pytest.raises(InputError) as caught:
        carbon_lines(state(2.0, year=2022), state(1.0, year=2024))
    for language in LANGUAGES:
        assert problem_text(caught.value.problems[0], language)


def test_without_a_grid_there_is_only_the_cut():
    none = no_purchases([0.0], country="PE", activity_year=2024)
    lines = carbon_lines(none, none)
    assert (lines.scope2_cut_t, lines.avoided_exports_t, lines.avoided_project_t) == (0.0, None, None)
    assert lines.findings == ()


# ---------------------------------------------------------------- lifetime


def test_a_lifetime_shows_three_margins_and_not_the_last_dry_year():
    # Colombia's published margins for sun: 0.154 (2022), 0.334 (2021), 0.660 (2024); 100 MWh for 20 years.
    found = lifetime_avoided(100_000.0, 20, country="CO")
    assert (found.low_t_co2e, found.central_t_co2e, found.high_t_co2e) == (
        pytest.approx(308.0),
        pytest.approx(668.0),
        pytest.approx(1320.0),
    )
    assert "emissions_no_decline" in {finding.key for finding in found.findings}
    readable(found.findings)


@pytest.mark.reference
def test_the_decline_begins_in_the_first_year():
    # REopt's tests: 20 years at 1.174 % a year are worth 17.709 first years.
    found = lifetime_avoided(1000.0, 20, country="PE", decline=0.01174)
    assert found.central_t_co2e / 0.39 == pytest.approx(17.709, abs=5e-4)
    assert {finding.key for finding in found.findings} == {"emissions_one_margin"}
    assert found.low_t_co2e == found.central_t_co2e == found.high_t_co2e


@given(st.floats(0, 0.05), st.floats(0, 0.1), st.integers(1, 40))
def test_degradation_and_decline_only_take(degradation, decline, years):
    found = lifetime_avoided(1000.0, years, country="CO", degradation=degradation, decline=decline)
    assert found.energy_kwh <= 1000.0 * years * (1 + 1e-12)
    assert found.low_t_co2e <= found.central_t_co2e <= found.high_t_co2e <= 0.66 * years * (1 + 1e-12)


@pytest.mark.parametrize("changes", [{"years": 0}, {"degradation": 1.0}, {"decline": -0.1}])
def test_impossible_lives_are_refused(changes):
    with pytest.raises(InputError):
        lifetime_avoided(1.0, changes.pop("years", 10), country="CO", **changes)
    with pytest.raises(FactorKindError):
        lifetime_avoided(1.0, 10, country="CO", kind="location_average")


# ---------------------------------------------------------------- category 3 and the array's own carbon


def test_a_loss_fraction_of_output_is_more_per_delivered_kilowatt_hour():
    # L = 0.11: to deliver 100 MWh, 112.36 are generated; the 12.36 lost emit 12.36 x 0.22 = 2.7191 t.
    loss = typed_loss(0.11, country="CO", year=2024, source="utility's loss plan")
    assert loss_tonnes(100_000.0, location(), loss) == pytest.approx(100 * 0.22 * 0.11 / 0.89, abs=1e-9)


def test_perus_factor_is_per_consumed_megawatt_hour_and_flagged():
    loss = loss_factor_of("PE", 2025)
    assert (loss.year, loss.confidence) == (2024, "C")
    found = category3(100_000.0, location("PE"), loss=loss)
    assert found.lines[0].t_co2e == pytest.approx(100 * 0.001668375, abs=1e-12)
    assert "emissions_factor_third_party" in {finding.key for finding in found.findings}
    readable(found.findings)


def test_what_has_no_factor_is_not_calculated_and_never_zero():
    assert loss_factor_of("CO", 2025) is None
    assert loss_factor_of("CO", 2025, allow_assumed=True).value == 0.11
    found = category3(100_000.0, location(), fuel_litres=10.0)
    assert [line.t_co2e for line in found.lines] == [None, None, None]
    assert (found.calculated_t_co2e, found.complete) == (None, False)
    assert [finding.key for finding in found.findings] == [
        f"emissions_not_calculated_{key}" for key in ("td_losses", "upstream_electricity", "upstream_fuel")
    ]
    readable(found.findings)


def test_nothing_bought_and_nothing_burnt_is_a_zero_that_was_calculated():
    found = category3(0.0, None)
    assert (found.calculated_t_co2e, found.complete, found.findings) == (0.0, True, ())


def test_category_3_with_everything_typed_is_complete():
    loss = typed_loss(0.1, country="CO", year=2024, source="a")
    upstream = typed_factor(0.03, "life_cycle", country="CO", year=2024, source="b")
    wells = Sourced(value=0.6, unit="kg/L", source="c", year="2024", confidence="user")
    found = category3(
        100_000.0, location(), loss=loss, upstream=upstream, fuel_litres=1000.0, fuel_upstream_kg_per_l=wells
    )
    # 100 x 0.22 / 9 + 100 x 0.03 + 0.6
    assert found.calculated_t_co2e == pytest.approx(22 / 9 + 3.0 + 0.6, abs=1e-9)
    assert found.complete


def test_losses_take_no_average_and_no_foreign_factor():
    with pytest.raises(FactorKindError):
        loss_tonnes(1.0, location(), location())
    with pytest.raises(FactorKindError):
        loss_tonnes(1.0, location(), loss_factor_of("PE", 2024))
    for fraction in (1.0, -0.1):
        with pytest.raises(InputError):
            typed_loss(fraction, country="CO", year=2024, source="a")


def test_the_arrays_own_carbon_stands_beside_the_benefit():
    # 45 g/kWh against 0.112 t/MWh: two fifths of what the same kWh cuts.
    found = pv_life_cycle(100_000.0, 100 * 0.112)
    assert found.t_co2e == pytest.approx(4.5, abs=1e-12)
    assert (found.low_t_co2e, found.high_t_co2e) == (pytest.approx(4.1), pytest.approx(4.8))
    assert found.share_of_benefit == pytest.approx(0.401786, abs=1e-6)
    readable(found.findings)
    assert pv_life_cycle(100.0, 0.0).share_of_benefit is None
    with pytest.raises(MissingData) as caught:
        pv_life_cycle(1.0, 1.0, key="nuclear")
    for language in LANGUAGES:
        assert "hydro" in text(f"missing.{caught.value.key}", language, "", **caught.value.params)


# ---------------------------------------------------------------- fuel


def test_the_biodiesel_of_a_blend_is_biogenic_and_apart():
    # 1,000 L with 10 %: fossil CO2 0.9 x 2.6848 t; CH4 and N2O of all of it; biogenic 100 L x 2.49 kg = 0.249 t.
    found = fuel_emissions(1000.0, "diesel", "CO", biofuel_share=0.1)
    assert found.co2_t == pytest.approx(0.9 * 2.6848, abs=1e-9)
    assert found.biogenic_co2_t == pytest.approx(0.249, abs=1e-9)
    assert found.t_co2e == pytest.approx(0.9 * 2.6848 + (0.1087 * 28 + 0.0217 * 265) / 1000, abs=1e-6)
    neat = fuel_emissions(1000.0, "diesel", "CO")
    assert (neat.biofuel_share, neat.biogenic_co2_t) == (None, None)
    assert neat.t_co2e > found.t_co2e
    readable(found.findings)


def test_the_national_blend_is_a_visible_assumption():
    found = fuel_emissions(1000.0, "diesel", "PE", biofuel_share="national")
    assert found.biofuel_share == 0.05
    assert [finding.level for finding in found.findings] == ["assumption"]
    readable(found.findings)


def test_shares_of_other_fuels_and_out_of_range_are_refused():
    for options in ({"fuel": "gasoline", "share": 0.1}, {"fuel": "diesel", "share": 1.2}):
        with pytest.raises(InputError) as caught:
            fuel_emissions(1.0, options["fuel"], "CO", biofuel_share=options["share"])
        for language in LANGUAGES:
            assert problem_text(caught.value.problems[0], language)


def test_part_load_takes_part_of_the_gain_back():
    # A set of 100 kW, F0 0.033 and F1 0.273. Before: 10 h at 80 kW: 33 + 218.4 = 251.4 L for 800 kWh (0.31425 L/kWh).
    # After: 10 h at 30 kW: 33 + 81.9 = 114.9 L for 300 kWh (0.383 L/kWh). At the old rate 300 kWh burn 94.275 L.
    line = {"step_hours": 1.0, "rated_kw": 100.0, "intercept": 0.033, "slope": 0.273}
    before, after = genset_litres(np.full(10, 80.0), **line), genset_litres(np.full(10, 30.0), **line)
    assert (before, after) == (pytest.approx(251.4), pytest.approx(114.9))
    found = diesel_displaced(
        fuel_emissions(before, "diesel", "CO", biofuel_share=0.1),
        fuel_emissions(after, "diesel", "CO", biofuel_share=0.1),
        before_kwh=800.0,
        after_kwh=300.0,
    )
    assert found.litres_saved == pytest.approx(136.5)
    assert found.part_load_litres == pytest.approx(20.625)
    assert found.biogenic_cut_t_co2 == pytest.approx(136.5 * 0.1 * 2.49 / 1000)
    readable(found.findings)
    with pytest.raises(InputError):
        diesel_displaced(
            fuel_emissions(1.0, "diesel", "CO"), fuel_emissions(1.0, "diesel", "PE"), before_kwh=1.0, after_kwh=1.0
        )


def test_a_set_that_stands_still_burns_nothing():
    line = {"step_hours": 0.25, "rated_kw": 100.0, "intercept": 0.033, "slope": 0.273}
    assert genset_litres(np.zeros(96), **line) == 0.0


# ---------------------------------------------------------------- change and years ahead


def test_ten_per_cent_saved_and_seventy_seven_per_cent_more_tonnes():
    # Colombia 2022 (wet, 0.112) to 2024 (dry, 0.220), 250 to 225 MWh: 28.0 to 49.5 t. Activity 0.112 x -25 = -2.8;
    # factor 225 x 0.108 = 24.3; at the base factor 25.2.
    found = scope2_change(state(250_000.0, year=2022), state(225_000.0, year=2024))
    assert found.t_co2e / found.base_t_co2e == pytest.approx(1.767857, abs=1e-6)
    assert found.activity_effect_t_co2e == pytest.approx(-2.8, abs=1e-9)
    assert found.factor_effect_t_co2e == pytest.approx(24.3, abs=1e-9)
    assert found.constant_factor_t_co2e == pytest.approx(25.2, abs=1e-9)
    assert [finding.key for finding in found.findings] == ["emissions_change_is_the_grid"]
    readable(found.findings)


@given(st.floats(0, 1e7), st.floats(0, 1e7), st.sampled_from([2022, 2023, 2024]), st.sampled_from([2022, 2023, 2024]))
def test_the_two_effects_add_up_to_the_change(first, second, year, other):
    found = scope2_change(state(first, "PE", year), state(second, "PE", other))
    total = found.activity_effect_t_co2e + found.factor_effect_t_co2e
    assert total == pytest.approx(found.change_t_co2e, rel=1e-9, abs=1e-6)
    assert found.factor_moved == (year != other)


def test_a_change_needs_one_grid():
    with pytest.raises(InputError) as caught:
        scope2_change(state(1.0), state(1.0, "PE"))
    for language in LANGUAGES:
        assert problem_text(caught.value.problems[0], language)


def test_the_band_of_water_keeps_preliminary_values_apart():
    band = water_band("CO")
    assert (band.low.value, band.high.value) == (0.112, 0.22)
    assert [(point.year, point.value) for point in band.preliminary] == [(2025, 0.0963)]
    assert water_band("PE").preliminary == ()
    assert water_band("EC") is None


def test_years_ahead_fall_as_the_user_states():
    # 100 MWh, 0.22 in 2024 and 3 % a year: 2030 is six years on.
    found = years_ahead(100_000.0, (2030, 2050), location(), decline=0.03, decline_source="UPME plan, as read by me")
    first, last = found.years
    assert first.t_co2e == pytest.approx(22 * 0.97**6, abs=1e-9)
    assert (first.low_t_co2e, first.high_t_co2e) == (
        pytest.approx(11.2 * 0.97**6),
        pytest.approx(22 * 0.97**6),
    )
    assert last.t_co2e == pytest.approx(22 * 0.97**26, abs=1e-9)
    assert found.findings == ()


def test_without_a_stated_decline_the_factor_stays_and_says_so():
    found = years_ahead([50_000.0, 40_000.0], (2030, 2035), location())
    assert [year.t_co2e for year in found.years] == [pytest.approx(11.0), pytest.approx(8.8)]
    readable(found.findings)


@pytest.mark.parametrize(
    ("years", "changes"),
    [
        ((2030,), {"decline": 0.03}),
        ((2030,), {"decline": 1.0, "decline_source": "x"}),
        ((2020,), {}),
    ],
)
def test_declines_without_source_and_years_before_the_factor_are_refused(years, changes):
    with pytest.raises(InputError) as caught:
        years_ahead(1.0, years, location(), **changes)
    for language in LANGUAGES:
        assert problem_text(caught.value.problems[0], language)


def test_years_ahead_take_no_margin():
    with pytest.raises(FactorKindError):
        years_ahead(1.0, (2030,), margin_factor_of("CO", 2024))


# ---------------------------------------------------------------- gases, intensities


def test_gases_are_split_where_the_publisher_does():
    assert [gas for gas, _ in gas_split(location("PE"))] == ["CO2", "CH4", "N2O"]
    assert gas_split(location()) == ()
    assert gas_split(margin_factor_of("PE", 2024)) == ()


def test_intensities():
    # 120 MWh and 26.4 t over 6 kg of gold, 1,220 t of ore and 43 people.
    found = intensities(120_000.0, 26.4, gold_kg=6.0, ore_t=1220.0, workers=43)
    assert found.kwh_per_kg_au == pytest.approx(20_000)
    assert found.kwh_per_t_ore == pytest.approx(98.360656, abs=1e-6)
    assert found.t_co2e_per_kg_au == pytest.approx(4.4)
    assert found.kg_co2e_per_t_ore == pytest.approx(21.639344, abs=1e-6)
    assert found.t_co2e_per_worker == pytest.approx(0.613953, abs=1e-6)
    assert intensities(1.0, 1.0, gold_kg=0.0).kwh_per_kg_au is None
    with pytest.raises(InputError):
        intensities(-1.0, 1.0)
