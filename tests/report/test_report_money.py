"""The money's chapter as a lender reads it: sources and uses, loan, coverage, returns, taxes, contract, risk."""

import shutil
import subprocess
import warnings
from dataclasses import replace
from itertools import pairwise

import openpyxl
import pytest

from mine_energy.finance import MoneyInputs, Stream, money_plan
from mine_energy.report import charts
from mine_energy.report.blocks import Bullets, Cell, Facts, Paragraph, Picture, Table
from mine_energy.report.chapters import answer, lender, money, money_risk
from mine_energy.report.charts import SizeLine, SizeMark
from mine_energy.report.format import Writer
from mine_energy.report.style import Scale
from mine_energy.report.workbook import render_workbook
from mine_energy.site.financing import FinancingChoice, OwnerChoice, TaxChoice

EN = Writer(language="en", country="CO")
SCALE = Scale(label="x", tick=lambda value: f"{value:g}")


def blocks(study, room=money, language="en"):
    return list(room.blocks(study, Writer(language=language, country=study.site.site.country)))


def table(study, ident, room=money):
    return next(b for b in blocks(study, room) if isinstance(b, Table) and b.id == ident)


def tables(study, room=money):
    return {b.id for b in blocks(study, room) if isinstance(b, Table)}


def plain(cell):
    return (cell if isinstance(cell, str) else cell.text).replace("\u00a0", " ")


def cells(row):
    return [plain(cell) for cell in row]


def text(study, room=money, language="en"):
    return " ".join(f"{b.title} {b.text}" for b in blocks(study, room, language) if isinstance(b, Paragraph))


def facts(study, room=money):
    return {name: plain(value) for b in blocks(study, room) if isinstance(b, Facts) for name, value in b.pairs}


def with_plan(study, **changes):
    """The study with its money plan changed."""
    plan = replace(study.finance.plan, **changes)
    return replace(study, finance=replace(study.finance, plan=plan))


def with_financing(study, financing):
    """The study with a section on how it is paid; figures stay."""
    return replace(study, site=study.site.model_copy(update={"financing": financing}))


# Without [financing]


def test_without_financing_nothing_is_lent_or_taxed_and_the_report_says_so(own_power_study):
    assert "[financing]" in text(own_power_study, lender)
    assert "[financing]" in text(own_power_study, lender, "es")
    assert not tables(own_power_study, lender)
    assert {"capex", "results", "assumed-money"} <= tables(own_power_study)
    assert {"answer-money", "money-bands"} <= tables(own_power_study, answer)


def test_a_study_of_before_has_no_plan(own_power_study):
    old = replace(own_power_study, finance=replace(own_power_study.finance, plan=None))
    assert blocks(old, lender) == []
    assert blocks(old, money_risk) == []


def test_off_grid_the_cost_of_what_reaches_the_load_is_apart(own_power_study, financed_study):
    names = [cells(row)[0] for row in table(own_power_study, "results").rows]
    assert "Levelised cost of the energy that reaches the load (USD/kWh)" in names
    assert not any("reaches" in cells(row)[0] for row in table(financed_study, "results").rows)


# The lender


def test_uses_and_sources_add_up_to_the_same(financed_study):
    funding = financed_study.finance.plan.both.funding
    assert sum(line.amount for line in funding.uses) == pytest.approx(funding.total)
    assert sum(line.amount for line in funding.sources) == pytest.approx(funding.total)
    shown = table(financed_study, "sources-uses")
    assert cells(shown.foot)[1] == cells(shown.foot)[3] == EN.estimate(funding.total)
    assert [cells(row)[0] for row in shown.rows] == [
        "Investment",
        "VAT that stays a cost",
        "Contingency",
        "Fee of the loan",
    ]
    assert [cells(row)[2] for row in shown.rows if cells(row)[2]] == ["Loan", "Equity"]


