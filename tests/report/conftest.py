"""Studies of every kind a report has to bear."""

from dataclasses import replace

import pytest

from mine_energy import catalog
from mine_energy.io.site_file import read_inputs
from mine_energy.study import run_study

HOSTILE_NAME = "<script>alert('x')</script> & {name} $\\alpha$ \"quoted\""
HOSTILE_TAG = "=cmd|'/c calc'!A1"
HOSTILE_TEXT = '"><img src="http://example.org/x.png" onerror=alert(1)>'


@pytest.fixture(scope="session")
def meter_only_study(pilot_study):
    """A meter and no inventory: no end uses, no measures."""
    inputs = read_inputs(catalog.packaged("site_configs/los_conquistadores.toml"))
    metered = replace(pilot_study.audit.load_before, origin="metered", label="contador.csv")
    return run_study(replace(inputs, inventory=None, load=metered))


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
    return run_study(replace(inputs, site=site, inventory=inventory))


@pytest.fixture(scope="session", params=["pilot", "offgrid", "meter_only", "hostile"])
def any_study(request):
    return request.getfixturevalue(f"{request.param}_study")


@pytest.fixture(scope="session", params=["es", "en"])
def language(request):
    return request.param
