"""From the sun to the meter: the loss chain, and the twelve months."""

from collections.abc import Iterator, Sequence

from mine_energy.pv import ChainStep
from mine_energy.report import charts
from mine_energy.report.blocks import Block, Cell, Heading, Picture, Table
from mine_energy.report.chapters.marks import confidence_cell, quoted_cell
from mine_energy.report.format import NOTHING, Writer
from mine_energy.report.style import Scale
from mine_energy.study import Solar

_VISIBLE_KWH = 0.5
_CELL = frozenset({"cell_temperature", "module"})
"""From this step on a chain counts electricity."""


def chain_blocks(solar: Solar, kwp: float, w: Writer) -> Iterator[Block]:
    """Yield the waterfall and the table of the chain.

    Parameters
    ----------
    solar
        With its chain.
    kwp
        Power of the array, for its kWh.
    w
        Writes.
    """
    alt, caption = chain_words(solar, w)
    yield Heading(text=w.text("sun.chain_title"))
    yield Picture(image=chain_picture(solar, w), alt=alt, caption=caption)
    yield Table(
        id="chain",
        caption=w.text("sun.chain"),
        headings=(
            w.text("sun.step"),
            w.text("sun.after_step"),
            w.text("sun.change"),
            w.text("sun.array_kwh", kwp=w.estimate(kwp, "kWp")),
            w.label("confidence"),
            w.label("source"),
        ),
        rows=_chain_rows(solar, kwp, w),
        align=("text", "number", "number", "number", "text", "text"),
        note=w.text("sun.chain_note"),
    )


def chain_words(solar: Solar, w: Writer) -> tuple[str, str]:
    """Return the words that stand for the waterfall, every step with its change, and its caption."""
    chain = solar.unit.chain
    worst = min(chain[1:], key=lambda step: step.factor)
    named = [f"{w.word('pv_step', step.key)} {w.percent(step.factor - 1.0)}" for step in chain[1:]]
    ends = {"start": w.estimate(chain[0].value, digits=4), "end": w.estimate(chain[-1].value, digits=4)}
    loss = {"loss": w.word("pv_step", worst.key), "part": w.percent(worst.factor - 1.0)}
    alt = w.text("chart.chain.alt", listed=w.join(named), **ends)
    return alt, w.text("chart.chain.caption", **ends, **loss)


def chain_picture(solar: Solar, w: Writer) -> bytes:
    """Return the waterfall of the chain as SVG; steps that change less than it can show stand in the table only."""
    chain = solar.unit.chain
    names = [w.word("pv_step", step.key) for step in chain]
    scale = Scale(label=w.text("chart.chain.axis"), tick=w.tick)
    changed = [i for i in range(1, len(chain)) if abs(chain[i].value - chain[i - 1].value) >= _VISIBLE_KWH]
    labels = [names[0], *(names[i] for i in changed), w.text("chart.chain.meter")]
    values = [chain[0].value, *(chain[i].value for i in changed), chain[-1].value]
    return charts.waterfall(labels, values, scale, lambda value: w.number(value, 0), percent=w.percent)


def in_electricity(chain: Sequence[ChainStep]) -> tuple[bool, ...]:
    """Return of every step whether it counts electricity (kWh/kWp) or still light (kWh/m2)."""
    first = next(place for place, step in enumerate(chain) if step.key in _CELL)
    return tuple(place >= first for place in range(len(chain)))


def _chain_rows(solar: Solar, kwp: float, w: Writer) -> list[tuple[str | Cell, ...]]:
    losses = {loss.name: loss for loss in solar.unit.array.losses}
    rows: list[tuple[str | Cell, ...]] = []
    for place, (step, electric) in enumerate(zip(solar.unit.chain, in_electricity(solar.unit.chain), strict=True)):
        unit = "kWh/kWp" if electric else "kWh/m²"
        values = (
            w.word("pv_step", step.key),
            w.number(step.value, 1, unit),
            w.percent(step.factor - 1.0, 2) if place else NOTHING,
            w.estimate(step.value * kwp, digits=4) if electric else NOTHING,
        )
        loss = losses.get(step.key)
        if loss is None:
            rows.append((*values, "", w.text("sun.computed") if place else ""))
        else:
            source = quoted_cell(loss.source, w) if loss.source else w.text("sun.user")
            rows.append((*values, confidence_cell(loss.confidence, w), source))
    return rows


def month_blocks(solar: Solar, kwp: float, w: Writer) -> Iterator[Block]:
    """Yield the picture and the table of the months; the arguments are those of :func:`chain_blocks`."""
    unit = solar.unit
    best = max(unit.months, key=lambda month: month.specific_yield_kwh_per_kwp)
    worst = min(unit.months, key=lambda month: month.specific_yield_kwh_per_kwp)
    names = w.month_names()
    yield Heading(text=w.text("sun.months_title"))
    least, most = worst.specific_yield_kwh_per_kwp, best.specific_yield_kwh_per_kwp
    words = {
        "best": names[best.month - 1],
        "high": w.estimate(most, "kWh/kWp"),
        "worst": names[worst.month - 1],
        "low": w.estimate(least, "kWh/kWp"),
        "ratio": w.percent(least / most if most else None, 0),
    }
    alt, caption = (w.text(f"chart.sun_months.{key}", **words) for key in ("alt", "caption"))
    yield Picture(image=months_picture(solar, w), alt=alt, caption=caption)
    yield _month_table(solar, kwp, w)


def months_picture(solar: Solar, w: Writer) -> bytes:
    """Return the months of sun and yield as SVG."""
    months = solar.unit.months
    return charts.monthly_sun(
        w.month_names(),
        (
            (w.text("chart.sun_months.ghi"), [month.ghi_kwh_m2 for month in months]),
            (w.text("chart.sun_months.poa"), [month.poa_kwh_m2 for month in months]),
        ),
        (w.text("chart.sun_months.yield"), [month.specific_yield_kwh_per_kwp for month in months]),
        Scale(label=w.text("chart.sun_months.axis"), tick=w.tick),
    )


def _month_table(solar: Solar, kwp: float, w: Writer) -> Table:
    unit, names = solar.unit, w.month_names()
    return Table(
        id="months-sun",
        caption=w.text("sun.months"),
        headings=(
            w.label("month"),
            f"{w.text('sun.ghi')} (kWh/m²)",
            f"{w.text('sun.poa')} (kWh/m²)",
            f"{w.text('sun.temperature_short')} (°C)",
            f"{w.text('sun.yield')} (kWh/kWp)",
            w.label("performance_ratio"),
            f"{w.text('sun.energy')} (kWh)",
        ),
        rows=[
            (
                names[month.month - 1],
                w.estimate(month.ghi_kwh_m2),
                w.estimate(month.poa_kwh_m2),
                w.number(month.temp_air_mean_c, 1),
                w.estimate(month.specific_yield_kwh_per_kwp),
                w.percent(month.performance_ratio),
                w.estimate(month.specific_yield_kwh_per_kwp * kwp),
            )
            for month in unit.months
        ],
        foot=(
            w.text("year"),
            w.estimate(unit.ghi_kwh_m2, digits=4),
            w.estimate(unit.poa_kwh_m2, digits=4),
            w.number(solar.weather.temp_air_mean_c, 1),
            w.estimate(unit.specific_yield_kwh_per_kwp, digits=4),
            w.percent(unit.performance_ratio),
            w.estimate(unit.specific_yield_kwh_per_kwp * kwp),
        ),
    )
