"""The whole audit: the pilot's figures, balances, meters, and refusals."""

import tomllib
from datetime import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from mine_energy.arrays import equal
from mine_energy.audit import AuditResult, audit
from mine_energy.catalog import packaged
from mine_energy.errors import InputError
from mine_energy.io.inventory import read_inventory
from mine_energy.loads import LoadProfile, build_load
from mine_energy.messages import finding_text, problem_text
from mine_energy.motors import Motor, MotorInventory
from mine_energy.site import EmissionsChoice, GridConnection, MeasuresChoice, Shift, Site, SiteFacts
from mine_energy.units import LOCAL_TIME
from mine_energy.vocabulary import choices


def packaged_site(name):
    with packaged(f"site_configs/{name}.toml").open("rb") as stream:
        site = Site.model_validate(tomllib.load(stream))
    return site, read_inventory(packaged(f"site_configs/{site.inventory.file}"))


@pytest.fixture(scope="module")
def pilot():
    site, inventory = packaged_site("los_conquistadores")
    return audit(site, inventory, year=2025)


def make_site(**measures):
    return Site(
        site=SiteFacts(
            name="Plant",
            country="CO",
            latitude=3.0,
            longitude=-76.6,
            altitude_m=1200,
            workdays_per_month=26,
            shifts=(Shift(start=time(6), end=time(22)),),
        ),
        connection=GridConnection(kind="grid", tariff="x"),
        emissions=EmissionsChoice(activity_year=2025),
        measures=MeasuresChoice(**measures),
    )


def row(tag="M-1", hours=8.0, **values):
    base = {"tag": tag, "rated_power_kw": 37.0, "poles": 4, "efficiency": 0.905, "load_factor": 0.75}
    return Motor(**base | {"hours_per_day": hours} | values)


def inventory(*motors):
    return MotorInventory(motors=motors, file="motors.csv")


def meter(values, start="2025-01-01", step=15, origin="metered"):
    index = pd.date_range(pd.Timestamp(start, tz=LOCAL_TIME), periods=len(values), freq=pd.Timedelta(minutes=step))
    series = pd.Series(np.asarray(values, dtype=float), index=index)
    return LoadProfile(load_kw=series, step_minutes=step, origin=origin, label="meter.csv")


# The pilot


def test_the_pilot_draws_about_205_mwh(pilot):
    # The reconstruction's own sum with constant efficiencies: 17,046 kWh a month, 204.6 MWh a year.
    assert pilot.energy_kwh_per_year == pytest.approx(12 * 17046, rel=0.03)
    assert pilot.workdays == 312
    assert pilot.load_before.energy_kwh == pytest.approx(pilot.energy_kwh_per_year, rel=1e-12)


@pytest.mark.parametrize(
    ("tag", "kwh_per_month"),
    [
        ("PT-CR1", 291),
        ("PT-ML1", 2487),
        ("PT-FL1", 991),
        ("PT-LT1", 801),
        ("MN-FN1", 2041),
        ("MN-PP1", 1020),
        ("MN-CO1", 4974 + 644),
        ("MN-WN1", 499),
        ("MN-LT1", 655),
    ],
)
def test_the_pilots_machines_draw_what_the_reconstruction_says(pilot, tag, kwh_per_month):
    machine = next(m for m in pilot.machines if m.tag == tag)
    assert machine.energy_kwh_per_year / 12 == pytest.approx(kwh_per_month, rel=0.02)


def test_the_pilots_motor_swap_saves_a_few_per_cent_and_is_all_reconstructed(pilot):
    cause = next(c for c in pilot.savings_by_cause if c.cause == "motor_efficiency")
    assert cause.machines == 17
    assert 0.03 < cause.share < 0.06
    assert cause.energy_low_kwh_per_year < cause.energy_kwh_per_year < cause.energy_high_kwh_per_year
    assert {m.origin for m in pilot.machines} == {"reconstructed"}
    assert [m.standby_quantity for m in pilot.machines if m.tag in {"PT-PP1", "MN-PP1"}] == [1, 1]
    noted = next(f for f in pilot.findings if f.key == "audit_rows_not_measured")
    assert noted.params["percent"] == pytest.approx(100)


def test_the_pilots_causes_together_save_more_and_are_marked_as_assumed(pilot):
    assert 0.10 < sum(c.share for c in pilot.savings_by_cause) < 0.30
    site, _ = packaged_site("los_conquistadores")
    assert {c.measure for c in pilot.savings_by_cause if c.measure != "replacement"} <= {
        key for key in MeasuresChoice.model_fields if site.origin_of(f"measures.{key}").origin == "assumed"
    }


