"""What one decision buys and brings, in the real money of today: a stream.

Real means without inflation; flows stand at year ends. A stream lives as long as its assets or as the mine, whichever
ends first.
"""

from dataclasses import dataclass
from math import floor, fsum
from typing import Literal

from mine_energy.finance.assumptions import Assumption


@dataclass(frozen=True, slots=True, kw_only=True)
class CapexLine:
    """One line of the investment: quantity x unit cost = amount.

    Parameters
    ----------
    key, subject
        What is bought, and for which machine (empty for the plant).
    quantity, unit
        How much of it.
    unit_cost, amount
        In the result's currency, without VAT.
    low_amount, high_amount
        With the range of the unit cost.
    source, year, confidence
        Where the unit cost comes from.
    assumed
        Whether it is a default that a quote should replace.
    """

    key: str
    subject: str
    quantity: float
    unit: str
    unit_cost: float
    amount: float
    low_amount: float
    high_amount: float
    source: str
    year: str
    confidence: str
    assumed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """A part that is bought again at the end of a year, if the stream goes on after it.

    Parameters
    ----------
    key, year, amount
        What, when and for how much; the amount in today's money.
    life_years
        Of the new part, where known: what is left of it at the horizon counts when the plant is moved.
    """

    key: str
    year: int
    amount: float
    life_years: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class YearlyLine:
    """Money that differs from year to year: a genset's overhauls that come later, a PPA's payments.

    Parameters
    ----------
    key
        What it is.
    amounts
        Of years 1, 2 ...; income positive, today's money. Years beyond the last have none.
    own
        Whether it is money of the plant itself. What something else costs less because of it (an engine that runs
        fewer hours) is a benefit: part of the cash flow, not of the cost of a kWh.
    """

    key: str
    amounts: tuple[float, ...]
    own: bool = True

    def in_year(self, year: int) -> float:
        """Return the amount of a year, counted from 1."""
        return self.amounts[year - 1] if 1 <= year <= len(self.amounts) else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class EndOfLife:
    """What the assets are worth when the horizon ends.

    Parameters
    ----------
    kind
        ``abandoned`` is worth nothing; ``salvage`` is sold; ``relocation`` goes on elsewhere for the rest of its life.
    salvage_fraction
        Net proceeds as a share of the investment.
    relocation_cost_fraction
        Cost of the move as a share of the investment.
    """

    kind: Literal["abandoned", "salvage", "relocation"] = "abandoned"
    salvage_fraction: float = 0.0
    relocation_cost_fraction: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """What one decision costs and brings.

    Parameters
    ----------
    key
        ``measures``, ``pv`` or another name.
    kind
        ``saves`` energy (its yardstick is the cost of conserved energy) or ``generates`` it (levelised cost).
    capex
        Lines of the investment at t = 0.
    annual_saving
        Of the first year: bill without minus bill with.
    om_per_year
        Operation and maintenance on top of today's.
    energy_kwh_per_year
        Saved or generated in the first year.
    degradation_per_year
        Fraction by which energy and saving fall every year.
    asset_life_years
        Life of the assets.
    replacements
        Parts bought again before that.
    yearly
        Further money by year.
    served_kwh_per_year
        Of the energy of the first year, what reaches the load; None where the question does not arise.
    end
        What the assets are worth at the horizon.
    assumptions
        Figures that it rests on.
    """

    key: str
    kind: Literal["saves", "generates"]
    capex: tuple[CapexLine, ...]
    annual_saving: float
    om_per_year: float = 0.0
    energy_kwh_per_year: float
    degradation_per_year: float = 0.0
    asset_life_years: float
    replacements: tuple[Replacement, ...] = ()
    yearly: tuple[YearlyLine, ...] = ()
    served_kwh_per_year: float | None = None
    end: EndOfLife = EndOfLife()
    assumptions: tuple[Assumption, ...] = ()

    @property
    def investment(self) -> float:
        """Sum of the capex lines."""
        return fsum(line.amount for line in self.capex)

    def years(self, mine_life_years: float | None) -> int:
        """Return the whole years of operation: the lesser of the assets' and the mine's life."""
        return floor(min(self.asset_life_years, mine_life_years or self.asset_life_years))

    def energy_kwh(self, years: int) -> tuple[float, ...]:
        """Return the energy of years 0 to `years`; year 0 has none."""
        return (0.0, *(self.energy_kwh_per_year * self.left(year) for year in range(1, years + 1)))

    def served_kwh(self, years: int) -> tuple[float, ...]:
        """Return the energy that reaches the load in years 0 to `years`."""
        return (0.0, *((self.served_kwh_per_year or 0.0) * self.left(year) for year in range(1, years + 1)))

    def costs(self, years: int) -> tuple[float, ...]:
        """Return the investment, then O&M, replacements and other costs less the final value, to year `years`."""
        yearly = (
            self.om_per_year + self.replaced(year, years) - self.extra(year) - self.final_value(year, years)
            for year in range(1, years + 1)
        )
        return (self.investment, *yearly)

    def own_costs(self, years: int) -> tuple[float, ...]:
        """Return the costs of the plant itself, without what it saves or costs elsewhere."""
        elsewhere = (fsum(line.in_year(year) for line in self.yearly if not line.own) for year in range(years + 1))
        return tuple(cost + other for cost, other in zip(self.costs(years), elsewhere, strict=True))

    def cash_flow(self, years: int) -> tuple[float, ...]:
        """Return savings minus costs of years 0 to `years`."""
        savings = (0.0, *(self.saving(year) for year in range(1, years + 1)))
        return tuple(saving - cost for saving, cost in zip(savings, self.costs(years), strict=True))

    def left(self, year: int) -> float:
        """Return the share of the first year's energy and saving that a year has."""
        return float((1.0 - self.degradation_per_year) ** (year - 1))

    def saving(self, year: int) -> float:
        """Return the saving of a year, counted from 1."""
        return self.annual_saving * self.left(year)

    def replaced(self, year: int, years: int) -> float:
        """Return what is bought again at the end of a year; nothing in the last one."""
        return fsum(part.amount for part in self.replacements if part.year == year < years)

    def extra(self, year: int) -> float:
        """Return the further money of a year, income positive."""
        return fsum(line.in_year(year) for line in self.yearly)

    def final_value(self, year: int, years: int) -> float:
        """Return what the assets are worth at the end of the last year, and nothing before.

        Sold for the stated share of the investment; or moved: the straight-line value of what is left of the
        investment and of every part bought again, less the cost of the move. A move that costs more than it saves is
        shown as the loss that it is.
        """
        if year != years or self.end.kind == "abandoned":
            return 0.0
        if self.end.kind == "salvage":
            return self.end.salvage_fraction * self.investment
        if years >= self.asset_life_years:
            return 0.0
        return self._unused(years) - self.end.relocation_cost_fraction * self.investment

    def _unused(self, years: int) -> float:
        """Return the straight-line value of the lives left at the end of year `years`."""
        plant = self.investment * (1.0 - years / self.asset_life_years)
        parts = (
            part.amount * max(0.0, 1.0 - (years - part.year) / part.life_years)
            for part in self.replacements
            if part.life_years and part.year < years
        )
        return plant + fsum(parts)
