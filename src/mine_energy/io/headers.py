"""Column headings: which term of the vocabulary a heading names, and in which unit its numbers stand."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from mine_energy import vocabulary
from mine_energy.io.cells import Value
from mine_energy.units import ENERGY_UNITS_KWH, MINUTES_PER_HOUR, POWER_UNITS_KW

_PERCENT: Final = "%"
_UNITS: Final = {
    **{name: name for name in ("kw", "w", "mw", "hp", "cv", "kwh", "wh", "mwh", "kvar", "var", "mvar", "kvarh")},
    **{name: name for name in ("varh", "mvarh", "kva", "va", "kvah", "v", "a", "rpm", "hz", "min", "h")},
    **{name: name for name in ("m", "cm", "mm", "kv")},
    **dict.fromkeys(("um", "micron", "microns", "micras", "micrones"), "um"),
    **dict.fromkeys(("t h", "tph", "ton h"), "t/h"),
    "kwh t": "kwh/t",
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
_HOUR_UNITS: Final = {"h": 1.0, "min": 1 / MINUTES_PER_HOUR}

_ELECTRIC_KW: Final = {unit: POWER_UNITS_KW[unit] for unit in ("kw", "w", "mw")}
_BY_KEY: Final[dict[str, dict[str, float]]] = {
    "rated_power_kw": POWER_UNITS_KW,
    "rated_power_60hz_kw": POWER_UNITS_KW,
    "active_energy_kwh": ENERGY_UNITS_KWH,
    "reactive_energy_kvarh": REACTIVE_ENERGY_KVARH,
    "reactive_power_kvar": REACTIVE_POWER_KVAR,
    "hours_per_day": _HOUR_UNITS,
    "unloaded_hours_per_day": _HOUR_UNITS,
}
_BY_SUFFIX: Final[dict[str, dict[str, float]]] = {
    "_kwh_per_t": {"kwh/t": 1.0},
    "_t_per_h": {"t/h": 1.0},
    "_kw": _ELECTRIC_KW,
    "_rpm": {"rpm": 1.0},
    "_hz": {"hz": 1.0},
    "_um": {"um": 1.0, "mm": 1000.0},
    "_m": {"m": 1.0, "cm": 0.01, "mm": 0.001},
    "_v": {"v": 1.0, "kv": 1000.0},
    "_a": {"a": 1.0},
}


def accepted_units(key: str) -> dict[str, float]:
    """Return the factor to a term's own unit by unit, from the unit its name ends in; empty for a pure number."""
    if key in _BY_KEY:
        return _BY_KEY[key]
    return next((units for suffix, units in _BY_SUFFIX.items() if key.endswith(suffix)), {})


FRACTION_UNITS: Final = {_PERCENT: 0.01, "fraction": 1.0}
"""Factor to a fraction by unit, for every term that is a ratio."""

_SPELLED: Final = {"kw": "kW", "w": "W", "mw": "MW", "cv": "CV", "kwh": "kWh", "wh": "Wh", "mwh": "MWh", "hz": "Hz"} | {
    "v": "V",
    "a": "A",
    "kv": "kV",
    "um": "µm",
}


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
    # Normalising drops a Greek letter, which would turn micrometres into metres.
    return _UNITS.get(vocabulary.normalise(text.replace("µ", "u").replace("μ", "u")), "")


def spelled(unit: str) -> str:
    """Return a canonical unit as people write it."""
    return _SPELLED.get(unit, unit)


def listed(units: Iterable[str]) -> str:
    """Return units as a list in words."""
    return ", ".join(spelled(unit) for unit in units)


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
            unit = unit or named_unit or _own_unit(name, key)
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


def _own_unit(name: str, key: str) -> str:
    """Return the unit at the end of a heading that is a term's own name; *Tensión C-A* ends in no amperes."""
    tail = _tail_unit(name)
    return tail if tail in {*accepted_units(key), *FRACTION_UNITS} else ""


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
