"""The bill's chapter as a utility reads it: payable apart from credit, the class step, options, reactive, abroad."""

from dataclasses import replace

import pytest

from mine_energy.errors import Finding
from mine_energy.report.blocks import Bullets, Cell, Paragraph, Picture, Table
from mine_energy.report.chapters import bills, bills_options, bills_step
from mine_energy.report.chapters.bill_lines import joined_lines, line_rows, money_unit, price_words
from mine_energy.report.format import Writer
from mine_energy.tariffs import LineTotal
from mine_energy.tariffs.pe_presence import PresenceMonth
from page_words import page_words

EN = Writer(language="en", country="CO")


def blocks(study, language="en"):
    return list(bills.blocks(study, Writer(language=language, country=study.site.site.country)))


def table(study, ident, language="en"):
    return next(b for b in blocks(study, language) if isinstance(b, Table) and b.id == ident)


def tables(study):
    return {b.id for b in blocks(study) if isinstance(b, Table)}


def plain(cell):
    return (cell if isinstance(cell, str) else cell.text).replace("\u00a0", " ")


def cells(row):
    return [plain(cell) for cell in row]


def words(study, language="en"):
    found = []
    for block in blocks(study, language):
        if isinstance(block, Paragraph):
            found += [block.title, block.text]
        elif isinstance(block, Bullets):
            found += [plain(item) for item in block.items]
        elif isinstance(block, Picture):
            found += [block.caption, block.alt]
    return " ".join(found).replace("\u00a0", " ")


def total(key, amount, price, unit="kWh", quantity=1.0):
    return LineTotal(
        key=key,
        group="energy",
        label_es=f"{key} es",
        label_en=f"{key} en",
        quantity=quantity,
        unit=unit,
        price=price,
        amount=amount,
        price_source="sheet",
        price_year="2025",
        confidence="A",
    )


# Lines


def test_a_line_that_a_bill_does_not_have_costs_nothing_there():
    rows = joined_lines([[total("a", 5.0, 5.0)], [total("b", 2.0, 2.0), total("a", 6.0, 5.0)]])
    assert [line.key for line, _ in rows] == ["a", "b"]
    assert [None if one is None else one.amount for one in rows[1][1]] == [None, 2.0]
    assert cells(line_rows([[total("a", 5.0, 5.0)], []], "COP", EN)[0]) == ["a en", "5.00", "0"]


def test_a_price_that_all_share_stands_by_the_name_and_others_by_their_amounts():
    shared = line_rows([[total("a", 10.0, 5.0)], [total("a", 20.0, 5.0)], []], "COP", EN)[0]
    assert shared[0].unit.replace("\u00a0", " ") == "5.000 COP/kWh"
    assert all(isinstance(cell, str) for cell in shared[1:])
    apart = line_rows([[total("a", 10.0, -7.0)], [total("a", 20.0, -4.0)]], "COP", EN)[0]
    assert apart[0] == "a en"
    assert [cell.unit.replace("\u00a0", " ") for cell in apart[1:]] == ["-7.000 COP/kWh", "-4.000 COP/kWh"]


def test_prices_of_months_and_surcharges_have_their_own_words():
    assert price_words(0.2, "COP", "COP", EN) == "20.0%"
    assert price_words(4.18, "month", "PEN", EN).replace("\u00a0", " ") == "PEN 4.180 a month"
    assert money_unit(1e6, "COP", EN) == (1.0, "COP")
    assert money_unit(1.5e8, "COP", EN) == (1e6, "million COP")


# Three states


def test_the_foot_is_what_is_paid_and_credit_stands_apart(financed_study):
    today, measured, with_pv = financed_study.states
    with_credit = replace(with_pv.bill, total=-900.0, payable=100.0, credit_left=1000.0)
    study = replace(financed_study, states=(today, measured, replace(with_pv, bill=with_credit)))
    shown = table(study, "bill-lines")
    assert cells(shown.foot)[0] == "Payable in the year (COP)"
    assert cells(shown.foot)[3] == "100"
    rows = {cells(row)[0]: cells(row) for row in shown.rows}
    assert rows["Credit left; not money of the year (COP)"][1:] == ["0", "0", "1,000"]
    assert rows["Sum of the lines (COP)"][3] == "-900"
    # Where nobody has a credit, nothing is said of one.
    assert "Credit left" not in " ".join(cells(row)[0] for row in table(financed_study, "bill-lines").rows)


def test_every_month_shows_what_is_paid_and_the_meter_with_pv(financed_study):
    shown = table(financed_study, "bill-months")
    assert len(shown.rows) == 12
    assert "Exports (kWh)" in shown.headings
    assert sum(month.payable for month in financed_study.states[2].bill.months) == pytest.approx(
        financed_study.states[2].bill.payable
    )
    assert cells(shown.rows[0])[0] == "Jan 2025"


