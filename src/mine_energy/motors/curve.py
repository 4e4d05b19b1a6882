"""The losses of one motor over its load: the two-loss model, or the user's own points."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np

from mine_energy.errors import InputError, Problem
from mine_energy.motors.efficiency import fixed_loss_share, losses
from mine_energy.motors.tables import TINY, Array, Values, checked, like, part_load_bands

_FIXED_SHARE: Final = (0.2, 0.6)
"""Bounds of the fixed share of the full-load losses where two points alone give it: plates are rounded to a tenth."""
_ROUNDING: Final = 0.0005
"""Half of the last digit of an efficiency on a plate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LossCurve:
    """Losses of a motor over rated output, at loads that start at zero and rise.

    Between its points, and beyond the last one, the losses are linear in the square of the load: exact for the
    two-loss model, and meeting every point of the maker's.

    Parameters
    ----------
    rated_power_kw
        Rated shaft power, kW.
    loads
        Shaft output over rated power; the first is zero.
    losses
        Losses over rated power at those loads.
    """

    rated_power_kw: float
    loads: tuple[float, ...]
    losses: tuple[float, ...]

    @property
    def efficiency_full_load(self) -> float:
        """Efficiency at rated output, 0 to 1."""
        return round(self.efficiency(1.0), 12)

    @property
    def no_load_kw(self) -> float:
        """Input at no load, kW."""
        return self.rated_power_kw * self.losses[0]

    def input_kw(self, load_factor: Values) -> Values:
        """Return the electric input at the motor's terminals, kW.

        Parameters
        ----------
        load_factor
            Shaft output over rated power, zero or more.
        """
        load = checked("load_factor", load_factor, 0)
        return like(self.rated_power_kw * (load + self._losses(load)), load_factor)

    def efficiency(self, load_factor: Values) -> Values:
        """Return the efficiency at a load, 0 to 1; zero at zero load."""
        load = checked("load_factor", load_factor, 0)
        return like(load / (load + self._losses(load)), load_factor)

    def load(self, input_kw: Values) -> Values:
        """Return the load at an electric input; zero at or below the no-load input.

        Parameters
        ----------
        input_kw
            At the motor's terminals, kW, zero or more.
        """
        drawn = checked("input_kw", input_kw, 0) / self.rated_power_kw
        points = _points(self.loads, self.losses)
        step = np.clip(points.inputs.searchsorted(drawn, side="right") - 1, 0, len(self.loads) - 2)
        start, slope = points.start, points.slope
        above = np.maximum(drawn - start[step], 0.0)
        return like(2 * above / (1 + np.sqrt(1 + 4 * slope[step] * above)), input_kw)

    def at_efficiency(self, efficiency_full_load: float) -> "LossCurve":
        """Return the same motor with another full-load efficiency: all its losses in proportion."""
        factor = (1 / efficiency_full_load - 1) / self._losses(np.array(1.0))
        return LossCurve(
            rated_power_kw=self.rated_power_kw,
            loads=self.loads,
            losses=tuple(float(lost * factor) for lost in self.losses),
        )

    def _losses(self, load: Array) -> Array:
        points = _points(self.loads, self.losses)
        if len(self.loads) == 2:  # one segment, as the two-loss model has: nothing to look up
            return np.asarray(points.start[0] + points.slope[0] * load**2)
        step = np.clip(points.loads.searchsorted(load, side="right") - 1, 0, len(self.loads) - 2)
        return np.asarray(points.start[step] + points.slope[step] * load**2)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Points:
    """Points of a curve as arrays, and the losses of each segment as ``start + slope load**2``."""

    loads: Array
    inputs: Array
    start: Array
    slope: Array


@lru_cache(maxsize=4096)
def _points(loads: tuple[float, ...], losses: tuple[float, ...]) -> _Points:
    """Return the arrays of a curve; a study asks for the same ones thousands of times."""
    p, lost = np.array(loads), np.array(losses)
    squares = p**2
    slope = np.maximum(np.diff(lost) / np.diff(squares), 0.0)
    return _Points(loads=p, inputs=p + lost, start=lost[:-1] - slope * squares[:-1], slope=slope)


