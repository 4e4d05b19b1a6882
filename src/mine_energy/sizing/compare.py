"""What the measures saved: the same goal on the load before and after them."""

from dataclasses import dataclass

from mine_energy.errors import Finding
from mine_energy.sizing.goals import AnnualNet, LeastCost
from mine_energy.sizing.result import SizingResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """Before less after: positive is what the measures make unnecessary.

    Parameters
    ----------
    load_kwh
        Energy demanded a year.
    pv_kwp, battery_kwh, battery_kw, genset_kw
        Sizes.
    investment, annual_cost
        Money at the start, and a year.
    investment_per_mwh
        Investment avoided for each MWh a year saved; None where nothing was saved.
    findings
        Where a size grows although the load falls, and why.
    """

    load_kwh: float
    pv_kwp: float
    battery_kwh: float
    battery_kw: float
    genset_kw: float
    investment: float
    annual_cost: float
    investment_per_mwh: float | None
    findings: tuple[Finding, ...]


def saved_by_measures(before: SizingResult, after: SizingResult) -> Saved:
    """Return what the load after measures saves in plant and money.

    Parameters
    ----------
    before, after
        The same goal, prices and bounds on two loads.

    Raises
    ------
    ValueError
        The goals differ.
    """
    if before.goal != after.goal:
        raise ValueError("two sizings with different goals do not compare")
    load = before.plant.load_kwh - after.plant.load_kwh
    investment = before.plant.money.investment - after.plant.money.investment
    names = ("pv_kwp", "battery_kwh", "battery_kw", "genset_kw")
    sizes = {name: getattr(before, name) - getattr(after, name) for name in names}
    relative = not isinstance(before.goal, AnnualNet | LeastCost)
    grown = relative and load > 0 and sizes["battery_kwh"] < -1e-6 * before.battery_kwh
    return Saved(
        load_kwh=load,
        **sizes,
        investment=investment,
        annual_cost=before.annual_cost - after.annual_cost,
        investment_per_mwh=1000 * investment / load if load > 0 else None,
        findings=(_grown(-sizes["battery_kwh"]),) if grown else (),
    )


def _grown(kwh: float) -> Finding:
    return Finding(key="size_battery_grew", level="info", params={"kwh": kwh})
