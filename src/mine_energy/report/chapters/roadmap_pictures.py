"""Pictures of a decarbonisation plan, each with the words that stand for it."""

from collections.abc import Iterator

from mine_energy.errors import Param
from mine_energy.report import charts, style
from mine_energy.report.blocks import Block, Picture
from mine_energy.report.chapters.roadmap_words import measure_name, month_words
from mine_energy.report.charts import Calendar, CostBlock, Layer, Remaining, Spending, TaskBar
from mine_energy.report.charts.plan import WEDGES
from mine_energy.report.format import Writer
from mine_energy.report.style import Mark, Scale
from mine_energy.study.plan_result import StudyPlan
from mine_energy.units import MONTHS_PER_YEAR

_SHOWN_AFTER = 1.5
"""The Gantt chart goes on for half the plan's time after its end."""


def wedge_picture(made: StudyPlan, w: Writer) -> Iterator[Block]:
    """Yield the emissions of every year: what is left, the wedges on it, removals below."""
    plan = made.plan
    if not plan.wedges and not plan.removals:
        return
    years = plan.years
    left = Remaining(
        label=w.text("chart.wedges.left"),
        values=[year.location_t_co2e for year in years],
        bands=[(year.low_t_co2e, year.high_t_co2e) for year in years],
        market=(w.text("chart.wedges.market"), [year.market_t_co2e for year in years]) if plan.certificates else None,
    )
    removals = Layer(
        label=w.text("chart.wedges.removals"),
        values=[year.removals_t_co2e for year in years],
        mark=Mark(colour=style.PAPER, hatch="++"),
        below=True,
    )
    first, last, layers = years[0], years[-1], _layers(made, w)
    image = charts.plan_wedges(
        [year.year for year in years],
        (w.text("chart.wedges.base", year=plan.base.base_year), first.base_t_co2e),
        left,
        layers,
        (
            Scale(label=w.text("chart.wedges.axis"), tick=w.tick),
            Scale(label=w.text("chart.wedges.taken_axis"), tick=w.tick),
        ),
        removals=removals if plan.removals else None,
    )
    listed = [f"{layer.label} {w.estimate(layer.values[-1])}" for layer in layers]
    words: dict[str, Param] = {
        "base": w.estimate(first.base_t_co2e),
        "base_year": plan.base.base_year,
        "year": last.year,
        "left": w.estimate(last.location_t_co2e),
        "low": w.estimate(last.low_t_co2e),
        "high": w.estimate(last.high_t_co2e),
        "taken": w.estimate(last.wedges_t_co2e),
        "listed": w.join(listed) or w.text("nothing"),
        "removals": w.estimate(last.removals_t_co2e),
    }
    alt, caption = (w.text(f"chart.wedges.{key}", **words) for key in ("alt", "caption"))
    yield Picture(image=image, alt=alt, caption=caption)


def _layers(made: StudyPlan, w: Writer) -> list[Layer]:
    """Return the wedges from the bottom up in order of implementation; more than marks: the smallest join in one."""
    solar = {source.key for source in made.sources if source.origin == "pv"}
    by_key: dict[str, list[float]] = {}
    for wedge in made.plan.wedges:
        by_key.setdefault(wedge.key, []).append(wedge.t_co2e)
    by_key = {key: values for key, values in by_key.items() if max(values) > 0}
    others = sorted((key for key in by_key if key not in solar), key=lambda key: -max(by_key[key]))
    small = others[len(WEDGES) - 1 :] if len(others) > len(WEDGES) else []
    marks = iter(WEDGES)
    layers = [
        Layer(
            label=measure_name(key, made, w),
            values=by_key[key],
            mark=style.MARKS["pv"] if key in solar else next(marks),
        )
        for key in by_key
        if key not in small
    ]
    if small:
        joined = [sum(values) for values in zip(*(by_key[key] for key in small), strict=True)]
        layers.append(Layer(label=w.text("chart.wedges.others", count=len(small)), values=joined, mark=next(marks)))
    return layers


