"""Points and lines: motors against their classes, energy against production."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from mine_energy.report import style
from mine_energy.report.charts import words
from mine_energy.report.style import Scale

_NAME_SHARE: Final = 0.075
"""Of the height of the drawing, from one name of a curve to the next."""


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
        Written at its right end; nothing when empty.
    x, y
        Same length.
    colour, dashes
        How it is drawn.
    name
        In the legend; none when empty.
    """

    label: str
    x: Sequence[float]
    y: Sequence[float]
    colour: str
    dashes: Any = "-"
    name: str = ""


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
        figure = style.figure(2.9)
        axes = figure.add_subplot()
        for curve in curves:
            axes.plot(
                curve.x, curve.y, color=curve.colour, linestyle=curve.dashes, linewidth=1.4, label=curve.name or None
            )
        for one in points:
            look: dict[str, Any] = {"c": one.colour, "marker": one.marker, "edgecolor": "white", "linewidth": 0.6}
            axes.scatter(one.x, one.y, s=one.sizes or 30.0, label=one.label, **look)
        if x_limits is not None:
            axes.set_xlim(*x_limits)
        if y_limits is not None:
            axes.set_ylim(*y_limits)
        for scale, which in zip(scales, ("x", "y"), strict=True):
            scale.along(axes, "x" if which == "x" else "y")
        _ends(axes, [curve for curve in curves if curve.label])
        if whole_x:
            axes.xaxis.set_major_locator(MaxNLocator(nbins=8, integer=True))
        words.legend(figure)
        return style.svg(figure)


def _ends(axes: Axes, curves: Sequence[Curve]) -> None:
    """Write the curves' names at their right ends, apart from one another where the ends are close."""
    low, high = axes.get_ylim()
    rows = words.apart([curve.y[-1] for curve in curves], _NAME_SHARE * (high - low))
    for curve, row in zip(curves, rows, strict=True):
        words.behind(axes, curve.label, (curve.x[-1], row))
