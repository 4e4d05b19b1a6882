"""Countries, and the default figures of the finance room."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from mine_energy.catalog.files import Sourced, packaged, sourced_row, table, toml
from mine_energy.errors import MissingData

_DEFAULTS = "finance/defaults.csv"
ANY = "any"
"""Country of a default that holds everywhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultRange:
    """A default with the range its source gives, all three in one unit.

    Parameters
    ----------
    key
        Name of the figure: ``pv_capex``.
    country
        ISO 3166 code, or ``any``.
    low, default, high
        Equal where the source gives no range (`ranged` is then False): nothing is known about the spread.
    ranged
        Whether the source gives a range.
    """

    key: str
    country: str
    low: Sourced
    default: Sourced
    high: Sourced
    ranged: bool


def finance_default(key: str, country: str) -> DefaultRange:
    """Return a packaged default of prices, rates and lives with its low and high.

    Parameters
    ----------
    key
        Name of the figure (column ``key`` of ``data/finance/defaults.csv``).
    country
        ISO 3166 code; the country's own row is preferred to the row of every country. Another country's row never
        stands in.

    Returns
    -------
    DefaultRange
        In the unit of the row, which may be per cent: read ``.default.unit``.

    Raises
    ------
    MissingData
        There is no such row (``finance_default_unknown``, ``finance_default_country``), or it is known that the
        figure was not found (``finance_default_gap``).
    """
    rows = {row["country"]: row for row in table(_DEFAULTS) if row["key"] == key}
    if not rows:
        names = ", ".join(sorted({row["key"] for row in table(_DEFAULTS)}))
        raise MissingData("finance_default_unknown", name=key, available=names)
    row = rows.get(country) or rows.get(ANY)
    if row is None:
        raise MissingData("finance_default_country", name=key, country=country, available=", ".join(sorted(rows)))
    if not row["default"]:
        raise MissingData("finance_default_gap", name=key, country=country, source=row["source"])
    return DefaultRange(
        key=key,
        country=row["country"],
        low=_sourced(row, "low"),
        default=_sourced(row, "default"),
        high=_sourced(row, "high"),
        ranged=bool(row["low"] and row["high"]),
    )


def _sourced(row: Mapping[str, str], column: str) -> Sourced:
    return sourced_row(row, column if row[column] else "default")


@cache
def country_codes() -> tuple[str, ...]:
    """Return the ISO 3166 codes of the packaged countries, in alphabetical order."""
    return tuple(sorted(path.stem for path in packaged("data/countries").glob("*.toml")))


def country(code: str) -> Mapping[str, Any]:
    """Return what is packaged about a country: tables of ``value``, ``source``, ``year`` and ``confidence``.

    Parameters
    ----------
    code
        ISO 3166 code in capitals: ``"CO"``.

    Raises
    ------
    MissingData
        The country is not packaged (``country_unknown``).
    """
    if code not in country_codes():
        raise MissingData("country_unknown", country=code, available=", ".join(country_codes()))
    return toml(f"countries/{code}.toml")
