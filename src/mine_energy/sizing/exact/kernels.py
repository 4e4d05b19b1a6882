"""Two evaluators of fixed sizes: cost of the best closed dispatch, and a cut that holds for all sizes.

Imported only when a problem is solved, because numba takes its time to start. A kernel and what it calls stand in this
one file, because the disk cache looks at one file only. Mathematics and names: ``docs/methods/exact.md``. Energies are
kWh a step; `sizes` is (PV kWp, usable battery kWh, battery kWh a step, genset kWh a step, stored kWh at the start).
"""

from typing import Any

import numba
import numpy as np

_compiled = numba.njit(cache=True, error_model="numpy")

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


@_compiled
def _add_segments(v: Any, need: float, power: float, spans: Any, order: Any, ranks: Any, units: Any) -> tuple[float, float]:
    """Add one step's lengths to `v` by value; return the stored energy it can add and take, in whole quanta.

    The bus needs ``need + charge - discharge``; what that costs at the margin rises through the sources in `order`.
    """
    kwh_in, kwh_out = units[0], units[1]
    begin, adds, takes = -1e300, 0.0, 0.0
    end = -spans[EXPORT]
    for k in range(5):
        low, high = max(begin, need), min(end, need + power)
        if high > low:
            piece = np.rint((high - low) * kwh_in)
            v[ranks[0, order[k]]] += piece
            adds += piece
        low, high = max(begin, need - power), min(end, need)
        if high > low:
            piece = np.rint((high - low) * kwh_out)
            v[ranks[1, order[k]]] += piece
            takes += piece
        begin = end
        if begin >= need + power:
            break
        if k < 4:
            end = begin + spans[order[k + 1]]
    return adds, takes


@_compiled
def _spans(t: int, hours: Any, sizes: Any, caps: Any, quantum: float, spans: Any) -> None:
    """Fill the lengths of export, import, genset, unserved of step `t`, in quanta."""
    spans[EXPORT] = np.rint(hours[3, t] / quantum)
    spans[IMPORT] = np.rint(min(hours[2, t], caps[int(hours[6, t])]) / quantum)
    spans[GENSET] = np.rint(sizes[3] / quantum)
    spans[UNSERVED] = 1e300


@_compiled
def _backward(hours: Any, orders: Any, ranks: Any, sizes: Any, caps: Any, units: Any, table: Any) -> None:
    """Fill `table` (n, values) with the lengths of the value function after each step, the dearest first."""
    quantum = units[2]
    v, spans = np.zeros(table.shape[1]), np.zeros(5)
    usable, start = np.rint(sizes[1] / quantum), np.rint(sizes[4] / quantum)
    power, drain = np.rint(sizes[2] / quantum), np.rint(units[3] * sizes[1] / quantum)
    v[0], v[-1] = min(start, usable), max(usable - start, 0.0)
    for t in range(hours.shape[1] - 1, -1, -1):
        table[t] = v
        _spans(t, hours, sizes, caps, quantum, spans)
        need = np.rint((hours[0, t] - sizes[0] * hours[1, t]) / quantum)
        combo = int(hours[7, t])
        adds, takes = _add_segments(v, need, power, spans, orders[combo], ranks[combo], units)
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


@_compiled
def _split(v: Any, h: Any, values: Any, place: float) -> tuple[float, float, float, float]:
    """Fill the merged lengths of step `h` and future `v` up to `place`; return both shares and the value's interval."""
    filled, of_step, of_future = 0.0, 0.0, 0.0
    high, low = values[0], 0.0
    for j in range(v.size):
        length = h[j] + v[j]
        if length <= 0:
            continue
        left = place - filled
        if left <= 0:
            low = values[j]
            break
        high = values[j]
        if length > left:
            part = min(h[j], left)
            of_step += part
            of_future += left - part
            low = values[j]
            break
        of_step += h[j]
        of_future += v[j]
        filled += length
    return of_step, of_future, low, high


