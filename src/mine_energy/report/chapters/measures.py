"""What can be saved: by cause in the order of application, measure by measure, and what could not be looked at."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from mine_energy.audit import CauseSaving, Decision
from mine_energy.measures import Saving
from mine_energy.report import charts
from mine_energy.report.blocks import Block, Cell, Heading, Paragraph, Picture, Table, Tone
from mine_energy.report.chapters import supply
from mine_energy.report.format import NOTHING, Writer
from mine_energy.report.style import Scale
from mine_energy.study import Study
from mine_energy.uncertainty import Band

_WHEN_TONES: Final[Mapping[str, Tone]] = {"now": "good", "at_failure": "", "never": "quiet", "undecided": "warning"}


def applies(study: Study) -> bool:
    """Whether there are machines to decide about."""
    return bool(study.audit.savings) or bool(study.audit.gaps)


def blocks(study: Study, w: Writer) -> Sequence[Block]:
    """Return the chapter."""
    return [
        Paragraph(text=w.text("measures.intro")),
        *_causes(study, w),
        *_waiting(study, w),
        *_measures(study, w),
        *_gaps(study, w),
        *supply.blocks(study, w),
    ]


def cause_names(causes: Sequence[CauseSaving], w: Writer) -> list[str]:
    """Return the name of each cause; where one cause has several measures, the measure's instead."""
    several = {c.cause for c in causes if sum(other.cause == c.cause for other in causes) > 1}
    return [w.word("measure", c.measure) if c.cause in several else w.word("saving_cause", c.cause) for c in causes]


def _causes(study: Study, w: Writer) -> Iterator[Block]:
    causes = study.audit.savings_by_cause
    if not causes and not study.audit.technical_by_cause:
        yield Paragraph(text=w.text("measures.none"), tone="warning")
        return
    # A cause that saves no active energy (capacitors) stands in the table only.
    drawn = [cause for cause in causes if cause.energy_kwh_per_year or cause.standalone_kwh_per_year]
    if drawn:
        yield _steps(drawn, w)
    yield cause_table(study, w)


def _steps(causes: Sequence[CauseSaving], w: Writer) -> Picture:
    names = cause_names(causes, w)
    applied = [cause.energy_kwh_per_year for cause in causes]
    alone = [cause.standalone_kwh_per_year for cause in causes]
    listed = w.join([f"{name} {w.estimate(value, 'kWh')}" for name, value in zip(names, applied, strict=True)])
    scale = Scale(label=w.text("chart.savings.axis"), tick=w.tick)
    legend = (w.text("chart.steps.applied"), w.text("chart.steps.alone"))
    image = charts.savings_steps([*names, w.text("chart.steps.total")], applied, alone, legend, scale, w.estimate)
    largest = max(range(len(names)), key=lambda place: applied[place])
    total = w.estimate(sum(applied), "kWh")
    alt = w.text("chart.steps.alt", causes=listed, total=total, alone=w.estimate(sum(alone), "kWh"))
    most = w.estimate(applied[largest], "kWh")
    caption = w.text("chart.steps.caption", total=total, largest=names[largest], most=most)
    return Picture(image=image, alt=alt, caption=caption)


