"""What the chain asks of a module and of an inverter, and the PVWatts answers to both.

The chain knows two questions only: what one watt-peak gives under some light at some cell temperature
(:class:`ModuleModel`), and what the inverter of one watt-peak lets through (:class:`InverterModel`). A single-diode
module and a Sandia inverter answer the same two questions and take the places of the defaults::

    unit_yield(site, weather, array, module_model=..., inverter_model=...)

Per watt-peak throughout: W per Wp is the same number as kW per kWp. Arrays keep their shape, whatever it is.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from pvlib import inverter

from mine_energy.arrays import FloatArray
from mine_energy.units import STC_IRRADIANCE_W_M2

STC_CELL_C = 25.0
"""Cell temperature of standard test conditions, degC."""

_REFERENCE_EFFICIENCY = 0.9637
"""Of the inverter whose part-load curve PVWatts scales (Dobos 2014, NREL/TP-6A20-62641)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DcOutput:
    """Maximum-power point of one watt-peak, every hour.

    Parameters
    ----------
    power_w_per_wp
        DC power of one watt-peak; zero, never negative, without light.
    voltage_v
        Voltage at the inverter's terminals, V, where the model knows it (modules in series times the module's); None
        for a model of power alone.
    """

    power_w_per_wp: FloatArray
    voltage_v: FloatArray | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AcOutput:
    """What the inverter of one watt-peak gives, every hour.

    Parameters
    ----------
    unlimited_w_per_wp
        Without its power limit: what a larger inverter of equal quality would let through.
    power_w_per_wp
        With its limit, never negative.
    """

    unlimited_w_per_wp: FloatArray
    power_w_per_wp: FloatArray


class ModuleModel(Protocol):
    """One watt-peak of modules."""

    def dc(self, effective_w_m2: FloatArray, cell_c: FloatArray) -> DcOutput:
        """Return the maximum-power point under light that has passed the glass, at a cell temperature.

        Parameters
        ----------
        effective_w_m2
            Irradiance that reaches the cells, W/m2, after shading, soiling and reflection; the rear's share of a
            bifacial module is in it, weighted by its bifaciality.
        cell_c
            Cell temperature, degC.
        """
        ...


class InverterModel(Protocol):
    """The inverter's share of one watt-peak."""

    def ac(self, dc: DcOutput) -> AcOutput:
        """Return the AC power of the DC power at its terminals, after every loss on the DC side.

        Parameters
        ----------
        dc
            Power of one watt-peak after the losses, and voltage.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PVWattsModule:
    """Power in proportion to light and falling straight with temperature (Dobos 2014).

    Parameters
    ----------
    power_temperature_per_k
        Relative change of power per kelvin above 25 degC.
    """

    power_temperature_per_k: float

    def dc(self, effective_w_m2: FloatArray, cell_c: FloatArray) -> DcOutput:
        """Return the power of one watt-peak; see :meth:`ModuleModel.dc`."""
        thermal = 1.0 + self.power_temperature_per_k * (cell_c - STC_CELL_C)
        return DcOutput(power_w_per_wp=np.maximum(effective_w_m2 / STC_IRRADIANCE_W_M2 * thermal, 0.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class PVWattsInverter:
    """The part-load curve of PVWatts, scaled to a nominal efficiency (Dobos 2014).

    Parameters
    ----------
    limit_w_per_wp
        AC rating over module rating: 1 over the DC/AC ratio.
    nominal_efficiency
        At full load.
    """

    limit_w_per_wp: float
    nominal_efficiency: float

    def ac(self, dc: DcOutput) -> AcOutput:
        """Return the AC power; see :meth:`InverterModel.ac`."""
        dc_limit = self.limit_w_per_wp / self.nominal_efficiency
        limited = inverter.pvwatts(
            dc.power_w_per_wp, dc_limit, eta_inv_nom=self.nominal_efficiency, eta_inv_ref=_REFERENCE_EFFICIENCY
        )
        # Past its limit the curve is held at the nominal efficiency: a larger inverter would be at full load too.
        clipped = limited >= self.limit_w_per_wp
        unlimited = np.where(clipped, dc.power_w_per_wp * self.nominal_efficiency, limited)
        return AcOutput(unlimited_w_per_wp=np.asarray(unlimited), power_w_per_wp=np.asarray(limited))
