"""Inverters: efficiency by load and DC voltage, limits, and what thin air leaves of both.

Curves: PVWatts (Dobos 2014), Sandia (King et al. 2007, SAND2007-5036) with the CEC list's coefficients, and the
measured points of an OND file at up to three voltages. Above its rated altitude an inverter loses power (cooling) and
DC voltage (air insulates less: clearances of IEC 60664-1 grow with altitude).
"""

from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

import numpy as np
import pandas as pd
from pvlib import inverter as pvlib_inverter
from pvlib import pvsystem

from mine_energy import catalog
from mine_energy.arrays import FloatArray
from mine_energy.errors import Finding, MissingData
from mine_energy.pv.models import AcOutput, DcOutput
from mine_energy.pv.modules import nearest_names
from mine_energy.units import W_PER_KW

Origin = Literal["pvwatts", "cec_list", "ond"]

CEC_SOURCE: Final = "CEC inverter list in SAM's library of 2019-03-05, as shipped with pvlib"
_ASSUMPTIONS = "pv/electrical.csv"
_CLEARANCES = "pv/clearance_by_altitude.csv"
_M_PER_KM = 1000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SandiaCurve:
    """Coefficients of the Sandia model, in the list's own units.

    Parameters
    ----------
    rated_ac_w, rated_dc_w, rated_dc_v
        AC rating, DC power and voltage at which it is reached.
    start_w
        DC power at which it starts.
    curvature_per_w, power_per_v, start_per_v, curvature_per_v
        C0 to C3.
    """

    rated_ac_w: float
    rated_dc_w: float
    rated_dc_v: float
    start_w: float
    curvature_per_w: float
    power_per_v: float
    start_per_v: float
    curvature_per_v: float

    def ac_w(self, dc_w: FloatArray, voltage_v: FloatArray) -> FloatArray:
        """Return AC power without limit, W; negative below the start."""
        above = voltage_v - self.rated_dc_v
        a = self.rated_dc_w * (1.0 + self.power_per_v * above)
        b = self.start_w * (1.0 + self.start_per_v * above)
        c = self.curvature_per_w * (1.0 + self.curvature_per_v * above)
        return np.asarray((self.rated_ac_w / (a - b) - c * (a - b)) * (dc_w - b) + c * (dc_w - b) ** 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class PointCurve:
    """Measured AC power over DC power at one DC voltage.

    Parameters
    ----------
    voltage_v
        DC voltage of the measurement.
    dc_w, ac_w
        Points, DC ascending.
    """

    voltage_v: float
    dc_w: tuple[float, ...]
    ac_w: tuple[float, ...]

    def at(self, dc_w: FloatArray) -> FloatArray:
        """Return AC power between the points, and past the last at its efficiency."""
        inside = np.interp(dc_w, self.dc_w, self.ac_w)
        return np.where(dc_w > self.dc_w[-1], dc_w * self.ac_w[-1] / self.dc_w[-1], inside)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inverter:
    """One inverter.

    Parameters
    ----------
    name, origin
        What it is called, and where its curve comes from.
    rated_kw, ac_voltage_v
        AC power and line-to-line voltage; voltage None where the source does not say.
    efficiency
        Nominal.
    dc_max_v, mppt_low_v, mppt_high_v
        Highest DC voltage, and the window in which it finds the maximum power point.
    mppt_count
        Independent trackers; None where the source does not say.
    mppt_current_a, mppt_short_circuit_a
        Limits of one tracker; None where the source does not say.
    night_w
        Consumption at night.
    rated_altitude_m, altitude_derating_per_km, altitude_max_m
        Of the datasheet; None where it does not say.
    surge_ratio
        Short overload over rated power.
    sandia, points
        Its curve; neither for PVWatts.
    price_usd_per_kw
        None without a price.
    source, year, confidence, findings
        Of the figures.
    """

    name: str
    origin: Origin
    rated_kw: float
    ac_voltage_v: float | None
    efficiency: float
    dc_max_v: float
    mppt_low_v: float
    mppt_high_v: float
    mppt_count: int | None
    mppt_current_a: float | None
    mppt_short_circuit_a: float | None
    night_w: float
    rated_altitude_m: float | None
    altitude_derating_per_km: float | None
    altitude_max_m: float | None
    surge_ratio: float
    sandia: SandiaCurve | None
    points: tuple[PointCurve, ...]
    price_usd_per_kw: float | None
    source: str
    year: str
    confidence: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AltitudeLimits:
    """What the altitude leaves of an inverter.

    Parameters
    ----------
    power_factor, voltage_factor
        Of the rated power, and of the maximum DC voltage.
    allowed
        Whether the maker allows the altitude; True where the datasheet does not say.
    findings
        Whatever is assumed, and whatever is lost.
    """

    power_factor: float
    voltage_factor: float
    allowed: bool
    findings: tuple[Finding, ...]


def altitude_limits(inverter: Inverter, altitude_m: float) -> AltitudeLimits:
    """Return what an altitude leaves of an inverter's power and DC voltage.

    Power falls straight with altitude above the rated one. Full DC voltage stands up to the altitude that the maker
    allows (or the rated one, where no maximum is stated); above it, it is divided by the growth of the clearances of
    IEC 60664-1, because the same gap of thinner air breaks down at less.

    Parameters
    ----------
    inverter
        The inverter.
    altitude_m
        Of the site.
    """
    rated = catalog.sourced(_ASSUMPTIONS, "inverter_rated_altitude_m")
    slope = catalog.sourced(_ASSUMPTIONS, "inverter_derating_per_km")
    rated_m = rated.value if inverter.rated_altitude_m is None else inverter.rated_altitude_m
    per_km = slope.value if inverter.altitude_derating_per_km is None else inverter.altitude_derating_per_km
    power = max(0.0, 1.0 - per_km * max(0.0, altitude_m - rated_m) / _M_PER_KM)
    insulated_m = max(rated_m, inverter.altitude_max_m or 0.0)
    voltage = clearance_factor(insulated_m) / clearance_factor(max(altitude_m, insulated_m))
    allowed = inverter.altitude_max_m is None or altitude_m <= inverter.altitude_max_m
    findings = []
    params = {"altitude_m": round(altitude_m), "rated_m": round(rated_m), "power_percent": round(100.0 * power, 1)}
    if altitude_m > rated_m:
        stated = inverter.rated_altitude_m is not None and inverter.altitude_derating_per_km is not None
        key = "pv_inverter_altitude" if stated else "pv_inverter_altitude_assumed"
        findings.append(Finding(key=key, level="warning", subject=inverter.name, params=params))
    if voltage < 1.0:
        lost = {"altitude_m": round(altitude_m), "insulated_m": round(insulated_m)}
        lost |= {"voltage_percent": round(100.0 * voltage)}
        findings.append(
            Finding(key="pv_inverter_altitude_voltage", level="warning", subject=inverter.name, params=lost)
        )
    if not allowed:
        limit = {"altitude_m": round(altitude_m), "maximum_m": round(inverter.altitude_max_m or 0.0)}
        findings.append(
            Finding(key="pv_inverter_altitude_refused", level="warning", subject=inverter.name, params=limit)
        )
    return AltitudeLimits(power_factor=power, voltage_factor=voltage, allowed=allowed, findings=tuple(findings))


def clearance_factor(altitude_m: float) -> float:
    """Return by how much clearances grow from 2,000 m to an altitude (IEC 60664-1), 1 below."""
    rows = catalog.table(_CLEARANCES)
    altitudes, factors = ([float(row[column]) for row in rows] for column in ("altitude_m", "factor"))
    return float(np.interp(altitude_m, altitudes, factors))


def ac_w(
    inverter: Inverter, dc_w: FloatArray, voltage_v: FloatArray | None, power_factor: float = 1.0
) -> tuple[FloatArray, FloatArray]:
    """Return what an inverter makes of DC power, W: without its limit, and with it.

    Parameters
    ----------
    inverter
        The inverter.
    dc_w
        DC power at its terminals, W.
    voltage_v
        DC voltage; None takes the curve's nominal voltage.
    power_factor
        Share of its rated power that altitude leaves.
    """
    rated_w = inverter.rated_kw * W_PER_KW
    limit_w = rated_w * power_factor
    power = np.maximum(np.asarray(dc_w, dtype=float), 0.0)
    if inverter.sandia is not None:
        at = np.full(power.shape, inverter.sandia.rated_dc_v) if voltage_v is None else np.asarray(voltage_v, float)
        # Outside the tracker's window there is no measured curve: its end is the nearest that there is.
        made = inverter.sandia.ac_w(power, np.clip(at, inverter.mppt_low_v, inverter.mppt_high_v))
        made = np.where(power < inverter.sandia.start_w, 0.0, made)
    elif inverter.points:
        made = _between(inverter.points, power, voltage_v)
    else:
        made = pvlib_inverter.pvwatts(power, rated_w / inverter.efficiency, eta_inv_nom=inverter.efficiency)
        made = np.where(made >= rated_w, power * inverter.efficiency, made)
    unlimited = np.maximum(made, 0.0)
    return unlimited, np.minimum(unlimited, limit_w)


def _between(points: tuple[PointCurve, ...], power: FloatArray, voltage_v: FloatArray | None) -> FloatArray:
    """Return AC power between the curves of the two nearest voltages; outside of them, of the nearest."""
    made = np.array([curve.at(power) for curve in points])
    if voltage_v is None or len(points) == 1:
        return np.asarray(made[len(points) // 2])
    levels = np.array([curve.voltage_v for curve in points])
    held = np.clip(np.asarray(voltage_v, dtype=float), levels[0], levels[-1])
    upper = np.clip(np.searchsorted(levels, held), 1, len(levels) - 1)
    weight = (held - levels[upper - 1]) / (levels[upper] - levels[upper - 1])
    take = np.arange(power.size).reshape(power.shape)
    flat = made.reshape(len(levels), -1)
    return np.asarray((1.0 - weight) * flat[upper - 1, take] + weight * flat[upper, take])


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedInverter:
    """An inverter behind a number of watt-peaks: :class:`mine_energy.pv.models.InverterModel`.

    Parameters
    ----------
    inverter
        The inverter.
    power_wp
        Modules behind it, W.
    power_factor
        Share of its rating that altitude leaves.
    """

    inverter: Inverter
    power_wp: float
    power_factor: float = 1.0

    def ac(self, dc: DcOutput) -> AcOutput:
        """Return the AC power of one watt-peak."""
        unlimited, limited = ac_w(self.inverter, dc.power_w_per_wp * self.power_wp, dc.voltage_v, self.power_factor)
        return AcOutput(unlimited_w_per_wp=unlimited / self.power_wp, power_w_per_wp=limited / self.power_wp)


@cache
def _cec_list() -> pd.DataFrame:
    return pd.DataFrame(pvsystem.retrieve_sam("CECInverter"))


def cec_curve(name: str) -> SandiaCurve:
    """Return the Sandia coefficients of an inverter of the CEC list.

    Raises
    ------
    MissingData
        The list has no such name.
    """
    rows = _cec_list()
    if name not in rows:
        raise MissingData("pv_cec_inverter", name=name, available=nearest_names(name, rows))
    row = {key: float(rows[name][key]) for key in ("Paco", "Pdco", "Vdco", "Pso", "C0", "C1", "C2", "C3")}
    return SandiaCurve(
        rated_ac_w=row["Paco"],
        rated_dc_w=row["Pdco"],
        rated_dc_v=row["Vdco"],
        start_w=row["Pso"],
        curvature_per_w=row["C0"],
        power_per_v=row["C1"],
        start_per_v=row["C2"],
        curvature_per_v=row["C3"],
    )


def inverter_from_cec(name: str) -> Inverter:
    """Return an inverter of the packaged CEC list.

    The list's own maximum voltage is the upper end of the tracker's window, and its maximum current is rated DC power
    over rated DC voltage: the first is used as it stands, which errs to the safe side, the second is no limit and is
    left out. A finding says so.

    Raises
    ------
    MissingData
        The list has no such name; the message gives the nearest ones.
    """
    curve, row = cec_curve(name), _cec_list()[name]
    voltage = pd.to_numeric(row["Vac"], errors="coerce")
    return Inverter(
        name=name,
        origin="cec_list",
        rated_kw=curve.rated_ac_w / W_PER_KW,
        ac_voltage_v=float(voltage) if voltage > 0 else None,
        efficiency=curve.rated_ac_w / curve.rated_dc_w,
        dc_max_v=float(row["Vdcmax"]),
        mppt_low_v=float(row["Mppt_low"]),
        mppt_high_v=float(row["Mppt_high"]),
        mppt_count=None,
        mppt_current_a=None,
        mppt_short_circuit_a=None,
        night_w=float(row["Pnt"]),
        rated_altitude_m=None,
        altitude_derating_per_km=None,
        altitude_max_m=None,
        surge_ratio=1.0,
        sandia=curve,
        points=(),
        price_usd_per_kw=None,
        source=CEC_SOURCE,
        year="2019",
        confidence="B",
        findings=(Finding(key="pv_cec_inverter_limits", level="assumption", subject=name),),
    )
