"""The decarbonisation plan: order, lead times and ramps, wedges, classes of their own, money, what does not add up."""

from dataclasses import replace
from math import fsum

import numpy as np
import numpy_financial
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from mine_energy.emissions import FactorKindError, factor_band, load_factor
from mine_energy.errors import InputError
from mine_energy.messages import LANGUAGES, finding_text, problem_text
from mine_energy.plan import (
    Cut,
    Plan,
    PlanBase,
    PlanMeasure,
    PlanMoney,
    PlanSpan,
    Slice,
    build_plan,
)

LOW, HIGH = factor_band(country="CO", kind="location_average")
CO_2024 = load_factor(country="CO", kind="location_average", year=2024)
# 250 MWh at 0.22 = 55 t; 40 t of diesel; 5 t of waste: 100 t.
BASE = PlanBase(
    base_year=2024,
    boundary="the plant",
    slices=(
        Slice(key="electricity", scope=2, energy_kwh=250_000.0, price_per_kwh=0.25),
        Slice(key="diesel", scope=1, t_co2e=40.0),
        Slice(key="waste", scope=3, t_co2e=5.0),
    ),
    factor=CO_2024,
    low_factor=LOW,
    high_factor=HIGH,
)
MONEY = PlanMoney(currency="USD", discount_rate=0.08, budget=100_000.0)
SPAN = PlanSpan(first_year=2025, plan_years=2, last_year=2030)


def exactly(amount, unit="fraction"):
    return Cut(low=amount, likely=amount, high=amount, unit=unit)


def measure(key="audit", slice="electricity", cut=None, **changes):
    given = {
        "cut": cut or exactly(0.1),
        "life_years": 10.0,
        "capex": 5_000.0,
        "payer": "mine",
        "evidence": "audit of 2024",
    }
    return PlanMeasure(key=key, slice=slice, **(given | changes))


def plan(*measures, base=BASE, money=MONEY, span=SPAN):
    return build_plan(base, measures, money, span)


def doubts(found):
    for finding in (*found.doubts, *found.findings):
        for language in LANGUAGES:
            assert len(finding_text(finding, language)) > 15
    return {finding.key for finding in found.doubts}


def wedge(found, key, year):
    return next(w for w in (*found.wedges, *found.certificates, *found.removals) if (w.key, w.year) == (key, year))


# ---------------------------------------------------------------- order and interaction


def test_each_measure_acts_on_what_the_earlier_ones_left():
    # 55 t: audit 20 % takes 11 (50 MWh); PV 50 % of the 44 left takes 22 (100 MWh), not 27.5.
    found = plan(measure(cut=exactly(0.2)), measure("pv", cut=exactly(0.5)))
    assert wedge(found, "audit", 2025).t_co2e == pytest.approx(11.0)
    assert wedge(found, "pv", 2025).t_co2e == pytest.approx(22.0)
    assert wedge(found, "pv", 2025).energy_kwh == pytest.approx(100_000.0)
    assert found.years[0].location_t_co2e == pytest.approx(67.0)


def test_the_order_is_that_of_implementation_and_not_of_the_list():
    late = measure("pv", cut=exactly(0.5), lead_months=12.0)
    found = plan(late, measure(cut=exactly(0.2)))
    assert [item.key for item in found.measures] == ["audit", "pv"]
    assert wedge(found, "audit", 2026).t_co2e == pytest.approx(11.0)
    assert wedge(found, "pv", 2026).t_co2e == pytest.approx(22.0)


def test_a_measure_waits_for_another_to_work():
    # Permits 6 months, then 3 months of building: it works in month 9; 2025 has a quarter of its effect.
    permit = measure("permit", cut=exactly(0.0), lead_months=6.0, capex=500.0)
    pv = measure("pv", cut=exactly(100_000.0, "kwh"), starts_after="permit", lead_months=3.0)
    found = plan(pv, permit)
    task = next(task for task in found.tasks if task.key == "pv")
    assert (task.start_month, task.online_month) == (6.0, 9.0)
    assert wedge(found, "pv", 2025).t_co2e == pytest.approx(22.0 / 4)
    assert wedge(found, "pv", 2026).t_co2e == pytest.approx(22.0)


