"""A map of one quantity over two angles: how much the way to face matters."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.ticker import MaxNLocator

from mine_energy.arrays import FloatArray
from mine_energy.report import style
from mine_energy.report.charts import words

Number = Callable[[float], str]

_COLOURS = ListedColormap([mpl.colormaps["cividis"](0.4 + 0.6 * step / 255) for step in range(256)])
"""Even steps of lightness: it reads in black and white, and with any common colour vision; its dark end hides ink."""
_LEVELS = 9
_LABEL_AZIMUTH_DEG = 110.0
_QUARTERS_DEG = (0, 90, 180, 270, 360)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A place on the map: its angles, its name in the legend, its marker, and whether that is an outline alone."""

    azimuth_deg: float
    tilt_deg: float
    label: str
    marker: str
    hollow: bool = False


def orientation_map(
    axes_deg: tuple[FloatArray, FloatArray],
    rows: Sequence[FloatArray],
    spots: Sequence[Spot],
    labels: tuple[str, str, Sequence[str]],
    number: Number,
) -> bytes:
    """Draw a quantity over azimuth (across) and tilt (up), with lines of equal value and some places.

    Parameters
    ----------
    axes_deg
        Azimuths and tilts; the circle of azimuths is closed here.
    rows
        One per tilt.
    spots
        Places to mark.
    labels
        Of both axes, and of the quarters of the circle from north to north.
    number
        Writes the value of a line.

    Returns
    -------
    bytes
        PNG.
    """
    azimuths, tilts = axes_deg
    across = np.append(azimuths, azimuths[0] + 360.0)
    values = np.array([np.append(row, row[0]) for row in rows])
    with style.drawing():
        figure = style.figure(2.5)
        axes = figure.add_subplot()
        levels = MaxNLocator(nbins=_LEVELS).tick_values(float(values.min()), float(values.max()))
        axes.contourf(across, tilts, values, levels=levels, cmap=_COLOURS)
        if float(np.ptp(values)) > 0.0:
            lines = axes.contour(across, tilts, values, levels=levels, colors=style.INK, linewidths=0.5)
            axes.clabel(lines, fmt=number, fontsize=style.SMALL, manual=_label_places(across, tilts, values, levels))
        for spot in spots:
            _mark(axes, spot)
        axes.set_xticks(_QUARTERS_DEG, labels[2])
        axes.set_xlabel(labels[0])
        axes.set_ylabel(labels[1])
        axes.set_xlim(0.0, 360.0)
        axes.set_ylim(float(tilts[0]), float(tilts[-1]))
        words.legend(figure)
        return style.png(figure)


def _label_places(
    across: FloatArray, tilts: FloatArray, values: FloatArray, levels: Sequence[float]
) -> list[tuple[float, float]]:
    """Return where each line is named: once, up the map where it crosses one azimuth, clear of its edges."""
    column = int(np.argmin(np.abs(across - _LABEL_AZIMUTH_DEG)))
    up = values[:, column]
    places = []
    for level in levels:
        crossed = np.flatnonzero(np.diff(up >= level))
        if len(crossed):
            low = int(crossed[-1])
            part = (level - up[low]) / (up[low + 1] - up[low])
            places.append((float(across[column]), float(tilts[low] + part * (tilts[low + 1] - tilts[low]))))
    return places


def _mark(axes: Axes, spot: Spot) -> None:
    """Draw a place; due north stands at both ends of the map, and neither may be cut off."""
    places = [spot.azimuth_deg, *([360.0] if spot.azimuth_deg == 0.0 else [])]
    axes.plot(
        places,
        [spot.tilt_deg] * len(places),
        linestyle="none",
        marker=spot.marker,
        markersize=12 if spot.hollow else 7,
        markerfacecolor="none" if spot.hollow else style.BLUE,
        markeredgecolor=style.BLUE if spot.hollow else style.PAPER,
        markeredgewidth=1.8 if spot.hollow else 0.8,
        label=spot.label,
        clip_on=False,
        zorder=5,
    )
