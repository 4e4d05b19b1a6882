"""What a tariff file may say: prices as data, validated, with the source of each price.

A tariff is one TOML file. Prices stand in the tariff's own currency, in whole units of it (soles, not céntimos),
without taxes; taxes and contributions are named surcharges that say whether they are applied. Rules that are code
(Colombia's settlement of exports, Peru's presence at peak) are only switched on and given their figures here. The
sections are in :mod:`~mine_energy.tariffs.charges` and :mod:`~mine_energy.tariffs.rules`.
"""

from datetime import date
from typing import Annotated, Any, Literal, Self

import numpy as np
from pydantic import Field, ValidationError, ValidatorFunctionWrapHandler, WrapValidator, model_validator
from pydantic_core import PydanticCustomError

from mine_energy.site import NonNegative, Section
from mine_energy.tariffs.charges import (
    DAY_TYPES,
    Charge,
    Confidence,
    DayType,
    DemandCharge,
    EnergyCharge,
    FixedCharge,
    Levy,
    LineGroup,
    Presence,
    Priced,
    Window,
    hours_of,
)
from mine_energy.tariffs.rules import (
    Components,
    ExportRule,
    FuelSupply,
    Metering,
    MonthComponents,
    ReactiveRule,
    Surcharge,
)
from mine_energy.units import MONTHS_PER_YEAR

__all__ = [
    "DAY_TYPES",
    "Charge",
    "Components",
    "DayType",
    "DemandCharge",
    "EnergyCharge",
    "ExportRule",
    "FixedCharge",
    "FuelSupply",
    "Levy",
    "LineGroup",
    "Metering",
    "MonthComponents",
    "Presence",
    "Priced",
    "ReactiveRule",
    "Surcharge",
    "Tariff",
    "Window",
    "hours_of",
]


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
    components_month: tuple[MonthComponents, ...] = ()
    """Unit cost of single months; the rest of the year has `components`."""
    fixed: tuple[FixedCharge, ...] = ()
    """Monthly amounts."""
    levy: tuple[Levy, ...] = ()
    """Contributions per kWh imported."""
    metering: Metering = Metering()
    """On which side of the transformer the meter stands."""
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
    credit_brought: NonNegative = 0.0
    """Credit in the user's favour before the first month, in `currency`; comes from the site file."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for check in (_check_kind, _check_units, _check_keys, _check_hours, _check_references, _check_components):
            check(self)
        return self

    def energy_charges(self) -> tuple[EnergyCharge, ...]:
        """Return the energy charges; Colombia's unit cost becomes one charge at all hours of its months."""
        if self.components is None:
            return self.energy
        single = {month for parts in self.components_month for month in parts.months}
        rest = tuple(month for month in range(1, MONTHS_PER_YEAR + 1) if month not in single)
        priced = [(parts, parts.months) for parts in self.components_month]
        return tuple(
            EnergyCharge(key="energy", price=parts.cu_applied, unit=parts.unit, source=parts.source, months=months)
            for parts, months in [(self.components, rest), *priced]
            if months
        )

    def components_in(self, month: int) -> Components | None:
        """Return Colombia's unit cost of a month (1 to 12); None where the tariff has none."""
        return next((parts for parts in self.components_month if month in parts.months), self.components)

    def reactive_price(self, month: int) -> float:
        """Return the price of reactive energy in a month (1 to 12), before the factor M; zero without a rule."""
        rule, parts = self.reactive, self.components_in(month)
        if rule is None:
            return 0.0
        return parts.d if rule.follows_distribution and parts is not None else rule.price


def _check_kind(tariff: Tariff) -> None:
    supplies = (bool(tariff.energy), tariff.components is not None, tariff.fuel is not None)
    if sum(supplies) != 1 or (tariff.kind == "fuel") != (tariff.fuel is not None):
        raise PydanticCustomError("tariff_one_supply", "exactly one of energy, components, fuel", {})
    if tariff.exports.rule == "agpe" and tariff.components is None:
        raise PydanticCustomError("tariff_agpe_components", "agpe needs the six components", {})


def _check_units(tariff: Tariff) -> None:
    wanted = [(charge.key, charge.unit, "kWh") for charge in tariff.energy]
    wanted += [(charge.key, charge.unit, "kWh") for charge in tariff.levy]
    wanted += [(charge.key, charge.unit, "month") for charge in tariff.fixed]
    wanted += [(charge.key, charge.unit, "kW-month") for charge in tariff.demand]
    if tariff.components is not None:
        wanted += [("components", one.unit, "kWh") for one in (tariff.components, *tariff.components_month)]
    if tariff.reactive is not None:
        wanted.append(("reactive", tariff.reactive.unit, "kvarh"))
    if tariff.exports.spot_price is not None:
        wanted.append(("exports", tariff.exports.unit, "kWh"))
    for key, unit, per in wanted:
        if unit != f"{tariff.currency}/{per}":
            context = {"charge": key, "unit": unit, "wanted": f"{tariff.currency}/{per}"}
            raise PydanticCustomError("tariff_unit", "unit {unit} of {charge} is not {wanted}", context)


def _check_keys(tariff: Tariff) -> None:
    charges: tuple[Charge, ...] = (*tariff.energy, *tariff.fixed, *tariff.levy, *tariff.demand)
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


def _check_components(tariff: Tariff) -> None:
    parts, rule = tariff.components, tariff.reactive
    months = [month for one in tariff.components_month for month in one.months]
    if len(months) != len(set(months)) or (months and parts is None):
        raise PydanticCustomError("tariff_components_month", "a month twice, or months without [components]", {})
    if rule is not None and rule.follows_distribution and (parts is None or rule.price != parts.d):
        raise PydanticCustomError("tariff_reactive_distribution", "the price is not D", {})