def test_the_loan_runs_down_to_nothing_and_its_coverage_is_that_of_the_study(financed_study):
    both = financed_study.finance.plan.both
    shown = table(financed_study, "loan")
    assert len(shown.rows) == len(both.loan.years) + 1
    for year, after in pairwise(shown.rows[:-1]):
        assert cells(year)[5] == cells(after)[1]
    assert cells(shown.rows[-2])[5] == "0"
    assert cells(shown.foot)[6:] == [EN.number(case.minimum, 2) for case in both.coverage]
    assert cells(shown.rows[-1])[6:] == [EN.number(case.average, 2) for case in both.coverage]
    assert "P90 of 7 years" in shown.note
    picture = next(b for b in blocks(financed_study, lender) if isinstance(b, Picture))
    assert EN.number(both.coverage[0].minimum, 2) in picture.alt


def test_cash_that_does_not_cover_the_service_is_marked(financed_study):
    both = financed_study.finance.plan.both
    poor = replace(both.coverage[0], by_year=(0.8, *both.coverage[0].by_year[1:]), minimum=0.8)
    study = with_plan(financed_study, both=replace(both, coverage=(poor, *both.coverage[1:])))
    shown = table(study, "loan")
    assert isinstance(shown.rows[0][6], Cell)
    assert shown.rows[0][6].tone == "warning"
    assert shown.foot[6].tone == "warning"
    assert shown.rows[1][6].tone == ""


def test_returns_stand_before_tax_after_tax_and_for_equity(financed_study):
    both = financed_study.finance.plan.both
    shown = table(financed_study, "returns")
    assert list(shown.headings[1:]) == ["Project, before tax", "Project, after tax", "Equity, with the loan"]
    rows = {cells(row)[0]: cells(row)[1:] for row in shown.rows}
    for place, value in enumerate(both.project.npv):
        name = f"NPV at {EN.percent(value.rate)} (USD)"
        assert rows[name][0] == EN.estimate(both.before_tax.npv[place].npv)
        assert rows[name][1] == EN.estimate(value.npv)
    assert rows["Nominal IRR"] == [EN.percent(flow.irr[0]) for flow in (both.before_tax, both.project, both.equity)]
    assert "taxed" in shown.note


def test_a_dearer_dollar_has_its_table(financed_study):
    shown = table(financed_study, "shocks")
    assert [cells(row)[0] for row in shown.rows] == ["-20%", "0%", "20%", "40%"]


def test_taxes_and_benefits_show_only_what_was_asked_for(financed_study):
    assert {cells(row)[0] for row in table(financed_study, "tax-benefits").rows} == {
        "Exclusion from VAT",
        "Accelerated depreciation",
        "Special deduction of 50%",
    }
    faster = next(row for row in table(financed_study, "tax-benefits").rows if cells(row)[0].startswith("Accelerated"))
    assert cells(faster)[1] == "0"
    assert facts(financed_study)["Tax regime"] == "ordinary"
    none = with_plan(financed_study, both=replace(financed_study.finance.plan.both, benefits=()))
    assert "tax-benefits" not in tables(none)
    assert "none is counted" in text(none, lender)


def test_an_unknown_regime_is_said(financed_study):
    both = financed_study.finance.plan.both
    uncounted = replace(both.vat, treatment="not_counted")
    study = with_plan(financed_study, both=replace(both, vat=uncounted, tax_basis="before_tax"))
    study = with_financing(study, FinancingChoice(tax=TaxChoice()))
    assert "No tax regime was stated" in text(study, lender)
    assert "first two columns are equal" in table(study, "returns").note