def test_interaction_is_measured_and_said(pilot):
    alone = sum(c.standalone_kwh_per_year for c in pilot.savings_by_cause)
    applied = sum(c.energy_kwh_per_year for c in pilot.savings_by_cause)
    assert pilot.standalone_kwh_per_year == pytest.approx(alone)
    assert pilot.interaction_kwh_per_year == pytest.approx(alone - applied)
    assert abs(pilot.interaction_kwh_per_year) > 100
    said = next(f for f in pilot.findings if f.key == "measure_interaction")
    assert said.params["interaction_kwh"] == pytest.approx(alone - applied)


def test_measures_without_data_are_listed_apart(pilot):
    gaps = {gap.measure: gap.tags for gap in pilot.gaps}
    assert gaps["intake"] == ("MN-CO1",)
    assert "MN-FN1" not in gaps["ventilation"]
    assert not any(s.reason.key.startswith("measure_no_data") for s in pilot.savings)


@pytest.mark.parametrize("name", ["los_conquistadores", "caraveli_offgrid"])
def test_packaged_sites_say_where_every_value_comes_from(name):
    site, rows = packaged_site(name)
    given_keys = [
        f"{section}.{key}"
        for section, values in site.model_dump(exclude_unset=True, exclude={"provenance"}).items()
        for key in values
    ]
    assert [key for key in given_keys if site.origin_of(key) is None] == []
    assert {m.origin for m in rows.motors} == {"reconstructed"}
    assert {m.process for m in rows.motors} <= set(choices("process"))
    assert audit(site, rows, year=2025).energy_kwh_per_year > 100_000


# Balances


def test_shares_and_end_uses_add_up(pilot):
    assert sum(m.share for m in pilot.machines) == pytest.approx(1)
    assert sum(u.energy_kwh_per_year for u in pilot.end_uses) == pytest.approx(pilot.energy_kwh_per_year)
    energies = [u.energy_kwh_per_year for u in pilot.end_uses]
    assert energies == sorted(energies, reverse=True)
    assert sum(u.machines for u in pilot.end_uses) == len(pilot.machines)


def test_savings_are_taken_off_once(pilot):
    saved = sum(s.energy_kwh_per_year for s in pilot.savings)
    assert pilot.energy_before_kwh - pilot.energy_after_kwh == pytest.approx(saved, rel=1e-9)
    assert sum(c.energy_kwh_per_year for c in pilot.savings_by_cause) == pytest.approx(saved)
    assert (pilot.load_after.load_kw <= pilot.load_before.load_kw + 1e-12).all()
    assert pilot.load_after.origin == "after_measures"


def test_hours_are_those_of_the_calendar(pilot):
    machine = next(m for m in pilot.machines if m.tag == "MN-CO1")
    assert (machine.hours_per_year, machine.unloaded_hours_per_year) == (4 * 26 * 12, 1.5 * 26 * 12)
    assert len(pilot.rest_days) == 365 - 312
    assert pilot.rest_days[0] == "2025-01-05"


def test_json_round_trip_and_repeatability(pilot):
    adapter = TypeAdapter(AuditResult)
    text = adapter.dump_json(pilot)
    again = adapter.validate_json(text)
    assert adapter.dump_json(again) == text
    assert again.machines == pilot.machines
    assert equal(again.savings, pilot.savings)
    site, rows = packaged_site("los_conquistadores")
    assert adapter.dump_json(audit(site, rows, year=2025)) == text


def test_every_finding_has_words_in_both_languages(pilot):
    for language in ("es", "en"):
        assert all(finding_text(f, language, "CO") for f in pilot.findings)
        assert all(finding_text(s.reason, language, "CO") for s in pilot.savings)


def test_equal_findings_of_several_machines_are_one():
    result = audit(make_site(), inventory(row("A", load_factor=None), row("B", load_factor=None)), year=2025)
    (finding,) = [f for f in result.findings if f.key == "motor_load_assumed"]
    assert finding.subject == "A, B"


@settings(max_examples=15, deadline=None)
@given(hours=st.lists(st.floats(0, 16), min_size=1, max_size=4), quantity=st.integers(0, 3))
def test_after_is_before_less_savings(hours, quantity):
    rows = inventory(*(row(f"M-{i}", h, quantity=quantity) for i, h in enumerate(hours)))
    result = audit(make_site(), rows, year=2025, step_minutes=60)
    saved = sum(s.energy_kwh_per_year for s in result.savings)
    assert result.energy_before_kwh - saved == pytest.approx(result.energy_after_kwh, rel=1e-9, abs=1e-6)


# Meters


def test_the_meter_is_the_baseline_at_its_own_step():
    built, _ = build_load(make_site(), inventory(row()), 2025, 30)
    measured = LoadProfile(load_kw=built.load_kw * 1.2 + 1.0, step_minutes=30, origin="metered", label="meter.csv")
    result = audit(make_site(), inventory(row()), measured, year=2025)
    assert result.load_before is measured
    assert result.load_after.step_minutes == 30
    (saving,) = result.savings
    assert result.energy_before_kwh - result.energy_after_kwh == pytest.approx(saving.energy_kwh_per_year)
    balance = result.reconciliation
    assert balance.status == "compared"
    assert balance.inventory_kwh == pytest.approx(result.energy_kwh_per_year)
    assert balance.gap_kwh == pytest.approx(0.2 * balance.inventory_kwh + 8760)
    assert "audit_gap_unexplained" in {f.key for f in result.findings}


