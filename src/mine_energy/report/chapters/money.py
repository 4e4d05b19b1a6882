"""The investment, what it brings, who pays for it, and what it assumes."""

from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from math import fsum

from mine_energy.finance import Assumption, CapexLine, FinanceResult
from mine_energy.report import charts
from mine_energy.report.blocks import Block, Cell, Heading, Paragraph, Picture, Table
from mine_energy.report.chapters import lender, money_risk
from mine_energy.report.chapters.marks import class_words, confidence_cell, quoted_cell
from mine_energy.report.format import NOTHING, Writer
from mine_energy.report.style import Scale
from mine_energy.study import Study


def blocks(study: Study, w: Writer) -> Sequence[Block]:
    """Return the chapter."""
    return [
        *_capex(study, w),
        *_results(study, w),
        *_cash(study, w),
        *lender.blocks(study, w),
        *money_risk.saved_blocks(study, w),
        *_assumptions(study, w),
    ]


def _capex(study: Study, w: Writer) -> Iterator[Block]:
    result = study.finance.both
    groups: dict[str, list[CapexLine]] = {}
    for line in result.capex_lines:
        groups.setdefault(line.key, []).append(line)
    yield Heading(text=w.text("money.capex_title"))
    yield Table(
        id="capex",
        caption=w.text("money.capex", currency=result.currency),
        headings=(
            w.text("money.item"),
            w.text("money.quantity"),
            w.text("money.amount"),
            w.text("money.range"),
            w.label("confidence"),
        ),
        rows=[_capex_row(key, lines, w) for key, lines in groups.items()],
        align=("text", "number", "number", "number", "text"),
        foot=(
            w.text("total"),
            "",
            w.estimate(result.capex),
            w.span(fsum(x.low_amount for x in result.capex_lines), fsum(x.high_amount for x in result.capex_lines)),
            "",
        ),
        note=w.text("money.capex_note"),
    )


def _capex_row(key: str, lines: list[CapexLine], w: Writer) -> tuple[str | Cell, ...]:
    quantity = fsum(line.quantity for line in lines)
    return (
        w.word("capex", key),
        w.estimate(quantity, lines[0].unit) if lines[0].unit else w.tick(quantity),
        w.estimate(fsum(line.amount for line in lines)),
        w.span(fsum(line.low_amount for line in lines), fsum(line.high_amount for line in lines)),
        confidence_cell(max(line.confidence for line in lines), w),
    )


def results(study: Study) -> tuple[FinanceResult | None, FinanceResult, FinanceResult]:
    """Return the money of the measures, of PV and of both."""
    return study.finance.measures, study.finance.pv, study.finance.both


def _results(study: Study, w: Writer) -> Iterator[Block]:
    found = results(study)
    both = study.finance.both
    yield Heading(text=w.text("money.results_title"))
    yield Table(
        id="results",
        caption=w.text("money.results", currency=both.currency),
        headings=(w.text("quantity"), w.text("money.measures"), w.text("money.pv"), w.text("money.both")),
        rows=[(name, *(NOTHING if r is None else shown(r) for r in found)) for name, shown in _yardsticks(study, w)],
        note=" ".join(part for part in (w.text("money.results_note"), class_words(study, w)) if part),
    )


def _yardsticks(study: Study, w: Writer) -> list[tuple[str, Callable[[FinanceResult], str]]]:
    currency, per_year = study.finance.currency, w.text("unit.per_year")
    rates = study.finance.both.npv

    def present(position: int) -> Callable[[FinanceResult], str]:
        return lambda r: w.estimate(r.npv[position].npv)

    return [
        (f"{w.text('money.investment')} ({currency})", lambda r: w.estimate(r.capex)),
        (f"{w.text('money.saving')} ({currency}{per_year})", lambda r: w.estimate(r.annual_saving)),
        (f"{w.text('money.om')} ({currency}{per_year})", lambda r: w.estimate(r.om_per_year)),
        (f"{w.label('payback_years')} ({w.text('unit.years')})", lambda r: _years(r.simple_payback_years, w)),
        (f"{w.text('money.discounted')} ({w.text('unit.years')})", lambda r: _years(r.discounted_payback_years, w)),
        *(
            (w.text("money.npv_at", rate=w.percent(value.rate), currency=currency), present(position))
            for position, value in enumerate(rates)
        ),
        (w.label("irr"), lambda r: "; ".join(w.percent(root) for root in r.irr) or NOTHING),
        *(_modified(study, w)),
        (f"{w.text('money.lcoe')} ({currency}/kWh)", lambda r: w.number(r.lcoe_per_kwh, 3)),
        *(_served(study, w)),
        (f"{w.text('money.cce')} ({currency}/kWh)", lambda r: w.number(r.cce_per_kwh, 3)),
        (f"{w.label('horizon_years')} ({w.text('unit.years')})", lambda r: _horizon(r, w)),
    ]


