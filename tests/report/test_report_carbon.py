"""Scope 2 as a verifier reads it: numbered factors, methods apart, certificates, what has no factor, the record."""

import io
import re
from dataclasses import replace
from functools import cache
from typing import get_args

import openpyxl
import pytest
from openpyxl.utils import range_boundaries

from mine_energy import messages
from mine_energy.emissions import certificates as certificate_rules
from mine_energy.emissions import market as market_rules
from mine_energy.emissions import record as record_rules
from mine_energy.plan.model import CutUnit, MeasureClass
from mine_energy.report.blocks import Bullets, Facts, Heading, Paragraph, Picture, Table
from mine_energy.report.chapters import carbon as chapter
from mine_energy.report.chapters import carbon_context
from mine_energy.report.chapters.carbon_factors import factor_list
from mine_energy.report.format import Writer
from mine_energy.report.workbook import render_workbook


def writer(study, language="en"):
    return Writer(language=language, country=study.site.site.country)


@cache
def blocks(study, language="en"):
    return chapter.blocks(study, writer(study, language))


def table(study, ident, language="en"):
    return next((b for b in blocks(study, language) if isinstance(b, Table) and b.id == ident), None)


def text_of(cell):
    return cell if isinstance(cell, str) else " ".join(p for p in (cell.text, cell.unit, cell.badge) if p)


def words(study, language="en"):
    found = []
    for block in blocks(study, language):
        if isinstance(block, Paragraph):
            found += [block.title, block.text]
        elif isinstance(block, Heading):
            found.append(block.text)
        elif isinstance(block, Bullets):
            found += [text_of(item) for item in block.items]
        elif isinstance(block, Facts):
            found += [text for name, value in block.pairs for text in (name, text_of(value))]
        elif isinstance(block, Table):
            found += [block.caption, block.note, *block.headings, *(text_of(c) for row in block.rows for c in row)]
        elif isinstance(block, Picture):
            found += [block.caption, block.alt]
    return " ".join(found).replace("\u00a0", " ")


def number(text):
    return float(re.sub(r"[^\d.\-]", "", text.split("→")[0].replace("\u00a0", "")))


def near(text, value):
    """Three significant figures say an estimate."""
    return number(text) == pytest.approx(value, rel=6e-3)


@pytest.mark.parametrize("name", ["grid", "rich"])
def test_every_tonne_names_its_factor(request, name):
    study = request.getfixturevalue(f"{name}_study")
    known = {row[0]: row for row in table(study, "factors").rows}
    seen = 0
    for block in blocks(study):
        if not isinstance(block, Table) or block.headings[-1:] != ("Factor",):
            continue
        for row in block.rows:
            if "CO₂e" in text_of(row[0]) or block.id in {"category3", "market_lines", "change"}:
                quantities = [text_of(cell) for cell in row[1:-1]]
                if all(q in {"0", "–", "not calculated"} for q in quantities):
                    continue
                names = re.findall(r"F\d+", text_of(row[-1]))
                assert names, (block.id, text_of(row[0]))
                assert set(names) <= set(known)
                seen += 1
    assert seen >= 6
    for row in known.values():
        _, use, value, kind, year, _, confidence, source = (text_of(cell) for cell in row)
        assert use
        assert number(value.split()[0]) >= 0
        assert kind
        assert re.fullmatch(r"\d{4}", year)
        assert confidence
        assert source


def test_a_factor_stands_once_with_all_its_uses(rich_study):
    factors = factor_list(rich_study, writer(rich_study))
    location = rich_study.scope2.today.location_factor
    assert factors.name(location) == "F1"
    assert len(factors.rows[0][1].uses) == 3  # location, what is left by market, the dry end of the band
    assert len({key for key, _ in factors.rows}) == len(factors.rows)
    assert factors.name(None) == ""


def test_both_methods_stand_for_three_states(rich_study):
    rows = {text_of(row[0]): row for row in table(rich_study, "scope2").rows}
    for key, field in (("location-based", "location_t_co2e"), ("market-based", "market_t_co2e")):
        row = next(row for name, row in rows.items() if key in name)
        for cell, state in zip(row[1:4], rich_study.states, strict=True):
            assert near(cell, getattr(state.scope2, field))
    low, high = rows["Band, lowest (t CO₂e)"], rows["Band, highest (t CO₂e)"]
    assert number(low[1]) < number(high[1])


def test_market_lines_of_purchases_add_up_to_the_purchases(rich_study):
    lines = rich_study.states[0].scope2.market_lines
    assert sum(line.energy_kwh for line in lines) == pytest.approx(rich_study.states[0].import_kwh)
    shown = table(rich_study, "market_lines")
    assert [text_of(row[0]).split()[0] for row in shown.rows] == ["Certificate", "Contract", "Grid", "Own"]
    assert shown.rows[-1][1] == "–"  # nothing of one's own is used today
    assert near(shown.foot[1], rich_study.states[0].scope2.market_t_co2e)


