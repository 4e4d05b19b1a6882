"""Figures of IEC 61724-1: yields in hours, the losses between them, performance ratio and capacity factors.

The same figures for a simulated year and for a metered one, so that a plant can be held to what was promised.
"""

from dataclasses import dataclass

import numpy as np

from mine_energy.arrays import FloatArray
from mine_energy.pv.chain import UnitYield
from mine_energy.units import HOURS_PER_DAY, W_PER_KW

STC_W_M2 = 1000.0
STC_CELL_C = 25.0
"""Irradiance and cell temperature at which modules are rated (IEC 60904-3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Performance:
    """IEC 61724-1 figures of a period.

    Parameters
    ----------
    period_hours
        Length of the period.
    reference_yield_hours
        Irradiation in the plane over 1 kW/m2: the hours of full sun.
    array_yield_hours
        DC energy at the inverter over the array's rating.
    final_yield_hours
        AC energy over the array's rating; as many kWh/kWp.
    performance_ratio
        Final over reference yield.
    performance_ratio_25c
        The same with the reference corrected to cells of 25 degC, interval by interval (PR'25C); None without cell
        temperatures.
    capacity_factor_dc, capacity_factor_ac
        AC energy over what the array's, and the inverters', rating would give in the period.
    """

    period_hours: float
    reference_yield_hours: float
    array_yield_hours: float
    final_yield_hours: float
    performance_ratio: float
    performance_ratio_25c: float | None
    capacity_factor_dc: float
    capacity_factor_ac: float

    @property
    def capture_loss_hours(self) -> float:
        """Reference minus array yield: what glass, dust, heat and DC wiring take."""
        return self.reference_yield_hours - self.array_yield_hours

    @property
    def system_loss_hours(self) -> float:
        """Array minus final yield: what inverter, clipping and the AC side take."""
        return self.array_yield_hours - self.final_yield_hours

    @property
    def final_yield_hours_per_day(self) -> float:
        """Final yield of the mean day."""
        return self.final_yield_hours * HOURS_PER_DAY / self.period_hours


def performance_of(
    poa_w_m2: FloatArray,
    dc_kw: FloatArray,
    ac_kw: FloatArray,
    ratings_kw: tuple[float, float],
    step_hours: float = 1.0,
    cell_c: FloatArray | None = None,
    power_temperature_per_k: float = 0.0,
) -> Performance:
    """Return the figures of a period from its series (IEC 61724-1:2021, clauses on yields and performance ratios).

    Parameters
    ----------
    poa_w_m2
        Irradiance in the plane, interval means.
    dc_kw, ac_kw
        Power at the inverters' DC and AC side, interval means.
    ratings_kw
        Of the array (kWp) and of the inverters (kW AC).
    step_hours
        Length of an interval.
    cell_c
        Cell temperature, degC; with it the temperature-corrected ratio is computed.
    power_temperature_per_k
        Relative change of the modules' power per kelvin, negative.
    """
    rated_kwp, inverter_kw = ratings_kw
    final = float(np.sum(ac_kw)) * step_hours / rated_kwp
    reference = float(np.sum(poa_w_m2)) * step_hours / STC_W_M2
    corrected = None
    if cell_c is not None:
        warm = 1.0 + power_temperature_per_k * (cell_c - STC_CELL_C)
        corrected = _ratio(final, float(np.sum(poa_w_m2 * warm)) * step_hours / STC_W_M2)
    hours = len(poa_w_m2) * step_hours
    return Performance(
        period_hours=hours,
        reference_yield_hours=reference,
        array_yield_hours=float(np.sum(dc_kw)) * step_hours / rated_kwp,
        final_yield_hours=final,
        performance_ratio=_ratio(final, reference),
        performance_ratio_25c=corrected,
        capacity_factor_dc=_ratio(final, hours),
        capacity_factor_ac=_ratio(final * rated_kwp, inverter_kw * hours),
    )


def unit_performance(unit: UnitYield, years: int = 1) -> Performance:
    """Return the figures of the mean year of one kWp from its loss chain.

    Parameters
    ----------
    unit
        Its chain's step before ``inverter`` is the array yield.
    years
        Number of years in its series.
    """
    keys = [step.key for step in unit.chain]
    hours = len(unit.kw_per_kwp) / years
    final = unit.specific_yield_kwh_per_kwp
    return Performance(
        period_hours=hours,
        reference_yield_hours=unit.poa_kwh_m2 * W_PER_KW / STC_W_M2,
        array_yield_hours=unit.chain[keys.index("inverter") - 1].value,
        final_yield_hours=final,
        performance_ratio=unit.performance_ratio,
        performance_ratio_25c=None,
        capacity_factor_dc=_ratio(final, hours),
        capacity_factor_ac=_ratio(final * unit.array.dc_ac_ratio, hours),
    )


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole > 0.0 else 0.0
