"""Sizing and reliability in the report, the workbook and the first screen, for a plant on the grid and one off it."""

import io
import re
import warnings
from dataclasses import replace
from html import unescape
from itertools import pairwise

import numpy as np
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from mine_energy import messages
from mine_energy.arrays import readonly
from mine_energy.errors import Finding
from mine_energy.report import charts, style, summary
from mine_energy.report.blocks import Bullets, Paragraph, Picture, Table
from mine_energy.report.chapters import sizing as chapter
from mine_energy.report.chapters.sizing_pictures import shares_of_load
from mine_energy.report.charts import Flow, Fortnight, Found, Limit, Step, reliability
from mine_energy.report.first import meanings
from mine_energy.report.format import Writer
from mine_energy.report.render import render_html
from mine_energy.report.style import Scale
from mine_energy.report.workbook import render_workbook
from mine_energy.study.sizing_result import WorstFortnight
from page_words import page_words

SCALE = Scale(label="kWh", tick=lambda value: f"{value:g}")
LIMIT_BYTES = 950_000


def blocks(study, language="es"):
    return chapter.blocks(study, Writer(language=language, country=study.site.site.country))


def table(study, ident, language="es"):
    return next(b for b in blocks(study, language) if isinstance(b, Table) and b.id == ident)


def cells(row):
    return [cell if isinstance(cell, str) else cell.text for cell in row]


def words(study, language="es"):
    found = []
    for block in blocks(study, language):
        if isinstance(block, Paragraph):
            found += [block.title, block.text]
        elif isinstance(block, Bullets):
            found += [item if isinstance(item, str) else item.text for item in block.items]
        elif isinstance(block, Table):
            found += [block.caption, block.note, *block.headings, *(text for row in block.rows for text in cells(row))]
        elif isinstance(block, Picture):
            found += [block.caption, block.alt]
    return " ".join(found).replace("\u00a0", " ")


def changed(study, key, **changes):
    """Return the study with one meaning's result changed."""
    made = study.sizing
    results = tuple(replace(one, **changes) if one.key == key else one for one in made.meanings)
    return replace(study, sizing=replace(made, meanings=results))


@pytest.fixture(scope="module")
def pages():
    """Rendered pages by study and language: each is made once."""
    made = {}

    def page(study, language):
        key = (study.site.site.name, language)
        if key not in made:
            made[key] = render_html(study, language)
        return made[key]

    return page


@pytest.fixture(params=["pilot", "offgrid"])
def sized(request):
    return request.getfixturevalue(f"{request.param}_study")


def test_the_meanings_stand_side_by_side_with_todays_plant(sized, language):
    made = sized.sizing
    w = Writer(language=language, country=sized.site.site.country)
    shown = [cells(row) for row in table(sized, "sizing-meanings", language).rows]
    assert len(shown) == 1 + len(made.meanings) == 5
    assert shown[0][5] == w.estimate(made.base_case.annual_cost)
    for row, one in zip(shown[1:], made.meanings, strict=True):
        plant = one.plant
        assert row[0] == w.text(f"sizing.meaning.{one.key}")
        assert row[2:6] == [
            w.estimate(v) for v in (plant.pv_kwp, plant.battery_kwh, plant.investment, plant.annual_cost)
        ]


def test_litres_have_a_column_where_diesel_is_burnt(pilot_study, offgrid_study):
    assert len(table(offgrid_study, "sizing-meanings").headings) == 1 + len(
        table(pilot_study, "sizing-meanings").headings
    )


def test_the_parts_of_a_cost_add_up(sized):
    for plant in (sized.sizing.base_case, *(one.plant for one in sized.sizing.meanings)):
        parts = plant.capital + plant.om + plant.fuel + plant.imports - plant.exports + plant.unserved
        assert parts == pytest.approx(plant.annual_cost, rel=1e-6)
    shown = table(sized, "sizing-cost")
    assert len(shown.rows) == 5
    # A part that nobody pays has no column.
    assert ("Combustible" in shown.headings) == any(one.plant.fuel > 0 for one in sized.sizing.meanings)


def test_what_the_measures_save_is_the_difference_of_two_plants(sized):
    w = Writer(language="es", country=sized.site.site.country)
    compared = [one for one in sized.sizing.meanings if one.before is not None]
    assert len(compared) >= 3
    for row, one in zip(table(sized, "sizing-saved").rows, compared, strict=True):
        less = one.before.annual_cost - one.plant.annual_cost
        assert cells(row)[-1] == w.estimate(less)
        assert f"{w.estimate(one.before.pv_kwp)} → {w.estimate(one.plant.pv_kwp)}" in cells(row)


