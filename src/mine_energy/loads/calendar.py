"""Which days the plant works, and which minutes of a working day its shifts cover."""

from calendar import SATURDAY, SUNDAY, monthrange
from collections.abc import Iterable
from datetime import date
from typing import Final

from mine_energy.site import Shift
from mine_energy.units import HOURS_PER_DAY, MINUTES_PER_HOUR, MONTHS_PER_YEAR

DAY_MINUTES: Final = HOURS_PER_DAY * MINUTES_PER_HOUR
_REST_ORDER: Final = (SUNDAY, SATURDAY, 4, 3, 2, 1, 0)
"""Week days in the order in which they rest: Sundays, Saturdays, Fridays ..."""


def rest_days(year: int, month: int, workdays: int) -> tuple[date, ...]:
    """Return the days of a month on which the plant rests.

    Sundays rest first. A month with more Sundays than rest days works on its last Sundays; one with fewer also
    rests on its last Saturdays, then Fridays. Public holidays play no part.

    Parameters
    ----------
    year, month
        Calendar month.
    workdays
        Working days wanted; a shorter month works on every day.

    Returns
    -------
    tuple of date
        In order.
    """
    length = monthrange(year, month)[1]
    days = [date(year, month, d) for d in range(1, length + 1)]
    resting: list[date] = []
    for weekday in _REST_ORDER:
        same = [d for d in days if d.weekday() == weekday]
        resting += same if weekday == SUNDAY else same[::-1]
    return tuple(sorted(resting[: max(0, length - workdays)]))


def working_days(year: int, workdays_per_month: int) -> tuple[date, ...]:
    """Return the working days of a year: as many in every month, or all days of a month that is shorter.

    Parameters
    ----------
    year
        Calendar year.
    workdays_per_month
        1 to 31.

    Returns
    -------
    tuple of date
        In order.
    """
    days: list[date] = []
    for month in range(1, MONTHS_PER_YEAR + 1):
        resting = set(rest_days(year, month, workdays_per_month))
        month_days = (date(year, month, d) for d in range(1, monthrange(year, month)[1] + 1))
        days += [d for d in month_days if d not in resting]
    return tuple(days)


def shift_windows(shifts: Iterable[Shift]) -> tuple[tuple[float, float], ...]:
    """Return the minutes of a working day that its shifts cover: (start, end), ascending, overlaps joined.

    A shift past midnight ends above 1440. Nothing reaches more than a day past the first start.

    Parameters
    ----------
    shifts
        Shifts of a working day, in any order.
    """
    spans = sorted((_minute(s.start.hour, s.start.minute), _minute(s.end.hour, s.end.minute)) for s in shifts)
    spans = [(start, end if end > start else end + DAY_MINUTES) for start, end in spans]
    latest = spans[0][0] + DAY_MINUTES
    joined: list[tuple[float, float]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return tuple((start, min(end, latest)) for start, end in joined)


def _minute(hour: int, minute: int) -> float:
    return float(hour * MINUTES_PER_HOUR + minute)
