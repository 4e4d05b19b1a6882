"""What height and heat leave of engines, inverters and batteries.

Engines follow the power adjustment of ISO 3046-1 (the figures of its table of exponents are recalled, level D)::

    alpha = k - 0.7 (1 - k) (1/eta - 1)
    k     = ((p - a phi p_s) / (p_r - a phi_r p_sr))^m  (T_r / T)^n  (T_cr / T_c)^s
    beta  = k / alpha

with p the air pressure, phi p_s the pressure of its water vapour, T the air at the intake, T_c the coolant of the
charge air (kelvin) and eta the mechanical efficiency. Power is alpha times, fuel per kWh at that power beta times what
holds under the reference conditions (index r): those of the standard, or those up to which the maker keeps the plate.
"""

from dataclasses import dataclass
from math import exp
from typing import Any, Final, Literal

import numpy as np

from mine_energy.arrays import FloatArray, readonly
from mine_energy.catalog import table
from mine_energy.dispatch.equipment import Chemistry, genset_figure, inverter_figure
from mine_energy.errors import Finding
from mine_energy.units import PA_PER_KPA, ZERO_CELSIUS_K, standard_pressure_pa

Aspiration = Literal["natural", "natural_thermal", "turbocharged", "turbocharged_aftercooled", "unknown"]
InverterKind = Literal["pv", "battery"]

ISO_PRESSURE_KPA: Final = 100.0
ISO_AIR_C: Final = 25.0
ISO_HUMIDITY: Final = 0.30
"""Standard reference conditions of ISO 3046-1; the charge-air coolant stands at 25 degC too."""

_LOWEST_M, _HIGHEST_M = -500.0, 6000.0


def vapour_pressure_kpa(air_c: float) -> float:
    """Return the saturation pressure of water over liquid, kPa.

    ``0.61094 exp(17.625 t / (t + 243.04))``, within 0.4 % from -40 to 50 degC.

    Parameters
    ----------
    air_c
        Air temperature, degC.

    References
    ----------
    Alduchov, O. A., Eskridge, R. E. (1996). Improved Magnus form approximation of saturation vapor pressure. Journal
    of Applied Meteorology 35.
    """
    return 0.61094 * exp(17.625 * air_c / (air_c + 243.04))


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """A diesel set as its plate states it.

    Parameters
    ----------
    rated_kw
        Of the plate.
    aspiration
        ``natural`` (limited by excess air), ``natural_thermal`` (by heat), ``turbocharged``,
        ``turbocharged_aftercooled``, or ``unknown``: then a linear rule stands in, with a finding.
    reference_altitude_m, reference_air_c
        Up to which the maker keeps the plate; None is the standard's 100 kPa and 25 degC.
    mechanical_efficiency
        None is the standard's 0.80.
    """

    rated_kw: float
    aspiration: Aspiration = "unknown"
    reference_altitude_m: float | None = None
    reference_air_c: float | None = None
    mechanical_efficiency: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Derated:
    """What is left of a rating at the site.

    Parameters
    ----------
    power_kw
        At the site.
    factor
        Over the plate, at most 1: alpha of ISO 3046-1 for an engine.
    fuel_factor
        Fuel per kWh at that power over fuel per kWh at the plate's (beta); 1 for an inverter.
    findings
        What was assumed.
    """

    power_kw: float
    factor: float
    fuel_factor: float = 1.0
    findings: tuple[Finding, ...] = ()


def engine_at_site(
    engine: Engine,
    altitude_m: float,
    air_c: float,
    *,
    humidity: float | None = None,
    coolant_c: float | None = None,
) -> Derated:
    """Return what an engine gives at an altitude and an air temperature.

    Parameters
    ----------
    engine
        The set.
    altitude_m
        Of the site, -500 to 6,000 m.
    air_c
        Highest usual temperature at the intake, degC.
    humidity
        Relative, 0 to 1; None neglects water vapour at the site and in the reference.
    coolant_c
        Of the charge air; None follows the air as the reference does.

    Raises
    ------
    ValueError
        A condition is out of range, or the engine gives nothing there.
    """
    _within("altitude_m", altitude_m, _LOWEST_M, _HIGHEST_M)
    _within("air_c", air_c, -40, 60)
    if engine.aspiration == "unknown":
        return _linear(engine, altitude_m, air_c)
    efficiency = engine.mechanical_efficiency
    findings = [_assumed(engine, altitude_m)]
    if efficiency is None:
        efficiency = genset_figure("mechanical_efficiency").value
    _within("mechanical_efficiency", efficiency, 0.5, 1)
    k = _indicated_ratio(engine, altitude_m, air_c, humidity, coolant_c)
    alpha = k - 0.7 * (1 - k) * (1 / efficiency - 1)
    if alpha <= 0:
        raise ValueError(f"the engine gives nothing at {altitude_m} m and {air_c} degC")
    if alpha >= 1:
        # The standard leaves a rise above the plate to the maker.
        return Derated(power_kw=engine.rated_kw, factor=1.0, findings=tuple(findings))
    return Derated(power_kw=engine.rated_kw * alpha, factor=alpha, fuel_factor=k / alpha, findings=tuple(findings))


