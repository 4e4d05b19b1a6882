"""Savings cause after cause: each bar starts where the one before it ended."""

from collections.abc import Callable, Sequence
from typing import Any

from mine_energy.report import style
from mine_energy.report.charts import words
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
    rows, figures = words.rows(labels), [number(value) for value in (*applied, sum(applied))]
    with style.drawing():
        figure = style.figure(0.6 + rows.height_in)
        axes = figure.add_subplot()
        reached, far = 0.0, 0.0
        for order, (value, single) in enumerate(zip(applied, alone, strict=True)):
            place, first = rows.places[order], order == 0
            axes.barh(place, value, rows.bar, left=reached, label=names[0] if first else "", **_filled())
            axes.barh(place, single, rows.bar, left=reached, label=names[1] if first else "", **_outline())
            end = reached + max(value, single, 0.0)
            words.behind(axes, figures[order], (end, place))
            reached += value
            far = max(far, end, reached)
        axes.barh(rows.places[-1], reached, rows.bar, **style.fill(style.MARKS["import"]))
        words.behind(axes, figures[-1], (max(reached, 0.0), rows.places[-1]))
        rows.along(axes)
        axes.set_xlim(min(0.0, 1.05 * reached), words.reach(far, figures, rows.across_pt))
        scale.along(axes, "x", rows.across_pt)
        words.legend(figure)
        return style.svg(figure)


def _filled() -> dict[str, Any]:
    return style.fill(style.MARKS["saving"])


def _outline() -> dict[str, Any]:
    return {"facecolor": "none", "edgecolor": style.INK, "linewidth": 1.0, "linestyle": (0, (2, 1.5))}
