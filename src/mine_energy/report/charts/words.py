"""The words of a chart: how wide they are, where they break, and the room they take from the drawing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any, Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import Transform

from mine_energy.report import style
from mine_energy.report.style import width_pt
from mine_energy.units import POINTS_PER_INCH

_NAME_PT: Final = 98.0
"""Longest line of a name beside its bar: a third of the chart."""
_LINE_PT: Final = 10.6
"""From one line of a name to the next."""
_ROW_PT: Final = 20.0
"""From one bar to the next, where every name fits one line."""
_EDGE_PT: Final = 20.0
"""What the ends of a chart take beside its names and its drawing."""
_HANDLE_PT: Final = 3.0 * style.SMALL
_BETWEEN_PT: Final = 1.2 * style.SMALL
_LEGEND_LINE_PT: Final = 1.45 * style.SMALL
_MOST_COLUMNS: Final = 4
_NEVER: Final = 10_000
"""Lines of a legend in which a word would be cut."""
_NOTHING: Final = 1e-9
_GAP_PT: Final = 4.0
"""Between the names of two rows."""
_BAR: Final = 0.68
_PIECES: Final = re.compile(r"[^\-/_]*[\-/_]+|[^\-/_]+")
"""A word too long for its line breaks after the marks that join the parts of a machine's tag."""


def wrapped(words: str, room_pt: float = _NAME_PT, size: float = style.SMALL) -> str:
    """Return words broken into lines no wider than the room, with every letter kept.

    Parameters
    ----------
    words
        Their own line breaks stay.
    room_pt
        Longest line, points; a piece that alone is longer is broken where the room ends.
    size
        Of the letters, points.
    """
    return "\n".join(_broken(line, room_pt, size) for line in words.split("\n"))


def _broken(words: str, room_pt: float, size: float) -> str:
    lines = [""]
    for word in words.split():
        if width_pt(f"{lines[-1]} {word}".strip(), size) <= room_pt:
            lines[-1] = f"{lines[-1]} {word}".strip()
        elif width_pt(word, size) <= room_pt:
            lines.append(word)
        else:
            lines += _cut(word, room_pt, size)
    return "\n".join(line for line in lines if line)


