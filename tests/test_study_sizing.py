"""Sizing in a study and on the command line: three meanings with cost, the hybrid of a diesel plant, other goals."""

from dataclasses import replace

import numpy as np
import pytest

from mine_energy import catalog
from mine_energy.dispatch import Sizes, simulate
from mine_energy.errors import Infeasible
from mine_energy.io.results import study_adapter, study_document
from mine_energy.io.site_file import read_inputs
from mine_energy.site import GridChoice
from mine_energy.study import run_sizing_only, run_study

PILOT = catalog.packaged("site_configs/los_conquistadores.toml")
METERED = catalog.packaged("site_configs/ejemplo_medido/sitio.toml")
OFFGRID = catalog.packaged("site_configs/caraveli_offgrid.toml")


def with_goal(path, **changes):
    inputs = read_inputs(path)
    goal = inputs.site.coverage.model_copy(update=changes)
    return replace(inputs, site=inputs.site.model_copy(update={"coverage": goal}))


def test_the_annual_net_array_is_the_one_the_study_has_always_had(pilot_study):
    sized = pilot_study.sizing.of("annual_net").plant
    assert sized.pv_kwp == pytest.approx(pilot_study.design.after_measures.pv_kwp, rel=1e-9)
    assert sized.annual_net_ratio == pytest.approx(1.0)


def test_each_meaning_keeps_what_it_promises(pilot_study):
    sizing = pilot_study.sizing
    assert sizing.of("hourly_self").plant.self_sufficiency >= 0.9 - 1e-6
    alone = sizing.of("offgrid").plant
    assert alone.lpsp_p90 <= 0.01 + 1e-6
    assert alone.import_kwh == 0
    assert sizing.trust.years_kept >= sizing.trust.years_needed == 27


def test_more_coverage_costs_more_and_least_cost_is_the_least(pilot_study):
    sizing = pilot_study.sizing
    cost = {one.key: one.plant.annual_cost for one in sizing.meanings}
    assert cost["annual_net"] < cost["hourly_self"] < cost["offgrid"]
    assert cost["least_cost"] <= min(cost["annual_net"], sizing.base_case.annual_cost) * (1 + 1e-3)
    costs = [point.annual_cost for point in sizing.frontier]
    assert costs == sorted(costs)


def test_energies_of_each_plant_balance(pilot_study, offgrid_study):
    for study in (pilot_study, offgrid_study):
        for one in study.sizing.meanings:
            p = one.plant
            served = p.pv_used_kwh + p.discharge_kwh + p.import_kwh + p.genset_kwh + p.unserved_kwh
            # A set at its least load charges the battery too: that part of it is served later, as discharge.
            through = p.genset_kwh if p.battery_kwh else 0.0
            near = p.load_kwh * (2e-3 if p.battery_kwh else 1e-9)
            assert -near <= served - p.load_kwh <= through + near
            parts = p.capital + p.om + p.fuel + p.imports - p.exports + p.unserved
            assert parts == pytest.approx(p.annual_cost)


def test_base_case_is_the_bill_of_the_load_after_measures(pilot_study):
    measured = pilot_study.states[1]
    assert pilot_study.sizing.base_case.annual_cost == pytest.approx(measured.cost_per_year, rel=1e-9)


def test_the_sized_array_has_the_bill_and_the_coverage_of_the_study(pilot_study):
    sized, state = pilot_study.sizing.of("annual_net").plant, pilot_study.states[2]
    sales = (
        sum(line.amount for line in state.bill.lines if line.group == "sale")
        / pilot_study.finance.exchange_rate_per_usd
    )
    assert sized.imports - sized.exports == pytest.approx(state.cost_per_year - sales, rel=1e-9)
    assert sized.self_sufficiency == pytest.approx(1 - state.import_kwh / state.load_kwh, rel=1e-9)
    assert pilot_study.sizing.of("annual_net").lower_bound is None


def test_more_is_known_of_no_plant_than_of_the_least_cost(offgrid_study):
    sizing = offgrid_study.sizing
    assert sizing.of("hourly_self").lower_bound >= sizing.of("least_cost").lower_bound * (1 - 1e-9)


def test_least_cost_under_power_charges_never_costs_more_than_today():
    """Means by the hour put this plant into a dearer class today, and would have sold it an array that never pays."""
    inputs = with_goal(METERED, goal="least_cost")
    made = run_study(inputs, with_sizing=False)
    measured, with_pv = made.states[1], made.states[2]
    assert made.load_after.step_minutes == 15
    assert with_pv.cost_per_year <= measured.cost_per_year * (1 + 1e-9)
    assert min(value.npv for value in made.finance.pv.npv) >= -1.0


