"""Inventory against meter and bills: by period, by reading, and machine by machine."""

from collections.abc import Iterator, Sequence
from typing import Final

from mine_energy.audit import AuditResult, ReconciledUses
from mine_energy.loads import days_behind
from mine_energy.report.blocks import Block, Bullets, Cell, Heading, Paragraph, Table, Tone
from mine_energy.report.chapters.notices import grouped
from mine_energy.report.format import Writer
from mine_energy.study import Study
from mine_energy.uncertainty import Band, PartResult, Reconciliation

_NEXT: Final = 5
_FAR_SD: Final = 1.0
"""A move by more than this many of its own standard deviations is worth a look at the machine."""


def blocks(study: Study, w: Writer) -> Sequence[Block]:
    """Return the chapter; it also stands when there is nothing to compare, because that is a result."""
    found = study.audit.reconciliation
    adjusted, uses = study.audit.adjustment, study.audit.reconciled
    parts: list[Block] = [*_balance(study, w)]
    if adjusted is not None:
        parts += _verdict(adjusted, w)
    if uses is not None:
        parts += [_uses(uses, w), *_periods(uses, days_behind(study.audit.load_before) is not None, w)]
    parts += _bills(study, w)
    if adjusted is not None:
        parts += [_readings(adjusted, w), _machines(adjusted, w), *_open(adjusted, study, w)]
    elif found.status == "compared":
        parts.append(Paragraph(text=w.text("reconciled.none")))
    return parts


def record_label(audit: AuditResult, w: Writer) -> str:
    """Return the name of the record's length, which tells metered days from those of a year built from them."""
    days = days_behind(audit.load_before)
    return w.text("reconciliation.days") if days is None else w.text("reconciliation.days_built", days=days)


def metered_label(audit: AuditResult, w: Writer) -> str:
    """Return the name of the energy that the inventory is compared with: metered, or of a year built from weeks."""
    return w.text(
        "reconciliation.metered" if days_behind(audit.load_before) is None else "reconciliation.metered_built"
    )


def _balance(study: Study, w: Writer) -> Iterator[Block]:
    found = study.audit.reconciliation
    if found.status != "compared":
        key = f"reconciliation.{found.status}"
        yield Paragraph(title=w.text(f"{key}_title"), text=w.text(key), tone="warning")
        return
    yield Paragraph(text=w.text("reconciliation.intro"))
    rows = [
        (record_label(study.audit, w), w.estimate(found.days)),
        (f"{metered_label(study.audit, w)} (kWh)", w.estimate(found.metered_kwh)),
        *([(f"{w.text('network.losses')} (kWh)", w.estimate(found.losses_kwh))] if found.losses_kwh else []),
        (f"{w.text('reconciliation.inventory')} (kWh)", w.estimate(found.inventory_kwh)),
        (f"{w.label('gap_kwh_per_year')} (kWh)", w.estimate(found.gap_kwh)),
        (w.text("reconciliation.gap_share"), w.percent(found.gap_fraction)),
    ]
    band = (w.percent(found.band_low, 0), w.percent(found.band_high, 0))
    yield Table(
        id="reconciliation-table",
        caption=w.text("reconciliation.caption"),
        headings=(w.text("quantity"), w.label("value")),
        rows=rows,
        note=w.text("reconciliation.note", low=band[0], high=band[1]),
    )


def _verdict(adjusted: Reconciliation, w: Writer) -> Iterator[Block]:
    tone: Tone = {"agrees": "good", "strained": "assumed"}.get(adjusted.agreement, "warning")  # type: ignore[assignment]
    said = [sentence for sentence, _ in grouped(adjusted.findings[:1], w)]
    yield Heading(text=w.text("reconciled.title"))
    yield Paragraph(text=w.text("reconciled.how"))
    yield Paragraph(title=w.text(f"reconciled.{adjusted.agreement}"), text=" ".join(said), tone=tone)
    rest = grouped(adjusted.findings[1:], w)
    if rest:
        yield Bullets(items=[Cell(text=text, unit=f"({about})" if about else "") for text, about in rest])


def _uses(uses: ReconciledUses, w: Writer) -> Table:
    """Return where the metered energy goes; with the difference the rows add up to the meter exactly."""
    key = "difference" if uses.shown == "reconciled" else "unaccounted"
    rows: list[tuple[str | Cell, ...]] = [
        (
            w.word("process", use.process),
            w.estimate(use.inventory_kwh),
            w.estimate(use.energy_kwh),
            w.span(use.band_kwh.p10, use.band_kwh.p90),
            w.percent(use.share),
        )
        for use in uses.uses
    ]
    if uses.losses_kwh:
        lost, share = w.estimate(uses.losses_kwh), w.percent(uses.losses_kwh / uses.metered_kwh)
        rows.append((w.text("network.losses"), lost, lost, "", share))
    tone: Tone = "" if uses.shown == "reconciled" else "warning"
    label = Cell(text=w.text(f"reconciled.{key}"), tone=tone)
    rows.append((label, "", w.estimate(uses.difference_kwh), "", w.percent(uses.difference_share)))
    return Table(
        id="reconciled-uses",
        caption=w.text("reconciled.uses"),
        headings=(
            w.label("end_use"),
            f"{w.text('reconciled.before')} (kWh)",
            f"{w.text(f'reconciled.shown_{uses.shown}')} (kWh)",
            "P10–P90 (kWh)",
            w.text("reconciled.share"),
        ),
        rows=rows,
        foot=(
            w.text("reconciliation.metered"),
            w.estimate(sum(use.inventory_kwh for use in uses.uses) + uses.losses_kwh),
            w.estimate(uses.metered_kwh),
            "",
            w.percent(1.0),
        ),
        note=w.text(f"reconciled.uses_note_{uses.shown}"),
    )


