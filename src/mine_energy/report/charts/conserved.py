"""The supply curve of saved energy: how much can be saved at what cost of the kWh."""

from collections.abc import Sequence
from dataclasses import dataclass

from mine_energy.report import style
from mine_energy.report.style import Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One saving of the curve.

    Parameters
    ----------
    label
        Written over it where there is room; nothing when empty.
    width
        Energy saved.
    height
        Cost of the saved unit of energy.
    pays
        Whether it costs less than energy does.
    """

    label: str
    width: float
    height: float
    pays: bool


def conserved(
    blocks: Sequence[Block], price: tuple[str, float] | None, scales: tuple[Scale, Scale], top: float
) -> bytes:
    """Draw savings side by side, the cheapest first, under the line of what energy costs.

    Parameters
    ----------
    blocks
        In order of cost.
    price
        Name and height of the line across; none when None.
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
        figure = style.figure(3.2)
        axes = figure.add_subplot()
        left = 0.0
        for block in blocks:
            mark = style.MARKS["saving" if block.pays else "loss"]
            look = style.fill(mark) | {"linewidth": 0.25}
            axes.bar(left, min(block.height, top), block.width, align="edge", **look)
            if block.label and block.width > 0.07 * total:
                place = (left + block.width / 2, min(block.height, 0.9 * top))
                axes.annotate(
                    block.label, place, xytext=(0, 3), textcoords="offset points", ha="center", size=7, rotation=90
                )
            left += block.width
        if price is not None:
            axes.axhline(price[1], color=style.INK, linestyle=(0, (4, 2)), linewidth=1.2)
            axes.annotate(price[0], (0, price[1]), xytext=(4, 3), textcoords="offset points", size=8)
        axes.set_xlim(0, total)
        axes.set_ylim(0, 1.1 * top or 1.0)
        scales[0].along(axes, "x")
        scales[1].along(axes, "y")
        return style.svg(figure)
