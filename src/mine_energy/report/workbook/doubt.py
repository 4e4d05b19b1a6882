"""How well it is known: inventory against readings, bands, what matters most, and what to meter next."""

from mine_energy.audit import AuditUncertainty, MeasurementStep
from mine_energy.report.chapters.uncertainty import influence_words
from mine_energy.report.workbook.book import Book, Column, Content, Sheet
from mine_energy.study import Study
from mine_energy.uncertainty import Band, PartResult


def reconciliation(book: Book, study: Study) -> None:
    """Write every machine before and after the readings, and how far it had to move."""
    w = book.w
    if study.inventory is None:
        return
    sheet = book.sheet("reconciliation")
    row = _compared(sheet, study)
    before, after = w.text("reconciled.before"), w.text("reconciled.after")
    pairs = (("power", "kW"), ("hours", "h"), ("energy", "kWh"))
    columns = [
        Column(heading=w.label("tag"), style="text"),
        Column(heading=w.label("process"), width=20, style="text"),
        *(
            Column(
                heading=f"{w.text(f'reconciled.{name}')}: {state}", unit=unit, style="two" if unit == "kW" else "whole"
            )
            for name, unit in pairs
            for state in (before, after)
        ),
        Column(heading=f"{w.text('reconciled.energy')}: P10", unit="kWh"),
        Column(heading=f"{w.text('reconciled.energy')}: P90", unit="kWh"),
        Column(heading=f"{w.text('reconciled.power')}: {w.text('reconciled.moved')}", style="two"),
        Column(heading=f"{w.text('reconciled.hours')}: {w.text('reconciled.moved')}", style="two"),
    ]
    adjusted = study.audit.adjustment
    sheet.page.freeze_panes(0, 1)
    if adjusted is None or not adjusted.parts:
        return
    area = sheet.table(row, columns, [_part(part, book) for part in adjusted.parts])
    sheet.page.autofilter(area.top - 1, 0, area.bottom, len(columns) - 1)
    sums = {
        6: sum(part.energy_before_kwh.p50 for part in adjusted.parts),
        7: sum(part.energy_after_kwh.p50 for part in adjusted.parts),
    }
    sheet.total(area.bottom + 1, w.text("total"), sums, area, len(columns))


def _compared(sheet: Sheet, study: Study) -> int:
    """Write inventory against meter over the record; return where the machines may begin."""
    w, found = sheet.book.w, study.audit.reconciliation
    sheet.title(0, w.text("workbook.sheet.reconciliation"))
    status = "intro" if found.status == "compared" else found.status
    sheet.note(1, w.text(f"reconciliation.{status}"), 6)
    keys = ("inventory", "losses", "metered", "gap")
    values = {key: getattr(found, f"{key}_kwh") for key in keys}
    columns = [
        Column(heading=w.text("quantity"), width=40, style="text"),
        Column(heading=w.label("value"), width=16, style="auto"),
        Column(heading=w.label("unit"), width=10, style="indent"),
    ]
    names = {"losses": w.text("network.losses"), "gap": w.label("gap_kwh_per_year")}
    rows: list[list[Content]] = [[w.text("reconciliation.days"), found.days, "d"]]
    for key in keys:
        if values[key] is not None and (key != "losses" or values[key]):
            rows.append([names.get(key) or w.text(f"reconciliation.{key}"), values[key], "kWh"])
    if found.gap_fraction is not None:
        rows.append([w.text("reconciliation.gap_share"), 100.0 * found.gap_fraction, "%"])
    return sheet.table(3, columns, rows).bottom + 3


def _part(part: PartResult, book: Book) -> list[Content]:
    return [
        part.tag,
        book.w.word("process", part.process),
        part.power_before_kw,
        part.power_after_kw,
        part.hours_before,
        part.hours_after,
        part.energy_before_kwh.p50,
        part.energy_after_kwh.p50,
        part.energy_after_kwh.p10,
        part.energy_after_kwh.p90,
        part.power_moved_sd,
        part.hours_moved_sd,
    ]


def uncertainty(book: Book, study: Study) -> None:
    """Write P10, P50 and P90 of energies, savings and money, and what moves them."""
    w = book.w
    if study.audit.uncertainty is None:
        return
    sheet = book.sheet("uncertainty")
    columns = [
        Column(heading=w.text("workbook_doubt.group"), width=30, style="text"),
        Column(heading=w.text("quantity"), width=44, style="text"),
        Column(heading="P10", style="auto"),
        Column(heading="P50", style="auto"),
        Column(heading="P90", style="auto"),
        Column(heading=w.label("unit"), width=14, style="indent"),
        Column(heading=w.text("workbook_doubt.weight"), unit="%", style="percent"),
    ]
    drawn = study.audit.uncertainty
    rows = [*_energies(drawn, bool(study.audit.network), book), *_money(drawn, book), *_influences(drawn, book)]
    area = sheet.table(0, columns, rows)
    sheet.list_view(area, len(columns), frozen_columns=2)


