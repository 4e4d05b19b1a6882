"""Tariff files: what ships agrees with the published rows; what is wrong is refused with its place."""

import copy
from pathlib import Path

import pytest

from mine_energy import catalog
from mine_energy.errors import InputError, MissingData
from mine_energy.messages import LANGUAGES, problem_text, text
from mine_energy.site import Genset, Site
from mine_energy.tariffs import for_genset, load_tariff, packaged_tariffs, parse_tariff, tariff_of, with_surcharge
from mine_energy.tariffs.load import tariff_findings
from mine_energy.tariffs.model import hours_of
from mine_energy.vocabulary import choices


@pytest.mark.parametrize("name", packaged_tariffs())
def test_every_packaged_tariff_loads_and_says_where_its_prices_come_from(name):
    tariff = load_tariff(name)
    assert tariff.id == name
    assert tariff.source
    assert tariff.confidence
    assert tariff.title_es != tariff.title_en
    known = choices("bill_line")
    charges = (*tariff.energy, *tariff.fixed, *tariff.demand, *tariff.surcharge)
    assert all(charge.key in known or (charge.label_es and charge.label_en) for charge in charges)


def rows(country, option, year=""):
    return {
        row["component"]: float(row["value"])
        for row in catalog.table("tariffs/prices.csv")
        if row["country"] == country and row["option"] == option and row["year"].startswith(year)
    }


@pytest.mark.parametrize(("name", "option"), [("co_ceo_n1_2013", "regulated N1"), ("co_ceo_n2_2013", "regulated N2")])
def test_the_cauca_sheet_of_2013_adds_up_to_its_unit_cost(name, option):
    published = rows("CO", option)
    parts = load_tariff(name).components
    assert parts is not None
    assert (parts.g, parts.t, parts.d) == (published["Gm"], published["Tm"], published["Dn"])
    assert (parts.cv, parts.pr, parts.r) == (published["Cv"], published["PR"], published["Rm"])
    assert parts.cu_computed == published["CU"]
    # The components' sum reproduces the published CU to its fourth decimal.
    assert parts.g + parts.t + parts.d + parts.cv + parts.pr + parts.r == pytest.approx(published["CU"], abs=1e-9)


def test_the_tariff_option_of_cauca_with_contribution_is_the_published_one():
    tariff = load_tariff("co_ceo_n1_2013")
    option = rows("CO", "regulated N1, tariff option")["CU applied"]
    assert tariff.components is not None
    assert tariff.components.cu_applied == option
    (contribution,) = tariff.surcharge
    assert contribution.applied
    assert option * (1 + contribution.rate) == pytest.approx(489.9603, abs=2e-4)


def test_the_estimate_keeps_the_proportions_of_2013_and_says_that_it_is_one():
    estimate, sheet = load_tariff("co_ceo_n2_2025_estimate"), load_tariff("co_ceo_n2_2013")
    assert estimate.components is not None
    assert sheet.components is not None
    for part in ("g", "t", "d", "cv", "pr", "r"):
        share = getattr(estimate.components, part) / estimate.components.cu_computed
        assert share == pytest.approx(getattr(sheet.components, part) / sheet.components.cu_computed, abs=1e-6)
    assert estimate.confidence == "D"
    assert [finding.level for finding in tariff_findings(estimate) if finding.key == "tariff_estimate"] == [
        "assumption"
    ]


@pytest.mark.parametrize("option", ["MT2", "MT3", "MT4"])
def test_peruvian_prices_are_the_rows_read_from_osinergmin(option):
    published = rows("PE", option, "2023-2025")
    tariff = load_tariff(f"pe_{option.lower()}")
    centimos = {round(charge.price * 100, 9) for charge in tariff.energy}
    assert tariff.reactive is not None
    centimos.add(round(tariff.reactive.price * 100, 9))
    soles = {charge.price for charge in (*tariff.fixed, *tariff.demand)}
    assert centimos | soles == set(published.values())
    assert tariff.confidence == "A"
    assert tariff.valid_from == "unknown"


@pytest.mark.parametrize(
    ("ranges", "hours"),
    [
        (("18-23",), {18, 19, 20, 21, 22}),
        (("23-18",), set(range(24)) - {18, 19, 20, 21, 22}),
        (("0-24",), set(range(24))),
        (("0-6", "22-24"), {0, 1, 2, 3, 4, 5, 22, 23}),
        (("5-5",), set(range(24))),
    ],
)
def test_hour_ranges(ranges, hours):
    assert hours_of(ranges) == hours


def test_an_unknown_name_lists_what_exists():
    with pytest.raises(MissingData) as caught:
        load_tariff("pe_mt9")
    assert caught.value.key == "tariff_unknown"
    assert "pe_mt3" in str(caught.value.params["available"])
    for language in LANGUAGES:
        assert "pe_mt9" in text(f"missing.{caught.value.key}", language, "", **caught.value.params)


