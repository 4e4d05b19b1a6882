"""Bars from the largest down, with the share that they reach together."""

from collections.abc import Callable, Sequence
from itertools import accumulate

from matplotlib.ticker import FixedLocator

from mine_energy.report import style
from mine_energy.report.style import Scale

Number = Callable[[float], str]


def pareto(
    labels: Sequence[str],
    values: Sequence[float],
    scale: Scale,
    number: Number,
    together: Scale,
) -> bytes:
    """Draw one bar per label, the first on top, and across them the running share of the sum.

    Parameters
    ----------
    labels
        Words, one per bar.
    values
        Not negative, the largest first.
    scale
        The axis of the values.
    number
        Writes a value.
    together
        The axis of the running share, 0 to 1.

    Returns
    -------
    bytes
        SVG.
    """
    total = sum(values) or 1.0
    with style.drawing():
        figure = style.figure(1.3 + 0.27 * len(labels))
        axes = figure.add_subplot()
        places = range(len(labels))
        axes.barh(places, values, height=0.68, **style.fill(style.MARKS["import"]))
        for place, value in enumerate(values):
            axes.annotate(number(value), (value, place), xytext=(4, 0), textcoords="offset points", va="center", size=8)
        axes.set_yticks(places, labels)
        axes.invert_yaxis()
        # Both axes end at the same multiple of their largest value, so that the share's line stays clear of the words.
        axes.set_xlim(0, 1.3 * max([*values, 0.0]) or 1.0)
        scale.along(axes, "x")
        axes.tick_params(axis="y", length=0)
        shares = axes.twiny()
        shares.plot([part / total for part in accumulate(values)], places, color=style.VERMILION, marker="D", ms=3.5)
        shares.set_xlim(0, 1.05)
        shares.xaxis.set_major_locator(FixedLocator([0, 0.2, 0.4, 0.6, 0.8, 1.0]))
        shares.xaxis.set_major_formatter(lambda value, _: together.tick(value))
        shares.set_xlabel(together.label)
        shares.spines["top"].set_visible(True)
        return style.svg(figure)
