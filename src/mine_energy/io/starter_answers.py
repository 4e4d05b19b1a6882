"""Answers about a new plant, read from what a person typed and held to the rules of the site file."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from mine_energy import catalog
from mine_energy.catalog import SiteClimatology
from mine_energy.errors import InputError, Param, Problem
from mine_energy.io.coordinates import read_coordinates
from mine_energy.io.inventory import read_inventory
from mine_energy.io.numbers import read_numbers
from mine_energy.io.site_checks import check
from mine_energy.io.starter import Span
from mine_energy.io.validation import dotted, flaws
from mine_energy.motors import MotorInventory
from mine_energy.site import Country, Site

_SITES: Final = "climatology/sites_annual.csv"
_NEAR_KM: Final = 15.0
_QUALITY: Final = ("medium", "low_medium", "low")
_UNITS: Final = re.compile(
    r"\s*(?:m\.?s\.?n\.?m\.?|m|metros|metres|meters|kw|kilovatios|kilowatts|v|volt\w*|d[ií]as?|days?)\.?$",
    re.IGNORECASE,
)
_CLOCK: Final = re.compile(r"(\d{1,2})(?:[:.hH]\s?(\d{2})?)?(?::\d{2})?\s*([ap])?\.?\s*m?\.?", re.IGNORECASE)
_SPAN: Final = re.compile(rf"^\s*{_CLOCK.pattern}\s*(?:-|–|a|to|hasta|until)\s*{_CLOCK.pattern}\s*$", re.IGNORECASE)
_UNSAFE: Final = re.compile(r'[<>:"|?*\x00-\x1f]|[. ]$')
_RESERVED: Final = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)
_VALID: Final[Mapping[str, Mapping[str, Any]]] = {
    "site": {
        "name": "-",
        "altitude_m": 1000,
        "workdays_per_month": 26,
        "shifts": [{"start": time(6), "end": time(14)}],
    },
    "connection": {"kind": "grid", "tariff": "-"},
    "emissions": {"activity_year": 2024},
}
_INSIDE: Final[Mapping[Country, tuple[float, float]]] = {"CO": (4.0, -74.0), "PE": (-12.0, -75.0)}
"""Any point of each country: stands in while another answer is held to the rules."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceAnswer:
    """Where the plant is.

    Parameters
    ----------
    latitude, longitude
        Degrees, north and east positive.
    site
        The packaged place that was named, or the nearest one within 15 km, whose coarse altitude may be offered.
    named
        Whether a packaged place was named rather than coordinates given.
    """

    latitude: float
    longitude: float
    site: SiteClimatology | None
    named: bool


def packaged_places(country: Country) -> tuple[SiteClimatology, ...]:
    """Return the packaged mining towns and plants of a country, by name."""
    keys = [row["site"] for row in catalog.table(_SITES) if row["country"] == country]
    return tuple(sorted(map(catalog.site_climatology, keys), key=lambda site: folded(site.name)))


def usual_place(country: Country) -> SiteClimatology:
    """Return the packaged place of a country whose figures are known best: what stands in while nobody says where."""
    sites = [catalog.site_climatology(row["site"]) for row in catalog.table(_SITES) if row["country"] == country]
    return min(sites, key=lambda site: _QUALITY.index(site.quality))


def folded(word: str) -> str:
    """Return a word without case, accents and underscores, for comparing."""
    plain = unicodedata.normalize("NFD", word.strip().casefold().replace("_", " "))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def held(country: Country, section: str, **answers: Any) -> None:
    """Hold answers of one section to the rules of the site file.

    Raises
    ------
    InputError
        What the rules have against them.
    """
    document: dict[str, Any] = {name: dict(part) for name, part in _VALID.items()}
    latitude, longitude = _INSIDE[country]
    document["site"] |= {"country": country, "latitude": latitude, "longitude": longitude}
    document[section] = {**document.get(section, {}), **answers}
    found = [*check(document, Path())]
    try:
        Site.model_validate(document)
    except ValidationError as error:
        found += flaws(error, Site)
    asked = tuple(f"{section}.{name}" for name in answers)
    against = [flaw for flaw in found if dotted(flaw.place).startswith(asked)]
    if against:
        raise InputError(Problem(key=flaw.key, value=flaw.value, params=flaw.params) for flaw in against[:1])