def test_the_present_diesel_plant_is_the_base_and_litres_are_saved(offgrid_study):
    text = words(offgrid_study)
    made = offgrid_study.sizing
    w = Writer(language="es", country="PE")
    assert w.estimate(made.fuel_saved_l, "L").replace("\u00a0", " ") in text
    assert "de lo que gasta la planta de hoy" in text
    assert "existente" in [
        cell.badge for row in table(offgrid_study, "sizing-sizes").rows for cell in row if hasattr(cell, "badge")
    ]


def test_percentiles_bounds_and_years_are_said_in_words(sized):
    spanish, english = words(sized), words(sized, "en")
    for phrase in ("P90: basta en 9 de cada 10 años", "años sintéticos", "Cota inferior", "95 % de confianza"):
        assert phrase in spanish
    for phrase in ("P90: enough in 9 of 10 years", "synthetic years", "Lower bound", "95% confidence"):
        assert phrase in english
    assert "Lo último es lo más caro" in spanish


def test_the_proof_says_what_kind_it_is(offgrid_study):
    found = {
        one.key: text
        for one, text in zip(
            offgrid_study.sizing.meanings,
            chapter.proof_words(offgrid_study.sizing, Writer(language="es", country="PE")),
            strict=True,
        )
    }
    assert "fórmula" in found["annual_net"]
    assert "demostrado" in found["offgrid"]
    assert "ni conociendo de antemano" in found["least_cost"]


@pytest.mark.parametrize(
    ("forms", "phrase"), [(True, "forma la red (tensión y frecuencia)"), (False, "no forma red")], ids=["forms", "not"]
)
def test_who_holds_the_voltage_is_said(pilot_study, forms, phrase):
    site = pilot_study.site.model_copy(
        update={"battery": pilot_study.site.battery.model_copy(update={"grid_forming": forms})}
    )
    text = words(replace(pilot_study, site=site))
    assert phrase in text
    assert "nada forma la red" in text  # the plants without battery


def test_a_plant_that_does_not_start_the_mill_is_refused_with_what_would_help(pilot_study):
    one = pilot_study.sizing.of("offgrid")
    finding = Finding(
        key="study_start_fails",
        level="warning",
        subject="ML-9",
        params={
            "count": 1,
            "start_kva": 464.0,
            "available_kva": 316.0,
            "enough_kva": 324.0,
            "soft_starter_kva": 177.0,
            "vfd_kva": 71.0,
        },
    )
    larger = replace(one.plant, battery_kw=324.0, battery_kwh=648.0)
    study = changed(pilot_study, "offgrid", refused=finding, starting=larger)
    box = next(b for b in blocks(study) if isinstance(b, Paragraph) and b.tone == "warning")
    assert "ML-9" in box.text
    assert "arrancador suave" in box.text
    assert "648" in box.text
    rows = [row for row in table(study, "sizing-sizes").rows if row[1] == "que arranca todo"]
    assert [cells(row)[3] for row in rows] == ["648"]
    w = Writer(language="es", country="CO")
    assert "648" in meanings(study, w)[2].plant
    alone = changed(pilot_study, "offgrid", refused=finding, starting=None)
    assert "No arranca todas las máquinas" in meanings(alone, w)[2].plant


def test_a_meaning_that_no_plant_reaches_says_why(pilot_study, language):
    reason = Finding(key="annual_net_limits", level="warning", params={"ratio": 1.0, "most": 0.7})
    study = changed(pilot_study, "annual_net", plant=None, catalogue=None, before=None, saved=None, reason=reason)
    text = words(study, language)
    assert {"es": "Ningún tamaño permitido", "en": "No size allowed"}[language] in text
    assert messages.finding_text(reason, language, "CO") in text
    assert meanings(study, Writer(language=language, country="CO"))[0].plant


def test_a_study_whose_goal_no_plant_reaches_is_printed_all_the_same(pilot_study):
    reason = Finding(key="annual_net_limits", level="warning", params={"ratio": 1.0, "most": 0.7})
    study = changed(pilot_study, "annual_net", plant=None, catalogue=None, before=None, saved=None, reason=reason)
    assert b"annual_net_limits" not in page_words(study, "es")
    assert render_workbook(study, "es")


def test_a_hair_less_than_the_optimum_is_not_minus_zero(pilot_study):
    study = changed(pilot_study, "annual_net", above_free=-1e-5)
    assert "-0,0" not in words(study)


