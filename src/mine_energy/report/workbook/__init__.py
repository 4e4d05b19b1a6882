"""The workbook of a study: the same figures as the report, in cells that can be followed and changed."""

from collections.abc import Callable
from typing import Final

from mine_energy.messages import Language
from mine_energy.report.format import Writer
from mine_energy.report.workbook import (
    array,
    bills,
    carbon,
    cash,
    design,
    doubt,
    financed,
    flows,
    machines,
    measures,
    notes,
    overview,
    quality,
    roadmap,
    sizing,
)
from mine_energy.report.workbook.book import Book, new_book
from mine_energy.report.written import as_written
from mine_energy.study import Study

SHEETS: Final[tuple[Callable[[Book, Study], None], ...]] = (
    overview.summary,
    machines.inventory,
    measures.measures,
    measures.decisions,
    doubt.reconciliation,
    doubt.uncertainty,
    doubt.plan,
    measures.verification,
    quality.power_quality,
    flows.monthly,
    flows.hourly,
    design.design,
    sizing.sizing,
    array.array,
    bills.bills,
    bills.months,
    cash.cash,
    financed.financed,
    carbon.carbon,
    roadmap.roadmap,
    machines.end_uses,
    notes.assumptions,
    notes.sources,
)
"""What fills the sheets, in order; a later sheet is one more function."""


def render_workbook(study: Study, language: Language) -> bytes:
    """Return the workbook of a study.

    Parameters
    ----------
    study
        As computed, or as read from its ``study.json``.
    language
        Of sheets, headings and texts; numbers follow the reader's own Excel.

    Returns
    -------
    bytes
        An .xlsx file.
    """
    study = as_written(study)
    w = Writer(language=language, country=study.site.site.country)
    book = new_book(w, study.site.site.name)
    for fill in SHEETS:
        fill(book, study)
    return book.bytes()


__all__ = ["SHEETS", "render_workbook"]