def test_a_ramp_rises_in_a_straight_line_and_a_life_ends():
    # 12 t a year, working from month 6 with a ramp of 12 months, for 2 years (to month 30).
    # 2025: integral of (m-6)/12 from 6 to 12 = 1.5 months of 12: 1.5 t. 2026: 4.5 months to 18 and 6 more: 10.5 t.
    # 2027: 6 months: 6 t. 2028: nothing.
    ramped = measure("r", "diesel", exactly(12.0, "t_co2e"), lead_months=6.0, ramp_months=12.0, life_years=2.0)
    found = plan(ramped)
    assert [wedge(found, "r", year).t_co2e for year in (2025, 2026, 2027, 2028)] == [
        pytest.approx(1.5),
        pytest.approx(10.5),
        pytest.approx(6.0),
        0.0,
    ]


# ---------------------------------------------------------------- balance and bands

fractions = st.floats(0, 1)
some_measures = st.lists(
    st.tuples(
        fractions,
        fractions,
        st.sampled_from(["electricity", "diesel", "waste"]),
        st.integers(0, 40),
        st.floats(0, 60),
        st.floats(0.5, 12),
    ),
    max_size=6,
)


@given(some_measures, st.floats(-0.05, 0.1))
def test_every_year_closes_and_nothing_is_cut_below_nothing(rows, decline):
    measures = [
        measure(
            f"m{place}",
            part,
            Cut(low=a * b, likely=a, high=a + (1 - a) * b),
            start_month=start,
            ramp_months=ramp,
            life_years=life,
        )
        for place, (a, b, part, start, ramp, life) in enumerate(rows)
    ]
    found = plan(*measures, base=replace(BASE, decline=decline, decline_source="tested"))
    for year in found.years:
        taken = fsum(w.t_co2e for w in found.wedges if w.year == year.year)
        assert taken == pytest.approx(year.wedges_t_co2e, abs=1e-9)
        total = year.base_t_co2e + year.factor_effect_t_co2e - year.wedges_t_co2e
        assert total == pytest.approx(year.location_t_co2e, abs=1e-9)
        assert -1e-9 <= year.low_t_co2e <= year.location_t_co2e + 1e-9
        assert year.location_t_co2e <= year.high_t_co2e + 1e-9


def test_the_factor_has_a_band_of_its_own():
    # 250 MWh: wet 0.112 takes 27 t without anybody doing anything; the last official year was dry, so dry adds none.
    year = plan().years[0]
    assert (year.factor_effect_t_co2e, year.factor_low_t_co2e, year.factor_high_t_co2e) == (
        pytest.approx(0.0),
        pytest.approx(-27.0),
        pytest.approx(0.0),
    )
    found = plan(measure(cut=exactly(0.2)))
    assert (wedge(found, "audit", 2025).wet_t_co2e, wedge(found, "audit", 2025).dry_t_co2e) == (
        pytest.approx(5.6),
        pytest.approx(11.0),
    )


def test_a_decline_counts_from_the_base_year():
    found = plan(base=replace(BASE, decline=0.03, decline_source="UPME, as I read it"))
    assert found.years[-1].factor_effect_t_co2e == pytest.approx(55 * (0.97**6 - 1))
    assert "plan_no_decline" in {finding.key for finding in plan().findings}
    assert "plan_no_decline" not in {finding.key for finding in found.findings}


# ---------------------------------------------------------------- classes of their own


