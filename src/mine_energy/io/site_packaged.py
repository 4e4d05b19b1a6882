"""What a site file asks of the packaged tables: that it exists, and that it is of the plant's country and kind."""

from collections.abc import Callable, Generator, Iterator, Mapping
from functools import partial
from typing import Any, Final, TypeVar

from mine_energy import catalog
from mine_energy.emissions import FactorKind, load_factors
from mine_energy.errors import Finding, MissingData, Param
from mine_energy.io.site_checks import BOUNDS, is_tariff_file
from mine_energy.io.site_sections import number_of, section_of
from mine_energy.io.validation import Flaw, Place
from mine_energy.pv.array import DEFAULT_LOSSES
from mine_energy.site import Country, Site
from mine_energy.tariffs import LOCAL_CURRENCY, Tariff, exchange_rate, packaged_tariffs
from mine_energy.weather.contract import FAR_KM

T = TypeVar("T")

MISSING: Final = frozenset(
    {
        "tariff_unknown",
        "site_climatology",
        "climatology_cell",
        "pv_module_unknown",
        "pv_inverter_unknown",
        "pv_cec_module",
        "pv_cec_inverter",
        "emissions_factor_missing",
        "emissions_factor_gap",
        "emissions_factor_assumed",
    }
)
"""Keys of problems that say that the package has no such data: alone, they are not wrong inputs."""

RATE_FACTOR: Final = 4.0
"""Stated over packaged exchange rate outside which the rate is taken for inverted or of another currency: those miss
by a factor of thirteen and more, the yearly means of the last twenty years by 2.3 at most."""


def packaged_flaws(data: Mapping[str, Any], tariff: Tariff | None) -> Iterator[Flaw]:
    """Yield what a site file asks of packaged data and cannot have, whether or not the rest of it is valid.

    Parameters
    ----------
    data
        The file as parsed, not validated.
    tariff
        The tariff it names; None where it could not be read.
    """
    country = _country(data)
    yield from _tariff(data, tariff, country)
    yield from _losses(data)
    if country is not None:
        yield from _climatology(data, country)
        yield from _factor(data, country)
        yield from _money(data, country)


def _country(data: Mapping[str, Any]) -> Country | None:
    named = section_of(data, "site").get("country")
    return next((country for country in LOCAL_CURRENCY if country == named), None)


def _tariff(data: Mapping[str, Any], tariff: Tariff | None, country: Country | None) -> Iterator[Flaw]:
    """Refuse a tariff that does not exist, is of another country or currency, or of the other kind of supply."""
    place: Place = ("connection", "tariff")
    connection = section_of(data, "connection")
    written = connection.get("tariff")
    if not isinstance(written, str) or not written.strip():
        return
    name = written.strip()
    if not is_tariff_file(name) and name not in packaged_tariffs():
        params: dict[str, Param] = {"name": name, "available": ", ".join(packaged_tariffs())}
        yield Flaw(place=place, key="tariff_unknown", value=name, params=params)
    if tariff is None:
        return
    if country is not None and tariff.country not in {country, "any"}:
        yield Flaw(
            place=place, key="tariff_country", value=name, params={"country": tariff.country, "expected": country}
        )
    elif country is not None and tariff.currency not in {"USD", LOCAL_CURRENCY[country]}:
        known: dict[str, Param] = {"known": LOCAL_CURRENCY[country]}
        yield Flaw(place=place, key="tariff_currency", value=tariff.currency, params=known)
    kind = connection.get("kind")
    if kind in {"grid", "offgrid"} and (tariff.kind == "fuel") != (kind == "offgrid"):
        yield Flaw(
            place=place, key="tariff_connection", value=name, params={"kind": tariff.kind, "connection": str(kind)}
        )


def _losses(data: Mapping[str, Any]) -> Iterator[Flaw]:
    losses = section_of(section_of(data, "array"), "losses")
    for name in losses:
        if name not in DEFAULT_LOSSES:
            params: dict[str, Param] = {"known": ", ".join(DEFAULT_LOSSES)}
            yield Flaw(place=("array", "losses", name), key="pv_unknown_loss", value=name, params=params)


