"""One house style for every chart: colours, hatches, lines, sizes, and how a figure becomes bytes.

Colours are those of Okabe and Ito (Color Universal Design, 2008), which people with any common colour vision tell
apart; hatches and line patterns carry the same distinction in black and white. Letters are drawn as shapes of the
font that ships with matplotlib, so a chart looks the same on every machine and asks for no font.
"""

import io
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path
from matplotlib.ticker import MaxNLocator
from PIL import Image

from mine_energy.report.compact import compact

BLACK: Final = "#000000"
ORANGE: Final = "#E69F00"
SKY: Final = "#56B4E9"
GREEN: Final = "#009E73"
YELLOW: Final = "#F0E442"
BLUE: Final = "#0072B2"
VERMILION: Final = "#D55E00"
PURPLE: Final = "#CC79A7"

INK: Final = "#1c262b"
QUIET: Final = "#5b6870"
RULE: Final = "#d5dbde"
PAPER: Final = "#ffffff"

WIDTH_IN: Final = 4.25
"""A chart's width: on a phone of 360 px its smallest letters are 9 px high, on a desk they are those of the text."""
SMALL: Final = 8.5
"""Size of all letters but axis labels, points; nothing in a chart is smaller."""

_ACROSS_PT: Final = 230.0
"""Width of a drawing beside the values of its upright axis, points, at least."""
_MOST_VALUES: Final = 5
_VALUE_GAP_PT: Final = 6.0

_PNG_DPI: Final = 160
_PNG_COLOURS: Final = 96
"""Enough for flat areas, within two of 255 steps, and the edges of letters, at a quarter of the bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """How one quantity is drawn wherever it appears.

    Parameters
    ----------
    colour
        Of the fill or the line.
    hatch
        Pattern over a fill, for black and white.
    line
        Dash pattern of a line.
    """

    colour: str
    hatch: str = ""
    line: Any = "-"


Role = Literal[
    "today",
    "after",
    "with_pv",
    "pv",
    "battery",
    "import",
    "genset",
    "unserved",
    "export",
    "saving",
    "loss",
    "location",
    "market",
    "avoided",
]

MARKS: Final[dict[Role, Mark]] = {
    "today": Mark(colour=BLACK),
    "after": Mark(colour=BLUE, line=(0, (5, 2))),
    "with_pv": Mark(colour=GREEN, line=(0, (1, 1.5))),
    "pv": Mark(colour=ORANGE, hatch="---", line=(0, (1, 1.2))),
    "battery": Mark(colour=SKY, hatch="///"),
    "import": Mark(colour=BLUE),
    "genset": Mark(colour=VERMILION, hatch="xxx"),
    "unserved": Mark(colour=BLACK),
    "export": Mark(colour=YELLOW, hatch="\\\\\\"),
    "saving": Mark(colour=GREEN, hatch="///"),
    "loss": Mark(colour=VERMILION, hatch="\\\\\\"),
    "location": Mark(colour=BLUE),
    "market": Mark(colour=SKY, hatch="///"),
    "avoided": Mark(colour=PAPER, hatch="|||"),
}
"""The mark of every quantity; the same in all charts of a report. No dots: each is a circle of many bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """An axis with values.

    Parameters
    ----------
    label
        Quantity and unit.
    tick
        Writes a value along the axis.
    """

    label: str
    tick: Callable[[float], str]

    def along(self, axes: Axes, which: Literal["x", "y"], across_pt: float = _ACROSS_PT) -> None:
        """Label one axis of `axes` whose limits are set, with few round values and light rules across.

        Parameters
        ----------
        axes
            To be labelled.
        which
            Of its axes.
        across_pt
            Width of the drawing, points: there are no more values along it than stand side by side.
        """
        axis = axes.xaxis if which == "x" else axes.yaxis
        axis.set_label_text(self.label)
        axis.set_major_locator(_round_values(_MOST_VALUES))
        if which == "x":
            axis.set_major_locator(_round_values(self._fitting(axes.get_xlim(), across_pt)))
        axis.set_major_formatter(lambda value, _: self.tick(value))
        axes.grid(visible=True, axis=which)

    def _fitting(self, limits: tuple[float, float], across_pt: float) -> int:
        """Return how many steps between values leave room for what is written at each."""
        for steps in range(_MOST_VALUES, 1, -1):
            values = _round_values(steps).tick_values(*limits)
            widest = max(width_pt(self.tick(float(value))) for value in values)
            if across_pt / steps >= widest + _VALUE_GAP_PT:
                return steps
        return 1


