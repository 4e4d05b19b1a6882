"""Single-diode parameters from the few figures of a datasheet.

Six equations at standard test conditions for the six parameters of the CEC model (Dobos 2012): short circuit, open
circuit, maximum power point, its zero slope, and the temperature coefficients of voltage and power. They are solved by
least squares from the closed form of Batzelis and Papathanassiou (2016), which needs no guess of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from pvlib import pvsystem
from pvlib.ivtools.sdm import fit_desoto_batzelis
from scipy.optimize import least_squares

from mine_energy.arrays import FloatArray
from mine_energy.errors import Infeasible
from mine_energy.pv.diodes import CecDiode
from mine_energy.pv.models import STC_CELL_C
from mine_energy.units import STC_IRRADIANCE_W_M2

FIT_TOLERANCE: Final = 0.005
"""Largest relative miss of a fitted power, voltage or current; a sheet that cannot be met contradicts itself."""
_COLD_C, _HOT_C = 0.0, 50.0
_ADJUST_SCALE = 10.0
_TYPICAL_IDEALITY = 0.04
"""Modified ideality over open-circuit voltage of crystalline modules: a place to start from."""
_COEFFICIENT_TOLERANCE = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Plate:
    """The figures of a datasheet that decide the diode; coefficients as fractions per K."""

    open_circuit_v: float
    short_circuit_a: float
    maximum_power_v: float
    maximum_power_a: float
    short_circuit_temperature_per_k: float
    open_circuit_temperature_per_k: float
    power_temperature_per_k: float


def fit_diode(plate: Plate, name: str = "") -> CecDiode:
    """Return the single-diode parameters that meet a datasheet.

    Parameters
    ----------
    plate
        Figures at standard test conditions.
    name
        Of the module, for the message.

    Raises
    ------
    Infeasible
        No parameters meet the figures within :data:`FIT_TOLERANCE`: power point above the curve, a voltage
        coefficient of another unit, currents exchanged.
    """
    diode = _fitted(plate)
    if diode is None:
        raise Infeasible("pv_module_fit", name=name)
    return diode


@lru_cache(maxsize=128)
def _fitted(plate: Plate) -> CecDiode | None:
    """Return the diode of a sheet, None where it has none: seconds of search, which no sheet needs twice."""
    if not (plate.maximum_power_v < plate.open_circuit_v and plate.maximum_power_a < plate.short_circuit_a):
        return None
    best: tuple[float, CecDiode] | None = None
    with np.errstate(all="ignore"):
        for start in _starts(plate):
            solved = least_squares(_residuals, start, args=(plate,), method="lm", max_nfev=600)
            diode = _diode(solved.x, plate)
            missed = _missed(diode, plate)
            if best is None or missed < best[0]:
                best = missed, diode
            if missed <= FIT_TOLERANCE / 5.0:
                break
    return best[1] if best is not None and best[0] <= FIT_TOLERANCE else None


def _starts(plate: Plate) -> Iterator[FloatArray]:
    """Yield starting points, logarithms of the first five: the closed form, then guesses of the ideality."""
    closed = fit_desoto_batzelis(
        plate.maximum_power_v,
        plate.maximum_power_a,
        plate.open_circuit_v,
        plate.short_circuit_a,
        plate.short_circuit_temperature_per_k * plate.short_circuit_a,
        plate.open_circuit_temperature_per_k * plate.open_circuit_v,
    )
    values = np.array([closed[key] for key in ("a_ref", "I_L_ref", "I_o_ref", "R_sh_ref", "R_s")], dtype=float)
    shunt_floor = 10.0 * plate.open_circuit_v / plate.short_circuit_a
    if np.isfinite(values).all() and (values[:3] > 0.0).all():
        yield np.append(np.log(np.maximum(values, [0.0, 0.0, 0.0, shunt_floor, 1e-3])), 0.0)
    typical_v = _TYPICAL_IDEALITY * plate.open_circuit_v
    for scale in (1.0, 0.8, 1.25):
        ideality = typical_v * scale
        saturation = plate.short_circuit_a * np.exp(-plate.open_circuit_v / ideality)
        left = (plate.short_circuit_a - plate.maximum_power_a) / saturation + 1.0
        series = max((ideality * np.log(left) - plate.maximum_power_v) / plate.maximum_power_a, 0.01)
        yield np.append(np.log([ideality, plate.short_circuit_a, saturation, 10.0 * shunt_floor, series]), 0.0)


def _diode(unknowns: FloatArray, plate: Plate) -> CecDiode:
    ideality, photo, saturation, shunt, series = np.exp(np.clip(unknowns[:5], -80.0, 20.0))
    return CecDiode(
        short_circuit_a_per_k=plate.short_circuit_temperature_per_k * plate.short_circuit_a,
        ideality_v=float(ideality),
        photo_a=float(photo),
        saturation_a=float(saturation),
        shunt_ohm=float(shunt),
        series_ohm=float(series),
        adjust_percent=float(unknowns[5] * _ADJUST_SCALE),
    )


def _residuals(unknowns: FloatArray, plate: Plate) -> FloatArray:
    """Return the six equations' misses, each relative to its own scale."""
    diode = _diode(unknowns, plate)
    current_scale = plate.short_circuit_a
    slope = _slope_at_maximum(diode, plate) / (plate.maximum_power_a / plate.maximum_power_v) - 1.0
    adjust = diode.adjust_percent / 100.0
    warm = STC_CELL_C + 10.0
    warm_v = plate.open_circuit_v * (1.0 + plate.open_circuit_temperature_per_k * (1.0 + adjust) * 10.0)
    misses = [
        (_current_a(diode, 0.0, plate.short_circuit_a) - plate.short_circuit_a) / current_scale,
        _current_a(diode, plate.open_circuit_v) / current_scale,
        (_current_a(diode, plate.maximum_power_v, plate.maximum_power_a) - plate.maximum_power_a) / current_scale,
        slope,
        _current_a(diode, warm_v, 0.0, warm) / current_scale,
        (_power_coefficient_per_k(diode) - plate.power_temperature_per_k) / abs(plate.power_temperature_per_k),
    ]
    return np.asarray(np.nan_to_num(np.array(misses), nan=1e3, posinf=1e3, neginf=-1e3))


