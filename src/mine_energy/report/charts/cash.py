"""Cumulative cash of a project over its horizon."""

from collections.abc import Sequence
from typing import Any, Final

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from mine_energy.report import style
from mine_energy.report.style import Scale

_EARLY: Final = 0.35
"""Share of the horizon within which a payback is written to the right of its line."""
_HEADROOM: Final = 0.16
"""Of the upright axis, kept free for the words about the payback."""


def cumulative_cash(
    cumulative: Sequence[float], x_label: str, scale: Scale, *, payback: tuple[float, str] | None, never: str = ""
) -> bytes:
    """Draw the running sum of the flows of every year, with the year of payback marked.

    Parameters
    ----------
    cumulative
        Value at the end of years 0, 1, 2 ...
    x_label
        What the years are.
    scale
        The upright axis.
    payback
        Years until the sum reaches zero and how to write them; None when it never does.
    never
        What is written where there is no payback.

    Returns
    -------
    bytes
        SVG.
    """
    with style.drawing():
        figure = style.figure(2.3)
        axes = figure.add_subplot()
        for year, value in enumerate(cumulative):
            axes.bar(year, value, 0.72, **style.fill(style.MARKS["loss" if value < 0 else "saving"]))
        axes.axhline(0, color=style.INK, linewidth=0.9)
        low, high = min([*cumulative, 0.0]), max([*cumulative, 0.0])
        span = (high - low) or 1.0
        axes.set_ylim(low - 0.04 * span, high + _HEADROOM * span)
        last = len(cumulative) - 1
        if payback is not None and payback[0] <= last:
            axes.axvline(payback[0], color=style.INK, linestyle=":", linewidth=1.2)
            _said(axes, payback[1], payback[0], right=payback[0] < _EARLY * last)
        elif never:
            _said(axes, never, last, right=False)
        axes.set_xlabel(x_label)
        scale.along(axes, "y")
        axes.xaxis.set_major_locator(MaxNLocator(nbins=8, integer=True))
        axes.tick_params(axis="x", length=0)
        return style.svg(figure)


def _said(axes: Axes, words: str, year: float, *, right: bool) -> None:
    """Write at the top of the drawing, on the side of a year where there is room."""
    spot: dict[str, Any] = {"xycoords": ("data", "axes fraction"), "textcoords": "offset points"}
    side: dict[str, Any] = {"xytext": (4, 0), "ha": "left"} if right else {"xytext": (-4, 0), "ha": "right"}
    axes.annotate(words, (year, 0.99), va="top", weight="bold", size=style.SMALL, **spot, **side)
