"""Factors by kind, Scope 2 by both methods, avoided emissions apart, fuel."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from mine_energy import catalog
from mine_energy.emissions import (
    AvoidedEmissions,
    Factor,
    FactorKind,
    FactorKindError,
    Scope2Result,
    avoided_exports,
    avoided_project,
    factor_band,
    footprint,
    fuel_emissions,
    latest_factor,
    load_factor,
    load_factors,
    margin_factor_of,
    residual_mix_of,
    scope2,
)
from mine_energy.errors import InputError, MineEnergyError, MissingData
from mine_energy.messages import LANGUAGES, finding_text, problem_text, text
from mine_energy.site import EmissionsChoice


def location(country="CO", year=2024):
    return load_factor(country=country, kind="location_average", year=year)


def margin(country="CO", year=2024):
    return load_factor(country=country, kind="cm_wind_solar", year=year)


# ---------------------------------------------------------------- factors


def test_the_kinds_of_the_table_are_the_enum():
    assert {row["kind"] for row in catalog.table("grid_factors/grid_factors.csv")} <= {
        kind.value for kind in FactorKind
    }


@pytest.mark.parametrize(
    ("country", "year", "value"),
    # UPME Resolutions 762/2023 and 000085/2026; MINAM's three gases with AR5.
    [("CO", 2022, 0.112), ("CO", 2024, 0.22), ("PE", 2022, 0.200522), ("PE", 2023, 0.213667), ("PE", 2024, 0.170809)],
)
def test_published_location_averages(country, year, value):
    factor = location(country, year)
    assert factor.value == pytest.approx(value, abs=5e-7)
    assert (factor.kind, factor.year, factor.confidence) == (FactorKind.LOCATION_AVERAGE, year, "B")
    assert factor.source
    assert factor.findings == ()


def test_peru_is_the_sum_of_its_gases_with_the_chosen_potentials():
    # 2024: CO2 0.170232636063711, CH4 9.5198e-6, N2O 1.17053e-6 t/MWh; AR4 25 and 298, AR6 27 and 273.
    carbon, methane, nitrous = 0.170232636063711, 9.5198e-6, 1.17053e-6
    for gwp_set, ch4, n2o in (("AR4", 25, 298), ("AR5", 28, 265), ("AR6", 27, 273)):
        factor = load_factor(country="PE", kind="location_average", year=2024, gwp_set=gwp_set)
        assert factor.value == pytest.approx(carbon + ch4 * methane + n2o * nitrous, rel=1e-12)
        assert factor.gwp_set == gwp_set


def test_an_aggregate_keeps_what_its_publisher_says_of_its_potentials():
    factor = load_factor(country="CO", kind="location_average", year=2024, gwp_set="AR6")
    assert (factor.value, factor.gwp_set) == (0.22, "not published")


def test_third_party_figures_carry_a_finding():
    factor = location("PE", 2018)
    assert factor.confidence == "C"
    (finding,) = factor.findings
    assert finding.level == "warning"
    for language in LANGUAGES:
        assert "2018" in finding_text(finding, language)


def test_figures_from_memory_are_returned_only_on_request():
    with pytest.raises(MissingData) as caught:
        location("CO", 2020)
    assert caught.value.key == "emissions_factor_assumed"
    factor = load_factor(country="CO", kind="location_average", year=2020, allow_assumed=True)
    assert factor.confidence == "D"
    assert factor.findings[0].level == "assumption"


@pytest.mark.parametrize(
    ("country", "kind", "year", "key"),
    [
        ("CO", "location_average", 2023, "emissions_factor_gap"),
        ("CO", "location_average", 2019 + 6, "emissions_factor_missing"),
        ("PE", "location_average", 2025, "emissions_factor_missing"),
        ("CO", "supplier", 2024, "emissions_factor_missing"),
        ("EC", "location_average", 2024, "emissions_factor_missing"),
        ("PE", "cm_wind_solar", 2024, "emissions_factor_missing"),
    ],
)
def test_what_does_not_exist_lists_what_does(country, kind, year, key):
    with pytest.raises(MissingData) as caught:
        load_factors(country=country, kind=kind, year=year)
    assert caught.value.key == key
    for language in LANGUAGES:
        assert text(f"missing.{key}", language, "", **caught.value.params)
    if (country, kind) == ("CO", "location_average"):
        assert "2022 (B), 2024 (B)" in str(caught.value.params["available"])


def test_the_kinds_of_the_year_are_listed():
    with pytest.raises(MissingData) as caught:
        load_factors(country="CO", kind="residual_mix", year=2024)
    assert "cm_wind_solar" in str(caught.value.params["kinds"])
    assert "location_average" in str(caught.value.params["kinds"])


def test_an_unknown_kind_is_a_programming_error():
    with pytest.raises(ValueError, match="marginal"):
        load_factors(country="CO", kind="marginal")


def test_all_years_come_in_order_and_without_figures_from_memory():
    factors = load_factors(country="CO", kind="location_average")
    assert [factor.year for factor in factors] == [2019, 2021, 2022, 2024]
    assert all(factor.value > 0 for factor in factors)


def test_the_latest_factor_is_an_explicit_older_year():
    assert latest_factor(country="CO", kind="location_average", not_after=2026).year == 2024
    assert latest_factor(country="CO", kind="location_average", not_after=2023).year == 2022
    with pytest.raises(MissingData):
        latest_factor(country="CO", kind="location_average", not_after=2000)


def test_the_band_is_the_published_years_alone():
    low, high = factor_band(country="CO", kind="location_average")
    assert (low.value, low.year, high.value, high.year) == (0.112, 2022, 0.22, 2024)
    low, high = factor_band(country="PE", kind="location_average")
    assert (low.year, high.year) == (2024, 2023)
    with pytest.raises(MissingData):
        factor_band(country="PE", kind="cm_unspecified")


# ---------------------------------------------------------------- scope 2


def test_both_methods_are_always_there_and_the_missing_residual_mix_is_disclosed():
    result = scope2(np.full(8760, 10.0), location(), country="CO", activity_year=2024)
    assert result.import_kwh == pytest.approx(87600)
    assert result.location_t_co2e == pytest.approx(87.6 * 0.22)
    assert result.market_t_co2e == result.location_t_co2e
    assert result.market_basis == "location_average"
    assert [finding.key for finding in result.findings] == ["emissions_no_residual_mix"]
    assert residual_mix_of("CO", 2024) is None


def test_a_wet_and_a_dry_year_stand_beside_the_figure():
    result = scope2([1000.0], location("CO", 2022), country="CO", activity_year=2025)
    assert (result.low_t_co2e, result.high_t_co2e) == (pytest.approx(0.112), pytest.approx(0.22))
    assert (result.activity_year, result.factor_year) == (2025, 2022)
    assert "emissions_factor_year" in {finding.key for finding in result.findings}
    for finding in result.findings:
        for language in LANGUAGES:
            assert len(finding_text(finding, language)) > 20


def test_a_residual_mix_is_used_where_a_country_has_one():
    # Chile's is packaged as the only one of the continent: 0.4328 in 2021.
    residual = residual_mix_of("CL", 2021)
    assert residual is not None
    grid = Factor(
        value=0.41994,
        unit="tCO2e/MWh",
        kind=FactorKind.LOCATION_AVERAGE,
        method="user",
        country="CL",
        grid="SEN",
        year=2021,
        gases="CO2e",
        gwp_set="not published",
        source="typed by the user",
        confidence="user",
    )
    result = scope2([2000.0], grid, country="CL", activity_year=2021, residual_mix=residual)
    assert (result.location_t_co2e, result.market_t_co2e) == (pytest.approx(0.83988), pytest.approx(0.8656))
    assert result.market_basis == "residual_mix"
    assert result.findings == ()
    assert result.low_t_co2e is None


def test_exports_do_not_change_scope_2():
    # A plant that gives back by day all it takes by night still has the night's imports.
    night = np.tile(np.r_[np.full(12, 10.0), np.zeros(12)], 365)
    result = scope2(night, location(), country="CO", activity_year=2024)
    assert result.location_t_co2e == pytest.approx(43.8 * 0.22)


@pytest.mark.parametrize("kind", [kind for kind in FactorKind if kind is not FactorKind.LOCATION_AVERAGE])
def test_scope_2_takes_no_other_kind(kind):
    factor = Factor(
        value=0.3,
        unit="tCO2e/MWh",
        kind=kind,
        method="",
        country="CO",
        grid="SIN",
        year=2024,
        gases="CO2e",
        gwp_set="AR5",
        source="",
        confidence="A",
    )
    with pytest.raises(FactorKindError) as caught:
        scope2([1.0], factor, country="CO", activity_year=2024)
    assert isinstance(caught.value, MineEnergyError)
    assert caught.value.problems[0].value == kind.value
    for language in LANGUAGES:
        assert "location_average" in problem_text(caught.value.problems[0], language)


def test_scope_2_takes_no_foreign_factor_and_no_average_as_residual():
    with pytest.raises(FactorKindError) as caught:
        scope2([1.0], location("PE"), country="CO", activity_year=2024)
    assert caught.value.problems[0].key == "emissions_factor_country"
    with pytest.raises(FactorKindError):
        scope2([1.0], location(), country="CO", activity_year=2024, residual_mix=location())


@pytest.mark.parametrize("imports", [[1.0, -0.1], [float("nan")], -5.0, [float("inf")]])
def test_net_or_missing_imports_are_refused(imports):
    with pytest.raises(InputError) as caught:
        scope2(imports, location(), country="CO", activity_year=2024)
    assert caught.value.problems[0].key == "emissions_energy"
    for language in LANGUAGES:
        assert problem_text(caught.value.problems[0], language)


def test_no_imports_are_no_emissions():
    assert scope2(np.zeros(8760), location(), country="CO", activity_year=2024).location_t_co2e == 0.0


imports = st.lists(st.floats(0, 1e4), min_size=1, max_size=50)


@given(imports, imports, st.floats(0, 100))
def test_scope_2_is_linear_in_imports(first, second, factor):
    def tonnes(values):
        return scope2(values, location(), country="CO", activity_year=2024).location_t_co2e

    assert tonnes(first + second) == pytest.approx(tonnes(first) + tonnes(second), rel=1e-12, abs=1e-12)
    assert tonnes([value * factor for value in first]) == pytest.approx(factor * tonnes(first), rel=1e-9, abs=1e-12)


def test_scope_2_survives_json():
    result = scope2([1000.0], location("PE"), country="PE", activity_year=2025)
    adapter = TypeAdapter(Scope2Result)
    assert adapter.validate_json(adapter.dump_json(result)) == result


# ---------------------------------------------------------------- avoided emissions


def test_exports_avoid_with_a_margin_of_their_own():
    result = avoided_exports(np.full(100, 10.0), margin(), country="CO")
    assert result.avoided_t_co2e == pytest.approx(0.66)
    # Lowest and highest margin of any year, for wet, average and dry: UPME 2022 and 2024.
    assert (result.low_avoided_t_co2e, result.high_avoided_t_co2e) == (pytest.approx(0.154), pytest.approx(0.66))
    assert result.basis == "exports"
    for finding in result.findings:
        for language in LANGUAGES:
            assert finding_text(finding, language)


def test_the_whole_project_is_another_basis():
    assert avoided_project([1000.0], margin("PE", 2021), country="PE").basis == "project"


def test_the_lenders_operating_margin_serves_avoided_emissions_only():
    factor = load_factor(country="PE", kind="operating_margin", year=2021)
    assert avoided_exports([1000.0], factor, country="PE").avoided_t_co2e == pytest.approx(0.473)
    with pytest.raises(FactorKindError):
        scope2([1000.0], factor, country="PE", activity_year=2021)


def test_a_third_party_margin_is_its_own_band():
    factor = load_factor(country="PE", kind="cm_unspecified", year=2016)
    result = avoided_exports([1000.0], factor, country="PE")
    assert result.low_avoided_t_co2e == result.high_avoided_t_co2e == result.avoided_t_co2e
    assert "emissions_factor_third_party" in {finding.key for finding in result.findings}


def test_an_average_avoids_nothing():
    with pytest.raises(FactorKindError):
        avoided_exports([1.0], location(), country="CO")
    with pytest.raises(FactorKindError):
        avoided_exports([1.0], margin("PE", 2021), country="CO")


def test_the_margin_of_a_year_without_one_is_the_last_before():
    assert (margin_factor_of("CO", 2025).year, margin_factor_of("PE", 2025).year) == (2024, 2021)


def test_scope_2_and_avoided_emissions_never_add():
    inventory = scope2([1000.0], location(), country="CO", activity_year=2024)
    avoided = avoided_exports([1000.0], margin(), country="CO")
    for operation in (lambda: inventory + avoided, lambda: avoided + inventory, lambda: inventory - avoided):
        with pytest.raises(TypeError):
            operation()
    with pytest.raises(TypeError):
        sum([inventory, avoided])
    tonnes = {name for name in Scope2Result.__dataclass_fields__ if name.endswith("t_co2e")}
    assert not tonnes & set(AvoidedEmissions.__dataclass_fields__)


# ---------------------------------------------------------------- footprint and fuel


def test_a_footprint_from_tonnes():
    result = footprint(9.0, EmissionsChoice(activity_year=2024, scope1_t_co2e=9.0, scope3_t_co2e=82.0))
    assert result is not None
    assert (result.total_t_co2e, result.scope2_share, result.scope3_share) == (100.0, 0.09, 0.82)
    nothing = footprint(0.0, EmissionsChoice(activity_year=2024, scope1_t_co2e=0.0, scope3_t_co2e=0.0))
    assert nothing is not None
    assert nothing.scope2_share is None


def test_a_footprint_from_published_shares_implies_its_total():
    result = footprint(45.0, EmissionsChoice(activity_year=2024, scope2_share=0.09, scope3_share=0.82))
    assert result is not None
    assert result.basis == "published_shares"
    assert result.total_t_co2e == pytest.approx(500.0)
    assert result.scope3_t_co2e == pytest.approx(410.0)


@pytest.mark.parametrize("known", [{}, {"scope1_t_co2e": 3.0}, {"scope3_share": 0.8}])
def test_no_footprint_from_half_the_facts(known):
    assert footprint(45.0, EmissionsChoice(activity_year=2024, **known)) is None


def test_diesel_by_the_litre():
    # Colombia 2.6936 kg CO2e per litre, Peru 10.0363 per US gallon, both AR5 (IPCC factors x national heating values).
    colombia = fuel_emissions(1000.0, "diesel", "CO")
    assert colombia.t_co2e == pytest.approx(2.6936, abs=1e-4)
    assert colombia.factor_kg_co2e_per_l == pytest.approx(2.6936, abs=1e-4)
    peru = fuel_emissions(3.785411784, "diesel", "PE")
    assert peru.t_co2e * 1000 == pytest.approx(10.0363, abs=1e-4)
    assert peru.co2_t * 1000 == pytest.approx(10.0035)
    assert colombia.gwp_set == "AR5"
    for finding in colombia.findings:
        for language in LANGUAGES:
            assert finding_text(finding, language)


@given(st.floats(0, 1e6))
def test_fuel_is_linear(litres):
    once, twice = fuel_emissions(litres, "diesel", "PE"), fuel_emissions(2 * litres, "diesel", "PE")
    assert twice.t_co2e == pytest.approx(2 * once.t_co2e)
    assert once.t_co2e >= once.co2_t


def test_unknown_fuels_and_negative_litres():
    with pytest.raises(MissingData) as caught:
        fuel_emissions(1.0, "peat", "CO")
    for language in LANGUAGES:
        assert "diesel CO stationary" in text(f"missing.{caught.value.key}", language, "", **caught.value.params)
    with pytest.raises(InputError):
        fuel_emissions(-1.0, "diesel", "CO")