def test_hybridising_the_plants_own_set_saves_litres(offgrid_study):
    sizing = offgrid_study.sizing
    hybrid = sizing.of("least_cost").plant
    assert sizing.detail == "least_cost"
    assert hybrid.genset_kw == sizing.base_case.genset_kw > 0
    assert sizing.fuel_saved_l == pytest.approx(sizing.base_case.fuel_l - hybrid.fuel_l)
    assert sizing.fuel_saved_l > 0.3 * sizing.base_case.fuel_l
    # The set is owned: what is invested buys panels and battery alone.
    assert hybrid.investment == pytest.approx(1050 * hybrid.pv_kwp + 250 * hybrid.battery_kwh, rel=1e-6)


def test_the_plates_power_falls_with_altitude(offgrid_study):
    genset = next(one for one in offgrid_study.sizing.derated if one.kind == "genset")
    assert genset.rated_kw == 125
    assert genset.site_kw == pytest.approx(offgrid_study.sizing.base_case.genset_kw)
    assert genset.site_kw < 125


def test_the_budget_is_not_exceeded_and_pays_the_measures_first(pilot_study):
    budget = pilot_study.sizing.budget
    assert budget.budget == 100_000
    assert budget.measures == pytest.approx(pilot_study.finance.measures.capex)
    assert budget.measures + budget.investment <= budget.budget * (1 + 1e-9)
    assert budget.plant.annual_cost < pilot_study.sizing.base_case.annual_cost


def test_the_map_agrees_with_the_plant_found(pilot_study):
    found, plant = pilot_study.sizing.reliability, pilot_study.sizing.of("offgrid").plant
    arrays, batteries = np.asarray(found.pv_kwp), np.asarray(found.battery_kwh)
    lpsp = np.asarray(found.lpsp).reshape(len(arrays), len(batteries))
    above = lpsp[np.ix_(arrays >= plant.pv_kwp, batteries >= plant.battery_kwh)]
    assert above.max() <= 0.01 + 1e-9
    assert (np.diff(lpsp, axis=0) <= 1e-9).all()
    assert (np.diff(lpsp, axis=1) <= 1e-9).all()


def test_a_machine_that_does_not_start_without_the_grid_is_said_with_what_would_help(pilot_study):
    failing = [one for one in pilot_study.sizing.starts if not one.starts]
    said = next(f for f in pilot_study.findings if f.key == "study_start_fails")
    assert said.subject in {one.tag for one in failing}
    assert all(one.vfd_kva < one.enough_kva for one in failing)


def test_soc_and_life_describe_the_battery(pilot_study):
    sizing = pilot_study.sizing
    assert sum(sizing.soc_hours) == pytest.approx(1)
    soc = np.asarray(sizing.fortnight.soc)
    assert len(soc) == 14 * 24
    assert soc.min() >= -1e-9
    assert soc.max() <= 1 + 1e-9
    assert 0 < sizing.battery_years.life_years <= sizing.battery_years.calendar_life_years


def test_a_sizing_comes_back_from_its_json(offgrid_study):
    document = study_document(offgrid_study)
    again = study_adapter().validate_python(document)
    assert study_document(again) == document


def test_without_sizing_a_study_is_complete():
    made = run_study(read_inputs(PILOT), with_sizing=False)
    assert made.sizing is None
    assert made.design.after_measures.pv_kwp > 0


def test_an_hourly_goal_puts_its_battery_into_the_states_and_the_money():
    made = run_study(with_goal(PILOT, goal="hourly_self", ratio=0.8), with_sizing=False)
    used = made.states[2].import_kwh / made.states[2].load_kwh
    # Settled on the load's quarter hours; the study's battery knows no cold.
    assert used == pytest.approx(0.2, abs=2e-3)
    lines = {line.key: line for line in made.finance.pv.capex_lines}
    assert lines["battery_plant"].unit == "kWh"
    assert lines["battery_plant"].amount == pytest.approx(250 * lines["battery_plant"].quantity, rel=1e-6)


def test_an_offgrid_goal_takes_nothing_from_the_grid():
    made = run_study(with_goal(PILOT, goal="offgrid", lpsp=0.05, weather_years=10), with_sizing=False)
    after = made.states[2]
    assert after.import_kwh == 0
    assert after.unserved_kwh <= 0.08 * after.load_kwh