def test_removals_stand_beside_and_certificates_lower_the_market_figure_alone():
    # 60 MWh of certificates on 200 MWh left: 13.2 t. Trees: 2 t a year after 5 years: in the first year 0.2 t.
    found = plan(
        measure(cut=exactly(0.2)),
        measure("recs", cut=exactly(60_000.0, "kwh"), kind="certificate", capex=0.0, opex_per_year=90.0),
        measure("trees", "", exactly(2.0, "t_co2e"), kind="removal", ramp_months=60.0, life_years=30.0),
    )
    first = found.years[0]
    assert first.location_t_co2e == pytest.approx(89.0)
    assert first.market_t_co2e == pytest.approx(89.0 - 13.2)
    assert first.removals_t_co2e == pytest.approx(0.2)
    assert [found.years[i].removals_t_co2e for i in (1, 4, 5)] == [
        pytest.approx(0.6),
        pytest.approx(1.8),
        pytest.approx(2.0),
    ]
    assert {block.key for block in found.curve} == {"audit"}


def test_certificates_beyond_what_is_left_cover_nothing_more():
    found = plan(
        measure(cut=exactly(0.9)), measure("recs", cut=exactly(250_000.0, "kwh"), kind="certificate", capex=0.0)
    )
    assert found.years[0].market_t_co2e == pytest.approx(45.0)
    assert "plan_certificate_beyond" in doubts(found)


# ---------------------------------------------------------------- money


def test_negative_costs_are_ranked_by_present_value():
    # Both earn money. Per tonne the small one looks better (-NPV over few tonnes); the large one earns more.
    small = measure("small", "waste", exactly(0.01, "t_co2e"), capex=100.0, saving_per_year=200.0)
    large = measure("large", "diesel", exactly(20.0, "t_co2e"), capex=20_000.0, saving_per_year=8_000.0)
    dear = measure("dear", "diesel", exactly(5.0, "t_co2e"), capex=50_000.0)
    unpriced = measure("unpriced", "diesel", exactly(1.0, "t_co2e"), capex=None)
    found = plan(small, dear, unpriced, large)
    assert [block.key for block in found.curve] == ["large", "small", "dear", "unpriced"]
    by_key = {block.key: block for block in found.curve}
    assert by_key["small"].cost_per_t < by_key["large"].cost_per_t < 0 < by_key["dear"].cost_per_t


@pytest.mark.reference
def test_cost_per_tonne_against_numpy_financial():
    # 20,000 and 8,000 a year less 500 of upkeep for 10 years at 8 %, 20 t a year.
    found = plan(
        measure("m", "diesel", exactly(20.0, "t_co2e"), capex=20_000.0, saving_per_year=8_000.0, opex_per_year=500.0)
    )
    (block,) = found.curve
    npv = numpy_financial.npv(0.08, [-20_000.0, *np.full(10, 7_500.0)])
    assert block.npv == pytest.approx(npv, abs=1e-6)
    assert block.cost_per_t == pytest.approx(numpy_financial.pmt(0.08, 10, npv) / 20.0, abs=1e-6)


def test_a_saving_takes_the_price_of_the_slice_where_nobody_states_one():
    # 10 % of 250 MWh at 0.25 = 6,250 a year; stated savings win.
    assert plan(measure()).years[1].saving == pytest.approx(6_250.0)
    assert plan(measure(saving_per_year=1_000.0)).years[1].saving == pytest.approx(1_000.0)


def test_who_pays_and_what_the_budget_carries():
    found = plan(
        measure(capex=30_000.0),
        measure("pv", capex=90_000.0, payer="third party", from_budget=False),
        measure("fans", capex=None),
    )
    rows = {row.payer: row for row in found.payers}
    assert (rows["mine"].capex, rows["mine"].unpriced, rows["third party"].capex) == (30_000.0, 1, 90_000.0)
    assert found.capex_steps[-1].cumulative == 120_000.0
    assert found.capex_steps[-1].cumulative_of_budget == 30_000.0
    assert "plan_over_budget" not in doubts(found)
    assert "plan_no_price" in doubts(found)


