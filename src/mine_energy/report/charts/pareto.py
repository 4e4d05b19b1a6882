"""Bars from the largest down, with the share that they reach together."""

from collections.abc import Callable, Sequence
from itertools import accumulate

from mine_energy.report import style
from mine_energy.report.charts import words
from mine_energy.report.style import Scale

Number = Callable[[float], str]


def pareto(
    labels: Sequence[str],
    values: Sequence[float],
    scale: Scale,
    number: Number,
    together: Scale,
) -> bytes:
    """Draw one bar per label, the first on top, and at the right edge the share of the sum reached so far.

    The shares stand in figures: a second axis across the bars would cross their own figures.

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
        Name of the running share, 0 to 1, and how it is written.

    Returns
    -------
    bytes
        SVG.
    """
    total = sum(values) or 1.0
    rows, figures = words.rows(labels), [number(value) for value in values]
    shares = [together.tick(part / total) for part in accumulate(values)]
    with style.drawing():
        figure = style.figure(0.8 + rows.height_in)
        axes = figure.add_subplot()
        axes.barh(rows.places, values, height=rows.bar, **style.fill(style.MARKS["import"]))
        edge = axes.get_yaxis_transform()
        for place, value, figured, share in zip(rows.places, values, figures, shares, strict=True):
            words.behind(axes, figured, (value, place))
            words.behind(axes, share, (1.0, place), inwards=True, over=edge)
        axes.set_title(together.label, loc="right", fontsize=style.SMALL, pad=3.0)
        rows.along(axes)
        # Behind the longest bar stand its own figure and the widest share.
        widest = [f"{figured} — {share}" for figured, share in zip(figures, shares, strict=True)]
        axes.set_xlim(0, words.reach(max([*values, 0.0]), widest, rows.across_pt))
        scale.along(axes, "x", rows.across_pt)
        return style.svg(figure)
