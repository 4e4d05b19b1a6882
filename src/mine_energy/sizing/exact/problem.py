"""What is to be sized, and what came out: a year's series, prices and unit costs in, sizes with a certified gap out."""

from dataclasses import dataclass, field
from math import inf
from typing import Any, Final, Literal

import numpy as np

from mine_energy.arrays import FloatArray

Method = Literal["greedy cuts", "segment cuts", "bound by LP", "no bound"]
"""How the lower bound came about. ``no bound``: the problem lies outside what perfect foresight can bound."""

SIZES: Final = ("pv_kwp", "battery_kwh", "battery_kw", "genset_kw")


class OutOfBounds(ValueError):
    """The problem has no optimum.

    No sizes within their bounds do what it asks, a size that pays for itself has no upper bound, or load may be lost
    and has no price. Any other ``ValueError`` of this room is a mistake of ours.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """One size to be chosen.

    Parameters
    ----------
    cost_per_unit
        Annualised cost of one kWp, kWh or kW: capital recovery, replacements, maintenance. 0 for what exists.
    lowest, highest
        Bounds of the size; equal for a fixed one. What costs nothing needs a finite `highest`.
    """

    cost_per_unit: float
    lowest: float = 0.0
    highest: float = inf


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How much of the load PV and battery have to carry.

    Parameters
    ----------
    kind
        ``self_sufficiency``: imports, genset and unserved energy together at most ``1 - share`` of the load.
        ``unserved``: unserved energy at most `share` of the load (LPSP).
    share
        0 to 1.
    """

    kind: Literal["self_sufficiency", "unserved"]
    share: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Demand:
    """A charge on the highest import of each billing period.

    Parameters
    ----------
    period
        Shape (n,): number of the billing period of each step, from 0.
    price_per_kw
        Shape (periods,): price of one kW of the period's peak.
    """

    period: FloatArray
    price_per_kw: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A linear limit on the sizes, such as a budget or a battery's power per kWh.

    Parameters
    ----------
    factors
        Of pv_kwp, battery_kwh, battery_kw, genset_kw.
    highest
        Their weighted sum stays at or below it.
    """

    factors: tuple[float, float, float, float]
    highest: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Problem:
    """Joint choice of sizes and dispatch with perfect foresight over a closed period.

    Prices that are one number hold in every step. Money is any one currency.

    Parameters
    ----------
    load_kw, pv_kw_per_kwp
        Shape (n,): mean load, and what one kWp gives behind its inverter.
    import_price_per_kwh, export_price_per_kwh
        Price of an import and credit of an export, number or shape (n,). Where net billing has one credit a month,
        that credit.
    import_limit_kw, export_limit_kw
        Limits of the connection, number or shape (n,): 0 in an outage or without a grid, inf without a limit.
    fuel_price_per_kwh
        Genset fuel per kWh at F0 + F1, the fuel line at full load: the on/off decision is relaxed.
    unserved_price_per_kwh
        Value of lost load; None where none may be lost (then imports must be unlimited in every step).
    pv, battery_energy, battery_power, genset
        Sizes and their costs.
    charge_efficiency, discharge_efficiency
        AC bus to cell and back.
    usable_fraction
        soc_max - soc_min.
    drain_per_hour
        Constant loss, share of the usable energy an hour, whatever is stored. A battery that loses a share of what it
        holds loses less: 0 bounds its cost from below.
    step_hours
        Length of a step.
    years
        Years that the series cover; operating cost is divided by it.
    demand, coverage, limits
        Further terms, see there.
    """

    load_kw: FloatArray
    pv_kw_per_kwp: FloatArray
    pv: Asset
    battery_energy: Asset
    battery_power: Asset
    genset: Asset = field(default_factory=lambda: Asset(cost_per_unit=0.0, highest=0.0))
    import_price_per_kwh: FloatArray | float = 0.0
    export_price_per_kwh: FloatArray | float = 0.0
    import_limit_kw: FloatArray | float = 0.0
    export_limit_kw: FloatArray | float = 0.0
    fuel_price_per_kwh: float = 0.0
    unserved_price_per_kwh: float | None = None
    charge_efficiency: float = 0.95
    discharge_efficiency: float = 0.95
    usable_fraction: float = 1.0
    drain_per_hour: float = 0.0
    step_hours: float = 1.0
    years: float = 1.0
    demand: Demand | None = None
    coverage: Coverage | None = None
    limits: tuple[Limit, ...] = ()

    @property
    def assets(self) -> tuple[Asset, Asset, Asset, Asset]:
        """The four sizes, in the order of ``SIZES``."""
        return self.pv, self.battery_energy, self.battery_power, self.genset

    def series(self, name: str) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Return field `name` as an array of shape (n,)."""
        value = np.asarray(getattr(self, name), dtype=np.float64)
        return np.ascontiguousarray(np.broadcast_to(value, np.shape(self.load_kw)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Energy:
    """Energy of the best dispatch, kWh a year."""

    export_kwh: float
    import_kwh: float
    genset_kwh: float
    unserved_kwh: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ExactResult:
    """Least annual cost with perfect foresight.

    Parameters
    ----------
    pv_kwp, battery_kwh, battery_kw, genset_kw
        Sizes that reach `annual_cost`.
    annual_cost
        Cost of those sizes and a dispatch that obeys every limit.
    lower_bound
        No sizes and no dispatch of the problem cost less: by weak duality, whatever the solver's tolerances.
    gap
        ``(annual_cost - lower_bound) / annual_cost``; inf without a bound.
    energy
        What that dispatch moved, kWh a year.
    evaluations
        Years dispatched.
    method
        How the bound came about.
    """

    pv_kwp: float
    battery_kwh: float
    battery_kw: float
    genset_kw: float
    annual_cost: float
    lower_bound: float
    gap: float
    energy: Energy
    evaluations: int
    method: Method

    @property
    def sizes(self) -> tuple[float, float, float, float]:
        """The four sizes, in the order of ``SIZES``."""
        return self.pv_kwp, self.battery_kwh, self.battery_kw, self.genset_kw
