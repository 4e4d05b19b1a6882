"""The decarbonisation plan in cells: measures, wedges and money by year with live sums, cost curve, who pays."""

from collections.abc import Callable, Sequence

from xlsxwriter.utility import xl_col_to_name

from mine_energy.plan import PlanYear, Wedge
from mine_energy.report.chapters.roadmap_words import (
    about,
    evidence_words,
    factor_words,
    measure_name,
    month_words,
    payer_name,
    slice_name,
)
from mine_energy.report.style import BLUE, GREEN, ORANGE, PURPLE, QUIET, SKY, VERMILION, YELLOW
from mine_energy.report.workbook import blocks
from mine_energy.report.workbook.book import Book, Content, Formula, Sheet, cell
from mine_energy.study import Study
from mine_energy.study.plan_result import StudyPlan

_FIRST = 1
"""Column of the first year."""
_WIDTH = 12
_COLOURS = (QUIET, GREEN, ORANGE, SKY, PURPLE, BLUE, YELLOW, VERMILION)
"""What is left in grey; the wedges in colours that people tell apart."""


def roadmap(book: Book, study: Study) -> None:
    """Write the sheet, where the study has a plan."""
    made = study.plan
    if made is None:
        return
    sheet = book.sheet("roadmap", blocks=True)
    sheet.fitting.at_least(0, 46, wraps=False)
    sheet.page.freeze_panes(0, 1)
    row = _head(sheet, made)
    row = _measures(sheet, made, row)
    row = _path(sheet, made, row)
    row = _money(sheet, made, row)
    row = _curve(sheet, made, row)
    row = _payers(sheet, made, row)
    _doubts(sheet, made, row)


def _head(sheet: Sheet, made: StudyPlan) -> int:
    w, plan = sheet.book.w, made.plan
    sheet.title(0, w.text("chapter.roadmap"))
    row = 1
    if not made.stated:
        sheet.note(row, w.text("roadmap.not_stated"), _WIDTH)
        row += 1
    factor = plan.base.factor
    words = w.text("roadmap.no_grid") if factor is None else w.text("roadmap.factor", factor=factor_words(factor, w))
    sheet.note(row, words, _WIDTH)
    return row + 2


def _measures(sheet: Sheet, made: StudyPlan, top: int) -> int:
    w, plan = sheet.book.w, made.plan
    tasks = {task.key: task for task in plan.tasks}
    currency = plan.money.currency
    rows: list[Sequence[Content]] = []
    for measure in plan.measures:
        task, cut = tasks[measure.key], measure.cut
        rows.append(
            [
                measure_name(measure.key, made, w),
                w.word("plan_kind", measure.kind),
                "" if measure.kind == "removal" else slice_name(measure.slice, w),
                cut.low,
                cut.likely,
                cut.high,
                w.word("cut_unit", cut.unit),
                month_words(task.start_month, plan, w),
                month_words(task.online_month, plan, w),
                month_words(task.full_month, plan, w),
                measure.life_years,
                w.text("roadmap.no_price") if measure.capex is None else measure.capex,
                measure.opex_per_year,
                payer_name(measure.payer, w) or w.text("roadmap.nobody"),
                evidence_words(measure.evidence, w) or w.text("roadmap.none"),
            ]
        )
    headings = [
        *(w.text(f"roadmap.{key}") for key in ("measure", "kind", "slice", "low", "likely", "high", "unit", "start")),
        *(w.text(f"roadmap.{key}") for key in ("works", "full")),
        f"{w.text('roadmap.life')} ({w.text('unit.years')})",
        f"{w.text('roadmap.capex')} ({currency})",
        f"{w.text('roadmap.opex')} ({currency}{w.text('unit.per_year')})",
        *(w.text(f"roadmap.{key}") for key in ("payer", "evidence")),
    ]
    styles = (*["text"] * 3, *["auto"] * 3, *["text"] * 4, "one", "whole", "whole", "text", "text")
    done = blocks.write(sheet, top, w.text("roadmap.measures"), headings, rows, styles)
    if rows:
        spent = [measure.capex or 0.0 for measure in plan.measures]
        text = f"=SUM({cell(done.top, 11)}:{cell(done.bottom, 11)})"
        sheet.put(done.after - 1, 0, w.text("total"), "total")
        sheet.put(done.after - 1, 11, Formula(text=text, value=sum(spent)), "total")
        sheet.named("plan_capex", (done.after - 1, 11), w.text("workbook_names.plan_capex"), currency)
    return done.after + 1


