"""Sizing and reliability: the three meanings of "100 %" with their cost, and one plant in depth."""

from collections.abc import Iterator, Sequence

import numpy as np

from mine_energy.report import charts, style
from mine_energy.report.blocks import Block, Cell, Heading, Paragraph, Picture, Table
from mine_energy.report.chapters.sizing_tables import (
    flow_table,
    frontier_table,
    meaning_table,
    saved_table,
    sensitivity_table,
    size_table,
    start_table,
)
from mine_energy.report.charts import Flow, Spot
from mine_energy.report.format import Writer
from mine_energy.report.style import Scale
from mine_energy.study import Sizing, Study


def applies(study: Study) -> bool:
    """Whether the plant was sized."""
    return study.sizing is not None


def blocks(study: Study, w: Writer) -> Sequence[Block]:
    """Return the chapter."""
    sizing = study.sizing
    if sizing is None:
        return []
    return list(_blocks(sizing, w))


def _blocks(sizing: Sizing, w: Writer) -> Iterator[Block]:
    years = w.number(sizing.years)
    yield Paragraph(text=w.text("sizing.intro"))
    yield meaning_table(sizing, w)
    yield from (Paragraph(text=text) for text in proof_words(sizing, w))
    yield size_table(sizing, w)
    yield from _saved(sizing, w)
    yield from _budget(sizing, w)
    yield from _reliability(sizing, w, years)
    yield Heading(text=w.text("sizing.depth_title", meaning=w.text(f"sizing.meaning.{sizing.detail}").lower()))
    yield flow_table(sizing, w)
    yield from _fortnight(sizing, w)
    yield from _battery(sizing, w)
    if sizing.starts:
        yield start_table(sizing, w)
    if sizing.sensitivity:
        yield sensitivity_table(sizing, w)


def proof_words(sizing: Sizing, w: Writer) -> Iterator[str]:
    """Yield how close to the optimum each plant is, in words."""
    for one in sizing.meanings:
        name = w.text(f"sizing.meaning.{one.key}")
        if one.plant is None:
            reason = w.finding(one.reason) if one.reason else ""
            yield w.text("sizing.not_reached", meaning=name, reason=reason)
            continue
        bound = w.money(one.lower_bound, sizing.currency)
        gap = w.percent(one.gap, 2)
        key = one.bound_by if one.lower_bound is not None else "none"
        yield w.text(f"sizing.proof_{key}", meaning=name, bound=bound, gap=gap)


def _saved(sizing: Sizing, w: Writer) -> Iterator[Block]:
    if sizing.saved is not None:
        yield saved_table(sizing, w)


def _budget(sizing: Sizing, w: Writer) -> Iterator[Block]:
    found = sizing.budget
    if found is None:
        return
    plant = found.plant
    yield Paragraph(
        title=w.text("sizing.budget_title", budget=w.money(found.budget, sizing.currency)),
        text=w.text(
            "sizing.budget",
            measures=w.money(found.measures, sizing.currency),
            spent=w.money(found.investment, sizing.currency),
            kwp=w.estimate(plant.pv_kwp, "kWp"),
            kwh=w.estimate(plant.battery_kwh, "kWh"),
            cost=w.money(plant.annual_cost, sizing.currency),
            base=w.money(sizing.base_case.annual_cost, sizing.currency),
            net=w.percent(plant.annual_net_ratio, 0),
            own=w.percent(plant.self_sufficiency, 0),
        ),
        tone="good",
    )


def _reliability(sizing: Sizing, w: Writer, years: str) -> Iterator[Block]:
    trust = sizing.trust
    if trust is None:
        return
    yield Heading(text=w.text("sizing.reliability_title"))
    yield Paragraph(
        text=w.text(
            "sizing.trust",
            percent=w.percent(trust.percentile, 0),
            kept=w.number(trust.years_kept),
            needed=w.number(trust.years_needed),
            years=years,
            limit=w.percent(trust.lpsp_limit),
            low=w.percent(trust.kept_low, 0),
            high=w.percent(trust.kept_high, 0),
            kind=w.text("sizing.drawn" if sizing.years_drawn else "sizing.recorded"),
        )
    )
    if trust.battery_p50_kwh is not None:
        low, middle, high = (
            w.estimate(v, "kWh") for v in (trust.battery_p10_kwh, trust.battery_p50_kwh, trust.battery_p90_kwh)
        )
        yield Paragraph(text=w.text("sizing.battery_years", p10=low, p50=middle, p90=high), tone="quiet")
    yield from _map(sizing, w)
    if sizing.frontier:
        yield from _frontier(sizing, w)


