"""Green Button (NAESB REQ.21 ESPI) XML as a table of intervals, with the line of every reading.

Read with expat as a stream; a document type declaration, the door of entity expansion, is refused. Stamps are seconds
since 1970 in UTC, values are whole numbers times a power of ten in the unit of their ReadingType: 72 is Wh, 73 varh.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final
from xml.parsers import expat

from mine_energy.errors import Finding, InputError, Problem
from mine_energy.io.cells import Value
from mine_energy.io.tables import Table

HEADINGS: Final = ("Interval start", "Active energy [kWh]", "Reactive energy [kvarh]")
MARK: Final = "ESPI IntervalReading"
"""What stands above the headings of a table made of Green Button XML."""

_UNITS: Final = {"72": "active", "73": "reactive"}
_REVERSE: Final = "19"
"""flowDirection of energy that the customer delivers."""
_REGISTERS: Final = {"1", "3"}
"""accumulationBehaviour of bulk and cumulative quantities."""


class _DoctypeError(Exception):
    pass


@dataclass(slots=True)
class _Entry:
    """What one Atom entry says, while it is being read."""

    own: str = ""
    up: str = ""
    related: list[str] = field(default_factory=list)
    type_fields: dict[str, str] = field(default_factory=dict)
    readings: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class _Feed:
    """The parser's state: open elements, the entry at hand and those that are done."""

    path: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    entry: _Entry = field(default_factory=_Entry)
    entries: list[_Entry] = field(default_factory=list)


def is_xml(data: bytes) -> bool:
    """Whether a file is XML other than a web page or an old spreadsheet."""
    head = data[:4000].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return head.startswith((b"<?xml", b"<feed", b"<espi")) and b"<html" not in head and b"spreadsheet" not in head


def green_button_table(data: bytes, name: str) -> Table:
    """Return the intervals of a Green Button file.

    Parameters
    ----------
    data
        The file.
    name
        How messages call it.

    Raises
    ------
    InputError
        Not well-formed, a document type, no intervals, readings without a known type, or several meters.
    """
    feed = _parsed(data, name)
    types, meters = _types(feed), _meters(feed)
    rows: dict[int, list[Value]] = {}
    lines: dict[int, int] = {}
    problems: list[Problem] = []
    reverse = 0
    for entry in feed.entries:
        for reading in entry.readings:
            said = _type_of(entry, types, meters)
            place = {"file": name, "line": reading["line"]}
            kind = _UNITS.get(said.get("uom", "")) if said is not None else None
            if said is None:
                problems.append(Problem(key="meter_xml_no_type", **place))
            elif said.get("flowDirection") == _REVERSE:
                reverse += 1
            elif kind is not None:
                problem = _add(rows, lines, reading, said, kind, place)
                problems += [problem] if problem else []
    if problems:
        raise InputError(problems[:20])
    if not rows:
        raise InputError([Problem(key="meter_xml_no_readings", file=name)])
    _check_durations(feed, rows, lines, name)
    return _table(name, rows, lines, reverse)


def _check_durations(feed: _Feed, rows: dict[int, list[Value]], lines: dict[int, int], name: str) -> None:
    """Refuse intervals that are shorter or longer than the step from one to the next."""
    starts = sorted(rows)
    steps = [later - earlier for earlier, later in pairwise(starts)]
    usual = min(steps, default=0)
    for entry in feed.entries:
        for reading in entry.readings:
            if usual and int(reading["start"]) in lines and int(reading["duration"]) != usual:
                said = {"file": name, "line": reading["line"], "value": str(reading["duration"])}
                raise InputError([Problem(key="meter_xml_duration", **said)])


def _table(name: str, rows: dict[int, list[Value]], lines: dict[int, int], reverse: int) -> Table:
    ordered = list(rows)
    width = 3 if any(row[2] is not None for row in rows.values()) else 2
    left = Finding(key="meter_reverse_left_out", level="info", subject=name, params={"count": reverse})
    return Table(
        file=name,
        sheet="",
        rows=[[MARK], list(HEADINGS[:width]), *(rows[start][:width] for start in ordered)],
        lines=[1, 1, *(lines[start] for start in ordered)],
        is_text=True,
        header=1,
        findings=(left,) if reverse else (),
    )


