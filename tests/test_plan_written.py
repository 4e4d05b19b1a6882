"""``[carbon]`` and ``[plan]`` of a site file, as the rooms of carbon and plan take them."""

import tomllib

import pytest
from pydantic import ValidationError

from mine_energy import catalog
from mine_energy.emissions import (
    boundary_of,
    claims_of,
    load_factor,
    plausibility,
    scope2,
    statements_of,
    typed_location,
)
from mine_energy.errors import InputError
from mine_energy.plan import PlanBase, PlanMoney, PlanSpan, Slice, build_plan, measures_of, slices_of
from mine_energy.site import Site

CARBON = """
[carbon]
reporter = "Los Conquistadores"
own_certificates_sold = true
sites = ["Planta"]
left_out = [["Mina La Leche", "another meter, another year"]]

[[carbon.certificate]]
id = "1"
system = "I-REC"
country = "CO"
energy_kwh = 40000.0
vintage_start = 2025-01-01
vintage_end = 2025-12-31
t_co2e_per_mwh = 0.0
retired_on = 2026-01-15
retired_for = "Los Conquistadores"
exclusive = true
price_usd_per_mwh = 1.2
fees_usd = 100.0

[[carbon.contract]]
name = "PPA"
energy_kwh = 10000.0
t_co2e_per_mwh = 0.05
attributes_included = true
source = "contract 7"
"""
PLAN = """
[plan]
first_year = 2026
last_year = 2032
published_total_t_co2e = 5.88
electricity_cut_share = 1.0

[[plan.slice]]
key = "waste"
scope = 3
t_co2e = 5.6

[[plan.measure]]
key = "compost"
slice = "waste"
low = 0.4
likely = 0.6
high = 0.7
capex = 2000.0
payer = "mine"
evidence = "IPCC 2006"

[[plan.offset]]
name = "trees"
t_co2e_per_year = 2.0
trees = 200
share_low = 0.10
share_high = 0.15

[[plan.published_reduction]]
name = "compost"
t_co2e = 3.84

[[plan.published_reduction]]
name = "trees and soil"
t_co2e = 2.0
"""


def pilot(*more):
    """Return the pilot with other words on carbon and plan in place of its own."""
    base = tomllib.loads(catalog.packaged("site_configs/los_conquistadores.toml").read_text(encoding="utf-8"))
    said = {name: table for name, table in base.items() if name not in {"carbon", "plan"}}
    return Site.model_validate(said | tomllib.loads("".join(more)))


def test_a_site_that_says_nothing_asks_for_nothing():
    site = pilot()
    assert (site.carbon, site.plan, claims_of(site), typed_location(site)) == (None, None, None, None)
    assert boundary_of(site, ("M-1",)).meters == ("M-1",)
    assert boundary_of(site, ()).organisation == "Los Conquistadores"


def test_instruments_of_a_site_file_reach_scope_2():
    site = pilot(CARBON)
    claims = claims_of(site, own_used_kwh=30_000.0)
    factor = load_factor(country="CO", kind="location_average", year=2024)
    result = scope2([120_000.0], factor, country="CO", activity_year=2025, claims=claims)
    # 40 MWh at 0, 10 at 0.05, 70 bought and 30 of its own sold at 0.22.
    assert result.market_t_co2e == pytest.approx(0.5 + 100 * 0.22)
    assert [check.status for check in result.certificate_checks] == ["pass"]
    isolated = pilot(CARBON.replace('country = "CO"', 'country = "CO"\ngrid = "ZNI"'))
    claims = claims_of(isolated)
    result = scope2([120_000.0], factor, country="CO", activity_year=2025, claims=claims)
    assert [check.status for check in result.certificate_checks] == ["fail"]
    assert boundary_of(site, ("M-1",)).left_out == (("Mina La Leche", "another meter, another year"),)


def test_a_typed_average_needs_its_source():
    assert typed_location(pilot('[carbon]\nlocation_t_co2e_per_mwh = 0.1\nlocation_source = "own file"\n')).year == 2024
    with pytest.raises(InputError):
        typed_location(pilot("[carbon]\nlocation_t_co2e_per_mwh = 0.1\n"))
    with pytest.raises(ValidationError):
        pilot("[carbon]\nlocation_t_co2e_per_mwh = 220.0\n")


def test_what_was_published_is_held_against_the_plant():
    factor = load_factor(country="CO", kind="location_average", year=2024)
    checks = plausibility(statements_of(pilot(PLAN), 120_000.0), factor).checks
    wrong = {check.key for check in checks if check.verdict == "contradiction"}
    assert wrong == {"offset_mean_load_kw", "offset_energy_ratio", "reduction_rest", "electricity_reach"}
    # Without the section only energy, ore and gold are held together.
    checks = plausibility(statements_of(pilot(), 120_000.0), factor).checks
    assert all(check.verdict == "plausible" for check in checks)


def test_measures_of_a_site_file_reach_the_plan():
    chosen = pilot(PLAN).plan
    factor = load_factor(country="CO", kind="location_average", year=2024)
    base = PlanBase(
        base_year=2024,
        boundary="plant",
        slices=(Slice(key="electricity", scope=2, energy_kwh=120_000.0), *slices_of(chosen)),
        factor=factor,
    )
    span = PlanSpan(first_year=chosen.first_year, plan_years=2, last_year=chosen.last_year)
    found = build_plan(base, measures_of(chosen), PlanMoney(currency="USD", discount_rate=0.08), span)
    assert found.years[0].location_t_co2e == pytest.approx(120 * 0.22 + 5.6 * 0.4)


def test_unknown_keys_are_refused():
    with pytest.raises(ValidationError):
        pilot("[plan]\nfirst_year = 2026\nlast_year = 2030\ntrees = 200\n")
