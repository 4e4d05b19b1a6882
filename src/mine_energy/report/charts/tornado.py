"""What moves a result: one bar per input, the longest on top."""

from collections.abc import Sequence
from typing import Final

from mine_energy.report import style
from mine_energy.report.charts import words
from mine_energy.report.style import Scale

_NAME_PT: Final = 120.0


def tornado(
    labels: Sequence[str],
    ends: Sequence[tuple[float, float]],
    base: float,
    names: tuple[str, str],
    scale: Scale,
) -> bytes:
    """Draw how far each input moves a result from its base.

    Parameters
    ----------
    labels
        Words, one per input.
    ends
        Result with the input at its P10, and at its P90.
    base
        Result with every input at base.
    names
        Legend of the two halves: input low, input high.
    scale
        The axis of the result.

    Returns
    -------
    bytes
        SVG.
    """
    rows = words.rows(labels, room_pt=_NAME_PT)
    with style.drawing():
        figure = style.figure(0.6 + rows.height_in)
        axes = figure.add_subplot()
        low, high = style.MARKS["market"], style.MARKS["import"]
        for order, (place, (at_low, at_high)) in enumerate(zip(rows.places, ends, strict=True)):
            axes.barh(place, at_low - base, rows.bar, left=base, label="" if order else names[0], **style.fill(low))
            axes.barh(place, at_high - base, rows.bar, left=base, label="" if order else names[1], **style.fill(high))
        axes.axvline(base, color=style.INK, linewidth=1.0)
        axes.margins(x=0.08)
        rows.along(axes)
        scale.along(axes, "x", rows.across_pt)
        words.legend(figure)
        return style.svg(figure)
