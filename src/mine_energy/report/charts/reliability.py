"""What sizing shows: a map of reliability, cost against coverage, the worst fortnight, how full the battery stands."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from math import log10
from typing import Any, Final

import numpy as np
from matplotlib.figure import Figure

from mine_energy.arrays import FloatArray
from mine_energy.report import style
from mine_energy.report.style import Mark, Scale

_LEVELS: Final = (0.0, 0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 1.0)
_PIXELS_PER_INCH: Final = 130
_COARSE: Final = 115
"""For the wide picture, whose hatches make the most bytes."""
_WIDE_IN: Final = 7.2
"""Fourteen days need the whole width of a page."""
_COLOURS: Final = 40
_INKS: Final = ("#ffffff", "#f2f6fa", "#dbe7f3", "#bcd3e8", "#94b9da", "#6a9bc8", "#3f79b0", "#1d5489", "#0b2f57")
"""From all served to nothing served, darker at every step, so that the map reads in black and white."""
_PLANT: Final[dict[str, Any]] = {
    "color": style.PAPER,
    "markeredgecolor": style.INK,
    "markeredgewidth": 1.6,
    "markersize": 8,
}
"""How the plant found is marked."""
_BESIDE: Final[dict[str, Any]] = {
    "size": 8,
    "ha": "right",
    "bbox": {"boxstyle": "round,pad=0.1", "facecolor": style.PAPER, "edgecolor": "none"},
}
"""Letters beside a point, in front of the lines that they cross."""
_WHOLE: Final = 1e-5
"""Unserved share at which the axis of coverage ends."""


def _png(drawn: Figure, pixels_per_inch: int = _PIXELS_PER_INCH) -> bytes:
    """Return a figure as PNG of few colours: hundreds of hours or cells would make an SVG several times as long."""
    from PIL import Image  # noqa: PLC0415  (only these charts need it)

    stream = io.BytesIO()
    drawn.savefig(stream, format="png", dpi=pixels_per_inch, metadata={"Software": None})
    few = Image.open(stream).convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE)
    small = io.BytesIO()
    few.save(small, format="png", optimize=True)
    return small.getvalue()


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
        figure = style.figure(3.3)
        axes = figure.add_subplot()
        drawn = axes.contourf(*axes_kwh_kwp, lpsp, levels=_LEVELS, colors=_INKS)
        if np.min(lpsp) < limit.share < np.max(lpsp):
            axes.contour(*axes_kwh_kwp, lpsp, levels=[limit.share], colors=[style.VERMILION], linewidths=2.0)
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
        figure.legend(loc="outside upper left", ncols=2)
        return _png(figure)


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
        PNG.
    """
    with style.drawing():
        figure = style.figure(3.1)
        axes = figure.add_subplot()
        places = [_place(step.served) for step in steps]
        axes.axhline(today.cost, color=style.INK, linewidth=1.2, linestyle=(0, (4, 2)), label=today.label)
        axes.plot(places, [step.cost for step in steps], marker="o", markersize=5, color=style.BLUE, linewidth=1.8)
        for place, step in zip(places, steps, strict=True):
            axes.annotate(step.label, (place, step.cost), xytext=(-3, 7), textcoords="offset points", **_BESIDE)
        if found is not None:
            look: dict[str, Any] = {
                "color": style.PAPER,
                "markeredgecolor": style.INK,
                "markeredgewidth": 1.6,
                "markersize": 8,
            }
            axes.plot([_place(found.served)], [found.cost], "D", label=found.label, linestyle="none", **look)
        axes.set_xticks(places, [scales[0].tick(step.served) for step in steps])
        axes.set_xlabel(scales[0].label)
        span = max(places[-1] - places[0], 0.1)
        axes.set_xlim(places[0] - 0.16 * span, places[-1] + 0.05 * span)
        axes.set_ylim(0, 1.15 * max(today.cost, *(step.cost for step in steps)))
        scales[1].along(axes, "y")
        figure.legend(loc="outside upper left", ncols=2)
        return _png(figure)


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
    """Draw who carries the load through fourteen days, and the battery's state of charge below. Returns PNG.

    Parameters
    ----------
    days
        What is drawn.
    scales
        Of power and of charge.
    """
    with style.drawing():
        figure = style.figure(4.2, _WIDE_IN)
        power, charge = figure.subplots(2, 1, sharex=True, height_ratios=(2.4, 1))
        hours = np.arange(len(days.soc[1]))
        below = np.zeros(len(hours))
        for flow in days.flows:
            top = below + np.asarray(flow.values)
            power.fill_between(hours, below, top, step="post", label=flow.label, **_area(flow.mark))
            below = top
        label, values = days.available
        power.step(hours, values, where="post", label=label, color=style.INK, linewidth=0.7, linestyle=(0, (1, 1.2)))
        label, values = days.load
        power.step(hours, values, where="post", label=label, color=style.INK, linewidth=0.6)
        charge.fill_between(hours, np.asarray(days.soc[1]), color=style.SKY, linewidth=0)
        charge.plot(hours, np.asarray(days.soc[1]), color=style.INK, linewidth=0.8)
        charge.set_ylim(0, 1)
        power.set_ylim(bottom=0)
        power.set_xlim(0, hours[-1])
        charge.set_xticks([hour for hour, _ in days.midnights], [name for _, name in days.midnights])
        scales[0].along(power, "y")
        scales[1].along(charge, "y")
        for axes in (power, charge):
            axes.grid(visible=True, axis="x")
        figure.legend(loc="outside upper left", ncols=4)
        return _png(figure, _COARSE)


def _area(mark: Mark) -> dict[str, Any]:
    return {"facecolor": mark.colour, "hatch": 2 * mark.hatch, "edgecolor": style.PAPER, "linewidth": 0.0}


def charge_classes(shares: Sequence[float], label: str, scale: Scale, number: Scale) -> bytes:
    """Draw the share of the year's hours in each class of the state of charge, empty on the left. Returns PNG."""
    with style.drawing():
        figure = style.figure(2.4)
        axes = figure.add_subplot()
        count = len(shares)
        axes.bar([(i + 0.5) / count for i in range(count)], shares, 0.92 / count, **style.fill(style.MARKS["import"]))
        axes.set_xlim(0, 1)
        axes.set_xticks([0, 0.2, 0.4, 0.6, 0.8, 1.0], [number.tick(v) for v in (0, 0.2, 0.4, 0.6, 0.8, 1.0)])
        axes.set_xlabel(label)
        scale.along(axes, "y")
        return _png(figure)
