"""From light to kWh: what one kWp gives in a year, by month and by face, and the chain of gains and losses on the way.

The steps are PVWatts (Dobos 2014, NREL/TP-6A20-62641) with the transposition of Hay and Davies (1980) or Perez et al.
(1990), the incidence angle modifier of De Soto et al. (2006) on light from the sun's place and, integrated as by Marion
(2017), on that from sky and ground, and a cell temperature straight in the light. Horizon, rows, rear sides and dust
act where the array has them. :mod:`mine_energy.pv.hours` computes the hours; here they are summed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from mine_energy.arrays import FloatArray, TimeSeries, readonly
from mine_energy.errors import Finding, Param
from mine_energy.pv.array import Array
from mine_energy.pv.hours import Hours, PlaneHours, face_hours, hourly_chain, joined
from mine_energy.pv.losses import Stage, left
from mine_energy.pv.models import InverterModel, ModuleModel
from mine_energy.pv.temperature import thin_air
from mine_energy.site import Site
from mine_energy.units import MONTHS_PER_YEAR, W_PER_KW
from mine_energy.weather import Weather, check_location

__all__ = ["ChainStep", "FaceYield", "Hours", "MonthYield", "UnitYield", "hourly_chain", "unit_yield"]

_CLIPPING_WORTH_SAYING: Final = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainStep:
    """One step from the sun to the meter.

    Parameters
    ----------
    key
        ``ghi``, ``transposition``, ``horizon``, ``rows``, ``incidence_angle``, ``rear``, losses of light,
        ``cell_temperature`` (``module`` with a model of its own), losses of the DC side, ``inverter``, ``clipping``,
        losses of the AC side: choices of the vocabulary's ``pv_step``, as far as the array has them.
    value
        Energy of the mean year after the step: kWh/m2 before the cell, kWh/kWp from there. Both are one number,
        because a kWp gives a kilowatt under a kilowatt per square metre.
    factor
        What the step multiplies by; 1 for the first.
    """

    key: str
    value: float
    factor: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthYield:
    """One month of the mean year.

    Parameters
    ----------
    month
        1 to 12.
    ghi_kwh_m2, poa_kwh_m2
        Irradiation on the horizontal and on the array.
    temp_air_mean_c
        Mean air temperature, degC.
    specific_yield_kwh_per_kwp
        AC energy.
    performance_ratio
        AC energy over irradiation on the array (IEC 61724-1).
    """

    month: int
    ghi_kwh_m2: float
    poa_kwh_m2: float
    temp_air_mean_c: float
    specific_yield_kwh_per_kwp: float
    performance_ratio: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceYield:
    """One of several faces, per kWp of its own.

    Parameters
    ----------
    name, tilt_deg, azimuth_deg, share
        As in :class:`mine_energy.pv.Face`.
    poa_kwh_m2
        Irradiation of the mean year on it.
    specific_yield_kwh_per_kwp
        Its part of the plant's AC energy over its own kWp.
    """

    name: str
    tilt_deg: float
    azimuth_deg: float
    share: float
    poa_kwh_m2: float
    specific_yield_kwh_per_kwp: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class UnitYield:
    """What one kWp of an array gives under some weather.

    Parameters
    ----------
    kw_per_kwp
        AC power of one kWp DC, kW, on the weather's index (interval means, left labels).
    array
        The array.
    specific_yield_kwh_per_kwp
        AC energy of the mean year (final yield of IEC 61724-1).
    yield_low_kwh_per_kwp, yield_high_kwh_per_kwp
        The same at the ends of the weather's band; the module's and the losses' own uncertainty is not in it.
    ghi_kwh_m2, poa_kwh_m2
        Irradiation of the mean year on the horizontal and on the array: behind the horizon of mountains, before what
        rows take from each other.
    performance_ratio
        Specific yield over irradiation on the array (reference yield).
    capacity_factor
        Mean AC power per kWp.
    clipped_share
        Energy the inverter's limit takes, of what would pass without it.
    chain
        The losses; every value is the one before times its factor.
    months
        The twelve months.
    findings
        What a reader has to know.
    faces
        What each of several faces gives; empty for one.
    washing_usd_per_kwp_year
        Cost of the washes that the course of dust counts with.
    """

    kw_per_kwp: TimeSeries
    array: Array
    specific_yield_kwh_per_kwp: float
    yield_low_kwh_per_kwp: float
    yield_high_kwh_per_kwp: float
    ghi_kwh_m2: float
    poa_kwh_m2: float
    performance_ratio: float
    capacity_factor: float
    clipped_share: float
    chain: tuple[ChainStep, ...]
    months: tuple[MonthYield, ...]
    findings: tuple[Finding, ...] = ()
    faces: tuple[FaceYield, ...] = ()
    washing_usd_per_kwp_year: float = 0.0


def unit_yield(
    site: Site,
    weather: Weather,
    array: Array,
    module_model: ModuleModel | None = None,
    inverter_model: InverterModel | None = None,
) -> UnitYield:
    """Return what one kWp of `array` gives.

    The sun stands over the weather's own place, because its irradiance was made there; weather from elsewhere is a
    finding.

    Parameters
    ----------
    site
        The plant.
    weather
        Any weather.
    array
        The array (see :func:`mine_energy.pv.resolve_array` for the one a site file asks for).
    module_model, inverter_model
        In place of PVWatts' module and inverter of the array.

    Returns
    -------
    UnitYield
    """
    parts = face_hours(weather, weather.sun(), array, module_model)
    hours = joined(parts, array, inverter_model)
    chain = _loss_chain(weather, hours, array, "cell_temperature" if module_model is None else "module")
    steps = {step.key: step for step in chain}
    final, poa = chain[-1].value, steps.get("horizon", steps["transposition"]).value
    return UnitYield(
        kw_per_kwp=pd.Series(readonly(hours.ac), index=weather.index, name="kw_per_kwp"),
        array=array,
        specific_yield_kwh_per_kwp=final,
        yield_low_kwh_per_kwp=final * (1.0 + weather.band_low),
        yield_high_kwh_per_kwp=final * (1.0 + weather.band_high),
        ghi_kwh_m2=chain[0].value,
        poa_kwh_m2=poa,
        performance_ratio=final / poa if poa else 0.0,
        capacity_factor=float(np.mean(hours.ac)),
        clipped_share=1.0 - steps["clipping"].factor,
        chain=chain,
        months=_months(weather, hours),
        findings=(
            *check_location(weather, site),
            _assumptions(array, module_model is None and inverter_model is None),
            *_findings(weather, array, steps),
        ),
        faces=_faces(weather, array, parts, hours),
        washing_usd_per_kwp_year=array.soiling.washing_usd_per_kwp_year if array.soiling else 0.0,
    )


def _findings(weather: Weather, array: Array, steps: Mapping[str, ChainStep]) -> Iterator[Finding]:
    clipped = 1.0 - steps["clipping"].factor
    if clipped > _CLIPPING_WORTH_SAYING:
        params: dict[str, Param] = {"share_percent": round(100.0 * clipped, 1), "dc_ac_ratio": array.dc_ac_ratio}
        yield Finding(key="pv_clipping", level="warning", params=params)
    if "rows" in steps:
        params = {"ratio": array.ground_cover_ratio, "share_percent": _lost_percent(steps["rows"])}
        yield Finding(key="pv_rows", level="assumption", params=params)
    if array.horizon is not None:
        params = {"file": array.horizon.source, "share_percent": _lost_percent(steps["horizon"])}
        yield Finding(key="pv_horizon", level="info", params=params)
    if array.soiling is not None and array.soiling.assumed:
        params = {"share_percent": _lost_percent(steps["soiling"]), "names": ", ".join(array.soiling.assumed)}
        yield Finding(key="pv_soiling_assumed", level="assumption", params=params)
    if array.bifaciality:
        params = {"height_m": array.row_height_m, "share_percent": -_lost_percent(steps["rear"])}
        yield Finding(key="pv_rear", level="assumption", params=params)
    yield from thin_air(weather.altitude_m)


def _lost_percent(step: ChainStep) -> float:
    return round(100.0 * (1.0 - step.factor), 1)


def _assumptions(array: Array, pvwatts: bool) -> Finding:
    """Return what stands behind the yield; who gives a module or an inverter of its own says which it is."""
    params: dict[str, Param] = {
        "losses_percent": round(100.0 * (1.0 - array.loss_factor), 1),
        "stated": sum(loss.confidence == "user" for loss in array.losses),
        "power_percent_per_k": 100.0 * array.power_temperature_per_k,
        "inverter_percent": round(100.0 * array.inverter_efficiency, 1),
        "albedo": array.albedo,
    }
    if pvwatts:
        return Finding(key="pv_assumptions", level="assumption", params=params)
    del params["power_percent_per_k"], params["inverter_percent"]
    return Finding(key="pv_assumptions_losses", level="assumption", params=params)


def _loss_chain(weather: Weather, hours: Hours, array: Array, module_key: str) -> tuple[ChainStep, ...]:
    """Return the steps with their annual values; what an array does not have is no step of its chain."""
    values = list(_values(weather, hours, array, module_key))
    before = [values[0][1], *(value for _, value in values[:-1])]
    return tuple(
        ChainStep(key=key, value=value, factor=value / old if old else 1.0)
        for (key, value), old in zip(values, before, strict=True)
    )


def _values(weather: Weather, hours: Hours, array: Array, module_key: str) -> Iterator[tuple[str, float]]:
    def total(series: FloatArray, unit: float = 1.0) -> float:
        return float(np.sum(series)) / unit / weather.year_count

    yield "ghi", weather.irradiation_kwh_m2("ghi")
    yield "transposition", total(hours.poa_open, W_PER_KW)
    if array.horizon is not None:
        yield "horizon", total(hours.poa, W_PER_KW)
    if array.row_shading:
        yield "rows", total(hours.rows, W_PER_KW)
    yield "incidence_angle", total(hours.glass, W_PER_KW)
    if array.bifaciality:
        yield "rear", total(hours.light, W_PER_KW)
    effective = total(hours.effective, W_PER_KW)
    flat = left(array.flat_losses, "light")
    if array.soiling is not None:
        yield "soiling", effective / flat
    yield from _flat(array, "light", effective / flat)
    yield module_key, total(hours.dc)
    yield from _flat(array, "dc", total(hours.dc))
    yield "inverter", total(hours.ac_unlimited)
    yield "clipping", total(hours.ac_limited)
    yield from _flat(array, "ac", total(hours.ac_limited))


def _flat(array: Array, stage: Stage, value: float) -> Iterator[tuple[str, float]]:
    """Yield the value after each of the flat losses of a stage."""
    for loss in array.flat_losses:
        if loss.stage == stage:
            value *= 1.0 - loss.fraction
            yield loss.name, value


def _faces(
    weather: Weather, array: Array, parts: tuple[tuple[float, PlaneHours], ...], hours: Hours
) -> tuple[FaceYield, ...]:
    """Return every face's part of the energy: AC power goes by DC power, hour by hour."""
    per_dc = np.divide(hours.ac, hours.dc, out=np.zeros_like(hours.ac), where=hours.dc > 0.0)
    years = weather.year_count
    return tuple(
        FaceYield(
            name=face.name,
            tilt_deg=face.tilt_deg,
            azimuth_deg=face.azimuth_deg,
            share=share,
            poa_kwh_m2=float(np.sum(part.poa)) / W_PER_KW / years,
            specific_yield_kwh_per_kwp=float(np.sum(per_dc * part.dc)) / years,
        )
        for face, (share, part) in zip(array.faces, parts, strict=False)
    )


def _months(weather: Weather, hours: Hours) -> tuple[MonthYield, ...]:
    month = weather.index.month - 1
    years = weather.year_count

    def total(values: FloatArray) -> FloatArray:
        return np.bincount(month, weights=values, minlength=MONTHS_PER_YEAR) / years

    ghi, poa = total(weather.frame["ghi"].to_numpy()) / W_PER_KW, total(hours.poa) / W_PER_KW
    ac = total(hours.ac)
    temp_air = total(weather.frame["temp_air"].to_numpy()) * years / np.bincount(month, minlength=MONTHS_PER_YEAR)
    return tuple(
        MonthYield(
            month=m + 1,
            ghi_kwh_m2=float(ghi[m]),
            poa_kwh_m2=float(poa[m]),
            temp_air_mean_c=float(temp_air[m]),
            specific_yield_kwh_per_kwp=float(ac[m]),
            performance_ratio=float(ac[m] / poa[m]) if poa[m] else 0.0,
        )
        for m in range(MONTHS_PER_YEAR)
    )
