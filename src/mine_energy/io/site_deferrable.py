"""What ``[[deferrable]]`` can say that no single value shows: energy nobody gave, machines named twice, half a tank."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from mine_energy.errors import Param, Problem
from mine_energy.io.site_sections import is_number, number_of, section_of, tables
from mine_energy.io.validation import Flaw, written
from mine_energy.loads import parse_schedule
from mine_energy.site import Site

_TANK: Final = ("tank_m3", "flow_m3_per_hour")
_TIMES: Final = ("earliest", "deadline")


def deferrable_flaws(data: Mapping[str, Any]) -> Iterator[Flaw]:
    """Yield what is wrong in ``[[deferrable]]``, between its blocks, and between them and ``[[measures.shift]]``.

    Parameters
    ----------
    data
        The file as parsed, not validated.
    """
    rows = tables(data, "deferrable")
    for index, row in enumerate(rows):
        for name in _TIMES:
            if is_number(row.get(name)):
                yield Flaw(place=("deferrable", index, name), key="not_a_time", value=written(row[name]))
        yield from _energy(index, row)
        yield from _tank(index, row)
        least, most = (number_of(row.get(name)) for name in ("min_kw", "max_kw"))
        if least is not None and most is not None and least > most:
            limit: dict[str, Param] = {"max_kw": f"{most:g}"}
            yield Flaw(place=("deferrable", index, "min_kw"), key="deferrable_powers", value=f"{least:g}", params=limit)
    yield from _twice(rows)
    if any(row.get("tags") for row in rows) and "inventory" not in data:
        first = next(index for index, row in enumerate(rows) if row.get("tags"))
        yield Flaw(place=("deferrable", first, "tags"), key="deferrable_no_inventory", value="")
    yield from _shifted(data, rows)


def _energy(index: int, row: Mapping[str, Any]) -> Iterator[Flaw]:
    """Refuse a block whose energy nothing tells, or two things do; and hours that are none."""
    place = ("deferrable", index)
    tags, stated, usual = bool(row.get("tags")), row.get("kwh_per_day") is not None, row.get("usual") or ""
    if tags == stated:
        key = "deferrable_energy_twice" if tags else "deferrable_no_energy"
        yield Flaw(place=(*place, "kwh_per_day"), key=key, value=written(row.get("kwh_per_day", "")))
    if stated != bool(usual) and not tags:
        yield Flaw(place=(*place, "usual"), key="deferrable_usual", value=written(usual))
    if tags and usual and not stated:
        yield Flaw(place=(*place, "usual"), key="deferrable_energy_twice", value=written(usual))
    if not isinstance(usual, str):
        return
    try:
        parse_schedule(usual)
    except ValueError as error:
        params: dict[str, Param] = {"piece": str(error)}
        yield Flaw(place=(*place, "usual"), key="load_schedule_unreadable", value=written(usual), params=params)


def _tank(index: int, row: Mapping[str, Any]) -> Iterator[Flaw]:
    given = [name for name in _TANK if row.get(name) is not None]
    if row.get("kind") == "tank" and len(given) < len(_TANK):
        missing = next(name for name in _TANK if name not in given)
        yield Flaw(place=("deferrable", index, missing), key="deferrable_tank_missing", value="")
    elif row.get("kind", "batch") == "batch" and given:
        yield Flaw(place=("deferrable", index, given[0]), key="deferrable_tank_of_batch", value=written(row[given[0]]))


def _twice(rows: Sequence[Mapping[str, Any]]) -> Iterator[Flaw]:
    """Refuse two blocks of one name, and a machine in two blocks: its energy would be moved twice."""
    names: set[object] = set()
    owners: dict[object, object] = {}
    for index, row in enumerate(rows):
        name = row.get("name")
        if isinstance(name, str) and name in names:
            yield Flaw(place=("deferrable", index, "name"), key="deferrable_name_twice", value=name)
        names.add(name)
        for tag in _tags(row):
            if tag in owners:
                first: dict[str, Param] = {"block": str(owners[tag])}
                yield Flaw(place=("deferrable", index, "tags"), key="deferrable_tag_twice", value=tag, params=first)
            owners.setdefault(tag, name)


def _shifted(data: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> Iterator[Flaw]:
    """Refuse a machine that a measure moves to other hours already."""
    moved = {row.get("tag") for row in tables(section_of(data, "measures"), "shift")}
    for index, row in enumerate(rows):
        for tag in _tags(row):
            if tag in moved:
                yield Flaw(place=("deferrable", index, "tags"), key="deferrable_and_shift", value=tag)


def _tags(row: Mapping[str, Any]) -> list[str]:
    tags = row.get("tags")
    return [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []


def unknown_tags(site: Site, tags: set[str]) -> Iterator[Problem]:
    """Yield blocks of machines that the inventory does not have.

    Parameters
    ----------
    site
        A valid site file.
    tags
        Of the inventory.
    """
    for place, choice in enumerate(site.deferrable, start=1):
        for tag in choice.tags:
            if tag not in tags:
                params: dict[str, Param] = {"tags": ", ".join(sorted(tags)) or "-"}
                yield Problem(key="reading_unknown_tag", field=f"deferrable.{place}.tags", value=tag, params=params)
