"""What sizes save on either side of a limit in a tariff: lines that break at it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from mine_energy.report import style
from mine_energy.report.charts import words
from mine_energy.report.style import Scale

_DASHES: Final = ("-", (0, (5, 2)), (0, (1, 1.5)), (0, (6, 2, 1, 2)))
_COLOURS: Final = (style.BLUE, style.VERMILION, style.GREEN, style.PURPLE)
"""Of the lines in their order; dashes carry the same distinction in black and white."""
_BESIDE: Final[dict[str, Any]] = {
    "xytext": (0, 8),
    "textcoords": "offset points",
    "ha": "center",
    "size": style.SMALL,
    "weight": "bold",
    "bbox": {"boxstyle": "round,pad=0.1", "facecolor": style.PAPER, "edgecolor": "none"},
}
"""Letters over a point, in front of the lines that they cross."""
_MARKERS: Final = ("o", "s", "^", "D")


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeLine:
    """One line of a sweep.

    Parameters
    ----------
    label
        In the legend; none when empty.
    sizes, values
        Same length, sizes rising.
    """

    label: str
    sizes: Sequence[float]
    values: Sequence[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeMark:
    """A size that the text speaks of, and what is written beside it."""

    label: str
    size: float
    value: float


def size_sweep(
    lines: Sequence[SizeLine], limit: tuple[float, str], marks: Sequence[SizeMark], scales: tuple[Scale, Scale]
) -> bytes:
    """Draw savings over sizes, broken at the limit of a class, with the sizes that matter marked.

    Parameters
    ----------
    lines
        At most four are told apart.
    limit
        The last size of the lower class, and its name.
    marks
        Drawn as open diamonds, with their words.
    scales
        Of the sizes (level) and what they save (upright).

    Returns
    -------
    bytes
        SVG.
    """
    with style.drawing():
        figure = style.figure(2.6)
        axes = figure.add_subplot()
        for place, line in enumerate(lines):
            _broken(axes, line, limit[0], place % len(_COLOURS))
        axes.axvline(limit[0], color=style.INK, linestyle=":", linewidth=1.2)
        spot: dict[str, Any] = {
            "xycoords": ("data", "axes fraction"),
            "textcoords": "offset points",
            "size": style.SMALL,
        }
        axes.annotate(limit[1], (limit[0], 0.02), xytext=(4, 0), ha="left", va="bottom", **spot)
        axes.margins(x=0.06, y=0.14)
        for mark in marks:
            axes.plot([mark.size], [mark.value], "D", color=style.PAPER, markeredgecolor=style.INK, markersize=7)
            axes.annotate(mark.label, (mark.size, mark.value), **_BESIDE)
        scales[0].along(axes, "x")
        scales[1].along(axes, "y")
        if any(line.label for line in lines):
            words.legend(figure)
        return style.svg(figure)


def _broken(axes: Any, line: SizeLine, limit: float, place: int) -> None:
    """Draw one line in two pieces, with nothing between them."""
    look: dict[str, Any] = {"color": _COLOURS[place], "linestyle": _DASHES[place], "linewidth": 1.6}
    look |= {"marker": _MARKERS[place], "markersize": 3.5}
    pairs = list(zip(line.sizes, line.values, strict=True))
    pieces = ([pair for pair in pairs if pair[0] <= limit], [pair for pair in pairs if pair[0] > limit])
    for at, piece in enumerate(one for one in pieces if one):
        label = line.label if line.label and at == 0 else None
        axes.plot([size for size, _ in piece], [value for _, value in piece], label=label, **look)
