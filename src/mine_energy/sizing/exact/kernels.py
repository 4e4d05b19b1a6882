"""Two evaluators of fixed sizes: cost of the best closed dispatch, and a cut that holds for all sizes.

Imported only when a problem is solved, because numba takes its time to start. A kernel and what it calls stand in this
one file, because the disk cache looks at one file only. Mathematics and names: ``docs/methods/exact.md``. Energies are
kWh a step; `sizes` is (PV kWp, usable battery kWh, battery kWh a step, genset kWh a step, stored kWh at the start).
"""

from typing import Any

import numba
import numpy as np

_compiled = numba.njit(cache=True, error_model="numpy")
_inline = numba.njit(inline="always")

# What a cut holds: primal value, constant, then slopes of the five sizes; then energy by source.
VALUE, CONSTANT, SLOPES, ENERGY = 0, 1, 2, 7
CURTAIL, EXPORT, IMPORT, GENSET, UNSERVED = 0, 1, 2, 3, 4
OUT = 11


@_compiled
def _closed_start(load: Any, unit: Any, sizes: Any, kwh_in: float, kwh_out: float) -> tuple[float, float]:
    """Return the stored energy with which the greedy year closes, and its net charge without the limits of energy.

    A step adds to the stored energy and clips it, so the whole year is ``clip(s + sum, low, high)``.
    """
    pv, usable, power = sizes[0], sizes[1], sizes[2]
    low, high, total = 0.0, usable, 0.0
    for t in range(load.size):
        net = load[t] - pv * unit[t]
        add = -min(net, power) * kwh_out if net > 0 else min(-net, power) * kwh_in
        total += add
        low = min(max(low + add, 0.0), usable)
        high = min(max(high + add, 0.0), usable)
    return (high if total > 0 else low), total


@_compiled
def _greedy_forward(load: Any, unit: Any, sizes: Any, terms: Any, touch: Any, out: Any) -> int:
    """Dispatch greedily; note where the battery clipped (1 full, -1 empty); return the first such step."""
    price, credit, kwh_in, kwh_out = terms[0], terms[1], terms[2], terms[3]
    pv, usable, power = sizes[0], sizes[1], sizes[2]
    start, _ = _closed_start(load, unit, sizes, kwh_in, kwh_out)
    stored, short, surplus, first = start, 0.0, 0.0, -1
    for t in range(load.size):
        net = load[t] - pv * unit[t]
        touch[t] = 0
        if net > 0:
            give = min(net, power)
            if give * kwh_out > stored:
                give, touch[t], stored = stored / kwh_out, -1, 0.0
            else:
                stored -= give * kwh_out
            short += net - give
        else:
            take = min(-net, power)
            if stored + take * kwh_in > usable:
                take, touch[t], stored = (usable - stored) / kwh_in, 1, usable
            else:
                stored += take * kwh_in
            surplus += -net - take
        if first < 0 and touch[t] != 0:
            first = t
    out[VALUE] = price * short - credit * surplus
    out[ENERGY], out[ENERGY + 1] = surplus, short
    return first


@_compiled
def greedy(load: Any, unit: Any, sizes: Any, terms: Any, touch: Any, out: Any) -> None:
    """Fill `out` for one price of shortage: forward sweep for the cost, backward sweep for the value of stored energy.

    Parameters
    ----------
    load, unit
        Shape (n,), kWh a step and kWh a step per kWp.
    sizes
        Shape (5,).
    terms
        Price of shortage, credit of surplus, stored kWh per kWh charged, stored kWh per kWh discharged.
    touch
        Shape (n,), int8 scratch.
    out
        Shape (11,), filled.
    """
    price, credit, kwh_in, kwh_out = terms[0], terms[1], terms[2], terms[3]
    pv, power = sizes[0], sizes[2]
    first = _greedy_forward(load, unit, sizes, terms, touch, out)
    full, empty = credit / kwh_in, price / kwh_out
    if first >= 0:
        after = full if touch[first] > 0 else empty
    else:
        after = full if _closed_start(load, unit, sizes, kwh_in, kwh_out)[1] > 0 else empty
    constant, by_pv, rises, by_power = 0.0, 0.0, 0.0, 0.0
    for t in range(load.size - 1, -1, -1):
        value = after
        if touch[t] > 0:
            value = full
        elif touch[t] < 0:
            value = empty
        net = load[t] - pv * unit[t]
        charging, giving = value * kwh_in, value * kwh_out
        if net > power:
            bus = price
        elif net > 0:
            bus = min(giving, price)
        elif net >= -power:
            bus = max(charging, credit)
        else:
            bus = credit
        constant += bus * load[t]
        by_pv -= bus * unit[t]
        by_power -= max(0.0, charging - bus) + max(0.0, bus - giving)
        rises += max(0.0, after - value)
        after = value
    out[CONSTANT], out[SLOPES], out[SLOPES + 1], out[SLOPES + 2] = constant, by_pv, -rises, by_power
    out[SLOPES + 3] = out[SLOPES + 4] = 0.0


