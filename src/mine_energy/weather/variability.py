"""How much the sky of a place varies: from day to day within a month, and from year to year."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mine_energy import catalog
from mine_energy.catalog import ResourceBand, SiteClimatology
from mine_energy.errors import Finding, InputError, Param, Problem
from mine_energy.units import MONTHS_PER_YEAR

_TABLE = "climatology/variability.csv"
NEAR_SITE_KM = 150.0
"""Reach of a packaged site's day-to-day deviation: half a cell of the reanalysis it comes from."""
_MOST_CLEARNESS_SD = 0.35
"""No variable between 0 and 0.8 spreads more."""
_MOST_SPREAD = 0.30


@dataclass(frozen=True, slots=True, kw_only=True)
class Variability:
    """What a user knows of the sky's variation; None takes the packaged figure, with a finding.

    Parameters
    ----------
    daily_clearness_sd
        Standard deviation of daily clearness within the months, one figure or twelve (0 to 0.35).
    interannual_spread
        Standard deviation of annual irradiation over its mean (0 to 0.30).
    """

    daily_clearness_sd: float | Sequence[float] | None = None
    interannual_spread: float | None = None


def clearness_sd(
    place: tuple[float, float], band: ResourceBand, known: SiteClimatology | None, given: float | Sequence[float] | None
) -> tuple[tuple[float, ...], tuple[Finding, ...]]:
    """Return the standard deviation of daily clearness within each month, and what is said about it.

    What is given; else that of the packaged site asked for, or of the nearest one in the same region; else the
    region's default.

    Parameters
    ----------
    place
        Latitude and longitude, degrees.
    band
        Region of the place.
    known
        The packaged site asked for.
    given
        One figure or twelve.

    Raises
    ------
    InputError
        Neither one figure nor twelve, or outside 0 to 0.35.
    """
    if given is not None:
        return _stated(given), ()
    site = known or nearest_site(*place, band, NEAR_SITE_KM)
    if site is None:
        default = catalog.sourced(_TABLE, f"daily_clearness_sd_{band.key}")
        params: dict[str, Param] = {"deviation": default.value, "confidence": default.confidence}
        finding = Finding(key="weather_clearness_sd_regional", level="assumption", params=params)
        return (default.value,) * MONTHS_PER_YEAR, (finding,)
    extraterrestrial = np.array(site.ghi_kwh_m2_day) / np.array(site.clearness)
    spread = tuple(float(s) for s in np.array(site.ghi_daily_sd_kwh_m2) / extraterrestrial)
    params = {"deviation": round(float(np.mean(spread)), 3), "name": site.name}
    return spread, (Finding(key="weather_clearness_sd_site", level="assumption", params=params),)


def interannual_spread(band: ResourceBand, given: float | None) -> tuple[float, tuple[Finding, ...]]:
    """Return the standard deviation of annual irradiation over its mean, and what is said about it.

    Parameters
    ----------
    band
        Region of the place.
    given
        What the user states, or None for the region's default.

    Raises
    ------
    InputError
        Outside 0 to 0.30.
    """
    if given is not None:
        if not 0.0 <= given <= _MOST_SPREAD:
            raise _refused("interannual_spread", given, _MOST_SPREAD)
        return float(given), ()
    default = catalog.sourced(_TABLE, f"interannual_spread_{band.key}")
    params: dict[str, Param] = {"percent": round(100.0 * default.value, 1), "confidence": default.confidence}
    return default.value, (Finding(key="weather_interannual_spread", level="assumption", params=params),)


def nearest_site(latitude: float, longitude: float, band: ResourceBand, within_km: float) -> SiteClimatology | None:
    """Return the nearest packaged site of the same region (coast, inland, high mountain), or None beyond a distance.

    Parameters
    ----------
    latitude, longitude
        Degrees.
    band
        Region of the place.
    within_km
        Great-circle distance.
    """

    def away_km(row: dict[str, str]) -> float:
        return catalog.distance_km(latitude, longitude, float(row["latitude"]), float(row["longitude"]))

    def alike(row: dict[str, str]) -> bool:
        where = (float(row[name]) for name in ("latitude", "longitude", "altitude_grid_m"))
        return catalog.resource_band(row["country"], *where).key == band.key

    rows = [dict(row) for row in catalog.table("climatology/sites_annual.csv")]
    near = sorted((row for row in rows if away_km(row) <= within_km), key=away_km)
    return next((catalog.site_climatology(row["site"]) for row in near if alike(row)), None)


def _stated(given: float | Sequence[float]) -> tuple[float, ...]:
    values = np.atleast_1d(np.asarray(given, dtype=np.float64))
    if values.shape not in {(1,), (MONTHS_PER_YEAR,)} or not ((values >= 0.0) & (values <= _MOST_CLEARNESS_SD)).all():
        raise _refused("daily_clearness_sd", given, _MOST_CLEARNESS_SD)
    return tuple(float(s) for s in np.broadcast_to(values, (MONTHS_PER_YEAR,)))


def _refused(name: str, value: object, most: float) -> InputError:
    return InputError(
        [Problem(key="weather_variability", field=f"weather.{name}", value=str(value), params={"most": most})]
    )
