"""Measures in the audit: the load they leave, their money by the bill, decisions, supply curve, verification."""

from datetime import time

import numpy as np
import pandas as pd
import pytest

from mine_energy.audit import audit
from mine_energy.audit.decisions import terms_of
from mine_energy.audit.verification import METHODS, expected_uncertainty, verification_plan
from mine_energy.errors import Finding
from mine_energy.finance import cost_of_conserved_energy, npv
from mine_energy.loads import LoadProfile, build_load
from mine_energy.measures import MEASURES, Saving
from mine_energy.messages import finding_text
from mine_energy.motors import Motor, MotorInventory
from mine_energy.site import EmissionsChoice, FinanceChoice, GridConnection, MeasuresChoice, Shift, Site, SiteFacts
from mine_energy.tariffs import bill, load_tariff
from mine_energy.vocabulary import choices

YEAR = 2025


def make_site(country="CO", finance=None, **measures):
    place = {"CO": (3.0, -76.6), "PE": (-15.8, -73.4)}[country]
    return Site(
        site=SiteFacts(
            name="Plant",
            country=country,
            latitude=place[0],
            longitude=place[1],
            altitude_m=1200,
            workdays_per_month=26,
            shifts=(Shift(start=time(6), end=time(22)),),
        ),
        connection=GridConnection(kind="grid", tariff="x"),
        emissions=EmissionsChoice(activity_year=YEAR),
        measures=MeasuresChoice.model_validate(measures),
        finance=FinanceChoice.model_validate(finance or {}),
    )


def row(tag="M-1", hours=8.0, **values):
    base = {"tag": tag, "rated_power_kw": 37.0, "poles": 4, "efficiency": 0.905, "load_factor": 0.75}
    return Motor(**base | {"hours_per_day": hours} | values)


def inventory(*motors):
    return MotorInventory(motors=motors, file="motors.csv")


PLANT = inventory(
    row("C-1", 4.0, equipment="compressor", unloaded_hours_per_day=1.5, rated_power_kw=55, schedule="06:00-10:00"),
    row("F-1", 12.0, rated_power_kw=7.5, efficiency=0.86, load_type="centrifugal", process="ventilation"),
    row("M-1", 3.0, process="grinding", transmission="v_belt", schedule="18:00-21:00"),
)
MEASURES_OF_PLANT = {
    "leaks": [{"tag": "C-1", "leak_fraction": 0.25, "repaired_fraction": 0.6, "control": "load_unload"}],
    "ventilation": [{"tag": "F-1", "duty": [[0.5, 1.0], [0.5, 0.6]], "minimum_flow_fraction": 0.5}],
    "belt": [{"tag": "M-1", "new": "notched_belt", "capex_usd": 200}],
    "power_factor": {"target": 0.95, "step_kvar": 5, "capex_usd": 1500},
}
CO = "co_ceo_n2_2025_estimate"


@pytest.fixture(scope="module")
def result():
    return audit(make_site(adopt="all", **MEASURES_OF_PLANT), PLANT, year=YEAR, tariff=load_tariff(CO))


def total_bill(load, tariff):
    return bill(load.load_kw.clip(lower=0), tariff, reactive_kvar=load.reactive_kvar).total


def test_the_values_add_up_to_the_difference_of_the_bills(result):
    tariff = load_tariff(CO)
    expected = total_bill(result.load_before, tariff) - total_bill(result.load_after, tariff)
    values = [s.value_per_year for s in result.savings if s.decision == "apply"]
    assert sum(values) == pytest.approx(expected, rel=1e-9)
    assert {s.currency for s in result.savings if s.decision == "apply"} == {"COP"}
    by_cause = {c.cause: c.value_per_year for c in result.savings_by_cause}
    assert sum(by_cause.values()) == pytest.approx(expected)
    # Capacitors save no kWh and still pay: the bill has a reactive line.
    reactive = next(c for c in result.savings_by_cause if c.cause == "reactive")
    assert (reactive.energy_kwh_per_year, by_cause["reactive"] > 0) == (0, True)


