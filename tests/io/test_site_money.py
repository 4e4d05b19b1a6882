"""[billing], [financing], [carbon] and [plan]: what clashes is refused at its line, what goes together is read."""

import pytest

from mine_energy.errors import InputError
from mine_energy.io.site_file import read_inputs, read_site
from mine_energy.messages import LANGUAGES, problem_text
from site_texts import GRID, PLACE, YEAR

BASE = PLACE + YEAR
CERTIFIED = "carbon.certificate.1.vintage_end"
WAITS = "starts_after = 'a'\n"
LOAN = "[financing.loan]\nshare = 0.7\nrate_ea = 0.16\ntenor_months = 84\n"
CERTIFICATE = (
    '[[carbon.certificate]]\nid = "7"\nsystem = "I-REC"\ncountry = "CO"\nenergy_kwh = 1000.0\n'
    "vintage_start = 2024-01-01\nvintage_end = 2024-12-31\n"
)
PLAN = "[plan]\nfirst_year = 2026\nlast_year = 2030\n"
OWN_SLICE = "[[plan.slice]]\nkey = 'diesel'\nscope = 1\nt_co2e = 1.0\n"
CUT = "[[plan.published_cut]]\nname = 'x'\nlow = 0.5\nhigh = 0.2\n"
MEASURE = '[[plan.measure]]\nkey = "{}"\nslice = "{}"\nlow = 0.1\nlikely = 0.2\nhigh = 0.3\n'


def site(tmp_path, text, base=BASE + GRID):
    path = tmp_path / "sitio.toml"
    path.write_text(base + text, encoding="utf-8")
    return path


GOOD = {
    "billing": "[billing]\ncontribution_applied = true\ncontribution_base = 'gross_imports'\nreactive_exempt = true\n"
    "[billing.reactive_history]\nmonths_in_condition = 3\n",
    "loan": LOAN + "[financing.tax]\nregime = 'ordinary'\nspecial_deduction = true\ncertificate = 'requested'\n"
    "taxable_income_per_year = 1e5\n[financing.end]\nkind = 'salvage'\nsalvage_fraction = 0.1\n",
    "third party": "[financing.owner]\nkind = 'third_party'\nppa_price_per_kwh = 0.09\nppa_years = 15\n",
    "carbon": CERTIFICATE + "exclusive = true\nretired_on = 2025-02-01\nretired_for = 'Planta'\n",
    "plan": PLAN + MEASURE.format("a", "electricity") + "starts_after = 'pv'\n" + MEASURE.format("b", "diesel"),
}


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD)
def test_what_goes_together_is_read(tmp_path, text):
    assert read_site(site(tmp_path, text)).site.name == "Planta"


@pytest.mark.parametrize(
    ("text", "key", "field"),
    [
        ("spot_prices = 'no.csv'\n", "file_not_found", "connection.spot_prices"),
        ("spot_prices = 'sitio.toml'\nspot_price_per_kwh = 300.0\n", "spot_prices_twice", "connection.spot_prices"),
        ("[billing]\nrural_levy_per_kwh = 0.01\n", "billing_other_country", "billing.rural_levy_per_kwh"),
        ("[billing]\nmetered_side = 'low_voltage'\n", "billing_other_country", "billing.metered_side"),
        ("[billing]\ncontribution_applied = 'maybe'\n", "not_true_or_false", "billing.contribution_applied"),
        ("[billing]\ncredit_brought = -5.0\n", "must_be_at_least", "billing.credit_brought"),
        ("[billing]\nbase = 1\n", "unknown_key", "billing.base"),
        (LOAN + "amount = 1000.0\n", "finance_loan_amount", "financing.loan.amount"),
        (LOAN + "index = 0.1\n", "finance_loan_rate", "financing.loan.rate_ea"),
        (LOAN + "grace_months = 84\n", "finance_loan_grace", "financing.loan.grace_months"),
        (LOAN + "payments_per_year = 2\ngrace_months = 4\n", "finance_loan_periods", "financing.loan.grace_months"),
        (LOAN.replace("84", "0"), "must_be_over", "financing.loan.tenor_months"),
        ("[financing.owner]\nkind = 'third_party'\n", "finance_ppa_price", "financing.owner.ppa_price_per_kwh"),
        ("[financing.owner]\nppa_years = 9\n", "financing_ppa_own", "financing.owner.ppa_years"),
        ("[financing.end]\nkind = 'salvage'\n", "finance_end", "financing.end.salvage_fraction"),
        ("[financing.end]\nsalvage_fraction = 0.2\n", "financing_end_unused", "financing.end.salvage_fraction"),
        ("[financing.tax]\neligible = ['pv', 'panels']\n", "financing_eligible", "financing.tax.eligible"),
        (
            "[financing.tax]\nregime = 'ordinary'\naccelerated_depreciation = true\naccelerated_rate = 0.9\n",
            "finance_tax_rate",
            "financing.tax.accelerated_rate",
        ),
        (
            "[financing.tax]\nregime = 'ordinary'\nspecial_deduction = true\n",
            "finance_tax_income",
            "financing.tax.taxable_income_per_year",
        ),
        ("[carbon]\nhourly_factors = 'no.csv'\nhourly_source = 'x'\n", "file_not_found", "carbon.hourly_factors"),
        ("[carbon]\nlocation_t_co2e_per_mwh = 0.2\n", "emissions_typed_source", "carbon.location_source"),
        ("[carbon]\nlocation_t_co2e_per_mwh = 200.0\n", "must_be_at_most", "carbon.location_t_co2e_per_mwh"),
        ("[carbon]\nsupplier_source = 'x'\n", "carbon_source_alone", "carbon.supplier_source"),
        ("[carbon]\nbase_import_kwh = 1.0\n", "carbon_base_year", "carbon.base_import_kwh"),
        ("[carbon]\nequity_share = 0.4\n", "carbon_equity", "carbon.equity_share"),
        (
            CERTIFICATE.replace("2024-12-31", "2023-12-31"),
            "emissions_certificate_dates",
            "carbon.certificate.1.vintage_end",
        ),
        (CERTIFICATE.replace("2024-12-31", "2024-02-30"), "toml_syntax", ""),
        (CERTIFICATE.replace("2024-12-31", "'2024-02-30'"), "not_a_date", CERTIFIED),
        (CERTIFICATE + CERTIFICATE, "carbon_certificate_twice", "carbon.certificate.2.id"),
        (PLAN.replace("2030", "2025"), "plan_years_order", "plan.last_year"),
        (PLAN + MEASURE.format("a", "nada"), "plan_slice", "plan.measure.1.slice"),
        (PLAN + MEASURE.format("a", "diesel").replace("0.3", "0.15"), "plan_cut_order", "plan.measure.1.low"),
        (PLAN + MEASURE.format("a", "diesel").replace("0.3", "3.0"), "plan_range", "plan.measure.1.high"),
        (PLAN + MEASURE.format("a", "diesel") + "unit = 'kwh'\n", "plan_not_electricity", "plan.measure.1.slice"),
        (PLAN + MEASURE.format("a", "diesel") + "kind = 'removal'\n", "plan_removal_unit", "plan.measure.1.unit"),
        (
            PLAN + MEASURE.format("a", "diesel") + "starts_after = 'a'\n",
            "plan_starts_after",
            "plan.measure.1.starts_after",
        ),
        (PLAN + MEASURE.format("a", "diesel") * 2, "plan_twice", "plan.measure.2.key"),
        (PLAN + "[[plan.timing]]\nkey = 'pv'\n" * 2, "plan_twice", "plan.timing.2.key"),
        (PLAN + OWN_SLICE, "plan_name_reserved", "plan.slice.1.key"),
        (
            PLAN + CUT,
            "plan_range_order",
            "plan.published_cut.1.low",
        ),
    ],
)
def test_a_clash_is_refused_at_its_line(tmp_path, text, key, field):
    path = site(tmp_path, text)
    with pytest.raises(InputError) as raised:
        read_site(path)
    problem = next(p for p in raised.value.problems if p.key == key)
    assert problem.field == field
    for language in LANGUAGES:
        assert "{" not in problem_text(problem, language)
    lines = path.read_text(encoding="utf-8").splitlines()
    named = lines[problem.line - 1].partition(" =")[0].strip("[]")
    # At the key itself, or at the table that lacks it.
    assert field == "" or named == field.rpartition(".")[2] or named in field


