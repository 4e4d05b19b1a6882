"""Search by simulation: a grid that moves and shrinks, thousands of candidates at a time.

Nothing is asked of the cost but that it can be computed: minimum loads of gensets, no-load fuel and blocks of a tariff
make it jump. Several best places are followed at once, so that a first grid that is too coarse does not decide alone.
"""

from collections.abc import Callable
from itertools import product
from math import inf
from typing import Any, Final

import numpy as np

from mine_energy.sizing.costs import Array

Cost = Callable[[Array, float, float], Array]
"""Cost of each row of a table of points, infinite where a point is not allowed.

The second figure is a cost above which a point is not looked at again, the third the relative step of the grid: what
is costly to tell exactly may be infinite above the one, and coarse where the other is.
"""

Places = np.ndarray[Any, np.dtype[np.int_]]

_CENTRES: Final = 3
_SHRINK: Final = 0.45
PRECISION: Final = 1e-5
_ROUNDS: Final = 60
_FIRST: Final = {1: 49, 2: 15, 3: 9, 4: 7}
_NEXT: Final = {1: 9, 2: 5, 3: 5, 4: 3}


def zoom(
    cost: Cost,
    low: Array,
    high: Array,
    starts: Array | None = None,
    *,
    precision: float = PRECISION,
    few: bool = False,
) -> tuple[Array, float]:
    """Return the cheapest point found in a box, and its cost.

    Parameters
    ----------
    cost
        Of points, shape (k, d).
    low, high
        Ends of the box, shape (d,), d up to 4; equal ends fix a coordinate.
    starts
        Points to try beside the first grid, shape (s, d).
    precision
        Relative to the point, at which the grid has shrunk enough.
    few
        Whether three points a coordinate are enough: for a box around a point that is nearly the best.
    """
    free = np.flatnonzero(high > low)
    if not free.size:
        return low.copy(), float(cost(low[None], inf, precision)[0])
    first, reach = (3, 1) if few else (_FIRST[free.size], _NEXT[free.size] // 2)
    points = _spread(low, high, free, first)
    if starts is not None:
        points = np.concatenate([points, np.clip(starts, low, high)])
    values = cost(points, inf, 1.0)
    step = (high - low) / (first - 1)
    for _ in range(_ROUNDS):
        order = np.argsort(values, kind="stable")[:_CENTRES]
        points, values = points[order], values[order]
        if not np.isfinite(values[0]) or np.all(step <= precision * np.maximum(np.abs(points[0]), 1e-9 * high)):
            break
        before = points[0]
        near = np.concatenate([_around(p, step, low, high, free, reach) for p in points])
        near = np.unique(near, axis=0)
        fine = float(np.max(step[free] / np.maximum(np.abs(before[free]), step[free])))
        points, values = np.concatenate([points, near]), np.concatenate([values, cost(near, values[-1], fine)])
        best = points[np.argmin(values)]
        # A best point at the rim of its grid is followed at the same step; else the grid closes in.
        step = np.where(np.abs(best - before) > 1.01 * step, step, step * _SHRINK)
    return points[0], float(values[0])


def _spread(low: Array, high: Array, free: Places, count: int) -> Array:
    axes = [
        np.linspace(a, b, count) if i in free else np.array([a]) for i, (a, b) in enumerate(zip(low, high, strict=True))
    ]
    return np.array(list(product(*axes)))


def _around(point: Array, step: Array, low: Array, high: Array, free: Places, half: int) -> Array:
    reach = np.arange(-half, half + 1) / max(1, half) * (2.0 if half > 1 else 1.0)
    moves = [reach if i in free else np.zeros(1) for i in range(point.size)]
    return np.clip(point + np.array(list(product(*moves))) * step, low, high)
