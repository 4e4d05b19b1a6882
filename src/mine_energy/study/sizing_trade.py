"""What a kWh bought and a kWh exported are worth to a search, out of the tariff's own bills."""

from collections.abc import Callable
from dataclasses import replace
from hashlib import blake2b
from math import fsum, inf, isfinite
from typing import Final

import numpy as np
import pandas as pd

from mine_energy.arrays import FloatArray
from mine_energy.dispatch import DispatchResult, Grid, Sizes, simulate
from mine_energy.errors import Infeasible
from mine_energy.loads import LoadProfile
from mine_energy.site import Site
from mine_energy.sizing import Prices
from mine_energy.study.money import bill_of
from mine_energy.tariffs import ExchangeRate, Tariff, convert

_STEPS_KWP: Final = 100.0
"""Sum of AC ratings at which Colombia's settlement of surpluses changes, kW."""
_SMALL: Final = 0.02
_SHARES: Final = (0.5, 1.5, 2.0)
_CORNERS: Final = (0.1, 0.25, 0.4, 0.6, 0.8, 0.9, 1.0, 1.1)
_POWER: Final = ("sale", "demand")


def prices_of(
    site: Site,
    load: LoadProfile,
    unit: FloatArray,
    tariff: Tariff,
    rate: ExchangeRate,
    spot_price: "pd.Series[float] | None" = None,
) -> tuple[Prices, Prices, float]:
    """Return prices of a kWh in and out below and beyond the annual balance, and the array of that balance.

    A search needs a price. That of a kWh saved is the difference of two bills whose loads differ by 2 %, without what
    power costs: an array that shades every hour of the day by a little does not lower the month's highest quarter hour
    in proportion, nor move the plant out of its class. A kWh exported is credited against imports only as long as there
    are some, so that two prices of it hold: up to the annual balance and beyond it. Each search is settled by the
    tariff's own bill, power included. What a surplus sells for on the market is left out of it: a plant is sized for
    its load, not for sale.

    Parameters
    ----------
    site, tariff, rate
        Of the study.
    load
        In its own steps: hourly means would bill lower peaks, and may put the plant into another class.
    unit
        Shape (n,), output per kWp on the load's steps.
    spot_price
        Hourly prices of a surplus, where a file gives them: the settlement needs one in every hour that sells, though
        the sale itself is left out of what is sized for.

    Raises
    ------
    Infeasible
        There is no load (``no_load``).
    """
    currency = site.finance.currency
    if load.energy_kwh <= 0:
        raise Infeasible("no_load")

    most_kw_per_kwp = float(unit.max(initial=0.0)) or 1.0
    known: dict[bytes, float] = {}

    def part(flows: DispatchResult, left_out: tuple[str, ...]) -> float:
        """Return the year's bill without some groups of lines; infinite for a plant that no settlement rule covers."""
        kwp = float(flows.pv_kw.max(initial=0.0)) / most_kw_per_kwp
        try:
            made = bill_of(site, tariff, load, flows, kwp / site.array.dc_ac_ratio, spot_price)
        except Infeasible:
            return inf
        left = fsum(line.amount for line in made.lines if line.group in left_out)
        return convert(made.total - left, made.currency, currency, rate)

    def billed(flows: DispatchResult) -> float:
        """Return the year's bill; the same flows come back for several goals."""
        key = blake2b(flows.import_kw.tobytes() + flows.export_kw.tobytes(), digest_size=16).digest()
        if key not in known:
            known[key] = part(flows, ("sale",))
        return known[key]

    load_kw = load.load_kw.to_numpy()
    none = np.zeros_like(load_kw)
    full, less = (part(_flows(load_kw * share, none, load.step_hours), _POWER) for share in (1.0, 1.0 - _SMALL))
    bought = (full - less) / (_SMALL * load.energy_kwh)
    credit, sold = _export_prices(billed, load, unit) if site.connection.export_allowed else (0.0, 0.0)
    net_kwp = float(load_kw.sum() / unit.sum()) if unit.sum() > 0 else 0.0
    # Settlement has a corner where the year's exports reach its imports: the search's prices do not see it.
    corners = tuple(share * net_kwp for share in _CORNERS)
    steps = (*corners, *_pv_steps(site))
    # A credit above the price of a kWh would be bought to be sold.
    first, second = (
        Prices(import_per_kwh=bought, export_per_kwh=min(max(p, 0.0), bought), bill=billed, pv_steps_kwp=steps)
        for p in (credit, sold)
    )
    return first, second, net_kwp


def _export_prices(
    billed: Callable[[DispatchResult], float], load: LoadProfile, unit: FloatArray
) -> tuple[float, float]:
    """Return what an exported kWh brings up to half the annual balance, and between 1.5 and 2 times it."""
    if unit.sum() <= 0:
        return 0.0, 0.0
    load_kw = load.load_kw.to_numpy()
    net = load_kw.sum() / unit.sum()
    none = np.zeros_like(load_kw)
    worth, energy = [], []
    for share in _SHARES:
        flows = _flows(load_kw, share * net * unit, load.step_hours)
        worth.append(billed(replace(flows, export_kw=none)) - billed(flows))
        energy.append(flows.energy_kwh("export"))
    few = worth[0] / energy[0] if energy[0] > 0 and isfinite(worth[0]) else 0.0
    if not isfinite(worth[2]):
        return few, 0.0
    return few, (worth[2] - worth[1]) / (energy[2] - energy[1]) if energy[2] > energy[1] else 0.0


def _pv_steps(site: Site) -> tuple[float, ...]:
    return (_STEPS_KWP * site.array.dc_ac_ratio,) if site.site.country == "CO" else ()


def _flows(load_kw: FloatArray, pv_kw: FloatArray, step_hours: float) -> DispatchResult:
    return simulate(load_kw, pv_kw, Sizes(pv_kwp=1.0), grid=Grid(), step_hours=step_hours)
