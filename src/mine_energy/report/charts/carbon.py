"""Emissions of the states of the plant by both methods, with avoided emissions in a panel of their own."""

from collections.abc import Callable, Sequence

from matplotlib.axes import Axes

from mine_energy.report import style
from mine_energy.report.charts.stacks import Layer
from mine_energy.report.style import Scale

Number = Callable[[float], str]


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
        The upright axis.
    number
        Writes a value.
    avoided
        Title and value of the panel apart; none when None.
    bands
        Low and high of the first method in every state, drawn as whiskers.

    Returns
    -------
    bytes
        PNG.
    """
    with style.drawing():
        figure = style.figure(3.3)
        if avoided is None:
            axes = figure.add_subplot()
        else:
            axes, apart = figure.subplots(1, 2, sharey=True, width_ratios=(4, 1))
            _apart(apart, avoided, number)
        _groups(axes, states, methods, number, bands)
        scale.along(axes, "y")
        axes.margins(y=0.14)
        figure.legend(*axes.get_legend_handles_labels(), loc="outside upper left", ncols=2)
        return style.png(figure, pixels_per_inch=130, colours=32)


def _groups(
    axes: Axes, states: Sequence[str], methods: Sequence[Layer], number: Number, bands: Sequence[tuple[float, float]]
) -> None:
    width = 0.8 / len(methods)
    for order, method in enumerate(methods):
        places = [state + (order - (len(methods) - 1) / 2) * width for state in range(len(states))]
        axes.bar(places, method.values, width * 0.94, label=method.label, **style.fill(method.mark))
        tops = list(method.values)
        if bands and order == 0:
            down = [max(0.0, v - low) for v, (low, _) in zip(method.values, bands, strict=True)]
            up = [max(0.0, high - v) for v, (_, high) in zip(method.values, bands, strict=True)]
            axes.errorbar(places, method.values, yerr=[down, up], fmt="none", ecolor=style.INK, capsize=3, elinewidth=1)
            tops = [max(v, high) for v, (_, high) in zip(method.values, bands, strict=True)]
        for place, top, value in zip(places, tops, method.values, strict=True):
            _figure_over(axes, place, top, number(value))
    axes.set_xticks(range(len(states)), states)
    axes.tick_params(axis="x", length=0)


def _apart(axes: Axes, avoided: tuple[str, float], number: Number) -> None:
    title, value = avoided
    axes.bar([0], [value], 0.6, **style.fill(style.MARKS["avoided"]))
    _figure_over(axes, 0, value, number(value))
    axes.set_xticks([0], [title])
    axes.set_xlim(-0.8, 0.8)
    axes.set_facecolor("#f4f4f2")
    axes.tick_params(axis="y", length=0, labelleft=False)
    axes.spines["left"].set_linewidth(1.6)
    axes.tick_params(axis="x", length=0)


def _figure_over(axes: Axes, place: float, top: float, words: str) -> None:
    axes.annotate(words, (place, top), xytext=(0, 3), textcoords="offset points", ha="center", size=8)