def _climatology(data: Mapping[str, Any], country: Country) -> Iterator[Flaw]:
    """Refuse a packaged place that does not exist or is abroad, and coordinates that no packaged cell covers."""
    weather, site = section_of(data, "weather"), section_of(data, "site")
    if weather.get("file"):
        return
    key = weather.get("climatology")
    if isinstance(key, str) and key.strip():
        found = yield from _asked(("weather", "climatology"), key, partial(catalog.site_climatology, key.strip()))
        if found is not None and found.country != country:
            params: dict[str, Param] = {"name": found.name, "country": found.country, "expected": country}
            yield Flaw(place=("weather", "climatology"), key="climatology_country", value=key, params=params)
    lat, lon = number_of(site.get("latitude")), number_of(site.get("longitude"))
    if lat is not None and lon is not None and _within(lat, lon, country):
        yield from _asked(("site", "latitude"), f"{lat:g}, {lon:g}", partial(catalog.climatology_cell, lat, lon))


def _within(latitude: float, longitude: float, country: Country) -> bool:
    south, north, west, east = BOUNDS[country]
    return south <= latitude <= north and west <= longitude <= east


def _asked(place: Place, value: str, ask: Callable[[], T]) -> Generator[Flaw, None, T | None]:
    """Yield a flaw where the catalogue has no answer; return the answer."""
    try:
        return ask()
    except MissingData as error:
        yield Flaw(place=place, key=error.key, value=value, params=error.params)
    return None


def _factor(data: Mapping[str, Any], country: Country) -> Iterator[Flaw]:
    """Refuse a year without a location-average factor: another year never stands in by itself.

    Off the grid nothing is bought, and a factor that the user typed needs no other.
    """
    chosen, own = section_of(data, "emissions"), section_of(data, "carbon").get("location_t_co2e_per_mwh")
    if section_of(data, "connection").get("kind") == "offgrid" or own is not None:
        return
    key = "activity_year" if chosen.get("factor_year") is None else "factor_year"
    year = chosen.get(key)
    if not isinstance(year, int) or isinstance(year, bool):
        return
    yield from _asked(
        ("emissions", key),
        str(year),
        partial(load_factors, country=country, kind=FactorKind.LOCATION_AVERAGE, year=year),
    )


def _money(data: Mapping[str, Any], country: Country) -> Iterator[Flaw]:
    """Refuse a third country's currency, and an exchange rate that is inverted or of another currency."""
    finance, local = section_of(data, "finance"), LOCAL_CURRENCY[country]
    currency = finance.get("currency")
    if currency in LOCAL_CURRENCY.values() and currency != local:
        yield Flaw(place=("finance", "currency"), key="tariff_currency", value=str(currency), params={"known": local})
    rate = number_of(finance.get("exchange_rate"))
    packaged = exchange_rate(country)
    low, high = packaged.per_usd / RATE_FACTOR, packaged.per_usd * RATE_FACTOR
    if rate is not None and rate > 0 and not low <= rate <= high:
        params: dict[str, Param] = {
            "low": low,
            "high": high,
            "currency": local,
            "packaged": packaged.per_usd,
            "year": packaged.year,
        }
        yield Flaw(place=("finance", "exchange_rate"), key="exchange_rate_far", value=f"{rate:g}", params=params)


def climatology_findings(site: Site) -> Iterator[Finding]:
    """Yield a warning where the packaged place that a site names is far from it: what the study will say too."""
    key, facts = site.weather.climatology, site.site
    if site.weather.file or not key:
        return
    found = catalog.site_climatology(key)
    away_km = catalog.distance_km(facts.latitude, facts.longitude, found.latitude, found.longitude)
    if away_km > FAR_KM:
        params: dict[str, Param] = {"name": found.name, "distance_km": round(away_km)}
        yield Finding(key="weather_key_far", level="warning", params=params)