def base():
    return copy.deepcopy(dict(catalog.toml("tariffs/pe_mt3.toml")))


def colombian():
    return copy.deepcopy(dict(catalog.toml("tariffs/co_ceo_n2_2013.toml")))


def wrong_hours(data):
    data["energy"][0]["hours"] = ["18-22"]


def overlapping_hours(data):
    data["energy"][0]["hours"] = ["17-23"]


def wrong_unit(data):
    data["demand"][0]["unit"] = "USD/kW-month"


def repeated_month(data):
    data["components_month"] = [data["components"] | {"months": months} for months in ([1, 2], [2])]


CASES = [
    (base, lambda data: data.update(colour="red"), "tariff_unknown_key", "colour"),
    (base, lambda data: data.pop("currency"), "tariff_missing_key", "currency"),
    (base, lambda data: data.update(kind="water"), "tariff_not_allowed", "kind"),
    (base, lambda data: data.update(valid_from="yesterday"), "tariff_valid_from", "valid_from"),
    (base, lambda data: data["fixed"][0].update(price=-1), "tariff_value", "fixed.1.price"),
    (base, lambda data: data["fixed"][0].update(price="cheap"), "tariff_value", "fixed.1.price"),
    (base, wrong_hours, "tariff_hours", ""),
    (base, overlapping_hours, "tariff_hours", ""),
    (base, wrong_unit, "tariff_unit", ""),
    (base, lambda data: data["demand"][1].update(key="fixed_charge"), "tariff_duplicate_key", ""),
    (base, lambda data: data["demand"][1].update(excess_over="nothing"), "tariff_excess_over", ""),
    (base, lambda data: data.pop("presence"), "tariff_presence", ""),
    (base, lambda data: data.pop("energy"), "tariff_one_supply", ""),
    (base, lambda data: data["exports"].update(rule="agpe"), "tariff_agpe_components", ""),
    (base, lambda data: data["energy"][0].update(hours=["18 to 23"]), "tariff_value", "energy.1.hours.1"),
    (base, lambda data: data["demand"][0].update(months=[]), "tariff_value", "demand.1"),
    (colombian, lambda data: data["components"].update(g=150.0), "tariff_components_sum", "components"),
    (colombian, lambda data: data["components"].update(unit="USD/kWh"), "tariff_unit", ""),
    (colombian, lambda data: data["components"].update(d=80.0, g=144.9637), "tariff_reactive_distribution", ""),
    (colombian, repeated_month, "tariff_components_month", ""),
    (colombian, lambda data: data["reactive"].update(multiplier=3), "tariff_reactive_progression", "reactive"),
    (colombian, lambda data: data["reactive"].update(unit="COP/kWh"), "tariff_unit", ""),
    (colombian, lambda data: data["exports"].update(spot_price=300.0), "tariff_unit", ""),
]


@pytest.mark.parametrize(("make", "spoil", "key", "field"), CASES)
def test_a_wrong_file_is_refused_with_its_place(make, spoil, key, field):
    data = make()
    spoil(data)
    with pytest.raises(InputError) as caught:
        parse_tariff(data, "mine.toml")
    (problem,) = caught.value.problems
    assert (problem.key, problem.field, problem.file) == (key, field, "mine.toml")
    for language in LANGUAGES:
        assert "mine.toml" in problem_text(problem, language)


def test_all_problems_come_at_once():
    data = base()
    data.update(colour="red", kind="water")
    data.pop("currency")
    with pytest.raises(InputError) as caught:
        parse_tariff(data, "mine.toml")
    assert {problem.key for problem in caught.value.problems} == {
        "tariff_unknown_key",
        "tariff_missing_key",
        "tariff_not_allowed",
    }


def test_a_tariff_of_ones_own_beside_the_site_file(tmp_path):
    source = catalog.packaged("data/tariffs/pe_mt4.toml").read_text(encoding="utf-8")
    (tmp_path / "own.toml").write_text(source.replace("0.2464", "0.30"), encoding="utf-8")
    assert load_tariff("own.toml", folder=tmp_path).energy[0].price == 0.30
    assert load_tariff(tmp_path / "own.toml").energy[0].price == 0.30


@pytest.mark.parametrize(
    ("content", "key"), [(None, "tariff_file"), (b"a = ", "tariff_syntax"), (b"\xff", "tariff_syntax")]
)
def test_a_file_that_cannot_be_read(tmp_path, content, key):
    if content is not None:
        Path(tmp_path / "own.toml").write_bytes(content)
    with pytest.raises(InputError) as caught:
        load_tariff("own.toml", folder=tmp_path)
    assert [problem.key for problem in caught.value.problems] == [key]
    assert caught.value.problems[0].file == "own.toml"
    for language in LANGUAGES:
        assert problem_text(caught.value.problems[0], language)