def _periods(uses: ReconciledUses, built: bool, w: Writer) -> Iterator[Block]:
    if not uses.periods:
        return
    yield Table(
        id="reconciled-periods",
        caption=w.text("reconciled.periods"),
        headings=(
            w.text("reconciled.period"),
            w.text("reconciled.source"),
            f"{w.text('reconciled.read')} (kWh)",
            f"{w.text('reconciled.before')} (kWh)",
            f"{w.text('reconciled.after')} (kWh)",
        ),
        rows=[
            (
                one.label,
                w.text(
                    "reconciled.source_built" if built and one.source == "meter" else f"reconciled.source_{one.source}"
                ),
                w.estimate(one.read_kwh),
                w.estimate(one.inventory_kwh),
                w.estimate(one.reconciled_kwh),
            )
            for one in uses.periods
        ],
        align=("text", "text", "number", "number", "number"),
    )


def _bills(study: Study, w: Writer) -> Iterator[Block]:
    """Yield every bill beside the record of the same days; nothing where there are none."""
    if not study.records.bills:
        return
    yield Table(
        id="bills-compared",
        caption=w.text("reconciled.bills"),
        headings=(
            w.text("reconciled.period"),
            f"{w.label('bill_kwh')} (kWh)",
            f"{w.text('reconciliation.metered')} (kWh)",
            w.text("reconciled.difference_share"),
            w.text("reconciled.bill_kw"),
            w.text("reconciled.meter_kw"),
            w.label("bill_reading"),
        ),
        rows=[
            (
                w.days(one.start, one.end),
                w.estimate(one.bill_kwh),
                w.estimate(one.load_kwh),
                w.percent(one.difference),
                w.estimate(one.bill_kw),
                w.estimate(one.load_kw),
                w.text("reconciled.estimated" if one.estimated else "reconciled.taken"),
            )
            for one in study.records.bills
        ],
        align=("text", *("number",) * 5, "text"),
    )


def _readings(adjusted: Reconciliation, w: Writer) -> Table:
    rows: list[tuple[str | Cell, ...]] = []
    for one in adjusted.observations:
        unit = {"energy": "kWh", "power": "kW", "hours": "h"}.get(one.kind, "")
        values = (one.value, one.expected_before, one.expected_after)
        name = Cell(text=w.word("observation", one.name), unit=unit)
        rows.append((name, *(w.estimate(v) for v in values), w.number(one.gap_sd, 1), w.number(one.residual_sd, 1)))
    return Table(
        id="readings",
        caption=w.text("reconciled.readings"),
        headings=(
            w.text("reconciled.reading"),
            w.text("reconciled.read"),
            w.text("reconciled.before"),
            w.text("reconciled.after"),
            w.text("reconciled.gap_sd"),
            w.text("reconciled.residual_sd"),
        ),
        rows=rows,
        note=w.text("reconciled.readings_note"),
    )


def _machines(adjusted: Reconciliation, w: Writer) -> Table:
    return Table(
        id="moved",
        caption=w.text("reconciled.machines"),
        headings=(
            w.label("tag"),
            f"{w.text('reconciled.power')}: {w.text('reconciled.before_after')} (kW)",
            f"{w.text('reconciled.hours')}: {w.text('reconciled.before_after')} (h)",
            f"{w.text('reconciled.energy')}: {w.text('reconciled.before_after')} (kWh)",
            w.text("reconciled.band_after"),
            w.text("reconciled.moved"),
        ),
        rows=[_machine(part, w) for part in adjusted.parts],
        note=w.text("reconciled.machines_note"),
    )


def _machine(part: PartResult, w: Writer) -> tuple[str | Cell, ...]:
    moved = max(part.power_moved_sd, part.hours_moved_sd, key=abs)
    before, after = part.energy_before_kwh, part.energy_after_kwh
    return (
        part.tag,
        _arrow(part.power_before_kw, part.power_after_kw, w),
        _arrow(part.hours_before, part.hours_after, w),
        _arrow(before.p50, after.p50, w),
        _half(after, w),
        Cell(text=w.number(moved, 1), tone="assumed" if abs(moved) > _FAR_SD else ""),
    )


def _arrow(before: float, after: float, w: Writer) -> str:
    return f"{w.estimate(before)} → {w.estimate(after)}"


def _half(band: Band, w: Writer) -> str:
    """Return half of P10 to P90 as a share of the middle."""
    return f"±{w.percent(band.width / 2 / band.p50, 0)}" if band.p50 > 0 else "±0"


def _open(adjusted: Reconciliation, study: Study, w: Writer) -> Iterator[Block]:
    """Yield what the readings cannot see, cannot tell apart, and what to read next."""
    yield Heading(text=w.text("reconciled.open"))
    if adjusted.detectable_kwh is not None:
        whole = study.audit.reconciled.metered_kwh if study.audit.reconciled else adjusted.plant_after_kwh.p50
        share = w.percent(adjusted.detectable_kwh / whole, 0) if whole > 0 else ""
        yield Paragraph(
            text=w.text("reconciled.detectable", kwh=w.estimate(adjusted.detectable_kwh, "kWh"), share=share)
        )
    for group in adjusted.indistinct:
        yield Paragraph(
            text=w.text("reconciled.indistinct", tags=w.join(list(group.tags)), share=w.percent(group.share, 0)),
            tone="assumed",
        )
    steps = [one for one in adjusted.measure_next if one.shrink > 0][:_NEXT]
    if steps:
        yield Paragraph(text=w.text("reconciled.next"))
        items = [w.text("reconciled.next_item", tag=s.tag, share=w.percent(s.shrink, 0)) for s in steps]
        yield Bullets(items=items)