def test_the_load_falls_by_the_savings_and_the_bank_never_leads(result):
    saved = sum(s.energy_kwh_per_year for s in result.savings)
    assert result.energy_before_kwh - result.energy_after_kwh == pytest.approx(saved, rel=1e-9)
    before, after = result.load_before.reactive_kvar, result.load_after.reactive_kvar
    assert (after <= before + 1e-9).all()
    assert after.min() >= 0
    assert after.sum() < before.sum()


def test_causes_stand_in_the_order_in_which_they_are_applied(result):
    order = list(MEASURES)
    places = [order.index(c.measure) for c in result.savings_by_cause]
    assert places == sorted(places)
    known = choices("saving_cause").keys()
    assert {c.cause for c in result.savings_by_cause} <= set(known)
    assert set(MEASURES) <= set(choices("measure"))


def test_only_steady_savings_count_at_the_monthly_peak(result):
    peaks = {s.measure: s.peak_kw for s in result.savings if s.decision == "apply" and s.tag}
    assert peaks["leaks"] is None
    assert peaks["ventilation"] is None
    belt = next(s for s in result.savings if s.measure == "belt")
    assert 0 <= belt.peak_kw <= belt.demand_kw + 1e-12


def test_moving_the_mill_out_of_the_peak_hours_saves_money_alone():
    tariff = load_tariff("pe_mt2")
    site = make_site("PE", shift=[{"tag": "M-1", "schedule": "08:00-11:00", "capex_usd": 0}])
    names = ["shift"]
    found = audit(site, PLANT, year=YEAR, tariff=tariff, measures=names)
    (saving,) = found.savings
    assert (saving.energy_kwh_per_year, saving.moved_to) == (0, "08:00-11:00")
    assert found.energy_after_kwh == pytest.approx(found.energy_before_kwh)
    # The fan is placed by the seed: only the mill's own difference of powers moves.
    gone = found.load_before.load_kw - found.load_after.load_kw
    evening = gone.index.hour.isin([18, 19, 20])
    morning = gone.index.hour.isin([8, 9, 10])
    assert (gone[evening] >= -1e-9).all()
    assert (gone[morning] <= 1e-9).all()
    assert gone[~evening & ~morning].abs().max() < 1e-9
    assert saving.value_per_year > 0


def test_a_record_shorter_than_a_year_gives_no_annual_money():
    site = make_site()
    whole, _ = build_load(site, PLANT, YEAR)
    march = LoadProfile(load_kw=whole.load_kw["2025-03"], step_minutes=15, origin="metered", label="meter.csv")
    found = audit(site, PLANT, march, year=YEAR, tariff=load_tariff(CO))
    assert {s.value_per_year for s in found.savings} == {None}
    assert {d.chosen for d in found.decisions} == {"undecided"}


def test_a_meter_without_reactive_energy_gets_no_bank():
    site = make_site(power_factor={"step_kvar": 5})
    whole, _ = build_load(site, PLANT, YEAR)
    active = LoadProfile(load_kw=whole.load_kw, step_minutes=15, origin="metered", label="meter.csv")
    found = audit(site, PLANT, active, year=YEAR)
    assert found.load_after.reactive_kvar is None
    gap = next(g for g in found.gaps if g.measure == "power_factor")
    assert gap.tags == ()


# Decisions


def flat_tariff_value(found, tag):
    saving = next(s for s in found.savings if s.tag == tag and s.measure == "replacement")
    return saving.value_per_year / saving.energy_kwh_per_year


