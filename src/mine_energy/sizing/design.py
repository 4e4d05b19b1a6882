"""An array from the energy it has to give."""

from dataclasses import dataclass

from mine_energy.errors import Infeasible
from mine_energy.units import STC_IRRADIANCE_W_M2, W_PER_KW


@dataclass(frozen=True, slots=True, kw_only=True)
class PVDesign:
    """A PV plant.

    Parameters
    ----------
    pv_kwp
        Module power at standard test conditions, kWp.
    inverter_kw
        Sum of the inverters' AC nameplates, kW: what grid rules count.
    tilt_deg, azimuth_deg
        Orientation; azimuth clockwise from north.
    module_area_m2
        kWp over module efficiency at 1 kW/m2.
    ground_area_m2
        Module area over ground cover ratio.
    annual_energy_kwh
        AC energy of the year.
    """

    pv_kwp: float
    inverter_kw: float
    tilt_deg: float
    azimuth_deg: float
    module_area_m2: float
    ground_area_m2: float
    annual_energy_kwh: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ArraySpec:
    """What turns kWp into inverters and areas.

    Parameters
    ----------
    tilt_deg, azimuth_deg
        Orientation; azimuth clockwise from north.
    dc_ac_ratio
        Module power over the inverters' AC nameplates.
    module_efficiency
        At standard test conditions, 0 to 1.
    ground_cover_ratio
        Module area over ground, 0 to 1.
    """

    tilt_deg: float
    azimuth_deg: float
    dc_ac_ratio: float
    module_efficiency: float
    ground_cover_ratio: float


def annual_net(
    load_kwh_per_year: float, specific_yield_kwh_per_kwp: float, array: ArraySpec, *, ratio: float = 1.0
) -> PVDesign:
    """Return the array whose energy of the year is `ratio` times the load of the year.

    Parameters
    ----------
    load_kwh_per_year
        Energy to cover, kWh a year.
    specific_yield_kwh_per_kwp
        AC energy of the year per kWp behind an inverter of ``1 / array.dc_ac_ratio`` kW per kWp, so that clipping is
        already in it and energy is exactly linear in kWp.
    array
        Orientation and proportions.
    ratio
        PV energy over load.

    Raises
    ------
    Infeasible
        The yield is zero, or there is no load to cover.
    """
    if specific_yield_kwh_per_kwp <= 0:
        raise Infeasible("no_sun")
    if load_kwh_per_year <= 0:
        raise Infeasible("no_load")
    pv_kwp = ratio * load_kwh_per_year / specific_yield_kwh_per_kwp
    module_area_m2 = pv_kwp / (array.module_efficiency * STC_IRRADIANCE_W_M2 / W_PER_KW)
    return PVDesign(
        pv_kwp=pv_kwp,
        inverter_kw=pv_kwp / array.dc_ac_ratio,
        tilt_deg=array.tilt_deg,
        azimuth_deg=array.azimuth_deg,
        module_area_m2=module_area_m2,
        ground_area_m2=module_area_m2 / array.ground_cover_ratio,
        annual_energy_kwh=pv_kwp * specific_yield_kwh_per_kwp,
    )
