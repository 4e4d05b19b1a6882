"""Default prices, rates and lives, each visible with its range and replaceable."""

from dataclasses import dataclass

from mine_energy import catalog
from mine_energy.catalog import DefaultRange, Sourced

_ANY = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumption:
    """A figure that a result rests on.

    Parameters
    ----------
    key
        Name of the figure: ``pv_capex``.
    value, unit
        What was used.
    low, default, high
        The packaged range.
    ranged
        Whether the source gives a range.
    replaced_by_user
        The user's figure was used instead of the default.
    """

    key: str
    value: float
    unit: str
    low: Sourced
    default: Sourced
    high: Sourced
    ranged: bool
    replaced_by_user: bool


def _life(key: str, low: float, default: float, high: float, source: str) -> DefaultRange:
    def years(value: float) -> Sourced:
        return Sourced(value=value, unit="years", source=source, year="", confidence="D")

    return DefaultRange(key=key, country=_ANY, low=years(low), default=years(default), high=years(high), ranged=True)


PV_LIFE = _life("pv_life", 20, 25, 30, "usual performance warranty of modules, from memory")
INVERTER_LIFE = _life("inverter_life", 12, 13, 15, "usual year of replacement 12 to 15, from memory")


def assume(found: DefaultRange, user: float | None = None) -> Assumption:
    """Return the figure to use: the user's, in the unit of the packaged row, or the default."""
    return Assumption(
        key=found.key,
        value=found.default.value if user is None else user,
        unit=found.default.unit,
        low=found.low,
        default=found.default,
        high=found.high,
        ranged=found.ranged,
        replaced_by_user=user is not None,
    )


def packaged(key: str, country: str, user: float | None = None) -> Assumption:
    """Return a packaged default, or the user's figure in its place.

    Raises
    ------
    MissingData
        No such default for this country.
    """
    return assume(catalog.finance_default(key, country), user)