def test_cash_of_a_year():
    # Decided in month 14: capex in 2026; works from month 18, half of 2026.
    found = plan(measure(start_month=14, lead_months=4.0, opex_per_year=100.0))
    assert [year.capex for year in found.years[:3]] == [0.0, 5_000.0, 0.0]
    assert found.years[1].cash == pytest.approx(6_250 / 2 - 5_000 - 50)


# ---------------------------------------------------------------- what does not add up


def test_the_published_plan_of_the_pilot_does_not_add_up():
    # USD 100,000 in two years, permits of 6 to 12 months, trees that take 5 years.
    measures = [
        measure("audit", capex=14_000.0),
        measure("pv", cut=exactly(0.9), capex=120_000.0, lead_months=12.0),
        measure("trees", "", exactly(2.0, "t_co2e"), kind="removal", capex=1_000.0, ramp_months=60.0, life_years=30.0),
        measure("fleet", "diesel", Cut(low=0.2, likely=0.4, high=0.5), capex=None, payer="", evidence=""),
        measure("fuel", "diesel", Cut(low=0.3, likely=0.5, high=0.6)),
    ]
    found = plan(*measures, base=replace(BASE, stated_total_t_co2e=610.0))
    assert doubts(found) == {
        "plan_over_budget",
        "plan_no_price",
        "plan_no_payer",
        "plan_no_evidence",
        "plan_long_lead",
        "plan_full_late",
        "plan_cuts_added",
        "plan_slices_total",
        "plan_electricity_reach",
    }
    # 14,000 + 120,000 + 1,000 + 5,000.
    over = next(finding for finding in found.doubts if finding.key == "plan_over_budget")
    assert (over.params["first"], over.params["over"]) == ("pv", pytest.approx(40_000.0))
    trees = next(finding for finding in found.doubts if finding.key == "plan_full_late")
    # In the second of five years of growth: 18 months of 60 on average.
    assert trees.params["percent"] == pytest.approx(30.0)


def test_late_measures_and_years_over_their_budget():
    money = replace(MONEY, budget_by_year=(4_000.0, 90_000.0))
    found = plan(measure(), measure("slow", lead_months=6.0, ramp_months=12.0, start_month=12), money=money)
    assert {"plan_year_over_budget", "plan_budget_split", "plan_full_late", "plan_start_earlier"} <= doubts(found)
    assert "plan_late" in doubts(plan(measure(start_month=30)))


def test_a_cut_larger_than_what_is_left_says_so():
    found = plan(measure("pv", cut=exactly(300_000.0, "kwh")))
    assert "plan_cut_beyond" in doubts(found)
    assert found.years[0].location_t_co2e == pytest.approx(45.0)
    # With a decline the tonnes of a kWh fall, which is no fault of the measure.
    falling = replace(BASE, decline=0.05, decline_source="tested")
    assert "plan_cut_beyond" not in doubts(
        plan(measure("pv", cut=exactly(200_000.0, "kwh"), ramp_months=24), base=falling)
    )


def test_a_plan_that_adds_up_has_no_warning():
    found = plan(measure(), measure("waste", "waste", exactly(0.3)))
    assert doubts(found) == {"plan_electricity_reach"}


# ---------------------------------------------------------------- bad inputs


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"slice": "water"}, "plan_slice"),
        ({"cut": Cut(low=0.3, likely=0.2, high=0.4)}, "plan_cut_order"),
        ({"cut": exactly(20.0)}, "plan_range"),
        ({"cut": exactly(float("nan"))}, "plan_range"),
        ({"life_years": 0.0}, "plan_range"),
        ({"capex": -1.0}, "plan_range"),
        ({"slice": "diesel", "cut": exactly(5.0, "kwh")}, "plan_not_electricity"),
        ({"slice": "diesel", "kind": "certificate"}, "plan_not_electricity"),
        ({"kind": "removal"}, "plan_removal_unit"),
        ({"starts_after": "nothing"}, "plan_starts_after"),
        ({"starts_after": "audit"}, "plan_starts_after"),
    ],
)
def test_impossible_measures_are_refused(changes, key):
    with pytest.raises(InputError) as caught:
        plan(measure(**changes))
    assert key in {problem.key for problem in caught.value.problems}
    for problem in caught.value.problems:
        for language in LANGUAGES:
            assert problem_text(problem, language)


