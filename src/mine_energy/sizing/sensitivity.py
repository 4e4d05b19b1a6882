"""How sizes and cost answer to the inputs that matter."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from mine_energy.sizing.costs import Costs
from mine_energy.sizing.result import SizingResult
from mine_energy.sizing.rules import Prices

MOST_ROWS: Final = 5
_SHARES: Final = {"load": 0.10, "yield": 0.10, "pv_price": 0.20, "battery_price": 0.30, "energy_price": 0.20}
_RATE_POINTS: Final = 0.03


@dataclass(frozen=True, slots=True, kw_only=True)
class SensitivityRow:
    """One input moved down and up, everything sized again.

    Parameters
    ----------
    key
        ``load``, ``yield``, ``pv_price``, ``battery_price``, ``energy_price`` (fuel, imports and what is credited
        against them) or ``discount_rate``.
    change
        Relative; for the discount rate in points.
    low_cost, high_cost
        Cost a year with the input lower and higher, in the currency of the costs.
    low_pv_kwp, high_pv_kwp, low_battery_kwh, high_battery_kwh
        Sizes, kWp and kWh.
    """

    key: str
    change: float
    low_cost: float
    high_cost: float
    low_pv_kwp: float
    high_pv_kwp: float
    low_battery_kwh: float
    high_battery_kwh: float


def sensitivity(
    sized: Callable[..., SizingResult],
    load_kw: Any,
    pv_kw_per_kwp: Any,
    costs: Costs,
    prices: Prices | None = None,
    *,
    at_energy_price: Callable[[float], SizingResult] | None = None,
) -> tuple[SensitivityRow, ...]:
    """Return the five inputs that move the cost most, each moved on its own.

    Parameters
    ----------
    sized
        Takes ``load_kw``, ``pv_kw_per_kwp``, ``costs`` and ``prices`` as keywords, and sizes with everything else
        fixed.
    load_kw, pv_kw_per_kwp, costs, prices
        As in :func:`mine_energy.sizing.size`.
    at_energy_price
        Sizes everything again with the price of energy multiplied, where that price stands behind a bill or behind
        what an export is credited. None multiplies imports and fuel and leaves the export's price as it is: a market's.

    Returns
    -------
    tuple of SensitivityRow
        Widest span of cost first.

    Raises
    ------
    ValueError
        The prices have a bill, which a moved price would not reach, and `at_energy_price` is None.
    """
    if prices is not None and prices.bill is not None and at_energy_price is None:
        raise ValueError("a bill needs its own way to the price of energy")
    given = {
        "load_kw": np.asarray(load_kw, dtype=np.float64),
        "pv_kw_per_kwp": np.asarray(pv_kw_per_kwp, dtype=np.float64),
        "costs": costs,
        "prices": prices or Prices(),
    }
    rows = []
    for key, change in {**_SHARES, "discount_rate": _RATE_POINTS}.items():
        if key == "energy_price" and at_energy_price is not None:
            low, high = (at_energy_price(1 + sign * change) for sign in (-1, 1))
        else:
            low, high = (sized(**_moved(given, key, sign * change)) for sign in (-1, 1))
        rows.append(
            SensitivityRow(
                key=key,
                change=change,
                low_cost=low.annual_cost,
                high_cost=high.annual_cost,
                low_pv_kwp=low.pv_kwp,
                high_pv_kwp=high.pv_kwp,
                low_battery_kwh=low.battery_kwh,
                high_battery_kwh=high.battery_kwh,
            )
        )
    rows.sort(key=lambda row: -abs(row.high_cost - row.low_cost))
    return tuple(rows[:MOST_ROWS])


def _moved(given: Mapping[str, Any], key: str, change: float) -> dict[str, Any]:
    """Return the inputs with one of them changed by a share, or by points."""
    costs, factor = given["costs"], 1 + change
    moved: dict[str, Any]
    if key == "load":
        moved = {"load_kw": given["load_kw"] * factor}
    elif key == "yield":
        moved = {"pv_kw_per_kwp": given["pv_kw_per_kwp"] * factor}
    elif key == "energy_price":
        prices = given["prices"]
        bought = np.asarray(prices.import_per_kwh) * factor
        moved = {
            "costs": replace(costs, fuel_price_per_l=costs.fuel_price_per_l * factor),
            "prices": replace(prices, import_per_kwh=bought),
        }
    elif key == "discount_rate":
        moved = {"costs": replace(costs, discount_rate=max(costs.discount_rate + change, 0.0))}
    else:
        names = {
            "pv_price": ("pv_per_kwp", "pv_inverter_per_kwp"),
            "battery_price": ("battery_per_kwh", "battery_per_kw"),
        }
        moved = {"costs": replace(costs, **{name: getattr(costs, name) * factor for name in names[key]})}
    return {**given, **moved}
