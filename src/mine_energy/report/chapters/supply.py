"""The supply curve of saved energy: what the next saved kWh costs, against what a kWh costs."""

from collections.abc import Iterator

from mine_energy.audit import SupplyStep
from mine_energy.report import charts
from mine_energy.report.blocks import Block, Cell, Heading, Picture, Table
from mine_energy.report.format import Writer
from mine_energy.report.style import Scale
from mine_energy.study import Study

_OVER = 2.0
"""The axis of costs ends at this many times the price of energy: beyond it nothing has to be told apart."""


def price_usd_per_kwh(study: Study) -> float | None:
    """Return what a saved kWh is worth, USD: the middle of its band; None without a tariff."""
    drawn = study.audit.uncertainty
    if drawn is None or drawn.money is None:
        return None
    money = drawn.money
    per_usd = 1.0 if money.currency == "USD" else study.finance.exchange_rate_per_usd
    return money.price_per_kwh.p50 / per_usd


def blocks(study: Study, w: Writer) -> Iterator[Block]:
    """Yield the section; nothing where no saving has a price."""
    steps = study.audit.supply_curve
    if not steps:
        return
    price = price_usd_per_kwh(study)
    yield Heading(text=w.text("supply.title"))
    yield _picture(steps, price, w)
    yield Table(
        id="supply-curve",
        caption=w.text("supply.caption"),
        headings=(
            w.label("measure"),
            f"{w.label('cce_usd_per_kwh')} (USD/kWh)",
            f"{w.text('measures.saving')} (kWh{w.text('unit.per_year')})",
            f"{w.text('supply.cumulative')} (kWh{w.text('unit.per_year')})",
            w.text("supply.basis"),
        ),
        rows=[_row(place, step, price, w) for place, step in enumerate(steps, 1)],
        align=("text", "number", "number", "number", "text"),
        note=w.text("supply.note", price=w.estimate(price, "USD/kWh", digits=2)),
    )


def _row(place: int, step: SupplyStep, price: float | None, w: Writer) -> tuple[str | Cell, ...]:
    pays = price is not None and step.cce_usd_per_kwh <= price
    return (
        Cell(text=f"{w.number(place)}. {step.tag}", unit=w.word("measure", step.measure)),
        Cell(text=w.estimate(step.cce_usd_per_kwh, digits=2), tone="good" if pays else ""),
        w.estimate(step.energy_kwh_per_year),
        w.estimate(step.cumulative_kwh_per_year),
        w.text(f"supply.{step.basis}"),
    )


def _picture(steps: tuple[SupplyStep, ...], price: float | None, w: Writer) -> Picture:
    highest = max(step.cce_usd_per_kwh for step in steps)
    top = min(highest, _OVER * price) if price else highest
    paying = [step for step in steps if price is not None and step.cce_usd_per_kwh <= price]
    drawn = [
        charts.Block(
            label=w.number(place),
            width=step.energy_kwh_per_year,
            height=step.cce_usd_per_kwh,
            pays=None if price is None else step.cce_usd_per_kwh <= price,
        )
        for place, step in enumerate(steps, 1)
    ]
    line = None if price is None else (w.text("chart.supply_curve.price", price=w.estimate(price, digits=2)), price)
    x = Scale(label=w.text("chart.supply_curve.x"), tick=w.tick)
    y = Scale(label=w.text("chart.supply_curve.y"), tick=w.tick)
    words = {
        "count": w.number(len(paying)),
        "steps": w.number(len(steps)),
        "kwh": w.estimate(sum(step.energy_kwh_per_year for step in paying), "kWh"),
        "all": w.estimate(steps[-1].cumulative_kwh_per_year, "kWh"),
        "price": w.estimate(price, "USD/kWh", digits=2),
        "least": w.estimate(steps[0].cce_usd_per_kwh, "USD/kWh", digits=2),
        "most": w.estimate(steps[-1].cce_usd_per_kwh, "USD/kWh", digits=2),
    }
    known = "" if price is not None else "_unpriced"
    alt, caption = (w.text(f"chart.supply_curve.{key}{known}", **words) for key in ("alt", "caption"))
    return Picture(image=charts.conserved(drawn, line, (x, y), top or 1.0), alt=alt, caption=caption)
