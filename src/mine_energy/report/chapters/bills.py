"""What the utility charges: the bill of the three states, its months, and what stands behind it."""

from collections.abc import Iterator, Sequence

from mine_energy.report.blocks import Block, Facts, Paragraph, Table
from mine_energy.report.chapters import bills_abroad, bills_components, bills_options, bills_reactive, bills_step
from mine_energy.report.chapters.bill_lines import line_rows, month_words
from mine_energy.report.chapters.marks import class_words, confidence_cell, quoted_cell
from mine_energy.report.figures import off_grid, state_names
from mine_energy.report.format import NOTHING, Writer
from mine_energy.study import Study


def blocks(study: Study, w: Writer) -> Sequence[Block]:
    """Return the chapter."""
    found = [*_tariff(study, w), *_states(study, w), *bills_components.blocks(study, w), *_months(study, w)]
    more = study.bills
    if more is None:
        return found
    if more.class_step is not None:
        found += bills_step.blocks(more.class_step, w)
    found += bills_reactive.blocks(study, w)
    if more.options is not None:
        found += bills_options.blocks(more.options, more.findings, w)
    if more.abroad is not None:
        found += bills_abroad.blocks(more.abroad, w, class_words(study, w))
    return found


def _tariff(study: Study, w: Writer) -> Iterator[Block]:
    bill = study.states[0].bill
    valid = w.text("money.valid_unknown") if bill.valid_from == "unknown" else bill.valid_from
    yield Facts(
        pairs=[
            (w.text("plant.tariff"), w.title(bill)),
            (w.text("money.prices"), w.text("money.prices_text", year=bill.year or NOTHING, valid=valid)),
            (w.label("source"), quoted_cell(bill.source, w)),
            (w.label("confidence"), confidence_cell(bill.confidence, w)),
            (w.text("money.currency"), _currency(study, w)),
        ]
    )


def _currency(study: Study, w: Writer) -> str:
    finance, bill = study.finance, study.states[0].bill
    if finance.currency == bill.currency:
        return finance.currency
    return w.text(
        "money.currency_text",
        currency=finance.currency,
        local=bill.currency,
        rate=w.estimate(finance.exchange_rate_per_usd, digits=4),
        source=finance.exchange_rate_source,
    )


def _states(study: Study, w: Writer) -> Iterator[Block]:
    states = study.states
    currency = states[0].bill.currency
    rows = line_rows([state.bill.totals for state in states], currency, w)
    rows.append((w.text("bills.lines_sum", currency=currency), *(w.estimate(state.bill.total) for state in states)))
    if any(state.bill.credit_brought for state in states):
        brought = (w.estimate(-state.bill.credit_brought) for state in states)
        rows.append((w.text("bills.credit_brought", currency=currency), *brought))
    if any(state.bill.credit_left for state in states):
        left = (w.estimate(state.bill.credit_left) for state in states)
        rows.append((w.text("bills.credit_left", currency=currency), *left))
    prices = (w.estimate(state.bill.average_price_per_kwh, digits=4) for state in states)
    own = "_own" if off_grid(study) else ""
    rows.append((w.text(f"bills.average{own}", currency=currency), *prices))
    yield Table(
        id="bill-lines",
        caption=w.text("money.bills", currency=currency),
        headings=(w.text("money.line"), *state_names(w)),
        rows=rows,
        foot=(w.text("bills.payable", currency=currency), *(w.estimate(state.bill.payable) for state in states)),
        note=" ".join(part for part in (w.text(f"bills.note{own}"), class_words(study, w)) if part),
    )
    margins = [state.bill.demand_margin_amount for state in states]
    if any(margin for margin in margins):
        most = w.money(max(margin or 0.0 for margin in margins), currency)
        yield Paragraph(text=w.text("bills.demand_margin", amount=most), tone="assumed")


def _months(study: Study, w: Writer) -> Iterator[Block]:
    """Yield the year month by month: what is paid in each state, and what the plant with PV gives and carries on."""
    own = "_own" if off_grid(study) else ""
    bills = [state.bill for state in study.states]
    last = {(month.year, month.month): month for month in bills[2].months}
    shared = [month for month in bills[0].months if (month.year, month.month) in last]
    paid = [{(month.year, month.month): month.payable for month in bill.months} for bill in bills]
    exports = any(month.export_kwh for month in bills[2].months)
    credit = any(month.credit_carried for month in bills[2].months)
    rows: list[tuple[str, ...]] = []
    for month in shared:
        at = (month.year, month.month)
        row = [month_words(*at, w)]
        row += [w.estimate(bill[at], digits=4) if at in bill else NOTHING for bill in paid]
        row.append(w.estimate(last[at].import_kwh))
        if exports:
            row.append(w.estimate(last[at].export_kwh))
        row.append(w.estimate(last[at].maximum_kw))
        if credit:
            row.append(w.estimate(last[at].credit_carried))
        rows.append(tuple(row))
    headings = [w.label("month"), *state_names(w), w.text(f"bills.month_import{own}")]
    if exports:
        headings.append(w.text("bills.month_export"))
    headings.append(w.text("bills.month_kw"))
    if credit:
        headings.append(w.text("bills.month_credit", currency=bills[2].currency))
    yield Table(
        id="bill-months",
        caption=w.text(f"bills.months{own}", currency=bills[2].currency),
        headings=headings,
        rows=rows,
        note=w.text(f"bills.months_note{own}"),
    )