def two_loss_curve(efficiency_full_load: float, rated_power_kw: float) -> LossCurve:
    """Return the curve of the two-loss model, the one of :func:`~mine_energy.motors.efficiency_at_load`.

    Parameters
    ----------
    efficiency_full_load
        0 to 1, above zero.
    rated_power_kw
        Rated shaft power, kW: sets the fixed share.
    """
    fixed, variable = losses(efficiency_full_load, rated_power_kw)
    return LossCurve(rated_power_kw=rated_power_kw, loads=(0.0, 1.0), losses=(float(fixed), float(fixed + variable)))


def points_curve(rated_power_kw: float, efficiencies: Mapping[float, float]) -> LossCurve:
    """Return the curve through the efficiencies of a maker or a test at several loads.

    Losses over rated output are ``p (1/eff - 1)``. The no-load loss is the line in the square of the load through the
    two lowest points, between 20 and 60 % of the full-load losses (the split of two rounded values is unstable; IEC
    TS 60034-31 splits them the same way). Without a full-load point the fixed share of the size band gives it.

    Parameters
    ----------
    rated_power_kw
        Rated shaft power, kW.
    efficiencies
        Efficiency, 0 to 1, by load (0.25, 0.5, 0.75, 1.0); at least one.

    Raises
    ------
    InputError
        The losses fall while the load rises, which no motor does: the points contradict one another.
    """
    loads = sorted(efficiencies)
    lost = [p * (1 / efficiencies[p] - 1) for p in loads]
    _check_rising(loads, lost, efficiencies)
    share = float(fixed_loss_share(rated_power_kw))
    if loads[-1] < 1.0:
        lost.append(lost[-1] / (share + (1 - share) * loads[-1] ** 2))
        loads.append(1.0)
    lost = [float(value) for value in np.maximum.accumulate(lost)]
    low, high = _FIXED_SHARE
    if len(loads) == 1:
        fixed = share * lost[0]
    else:
        slope = (lost[1] - lost[0]) / (loads[1] ** 2 - loads[0] ** 2)
        fixed = min(max(lost[0] - slope * loads[0] ** 2, low * lost[-1]), high * lost[-1])
    fixed = min(fixed, 0.98 * lost[0])
    return LossCurve(rated_power_kw=rated_power_kw, loads=(0.0, *loads), losses=(fixed, *lost))


def _check_rising(loads: list[float], lost: list[float], efficiencies: Mapping[float, float]) -> None:
    for low, high, before, after in zip(loads, loads[1:], lost, lost[1:], strict=False):
        rounding = _ROUNDING * (low / efficiencies[low] ** 2 + high / efficiencies[high] ** 2)
        if after < before - rounding:
            params = {"low": low * 100, "high": high * 100}
            field = f"efficiency_{low * 100:.0f}"
            shown = f"{efficiencies[low] * 100:.1f} %"
            raise InputError([Problem(key="motor_efficiency_points", field=field, value=shown, params=params)])


def model_band(load_factor: Values, rated_power_kw: float) -> Values:
    """Return the 90 % interval of the two-loss model's efficiency at a load, plus or minus, as a fraction.

    Interpolated between the bands of the size at 25, 50 and 75 % load (``data/motors/part_load.csv``) and zero at
    full load; below 25 % the band stays.

    Parameters
    ----------
    load_factor
        Shaft output over rated power.
    rated_power_kw
        Rated shaft power, kW.
    """
    load = checked("load_factor", load_factor, 0)
    bands = part_load_bands()
    band: Any = bands.model_band[np.searchsorted(bands.kw_to, checked("rated_power_kw", rated_power_kw, TINY))]
    return like(np.interp(load, (0.25, 0.5, 0.75, 1.0), (*band, 0.0)), load_factor)
