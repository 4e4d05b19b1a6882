"""Tables of a decarbonisation plan: base, measures, wedges by year, money by year, cost curve, who pays."""

from collections.abc import Callable, Iterator, Sequence
from math import fsum

from mine_energy.plan import Plan, PlanMeasure, PlanYear, Slice, Wedge
from mine_energy.report.blocks import Block, Cell, Paragraph, Table
from mine_energy.report.chapters.roadmap_words import (
    cut_words,
    evidence_words,
    measure_name,
    month_words,
    payer_name,
    plan_end,
    shown_years,
    slice_name,
)
from mine_energy.report.format import NOTHING, Writer
from mine_energy.study import Study
from mine_energy.study.plan_result import StudyPlan

_TONNES = "t CO₂e"


def base_table(study: Study, made: StudyPlan, w: Writer) -> Table:
    """Return the parts of the base year's emissions."""
    plan = made.plan
    parts = plan.base.slices
    total = fsum(part.t_co2e or 0.0 for part in parts)
    return Table(
        id="plan_base",
        caption=w.text("roadmap.base", year=plan.base.base_year),
        headings=(
            w.text("roadmap.slice"),
            w.text("roadmap.scope"),
            f"{w.label('energy_kwh')} (kWh{w.text('unit.per_year')})",
            f"{_TONNES}{w.text('unit.per_year')}",
            w.text("roadmap.share"),
            w.text("roadmap.origin"),
        ),
        rows=[
            (
                slice_name(part.key, w),
                str(part.scope),
                w.estimate(part.energy_kwh),
                w.estimate(part.t_co2e),
                w.percent((part.t_co2e or 0.0) / total if total else None),
                _origin(part, study, made, w),
            )
            for part in parts
        ],
        foot=(w.text("total"), "", "", w.estimate(total), w.percent(1.0 if total else None), ""),
        align=("text", "text", "number", "number", "number", "text"),
        note=w.text("roadmap.base_note", boundary=plan.base.boundary),
    )


def _origin(part: Slice, study: Study, made: StudyPlan, w: Writer) -> str | Cell:
    """Return where the tonnes of a part come from: a factor with its year, the fuel, shares, or the site file."""
    factor, fuel, found = made.plan.base.factor, study.states[0].fuel, study.scope2.footprint
    if part.energy_kwh is not None and factor is not None:
        unit = factor.unit.replace("tCO2", "t CO₂")
        return w.text("roadmap.from_factor", factor=w.number(factor.value, 4, unit), year=factor.year)
    if part.key == "diesel" and fuel is not None:
        litres = w.number(fuel.factor_kg_co2e_per_l, 3, "kg CO₂e/L")
        return w.text("roadmap.from_factor", factor=litres, year=fuel.year)
    if part.key in {"scope1", "scope3"} and found is not None and found.basis == "published_shares":
        return Cell(text=w.text("roadmap.from_shares"), tone="assumed")
    return w.text("roadmap.from_site")


def measure_table(made: StudyPlan, w: Writer) -> Table:
    """Return what is done, in order of implementation: cut, when, how long, on what evidence."""
    plan = made.plan
    tasks = {task.key: task for task in plan.tasks}
    return Table(
        id="plan_measures",
        caption=w.text("roadmap.measures"),
        headings=(
            w.text("roadmap.measure"),
            w.text("roadmap.slice"),
            w.text("roadmap.cut"),
            w.text("roadmap.works"),
            w.text("roadmap.full"),
            f"{w.text('roadmap.life')} ({w.text('unit.years')})",
            w.text("roadmap.evidence"),
        ),
        rows=[
            (
                _measure_cell(measure, made, w),
                NOTHING if measure.kind == "removal" else slice_name(measure.slice, w),
                cut_words(measure, w),
                Cell(
                    text=month_words(tasks[measure.key].online_month, plan, w),
                    tone="" if tasks[measure.key].in_plan else "warning",
                ),
                month_words(tasks[measure.key].full_month, plan, w),
                w.tick(measure.life_years),
                _evidence_cell(measure.evidence, w),
            )
            for measure in plan.measures
        ],
        align=("text", "text", "text", "text", "text", "number", "text"),
        note=w.text("roadmap.measures_note"),
    )


def _measure_cell(measure: PlanMeasure, made: StudyPlan, w: Writer) -> Cell:
    badge = "" if measure.kind == "reduction" else w.word("plan_kind", measure.kind)
    return Cell(text=measure_name(measure.key, made, w), badge=badge)


def _evidence_cell(evidence: str, w: Writer) -> Cell:
    words = evidence_words(evidence, w)
    return Cell(text=words) if words else Cell(text=w.text("roadmap.none"), tone="assumed")


