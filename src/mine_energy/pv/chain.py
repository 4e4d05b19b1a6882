"""From light to kWh: one kWp, every hour, and the chain of losses on the way.

The steps are PVWatts (Dobos 2014, NREL/TP-6A20-62641) with the transposition of Hay and Davies (1980), the incidence
angle modifier of De Soto et al. (2006) on light from the sun's place and, integrated as by Marion (2017), on that from
sky and ground, and the Sandia cell temperature (King et al. 2004), each by pvlib.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import pandas as pd
from pvlib import iam, inverter, irradiance, pvsystem, temperature

from mine_energy.arrays import FloatArray, TimeSeries, readonly
from mine_energy.errors import Finding
from mine_energy.pv.array import Array
from mine_energy.site import Site
from mine_energy.units import MONTHS_PER_YEAR, W_PER_KW
from mine_energy.weather import Sun, Weather, check_location

SAPM: Final = {
    name: temperature.TEMPERATURE_MODEL_PARAMETERS["sapm"][pvlib_name]
    for name, pvlib_name in (("open_rack", "open_rack_glass_polymer"), ("close_roof", "close_mount_glass_glass"))
}
_CLIPPING_WORTH_SAYING = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainStep:
    """One step from the sun to the meter.

    Parameters
    ----------
    key
        ``ghi``, ``transposition``, ``incidence_angle``, ``cell_temperature``, the names of the system losses,
        ``inverter``, ``clipping``: choices of the vocabulary's ``pv_step``.
    value
        Energy of the mean year after the step: kWh/m2 up to ``incidence_angle``, kWh/kWp from there. Both are one
        number, because a kWp gives a kilowatt under a kilowatt per square metre.
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
        Irradiation of the mean year on the horizontal and on the array.
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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Hours:
    """The chain's hourly series for one surface, W/m2 and, per kWp, kW.

    Parameters
    ----------
    poa, effective
        Irradiance on the array, and what passes the glass.
    dc, ac_unlimited, ac
        DC power at the cell's temperature, and AC power before and after the inverter's limit; the system losses act
        between the first and the second.
    """

    poa: FloatArray
    effective: FloatArray
    dc: FloatArray
    ac_unlimited: FloatArray
    ac: FloatArray


@lru_cache(maxsize=256)
def diffuse_modifiers(tilt_deg: float) -> tuple[float, float]:
    """Return what glass passes of the even sky and of the ground, over what it passes at right angles.

    The modifier of the beam integrated over the part of the sky, and of the ground, that the tilted plane sees
    (Marion 2017).
    """
    passed = iam.marion_diffuse("physical", tilt_deg)
    # A level plane sees no ground: any figure will do.
    return float(passed["sky"]), float(np.nan_to_num(passed["ground"], nan=1.0))


def beam(dni: FloatArray, position: Sun) -> FloatArray:
    """Return the beam irradiance the sun can send, W/m2: a stamp with the sun below the horizon has none."""
    return np.asarray(np.where(position.cos_zenith > 0.0, dni, 0.0))


def hourly_chain(weather: Weather, position: Sun, array: Array) -> Hours:
    """Return every hour of the chain for one array.

    Parameters
    ----------
    weather
        Irradiance, temperature, wind.
    position
        The sun at every row of the weather.
    array
        The array.
    """
    ghi, dni, dhi, temp_air, wind = (
        weather.frame[name].to_numpy(dtype=np.float64) for name in ("ghi", "dni", "dhi", "temp_air", "wind_speed")
    )
    towards = (array.tilt_deg, array.azimuth_deg, position.zenith_deg, position.azimuth_deg)
    direct = irradiance.beam_component(*towards, beam(dni, position))
    sky = irradiance.haydavies(
        array.tilt_deg,
        array.azimuth_deg,
        dhi,
        beam(dni, position),
        position.extraterrestrial_w_m2,
        position.zenith_deg,
        position.azimuth_deg,
        return_components=True,
    )
    ground = irradiance.get_ground_diffuse(array.tilt_deg, ghi, array.albedo)
    poa = direct + sky["poa_circumsolar"] + sky["poa_isotropic"] + ground
    through_sky, through_ground = diffuse_modifiers(array.tilt_deg)
    effective = (direct + sky["poa_circumsolar"]) * iam.physical(irradiance.aoi(*towards))
    effective = effective + sky["poa_isotropic"] * through_sky + ground * through_ground
    cell = temperature.sapm_cell(poa, temp_air, wind, **SAPM[array.mounting])
    dc = pvsystem.pvwatts_dc(effective, cell, 1.0, array.power_temperature_per_k)
    ac_unlimited, ac = inverter_power(dc * array.loss_factor, array)
    return Hours(
        poa=poa,
        effective=effective,
        dc=dc,
        ac_unlimited=ac_unlimited,
        ac=ac,
    )