def _at(diode: CecDiode, cell_c: float) -> tuple[float, float, float, float, float]:
    photo, saturation, _, shunt, ideality = diode.curve(np.array([STC_IRRADIANCE_W_M2]), np.array([cell_c]))
    return float(photo[0]), float(saturation[0]), diode.series_ohm, float(shunt[0]), float(ideality[0])


def _current_a(diode: CecDiode, voltage_v: float, flowing_a: float = 0.0, cell_c: float = STC_CELL_C) -> float:
    """Return the right side of the diode equation at a voltage, with the current that flows through the series part."""
    photo, saturation, series, shunt, ideality = _at(diode, cell_c)
    inner = voltage_v + flowing_a * series
    return float(photo - saturation * np.expm1(min(inner / ideality, 700.0)) - inner / shunt)


def _slope_at_maximum(diode: CecDiode, plate: Plate) -> float:
    _, saturation, series, shunt, ideality = _at(diode, STC_CELL_C)
    inner = plate.maximum_power_v + plate.maximum_power_a * series
    conductance = saturation / ideality * np.exp(min(inner / ideality, 700.0)) + 1.0 / shunt
    return float(conductance / (1.0 + conductance * series))


def _power_coefficient_per_k(diode: CecDiode) -> float:
    """Return the mean change of power between a cold and a hot cell over the power at 25 degC."""
    cell = np.array([_COLD_C, STC_CELL_C, _HOT_C])
    made = pvsystem.singlediode(*diode.curve(np.full(cell.shape, STC_IRRADIANCE_W_M2), cell))
    cold, reference, hot = np.asarray(made["p_mp"], dtype=np.float64)
    return float(np.divide(hot - cold, (_HOT_C - _COLD_C) * reference))


def _missed(diode: CecDiode, plate: Plate) -> float:
    """Return the largest relative miss of the plate's power, voltages and currents."""
    made = pvsystem.singlediode(*diode.curve(np.array([STC_IRRADIANCE_W_M2]), np.array([STC_CELL_C])))
    wanted = {
        "v_oc": plate.open_circuit_v,
        "i_sc": plate.short_circuit_a,
        "p_mp": plate.maximum_power_v * plate.maximum_power_a,
        "v_mp": plate.maximum_power_v,
    }
    misses = [abs(float(np.asarray(made[key]).item()) / value - 1.0) for key, value in wanted.items()]
    coefficient = _power_coefficient_per_k(diode) / plate.power_temperature_per_k - 1.0
    misses.append(abs(coefficient) * FIT_TOLERANCE / _COEFFICIENT_TOLERANCE)
    return max(misses) if np.isfinite(misses).all() else float("inf")
