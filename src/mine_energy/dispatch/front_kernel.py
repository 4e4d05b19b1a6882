"""The smallest battery of each array in compiled code, over episodes of surplus and want instead of hours.

Between two changes of sign of PV minus load a battery without self-discharge only fills, or only empties: hours in a
row shift its energy and cut it at full or at empty once, ``min(min(s + a, U) + b, U) = min(s + a + b, U)``. A year of
8,760 hours is some 400 such pairs, and exactly the same year. One pass over them answers for sixteen batteries side by
side: the fifteen that the next four halvings could ask about, and the largest one.

Imported only where a job is large enough to pay for the compiler's start; all that is called stands in this file.
"""

from typing import Any

import numba
import numpy as np

_compiled = numba.njit(cache=True, error_model="numpy")
_inline = numba.njit(inline="always")
NODES = 16
"""Batteries of a pass: place 0 is the largest, places 1 to 15 a tree of four halvings."""
_LEVELS = 4


@_inline
def _min(a, b):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    return a if a < b else b


@_inline
def _max(a, b):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    return a if a > b else b


@_compiled
def _episodes(hours: Any, scalars: Any, pv_kwp: Any, power: Any, gains: Any, draws: Any) -> Any:
    """Fill in what each pair of episodes charges and draws, kWh in the cell; return their number and what power sheds.

    Power limits hold hour by hour and are applied before hours are added up; what they shed, in kW times steps, is the
    same for every battery.
    """
    kwh_in, kwh_out = scalars[0], scalars[1]
    pairs, lost, gain, draw = 0, 0.0, 0.0, 0.0
    for t in range(hours.shape[1]):
        over = hours[1, t] * pv_kwp - hours[0, t]
        if over > 0:
            if draw > 0:
                gains[pairs], draws[pairs] = gain, draw
                pairs, gain, draw = pairs + 1, 0.0, 0.0
            gain += _min(over, power * hours[2, t]) * kwh_in
        elif over < 0:
            given = _min(-over, power * hours[3, t])
            lost += -over - given
            draw += given * kwh_out
    gains[pairs], draws[pairs] = gain, draw
    return pairs + 1, lost


@_compiled
def _missing(pairs: Any, gains: Any, draws: Any, usable: Any, stored: Any, short: Any) -> None:
    """Run the closed year for every battery: `short` is what each cell could not give, kWh.

    A year shifts the stored energy and cuts it, so it closes on its end from full where it gains on the whole, and on
    that from empty where it loses.
    """
    total = 0.0
    for k in range(pairs):
        total += gains[k] - draws[k]
    for i in range(NODES):
        stored[i] = usable[i] if total > 0 else 0.0
    for _ in range(2):
        for i in range(NODES):
            short[i] = 0.0
        for k in range(pairs):
            gain, draw = gains[k], draws[k]
            for i in range(NODES):
                left = _min(stored[i] + gain, usable[i]) - draw
                short[i] -= _min(left, 0.0)
                stored[i] = _max(left, 0.0)


@_compiled
def _tree(low: float, high: float, width: float, far: float, lows: Any, highs: Any, middles: Any) -> None:
    """Fill in the batteries that the next halvings of a bracket may ask about; place i has 2 i below and 2 i + 1 above.

    Far from the answer the ratio is halved, near it the distance.
    """
    lows[1], highs[1] = low, high
    for i in range(1, NODES):
        a, b = _max(lows[i], width), highs[i]
        middles[i] = np.sqrt(a * b) if b > far * a else (lows[i] + b) / 2
        if 2 * i < NODES:
            lows[2 * i], highs[2 * i] = lows[i], middles[i]
            lows[2 * i + 1], highs[2 * i + 1] = middles[i], highs[i]


@_compiled
def smallest(hours: Any, scalars: Any, arrays: Any, powers: Any, asked: Any, found: Any) -> None:
    """Fill in the smallest battery of each array, infinite where the largest one does not do.

    Parameters
    ----------
    hours
        Shape (4, n): load kW, PV kW per kWp, charge and discharge limits.
    scalars
        kwh_in, kwh_out, soc_window, most kWh, width kWh, finest share, far ratio, limit in kW times steps.
    arrays, powers
        Shape (m,): kWp and kW.
    asked
        Shape (m,): whether an array is looked at.
    found
        Shape (m,), filled: nameplate kWh.
    """
    kwh_out, window, most, width = scalars[1], scalars[2], scalars[3], scalars[4]
    finest, far, limit = scalars[5], scalars[6], scalars[7]
    gains, draws = np.empty(hours.shape[1] + 1), np.empty(hours.shape[1] + 1)
    lows, highs, middles = np.empty(NODES), np.empty(NODES), np.empty(NODES)
    usable, stored, short = np.empty(NODES), np.empty(NODES), np.empty(NODES)
    for j in range(arrays.size):
        found[j] = np.inf
        if not asked[j]:
            continue
        pairs, lost = _episodes(hours, scalars, arrays[j], powers[j], gains, draws)
        low, high, first = 0.0, most, True
        while first or high - low > _max(width, finest * high):
            _tree(low, high, width, far, lows, highs, middles)
            middles[0] = most
            for i in range(NODES):
                usable[i] = middles[i] * window
            _missing(pairs, gains, draws, usable, stored, short)
            if first and lost + short[0] / kwh_out > limit:
                high = np.inf
                break
            first, i = False, 1
            for _ in range(_LEVELS):
                if high - low <= _max(width, finest * high):
                    break
                good = lost + short[i] / kwh_out <= limit
                if good:
                    high, i = middles[i], 2 * i
                else:
                    low, i = middles[i], 2 * i + 1
        found[j] = high
