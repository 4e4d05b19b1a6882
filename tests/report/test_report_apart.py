"""What stands apart in the report: loads that wait for the sun, hourly match, avoided by year."""

import re
from dataclasses import replace

import html5lib
import pytest

from mine_energy.report.chapters import carbon_match, shifting, uncertainty
from mine_energy.report.chapters import roadmap_tables as tables
from mine_energy.report.format import Writer
from mine_energy.study.shifting_result import ShiftedBlock, Shifting
from page_words import page_words

EN = Writer(language="en", country="CO")
MILL = ShiftedBlock(
    name="mill lot",
    kind="batch",
    tags=("ML-1",),
    reason="moved",
    max_kw=30.0,
    energy_kwh=43_800.0,
    from_pv_before_kwh=7_300.0,
    starts_before=365,
    energy_after_kwh=43_800.0,
    from_pv_after_kwh=36_500.0,
    starts_after=400,
    moved_kwh=29_200.0,
)
PUMP = replace(MILL, name="high tank", kind="tank", tags=("BM-1",), reason="dry", dry_kwh=90.0).stayed()


def plain(text):
    return text.replace("\u00a0", " ")


def rows_of(table):
    return {plain(row[0] if isinstance(row[0], str) else row[0].text): row for row in table.rows}


def number(cell):
    return float(re.sub(r"[^\d.\-]", "", cell if isinstance(cell, str) else cell.text))


@pytest.fixture(scope="module")
def waiting_study(grid_study):
    """The pilot with one lot that waits, and a tank that would run dry."""
    last = grid_study.states[2]
    moved = Shifting(
        blocks=(MILL, PUMP),
        pv_used_kwh=last.pv_used_kwh,
        pv_used_unmoved_kwh=last.pv_used_kwh - 29_200.0,
        import_kwh=last.import_kwh,
        import_unmoved_kwh=last.import_kwh + 29_200.0,
        cost_per_year=last.cost_per_year,
        cost_unmoved_per_year=last.cost_per_year + 2_500.0,
        currency="USD",
    )
    return replace(grid_study, shifting=moved)


def test_what_waits_is_shown_with_its_kwh_a_day_and_what_stays_with_its_reason(waiting_study, grid_study):
    assert list(shifting.blocks(grid_study, EN)) == []
    rows = rows_of(list(shifting.blocks(waiting_study, EN))[2])
    mill, pump = rows["mill lot"], rows["high tank"]
    assert (number(mill[2]), number(mill[3])) == (120.0, 80.0)
    assert (number(mill[4]), number(mill[5])) == (7_300.0, 36_500.0)
    assert pump[1].text == "Stays: its tank would run dry"
    assert pump[3] == "–"


def test_waiting_is_a_part_of_what_pv_saves(waiting_study):
    worth = list(shifting.blocks(waiting_study, EN))[-1]
    used, imports, cost, saving = worth.rows
    assert [number(row[3]) for row in (used, imports, cost, saving)] == [29_000.0, -29_000.0, -2_500.0, 2_500.0]
    pv_saves = waiting_study.states[1].cost_per_year - waiting_study.states[2].cost_per_year
    assert number(saving[2]) == pytest.approx(pv_saves, rel=5e-3)
    assert "added to nothing" in worth.note
    still = replace(waiting_study, shifting=replace(waiting_study.shifting, blocks=(PUMP,)))
    assert [block.id for block in shifting.blocks(still, EN) if block.kind == "table"] == ["shifting"]


def test_the_hourly_match_has_no_tonnes(grid_study):
    match = grid_study.carbon.hourly_match
    _, box, table, *said = carbon_match.blocks(grid_study, EN)
    rows = rows_of(table)
    assert number(rows["Matched hour by hour"][1]) == pytest.approx(100 * match.ratio, abs=0.05)
    assert number(rows["Of it, in the hour of the load (kWh/yr)"][1]) == pytest.approx(match.matched_kwh, rel=5e-3)
    assert "neither Scope 2 nor avoided" in box.text
    assert not any("CO₂" in name for name in rows)
    assert said == []
    sold = replace(grid_study.carbon, hourly_match=replace(match, claim="transferred"))
    assert list(carbon_match.blocks(replace(grid_study, carbon=sold), EN))[-1].tone == "warning"
    without = replace(grid_study.carbon, hourly_match=None)
    assert list(carbon_match.blocks(replace(grid_study, carbon=without), EN)) == []


def test_what_the_array_avoids_by_year_stands_apart_from_the_path(grid_study):
    made = grid_study.plan
    (shown,) = tables.avoided_table(made, EN)
    by_year = {year.year: year for year in made.avoided}
    assert len(shown.rows) > 3
    for row in shown.rows:
        year = by_year[int(row[0])]
        assert number(row[1]) == pytest.approx(year.project_t_co2e, rel=6e-3)
        assert number(row[3]) == pytest.approx(year.exports_t_co2e, rel=6e-3)
    assert not set(shown.headings[1:]) & set(tables.path_table(made, EN).headings)
    assert list(tables.avoided_table(replace(made, avoided=()), EN)) == []


def test_running_costs_of_the_budget_have_a_column_and_are_not_in_what_is_over(grid_study):
    made = grid_study.plan
    shown, heading = tables.money_table(made, EN), "Of it, charged to the budget"
    place = shown.headings.index(heading)
    assert number(shown.foot[place]) == pytest.approx(sum(y.opex_of_budget for y in made.plan.years), rel=6e-3)
    assert "have to be paid too" in shown.note
    years = tuple(replace(year, opex_of_budget=0.0) for year in made.plan.years)
    free = tables.money_table(replace(made, plan=replace(made.plan, years=years)), EN)
    assert heading not in free.headings
    assert "have to be paid too" not in free.note


def test_a_sub_meter_has_told_enough_after_a_month(grid_study):
    step = next(step for step in grid_study.audit.uncertainty.plan if step.quantity == "energy")
    assert step.instrument.days == 365
    assert uncertainty._days_enough(step) == 30
    drawn = replace(grid_study.audit.uncertainty, plan=(step,))
    assert "with the first 30 days" in plain(uncertainty.first_step(drawn, grid_study, EN))


@pytest.mark.parametrize("language", ["es", "en"])
def test_each_has_its_formula_and_its_source(waiting_study, language):
    page = page_words(waiting_study, language)
    root = html5lib.parse(page.decode("utf-8"), namespaceHTMLElements=False)
    ids = {element.get("id") for element in root.iter()}
    parents = {child: parent for parent in root.iter() for child in parent}
    wanted = {
        "shifting": {"m-deferral", "inputs"},
        "shifting-worth": {"m-deferral", "m-dispatch", "m-bill"},
        "hourly-match": {"m-match", "inputs"},
        "plan_avoided": {"m-avoided"},
    }
    for table in (table for table in root.iter("table") if table.get("id") in wanted):
        siblings = list(parents[parents[table]])
        after = siblings[siblings.index(parents[table]) + 1 :][:2]
        line = next(one for one in after if one.get("class") == "by")
        links = {a.get("href").removeprefix("#") for a in line.iter("a")}
        assert wanted.pop(table.get("id")) <= links <= ids
        assert any(link == "inputs" or link.startswith("t-") for link in links)
    assert not wanted
