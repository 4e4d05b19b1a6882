"""What sizes cost a year: capital over the mine's life, replacements, operation and maintenance."""

from dataclasses import dataclass, replace
from math import ceil, fsum
from typing import Any, Final

import numpy as np

from mine_energy.dispatch import Sizes
from mine_energy.finance import crf

Array = np.ndarray[Any, np.dtype[np.float64]]

COLUMNS: Final = ("pv_kwp", "battery_kwh", "battery_kw", "genset_kw")
"""Order of the sizes in every table of candidates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Existing:
    """What the plant owns already: no capital, its own operation and maintenance, an overhaul to come.

    Parameters
    ----------
    sizes
        What is there; a design never goes below it.
    overhaul_in_years, overhaul_cost
        When the generator has to be overhauled, from today, and for how much; nothing beyond the mine's life.
    """

    sizes: Sizes
    overhaul_in_years: float = 0.0
    overhaul_cost: float = 0.0


NOTHING: Final = Existing(sizes=Sizes(pv_kwp=0.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """Prices of a plant in one currency, real and without tax.

    Parameters
    ----------
    pv_per_kwp, battery_per_kwh, battery_per_kw, genset_per_kw
        Investment; `battery_per_kw` is the battery inverter's.
    pv_om_per_kwp_year, battery_om_per_kwh_year, genset_om_per_kw_year, genset_om_per_kw_hour
        Operation and maintenance; the last one for each kW of rating and hour that it runs.
    pv_life_years, battery_life_years, battery_inverter_life_years, genset_life_years
        Each is bought again at the end of its life while the mine goes on. Nothing is sold at the end.
    pv_inverter_per_kwp, pv_inverter_life_years
        The part of `pv_per_kwp` that is bought again earlier.
    fuel_price_per_l, unserved_value_per_kwh
        Of a litre; of a kWh demanded and not served.
    discount_rate, mine_life_years
        Real rate, fraction a year; years over which capital has to come back.
    """

    pv_per_kwp: float
    mine_life_years: float
    discount_rate: float
    battery_per_kwh: float = 0.0
    battery_per_kw: float = 0.0
    genset_per_kw: float = 0.0
    pv_om_per_kwp_year: float = 0.0
    battery_om_per_kwh_year: float = 0.0
    genset_om_per_kw_year: float = 0.0
    genset_om_per_kw_hour: float = 0.0
    pv_life_years: float = 25.0
    battery_life_years: float = 12.0
    battery_inverter_life_years: float = 13.0
    genset_life_years: float = 20.0
    pv_inverter_per_kwp: float = 0.0
    pv_inverter_life_years: float = 13.0
    fuel_price_per_l: float = 0.0
    unserved_value_per_kwh: float = 0.0

    def annual(self, price: float, life_years: float) -> float:
        """Return what a price costs a year: CRF over the mine's life x (purchase + replacements at present value).

        The equivalent annual cost of a chain of equal replacements (Short, Packey and Holt 1995, NREL/TP-462-5173); the
        last one counts whole, however short the rest of the mine's life.

        Parameters
        ----------
        price
            Of one purchase, today's money.
        life_years
            After which it is bought again, above 0.
        """
        times = range(max(1, ceil(self.mine_life_years / life_years)))
        present = fsum(price / (1 + self.discount_rate) ** (k * life_years) for k in times)
        return present * crf(self.discount_rate, self.mine_life_years)

    def rates(self, existing: Existing = NOTHING) -> "Rates":
        """Return the cost of each unit of size a year, and of each unit of flow.

        Parameters
        ----------
        existing
            What is owned: without capital, with an overhaul that falls due.
        """
        inverter = self.annual(self.pv_inverter_per_kwp, self.pv_inverter_life_years)
        lasting = self.annual(self.pv_per_kwp - self.pv_inverter_per_kwp, self.pv_life_years)
        capital = (
            lasting + inverter,
            self.annual(self.battery_per_kwh, self.battery_life_years),
            self.annual(self.battery_per_kw, self.battery_inverter_life_years),
            self.annual(self.genset_per_kw, self.genset_life_years),
        )
        due = existing.overhaul_in_years < self.mine_life_years
        overhaul = existing.overhaul_cost * (1 + self.discount_rate) ** -existing.overhaul_in_years if due else 0.0
        return Rates(
            capital=capital,
            price=(self.pv_per_kwp, self.battery_per_kwh, self.battery_per_kw, self.genset_per_kw),
            om=(self.pv_om_per_kwp_year, self.battery_om_per_kwh_year, 0.0, self.genset_om_per_kw_year),
            owned=tuple(getattr(existing.sizes, name) for name in COLUMNS),
            fixed=overhaul * crf(self.discount_rate, self.mine_life_years),
            run_kw_hour=self.genset_om_per_kw_hour,
            fuel_l=self.fuel_price_per_l,
            unserved_kwh=self.unserved_value_per_kwh,
        )

    def without_unserved(self) -> "Costs":
        """Return the same prices with no value on unserved energy."""
        return replace(self, unserved_value_per_kwh=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """Money a year for each unit, in the order of :data:`COLUMNS`, and for each unit of flow.

    Parameters
    ----------
    capital, om, price
        A year, a year, and once.
    owned
        Sizes without capital.
    fixed
        A year, whatever the sizes.
    run_kw_hour, fuel_l, unserved_kwh
        For each kW of running rating and hour, litre, kWh.
    """

    capital: tuple[float, ...]
    om: tuple[float, ...]
    price: tuple[float, ...]
    owned: tuple[float, ...]
    fixed: float
    run_kw_hour: float
    fuel_l: float
    unserved_kwh: float

    @property
    def slope(self) -> Array:
        """Cost of one more unit of each size a year, shape (4,)."""
        return np.asarray(np.array(self.capital) + np.array(self.om))

    def of_sizes(self, table: Array) -> Array:
        """Return the cost a year of the sizes of each row, shape (m,); `table` has shape (m, 4)."""
        new = np.maximum(table - np.array(self.owned), 0.0)
        return np.asarray(new @ np.array(self.capital) + table @ np.array(self.om) + self.fixed)

    def investment(self, table: Array) -> Array:
        """Return what is paid at the start for the sizes of each row, shape (m,); `table` has shape (m, 4)."""
        return np.asarray(np.maximum(table - np.array(self.owned), 0.0) @ np.array(self.price))
