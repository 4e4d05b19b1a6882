"""What moves a result: one bar per input, the longest on top."""

from collections.abc import Sequence

from mine_energy.report import style
from mine_energy.report.style import Scale


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
    with style.drawing():
        figure = style.figure(1.2 + 0.3 * len(labels))
        axes = figure.add_subplot()
        low, high = style.MARKS["market"], style.MARKS["import"]
        for place, (at_low, at_high) in enumerate(ends):
            axes.barh(place, at_low - base, 0.66, left=base, label="" if place else names[0], **style.fill(low))
            axes.barh(place, at_high - base, 0.66, left=base, label="" if place else names[1], **style.fill(high))
        axes.axvline(base, color=style.INK, linewidth=1.0)
        axes.set_yticks(range(len(labels)), labels)
        axes.invert_yaxis()
        axes.margins(x=0.08)
        scale.along(axes, "x")
        axes.tick_params(axis="y", length=0)
        figure.legend(loc="outside upper left", ncols=2)
        return style.svg(figure)