def read_place(typed: str, country: Country) -> PlaceAnswer:
    """Return a packaged place by its key or name, or a point by its coordinates in any usual notation.

    Raises
    ------
    InputError
        Neither; or a point outside the country, with what was probably meant.
    """
    places = packaged_places(country)
    names = {folded(name): site for site in places for name in (site.key, site.name, site.name.partition(" (")[0])}
    wanted = folded(typed)
    site = names.get(wanted) or _only(names[name] for name in names if wanted and name.startswith(wanted))
    if site is not None:
        return PlaceAnswer(latitude=site.latitude, longitude=site.longitude, site=site, named=True)
    if not any(letter.isdigit() for letter in typed):
        near = get_close_matches(wanted, list(names), n=1, cutoff=0.6)
        params: dict[str, Param] = {"suggestion": names[near[0]].name if near else places[0].name}
        raise InputError([Problem(key="place_unknown_near" if near else "place_unknown", value=typed, params=params)])
    latitude, longitude = read_coordinates(typed)
    held(country, "site", latitude=latitude, longitude=longitude)
    return PlaceAnswer(latitude=latitude, longitude=longitude, site=_near(places, latitude, longitude), named=False)


def _only(sites: Iterable[SiteClimatology]) -> SiteClimatology | None:
    found = {site.key: site for site in sites}
    return next(iter(found.values())) if len(found) == 1 else None


def _near(places: Sequence[SiteClimatology], latitude: float, longitude: float) -> SiteClimatology | None:
    away = [catalog.distance_km(latitude, longitude, site.latitude, site.longitude) for site in places]
    nearest = min(range(len(away)), key=away.__getitem__)
    return places[nearest] if away[nearest] <= _NEAR_KM else None


def read_number(typed: str) -> float:
    """Return a number with an optional unit behind it; what has two readings is refused with both.

    Raises
    ------
    InputError
        ``not_a_number`` or ``number_two_readings``.
    """
    body = _UNITS.sub("", typed.strip())
    read = read_numbers([body])
    if read.values[0] is not None and not read.percents:
        return read.values[0]
    fault = read.faults[0] if read.faults else None
    if fault is not None and fault.key == "decimal_undecidable":
        params = {name: fault.params[name] for name in ("point", "comma")}
        raise InputError([Problem(key="number_two_readings", value=typed, params=params)])
    raise InputError([Problem(key="not_a_number", value=typed)])


def read_whole(typed: str) -> int:
    """Return a whole number.

    Raises
    ------
    InputError
        Not a number, or not a whole one.
    """
    value = read_number(typed)
    if value != int(value):
        raise InputError([Problem(key="not_whole", value=typed)])
    return int(value)


def read_shifts(typed: str, country: Country) -> tuple[Span, ...]:
    """Return shifts written as ``06:00-14:00, 14:00-22:00``, ``6-14; 14-22`` or ``6 am - 2 pm``.

    Raises
    ------
    InputError
        ``shifts_unreadable``, or shifts that overlap.
    """
    parts = [part for part in re.split(r"[;,]|\by\b|\band\b", typed) if part.strip()]
    spans = [_span(part) for part in parts]
    if not spans or any(span is None for span in spans):
        raise InputError([Problem(key="shifts_unreadable", value=typed)])
    found = tuple(span for span in spans if span is not None)
    held(country, "site", shifts=[{"start": start, "end": end} for start, end in found])
    return found


def _span(part: str) -> Span | None:
    match = _SPAN.match(part)
    if match is None:
        return None
    ends = [_moment(*match.group(*numbers)) for numbers in ((1, 2, 3), (4, 5, 6))]
    return None if ends[0] is None or ends[1] is None else (ends[0], ends[1])


def _moment(hours: str, minutes: str | None, half: str | None) -> time | None:
    hour, minute = int(hours), int(minutes or 0)
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half.lower() == "p" else 0)
    hour = 0 if (hour, minute) == (24, 0) else hour
    return time(hour, minute) if hour < 24 and minute < 60 else None


def read_motor_list(typed: str) -> tuple[Path, MotorInventory]:
    """Return the file of a motor list, as dragged into a terminal or copied from an explorer, and what it holds.

    Raises
    ------
    InputError
        Not there, or everything that is wrong in it.
    """
    bare = typed.strip().strip("\"'").removeprefix("file://")
    written = [bare, bare.replace("\\ ", " "), bare.replace("\\", "/")]
    paths = [Path(name).expanduser() for name in written]
    path = next((path for path in paths if path.exists()), paths[0])
    return path, read_inventory(path, name=path.name)


def check_folder(folder: Path) -> None:
    """Refuse a folder's name that some system cannot have: a study is passed on from machine to machine.

    Raises
    ------
    InputError
        ``folder_name``, with a name that every system takes.
    """
    name = folder.name
    if folder.exists() or not (_UNSAFE.search(name) or _RESERVED.fullmatch(name)):
        return
    words = re.findall(r"[a-z0-9]+", folded(name))
    safe = (
        "-".join(words) if words and not _RESERVED.fullmatch("-".join(words)) else f"mina-{'-'.join(words)}".rstrip("-")
    )
    raise InputError([Problem(key="folder_name", value=name, params={"suggestion": safe})])
