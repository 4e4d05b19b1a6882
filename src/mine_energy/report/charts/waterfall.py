"""A chain of losses, from the sun to the meter."""

from collections.abc import Callable, Sequence

from mine_energy.report import style
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

    Returns
    -------
    bytes
        SVG.
    """
    with style.drawing():
        figure = style.figure(0.8 + 0.27 * len(labels))
        axes = figure.add_subplot()
        last = len(values) - 1
        for place, value in enumerate(values):
            before = values[place - 1] if place else 0.0
            is_whole = place in {0, last}
            gain = (value >= before) == more_is_good
            mark = style.MARKS[whole] if is_whole else style.MARKS["saving" if gain else "loss"]
            start, width = (0.0, value) if is_whole else (min(before, value), abs(value - before))
            axes.barh(place, width, 0.7, left=start, **style.fill(mark))
            words = number(value) if is_whole else f"{'+' if value >= before else '-'}{number(abs(value - before))}"
            end = value if is_whole else max(before, value)
            axes.annotate(words, (end, place), xytext=(4, 0), textcoords="offset points", va="center", size=8)
        axes.set_yticks(range(len(labels)), labels)
        axes.invert_yaxis()
        axes.set_xlim(0, 1.15 * max(values) or 1.0)
        scale.along(axes, "x")
        axes.tick_params(axis="y", length=0)
        return style.svg(figure)