def test_a_plant_of_somebody_else(financed_study):
    pv = Stream(
        key="pv",
        kind="generates",
        capex=financed_study.finance.pv.capex_lines,
        annual_saving=30_000.0,
        energy_kwh_per_year=150_000.0,
        om_per_year=1_500.0,
        asset_life_years=25.0,
    )
    owner = OwnerChoice(kind="third_party", ppa_price_per_kwh=0.12, ppa_years=15)
    inputs = MoneyInputs(
        measures=(),
        pv=pv,
        choice=financed_study.site.finance,
        financing=FinancingChoice(owner=owner),
        country="CO",
        per_usd=4000.0,
    )
    plan = money_plan(inputs)
    study = replace(financed_study, finance=replace(financed_study.finance, plan=plan))
    study = with_financing(study, FinancingChoice(owner=owner))
    shown = facts(study, lender)
    assert shown["Price of the first year (USD/kWh)"] == "0.120"
    assert shown["Years of the contract that count"] == "15"
    assert shown["Payment of the first year (USD)"] == "18,000"
    assert "Real IRR of the third party" in shown
    assert "Scope 2" in text(study, lender)
    assert not {"loan", "shocks"} & tables(study, lender)
    assert list(table(study, "returns").headings)[-1] == "Equity"
    assert not any("after tax" in name for name in shown)
    taxes = TaxChoice(regime="ordinary", rate=0.35, taxable_income_per_year=0.0)
    taxed = owner.model_copy(update={"tax": taxes})
    plan = money_plan(replace(inputs, financing=FinancingChoice(owner=taxed)))
    study = with_financing(with_plan(financed_study, third_party_taxed=plan.third_party_taxed), FinancingChoice())
    study = with_plan(study, contract=plan.contract, third_party=plan.third_party)
    shown = facts(study, lender)
    (paid,) = (value for name, value in shown.items() if name.startswith("Taxes of the third party"))
    flows = (plan.third_party_taxed.before_tax.flow, plan.third_party_taxed.project.flow)
    assert float(paid.replace(",", "")) == pytest.approx(sum(flows[0]) - sum(flows[1]), rel=6e-3)
    (after,) = (value for name, value in shown.items() if "after tax" in name and "NPV" in name)
    assert float(after.replace(",", "")) == pytest.approx(plan.third_party_taxed.project.npv[1].npv, rel=6e-3)


# Risk


def test_the_tornado_is_around_the_projects_present_value(financed_study):
    plan = financed_study.finance.plan
    picture = next(b for b in blocks(financed_study, money_risk) if isinstance(b, Picture))
    base = next(value.npv for value in plan.both.project.npv if value.label == "base")
    assert plan.tornado[0].npv_base == pytest.approx(base)
    assert plain(EN.money(base, "USD")) in plain(picture.alt)
    assert [bar.swing for bar in plan.tornado] == sorted((bar.swing for bar in plan.tornado), reverse=True)


def test_bands_are_those_of_the_study_and_what_never_comes_is_said(financed_study):
    risk = financed_study.finance.plan.risk
    rows = {cells(row)[0]: cells(row)[1:] for row in table(financed_study, "money-bands", money_risk).rows}
    npv = next(band for band in risk.bands if band.key == "npv")
    assert rows[f"NPV at {EN.percent(risk.rate)} (USD)"] == [EN.estimate(v) for v in (npv.p10, npv.p50, npv.p90)]
    never = tuple(replace(b, p90=None) if b.key.endswith("years") else b for b in risk.bands)
    study = with_plan(financed_study, risk=replace(risk, bands=never))
    assert [cells(row)[3] for row in table(study, "money-bands", money_risk).rows][2:] == [
        "never pays back",
        "never pays back",
    ]


def test_the_pv_that_measures_save_is_a_comparison(financed_study):
    saved = financed_study.finance.plan.saved
    said = text(financed_study).replace("\u00a0", " ")
    assert f"The measures also save {plain(EN.estimate(saved.pv_kwp, 'kWp'))} of PV" in said
    assert "no saving to be added" in said
    none = with_plan(financed_study, saved=replace(saved, pv_kwp=0.0))
    assert "also save" not in text(none)
    unpaid = with_plan(financed_study, saved=replace(saved, per_measure_money=None))
    assert "need not be invested" not in text(unpaid)


def test_fractions_are_shown_as_per_cent(financed_study):
    rows = {cells(row)[0]: cells(row) for row in table(financed_study, "assumed-money").rows}
    assert rows["Inflation of the dollar"][1:4:2] == ["2.50", "%/yr"]
    assert "fraction" not in " ".join(" ".join(row) for row in rows.values())