def cause_table(study: Study, w: Writer) -> Table:
    """Return the savings of each cause with their bands, their interaction, price and value."""
    audit = study.audit
    adopted = {(cause.cause, cause.measure): cause for cause in audit.savings_by_cause}
    technical = {(cause.cause, cause.measure): cause for cause in audit.technical_by_cause}
    rows = list({**technical, **adopted}.values())
    causes = audit.savings_by_cause
    currency = next((cause.currency for cause in causes if cause.currency), "")
    valued = [cause.value_per_year for cause in causes if cause.value_per_year is not None]
    bands = [(cause.energy_low_kwh_per_year, cause.energy_high_kwh_per_year) for cause in causes]
    return Table(
        id="causes",
        caption=w.text("measures.causes"),
        headings=(
            w.label("saving_cause"),
            w.label("machines"),
            f"{w.text('causes.technical')} (kWh{w.text('unit.per_year')})",
            f"{w.text(f'causes.adopted_{audit.adopt}')} (kWh{w.text('unit.per_year')})",
            w.text("measures.band"),
            w.text("measures.share"),
            w.text("causes.interaction"),
            w.text("causes.peak"),
            f"{w.text('measures.capex')} (USD)",
            f"{w.text('causes.value')} ({currency}{w.text('unit.per_year')})",
        ),
        rows=[
            _cause(name, technical.get((one.cause, one.measure)), adopted.get((one.cause, one.measure)), w)
            for name, one in zip(cause_names(rows, w), rows, strict=True)
        ],
        foot=(
            w.text("total"),
            w.number(sum(cause.machines for cause in causes)),
            w.estimate(sum(cause.energy_kwh_per_year for cause in audit.technical_by_cause)),
            w.estimate(sum(cause.energy_kwh_per_year for cause in causes)),
            w.span(sum(low for low, _ in bands), sum(high for _, high in bands)),
            w.percent(sum(cause.share for cause in causes)),
            w.estimate(sum(cause.interaction_kwh_per_year for cause in causes)),
            w.estimate(sum(cause.peak_kw for cause in causes)),
            w.estimate(sum(cause.capex_usd for cause in causes)),
            w.estimate(sum(valued) if valued else None),
        ),
        note=w.text("causes.note"),
    )


def _cause(name: str, technical: CauseSaving | None, cause: CauseSaving | None, w: Writer) -> tuple[str, ...]:
    possible = w.estimate(technical.energy_kwh_per_year) if technical is not None else NOTHING
    if cause is None:
        return name, w.number(0), possible, w.estimate(0.0), *[NOTHING] * 6
    return (
        name,
        w.number(cause.machines),
        possible,
        w.estimate(cause.energy_kwh_per_year),
        w.span(cause.energy_low_kwh_per_year, cause.energy_high_kwh_per_year),
        w.percent(cause.share),
        w.estimate(cause.interaction_kwh_per_year),
        w.estimate(cause.peak_kw),
        w.estimate(cause.capex_usd),
        w.estimate(cause.value_per_year),
    )


def _waiting(study: Study, w: Writer) -> Iterator[Block]:
    """Yield what is possible and not adopted: at failure with its price above a rewind, the rest with its own."""
    listed = [saving for saving in study.audit.savings if saving.decision == "listed"]
    if not listed:
        return
    decisions = {decision.tag: decision for decision in study.audit.decisions}
    yield Heading(text=w.text("listed.title"))
    yield Table(
        id="listed",
        caption=w.text("listed.caption"),
        headings=(
            w.label("measure"),
            w.text("measures.when"),
            f"{w.text('measures.saving')} (kWh{w.text('unit.per_year')})",
            f"{w.text('measures.capex')} (USD)",
            f"{w.text('motors.npv')} (USD)",
        ),
        rows=[_listed(saving, decisions.get(saving.tag), w) for saving in listed],
        align=("text", "text", *("number",) * 3),
        note=w.text("listed.note"),
    )


def _listed(saving: Saving, decision: Decision | None, w: Writer) -> tuple[str | Cell, ...]:
    """Return a row: a motor that waits stands with the price, saving and worth of the option chosen."""
    name = Cell(text=saving.tag, unit=w.word("measure", saving.measure))
    badge = Cell(text="", badge=w.text(f"when.{saving.when}"), tone=_WHEN_TONES[saving.when])
    option = None
    if decision is not None and saving.measure == "replacement" and saving.when == "at_failure":
        option = next((one for one in decision.options if one.key == decision.chosen), None)
    if option is not None:
        return (
            name,
            badge,
            w.estimate(option.saved_kwh_per_year),
            Cell(text=w.estimate(option.capex_usd), unit=w.text("supply.incremental")),
            w.estimate(option.npv_usd),
        )
    price = w.estimate(saving.capex_usd) if saving.price_known else w.text("measures.no_price")
    return name, badge, w.estimate(saving.energy_kwh_per_year), price, w.estimate(saving.npv_usd)


