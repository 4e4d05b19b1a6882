"""Tables of the yields that are exceeded with stated probabilities, and of what makes them unsure."""

from collections.abc import Iterator

from mine_energy.pv import Exceedance, YieldUncertainty
from mine_energy.report.blocks import Block, Cell, Heading, Paragraph, Table
from mine_energy.report.chapters.marks import confidence_cell
from mine_energy.report.format import Writer


def exceedance_blocks(sure: YieldUncertainty, kwp: float, w: Writer) -> Iterator[Block]:
    """Yield the sentence in words, for an array of `kwp`, and both tables."""
    yield Heading(text=w.text("exceedance.title"))
    yield Paragraph(text=exceedance_words(sure, kwp, w))
    yield exceedance_table(sure, w)
    yield component_table(sure, w)


def exceedance_words(sure: YieldUncertainty, kwp: float, w: Writer) -> str:
    """Return P50, P90 and P99 of an array of `kwp` in a sentence."""
    year, longer = sure.of_years(1), sure.horizons[1]
    energy = f"kWh{w.text('unit.per_year')}"
    return w.text(
        "exceedance.sentence",
        kwp=f"{w.tick(float(f'{kwp:.3g}'))} kWp",
        p50=w.estimate(year.p50 * kwp, energy),
        p90=w.estimate(year.p90 * kwp, energy),
        p99=w.estimate(year.p99 * kwp, energy),
        years=w.number(longer.years),
        mean=w.estimate(longer.p90 * kwp, energy),
    )


def exceedance_table(sure: YieldUncertainty, w: Writer) -> Table:
    """Return P50, P75, P90 and P99 of one year and of the means of several, kWh/kWp a year."""
    return Table(
        id="exceedance",
        caption=w.text("exceedance.caption"),
        headings=(
            w.text("exceedance.period"),
            *(w.text(f"exceedance.{name}") for name in ("p50", "p75", "p90", "p99", "ratio")),
        ),
        rows=[_row(horizon, w) for horizon in sure.horizons],
        note=w.text("exceedance.note"),
    )


def _row(horizon: Exceedance, w: Writer) -> tuple[str, ...]:
    single = horizon.years == 1
    period = w.text("exceedance.one_year") if single else w.text("exceedance.mean_of", years=w.number(horizon.years))
    levels = (horizon.p50, horizon.p75, horizon.p90, horizon.p99)
    return (period, *(w.number(level) for level in levels), w.number(horizon.p90 / horizon.p50, 2))


def component_table(sure: YieldUncertainty, w: Writer) -> Table:
    """Return every component with its standard deviations, confidence and source."""
    rows: list[tuple[str | Cell, ...]] = [
        (
            w.word("yield_component", part.key),
            w.percent(part.sd_low),
            w.percent(part.sd_high),
            w.text("exceedance.yes" if part.averages == "over_years" else "exceedance.no"),
            confidence_cell(part.confidence, w),
            part.source or w.text("exceedance.stated"),
        )
        for part in sure.components
    ]
    return Table(
        id="yield-components",
        caption=w.text("exceedance.components"),
        headings=(
            *(w.text(f"exceedance.{name}") for name in ("component", "down", "up", "averages")),
            w.label("confidence"),
            w.label("source"),
        ),
        rows=rows,
        align=("text", "number", "number", "text", "text", "text"),
        note=w.text("exceedance.components_note"),
    )