def _indicated_ratio(
    engine: Engine, altitude_m: float, air_c: float, humidity: float | None, coolant_c: float | None
) -> float:
    """Return k, the ratio of indicated powers."""
    row = next(row for row in table("gensets_aspiration.csv") if row["aspiration"] == engine.aspiration)
    a, m, n, s = (
        float(row[name])
        for name in ("humidity_factor", "pressure_exponent", "temperature_exponent", "coolant_exponent")
    )
    reference_c = ISO_AIR_C if engine.reference_air_c is None else engine.reference_air_c
    reference_m = engine.reference_altitude_m
    reference_kpa = ISO_PRESSURE_KPA if reference_m is None else _pressure_kpa(reference_m)
    coolant = air_c if coolant_c is None else coolant_c
    dry = _pressure_kpa(altitude_m) - a * (humidity or 0.0) * vapour_pressure_kpa(air_c)
    reference_humidity = 0.0 if humidity is None else ISO_HUMIDITY
    reference_dry = reference_kpa - a * reference_humidity * vapour_pressure_kpa(reference_c)
    thin = dry / reference_dry
    if reference_m is not None:
        # A plate that holds up to a height is not limited by air below it: denser air makes up for no heat.
        thin = min(thin, 1.0)
    return float(
        thin**m * (_kelvin(reference_c) / _kelvin(air_c)) ** n * (_kelvin(reference_c) / _kelvin(coolant)) ** s
    )


def _linear(engine: Engine, altitude_m: float, air_c: float) -> Derated:
    """Return the rule of thumb: a share for every 100 m above a height, and for every degree above the reference."""
    start = engine.reference_altitude_m
    start = genset_figure("linear_derate_from_m").value if start is None else start
    reference_c = ISO_AIR_C if engine.reference_air_c is None else engine.reference_air_c
    height = genset_figure("linear_derate_per_100m")
    lost = height.value * max(altitude_m - start, 0.0) / 100
    lost += genset_figure("linear_derate_per_c").value * max(air_c - reference_c, 0.0)
    factor = max(1 - lost, 0.0)
    if factor <= 0:
        raise ValueError(f"the linear rule leaves nothing at {altitude_m} m and {air_c} degC")
    note = Finding(
        key="genset_derate_linear",
        level="warning",
        params={"altitude_m": altitude_m, "percent": 100 * factor, "power_kw": engine.rated_kw * factor},
    )
    return Derated(power_kw=engine.rated_kw * factor, factor=factor, findings=(note,))


def _assumed(engine: Engine, altitude_m: float) -> Finding:
    """Return the note on where the exponents come from, and from which height the plate loses power."""
    reference = engine.reference_altitude_m
    if reference is None:
        return Finding(key="genset_derate_iso", level="assumption", params={"altitude_m": altitude_m})
    params = {"altitude_m": altitude_m, "reference_m": reference}
    return Finding(key="genset_derate_iso_from", level="assumption", params=params)


def fuel_line_at_site(intercept_l_per_h_per_kw: float, slope_l_per_kwh: float, derated: Derated) -> tuple[float, float]:
    """Return the fuel line per kW of the derated rating: intercept in L/h/kW and slope in L/kWh.

    The litres of no load are the engine's friction and stay; the line runs through the fuel per kWh that ISO 3046-1
    gives at the derated rating, beta times that of the plate at full load.

    Parameters
    ----------
    intercept_l_per_h_per_kw, slope_l_per_kwh
        Line of the plate, per kW of its rating.
    derated
        The engine at the site.
    """
    full = derated.fuel_factor * (intercept_l_per_h_per_kw + slope_l_per_kwh)
    intercept = intercept_l_per_h_per_kw / derated.factor
    # A line may not fall with load: a high intercept and a deep derating keep the plate's slope instead.
    return intercept, max(full - intercept, slope_l_per_kwh)


