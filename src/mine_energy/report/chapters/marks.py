"""How a value shows where it comes from."""

from mine_energy.report.blocks import Cell
from mine_energy.report.figures import class_change
from mine_energy.report.format import Writer
from mine_energy.study import Study

SOFT_ORIGINS = frozenset({"reconstructed", "assumed", "synthetic"})
"""Origins that are neither measured, read from a plate nor published."""


def origin_cell(origin: str, w: Writer) -> Cell:
    """Return the origin of an input, marked when it is soft."""
    return Cell(text="", badge=w.word("origin", origin), tone="assumed" if origin in SOFT_ORIGINS else "good")


def quoted_cell(text: str, w: Writer) -> Cell:
    """Return what a packaged source says of itself, in English as it stands there, and marked so for readers aloud."""
    return Cell(text=text, lang="" if w.language == "en" else "en")


def class_words(study: Study, w: Writer) -> str:
    """Return why the fall of the bill is not the saving of the measures, where the plant changes its tariff class."""
    change, measures = class_change(study), study.finance.measures
    if not change or measures is None:
        return ""
    currency = study.finance.currency
    return w.text(
        "class_change.note",
        whole=w.money(change + measures.annual_saving, currency),
        saving=w.money(measures.annual_saving, currency),
        amount=w.money(change, currency),
    )


def confidence_cell(confidence: str, w: Writer) -> Cell:
    """Return the confidence of a packaged figure, marked when it is an assumption."""
    return Cell(text="", badge=w.word("confidence", confidence), tone="assumed" if confidence == "D" else "")
