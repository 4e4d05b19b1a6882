"""Loads that wait for the sun in a study: what moves, what stays, and that nothing is counted twice."""

from dataclasses import replace
from datetime import time, timedelta, timezone

import numpy as np
import pandas as pd
import pytest

from mine_energy import catalog
from mine_energy.errors import InputError
from mine_energy.io.results import study_adapter, study_document
from mine_energy.io.site_file import read_inputs, read_site
from mine_energy.loads import LoadProfile
from mine_energy.messages import LANGUAGES, finding_text, problem_text
from mine_energy.site import DeferrableChoice
from mine_energy.study import run_study
from mine_energy.study.audited import run_audit
from mine_energy.study.shifting import Deferral, Waiting, deferral_of
from site_texts import GRID, PLACE, YEAR

PILOT = catalog.packaged("site_configs/los_conquistadores.toml")
ZONE = timezone(timedelta(hours=-5))
DAYS = 4
INDEX = pd.date_range("2025-03-03", periods=24 * DAYS, freq="h", tz=ZONE)
HOUR = INDEX.hour.to_numpy()
SUN = np.maximum(np.sin((HOUR - 6) / 12 * np.pi), 0.0)
BATCH = {"name": "lote", "tags": ("PT-ML1", "PT-CL1", "PT-CN1"), "earliest": time(6), "deadline": time(22)}


def block(**changed):
    return DeferrableChoice(**{"name": "molino", "kwh_per_day": 120.0, "usual": "19:00-23:00"} | changed)


def evening(first=19, last=23, kw=30.0):
    return np.where((first <= HOUR) & (last > HOUR), kw, 0.0)


def profile(values, reactive=None):
    series = [None if one is None else pd.Series(one, index=INDEX) for one in (values, reactive)]
    return LoadProfile(load_kw=series[0], reactive_kvar=series[1], step_minutes=60, origin="metered")


def served(choice, present, load=None, kwp=100.0, reactive=None):
    total = present + 5.0 if load is None else load
    deferral = Deferral(waiting=(Waiting(choice=choice, before_kw=present, after_kw=present),))
    found = deferral.served(profile(total, reactive), SUN, kwp)
    return found.load, found.blocks[0]


def daily(values):
    return np.asarray(values).reshape(DAYS, 24).sum(axis=1)


def test_an_evening_batch_runs_at_noon_and_keeps_the_energy_of_every_day():
    load, found = served(block(sun_share=1.0), evening())
    assert found.reason == "moved"
    assert daily(load.load_kw) == pytest.approx(daily(evening() + 5.0))
    assert found.from_pv_before_kwh == 0
    assert found.from_pv_after_kwh == found.energy_after_kwh == found.energy_kwh == 120 * DAYS
    assert load.load_kw[(HOUR < 7) | (HOUR >= 17)].max() == 5.0
    assert (found.starts_before, found.starts_after) == (DAYS, DAYS)


def test_a_machine_runs_whole_and_starts_when_the_sun_carries_its_share():
    whole, _ = served(block(sun_share=1.0), evening(), kwp=35.0)
    half, _ = served(block(sun_share=0.5), evening(), kwp=35.0)
    powers = {*np.round(half.load_kw - 5.0, 9), *np.round(whole.load_kw - 5.0, 9)}
    assert powers == {0.0, 30.0}
    # Of 35 kWp 30 kW are left at noon alone; half of it is there from 9 to 15 h.
    assert np.flatnonzero(half.load_kw[:24] > 5)[0] < np.flatnonzero(whole.load_kw[:24] > 5)[0]


def test_its_reactive_power_goes_along():
    reactive = 0.5 * evening() + 2.0
    load, _ = served(block(), evening(), reactive=reactive)
    assert load.reactive_kvar.sum() == pytest.approx(reactive.sum())
    assert load.reactive_kvar.min() >= 0
    gone = reactive[19] * 30 / 35
    assert load.reactive_kvar.iloc[9] == pytest.approx(2.0 + gone)
    assert load.reactive_kvar.iloc[19] == pytest.approx(reactive[19] - gone)


def test_a_meter_that_shows_less_than_the_schedule_has_the_last_word():
    seen = np.where(HOUR == 19, 10.0, evening() + 5.0)
    load, found = served(block(), evening(), load=seen)
    assert found.unseen_kwh == pytest.approx(20 * DAYS)
    assert load.load_kw.min() >= 0
    assert daily(load.load_kw) == pytest.approx(daily(seen))


def test_work_that_does_not_fit_between_its_hours_stays():
    load, found = served(block(earliest=time(9), deadline=time(12)), evening())
    assert (found.reason, found.days_kept) == ("window", DAYS - 1)
    assert load.load_kw.tolist() == (evening() + 5.0).tolist()
    # One long day among short ones: the long one alone stays.
    present = np.where((HOUR >= 19) & (np.where(np.arange(HOUR.size) < 24, 24, 21) > HOUR), 30.0, 0.0)
    load, found = served(block(earliest=time(0), deadline=time(14), max_kw=10.0), present)
    assert (found.reason, found.days_kept) == ("moved", 1)
    assert load.load_kw[:24].tolist() == (present[:24] + 5.0).tolist()
    assert load.load_kw.to_numpy()[24:][HOUR[24:] >= 14].max() == 5.0


