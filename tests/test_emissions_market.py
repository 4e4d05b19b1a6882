"""The market-based hierarchy, certificates criterion by criterion, hourly factors, plants without a grid."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from mine_energy.emissions import (
    Buyer,
    Certificate,
    EnergyContract,
    FactorKind,
    FactorKindError,
    HourlyFactor,
    MarketClaims,
    Scope2Result,
    certificate_cost,
    check_certificates,
    hourly_scope2,
    load_factor,
    no_purchases,
    scope2,
    typed_factor,
    vintage_window,
)
from mine_energy.errors import InputError
from mine_energy.messages import LANGUAGES, finding_text, problem_text

CO_2024 = load_factor(country="CO", kind="location_average", year=2024)  # 0.220 t/MWh, UPME 000085/2026
BUYER = Buyer(name="Minera Ejemplo", country="CO", year=2024, grid="SIN")


def certificate(**changes):
    good = Certificate(
        id="B-1",
        system="I-REC",
        country="CO",
        grid="SIN",
        energy_kwh=100_000.0,
        vintage_start=date(2024, 1, 1),
        vintage_end=date(2024, 12, 31),
        t_co2e_per_mwh=0.0,
        retired_on=date(2025, 1, 20),
        retired_for="Minera Ejemplo",
        exclusive=True,
        serial_from=1,
        serial_to=100,
        price_usd_per_mwh=1.2,
        fees_usd=150.0,
    )
    return replace(good, **changes)


def supplier(value=0.15, country="CO"):
    return typed_factor(value, "supplier", country=country, year=2024, source="rate sheet 2024")


def year(kwh=250_000.0, claims=None, **options):
    return scope2([kwh], CO_2024, country="CO", activity_year=2024, claims=claims, **options)


def texts(result):
    for finding in result.findings:
        for language in LANGUAGES:
            assert len(finding_text(finding, language)) > 20


# ---------------------------------------------------------------- hierarchy


def test_every_kilowatt_hour_has_one_instrument_in_the_order_of_the_hierarchy():
    # 250 MWh: 100 certificates at 0, 60 of a contract at 0.05, 90 at the supplier's 0.15:
    # 0 + 60 x 0.05 + 90 x 0.15 = 3.0 + 13.5 = 16.5 t; location 250 x 0.22 = 55.0 t.
    contract = EnergyContract(name="PPA", energy_kwh=60_000.0, factor=supplier(0.05), attributes_included=True)
    claims = MarketClaims(
        reporter="Minera Ejemplo", certificates=(certificate(),), contracts=(contract,), supplier=supplier(), grid="SIN"
    )
    result = year(claims=claims)
    assert [line.basis for line in result.market_lines] == ["certificate", "contract", "supplier"]
    assert [line.energy_kwh for line in result.market_lines] == [100_000.0, 60_000.0, 90_000.0]
    assert result.market_t_co2e == pytest.approx(16.5, abs=1e-9)
    assert result.location_t_co2e == pytest.approx(55.0, abs=1e-9)
    assert result.market_basis == "supplier"
    # The missing residual mix is disclosed whatever else there is.
    assert "emissions_no_residual_mix" in {finding.key for finding in result.findings}
    texts(result)


def test_a_contract_without_its_attributes_claims_nothing():
    contract = EnergyContract(name="PPA", energy_kwh=60_000.0, factor=supplier(0.0), attributes_included=False)
    result = year(claims=MarketClaims(reporter="x", contracts=(contract,)))
    assert result.market_t_co2e == result.location_t_co2e == pytest.approx(55.0)
    assert "emissions_contract_no_attributes" in {finding.key for finding in result.findings}


def test_own_certificates_sold_count_as_if_bought():
    # 250 MWh bought and 80 MWh of own PV used whose certificates went to somebody else: (250 + 80) x 0.22 = 72.6 t.
    result = year(claims=MarketClaims(reporter="x", own_sold_kwh=80_000.0))
    assert result.market_t_co2e == pytest.approx(72.6, abs=1e-9)
    assert result.location_t_co2e == pytest.approx(55.0, abs=1e-9)
    assert result.market_lines[-1].basis == "own_certificates_sold"


@pytest.mark.parametrize("kind", ["cm_wind_solar", "life_cycle", "location_average"])
def test_contracts_and_suppliers_take_no_other_kind(kind):
    wrong = typed_factor(0.1, kind, country="CO", year=2024, source="somewhere")
    with pytest.raises(FactorKindError):
        year(claims=MarketClaims(reporter="x", supplier=wrong))
    contract = EnergyContract(name="c", energy_kwh=1.0, factor=wrong, attributes_included=True)
    with pytest.raises(FactorKindError):
        year(claims=MarketClaims(reporter="x", contracts=(contract,)))


def test_a_foreign_suppliers_rate_is_refused():
    with pytest.raises(FactorKindError):
        year(claims=MarketClaims(reporter="x", supplier=supplier(country="PE")))


@given(st.floats(0, 1e6), st.floats(1, 1e6), st.floats(0, 1e6), st.floats(0, 1e6))
def test_lines_of_purchases_add_up_and_none_is_negative(imports, certified, contracted, sold):
    claims = MarketClaims(
        reporter="Minera Ejemplo",
        certificates=(certificate(energy_kwh=certified),),
        contracts=(EnergyContract(name="c", energy_kwh=contracted, factor=supplier(), attributes_included=True),),
        own_sold_kwh=sold,
    )
    result = year(imports, claims)
    bought = [line for line in result.market_lines if line.basis != "own_certificates_sold"]
    assert sum(line.energy_kwh for line in bought) == pytest.approx(imports, rel=1e-9, abs=1e-6)
    assert all(line.energy_kwh >= 0 and line.t_co2e >= 0 for line in result.market_lines)
    assert result.market_t_co2e <= (imports + sold) / 1000 * 0.22 + 1e-9
    assert result.location_t_co2e == pytest.approx(imports / 1000 * 0.22)


def test_the_result_with_instruments_survives_json():
    result = year(claims=MarketClaims(reporter="Minera Ejemplo", certificates=(certificate(),), supplier=supplier()))
    adapter = TypeAdapter(Scope2Result)
    assert adapter.validate_json(adapter.dump_json(result)) == result


# ---------------------------------------------------------------- certificates


def test_the_window_is_six_months_before_and_three_after():
    assert vintage_window(2024) == (date(2023, 7, 1), date(2025, 3, 31))


def test_a_certificate_that_shows_everything_passes_every_check():
    (checked,) = check_certificates([certificate()], 250_000.0, BUYER)
    assert checked.status == "pass"
    assert {check.criterion for check in checked.checks} == {
        *("rate", "vintage", "country", "market", "retirement", "exclusive", "volume", "cost")
    }
    assert checked.covered_kwh == 100_000.0
    # 100 MWh x 1.2 USD + 150 USD of fees.
    assert checked.cost.total_usd == pytest.approx(270.0)


@pytest.mark.parametrize(
    ("changes", "criterion", "status", "reason"),
    [
        ({"vintage_start": date(2023, 7, 1), "vintage_end": date(2023, 12, 31)}, "vintage", "warn", "vintage_near"),
        ({"vintage_start": date(2025, 1, 1), "vintage_end": date(2025, 3, 31)}, "vintage", "warn", "vintage_near"),
        ({"vintage_start": date(2023, 6, 30), "vintage_end": date(2023, 12, 31)}, "vintage", "fail", "vintage_far"),
        ({"vintage_start": date(2025, 1, 1), "vintage_end": date(2025, 4, 1)}, "vintage", "fail", "vintage_far"),
        ({"country": "PE", "grid": ""}, "country", "fail", "foreign"),
        ({"grid": "ZNI"}, "market", "fail", "other_market"),
        ({"retired_on": None}, "retirement", "fail", "not_retired"),
        ({"retired_for": " "}, "retirement", "fail", "no_beneficiary"),
        ({"retired_for": "Otra Minera"}, "retirement", "fail", "other_beneficiary"),
        ({"retired_on": date(2023, 12, 1)}, "retirement", "fail", "retired_early"),
        ({"exclusive": None}, "exclusive", "warn", "exclusive_unstated"),
        ({"exclusive": False}, "exclusive", "fail", "not_exclusive"),
        ({"t_co2e_per_mwh": None}, "rate", "fail", "no_rate"),
        ({"energy_kwh": 250_001.0}, "volume", "warn", "surplus"),
        ({"price_usd_per_mwh": None}, "cost", "warn", "no_price"),
        ({"fees_usd": None}, "cost", "warn", "no_fees"),
    ],
)
def test_each_criterion(changes, criterion, status, reason):
    (checked,) = check_certificates([certificate(**changes)], 250_000.0, BUYER)
    found = next(check for check in checked.checks if check.criterion == criterion)
    assert (found.status, found.reason) == (status, reason)
    assert checked.status == status
    assert checked.covered_kwh == (0.0 if status == "fail" else min(checked.certificate.energy_kwh, 250_000.0))
    result = year(claims=MarketClaims(reporter=BUYER.name, certificates=(certificate(**changes),), grid="SIN"))
    assert f"emissions_certificate_{reason}" in {finding.key for finding in result.findings}
    texts(result)


def test_the_name_of_the_beneficiary_is_compared_as_people_write_it():
    (checked,) = check_certificates([certificate(retired_for="  MINERA   ejemplo ")], 250_000.0, BUYER)
    assert checked.status == "pass"


def test_the_same_energy_twice_covers_once():
    twin = certificate(id="B-2", serial_from=100, serial_to=180)
    other = certificate(id="B-3", serial_from=101, serial_to=180, energy_kwh=80_000.0)
    first, second, third = check_certificates([certificate(), twin, other], 500_000.0, BUYER)
    assert (first.status, second.status, third.status) == ("pass", "fail", "pass")
    (_, again) = check_certificates([certificate(serial_from=None), certificate(serial_to=None)], 5e5, BUYER)
    assert again.status == "fail"


def test_a_batch_that_covered_nothing_does_not_stand_in_the_way():
    first, second = check_certificates([certificate(retired_on=None), certificate()], 250_000.0, BUYER)
    assert (first.status, second.status) == ("fail", "pass")


def test_certificates_together_never_cover_more_than_the_imports():
    second = certificate(id="B-2", serial_from=101, serial_to=200)
    one, two = check_certificates([certificate(), second], 130_000.0, BUYER)
    assert (one.covered_kwh, two.covered_kwh, two.surplus_kwh) == (100_000.0, 30_000.0, 70_000.0)
    assert two.status == "warn"


def test_the_price_nobody_gave_is_the_countrys_with_its_range():
    cost = certificate_cost(certificate(price_usd_per_mwh=None, fees_usd=None), "CO")
    # 100 MWh at 0.8, 1.2 and 2.0 USD/MWh.
    assert (cost.low_usd, cost.price_usd, cost.high_usd) == (
        pytest.approx(80),
        pytest.approx(120),
        pytest.approx(200),
    )
    assert cost.fees_usd is None
    assert cost.confidence == "B"
    assert certificate_cost(certificate(price_usd_per_mwh=None), "EC") is None


@pytest.mark.parametrize(
    "changes",
    [
        {"energy_kwh": 0.0},
        {"energy_kwh": -1.0},
        {"t_co2e_per_mwh": float("nan")},
        {"price_usd_per_mwh": -1.0},
        {"vintage_end": date(2023, 1, 1)},
        {"serial_to": 0},
    ],
)
def test_malformed_certificates_are_refused_all_at_once(changes):
    with pytest.raises(InputError) as caught:
        check_certificates([certificate(**changes), certificate(id="B-9", energy_kwh=-2.0)], 1.0, BUYER)
    assert len(caught.value.problems) == 2
    for problem in caught.value.problems:
        for language in LANGUAGES:
            assert problem_text(problem, language)


# ---------------------------------------------------------------- typed factors


@pytest.mark.parametrize(("value", "source"), [(220.0, "sheet"), (-0.1, "sheet"), (float("nan"), "sheet"), (0.2, " ")])
def test_a_typed_factor_needs_a_sensible_unit_and_a_source(value, source):
    with pytest.raises(InputError) as caught:
        typed_factor(value, "location_average", country="CO", year=2024, source=source)
    for language in LANGUAGES:
        assert problem_text(caught.value.problems[0], language)


def test_a_typed_factor_is_the_users():
    factor = typed_factor(0.172, "location_average", country="CO", year=2023, source="Resolution 001198, art. 1")
    result = scope2([1000.0], factor, country="CO", activity_year=2023)
    assert result.location_t_co2e == pytest.approx(0.172)
    assert result.location_factor.confidence == "user"


# ---------------------------------------------------------------- hourly


def series(values, **changes):
    given = {"kind": FactorKind.OPERATOR_PRELIMINARY, "country": "CO", "year": 2024, "source": "operator"} | changes
    return HourlyFactor(t_co2e_per_mwh=np.asarray(values), **given)


def test_the_factor_is_weighted_by_the_imports():
    # Two hours: 1 MWh at 0.10, 3 MWh at 0.20: 0.1 + 0.6 = 0.7 t, 0.175 t/MWh against a flat 0.15; ratio 7/6.
    result = scope2([1000.0, 3000.0], CO_2024, country="CO", activity_year=2024, hourly=series([0.1, 0.2]))
    hourly = result.hourly
    assert hourly.t_co2e == pytest.approx(0.7, abs=1e-12)
    assert hourly.weighted_t_per_mwh == pytest.approx(0.175, abs=1e-12)
    assert hourly.shape_ratio == pytest.approx(7 / 6, abs=1e-12)
    # The official level with the hourly shape: 4 x 0.22 x 7/6.
    assert hourly.shaped_location_t_co2e == pytest.approx(4 * 0.22 * 7 / 6, abs=1e-12)
    assert result.location_t_co2e == pytest.approx(0.88)


def test_quarter_hours_of_imports_meet_hourly_factors():
    quarters = [250.0] * 4 + [750.0] * 4
    assert hourly_scope2(quarters, series([0.1, 0.2]), CO_2024) == hourly_scope2(
        [1000.0, 3000.0], series([0.1, 0.2]), CO_2024
    )


@given(st.lists(st.floats(0, 1e4), min_size=1, max_size=40), st.floats(0.01, 1))
def test_a_flat_series_has_no_shape(imports, level):
    hourly = hourly_scope2(imports, series([level] * len(imports)), CO_2024)
    assert hourly.t_co2e == pytest.approx(sum(imports) / 1000 * level, rel=1e-9, abs=1e-12)
    if sum(imports) > 1e-6:
        assert hourly.shape_ratio == pytest.approx(1.0)


def test_no_imports_have_no_weighted_factor():
    hourly = hourly_scope2([0.0, 0.0], series([0.1, 0.3]), CO_2024)
    assert (hourly.t_co2e, hourly.weighted_t_per_mwh, hourly.shaped_location_t_co2e) == (0.0, None, None)


@pytest.mark.parametrize("values", [[], [0.1, 0.1, 0.1], [0.1, -0.1], [0.1, float("nan")]])
def test_a_series_that_does_not_fit_is_refused(values):
    with pytest.raises(InputError) as caught:
        hourly_scope2([1.0, 1.0], series(values), CO_2024)
    for language in LANGUAGES:
        assert problem_text(caught.value.problems[0], language)


@pytest.mark.parametrize("changes", [{"kind": FactorKind.OPERATING_MARGIN}, {"country": "PE"}])
def test_a_series_of_a_margin_or_of_another_country_is_refused(changes):
    with pytest.raises(FactorKindError):
        hourly_scope2([1.0, 1.0], series([0.1, 0.2], **changes), CO_2024)


# ---------------------------------------------------------------- without a grid


def test_a_plant_without_a_grid_is_asked_for_no_factor():
    result = no_purchases(np.zeros(8760), country="PE", activity_year=2025)
    assert (result.location_t_co2e, result.market_t_co2e) == (0.0, 0.0)
    assert result.location_factor is None
    assert [finding.key for finding in result.findings] == ["emissions_no_purchases"]
    texts(result)
    with pytest.raises(InputError) as caught:
        no_purchases([1.0], country="PE", activity_year=2025)
    for language in LANGUAGES:
        assert problem_text(caught.value.problems[0], language)
