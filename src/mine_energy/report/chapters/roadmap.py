"""The decarbonisation plan: what is done, when, for how much, who pays, what it takes, and what does not add up."""

from collections.abc import Iterator, Sequence

from mine_energy.report.blocks import Block, Bullets, Heading, Paragraph
from mine_energy.report.chapters import roadmap_pictures as pictures
from mine_energy.report.chapters import roadmap_tables as tables
from mine_energy.report.chapters.roadmap_words import about, factor_words
from mine_energy.report.format import Writer
from mine_energy.study import Study
from mine_energy.study.plan_result import StudyPlan


def applies(study: Study) -> bool:
    """Whether there is a plan."""
    return study.plan is not None


def blocks(study: Study, w: Writer) -> Sequence[Block]:
    """Return the chapter."""
    made = study.plan
    if made is None:
        return []
    return [
        *_intro(made, w),
        *_doubts(made, w),
        tables.base_table(study, made, w),
        tables.measure_table(made, w),
        Heading(text=w.text("roadmap.path_title")),
        *pictures.wedge_picture(made, w),
        tables.path_table(made, w),
        *tables.wedge_table(made, w),
        *tables.avoided_table(made, w),
        Heading(text=w.text("roadmap.time_title")),
        *pictures.gantt_picture(made, w),
        tables.money_table(made, w),
        *_curve(made, w),
        Heading(text=w.text("roadmap.payers_title")),
        tables.payer_table(made, w),
        *_known(made, w),
    ]


def _intro(made: StudyPlan, w: Writer) -> Iterator[Block]:
    plan = made.plan
    if not made.stated:
        yield Paragraph(title=w.text("roadmap.not_stated_title"), text=w.text("roadmap.not_stated"), tone="assumed")
    first, last = plan.years[0], plan.years[-1]
    yield Paragraph(
        text=w.text(
            "roadmap.intro" if plan.base.factor is not None else "roadmap.intro_no_grid",
            base=w.estimate(first.base_t_co2e, "t CO₂e"),
            base_year=plan.base.base_year,
            year=last.year,
            left=w.estimate(last.location_t_co2e, "t CO₂e"),
            low=w.estimate(last.low_t_co2e),
            high=w.estimate(last.high_t_co2e),
            taken=w.estimate(last.wedges_t_co2e, "t CO₂e"),
        )
    )
    factor = plan.base.factor
    if factor is None:
        yield Paragraph(text=w.text("roadmap.no_grid"))
        return
    yield Paragraph(text=w.text("roadmap.factor", factor=factor_words(factor, w)))
    if plan.base.decline:
        yield Paragraph(
            text=w.text(
                "roadmap.decline", decline=w.percent(plan.base.decline), source=plan.base.decline_source, year=last.year
            )
        )


def _doubts(made: StudyPlan, w: Writer) -> Iterator[Block]:
    """Yield what does not add up, before anything that rests on it."""
    yield Heading(text=w.text("roadmap.doubts_title"))
    if not made.plan.doubts:
        yield Paragraph(text=w.text("roadmap.no_doubts"), tone="good")
        return
    yield Paragraph(text=w.text("roadmap.doubts"), tone="warning")
    yield Bullets(items=[about(finding, made, w) for finding in made.plan.doubts])


def _curve(made: StudyPlan, w: Writer) -> Iterator[Block]:
    if not made.plan.curve:
        return
    yield Heading(text=w.text("roadmap.curve_title"))
    yield from pictures.curve_picture(made, w)
    yield tables.curve_table(made, w)


def _known(made: StudyPlan, w: Writer) -> Iterator[Block]:
    found = (*made.findings, *made.plan.findings)
    if found:
        yield Heading(text=w.text("roadmap.known_title"))
        yield Bullets(items=list(dict.fromkeys(about(finding, made, w) for finding in found)))
