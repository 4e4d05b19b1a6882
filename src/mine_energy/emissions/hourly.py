"""Hourly factors, an extra beside the annual figure: imports by night are not imports by day."""

from dataclasses import dataclass
from math import fsum

import numpy as np
import numpy.typing as npt

from mine_energy.arrays import FloatArray, readonly
from mine_energy.emissions.amounts import energies
from mine_energy.emissions.factors import Factor, FactorKind, FactorKindError, require
from mine_energy.errors import InputError, Problem
from mine_energy.units import KWH_PER_MWH

_KINDS = (FactorKind.OPERATOR_PRELIMINARY, FactorKind.MODELLED_SHAPE)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HourlyFactor:
    """A factor for every step of a year, from a user's file.

    Parameters
    ----------
    t_co2e_per_mwh
        One value for each hour (or step) of the imports, in their order.
    kind
        ``operator_preliminary`` (a system operator's series) or ``modelled_shape``.
    country, year, source
        Where, when and whose.
    """

    t_co2e_per_mwh: FloatArray
    kind: FactorKind
    country: str
    year: int
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HourlyScope2:
    """Scope 2 with an hourly factor: an extra, never the official figure.

    Parameters
    ----------
    t_co2e
        Sum of imports times factor of every step.
    weighted_t_per_mwh, flat_t_per_mwh
        Factor weighted by the imports, and its plain mean over the same steps.
    shape_ratio
        The first over the second: above one where the plant buys in dirty hours.
    shaped_location_t_co2e
        The official annual figure times that ratio: level of the official factor, shape of the hourly one.
    kind, year, source
        Of the series.
    """

    t_co2e: float
    weighted_t_per_mwh: float | None
    flat_t_per_mwh: float
    shape_ratio: float | None
    shaped_location_t_co2e: float | None
    kind: FactorKind
    year: int
    source: str


def hourly_scope2(import_kwh: npt.ArrayLike, hourly: HourlyFactor, location_factor: Factor) -> HourlyScope2:
    """Return the imports times an hourly factor, and the import-weighted factor.

    Parameters
    ----------
    import_kwh
        Gross imports, one for each value of the series, or the same whole number of finer steps for each, kWh.
    hourly
        The series.
    location_factor
        The official annual average, whose level the shaped figure keeps.

    Raises
    ------
    InputError
        Another number of steps, negative or missing factors, a series of another kind or country.
    """
    require(location_factor, (FactorKind.LOCATION_AVERAGE,), hourly.country)
    values = energies(import_kwh, "import_kwh")
    factors = readonly(hourly.t_co2e_per_mwh)
    _check(values, factors, hourly)
    values = values.reshape(len(factors), -1).sum(axis=1)
    kilograms, total, flat = fsum(values * factors), fsum(values), fsum(factors) / len(factors)
    weighted = kilograms / total if total > 0 else None
    ratio = weighted / flat if weighted is not None and flat > 0 else None
    return HourlyScope2(
        t_co2e=kilograms / KWH_PER_MWH,
        weighted_t_per_mwh=weighted,
        flat_t_per_mwh=flat,
        shape_ratio=ratio,
        shaped_location_t_co2e=None if ratio is None else total / KWH_PER_MWH * location_factor.value * ratio,
        kind=hourly.kind,
        year=hourly.year,
        source=hourly.source,
    )


def _check(
    values: np.ndarray[tuple[int], np.dtype[np.float64]],
    factors: np.ndarray[tuple[int], np.dtype[np.float64]],
    hourly: HourlyFactor,
) -> None:
    if hourly.kind not in _KINDS:
        raise FactorKindError(_nameable(hourly), ", ".join(_KINDS))
    if not len(factors) or len(values) % len(factors):
        steps = {"steps": len(values), "factors": len(factors)}
        raise InputError([Problem(key="emissions_hourly_steps", field="hourly_factor", params=steps)])
    bad = ~np.isfinite(factors) | (factors < 0)
    if bad.any():
        first = int(np.argmax(bad))
        place = {"position": first + 1}
        raise InputError(
            [Problem(key="emissions_hourly_value", field="hourly_factor", value=str(factors[first]), params=place)]
        )


def _nameable(hourly: HourlyFactor) -> Factor:
    """Return what an error says about a series."""
    return Factor(
        value=0.0,
        unit="tCO2e/MWh",
        kind=FactorKind(hourly.kind),
        method="hourly",
        country=hourly.country,
        grid="",
        year=hourly.year,
        gases="not published",
        gwp_set="not published",
        source=hourly.source,
        confidence="user",
    )
