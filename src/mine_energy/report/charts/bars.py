"""Horizontal bars: where the energy goes, what each cause saves."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from mine_energy.report import style
from mine_energy.report.charts import words
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
    rows, figures = words.rows(labels), [number(value) for value in values]
    with style.drawing():
        figure = style.figure(0.6 + rows.height_in)
        axes = figure.add_subplot()
        axes.barh(rows.places, values, height=rows.bar, **style.fill(mark))
        ends = list(values)
        if bands:
            arms = [[v - low for v, (low, _) in zip(values, bands, strict=True)]]
            arms.append([high - v for v, (_, high) in zip(values, bands, strict=True)])
            axes.errorbar(values, rows.places, xerr=arms, fmt="none", **_BAND_LINE)
            ends = [max(v, high) for v, (_, high) in zip(values, bands, strict=True)]
        for place, end, figured in zip(rows.places, ends, figures, strict=True):
            words.behind(axes, figured, (max(end, 0.0), place))
        rows.along(axes)
        low = min([*values, *(low for low, _ in bands), 0.0])
        axes.set_xlim(1.05 * low, words.reach(max([*ends, 0.0]), figures, rows.across_pt))
        scale.along(axes, "x", rows.across_pt)
        return style.svg(figure)
