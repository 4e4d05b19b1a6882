"""What the money hangs on: a tornado of present value, bands of the yardsticks; and the PV that measures save."""

from collections.abc import Callable, Iterator
from typing import Final

from mine_energy.finance import MoneyBar, MoneyPlan, MoneyRisk, SavedPv
from mine_energy.report import charts
from mine_energy.report.blocks import Block, Heading, Paragraph, Picture, Table
from mine_energy.report.chapters.bill_lines import money_unit
from mine_energy.report.format import Writer
from mine_energy.report.style import Scale
from mine_energy.study import Study

_FACTORS: Final = frozenset({"capex", "om", "saving", "replacements"})
"""Figures that are moved by a factor on their base."""


def blocks(study: Study, w: Writer) -> Iterator[Block]:
    """Yield tornado and bands."""
    plan = study.finance.plan
    if plan is None:
        return
    if plan.tornado or plan.risk is not None:
        yield Heading(text=w.text("risk.title"))
    if plan.tornado:
        yield _tornado(plan, w)
    if plan.risk is not None:
        yield _bands(plan.risk, plan.both.currency, w)


def saved_blocks(study: Study, w: Writer) -> Iterator[Block]:
    """Yield the PV that the measures save."""
    plan = study.finance.plan
    if plan is not None and plan.saved is not None and plan.saved.pv_kwp > 0:
        yield _saved(plan.saved, plan, w)


def _saved(saved: SavedPv, plan: MoneyPlan, w: Writer) -> Paragraph:
    currency = plan.both.currency
    each = saved.per_measure_money
    more = "" if each is None else " " + w.text("risk.saved_each", each=w.estimate(each, digits=2), currency=currency)
    text = w.text(
        "risk.saved",
        kwp=w.estimate(saved.pv_kwp, "kWp"),
        investment=w.money(saved.investment, currency),
        om=w.money(saved.om_per_year, currency),
        value=w.money(saved.present_value, currency),
        rate=w.percent(saved.rate),
    )
    return Paragraph(
        title=w.text("risk.saved_title", kwp=w.estimate(saved.pv_kwp, "kWp")), text=text + more, tone="good"
    )


def _tornado(plan: MoneyPlan, w: Writer) -> Picture:
    bars = plan.tornado
    base = bars[0].npv_base
    factor, unit = money_unit(max(abs(v) for b in bars for v in (b.npv_at_low, b.npv_at_high)), plan.both.currency, w)
    labels = [f"{w.word('money_swing', bar.key)}\n({range_words(bar, w)})" for bar in bars]
    ends = [(bar.npv_at_low / factor, bar.npv_at_high / factor) for bar in bars]
    scale = Scale(label=w.text("chart.money.axis", unit=unit), tick=w.tick)
    widest = bars[0]
    listed = [f"{w.word('money_swing', bar.key)} {w.span(*_ends(bar))}" for bar in bars]
    alt = w.text("chart.money.alt", base=w.money(base, plan.both.currency), listed=w.join(listed))
    caption = w.text(
        "chart.money.caption",
        name=w.word("money_swing", widest.key),
        low=w.money(_ends(widest)[0], plan.both.currency),
        high=w.money(_ends(widest)[1], plan.both.currency),
    )
    names = (w.text("chart.money.low"), w.text("chart.money.high"))
    image = charts.tornado(labels, ends, base / factor, names, scale)
    return Picture(image=image, alt=alt, caption=caption)


def _ends(bar: MoneyBar) -> tuple[float, float]:
    return min(bar.npv_at_low, bar.npv_at_high), max(bar.npv_at_low, bar.npv_at_high)


def range_words(bar: MoneyBar, w: Writer) -> str:
    """Return the range of a figure: shares of its base with their sign, years, rates."""
    if bar.key == "mine_life_years":
        return f"{w.number(bar.low)}–{w.number(bar.high)} {w.text('unit.years')}"
    if bar.key in _FACTORS:
        return f"{_signed(bar.low - 1.0, w)} … {_signed(bar.high - 1.0, w)}"
    if bar.key == "dollar_dearer":
        return f"{_signed(bar.low, w)} … {_signed(bar.high, w)}"
    return f"{w.percent(bar.low)}–{w.percent(bar.high)}"


def _signed(share: float, w: Writer) -> str:
    return f"+{w.percent(share, 0)}" if share > 0 else w.percent(share, 0)


def _bands(risk: MoneyRisk, currency: str, w: Writer) -> Table:
    years = w.text("unit.years")
    names = {
        "npv": w.text("money.npv_at", rate=w.percent(risk.rate), currency=currency),
        "irr": w.label("irr"),
        "simple_payback_years": f"{w.label('payback_years')} ({years})",
        "discounted_payback_years": f"{w.text('money.discounted')} ({years})",
    }
    return Table(
        id="money-bands",
        caption=w.text("risk.bands"),
        headings=(w.text("quantity"), "P10", "P50", "P90"),
        rows=[
            (names[band.key], *(_figure(band.key, value, w) for value in (band.p10, band.p50, band.p90)))
            for band in risk.bands
        ],
        note=w.text("risk.bands_note", draws=w.number(risk.draws), loss=w.percent(risk.loss_probability)),
    )


def _figure(key: str, value: float | None, w: Writer) -> str:
    if key in {"npv", "irr"}:
        write: Callable[[float | None], str] = w.estimate if key == "npv" else w.percent
        return write(value)
    return w.text("money.never") if value is None else w.number(value, 1)
