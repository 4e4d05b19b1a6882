"""The grid connection of a site on a load's steps: its limits, and its outages as drawn or as recorded."""

from collections.abc import Sequence
from dataclasses import replace
from math import inf
from typing import cast

import pandas as pd

from mine_energy.dispatch import Grid
from mine_energy.dispatch.outages import Interval, Outages, draw_outages, outages_from_intervals
from mine_energy.errors import Finding, InputError, Param, Problem
from mine_energy.loads import LoadProfile
from mine_energy.site import Site
from mine_energy.units import HOURS_PER_YEAR


def grid_rule(
    site: Site, load: LoadProfile, outages: Sequence[Interval] | None = None
) -> tuple[Grid | None, tuple[Finding, ...]]:
    """Return the grid connection of a site with its outages on a load's steps, None off the grid.

    Raises
    ------
    InputError
        The recorded outages do not touch the load's period and cannot be moved to it (``outages_elsewhen``).
    """
    if site.connection.kind == "offgrid":
        return None, ()
    choice = site.grid
    found = _outages(site, load, outages)
    grid = Grid(
        export_allowed=site.connection.export_allowed,
        import_limit_kw=inf if choice.import_limit_kw is None else choice.import_limit_kw,
        export_limit_kw=inf if choice.export_limit_kw is None else choice.export_limit_kw,
        available=None if found is None or not found.count else found.available,
    )
    return grid, found.findings if found is not None else ()


def _outages(site: Site, load: LoadProfile, recorded: Sequence[Interval] | None) -> Outages | None:
    choice = site.grid
    if recorded:
        index = cast("pd.DatetimeIndex", load.load_kw.index)
        spans, said = _moved(recorded, index, load.step_hours, choice.outages)
        stated = outages_from_intervals(index, spans, step_hours=load.step_hours, file=choice.outages)
        return replace(stated, findings=(*said, *stated.findings))
    if not choice.outage_hours_per_year or not choice.outages_per_year:
        return None
    return draw_outages(
        len(load.load_kw),
        saidi_hours=choice.outage_hours_per_year,
        saifi=choice.outages_per_year,
        seed=choice.outage_seed,
        step_hours=load.step_hours,
    )


def _moved(
    recorded: Sequence[Interval], index: pd.DatetimeIndex, step_hours: float, file: str
) -> tuple[Sequence[Interval], tuple[Finding, ...]]:
    """Return recorded outages on the years of a load: those of one other year keep their month, day and hour."""
    start, end = index[0], index[-1] + pd.Timedelta(hours=step_hours)
    if any(a < end and b > start for a, b in recorded):
        return recorded, ()
    first, last = min(a for a, _ in recorded), max(b for _, b in recorded)
    if last - first > pd.Timedelta(hours=HOURS_PER_YEAR):
        params: dict[str, Param] = {
            name: f"{moment:%Y-%m-%d}"
            for name, moment in (("first", first), ("last", last), ("start", start), ("end", end))
        }
        raise InputError([Problem(key="outages_elsewhen", file=file, field="grid.outages", params=params)])
    years = start.year - first.year
    if first + pd.DateOffset(years=years) < start:
        years += 1
    shift = pd.DateOffset(years=years)
    said = Finding(key="study_outages_moved", level="assumption", params={"years": years})
    return [(a + shift, b + shift) for a, b in recorded], (said,)
