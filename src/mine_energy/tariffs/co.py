"""Colombia's rules: settlement of a self-generator's month, and the sweep of inverter sizes over its step.

The settlement follows CREG 174/2021, article 25 (as amended by CREG 101 072/2025, annex 4, with its transitional rule
for the hourly price); known from secondary sources that quote it (confidence B).
"""

from dataclasses import dataclass
from math import fsum
from typing import Literal

import numpy as np
import numpy.typing as npt

from mine_energy.arrays import FloatArray, readonly
from mine_energy.errors import Infeasible, InputError, Problem
from mine_energy.tariffs.blocks import Floats
from mine_energy.tariffs.co_sweep import Sweep, SweepPoint, sweep
from mine_energy.tariffs.rules import AGPE_LIMIT_KW, SMALL_CLASS_KW, Components, small_class, small_scale

__all__ = [
    "AGPE_LIMIT_KW",
    "SMALL_CLASS_KW",
    "ContributionBase",
    "MonthCharges",
    "Settlement",
    "Sweep",
    "SweepPoint",
    "settle_month",
    "small_class",
    "sweep",
]

ContributionBase = Literal["net_of_swap", "gross_imports"]
"""What the contribution is a share of: the energy charge net of the swap (an assumption, D), or all imports at CU."""


_EQUAL = 1e-12
"""Exports that equal the imports but for rounding leave no surplus."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthCharges:
    """What stands on a month's bill besides energy; in the currency of the components.

    Parameters
    ----------
    contribution_rate, contribution_base
        Solidarity contribution: a share of one of the two bases; the surplus sold is in neither.
    fixed_cop, reactive_cop, other_cop
        Fixed charges, reactive energy, other taxes and local charges.
    credit_brought_cop
        Credit in the user's favour from the month before.
    """

    contribution_rate: float = 0.0
    contribution_base: ContributionBase = "net_of_swap"
    fixed_cop: float = 0.0
    reactive_cop: float = 0.0
    other_cop: float = 0.0
    credit_brought_cop: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Settlement:
    """One billing month of a self-generator.

    Parameters
    ----------
    imports_kwh, exports_kwh
        Sums of the two registers.
    swapped_kwh
        Exports credited one to one against the month's imports (Exp1).
    excess_kwh
        Exports over the month's imports (Exp2), paid at the price of their hour.
    crossing_hour
        Position of hx, the first hour in which cumulative exports reach the month's imports; None without excess.
    excess_by_hour_kwh
        Exp2 by hour; shape of the inputs.
    unit_cost_per_kwh, deducted_per_kwh, credit_per_kwh
        CU, what the retailer keeps of a swapped kWh, and their difference.
    swap_amount, excess_amount
        Value of the two kinds of export in the currency of the components; both positive for the user.
    energy_amount
        (Imp - Exp1) CU + Exp1 k - sum(Exp2 x spot): may be negative.
    contribution_amount
        Rate x base.
    total_amount
        Energy, contribution, fixed, reactive and other charges: negative when the month closes in the user's favour.
    payable_amount
        What is paid after the credit brought; never negative.
    credit_carried_amount
        Credit that goes on to the next month: total_amount = payable + credit brought - credit carried.
    small_class
        Whether the inverters are within 100 kW AC.
    """

    imports_kwh: float
    exports_kwh: float
    swapped_kwh: float
    excess_kwh: float
    crossing_hour: int | None
    excess_by_hour_kwh: FloatArray
    unit_cost_per_kwh: float
    deducted_per_kwh: float
    credit_per_kwh: float
    swap_amount: float
    excess_amount: float
    energy_amount: float
    contribution_amount: float
    total_amount: float
    payable_amount: float
    credit_carried_amount: float
    small_class: bool


def settle_month(
    imports_kwh: npt.ArrayLike,
    exports_kwh: npt.ArrayLike,
    spot_cop_per_kwh: npt.ArrayLike,
    components: Components,
    inverter_kw_ac: float,
    *,
    renewable: bool = True,
    charges: MonthCharges | None = None,
) -> Settlement:
    """Settle one billing month of a small-scale self-generator by the hour.

    Exports are swapped against the month's imports, whatever the hour of either. Only when the month's exports exceed
    its imports is there a surplus: from hour hx, in which cumulative exports reach the imports (that hour is split),
    every exported kWh is paid at its hour's spot price. Nothing is rounded.

    Parameters
    ----------
    imports_kwh, exports_kwh
        Registers by hour, same length; both may be positive in one hour.
    spot_cop_per_kwh
        Wholesale price by hour, or one price; in the unit of `components`. NaN is a missing hour, which only matters
        where that hour has a surplus.
    components
        The unit cost and its parts.
    inverter_kw_ac
        Sum of the inverters' nameplates, kW AC.
    renewable
        Whether the source is renewable; the swap exists for no other.
    charges
        Contribution, fixed, reactive and other charges of the month, and the credit from the month before; none when
        None.

    Returns
    -------
    Settlement

    Raises
    ------
    Infeasible
        Above 1 MW, or exports from a source that is not renewable.
    InputError
        No inverters, negative or missing energy, a missing price in an hour with surplus, or lengths that differ.

    References
    ----------
    CREG 174/2021, art. 25; CREG 101 072/2025, art. 28 and annex 4.
    """
    imports, exports = _register(imports_kwh, "imports_kwh"), _register(exports_kwh, "exports_kwh")
    if imports.shape != exports.shape:
        raise InputError([Problem(key="tariff_series_stamps", field="exports_kwh")])
    imported, exported = fsum(imports), fsum(exports)
    _check_class(inverter_kw_ac, exported, renewable)
    crossing, excess = _excess(imported, exported, exports)
    swapped = exported if crossing is None else imported
    excess_amount = _sale(excess, spot_cop_per_kwh)
    unit_cost = getattr(components, components.credit_values)
    kept = _deducted(components, inverter_kw_ac)
    gross, swap_amount = imported * components.cu_applied, swapped * (unit_cost - kept)
    other = charges or MonthCharges()
    base = gross if other.contribution_base == "gross_imports" else gross - swap_amount
    contribution = other.contribution_rate * base
    energy = gross - swap_amount - excess_amount
    total = fsum((energy, contribution, other.fixed_cop, other.reactive_cop, other.other_cop))
    due = total - other.credit_brought_cop
    return Settlement(
        imports_kwh=imported,
        exports_kwh=exported,
        swapped_kwh=swapped,
        excess_kwh=exported - swapped,
        crossing_hour=crossing,
        excess_by_hour_kwh=readonly(excess),
        unit_cost_per_kwh=unit_cost,
        deducted_per_kwh=kept,
        credit_per_kwh=unit_cost - kept,
        swap_amount=swap_amount,
        excess_amount=excess_amount,
        energy_amount=energy,
        contribution_amount=contribution,
        total_amount=total,
        payable_amount=max(due, 0.0),
        credit_carried_amount=max(-due, 0.0),
        small_class=small_class(inverter_kw_ac),
    )


def _check_class(inverter_kw_ac: float, exported: float, renewable: bool) -> None:
    if exported and not inverter_kw_ac > 0:
        raise InputError([Problem(key="tariff_inverter_missing", field="inverter_kw_ac", value=str(inverter_kw_ac))])
    if not small_scale(inverter_kw_ac):
        raise Infeasible("tariff_agpe_limit", inverter_kw=inverter_kw_ac, limit_kw=AGPE_LIMIT_KW)
    if exported and not renewable:
        raise Infeasible("tariff_agpe_renewable")


def _register(values: npt.ArrayLike, name: str) -> Floats:
    array = np.asarray(values, dtype=np.float64)
    bad = ~np.isfinite(array) | (array < 0)
    if bad.any():
        first = int(np.argmax(bad))
        raise InputError([Problem(key="tariff_series_value", field=name, value=f"{array[first]} ({first + 1})")])
    return array


def _excess(imported: float, exported: float, exports: Floats) -> tuple[int | None, Floats]:
    """Return hx and the surplus by hour: what cumulative exports have above the month's imports, hour by hour."""
    if exported <= imported * (1 + _EQUAL):
        return None, np.zeros_like(exports)
    cumulative = np.cumsum(exports)
    excess = np.diff(np.maximum(cumulative - imported, 0.0), prepend=0.0)
    last = int(np.flatnonzero(exports)[-1])
    # cumsum rounds differently from fsum: the last exporting hour takes the difference, a few units of the last place.
    excess[last] += exported - imported - fsum(excess)
    if abs(fsum(excess) - (exported - imported)) > 1e-9 * exported:
        raise AssertionError("the surplus by hour does not add up to exports minus imports")
    reached = cumulative >= imported
    return (int(np.argmax(reached)) if reached.any() else last), excess


def _sale(excess: Floats, spot: npt.ArrayLike) -> float:
    given = np.asarray(spot, dtype=np.float64)
    if given.shape not in {(), excess.shape}:
        raise InputError([Problem(key="tariff_series_stamps", field="spot_price")])
    prices = np.broadcast_to(given, excess.shape)
    missing = (excess != 0) & ~np.isfinite(prices)
    if missing.any():
        hour = int(np.argmax(missing)) + 1
        raise InputError([Problem(key="tariff_spot_missing", field="spot_price", params={"hour": hour})])
    return fsum(np.where(excess != 0, excess * np.nan_to_num(prices), 0.0))


def _deducted(parts: Components, inverter_kw_ac: float) -> float:
    if small_class(inverter_kw_ac):
        return parts.cv
    return parts.t + parts.d + parts.cv + parts.pr + parts.r
