"""Packaged rules of taxes and credit: a country's own row, or the row of every country, never another country's."""

from mine_energy import catalog
from mine_energy.catalog import Sourced
from mine_energy.errors import MissingData
from mine_energy.finance.assumptions import Assumption

_TABLE = "finance/tax_and_credit.csv"
_ANY = "any"


def rule(key: str, country: str) -> Sourced:
    """Return one figure of ``data/finance/tax_and_credit.csv``.

    Parameters
    ----------
    key
        Name of the figure: ``special_deduction_share``.
    country
        ISO 3166 code.

    Raises
    ------
    MissingData
        Nothing is packaged for the country; the message lists what is.
    """
    rows = {row["country"]: row for row in catalog.table(_TABLE) if row["key"] == key}
    row = rows.get(country) or rows.get(_ANY)
    if row is None:
        raise MissingData("finance_default_country", name=key, country=country, available=", ".join(sorted(rows)))
    return catalog.sourced_row(row)


def has_rule(key: str, country: str) -> bool:
    """Return whether a country has such a rule at all: Peru has no special deduction."""
    return any(row["key"] == key and row["country"] in {country, _ANY} for row in catalog.table(_TABLE))


def ruled(key: str, country: str, user: float | None = None) -> Assumption:
    """Return a packaged rule as an assumption with its source, or the user's figure in its place.

    Raises
    ------
    MissingData
        As :func:`rule`; never when the user gives the figure and the country has none.
    """
    found = rule(key, country) if user is None or has_rule(key, country) else _typed(user)
    return Assumption(
        key=key,
        value=found.value if user is None else user,
        unit=found.unit,
        low=found,
        default=found,
        high=found,
        ranged=False,
        replaced_by_user=user is not None,
    )


def _typed(value: float) -> Sourced:
    return Sourced(value=value, unit="", source="site file", year="", confidence="user")