@_inline
def _add_segments(
    v: Any, need: float, power: float, spans: Any, combo: int, plan: Any, units: Any
) -> tuple[float, float]:
    """Add one step's lengths to `v` by value; return the stored energy it can add and take, in whole quanta.

    The bus needs ``need + charge - discharge``; what that costs at the margin rises through the sources in `order`.
    """
    orders, ranks = plan[1], plan[2]
    kwh_in, kwh_out = units[0], units[1]
    begin, adds, takes = -1e300, 0.0, 0.0
    end = -spans[EXPORT]
    for k in range(5):
        piece = np.rint(max(min(end, need + power) - max(begin, need), 0.0) * kwh_in)
        v[ranks[combo, 0, k]] += piece
        adds += piece
        piece = np.rint(max(min(end, need) - max(begin, need - power), 0.0) * kwh_out)
        v[ranks[combo, 1, k]] += piece
        takes += piece
        begin = end
        end = begin + spans[orders[combo, min(k + 1, 4)]]
    return adds, takes


@_inline
def _spans(t: int, hours: Any, sizes: Any, caps: Any, inverse: float, spans: Any) -> None:
    """Fill the lengths of export, import, genset, unserved of step `t`, in quanta."""
    spans[EXPORT] = np.rint(hours[3, t] * inverse)
    spans[IMPORT] = np.rint(min(hours[2, t], caps[int(hours[4, t])]) * inverse)
    spans[GENSET] = np.rint(sizes[3] * inverse)
    spans[UNSERVED] = 1e300


@_inline
def _drain(sizes: Any, power: float, units: Any) -> float:
    """Return the drain of a step in quanta: never above what the power makes up for, whose pieces are rounded apart."""
    most = max(np.rint(power * units[0]) - 8.0, 0.0)
    drain: float = min(np.rint(units[3] * sizes[1] / units[2]), most)
    return drain


@_compiled
def _backward(plan: Any, sizes: Any, caps: Any, units: Any, table: Any) -> None:
    """Fill `table` (n, values) with the lengths of the value function after each step, the dearest first."""
    hours = plan[0]
    inverse = 1 / units[2]
    v, spans = np.zeros(table.shape[1]), np.zeros(5)
    usable, start = np.rint(sizes[1] * inverse), np.rint(sizes[4] * inverse)
    power = np.rint(sizes[2] * inverse)
    drain = _drain(sizes, power, units)
    v[0], v[-1] = min(start, usable), max(usable - start, 0.0)
    for t in range(hours.shape[1] - 1, -1, -1):
        for j in range(v.size):
            table[t, j] = v[j]
        _spans(t, hours, sizes, caps, inverse, spans)
        need = np.rint((hours[0, t] - sizes[0] * hours[1, t]) * inverse)
        combo = int(hours[5, t])
        adds, takes = _add_segments(v, need, power, spans, combo, plan, units)
        left = max(adds - drain, 0.0)
        right = adds + takes - left
        j = 0
        while left > 0 and j < v.size:
            cut = min(left, v[j])
            v[j] -= cut
            left -= cut
            j += 1
        j = v.size - 1
        while right > 0 and j >= 0:
            cut = min(right, v[j])
            v[j] -= cut
            right -= cut
            j -= 1


@_inline
def _split(t: int, table: Any, h: Any, values: Any, place: float) -> tuple[float, float, float, float]:
    """Fill the merged lengths of step `h` and future up to `place`; return both shares and the value's interval.

    Free of branches: in the interval's order, the lengths that end before `place` are counted.
    """
    filled, of_step, of_future, below, upto = 0.0, 0.0, 0.0, 0, 0
    for j in range(h.size):
        left = max(place - filled, 0.0)
        part = min(h[j], left)
        of_step += part
        of_future += min(table[t, j], left - part)
        filled += h[j] + table[t, j]
        h[j] = 0.0
        below += filled < place
        upto += filled <= place
    low = values[upto] if upto < h.size else 0.0
    return of_step, of_future, low, values[min(below, h.size - 1)]


