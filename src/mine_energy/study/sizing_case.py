"""A plant as a sizing problem: hourly load, weather years, prices through the meter, equipment and its prices."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from math import inf, isfinite
from typing import Any, Final, cast

import numpy as np
import pandas as pd

from mine_energy.arrays import FloatArray
from mine_energy.errors import Finding, Infeasible
from mine_energy.loads import LoadProfile
from mine_energy.pv import unit_yield
from mine_energy.site import Site
from mine_energy.sizing import (
    Ageing,
    AnnualNet,
    Bounds,
    Catalogue,
    Costs,
    Existing,
    Goal,
    HourlySelf,
    LeastCost,
    Metered,
    OffGrid,
    Prices,
    SizingResult,
    size,
)
from mine_energy.sizing.case import Case, make_case
from mine_energy.sizing.costs import COLUMNS
from mine_energy.study.inputs import Inputs
from mine_energy.study.plant import yield_on
from mine_energy.study.result import Solar
from mine_energy.study.sizing_grid import grid_rule
from mine_energy.study.sizing_prices import costs_of
from mine_energy.study.sizing_rules import Equipment, equipment_of, year_air_c
from mine_energy.study.sizing_trade import prices_of
from mine_energy.study.yield_models import YieldModels
from mine_energy.tariffs import ExchangeRate, Tariff, convert, with_energy_price
from mine_energy.units import HOURS_PER_DAY, MINUTES_PER_HOUR
from mine_energy.weather import Weather, synthesise
from mine_energy.weather.likeness import climate_of

YEARS: Final = 100
"""Weather years drawn for an off-grid goal."""
YEARS_BESIDE: Final = 30
"""Weather years drawn for the off-grid comparison beside another goal: one more than bounds a percentile of 0.90."""
_ROUNDED: Final = 1 + 1e-9
_NO_TRADE: Final = (Prices(), Prices(), inf)
NOTHING_OF_IT: Final = 1e-3
"""kWp, kWh or kW below which there is no such equipment."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SizingCase:
    """Everything that :func:`mine_energy.sizing.size` takes, for one load of a site.

    Parameters
    ----------
    site
        Of the study.
    load
        Hourly.
    unit
        Shape (n,): output per kWp of the study's year of weather.
    units
        Shape (years, n): of the weather years.
    drawn
        Whether the years are synthetic.
    equipment, costs, ageing, catalogue
        Rules, prices of equipment and units.
    prices, prices_in_balance, balance_kwp
        Of energy through the meter beyond the annual balance and up to it, and the array of that balance.
    per_usd
        Units of the study's currency per dollar.
    findings
        What was assumed.
    metered
        The load in its own steps, where these are shorter than an hour: bills are made of them.
    trade_at
        Prices and balance as above, with the price of energy multiplied; None without a grid.
    """

    site: Site
    load: LoadProfile
    unit: FloatArray
    units: FloatArray
    drawn: bool
    equipment: Equipment
    costs: Costs
    ageing: Ageing
    prices: Prices
    prices_in_balance: Prices
    balance_kwp: float
    catalogue: Catalogue | None
    per_usd: float
    findings: tuple[Finding, ...]
    metered: Metered | None = None
    trade_at: Callable[[float], tuple[Prices, Prices, float]] | None = None

    @property
    def load_kw(self) -> FloatArray:
        """Shape (n,)."""
        return self.load.load_kw.to_numpy()

    @property
    def peak_kw(self) -> float:
        """The highest load of the load's own steps."""
        return self.load.peak_kw if self.metered is None else float(np.max(self.metered.load_kw))

    def goal(self, key: str) -> Goal:
        """Return a meaning of coverage as the site asks for it."""
        asked = self.site.coverage
        if key == "annual_net":
            return AnnualNet(ratio=asked.net_ratio, age=asked.age)
        if key == "hourly_self":
            return HourlySelf(ratio=asked.hourly_ratio, age=asked.age)
        if key == "offgrid":
            share = asked.renewable_share if self.equipment.genset is not None else None
            return OffGrid(lpsp=asked.lpsp, percentile=asked.percentile, renewable_share=share, age=asked.age)
        return LeastCost(age=asked.age)

    def at_energy_price(self, factor: float) -> "SizingCase":
        """Return the problem with the price of energy multiplied: the tariff's of a kWh, what it credits, and fuel."""
        dearer = replace(self.costs, fuel_price_per_l=self.costs.fuel_price_per_l * factor)
        if self.trade_at is None:
            return replace(self, costs=dearer)
        within, beyond, _ = self.trade_at(factor)
        return replace(self, costs=dearer, prices=beyond, prices_in_balance=within)

    def sized(self, goal: Goal, *, catalogue: bool = True, **changed: Any) -> SizingResult:
        """Return the sizes of a goal; `changed` replaces the load, the yield, costs or prices."""
        given = {**self.arguments(goal), "catalogue": self._units_sold() if catalogue else None, **changed}
        if self.equipment.grid is None or not isinstance(goal, HourlySelf | LeastCost):
            return _allowed([self._sized(goal, given)])
        low, high = given["bounds"].pv_kwp
        most = min(high, self._balance_of(given) * _ROUNDED)
        found: list[SizingResult] = []
        with suppress(Infeasible):
            found.append(self._sized(goal, given))
        if low <= most:
            within = replace(given["bounds"], pv_kwp=(low, most))
            # Where no array up to the balance reaches the goal, one beyond it does.
            with suppress(Infeasible):
                found.append(self._sized(goal, {**given, "bounds": within, "prices": self.prices_in_balance}))
        if not found:
            return self._sized(goal, given)
        return _allowed(found)

    def _balance_of(self, given: dict[str, Any]) -> float:
        """Return the array of the annual balance, of a load or a yield that is moved as well."""
        load = float(np.sum(given["load_kw"])) / float(np.sum(self.load_kw))
        made = float(np.sum(given["pv_kw_per_kwp"]))
        return self.balance_kwp * load * float(np.sum(self.unit)) / made if made > 0 else self.balance_kwp

    def _units_sold(self) -> Catalogue | None:
        """Return the catalogue without the units of a size that the site fixes."""
        kept, bounds = self.catalogue, self.equipment.bounds
        if kept is None:
            return None
        if bounds.pv_kwp[0] == bounds.pv_kwp[1]:
            kept = replace(kept, module_kwp=None, modules_per_string=1)
        return replace(kept, rack_kwh=None) if bounds.battery_kwh[0] == bounds.battery_kwh[1] else kept

    def _sized(self, goal: Goal, given: dict[str, Any]) -> SizingResult:
        load, units, costs = (given[name] for name in ("load_kw", "pv_kw_per_kwp", "costs"))
        rest = {name: value for name, value in given.items() if name not in {"load_kw", "pv_kw_per_kwp", "costs"}}
        return _clean(size(load, units, goal, costs, ageing=self.ageing, **rest))

    def arguments(self, goal: Goal) -> dict[str, Any]:
        """Return what `size` takes for a goal: the weather years off-grid, the study's year otherwise."""
        bounds, existing, genset, grid = self._plant_of(goal)
        return {
            "load_kw": self.load_kw,
            "pv_kw_per_kwp": self.units if isinstance(goal, OffGrid) else self.unit,
            "costs": self.costs,
            "battery": self.equipment.battery,
            "genset": genset,
            "grid": grid,
            "prices": self.prices if grid is not None else Prices(),
            "bounds": bounds,
            "existing": existing,
            # A hundred weather years are run by the hour: a battery evens out what is shorter.
            "metered": None if isinstance(goal, OffGrid) else self.metered,
        }

    def case_in_balance(self, goal: Goal) -> Case:
        """Return the problem of arrays up to the annual balance, whose exports are credited against imports."""
        found = self.case(goal)
        most = max(found.bounds.pv_kwp[0], min(found.bounds.pv_kwp[1], self.balance_kwp * _ROUNDED))
        prices = self.prices_in_balance if found.grid is not None else found.prices
        return replace(found, bounds=replace(found.bounds, pv_kwp=(found.bounds.pv_kwp[0], most)), prices=prices)

    def case(self, goal: Goal) -> Case:
        """Return the problem of a goal for maps, curves and budgets."""
        given = self.arguments(goal)
        load, units, costs = (given.pop(name) for name in ("load_kw", "pv_kw_per_kwp", "costs"))
        left = self.ageing.left(goal.age, self.costs.mine_life_years)
        return make_case(load, units, costs, left=left, **given)

    def _plant_of(self, goal: Goal) -> tuple[Bounds, Existing, Any, Any]:
        """Return what may stand in the plant: without a share of renewables an off-grid goal has no generator.

        The annual balance is that of PV alone: a battery has no part in it.
        """
        parts = self.equipment
        if isinstance(goal, OffGrid) and goal.renewable_share is None:
            bounds = replace(parts.bounds, genset_kw=(0.0, 0.0))
            return bounds, replace(parts.existing, sizes=replace(parts.existing.sizes, genset_kw=0.0)), None, None
        return parts.bounds, parts.existing, parts.genset, None if isinstance(goal, OffGrid) else parts.grid


