"""A decarbonisation plan in three pictures: wedges by year, who works when and what it costs, cost per tonne."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from mine_energy.report import style
from mine_energy.report.charts import words
from mine_energy.report.charts.stacks import Layer
from mine_energy.report.style import Mark, Scale
from mine_energy.units import MONTHS_PER_YEAR

_BAR: Final = 0.72
_ACROSS_PT: Final = 240.0
"""Width of a drawing beside the values of its upright axis, points, at least."""
_YEAR_GAP_PT: Final = 3.0
_NAME_ROOM: Final = 0.13
"""Of the upright axis, free beyond either end for the names of blocks."""
_NARROW: Final = 0.04
"""Share of the curve's tonnes below which a block stays without its number."""
_NAME_PT: Final = 128.0
"""Longest line of a task's name."""
_BOX: Final = {"boxstyle": "round,pad=0.15", "facecolor": style.PAPER, "edgecolor": "none"}

WEDGES: Final = (
    Mark(colour=style.GREEN, hatch="///"),
    Mark(colour=style.SKY, hatch="\\\\\\"),
    Mark(colour=style.PURPLE, hatch="xxx"),
    Mark(colour=style.YELLOW, hatch="|||"),
    Mark(colour=style.VERMILION, hatch="+++"),
    Mark(colour=style.PAPER, hatch="//"),
)
"""Marks of wedges from the bottom up, besides PV's own; no two share a hatch."""

_PHASES: Final = (Mark(colour=style.PAPER), Mark(colour=style.YELLOW, hatch="///"), Mark(colour=style.GREEN))
"""Waiting, growing, full effect."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remaining:
    """What is left after the reductions.

    Parameters
    ----------
    label, values
        In the legend, and one per year.
    bands
        Low and high of every year, drawn as whiskers; none when empty.
    market
        Label and values by the market-based method, drawn as diamonds; None where they are the same.
    """

    label: str
    values: Sequence[float]
    bands: Sequence[tuple[float, float]] = ()
    market: tuple[str, Sequence[float]] | None = None


def plan_wedges(
    years: Sequence[int],
    base: tuple[str, float],
    left: Remaining,
    cuts: Sequence[Layer],
    scales: tuple[Scale, Scale],
    *,
    removals: Layer | None = None,
) -> bytes:
    """Draw what is left of every year's emissions, and below it, on a scale of its own, what each measure takes.

    Parameters
    ----------
    years
        Calendar years.
    base
        Name and height of the line of the base year.
    left
        After the reductions.
    cuts
        Wedges from the bottom up, one value per year.
    scales
        Of the emissions, and of what the measures take.
    removals
        Below zero: beside the emissions and never taken from them.

    Returns
    -------
    bytes
        SVG.
    """
    with style.drawing():
        figure = style.figure(3.8)
        above, below = figure.subplots(2, 1, sharex=True, height_ratios=(1.0, 1.35))
        above.bar(years, left.values, _BAR, label=left.label, **style.fill(style.MARKS["location"]))
        _whiskers(above, years, left)
        above.axhline(base[1], color=style.INK, linestyle=(0, (4, 2)), linewidth=1.2, label=base[0])
        above.set_ylim(bottom=0)
        tops = [0.0] * len(years)
        for layer in cuts:
            below.bar(years, layer.values, _BAR, bottom=tops, label=layer.label, **style.fill(layer.mark))
            tops = [top + value for top, value in zip(tops, layer.values, strict=True)]
        if removals is not None:
            down = [-value for value in removals.values]
            below.bar(years, down, _BAR, label=removals.label, **style.fill(removals.mark))
        below.axhline(0, color=style.QUIET, linewidth=0.8)
        for axes, scale in zip((above, below), scales, strict=True):
            scale.along(axes, "y")
            axes.tick_params(axis="x", length=0)
        below.yaxis.set_major_formatter(lambda value, _: scales[1].tick(abs(value)))
        _years_along(below, years)
        words.legend(figure)
        return style.svg(figure)


def _whiskers(axes: Axes, years: Sequence[int], left: Remaining) -> None:
    if left.bands:
        down = [max(0.0, value - low) for value, (low, _) in zip(left.values, left.bands, strict=True)]
        up = [max(0.0, high - value) for value, (_, high) in zip(left.values, left.bands, strict=True)]
        # A white line under the black one, so that a whisker is seen over any wedge.
        for colour, width in ((style.PAPER, 3.0), (style.INK, 1.1)):
            axes.errorbar(
                years, left.values, yerr=[down, up], fmt="none", ecolor=colour, capsize=3, elinewidth=width, zorder=4
            )
    if left.market is not None:
        label, values = left.market
        look: dict[str, Any] = {"markerfacecolor": style.PAPER, "markeredgecolor": style.INK, "zorder": 5}
        axes.plot(years, values, "D", label=label, linestyle="none", markersize=5, **look)


def _years_along(axes: Axes, years: Sequence[int]) -> None:
    each = _every(len(years), _ACROSS_PT)
    shown = [year for year in years if (year - years[0]) % each == 0]
    axes.set_xticks(shown, [str(year) for year in shown])


def _every(years: float, across_pt: float) -> int:
    """Return how many years lie between two that are written, so that they stand side by side."""
    room = style.width_pt("2026") + _YEAR_GAP_PT
    return next((step for step in (1, 2, 5, 10) if step * across_pt >= room * years), 20)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskBar:
    """A task of the Gantt chart; months from the plan's first.

    Parameters
    ----------
    label
        Of the row.
    start, online, full, end
        Decision, when it works, when it has its full effect, when that ends.
    """

    label: str
    start: float
    online: float
    full: float
    end: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """Cumulative capex.

    Parameters
    ----------
    label, steps
        In the legend; month and sum after each decision, in order.
    mark
        Of the line.
    """

    label: str
    steps: Sequence[tuple[float, float]]
    mark: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The time axis of a plan.

    Parameters
    ----------
    first_year, months
        Calendar year of month 0, and the months shown.
    ends
        Month in which the plan's own years are over, and how to write it.
    """

    first_year: int
    months: float
    ends: tuple[float, str]