def test_findings_and_assumed_prices_stand_in_the_chapter(sized):
    text = words(sized)
    for finding in sized.sizing.findings:
        if finding.level == "assumption":
            assert messages.finding_text(finding, "es", sized.site.site.country).replace("\u00a0", " ") in text


def test_without_a_sizing_there_is_no_chapter(pilot_study):
    study = replace(pilot_study, sizing=None)
    page = page_words(study, "en").decode("utf-8")
    assert 'id="sizing"' not in page
    assert 'class="plant"' not in page
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        names = openpyxl.load_workbook(io.BytesIO(render_workbook(study, "en"))).sheetnames
    assert "Reliability" not in names
    assert summary.numbers(study)["sizing"] is None


def test_the_report_stays_small(sized, pages):
    assert len(pages(sized, "es")) < LIMIT_BYTES


def test_every_picture_says_in_words_what_it_shows(sized):
    pictures = [block for block in blocks(sized) if isinstance(block, Picture)]
    assert len(pictures) == 4
    for picture in pictures:
        assert len(picture.alt) > 60
        assert len(picture.image) < 45_000
        if picture.mime == "png":
            assert Image.open(io.BytesIO(picture.image)).size[0] > 600
    # What has hundreds of cells or hours is a PNG; lines and bars are not.
    assert [picture.mime for picture in pictures] == ["png", "svg+xml", "png", "svg+xml"]
    assert [p.image for p in pictures] == [p.image for p in blocks(sized) if isinstance(p, Picture)]


# Who carries the load ---------------------------------------------------------------------------------------------


def fortnight(load, pv, genset, unserved):
    zeros = readonly(np.zeros(len(load)))
    return WorstFortnight(
        weather_year=0,
        first_hour=0,
        missing_kwh=0.0,
        load_kw=readonly(load),
        pv_kw=readonly(pv),
        import_kw=zeros,
        genset_kw=readonly(genset),
        unserved_kw=readonly(unserved),
        soc=zeros,
    )


def test_a_genset_that_charges_the_battery_gives_the_load_no_more_than_it_asks():
    found = shares_of_load(fortnight([10.0, 10.0, 10.0], [0.0, 30.0, 4.0], [25.0, 3.0, 0.0], [0.0, 0.0, 2.0]))
    assert found["genset"].tolist() == [10.0, 3.0, 0.0]
    assert found["pv"].tolist() == [0.0, 7.0, 4.0]
    assert found["battery"].tolist() == [0.0, 0.0, 4.0]
    assert found["unserved"].tolist() == [0.0, 0.0, 2.0]


POWERS = st.lists(st.tuples(st.floats(0, 100), st.floats(0, 100), st.floats(0, 100), st.floats(0, 1)), min_size=1)


@given(POWERS)
def test_what_carries_the_load_adds_up_to_it(hours):
    load, pv, genset, share = (np.array(column) for column in zip(*hours, strict=True))
    found = shares_of_load(fortnight(load, pv, genset, share * load))
    assert np.allclose(sum(found.values()), load, atol=1e-9)
    assert all((values >= 0).all() for values in found.values())


# Charts -----------------------------------------------------------------------------------------------------------


def luminance(colour):
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue


def test_the_map_darkens_with_every_class_so_that_it_reads_in_black_and_white():
    greys = [luminance(ink) for ink in reliability._INKS]
    assert all(lighter - darker > 8 for lighter, darker in pairwise(greys))


def test_sources_of_the_fortnight_differ_without_colour():
    roles = ("pv", "battery", "import", "genset", "unserved")
    looks = {(style.MARKS[role].hatch, luminance(style.MARKS[role].colour) < 40) for role in roles}
    assert len(looks) == len(roles)


def grid(value):
    return np.full((3, 4), value)


@pytest.mark.parametrize(
    "lpsp", [grid(0.0), grid(1.0), np.linspace(0, 1, 12).reshape(3, 4)], ids=["all", "none", "some"]
)
def test_any_map_is_drawn_alike_twice(lpsp):
    def draw():
        spot, limit = Found(label="plant", across=10.0, up=5.0), Limit(label="1 %", share=0.01)
        return charts.reliability_map(
            ([0.0, 10.0, 20.0, 30.0], [1.0, 5.0, 9.0]), lpsp, spot, limit, (SCALE, SCALE), SCALE
        )

    assert draw() == draw()


