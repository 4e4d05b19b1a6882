"""A chain of losses, from the sun to the meter."""

from collections.abc import Callable, Sequence
from itertools import pairwise

from mine_energy.report import style
from mine_energy.report.charts import words
from mine_energy.report.style import Role, Scale

Number = Callable[[float], str]


def waterfall(
    labels: Sequence[str],
    values: Sequence[float],
    scale: Scale,
    number: Number,
    *,
    whole: Role = "pv",
    more_is_good: bool = True,
    percent: Number | None = None,
) -> bytes:
    """Draw a chain from top to bottom: the first and the last value whole, each step between as what it changes.

    Parameters
    ----------
    labels
        One per value.
    values
        The quantity after each step, in the order of the chain.
    scale
        The axis of the values.
    number
        Writes a value; changes get their sign in front.
    whole
        Mark of the first and the last value.
    more_is_good
        Whether a step up is a gain; of emissions it is not.
    percent
        Writes a change as a share of what stood before it; left out when None.

    Returns
    -------
    bytes
        SVG.
    """
    rows, figures = words.rows(labels, least_pt=17.5), _figures(values, number, percent)
    with style.drawing():
        figure = style.figure(0.6 + rows.height_in)
        axes = figure.add_subplot()
        last = len(values) - 1
        for place, (value, figured) in enumerate(zip(values, figures, strict=True)):
            before = values[place - 1] if place else 0.0
            is_whole = place in {0, last}
            gain = (value >= before) == more_is_good
            mark = style.MARKS[whole] if is_whole else style.MARKS["saving" if gain else "loss"]
            start, width = (0.0, value) if is_whole else (min(before, value), abs(value - before))
            axes.barh(rows.places[place], width, rows.bar, left=start, **style.fill(mark))
            words.behind(axes, figured, (value if is_whole else max(before, value), rows.places[place]))
        rows.along(axes)
        axes.set_xlim(0, words.reach(max([*values, 0.0]), figures, rows.across_pt))
        scale.along(axes, "x", rows.across_pt)
        return style.svg(figure)


def _figures(values: Sequence[float], number: Number, percent: Number | None) -> list[str]:
    """Return the first and the last value, and between them what each step changes."""
    shown = [number(values[0])]
    for before, value in pairwise(values[:-1]):
        sign = "+" if value >= before else "-"
        share = "" if percent is None or not before else f" ({sign}{percent(abs(value / before - 1.0))})"
        shown.append(f"{sign}{number(abs(value - before))}{share}")
    return [*shown, *(number(value) for value in values[1:][-1:])]
