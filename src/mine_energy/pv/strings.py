"""Strings of whole modules on whole inverters, from the power that is wanted.

::

    module, inverter, conditions --> string_limits --> series x strings x inverters nearest to kWp and DC/AC --> table
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil

from mine_energy.errors import Finding, Infeasible
from mine_energy.pv.conditions import StringConditions
from mine_energy.pv.inverters import Inverter
from mine_energy.pv.modules import Module
from mine_energy.pv.string_limits import StringLimits, string_limits
from mine_energy.units import W_PER_KW

_RATIO_OFF = 0.15
"""Distance of the DC/AC ratio from the wanted one that is worth saying."""
_OVERSIZE_OFF = 0.05
_FUSED_FROM_STRINGS = 3
"""Strings in parallel from which a fault in one is fed by the others beyond its own current (NEC 690.9(A))."""
_LOWEST_SHARE, _HIGHEST_SHARE = 0.88, 1.08
_AS_GOOD = 0.02
"""Distances from what is wanted that do not matter: longer strings, fewer inverters decide."""
_FIT = 0.12
_MANY = 20
"""Inverters from which another size is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StringRow:
    """Equal inverters of a design.

    Parameters
    ----------
    inverters
        Number.
    strings_each, modules_each
        On each of them.
    pv_kwp_each
        On each of them.
    dc_ac_ratio
        Of each of them, at its rated power.
    """

    inverters: int
    strings_each: int
    modules_each: int
    pv_kwp_each: float
    dc_ac_ratio: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StringDesign:
    """Whole modules on whole inverters.

    Parameters
    ----------
    module, inverter
        Names.
    module_source, module_confidence, inverter_source, inverter_confidence
        Of their figures.
    modules_in_series, modules_in_series_min, modules_in_series_max
        Chosen, and the limits.
    strings, inverters, modules
        Numbers.
    pv_kwp, wanted_kwp
        As built, and as wanted.
    inverter_kw, inverter_site_kw
        Rated, and what the altitude leaves.
    inverter_ac_voltage_v
        None where the source does not say.
    dc_ac_ratio, wanted_dc_ac_ratio
        As built, and as wanted.
    record_low_c, hot_cell_c
        Temperatures of the limits.
    cold_open_circuit_v, dc_limit_v
        Of the string at the record low, and the most it may be.
    hot_maximum_power_v, cold_maximum_power_v, mppt_low_v, mppt_high_v
        Of the string, and the tracker's window.
    string_current_a, conductor_current_a, fuse_a
        Short-circuit current times 1.25; times 1.56; next standard fuse, None where strings need none.
    voltage_rule, current_rule
        Names of the rules.
    rows
        The string table.
    findings
        What a reader has to know; warnings among them.
    """

    module: str
    inverter: str
    module_source: str
    module_confidence: str
    inverter_source: str
    inverter_confidence: str
    modules_in_series: int
    modules_in_series_min: int
    modules_in_series_max: int
    strings: int
    inverters: int
    modules: int
    pv_kwp: float
    wanted_kwp: float
    inverter_kw: float
    inverter_site_kw: float
    inverter_ac_voltage_v: float | None
    dc_ac_ratio: float
    wanted_dc_ac_ratio: float
    record_low_c: float
    hot_cell_c: float
    cold_open_circuit_v: float
    dc_limit_v: float
    hot_maximum_power_v: float
    cold_maximum_power_v: float
    mppt_low_v: float
    mppt_high_v: float
    string_current_a: float
    conductor_current_a: float
    fuse_a: float | None
    voltage_rule: str
    current_rule: str
    rows: tuple[StringRow, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layout:
    """Numbers of a design: modules in series, strings, inverters."""

    series: int
    strings: int
    inverters: int

    def kwp(self, module: Module) -> float:
        return self.series * self.strings * module.power_w / W_PER_KW


def design_strings(
    module: Module,
    inverter: Inverter,
    conditions: StringConditions,
    *,
    pv_kwp: float | None = None,
    dc_ac_ratio: float = 1.2,
    modules_in_series: int | None = None,
) -> StringDesign:
    """Return the strings of a plant: at least the power wanted, in whole modules, near the DC/AC ratio wanted.

    Parameters
    ----------
    module, inverter
        What the plant is made of.
    conditions
        See :func:`mine_energy.pv.conditions.conditions_of`.
    pv_kwp
        Power wanted, kWp; what one inverter takes when None.
    dc_ac_ratio
        Module power over the power that the inverters give at the site's altitude.
    modules_in_series
        Where it is decided; the best between the limits when None.

    Raises
    ------
    Infeasible
        No number of modules is both cold enough for the inverter's maximum and hot enough for its window
        (``pv_no_string``), the decided one is over the maximum (``pv_string_too_long``), or one string is over the
        tracker's current (``pv_string_current``).
    """
    limits = string_limits(module, inverter, conditions)
    _refuse(module, inverter, limits, modules_in_series)
    one_kw = inverter.rated_kw * limits.altitude.power_factor
    if one_kw <= 0.0:
        raise Infeasible("pv_inverter_no_power", inverter=inverter.name, altitude_m=round(conditions.altitude_m))
    wanted = one_kw * dc_ac_ratio if pv_kwp is None else pv_kwp
    decided = range(limits.modules_min, limits.modules_max + 1) if modules_in_series is None else (modules_in_series,)
    layout = min(
        _layouts(module, limits, one_kw, wanted, dc_ac_ratio, decided),
        key=lambda one: _distance(one, module, one_kw, wanted, dc_ac_ratio),
    )
    return _described(module, inverter, conditions, limits, layout, (wanted, dc_ac_ratio))


def _refuse(module: Module, inverter: Inverter, limits: StringLimits, decided: int | None) -> None:
    params = {"module": module.name, "inverter": inverter.name}
    most = {"modules_max": limits.modules_max, "limit_v": round(limits.dc_limit_v)}
    if decided is not None and decided > limits.modules_max:
        raise Infeasible("pv_string_too_long", modules=decided, **most, **params)
    if limits.modules_max < 1 or (decided is None and limits.modules_min > limits.modules_max):
        raise Infeasible("pv_no_string", modules_min=limits.modules_min, **most, **params)
    if limits.strings_per_mppt_max == 0:
        raise Infeasible("pv_string_current", current_a=round(limits.string_current_a, 1), **params)


def _layouts(
    module: Module, limits: StringLimits, one_kw: float, wanted: float, ratio: float, lengths: Sequence[int]
) -> Iterator[_Layout]:
    """Yield for every length the fewest strings that reach the power, on the numbers of inverters about the ratio."""
    for series in lengths:
        string_kwp = series * module.power_w / W_PER_KW
        strings = max(1, ceil(wanted / string_kwp - 1e-9))
        needed = 1 if limits.strings_max is None else ceil(strings / limits.strings_max)
        exact = strings * string_kwp / (ratio * one_kw)
        for inverters in {int(exact), int(exact) + 1}:
            # No inverter stays without a string.
            yield _Layout(series=series, strings=strings, inverters=min(max(inverters, needed, 1), strings))


def _distance(layout: _Layout, module: Module, one_kw: float, wanted: float, ratio: float) -> tuple[int, int, int]:
    """Return how far a layout is from what is wanted; longer strings first among equals: they need less cable."""
    kwp = layout.kwp(module)
    off = abs(kwp / (layout.inverters * one_kw) / ratio - 1.0)
    return round((kwp / wanted - 1.0 + off) / _AS_GOOD), -layout.series, layout.inverters


def _described(
    module: Module,
    inverter: Inverter,
    conditions: StringConditions,
    limits: StringLimits,
    layout: _Layout,
    wish: tuple[float, float],
) -> StringDesign:
    series, inverters = layout.series, layout.inverters
    site_kw = inverters * inverter.rated_kw * limits.altitude.power_factor
    per_mppt = layout.strings / inverters / (inverter.mppt_count or 1)
    fused = per_mppt > _FUSED_FROM_STRINGS - 1
    design = StringDesign(
        module=module.name,
        inverter=inverter.name,
        module_source=module.source,
        module_confidence=module.confidence,
        inverter_source=inverter.source,
        inverter_confidence=inverter.confidence,
        modules_in_series=series,
        modules_in_series_min=limits.modules_min,
        modules_in_series_max=limits.modules_max,
        strings=layout.strings,
        inverters=inverters,
        modules=series * layout.strings,
        pv_kwp=layout.kwp(module),
        wanted_kwp=wish[0],
        inverter_kw=inverters * inverter.rated_kw,
        inverter_site_kw=site_kw,
        inverter_ac_voltage_v=inverter.ac_voltage_v,
        dc_ac_ratio=layout.kwp(module) / site_kw,
        wanted_dc_ac_ratio=wish[1],
        record_low_c=conditions.record_low_c,
        hot_cell_c=conditions.hot_cell_c,
        cold_open_circuit_v=series * limits.cold_open_circuit_v,
        dc_limit_v=limits.dc_limit_v,
        hot_maximum_power_v=series * limits.hot_maximum_power_v,
        cold_maximum_power_v=series * limits.cold_maximum_power_v,
        mppt_low_v=inverter.mppt_low_v,
        mppt_high_v=inverter.mppt_high_v,
        string_current_a=limits.string_current_a,
        conductor_current_a=limits.conductor_current_a,
        fuse_a=limits.fuse_a if fused else None,
        voltage_rule=conditions.voltage_rule,
        current_rule=conditions.current_rule,
        rows=_table(module, inverter, layout),
        findings=(*conditions.findings, *module.findings, *inverter.findings, *limits.altitude.findings),
    )
    return _warned(design, module, inverter, limits, fused)


def _table(module: Module, inverter: Inverter, layout: _Layout) -> tuple[StringRow, ...]:
    """Return the strings spread over the inverters as evenly as whole strings go."""
    few, more = divmod(layout.strings, layout.inverters)
    counted = ((more, few + 1), (layout.inverters - more, few))
    return tuple(
        StringRow(
            inverters=number,
            strings_each=strings,
            modules_each=strings * layout.series,
            pv_kwp_each=strings * layout.series * module.power_w / W_PER_KW,
            dc_ac_ratio=strings * layout.series * module.power_w / W_PER_KW / inverter.rated_kw,
        )
        for number, strings in counted
        if number
    )


def _warned(
    design: StringDesign, module: Module, inverter: Inverter, limits: StringLimits, fused: bool
) -> StringDesign:
    found = [*design.findings]

    def warn(key: str, **params: float | str) -> None:
        found.append(Finding(key=key, level="warning", params=params))

    if design.modules_in_series < limits.modules_min:
        warn("pv_string_short", hot_v=round(design.hot_maximum_power_v), low_v=round(inverter.mppt_low_v))
    if design.cold_maximum_power_v > inverter.mppt_high_v:
        warn("pv_string_over_window", cold_v=round(design.cold_maximum_power_v), high_v=round(inverter.mppt_high_v))
    if abs(design.dc_ac_ratio / design.wanted_dc_ac_ratio - 1.0) > _RATIO_OFF:
        warn("pv_dc_ac_off", ratio=round(design.dc_ac_ratio, 2), wanted=round(design.wanted_dc_ac_ratio, 2))
    if design.pv_kwp > design.wanted_kwp * (1.0 + _OVERSIZE_OFF):
        warn("pv_whole_modules", kwp=round(design.pv_kwp, 1), wanted_kwp=round(design.wanted_kwp, 1))
    if limits.strings_max is None:
        warn("pv_inverter_currents_unknown", inverter=inverter.name)
    if fused and limits.fuse_a is None:
        warn("pv_fuse_none", current_a=round(limits.conductor_current_a, 1))
    if fused and module.fuse_a is not None and (limits.fuse_a or 0.0) > module.fuse_a:
        warn("pv_fuse_over_module", fuse_a=limits.fuse_a or 0.0, module_a=module.fuse_a)
    return replace(design, findings=tuple(found))


def choose_design(
    module: Module,
    inverters: Sequence[Inverter],
    conditions: StringConditions,
    *,
    pv_kwp: float | None = None,
    dc_ac_ratio: float = 1.2,
    modules_in_series: int | None = None,
    grid_voltage_v: float | None = None,
) -> tuple[StringDesign, Inverter]:
    """Return the design of the inverter that fits best, and the inverter.

    Best: allowed at the altitude, of the grid's voltage, nearest to the power and ratio wanted, few.

    Parameters
    ----------
    module, conditions, pv_kwp, dc_ac_ratio, modules_in_series
        As in :func:`design_strings`.
    inverters
        To choose from.
    grid_voltage_v
        At the point of connection, line to line.

    Raises
    ------
    Infeasible
        None of them takes the module at this site: the first one's reason.
    """
    designs: list[tuple[tuple[float, ...], int, StringDesign, Inverter]] = []
    reasons: list[Infeasible] = []
    for at, inverter in enumerate(inverters):
        try:
            design = design_strings(
                module,
                inverter,
                conditions,
                pv_kwp=pv_kwp,
                dc_ac_ratio=dc_ac_ratio,
                modules_in_series=modules_in_series,
            )
        except Infeasible as reason:
            reasons.append(reason)
            continue
        designs.append((_unfit(design, inverter, conditions, grid_voltage_v), at, design, inverter))
    if not designs:
        raise reasons[0]
    _, _, design, inverter = min(designs, key=lambda one: one[:2])
    return design, inverter


def _unfit(
    design: StringDesign, inverter: Inverter, conditions: StringConditions, grid_voltage_v: float | None
) -> tuple[float, ...]:
    refused = inverter.altitude_max_m is not None and conditions.altitude_m > inverter.altitude_max_m
    other = bool(grid_voltage_v and inverter.ac_voltage_v and not same_voltage(inverter.ac_voltage_v, grid_voltage_v))
    off = abs(design.dc_ac_ratio / design.wanted_dc_ac_ratio - 1.0) + design.pv_kwp / design.wanted_kwp - 1.0
    missed = round(max(0.0, off - _FIT), 1)
    return (float(refused), float(other), float(design.inverters > _MANY), missed, float(design.inverters))


def same_voltage(inverter_v: float, grid_v: float) -> bool:
    """Whether a network's voltage lies where an inverter of a nominal voltage works.

    From 12 % under to 8 % over: the normal range of IEEE 1547 is 0.88 to 1.10, and networks run above their name. So
    480 V takes 440 V and 460 V, and 400 V does not take 440 V.
    """
    return _LOWEST_SHARE <= grid_v / inverter_v <= _HIGHEST_SHARE