def test_a_decision_by_hand():
    site = make_site(
        finance={"discount_rate": 0.10, "mine_life_years": 8, "exchange_rate": 4000},
        rewind={"cost_share": 0.4, "loss_points": 1.0, "remaining_life_share": 0.2},
        new_motor=[{"tag": "M-1", "capex_usd": 4900}],
    )
    found = audit(site, inventory(row(hours=16.0)), year=YEAR, tariff=load_tariff(CO))
    (decision,) = found.decisions
    options = {o.key: o for o in decision.options}
    price, install = 4900 / 1.225, 4900 - 4900 / 1.225
    value = flat_tariff_value(found, "M-1") / 4000
    assert decision.value_usd_per_kwh == pytest.approx(value)
    # 15 years of life: it fails after 3 years; the mine ends after 8.
    saved, extra = options["now"].saved_kwh_per_year, 0.0
    failed = options["at_failure_new"].saved_kwh_per_year
    extra = failed - saved
    rewind = price * 0.4 + install
    flow = [-4900, *[saved * value] * 3, *[(saved + extra) * value] * 5]
    flow[3] += rewind
    assert options["now"].npv_usd == pytest.approx(npv(0.10, flow))
    # At failure: 60 % of the price of the motor, for the five years that are left.
    assert options["at_failure_new"].capex_usd == pytest.approx(price * 0.6)
    assert options["at_failure_new"].npv_usd == pytest.approx(npv(0.10, [-price * 0.6, *[failed * value] * 5]))
    assert options["at_failure_new"].cce_usd_per_kwh == pytest.approx(
        cost_of_conserved_energy(price * 0.6, 0, failed, 0.10, 5)
    )
    # Losing one point of 90.5 %: losses over output 10.5 % become 11.7 %, worth more than the class alone.
    assert extra > 0


def test_zero_is_a_value_for_the_price_and_the_loss_of_a_rewind():
    zero = make_site(rewind={"cost_share": 0.0, "loss_points": 0.0})
    terms = terms_of(zero)
    assert (terms.rewind_share, terms.rewind_points) == (0.0, 0.0)
    found = audit(zero, inventory(row(hours=16.0)), year=YEAR, tariff=load_tariff(CO))
    options = {o.key: o for o in found.decisions[0].options}
    assert options["at_failure_new"].saved_kwh_per_year == pytest.approx(options["now"].saved_kwh_per_year)
    assert terms_of(make_site()).rewind_share == 0.5


def test_few_hours_wait_for_the_failure():
    # 4 h on 312 days are 1,248 h: even an offer that pays at once waits.
    site = make_site(new_motor=[{"tag": "M-1", "capex_usd": 100}])
    found = audit(site, inventory(row(hours=4.0)), year=YEAR, tariff=load_tariff(CO))
    (decision,) = found.decisions
    assert {o.key: o.npv_usd for o in decision.options}["now"] > 0
    assert decision.chosen.startswith("at_failure")
    (busy,) = audit(
        make_site(new_motor=[{"tag": "M-1", "capex_usd": 100}]),
        inventory(row(hours=16.0)),
        year=YEAR,
        tariff=load_tariff(CO),
    ).decisions
    assert busy.chosen == "now"


def test_a_motor_that_saves_nothing_is_kept_whatever_it_costs():
    rows = inventory(
        row("A", efficiency=0.96),
        row("B", construction="wound_rotor", efficiency=0.88),
        row("C", ie_class="IE3", efficiency=None),
    )
    found = audit(make_site(new_motor=[{"tag": "A", "capex_usd": 0}]), rows, year=YEAR, tariff=load_tariff(CO))
    assert [(d.tag, d.chosen, d.reason.key) for d in found.decisions] == [
        ("A", "keep", "measure_already_better"),
        ("B", "keep", "measure_special_motor"),
        ("C", "keep", "measure_class_reached"),
    ]


def test_ie4_is_compared_only_at_the_users_price():
    keys = [
        {o.key for o in audit(make_site(rewind=rewind), inventory(row()), year=YEAR).decisions[0].options}
        for rewind in ({}, {"ie4_price_usd_per_kw": 150})
    ]
    assert "at_failure_ie4" not in keys[0]
    assert "at_failure_ie4" in keys[1]


def test_decisions_have_words_in_both_languages(result):
    for decision in result.decisions:
        assert decision.chosen in choices("decision")
        assert all(finding_text(decision.reason, language, "CO") for language in ("es", "en"))


# Supply curve


