"""Horizontal bars: where the energy goes, what each cause saves."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from mine_energy.report import style
from mine_energy.report.style import Mark, Scale

Number = Callable[[float], str]
_BAND_LINE: Final[dict[str, Any]] = {"ecolor": style.INK, "elinewidth": 0.9, "capsize": 2.5}


def horizontal_bars(
    labels: Sequence[str],
    values: Sequence[float],
    scale: Scale,
    number: Number,
    *,
    mark: Mark,
    bands: Sequence[tuple[float, float]] = (),
) -> bytes:
    """Draw one bar per label, the first on top, each with its value in figures.

    Parameters
    ----------
    labels
        Words, one per bar.
    values
        Same length, in the unit that `scale` names.
    scale
        The axis of the values.
    number
        Writes a value.
    mark
        Colour and hatch of the bars.
    bands
        Low and high of each value, drawn as whiskers; none when empty.

    Returns
    -------
    bytes
        SVG.
    """
    with style.drawing():
        figure = style.figure(0.9 + 0.32 * len(labels))
        axes = figure.add_subplot()
        places = range(len(labels))
        axes.barh(places, values, height=0.68, **style.fill(mark))
        ends = list(values)
        if bands:
            arms = [[v - low for v, (low, _) in zip(values, bands, strict=True)]]
            arms.append([high - v for v, (_, high) in zip(values, bands, strict=True)])
            axes.errorbar(values, places, xerr=arms, fmt="none", **_BAND_LINE)
            ends = [max(v, high) for v, (_, high) in zip(values, bands, strict=True)]
        for place, (end, value) in enumerate(zip(ends, values, strict=True)):
            axes.annotate(
                number(value), (max(end, 0.0), place), xytext=(4, 0), textcoords="offset points", va="center", size=8.5
            )
        axes.set_yticks(places, labels)
        axes.invert_yaxis()
        axes.set_xlim(right=1.18 * max([*ends, 0.0]) or 1.0)
        scale.along(axes, "x")
        axes.tick_params(axis="y", length=0)
        return style.svg(figure)