def path_table(made: StudyPlan, w: Writer) -> Table:
    """Return the path of the emissions: base, what the grid does, what the measures take, what is left.

    A plan without a grid has no column of its factor; one without certificates or removals has none of theirs.
    """
    plan = made.plan
    shown = set(shown_years(plan))
    columns: list[tuple[str, Callable[[PlanYear], str], bool]] = [
        (w.label("year"), lambda y: str(y.year), True),
        (w.text("roadmap.base_short"), lambda y: w.estimate(y.base_t_co2e), True),
        (w.text("roadmap.factor_effect"), lambda y: _factor_effect(y, w), plan.base.factor is not None),
        (w.text("roadmap.wedges"), lambda y: w.estimate(-y.wedges_t_co2e), True),
        (w.text("roadmap.left"), lambda y: w.estimate(y.location_t_co2e), True),
        (w.text("roadmap.envelope"), lambda y: w.span(y.low_t_co2e, y.high_t_co2e), True),
        (w.text("roadmap.left_market"), lambda y: w.estimate(y.market_t_co2e), bool(plan.certificates)),
        (w.text("roadmap.removals"), lambda y: w.estimate(y.removals_t_co2e), bool(plan.removals)),
    ]
    return Table(
        id="plan_path",
        caption=w.text("roadmap.path"),
        headings=[heading for heading, _, there in columns if there],
        rows=[[write(year) for _, write, there in columns if there] for year in plan.years if year.year in shown],
        note=w.text("roadmap.path_note" if plan.base.factor is not None else "roadmap.path_note_no_grid"),
    )


def _factor_effect(year: PlanYear, w: Writer) -> str:
    low, high = _signed(year.factor_low_t_co2e, w), _signed(year.factor_high_t_co2e, w)
    return f"{_signed(year.factor_effect_t_co2e, w)} ({low} … {high})"


def _signed(value: float, w: Writer) -> str:
    return f"+{w.estimate(value)}" if value > 0 else w.estimate(value)


def wedge_table(made: StudyPlan, w: Writer) -> Iterator[Block]:
    """Yield the wedges by year, each with its own band and that of the grid's factor in the plan's last year."""
    plan = made.plan
    if not plan.wedges:
        yield Paragraph(text=w.text("roadmap.no_reductions"), tone="warning")
        return
    yield _wedges("plan_wedges", plan.wedges, made, w)
    beside = (*plan.removals, *plan.certificates)
    if beside:
        yield _wedges("plan_beside", beside, made, w)


def _wedges(ident: str, wedges: Sequence[Wedge], made: StudyPlan, w: Writer) -> Table:
    years, last = shown_years(made.plan), plan_end(made.plan)
    found = {(wedge.key, wedge.year): wedge for wedge in wedges}
    keys = [key for key in dict.fromkeys(wedge.key for wedge in wedges) if any(found[key, y].t_co2e for y in years)]
    sums = [w.estimate(fsum(found[key, year].t_co2e for key in keys)) for year in years]
    water = made.plan.base.factor is not None
    return Table(
        id=ident,
        caption=w.text(f"roadmap.{ident}"),
        headings=(
            w.text("roadmap.measure"),
            *(str(year) for year in years),
            w.text("roadmap.cut_band", year=last),
            *([w.text("roadmap.factor_band", year=last)] if water else []),
        ),
        rows=[
            (
                measure_name(key, made, w),
                *(w.estimate(found[key, year].t_co2e) for year in years),
                cut_band(found[key, last], w),
                *([_span(found[key, last].wet_t_co2e, found[key, last].dry_t_co2e, w)] if water else []),
            )
            for key in keys
        ],
        foot=(w.text("total"), *sums, *[""] * (1 + water)) if ident == "plan_wedges" and len(keys) > 1 else (),
        note=w.text(f"roadmap.{ident}_note") if water or ident == "plan_beside" else "",
    )


def avoided_table(made: StudyPlan, w: Writer) -> Iterator[Block]:
    """Yield by year what the array avoids on the grid, apart from the path; nothing without a grid or an array."""
    shown = set(shown_years(made.plan))
    found = [year for year in made.avoided if year.year in shown]
    if not any(year.project_t_co2e for year in found):
        return
    yield Table(
        id="plan_avoided",
        caption=w.text("roadmap.avoided"),
        headings=(
            w.label("year"),
            f"{w.text('roadmap.avoided_project')} ({_TONNES})",
            f"{w.text('carbon.avoided_band')} ({_TONNES})",
            f"{w.text('roadmap.avoided_exports')} ({_TONNES})",
            w.text("carbon.claim"),
        ),
        rows=[
            (
                str(year.year),
                w.estimate(year.project_t_co2e),
                _span(year.low_t_co2e, year.high_t_co2e, w),
                w.estimate(year.exports_t_co2e),
                Cell(text=w.word("claim", year.claim), tone="warning" if year.claim == "transferred" else ""),
            )
            for year in found
        ],
        align=("number", "number", "number", "number", "text"),
        note=w.text("roadmap.avoided_note"),
    )


def cut_band(wedge: Wedge, w: Writer) -> str:
    """Return low and high; the likely one belongs to it: high cuts before a certificate leave it less to cover."""
    three = (wedge.low_t_co2e, wedge.t_co2e, wedge.high_t_co2e)
    return _span(min(three), max(three), w)


def _span(low: float, high: float, w: Writer) -> str:
    """Return a band; nothing where it is none: a measure that does not work, or a slice that no grid moves."""
    return NOTHING if low == high else w.span(low, high)