def _map(sizing: Sizing, w: Writer) -> Iterator[Block]:
    found, plant = sizing.reliability, sizing.of("offgrid").plant
    if found is None or plant is None:
        return
    arrays, batteries = np.asarray(found.pv_kwp), np.asarray(found.battery_kwh)
    image = charts.reliability_map(
        batteries.tolist(),
        arrays.tolist(),
        np.asarray(found.lpsp).reshape(len(arrays), len(batteries)),
        Spot(label=w.text("chart.map.plant"), across=plant.battery_kwh, up=plant.pv_kwp),
        (Scale(label=w.text("chart.map.battery"), tick=w.tick), Scale(label=w.text("chart.map.array"), tick=w.tick)),
        Scale(label=w.text("chart.map.lpsp"), tick=lambda v: w.percent(v, 1 if 0 < v < 0.01 else 0)),
    )
    alt = w.text(
        "chart.map.alt",
        kwp=w.estimate(plant.pv_kwp, "kWp"),
        kwh=w.estimate(plant.battery_kwh, "kWh"),
        lpsp=w.percent(plant.lpsp_p90),
    )
    yield Picture(image=image, alt=alt, caption=w.text("chart.map.caption"), mime="png")


def _frontier(sizing: Sizing, w: Writer) -> Iterator[Block]:
    points = sizing.frontier
    image = charts.frontier(
        [(point.coverage, point.annual_cost) for point in points],
        [w.estimate(point.battery_kwh, "kWh", 2) for point in points],
        (
            Scale(label=w.text("chart.frontier.coverage"), tick=lambda v: w.percent(v, 1)),
            Scale(label=w.text("chart.frontier.cost", currency=sizing.currency), tick=w.tick),
        ),
    )
    first, last = points[0], points[-1]
    alt = w.text(
        "chart.frontier.alt",
        low=w.percent(first.coverage),
        low_cost=w.money(first.annual_cost, sizing.currency),
        high=w.percent(last.coverage),
        high_cost=w.money(last.annual_cost, sizing.currency),
    )
    yield Picture(image=image, alt=alt, caption=w.text("chart.frontier.caption"), mime="png")
    yield frontier_table(sizing, w)


def _fortnight(sizing: Sizing, w: Writer) -> Iterator[Block]:
    worst = sizing.fortnight
    if worst is None:
        return
    others = [("import", worst.import_kw), ("genset", worst.genset_kw), ("loss", worst.unserved_kw)]
    flows = [Flow(label=w.text("chart.fortnight.pv"), values=worst.pv_kw, mark=style.MARKS["pv"], filled=True)]
    flows += [
        Flow(label=w.text(f"chart.fortnight.{role}"), values=values, mark=style.MARKS[role], filled=True)  # type: ignore[index]
        for role, values in others
        if np.asarray(values).any()
    ]
    flows.append(Flow(label=w.text("chart.fortnight.load"), values=worst.load_kw, mark=style.MARKS["today"]))
    image = charts.fortnight(
        flows,
        (w.text("chart.fortnight.soc"), worst.soc),
        w.text("chart.fortnight.days"),
        (
            Scale(label=w.text("chart.fortnight.axis"), tick=w.tick),
            Scale(label=w.text("chart.fortnight.soc"), tick=lambda v: w.percent(v, 0)),
        ),
    )
    alt = w.text(
        "chart.fortnight.alt",
        year=w.number(worst.weather_year + 1),
        missing=w.estimate(worst.missing_kwh, "kWh"),
        lowest=w.percent(float(np.min(worst.soc)), 0),
    )
    yield Picture(image=image, alt=alt, caption=w.text("chart.fortnight.caption"), mime="png")


def _battery(sizing: Sizing, w: Writer) -> Iterator[Block]:
    found = sizing.battery_years
    if found is None or not sizing.soc_hours:
        return
    image = charts.charge_classes(
        sizing.soc_hours,
        w.text("chart.charge.axis"),
        Scale(label=w.text("chart.charge.hours"), tick=lambda v: w.percent(v, 0)),
        Scale(label="", tick=lambda v: w.percent(v, 0)),
    )
    alt = w.text("chart.charge.alt", low=w.percent(sizing.soc_hours[0]), high=w.percent(sizing.soc_hours[-1]))
    yield Picture(image=image, alt=alt, caption=w.text("chart.charge.caption"), mime="png")
    cycles = "–" if found.cycle_life_years is None else w.estimate(found.cycle_life_years, w.text("unit.years"))
    rows: list[tuple[str | Cell, ...]] = [
        (w.text("sizing.life"), w.estimate(found.life_years, w.text("unit.years"))),
        (w.text("sizing.life_calendar"), w.estimate(found.calendar_life_years, w.text("unit.years"))),
        (w.text("sizing.life_cycles"), cycles),
        (w.text("sizing.cycles"), w.estimate(found.full_cycles_per_year)),
        (w.text("sizing.fade"), w.percent(found.fade_per_year)),
        (w.text("sizing.replaced"), ", ".join(w.number(y) for y in found.replacement_years) or w.text("sizing.never")),
    ]
    yield Table(
        id="battery-life",
        caption=w.text("sizing.life_caption"),
        headings=(w.text("quantity"), w.text("sizing.value")),
        rows=rows,
    )
