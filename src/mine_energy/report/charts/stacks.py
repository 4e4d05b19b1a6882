"""Stacked bars: who supplies the energy of a month, or of each state of the plant."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from matplotlib.axes import Axes

from mine_energy.arrays import FloatArray
from mine_energy.report import style
from mine_energy.report.charts import words
from mine_energy.report.style import Mark, Scale

Number = Callable[[float], str]
_NAME_PT: Final = 66.0
_ACROSS_PT: Final = 210.0
"""Width of the drawing of lying bars, points, at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One layer of stacked bars.

    Parameters
    ----------
    label
        In the legend.
    values
        One per bar, not negative.
    mark
        Colour and hatch.
    below
        Drawn downwards from zero: what leaves the plant.
    """

    label: str
    values: Sequence[float]
    mark: Mark
    below: bool = False


def monthly_balance(
    labels: Sequence[str], layers: Sequence[Layer], line: tuple[str, Sequence[float]], scale: Scale
) -> bytes:
    """Draw the supply of every month as stacked bars, what leaves the plant below zero, and one line across.

    Parameters
    ----------
    labels
        One per month.
    layers
        From the bottom up.
    line
        Label and values of the quantity that the bars above zero are compared with.
    scale
        The upright axis.

    Returns
    -------
    bytes
        SVG.
    """
    with style.drawing():
        figure = style.figure(2.6)
        axes = figure.add_subplot()
        _stack_up(axes, labels, layers)
        axes.plot(range(len(labels)), line[1], label=line[0], marker="D", markersize=4, color=style.INK, linewidth=1.2)
        axes.axhline(0, color=style.QUIET, linewidth=0.8)
        axes.use_sticky_edges = False
        axes.margins(y=0.06)
        axes.set_xticks(range(len(labels)), labels)
        scale.along(axes, "y")
        axes.yaxis.set_major_formatter(lambda value, _: scale.tick(abs(value)))
        axes.tick_params(axis="x", length=0)
        words.legend(figure)
        return style.svg(figure)


def _stack_up(axes: Axes, labels: Sequence[str], layers: Sequence[Layer]) -> None:
    top, bottom = np.zeros(len(labels)), np.zeros(len(labels))
    for layer in layers:
        values = np.asarray(layer.values, dtype=np.float64)
        if layer.below:
            bottom = bottom - values
            axes.bar(range(len(labels)), values, 0.72, bottom=bottom, label=layer.label, **style.fill(layer.mark))
        else:
            axes.bar(range(len(labels)), values, 0.72, bottom=top, label=layer.label, **style.fill(layer.mark))
            top = top + values


def supply(states: Sequence[str], layers: Sequence[Layer], scale: Scale, number: Number) -> bytes:
    """Draw one horizontal bar per state of the plant, made of what supplies it.

    Parameters
    ----------
    states
        Names, the first on top.
    layers
        From the left.
    scale
        The axis of the values.
    number
        Writes a value.

    Returns
    -------
    bytes
        SVG.
    """
    rows = words.rows(states, room_pt=_NAME_PT)
    with style.drawing():
        figure = style.figure(0.6 + max(0.45 * len(states), rows.height_in))
        axes = figure.add_subplot()
        left = np.zeros(len(states))
        total = float(np.sum([layer.values for layer in layers], axis=0).max()) or 1.0
        for layer in layers:
            values = np.asarray(layer.values, dtype=np.float64)
            axes.barh(range(len(states)), values, 0.66, left=left, label=layer.label, **style.fill(layer.mark))
            _inside(axes, left, values, total, number)
            left = left + values
        axes.set_yticks(range(len(states)), rows.names)
        axes.invert_yaxis()
        scale.along(axes, "x", rows.across_pt)
        axes.tick_params(axis="y", length=0)
        words.legend(figure)
        return style.svg(figure)


def _inside(axes: Axes, left: FloatArray, values: FloatArray, total: float, number: Number) -> None:
    """Write each value on its piece, where the piece is wide enough."""
    box = {"boxstyle": "round,pad=0.2", "facecolor": style.PAPER, "edgecolor": "none"}
    for place, (start, value) in enumerate(zip(left, values, strict=True)):
        shown = number(float(value))
        if value * _ACROSS_PT > total * (style.width_pt(shown) + 8.0):
            axes.text(start + value / 2, place, shown, ha="center", va="center", size=style.SMALL, bbox=box)
