"""Debt service coverage by year, in a usual year and in poor ones."""

from collections.abc import Sequence
from typing import Any, Final

from matplotlib.ticker import MaxNLocator

from mine_energy.report import style
from mine_energy.report.charts import words
from mine_energy.report.charts.sizes import SizeLine
from mine_energy.report.style import Scale

_LOOKS: Final[tuple[dict[str, Any], ...]] = (
    {"color": style.BLUE, "linestyle": "-", "marker": "o"},
    {"color": style.GREEN, "linestyle": (0, (5, 2)), "marker": "s"},
    {"color": style.VERMILION, "linestyle": (0, (1, 1.5)), "marker": "^"},
)


def debt_coverage(cases: Sequence[SizeLine], one: str, x_label: str, scale: Scale) -> bytes:
    """Draw the ratio of cash to debt service by year; below one the cash does not cover the service.

    Parameters
    ----------
    cases
        At most three are told apart; sizes are years, values their ratios.
    one
        Name of the line at one.
    x_label
        What the years are.
    scale
        Of the ratio.

    Returns
    -------
    bytes
        SVG.
    """
    with style.drawing():
        figure = style.figure(2.2)
        axes = figure.add_subplot()
        for place, case in enumerate(cases):
            look = _LOOKS[place % len(_LOOKS)]
            axes.plot(case.sizes, case.values, label=case.label, linewidth=1.6, markersize=4, **look)
        axes.axhline(1.0, color=style.INK, linewidth=1.0)
        spot: dict[str, Any] = {
            "xycoords": ("axes fraction", "data"),
            "textcoords": "offset points",
            "size": style.SMALL,
        }
        axes.annotate(one, (0.99, 1.0), xytext=(0, 2), ha="right", va="bottom", **spot)
        axes.set_ylim(bottom=min(0.0, *(min(case.values) for case in cases if case.values), 0.0))
        axes.set_xlabel(x_label)
        scale.along(axes, "y")
        axes.xaxis.set_major_locator(MaxNLocator(nbins=8, integer=True))
        axes.margins(x=0.04)
        words.legend(figure)
        return style.svg(figure)
