"""What is wrong with a record as a whole, each with its line, and what is worth knowing about it."""

from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from mine_energy.errors import Finding, Level, Param, Problem
from mine_energy.io.cells import show
from mine_energy.io.intervals import Label, Timeline, breaks
from mine_energy.io.meter_hints import Hints
from mine_energy.io.meter_readings import LISTED, Readings
from mine_energy.io.meter_registers import register_problems, undeclared_register
from mine_energy.io.stamps import DAY_MS, MINUTE_MS, iso, readings
from mine_energy.io.tables import first_of
from mine_energy.units import HOURS_PER_DAY, MINUTES_PER_HOUR

_LONG_ZERO_HOURS: Final = 24


def record_problems(found: Readings, times: Timeline, hints: Hints) -> list[Problem]:
    """Return everything that keeps a record from being a load, whichever edge its stamps are."""
    days = times.step_ms / (MINUTE_MS * MINUTES_PER_HOUR * HOURS_PER_DAY)
    if days >= 1:
        # Daily totals or bills: their gaps and steps need no words of their own.
        return [found.table.about("step_of_days", days=f"{days:.3g}")]
    return [
        *_undecided_order(found, times),
        *_step_problems(found, times),
        *_broken(found, times, hints),
        *_negative(found),
        *register_problems(found),
        *(() if hints.quantity == "energy" else undeclared_register(found)),
    ]


def mixed_orders(found: Readings) -> list[Problem]:
    """Return the lines whose date exists only with the month first, and only with the day first."""

    def only(order: str, other: str) -> list[int]:
        ways = [readings(stamp, (order, other)) for stamp in found.stamps]
        return [i for i, way in enumerate(ways) if order in way and other not in way]

    days, months = only("dmy", "mdy"), only("mdy", "dmy")
    few = [(order, rows) for order, rows in (("dd/mm", days), ("mm/dd", months)) if rows]
    return [found.problem("date_orders_mixed", rows[0], order=order) for order, rows in few] or [
        found.table.about("dates_not_dates")
    ]


def _undecided_order(found: Readings, times: Timeline) -> Iterator[Problem]:
    if len(times.orders) > 1:
        ways = [readings(stamp, times.orders) for stamp in found.stamps]
        index = next(i for i, way in enumerate(ways) if len(set(way.values())) > 1)
        first, second = list(dict.fromkeys(ways[index].values()))[:2]
        yield found.problem("date_order_undecidable", index, first=first, second=second)


def _step_problems(found: Readings, times: Timeline) -> Iterator[Problem]:
    step = times.step_ms / MINUTE_MS
    if times.step_ms and (step > MINUTES_PER_HOUR or (MINUTES_PER_HOUR * MINUTE_MS) % times.step_ms):
        yield found.table.about("step_not_usable", minutes=f"{step:g}")


def _broken(found: Readings, times: Timeline, hints: Hints) -> list[Problem]:
    listed: list[Problem] = []
    by_key: dict[str, list[Problem]] = {}
    for broken in breaks(times.moments, times.step_ms):
        if broken.key == "gap" and hints.gaps == "mark":
            continue
        params: dict[str, Any] = {
            "before": iso(int(times.moments[broken.index - 1])),
            "this": iso(int(times.moments[broken.index])),
            "minutes": f"{times.step_ms / MINUTE_MS:g}",
        }
        if broken.key == "gap":
            params["missing"] = broken.missing
        by_key.setdefault(broken.key, []).append(found.problem(broken.key, broken.index, **params))
    for key, problems in by_key.items():
        listed += first_of(problems, LISTED, found.table.about(key))
    return listed


def _negative(found: Readings) -> list[Problem]:
    # Of a net quantity some values may be negative; of a plant that draws power, not their sum.
    if found.signed and found.active.sum() > 0:
        return []
    table = found.table
    below = [found.value_problem("value_negative", int(i)) for i in np.flatnonzero(found.active < 0)]
    listed = first_of(below, LISTED, table.about("value_negative"))
    # A reactive power below zero is leading; a reactive energy register counts each direction by itself.
    if found.reactive is not None and not found.signed and found.reactive_quantity != "power":
        negative = np.flatnonzero(found.reactive < 0)
        second = [found.problem("value_negative", int(i), found.reactive_column) for i in negative]
        listed += first_of(second, LISTED, table.about("value_negative"))
    return listed


def undecided_label(found: Readings, times: Timeline) -> Problem:
    """Return the problem of stamps that may start or end their intervals, with both readings of the first one."""
    first, step = int(times.moments[0]), times.step_ms
    return found.problem(
        "label_undecidable",
        0,
        first=f"{iso(first)} - {iso(first + step)}",
        second=f"{iso(first - step)} - {iso(first)}",
    )


