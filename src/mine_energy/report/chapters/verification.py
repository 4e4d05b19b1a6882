"""How each saving will be measured once the measure is in."""

from collections.abc import Sequence
from typing import Final

from mine_energy.audit import VerificationPlan
from mine_energy.report.blocks import Block, Bullets, Cell, Heading, Paragraph, Table
from mine_energy.report.chapters.assumptions import grouped
from mine_energy.report.format import NOTHING, Writer
from mine_energy.study import Study

_WEAK: Final = 0.5
"""A saving known to no better than half of itself is not worth a promise."""


def applies(study: Study) -> bool:
    """Whether there is a saving to verify."""
    return bool(study.audit.verification)


def blocks(study: Study, w: Writer) -> Sequence[Block]:
    """Return the chapter."""
    plans = study.audit.verification
    reasons = grouped((plan.reason for plan in plans), w)
    return [
        Paragraph(text=w.text("verification.intro")),
        Paragraph(title=w.text("verification.promise_title"), text=w.text("verification.promise"), tone="warning"),
        Table(
            id="verification-table",
            caption=w.text("verification.caption"),
            headings=(
                w.label("measure"),
                w.text("verification.option"),
                w.text("verification.boundary"),
                w.text("verification.instrument"),
                w.text("verification.days"),
                w.text("verification.adjustment"),
                f"{w.text('measures.saving')} (kWh{w.text('unit.per_year')})",
                w.text("verification.uncertainty"),
            ),
            rows=[_row(plan, w) for plan in plans],
            align=("text", "text", "text", "text", "number", "text", "number", "number"),
            note=w.text("verification.note"),
        ),
        Heading(text=w.text("verification.reasons")),
        Bullets(items=[sentence for sentence, _ in reasons]),
    ]


def _row(plan: VerificationPlan, w: Writer) -> tuple[str | Cell, ...]:
    return (
        Cell(text=plan.tag, unit=w.word("measure", plan.measure)),
        plan.option,
        w.word("verification_point", plan.points),
        Cell(text=w.word("verification_instrument", plan.instrument), unit=f"±{w.percent(plan.accuracy)}"),
        w.number(plan.days),
        NOTHING if plan.adjustment == "none" else w.word("verification_adjustment", plan.adjustment),
        w.estimate(plan.saving_kwh_per_year),
        Cell(text=f"±{w.percent(plan.uncertainty, 0)}", tone="assumed" if plan.uncertainty > _WEAK else ""),
    )
