"""The decarbonisation plan in the report: what does not add up, wedges, money against the budget, curve, payers."""

import io
import re
from dataclasses import replace
from functools import cache

import openpyxl
import pytest

from mine_energy.report import charts, style
from mine_energy.report.blocks import Bullets, Paragraph, Picture, Table
from mine_energy.report.chapters import roadmap as chapter
from mine_energy.report.chapters import roadmap_tables as tables
from mine_energy.report.chapters.roadmap_words import measure_name, month_words, shown_years
from mine_energy.report.charts import Calendar, CostBlock, Layer, Remaining, Spending, TaskBar
from mine_energy.report.charts import plan as pictures
from mine_energy.report.format import Writer
from mine_energy.report.style import Scale
from mine_energy.report.workbook import render_workbook

SCALE = Scale(label="t", tick=lambda value: f"{value:g}")


def writer(study, language="en"):
    return Writer(language=language, country=study.site.site.country)


@cache
def blocks(study, language="en"):
    return chapter.blocks(study, writer(study, language))


def table(study, ident, language="en"):
    return next((b for b in blocks(study, language) if isinstance(b, Table) and b.id == ident), None)


def text_of(cell):
    return cell if isinstance(cell, str) else " ".join(part for part in (cell.text, cell.unit, cell.badge) if part)


def number(text):
    return float(re.sub(r"[^\d.\-]", "", text))


def bullets(study, language="en"):
    return [text_of(item) for b in blocks(study, language) if isinstance(b, Bullets) for item in b.items]


def test_what_does_not_add_up_stands_before_the_figures(grid_study):
    kinds = [type(block).__name__ for block in blocks(grid_study)]
    assert kinds.index("Bullets") < kinds.index("Table")
    assert len(bullets(grid_study)) >= len(grid_study.plan.plan.doubts)
    over = next(text for text in bullets(grid_study) if "exceeds the budget" in text)
    assert "PV plant" in over or "first to pass it" in over
    keys = {source.key for source in grid_study.plan.sources if source.origin != "site"}
    assert not any(key in text.split() for key in keys for text in bullets(grid_study))


def test_a_plan_that_adds_up_says_so(grid_study):
    made = replace(grid_study.plan, plan=replace(grid_study.plan.plan, doubts=()))
    good = [b for b in chapter.blocks(replace(grid_study, plan=made), writer(grid_study)) if isinstance(b, Paragraph)]
    assert any(b.tone == "good" for b in good)


def test_a_study_without_a_plan_has_no_chapter(grid_study):
    assert not chapter.applies(replace(grid_study, plan=None))
    assert chapter.blocks(replace(grid_study, plan=None), writer(grid_study)) == []


def test_an_assumed_plan_is_marked(own_power_study, grid_study):
    assert not own_power_study.plan.stated
    assert any(isinstance(b, Paragraph) and b.tone == "assumed" for b in blocks(own_power_study))
    assert not any(isinstance(b, Paragraph) and b.tone == "assumed" for b in blocks(grid_study))


def test_the_path_closes_in_every_year(grid_study):
    shown = table(grid_study, "plan_path")
    assert len(shown.headings) == 8
    for year in grid_study.plan.plan.years:
        assert year.base_t_co2e + year.factor_effect_t_co2e - year.wedges_t_co2e == pytest.approx(year.location_t_co2e)
    for row in shown.rows:
        base, wedges, left = number(row[1]), number(row[3]), number(row[4])
        assert base + wedges == pytest.approx(left, abs=1.5)  # no decline is stated, so the factor does nothing


def test_a_plan_without_a_grid_speaks_of_no_water(own_power_study):
    assert own_power_study.plan.plan.base.factor is None
    path, wedges = table(own_power_study, "plan_path"), table(own_power_study, "plan_wedges")
    assert not any("wet" in heading for heading in (*path.headings, *wedges.headings))
    assert "kg CO₂e/L" in text_of(table(own_power_study, "plan_base").rows[0][-1])


def test_wedges_add_up_and_carry_two_bands(grid_study):
    shown = table(grid_study, "plan_wedges")
    years = shown_years(grid_study.plan.plan)
    for column, year in enumerate(years, 1):
        whole = next(y for y in grid_study.plan.plan.years if y.year == year)
        assert number(shown.foot[column]) == pytest.approx(whole.wedges_t_co2e, rel=6e-3)
        assert sum(number(row[column]) for row in shown.rows) == pytest.approx(whole.wedges_t_co2e, rel=2e-2)
    solar = next(row for row in shown.rows if row[0] == "PV plant")
    assert "–" in solar[-1]
    assert "–" in solar[-2]


