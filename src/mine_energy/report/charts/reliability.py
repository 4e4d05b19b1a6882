"""What sizing shows: a map of reliability, cost against coverage, the worst fortnight, how full the battery stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator

from mine_energy.arrays import FloatArray
from mine_energy.report import style
from mine_energy.report.charts import words
from mine_energy.report.style import Mark, Scale

_LEVELS: Final = (0.0, 0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 1.0)
_WEEK_HOURS: Final = 168
_WEEK_RATIOS: Final = (2.2, 1.0)
"""Heights of power and of charge."""
_WEEK_IN: Final = 1.95
_POWER_IN: Final = 1.35
_CHARGE_PT: Final = 42.0
_LABEL: Final = 9.0
_INKS: Final = ("#ffffff", "#f2f6fa", "#dbe7f3", "#bcd3e8", "#94b9da", "#6a9bc8", "#3f79b0", "#1d5489", "#0b2f57")
"""From all served to nothing served, darker at every step, so that the map reads in black and white."""
_PLANT: Final[dict[str, Any]] = {
    "color": style.PAPER,
    "markeredgecolor": style.INK,
    "markeredgewidth": 1.6,
    "markersize": 8,
}
"""How the plant found is marked."""
_WHOLE: Final = 1e-5
"""Unserved share at which the axis of coverage ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A plant on the map."""

    label: str
    across: float
    up: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A share of unserved load, drawn as the curve of equal reliability, and its label."""

    label: str
    share: float


