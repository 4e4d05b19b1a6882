"""What ``[coverage]``, ``[battery]``, ``[genset]`` and ``[grid]`` say that no single value shows."""

from collections.abc import Iterator, Mapping
from typing import Any

from mine_energy.io.site_sections import number_of, section_of
from mine_energy.io.validation import Flaw, written

_OUTAGES = ("outage_hours_per_year", "outages_per_year")


def storage_flaws(data: Mapping[str, Any]) -> Iterator[Flaw]:
    """Yield what is wrong in the sections of sizing.

    Parameters
    ----------
    data
        The file as parsed, not validated.
    """
    yield from _coverage(data)
    yield from _battery(section_of(data, "battery"))
    yield from _grid(data)


def _coverage(data: Mapping[str, Any]) -> Iterator[Flaw]:
    coverage = section_of(data, "coverage")
    ratio = number_of(coverage.get("ratio"))
    if coverage.get("goal") == "hourly_self" and ratio is not None and ratio > 1:
        yield Flaw(place=("coverage", "ratio"), key="coverage_ratio_over_one", value=f"{ratio:g}")
    if coverage.get("renewable_share") is not None and "genset" not in data:
        yield Flaw(
            place=("coverage", "renewable_share"),
            key="renewable_share_without_genset",
            value=written(coverage["renewable_share"]),
        )


def _battery(battery: Mapping[str, Any]) -> Iterator[Flaw]:
    for low, high in (("soc_min", "soc_max"), ("min_kwh", "max_kwh"), ("existing_kwh", "max_kwh")):
        first, second = number_of(battery.get(low)), number_of(battery.get(high))
        # A window of no width stores nothing; equal least and most energies fix the size.
        if first is not None and second is not None and (first > second or (low == "soc_min" and first == second)):
            params = {"other": high, "other_value": f"{second:g}"}
            yield Flaw(place=("battery", low), key="battery_order", value=f"{first:g}", params=params)


def _grid(data: Mapping[str, Any]) -> Iterator[Flaw]:
    grid = section_of(data, "grid")
    given = [name for name in _OUTAGES if number_of(grid.get(name))]
    if len(given) == 1:
        missing = next(name for name in _OUTAGES if name not in given)
        value = written(grid[given[0]])
        yield Flaw(place=("grid", given[0]), key="outages_need_both", value=value, params={"other": missing})
    limits = [name for name in (*_OUTAGES, "import_limit_kw", "export_limit_kw") if name in grid]
    if limits and section_of(data, "connection").get("kind") == "offgrid":
        yield Flaw(place=("grid", limits[0]), key="grid_off_the_grid", value=written(grid[limits[0]]))
