"""Typical days, hour by hour: kinds of day side by side, seasons below one another."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from matplotlib.axes import Axes

from mine_energy.report import style
from mine_energy.report.charts import words
from mine_energy.report.style import Mark, Scale
from mine_energy.units import HOURS_PER_DAY

_ROW_IN: Final = 1.35
_ALONE_IN: Final = 2.1
_TINT: Final = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a chart.

    Parameters
    ----------
    label
        In the legend.
    values
        Shape (24,): mean of each clock hour.
    mark
        Colour and dashes.
    filled
        Whether the area under the line is tinted.
    """

    label: str
    values: Sequence[float]
    mark: Mark
    filled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One kind of day: its name over its panel, and its lines."""

    title: str
    lines: Sequence[Line]


def typical_days(rows: Sequence[Sequence[Day]], x_label: str, scale: Scale) -> bytes:
    """Draw hourly means of days as steps, because each value is the mean of its whole hour.

    Parameters
    ----------
    rows
        Panels, row by row, as many in each; all on the same scales.
    x_label
        What the hours are.
    scale
        Of the upright axes.

    Returns
    -------
    bytes
        SVG.
    """
    with style.drawing():
        figure = style.figure(0.5 + (_ALONE_IN if len(rows) == 1 else len(rows) * _ROW_IN))
        panels = figure.subplots(len(rows), len(rows[0]), sharex=True, sharey=True, squeeze=False)
        for across, row in zip(panels, rows, strict=True):
            for axes, day in zip(across, row, strict=True):
                _draw(axes, day)
                scale.along(axes, "y")
                axes.set_ylabel("")
                axes.label_outer()
        panels[0, 0].set_xlim(0, HOURS_PER_DAY)
        panels[0, 0].set_xticks(range(0, HOURS_PER_DAY + 1, 6))
        panels[0, 0].set_ylim(bottom=0)
        for name, label in (("x", x_label), ("y", scale.label)):
            getattr(figure, f"sup{name}label")(label, fontsize=9.0)
        words.legend(figure)
        return style.svg(figure)


def _draw(axes: Axes, day: Day) -> None:
    hours = range(HOURS_PER_DAY + 1)
    for line in day.lines:
        steps = [*line.values, line.values[-1]]
        if line.filled:
            axes.fill_between(hours, steps, step="post", color=line.mark.colour, alpha=_TINT, linewidth=0)
        axes.step(hours, steps, where="post", label=line.label, **style.stroke(line.mark))
    axes.set_title(day.title, fontsize=style.SMALL, loc="left", pad=3.0)
    axes.grid(visible=True, axis="x")