def test_a_certificate_that_fails_covers_nothing_and_says_why(rich_study):
    good, bad = table(rich_study, "certificates").rows
    assert number(text_of(good[3])) == 40_000
    assert good[6] == "–"
    assert number(text_of(bad[3])) == 0
    failed = text_of(bad[6])
    assert all(word in failed for word in ("Rate", "Dates", "Country", "Retirement"))
    assert "EcoGox B2" in words(rich_study)


def test_avoided_lines_stand_apart_and_say_whose_they_are(rich_study, grid_study):
    shown = table(rich_study, "avoided")
    assert not shown.foot  # a sum of two overlapping quantities would be one
    assert all("transferred" in text_of(row[-1]) for row in shown.rows)
    assert "cannot use it" in words(rich_study)
    assert [text_of(row[-1]) for row in table(grid_study, "avoided").rows] == ["the plant", "the plant"]
    cut = table(grid_study, "scope2_cut")
    avoided = grid_study.scope2.avoided_exports.avoided_t_co2e
    assert not any(near(text_of(cell), avoided) for row in cut.rows for cell in row[1:4])
    measures, solar, total = (number(cell) for cell in cut.rows[0][1:4])
    assert measures + solar == pytest.approx(total, abs=0.1)


def test_what_has_no_factor_is_not_calculated_and_never_zero(grid_study, rich_study):
    without, stated = table(grid_study, "category3"), table(rich_study, "category3")
    assert [text_of(cell) for cell in without.rows[0][1:4]] == ["not calculated"] * 3
    assert [text_of(cell) for cell in without.foot[1:4]] == ["not calculated"] * 3
    # Losses of 8 % of the output: E EF L / (1 - L).
    today = rich_study.scope2.today
    assert near(stated.rows[0][1], today.import_kwh / 1000 * today.location_factor.value * 0.08 / 0.92)
    assert text_of(stated.rows[1][1]) == "not calculated"
    assert "which is not zero" in stated.note


def test_the_change_from_the_base_year_is_split(rich_study, grid_study):
    rows = table(rich_study, "change").rows
    base, activity, factor, now, constant = (number(row[1].replace("+", "")) for row in rows)
    # 230 MWh at 0.112 against today's at 0.220, activity first.
    mwh = rich_study.scope2.today.import_kwh / 1000
    assert base == pytest.approx(25.8, abs=0.05)
    assert activity == pytest.approx(0.112 * (mwh - 230), abs=0.05)
    assert factor == pytest.approx(mwh * (0.220 - 0.112), abs=0.05)
    assert base + activity + factor == pytest.approx(now, abs=0.15)
    assert constant == pytest.approx(mwh * 0.112, abs=0.05)
    assert "is the grid's, not the plant's" in words(rich_study)
    assert table(grid_study, "change") is None


def test_years_ahead_need_a_stated_decline(rich_study, grid_study):
    rows = table(rich_study, "ahead").rows
    assert {"2030", "2050"} <= {row[0] for row in rows}
    by_year = {row[0]: number(row[1]) for row in rows}
    assert by_year["2050"] == pytest.approx(0.220 * 0.97**26, abs=5e-5)
    assert table(grid_study, "ahead") is None
    assert "no official projection" in words(grid_study)


def test_a_reconstructed_load_is_no_inventory(grid_study):
    first = next(b for b in blocks(grid_study) if isinstance(b, Paragraph) and b.tone == "assumed")
    assert first.title == "An estimate, not an inventory"
    assert "± 30.0%" in words(grid_study)
    shown = table(grid_study, "evidence")
    assert len(shown.rows) == 12
    assert near(shown.foot[2], grid_study.states[0].import_kwh)
    assert "meter of its own" not in words(grid_study)


def test_the_record_shows_what_was_left_out(rich_study):
    assert "office (meter of its own)" in words(rich_study)


def test_readings_are_shown_to_the_kilowatt_hour(rich_study):
    record = rich_study.carbon.record
    metered = replace(
        record, records=tuple(replace(r, evidence="metered", import_kwh=12_345.0) for r in record.records)
    )
    study = replace(rich_study, carbon=replace(rich_study.carbon, record=replace(metered, label="inventory")))
    assert table(study, "evidence").rows[0][2] == "12,345"
    assert "An estimate" not in words(study)


def test_contradictions_come_first(grid_study):
    checks = grid_study.carbon.plausibility.checks
    bad = sum(check.verdict == "contradiction" for check in checks)
    assert bad >= 1
    verdicts = [text_of(row[3]) for row in table(grid_study, "plausibility").rows]
    assert verdicts == ["contradiction"] * bad + ["plausible"] * (len(checks) - bad)
    assert f"{bad} of {len(checks)} checks" in words(grid_study)


