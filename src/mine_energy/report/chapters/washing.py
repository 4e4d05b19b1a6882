"""What washing the modules brings and costs, schedule by schedule."""

from collections.abc import Iterator

from mine_energy.pv import Washing, WashPlan
from mine_energy.report.blocks import Block, Heading, Table
from mine_energy.report.format import NOTHING, Writer
from mine_energy.study import Solar

COLUMNS = ("washes", "loss", "gained", "cost", "per_kwh", "net")


def washing_blocks(solar: Solar, w: Writer) -> Iterator[Block]:
    """Yield the table of schedules, where the site states a course of dust that washes end."""
    if solar.washing is None:
        return
    yield Heading(text=w.text("washing.title"))
    yield Table(
        id="washing",
        caption=w.text("washing.caption"),
        headings=washing_headings(w),
        rows=washing_rows(solar.washing, w),
        align=("number",) * 6,
        note=washing_words(solar.washing, w),
    )


def washing_headings(w: Writer) -> tuple[str, ...]:
    """Return the headings of the table."""
    return tuple(w.text(f"washing.{key}") for key in COLUMNS)


def washing_rows(washing: Washing, w: Writer) -> list[tuple[str, ...]]:
    """Return every schedule in words."""
    return [_row(plan, w) for plan in washing.plans]


def _row(plan: WashPlan, w: Writer) -> tuple[str, ...]:
    price, net = plan.cost_usd_per_kwh_gained, plan.net_usd_per_kwp
    return (
        w.number(plan.washes_per_year),
        w.percent(plan.loss),
        w.number(plan.gained_kwh_per_kwp, 0),
        w.number(plan.cost_usd_per_kwp, 1),
        NOTHING if price is None else w.number(price, 3),
        NOTHING if net is None else w.number(net, 1),
    )


def washing_words(washing: Washing, w: Writer) -> str:
    """Return what the yield counts with, the prices, and the schedule that leaves most."""
    said = w.text(
        "washing.note",
        washes=w.number(washing.washes_per_year),
        cost=w.number(washing.wash_cost_usd_per_kwp, 2),
    )
    if washing.best is None or washing.energy_usd_per_kwh is None:
        return f"{said} {w.text('washing.unpriced')}"
    price, best = w.number(washing.energy_usd_per_kwh, 3), washing.best.washes_per_year
    if not best:
        return f"{said} {w.text('washing.best_none', price=price)}"
    return f"{said} {w.text('washing.best', price=price, washes=w.number(best))}"
