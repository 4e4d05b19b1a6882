"""Everything that was assumed, and every packaged table that was used."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from mine_energy.report.blocks import Block, Bullets, Cell, Heading, Paragraph, Table
from mine_energy.report.chapters.marks import quoted_cell
from mine_energy.report.chapters.notices import notices
from mine_energy.report.format import Writer
from mine_energy.study import Study


def findings_blocks(study: Study, level: str, w: Writer) -> list[Block]:
    """Return the findings of one level under their heading; nothing when there are none."""
    found = notices(study, level, w)
    if not found:
        return []
    items = [Cell(text=sentence, unit=f"({subjects})" if subjects else "") for sentence, subjects in found]
    return [Heading(text=w.text(f"findings.{level}")), Bullets(items=items)]


def blocks(study: Study, w: Writer) -> Sequence[Block]:
    """Return the chapter."""
    found = findings_blocks(study, "assumption", w) or [Paragraph(text=w.text("assumptions.none"))]
    return [Paragraph(text=w.text("assumptions.intro")), *found, *_letters(w), *_sources(study, w)]


def _letters(w: Writer) -> Iterator[Block]:
    yield Heading(text=w.text("assumptions.letters_title"))
    yield Table(
        id="letters",
        caption=w.text("assumptions.letters"),
        headings=(w.label("confidence"), w.text("assumptions.letter_means")),
        rows=[
            (Cell(text=letter, tone="assumed" if letter == "D" else ""), w.text(f"assumptions.letter_{letter}"))
            for letter in ("A", "B", "C", "D", "user")
        ],
        align=("text", "text"),
    )


def _sources(study: Study, w: Writer) -> Iterator[Block]:
    yield Heading(text=w.text("assumptions.sources_title"))
    yield Table(
        id="sources",
        caption=w.text("assumptions.sources"),
        headings=(
            w.text("assumptions.title"),
            w.text("assumptions.publisher"),
            w.text("assumptions.place"),
            w.label("year"),
            w.text("assumptions.status"),
        ),
        rows=[
            (
                replace(quoted_cell(s.title, w), unit=s.id),
                s.publisher,
                quoted_cell(f"{s.document}; {s.place}", w),
                s.year,
                w.word("source_status", s.status),
            )
            for s in study.sources
        ],
        align=("text",) * 5,
        note=w.text("assumptions.sources_note"),
    )
