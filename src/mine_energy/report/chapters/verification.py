"""How each saving will be measured once the measure is in."""

from collections.abc import Sequence

from mine_energy.audit import VerificationPlan
from mine_energy.report.blocks import Block, Bullets, Cell, Heading, Paragraph, Table
from mine_energy.report.format import NOTHING, Writer
from mine_energy.study import Study


def applies(study: Study) -> bool:
    """Whether there is a saving to verify."""
    return bool(study.audit.verification)


def blocks(study: Study, w: Writer) -> Sequence[Block]:
    """Return the chapter."""
    plans = study.audit.verification
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
        *_missed(plans, w),
        Heading(text=w.text("verification.reasons")),
        Bullets(items=_reasons(plans, w)),
    ]


def _reasons(plans: Sequence[VerificationPlan], w: Writer) -> list[Cell]:
    """Return every reason once, about the saving that is nearest to the other option, with the machines it holds for.

    Where the largest saving is hidden from the main meter, the smaller ones are too; where the smallest is seen there,
    the larger ones are.
    """
    groups: dict[str, list[VerificationPlan]] = {}
    for plan in plans:
        groups.setdefault(plan.reason.key, []).append(plan)
    found = []
    for key, members in groups.items():
        falling = sorted(members, key=lambda plan: -plan.saving_kwh_per_year)
        nearest = falling[-1 if key == "verification_main_meter" else 0]
        tags = dict.fromkeys(plan.tag for plan in falling if plan.tag)
        found.append(Cell(text=w.finding(nearest.reason), unit=f"({', '.join(tags)})" if tags else ""))
    return found


def _missed(plans: Sequence[VerificationPlan], w: Writer) -> list[Block]:
    """Return which savings no practical campaign shows as well as the target asks."""
    missed = [plan for plan in plans if not plan.reached]
    if not missed:
        return []
    names = w.join([f"{plan.tag} ({w.word('measure', plan.measure)})" for plan in missed])
    text = w.text("verification.missed", names=names, target=w.percent(missed[0].target, 0))
    return [Paragraph(text=text, tone="warning")]


def _uncertainty(plan: VerificationPlan, w: Writer) -> Cell:
    if plan.uncertainty is None:
        return Cell(text=NOTHING)
    return Cell(text=f"±{w.percent(plan.uncertainty, 0)}", tone="" if plan.reached else "assumed")


def _row(plan: VerificationPlan, w: Writer) -> tuple[str | Cell, ...]:
    return (
        Cell(text=plan.tag, unit=w.word("measure", plan.measure)),
        plan.option,
        w.word("verification_point", plan.points),
        Cell(text=w.word("verification_instrument", plan.instrument), unit=f"±{w.percent(plan.accuracy)}"),
        w.number(plan.days),
        NOTHING if plan.adjustment == "none" else w.word("verification_adjustment", plan.adjustment),
        w.estimate(plan.saving_kwh_per_year),
        _uncertainty(plan, w),
    )
