"""Everything that was assumed, and what the letters of confidence mean; methods and sources follow in the report."""

from collections.abc import Iterator, Sequence
from typing import Final

from mine_energy.report.blocks import Block, Bullets, Cell, Facts, Heading, Paragraph, Table
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
    return [Paragraph(text=w.text("assumptions.intro")), *found, *_letters(w), *_abbreviations(w)]


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


_ABBREVIATIONS: Final = (
    *("npv", "irr", "lcoe", "dscr", "crf", "p", "pv", "current", "lpsp"),
    *("power", "cu", "ie", "carbon", "ipmvp", "cusum", "thd", "ppa"),
)


def _abbreviations(w: Writer) -> Iterator[Block]:
    yield Heading(text=w.text("abbreviation.title"))
    pairs = [(w.text(f"abbreviation.{key}"), w.text(f"abbreviation.{key}_means")) for key in _ABBREVIATIONS]
    yield Facts(pairs=pairs, by=None)
