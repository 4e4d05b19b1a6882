"""Emissions of the states of the plant by both methods, with avoided emissions in a panel of their own."""

from collections.abc import Callable, Sequence
from typing import Final

from matplotlib.axes import Axes

from mine_energy.report import style
from mine_energy.report.charts import words
from mine_energy.report.charts.stacks import Layer
from mine_energy.report.style import Scale

Number = Callable[[float], str]
_GROUP: Final = 0.8
"""Share of a state's height that its bars take."""
_BAR_IN: Final = 0.21
_NAME_PT: Final = 66.0
_WALL: Final = "#f4f4f2"


def emissions(
    states: Sequence[str],
    methods: Sequence[Layer],
    scale: Scale,
    number: Number,
    *,
    avoided: tuple[str, float] | None = None,
    bands: Sequence[tuple[float, float]] = (),
) -> bytes:
    """Draw grouped bars per state and method; avoided emissions stand apart, behind a wall, and outlined only.

    Parameters
    ----------
    states
        Names of the groups.
    methods
        One bar per group and method, t CO2e.
    scale
        The axis of the values.
    number
        Writes a value.
    avoided
        Title and value of the panel apart; none when None.
    bands
        Low and high of the first method in every state, drawn as whiskers.

    Returns
    -------
    bytes
        SVG.
    """
    beside = [words.wrapped(state, _NAME_PT) for state in states]
    title = words.wrapped(avoided[0], _NAME_PT) if avoided else ""
    across = words.rows([*states, title], room_pt=_NAME_PT).across_pt
    tops = [*(value for method in methods for value in method.values), *(high for _, high in bands)]
    figures = [number(value) for method in methods for value in method.values]
    if avoided:
        tops, figures = [*tops, avoided[1]], [*figures, number(avoided[1])]
    with style.drawing():
        tall = len(states) * (_BAR_IN * len(methods) / _GROUP)
        low = words.rows([title], room_pt=_NAME_PT, least_pt=28.0).height_in if avoided else 0.0
        figure = style.figure(0.65 + tall + low)
        if avoided is None:
            axes = figure.add_subplot()
        else:
            axes, apart = figure.subplots(2, 1, sharex=True, height_ratios=(tall, low))
            _apart(apart, (title, avoided[1]), number)
        _groups(axes, beside, methods, number, bands)
        axes.set_xlim(0, words.reach(max([*tops, 0.0]), figures, across))
        scale.along(axes, "x", across)
        if avoided is not None:
            scale.along(apart, "x", across)
            axes.set_xlabel("")
            axes.tick_params(axis="x", labelbottom=False, length=0)
        words.legend(figure)
        return style.svg(figure)


def _groups(
    axes: Axes, states: Sequence[str], methods: Sequence[Layer], number: Number, bands: Sequence[tuple[float, float]]
) -> None:
    height = _GROUP / len(methods)
    for order, method in enumerate(methods):
        places = [state + (order - (len(methods) - 1) / 2) * height for state in range(len(states))]
        axes.barh(places, method.values, height * 0.92, label=method.label, **style.fill(method.mark))
        tops = list(method.values)
        if bands and order == 0:
            down = [max(0.0, v - low) for v, (low, _) in zip(method.values, bands, strict=True)]
            up = [max(0.0, high - v) for v, (_, high) in zip(method.values, bands, strict=True)]
            # A white line under the black one, so that a whisker is seen over its bar.
            for colour, width in ((style.PAPER, 3.0), (style.INK, 1.1)):
                axes.errorbar(
                    method.values, places, xerr=[down, up], fmt="none", ecolor=colour, capsize=2.5, elinewidth=width
                )
            tops = [max(v, high) for v, (_, high) in zip(method.values, bands, strict=True)]
        for place, top, value in zip(places, tops, method.values, strict=True):
            words.behind(axes, number(value), (max(top, 0.0), place))
    axes.set_yticks(range(len(states)), states)
    axes.invert_yaxis()
    axes.tick_params(axis="y", length=0)


def _apart(axes: Axes, avoided: tuple[str, float], number: Number) -> None:
    title, value = avoided
    axes.barh([0], [value], 0.45, **style.fill(style.MARKS["avoided"]))
    words.behind(axes, number(value), (max(value, 0.0), 0))
    axes.set_yticks([0], [title])
    axes.set_ylim(-0.6, 0.6)
    axes.set_facecolor(_WALL)
    axes.spines["top"].set_visible(True)
    axes.spines["top"].set_linewidth(1.6)
    axes.tick_params(axis="y", length=0)
