"""Numbers as people and loggers write them: decimal and thousands marks told from the whole column, or refused.

A mark is decided by the column's own values and by nothing else here. ``0,75`` or ``12.5`` decide; ``1,234`` alone does
not: a caller with more evidence says the mark, and answers for a factor of a thousand.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from mine_energy.errors import Param
from mine_energy.io.cells import ERROR_TEXTS, ErrorCell, Percent, Value, show

_MARKS: Final = (".", ",")
_FEW: Final = 0.1
"""Up to this share of a logger's values may be told one by one as written with the other mark."""
_EXPONENT: Final = r"(?:[eE][+-]?\d{1,3})?"
_SPACED: Final = re.compile(r"^\d{1,3}(?:[ '\u00a0\u2009\u202f’]\d{3})+(?=[.,]|$)")
_PLAIN: Final = {mark: re.compile(rf"^(?:\d+(?:[{mark}]\d*)?|[{mark}]\d+){_EXPONENT}$") for mark in _MARKS}
_GROUPED: Final = {
    ".": re.compile(r"^[1-9]\d{0,2}(?:,\d{3})+(?:\.\d*)?$"),
    ",": re.compile(r"^[1-9]\d{0,2}(?:\.\d{3})+(?:,\d*)?$"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A cell that is not a number: its index in the column, the problem's key and what the message mentions."""

    index: int
    key: str
    params: Mapping[str, Param] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """A column read as numbers.

    Parameters
    ----------
    values
        A number per cell; None where the cell is blank or has a fault.
    percents
        Indexes of cells that say per cent themselves (``91.7 %``, or a cell formatted so); `values` holds their
        fractions.
    faults
        Cells that are not numbers.
    """

    values: tuple[float | None, ...]
    percents: frozenset[int]
    faults: tuple[Fault, ...]


def told_once(faults: Sequence[Fault]) -> Iterator[Fault]:
    """Yield the faults of a column, a decimal mark that nothing tells only at its first cell: it is one question."""
    asked = False
    for fault in faults:
        whole_column = fault.key == "decimal_undecidable" and fault.params["count"] != 1
        if not (whole_column and asked):
            yield fault
        asked = asked or whole_column


def scaled(value: float, factor: float) -> float:
    """Return `value` times `factor` as a person would compute it, in decimal digits.

    91.7 hundredths are 0.917, not 0.9170000000000001; fifteen significant digits are kept, as a workbook does.
    """
    return value if factor == 1 else float(f"{Decimal(repr(float(value))) * Decimal(repr(factor)):.15g}")


def read_numbers(cells: Sequence[Value], decimal: str = "", *, logged: bool = False) -> Numbers:
    """Read a column of numbers.

    Parameters
    ----------
    cells
        The column; blanks stay blank.
    decimal
        ``"."`` or ``","`` when the person said which; otherwise the column decides.
    logged
        Whether one machine wrote the whole column, and so in one form: a lone ``12,500`` among ``12.5``, a lone
        ``10e5`` among plain numbers and the few values with the other mark are then faults of their own lines.

    Returns
    -------
    Numbers
    """
    values: list[float | None] = [None] * len(cells)
    percents: set[int] = set()
    faults: list[Fault] = []
    texts: dict[int, str] = {}
    for index, cell in enumerate(cells):
        if isinstance(cell, float) and not isinstance(cell, bool):
            values[index] = float(cell)
            if isinstance(cell, Percent):
                percents.add(index)
        elif isinstance(cell, str) and cell not in ERROR_TEXTS:
            texts[index] = cell
        elif cell is not None:
            faults.append(Fault(index=index, key=_fault_key(cell)))
    odd = _odd_ones(texts, decimal) if logged else []
    for fault in odd:
        del texts[fault.index]
    read, said_percent, bad = _read_texts(texts, decimal)
    for index, number in read.items():
        values[index] = number
    return Numbers(
        values=tuple(values),
        percents=frozenset(percents | said_percent),
        faults=tuple(sorted([*faults, *odd, *bad], key=lambda fault: fault.index)),
    )


def _fault_key(cell: Value) -> str:
    if isinstance(cell, ErrorCell):
        return "formula_without_value" if cell.formula else "error_cell"
    if isinstance(cell, str):
        return "error_cell"
    return "bool_in_number" if isinstance(cell, bool) else "date_in_number"


def _read_texts(texts: Mapping[int, str], decimal: str) -> tuple[dict[int, float], set[int], list[Fault]]:
    """Return the numbers of text cells, which of them said per cent, and the faults."""
    signs: dict[int, tuple[int, str]] = {}
    percents: set[int] = set()
    faults: list[Fault] = []
    for index, text in texts.items():
        body = text.replace("−", "-")
        if body.endswith("%"):
            percents.add(index)
            body = body[:-1].rstrip()
        sign = -1 if body.startswith("-") else 1
        body = body[1:].lstrip() if body[:1] in {"-", "+"} else body
        spaced = _SPACED.match(body)
        signs[index] = sign, re.sub(r"[^\d]", "", spaced.group()) + body[spaced.end() :] if spaced else body
    readings = {index: _readings(body) for index, (_, body) in signs.items()}
    for index in [i for i, reading in readings.items() if not reading]:
        faults.append(Fault(index=index, key="not_a_number"))
        del readings[index]
    mark = decimal or _decided(readings)
    numbers: dict[int, float] = {}
    open_cells = sum(len(set(reading.values())) == 2 for reading in readings.values())
    for index, reading in readings.items():
        whole = len(reading) == 2 and len(set(reading.values())) == 1
        if whole or mark in reading:
            numbers[index] = signs[index][0] * reading["." if whole else mark]
        else:
            faults.append(_mark_fault(index, reading, mark, open_cells))
    for index in percents & numbers.keys():
        numbers[index] = scaled(numbers[index], 0.01)
    return numbers, percents, faults


def marks_needed(cells: Sequence[Value]) -> tuple[frozenset[str], int | None]:
    """Return the decimal mark that the first decisive cell of a column needs, and the first cell with two values.

    Parameters
    ----------
    cells
        The column; only its texts count.

    Returns
    -------
    tuple
        One mark, or none when no cell decides; index of the first cell before it that allows two values, or None.
    """
    needed: set[str] = set()
    first: int | None = None
    for index, cell in enumerate(cells):
        reading = _readings(cell.lstrip("+-−").strip()) if isinstance(cell, str) else {}
        if len(reading) == 1:
            needed |= reading.keys()
            break
        if len(set(reading.values())) == 2 and first is None:
            first = index
    return frozenset(needed), first


def _odd_ones(texts: Mapping[int, str], decimal: str) -> list[Fault]:
    """Return the cells of a logger's column that stand in another form than the rest."""
    bodies = {index: text.replace("−", "-").lstrip("+-").strip() for index, text in texts.items()}
    exponents = [index for index, body in bodies.items() if "e" in body.lower()]
    odd = [Fault(index=i, key="not_a_number") for i in exponents] if 2 * len(exponents) < len(bodies) else []
    readings = {index: _readings(body) for index, body in bodies.items()}
    needs = {index: next(iter(reading)) for index, reading in readings.items() if len(reading) == 1}
    points = sum(mark == "." for mark in needs.values())
    most, few = (".", len(needs) - points) if 2 * points >= len(needs) else (",", points)
    if not decimal and 0 < few <= _FEW * len(needs):
        odd += [
            Fault(index=i, key="decimal_other_mark", params={"mark": most}) for i, mark in needs.items() if mark != most
        ]
    mark = decimal or most
    other = "," if mark == "." else "."
    # Thousands are in use when some value shows both marks, and a value without decimals is usual when one is plain.
    groups = any(needs.get(index) == mark and other in body for index, body in bodies.items())
    groups = groups and any(body.isdigit() for body in bodies.values())
    if needs and not groups and not decimal:
        odd += [_mark_fault(i, r, "") for i, r in readings.items() if len(r) == 2 and other in bodies[i]]
    listed = {fault.index: fault for fault in reversed(odd)}
    return [listed[index] for index in sorted(listed)]


def _readings(body: str) -> dict[str, float]:
    """Return what a number means under each decimal mark it allows; equal values when it has no mark."""
    found: dict[str, float] = {}
    for mark in _MARKS:
        other = "," if mark == "." else "."
        if _PLAIN[mark].match(body):
            found[mark] = float(body.replace(mark, "."))
        elif _GROUPED[mark].match(body):
            found[mark] = float(body.replace(other, "").replace(mark, "."))
    return found


def _decided(readings: Mapping[int, Mapping[str, float]]) -> str:
    """Return the one mark that some value needs; ``"mixed"`` when values need both, ``""`` when none decides."""
    needed = {next(iter(reading)) for reading in readings.values() if len(reading) == 1}
    return "mixed" if len(needed) > 1 else next(iter(needed), "")


def _mark_fault(index: int, reading: Mapping[str, float], mark: str, count: int = 1) -> Fault:
    if mark == "mixed":
        return Fault(index=index, key="decimal_marks_mixed")
    if not mark:
        return Fault(
            index=index,
            key="decimal_undecidable",
            params={"point": show(reading["."]), "comma": show(reading[","]), "count": count},
        )
    return Fault(index=index, key="decimal_other_mark", params={"mark": mark})
