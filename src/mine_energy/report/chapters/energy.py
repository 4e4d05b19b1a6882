"""Where the energy goes: by process, by machine, and by the hour of the day."""

from collections.abc import Iterator, Sequence
from itertools import accumulate, groupby
from typing import Final

from mine_energy.loads import ScheduleRow
from mine_energy.report import charts, style
from mine_energy.report.blocks import Block, Heading, Paragraph, Picture, Table
from mine_energy.report.chapters import day_types, profile
from mine_energy.report.format import Writer, use_name
from mine_energy.report.style import Scale
from mine_energy.study import Study

_PARETO: Final = 9
_FEW_MACHINES: Final = 3
_MOST: Final = 0.8
"""A Pareto names the few machines that make this share."""


def blocks(study: Study, w: Writer) -> Sequence[Block]:
    """Return the chapter."""
    return [
        *_end_uses(study, w),
        *_machines(study, w),
        *day_types.blocks(study, w),
        *profile.blocks(study, w),
        *_schedule(study, w),
    ]


def _end_uses(study: Study, w: Writer) -> Iterator[Block]:
    uses = study.audit.end_uses
    if not uses:
        yield Paragraph(title=w.text("energy.unknown_title"), text=w.text("energy.unknown"), tone="warning")
        return
    names = [use_name(use, w) for use in uses]
    largest = max(range(len(uses)), key=lambda place: uses[place].energy_kwh_per_year)
    figures = [f"{w.estimate(use.energy_kwh_per_year)} ({w.percent(use.share, 0)})" for use in uses]
    listed = w.join([f"{name} {figured}" for name, figured in zip(names, figures, strict=True)])
    caption = w.text("chart.end_uses.caption", process=names[largest], share=w.percent(uses[largest].share, 0))
    scale = Scale(label=w.text("chart.end_uses.axis"), tick=w.tick)
    values = [use.energy_kwh_per_year for use in uses]
    image = charts.horizontal_bars(names, values, scale, w.estimate, mark=style.MARKS["import"])
    yield Picture(image=image, alt=w.text("chart.end_uses.alt", listed=f"{listed} kWh"), caption=caption)
    yield end_use_table(study, w)
    yield from _losses_apart(study, w)


def _machines(study: Study, w: Writer) -> Iterator[Block]:
    """Yield the Pareto of the machines; the smallest stand together."""
    ranked = sorted(study.audit.machines, key=lambda m: (-m.energy_kwh_per_year, m.tag))
    ranked = [machine for machine in ranked if machine.energy_kwh_per_year > 0]
    if len(ranked) < _FEW_MACHINES:
        return
    shown, rest = ranked[:_PARETO], ranked[_PARETO:]
    labels = [machine.tag for machine in shown]
    values = [machine.energy_kwh_per_year for machine in shown]
    if rest:
        labels.append(w.text("chart.pareto.others", count=len(rest)))
        values.append(sum(machine.energy_kwh_per_year for machine in rest))
    total = sum(machine.energy_kwh_per_year for machine in ranked)
    reached = accumulate(machine.energy_kwh_per_year for machine in ranked)
    most = next(count for count, value in enumerate(reached, 1) if value >= _MOST * total * (1 - 1e-12))
    scale = Scale(label=w.text("chart.pareto.axis"), tick=w.tick)
    together = Scale(label=w.text("chart.pareto.share"), tick=lambda share: w.percent(share, 0))
    image = charts.pareto(labels, values, scale, w.estimate, together)
    share = sum(machine.energy_kwh_per_year for machine in ranked[:most]) / total
    words = {"count": w.number(most), "total": w.number(len(ranked)), "share": w.percent(share, 0)}
    listed = w.join([f"{label} {w.estimate(value)}" for label, value in zip(labels, values, strict=True)])
    alt = w.text("chart.pareto.alt", listed=listed, **words)
    yield Picture(image=image, alt=alt, caption=w.text("chart.pareto.caption", **words))


def _losses_apart(study: Study, w: Writer) -> Iterator[Block]:
    """Yield the losses of transformers behind which the meter stands: shown, and part of no total."""
    apart = [loss for loss in study.audit.network if not loss.metered]
    if not apart:
        return
    named = [f"{w.word('network_loss', one.key)} {w.estimate(one.energy_kwh_per_year, 'kWh')}" for one in apart]
    total = w.estimate(sum(one.energy_kwh_per_year for one in apart), "kWh")
    yield Paragraph(text=w.text("network.apart", losses=w.join(named), total=total), tone="assumed")


def end_use_table(study: Study, w: Writer) -> Table:
    """Return the energy of each process."""
    uses = study.audit.end_uses
    rows = [
        (
            use_name(use, w),
            w.number(use.machines) if use.kind == "process" else "",
            w.estimate(use.energy_kwh_per_year),
            w.percent(use.share),
        )
        for use in uses
    ]
    return Table(
        id="end-uses",
        caption=w.text("energy.end_uses"),
        headings=(
            w.label("end_use"),
            w.label("machines"),
            f"{w.label('energy_kwh_per_year')} (kWh)",
            w.label("share"),
        ),
        rows=rows,
        foot=(
            w.text("total"),
            w.number(sum(use.machines for use in uses)),
            w.estimate(sum(use.energy_kwh_per_year for use in uses)),
            w.percent(sum(use.share for use in uses)),
        ),
    )


def _schedule(study: Study, w: Writer) -> Iterator[Block]:
    rows = study.audit.schedule
    if not rows:
        return
    yield Heading(text=w.text("energy.schedule_title"))
    grouped = [(tag, list(runs)) for tag, runs in groupby(rows, key=lambda row: row.tag)]
    yield Table(
        id="schedule",
        caption=w.text("energy.schedule"),
        headings=(w.label("tag"), w.text("energy.runs"), f"{w.text('energy.run_hours')} (h)", w.text("energy.origin")),
        rows=[_schedule_row(tag, runs, w) for tag, runs in grouped],
        align=("text", "text", "number", "text"),
        note=w.text("energy.schedule_note"),
    )


def _schedule_row(tag: str, runs: list[ScheduleRow], w: Writer) -> tuple[str, ...]:
    words = "; ".join(_run(run, w) for run in runs)
    hours = sum(run.hours for run in runs)
    return tag, words, w.number(hours, 1), w.word("schedule_origin", runs[0].origin)


def _run(run: ScheduleRow, w: Writer) -> str:
    state = "" if run.state == "running" else f" ({w.word('run_state', run.state)})"
    return f"{run.start}\u2013{run.end}{state}"
