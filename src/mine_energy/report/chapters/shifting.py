"""Loads that wait for the sun: which moved and why others stay, and what that is worth as a part of what PV saves."""

from collections.abc import Iterator

from mine_energy.report.blocks import Block, Cell, Heading, Paragraph, Table
from mine_energy.report.format import NOTHING, Writer
from mine_energy.study import Study
from mine_energy.study.shifting_result import ShiftedBlock, Shifting
from mine_energy.units import HOURS_PER_DAY


def blocks(study: Study, w: Writer) -> Iterator[Block]:
    """Yield the section; nothing where no load may wait."""
    shifting = study.shifting
    if shifting is None:
        return
    yield Heading(text=w.text("shifting.title"))
    yield Paragraph(text=w.text("shifting.intro"))
    yield _block_table(study, shifting, w)
    if any(block.reason == "moved" for block in shifting.blocks):
        yield _worth(study, shifting, w)


def _block_table(study: Study, shifting: Shifting, w: Writer) -> Table:
    days = len(study.hourly.load_after_kw) / HOURS_PER_DAY
    return Table(
        id="shifting",
        caption=w.text("shifting.caption"),
        headings=(
            w.text("shifting.block"),
            w.text("shifting.outcome"),
            w.text("shifting.daily"),
            w.text("shifting.moved"),
            w.text("shifting.from_pv_before"),
            w.text("shifting.from_pv_after"),
        ),
        rows=[_row(block, days, w) for block in shifting.blocks],
        align=("text", "text", "number", "number", "number", "number"),
        note=w.text("shifting.note"),
    )


def _row(block: ShiftedBlock, days: float, w: Writer) -> tuple[str | Cell, ...]:
    moved = block.reason == "moved"
    per_year = w.text("unit.per_year")
    return (
        Cell(text=block.name, unit=w.join(block.tags)),
        Cell(text=w.text(f"shifting.reason_{block.reason}"), tone="good" if moved else ""),
        w.estimate(block.energy_kwh / days),
        Cell(text=w.estimate(block.moved_kwh / days), unit=f"({w.estimate(block.moved_kwh, f'kWh{per_year}')})")
        if moved
        else NOTHING,
        w.estimate(block.from_pv_before_kwh),
        w.estimate(block.from_pv_after_kwh),
    )


def _worth(study: Study, shifting: Shifting, w: Writer) -> Table:
    """Return the plant with every load at its hours of today beside the one that waits, and what differs.

    What PV takes off the cost of the supply is the measured state's cost less that with PV, both ways: the last column
    of that row is the waiting's part of it.
    """
    year, without_pv = w.text("unit.per_year"), study.states[1].cost_per_year
    cost, unmoved = shifting.cost_per_year, shifting.cost_unmoved_per_year
    rows = (
        (f"{w.text('shifting.pv_used')} (kWh{year})", shifting.pv_used_unmoved_kwh, shifting.pv_used_kwh),
        (f"{w.text('shifting.imports')} (kWh{year})", shifting.import_unmoved_kwh, shifting.import_kwh),
        (f"{w.text('shifting.cost')} ({shifting.currency}{year})", unmoved, cost),
        (f"{w.text('shifting.saving')} ({shifting.currency}{year})", without_pv - unmoved, without_pv - cost),
    )
    return Table(
        id="shifting-worth",
        caption=w.text("shifting.worth"),
        headings=(
            w.text("quantity"),
            w.text("shifting.unmoved"),
            w.text("shifting.waiting"),
            w.text("shifting.difference"),
        ),
        rows=[(name, w.estimate(a), w.estimate(b), w.estimate(b - a, digits=2)) for name, a, b in rows],
        note=w.text("shifting.worth_note"),
    )
