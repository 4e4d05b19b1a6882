"""Sizing and reliability: the three meanings of "100 %" with their cost, and one plant in depth."""

from collections.abc import Iterator, Sequence

from mine_energy.report.blocks import Block, Bullets, Heading, Paragraph
from mine_energy.report.chapters import sizing_pictures as pictures
from mine_energy.report.chapters import sizing_plant_tables as plants
from mine_energy.report.chapters import sizing_tables as tables
from mine_energy.report.chapters import sizing_words as words
from mine_energy.report.chapters.sizing_words import proof_words
from mine_energy.report.format import Writer
from mine_energy.study import Sizing, Study

__all__ = ["applies", "blocks", "proof_words"]


def applies(study: Study) -> bool:
    """Whether the plant was sized."""
    return study.sizing is not None


def blocks(study: Study, w: Writer) -> Sequence[Block]:
    """Return the chapter: what it takes and costs, how near the optimum, how reliable, how it works, if it starts."""
    sizing = study.sizing
    if sizing is None:
        return []
    parts = (_meanings, _proof, _reliability, _depth, _mill, _doubt)
    return [block for part in parts for block in part(study, sizing, w)]


def _meanings(study: Study, sizing: Sizing, w: Writer) -> Iterator[Block]:
    yield Paragraph(text=w.text("sizing.intro"))
    yield from words.answer(sizing, w)
    yield tables.meaning_table(study, sizing, w)
    yield tables.cost_table(sizing, w)
    yield from tables.saved_table(sizing, w)
    yield from _budget(sizing, w)


def _proof(study: Study, sizing: Sizing, w: Writer) -> Iterator[Block]:
    yield Heading(text=w.text("sizing.proof_title"))
    yield tables.size_table(study, sizing, w)
    yield Paragraph(text=w.text("sizing.proof_intro"))
    yield Bullets(items=list(proof_words(sizing, w)))


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
            sizes=words.size_words(plant, w),
            cost=w.money(plant.annual_cost, sizing.currency),
            base=w.money(sizing.base_case.annual_cost, sizing.currency),
            net=w.percent(plant.annual_net_ratio, 0),
            own=w.percent(plant.self_sufficiency, 0),
        ),
        tone="good",
    )


def _reliability(study: Study, sizing: Sizing, w: Writer) -> Iterator[Block]:
    del study
    trust = sizing.trust
    if trust is None:
        return
    yield Heading(text=w.text("sizing.reliability_title"))
    yield Paragraph(
        text=w.text(
            "sizing.trust",
            size=w.number(100 * trust.percentile),
            percent=w.percent(trust.percentile, 0),
            kept=w.number(trust.years_kept),
            needed=w.number(trust.years_needed),
            years=w.number(trust.years),
            limit=w.percent(trust.lpsp_limit),
            low=w.percent(trust.kept_low, 0),
            high=w.percent(trust.kept_high, 0),
            kind=w.text("sizing.drawn" if sizing.years_drawn else "sizing.recorded"),
        )
    )
    yield from plants.years_table(sizing, w)
    yield from pictures.reliability_map(sizing, w)
    if sizing.frontier:
        yield from pictures.frontier(sizing, w)
        yield plants.frontier_table(sizing, w)
        yield from words.last_percent(sizing, w)


def _depth(study: Study, sizing: Sizing, w: Writer) -> Iterator[Block]:
    plant = sizing.of(sizing.detail).plant
    if plant is None:
        return
    yield Heading(text=w.text("sizing.depth_title", meaning=words.name_of(sizing.detail, w)))
    yield Paragraph(text=w.text("sizing.depth", sizes=words.size_words(plant, w)))
    yield plants.flow_table(sizing, w)
    yield from pictures.fortnight(study, sizing, w)
    yield from pictures.charge(sizing, w)
    yield from plants.life_table(sizing, w)


def _mill(study: Study, sizing: Sizing, w: Writer) -> Iterator[Block]:
    """Yield who holds the voltage, what the altitude leaves, and which machines start."""
    yield Heading(text=w.text("sizing.mill_title"))
    yield Bullets(items=[*words.forming(study, sizing, w), *words.derated(study, w)])
    yield from words.refused(sizing, w)
    if sizing.starts:
        yield plants.start_table(study, sizing, w)


def _doubt(study: Study, sizing: Sizing, w: Writer) -> Iterator[Block]:
    """Yield what was assumed, and what else has to be known; what moves the cost stands in the last chapter."""
    del study
    assumed = words.assumed(sizing, w)
    if assumed:
        yield Heading(text=w.text("sizing.assumed_title"))
        yield Bullets(items=assumed)
    own = [f for f in sizing.findings if f.level in {"warning", "info"} and f.key not in _SAID]
    if own:
        yield Heading(text=w.text("sizing.findings_title"))
        yield Bullets(items=[w.finding(finding) for finding in own])


_SAID = frozenset({"study_start_fails", "offgrid_percentile", "size_branch_and_bound", "size_catalogue_some"})
"""Findings that the chapter says in its own words."""
