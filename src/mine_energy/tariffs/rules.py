"""The figures of the rules that are code: reactive energy, unit cost, exports, taxes, own sets, the meter's side."""

from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from mine_energy.site import Fraction, NonNegative, Positive, ReactiveHistory, Section
from mine_energy.tariffs.charges import Confidence, LineGroup, Priced

SMALL_CLASS_KW: Final = 100.0
"""Sum of the inverters' nameplates, kW AC, up to which (inclusive) only retailing is deducted from a swapped kWh."""

AGPE_LIMIT_KW: Final = 1000.0
"""Largest small-scale self-generator (UPME Resolution 281/2015), kW AC."""

_NAMEPLATE_KW: Final = 1e-6
"""Nameplates that add up to 100 kW or 1 MW but for rounding are 100 kW and 1 MW."""


def small_class(inverter_kw_ac: float) -> bool:
    """Whether the sum of the inverters' nameplates is within Colombia's small class, 100.0 kW AC included."""
    return inverter_kw_ac <= SMALL_CLASS_KW + _NAMEPLATE_KW


def small_scale(inverter_kw_ac: float) -> bool:
    """Whether the sum of the inverters' nameplates is within small-scale self-generation, 1 MW included."""
    return inverter_kw_ac <= AGPE_LIMIT_KW + _NAMEPLATE_KW


class ReactiveRule(Priced):
    """``[reactive]``: inductive reactive energy above a share of the active energy, and what goes with it."""

    rule: Literal["hourly", "monthly"]
    """Compare hour by hour without netting (Colombia) or over the whole month (Peru)."""
    ratio: Fraction
    """kvarh free of charge per imported kWh."""
    multiplier: Annotated[float, Field(ge=1, le=12)] = 1.0
    """Factor on the price of every month; with a progression its value before the first step, 1."""
    progression: Literal["fixed", "creg_015_2018"] = "fixed"
    """``creg_015_2018``: Colombia's factor M, month by month (see :mod:`mine_energy.tariffs.reactive`)."""
    follows_distribution: bool = False
    """Whether the price is the month's distribution component D (Colombia); `price` then repeats that of
    ``[components]``."""
    history: ReactiveHistory | None = None
    """Where M stands before the first month; comes from the site file."""
    capacitive: Literal["not_charged", "dated"] = "not_charged"
    """``dated``: as the packaged rule in force in each month says (Colombia)."""
    exempt: bool = False
    """Whether a small self-generator with renewables pays none (Decree 929 of 2023); comes from the site file."""

    @model_validator(mode="after")
    def _one_multiplier(self) -> Self:
        if self.progression != "fixed" and self.multiplier != 1:
            raise PydanticCustomError("tariff_reactive_progression", "a fixed multiplier and a progression", {})
        return self


class Metering(Section):
    """``[metering]``: a medium-voltage supply may be metered behind its transformer (Peru)."""

    loss: Annotated[float, Field(ge=0, le=0.1)] = 0.0
    """Added to active energy and power, as a share of what the meter reads."""
    source: str = ""
    """Document of the share."""
    confidence: Confidence = "B"
    """Letter of the share."""


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

    def times(self, factor: float) -> Self:
        """Return the unit cost with all its parts multiplied."""
        names = ("g", "t", "d", "cv", "pr", "r", "cu_computed", "cu_applied")
        return self.model_copy(update={name: getattr(self, name) * factor for name in names})


class MonthComponents(Components):
    """``[[components_month]]``: the unit cost of some months, where the bills of a year are at hand."""

    months: Annotated[tuple[Annotated[int, Field(ge=1, le=12)], ...], Field(min_length=1)]
    """1 to 12; the other months have ``[components]``."""


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
    applied_stated: bool = False
    """Whether the user said so; comes from the site file."""
    base_stated: bool = False
    """Whether the user said what it is charged on; comes from the site file."""
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