def _allowed(found: list[SizingResult]) -> SizingResult:
    """Return the cheapest plant whose exports the tariff settles.

    Raises
    ------
    Infeasible
        It settles none of them.
    """
    best = min(found, key=lambda one: one.plant.money.total)
    if not isfinite(best.plant.money.total):
        raise Infeasible("size_settlement", kwp=best.pv_kwp)
    return best


def _clean(made: SizingResult) -> SizingResult:
    """Return a sizing without what a search leaves of a size that it wants to be nothing."""
    names = [name for name in COLUMNS if 0 < getattr(made, name) < NOTHING_OF_IT]
    nothing: dict[str, Any] = dict.fromkeys(names, 0.0)
    return replace(made, **nothing, plant=replace(made.plant, **nothing)) if names else made


def sizing_cases(
    inputs: Inputs,
    loads: tuple[LoadProfile, ...],
    solar: Solar,
    models: YieldModels,
    weather: Weather,
    tariff: Tariff,
    rate: ExchangeRate,
    years: int,
) -> tuple[SizingCase, ...]:
    """Return the sizing problem of a site for each of several loads of one period: after and before measures.

    Parameters
    ----------
    inputs
        The site file, the outages it names and the hourly price of a surplus.
    loads
        Any step; sizing works on hourly means.
    solar
        The study's, with its array.
    models
        What its yield was computed with.
    weather
        All years there are.
    tariff
        With what the site adds to it.
    rate
        Of the country's currency.
    years
        Weather years to draw where there is only one.
    """
    site = inputs.site
    hourly = [hourly_load(load) for load in loads]
    # Hours that the record covers only in part are left out of the means: then there are no steps to settle on.
    finer = [
        load if len(load.load_kw) * load.step_hours == len(mean.load_kw) else mean
        for load, mean in zip(loads, hourly, strict=True)
    ]
    index = cast("pd.DatetimeIndex", hourly[0].load_kw.index)
    units, drawn, said = weather_years(site, weather, solar, models, hourly[0], years)
    air_c = year_air_c(weather.representative_year().frame["temp_air"], index)
    unit = yield_on(solar.unit.kw_per_kwp, hourly[0])
    catalogue = catalogue_of(site, solar)

    def case(load: LoadProfile, own: LoadProfile) -> SizingCase:
        parts = equipment_of(site, load, air_c, tariff, inputs.outages)
        costs, ageing, assumed = costs_of(site, tariff, load.energy_kwh / (len(index) / HOURS_PER_DAY), rate)
        traded = parts.grid is not None
        own_unit = yield_on(solar.unit.kw_per_kwp, own)

        def trade_at(factor: float) -> tuple[Prices, Prices, float]:
            moved = with_energy_price(tariff, factor)
            return prices_of(site, own, own_unit, moved, rate, inputs.spot_price)

        trade = prices_of(site, own, own_unit, tariff, rate, inputs.spot_price) if traded else _NO_TRADE
        grid = grid_rule(site, own, inputs.outages)[0] if traded and own is not load else None
        return SizingCase(
            site=site,
            load=load,
            unit=unit,
            units=units,
            drawn=drawn,
            equipment=parts,
            costs=costs,
            ageing=ageing,
            prices=trade[1],
            prices_in_balance=trade[0],
            balance_kwp=trade[2],
            catalogue=catalogue,
            per_usd=convert(1.0, "USD", site.finance.currency, rate),
            findings=(*said, *parts.findings, *assumed),
            metered=None if own is load else Metered(load_kw=own.load_kw.to_numpy(), grid=grid),
            trade_at=trade_at if traded else None,
        )

    return tuple(case(load, own) for load, own in zip(hourly, finer, strict=True))


