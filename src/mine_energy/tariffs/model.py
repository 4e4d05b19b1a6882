"""What a tariff file may say: prices as data, validated, with the source of each price.

A tariff is one TOML file. Prices stand in the tariff's own currency, in whole units of it (soles, not céntimos),
without taxes; taxes and contributions are named surcharges that say whether they are applied. Rules that are code
(Colombia's settlement of exports, Peru's presence at peak) are only switched on and given their figures here.
"""

from datetime import date
from typing import Annotated, Any, Literal, Self

import numpy as np
from pydantic import Field, ValidationError, ValidatorFunctionWrapHandler, WrapValidator, model_validator
from pydantic_core import PydanticCustomError

from mine_energy.site import Fraction, NonNegative, Positive, Section
from mine_energy.units import HOURS_PER_DAY, MONTHS_PER_YEAR

Confidence = Literal["A", "B", "C", "D", "user"]
DayType = Literal["workday", "saturday", "sunday", "holiday"]
DAY_TYPES: tuple[DayType, ...] = ("workday", "saturday", "sunday", "holiday")
LineGroup = Literal["energy", "swap", "sale", "fixed", "demand", "reactive", "fuel", "surcharge"]

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


class ReactiveRule(Priced):
    """``[reactive]``: inductive reactive energy above a share of the active energy."""

    rule: Literal["hourly", "monthly"]
    """Compare hour by hour without netting (Colombia) or over the whole month (Peru)."""
    ratio: Fraction
    """kvarh free of charge per imported kWh."""
    multiplier: Annotated[float, Field(ge=1, le=12)] = 1.0
    """Colombia's factor M; depends on the history of excesses, 1 when nothing is known."""


class Components(Section):
    """``[components]``: the six parts of Colombia's unit cost, in the unit of the energy price.

    CREG 119/2007: CU = G + T + D + Cv + PR + R.
    """

    g: NonNegative
    """Generation."""
    t: NonNegative
    """Transmission."""
    d: NonNegative
    """Distribution, of the user's voltage level."""
    cv: NonNegative
    """Retailing."""
    pr: NonNegative
    """Losses."""
    r: NonNegative
    """Restrictions."""
    cu_computed: Positive
    """Sum of the six."""
    cu_applied: Positive
    """What the bill charges; differs from the sum under a tariff option."""
    credit_values: Literal["cu_applied", "cu_computed"] = "cu_applied"
    """Which unit cost values a swapped kWh."""
    unit: str
    """For example ``COP/kWh``."""
    source: str = ""
    """Document, when it is not the tariff's."""

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        total = self.g + self.t + self.d + self.cv + self.pr + self.r
        # Published sheets carry four decimals, so the sum of six may be off by three units of the last one.
        if abs(total - self.cu_computed) > 3e-4:
            raise PydanticCustomError(
                "tariff_components_sum", "components do not add up", {"total": total, "cu": self.cu_computed}
            )
        return self


class ExportRule(Section):
    """``[exports]``: what energy fed into the grid is worth."""

    rule: Literal["no_value", "agpe"]
    """``no_value``, or ``agpe``: Colombia's monthly swap for small self-generators (CREG 174/2021)."""
    spot_price: NonNegative | None = None
    """Price of the surplus over the month's imports when no hourly prices are given."""
    unit: str = ""
    """For example ``COP/kWh``."""
    source: str = ""
    """Document of rule and price."""
    year: str = ""
    """Year of the price."""
    confidence: Confidence = "D"
    """Letter of the price."""


class Surcharge(Section):
    """``[[surcharge]]``: a tax or contribution as a fraction of other lines."""

    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    """Name of the line."""
    rate: Fraction
    """Fraction of the base."""
    base: Annotated[tuple[LineGroup, ...], Field(min_length=1)]
    """Groups of lines that it is charged on; surcharges stand in the order in which they are charged."""
    applied: bool
    """Whether the bill charges it. Recoverable taxes and exempt users: false."""
    label_es: str = ""
    """Spanish name of the line; known keys have one."""
    label_en: str = ""
    """English name of the line; known keys have one."""
    source: str = ""
    """Law or document."""
    year: str = ""
    """Year of the rate."""
    confidence: Confidence | None = None
    """Letter of rate and base."""


class FuelSupply(Section):
    """``[fuel]``: a generating set of one's own instead of a grid.

    Litres = running hours x rated kW x intercept + kWh x slope: the straight fuel line that hybrid-system programs use.
    """

    fuel: Literal["diesel"] = "diesel"
    """Fuel, a key of the packaged fuel table."""
    intercept_l_per_h_per_kw: NonNegative
    """F0, litres per running hour and rated kW."""
    slope_l_per_kwh: Positive
    """F1, litres per kWh generated."""
    curve_source: str
    """Where the line comes from."""
    curve_confidence: Confidence
    """Letter of the line."""
    rated_kw: Positive | None = None
    """Rating of the set; comes from the site file."""
    price: NonNegative | None = None
    """Delivered price in the tariff's currency per litre; comes from the site file or the country's default."""
    price_source: str = ""
    """Where the price comes from."""
    price_year: str = ""
    """Year of the price."""
    price_confidence: Confidence = "D"
    """Letter of the price."""


