"""Dates and times as loggers write them, with the order of day and month told from the whole column or refused."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mine_energy.io.cells import Value, show
from mine_energy.vocabulary import normalise

SECOND_MS: Final = 1000
MINUTE_MS: Final = 60 * SECOND_MS
DAY_MS: Final = 24 * 60 * MINUTE_MS

Order = str
"""``ymd``, ``dmy`` or ``mdy``."""

_TIME: Final = r"(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(?:([aApP]\.?\s?[mM]\.?)(?:\.?0{3})?)?"
"""With the thousandths of a second after AM or PM too, as Power Log Classic writes them on an English PC."""
_OFFSET: Final = r"\s*(Z|UTC|[+-]\d{2}:?\d{2})?"
_NUMERIC: Final = re.compile(rf"^(\d{{1,4}})([-/.])(\d{{1,2}})\2(\d{{1,4}})(?:[T\s]+{_TIME}{_OFFSET})?$")
_COMPACT: Final = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:[T\s_-]?(\d{2})(\d{2})(\d{2})?)?$")
_NAMED: Final = re.compile(
    rf"^(\d{{1,2}})[-/.\s]+(?:de )?([^\W\d_]{{3,10}})\.?[-/.,\s]+(?:de )?(\d{{2,4}})(?:\s+{_TIME})?$"
)
_SERIALS: Final = (36_526.0, 73_051.0)
"""Serial days of a worksheet from 2000 to 2099."""
_SPAN: Final = re.compile(r"^(\d{1,2}:\d{2}(?::\d{2})?)\s*(?:-|–|a|to)\s*\d{1,2}:\d{2}(?::\d{2})?$")
_CLOCK: Final = re.compile(rf"^{_TIME}$")
_SPANISH: Final = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic")
_ENGLISH: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS: Final = {name: i for names in (_SPANISH, _ENGLISH) for i, name in enumerate(names, 1)} | {"set": 9}
"""Months by their first three letters; Peru writes *setiembre*."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """A date in the order it was written, a time of day (up to 24:00) and, when given, an offset from UTC."""

    parts: tuple[int, int, int]
    order: Order
    """``ymd`` when the text itself tells the order; ``?`` when day and month may be either way round; ``??`` when the
    year has two digits as well."""
    day_ms: int
    offset_minutes: int | None = None


def parse_stamp(cell: Value) -> Stamp | None:
    """Return a cell's date and time, or None when it is not one. A date alone is its midnight."""
    if isinstance(cell, datetime):
        return parse_datetime(cell)
    if isinstance(cell, date):
        return Stamp((cell.year, cell.month, cell.day), "ymd", 0)
    if isinstance(cell, float) and not isinstance(cell, bool):
        if _SERIALS[0] <= cell < _SERIALS[1]:
            return _serial(cell)
        return _compact(str(int(cell))) if 1e7 < cell < 1e14 and cell == int(cell) else None
    if not isinstance(cell, str):
        return None
    return _numeric(cell) or _compact(cell) or _named(cell)


def _serial(days: float) -> Stamp:
    """Return a worksheet's date whose cell was left without a date format: days since 30 December 1899."""
    seconds = round(days * DAY_MS / SECOND_MS)
    return parse_datetime(datetime(1899, 12, 30, tzinfo=UTC) + timedelta(seconds=seconds))


def parse_datetime(moment: datetime) -> Stamp:
    """Return a moment of a worksheet as a stamp."""
    clock = (moment.hour * 60 + moment.minute) * MINUTE_MS + moment.second * SECOND_MS
    return Stamp((moment.year, moment.month, moment.day), "ymd", clock + round(moment.microsecond / 1000))


def _numeric(text: str) -> Stamp | None:
    found = _NUMERIC.match(text)
    if found is None:
        return None
    first, _, second, third, *clock, offset = found.groups()
    day_ms = _day_ms(clock)
    if day_ms is None:
        return None
    if len(first) == 4:
        order, parts = "ymd", (int(first), int(second), int(third))
    elif len(third) == 4:
        order, parts = "?", (int(first), int(second), int(third))
    elif len(third) == 2 and len(first) <= 2:
        order, parts = "??", (int(first), int(second), int(third))
    else:
        return None
    return Stamp(parts, order, day_ms, _offset_minutes(offset))


def _compact(text: str) -> Stamp | None:
    found = _COMPACT.match(text)
    if found is None:
        return None
    year, month, day, hour, minute, second = found.groups()
    day_ms = _day_ms((hour, minute, second, None, None)) if hour else 0
    return None if day_ms is None else Stamp((int(year), int(month), int(day)), "ymd", day_ms)


def _named(text: str) -> Stamp | None:
    found = _NAMED.match(text)
    month = _MONTHS.get(normalise(found.group(2))[:3]) if found else None
    if found is None or month is None:
        return None
    day, _, year, *clock = found.groups()
    day_ms = _day_ms(clock)
    full = int(year) + (2000 if len(year) == 2 else 0)
    return None if day_ms is None else Stamp((full, month, int(day)), "ymd", day_ms)


