"""Inventory against meter."""

from collections.abc import Sequence

from mine_energy.report.blocks import Block, Paragraph, Table
from mine_energy.report.format import Writer
from mine_energy.study import Study


def blocks(study: Study, w: Writer) -> Sequence[Block]:
    """Return the chapter; it also stands when there is nothing to compare, because that is a result."""
    found = study.audit.reconciliation
    if found.status != "compared":
        key = f"reconciliation.{found.status}"
        return [Paragraph(title=w.text(f"{key}_title"), text=w.text(key), tone="warning")]
    rows = [
        (w.text("reconciliation.days"), w.estimate(found.days)),
        (f"{w.text('reconciliation.metered')} (kWh)", w.estimate(found.metered_kwh)),
        (f"{w.text('reconciliation.inventory')} (kWh)", w.estimate(found.inventory_kwh)),
        (f"{w.label('gap_kwh_per_year')} (kWh)", w.estimate(found.gap_kwh)),
        (w.text("reconciliation.gap_share"), w.percent(found.gap_fraction)),
    ]
    band = (w.percent(found.band_low, 0), w.percent(found.band_high, 0))
    table = Table(
        id="reconciliation-table",
        caption=w.text("reconciliation.caption"),
        headings=(w.text("quantity"), w.label("value")),
        rows=rows,
        note=w.text("reconciliation.note", low=band[0], high=band[1]),
    )
    return [Paragraph(text=w.text("reconciliation.intro")), table]