def test_a_plant_without_a_grid_has_fuel_and_no_factor_of_a_grid(own_power_study):
    said = words(own_power_study)
    assert "buys no electricity from a grid" in said
    assert "wet" not in said
    rows = {text_of(row[0]): row for row in table(own_power_study, "diesel").rows}
    pv = own_power_study.carbon.diesel
    assert near(rows["Diesel no longer burnt (L)"][2], pv.litres_saved)
    assert number(rows["Specific consumption after (L/kWh)"][2]) > number(
        rows["Specific consumption before (L/kWh)"][2]
    )
    assert "kg CO₂e/L" in text_of(table(own_power_study, "factors").rows[0][2])
    assert table(own_power_study, "scope2_cut") is None


def test_a_study_without_what_stands_around_keeps_its_chapter(grid_study):
    bare = replace(grid_study, carbon=None)
    assert table(bare, "scope2") is not None
    assert table(bare, "category3") is None
    assert table(bare, "evidence") is None


CLOSED = {
    "market_basis": get_args(market_rules.MarketBasis),
    "criterion": get_args(certificate_rules.Criterion),
    "check_status": get_args(certificate_rules.Status),
    "evidence": get_args(record_rules.Evidence),
    "consolidation": get_args(record_rules.Consolidation),
    "record_label": get_args(record_rules.Label),
    "plan_kind": get_args(MeasureClass),
    "cut_unit": get_args(CutUnit),
    "data_quality": get_args(record_rules.Grade),
    "claim": ("own", "transferred"),
}


@pytest.mark.parametrize("field", CLOSED)
def test_every_word_of_a_closed_list_has_its_text(field):
    for key in CLOSED[field]:
        for language in ("es", "en"):
            assert f"report.word.{field}.{key}" in messages.catalogue(language)


@pytest.fixture(scope="module")
def opened(rich_study):
    """The workbook with its formulas, and with its stored values."""
    made = render_workbook(rich_study, "es")
    assert made == render_workbook(rich_study, "es")
    return openpyxl.load_workbook(io.BytesIO(made)), openpyxl.load_workbook(io.BytesIO(made), data_only=True)


FUNCTIONS = {
    "SUM": lambda values: sum(v for v in values if isinstance(v, int | float)),
    "MAX": max,
    "SUMPRODUCT": lambda a, b: sum((x or 0) * (y or 0) for x, y in zip(a, b, strict=True)),
}


def computed(formula, sheet):
    """Evaluate a formula of the sheet from the stored values: four operations, SUM, MAX, SUMPRODUCT."""

    def cells(match):
        if match[2]:
            left, top, right, bottom = range_boundaries(match[0])
            found = [sheet.cell(r, c).value for r in range(top, bottom + 1) for c in range(left, right + 1)]
            return repr(found)
        return repr(float(sheet[match[1]].value or 0.0))

    return eval(re.sub(r"\b([A-Z]{1,2}\d+)(:[A-Z]{1,2}\d+)?", cells, formula[1:]), {"__builtins__": {}}, FUNCTIONS)


@pytest.mark.parametrize("name", ["Huella", "Plan"])
def test_formulas_of_the_workbook_give_what_is_stored(opened, name):
    formulas, stored = (book[name] for book in opened)
    count = 0
    for row in formulas.iter_rows():
        for cell in row:
            if isinstance(cell.value, str) and cell.value.startswith("="):
                value = stored[cell.coordinate].value
                assert computed(cell.value, stored) == pytest.approx(value, rel=1e-6, abs=1e-6), cell.coordinate
                count += 1
    assert count > 30


def test_the_sheet_of_the_footprint_has_the_market_lines_and_the_record(opened, rich_study):
    formulas, stored = (book["Huella"] for book in opened)
    assert formulas["B5"].value.startswith("=SUMPRODUCT(")
    assert stored["B5"].value == pytest.approx(rich_study.states[0].scope2.market_t_co2e)
    texts = {cell.value for row in stored.iter_rows() for cell in row if isinstance(cell.value, str)}
    assert {"I-REC A1", "no calculado", "reconstruida", "se contradice"} <= {
        *texts,
        *(t.removeprefix("Certificado ") for t in texts),
    }


def test_the_footprint_shows_the_same_scope_1_as_the_plan(grid_study):
    w = Writer(language="en", country="CO")
    facts = next(block for block in carbon_context.blocks(grid_study, w) if isinstance(block, Facts))
    rest = next(part for part in grid_study.plan.plan.base.slices if part.key == "scope1")
    assert w.estimate(rest.t_co2e, "t CO₂e") in facts.pairs[0][1]