def test_what_uses_no_more_pv_stays():
    noon = evening(10, 14)
    load, found = served(block(), noon)
    assert found.reason == "no_gain"
    assert load.load_kw.tolist() == (noon + 5.0).tolist()
    assert served(block(), evening(), kwp=0.0)[1].reason == "no_gain"
    assert served(block(), 0 * noon)[1].reason == "idle"


def test_a_tank_is_filled_by_the_sun_and_one_that_runs_dry_is_left():
    pump = {"kind": "tank", "flow_m3_per_hour": 10.0}
    load, found = served(block(**pump, tank_m3=100.0), evening(18, 22, 6.0))
    assert (found.reason, found.tank_kwh) == ("moved", pytest.approx(60.0))
    assert load.load_kw.sum() == pytest.approx((evening(18, 22, 6.0) + 5.0).sum())
    assert found.from_pv_after_kwh > found.from_pv_before_kwh
    narrow = block(**pump, tank_m3=20.0, earliest=time(9), deadline=time(15))
    load, found = served(narrow, evening(18, 22, 6.0))
    assert found.reason == "dry"
    assert found.dry_kwh > 0
    assert load.load_kw.tolist() == (evening(18, 22, 6.0) + 5.0).tolist()


# A whole study


def waiting(*blocks, **sections):
    inputs = read_inputs(PILOT)
    site = inputs.site.model_copy(update={"deferrable": tuple(DeferrableChoice(**one) for one in blocks), **sections})
    return replace(inputs, site=site)


@pytest.fixture(scope="module")
def moved():
    return run_study(waiting(BATCH | {"capex_usd": 2500.0}), with_sizing=False)


def test_the_states_without_pv_are_those_of_a_plant_that_does_not_wait(moved, pilot_study):
    for one, plain in zip(moved.states[:2], pilot_study.states[:2], strict=True):
        assert one == plain
    assert moved.load_after == pilot_study.load_after
    assert moved.design.after_measures == pilot_study.design.after_measures
    assert pilot_study.shifting is None


def test_the_day_keeps_its_energy_and_every_hour_closes(moved, pilot_study):
    h, plain = moved.hourly, pilot_study.hourly
    gap = h.pv_used_kw + h.import_kw + h.genset_kw + h.unserved_kw - h.load_after_kw
    assert gap.abs().max() < 1e-9
    days = [one.load_after_kw.resample("D").sum() for one in (h, plain)]
    pd.testing.assert_series_equal(*days, rtol=1e-9, check_names=False)
    assert (h.load_after_kw - plain.load_after_kw).abs().max() > 10


def test_the_unmoved_plant_is_the_study_without_blocks(moved, pilot_study):
    shifting, plain = moved.shifting, pilot_study.states[2]
    assert shifting.cost_unmoved_per_year == pytest.approx(plain.cost_per_year, rel=1e-12)
    assert shifting.pv_used_unmoved_kwh == pytest.approx(plain.pv_used_kwh, rel=1e-12)
    assert shifting.import_kwh < shifting.import_unmoved_kwh
    assert shifting.pv_used_kwh - shifting.pv_used_unmoved_kwh == pytest.approx(
        sum(one.from_pv_after_kwh - one.from_pv_before_kwh for one in shifting.blocks), rel=1e-9
    )


def test_what_waiting_saves_is_part_of_pvs_saving_and_added_to_nothing(moved, pilot_study):
    saving = moved.states[1].cost_per_year - moved.states[2].cost_per_year
    plain = pilot_study.states[1].cost_per_year - pilot_study.states[2].cost_per_year
    assert saving == pytest.approx(plain + moved.shifting.saved_per_year, rel=1e-12)
    assert moved.shifting.saved_per_year > 0
    bought = {line.key: line.amount for line in moved.finance.pv.capex_lines}
    assert bought.pop("deferrable") == 2500.0
    assert bought == {line.key: line.amount for line in pilot_study.finance.pv.capex_lines}
    both = moved.finance.both
    assert both.annual_saving == pytest.approx(moved.finance.measures.annual_saving + saving)


def test_the_three_bills_of_the_class_step_wait_too(moved, pilot_study):
    steps = [
        {one.inverter_kw_ac: one.payable for one in study.bills.class_step.bills} for study in (moved, pilot_study)
    ]
    assert steps[0].keys() == steps[1].keys()
    assert all(steps[0][kw] < steps[1][kw] for kw in steps[0] if kw > 100)