def test_the_margin_of_coarse_demand_is_said_and_not_added(financed_study):
    today, *rest = financed_study.states
    soft = replace(today, bill=replace(today.bill, demand_margin_amount=1234.0))
    assert "up to COP 1,230 a year higher" in words(replace(financed_study, states=(soft, *rest)))
    assert "coarser" not in words(financed_study)


def test_a_genset_generates_and_sells_nothing(own_power_study):
    shown = table(own_power_study, "bill-months")
    assert "Generator gives (kWh)" in shown.headings
    assert "Exports (kWh)" not in shown.headings
    assert tables(own_power_study) == {"bill-lines", "bill-months"}


# Colombia's step


def test_three_bills_show_the_step_and_one_sentence_says_it(financed_study, language):
    step = financed_study.bills.class_step
    shown = table(financed_study, "class-step", language)
    unit = "kW AC" if language == "en" else "kW CA"
    assert [plain(heading) for heading in shown.headings[1:]] == [f"{size} {unit}" for size in (90, 100, 110)]
    below, at, above = (one.saving for one in step.bills)
    assert below < at
    assert above < at
    sentence = bills_step.one_sentence(step)
    assert sentence.params["small_kw"] == 100.0
    assert sentence.params["large_kw"] == pytest.approx(110.0)
    w = Writer(language=language, country="CO")
    assert words(financed_study, language).count(w.finding(sentence).replace("\u00a0", " ")) == 1
    swap = next(row for row in shown.rows if isinstance(row[1], Cell) and row[1].unit)
    assert swap[1].unit == swap[2].unit != swap[3].unit


def test_without_a_step_nothing_is_claimed(financed_study):
    step = financed_study.bills.class_step
    rising = tuple(replace(one, saving=float(place)) for place, one in enumerate(step.bills))
    flat = replace(step, bills=rising, sweep=replace(step.sweep, findings=()))
    assert bills_step.one_sentence(flat) is None
    text = next(b.text for b in bills_step.blocks(flat, EN) if isinstance(b, Paragraph))
    assert "no size tried above 100 kW AC saves less" in text
    told = Finding(key="tariff_class_step", level="info", params={})
    assert bills_step.one_sentence(replace(flat, sweep=replace(step.sweep, findings=(told,)))) is told


def test_the_sweep_says_from_which_size_it_pays_again(financed_study):
    step = financed_study.bills.class_step
    text = [b.text for b in bills_step.blocks(step, EN) if isinstance(b, Paragraph)][-1]
    assert ("no size tried" in text) == (step.sweep.smallest_large_as_good is None)
    larger = replace(step.sweep.best_large, inverter_kw_ac=180.0, pv_kwp=216.0)
    again = replace(step, sweep=replace(step.sweep, smallest_large_as_good=larger))
    assert "only from 180 kW AC" in [b.text for b in bills_step.blocks(again, EN) if isinstance(b, Paragraph)][-1]
    one_side = replace(step, sweep=replace(step.sweep, best_large=None))
    assert "one side" in [b.text for b in bills_step.blocks(one_side, EN) if isinstance(b, Paragraph)][-1]


# Reactive


def test_pv_brings_the_reactive_charge_up_again(financed_study):
    today, measured, with_pv = financed_study.bills.reactive
    assert with_pv.amount > measured.amount
    assert "PV brings it up again" in words(financed_study)
    assert f"another {plain(EN.estimate(with_pv.bank_kvar, 'kvar'))}" in words(financed_study)
    shown = table(financed_study, "reactive-months")
    assert shown.headings.count("M") == 3
    assert today.inductive_kvarh > 0


def test_peru_has_no_factor_m(peru_study):
    assert "M" not in table(peru_study, "reactive-months").headings


def test_no_reactive_power_no_section(financed_study):
    bare = replace(financed_study, bills=replace(financed_study.bills, reactive=()))
    assert not {"reactive-charge", "reactive-months"} & tables(bare)


def test_nothing_charged_is_said(financed_study):
    free = tuple(replace(one, amount=0.0) for one in financed_study.bills.reactive)
    study = replace(financed_study, bills=replace(financed_study.bills, reactive=free))
    assert "no reactive energy is charged" in words(study)


# Peru's options


def test_options_are_in_order_of_the_year_with_their_dearest_month(peru_study):
    shown = table(peru_study, "tariff-options")
    best = dict(peru_study.bills.options.best)
    assert len(shown.rows) == len(peru_study.bills.options.rows)
    for state in ("today", "after_measures", "after_pv"):
        own = [row for row in peru_study.bills.options.rows if row.state == state]
        assert [row.payable for row in own] == sorted(row.payable for row in own)
        assert own[0].option == best[state]
    marked = [row[1] for row in shown.rows if "cheapest" in row[1].badge]
    assert [cell.text for cell in marked] == [best[state] for state in ("today", "after_measures", "after_pv")]
    assert any("the site's" in row[1].badge for row in shown.rows)
    assert all("2025)" in plain(row[4]) for row in shown.rows)


def test_every_option_has_a_reason(peru_study):
    rows = {cells(row)[0]: cells(row)[1] for row in table(peru_study, "option-status").rows}
    assert rows["MT2"] == "yes"
    assert rows["BT5B"] == "no: another voltage"