def inverter_at_site(kind: InverterKind, rated_kw: float, altitude_m: float, air_c: float = ISO_AIR_C) -> Derated:
    """Return what an inverter gives at an altitude and an ambient temperature.

    One per cent less for every 100 m above its rated altitude, and a share for every degree above its rated ambient
    (``data/batteries/inverters.csv``); the maker's curve replaces both.

    Parameters
    ----------
    kind
        ``pv`` or ``battery``.
    rated_kw
        Of the plate, kW or kVA.
    altitude_m
        Of the site, m.
    air_c
        Highest usual ambient, degC.

    Raises
    ------
    ValueError
        The altitude is out of range.
    """
    _within("altitude_m", altitude_m, _LOWEST_M, _HIGHEST_M)
    start, ambient = (inverter_figure(f"{kind}_{name}").value for name in ("rated_altitude_m", "rated_ambient_c"))
    thin = inverter_figure(f"{kind}_derate_per_100m").value * max(altitude_m - start, 0.0) / 100
    hot = inverter_figure(f"{kind}_derate_per_c").value * max(air_c - ambient, 0.0)
    factor = max(1 - thin, 0.0) * max(1 - hot, 0.0)
    notes = []
    if factor < 1:
        params = {"altitude_m": altitude_m, "percent": 100 * factor, "rated_m": start, "power_kw": rated_kw * factor}
        key = "inverter_derated_pv" if kind == "pv" else "inverter_derated_battery"
        notes.append(Finding(key=key, level="assumption", params=params))
    highest = inverter_figure(f"{kind}_maximum_altitude_m").value
    if altitude_m > highest:
        params = {"altitude_m": altitude_m, "maximum_m": highest}
        key = "inverter_above_maximum_pv" if kind == "pv" else "inverter_above_maximum_battery"
        notes.append(Finding(key=key, level="warning", params=params))
    return Derated(power_kw=rated_kw * factor, factor=factor, findings=tuple(notes))


def battery_limits(cell_c: Any, c_rate_per_hour: float, chemistry: Chemistry = "lfp") -> tuple[FloatArray, FloatArray]:
    """Return the shares of its inverter's power that a battery may be charged and discharged with in each step.

    Cells allow a current per capacity that depends on their temperature (``data/batteries/temperature.csv``); LFP
    takes no charge below 0 degC, where lithium plates.

    Parameters
    ----------
    cell_c
        Shape (n,), cell temperature, degC; the ambient, or :func:`cell_temperature_c` of it.
    c_rate_per_hour
        Power of the inverter over nameplate energy, kW/kWh.
    chemistry
        ``lfp`` or ``lead_acid``.

    Returns
    -------
    tuple
        Charge and discharge, shape (n,), 0 to 1: fields of :class:`mine_energy.dispatch.Battery`.

    Raises
    ------
    ValueError
        A temperature is not finite or the rate is not positive.
    """
    cells = np.asarray(cell_c, dtype=np.float64)
    if not np.isfinite(cells).all() or c_rate_per_hour <= 0:
        raise ValueError("cell temperatures must be finite and the rate above zero")
    rows = [row for row in table("batteries/temperature.csv") if row["chemistry"] == chemistry]
    starts = np.array([float(row["cell_c_from"]) for row in rows])
    place = np.clip(np.searchsorted(starts, cells, side="right") - 1, 0, len(rows) - 1)
    charge, discharge = (
        np.minimum(np.array([float(row[f"{way}_c_rate"]) for row in rows])[place] / c_rate_per_hour, 1.0)
        for way in ("charge", "discharge")
    )
    return readonly(charge), readonly(discharge)


def cell_temperature_c(ambient_c: Any, step_hours: float = 1.0, lag_hours: float | None = None) -> FloatArray:
    """Return the temperature of cells in a closed room without heating: the ambient behind a first-order lag.

    The series is taken as periodic, so that its first hours lag behind its last.

    Parameters
    ----------
    ambient_c
        Shape (n,), degC.
    step_hours
        Length of a step.
    lag_hours
        Time constant; None is the packaged assumption (12 h). 0 is the ambient itself.
    """
    ambient = np.asarray(ambient_c, dtype=np.float64)
    lag = inverter_figure("cell_lag_hours").value if lag_hours is None else lag_hours
    keep = exp(-step_hours / lag) if lag > 0 else 0.0
    n = ambient.size
    # y_i = keep y_(i-1) + (1 - keep) x_i from zero; the periodic start adds keep^(i+1) of its end.
    cells = np.empty(n)
    state = 0.0
    for i, value in enumerate(ambient.tolist()):
        state = keep * state + (1 - keep) * value
        cells[i] = state
    start = state / (1 - keep**n) if n else 0.0
    return readonly(cells + start * keep ** np.arange(1, n + 1))


def _pressure_kpa(altitude_m: float) -> float:
    return standard_pressure_pa(altitude_m) / PA_PER_KPA


def _kelvin(degrees_c: float) -> float:
    return degrees_c + ZERO_CELSIUS_K


def _within(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise ValueError(f"{name} {value} is outside {low} to {high}")