def plan_gantt(
    tasks: Sequence[TaskBar],
    names: tuple[str, str, str],
    spending: Sequence[Spending],
    calendar: Calendar,
    scale: Scale,
    *,
    budget: tuple[str, float] | None = None,
) -> bytes:
    """Draw when each measure waits, grows and works, and below it the capex decided so far beside the budget.

    Parameters
    ----------
    tasks
        From the top.
    names
        Legend: waiting (permits, delivery), growing, full effect.
    spending
        Cumulative capex, one line each.
    calendar
        The time axis.
    scale
        The axis of the money.
    budget
        Name and height of the line of the budget.

    Returns
    -------
    bytes
        SVG.
    """
    with style.drawing():
        rows = words.rows([task.label for task in tasks], room_pt=_NAME_PT, least_pt=17.0)
        figure = style.figure(2.0 + rows.height_in)
        above, below = figure.subplots(2, 1, sharex=True, height_ratios=(rows.height_in, 1.2))
        _tasks(above, tasks, rows, names, calendar)
        _money(below, spending, calendar, budget)
        scale.along(below, "y")
        each = MONTHS_PER_YEAR * _every(calendar.months / MONTHS_PER_YEAR, rows.across_pt)
        months = range(0, int(calendar.months) + 1, each)
        years = [str(calendar.first_year + month // MONTHS_PER_YEAR) for month in months]
        below.set_xticks(list(months), years, ha="left")
        below.set_xlim(0, calendar.months)
        for axes in (above, below):
            axes.axvline(calendar.ends[0], color=style.VERMILION, linestyle=(0, (5, 2)), linewidth=1.4, zorder=3)
            axes.grid(visible=True, axis="x")
        words.legend(figure)
        return style.svg(figure)


def _tasks(
    axes: Axes, tasks: Sequence[TaskBar], rows: words.Rows, names: tuple[str, str, str], calendar: Calendar
) -> None:
    looks = [style.fill(mark) for mark in _PHASES]
    for place, task in zip(rows.places, tasks, strict=True):
        parts = ((task.start, task.online), (task.online, min(task.full, task.end)), (task.full, task.end))
        for (begin, stop), look in zip(parts, looks, strict=True):
            if min(stop, calendar.months) > begin:
                axes.barh(place, min(stop, calendar.months) - begin, rows.bar, left=begin, **look)
    ramps = any(task.full > task.online for task in tasks)
    for place, (name, look) in enumerate(zip(names, looks, strict=True)):
        if place != 1 or ramps:
            axes.barh([0], [0], label=name, **look)
    rows.along(axes)
    axes.tick_params(axis="x", length=0, labelbottom=False)
    spot: dict[str, Any] = {"xycoords": ("data", "axes fraction"), "textcoords": "offset points"}
    axes.annotate(calendar.ends[1], (calendar.ends[0], 1.0), xytext=(0, 2), ha="center", size=style.SMALL, **spot)


def _money(axes: Axes, spending: Sequence[Spending], calendar: Calendar, budget: tuple[str, float] | None) -> None:
    for line in spending:
        months = [0.0, *(month for month, _ in line.steps), calendar.months]
        sums = [0.0, *(total for _, total in line.steps)]
        axes.step(months, [*sums, sums[-1]], where="post", label=line.label, **style.stroke(line.mark))
    if budget is not None:
        axes.axhline(budget[1], color=style.INK, linestyle=(0, (1, 1.2)), linewidth=1.4, label=budget[0])
    axes.set_ylim(bottom=0)
    axes.margins(y=0.1)


@dataclass(frozen=True, slots=True, kw_only=True)
class CostBlock:
    """A block of the abatement-cost curve: place in the table, tonnes a year, cost of a tonne."""

    label: str
    tonnes: float
    cost: float


def plan_curve(
    blocks: Sequence[CostBlock], scales: tuple[Scale, Scale], number: Callable[[float], str], names: tuple[str, str]
) -> bytes:
    """Draw measures side by side, as wide as their tonnes and as high as a tonne costs; below zero they earn money.

    Blocks that would dwarf the rest are cut where the axis ends and carry their figure.

    Parameters
    ----------
    blocks
        In the order of the curve.
    scales
        Of the tonnes (level) and the cost (upright).
    number
        Writes a cost.
    names
        Legend: blocks that earn, blocks that cost.

    Returns
    -------
    bytes
        SVG.
    """
    with style.drawing():
        figure = style.figure(2.6)
        axes = figure.add_subplot()
        low, high = _reach([block.cost for block in blocks])
        total, left = sum(block.tonnes for block in blocks), 0.0
        for block in blocks:
            shown = min(max(block.cost, low), high)
            look = style.fill(style.MARKS["saving" if block.cost < 0 else "loss"]) | {"linewidth": 0.5}
            axes.bar(left, shown, block.tonnes, align="edge", **look)
            said = block.label if shown == block.cost else f"{block.label}: {number(block.cost)}"
            if block.tonnes > _NARROW * total or shown != block.cost:
                _name(axes, left + block.tonnes / 2, shown, said)
            left += block.tonnes
        axes.axhline(0, color=style.INK, linewidth=0.9)
        marks = (style.MARKS["saving"], style.MARKS["loss"])
        seen = (any(b.cost < 0 for b in blocks), any(b.cost >= 0 for b in blocks))
        for name, mark, is_there in zip(names, marks, seen, strict=True):
            if is_there:
                axes.bar([0], [0], label=name, **style.fill(mark))
        axes.set_xlim(0, left or 1.0)
        axes.set_ylim(low - _NAME_ROOM * (high - low), high + _NAME_ROOM * (high - low))
        scales[0].along(axes, "x")
        scales[1].along(axes, "y")
        axes.yaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 2.5, 5, 10]))
        words.legend(figure)
        return style.svg(figure)


def _name(axes: Axes, place: float, height: float, said: str) -> None:
    """Write a block's name outside it, away from zero."""
    up = height >= 0
    spot: dict[str, Any] = {"xytext": (0, 3 if up else -3), "textcoords": "offset points", "size": style.SMALL}
    axes.annotate(said, (place, height), ha="center", va="bottom" if up else "top", bbox=_BOX, **spot)


def _reach(costs: Sequence[float]) -> tuple[float, float]:
    """Return the ends of the upright axis: all the blocks, unless one is more than five times the middle one."""
    sizes = sorted(abs(cost) for cost in costs)
    most = 5 * sizes[len(sizes) // 2] if sizes else 1.0
    low, high = min([*costs, 0.0]), max([*costs, 0.0])
    if most > 0:
        low, high = max(low, -most), min(high, most)
    room = 0.12 * (high - low) or 1.0
    return min(low, -room), max(high, room)