def test_a_study_that_waits_says_so_and_comes_back_from_its_json(moved):
    said = {f.key: f for f in moved.findings if f.key.startswith("study_shift")}
    assert set(said) == {"study_shift_block", "study_shift_saves"}
    for finding in said.values():
        assert all("{" not in finding_text(finding, language) for language in LANGUAGES)
    back = study_adapter().validate_python(study_document(moved))
    assert back.shifting.blocks[0].tags == BATCH["tags"]
    assert back.shifting.saved_per_year == pytest.approx(moved.shifting.saved_per_year)


def test_a_machine_after_its_measures_waits_with_what_they_leave():
    inputs = waiting(BATCH)
    audited = run_audit(inputs)
    (one,) = deferral_of(inputs, audited).waiting
    hours = audited.load_before.step_hours
    less = sum(s.energy_kwh_per_year for s in audited.savings if s.decision == "apply" and s.tag in BATCH["tags"])
    mill = sum(m.energy_kwh_per_year for m in audited.machines if m.tag in BATCH["tags"])
    assert one.before_kw.sum() * hours == pytest.approx(mill)
    assert one.after_kw.sum() * hours == pytest.approx(mill - less)
    assert less > 0


# The site file

BASE = PLACE + YEAR + GRID
STATED = 'kwh_per_day = 90.0\nusual = "18:00-21:00"\n'
TANK = "kind = 'tank'\n" + STATED
SHIFT = "[[measures.shift]]\ntag = 'ML'\nschedule = '08:00-10:00'\n"
INVENTORY = "[inventory]\nfile = 'sitio.toml'\n"


def written(tmp_path, text):
    path = tmp_path / "sitio.toml"
    path.write_text(BASE + text, encoding="utf-8")
    return path


def test_a_block_is_read_with_its_times(tmp_path):
    text = "[[deferrable]]\nname = 'agua'\nearliest = 06:30:00\ndeadline = 18:00:00\ntank_m3 = 40.0\n"
    site = read_site(written(tmp_path, text + "flow_m3_per_hour = 12.0\n" + TANK))
    assert site.deferrable[0].earliest == time(6, 30)
    assert site.deferrable[0].kind == "tank"


@pytest.mark.parametrize(
    ("text", "key", "field"),
    [
        ("", "deferrable_no_energy", "kwh_per_day"),
        (STATED + "tags = ['ML']\n" + INVENTORY, "deferrable_energy_twice", "kwh_per_day"),
        ("kwh_per_day = 90.0\n", "deferrable_usual", "usual"),
        ("kwh_per_day = 90.0\nusual = 'tarde'\n", "load_schedule_unreadable", "usual"),
        ("tags = ['ML']\n", "deferrable_no_inventory", "tags"),
        (STATED + "min_kw = 30.0\nmax_kw = 20.0\n", "deferrable_powers", "min_kw"),
        (STATED + "earliest = 6\n", "not_a_time", "earliest"),
        (STATED + "sun_share = 0.0\n", "must_be_over", "sun_share"),
        (STATED + "tank_m3 = 3.0\n", "deferrable_tank_of_batch", "tank_m3"),
        (TANK + "tank_m3 = 3.0\n", "deferrable_tank_missing", "flow_m3_per_hour"),
        ("tags = ['ML']\n" + INVENTORY + SHIFT, "deferrable_and_shift", "tags"),
    ],
)
def test_what_a_block_cannot_say_is_refused_with_a_fix(tmp_path, text, key, field):
    with pytest.raises(InputError) as raised:
        read_site(written(tmp_path, f"[[deferrable]]\nname = 'x'\n{text}"))
    (problem,) = raised.value.problems
    assert (problem.key, problem.field) == (key, f"deferrable.1.{field}")
    for language in LANGUAGES:
        assert all(part and "{" not in part for part in problem_text(problem, language))


def test_two_blocks_share_neither_name_nor_machine(tmp_path):
    one = "[[deferrable]]\nname = 'x'\ntags = ['ML']\n"
    with pytest.raises(InputError) as raised:
        read_site(written(tmp_path, one + one + INVENTORY))
    found = {(problem.key, problem.field) for problem in raised.value.problems}
    assert found == {("deferrable_name_twice", "deferrable.2.name"), ("deferrable_tag_twice", "deferrable.2.tags")}


def test_a_machine_that_the_inventory_does_not_have_is_named(tmp_path):
    (tmp_path / "motores.csv").write_bytes(PILOT.with_name("los_conquistadores_motores.csv").read_bytes())
    text = "[[deferrable]]\nname = 'x'\ntags = ['PT-ML1', 'PT-XX']\n[inventory]\nfile = 'motores.csv'\n"
    with pytest.raises(InputError) as raised:
        read_inputs(written(tmp_path, text))
    (problem,) = raised.value.problems
    assert (problem.key, problem.field, problem.value) == ("reading_unknown_tag", "deferrable.1.tags", "PT-XX")
    assert problem.line
