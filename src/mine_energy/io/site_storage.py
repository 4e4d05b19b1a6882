"""What ``[coverage]``, ``[battery]``, ``[genset]`` and ``[grid]`` say that no single value shows."""

from collections.abc import Iterator, Mapping
from typing import Any

from mine_energy.io.site_sections import number_of, section_of
from mine_energy.io.validation import Flaw, written

_ORDERED = (
    ("battery", "soc_min", "soc_max"),
    ("battery", "min_kwh", "max_kwh"),
    ("battery", "existing_kwh", "max_kwh"),
    ("battery", "min_kw", "max_kw"),
    ("battery", "existing_kw", "max_kw"),
    ("array", "min_kwp", "max_kwp"),
    ("genset", "min_kw", "rated_kw"),
)
_OUTAGES = ("outage_hours_per_year", "outages_per_year")


def storage_flaws(data: Mapping[str, Any]) -> Iterator[Flaw]:
    """Yield what is wrong in the sections of sizing.

    Parameters
    ----------
    data
        The file as parsed, not validated.
    """
    yield from _coverage(data)
    yield from _order(data)
    yield from _powers(data)
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


def _order(data: Mapping[str, Any]) -> Iterator[Flaw]:
    for section, low, high in _ORDERED:
        part = section_of(data, section)
        first, second = number_of(part.get(low)), number_of(part.get(high))
        # A window of no width stores nothing; equal least and most sizes fix the size.
        if first is not None and second is not None and (first > second or (low == "soc_min" and first == second)):
            params = {"other": f"{section}.{high}", "other_value": f"{second:g}"}
            yield Flaw(place=(section, low), key="size_order", value=f"{first:g}", params=params)


def _powers(data: Mapping[str, Any]) -> Iterator[Flaw]:
    """Refuse bounds of a power that comes with the energy, and of a set that is there."""
    battery, genset = section_of(data, "battery"), section_of(data, "genset")
    priced = battery.get("price_usd_per_kw") is not None and battery.get("kw_per_kwh") is None
    for name in ("min_kw", "max_kw", "existing_kw"):
        if battery.get(name) is not None and not priced:
            yield Flaw(place=("battery", name), key="battery_power_tied", value=written(battery[name]))
    if genset.get("min_kw") is not None and genset.get("existing", True) is not False:
        yield Flaw(place=("genset", "min_kw"), key="genset_existing_fixed", value=written(genset["min_kw"]))


def _grid(data: Mapping[str, Any]) -> Iterator[Flaw]:
    grid = section_of(data, "grid")
    given = [name for name in _OUTAGES if number_of(grid.get(name))]
    if len(given) == 1:
        missing = next(name for name in _OUTAGES if name not in given)
        value = written(grid[given[0]])
        yield Flaw(place=("grid", given[0]), key="outages_need_both", value=value, params={"other": missing})
    if grid.get("outages") and given:
        yield Flaw(place=("grid", given[0]), key="outages_twice", value=written(grid[given[0]]))
    limits = [name for name in (*_OUTAGES, "outages", "import_limit_kw", "export_limit_kw") if name in grid]
    if limits and section_of(data, "connection").get("kind") == "offgrid":
        yield Flaw(place=("grid", limits[0]), key="grid_off_the_grid", value=written(grid[limits[0]]))
