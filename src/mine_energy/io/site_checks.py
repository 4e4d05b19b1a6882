"""What a site file can say that no single value shows: a place outside its country, shifts that overlap, lost files."""

from collections.abc import Iterator, Mapping
from datetime import time
from pathlib import Path
from typing import Any, Final, get_args

from mine_energy.errors import Param
from mine_energy.io.file_kinds import near_name
from mine_energy.io.site_deferrable import deferrable_flaws
from mine_energy.io.site_network import network_flaws
from mine_energy.io.site_sections import is_number, number_of, section_of, tables
from mine_energy.io.site_storage import storage_flaws
from mine_energy.io.validation import Flaw, Place, model_at, written
from mine_energy.site import Site
from mine_energy.units import MINUTES_PER_HOUR

BOUNDS: Final[Mapping[str, tuple[float, float, float, float]]] = {
    "CO": (-4.3, 13.6, -81.9, -66.7),
    "PE": (-18.5, 0.1, -81.5, -68.5),
}
"""South, north, west and east of each country's land with its islands, degrees, rounded outwards to a tenth."""

_FILES: Final = (
    ("inventory", "file"),
    ("load", "file"),
    ("bills", "file"),
    ("fuel_log", "file"),
    ("production_log", "file"),
    ("power_quality", "file"),
    ("weather", "file"),
    ("array", "horizon"),
    ("grid", "outages"),
    ("connection", "tariff"),
    ("connection", "spot_prices"),
    ("carbon", "hourly_factors"),
    ("equipment", "catalogue"),
    ("equipment", "module"),
    ("equipment", "inverter"),
)
_MAY_BE_EMPTY: Final = frozenset(
    (
        *(("weather", "file"), ("array", "horizon"), ("grid", "outages")),
        *(("connection", "spot_prices"), ("carbon", "hourly_factors")),
    )
)
_COMPONENTS: Final = (".pan", ".ond")
_ROUNDED: Final = 1e-9
_FEW_METRES: Final = 10.0
_DAY_MINUTES: Final = 24 * MINUTES_PER_HOUR


def check(data: Mapping[str, Any], folder: Path) -> Iterator[Flaw]:
    """Yield what is wrong across the values of a site file, whether or not each of them is valid.

    Parameters
    ----------
    data
        The file as parsed, not validated.
    folder
        Where relative paths start.
    """
    site = section_of(data, "site")
    yield from _coordinates(("site",), site, site.get("country"))
    for index, place in enumerate(tables(site, "places")):
        yield from _coordinates(("site", "places", index), place, site.get("country"))
    yield from _altitude(site)
    yield from _shifts(site)
    yield from _supply(data)
    yield from network_flaws(data)
    yield from storage_flaws(data)
    yield from deferrable_flaws(data)
    yield from _shares(data)
    yield from _missing_files(data, folder)
    yield from _provenance(data)
    yield from _truth_values((), data)


def _inside(latitude: float, longitude: float, country: str) -> bool:
    south, north, west, east = BOUNDS[country]
    return south <= latitude <= north and west <= longitude <= east


def _coordinates(place: Place, section: Mapping[str, Any], country: object) -> Iterator[Flaw]:
    """Tell swapped coordinates, a lost minus sign and a place in another country apart."""
    lat, lon = number_of(section.get("latitude")), number_of(section.get("longitude"))
    if lat is None or lon is None:
        return
    named = [country] if isinstance(country, str) and country in BOUNDS else list(BOUNDS)
    if any(_inside(lat, lon, one) for one in named):
        return
    params: dict[str, Param] = {"latitude": f"{lat:g}", "longitude": f"{lon:g}", "country": ", ".join(named)}
    if any(_inside(lon, lat, one) for one in named):
        yield Flaw(place=(*place, "latitude"), key="coordinates_swapped", value=f"{lat:g}, {lon:g}", params=params)
    elif any(_inside(lat, -lon, one) for one in named):
        params["suggestion"] = f"{-lon:g}"
        yield Flaw(place=(*place, "longitude"), key="longitude_sign", value=f"{lon:g}", params=params)
    elif abroad := [one for one in BOUNDS if _inside(lat, lon, one)]:
        params["expected"] = ", ".join(abroad)
        yield Flaw(place=(*place, "latitude"), key="other_country", value=f"{lat:g}, {lon:g}", params=params)
    elif any(_inside(-lat, lon, one) for one in named):
        params["suggestion"] = f"{-lat:g}"
        yield Flaw(place=(*place, "latitude"), key="latitude_sign", value=f"{lat:g}", params=params)
    elif any(_inside(-lat, -lon, one) for one in named):
        params["suggestion"] = f"{-lat:g}, {-lon:g}"
        yield Flaw(place=(*place, "latitude"), key="coordinates_signs", value=f"{lat:g}, {lon:g}", params=params)
    elif abs(lat) <= 90 and abs(lon) <= 180:
        yield Flaw(place=(*place, "latitude"), key="outside_country", value=f"{lat:g}, {lon:g}", params=params)


def _altitude(site: Mapping[str, Any]) -> Iterator[Flaw]:
    """Refuse thousands of metres written with a point, which TOML takes for metres and millimetres."""
    stated = number_of(site.get("altitude_m"))
    if stated is not None and 0 < stated < _FEW_METRES and round(stated, 2) != stated:
        params: dict[str, Param] = {"suggestion": f"{1000 * stated:.6g}"}
        yield Flaw(place=("site", "altitude_m"), key="altitude_thousands", value=f"{stated:g}", params=params)


