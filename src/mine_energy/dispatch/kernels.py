"""The rule in lanes: candidates side by side in the innermost loop, which the compiler turns into vector code.

Imported only where a job is large enough to pay for the compiler's start. Two kernels: a lean one for what a search
asks thousands of times, and one for everything the rule knows. Each repeats :mod:`mine_energy.dispatch.rule`
operation by operation, in the same order, so all round alike; loops stay free of branches that differ between lanes.
A kernel and what it calls stand in this one file, because the disk cache looks at one file only.
"""

from typing import Any

import numba
import numpy as np

TINY_KW = 1e-9
LANES = 128
"""Candidates in one block: their state stays in the first-level cache."""

_compiled = numba.njit(cache=True, error_model="numpy")
_inline = numba.njit(inline="always")


@_inline
def _min(a, b):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    return a if a < b else b


@_inline
def _max(a, b):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    return a if a > b else b


def _lean_of(cycling: bool) -> Any:  # noqa: PLR0915
    """Return the lean kernel of sets that follow the load, or that charge in cycles.

    Two kernels from one text: which of them is a constant for the compiler and costs nothing in the loop. One function
    each, because loops of called functions come out four times slower.
    """

    def lean(series: Any, scalars: Any, lanes: Any, state: Any, sums: Any) -> None:  # noqa: PLR0915
        """Run lanes with no genset beside the grid; columns ENERGY, `state` the stored energy and what cycles."""
        load, unit, grid, may, inward, outward = series[0], series[1], series[2], series[3], series[4], series[5]
        kwh_in, kwh_out, keep, import_kw, export_kw = scalars[0], scalars[1], scalars[2], scalars[3], scalars[4]
        kw_in, kw_out = 1 / kwh_in, 1 / kwh_out
        pv_kwp, usable, power, rating, least, unit_kw = lanes[0], lanes[1], lanes[2], lanes[3], lanes[4], lanes[5]
        reserve, until, forming, stored, on = lanes[6], lanes[7], lanes[8], state[0], state[1]
        unserved, generated, running, discharged, used = sums[0], sums[1], sums[2], sums[3], sums[4]
        exported, imported, cost, credit = sums[5], sums[6], sums[7], sums[8]
        for t in range(load.size):
            kw, share, allowed, into, out = load[t], unit[t], may[t], inward[t], outward[t]
            price, worth = series[6, t], series[7, t]
            if grid[t] > 0:
                for j in range(pv_kwp.size):
                    held = stored[j] * keep
                    pv = share * pv_kwp[j]
                    room = _min(power[j] * into, (usable[j] - held) * kw_in)
                    most = _min(power[j] * out, held * kw_out)
                    taken = _min(pv, kw + room)
                    export = _min(pv - taken, export_kw)
                    missing = _max(kw - taken, 0.0)
                    willing = _min(most, _max(held - reserve[j], 0.0) * kw_out) * allowed
                    discharge = _max(_min(missing, willing), _min(missing - import_kw, most))
                    drawn = _min(missing - discharge, import_kw)
                    charge = _max(taken - kw, 0.0)
                    stored[j] = _min(_max(held + (charge * kwh_in - discharge * kwh_out), 0.0), usable[j])
                    unserved[j] += _max(missing - discharge - drawn, 0.0)
                    discharged[j] += discharge
                    used[j] += _min(taken, kw)
                    exported[j] += export
                    imported[j] += drawn
                    cost[j] += drawn * price
                    credit[j] += export * worth
                    if cycling:
                        on[j] = 0.0
                continue
            for j in range(pv_kwp.size):
                held = stored[j] * keep
                pv = share * pv_kwp[j]
                room = _min(power[j] * into, (usable[j] - held) * kw_in)
                most = _min(power[j] * out, held * kw_out)
                short = kw - pv - most
                sink = kw + room
                wanted = sink - pv if cycling else short
                goes = (short if forming[j] > 0 else kw) > TINY_KW
                if cycling:
                    goes |= (on[j] > 0) & (held < until[j])
                genset = _min(rating[j], _max(wanted, _min(least[j], sink))) if goes else 0.0
                if cycling:
                    on[j] = 1.0 if genset > 0 else 0.0
                alive = 1.0 if forming[j] + genset > 0 else 0.0
                taken = _min(pv, sink - genset) * alive
                missing = kw - genset - taken
                positive = _max(missing, 0.0)
                discharge = _min(positive, most) * alive
                stored[j] = _min(_max(held + ((positive - missing) * kwh_in - discharge * kwh_out), 0.0), usable[j])
                unserved[j] += positive - discharge
                generated[j] += genset
                running[j] += np.ceil(genset / unit_kw[j] - TINY_KW) * unit_kw[j]
                discharged[j] += discharge
                used[j] += _min(taken, kw)

    return _compiled(lean)


