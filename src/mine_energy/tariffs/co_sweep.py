"""The sweep of inverter and module sizes over the step of Colombia's settlement at 100 kW AC.

The class of a self-generator is the sum of its inverters' nameplates in kW AC, whatever the modules behind them. So
AC and DC are two axes: above 100 kW AC each swapped kWh loses transmission, distribution, losses and restrictions
besides retailing, and a larger plant may be paid less than a smaller one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mine_energy.errors import Finding, Param
from mine_energy.tariffs.result import Bill
from mine_energy.tariffs.rules import small_class


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepPoint:
    """One size and its bill.

    Parameters
    ----------
    inverter_kw_ac, pv_kwp
        Sum of the inverters' nameplates, and of the modules'.
    small_class
        Whether the inverters are within the small class.
    payable
        Money paid over the bill's months, in its currency.
    credit_left
        Credit after the last month, which is no money of the period.
    saving
        Bill without PV less this one's payable.
    swapped_kwh, sold_kwh
        Exports swapped against imports, and sold at the spot price.
    """

    inverter_kw_ac: float
    pv_kwp: float
    small_class: bool
    payable: float
    credit_left: float
    saving: float
    swapped_kwh: float
    sold_kwh: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """A sweep over sizes.

    Parameters
    ----------
    currency
        Of the bills.
    without_pv
        Money paid without PV.
    points
        In the order in which they were billed: DC, then AC.
    best_small, best_large
        Largest saving within the small class, and above it; None where no size was tried.
    smallest_large_as_good
        Smallest size (by AC, then DC) above the class limit that saves as much as the best within it; None where
        none does.
    findings
        The kink in one sentence, where the sweep shows one.
    """

    currency: str
    without_pv: float
    points: tuple[SweepPoint, ...]
    best_small: SweepPoint | None
    best_large: SweepPoint | None
    smallest_large_as_good: SweepPoint | None
    findings: tuple[Finding, ...]


def sweep(
    bill_at: Callable[[float, float], Bill],
    inverter_kw_ac: Sequence[float],
    pv_kwp: Sequence[float],
    *,
    without_pv: float,
) -> Sweep:
    """Return the bills of every pair of sizes and what the class limit does to them.

    Parameters
    ----------
    bill_at
        Bill of a plant with (inverter kW AC, module kWp); it simulates and settles.
    inverter_kw_ac, pv_kwp
        Sizes to try, kW AC and kWp; every pair is billed.
    without_pv
        Money paid without PV, in the bills' currency.

    Returns
    -------
    Sweep
    """
    return sweep_pairs(bill_at, [(ac, dc) for dc in pv_kwp for ac in inverter_kw_ac], without_pv=without_pv)


def sweep_pairs(
    bill_at: Callable[[float, float], Bill], pairs: Sequence[tuple[float, float]], *, without_pv: float
) -> Sweep:
    """Return the bills of given sizes, (inverter kW AC, module kWp) each; otherwise as :func:`sweep`."""
    points, currency = list[SweepPoint](), ""
    for inverters, modules in pairs:
        made = bill_at(inverters, modules)
        currency = made.currency
        points.append(_point(made, inverters, modules, without_pv))
    small = [point for point in points if point.small_class]
    large = [point for point in points if not point.small_class]
    best_small, best_large = _best(small), _best(large)
    as_good = [point for point in large if best_small is not None and point.saving >= best_small.saving]
    again = min(as_good, key=lambda point: (point.inverter_kw_ac, point.pv_kwp), default=None)
    return Sweep(
        currency=currency,
        without_pv=without_pv,
        points=tuple(points),
        best_small=best_small,
        best_large=best_large,
        smallest_large_as_good=again,
        findings=_kink(small, large, currency),
    )


def _point(made: Bill, inverters: float, modules: float, without_pv: float) -> SweepPoint:
    return SweepPoint(
        inverter_kw_ac=inverters,
        pv_kwp=modules,
        small_class=small_class(inverters),
        payable=made.payable,
        credit_left=made.credit_left,
        saving=without_pv - made.payable,
        swapped_kwh=made.quantity("swap_credit"),
        sold_kwh=made.quantity("surplus_sale"),
    )


def _best(points: Sequence[SweepPoint]) -> SweepPoint | None:
    """Return the point that saves most; of equal ones the smallest."""
    return max(points, key=lambda p: (p.saving, -p.inverter_kw_ac, -p.pv_kwp), default=None)


def _kink(small: Sequence[SweepPoint], large: Sequence[SweepPoint], currency: str) -> tuple[Finding, ...]:
    """Return one sentence on a plant above the limit, with no fewer modules, that saves less than the best below it."""
    best = _best(small)
    bigger = [point for point in large if best is not None and point.pv_kwp >= best.pv_kwp]
    worse = [point for point in bigger if best is not None and point.saving < best.saving]
    if best is None or not worse:
        return ()
    last = max(worse, key=lambda point: (point.inverter_kw_ac, point.pv_kwp))
    params: dict[str, Param] = {
        "small_kw": best.inverter_kw_ac,
        "small_saving": best.saving,
        "large_kw": last.inverter_kw_ac,
        "large_saving": last.saving,
        "currency": currency,
    }
    return (Finding(key="tariff_class_step", level="info", params=params),)
