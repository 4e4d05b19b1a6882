"""The electrical side of a design: strings, areas and the connection, from the power that the study wants."""

from dataclasses import replace
from typing import Final

from mine_energy.errors import Finding, Infeasible, Param
from mine_energy.pv import (
    LOW_VOLTAGE_V,
    Array,
    Equipment,
    Module,
    StringConditions,
    StringDesign,
    areas,
    choose_design,
    conditions_of,
    connection,
    equipment,
    unit_yield,
)
from mine_energy.site import Site
from mine_energy.study.inputs import Inputs
from mine_energy.study.result import Solar
from mine_energy.study.yield_models import YieldModels
from mine_energy.units import W_PER_KW
from mine_energy.weather import Weather

_EFFICIENCY_OFF: Final = 0.05
_YIELD_OFF: Final = 0.01
_ROUNDED: Final = 1e-9
_POWER_OFF: Final = 0.05
"""Power over what is wanted for which strings of another length are looked for."""


def with_electrical(
    solar: Solar, inputs: Inputs, weather: Weather, models: YieldModels, pv_kwp: float | None = None
) -> Solar:
    """Return the sun at a site with the strings, areas and connection of the array.

    Parameters
    ----------
    solar
        With the array, its angles and its DC/AC ratio resolved.
    inputs
        Site and equipment; the packaged catalogue's where the site names none.
    weather
        All the years there are: the record low is looked for in every one.
    models
        What the yield was computed with.
    pv_kwp
        Power wanted; what one inverter takes when None.
    """
    site, array, parts = inputs.site, solar.unit.array, inputs.equipment or equipment()
    said = (*solar.findings, *parts.findings)
    try:
        strings = _strings(site, parts, conditions_of(site, weather), pv_kwp, models)
    except Infeasible as reason:
        return replace(solar, findings=(*said, Finding(key=reason.key, level="warning", params=reason.params)))
    area = areas(strings, parts.module, array, site.array, site.site.latitude)
    joined = connection(site, strings)
    said += (*_efficiency(site, parts.module), *_as_built(solar, site, weather, models, strings))
    said += (*_on_faces(array, strings), *strings.findings, *area.findings, *joined.findings)
    return replace(solar, strings=strings, areas=area, connection=joined, findings=said)


def _strings(
    site: Site, parts: Equipment, conditions: StringConditions, pv_kwp: float | None, models: YieldModels
) -> StringDesign:
    """Return the strings of the plant, of the length that the yield was computed with unless that costs power."""
    grid_v = site.connection.voltage_v

    def design(modules_in_series: int | None) -> StringDesign:
        made, _ = choose_design(
            parts.module,
            parts.inverters,
            conditions,
            pv_kwp=pv_kwp,
            dc_ac_ratio=models.array.dc_ac_ratio,
            modules_in_series=modules_in_series,
            grid_voltage_v=grid_v if grid_v is not None and grid_v <= LOW_VOLTAGE_V else None,
        )
        return made

    decided = site.equipment.modules_in_series
    if decided is None and models.unit is not None:
        same = design(models.unit.modules_in_series)
        if same.pv_kwp <= (1.0 + _POWER_OFF) * same.wanted_kwp:
            return same
    return design(decided)


def _as_built(
    solar: Solar, site: Site, weather: Weather, models: YieldModels, built: StringDesign
) -> tuple[Finding, ...]:
    """Say when whole inverters give the plant another yield than the one inverter that sizes were computed with."""
    if models.inverter is None:
        return ()
    behind = replace(models.inverter, power_wp=built.pv_kwp / built.inverters * W_PER_KW)
    module = models.module and replace(models.module, modules_in_series=built.modules_in_series)
    there = unit_yield(site, weather.representative_year(), solar.unit.array, module, behind)
    gap = there.specific_yield_kwh_per_kwp / solar.unit.specific_yield_kwh_per_kwp - 1.0
    if abs(gap) <= _YIELD_OFF:
        return ()
    params: dict[str, Param] = {
        "ratio": round(built.dc_ac_ratio, 2),
        "unit_ratio": round(models.array.dc_ac_ratio, 2),
        "percent": round(100.0 * gap, 1),
        "kwh_per_kwp": round(there.specific_yield_kwh_per_kwp),
    }
    return (Finding(key="pv_yield_as_built", level="warning", params=params),)


def _on_faces(array: Array, built: StringDesign) -> tuple[Finding, ...]:
    """Say how many strings every face needs of its own: one over two faces gives what the darker lets through."""
    if not array.faces:
        return ()
    exact = [face.share * built.strings for face in array.faces]
    whole = [int(strings + _ROUNDED) for strings in exact]
    # What is left goes where most is missing; the first among equals.
    behind = sorted(range(len(exact)), key=lambda place: whole[place] - exact[place])
    for place in behind[: built.strings - sum(whole)]:
        whole[place] += 1
    names = (face.name or str(place) for place, face in enumerate(array.faces, 1))
    each = ", ".join(f"{name}: {count}" for name, count in zip(names, whole, strict=True))
    params: dict[str, Param] = {"strings": built.strings, "each": each}
    if 0 in whole:
        return (Finding(key="pv_faces_no_string", level="warning", params=params),)
    return (Finding(key="pv_faces_strings", level="info", params=params),)


def _efficiency(site: Site, module: Module) -> tuple[Finding, ...]:
    """Say when the module is not as efficient as the site file has it."""
    stated = site.array.module_efficiency
    if abs(module.efficiency / stated - 1.0) <= _EFFICIENCY_OFF:
        return ()
    params: dict[str, Param] = {
        "module_percent": round(100.0 * module.efficiency, 1),
        "array_percent": round(100.0 * stated, 1),
    }
    return (Finding(key="pv_module_efficiency_differs", level="info", subject=module.name, params=params),)
