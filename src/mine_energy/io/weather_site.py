"""The plant's place alone, from a site file that need not be complete yet."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from mine_energy.errors import InputError, Problem
from mine_energy.io.tables import read_bytes
from mine_energy.io.toml_files import line_of, parse_toml

_LIMITS: Final = {"latitude": (-90.0, 90.0), "longitude": (-180.0, 180.0), "altitude_m": (-430.0, 9000.0)}


def place_of_site(path: Path) -> dict[str, float]:
    """Return ``latitude``, ``longitude`` and ``altitude_m`` of a site file, whatever else it lacks.

    Raises
    ------
    InputError
        No such file, not TOML, or a coordinate that is missing or impossible, with its line.
    """
    name = path.name
    data, lines = parse_toml(read_bytes(path, name), name)
    site = data.get("site")
    facts = site if isinstance(site, Mapping) else {}
    found: dict[str, float] = {}
    problems = []
    for key, (low, high) in _LIMITS.items():
        value = facts.get(key)
        if isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high:
            found[key] = float(value)
            continue
        problems.append(
            Problem(
                key="weather_header_value",
                file=name,
                line=line_of(lines, f"site.{key}"),
                field=f"site.{key}",
                value="" if value is None else str(value),
                params={"name": key, "low": low, "high": high},
            )
        )
    if problems:
        raise InputError(problems)
    return found
