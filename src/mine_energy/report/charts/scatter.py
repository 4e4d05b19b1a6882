"""Points and lines: motors against their classes, energy against production."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from matplotlib.ticker import MaxNLocator

from mine_energy.report import style
from mine_energy.report.style import Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """Points of one kind.

    Parameters
    ----------
    label
        In the legend; none when empty.
    x, y
        Same length.
    colour, marker
        How they are drawn.
    sizes
        Area of each, points squared; one common size when empty.
    """

    label: str
    x: Sequence[float]
    y: Sequence[float]
    colour: str
    marker: str = "o"
    sizes: Sequence[float] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A line with a name at its end.

    Parameters
    ----------
    label
        Written at its right end.
    x, y
        Same length.
    colour, dashes
        How it is drawn.
    """

    label: str
    x: Sequence[float]
    y: Sequence[float]
    colour: str
    dashes: Any = "-"


def scatter(
    points: Sequence[Points],
    curves: Sequence[Curve],
    scales: tuple[Scale, Scale],
    *,
    x_limits: tuple[float, float] | None = None,
    y_limits: tuple[float, float] | None = None,
    whole_x: bool = False,
) -> bytes:
    """Draw points and, under them, named lines.

    Parameters
    ----------
    points, curves
        What to draw.
    scales
        Of the level and the upright axis.
    x_limits, y_limits
        Ends of the axes; from the data when None.
    whole_x
        Whether the level axis counts, and so has whole marks only.

    Returns
    -------
    bytes
        SVG.
    """
    with style.drawing():
        figure = style.figure(3.6)
        axes = figure.add_subplot()
        for curve in curves:
            axes.plot(curve.x, curve.y, color=curve.colour, linestyle=curve.dashes, linewidth=1.3)
            end: dict[str, Any] = {"xytext": (3, 0), "textcoords": "offset points", "va": "center"}
            axes.annotate(curve.label, (curve.x[-1], curve.y[-1]), size=7.5, color=curve.colour, **end)
        for one in points:
            look: dict[str, Any] = {"c": one.colour, "marker": one.marker, "edgecolor": "white", "linewidth": 0.6}
            axes.scatter(one.x, one.y, s=one.sizes or 30.0, label=one.label, **look)
        if x_limits is not None:
            axes.set_xlim(*x_limits)
        if y_limits is not None:
            axes.set_ylim(*y_limits)
        for scale, which in zip(scales, ("x", "y"), strict=True):
            scale.along(axes, "x" if which == "x" else "y")
        if whole_x:
            axes.xaxis.set_major_locator(MaxNLocator(nbins=8, integer=True))
        if any(one.label for one in points):
            figure.legend(loc="outside upper left", ncols=2)
        return style.svg(figure)
