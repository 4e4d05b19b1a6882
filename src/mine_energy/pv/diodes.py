"""Single-diode models: five numbers for each hour, by De Soto and Dobos (CEC) or as PVsyst states them.

De Soto et al. (2006) with the sixth parameter of Dobos (2012, J. Sol. Energy Eng. 134), and PVsyst's shunt that falls
with light (Mermoud and Lejeune 2010).
"""

from dataclasses import dataclass, replace
from typing import Final, Protocol

import numpy as np
from pvlib import pvsystem
from scipy.optimize import brentq

from mine_energy.arrays import FloatArray
from mine_energy.pv.models import STC_CELL_C
from mine_energy.units import STC_IRRADIANCE_W_M2, ZERO_CELSIUS_K

Curve = tuple[FloatArray, FloatArray, FloatArray, FloatArray, FloatArray]
"""Photocurrent A, saturation current A, series ohm, shunt ohm, modified ideality V: pvlib's order."""

_BOLTZMANN_OVER_CHARGE_V_PER_K: Final = 1.380649e-23 / 1.602176634e-19
_WARMER_K: Final = 25.0
_IDEALITY_PER_K: Final = 0.004


class Diode(Protocol):
    """A single-diode model: five numbers for each hour."""

    def curve(self, effective_w_m2: FloatArray, cell_c: FloatArray) -> Curve:
        """Return the five parameters of the current-voltage curve."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class CecDiode:
    """Reference parameters of the CEC (six-parameter) model; with ``adjust_percent`` 0 it is De Soto's.

    Parameters
    ----------
    short_circuit_a_per_k
        Temperature coefficient of the short-circuit current, A/K.
    ideality_v
        Modified ideality factor at reference, V.
    photo_a, saturation_a
        Photocurrent and diode saturation current at reference, A.
    shunt_ohm, series_ohm
        Resistances at reference.
    adjust_percent
        Adjustment of the current's coefficient, per cent.
    """

    short_circuit_a_per_k: float
    ideality_v: float
    photo_a: float
    saturation_a: float
    shunt_ohm: float
    series_ohm: float
    adjust_percent: float = 0.0

    def curve(self, effective_w_m2: FloatArray, cell_c: FloatArray) -> Curve:
        """Return the five parameters; see :class:`Diode`."""
        photo, saturation, series, shunt, ideality = pvsystem.calcparams_cec(
            effective_w_m2,
            cell_c,
            self.short_circuit_a_per_k,
            self.ideality_v,
            self.photo_a,
            self.saturation_a,
            self.shunt_ohm,
            self.series_ohm,
            self.adjust_percent,
        )
        return photo, saturation, series, shunt, ideality


@dataclass(frozen=True, slots=True, kw_only=True)
class PvsystDiode:
    """Reference parameters of the PVsyst model.

    Parameters
    ----------
    short_circuit_a_per_k
        Temperature coefficient of the short-circuit current, A/K.
    ideality, ideality_per_k
        Diode ideality (gamma) and its change with temperature.
    photo_a, saturation_a
        At reference, A.
    shunt_ohm, shunt_dark_ohm, shunt_exponent
        Shunt at 1000 W/m2, in the dark, and the exponent between.
    series_ohm
        Series resistance.
    cells_in_series
        Number.
    """

    short_circuit_a_per_k: float
    ideality: float
    ideality_per_k: float
    photo_a: float
    saturation_a: float
    shunt_ohm: float
    shunt_dark_ohm: float
    shunt_exponent: float
    series_ohm: float
    cells_in_series: int

    def curve(self, effective_w_m2: FloatArray, cell_c: FloatArray) -> Curve:
        """Return the five parameters; see :class:`Diode`."""
        photo, saturation, series, shunt, ideality = pvsystem.calcparams_pvsyst(
            effective_w_m2,
            cell_c,
            self.short_circuit_a_per_k,
            self.ideality,
            self.ideality_per_k,
            self.photo_a,
            self.saturation_a,
            self.shunt_ohm,
            self.shunt_dark_ohm,
            self.series_ohm,
            self.cells_in_series,
            R_sh_exp=self.shunt_exponent,
        )
        return photo, saturation, series, shunt, ideality


def pvsyst_reference(
    *,
    open_circuit_v: float,
    short_circuit_a: float,
    series_ohm: float,
    shunt_ohm: float,
    ideality: float,
    cells_in_series: int,
) -> tuple[float, float]:
    """Return photocurrent and saturation current at reference, A, of PVsyst's model.

    Two straight equations: the diode equation at short circuit and at open circuit.

    Parameters
    ----------
    open_circuit_v, short_circuit_a
        At standard test conditions.
    series_ohm, shunt_ohm, ideality, cells_in_series
        As the file states them.
    """
    thermal_v = ideality * cells_in_series * _BOLTZMANN_OVER_CHARGE_V_PER_K * (STC_CELL_C + ZERO_CELSIUS_K)
    shorted = np.expm1(min(short_circuit_a * series_ohm / thermal_v, 700.0))
    opened = np.expm1(min(open_circuit_v / thermal_v, 700.0))
    leak = (open_circuit_v - short_circuit_a * series_ohm) / shunt_ohm
    saturation = float((short_circuit_a - leak) / (opened - shorted))
    return float(saturation * opened + open_circuit_v / shunt_ohm), saturation


def power_coefficient_per_k(diode: Diode) -> float:
    """Return a diode's mean change of power from 25 to 50 degC under 1000 W/m2, fraction per K."""
    cells = np.array([STC_CELL_C, STC_CELL_C + _WARMER_K])
    made = pvsystem.singlediode(*diode.curve(np.full(2, STC_IRRADIANCE_W_M2), cells))
    reference, warm = np.asarray(made["p_mp"], dtype=np.float64)
    return float((warm / reference - 1.0) / _WARMER_K)


def meeting_coefficient(diode: PvsystDiode, power_temperature_per_k: float) -> PvsystDiode | None:
    """Return the diode whose ideality changes with temperature so that its power does as stated; None without any."""

    def miss(ideality_per_k: float) -> float:
        return power_coefficient_per_k(replace(diode, ideality_per_k=ideality_per_k)) - power_temperature_per_k

    low, high = -_IDEALITY_PER_K, _IDEALITY_PER_K
    with np.errstate(all="ignore"):
        if not miss(low) * miss(high) < 0.0:
            return None
        return replace(diode, ideality_per_k=float(brentq(miss, low, high, xtol=1e-9)))