def _shifts(site: Mapping[str, Any]) -> Iterator[Flaw]:
    """Refuse shifts that overlap, and numbers in place of times, which would be read as seconds."""
    spans: list[tuple[int, int, int]] = []
    for index, shift in enumerate(tables(site, "shifts")):
        for name in ("start", "end"):
            if is_number(shift.get(name)):
                yield Flaw(place=("site", "shifts", index, name), key="not_a_time", value=written(shift[name]))
        start, end = (_minutes(shift.get(name)) for name in ("start", "end"))
        if start is not None and end is not None:
            spans.append((start, end + (_DAY_MINUTES if end <= start else 0), index))
    spans.sort()
    for (start, end, first), (following, _, second) in zip(spans, [*spans[1:], *_tomorrow(spans)], strict=True):
        if end > following and (first != second or end - start > _DAY_MINUTES):
            yield Flaw(
                place=("site", "shifts", second),
                key="shifts_overlap",
                value=f"{_clock(following)}",
                params={"first": first + 1, "second": second + 1},
            )


def _tomorrow(spans: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    return [(start + _DAY_MINUTES, end + _DAY_MINUTES, index) for start, end, index in spans[:1]]


def _minutes(value: object) -> int | None:
    if isinstance(value, str):
        try:
            value = time.fromisoformat(value)
        except ValueError:
            return None
    return value.hour * MINUTES_PER_HOUR + value.minute if isinstance(value, time) else None


def _clock(minutes: int) -> str:
    hour, minute = divmod(minutes % _DAY_MINUTES, MINUTES_PER_HOUR)
    return f"{hour:02d}:{minute:02d}"


def _supply(data: Mapping[str, Any]) -> Iterator[Flaw]:
    if section_of(data, "connection").get("kind") == "offgrid" and "genset" not in data:
        yield Flaw(place=("genset",), key="offgrid_without_genset", value="")


def _shares(data: Mapping[str, Any]) -> Iterator[Flaw]:
    """Refuse shares of a footprint that leave less than nothing for Scope 1."""
    chosen = section_of(data, "emissions")
    shares = [number_of(chosen.get(name)) for name in ("scope2_share", "scope3_share")]
    total = sum(share for share in shares if share is not None and 0 <= share <= 1)
    if total > 1 + _ROUNDED:
        params: dict[str, Param] = {"total": f"{total:g}"}
        yield Flaw(place=("emissions", "scope3_share"), key="shares_over_one", value=f"{total:g}", params=params)


def no_energy(data: Mapping[str, Any]) -> Iterator[Flaw]:
    """Refuse a site whose energy nothing tells: neither motor list nor meter, bills nor fuel."""
    if not any(name in data for name in ("inventory", "load", "bills", "fuel_log")):
        yield Flaw(place=("inventory",), key="audit_nothing_to_audit", value="")


def user_path(folder: Path, written_name: str) -> Path:
    """Return where a file named in a site file is; backslashes are folders, as on Windows."""
    return folder / written_name.replace("\\", "/")


def is_tariff_file(name: str) -> bool:
    """Whether a tariff is named by its file and not by its packaged name."""
    return name.lower().endswith(".toml")


def _missing_files(data: Mapping[str, Any], folder: Path) -> Iterator[Flaw]:
    for section, key in _FILES:
        name = section_of(data, section).get(key)
        if not isinstance(name, str) or (not name and (section, key) in _MAY_BE_EMPTY):
            continue
        if key == "tariff" and not is_tariff_file(name):
            continue
        if section == "equipment" and not (name.lower().endswith(_COMPONENTS) or (key == "catalogue" and name)):
            continue
        if not name.strip():
            yield Flaw(place=(section, key), key="is_empty", value="")
        elif not user_path(folder, name).exists():
            near = near_name(user_path(folder, name))
            params: dict[str, Param] = {"suggestion": near} if near else {}
            yield Flaw(
                place=(section, key), key="file_not_found_near" if near else "file_not_found", value=name, params=params
            )


def _provenance(data: Mapping[str, Any]) -> Iterator[Flaw]:
    """Refuse a record about no section at all: a typing mistake there would lose the mark "reconstructed"."""
    for index, record in enumerate(tables(data, "provenance")):
        keys = record.get("keys")
        for key in keys if isinstance(keys, list) else ():
            if isinstance(key, str) and key.partition(".")[0] not in Site.model_fields:
                yield Flaw(
                    place=("provenance", index, "keys"),
                    key="provenance_unknown",
                    value=key,
                    params={"sections": ", ".join(Site.model_fields)},
                )


def _truth_values(place: Place, node: object) -> Iterator[Flaw]:
    """Refuse true and false where a number belongs: validation would take them for one and zero."""
    if isinstance(node, Mapping):
        for key, value in node.items():
            yield from _truth_values((*place, str(key)), value)
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _truth_values((*place, index), value)
    elif isinstance(node, bool):
        owner = model_at(place[:-1], Site)
        field = owner.model_fields.get(str(place[-1])) if owner else None
        if field is not None and bool not in (field.annotation, *get_args(field.annotation)):
            yield Flaw(place=place, key="not_a_number", value=written(node))