def test_a_least_cost_goal_hybridises_the_set():
    made = run_study(with_goal(OFFGRID, goal="least_cost"), with_sizing=False)
    today, _, after = made.states
    assert after.genset_kwh < 0.7 * today.genset_kwh
    assert after.unserved_kwh == pytest.approx(0, abs=1)
    assert after.cost_per_year < today.cost_per_year


def test_a_battery_that_is_owned_costs_nothing():
    inputs = read_inputs(OFFGRID)
    owned = inputs.site.battery.model_copy(update={"existing_kwh": 300.0, "max_kwh": 300.0})
    changed = replace(inputs, site=inputs.site.model_copy(update={"battery": owned}))
    changed = replace(
        changed, site=changed.site.model_copy(update={"coverage": with_goal(OFFGRID, goal="least_cost").site.coverage})
    )
    made = run_study(changed, with_sizing=False)
    assert "battery_plant" not in {line.key for line in made.finance.pv.capex_lines}


def test_packaged_sizes_are_what_the_engine_makes_of_them(pilot_study):
    """The fortnight's flows balance hour by hour with the battery between them."""
    worst = pilot_study.sizing.fortnight
    load, unserved = np.asarray(worst.load_kw), np.asarray(worst.unserved_kw)
    assert (unserved <= load + 1e-9).all()
    assert worst.missing_kwh == pytest.approx(float((unserved + worst.import_kw + worst.genset_kw).sum()))
    idle = simulate(load, np.zeros_like(load), Sizes(pv_kwp=0.0))
    assert idle.energy_kwh("unserved") == pytest.approx(float(load.sum()))


def test_each_meaning_says_what_the_measures_save_of_its_plant(pilot_study):
    for one in pilot_study.sizing.meanings[:3]:
        assert one.before.load_kwh > one.plant.load_kwh
        assert one.saved.pv_kwp == pytest.approx(one.before.pv_kwp - one.plant.pv_kwp)
        assert one.saved.annual_cost > 0
    alone = pilot_study.sizing.of("offgrid")
    assert alone.saved.battery_kwh > 0
    assert pilot_study.sizing.saved == pilot_study.sizing.of("annual_net").saved


def test_an_island_that_starts_no_compressor_is_refused_with_the_battery_that_would(pilot_study):
    alone = pilot_study.sizing.of("offgrid")
    assert alone.refused.subject == "MN-CO1"
    assert alone.starting.battery_kwh > alone.plant.battery_kwh
    assert alone.starting.battery_kw >= alone.refused.params["enough_kva"]
    assert alone.starting.annual_cost > alone.plant.annual_cost
    assert all(one.refused is None for one in pilot_study.sizing.meanings if one.key != "offgrid")


def test_what_sizing_assumes_is_in_the_studys_findings(pilot_study, offgrid_study):
    common = {"study_battery_defaults_lfp", "study_battery_price", "study_sizing_prices", "study_weather_years_drawn"}
    for study, more in ((pilot_study, set()), (offgrid_study, {"study_genset_defaults", "tariff_fuel_price"})):
        assumed = {finding.key for finding in study.findings if finding.level == "assumption"}
        assert common | more <= assumed


def test_nothing_is_left_of_a_size_that_should_be_none(pilot_study, offgrid_study):
    for study in (pilot_study, offgrid_study):
        for one in study.sizing.meanings:
            for plant in (one.plant, one.before or one.plant):
                sizes = (plant.pv_kwp, plant.battery_kwh, plant.battery_kw, plant.genset_kw)
                assert all(size == 0 or size > 1e-3 for size in sizes)
                assert plant.self_sufficiency >= 0


def test_the_states_run_on_the_set_as_it_is_at_the_site(offgrid_study):
    at_site = next(one.site_kw for one in offgrid_study.sizing.derated if one.kind == "genset")
    assert max(state.peak_kw for state in offgrid_study.states) <= at_site + 1e-9


def test_a_set_in_thin_air_burns_more_for_a_kwh():
    inputs = read_inputs(OFFGRID)
    litres = []
    for altitude_m in (100.0, 3500.0):
        facts = inputs.site.site.model_copy(update={"altitude_m": altitude_m})
        genset = inputs.site.genset.model_copy(update={"aspiration": "turbocharged", "rated_kw": 200.0})
        site = inputs.site.model_copy(update={"site": facts, "genset": genset})
        today = run_study(replace(inputs, site=site), with_sizing=False).states[0]
        litres.append(sum(line.quantity for line in today.bill.lines if line.unit == "L") / today.genset_kwh)
    assert litres[0] < litres[1] < 1.2 * litres[0]