def _modified(study: Study, w: Writer) -> Iterator[tuple[str, Callable[[FinanceResult], str]]]:
    """Yield the modified internal rate of return where a cash flow changes its sign more than once."""
    if any(found is not None and found.mirr is not None for found in results(study)):
        yield w.text("lender.mirr"), lambda r: w.percent(r.mirr)


def _served(study: Study, w: Writer) -> Iterator[tuple[str, Callable[[FinanceResult], str]]]:
    """Yield the cost of the energy that reaches the load, where it is another than that of what is generated."""
    if any(found is not None and found.lcoe_served_per_kwh is not None for found in results(study)):
        name = f"{w.text('money.lcoe_served')} ({study.finance.currency}/kWh)"
        yield name, lambda r: w.number(r.lcoe_served_per_kwh, 3)


def _years(value: float | None, w: Writer) -> str:
    return w.text("money.never") if value is None else w.number(value, 1)


def _horizon(result: FinanceResult, w: Writer) -> str:
    return f"{w.number(result.horizon_years)} ({w.word('horizon_limit', result.horizon_limit)})"


def _cash(study: Study, w: Writer) -> Iterator[Block]:
    result = study.finance.both
    running = list(accumulate(result.cash_flow))
    payback = result.simple_payback_years
    mark = None if payback is None else (payback, w.number(payback, 1, w.text("unit.years")))
    scale = Scale(label=w.text("chart.cash.axis", currency=result.currency), tick=w.tick)
    words = {
        "capex": w.money(result.capex, result.currency),
        "years": w.number(len(running) - 1),
        "last": w.money(running[-1], result.currency),
        "payback": w.number(payback, 1),
    }
    never = w.text("chart.cash.mark_never", **words)
    image = charts.cumulative_cash(running, w.label("year"), scale, payback=mark, never=never)
    end = w.text("chart.cash.never") if payback is None else w.text("chart.cash.back", years=w.number(payback, 1))
    caption = w.text("chart.cash.caption_never" if payback is None else "chart.cash.caption_back", **words)
    yield Picture(image=image, alt=w.text("chart.cash.alt", end=end, **words), caption=caption)


def _assumptions(study: Study, w: Writer) -> Iterator[Block]:
    yield Heading(text=w.text("money.assumptions_title"))
    yield Paragraph(text=w.text("money.basis"))
    yield Table(
        id="assumed-money",
        caption=w.text("money.assumptions"),
        headings=(
            w.text("money.figure"),
            w.label("value"),
            w.text("money.range"),
            w.label("unit"),
            w.label("confidence"),
            w.label("source"),
        ),
        rows=[_assumption(item, w) for item in assumed(study)],
        align=("text", "number", "number", "text", "text", "text"),
    )


def assumed(study: Study) -> list[Assumption]:
    """Return what the real and the nominal money rest on, each figure once."""
    plan = study.finance.plan
    more = plan.both.assumptions if plan else ()
    found: dict[tuple[str, float], Assumption] = {}
    for item in (*study.finance.both.assumptions, *more):
        found.setdefault((item.key, item.value), item)
    return list(found.values())


def _dated(source: str, year: str) -> str:
    return f"{source} ({year})" if year.strip("- ") else source


def _assumption(item: Assumption, w: Writer) -> tuple[str | Cell, ...]:
    used = "user" if item.replaced_by_user else item.default.confidence
    source = (
        w.text("money.site_file")
        if item.replaced_by_user
        else quoted_cell(_dated(item.default.source, item.default.year), w)
    )
    scale, unit = _shown_unit(item.unit)
    return (
        w.word("assumption", item.key),
        w.estimate(scale * item.value),
        w.span(scale * item.low.value, scale * item.high.value) if item.ranged else NOTHING,
        w.word("money_unit", unit),
        confidence_cell(used, w),
        source,
    )


def _shown_unit(unit: str) -> tuple[float, str]:
    """Return the factor and the unit in which a figure is shown: fractions as per cent."""
    if unit == "fraction":
        return 100.0, "%"
    if unit == "fraction a year":
        return 100.0, "%/yr"
    if unit.startswith("fraction of"):
        return 100.0, unit.replace("fraction", "%", 1)
    return 1.0, unit
