"""Cell temperature: what a watt of light on the module warms its cells, by mounting and wind."""

from typing import Final

import numpy as np
from pvlib import atmosphere
from pvlib.temperature import TEMPERATURE_MODEL_PARAMETERS

from mine_energy.arrays import FloatArray
from mine_energy.errors import Finding
from mine_energy.pv.array import Array, assumed
from mine_energy.units import STC_IRRADIANCE_W_M2

SAPM: Final = {
    name: TEMPERATURE_MODEL_PARAMETERS["sapm"][pvlib_name]
    for name, pvlib_name in (
        ("open_rack", "open_rack_glass_polymer"),
        ("close_roof", "close_mount_glass_glass"),
        ("insulated_back", "insulated_back_glass_polymer"),
    )
}
"""Coefficients a, b and deltaT of King et al. (SAND2004-3535) by mounting."""


def heating_k_m2_per_w(wind_speed_m_s: FloatArray, array: Array) -> FloatArray:
    """Return how far the cell stands above the air for each W/m2 on the module, K m2/W.

    Both models are straight in the light: the Sandia model (King et al. 2004), ``exp(a + b v) + deltaT / 1000`` with
    the wind at 10 m, and that of Faiman (2008), ``1 / (u0 + u1 v)`` with the wind at the module. Both were fitted near
    the level of the sea.

    Parameters
    ----------
    wind_speed_m_s
        As the weather has it.
    array
        Its mounting and cell model.
    """
    if array.cell_model == "faiman":
        u0, u1 = (assumed(f"faiman_{name}_{array.mounting}") for name in ("u0", "u1"))
        return np.asarray(1.0 / (u0 + u1 * wind_speed_m_s))
    sapm = SAPM[array.mounting]
    return np.asarray(np.exp(sapm["a"] + sapm["b"] * wind_speed_m_s) + sapm["deltaT"] / STC_IRRADIANCE_W_M2)


def thin_air(altitude_m: float) -> tuple[Finding, ...]:
    """Return a finding where the air is so thin that cells run warmer than models fitted near the sea say."""
    if altitude_m < assumed("thin_air_from_m"):
        return ()
    # At equal temperature density goes with pressure.
    share = float(atmosphere.alt2pres(altitude_m) / atmosphere.alt2pres(0.0))
    params = {"altitude_m": round(altitude_m), "air_percent": round(100.0 * share)}
    return (Finding(key="pv_thin_air", level="info", params=params),)