@pytest.mark.parametrize(
    ("base", "key"),
    [
        (replace(BASE, factor=None), "plan_needs_factor"),
        (replace(BASE, decline=0.02), "plan_no_source"),
        (replace(BASE, slices=(Slice(key="a", scope=4, t_co2e=1.0),)), "plan_scope"),
        (replace(BASE, slices=(Slice(key="a", scope=1),)), "plan_empty_slice"),
        (replace(BASE, slices=(Slice(key="a", scope=1, t_co2e=1.0),) * 2), "plan_twice"),
    ],
)
def test_impossible_bases_are_refused(base, key):
    with pytest.raises(InputError) as caught:
        plan(base=base)
    assert key in {problem.key for problem in caught.value.problems}
    for problem in caught.value.problems:
        for language in LANGUAGES:
            assert problem_text(problem, language)


def test_a_plan_takes_no_margin_and_no_foreign_band():
    with pytest.raises(FactorKindError):
        plan(base=replace(BASE, factor=load_factor(country="CO", kind="cm_wind_solar", year=2024)))
    with pytest.raises(FactorKindError):
        plan(base=replace(BASE, low_factor=load_factor(country="PE", kind="location_average", year=2024)))


def test_every_problem_comes_at_once():
    with pytest.raises(InputError) as caught:
        plan(
            measure(slice="x"),
            measure(slice="y", capex=-1.0),
            span=PlanSpan(first_year=2025, plan_years=0, last_year=2020),
        )
    assert len(caught.value.problems) == 6


def test_an_off_grid_plant_has_a_plan_without_a_factor():
    base = PlanBase(base_year=2024, boundary="camp", slices=(Slice(key="diesel", scope=1, t_co2e=300.0),))
    found = plan(measure("pv", "diesel", exactly(0.6), capex=90_000.0), base=base)
    assert found.years[0].location_t_co2e == pytest.approx(120.0)
    assert (found.years[0].factor_effect_t_co2e, found.findings) == (0.0, ())


def test_a_plan_survives_json_and_repeats_itself():
    found = plan(measure(), measure("recs", cut=exactly(1000.0, "kwh"), kind="certificate"))
    adapter = TypeAdapter(Plan)
    assert adapter.validate_json(adapter.dump_json(found)) == found
    assert adapter.dump_json(found) == adapter.dump_json(
        plan(measure(), measure("recs", cut=exactly(1000.0, "kwh"), kind="certificate"))
    )


def test_a_budget_that_holds_the_capex_and_not_the_running_costs_is_said():
    # 5,000 at the start and 4,000 a year from the seventh month on: 2,000 and 4,000 in the two years of the plan.
    one = measure(capex=95_000.0, opex_per_year=4_000.0, lead_months=6.0)
    found = build_plan(BASE, [one, measure("own", "diesel", opex_per_year=9e5, from_budget=False)], MONEY, SPAN)
    assert [year.opex_of_budget for year in found.years[:3]] == [2_000.0, 4_000.0, 4_000.0]
    said = next(finding for finding in found.doubts if finding.key == "plan_opex_over_budget")
    assert said.params == {"capex": 95_000.0, "opex": 6_000.0, "budget": 100_000.0, "currency": "USD"}
    assert "plan_over_budget" not in doubts(found)
    split = replace(MONEY, budget=200_000.0, budget_by_year=(96_000.0, 104_000.0))
    late = build_plan(BASE, [one], split, SPAN)
    assert [f.subject for f in late.doubts if f.key == "plan_year_opex_over_budget"] == ["2025"]
    assert "plan_opex_over_budget" not in doubts(late)
    for finding in (said, *late.doubts):
        assert all("{" not in finding_text(finding, language) for language in LANGUAGES)
