"""Peru's tariff options: what each costs in every state, and what PV does to the class of the user."""

from collections.abc import Iterator, Sequence

from mine_energy.errors import Finding
from mine_energy.report.blocks import Block, Bullets, Cell, Heading, Paragraph, Table
from mine_energy.report.chapters.bill_lines import month_words
from mine_energy.report.chapters.marks import confidence_cell
from mine_energy.report.figures import state_names
from mine_energy.report.format import NOTHING, Writer
from mine_energy.study.bills_result import OptionRow, OptionTable
from mine_energy.tariffs.pe import OptionStatus
from mine_energy.tariffs.pe_presence import PresenceMonth

_STATES = ("today", "after_measures", "after_pv")
_SAME = 1e-9


def blocks(options: OptionTable, findings: Sequence[Finding], w: Writer) -> Iterator[Block]:
    """Yield the options, those that are not open, and the class by month."""
    yield Heading(text=w.text("options.title"))
    if options.rows:
        yield Paragraph(text=_verdict(options, w))
        yield _table(options, w)
    yield _status(options, w)
    said = [finding for finding in findings if finding.key.startswith(("tariff_presence_", "tariff_option_"))]
    if said:
        yield Bullets(items=[w.finding(finding) for finding in said])
    option = presence_option(options)
    if option:
        yield _presence(options, option, w)


def _verdict(options: OptionTable, w: Writer) -> str:
    best = dict(options.best)
    cheapest = [(state, best.get(state, "")) for state in _STATES if best.get(state)]
    if len({option for _, option in cheapest}) == 1:
        return w.text("options.one_best", option=cheapest[0][1])
    names = dict(zip(_STATES, state_names(w), strict=True))
    return w.text("options.best_changes", list=w.join([f"{names[state]}: {option}" for state, option in cheapest]))


def _table(options: OptionTable, w: Writer) -> Table:
    names = dict(zip(_STATES, state_names(w), strict=True))
    best = dict(options.best)
    return Table(
        id="tariff-options",
        caption=w.text("options.caption", currency=options.currency, volts=w.number(options.voltage_v)),
        headings=(
            w.text("options.state"),
            w.text("options.option"),
            w.text("options.year"),
            w.text("options.power"),
            w.text("options.worst"),
            w.text("options.present"),
            w.label("confidence"),
        ),
        rows=[
            (
                names.get(row.state, row.state),
                _option(row, options, best, w),
                w.estimate(row.payable, digits=4),
                w.estimate(row.power),
                f"{w.estimate(row.worst_amount)} ({month_words(*row.worst_month, w)})",
                NOTHING if row.present_months is None else w.number(row.present_months),
                confidence_cell(row.confidence, w),
            )
            for row in options.rows
        ],
        align=("text", "text", "number", "number", "number", "number", "text"),
        note=w.text("options.note"),
    )


def _option(row: OptionRow, options: OptionTable, best: dict[str, str], w: Writer) -> Cell:
    cheapest = best.get(row.state) == row.option
    words = [w.text("options.cheapest")] if cheapest else []
    if row.tariff_id == options.tariff_id:
        words.append(w.text("options.own"))
    return Cell(text=row.option, badge=", ".join(words), tone="good" if cheapest else "")


def _status(options: OptionTable, w: Writer) -> Table:
    """Return every option and why it is or is not open, in the state in which the plant is today."""
    today = options.status[0][1] if options.status else ()
    return Table(
        id="option-status",
        caption=w.text("options.status"),
        headings=(w.text("options.option"), w.text("options.open"), w.text("options.limit"), w.label("source")),
        rows=[_open(one, w) for one in today],
        align=("text", "text", "number", "text"),
    )


def _open(one: OptionStatus, w: Writer) -> tuple[str | Cell, ...]:
    reason = Cell(text=w.word("option_reason", one.reason), tone="" if one.reason == "eligible" else "quiet")
    source = Cell(text=one.source, badge=one.confidence, lang="" if w.language == "en" else "en")
    return one.option, reason, w.number(one.maximum_kw), source


def presence_option(options: OptionTable) -> str:
    """Return the option whose class is shown by month: the plant's own, else the cheapest with a class; else empty."""
    later = [one.option for one in options.presence if one.state == "after_pv" and one.months]
    own = {row.option for row in options.rows if row.tariff_id == options.tariff_id}
    cheapest = dict(options.best).get("after_pv", "")
    return min(later, key=lambda one: (one not in own, one != cheapest), default="")


def _presence(options: OptionTable, option: str, w: Writer) -> Table:
    """Return class and power charge by month: today, after measures, with PV; the last column is PV's own doing."""
    by_state = {one.state: one.months for one in options.presence if one.option == option}
    measured = {(month.year, month.month): month for month in by_state.get("after_measures", ())}
    return Table(
        id="presence",
        caption=w.text("options.presence", option=option, currency=options.currency),
        headings=(
            w.label("month"),
            *(w.text("options.factor", state=name) for name in state_names(w)),
            *(w.text("options.charge", state=name) for name in state_names(w)),
            w.text("options.change"),
        ),
        rows=[_month(one, measured.get((one.year, one.month)), w) for one in by_state["after_pv"]],
        align=("text", *("number",) * 6, "text"),
        note=w.text("options.presence_note"),
    )


def _month(one: PresenceMonth, measured: PresenceMonth | None, w: Writer) -> tuple[str | Cell, ...]:
    before = one.power_before if measured is None else measured.power_after
    middle = NOTHING if measured is None else _factor(measured.factor_after, present=measured.present_after, w=w)
    return (
        month_words(one.year, one.month, w),
        _factor(one.factor_before, present=one.present_before, w=w),
        middle,
        _factor(one.factor_after, present=one.present_after, w=w),
        w.estimate(one.power_before),
        NOTHING if measured is None else w.estimate(measured.power_after),
        w.estimate(one.power_after),
        _change(before, one.power_after, w),
    )


def _factor(factor: float, *, present: bool, w: Writer) -> Cell:
    return Cell(text=w.number(factor, 2), badge=w.text("options.in_peak") if present else "")


def _change(before: float, after: float, w: Writer) -> Cell:
    if abs(after - before) <= _SAME * max(abs(before), abs(after), 1.0):
        return Cell(text=w.word("power_change", "same"))
    rises = after > before
    return Cell(text=w.word("power_change", "rises" if rises else "falls"), tone="warning" if rises else "")
