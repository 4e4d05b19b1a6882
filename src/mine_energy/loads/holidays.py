"""Public holidays of Colombia and Peru, from dates that the law gives: fixed, by Easter, or moved to a Monday."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any, Final

from mine_energy import catalog
from mine_energy.errors import Language, MissingData

_COUNTRIES: Final = ("CO", "PE")
_DAYS_PER_WEEK: Final = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Holiday:
    """One public holiday of one year.

    Parameters
    ----------
    date
        On which it is held.
    key
        Name in the packaged calendar.
    name_es, name_en
        What people call it.
    moved
        Whether it is held on another day than its own (Colombia's law moves ten of them to the next Monday).
    source, confidence
        Law, and how far the reading of it can be trusted.
    """

    date: date
    key: str
    name_es: str
    name_en: str
    moved: bool
    source: str
    confidence: str

    def name(self, language: Language) -> str:
        """Return the name in `language`."""
        return self.name_es if language == "es" else self.name_en


def easter_sunday(year: int) -> date:
    """Return Easter Sunday of the Gregorian calendar.

    Parameters
    ----------
    year
        From 1583.

    References
    ----------
    The anonymous Gregorian computus (Nature, 20 April 1876), as restated by J. Meeus, Astronomical Algorithms, ch. 8.
    """
    golden = year % 19
    century, within = divmod(year, 100)
    skipped, rest = divmod(century, 4)
    correction = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - skipped - correction + 15) % 30
    leap, after_leap = divmod(within, 4)
    weekday = (32 + 2 * rest + 2 * leap - epact - after_leap) % 7
    shift = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * shift + 114, 31)
    return date(year, month, day + 1)


@cache
def holidays(country: str, year: int) -> tuple[Holiday, ...]:
    """Return the public holidays of a country and year.

    Two may share a day (Colombia, 30 June 2025), so that a year can have fewer days off than holidays.

    Parameters
    ----------
    country
        ``CO`` or ``PE``.
    year
        Calendar year, not before the law that the calendar holds.

    Returns
    -------
    tuple of Holiday
        By date; those of one date in the order of the calendar.

    Raises
    ------
    MissingData
        No calendar of that country, or a year before its law.
    """
    if country not in _COUNTRIES:
        raise MissingData("load_calendar_country", country=country, available=", ".join(_COUNTRIES))
    table = catalog.toml(f"calendars/{country}.toml")
    if year < table["first_year"]:
        raise MissingData("load_calendar_year", country=country, year=year, first=table["first_year"])
    held = [_held(row, year) for row in table["holiday"] if year >= row.get("from_year", year)]
    return tuple(sorted(held, key=lambda holiday: holiday.date))


def holiday_dates(country: str, years: Iterable[int]) -> frozenset[date]:
    """Return the dates of the public holidays of some years: what :func:`mine_energy.tariffs.bill` asks for."""
    return frozenset(holiday.date for year in sorted(set(years)) for holiday in holidays(country, year))


def _held(row: Mapping[str, Any], year: int) -> Holiday:
    if "easter_days" in row:
        own = easter_sunday(year) + timedelta(days=row["easter_days"])
    else:
        own = date(year, row["month"], row["day"])
    held = own + timedelta(days=-own.weekday() % _DAYS_PER_WEEK) if row.get("moved_to_monday", False) else own
    return Holiday(
        date=held,
        key=row["key"],
        name_es=row["name_es"],
        name_en=row["name_en"],
        moved=held != own,
        source=row["source"],
        confidence=row["confidence"],
    )
