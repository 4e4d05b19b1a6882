"""What Colombia's unit cost is made of, and which parts of it the retailer keeps of a swapped kWh."""

from collections.abc import Iterator
from typing import Final

from mine_energy.report.blocks import Block, Table
from mine_energy.report.format import NOTHING, Writer
from mine_energy.study import Study
from mine_energy.tariffs import Bill, Components, co, load_tariff, packaged_tariffs

PARTS: Final = ("g", "t", "d", "cv", "pr", "r")
"""In the order of CREG 119/2007."""
_KEPT_SMALL: Final = frozenset({"cv"})
_KEPT_LARGE: Final = frozenset(PARTS) - {"g"}


def blocks(study: Study, w: Writer) -> Iterator[Block]:
    """Yield the parts of the unit cost that the bills are charged at; nothing where the tariff has none."""
    parts = components_of(study.states[0].bill)
    if parts is not None:
        yield _table(study, parts, w)


def components_of(bill: Bill) -> Components | None:
    """Return the parts of a bill's unit cost; a study of an older version has them in the packaged tariff alone."""
    if bill.components is not None or bill.tariff_id not in packaged_tariffs():
        return bill.components
    return load_tariff(bill.tariff_id).components


def _table(study: Study, parts: Components, w: Writer) -> Table:
    swaps = any(line.group == "swap" for line in study.states[2].bill.lines)
    small = co.small_class(study.design.after_measures.inverter_kw)
    kept = _KEPT_SMALL if small else _KEPT_LARGE
    rows = [
        (
            w.text(f"unit_cost.{key}"),
            w.estimate(getattr(parts, key), digits=4),
            w.percent(getattr(parts, key) / parts.cu_computed),
            *((w.text("answer.yes" if key in kept else "answer.no"),) if swaps else ()),
        )
        for key in PARTS
    ]
    last = (NOTHING,) if swaps else ()
    rows.append((w.text("unit_cost.sum"), w.estimate(parts.cu_computed, digits=4), w.percent(1.0), *last))
    share = w.percent(parts.cu_applied / parts.cu_computed)
    return Table(
        id="unit-cost",
        caption=w.text("unit_cost.caption", unit=parts.unit),
        headings=(
            w.text("unit_cost.part"),
            w.text("unit_cost.price"),
            w.text("unit_cost.share"),
            *((w.text("unit_cost.kept"),) if swaps else ()),
        ),
        rows=rows,
        align=("text", "number", "number", *(("text",) if swaps else ())),
        foot=(w.text("unit_cost.applied"), w.estimate(parts.cu_applied, digits=4), share, *last),
        note=_note(study, parts, w),
    )


def _note(study: Study, parts: Components, w: Writer) -> str:
    bill, names = study.states[0].bill, w.month_names()
    said = w.text("unit_cost.note")
    if parts.source:
        said += f" {w.label('source')}: {parts.source}."
    own = [
        w.text(
            "unit_cost.months",
            months=w.join([names[month - 1] for month in one.months]),
            price=w.estimate(one.cu_applied, one.unit, digits=4),
        )
        for one in bill.components_month
    ]
    return f"{said} {w.text('unit_cost.note_months', months='; '.join(own))}" if own else said