def hourly_load(load: LoadProfile) -> LoadProfile:
    """Return a load in hourly means."""
    if load.step_minutes >= MINUTES_PER_HOUR:
        return load
    series = load.hourly()
    reactive = load.reactive_kvar
    if reactive is not None:
        reactive = reactive.resample("h").mean().reindex(series.index)
    return replace(load, load_kw=series, reactive_kvar=reactive, step_minutes=float(MINUTES_PER_HOUR))


def weather_years(
    site: Site, weather: Weather, solar: Solar, models: YieldModels, load: LoadProfile, years: int
) -> tuple[FloatArray, bool, tuple[Finding, ...]]:
    """Return the output per kWp of every weather year on the load's calendar, shape (years, n).

    Several measured or modelled years are taken as they are. From one year, or from the climatology, `years` synthetic
    ones are drawn that keep its monthly means and its spread of days.
    """
    several = weather.year_count > 1
    if several:
        whole = weather
        said = Finding(key="study_weather_years", level="info", params={"years": weather.year_count})
    else:
        spread = site.weather.interannual_spread
        climate = climate_of(weather, interannual_spread=_spread(solar) if spread is None else spread)
        whole = synthesise(climate, years=years, seed=site.weather.seed)
        params = {"years": years, "seed": site.weather.seed, "spread_percent": 100 * climate.interannual_spread}
        said = Finding(key="study_weather_years_drawn", level="assumption", params=params)
    series = unit_yield(site, whole, solar.unit.array, models.module, models.inverter).kw_per_kwp
    by_year = cast("pd.DatetimeIndex", series.index).year
    rows = [yield_on(series[by_year == year], load) for year in sorted(set(by_year))]
    return np.stack(rows), not several, (said,)


def _spread(solar: Solar) -> float:
    """Return the spread between years that the study's yield is judged by."""
    if solar.uncertainty is None:
        return 0.0
    found = [part for part in solar.uncertainty.components if part.key == "interannual"]
    return max(found[0].sd_low, found[0].sd_high) if found else 0.0


def catalogue_of(site: Site, solar: Solar) -> Catalogue | None:
    """Return what is sold: strings of the study's module, racks of the site's battery; None where neither is known."""
    strings = solar.strings
    rack = site.battery.rack_kwh
    if strings is None and rack is None:
        return None
    return Catalogue(
        module_kwp=None if strings is None else strings.pv_kwp / strings.modules,
        modules_per_string=1 if strings is None else strings.modules_in_series,
        rack_kwh=rack,
    )