@_inline
def _clear(
    need: float, power: float, value: float, spans: Any, combo: int, orders: Any, prices: Any, units: Any
) -> float:
    """Return the bus price that maximises the step's dual at this value of stored energy: where supply meets need.

    Below the charging price the battery takes all it can, above the giving price it gives all, between it stands.
    """
    end, charged, idle, given = -spans[EXPORT], 0, 0, 0
    for k in range(4):
        charged += end < need + power
        idle += end < need
        given += end < need - power
        end += spans[orders[combo, k + 1]]
    taking = prices[orders[combo, charged]]
    standing = max(prices[orders[combo, idle]], value * units[0])
    giving = max(prices[orders[combo, given]], value * units[1])
    best: float = min(taking, standing, giving)
    return best


@_inline
def _operate(net: float, spans: Any, combo: int, orders: Any, prices: Any, out: Any) -> None:
    """Add cost and energy of meeting `net` at the bus in merit order, all in quanta."""
    begin, cost = -spans[EXPORT], -prices[EXPORT] * spans[EXPORT]
    out[ENERGY] += spans[EXPORT]
    for k in range(1, 5):
        source = orders[combo, k]
        used = min(max(net - begin, 0.0), spans[source])
        cost += prices[source] * used
        out[ENERGY + source - 1] += -used if source == EXPORT else used
        begin += spans[source]
    out[VALUE] += cost


@_compiled
def segments(plan: Any, sizes: Any, caps: Any, units: Any, table: Any, out: Any) -> None:
    """Fill `out` for any prices, limits and sources: value-slope recursion, then a forward sweep with its dual point.

    Parameters
    ----------
    plan
        Five arrays. Hours, shape (8, n): load, PV per kWp, import limit, export limit (kWh a step), billing period,
        combination of prices, import price, export price. Orders, shape (combinations, 5): curtailment, then sources
        by rising price. Ranks, shape (combinations, 2, 5): place in the values of charging and discharging at each
        source's price. Prices, shape (5,): of each source; import and export are those of the hours. Values, falling:
        what a stored kWh can be worth; the first is the penalty on ending low, the last 0.
    sizes, caps
        Shape (5,), and (periods + 1,): most import of a step by period, kWh; the last is no limit.
    units
        Stored kWh per kWh charged; per kWh discharged; quantum, kWh; drain a step, share.
    table, out
        Shape (n, values) scratch; shape (11 + periods + 1,), filled.
    """
    hours, orders, _, price, values = plan
    _backward(plan, sizes, caps, units, table)
    quantum, inverse, spans, h = units[2], 1 / units[2], np.zeros(5), np.zeros(values.size)
    usable, power = np.rint(sizes[1] * inverse), np.rint(sizes[2] * inverse)
    drain, stored = _drain(sizes, power, units), np.rint(sizes[4] * inverse)
    out[:] = 0.0
    before, first = -1.0, 0.0
    for t in range(hours.shape[1]):
        combo = int(hours[5, t])
        price[IMPORT], price[EXPORT] = hours[6, t], hours[7, t]
        _spans(t, hours, sizes, caps, inverse, spans)
        need = np.rint((hours[0, t] - sizes[0] * hours[1, t]) * inverse)
        adds, _ = _add_segments(h, need, power, spans, combo, plan, units)
        of_step, of_future, low, high = _split(t, table, h, values, stored - drain + adds)
        stored = min(of_future, usable)
        change = adds - of_step
        net = need + (change / units[0] if change > 0 else change / units[1])
        _operate(net, spans, combo, orders, price, out)
        # A state that rounding puts below the start is not worth more than the dearest source.
        value = min(low if before < 0 else min(max(before, low), high), values[1])
        bus = _clear(need, power, value, spans, combo, orders, price, units)
        _add_dual(t, hours, caps, price, value, bus, units, out)
        if before < 0:
            first = value
        else:
            out[SLOPES + 1] -= max(0.0, value - before)
        out[SLOPES + 1] += units[3] * value
        before = value
    out[SLOPES + 4] = before - first
    out[VALUE] *= quantum
    for k in range(4):
        out[ENERGY + k] *= quantum


@_inline
def _add_dual(t: int, hours: Any, caps: Any, price: Any, value: float, bus: float, units: Any, out: Any) -> None:
    """Add one step of the dual function to the cut: it bounds the cost of every size from below."""
    out[CONSTANT] += bus * hours[0, t] - hours[3, t] * max(0.0, price[EXPORT] - bus)
    out[SLOPES] -= bus * hours[1, t]
    out[SLOPES + 2] -= max(0.0, units[0] * value - bus) + max(0.0, bus - units[1] * value)
    out[SLOPES + 3] -= max(0.0, bus - price[GENSET])
    rent = max(0.0, bus - price[IMPORT])
    period = int(hours[4, t])
    if caps[period] < hours[2, t]:
        out[OUT + period] -= rent
    else:
        out[CONSTANT] -= hours[2, t] * rent