def _valid_from(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    """Turn the two complaints of a union into one."""
    try:
        return handler(value)
    except ValidationError as error:
        raise PydanticCustomError("tariff_valid_from", "neither a date nor unknown", {}) from error


class Tariff(Section):
    """A whole tariff file."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    """Name, equal to the file's."""
    title_es: Annotated[str, Field(min_length=1)]
    """Title in Spanish."""
    title_en: Annotated[str, Field(min_length=1)]
    """Title in English."""
    kind: Literal["grid", "fuel"]
    """A grid's tariff, or the fuel supply of one's own set."""
    country: Annotated[str, Field(pattern=r"^([A-Z]{2}|any)$")]
    """ISO 3166 code, or ``any`` for a fuel supply before it meets its site."""
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    """ISO 4217 code of every price."""
    utility: str = ""
    """Distributor or retailer."""
    valid_from: Annotated[date | Literal["unknown"], WrapValidator(_valid_from)]
    """First day of the prices; ``unknown`` is listed as stale."""
    source: Annotated[str, Field(min_length=1)]
    """Document and place of the prices."""
    year: str
    """Year or month of the prices, as the source gives it."""
    confidence: Confidence
    """Letter of the prices that carry none of their own."""
    note_es: str = ""
    """What a user has to know, in Spanish."""
    note_en: str = ""
    """What a user has to know, in English."""
    utc_offset_hours: Annotated[float, Field(ge=-12, le=14)] = -5.0
    """Local clock of the hour blocks; Colombia and Peru keep UTC-5 all year."""
    energy: tuple[EnergyCharge, ...] = ()
    """Active energy by window; empty where `components` give the price."""
    components: Components | None = None
    """Colombia's unit cost in its six parts."""
    fixed: tuple[FixedCharge, ...] = ()
    """Monthly amounts."""
    demand: tuple[DemandCharge, ...] = ()
    """Power charges."""
    presence: Presence | None = None
    """Classification by presence at peak."""
    reactive: ReactiveRule | None = None
    """Reactive energy."""
    exports: ExportRule = ExportRule(rule="no_value")
    """Energy fed into the grid."""
    surcharge: tuple[Surcharge, ...] = ()
    """Taxes and contributions, in order."""
    fuel: FuelSupply | None = None
    """The set and its fuel."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for check in (_check_kind, _check_units, _check_keys, _check_hours, _check_references):
            check(self)
        return self

    def energy_charges(self) -> tuple[EnergyCharge, ...]:
        """Return the energy charges; Colombia's unit cost becomes one charge at all hours."""
        parts = self.components
        if parts is None:
            return self.energy
        return (EnergyCharge(key="energy", price=parts.cu_applied, unit=parts.unit, source=parts.source),)


def _check_kind(tariff: Tariff) -> None:
    supplies = (bool(tariff.energy), tariff.components is not None, tariff.fuel is not None)
    if sum(supplies) != 1 or (tariff.kind == "fuel") != (tariff.fuel is not None):
        raise PydanticCustomError("tariff_one_supply", "exactly one of energy, components, fuel", {})
    if tariff.exports.rule == "agpe" and tariff.components is None:
        raise PydanticCustomError("tariff_agpe_components", "agpe needs the six components", {})


def _check_units(tariff: Tariff) -> None:
    wanted = [(charge.key, charge.unit, "kWh") for charge in tariff.energy]
    wanted += [(charge.key, charge.unit, "month") for charge in tariff.fixed]
    wanted += [(charge.key, charge.unit, "kW-month") for charge in tariff.demand]
    if tariff.components is not None:
        wanted.append(("components", tariff.components.unit, "kWh"))
    if tariff.reactive is not None:
        wanted.append(("reactive", tariff.reactive.unit, "kvarh"))
    if tariff.exports.spot_price is not None:
        wanted.append(("exports", tariff.exports.unit, "kWh"))
    for key, unit, per in wanted:
        if unit != f"{tariff.currency}/{per}":
            context = {"charge": key, "unit": unit, "wanted": f"{tariff.currency}/{per}"}
            raise PydanticCustomError("tariff_unit", "unit {unit} of {charge} is not {wanted}", context)


def _check_keys(tariff: Tariff) -> None:
    charges: tuple[Charge, ...] = (*tariff.energy, *tariff.fixed, *tariff.demand)
    keys = [*(charge.key for charge in charges), *(surcharge.key for surcharge in tariff.surcharge)]
    for key in keys:
        if keys.count(key) > 1:
            raise PydanticCustomError("tariff_duplicate_key", "key {charge} stands twice", {"charge": key})


def _check_hours(tariff: Tariff) -> None:
    if not tariff.energy:
        return
    covered = np.sum([charge.cells() for charge in tariff.energy], axis=0)
    wrong = np.argwhere(covered != 1)
    if len(wrong):
        month, day, hour = (int(value) for value in wrong[0])
        context = {"month": month + 1, "day": DAY_TYPES[day], "hour": hour, "count": int(covered[month, day, hour])}
        raise PydanticCustomError("tariff_hours", "an hour has {count} prices", context)


def _check_references(tariff: Tariff) -> None:
    keys = {charge.key for charge in tariff.demand}
    for charge in tariff.demand:
        if charge.excess_over and charge.excess_over not in keys - {charge.key}:
            raise PydanticCustomError("tariff_excess_over", "no such charge", {"charge": charge.excess_over})
        if charge.applies != "always" and tariff.presence is None:
            raise PydanticCustomError("tariff_presence", "no [presence]", {"charge": charge.key})
