"""Columns of a meter's table by what they mean: when, how much active, how much reactive.

A unit in a heading says more than its words: *Lagging_Current_Reactive_Power_kVarh* is an energy. Extremes, power
factors, prices, apparent power, single phases and exports are recognised in order to be left out.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from mine_energy import vocabulary
from mine_energy.io.cells import show
from mine_energy.io.headers import ACCEPTED_UNITS, units_row
from mine_energy.io.tables import Table

TIME_KEYS: Final = ("meter_interval_start", "meter_interval_end", "meter_timestamp", "meter_date", "meter_time")
VALUE_KEYS: Final = ("active_energy_kwh", "active_power_kw", "reactive_energy_kvarh", "reactive_power_kvar")

Kind = Literal["active", "reactive"]
Quantity = Literal["energy", "power"]
Refusal = Literal["register", "unitless"]

_BY_UNIT: Final[dict[str, tuple[Kind, Quantity, float]]] = {
    unit: ("active" if key.startswith("active") else "reactive", "energy" if "energy" in key else "power", factor)
    for key in VALUE_KEYS
    for unit, factor in ACCEPTED_UNITS[key].items()
    if unit not in {"hp", "cv"}
}
_DIRECTED: Final = {"kwhd": "kwh", "kvarhd": "kvarh"}
"""Colombian platforms end a unit in D for what the grid delivers and R for what it receives."""

_MINUTES: Final = re.compile(r"\b\d+ ?min\w*")
"""The step in a heading, *kWh (15 min)*, is no minimum."""

_REGISTER: Final = {
    *(
        "acumulado",
        "acumulada",
        "acumulativo",
        "cumulative",
        "register",
        "registro",
        "lectura",
        "reading",
        "totalizador",
    ),
    *("index", "odometer"),
}
_LEFT_OUT: Final = {
    *("factor", "fp", "pf", "cos", "cosphi", "co2", "tco2", "tco2e", "thd", "kva", "kvah", "va", "vah", "aparente"),
    *("apparent", "max", "maximo", "maxima", "maximum", "min", "minimo", "minima", "minimum", "peak", "pico"),
    *("tarifa", "tariff", "precio", "price", "costo", "cost", "usd", "cop", "pen", "penalizada", "penalized"),
    *("l1", "l2", "l3", "f1", "f2", "f3", "p1", "p2", "p3", "fase", "phase", "fa", "fb", "fc"),
    *("leading", "capacitiva", "capacitivo", "capacitive", "adelanto", "kwhr", "kvarhr", "export", "exported"),
    *("exportada", "exports", "inyectada", "inyeccion", "injected", "excedente", "excedentes", "surplus", "generada"),
    *("generated", "generacion", "generation", "kvarhpenalized"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueColumn:
    """A column of measured values.

    Parameters
    ----------
    index
        Zero-based column.
    kind, quantity
        Active or reactive; energy of the interval or mean power.
    factor
        To kWh, kW, kvarh or kvar.
    refusal
        Why it cannot be used as it is: a cumulative register, or no unit.
    """

    index: int
    kind: Kind
    quantity: Quantity
    factor: float = 1.0
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MeterColumns:
    """What the headings of a meter's table say.

    Parameters
    ----------
    times
        Column of each time term.
    values
        Columns of active and reactive values, usable or not.
    unused
        Headings that play no part.
    first_row
        Index of the first row of data.
    """

    times: Mapping[str, int]
    values: tuple[ValueColumn, ...]
    unused: tuple[str, ...]
    first_row: int

    def of(self, kind: Kind, *, usable: bool = True) -> tuple[ValueColumn, ...]:
        """Return the columns of a kind."""
        return tuple(c for c in self.values if c.kind == kind and (c.refusal is None) == usable)


def score(cells: Sequence[str]) -> int:
    """Return how many cells of a row are known meter headings."""
    named = [text for text in cells if any(letter.isalpha() for letter in text)]
    return sum(bool(_time_keys(text)) or _value_column(0, text, "") is not None for text in named)


def read_meter_columns(table: Table, unit: str = "") -> MeterColumns:
    """Read the headings, and the units row below them when there is one.

    Parameters
    ----------
    table
        With its heading row found.
    unit
        Unit of an active column whose heading gives none, when the person said it.
    """
    header = table.header
    units = units_row(table.rows[header + 1]) if header + 1 < len(table.rows) else None
    wanted: dict[str, int] = {}
    values: list[ValueColumn] = []
    unused: list[str] = []
    for index, cell in enumerate(table.rows[header]):
        text = show(cell)
        if not text:
            continue
        keys = [key for key in _time_keys(text) if key not in wanted]
        value = _value_column(index, text, (units or {}).get(index, ""), unit)
        if keys:
            wanted |= dict.fromkeys(keys, index)
        elif value is not None:
            values.append(value)
        else:
            unused.append(text)
    return MeterColumns(
        times=_times(wanted), values=tuple(values), unused=tuple(unused), first_row=header + (1 if units is None else 2)
    )


def _time_keys(text: str) -> list[str]:
    """Return the time terms a heading may name; *Fecha* is a date, or a whole stamp when no time stands beside it."""
    if vocabulary.match(text, ("meter_interval_start",)):
        return ["meter_interval_start"]
    if vocabulary.match(text, ("meter_interval_end",)):
        return ["meter_interval_end"]
    return [key for key in TIME_KEYS[2:] if vocabulary.match(text, (key,))]


def _times(wanted: Mapping[str, int]) -> dict[str, int]:
    """Return the time columns to use: a date with its time, else the start or end of the interval, else the stamp."""
    date, time = wanted.get("meter_date"), wanted.get("meter_time")
    edges = {key: wanted[key] for key in TIME_KEYS[:2] if key in wanted}
    if date is not None and time is not None and date != time:
        return {"meter_date": date, "meter_time": time}
    if edges:
        return {"meter_date": date, **edges} if date is not None else edges
    return {"meter_timestamp": wanted["meter_timestamp"]} if "meter_timestamp" in wanted else {}


def _value_column(index: int, text: str, below: str, unit: str = "") -> ValueColumn | None:
    words = _MINUTES.sub("", vocabulary.normalise(text)).split()
    if not words or _LEFT_OUT.intersection(words):
        return None
    units = [_DIRECTED.get(word, word) for word in (*words, below)]
    known = next((_BY_UNIT[word] for word in units if word in _BY_UNIT), None)
    named = vocabulary.match(text, VALUE_KEYS)
    if known is None and named is None:
        return None
    if known is None and unit.lower() in _BY_UNIT and named is not None and named.startswith("active"):
        known = _BY_UNIT[unit.lower()]
    if known is None and named is not None:
        kind: Kind = "active" if named.startswith("active") else "reactive"
        quantity: Quantity = "energy" if "energy" in named else "power"
        return ValueColumn(index=index, kind=kind, quantity=quantity, refusal="unitless")
    if known is None:
        return None
    refusal: Refusal | None = "register" if _REGISTER.intersection(words) else None
    return ValueColumn(index=index, kind=known[0], quantity=known[1], factor=known[2], refusal=refusal)
