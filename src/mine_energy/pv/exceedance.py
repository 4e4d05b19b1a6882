"""How sure a yield is: P50, P90 and P99 from its components, for one year and for the mean of many.

The yield that is exceeded with a probability of 90 % is P90: nine years in ten give more. Components are independent,
so their standard deviations add as squares (JCGM 100:2008, 5.1.2), and their sum is taken as normal on each side of
P50, as lenders do (Thevenard and Pelland, Solar Energy 91, 2013). What changes from year to year averages out over
the years of a loan; what is unknown of the place and of the model does not.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from scipy.special import ndtri

from mine_energy import catalog
from mine_energy.errors import Finding, Param
from mine_energy.pv.array import Array
from mine_energy.pv.chain import UnitYield, unit_yield
from mine_energy.pv.models import InverterModel, ModuleModel
from mine_energy.site import Site
from mine_energy.uncertainty import relative_sd
from mine_energy.units import HOURS_PER_YEAR
from mine_energy.weather import Weather
from mine_energy.weather.variability import interannual_spread

Averages = Literal["over_years", "never"]

HORIZONS_YEARS: Final = (1, 10, 20)
"""One year, and the mean of the years of a loan and of a plant's life."""
LEAST_YEARS: Final = 5
"""Fewer years say less about their spread than a regional figure does."""
_TABLE: Final = "pv/yield_uncertainty.csv"
_MODEL: Final = ("transposition", "module_rating", "soiling", "other_model")


@dataclass(frozen=True, slots=True, kw_only=True)
class YieldComponent:
    """One reason why a yield may be another.

    Parameters
    ----------
    key
        ``interannual``, ``record`` (so many years tell the mean only so well), ``resource``, ``transposition``,
        ``module_rating``, ``soiling``, ``other_model``: choices of the vocabulary's ``yield_component``.
    sd_low, sd_high
        Standard deviations below and above P50, fractions of it.
    averages
        ``over_years`` where the mean of many years is surer than one year.
    source, confidence
        Where the figure is from.
    """

    key: str
    sd_low: float
    sd_high: float
    averages: Averages
    source: str
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Exceedance:
    """Yields by their probability of being exceeded, for the mean of so many years, kWh/kWp a year.

    Parameters
    ----------
    years
        1 is a single year.
    sd_low, sd_high
        Combined standard deviations below and above P50, fractions of it.
    p50, p75, p90, p99
        Exceeded with a probability of 50, 75, 90 and 99 %.
    """

    years: int
    sd_low: float
    sd_high: float
    p50: float
    p75: float
    p90: float
    p99: float


@dataclass(frozen=True, slots=True, kw_only=True)
class YieldUncertainty:
    """How sure a specific yield is.

    Parameters
    ----------
    p50_kwh_per_kwp
        As likely exceeded as not: the mean of several years at hand, else the yield of the typical or mean year.
    years_at_hand
        Years of weather whose own spread was used; 0 where a stated or regional figure was.
    components
        Every component, before they are combined.
    horizons
        One year, and means of more.
    findings
        What was assumed.
    """

    p50_kwh_per_kwp: float
    years_at_hand: int
    components: tuple[YieldComponent, ...]
    horizons: tuple[Exceedance, ...]
    findings: tuple[Finding, ...] = ()

    def of_years(self, years: int) -> Exceedance:
        """Return the yields of the mean of so many years, one of :data:`HORIZONS_YEARS`."""
        return next(horizon for horizon in self.horizons if horizon.years == years)


def yield_uncertainty(
    site: Site,
    weather: Weather,
    unit: UnitYield,
    module_model: ModuleModel | None = None,
    inverter_model: InverterModel | None = None,
) -> YieldUncertainty:
    """Return how sure the yield of one kWp is.

    Year to year: what the site file states; else the spread of the yields of five years or more of measured or
    modelled weather; else the region's figure. The resource: the weather's band, read as the 90 % interval. The model:
    the packaged standard deviations.

    Parameters
    ----------
    site
        The plant: its country, and its ``[weather]`` section.
    weather
        All the years at hand; the yield itself may be that of a representative year of them.
    unit
        The yield that is P50, unless there are several years: then P50 is their mean.
    module_model, inverter_model
        Those of `unit`; PVWatts' where None.
    """
    annual = annual_yields(site, weather, unit.array, module_model, inverter_model)
    p50 = float(np.mean(annual)) if annual else unit.specific_yield_kwh_per_kwp
    if len(annual) < LEAST_YEARS or site.weather.interannual_spread is not None:
        annual = ()
    spread, findings = _interannual(site, weather, annual)
    components = (spread, *_record(weather, spread), _resource(weather), *_model())
    return YieldUncertainty(
        p50_kwh_per_kwp=p50,
        years_at_hand=len(annual),
        components=components,
        horizons=tuple(exceedance(p50, components, years) for years in HORIZONS_YEARS),
        findings=findings,
    )


