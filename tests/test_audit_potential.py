"""Technical and economic potential, days as the record shows them, machines that relieve each other."""

import tomllib
from datetime import date, time

import numpy as np
import pandas as pd
import pytest

from mine_energy.audit import audit
from mine_energy.audit.parts import machine_parts, prior_rules, record_of
from mine_energy.catalog import packaged
from mine_energy.errors import InputError
from mine_energy.io.inventory import read_inventory
from mine_energy.loads import LoadProfile, build_load, plan_machines, working_days
from mine_energy.loads.working import metered_rest, record_working_days
from mine_energy.messages import finding_text
from mine_energy.motors import Motor, MotorInventory
from mine_energy.site import EmissionsChoice, GridConnection, MeasuresChoice, Shift, Site, SiteFacts
from mine_energy.tariffs import load_tariff
from mine_energy.uncertainty import Observation, adjust
from mine_energy.units import LOCAL_TIME

YEAR = 2025
CO = "co_ceo_n2_2025_estimate"


def pilot(adopt, tariff=CO):
    with packaged("site_configs/los_conquistadores.toml").open("rb") as stream:
        site = Site.model_validate(tomllib.load(stream))
    site = site.model_copy(update={"measures": site.measures.model_copy(update={"adopt": adopt})})
    inventory = read_inventory(packaged(f"site_configs/{site.inventory.file}"))
    return audit(site, inventory, year=YEAR, tariff=load_tariff(tariff) if tariff else None)


@pytest.fixture(scope="module")
def economic():
    return pilot("worthwhile")


@pytest.fixture(scope="module")
def technical():
    return pilot("all")


def applied(result):
    return [s for s in result.savings if s.decision == "apply"]


def test_saving_and_decision_tell_one_story(economic, technical):
    word = {"now": "now", "at_failure_new": "at_failure", "at_failure_ie4": "at_failure", "at_failure_rewind": "never"}
    for result in (economic, technical):
        chosen = {d.tag: d.chosen for d in result.decisions}
        motors = [s for s in result.savings if s.measure == "replacement" and s.decision != "keep"]
        assert [s.when for s in motors] == [word[chosen[s.tag]] for s in motors]
    assert {s.when for s in applied(economic)} == {"now"}
    assert {s.when for s in applied(technical)} > {"now"}


def test_load_and_money_follow_what_is_adopted(economic, technical):
    for result in (economic, technical):
        saved = sum(s.energy_kwh_per_year for s in applied(result))
        assert result.energy_before_kwh - result.energy_after_kwh == pytest.approx(saved, rel=1e-9)
        assert sum(c.energy_kwh_per_year for c in result.savings_by_cause) == pytest.approx(saved, rel=1e-9)
        drawn = {(m.tag, m.measure) for m in result.uncertainty.measures}
        assert drawn == {(s.tag, s.measure) for s in applied(result) if s.energy_kwh_per_year}
        assert len(result.verification) == len(applied(result))
    assert economic.energy_after_kwh > technical.energy_after_kwh
    # Both show the same technical potential, and dropping what does not pay cannot lose money.
    assert economic.technical_by_cause[0].energy_kwh_per_year == technical.technical_by_cause[0].energy_kwh_per_year
    assert economic.uncertainty.money.total.npv.p50 > technical.uncertainty.money.total.npv.p50


def test_what_is_adopted_pays_and_what_is_not_does_not(economic):
    assert all(s.npv_usd > 0 or s.capex_usd == 0 for s in applied(economic))
    listed = [s for s in economic.savings if s.decision == "listed"]
    assert listed
    assert all(s.when_reason for s in listed)


def test_measures_after_one_that_is_not_adopted_see_the_plant_without_it():
    belt = [{"tag": "M-1", "new": "notched_belt", "capex_usd": 1e6}]
    inventory = MotorInventory(motors=(row(transmission="v_belt", hours_per_day=16),), file="m.csv")
    offer = [{"tag": "M-1", "capex_usd": 100}]
    both = {
        adopt: audit(make_site(adopt=adopt, belt=belt, new_motor=offer), inventory, year=YEAR, tariff=load_tariff(CO))
        for adopt in ("all", "worthwhile")
    }
    swap = {a: next(s for s in r.savings if s.measure == "replacement") for a, r in both.items()}
    alone = audit(make_site(new_motor=offer), inventory, year=YEAR, tariff=load_tariff(CO))
    assert swap["worthwhile"].decision == "apply"
    assert swap["worthwhile"].energy_kwh_per_year > swap["all"].energy_kwh_per_year
    assert swap["worthwhile"].energy_kwh_per_year == pytest.approx(alone.savings[-1].energy_kwh_per_year)


def test_without_a_tariff_nothing_is_judged_and_it_is_said():
    result = pilot("worthwhile", tariff=None)
    assert (result.adopt, {s.decision for s in result.savings} & {"listed"}) == ("all", set())
    finding = next(f for f in result.findings if f.key == "potential_not_judged")
    assert all(finding_text(finding, language, "CO") for language in ("es", "en"))