def test_a_frontier_bears_one_point_full_service_and_no_plant():
    today = Step(served=0.0, cost=50.0, label="today")
    one = [Step(served=0.9, cost=10.0, label="1 kWh")]
    assert charts.frontier(one, None, today, (SCALE, SCALE))
    assert charts.frontier([*one, Step(served=1.0, cost=99.0)], Step(served=1.0, cost=98.0), today, (SCALE, SCALE))


def test_a_fortnight_without_battery_is_drawn():
    hours = np.zeros(336)
    flow = Flow(label="PV", values=hours + 1.0, mark=style.MARKS["pv"])
    days = Fortnight(
        flows=[flow],
        load=("load", hours + 1.0),
        available=("sun", hours + 2.0),
        soc=("charge", hours),
        midnights=[(0, "1 jan")],
    )
    assert charts.fortnight(days, (SCALE, SCALE))


# First screen and workbook ----------------------------------------------------------------------------------------


def test_the_first_screen_names_the_plant_of_each_meaning(sized, language, pages):
    page = unescape(pages(sized, language).decode("utf-8"))
    shown = re.findall(r'<p class="plant">(.*?)</p>', page)
    assert len(shown) == 3
    made = summary.numbers(sized)["sizing"]
    assert set(made) == {"annual_net", "hourly_self", "offgrid", "least_cost"}
    assert made["annual_net"]["pv_kwp"] == sized.sizing.of("annual_net").plant.pv_kwp
    notes = " ".join(summary.notes(sized, language))
    assert all(text in notes for text in shown)


def test_the_first_screen_advises_a_battery_where_it_clearly_costs_less(pilot_study, offgrid_study, pages):
    assert "Con batería la cuenta cambia" in pages(offgrid_study, "es").decode("utf-8")
    assert "Con batería la cuenta cambia" not in pages(pilot_study, "es").decode("utf-8")


@pytest.fixture(scope="module")
def sheets(pilot_study, offgrid_study):
    found = {}
    for name, study, language in (("pilot", pilot_study, "es"), ("offgrid", offgrid_study, "en")):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(render_workbook(study, language)))
        found[name] = study, book[{"es": "Confiabilidad", "en": "Reliability"}[language]]
    return found


@pytest.mark.parametrize("name", ["pilot", "offgrid"])
def test_the_sheet_holds_the_studys_figures_with_units(sheets, name):
    study, sheet = sheets[name]
    made = study.sizing
    values = list(sheet.iter_rows(values_only=True))
    assert sheet.freeze_panes == "B3"
    assert [row[1] for row in values[2:6]] == ["kWp", "kWh", "kW", "kW"]
    assert values[2][2] == made.base_case.pv_kwp
    assert values[2][3] == pytest.approx(made.meanings[0].plant.pv_kwp, abs=1e-8)
    costs = next(row for row in values if row[1] == made.currency and row[0] in {"Costo al año", "Cost a year"})
    assert costs[2] == pytest.approx(made.base_case.annual_cost, abs=1e-8)
    assert not [c for row in sheet.iter_rows() for c in row if c.data_type == "f"]
    # The fortnight is the last table: its hours balance.
    for _, load, _, *carried, soc in (row[:9] for row in values[-336:]):
        assert sum(carried) == pytest.approx(load, abs=1e-6)
        assert -1e-9 <= soc <= 1 + 1e-9


def test_a_hostile_tag_in_the_starts_is_a_text(pilot_study):
    starts = tuple(replace(one, tag="=1+1") for one in pilot_study.sizing.starts)
    assert starts
    study = replace(pilot_study, sizing=replace(pilot_study.sizing, starts=starts))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sheet = openpyxl.load_workbook(io.BytesIO(render_workbook(study, "es")))["Confiabilidad"]
    found = [cell for row in sheet.iter_rows() for cell in row if cell.value == "=1+1"]
    assert len(found) == len(starts)
    assert {cell.data_type for cell in found} == {"s"}


def test_where_nothing_pays_the_report_says_so_and_names_no_empty_plant(pilot_study):
    sizing = pilot_study.sizing
    none = replace(sizing.base_case, pv_kwp=0.0, battery_kwh=0.0, genset_kw=0.0)
    made = tuple(replace(one, plant=none) if one.key == "least_cost" else one for one in sizing.meanings)
    text = words(replace(pilot_study, sizing=replace(sizing, meanings=made)), "en")
    assert "The least cost is that of today's equipment" in text
    assert "0 kWp of PV array" not in text
    assert "Least cost: nothing forms a grid" not in text
