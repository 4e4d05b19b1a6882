"""The report: one HTML file, made from a study alone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from mine_energy.catalog import packaged
from mine_energy.messages import Language
from mine_energy.report.blocks import Block, Paragraph
from mine_energy.report.chapters import CHAPTERS, Chapter, Part
from mine_energy.report.first import first_screen
from mine_energy.report.format import Writer
from mine_energy.report.methods import BY, Placed, Trace, reference_blocks
from mine_energy.report.written import as_written
from mine_energy.study import Study

_LAST: Final = "assumptions"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPart:
    """A part as the template sees it; without a title it opens its chapter."""

    id: str
    title: str
    blocks: Sequence[Placed]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A chapter as the template sees it."""

    id: str
    title: str
    parts: Sequence[ShownPart]


@cache
def environment() -> Environment:
    """Return the template engine: everything that is not a template is escaped, an unknown name is an error."""
    return Environment(
        loader=FileSystemLoader(packaged("report/templates"), encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def render_html(study: Study, language: Language) -> bytes:
    """Return the report of a study.

    Parameters
    ----------
    study
        As computed, or as read from its ``study.json``.
    language
        Of the texts; the country of the site decides the marks of its numbers.

    Returns
    -------
    bytes
        UTF-8 HTML that asks for nothing outside itself.
    """
    study = as_written(study)
    w = Writer(language=language, country=study.site.site.country)
    trace = Trace(study=study, w=w)
    first = first_screen(study, w)
    trace.said.update(first.banner)
    comparison = trace.place(first.comparison, BY[first.comparison.id])
    picture = trace.place(first.picture, ("dispatch",))
    chapters = _chapters(study, trace)
    # The style sheet is ours, so it stands unescaped; it is the only text that does.
    css = Markup(packaged("report/templates/report.css").read_text(encoding="utf-8"))
    page = (
        environment()
        .get_template("report.html.j2")
        .render(
            lang=f"es-{w.country}" if language == "es" else "en",
            t=w.text,
            css=css,
            first=first,
            comparison=comparison,
            picture=picture,
            chapters=chapters,
            titles={chapter.id: chapter.title for chapter in chapters},
            version=study.mine_energy_version,
            schema_version=study.schema_version,
        )
    )
    return page.encode("utf-8")


def _chapters(study: Study, trace: Trace) -> list[Shown]:
    """Return the chapters whose study ran; that of the sources last, because it lists what the others lead to."""
    shown: dict[str, Shown] = {}
    for chapter in sorted(CHAPTERS, key=lambda one: one.id == _LAST):
        if chapter.applies(study):
            shown[chapter.id] = _chapter(chapter, study, trace)
    return [shown[chapter.id] for chapter in CHAPTERS if chapter.id in shown]


def _blocks(part: Part, study: Study, trace: Trace) -> Sequence[Block]:
    """Return the blocks of a part; warnings and notes come last and repeat nothing."""
    blocks = part.blocks(study, trace.w)
    if part.id != "findings":
        return blocks
    return [Paragraph(text=trace.w.text("findings.not_repeated")), *trace.unsaid(blocks)]


def _chapter(chapter: Chapter, study: Study, trace: Trace) -> Shown:
    w = trace.w
    parts = [
        ShownPart(
            id=part.id,
            title="" if part.id == chapter.id else w.text(f"chapter.{part.id}"),
            blocks=trace.placed(_blocks(part, study, trace), part.by),
        )
        for part in chapter.parts
        if part.applies(study)
    ]
    if chapter.id == _LAST:
        parts[0] = replace(parts[0], blocks=[*parts[0].blocks, *trace.placed(reference_blocks(trace), ())])
    return Shown(id=chapter.id, title=w.text(f"chapter.{chapter.id}"), parts=parts)