def inverter_power(dc_kw: FloatArray, array: Array) -> tuple[FloatArray, FloatArray]:
    """Return AC power per kWp without and with the inverter's limit, kW.

    Parameters
    ----------
    dc_kw
        DC power per kWp at the inverter, kW.
    array
        Its DC/AC ratio and nominal efficiency.
    """
    limit_kw = 1.0 / array.dc_ac_ratio
    limited = inverter.pvwatts(dc_kw, limit_kw / array.inverter_efficiency, eta_inv_nom=array.inverter_efficiency)
    # The same part-load curve, followed past the limit: what a larger inverter of equal quality would have let through.
    clipped = limited >= limit_kw
    return np.where(clipped, dc_kw * array.inverter_efficiency, limited), limited


def unit_yield(site: Site, weather: Weather, array: Array) -> UnitYield:
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

    Returns
    -------
    UnitYield
    """
    hours = hourly_chain(weather, weather.sun(), array)
    chain = _loss_chain(weather, hours, array)
    final, poa = chain[-1].value, chain[1].value
    clipped_share = 1.0 - chain[-1].factor
    findings = [*check_location(weather, site), _assumptions(array)]
    if clipped_share > _CLIPPING_WORTH_SAYING:
        params = {"share_percent": round(100.0 * clipped_share, 1), "dc_ac_ratio": array.dc_ac_ratio}
        findings.append(Finding(key="pv_clipping", level="warning", params=params))
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
        clipped_share=clipped_share,
        chain=chain,
        months=_months(weather, hours),
        findings=tuple(findings),
    )


def _assumptions(array: Array) -> Finding:
    params = {
        "losses_percent": round(100.0 * (1.0 - array.loss_factor), 1),
        "stated": sum(loss.confidence == "user" for loss in array.losses),
        "power_percent_per_k": 100.0 * array.power_temperature_per_k,
        "inverter_percent": round(100.0 * array.inverter_efficiency, 1),
        "albedo": array.albedo,
    }
    return Finding(key="pv_assumptions", level="assumption", params=params)


def _loss_chain(weather: Weather, hours: Hours, array: Array) -> tuple[ChainStep, ...]:
    years = weather.year_count
    ghi = weather.irradiation_kwh_m2("ghi")
    poa = float(np.sum(hours.poa)) / W_PER_KW / years
    effective = float(np.sum(hours.effective)) / W_PER_KW / years
    dc = float(np.sum(hours.dc)) / years
    values = [("ghi", ghi), ("transposition", poa), ("incidence_angle", effective), ("cell_temperature", dc)]
    for loss in array.losses:
        dc *= 1.0 - loss.fraction
        values.append((loss.name, dc))
    values.append(("inverter", float(np.sum(hours.ac_unlimited)) / years))
    values.append(("clipping", float(np.sum(hours.ac)) / years))
    before = [values[0][1], *(value for _, value in values[:-1])]
    return tuple(
        ChainStep(key=key, value=value, factor=value / old if old else 1.0)
        for (key, value), old in zip(values, before, strict=True)
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
