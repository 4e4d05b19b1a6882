"""Colombia's rules: settlement of a self-generator's month.

The settlement follows CREG 174/2021, article 25 (as amended by CREG 101 072/2025, annex 4, with its transitional rule
for the hourly price); known from secondary sources that quote it (confidence B).
"""

from dataclasses import dataclass
from math import fsum

import numpy as np
import numpy.typing as npt

from mine_energy.arrays import FloatArray, readonly
from mine_energy.errors import Infeasible, InputError, Problem
from mine_energy.tariffs.blocks import Floats
from mine_energy.tariffs.model import Components

SMALL_CLASS_KW = 100.0
"""Sum of the inverters' nameplates, kW AC, up to which (inclusive) only retailing is deducted from a swapped kWh."""

AGPE_LIMIT_KW = 1000.0
"""Largest small-scale self-generator (UPME Resolution 281/2015), kW AC."""


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
    small_class: bool


def settle_month(
    imports_kwh: npt.ArrayLike,
    exports_kwh: npt.ArrayLike,
    spot_cop_per_kwh: npt.ArrayLike,
    components: Components,
    inverter_kw_ac: float,
    *,
    renewable: bool = True,
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
        Wholesale price by hour, or one price; in the unit of `components`.
    components
        The unit cost and its parts.
    inverter_kw_ac
        Sum of the inverters' nameplates, kW AC.
    renewable
        Whether the source is renewable; the swap exists for no other.

    Returns
    -------
    Settlement

    Raises
    ------
    Infeasible
        Above 1 MW, or a source that is not renewable.
    InputError
        Negative or missing energy, a missing price in an hour with surplus, or lengths that differ.

    References
    ----------
    CREG 174/2021, art. 25; CREG 101 072/2025, art. 28 and annex 4.
    """
    _check_class(inverter_kw_ac, renewable)
    imports, exports = _register(imports_kwh, "imports_kwh"), _register(exports_kwh, "exports_kwh")
    if imports.shape != exports.shape:
        raise InputError([Problem(key="tariff_series_stamps", field="exports_kwh")])
    imported, exported = fsum(imports), fsum(exports)
    swapped = min(imported, exported)
    crossing, excess = _excess(imported, exported, exports)
    excess_amount = _sale(excess, spot_cop_per_kwh)
    unit_cost = getattr(components, components.credit_values)
    kept = _deducted(components, inverter_kw_ac)
    credit = unit_cost - kept
    return Settlement(
        imports_kwh=imported,
        exports_kwh=exported,
        swapped_kwh=swapped,
        excess_kwh=exported - swapped,
        crossing_hour=crossing,
        excess_by_hour_kwh=readonly(excess),
        unit_cost_per_kwh=unit_cost,
        deducted_per_kwh=kept,
        credit_per_kwh=credit,
        swap_amount=swapped * credit,
        excess_amount=excess_amount,
        energy_amount=imported * components.cu_applied - swapped * credit - excess_amount,
        small_class=inverter_kw_ac <= SMALL_CLASS_KW,
    )


def _check_class(inverter_kw_ac: float, renewable: bool) -> None:
    if not inverter_kw_ac <= AGPE_LIMIT_KW:
        raise Infeasible("tariff_agpe_limit", inverter_kw=inverter_kw_ac, limit_kw=AGPE_LIMIT_KW)
    if not renewable:
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
    if exported <= imported:
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
    prices = np.broadcast_to(np.asarray(spot, dtype=np.float64), excess.shape)
    missing = (excess != 0) & ~np.isfinite(prices)
    if missing.any():
        hour = int(np.argmax(missing)) + 1
        raise InputError([Problem(key="tariff_spot_missing", field="spot_price", params={"hour": hour})])
    return fsum(np.where(excess != 0, excess * np.nan_to_num(prices), 0.0))


def _deducted(parts: Components, inverter_kw_ac: float) -> float:
    if inverter_kw_ac <= SMALL_CLASS_KW:
        return parts.cv
    return parts.t + parts.d + parts.cv + parts.pr + parts.r