def _round_values(steps: int) -> MaxNLocator:
    return MaxNLocator(nbins=steps, steps=[1, 2, 2.5, 5, 10])


@cache
def width_pt(words: str, size: float = SMALL, weight: str = "normal") -> float:
    """Return how wide the longest line of words is, points."""
    font = FontProperties(family="DejaVu Sans", size=size, weight=weight)
    lines = words.split("\n")
    return max(float(text_to_path.get_text_width_height_descent(line, font, ismath=False)[0]) for line in lines)


_RC: Final[dict[str, Any]] = {
    "font.family": ["DejaVu Sans"],
    "font.size": 9.0,
    "text.color": INK,
    "text.parse_math": False,
    "axes.edgecolor": QUIET,
    "axes.labelcolor": INK,
    "axes.labelsize": 9.0,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.unicode_minus": False,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "xtick.major.width": 0.7,
    "ytick.major.width": 0.7,
    "grid.color": RULE,
    "grid.linewidth": 0.6,
    "hatch.linewidth": 0.5,
    "legend.frameon": False,
    "legend.fontsize": SMALL,
    "legend.handlelength": 2.2,
    "legend.columnspacing": 1.2,
    "legend.borderpad": 0.1,
    "legend.labelspacing": 0.3,
    "figure.facecolor": PAPER,
    "savefig.facecolor": PAPER,
    "svg.fonttype": "path",
    "svg.hashsalt": "mine_energy",
    "svg.image_inline": True,
}
# matplotlib keeps its settings in one global: two threads drawing at once would mix theirs.
_ONE_AT_A_TIME = threading.Lock()


@contextmanager
def drawing() -> Iterator[None]:
    """Draw in the house style, whatever settings file the machine has."""
    defaults: dict[Any, Any] = {key: value for key, value in mpl.rcParamsDefault.items() if key != "backend"}
    with _ONE_AT_A_TIME, mpl.rc_context():
        mpl.rcParams.update(defaults | _RC)
        yield


def figure(height_in: float, width_in: float = WIDTH_IN) -> Figure:
    """Return an empty figure; call inside :func:`drawing`."""
    return Figure(figsize=(width_in, height_in), layout="constrained")


def svg(drawn: Figure) -> bytes:
    """Return a figure as SVG without date and author: the same figure gives the same bytes."""
    stream = io.BytesIO()
    drawn.savefig(stream, format="svg", metadata={"Date": None, "Creator": None, "Type": None, "Format": None})
    return compact(stream.getvalue())


def png(drawn: Figure, *, pixels_per_inch: int = _PNG_DPI) -> bytes:
    """Return a figure as PNG of few colours, without date and author."""
    stream, small = io.BytesIO(), io.BytesIO()
    drawn.savefig(stream, format="png", dpi=pixels_per_inch, metadata={"Software": None})
    stream.seek(0)
    with Image.open(stream) as whole:
        cover = Image.Quantize.MAXCOVERAGE
        few = whole.convert("RGB").quantize(_PNG_COLOURS, cover, kmeans=1, dither=Image.Dither.NONE)
    few.save(small, format="png", optimize=True)
    return small.getvalue()


def fill(mark: Mark) -> dict[str, Any]:
    """Return the keywords of a bar drawn with `mark`."""
    edge = INK if mark.colour in {PAPER, YELLOW} else PAPER
    return {"facecolor": mark.colour, "hatch": mark.hatch, "edgecolor": edge, "linewidth": 0.7}


def stroke(mark: Mark) -> dict[str, Any]:
    """Return the keywords of a line drawn with `mark`."""
    return {"color": mark.colour, "linestyle": mark.line, "linewidth": 1.8}