def reliability_map(
    axes_kwh_kwp: tuple[Sequence[float], Sequence[float]],
    lpsp: FloatArray,
    spot: Found,
    limit: Limit,
    scales: tuple[Scale, Scale],
    bar: Scale,
) -> bytes:
    """Draw shares of unserved load over array (upright) and battery (across), in classes; darker is less reliable.

    Parameters
    ----------
    axes_kwh_kwp
        Batteries across, arrays upright.
    lpsp
        Shape (arrays, batteries); between them the map is interpolated.
    spot
        The plant found.
    limit
        The share asked for: every plant on its curve is equally reliable.
    scales
        Of the two axes.
    bar
        Of the classes.

    Returns
    -------
    bytes
        PNG.
    """
    with style.drawing():
        figure = style.figure(2.7)
        axes = figure.add_subplot()
        drawn = axes.contourf(*axes_kwh_kwp, lpsp, levels=_LEVELS, colors=_INKS)
        if np.min(lpsp) < limit.share < np.max(lpsp):
            # A white line under the coloured one, so that it is seen over any class.
            for colour, wide in ((style.PAPER, 3.6), (style.VERMILION, 2.0)):
                axes.contour(*axes_kwh_kwp, lpsp, levels=[limit.share], colors=[colour], linewidths=wide)
        axes.plot([], [], color=style.VERMILION, linewidth=2.0, label=limit.label)
        axes.plot(
            [spot.across],
            [spot.up],
            "D",
            label=spot.label,
            linestyle="none",
            clip_on=False,
            **_PLANT,
        )
        colours = figure.colorbar(drawn, ax=axes, ticks=_LEVELS)
        colours.ax.set_yticklabels([bar.tick(level) for level in _LEVELS])
        colours.set_label(bar.label)
        scales[0].along(axes, "x")
        scales[1].along(axes, "y")
        axes.grid(visible=False)
        words.legend(figure)
        return style.png(figure)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A plant of the frontier: share of the load served, cost, and what stands beside the point."""

    served: float
    cost: float
    label: str = ""


def frontier(steps: Sequence[Step], found: Step | None, today: Step, scales: tuple[Scale, Scale]) -> bytes:
    """Draw cost (upright) against coverage, where each halving of what is unserved takes an equal step across.

    Parameters
    ----------
    steps
        In rising order of what they serve.
    found
        The plant that the study recommends; None without one.
    today
        Today's plant, whose cost is a line across.
    scales
        Of coverage and cost.

    Returns
    -------
    bytes
        SVG.
    """
    with style.drawing():
        figure = style.figure(2.4)
        axes = figure.add_subplot()
        places = [_place(step.served) for step in steps]
        axes.axhline(today.cost, color=style.INK, linewidth=1.2, linestyle=(0, (4, 2)), label=today.label)
        axes.plot(places, [step.cost for step in steps], marker="o", markersize=5, color=style.BLUE, linewidth=1.8)
        for order, (place, step) in enumerate(zip(places, steps, strict=True)):
            last = order == len(steps) - 1
            _beside(axes, step.label, (place, step.cost), above=last or order % 2 == 1)
        if found is not None:
            axes.plot(
                [_place(found.served)], [found.cost], "D", label=found.label, linestyle="none", zorder=5, **_PLANT
            )
        axes.set_xticks(places, [scales[0].tick(step.served) for step in steps])
        axes.set_xlabel(scales[0].label)
        span = max(places[-1] - places[0], 0.1)
        axes.set_xlim(places[0] - 0.07 * span, places[-1] + 0.07 * span)
        axes.set_ylim(0, 1.15 * max(today.cost, *(step.cost for step in steps)))
        scales[1].along(axes, "y")
        words.legend(figure)
        return style.svg(figure)


def _beside(axes: Axes, said: str, place: tuple[float, float], *, above: bool) -> None:
    """Write beside a point of a rising line: before it above, or behind it below, where the line does not pass."""
    side: dict[str, Any] = {"xytext": (4, 6), "ha": "right"} if above else {"xytext": (-2, -14), "ha": "left"}
    box = {"boxstyle": "round,pad=0.1", "facecolor": style.PAPER, "edgecolor": "none"}
    axes.annotate(said, place, textcoords="offset points", va="bottom", size=style.SMALL, bbox=box, **side)


def _place(served: float) -> float:
    return -log10(max(1.0 - served, _WHOLE))


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """What one source gives to the load in a fortnight, hourly, kW."""

    label: str
    values: FloatArray
    mark: Mark


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fortnight:
    """Fourteen days, hour by hour.

    Parameters
    ----------
    flows
        In their order from below: their sum is the load.
    load, available
        Label and kW of the load, and of the PV power that the sun allows.
    soc
        Label and share of the usable energy; all zero without a battery.
    midnights
        Hours from the start at which days begin, with their names.
    """

    flows: Sequence[Flow]
    load: tuple[str, FloatArray]
    available: tuple[str, FloatArray]
    soc: tuple[str, FloatArray]
    midnights: Sequence[tuple[int, str]]


def fortnight(days: Fortnight, scales: tuple[Scale, Scale]) -> bytes:
    """Draw who carries the load through fourteen days, week below week, each with the battery's charge. Returns PNG.

    Parameters
    ----------
    days
        What is drawn; without a battery its charge, which is always zero, is left out.
    scales
        Of power and of charge.
    """
    hours = len(days.soc[1])
    weeks = [range(begin, min(begin + _WEEK_HOURS, hours)) for begin in range(0, hours, _WEEK_HOURS)]
    stored = bool(np.any(np.asarray(days.soc[1]) > 0))
    with style.drawing():
        figure = style.figure(0.15 + len(weeks) * (_WEEK_IN if stored else _POWER_IN))
        ratios = (_WEEK_RATIOS if stored else _WEEK_RATIOS[:1]) * len(weeks)
        panels = figure.subplots(len(ratios), 1, height_ratios=ratios, squeeze=False)[:, 0]
        top = 1.05 * max(float(np.max(days.load[1])), float(np.max(days.available[1]))) or 1.0
        each = len(panels) // len(weeks)
        for week, power in zip(weeks, panels[::each], strict=True):
            _power(power, days, week)
            power.set_ylim(0, top)
            scales[0].along(power, "y")
        for week, charge in zip(weeks, panels[1::2] if stored else (), strict=False):
            _charge(charge, days.soc[1], week)
            scales[1].along(charge, "y")
            charge.set_ylabel(words.wrapped(scales[1].label, _CHARGE_PT, _LABEL))
            charge.yaxis.set_major_locator(FixedLocator([0.0, 0.5, 1.0]))
        for place, axes in enumerate(panels):
            _week_along(axes, days, weeks[place // each], named=place % each == each - 1)
        figure.align_ylabels(panels)
        words.legend(figure)
        return style.png(figure, pixels_per_inch=150)


def _power(axes: Axes, days: Fortnight, week: range) -> None:
    hours, below = np.arange(week.start, week.stop + 1), np.zeros(len(week) + 1)
    for flow in days.flows:
        top = below + _held(flow.values, week)
        axes.fill_between(hours, below, top, step="post", label=flow.label, **_area(flow.mark))
        below = top
    label, values = days.available
    look: dict[str, Any] = {"where": "post", "color": style.INK}
    axes.step(hours, _held(values, week), label=label, linewidth=0.9, linestyle=(0, (1, 1.2)), **look)
    label, values = days.load
    axes.step(hours, _held(values, week), label=label, linewidth=0.7, **look)


def _charge(axes: Axes, soc: FloatArray, week: range) -> None:
    hours = np.arange(week.start, week.stop)
    values = np.asarray(soc)[week.start : week.stop]
    axes.fill_between(hours, values, color=style.SKY, linewidth=0)
    axes.plot(hours, values, color=style.INK, linewidth=0.8)
    axes.set_ylim(0, 1)


def _held(values: FloatArray, week: range) -> FloatArray:
    """Return hourly means with the last one once more: a step lasts its whole hour."""
    part = np.asarray(values)[week.start : week.stop]
    return np.append(part, part[-1])


def _week_along(axes: Axes, days: Fortnight, week: range, *, named: bool) -> None:
    """Mark the days of a week at their midnights, and name them under the lowest panel."""
    shown = [(hour, name) for hour, name in days.midnights if week.start <= hour < week.stop]
    axes.set_xticks([hour for hour, _ in shown], [name for _, name in shown])
    axes.set_xlim(week.start, week.stop)
    axes.tick_params(axis="x", labelbottom=named)
    axes.grid(visible=True, axis="x")


def _area(mark: Mark) -> dict[str, Any]:
    return {"facecolor": mark.colour, "hatch": 2 * mark.hatch, "edgecolor": style.PAPER, "linewidth": 0.0}


def charge_classes(shares: Sequence[float], label: str, scale: Scale, number: Scale) -> bytes:
    """Draw the share of the year's hours in each class of the state of charge, empty on the left. Returns SVG."""
    with style.drawing():
        figure = style.figure(1.9)
        axes = figure.add_subplot()
        count = len(shares)
        axes.bar([(i + 0.5) / count for i in range(count)], shares, 0.92 / count, **style.fill(style.MARKS["import"]))
        axes.set_xlim(0, 1)
        axes.set_xticks([0, 0.2, 0.4, 0.6, 0.8, 1.0], [number.tick(v) for v in (0, 0.2, 0.4, 0.6, 0.8, 1.0)])
        axes.set_xlabel(label)
        scale.along(axes, "y")
        return style.svg(figure)