def _path(sheet: Sheet, made: StudyPlan, top: int) -> int:
    """Write the path: base, factor effect, wedges below them, what is left live, then the classes apart."""
    w, plan = sheet.book.w, made.plan
    years = plan.years
    rows: list[Sequence[Content]] = [
        [w.text("roadmap.base_short"), *(year.base_t_co2e for year in years)],
        [w.text("roadmap.factor_only"), *(year.factor_effect_t_co2e for year in years)],
    ]
    first = top + 2 + len(rows)
    wedges = _by_year(plan.wedges)
    rows += [[measure_name(key, made, w), *(-wedge.t_co2e for wedge in found)] for key, found in wedges.items()]
    last = first + len(wedges) - 1
    left = top + 2 + len(rows)
    rows.append([w.text("roadmap.left"), *_columns(years, lambda y: y.location_t_co2e, lambda c: _left(top, last, c))])
    rows.append([f"{w.text('roadmap.envelope')} ≥", *(year.low_t_co2e for year in years)])
    rows.append([f"{w.text('roadmap.envelope')} ≤", *(year.high_t_co2e for year in years)])
    rows += _apart(sheet, made, left, top + 2 + len(rows))
    headings = ["t CO₂e", *(str(year.year) for year in years)]
    done = blocks.write(sheet, top, w.text("roadmap.path"), headings, rows, ("text", *["auto"] * len(years)))
    for row in (first - 2, left):
        sheet.put(row, 0, str(rows[row - top - 2][0]), "total")
    if wedges:
        _chart(sheet, (top + 1, left, first, last), len(years), done.after)
        return done.after + 19
    return done.after


def _apart(sheet: Sheet, made: StudyPlan, left: int, top: int) -> list[Sequence[Content]]:
    """Return certificates with the market-based figure that they make, and removals, which nothing subtracts."""
    w, plan = sheet.book.w, made.plan
    found = _by_year(plan.certificates)
    rows: list[Sequence[Content]] = [
        [f"{measure_name(key, made, w)} ({w.word('plan_kind', 'certificate')})", *(-wedge.t_co2e for wedge in own)]
        for key, own in found.items()
    ]
    if rows:
        bottom = top + len(rows) - 1
        market = _columns(
            plan.years,
            lambda y: y.market_t_co2e,
            lambda c: f"={cell(left, c)}+SUM({cell(top, c)}:{cell(bottom, c)})",
        )
        rows.append([w.text("roadmap.left_market"), *market])
    rows += [
        [f"{measure_name(key, made, w)} ({w.text('roadmap.removals')})", *(wedge.t_co2e for wedge in own)]
        for key, own in _by_year(plan.removals).items()
    ]
    return rows


def _by_year(wedges: Sequence[Wedge]) -> dict[str, list[Wedge]]:
    found: dict[str, list[Wedge]] = {}
    for wedge in wedges:
        found.setdefault(wedge.key, []).append(wedge)
    return found


def _columns(
    years: Sequence[PlanYear], value: Callable[[PlanYear], float], text: Callable[[int], str]
) -> list[Content]:
    return [Formula(text=text(column), value=value(year)) for column, year in enumerate(years, _FIRST)]


def _left(top: int, last: int, column: int) -> str:
    return f"=SUM({cell(top + 2, column)}:{cell(max(last, top + 3), column)})"


def _chart(sheet: Sheet, rows: tuple[int, int, int, int], years: int, at: int) -> None:
    """Draw what is left and the wedges on it; wedges stand in the cells below zero, so they are drawn downwards."""
    heading, left, first, last = rows
    chart = sheet.book.file.add_chart({"type": "column", "subtype": "stacked"})
    for place, row in enumerate((left, *range(first, last + 1))):
        chart.add_series(
            {
                "name": [sheet.name, row, 0],
                "categories": [sheet.name, heading, _FIRST, heading, _FIRST + years - 1],
                "values": [sheet.name, row, _FIRST, row, _FIRST + years - 1],
                "fill": {"color": _COLOURS[place % len(_COLOURS)]},
                "border": {"color": "#FFFFFF"},
                "gap": 40,
            }
        )
    chart.set_x_axis({"label_position": "low"})
    chart.set_y_axis({"num_format": "#,##0", "major_gridlines": {"visible": True}})
    sheet.chart(chart, (at, 0), sheet.book.w.text("workbook_plan.chart"), (820, 350))


