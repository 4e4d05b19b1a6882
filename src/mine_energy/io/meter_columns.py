"""Columns of a meter's table by what they mean: when, how much active, how much reactive, of which supply."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from mine_energy import vocabulary
from mine_energy.io.cells import show
from mine_energy.io.headers import units_row
from mine_energy.io.meter_words import BY_UNIT, Kind, Quantity, Refusal, value_heading
from mine_energy.io.tables import Table
from mine_energy.vocabulary import normalise

TIME_KEYS: Final = ("meter_interval_start", "meter_interval_end", "meter_timestamp", "meter_date", "meter_time")
_MORE_TIMES: Final = {
    **{"datum": "meter_date", "cas": "meter_time", "eas": "meter_time", "stop": "meter_interval_end"},
    **{"trend period": "meter_timestamp", "fecha hora": "meter_timestamp", "output date": "meter_date"},
    **{
        "horario": "meter_time",
        "intervalo": "meter_time",
        "data hora": "meter_timestamp",
        "data e hora": "meter_timestamp",
    },
}
"""Names that only instruments use, and Portuguese; ``eas`` is Slovak *cas* in the wrong code page."""

_SUPPLY: Final = {
    *("cod suministro usuario", "suministro", "codigo suministro", "numero de suministro", "frontera", "codigo sic"),
    *("codigo frontera", "cod frontera", "frontera comercial", "sic", "medidor", "codigo medidor", "numero medidor"),
    *("numero de medidor", "meter", "meter id", "meterid", "meter number", "niu", "nic", "matricula", "supply point"),
}
_COMPANY: Final = {"cod empresa", "codempresa", "empresa", "suministrador", "comercializador", "supplier", "retailer"}
_POINT: Final = {"cod punto suministro", "punto suministro", "puntosuministro", "punto de suministro"}
_STATUS: Final = {"status"}
_HOUR: Final = re.compile(r"^(?:hora|h|hour|hr|periodo|per|p)? ?0?(\d{1,2})(?: 00)?(?: (?:kwh|kw|mwh|wh))?$")

_HOUR_LETTERS: Final = 16
"""No heading of an hour is longer; two thousand columns of harmonics are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueColumn:
    """A column of measured values: see :class:`mine_energy.io.meter_words.ValueHeading`."""

    index: int
    kind: Kind
    quantity: Quantity
    factor: float = 1.0
    wholeness: float = 0.0
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
    supply, company, point, status
        Columns of the supply's code, of who supplies, of the delivery point and of the instrument's state, or None.
    """

    times: Mapping[str, int]
    values: tuple[ValueColumn, ...]
    unused: tuple[str, ...]
    first_row: int
    supply: int | None = None
    company: int | None = None
    point: int | None = None
    status: int | None = None

    def of(self, kind: Kind, *, usable: bool = True) -> tuple[ValueColumn, ...]:
        """Return the columns of a kind."""
        return tuple(c for c in self.values if c.kind == kind and (c.refusal is None) == usable)


def score(cells: Sequence[str]) -> int:
    """Return how many cells of a row are known meter headings."""
    hours = hour_columns(cells)
    return (24 if len(hours) >= 24 else 0) + sum(_is_known(text) for text in cells)


@lru_cache(maxsize=8192)
def _is_known(text: str) -> bool:
    # Stamps and values are not headings, and there are many more of them.
    if 2 * sum(letter.isdigit() for letter in text) > len(text) or not any(letter.isalpha() for letter in text):
        return False
    return bool(_time_keys(text)) or value_heading(text) is not None or normalise(text) in _SUPPLY | _COMPANY


def hour_columns(cells: Sequence[object]) -> dict[int, int]:
    """Return the column of each hour number of a day's row: 1 to 24 (25 when there is one), or 0 to 23.

    Empty unless 24 different hours are there.
    """
    found: dict[int, int] = {}
    if len(cells) < 25:
        return found
    for index, cell in enumerate(cells):
        numbered = _HOUR.match(normalise(cell)) if isinstance(cell, str) and len(cell) <= _HOUR_LETTERS else None
        if numbered and int(numbered.group(1)) not in found:
            found[int(numbered.group(1))] = index
    whole = set(range(1, 25)) <= set(found) or set(range(24)) <= set(found)
    return dict(sorted(found.items())) if whole and max(found) <= 25 else {}


def read_meter_columns(
    table: Table, unit: str = "", defaults: Mapping[tuple[Kind, Quantity], float] | None = None
) -> MeterColumns:
    """Read the headings, and the units row below them when there is one.

    Parameters
    ----------
    table
        With its heading row found.
    unit
        Unit of an active column whose heading gives none, when the person said it.
    defaults
        Factors to kW, kWh, kvar or kvarh that a layout is known to use without writing its units.
    """
    header = table.header
    units = units_row(table.rows[header + 1]) if header + 1 < len(table.rows) else None
    wanted: dict[str, int] = {}
    values: list[ValueColumn] = []
    unused: list[str] = []
    marks: dict[str, int] = {}
    for index, cell in enumerate(table.rows[header]):
        text = show(cell) or (units or {}).get(index, "")  # under a merged heading the unit alone tells the column
        keys = [key for key in _time_keys(text) if key not in wanted] if text else []
        value = value_column(index, text, (units or {}).get(index, ""), unit, defaults or {}) if text else None
        mark = _mark(text)
        if keys:
            wanted |= dict.fromkeys(keys, index)
        elif mark:
            marks.setdefault(mark, index)
        elif value is not None:
            values.append(value)
        elif text:
            unused.append(text)
    return MeterColumns(
        times=_times(wanted),
        values=tuple(values),
        unused=tuple(unused),
        first_row=header + (1 if units is None else 2),
        **marks,
    )


def _mark(text: str) -> str:
    """Return which of the columns that tell rows apart a heading names, or nothing."""
    words = normalise(text)
    named = {"supply": _SUPPLY, "company": _COMPANY, "point": _POINT, "status": _STATUS}
    return next((mark for mark, names in named.items() if words in names), "")


@lru_cache(maxsize=8192)
def _time_keys(text: str) -> tuple[str, ...]:
    """Return the time terms a heading may name; *Fecha* is a date, or a whole stamp when no time stands beside it."""
    known = _MORE_TIMES.get(normalise(vocabulary.split_unit(text)[0])) or _MORE_TIMES.get(normalise(text))
    if known:
        return (known,)
    for edge in ("meter_interval_start", "meter_interval_end"):
        if vocabulary.match(text, (edge,)):
            return (edge,)
    written = "fecha" if normalise(text) == "data" else text  # Portuguese
    return tuple(key for key in TIME_KEYS[2:] if vocabulary.match(written, (key,)))


def _times(wanted: Mapping[str, int]) -> dict[str, int]:
    """Return the time columns to use: a date with its time, else the start or end of the interval, else the stamp."""
    date, time = wanted.get("meter_date"), wanted.get("meter_time")
    edges = {key: wanted[key] for key in TIME_KEYS[:2] if key in wanted}
    if date is not None and time is not None and date != time:
        return {"meter_date": date, "meter_time": time}
    if edges:
        return {"meter_date": date, **edges} if date is not None else edges
    stamp = wanted.get("meter_timestamp", time)  # *Time* alone may hold date and time
    return {"meter_timestamp": stamp} if stamp is not None else {}


def value_column(
    index: int, text: str, below: str, unit: str, defaults: Mapping[tuple[Kind, Quantity], float]
) -> ValueColumn | None:
    """Return a heading's column, with a missing unit taken from the person's hint or else from the layout."""
    said = value_heading(text, below)
    if said is None:
        return None
    kind, quantity, factor, refusal = said.kind, said.quantity, said.factor, said.refusal
    hinted = BY_UNIT.get(unit.lower()) if unit else None
    if refusal == "unitless" and hinted is not None and hinted[0] == kind:
        quantity = "register" if quantity == "register" and hinted[1] == "energy" else hinted[1]
        factor, refusal = hinted[2], None
    elif refusal == "unitless" and (kind, quantity) in defaults:
        factor, refusal = defaults[kind, quantity], None
    return ValueColumn(
        index=index, kind=kind, quantity=quantity, factor=factor, wholeness=said.wholeness, refusal=refusal
    )
