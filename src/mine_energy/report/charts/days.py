"""A typical day, hour by hour."""

from collections.abc import Sequence
from dataclasses import dataclass

from mine_energy.report import style
from mine_energy.report.style import Mark, Scale
from mine_energy.units import HOURS_PER_DAY


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


def typical_day(lines: Sequence[Line], x_label: str, scale: Scale) -> bytes:
    """Draw hourly means of a day as steps, because each value is the mean of its whole hour.

    Parameters
    ----------
    lines
        In the order of the legend.
    x_label
        What the hours are.
    scale
        The upright axis.

    Returns
    -------
    bytes
        SVG.
    """
    with style.drawing():
        figure = style.figure(3.1)
        axes = figure.add_subplot()
        hours = range(HOURS_PER_DAY + 1)
        for line in lines:
            steps = [*line.values, line.values[-1]]
            if line.filled:
                axes.fill_between(hours, steps, step="post", color=line.mark.colour, alpha=0.25, linewidth=0)
            axes.step(hours, steps, where="post", label=line.label, **style.stroke(line.mark))
        axes.set_xlim(0, HOURS_PER_DAY)
        axes.set_xticks(range(0, HOURS_PER_DAY + 1, 3))
        axes.set_ylim(bottom=0)
        axes.set_xlabel(x_label)
        scale.along(axes, "y")
        figure.legend(loc="outside upper left", ncols=2)
        return style.svg(figure)
