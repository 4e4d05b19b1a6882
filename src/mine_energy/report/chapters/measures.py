"""What can be saved: by cause, and machine by machine with the reason of every decision."""

from collections.abc import Iterator, Sequence

from mine_energy.measures import Saving
from mine_energy.report import charts, style
from mine_energy.report.blocks import Block, Cell, Heading, Paragraph, Picture, Table
from mine_energy.report.format import NOTHING, Writer
from mine_energy.report.style import Scale
from mine_energy.study import Study


def applies(study: Study) -> bool:
    """Whether there are machines to decide about."""
    return bool(study.audit.savings)


def blocks(study: Study, w: Writer) -> Sequence[Block]:
    """Return the chapter."""
    return [Paragraph(text=w.text("measures.intro")), *_causes(study, w), *_decisions(study, w)]


def _causes(study: Study, w: Writer) -> Iterator[Block]:
    causes = study.audit.savings_by_cause
    if not causes:
        yield Paragraph(text=w.text("measures.none"), tone="warning")
        return
    names = [w.word("saving_cause", cause.cause) for cause in causes]
    values = [cause.energy_kwh_per_year for cause in causes]
    bands = [(cause.energy_low_kwh_per_year, cause.energy_high_kwh_per_year) for cause in causes]
    listed = w.join([f"{name} {w.estimate(value, 'kWh')}" for name, value in zip(names, values, strict=True)])
    scale = Scale(label=w.text("chart.savings.axis"), tick=w.tick)
    image = charts.horizontal_bars(names, values, scale, w.estimate, mark=style.MARKS["saving"], bands=bands)
    alt = w.text("chart.savings.alt", causes=listed)
    yield Picture(image=image, alt=alt, caption=w.text("chart.savings.caption"))
    yield cause_table(study, w)


def cause_table(study: Study, w: Writer) -> Table:
    """Return the savings of each cause with their bands."""
    causes = study.audit.savings_by_cause
    rows = [
        (
            w.word("saving_cause", cause.cause),
            w.number(cause.machines),
            w.estimate(cause.energy_kwh_per_year),
            w.span(cause.energy_low_kwh_per_year, cause.energy_high_kwh_per_year),
            w.percent(cause.share),
            w.estimate(cause.demand_kw),
        )
        for cause in causes
    ]
    base = sum(cause.energy_kwh_per_year for cause in causes)
    return Table(
        id="causes",
        caption=w.text("measures.causes"),
        headings=(
            w.label("saving_cause"),
            w.label("machines"),
            f"{w.label('saving_kwh_per_year')} (kWh{w.text('unit.per_year')})",
            w.text("measures.band"),
            w.text("measures.share"),
            f"{w.label('saving_kw')} (kW)",
        ),
        rows=rows,
        foot=(
            w.text("total"),
            w.number(sum(cause.machines for cause in causes)),
            w.estimate(base),
            w.span(
                sum(cause.energy_low_kwh_per_year for cause in causes),
                sum(cause.energy_high_kwh_per_year for cause in causes),
            ),
            w.percent(sum(cause.share for cause in causes)),
            w.estimate(sum(cause.demand_kw for cause in causes)),
        ),
        note=w.text("measures.causes_note"),
    )


def _decisions(study: Study, w: Writer) -> Iterator[Block]:
    yield Heading(text=w.text("measures.decisions_title"))
    applied = [saving for saving in study.audit.savings if saving.decision == "apply"]
    several = len({saving.cause for saving in study.audit.savings}) > 1
    yield Table(
        id="decisions",
        caption=w.text("measures.decisions"),
        headings=(
            w.label("tag"),
            w.text("measures.decision"),
            w.text("measures.reason"),
            f"{w.text('measures.saving')} (kWh{w.text('unit.per_year')})",
            w.text("measures.band"),
            f"{w.text('measures.capex')} (USD)",
        ),
        rows=[_decision(saving, several, w) for saving in study.audit.savings],
        align=("text", "text", "text", "number", "number", "number"),
        foot=(
            w.text("total"),
            "",
            "",
            w.estimate(sum(saving.energy_kwh_per_year for saving in applied)),
            "",
            w.estimate(sum(saving.capex_usd for saving in applied)),
        ),
        note=w.text("measures.decisions_note"),
    )


def _decision(saving: Saving, several: bool, w: Writer) -> tuple[str | Cell, ...]:
    tag = Cell(text=saving.tag, unit=w.word("saving_cause", saving.cause) if several else "")
    if saving.decision == "keep":
        kept = Cell(text="", badge=w.text("measures.keep"), tone="quiet")
        return tag, kept, w.finding(saving.reason), NOTHING, NOTHING, NOTHING
    return (
        tag,
        Cell(text="", badge=w.text("measures.apply"), tone="good"),
        w.finding(saving.reason),
        w.estimate(saving.energy_kwh_per_year),
        w.span(saving.energy_low_kwh_per_year, saving.energy_high_kwh_per_year),
        w.estimate(saving.capex_usd),
    )