_follow, _cycle = _lean_of(False), _lean_of(True)


@_compiled
def _step_island(kw, pv, held, on, limits, terms):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return genset, PV taken, charge, discharge, import, export, unserved of a step without a grid."""
    room, most, rating, least, until, forming = limits
    cycling = terms[5] > 0
    short = kw - pv - most
    need = short if forming > 0 else kw
    sink = kw + room
    wanted = sink - pv if cycling else short
    go = need > TINY_KW or (cycling and on > 0 and held < until)
    genset = _min(rating, _max(wanted, _min(least, sink))) if go else 0.0
    if genset == 0 and forming == 0:
        return 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, kw
    taken = _min(pv, sink - genset)
    missing = kw - genset - taken
    positive = _max(missing, 0.0)
    discharge = _min(positive, most)
    return genset, taken, positive - missing, discharge, 0.0, 0.0, positive - discharge


@_compiled
def _step_grid(kw, pv, held, allowed, limits, terms):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return the same of a step with a grid."""
    room, most, rating, least, reserve, kw_out = limits
    import_kw, export_kw = terms[3], terms[4]
    taken = _min(pv, kw + room)
    export = _min(pv - taken, export_kw)
    missing = _max(kw - taken, 0.0)
    willing = _min(most, _max(held - reserve, 0.0) * kw_out) * allowed
    discharge = _max(_min(missing, willing), _min(missing - import_kw, most))
    short = _max(missing - discharge - import_kw, 0.0)
    genset = _min(rating, _max(short, _min(least, missing))) if short > TINY_KW else 0.0
    discharge = _min(discharge, missing - genset)
    drawn = _min(missing - genset - discharge, import_kw)
    unserved = _max(missing - genset - discharge - drawn, 0.0)
    return genset, taken, _max(taken - kw, 0.0), discharge, drawn, export, unserved


@_compiled
def _general(series: Any, scalars: Any, lanes: Any, state: Any, sums: Any) -> None:
    """Run lanes through everything the rule knows, with the columns ENERGY and DETAIL."""
    load, unit, grid, may, inward, outward = series[0], series[1], series[2], series[3], series[4], series[5]
    import_price, export_price = series[6], series[7]
    kwh_in, kwh_out, keep = scalars[0], scalars[1], scalars[2]
    kw_in, kw_out = 1 / kwh_in, 1 / kwh_out
    cycling = scalars[5] > 0
    for t in range(load.size):
        kw = load[t]
        for j in range(lanes.shape[1]):
            held = state[0, j] * keep
            pv = unit[t] * lanes[0, j]
            room = _min(lanes[2, j] * inward[t], (lanes[1, j] - held) * kw_in)
            most = _min(lanes[2, j] * outward[t], held * kw_out)
            rating, least = lanes[3, j], lanes[4, j]
            if grid[t] > 0:
                limits = (room, most, rating, least, lanes[6, j], kw_out)
                flow = _step_grid(kw, pv, held, may[t], limits, scalars)
                state[1, j] = 0.0
            else:
                limits = (room, most, rating, least, lanes[7, j], lanes[8, j])
                flow = _step_island(kw, pv, held, state[1, j], limits, scalars)
                state[1, j] = 1.0 if cycling and flow[0] > 0 else 0.0
            genset, taken, charge, discharge, drawn, export, short = flow
            state[0, j] = _min(_max(held + (charge * kwh_in - discharge * kwh_out), 0.0), lanes[1, j])
            sets = np.ceil(genset / lanes[5, j] - TINY_KW)
            lost = 1.0 if short > TINY_KW else 0.0
            sums[0, j] += short
            sums[1, j] += genset
            sums[2, j] += sets * lanes[5, j]
            sums[3, j] += discharge
            sums[4, j] += _min(taken, kw)
            sums[5, j] += export
            sums[6, j] += drawn
            sums[7, j] += drawn * import_price[t]
            sums[8, j] += export * export_price[t]
            sums[9, j] += charge
            sums[10, j] += 1.0 if sets > 0 else 0.0
            sums[11, j] += _max(sets - state[2, j], 0.0)
            sums[12, j] += lost
            state[3, j] = (state[3, j] + 1.0) * lost
            sums[13, j] = _max(sums[13, j], state[3, j])
            sums[14, j] += 1.0 if genset > 0 and genset < least - TINY_KW else 0.0
            state[2, j] = sets


