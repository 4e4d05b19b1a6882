"""Limits that the analysis of loads, bills and baselines holds figures against, each with its source."""

from functools import cache

from mine_energy import catalog
from mine_energy.catalog import Sourced

_TABLE = "loads/limits.csv"


@cache
def limit(key: str) -> Sourced:
    """Return a packaged limit with its source.

    Parameters
    ----------
    key
        Of ``data/loads/limits.csv``.

    Raises
    ------
    KeyError
        No such limit: a mistake of ours.
    """
    row = next((row for row in catalog.table(_TABLE) if row["key"] == key), None)
    if row is None:
        raise KeyError(key)
    return Sourced(
        value=float(row["value"]),
        unit=row["unit"],
        source=row["source"],
        year=row["year"],
        confidence=row["confidence"],
        note=row["note"],
    )
