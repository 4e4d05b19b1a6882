"""The report: one HTML file, made from a study alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from mine_energy.catalog import packaged
from mine_energy.messages import Language
from mine_energy.report.blocks import Block
from mine_energy.report.chapters import CHAPTERS
from mine_energy.report.first import first_screen
from mine_energy.report.format import Writer
from mine_energy.report.written import as_written
from mine_energy.study import Study


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A chapter as the template sees it."""

    id: str
    title: str
    blocks: Sequence[Block]


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
    chapters = [
        Shown(id=chapter.id, title=w.text(f"chapter.{chapter.id}"), blocks=chapter.blocks(study, w))
        for chapter in CHAPTERS
        if chapter.applies(study)
    ]
    # The style sheet is ours, so it stands unescaped; it is the only text that does.
    css = Markup(packaged("report/templates/report.css").read_text(encoding="utf-8"))
    page = (
        environment()
        .get_template("report.html.j2")
        .render(
            lang=f"es-{w.country}" if language == "es" else "en",
            t=w.text,
            css=css,
            first=first_screen(study, w),
            chapters=chapters,
            version=study.mine_energy_version,
            schema_version=study.schema_version,
        )
    )
    return page.encode("utf-8")