@_compiled
def record(series: Any, scalars: Any, lane: Any, state: Any, columns: Any) -> None:
    """Run one candidate through everything the rule knows and keep what each step did.

    Parameters
    ----------
    series, scalars
        As in :func:`run_blocks`.
    lane
        Shape (9,).
    state
        Shape (2,), changed: stored energy, cycling on.
    columns
        Shape (8, n), filled: genset, PV taken, charge, discharge, import, export, unserved, stored energy at the end.
    """
    kwh_in, kwh_out, keep = scalars[0], scalars[1], scalars[2]
    kw_in, kw_out = 1 / kwh_in, 1 / kwh_out
    for t in range(series.shape[1]):
        kw, pv, held = series[0, t], series[1, t] * lane[0], state[0] * keep
        room = _min(lane[2] * series[4, t], (lane[1] - held) * kw_in)
        most = _min(lane[2] * series[5, t], held * kw_out)
        if series[2, t] > 0:
            limits = (room, most, lane[3], lane[4], lane[6], kw_out)
            flow = _step_grid(kw, pv, held, series[3, t], limits, scalars)
            state[1] = 0.0
        else:
            limits = (room, most, lane[3], lane[4], lane[7], lane[8])
            flow = _step_island(kw, pv, held, state[1], limits, scalars)
            state[1] = 1.0 if scalars[5] > 0 and flow[0] > 0 else 0.0
        state[0] = _min(_max(held + (flow[2] * kwh_in - flow[3] * kwh_out), 0.0), lane[1])
        for row in range(7):
            columns[row, t] = flow[row]
        columns[7, t] = state[0]


@_compiled
def run_blocks(lean: bool, series: Any, scalars: Any, lanes: Any, state: Any, sums: Any) -> None:
    """Run all candidates, one block of lanes after another.

    Parameters
    ----------
    lean
        Whether :func:`_lean_of` may answer: no genset beside the grid, only the columns ENERGY.
    series
        Shape (8, n): load, PV per kWp, grid, may discharge, charge and discharge limits, import and export prices.
    scalars
        kwh_in, kwh_out, keep, import_kw, export_kw, cycling.
    lanes
        Shape (9, m), of :meth:`mine_energy.dispatch.terms.Lanes.rows`.
    state
        Shape (4, m), changed: stored energy, cycling on, sets on, steps of the current loss.
    sums
        Shape (15, m), changed: the columns.
    """
    for start in range(0, lanes.shape[1], LANES):
        stop = min(start + LANES, lanes.shape[1])
        block, now, found = lanes[:, start:stop].copy(), state[:, start:stop].copy(), sums[:, start:stop].copy()
        if lean and scalars[5] > 0:
            _cycle(series, scalars, block, now, found)
        elif lean:
            _follow(series, scalars, block, now, found)
        else:
            _general(series, scalars, block, now, found)
        state[:, start:stop] = now
        sums[:, start:stop] = found