def test_the_supply_curve_rises_and_adds_up(result):
    costs = [step.cce_usd_per_kwh for step in result.supply_curve]
    assert costs == sorted(costs)
    sums = np.cumsum([step.energy_kwh_per_year for step in result.supply_curve])
    assert [step.cumulative_kwh_per_year for step in result.supply_curve] == pytest.approx(list(sums))
    # The leaks have no price and stand nowhere on it.
    assert "leaks" not in {step.measure for step in result.supply_curve}
    decided = {d.tag: d.chosen for d in result.decisions}
    for step in result.supply_curve:
        waits = step.measure == "replacement" and decided[step.tag].startswith("at_failure")
        assert step.basis == ("incremental" if waits else "full")


# Verification


def saving(measure="leaks", energy=9000.0, **values):
    base = {"tag": "C-1", "measure": measure, "cause": "x", "decision": "apply", "reason": Finding(key="measure_leaks")}
    return Saving(**base | {"quantity": 1, "energy_kwh_per_year": energy} | values)


@pytest.mark.parametrize(
    ("measure", "energy", "error", "option", "reason"),
    [
        ("leaks", 9000.0, 4000.0, "C", "verification_main_meter"),
        ("leaks", 8000.0, 4000.0, "B", "verification_hidden"),
        ("leaks", 9000.0, None, "B", "verification_no_baseline"),
        ("replacement", 9000.0, 4000.0, "A", "verification_motor"),
        ("replacement", 900.0, 4000.0, "A", "verification_hidden"),
    ],
)
def test_the_main_meter_is_promised_only_twice_its_standard_error(measure, energy, error, option, reason):
    plan = verification_plan(saving(measure, energy), 60_000.0, error)
    assert (plan.option, plan.reason.key) == (option, reason)
    assert all(finding_text(plan.reason, language, "CO") for language in ("es", "en"))


def test_the_uncertainty_of_a_small_saving_is_large():
    # 3 % of a motor, class 1, 2 % from day to day, half of the instrument's error shared, hours known to 5 %. One day:
    # sqrt(2 (0.5 x 0.01^2 + 0.02^2) / 0.03^2 + 0.5 x 0.01^2 + 0.05^2) = 100 %. 20 % needs
    # 2 (0.5 x 0.01^2 + 0.02^2) / (0.03^2 (0.2^2 - 0.00255)) = 26.7 days.
    assert expected_uncertainty(0.03, 0.01, 0.05, 1) == pytest.approx(1.00127, abs=1e-4)
    plan = verification_plan(saving("replacement", 300.0), 10_000.0)
    assert (plan.days, plan.days_needed, plan.reached) == (27, 27, True)
    assert 0.19 < plan.uncertainty <= plan.target == 0.20
    # 1 % would take 241 days: the longest campaign gives 32 %, and the plan promises no less.
    weak = verification_plan(saving("replacement", 100.0), 10_000.0)
    assert (weak.days, weak.days_needed, weak.reached) == (90, 241, False)
    assert weak.uncertainty == pytest.approx(0.3203, abs=1e-3)
    # On the main meter: 1.645 x 1000 kWh of 10,000.
    assert verification_plan(saving(energy=10_000.0), 60_000.0, 1000.0).uncertainty == pytest.approx(0.1645)


def test_every_measure_that_can_save_has_a_plan(result):
    assert set(METHODS) == set(MEASURES) - {"soft_starter", "board"}
    applied = [(s.tag, s.measure) for s in result.savings if s.decision == "apply"]
    assert [(p.tag, p.measure) for p in result.verification] == applied
    for plan in result.verification:
        assert plan.instrument in choices("verification_instrument")
        assert plan.points in choices("verification_point")
        assert plan.adjustment in choices("verification_adjustment")


def test_a_dead_plant_has_no_savings():
    found = audit(make_site(), inventory(row(hours=0.0)), year=YEAR, tariff=load_tariff(CO))
    assert {s.reason.key for s in found.savings} == {"measure_does_not_run"}
    assert (found.supply_curve, found.verification) == ((), ())
    assert [d.chosen for d in found.decisions] == ["keep"]
    assert isinstance(found.load_after.load_kw, pd.Series)
