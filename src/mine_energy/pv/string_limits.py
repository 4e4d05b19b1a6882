"""How many modules a string may have, and how many strings an inverter.

The method of NEC 690.7(A): open-circuit voltage at the record low by the module's own coefficient, under 1000 W/m2;
and of 690.8: short-circuit current times 1.25 for light above 1000 W/m2, times 1.25 again for conductors in continuous
use.
"""

from dataclasses import dataclass
from math import ceil, floor, inf

import numpy as np

from mine_energy import catalog
from mine_energy.pv.conditions import StringConditions, figure
from mine_energy.pv.inverters import AltitudeLimits, Inverter, altitude_limits
from mine_energy.pv.modules import Module, open_circuit_v, operating_points
from mine_energy.units import STC_IRRADIANCE_W_M2

_EXACT = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class StringLimits:
    """Limits of a string of one module on one inverter at one site.

    Parameters
    ----------
    cold_open_circuit_v
        Of one module at the record low.
    hot_maximum_power_v, cold_maximum_power_v
        Of one module at the hot cell and at the record low, under 1000 W/m2.
    dc_limit_v
        Least of the inverter's maximum (at the site's altitude), the module's system voltage and the rule's.
    modules_min, modules_max
        In series; the minimum keeps the hot string inside the tracker's window.
    strings_max
        Of one inverter; None where its currents are not known.
    strings_per_mppt_max
        Of one tracker; None where its currents are not known.
    string_current_a, conductor_current_a
        Short-circuit current times 1.25, and times 1.25 again.
    fuse_a
        Standard rating at or over the conductor's current; None where the list has none.
    altitude
        What the altitude leaves of the inverter.
    """

    cold_open_circuit_v: float
    hot_maximum_power_v: float
    cold_maximum_power_v: float
    dc_limit_v: float
    modules_min: int
    modules_max: int
    strings_max: int | None
    strings_per_mppt_max: int | None
    string_current_a: float
    conductor_current_a: float
    fuse_a: float | None
    altitude: AltitudeLimits


def string_limits(module: Module, inverter: Inverter, conditions: StringConditions) -> StringLimits:
    """Return the limits of a string.

    Parameters
    ----------
    module, inverter
        Of the string.
    conditions
        Temperatures, altitude and the rule's highest voltage.
    """
    altitude = altitude_limits(inverter, conditions.altitude_m)
    limit_v = min(inverter.dc_max_v * altitude.voltage_factor, module.system_v, conditions.system_limit_v)
    cold_v = open_circuit_v(module, conditions.record_low_c)
    cells = np.array([conditions.hot_cell_c, conditions.record_low_c])
    points = operating_points(module, np.full(2, STC_IRRADIANCE_W_M2), cells)
    hot_mp_v, cold_mp_v = (float(voltage) for voltage in points.maximum_power_v)
    string_a = module.short_circuit_a * figure("current_factor")
    conductor_a = string_a * figure("continuous_factor")
    per_mppt = _strings_per_mppt(module, inverter, float(points.maximum_power_a[0]))
    count = inverter.mppt_count
    return StringLimits(
        cold_open_circuit_v=cold_v,
        hot_maximum_power_v=hot_mp_v,
        cold_maximum_power_v=cold_mp_v,
        dc_limit_v=limit_v,
        modules_min=max(1, ceil(inverter.mppt_low_v / hot_mp_v - _EXACT)),
        modules_max=floor(limit_v / cold_v + _EXACT),
        strings_max=None if per_mppt is None or count is None else per_mppt * count,
        strings_per_mppt_max=per_mppt,
        string_current_a=string_a,
        conductor_current_a=conductor_a,
        fuse_a=next((rating for rating in ratings("fuse") if rating >= conductor_a - _EXACT), None),
        altitude=altitude,
    )


def _strings_per_mppt(module: Module, inverter: Inverter, hot_current_a: float) -> int | None:
    """Return how many strings one tracker takes by its operating and its short-circuit current, None without limits."""
    at_work = inf if inverter.mppt_current_a is None else inverter.mppt_current_a / hot_current_a
    shorted = inf
    if inverter.mppt_short_circuit_a is not None:
        shorted = inverter.mppt_short_circuit_a / (module.short_circuit_a * figure("current_factor"))
    least = min(at_work, shorted)
    return None if least == inf else floor(least + _EXACT)


def ratings(kind: str) -> tuple[float, ...]:
    """Return the standard ratings of a kind (``fuse``, A; ``transformer``, kVA), ascending."""
    return tuple(sorted(float(row["rating"]) for row in catalog.table("pv/ratings.csv") if row["kind"] == kind))
