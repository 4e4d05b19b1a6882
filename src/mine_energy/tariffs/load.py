"""From a name or a file to a checked tariff."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from mine_energy import catalog
from mine_energy.errors import Finding, InputError, Level, MissingData, Param, Problem
from mine_energy.site import Genset, Site
from mine_energy.tariffs.exchange import convert, exchange_rate
from mine_energy.tariffs.model import Tariff
from mine_energy.units import L_PER_US_GAL

_KEYS = {
    "extra_forbidden": "tariff_unknown_key",
    "missing": "tariff_missing_key",
    "literal_error": "tariff_not_allowed",
}


def packaged_tariffs() -> tuple[str, ...]:
    """Return the names of the tariffs that ship with the package, in alphabetical order."""
    return tuple(sorted(path.stem for path in catalog.packaged("data/tariffs").glob("*.toml")))


def load_tariff(name_or_path: str | Path, *, folder: Path | None = None) -> Tariff:
    """Return a tariff, checked.

    Parameters
    ----------
    name_or_path
        Name of a packaged tariff, or the path of a TOML file (anything that ends in ``.toml``).
    folder
        Folder that a relative path starts from: that of the site file; the working folder when absent.

    Raises
    ------
    MissingData
        No packaged tariff has this name; the message lists those that exist.
    InputError
        The file does not exist, is not TOML, or breaks a rule: every problem found.
    """
    name = str(name_or_path)
    if not name.lower().endswith(".toml"):
        if name not in packaged_tariffs():
            raise MissingData("tariff_unknown", name=name, available=", ".join(packaged_tariffs()))
        return parse_tariff(catalog.toml(f"tariffs/{name}.toml"), f"{name}.toml")
    path = Path(name) if folder is None else folder / name
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError([Problem(key="tariff_file", file=name)]) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError([Problem(key="tariff_syntax", file=name, params={"detail": str(error)})]) from error
    return parse_tariff(data, name)


def parse_tariff(data: Mapping[str, Any], file: str) -> Tariff:
    """Return the tariff that `data` describes.

    Parameters
    ----------
    data
        Content of a tariff file.
    file
        Name to show in problems.

    Raises
    ------
    InputError
        One problem for every key that breaks a rule.
    """
    try:
        return Tariff.model_validate(dict(data))
    except ValidationError as error:
        raise InputError([_problem(detail, file) for detail in error.errors(include_url=False)]) from error


def _problem(detail: Any, file: str) -> Problem:
    kind = str(detail["type"])
    key = kind if kind.startswith("tariff_") else _KEYS.get(kind, "tariff_value")
    params = {name: value for name, value in detail.get("ctx", {}).items() if isinstance(value, str | int | float)}
    value = detail["input"] if isinstance(detail["input"], str | int | float) and kind != "missing" else ""
    return Problem(
        key=key,
        file=file,
        field=".".join(str(part + 1) if isinstance(part, int) else part for part in detail["loc"]),
        value=str(value),
        params={"expected": "", **params} if key == "tariff_not_allowed" else params,
    )


def tariff_of(site: Site, folder: Path | None = None) -> Tariff:
    """Return the tariff of a site, ready to bill: the right country, and the site's own set for a fuel supply.

    Parameters
    ----------
    site
        Names the tariff, the country and the set.
    folder
        Folder of the site file, where a relative path starts.

    Raises
    ------
    MissingData
        No such packaged tariff, or no default price for a figure that is missing.
    InputError
        A bad file, another country's tariff, a fuel supply on the grid, a grid's tariff off it, or no ``[genset]``.
    """
    tariff = load_tariff(site.connection.tariff, folder=folder)
    country = site.site.country
    if tariff.country not in {country, "any"}:
        raise _unfit("tariff_country", tariff, country=tariff.country, expected=country)
    if (tariff.kind == "fuel") != (site.connection.kind == "offgrid"):
        raise _unfit("tariff_connection", tariff, kind=tariff.kind, connection=site.connection.kind)
    if tariff.kind == "grid":
        return tariff
    if site.genset is None:
        raise InputError([Problem(key="tariff_genset_missing", field="genset", value=tariff.id)])
    if tariff.currency == "USD":
        return for_genset(tariff, site.genset, country)
    rate = exchange_rate(country, site.finance.exchange_rate)
    return for_genset(tariff, site.genset, country, convert(1.0, tariff.currency, "USD", rate))


def _unfit(key: str, tariff: Tariff, **params: Param) -> InputError:
    return InputError([Problem(key=key, field="connection.tariff", value=tariff.id, params=params)])


def for_genset(tariff: Tariff, genset: Genset, country: str, usd_per_unit: float = 1.0) -> Tariff:
    """Return a fuel supply with the figures of a site's own set.

    What the site file leaves out stays as the tariff has it; a price that neither has is the country's default.

    Parameters
    ----------
    tariff
        A tariff of kind ``fuel``.
    genset
        The site's set.
    country
        ISO 3166 code: whose default diesel price is taken when the site gives none.
    usd_per_unit
        Dollars per unit of the tariff's currency, for the price, which a site file gives in dollars.

    Raises
    ------
    MissingData
        The country has no default price.
    """
    if tariff.fuel is None:
        raise InputError([Problem(key="tariff_not_fuel", field="connection.tariff", value=tariff.id)])
    changes: dict[str, Any] = {"rated_kw": genset.rated_kw}
    if genset.fuel_price_usd_per_l is not None or tariff.fuel.price is None:
        changes |= _price(genset, country, usd_per_unit)
    if genset.fuel_intercept_l_per_h_per_kw is not None:
        changes["intercept_l_per_h_per_kw"] = genset.fuel_intercept_l_per_h_per_kw
    if genset.fuel_slope_l_per_kwh is not None:
        changes["slope_l_per_kwh"] = genset.fuel_slope_l_per_kwh
    if {"intercept_l_per_h_per_kw", "slope_l_per_kwh"} <= changes.keys():
        changes |= {"curve_source": "site file", "curve_confidence": "user"}
    return tariff.model_copy(update={"country": country, "fuel": tariff.fuel.model_copy(update=changes)})


def with_spot_price(tariff: Tariff, per_kwh: float | None) -> Tariff:
    """Return a tariff that has a price for the surplus over a month's imports.

    The site's price wins; then the tariff's own; then the country's packaged default, which is an assumption. A tariff
    that pays no surplus, or whose country has no default, is returned as it is.

    Parameters
    ----------
    tariff
        Any tariff.
    per_kwh
        Price of the site file, in the tariff's currency.
    """
    rule = tariff.exports
    if rule.rule != "agpe" or (per_kwh is None and rule.spot_price is not None):
        return tariff
    unit = f"{tariff.currency}/kWh"
    changes: dict[str, Any] = {"spot_price": per_kwh, "unit": unit, "source": "site file", "year": ""}
    confidence = "user"
    if per_kwh is None:
        try:
            found = catalog.finance_default("spot_price", tariff.country).default
        except MissingData:
            return tariff
        if found.unit != unit:
            return tariff
        changes |= {"spot_price": found.value, "source": f"{rule.source}; {found.source}", "year": found.year}
        confidence = found.confidence
    return tariff.model_copy(update={"exports": rule.model_copy(update={**changes, "confidence": confidence})})


def _price(genset: Genset, country: str, usd_per_unit: float) -> dict[str, Any]:
    if genset.fuel_price_usd_per_l is not None:
        price = genset.fuel_price_usd_per_l / usd_per_unit
        return {"price": price, "price_source": "site file", "price_confidence": "user"}
    default = catalog.finance_default("diesel_price", country).default
    per_litre = {"USD/gal": 1.0 / L_PER_US_GAL, "USD/L": 1.0}[default.unit]
    return {
        "price": default.value * per_litre / usd_per_unit,
        "price_source": default.source,
        "price_year": default.year,
        "price_confidence": default.confidence,
    }


def with_surcharge(tariff: Tariff, key: str, *, applied: bool) -> Tariff:
    """Return the tariff with one of its surcharges switched on or off.

    Raises
    ------
    MissingData
        The tariff has no such surcharge.
    """
    keys = [surcharge.key for surcharge in tariff.surcharge]
    if key not in keys:
        raise MissingData("tariff_surcharge_unknown", name=key, tariff=tariff.id, available=", ".join(keys))
    changed = tuple(s.model_copy(update={"applied": applied}) if s.key == key else s for s in tariff.surcharge)
    return tariff.model_copy(update={"surcharge": changed})


def with_energy_price(tariff: Tariff, factor: float) -> Tariff:
    """Return the tariff with every price of an imported kWh multiplied: energy, unit cost with its parts, levies.

    What the tariff derives from them moves along: the credit of a swapped kWh, taxes and contributions, reactive
    energy charged at D. Power, fixed amounts and the wholesale price of a surplus stay. A set's fuel is no part of it.

    Parameters
    ----------
    tariff
        Any tariff.
    factor
        1.2 for 20 % dearer.

    Raises
    ------
    ValueError
        The factor is not above zero.
    """
    if not factor > 0:
        raise ValueError(f"a price cannot be multiplied by {factor}")
    changes: dict[str, Any] = {
        name: tuple(one.model_copy(update={"price": one.price * factor}) for one in getattr(tariff, name))
        for name in ("energy", "levy")
    }
    if tariff.components is not None:
        changes["components"] = tariff.components.times(factor)
        changes["components_month"] = tuple(month.times(factor) for month in tariff.components_month)
    if tariff.reactive is not None and tariff.reactive.follows_distribution:
        moved = tariff.reactive.model_copy(update={"price": tariff.reactive.price * factor})
        changes["reactive"] = moved
    return tariff.model_copy(update=changes)


def tariff_findings(tariff: Tariff) -> tuple[Finding, ...]:
    """Return what a reader has to know about the tariff itself: age, letters of its prices, taxes left out."""
    found = []
    if tariff.confidence in {"C", "D"} and tariff.fuel is None:
        key = "tariff_estimate" if tariff.confidence == "D" else "tariff_third_party"
        level: Level = "assumption" if tariff.confidence == "D" else "warning"
        found.append(Finding(key=key, level=level, params={"tariff": tariff.id, "source": tariff.source}))
    if tariff.valid_from == "unknown" and tariff.fuel is None:
        found.append(Finding(key="tariff_undated", level="warning", params={"tariff": tariff.id, "year": tariff.year}))
    for surcharge in tariff.surcharge:
        if surcharge.applied_stated:
            continue
        applied = "applied" if surcharge.applied else "not_applied"
        params: dict[str, Param] = {"name": surcharge.key, "rate": 100 * surcharge.rate}
        found.append(Finding(key=f"tariff_surcharge_{applied}", level="assumption", params=params))
    return tuple(found)