def _cut(word: str, room_pt: float, size: float) -> list[str]:
    """Return the lines of a word that no line holds: broken after its joints, else where the room ends."""
    lines = [""]
    for piece in _PIECES.findall(word):
        if lines[-1] and width_pt(lines[-1] + piece, size) > room_pt:
            lines.append("")
        for letter in piece:
            if lines[-1] and width_pt(lines[-1] + letter, size) > room_pt:
                lines.append("")
            lines[-1] += letter
    return lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Where lying bars stand, in points from the top: a name of several lines has a higher row.

    Parameters
    ----------
    names
        Broken to stand beside the bars.
    places
        Middle of each row.
    bar
        Height of a bar.
    total
        Height of all rows.
    """

    names: Sequence[str]
    places: Sequence[float]
    bar: float
    total: float

    @property
    def across_pt(self) -> float:
        """Width that the names leave to the drawing, points."""
        names = max((width_pt(name) for name in self.names), default=0.0)
        return POINTS_PER_INCH * style.WIDTH_IN - _EDGE_PT - names

    @property
    def height_in(self) -> float:
        """Height of all rows, inches."""
        return self.total / POINTS_PER_INCH

    def along(self, axes: Axes) -> None:
        """Name the rows of `axes`, the first on top."""
        axes.set_yticks(self.places, self.names)
        axes.set_ylim(self.total, 0.0)
        axes.tick_params(axis="y", length=0)


def rows(labels: Sequence[str], *, room_pt: float = _NAME_PT, least_pt: float = _ROW_PT) -> Rows:
    """Return the rows of lying bars.

    Parameters
    ----------
    labels
        Names of the bars.
    room_pt
        Longest line of a name, points.
    least_pt
        Height of a row whose name fits one line.
    """
    names = [wrapped(label, room_pt) for label in labels]
    heights = [max(least_pt, (name.count("\n") + 1) * _LINE_PT + _GAP_PT) for name in names]
    ends = list(accumulate(heights))
    places = [end - height / 2 for end, height in zip(ends, heights, strict=True)]
    return Rows(names=names, places=places, bar=_BAR * least_pt, total=ends[-1] if ends else least_pt)


def reach(far: float, ends: Sequence[str], across_pt: float) -> float:
    """Return where the axis of lying bars has to end so that the figures behind the bars stay in the drawing.

    Parameters
    ----------
    far
        End of the longest bar; one where every bar is too short to be drawn.
    ends
        What is written behind the bars.
    across_pt
        Width of the drawing, points.
    """
    taken = max((width_pt(end) for end in ends), default=0.0) + 8.0
    return (far if far > _NOTHING else 1.0) / max(0.3, 1.0 - taken / across_pt)


def legend(drawn: Figure) -> None:
    """Name what is drawn, above it, in as many columns as fit side by side; the figure grows by its lines.

    Parameters
    ----------
    drawn
        With everything in it that has a label.
    """
    found: dict[str, Any] = {}
    for axes in drawn.axes:
        for handle, label in zip(*axes.get_legend_handles_labels(), strict=True):
            if label:
                found.setdefault(label, handle)
    if not found:
        return
    room = POINTS_PER_INCH * drawn.get_figwidth() - 8.0
    tries = [_set(list(found), columns, room) for columns in range(1, min(len(found), _MOST_COLUMNS) + 1)]
    lines, labels = min(tries, key=lambda tried: tried[0])
    drawn.set_figheight(drawn.get_figheight() + (lines * _LEGEND_LINE_PT + 4.0) / POINTS_PER_INCH)
    columns = tries.index((lines, labels)) + 1
    drawn.legend(list(found.values()), labels, loc="outside upper left", ncols=columns)


def _set(labels: Sequence[str], columns: int, room: float) -> tuple[int, list[str]]:
    """Return the lines of a legend of so many columns, and its labels broken for it; as they are where they fit."""
    each = room / columns - _HANDLE_PT - _BETWEEN_PT * (columns - 1) / columns
    if sum(max(map(width_pt, part)) for part in _columns(labels, columns)) <= each * columns:
        broken = list(labels)
    else:
        broken = [wrapped(label, each) for label in labels]
        if columns > 1 and any(width_pt(word) > each for label in labels for word in label.split()):
            return _NEVER, broken
    return max(sum(label.count("\n") + 1 for label in part) for part in _columns(broken, columns)), broken


def _columns(labels: Sequence[str], count: int) -> list[Sequence[str]]:
    """Return the labels of each column: filled one after the other, the first ones with one more where it is uneven."""
    short, more = divmod(len(labels), count)
    ends = [0]
    for column in range(count):
        ends.append(ends[-1] + short + (column < more))
    return [labels[begin:end] for begin, end in pairwise(ends)]


def behind(
    axes: Axes, words: str, place: tuple[float, float], *, inwards: bool = False, over: Transform | None = None
) -> None:
    """Write a figure behind the end of a lying bar.

    Parameters
    ----------
    axes
        Of the bar.
    words
        The figure.
    place
        End of the bar, and its row.
    inwards
        Whether it stands to the left of the end.
    over
        Coordinates of `place`; those of the data when None.
    """
    side: dict[str, Any] = {"xytext": (-4, 0), "ha": "right"} if inwards else {"xytext": (4, 0), "ha": "left"}
    axes.annotate(
        words, place, xycoords=over or "data", textcoords="offset points", va="center", size=style.SMALL, **side
    )


def apart(values: Sequence[float], least: float) -> list[float]:
    """Return values moved as little as their order allows until each is `least` from the next: rows for their names.

    Parameters
    ----------
    values
        In any order; the result is in the same.
    least
        Smallest distance.
    """
    order = sorted(range(len(values)), key=lambda place: (values[place], place))
    groups: list[tuple[float, list[int]]] = []
    for place in order:
        groups.append((values[place], [place]))
        while len(groups) > 1 and groups[-1][0] - groups[-2][0] < least * (len(groups[-1][1]) + len(groups[-2][1])) / 2:
            upper, lower = groups.pop(), groups.pop()
            both = [*lower[1], *upper[1]]
            groups.append((sum(values[one] for one in both) / len(both), both))
    moved = list(values)
    for centre, members in groups:
        for step, place in enumerate(members):
            moved[place] = centre + least * (step - (len(members) - 1) / 2)
    return moved