def test_a_surcharge_is_switched_on_by_name():
    assert with_surcharge(load_tariff("pe_mt3"), "vat", applied=True).surcharge[0].applied
    with pytest.raises(MissingData) as caught:
        with_surcharge(load_tariff("pe_mt3"), "tithe", applied=True)
    assert caught.value.params["available"] == "vat"


def test_a_set_without_figures_takes_the_defaults_of_its_country():
    supply = load_tariff("diesel_own_genset")
    peru = for_genset(supply, Genset(rated_kw=100.0), "PE").fuel
    colombia = for_genset(supply, Genset(rated_kw=100.0), "CO").fuel
    assert peru is not None
    assert colombia is not None
    # USD 4.3 and 2.7 per US gallon of 3.785411784 L.
    assert peru.price == pytest.approx(4.3 / 3.785411784)
    assert colombia.price == pytest.approx(2.7 / 3.785411784)
    assert (peru.price_confidence, peru.curve_confidence) == ("D", "C")


def test_a_set_with_figures_keeps_them():
    genset = Genset(
        rated_kw=100.0, fuel_price_usd_per_l=1.2, fuel_intercept_l_per_h_per_kw=0.02, fuel_slope_l_per_kwh=0.25
    )
    fuel = for_genset(load_tariff("diesel_own_genset"), genset, "PE").fuel
    assert fuel is not None
    assert (fuel.price, fuel.rated_kw) == (1.2, 100.0)
    assert (fuel.intercept_l_per_h_per_kw, fuel.slope_l_per_kwh) == (0.02, 0.25)
    assert (fuel.price_confidence, fuel.curve_confidence) == ("user", "user")


def test_a_grid_tariff_is_no_fuel_supply():
    with pytest.raises(InputError) as caught:
        for_genset(load_tariff("pe_mt3"), Genset(rated_kw=100.0), "PE")
    assert caught.value.problems[0].key == "tariff_not_fuel"


def site(country="PE", kind="grid", tariff="pe_mt3", **more):
    place = {"name": "Planta", "country": country, "latitude": -15.0, "longitude": -74.0, "altitude_m": 100.0}
    shifts = [{"start": "06:00", "end": "14:00"}]
    return Site.model_validate(
        {
            "site": place | {"workdays_per_month": 24, "shifts": shifts},
            "connection": {"kind": kind, "tariff": tariff},
            "emissions": {"activity_year": 2024},
        }
        | more
    )


def test_the_tariff_of_a_site():
    assert tariff_of(site()).id == "pe_mt3"
    offgrid = tariff_of(site(kind="offgrid", tariff="diesel_own_genset", genset={"rated_kw": 80.0}))
    assert offgrid.country == "PE"
    assert offgrid.fuel is not None
    assert offgrid.fuel.rated_kw == 80.0


@pytest.mark.parametrize(
    ("wrong", "key"),
    [
        ({"tariff": "co_ceo_n2_2013"}, "tariff_country"),
        ({"kind": "offgrid"}, "tariff_connection"),
        ({"tariff": "diesel_own_genset"}, "tariff_connection"),
        ({"kind": "offgrid", "tariff": "diesel_own_genset"}, "tariff_genset_missing"),
    ],
)
def test_a_tariff_that_does_not_fit_its_site(wrong, key):
    with pytest.raises(InputError) as caught:
        tariff_of(site(**wrong))
    assert caught.value.problems[0].key == key
    for language in LANGUAGES:
        assert problem_text(caught.value.problems[0], language)


def test_a_fuel_supply_of_ones_own_keeps_its_price_and_currency(tmp_path):
    own = catalog.packaged("data/tariffs/diesel_own_genset.toml").read_text(encoding="utf-8")
    (tmp_path / "own.toml").write_text(own.replace('"USD"', '"PEN"') + "price = 5.0\n", encoding="utf-8")
    written = {"kind": "offgrid", "tariff": "own.toml"}
    kept = tariff_of(site(**written, genset={"rated_kw": 80.0}), tmp_path).fuel
    assert kept is not None
    assert kept.price == 5.0
    # The site's price is in dollars: 1.25 USD/L at 4 soles are 5 soles.
    stated = {"rated_kw": 80.0, "fuel_price_usd_per_l": 1.25}
    converted = tariff_of(site(**written, genset=stated, finance={"exchange_rate": 4.0}), tmp_path).fuel
    assert converted is not None
    assert converted.price == pytest.approx(5.0)