def test_every_word_of_the_assumptions_is_known(financed_study, own_power_study, peru_study, language):
    for study in (financed_study, own_power_study, peru_study):
        w = Writer(language=language, country=study.site.site.country)
        for item in money.assumed(study):
            assert w.word("assumption", item.key) != item.key
        for line in study.finance.plan.both.lines:
            assert w.word("cash_line", line.key) != line.key
        for bar in study.finance.plan.tornado:
            assert w.word("money_swing", bar.key) != bar.key


# Charts


@pytest.mark.parametrize("scale", [0.0, 1.0, 1e9])
def test_charts_draw_what_is_awkward_and_the_same_bytes(scale):
    line = SizeLine(label="a", sizes=[90.0, 100.0, 110.0], values=[scale, 2 * scale, -scale])
    above = SizeLine(label="b", sizes=[110.0, 150.0], values=[scale, scale])
    mark = SizeMark(label="best", size=100.0, value=2 * scale)

    def drawn():
        return (
            charts.size_sweep([line, above], (100.0, "limit"), [mark], (SCALE, SCALE)),
            charts.size_sweep([], (100.0, "limit"), [], (SCALE, SCALE)),
            charts.debt_coverage([line, above], "one", "year", SCALE),
            charts.cumulative_cash([-scale, scale, 2 * scale], "year", SCALE, payback=(0.1, "0.1 years")),
        )

    first = drawn()
    assert first == drawn()
    assert all(image.startswith(b"<svg") or b"<svg" in image[:200] for image in first)


# Workbook


def test_a_spreadsheet_works_out_what_the_workbook_stores(financed_study, tmp_path):
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed")
    (tmp_path / "ours.xlsx").write_bytes(render_workbook(financed_study, "es"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        formulas = openpyxl.load_workbook(tmp_path / "ours.xlsx")
        stored = openpyxl.load_workbook(tmp_path / "ours.xlsx", data_only=True)
    # Saved by openpyxl, formulas have no values: what comes back is the spreadsheet's own.
    for large in ("Horario", "Mensual"):
        del formulas[large]
    formulas.save(tmp_path / "bare.xlsx")
    (tmp_path / "out").mkdir()
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [program, profile, "--headless", "--convert-to", "xlsx", "--outdir", "out", "bare.xlsx"]
    subprocess.run(command, cwd=tmp_path, capture_output=True, check=True, timeout=240)
    worked_out = openpyxl.load_workbook(tmp_path / "out" / "bare.xlsx", data_only=True)
    count = 0
    for name in ("Factura", "Flujo de caja", "Flujo financiado"):
        for row in formulas[name].iter_rows():
            for cell in row:
                if cell.data_type != "f":
                    continue
                shown, theirs = stored[name][cell.coordinate].value, worked_out[name][cell.coordinate].value
                if shown in (None, ""):
                    assert theirs in (None, ""), (name, cell.coordinate, cell.value)
                else:
                    assert theirs == pytest.approx(shown, rel=1e-6, abs=1e-6), (name, cell.coordinate, cell.value)
                count += 1
    assert count > 300


@pytest.mark.parametrize(
    ("low", "words", "turns"), [(-500.0, "these change its sign", "yes"), (500.0, "no figure", "no")]
)
def test_the_answer_names_the_figures_that_turn_gain_into_loss(financed_study, low, words, turns):
    first = financed_study.finance.plan.tornado[0]
    bar = replace(first, npv_base=1000.0, npv_at_low=low, npv_at_high=2000.0)
    study = with_plan(financed_study, tornado=(bar,))
    assert words in text(study, answer)
    assert plain(table(study, "answer-money", answer).rows[0][-1]) == turns
    places = [cell.more[0][1] for b in blocks(study, answer) if isinstance(b, Bullets) for cell in b.items]
    assert {"uncertainty", "capex"} <= set(places)
