"""Files that hold several supplies, or one supply of several suppliers."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from mine_energy.errors import Finding, Param, Problem
from mine_energy.io.cells import show
from mine_energy.io.meter_columns import MeterColumns
from mine_energy.io.meter_readings import LISTED, Readings, Values
from mine_energy.io.stamps import Stamp
from mine_energy.io.tables import Table, first_of


def chosen_rows(
    table: Table, columns: MeterColumns, rows: Sequence[int], supply: str
) -> tuple[list[int], list[Problem]]:
    """Return the rows of one supply; a file of several is refused until the person says which.

    Parameters
    ----------
    table, columns, rows
        The table, its columns and its rows of data.
    supply
        Code of the supply, as the person wrote it; empty when not said.
    """
    index = columns.supply
    codes = [show(table.cell(row, index)) for row in rows] if index is not None else []
    known = list(dict.fromkeys(code for code in codes if code))
    listed = ", ".join(known[:LISTED]) + (" ..." if len(known) > LISTED else "")
    if supply:
        wanted = [row for row, code in zip(rows, codes, strict=False) if code.casefold() == supply.strip().casefold()]
        missing = replace(table.about("meter_supply_unknown", available=listed or "-"), value=supply)
        return wanted, [] if wanted else [missing]
    if len(known) > 1 and index is not None:
        second = next(row for row, code in zip(rows, codes, strict=True) if code and code != known[0])
        return list(rows), [table.problem("meter_many_supplies", second, index, supplies=listed, count=len(known))]
    return list(rows), []


def added_suppliers(found: Readings, columns: MeterColumns, habitual: bool, *, everything: bool) -> Readings:
    """Return readings with equal stamps of different suppliers (or delivery points) added; true duplicates are refused.

    Parameters
    ----------
    found
        Without problems.
    columns
        Where supplier and delivery point stand.
    habitual
        Whether the layout lists a supply once for each of its suppliers.
    everything
        Whether the person said that equal stamps are to be added, whoever supplied them.
    """
    marks = [index for index in (columns.company, columns.point) if index is not None]
    table = found.table
    groups: dict[Stamp, list[int]] = {}
    for position, stamp in enumerate(found.stamps):
        groups.setdefault(stamp, []).append(position)
    several = [positions for positions in groups.values() if len(positions) > 1]
    if not several or not (everything or (habitual and marks)):
        return found
    who = [tuple(show(table.cell(row, index)) for index in marks) for row in found.rows]
    twice = [] if everything else [i for group in several for i in _repeated(group, who)]
    if twice:
        shown = [found.problem("stamp_twice", i, this=_shown(found, i)) for i in twice]
        return replace(found, problems=tuple(first_of(shown, LISTED, table.about("stamp_twice"))))
    return _merged(found, groups, several, ", ".join(sorted({" ".join(w) for w in who})))


def _repeated(group: Sequence[int], who: Sequence[tuple[str, ...]]) -> list[int]:
    """Return the positions of one stamp whose supplier and point stand there already."""
    return [i for place, i in enumerate(group) if who[i] in {who[j] for j in group[:place]}]


def _shown(found: Readings, index: int) -> str:
    return show(found.table.cell(found.rows[index], found.stamp_column))


def _merged(found: Readings, groups: dict[Stamp, list[int]], several: list[list[int]], who: str) -> Readings:
    order = list(groups.items())
    if all(stamp.order == "ymd" for stamp in found.stamps):
        # Each supplier's rows stand in a block of their own, so the union has to be put in order of time.
        order.sort(key=lambda one: (one[0].parts, one[0].day_ms))
    blocks = [positions for _, positions in order]
    firsts = [positions[0] for positions in blocks]

    def sums(values: Values) -> Values:
        return np.array([values[positions].sum() for positions in blocks], dtype=np.float64)

    params: dict[str, Param] = {
        "count": len(several),
        "line": found.line(several[0][1]),
        "suppliers": who,
        "single": len(groups) - len(several),
    }
    told = Finding(key="meter_suppliers_added", level="assumption", subject=found.table.file, params=params)
    return replace(
        found,
        rows=[found.rows[i] for i in firsts],
        stamps=[found.stamps[i] for i in firsts],
        active=sums(found.active),
        reactive=None if found.reactive is None else sums(found.reactive),
        findings=(*found.findings, told),
    )