@_compiled
def _clear(need: float, power: float, value: float, spans: Any, prices: Any, units: Any) -> float:
    """Return the bus price that maximises the step's dual at this value of stored energy: where supply meets need."""
    charging, giving = value * units[0], value * units[1]
    best = prices[UNSERVED]
    for k in range(6):
        if k < 4:
            price = prices[k]
        else:
            price = charging if k == 4 else giving
        if price >= best:
            continue
        supply = -spans[EXPORT] - power
        if price >= prices[EXPORT]:
            supply += spans[EXPORT]
        if price >= prices[IMPORT]:
            supply += spans[IMPORT]
        if price >= prices[GENSET]:
            supply += spans[GENSET]
        if price >= charging:
            supply += power
        if price >= giving:
            supply += power
        if supply >= need:
            best = price
    return best


@_compiled
def _operate(net: float, spans: Any, order: Any, prices: Any, out: Any) -> None:
    """Add cost and energy of meeting `net` at the bus in merit order, all in quanta."""
    place, begin = net, -spans[EXPORT]
    out[VALUE] -= prices[EXPORT] * spans[EXPORT]
    out[ENERGY] += spans[EXPORT]
    for k in range(1, 5):
        source = order[k]
        used = min(max(place - begin, 0.0), spans[source])
        out[VALUE] += prices[source] * used
        if source == EXPORT:
            out[ENERGY] -= used
        else:
            out[ENERGY + source - 1] += used
        begin += spans[source]
        if begin >= place:
            break


@_compiled
def segments(
    hours: Any, orders: Any, ranks: Any, prices: Any, values: Any, sizes: Any, caps: Any, units: Any, table: Any, out: Any
) -> None:
    """Fill `out` for any prices, limits and sources: value-slope recursion, then a forward sweep with its dual point.

    Parameters
    ----------
    hours
        Shape (8, n): load, PV per kWp, import limit, export limit (kWh a step), 2 unused, billing period, combination
        of prices.
    orders
        Shape (combinations, 5): curtailment, then sources by rising price.
    ranks
        Shape (combinations, 2, 5): place in `values` of charging and discharging at each source's price.
    prices
        Shape (combinations, 5): price of each source.
    values
        Shape (values,), falling: what a stored kWh can be worth; the first is the penalty on ending low.
    sizes, caps
        Shape (5,), and (periods + 1,): most import of a step by period, kWh; the last is no limit.
    units
        Stored kWh per kWh charged; per kWh discharged; quantum, kWh; drain a step, share.
    table, out
        Shape (n, values) scratch; shape (11 + periods + 1,), filled.
    """
    _backward(hours, orders, ranks, sizes, caps, units, table)
    quantum, steps = units[2], hours.shape[1]
    spans, h = np.zeros(5), np.zeros(values.size)
    usable, power = np.rint(sizes[1] / quantum), np.rint(sizes[2] / quantum)
    drain, stored = np.rint(units[3] * sizes[1] / quantum), np.rint(sizes[4] / quantum)
    out[:] = 0.0
    before, first = -1.0, 0.0
    for t in range(steps):
        combo = int(hours[7, t])
        price = prices[combo]
        _spans(t, hours, sizes, caps, quantum, spans)
        need = np.rint((hours[0, t] - sizes[0] * hours[1, t]) / quantum)
        h[:] = 0.0
        adds, _ = _add_segments(h, need, power, spans, orders[combo], ranks[combo], units)
        of_step, of_future, low, high = _split(table[t], h, values, stored - drain + adds)
        stored = min(of_future, usable)
        change = adds - of_step
        net = need + (change / units[0] if change > 0 else change / units[1])
        _operate(net, spans, orders[combo], price, out)
        value = low if before < 0 else min(max(before, low), high)
        bus = _clear(need, power, value, spans, price, units)
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


@_compiled
def _add_dual(t: int, hours: Any, caps: Any, price: Any, value: float, bus: float, units: Any, out: Any) -> None:
    """Add one step of the dual function to the cut: it bounds the cost of every size from below."""
    out[CONSTANT] += bus * hours[0, t] - hours[3, t] * max(0.0, price[EXPORT] - bus)
    out[SLOPES] -= bus * hours[1, t]
    out[SLOPES + 2] -= max(0.0, units[0] * value - bus) + max(0.0, bus - units[1] * value)
    out[SLOPES + 3] -= max(0.0, bus - price[GENSET])
    rent = max(0.0, bus - price[IMPORT])
    period = int(hours[6, t])
    if caps[period] < hours[2, t]:
        out[OUT + period] -= rent
    else:
        out[CONSTANT] -= hours[2, t] * rent
