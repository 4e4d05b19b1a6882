"""Whose module and inverter give the yield: those that the site file names, in strings, or PVWatts'.

The yield stays one per kWp, whatever the size, so that sizing is linear. A named inverter is therefore taken once, with
the whole strings that come nearest to the DC/AC ratio wanted (:func:`mine_energy.pv.design_strings`), and its hours are
divided by the power of their modules. Strings need the orientation and the record temperatures, and no size.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from mine_energy.errors import Finding, Infeasible, Param
from mine_energy.pv import (
    Array,
    Equipment,
    Inverter,
    Module,
    SharedInverter,
    StringConditions,
    StringDesign,
    StringModule,
    altitude_limits,
    best_dc_ac,
    conditions_of,
    design_strings,
    electrical_figure,
    equipment,
    hourly_chain,
)
from mine_energy.site import Site
from mine_energy.study.inputs import Inputs
from mine_energy.units import W_PER_KW
from mine_energy.weather import Weather

_MODULE_KEYS: Final = MappingProxyType(
    {"cec_list": "pv_yield_module_cec", "datasheet": "pv_yield_module_sheet", "pan": "pv_yield_module_pan"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class YieldModels:
    """What :func:`mine_energy.pv.unit_yield` is asked with.

    Parameters
    ----------
    array
        With the ratio and the figures of the named equipment, which sizes and areas follow.
    module, inverter
        None for PVWatts'.
    unit
        Strings of one inverter; None where no inverter is named, or where it takes no string of the module.
    findings
        Which models give the yield; nothing where both are PVWatts', which the chain says itself.
    """

    array: Array
    module: StringModule | None = None
    inverter: SharedInverter | None = None
    unit: StringDesign | None = None
    findings: tuple[Finding, ...] = ()


def yield_models(inputs: Inputs, weather: Weather, array: Array) -> YieldModels:
    """Return the array with the module and the inverter that its yield is computed with.

    A part that the site file does not name stays PVWatts'. Where no string of the module fits the inverter, the
    inverter does, with a warning.

    Parameters
    ----------
    inputs
        Site and equipment.
    weather
        All the years there are: the record low is looked for in every one.
    array
        Its angles resolved.
    """
    site, parts = inputs.site, inputs.equipment or equipment()
    module = parts.module if site.equipment.module else None
    inverter = parts.inverters[0] if site.equipment.inverter else None
    array, priced = _with_ratio(_with_figures(array, module, inverter), site, weather, parts)
    if inverter is None:
        made = YieldModels(array=array, module=StringModule(module=module) if module else None)
    else:
        made = _in_strings(array, site, weather, parts.module, inverter)
    return replace(made, findings=(*priced, *made.findings, *_said(made, inverter)))


def _with_figures(array: Array, module: Module | None, inverter: Inverter | None) -> Array:
    """Return the array with the figures of what is named, so that no result shows another module than its yield's."""
    if module is not None:
        array = replace(
            array,
            module_efficiency=module.efficiency,
            power_temperature_per_k=module.power_temperature_per_k,
        )
    return array if inverter is None else replace(array, inverter_efficiency=inverter.efficiency)


def _with_ratio(array: Array, site: Site, weather: Weather, parts: Equipment) -> tuple[Array, tuple[Finding, ...]]:
    """Return the array with its DC/AC ratio as given, or of least cost."""
    if site.equipment.dc_ac == "given":
        return array, ()
    # Of several inverters no price is nearer than the usual one.
    inverter, alone = parts.inverters[0], len(parts.inverters) == 1
    module_usd = parts.module.price_usd_per_w or electrical_figure("module_usd_per_wp")
    dc_usd = (module_usd + electrical_figure("balance_usd_per_wp")) * W_PER_KW
    # A kW at the site costs more than one on the plate: thin air takes its share.
    left = altitude_limits(inverter, site.site.altitude_m).power_factor
    priced_usd = inverter.price_usd_per_kw if alone else None
    inverter_usd = (priced_usd or electrical_figure("inverter_usd_per_kw")) / max(left, _LEAST_LEFT)
    year = weather.representative_year()
    module_model = StringModule(module=parts.module) if site.equipment.module else None
    hours = hourly_chain(year, year.sun(), array, module_model)
    best = best_dc_ac(hours.ac_unlimited, dc_usd_per_kwp=dc_usd, inverter_usd_per_kw=inverter_usd)
    params: dict[str, Param] = {
        "ratio": best.dc_ac_ratio,
        "dc_usd": round(dc_usd),
        "inverter_usd": round(inverter_usd),
        "clipped_percent": round(100.0 * best.clipped_share, 1),
        "given_ratio": array.dc_ac_ratio,
    }
    finding = Finding(key="pv_dc_ac_by_cost", level="assumption", params=params)
    return replace(array, dc_ac_ratio=best.dc_ac_ratio), (finding,)


