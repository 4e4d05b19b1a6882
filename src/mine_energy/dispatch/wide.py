"""The rule over all candidates at once, step by step in numpy: for jobs too small to pay for a compiler's start."""

from typing import Any

import numpy as np

from mine_energy.dispatch.rule import TINY_KW
from mine_energy.dispatch.terms import Array, Terms


def run_wide(terms: Terms, unit: Array, lanes: Array, state: Array, sums: Array) -> None:
    """Run all candidates through every step; see :func:`mine_energy.dispatch.kernels.run_blocks` for the shapes.

    Parameters
    ----------
    terms
        What is common to all.
    unit
        Shape (n,): AC output per kWp.
    lanes, state, sums
        Shapes (9, m), (4, m) and (15, m); the last two are changed.
    """
    pv_kwp, usable, power, *_ = lanes
    for t in range(unit.size):
        kw, held, pv = terms.load[t], state[0] * terms.keep, unit[t] * pv_kwp
        room = np.minimum(power * terms.charge_limit[t], (usable - held) * (1 / terms.kwh_in))
        most = np.minimum(power * terms.discharge_limit[t], held * (1 / terms.kwh_out))
        if terms.grid[t] > 0:
            flows = flows_beside_grid(terms, lanes, (kw, pv, held, terms.may_discharge[t]), room, most)
            state[1] = 0.0
        else:
            flows = flows_island(terms, lanes, (kw, pv, held, state[1]), room, most)
            state[1] = (flows[0] > 0) & terms.cycling
        _add(terms, lanes, (t, kw), flows, state, sums)
        change = flows[2] * terms.kwh_in - flows[3] * terms.kwh_out
        state[0] = np.minimum(np.maximum(held + change, 0.0), usable)


def flows_island(
    terms: Terms, lanes: Array, now: tuple[Any, Array, Array, Array], room: Array, most: Array
) -> tuple[Array, ...]:
    """Return genset, PV taken, charge, discharge, import, export and unserved power without a grid.

    Parameters
    ----------
    terms, lanes
        What the lanes share, and shape (9, m) of what they do not.
    now
        Load, kW; and by lane PV, kW, stored energy, kWh, and whether a cycle-charging set is on.
    room, most
        Shape (m,): what the battery can take and give in the step, kW at the AC bus.

    Returns
    -------
    tuple of numpy.ndarray
        Seven of shape (m,), kW.
    """
    kw, pv, held, on = now
    rating, least, until, forming = lanes[3], lanes[4], lanes[7], lanes[8]
    short = kw - pv - most
    sink = kw + room
    stays = terms.cycling & (on > 0) & (held < until)
    go = (np.where(forming > 0, short, kw) > TINY_KW) | stays
    wanted = sink - pv if terms.cycling else short
    genset = np.where(go, np.minimum(rating, np.maximum(wanted, np.minimum(least, sink))), 0.0)
    alive = (genset > 0) | (forming > 0)
    taken = np.where(alive, np.minimum(pv, sink - genset), 0.0)
    missing = kw - genset - taken
    positive = np.maximum(missing, 0.0)
    discharge = np.where(alive, np.minimum(positive, most), 0.0)
    none = np.zeros_like(pv)
    return genset, taken, positive - missing, discharge, none, none, positive - discharge


def flows_beside_grid(
    terms: Terms, lanes: Array, now: tuple[Any, Array, Array, Any], room: Array, most: Array
) -> tuple[Array, ...]:
    """Return the same with a grid; the last of `now` is whether the battery may serve the load in this step."""
    kw, pv, held, allowed = now
    rating, least, reserve = lanes[3], lanes[4], lanes[6]
    taken = np.minimum(pv, kw + room)
    export = np.minimum(pv - taken, terms.export_kw)
    missing = np.maximum(kw - taken, 0.0)
    willing = np.minimum(most, np.maximum(held - reserve, 0.0) * (1 / terms.kwh_out)) * allowed
    discharge = np.maximum(np.minimum(missing, willing), np.minimum(missing - terms.import_kw, most))
    short = np.maximum(missing - discharge - terms.import_kw, 0.0)
    started = np.minimum(rating, np.maximum(short, np.minimum(least, missing)))
    genset = np.where(short > TINY_KW, started, 0.0)
    discharge = np.minimum(discharge, missing - genset)
    drawn = np.minimum(missing - genset - discharge, terms.import_kw)
    unserved = np.maximum(missing - genset - discharge - drawn, 0.0)
    return genset, taken, np.maximum(taken - kw, 0.0), discharge, drawn, export, unserved


def _add(
    terms: Terms, lanes: Array, at: tuple[int, float], flows: tuple[Array, ...], state: Array, sums: Array
) -> None:
    """Add one step to the columns, and count sets and lost steps."""
    step, kw = at
    genset, taken, charge, discharge, drawn, export, unserved = flows
    least, unit_kw = lanes[4], lanes[5]
    sets = np.ceil(genset / unit_kw - TINY_KW)
    lost = (unserved > TINY_KW).astype(np.float64)
    state[3] = (state[3] + 1.0) * lost
    columns = (
        unserved,
        genset,
        sets * unit_kw,
        discharge,
        np.minimum(taken, kw),
        export,
        drawn,
        drawn * terms.import_price[step],
        export * terms.export_price[step],
        charge,
        (sets > 0).astype(np.float64),
        np.maximum(sets - state[2], 0.0),
        lost,
    )
    for row, values in enumerate(columns):
        sums[row] += values
    sums[13] = np.maximum(sums[13], state[3])
    sums[14] += (genset > 0) & (genset < least - TINY_KW)
    state[2] = sets
