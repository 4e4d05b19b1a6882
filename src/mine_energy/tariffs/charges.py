"""When something is charged and what it costs: windows, priced lines, the classification by presence at peak."""

from typing import Annotated, Any, Literal, Self

import numpy as np
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from mine_energy.site import Fraction, NonNegative, Section
from mine_energy.units import HOURS_PER_DAY, MONTHS_PER_YEAR

Confidence = Literal["A", "B", "C", "D", "user"]
DayType = Literal["workday", "saturday", "sunday", "holiday"]
DAY_TYPES: tuple[DayType, ...] = ("workday", "saturday", "sunday", "holiday")
LineGroup = Literal["energy", "swap", "sale", "fixed", "levy", "demand", "reactive", "fuel", "surcharge"]

HourRange = Annotated[str, Field(pattern=r"^([01]?\d|2[0-4])-([01]?\d|2[0-4])$")]


def hours_of(ranges: tuple[str, ...]) -> frozenset[int]:
    """Return the clock hours (0 to 23) of ranges such as ``"18-23"`` (18:00 to 23:00) or ``"23-18"`` (past midnight).

    Parameters
    ----------
    ranges
        ``"start-end"`` in whole hours; the end is not included, and ``"0-24"`` is the whole day.
    """
    hours: set[int] = set()
    for text in ranges:
        start, end = (int(part) for part in text.split("-"))
        length = (end - start) % HOURS_PER_DAY or HOURS_PER_DAY
        hours |= {(start + step) % HOURS_PER_DAY for step in range(length)}
    return frozenset(hours)


class Window(Section):
    """When something applies: hours of the day, kinds of day and months, all three together."""

    hours: tuple[HourRange, ...] = ("0-24",)
    """Ranges of whole local clock hours, end not included."""
    day_types: tuple[DayType, ...] = DAY_TYPES
    """Workday (Monday to Friday), saturday, sunday, holiday; a holiday is nothing else."""
    months: tuple[Annotated[int, Field(ge=1, le=12)], ...] = tuple(range(1, 13))
    """1 to 12."""

    @model_validator(mode="after")
    def _not_empty(self) -> Self:
        if not (self.hours and self.day_types and self.months):
            raise PydanticCustomError("tariff_value", "an empty window", {})
        return self

    def cells(self) -> "np.ndarray[Any, np.dtype[np.bool_]]":
        """Return a truth table of shape (12 months, 4 day types, 24 hours)."""
        table = np.zeros((MONTHS_PER_YEAR, len(DAY_TYPES), HOURS_PER_DAY), dtype=np.bool_)
        months = [month - 1 for month in self.months]
        days = [DAY_TYPES.index(day) for day in self.day_types]
        table[np.ix_(months, days, sorted(hours_of(self.hours)))] = True
        return table


class Priced(Section):
    """A price and what makes it quotable; what is left empty is inherited from the tariff."""

    price: NonNegative
    """In `unit`."""
    unit: str
    """Currency of the tariff over the billed quantity: ``COP/kWh``, ``PEN/kW-month``, ``PEN/month``."""
    source: str = ""
    """Document and place, when it is not the tariff's."""
    year: str = ""
    """Year the price is for, when it is not the tariff's."""
    confidence: Confidence | None = None
    """Letter of the price, when it is not the tariff's."""


class Charge(Priced):
    """A price with the name of its line in the bill."""

    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    """Name of the line; unique in the tariff."""
    label_es: str = ""
    """Spanish name of the line; known keys have one."""
    label_en: str = ""
    """English name of the line; known keys have one."""


class EnergyCharge(Charge, Window):
    """``[[energy]]``: active energy in a window; the windows of a tariff cover every hour exactly once."""


class FixedCharge(Charge):
    """``[[fixed]]``: an amount for every month begun."""


class Levy(Charge):
    """``[[levy]]``: a contribution on every kWh imported, beside the energy prices."""


class DemandCharge(Charge, Window):
    """``[[demand]]``: power billed by the month, on maxima of 15-minute means."""

    over: Literal["month", "two_highest_of_six_months"] = "month"
    """The month's maximum, or the mean of the two highest monthly maxima of this month and the five before."""
    excess_over: str = ""
    """Key of another demand charge: only what exceeds its quantity is billed."""
    applies: Literal["always", "present_at_peak", "present_off_peak"] = "always"
    """Whether it depends on the month's classification (see ``[presence]``)."""


class Presence(Window):
    """``[presence]``: classification of the user by its energy in the peak hours (Peru)."""

    threshold: Fraction
    """Energy in the window over (the month's maximum x hours of the window): from here on "present at peak"."""
    source: str = ""
    """Document of the rule."""
    confidence: Confidence | None = None
    """Letter of the rule."""