def _add(
    rows: dict[int, list[Value]],
    lines: dict[int, int],
    reading: dict[str, Any],
    said: dict[str, str],
    kind: str,
    place: dict[str, Any],
) -> Problem | None:
    """Put one reading into its row; return what is wrong with it."""
    start, duration, value = (reading.get(key, "") for key in ("start", "duration", "value"))
    if said.get("accumulationBehaviour") in _REGISTERS:
        return Problem(key="meter_xml_register", **place)
    try:
        epoch, seconds = int(start), int(duration)
        amount = Decimal(int(value)).scaleb(int(said.get("powerOfTenMultiplier") or 0) - 3)
        stamp = datetime.fromtimestamp(epoch, tz=UTC).strftime("%Y-%m-%d %H:%M:%SZ")
    except (ValueError, OverflowError, OSError, ArithmeticError):
        return Problem(key="meter_xml_reading", value=f"{start} {duration} {value}".strip(), **place)
    if seconds not in {60, 300, 600, 900, 1800, 3600}:
        return Problem(key="meter_xml_duration", value=str(duration), **place)
    row = rows.setdefault(epoch, [stamp, None, None])
    lines.setdefault(epoch, place["line"])
    column = 1 if kind == "active" else 2
    if row[column] is not None:
        return Problem(key="stamp_twice", value=stamp, params={"this": stamp}, **place)
    row[column] = float(amount)
    return None


def _types(feed: _Feed) -> dict[str, dict[str, str]]:
    return {entry.own: entry.type_fields for entry in feed.entries if entry.type_fields}


def _meters(feed: _Feed) -> dict[str, list[str]]:
    return {entry.own: entry.related for entry in feed.entries if entry.own and entry.related}


def _type_of(entry: _Entry, types: dict[str, dict[str, str]], meters: dict[str, list[str]]) -> dict[str, str] | None:
    """Return the ReadingType of an entry's readings: through its MeterReading, or the only one of the file."""
    meter = entry.up.rsplit("/IntervalBlock", 1)[0]
    linked = [types[link] for link in (*meters.get(meter, ()), *entry.related) if link in types]
    if linked:
        return linked[0]
    return next(iter(types.values())) if len(types) == 1 else None


def _parsed(data: bytes, name: str) -> _Feed:
    feed = _Feed()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True

    def refuse(*_: object) -> None:
        raise _DoctypeError

    def begin(tag: str, attributes: dict[str, str]) -> None:
        _begin(feed, tag.rsplit(" ", 1)[-1], attributes, parser.CurrentLineNumber)

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = begin
    parser.EndElementHandler = lambda tag: _end(feed, tag.rsplit(" ", 1)[-1])
    parser.CharacterDataHandler = feed.text.append
    try:
        parser.Parse(data, True)
    except _DoctypeError:
        raise InputError([Problem(key="meter_xml_dtd", file=name, line=parser.CurrentLineNumber)]) from None
    except (expat.ExpatError, ValueError, LookupError):
        raise InputError([Problem(key="meter_xml_broken", file=name, line=parser.CurrentLineNumber)]) from None
    return feed


def _begin(feed: _Feed, tag: str, attributes: dict[str, str], line: int) -> None:
    feed.path.append(tag)
    feed.text.clear()
    if tag == "entry":
        feed.entry = _Entry()
    elif tag == "IntervalReading":
        feed.entry.readings.append({"line": line})
    elif tag == "link":
        href = attributes.get("href", "")
        if attributes.get("rel") == "self":
            feed.entry.own = href
        elif attributes.get("rel") == "up":
            feed.entry.up = href
        else:
            feed.entry.related.append(href)


def _end(feed: _Feed, tag: str) -> None:
    feed.path.pop()
    text = "".join(feed.text).strip()
    feed.text.clear()
    if tag == "entry" or (tag in {"IntervalBlock", "ReadingType"} and "entry" not in feed.path):
        feed.entries.append(feed.entry)
        feed.entry = _Entry()
    elif "ReadingType" in feed.path:
        feed.entry.type_fields[tag] = text
    elif feed.entry.readings and tag in {"start", "duration", "value"} and "IntervalReading" in feed.path:
        feed.entry.readings[-1][tag] = text
