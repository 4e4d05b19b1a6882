"""How a value shows where it comes from."""

from mine_energy.report.blocks import Cell
from mine_energy.report.format import Writer

SOFT_ORIGINS = frozenset({"reconstructed", "assumed", "synthetic"})
"""Origins that are neither measured, read from a plate nor published."""


def origin_cell(origin: str, w: Writer) -> Cell:
    """Return the origin of an input, marked when it is soft."""
    return Cell(text="", badge=w.word("origin", origin), tone="assumed" if origin in SOFT_ORIGINS else "good")


def quoted_cell(text: str, w: Writer) -> Cell:
    """Return what a packaged source says of itself, in English as it stands there, and marked so for readers aloud."""
    return Cell(text=text, lang="" if w.language == "en" else "en")


def confidence_cell(confidence: str, w: Writer) -> Cell:
    """Return the confidence of a packaged figure, marked when it is an assumption."""
    return Cell(text="", badge=w.word("confidence", confidence), tone="assumed" if confidence == "D" else "")
