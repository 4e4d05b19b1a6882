"""What to do: every measure with its cause, band and money, the decision about every motor, and how to verify it."""

from typing import Final

from mine_energy.audit import Decision, Option, VerificationPlan
from mine_energy.measures import Saving
from mine_energy.report.chapters.measures import saving_bands, when_of
from mine_energy.report.workbook.book import Area, Book, Column, Content, Formula, Soft, cell
from mine_energy.report.workbook.spending import price_of
from mine_energy.study import Study
from mine_energy.uncertainty import Band

CAUSE, SAVED, CAPEX, ASSUMED = 2, 8, 17, 18
"""Columns that other sheets add up."""
_TOP: Final = 2
_SUMS: Final = {
    8: "energy_kwh_per_year",
    9: "energy_low_kwh_per_year",
    10: "energy_high_kwh_per_year",
    14: "standalone_kwh_per_year",
    15: "demand_kw",
    16: "reactive_kvarh_per_year",
    17: "capex_usd",
}


def measures(book: Book, study: Study) -> None:
    """Write every measure with cause, decision, bands, money and interaction, with live sums."""
    w = book.w
    if not study.audit.savings:
        return
    sheet = book.sheet("measures")
    columns = _measure_columns(book, next((s.currency for s in study.audit.savings if s.currency), ""))
    bands = saving_bands(study)
    decisions = {decision.tag: decision for decision in study.audit.decisions}
    savings = adopted(study)
    rows = [
        _saving(saving, row, bands.get((saving.tag, saving.measure)), decisions.get(saving.tag), book, study)
        for row, saving in enumerate(savings, _TOP)
    ]
    area = sheet.table(0, columns, rows)
    sheet.list_view(area, len(columns), frozen_columns=2)
    sums = {index: sum(float(getattr(saving, name)) for saving in savings) for index, name in _SUMS.items()}
    sheet.total(area.bottom + 1, w.text("total"), sums, area, len(columns))
    year = w.text("unit.per_year")
    sheet.named("measures_saving_kwh", (area.bottom + 1, SAVED), w.text("workbook_names.measures_kwh"), f"kWh{year}")
    sheet.named("measures_capex_usd", (area.bottom + 1, CAPEX), w.text("workbook_names.measures_capex"), "USD")
    # What is possible and not adopted stands below, outside the sums.
    listed = [saving for saving in study.audit.savings if saving.decision == "listed"]
    if listed:
        top = area.bottom + 4
        sheet.title(top - 1, w.text("workbook_measures.listed"))
        found = enumerate(listed, top + 2)
        sheet.table(top, columns, [_saving(s, row, None, decisions.get(s.tag), book, study) for row, s in found])


def adopted(study: Study) -> list[Saving]:
    """Return the measures that stand in the sums, in their order."""
    return [saving for saving in study.audit.savings if saving.decision != "listed"]


def adopted_area(study: Study, book: Book) -> Area:
    """Return where :func:`measures` puts them."""
    return Area(sheet=book.w.text("workbook.sheet.measures"), top=_TOP, bottom=_TOP + max(1, len(adopted(study))) - 1)


def _measure_columns(book: Book, currency: str) -> list[Column]:
    w = book.w
    year = w.text("unit.per_year")
    energy = f"kWh{year}"
    return [
        Column(heading=w.label("tag"), style="text"),
        Column(heading=w.label("measure"), width=26, style="text"),
        Column(heading=w.label("saving_cause"), width=22, style="text"),
        Column(heading=w.text("measures.when"), style="text"),
        Column(heading=w.text("workbook_measures.decision"), width=20, style="text"),
        Column(heading=w.text("measures.reason"), width=60, style="wrap"),
        Column(heading=w.text("workbook.old_efficiency"), unit="%", style="percent"),
        Column(heading=w.text("workbook.new_efficiency"), unit="%", style="percent"),
        Column(heading=w.text("measures.saving"), unit=energy),
        Column(heading=w.text("workbook.low"), unit=energy),
        Column(heading=w.text("workbook.high"), unit=energy),
        *(Column(heading=name, unit=energy) for name in ("P10", "P50", "P90")),
        Column(heading=w.text("chart.steps.alone"), unit=energy),
        Column(heading=w.text("workbook.demand"), unit="kW", style="two"),
        Column(heading=w.text("quality.reactive_saved"), unit=f"kvarh{year}"),
        Column(heading=w.text("measures.capex"), unit="USD"),
        Column(heading=w.text("workbook_measures.price"), style="indent"),
        Column(heading=w.text("workbook.usd_per_kwh"), unit="USD/kWh", style="two"),
        Column(heading=w.text("causes.value"), unit=f"{currency}{year}"),
    ]


