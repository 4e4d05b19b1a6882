"""The electrical side of a design: strings, areas and the connection, from the power that the study wants."""

from dataclasses import replace
from typing import Final

from mine_energy.errors import Finding, Infeasible
from mine_energy.pv import (
    LOW_VOLTAGE_V,
    Array,
    Equipment,
    Module,
    StringConditions,
    StringDesign,
    areas,
    best_dc_ac,
    choose_design,
    conditions_of,
    connection,
    electrical_figure,
    equipment,
    hourly_chain,
)
from mine_energy.site import Site
from mine_energy.study.inputs import Inputs
from mine_energy.study.result import Solar
from mine_energy.units import W_PER_KW
from mine_energy.weather import Weather

_EFFICIENCY_OFF: Final = 0.05


def with_electrical(solar: Solar, inputs: Inputs, weather: Weather, pv_kwp: float | None = None) -> Solar:
    """Return the sun at a site with the strings, areas and connection of the array.

    Parameters
    ----------
    solar
        With the array, its angles resolved.
    inputs
        Site and equipment; the packaged catalogue's where the site names none.
    weather
        All the years there are: the record low is looked for in every one.
    pv_kwp
        Power wanted; what one inverter takes when None.
    """
    site, array, parts = inputs.site, solar.unit.array, inputs.equipment or equipment()
    ratio, priced = _ratio(site, weather, array, parts)
    said = (*solar.findings, *parts.findings, *priced)
    try:
        strings = _strings(site, parts, conditions_of(site, weather), pv_kwp, ratio)
    except Infeasible as reason:
        return replace(solar, findings=(*said, Finding(key=reason.key, level="warning", params=reason.params)))
    area = areas(strings, parts.module, array, site.array, site.site.latitude)
    joined = connection(site, strings)
    said += (*_efficiency(array, parts.module), *strings.findings, *area.findings, *joined.findings)
    return replace(solar, strings=strings, areas=area, connection=joined, findings=said)


def _strings(
    site: Site, parts: Equipment, conditions: StringConditions, pv_kwp: float | None, ratio: float
) -> StringDesign:
    grid_v = site.connection.voltage_v
    design, _ = choose_design(
        parts.module,
        parts.inverters,
        conditions,
        pv_kwp=pv_kwp,
        dc_ac_ratio=ratio,
        modules_in_series=site.equipment.modules_in_series,
        grid_voltage_v=grid_v if grid_v is not None and grid_v <= LOW_VOLTAGE_V else None,
    )
    return design


def _ratio(site: Site, weather: Weather, array: Array, parts: Equipment) -> tuple[float, tuple[Finding, ...]]:
    """Return the DC/AC ratio as given, or of least cost."""
    if site.equipment.dc_ac == "given":
        return array.dc_ac_ratio, ()
    module_usd = parts.module.price_usd_per_w or electrical_figure("module_usd_per_wp")
    inverter_usd = parts.inverters[0].price_usd_per_kw or electrical_figure("inverter_usd_per_kw")
    dc_usd = (module_usd + electrical_figure("balance_usd_per_wp")) * W_PER_KW
    year = weather.representative_year()
    hours = hourly_chain(year, year.sun(), array)
    best = best_dc_ac(hours.ac_unlimited, dc_usd_per_kwp=dc_usd, inverter_usd_per_kw=inverter_usd)
    params = {
        "ratio": best.dc_ac_ratio,
        "dc_usd": round(dc_usd),
        "inverter_usd": round(inverter_usd),
        "clipped_percent": round(100.0 * best.clipped_share, 1),
        "yield_ratio": array.dc_ac_ratio,
    }
    return best.dc_ac_ratio, (Finding(key="pv_dc_ac_by_cost", level="assumption", params=params),)


def _efficiency(array: Array, module: Module) -> tuple[Finding, ...]:
    """Say when the areas of the design and of the study rest on different modules."""
    if abs(module.efficiency / array.module_efficiency - 1.0) <= _EFFICIENCY_OFF:
        return ()
    params = {
        "module_percent": round(100.0 * module.efficiency, 1),
        "array_percent": round(100.0 * array.module_efficiency, 1),
    }
    return (Finding(key="pv_module_efficiency_differs", level="info", subject=module.name, params=params),)