def saving_bands(study: Study) -> Mapping[tuple[str, str], Band]:
    """Return P10, P50 and P90 of every saving that was drawn, by tag and measure."""
    drawn = study.audit.uncertainty
    return {} if drawn is None else {(one.tag, one.measure): one.energy_kwh for one in drawn.measures}


def when_of(saving: Saving) -> str:
    """Return ``now``, ``at_failure``, ``never`` or ``undecided``."""
    return "never" if saving.decision == "keep" else saving.when


def _measures(study: Study, w: Writer) -> Iterator[Block]:
    savings = study.audit.savings
    if not savings:
        return
    bands = saving_bands(study)
    decisions = {decision.tag: decision for decision in study.audit.decisions}
    currency = next((saving.currency for saving in savings if saving.currency), "")
    yield Heading(text=w.text("measures.list_title"))
    yield Table(
        id="measures-table",
        caption=w.text("measures.list"),
        headings=(
            w.label("measure"),
            w.text("measures.when"),
            f"{w.text('measures.saving')} (kWh{w.text('unit.per_year')})",
            "P10–P90",
            f"{w.text('measures.capex')} (USD)",
            f"{w.text('causes.value')} ({currency}{w.text('unit.per_year')})",
            w.text("measures.reason"),
        ),
        rows=[_measure(saving, bands, decisions, w) for saving in savings],
        align=("text", "text", *("number",) * 4, "text"),
        note=w.text("measures.list_note"),
    )


def _measure(
    saving: Saving, bands: Mapping[tuple[str, str], Band], decisions: Mapping[str, Decision], w: Writer
) -> tuple[str | Cell, ...]:
    name = Cell(text=saving.tag, unit=w.word("measure", saving.measure))
    when = when_of(saving)
    badge = Cell(text="", badge=w.text(f"when.{when}"), tone=_WHEN_TONES[when])
    reasons = [w.finding(saving.reason), *([w.finding(saving.when_reason)] if saving.when_reason else [])]
    decision = decisions.get(saving.tag) if saving.measure == "replacement" else None
    if decision is not None and decision.options:
        # The badge names the option, which says more than when.
        tone: Tone = "good" if decision.chosen == "now" else ""
        badge = Cell(text="", badge=w.word("decision", decision.chosen), tone=tone)
    if saving.decision == "keep":
        return name, badge, NOTHING, NOTHING, NOTHING, NOTHING, " ".join(reasons)
    band = bands.get((saving.tag, saving.measure))
    saved = bool(saving.energy_kwh_per_year)
    price = w.estimate(saving.capex_usd) if saving.price_known else w.text("measures.no_price")
    return (
        name,
        badge,
        w.estimate(saving.energy_kwh_per_year) if saved else NOTHING,
        w.span(band.p10, band.p90) if band and saved else NOTHING,
        Cell(text=price, tone="assumed" if saving.capex_assumed else ""),
        w.estimate(saving.value_per_year),
        " ".join(reasons),
    )


def _gaps(study: Study, w: Writer) -> Iterator[Block]:
    gaps = study.audit.gaps
    if not gaps:
        return
    yield Heading(text=w.text("gaps.title"))
    yield Table(
        id="gaps",
        caption=w.text("gaps.caption"),
        headings=(w.label("measure"), w.text("gaps.machines"), w.text("gaps.what")),
        rows=[
            (
                Cell(text=w.word("measure", gap.measure), badge=w.text("gaps.badge"), tone="warning"),
                ", ".join(gap.tags),
                w.finding(gap.reason),
            )
            for gap in gaps
        ],
        align=("text",) * 3,
    )