def _day_ms(clock: Sequence[str | None]) -> int | None:
    """Return milliseconds after midnight of (hour, minute, second, fraction, am/pm); 24:00 is a whole day."""
    hour_text, minute_text, second_text, fraction, half = clock
    if hour_text is None:
        return 0
    hour, minute, second = int(hour_text), int(minute_text or 0), int(second_text or 0)
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half[0] in "pP" else 0)
    if minute > 59 or second > 59 or hour > 24 or (hour == 24 and (minute or second)):
        return None
    ms = round(float(f"0.{fraction}") * 1000) if fraction else 0
    return (hour * 60 + minute) * MINUTE_MS + second * SECOND_MS + ms


def _offset_minutes(text: str | None) -> int | None:
    if not text:
        return None
    if text in {"Z", "UTC"}:
        return 0
    digits = text[1:].replace(":", "")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    return -minutes if text[0] == "-" else minutes


def parse_clock(cell: Value) -> int | None:
    """Return a time-of-day cell in milliseconds after midnight, or None.

    A whole number is an hour of the day; four digits written as text are hour and minute, ``0015``.
    """
    if isinstance(cell, datetime) and cell.year < 1905:
        cell = cell.time()
    if isinstance(cell, time):
        return (cell.hour * 60 + cell.minute) * MINUTE_MS + cell.second * SECOND_MS
    if isinstance(cell, timedelta):
        ms = round(cell.total_seconds() * 1000)
        return ms if 0 <= ms <= DAY_MS else None
    text = show(cell)
    if re.fullmatch(r"\d{1,2}", text):
        return int(text) * 60 * MINUTE_MS if int(text) <= 24 else None
    if re.fullmatch(r"\d{4}", text) and isinstance(cell, str):
        return _day_ms((text[:2], text[2:], None, None, None))
    if isinstance(cell, float) and 0 < cell < 1:
        return round(cell * DAY_MS / SECOND_MS) * SECOND_MS  # a worksheet's time without a time format
    found = _CLOCK.match(text)
    return _day_ms(found.groups()) if found else None


def span_start(cell: Value) -> Value:
    """Return the beginning of a time written as an interval, ``00:00 - 00:15``; any other cell as it is."""
    found = _SPAN.match(cell) if isinstance(cell, str) else None
    return found.group(1) if found else cell


def orders_of(stamps: Sequence[Stamp]) -> tuple[Order, ...]:
    """Return the orders of day and month under which every stamp is a date; those that mean the same count once."""
    kinds = {stamp.order for stamp in stamps}
    candidates: tuple[Order, ...] = ("ymd",)
    if kinds & {"?", "??"}:
        candidates = ("dmy", "mdy", "ymd") if "??" in kinds else ("dmy", "mdy")
    possible: dict[Order, NDArray[np.int64]] = {}
    for order in candidates:
        moments = moments_ms(stamps, order)
        if moments is not None and not any(np.array_equal(moments, other) for other in possible.values()):
            possible[order] = moments
    return tuple(possible)


def moments_ms(stamps: Sequence[Stamp], order: Order) -> NDArray[np.int64] | None:
    """Return local times as milliseconds since 1970-01-01 under an order, or None when some date does not exist."""
    days: dict[tuple[int, int, int], int] = {}
    moments = np.empty(len(stamps), dtype=np.int64)
    for index, stamp in enumerate(stamps):
        key = _ymd(stamp, order)
        if key not in days:
            try:
                days[key] = (datetime(*key, tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)).days
            except ValueError:
                return None
        moments[index] = days[key] * DAY_MS + stamp.day_ms
    return moments


def _ymd(stamp: Stamp, order: Order) -> tuple[int, int, int]:
    if stamp.order == "ymd":
        return stamp.parts
    named = dict(zip(order, stamp.parts, strict=True))
    year = named["y"] + (2000 if stamp.order == "??" else 0)
    return year, named["m"], named["d"]


def is_date(stamp: Stamp) -> bool:
    """Whether a stamp is a date under some order."""
    return any(moments_ms([stamp], order) is not None for order in ("dmy", "mdy", "ymd"))


def with_clock(stamp: Stamp, day_ms: int) -> Stamp:
    """Return a date with the time of day of another column."""
    return Stamp(stamp.parts, stamp.order, day_ms, stamp.offset_minutes)


def iso(moment_ms: int) -> str:
    """Return a local moment as ``2018-01-31 14:15``."""
    text = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(moment_ms))).strftime("%Y-%m-%d %H:%M:%S")
    return text.removesuffix(":00")


def readings(stamp: Stamp, orders: Sequence[Order]) -> Mapping[Order, str]:
    """Return what a stamp means under each order."""
    found = {order: moments_ms([stamp], order) for order in orders}
    return {order: iso(int(moments[0])) for order, moments in found.items() if moments is not None}
