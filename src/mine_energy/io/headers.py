"""Column headings: which term of the vocabulary a heading names, and in which unit its numbers stand."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from mine_energy import vocabulary
from mine_energy.io.cells import Value
from mine_energy.units import ENERGY_UNITS_KWH, MINUTES_PER_HOUR, POWER_UNITS_KW

_PERCENT: Final = "%"
_UNITS: Final = {
    **{name: name for name in ("kw", "w", "mw", "hp", "cv", "kwh", "wh", "mwh", "kvar", "var", "mvar", "kvarh")},
    **{name: name for name in ("varh", "mvarh", "kva", "va", "kvah", "v", "a", "rpm", "hz", "min", "h")},
    "ps": "cv",
    "r min": "rpm",
    "h p": "hp",
    "c v": "cv",
    **dict.fromkeys(("%", "pct", "percent", "por ciento", "porcentaje", "percentage"), _PERCENT),
    **dict.fromkeys(("fraction", "fraccion", "pu", "p u", "0 1"), "fraction"),
    **dict.fromkeys(("h d", "h dia", "h day", "hours", "horas", "horas dia", "hours day", "hr", "hrs"), "h"),
    **dict.fromkeys(("minutos", "minutes", "min dia", "min day"), "min"),
}
"""Unit by its normalised spelling."""

_BRACKETS: Final = re.compile(r"[\[(]([^\[\]()]*)[\])]")
_TAIL: Final = re.compile(r"^(.*?)[\s_,;:/-]+([A-Za-z%.]+)\s*$")
_HEAD: Final = re.compile(r"^\s*(%)\s*(.+)$")

REACTIVE_POWER_KVAR: Final = {"kvar": 1.0, "var": 0.001, "mvar": 1000.0}
REACTIVE_ENERGY_KVARH: Final = {"kvarh": 1.0, "varh": 0.001, "mvarh": 1000.0}
_FRACTION_UNITS: Final = {_PERCENT: 0.01, "fraction": 1.0}
_HOUR_UNITS: Final = {"h": 1.0, "min": 1 / MINUTES_PER_HOUR}

ACCEPTED_UNITS: Final[dict[str, dict[str, float]]] = {
    "rated_power_kw": POWER_UNITS_KW,
    "input_kw": {unit: POWER_UNITS_KW[unit] for unit in ("kw", "w", "mw")},
    "efficiency": _FRACTION_UNITS,
    "power_factor": _FRACTION_UNITS,
    "load_factor": _FRACTION_UNITS,
    "unloaded_input_fraction": _FRACTION_UNITS,
    "hours_per_day": _HOUR_UNITS,
    "unloaded_hours_per_day": _HOUR_UNITS,
    "frequency_hz": {"hz": 1.0},
    "rated_speed_rpm": {"rpm": 1.0},
    "active_energy_kwh": ENERGY_UNITS_KWH,
    "active_power_kw": {unit: POWER_UNITS_KW[unit] for unit in ("kw", "w", "mw")},
    "reactive_energy_kvarh": REACTIVE_ENERGY_KVARH,
    "reactive_power_kvar": REACTIVE_POWER_KVAR,
}
"""Factor to the term's own unit, by term and unit."""

_SPELLED: Final = {"kw": "kW", "w": "W", "mw": "MW", "cv": "CV", "kwh": "kWh", "wh": "Wh", "mwh": "MWh", "hz": "Hz"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading read.

    Parameters
    ----------
    key
        Term it names; empty when it names none.
    unit
        Its unit in canonical spelling; empty without one.
    written_unit
        What stood in brackets when that is no unit we know.
    """

    key: str
    unit: str = ""
    written_unit: str = ""


def unit_of(text: str) -> str:
    """Return the canonical unit a text spells, or an empty string."""
    return _UNITS.get(vocabulary.normalise(text), "")


def spelled(unit: str) -> str:
    """Return a canonical unit as people write it."""
    return _SPELLED.get(unit, unit)


def accepted(key: str) -> str:
    """Return the units a term's column may have, as a list in words."""
    return ", ".join(spelled(unit) for unit in ACCEPTED_UNITS.get(key, {}))


def read_heading(text: str, among: Collection[str]) -> Heading:
    """Read a heading such as ``Potencia nominal [hp]``, ``rated_power_kw`` or ``Consumo (kWh)``.

    Parameters
    ----------
    text
        As written.
    among
        Terms that make sense in this table.
    """
    bracketed = [part for part in _BRACKETS.findall(text) if part.strip()]
    unit = next((found for part in bracketed if (found := unit_of(part))), "")
    bare = _BRACKETS.sub(" ", text).strip()
    for name, named_unit in ((text, ""), (bare, ""), *_without_unit(bare)):
        key = vocabulary.match(name, among) if name else None
        if key is not None:
            unit = unit or named_unit or _tail_unit(name)
            return Heading(key=key, unit=unit, written_unit="" if unit or not bracketed else bracketed[-1].strip())
    return Heading(key="", unit=unit or _tail_unit(bare))


def _without_unit(name: str) -> list[tuple[str, str]]:
    """Return the name without a unit at its end or a % at its start, with that unit."""
    found: list[tuple[str, str]] = []
    if (tail := _TAIL.match(name)) and (unit := unit_of(tail.group(2))):
        found.append((tail.group(1), unit))
    if head := _HEAD.match(name):
        found.append((head.group(2), _PERCENT))
    return found


def _tail_unit(name: str) -> str:
    tail = _TAIL.match(name)
    return unit_of(tail.group(2)) if tail else unit_of(name)


def known_headings(cells: Sequence[str], among: Collection[str]) -> int:
    """Return how many different terms a row's cells name."""
    named = (text for text in cells if any(letter.isalpha() for letter in text))
    return len({heading.key for text in named if (heading := read_heading(text, among)).key})


def units_row(cells: Sequence[Value]) -> dict[int, str] | None:
    """Return the unit of each column when a row holds units and nothing else, as under our template's headings.

    A cell in brackets (``(unidad)``) says "see elsewhere" and gives no unit.
    """
    units: dict[int, str] = {}
    for column, cell in enumerate(cells):
        if cell is None:
            continue
        if not isinstance(cell, str):
            return None
        unit = unit_of(cell)
        if not unit and not _BRACKETS.fullmatch(cell):
            return None
        units[column] = unit
    return units or None
