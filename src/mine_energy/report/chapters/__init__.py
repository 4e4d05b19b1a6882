"""The chapters of the report, in reading order. To add one: a module, a line here, its texts in both languages."""

from typing import Final

from mine_energy.report.chapters import (
    assumptions,
    bills,
    carbon,
    coverage,
    energy,
    findings,
    measures,
    money,
    motors,
    plant,
    production,
    quality,
    reconciliation,
    roadmap,
    sizing,
    sun,
    uncertainty,
    verification,
)
from mine_energy.report.chapters.chapter import Chapter

CHAPTERS: Final = (
    Chapter(id="plant", blocks=plant.blocks),
    Chapter(id="reconciliation", blocks=reconciliation.blocks),
    Chapter(id="energy", blocks=energy.blocks),
    Chapter(id="production", blocks=production.blocks, applies=production.applies),
    Chapter(id="quality", blocks=quality.blocks, applies=quality.applies),
    Chapter(id="motors", blocks=motors.blocks, applies=motors.applies),
    Chapter(id="measures", blocks=measures.blocks, applies=measures.applies),
    Chapter(id="uncertainty", blocks=uncertainty.blocks, applies=uncertainty.applies),
    Chapter(id="verification", blocks=verification.blocks, applies=verification.applies),
    Chapter(id="sun", blocks=sun.blocks),
    Chapter(id="coverage", blocks=coverage.blocks),
    Chapter(id="sizing", blocks=sizing.blocks, applies=sizing.applies),
    Chapter(id="bills", blocks=bills.blocks),
    Chapter(id="money", blocks=money.blocks),
    Chapter(id="carbon", blocks=carbon.blocks),
    Chapter(id="roadmap", blocks=roadmap.blocks, applies=roadmap.applies),
    Chapter(id="assumptions", blocks=assumptions.blocks),
    Chapter(id="findings", blocks=findings.blocks, applies=findings.applies),
)

__all__ = ["CHAPTERS", "Chapter"]
