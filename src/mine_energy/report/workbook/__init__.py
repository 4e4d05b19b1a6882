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
    guide,
    machines,
    measures,
    notes,
    overview,
    prices,
    quality,
    roadmap,
    sizing,
    spending,
)
from mine_energy.report.workbook.book import Book, new_book
from mine_energy.report.written import as_written
from mine_energy.study import Study

SHEETS: Final[tuple[Callable[[Book, Study], None], ...]] = (
    overview.summary,
    machines.inventory,
    machines.end_uses,
    doubt.reconciliation,
    doubt.uncertainty,
    doubt.plan,
    measures.measures,
    measures.decisions,
    measures.verification,
    quality.power_quality,
    flows.monthly,
    flows.hourly,
    design.design,
    array.array,
    sizing.sizing,
    prices.prices,
    bills.bills,
    bills.lines,
    spending.spending,
    cash.cash,
    financed.financed,
    carbon.carbon,
    roadmap.roadmap,
    notes.assumptions,
    notes.sources,
    guide.guide,
    machines.lists,
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