def money_table(made: StudyPlan, w: Writer) -> Table:
    """Return the money by year, the budget of each year against its capex, and the whole against the total."""
    plan = made.plan
    shown = set(shown_years(plan))
    years, budget = plan.years, plan.money.budget
    spent = _total(plan, "capex_of_budget")
    columns: list[tuple[str, Callable[[PlanYear], str | Cell], str | Cell]] = [
        (w.label("year"), lambda y: str(y.year), _span_name(plan, w)),
        (w.text("roadmap.capex_all"), lambda y: w.estimate(y.capex), w.estimate(_total(plan, "capex"))),
    ]
    if budget is not None:
        over = _over(max(spent - budget, 0.0), w)
        columns += [
            (w.text("roadmap.capex_budget"), lambda y: w.estimate(y.capex_of_budget), w.estimate(spent)),
            (w.text("roadmap.budget"), lambda y: w.estimate(y.budget), w.estimate(budget)),
            (w.text("roadmap.over"), lambda y: _over(y.over_budget, w), over),
        ]
    columns.append((w.text("roadmap.opex"), lambda y: w.estimate(y.opex), w.estimate(_total(plan, "opex"))))
    running = _total(plan, "opex_of_budget")
    if budget is not None and running:
        columns.append((w.text("roadmap.opex_budget"), lambda y: w.estimate(y.opex_of_budget), w.estimate(running)))
    columns += [
        (w.text("roadmap.saving"), lambda y: w.estimate(y.saving), w.estimate(_total(plan, "saving"))),
        (w.text("roadmap.cash"), lambda y: w.estimate(y.cash), w.estimate(_total(plan, "cash"))),
    ]
    return Table(
        id="plan_money",
        caption=w.text("roadmap.money", currency=plan.money.currency),
        headings=[heading for heading, _, _ in columns],
        rows=[[write(year) for _, write, _ in columns] for year in years if year.year in shown],
        foot=[whole for _, _, whole in columns],
        note=_money_note(made, w),
    )


def _money_note(made: StudyPlan, w: Writer) -> str:
    note = w.text("roadmap.money_note" if made.plan.money.budget is not None else "roadmap.money_note_no_budget")
    if made.plan.money.budget is not None and _total(made.plan, "opex_of_budget"):
        note = f"{note} {w.text('roadmap.money_note_opex')}"
    own = {source.key for source in made.sources if source.origin == "pv"}
    bought = any(one.key in own and one.payer != "third_party" for one in made.plan.measures)
    return f"{note} {w.text('roadmap.money_note_pv')}" if bought else note


def _total(plan: Plan, field: str) -> float:
    return fsum(getattr(year, field) for year in plan.years)


def _span_name(plan: Plan, w: Writer) -> str:
    return w.text("roadmap.total_years", first=plan.years[0].year, last=plan.years[-1].year)


def _over(amount: float | None, w: Writer) -> str | Cell:
    if amount is None:
        return NOTHING
    return Cell(text=w.estimate(amount), tone="warning") if amount > 0 else w.estimate(0.0)


def curve_table(made: StudyPlan, w: Writer) -> Table:
    """Return the abatement-cost curve, those that earn money first."""
    plan = made.plan
    currency = plan.money.currency
    return Table(
        id="plan_curve",
        caption=w.text("roadmap.curve"),
        headings=(
            w.text("roadmap.rank"),
            w.text("roadmap.measure"),
            f"{_TONNES}{w.text('unit.per_year')}",
            f"{w.text('roadmap.npv')} ({currency})",
            f"{w.text('roadmap.cost_per_t')} ({currency}/t)",
        ),
        rows=[
            (
                str(block.rank),
                measure_name(block.key, made, w),
                w.estimate(block.t_co2e_per_year),
                Cell(text=w.text("roadmap.no_price"), tone="assumed") if block.npv is None else w.estimate(block.npv),
                w.estimate(block.cost_per_t),
            )
            for block in plan.curve
        ],
        align=("number", "text", "number", "number", "number"),
        note=w.text("roadmap.curve_note", rate=w.percent(plan.money.discount_rate)),
    )


def payer_table(made: StudyPlan, w: Writer) -> Table:
    """Return who pays what."""
    plan = made.plan
    return Table(
        id="plan_payers",
        caption=w.text("roadmap.payers"),
        headings=(
            w.text("roadmap.payer"),
            w.text("roadmap.what"),
            f"{w.text('roadmap.capex')} ({plan.money.currency})",
            f"{w.text('roadmap.opex')} ({plan.money.currency}{w.text('unit.per_year')})",
            w.text("roadmap.unpriced"),
        ),
        rows=[
            (
                _payer_cell(row.payer, w),
                w.join([measure_name(key, made, w) for key in row.measures]),
                w.estimate(row.capex),
                w.estimate(row.opex_per_year),
                w.number(row.unpriced),
            )
            for row in plan.payers
        ],
        align=("text", "text", "number", "number", "number"),
        note=w.text("roadmap.payers_note"),
    )


def _payer_cell(payer: str, w: Writer) -> Cell:
    words = payer_name(payer, w)
    return Cell(text=words) if words else Cell(text=w.text("roadmap.nobody"), tone="assumed")
