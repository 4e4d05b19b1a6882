"""What sizing shows: a map of reliability, cost against coverage, the worst fortnight, how full the battery stands."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from matplotlib.figure import Figure

from mine_energy.arrays import FloatArray
from mine_energy.report import style
from mine_energy.report.style import Mark, Scale
from mine_energy.units import HOURS_PER_DAY

_LEVELS: Final = (0.0, 0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 1.0)
_PIXELS_PER_INCH: Final = 130
_COLOURS: Final = 40
_INKS: Final = ("#00441b", "#1b7837", "#5aae61", "#a6dba0", "#d9f0d3", "#fee8c8", "#fdbb84", "#e34a33", "#7f0000")


def _png(drawn: Figure) -> bytes:
    """Return a figure as PNG of few colours: hundreds of hours or cells would make an SVG several times as long."""
    from PIL import Image  # noqa: PLC0415  (only these charts need it)

    stream = io.BytesIO()
    drawn.savefig(stream, format="png", dpi=_PIXELS_PER_INCH, metadata={"Software": None})
    few = Image.open(stream).convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE)
    small = io.BytesIO()
    few.save(small, format="png", optimize=True)
    return small.getvalue()


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A plant on the map."""

    label: str
    across: float
    up: float


def reliability_map(
    across: Sequence[float], up: Sequence[float], lpsp: FloatArray, spot: Spot, scales: tuple[Scale, Scale], bar: Scale
) -> bytes:
    """Draw shares of unserved load over array (upright) and battery (across), in classes.

    Parameters
    ----------
    across, up
        Axes of the map: battery and array.
    lpsp
        Shape (up, across).
    spot
        The plant found.
    scales
        Of the two axes.
    bar
        Of the classes.

    Returns
    -------
    bytes
        PNG.
    """
    from matplotlib.colors import BoundaryNorm, ListedColormap  # noqa: PLC0415  (only this chart needs them)

    with style.drawing():
        figure = style.figure(3.2)
        axes = figure.add_subplot()
        norm = BoundaryNorm(_LEVELS, len(_INKS))
        drawn = axes.pcolormesh(across, up, lpsp, cmap=ListedColormap(_INKS), norm=norm, shading="nearest")
        axes.plot([spot.across], [spot.up], "D", color=style.PAPER, markeredgecolor=style.INK, markersize=8)
        axes.annotate(
            spot.label,
            (spot.across, spot.up),
            xytext=(8, 6),
            textcoords="offset points",
            size=8.5,
            bbox={"boxstyle": "round,pad=0.25", "facecolor": style.PAPER, "edgecolor": style.QUIET},
        )
        colours = figure.colorbar(drawn, ax=axes, ticks=_LEVELS)
        colours.ax.set_yticklabels([bar.tick(level) for level in _LEVELS])
        colours.set_label(bar.label)
        scales[0].along(axes, "x")
        scales[1].along(axes, "y")
        axes.grid(visible=False)
        return _png(figure)


def frontier(points: Sequence[tuple[float, float]], labels: Sequence[str], scales: tuple[Scale, Scale]) -> bytes:
    """Draw cost (upright) against coverage; each point with its label. Returns PNG."""
    with style.drawing():
        figure = style.figure(2.8)
        axes = figure.add_subplot()
        x = range(len(points))
        axes.plot(x, [cost for _, cost in points], marker="o", markersize=5, **style.stroke(style.MARKS["after"]))
        for place, (label, (_, cost)) in enumerate(zip(labels, points, strict=True)):
            axes.annotate(label, (place, cost), xytext=(0, 8), textcoords="offset points", size=8, ha="center")
        axes.set_xticks(x, [scales[0].tick(share) for share, _ in points])
        axes.set_xlabel(scales[0].label)
        axes.set_xlim(-0.6, len(points) - 0.6)
        top = max(cost for _, cost in points)
        axes.set_ylim(0, 1.15 * top)
        scales[1].along(axes, "y")
        return _png(figure)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """A flow of the fortnight."""

    label: str
    values: FloatArray
    mark: Mark
    filled: bool = False


def fortnight(flows: Sequence[Flow], soc: tuple[str, FloatArray], days: str, scales: tuple[Scale, Scale]) -> bytes:
    """Draw fourteen days hour by hour, the battery's state of charge below them. Returns PNG.

    Parameters
    ----------
    flows
        kW, hourly.
    soc
        Label and share of the usable energy, hourly; all zero without a battery.
    days
        Caption of the days.
    scales
        Of power and of charge.
    """
    with style.drawing():
        figure = style.figure(3.7)
        power, charge = figure.subplots(2, 1, sharex=True, height_ratios=(2.2, 1))
        hours = np.arange(len(soc[1])) / HOURS_PER_DAY
        for flow in flows:
            values = np.round(np.asarray(flow.values), 1)
            if flow.filled:
                power.fill_between(hours, values, step="post", color=flow.mark.colour, alpha=0.45, linewidth=0)
                power.plot([], [], color=flow.mark.colour, linewidth=5, alpha=0.45, label=flow.label)
            else:
                power.step(
                    hours, values, where="post", label=flow.label, **(style.stroke(flow.mark) | {"linewidth": 1})
                )
        charge.fill_between(hours, np.round(np.asarray(soc[1]), 3), color=style.SKY, alpha=0.7, linewidth=0)
        charge.set_ylim(0, 1)
        power.set_ylim(bottom=0)
        power.set_xlim(0, hours[-1])
        charge.set_xlabel(days)
        charge.set_xticks(range(0, 15, 2))
        scales[0].along(power, "y")
        scales[1].along(charge, "y")
        figure.legend(loc="outside upper left", ncols=3)
        return _png(figure)


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