def test_removals_and_certificates_stand_apart(grid_study):
    shown = table(grid_study, "plan_beside")
    assert not shown.foot
    assert "Never subtracted" in shown.note
    kinds = {text_of(row[0]) for row in table(grid_study, "plan_measures").rows}
    assert any(text.endswith("removal") for text in kinds)


def test_the_base_year_says_where_its_tonnes_come_from(grid_study):
    rows = table(grid_study, "plan_base").rows
    assert text_of(rows[0][-1]).replace("\u00a0", " ") == "0.2200 t CO₂e/MWh, 2024"
    assert all(text_of(row[-1]) for row in rows)
    assert sum(number(row[3]) for row in rows) == pytest.approx(
        number(table(grid_study, "plan_base").foot[3]), rel=5e-3
    )


def test_money_by_year_stands_against_the_total(grid_study):
    plan = grid_study.plan.plan
    shown = table(grid_study, "plan_money")
    assert number(text_of(shown.foot[3])) == pytest.approx(plan.money.budget)
    spent = sum(year.capex_of_budget for year in plan.years)
    assert number(text_of(shown.foot[4])) == pytest.approx(max(spent - plan.money.budget, 0), rel=6e-3)
    first = shown.rows[0]
    assert first[4].tone == "warning"  # all is decided in the first year, whose half of the budget does not reach
    assert text_of(shown.rows[-1][3]) == "–"  # years after the plan have no budget


def test_the_curve_names_what_has_no_price(grid_study):
    shown = table(grid_study, "plan_curve")
    ranks = [int(row[0]) for row in shown.rows]
    assert ranks == sorted(ranks)
    unpriced = [row for row in shown.rows if text_of(row[3]) == "no price"]
    assert unpriced
    assert all(row[4] == "–" for row in unpriced)
    values = [number(text_of(row[3])) for row in shown.rows if number_like(row[3]) and row[4] != "–"]
    earning = [value for value in values if value > 0]
    assert earning == sorted(earning, reverse=True)


def number_like(cell):
    return bool(re.fullmatch(r"-?[\d.,]+", text_of(cell)))


def test_who_pays_is_named_or_said_to_be_missing(grid_study, own_power_study):
    assert table(grid_study, "plan_payers").rows
    nobody = table(own_power_study, "plan_payers").rows[0][0]
    assert (nobody.text, nobody.tone) == ("not stated", "assumed")


def test_names_are_words_of_the_reader(grid_study):
    made = grid_study.plan
    spanish, english = writer(grid_study, "es"), writer(grid_study)
    for source in made.sources:
        if source.origin != "site":
            assert measure_name(source.key, made, spanish) != measure_name(source.key, made, english)
            assert measure_name(source.key, made, english) != source.key
    unpriced = replace(made, sources=tuple(replace(source, priced=False) for source in made.sources))
    audited = next(source.key for source in made.sources if source.origin == "measure")
    assert "without a price" in measure_name(audited, unpriced, english)
    assert month_words(14.5, made.plan, english).endswith(str(made.plan.span.first_year + 1))


def test_long_plans_show_some_years(grid_study):
    plan = grid_study.plan.plan
    first = plan.years[0]
    years = tuple(replace(first, year=2026 + index) for index in range(25))
    long = replace(plan, years=years, span=replace(plan.span, first_year=2026, last_year=2050, plan_years=7.0))
    assert shown_years(long) == (2026, 2027, 2028, 2030, 2032, 2035, 2040, 2045, 2050)
    short = replace(plan, years=years[:5])
    assert shown_years(short) == (2026, 2027, 2028, 2029, 2030)


def test_pictures_speak_for_those_who_do_not_see_them(grid_study, language):
    found = [b for b in blocks(grid_study, language) if isinstance(b, Picture)]
    assert len(found) == 3
    for picture in found:
        assert re.search(r"\d", picture.alt)
        assert picture.caption
    assert len({picture.alt for picture in found}) == 3


def test_the_chapter_is_the_same_twice(grid_study):
    assert chapter.blocks(grid_study, writer(grid_study)) == list(blocks(grid_study))


def test_marks_of_wedges_differ_without_colour():
    marks = (*pictures.WEDGES, style.MARKS["pv"])
    assert len({mark.hatch for mark in marks}) == len(marks)


def bars(count):
    return [Layer(label=f"m{n}", values=[1.0, 2.0], mark=pictures.WEDGES[n]) for n in range(count)]


def wedge_chart(**changes):
    left = Remaining(label="left", values=[10.0, 8.0], bands=[(9.0, 11.0), (6.0, 9.0)], market=("m", [10.0, 4.0]))
    return charts.plan_wedges([2026, 2027], ("base", 12.0), left, bars(3), (SCALE, SCALE), **changes)