def record_findings(found: Readings, times: Timeline, label: Label, *, assumed: bool) -> Iterator[Finding]:
    """Yield what a reader of the results has to know about a record that was read."""
    name = found.table.file
    minutes = f"{times.step_ms / MINUTE_MS:g}"
    register = found.active_quantity == "register"
    if assumed:
        params: dict[str, Param] = {
            "line": found.line(0),
            "stamp": iso(int(times.moments[0])),
            "edge": label,
            "minutes": minutes,
        }
        yield Finding(key=f"meter_{label}_assumed", level="assumption", subject=name, params=params)
    elif label == "end" and not register:
        yield Finding(key="meter_stamps_end", subject=name, params={"minutes": minutes})
    if times.midnights_moved:
        yield Finding(key="meter_midnights_moved", subject=name, params={"count": times.midnights_moved})
    if not times.has_offset:
        yield Finding(key="meter_naive_stamps", subject=name)
    if found.reactive is None:
        yield Finding(key="meter_no_reactive", subject=name)
    yield from _gaps(found, times)
    yield from _negative_findings(found)
    yield from _partial_days(found, times, label)
    if not register:
        yield from _zero_run(found, times, label)


def _gaps(found: Readings, times: Timeline) -> Iterator[Finding]:
    """Tell of each gap that was left open; only gaps that a person asked to mark come this far."""
    for broken in [one for one in breaks(times.moments, times.step_ms) if one.key == "gap"][:LISTED]:
        params: dict[str, Param] = {
            "missing": broken.missing,
            "line": found.line(broken.index),
            "before": iso(int(times.moments[broken.index - 1])),
            "this": iso(int(times.moments[broken.index])),
        }
        yield Finding(key="meter_gap_marked", level="warning", subject=found.table.file, params=params)


def _negative_findings(found: Readings) -> Iterator[Finding]:
    name = found.table.file
    below = np.flatnonzero(found.active < 0) if found.signed else np.empty(0, dtype=np.intp)
    if len(below):
        lines = ", ".join(str(found.line(int(i))) for i in below[:LISTED])
        params: dict[str, Param] = {"count": len(below), "lines": lines + (" ..." if len(below) > LISTED else "")}
        yield Finding(key="meter_negative_kept", level="warning", subject=name, params=params)
    leading = np.empty(0, dtype=np.intp) if found.reactive is None else np.flatnonzero(found.reactive < 0)
    if len(leading):
        params = {"count": len(leading), "line": found.line(int(leading[0]))}
        yield Finding(key="meter_reactive_leading", level="warning", subject=name, params=params)


def _partial_days(found: Readings, times: Timeline, label: Label) -> Iterator[Finding]:
    """Tell of a record that does not begin and end with a whole day: its last days may have been cut off."""
    shift = times.step_ms if label == "end" else 0
    first = int(times.moments[0]) - shift
    last = int(times.moments[-1]) - shift + (0 if found.active_quantity == "register" else times.step_ms)
    if first % DAY_MS or last % DAY_MS:
        params: dict[str, Param] = {
            "start": iso(first),
            "end": iso(last),
            "first_line": found.line(0),
            "last_line": found.line(len(found.rows) - 1),
        }
        yield Finding(key="meter_partial_days", subject=found.table.file, params=params)


def _zero_run(found: Readings, times: Timeline, label: Label) -> Iterator[Finding]:
    """Tell of intervals without any consumption and of the longest run of them."""
    zero = np.concatenate(([0], (found.active == 0).astype(np.int8), [0]))
    edges = np.flatnonzero(np.diff(zero))
    if len(edges):
        starts, lengths = edges[::2], edges[1::2] - edges[::2]
        longest = int(np.argmax(lengths))
        start = int(times.moments[starts[longest]]) - (times.step_ms if label == "end" else 0)
        hours = float(lengths[longest]) * times.step_ms / MINUTE_MS / MINUTES_PER_HOUR
        yield Finding(
            key="meter_zero_run",
            level="warning" if hours >= _LONG_ZERO_HOURS else "info",
            subject=found.table.file,
            params={"count": int(lengths.sum()), "hours": f"{hours:g}", "start": iso(start)},
        )


def last_line_finding(found: Readings, data: bytes) -> Iterator[Finding]:
    """Tell of a text file that ends without an end of line: its last line, and so its last value, may be cut."""
    if found.table.is_text and data and not data.rstrip(b"\0").endswith((b"\n", b"\r", b">")) and len(found.rows):
        last = len(found.rows) - 1
        value = show(found.table.cell(found.rows[last], found.active_column))
        before = {_decimals(show(found.table.cell(row, found.active_column))) for row in found.rows[:-1]}
        odd = len(before) == 1 and _decimals(value) not in before
        params: dict[str, Param] = {"line": found.line(last), "value": value}
        level: Level = "warning" if odd else "info"
        yield Finding(key="meter_last_line", level=level, subject=found.table.file, params=params)


def _decimals(text: str) -> int:
    return len(text) - 1 - max(text.rfind("."), text.rfind(",")) if "." in text or "," in text else 0
