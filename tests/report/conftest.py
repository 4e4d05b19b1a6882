"""Studies of every kind a report has to bear."""

from dataclasses import replace
from datetime import date

import pytest

from mine_energy import catalog
from mine_energy.io.site_file import read_inputs
from mine_energy.report.render import render_html
from mine_energy.site.carbon import CarbonChoice, CertificateChoice, ContractChoice
from mine_energy.site.financing import FinancingChoice, LoanChoice, TaxChoice
from mine_energy.study import run_study
from mine_energy.tariffs import load_tariff

HOSTILE_NAME = "<script>alert('x')</script> & {name} $\\alpha$ \"quoted\""
HOSTILE_TAG = "=cmd|'/c calc'!A1"
HOSTILE_TEXT = '"><img src="http://example.org/x.png" onerror=alert(1)>'


@pytest.fixture(scope="session")
def meter_only_study(pilot_study):
    """A meter and no inventory: no end uses, no measures."""
    inputs = read_inputs(catalog.packaged("site_configs/los_conquistadores.toml"))
    metered = replace(pilot_study.audit.load_before, origin="metered", label="contador.csv")
    return run_study(replace(inputs, inventory=None, load=metered), with_sizing=False)


@pytest.fixture(scope="session")
def hostile_study():
    """A plant whose texts try to become markup, formulas and placeholders; exports forbidden, results in pesos."""
    inputs = read_inputs(catalog.packaged("site_configs/los_conquistadores.toml"))
    motors = inputs.inventory.motors
    # The first machine is named by measures of the site file, and so keeps its name.
    first = motors[1].model_copy(update={"tag": HOSTILE_TAG, "description": HOSTILE_TEXT, "source": "+SUM(A1:A9)"})
    second = motors[2].model_copy(update={"tag": "@SUM(1)", "description": "-2+3", "source": "{oops}"})
    inventory = inputs.inventory.model_copy(update={"motors": (motors[0], first, second, *motors[3:])})
    site = inputs.site.model_copy(
        update={
            "site": inputs.site.site.model_copy(update={"name": HOSTILE_NAME, "region": HOSTILE_TEXT}),
            "connection": inputs.site.connection.model_copy(update={"export_allowed": False}),
            "finance": inputs.site.finance.model_copy(update={"currency": "COP", "mine_life_years": 4.0}),
            "production": inputs.site.production.model_copy(update={"ore_t_per_year": None, "gold_kg_per_year": None}),
        }
    )
    return run_study(replace(inputs, site=site, inventory=inventory), with_sizing=False)


@pytest.fixture(scope="session")
def financed_study():
    """The pilot with a loan in pesos, an ordinary tax regime and the benefits of Colombia's law asked for."""
    inputs = read_inputs(catalog.packaged("site_configs/los_conquistadores.toml"))
    loan = LoanChoice(share=0.7, rate_ea=0.15, tenor_months=84, grace_months=6, upfront_fee=0.01, currency="COP")
    tax = TaxChoice(
        regime="ordinary",
        taxable_income_per_year=400_000.0,
        special_deduction=True,
        accelerated_depreciation=True,
        vat="paid",
        vat_exclusion=True,
        certificate="requested",
    )
    site = inputs.site.model_copy(update={"financing": FinancingChoice(loan=loan, tax=tax, contingency=0.08)})
    return run_study(replace(inputs, site=site), with_sizing=False)


@pytest.fixture(scope="session")
def grid_study():
    """The pilot without its sizing, which takes most of a study's time."""
    return run_study(read_inputs(catalog.packaged("site_configs/los_conquistadores.toml")), with_sizing=False)


@pytest.fixture(scope="session")
def rich_study():
    """The pilot with everything that a site can state of its carbon; the second certificate fails its checks."""
    good = CertificateChoice(
        id="A1",
        system="I-REC",
        country="CO",
        energy_kwh=40_000,
        vintage_start=date(2025, 1, 1),
        vintage_end=date(2025, 6, 30),
        t_co2e_per_mwh=0.0,
        retired_on=date(2025, 9, 1),
        retired_for="Minera X",
        exclusive=True,
        price_usd_per_mwh=2.0,
        fees_usd=500,
    )
    foreign = CertificateChoice(
        id="B2",
        system="EcoGox",
        country="PE",
        energy_kwh=40_000,
        vintage_start=date(2020, 1, 1),
        vintage_end=date(2020, 6, 30),
    )
    bought = ContractChoice(
        name="PPA", energy_kwh=30_000, t_co2e_per_mwh=0.02, attributes_included=True, source="contract 1"
    )
    stated = CarbonChoice(
        reporter="Minera X",
        certificate=(good, foreign),
        contract=(bought,),
        own_certificates_sold=True,
        grid_decline=0.03,
        grid_decline_source="stated",
        loss_fraction=0.08,
        loss_source="stated",
        base_year=2022,
        base_import_kwh=230_000,
        base_factor_year=2022,
        left_out=(("office", "meter of its own"),),
    )
    inputs = read_inputs(catalog.packaged("site_configs/los_conquistadores.toml"))
    return run_study(replace(inputs, site=inputs.site.model_copy(update={"carbon": stated})), with_sizing=False)


@pytest.fixture(scope="session")
def own_power_study():
    """The packaged off-grid plant without its sizing, which takes most of a study's time."""
    return run_study(read_inputs(catalog.packaged("site_configs/caraveli_offgrid.toml")), with_sizing=False)


@pytest.fixture(scope="session")
def peru_study():
    """The pilot's machines on a Peruvian medium-voltage supply."""
    inputs = read_inputs(catalog.packaged("site_configs/los_conquistadores.toml"))
    facts, supply = inputs.site.site, inputs.site.connection
    site = inputs.site.model_copy(
        update={
            "site": facts.model_copy(update={"country": "PE", "latitude": -15.0, "longitude": -74.0}),
            "connection": supply.model_copy(update={"tariff": "pe_mt3", "voltage_v": 10_000.0}),
        }
    )
    return run_study(replace(inputs, site=site, tariff=load_tariff("pe_mt3")), with_sizing=False)


@pytest.fixture(scope="session")
def pages():
    """Rendered pages by study and language: each is made once."""
    made = {}

    def page(study, language):
        # The study is kept with its page, lest another takes its place in memory and in here.
        if (id(study), language) not in made:
            made[id(study), language] = study, render_html(study, language)
        return made[id(study), language][1]

    return page


@pytest.fixture(scope="session", params=["pilot", "offgrid", "meter_only", "hostile"])
def any_study(request):
    return request.getfixturevalue(f"{request.param}_study")


@pytest.fixture(scope="session", params=["es", "en"])
def language(request):
    return request.param
