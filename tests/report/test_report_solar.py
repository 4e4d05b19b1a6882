"""The solar chapter: what a lender looks for, in both languages, from studies with and without strings."""

import io
import re
from dataclasses import replace

import openpyxl
import pytest
from PIL import Image

from mine_energy.errors import Finding
from mine_energy.pv import Face, Soiling, compare_washing
from mine_energy.pv.chain import FaceYield
from mine_energy.report.blocks import Bullets, Paragraph, Picture, Table
from mine_energy.report.chapters import sun
from mine_energy.report.electrical import electrical_warnings
from mine_energy.report.format import NOTHING, Writer
from mine_energy.report.pictures import solar_pictures
from mine_energy.report.workbook import render_workbook
from page_words import page_words


def chapter(study, language="en"):
    return sun.blocks(study, Writer(language=language, country=study.site.site.country))


def tables(study, language="en"):
    return {block.id: block for block in chapter(study, language) if isinstance(block, Table)}


def test_the_chapter_holds_every_table(pilot_study, language):
    found = tables(pilot_study, language)
    wanted = {
        "design",
        "performance",
        "exceedance",
        "yield-components",
        "chain",
        "months-sun",
        "strings",
        "areas",
        "protections",
    }
    assert wanted <= set(found)


def test_the_chain_multiplies_up_and_its_array_ends_at_the_years_energy(pilot_study):
    rows, unit = tables(pilot_study)["chain"].rows, pilot_study.solar.unit
    assert rows[0][2:4] == (NOTHING, NOTHING)
    assert rows[-1][1].startswith(f"{unit.specific_yield_kwh_per_kwp:,.1f}")
    kwh = float(rows[-1][3].replace(",", ""))
    assert kwh == pytest.approx(unit.specific_yield_kwh_per_kwp * pilot_study.design.after_measures.pv_kwp, rel=1e-3)
    # Light is in kWh/m2 as long as nothing has made electricity of it.
    units = [str(row[1]).split("\u00a0")[1] for row in rows]
    first = next(i for i, step in enumerate(unit.chain) if step.key in {"cell_temperature", "module"})
    assert units == ["kWh/m²"] * first + ["kWh/kWp"] * (len(units) - first)


def test_p90_is_said_in_words_with_the_arrays_own_energy(pilot_study, language):
    w = Writer(language=language, country="CO")
    year = pilot_study.solar.uncertainty.of_years(1)
    text = " ".join(block.text for block in chapter(pilot_study, language) if isinstance(block, Paragraph))
    assert w.estimate(year.p90 * pilot_study.design.after_measures.pv_kwp) in text
    assert ("n nueve de cada diez años" if language == "es" else "Nine years in ten") in text
    assert year.p99 < year.p90 < year.p50


def test_the_map_is_a_small_png_the_same_every_time(pilot_study):
    first, second = (solar_pictures(pilot_study.solar, "en", "CO")["map.png"] for _ in range(2))
    assert first == second
    assert len(first) < 25_000
    with Image.open(io.BytesIO(first)) as image:
        assert image.size[0] > 600
        # Both marks are there: their blue is not lost among so few colours.
        assert any(b > r + 60 for r, _, b in (c for _, c in image.convert("RGB").getcolors(100)))
    assert [block.mime for block in chapter(pilot_study) if isinstance(block, Picture)].count("png") == 1


def test_faces_have_a_table_and_no_map(pilot_study):
    faces = (Face(tilt_deg=15, azimuth_deg=90, share=0.4, name="Este"), Face(tilt_deg=15, azimuth_deg=270, share=0.6))
    yields = tuple(
        FaceYield(
            name=face.name,
            tilt_deg=15,
            azimuth_deg=face.azimuth_deg,
            share=face.share,
            poa_kwh_m2=1800,
            specific_yield_kwh_per_kwp=1350,
        )
        for face in faces
    )
    unit = replace(pilot_study.solar.unit, faces=yields)
    study = replace(pilot_study, solar=replace(pilot_study.solar, unit=unit, orientation=None))
    rows = tables(study)["faces"].rows
    assert [row[0] for row in rows] == ["Este", "2"]
    assert "map.png" not in solar_pictures(study.solar, "en", "CO")


def test_without_strings_the_chapter_says_why(pilot_study, language):
    params = {"inverter": "i", "altitude_m": 5100}
    reason = Finding(key="pv_inverter_no_power", level="warning", params=params)
    solar = replace(pilot_study.solar, strings=None, areas=None, connection=None, findings=(reason,))
    study = replace(pilot_study, solar=solar)
    assert electrical_warnings(solar) == (reason,)
    (said,) = [block for block in chapter(study, language) if isinstance(block, Bullets)]
    assert len(said.items) == 1
    assert {"strings", "areas", "protections"}.isdisjoint(tables(study, language))
    assert page_words(study, language)
    assert render_workbook(study, language)


@pytest.mark.whole
def test_weather_of_every_kind_is_called_by_its_name(pilot_study):
    for kind, word in (("measured", "Measured"), ("modelled", "Modelled"), ("typical", "Typical year")):
        weather = replace(pilot_study.solar.weather, kind=kind, years=(2019, 2021), seed=None)
        study = replace(pilot_study, solar=replace(pilot_study.solar, weather=weather))
        page = page_words(study, "en").decode("utf-8")
        assert re.search(rf"<dt>Kind of weather</dt><dd>{word}</dd>", page)
        assert "2019–2021" in page
    assert "<dd>Synthetic</dd>" in page_words(pilot_study, "en").decode("utf-8")


def test_washing_has_a_table_where_dust_has_a_course(pilot_study, language):
    dusty = Soiling(cleaning_rains=(0.0,) * 12, rate_per_day=0.003, max_loss=0.3, wash_cost_usd_per_kwp=0.5)
    assert "washing" not in tables(pilot_study, language)
    solar = pilot_study.solar
    for price, words in ((0.2, ("lo que más deja", "leave most")), (None, ("mientras", "as long as"))):
        washing = compare_washing(dusty, solar.unit.kw_per_kwp, price)
        study = replace(pilot_study, solar=replace(solar, washing=washing))
        table = tables(study, language)["washing"]
        assert table.rows[0][0] == "0"
        assert (table.rows[-1][-1] == NOTHING) == (price is None)
        assert words[language == "en"] in table.note
    dear = compare_washing(replace(dusty, wash_cost_usd_per_kwp=500.0), solar.unit.kw_per_kwp, 0.2)
    study = replace(pilot_study, solar=replace(solar, washing=dear))
    assert ("ningún programa" if language == "es" else "no schedule") in tables(study, language)["washing"].note
    book = openpyxl.load_workbook(io.BytesIO(render_workbook(study, language)), read_only=True)
    title = "Arreglo FV" if language == "es" else "PV array"
    cells = {cell for row in book[title].iter_rows(values_only=True) for cell in row}
    assert ("Lavados al año" if language == "es" else "Washes a year") in cells