def test_without_a_price_nothing_is_adopted():
    belt = [{"tag": "M-1", "new": "notched_belt"}]
    inventory = MotorInventory(motors=(row(transmission="v_belt"),), file="m.csv")
    found = audit(make_site(belt=belt), inventory, year=YEAR, tariff=load_tariff(CO), measures=["belt"])
    assert [(s.decision, s.when) for s in found.savings] == [("listed", "undecided")]
    assert found.energy_after_kwh == found.energy_before_kwh


# Days


def row(tag="M-1", **values):
    base = {"tag": tag, "rated_power_kw": 37.0, "poles": 4, "efficiency": 0.905, "load_factor": 0.75}
    return Motor(**base | {"hours_per_day": 8.0} | values)


def make_site(workdays=26, **measures):
    return Site(
        site=SiteFacts(
            name="Plant",
            country="CO",
            latitude=3.0,
            longitude=-76.6,
            altitude_m=1200,
            workdays_per_month=workdays,
            shifts=(Shift(start=time(6), end=time(22)),),
        ),
        connection=GridConnection(kind="grid", tariff="x"),
        emissions=EmissionsChoice(activity_year=YEAR),
        measures=MeasuresChoice.model_validate(measures),
    )


def sundays_off(scale=1.0, half_saturdays=False):
    """A year of meter in which exactly the Sundays rest."""
    index = pd.date_range("2025-01-01", periods=8760, freq="h", tz=LOCAL_TIME)
    on = (index.hour >= 6) & (index.hour < 22) & (index.day_of_week < 6)
    if half_saturdays:
        on &= (index.day_of_week != 5) | (index.hour < 14)
    load = np.where(on, 45.0 * scale, 2.0)
    return LoadProfile(load_kw=pd.Series(load, index=index), step_minutes=60, origin="metered", label="meter.csv")


def test_savings_fall_on_the_days_that_the_meter_shows():
    # The calendar of 26 days rests on some Saturdays and works on some Sundays; the meter rests on the 52 Sundays.
    site, inventory = make_site(), MotorInventory(motors=(row(hours_per_day=16.0),), file="m.csv")
    result = audit(site, inventory, sundays_off(), year=YEAR)
    assert result.workdays == 313
    assert all(date.fromisoformat(day).weekday() == 6 for day in result.rest_days)
    saved = sum(s.energy_kwh_per_year for s in applied(result))
    assert saved > 0
    assert result.energy_before_kwh - result.energy_after_kwh == pytest.approx(saved, rel=1e-9)
    keys = {f.key for f in result.findings}
    assert "audit_days_from_record" in keys
    assert "audit_savings_beyond_load" not in keys


def test_half_a_saturday_is_work_and_a_plant_that_never_rests_keeps_its_calendar():
    days = record_working_days(sundays_off(half_saturdays=True), 26)
    assert sum(day.weekday() == 5 for day in days) == 52
    flat = sundays_off()
    flat = LoadProfile(load_kw=flat.load_kw * 0 + 5, step_minutes=60, origin="metered", label="flat")
    assert metered_rest(flat) == {}
    assert set(record_working_days(flat, 26)) - {date(2024, 12, 31)} == set(working_days(2025, 26))


# Standby groups

PAIR = MotorInventory(
    motors=(row("P-1A", hours_per_day=6.0, standby_group="P-1"), row("P-1B", hours_per_day=4.0, standby_group="P-1")),
    file="m.csv",
)


def test_machines_of_a_standby_group_never_run_together_and_share_the_duty():
    site = make_site()
    first, second = plan_machines(site, PAIR)
    assert sum(r.minutes for r in first.runs) == pytest.approx(360)
    assert sum(r.minutes for r in second.runs) == pytest.approx(240)
    for one in first.runs:
        for other in second.runs:
            assert one.end_minute <= other.start_minute + 1e-9 or other.end_minute <= one.start_minute + 1e-9
    load, _ = build_load(site, PAIR, YEAR)
    assert load.peak_kw == pytest.approx(first.power_kw("running"), rel=1e-9)


def test_the_pair_is_one_freedom_for_the_total_with_a_free_split():
    plans = plan_machines(make_site(), PAIR)
    days = working_days(YEAR, 26)
    parts = machine_parts(plans, record_of(pd.Timestamp("2025-01-01", tz=LOCAL_TIME), 8760.0, days))
    assert {part.standby_group for part in parts} == {"P-1"}
    hours = sum(part.hours for part in parts)
    # An hour meter on one of them moves the split and leaves the duty nearly alone.
    reading = Observation(name="hours", kind="hours", value=0.5 * parts[0].hours, sd=1.0, weights={"P-1A": 1.0})
    result, _ = adjust(parts, [reading], prior_rules())
    after = {part.tag: part.hours_after for part in result.parts}
    assert after["P-1A"] == pytest.approx(0.5 * parts[0].hours, rel=0.02)
    assert after["P-1B"] > parts[1].hours
    assert sum(after.values()) == pytest.approx(hours, rel=0.15)


def test_a_group_that_would_run_more_than_a_day_is_refused():
    too_much = MotorInventory(
        motors=tuple(row(tag, hours_per_day=14.0, standby_group="P") for tag in ("A", "B")), file="m.csv"
    )
    with pytest.raises(InputError) as caught:
        plan_machines(make_site(), too_much)
    assert [p.key for p in caught.value.problems] == ["load_standby_over_day"]