def _money(sheet: Sheet, made: StudyPlan, top: int) -> int:
    """Write the money by year; over the budget and cash are live, and so are the totals."""
    w, plan = sheet.book.w, made.plan
    years, currency = plan.years, plan.money.currency
    names = ("capex_all", "capex_budget", "budget", "over", "opex", "saving", "cash")
    capex, of_budget, budget, _, opex, saving, _ = (top + 2 + place for place in range(len(names)))
    over = [
        None if year.budget is None else _over(of_budget, budget, column, year)
        for column, year in enumerate(years, _FIRST)
    ]
    cash = _columns(years, lambda y: y.cash, lambda c: f"={cell(saving, c)}-{cell(capex, c)}-{cell(opex, c)}")
    values: tuple[Sequence[Content], ...] = (
        [year.capex for year in years],
        [year.capex_of_budget for year in years],
        [year.budget for year in years],
        over,
        [year.opex for year in years],
        [year.saving for year in years],
        cash,
    )
    total = _FIRST + len(years)
    sums = [sum(year.capex for year in years), sum(year.capex_of_budget for year in years), plan.money.budget, None]
    sums += [sum(getattr(year, name) for year in years) for name in ("opex", "saving", "cash")]
    rows: list[Sequence[Content]] = []
    for place, (name, own, whole) in enumerate(zip(names, values, sums, strict=True)):
        rows.append([w.text(f"roadmap.{name}"), *own, _whole(name, top + 2 + place, total, whole)])
    headings = [currency, *(str(year.year) for year in years), w.text("total")]
    title = w.text("roadmap.money", currency=currency)
    done = blocks.write(sheet, top, title, headings, rows, ("text", *["whole"] * (len(years) + 1)))
    if plan.money.budget is not None:
        beyond = max(float(sums[1] or 0.0) - plan.money.budget, 0.0)
        text = f"=MAX({cell(of_budget, total)}-{cell(budget, total)},0)"
        sheet.put(top + 5, total, Formula(text=text, value=beyond), "total")
        sheet.named("plan_over_budget", (top + 5, total), w.text("roadmap.over"), currency)
    return done.after


def _over(of_budget: int, budget: int, column: int, year: PlanYear) -> Formula:
    text = f"=MAX({cell(of_budget, column)}-{cell(budget, column)},0)"
    return Formula(text=text, value=max(year.over_budget or 0.0, 0.0))


def _whole(name: str, row: int, total: int, value: float | None) -> Content:
    """Return the total of a row: a live sum, but the budget's own total is stated and may differ from its years."""
    if name == "over" or value is None:
        return None
    if name == "budget":
        return value
    return Formula(text=f"=SUM({cell(row, _FIRST)}:{xl_col_to_name(total - 1)}{row + 1})", value=value)


def _curve(sheet: Sheet, made: StudyPlan, top: int) -> int:
    w, plan = sheet.book.w, made.plan
    missing = w.text("roadmap.no_price")
    rows: list[Sequence[Content]] = [
        [
            measure_name(block.key, made, w),
            block.rank,
            block.t_co2e_per_year,
            missing if block.npv is None else block.npv,
            block.cost_per_t,
        ]
        for block in plan.curve
    ]
    headings = [
        w.text("roadmap.measure"),
        w.text("roadmap.rank"),
        f"t CO₂e{w.text('unit.per_year')}",
        f"{w.text('roadmap.npv')} ({plan.money.currency})",
        f"{w.text('roadmap.cost_per_t')} ({plan.money.currency}/t)",
    ]
    done = blocks.write(sheet, top, w.text("roadmap.curve"), headings, rows, ("text", "whole", "auto", "whole", "one"))
    note = w.text("roadmap.curve_note", rate=w.percent(plan.money.discount_rate))
    sheet.note(done.after - 1, note, _WIDTH)
    return done.after + 1


def _payers(sheet: Sheet, made: StudyPlan, top: int) -> int:
    w = sheet.book.w
    rows: list[Sequence[Content]] = [
        [
            payer_name(row.payer, w) or w.text("roadmap.nobody"),
            row.capex,
            row.opex_per_year,
            row.unpriced,
            w.join([measure_name(key, made, w) for key in row.measures]),
        ]
        for row in made.plan.payers
    ]
    headings = [w.text(f"roadmap.{key}") for key in ("payer", "capex", "opex", "unpriced", "what")]
    return blocks.write(
        sheet, top, w.text("roadmap.payers"), headings, rows, ("text", "whole", "whole", "whole", "text")
    ).after


def _doubts(sheet: Sheet, made: StudyPlan, top: int) -> None:
    w = sheet.book.w
    sheet.title(top, w.text("roadmap.doubts_title"))
    found = [about(finding, made, w) for finding in made.plan.doubts] or [w.text("roadmap.no_doubts")]
    for offset, words in enumerate(found, 1):
        sheet.put(top + offset, 0, words)