def exceedance(p50: float, components: tuple[YieldComponent, ...], years: int) -> Exceedance:
    """Return the yields exceeded with stated probabilities, for the mean of so many years.

    Parameters
    ----------
    p50
        Median, kWh/kWp a year.
    components
        Independent; their squares add.
    years
        A component that averages over years is divided by the root of this.
    """

    def combined(side: str) -> float:
        squares = (getattr(part, side) ** 2 / (years if part.averages == "over_years" else 1) for part in components)
        return float(np.sqrt(sum(squares)))

    low = combined("sd_low")

    def exceeded(probability: float) -> float:
        return max(p50 * (1.0 - float(ndtri(probability)) * low), 0.0)

    return Exceedance(
        years=years,
        sd_low=low,
        sd_high=combined("sd_high"),
        p50=p50,
        p75=exceeded(0.75),
        p90=exceeded(0.90),
        p99=exceeded(0.99),
    )


def annual_yields(
    site: Site,
    weather: Weather,
    array: Array,
    module_model: ModuleModel | None = None,
    inverter_model: InverterModel | None = None,
) -> tuple[float, ...]:
    """Return the yield of every year of measured or modelled weather, kWh/kWp a year of 8,760 hours.

    Typical and drawn years tell nothing about the spread between years: for them, and for one year, nothing.
    """
    if weather.kind not in {"measured", "modelled"} or weather.year_count < 2:
        return ()
    power = unit_yield(site, weather, array, module_model, inverter_model).kw_per_kwp
    return tuple(HOURS_PER_YEAR * float(mean) for mean in power.groupby(weather.index.year).mean())


def _interannual(site: Site, weather: Weather, annual: tuple[float, ...]) -> tuple[YieldComponent, tuple[Finding, ...]]:
    stated = site.weather.interannual_spread
    if annual:
        spread = float(np.std(annual, ddof=1) / np.mean(annual))
        params: dict[str, Param] = {"years": len(annual), "percent": round(100.0 * spread, 1)}
        said = (Finding(key="pv_spread_at_hand", level="info", params=params),)
        return _even("interannual", spread, "over_years", weather.source, "B"), said
    band = catalog.resource_band(site.site.country, weather.latitude, weather.longitude, weather.altitude_m)
    spread, found = interannual_spread(band, stated)
    default = catalog.sourced("climatology/variability.csv", f"interannual_spread_{band.key}")
    source, confidence = (default.source, default.confidence) if stated is None else ("", "user")
    # The climatology has said it already.
    found = tuple(finding for finding in found if finding not in weather.findings)
    return _even("interannual", spread, "over_years", source, confidence), found


def _record(weather: Weather, spread: YieldComponent) -> Iterator[YieldComponent]:
    """Yield what so many years leave unknown of the long-term mean; a typical year's record is in its band."""
    if weather.kind in {"measured", "modelled"}:
        sd = spread.sd_low / float(np.sqrt(weather.year_count))
        yield _even("record", sd, "never", spread.source, spread.confidence)


def _resource(weather: Weather) -> YieldComponent:
    return YieldComponent(
        key="resource",
        sd_low=relative_sd(-weather.band_low),
        sd_high=relative_sd(weather.band_high),
        averages="never",
        source=weather.source,
        confidence="D",
    )


def _model() -> Iterator[YieldComponent]:
    for key in _MODEL:
        figure = catalog.sourced(_TABLE, key)
        yield _even(key, figure.value, "never", figure.source, figure.confidence)


def _even(key: str, sd: float, averages: Averages, source: str, confidence: str) -> YieldComponent:
    return YieldComponent(key=key, sd_low=sd, sd_high=sd, averages=averages, source=source, confidence=confidence)
