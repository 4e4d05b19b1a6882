"""The chapters of the report, in reading order.

To add a part: a module, a line here, its texts in both languages, and the methods of its tables in ``methods.py``.
"""

from typing import Final

from mine_energy.report.chapters import (
    answer,
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
from mine_energy.report.chapters.chapter import Chapter, Part

CHAPTERS: Final = (
    Chapter(id="plant", parts=(Part(id="plant", blocks=plant.blocks, by=("given",)),)),
    Chapter(
        id="reconciliation",
        parts=(Part(id="reconciliation", blocks=reconciliation.blocks, by=("reconcile",)),),
    ),
    Chapter(
        id="energy",
        parts=(
            Part(id="energy", blocks=energy.blocks, by=("load",)),
            Part(id="production", blocks=production.blocks, by=("baseline",), applies=production.applies),
            Part(id="quality", blocks=quality.blocks, by=("power_factor",), applies=quality.applies),
            Part(id="motors", blocks=motors.blocks, by=("part_load",), applies=motors.applies),
        ),
    ),
    Chapter(
        id="measures",
        parts=(
            Part(id="measures", blocks=measures.blocks, by=("measures",), applies=measures.applies),
            Part(id="verification", blocks=verification.blocks, by=("verification",), applies=verification.applies),
        ),
    ),
    Chapter(id="sun", parts=(Part(id="sun", blocks=sun.blocks, by=("pv_chain",), applies=sun.applies),)),
    Chapter(
        id="reliability",
        parts=(
            Part(id="coverage", blocks=coverage.blocks, by=("dispatch",), applies=sun.applies),
            Part(id="sizing", blocks=sizing.blocks, by=("sizing",), applies=sizing.applies),
        ),
    ),
    Chapter(
        id="finance",
        parts=(
            Part(id="bills", blocks=bills.blocks, by=("bill",)),
            Part(id="money", blocks=money.blocks, by=("npv",)),
        ),
    ),
    Chapter(id="carbon", parts=(Part(id="carbon", blocks=carbon.blocks, by=("scope2",)),)),
    Chapter(
        id="roadmap",
        parts=(Part(id="roadmap", blocks=roadmap.blocks, by=("plan",), applies=roadmap.applies),),
    ),
    Chapter(id="assumptions", parts=(Part(id="assumptions", blocks=assumptions.blocks, by=("letters",)),)),
    Chapter(
        id="answer",
        parts=(
            Part(id="answer", blocks=answer.blocks, by=("money_risk",)),
            Part(id="uncertainty", blocks=uncertainty.blocks, by=("draws",), applies=uncertainty.applies),
            Part(id="findings", blocks=findings.blocks, by=("answer",), applies=findings.applies),
        ),
    ),
)
"""Each stands only where its study ran."""

__all__ = ["CHAPTERS", "Chapter", "Part"]
