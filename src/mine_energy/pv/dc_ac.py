"""The DC/AC ratio of least cost: more modules for each inverter until clipping costs more than they save."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from mine_energy.arrays import FloatArray
from mine_energy.errors import Infeasible

RATIOS: Final = tuple(round(0.8 + 0.05 * step, 2) for step in range(25))
"""From 0.8 to 2.0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DcAcChoice:
    """The ratio of least cost, and what it costs.

    Parameters
    ----------
    dc_ac_ratio
        Module kWp over inverter kW.
    clipped_share
        Energy that the inverter's limit takes there.
    cost_usd_per_annual_kwh
        Cost of modules, balance and inverters over the energy of a year, USD for each kWh a year.
    """

    dc_ac_ratio: float
    clipped_share: float
    cost_usd_per_annual_kwh: float


def best_dc_ac(unlimited_kw_per_kwp: FloatArray, *, dc_usd_per_kwp: float, inverter_usd_per_kw: float) -> DcAcChoice:
    """Return the DC/AC ratio of least cost for each kWh of a year.

    Parameters
    ----------
    unlimited_kw_per_kwp
        AC power of one kWp without the inverter's limit, one value an hour.
    dc_usd_per_kwp
        Modules and all that grows with them.
    inverter_usd_per_kw
        Inverters, for each kW AC that they give at the site.

    Raises
    ------
    Infeasible
        There is no sun.
    """
    whole = float(np.sum(unlimited_kw_per_kwp))
    if whole <= 0.0:
        raise Infeasible("no_sun")
    choices = []
    for ratio in RATIOS:
        kept = float(np.sum(np.minimum(unlimited_kw_per_kwp, 1.0 / ratio)))
        cost = (dc_usd_per_kwp + inverter_usd_per_kw / ratio) / kept
        choices.append(DcAcChoice(dc_ac_ratio=ratio, clipped_share=1.0 - kept / whole, cost_usd_per_annual_kwh=cost))
    return min(choices, key=lambda choice: choice.cost_usd_per_annual_kwh)
