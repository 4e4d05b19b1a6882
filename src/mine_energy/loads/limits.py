"""Limits that the analysis of loads, bills and baselines holds figures against, each with its source."""

from mine_energy.catalog import Sourced, sourced


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
    return sourced("loads/limits.csv", key)
