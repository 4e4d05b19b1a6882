"""What would change the answer: the figures that move the money, the cost and the carbon, and what to do about each."""

from collections.abc import Iterator, Sequence

from mine_energy.finance import MoneyBar, MoneyPlan
from mine_energy.report.blocks import Block, Bullets, Cell, Heading, Paragraph, Table
from mine_energy.report.chapters import money_risk
from mine_energy.report.chapters.bills_step import one_sentence
from mine_energy.report.chapters.sizing_plant_tables import sensitivity_table
from mine_energy.report.chapters.uncertainty import first_step
from mine_energy.report.figures import assumed_share, class_change, has_pv
from mine_energy.report.format import Writer
from mine_energy.study import Study

_NOTABLE = 0.05
"""Share from which a part of the saving, or of the investment, is worth a sentence."""
_GUESSED = frozenset({"C", "D"})


def blocks(study: Study, w: Writer) -> Sequence[Block]:
    """Return the chapter."""
    return [
        Paragraph(text=w.text("answer.intro")),
        Bullets(items=list(_conditions(study, w))),
        *_money(study, w),
        *_cost(study, w),
    ]


def _conditions(study: Study, w: Writer) -> Iterator[Cell]:
    """Yield what would lead to another answer, each with the place that says more."""
    for text, target in (
        *_of_data(study, w),
        *_of_prices(study, w),
        *_of_time(study, w),
        *_of_rules(study, w),
        *_of_carbon(study, w),
    ):
        yield Cell(text=text, more=((w.text("answer.see"), target),))


def _of_data(study: Study, w: Writer) -> Iterator[tuple[str, str]]:
    share = assumed_share(study)
    drawn = study.audit.uncertainty
    if share > 0:
        first = f" {first_step(drawn, study, w)}" if drawn is not None and drawn.plan else ""
        target = "uncertainty" if drawn is not None else "inventory"
        yield w.text("answer.data", share=w.percent(share, 0)) + first, target
    gap = study.audit.reconciliation.gap_fraction
    if gap is not None and abs(gap) > _NOTABLE:
        yield w.text("answer.gap", share=w.percent(abs(gap), 0)), "reconciliation"


def _of_prices(study: Study, w: Writer) -> Iterator[tuple[str, str]]:
    lines = study.finance.both.capex_lines
    whole = sum(line.amount for line in lines)
    guessed = sum(line.amount for line in lines if line.confidence in _GUESSED)
    if whole > 0 and guessed / whole > _NOTABLE:
        low, high = sum(line.low_amount for line in lines), sum(line.high_amount for line in lines)
        span = f"{study.finance.currency} {w.span(low, high)}"
        yield w.text("answer.prices", share=w.percent(guessed / whole, 0), span=span), "capex"
    bill = study.states[0].bill
    if bill.confidence in _GUESSED:
        yield w.text("answer.tariff", letter=bill.confidence), "bills"


def _of_time(study: Study, w: Writer) -> Iterator[tuple[str, str]]:
    both = study.finance.both
    if both.discounted_payback_years is not None:
        yield w.text("answer.time", years=w.number(both.discounted_payback_years, 1)), "results"
    elif both.horizon_limit == "mine_life":
        yield w.text("answer.time_never", years=w.number(both.horizon_years)), "results"


def _of_rules(study: Study, w: Writer) -> Iterator[tuple[str, str]]:
    _, measured, with_pv = (state.bill for state in study.states)
    saved, credited = measured.payable - with_pv.payable, -(with_pv.amount("swap") + with_pv.amount("sale"))
    if saved > 0 and credited / saved > _NOTABLE:
        yield w.text("answer.exports", share=w.percent(min(1.0, credited / saved), 0)), "bill-lines"
    step = study.bills.class_step if study.bills is not None else None
    sentence = one_sentence(step) if step is not None else None
    if sentence is not None:
        yield w.finding(sentence), "class-step"
    change = class_change(study)
    if change:
        yield w.text("answer.class_change", amount=w.money(change, study.finance.currency)), "results"


def _of_carbon(study: Study, w: Writer) -> Iterator[tuple[str, str]]:
    last = study.states[2].scope2
    if last.low_t_co2e is not None and last.high_t_co2e is not None and last.high_t_co2e > last.low_t_co2e:
        yield w.text("answer.water", span=w.span(last.low_t_co2e, last.high_t_co2e, "t CO₂e")), "scope2"


def _money(study: Study, w: Writer) -> Iterator[Block]:
    plan = study.finance.plan
    found = list(money_risk.blocks(study, w))
    if plan is None or not plan.tornado:
        yield from found
        return
    yield from found[:1]
    yield Paragraph(text=_signs(plan, w))
    yield _swings(plan, w)
    yield from found[1:]


def _signs(plan: MoneyPlan, w: Writer) -> str:
    """Return which figures, each alone within its range, turn gain into loss or loss into gain."""
    turning = [w.word("money_swing", bar.key) for bar in plan.tornado if _turns(bar)]
    base = w.money(plan.tornado[0].npv_base, plan.both.currency)
    if not turning:
        return w.text("answer.no_turn", base=base)
    return w.text("answer.turn", base=base, names=w.join(turning))


def _turns(bar: MoneyBar) -> bool:
    return min(bar.npv_at_low, bar.npv_at_high) < 0 <= max(bar.npv_at_low, bar.npv_at_high)


def _swings(plan: MoneyPlan, w: Writer) -> Table:
    currency = plan.both.currency
    return Table(
        id="answer-money",
        caption=w.text("answer.money", currency=currency),
        headings=(
            w.text("money.figure"),
            w.text("money.range"),
            w.text("answer.at_low"),
            w.text("answer.at_high"),
            w.text("answer.turns"),
        ),
        rows=[
            (
                w.word("money_swing", bar.key),
                money_risk.range_words(bar, w),
                w.estimate(bar.npv_at_low),
                w.estimate(bar.npv_at_high),
                Cell(text=w.text("answer.yes"), tone="warning") if _turns(bar) else w.text("answer.no"),
            )
            for bar in plan.tornado
        ],
        align=("text", "number", "number", "number", "text"),
        note=w.text("answer.money_note", base=w.money(plan.tornado[0].npv_base, currency)),
    )


def _cost(study: Study, w: Writer) -> Iterator[Block]:
    """Yield what moves the cost of the plant that was sized for the study's goal."""
    sizing = study.sizing
    if sizing is None or not sizing.sensitivity or not has_pv(study):
        return
    yield Heading(text=w.text("sizing.doubt_title"))
    yield sensitivity_table(study, sizing, w)
