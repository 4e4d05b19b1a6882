"""The three meanings of "100 %", before and after the measures, and the balance of every month."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import pandas as pd

from mine_energy.report import charts, style
from mine_energy.report.blocks import Block, Heading, Paragraph, Picture, Table
from mine_energy.report.chapters import shifting
from mine_energy.report.charts import Layer
from mine_energy.report.figures import off_grid
from mine_energy.report.format import Writer
from mine_energy.report.style import Role, Scale
from mine_energy.study import Study
from mine_energy.units import MONTHS_PER_YEAR


def blocks(study: Study, w: Writer) -> Sequence[Block]:
    """Return the chapter."""
    goal = w.text(f"coverage.goal_{study.coverage.goal}", ratio=w.percent(study.coverage.ratio, 0))
    return [
        Paragraph(text=w.text("coverage.intro")),
        Paragraph(text=goal, tone="quiet"),
        coverage_table(study, w),
        *_months(study, w),
        *shifting.blocks(study, w),
    ]


def coverage_table(study: Study, w: Writer) -> Table:
    """Return all meanings for the array of today's load and for the array of the load after measures."""
    pair = (study.coverage.before_measures, study.coverage.after_measures)
    rows = [
        (w.text("coverage.annual_net"), *(w.percent(c.annual_net_ratio) for c in pair)),
        (w.text("coverage.hourly_self"), *(w.percent(c.self_sufficiency) for c in pair)),
        (w.text("coverage.offgrid"), *(w.percent(1.0 - c.lpsp_without_grid) for c in pair)),
        (w.text("coverage.lpsp"), *(w.percent(c.lpsp_without_grid) for c in pair)),
        (w.text("coverage.loss_hours"), *(w.estimate(c.loss_of_load_hours, "h") for c in pair)),
        (w.text("coverage.longest"), *(w.estimate(c.longest_outage_hours, "h") for c in pair)),
        (w.label("self_consumption"), *(w.percent(c.self_consumption) for c in pair)),
    ]
    return Table(
        id="meanings",
        caption=w.text("coverage.caption"),
        headings=(w.text("coverage.meaning"), w.text("sun.for_today"), w.text("sun.for_measures")),
        rows=rows,
        note=" ".join(part for part in (w.text("coverage.note"), _wasted(study, w)) if part),
    )


def _wasted(study: Study, w: Writer) -> str:
    """Return that annual coverage counts what is curtailed, where the connection lets nothing out."""
    lost = sum(_monthly(study.hourly.curtailed_kw))
    if off_grid(study) or study.site.connection.export_allowed or lost <= 0:
        return ""
    return w.text("coverage.no_export", kwh=w.estimate(lost, "kWh"))


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthFlows:
    """Energy of the twelve months by flow, kWh."""

    load: tuple[float, ...]
    pv: tuple[float, ...]
    pv_used: tuple[float, ...]
    export: tuple[float, ...]
    curtailed: tuple[float, ...]
    imports: tuple[float, ...]
    genset: tuple[float, ...]
    unserved: tuple[float, ...]


def month_flows(study: Study) -> MonthFlows:
    """Return the monthly energies of the hourly flows."""
    h = study.hourly
    return MonthFlows(
        load=_monthly(h.load_after_kw),
        pv=_monthly(h.pv_kw),
        pv_used=_monthly(h.pv_used_kw),
        export=_monthly(h.export_kw),
        curtailed=_monthly(h.curtailed_kw),
        imports=_monthly(h.import_kw),
        genset=_monthly(h.genset_kw),
        unserved=_monthly(h.unserved_kw),
    )


def _monthly(series: "pd.Series[float]") -> tuple[float, ...]:
    months = cast("pd.DatetimeIndex", series.index).month.to_numpy()
    sums = np.bincount(months - 1, weights=series.to_numpy(), minlength=MONTHS_PER_YEAR)
    return tuple(float(total) for total in sums)


def _months(study: Study, w: Writer) -> Iterator[Block]:
    flows = month_flows(study)
    supply: tuple[Role, Sequence[float]] = ("genset", flows.genset) if off_grid(study) else ("import", flows.imports)
    surplus = flows.curtailed if off_grid(study) or not sum(flows.export) else flows.export
    surplus_name = w.text("chart.months.curtailed" if surplus is flows.curtailed else "chart.months.export")
    layers = [
        Layer(label=w.text("chart.months.pv"), values=flows.pv_used, mark=style.MARKS["pv"]),
        Layer(label=w.text(f"chart.months.{supply[0]}"), values=supply[1], mark=style.MARKS[supply[0]]),
        Layer(label=surplus_name, values=surplus, mark=style.MARKS["export"], below=True),
    ]
    scale = Scale(label=w.text("chart.months.axis"), tick=w.tick)
    names = w.month_names()
    image = charts.monthly_balance(names, layers, (w.text("chart.months.load"), flows.load), scale)
    best = max(range(MONTHS_PER_YEAR), key=lambda m: flows.pv[m])
    least = min(range(MONTHS_PER_YEAR), key=lambda m: flows.pv[m])
    shares = [used / load if load > 0 else 0.0 for used, load in zip(flows.pv_used, flows.load, strict=True)]
    low, high = shares.index(min(shares)), shares.index(max(shares))
    words = {
        "best": names[best],
        "best_kwh": w.estimate(flows.pv[best]),
        "least": names[least],
        "least_kwh": w.estimate(flows.pv[least]),
        "load": w.estimate(sum(flows.load) / MONTHS_PER_YEAR),
        "low": w.percent(shares[low], 0),
        "low_month": names[low],
        "high": w.percent(shares[high], 0),
        "high_month": names[high],
    }
    alt, caption = (w.text(f"chart.months.{key}", **words) for key in ("alt", "caption"))
    yield Heading(text=w.text("coverage.months_title"))
    yield Picture(image=image, alt=alt, caption=caption)
    yield _month_table(flows, names, w, supply, (surplus_name, surplus))


def _month_table(
    flows: MonthFlows,
    names: Sequence[str],
    w: Writer,
    supply: tuple[Role, Sequence[float]],
    surplus: tuple[str, Sequence[float]],
) -> Table:
    columns = (flows.load, flows.pv, flows.pv_used, supply[1], surplus[1])
    return Table(
        id="months",
        caption=w.text("coverage.months"),
        headings=(
            w.label("month"),
            w.text("chart.months.load"),
            w.text("coverage.pv"),
            w.text("chart.months.pv"),
            w.text(f"chart.months.{supply[0]}"),
            surplus[0],
        ),
        rows=[(name, *(w.estimate(column[i]) for column in columns)) for i, name in enumerate(names)],
        foot=(w.text("year"), *(w.estimate(sum(column)) for column in columns)),
    )