def _saving(
    saving: Saving, row: int, band: Band | None, decision: Decision | None, book: Book, study: Study
) -> list[Content]:
    w = book.w
    ratio = saving.capex_usd / saving.energy_kwh_per_year if saving.energy_kwh_per_year else ""
    reasons = [w.finding(saving.reason), *([w.finding(saving.when_reason)] if saving.when_reason else [])]
    decided = decision is not None and saving.measure == "replacement"
    return [
        saving.tag,
        w.word("measure", saving.measure),
        w.word("saving_cause", saving.cause),
        w.text(f"when.{when_of(saving)}"),
        w.word("decision", decision.chosen) if decided and decision else "",
        " ".join(reasons),
        saving.old_efficiency,
        saving.new_efficiency,
        saving.energy_kwh_per_year,
        saving.energy_low_kwh_per_year,
        saving.energy_high_kwh_per_year,
        *((band.p10, band.p50, band.p90) if band else (None, None, None)),
        saving.standalone_kwh_per_year,
        saving.demand_kw,
        saving.reactive_kvarh_per_year,
        _price(saving, book, study),
        _known(saving, book),
        Formula(text=f'=IF({cell(row, SAVED)}>0,{cell(row, CAPEX)}/{cell(row, SAVED)},"")', value=ratio),
        saving.value_per_year,
    ]


def _price(saving: Saving, book: Book, study: Study) -> Content:
    """Return what a measure costs: where it is bought, its line of the investment in dollars."""
    place = price_of(book, study, saving)
    if not place:
        return saving.capex_usd if saving.price_known else None
    dollars = "" if study.finance.currency == "USD" else "/exchange_rate"
    return Formula(text=f"={place}{dollars}", value=saving.capex_usd)


def _known(saving: Saving, book: Book) -> Content:
    """Return where a price comes from."""
    w = book.w
    if not saving.price_known:
        return w.text("roadmap.no_price")
    if saving.capex_usd == 0.0:
        return ""
    return Soft(text=w.word("origin", "assumed")) if saving.capex_assumed else w.word("confidence", "user")


def decisions(book: Book, study: Study) -> None:
    """Write the decision about every motor and every option that was compared."""
    w = book.w
    if not study.audit.decisions:
        return
    sheet = book.sheet("decisions")
    year = w.text("unit.per_year")
    keys = ("now", "at_failure_new", "at_failure_ie4")
    money = (("motors.buy", "USD"), ("measures.saving", f"kWh{year}"), ("motors.worth", "USD"), ("motors.cce", ""))
    columns = [
        Column(heading=w.label("tag"), style="text"),
        Column(heading=w.text("motors.decision"), width=22, style="text"),
        Column(heading=w.text("measures.reason"), width=60, style="wrap"),
        Column(heading=w.text("motors.kwh_value"), unit="USD/kWh", style="three"),
        Column(heading=w.text("motors.years"), unit=w.text("unit.years")),
        Column(heading=w.label("hours_per_year"), unit="h"),
        *(
            Column(
                heading=f"{w.word('decision', key)}: {w.text(name)}",
                unit=unit,
                width=17,
                style="three" if name == "motors.cce" else "auto" if name == "motors.worth" else "whole",
            )
            for key in keys
            for name, unit in money
        ),
    ]
    rows = [_decision(one, keys, book) for one in study.audit.decisions]
    area = sheet.table(0, columns, rows)
    sheet.list_view(area, len(columns))


def _decision(decision: Decision, keys: tuple[str, ...], book: Book) -> list[Content]:
    w = book.w
    options: dict[str, Option] = {option.key: option for option in decision.options}
    money: list[Content] = []
    for key in keys:
        one = options.get(key)
        money += (
            [None] * 4 if one is None else [one.capex_usd, one.saved_kwh_per_year, one.npv_usd, one.cce_usd_per_kwh]
        )
    return [
        decision.tag,
        w.word("decision", decision.chosen),
        w.finding(decision.reason),
        decision.value_usd_per_kwh,
        decision.years,
        decision.hours_per_year,
        *money,
    ]


def verification(book: Book, study: Study) -> None:
    """Write how every saving will be measured."""
    w = book.w
    if not study.audit.verification:
        return
    sheet = book.sheet("verification")
    columns = [
        Column(heading=w.label("tag"), style="text"),
        Column(heading=w.label("measure"), width=26, style="text"),
        Column(heading=w.text("verification.option"), width=10, style="text"),
        Column(heading=w.text("verification.boundary"), width=34, style="text"),
        Column(heading=w.text("verification.instrument"), width=30, style="text"),
        Column(heading=w.text("workbook_measures.accuracy"), unit="%", style="percent"),
        Column(heading=w.text("verification.days")),
        Column(heading=w.text("verification.adjustment"), width=22, style="text"),
        Column(heading=w.text("measures.saving"), unit=f"kWh{w.text('unit.per_year')}"),
        Column(heading=w.text("verification.uncertainty"), unit="%", style="percent"),
        Column(heading=w.text("verification.reasons"), width=60, style="wrap"),
    ]
    rows = [_plan(one, book) for one in study.audit.verification]
    area = sheet.table(0, columns, rows)
    sheet.list_view(area, len(columns))


def _plan(plan: VerificationPlan, book: Book) -> list[Content]:
    w = book.w
    return [
        plan.tag,
        w.word("measure", plan.measure),
        plan.option,
        w.word("verification_point", plan.points),
        w.word("verification_instrument", plan.instrument),
        plan.accuracy,
        plan.days,
        w.word("verification_adjustment", plan.adjustment),
        plan.saving_kwh_per_year,
        plan.uncertainty,
        w.finding(plan.reason),
    ]
