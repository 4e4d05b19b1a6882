"""Cumulative cash of a project over its horizon."""

from collections.abc import Sequence
from typing import Any, Final

from matplotlib.ticker import MaxNLocator

from mine_energy.report import style
from mine_energy.report.style import Scale

_EARLY: Final = 0.1
"""Share of the horizon within which a payback is written to the right of its line."""


def cumulative_cash(
    cumulative: Sequence[float], x_label: str, scale: Scale, *, payback: tuple[float, str] | None
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

    Returns
    -------
    bytes
        SVG.
    """
    with style.drawing():
        figure = style.figure(2.8)
        axes = figure.add_subplot()
        for year, value in enumerate(cumulative):
            axes.bar(year, value, 0.72, **style.fill(style.MARKS["loss" if value < 0 else "saving"]))
        axes.axhline(0, color=style.INK, linewidth=0.9)
        if payback is not None and payback[0] <= len(cumulative) - 1:
            axes.axvline(payback[0], color=style.INK, linestyle=":", linewidth=1.2)
            spot: dict[str, Any] = {"xycoords": ("data", "axes fraction"), "textcoords": "offset points"}
            # On the left there is room once the bars below zero are past; before that the axis' figures stand there.
            early = payback[0] < _EARLY * (len(cumulative) - 1)
            side: dict[str, Any] = {"xytext": (4, 0), "ha": "left"} if early else {"xytext": (-4, 0), "ha": "right"}
            axes.annotate(payback[1], (payback[0], 0.98), va="top", weight="bold", **spot, **side)
        axes.set_xlabel(x_label)
        scale.along(axes, "y")
        axes.xaxis.set_major_locator(MaxNLocator(nbins=8, integer=True))
        axes.tick_params(axis="x", length=0)
        return style.svg(figure)
