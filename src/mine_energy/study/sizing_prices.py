"""Prices that sizing works with, in the study's currency, each one that nobody gave shown as an assumption."""

from dataclasses import dataclass
from typing import Final

from mine_energy import catalog
from mine_energy.catalog import Sourced
from mine_energy.dispatch.equipment import battery_figure, genset_figure
from mine_energy.errors import Finding, Param
from mine_energy.finance import Assumption, packaged
from mine_energy.finance.assumptions import INVERTER_LIFE, PV_LIFE
from mine_energy.site import Site
from mine_energy.sizing import Ageing, Costs
from mine_energy.study.sizing_rules import tied_power
from mine_energy.tariffs import ExchangeRate, Tariff, convert
from mine_energy.units import L_PER_US_GAL, W_PER_KW

_PERCENT: Final = 100.0
_LARGE_KWH: Final = 100.0
"""Energy of a battery from which the price of the larger size class holds; the load of a day decides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Price:
    """A figure in dollars (or years), and what has to be said of it."""

    value: float
    said: tuple[Finding, ...] = ()


def costs_of(
    site: Site, tariff: Tariff, daily_kwh: float, rate: ExchangeRate
) -> tuple[Costs, Ageing, tuple[Finding, ...]]:
    """Return prices in the study's currency, yearly losses, and what was assumed.

    Parameters
    ----------
    site, tariff
        Of the study; the fuel's price is the tariff's.
    daily_kwh
        Load of a mean day: decides the size class of the battery's price.
    rate
        Of the country's currency.
    """
    per_usd = convert(1.0, "USD", site.finance.currency, rate)
    country, battery = site.site.country, site.battery
    pv = packaged("pv_capex", country)
    pv_usd = site.finance.pv_capex_usd_per_kwp or pv.value * W_PER_KW
    om = packaged("pv_om", country)
    discount = packaged("discount_rate_real", country)
    stored, life = _battery(site, daily_kwh)
    genset, fuel = _genset(site), _fuel(site, tariff, rate)
    inverter_usd = packaged("inverter_replacement", country).value * W_PER_KW
    upkeep = site.genset.maintenance_usd_per_kw_hour if site.genset is not None else None
    end = battery_figure(battery.chemistry, "end_of_life_fraction").value
    costs = Costs(
        pv_per_kwp=pv_usd * per_usd,
        pv_inverter_per_kwp=min(inverter_usd / site.array.dc_ac_ratio, pv_usd) * per_usd,
        pv_inverter_life_years=INVERTER_LIFE.default.value,
        pv_life_years=PV_LIFE.default.value,
        pv_om_per_kwp_year=om.value * per_usd,
        battery_per_kwh=stored.value * per_usd,
        battery_per_kw=(battery.price_usd_per_kw or 0.0) * per_usd,
        battery_life_years=life,
        genset_per_kw=genset.value * per_usd,
        genset_om_per_kw_hour=per_usd * (genset_figure("maintenance_usd_per_kw_h").value if upkeep is None else upkeep),
        fuel_price_per_l=fuel.value * per_usd,
        unserved_value_per_kwh=(site.grid.unserved_value_usd_per_kwh or 0.0) * per_usd,
        discount_rate=discount.value / _PERCENT if site.finance.discount_rate is None else site.finance.discount_rate,
        mine_life_years=site.finance.mine_life_years or PV_LIFE.default.value,
    )
    ageing = Ageing(pv_per_year=packaged("pv_degradation", country).value / _PERCENT, battery_per_year=(1 - end) / life)
    said = (*_general(site, costs, per_usd, (pv, om, discount)), *stored.said, *genset.said, *fuel.said)
    return costs, ageing, said


def _general(
    site: Site, costs: Costs, per_usd: float, figures: tuple[Assumption, Assumption, Assumption]
) -> tuple[Finding, ...]:
    """Return what panels, money and unserved energy rest on; upkeep of panels always is a packaged figure."""
    given = (site.finance.pv_capex_usd_per_kwp is not None, False, site.finance.discount_rate is not None)
    taken = [figure for figure, stated in zip(figures, given, strict=True) if not stated]
    params: dict[str, Param] = {
        "pv_usd": costs.pv_per_kwp / per_usd,
        "om_usd": costs.pv_om_per_kwp_year / per_usd,
        "rate_percent": _PERCENT * costs.discount_rate,
        "years": costs.mine_life_years,
        "confidence": max(figure.default.confidence for figure in taken),
    }
    found = [Finding(key="study_sizing_prices", level="assumption", params=params)]
    if not costs.unserved_value_per_kwh and site.grid.outage_hours_per_year:
        found.append(Finding(key="study_unserved_free", level="assumption"))
    return tuple(found)


def _genset(site: Site) -> _Price:
    """Return the price of a kW of a new set; one that is owned has none."""
    genset = site.genset
    figure = packaged("genset_capex", site.site.country).default
    if genset is None or genset.existing:
        return _Price(value=figure.value)
    if genset.price_usd_per_kw is not None:
        return _Price(value=genset.price_usd_per_kw)
    return _Price(value=figure.value, said=(_assumed("study_genset_price", figure.value, figure),))


def _fuel(site: Site, tariff: Tariff, rate: ExchangeRate) -> _Price:
    """Return the dollars of a litre: the fuel supply's price, the set's own, or the country's.

    What a fuel supply assumes its bills say.
    """
    if tariff.fuel is not None and tariff.fuel.price is not None:
        return _Price(value=convert(tariff.fuel.price, tariff.currency, "USD", rate))
    stated = site.genset.fuel_price_usd_per_l if site.genset is not None else None
    if stated is not None:
        return _Price(value=stated)
    figure = catalog.finance_default("diesel_price", site.site.country).default
    usd = figure.value / L_PER_US_GAL
    return _Price(value=usd, said=(_assumed("study_fuel_price", usd, figure),) if site.genset is not None else ())


def _battery(site: Site, daily_kwh: float) -> tuple[_Price, float]:
    """Return the dollars of a kWh of battery, and its life in years."""
    choice = site.battery
    life = choice.life_years or min(
        battery_figure(choice.chemistry, "calendar_life_years").value,
        packaged("battery_life", site.site.country).value,
    )
    if choice.price_usd_per_kwh is not None:
        return _Price(value=choice.price_usd_per_kwh), life
    if choice.chemistry == "lead_acid":
        figure = battery_figure("lead_acid", "capex_usd_per_kwh")
    else:
        key = "battery_capex_from_100_kwh" if daily_kwh >= _LARGE_KWH else "battery_capex_under_100_kwh"
        figure = catalog.finance_default(key, site.site.country).default
    said = _assumed("study_battery_price", figure.value, figure, years=life, kw_per_kwh=tied_power(choice) or 0.0)
    return _Price(value=figure.value, said=(said,)), life


def _assumed(key: str, price_usd: float, figure: Sourced, **more: float) -> Finding:
    params: dict[str, Param] = {"price_usd": price_usd, "source": figure.source, "confidence": figure.confidence}
    return Finding(key=key, level="assumption", params=params | more)
