"""The supply curve of saved energy: how much can be saved at what cost of the kWh."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from mine_energy.report import style
from mine_energy.report.charts import words
from mine_energy.report.style import Scale

_ACROSS_PT: Final = 245.0
"""Width of the drawing, points, at least."""
_HEADROOM: Final = 1.16


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One saving of the curve.

    Parameters
    ----------
    label
        Its place in the table; written over it where there is room.
    width
        Energy saved.
    height
        Cost of the saved unit of energy.
    pays
        Whether it costs less than energy does; None where nobody knows what energy costs.
    """

    label: str
    width: float
    height: float
    pays: bool | None


def conserved(
    blocks: Sequence[Block], price: tuple[str, float] | None, scales: tuple[Scale, Scale], top: float
) -> bytes:
    """Draw savings side by side, the cheapest first, under the line of what energy costs.

    Parameters
    ----------
    blocks
        In order of cost.
    price
        Name in the legend and height of the line across; none when None.
    scales
        Of the energy (level) and the cost (upright).
    top
        Upper end of the upright axis; blocks above it are cut there and keep their figure in the table.

    Returns
    -------
    bytes
        SVG.
    """
    total = sum(block.width for block in blocks) or 1.0
    with style.drawing():
        figure = style.figure(2.6)
        axes = figure.add_subplot()
        left = 0.0
        for block in blocks:
            mark = style.MARKS["import" if block.pays is None else "saving" if block.pays else "loss"]
            look = style.fill(mark) | {"linewidth": 0.25}
            axes.bar(left, min(block.height, top), block.width, align="edge", **look)
            if block.width * _ACROSS_PT > total * (style.width_pt(block.label) + 3.0):
                place = (left + block.width / 2, max(0.0, min(block.height, top)))
                axes.annotate(
                    block.label, place, xytext=(0, 2), textcoords="offset points", ha="center", size=style.SMALL
                )
            left += block.width
        if price is not None:
            axes.axhline(price[1], color=style.INK, linestyle=(0, (4, 2)), linewidth=1.2, label=price[0])
        axes.set_xlim(0, total)
        low = min([*(block.height for block in blocks), 0.0])
        axes.set_ylim(_HEADROOM * max(low, -top), _HEADROOM * top or 1.0)
        scales[0].along(axes, "x")
        scales[1].along(axes, "y")
        words.legend(figure)
        return style.svg(figure)
