"""Factors that a user types or brings in a file: as quotable as a packaged one, and marked as the user's."""

from math import isfinite

from mine_energy.emissions.factors import Factor, FactorKind
from mine_energy.errors import InputError, Problem

_HIGHEST_T_PER_MWH = 2.0
"""Above any power station: lignite stays near 1.3 t/MWh, a genset at low load near 1.2."""


def typed_factor(
    value: float,
    kind: FactorKind | str,
    *,
    country: str,
    year: int,
    source: str,
    grid: str = "",
    gases: str = "not published",
    gwp_set: str = "not published",
) -> Factor:
    """Return a user's factor, of confidence ``user``.

    The way in for figures that cannot be packaged (a licence that forbids it) or were not found (a gap).

    Parameters
    ----------
    value
        t CO2e per MWh.
    kind, country, year
        What it answers, where and when.
    source
        Document and place; never empty.
    grid, gases, gwp_set
        As in :class:`~mine_energy.emissions.Factor`.

    Raises
    ------
    InputError
        A negative or missing value, one above 2 t/MWh (a sign of kg/MWh or g/kWh), or no source.
    ValueError
        No such kind.
    """
    problems = []
    if not isfinite(value) or not 0 <= value <= _HIGHEST_T_PER_MWH:
        params = {"high": _HIGHEST_T_PER_MWH}
        problems.append(Problem(key="emissions_typed_value", field="value", value=str(value), params=params))
    if not source.strip():
        problems.append(Problem(key="emissions_typed_source", field="source"))
    if problems:
        raise InputError(problems)
    return Factor(
        value=float(value),
        unit="tCO2e/MWh",
        kind=FactorKind(kind),
        method="user",
        country=country,
        grid=grid,
        year=year,
        gases=gases,
        gwp_set=gwp_set,
        source=source,
        confidence="user",
    )