def test_the_wedge_chart_is_deterministic_and_shows_removals():
    plain = wedge_chart()
    assert plain == wedge_chart()
    removals = Layer(label="trees", values=[0.5, 1.0], mark=pictures.WEDGES[5], below=True)
    assert plain != wedge_chart(removals=removals)
    assert plain.endswith(b"</svg>")


def test_more_measures_than_marks_join_in_one(grid_study):
    from mine_energy.report.chapters.roadmap_pictures import _layers

    layers = _layers(grid_study.plan, writer(grid_study))
    working = {w.key for w in grid_study.plan.plan.wedges if w.t_co2e > 0}
    assert len(working) > len(layers)
    assert layers[-1].label.startswith("Another")
    last = [sum(layer.values[place] for layer in layers) for place in range(len(layers[0].values))]
    assert last == pytest.approx([year.wedges_t_co2e for year in grid_study.plan.plan.years])
    assert len({layer.mark.hatch for layer in layers}) == len(layers)


def test_the_schedule_grows_with_its_rows():
    def drawn(count):
        tasks = [TaskBar(label=f"t{n}", start=0, online=3, full=9, end=240) for n in range(count)]
        image = charts.plan_gantt(
            tasks,
            ("wait", "grow", "work"),
            [Spending(label="all", steps=[(0.0, 100.0), (6.0, 150.0)], mark=style.MARKS["after"])],
            Calendar(first_year=2026, months=36, ends=(24, "end")),
            SCALE,
            budget=("budget", 120.0),
        )
        return [float(found) for found in re.search(rb'viewBox="0,0,([\d.]+),([\d.]+)"', image).groups()]

    assert drawn(2)[1] < drawn(12)[1]
    assert drawn(2)[0] == drawn(12)[0]


@pytest.mark.parametrize(
    ("costs", "low", "high"),
    [
        ([-10.0, 20.0, 30.0], -10.0, 30.0),
        ([-10.0, 20.0, 4000.0], -13.2, 100.0),
        ([-4000.0, -20.0, 10.0], -100.0, 13.2),
        ([], -1.0, 1.0),
    ],
)
def test_one_dear_tonne_does_not_flatten_the_curve(costs, low, high):
    assert pictures._reach(costs) == pytest.approx((low, high))


def test_the_curve_writes_the_figure_of_what_it_cuts():
    blocks_ = [CostBlock(label="1", tonnes=5, cost=-10), CostBlock(label="2", tonnes=5, cost=4000.0)]
    blocks_.insert(1, CostBlock(label="3", tonnes=5, cost=20))
    said = []
    charts.plan_curve(blocks_, (SCALE, SCALE), lambda value: said.append(value) or "x", ("earns", "costs"))
    assert said == [4000.0]


def test_the_sheet_of_the_plan(grid_study):
    made = render_workbook(grid_study, "en")
    book = openpyxl.load_workbook(io.BytesIO(made), data_only=True)
    names = {name: definition.attr_text for name, definition in book.defined_names.items()}

    def named(name):
        sheet, place = names[name].rsplit("!", 1)
        return book[sheet.strip("'")][place.replace("$", "")].value

    plan = grid_study.plan.plan
    assert named("plan_capex") == pytest.approx(sum(m.capex or 0 for m in plan.measures))
    spent = sum(year.capex_of_budget for year in plan.years)
    assert named("plan_over_budget") == pytest.approx(max(spent - plan.money.budget, 0))
    assert "Plan" in book.sheetnames
    bare = render_workbook(replace(grid_study, plan=None), "en")
    assert "Plan" not in openpyxl.load_workbook(io.BytesIO(bare)).sheetnames


def test_the_path_by_market_is_no_scope_2(grid_study):
    shown = table(grid_study, "plan_path")
    assert "Left, market-based" in shown.headings
    assert not any("Scope 2" in heading for heading in shown.headings)


def test_every_band_of_a_cut_holds_the_likely_one(grid_study):
    made, w = grid_study.plan, writer(grid_study)
    found = {(wedge.key, wedge.year): wedge for wedge in (*made.plan.wedges, *made.plan.certificates)}
    # High cuts leave a certificate less to cover: its own low and high alone would leave the likely one out.
    assert any(wedge.high_t_co2e < wedge.t_co2e for wedge in made.plan.certificates)
    for wedge in found.values():
        low, high = (float(part) for part in tables.cut_band(wedge, w).replace("\u2013", " ").split() or (0, 0))
        assert low <= wedge.t_co2e * 1.01
        assert high >= wedge.t_co2e * 0.99
