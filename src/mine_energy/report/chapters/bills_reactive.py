"""Reactive energy in the three states: what is charged, where the factor M stands, and the bank that would free it."""

from collections.abc import Iterator

from mine_energy.report.blocks import Block, Heading, Paragraph, Table
from mine_energy.report.chapters.bill_lines import month_words
from mine_energy.report.figures import state_names
from mine_energy.report.format import NOTHING, Writer
from mine_energy.study import State, Study
from mine_energy.tariffs import BillMonth, ReactiveState


def blocks(study: Study, w: Writer) -> Iterator[Block]:
    """Yield the charge by state, and the months in which there is one."""
    found = study.bills.reactive if study.bills else ()
    if not found:
        return
    yield Heading(text=w.text("reactive.title"))
    yield Paragraph(text=w.text("reactive.why", verdict=_verdict(found, w)))
    yield _charge(found, w)
    if any(month.reactive_excess_kvarh for state in study.states for month in state.bill.months):
        yield _months(study, w)


def _verdict(found: tuple[ReactiveState, ...], w: Writer) -> str:
    """Say what PV does to the charge that measures leave: the sentence that a reader asks for."""
    states = {one.key: one for one in found}
    today = states.get("today", found[0])
    last = states.get("after_pv", found[-1])
    before = states.get("after_measures", today)
    if max(today.amount, before.amount, last.amount) <= 0.0:
        return w.text("reactive.none")
    amounts = {one: w.money(state.amount, state.currency) for one, state in (("today", today), ("before", before))}
    after = w.money(last.amount, last.currency)
    if last.amount > before.amount:
        return w.text("reactive.rises", **amounts, after=after, bank=w.estimate(last.bank_kvar, "kvar"))
    return w.text("reactive.falls", **amounts, after=after)


def _charge(found: tuple[ReactiveState, ...], w: Writer) -> Table:
    names = dict(zip(("today", "after_measures", "after_pv"), state_names(w), strict=True))
    rows = [
        (w.text("reactive.inductive"), *(w.estimate(one.inductive_kvarh) for one in found)),
        (w.text("reactive.excess"), *(w.estimate(one.excess_kvarh) for one in found)),
        (w.text("reactive.capacitive"), *(w.estimate(one.capacitive_kvarh) for one in found)),
        (w.text("reactive.months"), *(w.number(one.months_with_excess) for one in found)),
    ]
    if any(one.highest_multiplier > 1.0 for one in found):
        rows.append((w.text("reactive.highest"), *(w.number(one.highest_multiplier) for one in found)))
    rows.append((w.text("reactive.bank"), *(w.estimate(one.bank_kvar) for one in found)))
    return Table(
        id="reactive-charge",
        caption=w.text("reactive.charge"),
        headings=(w.text("quantity"), *(names.get(one.key, one.key) for one in found)),
        rows=rows,
        foot=(w.text("reactive.amount", currency=found[0].currency), *(w.estimate(one.amount) for one in found)),
        note=w.text("reactive.note"),
    )


def _months(study: Study, w: Writer) -> Table:
    states = study.states
    multiplied = any(month.reactive_multiplier is not None for month in states[0].bill.months)
    headings = [w.label("month")]
    for name in state_names(w):
        headings.append(w.text("reactive.month_excess", state=name))
        if multiplied:
            headings += [w.text("reactive.month_days"), "M"]
    rows = []
    for month in states[0].bill.months:
        row = [month_words(month.year, month.month, w)]
        for state in states:
            row += _month(state, month, w, multiplied=multiplied)
        rows.append(row)
    return Table(
        id="reactive-months",
        caption=w.text("reactive.month_caption"),
        headings=headings,
        rows=rows,
        note=w.text("reactive.m_note") if multiplied else "",
    )


def _month(state: State, month: BillMonth, w: Writer, *, multiplied: bool) -> list[str]:
    at = (month.year, month.month)
    found = next((one for one in state.bill.months if (one.year, one.month) == at), None)
    cells = [NOTHING if found is None else w.estimate(found.reactive_excess_kvarh)]
    if multiplied:
        cells += [NOTHING if found is None else w.number(found.reactive_days)]
        cells += [NOTHING if found is None else w.number(found.reactive_multiplier)]
    return cells