def test_limits_and_outages_act_on_the_states():
    inputs = read_inputs(PILOT)
    grid = GridChoice(export_limit_kw=60.0, outage_hours_per_year=100.0, outages_per_year=50.0)
    made = run_study(replace(inputs, site=inputs.site.model_copy(update={"grid": grid})), with_sizing=False)
    assert max(made.hourly.export_kw) <= 60.0 + 1e-9
    assert made.states[0].unserved_kwh > 0
    assert "study_grid_unserved" in {finding.key for finding in made.findings}
    assert made.states[2].pv_kwh - made.states[2].curtailed_kwh == pytest.approx(made.load_after.energy_kwh, rel=0.02)


def test_sizes_that_are_fixed_stay_so():
    inputs = with_goal(PILOT, goal="least_cost")
    site = inputs.site.model_copy(
        update={
            "array": inputs.site.array.model_copy(update={"min_kwp": 80.0, "max_kwp": 80.0}),
            "battery": inputs.site.battery.model_copy(update={"min_kwh": 100.0, "max_kwh": 100.0}),
        }
    )
    sizing, _ = run_sizing_only(replace(inputs, site=site), years=2)
    asked = sizing.of("least_cost")
    for plant in (asked.plant, asked.catalogue, asked.before):
        assert plant is None or (plant.pv_kwp, plant.battery_kwh) == pytest.approx((80.0, 100.0))
    assert sizing.of("offgrid").reason.key == "size_offgrid"
    # 80 kWp and 100 kWh cost more than the budget: that is said, not passed over.
    assert sizing.budget is None
    assert "size_budget" in {finding.key for finding in sizing.findings}


def test_an_annual_balance_beyond_the_area_is_refused():
    inputs = read_inputs(PILOT)
    array = inputs.site.array.model_copy(update={"max_kwp": 60.0})
    with pytest.raises(Infeasible) as raised:
        run_study(replace(inputs, site=inputs.site.model_copy(update={"array": array})), with_sizing=False)
    assert raised.value.key == "size_pv_bound"


def test_an_island_says_what_a_failed_unit_leaves_and_what_stands_ready(pilot_study):
    found = {finding.key: finding for finding in pilot_study.sizing.findings}
    lost = found["n_minus_one_inverter"]
    assert lost.params["left_kw"] == pytest.approx(0)
    assert lost.params["peak_kw"] == pytest.approx(pilot_study.load_after.peak_kw)
    short = found["study_reserve_short"]
    assert (short.params["load_percent"], short.params["pv_percent"]) == (10, 25)
    # The goal leaves the plant on the grid: the island beside it is told of, not warned of.
    assert {lost.level, short.level} == {"info"}


def test_racks_are_units_and_a_reserve_asked_for_is_checked():
    inputs = with_goal(PILOT, goal="offgrid", lpsp=0.05, reserve_load_share=0.0, reserve_pv_share=0.0)
    racks = inputs.site.battery.model_copy(update={"rack_kwh": 20.0})
    inputs = replace(inputs, site=inputs.site.model_copy(update={"battery": racks}))
    sizing, _ = run_sizing_only(inputs, years=2)
    keys = {finding.key for finding in sizing.findings}
    assert "study_reserve_kept" in keys
    assert "n_minus_one_inverter" not in keys


def test_an_array_above_its_inverters_altitude_says_what_is_left():
    inputs = with_goal(OFFGRID, goal="annual_net")
    high = inputs.site.site.model_copy(update={"altitude_m": 4300.0})
    genset = inputs.site.genset.model_copy(update={"rated_kw": 250.0})
    site = inputs.site.model_copy(update={"site": high, "genset": genset})
    made = run_study(replace(inputs, site=site))
    keys = {finding.key for finding in made.sizing.findings}
    assert {"inverter_derated_pv", "inverter_above_maximum_pv", "inverter_derated_battery"} <= keys


def test_the_sensitivity_stands_around_the_cost_of_the_plant(pilot_study, offgrid_study):
    for study in (pilot_study, offgrid_study):
        cost = study.sizing.of(study.sizing.goal).plant.annual_cost
        assert study.sizing.sensitivity
        for row in study.sizing.sensitivity:
            ends = sorted((row.low_cost, row.high_cost))
            assert ends[0] <= cost * (1 + 5e-3)
            assert ends[1] >= cost * (1 - 5e-3)
