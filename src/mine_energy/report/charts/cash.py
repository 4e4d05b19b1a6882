"""Cumulative cash of a project over its horizon."""

from collections.abc import Sequence
from typing import Any

from matplotlib.ticker import MaxNLocator

from mine_energy.report import style
from mine_energy.report.style import Scale


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
            axes.annotate(payback[1], (payback[0], 0.98), xytext=(-4, 0), ha="right", va="top", weight="bold", **spot)
        axes.set_xlabel(x_label)
        scale.along(axes, "y")
        axes.xaxis.set_major_locator(MaxNLocator(nbins=8, integer=True))
        axes.tick_params(axis="x", length=0)
        return style.svg(figure)