def gantt_picture(made: StudyPlan, w: Writer) -> Iterator[Block]:
    """Yield when each measure waits, grows and works, with the capex decided so far."""
    plan = made.plan
    if not plan.tasks:
        return
    end = plan.span.plan_years * MONTHS_PER_YEAR
    shown = (plan.span.last_year - plan.span.first_year + 1) * MONTHS_PER_YEAR
    latest = max(task.full_month for task in plan.tasks)
    months = min(float(shown), max(_SHOWN_AFTER * end, latest + MONTHS_PER_YEAR / 2))
    tasks = [
        TaskBar(
            label=measure_name(task.key, made, w),
            start=task.start_month,
            online=task.online_month,
            full=task.full_month,
            end=task.end_month,
        )
        for task in plan.tasks
    ]
    steps = [step for step in plan.capex_steps if step.month <= months]
    lines = [
        Spending(
            label=w.text("chart.gantt.all"),
            steps=[(s.month, s.cumulative) for s in steps],
            mark=style.MARKS["after"],
        ),
        Spending(
            label=w.text("chart.gantt.of_budget"),
            steps=[(s.month, s.cumulative_of_budget) for s in steps],
            mark=Mark(colour=style.GREEN),
        ),
    ]
    same = all(s.cumulative == s.cumulative_of_budget for s in steps)
    budget, currency = plan.money.budget, plan.money.currency
    image = charts.plan_gantt(
        tasks,
        (w.text("chart.gantt.waiting"), w.text("chart.gantt.growing"), w.text("chart.gantt.working")),
        lines[:1] if same else lines,
        Calendar(first_year=plan.span.first_year, months=months, ends=(end, w.text("chart.gantt.ends"))),
        Scale(label=w.text("chart.gantt.axis", currency=currency), tick=w.tick),
        budget=None if budget is None else (w.text("chart.gantt.budget"), budget),
    )
    listed = [
        w.text("chart.gantt.alt_row", name=measure_name(t.key, made, w), month=month_words(t.online_month, plan, w))
        for t in plan.tasks
    ]
    spent = plan.capex_steps[-1] if plan.capex_steps else None
    words = {
        "rows": w.join(listed),
        "capex": w.money(spent.cumulative if spent else 0.0, currency),
        "of_budget": w.money(spent.cumulative_of_budget if spent else 0.0, currency),
        "budget": w.text("roadmap.none") if budget is None else w.money(budget, currency),
        "count": w.number(len(plan.tasks)),
        "month": month_words(max(task.online_month for task in plan.tasks), plan, w),
    }
    alt, caption = (w.text(f"chart.gantt.{key}", **words) for key in ("alt", "caption"))
    yield Picture(image=image, alt=alt, caption=caption)


def curve_picture(made: StudyPlan, w: Writer) -> Iterator[Block]:
    """Yield the abatement-cost curve of the measures with a price and tonnes."""
    plan = made.plan
    priced = [block for block in plan.curve if block.cost_per_t is not None and block.t_co2e_per_year > 0]
    if not priced:
        return
    currency = plan.money.currency
    blocks = [CostBlock(label=str(b.rank), tonnes=b.t_co2e_per_year, cost=b.cost_per_t or 0.0) for b in priced]
    image = charts.plan_curve(
        blocks,
        (
            Scale(label=w.text("chart.curve.tonnes"), tick=w.tick),
            Scale(label=w.text("chart.curve.cost", currency=currency), tick=w.tick),
        ),
        w.estimate,
        (w.text("chart.curve.earns"), w.text("chart.curve.costs")),
    )
    listed = [f"{b.rank} {measure_name(b.key, made, w)} {w.estimate(b.cost_per_t, f'{currency}/t')}" for b in priced]
    alt = w.text("chart.curve.alt", blocks="; ".join(listed))
    earning = sum(block.cost < 0 for block in blocks)
    caption = w.text("chart.curve.caption", earning=w.number(earning), count=w.number(len(blocks)))
    yield Picture(image=image, alt=alt, caption=caption)