def _row(group: str, name: str, band: Band, unit: str) -> list[Content]:
    return [group, name, band.p10, band.p50, band.p90, unit, None]


def _energies(drawn: AuditUncertainty, networked: bool, book: Book) -> list[list[Content]]:
    w = book.w
    unit = f"kWh{w.text('unit.per_year')}"
    energy, saving = w.text("uncertainty.plant"), w.text("uncertainty.saving")
    if networked:
        energy = f"{energy} ({w.text('uncertainty.without_losses')})"
    rows = [_row(energy, w.text("total"), drawn.plant.energy_kwh, unit)]
    rows += [_row(energy, w.word("process", one.name), one.energy_kwh, unit) for one in drawn.processes]
    rows += [_row(energy, one.name, one.energy_kwh, unit) for one in drawn.machines]
    rows.append(_row(saving, w.text("total"), drawn.saving.energy_kwh, unit))
    rows += [_row(saving, w.word("saving_cause", one.cause), one.energy_kwh, unit) for one in drawn.causes]
    rows += [
        _row(saving, f"{one.tag}: {w.word('measure', one.measure)}", one.energy_kwh, unit) for one in drawn.measures
    ]
    return rows


def _money(drawn: AuditUncertainty, book: Book) -> list[list[Content]]:
    w, money = book.w, drawn.money
    if money is None:
        return []
    group = w.text("chapter.money")
    rows: list[list[Content]] = [
        _row(group, w.text("uncertainty.price"), money.price_per_kwh, f"{money.currency}/kWh"),
    ]
    for one in (money.total, *money.measures):
        name = f"{one.tag}: {w.word('measure', one.measure)}" if one.tag else w.text("total")
        rows.append(_row(group, f"{w.text('measures.capex')}, {name}", one.capex, money.currency))
        rows.append(_row(group, f"{w.label('npv_usd')}, {name}", one.npv, money.currency))
        years = (one.payback.p10_years, one.payback.p50_years, one.payback.p90_years)
        rows.append([group, f"{w.label('payback_years')}, {name}", *years, w.text("unit.years"), None])
    return rows


def _influences(drawn: AuditUncertainty, book: Book) -> list[list[Content]]:
    w = book.w
    rows: list[list[Content]] = []
    for key, found in (("energy", drawn.on_energy), ("saving", drawn.on_saving), ("npv", drawn.on_npv)):
        group = w.text(f"workbook_doubt.moves_{key}")
        unit = drawn.money.currency if key == "npv" and drawn.money else f"kWh{w.text('unit.per_year')}"
        rows += [
            [group, influence_words(one, w), one.at_p10, one.base, one.at_p90, unit, one.variance_share]
            for one in found
        ]
    return rows


def plan(book: Book, study: Study) -> None:
    """Write what to meter next, with which instrument and for how long."""
    w = book.w
    if study.audit.uncertainty is None and not study.audit.gaps:
        return
    sheet = book.sheet("plan")
    columns = [
        Column(heading=w.label("tag"), style="text"),
        Column(heading=w.label("process"), width=20, style="text"),
        Column(heading=w.text("plan.quantity"), style="text"),
        Column(heading=w.text("plan.instrument"), width=30, style="text"),
        Column(heading=w.text("workbook_measures.accuracy"), unit="%", style="percent"),
        Column(heading=w.text("plan.days")),
        Column(heading=w.text("plan.energy_left"), unit="%", style="percent"),
        Column(heading=w.text("plan.saving_left"), unit="%", style="percent"),
        Column(heading=w.text("plan.split_left"), unit="%", style="percent"),
        Column(heading=w.text("gaps.what"), width=80, style="wrap"),
    ]
    drawn = study.audit.uncertainty
    rows = [] if drawn is None else [_step(step, book) for step in drawn.plan]
    rows += [
        [", ".join(gap.tags), "", w.word("measure", gap.measure), *[None] * 6, w.finding(gap.reason)]
        for gap in study.audit.gaps
    ]
    area = sheet.table(0, columns, rows)
    sheet.list_view(area, len(columns))


def _step(step: MeasurementStep, book: Book) -> list[Content]:
    w = book.w
    return [
        step.tag,
        w.word("process", step.process),
        w.text(f"plan.read_{step.quantity}"),
        w.word("instrument", step.instrument.key),
        step.instrument.band,
        step.instrument.days,
        step.energy_left,
        step.saving_left,
        step.split_left,
        "",
    ]
