"""Looking into a site file that is parsed and not validated."""

from collections.abc import Mapping
from typing import Any


def section_of(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return a section of a file that is not validated, empty where there is none."""
    section = data.get(name)
    return section if isinstance(section, Mapping) else {}


def tables(section: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """Return a section's list of tables, what is no table among them as an empty one."""
    rows = section.get(name)
    return [row if isinstance(row, Mapping) else {} for row in rows] if isinstance(rows, list) else []


def is_number(value: object) -> bool:
    """Whether a value is a number; true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def number_of(value: object) -> float | None:
    """Return a number or None; also one that stands between quotation marks, as validation takes it."""
    if is_number(value) or isinstance(value, str):
        try:
            return float(str(value))
        except ValueError:
            return None
    return None