_LEAST_LEFT: Final = 0.05
"""Of an inverter's power: what leaves less is refused by the string design anyway."""


def _in_strings(array: Array, site: Site, weather: Weather, module: Module, inverter: Inverter) -> YieldModels:
    """Return the models of one inverter with its strings; of the module alone where it takes none."""
    named = bool(site.equipment.module)
    try:
        unit = _unit(site, module, inverter, conditions_of(site, weather), array.dc_ac_ratio)
    except Infeasible:
        params: dict[str, Param] = {"module": module.name, "inverter": inverter.name}
        warning = Finding(key="pv_yield_no_strings", level="warning", params=params)
        return YieldModels(array=array, module=StringModule(module=module) if named else None, findings=(warning,))
    string = StringModule(
        module=module,
        modules_in_series=unit.modules_in_series,
        mppt_low_v=inverter.mppt_low_v,
        mppt_high_v=inverter.mppt_high_v,
    )
    return YieldModels(
        array=replace(array, dc_ac_ratio=unit.dc_ac_ratio),
        module=string if named else None,
        inverter=SharedInverter(
            inverter=inverter,
            power_wp=unit.pv_kwp / unit.inverters * W_PER_KW,
            power_factor=altitude_limits(inverter, site.site.altitude_m).power_factor,
        ),
        unit=unit,
        findings=tuple(finding for finding in unit.findings if finding.key == "pv_dc_ac_off"),
    )


def _unit(
    site: Site, module: Module, inverter: Inverter, conditions: StringConditions, dc_ac_ratio: float
) -> StringDesign:
    """Return one inverter with the whole strings that come nearest to a ratio, from above or from below.

    A plant has at least the power that is wanted; the inverter that stands for all of its inverters has not.
    """
    decided = site.equipment.modules_in_series
    more = design_strings(module, inverter, conditions, dc_ac_ratio=dc_ac_ratio, modules_in_series=decided)
    if more.strings <= more.inverters:
        return more
    left = (more.strings - more.inverters) * more.modules_in_series * module.power_w / W_PER_KW
    series = more.modules_in_series
    fewer = design_strings(module, inverter, conditions, pv_kwp=left, dc_ac_ratio=dc_ac_ratio, modules_in_series=series)
    return min(more, fewer, key=lambda one: abs(one.dc_ac_ratio - dc_ac_ratio))


def _said(made: YieldModels, named: Inverter | None) -> Iterator[Finding]:
    """Yield which module and which inverter give the yield, where one of them at least is named."""
    if made.module is None and named is None:
        return
    if made.module is None:
        params: dict[str, Param] = {"power_percent_per_k": 100.0 * made.array.power_temperature_per_k}
        yield Finding(key="pv_yield_module_default", level="assumption", params=params)
    else:
        module = made.module.module
        key = "pv_yield_module_straight" if module.diode is None else _MODULE_KEYS[module.origin]
        yield Finding(key=key, level="info", subject=module.name, params={"confidence": module.confidence})
    if made.inverter is None or made.unit is None:
        params = {"inverter_percent": round(100.0 * made.array.inverter_efficiency, 1)}
        yield Finding(key="pv_yield_inverter_default", level="assumption", params=params)
        return
    params = {
        "strings": made.unit.strings,
        "series": made.unit.modules_in_series,
        "kwp": round(made.unit.pv_kwp, 1),
        "inverters": made.unit.inverters,
        "ratio": round(made.unit.dc_ac_ratio, 2),
    }
    inverter = made.inverter.inverter
    key = "pv_yield_inverter_pvwatts"
    if inverter.sandia is not None:
        key = "pv_yield_inverter_sandia"
    elif inverter.points:
        key = "pv_yield_inverter_points"
    yield Finding(key=key, level="info", subject=inverter.name, params=params)