def test_part_of_a_year_is_compared_with_its_own_working_days():
    site, rows = make_site(), inventory(row())
    whole, _ = build_load(site, rows, 2025)
    march = whole.load_kw["2025-03"] * 0.97
    measured = LoadProfile(load_kw=march, step_minutes=15, origin="metered", label="meter.csv")
    result = audit(site, rows, measured, year=2025)
    assert result.reconciliation.inventory_kwh == pytest.approx(whole.load_kw["2025-03"].sum() / 4)
    assert result.reconciliation.gap_fraction == pytest.approx(-0.03 / 0.97)
    assert result.reconciliation.days == pytest.approx(31)
    assert "audit_gap_small" in {f.key for f in result.findings}


def test_what_cannot_be_taken_off_is_reported_and_nothing_goes_below_zero():
    site, rows = make_site(), inventory(row(schedule="06:00-14:00"))
    built, _ = build_load(site, rows, 2025)
    shifted = meter(np.roll(built.load_kw.to_numpy(), 32))  # the plant really works from 14:00 to 22:00
    result = audit(site, rows, shifted, year=2025)
    (finding,) = [f for f in result.findings if f.key == "audit_savings_beyond_load"]
    assert finding.params["percent"] == pytest.approx(100, abs=0.5)
    assert result.load_after.load_kw.min() >= 0
    saved = sum(s.energy_kwh_per_year for s in result.savings)
    assert finding.params["kwh"] + result.energy_before_kwh - result.energy_after_kwh == pytest.approx(saved)


def test_negative_readings_stay():
    result = audit(make_site(), inventory(row()), meter(np.full(96 * 7, 5.0) - np.eye(1, 96 * 7, 40)[0] * 8), year=2025)
    assert result.load_after.load_kw.min() == -3.0


@pytest.mark.parametrize("factor", [0.4, 2.5])
def test_a_meter_of_another_plant_is_refused_with_the_gap(factor):
    built, _ = build_load(make_site(), inventory(row()), 2025)
    other = meter(built.load_kw.to_numpy() * factor)
    with pytest.raises(InputError) as caught:
        audit(make_site(), inventory(row()), other, year=2025)
    (problem,) = caught.value.problems
    assert (problem.key, problem.file) == ("audit_meter_not_of_inventory", "meter.csv")
    assert problem.params["gap_kwh"] == pytest.approx((factor - 1) * built.energy_kwh)
    assert "kWh" in problem_text(problem, "es")
    assert "kWh" in problem_text(problem, "en")


def test_a_scaled_copy_is_allowed_and_a_gap_is_still_shown():
    built, _ = build_load(make_site(), inventory(row()), 2025)
    scaled = meter(built.load_kw.to_numpy()).scaled(built.energy_kwh * 3)
    result = audit(make_site(), inventory(row()), scaled, year=2025)
    assert result.reconciliation.gap_fraction == pytest.approx(2 / 3)
    assert {"load_scaled", "audit_gap_unexplained"} <= {f.key for f in result.findings}


def test_a_meter_alone():
    result = audit(make_site(), None, meter(np.full(96, 10.0)), year=2025)
    assert (result.machines, result.end_uses, result.savings, result.schedule) == ((), (), (), ())
    assert result.energy_before_kwh == result.energy_after_kwh == 240
    assert result.reconciliation.status == "meter_only"
    assert result.reconciliation.gap_kwh is None
    assert "audit_no_inventory" in {f.key for f in result.findings}


def test_an_inventory_without_energy_beside_a_meter_is_not_a_ratio():
    result = audit(make_site(), inventory(row(hours=0.0)), meter(np.full(96, 10.0)), year=2025)
    assert "audit_nothing_to_compare" in {f.key for f in result.findings}


def test_an_empty_inventory_says_so():
    result = audit(make_site(), inventory(), year=2025)
    assert result.energy_before_kwh == 0
    assert "audit_empty_inventory" in {f.key for f in result.findings}


def test_neither_inventory_nor_meter_is_refused():
    with pytest.raises(InputError) as caught:
        audit(make_site(), year=2025)
    assert caught.value.problems[0].key == "audit_nothing_to_audit"


def test_measures_can_be_left_out():
    result = audit(make_site(), inventory(row()), year=2025, measures=())
    assert result.savings == ()
    assert result.load_after.load_kw.equals(result.load_before.load_kw)


def test_the_site_chooses_the_class():
    ie2, ie4 = (
        audit(make_site(replacement_class=c), inventory(row()), year=2025).energy_after_kwh for c in ("IE2", "IE4")
    )
    assert ie4 < ie2
