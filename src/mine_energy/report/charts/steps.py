"""Savings cause after cause: each bar starts where the one before it ended."""

from collections.abc import Callable, Sequence
from typing import Any

from mine_energy.report import style
from mine_energy.report.style import Scale

Number = Callable[[float], str]


def savings_steps(
    labels: Sequence[str],
    applied: Sequence[float],
    alone: Sequence[float],
    names: tuple[str, str],
    scale: Scale,
    number: Number,
) -> bytes:
    """Draw savings in the order in which they are applied, and outlined what each would save alone.

    Parameters
    ----------
    labels
        One per step, and one more for the total.
    applied, alone
        Saving of each step after those before it, and on the machines of today.
    names
        Legend of the filled and of the outlined bars.
    scale
        The axis of the values.
    number
        Writes a value.

    Returns
    -------
    bytes
        SVG.
    """
    with style.drawing():
        figure = style.figure(1.2 + 0.3 * len(labels))
        axes = figure.add_subplot()
        reached, far = 0.0, 0.0
        for place, (value, single) in enumerate(zip(applied, alone, strict=True)):
            first = place == 0
            axes.barh(place, value, 0.66, left=reached, label=names[0] if first else "", **_filled())
            axes.barh(place, single, 0.66, left=reached, label=names[1] if first else "", **_outline())
            end = reached + max(value, single)
            axes.annotate(number(value), (end, place), xytext=(4, 0), textcoords="offset points", va="center", size=8)
            reached += value
            far = max(far, end, reached)
        axes.barh(len(applied), reached, 0.66, **style.fill(style.MARKS["import"]))
        axes.annotate(
            number(reached), (reached, len(applied)), xytext=(4, 0), textcoords="offset points", va="center", size=8
        )
        axes.set_yticks(range(len(labels)), labels)
        axes.invert_yaxis()
        axes.set_xlim(0, 1.18 * far or 1.0)
        scale.along(axes, "x")
        axes.tick_params(axis="y", length=0)
        figure.legend(loc="outside upper left", ncols=2)
        return style.svg(figure)


def _filled() -> dict[str, Any]:
    return style.fill(style.MARKS["saving"])


def _outline() -> dict[str, Any]:
    return {"facecolor": "none", "edgecolor": style.INK, "linewidth": 1.0, "linestyle": (0, (2, 1.5))}
