"""The twelve months of sun and yield."""

from collections.abc import Sequence

from mine_energy.report import style
from mine_energy.report.charts import words
from mine_energy.report.style import Scale

_WIDTH = 0.38


def monthly_sun(
    labels: Sequence[str],
    bars: tuple[tuple[str, Sequence[float]], tuple[str, Sequence[float]]],
    line: tuple[str, Sequence[float]],
    scale: Scale,
) -> bytes:
    """Draw two irradiations side by side in every month, and the yield as a line across.

    Parameters
    ----------
    labels
        One per month.
    bars
        Name and values of the horizontal irradiation and of that in the plane.
    line
        Name and values of the yield; one axis serves all, because a kWp gives a kilowatt under a kilowatt per m2.
    scale
        The upright axis.

    Returns
    -------
    bytes
        SVG.
    """
    with style.drawing():
        figure = style.figure(2.3)
        axes = figure.add_subplot()
        places = range(len(labels))
        marks = (style.MARKS["market"], style.MARKS["pv"])
        for side, (name, values), mark in zip((-0.5, 0.5), bars, marks, strict=True):
            axes.bar([place + side * _WIDTH for place in places], values, _WIDTH, label=name, **style.fill(mark))
        axes.plot(places, line[1], label=line[0], marker="D", markersize=4, color=style.INK, linewidth=1.2)
        axes.set_xticks(places, labels)
        scale.along(axes, "y")
        axes.tick_params(axis="x", length=0)
        words.legend(figure)
        return style.svg(figure)