def test_every_measure_that_is_wrong_is_told_at_once(tmp_path):
    text = PLAN + "".join(MEASURE.format(f"m{n}", "nada") for n in range(3)) + MEASURE.format("m1", "diesel")
    with pytest.raises(InputError) as raised:
        read_site(site(tmp_path, text))
    fields = [problem.field for problem in raised.value.problems]
    assert {f"plan.measure.{n}.slice" for n in (1, 2, 3)} <= set(fields)
    assert "plan.measure.4.key" in fields


def test_nobody_bills_a_plant_off_the_grid(tmp_path):
    connection = '[connection]\nkind = "offgrid"\ntariff = "diesel_own_genset"\nspot_prices = "sitio.toml"\n'
    path = site(tmp_path, "[genset]\nrated_kw = 50.0\n\n[billing]\ncredit_brought = 5.0\n", BASE + connection)
    with pytest.raises(InputError) as raised:
        read_site(path)
    assert {p.key for p in raised.value.problems} == {"billing_off_grid", "spot_prices_off_grid"}


def test_a_tax_that_the_tariff_does_not_have_is_refused(tmp_path):
    with pytest.raises(InputError) as raised:
        read_inputs(site(tmp_path, "[billing]\nvat_recoverable = true\n"))
    problem = next(p for p in raised.value.problems if p.key == "billing_no_surcharge")
    assert problem.params["name"] == "vat"
    assert "solidarity_contribution" in str(problem.params["available"])


def test_rules_of_colombia_are_refused_in_peru(tmp_path):
    base = BASE.replace('"CO"', '"PE"').replace("2.98", "-15.85").replace("-76.65", "-74.25")
    tariff = '[connection]\nkind = "grid"\ntariff = "pe_mt3"\n'
    text = "[billing]\nreactive_exempt = true\ntypical_sector_1 = true\n" + LOAN
    text += "[financing.tax]\nregime = 'ordinary'\nspecial_deduction = true\ntaxable_income_per_year = 1e5\n"
    with pytest.raises(InputError) as raised:
        read_site(site(tmp_path, text, base + tariff))
    assert {p.field for p in raised.value.problems} == {
        "billing.reactive_exempt",
        "billing.typical_sector_1",
        "financing.tax.special_deduction",
    }


def test_a_typed_factor_needs_no_packaged_one(tmp_path):
    # No official factor of that year is packaged: the user's own stands in its place, with its source.
    year = BASE.replace("2024", "2031")
    own = "[carbon]\nlocation_t_co2e_per_mwh = 0.18\nlocation_source = 'acto oficial'\n"
    for text, lacking in (("", True), (own, False)):
        with pytest.raises(InputError) as raised:
            read_inputs(site(tmp_path, text, year + GRID))
        assert ("emissions_factor_missing" in {p.key for p in raised.value.problems}) == lacking