def test_a_user_that_becomes_present_at_peak_is_marked(peru_study):
    options = peru_study.bills.options
    flipped = PresenceMonth(
        year=2025,
        month=3,
        factor_before=0.4,
        factor_after=0.6,
        present_before=False,
        present_after=True,
        power_before=100.0,
        power_after=150.0,
        change="rises",
    )
    measured = replace(flipped, factor_after=0.45, present_after=False, power_after=90.0, change="falls")
    option = bills_options.presence_option(options)
    by_state = {"after_pv": (flipped,), "after_measures": (measured,)}
    presence = tuple(
        replace(one, months=by_state[one.state]) if one.option == option else one for one in options.presence
    )
    study = replace(peru_study, bills=replace(peru_study.bills, options=replace(options, presence=presence)))
    row = table(study, "presence").rows[0]
    assert [cell.badge for cell in row[1:4]] == ["", "", "at peak"]
    assert cells(row)[4:] == ["100", "90.0", "150", "rises"]
    assert row[-1].tone == "warning"


def test_the_class_shown_is_that_of_the_sites_option(peru_study):
    options = peru_study.bills.options
    assert bills_options.presence_option(options) == "MT3"
    assert bills_options.presence_option(replace(options, tariff_id="other")) == dict(options.best)["after_pv"]
    assert bills_options.presence_option(replace(options, presence=())) == ""


def test_the_cheapest_option_may_change(peru_study):
    options = replace(peru_study.bills.options, best=(("today", "MT4"), ("after_measures", "MT4"), ("after_pv", "MT2")))
    text = next(b.text for b in bills_options.blocks(options, (), EN) if isinstance(b, Paragraph))
    assert "changes" in text
    assert "With measures + PV: MT2" in text


# The other country


@pytest.mark.parametrize("kind", ["financed", "peru"])
def test_two_answers_and_the_reasons_of_their_difference(request, kind):
    study = request.getfixturevalue(f"{kind}_study")
    abroad = study.bills.abroad
    home, other = ("Colombia", "Peru") if kind == "financed" else ("Peru", "Colombia")
    shown = table(study, "abroad")
    assert list(shown.headings[1:]) == [home, other]
    reasons = table(study, "abroad-reasons")
    assert sum(one.difference for one in abroad.reasons) == pytest.approx(
        abroad.home.pv_saving - abroad.abroad.pv_saving, rel=1e-6
    )
    w = Writer(language="en", country=study.site.site.country)
    assert cells(reasons.foot)[1:3] == [w.estimate(abroad.home.pv_saving), w.estimate(abroad.abroad.pv_saving)]
    rules = table(study, "abroad-rules").rows
    assert "assumed" in rules[1][1].badge
    assert "assumed" not in rules[0][1].badge.replace("assumption", "")
    assert f"in {home}" in words(study)
    assert f"in {other}" in words(study)


def test_no_other_country_no_section(financed_study):
    alone = replace(financed_study, bills=replace(financed_study.bills, abroad=None))
    assert not any(name.startswith("abroad") for name in tables(alone))


# Whole


def test_a_study_of_before_has_its_three_bills(financed_study):
    assert tables(replace(financed_study, bills=None)) == {"bill-lines", "unit-cost", "bill-months"}


@pytest.mark.parametrize(("kind", "language"), [("financed", "es"), ("peru", "en")])
def test_every_table_stands_once_in_the_page_and_every_price_has_its_source(request, kind, language):
    study = request.getfixturevalue(f"{kind}_study")
    page = page_words(study, language).decode()
    for state in study.states:
        assert all(line.price_source and line.confidence for line in state.bill.totals)
    for ident in tables(study):
        assert page.count(f'id="{ident}"') == 1


def test_the_parts_of_the_unit_cost_are_those_of_the_tariff(financed_study):
    shown = table(financed_study, "unit-cost")
    parts = financed_study.states[0].bill.components
    assert parts is not None
    rows = [cells(row) for row in shown.rows]
    assert [row[1] for row in rows[:6]] == [
        plain(EN.estimate(getattr(parts, key), digits=4)) for key in ("g", "t", "d", "cv", "pr", "r")
    ]
    # Up to 100 kW AC only retailing is kept of a swapped kWh; above, all but generation.
    assert [row[3] for row in rows[:6]] == ["no", "no", "no", "yes", "no", "no"]
    design = replace(financed_study.design.after_measures, inverter_kw=150.0)
    large = replace(financed_study, design=replace(financed_study.design, after_measures=design))
    assert [cells(row)[3] for row in table(large, "unit-cost").rows[:6]] == ["no", "yes", "yes", "yes", "yes", "yes"]
    # A study of before has no parts of its own; the packaged tariff still has them.
    today, *rest = financed_study.states
    old = replace(financed_study, states=(replace(today, bill=replace(today.bill, components=None)), *rest))
    assert table(old, "unit-cost").rows == shown.rows
